/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/2 on a connection, by nghttp2: what clients say becomes calls, one a
 * stream, and errors of one stream end no other. Bodies are gathered within
 * bounds for each stream and for all of them together. What goes out is in
 * http2_send.c. On the connection's I/O thread.
 */
#include "core/api/http2.h"

#include "core/base/limits.h"

enum {
    STREAMS = 250,             /* at a time, as upstream */
    WINDOW = 256 * 1024,       /* a client may send that much of a body unasked */
    WINDOW_ALL = 1024 * 1024,  /* and of all bodies */
    BODIES = 32 * 1024 * 1024, /* that a connection can make us keep */
    ODD_FRAMES = 1000          /* that ask for nothing, in ODD_TIME */
};
#define ODD_TIME  (10 * CLEAT_SECOND)
#define GREETING  (15 * CLEAT_SECOND)
#define BODY_TIME (120 * CLEAT_SECOND)
#define STUCK     (120 * CLEAT_SECOND)
#define IDLE      (600 * CLEAT_SECOND)

/* ---- calls ---- */

static struct cleat__h2_call *call_of(nghttp2_session *s, int32_t id) {
    return nghttp2_session_get_stream_user_data(s, id);
}

static struct cleat__h2_call *call_new(struct cleat__conn *c, int32_t id) {
    struct cleat__h2_call *x = cleat_zalloc(sizeof *x);
    cleat__call_init(&x->call, c);
    x->call.id = id;
    x->began = x->moved = c->last_used;
    x->next = c->h2->calls;
    x->link = &c->h2->calls;
    if (x->next != NULL) {
        x->next->link = &x->next;
    }
    c->h2->calls = x;
    return x;
}

static void drop_request(struct cleat__h2_call *x) {
    x->call.conn->h2->buffered -= x->body.n;
    cleat_buf_done(&x->text);
    cleat_buf_done(&x->body);
    free(x->spans);
    x->spans = NULL;
    x->n_spans = 0;
}

/* Nobody waits for it any more: freed here, or by who still holds it. */
static void call_end(struct cleat__h2_call *x) {
    *x->link = x->next;
    if (x->next != NULL) {
        x->next->link = x->link;
    }
    drop_request(x);
    x->call.holds++;
    cleat__conn_hold(x->call.conn);
    cleat__call_gone(&x->call);
    cleat__call_release(&x->call);
}

void cleat__h2_free_call(struct cleat__call *c) {
    free((struct cleat__h2_call *)c);
}

/* An answer to what was not heard out. */
static void refuse(struct cleat__h2_call *x, int status, cleat_err code, const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF body = {0};
    cleat_fail(&e, code, "%s", text);
    cleat_status_json(&e, &body);
    x->served = true;
    drop_request(x);
    cleat__respond(&x->call, status, "application/json", &body, NULL);
    cleat__h2_done(&x->call);
}

/* The head as the handlers know it; false where it is none. */
static bool make_head(struct cleat__h2_call *x, struct cleat_http_head *h) {
    struct cleat_str authority = {"", 0};
    bool host = false;
    *h = (struct cleat_http_head){.minor = 1, .keep_alive = true};
    for (size_t i = 0; i < x->n_spans; i++) {
        const struct cleat__h2_span *s = &x->spans[i];
        struct cleat_str name = {x->text.p + s->at, s->name_n};
        struct cleat_str value = {name.p + s->name_n, s->value_n};
        if (name.n > 0 && name.p[0] == ':') {
            h->method = cleat_eqc(name, ":method") ? value : h->method;
            h->target = cleat_eqc(name, ":path") ? value : h->target;
            authority = cleat_eqc(name, ":authority") ? value : authority;
            continue;
        }
        host |= cleat_eqc(name, "host");
        h->headers[h->n_headers++] = (struct cleat_http_header){name, value};
    }
    if (!host && authority.n > 0) {
        h->headers[h->n_headers++] = (struct cleat_http_header){CLEAT_STR("host"), authority};
    }
    for (size_t i = 0; i < h->target.n; i++) {
        if ((unsigned char)h->target.p[i] <= ' ' || (unsigned char)h->target.p[i] >= 0x7f) {
            return false;
        }
    }
    return h->target.n > 0 && h->target.p[0] == '/' && h->method.n > 0;
}

static void serve(struct cleat__h2_call *x) {
    struct cleat__call *c = &x->call;
    if (!make_head(x, &c->io->head)) {
        refuse(x, 400, CLEAT_E_BAD_REQUEST, "Bad Request");
        return;
    }
    x->served = true;
    c->head = &c->io->head;
    c->head_only = cleat_eqc(c->head->method, "HEAD");
    c->body = (struct cleat_str){x->body.p ? x->body.p : "", x->body.n};
    cleat__serve(c);
    c->head = NULL;
    c->body = (struct cleat_str){"", 0};
    drop_request(x);
    if (!cleat__call_pending(c)) {
        cleat__h2_done(c);
    }
}

/* ---- what the client says ---- */

static int on_begin_headers(nghttp2_session *s, const nghttp2_frame *f, void *userdata) {
    struct cleat__conn *c = userdata;
    if (f->hd.type == NGHTTP2_HEADERS && f->headers.cat == NGHTTP2_HCAT_REQUEST) {
        nghttp2_session_set_stream_user_data(s, f->hd.stream_id, call_new(c, f->hd.stream_id));
    }
    return 0;
}

static int on_header(nghttp2_session *s, const nghttp2_frame *f, const uint8_t *name, size_t name_n,
                     const uint8_t *value, size_t value_n, uint8_t flags, void *userdata) {
    (void)flags;
    (void)userdata;
    struct cleat__h2_call *x = call_of(s, f->hd.stream_id);
    if (x == NULL || f->headers.cat != NGHTTP2_HCAT_REQUEST || x->too_much) {
        return 0; /* trailers are read and dropped */
    }
    /* One is kept for Host, and the four of the protocol are not counted. */
    if (x->n_spans == CLEAT_HTTP_HEADERS - 1 ||
        x->text.n + name_n + value_n > CLEAT_LIMIT_HEADERS) {
        x->too_much = true;
        return 0;
    }
    if (x->n_spans % 16 == 0) {
        x->spans = cleat_rearray(x->spans, x->n_spans + 16, sizeof *x->spans);
    }
    x->spans[x->n_spans++] = (struct cleat__h2_span){x->text.n, name_n, value_n};
    cleat_buf_add(&x->text, name, name_n);
    cleat_buf_add(&x->text, value, value_n);
    return 0;
}

static int on_data(nghttp2_session *s, uint8_t flags, int32_t id, const uint8_t *p, size_t n,
                   void *userdata) {
    (void)flags;
    struct cleat__conn *c = userdata;
    struct cleat__h2_call *x = call_of(s, id);
    if (x == NULL || x->served) {
        return 0;
    }
    if (x->body.n + n > CLEAT_LIMIT_BODY) {
        refuse(x, 413, CLEAT_E_TOO_LARGE, CLEAT__TOO_LARGE);
    } else if (c->h2->buffered + n > BODIES) {
        refuse(x, 429, CLEAT_E_THROTTLED, "Too many requests, please try again later.");
    } else {
        cleat_buf_add(&x->body, p, n);
        c->h2->buffered += n;
    }
    return 0;
}

/* Frames that keep us busy and ask for nothing. False: there are too many of them. */
static bool tolerable(struct cleat__conn *c, const nghttp2_frame_hd *hd) {
    struct cleat__h2 *h = c->h2;
    bool empty =
        hd->type == NGHTTP2_DATA && hd->length == 0 && !(hd->flags & NGHTTP2_FLAG_END_STREAM);
    if (!empty && hd->type != NGHTTP2_PING && hd->type != NGHTTP2_SETTINGS &&
        hd->type != NGHTTP2_PRIORITY) {
        return true;
    }
    if (c->last_used - h->odd_since > ODD_TIME) {
        h->odd_since = c->last_used;
        h->odd = 0;
    }
    return ++h->odd <= ODD_FRAMES;
}

static void head_arrived(nghttp2_session *s, struct cleat__h2_call *x, bool whole) {
    x->headed = true;
    if (x->too_much) {
        refuse(x, 431, CLEAT_E_INTERNAL, "Request Header Fields Too Large");
        return;
    }
    for (size_t i = 0; !whole && i < x->n_spans; i++) {
        const struct cleat__h2_span *p = &x->spans[i];
        if (cleat_eqc((struct cleat_str){x->text.p + p->at, p->name_n}, "expect")) {
            nghttp2_nv go_on = {(uint8_t *)(uintptr_t) ":status", (uint8_t *)(uintptr_t) "100", 7,
                                3, NGHTTP2_NV_FLAG_NONE};
            nghttp2_submit_headers(s, NGHTTP2_FLAG_NONE, x->call.id, NULL, &go_on, 1, NULL);
            return;
        }
    }
}

static int on_frame(nghttp2_session *s, const nghttp2_frame *f, void *userdata) {
    struct cleat__conn *c = userdata;
    c->h2->greeted = true;
    if (!tolerable(c, &f->hd)) {
        nghttp2_session_terminate_session(s, NGHTTP2_ENHANCE_YOUR_CALM);
        return 0;
    }
    struct cleat__h2_call *x = f->hd.type == NGHTTP2_HEADERS || f->hd.type == NGHTTP2_DATA
                                   ? call_of(s, f->hd.stream_id)
                                   : NULL;
    if (x == NULL) {
        return 0;
    }
    bool whole = f->hd.flags & NGHTTP2_FLAG_END_STREAM;
    if (f->hd.type == NGHTTP2_HEADERS && !x->headed) {
        head_arrived(s, x, whole);
    }
    if (whole && !x->served) {
        serve(x);
    }
    return 0;
}

static int on_close(nghttp2_session *s, int32_t id, uint32_t why, void *userdata) {
    (void)why;
    (void)userdata;
    struct cleat__h2_call *x = call_of(s, id);
    if (x != NULL) {
        nghttp2_session_set_stream_user_data(s, id, NULL);
        call_end(x);
    }
    return 0;
}

/* ---- life ---- */

static int make_session(struct cleat__conn *c) {
    nghttp2_session_callbacks *cb = NULL;
    nghttp2_option *o = NULL;
    int r = nghttp2_session_callbacks_new(&cb);
    r = r == 0 ? nghttp2_option_new(&o) : r;
    if (r == 0) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(cb, on_begin_headers);
        nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
        nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
        nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_close);
        cleat__h2_send_callbacks(cb);
        nghttp2_option_set_no_closed_streams(o, 1);
        r = nghttp2_session_server_new2(&c->h2->session, cb, c, o);
    }
    nghttp2_option_del(o);
    nghttp2_session_callbacks_del(cb);
    return r;
}

cleat_err cleat__h2_open(struct cleat__conn *c) {
    static const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, STREAMS},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, CLEAT_LIMIT_HEADERS}};
    c->h2 = cleat_zalloc(sizeof *c->h2);
    c->h2->odd_since = c->last_used;
    c->state = CLEAT__FRAMES;
    if (make_session(c) != 0 ||
        nghttp2_submit_settings(c->h2->session, NGHTTP2_FLAG_NONE, settings,
                                sizeof settings / sizeof *settings) != 0 ||
        nghttp2_session_set_local_window_size(c->h2->session, NGHTTP2_FLAG_NONE, 0, WINDOW_ALL)) {
        return CLEAT_E_INTERNAL;
    }
    cleat__conn_wake(c);
    return CLEAT_OK;
}

void cleat__h2_close(struct cleat__conn *c) {
    if (c->h2 == NULL) {
        return;
    }
    while (c->h2->calls != NULL) {
        struct cleat__h2_call *x = c->h2->calls;
        nghttp2_session_set_stream_user_data(c->h2->session, x->call.id, NULL);
        call_end(x);
    }
}

void cleat__h2_free(struct cleat__conn *c) {
    if (c->h2 != NULL) {
        nghttp2_session_del(c->h2->session);
        cleat_buf_done(&c->h2->unsent);
        free(c->h2);
    }
}

void cleat__h2_input(struct cleat__conn *c, size_t n) {
    ssize_t used = nghttp2_session_mem_recv(c->h2->session, (const uint8_t *)c->io->scratch, n);
    if (used < 0) {
        /* Not HTTP/2, or a flood: the client is told where it still listens. */
        nghttp2_session_terminate_session(c->h2->session, used == NGHTTP2_ERR_FLOODED
                                                              ? NGHTTP2_ENHANCE_YOUR_CALM
                                                              : NGHTTP2_PROTOCOL_ERROR);
    }
    cleat__h2_flush(c);
}

/* Streams that were not begun by now may be asked for elsewhere. */
void cleat__h2_stop(struct cleat__conn *c) {
    struct cleat__h2 *h = c->h2;
    nghttp2_submit_goaway(h->session, NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(h->session), NGHTTP2_NO_ERROR,
                          NULL, 0);
    h->stopping = true;
    for (struct cleat__h2_call *x = h->calls, *next; x != NULL; x = next) {
        next = x->next; /* nothing is freed before the flush */
        if (x->call.stream != NULL) {
            cleat__stream_end(&x->call);
        }
    }
    cleat__h2_flush(c);
}

bool cleat__h2_stale(struct cleat__conn *c, cleat_time now) {
    struct cleat__h2 *h = c->h2;
    cleat_time idle = now - c->last_used;
    if ((h->unsent.n > 0 && idle > STUCK) || (!h->greeted && now - c->began > GREETING) ||
        (h->calls == NULL && idle > IDLE)) {
        return true;
    }
    for (struct cleat__h2_call *x = h->calls; x != NULL; x = x->next) {
        if (!x->headed && now - x->began > GREETING) {
            return true; /* in the middle of a head: nothing else can come */
        }
        if ((!x->served && now - x->began > BODY_TIME) ||
            (x->call.out != NULL && now - x->moved > STUCK)) {
            nghttp2_submit_rst_stream(h->session, NGHTTP2_FLAG_NONE, x->call.id, NGHTTP2_CANCEL);
            cleat__conn_wake(c);
        }
    }
    return false;
}
