/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/support/load_conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define KEEP  (64u * 1024)  /* of a body */
#define CHUNK (256u * 1024) /* read at once */

/* ---- figures -------------------------------------------------------------------------- */

void histogram_add(struct histogram *h, cleat_time ns) {
    uint64_t v = ns > 16 ? (uint64_t)ns : 16;
    unsigned exp = 63u - (unsigned)__builtin_clzll(v);
    h->count[exp * 16 + (unsigned)((v >> (exp - 4)) & 15)]++;
    h->n++;
}

double histogram_us(const struct histogram *h, double quantile) {
    uint64_t want = (uint64_t)((double)h->n * quantile), seen = 0;
    for (unsigned i = 0; i < 64 * 16; i++) {
        seen += h->count[i];
        if (seen > want) {
            unsigned exp = i / 16;
            return (double)((UINT64_C(16) + i % 16 + 1) << exp >> 4) / 1000;
        }
    }
    return 0;
}

cleat_time process_cpu(int pid) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("/proc/%d/stat", pid);
    char text[1024];
    unsigned long user = 0, sys = 0;
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        return 0;
    }
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    const char *p = strrchr(text, ')'); /* the name may have spaces */
    if (p == NULL ||
        sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys) != 2) {
        return 0;
    }
    return (cleat_time)(user + sys) * (CLEAT_SECOND / sysconf(_SC_CLK_TCK));
}

cleat_time own_cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * CLEAT_SECOND +
           (u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000;
}

/* ---- requests --------------------------------------------------------------------------- */

void load_head(const struct load *l, struct cleat_buf *out, const char *method, const char *path,
               const char *type, size_t n) {
    cleat_buf_puts(out, method);
    cleat_buf_putc(out, ' ');
    cleat_buf_puts(out, path);
    cleat_buf_printf(out, " HTTP/1.1\r\nHost: bench\r\nAccept: %s\r\n",
                     l->target->accept != NULL ? l->target->accept : "application/json");
    if (l->target->token != NULL) {
        cleat_buf_puts(out, "Authorization: Bearer ");
        cleat_buf_puts(out, l->target->token);
        cleat_buf_puts(out, "\r\n");
    }
    if (type != NULL) {
        cleat_buf_printf(out, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, n);
    }
    cleat_buf_puts(out, "\r\n");
}

/* ---- the wire ------------------------------------------------------------------------------ */

static ssize_t wire_read(struct load_conn *c, void *p, size_t n) {
    if (c->ssl == NULL) {
        return read(c->fd, p, n);
    }
    int got = SSL_read(c->ssl, p, n > INT32_MAX ? INT32_MAX : (int)n);
    if (got > 0) {
        return got;
    }
    int why = SSL_get_error(c->ssl, got);
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
    return why == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

static ssize_t wire_write(struct load_conn *c, const void *p, size_t n) {
    if (c->ssl == NULL) {
        return send(c->fd, p, n, MSG_NOSIGNAL);
    }
    int got = SSL_write(c->ssl, p, (int)n);
    if (got > 0) {
        return got;
    }
    int why = SSL_get_error(c->ssl, got);
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : EPIPE;
    return -1;
}

static void want(struct load *l, struct load_conn *c, uint32_t events) {
    struct epoll_event ev = {.events = events, .data.u32 = c->id};
    if (events != c->events) {
        epoll_ctl(l->epoll, EPOLL_CTL_MOD, c->fd, &ev);
        c->events = events;
    }
}

static void conn_close(struct load *l, struct load_conn *c) {
    if (!c->closed) {
        c->closed = true;
        l->open--;
        close(c->fd);
    }
}

bool load_broken(struct load *l, struct load_conn *c, const char *what) {
    fprintf(stderr, "connection %u: %s: %s\n", c->id, what, strerror(errno));
    conn_close(l, c);
    return false;
}

bool load_send(struct load *l, struct load_conn *c) {
    while (c->sent < c->out.n) {
        ssize_t n = wire_write(c, c->out.p + c->sent, c->out.n - c->sent);
        if (n < 0) {
            if (errno != EAGAIN) {
                return load_broken(l, c, "write");
            }
            want(l, c, EPOLLIN | EPOLLOUT);
            return true;
        }
        c->sent += (size_t)n;
    }
    want(l, c, EPOLLIN);
    return true;
}

static bool conn_next(struct load *l, struct load_conn *c) {
    cleat_time now = cleat_now_mono();
    cleat_time due = l->ops->due != NULL ? l->ops->due(l) : now;
    c->out.n = c->sent = 0;
    if (now < l->deadline && due > now) {
        l->parked[l->n_parked++] = c->id;
        return true;
    }
    if (now >= l->deadline || !l->ops->request(l, c->id, &c->out)) {
        conn_close(l, c);
        return true;
    }
    c->started = due;
    c->waiting = true;
    c->state = BODY_HEAD;
    return load_send(l, c);
}

static bool conn_done(struct load *l, struct load_conn *c) {
    histogram_add(&l->latency, cleat_now_mono() - c->started);
    l->responses++;
    l->failures += c->status < 200 || c->status > 299;
    c->waiting = false;
    if (l->ops->response != NULL) {
        l->ops->response(l, c->id, c->status, (struct cleat_str){c->kept.p, c->kept.n});
    }
    return conn_next(l, c);
}

/* The value of a header in head (NUL-ended), or NULL. */
static const char *header(const char *head, const char *name) {
    size_t n = strlen(name);
    for (const char *p = head; (p = strstr(p, "\r\n")) != NULL;) {
        p += 2;
        if (strncasecmp(p, name, n) == 0 && p[n] == ':') {
            return p + n + 1 + strspn(p + n + 1, " ");
        }
    }
    return NULL;
}

/* Reads the head at the start of p; false where it is not complete. */
static bool take_head(struct load_conn *c, char *p, size_t n, size_t *used) {
    char *end = n > 0 ? memmem(p, n, "\r\n\r\n", 4) : NULL;
    if (end == NULL) {
        return false;
    }
    end[2] = '\0';
    c->status = n > 12 ? atoi(p + 9) : 0;
    const char *length = header(p, "content-length");
    const char *coding = header(p, "transfer-encoding");
    c->kept.n = 0;
    c->state =
        coding != NULL && strncasecmp(coding, "chunked", 7) == 0 ? BODY_CHUNK_SIZE : BODY_LENGTH;
    c->left = length != NULL ? strtoull(length, NULL, 10) : 0;
    *used = (size_t)(end + 4 - p);
    return true;
}

static size_t take_body(struct load *l, struct load_conn *c, const char *p, size_t n) {
    n = n < c->left ? n : (size_t)c->left;
    l->bytes += n;
    c->left -= n;
    if (l->ops->piece != NULL) {
        l->ops->piece(l, c->id, (struct cleat_str){p, n});
    } else if (c->kept.n < KEEP && l->ops->response != NULL) {
        cleat_buf_add(&c->kept, p, n < KEEP - c->kept.n ? n : KEEP - c->kept.n);
    }
    return n;
}

/* A line of chunked coding at p; its length with the end, 0 where it is not complete. */
static size_t take_line(struct load_conn *c, const char *p, size_t n, bool *end) {
    const char *nl = memchr(p, '\n', n);
    if (nl == NULL) {
        return 0;
    }
    size_t used = (size_t)(nl + 1 - p);
    if (c->state == BODY_CHUNK_SIZE) {
        c->left = strtoull(p, NULL, 16);
        c->state = c->left > 0 ? BODY_CHUNK : BODY_TRAILER;
    } else if (c->state == BODY_CHUNK_END) {
        c->state = BODY_CHUNK_SIZE;
    } else if (used <= 2) {
        *end = true;
    }
    return used;
}

/* Understands what is at p; what is not complete is kept in `in`. */
static bool conn_parse(struct load *l, struct load_conn *c, char *p, size_t n) {
    size_t at = 0;
    bool end = false;
    while (!end && !c->closed && c->waiting) {
        size_t used = 0;
        switch (c->state) {
        case BODY_HEAD:
            if (take_head(c, p + at, n - at, &used)) {
                end = c->state == BODY_LENGTH && c->left == 0;
            }
            break;
        case BODY_LENGTH:
        case BODY_CHUNK:
            used = take_body(l, c, p + at, n - at);
            if (c->left == 0) {
                end = c->state == BODY_LENGTH;
                c->state = BODY_CHUNK_END;
            }
            break;
        default:
            used = take_line(c, p + at, n - at, &end);
            break;
        }
        at += used;
        if (used == 0) {
            break;
        }
    }
    if (p == c->in.p) {
        memmove(p, p + at, n - at);
        c->in.n = n - at;
    } else if (at < n) {
        cleat_buf_add(&c->in, p + at, n - at);
    }
    return end ? conn_done(l, c) : true;
}

/* Into the scratch that all connections share, unless something waits for its end. */
static bool conn_receive(struct load *l, struct load_conn *c) {
    do {
        char *to = l->scratch;
        if (c->in.n > 0) {
            cleat_buf_reserve(&c->in, CHUNK);
            to = c->in.p + c->in.n;
        }
        ssize_t n = wire_read(c, to, CHUNK);
        if (n < 0 && errno == EAGAIN) {
            return true;
        }
        if (n <= 0) {
            errno = n == 0 ? ECONNRESET : errno;
            return load_broken(l, c, "read");
        }
        bool ok;
        if (c->h2 != NULL) {
            ok = load_h2_input(l, c, to, (size_t)n);
        } else if (to == l->scratch) {
            ok = conn_parse(l, c, to, (size_t)n);
        } else {
            c->in.n += (size_t)n;
            ok = conn_parse(l, c, c->in.p, c->in.n);
        }
        if (!ok) {
            return false;
        }
    } while (!c->closed && c->ssl != NULL && SSL_pending(c->ssl) > 0);
    return true;
}

static bool conn_connected(struct load *l, struct load_conn *c) {
    int err = 0;
    socklen_t n = sizeof err;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &n);
    if (err != 0) {
        errno = err;
        return load_broken(l, c, "connect");
    }
    if (c->ssl != NULL) {
        int r = SSL_connect(c->ssl);
        int why = SSL_get_error(c->ssl, r);
        if (r != 1 && why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
            ERR_print_errors_fp(stderr);
            return load_broken(l, c, "TLS handshake");
        }
        if (r != 1) {
            want(l, c, why == SSL_ERROR_WANT_WRITE ? EPOLLOUT : EPOLLIN);
            return true;
        }
    }
    c->connecting = false;
    return l->target->streams > 0 ? load_h2_begin(l, c) : conn_next(l, c);
}

static bool conn_open(struct load *l, struct load_conn *c) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)l->target->port)};
    struct epoll_event ev = {.events = EPOLLOUT, .data.u32 = c->id};
    int one = 1;
    inet_pton(AF_INET, l->target->host, &to.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    cleat_assert(c->fd >= 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
        fprintf(stderr, "connect: %s\n", strerror(errno));
        close(c->fd);
        c->closed = true;
        return false;
    }
    if (l->ssl_ctx != NULL) {
        c->ssl = SSL_new(l->ssl_ctx);
        SSL_set_fd(c->ssl, c->fd);
    }
    c->connecting = true;
    c->events = EPOLLOUT;
    l->open++;
    epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &ev);
    return true;
}

/* ---- the loop ---------------------------------------------------------------------------------
 */

static bool make_ssl_ctx(struct load *l) {
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    l->ssl_ctx = ctx;
    if (l->target->ca != NULL) {
        SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
        if (SSL_CTX_load_verify_locations(ctx, l->target->ca, NULL) != 1) {
            ERR_print_errors_fp(stderr);
            return false;
        }
    }
    if (l->target->streams > 0) {
        SSL_CTX_set_alpn_protos(ctx, (const unsigned char *)"\2h2", 3);
    }
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return true;
}

/* Requests that have become due go out; at the end the idle connections close. */
static bool unpark(struct load *l) {
    cleat_time now = cleat_now_mono();
    while (l->n_parked > 0 && (now >= l->deadline || l->ops->due(l) <= now)) {
        if (!conn_next(l, &l->conns[l->parked[--l->n_parked]])) {
            return false;
        }
    }
    return true;
}

static bool loop(struct load *l) {
    struct epoll_event events[128];
    while (l->open > 0) {
        int n = epoll_wait(l->epoll, events, 128, l->n_parked > 0 ? 1 : 100);
        for (int i = 0; i < n; i++) {
            struct load_conn *c = &l->conns[events[i].data.u32];
            bool ok = true;
            if (c->closed) {
                continue;
            }
            if (c->connecting) {
                ok = conn_connected(l, c);
            } else {
                if (events[i].events & EPOLLOUT) {
                    ok = load_send(l, c);
                }
                if (ok && !c->closed && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
                    ok = conn_receive(l, c);
                }
            }
            if (!ok) {
                return false;
            }
        }
        if (!unpark(l)) {
            return false;
        }
        /* A stream has no end of its own. */
        if (l->ops->piece != NULL &&
            (cleat_now_mono() >= l->deadline || (l->ops->over != NULL && l->ops->over(l)))) {
            for (unsigned i = 0; i < l->n_conns; i++) {
                conn_close(l, &l->conns[i]);
            }
        }
    }
    return true;
}

bool load_run(struct load *l, unsigned connections) {
    bool ok = !l->target->tls || make_ssl_ctx(l);
    signal(SIGPIPE, SIG_IGN);
    l->n_conns = connections;
    l->conns = cleat_array(connections, sizeof *l->conns);
    l->parked = cleat_array(connections, sizeof *l->parked);
    l->scratch = cleat_alloc(CHUNK);
    l->n_parked = 0;
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    cleat_assert(l->epoll >= 0);
    cleat_time cpu = own_cpu(), start = cleat_now_mono();
    cleat_time server = l->target->pid > 0 ? process_cpu(l->target->pid) : 0;
    for (unsigned i = 0; i < connections && ok; i++) {
        l->conns[i].id = i;
        ok = conn_open(l, &l->conns[i]);
    }
    ok = ok && loop(l);
    l->took = cleat_now_mono() - start;
    l->own_cpu = own_cpu() - cpu;
    l->server_cpu = l->target->pid > 0 ? process_cpu(l->target->pid) - server : 0;
    for (unsigned i = 0; i < connections; i++) {
        struct load_conn *c = &l->conns[i];
        if (c->fd > 0) {
            conn_close(l, c);
        }
        load_h2_end(c);
        SSL_free(c->ssl);
        cleat_buf_done(&c->out);
        cleat_buf_done(&c->in);
        cleat_buf_done(&c->kept);
    }
    free(l->conns);
    free(l->parked);
    free(l->scratch);
    close(l->epoll);
    SSL_CTX_free(l->ssl_ctx);
    return ok;
}

/* ---- one request
 * ---------------------------------------------------------------------------------- */

struct once {
    const char *method, *path;
    struct cleat_str body;
    int status;
    bool sent;
    char *result;
};

static bool once_request(struct load *l, unsigned conn, struct cleat_buf *out) {
    struct once *o = l->userdata;
    (void)conn;
    if (o->sent) {
        return false;
    }
    o->sent = true;
    load_head(l, out, o->method, o->path, o->body.n > 0 ? "application/json" : NULL, o->body.n);
    cleat_buf_str(out, o->body);
    return true;
}

static void once_response(struct load *l, unsigned conn, int status, struct cleat_str body) {
    struct once *o = l->userdata;
    (void)conn;
    o->status = status;
    o->result = cleat_strndup(body);
}

int load_once(const struct load_target *t, const char *method, const char *path,
              struct cleat_str body, char **ret) {
    static const struct load_ops ops = {.request = once_request, .response = once_response};
    struct once o = {method, path, body, -1, false, NULL};
    struct load l = {.target = t, .ops = &ops, .userdata = &o, .deadline = INT64_MAX};
    if (!load_run(&l, 1)) {
        o.status = -1;
    }
    if (ret != NULL) {
        *ret = CLEAT_STEAL(o.result);
    }
    free(o.result);
    return o.status;
}
