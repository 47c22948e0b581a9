/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections: sockets, TLS, readiness, and the times after which one is given
 * up. What the bytes mean is the codecs' business. Runs on the connection's I/O
 * thread only and never blocks.
 */
#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/api/internal.h"

enum { READS = 16 }; /* turns, so that one connection does not starve the others */
#define IDLE      (600 * CLEAT_SECOND)
#define HANDSHAKE (15 * CLEAT_SECOND)
#define HEAD_TIME (30 * CLEAT_SECOND)
#define BODY_TIME (120 * CLEAT_SECOND)
#define STUCK     (120 * CLEAT_SECOND)
#define LINGER    (5 * CLEAT_SECOND)

void cleat__conn_pause(struct cleat__conn *c) {
    if (c->reading) {
        c->reading = false;
        event_del(&c->readable);
    }
}

/* TLS reads ahead: bytes that it holds make no socket readable. */
static bool tls_holds(const struct cleat__conn *c) {
    return c->ssl != NULL && SSL_has_pending(c->ssl);
}

void cleat__conn_continue(struct cleat__conn *c) {
    if (!c->reading && !c->peer_closed) {
        c->reading = true;
        event_add(&c->readable, NULL);
        if (tls_holds(c)) {
            event_active(&c->readable, EV_READ, 0);
        }
    }
}

/* ---- output ---- */

ssize_t cleat__conn_write(struct cleat__conn *c, const char *p, size_t n) {
    if (c->ssl == NULL) {
        ssize_t wrote = send(c->fd, p, n, MSG_NOSIGNAL);
        return wrote >= 0 ? wrote : errno == EAGAIN || errno == EINTR ? 0 : -1;
    }
    ERR_clear_error();
    int wrote = SSL_write(c->ssl, p, (int)n);
    if (wrote > 0) {
        return wrote;
    }
    int why = SSL_get_error(c->ssl, wrote);
    return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? 0 : -1;
}

/* All is written. Closing on unread bytes would reset the connection before the
 * client has read the answer: after a refusal its bytes are dropped for a while. */
void cleat__conn_finish(struct cleat__conn *c) {
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
    cleat__conn_continue(c);
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

static void on_end(struct cleat__conn *c) {
    c->peer_closed = true;
    cleat__conn_pause(c);
    bool streams = c->state == CLEAT__FRAMES || c->call.stream != NULL;
    bool wants_answers = c->state == CLEAT__BUSY || c->call.out != NULL;
    if (!wants_answers || streams || c->state == CLEAT__LINGER) {
        cleat__conn_close(c);
    } else {
        cleat__h1_process(c); /* half-closed, perhaps: a write will tell */
    }
}

static void take_input(struct cleat__conn *c, size_t n) {
    if (c->state == CLEAT__DRAIN || c->state == CLEAT__LINGER) {
        return; /* nothing that comes now means anything */
    }
    if (c->h2 != NULL) {
        cleat__h2_input(c, n);
    } else {
        cleat__h1_input(c, n);
    }
}

/* The client knows who it talks to: which protocol, and as whom. */
static bool settle(struct cleat__conn *c) {
    const unsigned char *protocol;
    unsigned n;
    c->state = CLEAT__HEAD;
    if (c->io->api->registry != NULL) { /* else with each request */
        c->identity = cleat__identity_of_cert(c->ssl);
    }
    c->call.identity = c->identity;
    c->last_used = c->began = cleat_now_mono();
    SSL_get0_alpn_selected(c->ssl, &protocol, &n);
    if (n == 2 && memcmp(protocol, "h2", 2) == 0 && cleat__h2_open(c) != CLEAT_OK) {
        cleat__conn_close(c);
        return false;
    }
    return true;
}

static bool handshake(struct cleat__conn *c) {
    ERR_clear_error();
    int r = SSL_accept(c->ssl);
    if (r == 1) {
        return settle(c);
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
        if (c->h2 == NULL && cleat__h1_full(c)) {
            cleat__conn_pause(c);
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
    } else if (c->h2 != NULL) {
        cleat__h2_flush(c);
    } else if (c->call.stream != NULL) {
        cleat__stream_pump(&c->call);
    } else if (c->call.producer != NULL) {
        cleat__produce_more(&c->call);
    } else {
        cleat__h1_process(c);
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
    c->ssl = cleat__tls_new(c->io->api);
    c->state = CLEAT__HANDSHAKE;
    return c->ssl != NULL && SSL_set_fd(c->ssl, c->fd) == 1;
}

void cleat__conn_open(struct cleat__io *io, int fd, int door) {
    struct cleat__conn *c = cleat_zalloc(sizeof *c);
    c->io = io;
    c->fd = fd;
    c->last_used = cleat_now_mono();
    cleat__call_init(&c->call, c);
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
    c->call.identity = c->identity;
    event_assign(&c->readable, io->base, fd, EV_READ | EV_PERSIST, on_readable, c);
    event_assign(&c->writable, io->base, fd, EV_WRITE, on_writable, c);
    c->next = io->conns;
    c->link = &io->conns;
    if (c->next != NULL) {
        c->next->link = &c->next;
    }
    io->conns = c;
    atomic_fetch_add(&io->api->connections, 1);
    cleat__conn_continue(c);
}

void cleat__conn_close(struct cleat__conn *c) {
    if (c->dead) {
        return;
    }
    c->dead = true;
    cleat__call_gone(&c->call);
    cleat__h2_close(c);
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
        cleat__h2_free(c);
        free(c);
    }
}

void cleat__conn_stop(struct cleat__conn *c) {
    cleat__conn_hold(c);
    c->close_after = true;
    if (c->state == CLEAT__HANDSHAKE || c->state == CLEAT__LINGER) {
        cleat__conn_close(c);
    } else if (c->h2 != NULL) {
        cleat__h2_stop(c);
    } else {
        cleat__h1_stop(c);
    }
    cleat__conn_release(c);
}

bool cleat__conn_stale(struct cleat__conn *c, cleat_time now) {
    cleat_time idle = now - c->last_used;
    if (c->call.out != NULL && idle > STUCK) {
        return true;
    }
    switch (c->state) {
    case CLEAT__HANDSHAKE:
        return idle > HANDSHAKE;
    case CLEAT__HEAD:
        return idle > IDLE ||
               (c->in.n > c->in_off && c->call.out == NULL && now - c->began > HEAD_TIME);
    case CLEAT__BODY:
        return now - c->began > BODY_TIME;
    case CLEAT__FRAMES:
        return cleat__h2_stale(c, now);
    case CLEAT__LINGER:
        return now - c->began > LINGER;
    default:
        return false;
    }
}
