/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reconcilers: which changes bring which keys, what becomes of each outcome, and
 * how they start and stop. A fake transport, a virtual clock; steps where one
 * thread will do, workers where it takes several.
 */
#include "core/controller/controller.h"
#include "tests/support/fake.h"

#include <sched.h>

static const struct cleat_gvr things = {"", "v1", "things"};
static const struct cleat_gvr others = {"", "v1", "others"};

static struct {
    struct fake *fake;
    cleat_client *client;
    cleat_informers *factory;
    cleat_ctx *ctx;
    cleat_controller *c;
    /* what reconcile does and saw */
    cleat_err answer;
    int64_t retry_after_ms;
    cleat_time requeue_after;
    struct cleat_buf seen; /* "ns/name ..." */
    cleat_time remaining;
} t;

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *e) {
    KT_TRUE(self == &t);
    cleat_buf_printf(&t.seen, "%s%.*s%s%.*s", t.seen.n ? " " : "", CLEAT_FMT(key.ns),
                     key.ns.n ? "/" : "", CLEAT_FMT(key.name));
    t.remaining = cleat_ctx_remaining(ctx);
    ret->requeue_after = t.requeue_after;
    if (t.answer == CLEAT_OK) {
        return CLEAT_OK;
    }
    cleat_fail(e, t.answer, "as the test wants");
    e->retry_after_ms = t.retry_after_ms;
    return t.answer;
}

static void up(struct cleat_reconciler_opts o, cleat_reconcile_fn fn, bool manual) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_clock_virtual(0);
    memset(&t, 0, sizeof t);
    t.fake = fake_new();
    t.client = cleat_client_new(fake_transport(t.fake), "system:test");
    t.factory = cleat_informers_new(t.client, manual);
    t.ctx = cleat_ctx_new(NULL, 0);
    struct cleat_controller_env env = {
        .struct_size = sizeof env, .name = "tester", .client = t.client, .ctx = t.ctx};
    o.struct_size = sizeof o;
    KT_OK(cleat_reconciler_new(t.factory, &env, &o, fn, &t, &t.c, &e), &e);
}

static void down(void) {
    cleat_reconciler_request_stop(t.c);
    KT_EQ_INT(cleat_reconciler_join(t.c, 10 * CLEAT_SECOND), 0);
    cleat_reconciler_free(t.c);
    cleat_informers_free(t.factory);
    cleat_ctx_free(t.ctx);
    cleat_client_free(t.client);
    fake_free(t.fake);
    cleat_buf_done(&t.seen);
}

static void settle(void) {
    while (cleat_informers_step(t.factory) | cleat_reconciler_step(t.c)) {
    }
}

static void expect(const char *want, int line) {
    settle();
    kt_str((struct cleat_str){t.seen.p ? t.seen.p : "", t.seen.n}, cleat_s(want), "reconciled",
           __FILE__, line);
    cleat_buf_done(&t.seen);
}
#define EXPECT(want) expect((want), __LINE__)

static void pass(cleat_time d) {
    cleat_clock_advance(d);
    cleat_timers_step();
}

/* ---- sources ---- */

static int32_t not_boring(void *self, const cleat_obj *old, const cleat_obj *obj) {
    KT_TRUE(self == &t && (old != NULL || obj != NULL));
    return !cleat_eqc(cleat_obj_name(obj ? obj : old), "boring");
}

static int32_t only_deletes(void *self, const cleat_obj *old, const cleat_obj *obj) {
    (void)self;
    return old != NULL && obj == NULL;
}

static void of_kind_and_predicate(void) {
    up((struct cleat_reconciler_opts){.qps = -1}, reconcile, true);
    KT_OK(cleat_reconciler_reconciles(t.c, things, not_boring, NULL), NULL);
    fake_put(t.fake, "ns/a", NULL);
    fake_put(t.fake, "ns/boring", NULL);
    cleat_reconciler_start(t.c, true);
    KT_TRUE(!cleat_reconciler_running(t.c));
    KT_EQ_INT(cleat_reconciler_step(t.c), 0); /* not before its informers are in sync */
    EXPECT("ns/a");
    KT_TRUE(cleat_reconciler_running(t.c));
    fake_put(t.fake, "ns/a", NULL);
    fake_put(t.fake, "ns/a", NULL);
    fake_put(t.fake, "ns/boring", NULL);
    EXPECT("ns/a");
    fake_remove(t.fake, "ns/a");
    fake_remove(t.fake, "ns/boring");
    EXPECT("ns/a");
    cleat_reconciler_enqueue(t.c, (struct cleat_key){{"", 0}, CLEAT_STR("hand")}, CLEAT_SECOND);
    EXPECT("");
    pass(CLEAT_SECOND);
    EXPECT("hand");
    down();
}

/* Emits the values of the labels: whoever an object points to. */
static void to_labels(void *self, const cleat_obj *obj,
                      void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct cleat_iter it = {0};
    KT_TRUE(self == &t);
    while (cleat_val_next(cleat_obj_at(obj, CLEAT_PATH("metadata", "labels")), &it)) {
        emit(sink, (struct cleat_key){cleat_obj_ns(obj), cleat_val_str(it.val)});
    }
}

static void of_whom_a_change_concerns(void) {
    up((struct cleat_reconciler_opts){.qps = -1}, reconcile, true);
    KT_OK(cleat_reconciler_watches(t.c, things, to_labels, NULL, NULL), NULL);
    KT_OK(cleat_reconciler_watches(t.c, others, to_labels, only_deletes, NULL), NULL);
    KT_TRUE(cleat_reconciler_informer(t.c, things) != NULL);
    KT_TRUE(cleat_reconciler_informer(t.c, things) != cleat_reconciler_informer(t.c, others));
    KT_TRUE(cleat_reconciler_informer(t.c, (struct cleat_gvr){"x", "v1", "things"}) == NULL);
    cleat_reconciler_start(t.c, true);
    settle();
    fake_put(t.fake, "ns/a", "\"to\":\"x\"");
    EXPECT("ns/x");
    fake_put(t.fake, "ns/a", "\"to\":\"y\"");
    EXPECT("ns/x ns/y"); /* whom it concerned before, too */
    down();
}

static cleat_obj *owned(const char *refs) {
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "{\"metadata\":{\"name\":\"o\",\"namespace\":\"ns\",\"ownerReferences\":%s}}", refs);
    cleat_obj *o = NULL;
    KT_OK(cleat_obj_parse(cleat_s(text), 0, &o, NULL), NULL);
    return o;
}

/* The fake makes plain objects only, so that this one comes by a transport of its own. */
static cleat_err list_owned(struct cleat_transport *tr, const char *identity, cleat_ctx *ctx,
                            struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                            struct cleat_list *ret, struct cleat_error *e) {
    (void)tr, (void)identity, (void)ctx, (void)gvr, (void)ns, (void)o, (void)e;
    ret->items = cleat_array(1, sizeof *ret->items);
    ret->n = 1;
    ret->items[0] = owned("[{\"kind\":\"Set\",\"name\":\"plain\"},"
                          "{\"kind\":\"Job\",\"name\":\"job\",\"controller\":true},"
                          "{\"kind\":\"Set\",\"name\":\"set\",\"controller\":true}]");
    return CLEAT_OK;
}

static cleat_err no_watch(struct cleat_transport *tr, const char *identity, struct cleat_gvr gvr,
                          const char *labels, const char *fields, uint64_t revision,
                          void (*wake)(void *), void *userdata, cleat_stream **ret,
                          struct cleat_error *e) {
    (void)tr, (void)identity, (void)gvr, (void)labels, (void)fields, (void)revision, (void)wake;
    (void)userdata, (void)ret;
    return cleat_fail(e, CLEAT_E_UNAVAILABLE, "not here");
}

static void of_the_controller_that_owns(void) {
    static const struct cleat_transport_ops ops = {.list = list_owned, .watch = no_watch};
    up((struct cleat_reconciler_opts){.qps = -1}, reconcile, true);
    struct cleat_transport own = {&ops};
    cleat_client *client = cleat_client_new(&own, "system:test");
    cleat_informers *f = cleat_informers_new(client, true);
    struct cleat_controller_env env = {
        .struct_size = sizeof env, .name = "owner", .client = client, .ctx = t.ctx};
    struct cleat_reconciler_opts o = {.struct_size = sizeof o, .qps = -1};
    cleat_controller *c = NULL;
    KT_OK(cleat_reconciler_new(f, &env, &o, reconcile, &t, &c, NULL), NULL);
    KT_OK(cleat_reconciler_owns(c, things, "Set", NULL, NULL), NULL);
    cleat_reconciler_start(c, true);
    while (cleat_informers_step(f) | cleat_reconciler_step(c)) {
    }
    KT_EQ_S(((struct cleat_str){t.seen.p, t.seen.n}), CLEAT_STR("ns/set"));
    cleat_reconciler_request_stop(c);
    cleat_reconciler_free(c);
    cleat_informers_free(f);
    cleat_client_free(client);
    down();
}

/* ---- outcomes ---- */

static void begin(void) {
    up((struct cleat_reconciler_opts){.base_delay = 10 * CLEAT_MS,
                                      .max_delay = 40 * CLEAT_MS,
                                      .qps = -1,
                                      .timeout = 30 * CLEAT_SECOND},
       reconcile, true);
    KT_OK(cleat_reconciler_reconciles(t.c, things, NULL, NULL), NULL);
    cleat_reconciler_start(t.c, true);
    settle();
    fake_put(t.fake, "a", NULL);
}

/* Nothing happens until d has passed; then the key is there. */
static void comes_after(cleat_time d, int line) {
    pass(d - 1);
    expect("", line);
    pass(1);
    expect("a", line);
}

static void done_is_done(void) {
    begin();
    EXPECT("a");
    KT_EQ_INT(t.remaining, 30 * CLEAT_SECOND);
    pass(10000 * CLEAT_SECOND);
    EXPECT("");
    t.requeue_after = 7 * CLEAT_SECOND;
    fake_put(t.fake, "a", NULL);
    EXPECT("a");
    comes_after(7 * CLEAT_SECOND, __LINE__);
    comes_after(7 * CLEAT_SECOND, __LINE__);
    down();
}

static void errors_back_off_until_it_works(void) {
    begin();
    t.answer = CLEAT_E_TRANSIENT;
    EXPECT("a");
    comes_after(10 * CLEAT_MS, __LINE__);
    comes_after(20 * CLEAT_MS, __LINE__);
    comes_after(40 * CLEAT_MS, __LINE__);
    t.answer = CLEAT_OK;
    comes_after(40 * CLEAT_MS, __LINE__);
    t.answer = CLEAT_E_CONFLICT;
    fake_put(t.fake, "a", NULL);
    EXPECT("a");
    comes_after(10 * CLEAT_MS, __LINE__); /* success had been forgotten */
    down();
}

static void pending_and_throttled_name_their_time(void) {
    begin();
    t.answer = CLEAT_E_PENDING;
    t.retry_after_ms = 1234;
    EXPECT("a");
    comes_after(1234 * CLEAT_MS, __LINE__);
    comes_after(1234 * CLEAT_MS, __LINE__);
    t.answer = CLEAT_E_THROTTLED;
    t.retry_after_ms = 90000;
    comes_after(1234 * CLEAT_MS, __LINE__);
    comes_after(90 * CLEAT_SECOND, __LINE__);
    t.retry_after_ms = 0; /* not said: as any error, and none counted so far */
    comes_after(90 * CLEAT_SECOND, __LINE__);
    comes_after(10 * CLEAT_MS, __LINE__);
    down();
}

static void terminal_waits_for_a_change(void) {
    begin();
    t.answer = CLEAT_E_TERMINAL;
    EXPECT("a");
    pass(10000 * CLEAT_SECOND);
    EXPECT("");
    fake_put(t.fake, "a", NULL);
    EXPECT("a");
    down();
}

static long long metric(const char *line) {
    CLEAT_AUTO_BUF b = {0};
    cleat_metrics_expose(&b);
    const char *at = strstr(b.p, line);
    return at == NULL ? -1 : (long long)(atof(at + strlen(line)) + 0.5);
}

static void metrics_tell_of_it(void) {
    up((struct cleat_reconciler_opts){.name = "metered", .workers = 3, .qps = -1}, reconcile, true);
    KT_OK(cleat_reconciler_reconciles(t.c, things, NULL, NULL), NULL);
    cleat_reconciler_start(t.c, true);
    fake_put(t.fake, "a", NULL);
    settle();
    t.answer = CLEAT_E_TERMINAL;
    fake_put(t.fake, "a", NULL);
    settle();
    t.answer = CLEAT_OK;
    t.requeue_after = CLEAT_SECOND;
    fake_put(t.fake, "a", NULL);
    settle();
#define OF(result)                                                                                 \
    "controller_runtime_reconcile_total{controller=\"metered\",result=\"" result "\"} "
    KT_EQ_INT(metric(OF("success")), 1);
    KT_EQ_INT(metric(OF("error")), 1);
    KT_EQ_INT(metric(OF("requeue_after")), 1);
    KT_EQ_INT(metric("controller_runtime_reconcile_errors_total{controller=\"metered\"} "), 1);
    KT_EQ_INT(metric("controller_runtime_reconcile_time_seconds_count{controller=\"metered\"} "),
              3);
    KT_EQ_INT(metric("controller_runtime_active_workers{controller=\"metered\"} "), 0);
    KT_EQ_INT(metric("controller_runtime_max_concurrent_reconciles{controller=\"metered\"} "), 3);
    KT_EQ_INT(metric("workqueue_adds_total{name=\"metered\"} "), 3);
    down();
}

static void nonsense_is_refused(void) {
    struct cleat_controller_env env = {.struct_size = sizeof env, .name = "x"};
    struct cleat_reconciler_opts o = {.struct_size = sizeof o, .workers = -1};
    cleat_controller *c = NULL;
    KT_EQ_INT(cleat_reconciler_new(NULL, &env, &o, reconcile, NULL, &c, NULL), CLEAT_E_BUG);
    o.workers = 1;
    KT_EQ_INT(cleat_reconciler_new(NULL, &env, &o, NULL, NULL, &c, NULL), CLEAT_E_BUG);
}

/* ---- with workers ---- */

enum { HOT = 30, WORKERS = 4 };

static struct {
    _Atomic int inside[HOT], clashes, calls, most, now;
    _Atomic uint64_t saw[HOT];
} w;

static cleat_err busy(void *self, cleat_ctx *ctx, struct cleat_key key, struct cleat_result *ret,
                      struct cleat_error *e) {
    (void)self, (void)ctx, (void)ret, (void)e;
    CLEAT_AUTO_FREE char *name = cleat_strndup(key.name);
    int i = atoi(name);
    w.clashes += atomic_fetch_add(&w.inside[i], 1) != 0;
    int now = ++w.now;
    w.most = now > w.most ? now : w.most;
    CLEAT_AUTO(cleat_obj) *o = cleat_informer_get(cleat_reconciler_informer(t.c, things), key);
    sched_yield();
    atomic_store(&w.saw[i], o ? cleat_obj_revision(o) : 0);
    w.now--;
    w.inside[i]--;
    w.calls++;
    return CLEAT_OK;
}

static void workers_share_keys_and_miss_none(void) {
    memset(&w, 0, sizeof w);
    up((struct cleat_reconciler_opts){.workers = WORKERS, .qps = -1}, busy, false);
    KT_OK(cleat_reconciler_reconciles(t.c, things, NULL, NULL), NULL);
    cleat_reconciler_start(t.c, false); /* returns, though nothing is in sync */
    KT_TRUE(!cleat_reconciler_running(t.c));
    cleat_informers_start(t.factory);
    char key[16];
    for (int i = 0; i < 6000; i++) {
        snprintf(key, sizeof key, "%d", i * 7 % HOT);
        fake_put(t.fake, key, NULL);
    }
    for (int i = 0; i < HOT; i++) { /* each last state is seen, sooner or later */
        snprintf(key, sizeof key, "%d", i);
        CLEAT_AUTO(cleat_obj) *o = fake_get(t.fake, key);
        while (atomic_load(&w.saw[i]) != cleat_obj_revision(o)) {
            sched_yield();
        }
    }
    KT_TRUE(cleat_reconciler_running(t.c));
    down();
    KT_EQ_INT(w.clashes, 0);
    KT_EQ_INT(w.now, 0);
    KT_TRUE(w.calls >= HOT && w.most <= WORKERS);
}

static struct cleat_event polite_in, stubborn_in, stubborn_go;
static _Atomic int cancelled;

static cleat_err stubborn(void *self, cleat_ctx *ctx, struct cleat_key key,
                          struct cleat_result *ret, struct cleat_error *e) {
    (void)self, (void)ret, (void)e;
    if (cleat_eqc(key.name, "polite")) {
        cleat_event_set(&polite_in);
        cleat_err err = cleat_ctx_sleep(ctx, 100000 * CLEAT_SECOND);
        cancelled += err == CLEAT_E_CANCELLED;
        return err;
    }
    cleat_event_set(&stubborn_in);
    cleat_event_wait(&stubborn_go, -1); /* whatever the context says */
    return CLEAT_OK;
}

static void stopping_asks_and_then_joins(void) {
    cleat_event_init(&polite_in);
    cleat_event_init(&stubborn_in);
    cleat_event_init(&stubborn_go);
    cancelled = 0;
    up((struct cleat_reconciler_opts){.workers = 2, .qps = -1}, stubborn, false);
    KT_OK(cleat_reconciler_reconciles(t.c, things, NULL, NULL), NULL);
    cleat_informers_start(t.factory);
    cleat_reconciler_start(t.c, false);
    fake_put(t.fake, "polite", NULL);
    fake_put(t.fake, "stubborn", NULL);
    cleat_event_wait(&polite_in, -1);
    cleat_event_wait(&stubborn_in, -1);
    cleat_reconciler_request_stop(t.c);
    cleat_reconciler_request_stop(t.c);
    int left = 2;
    while (left > 1) { /* the polite one leaves by itself */
        left = cleat_reconciler_join(t.c, 5 * CLEAT_MS);
    }
    KT_EQ_INT(left, 1);
    cleat_event_set(&stubborn_go);
    KT_EQ_INT(cleat_reconciler_join(t.c, 10 * CLEAT_SECOND), 0);
    KT_EQ_INT(cancelled, 1);
    KT_TRUE(!cleat_reconciler_running(t.c));
    down();
}

/* One worker and three keys whose reconciles hang: whoever comes after them does not wait. */
static void slow_ones_delay_nobody(void) {
    cleat_event_init(&polite_in);
    cleat_event_init(&stubborn_in);
    cleat_event_init(&stubborn_go);
    up((struct cleat_reconciler_opts){.workers = 1, .qps = -1, .slow_after = CLEAT_SECOND},
       stubborn, false);
    KT_OK(cleat_reconciler_reconciles(t.c, things, NULL, NULL), NULL);
    cleat_informers_start(t.factory);
    cleat_reconciler_start(t.c, false);
    fake_put(t.fake, "stubborn", NULL);
    cleat_event_wait(&stubborn_in, -1);
    fake_put(t.fake, "stubborn-too", NULL);
    fake_put(t.fake, "stubborn-as-well", NULL);
    fake_put(t.fake, "polite", NULL);
    while (!cleat_event_is_set(&polite_in)) {
        cleat_clock_advance(CLEAT_SECOND / 4);
        cleat_timers_step();
        sched_yield();
    }
    KT_TRUE(!cleat_event_is_set(&stubborn_go));
    cleat_event_set(&stubborn_go);
    for (int i = 0; i < 2000; i++) { /* those that are too many end, and are joined */
        cleat_clock_advance(CLEAT_SECOND / 2);
        cleat_timers_step();
        sched_yield();
    }
    down(); /* one a thread, and all of them are joined */
}

static void stopping_does_not_wait_for_sync(void) {
    up((struct cleat_reconciler_opts){.workers = 2, .qps = -1}, busy, false);
    fake_break(t.fake, CLEAT_E_UNAVAILABLE);
    KT_OK(cleat_reconciler_reconciles(t.c, things, NULL, NULL), NULL);
    cleat_informers_start(t.factory);
    cleat_reconciler_start(t.c, false);
    down(); /* joins */
}

KT_MAIN("reconciler", KT_TEST(of_kind_and_predicate), KT_TEST(of_whom_a_change_concerns),
        KT_TEST(of_the_controller_that_owns), KT_TEST(done_is_done),
        KT_TEST(errors_back_off_until_it_works), KT_TEST(pending_and_throttled_name_their_time),
        KT_TEST(terminal_waits_for_a_change), KT_TEST(metrics_tell_of_it),
        KT_TEST(nonsense_is_refused), KT_TEST(workers_share_keys_and_miss_none),
        KT_TEST(stopping_asks_and_then_joins), KT_TEST(slow_ones_delay_nobody),
        KT_TEST(stopping_does_not_wait_for_sync))
