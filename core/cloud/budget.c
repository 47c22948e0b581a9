/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose turn it is: a bucket of tokens, calls at a time in all and of each kind,
 * and a back-off that all callers share. Those who wait stand in one line, each
 * where it would be had it come later by its handicap; who cannot go because too
 * many of his kind are inside holds up nobody else.
 *
 * Each waiter looks after itself: it sleeps until it is let in or until the time
 * at which somebody might be, and then lets in whoever may go. Any thread.
 */
#include "core/cloud/internal.h"

#define BACK_OFF_FIRST CLEAT_SECOND
#define BACK_OFF_MOST  (60 * CLEAT_SECOND)
/* Between calls once the cloud has had too much: twice as much whenever it says so again, an
 * eighth less with each answer. */
#define GAP_FIRST (100 * CLEAT_MS)
#define GAP_LEAST (10 * CLEAT_MS)
#define GAP_MOST  CLEAT_SECOND
#define LINE_MOST (30 * CLEAT_SECOND) /* beyond this a place in the line tells nothing */

struct cleat_turn {
    enum cleat_call_kind kind;
    cleat_time due; /* its place in the line */
    bool in;
    struct cleat_event ev;
    struct cleat_turn *next;
};

void cleat_budget_init(struct cleat_budget *b, const struct cleat_gate_opts *o) {
    *b = (struct cleat_budget){
        .rate = o->calls_per_second > 0 ? o->calls_per_second : 0,
        .burst = o->burst > 1 ? (double)o->burst : 1,
        .filled = cleat_now_mono(),
        .limit = o->manual ? 0 : o->in_flight, /* nobody else could leave on one thread */
        .limit_each = o->manual ? 0 : o->in_flight_each,
    };
    b->tokens = b->burst;
    pthread_mutex_init(&b->mutex, NULL);
}

void cleat_budget_done(struct cleat_budget *b) {
    cleat_assert(b->waiting == NULL);
    pthread_mutex_destroy(&b->mutex);
}

size_t cleat_budget_waiting(struct cleat_budget *b) {
    CLEAT_LOCKED(&b->mutex);
    size_t n = 0;
    for (const struct cleat_turn *t = b->waiting; t != NULL; t = t->next) {
        n++;
    }
    return n;
}

/* ---- locked ---- */

static void refill(struct cleat_budget *b, cleat_time now) {
    double more = (double)(now - b->filled) / (double)CLEAT_SECOND * b->rate;
    b->tokens = b->tokens + more < b->burst ? b->tokens + more : b->burst;
    b->filled = now;
}

/* When anybody at all may go next: now, later, or INT64_MAX where only a leave can tell. */
static cleat_time next_chance(struct cleat_budget *b, cleat_time now) {
    cleat_time open = b->closed_until > b->next ? b->closed_until : b->next;
    if (now < open) {
        return open;
    }
    if (b->limit > 0 && b->inside >= b->limit) {
        return INT64_MAX;
    }
    if (b->rate > 0) {
        refill(b, now);
        if (b->tokens < 1) {
            return now + (cleat_time)((1 - b->tokens) / b->rate * (double)CLEAT_SECOND) + 1;
        }
    }
    return now;
}

/* Lets in whoever may go; when somebody else might. */
static cleat_time let_in(struct cleat_budget *b) {
    cleat_time now = cleat_now_mono();
    for (struct cleat_turn **at = &b->waiting; *at != NULL;) {
        cleat_time chance = next_chance(b, now);
        if (chance > now) {
            return chance;
        }
        struct cleat_turn *t = *at;
        if (b->limit_each > 0 && b->inside_each[t->kind] >= b->limit_each) {
            at = &t->next;
            continue;
        }
        *at = t->next;
        b->tokens -= b->rate > 0 ? 1 : 0;
        b->inside++;
        b->inside_each[t->kind]++;
        b->next = b->gap > 0 ? now + b->gap : 0;
        t->in = true;
        cleat_event_set(&t->ev);
    }
    return INT64_MAX;
}

static void line_up(struct cleat_budget *b, struct cleat_turn *t) {
    struct cleat_turn **at = &b->waiting;
    while (*at != NULL && (*at)->due <= t->due) {
        at = &(*at)->next;
    }
    t->next = *at;
    *at = t;
}

static void step_out(struct cleat_budget *b, const struct cleat_turn *t) {
    struct cleat_turn **at = &b->waiting;
    while (*at != t) {
        at = &(*at)->next;
    }
    *at = t->next;
}

/* ---- */

/* When t's turn may come, as far as one can tell: those before it go one by one. Who all come
 * again at the same time would all but one come in vain. */
static cleat_time turn_of(const struct cleat_budget *b, const struct cleat_turn *t,
                          cleat_time chance) {
    cleat_time apart = b->gap;
    if (b->rate > 0 && (double)CLEAT_SECOND / b->rate > (double)apart) {
        apart = (cleat_time)((double)CLEAT_SECOND / b->rate);
    }
    cleat_time at = chance;
    for (const struct cleat_turn *o = b->waiting; o != t && at - chance < LINE_MOST; o = o->next) {
        at += apart < LINE_MOST ? apart : LINE_MOST;
    }
    return at - chance < LINE_MOST ? at : chance + LINE_MOST;
}

static cleat_err too_much(struct cleat_budget *b, const struct cleat_turn *t, cleat_time chance,
                          struct cleat_error *e) {
    cleat_time now = cleat_now_mono();
    bool told = now < b->closed_until;
    cleat_fail(e, CLEAT_E_THROTTLED,
               told ? "the cloud wants fewer calls; this one was not made"
                    : "the budget of calls to the cloud is used up; this one was not made");
    if (e != NULL) {
        cleat_time wait = chance == INT64_MAX ? CLEAT_SECOND : turn_of(b, t, chance) - now;
        e->retry_after_ms = wait > 0 ? wait / CLEAT_MS + 1 : 1;
    }
    return CLEAT_E_THROTTLED;
}

static cleat_time sooner(cleat_time a, cleat_time b) {
    return a < b ? a : b;
}

/* Sleeps until t is in, the context ends, or `until`. */
static void sleep_until(cleat_ctx *ctx, struct cleat_turn *t, cleat_time until) {
    cleat_time d = until - cleat_now_mono();
    if (until == INT64_MAX) {
        cleat_ctx_wait(ctx, &t->ev);
    } else if (d > 0) {
        cleat_ctx *nap = cleat_ctx_new(ctx, d);
        cleat_ctx_wait(nap, &t->ev);
        cleat_ctx_free(nap);
    }
}

cleat_err cleat_budget_enter(struct cleat_budget *b, cleat_ctx *ctx, enum cleat_call_kind kind,
                             cleat_time handicap, cleat_time max_wait, struct cleat_error *reterr) {
    CLEAT_TRY(cleat_ctx_err(ctx));
    cleat_time now = cleat_now_mono();
    cleat_time left = cleat_ctx_remaining(ctx);
    cleat_time give_up = now + sooner(max_wait, left);
    struct cleat_turn t = {.kind = kind, .due = now + handicap};
    cleat_event_init(&t.ev);
    pthread_mutex_lock(&b->mutex);
    line_up(b, &t);
    for (;;) {
        cleat_time chance = let_in(b);
        if (t.in) {
            break;
        }
        cleat_err err = cleat_ctx_err(ctx);
        bool hopeless = chance != INT64_MAX && chance > give_up;
        if (err != CLEAT_OK || hopeless || cleat_now_mono() >= give_up) {
            err = err == CLEAT_E_CANCELLED ? err : too_much(b, &t, chance, reterr);
            step_out(b, &t);
            pthread_mutex_unlock(&b->mutex);
            return err;
        }
        cleat_event_init(&t.ev); /* others set it with the mutex held only */
        pthread_mutex_unlock(&b->mutex);
        sleep_until(ctx, &t, sooner(chance, give_up));
        pthread_mutex_lock(&b->mutex);
    }
    pthread_mutex_unlock(&b->mutex);
    return CLEAT_OK;
}

/* Once for all those who were inside when it became too much. */
static void widen_gap(struct cleat_budget *b, cleat_time told) {
    if (cleat_now_mono() >= b->closed_until) {
        b->gap = b->gap > 0 ? b->gap * 2 : told > GAP_FIRST ? told : GAP_FIRST;
        b->gap = b->gap < GAP_MOST ? b->gap : GAP_MOST;
    }
}

/* Closes for all until then; the longest that anybody was told holds. Locked. */
static void close_until(struct cleat_budget *b, int64_t retry_after_ms) {
    cleat_time d;
    if (retry_after_ms > 0) {
        d = retry_after_ms < INT64_MAX / (2 * CLEAT_MS) ? retry_after_ms * CLEAT_MS : INT64_MAX / 2;
    } else {
        d = b->back_off > 0 ? b->back_off * 2 : BACK_OFF_FIRST;
        d = b->back_off = d < BACK_OFF_MOST ? d : BACK_OFF_MOST;
    }
    widen_gap(b, d);
    cleat_time until;
    if (__builtin_add_overflow(cleat_now_mono(), d, &until)) {
        until = INT64_MAX - 1;
    }
    b->closed_until = until > b->closed_until ? until : b->closed_until;
}

void cleat_budget_tell(struct cleat_budget *b, cleat_time *ret_closed_until,
                       cleat_time *ret_refused) {
    CLEAT_LOCKED(&b->mutex);
    *ret_closed_until = b->closed_until > cleat_now_mono() ? b->closed_until : 0;
    *ret_refused = b->refused;
}

void cleat_budget_leave(struct cleat_budget *b, enum cleat_call_kind kind, cleat_err err,
                        int64_t retry_after_ms) {
    CLEAT_LOCKED(&b->mutex);
    b->inside--;
    b->inside_each[kind]--;
    if (err == CLEAT_E_THROTTLED) {
        b->refused = cleat_now_mono();
        close_until(b, retry_after_ms);
    } else if (err != CLEAT_E_CANCELLED && err != CLEAT_E_TIMEOUT &&
               cleat_now_mono() >= b->closed_until) { /* answered, and not throttled */
        b->back_off = 0;
        b->gap -= b->gap / 8;
        b->gap = b->gap > GAP_LEAST ? b->gap : 0;
    }
    let_in(b);
    for (struct cleat_turn *t = b->waiting; t != NULL; t = t->next) {
        cleat_event_set(&t->ev); /* its next chance may be sooner than it thought */
    }
}
