/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One heap of timers for the process, run by a thread of its own or stepped by
 * hand. Callbacks run without the lock, one at a time.
 */
#include "core/base/internal.h"

#include <errno.h>
#include <time.h>

struct cleat_timer {
    cleat_time due, period;
    uint64_t seq; /* timers due at the same moment run in the order they were set */
    void (*fn)(void *);
    void *userdata;
    size_t at; /* place in the heap + 1; 0 = not in it */
    bool dead; /* freed by its own callback */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed, idle = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static cleat_timer **heap;
static size_t heap_n, heap_cap;
static uint64_t next_seq;
static cleat_timer *running;
static pthread_t runner;
static pthread_t thread;
static bool thread_runs, stopping;

static void init(void) {
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attr);
    pthread_condattr_destroy(&attr);
}

static bool before(const cleat_timer *a, const cleat_timer *b) {
    return a->due != b->due ? a->due < b->due : a->seq < b->seq;
}

static void place(size_t i, cleat_timer *t) {
    heap[i] = t;
    t->at = i + 1;
}

static void sift(size_t i) {
    cleat_timer *t = heap[i];
    while (i > 0 && before(t, heap[(i - 1) / 2])) {
        place(i, heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < heap_n && before(heap[child + 1], heap[child])) {
            child++;
        }
        if (child >= heap_n || !before(heap[child], t)) {
            break;
        }
        place(i, heap[child]);
        i = child;
    }
    place(i, t);
}

static void heap_remove(cleat_timer *t) {
    if (t->at == 0) {
        return;
    }
    size_t i = t->at - 1;
    t->at = 0;
    cleat_timer *last = heap[--heap_n];
    if (last != t) {
        place(i, last);
        sift(i);
    }
}

static void heap_set(cleat_timer *t, cleat_time due) {
    heap_remove(t);
    t->due = due;
    t->seq = next_seq++;
    if (heap_n == heap_cap) {
        heap_cap = heap_cap ? heap_cap * 2 : 64;
        heap = cleat_rearray(heap, heap_cap, sizeof *heap);
    }
    place(heap_n, t);
    sift(heap_n++);
    if (heap[0] == t) {
        pthread_cond_signal(&changed);
    }
}

static cleat_time due_after(cleat_time delay) {
    cleat_time due;
    return __builtin_add_overflow(cleat_now_mono(), delay > 0 ? delay : 0, &due) ? INT64_MAX : due;
}

cleat_timer *cleat_timer_new(cleat_time delay, cleat_time period, void (*fn)(void *),
                             void *userdata) {
    pthread_once(&once, init);
    cleat_timer *t = cleat_zalloc(sizeof *t);
    t->period = period;
    t->fn = fn;
    t->userdata = userdata;
    CLEAT_LOCKED(&mutex);
    heap_set(t, due_after(delay));
    return t;
}

void cleat_timer_set(cleat_timer *t, cleat_time delay) {
    CLEAT_LOCKED(&mutex);
    if (!t->dead) {
        heap_set(t, due_after(delay));
    }
}

void cleat_timer_free(cleat_timer *t) {
    if (t == NULL) {
        return;
    }
    pthread_mutex_lock(&mutex);
    heap_remove(t);
    if (running == t && pthread_equal(runner, pthread_self())) {
        t->dead = true; /* run_due frees it */
        t = NULL;
    }
    while (t != NULL && running == t) {
        pthread_cond_wait(&idle, &mutex);
    }
    if (t != NULL) {
        heap_remove(t); /* the callback may have set it anew */
    }
    pthread_mutex_unlock(&mutex);
    free(t);
}

/* Runs one that is due; false where none is. Called with the mutex held. */
static bool run_due(void) {
    cleat_time now = cleat_now_mono();
    if (heap_n == 0 || heap[0]->due > now) {
        return false;
    }
    cleat_timer *t = heap[0];
    cleat_time due = t->due;
    heap_remove(t);
    if (t->period > 0) {
        /* Start to start; after a stall the missed turns are not made up for. */
        cleat_time next = due + t->period;
        heap_set(t, next > now ? next : now + t->period);
    }
    running = t;
    runner = pthread_self();
    pthread_mutex_unlock(&mutex);
    t->fn(t->userdata);
    pthread_mutex_lock(&mutex);
    running = NULL;
    if (t->dead) {
        heap_remove(t);
        free(t);
    }
    pthread_cond_broadcast(&idle);
    return true;
}

size_t cleat_timers_step(void) {
    CLEAT_LOCKED(&mutex);
    size_t n = 0;
    /* What a callback sets to "now" waits for the next step, so that a step ends. */
    uint64_t limit = next_seq;
    while (heap_n > 0 && heap[0]->seq < limit && run_due()) {
        n++;
    }
    return n;
}

cleat_time cleat_timers_next(void) {
    CLEAT_LOCKED(&mutex);
    return heap_n ? heap[0]->due : INT64_MAX;
}

void cleat__timers_poke(void) {
    pthread_once(&once, init);
    CLEAT_LOCKED(&mutex);
    pthread_cond_signal(&changed);
}

static void *thread_main(void *arg) {
    (void)arg;
    CLEAT_LOCKED(&mutex);
    while (!stopping) {
        if (run_due()) {
            continue;
        }
        if (heap_n == 0 || heap[0]->due == INT64_MAX || cleat_clock_is_virtual()) {
            pthread_cond_wait(&changed, &mutex);
        } else {
            struct timespec ts = {heap[0]->due / CLEAT_SECOND, heap[0]->due % CLEAT_SECOND};
            pthread_cond_timedwait(&changed, &mutex, &ts);
        }
    }
    return NULL;
}

void cleat_timers_start(void) {
    pthread_once(&once, init);
    CLEAT_LOCKED(&mutex);
    if (!thread_runs) {
        thread_runs = true;
        stopping = false;
        thread = cleat_thread_start("timers", thread_main, NULL);
    }
}

void cleat_timers_stop(void) {
    pthread_mutex_lock(&mutex);
    bool join = thread_runs;
    stopping = true;
    thread_runs = false;
    if (join) {
        pthread_cond_signal(&changed);
    }
    pthread_mutex_unlock(&mutex);
    if (join) {
        pthread_join(thread, NULL);
    }
    pthread_mutex_lock(&mutex);
    if (heap_n == 0) {
        free(heap);
        heap = NULL;
        heap_cap = 0;
    }
    pthread_mutex_unlock(&mutex);
}
