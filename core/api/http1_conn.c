/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 on a connection: bytes in, whole requests out to the handlers, answers
 * back in order. A client can make it hold one request and a bounded amount of
 * what follows, and nothing is served while earlier answers pile up unread. On
 * the connection's I/O thread.
 */
#include "core/api/internal.h"
#include "core/base/limits.h"

enum {
    AHEAD = CLEAT__SCRATCH, /* input that may wait while a request is served */
    UNREAD = 256 * 1024,    /* answers that may wait before the next request is served */
    KEEP = 16 * 1024,       /* an input buffer that an idle connection may keep */
    WRITES = 64             /* turns, so that one connection does not starve the others */
};

/* ---- output ---- */

void cleat__h1_flush(struct cleat__conn *c) {
    if (c->dead) {
        return;
    }
    for (int turn = 0; c->call.out != NULL && turn < WRITES; turn++) {
        ssize_t n = cleat__out_write(&c->call);
        if (n < 0) {
            cleat__conn_close(c);
            return;
        }
        if (n == 0) {
            break;
        }
        c->last_used = cleat_now_mono();
    }
    if (c->call.out != NULL) {
        event_add(&c->writable, NULL);
    } else if (c->state == CLEAT__DRAIN) {
        cleat__conn_finish(c);
    }
}

/* ---- requests ---- */

/* Answers what is no request, and ends the connection: where the next one would
 * begin is not known. What has no reason among Statuses is told in plain text. */
static void refuse(struct cleat__conn *c, int status, const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err code = status == 413   ? CLEAT_E_TOO_LARGE
                     : status == 400 ? CLEAT_E_BAD_REQUEST
                                     : CLEAT_OK;
    c->close_after = true;
    c->call.head_only = c->call.http10 = c->call.yaml = false;
    CLEAT_AUTO_BUF body = {0};
    if (code != CLEAT_OK) {
        cleat_fail(&e, code, "%s", text);
        cleat_status_json(&e, &body);
        cleat__respond(&c->call, status, "application/json", &body, NULL);
    } else {
        cleat_buf_printf(&body, "%d %s\n", status, text);
        cleat__respond(&c->call, status, "text/plain; charset=utf-8", &body, NULL);
    }
    c->state = CLEAT__DRAIN;
    c->lingers = true;
}

/* Parses the head at the front of the buffer into the thread's. 1 = done. */
static int take_head(struct cleat__conn *c) {
    struct cleat_http_head *h = &c->io->head;
    int r = cleat_http_parse(c->in.p + c->in_off, c->in.n - c->in_off, &c->scanned, h, &c->head_n);
    if (r < 0) {
        refuse(c, -r, cleat_http_reason(-r));
    }
    if (r <= 0) {
        return r;
    }
    c->body.n = 0;
    c->chunks = (struct cleat_http_chunks){0};
    c->length = h->content_length;
    c->chunked = h->chunked;
    c->close_after = !h->keep_alive || c->io->stopping;
    c->call.http10 = h->minor == 0;
    c->call.head_only = cleat_eqc(h->method, "HEAD");
    if (c->length > CLEAT_LIMIT_BODY) {
        refuse(c, 413, CLEAT__TOO_LARGE);
        return -413;
    }
    c->state = CLEAT__BODY;
    bool waits = h->expect_continue && c->in.n - c->in_off <= c->head_n;
    if (waits && (c->chunked || c->length > 0)) {
        cleat__out_bytes(&c->call, CLEAT_STR("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    return 1;
}

/* Takes the body out of the buffer; 1 whole, 0 more is needed, <0 refused. */
static int take_body(struct cleat__conn *c) {
    char *p = c->in.p + c->in_off + c->head_n;
    size_t n = c->in.n - c->in_off - c->head_n, used;
    if (!c->chunked) {
        return n >= c->length;
    }
    int r = cleat_http_chunks(&c->chunks, p, n, &used, &c->body, CLEAT_LIMIT_BODY);
    if (r < 0) {
        refuse(c, -r, r == -413 ? CLEAT__TOO_LARGE : "broken chunk");
        return r;
    }
    /* What is decoded leaves the buffer, the head stays in front. */
    memmove(p, p + used, n - used);
    c->in.n -= used;
    return r;
}

static struct cleat_str body_of(const struct cleat__conn *c) {
    struct cleat_str s = {c->in.p + c->in_off + c->head_n, (size_t)c->length};
    if (c->chunked) {
        s = (struct cleat_str){c->body.p ? c->body.p : "", c->body.n};
    }
    return s;
}

static void consume(struct cleat__conn *c, size_t n) {
    c->in_off += n;
    if (c->in_off == c->in.n) {
        c->in_off = c->in.n = 0;
        if (c->in.cap > KEEP) {
            cleat_buf_done(&c->in);
        }
    }
    if (c->body.cap > KEEP) {
        cleat_buf_done(&c->body);
    }
    c->began = cleat_now_mono(); /* what follows already began no earlier */
}

/* fresh: the thread's head is that of this request, and the buffer has not moved. */
static void serve(struct cleat__conn *c, bool fresh) {
    if (!fresh) {
        size_t scanned = 0, n;
        int r = cleat_http_parse(c->in.p + c->in_off, c->head_n, &scanned, &c->io->head, &n);
        cleat_assert(r == 1 && n == c->head_n); /* it parsed before */
    }
    c->state = CLEAT__BUSY;
    c->call.head = &c->io->head;
    c->call.body = body_of(c);
    cleat__serve(&c->call);
    c->call.head = NULL;
    if (c->dead) {
        return;
    }
    consume(c, c->head_n + (c->chunked ? 0 : (size_t)c->length));
    if (c->state == CLEAT__BUSY && !cleat__call_pending(&c->call)) {
        c->state = c->close_after ? CLEAT__DRAIN : CLEAT__HEAD;
    }
}

/* 1: served one; 0: none is complete. */
static bool serve_next(struct cleat__conn *c) {
    bool fresh = c->state == CLEAT__HEAD;
    if ((fresh && (c->in.n == c->in_off || take_head(c) <= 0)) || take_body(c) <= 0) {
        return false;
    }
    serve(c, fresh);
    return true;
}

/* Serves what is complete in the buffer, one request after the other, while the
 * client takes the answers. */
void cleat__h1_process(struct cleat__conn *c) {
    bool more = true;
    while (more && !c->dead && (c->state == CLEAT__HEAD || c->state == CLEAT__BODY)) {
        if (c->call.out_bytes > UNREAD) {
            cleat__h1_flush(c);
            if (c->dead || c->call.out_bytes > UNREAD) {
                return; /* goes on when the socket takes more */
            }
        }
        more = serve_next(c);
    }
    cleat__h1_flush(c);
    if (c->dead || c->state == CLEAT__BUSY || c->call.out_bytes > UNREAD) {
        return;
    }
    if (c->peer_closed && (c->state == CLEAT__HEAD || c->state == CLEAT__BODY)) {
        c->state = CLEAT__DRAIN; /* no more will come */
        cleat__h1_flush(c);
    } else {
        cleat__conn_continue(c);
    }
}

void cleat__h1_resume(struct cleat__conn *c) {
    cleat__conn_hold(c);
    if (c->state == CLEAT__BUSY) {
        c->state = c->close_after || c->io->stopping ? CLEAT__DRAIN : CLEAT__HEAD;
    }
    cleat__h1_process(c);
    cleat__conn_release(c);
}

bool cleat__h1_full(const struct cleat__conn *c) {
    bool waits = c->state == CLEAT__BUSY || c->call.out_bytes > UNREAD;
    return waits && c->in.n - c->in_off > AHEAD; /* a pipeline that does not wait for answers */
}

void cleat__h1_input(struct cleat__conn *c, size_t n) {
    if (c->call.stream != NULL) {
        c->close_after = true; /* a pipeline behind a watch: not kept, so not answered */
        return;
    }
    if (c->in_off > 0) {
        memmove(c->in.p, c->in.p + c->in_off, c->in.n - c->in_off);
        c->in.n -= c->in_off;
        c->in_off = 0;
    }
    if (c->in.n == 0) {
        c->began = c->last_used;
    }
    cleat_buf_add(&c->in, c->io->scratch, n);
    cleat__h1_process(c);
}

void cleat__h1_stop(struct cleat__conn *c) {
    if (c->call.stream != NULL) {
        cleat__stream_end(&c->call);
    } else if (c->state == CLEAT__BODY || (c->state == CLEAT__HEAD && c->call.out == NULL)) {
        cleat__conn_close(c);
    } else if (c->state == CLEAT__HEAD) {
        c->state = CLEAT__DRAIN;
    }
}
