/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads that many ask for: an answer serves whoever asks within `cache` of the moment
 * at which the cloud was asked, unless something that was written or that the provider
 * told may have changed it since; who asks while the cloud is being asked waits for
 * the same answer. Errors go to those who waited and are not kept. Any thread.
 */
#include "core/cloud/internal.h"

struct cleat_kept {
    _Atomic int refs;
    char *key;
    int about;
    uint64_t generation;
    cleat_time began; /* monotonic */
    bool over;        /* answered or failed; then the rest is fixed */
    bool personal;    /* failed for a reason of the asker's own */
    cleat_err err;
    struct cleat_error error;
    struct cleat_answer *answer;
    struct cleat_event ended;
    struct cleat_kept *next; /* by age */
};

static void kept_unref(struct cleat_kept *k) {
    if (atomic_fetch_sub_explicit(&k->refs, 1, memory_order_acq_rel) == 1) {
        cleat_answer_unref(k->answer);
        free(k->key);
        free(k);
    }
}

void cleat_answers_init(struct cleat_answers *a) {
    *a = (struct cleat_answers){0};
    a->newest = &a->oldest;
    pthread_mutex_init(&a->mutex, NULL);
}

/* Takes the oldest out. Locked. */
static void drop_oldest(struct cleat_answers *a) {
    struct cleat_kept *k = a->oldest;
    a->oldest = k->next;
    a->newest = a->oldest != NULL ? a->newest : &a->oldest;
    if (cleat_map_get(&a->by_key, cleat_s(k->key)) == k) {
        cleat_map_remove(&a->by_key, cleat_s(k->key));
    }
    kept_unref(k);
}

void cleat_answers_done(struct cleat_answers *a) {
    while (a->oldest != NULL) {
        drop_oldest(a);
    }
    cleat_map_done(&a->by_key);
    pthread_mutex_destroy(&a->mutex);
}

void cleat_answers_forget(struct cleat_answers *a, int about) {
    CLEAT_LOCKED(&a->mutex);
    a->generation[about]++;
}

/* One that serves who asks now, or NULL; a new reference. Locked. */
static struct cleat_kept *find(cleat_gate *g, const char *key) {
    struct cleat_answers *a = &g->answers;
    cleat_time now = cleat_now_mono();
    while (a->oldest != NULL && a->oldest->over && now - a->oldest->began >= g->opts.cache) {
        drop_oldest(a);
    }
    struct cleat_kept *k = cleat_map_get(&a->by_key, cleat_s(key));
    if (k == NULL || k->generation != a->generation[k->about] || now - k->began >= g->opts.cache ||
        (k->over && k->err != CLEAT_OK) ||
        (!k->over && g->opts.manual)) { /* on one thread it would wait for itself */
        return NULL;
    }
    atomic_fetch_add_explicit(&k->refs, 1, memory_order_relaxed);
    return k;
}

/* Locked. */
static struct cleat_kept *begin(struct cleat_answers *a, int about, const char *key) {
    struct cleat_kept *k = cleat_zalloc(sizeof *k);
    atomic_init(&k->refs, 2); /* the line's and the asker's */
    k->key = cleat_strdup(key);
    k->about = about;
    k->generation = a->generation[about];
    k->began = cleat_now_mono();
    k->error.struct_size = sizeof k->error;
    cleat_event_init(&k->ended);
    *a->newest = k;
    a->newest = &k->next;
    cleat_map_put(&a->by_key, cleat_s(key), k);
    return k;
}

/* Asks the cloud, and tells those who wait. */
static cleat_err ask(cleat_gate *g, cleat_ctx *ctx, struct cleat_kept *k, struct cleat_call *call,
                     cleat_time handicap, struct cleat_answer **ret, struct cleat_error *reterr) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_call_run(call, ctx, handicap, &e);
    if (err == CLEAT_OK) {
        *ret = cleat_answer_ref(call->answer);
        cleat_metric_add(g->metrics.from_cloud[call->kind], 1);
    } else {
        cleat_call_copy_error(reterr, &e);
    }
    {
        CLEAT_LOCKED(&g->answers.mutex);
        k->err = err;
        k->error = e;
        k->personal = err != CLEAT_OK && cleat_ctx_err(ctx) != CLEAT_OK;
        k->answer = err == CLEAT_OK ? cleat_answer_ref(call->answer) : NULL;
        k->over = true;
    }
    cleat_event_set(&k->ended);
    return err;
}

/* Waits for somebody else's; false where that says nothing to who waited. */
static bool join(cleat_gate *g, cleat_ctx *ctx, struct cleat_kept *k, struct cleat_call *call,
                 struct cleat_answer **ret, cleat_err *ret_err, struct cleat_error *reterr) {
    bool was_over = cleat_event_is_set(&k->ended);
    cleat_err err = cleat_ctx_wait(ctx, &k->ended);
    if (err != CLEAT_OK) {
        *ret_err = cleat_fail(reterr, err, "the cloud has not answered yet");
        return true;
    }
    if (k->personal) {
        return false;
    }
    *ret_err = k->err;
    if (k->err == CLEAT_OK) {
        *ret = cleat_answer_ref(k->answer);
        cleat_metric_add(
            was_over ? g->metrics.from_cache[call->kind] : g->metrics.from_others[call->kind], 1);
    } else {
        cleat_call_copy_error(reterr, &k->error);
    }
    return true;
}

cleat_err cleat_answers_get(cleat_gate *g, cleat_ctx *ctx, int about, const char *key,
                            struct cleat_call *call, cleat_time handicap, struct cleat_answer **ret,
                            struct cleat_error *reterr) {
    if (g->opts.cache <= 0) {
        CLEAT_TRY(cleat_call_run(call, ctx, handicap, reterr));
        *ret = cleat_answer_ref(call->answer);
        cleat_metric_add(g->metrics.from_cloud[call->kind], 1);
        return CLEAT_OK;
    }
    for (;;) {
        struct cleat_kept *k;
        bool mine;
        {
            CLEAT_LOCKED(&g->answers.mutex);
            k = find(g, key);
            mine = k == NULL;
            if (mine) {
                k = begin(&g->answers, about, key);
            }
        }
        cleat_err err = CLEAT_OK;
        bool told = mine ? (err = ask(g, ctx, k, call, handicap, ret, reterr), true)
                         : join(g, ctx, k, call, ret, &err, reterr);
        kept_unref(k);
        if (told) {
            return err;
        }
    }
}
