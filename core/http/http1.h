/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 1: heads of HTTP/1.1 requests and responses, and chunked bodies, parsed
 * out of a buffer that the caller fills. Strict where laxness lets two parties
 * disagree on where a message ends (RFC 9112): two lengths, a length and chunks, white
 * space before a colon, folded lines and bare line feeds are errors. No allocation, no I/O.
 */
#ifndef CLEAT_CORE_HTTP1_H
#define CLEAT_CORE_HTTP1_H

#include "core/base/base.h"

enum { CLEAT_HTTP_HEADERS = 64 };

struct cleat_http_head {
    struct cleat_str method, target; /* spans of the buffer, as all here; of requests */
    int status;                      /* of responses */
    int minor;                       /* HTTP/1.minor */
    size_t n_headers;
    struct cleat_http_header {
        struct cleat_str name, value;
    } headers[CLEAT_HTTP_HEADERS];
    uint64_t content_length; /* 0 where not said */
    bool has_length;
    bool chunked, keep_alive, expect_continue, upgrade;
};

/* 1: *ret is filled and *ret_n bytes belong to the head. 0: more is needed. <0: an
 * HTTP status to answer with, negated (400, 431, 501, 505). *scanned remembers how
 * far the end was looked for; 0 at the start of a head. */
int cleat_http_parse(const char *p, size_t n, size_t *scanned, struct cleat_http_head *ret,
                     size_t *ret_n);
/* The same of a response; <0: it is broken. */
int cleat_http_parse_response(const char *p, size_t n, size_t *scanned, struct cleat_http_head *ret,
                              size_t *ret_n);
/* The value of a header by its lower-case name; empty where absent. */
struct cleat_str cleat_http_header(const struct cleat_http_head *h, const char *name);

struct cleat_http_chunks {
    int state;
    uint64_t left;
    size_t line;     /* bytes of the current size or trailer line */
    size_t overhead; /* bytes of extensions and trailers so far */
};
/* Decodes what is at p into out; *ret_used bytes were consumed. 1: the body has
 * ended, 0: more is needed, -400: broken, -413: more than max bytes. */
int cleat_http_chunks(struct cleat_http_chunks *c, const char *p, size_t n, size_t *ret_used,
                      struct cleat_buf *out, size_t max);

const char *cleat_http_reason(int status);

#endif
