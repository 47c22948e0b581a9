/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the cloud answers: which calls are inside, and which kinds of calls end by their
 * deadline rather than by an answer. A kind is well again with its next answer, or when none has
 * ended so for a while. Any thread.
 */
#include "core/cloud/internal.h"

#define THROTTLED_FOR (60 * CLEAT_SECOND) /* after the last refusal */
#define UNANSWERED_FOR                                                                             \
    (10 * 60 * CLEAT_SECOND)    /* after the last deadline, if nobody asks again                   \
                                 */
#define LATE (2 * CLEAT_SECOND) /* after its deadline a call should be back */

void cleat_gate_health_init(struct cleat_gate_health *h) {
    *h = (struct cleat_gate_health){0};
    pthread_mutex_init(&h->mutex, NULL);
}

void cleat_gate_health_done(struct cleat_gate_health *h) {
    cleat_assert(h->first == NULL);
    pthread_mutex_destroy(&h->mutex);
}

const char *cleat_gate_call_name(size_t i) {
    return i < CLEAT_CALL_KINDS ? cleat_call_names[i] : NULL;
}

void cleat_gate_enter(struct cleat_call *c) {
    struct cleat_gate_health *h = &c->gate->health;
    CLEAT_LOCKED(&h->mutex);
    c->sooner = h->last;
    *(h->last != NULL ? &h->last->later : &h->first) = c;
    h->last = c;
}

static void unlink_call(struct cleat_gate_health *h, struct cleat_call *c) {
    *(c->sooner != NULL ? &c->sooner->later : &h->first) = c->later;
    *(c->later != NULL ? &c->later->sooner : &h->last) = c->sooner;
}

void cleat_gate_leave(struct cleat_call *c) {
    struct cleat_gate_health *h = &c->gate->health;
    bool failed = c->err != CLEAT_OK && c->err != CLEAT_E_PENDING;
    bool expired = failed && c->timeout > 0 && c->ended_at - c->began >= c->timeout;
    CLEAT_LOCKED(&h->mutex);
    unlink_call(h, c);
    if (expired) {
        h->silent[c->kind] = h->silent[c->kind] != 0 ? h->silent[c->kind] : c->began;
        h->expired[c->kind] = c->ended_at;
    } else if (c->err != CLEAT_E_CANCELLED) {
        h->silent[c->kind] = 0;
    }
}

static void note(struct cleat_gate_state *s, int kind, cleat_time since) {
    if (s->unanswered_since == 0 || since < s->unanswered_since) {
        s->unanswered_since = since;
    }
    s->unanswered |= UINT64_C(1) << kind;
}

void cleat_gate_look(cleat_gate *g, struct cleat_gate_state *ret) {
    struct cleat_gate_health *h = &g->health;
    cleat_time now = cleat_now_mono(), refused = 0;
    *ret = (struct cleat_gate_state){0};
    cleat_budget_tell(&g->budget, &ret->closed_until, &refused);
    ret->throttled = ret->closed_until != 0 || (refused != 0 && now - refused < THROTTLED_FOR);
    CLEAT_LOCKED(&h->mutex);
    for (const struct cleat_call *c = h->first; c != NULL; c = c->later) {
        if (c->timeout > 0 && now - c->began > c->timeout && now - c->began - c->timeout >= LATE) {
            ret->late++;
            note(ret, c->kind, c->began);
        }
    }
    for (int i = 0; i < CLEAT_CALL_KINDS; i++) {
        if (h->silent[i] != 0 && now - h->expired[i] < UNANSWERED_FOR) {
            note(ret, i, h->silent[i]);
        }
    }
}
