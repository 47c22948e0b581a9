/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request's way: credentials, its identity's rate, a connection, the answer, and
 * what of it is tried again. Again goes what the server cannot have carried out: what was
 * not sent, what it says it did not look at (429, 503 with Retry-After, 401 with old credentials, a
 * refused stream), and a read whose kept-alive connection turned out to be dead. Everything else
 * that breaks off is told: of a write nobody knows the outcome then.
 */
#include <stdarg.h>
#include <strings.h>

#include "core/remote/internal.h"

enum { RETRIES = 10 /* as client-go */, SAFE_RETRIES = 3 };
#define RETRY_MAX (60 * CLEAT_SECOND)

struct cleat__rc_call *cleat__rc_call_new(struct cleat__remote *r, const char *identity,
                                          const char *method, char *path,
                                          const struct cleat__rc_sink *sink, void *userdata) {
    struct cleat__rc_call *c = cleat_zalloc(sizeof *c);
    c->r = r;
    c->who = cleat__rc_identity_get(r, identity);
    c->method = method;
    c->path = path;
    c->accept = "application/json";
    c->sink = sink;
    c->userdata = userdata;
    c->timeout = r->timeout;
    c->max = CLEAT__ANSWER_MAX;
    c->retry_after = -1;
    return c;
}

void cleat__rc_call_leaves(struct cleat__rc_call *c) {
    if (!c->sent && c->writes) {
        c->out = true;
        atomic_fetch_add(&c->r->writes_out, 1);
    }
    c->sent = true;
}

/* A write that had left is answered, or will not be. */
static void settle(struct cleat__rc_call *c) {
    if (c->out && c->status == 0) {
        atomic_store(&c->r->cut_at, cleat_now_boot());
    }
    if (c->out) {
        c->out = false;
        atomic_fetch_sub(&c->r->writes_out, 1);
    }
}

static void forget_answer(struct cleat__rc_call *c) {
    settle(c);
    cleat_buf_done(&c->answer);
    cleat__rc_gunzip_free(c->gunzip);
    free(c->answer_etag);
    free(c->answer_type);
    c->gunzip = NULL;
    c->answer_etag = c->answer_type = NULL;
    c->status = 0;
    c->retry_after = -1;
    c->gzip = c->headed = c->ended = c->sent = c->paused = false;
    c->body_off = c->held = 0;
}

void cleat__rc_call_free(struct cleat__rc_call *c) {
    if (c != NULL) {
        cleat_assert(c->state == CLEAT__CALL_NEW || c->state == CLEAT__CALL_ENDED);
        forget_answer(c);
        free(c->path);
        free(c->etag);
        cleat_buf_done(&c->body);
        free(c);
    }
}

/* ---- queues ---- */

void cleat__rc_call_push(struct cleat__rc_queue *q, struct cleat__rc_call *c) {
    if (q->tail == NULL) {
        q->tail = &q->head;
    }
    c->state = CLEAT__CALL_QUEUED;
    c->queue = q;
    c->next = NULL;
    c->link = q->tail;
    *q->tail = c;
    q->tail = &c->next;
    c->r->lines[c->line].n_waiting += q == &c->r->lines[c->line].waiting;
}

void cleat__rc_call_unqueue(struct cleat__rc_call *c) {
    struct cleat__rc_queue *q = c->queue;
    *c->link = c->next;
    if (c->next != NULL) {
        c->next->link = c->link;
    } else {
        q->tail = c->link;
    }
    c->r->lines[c->line].n_waiting -= q == &c->r->lines[c->line].waiting;
    c->queue = NULL;
    c->state = CLEAT__CALL_NEW;
}

/* ---- its end ---- */

/* Takes it away from wherever it is. */
static void detach(struct cleat__rc_call *c) {
    if (c->queue != NULL && c->conn == NULL) {
        cleat__rc_call_unqueue(c);
    }
    if (c->conn != NULL) {
        struct cleat__rc_conn *conn = c->conn;
        cleat__rc_conn_hold(conn);
        if (conn->h2 != NULL) {
            cleat__rc_h2_abort(conn, c);
            cleat__rc_conn_leave(conn, c);
        } else {
            cleat__rc_conn_leave(conn, c);
            cleat__rc_conn_close(conn, "given up");
        }
        cleat__rc_conn_release(conn);
    }
}

void cleat__rc_call_end(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *e) {
    cleat_assert(c->state != CLEAT__CALL_ENDED);
    detach(c);
    event_del(&c->timer);
    *c->all_link = c->all_next;
    if (c->all_next != NULL) {
        c->all_next->all_link = c->all_link;
    }
    c->state = CLEAT__CALL_ENDED;
    settle(c);
    c->sink->end(c, err, e);
}

void cleat__rc_call_fail(struct cleat__rc_call *c, cleat_err err, const char *fmt, ...) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    bool write = strcmp(c->method, "GET") != 0;
    if (write && c->sent &&
        (err == CLEAT_E_UNAVAILABLE || err == CLEAT_E_TIMEOUT || err == CLEAT_E_IO)) {
        err = cleat_fail(&e, CLEAT_E_UNKNOWN, "%s %s%s: the outcome is not known: %s", c->method,
                         c->r->shown, c->path, text);
    } else {
        cleat_fail(&e, err, "%s %s%s: %s", c->method, c->r->shown, c->path, text);
    }
    cleat__rc_call_end(c, err, &e);
}

void cleat__rc_call_abort(struct cleat__rc_call *c, cleat_err err, const char *why) {
    cleat__rc_call_fail(c, err, "%s", why);
}

/* ---- times ---- */

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__rc_call *c = arg;
    if (c->state == CLEAT__CALL_RESTING && cleat_now_mono() < c->deadline) {
        c->state = CLEAT__CALL_NEW;
        cleat__rc_call_go(c);
        return;
    }
    const char *why = c->headed                                   ? "the answer did not end in time"
                      : c->sent                                   ? "no answer in time"
                      : c->queue == &c->r->lines[c->line].waiting ? "no connection in time"
                                                                  : "it could not be sent in time";
    cleat__rc_call_fail(c, c->sent ? CLEAT_E_TIMEOUT : CLEAT_E_UNAVAILABLE, "%s", why);
}

static void arm_deadline(struct cleat__rc_call *c) {
    if (c->deadline == INT64_MAX) {
        event_del(&c->timer);
        return;
    }
    struct timeval tv = cleat__rc_timeval(c->deadline - cleat_now_mono());
    event_add(&c->timer, &tv);
}

static bool rest(struct cleat__rc_call *c, cleat_time d) {
    if (c->deadline - cleat_now_mono() <= d) {
        return false;
    }
    c->state = CLEAT__CALL_RESTING;
    struct timeval tv = cleat__rc_timeval(d);
    event_add(&c->timer, &tv);
    return true;
}

/* ---- its beginning ---- */

static void on_start(struct cleat__rc_msg *m) {
    struct cleat__rc_call *c = (struct cleat__rc_call *)m;
    struct cleat__remote *r = c->r;
    c->all_next = r->calls;
    c->all_link = &r->calls;
    if (c->all_next != NULL) {
        c->all_next->all_link = &c->all_next;
    }
    r->calls = c;
    event_assign(&c->timer, r->loop, -1, 0, on_timer, c);
    c->began = cleat_now_mono();
    c->deadline = c->began + c->timeout;
    cleat__rc_call_go(c);
}

void cleat__rc_call_start(struct cleat__rc_call *c) {
    c->msg.fn = on_start;
    if (cleat__rc_on_loop(c->r)) {
        on_start(&c->msg);
    } else {
        cleat__rc_post(c->r, &c->msg);
    }
}

struct cancel {
    struct cleat__rc_msg msg;
    struct cleat__rc_call *call;
    bool spare, spared; /* writes that have left */
    struct cleat_event done;
};

static void on_cancel(struct cleat__rc_msg *m) {
    struct cancel *x = (struct cancel *)m;
    x->spared = x->spare && x->call->state != CLEAT__CALL_ENDED && x->call->out;
    if (x->call != NULL && !x->spared && x->call->state != CLEAT__CALL_ENDED) {
        cleat__rc_call_abort(x->call, CLEAT_E_CANCELLED, "given up");
    }
    cleat_event_set(&x->done);
}

void cleat__rc_call_cancel(struct cleat__remote *r, struct cleat__rc_call *c) {
    struct cancel x = {.msg = {.fn = on_cancel}, .call = c};
    cleat_event_init(&x.done);
    cleat__rc_post(r, &x.msg);
    cleat_event_wait(&x.done, -1);
}

bool cleat__rc_call_cancel_unsent(struct cleat__rc_call *c) {
    struct cancel x = {.msg = {.fn = on_cancel}, .call = c, .spare = true};
    cleat_event_init(&x.done);
    cleat__rc_post(c->r, &x.msg);
    cleat_event_wait(&x.done, -1);
    return !x.spared;
}

void cleat__rc_call_go(struct cleat__rc_call *c) {
    struct cleat__remote *r = c->r;
    if (r->stopping) {
        cleat__rc_call_abort(c, CLEAT_E_CANCELLED, "the client is stopping");
        return;
    }
    if (c->queue == NULL) {
        arm_deadline(c);
    }
    if (!cleat__rc_limit_pass(c) || !cleat__rc_auth_ready(c) ||
        (!c->as_base && !cleat__rc_identity_ready(c))) {
        return;
    }
    c->queued_at = cleat_now_mono();
    bool shows_more = cleat__rc_identity_is_own(c) && r->config->url.scheme == CLEAT__HTTPS;
    c->line = shows_more ? CLEAT__LINE_OWN : CLEAT__LINE_BASE;
    cleat__rc_call_push(&r->lines[c->line].waiting, c);
    cleat__rc_pool_wake(r);
}

static void again(struct cleat__rc_call *c) {
    forget_answer(c);
    cleat__rc_call_go(c);
}

/* ---- what is sent ---- */

static void header(struct cleat__rc_header **at, const char *name, struct cleat_str value) {
    *(*at)++ = (struct cleat__rc_header){name, value};
}

size_t cleat__rc_call_headers(struct cleat__rc_call *c,
                              struct cleat__rc_header out[CLEAT__HEADERS]) {
    const struct cleat__rc_config *cfg = c->r->config;
    bool own = cleat__rc_identity_is_own(c);
    const char *auth = own ? c->who->authorization : c->r->auth.authorization;
    struct cleat__rc_header *at = out;
    header(&at, "accept", cleat_s(c->accept));
    header(&at, "user-agent", cleat_s(c->who->agent));
    if (auth != NULL) {
        header(&at, "authorization", cleat_s(auth));
    }
    if (c->r->gzip) {
        header(&at, "accept-encoding", cleat_s("gzip"));
    }
    if (c->etag != NULL) {
        header(&at, "if-none-match", cleat_s(c->etag));
    }
    if (c->content_type != NULL) {
        header(&at, "content-type", cleat_s(c->content_type));
    }
    if (cfg->as != NULL && !own) {
        header(&at, "impersonate-user", cleat_s(cfg->as));
        if (cfg->as_uid != NULL) {
            header(&at, "impersonate-uid", cleat_s(cfg->as_uid));
        }
        for (size_t i = 0; cfg->as_groups != NULL && cfg->as_groups[i] != NULL; i++) {
            header(&at, "impersonate-group", cleat_s(cfg->as_groups[i]));
        }
        for (size_t i = 0; i < cfg->n_as_extra; i++) {
            header(&at, cfg->as_extra[i].name, cleat_s(cfg->as_extra[i].value));
        }
    }
    return (size_t)(at - out);
}

bool cleat__rc_call_may_leave(const struct cleat__rc_call *c, struct cleat_error *e) {
    const struct cleat_fence *f = c->r->fence;
    return !c->writes || c->sent || f == NULL || f->check(f->userdata, e) == CLEAT_OK;
}

/* ---- what comes back ---- */

void cleat__rc_call_status(struct cleat__rc_call *c, int status) {
    c->status = status;
}

/* Seconds, or a date, which nobody sends. */
static cleat_time retry_after(struct cleat_str v) {
    cleat_time s = 0;
    if (v.n == 0 || v.n > 6) {
        return -1;
    }
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] < '0' || v.p[i] > '9') {
            return -1;
        }
        s = s * 10 + (v.p[i] - '0');
    }
    return s * CLEAT_SECOND;
}

static bool named(struct cleat_str name, const char *lower) {
    return name.n == strlen(lower) && strncasecmp(name.p, lower, name.n) == 0;
}

void cleat__rc_call_header(struct cleat__rc_call *c, struct cleat_str name,
                           struct cleat_str value) {
    if (named(name, "content-encoding")) {
        c->gzip = value.n == 4 && strncasecmp(value.p, "gzip", 4) == 0;
    } else if (named(name, "retry-after")) {
        c->retry_after = retry_after(value);
    } else if (named(name, "etag")) {
        free(c->answer_etag);
        c->answer_etag = cleat_strndup(value);
    } else if (named(name, "content-type")) {
        free(c->answer_type);
        c->answer_type = cleat_strndup(value);
    }
}

void cleat__rc_call_headed(struct cleat__rc_call *c) {
    c->headed = true;
    c->safe_tries = 0;
    cleat__rc_measure(c, c->status);
    if (c->gzip) {
        c->gunzip = cleat__rc_gunzip_new();
    }
    if (c->no_end && c->status >= 200 && c->status < 300) {
        c->deadline = INT64_MAX;
        arm_deadline(c);
    }
}

static bool keep(void *userdata, const char *p, size_t n) {
    struct cleat__rc_call *c = userdata;
    bool good = c->status >= 200 && c->status < 300;
    if (good && c->sink->data != NULL) {
        c->paused |= !c->sink->data(c, p, n);
        return true;
    }
    size_t max = good ? c->max : CLEAT__ERROR_MAX;
    if (n > max - c->answer.n) {
        return false;
    }
    cleat_buf_add(&c->answer, p, n);
    return true;
}

bool cleat__rc_call_data(struct cleat__rc_call *c, const char *p, size_t n) {
    return c->gunzip != NULL ? cleat__rc_gunzip_add(c->gunzip, p, n, keep, c) : keep(c, p, n);
}

/* Whether it goes again on the server's word; then it is on its way. */
static bool heeds(struct cleat__rc_call *c) {
    bool later = c->status == 429 || (c->status >= 500 && c->retry_after >= 0);
    if (c->status == 401 && !c->renewed) {
        bool own = cleat__rc_identity_is_own(c);
        c->renewed = true;
        if (own) {
            cleat__rc_identity_refused(c->who);
        }
        if (own || cleat__rc_auth_refused(c->r)) {
            again(c);
            return true;
        }
        return false;
    }
    if (!later || c->tries >= RETRIES) {
        return false;
    }
    cleat_time d = c->retry_after >= 0 ? c->retry_after : CLEAT_SECOND;
    d = d < RETRY_MAX ? d : RETRY_MAX;
    /* All who were sent away at one moment should not come back at one. */
    d += (cleat_time)(cleat_random() % (uint64_t)(d / 4 + 50 * CLEAT_MS));
    if (!rest(c, d)) {
        return false;
    }
    c->tries++;
    c->limited = false; /* its rate is that of all it sends, as client-go's */
    forget_answer(c);
    return true;
}

void cleat__rc_call_done(struct cleat__rc_call *c) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (c->gunzip != NULL && !cleat__rc_gunzip_whole(c->gunzip) && c->status != 304) {
        cleat__rc_call_fail(c, CLEAT_E_UNAVAILABLE, "the answer's gzip ends too early");
        return;
    }
    if ((c->status >= 200 && c->status < 300) || c->status == 304) {
        cleat__rc_call_end(c, CLEAT_OK, NULL);
        return;
    }
    if (heeds(c)) {
        return;
    }
    if (c->status < 400) {
        cleat__rc_call_fail(c, CLEAT_E_UNAVAILABLE, "status %d is no answer of an API server",
                            c->status);
        return;
    }
    struct cleat_str body = {c->answer.p != NULL ? c->answer.p : "", c->answer.n};
    cleat_err err = cleat__rc_status_error(c->status, body, c->retry_after, &e);
    cleat__rc_call_end(c, err, &e);
}

void cleat__rc_call_broke(struct cleat__rc_call *c, bool never_seen, const char *why) {
    if (!c->headed) {
        cleat__rc_measure(c, 0);
    }
    bool reading = strcmp(c->method, "GET") == 0;
    bool stale = reading && c->served_before > 0; /* it was kept alive, for too long perhaps */
    if (!c->r->stopping && !c->headed && (never_seen || !c->sent || stale) &&
        c->safe_tries < SAFE_RETRIES) {
        c->safe_tries++;
        again(c);
        return;
    }
    cleat__rc_call_fail(c, CLEAT_E_UNAVAILABLE, "%s", why);
}

void cleat__rc_call_resume(struct cleat__rc_call *c) {
    if (c->state != CLEAT__CALL_ACTIVE || !c->paused) {
        return;
    }
    c->paused = false;
    if (c->conn->h2 != NULL) {
        cleat__rc_h2_resume(c->conn, c);
    } else {
        cleat__rc_conn_read_on(c->conn);
    }
}
