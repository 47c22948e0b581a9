/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One-shot events on a futex, and thread starts. The state word has the "set"
 * bit, a "somebody sleeps" bit, and a count of pokes above them, so that a poke
 * between a waiter's look and its sleep is not lost.
 */
#include "core/base/internal.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SET = 1, SLEEPERS = 2, POKE = 4 };

static bool (*pump_fn)(void *);
static void *pump_userdata;

static void futex_wake(_Atomic uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void futex_wait(_Atomic uint32_t *word, uint32_t expected, cleat_time timeout) {
    struct timespec ts = {timeout / CLEAT_SECOND, timeout % CLEAT_SECOND};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout < 0 ? NULL : &ts, NULL, 0);
}

void cleat_event_init(struct cleat_event *ev) {
    atomic_init(&ev->state, 0);
}

void cleat_event_set(struct cleat_event *ev) {
    /* After the exchange the waiter may free ev; a wake on a dead address is
     * harmless, at worst spurious for whoever sleeps there next. */
    if (atomic_fetch_or(&ev->state, SET) & SLEEPERS) {
        futex_wake(&ev->state);
    }
}

bool cleat_event_is_set(const struct cleat_event *ev) {
    return atomic_load_explicit(&ev->state, memory_order_acquire) & SET;
}

void cleat__event_poke(struct cleat_event *ev) {
    if (atomic_fetch_add(&ev->state, POKE) & SLEEPERS) {
        futex_wake(&ev->state);
    }
}

/* On one thread there is nobody to wait for: run the others until it is so. */
static bool pump_until(struct cleat_event *ev, cleat_time deadline, bool (*give_up)(void *),
                       void *userdata) {
    while (!cleat_event_is_set(ev)) {
        if (give_up(userdata) || cleat_now_mono() >= deadline) {
            return false;
        }
        if (!pump_fn(pump_userdata)) {
            cleat_assert(deadline != INT64_MAX && "waits for ever and nothing is left to do");
            cleat_clock_advance(deadline - cleat_now_mono());
        }
    }
    return true;
}

bool cleat__event_wait_until(struct cleat_event *ev, cleat_time deadline, bool (*give_up)(void *),
                             void *userdata) {
    if (pump_fn != NULL) {
        return pump_until(ev, deadline, give_up, userdata);
    }
    for (;;) {
        uint32_t seen = atomic_fetch_or(&ev->state, SLEEPERS) | SLEEPERS;
        if (seen & SET) {
            return true;
        }
        cleat_time now = cleat_now_mono();
        if (give_up(userdata) || now >= deadline) {
            return false;
        }
        cleat_time timeout = deadline == INT64_MAX ? -1 : deadline - now;
        if (timeout >= 0 && cleat_clock_is_virtual()) {
            timeout = CLEAT_MS; /* real time: the virtual clock wakes no futex */
        }
        futex_wait(&ev->state, seen, timeout);
    }
}

static bool never(void *userdata) {
    (void)userdata;
    return false;
}

bool cleat_event_wait(struct cleat_event *ev, cleat_time timeout) {
    if (cleat_event_is_set(ev)) {
        return true;
    }
    cleat_time deadline;
    if (timeout < 0 || __builtin_add_overflow(cleat_now_mono(), timeout, &deadline)) {
        deadline = INT64_MAX;
    }
    return cleat__event_wait_until(ev, deadline, never, NULL);
}

void cleat_wait_set_pump(bool (*pump)(void *userdata), void *userdata) {
    pump_fn = pump;
    pump_userdata = userdata;
}

struct start {
    void *(*fn)(void *);
    void *arg;
    char name[16]; /* the kernel's limit */
};

static void *thread_main(void *p) {
    struct start s = *(struct start *)p;
    free(p);
    pthread_setname_np(pthread_self(), s.name);
    return s.fn(s.arg);
}

pthread_t cleat_thread_start(const char *name, void *(*fn)(void *), void *arg) {
    struct start *s = cleat_zalloc(sizeof *s);
    s->fn = fn;
    s->arg = arg;
    snprintf(s->name, sizeof s->name, "%.15s", name);
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 512 * 1024); /* address space; touched pages count */
    pthread_t t;
    int err = pthread_create(&t, &attr, thread_main, s);
    pthread_attr_destroy(&attr);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (err != 0) {
        fprintf(stderr, "cleat: cannot start thread %s: %s\n", name, strerror(err));
        abort();
    }
    return t;
}
