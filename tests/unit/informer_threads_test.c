/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Informers with their dispatch thread: handlers come and go while things
 * change, removal waits for the call under way, and waits for sync end when they
 * should. The clock stands still: nothing here may depend on time.
 */
#include "core/informer/informer.h"
#include "tests/support/fake.h"

#include <sched.h>

static const struct cleat_gvr gvr = {"", "v1", "things"};

static struct {
    struct fake *fake;
    cleat_client *client;
    cleat_informers *factory;
    cleat_informer *inf;
} t;

static void up(bool start) {
    cleat_clock_virtual(0);
    t.fake = fake_new();
    t.client = cleat_client_new(fake_transport(t.fake), "system:test");
    t.factory = cleat_informers_new(t.client, false);
    KT_OK(cleat_informer_acquire(t.factory, gvr, NULL, NULL, &t.inf, NULL), NULL);
    if (start) {
        cleat_informers_start(t.factory);
    }
}

static void down(void) {
    cleat_informer_release(t.inf);
    cleat_informers_free(t.factory);
    cleat_client_free(t.client);
    fake_free(t.fake);
}

/* ---- removal ---- */

static struct {
    struct cleat_event entered, leave;
    _Atomic bool left;
    uint64_t id;
} call;

static void slow_add(void *userdata, const cleat_obj *o, int32_t initial) {
    (void)userdata, (void)o, (void)initial;
    cleat_event_set(&call.entered);
    cleat_event_wait(&call.leave, -1);
    for (int i = 0; i < 100; i++) {
        sched_yield();
    }
    atomic_store(&call.left, true);
}

static void *let_leave(void *arg) {
    (void)arg;
    for (int i = 0; i < 100; i++) {
        sched_yield();
    }
    cleat_event_set(&call.leave);
    return NULL;
}

static void removal_waits_for_the_call_under_way(void) {
    up(true);
    cleat_event_init(&call.entered);
    cleat_event_init(&call.leave);
    struct cleat_handler h = {.struct_size = sizeof h, .on_add = slow_add};
    uint64_t id = cleat_informer_add_handler(t.inf, &h);
    fake_put(t.fake, "a", NULL);
    cleat_event_wait(&call.entered, -1);
    pthread_t l = cleat_thread_start("leave", let_leave, NULL);
    cleat_informer_remove_handler(t.inf, id);
    KT_TRUE(atomic_load(&call.left));
    pthread_join(l, NULL);
    down();
}

/* ---- handlers come and go, things change ---- */

enum { KEYS = 20, CHANGES = 20000, ROUNDS = 60 };

/* What one handler has heard: the revision of each key, 0 = it is not there. */
struct view {
    uint64_t at[KEYS];
    int calls, wrong;
    bool over; /* plain: a call after removal is a data race that TSan sees, too */
};

static int number(const cleat_obj *o) {
    CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(o));
    return atoi(name);
}

static void view_add(void *userdata, const cleat_obj *o, int32_t initial) {
    struct view *v = userdata;
    (void)initial;
    v->calls++;
    v->wrong += v->over || v->at[number(o)] != 0;
    v->at[number(o)] = cleat_obj_revision(o);
}

static void view_update(void *userdata, const cleat_obj *old, const cleat_obj *o) {
    struct view *v = userdata;
    v->calls++;
    v->wrong += v->over || v->at[number(o)] != cleat_obj_revision(old) ||
                cleat_obj_revision(o) <= cleat_obj_revision(old);
    v->at[number(o)] = cleat_obj_revision(o);
}

static void view_delete(void *userdata, const cleat_obj *o, int32_t unknown) {
    struct view *v = userdata;
    v->calls++;
    v->wrong += v->over || unknown || v->at[number(o)] == 0;
    v->at[number(o)] = 0;
}

static struct cleat_handler view_handler(struct view *v) {
    return (struct cleat_handler){.struct_size = sizeof(struct cleat_handler),
                                  .userdata = v,
                                  .on_add = view_add,
                                  .on_update = view_update,
                                  .on_delete = view_delete};
}

static void *change_things(void *arg) {
    uint64_t x = 1;
    (void)arg;
    for (int i = 0; i < CHANGES; i++) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        char key[16];
        snprintf(key, sizeof key, "%d", (int)((x >> 33) % KEYS));
        CLEAT_AUTO(cleat_obj) *have = fake_get(t.fake, key);
        if (have != NULL && (x >> 60) % 3 == 0) {
            fake_remove(t.fake, key);
        } else {
            fake_put(t.fake, key, NULL);
        }
    }
    return NULL;
}

static void *come_and_go(void *arg) {
    for (int i = 0; i < ROUNDS; i++) {
        struct view *v = cleat_zalloc(sizeof *v);
        struct cleat_handler h = view_handler(v);
        uint64_t id = cleat_informer_add_handler(t.inf, &h);
        for (int j = 0; j < i % 20; j++) {
            sched_yield();
        }
        cleat_informer_remove_handler(t.inf, id);
        v->over = true;
        atomic_fetch_add((_Atomic int *)arg, v->wrong);
        free(v); /* a call from now on is a use after free */
    }
    return NULL;
}

static int32_t count_one(void *userdata, const cleat_obj *o) {
    *(size_t *)userdata += cleat_obj_name(o).n > 0;
    return 0;
}

static void *look(void *arg) {
    for (int i = 0; i < 500; i++) {
        size_t n = 0;
        cleat_informer_foreach(t.inf, NULL, cleat_s(NULL), count_one, &n);
        CLEAT_AUTO(cleat_obj) *o =
            cleat_informer_get(t.inf, (struct cleat_key){{"", 0}, CLEAT_STR("7")});
        atomic_fetch_add((_Atomic int *)arg, n > KEYS || (o != NULL && number(o) != 7));
    }
    return NULL;
}

static void every_handler_hears_one_consistent_story(void) {
    up(true);
    struct view whole = {0};
    struct cleat_handler h = view_handler(&whole);
    uint64_t id = cleat_informer_add_handler(t.inf, &h);
    _Atomic int wrong = 0;
    pthread_t threads[] = {cleat_thread_start("change", change_things, NULL),
                           cleat_thread_start("come", come_and_go, &wrong),
                           cleat_thread_start("go", come_and_go, &wrong),
                           cleat_thread_start("look", look, &wrong)};
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        pthread_join(threads[i], NULL);
    }
    fake_put(t.fake, "0", NULL);
    for (bool there = false; !there; sched_yield()) {
        CLEAT_AUTO(cleat_obj) *want = fake_get(t.fake, "0"),
                              *have = cleat_informer_get(
                                  t.inf, (struct cleat_key){{"", 0}, CLEAT_STR("0")});
        there = have == want;
    }
    KT_OK(cleat_informer_wait_synced(t.inf, NULL), NULL);
    cleat_informer_remove_handler(t.inf, id);
    KT_EQ_INT(wrong, 0);
    KT_EQ_INT(whole.wrong, 0);
    KT_TRUE(whole.calls > 0);
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        snprintf(key, sizeof key, "%d", i);
        CLEAT_AUTO(cleat_obj) *o = fake_get(t.fake, key);
        KT_EQ_INT(whole.at[i], o ? cleat_obj_revision(o) : 0);
    }
    down();
}

/* ---- waiting for sync ---- */

struct wait {
    cleat_ctx *ctx;
    cleat_err err;
    struct cleat_event begun;
};

static void *wait_for_sync(void *arg) {
    struct wait *w = arg;
    cleat_event_set(&w->begun);
    w->err = cleat_informer_wait_synced(t.inf, w->ctx);
    return NULL;
}

static pthread_t begin_wait(struct wait *w, cleat_ctx *ctx) {
    *w = (struct wait){.ctx = ctx, .err = CLEAT_E_BUG};
    cleat_event_init(&w->begun);
    pthread_t th = cleat_thread_start("wait", wait_for_sync, w);
    cleat_event_wait(&w->begun, -1);
    return th;
}

static void a_wait_for_sync_ends(void) {
    struct wait with, without, cancelled;
    cleat_ctx *ctx = cleat_ctx_new(NULL, 0), *doomed = cleat_ctx_new(NULL, 0);
    up(false);
    pthread_t a = begin_wait(&with, ctx), b = begin_wait(&without, NULL),
              c = begin_wait(&cancelled, doomed);
    cleat_ctx_cancel(doomed);
    pthread_join(c, NULL);
    KT_EQ_INT(cancelled.err, CLEAT_E_CANCELLED);
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 0);
    cleat_informers_start(t.factory);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    KT_EQ_INT(with.err, CLEAT_OK);
    KT_EQ_INT(without.err, CLEAT_OK);
    cleat_ctx_free(doomed);
    down();

    up(true); /* the end of the factory ends waits as well */
    fake_break(t.fake, CLEAT_E_UNAVAILABLE);
    cleat_informer *other = NULL, *first = t.inf;
    KT_OK(cleat_informer_acquire(t.factory, gvr, "x=y", NULL, &other, NULL), NULL);
    t.inf = other;
    a = begin_wait(&with, ctx);
    cleat_informers_stop(t.factory);
    pthread_join(a, NULL);
    t.inf = first;
    KT_TRUE(with.err == CLEAT_E_CANCELLED || cleat_informer_has_synced(other));
    KT_EQ_INT(cleat_informer_wait_synced(other, ctx), with.err);
    cleat_informer_release(other);
    cleat_ctx_free(ctx);
    down();
}

KT_MAIN("informer_threads", KT_TEST(removal_waits_for_the_call_under_way),
        KT_TEST(every_handler_hears_one_consistent_story), KT_TEST(a_wait_for_sync_ends))
