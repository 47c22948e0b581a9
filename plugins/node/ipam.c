/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node-ipam-controller: a block of each cluster CIDR for each Node, written
 * to spec.podCIDRs. What is used is known from the Nodes alone: the cache is
 * read before the first block is given out, so nothing is given twice across
 * restarts, and the API refuses to change a CIDR that is set.
 *
 * Which blocks are used is blocks.h's to know.
 */
#include "blocks.h"

#include <sys/socket.h>

static const char name[] = "node-ipam-controller";

struct ipam {
    cleat_client *client;
    cleat_controller *nodes;
    cleat_informer *informer;
    uint64_t handler;
    struct cleat_blocks *blocks;
};

/* ---- what is heard [dispatch] ---- */

/* Nodes that wait try again. */
static void wake_waiting(struct ipam *p) {
    char **names = cleat_blocks_waiting(p->blocks);
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        SDK->controller->enqueue(p->nodes, cleat_key_of("", names[i]), 0);
        free(names[i]);
    }
    free(names);
}

static void hear(struct ipam *p, const cleat_obj *before, const cleat_obj *now) {
    if (cleat_blocks_hear(p->blocks, before, now)) {
        wake_waiting(p);
    }
}

static void on_add(void *userdata, const cleat_obj *node, int32_t initial) {
    (void)initial;
    hear(userdata, NULL, node);
}

/* The one may have been deleted and the other be new. */
static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *node) {
    hear(userdata, old, node);
}

static void on_delete(void *userdata, const cleat_obj *node, int32_t unknown) {
    (void)unknown;
    hear(userdata, node, NULL);
}

/* ---- giving ---- */

static void tell(const cleat_obj *node, const char *reason) {
    char *text =
        cleat_node_format("Node %.*s status is now: %s", CLEAT_FMT(SDK->obj->name(node)), reason);
    SDK->events->record(name, node, "Normal", reason, text);
    free(text);
}

static cleat_err patch_node(struct ipam *p, cleat_ctx *ctx, const cleat_obj *node,
                            const struct cleat_cidr *cidrs, size_t n, struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(NULL);
    for (size_t i = 0; i < n; i++) {
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
    struct cleat_cidr cidrs[CLEAT_FAMILIES];
    size_t n = cleat_blocks_claim(p->blocks, node, cidrs);
    if (n == 0) {
        tell(node, "CIDRNotAvailable");
        cleat_node_log(CLEAT_LOG_WARN, name,
                       "node %.*s: CIDR allocation failed; there are no remaining CIDRs left to "
                       "allocate in the accepted range",
                       CLEAT_FMT(SDK->obj->name(node)));
        return CLEAT_E_PENDING;
    }
    cleat_err err = patch_node(p, ctx, node, cidrs, n, reterr);
    /* where the outcome is not known they may be the Node's now: the next try is for the same */
    if (cleat_node_was_refused(err)) {
        cleat_blocks_unclaim(p->blocks, SDK->obj->name(node), SDK->obj->uid(node));
        wake_waiting(p);
    }
    if (err == CLEAT_E_NOT_FOUND || err == CLEAT_E_CONFLICT || err == CLEAT_OK) {
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
    if (!leaving && !cleat_blocks_of(node)) {
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
    return node != NULL && !cleat_blocks_of(node);
}

/* ---- settings ---- */

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
    return cleat_blocks_add_range(p->blocks, c, (int)mask, reterr);
}

static cleat_err service_cidr(struct ipam *p, const struct cleat_controller_env *env,
                              const struct cleat_cidr *c, struct cleat_error *reterr) {
    (void)env;
    (void)reterr;
    cleat_blocks_reserve(p->blocks, c);
    return CLEAT_OK;
}

/* ---- life ---- */

static void ipam_free(struct ipam *p) {
    if (p->informer != NULL) {
        SDK->informer->remove_handler(p->informer, p->handler);
        SDK->informer->release(p->informer);
    }
    cleat_blocks_free(p->blocks);
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
    struct cleat_str type = CLEAT_TEXT(SDK, env->config, "cidrAllocatorType");
    if (cleat_str_is(type, "CloudAllocator")) {
        return cleat_errorf(
            reterr, CLEAT_E_UNSUPPORTED,
            "--cidr-allocator-type is set to 'CloudAllocator' but cloud provider is "
            "not configured");
    }
    if (type.n > 0 && !cleat_str_is(type, "RangeAllocator")) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "no CIDR allocator type %.*s",
                            CLEAT_FMT(type));
    }
    if (CLEAT_TEXT(SDK, env->config, "clusterCIDR").n == 0) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "Controller: Must specify --cluster-cidr if --allocate-node-cidrs is "
                            "set");
    }
    struct ipam *p = cleat_sdk_alloc(1, sizeof *p);
    p->client = env->client;
    p->blocks = cleat_blocks_new();
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
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "cidrAllocatorType", "cidr-allocator-type",
     "RangeAllocator", "Who gives it; RangeAllocator is the only one."},
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
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = name,
    .aliases = aliases,
    .description = "Gives each Node its range of pod addresses.",
    .options = options,
    .create = ipam_create,
    .destroy = ipam_destroy,
};
