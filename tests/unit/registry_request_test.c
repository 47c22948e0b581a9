/* SPDX-License-Identifier: Apache-2.0 */
/* Writes through the registry: what upstream's API server would answer. */
#include "tests/support/rt.h"

#define AT(...) rt_at(&rt, CLEAT_PATH(__VA_ARGS__))
#define RV      cleat_obj_revision(rt.req.result)

static const char node_n1[] =
    "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n1\"},\"spec\":{},"
    "\"status\":{\"capacity\":{\"cpu\":\"4\"}}}";
static const char lease_l1[] =
    "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"l1\","
    "\"namespace\":\"default\"},\"spec\":{\"holderIdentity\":\"a\",\"leaseDurationSeconds\":40,"
    "\"renewTime\":\"2026-01-02T03:04:05.000000Z\"}}";

/* ---- one table of refusals ---- */

struct refusal {
    const char *what; /* "POST configmaps ns", "PUT resource key", ... */
    const char *text;
    int code;
    const char *message;
};

static const struct refusal refusals[] = {
    {"POST configmaps default", "{\"metadata\":{}}", 422,
     "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required"},
    {"POST configmaps default", "{\"metadata\":{\"name\":\"c\",\"resourceVersion\":\"5\"}}", 400,
     "resourceVersion should not be set on objects to be created"},
    {"POST configmaps default", "{\"metadata\":{\"name\":\"c\",\"namespace\":\"other\"}}", 400,
     "the namespace of the provided object does not match the namespace sent on the request"},
    {"POST configmaps nowhere", "{\"metadata\":{\"name\":\"c\"}}", 404,
     "namespaces \"nowhere\" not found"},
    {"POST configmaps default", "{\"apiVersion\":\"v2\",\"metadata\":{\"name\":\"c\"}}", 400,
     "the API version in the data (v2) does not match the expected API version (v1)"},
    {"POST configmaps default", "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"c\"}}", 400,
     "Secret in version \"v1\" cannot be handled as a ConfigMap: unknown conversion"},
    {"POST configmaps default", "{\"metadata\":{\"name\":\"c\",\"labels\":{\"a\":5}}}", 400,
     "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number "
     "into Go struct field ObjectMeta.metadata.labels of type string"},
    {"POST configmaps default", "{\"metadata\":{\"name\":\"c\",\"finalizers\":[\"plain\"]}}", 422,
     "ConfigMap \"c\" is invalid: metadata.finalizers[0]: Invalid value: \"plain\": name is "
     "neither "
     "a standard finalizer name nor is it fully qualified"},
    {"POST configmaps default",
     "{\"metadata\":{\"name\":\"c\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\","
     "\"name\":\"p\"}]}}",
     422,
     "ConfigMap \"c\" is invalid: metadata.ownerReferences.uid: Invalid value: \"\": must not be "
     "empty"},
    {"POST nodes", "{\"metadata\":{\"name\":\"n\"},\"spec\":\"x\"}", 400, NULL},
    {"POST nodes", "{\"metadata\":{\"name\":\"n\"},\"spec\":{\"taints\":[{\"key\":\"a\"}]}}", 422,
     "Node \"n\" is invalid: metadata.taints[0].effect: Required value"},
    {"POST nodes",
     "{\"metadata\":{\"name\":\"n\"},\"spec\":{\"taints\":[{\"key\":\"a\",\"effect\":\"No\"}]}}",
     422,
     "Node \"n\" is invalid: metadata.taints[0].effect: Unsupported value: \"No\": supported "
     "values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\""},
    {"POST nodes", "{\"metadata\":{\"name\":\"n\"},\"status\":{\"capacity\":{\"cpu\":\"four\"}}}",
     400,
     "Node in version \"v1\" cannot be handled as a Node: quantities must match the regular "
     "expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"},
    {"POST leases default", "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"leaseDurationSeconds\":0}}",
     422,
     "Lease.coordination.k8s.io \"l\" is invalid: spec.leaseDurationSeconds: Invalid value: 0: "
     "must "
     "be greater than 0"},
    {"POST services default", "{\"metadata\":{\"name\":\"s\"},\"spec\":{}}", 422,
     "Service \"s\" is invalid: spec.ports: Required value"},
    {"POST services default", "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"port\":0}]}}",
     422, NULL},
    {"POST services default",
     "{\"metadata\":{\"name\":\"1s\"},\"spec\":{\"ports\":[{\"port\":80}]}}", 422, NULL},
    {"POST pods default", "{\"metadata\":{\"name\":\"p\"},\"spec\":{}}", 422,
     "Pod \"p\" is invalid: spec.containers: Required value"},
    {"POST secrets default", "{\"metadata\":{\"name\":\"s\"},\"data\":{\"a\":\"not base64\"}}", 400,
     "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte 3"},
    {"PUT nodes missing", "{\"metadata\":{\"name\":\"missing\"}}", 404,
     "nodes \"missing\" not found"},
    {"PUT nodes missing", "{\"metadata\":{\"name\":\"missing\",\"uid\":\"u\"}}", 409,
     "Operation cannot be fulfilled on nodes \"missing\": Precondition failed: UID in "
     "precondition: u, UID in object meta: "},
    {"PUT nodes n1", "{\"metadata\":{\"name\":\"n2\"}}", 400,
     "the name of the object (n2) does not match the name on the URL (n1)"},
    {"PUT nodes n1", "{\"metadata\":{\"name\":\"n1\",\"resourceVersion\":\"1\"}}", 409,
     "Operation cannot be fulfilled on nodes \"n1\": the object has been modified; please apply "
     "your changes to the latest version and try again"},
    {"PUT nodes n1", "{\"metadata\":{\"name\":\"n1\",\"uid\":\"u\"}}", 409, NULL},
    {"PUT leases default/l1", "{\"metadata\":{\"name\":\"l1\"}}", 422,
     "leases.coordination.k8s.io \"l1\" is invalid: metadata.resourceVersion: Invalid value: 0: "
     "must be specified for an update"},
    {"PUT configmaps/status default/c", "{\"metadata\":{\"name\":\"c\"}}", 404,
     "the server could not find the requested resource"},
    {"PATCH nodes missing", "{}", 404, "nodes \"missing\" not found"},
    {"PATCH nodes n1", "{\"metadata\":{\"name\":\"n2\"}}", 400,
     "the name of the object (n2) does not match the name on the URL (n1)"},
    {"PATCH nodes n1", "{\"metadata\":{\"uid\":\"u\"}}", 422,
     "Node \"n1\" is invalid: metadata.uid: Invalid value: \"u\": field is immutable"},
    {"PATCH nodes n1", "{\"metadata\":{\"resourceVersion\":\"1\"}}", 409, NULL},
    {"DELETE nodes missing", NULL, 404, "nodes \"missing\" not found"},
    {"DELETE namespaces kube-system", NULL, 403,
     "namespaces \"kube-system\" is forbidden: this namespace may not be deleted"},
    {"GET leases default/none", NULL, 404, "leases.coordination.k8s.io \"none\" not found"},
};

static cleat_err ask(struct rt *rt, const char *what, const char *text) {
    char verb[16], resource[64], key[64] = "";
    int n = sscanf(what, "%15s %63s %63s", verb, resource, key);
    cleat_assert(n >= 2);
    if (strcmp(verb, "POST") == 0) {
        return rt_create(rt, resource, key, text);
    }
    if (strcmp(verb, "PUT") == 0) {
        return rt_update(rt, resource, key, text);
    }
    if (strcmp(verb, "PATCH") == 0) {
        return rt_patch(rt, resource, key, CLEAT_PATCH_MERGE, text);
    }
    return strcmp(verb, "GET") == 0 ? rt_get(rt, resource, key)
                                    : rt_delete(rt, resource, key, NULL);
}

static void refused(void) {
    struct rt rt;
    rt_open(&rt);
    KT_OK(rt_create(&rt, "nodes", "", node_n1), &rt.req.error);
    KT_OK(rt_create(&rt, "leases", "default", lease_l1), &rt.req.error);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *r = &refusals[i];
        KT_TRUE(ask(&rt, r->what, r->text) != CLEAT_OK);
        if (!KT_EQ_INT(rt_code(&rt), r->code)) {
            printf("  at %s %s: %s\n", r->what, r->text, rt_message(&rt));
        }
        if (r->message != NULL) {
            KT_EQ_STR(rt_message(&rt), r->message);
        }
    }
    rt_close(&rt);
}

/* ---- create ---- */

/* More causes than struct cleat_error holds: the Status has them all, and all of the message. */
static void tells_all(void) {
    struct rt rt;
    CLEAT_AUTO_BUF text = {0};
    CLEAT_AUTO(cleat_obj) *status = NULL;
    rt_open(&rt);
    cleat_buf_puts(&text, "{\"metadata\":{\"name\":\"c\",\"finalizers\":[");
    for (int i = 0; i < 20; i++) {
        cleat_buf_printf(&text, "%s\"plain-%02d\"", i > 0 ? "," : "", i);
    }
    cleat_buf_puts(&text, "]}}");
    KT_TRUE(rt_create(&rt, "configmaps", "default", text.p) == CLEAT_E_INVALID);
    KT_EQ_INT(rt.req.error.n_causes, CLEAT_CAUSES_MAX);
    KT_REQUIRE(rt.req.status != NULL);
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE_OK(cleat_obj_parse(cleat_s(rt.req.status), 0, &status, &e), &e);
    KT_EQ_INT(cleat_val_count(cleat_obj_at(status, CLEAT_PATH("details", "causes"))), 20);
    KT_EQ_S(cleat_val_str(cleat_obj_at(status, CLEAT_PATH("details", "causes", "19", "field"))),
            CLEAT_STR("metadata.finalizers[19]"));
    KT_EQ_S(cleat_val_str(cleat_obj_at(status, CLEAT_PATH("details", "name"))), CLEAT_STR("c"));
    CLEAT_AUTO_FREE char *message = cleat_val_strdup(cleat_obj_at(status, CLEAT_PATH("message")));
    KT_TRUE(strstr(message, "ConfigMap \"c\" is invalid: [metadata.finalizers[0]: Invalid value: "
                            "\"plain-00\": ") == message);
    KT_TRUE(strstr(message, "metadata.finalizers[19]: ") != NULL);
    KT_EQ_INT(message[strlen(message) - 1], ']');
    /* What has room needs no more than that. */
    KT_TRUE(rt_create(&rt, "configmaps", "default",
                      "{\"metadata\":{\"name\":\"c\",\"finalizers\":[\"plain\"]}}") ==
            CLEAT_E_INVALID);
    KT_TRUE(rt.req.status == NULL);
    rt_close(&rt);
}

static void creates(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "nodes", "", node_n1), &rt.req.error);
    KT_EQ_INT(rt_code(&rt), 201);
    KT_EQ_S(AT("metadata", "creationTimestamp"), CLEAT_STR("2026-01-02T03:04:05Z"));
    struct cleat_str uid = AT("metadata", "uid");
    KT_EQ_INT(uid.n, 36);
    KT_TRUE(uid.p[14] == '4' && strchr("89ab", uid.p[19]) != NULL);
    KT_EQ_S(AT("status", "capacity", "cpu"), CLEAT_STR("4")); /* nodes bring their status */
    KT_EQ_S(AT("metadata", "generation"), CLEAT_STR(""));
    KT_EQ_INT(rt_create(&rt, "nodes", "", node_n1), CLEAT_E_EXISTS);
    KT_EQ_STR(rt_message(&rt), "nodes \"n1\" already exists");
    /* nulls (but for values of maps), selfLink and deletionTimestamp go; kind and namespace come */
    KT_REQUIRE_OK(
        rt_create(&rt, "configmaps", "default",
                  "{\"metadata\":{\"name\":\"c\",\"creationTimestamp\":null,\"selfLink\":"
                  "\"x\",\"deletionTimestamp\":\"2020-01-01T00:00:00Z\",\"uid\":\"mine\"},"
                  "\"data\":{\"a\":\"1\",\"b\":null}}"),
        &rt.req.error);
    KT_EQ_S(AT("kind"), CLEAT_STR("ConfigMap"));
    KT_EQ_S(AT("apiVersion"), CLEAT_STR("v1"));
    KT_EQ_S(AT("metadata", "namespace"), CLEAT_STR("default"));
    KT_EQ_S(AT("data"), CLEAT_STR("{\"a\":\"1\",\"b\":\"\"}"));
    KT_EQ_S(AT("metadata", "selfLink"), CLEAT_STR(""));
    KT_EQ_S(AT("metadata", "deletionTimestamp"), CLEAT_STR(""));
    KT_EQ_INT(AT("metadata", "uid").n, 36);
    rt_close(&rt);
}

static void generates_names(void) {
    struct rt rt;
    rt_open(&rt);
    static const char body[] = "{\"metadata\":{\"generateName\":\"job-\"}}";
    KT_REQUIRE_OK(rt_create(&rt, "configmaps", "default", body), &rt.req.error);
    struct cleat_str name = AT("metadata", "name");
    KT_EQ_INT(name.n, 9);
    KT_TRUE(strspn(name.p + 4, "bcdfghjklmnpqrstvwxz2456789") >= 5);
    /* The same dice: the same name first, then another one. */
    cleat_random_seed(7);
    KT_OK(rt_create(&rt, "configmaps", "default", body), &rt.req.error);
    CLEAT_AUTO_FREE char *first = cleat_strndup(AT("metadata", "name"));
    cleat_random_seed(7);
    KT_OK(rt_create(&rt, "configmaps", "default", body), &rt.req.error);
    KT_TRUE(!cleat_eqc(AT("metadata", "name"), first));
    KT_EQ_INT(rt.req.attempts, 2);
    rt_close(&rt);
}

static void defaults(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "pods", "default",
                            "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":"
                            "\"c\",\"image\":\"i\"}]},\"status\":{\"phase\":\"Running\"}}"),
                  &rt.req.error);
    KT_EQ_S(AT("status"), CLEAT_STR("{\"phase\":\"Pending\",\"qosClass\":\"BestEffort\"}"));
    KT_EQ_S(AT("spec", "restartPolicy"), CLEAT_STR("Always"));
    KT_EQ_S(AT("spec", "terminationGracePeriodSeconds"), CLEAT_STR("30"));
    KT_REQUIRE_OK(rt_create(&rt, "services", "default",
                            "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"type\":\"LoadBalancer\","
                            "\"ports\":[{\"port\":80}]}}"),
                  &rt.req.error);
    KT_EQ_S(AT("spec", "ports"),
            CLEAT_STR("[{\"port\":80,\"protocol\":\"TCP\",\"targetPort\":80}]"));
    KT_EQ_S(AT("spec", "externalTrafficPolicy"), CLEAT_STR("Cluster"));
    KT_EQ_S(AT("status", "loadBalancer"), CLEAT_STR("{}"));
    KT_REQUIRE_OK(rt_create(&rt, "secrets", "default",
                            "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"a\":\"hi\\n\"}}"),
                  &rt.req.error);
    KT_EQ_S(AT("type"), CLEAT_STR("Opaque"));
    KT_EQ_S(AT("data"), CLEAT_STR("{\"a\":\"aGkK\"}"));
    KT_EQ_S(AT("stringData"), CLEAT_STR(""));
    KT_EQ_INT(rt_change(&rt, "secrets", "default/s", CLEAT_PATH("type"), "\"other\""),
              CLEAT_E_INVALID);
    KT_EQ_STR(rt_message(&rt),
              "Secret \"s\" is invalid: type: Invalid value: \"other\": field is immutable");
    rt_close(&rt);
}

/* ---- update ---- */

static void updates(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "leases", "default", lease_l1), &rt.req.error);
    uint64_t rv = RV;
    KT_REQUIRE_OK(
        rt_change(&rt, "leases", "default/l1", CLEAT_PATH("spec", "holderIdentity"), "\"b\""),
        &rt.req.error);
    KT_TRUE(RV > rv);
    KT_EQ_INT(rt_code(&rt), 200);
    KT_EQ_S(AT("spec", "holderIdentity"), CLEAT_STR("b"));
    /* the same again: nothing is written */
    rv = RV;
    uint64_t head = cleat_store_revision(rt.store);
    KT_REQUIRE_OK(
        rt_change(&rt, "leases", "default/l1", CLEAT_PATH("spec", "holderIdentity"), "\"b\""),
        &rt.req.error);
    KT_EQ_INT(RV, rv);
    KT_EQ_INT(cleat_store_revision(rt.store), head);
    /* what a PUT leaves out of metadata stays; members in another order are no change */
    CLEAT_AUTO_FREE char *body = cleat_sprintf(
        "{\"metadata\":{\"resourceVersion\":\"%llu\",\"name\":\"l1\"},\"spec\":{\"renewTime\":"
        "\"2026-01-02T03:04:05.000000Z\",\"leaseDurationSeconds\":40,\"holderIdentity\":\"b\"}}",
        (unsigned long long)rv);
    KT_REQUIRE_OK(rt_update(&rt, "leases", "default/l1", body), &rt.req.error);
    KT_EQ_INT(RV, rv);
    KT_EQ_INT(AT("metadata", "uid").n, 36);
    rt_close(&rt);
}

static void updates_missing(void) {
    struct rt rt;
    rt_open(&rt);
    KT_OK(rt_update(&rt, "leases", "default/new", "{\"metadata\":{\"name\":\"new\"}}"),
          &rt.req.error);
    KT_EQ_INT(rt_code(&rt), 201);
    KT_EQ_INT(rt_update(&rt, "configmaps", "default/new", "{\"metadata\":{\"name\":\"new\"}}"),
              CLEAT_E_NOT_FOUND);
    rt_close(&rt);
}

static void separates_status(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "nodes", "", node_n1), &rt.req.error);
    KT_REQUIRE_OK(rt_update(&rt, "nodes", "n1",
                            "{\"metadata\":{\"name\":\"n1\",\"labels\":{\"a\":\"b\"}},\"spec\":{"
                            "\"unschedulable\":true},\"status\":{\"capacity\":{\"cpu\":\"8\"}}}"),
                  &rt.req.error);
    KT_EQ_S(AT("spec"), CLEAT_STR("{\"unschedulable\":true}"));
    KT_EQ_S(AT("status", "capacity", "cpu"), CLEAT_STR("4"));
    KT_REQUIRE_OK(rt_update(&rt, "nodes/status", "n1",
                            "{\"metadata\":{\"name\":\"n1\",\"labels\":{\"a\":\"c\"}},\"spec\":{},"
                            "\"status\":{\"capacity\":{\"cpu\":\"8\"}}}"),
                  &rt.req.error);
    KT_EQ_S(AT("spec"), CLEAT_STR("{\"unschedulable\":true}"));
    KT_EQ_S(AT("status", "capacity", "cpu"), CLEAT_STR("8"));
    KT_EQ_S(AT("metadata", "labels", "a"), CLEAT_STR("c"));
    KT_REQUIRE_OK(
        rt_patch(&rt, "nodes/status", "n1", CLEAT_PATCH_STRATEGIC,
                 "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]},"
                 "\"spec\":{\"unschedulable\":null}}"),
        &rt.req.error);
    KT_EQ_S(AT("spec", "unschedulable"), CLEAT_STR("true"));
    KT_EQ_S(AT("status", "conditions", "0", "type"), CLEAT_STR("Ready"));
    rt_close(&rt);
}

static void keeps_node_identity(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "nodes", "", node_n1), &rt.req.error);
    KT_REQUIRE_OK(rt_patch(&rt, "nodes", "n1", CLEAT_PATCH_STRATEGIC,
                           "{\"spec\":{\"providerID\":\"sim://1\",\"podCIDR\":\"10.0.0.0/24\","
                           "\"podCIDRs\":[\"10.0.0.0/24\"]}}"),
                  &rt.req.error);
    KT_EQ_INT(
        rt_patch(&rt, "nodes", "n1", CLEAT_PATCH_MERGE, "{\"spec\":{\"providerID\":\"sim://2\"}}"),
        CLEAT_E_INVALID);
    KT_EQ_STR(rt_message(&rt),
              "Node \"n1\" is invalid: spec.providerID: Forbidden: node updates may "
              "not change providerID except from \"\" to valid");
    KT_EQ_INT(rt_patch(&rt, "nodes", "n1", CLEAT_PATCH_MERGE,
                       "{\"spec\":{\"podCIDR\":\"10.0.1.0/24\",\"podCIDRs\":[\"10.0.1.0/24\"]}}"),
              CLEAT_E_INVALID);
    KT_EQ_INT(rt.req.error.n_causes, 1);
    KT_EQ_STR(rt.req.error.causes[0].reason, "FieldValueForbidden");
    rt_close(&rt);
}

static void pairs_networks(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(
        rt_create(&rt, "nodes", "",
                  "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"podCIDR\":\"10.0.0.0/24\"}}"),
        &rt.req.error);
    KT_EQ_S(AT("spec", "podCIDRs"), CLEAT_STR("[\"10.0.0.0/24\"]"));
    KT_REQUIRE_OK(
        rt_create(&rt, "nodes", "",
                  "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"podCIDRs\":[\"10.0.0.0/24\","
                  "\"fd00::/64\"]}}"),
        &rt.req.error);
    KT_EQ_S(AT("spec", "podCIDR"), CLEAT_STR("10.0.0.0/24"));
    KT_EQ_INT(rt_create(&rt, "nodes", "",
                        "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"podCIDR\":\"10.0.0.0/33\"}}"),
              CLEAT_E_INVALID);
    KT_EQ_INT(rt_create(&rt, "nodes", "",
                        "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"podCIDRs\":[\"10.0.0.0/24\","
                        "\"10.0.1.0/24\"]}}"),
              CLEAT_E_INVALID);
    rt_close(&rt);
}

static void dry_runs(void) {
    struct rt rt;
    rt_open(&rt);
    uint64_t head = cleat_store_revision(rt.store);
    cleat_request req = {.registry = rt.registry,
                         .verb = CLEAT_VERB_CREATE,
                         .kind = rt_kind(&rt, "nodes"),
                         .user = &rt_admin,
                         .ns = {"", 0},
                         .name = {"", 0},
                         .dry_run = true};
    KT_OK(cleat_obj_parse(cleat_s(node_n1), 0, &req.body, NULL), NULL);
    KT_OK(cleat_request_wait(&req, NULL), &req.error);
    KT_TRUE(req.created && req.result != NULL);
    cleat_request_done(&req);
    KT_EQ_INT(cleat_store_revision(rt.store), head);
    KT_EQ_INT(rt_get(&rt, "nodes", "n1"), CLEAT_E_NOT_FOUND);
    rt_close(&rt);
}

/* ---- concurrency: several requests prepared before one commit ---- */

struct queued {
    cleat_request req;
    bool posted, finished;
};

static void mark_posted(cleat_request *req) {
    ((struct queued *)req->userdata)->posted = true;
}

static void mark_finished(cleat_request *req) {
    ((struct queued *)req->userdata)->finished = true;
}

static void retries_patches(void) {
    enum { N = 8 };
    struct rt rt;
    struct queued q[N];
    char text[N][64];
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "nodes", "", node_n1), &rt.req.error);
    memset(q, 0, sizeof q);
    for (int i = 0; i < N; i++) {
        snprintf(text[i], sizeof text[i], "{\"metadata\":{\"labels\":{\"k%d\":\"v\"}}}", i);
        q[i].req = (cleat_request){.registry = rt.registry,
                                   .verb = CLEAT_VERB_PATCH,
                                   .kind = rt_kind(&rt, "nodes"),
                                   .user = &rt_admin,
                                   .name = CLEAT_STR("n1"),
                                   .patch_type = CLEAT_PATCH_MERGE,
                                   .patch = cleat_s(text[i]),
                                   .post = mark_posted,
                                   .done = mark_finished,
                                   .userdata = &q[i]};
        cleat_request_start(&q[i].req);
    }
    for (int left = N, rounds = 0; left > 0 && rounds < 1000; rounds++) {
        cleat_store_step(rt.store);
        for (int i = 0; i < N; i++) {
            if (q[i].posted) {
                q[i].posted = false;
                cleat_request_resume(&q[i].req);
                left -= q[i].finished;
            }
        }
    }
    for (int i = 0; i < N; i++) {
        KT_TRUE(q[i].finished);
        KT_OK(q[i].req.err, &q[i].req.error);
        cleat_request_done(&q[i].req);
    }
    KT_OK(rt_get(&rt, "nodes", "n1"), &rt.req.error);
    KT_EQ_INT(cleat_val_count(cleat_obj_at(rt.req.result, CLEAT_PATH("metadata", "labels"))), N);
    rt_close(&rt);
}

/* A client that still holds its body's reference sees it unchanged. */
static void spares_shared_bodies(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "leases", "default", lease_l1), &rt.req.error);
    struct cleat_splice s = {CLEAT_PATH("spec", "holderIdentity"), CLEAT_STR("\"z\"")};
    CLEAT_AUTO(cleat_obj) *body = NULL;
    KT_OK(cleat_obj_splice(rt.req.result, &s, 1, &body, NULL), NULL);
    CLEAT_AUTO_FREE char *before = cleat_strndup(cleat_obj_bytes(body));
    cleat_request req = {.registry = rt.registry,
                         .verb = CLEAT_VERB_UPDATE,
                         .kind = rt_kind(&rt, "leases"),
                         .user = &rt_admin,
                         .ns = CLEAT_STR("default"),
                         .name = CLEAT_STR("l1"),
                         .body = cleat_obj_ref(body)};
    KT_OK(cleat_request_wait(&req, NULL), &req.error);
    KT_EQ_S(cleat_obj_bytes(body), cleat_s(before));
    KT_TRUE(cleat_obj_revision(req.result) > cleat_obj_revision(body));
    cleat_request_done(&req);
    rt_close(&rt);
}

static void forbids(void) {
    struct rt rt;
    rt_open(&rt);
    static const char *const nobody[] = {"system:authenticated", NULL};
    struct cleat_user u = {.name = "jane", .groups = nobody};
    struct cleat_error e = CLEAT_ERROR_INIT;
    const struct cleat_kind *pods = rt_kind(&rt, "pods");
    KT_EQ_INT(
        cleat_authorize(rt.registry, &u, "get", pods, NULL, CLEAT_STR("ns"), CLEAT_STR("x"), &e),
        CLEAT_E_FORBIDDEN);
    KT_EQ_STR(e.message,
              "pods \"x\" is forbidden: User \"jane\" cannot get resource \"pods\" in API "
              "group \"\" in the namespace \"ns\"");
    KT_EQ_INT(cleat_authorize(rt.registry, &u, "list", rt_kind(&rt, "leases"), NULL,
                              (struct cleat_str){"", 0}, (struct cleat_str){"", 0}, &e),
              CLEAT_E_FORBIDDEN);
    KT_EQ_STR(e.message,
              "leases.coordination.k8s.io is forbidden: User \"jane\" cannot list resource "
              "\"leases\" in API group \"coordination.k8s.io\" at the cluster scope");
    KT_OK(cleat_authorize_path(rt.registry, NULL, "get", "/readyz", &e), &e);
    KT_EQ_INT(cleat_authorize_path(rt.registry, NULL, "get", "/metrics", &e), CLEAT_E_FORBIDDEN);
    KT_EQ_STR(e.message, "forbidden: User \"system:anonymous\" cannot get path \"/metrics\"");
    rt_close(&rt);
}

KT_MAIN("registry_request", KT_TEST(refused), KT_TEST(tells_all), KT_TEST(creates),
        KT_TEST(generates_names), KT_TEST(defaults), KT_TEST(updates), KT_TEST(updates_missing),
        KT_TEST(separates_status), KT_TEST(keeps_node_identity), KT_TEST(pairs_networks),
        KT_TEST(dry_runs), KT_TEST(retries_patches), KT_TEST(spares_shared_bodies),
        KT_TEST(forbids))
