/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One mutex a queue. A key is one item, found through a map while anything is
 * known of it: queued, with a worker, waiting for its time, or having failed.
 */
#include "core/workqueue/workqueue.h"

struct item {
    struct item *next; /* in the queue */
    bool dirty, processing, queued;
    int failures;
    size_t heap_at; /* place among the waiting + 1; 0 = not waiting */
    cleat_time due, added, started;
    struct cleat_key key; /* points into text */
    size_t text_n;
    char text[]; /* ns NUL name */
};

struct cleat_queue {
    pthread_mutex_t mutex;
    pthread_cond_t cond, drained;
    struct cleat_map items;
    struct item *head, **tail;
    size_t n, n_processing;
    struct item **heap;
    size_t heap_n, heap_cap;
    bool shutting_down;
    cleat_timer *timer;
    cleat_time base, max;
    double qps, burst, tokens;
    cleat_time filled;
    cleat_metric *depth, *adds, *retries, *queue_time, *work_time, *unfinished, *longest;
    char *name;
};

static const double buckets[] = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};

static cleat_metric *series(const char *name, const char *help, int type, const char *value) {
    static const char *const labels[] = {"name", NULL};
    bool histogram = type == CLEAT_HISTOGRAM;
    cleat_metric *f = cleat_metric_family(name, help, type, labels, histogram ? buckets : NULL,
                                          histogram ? sizeof buckets / sizeof *buckets : 0);
    return cleat_metric_with(f, (const char *const[]){value, NULL});
}

static void on_due(void *userdata);

cleat_queue *cleat_queue_new(const struct cleat_queue_opts *o) {
    cleat_queue *q = cleat_zalloc(sizeof *q);
    pthread_mutex_init(&q->mutex, NULL);
    pthread_cond_init(&q->cond, NULL);
    pthread_cond_init(&q->drained, NULL);
    q->tail = &q->head;
    q->base = o && o->base_delay ? o->base_delay : 5 * CLEAT_MS;
    q->max = o && o->max_delay ? o->max_delay : 1000 * CLEAT_SECOND;
    q->qps = o && o->qps != 0 ? o->qps : 10;
    q->burst = o && o->burst ? o->burst : 100;
    q->tokens = q->burst;
    q->filled = cleat_now_mono();
    if (o && o->name) {
        q->name = cleat_strdup(o->name);
        q->depth = series("workqueue_depth", "Current depth of workqueue", CLEAT_GAUGE, q->name);
        q->adds = series("workqueue_adds_total", "Total number of adds handled by workqueue",
                         CLEAT_COUNTER, q->name);
        q->retries = series("workqueue_retries_total",
                            "Total number of retries handled by workqueue", CLEAT_COUNTER, q->name);
        q->queue_time =
            series("workqueue_queue_duration_seconds",
                   "How long in seconds an item stays in workqueue before being requested.",
                   CLEAT_HISTOGRAM, q->name);
        q->work_time = series("workqueue_work_duration_seconds",
                              "How long in seconds processing an item from workqueue takes.",
                              CLEAT_HISTOGRAM, q->name);
    }
    q->timer = cleat_timer_new(INT64_MAX, 0, on_due, q);
    return q;
}

void cleat_queue_free(cleat_queue *q) {
    if (q == NULL) {
        return;
    }
    cleat_timer_free(q->timer);
    size_t i = 0;
    for (struct cleat_map_entry *e; (e = cleat_map_each(&q->items, &i)) != NULL;) {
        free(e->value);
    }
    cleat_map_done(&q->items);
    free(q->heap);
    free(q->name);
    pthread_cond_destroy(&q->cond);
    pthread_cond_destroy(&q->drained);
    pthread_mutex_destroy(&q->mutex);
    free(q);
}

/* ---- items ---- */

/* ns NUL name, in a buffer of the caller's or, where that is short, in *ret_big. */
static struct cleat_str join(struct cleat_key k, char *buf, size_t size, char **ret_big) {
    size_t n = k.ns.n + 1 + k.name.n;
    char *p = n <= size ? buf : (*ret_big = cleat_alloc(n));
    if (k.ns.n > 0) {
        memcpy(p, k.ns.p, k.ns.n);
    }
    p[k.ns.n] = '\0';
    if (k.name.n > 0) {
        memcpy(p + k.ns.n + 1, k.name.p, k.name.n);
    }
    return (struct cleat_str){p, n};
}

static struct item *find(cleat_queue *q, struct cleat_key k, bool make) {
    char buf[512];
    CLEAT_AUTO_FREE char *big = NULL;
    struct cleat_str text = join(k, buf, sizeof buf, &big);
    struct item *it = cleat_map_get(&q->items, text);
    if (it == NULL && make) {
        it = cleat_alloc(sizeof *it + text.n);
        *it = (struct item){.text_n = text.n};
        memcpy(it->text, text.p, text.n);
        it->key.ns = (struct cleat_str){it->text, k.ns.n};
        it->key.name = (struct cleat_str){it->text + k.ns.n + 1, k.name.n};
        cleat_map_put(&q->items, text, it);
    }
    return it;
}

/* Forgets an item of which nothing is left to know. */
static void drop_if_idle(cleat_queue *q, struct item *it) {
    if (!it->dirty && !it->processing && it->heap_at == 0 && it->failures == 0) {
        cleat_map_remove(&q->items, (struct cleat_str){it->text, it->text_n});
        free(it);
    }
}

static void enqueue(cleat_queue *q, struct item *it) {
    it->next = NULL;
    it->queued = true;
    it->added = cleat_now_mono();
    *q->tail = it;
    q->tail = &it->next;
    q->n++;
    cleat_metric_set(q->depth, (double)q->n);
    pthread_cond_signal(&q->cond);
}

static void add_locked(cleat_queue *q, struct item *it) {
    if (q->shutting_down) {
        drop_if_idle(q, it);
        return;
    }
    if (it->dirty) {
        return;
    }
    it->dirty = true;
    cleat_metric_add(q->adds, 1);
    if (!it->processing) {
        enqueue(q, it);
    }
}

/* ---- the waiting ---- */

static void place(cleat_queue *q, size_t i, struct item *it) {
    q->heap[i] = it;
    it->heap_at = i + 1;
}

static void sift(cleat_queue *q, size_t i) {
    struct item *it = q->heap[i];
    while (i > 0 && it->due < q->heap[(i - 1) / 2]->due) {
        place(q, i, q->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < q->heap_n && q->heap[child + 1]->due < q->heap[child]->due) {
            child++;
        }
        if (child >= q->heap_n || q->heap[child]->due >= it->due) {
            break;
        }
        place(q, i, q->heap[child]);
        i = child;
    }
    place(q, i, it);
}

static void unwait(cleat_queue *q, struct item *it) {
    size_t i = it->heap_at - 1;
    it->heap_at = 0;
    struct item *last = q->heap[--q->heap_n];
    if (last != it) {
        place(q, i, last);
        sift(q, i);
    }
}

static void arm(cleat_queue *q) {
    if (q->heap_n > 0) {
        cleat_time now = cleat_now_mono(), due = q->heap[0]->due;
        cleat_timer_set(q->timer, due > now ? due - now : 0);
    }
}

static void on_due(void *userdata) {
    cleat_queue *q = userdata;
    CLEAT_LOCKED(&q->mutex);
    cleat_time now = cleat_now_mono();
    while (q->heap_n > 0 && q->heap[0]->due <= now) {
        struct item *it = q->heap[0];
        unwait(q, it);
        add_locked(q, it);
    }
    arm(q);
}

static void wait_locked(cleat_queue *q, struct item *it, cleat_time delay) {
    if (q->shutting_down) {
        drop_if_idle(q, it);
        return;
    }
    cleat_time due;
    if (__builtin_add_overflow(cleat_now_mono(), delay, &due)) {
        due = INT64_MAX;
    }
    if (it->heap_at != 0) {
        if (due >= it->due) {
            return; /* the earlier time wins */
        }
        it->due = due;
        sift(q, it->heap_at - 1);
    } else {
        it->due = due;
        if (q->heap_n == q->heap_cap) {
            q->heap_cap = q->heap_cap ? q->heap_cap * 2 : 16;
            q->heap = cleat_rearray(q->heap, q->heap_cap, sizeof *q->heap);
        }
        place(q, q->heap_n++, it);
        sift(q, q->heap_n - 1);
    }
    if (q->heap[0] == it) {
        arm(q);
    }
}

/* ---- adding ---- */

void cleat_queue_add(cleat_queue *q, struct cleat_key key) {
    CLEAT_LOCKED(&q->mutex);
    add_locked(q, find(q, key, true));
}

void cleat_queue_add_after(cleat_queue *q, struct cleat_key key, cleat_time delay) {
    CLEAT_LOCKED(&q->mutex);
    struct item *it = find(q, key, true);
    if (delay <= 0) {
        add_locked(q, it);
    } else {
        wait_locked(q, it, delay);
    }
}

/* How long the shared bucket makes this one wait; it is reserved at once. */
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
    struct item *it = find(q, key, true);
    cleat_time delay = q->base;
    for (int i = 0; i < it->failures && delay < q->max; i++) {
        delay = delay > q->max / 2 ? q->max : delay * 2;
    }
    delay = delay > q->max ? q->max : delay;
    it->failures++;
    cleat_metric_add(q->retries, 1);
    cleat_time bucket = bucket_delay(q);
    wait_locked(q, it, delay > bucket ? delay : bucket);
}

void cleat_queue_forget(cleat_queue *q, struct cleat_key key) {
    CLEAT_LOCKED(&q->mutex);
    struct item *it = find(q, key, false);
    if (it != NULL) {
        it->failures = 0;
        drop_if_idle(q, it);
    }
}

int32_t cleat_queue_num_requeues(cleat_queue *q, struct cleat_key key) {
    CLEAT_LOCKED(&q->mutex);
    struct item *it = find(q, key, false);
    return it ? it->failures : 0;
}

/* ---- taking ---- */

static void take(cleat_queue *q, struct cleat_key *ret) {
    struct item *it = q->head;
    q->head = it->next;
    if (q->head == NULL) {
        q->tail = &q->head;
    }
    q->n--;
    it->queued = it->dirty = false;
    it->processing = true;
    it->started = cleat_now_mono();
    q->n_processing++;
    cleat_metric_set(q->depth, (double)q->n);
    if (q->queue_time != NULL) {
        cleat_metric_add(q->queue_time, (double)(it->started - it->added) / 1e9);
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
    struct item *it = find(q, key, false);
    cleat_assert(it != NULL && it->processing);
    it->processing = false;
    q->n_processing--;
    if (q->work_time != NULL) {
        cleat_metric_add(q->work_time, (double)(cleat_now_mono() - it->started) / 1e9);
    }
    if (it->dirty) {
        enqueue(q, it);
    } else {
        drop_if_idle(q, it);
    }
    if (q->shutting_down && q->n == 0 && q->n_processing == 0) {
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
    while (q->heap_n > 0) {
        struct item *it = q->heap[0];
        unwait(q, it);
        drop_if_idle(q, it);
    }
    pthread_cond_broadcast(&q->cond);
    while (drain && (q->n > 0 || q->n_processing > 0)) {
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
