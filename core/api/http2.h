/* SPDX-License-Identifier: Apache-2.0 */
/* What http2.c and http2_send.c share; nobody else includes this. */
#ifndef CLEAT_CORE_API_HTTP2_H
#define CLEAT_CORE_API_HTTP2_H

#include <nghttp2/nghttp2.h>

#include "core/api/internal.h"

struct cleat__h2_span { /* of a call's text: name, and value behind it */
    size_t at, name_n, value_n;
};

struct cleat__h2_call {
    struct cleat__call call; /* first: the one is turned into the other */
    struct cleat__h2_call *next, **link;
    /* The request, until it is served. */
    struct cleat_buf text, body;
    struct cleat__h2_span *spans;
    size_t n_spans;
    bool too_much; /* of headers */
    bool headed, served;
    /* The answer. */
    bool whole; /* all of it is queued */
    bool waits; /* nghttp2 is told when there is more */
    cleat_time began, moved;
};

struct cleat__h2 {
    nghttp2_session *session;
    struct cleat__h2_call *calls;
    size_t buffered;         /* bytes of all bodies */
    size_t filled;           /* of the thread's scratch, while frames are made */
    struct cleat_buf unsent; /* frames that the socket did not take */
    size_t unsent_off;
    unsigned odd;
    cleat_time odd_since, now; /* now: when the present flush began */
    bool greeted, stopping;
};

void cleat__h2_send_callbacks(nghttp2_session_callbacks *cb);

#endif
