/* SPDX-License-Identifier: Apache-2.0 */
/* See blocks.h. Claims stand in a table by name; there are as many as writes under way. */
#include "blocks.h"

#include <pthread.h>
#include <sys/socket.h>

static const char component[] = "node-ipam-controller";

enum { SLOTS = 1024 };

/* The ranges of one IP family, in the order in which they are filled. */
struct family {
    int family;
    struct cleat_cidrset **sets;
    size_t n_sets;
};

struct claim {
    char *node, *uid;
    struct cleat_cidr cidrs[CLEAT_FAMILIES];
    struct claim *next;
};

struct cleat_blocks {
    pthread_mutex_t lock;                   /* guards all below but the metrics */
    struct family families[CLEAT_FAMILIES]; /* in the order in which they were added */
    size_t n_families;
    struct claim *claims[SLOTS];
    char **waiting; /* Nodes that found nothing free */
    size_t n_waiting;
    cleat_metric *allocations, *releases, *usage, *max, *tries;
};

/* ---- metrics ---- */

static cleat_metric *series(cleat_metric *family, const struct cleat_cidrset *s) {
    char *text = cleat_cidr_format(cleat_cidrset_range(s));
    cleat_metric *m = SDK->metrics->with(family, (const char *const[]){text, NULL});
    free(text);
    return m;
}

static void make_metrics(struct cleat_blocks *p) {
    static const char *const labels[] = {"clusterCIDR", NULL};
    static const double buckets[] = {1, 5, 25, 125, 625};
    p->allocations =
        SDK->metrics->family("node_ipam_controller_cidrset_cidrs_allocations_total",
                             "CIDRs that were given to Nodes.", CLEAT_COUNTER, labels, NULL, 0);
    p->releases =
        SDK->metrics->family("node_ipam_controller_cidrset_cidrs_releases_total",
                             "CIDRs that were given back.", CLEAT_COUNTER, labels, NULL, 0);
    p->usage =
        SDK->metrics->family("node_ipam_controller_cidrset_usage_cidrs",
                             "Used CIDRs as a part of all of them.", CLEAT_GAUGE, labels, NULL, 0);
    /* upstream's spelling */
    p->max = SDK->metrics->family("node_ipam_controller_cirdset_max_cidrs", "CIDRs that there are.",
                                  CLEAT_GAUGE, labels, NULL, 0);
    p->tries =
        SDK->metrics->family("node_ipam_controller_cidrset_allocation_tries_per_request",
                             "CIDRs that were looked at until a free one was found.",
                             CLEAT_HISTOGRAM, labels, buckets, sizeof buckets / sizeof *buckets);
}

static void show_usage(struct cleat_blocks *p, const struct cleat_cidrset *s) {
    SDK->metrics->set(series(p->usage, s),
                      (double)cleat_cidrset_used(s) / (double)cleat_cidrset_blocks(s));
}

/* ---- blocks; the lock is held ---- */

static bool allocate(struct cleat_blocks *p, struct family *f, struct cleat_cidr *ret) {
    for (size_t i = 0; i < f->n_sets; i++) {
        size_t tries = 0;
        if (cleat_cidrset_next(f->sets[i], ret, &tries)) {
            SDK->metrics->add(series(p->allocations, f->sets[i]), 1);
            SDK->metrics->add(series(p->tries, f->sets[i]), (double)tries);
            show_usage(p, f->sets[i]);
            return true;
        }
    }
    return false;
}

/* One user more or less of c, wherever it lies; false where that is in no range. *freed is set
 * where a block has none any more. */
static bool mark(struct cleat_blocks *p, const struct cleat_cidr *c, bool used, bool *freed) {
    bool found = false;
    for (size_t f = 0; f < p->n_families; f++) {
        for (size_t i = 0; i < p->families[f].n_sets; i++) {
            struct cleat_cidrset *s = p->families[f].sets[i];
            size_t before = cleat_cidrset_used(s);
            bool here = used ? cleat_cidrset_occupy(s, c) : cleat_cidrset_release(s, c);
            if (cleat_cidrset_used(s) != before) {
                SDK->metrics->add(series(used ? p->allocations : p->releases, s), 1);
                show_usage(p, s);
                *freed = *freed || !used;
            }
            found = found || here;
        }
    }
    return found;
}

static struct cleat_val cidrs_of(const cleat_obj *node) {
    return CLEAT_AT(SDK, node, "spec", "podCIDRs");
}

bool cleat_blocks_of(const cleat_obj *node) {
    return SDK->obj->count(cidrs_of(node)) > 0 || CLEAT_TEXT(SDK, node, "spec", "podCIDR").n > 0;
}

static void mark_text(struct cleat_blocks *p, struct cleat_str text, const cleat_obj *node,
                      bool used, bool *freed) {
    struct cleat_cidr c;
    bool ok = cleat_cidr_parse(text, &c) && mark(p, &c, used, freed);
    if (!ok && used) {
        cleat_node_log(CLEAT_LOG_WARN, component,
                       "node %.*s has the CIDR %.*s, which is in no range",
                       CLEAT_FMT(SDK->obj->name(node)), CLEAT_FMT(text));
    }
}

/* All that the Node has. */
static void mark_node(struct cleat_blocks *p, const cleat_obj *node, bool used, bool *freed) {
    struct cleat_iter it = {0};
    if (SDK->obj->count(cidrs_of(node)) == 0) {
        struct cleat_str one = CLEAT_TEXT(SDK, node, "spec", "podCIDR");
        if (one.n > 0) {
            mark_text(p, one, node, used, freed);
        }
    }
    while (SDK->obj->next(cidrs_of(node), &it)) {
        mark_text(p, SDK->obj->str(it.val), node, used, freed);
    }
}

/* ---- claims; the lock is held ---- */

static struct claim **slot_of(struct cleat_blocks *p, struct cleat_str node) {
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < node.n; i++) {
        h = (h ^ (unsigned char)node.p[i]) * 1099511628211u;
    }
    struct claim **c = &p->claims[(h ^ h >> 32) % SLOTS];
    while (*c != NULL && !cleat_str_is(node, (*c)->node)) {
        c = &(*c)->next;
    }
    return c;
}

static void drop(struct cleat_blocks *p, struct claim **at, bool *freed) {
    struct claim *c = *at;
    *at = c->next;
    for (size_t i = 0; i < p->n_families; i++) {
        mark(p, &c->cidrs[i], false, freed);
    }
    free(c->node);
    free(c->uid);
    free(c);
}

/* Of the Node with this uid only. */
static void end_claim(struct cleat_blocks *p, struct cleat_str node, struct cleat_str uid,
                      bool *freed) {
    struct claim **at = slot_of(p, node);
    if (*at != NULL && cleat_str_is(uid, (*at)->uid)) {
        drop(p, at, freed);
    }
}

static void wait_for_room(struct cleat_blocks *p, struct cleat_str node) {
    for (size_t i = 0; i < p->n_waiting; i++) {
        if (cleat_str_is(node, p->waiting[i])) {
            return;
        }
    }
    char **more = cleat_sdk_alloc(p->n_waiting + 2, sizeof *more);
    for (size_t i = 0; i < p->n_waiting; i++) {
        more[i] = p->waiting[i];
    }
    more[p->n_waiting++] = cleat_sdk_dup(node);
    free(p->waiting);
    p->waiting = more;
}

/* ---- what others call ---- */

struct cleat_blocks *cleat_blocks_new(void) {
    struct cleat_blocks *p = cleat_sdk_alloc(1, sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    make_metrics(p);
    return p;
}

void cleat_blocks_free(struct cleat_blocks *p) {
    if (p == NULL) {
        return;
    }
    bool freed = false;
    for (size_t i = 0; i < SLOTS; i++) {
        while (p->claims[i] != NULL) {
            drop(p, &p->claims[i], &freed);
        }
    }
    for (size_t f = 0; f < p->n_families; f++) {
        for (size_t i = 0; i < p->families[f].n_sets; i++) {
            cleat_cidrset_free(p->families[f].sets[i]);
        }
        free(p->families[f].sets);
    }
    for (size_t i = 0; i < p->n_waiting; i++) {
        free(p->waiting[i]);
    }
    free(p->waiting);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

cleat_err cleat_blocks_add_range(struct cleat_blocks *p, const struct cleat_cidr *c, int node_mask,
                                 struct cleat_error *reterr) {
    if (node_mask < c->mask || node_mask > (c->family == AF_INET ? 32 : 128)) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "Controller: Invalid --cluster-cidr, mask size of cluster CIDR must be "
                            "less than or equal to --node-cidr-mask-size configured for CIDR "
                            "family");
    }
    if ((c->family == AF_INET6 && node_mask - c->mask > 16) || node_mask - c->mask > 24) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "New CIDR set failed; the node CIDR size is too big");
    }
    size_t f = 0;
    while (f < p->n_families && p->families[f].family != c->family) {
        f++;
    }
    struct family *family = &p->families[f];
    if (f == p->n_families) {
        family->family = c->family;
        p->n_families++;
    }
    for (size_t i = 0; i < family->n_sets; i++) {
        if (cleat_cidr_overlap(cleat_cidrset_range(family->sets[i]), c)) {
            return cleat_errorf(reterr, CLEAT_E_INVALID, "cluster CIDRs overlap");
        }
    }
    struct cleat_cidrset **more = cleat_sdk_alloc(family->n_sets + 1, sizeof *more);
    for (size_t i = 0; i < family->n_sets; i++) {
        more[i] = family->sets[i];
    }
    more[family->n_sets] = cleat_cidrset_new(c, node_mask);
    SDK->metrics->set(series(p->max, more[family->n_sets]),
                      (double)cleat_cidrset_blocks(more[family->n_sets]));
    free(family->sets);
    family->sets = more;
    family->n_sets++;
    return CLEAT_OK;
}

void cleat_blocks_reserve(struct cleat_blocks *p, const struct cleat_cidr *c) {
    bool freed = false;
    pthread_mutex_lock(&p->lock);
    mark(p, c, true, &freed);
    pthread_mutex_unlock(&p->lock);
}

/* Whether both say the same of the same Node. */
static bool same(const cleat_obj *before, const cleat_obj *now) {
    return cleat_str_eq(SDK->obj->uid(before), SDK->obj->uid(now)) &&
           SDK->obj->equal(cidrs_of(before), cidrs_of(now)) &&
           cleat_str_eq(CLEAT_TEXT(SDK, before, "spec", "podCIDR"),
                        CLEAT_TEXT(SDK, now, "spec", "podCIDR"));
}

bool cleat_blocks_hear(struct cleat_blocks *p, const cleat_obj *before, const cleat_obj *now) {
    bool freed = false;
    if (before != NULL && now != NULL && same(before, now)) {
        return false;
    }
    pthread_mutex_lock(&p->lock);
    if (now != NULL) { /* first, so that what it keeps is never free in between */
        mark_node(p, now, true, &freed);
        if (cleat_blocks_of(now)) {
            end_claim(p, SDK->obj->name(now), SDK->obj->uid(now), &freed);
        }
    }
    if (before != NULL) {
        mark_node(p, before, false, &freed);
        if (now == NULL || !cleat_str_eq(SDK->obj->uid(before), SDK->obj->uid(now))) {
            end_claim(p, SDK->obj->name(before), SDK->obj->uid(before), &freed);
        }
    }
    pthread_mutex_unlock(&p->lock);
    return freed;
}

size_t cleat_blocks_claim(struct cleat_blocks *p, const cleat_obj *node,
                          struct cleat_cidr ret[CLEAT_FAMILIES]) {
    struct cleat_str name = SDK->obj->name(node), uid = SDK->obj->uid(node);
    bool freed = false;
    size_t n = 0;
    pthread_mutex_lock(&p->lock);
    struct claim **at = slot_of(p, name);
    if (*at != NULL && !cleat_str_is(uid, (*at)->uid)) {
        drop(p, at, &freed); /* of an earlier Node of this name */
        at = slot_of(p, name);
    }
    if (*at != NULL) {
        memcpy(ret, (*at)->cidrs, sizeof(*at)->cidrs);
        n = p->n_families;
        pthread_mutex_unlock(&p->lock);
        return n;
    }
    while (n < p->n_families && allocate(p, &p->families[n], &ret[n])) {
        n++;
    }
    if (n == p->n_families) {
        struct claim *c = *at = cleat_sdk_alloc(1, sizeof *c);
        c->node = cleat_sdk_dup(name);
        c->uid = cleat_sdk_dup(uid);
        memcpy(c->cidrs, ret, n * sizeof *ret);
    } else {
        for (size_t i = 0; i < n; i++) {
            mark(p, &ret[i], false, &freed);
        }
        n = 0;
        wait_for_room(p, name);
    }
    pthread_mutex_unlock(&p->lock);
    return n;
}

void cleat_blocks_unclaim(struct cleat_blocks *p, struct cleat_str node, struct cleat_str uid) {
    bool freed = false;
    pthread_mutex_lock(&p->lock);
    end_claim(p, node, uid, &freed);
    pthread_mutex_unlock(&p->lock);
}

char **cleat_blocks_waiting(struct cleat_blocks *p) {
    pthread_mutex_lock(&p->lock);
    char **names = p->waiting;
    p->waiting = NULL;
    p->n_waiting = 0;
    pthread_mutex_unlock(&p->lock);
    return names;
}
