/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose turn a call is: real threads that wait, on a virtual clock that the test moves.
 */
#include "core/cloud/internal.h"
#include "tests/support/kt.h"

#include <unistd.h>

enum { URGENT, SOON, IDLE };
static const cleat_time handicaps[] = {CLEAT_URGENT, CLEAT_SOON, CLEAT_IDLE};

struct caller {
    struct cleat_budget *b;
    enum cleat_call_kind kind;
    cleat_time handicap, max_wait;
    cleat_ctx *ctx;
    pthread_t thread;
    cleat_err err;
    struct cleat_error e;
    struct cleat_event done;
};

static void *call(void *arg) {
    struct caller *c = arg;
    c->err = cleat_budget_enter(c->b, c->ctx, c->kind, c->handicap, c->max_wait, &c->e);
    cleat_event_set(&c->done);
    return NULL;
}

static int waiting(struct cleat_budget *b);

/* Starts one that must wait, and returns once it does. */
static void line_up(struct caller *c, struct cleat_budget *b, enum cleat_call_kind kind,
                    cleat_time handicap, cleat_time max_wait) {
    *c = (struct caller){.b = b, .kind = kind, .handicap = handicap, .max_wait = max_wait};
    c->e.struct_size = sizeof c->e;
    c->ctx = cleat_ctx_new(NULL, 0);
    cleat_event_init(&c->done);
    int before = waiting(b);
    c->thread = cleat_thread_start("caller", call, c);
    for (int i = 0; i < 20000 && waiting(b) == before; i++) {
        usleep(500);
    }
    KT_EQ_INT(waiting(b), before + 1);
}

static cleat_err end(struct caller *c) {
    pthread_join(c->thread, NULL);
    cleat_ctx_free(c->ctx);
    return c->err;
}

static int waiting(struct cleat_budget *b) {
    return (int)cleat_budget_waiting(b);
}

static struct cleat_budget *make(struct cleat_gate_opts o) {
    struct cleat_budget *b = cleat_zalloc(sizeof *b);
    cleat_clock_virtual(1767323045 * CLEAT_SECOND);
    cleat_budget_init(b, &o);
    return b;
}

static void finish(struct cleat_budget *b) {
    cleat_budget_done(b);
    free(b);
}

static cleat_err enter(struct cleat_budget *b, enum cleat_call_kind kind, struct cleat_error *e) {
    *e = (struct cleat_error)CLEAT_ERROR_INIT;
    return cleat_budget_enter(b, NULL, kind, 0, 0, e);
}

/* ---- tests ---- */

static void unlimited(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){0});
    struct cleat_error e;
    for (int i = 0; i < 1000; i++) {
        KT_OK(enter(b, CLEAT_CALL_METADATA, &e), &e);
    }
    for (int i = 0; i < 1000; i++) {
        cleat_budget_leave(b, CLEAT_CALL_METADATA, CLEAT_OK, 0);
    }
    KT_EQ_INT(b->inside, 0);
    finish(b);
}

static void calls_a_second(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){.calls_per_second = 2, .burst = 3});
    struct cleat_error e;
    for (int i = 0; i < 3; i++) {
        KT_OK(enter(b, CLEAT_CALL_EXISTS, &e), &e);
        cleat_budget_leave(b, CLEAT_CALL_EXISTS, CLEAT_OK, 0);
    }
    KT_EQ_INT(enter(b, CLEAT_CALL_METADATA, &e), CLEAT_E_THROTTLED); /* one budget for all kinds */
    KT_TRUE(e.retry_after_ms >= 500 && e.retry_after_ms <= 502);
    cleat_clock_advance(501 * CLEAT_MS);
    KT_OK(enter(b, CLEAT_CALL_METADATA, &e), &e);
    KT_EQ_INT(enter(b, CLEAT_CALL_METADATA, &e), CLEAT_E_THROTTLED);
    cleat_clock_advance(3600 * CLEAT_SECOND); /* a long rest saves up no more than a burst */
    for (int i = 0; i < 3; i++) {
        KT_OK(enter(b, CLEAT_CALL_EXISTS, &e), &e);
    }
    KT_EQ_INT(enter(b, CLEAT_CALL_EXISTS, &e), CLEAT_E_THROTTLED);
    for (int i = 0; i < 4; i++) {
        cleat_budget_leave(b, i ? CLEAT_CALL_EXISTS : CLEAT_CALL_METADATA, CLEAT_OK, 0);
    }
    finish(b);
}

/* Moves the clock until one of them is in; which. */
static int next_in(struct caller *v, int n, const bool *seen) {
    for (int k = 0; k < 20; k++) {
        cleat_clock_advance(100 * CLEAT_MS);
        for (int i = 0; i < 40; i++) {
            for (int c = 0; c < n; c++) {
                if (!seen[c] && cleat_event_is_set(&v[c].done)) {
                    return c;
                }
            }
            usleep(500);
        }
    }
    return -1;
}

static void want_order(struct caller *v, int n, const int *order) {
    bool seen[8] = {false};
    for (int i = 0; i < n; i++) {
        int got = next_in(v, n, seen);
        KT_EQ_INT(got, order[i]);
        if (got < 0) {
            break;
        }
        seen[got] = true;
    }
    for (int i = 0; i < n; i++) {
        KT_EQ_INT(end(&v[i]), CLEAT_OK);
        cleat_budget_leave(v[i].b, v[i].kind, CLEAT_OK, 0);
    }
}

static void the_urgent_go_first(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){.calls_per_second = 1, .burst = 1});
    struct caller v[4];
    struct cleat_error e;
    KT_OK(enter(b, CLEAT_CALL_EXISTS, &e), &e);
    cleat_budget_leave(b, CLEAT_CALL_EXISTS, CLEAT_OK, 0);
    line_up(&v[0], b, CLEAT_CALL_LIST_SERVERS, handicaps[IDLE], 600 * CLEAT_SECOND);
    line_up(&v[1], b, CLEAT_CALL_EXISTS, handicaps[SOON], 600 * CLEAT_SECOND);
    line_up(&v[2], b, CLEAT_CALL_DELETE_LB, handicaps[URGENT], 600 * CLEAT_SECOND);
    line_up(&v[3], b, CLEAT_CALL_ENSURE_LB, handicaps[URGENT], 600 * CLEAT_SECOND);
    want_order(v, 4, (const int[]){2, 3, 1, 0});
    finish(b);
}

static void nobody_starves(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){.calls_per_second = 0.01, .burst = 1});
    struct caller v[2];
    struct cleat_error e;
    KT_OK(enter(b, CLEAT_CALL_EXISTS, &e), &e);
    cleat_budget_leave(b, CLEAT_CALL_EXISTS, CLEAT_OK, 0);
    line_up(&v[0], b, CLEAT_CALL_LIST_ROUTES, handicaps[IDLE], 6000 * CLEAT_SECOND);
    cleat_clock_advance(31 * CLEAT_SECOND);
    line_up(&v[1], b, CLEAT_CALL_CREATE_ROUTE, handicaps[URGENT], 6000 * CLEAT_SECOND);
    cleat_clock_advance(68500 * CLEAT_MS);
    KT_EQ_INT(next_in(v, 2, (const bool[]){false, false}), 0);
    cleat_clock_advance(110 * CLEAT_SECOND);
    KT_EQ_INT(end(&v[0]), CLEAT_OK);
    KT_EQ_INT(end(&v[1]), CLEAT_OK);
    cleat_budget_leave(b, CLEAT_CALL_LIST_ROUTES, CLEAT_OK, 0);
    cleat_budget_leave(b, CLEAT_CALL_CREATE_ROUTE, CLEAT_OK, 0);
    finish(b);
}

/* Who is sent away is told when his turn may come, not when the next one does. */
static void not_all_come_back_at_once(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){.calls_per_second = 1, .burst = 1});
    struct caller v[20];
    struct cleat_error e;
    KT_OK(enter(b, CLEAT_CALL_EXISTS, &e), &e);
    for (int i = 0; i < 20; i++) {
        line_up(&v[i], b, CLEAT_CALL_EXISTS, (cleat_time)i, 100 * CLEAT_SECOND);
    }
    e = (struct cleat_error)CLEAT_ERROR_INIT;
    KT_EQ_INT(cleat_budget_enter(b, NULL, CLEAT_CALL_EXISTS, CLEAT_IDLE, 0, &e), CLEAT_E_THROTTLED);
    KT_TRUE(e.retry_after_ms > 20000 && e.retry_after_ms < 22000); /* behind twenty others */
    for (int i = 19; i >= 0; i--) {
        cleat_ctx_cancel(v[i].ctx);
        KT_EQ_INT(end(&v[i]), CLEAT_E_CANCELLED);
    }
    cleat_budget_leave(b, CLEAT_CALL_EXISTS, CLEAT_OK, 0);
    finish(b);
}

static void waiting_is_bounded(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){.in_flight = 1});
    struct caller c;
    struct cleat_error e;
    KT_OK(enter(b, CLEAT_CALL_EXISTS, &e), &e);
    line_up(&c, b, CLEAT_CALL_EXISTS, 0, 5 * CLEAT_SECOND); /* by its own patience */
    cleat_clock_advance(5 * CLEAT_SECOND);
    KT_EQ_INT(end(&c), CLEAT_E_THROTTLED);
    KT_TRUE(c.e.retry_after_ms > 0);
    line_up(&c, b, CLEAT_CALL_EXISTS, 0, 500 * CLEAT_SECOND); /* by its context */
    cleat_ctx_cancel(c.ctx);
    KT_EQ_INT(end(&c), CLEAT_E_CANCELLED);
    cleat_ctx *short_lived = cleat_ctx_new(NULL, CLEAT_SECOND); /* by its context's deadline */
    cleat_budget_leave(b, CLEAT_CALL_EXISTS, CLEAT_E_THROTTLED, 2000);
    e = (struct cleat_error)CLEAT_ERROR_INIT;
    KT_EQ_INT(cleat_budget_enter(b, short_lived, CLEAT_CALL_EXISTS, 0, 60 * CLEAT_SECOND, &e),
              CLEAT_E_THROTTLED); /* at once: it would be over before its turn */
    KT_TRUE(e.retry_after_ms >= 2000 && e.retry_after_ms <= 2001);
    cleat_ctx_free(short_lived);
    KT_EQ_INT(b->inside, 0);
    finish(b);
}

static void a_full_kind_holds_up_nobody(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){.in_flight = 3, .in_flight_each = 1});
    struct caller c;
    struct cleat_error e;
    KT_OK(enter(b, CLEAT_CALL_ENSURE_LB, &e), &e); /* and hangs */
    line_up(&c, b, CLEAT_CALL_ENSURE_LB, CLEAT_URGENT, 500 * CLEAT_SECOND);
    KT_OK(enter(b, CLEAT_CALL_DELETE_LB, &e), &e); /* past who waits */
    KT_OK(enter(b, CLEAT_CALL_LIST_ROUTES, &e), &e);
    KT_EQ_INT(enter(b, CLEAT_CALL_EXISTS, &e), CLEAT_E_THROTTLED); /* three in all */
    cleat_budget_leave(b, CLEAT_CALL_DELETE_LB, CLEAT_OK, 0);
    KT_TRUE(!cleat_event_is_set(&c.done));
    cleat_budget_leave(b, CLEAT_CALL_ENSURE_LB, CLEAT_E_TIMEOUT, 0);
    KT_EQ_INT(end(&c), CLEAT_OK);
    cleat_budget_leave(b, CLEAT_CALL_ENSURE_LB, CLEAT_OK, 0);
    cleat_budget_leave(b, CLEAT_CALL_LIST_ROUTES, CLEAT_OK, 0);
    finish(b);
}

/* What the cloud says to one holds for all. */
static void throttling_is_shared(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){0});
    struct cleat_error e;
    KT_OK(enter(b, CLEAT_CALL_LIST_ROUTES, &e), &e);
    KT_OK(enter(b, CLEAT_CALL_EXISTS, &e), &e);
    cleat_budget_leave(b, CLEAT_CALL_LIST_ROUTES, CLEAT_E_THROTTLED, 3000);
    cleat_budget_leave(b, CLEAT_CALL_EXISTS, CLEAT_OK, 0); /* began before: says nothing */
    cleat_clock_advance(CLEAT_SECOND);
    KT_EQ_INT(enter(b, CLEAT_CALL_ENSURE_LB, &e), CLEAT_E_THROTTLED);
    KT_TRUE(e.retry_after_ms >= 2000 && e.retry_after_ms <= 2001);
    cleat_clock_advance(2 * CLEAT_SECOND);
    KT_OK(enter(b, CLEAT_CALL_ENSURE_LB, &e), &e); /* one to see how it is */
    KT_EQ_INT(enter(b, CLEAT_CALL_EXISTS, &e), CLEAT_E_THROTTLED);
    cleat_clock_advance(1001 * CLEAT_MS); /* it has not returned: another one */
    while (b->gap > 0) {                  /* the better it goes, the quicker */
        cleat_time gap = b->gap;
        KT_OK(enter(b, CLEAT_CALL_EXISTS, &e), &e);
        KT_EQ_INT(enter(b, CLEAT_CALL_METADATA, &e), CLEAT_E_THROTTLED);
        cleat_budget_leave(b, CLEAT_CALL_EXISTS, CLEAT_OK, 0);
        KT_REQUIRE(b->gap < gap);
        cleat_clock_advance(gap + 1);
    }
    for (int i = 0; i < 20; i++) {
        KT_OK(enter(b, CLEAT_CALL_METADATA, &e), &e);
        cleat_budget_leave(b, CLEAT_CALL_METADATA, CLEAT_OK, 0);
    }
    cleat_budget_leave(b, CLEAT_CALL_ENSURE_LB, CLEAT_OK, 0);
    finish(b);
}

/* Where the cloud does not say how long: twice as long each time, and a minute at most. */
static void throttling_without_a_time(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){0});
    static const int64_t want[] = {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    struct cleat_error e;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        KT_OK(enter(b, CLEAT_CALL_METADATA, &e), &e);
        cleat_budget_leave(b, CLEAT_CALL_METADATA, CLEAT_E_THROTTLED, 0);
        KT_EQ_INT(enter(b, CLEAT_CALL_METADATA, &e), CLEAT_E_THROTTLED);
        KT_TRUE(e.retry_after_ms >= want[i] && e.retry_after_ms <= want[i] + 1);
        cleat_clock_advance(e.retry_after_ms * CLEAT_MS);
    }
    KT_OK(enter(b, CLEAT_CALL_METADATA, &e), &e);
    cleat_budget_leave(b, CLEAT_CALL_METADATA, CLEAT_OK, 0);
    cleat_clock_advance(CLEAT_SECOND);
    KT_OK(enter(b, CLEAT_CALL_METADATA, &e), &e);
    cleat_budget_leave(b, CLEAT_CALL_METADATA, CLEAT_E_THROTTLED, 0);
    KT_EQ_INT(enter(b, CLEAT_CALL_METADATA, &e), CLEAT_E_THROTTLED);
    KT_TRUE(e.retry_after_ms <= 1001); /* from the beginning */
    finish(b);
}

/* Who waits for the end of a back-off is let in when it ends, the urgent first. */
static void waits_out_a_back_off(void) {
    struct cleat_budget *b = make((struct cleat_gate_opts){0});
    struct caller v[3];
    struct cleat_error e;
    KT_OK(enter(b, CLEAT_CALL_METADATA, &e), &e);
    cleat_budget_leave(b, CLEAT_CALL_METADATA, CLEAT_E_THROTTLED, 1500);
    line_up(&v[0], b, CLEAT_CALL_LIST_SERVERS, CLEAT_IDLE, 60 * CLEAT_SECOND);
    line_up(&v[1], b, CLEAT_CALL_METADATA, CLEAT_SOON, 60 * CLEAT_SECOND);
    line_up(&v[2], b, CLEAT_CALL_REMOVE_ROUTE, CLEAT_URGENT, 60 * CLEAT_SECOND);
    want_order(v, 3, (const int[]){2, 1, 0});
    finish(b);
}

KT_MAIN("cloud_budget", KT_TEST(unlimited), KT_TEST(calls_a_second), KT_TEST(the_urgent_go_first),
        KT_TEST(nobody_starves), KT_TEST(not_all_come_back_at_once), KT_TEST(waiting_is_bounded),
        KT_TEST(a_full_kind_holds_up_nobody), KT_TEST(throttling_is_shared),
        KT_TEST(throttling_without_a_time), KT_TEST(waits_out_a_back_off))
