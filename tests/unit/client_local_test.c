/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The in-process transport: the client's verbs against a registry on a memory
 * store, asynchronous writes, streams, and informers on top of all that.
 */
#include "core/kinds/kinds.h"
#include "core/client/client.h"
#include "core/informer/informer.h"
#include "tests/support/rt.h"

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};
static const struct cleat_gvr nodes = {"", "v1", "nodes"};

static struct {
    struct rt rt;
    struct cleat_transport *transport;
    cleat_client *client;
} t;

static const struct cleat_client_api *api = &cleat_client_api;

static void up(void) {
    rt_open(&t.rt);
    t.transport = cleat_transport_local_manual(t.rt.registry);
    t.client = cleat_client_new(t.transport, "system:serviceaccount:kube-system:tester");
}

static void down(void) {
    cleat_client_free(t.client);
    t.transport->ops->free(t.transport);
    rt_close(&t.rt);
}

static cleat_obj *parse(const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse(cleat_s(text), 0, &o, &e), &e);
    return o;
}

static cleat_obj *named(const char *name, const char *labels) {
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\",\"labels\":{%s}},"
                      "\"data\":{\"k\":\"v\"}}",
                      name, labels ? labels : "");
    return parse(text);
}

static struct cleat_key in_default(const char *name) {
    return (struct cleat_key){CLEAT_STR("default"), cleat_s(name)};
}

static void make(const char *name, const char *labels) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *o = named(name, labels);
    KT_OK(api->create(t.client, NULL, configmaps, o, NULL, &e), &e);
}

static void reads_give_the_stored_object_itself(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    CLEAT_AUTO(cleat_obj) *body = named("a", NULL), *made = NULL, *got = NULL, *again = NULL;
    KT_REQUIRE_OK(api->create(t.client, NULL, configmaps, body, &made, &e), &e);
    KT_TRUE(cleat_obj_uid(made).n == 36);
    KT_REQUIRE_OK(api->get(t.client, NULL, configmaps, in_default("a"), &got, &e), &e);
    KT_REQUIRE_OK(api->get(t.client, NULL, configmaps, in_default("a"), &again, &e), &e);
    KT_TRUE(got == again && got == made);
    struct cleat_list l = {.struct_size = sizeof l};
    KT_REQUIRE_OK(api->list(t.client, NULL, configmaps, "default", NULL, &l, &e), &e);
    KT_EQ_INT(l.n, 1);
    KT_TRUE(l.items[0] == got);
    KT_TRUE(l.continue_token == NULL && l.revision >= cleat_obj_revision(got));
    api->list_free(&l);
    api->list_free(&l); /* once more does nothing */
    down();
}

static void writes_go_through_the_registry(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    make("a", NULL);
    CLEAT_AUTO(cleat_obj) *o = NULL, *changed = NULL, *stored = NULL, *stale = NULL;
    KT_REQUIRE_OK(api->get(t.client, NULL, configmaps, in_default("a"), &o, &e), &e);
    cleat_edit *ed = cleat_edit_new(o);
    cleat_edit_set_str(ed, CLEAT_PATH("data", "k"), CLEAT_STR("w"));
    KT_REQUIRE_OK(cleat_edit_finish(ed, &changed, &e), &e);
    KT_REQUIRE_OK(api->update(t.client, NULL, configmaps, NULL, changed, &stored, &e), &e);
    KT_EQ_S(cleat_val_str(cleat_obj_at(stored, CLEAT_PATH("data", "k"))), CLEAT_STR("w"));
    KT_TRUE(cleat_obj_revision(stored) > cleat_obj_revision(o));
    cleat_edit *late = cleat_edit_new(o);
    cleat_edit_set_str(late, CLEAT_PATH("data", "k"), CLEAT_STR("x"));
    KT_REQUIRE_OK(cleat_edit_finish(late, &stale, &e), &e);
    cleat_obj *untouched = o;
    KT_EQ_INT(api->update(t.client, NULL, configmaps, NULL, stale, &untouched, &e),
              CLEAT_E_CONFLICT);
    KT_TRUE(untouched == o); /* outputs are written on success only */
    KT_EQ_INT(e.code, CLEAT_E_CONFLICT);
    CLEAT_AUTO(cleat_obj) *patched = NULL;
    KT_REQUIRE_OK(api->patch(t.client, NULL, configmaps, in_default("a"), NULL, CLEAT_PATCH_MERGE,
                             CLEAT_STR("{\"data\":{\"k\":null,\"l\":\"1\"}}"), &patched, &e),
                  &e);
    KT_EQ_S(cleat_val_raw(cleat_obj_at(patched, CLEAT_PATH("data"))), CLEAT_STR("{\"l\":\"1\"}"));
    CLEAT_AUTO(cleat_obj) *bad = named("Not_A_Name", NULL);
    KT_EQ_INT(api->create(t.client, NULL, configmaps, bad, NULL, &e), CLEAT_E_INVALID);
    KT_TRUE(e.n_causes > 0);
    down();
}

static void failures_come_as_the_registry_says(void) {
    up();
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_EQ_INT(api->get(t.client, NULL, configmaps, in_default("nobody"), &o, &e),
              CLEAT_E_NOT_FOUND);
    KT_EQ_STR(e.message, "configmaps \"nobody\" not found");
    KT_EQ_STR(e.name, "nobody");
    KT_EQ_INT(api->get(t.client, NULL, configmaps, in_default("nobody"), &o, NULL),
              CLEAT_E_NOT_FOUND);
    /* A plugin of an older header has a shorter error: nothing beyond it is touched. */
    struct {
        struct cleat_error e;
    } padded;
    memset(&padded, 0x5A, sizeof padded);
    padded.e.struct_size = offsetof(struct cleat_error, group);
    KT_EQ_INT(api->get(t.client, NULL, configmaps, in_default("nobody"), &o, &padded.e),
              CLEAT_E_NOT_FOUND);
    KT_EQ_STR(padded.e.message, "configmaps \"nobody\" not found");
    KT_EQ_INT(padded.e.group[0], 0x5A);
    KT_EQ_INT(padded.e.struct_size, offsetof(struct cleat_error, group));
    struct cleat_gvr unknown = {"no.such", "v1", "things"};
    KT_EQ_INT(api->get(t.client, NULL, unknown, in_default("a"), &o, &e), CLEAT_E_NOT_FOUND);
    make("a", NULL);
    CLEAT_AUTO(cleat_obj) *again = named("a", NULL);
    KT_EQ_INT(api->create(t.client, NULL, configmaps, again, NULL, &e), CLEAT_E_EXISTS);
    cleat_ctx *ctx = cleat_ctx_new(NULL, 0);
    cleat_ctx_cancel(ctx);
    struct cleat_list l = {.struct_size = sizeof l};
    KT_EQ_INT(api->list(t.client, ctx, configmaps, "", NULL, &l, &e), CLEAT_E_CANCELLED);
    KT_EQ_INT(e.code, CLEAT_E_CANCELLED);
    KT_EQ_INT(api->get(t.client, ctx, configmaps, in_default("a"), &o, &e), CLEAT_E_CANCELLED);
    KT_TRUE(o == NULL);
    cleat_ctx_free(ctx);
    down();
}

static void owns_what_it_writes(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    static const char config[] = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{"
                                 "\"name\":\"c\"},\"data\":{\"a\":\"1\"}}";
    up();
    CLEAT_AUTO(cleat_obj) *o = NULL;
    KT_OK(api->patch(t.client, NULL, configmaps, in_default("c"), NULL, CLEAT_PATCH_APPLY,
                     cleat_s(config), &o, &e),
          &e);
    struct cleat_val entry = cleat_obj_at(o, CLEAT_PATH("metadata", "managedFields", "0"));
    KT_EQ_S(cleat_val_str(cleat_val_get(entry, "manager")), CLEAT_STR("tester"));
    KT_EQ_S(cleat_val_raw(cleat_val_get(entry, "fieldsV1")),
            CLEAT_STR("{\"f:data\":{\"f:a\":{}}}"));
    t.rt.manager = "other";
    KT_OK(rt_patch(&t.rt, "configmaps", "default/c", CLEAT_PATCH_MERGE, "{\"data\":{\"a\":\"2\"}}"),
          &t.rt.req.error);
    KT_EQ_INT(api->patch(t.client, NULL, configmaps, in_default("c"), NULL, CLEAT_PATCH_APPLY,
                         cleat_s(config), NULL, &e),
              CLEAT_E_CONFLICT);
    KT_OK(api->patch(t.client, NULL, configmaps, in_default("c"), NULL, CLEAT_PATCH_APPLY_FORCE,
                     cleat_s(config), NULL, &e),
          &e);
    down();
}

static void lists_select_and_continue(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    for (int i = 0; i < 7; i++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", i);
        make(name, i % 2 ? "\"odd\":\"yes\"" : NULL);
    }
    struct cleat_list_opts o = {.struct_size = sizeof o, .limit = 2, .label_selector = "odd=yes"};
    struct cleat_list l = {.struct_size = sizeof l};
    KT_REQUIRE_OK(api->list(t.client, NULL, configmaps, "", &o, &l, &e), &e);
    KT_EQ_INT(l.n, 2);
    KT_REQUIRE(l.continue_token != NULL);
    CLEAT_AUTO_FREE char *token = cleat_strdup(l.continue_token);
    api->list_free(&l);
    o.continue_token = token;
    KT_REQUIRE_OK(api->list(t.client, NULL, configmaps, "", &o, &l, &e), &e);
    KT_EQ_INT(l.n, 1);
    KT_EQ_S(cleat_obj_name(l.items[0]), CLEAT_STR("c5"));
    KT_TRUE(l.continue_token == NULL);
    api->list_free(&l);
    down();
}

static void removal_tells_whether_it_is_gone(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    make("a", NULL);
    CLEAT_AUTO(cleat_obj) *kept = parse("{\"metadata\":{\"name\":\"b\",\"namespace\":\"default\","
                                        "\"finalizers\":[\"example.com/f\"]}}"),
                          *o = NULL;
    KT_REQUIRE_OK(api->create(t.client, NULL, configmaps, kept, NULL, &e), &e);
    KT_REQUIRE_OK(api->remove(t.client, NULL, configmaps, in_default("a"), NULL, &o, &e), &e);
    KT_TRUE(o == NULL);
    struct cleat_delete_opts opts = {
        .struct_size = sizeof opts, .grace_period_seconds = -1, .uid = "another"};
    KT_EQ_INT(api->remove(t.client, NULL, configmaps, in_default("b"), &opts, &o, &e),
              CLEAT_E_CONFLICT);
    /* The same from a plugin that does not know preconditions yet. */
    opts.struct_size = offsetof(struct cleat_delete_opts, uid);
    KT_REQUIRE_OK(api->remove(t.client, NULL, configmaps, in_default("b"), &opts, &o, &e), &e);
    KT_REQUIRE(o != NULL);
    KT_TRUE(cleat_val_present(cleat_obj_at(o, CLEAT_PATH("metadata", "deletionTimestamp"))));
    KT_EQ_INT(api->remove(t.client, NULL, configmaps, in_default("a"), NULL, NULL, &e),
              CLEAT_E_NOT_FOUND);
    down();
}

/* ---- asynchronous writes ---- */

static struct {
    _Atomic int done, failed;
    cleat_err last;
    pthread_t thread;
    _Atomic bool two_threads;
} heard;

static void on_done(void *userdata, cleat_err err, const cleat_obj *obj,
                    const struct cleat_error *error) {
    (void)userdata;
    if (err != CLEAT_OK) {
        KT_TRUE(obj == NULL && error->code == err);
        heard.failed++;
    } else {
        KT_TRUE(obj != NULL && cleat_obj_revision(obj) > 0);
    }
    heard.last = err;
    heard.done++;
}

static void asynchronous_writes_end_in_a_step(void) {
    up();
    heard.done = heard.failed = 0;
    CLEAT_AUTO(cleat_obj) *a = named("a", NULL), *b = named("b", NULL), *bad = named("B_", NULL);
    KT_EQ_INT(api->create_async(t.client, configmaps, a, on_done, NULL), CLEAT_OK);
    KT_EQ_INT(api->create_async(t.client, configmaps, b, on_done, NULL), CLEAT_OK);
    while (cleat_store_step(t.rt.store)) {
    }
    KT_EQ_INT(heard.done, 0);
    KT_EQ_INT(cleat_transport_local_step(t.transport), 2);
    KT_EQ_INT(heard.done, 2);
    KT_EQ_INT(heard.failed, 0);
    /* What fails before it is written says so at once, and once. */
    KT_EQ_INT(api->create_async(t.client, configmaps, bad, on_done, NULL), CLEAT_E_INVALID);
    KT_EQ_INT(heard.done, 3);
    struct cleat_gvr unknown = {"no.such", "v1", "things"};
    KT_EQ_INT(api->create_async(t.client, unknown, a, on_done, NULL), CLEAT_E_NOT_FOUND);
    KT_EQ_INT(heard.done, 4);
    /* What fails in the store says so in the step. */
    CLEAT_AUTO(cleat_obj) *stored = NULL, *one = NULL, *two = NULL;
    KT_REQUIRE_OK(api->get(t.client, NULL, configmaps, in_default("a"), &stored, NULL), NULL);
    cleat_obj **both[] = {&one, &two};
    for (int i = 0; i < 2; i++) {
        cleat_edit *ed = cleat_edit_new(stored);
        cleat_edit_set_str(ed, CLEAT_PATH("data", "k"), i ? CLEAT_STR("one") : CLEAT_STR("two"));
        KT_REQUIRE_OK(cleat_edit_finish(ed, both[i], NULL), NULL);
        KT_EQ_INT(api->update_async(t.client, configmaps, NULL, *both[i], on_done, NULL), CLEAT_OK);
    }
    while (cleat_store_step(t.rt.store) || cleat_transport_local_step(t.transport)) {
    }
    KT_EQ_INT(heard.done, 6);
    KT_EQ_INT(heard.failed, 3);
    down();
}

/* ---- streams ---- */

static void count_wake(void *userdata) {
    ++*(int *)userdata;
}

static void streams_wake_and_never_block(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_stream_event ev[8];
    int woken = 0;
    up();
    uint64_t from = cleat_store_revision(t.rt.store);
    make("before", NULL);
    cleat_stream *s = NULL;
    KT_REQUIRE_OK(t.transport->ops->watch(t.transport, "system:x", configmaps, "a!=b", NULL, from,
                                          count_wake, &woken, &s, &e),
                  &e);
    KT_EQ_INT(woken, 1); /* for what came before the stream was there */
    KT_EQ_INT(t.transport->ops->read(s, ev, 8, &e), 1);
    KT_EQ_S(cleat_obj_name(ev[0].obj), CLEAT_STR("before"));
    cleat_obj_unref(ev[0].obj);
    KT_EQ_INT(t.transport->ops->read(s, ev, 8, &e), 0);
    make("a", NULL);
    KT_EQ_INT(woken, 2);
    CLEAT_AUTO(cleat_obj) *node = parse("{\"metadata\":{\"name\":\"n\"}}");
    KT_REQUIRE_OK(api->create(t.client, NULL, nodes, node, NULL, &e), &e);
    KT_EQ_INT(woken, 2); /* another kind wakes nobody */
    KT_REQUIRE_OK(api->patch(t.client, NULL, configmaps, in_default("a"), NULL, CLEAT_PATCH_MERGE,
                             CLEAT_STR("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), NULL, &e),
                  &e);
    KT_EQ_INT(t.transport->ops->read(s, ev, 8, &e), 2);
    KT_EQ_INT(ev[0].type, CLEAT_EVENT_ADDED);
    KT_EQ_INT(ev[1].type, CLEAT_EVENT_DELETED); /* it left the selection */
    KT_TRUE(ev[1].revision > ev[0].revision);
    cleat_obj_unref(ev[0].obj);
    cleat_obj_unref(ev[1].obj);
    t.transport->ops->unwatch(s);
    make("c", NULL);
    KT_EQ_INT(woken, 3);
    KT_TRUE(t.transport->ops->watch(t.transport, "system:x", configmaps, "a b c", NULL, from,
                                    count_wake, &woken, &s, &e) != CLEAT_OK);
    down();
}

/* ---- an informer over it ---- */

static void caches_hold_the_stores_own(void) {
    cleat_informer *all = NULL, *some = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    up();
    make("a", "\"x\":\"1\"");
    cleat_informers *f = cleat_informers_new(t.client, true);
    KT_REQUIRE_OK(cleat_informer_acquire(f, configmaps, NULL, NULL, &all, &e), &e);
    KT_REQUIRE_OK(cleat_informer_acquire(f, configmaps, "x=1", NULL, &some, &e), &e);
    while (cleat_informers_step(f)) {
    }
    make("b", NULL);
    make("c", "\"x\":\"1\"");
    while (cleat_informers_step(f)) {
    }
    KT_EQ_INT(cleat_informer_count(all), 3);
    KT_EQ_INT(cleat_informer_count(some), 2);
    CLEAT_AUTO(cleat_obj) *stored = NULL, *cached = cleat_informer_get(all, in_default("c")),
                          *selected = cleat_informer_get(some, in_default("c"));
    KT_REQUIRE_OK(api->get(t.client, NULL, configmaps, in_default("c"), &stored, &e), &e);
    KT_TRUE(stored == cached && stored == selected);
    KT_REQUIRE_OK(api->patch(t.client, NULL, configmaps, in_default("a"), NULL, CLEAT_PATCH_MERGE,
                             CLEAT_STR("{\"metadata\":{\"labels\":null}}"), NULL, &e),
                  &e);
    KT_REQUIRE_OK(api->remove(t.client, NULL, configmaps, in_default("b"), NULL, NULL, &e), &e);
    while (cleat_informers_step(f)) {
    }
    KT_EQ_INT(cleat_informer_count(all), 2);
    KT_EQ_INT(cleat_informer_count(some), 1);
    cleat_informer_release(all);
    cleat_informer_release(some);
    cleat_informers_free(f);
    down();
}

/* ---- with threads ---- */

enum { WRITERS = 3, EACH = 400 };

static void on_thread(void *userdata, cleat_err err, const cleat_obj *obj,
                      const struct cleat_error *error) {
    (void)error;
    pthread_t self = pthread_self();
    if (heard.done > 0 && !pthread_equal(heard.thread, self)) {
        heard.two_threads = true;
    }
    heard.thread = self;
    heard.failed += err != CLEAT_OK || obj == NULL;
    ++*(int *)userdata; /* plain: only one callback runs at a time */
    heard.done++;
}

static int counted;

static void *write_many(void *arg) {
    for (int i = 0; i < EACH; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("w%d-%d", (int)(uintptr_t)arg, i);
        CLEAT_AUTO(cleat_obj) *o = named(name, NULL);
        api->create_async(t.client, configmaps, o, on_thread, &counted);
    }
    return NULL;
}

static void callbacks_run_on_one_thread_of_the_transport(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    memset(&heard, 0, sizeof heard);
    counted = 0;
    struct cleat_store_opts so = {0};
    cleat_wait_set_pump(NULL, NULL);
    KT_REQUIRE_OK(cleat_store_open(cleat_backend_memory(), &so, &t.rt.store, &e), &e);
    KT_REQUIRE_OK(cleat_registry_new(t.rt.store, cleat_kinds, &t.rt.registry, &e), &e);
    KT_REQUIRE_OK(cleat_registry_bootstrap(t.rt.registry, &e), &e);
    t.transport = cleat_transport_local(t.rt.registry);
    t.client = cleat_client_new(t.transport, "system:x");
    pthread_t w[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        w[i] = cleat_thread_start("writer", write_many, (void *)(uintptr_t)i);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(w[i], NULL);
    }
    t.transport->ops->free(t.transport); /* waits for the last callback */
    KT_EQ_INT(heard.done, WRITERS * EACH);
    KT_EQ_INT(counted, WRITERS * EACH);
    KT_EQ_INT(heard.failed, 0);
    KT_TRUE(!heard.two_threads);
    KT_TRUE(!pthread_equal(heard.thread, pthread_self()));
    cleat_client_free(t.client);
    cleat_registry_free(t.rt.registry);
    cleat_store_close(t.rt.store);
}

KT_MAIN("client_local", KT_TEST(reads_give_the_stored_object_itself),
        KT_TEST(writes_go_through_the_registry), KT_TEST(failures_come_as_the_registry_says),
        KT_TEST(owns_what_it_writes), KT_TEST(lists_select_and_continue),
        KT_TEST(removal_tells_whether_it_is_gone), KT_TEST(asynchronous_writes_end_in_a_step),
        KT_TEST(streams_wake_and_never_block), KT_TEST(caches_hold_the_stores_own),
        KT_TEST(callbacks_run_on_one_thread_of_the_transport))
