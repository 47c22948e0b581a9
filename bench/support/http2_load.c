/* SPDX-License-Identifier: Apache-2.0 */
/* Streams of HTTP/2: each asks once and reads until all ends. */
#include <errno.h>
#include <nghttp2/nghttp2.h>

#include "bench/support/load_conn.h"

enum { HEADERS = 16, WINDOW = 1024 * 1024, WINDOW_ALL = 64 * 1024 * 1024 };

struct load_h2 {
    nghttp2_session *session;
    struct load *load;
    struct load_conn *conn;
    bool failed;
};

static ssize_t on_send(nghttp2_session *s, const uint8_t *p, size_t n, int flags, void *userdata) {
    struct load_h2 *h = userdata;
    (void)s;
    (void)flags;
    cleat_buf_add(&h->conn->out, p, n);
    return (ssize_t)n;
}

static int on_data(nghttp2_session *s, uint8_t flags, int32_t id, const uint8_t *p, size_t n,
                   void *userdata) {
    struct load_h2 *h = userdata;
    (void)s;
    (void)flags;
    h->load->bytes += n;
    unsigned stream = h->conn->id * h->load->target->streams + (unsigned)(id - 1) / 2;
    h->load->ops->piece(h->load, stream, (struct cleat_str){(const char *)p, n});
    return 0;
}

static int on_header(nghttp2_session *s, const nghttp2_frame *f, const uint8_t *name, size_t name_n,
                     const uint8_t *value, size_t value_n, uint8_t flags, void *userdata) {
    struct load_h2 *h = userdata;
    (void)s;
    (void)f;
    (void)flags;
    if (name_n == 7 && memcmp(name, ":status", 7) == 0 &&
        !(value_n == 3 && memcmp(value, "200", 3) == 0)) {
        h->failed = true;
    }
    return 0;
}

static int on_close(nghttp2_session *s, int32_t id, uint32_t why, void *userdata) {
    struct load_h2 *h = userdata;
    (void)s;
    (void)id;
    (void)why;
    h->failed = true; /* a stream has no end of its own */
    return 0;
}

static nghttp2_nv pair(struct cleat_str name, struct cleat_str value) {
    return (nghttp2_nv){(uint8_t *)(uintptr_t)name.p, (uint8_t *)(uintptr_t)value.p, name.n,
                        value.n, NGHTTP2_NV_FLAG_NONE};
}

/* Cuts what stands before `end` off the front. */
static struct cleat_str cut(struct cleat_str *s, const char *end) {
    const char *at = memmem(s->p, s->n, end, strlen(end));
    struct cleat_str out = {s->p, at != NULL ? (size_t)(at - s->p) : s->n};
    size_t used = at != NULL ? out.n + strlen(end) : s->n;
    *s = (struct cleat_str){s->p + used, s->n - used};
    return out;
}

/* The head that load_head() made, as a stream. */
static bool submit(struct load_h2 *h, struct cleat_str text) {
    struct cleat_str method = cut(&text, " "), path = cut(&text, " ");
    nghttp2_nv nv[HEADERS] = {pair(CLEAT_STR(":method"), method), pair(CLEAT_STR(":path"), path),
                              pair(CLEAT_STR(":scheme"), CLEAT_STR("https")),
                              pair(CLEAT_STR(":authority"), CLEAT_STR("bench"))};
    size_t n = 4;
    cut(&text, "\r\n");
    while (text.n > 2 && n < HEADERS) {
        struct cleat_str value = cut(&text, "\r\n"), name = cut(&value, ": ");
        if (!cleat_eqc(name, "Host")) {
            nv[n++] = pair(name, value);
        }
    }
    return nghttp2_submit_request(h->session, NULL, nv, n, NULL, NULL) > 0;
}

static bool flush(struct load *l, struct load_conn *c) {
    if (c->sent == c->out.n) {
        c->out.n = c->sent = 0;
    }
    if (nghttp2_session_send(c->h2->session) != 0 || c->h2->failed) {
        errno = EPROTO;
        return load_broken(l, c, "HTTP/2");
    }
    return load_send(l, c);
}

bool load_h2_begin(struct load *l, struct load_conn *c) {
    nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW}};
    nghttp2_session_callbacks *cb = NULL;
    struct load_h2 *h = cleat_zalloc(sizeof *h);
    *h = (struct load_h2){.load = l, .conn = c};
    c->h2 = h;
    cleat_assert(nghttp2_session_callbacks_new(&cb) == 0);
    nghttp2_session_callbacks_set_send_callback(cb, on_send);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(cb, on_data);
    nghttp2_session_callbacks_set_on_header_callback(cb, on_header);
    nghttp2_session_callbacks_set_on_stream_close_callback(cb, on_close);
    bool ok =
        nghttp2_session_client_new(&h->session, cb, h) == 0 &&
        nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, settings, 1) == 0 &&
        nghttp2_session_set_local_window_size(h->session, NGHTTP2_FLAG_NONE, 0, WINDOW_ALL) == 0;
    nghttp2_session_callbacks_del(cb);
    for (unsigned i = 0; ok && i < l->target->streams; i++) {
        CLEAT_AUTO_BUF text = {0};
        ok = l->ops->request(l, c->id * l->target->streams + i, &text) &&
             submit(h, (struct cleat_str){text.p, text.n});
    }
    h->failed |= !ok;
    return flush(l, c);
}

bool load_h2_input(struct load *l, struct load_conn *c, const char *p, size_t n) {
    ssize_t used = nghttp2_session_mem_recv(c->h2->session, (const uint8_t *)p, n);
    c->h2->failed |= used < 0;
    return flush(l, c);
}

void load_h2_end(struct load_conn *c) {
    if (c->h2 != NULL) {
        nghttp2_session_del(c->h2->session);
        free(c->h2);
        c->h2 = NULL;
    }
}
