/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers: heads, bodies, Status errors. Heads are put together by hand: this is
 * on the way of every request. On the connection's I/O thread.
 */
#include "core/api/produce.h"

static void add_number(struct cleat_buf *out, unsigned long long v) {
    char digits[20], *p = digits + sizeof digits;
    do {
        *--p = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0);
    cleat_buf_add(out, p, (size_t)(digits + sizeof digits - p));
}

/* A version 4 UUID. */
static void add_audit_id(struct cleat_buf *out) {
    static const char hex[] = "0123456789abcdef";
    static const char shape[] = "Audit-Id: xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx\r\n";
    char text[sizeof shape - 1];
    memcpy(text, shape, sizeof text);
    uint64_t bits = cleat_random();
    for (size_t i = sizeof "Audit-Id:"; i < sizeof text - 2; i++) {
        if (i == sizeof "Audit-Id: xxxxxxxx-xxxx-4xxx" - 1) {
            bits = cleat_random();
        } else if (text[i] == 'x' || text[i] == 'y') {
            text[i] = hex[text[i] == 'y' ? 8 + (bits & 3) : bits & 15];
            bits >>= 4;
        }
    }
    cleat_buf_add(out, text, sizeof text);
}

/* The lines that both codecs write alike. */
static void add_lines(struct cleat__call *c, struct cleat_buf *out, const char *type,
                      long long length, const char *extra) {
    add_audit_id(out);
    if (extra == NULL || strstr(extra, "Cache-Control: ") == NULL) {
        cleat_buf_puts(out, "Cache-Control: no-cache, private\r\n");
    }
    if (type != NULL) {
        cleat_buf_puts(out, "Content-Type: ");
        cleat_buf_puts(out, type);
        cleat_buf_puts(out, "\r\n");
    }
    if (extra != NULL) {
        cleat_buf_puts(out, extra);
    }
    if (c->warnings.n > 0) {
        cleat_buf_add(out, c->warnings.p, c->warnings.n);
        cleat_buf_done(&c->warnings);
    }
    if (length >= 0) {
        cleat_buf_puts(out, "Content-Length: ");
        add_number(out, (unsigned long long)length);
        cleat_buf_puts(out, "\r\n");
    }
}

struct cleat_buf *cleat__head(struct cleat__call *c, int status, const char *type, long long length,
                              const char *extra) {
    struct cleat_buf *out = &c->io->text;
    c->status = status;
    out->n = 0;
    cleat_buf_reserve(out, 512);
    if (c->id != 0) {
        add_lines(c, out, type, length, extra);
        cleat__h2_head(c, status, (struct cleat_str){out->p, out->n}, length != 0 && !c->head_only);
        out->n = 0;
        return out;
    }
    cleat_buf_puts(out, "HTTP/1.1 ");
    add_number(out, (unsigned)status);
    cleat_buf_putc(out, ' ');
    cleat_buf_puts(out, cleat_http_reason(status));
    cleat_buf_puts(out, "\r\n");
    add_lines(c, out, type, length, extra);
    if (c->conn->close_after) {
        cleat_buf_puts(out, "Connection: close\r\n");
    } else if (c->http10) {
        cleat_buf_puts(out, "Connection: keep-alive\r\n");
    }
    cleat_buf_puts(out, length < 0 ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
    return out;
}

/* What is JSON in *body as YAML. */
static void to_yaml(struct cleat_buf *body) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_buf yaml = {0};
    cleat_err err = cleat_obj_parse((struct cleat_str){body->p, body->n}, 0, &o, NULL);
    cleat_assert(err == CLEAT_OK); /* we wrote it */
    cleat_yaml_write(cleat_obj_root(o), &yaml);
    cleat_buf_done(body);
    *body = yaml;
}

void cleat__respond(struct cleat__call *c, int status, const char *type, struct cleat_buf *body,
                    const char *extra) {
    enum { SMALL = 4096 };
    if (c->yaml && strcmp(type, "application/json") == 0) {
        to_yaml(body);
        type = CLEAT__YAML;
    }
    if (body->n > CLEAT__GZIP_FROM && extra == NULL && cleat__wants_gzip(c)) {
        cleat__produce(c, status, type, cleat__source_text(body), true);
        return;
    }
    struct cleat_buf *head = cleat__head(c, status, type, (long long)body->n, extra);
    bool small = body->n <= SMALL;
    if (!c->head_only && small && body->n > 0) {
        cleat_buf_add(head, body->p, body->n);
    }
    cleat__out_bytes(c, (struct cleat_str){head->p, head->n});
    if (!c->head_only && !small) {
        cleat__out_take(c, body);
    }
    body->n = 0;
}

void cleat__respond_text(struct cleat__call *c, int status, const char *text) {
    CLEAT_AUTO_BUF body = {0};
    cleat_buf_puts(&body, text);
    cleat__respond(c, status, "text/plain; charset=utf-8", &body,
                   "X-Content-Type-Options: nosniff\r\n");
}

void cleat__respond_error(struct cleat__call *c, const struct cleat_error *e) {
    CLEAT_AUTO_BUF body = {0};
    cleat_status_json(e, &body);
    CLEAT_AUTO_FREE char *extra = NULL;
    if (e->retry_after_ms > 0) {
        extra = cleat_sprintf("Retry-After: %lld\r\n", (long long)(e->retry_after_ms + 999) / 1000);
    } else if (e->code == CLEAT_E_UNAUTHORIZED) {
        extra = cleat_strdup("WWW-Authenticate: Bearer realm=\"kubernetes\"\r\n");
    }
    cleat__respond(c, cleat_err_http(e->code), "application/json", &body, extra);
}

void cleat__respond_object(struct cleat__call *c, int status, const cleat_obj *o) {
    bool large = cleat_obj_bytes(o).n > CLEAT__GZIP_FROM && cleat__wants_gzip(c);
    if (c->yaml || large) {
        CLEAT_AUTO_BUF body = {0};
        if (c->yaml) {
            cleat_yaml_write(cleat_obj_root(o), &body);
        } else {
            cleat_buf_str(&body, cleat_obj_bytes(o));
            cleat_buf_putc(&body, '\n');
        }
        cleat__respond(c, status, c->yaml ? CLEAT__YAML : "application/json", &body, NULL);
        return;
    }
    struct cleat_buf *head =
        cleat__head(c, status, "application/json", (long long)cleat_obj_bytes(o).n + 1, NULL);
    struct cleat_str text = {head->p, head->n};
    if (c->head_only) {
        cleat__out_bytes(c, text);
    } else {
        cleat__out_object(c, text, o, CLEAT_STR("\n"));
    }
}
