/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VIPs as addresses of this machine's interfaces. Ours are told from all others
 * by the protocol number that the kernel keeps with an address (Linux 5.18), so
 * that what a crash left is known again and nobody else's is ever touched.
 */
#include "place.h"

#include <errno.h>
#include <net/if.h>
#include <unistd.h>

enum { ANNOUNCEMENTS = 3, BATCH = 100 };

struct place {
    struct cleat_lin_addr vip;
    uint32_t ifindex;
    int announcements; /* still to be sent */
    cleat_time due;
    bool known; /* was seen or put in its place before */
};

struct cleat_lin_places {
    uint8_t protocol;
    struct place *v; /* the plan */
    size_t n;
    struct cleat_lin_ifaddr *have; /* the kernel, as last looked at */
    size_t n_have;
    int sockets[2]; /* of announcements */
};

struct cleat_lin_places *cleat_lin_places_new(uint8_t protocol) {
    struct cleat_lin_places *p = cleat_sdk_alloc(1, sizeof *p);
    p->protocol = protocol;
    p->sockets[0] = p->sockets[1] = -1;
    return p;
}

void cleat_lin_places_free(struct cleat_lin_places *p) {
    if (p != NULL) {
        for (int i = 0; i < 2; i++) {
            if (p->sockets[i] >= 0) {
                close(p->sockets[i]);
            }
        }
        free(p->v);
        free(p->have);
        free(p);
    }
}

static void take(void *sink, const struct cleat_lin_ifaddr *a) {
    struct cleat_lin_places *p = sink;
    CLEAT_LIN_PUSH(p->have, p->n_have, *a);
}

static cleat_err look(struct cleat_lin_places *p, struct cleat_error *reterr) {
    free(p->have);
    p->have = NULL;
    p->n_have = 0;
    return cleat_lin_each_address(take, p, reterr);
}

/* ---- the plan ---- */

static bool is_host(const struct cleat_lin_addr *net) {
    return net->bits == 8 * cleat_lin_addr_size(net->family);
}

/* The interface on whose link the address is; loopback where on none: then routers must
 * know the way. */
static uint32_t link_of(const struct cleat_lin_places *p, const struct cleat_lin_addr *a) {
    for (size_t i = 0; i < p->n_have; i++) {
        if (!is_host(&p->have[i].net) && cleat_lin_net_has(&p->have[i].net, a)) {
            return p->have[i].ifindex;
        }
    }
    return if_nametoindex("lo");
}

/* NULL where the VIP can be had, and *ret its interface; else why not (owned). */
static char *find_place(const struct cleat_lin_places *p, const struct cleat_lin_inventory *inv,
                        const struct cleat_lin_addr *vip, uint32_t *ret) {
    char text[CLEAT_LIN_ADDR_TEXT];
    const struct cleat_lin_pool *pool = cleat_lin_inventory_pool(inv, vip);
    for (size_t i = 0; i < p->n_have; i++) {
        if (p->have[i].protocol != p->protocol && cleat_lin_addr_cmp(&p->have[i].net, vip) == 0) {
            return cleat_sdk_format("address %s is on this machine for another purpose",
                                    cleat_lin_addr_print(vip, text));
        }
    }
    if (pool != NULL && pool->interface[0] != 0) {
        *ret = if_nametoindex(pool->interface);
        return *ret != 0 ? NULL
                         : cleat_sdk_format("interface %s of pool %s is not there", pool->interface,
                                            pool->name);
    }
    *ret = link_of(p, vip);
    return NULL;
}

static struct place *planned(struct place *v, size_t n, const struct cleat_lin_addr *vip) {
    for (size_t i = 0; i < n; i++) {
        if (cleat_lin_addr_cmp(&v[i].vip, vip) == 0) {
            return &v[i];
        }
    }
    return NULL;
}

/* Networks of this machine's links that hold a target: a host there that is a client too
 * would be answered past this machine. */
static void find_near(const struct cleat_lin_places *p, struct cleat_lin_balancer *const *b,
                      size_t n, struct cleat_lin_addr **ret, size_t *ret_n) {
    struct cleat_lin_addr *near = NULL;
    size_t n_near = 0;
    for (size_t i = 0; i < p->n_have; i++) {
        const struct cleat_lin_addr *net = &p->have[i].net;
        bool holds = false;
        for (size_t k = 0; !is_host(net) && k < n && !holds; k++) {
            for (size_t t = 0; t < b[k]->n_targets && !holds; t++) {
                holds = cleat_lin_net_has(net, &b[k]->targets[t].a[net->family != AF_INET]);
            }
        }
        char text[CLEAT_LIN_ADDR_TEXT];
        struct cleat_lin_addr cut;
        if (holds && cleat_lin_net_parse(cleat_cstr(cleat_lin_net_print(net, text)), &cut) &&
            cut.bits > 0) {
            CLEAT_LIN_PUSH(near, n_near, cut);
        }
    }
    *ret = near;
    *ret_n = n_near;
}

cleat_err cleat_lin_places_plan(struct cleat_lin_places *p, struct cleat_lin_balancer *const *b,
                                size_t n, const struct cleat_lin_inventory *inv,
                                struct cleat_lin_addr **ret_near, size_t *ret_n_near,
                                struct cleat_error *reterr) {
    cleat_err err = look(p, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct place *plan = NULL;
    size_t n_plan = 0;
    for (size_t i = 0; i < n; i++) {
        for (int f = 0; f < 2; f++) {
            struct place one = {.vip = b[i]->vips[f]};
            if (one.vip.family == 0 || b[i]->problem[f] != NULL) {
                continue;
            }
            if (planned(plan, n_plan, &one.vip) != NULL) {
                b[i]->problem[f] = cleat_sdk_format("its address is another balancer's too");
                continue;
            }
            b[i]->problem[f] = find_place(p, inv, &one.vip, &one.ifindex);
            const struct place *was = planned(p->v, p->n, &one.vip);
            if (was != NULL && was->ifindex == one.ifindex) {
                one = *was;
            }
            if (b[i]->problem[f] == NULL) {
                CLEAT_LIN_PUSH(plan, n_plan, one);
            }
        }
    }
    free(p->v);
    p->v = plan;
    p->n = n_plan;
    find_near(p, b, n, ret_near, ret_n_near);
    return CLEAT_OK;
}

/* ---- carrying it out ---- */

cleat_err cleat_lin_places_clear(struct cleat_lin_places *p, struct cleat_error *reterr) {
    cleat_err worst = CLEAT_OK;
    for (size_t i = 0; i < p->n_have; i++) {
        const struct cleat_lin_ifaddr *a = &p->have[i];
        const struct place *at = planned(p->v, p->n, &a->net);
        if (a->protocol != p->protocol || !is_host(&a->net) ||
            (at != NULL && at->ifindex == a->ifindex)) {
            continue;
        }
        cleat_err err = cleat_lin_address(false, a, reterr);
        worst = err != CLEAT_OK && err != CLEAT_E_NOT_FOUND ? err : worst;
    }
    return worst;
}

static bool is_there(const struct cleat_lin_places *p, const struct place *at) {
    for (size_t i = 0; i < p->n_have; i++) {
        if (p->have[i].protocol == p->protocol && p->have[i].ifindex == at->ifindex &&
            cleat_lin_addr_cmp(&p->have[i].net, &at->vip) == 0) {
            return true;
        }
    }
    return false;
}

static void say_soon(struct place *at, cleat_time now) {
    at->announcements = ANNOUNCEMENTS;
    at->due = now;
    at->known = true;
}

/* Puts what is missing; *n counts. */
static cleat_err fill(struct cleat_lin_places *p, cleat_time now, size_t *n,
                      struct cleat_error *reterr) {
    cleat_err worst = CLEAT_OK;
    size_t added = 0;
    for (size_t i = 0; i < p->n; i++) {
        struct place *at = &p->v[i];
        if (is_there(p, at)) {
            if (!at->known) { /* found after a start: the neighbours hear it once more */
                say_soon(at, now);
            }
            continue;
        }
        struct cleat_lin_ifaddr a = {at->vip, at->ifindex, p->protocol};
        cleat_err err = cleat_lin_address(true, &a, reterr);
        if (err == CLEAT_OK) {
            say_soon(at, now);
            added++;
        }
        worst = err != CLEAT_OK ? err : worst;
    }
    *n += added;
    if (added == 0) {
        return worst;
    }
    cleat_err err = look(p, reterr);
    for (size_t i = 0; err == CLEAT_OK && worst == CLEAT_OK && i < p->n; i++) {
        if (!is_there(p, &p->v[i])) {
            worst = cleat_errorf(reterr, CLEAT_E_TERMINAL,
                                 "linux: this kernel keeps no protocol number with an address "
                                 "(Linux 5.18 or later is needed)");
        }
    }
    return err != CLEAT_OK ? err : worst;
}

cleat_err cleat_lin_places_fill(struct cleat_lin_places *p, cleat_time now,
                                struct cleat_error *reterr) {
    size_t n = 0;
    return fill(p, now, &n, reterr);
}

cleat_err cleat_lin_places_check(struct cleat_lin_places *p, cleat_time now, size_t *repaired,
                                 struct cleat_error *reterr) {
    cleat_err err = look(p, reterr);
    if (err == CLEAT_OK) {
        err = cleat_lin_places_clear(p, reterr);
    }
    return err == CLEAT_OK ? fill(p, now, repaired, reterr) : err;
}

void cleat_lin_places_announce(struct cleat_lin_places *p, cleat_time now, cleat_time *next) {
    int left = BATCH; /* checks have their turn in between */
    for (size_t i = 0; i < p->n; i++) {
        struct place *at = &p->v[i];
        struct cleat_error why = CLEAT_ERROR_INIT;
        if (at->announcements > 0 && at->due <= now && left-- > 0) {
            if (cleat_lin_announce(p->sockets, at->ifindex, &at->vip, &why) != CLEAT_OK) {
                cleat_lin_log(CLEAT_LOG_DEBUG, "%s", why.message); /* the link may be down */
            }
            at->announcements--;
            at->due = now + CLEAT_SECOND;
        }
        if (at->announcements > 0 && at->due < *next) {
            *next = at->due;
        }
    }
}
