/* SPDX-License-Identifier: Apache-2.0 */
/* Paths and queries of requests. Pure functions. */
#include "core/remote/internal.h"

void cleat__rc_escape(struct cleat_buf *b, struct cleat_str s) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            cleat_buf_putc(b, (char)c);
        } else {
            cleat_buf_putc(b, '%');
            cleat_buf_putc(b, digits[c >> 4]);
            cleat_buf_putc(b, digits[c & 15]);
        }
    }
}

static void step(struct cleat_buf *b, struct cleat_str s) {
    if (s.n > 0) {
        cleat_buf_putc(b, '/');
        cleat__rc_escape(b, s);
    }
}

char *cleat__rc_path(struct cleat_gvr gvr, struct cleat_str ns, struct cleat_str name,
                     const char *subresource) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b, gvr.group[0] != '\0' ? "/apis" : "/api");
    step(&b, cleat_s(gvr.group));
    step(&b, cleat_s(gvr.version));
    if (ns.n > 0) {
        cleat_buf_puts(&b, "/namespaces");
        step(&b, ns);
    }
    step(&b, cleat_s(gvr.resource));
    step(&b, name);
    step(&b, cleat_s(subresource));
    return cleat_buf_take(&b);
}

void cleat__rc_query(struct cleat_buf *b, const char *name, const char *value) {
    if (value != NULL) {
        cleat_buf_putc(b, memchr(b->p, '?', b->n) != NULL ? '&' : '?');
        cleat_buf_puts(b, name);
        cleat_buf_putc(b, '=');
        cleat__rc_escape(b, cleat_s(value));
    }
}
