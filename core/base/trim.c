/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives freed memory back. The allocator returns only what is free at the end of a
 * heap; after a mass deletion a few objects that live hold all of it back. Handing the
 * pages in between back costs some milliseconds under the allocator's locks, so a thread
 * of its own does it, when much is free and the process has little to do.
 */
#include "core/base/base.h"

#include <errno.h>
#include <malloc.h>
#include <sys/resource.h>

enum {
    PERIOD_S = 10,
    QUIET = 10,       /* percent of one CPU */
    PATIENCE = 30,    /* periods: who is never quiet has it done all the same */
    LEAST = 16 << 20, /* bytes that are worth it */
    SHARE = 4,        /* and one for so many that are used, or more */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_t thread;
static bool runs, stopping;

bool cleat_trim_due(struct cleat_trim *t, size_t used, size_t free_bytes, int busy_percent) {
    if (free_bytes < t->given_back) {
        t->given_back = free_bytes; /* some of it is in use again */
    }
    size_t more = free_bytes - t->given_back;
    if (more < LEAST || more < used / SHARE) {
        t->waited = 0;
        return false;
    }
    if (busy_percent > QUIET && ++t->waited < PATIENCE) {
        return false;
    }
    *t = (struct cleat_trim){.given_back = free_bytes};
    return true;
}

static int64_t cpu_time(void) {
    struct rusage u;
    if (getrusage(RUSAGE_SELF, &u) != 0) {
        return 0;
    }
    return ((int64_t)u.ru_utime.tv_sec + u.ru_stime.tv_sec) * CLEAT_SECOND +
           ((int64_t)u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000;
}

/* Waits for a period; false: it is to end. */
static bool wait_for_a_period(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    ts.tv_sec += PERIOD_S;
    CLEAT_LOCKED(&mutex);
    while (!stopping) {
        if (pthread_cond_timedwait(&changed, &mutex, &ts) == ETIMEDOUT) {
            break;
        }
    }
    return !stopping;
}

static void *trimmer(void *arg) {
    int64_t cpu = cpu_time();
    struct cleat_trim state = {0};
    while (wait_for_a_period()) {
        int64_t before = cpu;
        cpu = cpu_time();
        int percent = (int)((cpu - before) * 100 / (PERIOD_S * CLEAT_SECOND));
        struct mallinfo2 m = mallinfo2();
        if (cleat_trim_due(&state, m.uordblks, m.fordblks, percent)) {
            cleat_time start = cleat_now_mono();
            malloc_trim(0);
            cleat_logf(CLEAT_LOG_DEBUG, "memory", "gave back what was free of %zu MiB, in %lld us",
                       m.fordblks >> 20, (long long)((cleat_now_mono() - start) / 1000));
        }
    }
    return arg;
}

void cleat_trimmer_start(void) {
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attr);
    pthread_condattr_destroy(&attr);
    stopping = false;
    runs = true;
    thread = cleat_thread_start("trimmer", trimmer, NULL);
}

void cleat_trimmer_stop(void) {
    if (!runs) {
        return;
    }
    {
        CLEAT_LOCKED(&mutex);
        stopping = true;
        pthread_cond_signal(&changed);
    }
    pthread_join(thread, NULL);
    pthread_cond_destroy(&changed);
    runs = false;
}
