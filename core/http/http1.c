/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP/1.1 parser: a head is looked for until its empty line is there, then
 * cut into spans in one pass; chunks are decoded byte by byte between their data.
 * Pure functions over the caller's buffer; any thread.
 */
#include "core/http/http1.h"

#include "core/base/limits.h"

enum { EMPTY_LINES = 4 };

static bool is_token(unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool equal_fold(struct cleat_str a, const char *b) {
    size_t n = strlen(b);
    if (a.n != n) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (lower(a.p[i]) != b[i]) {
            return false;
        }
    }
    return true;
}

/* One element of a comma-separated list, trimmed; false at its end. */
static bool next_element(struct cleat_str *list, struct cleat_str *ret) {
    while (list->n > 0) {
        const char *comma = memchr(list->p, ',', list->n);
        size_t n = comma ? (size_t)(comma - list->p) : list->n;
        struct cleat_str e = {list->p, n};
        list->p += comma ? n + 1 : n;
        list->n -= comma ? n + 1 : n;
        while (e.n > 0 && (*e.p == ' ' || *e.p == '\t')) {
            e.p++;
            e.n--;
        }
        while (e.n > 0 && (e.p[e.n - 1] == ' ' || e.p[e.n - 1] == '\t')) {
            e.n--;
        }
        if (e.n > 0) {
            *ret = e;
            return true;
        }
    }
    return false;
}

struct cleat_str cleat_http_header(const struct cleat_http_head *h, const char *name) {
    for (size_t i = 0; i < h->n_headers; i++) {
        if (equal_fold(h->headers[i].name, name)) {
            return h->headers[i].value;
        }
    }
    return (struct cleat_str){"", 0};
}

/* Proxies may name the server in the target (RFC 9112, 3.2.2); who we are is known. */
static struct cleat_str without_authority(struct cleat_str target) {
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i]);
        if (target.n > n && strncasecmp(target.p, schemes[i], n) == 0) {
            const char *path = memchr(target.p + n, '/', target.n - n);
            return path ? (struct cleat_str){path, target.n - (size_t)(path - target.p)}
                        : (struct cleat_str){"/", 1};
        }
    }
    return target;
}

/* METHOD SP target SP HTTP/1.x */
static int request_line(const char *p, const char *end, struct cleat_http_head *ret) {
    const char *at = p;
    while (at < end && is_token((unsigned char)*at)) {
        at++;
    }
    if (at == p || at >= end || *at != ' ') {
        return -400;
    }
    ret->method = (struct cleat_str){p, (size_t)(at - p)};
    const char *target = ++at;
    while (at < end && (unsigned char)*at > ' ' && (unsigned char)*at < 0x7f) {
        at++;
    }
    ret->target = without_authority((struct cleat_str){target, (size_t)(at - target)});
    if (ret->target.n == 0 || ret->target.p[0] != '/' || end - at != 9 ||
        memcmp(at, " HTTP/", 6) != 0 || at[7] != '.' || at[6] < '0' || at[6] > '9' || at[8] < '0' ||
        at[8] > '9') {
        return -400;
    }
    if (at[6] != '1') {
        return -505;
    }
    ret->minor = at[8] - '0';
    return 1;
}

/* HTTP/1.x SP 200 SP reason; the reason and the space before it may be missing. */
static int status_line(const char *p, const char *end, struct cleat_http_head *ret) {
    if (end - p < 12 || memcmp(p, "HTTP/1.", 7) != 0 || p[7] < '0' || p[7] > '9' || p[8] != ' ' ||
        (end - p > 12 && p[12] != ' ')) {
        return -400;
    }
    ret->minor = p[7] - '0';
    ret->status = 0;
    for (const char *at = p + 9; at < p + 12; at++) {
        if (*at < '0' || *at > '9') {
            return -400;
        }
        ret->status = ret->status * 10 + (*at - '0');
    }
    return ret->status >= 100 && ret->status < 600 ? 1 : -400;
}

static int header_line(const char *p, const char *end, struct cleat_http_head *ret) {
    const char *at = p;
    while (at < end && is_token((unsigned char)*at)) {
        at++;
    }
    if (at == p || at >= end || *at != ':') {
        return -400;
    }
    if (ret->n_headers == CLEAT_HTTP_HEADERS) {
        return -431;
    }
    struct cleat_str name = {p, (size_t)(at - p)};
    at++;
    while (at < end && (*at == ' ' || *at == '\t')) {
        at++;
    }
    while (end > at && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    for (const char *c = at; c < end; c++) {
        unsigned char u = (unsigned char)*c;
        if ((u < ' ' && u != '\t') || u == 0x7f) {
            return -400;
        }
    }
    ret->headers[ret->n_headers].name = name;
    ret->headers[ret->n_headers++].value = (struct cleat_str){at, (size_t)(end - at)};
    return 1;
}

static bool parse_length(struct cleat_str s, uint64_t *ret) {
    uint64_t v = 0;
    if (s.n == 0 || s.n > 18) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    }
    *ret = v;
    return true;
}

static void connection_options(struct cleat_http_head *ret, struct cleat_str value) {
    for (struct cleat_str e; next_element(&value, &e);) {
        if (equal_fold(e, "close")) {
            ret->keep_alive = false;
        } else if (equal_fold(e, "keep-alive") && ret->minor == 0) {
            ret->keep_alive = true;
        } else if (equal_fold(e, "upgrade")) {
            ret->upgrade = true;
        }
    }
}

/* What the headers say of the message's framing. */
static int framing(struct cleat_http_head *ret, bool response) {
    int hosts = 0;
    ret->keep_alive = ret->minor >= 1;
    for (size_t i = 0; i < ret->n_headers; i++) {
        struct cleat_str name = ret->headers[i].name, value = ret->headers[i].value;
        uint64_t length;
        if (equal_fold(name, "content-length")) {
            /* Even the same one twice is refused: nobody honest sends that. */
            if (ret->has_length || !parse_length(value, &length)) {
                return -400;
            }
            ret->content_length = length;
            ret->has_length = true;
        } else if (equal_fold(name, "transfer-encoding")) {
            if (ret->chunked || ret->minor == 0) {
                return -400;
            }
            if (!equal_fold(value, "chunked")) {
                return -501;
            }
            ret->chunked = true;
        } else if (equal_fold(name, "connection")) {
            connection_options(ret, value);
        } else if (equal_fold(name, "expect")) {
            ret->expect_continue = equal_fold(value, "100-continue");
        } else if (equal_fold(name, "host")) {
            hosts++;
        }
    }
    if (ret->chunked && ret->has_length) {
        return -400;
    }
    return response || hosts == 1 || (hosts == 0 && ret->minor == 0) ? 1 : -400;
}

/* The head that ends with the empty line at `end`. */
static int parse_lines(const char *p, const char *end, bool response, struct cleat_http_head *ret) {
    ret->n_headers = 0;
    ret->content_length = 0;
    ret->has_length = ret->chunked = ret->expect_continue = ret->upgrade = false;
    bool first = true;
    for (const char *at = p; at < end + 2;) {
        const char *eol = memmem(at, (size_t)(end + 2 - at), "\r\n", 2);
        int r = !first     ? header_line(at, eol, ret)
                : response ? status_line(at, eol, ret)
                           : request_line(at, eol, ret);
        if (r < 0) {
            return r;
        }
        first = false;
        at = eol + 2;
    }
    return framing(ret, response);
}

static const char *find_end(const char *p, size_t n, size_t from) {
    return from < n ? memmem(p + from, n - from, "\r\n\r\n", 4) : NULL;
}

int cleat_http_parse(const char *p, size_t n, size_t *scanned, struct cleat_http_head *ret,
                     size_t *ret_n) {
    size_t skip = 0; /* a few empty lines before a request are allowed (RFC 9112, 2.2) */
    while (skip < EMPTY_LINES * 2 && n - skip >= 2 && p[skip] == '\r' && p[skip + 1] == '\n') {
        skip += 2;
    }
    const char *end = find_end(p, n, *scanned > skip + 3 ? *scanned - 3 : skip);
    if (end == NULL) {
        *scanned = n;
        bool maybe_empty = n - skip == 1 && p[skip] == '\r';
        if (n > skip && !is_token((unsigned char)p[skip]) && !maybe_empty) {
            return -400; /* no request begins like that: do not wait for its end */
        }
        return n > CLEAT_LIMIT_HEADERS ? -431 : 0;
    }
    if ((size_t)(end - p) > CLEAT_LIMIT_HEADERS) {
        return -431;
    }
    int r = parse_lines(p + skip, end, false, ret);
    if (r < 0) {
        return r;
    }
    *ret_n = (size_t)(end + 4 - p);
    *scanned = 0;
    return 1;
}

int cleat_http_parse_response(const char *p, size_t n, size_t *scanned, struct cleat_http_head *ret,
                              size_t *ret_n) {
    const char *end = find_end(p, n, *scanned > 3 ? *scanned - 3 : 0);
    if (end == NULL) {
        *scanned = n;
        if (memcmp(p, "HTTP/1.", n < 7 ? n : 7) != 0) {
            return -400; /* no response begins like that */
        }
        return n > CLEAT_LIMIT_HEADERS ? -431 : 0;
    }
    if ((size_t)(end - p) > CLEAT_LIMIT_HEADERS) {
        return -431;
    }
    int r = parse_lines(p, end, true, ret);
    if (r < 0) {
        return r;
    }
    *ret_n = (size_t)(end + 4 - p);
    *scanned = 0;
    return 1;
}

/* ---- chunks ---- */

enum { C_SIZE, C_EXT, C_SIZE_LF, C_DATA, C_DATA_CR, C_DATA_LF, C_TRAILER, C_TRAILER_LF, C_END_LF };

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte outside chunk data; 1: the body has ended. */
static int chunk_byte(struct cleat_http_chunks *c, char b) {
    c->line++;
    bool idle = c->state == C_EXT || c->state >= C_TRAILER; /* extensions, trailers */
    if (idle && ++c->overhead > CLEAT_LIMIT_HEADERS) {
        return -400;
    }
    switch (c->state) {
    case C_SIZE: {
        int d = hex_digit(b);
        if (d >= 0 && c->line <= 15) {
            c->left = c->left * 16 + (uint64_t)d;
            return 0;
        }
        if (d >= 0 || c->line == 1 || (b != '\r' && b != ';')) {
            return -400;
        }
        c->state = b == '\r' ? C_SIZE_LF : C_EXT;
        return 0;
    }
    case C_EXT:
        c->state = b == '\r' ? C_SIZE_LF : C_EXT;
        return b == '\n' || b == '\0' ? -400 : 0;
    case C_SIZE_LF:
        c->line = 0;
        c->state = c->left > 0 ? C_DATA : C_TRAILER;
        return b == '\n' ? 0 : -400;
    case C_DATA_CR:
        c->state = C_DATA_LF;
        return b == '\r' ? 0 : -400;
    case C_DATA_LF:
        c->line = 0;
        c->state = C_SIZE;
        return b == '\n' ? 0 : -400;
    case C_TRAILER: /* trailers are read and dropped */
        if (b == '\r') {
            c->state = c->line == 1 ? C_END_LF : C_TRAILER_LF;
        }
        return b == '\n' || b == '\0' ? -400 : 0;
    case C_TRAILER_LF:
        c->line = 0;
        c->state = C_TRAILER;
        return b == '\n' ? 0 : -400;
    default:
        return b == '\n' ? 1 : -400;
    }
}

int cleat_http_chunks(struct cleat_http_chunks *c, const char *p, size_t n, size_t *ret_used,
                      struct cleat_buf *out, size_t max) {
    size_t i = 0;
    int r = 0;
    while (i < n && r == 0) {
        if (c->state != C_DATA) {
            r = chunk_byte(c, p[i++]);
            r = r == 0 && c->state == C_DATA && c->left > max - out->n ? -413 : r;
            continue;
        }
        size_t take = n - i < c->left ? n - i : (size_t)c->left;
        if (take > max - out->n) {
            r = -413;
            break;
        }
        cleat_buf_add(out, p + i, take);
        i += take;
        c->left -= take;
        if (c->left == 0) {
            c->state = C_DATA_CR;
            c->line = 0;
        }
    }
    *ret_used = i;
    return r;
}

const char *cleat_http_reason(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 406:
        return "Not Acceptable";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 413:
        return "Request Entity Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Entity";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Internal Server Error";
    }
}
