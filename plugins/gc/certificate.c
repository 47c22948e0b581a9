/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate (RFC 5280) is a sequence of a sequence of: version [0], serial number,
 * algorithm, issuer, validity, ...; validity is two times.
 */
#include "certificate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cleat/sdk.h>

/* ---- base64 ---- */

static int digit(unsigned char c) {
    return c >= 'A' && c <= 'Z'   ? c - 'A'
           : c >= 'a' && c <= 'z' ? c - 'a' + 26
           : c >= '0' && c <= '9' ? c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

char *cleat_gc_base64(struct cleat_str text, size_t *ret_n) {
    char *out = cleat_sdk_alloc(text.n / 4 * 3 + 4, 1);
    size_t n = 0, digits = 0, padding = 0;
    unsigned bits = 0;
    bool bad = false;
    for (size_t i = 0; i < text.n && !bad; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n' || c == '\r') {
            continue;
        }
        if (c == '=') {
            padding++;
            continue;
        }
        bad = padding > 0 || digit(c) < 0;
        bits = bits << 6 | (unsigned)digit(c);
        if (++digits % 4 != 1) {
            out[n++] = (char)(bits >> (4 - digits % 4) % 4 * 2 & 0xff);
        }
    }
    if (bad || (digits + padding) % 4 != 0 || padding > 2 || (padding > 0 && digits == 0)) {
        free(out);
        return NULL;
    }
    out[n] = 0;
    if (ret_n != NULL) {
        *ret_n = n;
    }
    return out;
}

/* ---- DER ---- */

struct span {
    const unsigned char *p, *end;
};

/* Takes one element off: its tag, and its content in *ret. */
static bool take(struct span *s, unsigned *ret_tag, struct span *ret) {
    if (s->end - s->p < 2) {
        return false;
    }
    *ret_tag = *s->p++;
    size_t n = *s->p++;
    if (n > 0x80) { /* so many bytes of length */
        size_t bytes = n & 0x7f;
        if (bytes > 4 || (size_t)(s->end - s->p) < bytes) {
            return false;
        }
        for (n = 0; bytes > 0; bytes--) {
            n = n << 8 | *s->p++;
        }
    } else if (n == 0x80) {
        return false;
    }
    if ((size_t)(s->end - s->p) < n) {
        return false;
    }
    *ret = (struct span){s->p, s->p + n};
    s->p += n;
    return true;
}

enum { INTEGER = 0x02, UTC_TIME = 0x17, GENERALIZED_TIME = 0x18, SEQUENCE = 0x30, VERSION = 0xa0 };

static bool take_tag(struct span *s, unsigned tag, struct span *ret) {
    unsigned got;
    return take(s, &got, ret) && got == tag;
}

/* YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ. */
static cleat_time time_of(struct span s, bool generalized) {
    size_t n = (size_t)(s.end - s.p), year = generalized ? 4 : 2;
    int v[6] = {0};
    if (n != year + 11 || s.end[-1] != 'Z') {
        return 0;
    }
    for (size_t i = 0; i < n - 1; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return 0;
        }
        size_t part = i < year ? 0 : 1 + (i - year) / 2;
        v[part] = v[part] * 10 + (s.p[i] - '0');
    }
    if (!generalized) {
        v[0] += v[0] < 50 ? 2000 : 1900;
    }
    struct tm tm = {.tm_year = v[0] - 1900,
                    .tm_mon = v[1] - 1,
                    .tm_mday = v[2],
                    .tm_hour = v[3],
                    .tm_min = v[4],
                    .tm_sec = v[5]};
    if (v[0] > 2261) { /* beyond what nanoseconds can say */
        return INT64_MAX;
    }
    cleat_time t = v[1] < 1 || v[1] > 12 ? -1 : (cleat_time)timegm(&tm);
    return t > 0 ? t * CLEAT_SECOND : 0;
}

static cleat_time end_of(struct span der) {
    struct span certificate, tbs, part, validity, from, until;
    unsigned tag;
    if (!take_tag(&der, SEQUENCE, &certificate) || !take_tag(&certificate, SEQUENCE, &tbs) ||
        !take(&tbs, &tag, &part) || (tag == VERSION && !take(&tbs, &tag, &part)) ||
        tag != INTEGER || !take_tag(&tbs, SEQUENCE, &part) /* algorithm */ ||
        !take_tag(&tbs, SEQUENCE, &part) /* issuer */ || !take_tag(&tbs, SEQUENCE, &validity) ||
        !take(&validity, &tag, &from) || !take(&validity, &tag, &until)) {
        return 0;
    }
    return tag == UTC_TIME || tag == GENERALIZED_TIME ? time_of(until, tag == GENERALIZED_TIME) : 0;
}

cleat_time cleat_gc_certificate_end(struct cleat_str pem) {
    static const char begin[] = "-----BEGIN CERTIFICATE-----",
                      finish[] = "-----END CERTIFICATE-----";
    const char *from = pem.n > 0 ? memmem(pem.p, pem.n, begin, sizeof begin - 1) : NULL;
    if (from == NULL) {
        return 0;
    }
    from += sizeof begin - 1;
    size_t left = pem.n - (size_t)(from - pem.p), n = 0;
    const char *until = memmem(from, left, finish, sizeof finish - 1);
    if (until == NULL) {
        return 0;
    }
    char *der = cleat_gc_base64((struct cleat_str){from, (size_t)(until - from)}, &n);
    if (der == NULL) {
        return 0;
    }
    const unsigned char *p = (const unsigned char *)der;
    cleat_time end = end_of((struct span){p, p + n});
    free(der);
    return end;
}
