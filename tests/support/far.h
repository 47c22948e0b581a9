/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A far side that does what a test wants: a server on a loopback port whose connections
 * are each served by a function of the test's on a thread of its own, in plain or over TLS with
 * certificates made here. Reads give up after 20 seconds.
 */
#ifndef CLEAT_TEST_FAR_H
#define CLEAT_TEST_FAR_H

#include <openssl/ssl.h>

#include "core/remote/remote.h"
#include "tests/support/kt.h"

struct far_conn {
    struct far *far;
    int fd, number; /* of the connections so far, from 0 */
    SSL *ssl;
    struct cleat_buf in;
    struct far_conn *next;
    pthread_t thread;
};
struct far {
    int fd, port;
    SSL_CTX *tls; /* NULL: plain */
    void (*serve)(struct far_conn *c);
    void *userdata;
    pthread_t thread;
    pthread_mutex_t mutex;
    struct far_conn *conns;
    int n_conns;
    _Atomic int requests;
    _Atomic bool stop;
};
/* tls: taken. */
bool far_open(struct far *f, void (*serve)(struct far_conn *c), void *userdata, SSL_CTX *tls);
void far_close(struct far *f);
char *far_url(const struct far *f); /* owned */

/* The next request: its head as text, its body. false: the connection has ended. */
bool far_request(struct far_conn *c, struct cleat_buf *head, struct cleat_buf *body);
bool far_write(struct far_conn *c, struct cleat_str text);
bool far_puts(struct far_conn *c, const char *text);
/* A whole answer, JSON where body begins with '{'. extra: header lines, or NULL. */
bool far_answer(struct far_conn *c, int status, const char *extra, const char *body);
/* Says {"kind":"Status",...} with that reason. */
bool far_status(struct far_conn *c, int status, const char *reason, const char *message);
bool far_has(const struct cleat_buf *head, const char *text); /* no check, just a question */

/* ---- certificates: an authority, and pairs that it signs; as files in dir ---- */
/* Makes dir/NAME.crt and dir/NAME.key. names: subjectAltName ("DNS:a,IP:127.0.0.1"), or NULL for an
 * authority. by: the authority's NAME, or NULL = itself. It ends in `seconds`, perhaps below 0. */
bool far_cert(const char *dir, const char *name, const char *names, const char *by, long seconds);
SSL_CTX *far_tls(const char *dir, const char *name, bool h2);

#endif
