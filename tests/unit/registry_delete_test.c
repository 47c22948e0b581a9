/* SPDX-License-Identifier: Apache-2.0 */
/* DELETE: finalizers, graceful deletion, propagation, namespaces, collections. */
#include "tests/support/rt.h"

#define AT(...) rt_at(&rt, CLEAT_PATH(__VA_ARGS__))

static struct cleat_delete_opts options(int propagation, int64_t grace) {
    return (struct cleat_delete_opts){.struct_size = sizeof(struct cleat_delete_opts),
                                      .propagation = propagation,
                                      .grace_period_seconds = grace};
}

static void preconditions(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "configmaps", "default", "{\"metadata\":{\"name\":\"c\"}}"),
                  &rt.req.error);
    CLEAT_AUTO_FREE char *uid = cleat_strndup(AT("metadata", "uid"));
    uint64_t rv = cleat_obj_revision(rt.req.result);
    struct cleat_delete_opts o = options(0, -1);
    o.uid = "other";
    KT_EQ_INT(rt_delete(&rt, "configmaps", "default/c", &o), CLEAT_E_CONFLICT);
    CLEAT_AUTO_FREE char *message = cleat_sprintf(
        "Operation cannot be fulfilled on ConfigMap \"c\": the UID in the precondition (other) "
        "does "
        "not match the UID in record (%s). The object might have been deleted and then recreated",
        uid);
    KT_EQ_STR(rt_message(&rt), message);
    o.uid = uid;
    o.revision = rv + 1;
    KT_EQ_INT(rt_delete(&rt, "configmaps", "default/c", &o), CLEAT_E_CONFLICT);
    o.revision = rv;
    KT_REQUIRE_OK(rt_delete(&rt, "configmaps", "default/c", &o), &rt.req.error);
    KT_TRUE(rt.req.gone);
    KT_TRUE(cleat_obj_revision(rt.req.result) > rv); /* the deletion's own */
    KT_EQ_INT(rt_get(&rt, "configmaps", "default/c"), CLEAT_E_NOT_FOUND);
    rt_close(&rt);
}

static void finalizers(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "configmaps", "default",
                            "{\"metadata\":{\"name\":\"c\",\"finalizers\":[\"a.b/c\"]}}"),
                  &rt.req.error);
    KT_REQUIRE_OK(rt_delete(&rt, "configmaps", "default/c", NULL), &rt.req.error);
    KT_TRUE(!rt.req.gone);
    KT_EQ_S(AT("metadata", "deletionTimestamp"), CLEAT_STR("2026-01-02T03:04:05Z"));
    KT_EQ_S(AT("metadata", "deletionGracePeriodSeconds"), CLEAT_STR("0"));
    uint64_t rv = cleat_obj_revision(rt.req.result);
    cleat_clock_advance(60 * CLEAT_SECOND);
    KT_OK(rt_delete(&rt, "configmaps", "default/c", NULL), &rt.req.error);
    KT_EQ_INT(cleat_obj_revision(rt.req.result), rv); /* the second changes nothing */
    KT_EQ_INT(rt_patch(&rt, "configmaps", "default/c", CLEAT_PATCH_MERGE,
                       "{\"metadata\":{\"finalizers\":[\"a.b/c\",\"a.b/d\"]}}"),
              CLEAT_E_INVALID);
    KT_EQ_STR(
        rt_message(&rt),
        "ConfigMap \"c\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be "
        "added if the object is being deleted, found new finalizers []string{\"a.b/d\"}");
    /* the mark cannot be taken away */
    KT_OK(rt_patch(&rt, "configmaps", "default/c", CLEAT_PATCH_MERGE,
                   "{\"metadata\":{\"deletionTimestamp\":null},\"data\":{\"a\":\"b\"}}"),
          &rt.req.error);
    KT_EQ_S(AT("metadata", "deletionTimestamp"), CLEAT_STR("2026-01-02T03:04:05Z"));
    /* the last finalizer's removal deletes */
    KT_REQUIRE_OK(rt_patch(&rt, "configmaps", "default/c", CLEAT_PATCH_MERGE,
                           "{\"metadata\":{\"finalizers\":null}}"),
                  &rt.req.error);
    KT_EQ_S(AT("data", "a"), CLEAT_STR("b"));
    KT_EQ_INT(rt_get(&rt, "configmaps", "default/c"), CLEAT_E_NOT_FOUND);
    rt_close(&rt);
}

static void propagation(void) {
    struct rt rt;
    rt_open(&rt);
    static const struct {
        int policy;
        const char *finalizer;
    } cases[] = {{CLEAT_PROPAGATE_FOREGROUND, "[\"foregroundDeletion\"]"},
                 {CLEAT_PROPAGATE_ORPHAN, "[\"orphan\"]"}};
    for (size_t i = 0; i < 2; i++) {
        struct cleat_delete_opts o = options(cases[i].policy, -1);
        KT_REQUIRE_OK(rt_create(&rt, "configmaps", "default", "{\"metadata\":{\"name\":\"c\"}}"),
                      &rt.req.error);
        KT_REQUIRE_OK(rt_delete(&rt, "configmaps", "default/c", &o), &rt.req.error);
        KT_TRUE(!rt.req.gone);
        KT_EQ_S(AT("metadata", "finalizers"), cleat_s(cases[i].finalizer));
        /* Background takes it away again, and then nothing holds it */
        o = options(CLEAT_PROPAGATE_BACKGROUND, -1);
        KT_REQUIRE_OK(rt_delete(&rt, "configmaps", "default/c", &o), &rt.req.error);
        KT_TRUE(rt.req.gone);
    }
    rt_close(&rt);
}

/* Some kinds leave their dependents unless told otherwise; nobody depends on events. */
static void defaults_of_propagation(void) {
    static const struct {
        const char *resource, *body, *finalizers;
        size_t warnings;
    } cases[] = {
        {"jobs",
         "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"template\":{\"spec\":{\"restartPolicy\":"
         "\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}}",
         "[\"orphan\"]", 1},
        {"replicationcontrollers",
         "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"selector\":{\"a\":\"b\"},\"template\":{"
         "\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\","
         "\"image\":\"i\"}]}}}}",
         "[\"orphan\"]", 0},
        {"configmaps", "{\"metadata\":{\"name\":\"x\"}}", "", 0},
        {"events",
         "{\"metadata\":{\"name\":\"x\",\"finalizers\":[\"orphan\",\"a.b/c\"]},"
         "\"involvedObject\":{\"namespace\":\"default\"}}",
         "[\"a.b/c\"]", 0},
    };
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *resource = cases[i].resource;
        KT_REQUIRE_OK(rt_create(&rt, resource, "default", cases[i].body), &rt.req.error);
        KT_REQUIRE_OK(rt_delete(&rt, resource, "default/x", NULL), &rt.req.error);
        KT_EQ_S(AT("metadata", "finalizers"), cleat_s(cases[i].finalizers));
        KT_EQ_INT(rt.req.warnings.n, cases[i].warnings);
        KT_EQ_INT(rt.req.gone, cases[i].finalizers[0] == '\0');
    }
    struct cleat_delete_opts o = options(CLEAT_PROPAGATE_BACKGROUND, -1);
    KT_REQUIRE_OK(rt_delete(&rt, "jobs", "default/x", &o), &rt.req.error);
    KT_TRUE(rt.req.gone);
    KT_EQ_INT(rt.req.warnings.n, 0);
    rt_close(&rt);
}

static const char pod[] = "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"nodeName\":\"n\","
                          "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";
static const char unscheduled[] = "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{"
                                  "\"name\":\"c\",\"image\":\"i\"}]}}";

static void graceful(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "pods", "default", unscheduled), &rt.req.error);
    KT_REQUIRE_OK(rt_delete(&rt, "pods", "default/p", NULL), &rt.req.error);
    KT_TRUE(rt.req.gone); /* nothing runs yet */

    KT_REQUIRE_OK(rt_create(&rt, "pods", "default", pod), &rt.req.error);
    KT_REQUIRE_OK(rt_delete(&rt, "pods", "default/p", NULL), &rt.req.error);
    KT_TRUE(!rt.req.gone);
    KT_EQ_S(AT("metadata", "deletionTimestamp"), CLEAT_STR("2026-01-02T03:04:35Z"));
    KT_EQ_S(AT("metadata", "deletionGracePeriodSeconds"), CLEAT_STR("30"));
    struct cleat_delete_opts o = options(0, 60); /* longer: ignored */
    KT_OK(rt_delete(&rt, "pods", "default/p", &o), &rt.req.error);
    KT_EQ_S(AT("metadata", "deletionGracePeriodSeconds"), CLEAT_STR("30"));
    o = options(0, 10);
    KT_OK(rt_delete(&rt, "pods", "default/p", &o), &rt.req.error);
    KT_EQ_S(AT("metadata", "deletionTimestamp"), CLEAT_STR("2026-01-02T03:04:15Z"));
    KT_EQ_S(AT("metadata", "deletionGracePeriodSeconds"), CLEAT_STR("10"));
    o = options(0, 0); /* the node confirms */
    KT_OK(rt_delete(&rt, "pods", "default/p", &o), &rt.req.error);
    KT_TRUE(rt.req.gone);

    /* what is left of a shorter time may have passed: a second, and finalizers with it */
    KT_REQUIRE_OK(rt_create(&rt, "pods", "default", pod), &rt.req.error);
    KT_REQUIRE_OK(rt_delete(&rt, "pods", "default/p", NULL), &rt.req.error);
    cleat_clock_advance(20 * CLEAT_SECOND);
    o = options(CLEAT_PROPAGATE_ORPHAN, 10);
    KT_OK(rt_delete(&rt, "pods", "default/p", &o), &rt.req.error);
    KT_EQ_S(AT("metadata", "deletionTimestamp"), CLEAT_STR("2026-01-02T03:04:25Z"));
    KT_EQ_S(AT("metadata", "deletionGracePeriodSeconds"), CLEAT_STR("1"));
    KT_EQ_S(AT("metadata", "finalizers"), CLEAT_STR("[\"orphan\"]"));
    o = options(CLEAT_PROPAGATE_BACKGROUND, 30); /* no shorter: nothing changes */
    KT_OK(rt_delete(&rt, "pods", "default/p", &o), &rt.req.error);
    KT_EQ_S(AT("metadata", "finalizers"), CLEAT_STR("[\"orphan\"]"));
    o = options(CLEAT_PROPAGATE_BACKGROUND, 0);
    KT_OK(rt_delete(&rt, "pods", "default/p", &o), &rt.req.error);
    KT_TRUE(rt.req.gone);

    KT_REQUIRE_OK(rt_create(&rt, "pods", "default", pod), &rt.req.error);
    KT_OK(rt_patch(&rt, "pods/status", "default/p", CLEAT_PATCH_MERGE,
                   "{\"status\":{\"phase\":\"Succeeded\"}}"),
          &rt.req.error);
    KT_OK(rt_delete(&rt, "pods", "default/p", NULL), &rt.req.error);
    KT_TRUE(rt.req.gone);
    rt_close(&rt);
}

static void namespaces(void) {
    struct rt rt;
    rt_open(&rt);
    KT_REQUIRE_OK(rt_create(&rt, "namespaces", "", "{\"metadata\":{\"name\":\"x\"}}"),
                  &rt.req.error);
    KT_EQ_S(AT("spec"), CLEAT_STR("{\"finalizers\":[\"kubernetes\"]}"));
    KT_EQ_S(AT("status", "phase"), CLEAT_STR("Active"));
    KT_EQ_S(AT("metadata", "labels", "kubernetes.io/metadata.name"), CLEAT_STR("x"));
    KT_REQUIRE_OK(rt_delete(&rt, "namespaces", "x", NULL), &rt.req.error);
    KT_TRUE(!rt.req.gone);
    KT_EQ_S(AT("status", "phase"), CLEAT_STR("Terminating"));
    KT_EQ_INT(rt_create(&rt, "configmaps", "x", "{\"metadata\":{\"name\":\"c\"}}"),
              CLEAT_E_FORBIDDEN);
    KT_EQ_STR(rt_message(&rt), "configmaps \"c\" is forbidden: unable to create new content in "
                               "namespace x because it is being terminated");
    KT_EQ_STR(rt.req.error.causes[0].reason, "NamespaceTerminating");
    /* once more: nothing changes, whatever the policy */
    struct cleat_delete_opts o = options(CLEAT_PROPAGATE_FOREGROUND, -1);
    KT_OK(rt_delete(&rt, "namespaces", "x", &o), &rt.req.error);
    KT_EQ_S(AT("metadata", "finalizers"), CLEAT_STR(""));
    KT_TRUE(!rt.req.gone);
    o.uid = "other";
    CLEAT_AUTO_FREE char *uid = cleat_strndup(AT("metadata", "uid"));
    KT_EQ_INT(rt_delete(&rt, "namespaces", "x", &o), CLEAT_E_CONFLICT);
    CLEAT_AUTO_FREE char *message =
        cleat_sprintf("Operation cannot be fulfilled on namespaces \"x\": Precondition failed: UID "
                      "in precondition: other, UID in object meta: %s",
                      uid);
    KT_EQ_STR(rt_message(&rt), message);
    /* a PUT does not reach the finalizers of the spec, /finalize does and it is gone */
    KT_OK(rt_update(&rt, "namespaces", "x", "{\"metadata\":{\"name\":\"x\"},\"spec\":{}}"),
          &rt.req.error);
    KT_OK(rt_get(&rt, "namespaces", "x"), &rt.req.error);
    KT_EQ_S(AT("spec"), CLEAT_STR("{\"finalizers\":[\"kubernetes\"]}"));
    KT_OK(rt_update(&rt, "namespaces/finalize", "x",
                    "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"finalizers\":[]}}"),
          &rt.req.error);
    KT_EQ_INT(rt_get(&rt, "namespaces", "x"), CLEAT_E_NOT_FOUND);
    /* what nothing holds is marked first, too */
    KT_REQUIRE_OK(rt_create(&rt, "namespaces", "", "{\"metadata\":{\"name\":\"y\"}}"),
                  &rt.req.error);
    KT_OK(rt_update(&rt, "namespaces/finalize", "y",
                    "{\"metadata\":{\"name\":\"y\"},\"spec\":{\"finalizers\":[]}}"),
          &rt.req.error);
    KT_OK(rt_delete(&rt, "namespaces", "y", NULL), &rt.req.error);
    KT_TRUE(!rt.req.gone);
    KT_OK(rt_delete(&rt, "namespaces", "y", NULL), &rt.req.error);
    KT_TRUE(rt.req.gone);
    rt_close(&rt);
}

static void collections(void) {
    struct rt rt;
    rt_open(&rt);
    enum { N = 600 }; /* more than one round */
    for (int i = 0; i < N; i++) {
        char body[160];
        snprintf(body, sizeof body,
                 "{\"metadata\":{\"name\":\"c%d\",\"labels\":{\"odd\":\"%d\"}%s}}", i, i % 2,
                 i == 1 ? ",\"finalizers\":[\"a.b/c\"]" : "");
        KT_REQUIRE_OK(rt_create(&rt, "configmaps", "default", body), &rt.req.error);
    }
    cleat_request req = {.registry = rt.registry,
                         .verb = CLEAT_VERB_DELETE_COLLECTION,
                         .kind = rt_kind(&rt, "configmaps"),
                         .user = &rt_admin,
                         .ns = CLEAT_STR("default"),
                         .label_selector = "odd=1",
                         .del = options(0, -1)};
    KT_OK(cleat_request_wait(&req, NULL), &req.error);
    struct cleat_val items = cleat_obj_at(req.result, CLEAT_PATH("items"));
    KT_EQ_INT(cleat_val_count(items), N / 2);
    struct cleat_val first = cleat_val_elem(items, 0); /* as it was found */
    KT_EQ_INT(cleat_val_count(cleat_val_at(first, CLEAT_PATH("metadata", "finalizers"))), 1);
    KT_TRUE(!cleat_val_present(cleat_val_at(first, CLEAT_PATH("metadata", "deletionTimestamp"))));
    cleat_request_done(&req);
    struct cleat_list_request q = {.kind = rt_kind(&rt, "configmaps"), .user = &rt_admin};
    struct cleat_listing l;
    KT_REQUIRE_OK(cleat_registry_list(rt.registry, &q, &l, NULL), NULL);
    KT_EQ_INT(l.n, N / 2 + 1); /* and the one that its finalizer holds */
    cleat_listing_done(&l);
    req = (cleat_request){.registry = rt.registry,
                          .verb = CLEAT_VERB_DELETE_COLLECTION,
                          .kind = rt_kind(&rt, "leases"),
                          .user = &rt_admin,
                          .ns = CLEAT_STR("default"),
                          .del = options(0, -1)};
    KT_OK(cleat_request_wait(&req, NULL), &req.error); /* nothing there */
    KT_EQ_S(cleat_val_str(cleat_obj_at(req.result, CLEAT_PATH("kind"))), CLEAT_STR("LeaseList"));
    cleat_request_done(&req);
    rt_close(&rt);
}

/* An answer that would be larger than an object may be tells how much it leaves out. */
static void large_collections(void) {
    struct rt rt;
    rt_open(&rt);
    enum { N = 100, SIZE = 40000 };
    CLEAT_AUTO_FREE char *text = cleat_alloc(SIZE + 1);
    memset(text, 'x', SIZE);
    text[SIZE] = '\0';
    for (int i = 0; i < N; i++) {
        CLEAT_AUTO_FREE char *body =
            cleat_sprintf("{\"metadata\":{\"name\":\"c%d\"},\"data\":{\"a\":\"%s\"}}", i, text);
        KT_REQUIRE_OK(rt_create(&rt, "configmaps", "default", body), &rt.req.error);
    }
    cleat_request req = {.registry = rt.registry,
                         .verb = CLEAT_VERB_DELETE_COLLECTION,
                         .kind = rt_kind(&rt, "configmaps"),
                         .user = &rt_admin,
                         .ns = CLEAT_STR("default"),
                         .del = options(0, -1)};
    KT_OK(cleat_request_wait(&req, NULL), &req.error);
    int64_t omitted = 0;
    size_t shown = cleat_val_count(cleat_obj_at(req.result, CLEAT_PATH("items")));
    cleat_val_int(cleat_obj_at(req.result, CLEAT_PATH("metadata", "remainingItemCount")), &omitted);
    KT_TRUE(shown > 0 && omitted > 0);
    KT_EQ_INT((int64_t)shown + omitted, N);
    cleat_request_done(&req);
    KT_EQ_INT(rt_get(&rt, "configmaps", "default/c99"), CLEAT_E_NOT_FOUND);
    rt_close(&rt);
}

static void old_events(void) {
    struct rt rt;
    rt_open(&rt);
    enum { N = 700 };
    for (int i = 0; i < N; i++) {
        char body[200];
        snprintf(
            body, sizeof body,
            "{\"metadata\":{\"name\":\"e%d\"},\"involvedObject\":{\"namespace\":\"default\"}%s}", i,
            i % 7 == 0 ? ",\"lastTimestamp\":\"2026-01-02T05:00:00Z\"" : "");
        KT_REQUIRE_OK(rt_create(&rt, "events", "default", body), &rt.req.error);
    }
    cleat_clock_advance(7200 * CLEAT_SECOND); /* 05:04:05 */
    const struct cleat_kind *k = rt_kind(&rt, "events");
    size_t turns = 0, left = N;
    while (turns < 10 && left > N / 7) {
        cleat_registry_step(rt.registry, 3600 * CLEAT_SECOND);
        while (cleat_store_step(rt.store)) {
        }
        cleat_snapshot *sn = cleat_store_snapshot(rt.store);
        size_t now = cleat_snapshot_count(sn, k->id, (struct cleat_str){NULL, 0});
        KT_TRUE(left - now <= 256); /* small steps */
        left = now;
        cleat_snapshot_unref(sn);
        turns++;
    }
    KT_EQ_INT(left, N / 7);
    KT_OK(rt_get(&rt, "events", "default/e7"), &rt.req.error);
    rt_close(&rt);
}

KT_MAIN("registry_delete", KT_TEST(preconditions), KT_TEST(finalizers), KT_TEST(propagation),
        KT_TEST(defaults_of_propagation), KT_TEST(graceful), KT_TEST(namespaces),
        KT_TEST(collections), KT_TEST(large_collections), KT_TEST(old_events))
