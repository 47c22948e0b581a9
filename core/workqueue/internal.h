/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the work queue tell one another. All under the queue's mutex. */
#ifndef CLEAT_CORE_WORKQUEUE_INTERNAL_H
#define CLEAT_CORE_WORKQUEUE_INTERNAL_H

#include "core/workqueue/workqueue.h"

/* All that is known of one key, in one allocation. It exists while there is
 * anything to know: queued, with a worker, waiting for its time, or having failed. */
struct cleat__item {
    struct cleat__item *chain;       /* in the table */
    struct cleat__item *next, *prev; /* in the queue (next only), or among those processed */
    uint64_t hash;
    bool dirty;      /* must be processed (again) */
    bool processing; /* with a worker */
    int failures;
    size_t heap_at; /* place among the waiting + 1; 0 = not waiting */
    cleat_time due, added, started;
    struct cleat_key key; /* points into text */
    char text[];          /* ns, name */
};

struct cleat__items {
    struct cleat__item **slots;
    size_t n, cap; /* cap: a power of two */
};

struct cleat__queue_metrics {
    cleat_metric *depth, *adds, *retries, *queue_time, *work_time, *unfinished, *longest;
};

struct cleat_queue {
    pthread_mutex_t mutex;
    pthread_cond_t cond, drained;
    struct cleat__items items;
    struct cleat__item *head, **tail;
    struct cleat__item *processed; /* by workers, now */
    size_t n, n_processed;
    struct cleat__item **heap; /* the waiting, earliest first */
    size_t heap_n, heap_cap;
    cleat_timer *timer;
    bool shutting_down;
    cleat_time base, max;
    double qps, burst, tokens;
    cleat_time filled;
    char *name; /* NULL = not measured */
    struct cleat__queue_metrics metrics;
    cleat_queue *next_measured;
};

/* ---- items.c: the table of keys ---- */
struct cleat__item *cleat__item_find(cleat_queue *q, struct cleat_key key); /* NULL = none */
struct cleat__item *cleat__item_make(cleat_queue *q, struct cleat_key key); /* found or new */
/* Forgets an item of which nothing is left to know. */
void cleat__item_drop_if_idle(cleat_queue *q, struct cleat__item *it);
void cleat__items_done(cleat_queue *q);

/* ---- delay.c: the waiting ---- */
/* Lets `it` wait until due, or until when it waits for already, whichever is earlier. */
void cleat__queue_wait(cleat_queue *q, struct cleat__item *it, cleat_time due);
/* Takes out the earliest that is due by `now`; NULL where none is. */
struct cleat__item *cleat__queue_due(cleat_queue *q, cleat_time now);
/* Sets the queue's timer to the earliest. */
void cleat__queue_arm(cleat_queue *q);

/* ---- measure.c: upstream's workqueue_* metrics ---- */
void cleat__queue_measure(cleat_queue *q, const char *name);
void cleat__queue_unmeasure(cleat_queue *q); /* without the mutex */

#endif
