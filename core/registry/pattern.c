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

/* What a bracket expression holds. POSIX knows no escapes in there, so "]" is
 * written first, "^" not first and "-" last. */
struct bracket {
    struct cleat_buf body;
    bool negated, close, caret, dash;
};

static void add_char(struct bracket *b, char c) {
    if (c == ']') {
        b->close = true;
    } else if (c == '^') {
        b->caret = true;
    } else if (c == '-') {
        b->dash = true;
    } else {
        cleat_buf_putc(&b->body, c);
    }
}

/* The c of an escape in brackets. */
static bool add_escape(struct bracket *b, char c) {
    const char *class = class_of(c);
    if (class != NULL) {
        cleat_buf_puts(&b->body, class);
        return true;
    }
    char plain = plain_escape(c);
    if (plain != '\0') {
        add_char(b, plain);
    }
    return plain != '\0';
}

/* The end of a range "a-z", whose "-" is at p[0]. */
static const char *add_range_end(struct bracket *b, const char *p) {
    char end = p[1] == '\\' ? plain_escape(p[2]) : p[1];
    if (end == '\0' || strchr("]^-[", end) != NULL) {
        return NULL;
    }
    cleat_buf_printf(&b->body, "-%c", end);
    return p + (p[1] == '\\' ? 3 : 2);
}

/* Reads up to and with the closing bracket; NULL where it cannot be said in POSIX. */
static const char *read_bracket(struct bracket *b, const char *p) {
    bool may_range = false; /* the last thing was one character of the body */
    b->negated = *p == '^';
    p += b->negated;
    for (bool first = true; *p != ']' || first; first = false) {
        size_t before = b->body.n;
        if (*p == '\0') {
            return NULL;
        }
        if (*p == '-' && may_range && p[1] != ']') {
            p = add_range_end(b, p);
            may_range = false;
            if (p == NULL) {
                return NULL;
            }
            continue;
        }
        if (*p == '[' && p[1] == ':') { /* [:alpha:] is the same in both */
            const char *end = strstr(p, ":]");
            if (end == NULL) {
                return NULL;
            }
            cleat_buf_add(&b->body, p, (size_t)(end + 2 - p));
            p = end + 2;
        } else if (*p == '\\') {
            if (!add_escape(b, p[1])) {
                return NULL;
            }
            p += 2;
        } else {
            add_char(b, *p++);
        }
        may_range = b->body.n == before + 1;
    }
    return p + 1;
}

static void write_bracket(const struct bracket *b, struct cleat_buf *out) {
    if (!b->negated && !b->close && b->body.n == 0 && b->caret) {
        cleat_buf_puts(out, b->dash ? "[-^]" : "\\^");
        return;
    }
    cleat_buf_puts(out, b->negated ? "[^" : "[");
    cleat_buf_puts(out, b->close ? "]" : "");
    cleat_buf_add(out, b->body.p, b->body.n);
    cleat_buf_puts(out, b->caret ? "^" : "");
    cleat_buf_puts(out, b->dash ? "-]" : "]");
}

/* One bracket expression; *p is behind '['. */
static bool put_bracket(const char **p, struct cleat_buf *out) {
    struct bracket b = {.negated = false};
    const char *end = read_bracket(&b, *p);
    if (end != NULL) {
        write_bracket(&b, out);
        *p = end;
    }
    cleat_buf_done(&b.body);
    return end != NULL;
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

bool cleat_pattern_valid(const char *text) {
    regex_t *re = cleat_pattern_compile(text);
    if (re == NULL) {
        return false;
    }
    regfree(re);
    free(re);
    return true;
}
