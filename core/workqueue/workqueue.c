/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work queues: what may happen to a key, and when. One mutex a queue, held for
 * a few steps at a time and never over a call to anyone else; any thread.
 */
#include "core/workqueue/internal.h"

static void add_locked(cleat_queue *q, struct cleat__item *it);

static void on_due(void *userdata) {
    cleat_queue *q = userdata;
    CLEAT_LOCKED(&q->mutex);
    cleat_time now = cleat_now_mono();
    for (struct cleat__item *it; (it = cleat__queue_due(q, now)) != NULL;) {
        add_locked(q, it);
    }
    cleat__queue_arm(q);
}

cleat_queue *cleat_queue_new(const struct cleat_queue_opts *given) {
    struct cleat_queue_opts o = {.struct_size = sizeof o};
    if (given != NULL) {
        memcpy(&o, given, given->struct_size < sizeof o ? given->struct_size : sizeof o);
    }
    cleat_queue *q = cleat_zalloc(sizeof *q);
    pthread_mutex_init(&q->mutex, NULL);
    pthread_cond_init(&q->cond, NULL);
    pthread_cond_init(&q->drained, NULL);
    q->tail = &q->head;
    q->base = o.base_delay > 0 ? o.base_delay : 5 * CLEAT_MS;
    q->max = o.max_delay > 0 ? o.max_delay : 1000 * CLEAT_SECOND;
    q->qps = o.qps != 0 ? o.qps : 10;
    q->burst = o.burst > 0 ? o.burst : 100;
    q->tokens = q->burst;
    q->filled = cleat_now_mono();
    q->timer = cleat_timer_new(INT64_MAX, 0, on_due, q);
    if (o.name != NULL) {
        cleat__queue_measure(q, o.name);
    }
    return q;
}

void cleat_queue_free(cleat_queue *q) {
    if (q == NULL) {
        return;
    }
    cleat_timer_free(q->timer);
    cleat__queue_unmeasure(q);
    cleat__items_done(q);
    free(q->heap);
    pthread_cond_destroy(&q->cond);
    pthread_cond_destroy(&q->drained);
    pthread_mutex_destroy(&q->mutex);
    free(q);
}

/* ---- putting in ---- */

static void enqueue(cleat_queue *q, struct cleat__item *it) {
    it->next = NULL;
    *q->tail = it;
    q->tail = &it->next;
    q->n++;
    cleat_metric_set(q->metrics.depth, (double)q->n);
    pthread_cond_signal(&q->cond);
}

static void add_locked(cleat_queue *q, struct cleat__item *it) {
    if (q->shutting_down) {
        cleat__item_drop_if_idle(q, it);
        return;
    }
    if (it->dirty) {
        return;
    }
    it->dirty = true;
    cleat_metric_add(q->metrics.adds, 1);
    if (q->name != NULL) {
        it->added = cleat_now_mono();
    }
    if (!it->processing) {
        enqueue(q, it);
    }
}

static void wait_locked(cleat_queue *q, struct cleat__item *it, cleat_time delay) {
    if (q->shutting_down) {
        cleat__item_drop_if_idle(q, it);
        return;
    }
    cleat_metric_add(q->metrics.retries, 1);
    cleat_time due;
    if (delay <= 0) {
        add_locked(q, it);
    } else {
        bool ever = !__builtin_add_overflow(cleat_now_mono(), delay, &due);
        cleat__queue_wait(q, it, ever ? due : INT64_MAX);
    }
}

void cleat_queue_add(cleat_queue *q, struct cleat_key key) {
    CLEAT_LOCKED(&q->mutex);
    add_locked(q, cleat__item_make(q, key));
}

void cleat_queue_add_after(cleat_queue *q, struct cleat_key key, cleat_time delay) {
    CLEAT_LOCKED(&q->mutex);
    wait_locked(q, cleat__item_make(q, key), delay);
}

/* base * 2^failures, up to the maximum. */
static cleat_time item_delay(const cleat_queue *q, const struct cleat__item *it) {
    cleat_time delay = q->base < q->max ? q->base : q->max;
    for (int i = 0; i < it->failures && delay < q->max; i++) {
        delay = delay > q->max / 2 ? q->max : delay * 2;
    }
    return delay;
}

/* How long the bucket of all keys makes this one wait; its token is taken at once. */
static cleat_time bucket_delay(cleat_queue *q) {
    if (q->qps < 0) {
        return 0;
    }
    cleat_time now = cleat_now_mono();
    q->tokens += (double)(now - q->filled) / 1e9 * q->qps;
    q->tokens = q->tokens > q->burst ? q->burst : q->tokens;
    q->filled = now;
    q->tokens -= 1;
    return q->tokens >= 0 ? 0 : (cleat_time)(-q->tokens / q->qps * 1e9);
}

void cleat_queue_add_rate_limited(cleat_queue *q, struct cleat_key key) {
    CLEAT_LOCKED(&q->mutex);
    struct cleat__item *it = cleat__item_make(q, key);
    cleat_time own = item_delay(q, it), shared = bucket_delay(q);
    it->failures += it->failures < INT32_MAX;
    wait_locked(q, it, own > shared ? own : shared);
}

void cleat_queue_forget(cleat_queue *q, struct cleat_key key) {
    CLEAT_LOCKED(&q->mutex);
    struct cleat__item *it = cleat__item_find(q, key);
    if (it != NULL) {
        it->failures = 0;
        cleat__item_drop_if_idle(q, it);
    }
}

int32_t cleat_queue_num_requeues(cleat_queue *q, struct cleat_key key) {
    CLEAT_LOCKED(&q->mutex);
    struct cleat__item *it = cleat__item_find(q, key);
    return it ? it->failures : 0;
}

/* ---- taking out ---- */

static void take(cleat_queue *q, struct cleat_key *ret) {
    struct cleat__item *it = q->head;
    q->head = it->next;
    if (q->head == NULL) {
        q->tail = &q->head;
    }
    q->n--;
    it->dirty = false;
    it->processing = true;
    it->prev = NULL;
    it->next = q->processed;
    if (it->next != NULL) {
        it->next->prev = it;
    }
    q->processed = it;
    q->n_processed++;
    if (q->name != NULL) {
        it->started = cleat_now_mono();
        cleat_metric_set(q->metrics.depth, (double)q->n);
        cleat_metric_add(q->metrics.queue_time, (double)(it->started - it->added) / 1e9);
    }
    *ret = it->key;
}

int32_t cleat_queue_get(cleat_queue *q, struct cleat_key *ret) {
    CLEAT_LOCKED(&q->mutex);
    while (q->head == NULL && !q->shutting_down) {
        pthread_cond_wait(&q->cond, &q->mutex);
    }
    if (q->head == NULL) {
        return 0;
    }
    take(q, ret);
    return 1;
}

int32_t cleat_queue_try_get(cleat_queue *q, struct cleat_key *ret) {
    CLEAT_LOCKED(&q->mutex);
    if (q->head == NULL) {
        return q->shutting_down ? -1 : 0;
    }
    take(q, ret);
    return 1;
}

void cleat_queue_done(cleat_queue *q, struct cleat_key key) {
    CLEAT_LOCKED(&q->mutex);
    struct cleat__item *it = cleat__item_find(q, key);
    cleat_assert(it != NULL && it->processing);
    *(it->prev ? &it->prev->next : &q->processed) = it->next;
    if (it->next != NULL) {
        it->next->prev = it->prev;
    }
    it->processing = false;
    q->n_processed--;
    if (q->name != NULL) {
        cleat_metric_add(q->metrics.work_time, (double)(cleat_now_mono() - it->started) / 1e9);
    }
    if (it->dirty) {
        enqueue(q, it);
    } else {
        cleat__item_drop_if_idle(q, it);
    }
    if (q->shutting_down && q->n == 0 && q->n_processed == 0) {
        pthread_cond_broadcast(&q->drained);
    }
}

size_t cleat_queue_len(cleat_queue *q) {
    CLEAT_LOCKED(&q->mutex);
    return q->n;
}

void cleat_queue_shut_down(cleat_queue *q, int32_t drain) {
    CLEAT_LOCKED(&q->mutex);
    q->shutting_down = true;
    for (struct cleat__item *it; (it = cleat__queue_due(q, INT64_MAX)) != NULL;) {
        cleat__item_drop_if_idle(q, it);
    }
    pthread_cond_broadcast(&q->cond);
    while (drain && (q->n > 0 || q->n_processed > 0)) {
        pthread_cond_wait(&q->drained, &q->mutex);
    }
}

const struct cleat_workqueue_api cleat_workqueue_api = {
    .struct_size = sizeof cleat_workqueue_api,
    .create = cleat_queue_new,
    .destroy = cleat_queue_free,
    .add = cleat_queue_add,
    .add_after = cleat_queue_add_after,
    .add_rate_limited = cleat_queue_add_rate_limited,
    .forget = cleat_queue_forget,
    .num_requeues = cleat_queue_num_requeues,
    .get = cleat_queue_get,
    .done = cleat_queue_done,
    .len = cleat_queue_len,
    .shut_down = cleat_queue_shut_down,
};
