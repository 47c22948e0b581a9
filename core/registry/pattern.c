/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of schemas: RE2's dialect translated into POSIX extended expressions,
 * for what schemas use of it: classes (\d \w \s and their opposites), escapes in
 * brackets, non-capturing groups, lazy quantifiers (which do not matter to a
 * test), \A, \z and (?i) at the start. Anything else is refused.
 */
#include <ctype.h>
#include "core/registry/schema.h"

/* What a class letter stands for inside brackets; NULL = no class. */
static const char *class_of(char c) {
    switch (c) {
    case 'd':
        return "0-9";
    case 'w':
        return "0-9A-Za-z_";
    case 's':
        return "\t\n\f\r ";
    default:
        return NULL;
    }
}

/* The character that \c means where it is a plain escape; 0 = none. */
static char plain_escape(char c) {
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'f':
        return '\f';
    case 'v':
        return '\v';
    default:
        return ispunct((unsigned char)c) ? c : '\0';
    }
}

/* One bracket expression; *p is behind '['. POSIX knows no escapes in there, so
 * "]" goes first and "-" and "^" last. */
static bool put_bracket(const char **p, struct cleat_buf *out) {
    CLEAT_AUTO_BUF body = {0};
    bool close = false, dash = false, caret = false, first = true;
    const char *q = *p;
    cleat_buf_putc(out, '[');
    if (*q == '^') {
        cleat_buf_putc(out, *q++);
    }
    for (; *q != ']' || first; first = false) {
        char c = *q++;
        if (c == '\0') {
            return false;
        }
        if (c == '[' && *q == ':') { /* [:alpha:] is the same in both */
            const char *end = strstr(q, ":]");
            if (end == NULL) {
                return false;
            }
            cleat_buf_add(&body, q - 1, (size_t)(end + 2 - (q - 1)));
            q = end + 2;
            continue;
        }
        bool escaped = c == '\\';
        if (escaped) {
            const char *class = class_of(*q);
            c = plain_escape(*q);
            if (class == NULL && c == '\0') {
                return false;
            }
            q++;
            if (class != NULL) {
                cleat_buf_puts(&body, class);
                continue;
            }
        }
        bool range = c == '-' && !escaped && body.n > 0 && *q != ']';
        if (c == ']') {
            close = true;
        } else if (c == '-' && !range) {
            dash = true;
        } else if (c == '^') {
            caret = true;
        } else {
            cleat_buf_putc(&body, c);
        }
        if (range && *q == '\\') { /* a range that ends in an escape */
            if (plain_escape(q[1]) == '\0' || q[1] == ']' || q[1] == '-') {
                return false;
            }
            cleat_buf_putc(&body, plain_escape(q[1]));
            q += 2;
        }
    }
    *p = q + 1;
    if (caret && !close && body.n == 0 && !dash) {
        return false; /* a lone ^ cannot stand in POSIX brackets */
    }
    cleat_buf_puts(out, close ? "]" : "");
    if (body.n > 0) {
        cleat_buf_add(out, body.p, body.n);
    }
    if (caret && body.n == 0 && !close) {
        cleat_buf_puts(out, "-^]"); /* "-" first, so that ^ is not */
        return dash;
    }
    cleat_buf_puts(out, caret ? "^" : "");
    cleat_buf_puts(out, dash ? "-]" : "]");
    return true;
}

static bool put_escape(char c, struct cleat_buf *out) {
    const char *class = class_of((char)tolower((unsigned char)c));
    if (class != NULL) {
        cleat_buf_printf(out, isupper((unsigned char)c) ? "[^%s]" : "[%s]", class);
        return true;
    }
    if (c == 'A' || c == 'z') {
        cleat_buf_putc(out, c == 'A' ? '^' : '$');
        return true;
    }
    if (c == 'b' || c == 'B') {
        cleat_buf_printf(out, "\\%c", c); /* GNU has it as RE2 does */
        return true;
    }
    char plain = plain_escape(c);
    if (plain == '\0') {
        return false;
    }
    if (strchr(".[]{}()\\*+?|^$", plain) != NULL) {
        cleat_buf_putc(out, '\\');
    }
    cleat_buf_putc(out, plain);
    return true;
}

/* A quantifier has just been written: a lazy mark behind it means nothing here. */
static const char *skip_lazy(const char *p) {
    return *p == '?' ? p + 1 : p;
}

static bool translate(const char *p, struct cleat_buf *out) {
    while (*p != '\0') {
        char c = *p++;
        if (c == '\\') {
            if (!put_escape(*p, out)) {
                return false;
            }
            p++;
        } else if (c == '[') {
            if (!put_bracket(&p, out)) {
                return false;
            }
        } else if (c == '(' && *p == '?') {
            if (p[1] != ':') {
                return false;
            }
            cleat_buf_putc(out, '(');
            p += 2;
        } else {
            cleat_buf_putc(out, c);
            if (c == '*' || c == '+' || c == '?' || c == '}') {
                p = skip_lazy(p);
            }
        }
    }
    return true;
}

regex_t *cleat_pattern_compile(const char *text) {
    CLEAT_AUTO_BUF posix = {0};
    int flags = REG_EXTENDED | REG_NOSUB;
    if (strncmp(text, "(?i)", 4) == 0) {
        flags |= REG_ICASE;
        text += 4;
    }
    cleat_buf_puts(&posix, "");
    if (!translate(text, &posix)) {
        return NULL;
    }
    regex_t *re = cleat_zalloc(sizeof *re);
    if (regcomp(re, posix.p != NULL ? posix.p : "", flags) != 0) {
        free(re);
        return NULL;
    }
    return re;
}
