/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node-lifecycle-controller: notices Nodes that have fallen silent, taints
 * them by their conditions, and lets zones lose them only so fast. Here is how it
 * is put together, and its options.
 */
#include "monitor.h"

static const char name[] = "node-lifecycle-controller";

#define CONFIGMAP_GVR ((struct cleat_gvr){"", "v1", "configmaps"})

void cleat_monitor_tell(const cleat_obj *node, const char *reason, const char *before,
                        const char *after) {
    struct cleat_str n = SDK->obj->name(node);
    char *text = after != NULL ? cleat_node_format("Node %.*s event: %s Node %.*s %s", CLEAT_FMT(n),
                                                   before, CLEAT_FMT(n), after)
                               : cleat_node_format("Node %.*s %s", CLEAT_FMT(n), before);
    SDK->events->record(CLEAT_MONITOR_SOURCE, node, "Normal", reason, text);
    free(text);
}

/* ---- life ---- */

static cleat_err make_reconcilers(const struct cleat_controller_env *env, struct cleat_monitor *c,
                                  struct cleat_error *reterr) {
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts, .name = "node_lifecycle_controller", .workers = 8, .qps = -1};
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, cleat_monitor_node, c, &c->nodes, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->nodes, CLEAT_NODE_GVR, cleat_monitor_node_matters,
                                          reterr);
    }
    opts.name = "node_lifecycle_controller_health";
    opts.workers = 2;
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &opts, cleat_monitor_health, c, &c->health,
                                              reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->health, CLEAT_NODE_GVR, cleat_monitor_health_matters,
                                          reterr);
    }
    opts.name = "node_lifecycle_controller_pods";
    opts.workers = 4;
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &opts, cleat_monitor_pod, c, &c->pods, reterr);
    }
    if (err == CLEAT_OK) {
        err =
            SDK->controller->reconciles(c->pods, CLEAT_POD_GVR, cleat_monitor_pod_matters, reterr);
    }
    opts.name = "node_lifecycle_controller_zones";
    opts.workers = 1;
    if (err == CLEAT_OK) {
        err =
            SDK->controller->reconciler_new(env, &opts, cleat_monitor_zones, c, &c->zones, reterr);
    }
    return err;
}

static uint64_t add_handler(struct cleat_monitor *c, cleat_informer *inf, struct cleat_handler h) {
    h.userdata = c;
    return SDK->informer->add_handler(inf, &h);
}

static cleat_err make_caches(struct cleat_monitor *c, struct cleat_error *reterr) {
    c->pod_cache = SDK->controller->informer(c->pods, CLEAT_POD_GVR);
    cleat_err err = cleat_node_index_pods(c->pod_cache, reterr);
    if (err == CLEAT_OK) {
        err = SDK->informer->acquire(CLEAT_LEASE_GVR, NULL, "metadata.namespace=kube-node-lease",
                                     &c->leases, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->informer->acquire(CLEAT_NODE_GVR, NULL, NULL, &c->node_cache, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    c->node_handler = add_handler(c, c->node_cache, cleat_monitor_nodes);
    c->lease_handler = add_handler(c, c->leases, cleat_monitor_leases);
    return CLEAT_OK;
}

/* The ConfigMap "namespace/name" that describes pools. */
static cleat_err watch_pools(struct cleat_monitor *c, struct cleat_str text,
                             struct cleat_error *reterr) {
    const char *slash = text.n > 0 ? memchr(text.p, '/', text.n) : NULL;
    if (text.n == 0) {
        return CLEAT_OK;
    }
    if (slash == NULL) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "nodePools: \"%.*s\" is not namespace/name",
                            CLEAT_FMT(text));
    }
    char *fields =
        cleat_node_format("metadata.namespace=%.*s,metadata.name=%.*s", (int)(slash - text.p),
                          text.p, (int)(text.n - (size_t)(slash - text.p) - 1), slash + 1);
    cleat_err err = SDK->informer->acquire(CONFIGMAP_GVR, NULL, fields, &c->configmaps, reterr);
    free(fields);
    if (err == CLEAT_OK) {
        c->pools_handler = add_handler(c, c->configmaps, cleat_monitor_pools);
    }
    return err;
}

/* ---- settings ---- */

static double number(const struct cleat_controller_env *env, const char *option, double def) {
    struct cleat_str raw = SDK->obj->raw(CLEAT_AT(SDK, env->config, option));
    if (raw.n == 0) {
        return def;
    }
    char *text = cleat_sdk_dup(raw);
    double v = strtod(text, NULL);
    free(text);
    return v;
}

static void lifecycle_request_stop(void *self) {
    struct cleat_monitor *c = self;
    pthread_mutex_lock(&c->table.lock);
    c->stopping = true;
    pthread_mutex_unlock(&c->table.lock);
}

static void lifecycle_destroy(void *self) {
    struct cleat_monitor *c = self;
    cleat_node_drain(&c->pending);
    if (c->lease_handler != 0) {
        SDK->informer->remove_handler(c->leases, c->lease_handler);
        SDK->informer->remove_handler(c->node_cache, c->node_handler);
    }
    if (c->pools_handler != 0) {
        SDK->informer->remove_handler(c->configmaps, c->pools_handler);
    }
    SDK->informer->release(c->leases);
    SDK->informer->release(c->node_cache);
    SDK->informer->release(c->configmaps);
    cleat_health_done(&c->table);
    cleat_taint_rules_done(&c->rules);
    free(c);
}

static cleat_metric *histogram(const char *metric, const char *help, double first) {
    double buckets[8];
    for (int i = 0; i < 8; i++, first *= 4) {
        buckets[i] = first;
    }
    cleat_metric *f = SDK->metrics->family(metric, help, CLEAT_HISTOGRAM, NULL, buckets, 8);
    return SDK->metrics->with(f, (const char *const[]){NULL});
}

static cleat_err policy(const struct cleat_controller_env *env, const char *option,
                        enum cleat_zone_policy *ret, struct cleat_error *reterr) {
    struct cleat_str text = CLEAT_TEXT(SDK, env->config, option);
    return text.n == 0 || cleat_zone_policy_parse(text, ret)
               ? CLEAT_OK
               : cleat_errorf(reterr, CLEAT_E_INVALID, "%s: \"%.*s\" is not evict, hold or cancel",
                              option, CLEAT_FMT(text));
}

static cleat_err read_settings(const struct cleat_controller_env *env, struct cleat_monitor *c,
                               struct cleat_error *reterr) {
    struct cleat_node_settings *s = &c->table.settings;
    *s = (struct cleat_node_settings){
        .grace = cleat_node_option(env, "nodeMonitorGracePeriod", 50 * CLEAT_SECOND),
        .startup_grace = cleat_node_option(env, "nodeStartupGracePeriod", 60 * CLEAT_SECOND),
        .rate = number(env, "nodeEvictionRate", 0.1),
        .secondary_rate = number(env, "secondaryNodeEvictionRate", 0.01),
        .unhealthy_threshold = number(env, "unhealthyZoneThreshold", 0.55),
        .large_cluster = cleat_node_option(env, "largeClusterSizeThreshold", 50),
    };
    c->pass_period = 100 * CLEAT_MS; /* upstream's pass over the queues of zones */
    cleat_err err = policy(env, "zoneFullDisruptionPolicy", &s->full, reterr);
    if (err == CLEAT_OK) {
        err = policy(env, "zonePartialDisruptionPolicy", &s->partial, reterr);
    }
    if (err == CLEAT_OK) {
        err = cleat_taint_rules_parse(CLEAT_AT(SDK, env->config, "conditionTaints"), &c->rules,
                                      reterr);
    }
    return err;
}

/* ---- create, destroy ---- */

static cleat_err lifecycle_create(const struct cleat_controller_env *env, void **ret_self,
                                  struct cleat_error *reterr) {
    struct cleat_monitor *c = cleat_sdk_alloc(1, sizeof *c);
    cleat_health_init(&c->table);
    c->client = env->client;
    c->update_duration = histogram("node_collector_update_node_health_duration_seconds",
                                   "Seconds that it took to write that a Node is silent.", 0.001);
    c->update_all_duration =
        histogram("node_collector_update_all_nodes_health_duration_seconds",
                  "Seconds that a pass over the zones of all Nodes took.", 0.01);
    cleat_err err = read_settings(env, c, reterr);
    if (err == CLEAT_OK) {
        err = make_reconcilers(env, c, reterr);
    }
    if (err == CLEAT_OK) {
        err = make_caches(c, reterr);
    }
    if (err == CLEAT_OK) {
        err = watch_pools(c, CLEAT_TEXT(SDK, env->config, "nodePools"), reterr);
    }
    if (err != CLEAT_OK) {
        lifecycle_destroy(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "nodeMonitorGracePeriod",
     "node-monitor-grace-period", "50s", "How long a Node may be silent."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "nodeStartupGracePeriod",
     "node-startup-grace-period", "1m", "How long a new Node may take to say anything."},
    {sizeof(struct cleat_option), CLEAT_OPT_DOUBLE, "nodeEvictionRate", "node-eviction-rate", "0.1",
     "Nodes of a zone that are evicted each second."},
    {sizeof(struct cleat_option), CLEAT_OPT_DOUBLE, "secondaryNodeEvictionRate",
     "secondary-node-eviction-rate", "0.01",
     "The same while a large part of the zone is not ready."},
    {sizeof(struct cleat_option), CLEAT_OPT_DOUBLE, "unhealthyZoneThreshold",
     "unhealthy-zone-threshold", "0.55", "Which part of a zone is large."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "largeClusterSizeThreshold",
     "large-cluster-size-threshold", "50",
     "Zones of at most this size evict nobody while a large part is not ready."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "zoneFullDisruptionPolicy",
     "zone-full-disruption-policy", "evict",
     "What becomes of Nodes of a zone that is all down: evict, hold, or cancel."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "zonePartialDisruptionPolicy",
     "zone-partial-disruption-policy", "evict", "The same for a zone a large part of which is."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "nodePools", "node-pools", "",
     "A ConfigMap, namespace/name, with settings for pools of Nodes."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRINGS, "conditionTaints", "condition-taints", "",
     "Further conditions that are taints: Condition=Status:key[=value]:Effect."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"nodelifecycle", "node-lifecycle", NULL};

const struct cleat_controller_desc cleat_node_lifecycle_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = name,
    .aliases = aliases,
    .description = "Notices Nodes that fall silent, taints them, and limits how fast zones lose "
                   "them.",
    .options = options,
    .create = lifecycle_create,
    .request_stop = lifecycle_request_stop,
    .destroy = lifecycle_destroy,
};
