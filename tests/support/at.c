/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kinds/kinds.h"
#include "tests/support/at.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- the server ---- */

bool at_open(struct at *at, const struct cleat_api_opts *o) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    *at = (struct at){.dir = kt_tmpdir()};
    struct cleat_api_opts opts = o ? *o : (struct cleat_api_opts){0};
    opts.insecure_port = -1;
    opts.data_dir = at->dir;
    opts.bind_address = "127.0.0.1";
    return kt_ok(cleat_store_open(cleat_backend_memory(), NULL, &at->store, &e), &e, "store",
                 __FILE__, __LINE__) &&
           kt_ok(cleat_registry_new(at->store, cleat_kinds, &at->registry, &e), &e, "registry",
                 __FILE__, __LINE__) &&
           kt_ok(cleat_registry_bootstrap(at->registry, &e), &e, "bootstrap", __FILE__, __LINE__) &&
           kt_ok(cleat_api_new(at->registry, &opts, &at->api, &e), &e, "api", __FILE__, __LINE__) &&
           kt_ok(cleat_api_start(at->api, &e), &e, "start", __FILE__, __LINE__);
}

void at_close(struct at *at) {
    if (at->api != NULL) {
        cleat_api_stop(at->api);
        cleat_api_free(at->api);
    }
    if (at->registry != NULL) {
        cleat_registry_free(at->registry);
    }
    if (at->store != NULL) {
        cleat_store_close(at->store);
    }
    kt_rmdir(at->dir);
}

/* ---- connections ---- */

static bool connect_fd(struct at_conn *c, const struct sockaddr *addr, socklen_t n) {
    struct timeval patience = {20, 0};
    *c = (struct at_conn){.fd = socket(addr->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return kt_true(connect(c->fd, addr, n) == 0, "connect", __FILE__, __LINE__);
}

static bool connect_tcp(struct at_conn *c, int port) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    bool ok = connect_fd(c, (struct sockaddr *)&in, sizeof in);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return ok;
}

static bool connect_unix(struct at *at, struct at_conn *c) {
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/api.sock", at->dir);
    cleat_assert(strlen(path) < sizeof un.sun_path);
    memcpy(un.sun_path, path, strlen(path) + 1);
    return connect_fd(c, (struct sockaddr *)&un, sizeof un);
}

static bool connect_tls(struct at *at, struct at_conn *c, const char *pair, bool frames) {
    if (!connect_tcp(c, cleat_api_secure_port(at->api))) {
        return false;
    }
    CLEAT_AUTO_FREE char *ca = cleat_sprintf("%s/pki/ca.crt", at->dir);
    c->ctx = SSL_CTX_new(TLS_client_method());
    bool ok = SSL_CTX_load_verify_file(c->ctx, ca) == 1;
    SSL_CTX_set_verify(c->ctx, SSL_VERIFY_PEER, NULL);
    if (pair != NULL) {
        CLEAT_AUTO_FREE char *cert = cleat_sprintf("%s/pki/%s.crt", at->dir, pair);
        CLEAT_AUTO_FREE char *key = cleat_sprintf("%s/pki/%s.key", at->dir, pair);
        ok = ok && SSL_CTX_use_certificate_file(c->ctx, cert, SSL_FILETYPE_PEM) == 1 &&
             SSL_CTX_use_PrivateKey_file(c->ctx, key, SSL_FILETYPE_PEM) == 1;
    }
    static const unsigned char h1[] = "\x08http/1.1", h2[] = "\x02h2";
    ok = ok && SSL_CTX_set_alpn_protos(c->ctx, frames ? h2 : h1,
                                       frames ? sizeof h2 - 1 : sizeof h1 - 1) == 0;
    c->ssl = SSL_new(c->ctx);
    ok = ok && SSL_set1_host(c->ssl, "localhost") == 1 && SSL_set_fd(c->ssl, c->fd) == 1;
    return ok && SSL_connect(c->ssl) == 1;
}

bool at_connect_as(struct at *at, struct at_conn *c, const char *pair) {
    return connect_tls(at, c, pair, false);
}

bool at_connect_h2(struct at *at, struct at_conn *c, const char *pair) {
    return connect_tls(at, c, pair, true);
}

bool at_connect(struct at *at, struct at_conn *c, int door) {
    return door == AT_PLAIN ? connect_tcp(c, cleat_api_insecure_port(at->api))
           : door == AT_TLS ? at_connect_as(at, c, "admin")
                            : connect_unix(at, c);
}

void at_disconnect(struct at_conn *c) {
    SSL_free(c->ssl);
    SSL_CTX_free(c->ctx);
    close(c->fd);
    cleat_buf_done(&c->in);
    *c = (struct at_conn){.fd = -1};
}

bool at_send(struct at_conn *c, struct cleat_str data) {
    while (data.n > 0) {
        ssize_t n = c->ssl ? SSL_write(c->ssl, data.p, (int)data.n)
                           : send(c->fd, data.p, data.n, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        data.p += n;
        data.n -= (size_t)n;
    }
    return true;
}

bool at_puts(struct at_conn *c, const char *text) {
    return at_send(c, cleat_s(text));
}

bool at_fill(struct at_conn *c) {
    char data[16384];
    ssize_t n = c->ssl ? SSL_read(c->ssl, data, sizeof data) : recv(c->fd, data, sizeof data, 0);
    kt_true(n >= 0 || c->ssl || (errno != EAGAIN && errno != EWOULDBLOCK),
            "the server answers in time", __FILE__, __LINE__);
    if (n <= 0) {
        return false;
    }
    cleat_buf_add(&c->in, data, (size_t)n);
    return true;
}

bool at_closed(struct at_conn *c) {
    return c->in.n == 0 && !at_fill(c);
}

static void take(struct at_conn *c, size_t n) {
    memmove(c->in.p, c->in.p + n, c->in.n - n);
    c->in.n -= n;
}

/* ---- answers ---- */

void at_answer_done(struct at_answer *a) {
    cleat_buf_done(&a->head);
    cleat_buf_done(&a->body);
}

/* Bytes up to and with `end`; false where the connection ends before. */
static bool until(struct at_conn *c, const char *end, struct cleat_buf *ret) {
    const char *at = NULL;
    while (c->in.n == 0 || (at = memmem(c->in.p, c->in.n, end, strlen(end))) == NULL) {
        if (!at_fill(c)) {
            return false;
        }
    }
    size_t n = (size_t)(at - c->in.p) + strlen(end);
    cleat_buf_add(ret, c->in.p, n);
    take(c, n);
    return true;
}

static bool exactly(struct at_conn *c, size_t n, struct cleat_buf *ret) {
    while (c->in.n < n) {
        if (!at_fill(c)) {
            return false;
        }
    }
    cleat_buf_add(ret, c->in.p, n);
    take(c, n);
    return true;
}

bool at_read_head(struct at_conn *c, struct at_answer *a) {
    a->head.n = a->body.n = 0;
    a->status = 0;
    if (!until(c, "\r\n\r\n", &a->head) || sscanf(a->head.p, "HTTP/1.1 %d ", &a->status) != 1) {
        return false;
    }
    a->chunked = strcasestr(a->head.p, "\r\nTransfer-Encoding: chunked\r\n") != NULL;
    return true;
}

static bool read_chunk(struct at_conn *c, struct cleat_buf *ret, size_t *ret_n) {
    CLEAT_AUTO_BUF size = {0};
    CLEAT_AUTO_BUF end = {0};
    if (!until(c, "\r\n", &size)) {
        return false;
    }
    *ret_n = strtoul(size.p, NULL, 16);
    return exactly(c, *ret_n, ret) && exactly(c, 2, &end);
}

bool at_read(struct at_conn *c, struct at_answer *a) {
    if (!at_read_head(c, a)) {
        return false;
    }
    if (a->chunked) {
        size_t n = 1;
        while (n > 0 && read_chunk(c, &a->body, &n)) {
        }
        return n == 0;
    }
    const char *length = strcasestr(a->head.p, "\r\nContent-Length: ");
    return length != NULL && exactly(c, strtoul(length + 18, NULL, 10), &a->body);
}

bool at_read_line(struct at_conn *c, struct cleat_buf *ret) {
    size_t n = 0;
    ret->n = 0;
    bool ok = read_chunk(c, ret, &n) && n > 0 &&
              kt_true(ret->p[ret->n - 1] == '\n' && memchr(ret->p, '\n', ret->n - 1) == NULL,
                      "a chunk holds one line", __FILE__, __LINE__);
    ret->n -= ok;
    if (ret->p != NULL) {
        ret->p[ret->n] = '\0';
    }
    return ok;
}

bool at_has(const struct cleat_buf *b, const char *text) {
    bool has = b->n > 0 && memmem(b->p, b->n, text, strlen(text)) != NULL;
    if (!has) {
        fprintf(stderr, "%.*s\n    has no %s\n", (int)(b->n < 2000 ? b->n : 2000), b->p, text);
    }
    return has;
}

/* ---- requests ---- */

bool at_send_request(struct at_conn *c, const char *method, const char *path, const char *extra,
                     const char *body) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path,
                     extra ? extra : "");
    if (body != NULL) {
        cleat_buf_printf(
            &b, "%sContent-Length: %zu\r\n",
            extra && strcasestr(extra, "content-type:") ? "" : "Content-Type: application/json\r\n",
            strlen(body));
    }
    cleat_buf_puts(&b, "\r\n");
    cleat_buf_puts(&b, body ? body : "");
    return at_send(c, (struct cleat_str){b.p, b.n});
}

int at_ask(struct at_conn *c, const char *method, const char *path, const char *extra,
           const char *body, struct at_answer *ret) {
    bool head = strcmp(method, "HEAD") == 0;
    return at_send_request(c, method, path, extra, body) &&
                   (head ? at_read_head(c, ret) : at_read(c, ret))
               ? ret->status
               : 0;
}

int at_call(struct at *at, const char *method, const char *path, const char *body,
            struct at_answer *ret) {
    struct at_conn c;
    AT_AUTO_ANSWER local = {0};
    int status =
        at_connect(at, &c, AT_PLAIN) ? at_ask(&c, method, path, NULL, body, ret ? ret : &local) : 0;
    at_disconnect(&c);
    return status;
}
