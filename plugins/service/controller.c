/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service-lb-controller: a balancer of the cloud for each Service of type
 * LoadBalancer that belongs to a provider.
 *
 * Three reconcilers. Services come by their own changes, those that upstream looks at.
 * A change of Nodes waits for more of its kind, then brings every balancer once into the
 * queue of hosts, beside that of Services so that neither delays the other. In both, a
 * reconcile whose provider is slow gives its place to another.
 */
#include "service.h"

#include <stdatomic.h>

const char cleat_service_component[] = "service-lb-controller";

#define LOOK_AGAIN (5 * CLEAT_SECOND) /* at Nodes that the cache may have lost */

struct cleat_service_hosts *cleat_service_hosts_now(struct cleat_service_controller *c,
                                                    cleat_ctx *ctx,
                                                    const struct cleat_cloud *cloud) {
    const struct cleat_service_pool_reader r = {
        c->client, ctx, SDK->controller->informer(c->nodes, CLEAT_NODE_GVR)};
    bool doubtful = false;
    struct cleat_service_hosts *h = cleat_service_pool_get(c->pool, &r, cloud, &doubtful);
    if (doubtful) {
        SDK->controller->enqueue(c->nodes, cleat_key_of("", "again"), LOOK_AGAIN);
    }
    return h;
}

cleat_ctx *cleat_service_call(const struct cleat_service_controller *c, cleat_ctx *ctx) {
    return SDK->ctx->child(ctx, c->call_timeout);
}

cleat_err cleat_service_exists(const struct cleat_service_controller *c, cleat_ctx *ctx,
                               const struct cleat_cloud *cloud, const cleat_obj *service, bool *ret,
                               struct cleat_error *reterr) {
    const struct cleat_lb_ops *ops = cleat_service_ops(cloud);
    int32_t exists = 1;
    *ret = true;
    if (!CLEAT_HAS(ops, struct cleat_lb_ops, get)) {
        return CLEAT_OK;
    }
    cleat_ctx *call = cleat_service_call(c, ctx);
    cleat_err err = ops->get(cloud->self, call, c->cluster, service, &exists, NULL, reterr);
    SDK->ctx->free(call);
    if (err == CLEAT_OK || err == CLEAT_E_NOT_FOUND) {
        *ret = err == CLEAT_OK && exists;
        return CLEAT_OK;
    }
    return err == CLEAT_E_ELSEWHERE ? CLEAT_OK : err;
}

/* ---- changes ---- */

static bool needs_cleanup(const cleat_obj *service) {
    return cleat_service_is_held(service) &&
           (cleat_service_is_ending(service) || !cleat_service_is_balanced(service));
}

/* [dispatch] */
static int32_t service_matters(void *self, const cleat_obj *old, const cleat_obj *service) {
    (void)self;
    if (old == NULL || service == NULL) {
        const cleat_obj *o = service != NULL ? service : old;
        return cleat_service_is_balanced(o) || needs_cleanup(o);
    }
    bool balanced = cleat_service_is_balanced(old) || cleat_service_is_balanced(service);
    bool differs = balanced && cleat_service_differs(old, service);
    if (differs) {
        cleat_service_tell_changes(old, service);
    }
    return needs_cleanup(service) || differs || (balanced && cleat_service_lost_hold(old, service));
}

/* The first change of a Node opens a window; all that follow in it are one. [dispatch] */
static int32_t node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    struct cleat_service_controller *c = self;
    if (cleat_service_pool_concerns(c->pool, old, node)) {
        cleat_service_pool_changed(c->pool);
        SDK->controller->enqueue(c->nodes, cleat_key_of("", "nodes"), c->debounce);
    }
    return 0;
}

/* For those who read the Nodes' cache: they wait until it is filled. [dispatch] */
static int32_t never(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    (void)old;
    (void)node;
    return 0;
}

static void enqueue_hosts(void *userdata, struct cleat_key key) {
    struct cleat_service_controller *c = userdata;
    SDK->controller->enqueue(c->hosts, key, 0);
}

static cleat_err nodes_changed(void *self, cleat_ctx *ctx, struct cleat_key key,
                               struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_service_controller *c = self;
    cleat_time began = SDK->clock->monotonic();
    (void)ret;
    (void)reterr;
    if (cleat_str_is(key.name, "again")) {
        cleat_service_pool_changed(c->pool);
    }
    for (size_t i = 0; i < SDK->clouds->count(); i++) { /* here once, or each worker would */
        const struct cleat_cloud *cloud = SDK->clouds->at(i);
        if (cleat_service_ops(cloud) != NULL) {
            cleat_service_hosts_unref(cleat_service_hosts_now(c, ctx, cloud));
        }
    }
    cleat_time last = atomic_load(&c->round);
    atomic_store(&c->round, began); /* before anybody is due */
    if (!cleat_service_records_each(c->records, enqueue_hosts, c)) {
        atomic_store(&c->round, last); /* some are since then */
    }
    return CLEAT_OK;
}

/* ---- life ---- */

static cleat_metric *metric(const char *name, const char *help, int32_t type) {
    static const double buckets[] = {1,   2,   4,    8,    16,   32,   64,   128,
                                     256, 512, 1024, 2048, 4096, 8192, 16384};
    size_t n = type == CLEAT_HISTOGRAM ? sizeof buckets / sizeof *buckets : 0;
    cleat_metric *f = SDK->metrics->family(name, help, type, NULL, buckets, n);
    return SDK->metrics->with(f, (const char *const[]){NULL});
}

static void make_metrics(struct cleat_service_controller *c) {
    c->syncs =
        metric("service_controller_loadbalancer_sync_total",
               "How often a balancer was configured, as Services or Nodes changed.", CLEAT_COUNTER);
    c->node_errors = metric("service_controller_nodesync_error_total",
                            "Balancers whose Nodes could not be changed.", CLEAT_COUNTER);
    c->node_latency =
        metric("service_controller_nodesync_latency_seconds",
               "Seconds until all balancers have heard of a change of Nodes.", CLEAT_HISTOGRAM);
    c->host_latency = metric("service_controller_update_loadbalancer_host_latency_seconds",
                             "Seconds of changing a balancer's Nodes.", CLEAT_HISTOGRAM);
    c->swept = metric("cleat_service_orphaned_loadbalancers_deleted_total",
                      "Balancers that no Service was for.", CLEAT_COUNTER);
}

static void service_destroy(void *self) {
    struct cleat_service_controller *c = self;
    cleat_service_records_free(c->records);
    cleat_service_orphans_free(c->orphans);
    cleat_service_pool_free(c->pool);
    free(c->cluster);
    free(c);
}

static bool any_provider_has_balancers(void) {
    for (size_t i = 0; i < SDK->clouds->count(); i++) {
        if (cleat_service_ops(SDK->clouds->at(i)) != NULL) {
            return true;
        }
    }
    return false;
}

/* Providers that can tell what they have. */
static cleat_err make_sweeps(const struct cleat_controller_env *env,
                             struct cleat_service_controller *c, struct cleat_error *reterr) {
    const struct cleat_reconciler_opts opts = {.struct_size = sizeof opts,
                                               .name = "service-orphans",
                                               .workers = 1,
                                               .base_delay = c->orphan_period,
                                               .max_delay = c->orphan_period,
                                               .qps = -1,
                                               .slow_after = CLEAT_SECOND};
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, cleat_service_sweep, c, &c->sweeps, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->sweeps, CLEAT_SERVICE_GVR, never, reterr);
    }
    for (size_t i = 0; err == CLEAT_OK && i < SDK->clouds->count(); i++) {
        const struct cleat_cloud *cloud = SDK->clouds->at(i);
        const struct cleat_lb_ops *ops = cleat_service_ops(cloud);
        if (ops != NULL && CLEAT_HAS(ops, struct cleat_lb_ops, list)) {
            SDK->controller->enqueue(c->sweeps, cleat_key_of("", cloud->name), c->orphan_period);
        }
    }
    return err;
}

static cleat_err make_reconcilers(const struct cleat_controller_env *env,
                                  struct cleat_service_controller *c, struct cleat_error *reterr) {
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts,
        .name = "service",
        .workers = (int32_t)cleat_sdk_option(SDK, env, "concurrentServiceSyncs"),
        .base_delay = 5 * CLEAT_SECOND,
        .max_delay = CLEAT_SERVICE_MAX_DELAY,
        .qps = -1,
        .slow_after = CLEAT_SECOND / 2,
    };
    if (opts.workers < 1) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "concurrentServiceSyncs must be greater than zero, is %d",
                            opts.workers);
    }
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, cleat_service_sync, c, &c->services, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->services, CLEAT_SERVICE_GVR, service_matters, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->services, CLEAT_NODE_GVR, never, reterr);
    }
    opts.name = "service-hosts";
    if (err == CLEAT_OK) {
        err =
            SDK->controller->reconciler_new(env, &opts, cleat_service_update, c, &c->hosts, reterr);
    }
    opts.name = "service-nodes";
    opts.workers = 1;
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &opts, nodes_changed, c, &c->nodes, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->nodes, CLEAT_NODE_GVR, node_matters, reterr);
    }
    if (err == CLEAT_OK && c->orphan_period > 0) {
        err = make_sweeps(env, c, reterr);
    }
    return err;
}

static cleat_err service_create(const struct cleat_controller_env *env, void **ret_self,
                                struct cleat_error *reterr) {
    if (!any_provider_has_balancers()) {
        return cleat_errorf(reterr, CLEAT_E_UNSUPPORTED,
                            "the cloud provider does not support external load balancers");
    }
    struct cleat_service_controller *c = cleat_sdk_alloc(1, sizeof *c);
    c->client = env->client;
    c->cluster = cleat_sdk_dup(CLEAT_TEXT(SDK, env->config, "clusterName"));
    c->debounce = cleat_sdk_option(SDK, env, "nodeChangeDelay");
    c->drift = cleat_sdk_option(SDK, env, "driftPeriod");
    c->orphan_period = cleat_sdk_option(SDK, env, "orphanPeriod");
    c->call_timeout = cleat_sdk_option(SDK, env, "callTimeout");
    c->says = cleat_sdk_option(SDK, env, "serviceCondition") != 0;
    c->records = cleat_service_records_new();
    c->orphans = cleat_service_orphans_new();
    c->pool = cleat_service_pool_new(cleat_sdk_option(SDK, env, "readyNodesOnly") != 0);
    make_metrics(c);
    cleat_err err = make_reconcilers(env, c, reterr);
    if (err != CLEAT_OK) {
        service_destroy(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentServiceSyncs",
     "concurrent-service-syncs", "10",
     "Services that are synced at the same time; those that wait for a slow provider do not "
     "count."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "clusterName", "cluster-name", "kubernetes",
     "The cluster's name at the provider."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "nodeChangeDelay",
     "load-balancer-node-change-delay", "500ms",
     "How long a change of Nodes waits for more, so that each balancer hears of all at once."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "driftPeriod", "load-balancer-drift-period",
     "0s", "How often a balancer is ensured again, whatever somebody did to it; 0 = never."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "orphanPeriod", "load-balancer-orphan-period",
     "5m",
     "How often it is looked for balancers that no Service is for: what three looks in a row have "
     "found is deleted; 0 = never."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "callTimeout", "load-balancer-call-timeout",
     "5m", "When one call of a provider is given up, to be tried again."},
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "serviceCondition", "load-balancer-condition",
     "false",
     "Keep a condition on Services that tells whether they have their balancer, and if "
     "not, why."},
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "readyNodesOnly",
     "load-balancer-ready-nodes-only", "false",
     "Leave out Nodes that are not Ready or are shut down."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"service", NULL};

const struct cleat_controller_desc cleat_service_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .name = cleat_service_component,
    .aliases = aliases,
    .description = "Keeps a load balancer of the cloud for each Service that asks for one.",
    .options = options,
    .create = service_create,
    .destroy = service_destroy,
};
