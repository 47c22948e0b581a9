/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection: bytes in, requests out to the handlers, answers back. Runs on
 * its I/O thread only and never blocks. Answers are a queue of references, which
 * plain sockets take with writev and TLS in records of up to 16 KiB.
 */
#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/api/internal.h"
#include "core/base/limits.h"

enum { SCRATCH = 64 * 1024, RECORD = 16 * 1024, IOVS = 256 };

/* ---- output ---- */

static struct cleat__out *out_new(struct cleat__conn *c, int type) {
    struct cleat__out *o = cleat_zalloc(sizeof *o);
    o->type = type;
    *c->out_tail = o;
    c->out_tail = &o->next;
    return o;
}

void cleat__out_bytes(struct cleat__conn *c, char *p, size_t n) {
    struct cleat__out *o = out_new(c, CLEAT__OUT_BYTES);
    o->p = p;
    o->n = n;
    c->out_bytes += n;
}

void cleat__out_object(struct cleat__conn *c, struct cleat_buf *pre, const cleat_obj *obj,
                       const char *post) {
    struct cleat__out *o = out_new(c, CLEAT__OUT_OBJECT);
    o->n = pre->n;
    o->p = cleat_buf_take(pre);
    o->obj = cleat_obj_ref(obj);
    o->post = cleat_s(post);
    c->out_bytes += o->n + cleat_obj_bytes(obj).n + o->post.n;
}

void cleat__out_listing(struct cleat__conn *c, struct cleat_listing *l) {
    struct cleat__out *o = out_new(c, CLEAT__OUT_LISTING);
    o->listing = *l;
    *l = (struct cleat_listing){0};
}

/* The k-th piece of an item; n == 0 past its end. A listing's pieces are each
 * object and the comma before it. */
static struct cleat_str piece(const struct cleat__out *o, size_t k) {
    if (o->type == CLEAT__OUT_LISTING) {
        size_t i = o->item + k / 2;
        if (i >= o->listing.n) {
            return (struct cleat_str){0};
        }
        return k % 2 ? (struct cleat_str){i + 1 < o->listing.n ? "," : "", i + 1 < o->listing.n}
                     : cleat_obj_bytes(o->listing.items[i]);
    }
    if (o->type == CLEAT__OUT_BYTES) {
        return k == 0 ? (struct cleat_str){o->p, o->n} : (struct cleat_str){0};
    }
    struct cleat_str parts[] = {{o->p, o->n}, cleat_obj_bytes(o->obj), o->post};
    size_t at = k + (o->n == 0);
    return at < 3 ? parts[at] : (struct cleat_str){0};
}

static int gather(struct cleat__conn *c, struct iovec *iov, int max, size_t max_bytes) {
    int n = 0;
    size_t bytes = 0;
    for (struct cleat__out *o = c->out; o != NULL && n < max && bytes < max_bytes; o = o->next) {
        size_t skip = o->off;
        for (size_t k = 0; n < max && bytes < max_bytes; k++) {
            struct cleat_str s = piece(o, k);
            if (s.n == 0) {
                break;
            }
            if (skip >= s.n) {
                skip -= s.n;
                continue;
            }
            iov[n++] = (struct iovec){(void *)(s.p + skip), s.n - skip};
            bytes += s.n - skip;
            skip = 0;
        }
    }
    return n;
}

static void out_free(struct cleat__out *o) {
    free(o->p);
    cleat_obj_unref(o->obj);
    cleat_listing_done(&o->listing);
    free(o);
}

/* n bytes have gone out. */
static void advance(struct cleat__conn *c, size_t n) {
    while (c->out != NULL) {
        struct cleat__out *o = c->out;
        o->off += n;
        n = 0;
        if (o->type == CLEAT__OUT_LISTING) {
            for (; o->item < o->listing.n; o->item++) {
                size_t size = piece(o, 0).n + (o->item + 1 < o->listing.n);
                if (o->off < size) {
                    return;
                }
                o->off -= size;
            }
        } else {
            size_t total =
                o->type == CLEAT__OUT_BYTES ? o->n : o->n + cleat_obj_bytes(o->obj).n + o->post.n;
            if (o->off < total) {
                return;
            }
            o->off -= total;
            c->out_bytes -= total;
        }
        n = o->off;
        c->out = o->next;
        if (c->out == NULL) {
            c->out_tail = &c->out;
        }
        out_free(o);
        if (n == 0 && c->out != NULL && c->out->off == 0) {
            return;
        }
    }
}

/* >0 bytes written, 0 would block, <0 broken. */
static ssize_t write_some(struct cleat__conn *c) {
    struct iovec iov[IOVS];
    if (c->ssl == NULL) {
        int n = gather(c, iov, IOVS, SIZE_MAX);
        ssize_t wrote = writev(c->fd, iov, n);
        return wrote >= 0 ? wrote : errno == EAGAIN || errno == EINTR ? 0 : -1;
    }
    int n = gather(c, iov, IOVS, RECORD);
    const char *p = iov[0].iov_base;
    size_t size = iov[0].iov_len < RECORD ? iov[0].iov_len : RECORD;
    if (n > 1 && iov[0].iov_len < RECORD) {
        size = 0;
        for (int i = 0; i < n && size < RECORD; i++) {
            size_t take = iov[i].iov_len < RECORD - size ? iov[i].iov_len : RECORD - size;
            memcpy(c->io->scratch + size, iov[i].iov_base, take);
            size += take;
        }
        p = c->io->scratch;
    }
    ERR_clear_error();
    int wrote = SSL_write(c->ssl, p, (int)size);
    if (wrote > 0) {
        return wrote;
    }
    int why = SSL_get_error(c->ssl, wrote);
    return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? 0 : -1;
}

void cleat__conn_flush(struct cleat__conn *c) {
    /* A bounded turn, so that one big answer does not starve the others. */
    for (int turn = 0; c->out != NULL && turn < 64 && !c->dead; turn++) {
        ssize_t n = write_some(c);
        if (n < 0) {
            cleat__conn_close(c);
            return;
        }
        if (n == 0) {
            break;
        }
        advance(c, (size_t)n);
        c->last_used = cleat_now_mono();
    }
    if (c->dead) {
        return;
    }
    if (c->out != NULL) {
        event_add(c->writable, NULL);
    } else if (c->state == CLEAT__DRAIN) {
        cleat__conn_close(c);
    }
}

/* ---- input ---- */

/* >0 bytes read into *ret (scratch), 0 would block, <0 ended. */
static ssize_t read_some(struct cleat__conn *c) {
    if (c->ssl == NULL) {
        ssize_t n = recv(c->fd, c->io->scratch, SCRATCH, 0);
        return n > 0 ? n : n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
    }
    ERR_clear_error();
    int n = SSL_read(c->ssl, c->io->scratch, SCRATCH);
    if (n > 0) {
        return n;
    }
    int why = SSL_get_error(c->ssl, n);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static void refuse(struct cleat__conn *c, int status, const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e,
               status == 413   ? CLEAT_E_TOO_LARGE
               : status == 400 ? CLEAT_E_BAD_REQUEST
                               : CLEAT_E_INTERNAL,
               "%s", text);
    c->close_after = true;
    CLEAT_AUTO_BUF body = {0};
    cleat_status_json(&e, &body);
    cleat__respond(c, status, "application/json", &body, NULL);
    c->state = CLEAT__DRAIN;
}

/* Begins with the head that was just parsed; false: it was refused. */
static bool begin_body(struct cleat__conn *c) {
    c->body.n = 0;
    c->chunks = (struct cleat_http_chunks){0};
    if (c->head.content_length > CLEAT_LIMIT_BODY) {
        refuse(c, 413, "Request entity too large: limit is 3145728");
        return false;
    }
    c->state = CLEAT__BODY;
    if (c->head.expect_continue && c->in.n - c->in_off <= c->head_n) {
        cleat__out_bytes(c, cleat_strdup("HTTP/1.1 100 Continue\r\n\r\n"), 25);
    }
    return true;
}

/* Takes the body out of the buffer; 1 whole, 0 more is needed, <0 refused. */
static int take_body(struct cleat__conn *c) {
    const char *p = c->in.p + c->in_off + c->head_n;
    size_t n = c->in.n - c->in_off - c->head_n;
    if (!c->head.chunked) {
        return n >= c->head.content_length;
    }
    size_t used;
    int r = cleat_http_chunks(&c->chunks, p, n, &used, &c->body, CLEAT_LIMIT_BODY);
    /* What is decoded leaves the buffer, the head stays in front. */
    memmove(c->in.p + c->in_off + c->head_n, p + used, n - used);
    c->in.n -= used;
    if (r < 0) {
        refuse(c, -r, r == -413 ? "Request entity too large: limit is 3145728" : "broken chunk");
    }
    return r;
}

static void consume(struct cleat__conn *c, size_t n) {
    c->in_off += n;
    if (c->in_off == c->in.n) {
        c->in_off = c->in.n = 0;
        if (c->in.cap > SCRATCH) {
            cleat_buf_done(&c->in);
        }
    }
}

/* Serves what is complete in the buffer, one request after the other. */
static void process(struct cleat__conn *c) {
    c->busy++;
    while (!c->dead && (c->state == CLEAT__HEAD || c->state == CLEAT__BODY)) {
        if (c->state == CLEAT__HEAD) {
            if (c->in.n == c->in_off) {
                break;
            }
            int r = cleat_http_parse(c->in.p + c->in_off, c->in.n - c->in_off, &c->scanned,
                                     &c->head, &c->head_n);
            if (r < 0) {
                refuse(c, -r, cleat_http_reason(-r));
                break;
            }
            if (r == 0 || !begin_body(c)) {
                break;
            }
        }
        int r = take_body(c);
        if (r <= 0) {
            break;
        }
        if (c->head_stale) {
            /* The buffer moved while the body came in: find the head again in it. */
            c->scanned = 0;
            cleat_assert(cleat_http_parse(c->in.p + c->in_off, c->in.n - c->in_off, &c->scanned,
                                          &c->head, &c->head_n) == 1);
            c->head_stale = false;
        }
        c->close_after = !c->head.keep_alive;
        c->state = CLEAT__BUSY;
        /* The handler reads head and body in place: they stay until it returns. */
        size_t used = c->head_n + (c->head.chunked ? 0 : (size_t)c->head.content_length);
        cleat__serve(c);
        consume(c, used);
        if (!c->dead && c->state == CLEAT__BUSY && c->exchange == NULL) {
            c->state = c->close_after ? CLEAT__DRAIN : CLEAT__HEAD;
        }
    }
    if (!c->dead) {
        cleat__conn_flush(c);
    }
    c->busy--;
    if (c->dead && c->busy == 0) {
        free(c);
    }
}

void cleat__conn_resume(struct cleat__conn *c) {
    if (c->state == CLEAT__BUSY) {
        c->state = c->close_after ? CLEAT__DRAIN : CLEAT__HEAD;
    }
    if (c->peer_closed && c->state == CLEAT__HEAD && c->in.n == c->in_off) {
        c->state = CLEAT__DRAIN;
    }
    if (!c->peer_closed) {
        event_add(c->readable, NULL); /* it may have been taken off while busy */
    }
    process(c);
}

static bool handshake(struct cleat__conn *c) {
    ERR_clear_error();
    int r = SSL_accept(c->ssl);
    if (r == 1) {
        c->state = CLEAT__HEAD;
        c->identity = cleat__identity_of_cert(c->ssl);
        c->own_identity = c->identity != NULL;
        return true;
    }
    int why = SSL_get_error(c->ssl, r);
    if (why == SSL_ERROR_WANT_WRITE) {
        event_add(c->writable, NULL);
    } else if (why != SSL_ERROR_WANT_READ) {
        cleat__conn_close(c);
    }
    return false;
}

static void on_readable(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__conn *c = arg;
    if (c->state == CLEAT__HANDSHAKE && !handshake(c)) {
        return;
    }
    c->busy++;
    for (int turn = 0; turn < 16 && !c->dead; turn++) {
        if (c->state == CLEAT__BUSY && c->in.n - c->in_off > CLEAT_LIMIT_BODY) {
            event_del(c->readable); /* a pipeline that does not wait for answers */
            break;
        }
        ssize_t n = read_some(c);
        if (n == 0) {
            break;
        }
        if (n < 0) {
            c->peer_closed = true;
            if (c->state == CLEAT__BUSY || c->out != NULL) {
                /* Half-closed: it may still want its answer. A write will tell. */
                event_del(c->readable);
                if (c->state != CLEAT__BUSY) {
                    c->state = CLEAT__DRAIN;
                }
            } else {
                cleat__conn_close(c);
            }
            break;
        }
        c->last_used = cleat_now_mono();
        if (c->state == CLEAT__DRAIN || c->state == CLEAT__STREAM) {
            continue; /* nothing that comes now means anything */
        }
        if (c->in_off > 0) {
            memmove(c->in.p, c->in.p + c->in_off, c->in.n - c->in_off);
            c->in.n -= c->in_off;
            c->in_off = 0;
        }
        cleat_buf_add(&c->in, c->io->scratch, (size_t)n);
        c->head_stale = c->state == CLEAT__BODY;
        process(c);
        if (n < SCRATCH && c->ssl == NULL) {
            break;
        }
    }
    c->busy--;
    if (c->dead && c->busy == 0) {
        free(c);
    }
}

static void on_writable(evutil_socket_t fd, short what, void *arg) {
    (void)fd;
    (void)what;
    struct cleat__conn *c = arg;
    if (c->state == CLEAT__HANDSHAKE) {
        if (handshake(c)) {
            on_readable(c->fd, EV_READ, c);
        }
        return;
    }
    c->busy++;
    cleat__conn_flush(c);
    if (!c->dead && c->stream != NULL) {
        cleat__stream_pump(c);
    }
    c->busy--;
    if (c->dead && c->busy == 0) {
        free(c);
    }
}

/* ---- life ---- */

static struct cleat__identity *peer_identity(cleat_api *a, int fd) {
    struct ucred cred;
    socklen_t n = sizeof cred;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) == 0 &&
        (cred.uid == 0 || cred.uid == getuid())) {
        return &a->admin;
    }
    return NULL;
}

void cleat__conn_open(struct cleat__io *io, int fd, int door) {
    struct cleat__conn *c = cleat_zalloc(sizeof *c);
    c->io = io;
    c->fd = fd;
    c->out_tail = &c->out;
    c->last_used = cleat_now_mono();
    c->state = CLEAT__HEAD;
    if (door == CLEAT__DOOR_TLS) {
        c->ssl = SSL_new(io->api->tls);
        if (c->ssl == NULL || SSL_set_fd(c->ssl, fd) != 1) {
            SSL_free(c->ssl);
            close(fd);
            free(c);
            return;
        }
        c->state = CLEAT__HANDSHAKE;
    } else {
        c->identity = door == CLEAT__DOOR_PLAIN ? &io->api->admin : peer_identity(io->api, fd);
    }
    c->readable = event_new(io->base, fd, EV_READ | EV_PERSIST, on_readable, c);
    c->writable = event_new(io->base, fd, EV_WRITE, on_writable, c);
    cleat_assert(c->readable != NULL && c->writable != NULL);
    c->next = io->conns;
    c->link = &io->conns;
    if (c->next != NULL) {
        c->next->link = &c->next;
    }
    io->conns = c;
    atomic_fetch_add(&io->api->connections, 1);
    event_add(c->readable, NULL);
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
    event_free(c->readable);
    event_free(c->writable);
    if (c->ssl != NULL) {
        if (c->state != CLEAT__HANDSHAKE) {
            ERR_clear_error();
            SSL_shutdown(c->ssl); /* says goodbye if the socket takes it; does not wait */
        }
        SSL_free(c->ssl);
    }
    close(c->fd);
    while (c->out != NULL) {
        struct cleat__out *o = c->out;
        c->out = o->next;
        out_free(o);
    }
    cleat_buf_done(&c->in);
    cleat_buf_done(&c->body);
    if (c->own_identity) {
        cleat__identity_done(c->identity);
        free(c->identity);
    }
    atomic_fetch_sub(&c->io->api->connections, 1);
    if (c->busy == 0) {
        free(c);
    }
}
