/* SPDX-License-Identifier: Apache-2.0 */
/* RBAC: who may do what, what nobody may grant, presets, aggregation. */
#include "core/auth/auth.h"
#include "core/auth/internal.h"
#include "core/kinds/admit.h"
#include "tests/support/rt.h"

#define RBAC_KIND(kind) "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"" kind "\","

struct fixture {
    struct rt rt;
    cleat_auth *auth;
};

static bool open_fixture(struct fixture *f) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    const struct cleat_auth_opts opts = {.always_allow = false};
    rt_open(&f->rt);
    return KT_OK(cleat_auth_new(f->rt.registry, &opts, &f->auth, &e), &e) &&
           KT_OK(cleat_auth_bootstrap(f->auth, &e), &e);
}

static void settle(struct fixture *f) {
    while (cleat_timers_step() + (size_t)cleat_store_step(f->rt.store) > 0) {
    }
}

static void close_fixture(struct fixture *f) {
    settle(f);
    cleat_auth_free(f->auth);
    rt_close(&f->rt);
}

static const char *const plain_groups[] = {"system:authenticated", NULL};
static const struct cleat_user jane = {.name = "jane", .uid = "", .groups = plain_groups};

/* "get pods/log ns name", "get /path", with - for nothing. */
static bool may(struct fixture *f, const struct cleat_user *u, const char *verb, const char *group,
                const char *resource, const char *ns, const char *name) {
    const char *slash = strchr(resource, '/');
    struct cleat_access q = {
        .user = u, .verb = verb, .group = cleat_s(group), .ns = cleat_s(ns), .name = cleat_s(name)};
    if (resource[0] == '/') {
        q.path = resource;
    } else {
        q.resource =
            slash ? (struct cleat_str){resource, (size_t)(slash - resource)} : cleat_s(resource);
        q.subresource = cleat_s(slash ? slash + 1 : "");
    }
    bool fast = cleat_registry_allows(f->rt.registry, &q, NULL);
    CLEAT_AUTO_BUF why = {0};
    KT_EQ_INT(cleat_registry_allows(f->rt.registry, &q, &why), fast); /* both ways agree */
    return fast;
}

static void role(struct fixture *f, const char *ns, const char *name, const char *rules) {
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"metadata\":{\"name\":\"%s\"},\"rules\":[%s]}", name, rules);
    KT_OK(rt_create(&f->rt, *ns ? "roles" : "clusterroles", ns, json), &f->rt.req.error);
}

static void bind(struct fixture *f, const char *ns, const char *name, const char *kind,
                 const char *to, const char *subjects) {
    CLEAT_AUTO_FREE char *json = cleat_sprintf(
        "{\"metadata\":{\"name\":\"%s\"},\"roleRef\":{\"kind\":\"%s\",\"name\":\"%s\"},"
        "\"subjects\":[%s]}",
        name, kind, to, subjects);
    KT_OK(rt_create(&f->rt, *ns ? "rolebindings" : "clusterrolebindings", ns, json),
          &f->rt.req.error);
}

#define JANE "{\"kind\":\"User\",\"name\":\"jane\"}"

static void rules_match(void) {
    struct fixture f;
    KT_REQUIRE(open_fixture(&f));
    role(&f, "", "r",
         "{\"verbs\":[\"get\",\"approve\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\",\"nodes/"
         "log\","
         "\"*/scale\"]},"
         "{\"verbs\":[\"*\"],\"apiGroups\":[\"apps\"],\"resources\":[\"*\"]},"
         "{\"verbs\":[\"update\"],\"apiGroups\":[\"*\"],\"resources\":[\"leases\"],"
         "\"resourceNames\":[\"mine\"]},"
         "{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/metrics\",\"/debug/*\"]}");
    KT_TRUE(!may(&f, &jane, "get", "", "pods", "", ""));
    bind(&f, "", "b", "ClusterRole", "r", JANE);
    static const struct {
        bool allowed;
        const char *verb, *group, *resource, *ns, *name;
    } cases[] = {
        {true, "get", "", "pods", "x", "p"},
        {true, "approve", "", "pods", "", ""},
        {false, "list", "", "pods", "x", ""},
        {false, "sign", "", "pods", "x", ""},
        {false, "get", "apiregistration.k8s.io", "pods", "x", "p"},
        {false, "get", "", "pods/log", "x", "p"},
        {true, "get", "", "nodes/log", "", "n"},
        {false, "get", "", "nodes", "", "n"},
        {false, "get", "", "odes/log", "", "n"},
        {true, "get", "", "anything/scale", "", ""},
        {false, "get", "", "anything/xscale", "", ""},
        {true, "deletecollection", "apps", "deployments", "y", ""},
        {true, "get", "apps", "deployments/scale", "y", ""},
        {true, "update", "coordination.k8s.io", "leases", "y", "mine"},
        {false, "update", "coordination.k8s.io", "leases", "y", "others"},
        {false, "update", "coordination.k8s.io", "leases", "y", ""},
        {true, "get", "", "/metrics", "", ""},
        {false, "get", "", "/metrics/x", "", ""},
        {true, "get", "", "/debug/pprof", "", ""},
        {false, "get", "", "/debug", "", ""},
        {false, "post", "", "/metrics", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (may(&f, &jane, cases[i].verb, cases[i].group, cases[i].resource, cases[i].ns,
                cases[i].name) != cases[i].allowed) {
            CLEAT_AUTO_FREE char *what =
                cleat_sprintf("case %zu: %s %s", i, cases[i].verb, cases[i].resource);
            kt_true(false, what, __FILE__, __LINE__);
        }
    }
    close_fixture(&f);
}

static void follows_changes(void) {
    struct fixture f;
    KT_REQUIRE(open_fixture(&f));
    bind(&f, "default", "b", "Role", "later",
         JANE ",{\"kind\":\"ServiceAccount\",\"name\":\"robot\"}");
    static const char *const robots[] = {"system:serviceaccounts", NULL};
    const struct cleat_user robot = {.name = "system:serviceaccount:default:robot",
                                     .groups = robots};
    KT_TRUE(!may(&f, &jane, "get", "", "pods", "default", ""));
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_EQ_INT(cleat_authorize(f.rt.registry, &jane, "get", rt_kind(&f.rt, "pods"), NULL,
                              CLEAT_STR("default"), CLEAT_STR("p"), &e),
              CLEAT_E_FORBIDDEN);
    KT_EQ_STR(e.message, "pods \"p\" is forbidden: User \"jane\" cannot get resource \"pods\" in "
                         "API group \"\" in the namespace \"default\": RBAC: "
                         "role.rbac.authorization.k8s.io \"later\" not found");
    role(&f, "default", "later",
         "{\"verbs\":[\"get\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}");
    KT_TRUE(may(&f, &jane, "get", "", "pods", "default", ""));
    KT_TRUE(may(&f, &robot, "get", "", "pods", "default", ""));
    KT_TRUE(!may(&f, &jane, "get", "", "pods", "kube-system", ""));
    KT_TRUE(!may(&f, &jane, "get", "", "pods", "", ""));
    rt_get(&f.rt, "rolebindings", "default/b");
    KT_OK(rt_change(&f.rt, "rolebindings", "default/b", CLEAT_PATH("subjects"), "[]"),
          &f.rt.req.error);
    KT_TRUE(!may(&f, &jane, "get", "", "pods", "default", ""));
    bind(&f, "default", "c", "Role", "later", JANE);
    KT_TRUE(may(&f, &jane, "get", "", "pods", "default", ""));
    KT_OK(rt_delete(&f.rt, "roles", "default/later", NULL), &f.rt.req.error);
    KT_TRUE(!may(&f, &jane, "get", "", "pods", "default", ""));
    close_fixture(&f);
}

/* Decisions of the index equal those of an index made afresh, whatever came in between. */
static void keeps_up(void) {
    struct fixture f;
    KT_REQUIRE(open_fixture(&f));
    cleat_random_seed(7);
    for (int i = 0; i < 300; i++) {
        char name[16], json[400];
        snprintf(name, sizeof name, "x%d", (int)(cleat_random() % 6));
        bool is_role = cleat_random() % 2 == 0, in_ns = cleat_random() % 2 == 0;
        const char *ns = in_ns ? "default" : "";
        const char *kind = is_role ? (in_ns ? "roles" : "clusterroles")
                                   : (in_ns ? "rolebindings" : "clusterrolebindings");
        CLEAT_AUTO_FREE char *key = cleat_sprintf("%s%s%s", ns, in_ns ? "/" : "", name);
        if (cleat_random() % 3 == 0) {
            rt_delete(&f.rt, kind, key, NULL);
        } else if (is_role) {
            snprintf(
                json, sizeof json,
                "{\"metadata\":{\"name\":\"%s\"},\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":"
                "[\"\"],\"resources\":[\"r%d\"]}]}",
                name, (int)(cleat_random() % 4));
            rt_update(&f.rt, kind, key, json);
        } else {
            snprintf(
                json, sizeof json,
                "{\"metadata\":{\"name\":\"%s\"},\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":"
                "\"x%d\"},\"subjects\":[{\"kind\":\"%s\",\"name\":\"%s\"}]}",
                name, (int)(cleat_random() % 6), i % 2 ? "User" : "Group",
                i % 2 ? "jane" : "system:authenticated");
            rt_delete(&f.rt, kind, key, NULL);
            rt_update(&f.rt, kind, key, json);
        }
        struct cleat__index *fresh = cleat__index_new(f.rt.registry);
        for (int r = 0; r < 8; r++) {
            char resource[16];
            snprintf(resource, sizeof resource, "r%d", r / 2);
            struct cleat_access q = {.user = &jane,
                                     .verb = "get",
                                     .resource = cleat_s(resource),
                                     .ns = cleat_s(r % 2 ? "default" : "")};
            KT_EQ_INT(cleat_registry_allows(f.rt.registry, &q, NULL),
                      cleat__index_allows(fresh, &q));
        }
        cleat__index_free(fresh);
    }
    close_fixture(&f);
}

/* ---- granting ---- */

static cleat_err as(struct fixture *f, const struct cleat_user *u, const char *resource,
                    const char *ns, const char *json, struct cleat_error *e) {
    cleat_request req = {.registry = f->rt.registry,
                         .verb = CLEAT_VERB_CREATE,
                         .kind = rt_kind(&f->rt, resource),
                         .ns = cleat_s(ns),
                         .user = u};
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &req.body, e), e);
    cleat_err err = cleat_request_wait(&req, NULL);
    *e = req.error;
    cleat_request_done(&req);
    return err;
}

static void escalation(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    bind(&f, "default", "admins", "ClusterRole", "admin", JANE);
    const char *less =
        "{\"metadata\":{\"name\":\"less\"},\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":"
        "[\"\"],\"resources\":[\"pods\"]}]}";
    KT_OK(as(&f, &jane, "roles", "default", less, &e), &e);
    const char *more =
        "{\"metadata\":{\"name\":\"more\"},\"rules\":[{\"verbs\":[\"get\",\"list\"],\"apiGroups\":"
        "[\"\"],\"resources\":[\"pods\",\"nodes\"]},{\"verbs\":[\"use\"],\"apiGroups\":[\"x\"],"
        "\"resources\":[\"y\"],\"resourceNames\":[\"z\"]}]}";
    KT_EQ_INT(as(&f, &jane, "roles", "default", more, &e), CLEAT_E_FORBIDDEN);
    KT_EQ_STR(e.message,
              "roles.rbac.authorization.k8s.io \"more\" is forbidden: user \"jane\" "
              "(groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not "
              "currently held:\n"
              "{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\" \"list\"]}\n"
              "{APIGroups:[\"x\"], Resources:[\"y\"], ResourceNames:[\"z\"], Verbs:[\"use\"]}");
    const char *to_edit = "{\"metadata\":{\"name\":\"e\"},\"roleRef\":{\"kind\":\"ClusterRole\","
                          "\"name\":\"edit\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"bob\"}]}";
    KT_OK(as(&f, &jane, "rolebindings", "default", to_edit, &e), &e);
    const char *to_root =
        "{\"metadata\":{\"name\":\"root\"},\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":"
        "\"cluster-admin\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"jane\"}]}";
    KT_EQ_INT(as(&f, &jane, "rolebindings", "default", to_root, &e), CLEAT_E_FORBIDDEN);
    KT_TRUE(strstr(e.message, "{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}\n"
                              "{NonResourceURLs:[\"*\"], Verbs:[\"*\"]}") != NULL);
    const char *nowhere = "{\"metadata\":{\"name\":\"n\"},\"roleRef\":{\"kind\":\"ClusterRole\","
                          "\"name\":\"nowhere\"}}";
    KT_EQ_INT(as(&f, &jane, "rolebindings", "default", nowhere, &e), CLEAT_E_NOT_FOUND);
    KT_EQ_STR(e.message, "clusterroles.rbac.authorization.k8s.io \"nowhere\" not found");
    /* With `bind` on one role, and `escalate`. */
    role(&f, "default", "binder",
         "{\"verbs\":[\"bind\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":"
         "[\"clusterroles\"],\"resourceNames\":[\"cluster-admin\"]},{\"verbs\":[\"escalate\"],"
         "\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":[\"roles\"]}");
    bind(&f, "default", "binder", "Role", "binder", JANE);
    KT_OK(as(&f, &jane, "rolebindings", "default", to_root, &e), &e);
    KT_OK(as(&f, &jane, "roles", "default", more, &e), &e);
    close_fixture(&f);
}

static void aggregation_needs_everything(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    role(&f, "", "roles",
         "{\"verbs\":[\"create\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":"
         "[\"clusterroles\"]}");
    bind(&f, "", "roles", "ClusterRole", "roles", JANE);
    const char *gathers =
        "{\"metadata\":{\"name\":\"g\"},\"aggregationRule\":{\"clusterRoleSelectors\":"
        "[{\"matchLabels\":{\"a\":\"b\"}}]}}";
    KT_EQ_INT(as(&f, &jane, "clusterroles", "", gathers, &e), CLEAT_E_FORBIDDEN);
    KT_EQ_STR(e.message, "clusterroles.rbac.authorization.k8s.io \"g\" is forbidden: must have "
                         "cluster-admin privileges to use the aggregationRule");
    close_fixture(&f);
}

/* ---- aggregation, presets ---- */

static size_t n_rules(struct fixture *f, const char *name) {
    rt_get(&f->rt, "clusterroles", name);
    return f->rt.req.result != NULL
               ? cleat_val_count(cleat_obj_at(f->rt.req.result, CLEAT_PATH("rules")))
               : 0;
}

static void aggregates(void) {
    struct fixture f;
    KT_REQUIRE(open_fixture(&f));
    size_t view = n_rules(&f, "view"), edit = n_rules(&f, "edit"), admin = n_rules(&f, "admin");
    KT_EQ_INT(view, 11);
    KT_EQ_INT(edit, 11 + 14);
    KT_EQ_INT(admin, 11 + 14 + 2);
    KT_OK(rt_create(&f.rt, "clusterroles", "",
                    "{\"metadata\":{\"name\":\"more\",\"labels\":{\"rbac.authorization.k8s.io/"
                    "aggregate-to-view\":\"true\"}},\"rules\":[{\"verbs\":[\"get\"],\"apiGroups\":"
                    "[\"example.org\"],\"resources\":[\"things\"]}]}"),
          &f.rt.req.error);
    settle(&f);
    KT_EQ_INT(n_rules(&f, "view"), view + 1);
    KT_EQ_INT(n_rules(&f, "edit"), edit + 1);
    KT_EQ_INT(n_rules(&f, "admin"), admin + 1);
    bind(&f, "default", "v", "ClusterRole", "view", JANE);
    KT_TRUE(may(&f, &jane, "get", "example.org", "things", "default", "t"));
    KT_OK(rt_delete(&f.rt, "clusterroles", "more", NULL), &f.rt.req.error);
    settle(&f);
    KT_EQ_INT(n_rules(&f, "admin"), admin);
    KT_TRUE(!may(&f, &jane, "get", "example.org", "things", "default", "t"));
    close_fixture(&f);
}

static void presets(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    static const char *const nodes[] = {"system:nodes", "system:authenticated", NULL};
    static const char *const nobody[] = {"system:unauthenticated", NULL};
    const struct cleat_user node = {.name = "system:node:n", .groups = nodes};
    const struct cleat_user anonymous = {.name = "system:anonymous", .groups = nobody};
    KT_TRUE(may(&f, &node, "update", "coordination.k8s.io", "leases", "kube-node-lease", "n"));
    KT_TRUE(may(&f, &node, "patch", "", "nodes/status", "", "n"));
    KT_TRUE(!may(&f, &node, "delete", "", "nodes", "", "n"));
    KT_TRUE(may(&f, &anonymous, "get", "", "/healthz", "", ""));
    KT_TRUE(!may(&f, &anonymous, "get", "", "/api", "", ""));
    KT_TRUE(may(&f, &jane, "get", "", "/apis/apps/v1", "", ""));
    KT_TRUE(may(&f, &jane, "create", "authorization.k8s.io", "selfsubjectaccessreviews", "", ""));
    /* What was taken away comes back at the next start, unless that is turned off. */
    rt_get(&f.rt, "clusterroles", "system:basic-user");
    KT_OK(rt_change(&f.rt, "clusterroles", "system:basic-user", CLEAT_PATH("rules"), "[]"), &e);
    rt_get(&f.rt, "clusterroles", "system:discovery");
    KT_OK(
        rt_patch(&f.rt, "clusterroles", "system:discovery", CLEAT_PATCH_MERGE,
                 "{\"rules\":[],\"metadata\":{\"annotations\":{\"rbac.authorization.kubernetes.io/"
                 "autoupdate\":\"false\"}}}"),
        &e);
    KT_OK(rt_delete(&f.rt, "clusterrolebindings", "system:discovery", NULL), &e);
    uint64_t before = cleat_store_revision(f.rt.store);
    KT_OK(cleat_auth_bootstrap(f.auth, &e), &e);
    KT_EQ_INT(n_rules(&f, "system:basic-user"), 2);
    KT_EQ_INT(n_rules(&f, "system:discovery"), 0);
    KT_OK(rt_get(&f.rt, "clusterrolebindings", "system:discovery"), &e);
    KT_EQ_INT(cleat_store_revision(f.rt.store) - before, 2); /* and nothing else was written */
    close_fixture(&f);
}

static void refuses(void) {
    struct fixture f;
    KT_REQUIRE(open_fixture(&f));
    static const struct {
        const char *resource, *ns, *json, *message;
    } cases[] = {
        {"roles", "default", "{\"metadata\":{\"name\":\"r\"},\"rules\":[{}]}",
         "Role.rbac.authorization.k8s.io \"r\" is invalid: [rules[0].verbs: Required value: verbs "
         "must contain at least one value, rules[0].apiGroups: Required value: resource rules must "
         "supply at least one api group, rules[0].resources: Required value: resource rules must "
         "supply at least one resource]"},
        {"roles", "default",
         "{\"metadata\":{\"name\":\"r\"},\"rules\":[{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"/"
         "x\"]}]}",
         "Role.rbac.authorization.k8s.io \"r\" is invalid: rules[0].nonResourceURLs: Invalid "
         "value: "
         "[\"/x\"]: namespaced rules cannot apply to non-resource URLs"},
        {"clusterrolebindings", "",
         "{\"metadata\":{\"name\":\"b\"},\"roleRef\":{\"kind\":\"Role\",\"name\":\"x\"},"
         "\"subjects\":["
         "{\"kind\":\"ServiceAccount\",\"name\":\"s\"}]}",
         "ClusterRoleBinding.rbac.authorization.k8s.io \"b\" is invalid: [roleRef.kind: "
         "Unsupported "
         "value: \"Role\": supported values: \"ClusterRole\", subjects[0].namespace: Required "
         "value]"},
        {"rolebindings", "default",
         "{\"metadata\":{\"name\":\"b\"},\"roleRef\":{\"kind\":\"Role\"},\"subjects\":[{\"kind\":"
         "\"Dog\",\"name\":\"s\"}]}",
         "RoleBinding.rbac.authorization.k8s.io \"b\" is invalid: [roleRef.name: Required value, "
         "subjects[0].kind: Unsupported value: \"Dog\": supported values: \"ServiceAccount\", "
         "\"User\", \"Group\"]"},
        {"clusterroles", "", "{\"metadata\":{\"name\":\"a\"},\"aggregationRule\":{}}",
         "ClusterRole.rbac.authorization.k8s.io \"a\" is invalid: "
         "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector "
         "required if aggregationRule is non-nil"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        KT_EQ_INT(rt_create(&f.rt, cases[i].resource, cases[i].ns, cases[i].json), CLEAT_E_INVALID);
        KT_EQ_STR(rt_message(&f.rt), cases[i].message);
    }
    bind(&f, "default", "b", "ClusterRole", "view", JANE);
    KT_EQ_INT(
        rt_change(&f.rt, "rolebindings", "default/b", CLEAT_PATH("roleRef", "name"), "\"edit\""),
        CLEAT_E_INVALID);
    KT_TRUE(strstr(rt_message(&f.rt), "cannot change roleRef") != NULL);
    close_fixture(&f);
}

/* ---- who may say what owns an object ---- */

#define OWNED(name, uid, block)                                                                    \
    "{\"metadata\":{\"name\":\"" name "\",\"ownerReferences\":[{\"apiVersion\":\"apps/v1\","       \
    "\"kind\":\"ReplicaSet\",\"name\":\"rs\",\"uid\":\"" uid "\"" block "}]}}"

static void owners_are_named_by_who_may_delete(void) {
    struct fixture f;
    cleat_admit *admit = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    const struct cleat_admit_opts opts = {.enable = "OwnerReferencesPermissionEnforcement"};
    KT_REQUIRE(open_fixture(&f));
    KT_REQUIRE_OK(cleat_admit_new(f.rt.registry, &opts, &admit, &e), &e);
    role(&f, "default", "writer",
         "{\"verbs\":[\"create\",\"update\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"]}");
    bind(&f, "default", "writer", "Role", "writer", JANE);
    f.rt.user = &jane;
    KT_OK(rt_create(&f.rt, "configmaps", "default", "{\"metadata\":{\"name\":\"free\"}}"),
          &f.rt.req.error);
    KT_OK(rt_change(&f.rt, "configmaps", "default/free", CLEAT_PATH("data"), "{\"a\":\"b\"}"),
          &f.rt.req.error);
    KT_TRUE(rt_create(&f.rt, "configmaps", "default", OWNED("a", "u1", "")) != CLEAT_OK);
    KT_EQ_INT(rt_code(&f.rt), 403);
    KT_TRUE(strstr(rt_message(&f.rt), "configmaps \"a\" is forbidden: cannot set an ownerRef on a "
                                      "resource you can't delete: ") == rt_message(&f.rt));
    f.rt.user = NULL;
    KT_OK(rt_create(&f.rt, "configmaps", "default", OWNED("b", "u1", "")), &f.rt.req.error);
    f.rt.user = &jane; /* what others said stays */
    KT_OK(rt_change(&f.rt, "configmaps", "default/b", CLEAT_PATH("data"), "{\"a\":\"b\"}"),
          &f.rt.req.error);
    KT_TRUE(rt_change(&f.rt, "configmaps", "default/b", CLEAT_PATH("metadata", "ownerReferences"),
                      "[]") != CLEAT_OK);
    f.rt.user = NULL;
    role(&f, "default", "ender",
         "{\"verbs\":[\"delete\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"]}");
    bind(&f, "default", "ender", "Role", "ender", JANE);
    f.rt.user = &jane;
    KT_OK(rt_create(&f.rt, "configmaps", "default", OWNED("a", "u1", "")), &f.rt.req.error);
    KT_TRUE(rt_create(&f.rt, "configmaps", "default",
                      OWNED("c", "u1", ",\"blockOwnerDeletion\":true")) != CLEAT_OK);
    KT_TRUE(strstr(rt_message(&f.rt),
                   "cannot set blockOwnerDeletion if an ownerReference refers to "
                   "a resource you can't set finalizers on: ") != NULL);
    f.rt.user = NULL;
    role(&f, "default", "holder",
         "{\"verbs\":[\"update\"],\"apiGroups\":[\"apps\"],\"resources\":[\"replicasets/"
         "finalizers\"],\"resourceNames\":[\"rs\"]}");
    bind(&f, "default", "holder", "Role", "holder", JANE);
    f.rt.user = &jane;
    KT_OK(
        rt_create(&f.rt, "configmaps", "default", OWNED("c", "u1", ",\"blockOwnerDeletion\":true")),
        &f.rt.req.error);
    KT_TRUE(rt_create(&f.rt, "configmaps", "default",
                      "{\"metadata\":{\"name\":\"d\",\"ownerReferences\":[{\"apiVersion\":\"x.y/"
                      "v1\",\"kind\":\"None\",\"name\":\"n\",\"uid\":\"u\",\"blockOwnerDeletion\":"
                      "true}]}}") != CLEAT_OK);
    KT_TRUE(strstr(rt_message(&f.rt), "cannot find RESTMapping for APIVersion x.y/v1 Kind None") !=
            NULL);
    f.rt.user = NULL;
    cleat_request_done(&f.rt.req);
    memset(&f.rt.req, 0, sizeof f.rt.req);
    cleat_registry_admission(f.rt.registry, NULL);
    cleat_admit_free(admit);
    close_fixture(&f);
}

KT_MAIN("auth_rbac", KT_TEST(rules_match), KT_TEST(follows_changes), KT_TEST(keeps_up),
        KT_TEST(escalation), KT_TEST(aggregation_needs_everything), KT_TEST(aggregates),
        KT_TEST(presets), KT_TEST(refuses), KT_TEST(owners_are_named_by_who_may_delete))
