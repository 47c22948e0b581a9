/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection: bytes in, whole requests out to the handlers, answers back in
 * order. Runs on its I/O thread only and never blocks. A client can make it hold
 * one request and a bounded amount of what follows, and nothing is served while
 * earlier answers pile up unread.
 */
#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/api/internal.h"
#include "core/base/limits.h"

enum {
    AHEAD = CLEAT__SCRATCH, /* input that may wait while a request is served */
    UNREAD = 256 * 1024,    /* answers that may wait before the next request is served */
    KEEP = 16 * 1024,       /* an input buffer that an idle connection may keep */
    READS = 16,
    WRITES = 64 /* turns, so that one connection does not starve the others */
};
#define IDLE      (600 * CLEAT_SECOND)
#define HANDSHAKE (15 * CLEAT_SECOND)
#define HEAD_TIME (30 * CLEAT_SECOND)
#define BODY_TIME (120 * CLEAT_SECOND)
#define STUCK     (120 * CLEAT_SECOND)
#define LINGER    (5 * CLEAT_SECOND)

static void pause_reading(struct cleat__conn *c) {
    if (c->reading) {
        c->reading = false;
        event_del(&c->readable);
    }
}

/* TLS reads ahead: bytes that it holds make no socket readable. */
static bool tls_holds(const struct cleat__conn *c) {
    return c->ssl != NULL && SSL_has_pending(c->ssl);
}

static void resume_reading(struct cleat__conn *c) {
    if (!c->reading && !c->peer_closed) {
        c->reading = true;
        event_add(&c->readable, NULL);
        if (tls_holds(c)) {
            event_active(&c->readable, EV_READ, 0);
        }
    }
}

/* ---- output ---- */

/* All is written. Closing on unread bytes would reset the connection before the
 * client has read the answer: after a refusal its bytes are dropped for a while. */
static void finish(struct cleat__conn *c) {
    if (!c->lingers || c->peer_closed) {
        cleat__conn_close(c);
        return;
    }
    c->state = CLEAT__LINGER;
    c->began = cleat_now_mono();
    if (c->ssl != NULL) {
        ERR_clear_error();
        SSL_shutdown(c->ssl);
    }
    shutdown(c->fd, SHUT_WR);
    resume_reading(c);
}

void cleat__conn_flush(struct cleat__conn *c) {
    if (c->dead) {
        return;
    }
    for (int turn = 0; c->out != NULL && turn < WRITES; turn++) {
        ssize_t n = cleat__out_write(c);
        if (n < 0) {
            cleat__conn_close(c);
            return;
        }
        if (n == 0) {
            break;
        }
        c->last_used = cleat_now_mono();
    }
    if (c->out != NULL) {
        event_add(&c->writable, NULL);
    } else if (c->state == CLEAT__DRAIN) {
        finish(c);
    }
}

void cleat__conn_wake(struct cleat__conn *c) {
    event_active(&c->writable, EV_WRITE, 0);
}

/* ---- input ---- */

/* >0 bytes read into the thread's scratch, 0 would block, <0 ended. */
static ssize_t read_some(struct cleat__conn *c) {
    if (c->ssl == NULL) {
        ssize_t n = recv(c->fd, c->io->scratch, CLEAT__SCRATCH, 0);
        return n > 0 ? n : n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
    }
    ERR_clear_error();
    int n = SSL_read(c->ssl, c->io->scratch, CLEAT__SCRATCH);
    if (n > 0) {
        return n;
    }
    int why = SSL_get_error(c->ssl, n);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

/* Answers what is no request, and ends the connection: where the next one would
 * begin is not known. */
static void refuse(struct cleat__conn *c, int status, const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e,
               status == 413   ? CLEAT_E_TOO_LARGE
               : status == 400 ? CLEAT_E_BAD_REQUEST
                               : CLEAT_E_INTERNAL,
               "%s", text);
    c->close_after = true;
    c->head_only = c->http10 = false;
    CLEAT_AUTO_BUF body = {0};
    cleat_status_json(&e, &body);
    cleat__respond(c, status, "application/json", &body, NULL);
    c->state = CLEAT__DRAIN;
    c->lingers = true;
}

static const char too_large[] = "Request entity too large: limit is 3145728";

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
    c->http10 = h->minor == 0;
    c->head_only = cleat_eqc(h->method, "HEAD");
    if (c->length > CLEAT_LIMIT_BODY) {
        refuse(c, 413, too_large);
        return -413;
    }
    c->state = CLEAT__BODY;
    bool waits = h->expect_continue && c->in.n - c->in_off <= c->head_n;
    if (waits && (c->chunked || c->length > 0)) {
        cleat__out_bytes(c, CLEAT_STR("HTTP/1.1 100 Continue\r\n\r\n"));
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
        refuse(c, -r, r == -413 ? too_large : "broken chunk");
        return r;
    }
    /* What is decoded leaves the buffer, the head stays in front. */
    memmove(p, p + used, n - used);
    c->in.n -= used;
    return r;
}

struct cleat_str cleat__conn_body(const struct cleat__conn *c) {
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
    c->head = &c->io->head;
    cleat__serve(c);
    c->head = NULL;
    if (c->dead) {
        return;
    }
    consume(c, c->head_n + (c->chunked ? 0 : (size_t)c->length));
    if (c->state == CLEAT__BUSY && c->exchange == NULL) {
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
static void process(struct cleat__conn *c) {
    bool more = true;
    while (more && !c->dead && (c->state == CLEAT__HEAD || c->state == CLEAT__BODY)) {
        if (c->out_bytes > UNREAD) {
            cleat__conn_flush(c);
            if (c->dead || c->out_bytes > UNREAD) {
                return; /* goes on when the socket takes more */
            }
        }
        more = serve_next(c);
    }
    cleat__conn_flush(c);
    if (c->dead || c->state == CLEAT__BUSY || c->out_bytes > UNREAD) {
        return;
    }
    if (c->peer_closed && (c->state == CLEAT__HEAD || c->state == CLEAT__BODY)) {
        c->state = CLEAT__DRAIN; /* no more will come */
        cleat__conn_flush(c);
    } else {
        resume_reading(c);
    }
}

void cleat__conn_resume(struct cleat__conn *c) {
    cleat__conn_hold(c);
    if (c->state == CLEAT__BUSY) {
        c->state = c->close_after || c->io->stopping ? CLEAT__DRAIN : CLEAT__HEAD;
    }
    process(c);
    cleat__conn_release(c);
}

static void on_end(struct cleat__conn *c) {
    c->peer_closed = true;
    pause_reading(c);
    bool wants_answers = c->state == CLEAT__BUSY || c->out != NULL;
    if (!wants_answers || c->state == CLEAT__STREAM || c->state == CLEAT__LINGER) {
        cleat__conn_close(c);
    } else {
        process(c); /* half-closed, perhaps: a write will tell */
    }
}

static void take_input(struct cleat__conn *c, size_t n) {
    if (c->state == CLEAT__DRAIN || c->state == CLEAT__LINGER) {
        return; /* nothing that comes now means anything */
    }
    if (c->state == CLEAT__STREAM) {
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
    process(c);
}

static bool handshake(struct cleat__conn *c) {
    ERR_clear_error();
    int r = SSL_accept(c->ssl);
    if (r == 1) {
        c->state = CLEAT__HEAD;
        c->identity = cleat__identity_of_cert(c->ssl);
        c->last_used = cleat_now_mono();
        return true;
    }
    int why = SSL_get_error(c->ssl, r);
    if (why == SSL_ERROR_WANT_WRITE) {
        event_add(&c->writable, NULL);
    } else if (why != SSL_ERROR_WANT_READ) {
        cleat__conn_close(c);
    }
    return false;
}

static void read_all(struct cleat__conn *c) {
    for (int turn = 0; turn < READS && !c->dead; turn++) {
        bool waits = c->state == CLEAT__BUSY || c->out_bytes > UNREAD;
        if (waits && c->in.n - c->in_off > AHEAD) {
            pause_reading(c); /* a pipeline that does not wait for answers */
            return;
        }
        ssize_t n = read_some(c);
        if (n == 0) {
            return;
        }
        if (n < 0) {
            on_end(c);
            return;
        }
        c->last_used = cleat_now_mono();
        take_input(c, (size_t)n);
        if (c->dead || (n < CLEAT__SCRATCH && !tls_holds(c))) {
            return; /* there is no more, or readiness will tell */
        }
    }
    if (!c->dead && tls_holds(c)) {
        event_active(&c->readable, EV_READ, 0); /* the others first */
    }
}

static void on_readable(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__conn *c = arg;
    cleat__conn_hold(c);
    if (c->state != CLEAT__HANDSHAKE || handshake(c)) {
        read_all(c);
    }
    cleat__conn_release(c);
}

static void on_writable(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__conn *c = arg;
    cleat__conn_hold(c);
    if (c->state == CLEAT__HANDSHAKE) {
        if (handshake(c)) {
            read_all(c);
        }
    } else if (c->stream != NULL) {
        cleat__stream_pump(c);
    } else {
        process(c);
    }
    cleat__conn_release(c);
}

/* ---- life ---- */

static struct cleat__identity *peer_identity(cleat_api *a, int fd) {
    struct ucred cred;
    socklen_t n = sizeof cred;
    bool ours = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) == 0 &&
                (cred.uid == 0 || cred.uid == geteuid());
    return ours ? &a->admin : NULL;
}

static bool start_tls(struct cleat__conn *c) {
    c->ssl = SSL_new(c->io->api->tls);
    c->state = CLEAT__HANDSHAKE;
    return c->ssl != NULL && SSL_set_fd(c->ssl, c->fd) == 1;
}

void cleat__conn_open(struct cleat__io *io, int fd, int door) {
    struct cleat__conn *c = cleat_zalloc(sizeof *c);
    c->io = io;
    c->fd = fd;
    c->out_tail = &c->out;
    c->last_used = cleat_now_mono();
    c->state = CLEAT__HEAD;
    if (door == CLEAT__DOOR_TLS && !start_tls(c)) {
        SSL_free(c->ssl);
        close(fd);
        free(c);
        return;
    }
    if (door == CLEAT__DOOR_PLAIN) {
        c->identity = &io->api->admin;
    } else if (door == CLEAT__DOOR_UNIX) {
        c->identity = peer_identity(io->api, fd);
    }
    event_assign(&c->readable, io->base, fd, EV_READ | EV_PERSIST, on_readable, c);
    event_assign(&c->writable, io->base, fd, EV_WRITE, on_writable, c);
    c->next = io->conns;
    c->link = &io->conns;
    if (c->next != NULL) {
        c->next->link = &c->next;
    }
    io->conns = c;
    atomic_fetch_add(&io->api->connections, 1);
    resume_reading(c);
}

void cleat__conn_close(struct cleat__conn *c) {
    if (c->dead) {
        return;
    }
    c->dead = true;
    cleat__stream_close(c);
    cleat__request_abandon(c);
    *c->link = c->next;
    if (c->next != NULL) {
        c->next->link = c->link;
    }
    event_del(&c->readable);
    event_del(&c->writable);
    if (c->ssl != NULL) {
        if (c->state != CLEAT__HANDSHAKE) {
            ERR_clear_error();
            SSL_shutdown(c->ssl); /* says goodbye if the socket takes it; does not wait */
        }
        SSL_free(c->ssl);
    }
    close(c->fd);
    cleat__out_clear(c);
    cleat__identities_done(c);
    atomic_fetch_sub(&c->io->api->connections, 1);
    cleat__io_ended(c->io);
    cleat__conn_hold(c);
    cleat__conn_release(c);
}

/* The input buffer goes last: a handler that is still on the stack reads it. */
void cleat__conn_release(struct cleat__conn *c) {
    if (--c->holds == 0 && c->dead) {
        cleat_buf_done(&c->in);
        cleat_buf_done(&c->body);
        cleat_buf_done(&c->warnings);
        free(c);
    }
}

void cleat__conn_stop(struct cleat__conn *c) {
    cleat__conn_hold(c);
    c->close_after = true;
    if (c->state == CLEAT__STREAM) {
        cleat__stream_end(c);
    } else if (c->state == CLEAT__HANDSHAKE || c->state == CLEAT__BODY ||
               c->state == CLEAT__LINGER || (c->state == CLEAT__HEAD && c->out == NULL)) {
        cleat__conn_close(c);
    } else if (c->state == CLEAT__HEAD) {
        c->state = CLEAT__DRAIN;
    }
    cleat__conn_release(c);
}

bool cleat__conn_stale(const struct cleat__conn *c, cleat_time now) {
    cleat_time idle = now - c->last_used;
    if (c->out != NULL && idle > STUCK) {
        return true;
    }
    switch (c->state) {
    case CLEAT__HANDSHAKE:
        return idle > HANDSHAKE;
    case CLEAT__HEAD:
        return idle > IDLE || (c->in.n > c->in_off && c->out == NULL && now - c->began > HEAD_TIME);
    case CLEAT__BODY:
        return now - c->began > BODY_TIME;
    case CLEAT__LINGER:
        return now - c->began > LINGER;
    default:
        return false;
    }
}
