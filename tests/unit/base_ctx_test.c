/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events and contexts: between real threads (nobody sleeps: each waits for the
 * other), and on the virtual clock with a pump.
 */
#include "tests/support/kt.h"

/* ---- real threads ---- */

struct ping {
    struct cleat_event there[200], back[200];
};

static void *answer(void *arg) {
    struct ping *p = arg;
    for (size_t i = 0; i < 200; i++) {
        cleat_event_wait(&p->there[i], -1);
        cleat_event_set(&p->back[i]);
    }
    return NULL;
}

static void test_event_ping_pong(void) {
    struct ping *p = cleat_zalloc(sizeof *p);
    pthread_t t = cleat_thread_start("answer", answer, p);
    for (size_t i = 0; i < 200; i++) {
        KT_TRUE(!cleat_event_is_set(&p->there[i]));
        cleat_event_set(&p->there[i]);
        KT_TRUE(cleat_event_wait(&p->back[i], -1));
    }
    pthread_join(t, NULL);
    free(p);
}

static void *set_event(void *arg) {
    cleat_event_set(arg);
    return NULL;
}

/* The waiter owns the memory and may give it back at once. */
static void test_event_freed_by_waiter(void) {
    for (int i = 0; i < 100; i++) {
        struct cleat_event *ev = cleat_zalloc(sizeof *ev);
        cleat_event_init(ev);
        pthread_t t = cleat_thread_start("setter", set_event, ev);
        KT_TRUE(cleat_event_wait(ev, -1));
        free(ev);
        pthread_join(t, NULL);
    }
}

static void test_event_times_out(void) {
    struct cleat_event ev;
    cleat_event_init(&ev);
    cleat_time from = cleat_now_mono();
    KT_TRUE(!cleat_event_wait(&ev, 2 * CLEAT_MS));
    KT_TRUE(cleat_now_mono() - from >= 2 * CLEAT_MS);
    KT_TRUE(!cleat_event_wait(&ev, 0));
    cleat_event_set(&ev);
    KT_TRUE(cleat_event_wait(&ev, 0));
}

struct waiter {
    cleat_ctx *ctx;
    struct cleat_event ready, ev;
    cleat_err err;
    bool sleeps;
};

static void *wait_under(void *arg) {
    struct waiter *w = arg;
    cleat_event_set(&w->ready);
    w->err =
        w->sleeps ? cleat_ctx_sleep(w->ctx, 3600 * CLEAT_SECOND) : cleat_ctx_wait(w->ctx, &w->ev);
    return NULL;
}

/* Cancelling the grandparent wakes all that wait or sleep below, at once. */
static void test_cancel_wakes_threads(void) {
    cleat_ctx *root = cleat_ctx_new(NULL, 0);
    cleat_ctx *mid = cleat_ctx_new(root, 7200 * CLEAT_SECOND);
    struct waiter w[8];
    pthread_t t[8];
    memset(w, 0, sizeof w);
    for (size_t i = 0; i < 8; i++) {
        w[i].ctx = cleat_ctx_new(mid, 0);
        w[i].sleeps = i % 2;
        t[i] = cleat_thread_start("waiter", wait_under, &w[i]);
        cleat_event_wait(&w[i].ready, -1);
    }
    cleat_event_set(&w[0].ev); /* one gets what it waits for */
    pthread_join(t[0], NULL);
    KT_EQ_INT(w[0].err, CLEAT_OK);
    cleat_ctx_cancel(root);
    for (size_t i = 1; i < 8; i++) {
        pthread_join(t[i], NULL);
        KT_EQ_INT(w[i].err, CLEAT_E_CANCELLED);
    }
    for (size_t i = 0; i < 8; i++) {
        KT_EQ_INT(cleat_ctx_err(w[i].ctx), CLEAT_E_CANCELLED);
        cleat_ctx_free(w[i].ctx);
    }
    /* A child of a cancelled parent is born cancelled. */
    cleat_ctx *late = cleat_ctx_new(mid, 0);
    struct cleat_event ev;
    cleat_event_init(&ev);
    KT_EQ_INT(cleat_ctx_wait(late, &ev), CLEAT_E_CANCELLED);
    KT_EQ_INT(cleat_ctx_sleep(late, CLEAT_SECOND), CLEAT_E_CANCELLED);
    cleat_ctx_free(late);
    cleat_ctx_free(mid);
    cleat_ctx_free(root);
}

/* Children come and go while the parent is being cancelled. */
static void *churn(void *arg) {
    for (int i = 0; i < 500; i++) {
        cleat_ctx *c = cleat_ctx_new(arg, 0);
        cleat_ctx_err(c);
        cleat_ctx_free(c);
    }
    return NULL;
}

static void test_cancel_races_with_children(void) {
    cleat_ctx *root = cleat_ctx_new(NULL, 0);
    pthread_t t[2] = {cleat_thread_start("churn", churn, root),
                      cleat_thread_start("churn", churn, root)};
    cleat_ctx_cancel(root);
    pthread_join(t[0], NULL);
    pthread_join(t[1], NULL);
    KT_EQ_INT(cleat_ctx_err(root), CLEAT_E_CANCELLED);
    cleat_ctx_free(root);
}

/* ---- the virtual clock ---- */

static void test_cancel_is_not_a_sibling(void) {
    cleat_ctx *root = cleat_ctx_new(NULL, 0), *a = cleat_ctx_new(root, 0),
              *b = cleat_ctx_new(root, 0);
    cleat_ctx_cancel(a);
    KT_EQ_INT(cleat_ctx_err(a), CLEAT_E_CANCELLED);
    KT_EQ_INT(cleat_ctx_err(b), CLEAT_OK);
    KT_EQ_INT(cleat_ctx_err(root), CLEAT_OK);
    cleat_ctx_free(a);
    cleat_ctx_free(b);
    cleat_ctx_free(root);
    KT_EQ_INT(cleat_ctx_err(NULL), CLEAT_OK);
    KT_TRUE(cleat_ctx_remaining(NULL) == INT64_MAX);
    cleat_ctx_free(NULL);
}

static void test_deadlines(void) {
    cleat_clock_virtual(0);
    cleat_ctx *root = cleat_ctx_new(NULL, 10 * CLEAT_SECOND);
    cleat_ctx *longer = cleat_ctx_new(root, 60 * CLEAT_SECOND); /* the parent's holds */
    cleat_ctx *shorter = cleat_ctx_new(root, 3 * CLEAT_SECOND);
    KT_EQ_INT(cleat_ctx_remaining(longer), 10 * CLEAT_SECOND);
    KT_EQ_INT(cleat_ctx_remaining(shorter), 3 * CLEAT_SECOND);
    cleat_clock_advance(3 * CLEAT_SECOND - 1);
    KT_EQ_INT(cleat_ctx_err(shorter), CLEAT_OK);
    cleat_clock_advance(1);
    KT_EQ_INT(cleat_ctx_err(shorter), CLEAT_E_TIMEOUT);
    KT_EQ_INT(cleat_ctx_remaining(shorter), 0);
    KT_EQ_INT(cleat_ctx_err(longer), CLEAT_OK);
    cleat_clock_advance(7 * CLEAT_SECOND);
    KT_EQ_INT(cleat_ctx_err(longer), CLEAT_E_TIMEOUT);
    cleat_ctx_cancel(root); /* being cancelled is the stronger reason */
    KT_EQ_INT(cleat_ctx_err(longer), CLEAT_E_CANCELLED);
    cleat_ctx_free(shorter);
    cleat_ctx_free(longer);
    cleat_ctx_free(root);
}

/* Real threads that wait on the virtual clock end when it is moved past their deadline. */
static void test_deadline_wakes_threads(void) {
    cleat_clock_virtual(0);
    struct waiter w;
    memset(&w, 0, sizeof w);
    w.ctx = cleat_ctx_new(NULL, CLEAT_SECOND);
    pthread_t t = cleat_thread_start("waiter", wait_under, &w);
    cleat_event_wait(&w.ready, -1);
    cleat_clock_advance(CLEAT_SECOND);
    pthread_join(t, NULL);
    KT_EQ_INT(w.err, CLEAT_E_TIMEOUT);
    cleat_ctx_free(w.ctx);
}

struct work {
    struct cleat_event *ev;
    cleat_ctx *cancel;
    int left;
};

static bool pump(void *userdata) {
    struct work *w = userdata;
    if (w->left == 0) {
        return false;
    }
    if (--w->left == 0) {
        if (w->ev != NULL) {
            cleat_event_set(w->ev);
        }
        if (w->cancel != NULL) {
            cleat_ctx_cancel(w->cancel);
        }
    }
    return true;
}

static void test_pump(void) {
    cleat_clock_virtual(0);
    struct cleat_event ev;
    struct work w = {&ev, NULL, 5};
    cleat_event_init(&ev);
    cleat_wait_set_pump(pump, &w);
    cleat_time from = cleat_now_mono();
    KT_TRUE(cleat_event_wait(&ev, -1));
    KT_EQ_INT(w.left, 0);
    KT_EQ_INT(cleat_now_mono(), from); /* others worked, no time went by */

    /* Nothing left to do: the clock runs on to the deadline. */
    cleat_event_init(&ev);
    KT_TRUE(!cleat_event_wait(&ev, 5 * CLEAT_SECOND));
    KT_EQ_INT(cleat_now_mono(), from + 5 * CLEAT_SECOND);
    cleat_ctx *ctx = cleat_ctx_new(NULL, 2 * CLEAT_SECOND);
    KT_EQ_INT(cleat_ctx_sleep(ctx, CLEAT_SECOND), CLEAT_OK);
    KT_EQ_INT(cleat_ctx_wait(ctx, &ev), CLEAT_E_TIMEOUT);
    KT_EQ_INT(cleat_now_mono(), from + 7 * CLEAT_SECOND);
    cleat_ctx_free(ctx);

    /* What the pump does may cancel the one who waits. */
    ctx = cleat_ctx_new(NULL, 0);
    w = (struct work){NULL, ctx, 3};
    KT_EQ_INT(cleat_ctx_wait(ctx, &ev), CLEAT_E_CANCELLED);
    cleat_ctx_free(ctx);
    cleat_wait_set_pump(NULL, NULL);
}

KT_MAIN("base_ctx", KT_TEST(test_event_ping_pong), KT_TEST(test_event_freed_by_waiter),
        KT_TEST(test_event_times_out), KT_TEST(test_cancel_wakes_threads),
        KT_TEST(test_cancel_races_with_children), KT_TEST(test_cancel_is_not_a_sibling),
        KT_TEST(test_deadlines), KT_TEST(test_deadline_wakes_threads), KT_TEST(test_pump))
