/* SPDX-License-Identifier: Apache-2.0 */
/* NodeCapacity: pods bound to a Node never ask for more than it has to give. */
#include "core/kinds/admit.h"
#include "core/kinds/kinds.h"
#include "tests/support/rt.h"

struct with {
    struct rt rt;
    cleat_admit *admit;
};

static void open_with(struct with *w, const char *disable) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_admit_opts opts = {.disable = disable};
    rt_open(&w->rt);
    bool ok = kt_ok(cleat_admit_new(w->rt.registry, &opts, &w->admit, &e), &e, "cleat_admit_new",
                    __FILE__, __LINE__);
    cleat_assert(ok);
    KT_OK(rt_create(&w->rt, "nodes", "",
                    "{\"metadata\":{\"name\":\"n1\"},\"status\":{\"capacity\":{\"cpu\":\"4\"},"
                    "\"allocatable\":{\"cpu\":\"3500m\",\"memory\":\"4Gi\",\"pods\":\"4\"}}}"),
          &w->rt.req.error);
    KT_OK(rt_create(&w->rt, "nodes", "", "{\"metadata\":{\"name\":\"bare\"}}"), &w->rt.req.error);
}

static void close_with(struct with *w) {
    cleat_request_done(&w->rt.req);
    memset(&w->rt.req, 0, sizeof w->rt.req);
    cleat_registry_admission(w->rt.registry, NULL);
    cleat_admit_free(w->admit);
    rt_close(&w->rt);
}

/* more: further members of spec, with a comma before. */
static cleat_err pod(struct with *w, const char *name, const char *node, const char *cpu,
                     const char *more) {
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "{\"metadata\":{\"name\":\"%s\"},\"spec\":{%s%s%s\"containers\":[{\"name\":\"c\",\"image\":"
        "\"i\",\"resources\":{\"requests\":{\"cpu\":\"%s\"}}}]%s}}",
        name, node != NULL ? "\"nodeName\":\"" : "", node != NULL ? node : "",
        node != NULL ? "\"," : "", cpu, more);
    return rt_create(&w->rt, "pods", "default", text);
}

static cleat_err bind_to(struct with *w, const char *name, const char *node, bool dry_run) {
    cleat_request *req = &w->rt.req;
    cleat_request_done(req);
    *req = (cleat_request){.registry = w->rt.registry,
                           .verb = CLEAT_VERB_CREATE,
                           .kind = rt_kind(&w->rt, "pods"),
                           .user = &rt_admin,
                           .ns = CLEAT_STR("default"),
                           .name = cleat_s(name),
                           .subresource = "binding",
                           .dry_run = dry_run};
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "{\"metadata\":{\"name\":\"%s\"},\"target\":{\"kind\":\"Node\",\"name\":\"%s\"}}", name,
        node);
    cleat_obj_parse(cleat_s(text), 0, &req->body, NULL);
    return cleat_request_wait(req, NULL);
}

static void a_pod_must_fit_where_it_is_bound(void) {
    struct with w;
    open_with(&w, NULL);
    KT_OK(pod(&w, "a", "n1", "3", ""), &w.rt.req.error);
    KT_EQ_INT(pod(&w, "b", "n1", "1", ""), CLEAT_E_FORBIDDEN);
    KT_EQ_INT(rt_code(&w.rt), 403);
    KT_EQ_STR(rt_message(&w.rt),
              "pods \"b\" is forbidden: node \"n1\" does not have enough cpu, requested: 1, used: "
              "3, allocatable: 3500m");
    KT_OK(pod(&w, "b", "n1", "500m", ""), &w.rt.req.error);
    KT_EQ_INT(pod(&w, "c", "n1", "1m", ""), CLEAT_E_FORBIDDEN);
    /* what is over asks for nothing */
    KT_OK(rt_patch(&w.rt, "pods/status", "default/a", CLEAT_PATCH_MERGE,
                   "{\"status\":{\"phase\":\"Succeeded\"}}"),
          &w.rt.req.error);
    KT_OK(pod(&w, "c", "n1", "2", ""), &w.rt.req.error);
    KT_OK(rt_delete(&w.rt, "pods", "default/c", NULL), &w.rt.req.error);
    KT_OK(rt_delete(&w.rt, "pods", "default/b",
                    &(struct cleat_delete_opts){.struct_size = sizeof(struct cleat_delete_opts),
                                                .grace_period_seconds = 0}),
          &w.rt.req.error);
    KT_OK(pod(&w, "d", "n1", "500m", ""), &w.rt.req.error);
    close_with(&w);
}

static void a_binding_must_fit_too(void) {
    struct with w;
    open_with(&w, NULL);
    KT_OK(pod(&w, "a", NULL, "3", ""), &w.rt.req.error);
    KT_OK(pod(&w, "b", NULL, "3", ""), &w.rt.req.error);
    KT_OK(bind_to(&w, "a", "n1", true), &w.rt.req.error); /* keeps no place */
    KT_OK(bind_to(&w, "b", "n1", false), &w.rt.req.error);
    KT_EQ_INT(bind_to(&w, "a", "n1", false), CLEAT_E_FORBIDDEN);
    KT_OK(rt_get(&w.rt, "pods", "default/a"), &w.rt.req.error);
    KT_EQ_S(rt_at(&w.rt, CLEAT_PATH("spec", "nodeName")), CLEAT_STR(""));
    KT_OK(bind_to(&w, "a", "elsewhere", false), &w.rt.req.error); /* a Node that is not there */
    close_with(&w);
}

static void what_counts(void) {
    struct with w;
    open_with(&w, NULL);
    KT_OK(pod(&w, "a", "bare", "100", ""), &w.rt.req.error); /* it has not said what it has */
    KT_OK(pod(&w, "b", "n1", "2", ""), &w.rt.req.error);
    KT_EQ_INT(pod(&w, "c", "n1", "1600m", ""), CLEAT_E_FORBIDDEN);
    KT_EQ_INT(
        pod(&w, "c", "n1", "0",
            ",\"initContainers\":[{\"name\":\"i\",\"image\":\"i\",\"resources\":{\"requests\":"
            "{\"cpu\":\"2\"}}}]"),
        CLEAT_E_FORBIDDEN);
    KT_OK(pod(&w, "c", "n1", "0", ""), &w.rt.req.error);
    KT_OK(pod(&w, "d", "n1", "0", ""), &w.rt.req.error);
    KT_OK(pod(&w, "e", "n1", "0", ""), &w.rt.req.error);
    KT_EQ_INT(pod(&w, "f", "n1", "0", ""), CLEAT_E_FORBIDDEN); /* the fifth of four */
    close_with(&w);
}

static void it_can_be_switched_off(void) {
    struct with w;
    open_with(&w, "NodeCapacity");
    KT_OK(pod(&w, "a", "n1", "300", ""), &w.rt.req.error);
    close_with(&w);
}

/* ---- many at once ---- */

enum { THREADS = 8, EACH = 40, ALLOWED = 50 };
static _Atomic int made;

static void *create_pods(void *p) {
    cleat_registry *registry = p;
    const struct cleat_kind *kind = cleat_registry_find(registry, "", "v1", "pods");
    for (int i = 0; i < EACH; i++) {
        cleat_request req = {.registry = registry,
                             .verb = CLEAT_VERB_CREATE,
                             .kind = kind,
                             .user = &rt_admin,
                             .ns = CLEAT_STR("default")};
        cleat_obj_parse(CLEAT_STR("{\"metadata\":{\"generateName\":\"p-\"},\"spec\":{\"nodeName\":"
                                  "\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\","
                                  "\"resources\":{\"requests\":{\"cpu\":\"1\"}}}]}}"),
                        0, &req.body, NULL);
        atomic_fetch_add(&made, cleat_request_wait(&req, NULL) == CLEAT_OK);
        cleat_request_done(&req);
    }
    return NULL;
}

static void a_node_is_never_overfilled(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {0};
    struct cleat_admit_opts none = {.disable = "ServiceAccount"};
    cleat_store *store = NULL;
    cleat_registry *registry = NULL;
    cleat_admit *admit = NULL;
    pthread_t threads[THREADS];
    KT_REQUIRE_OK(cleat_store_open(cleat_backend_memory(), &opts, &store, &e), &e);
    KT_REQUIRE_OK(cleat_registry_new(store, cleat_kinds, &registry, &e), &e);
    KT_REQUIRE_OK(cleat_registry_bootstrap(registry, &e), &e);
    KT_REQUIRE_OK(cleat_admit_new(registry, &none, &admit, &e), &e);
    cleat_request req = {.registry = registry,
                         .verb = CLEAT_VERB_CREATE,
                         .kind = cleat_registry_find(registry, "", "v1", "nodes"),
                         .user = &rt_admin};
    cleat_obj_parse(CLEAT_STR("{\"metadata\":{\"name\":\"n\"},\"status\":{\"allocatable\":{\"cpu\":"
                              "\"50\",\"pods\":\"110\"}}}"),
                    0, &req.body, NULL);
    KT_OK(cleat_request_wait(&req, NULL), &req.error);
    cleat_request_done(&req);
    for (int i = 0; i < THREADS; i++) {
        threads[i] = cleat_thread_start("pods", create_pods, registry);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    KT_EQ_INT(atomic_load(&made), ALLOWED);
    cleat_registry_admission(registry, NULL);
    cleat_admit_free(admit);
    cleat_registry_free(registry);
    cleat_store_close(store);
}

KT_MAIN("kinds_capacity", KT_TEST(a_node_is_never_overfilled),
        KT_TEST(a_pod_must_fit_where_it_is_bound), KT_TEST(a_binding_must_fit_too),
        KT_TEST(what_counts), KT_TEST(it_can_be_switched_off))
