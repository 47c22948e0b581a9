/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a call has yet to write: a queue of references. Text is copied into the
 * entry itself; an object's bytes and a listing's are pointed to and kept alive.
 * Plain sockets take it with writev, TLS in records of up to 16 KiB, and HTTP/2
 * a frame at a time. On the connection's I/O thread.
 */
#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "core/api/lines.h"

enum { RECORD = 16 * 1024, IOVS = 512 };

struct cleat__out {
    struct cleat__out *next;
    size_t total, off;        /* off: written of it; of a listing: of the item at hand */
    char *owned;              /* the text, where it is not the entry's own */
    size_t n;                 /* of the text */
    struct cleat__line *line; /* or the text is this line's */
    cleat_obj *obj;
    struct cleat_str post; /* after the object */
    struct cleat_listing listing;
    size_t item;
    char text[];
};

static struct cleat__out *add(struct cleat__call *c, size_t text, size_t total) {
    struct cleat__out *o = cleat_alloc(sizeof *o + text);
    *o = (struct cleat__out){.total = total, .n = text};
    *c->out_tail = o;
    c->out_tail = &o->next;
    c->out_bytes += total;
    return o;
}

void cleat__out_bytes(struct cleat__call *c, struct cleat_str bytes) {
    if (bytes.n > 0) {
        memcpy(add(c, bytes.n, bytes.n)->text, bytes.p, bytes.n);
    }
}

void cleat__out_take(struct cleat__call *c, struct cleat_buf *bytes) {
    if (bytes->n > 0) {
        struct cleat__out *o = add(c, 0, bytes->n);
        o->n = bytes->n;
        o->owned = cleat_buf_take(bytes);
    }
}

void cleat__out_line(struct cleat__call *c, struct cleat__line *l) {
    struct cleat__out *o = add(c, 0, l->n);
    o->n = l->n;
    o->line = l;
    l->refs++;
}

void cleat__out_object(struct cleat__call *c, struct cleat_str pre, const cleat_obj *obj,
                       struct cleat_str post) {
    struct cleat__out *o = add(c, pre.n, pre.n + cleat_obj_bytes(obj).n + post.n);
    memcpy(o->text, pre.p, pre.n);
    o->obj = cleat_obj_ref(obj);
    o->post = post;
}

void cleat__out_listing(struct cleat__call *c, struct cleat_listing *l, size_t total) {
    if (l->n > 0) {
        add(c, 0, total)->listing = *l;
        *l = (struct cleat_listing){0};
    }
}

/* ---- pieces ---- */

static struct cleat_str text_of(const struct cleat__out *o) {
    const char *p = o->line != NULL ? o->line->text : o->owned != NULL ? o->owned : o->text;
    return (struct cleat_str){p, o->n};
}

/* The k-th piece from where the entry stands; n == 0 past its end. A listing's
 * pieces are each object and the comma behind it. */
static struct cleat_str piece(const struct cleat__out *o, size_t k) {
    if (o->listing.items != NULL) {
        size_t i = o->item + k / 2;
        if (i >= o->listing.n) {
            return (struct cleat_str){0};
        }
        return k % 2 ? (struct cleat_str){",", i + 1 < o->listing.n}
                     : cleat_obj_bytes(o->listing.items[i]);
    }
    if (o->obj == NULL) {
        return k == 0 ? text_of(o) : (struct cleat_str){0};
    }
    struct cleat_str parts[] = {text_of(o), cleat_obj_bytes(o->obj), o->post};
    size_t at = k + (o->n == 0);
    return at < 3 ? parts[at] : (struct cleat_str){0};
}

static int gather(struct cleat__call *c, struct iovec *iov, int max, size_t max_bytes) {
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

static void drop_first(struct cleat__call *c) {
    struct cleat__out *o = c->out;
    c->out = o->next;
    if (c->out == NULL) {
        c->out_tail = &c->out;
        if (c->producer == NULL) {
            cleat__flow_read_done(c);
        }
    }
    free(o->owned);
    cleat__line_unref(o->line);
    cleat_obj_unref(o->obj);
    cleat_listing_done(&o->listing);
    free(o);
}

/* n bytes have gone out. */
static void advance(struct cleat__call *c, size_t n) {
    c->out_bytes -= n;
    while (n > 0) {
        struct cleat__out *o = c->out;
        if (o->listing.items == NULL) {
            size_t left = o->total - o->off;
            if (n < left) {
                o->off += n;
                return;
            }
            n -= left;
            drop_first(c);
            continue;
        }
        size_t size = piece(o, 0).n + piece(o, 1).n, left = size - o->off;
        if (n < left) {
            o->off += n;
            return;
        }
        n -= left;
        o->off = 0;
        if (++o->item == o->listing.n) {
            drop_first(c);
        }
    }
}

/* ---- writing ---- */

static ssize_t write_plain(struct cleat__call *c) {
    struct iovec iov[IOVS];
    int n = gather(c, iov, IOVS, SIZE_MAX);
    ssize_t wrote = n == 1 ? send(c->conn->fd, iov[0].iov_base, iov[0].iov_len, MSG_NOSIGNAL)
                           : writev(c->conn->fd, iov, n);
    return wrote >= 0 ? wrote : errno == EAGAIN || errno == EINTR ? 0 : -1;
}

/* What SSL_write refused before is offered again from its beginning, possibly
 * with more behind it: the queue only grows at its end. */
static ssize_t write_tls(struct cleat__call *c) {
    struct iovec iov[IOVS];
    int n = gather(c, iov, IOVS, RECORD);
    const char *p = iov[0].iov_base;
    size_t size = iov[0].iov_len < RECORD ? iov[0].iov_len : RECORD;
    if (n > 1 && size < RECORD) {
        char *to = c->io->scratch;
        for (int i = 0, room = RECORD; i < n && room > 0; i++) {
            size_t take = iov[i].iov_len < (size_t)room ? iov[i].iov_len : (size_t)room;
            memcpy(to, iov[i].iov_base, take);
            to += take;
            room -= (int)take;
        }
        p = c->io->scratch;
        size = (size_t)(to - p);
    }
    ERR_clear_error();
    int wrote = SSL_write(c->conn->ssl, p, (int)size);
    if (wrote > 0) {
        return wrote;
    }
    int why = SSL_get_error(c->conn->ssl, wrote);
    return why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ ? 0 : -1;
}

ssize_t cleat__out_write(struct cleat__call *c) {
    ssize_t n = c->conn->ssl != NULL ? write_tls(c) : write_plain(c);
    if (n > 0) {
        advance(c, (size_t)n);
    }
    return n;
}

void cleat__out_copy(struct cleat__call *c, char *to, size_t n) {
    struct iovec iov[IOVS];
    while (n > 0) {
        int pieces = gather(c, iov, IOVS, n);
        size_t copied = 0;
        cleat_assert(pieces > 0); /* who asks knows what there is */
        for (int i = 0; i < pieces && copied < n; i++) {
            size_t take = iov[i].iov_len < n - copied ? iov[i].iov_len : n - copied;
            memcpy(to + copied, iov[i].iov_base, take);
            copied += take;
        }
        advance(c, copied);
        to += copied;
        n -= copied;
    }
}

void cleat__out_clear(struct cleat__call *c) {
    while (c->out != NULL) {
        drop_first(c);
    }
    c->out_bytes = 0;
}
