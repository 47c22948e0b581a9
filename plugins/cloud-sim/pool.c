/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pools of IPv4 addresses, one bit each, under a lock that is held for a search
 * only. What is in use after a restart is marked from the objects that hold it.
 */
#include "sim.h"

#include <arpa/inet.h>

cleat_err cleat_sim_pool_init(struct cleat_sim_pool *p, const char *cidr,
                              struct cleat_error *reterr) {
    char address[16] = "";
    unsigned bits = 99;
    struct in_addr net;
    if (sscanf(cidr, "%15[0-9.]/%2u", address, &bits) != 2 ||
        inet_pton(AF_INET, address, &net) != 1 || bits < 12 || bits > 30) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "%s: not an IPv4 network between /12 and /30",
                            cidr);
    }
    uint32_t size = 1u << (32 - bits);
    *p = (struct cleat_sim_pool){
        .first = (ntohl(net.s_addr) & ~(size - 1)) + 1,
        .n = size - 2,
    };
    p->used = cleat_sdk_alloc(size / 64 + 1, sizeof *p->used);
    pthread_mutex_init(&p->lock, NULL);
    return CLEAT_OK;
}

void cleat_sim_pool_done(struct cleat_sim_pool *p) {
    if (p->used != NULL) {
        pthread_mutex_destroy(&p->lock);
        free(p->used);
        p->used = NULL;
    }
}

static bool is_used(const struct cleat_sim_pool *p, uint32_t i) {
    return (p->used[i / 64] >> (i % 64)) & 1;
}

/* The address's place in the pool; false where it is none of the pool's. */
static bool place(const struct cleat_sim_pool *p, struct cleat_str address, uint32_t *ret) {
    char text[16];
    struct in_addr in;
    if (address.n == 0 || address.n >= sizeof text) {
        return false;
    }
    memcpy(text, address.p, address.n);
    text[address.n] = 0;
    if (inet_pton(AF_INET, text, &in) != 1) {
        return false;
    }
    *ret = ntohl(in.s_addr) - p->first;
    return *ret < p->n;
}

static void print(const struct cleat_sim_pool *p, uint32_t i, char buf[16]) {
    struct in_addr in = {.s_addr = htonl(p->first + i)};
    inet_ntop(AF_INET, &in, buf, 16);
}

cleat_err cleat_sim_pool_take(struct cleat_sim_pool *p, struct cleat_str want, char buf[16],
                              struct cleat_error *reterr) {
    uint32_t i = 0;
    if (want.n > 0 && !place(p, want, &i)) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "address %.*s is not of this cloud's pool",
                            CLEAT_FMT(want));
    }
    pthread_mutex_lock(&p->lock);
    bool found = false;
    if (want.n > 0) {
        found = !is_used(p, i);
    } else {
        for (uint32_t tries = 0; tries < p->n && !found; tries++) {
            i = (p->next + tries) % p->n;
            found = !is_used(p, i);
        }
    }
    if (found) {
        p->used[i / 64] |= UINT64_C(1) << (i % 64);
        p->next = want.n > 0 ? p->next : i + 1;
    }
    pthread_mutex_unlock(&p->lock);
    if (!found) {
        return want.n > 0
                   ? cleat_errorf(reterr, CLEAT_E_EXISTS, "address %.*s is in use", CLEAT_FMT(want))
                   : cleat_errorf(reterr, CLEAT_E_UNAVAILABLE, "no address is free");
    }
    print(p, i, buf);
    return CLEAT_OK;
}

void cleat_sim_pool_mark(struct cleat_sim_pool *p, struct cleat_str address) {
    uint32_t i;
    if (place(p, address, &i)) {
        pthread_mutex_lock(&p->lock);
        p->used[i / 64] |= UINT64_C(1) << (i % 64);
        pthread_mutex_unlock(&p->lock);
    }
}

void cleat_sim_pool_release(struct cleat_sim_pool *p, struct cleat_str address) {
    uint32_t i;
    if (place(p, address, &i)) {
        pthread_mutex_lock(&p->lock);
        p->used[i / 64] &= ~(UINT64_C(1) << (i % 64));
        pthread_mutex_unlock(&p->lock);
    }
}
