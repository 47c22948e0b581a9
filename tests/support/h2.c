/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/h2.h"

struct h2_stream *h2_at(struct h2 *h, int32_t id) {
    cleat_assert(id > 0 && id / 2 < H2_STREAMS);
    return &h->streams[id / 2];
}

static ssize_t on_send(nghttp2_session *s, const uint8_t *p, size_t n, int flags, void *userdata) {
    (void)s;
    (void)flags;
    struct h2 *h = userdata;
    return at_send(&h->c, (struct cleat_str){(const char *)p, n}) ? (ssize_t)n
                                                                  : NGHTTP2_ERR_CALLBACK_FAILURE;
}

static int on_header(nghttp2_session *s, const nghttp2_frame *f, const uint8_t *name, size_t name_n,
                     const uint8_t *value, size_t value_n, uint8_t flags, void *userdata) {
    (void)s;
    (void)flags;
    struct h2_stream *x = h2_at(userdata, f->hd.stream_id);
    struct cleat_str key = {(const char *)name, name_n};
    if (cleat_eqc(key, ":status")) {
        x->status = atoi((const char *)value);
    }
    cleat_buf_printf(&x->head, "%.*s: %.*s\n", (int)name_n, (const char *)name, (int)value_n,
                     (const char *)value);
    return 0;
}

static int on_data(nghttp2_session *s, uint8_t flags, int32_t id, const uint8_t *p, size_t n,
                   void *userdata) {
    (void)flags;
    struct h2 *h = userdata;
    cleat_buf_add(&h2_at(h, id)->body, p, n);
    if (!h->hold) {
        nghttp2_session_consume(s, id, n);
    }
    return 0;
}

static int on_frame(nghttp2_session *s, const nghttp2_frame *f, void *userdata) {
    (void)s;
    struct h2 *h = userdata;
    if (f->hd.type == NGHTTP2_GOAWAY) {
        h->goaway = true;
        h->goaway_why = f->goaway.error_code;
    }
    if (f->hd.stream_id > 0 && (f->hd.type == NGHTTP2_DATA || f->hd.type == NGHTTP2_HEADERS) &&
        (f->hd.flags & NGHTTP2_FLAG_END_STREAM)) {
        h2_at(h, f->hd.stream_id)->ended = true;
    }
    return 0;
}

static int on_close(nghttp2_session *s, int32_t id, uint32_t why, void *userdata) {
    (void)s;
    h2_at(userdata, id)->closed = true;
    h2_at(userdata, id)->why = why;
    return 0;
}

bool h2_open(struct at *at, struct h2 *h, bool hold) {
    *h = (struct h2){.hold = hold};
    h->streams = cleat_array(H2_STREAMS, sizeof *h->streams);
    if (!at_connect_h2(at, &h->c, "admin")) {
        return false;
    }
    nghttp2_session_callbacks *cb;
    nghttp2_option *o;
    cleat_assert(nghttp2_session_callbacks_new(&cb) == 0 && nghttp2_option_new(&o) == 0);
    nghttp2_session_callbacks_set_send_callback(cb, on_send);
    nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(cb, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_close);
    nghttp2_option_set_no_auto_window_update(o, 1);
    nghttp2_option_set_max_send_header_block_length(o, 1 << 20);
    cleat_assert(nghttp2_session_client_new2(&h->session, cb, h, o) == 0);
    nghttp2_option_del(o);
    nghttp2_session_callbacks_del(cb);
    return nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, NULL, 0) == 0;
}

void h2_close(struct h2 *h) {
    nghttp2_session_del(h->session);
    at_disconnect(&h->c);
    for (size_t i = 0; i < H2_STREAMS; i++) {
        cleat_buf_done(&h->streams[i].head);
        cleat_buf_done(&h->streams[i].body);
    }
    free(h->streams);
}

static ssize_t on_read(nghttp2_session *s, int32_t id, uint8_t *p, size_t n, uint32_t *flags,
                       nghttp2_data_source *source, void *userdata) {
    (void)s;
    (void)source;
    struct h2_stream *x = h2_at(userdata, id);
    n = n < x->send_n ? n : x->send_n;
    memcpy(p, x->send, n);
    x->send += n;
    x->send_n -= n;
    *flags |= x->send_n == 0 ? NGHTTP2_DATA_FLAG_EOF : 0;
    return (ssize_t)n;
}

static nghttp2_nv pair(const char *name, const char *value, size_t value_n) {
    return (nghttp2_nv){(uint8_t *)(uintptr_t)name, (uint8_t *)(uintptr_t)value, strlen(name),
                        value_n, NGHTTP2_NV_FLAG_NONE};
}

int32_t h2_ask(struct h2 *h, const char *method, const char *path, const char *extra,
               struct cleat_str body) {
    nghttp2_nv nv[8];
    size_t n = 0;
    nv[n++] = pair(":method", method, strlen(method));
    nv[n++] = pair(":scheme", "https", 5);
    nv[n++] = pair(":authority", "localhost", 9);
    nv[n++] = pair(":path", path, strlen(path));
    if (body.n > 0) {
        nv[n++] = pair("content-type", "application/json", 16);
    }
    CLEAT_AUTO_FREE char *line = cleat_strdup(extra);
    char *colon = line != NULL ? strstr(line, ": ") : NULL;
    if (colon != NULL) {
        *colon = '\0';
        nv[n++] = pair(line, colon + 2, strlen(colon + 2));
    }
    nghttp2_data_provider source = {.read_callback = on_read};
    int32_t id = nghttp2_submit_request(h->session, NULL, nv, n, body.n > 0 ? &source : NULL, NULL);
    cleat_assert(id > 0);
    h2_at(h, id)->send = body.p;
    h2_at(h, id)->send_n = body.n;
    return id;
}

bool h2_flush(struct h2 *h) {
    return nghttp2_session_send(h->session) == 0;
}

static bool take(struct h2 *h) {
    if (!at_fill(&h->c)) {
        return false;
    }
    ssize_t used = nghttp2_session_mem_recv(h->session, (const uint8_t *)h->c.in.p, h->c.in.n);
    h->c.in.n = 0;
    h->broken |= used < 0;
    return used >= 0;
}

bool h2_turn(struct h2 *h) {
    return h2_flush(h) && take(h);
}

void h2_drain(struct h2 *h) {
    while (take(h)) {
    }
}

bool h2_wait(struct h2 *h, int32_t id) {
    while (!h2_at(h, id)->closed) {
        if (!h2_turn(h)) {
            return false;
        }
    }
    return true;
}

bool h2_wait_text(struct h2 *h, int32_t id, const char *text) {
    const struct cleat_buf *b = &h2_at(h, id)->body;
    while (b->n == 0 || memmem(b->p, b->n, text, strlen(text)) == NULL) {
        if (h2_at(h, id)->closed || !h2_turn(h)) {
            return false;
        }
    }
    return true;
}

int h2_call(struct h2 *h, const char *method, const char *path, const char *body) {
    int32_t id = h2_ask(h, method, path, NULL, cleat_s(body));
    return h2_wait(h, id) ? h2_at(h, id)->status : -1;
}
