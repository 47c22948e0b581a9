/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node-ipam-controller: a block of each cluster CIDR for each Node, written
 * to spec.podCIDRs. What is used is known from the Nodes alone: the cache is
 * read before the first block is given out, so nothing is given twice across
 * restarts, and the API refuses to change a CIDR that is set.
 *
 * The lock guards the sets and the list of Nodes that wait for a free block; it
 * is held for moments and never while calling out.
 */
#include "cidrs.h"

#include <pthread.h>
#include <sys/socket.h>

static const char name[] = "node-ipam-controller";

enum { FAMILIES = 2 };

/* The ranges of one IP family, in the order in which they are filled. */
struct family {
    int family;
    struct cleat_cidrset **sets;
    size_t n_sets;
};

struct ipam {
    cleat_client *client;
    cleat_controller *nodes;
    cleat_informer *informer;
    uint64_t handler;
    pthread_mutex_t lock;
    struct family families[FAMILIES]; /* in the order of the cluster CIDRs */
    size_t n_families;
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

static void make_metrics(struct ipam *p) {
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

static void show_usage(struct ipam *p, const struct cleat_cidrset *s) {
    SDK->metrics->set(series(p->usage, s),
                      (double)cleat_cidrset_used(s) / (double)cleat_cidrset_blocks(s));
}

/* ---- blocks; the lock is held ---- */

static bool allocate(struct ipam *p, struct family *f, struct cleat_cidr *ret) {
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

/* Marks or gives back c wherever it lies; false where that is in no range. */
static bool mark(struct ipam *p, const struct cleat_cidr *c, bool used) {
    bool found = false;
    for (size_t f = 0; f < p->n_families; f++) {
        for (size_t i = 0; i < p->families[f].n_sets; i++) {
            struct cleat_cidrset *s = p->families[f].sets[i];
            size_t before = cleat_cidrset_used(s);
            bool here = used ? cleat_cidrset_occupy(s, c) : cleat_cidrset_release(s, c);
            if (cleat_cidrset_used(s) != before) {
                SDK->metrics->add(series(used ? p->allocations : p->releases, s), 1);
                show_usage(p, s);
            }
            found = found || here;
        }
    }
    return found;
}

static void wait_for_room(struct ipam *p, struct cleat_str node) {
    for (size_t i = 0; i < p->n_waiting; i++) {
        if (cleat_str_is(node, p->waiting[i])) {
            return;
        }
    }
    char **more = cleat_sdk_alloc(p->n_waiting + 1, sizeof *more);
    for (size_t i = 0; i < p->n_waiting; i++) {
        more[i] = p->waiting[i];
    }
    more[p->n_waiting++] = cleat_sdk_dup(node);
    free(p->waiting);
    p->waiting = more;
}

/* Nodes that wait try again. The lock is not held. */
static void wake_waiting(struct ipam *p) {
    pthread_mutex_lock(&p->lock);
    char **names = p->waiting;
    size_t n = p->n_waiting;
    p->waiting = NULL;
    p->n_waiting = 0;
    pthread_mutex_unlock(&p->lock);
    for (size_t i = 0; i < n; i++) {
        SDK->controller->enqueue(p->nodes, cleat_key_of("", names[i]), 0);
        free(names[i]);
    }
    free(names);
}

/* ---- Nodes that have CIDRs ---- */

static struct cleat_val cidrs_of(const cleat_obj *node) {
    return CLEAT_AT(SDK, node, "spec", "podCIDRs");
}

static bool has_cidrs(const cleat_obj *node) {
    return SDK->obj->count(cidrs_of(node)) > 0 || CLEAT_TEXT(SDK, node, "spec", "podCIDR").n > 0;
}

static bool mark_text(struct ipam *p, struct cleat_str text, const cleat_obj *node, bool used) {
    struct cleat_cidr c;
    bool ok = cleat_cidr_parse(text, &c) && mark(p, &c, used);
    if (!ok && used) {
        cleat_node_log(CLEAT_LOG_WARN, name, "node %.*s has the CIDR %.*s, which is in no range",
                       CLEAT_FMT(SDK->obj->name(node)), CLEAT_FMT(text));
    }
    return ok;
}

/* Marks, or gives back, all that the Node has. */
static bool mark_node(struct ipam *p, const cleat_obj *node, bool used) {
    struct cleat_iter it = {0};
    bool any = false;
    pthread_mutex_lock(&p->lock);
    if (SDK->obj->count(cidrs_of(node)) == 0) {
        struct cleat_str one = CLEAT_TEXT(SDK, node, "spec", "podCIDR");
        any = one.n > 0 && mark_text(p, one, node, used);
    }
    while (SDK->obj->next(cidrs_of(node), &it)) {
        any = mark_text(p, SDK->obj->str(it.val), node, used) || any;
    }
    pthread_mutex_unlock(&p->lock);
    return any;
}

static void on_add(void *userdata, const cleat_obj *node, int32_t initial) {
    (void)initial;
    if (has_cidrs(node)) {
        mark_node(userdata, node, true);
    }
}

static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *node) {
    if (!has_cidrs(old) && has_cidrs(node)) {
        mark_node(userdata, node, true); /* ours (no change), or somebody else's */
    }
}

static void on_delete(void *userdata, const cleat_obj *node, int32_t unknown) {
    struct ipam *p = userdata;
    (void)unknown;
    if (mark_node(p, node, false)) {
        wake_waiting(p);
    }
}

/* ---- giving ---- */

static void tell(const cleat_obj *node, const char *reason) {
    char *text =
        cleat_node_format("Node %.*s status is now: %s", CLEAT_FMT(SDK->obj->name(node)), reason);
    SDK->events->record(name, node, "Normal", reason, text);
    free(text);
}

static void give_back(struct ipam *p, const struct cleat_cidr *cidrs, size_t n) {
    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < n; i++) {
        mark(p, &cidrs[i], false);
    }
    pthread_mutex_unlock(&p->lock);
}

/* One block of each family, or none and PENDING. */
static cleat_err take(struct ipam *p, const cleat_obj *node, struct cleat_cidr cidrs[FAMILIES]) {
    size_t n = 0;
    pthread_mutex_lock(&p->lock);
    while (n < p->n_families && allocate(p, &p->families[n], &cidrs[n])) {
        n++;
    }
    bool all = n == p->n_families;
    if (!all) {
        for (size_t i = 0; i < n; i++) {
            mark(p, &cidrs[i], false);
        }
        wait_for_room(p, SDK->obj->name(node));
    }
    pthread_mutex_unlock(&p->lock);
    if (all) {
        return CLEAT_OK;
    }
    tell(node, "CIDRNotAvailable");
    cleat_node_log(CLEAT_LOG_WARN, name,
                   "node %.*s: CIDR allocation failed; there are no remaining CIDRs left to "
                   "allocate in the accepted range",
                   CLEAT_FMT(SDK->obj->name(node)));
    return CLEAT_E_PENDING;
}

static cleat_err patch_node(struct ipam *p, cleat_ctx *ctx, const cleat_obj *node,
                            const struct cleat_cidr *cidrs, struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(NULL);
    for (size_t i = 0; i < p->n_families; i++) {
        char *text = cleat_cidr_format(&cidrs[i]);
        if (i == 0) {
            SDK->obj->set_str(e, CLEAT_PATH("spec", "podCIDR"), cleat_cstr(text));
        }
        SDK->obj->set_str(e, CLEAT_PATH("spec", "podCIDRs", "-"), cleat_cstr(text));
        free(text);
    }
    /* a Node of the same name that came meanwhile is another one */
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "uid"), SDK->obj->uid(node));
    cleat_obj *patch = NULL;
    cleat_err err = SDK->obj->edit_finish(e, &patch, reterr);
    if (err == CLEAT_OK) {
        struct cleat_key key = {{"", 0}, SDK->obj->name(node)};
        err = SDK->client->patch(p->client, ctx, CLEAT_NODE_GVR, key, NULL, CLEAT_PATCH_STRATEGIC,
                                 SDK->obj->bytes(patch), NULL, reterr);
        SDK->obj->unref(patch);
    }
    return err;
}

static cleat_err assign(struct ipam *p, cleat_ctx *ctx, const cleat_obj *node,
                        struct cleat_error *reterr) {
    struct cleat_cidr cidrs[FAMILIES];
    cleat_err err = take(p, node, cidrs);
    if (err != CLEAT_OK) {
        return err;
    }
    err = patch_node(p, ctx, node, cidrs, reterr);
    if (err == CLEAT_OK) {
        return CLEAT_OK;
    }
    /* where the outcome is not known they may be the Node's now: its event tells */
    if (err != CLEAT_E_TIMEOUT && err != CLEAT_E_CANCELLED) {
        give_back(p, cidrs, p->n_families);
    }
    if (err == CLEAT_E_NOT_FOUND || err == CLEAT_E_CONFLICT) {
        return err == CLEAT_E_CONFLICT ? err : CLEAT_OK;
    }
    tell(node, "CIDRAssignmentFailed");
    return err;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct ipam *p = self;
    /* live: a cache that lags would have us take a second block */
    cleat_obj *node = NULL;
    cleat_err err = SDK->client->get(p->client, ctx, CLEAT_NODE_GVR, key, &node, reterr);
    if (err != CLEAT_OK) {
        return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    bool leaving = CLEAT_TEXT(SDK, node, "metadata", "deletionTimestamp").n > 0;
    if (!leaving && !has_cidrs(node)) {
        err = assign(p, ctx, node, reterr);
        if (err == CLEAT_E_PENDING) { /* a block that is given back wakes it */
            ret->requeue_after = 30 * CLEAT_SECOND;
            err = CLEAT_OK;
        }
    }
    SDK->obj->unref(node);
    return err;
}

/* [dispatch] */
static int32_t matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    (void)old;
    return node != NULL && !has_cidrs(node);
}

/* ---- settings ---- */

static cleat_err add_range(struct ipam *p, const struct cleat_cidr *c, int node_mask,
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

/* Calls fn with each range of a comma-separated list. */
static cleat_err each_range(struct ipam *p, const struct cleat_controller_env *env,
                            const char *option,
                            cleat_err (*fn)(struct ipam *p, const struct cleat_controller_env *env,
                                            const struct cleat_cidr *c, struct cleat_error *e),
                            struct cleat_error *reterr) {
    struct cleat_str list = CLEAT_TEXT(SDK, env->config, option);
    while (list.n > 0) {
        const char *comma = memchr(list.p, ',', list.n);
        struct cleat_str item = {list.p, comma != NULL ? (size_t)(comma - list.p) : list.n};
        size_t skip = item.n + (comma != NULL);
        struct cleat_cidr c;
        if (!cleat_cidr_parse(item, &c)) {
            return cleat_errorf(reterr, CLEAT_E_INVALID, "%s: invalid CIDR address: %.*s", option,
                                CLEAT_FMT(item));
        }
        cleat_err err = fn(p, env, &c, reterr);
        if (err != CLEAT_OK) {
            return err;
        }
        list = (struct cleat_str){list.p + skip, list.n - skip};
    }
    return CLEAT_OK;
}

static bool is_dual(const struct cleat_controller_env *env) {
    struct cleat_str list = CLEAT_TEXT(SDK, env->config, "clusterCIDR");
    return memchr(list.p, ':', list.n) != NULL && memchr(list.p, '.', list.n) != NULL;
}

static cleat_err cluster_cidr(struct ipam *p, const struct cleat_controller_env *env,
                              const struct cleat_cidr *c, struct cleat_error *reterr) {
    bool v4 = c->family == AF_INET;
    int64_t mask = cleat_node_option(env, v4 ? "nodeCIDRMaskSizeIPv4" : "nodeCIDRMaskSizeIPv6", 0);
    int64_t both = cleat_node_option(env, "nodeCIDRMaskSize", 0);
    if (both != 0 && is_dual(env)) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "usage of --node-cidr-mask-size is not allowed with dual-stack "
                            "clusters");
    }
    mask = mask != 0 ? mask : both != 0 ? both : v4 ? 24 : 64;
    return add_range(p, c, (int)mask, reterr);
}

static cleat_err service_cidr(struct ipam *p, const struct cleat_controller_env *env,
                              const struct cleat_cidr *c, struct cleat_error *reterr) {
    (void)env;
    (void)reterr;
    mark(p, c, true);
    return CLEAT_OK;
}

/* ---- life ---- */

static void ipam_free(struct ipam *p) {
    if (p->informer != NULL) {
        SDK->informer->remove_handler(p->informer, p->handler);
        SDK->informer->release(p->informer);
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

static cleat_err build(const struct cleat_controller_env *env, struct ipam *p,
                       struct cleat_error *reterr) {
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts, .name = "cidrallocator_node", .workers = 4};
    cleat_err err = each_range(p, env, "clusterCIDR", cluster_cidr, reterr);
    if (err == CLEAT_OK) {
        err = each_range(p, env, "serviceClusterIPRange", service_cidr, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &opts, reconcile, p, &p->nodes, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(p->nodes, CLEAT_NODE_GVR, matters, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->informer->acquire(CLEAT_NODE_GVR, NULL, NULL, &p->informer, reterr);
    }
    if (err == CLEAT_OK) {
        p->handler = SDK->informer->add_handler(
            p->informer, &(struct cleat_handler){.struct_size = sizeof(struct cleat_handler),
                                                 .userdata = p,
                                                 .on_add = on_add,
                                                 .on_update = on_update,
                                                 .on_delete = on_delete});
    }
    return err;
}

static cleat_err ipam_create(const struct cleat_controller_env *env, void **ret_self,
                             struct cleat_error *reterr) {
    if (!cleat_node_option(env, "allocateNodeCIDRs", 0)) {
        return cleat_errorf(reterr, CLEAT_E_UNSUPPORTED, "--allocate-node-cidrs is not set");
    }
    if (CLEAT_TEXT(SDK, env->config, "clusterCIDR").n == 0) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "Controller: Must specify --cluster-cidr if --allocate-node-cidrs is "
                            "set");
    }
    struct ipam *p = cleat_sdk_alloc(1, sizeof *p);
    p->client = env->client;
    pthread_mutex_init(&p->lock, NULL);
    make_metrics(p);
    cleat_err err = build(env, p, reterr);
    if (err != CLEAT_OK) {
        ipam_free(p);
        return err;
    }
    *ret_self = p;
    return CLEAT_OK;
}

static void ipam_destroy(void *self) {
    ipam_free(self);
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "allocateNodeCIDRs", "allocate-node-cidrs",
     "false", "Give each Node a range of pod addresses."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "clusterCIDR", "cluster-cidr", "",
     "Ranges of pod addresses, with commas between; of one family they are filled one after the "
     "other."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "nodeCIDRMaskSize", "node-cidr-mask-size", "0",
     "Mask size of a Node's range, for a single family; 0 = by family."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "nodeCIDRMaskSizeIPv4", "node-cidr-mask-size-ipv4",
     "0", "Mask size of a Node's IPv4 range; 0 = 24."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "nodeCIDRMaskSizeIPv6", "node-cidr-mask-size-ipv6",
     "0", "Mask size of a Node's IPv6 range; 0 = 64."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "serviceClusterIPRange",
     "service-cluster-ip-range", "", "Ranges of service addresses, which are left out."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"nodeipam", "node-ipam", NULL};

const struct cleat_controller_desc cleat_node_ipam_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .name = name,
    .aliases = aliases,
    .description = "Gives each Node its range of pod addresses.",
    .options = options,
    .create = ipam_create,
    .destroy = ipam_destroy,
};
