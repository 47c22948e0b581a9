/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 on a connection: one request, one answer, and the next. An answer whose
 * end cannot be told for sure is broken; so is one that says more than it should.
 */
#include "core/remote/internal.h"

enum { IDLE, HEAD, LENGTH, CHUNKS, TO_THE_END };
enum { HINTS_MAX = 16 /* answers of 1xx before the one that counts */ };

void cleat__rc_h1_start(struct cleat__rc_conn *c, struct cleat__rc_call *call) {
    const struct cleat__rc_config *cfg = c->r->config;
    struct cleat__rc_header headers[CLEAT__HEADERS];
    CLEAT_AUTO_FREE char *host = cleat__rc_url_authority(&cfg->url);
    size_t n = cleat__rc_call_headers(call, headers);
    struct cleat_buf *out = &c->out;
    cleat_buf_printf(out, "%s %s%s HTTP/1.1\r\nhost: %s\r\n", call->method, cfg->url.path,
                     call->path, host);
    for (size_t i = 0; i < n; i++) {
        cleat_buf_puts(out, headers[i].name);
        cleat_buf_puts(out, ": ");
        cleat_buf_str(out, headers[i].value);
        cleat_buf_puts(out, "\r\n");
    }
    if (call->content_type != NULL) {
        cleat_buf_printf(out, "content-length: %zu\r\n", call->body.n);
    }
    cleat_buf_puts(out, "\r\n");
    cleat_buf_str(out, (struct cleat_str){call->body.p != NULL ? call->body.p : "", call->body.n});
    c->h1 = (struct cleat__rc_h1){.state = HEAD};
    cleat__rc_conn_ready(c);
}

bool cleat__rc_h1_may_leave(struct cleat__rc_conn *c) {
    struct cleat__rc_call *call = c->calls.head;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (call == NULL || call->sent || cleat__rc_call_may_leave(call, &e)) {
        return true;
    }
    c->out.n = c->out_off = 0;
    c->h1.state = IDLE;
    cleat__rc_conn_leave(c, call);
    cleat__rc_call_end(call, e.code, &e);
    return false;
}

/* The answer is whole: the connection is free for the next, or done with. */
static void finish(struct cleat__rc_conn *c) {
    struct cleat__rc_call *call = c->calls.head;
    bool keep = c->h1.keep && c->out.n == c->out_off;
    c->h1.state = IDLE;
    c->served++;
    cleat__rc_conn_leave(c, call);
    if (!keep) {
        cleat__rc_conn_close(c, "the server closes it");
    }
    cleat__rc_call_done(call);
}

static void broke(struct cleat__rc_conn *c, const char *why) {
    cleat__rc_conn_close(c, why);
}

/* 1: on to the body, 0: more is needed, -1: broken. */
static int head(struct cleat__rc_conn *c) {
    struct cleat__rc_call *call = c->calls.head;
    struct cleat_http_head h;
    size_t n;
    for (;;) {
        int r = c->in.n > c->in_off
                    ? cleat_http_parse_response(c->in.p + c->in_off, c->in.n - c->in_off,
                                                &c->h1.scanned, &h, &n)
                    : 0;
        if (r <= 0) {
            return r;
        }
        if (h.status >= 200) {
            break;
        }
        c->in_off += n;
        if (h.status == 101 || ++c->h1.hints > HINTS_MAX) {
            return -1;
        }
    }
    cleat__rc_call_status(call, h.status);
    for (size_t i = 0; i < h.n_headers; i++) {
        cleat__rc_call_header(call, h.headers[i].name, h.headers[i].value);
    }
    c->in_off += n;
    c->h1.keep = h.keep_alive;
    c->h1.left = h.content_length;
    c->h1.chunks = (struct cleat_http_chunks){0};
    bool bodiless = h.status == 204 || h.status == 304 || strcmp(call->method, "HEAD") == 0;
    if (bodiless) {
        c->h1.state = LENGTH;
        c->h1.left = 0;
    } else {
        c->h1.state = h.chunked ? CHUNKS : h.has_length ? LENGTH : TO_THE_END;
    }
    if (c->h1.state == TO_THE_END) {
        c->h1.keep = false;
    }
    cleat__rc_call_headed(call);
    return 1;
}

/* Some of the body: how many bytes are used; *ret_end: that was all of it. -1: broken. */
static ssize_t body(struct cleat__rc_conn *c, const char *p, size_t n, bool *ret_end) {
    struct cleat__rc_call *call = c->calls.head;
    *ret_end = false;
    if (c->h1.state == CHUNKS) {
        struct cleat_buf *text = &c->r->text;
        size_t used;
        text->n = 0;
        int r = cleat_http_chunks(&c->h1.chunks, p, n, &used, text, SIZE_MAX / 2);
        if (r < 0 || (text->n > 0 && !cleat__rc_call_data(call, text->p, text->n))) {
            return -1;
        }
        *ret_end = r == 1;
        return (ssize_t)used;
    }
    size_t take = c->h1.state == LENGTH && c->h1.left < n ? (size_t)c->h1.left : n;
    if (take > 0 && !cleat__rc_call_data(call, p, take)) {
        return -1;
    }
    c->h1.left -= c->h1.state == LENGTH ? take : 0;
    *ret_end = c->h1.state == LENGTH && c->h1.left == 0;
    return (ssize_t)take;
}

static void keep_rest(struct cleat__rc_conn *c) {
    if (c->in_off == c->in.n) {
        c->in.n = c->in_off = 0;
        if (c->in.cap > CLEAT__SCRATCH) {
            cleat_buf_done(&c->in);
        }
    }
}

/* What is at p, or (NULL) what stayed behind. Bytes of a body pass through; those of a head, and
 * what comes while the call takes no more, gather in c->in. */
void cleat__rc_h1_input(struct cleat__rc_conn *c, const char *p, size_t n) {
    bool own = p == NULL; /* p is in c->in */
    for (;;) {
        if (c->dead) {
            return;
        }
        struct cleat__rc_call *call = c->calls.head;
        if (c->h1.state == IDLE || call == NULL) {
            if (n > 0 || c->in.n > c->in_off) {
                broke(c, "the server said something that it was not asked");
            }
            return;
        }
        if (c->h1.state == HEAD) {
            cleat_buf_add(&c->in, p, own ? 0 : n);
            own = true;
            int r = head(c);
            if (r < 0) {
                broke(c, "the answer is no HTTP");
                return;
            }
            if (r == 0) {
                return;
            }
        }
        if (own) {
            p = c->in.p + c->in_off;
            n = c->in.n - c->in_off;
        }
        if (call->paused) {
            if (!own) {
                cleat_buf_add(&c->in, p, n);
            }
            cleat__rc_conn_pause(c);
            return;
        }
        bool end;
        ssize_t used = body(c, p, n, &end);
        if (used < 0) {
            broke(c, "the answer's body is broken, or too long");
            return;
        }
        p += used;
        n -= (size_t)used;
        if (own) {
            c->in_off += (size_t)used;
            keep_rest(c);
        }
        if (end) {
            cleat__rc_conn_hold(c);
            if (n > 0) {
                c->h1.keep = false; /* nothing was asked that this could answer */
            }
            finish(c);
            cleat__rc_conn_release(c);
            return;
        }
        if (n == 0) {
            if (call->paused) {
                cleat__rc_conn_pause(c);
            }
            return;
        }
    }
}

void cleat__rc_h1_eof(struct cleat__rc_conn *c) {
    if (c->h1.state == TO_THE_END && c->calls.head != NULL) {
        finish(c);
    }
}
