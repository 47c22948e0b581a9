/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strings between their canonical JSON form and plain UTF-8. Canonical is: the
 * two-character escapes where JSON has one for a character that needs one,
 * \u00xx in lower case for other control characters, and else the bytes
 * themselves. Pure functions, for any thread.
 */
#include "core/object/json.h"

#define EACH(b) (UINT64_C(0x0101010101010101) * (b))

bool cleat_json_plain(struct cleat_str s) {
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t w;
        memcpy(&w, s.p + i, sizeof w);
        uint64_t quote = w ^ EACH('"'), slash = w ^ EACH('\\');
        if ((((w - EACH(0x20)) & ~w) | ((quote - EACH(1)) & ~quote) |
             ((slash - EACH(1)) & ~slash)) &
            EACH(0x80)) {
            return false;
        }
    }
    for (; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == '"' || c == '\\') {
            return false;
        }
    }
    return true;
}

static size_t put_utf8(uint32_t cp, char buf[6]) {
    if (cp < 0x80) {
        buf[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        buf[0] = (char)(0xC0 | cp >> 6);
        buf[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        buf[0] = (char)(0xE0 | cp >> 12);
        buf[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        buf[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    buf[0] = (char)(0xF0 | cp >> 18);
    buf[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    buf[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    buf[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t cleat_json_put_char(uint32_t cp, char buf[6]) {
    static const char shorts[] = "btn?fr"; /* 8 ... 13; 11 has none */
    static const char hex[] = "0123456789abcdef";
    if (cp >= 0x20 && cp != '"' && cp != '\\') {
        return put_utf8(cp, buf);
    }
    buf[0] = '\\';
    if (cp >= 0x20) {
        buf[1] = (char)cp;
        return 2;
    }
    if (cp >= 8 && cp <= 13 && cp != 11) {
        buf[1] = shorts[cp - 8];
        return 2;
    }
    memcpy(buf + 1, "u00", 3);
    buf[4] = hex[cp >> 4];
    buf[5] = hex[cp & 15];
    return 6;
}

static unsigned hex_value(char c) {
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Decodes one escape at s.p[i]; returns how many bytes it took. */
static size_t decode_escape(struct cleat_str s, size_t i, char *ret) {
    switch (s.p[i + 1]) {
    case 'b':
        *ret = '\b';
        return 2;
    case 't':
        *ret = '\t';
        return 2;
    case 'n':
        *ret = '\n';
        return 2;
    case 'f':
        *ret = '\f';
        return 2;
    case 'r':
        *ret = '\r';
        return 2;
    case 'u': /* canonical: always \u00xx */
        if (i + 6 <= s.n) {
            *ret = (char)(hex_value(s.p[i + 4]) << 4 | hex_value(s.p[i + 5]));
            return 6;
        }
        break;
    default:
        break;
    }
    *ret = s.p[i + 1];
    return 2;
}

size_t cleat_json_decode(struct cleat_str s, char *buf) {
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        if (s.p[i] != '\\' || i + 1 >= s.n) {
            buf[n++] = s.p[i++];
            continue;
        }
        i += decode_escape(s, i, &buf[n]);
        n++;
    }
    return n;
}
