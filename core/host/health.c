/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How clouds answer, for people: conditions and times in the status of CloudProvider objects.
 * A look each few seconds; what changes from one condition to another is written at the next
 * look, and mere times seldom, so that a cloud in trouble makes no storm of writes. The host's
 * thread.
 */
#include "core/host/internal.h"

#define LOOK   (5 * CLEAT_SECOND)
#define SELDOM (60 * CLEAT_SECOND) /* between writes of other times alone */

struct cleat_told {
    struct cleat_gate_state state;
    cleat_time throttled_since, answered_since; /* wall: of the conditions' statuses */
    cleat_time at;                              /* monotonic: when it was told */
};

/* ---- as text ---- */

static void put_time(struct cleat_buf *out, const char *key, cleat_time mono) {
    char text[32];
    cleat_time_format(cleat_now_wall() + (mono - cleat_now_mono()), false, text);
    cleat_buf_printf(out, ",\"%s\":\"%s\"", key, text);
}

static void put_condition(struct cleat_buf *out, const char *type, bool status, const char *reason,
                          const char *message, cleat_time since) {
    char text[32];
    cleat_time_format(since, false, text);
    cleat_buf_printf(out,
                     "{\"type\":\"%s\",\"status\":\"%s\",\"reason\":\"%s\",\"message\":\"%s\","
                     "\"lastTransitionTime\":\"%s\"}",
                     type, status ? "True" : "False", reason, message, text);
}

static char *unanswered_text(uint64_t kinds) {
    struct cleat_buf out = {0};
    cleat_buf_puts(&out, "these calls are not answered by their deadline: ");
    const char *between = "";
    for (size_t i = 0; i < 64 && cleat_gate_call_name(i) != NULL; i++) {
        if ((kinds >> i & 1) != 0) {
            cleat_buf_printf(&out, "%s%s", between, cleat_gate_call_name(i));
            between = ", ";
        }
    }
    return cleat_buf_take(&out);
}

void cleat_health_put(struct cleat_instance *i, struct cleat_buf *out) {
    const struct cleat_told *t = i->told;
    if (t == NULL) {
        return;
    }
    const struct cleat_gate_state *s = &t->state;
    bool answered = s->unanswered == 0;
    CLEAT_AUTO_FREE char *which = unanswered_text(s->unanswered);
    cleat_buf_printf(out, ",\"calls\":{\"state\":\"%s\"",
                     !answered      ? "Unanswered"
                     : s->throttled ? "Throttled"
                                    : "Answered");
    if (s->closed_until != 0) {
        put_time(out, "throttledUntil", s->closed_until);
    }
    if (!answered) {
        put_time(out, "unansweredSince", s->unanswered_since);
        cleat_buf_printf(out, ",\"late\":%zu", s->late);
    }
    cleat_buf_puts(out, "},\"conditions\":[");
    put_condition(out, "Throttled", s->throttled, s->throttled ? "TooManyCalls" : "CallsAccepted",
                  s->throttled ? "the cloud has refused calls for being too many: they are spaced"
                               : "the cloud takes the calls that are made",
                  t->throttled_since);
    cleat_buf_putc(out, ',');
    put_condition(out, "Responding", answered, answered ? "CallsAnswered" : "CallsUnanswered",
                  answered ? "calls are answered by their deadline" : which, t->answered_since);
    cleat_buf_putc(out, ']');
}

/* ---- looking ---- */

/* Times of the same thing, read twice, differ by moments. */
static bool same_time(cleat_time a, cleat_time b) {
    return (a == 0) == (b == 0) && (a > b ? a - b : b - a) < CLEAT_SECOND;
}

static bool is_news(const struct cleat_told *t, const struct cleat_gate_state *s, cleat_time now) {
    const struct cleat_gate_state *old = &t->state;
    if (old->throttled != s->throttled || old->unanswered != s->unanswered) {
        return true;
    }
    return now - t->at >= SELDOM &&
           (!same_time(old->closed_until, s->closed_until) ||
            !same_time(old->unanswered_since, s->unanswered_since) || old->late != s->late);
}

static void say(const struct cleat_instance *i, const struct cleat_gate_state *was,
                const struct cleat_gate_state *is) {
    CLEAT_AUTO_FREE char *which = unanswered_text(is->unanswered);
    if (was->throttled != is->throttled) {
        cleat_logf(is->throttled ? CLEAT_LOG_WARN : CLEAT_LOG_INFO, "host", "cloud provider %s: %s",
                   i->offer->name,
                   is->throttled ? "it wants fewer calls" : "it takes all calls again");
    }
    if (was->unanswered != is->unanswered) {
        cleat_logf(is->unanswered ? CLEAT_LOG_WARN : CLEAT_LOG_INFO, "host",
                   "cloud provider %s: %s", i->offer->name,
                   is->unanswered ? which : "its calls are answered again");
    }
}

static int look(cleat_hostd *h, struct cleat_instance *i, cleat_time now) {
    struct cleat_gate_state s;
    cleat_gate_look(i->gate, &s);
    struct cleat_told *t = i->told;
    if (t != NULL && !is_news(t, &s, now)) {
        return 0;
    }
    cleat_time wall = cleat_now_wall();
    if (t == NULL) {
        t = i->told = cleat_zalloc(sizeof *t);
        t->throttled_since = t->answered_since = wall;
    }
    say(i, &t->state, &s);
    t->throttled_since = t->state.throttled != s.throttled ? wall : t->throttled_since;
    t->answered_since =
        (t->state.unanswered == 0) != (s.unanswered == 0) ? wall : t->answered_since;
    t->state = s;
    t->at = now;
    cleat_hostd_publish(h, i, i->reason);
    return 1;
}

int cleat_health_step(cleat_hostd *h) {
    cleat_time now = cleat_now_mono();
    bool any = false;
    int did = 0;
    if (h->next_look > now) {
        return 0;
    }
    for (size_t k = 0; k < h->offers.n; k++) {
        struct cleat_instance *i = &h->instances[k];
        if (i->gate != NULL && i->state == CLEAT_LIFE_RUNNING) {
            any = true;
            did |= look(h, i, now);
        }
    }
    h->next_look = any ? now + LOOK : 0;
    return did;
}

void cleat_health_forget(struct cleat_instance *i) {
    free(i->told);
    i->told = NULL;
}
