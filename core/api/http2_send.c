/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/2 outwards: frames are made in the thread's scratch, as much as a few TLS
 * records hold, and bodies are copied there right out of the calls' queues when
 * the client's windows allow it. nghttp2 takes the streams in turn, so a slow one
 * holds up no other. On the connection's I/O thread.
 */
#include "core/api/http2.h"
#include "core/base/limits.h"

enum {
    HEAD = 9,
    PAYLOAD = 16 * 1024 - HEAD, /* a frame fills a TLS record */
    TURNS = 16,                 /* so that one connection does not starve the others */
    LINES = 128
};

/* ---- frames into the scratch ---- */

static ssize_t on_send(nghttp2_session *s, const uint8_t *p, size_t n, int flags, void *userdata) {
    (void)s;
    (void)flags;
    struct cleat__conn *c = userdata;
    size_t room = CLEAT__SCRATCH - c->h2->filled;
    if (room == 0) {
        return NGHTTP2_ERR_WOULDBLOCK;
    }
    n = n < room ? n : room;
    memcpy(c->io->scratch + c->h2->filled, p, n);
    c->h2->filled += n;
    return (ssize_t)n;
}

static int on_send_data(nghttp2_session *s, nghttp2_frame *f, const uint8_t *head, size_t n,
                        nghttp2_data_source *source, void *userdata) {
    (void)s;
    (void)f;
    struct cleat__conn *c = userdata;
    struct cleat__h2_call *x = source->ptr;
    if (CLEAT__SCRATCH - c->h2->filled < HEAD + n) {
        return NGHTTP2_ERR_WOULDBLOCK;
    }
    char *to = c->io->scratch + c->h2->filled;
    memcpy(to, head, HEAD);
    cleat__out_copy(&x->call, to + HEAD, n);
    c->h2->filled += HEAD + n;
    x->moved = c->h2->now;
    return 0;
}

static ssize_t on_read(nghttp2_session *s, int32_t id, uint8_t *p, size_t n, uint32_t *flags,
                       nghttp2_data_source *source, void *userdata) {
    (void)s;
    (void)id;
    (void)p;
    (void)userdata;
    struct cleat__h2_call *x = source->ptr;
    size_t left = x->call.out_bytes;
    if (left == 0 && !x->whole) {
        x->waits = true;
        return NGHTTP2_ERR_DEFERRED;
    }
    n = n < left ? n : left;
    *flags |= n > 0 ? NGHTTP2_DATA_FLAG_NO_COPY : 0;
    *flags |= n == left && x->whole ? NGHTTP2_DATA_FLAG_EOF : 0;
    return (ssize_t)n;
}

static ssize_t on_length(nghttp2_session *s, uint8_t type, int32_t id, int32_t all, int32_t one,
                         uint32_t max, void *userdata) {
    (void)s;
    (void)type;
    (void)id;
    (void)all;
    (void)one;
    (void)max;
    (void)userdata;
    return PAYLOAD; /* nghttp2 bounds it by the windows and by what the client allows */
}

/* The answer is out and the request's body is still coming: it need not. */
static int on_sent(nghttp2_session *s, const nghttp2_frame *f, void *userdata) {
    (void)userdata;
    bool end = (f->hd.type == NGHTTP2_DATA || f->hd.type == NGHTTP2_HEADERS) &&
               (f->hd.flags & NGHTTP2_FLAG_END_STREAM);
    if (end && nghttp2_session_get_stream_remote_close(s, f->hd.stream_id) == 0) {
        nghttp2_submit_rst_stream(s, NGHTTP2_FLAG_NONE, f->hd.stream_id, NGHTTP2_NO_ERROR);
    }
    return 0;
}

void cleat__h2_send_callbacks(nghttp2_session_callbacks *cb) {
    nghttp2_session_callbacks_set_send_callback(cb, on_send);
    nghttp2_session_callbacks_set_send_data_callback(cb, on_send_data);
    nghttp2_session_callbacks_set_data_source_read_length_callback(cb, on_length);
    nghttp2_session_callbacks_set_on_frame_send_callback(cb, on_sent);
}

/* ---- answers ---- */

/* Cuts a line "Name: value" off the front. nghttp2 makes names lower-case. */
static bool next_line(struct cleat_str *lines, nghttp2_nv *ret) {
    const char *end = lines->n > 0 ? memchr(lines->p, '\r', lines->n) : NULL;
    const char *colon = end != NULL ? memchr(lines->p, ':', (size_t)(end - lines->p)) : NULL;
    if (colon == NULL) {
        return false;
    }
    const char *value = colon + 1 + (colon[1] == ' ');
    *ret = (nghttp2_nv){(uint8_t *)(uintptr_t)lines->p, (uint8_t *)(uintptr_t)value,
                        (size_t)(colon - lines->p), (size_t)(end - value), NGHTTP2_NV_FLAG_NONE};
    lines->n -= (size_t)(end + 2 - lines->p);
    lines->p = end + 2;
    return true;
}

void cleat__h2_head(struct cleat__call *c, int status, struct cleat_str lines, bool body) {
    nghttp2_nv nv[LINES + 1];
    char digits[12];
    size_t n = 1;
    int digits_n = snprintf(digits, sizeof digits, "%d", status);
    nv[0] = (nghttp2_nv){(uint8_t *)(uintptr_t) ":status", (uint8_t *)digits, 7, (size_t)digits_n,
                         NGHTTP2_NV_FLAG_NONE};
    while (n <= LINES && next_line(&lines, &nv[n])) {
        n++;
    }
    nghttp2_data_provider source = {.source = {.ptr = c}, .read_callback = on_read};
    nghttp2_submit_response(c->conn->h2->session, c->id, nv, n, body ? &source : NULL);
}

/* Written once all that happens now has happened: many streams share a record. */
void cleat__h2_more(struct cleat__call *c) {
    struct cleat__h2_call *x = (struct cleat__h2_call *)c;
    if (x->waits) {
        x->waits = false;
        nghttp2_session_resume_data(c->conn->h2->session, c->id);
    }
    cleat__conn_wake(c->conn);
}

void cleat__h2_done(struct cleat__call *c) {
    ((struct cleat__h2_call *)c)->whole = true;
    cleat__h2_more(c);
}

/* ---- the socket ---- */

/* 1: all n bytes were taken, 0: not all, -1: the connection was closed. */
static int put(struct cleat__conn *c, const char *p, size_t n, size_t *ret_taken) {
    *ret_taken = 0;
    while (*ret_taken < n) {
        ssize_t wrote = cleat__conn_write(c, p + *ret_taken, n - *ret_taken);
        if (wrote < 0) {
            cleat__conn_close(c);
            return -1;
        }
        if (wrote == 0) {
            event_add(&c->writable, NULL);
            return 0;
        }
        *ret_taken += (size_t)wrote;
        c->last_used = c->h2->now;
    }
    return 1;
}

static int put_unsent(struct cleat__conn *c) {
    struct cleat__h2 *h = c->h2;
    size_t taken;
    int r = put(c, h->unsent.p + h->unsent_off, h->unsent.n - h->unsent_off, &taken);
    h->unsent_off += taken;
    if (r == 1) {
        cleat_buf_done(&h->unsent);
        h->unsent_off = 0;
    }
    return r;
}

/* Makes frames and writes them. 1: there may be more, 0: none, or blocked, -1: closed. */
static int turn(struct cleat__conn *c) {
    struct cleat__h2 *h = c->h2;
    size_t taken;
    int r = h->unsent.n > 0 ? put_unsent(c) : 1;
    if (r != 1) {
        return r;
    }
    h->filled = 0;
    if (nghttp2_session_send(h->session) != 0) {
        cleat__conn_close(c);
        return -1;
    }
    if (h->filled == 0) {
        return 0;
    }
    r = put(c, c->io->scratch, h->filled, &taken);
    if (r == 0) {
        cleat_buf_add(&h->unsent, c->io->scratch + taken, h->filled - taken);
    }
    return r;
}

/* Calls that had more than their queue should hold, and have room now. */
static void feed(struct cleat__conn *c) {
    for (struct cleat__h2_call *x = c->h2->calls, *next; x != NULL; x = next) {
        next = x->next;
        if (x->call.starved && x->call.stream != NULL &&
            x->call.out_bytes < CLEAT_LIMIT_WATCH_BACKLOG / 2) {
            x->call.starved = false;
            cleat__stream_pump(&x->call);
        } else if (x->call.starved && x->call.producer != NULL) {
            cleat__produce_more(&x->call);
        }
    }
}

void cleat__h2_flush(struct cleat__conn *c) {
    int r = 1;
    if (c->dead || c->state != CLEAT__FRAMES) {
        return;
    }
    cleat__conn_hold(c);
    c->h2->now = cleat_now_mono();
    for (int i = 0; r == 1 && i < TURNS; i++) {
        feed(c);
        r = turn(c);
    }
    struct cleat__h2 *h = c->h2;
    if (r == 1) {
        cleat__conn_wake(c); /* the others first */
    } else if (r == 0 && h->unsent.n == 0) {
        bool over =
            !nghttp2_session_want_read(h->session) && !nghttp2_session_want_write(h->session);
        if (over || (h->stopping && h->calls == NULL)) {
            cleat__h2_close(c);
            c->lingers = true; /* frames under way must not reset what says why */
            cleat__conn_finish(c);
        }
    }
    cleat__conn_release(c);
}
