/* SPDX-License-Identifier: Apache-2.0 */
/* Answers: heads, bodies, Status errors. On the connection's I/O thread. */
#include "core/api/internal.h"

static void add_audit_id(struct cleat_buf *out) {
    uint64_t a = cleat_random(), b = cleat_random();
    cleat_buf_printf(out, "Audit-Id: %08x-%04x-4%03x-%04x-%012llx\r\n", (unsigned)(a >> 32),
                     (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
                     (unsigned)((b >> 48) & 0x3fff) | 0x8000,
                     (unsigned long long)(b & 0xffffffffffffu));
}

void cleat__head(struct cleat__conn *c, struct cleat_buf *out, int status, const char *type,
                 long long length, const char *extra) {
    c->status = status;
    cleat_buf_reserve(out, 256);
    cleat_buf_printf(out, "HTTP/1.1 %d %s\r\n", status, cleat_http_reason(status));
    add_audit_id(out);
    cleat_buf_puts(out, "Cache-Control: no-cache, private\r\n");
    if (type != NULL) {
        cleat_buf_printf(out, "Content-Type: %s\r\n", type);
    }
    if (extra != NULL) {
        cleat_buf_puts(out, extra);
    }
    if (c->close_after) {
        cleat_buf_puts(out, "Connection: close\r\n");
    }
    if (length >= 0) {
        cleat_buf_printf(out, "Content-Length: %lld\r\n\r\n", length);
    } else {
        cleat_buf_puts(out, "Transfer-Encoding: chunked\r\n\r\n");
    }
}

void cleat__respond(struct cleat__conn *c, int status, const char *type, struct cleat_buf *body,
                    const char *extra) {
    CLEAT_AUTO_BUF out = {0};
    cleat_buf_reserve(&out, 320 + body->n);
    cleat__head(c, &out, status, type, (long long)body->n, extra);
    bool head_only = cleat_eqc(c->head.method, "HEAD");
    if (!head_only) {
        cleat_buf_add(&out, body->p, body->n);
    }
    body->n = 0;
    size_t n = out.n;
    cleat__out_bytes(c, cleat_buf_take(&out), n);
}

void cleat__respond_text(struct cleat__conn *c, int status, const char *text) {
    CLEAT_AUTO_BUF body = {0};
    cleat_buf_puts(&body, text);
    cleat__respond(c, status, "text/plain; charset=utf-8", &body,
                   "X-Content-Type-Options: nosniff\r\n");
}

void cleat__respond_error(struct cleat__conn *c, const struct cleat_error *e) {
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

void cleat__respond_object(struct cleat__conn *c, int status, const cleat_obj *o,
                           const char *extra) {
    CLEAT_AUTO_BUF head = {0};
    cleat__head(c, &head, status, "application/json", (long long)cleat_obj_bytes(o).n, extra);
    if (cleat_eqc(c->head.method, "HEAD")) {
        size_t n = head.n;
        cleat__out_bytes(c, cleat_buf_take(&head), n);
        return;
    }
    cleat__out_object(c, &head, o, "");
}
