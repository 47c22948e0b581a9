/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the registry adds to a write: PUTs of a Lease and of a Node's status as a
 * client read them, and server-side applies, prepared and thrown away (dry run);
 * the same without managedFields for comparison. One thread, real clock.
 * registry_bench [seconds each]
 */
#include "core/kinds/kinds.h"
#include "core/registry/registry.h"
#include "tests/support/docs.h"

static const char *const masters[] = {"system:masters", NULL};
static const struct cleat_user admin = {.name = "bench", .groups = masters};

static cleat_store *store;
static cleat_registry *registry;

static void need(cleat_err err, const struct cleat_error *e) {
    if (err != CLEAT_OK) {
        fprintf(stderr, "%s: %s\n", cleat_err_name(err), e != NULL ? e->message : "");
        exit(1);
    }
}

static void on_done(cleat_request *req) {
    *(bool *)req->userdata = true;
}

static bool step(void *s) {
    return cleat_store_step(s) != 0;
}

static cleat_obj *make(const struct cleat_kind *k, const char *ns, const char *text) {
    cleat_request req = {.registry = registry,
                         .verb = CLEAT_VERB_CREATE,
                         .kind = k,
                         .user = &admin,
                         .ns = cleat_s(ns),
                         .field_manager = "bench",
                         .name = {"", 0}};
    need(cleat_obj_parse(cleat_s(text), 0, &req.body, &req.error), &req.error);
    need(cleat_request_wait(&req, NULL), &req.error);
    cleat_obj *o = cleat_obj_ref(req.result);
    cleat_request_done(&req);
    return o;
}

/* The body as a client would send it: read, one time changed. */
static cleat_obj *body_of(const cleat_obj *o, const char *const *path, bool micro, int i) {
    char text[64], time[32];
    cleat_obj *body = NULL;
    cleat_time_format(1767323000 * CLEAT_SECOND + i * (micro ? CLEAT_MS : CLEAT_SECOND), micro,
                      time);
    snprintf(text, sizeof text, "\"%s\"", time);
    struct cleat_splice s = {path, cleat_s(text)};
    need(cleat_obj_splice(o, &s, 1, &body, NULL), NULL);
    return body;
}

/* o after a write: a PATCH of its main resource, or of a subresource. */
static cleat_obj *patch(const struct cleat_kind *k, const char *sub, cleat_obj *o, int type,
                        const char *text) {
    cleat_request req = {.registry = registry,
                         .verb = CLEAT_VERB_PATCH,
                         .kind = k,
                         .subresource = sub,
                         .user = &admin,
                         .ns = cleat_obj_ns(o),
                         .name = cleat_obj_name(o),
                         .patch_type = type,
                         .field_manager = "bench",
                         .patch = cleat_s(text)};
    need(cleat_request_wait(&req, NULL), &req.error);
    cleat_obj *now = cleat_obj_ref(req.result);
    cleat_request_done(&req);
    cleat_obj_unref(o);
    return now;
}

static double seconds(cleat_time d) {
    return (double)d / (double)CLEAT_SECOND;
}

static void bench_prepare(const char *what, const struct cleat_kind *k, const char *sub,
                          const cleat_obj *o, const char *const *path, double limit) {
    cleat_time begin = cleat_now_mono(), making = 0;
    long n = 0;
    while (seconds(cleat_now_mono() - begin - making) < limit) {
        cleat_obj *bodies[256];
        cleat_time t = cleat_now_mono();
        for (int i = 0; i < 256; i++) {
            bodies[i] = body_of(o, path, sub == NULL, (int)n + i + 1);
        }
        making += cleat_now_mono() - t;
        for (int i = 0; i < 256; i++, n++) {
            bool done = false;
            cleat_request req = {.registry = registry,
                                 .verb = CLEAT_VERB_UPDATE,
                                 .kind = k,
                                 .subresource = sub,
                                 .user = &admin,
                                 .ns = cleat_obj_ns(o),
                                 .name = cleat_obj_name(o),
                                 .field_manager = "bench",
                                 .body = bodies[i],
                                 .dry_run = true,
                                 .done = on_done,
                                 .userdata = &done};
            cleat_request_start(&req);
            need(req.err, &req.error);
            cleat_request_done(&req);
        }
    }
    double d = seconds(cleat_now_mono() - begin - making);
    printf("%-28s %9.0f /s  %6.2f us each\n", what, (double)n / d, d / (double)n * 1e6);
}

static void bench_apply(const char *what, const struct cleat_kind *k, const cleat_obj *o,
                        const char *config, double limit) {
    cleat_time begin = cleat_now_mono();
    long n = 0;
    for (; seconds(cleat_now_mono() - begin) < limit; n++) {
        bool done = false;
        cleat_request req = {.registry = registry,
                             .verb = CLEAT_VERB_PATCH,
                             .kind = k,
                             .user = &admin,
                             .ns = cleat_obj_ns(o),
                             .name = cleat_obj_name(o),
                             .field_manager = "applier",
                             .patch_type = CLEAT_PATCH_APPLY_FORCE,
                             .patch = cleat_s(config),
                             .dry_run = true,
                             .done = on_done,
                             .userdata = &done};
        cleat_request_start(&req);
        need(req.err, &req.error);
        cleat_request_done(&req);
    }
    double d = seconds(cleat_now_mono() - begin);
    printf("%-28s %9.0f /s  %6.2f us each\n", what, (double)n / d, d / (double)n * 1e6);
}

/* POST of a Pod of 3 KB, parsing left out. */
static void bench_create(double limit) {
    const struct cleat_kind *pods = cleat_registry_find(registry, "", "v1", "pods");
    CLEAT_AUTO_FREE char *text = docs_pod(1);
    CLEAT_AUTO(cleat_obj) *stored = NULL, *doc = NULL;
    const struct cleat_splice new = {CLEAT_PATH("metadata", "resourceVersion"), {NULL, 0}};
    need(cleat_obj_parse(cleat_s(text), 0, &stored, NULL), NULL);
    need(cleat_obj_splice(stored, &new, 1, &doc, NULL), NULL);
    cleat_time begin = cleat_now_mono();
    long n = 0;
    for (; seconds(cleat_now_mono() - begin) < limit; n++) {
        bool done = false;
        cleat_request req = {.registry = registry,
                             .verb = CLEAT_VERB_CREATE,
                             .kind = pods,
                             .user = &admin,
                             .ns = cleat_obj_ns(doc),
                             .field_manager = "bench",
                             .body = cleat_obj_ref(doc),
                             .dry_run = true,
                             .done = on_done,
                             .userdata = &done};
        cleat_request_start(&req);
        need(req.err, &req.error);
        cleat_request_done(&req);
    }
    double d = seconds(cleat_now_mono() - begin);
    printf("%-28s %9.0f /s  %6.2f us each\n", "POST pod, prepared", (double)n / d,
           d / (double)n * 1e6);
}

int main(int argc, char **argv) {
    double limit = argc > 1 ? atof(argv[1]) : 1.0;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {.manual = true};
    need(cleat_store_open(cleat_backend_memory(), &opts, &store, &e), &e);
    cleat_wait_set_pump(step, store);
    need(cleat_registry_new(store, cleat_kinds, &registry, &e), &e);
    need(cleat_registry_bootstrap(registry, &e), &e);
    const struct cleat_kind *leases =
        cleat_registry_find(registry, "coordination.k8s.io", "v1", "leases");
    const struct cleat_kind *nodes = cleat_registry_find(registry, "", "v1", "nodes");
    cleat_obj *lease =
        make(leases, "kube-node-lease",
             "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":"
             "\"node-0001\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":"
             "\"node-0001\",\"uid\":\"6a3f1a2e-0000-4000-8000-000000000001\"}]},\"spec\":{"
             "\"holderIdentity\":\"node-0001\",\"leaseDurationSeconds\":40,\"renewTime\":"
             "\"2026-01-02T03:04:05.000000Z\"}}");
    struct cleat_buf text = {0};
    cleat_buf_puts(&text,
                   "{\"metadata\":{\"name\":\"n1\",\"labels\":{\"kubernetes.io/hostname\":"
                   "\"n1\"}},\"spec\":{\"providerID\":\"sim://n1\"},\"status\":{\"capacity\":"
                   "{\"cpu\":\"4\",\"memory\":\"8Gi\",\"pods\":\"110\"},\"conditions\":[{"
                   "\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":"
                   "\"2026-01-02T03:04:05Z\"}],\"images\":[");
    for (int i = 0; i < 40; i++) {
        cleat_buf_printf(&text,
                         "%s{\"names\":[\"registry.example/app/image-%d@sha256:%064d\"],"
                         "\"sizeBytes\":%d}",
                         i > 0 ? "," : "", i, i, 1000000 + i);
    }
    cleat_buf_puts(&text, "]}}");
    cleat_obj *node = make(nodes, "", text.p);
    static const char *const renew[] = {"spec", "renewTime", NULL};
    printf("lease %zu bytes, node %zu bytes\n", cleat_obj_bytes(lease).n, cleat_obj_bytes(node).n);
    bench_prepare("PUT lease, prepared", leases, NULL, lease, renew, limit);
    static const char forget[] = "{\"metadata\":{\"managedFields\":[]}}";
    lease = patch(leases, NULL, lease, CLEAT_PATCH_MERGE, forget);
    bench_prepare("  without managedFields", leases, NULL, lease, renew, limit);
    static const char *const beat[] = {"status", "conditions", "0", "lastHeartbeatTime", NULL};
    node = patch(nodes, "status", node, CLEAT_PATCH_STRATEGIC,
                 "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\","
                 "\"lastHeartbeatTime\":\"2026-01-02T03:04:06Z\"}]}}");
    bench_prepare("PUT node/status, prepared", nodes, "status", node, beat, limit);
    bench_apply("apply a node's label", nodes, node,
                "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n1\","
                "\"labels\":{\"a\":\"b\"}}}",
                limit);
    node = patch(nodes, NULL, node, CLEAT_PATCH_MERGE, forget);
    bench_prepare("  without managedFields", nodes, "status", node, beat, limit);
    bench_create(limit);
    cleat_obj_unref(lease);
    cleat_obj_unref(node);
    cleat_buf_done(&text);
    cleat_registry_free(registry);
    cleat_store_close(store);
    return 0;
}
