/* SPDX-License-Identifier: Apache-2.0 */
#include "topology.h"

/* How much more than the average an endpoint may have to bear. */
#define OVERLOAD 0.2

/* ---- what the zones can do ---- */

struct zone {
    char *name;
    double cpu; /* thousandths; whole numbers, exact as far as 2^53 */
    size_t nodes;
};

struct cleat_ep_zones {
    pthread_mutex_t mutex;
    struct zone *v; /* by name */
    size_t n;
    size_t unclear; /* Nodes that count, of which zone or CPU is not known */
};

struct cleat_ep_zones *cleat_ep_zones_new(void) {
    struct cleat_ep_zones *z = cleat_sdk_alloc(1, sizeof *z);
    pthread_mutex_init(&z->mutex, NULL);
    return z;
}

void cleat_ep_zones_free(struct cleat_ep_zones *z) {
    for (size_t i = 0; i < z->n; i++) {
        free(z->v[i].name);
    }
    free(z->v);
    pthread_mutex_destroy(&z->mutex);
    free(z);
}

/* What a Node adds: nothing where it does not count, a zone and CPU, or that they are not known. */
struct part {
    bool counts;
    struct cleat_str zone; /* empty = unclear */
    int64_t cpu;
};

static bool has_label(const cleat_obj *node, const char *key) {
    return SDK->obj->type(CLEAT_AT(SDK, node, "metadata", "labels", key)) != CLEAT_ABSENT;
}

static struct part part_of(const cleat_obj *node) {
    struct part p = {0};
    if (node == NULL || has_label(node, "node-role.kubernetes.io/control-plane") ||
        has_label(node, "node-role.kubernetes.io/master") ||
        !cleat_str_is(cleat_ep_str(SDK->util->condition(node, "Ready"), "status"), "True")) {
        return p;
    }
    p.counts = true;
    p.zone = cleat_ep_label(node, "topology.kubernetes.io/zone");
    struct cleat_str cpu = CLEAT_TEXT(SDK, node, "status", "allocatable", "cpu");
    if (!CLEAT_HAS(SDK->obj, struct cleat_object_api, quantity_milli) ||
        SDK->obj->quantity_milli(cpu, &p.cpu) != CLEAT_OK || p.cpu <= 0) {
        p.zone.n = 0;
    }
    return p;
}

static bool same_part(struct part a, struct part b) {
    return a.counts == b.counts && cleat_str_eq(a.zone, b.zone) &&
           (a.zone.n == 0 || a.cpu == b.cpu);
}

/* Under the mutex: the zone's place, made where there is none. */
static struct zone *zone_of(struct cleat_ep_zones *z, struct cleat_str name) {
    size_t at = 0;
    while (at < z->n && cleat_ep_cmp(cleat_cstr(z->v[at].name), name) < 0) {
        at++;
    }
    if (at < z->n && cleat_str_is(name, z->v[at].name)) {
        return &z->v[at];
    }
    struct zone *v = cleat_sdk_alloc(z->n + 1, sizeof *v);
    for (size_t i = 0; i < z->n; i++) {
        v[i < at ? i : i + 1] = z->v[i];
    }
    v[at].name = cleat_sdk_dup(name);
    free(z->v);
    z->v = v;
    z->n++;
    return &z->v[at];
}

/* Under the mutex. */
static void move(struct cleat_ep_zones *z, struct part p, bool more) {
    if (!p.counts) {
        return;
    }
    if (p.zone.n == 0) {
        z->unclear += more ? 1 : (size_t)-1;
        return;
    }
    struct zone *zone = zone_of(z, p.zone);
    zone->cpu += more ? (double)p.cpu : -(double)p.cpu;
    zone->nodes += more ? 1 : (size_t)-1;
    if (zone->nodes == 0) {
        free(zone->name);
        *zone = (struct zone){0};
        memmove(zone, zone + 1, (size_t)(z->v + z->n - (zone + 1)) * sizeof *zone);
        z->n--;
    }
}

bool cleat_ep_zones_node(struct cleat_ep_zones *z, const cleat_obj *old, const cleat_obj *node) {
    struct part was = part_of(old), is = part_of(node);
    if (same_part(was, is)) {
        return false;
    }
    pthread_mutex_lock(&z->mutex);
    move(z, is, true);
    move(z, was, false);
    pthread_mutex_unlock(&z->mutex);
    return true;
}

void cleat_ep_shares_of(struct cleat_ep_zones *z, struct cleat_ep_shares *ret) {
    double all = 0;
    *ret = (struct cleat_ep_shares){0};
    pthread_mutex_lock(&z->mutex);
    if (z->unclear == 0 && z->n > 0) {
        ret->n = z->n;
        ret->v = cleat_sdk_alloc(z->n, sizeof *ret->v);
        for (size_t i = 0; i < z->n; i++) {
            all += z->v[i].cpu;
        }
        for (size_t i = 0; i < z->n; i++) {
            ret->v[i].zone = cleat_sdk_dup(cleat_cstr(z->v[i].name));
            ret->v[i].ratio = z->v[i].cpu / all;
        }
    }
    pthread_mutex_unlock(&z->mutex);
}

void cleat_ep_shares_done(struct cleat_ep_shares *s) {
    for (size_t i = 0; i < s->n; i++) {
        free(s->v[i].zone);
    }
    free(s->v);
    *s = (struct cleat_ep_shares){0};
}

/* ---- who serves whom ---- */

/* Of one zone: how many endpoints it is to have, and has. */
struct quota {
    double desired;
    size_t least, most, has;
    double gives, takes; /* what is too much or too little, exactly */
    size_t to_give, to_take;
};

static const char too_little[] =
    "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes";
static const char one_zone[] = "Nodes only ready in one zone";
static const char too_few[] = "Insufficient number of endpoints";
static const char overloaded[] =
    "Unable to allocate minimum required endpoints to each zone without exceeding overload "
    "threshold";
static const char no_zone[] = "One or more endpoints do not have a zone specified";

static size_t round_up(double v) {
    size_t whole = (size_t)v;
    return whole + ((double)whole < v);
}

static char *set_quotas(const struct cleat_ep_shares *s, size_t endpoints, struct quota *q) {
    size_t least = 0;
    if (s->n == 0) {
        return cleat_sdk_dup(cleat_cstr(too_little));
    }
    if (s->n == 1) {
        return cleat_sdk_dup(cleat_cstr(one_zone));
    }
    if (s->n > endpoints) {
        return cleat_sdk_format("%s (%zu endpoints, %zu zones)", too_few, endpoints, s->n);
    }
    for (size_t i = 0; i < s->n; i++) {
        double share = s->v[i].ratio * (double)endpoints;
        q[i].least = round_up(share * (1 / (1 + OVERLOAD)));
        q[i].desired = share > (double)q[i].least ? share : (double)q[i].least;
        least += q[i].least;
    }
    if (least > endpoints) {
        return cleat_sdk_format("%s (%zu endpoints, %zu zones)", overloaded, endpoints, s->n);
    }
    for (size_t i = 0; i < s->n; i++) {
        q[i].most = q[i].least + endpoints - least;
    }
    return NULL;
}

/* The place of a zone among the shares; their number where it has none. */
static size_t place_of(const struct cleat_ep_shares *s, struct cleat_str zone) {
    size_t i = 0;
    while (i < s->n && !cleat_str_is(zone, s->v[i].zone)) {
        i++;
    }
    return i;
}

static struct cleat_str name_of(const struct cleat_ep_shares *s, size_t i) {
    return cleat_cstr(s->v[i].zone);
}

/* Hints stay as they are, and endpoints without one serve their own zone. Whether that will do;
 * where nobody has a hint there is nothing to be kept. */
static bool keep(const struct cleat_ep_shares *s, struct quota *q, struct cleat_ep_hint *v,
                 size_t n) {
    bool any = false, fits = true;
    for (size_t i = 0; i < n; i++) {
        any |= v[i].held.n > 0;
        size_t at = place_of(s, v[i].held.n > 0 ? v[i].held : v[i].own);
        fits &= at < s->n;
        if (at < s->n) {
            v[i].zone = name_of(s, at);
            q[at].has++;
        }
    }
    for (size_t i = 0; i < s->n; i++) {
        fits &= q[i].has >= q[i].least && q[i].has <= q[i].most;
    }
    return any && fits;
}

/* The most of what a zone gives or takes; NULL = nobody does. */
static struct quota *most(struct quota *q, size_t n, bool gives) {
    struct quota *best = NULL;
    double much = 0;
    for (size_t i = 0; i < n; i++) {
        double here = gives ? q[i].gives : q[i].takes;
        if (here > much) {
            much = here;
            best = &q[i];
        }
    }
    return best;
}

/* How many whole endpoints go from where to where. */
static void settle(struct quota *q, size_t n) {
    for (size_t i = 0; i < n; i++) {
        double more = (double)q[i].has - q[i].desired;
        q[i].gives = more > 0 ? more : 0;
        q[i].takes = more < 0 ? -more : 0;
    }
    for (;;) {
        struct quota *from = most(q, n, true), *to = most(q, n, false);
        if (from == NULL || to == NULL || (from->gives < 1 && to->takes < 1) || from->gives < 0.5 ||
            to->takes < 0.5) {
            return;
        }
        from->gives--;
        from->to_give++;
        to->takes--;
        to->to_take++;
    }
}

/* All serve their own zone, but for those that have to help out elsewhere. Who is where no
 * Node counts can do so first: they stand behind the shares, as a zone that wants nobody. */
static void deal(const struct cleat_ep_shares *s, struct quota *q, struct cleat_ep_hint *v,
                 size_t n) {
    for (size_t i = 0; i <= s->n; i++) {
        q[i].has = 0;
    }
    for (size_t i = 0; i < n; i++) {
        v[i].zone = v[i].own;
        q[place_of(s, v[i].own)].has++;
    }
    settle(q, s->n + 1);
    for (size_t i = 0, to = 0; i < n; i++) {
        size_t from = place_of(s, v[i].own);
        while (to < s->n && q[to].to_take == 0) {
            to++;
        }
        if (to == s->n) {
            return;
        }
        if (q[from].to_give > 0) {
            q[from].to_give--;
            q[to].to_take--;
            v[i].zone = name_of(s, to);
        }
    }
}

char *cleat_ep_hints(const struct cleat_ep_shares *shares, struct cleat_ep_hint *v, size_t n) {
    struct quota *q = cleat_sdk_alloc(shares->n + 1, sizeof *q);
    char *why = set_quotas(shares, n, q);
    for (size_t i = 0; i < n && why == NULL; i++) {
        if (v[i].own.n == 0) {
            why = cleat_sdk_dup(cleat_cstr(no_zone));
        }
    }
    if (why == NULL && !keep(shares, q, v, n)) {
        deal(shares, q, v, n);
    }
    for (size_t i = 0; i < n && why != NULL; i++) {
        v[i].zone = (struct cleat_str){"", 0};
    }
    free(q);
    return why;
}
