/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections: readiness, TLS records in and out, and their end. What the bytes mean
 * is dial.c's until the server is reached, then a codec's.
 */
#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/remote/internal.h"

enum { READS = 16 /* turns, so that one connection does not starve the others */ };

void cleat__rc_conn_hold(struct cleat__rc_conn *c) {
    c->holds++;
}

void cleat__rc_conn_release(struct cleat__rc_conn *c) {
    if (--c->holds == 0 && c->dead) {
        cleat__rc_h2_done(c);
        cleat_buf_done(&c->in);
        cleat_buf_done(&c->out);
        free(c);
    }
}

/* ---- reading ---- */

/* >0 bytes read into the scratch, 0 would block, <0 ended. */
static ssize_t read_some(struct cleat__rc_conn *c) {
    if (c->ssl == NULL) {
        ssize_t n = recv(c->fd, c->r->scratch, CLEAT__SCRATCH, 0);
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            snprintf(c->why, sizeof c->why, "%s", strerror(errno));
        }
        return n > 0 ? n : n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
    }
    ERR_clear_error();
    errno = 0;
    int n = SSL_read(c->ssl, c->r->scratch, CLEAT__SCRATCH);
    if (n > 0) {
        return n;
    }
    int why = SSL_get_error(c->ssl, n);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
        return 0;
    }
    if (why == SSL_ERROR_SSL || errno != 0) {
        cleat__rc_tls_why(c->ssl, n, c->why);
    }
    return -1;
}

static void take_input(struct cleat__rc_conn *c, size_t n) {
    if (c->state == CLEAT__PROXY) {
        cleat__rc_dial_input(c, n);
    } else if (c->h2 != NULL) {
        cleat__rc_h2_input(c, c->r->scratch, n);
    } else {
        cleat__rc_h1_input(c, c->r->scratch, n);
    }
}

static bool tls_holds(const struct cleat__rc_conn *c) {
    return c->ssl != NULL && SSL_has_pending(c->ssl);
}

static void on_end(struct cleat__rc_conn *c) {
    if (c->state == CLEAT__READY && c->h2 == NULL && c->why[0] == '\0') {
        cleat__rc_h1_eof(c); /* an answer may end with its connection */
    }
    cleat__rc_conn_close(c, c->why[0] != '\0' ? c->why : "the connection was closed");
}

static void read_all(struct cleat__rc_conn *c) {
    for (int turn = 0; turn < READS && !c->dead && c->reading; turn++) {
        ssize_t n = read_some(c);
        if (n == 0) {
            return;
        }
        if (n < 0) {
            on_end(c);
            return;
        }
        c->last_read = cleat_now_mono();
        take_input(c, (size_t)n);
        if (c->dead || (n < CLEAT__SCRATCH && c->ssl == NULL)) {
            return;
        }
    }
    if (!c->dead && c->reading && tls_holds(c)) {
        event_active(&c->readable, EV_READ, 0); /* the others first */
    }
}

void cleat__rc_conn_pause(struct cleat__rc_conn *c) {
    if (c->reading) {
        c->reading = false;
        event_del(&c->readable);
    }
}

void cleat__rc_conn_read_on(struct cleat__rc_conn *c) {
    if (!c->reading && !c->dead) {
        c->reading = true;
        event_add(&c->readable, NULL);
        /* What was read with the head, or what TLS holds, makes no socket readable. */
        if (tls_holds(c) || c->in.n > c->in_off) {
            event_active(&c->readable, EV_READ, 0);
        }
    }
}

static void on_readable(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__rc_conn *c = arg;
    cleat__rc_conn_hold(c);
    if (c->state != CLEAT__HANDSHAKE || cleat__rc_dial_handshake(c)) {
        if (c->in.n > c->in_off && c->state == CLEAT__READY && c->h2 == NULL) {
            cleat__rc_h1_input(c, NULL, 0); /* what stayed behind when it was paused */
        }
        read_all(c);
        if (!c->dead && c->h2 != NULL) {
            cleat__rc_conn_flush(c);
        }
    }
    cleat__rc_conn_release(c);
}

/* ---- writing ---- */

/* >0 bytes taken, 0 would block, <0 broken. */
static ssize_t write_some(struct cleat__rc_conn *c, const char *p, size_t n) {
    if (c->ssl == NULL) {
        ssize_t wrote = send(c->fd, p, n, MSG_NOSIGNAL);
        if (wrote < 0 && errno != EAGAIN && errno != EINTR) {
            snprintf(c->why, sizeof c->why, "%s", strerror(errno));
        }
        return wrote >= 0 ? wrote : errno == EAGAIN || errno == EINTR ? 0 : -1;
    }
    ERR_clear_error();
    int wrote = SSL_write(c->ssl, p, (int)(n < (1 << 30) ? n : 1 << 30));
    if (wrote > 0) {
        return wrote;
    }
    int why = SSL_get_error(c->ssl, wrote);
    if (why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ) {
        return 0;
    }
    cleat__rc_tls_why(c->ssl, wrote, c->why);
    return -1;
}

void cleat__rc_conn_ready(struct cleat__rc_conn *c) {
    event_active(&c->writable, EV_WRITE, 0);
}

/* What is in c->out may be the rest of a write whose beginning the socket took in time, perhaps
 * of one that was given up since. */
static bool may_leave(const struct cleat__rc_conn *c) {
    const struct cleat_fence *f = c->r->fence;
    return (c->n_writes == 0 && !c->owes) || f == NULL || f->check(f->userdata, NULL) == CLEAT_OK;
}

/* Whether the server may still get to see a write that nobody waits for any more. */
static bool owes(const struct cleat__rc_conn *c) {
    bool any = c->owes;
    for (const struct cleat__rc_call *call = c->calls.head; call != NULL; call = call->next) {
        any |= call->out && call->status == 0;
    }
    return any;
}

void cleat__rc_conn_flush(struct cleat__rc_conn *c) {
    while (!c->dead && c->state >= CLEAT__PROXY) {
        if (c->out.n == c->out_off) {
            c->out.n = c->out_off = 0;
            if (c->h2 != NULL && c->state == CLEAT__READY) {
                cleat__rc_h2_fill(c);
            }
            if (c->out.n == 0) {
                if (c->out.cap > CLEAT__SCRATCH * 2) {
                    cleat_buf_done(&c->out);
                }
                return;
            }
        }
        bool h1 = c->state == CLEAT__READY && c->h2 == NULL && c->calls.head != NULL;
        if (h1 && !cleat__rc_h1_may_leave(c)) {
            return;
        }
        if (!may_leave(c)) {
            cleat__rc_conn_close(c, "what was to be written may not be written any more");
            return;
        }
        if (h1) {
            cleat__rc_call_leaves(c->calls.head);
        }
        ssize_t n = write_some(c, c->out.p + c->out_off, c->out.n - c->out_off);
        if (n == 0) {
            event_add(&c->writable, NULL);
            return;
        }
        if (n < 0) {
            /* What the server said before it hung up counts for more. */
            read_all(c);
            cleat__rc_conn_close(c, c->why[0] != '\0' ? c->why : "the connection was closed");
            return;
        }
        c->out_off += (size_t)n;
    }
}

static void on_writable(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__rc_conn *c = arg;
    cleat__rc_conn_hold(c);
    if (c->state != CLEAT__HANDSHAKE || cleat__rc_dial_handshake(c)) {
        cleat__rc_conn_flush(c);
    }
    cleat__rc_conn_release(c);
}

/* ---- life ---- */

static void on_timer(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__rc_conn *c = arg;
    cleat__rc_conn_close(c, c->state == CLEAT__HANDSHAKE ? "the TLS handshake did not end in time"
                                                         : "the connection was not made in time");
}

void cleat__rc_conn_open(struct cleat__remote *r, int line) {
    struct cleat__rc_conn *c = cleat_zalloc(sizeof *c);
    c->r = r;
    c->line = line;
    c->fd = -1;
    c->holds = 1; /* its own, to the end */
    c->began = c->last_read = c->last_used = cleat_now_mono();
    c->next = r->conns;
    c->link = &r->conns;
    if (c->next != NULL) {
        c->next->link = &c->next;
    }
    r->conns = c;
    r->n_conns++;
    r->lines[line].n_dialing++;
    event_assign(&c->timer, r->loop, -1, 0, on_timer, c);
    struct timeval patience = cleat__rc_timeval(CLEAT__DIAL_TIME);
    event_add(&c->timer, &patience);
    cleat__rc_dial_start(c);
}

/* A way to the server, or to the proxy before it. */
void cleat__rc_dial_established(struct cleat__rc_conn *c, int fd) {
    c->fd = fd;
    cleat__rc_dial_linger(c, false);
    event_assign(&c->readable, c->r->loop, fd, EV_READ | EV_PERSIST, on_readable, c);
    event_assign(&c->writable, c->r->loop, fd, EV_WRITE, on_writable, c);
    cleat__rc_conn_read_on(c);
}

void cleat__rc_conn_settle(struct cleat__rc_conn *c, bool h2) {
    struct cleat__remote *r = c->r;
    event_del(&c->timer);
    c->state = CLEAT__READY;
    c->why[0] = '\0';
    r->lines[c->line].n_dialing--;
    r->protocol = h2 ? 2 : 1;
    c->last_read = c->last_used = cleat_now_mono();
    if (h2 && cleat__rc_h2_open(c) != CLEAT_OK) {
        cleat__rc_conn_close(c, "no HTTP/2 session");
        return;
    }
    cleat__rc_pool_wake(r);
}

void cleat__rc_conn_take(struct cleat__rc_conn *c, struct cleat__rc_call *call) {
    cleat__rc_call_push(&c->calls, call);
    call->state = CLEAT__CALL_ACTIVE;
    call->conn = c;
    call->served_before = c->served;
    c->n_calls++;
    c->n_writes += call->writes;
    c->last_used = cleat_now_mono();
    if (c->h2 != NULL) {
        cleat__rc_h2_start(c, call);
    } else {
        cleat__rc_h1_start(c, call);
    }
}

void cleat__rc_conn_leave(struct cleat__rc_conn *c, struct cleat__rc_call *call) {
    cleat__rc_call_unqueue(call);
    call->conn = NULL;
    c->owes |= call->out && call->status == 0;
    if (c->h2 != NULL) {
        nghttp2_session_set_stream_user_data(c->h2, call->stream, NULL);
    }
    c->n_calls--;
    c->n_writes -= call->writes;
    c->last_used = cleat_now_mono();
    cleat__rc_pool_wake(c->r);
}

void cleat__rc_conn_close(struct cleat__rc_conn *c, const char *why) {
    if (c->dead) {
        return;
    }
    char reason[sizeof c->why];
    snprintf(reason, sizeof reason, "%s", why); /* it may stand in what is freed */
    c->dead = true;
    cleat__rc_conn_hold(c);
    *c->link = c->next;
    if (c->next != NULL) {
        c->next->link = c->link;
    }
    c->r->n_conns--;
    event_del(&c->timer);
    bool reached = c->state == CLEAT__READY;
    if (!reached) {
        c->r->lines[c->line].n_dialing--;
        cleat__rc_dial_cancel(c);
    }
    if (c->fd >= 0) {
        event_del(&c->readable);
        event_del(&c->writable);
        if (c->ssl != NULL && reached) {
            ERR_clear_error();
            SSL_shutdown(c->ssl); /* says goodbye if the socket takes it */
            ERR_clear_error();
        }
        SSL_free(c->ssl);
        cleat__rc_dial_linger(c, !owes(c) && may_leave(c));
        close(c->fd);
    }
    while (c->calls.head != NULL) {
        struct cleat__rc_call *call = c->calls.head;
        cleat__rc_conn_leave(c, call);
        cleat__rc_call_broke(call, false, reason);
    }
    if (!reached) {
        cleat__rc_pool_dial_failed(c, reason);
    } else {
        cleat__rc_pool_wake(c->r);
    }
    c->holds--; /* its own */
    cleat__rc_conn_release(c);
}

void cleat__rc_conn_sweep(struct cleat__rc_conn *c, cleat_time now) {
    if (c->h2 != NULL) {
        cleat__rc_h2_sweep(c, now);
    }
}
