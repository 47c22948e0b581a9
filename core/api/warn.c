/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Warning headers: one a text, and as upstream where all of them are long in sum,
 * each cut short. On the connection's I/O thread.
 */
#include "core/api/internal.h"

enum { ALL_MAX = 4096, CUT_TO = 256 }; /* characters */

static bool is_tail(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

static size_t characters(const char *s) {
    size_t n = 0;
    for (; *s != '\0'; s++) {
        n += !is_tail(*s);
    }
    return n;
}

/* A header cannot hold these. */
static bool has_control(const char *s) {
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s, next = (unsigned char)s[1];
        if (c < 0x20 || c == 0x7F || (c == 0xC2 && next < 0xA0)) {
            return true;
        }
    }
    return false;
}

static void add_line(struct cleat_buf *out, const char *text, size_t max) {
    cleat_buf_puts(out, "Warning: 299 - \"");
    for (size_t n = 0; *text != '\0'; text++) {
        n += !is_tail(*text);
        if (n > max) {
            break;
        }
        if (*text == '"' || *text == '\\') {
            cleat_buf_putc(out, '\\');
        }
        cleat_buf_putc(out, *text);
    }
    cleat_buf_puts(out, "\"\r\n");
}

void cleat__warn(struct cleat__call *c, const struct cleat_texts *texts) {
    size_t all = 0, written = 0;
    for (size_t i = 0; i < texts->n; i++) {
        all += has_control(texts->at[i]) ? 0 : characters(texts->at[i]);
    }
    for (size_t i = 0; i < texts->n && written < ALL_MAX; i++) {
        if (!has_control(texts->at[i])) {
            size_t n = characters(texts->at[i]);
            add_line(&c->warnings, texts->at[i], all > ALL_MAX ? CUT_TO : n);
            written += all > ALL_MAX && n > CUT_TO ? CUT_TO : n;
        }
    }
}
