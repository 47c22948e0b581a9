/* SPDX-License-Identifier: Apache-2.0 */
/* Networks: text, and which lie in which. Pure functions. */
#include "route.h"

#include <arpa/inet.h>

static int bits_of(int family) {
    return family == AF_INET ? 32 : 128;
}

/* Sets or clears the bits from `bits` on. */
static void fill_tail(uint8_t *addr, int bits, int family, bool set) {
    for (int i = bits; i < bits_of(family); i++) {
        uint8_t bit = (uint8_t)(1U << (7 - i % 8));
        addr[i / 8] = (uint8_t)(set ? addr[i / 8] | bit : addr[i / 8] & (uint8_t)~bit);
    }
}

bool cleat_route_net_parse(struct cleat_str text, struct cleat_route_net *ret) {
    char *copy = cleat_sdk_dup(text), *end = NULL;
    char *slash = strchr(copy, '/');
    struct cleat_route_net net = {.family = strchr(copy, ':') != NULL ? AF_INET6 : AF_INET};
    bool ok = false;
    if (slash != NULL && slash[1] >= '0' && slash[1] <= '9') {
        *slash = 0;
        long bits = strtol(slash + 1, &end, 10);
        ok = *end == 0 && bits <= bits_of(net.family) && inet_pton(net.family, copy, net.addr) == 1;
        net.bits = (int)bits;
    }
    free(copy);
    if (ok) {
        fill_tail(net.addr, net.bits, net.family, false);
        *ret = net;
    }
    return ok;
}

bool cleat_route_nets_parse(struct cleat_str text, struct cleat_route_nets *ret, char **ret_bad) {
    struct cleat_route_nets nets = {0};
    size_t most = 1;
    for (size_t i = 0; i < text.n; i++) {
        most += text.p[i] == ',';
    }
    nets.v = cleat_sdk_alloc(most, sizeof *nets.v);
    while (text.n > 0) {
        const char *comma = memchr(text.p, ',', text.n);
        struct cleat_str one = {text.p, comma != NULL ? (size_t)(comma - text.p) : text.n};
        size_t used = one.n + (comma != NULL);
        text = (struct cleat_str){text.p + used, text.n - used};
        while (one.n > 0 && one.p[0] == ' ') {
            one = (struct cleat_str){one.p + 1, one.n - 1};
        }
        while (one.n > 0 && one.p[one.n - 1] == ' ') {
            one.n--;
        }
        if (!cleat_route_net_parse(one, &nets.v[nets.n++])) {
            *ret_bad = cleat_sdk_dup(one);
            free(nets.v);
            return false;
        }
    }
    *ret = nets;
    return true;
}

void cleat_route_nets_done(struct cleat_route_nets *nets) {
    free(nets->v);
    *nets = (struct cleat_route_nets){0};
}

static bool holds(const struct cleat_route_net *net, int family, const uint8_t *addr) {
    struct cleat_route_net other = {.family = family, .bits = net->bits};
    if (net->family != family) {
        return false;
    }
    memcpy(other.addr, addr, sizeof other.addr);
    fill_tail(other.addr, other.bits, family, false);
    return memcmp(other.addr, net->addr, sizeof other.addr) == 0;
}

bool cleat_route_nets_concern(const struct cleat_route_nets *nets, const char *cidr) {
    struct cleat_route_net net;
    if (!cleat_route_net_parse(cleat_cstr(cidr), &net)) {
        return false;
    }
    uint8_t last[16];
    memcpy(last, net.addr, sizeof last);
    fill_tail(last, net.bits, net.family, true);
    for (size_t i = 0; i < nets->n; i++) {
        if (holds(&nets->v[i], net.family, net.addr) || holds(&nets->v[i], net.family, last)) {
            return true;
        }
    }
    return false;
}

char *cleat_route_canonical(struct cleat_str cidr) {
    struct cleat_route_net net;
    char text[INET6_ADDRSTRLEN];
    if (!cleat_route_net_parse(cidr, &net) ||
        inet_ntop(net.family, net.addr, text, sizeof text) == NULL) {
        return cleat_sdk_dup(cidr);
    }
    return cleat_sdk_format("%s/%d", text, net.bits);
}
