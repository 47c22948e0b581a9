/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call of a provider. It owns copies of all that it was asked, and runs on a
 * thread of the gate's under a context of its own, so that its caller may leave at any
 * moment: a call that does not return then keeps its thread and its place in the
 * budget, and nothing else. Without threads (simulator) it runs on the caller's.
 */
#include "core/cloud/internal.h"

#include <errno.h>
#include <time.h>

#define GRACE CLEAT_SECOND /* after its deadline, to return by itself */
/* Longer than this nobody is left alone, whatever a provider says: it may be wrong by a unit. */
#define RETRY_MOST ((int64_t)3600 * 1000)

/* ---- the call ---- */

static bool changes_something(enum cleat_call_kind kind) {
    return kind == CLEAT_CALL_ENSURE_LB || kind == CLEAT_CALL_UPDATE_LB ||
           kind == CLEAT_CALL_DELETE_LB || kind == CLEAT_CALL_CREATE_ROUTE ||
           kind == CLEAT_CALL_REMOVE_ROUTE;
}

struct cleat_call *cleat_call_new(cleat_gate *g, enum cleat_call_kind kind,
                                  const cleat_obj *object) {
    struct cleat_call *c = cleat_zalloc(sizeof *c);
    atomic_init(&c->refs, 1);
    c->gate = g;
    c->kind = kind;
    c->timeout = changes_something(kind) ? g->opts.write_timeout : g->opts.read_timeout;
    c->object = object != NULL ? cleat_obj_ref(object) : NULL;
    c->error.struct_size = sizeof c->error;
    cleat_event_init(&c->ended);
    return c;
}

struct cleat_call *cleat_call_ref(struct cleat_call *c) {
    atomic_fetch_add_explicit(&c->refs, 1, memory_order_relaxed);
    return c;
}

void cleat_call_unref(struct cleat_call *c) {
    if (c == NULL || atomic_fetch_sub_explicit(&c->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    cleat_obj_unref(c->object);
    for (size_t i = 0; i < c->n_nodes; i++) {
        cleat_obj_unref(c->nodes[i]);
    }
    free(c->nodes);
    free(c->cluster);
    free(c->hint);
    cleat_answer_unref(c->what);
    cleat_obj_unref(c->status);
    cleat_answer_unref(c->answer);
    cleat_ctx_free(c->ctx);
    free(c);
}

void cleat_call_limit(struct cleat_call *c, cleat_ctx *ctx) {
    cleat_time left = cleat_ctx_remaining(ctx);
    if (left != INT64_MAX && (c->timeout <= 0 || left < c->timeout)) {
        c->timeout = left > 0 ? left : 1;
    }
}

static const struct cleat_gate_metrics *metrics_of(const struct cleat_call *c) {
    return &c->gate->metrics;
}

/* On whatever thread: the provider is asked, and whoever waits is told. */
static void perform(struct cleat_call *c) {
    const struct cleat_gate_metrics *m = metrics_of(c);
    cleat_time began = cleat_now_mono();
    cleat_metric_add(m->inside, 1);
    cleat_gate_enter(c);
    cleat_call_perform(c);
    c->ended_at = cleat_now_mono();
    cleat_gate_leave(c);
    cleat_metric_add(m->inside, -1);
    int64_t retry = c->error.retry_after_ms;
    c->error.retry_after_ms = retry < 0 ? 0 : retry < RETRY_MOST ? retry : RETRY_MOST;
    cleat_metric_add(m->seconds[c->kind], (double)(c->ended_at - began) / 1e9);
    if (c->err != CLEAT_OK && c->err != CLEAT_E_PENDING && c->err != CLEAT_E_ELSEWHERE) {
        cleat_metric_add(m->errors[c->kind], 1);
    }
    if (c->err == CLEAT_E_THROTTLED) {
        cleat_metric_add(m->throttled[c->kind], 1);
    }
    cleat_budget_leave(&c->gate->budget, c->kind, c->err, c->error.retry_after_ms);
}

/* ---- threads ---- */

void cleat_call_threads_init(struct cleat_call_threads *t) {
    *t = (struct cleat_call_threads){0};
    t->last = &t->first;
    pthread_mutex_init(&t->mutex, NULL);
    pthread_cond_init(&t->wake, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&t->left, &attr);
    pthread_condattr_destroy(&attr);
}

static void *run(void *arg) {
    struct cleat_call_threads *t = arg;
    pthread_mutex_lock(&t->mutex);
    for (;;) {
        while (t->first == NULL && !t->stop) {
            t->idle++;
            pthread_cond_wait(&t->wake, &t->mutex);
            t->idle--;
        }
        struct cleat_call *c = t->first;
        if (c == NULL) {
            break;
        }
        t->first = c->next;
        t->last = t->first != NULL ? t->last : &t->first;
        t->queued--;
        t->inside++;
        pthread_mutex_unlock(&t->mutex);
        perform(c);
        cleat_event_set(&c->ended);
        cleat_call_unref(c);
        pthread_mutex_lock(&t->mutex);
        t->inside--;
    }
    t->alive--;
    pthread_cond_broadcast(&t->left);
    pthread_mutex_unlock(&t->mutex);
    return NULL;
}

/* Takes a reference of its own. */
static void hand_over(struct cleat_call_threads *t, struct cleat_call *c) {
    CLEAT_LOCKED(&t->mutex);
    *t->last = cleat_call_ref(c);
    t->last = &c->next;
    t->queued++;
    if (t->queued > t->idle) {
        t->v = cleat_rearray(t->v, t->n + 1, sizeof *t->v);
        t->alive++;
        t->v[t->n++] = cleat_thread_start("cleat-cloud", run, t);
    } else {
        pthread_cond_signal(&t->wake);
    }
}

void cleat_call_threads_stop(struct cleat_call_threads *t) {
    CLEAT_LOCKED(&t->mutex);
    t->stop = true;
    pthread_cond_broadcast(&t->wake);
}

int cleat_call_threads_join(struct cleat_call_threads *t, cleat_time timeout) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts); /* real: a thread that is late is so in real time */
    ts.tv_sec += timeout / CLEAT_SECOND;
    ts.tv_nsec += timeout % CLEAT_SECOND;
    ts.tv_sec += ts.tv_nsec / CLEAT_SECOND;
    ts.tv_nsec %= CLEAT_SECOND;
    {
        CLEAT_LOCKED(&t->mutex);
        while (t->alive > 0 && pthread_cond_timedwait(&t->left, &t->mutex, &ts) != ETIMEDOUT) {
        }
        if (t->alive > 0) {
            return (int)t->alive;
        }
    }
    for (size_t i = 0; i < t->n; i++) {
        pthread_join(t->v[i], NULL);
    }
    free(t->v);
    t->v = NULL;
    t->n = 0;
    return 0;
}

void cleat_call_threads_done(struct cleat_call_threads *t) {
    cleat_assert(t->n == 0 && t->first == NULL);
    pthread_mutex_destroy(&t->mutex);
    pthread_cond_destroy(&t->wake);
    pthread_cond_destroy(&t->left);
}

/* ---- asking ---- */

cleat_err cleat_call_begin(struct cleat_call *c, cleat_ctx *ctx, cleat_time handicap,
                           struct cleat_error *reterr) {
    cleat_gate *g = c->gate;
    const struct cleat_gate_metrics *m = metrics_of(c);
    if (cleat_ctx_err(g->ctx) != CLEAT_OK) {
        return cleat_fail(reterr, CLEAT_E_CANCELLED, "the provider is being stopped");
    }
    cleat_time came = cleat_now_mono();
    cleat_metric_add(m->waiting, 1);
    cleat_err err =
        cleat_budget_enter(&g->budget, ctx, c->kind, handicap, g->opts.max_wait, reterr);
    cleat_metric_add(m->waiting, -1);
    cleat_metric_add(m->waited[c->kind], (double)(cleat_now_mono() - came) / 1e9);
    if (err != CLEAT_OK) {
        cleat_metric_add(m->refused[c->kind], 1);
        return err;
    }
    c->began = cleat_now_mono();
    c->ctx = cleat_ctx_new(g->opts.manual ? ctx : g->ctx, c->timeout);
    if (g->opts.manual) {
        perform(c);
        cleat_ctx_free(CLEAT_STEAL(c->ctx)); /* before the caller's */
        cleat_event_set(&c->ended);
    } else {
        hand_over(&g->threads, c);
    }
    return CLEAT_OK;
}

bool cleat_call_wait(struct cleat_call *c, cleat_ctx *ctx, cleat_time patience) {
    if (cleat_event_is_set(&c->ended)) {
        return true;
    }
    if (patience < 0 && c->timeout > 0) {
        patience = cleat_ctx_remaining(c->ctx) + GRACE;
    }
    cleat_ctx *nap = cleat_ctx_new(ctx, patience);
    cleat_ctx_wait(nap, &c->ended);
    cleat_ctx_free(nap);
    return cleat_event_is_set(&c->ended);
}

void cleat_call_copy_error(struct cleat_error *to, const struct cleat_error *from) {
    if (to != NULL) {
        uint32_t size = to->struct_size;
        memcpy(to, from, size < sizeof *from ? size : sizeof *from);
        to->struct_size = size;
    }
}

cleat_err cleat_call_error(const struct cleat_call *c, struct cleat_error *reterr) {
    if (c->err != CLEAT_OK) {
        cleat_call_copy_error(reterr, &c->error);
    }
    return c->err;
}

cleat_err cleat_call_run(struct cleat_call *c, cleat_ctx *ctx, cleat_time handicap,
                         struct cleat_error *reterr) {
    cleat_call_limit(c, ctx); /* who asked will not be there any longer */
    CLEAT_TRY(cleat_call_begin(c, ctx, handicap, reterr));
    if (cleat_call_wait(c, ctx, -1)) {
        return cleat_call_error(c, reterr);
    }
    cleat_ctx_cancel(c->ctx);
    cleat_metric_add(metrics_of(c)->left_behind[c->kind], 1);
    cleat_err err = cleat_ctx_err(ctx);
    return cleat_fail(reterr, err != CLEAT_OK ? err : CLEAT_E_TIMEOUT,
                      "the cloud has not answered a call of %s", cleat_call_names[c->kind]);
}
