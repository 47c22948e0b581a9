/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scanner's small parts: strings, numbers and words, the output that they
 * are flushed to, and errors. All state is the caller's struct scanner.
 */
#include "core/object/scan.h"

const char *cleat_scan_fail(struct scanner *sc, const char *p, const char *what) {
    size_t at = (size_t)(p - sc->in);
    if (p >= sc->end) {
        sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "unexpected end of JSON input");
    } else if (*p > ' ' && *p < 0x7F) {
        sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "invalid character '%c' at offset %zu: %s",
                             *p, at, what);
    } else {
        sc->err = cleat_fail(sc->e, CLEAT_E_BAD_REQUEST, "invalid byte 0x%02x at offset %zu: %s",
                             (unsigned char)*p, at, what);
    }
    return NULL;
}

void cleat_scan_flush(struct scanner *sc, const char *p) {
    size_t n = (size_t)(p - sc->run), all = (size_t)(sc->end - sc->in);
    if (sc->s->out_cap < all) {
        /* Output is never longer than input. */
        sc->s->out = cleat_realloc(sc->s->out, all);
        sc->s->out_cap = all;
    }
    memcpy(sc->s->out + sc->out_n, sc->run, n);
    sc->out_n += n;
}

/* ---- strings ------------------------------------------------------------------ */

static int hex4(const char *p, const char *end) {
    int v = 0;
    if (end - p < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        int c = p[i] | 0x20;
        if (p[i] >= '0' && p[i] <= '9') {
            v = v << 4 | (p[i] - '0');
        } else if (c >= 'a' && c <= 'f') {
            v = v << 4 | (c - 'a' + 10);
        } else {
            return -1;
        }
    }
    return v;
}

/* The character of the \u escape at p, with its second half if it has one; a half
 * that stands alone is U+FFFD, as in Go. Returns the escape's length, 0 = malformed. */
static size_t read_u(const char *p, const char *end, uint32_t *ret) {
    int v = hex4(p + 2, end);
    if (v < 0) {
        return 0;
    }
    *ret = (uint32_t)v;
    if (v < 0xD800 || v > 0xDFFF) {
        return 6;
    }
    if (v < 0xDC00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u') {
        int low = hex4(p + 8, end);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *ret = 0x10000u + ((uint32_t)(v - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
            return 12;
        }
    }
    *ret = 0xFFFD;
    return 6;
}

/* Handles the backslash at p: leaves a canonical escape in the run, replaces any other. */
static const char *scan_escape(struct scanner *sc, const char *p, bool *changed) {
    char canon[6];
    uint32_t cp = '/';
    size_t n = 2;
    if (sc->end - p < 2) {
        return cleat_scan_fail(sc, sc->end, "");
    }
    switch (p[1]) {
    case '"':
    case '\\':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        return p + 2;
    case '/':
        break;
    case 'u':
        n = read_u(p, sc->end, &cp);
        if (n == 0) {
            return cleat_scan_fail(sc, p, "\\u must be followed by four hexadecimal digits");
        }
        break;
    default:
        return cleat_scan_fail(sc, p + 1, "unknown escape in string");
    }
    sc->nul |= cp == 0;
    size_t canon_n = cleat_json_put_char(cp, canon);
    if (canon_n == n && memcmp(canon, p, n) == 0) {
        return p + n;
    }
    cleat_scan_flush(sc, p);
    memcpy(sc->s->out + sc->out_n, canon, canon_n);
    sc->out_n += canon_n;
    cleat_scan_resume(sc, p + n);
    *changed = true;
    return p + n;
}

const char *cleat_scan_string_rest(struct scanner *sc, const char *p) {
    bool changed = false;
    for (;; p = skip_plain(p, sc->end)) {
        if (p >= sc->end) {
            return cleat_scan_fail(sc, p, "");
        }
        unsigned char c = (unsigned char)*p;
        if (c == '"') {
            p++;
            break;
        }
        if (c == '\\') {
            p = scan_escape(sc, p, &changed);
            if (p == NULL) {
                return NULL;
            }
        } else if (c < 0x20) {
            return cleat_scan_fail(sc, p, "control character in string");
        } else {
            size_t n = cleat_utf8_length(p, sc->end);
            if (n == 0) {
                return cleat_scan_fail(sc, p, "string is not UTF-8");
            }
            p += n;
        }
    }
    if (changed) {
        cleat_scan_flush(sc, p);
        cleat_scan_resume(sc, p);
    }
    return p;
}

/* ---- numbers and words -------------------------------------------------------- */

static const char *digits(const char *p, const char *end) {
    while (p < end && *p >= '0' && *p <= '9') {
        p++;
    }
    return p;
}

static const char *scan_number(struct scanner *sc, const char *p) {
    const char *end = sc->end, *q;
    if (*p == '-') {
        p++;
    }
    if (p < end && *p == '0') {
        q = p + 1;
    } else {
        q = digits(p, end);
        if (q == p) {
            return cleat_scan_fail(sc, p, "expected a digit");
        }
    }
    if (q < end && *q == '.') {
        p = q + 1;
        q = digits(p, end);
        if (q == p) {
            return cleat_scan_fail(sc, p, "expected a digit after the decimal point");
        }
    }
    if (q < end && (*q == 'e' || *q == 'E')) {
        p = q + 1;
        if (p < end && (*p == '+' || *p == '-')) {
            p++;
        }
        q = digits(p, end);
        if (q == p) {
            return cleat_scan_fail(sc, p, "expected a digit in the exponent");
        }
    }
    return q;
}

static const char *scan_word(struct scanner *sc, const char *p, const char *word, size_t n) {
    if ((size_t)(sc->end - p) < n || memcmp(p, word, n) != 0) {
        return cleat_scan_fail(sc, p, "expected a value");
    }
    return p + n;
}

const char *cleat_scan_scalar(struct scanner *sc, const char *p) {
    switch (*p) {
    case '"':
        return scan_string(sc, p + 1);
    case 't':
        return scan_word(sc, p, "true", 4);
    case 'f':
        return scan_word(sc, p, "false", 5);
    case 'n':
        return scan_word(sc, p, "null", 4);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return scan_number(sc, p);
    default:
        return cleat_scan_fail(sc, p, "expected a value");
    }
}
