/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Informers over a transport that misbehaves on demand: a virtual clock, no
 * threads. What needs threads is in informer_threads_test.c.
 */
#include "core/informer/informer.h"
#include "tests/support/fake.h"

static const struct cleat_gvr gvr = {"", "v1", "things"};

/* What a handler heard, as text: "+a" initial add, "a" add, "a>" update, "a=" resync,
 * "-a" delete, "?a" delete whose last state nobody saw; with revisions on updates. */
struct story {
    struct cleat_buf text;
};

static void told(struct story *s, const char *before, const cleat_obj *o, const char *after) {
    cleat_buf_printf(&s->text, "%s%s%.*s%s", s->text.n ? " " : "", before,
                     CLEAT_FMT(cleat_obj_name(o)), after);
}

static void on_add(void *userdata, const cleat_obj *o, int32_t initial) {
    told(userdata, initial ? "+" : "", o, "");
}

static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *o) {
    told(userdata, "", o, old == o ? "=" : ">");
    KT_EQ_S(cleat_obj_name(old), cleat_obj_name(o));
    KT_TRUE(old == o || cleat_obj_revision(old) < cleat_obj_revision(o));
}

static void on_delete(void *userdata, const cleat_obj *o, int32_t unknown) {
    told(userdata, unknown ? "?" : "-", o, "");
}

static struct cleat_handler handler(struct story *s) {
    return (struct cleat_handler){.struct_size = sizeof(struct cleat_handler),
                                  .userdata = s,
                                  .on_add = on_add,
                                  .on_update = on_update,
                                  .on_delete = on_delete};
}

static struct {
    struct fake *fake;
    cleat_client *client;
    cleat_informers *factory;
    cleat_informer *inf;
} t;

static void up(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_clock_virtual(0);
    t.fake = fake_new();
    t.client = cleat_client_new(fake_transport(t.fake), "system:test");
    t.factory = cleat_informers_new(t.client, true);
    KT_OK(cleat_informer_acquire(t.factory, gvr, NULL, NULL, &t.inf, &e), &e);
}

static void down(void) {
    cleat_informer_release(t.inf);
    cleat_informers_free(t.factory);
    cleat_client_free(t.client);
    fake_free(t.fake);
}

static void settle(void) {
    while (cleat_informers_step(t.factory)) {
    }
}

/* Settles and compares what was heard since the last time. */
static void expect(struct story *s, const char *want, int line) {
    settle();
    kt_str((struct cleat_str){s->text.p ? s->text.p : "", s->text.n}, cleat_s(want), "heard",
           __FILE__, line);
    cleat_buf_done(&s->text);
}
#define EXPECT(s, want) expect((s), (want), __LINE__)

static void pass(cleat_time d) {
    cleat_clock_advance(d);
    cleat_timers_step();
}

static void lists_and_then_follows(void) {
    struct story s = {0};
    struct cleat_handler h = handler(&s);
    up();
    fake_put(t.fake, "a", NULL);
    cleat_informer_add_handler(t.inf, &h);
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 0);
    EXPECT(&s, "+a");
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 1);
    KT_OK(cleat_informer_wait_synced(t.inf, NULL), NULL);
    fake_put(t.fake, "ns/b", NULL);
    fake_put(t.fake, "a", NULL);
    EXPECT(&s, "b a>");
    CLEAT_AUTO(cleat_obj) *own = fake_get(t.fake, "a"),
                          *cached = cleat_informer_get(t.inf,
                                                       (struct cleat_key){{"", 0}, CLEAT_STR("a")});
    KT_TRUE(own != NULL && own == cached); /* the very object */
    KT_EQ_INT(cleat_informer_count(t.inf), 2);
    fake_remove(t.fake, "a");
    EXPECT(&s, "-a");
    KT_TRUE(cleat_informer_get(t.inf, (struct cleat_key){{"", 0}, CLEAT_STR("a")}) == NULL);
    KT_EQ_INT(cleat_informer_count(t.inf), 1);
    KT_EQ_INT(fake_lists(t.fake), 1);
    down();
}

static void a_late_handler_hears_all_once(void) {
    struct story first = {0}, late = {0};
    struct cleat_handler h1 = handler(&first), h2 = handler(&late);
    up();
    cleat_informer_add_handler(t.inf, &h1);
    fake_put(t.fake, "a", NULL);
    EXPECT(&first, "+a");
    fake_put(t.fake, "a", NULL); /* not yet heard by anyone */
    uint64_t id = cleat_informer_add_handler(t.inf, &h2);
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 0);
    EXPECT(&first, "a>");
    EXPECT(&late, "+a");
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 1);
    fake_put(t.fake, "a", NULL);
    EXPECT(&first, "a>");
    EXPECT(&late, "a>");
    cleat_informer_remove_handler(t.inf, id);
    cleat_informer_remove_handler(t.inf, id);
    cleat_informer_remove_handler(t.inf, 12345);
    fake_put(t.fake, "a", NULL);
    EXPECT(&first, "a>");
    EXPECT(&late, "");
    down();
}

static void after_a_broken_stream_it_tells_the_difference(void) {
    struct story s = {0};
    struct cleat_handler h = handler(&s);
    up();
    cleat_informer_add_handler(t.inf, &h);
    fake_put(t.fake, "gone", NULL);
    fake_put(t.fake, "same", NULL);
    fake_put(t.fake, "changed", NULL);
    settle();
    cleat_buf_done(&s.text);
    fake_cut(t.fake, CLEAT_E_EXPIRED);
    fake_hold(t.fake, true);
    fake_remove(t.fake, "gone");
    fake_put(t.fake, "changed", NULL);
    fake_put(t.fake, "new", NULL);
    fake_hold(t.fake, false);
    EXPECT(&s, "");
    KT_EQ_INT(fake_streams(t.fake), 0);
    KT_EQ_INT(cleat_informer_count(t.inf), 3); /* what it knew stays readable */
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 1);
    pass(799 * CLEAT_MS);
    EXPECT(&s, "");
    KT_EQ_INT(fake_lists(t.fake), 1);
    pass(801 * CLEAT_MS); /* the jitter at most doubles it */
    settle();
    KT_EQ_INT(fake_lists(t.fake), 2);
    KT_TRUE(strstr(s.text.p, "?gone") != NULL);
    KT_TRUE(strstr(s.text.p, "changed>") != NULL);
    KT_TRUE(strstr(s.text.p, "new") != NULL);
    KT_EQ_INT(s.text.n, strlen("?gone changed> new")); /* and nothing else */
    cleat_buf_done(&s.text);
    fake_put(t.fake, "new", NULL);
    EXPECT(&s, "new>");
    down();
}

/* One that was deleted and made anew under its name meanwhile is not one that has changed. */
static void another_one_of_the_same_name(void) {
    struct story s = {0};
    struct cleat_handler h = handler(&s);
    up();
    cleat_informer_add_handler(t.inf, &h);
    fake_put(t.fake, "a", NULL);
    fake_put(t.fake, "b", NULL);
    settle();
    cleat_buf_done(&s.text);
    fake_cut(t.fake, CLEAT_E_EXPIRED);
    fake_hold(t.fake, true);
    fake_remove(t.fake, "a");
    fake_put(t.fake, "a", NULL);
    fake_put(t.fake, "b", NULL);
    fake_hold(t.fake, false);
    settle();
    pass(1600 * CLEAT_MS);
    settle();
    KT_TRUE(strstr(s.text.p, "?a a") != NULL);
    KT_TRUE(strstr(s.text.p, "b>") != NULL);
    KT_EQ_INT(s.text.n, strlen("?a a b>"));
    KT_EQ_INT(cleat_informer_count(t.inf), 2);
    cleat_buf_done(&s.text);
    down();
}

static void backs_off_up_to_half_a_minute(void) {
    up();
    cleat_random_seed(7);
    fake_break(t.fake, CLEAT_E_UNAVAILABLE);
    settle();
    cleat_time want = 800 * CLEAT_MS, last = cleat_now_mono();
    for (int i = 0; i < 9; i++) {
        int lists = fake_lists(t.fake);
        while (fake_lists(t.fake) == lists) {
            cleat_time due = cleat_timers_next();
            KT_REQUIRE(due != INT64_MAX); /* it must wake by itself */
            pass(due - cleat_now_mono());
            settle();
        }
        cleat_time gap = cleat_now_mono() - last;
        KT_TRUE(gap >= want && gap <= 2 * want);
        last = cleat_now_mono();
        want = want * 2 > 30 * CLEAT_SECOND ? 30 * CLEAT_SECOND : want * 2;
    }
    KT_EQ_INT(want, 30 * CLEAT_SECOND);
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 0);
    fake_break(t.fake, CLEAT_OK);
    pass(60 * CLEAT_SECOND);
    settle();
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 1);
    /* A stream that lived was no failure: the next pause is the first again. */
    pass(200 * CLEAT_SECOND);
    fake_cut(t.fake, CLEAT_E_UNAVAILABLE);
    settle();
    int lists = fake_lists(t.fake);
    pass(1600 * CLEAT_MS);
    settle();
    KT_EQ_INT(fake_lists(t.fake), lists + 1);
    down();
}

static void old_news_is_no_news(void) {
    struct story s = {0};
    struct cleat_handler h = handler(&s);
    up();
    cleat_informer_add_handler(t.inf, &h);
    fake_put(t.fake, "a", NULL);
    fake_put(t.fake, "b", NULL);
    fake_remove(t.fake, "a");
    settle();
    fake_put(t.fake, "c", NULL);
    settle();
    cleat_buf_done(&s.text);
    fake_repeat(t.fake); /* "a" must not rise again */
    EXPECT(&s, "");
    KT_EQ_INT(cleat_informer_count(t.inf), 2);
    fake_put(t.fake, "b", NULL);
    EXPECT(&s, "b>");
    down();
}

static void resync_tells_all_again(void) {
    struct story s = {0}, other = {0};
    struct cleat_handler h = handler(&s), h2 = handler(&other);
    up();
    h.resync = 10 * CLEAT_SECOND;
    fake_put(t.fake, "a", NULL);
    cleat_informer_add_handler(t.inf, &h);
    cleat_informer_add_handler(t.inf, &h2);
    EXPECT(&s, "+a");
    EXPECT(&other, "+a");
    KT_TRUE(cleat_timers_next() <= cleat_now_mono() + 10 * CLEAT_SECOND);
    pass(10 * CLEAT_SECOND - 1);
    EXPECT(&s, "");
    pass(1);
    EXPECT(&s, "a=");
    pass(35 * CLEAT_SECOND); /* missed turns are not made up for */
    EXPECT(&s, "a=");
    EXPECT(&other, "");
    down();
}

/* ---- indexes ---- */

static void by_label(void *userdata, const cleat_obj *o,
                     void (*emit)(void *sink, struct cleat_str value), void *sink) {
    struct cleat_iter it = {0};
    (void)userdata;
    while (cleat_val_next(cleat_obj_at(o, CLEAT_PATH("metadata", "labels")), &it)) {
        emit(sink, cleat_val_str(it.val));
        emit(sink, cleat_val_str(it.val)); /* twice is once */
    }
}

static int32_t add_name(void *userdata, const cleat_obj *o) {
    told(userdata, "", o, "");
    return 0;
}

static int32_t first_only(void *userdata, const cleat_obj *o) {
    told(userdata, "", o, "");
    return 1;
}

static void expect_index(const char *index, const char *value, const char *want, int line) {
    struct story s = {0};
    cleat_informer_foreach(t.inf, index, cleat_s(value), add_name, &s);
    kt_str((struct cleat_str){s.text.p ? s.text.p : "", s.text.n}, cleat_s(want), value, __FILE__,
           line);
    cleat_buf_done(&s.text);
}
#define EXPECT_INDEX(index, value, want) expect_index((index), (value), (want), __LINE__)

static void indexes_follow_their_objects(void) {
    up();
    KT_OK(cleat_informer_add_index(t.inf, "label", by_label, NULL), NULL);
    KT_OK(cleat_informer_add_index(t.inf, "label", by_label, NULL), NULL);
    KT_EQ_INT(cleat_informer_add_index(t.inf, "label", by_label, &t), CLEAT_E_EXISTS);
    fake_put(t.fake, "x/a", "\"p\":\"red\",\"q\":\"blue\"");
    fake_put(t.fake, "y/b", "\"p\":\"green\"");
    settle();
    EXPECT_INDEX("label", "red", "a");
    EXPECT_INDEX("label", "blue", "a");
    EXPECT_INDEX("label", "green", "b");
    EXPECT_INDEX("label", "none", "");
    EXPECT_INDEX("no such index", "red", "");
    EXPECT_INDEX(NULL, "x", "a");
    EXPECT_INDEX(NULL, "y", "b");
    EXPECT_INDEX(NULL, "z", "");
    fake_put(t.fake, "x/a", "\"p\":\"green\"");
    fake_remove(t.fake, "y/b");
    settle();
    EXPECT_INDEX("label", "red", "");
    EXPECT_INDEX("label", "blue", "");
    EXPECT_INDEX("label", "green", "a");
    /* One that is added late knows what is there. */
    KT_OK(cleat_informer_add_index(t.inf, "late", by_label, NULL), NULL);
    EXPECT_INDEX("late", "green", "a");
    fake_put(t.fake, "x/c", NULL);
    settle();
    struct story s = {0};
    cleat_informer_foreach(t.inf, NULL, cleat_s(NULL), first_only, &s);
    KT_EQ_INT(s.text.n, 1);
    cleat_buf_done(&s.text);
    down();
}

/* ---- handlers that come and go inside of calls ---- */

static struct story inner;
static uint64_t self_id;

static void remove_self(void *userdata, const cleat_obj *o, int32_t initial) {
    told(userdata, initial ? "+" : "", o, "");
    cleat_informer_remove_handler(t.inf, self_id);
}

static void add_another(void *userdata, const cleat_obj *o, int32_t initial) {
    told(userdata, initial ? "+" : "", o, "");
    struct cleat_handler h = handler(&inner);
    cleat_informer_add_handler(t.inf, &h);
}

static void a_handler_may_end_itself_and_begin_others(void) {
    struct story s = {0}, a = {0};
    struct cleat_handler h = handler(&s), adder = handler(&a);
    up();
    fake_put(t.fake, "a", NULL);
    fake_put(t.fake, "b", NULL);
    h.on_add = remove_self;
    self_id = cleat_informer_add_handler(t.inf, &h);
    settle();
    KT_EQ_INT(s.text.n, 2); /* one of the two, and no more */
    cleat_buf_done(&s.text);
    adder.on_add = add_another;
    uint64_t id = cleat_informer_add_handler(t.inf, &adder);
    fake_remove(t.fake, "b");
    EXPECT(&a, "+a"); /* the removal was read first */
    EXPECT(&inner, "+a");
    cleat_informer_remove_handler(t.inf, id);
    fake_put(t.fake, "c", NULL);
    EXPECT(&inner, "c");
    down();
}

/* ---- sharing ---- */

static void equal_wishes_share_one(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_informer *again = NULL, *other = NULL;
    up();
    fake_put(t.fake, "a", NULL);
    settle();
    KT_OK(cleat_informer_acquire(t.factory, gvr, "", NULL, &again, &e), &e);
    KT_TRUE(again == t.inf);
    KT_OK(cleat_informer_acquire(t.factory, gvr, "a=b", NULL, &other, &e), &e);
    KT_TRUE(other != t.inf);
    settle();
    KT_EQ_INT(fake_lists(t.fake), 2);
    cleat_informer_release(other);
    cleat_informer_release(again);
    settle();
    KT_EQ_INT(fake_streams(t.fake), 1);
    KT_EQ_INT(cleat_informer_count(t.inf), 1);
    KT_EQ_INT(cleat_informer_acquire(t.factory, gvr, "a==,", NULL, &other, &e),
              CLEAT_E_BAD_REQUEST);
    /* The last release ends it; the next to ask gets a fresh one. */
    cleat_informer_release(t.inf);
    settle();
    KT_EQ_INT(fake_streams(t.fake), 0);
    KT_OK(cleat_informer_acquire(t.factory, gvr, NULL, NULL, &t.inf, &e), &e);
    KT_EQ_INT(cleat_informer_has_synced(t.inf), 0);
    settle();
    KT_EQ_INT(fake_lists(t.fake), 3);
    KT_EQ_INT(cleat_informer_count(t.inf), 1);
    down();
}

/* ---- many objects: the set behind the cache, against the source ---- */

static void the_cache_equals_its_source(void) {
    up();
    cleat_random_seed(3);
    settle();
    for (int i = 0; i < 5000; i++) {
        CLEAT_AUTO_FREE char *key =
            cleat_sprintf("ns%d/o%d", (int)(cleat_random() % 3), (int)(cleat_random() % 200));
        CLEAT_AUTO(cleat_obj) *have = fake_get(t.fake, key);
        if (have != NULL && cleat_random() % 2) {
            fake_remove(t.fake, key);
        } else {
            fake_put(t.fake, key, NULL);
        }
        if (cleat_random() % 50 == 0) {
            fake_cut(t.fake, CLEAT_E_EXPIRED);
            settle();
            pass(60 * CLEAT_SECOND);
        }
        if (cleat_random() % 10 == 0) {
            settle();
        }
    }
    pass(60 * CLEAT_SECOND);
    settle();
    size_t n = 0;
    for (int i = 0; i < 600; i++) {
        CLEAT_AUTO_FREE char *key = cleat_sprintf("ns%d/o%d", i / 200, i % 200);
        CLEAT_AUTO(cleat_obj) *want = fake_get(t.fake, key);
        char *slash = strchr(key, '/');
        struct cleat_key k = {{key, (size_t)(slash - key)}, cleat_s(slash + 1)};
        CLEAT_AUTO(cleat_obj) *got = cleat_informer_get(t.inf, k);
        KT_TRUE(got == want);
        n += want != NULL;
    }
    KT_EQ_INT(cleat_informer_count(t.inf), n);
    KT_TRUE(n > 100);
    down();
}

KT_MAIN("informer", KT_TEST(lists_and_then_follows), KT_TEST(a_late_handler_hears_all_once),
        KT_TEST(after_a_broken_stream_it_tells_the_difference),
        KT_TEST(another_one_of_the_same_name), KT_TEST(backs_off_up_to_half_a_minute),
        KT_TEST(old_news_is_no_news), KT_TEST(resync_tells_all_again),
        KT_TEST(indexes_follow_their_objects), KT_TEST(a_handler_may_end_itself_and_begin_others),
        KT_TEST(equal_wishes_share_one), KT_TEST(the_cache_equals_its_source))
