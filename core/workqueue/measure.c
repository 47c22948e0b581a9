/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's workqueue_* metrics. What needs a look at the whole queue is
 * computed when somebody scrapes, for all named queues from one hook.
 */
#include "core/workqueue/internal.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* taken before a queue's */
static cleat_queue *measured;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static cleat_metric *series(const char *name, const char *help, int type, const char *value) {
    static const char *const labels[] = {"name", NULL};
    static const double buckets[] = {1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};
    size_t n = type == CLEAT_HISTOGRAM ? sizeof buckets / sizeof *buckets : 0;
    cleat_metric *f = cleat_metric_family(name, help, type, labels, n ? buckets : NULL, n);
    return cleat_metric_with(f, (const char *const[]){value, NULL});
}

/* How long the present work takes already: together, and the longest. */
static void scrape(void *userdata) {
    (void)userdata;
    CLEAT_LOCKED(&mutex);
    for (cleat_queue *q = measured; q != NULL; q = q->next_measured) {
        CLEAT_LOCKED(&q->mutex);
        cleat_time now = cleat_now_mono(), sum = 0, longest = 0;
        for (struct cleat__item *it = q->processed; it != NULL; it = it->next) {
            cleat_time took = now - it->started;
            sum += took;
            longest = took > longest ? took : longest;
        }
        cleat_metric_set(q->metrics.unfinished, (double)sum / 1e9);
        cleat_metric_set(q->metrics.longest, (double)longest / 1e9);
    }
}

static void add_hook(void) {
    cleat_metrics_on_scrape(scrape, NULL);
}

void cleat__queue_measure(cleat_queue *q, const char *name) {
    q->name = cleat_strdup(name);
    struct cleat__queue_metrics *m = &q->metrics;
    m->depth = series("workqueue_depth", "Keys that wait in the queue.", CLEAT_GAUGE, name);
    m->adds =
        series("workqueue_adds_total", "Keys that were put into the queue.", CLEAT_COUNTER, name);
    m->retries =
        series("workqueue_retries_total", "Keys that were put in for later.", CLEAT_COUNTER, name);
    m->queue_time = series("workqueue_queue_duration_seconds",
                           "How long a key stayed in the queue.", CLEAT_HISTOGRAM, name);
    m->work_time = series("workqueue_work_duration_seconds", "How long a key was worked on.",
                          CLEAT_HISTOGRAM, name);
    m->unfinished =
        series("workqueue_unfinished_work_seconds",
               "How long present work takes already, all workers together.", CLEAT_GAUGE, name);
    m->longest = series("workqueue_longest_running_processor_seconds",
                        "How long the longest present work takes already.", CLEAT_GAUGE, name);
    pthread_once(&once, add_hook);
    CLEAT_LOCKED(&mutex);
    q->next_measured = measured;
    measured = q;
}

void cleat__queue_unmeasure(cleat_queue *q) {
    if (q->name == NULL) {
        return;
    }
    {
        CLEAT_LOCKED(&mutex);
        cleat_queue **p = &measured;
        while (*p != q) {
            p = &(*p)->next_measured;
        }
        *p = q->next_measured;
    }
    cleat_metric_set(q->metrics.depth, 0);
    cleat_metric_set(q->metrics.unfinished, 0);
    cleat_metric_set(q->metrics.longest, 0);
    free(q->name);
}
