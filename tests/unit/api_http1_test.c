/* SPDX-License-Identifier: Apache-2.0 */
/* Request heads and chunked bodies: what is understood, what is refused, and that
 * it makes no difference where the network cuts. */
#include "core/http/http1.h"
#include "core/base/limits.h"
#include "tests/support/kt.h"

#define HOST "Host: x\r\n"

static int parse(const char *text, size_t n, struct cleat_http_head *h, size_t *used) {
    size_t scanned = 0;
    return cleat_http_parse(text, n, &scanned, h, used);
}

struct good {
    const char *text, *method, *target;
    int minor;
    size_t headers;
    uint64_t length;
    bool chunked, keep_alive, expects;
};

static const struct good goods[] = {
    {"GET / HTTP/1.1\r\n" HOST "\r\n", "GET", "/", 1, 1, 0, false, true, false},
    {"GET /a?b=c%20d HTTP/1.1\r\n" HOST "\r\n", "GET", "/a?b=c%20d", 1, 1, 0, false, true, false},
    {"\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", "GET", "/", 1, 1, 0, false, true, false},
    {"GET / HTTP/1.0\r\n\r\n", "GET", "/", 0, 0, 0, false, false, false},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET", "/", 0, 1, 0, false, true, false},
    {"GET / HTTP/1.1\r\n" HOST "connection: foo, Close\r\n\r\n", "GET", "/", 1, 2, 0, false, false,
     false},
    {"PUT /x HTTP/1.1\r\n" HOST "Content-Length: 12\r\n\r\n", "PUT", "/x", 1, 2, 12, false, true,
     false},
    {"POST /x HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n", "POST", "/x", 1, 2, 0, true,
     true, false},
    {"POST /x HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\ncontent-length:3\r\n\r\n", "POST", "/x",
     1, 3, 3, false, true, true},
    {"GET http://other.example/p?q HTTP/1.1\r\n" HOST "\r\n", "GET", "/p?q", 1, 1, 0, false, true,
     false},
    {"GET https://other.example HTTP/1.1\r\n" HOST "\r\n", "GET", "/", 1, 1, 0, false, true, false},
    {"M-S!#$%&'*+.^_`|~9 /x HTTP/1.1\r\n" HOST "\r\n", "M-S!#$%&'*+.^_`|~9", "/x", 1, 1, 0, false,
     true, false},
    {"GET / HTTP/1.1\r\n" HOST "A:\r\nB: \t x\ty \t\r\nC: \xc3\xa4\r\n\r\n", "GET", "/", 1, 4, 0,
     false, true, false},
};

static void check(const struct good *g, const struct cleat_http_head *h, size_t used) {
    KT_EQ_INT(used, strlen(g->text));
    KT_EQ_S(h->method, cleat_s(g->method));
    KT_EQ_S(h->target, cleat_s(g->target));
    KT_EQ_INT(h->minor, g->minor);
    KT_EQ_INT(h->n_headers, g->headers);
    KT_EQ_INT(h->content_length, g->length);
    KT_EQ_INT(h->chunked, g->chunked);
    KT_EQ_INT(h->keep_alive, g->keep_alive);
    KT_EQ_INT(h->expect_continue, g->expects);
}

static void good_heads(void) {
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
        struct cleat_http_head h;
        size_t used = 0;
        KT_EQ_INT(parse(goods[i].text, strlen(goods[i].text), &h, &used), 1);
        check(&goods[i], &h, used);
    }
}

/* Each prefix needs more, and the look for the end is not begun anew. */
static void split_at_every_byte(void) {
    for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
        size_t n = strlen(goods[i].text), scanned = 0, used = 0;
        struct cleat_http_head h;
        for (size_t k = 0; k < n; k++) {
            KT_EQ_INT(cleat_http_parse(goods[i].text, k, &scanned, &h, &used), 0);
            KT_EQ_INT(scanned, k);
        }
        KT_EQ_INT(cleat_http_parse(goods[i].text, n, &scanned, &h, &used), 1);
        KT_EQ_INT(scanned, 0);
        check(&goods[i], &h, used);
    }
}

static void values_are_trimmed_and_found(void) {
    const char *text = "GET / HTTP/1.1\r\nhOSt: \t x \t\r\nA: 1\r\na: 2\r\nEmpty:\r\n\r\n";
    struct cleat_http_head h;
    size_t used;
    KT_REQUIRE(parse(text, strlen(text), &h, &used) == 1);
    KT_EQ_S(cleat_http_header(&h, "host"), cleat_s("x"));
    KT_EQ_S(cleat_http_header(&h, "a"), cleat_s("1"));
    KT_EQ_S(cleat_http_header(&h, "empty"), cleat_s(""));
    KT_EQ_S(cleat_http_header(&h, "absent"), cleat_s(""));
}

static void refused_heads(void) {
    static const struct {
        const char *text;
        int status;
    } bad[] = {
        /* where a message ends is in dispute */
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3, 3\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
         "\r\n",
         400},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n", 501},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST "Content-Length : 3\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\n" HOST " Content-Length: 3\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: b\nB: c\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: b\rc\r\n\r\n", 400},
        {"GET / HTTP/1.1\n" HOST "\r\n\r\n", 400},
        /* the rest */
        {"GET / HTTP/1.1\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST HOST "\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "no colon\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST ": empty\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A\x7f: b\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" HOST "A: \x01\r\n\r\n", 400},
        {"GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET / HTTP/1.1 \r\n" HOST "\r\n", 400},
        {"GET /a b HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET a HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET * HTTP/1.1\r\n" HOST "\r\n", 400},
        {"GET /\r\n" HOST "\r\n", 400},
        {"GET / http/1.1\r\n" HOST "\r\n", 400},
        {"GET / HTTP/1.10\r\n" HOST "\r\n", 400},
        {"GET / HTTP/2.0\r\n" HOST "\r\n", 505},
        {"\x16\x03\x01\x02", 400}, /* TLS on the plain port: no waiting for its end */
        {" GET / HTTP/1.1\r\n", 400},
        {"\r\n\r\n\r\n\r\n\r\n\r\n", 400},
        {"\rG", 400},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct cleat_http_head h;
        size_t used;
        int r = parse(bad[i].text, strlen(bad[i].text), &h, &used);
        if (r != -bad[i].status) {
            fprintf(stderr, "%s", bad[i].text);
        }
        KT_EQ_INT(r, -bad[i].status);
    }
}

static void nul_is_refused(void) {
    static const char text[] = "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n";
    static const char target[] = "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n";
    struct cleat_http_head h;
    size_t used;
    KT_EQ_INT(parse(text, sizeof text - 1, &h, &used), -400);
    KT_EQ_INT(parse(target, sizeof target - 1, &h, &used), -400);
}

static void limits(void) {
    struct cleat_http_head h;
    size_t used;
    CLEAT_AUTO_BUF many = {0};
    cleat_buf_puts(&many, "GET / HTTP/1.1\r\n" HOST);
    for (int i = 0; i < CLEAT_HTTP_HEADERS - 1; i++) {
        cleat_buf_printf(&many, "H%d: x\r\n", i);
    }
    CLEAT_AUTO_BUF more = {0};
    cleat_buf_add(&more, many.p, many.n);
    cleat_buf_puts(&many, "\r\n");
    KT_EQ_INT(parse(many.p, many.n, &h, &used), 1);
    cleat_buf_puts(&more, "Over: x\r\n\r\n");
    KT_EQ_INT(parse(more.p, more.n, &h, &used), -431);
    CLEAT_AUTO_BUF longest = {0};
    cleat_buf_puts(&longest, "GET /");
    while (longest.n <= CLEAT_LIMIT_HEADERS) {
        cleat_buf_puts(&longest, "aaaaaaaaaaaaaaaa");
    }
    KT_EQ_INT(parse(longest.p, longest.n, &h, &used), -431); /* although its end has not come */
}

/* ---- chunks ---- */

static int decode(const char *p, size_t n, size_t step, struct cleat_buf *out, size_t *used,
                  size_t max) {
    struct cleat_http_chunks c = {0};
    int r = 0;
    *used = 0;
    while (r == 0 && *used < n) {
        size_t give = n - *used < step ? n - *used : step, took = 0;
        r = cleat_http_chunks(&c, p + *used, give, &took, out, max);
        *used += took;
    }
    return r;
}

static void good_chunks(void) {
    static const struct {
        const char *text, *body;
    } good[] = {
        {"0\r\n\r\n", ""},
        {"3\r\nabc\r\n0\r\n\r\n", "abc"},
        {"003\r\nabc\r\n1\r\nd\r\n0\r\n\r\n", "abcd"},
        {"A\r\n0123456789\r\na\r\n0123456789\r\n00\r\n\r\n", "01234567890123456789"},
        {"3;x=y;z=\"q\"\r\na\r\n\r\n0;e\r\n\r\n", "a\r\n"},
        {"1\r\n0\r\n0\r\nTrailer: x\r\nMore: y\r\n\r\n", "0"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t n = strlen(good[i].text);
        for (size_t step = 1; step <= n; step++) {
            CLEAT_AUTO_BUF with_rest = {0}, out = {0};
            cleat_buf_puts(&with_rest, good[i].text);
            cleat_buf_puts(&with_rest, "GET ");
            size_t used;
            KT_EQ_INT(decode(with_rest.p, with_rest.n, step, &out, &used, 100), 1);
            KT_EQ_INT(used, n);
            KT_EQ_S(((struct cleat_str){out.p ? out.p : "", out.n}), cleat_s(good[i].body));
        }
    }
}

static void refused_chunks(void) {
    static const struct {
        const char *text;
        int status;
    } bad[] = {
        {"\r\n", 400},          {"g\r\n", 400},
        {"-1\r\n", 400},        {"0x3\r\nabc\r\n", 400},
        {" 3\r\nabc\r\n", 400}, {"3 \r\nabc\r\n", 400},
        {"3\nabc\r\n", 400},    {"3\rabc", 400},
        {"3\r\nabcd\r\n", 400}, {"3\r\nabc\n0\r\n\r\n", 400},
        {"3;a\nb\r\n", 400},    {"0\r\nT: x\ny\r\n\r\n", 400},
        {"0\r\n\rX", 400},      {"ffffffffffffffffff\r\n", 400},
        {"65\r\n", 413}, /* 101 bytes announced: refused before they come */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        for (size_t step = 1; step <= strlen(bad[i].text); step++) {
            CLEAT_AUTO_BUF out = {0};
            size_t used;
            KT_EQ_INT(decode(bad[i].text, strlen(bad[i].text), step, &out, &used, 100),
                      -bad[i].status);
        }
    }
}

static void chunk_limits(void) {
    CLEAT_AUTO_BUF text = {0}, out = {0};
    size_t used;
    cleat_buf_puts(&text, "65\r\n");
    for (int i = 0; i < 101; i++) {
        cleat_buf_putc(&text, 'x');
    }
    KT_EQ_INT(decode(text.p, text.n, 7, &out, &used, 100), -413);
    KT_TRUE(out.n <= 100);
    /* Trailers without end, and extensions that outweigh the data. */
    CLEAT_AUTO_BUF trailers = {0}, extensions = {0};
    cleat_buf_puts(&trailers, "0\r\n");
    while (trailers.n <= CLEAT_LIMIT_HEADERS + 16) {
        cleat_buf_puts(&trailers, "T: aaaaaaaaaa\r\n");
        cleat_buf_puts(&extensions, "1;aaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n");
    }
    out.n = 0;
    KT_EQ_INT(decode(trailers.p, trailers.n, 4096, &out, &used, 1 << 20), -400);
    out.n = 0;
    KT_EQ_INT(decode(extensions.p, extensions.n, 4096, &out, &used, 1 << 20), -400);
}

KT_MAIN("api_http1", KT_TEST(good_heads), KT_TEST(split_at_every_byte),
        KT_TEST(values_are_trimmed_and_found), KT_TEST(refused_heads), KT_TEST(nul_is_refused),
        KT_TEST(limits), KT_TEST(good_chunks), KT_TEST(refused_chunks), KT_TEST(chunk_limits))
