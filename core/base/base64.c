/* SPDX-License-Identifier: Apache-2.0 */
/* base64 in its two alphabets. Pure functions. */
#include "core/base/base.h"

static const char url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void encode(const char *alphabet, bool pad, struct cleat_str s, struct cleat_buf *out) {
    cleat_buf_reserve(out, s.n * 4 / 3 + 4);
    for (size_t i = 0; i < s.n; i += 3) {
        size_t left = s.n - i;
        uint32_t bits = (uint32_t)(unsigned char)s.p[i] << 16;
        bits |= left > 1 ? (uint32_t)(unsigned char)s.p[i + 1] << 8 : 0;
        bits |= left > 2 ? (uint32_t)(unsigned char)s.p[i + 2] : 0;
        for (size_t j = 0; j < 4; j++) {
            if (j <= left) {
                cleat_buf_putc(out, alphabet[bits >> (18 - 6 * j) & 63]);
            } else if (pad) {
                cleat_buf_putc(out, '=');
            }
        }
    }
}

static bool decode(const char *alphabet, struct cleat_str s, struct cleat_buf *out) {
    uint32_t bits = 0;
    int n = 0;
    for (size_t i = 0; i < s.n; i++) {
        const char *at = s.p[i] != '\0' ? strchr(alphabet, s.p[i]) : NULL;
        if (at == NULL) {
            return false;
        }
        bits = bits << 6 | (uint32_t)(at - alphabet);
        n += 6;
        if (n >= 8) {
            n -= 8;
            cleat_buf_putc(out, (char)(bits >> n & 255));
        }
    }
    return n < 6 && (bits & ((1u << n) - 1)) == 0; /* no lonely digit, no bits left over */
}

void cleat_base64url(struct cleat_str s, struct cleat_buf *out) {
    encode(url, false, s, out);
}

void cleat_base64(struct cleat_str s, struct cleat_buf *out) {
    encode(plain, true, s, out);
}

bool cleat_base64url_decode(struct cleat_str s, struct cleat_buf *out) {
    return decode(url, s, out);
}

bool cleat_base64_decode(struct cleat_str s, struct cleat_buf *out) {
    if (s.n % 4 != 0) {
        return false;
    }
    for (int i = 0; i < 2 && s.n > 0 && s.p[s.n - 1] == '='; i++) {
        s.n--;
    }
    return decode(plain, s, out);
}
