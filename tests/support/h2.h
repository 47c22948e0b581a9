/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of HTTP/2 over a connection of at.h: many requests at once, and what
 * came of each. Blocking, one thread; windows open by themselves unless told not to.
 */
#ifndef CLEAT_TEST_H2_H
#define CLEAT_TEST_H2_H

#include <nghttp2/nghttp2.h>

#include "tests/support/at.h"

enum { H2_STREAMS = 4096 };

struct h2_stream {
    int status;
    struct cleat_buf head, body; /* head: "name: value\n" each */
    bool ended, closed;          /* ended by the server; gone */
    uint32_t why;                /* it was closed */
    const char *send;            /* what is left of the request's body */
    size_t send_n;
};

struct h2 {
    struct at_conn c;
    nghttp2_session *session;
    struct h2_stream *streams; /* by id / 2 */
    bool goaway, broken;
    uint32_t goaway_why;
    bool hold; /* no windows are opened */
};
bool h2_open(struct at *at, struct h2 *h, bool hold);
void h2_close(struct h2 *h);
/* Sends a request; its stream's id. extra: one more header "name: value", or NULL. */
int32_t h2_ask(struct h2 *h, const char *method, const char *path, const char *extra,
               struct cleat_str body);
struct h2_stream *h2_at(struct h2 *h, int32_t id);
bool h2_flush(struct h2 *h);
/* Writes what is to be written and reads once; false at the end of the connection. */
bool h2_turn(struct h2 *h);
void h2_drain(struct h2 *h); /* reads to the end of the connection, and says nothing more */
bool h2_wait(struct h2 *h, int32_t id); /* to the stream's end */
/* Until the stream's body has that text. */
bool h2_wait_text(struct h2 *h, int32_t id, const char *text);
int h2_call(struct h2 *h, const char *method, const char *path, const char *body); /* status */

#endif
