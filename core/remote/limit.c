/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token bucket for each identity: requests beyond the burst wait in a line and go as
 * tokens come, in the order in which they came. One identity's crowd holds up no other.
 */
#include "core/remote/internal.h"

static void fill(struct cleat__rc_identity *i) {
    const struct cleat__remote *r = i->r;
    cleat_time now = cleat_now_mono();
    double most = r->burst > 0 ? r->burst : 1;
    i->tokens += (double)(now - i->filled) / (double)CLEAT_SECOND * r->qps;
    i->tokens = i->tokens < most ? i->tokens : most;
    i->filled = now;
}

static void arm(struct cleat__rc_identity *i) {
    double missing = 1 - i->tokens;
    struct timeval tv =
        cleat__rc_timeval((cleat_time)(missing / i->r->qps * (double)CLEAT_SECOND) + CLEAT_MS);
    event_add(&i->limit_timer, &tv);
    i->limit_armed = true;
}

static void on_tokens(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__rc_identity *i = arg;
    i->limit_armed = false;
    fill(i);
    while (i->limited.head != NULL && i->tokens >= 1) {
        struct cleat__rc_call *c = i->limited.head;
        cleat__rc_call_unqueue(c);
        i->tokens -= 1;
        c->limited = true;
        cleat__rc_call_go(c);
    }
    if (i->limited.head != NULL) {
        arm(i);
    }
}

bool cleat__rc_limit_pass(struct cleat__rc_call *c) {
    struct cleat__rc_identity *i = c->who;
    if (i->r->qps <= 0 || c->limited) {
        return true;
    }
    if (!event_initialized(&i->limit_timer)) {
        event_assign(&i->limit_timer, i->r->loop, -1, 0, on_tokens, i);
        i->tokens = i->r->burst;
        i->filled = cleat_now_mono();
    }
    fill(i);
    if (i->limited.head == NULL && i->tokens >= 1) {
        i->tokens -= 1;
        c->limited = true;
        return true;
    }
    cleat__rc_call_push(&i->limited, c);
    if (!i->limit_armed) {
        arm(i);
    }
    return false;
}
