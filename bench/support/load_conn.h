/* SPDX-License-Identifier: Apache-2.0 */
/* What http_load.c and http2_load.c share; nobody else includes this. */
#ifndef CLEAT_BENCH_LOAD_CONN_H
#define CLEAT_BENCH_LOAD_CONN_H

#include <openssl/ssl.h>

#include "bench/support/http_load.h"

enum body { BODY_HEAD, BODY_LENGTH, BODY_CHUNK_SIZE, BODY_CHUNK, BODY_CHUNK_END, BODY_TRAILER };

struct load_conn {
    unsigned id;
    int fd, status;
    SSL *ssl;
    struct load_h2 *h2;             /* NULL = HTTP/1.1 */
    struct cleat_buf out, in, kept; /* in: bytes not yet understood */
    size_t sent;
    enum body state;
    uint64_t left; /* of the body or chunk */
    cleat_time started;
    bool connecting, waiting, closed;
    uint32_t events;
};

bool load_send(struct load *l, struct load_conn *c); /* what is in out */
/* Says so and closes; false. */
bool load_broken(struct load *l, struct load_conn *c, const char *what);

/* http2_load.c: a connection with many streams. */
bool load_h2_begin(struct load *l, struct load_conn *c);
bool load_h2_input(struct load *l, struct load_conn *c, const char *p, size_t n);
void load_h2_end(struct load_conn *c);

#endif
