/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent: one thread that sleeps in epoll until a check answers, something
 * is due, or somebody wakes it. It alone writes VIPs and the table of nftables,
 * so that they need no lock; what it must not do is wait for anything but the
 * kernel and, before it takes a balancer away, the API's word.
 */
#include "agent.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOOK       (200 * CLEAT_MS) /* at the inventory's file */
#define MOST_HEARD 1000             /* times 64 events, before something else is done */
#define TAG_WAKE   UINT64_C(0x100000000)
#define TAG_CHK    UINT64_C(0x200000000)

void cleat_lin_agent_wake(struct cleat_lin_agent *a) {
    uint64_t one = 1;
    while (write(a->wake, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void cleat_lin_agent_request_stop(struct cleat_lin_agent *a) {
    atomic_store(&a->stopping, true);
    cleat_lin_agent_wake(a);
    pthread_mutex_lock(&a->lock);
    pthread_cond_broadcast(&a->moved);
    pthread_mutex_unlock(&a->lock);
}

void cleat_lin_agent_complain(struct cleat_lin_agent *a, const struct cleat_error *why) {
    const char *text = why != NULL ? why->message : NULL;
    if (text != NULL && (a->complaint == NULL || strcmp(a->complaint, text) != 0)) {
        cleat_lin_log(CLEAT_LOG_ERROR, "%s", text);
    } else if (text == NULL && a->complaint != NULL) {
        cleat_lin_log(CLEAT_LOG_INFO, "the kernel is as it must be again");
    }
    free(a->complaint);
    a->complaint = text != NULL ? cleat_sdk_dup(cleat_cstr(text)) : NULL;
}

/* Waits for so many milliseconds at most; false where there may be more to hear. */
static bool hear(struct cleat_lin_agent *a, int patience) {
    struct epoll_event ev[64];
    int n = epoll_wait(a->epoll, ev, 64, patience);
    cleat_time now = SDK->clock->monotonic();
    for (int i = 0; i < n; i++) {
        uint64_t tag = ev[i].data.u64;
        if ((tag & TAG_WAKE) != 0) {
            uint64_t count;
            ssize_t got = read(a->wake, &count, sizeof count);
            (void)got;
            a->dirty = true;
        } else if (cleat_lin_checks_ready(a->checks, (uint32_t)tag, now)) {
            a->dirty = true;
        }
    }
    return n < 64;
}

/* Sleeps until something happens or `next`. Sets dirty. */
static void sleep_until(struct cleat_lin_agent *a, cleat_time now, cleat_time next) {
    cleat_time left = next > now ? (next - now + CLEAT_MS - 1) / CLEAT_MS : 0;
    bool all = hear(a, left > 60000 ? 60000 : (int)left);
    for (int i = 0; i < MOST_HEARD && !all; i++) { /* before anybody's patience is counted */
        all = hear(a, 0);
    }
}

static cleat_time earlier(cleat_time a, cleat_time b) {
    return a < b ? a : b;
}

static void turn(struct cleat_lin_agent *a) {
    cleat_time now = SDK->clock->monotonic(), next = now + 60 * CLEAT_SECOND;
    if (now >= a->next_look) {
        a->next_look = now + LOOK;
        const char *before = cleat_lin_source_problem(a->source);
        bool was_stale = before != NULL;
        a->dirty |= cleat_lin_source_look(a->source, now);
        a->dirty |= was_stale != (cleat_lin_source_problem(a->source) != NULL);
    }
    a->dirty |= cleat_lin_checks_step(a->checks, now, &next);
    a->dirty |= !a->first_done || (a->retry != 0 && now >= a->retry);
    if (a->dirty) {
        a->dirty = false;
        cleat_lin_agent_follow(a, now);
        cleat_lin_checks_step(a->checks, now, &next); /* those that are new begin at once */
    }
    if (a->first_done && now >= a->next_drift) {
        a->next_drift = now + a->lin->opt.drift_period;
        cleat_lin_agent_repair(a, now);
    }
    cleat_lin_places_announce(a->places, now, &next);
    next = earlier(next, a->next_look);
    next = a->first_done ? earlier(next, a->next_drift) : earlier(next, now + 50 * CLEAT_MS);
    sleep_until(a, now, a->retry != 0 ? earlier(next, a->retry) : next);
}

static void *run(void *arg) {
    struct cleat_lin_agent *a = arg;
    cleat_informer *const caches[] = {a->lin->servers, a->lin->pools, a->lin->balancers};
    for (size_t i = 0; i < 3; i++) {
        while (!atomic_load(&a->stopping) &&
               SDK->informer->wait_synced(caches[i], a->lin->ctx) != CLEAT_OK) {
            if (SDK->ctx->err(a->lin->ctx) != CLEAT_OK) {
                return NULL;
            }
        }
    }
    a->patience = SDK->clock->monotonic() +
                  a->lin->opt.health.fall * (a->lin->opt.health.timeout + CLEAT_SECOND / 10);
    while (!atomic_load(&a->stopping) && SDK->ctx->err(a->lin->ctx) == CLEAT_OK) {
        turn(a);
    }
    return NULL;
}

/* ---- life ---- */

static cleat_err open_files(struct cleat_lin_agent *a, struct cleat_error *reterr) {
    struct epoll_event ev = {.events = EPOLLIN, .data.u64 = TAG_WAKE};
    a->epoll = epoll_create1(EPOLL_CLOEXEC);
    a->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (a->epoll < 0 || a->wake < 0 || epoll_ctl(a->epoll, EPOLL_CTL_ADD, a->wake, &ev) != 0) {
        return cleat_lin_errno(reterr, errno, "make an epoll");
    }
    return CLEAT_OK;
}

cleat_err cleat_lin_agent_new(struct cleat_lin *lin, struct cleat_lin_agent **ret,
                              struct cleat_error *reterr) {
    struct cleat_lin_agent *a = cleat_sdk_alloc(1, sizeof *a);
    pthread_condattr_t attr;
    a->lin = lin;
    a->epoll = a->wake = -1;
    a->stray = true; /* whatever the last process left */
    pthread_mutex_init(&a->lock, NULL);
    pthread_mutex_init(&a->watch_lock, NULL);
    pthread_cond_init(&a->called, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&a->moved, &attr);
    pthread_condattr_destroy(&attr);
    a->source = cleat_lin_source_new(lin->opt.inventory);
    a->places = cleat_lin_places_new(lin->opt.protocol);
    cleat_err err = open_files(a, reterr);
    a->checks = cleat_lin_checks_new(a->epoll, TAG_CHK);
    err = err ? err : cleat_lin_source_open(a->source, reterr);
    err = err ? err : cleat_lin_ruleset_new(lin->opt.nft_table, &a->ruleset, reterr);
    if (err != CLEAT_OK) {
        cleat_lin_agent_free(a);
        return err;
    }
    *ret = a;
    return CLEAT_OK;
}

cleat_err cleat_lin_agent_start(struct cleat_lin_agent *a, struct cleat_error *reterr) {
    int err = pthread_create(&a->thread, NULL, run, a);
    if (err != 0) {
        return cleat_lin_errno(reterr, err, "start a thread");
    }
    a->started = true;
    pthread_setname_np(a->thread, "cloud-linux");
    return CLEAT_OK;
}

void cleat_lin_agent_free(struct cleat_lin_agent *a) {
    if (a == NULL) {
        return;
    }
    if (a->started) {
        cleat_lin_agent_request_stop(a);
        pthread_join(a->thread, NULL);
    }
    pthread_mutex_lock(&a->lock);
    while (atomic_load(&a->writes) > 0) {
        pthread_cond_wait(&a->moved, &a->lock);
    }
    pthread_mutex_unlock(&a->lock);
    while (a->watches != NULL) {
        cleat_lin_agent_unwatch(a, a->watches->id);
    }
    cleat_lin_checks_free(a->checks);
    cleat_lin_ruleset_free(a->ruleset);
    cleat_lin_places_free(a->places);
    cleat_lin_source_free(a->source);
    for (size_t i = 0; i < a->n_balancers; i++) {
        cleat_lin_balancer_free(a->balancers[i]);
    }
    free(a->balancers);
    free(a->complaint);
    cleat_lin_agent_forget_outcomes(a);
    for (size_t i = 0; i < a->n_down; i++) {
        free(a->down[i]);
    }
    free(a->down);
    cleat_lin_inventory_unref(a->inventory);
    if (a->epoll >= 0) {
        close(a->epoll);
    }
    if (a->wake >= 0) {
        close(a->wake);
    }
    pthread_cond_destroy(&a->moved);
    pthread_cond_destroy(&a->called);
    pthread_mutex_destroy(&a->lock);
    pthread_mutex_destroy(&a->watch_lock);
    free(a);
}
