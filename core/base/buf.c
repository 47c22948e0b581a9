/* SPDX-License-Identifier: Apache-2.0 */
/* Growable bytes. A buffer belongs to one thread at a time. */
#include "core/base/base.h"

#include <stdarg.h>

void cleat_buf_done(struct cleat_buf *b) {
    free(b->p);
    *b = (struct cleat_buf){0};
}

void cleat_buf_reserve(struct cleat_buf *b, size_t more) {
    size_t need;
    if (__builtin_add_overflow(b->n, more, &need) || __builtin_add_overflow(need, 1, &need)) {
        need = SIZE_MAX; /* the allocation reports it */
    }
    if (need <= b->cap) {
        return;
    }
    size_t cap = b->cap < 64 ? 64 : b->cap;
    while (cap < need && cap <= SIZE_MAX / 2) {
        cap *= 2;
    }
    cap = cap < need ? need : cap;
    b->p = cleat_realloc(b->p, cap);
    b->cap = cap;
}

void cleat_buf_add(struct cleat_buf *b, const void *p, size_t n) {
    cleat_buf_reserve(b, n);
    if (n > 0) {
        memcpy(b->p + b->n, p, n);
    }
    b->n += n;
    b->p[b->n] = '\0';
}

void cleat_buf_str(struct cleat_buf *b, struct cleat_str s) {
    cleat_buf_add(b, s.p, s.n);
}

void cleat_buf_puts(struct cleat_buf *b, const char *s) {
    cleat_buf_add(b, s, strlen(s));
}

void cleat_buf_putc(struct cleat_buf *b, char c) {
    cleat_buf_add(b, &c, 1);
}

void cleat_buf_printf(struct cleat_buf *b, const char *fmt, ...) {
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    cleat_buf_reserve(b, (size_t)n);
    vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
    va_end(again);
    b->n += (size_t)n;
}

size_t cleat_utf8_length(const char *s, const char *end) {
    const unsigned char *p = (const unsigned char *)s;
    size_t left = (size_t)(end - s);
    unsigned lo = 0x80, hi = 0xBF;
    size_t n;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        n = 2;
    } else if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        n = 3;
        lo = p[0] == 0xE0 ? 0xA0 : 0x80;
        hi = p[0] == 0xED ? 0x9F : 0xBF;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        n = 4;
        lo = p[0] == 0xF0 ? 0x90 : 0x80;
        hi = p[0] == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (left < n || p[1] < lo || p[1] > hi) {
        return 0;
    }
    for (size_t i = 2; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return n;
}

/* mend: what is no UTF-8 becomes U+FFFD; otherwise it stays as it is. */
static void put_json(struct cleat_buf *b, struct cleat_str s, bool mend) {
    static const char hex[] = "0123456789abcdef";
    cleat_buf_reserve(b, s.n + 2);
    cleat_buf_putc(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        size_t long_one = mend && c >= 0x80 ? cleat_utf8_length(s.p + i, s.p + s.n) : 0;
        if (long_one > 0) {
            i += long_one - 1;
            continue;
        }
        if (c >= 0x20 && (c < 0x80 || !mend) && c != '"' && c != '\\') {
            continue;
        }
        cleat_buf_add(b, s.p + from, i - from);
        from = i + 1;
        if (c >= 0x80) {
            cleat_buf_puts(b, "\xef\xbf\xbd");
            continue;
        }
        const char *shorts = "\"\"\\\\\bb\ff\nn\rr\tt";
        const char *hit = NULL;
        for (const char *q = shorts; *q != '\0'; q += 2) {
            if ((unsigned char)*q == c) {
                hit = q + 1;
                break;
            }
        }
        if (hit != NULL) {
            cleat_buf_add(b, (char[]){'\\', *hit}, 2);
        } else {
            cleat_buf_add(b, (char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6);
        }
    }
    if (s.n > from) {
        cleat_buf_add(b, s.p + from, s.n - from);
    }
    cleat_buf_putc(b, '"');
}

void cleat_buf_json(struct cleat_buf *b, struct cleat_str s) {
    put_json(b, s, false);
}

void cleat_buf_json_mended(struct cleat_buf *b, struct cleat_str s) {
    put_json(b, s, true);
}

char *cleat_buf_take(struct cleat_buf *b) {
    cleat_buf_reserve(b, 0);
    b->p[b->n] = '\0';
    char *p = b->p;
    *b = (struct cleat_buf){0};
    return p;
}

int cleat_cmp(struct cleat_str a, struct cleat_str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}
