/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses, networks and ranges of both families. An IPv4 address in IPv6's
 * clothes (::ffff:a.b.c.d) is an IPv4 address. Pure; any thread.
 */
#include "lin.h"

#include <arpa/inet.h>

int cleat_lin_addr_size(int family) {
    return family == AF_INET ? 4 : 16;
}

static bool parse_plain(const char *text, struct cleat_lin_addr *ret) {
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct cleat_lin_addr a = {0};
    a.family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    if (inet_pton(a.family, text, a.b) != 1) {
        return false;
    }
    if (a.family == AF_INET6 && memcmp(a.b, mapped, sizeof mapped) == 0) {
        memmove(a.b, a.b + 12, 4);
        memset(a.b + 4, 0, 12);
        a.family = AF_INET;
    }
    a.bits = 8 * cleat_lin_addr_size(a.family);
    *ret = a;
    return true;
}

/* The span as a C string; false where it cannot be an address. */
static bool copy_text(struct cleat_str text, char buf[CLEAT_LIN_ADDR_TEXT]) {
    if (text.n == 0 || text.n >= CLEAT_LIN_ADDR_TEXT) {
        return false;
    }
    memcpy(buf, text.p, text.n);
    buf[text.n] = 0;
    return strlen(buf) == text.n;
}

bool cleat_lin_addr_parse(struct cleat_str text, struct cleat_lin_addr *ret) {
    char buf[CLEAT_LIN_ADDR_TEXT];
    return copy_text(text, buf) && parse_plain(buf, ret);
}

static bool parse_bits(const char *text, int max, int *ret) {
    char *end = NULL;
    if (*text < '0' || *text > '9' || strlen(text) > 3) {
        return false;
    }
    long n = strtol(text, &end, 10);
    *ret = (int)n;
    return *end == 0 && n <= max;
}

/* Sets every bit below the prefix. */
static void fill(struct cleat_lin_addr *a, bool ones) {
    for (int i = a->bits; i < 8 * cleat_lin_addr_size(a->family); i++) {
        uint8_t bit = (uint8_t)(0x80 >> (i % 8));
        a->b[i / 8] = (uint8_t)(ones ? a->b[i / 8] | bit : a->b[i / 8] & ~bit);
    }
}

bool cleat_lin_net_parse(struct cleat_str text, struct cleat_lin_addr *ret) {
    char buf[CLEAT_LIN_ADDR_TEXT];
    struct cleat_lin_addr a;
    if (!copy_text(text, buf)) {
        return false;
    }
    char *slash = strchr(buf, '/');
    if (slash == NULL) {
        return false;
    }
    *slash = 0;
    bool colon = strchr(buf, ':') != NULL;
    if (!parse_plain(buf, &a) || (colon && a.family == AF_INET) ||
        !parse_bits(slash + 1, a.bits, &a.bits)) {
        return false;
    }
    fill(&a, false);
    *ret = a;
    return true;
}

const char *cleat_lin_addr_print(const struct cleat_lin_addr *a, char buf[CLEAT_LIN_ADDR_TEXT]) {
    buf[0] = 0;
    if (a->family != 0) {
        inet_ntop(a->family, a->b, buf, CLEAT_LIN_ADDR_TEXT);
    }
    return buf;
}

const char *cleat_lin_net_print(const struct cleat_lin_addr *a, char buf[CLEAT_LIN_ADDR_TEXT]) {
    cleat_lin_addr_print(a, buf);
    size_t n = strlen(buf);
    snprintf(buf + n, CLEAT_LIN_ADDR_TEXT - n, "/%d", a->bits);
    return buf;
}

int cleat_lin_addr_cmp(const struct cleat_lin_addr *a, const struct cleat_lin_addr *b) {
    if (a->family != b->family) {
        return a->family < b->family ? -1 : 1;
    }
    return memcmp(a->b, b->b, sizeof a->b);
}

bool cleat_lin_net_has(const struct cleat_lin_addr *net, const struct cleat_lin_addr *a) {
    if (net->family != a->family) {
        return false;
    }
    struct cleat_lin_addr cut = *a;
    cut.bits = net->bits;
    fill(&cut, false);
    struct cleat_lin_addr base = *net;
    fill(&base, false);
    return memcmp(cut.b, base.b, sizeof cut.b) == 0;
}

static bool step(struct cleat_lin_addr *a, int by) {
    for (int i = cleat_lin_addr_size(a->family) - 1; i >= 0; i--) {
        a->b[i] = (uint8_t)(a->b[i] + by);
        if (a->b[i] != (by > 0 ? 0x00 : 0xff)) {
            return true;
        }
    }
    return false;
}

bool cleat_lin_range_parse(struct cleat_str text, struct cleat_lin_range *ret) {
    char buf[2 * CLEAT_LIN_ADDR_TEXT];
    struct cleat_lin_range r;
    if (text.n == 0 || text.n >= sizeof buf) {
        return false;
    }
    memcpy(buf, text.p, text.n);
    buf[text.n] = 0;
    char *dash = strchr(buf, '-');
    if (dash != NULL) {
        *dash = 0;
        if (!cleat_lin_addr_parse(cleat_cstr(buf), &r.first) ||
            !cleat_lin_addr_parse(cleat_cstr(dash + 1), &r.last) ||
            r.first.family != r.last.family || cleat_lin_addr_cmp(&r.first, &r.last) > 0) {
            return false;
        }
    } else if (cleat_lin_net_parse(text, &r.first)) {
        int bits = r.first.bits, all = 8 * cleat_lin_addr_size(r.first.family);
        r.last = r.first;
        fill(&r.last, true);
        r.first.bits = r.last.bits = all;
        if (r.first.family == AF_INET && all - bits > 1) {
            step(&r.first, 1);
            step(&r.last, -1);
        } else if (r.first.family == AF_INET6 && all - bits > 1) {
            step(&r.first, 1); /* the routers' anycast address */
        }
    } else if (cleat_lin_addr_parse(text, &r.first)) {
        r.last = r.first;
    } else {
        return false;
    }
    *ret = r;
    return true;
}

bool cleat_lin_range_has(const struct cleat_lin_range *r, const struct cleat_lin_addr *a) {
    return r->first.family == a->family && cleat_lin_addr_cmp(&r->first, a) <= 0 &&
           cleat_lin_addr_cmp(a, &r->last) <= 0;
}

bool cleat_lin_range_next(const struct cleat_lin_range *r, struct cleat_lin_addr *a) {
    return cleat_lin_addr_cmp(a, &r->last) < 0 && step(a, 1);
}
