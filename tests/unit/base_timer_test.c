/* SPDX-License-Identifier: Apache-2.0 */
/* Timers: order, periods, changes from inside callbacks, a random model, and the thread. */
#include "tests/support/kt.h"

/* ---- the thread, on the real clock (first: the clock stays virtual afterwards) ---- */

static void set_it(void *userdata) {
    cleat_event_set(userdata);
}

static void test_thread(void) {
    struct cleat_event ev[3];
    cleat_timer *t[3];
    cleat_timers_start();
    cleat_timers_start(); /* once is enough */
    for (int i = 0; i < 3; i++) {
        cleat_event_init(&ev[i]);
        t[i] = cleat_timer_new(i == 0 ? 0 : 3600 * CLEAT_SECOND, 0, set_it, &ev[i]);
    }
    KT_TRUE(cleat_event_wait(&ev[0], -1));
    cleat_timer_set(t[2], CLEAT_MS); /* the thread sleeps for the others; it must look again */
    KT_TRUE(cleat_event_wait(&ev[2], -1));
    KT_TRUE(!cleat_event_is_set(&ev[1]));
    for (int i = 0; i < 3; i++) {
        cleat_timer_free(t[i]);
    }
    cleat_timers_stop();
}

struct blocked {
    struct cleat_event inside, go_on;
    _Atomic bool finished;
};

static void block(void *userdata) {
    struct blocked *b = userdata;
    cleat_event_set(&b->inside);
    cleat_event_wait(&b->go_on, -1);
    atomic_store(&b->finished, true);
}

static void *release(void *userdata) {
    cleat_event_set(&((struct blocked *)userdata)->go_on);
    return NULL;
}

/* free returns after the callback has. */
static void test_free_waits(void) {
    struct blocked b;
    cleat_event_init(&b.inside);
    cleat_event_init(&b.go_on);
    atomic_init(&b.finished, false);
    cleat_timers_start();
    cleat_timer *t = cleat_timer_new(0, 0, block, &b);
    cleat_event_wait(&b.inside, -1);
    pthread_t helper = cleat_thread_start("release", release, &b);
    cleat_timer_free(t);
    KT_TRUE(atomic_load(&b.finished));
    pthread_join(helper, NULL);
    cleat_timers_stop();
}

/* ---- stepped ---- */

static int order[64], n_order;

struct mark {
    int id;
    cleat_timer *t;
    cleat_time again; /* sets itself anew, >= 0 */
    bool frees;
};

static void note(void *userdata) {
    struct mark *m = userdata;
    if (n_order < 64) {
        order[n_order++] = m->id;
    }
    if (m->frees) {
        cleat_timer_free(m->t);
        m->t = NULL;
    } else if (m->again >= 0) {
        cleat_timer_set(m->t, m->again);
    }
}

static void test_order(void) {
    cleat_clock_virtual(0);
    struct mark m[5] = {
        {0, NULL, -1, 0}, {1, NULL, -1, 0}, {2, NULL, -1, 0}, {3, NULL, -1, 0}, {4, NULL, -1, 0}};
    static const int delay[5] = {30, 10, 20, 10, 0};
    n_order = 0;
    for (int i = 0; i < 5; i++) {
        m[i].t = cleat_timer_new(delay[i] * CLEAT_SECOND, 0, note, &m[i]);
    }
    KT_EQ_INT(cleat_timers_next(), cleat_now_mono());
    KT_EQ_INT(cleat_timers_step(), 1);
    KT_EQ_INT(cleat_timers_step(), 0);
    cleat_clock_advance(10 * CLEAT_SECOND - 1);
    KT_EQ_INT(cleat_timers_step(), 0);
    cleat_clock_advance(20 * CLEAT_SECOND + 1);
    KT_EQ_INT(cleat_timers_step(), 4);
    static const int want[] = {4, 1, 3, 2, 0}; /* same moment: as they were set */
    KT_EQ_INT(n_order, 5);
    for (int i = 0; i < 5; i++) {
        KT_EQ_INT(order[i], want[i]);
        cleat_timer_free(m[i].t);
    }
    KT_TRUE(cleat_timers_next() == INT64_MAX);
}

static void test_period_without_bursts(void) {
    cleat_clock_virtual(0);
    struct mark m = {1, NULL, -1, 0};
    n_order = 0;
    m.t = cleat_timer_new(CLEAT_SECOND, 2 * CLEAT_SECOND, note, &m);
    for (int i = 0; i < 9; i++) {
        cleat_clock_advance(CLEAT_SECOND);
        cleat_timers_step();
    }
    KT_EQ_INT(n_order, 5); /* at 1 3 5 7 9 */
    cleat_clock_advance(3600 * CLEAT_SECOND);
    KT_EQ_INT(cleat_timers_step(), 1); /* a stall is not made up for */
    KT_EQ_INT(cleat_timers_next(), cleat_now_mono() + 2 * CLEAT_SECOND);
    cleat_timer_free(m.t);
}

static void test_changes_from_inside(void) {
    cleat_clock_virtual(0);
    struct mark again = {1, NULL, 0, false}, gone = {2, NULL, -1, true};
    n_order = 0;
    again.t = cleat_timer_new(0, 0, note, &again);
    gone.t = cleat_timer_new(0, CLEAT_SECOND, note, &gone);
    KT_EQ_INT(cleat_timers_step(), 2); /* "now" from a callback is the next step */
    KT_EQ_INT(cleat_timers_step(), 1);
    KT_TRUE(gone.t == NULL);
    cleat_clock_advance(10 * CLEAT_SECOND);
    KT_EQ_INT(cleat_timers_step(), 1);
    cleat_timer_free(again.t);
    KT_TRUE(cleat_timers_next() == INT64_MAX);
    cleat_timer_free(NULL);
}

/* Random sets and frees against a plain array of due times. */
enum { MANY = 200 };
static cleat_time due[MANY]; /* 0 = idle */
static int fired_late, fired_idle;

static void fire(void *userdata) {
    cleat_time *d = userdata;
    fired_idle += *d == 0;
    fired_late += *d > cleat_now_mono();
    *d = 0;
}

static void test_against_model(void) {
    cleat_clock_virtual(0);
    cleat_random_seed(11);
    cleat_timer *t[MANY] = {0};
    fired_late = fired_idle = 0;
    for (int op = 0; op < 20000; op++) {
        size_t i = cleat_random() % MANY;
        cleat_time delay = (cleat_time)(cleat_random() % 1000) * CLEAT_MS + 1;
        switch (cleat_random() % 4) {
        case 0:
            cleat_timer_free(t[i]);
            t[i] = NULL;
            due[i] = 0;
            break;
        case 1:
        case 2:
            due[i] = cleat_now_mono() + delay;
            if (t[i] != NULL) {
                cleat_timer_set(t[i], delay);
            } else {
                t[i] = cleat_timer_new(delay, 0, fire, &due[i]);
            }
            break;
        default:
            cleat_clock_advance((cleat_time)(cleat_random() % 50) * CLEAT_MS);
            cleat_timers_step();
        }
        cleat_time next = INT64_MAX;
        for (size_t k = 0; k < MANY; k++) {
            next = due[k] != 0 && due[k] < next ? due[k] : next;
        }
        KT_REQUIRE(cleat_timers_next() == next); /* so none is overdue after a step */
    }
    KT_EQ_INT(fired_idle, 0);
    KT_EQ_INT(fired_late, 0);
    for (size_t i = 0; i < MANY; i++) {
        cleat_timer_free(t[i]);
    }
}

KT_MAIN("base_timer", KT_TEST(test_thread), KT_TEST(test_free_waits), KT_TEST(test_order),
        KT_TEST(test_period_without_bursts), KT_TEST(test_changes_from_inside),
        KT_TEST(test_against_model))
