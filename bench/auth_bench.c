/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a question of access costs with many roles and bindings, for a kubelet, a
 * namespace's editor and somebody who may not; and a token that was seen before.
 * One thread, real clock. auth_bench [seconds each]
 */
#include "core/auth/auth.h"
#include "core/auth/internal.h"

enum { NAMESPACES = 500, BINDINGS = 10 };

static cleat_store *store;
static cleat_registry *registry;
static cleat_auth *auth;

static void need(cleat_err err, const struct cleat_error *e) {
    if (err != CLEAT_OK) {
        fprintf(stderr, "%s: %s\n", cleat_err_name(err), e->message);
        exit(1);
    }
}

static bool step(void *s) {
    return cleat_store_step(s) != 0;
}

static void create(const char *group, const char *resource, const char *ns, const char *text) {
    struct cleat__write w = {.verb = CLEAT_VERB_CREATE,
                             .kind = cleat_registry_find(registry, group, "v1", resource),
                             .ns = cleat_s(ns)};
    struct cleat_error e = CLEAT_ERROR_INIT;
    need(cleat_obj_parse(cleat_s(text), 0, &w.body, &e), &e);
    need(cleat__write_all(registry, &w, 1, CLEAT_OK, &e), &e);
}

static void fill(void) {
    for (int n = 0; n < NAMESPACES; n++) {
        CLEAT_AUTO_FREE char *ns = cleat_sprintf("ns%d", n);
        CLEAT_AUTO_FREE char *text = cleat_sprintf("{\"metadata\":{\"name\":\"%s\"}}", ns);
        create("", "namespaces", "", text);
        for (int b = 0; b < BINDINGS; b++) {
            CLEAT_AUTO_FREE char *binding =
                cleat_sprintf("{\"metadata\":{\"name\":\"b%d\"},\"roleRef\":{\"kind\":"
                              "\"ClusterRole\",\"name\":\"%s\"},\"subjects\":[{\"kind\":\"%s\","
                              "\"name\":\"%s%d\"}]}",
                              b, b % 2 ? "edit" : "view", b % 2 ? "User" : "Group",
                              b % 2 ? "user" : "group", b % 2 ? n : b);
            create(CLEAT__RBAC, "rolebindings", ns, binding);
        }
    }
}

static void measure(const char *what, double seconds, const struct cleat_access *q, bool want) {
    uint64_t n = 0;
    cleat_time began = cleat_now_mono(), end = began + (cleat_time)(seconds * 1e9), now;
    do {
        for (int i = 0; i < 1000; i++, n++) {
            cleat_assert(cleat_registry_allows(registry, q, NULL) == want);
        }
    } while ((now = cleat_now_mono()) < end);
    printf("%-44s %8.0f ns\n", what, (double)(now - began) / (double)n);
}

static void measure_token(double seconds) {
    cleat_request req = {.registry = registry,
                         .verb = CLEAT_VERB_CREATE,
                         .kind = cleat_registry_find(registry, "", "v1", "serviceaccounts"),
                         .subresource = "token",
                         .ns = CLEAT_STR("default"),
                         .name = CLEAT_STR("robot"),
                         .user = &cleat__self,
                         .error = CLEAT_ERROR_INIT};
    create("", "serviceaccounts", "default", "{\"metadata\":{\"name\":\"robot\"}}");
    need(cleat_obj_parse(CLEAT_STR("{\"spec\":{}}"), 0, &req.body, &req.error), &req.error);
    need(cleat_request_wait(&req, NULL), &req.error);
    CLEAT_AUTO_FREE char *token =
        cleat_val_strdup(cleat_obj_at(req.result, CLEAT_PATH("status", "token")));
    cleat_request_done(&req);
    struct cleat__identity *id = cleat_auth_token(auth, cleat_s(token));
    uint64_t n = 0;
    cleat_time began = cleat_now_mono(), end = began + (cleat_time)(seconds * 1e9), now;
    do {
        for (int i = 0; i < 1000; i++, n++) {
            cleat_assert(cleat_auth_still(auth, id));
        }
    } while ((now = cleat_now_mono()) < end);
    printf("%-44s %8.0f ns\n", "token, on the connection that showed it",
           (double)(now - began) / (double)n);
    began = cleat_now_mono(), end = began + (cleat_time)(seconds * 1e9);
    n = 0;
    do {
        for (int i = 0; i < 100; i++, n++) {
            cleat__identity_unref(cleat_auth_token(auth, cleat_s(token)));
        }
    } while ((now = cleat_now_mono()) < end);
    printf("%-44s %8.0f ns\n", "token, seen before", (double)(now - began) / (double)n);
    cleat__identity_unref(id);
}

int main(int argc, char **argv) {
    static const char *const node_groups[] = {"system:nodes", "system:authenticated", NULL};
    static const char *const groups[] = {"devs", "group0", "group2", "system:authenticated", NULL};
    const struct cleat_user node = {.name = "system:node:n1", .groups = node_groups};
    const struct cleat_user user = {.name = "user7", .groups = groups};
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 1;
    struct cleat_error e = CLEAT_ERROR_INIT;
    const struct cleat_store_opts opts = {.manual = true};
    const struct cleat_auth_opts auth_opts = {.always_allow = false};
    need(cleat_store_open(cleat_backend_memory(), &opts, &store, &e), &e);
    cleat_wait_set_pump(step, store);
    need(cleat_registry_new(store, cleat_kinds, &registry, &e), &e);
    need(cleat_registry_bootstrap(registry, &e), &e);
    need(cleat_auth_new(registry, &auth_opts, &auth, &e), &e);
    need(cleat_auth_bootstrap(auth, &e), &e);
    fill();
    printf("%d role bindings in %d namespaces\n", NAMESPACES * BINDINGS, NAMESPACES);
    struct cleat_access q = {.user = &node,
                             .verb = "update",
                             .group = CLEAT_STR("coordination.k8s.io"),
                             .version = CLEAT_STR("v1"),
                             .resource = CLEAT_STR("leases"),
                             .ns = CLEAT_STR("kube-node-lease"),
                             .name = CLEAT_STR("n1")};
    measure("a node updates its lease", seconds, &q, true);
    q = (struct cleat_access){.user = &user,
                              .verb = "create",
                              .group = CLEAT_STR("apps"),
                              .version = CLEAT_STR("v1"),
                              .resource = CLEAT_STR("deployments"),
                              .ns = CLEAT_STR("ns7")};
    measure("an editor creates a deployment", seconds, &q, true);
    q.ns = CLEAT_STR("ns8");
    measure("he may only look there: refused", seconds, &q, false);
    q.verb = "list";
    measure("a group of his may list there", seconds, &q, true);
    measure_token(seconds);
    cleat_auth_free(auth);
    cleat_registry_free(registry);
    cleat_store_close(store);
    return 0;
}
