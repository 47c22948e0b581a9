/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seam between handlers and codecs: a handler answers a call and does not
 * know which version of HTTP carries it. On the connection's I/O thread.
 */
#include "core/api/internal.h"

void cleat__call_init(struct cleat__call *x, struct cleat__conn *c) {
    x->conn = c;
    x->io = c->io;
    x->identity = c->identity;
    x->out_tail = &x->out;
}

void cleat__call_gone(struct cleat__call *c) {
    c->gone = true;
    cleat__stream_close(c);
    cleat__producer_close(c);
    cleat__request_abandon(c);
    cleat__ask_abandon(c);
    cleat__out_clear(c);
    cleat__flow_read_done(c);
    cleat_buf_done(&c->warnings);
}

void cleat__call_flush(struct cleat__call *c) {
    if (c->gone) {
        return;
    }
    if (c->id != 0) {
        cleat__h2_more(c);
    } else {
        cleat__h1_flush(c->conn);
    }
}

void cleat__call_done(struct cleat__call *c) {
    if (c->gone) {
        return;
    }
    if (c->id != 0) {
        cleat__h2_done(c);
    } else {
        cleat__h1_resume(c->conn);
    }
}

void cleat__call_release(struct cleat__call *c) {
    struct cleat__conn *conn = c->conn;
    if (--c->holds == 0 && c->gone && c->id != 0) {
        cleat__h2_free_call(c);
    }
    cleat__conn_release(conn);
}
