/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP: whatever the bytes are, it makes no difference where they are cut, spans
 * stay inside of the head, and a chunked body decodes to the same whether it
 * comes at once or byte by byte. The first byte chooses where to cut.
 */
#include "core/http/http1.h"
#include "core/base/limits.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(struct cleat_str s, const char *p, size_t n) {
    cleat_assert(s.n == 0 || (s.p >= p && s.p + s.n <= p + n) || cleat_eqc(s, "/"));
}

static void check_head(const struct cleat_http_head *h, const char *p, size_t n) {
    cleat_assert(n <= CLEAT_LIMIT_HEADERS + 4 && h->n_headers <= CLEAT_HTTP_HEADERS);
    cleat_assert(memcmp(p + n - 4, "\r\n\r\n", 4) == 0);
    cleat_assert(h->method.n > 0 && h->target.n > 0 && h->target.p[0] == '/');
    cleat_assert(!(h->chunked && h->content_length > 0));
    inside(h->method, p, n);
    inside(h->target, p, n);
    for (size_t i = 0; i < h->n_headers; i++) {
        inside(h->headers[i].name, p, n);
        inside(h->headers[i].value, p, n);
        cleat_assert(memchr(h->headers[i].value.p, '\n', h->headers[i].value.n) == NULL);
    }
}

static void heads(const char *p, size_t n, size_t cut) {
    struct cleat_http_head whole, parts;
    size_t scanned = 0, n_whole = 0, n_parts = 0;
    int r = cleat_http_parse(p, n, &scanned, &whole, &n_whole);
    if (r == 1) {
        cleat_assert(n_whole <= n);
        check_head(&whole, p, n_whole);
    }
    scanned = 0;
    int first = cleat_http_parse(p, cut, &scanned, &parts, &n_parts);
    if (first != 0) {
        /* What is known early does not change with what follows. */
        cleat_assert(first == r || r == -431);
        return;
    }
    int again = cleat_http_parse(p, n, &scanned, &parts, &n_parts);
    cleat_assert(again == r &&
                 (r != 1 || (n_whole == n_parts && cleat_eq(whole.target, parts.target) &&
                             whole.content_length == parts.content_length &&
                             whole.chunked == parts.chunked)));
}

static void responses(const char *p, size_t n, size_t cut) {
    struct cleat_http_head whole, parts;
    size_t scanned = 0, n_whole = 0, n_parts = 0;
    int r = cleat_http_parse_response(p, n, &scanned, &whole, &n_whole);
    if (r == 1) {
        cleat_assert(n_whole <= n && whole.status >= 100 && whole.status < 600);
        cleat_assert(!(whole.chunked && whole.has_length));
        for (size_t i = 0; i < whole.n_headers; i++) {
            inside(whole.headers[i].name, p, n_whole);
            inside(whole.headers[i].value, p, n_whole);
        }
    }
    scanned = 0;
    int first = cleat_http_parse_response(p, cut, &scanned, &parts, &n_parts);
    if (first != 0) {
        cleat_assert(first == r || r == -431);
        return;
    }
    int again = cleat_http_parse_response(p, n, &scanned, &parts, &n_parts);
    cleat_assert(again == r && (r != 1 || (n_whole == n_parts && whole.status == parts.status &&
                                           whole.content_length == parts.content_length &&
                                           whole.chunked == parts.chunked &&
                                           whole.keep_alive == parts.keep_alive)));
}

static void chunks(const char *p, size_t n) {
    enum { MAX = 4096 };
    CLEAT_AUTO_BUF whole = {0}, bytes = {0};
    struct cleat_http_chunks a = {0}, b = {0};
    size_t used = 0, took, at = 0;
    int r = cleat_http_chunks(&a, p, n, &used, &whole, MAX), s = 0;
    cleat_assert(used <= n && whole.n <= MAX);
    while (s == 0 && at < n) {
        s = cleat_http_chunks(&b, p + at, 1, &took, &bytes, MAX);
        at += took;
    }
    cleat_assert(r == s);
    if (r >= 0) { /* where it is refused the two may have taken different amounts */
        cleat_assert(used == at && cleat_eq((struct cleat_str){whole.p, whole.n},
                                            (struct cleat_str){bytes.p, bytes.n}));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    const char *p = (const char *)data + 1;
    size_t n = size - 1;
    heads(p, n, n > 0 ? data[0] % (n + 1) : 0);
    responses(p, n, n > 0 ? data[0] % (n + 1) : 0);
    chunks(p, n);
    return 0;
}
