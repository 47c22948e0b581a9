/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A timer whose signal is SIGKILL. It needs nothing of the process: it ends one that is
 * stopped, swapped out or stuck in a loop, and it fires when a suspended machine wakes
 * up, before anything of ours runs. With the process go its sockets and what waits in them.
 */
#include "core/leader/internal.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the rest */
static timer_t timer;
static bool there, failed;

void cleat__deadman_set(cleat_time at) {
    CLEAT_LOCKED(&mutex);
    if (cleat_clock_is_virtual() || failed) {
        return;
    }
    if (!there) {
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
        there = timer_create(CLOCK_BOOTTIME, &event, &timer) == 0;
    }
    struct itimerspec spec = {.it_value = {at / CLEAT_SECOND, at % CLEAT_SECOND}};
    if (!there || timer_settime(timer, TIMER_ABSTIME, &spec, NULL) != 0) {
        failed = true;
        cleat_logf(CLEAT_LOG_WARN, "leader",
                   "the kernel has no timer for us (%s): a process that is stopped while it "
                   "leads is not ended when its lease runs out",
                   strerror(errno));
    }
}

void cleat__deadman_off(void) {
    CLEAT_LOCKED(&mutex);
    if (there) {
        timer_delete(timer);
        there = false;
    }
}
