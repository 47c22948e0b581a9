/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An API server in the test's own process, on the memory backend and the real
 * clock, and a client of raw sockets that says exactly what it is told to say.
 * Reads give up after 20 seconds with a failed check, never silently.
 */
#ifndef CLEAT_TEST_AT_H
#define CLEAT_TEST_AT_H

#include <openssl/ssl.h>

#include "core/api/api.h"
#include "tests/support/kt.h"

struct at {
    cleat_store *store;
    cleat_registry *registry;
    cleat_api *api;
    char *dir; /* the data folder */
};
/* o: NULL = plain HTTP only. data_dir is set here, and ports to any free one where 0. */
bool at_open(struct at *at, const struct cleat_api_opts *o);
void at_close(struct at *at);

/* ---- connections ---- */
enum { AT_PLAIN, AT_TLS, AT_UNIX };
struct at_conn {
    int fd;
    SSL *ssl;
    SSL_CTX *ctx;
    struct cleat_buf in; /* received, not yet taken */
};
bool at_connect(struct at *at, struct at_conn *c, int door);
/* TLS with the pki's pair of that name ("admin"), or with none where NULL. */
bool at_connect_as(struct at *at, struct at_conn *c, const char *pair);
bool at_connect_h2(struct at *at, struct at_conn *c, const char *pair); /* the same for h2.h */
void at_disconnect(struct at_conn *c);
bool at_send(struct at_conn *c, struct cleat_str data);
bool at_puts(struct at_conn *c, const char *text);
/* Reads some more into c->in; false at the end of the connection. */
bool at_fill(struct at_conn *c);
bool at_closed(struct at_conn *c); /* nothing more comes, and nothing is left */

/* ---- answers ---- */
struct at_answer {
    int status;
    struct cleat_buf head, body; /* of a stream: no body yet */
    bool chunked;
};
#define AT_AUTO_ANSWER __attribute__((cleanup(at_answer_done))) struct at_answer
void at_answer_done(struct at_answer *a);
bool at_read(struct at_conn *c, struct at_answer *ret);      /* one whole answer */
bool at_read_head(struct at_conn *c, struct at_answer *ret); /* of a HEAD, or of a stream */
/* The next line of a stream, without its end; false at the end of the body. */
bool at_read_line(struct at_conn *c, struct cleat_buf *ret);
bool at_has(const struct cleat_buf *b, const char *text);
/* Sends one request with Host, and Content-Type and -Length where there is a body. */
bool at_send_request(struct at_conn *c, const char *method, const char *path, const char *extra,
                     const char *body);
/* Request and answer on a connection. */
int at_ask(struct at_conn *c, const char *method, const char *path, const char *extra,
           const char *body, struct at_answer *ret);
/* On a plain connection of its own; returns the status. */
int at_call(struct at *at, const char *method, const char *path, const char *body,
            struct at_answer *ret);

#endif
