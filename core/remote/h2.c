/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/2 on a connection, by nghttp2: each call is a stream. A call whose consumer is
 * slow closes its own window and nobody else's. A connection that has been silent for a
 * while is pinged, and given up where no answer comes.
 */
#include "core/remote/internal.h"

enum { WINDOW = 1 << 20, WINDOW_ALL = 16 << 20, FILL = 64 * 1024, STREAMS_UNTIL_TOLD = 100 };
#define SILENCE   (30 * CLEAT_SECOND) /* as client-go */
#define PING_TIME (15 * CLEAT_SECOND)

static struct cleat__rc_call *call_of(nghttp2_session *s, int32_t id) {
    return nghttp2_session_get_stream_user_data(s, id);
}

/* ---- what comes ---- */

static int on_header(nghttp2_session *s, const nghttp2_frame *f, const uint8_t *name, size_t name_n,
                     const uint8_t *value, size_t value_n, uint8_t flags, void *userdata) {
    (void)flags;
    (void)userdata;
    struct cleat__rc_call *call = call_of(s, f->hd.stream_id);
    struct cleat_str n = {(const char *)name, name_n}, v = {(const char *)value, value_n};
    if (call == NULL || call->headed) {
        return 0; /* trailers say nothing that we would listen to */
    }
    if (cleat_eqc(n, ":status")) {
        int status = 0;
        for (size_t i = 0; i < v.n && i < 3; i++) {
            status = status * 10 + (v.p[i] - '0');
        }
        cleat__rc_call_status(call, status);
    } else {
        cleat__rc_call_header(call, n, v);
    }
    return 0;
}

static int on_data(nghttp2_session *s, uint8_t flags, int32_t id, const uint8_t *p, size_t n,
                   void *userdata) {
    (void)flags;
    struct cleat__rc_conn *c = userdata;
    struct cleat__rc_call *call = call_of(s, id);
    nghttp2_session_consume_connection(s, n);
    if (call == NULL || c->dead) {
        return 0;
    }
    if (!cleat__rc_call_data(call, (const char *)p, n)) {
        nghttp2_submit_rst_stream(s, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
        cleat__rc_conn_leave(c, call);
        cleat__rc_call_broke(call, false, "the answer's body is broken, or too long");
        return 0;
    }
    if (call->paused) {
        call->held += n;
    } else {
        nghttp2_session_consume_stream(s, id, n);
    }
    return 0;
}

static int on_frame(nghttp2_session *s, const nghttp2_frame *f, void *userdata) {
    struct cleat__rc_conn *c = userdata;
    if (f->hd.type == NGHTTP2_GOAWAY) {
        c->retired = true; /* streams that it did not look at are closed as refused */
        cleat__rc_pool_wake(c->r);
        return 0;
    }
    if (f->hd.type == NGHTTP2_SETTINGS) {
        cleat__rc_pool_wake(c->r); /* there may be room for more */
        return 0;
    }
    bool message = f->hd.type == NGHTTP2_HEADERS || f->hd.type == NGHTTP2_DATA;
    struct cleat__rc_call *call = message ? call_of(s, f->hd.stream_id) : NULL;
    if (call == NULL) {
        return 0;
    }
    if (f->hd.type == NGHTTP2_HEADERS && !call->headed && call->status >= 200) {
        cleat__rc_call_headed(call);
    }
    call->ended |= (f->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    return 0;
}

static int on_close(nghttp2_session *s, int32_t id, uint32_t code, void *userdata) {
    struct cleat__rc_conn *c = userdata;
    struct cleat__rc_call *call = call_of(s, id);
    if (call == NULL || c->dead) {
        return 0;
    }
    bool whole = call->headed && call->ended;
    c->served += whole;
    cleat__rc_conn_leave(c, call);
    if (whole) {
        cleat__rc_call_done(call);
    } else if (code == NGHTTP2_REFUSED_STREAM) {
        cleat__rc_call_broke(call, true, "the server takes no more streams");
    } else {
        char why[96];
        snprintf(why, sizeof why, "the stream was reset: %s", nghttp2_http2_strerror(code));
        cleat__rc_call_broke(call, false, why);
    }
    return 0;
}

/* The frame is made now and handed to the socket at once; until here nothing of it has left. */
static int before_sent(nghttp2_session *s, const nghttp2_frame *f, void *userdata) {
    struct cleat__rc_conn *c = userdata;
    struct cleat__rc_call *call =
        f->hd.type == NGHTTP2_HEADERS ? call_of(s, f->hd.stream_id) : NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (call == NULL || cleat__rc_call_may_leave(call, &e)) {
        return 0;
    }
    cleat__rc_conn_leave(c, call);
    cleat__rc_call_end(call, e.code, &e);
    return NGHTTP2_ERR_CANCEL;
}

static int on_sent(nghttp2_session *s, const nghttp2_frame *f, void *userdata) {
    (void)userdata;
    struct cleat__rc_call *call =
        f->hd.type == NGHTTP2_HEADERS ? call_of(s, f->hd.stream_id) : NULL;
    if (call != NULL) {
        cleat__rc_call_leaves(call);
    }
    return 0;
}

/* ---- what goes ---- */

static ssize_t on_read(nghttp2_session *s, int32_t id, uint8_t *p, size_t n, uint32_t *flags,
                       nghttp2_data_source *source, void *userdata) {
    (void)source;
    (void)userdata;
    struct cleat__rc_call *call = call_of(s, id);
    if (call == NULL) {
        return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    }
    size_t left = call->body.n - call->body_off;
    n = n < left ? n : left;
    if (n > 0) {
        memcpy(p, call->body.p + call->body_off, n);
    }
    call->body_off += n;
    *flags |= n == left ? NGHTTP2_DATA_FLAG_EOF : 0;
    return (ssize_t)n;
}

static nghttp2_nv pair(const char *name, struct cleat_str value) {
    return (nghttp2_nv){(uint8_t *)(uintptr_t)name, (uint8_t *)(uintptr_t)value.p, strlen(name),
                        value.n, NGHTTP2_NV_FLAG_NONE};
}

void cleat__rc_h2_start(struct cleat__rc_conn *c, struct cleat__rc_call *call) {
    const struct cleat__rc_config *cfg = c->r->config;
    struct cleat__rc_header headers[CLEAT__HEADERS];
    nghttp2_nv nv[CLEAT__HEADERS + 8];
    CLEAT_AUTO_FREE char *host = cleat__rc_url_authority(&cfg->url);
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s%s", cfg->url.path, call->path);
    char length[24];
    size_t n_headers = cleat__rc_call_headers(call, headers), n = 0;
    nv[n++] = pair(":method", cleat_s(call->method));
    nv[n++] = pair(":scheme", cleat_s("https"));
    nv[n++] = pair(":authority", cleat_s(host));
    nv[n++] = pair(":path", cleat_s(path));
    for (size_t i = 0; i < n_headers; i++) {
        nv[n] = pair(headers[i].name, headers[i].value);
        if (strcmp(headers[i].name, "authorization") == 0) {
            nv[n].flags |= NGHTTP2_NV_FLAG_NO_INDEX;
        }
        n++;
    }
    if (call->content_type != NULL) {
        snprintf(length, sizeof length, "%zu", call->body.n);
        nv[n++] = pair("content-length", cleat_s(length));
    }
    nghttp2_data_provider body = {.read_callback = on_read};
    call->stream =
        nghttp2_submit_request(c->h2, NULL, nv, n, call->body.n > 0 ? &body : NULL, call);
    if (call->stream < 0) {
        c->retired = true; /* out of numbers, or closing */
        call->stream = 0;
        cleat__rc_conn_leave(c, call);
        cleat__rc_call_broke(call, true, "no more streams on this connection");
        return;
    }
    cleat__rc_conn_ready(c);
}

void cleat__rc_h2_abort(struct cleat__rc_conn *c, struct cleat__rc_call *call) {
    nghttp2_submit_rst_stream(c->h2, NGHTTP2_FLAG_NONE, call->stream, NGHTTP2_CANCEL);
    cleat__rc_conn_ready(c);
}

void cleat__rc_h2_resume(struct cleat__rc_conn *c, struct cleat__rc_call *call) {
    nghttp2_session_consume_stream(c->h2, call->stream, call->held);
    call->held = 0;
    cleat__rc_conn_ready(c);
}

bool cleat__rc_h2_room(const struct cleat__rc_conn *c) {
    uint32_t most =
        nghttp2_session_get_remote_settings(c->h2, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    most = most == UINT32_MAX ? STREAMS_UNTIL_TOLD : most;
    return c->n_calls < most && nghttp2_session_check_request_allowed(c->h2);
}

void cleat__rc_h2_fill(struct cleat__rc_conn *c) {
    while (c->out.n < FILL) {
        const uint8_t *p;
        ssize_t n = nghttp2_session_mem_send(c->h2, &p);
        if (n < 0) {
            cleat__rc_conn_close(c, "no HTTP/2 frame can be made");
            return;
        }
        if (n == 0) {
            break;
        }
        cleat_buf_add(&c->out, p, (size_t)n);
    }
    if (c->out.n == 0 && !nghttp2_session_want_read(c->h2) && !nghttp2_session_want_write(c->h2)) {
        cleat__rc_conn_close(c, c->why[0] != '\0' ? c->why : "the HTTP/2 session is over");
    }
}

void cleat__rc_h2_input(struct cleat__rc_conn *c, const char *p, size_t n) {
    ssize_t used = nghttp2_session_mem_recv(c->h2, (const uint8_t *)p, n);
    if (used < 0 && !c->dead) {
        snprintf(c->why, sizeof c->why, "what the server says is no HTTP/2: %s",
                 nghttp2_strerror((int)used));
        cleat__rc_conn_close(c, c->why);
    }
}

void cleat__rc_h2_sweep(struct cleat__rc_conn *c, cleat_time now) {
    if (c->pinged != 0 && c->last_read >= c->pinged) {
        c->pinged = 0;
    }
    if (c->pinged != 0 && now - c->pinged > PING_TIME) {
        cleat__rc_conn_close(c, "the server does not answer pings");
    } else if (c->pinged == 0 && now - c->last_read > SILENCE) {
        nghttp2_submit_ping(c->h2, NGHTTP2_FLAG_NONE, NULL);
        c->pinged = now;
        cleat__rc_conn_ready(c);
    }
}

/* ---- life ---- */

static int make_session(struct cleat__rc_conn *c) {
    nghttp2_session_callbacks *cb = NULL;
    nghttp2_option *o = NULL;
    int r = nghttp2_session_callbacks_new(&cb);
    r = r == 0 ? nghttp2_option_new(&o) : r;
    if (r == 0) {
        nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
        nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
        nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_close);
        nghttp2_session_callbacks_set_before_frame_send_callback(cb, before_sent);
        nghttp2_session_callbacks_set_on_frame_send_callback(cb, on_sent);
        nghttp2_option_set_no_auto_window_update(o, 1);
        nghttp2_option_set_no_closed_streams(o, 1);
        r = nghttp2_session_client_new2(&c->h2, cb, c, o);
    }
    nghttp2_option_del(o);
    nghttp2_session_callbacks_del(cb);
    return r;
}

cleat_err cleat__rc_h2_open(struct cleat__rc_conn *c) {
    static const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, 256 * 1024}};
    if (make_session(c) != 0 ||
        nghttp2_submit_settings(c->h2, NGHTTP2_FLAG_NONE, settings,
                                sizeof settings / sizeof *settings) != 0 ||
        nghttp2_session_set_local_window_size(c->h2, NGHTTP2_FLAG_NONE, 0, WINDOW_ALL) != 0) {
        return CLEAT_E_INTERNAL;
    }
    cleat__rc_conn_ready(c);
    return CLEAT_OK;
}

void cleat__rc_h2_done(struct cleat__rc_conn *c) {
    nghttp2_session_del(c->h2);
    c->h2 = NULL;
}
