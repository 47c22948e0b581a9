/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a name to a connection that can be used: look-up on a worker, addresses one after
 * the other with a head start each (RFC 8305, in short), a proxy's CONNECT or
 * SOCKS5, the TLS handshake. The first address that answers wins.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/remote/internal.h"

#define HEAD_START (250 * CLEAT_MS)
enum { KEEP_IDLE_S = 30, KEEP_EACH_S = 15, KEEP_TRIES = 3, UNANSWERED_MS = 60000 };
enum { SOCKS_GREET, SOCKS_PASSWORD, SOCKS_CONNECT };

struct cleat__rc_dial {
    struct cleat__rc_job job;
    struct cleat__rc_conn *conn; /* NULL: it has given up */
    const struct cleat__rc_url *to;
    bool tls;
    SSL_CTX *ctx;
    uint64_t generation;
    cleat_err err;
    struct cleat_error e;
    struct sockaddr_storage addresses[CLEAT__TRIES];
    socklen_t sizes[CLEAT__TRIES];
    size_t n;
};

static void dial_free(struct cleat__rc_dial *d) {
    SSL_CTX_free(d->ctx);
    free(d);
}

/* ---- on a worker ---- */

static void look_up(struct cleat__rc_job *j) {
    struct cleat__rc_dial *d = (struct cleat__rc_dial *)j;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG}, *all = NULL;
    if (d->tls) {
        d->err = cleat__rc_tls_get(j->r, &d->ctx, &d->generation, &d->e);
        if (d->err != CLEAT_OK) {
            return;
        }
    }
    unsigned char any[16];
    if (inet_pton(AF_INET, d->to->host, any) == 1 || inet_pton(AF_INET6, d->to->host, any) == 1) {
        hints.ai_flags = AI_NUMERICHOST; /* loopback needs no interface that is configured */
    }
    int r = getaddrinfo(d->to->host, d->to->port, &hints, &all);
    if (r == EAI_NONAME && hints.ai_flags == AI_ADDRCONFIG) {
        hints.ai_flags = 0;
        r = getaddrinfo(d->to->host, d->to->port, &hints, &all);
    }
    if (r != 0) {
        d->err = cleat_fail(&d->e, CLEAT_E_UNAVAILABLE, "lookup %s: %s", d->to->host,
                            r == EAI_SYSTEM ? strerror(errno) : gai_strerror(r));
        return;
    }
    for (struct addrinfo *a = all; a != NULL && d->n < CLEAT__TRIES; a = a->ai_next) {
        if (a->ai_addrlen <= sizeof d->addresses[0]) {
            memcpy(&d->addresses[d->n], a->ai_addr, a->ai_addrlen);
            d->sizes[d->n++] = a->ai_addrlen;
        }
    }
    freeaddrinfo(all);
}

/* ---- addresses ---- */

static void drop_tries(struct cleat__rc_conn *c) {
    for (size_t i = 0; i < c->n_tries; i++) {
        if (c->tries[i].fd >= 0) {
            event_del(&c->tries[i].ev);
            close(c->tries[i].fd);
            c->tries[i].fd = -1;
        }
    }
}

void cleat__rc_dial_cancel(struct cleat__rc_conn *c) {
    drop_tries(c);
    if (c->dial != NULL) {
        if (c->state != CLEAT__RESOLVING) {
            event_del(&c->step);
            dial_free(c->dial);
        } else {
            c->dial->conn = NULL; /* the worker has it still */
        }
        c->dial = NULL;
    }
}

static void set_options(int fd) {
    int on = 1, idle = KEEP_IDLE_S, each = KEEP_EACH_S, tries = KEEP_TRIES;
    unsigned unanswered = UNANSWERED_MS;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &each, sizeof each);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &tries, sizeof tries);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered, sizeof unanswered);
}

/* Where writes are fenced, what the kernel still holds of them when the process ends must go
 * with it, instead of being sent some time later. */
void cleat__rc_dial_linger(const struct cleat__rc_conn *c, bool on) {
    struct linger l = {.l_onoff = !on, .l_linger = 0};
    if (c->r->fence != NULL) {
        setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
    }
}

static void connected(struct cleat__rc_conn *c, int fd);
static void try_next(struct cleat__rc_conn *c);

static void note(struct cleat__rc_conn *c, size_t i, int err) {
    char host[64] = "?", port[16] = "";
    getnameinfo((struct sockaddr *)&c->dial->addresses[i], c->dial->sizes[i], host, sizeof host,
                port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(c->why, sizeof c->why, "connect %s port %s: %s", host, port, strerror(err));
}

static bool any_open(const struct cleat__rc_conn *c) {
    for (size_t i = 0; i < c->n_tries; i++) {
        if (c->tries[i].fd >= 0) {
            return true;
        }
    }
    return false;
}

static void on_connect(evutil_socket_t fd, short what, void *arg) {
    (void)what;
    struct cleat__rc_try *t = arg;
    struct cleat__rc_conn *c = t->conn;
    int err = 0;
    socklen_t n = sizeof err;
    getsockopt((int)fd, SOL_SOCKET, SO_ERROR, &err, &n);
    if (err != 0) {
        note(c, (size_t)(t - c->tries), err);
        close(t->fd);
        t->fd = -1;
        try_next(c);
        return;
    }
    t->fd = -1; /* it stays open */
    cleat__rc_conn_hold(c);
    connected(c, (int)fd);
    cleat__rc_conn_release(c);
}

static void on_step(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    try_next(arg);
}

static void try_next(struct cleat__rc_conn *c) {
    struct cleat__rc_dial *d = c->dial;
    while (c->n_tries < d->n) {
        size_t i = c->n_tries++;
        struct cleat__rc_try *t = &c->tries[i];
        t->conn = c;
        t->fd = socket(d->addresses[i].ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (t->fd < 0 || (connect(t->fd, (struct sockaddr *)&d->addresses[i], d->sizes[i]) != 0 &&
                          errno != EINPROGRESS)) {
            note(c, i, errno);
            if (t->fd >= 0) {
                close(t->fd);
                t->fd = -1;
            }
            continue;
        }
        event_assign(&t->ev, c->r->loop, t->fd, EV_WRITE, on_connect, t);
        event_add(&t->ev, NULL);
        struct timeval tv = cleat__rc_timeval(HEAD_START);
        event_add(&c->step, &tv);
        return;
    }
    if (!any_open(c)) {
        cleat__rc_conn_close(c, c->why[0] != '\0' ? c->why : "the name has no address");
    }
}

static void on_looked_up(struct cleat__rc_msg *m) {
    struct cleat__rc_dial *d = (struct cleat__rc_dial *)m;
    struct cleat__rc_conn *c = d->conn;
    if (c == NULL) {
        dial_free(d);
        return;
    }
    c->state = CLEAT__CONNECTING;
    event_assign(&c->step, c->r->loop, -1, 0, on_step, c);
    if (d->err != CLEAT_OK) {
        cleat__rc_conn_close(c, d->e.message);
        return;
    }
    try_next(c);
}

void cleat__rc_dial_start(struct cleat__rc_conn *c) {
    const struct cleat__rc_config *cfg = c->r->config;
    struct cleat__rc_dial *d = cleat_zalloc(sizeof *d);
    d->e.struct_size = sizeof d->e;
    d->conn = c;
    d->to = cfg->proxy.scheme != 0 ? &cfg->proxy : &cfg->url;
    d->tls = cfg->url.scheme == CLEAT__HTTPS;
    d->job.work = look_up;
    d->job.msg.fn = on_looked_up;
    c->dial = d;
    cleat__rc_job_start(c->r, &d->job);
}

/* ---- TLS ---- */

bool cleat__rc_dial_handshake(struct cleat__rc_conn *c) {
    ERR_clear_error();
    errno = 0;
    int r = SSL_do_handshake(c->ssl);
    if (r == 1) {
        const unsigned char *protocol;
        unsigned n;
        SSL_get0_alpn_selected(c->ssl, &protocol, &n);
        cleat__rc_conn_settle(c, n == 2 && memcmp(protocol, "h2", 2) == 0);
        return !c->dead;
    }
    int why = SSL_get_error(c->ssl, r);
    if (why == SSL_ERROR_WANT_WRITE) {
        event_add(&c->writable, NULL);
    } else if (why != SSL_ERROR_WANT_READ) {
        cleat__rc_tls_why(c->ssl, r, c->why);
        cleat__rc_conn_close(c, c->why);
    }
    return false;
}

/* The way to the server is open. */
static void reached(struct cleat__rc_conn *c) {
    struct cleat__rc_dial *d = c->dial;
    struct cleat_error e = CLEAT_ERROR_INIT;
    c->dial = NULL;
    event_del(&c->step);
    c->generation = d->generation;
    cleat_err err =
        d->tls ? cleat__rc_tls_new(c->r, d->ctx, c->fd, c->line, &c->ssl, &e) : CLEAT_OK;
    bool tls = d->tls;
    dial_free(d);
    if (err != CLEAT_OK) {
        cleat__rc_conn_close(c, e.message);
    } else if (tls) {
        c->state = CLEAT__HANDSHAKE;
        struct timeval tv = cleat__rc_timeval(CLEAT__HANDSHAKE_TIME);
        event_add(&c->timer, &tv);
        cleat__rc_dial_handshake(c);
    } else {
        cleat__rc_conn_settle(c, false);
    }
}

/* ---- proxies ---- */

static void ask_http(struct cleat__rc_conn *c) {
    const struct cleat__rc_config *cfg = c->r->config;
    CLEAT_AUTO_FREE char *to = cleat__rc_url_authority(&cfg->url);
    cleat_buf_printf(&c->out, "CONNECT %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n", to, to,
                     c->r->agent);
    if (cfg->proxy.user != NULL) {
        CLEAT_AUTO_FREE char *pair = cleat_sprintf("%s:%s", cfg->proxy.user, cfg->proxy.passw);
        CLEAT_AUTO_BUF coded = {0};
        cleat_base64(cleat_s(pair), &coded);
        cleat_buf_printf(&c->out, "Proxy-Authorization: Basic %s\r\n", coded.p);
    }
    cleat_buf_puts(&c->out, "\r\n");
}

static void ask_socks(struct cleat__rc_conn *c) {
    bool password = c->r->config->proxy.user != NULL;
    c->proxy_step = SOCKS_GREET;
    cleat_buf_add(&c->out, password ? "\5\2\0\2" : "\5\1\0", password ? 4 : 3);
}

static void length_and_text(struct cleat_buf *b, const char *s) {
    size_t n = strlen(s) < 255 ? strlen(s) : 255;
    cleat_buf_putc(b, (char)n);
    cleat_buf_add(b, s, n);
}

static void socks_connect(struct cleat__rc_conn *c) {
    const struct cleat__rc_url *u = &c->r->config->url;
    uint16_t port = htons((uint16_t)atoi(u->port));
    unsigned char a[16];
    c->proxy_step = SOCKS_CONNECT;
    cleat_buf_add(&c->out, "\5\1\0", 3);
    if (inet_pton(AF_INET, u->host, a) == 1) {
        cleat_buf_putc(&c->out, 1);
        cleat_buf_add(&c->out, a, 4);
    } else if (inet_pton(AF_INET6, u->host, a) == 1) {
        cleat_buf_putc(&c->out, 4);
        cleat_buf_add(&c->out, a, 16);
    } else {
        cleat_buf_putc(&c->out, 3);
        length_and_text(&c->out, u->host);
    }
    cleat_buf_add(&c->out, &port, 2);
}

static void take(struct cleat__rc_conn *c, size_t n) {
    memmove(c->in.p, c->in.p + n, c->in.n - n);
    c->in.n -= n;
}

/* RFC 1928, 1929. 1: through; 0: more is needed; -1: refused. */
static int socks_input(struct cleat__rc_conn *c) {
    const struct cleat__rc_url *proxy = &c->r->config->proxy;
    const unsigned char *p = (const unsigned char *)c->in.p;
    if (c->in.n < 2) {
        return 0;
    }
    if (c->proxy_step == SOCKS_CONNECT) {
        size_t n = c->in.n < 5 ? 5 : p[3] == 1 ? 10 : p[3] == 4 ? 22 : 7 + (size_t)p[4];
        if (p[0] != 5 || p[1] != 0) {
            return -1;
        }
        if (c->in.n < n) {
            return 0;
        }
        take(c, n);
        return 1;
    }
    bool greeting = c->proxy_step == SOCKS_GREET;
    if (greeting && p[0] == 5 && p[1] == 2 && proxy->user != NULL) {
        c->proxy_step = SOCKS_PASSWORD;
        cleat_buf_putc(&c->out, 1);
        length_and_text(&c->out, proxy->user);
        length_and_text(&c->out, proxy->passw);
    } else if ((greeting && p[0] == 5 && p[1] == 0) || (!greeting && p[1] == 0)) {
        socks_connect(c);
    } else {
        return -1;
    }
    take(c, 2);
    cleat__rc_conn_flush(c);
    return 0;
}

static int http_input(struct cleat__rc_conn *c, int *ret_status) {
    struct cleat_http_head head;
    size_t n;
    while (c->in.n > 0) {
        int r = cleat_http_parse_response(c->in.p, c->in.n, &c->h1.scanned, &head, &n);
        if (r <= 0) {
            return r;
        }
        *ret_status = head.status;
        take(c, n);
        if (head.status >= 200) {
            return head.status < 300 ? 1 : -1;
        }
    }
    return 0;
}

void cleat__rc_dial_input(struct cleat__rc_conn *c, size_t n) {
    bool http = c->r->config->proxy.scheme == CLEAT__HTTP;
    int status = 0;
    cleat_buf_add(&c->in, c->r->scratch, n);
    int r = http ? http_input(c, &status) : socks_input(c);
    if (r < 0) {
        char why[96];
        snprintf(why, sizeof why,
                 status != 0 ? "the proxy refuses: status %d" : "the proxy refuses, or is none",
                 status);
        cleat__rc_conn_close(c, why);
    } else if (r > 0) {
        c->h1.scanned = 0;
        if (c->in.n > 0) {
            cleat__rc_conn_close(c, "the proxy says more than it was asked");
            return;
        }
        reached(c);
    }
}

static void connected(struct cleat__rc_conn *c, int fd) {
    int proxy = c->r->config->proxy.scheme;
    drop_tries(c);
    event_del(&c->step);
    set_options(fd);
    cleat__rc_dial_established(c, fd);
    if (proxy == 0) {
        reached(c);
        return;
    }
    c->state = CLEAT__PROXY;
    if (proxy == CLEAT__HTTP) {
        ask_http(c);
    } else {
        ask_socks(c);
    }
    cleat__rc_conn_flush(c);
}
