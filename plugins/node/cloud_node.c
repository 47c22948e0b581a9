/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cloud-node-controller: Nodes of the cloud from their discovery to their
 * first address, and their addresses from then on. Three reconcilers: the
 * Nodes' own (initialisation, labels), one that refreshes addresses at a fixed
 * period, and discovery. Nodes that belong to no loaded provider are not touched.
 */
#include "node.h"

struct cloud_node {
    cleat_client *client;
    cleat_controller *nodes, *addresses;
    struct cleat_node_discovery *discovery; /* NULL where Nodes are not to be created */
    struct cleat_node_metrics metrics;
    cleat_time refresh_period;
    bool says_initialized; /* a condition tells whether a Node is */
};

/* ---- the Nodes' reconciler ---- */

/* [dispatch] */
static int32_t node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    (void)old;
    return node != NULL && (cleat_node_has_taint(node, CLEAT_TAINT_UNINITIALIZED) ||
                            cleat_node_labels_differ(node));
}

/* Says on the Node how it went. What cannot be written is left to the next try. [worker] */
static void say(struct cloud_node *c, cleat_ctx *ctx, const cleat_obj *node, cleat_err err,
                bool known, const struct cleat_error *why) {
    static const char unknown[] = "The cloud provider does not know this node";
    struct cleat_str n = SDK->obj->name(node);
    if (err != CLEAT_OK) {
        /* upstream leaves the reason in its log only; whoever asks why the
         * taint stays looks at the Node */
        SDK->events->record(cleat_cloud_node_desc.name, node, "Warning", "SyncFailed",
                            why->message);
    } else if (!known && c->says_initialized) {
        SDK->events->record(cleat_cloud_node_desc.name, node, "Warning", "UnknownToCloud", unknown);
    }
    if (!c->says_initialized) {
        return;
    }
    const char *reason = err != CLEAT_OK ? "SyncFailed" : known ? "Synced" : "UnknownToCloud";
    const char *message = err != CLEAT_OK ? why->message
                          : known         ? "Node synced successfully"
                                          : unknown;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat_node_say_initialized(c->client, ctx, n, err == CLEAT_OK && known, reason, message,
                                   &e) != CLEAT_OK) {
        cleat_node_log(CLEAT_LOG_DEBUG, cleat_cloud_node_desc.name, "node %.*s: %s", CLEAT_FMT(n),
                       e.message);
    }
}

static cleat_err initialize(struct cloud_node *c, cleat_ctx *ctx, const cleat_obj *node,
                            struct cleat_error *reterr) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    bool known = false;
    cleat_err err = cleat_node_initialize(c->client, ctx, &c->metrics, node, &known, &why);
    if (err != CLEAT_OK && reterr != NULL) {
        *reterr = why;
    }
    if (err != CLEAT_E_PENDING && err != CLEAT_E_THROTTLED && err != CLEAT_E_CANCELLED) {
        say(c, ctx, node, err, known, &why);
    }
    return err;
}

static cleat_err reconcile_node(void *self, cleat_ctx *ctx, struct cleat_key key,
                                struct cleat_result *ret, struct cleat_error *reterr) {
    (void)ret;
    struct cloud_node *c = self;
    cleat_obj *node = SDK->informer->get(SDK->controller->informer(c->nodes, CLEAT_NODE_GVR), key);
    if (node == NULL || SDK->clouds->for_node(node) == NULL) {
        SDK->obj->unref(node);
        return CLEAT_OK;
    }
    if (!cleat_node_has_taint(node, CLEAT_TAINT_UNINITIALIZED)) {
        cleat_err err = cleat_node_reconcile_labels(c->client, ctx, node, reterr);
        SDK->obj->unref(node);
        return err;
    }
    cleat_err err = initialize(c, ctx, node, reterr);
    if (err != CLEAT_OK) {
        /* the taint may be gone already, and the addresses be missing */
        SDK->controller->enqueue(c->addresses, key, CLEAT_SECOND);
    }
    SDK->obj->unref(node);
    return err;
}

/* ---- the addresses' reconciler ---- */

/* A Node that is seen for the first time is refreshed at once; one that has
 * just been initialised has its addresses, so its period begins. [dispatch] */
static int32_t addresses_matter(void *self, const cleat_obj *old, const cleat_obj *node) {
    struct cloud_node *c = self;
    if (node == NULL || cleat_node_has_taint(node, CLEAT_TAINT_UNINITIALIZED)) {
        return 0;
    }
    if (old != NULL && cleat_node_has_taint(old, CLEAT_TAINT_UNINITIALIZED)) {
        struct cleat_key key = {{"", 0}, SDK->obj->name(node)};
        SDK->controller->enqueue(c->addresses, key, cleat_node_jitter(c->refresh_period));
    }
    return old == NULL;
}

static cleat_err reconcile_addresses(void *self, cleat_ctx *ctx, struct cleat_key key,
                                     struct cleat_result *ret, struct cleat_error *reterr) {
    struct cloud_node *c = self;
    (void)reterr;
    cleat_obj *node =
        SDK->informer->get(SDK->controller->informer(c->addresses, CLEAT_NODE_GVR), key);
    if (node == NULL || SDK->clouds->for_node(node) == NULL ||
        cleat_node_has_taint(node, CLEAT_TAINT_UNINITIALIZED)) {
        SDK->obj->unref(node);
        return CLEAT_OK;
    }
    struct cleat_error why = CLEAT_ERROR_INIT;
    cleat_err err = cleat_node_refresh_addresses(c->client, ctx, node, &why);
    ret->requeue_after = cleat_node_jitter(c->refresh_period);
    if (err != CLEAT_OK) {
        if (why.retry_after_ms > 0) {
            ret->requeue_after = why.retry_after_ms * CLEAT_MS;
        }
        cleat_node_log(CLEAT_LOG_WARN, cleat_cloud_node_desc.name,
                       "addresses of node %.*s not refreshed: %s", CLEAT_FMT(key.name),
                       why.message);
    }
    SDK->obj->unref(node);
    return CLEAT_OK;
}

/* ---- life ---- */

static void make_metrics(struct cleat_node_metrics *m) {
    static const double buckets[] = {1, 4, 16, 64, 256, 1024};
    const size_t n = sizeof buckets / sizeof *buckets;
    cleat_metric *f = SDK->metrics->family(
        "node_controller_cloud_provider_taint_removal_delay_seconds",
        "Seconds from a Node's creation to the removal of the uninitialized taint.",
        CLEAT_HISTOGRAM, NULL, buckets, n);
    m->taint_removal_delay = SDK->metrics->with(f, (const char *const[]){NULL});
    f = SDK->metrics->family(
        "node_controller_initial_node_sync_delay_seconds",
        "Seconds from a Node's creation to its first initialisation with an answer of the cloud.",
        CLEAT_HISTOGRAM, NULL, buckets, n);
    m->initial_sync_delay = SDK->metrics->with(f, (const char *const[]){NULL});
}

static cleat_err make_reconciler(const struct cleat_controller_env *env, const char *name,
                                 int64_t workers, cleat_reconcile_fn fn, cleat_predicate_fn matters,
                                 struct cloud_node *c, cleat_controller **ret,
                                 struct cleat_error *reterr) {
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts,
        .name = name,
        .workers = (int32_t)workers,
        .timeout = 2 * 60 * CLEAT_SECOND,
    };
    cleat_err err = SDK->controller->reconciler_new(env, &opts, fn, c, ret, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(*ret, CLEAT_NODE_GVR, matters, reterr);
    }
    return err;
}

static bool any_provider_has_instances(void) {
    for (size_t i = 0; i < SDK->clouds->count(); i++) {
        if (cleat_node_instances(SDK->clouds->at(i)) != NULL) {
            return true;
        }
    }
    return false;
}

static cleat_err cloud_node_create(const struct cleat_controller_env *env, void **ret_self,
                                   struct cleat_error *reterr) {
    int64_t syncs = cleat_node_option(env, "concurrentNodeSyncs", 1);
    int64_t updates = cleat_node_option(env, "concurrentNodeStatusUpdates", 0);
    if (syncs <= 0) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "concurrentNodeSyncs must be greater than zero, is %lld",
                            (long long)syncs);
    }
    if (!any_provider_has_instances()) {
        return cleat_errorf(reterr, CLEAT_E_UNSUPPORTED,
                            "cloud provider does not support instances");
    }
    struct cloud_node *c = cleat_sdk_alloc(1, sizeof *c);
    c->client = env->client;
    c->refresh_period = cleat_node_option(env, "nodeStatusUpdateFrequency", 300 * CLEAT_SECOND);
    c->says_initialized = cleat_node_option(env, "nodeInitializationCondition", 0) != 0;
    make_metrics(&c->metrics);
    cleat_err err = make_reconciler(env, "cloud-node", syncs, reconcile_node, node_matters, c,
                                    &c->nodes, reterr);
    if (err == CLEAT_OK) {
        err = make_reconciler(env, "cloud-node-addresses", updates > 0 ? updates : syncs,
                              reconcile_addresses, addresses_matter, c, &c->addresses, reterr);
    }
    if (err == CLEAT_OK && cleat_node_option(env, "createNodes", 1)) {
        cleat_time period = cleat_node_option(env, "discoveryPeriod", 10 * CLEAT_SECOND);
        err = cleat_node_discovery_new(env, period, &c->discovery, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static cleat_err cloud_node_start(void *self, struct cleat_error *reterr) {
    (void)reterr;
    struct cloud_node *c = self;
    if (c->discovery != NULL) {
        cleat_node_discovery_start(c->discovery);
    }
    return CLEAT_OK;
}

static void cloud_node_request_stop(void *self) {
    struct cloud_node *c = self;
    cleat_node_discovery_request_stop(c->discovery);
}

static void cloud_node_destroy(void *self) {
    struct cloud_node *c = self;
    cleat_node_discovery_free(c->discovery);
    free(c);
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentNodeSyncs", "concurrent-node-syncs",
     "4", "Nodes that are initialised at the same time."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentNodeStatusUpdates",
     "concurrent-node-status-updates", "0",
     "Nodes whose addresses are refreshed at the same time; 0 = as concurrentNodeSyncs."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "nodeStatusUpdateFrequency",
     "node-status-update-frequency", "5m", "How often a Node's addresses are asked for again."},
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "createNodes", "create-nodes-from-cloud", "true",
     "Create a Node for each server that a provider lists."},
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "nodeInitializationCondition",
     "node-initialization-condition", "false",
     "Keep a condition on Nodes that tells whether they are initialised, and if not, why."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "discoveryPeriod", "cloud-discovery-period",
     "10s",
     "How often providers are asked for their servers, beside what they tell by themselves."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"cloud-node", NULL};

const struct cleat_controller_desc cleat_cloud_node_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .name = "cloud-node-controller",
    .aliases = aliases,
    .description = "Creates and initialises the Nodes of the cloud's servers.",
    .options = options,
    .create = cloud_node_create,
    .start = cloud_node_start,
    .request_stop = cloud_node_request_stop,
    .destroy = cloud_node_destroy,
};
