/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contexts: a tree of deadlines and cancellation. Cancelling wakes whoever
 * waits under the context at once. Locks are taken from parent to child.
 */
#include "core/base/internal.h"

struct waiter {
    struct cleat_event *ev;
    struct waiter *next, **link;
};

struct cleat_ctx {
    pthread_mutex_t mutex; /* guards children and waiters */
    cleat_ctx *parent, *children, *next, **link;
    struct waiter *waiters;
    cleat_time deadline; /* monotonic; the nearest of its own and its parents' */
    _Atomic bool cancelled;
};

cleat_ctx *cleat_ctx_new(cleat_ctx *parent, cleat_time timeout) {
    cleat_ctx *c = cleat_zalloc(sizeof *c);
    pthread_mutex_init(&c->mutex, NULL);
    c->deadline = INT64_MAX;
    cleat_time own;
    if (timeout > 0 && !__builtin_add_overflow(cleat_now_mono(), timeout, &own)) {
        c->deadline = own;
    }
    if (parent != NULL) {
        CLEAT_LOCKED(&parent->mutex);
        c->parent = parent;
        c->deadline = parent->deadline < c->deadline ? parent->deadline : c->deadline;
        atomic_store(&c->cancelled, atomic_load(&parent->cancelled));
        c->next = parent->children;
        c->link = &parent->children;
        if (c->next != NULL) {
            c->next->link = &c->next;
        }
        parent->children = c;
    }
    return c;
}

void cleat_ctx_free(cleat_ctx *c) {
    if (c == NULL) {
        return;
    }
    if (c->parent != NULL) {
        CLEAT_LOCKED(&c->parent->mutex);
        *c->link = c->next;
        if (c->next != NULL) {
            c->next->link = c->link;
        }
    }
    cleat_assert(c->children == NULL && c->waiters == NULL);
    pthread_mutex_destroy(&c->mutex);
    free(c);
}

void cleat_ctx_cancel(cleat_ctx *c) {
    CLEAT_LOCKED(&c->mutex);
    atomic_store(&c->cancelled, true);
    for (struct waiter *w = c->waiters; w != NULL; w = w->next) {
        cleat__event_poke(w->ev);
    }
    for (cleat_ctx *child = c->children; child != NULL; child = child->next) {
        cleat_ctx_cancel(child);
    }
}

cleat_err cleat_ctx_err(const cleat_ctx *c) {
    if (c == NULL) {
        return CLEAT_OK;
    }
    if (atomic_load(&c->cancelled)) {
        return CLEAT_E_CANCELLED;
    }
    return c->deadline != INT64_MAX && cleat_now_mono() >= c->deadline ? CLEAT_E_TIMEOUT : CLEAT_OK;
}

cleat_time cleat_ctx_remaining(const cleat_ctx *c) {
    if (c == NULL || c->deadline == INT64_MAX) {
        return INT64_MAX;
    }
    cleat_time left = c->deadline - cleat_now_mono();
    return left > 0 ? left : 0;
}

static bool is_cancelled(void *userdata) {
    return atomic_load(&((cleat_ctx *)userdata)->cancelled);
}

/* True where ev was set before the context ended or the deadline came. */
static bool wait_under(cleat_ctx *c, struct cleat_event *ev, cleat_time deadline) {
    struct waiter w = {.ev = ev};
    pthread_mutex_lock(&c->mutex);
    w.next = c->waiters;
    w.link = &c->waiters;
    if (w.next != NULL) {
        w.next->link = &w.next;
    }
    c->waiters = &w;
    pthread_mutex_unlock(&c->mutex);
    bool set = cleat__event_wait_until(ev, deadline < c->deadline ? deadline : c->deadline,
                                       is_cancelled, c);
    CLEAT_LOCKED(&c->mutex);
    *w.link = w.next;
    if (w.next != NULL) {
        w.next->link = w.link;
    }
    return set;
}

cleat_err cleat_ctx_wait(cleat_ctx *c, struct cleat_event *ev) {
    if (c == NULL) {
        cleat_event_wait(ev, -1);
        return CLEAT_OK;
    }
    if (cleat_event_is_set(ev) || wait_under(c, ev, INT64_MAX)) {
        return CLEAT_OK;
    }
    cleat_err err = cleat_ctx_err(c);
    return err != CLEAT_OK ? err : CLEAT_E_TIMEOUT;
}

cleat_err cleat_ctx_sleep(cleat_ctx *c, cleat_time d) {
    struct cleat_event ev;
    cleat_event_init(&ev);
    if (c == NULL) {
        cleat_event_wait(&ev, d > 0 ? d : 0);
        return CLEAT_OK;
    }
    cleat_time until;
    if (__builtin_add_overflow(cleat_now_mono(), d > 0 ? d : 0, &until)) {
        until = INT64_MAX;
    }
    wait_under(c, &ev, until);
    return cleat_ctx_err(c);
}
