/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which address a service gets. What is taken is what the Balancer objects say,
 * asked of the API and not of a cache; an address is reserved here before it is
 * looked for there, so that two workers never choose the same one.
 */
#include "lin.h"

#define OBJ (SDK->obj)

static const char addresses_annotation[] = "linux.cleat.dev/addresses";
static const char pool_annotation[] = "linux.cleat.dev/pool";

struct taken {
    struct cleat_lin_addr *v; /* sorted */
    size_t n;
    uint8_t protocol; /* that marks addresses of ours */
};

static int by_address(const void *a, const void *b) {
    return cleat_lin_addr_cmp(a, b);
}

static bool has(const struct taken *t, const struct cleat_lin_addr *a) {
    return t->n > 0 && bsearch(a, t->v, t->n, sizeof *t->v, by_address) != NULL;
}

/* An address that this machine has for another purpose. */
static void take_foreign(void *sink, const struct cleat_lin_ifaddr *a) {
    struct taken *t = sink;
    if (a->protocol != t->protocol) {
        struct cleat_lin_addr one = a->net;
        CLEAT_LIN_PUSH(t->v, t->n, one);
    }
}

/* Addresses of every Balancer but this one, and what else this machine has. */
static cleat_err read_taken(struct cleat_lin *lin, cleat_ctx *ctx, struct cleat_str own_uid,
                            struct taken *ret, struct cleat_error *reterr) {
    struct cleat_list found = {.struct_size = sizeof found};
    struct cleat_list_opts opts = {.struct_size = sizeof opts};
    cleat_err err =
        SDK->client->list(lin->client, ctx, CLEAT_LIN_BALANCERS, "", &opts, &found, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct taken t = {.protocol = lin->opt.protocol};
    for (size_t i = 0; i < found.n; i++) {
        struct cleat_iter it = {0};
        if (cleat_str_eq(CLEAT_TEXT(SDK, found.items[i], "spec", "service", "uid"), own_uid)) {
            continue;
        }
        while (OBJ->next(CLEAT_AT(SDK, found.items[i], "spec", "addresses"), &it)) {
            struct cleat_lin_addr a;
            if (cleat_lin_addr_parse(OBJ->str(it.val), &a)) {
                CLEAT_LIN_PUSH(t.v, t.n, a);
            }
        }
    }
    SDK->client->list_free(&found);
    err = cleat_lin_each_address(take_foreign, &t, reterr);
    if (err != CLEAT_OK) {
        free(t.v);
        return err;
    }
    if (t.n > 1) {
        qsort(t.v, t.n, sizeof *t.v, by_address);
    }
    free(ret->v);
    *ret = t;
    return CLEAT_OK;
}

static bool reserve(struct cleat_lin *lin, const struct cleat_lin_addr *a) {
    bool is_free = true;
    pthread_mutex_lock(&lin->pick_lock);
    for (size_t i = 0; i < lin->n_reserved; i++) {
        is_free &= cleat_lin_addr_cmp(&lin->reserved[i], a) != 0;
    }
    if (is_free) {
        CLEAT_LIN_PUSH(lin->reserved, lin->n_reserved, *a);
    }
    pthread_mutex_unlock(&lin->pick_lock);
    return is_free;
}

void cleat_lin_pick_done(struct cleat_lin *lin, const struct cleat_lin_addr *a, size_t n) {
    pthread_mutex_lock(&lin->pick_lock);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < lin->n_reserved; k++) {
            if (cleat_lin_addr_cmp(&lin->reserved[k], &a[i]) == 0) {
                lin->reserved[k] = lin->reserved[lin->n_reserved - 1];
                lin->n_reserved--;
                break;
            }
        }
    }
    if (lin->n_reserved == 0) { /* PUSH begins anew with nothing */
        free(lin->reserved);
        lin->reserved = NULL;
    }
    pthread_mutex_unlock(&lin->pick_lock);
}

/* ---- candidates ---- */

/* The next one after *a (family 0: the first) of the pools that this service may use. */
struct walk {
    const struct cleat_lin_inventory *inv;
    struct cleat_str pool; /* "" = any that is not manual */
    int family;
    size_t p, r;
    bool started;
    struct cleat_lin_addr at;
};

static bool may_use(const struct walk *w, const struct cleat_lin_pool *p) {
    return w->pool.n > 0 ? cleat_str_is(w->pool, p->name) : !p->manual;
}

static bool next_candidate(struct walk *w) {
    for (; w->p < w->inv->n_pools; w->p++, w->r = 0) {
        const struct cleat_lin_pool *p = &w->inv->pools[w->p];
        for (; may_use(w, p) && w->r < p->n_ranges; w->r++, w->started = false) {
            const struct cleat_lin_range *range = &p->ranges[w->r];
            if (range->first.family != w->family) {
                continue;
            }
            if (!w->started) {
                w->started = true;
                w->at = range->first;
                return true;
            }
            if (cleat_lin_range_next(range, &w->at)) {
                return true;
            }
        }
    }
    return false;
}

/* What the service asks for in this family: spec.loadBalancerIP or the annotation. */
static bool requested(const cleat_obj *service, int family, struct cleat_lin_addr *ret) {
    struct cleat_str list =
        CLEAT_TEXT(SDK, service, "metadata", "annotations", addresses_annotation);
    struct cleat_lin_addr a;
    while (list.n > 0) {
        size_t n = 0;
        while (n < list.n && list.p[n] != ',') {
            n++;
        }
        struct cleat_str one = {list.p, n};
        while (one.n > 0 && one.p[0] == ' ') {
            one.p++;
            one.n--;
        }
        while (one.n > 0 && one.p[one.n - 1] == ' ') {
            one.n--;
        }
        if (cleat_lin_addr_parse(one, &a) && a.family == family) {
            *ret = a;
            return true;
        }
        list.p += n < list.n ? n + 1 : n;
        list.n -= n < list.n ? n + 1 : n;
    }
    if (cleat_lin_addr_parse(CLEAT_TEXT(SDK, service, "spec", "loadBalancerIP"), &a) &&
        a.family == family) {
        *ret = a;
        return true;
    }
    return false;
}

/* ---- one family ---- */

struct pick {
    struct cleat_lin *lin;
    cleat_ctx *ctx;
    const struct cleat_lin_inventory *inv;
    const cleat_obj *service;
    struct taken taken;
};

/* Reserves a and looks once more whether it is free. *ok says so. */
static cleat_err try_address(struct pick *p, const struct cleat_lin_addr *a, bool *ok,
                             struct cleat_error *reterr) {
    *ok = false;
    if (has(&p->taken, a) || !reserve(p->lin, a)) {
        return CLEAT_OK;
    }
    cleat_err err = read_taken(p->lin, p->ctx, SDK->obj->uid(p->service), &p->taken, reterr);
    *ok = err == CLEAT_OK && !has(&p->taken, a);
    if (!*ok) {
        cleat_lin_pick_done(p->lin, a, 1);
    }
    return err;
}

/* Whether the address that the service has may stay: also where a pool has shrunk, as somebody
 * may be using it, but not where the service now names another pool. */
static bool may_keep(const struct pick *p, const struct cleat_lin_addr *have) {
    struct cleat_str named =
        CLEAT_TEXT(SDK, p->service, "metadata", "annotations", pool_annotation);
    const struct cleat_lin_pool *pool = cleat_lin_inventory_pool(p->inv, have);
    return named.n == 0 || (pool != NULL && cleat_str_is(named, pool->name));
}

static cleat_err pick_one(struct pick *p, int family, const struct cleat_lin_addr *have,
                          struct cleat_lin_addr *ret, struct cleat_error *reterr) {
    struct cleat_lin_addr want = {0};
    char text[CLEAT_LIN_ADDR_TEXT];
    bool asked = requested(p->service, family, &want), ok = false;
    if (!asked && have->family == family && may_keep(p, have)) {
        want = *have;
    }
    struct walk w = {
        .inv = p->inv,
        .family = family,
        .pool = CLEAT_TEXT(SDK, p->service, "metadata", "annotations", pool_annotation),
    };
    if (asked && cleat_lin_inventory_pool(p->inv, &want) == NULL) {
        return cleat_errorf(reterr, CLEAT_E_TERMINAL, "linux: address %s is of no pool",
                            cleat_lin_addr_print(&want, text));
    }
    cleat_err err = want.family != 0 ? try_address(p, &want, &ok, reterr) : CLEAT_OK;
    if (err == CLEAT_OK && asked && !ok) {
        return cleat_errorf(reterr, CLEAT_E_TRANSIENT, "linux: address %s is another service's",
                            cleat_lin_addr_print(&want, text));
    }
    while (err == CLEAT_OK && !ok && next_candidate(&w)) {
        want = w.at;
        err = try_address(p, &want, &ok, reterr);
    }
    if (err == CLEAT_OK && !ok) {
        err = cleat_errorf(reterr, CLEAT_E_UNAVAILABLE, "linux: no %s address is free%s%.*s",
                           family == AF_INET ? "IPv4" : "IPv6",
                           w.pool.n > 0 ? " in the pool " : " in any pool", CLEAT_FMT(w.pool));
    }
    if (err == CLEAT_OK) {
        *ret = want;
    }
    return err;
}

/* ---- all of them ---- */

static void read_have(const cleat_obj *have, int family, struct cleat_lin_addr *ret) {
    struct cleat_iter it = {0};
    while (have != NULL && OBJ->next(CLEAT_AT(SDK, have, "spec", "addresses"), &it)) {
        struct cleat_lin_addr a;
        if (cleat_lin_addr_parse(OBJ->str(it.val), &a) && a.family == family) {
            *ret = a;
        }
    }
}

cleat_err cleat_lin_pick(struct cleat_lin *lin, cleat_ctx *ctx, const cleat_obj *service,
                         const cleat_obj *have, struct cleat_lin_addr ret[2], size_t *ret_n,
                         struct cleat_error *reterr) {
    struct cleat_lin_inventory *inv = NULL;
    cleat_err err = cleat_lin_agent_inventory(lin->agent, &inv, NULL, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct pick p = {.lin = lin, .ctx = ctx, .inv = inv, .service = service};
    struct cleat_val families = CLEAT_AT(SDK, service, "spec", "ipFamilies");
    size_t n_families = OBJ->count(families), n = 0;
    bool either =
        cleat_str_is(CLEAT_TEXT(SDK, service, "spec", "ipFamilyPolicy"), "PreferDualStack");
    err = read_taken(lin, ctx, OBJ->uid(service), &p.taken, reterr);
    for (size_t i = 0; err == CLEAT_OK && (i < n_families || (i == 0 && n_families == 0)); i++) {
        char at[2] = {(char)('0' + i), 0};
        struct cleat_str name = OBJ->str(OBJ->at(families, CLEAT_PATH(at)));
        struct cleat_lin_addr old = {0};
        int family = cleat_str_is(name, "IPv6") ? AF_INET6 : AF_INET;
        read_have(have, family, &old);
        err = n < 2 ? pick_one(&p, family, &old, &ret[n], reterr) : CLEAT_OK;
        n += n < 2 && err == CLEAT_OK;
        if (err == CLEAT_E_UNAVAILABLE && either && (n > 0 || i + 1 < n_families)) {
            err = CLEAT_OK; /* one of the two will do */
        }
    }
    if (err == CLEAT_OK && n == 0) {
        err = cleat_errorf(reterr, CLEAT_E_UNAVAILABLE, "linux: no address is free in any pool");
    }
    if (err == CLEAT_OK) {
        *ret_n = n;
    } else {
        cleat_lin_pick_done(lin, ret, n);
    }
    free(p.taken.v);
    cleat_lin_inventory_unref(inv);
    return err;
}
