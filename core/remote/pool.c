/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which connection takes a call: one of HTTP/2 that has room for another stream, an idle one
 * of HTTP/1.1 (the one used last, so that the others grow old), or a new one. Until
 * the first handshake tells which protocol it is, one connection is dialled at a time.
 */
#include "core/remote/internal.h"

enum {
    CONNS_MAX = 1000,
    DIALING_MAX = 8, /* a crowd need not shake hands all at once */
    SHORT_MAX = 64   /* connections of HTTP/1.1 that are not taken by a watch */
};
#define IDLE       (90 * CLEAT_SECOND) /* as Go */
#define CHECK_EACH (30 * CLEAT_SECOND)

void cleat__rc_pool_wake(struct cleat__remote *r) {
    event_active(&r->assign, EV_TIMEOUT, 0);
}

static struct cleat__rc_conn *pick(struct cleat__remote *r, int line) {
    struct cleat__rc_conn *best = NULL;
    for (struct cleat__rc_conn *c = r->conns; c != NULL; c = c->next) {
        if (c->line != line || c->state != CLEAT__READY || c->retired || c->dead) {
            continue;
        }
        if (c->h2 != NULL ? cleat__rc_h2_room(c) : c->n_calls == 0) {
            if (best == NULL || c->last_used > best->last_used) {
                best = c;
            }
        }
    }
    return best;
}

/* Calls that end take turns on so many connections; one that does not end needs its own. */
static bool wants_more(const struct cleat__remote *r, int line) {
    unsigned n = 0;
    const struct cleat__rc_call *first = r->lines[line].waiting.head;
    for (struct cleat__rc_conn *c = r->conns; c != NULL && first != NULL && !first->no_end;
         c = c->next) {
        n += c->line == line && (c->calls.head == NULL || !c->calls.head->no_end);
    }
    return first != NULL && r->n_conns < CONNS_MAX && (r->protocol != 1 || n < SHORT_MAX);
}

static void dial_more(struct cleat__remote *r, int line) {
    const struct cleat__rc_line *l = &r->lines[line];
    unsigned want = r->protocol != 1 ? 1 : l->n_waiting < DIALING_MAX ? l->n_waiting : DIALING_MAX;
    while (l->n_dialing < want && wants_more(r, line)) {
        cleat__rc_conn_open(r, line);
    }
}

static void assign_line(struct cleat__remote *r, int line) {
    struct cleat__rc_call *call;
    while ((call = r->lines[line].waiting.head) != NULL) {
        struct cleat__rc_conn *c = pick(r, line);
        if (c == NULL) {
            dial_more(r, line);
            return;
        }
        cleat__rc_call_unqueue(call);
        cleat__rc_conn_take(c, call);
    }
}

void cleat__rc_pool_assign(struct cleat__remote *r) {
    for (int line = 0; line < CLEAT__LINES; line++) {
        assign_line(r, line);
    }
}

/* Who waited for it is told; who came later has the next attempt before him. */
void cleat__rc_pool_dial_failed(struct cleat__rc_conn *c, const char *why) {
    struct cleat__rc_queue *waiting = &c->r->lines[c->line].waiting;
    struct cleat__rc_call *call;
    while ((call = waiting->head) != NULL && call->queued_at <= c->began) {
        cleat__rc_call_fail(call, CLEAT_E_UNAVAILABLE, "%s", why);
    }
    if (waiting->head != NULL) {
        cleat__rc_pool_wake(c->r);
    }
}

struct check {
    struct cleat__rc_job job;
    SSL_CTX *ctx;
    uint64_t generation;
};

static void check_files(struct cleat__rc_job *j) {
    struct check *k = (struct check *)j;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat__rc_tls_get(j->r, &k->ctx, &k->generation, &e) == CLEAT_OK) {
        SSL_CTX_free(k->ctx);
    }
}

/* Connections that were made with what has been replaced take no more calls. */
static void on_checked(struct cleat__rc_msg *m) {
    struct check *k = (struct check *)m;
    struct cleat__remote *r = k->job.r;
    for (struct cleat__rc_conn *c = r->conns; c != NULL; c = c->next) {
        if (c->ssl != NULL && k->generation > 0 && c->generation < k->generation) {
            c->retired = true;
        }
    }
    r->files_checking = false;
    free(k);
}

void cleat__rc_pool_sweep(struct cleat__remote *r, cleat_time now) {
    for (struct cleat__rc_conn *c = r->conns, *next; c != NULL; c = next) {
        next = c->next;
        if (c->state != CLEAT__READY) {
            continue;
        }
        if (c->n_calls == 0 && (c->retired || now - c->last_used > IDLE)) {
            cleat__rc_conn_close(c, "idle");
        } else {
            cleat__rc_conn_sweep(c, now);
        }
    }
    bool tls = r->config->url.scheme == CLEAT__HTTPS;
    if (tls && r->conns != NULL && !r->files_checking && now - r->files_checked > CHECK_EACH) {
        struct check *k = cleat_zalloc(sizeof *k);
        k->job.work = check_files;
        k->job.msg.fn = on_checked;
        r->files_checking = true;
        r->files_checked = now;
        cleat__rc_job_start(r, &k->job);
    }
}
