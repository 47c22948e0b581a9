/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node-lifecycle-controller: notices Nodes that have fallen silent, taints
 * them by their conditions, and lets zones lose them only so fast.
 *
 * Nobody scans all Nodes: each key comes back when its own grace period would
 * end. A Lease only moves that moment, so a renewal costs one look-up; a Node is
 * reconciled once a grace period while it is well. The zones have a pass of
 * their own that says whose turn for a NoExecute taint it is.
 */
#include "health.h"

static const char name[] = "node-lifecycle-controller";
static const char source[] = "node-controller"; /* of events, as upstream */

#define LEASE_GVR ((struct cleat_gvr){"coordination.k8s.io", "v1", "leases"})

struct lifecycle {
    cleat_client *client;
    cleat_controller *nodes; /* one key a Node */
    cleat_controller *pods;  /* one key a pod of a Node that is not ready */
    cleat_controller *zones; /* one key: the pass over all zones */
    cleat_informer *leases, *node_cache, *pod_cache;
    uint64_t lease_handler, node_handler;
    struct cleat_health_table table;
    cleat_time grace, startup_grace, pass_period;
    cleat_metric *update_duration;
};

static void look_at_zones(struct lifecycle *c, cleat_time delay) {
    SDK->controller->enqueue(c->zones, cleat_key_of("", "zones"), delay);
}

static void tell(const cleat_obj *node, const char *reason, const char *before, const char *after) {
    struct cleat_str n = SDK->obj->name(node);
    char *text = after != NULL ? cleat_node_format("Node %.*s event: %s Node %.*s %s", CLEAT_FMT(n),
                                                   before, CLEAT_FMT(n), after)
                               : cleat_node_format("Node %.*s %s", CLEAT_FMT(n), before);
    SDK->events->record(source, node, "Normal", reason, text);
    free(text);
}

/* ---- what is heard [dispatch] ---- */

static void node_seen(struct lifecycle *c, const cleat_obj *node) {
    bool is_new, changed;
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
    enum cleat_ready was = h != NULL ? h->ready : CLEAT_READY_NONE;
    h = cleat_health_see(&c->table, node, &is_new);
    changed = is_new || h->ready != was;
    pthread_mutex_unlock(&c->table.lock);
    if (changed) {
        look_at_zones(c, c->pass_period);
    }
}

static void on_node_add(void *userdata, const cleat_obj *node, int32_t initial) {
    (void)initial;
    node_seen(userdata, node);
}

static void on_node_update(void *userdata, const cleat_obj *old, const cleat_obj *node) {
    (void)old;
    node_seen(userdata, node);
}

static void on_node_delete(void *userdata, const cleat_obj *node, int32_t unknown) {
    struct lifecycle *c = userdata;
    (void)unknown;
    pthread_mutex_lock(&c->table.lock);
    cleat_health_forget(&c->table, SDK->obj->name(node));
    pthread_mutex_unlock(&c->table.lock);
    tell(node, "RemovingNode", "Removing", "from Controller");
    look_at_zones(c, c->pass_period);
}

static void lease_seen(struct lifecycle *c, const cleat_obj *lease) {
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(lease));
    if (h != NULL) {
        cleat_health_renew(h, lease);
    }
    pthread_mutex_unlock(&c->table.lock);
}

static void on_lease_add(void *userdata, const cleat_obj *lease, int32_t initial) {
    (void)initial;
    lease_seen(userdata, lease);
}

static void on_lease_update(void *userdata, const cleat_obj *old, const cleat_obj *lease) {
    (void)old;
    lease_seen(userdata, lease);
}

/* ---- one Node ---- */

/* How a Node stands: copied out of the table, so that the lock need not be held. */
struct standing {
    bool known, fresh, evict, disrupted, mark_pods;
    cleat_time probe;
};

static struct standing stand(struct lifecycle *c, struct cleat_str node) {
    struct standing s = {0};
    pthread_mutex_lock(&c->table.lock);
    const struct cleat_health *h = cleat_health_find(&c->table, node);
    if (h != NULL) {
        s = (struct standing){.known = true,
                              .fresh = h->fresh,
                              .evict = h->evict,
                              .mark_pods = h->mark_pods,
                              .probe = h->probe};
    }
    s.disrupted = c->table.disrupted;
    pthread_mutex_unlock(&c->table.lock);
    return s;
}

/* A Node that came after its Lease has been heard of already. */
static void welcome(struct lifecycle *c, const cleat_obj *node) {
    struct cleat_key key = {CLEAT_STR("kube-node-lease"), SDK->obj->name(node)};
    cleat_obj *lease = SDK->informer->get(c->leases, key);
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
    if (h != NULL) {
        h->fresh = false;
        if (lease != NULL && h->renewed == 0) {
            cleat_health_renew(h, lease);
        }
    }
    pthread_mutex_unlock(&c->table.lock);
    SDK->obj->unref(lease);
    tell(node, "RegisteredNode", "Registered", "in Controller");
}

static void set_mark_pods(struct lifecycle *c, struct cleat_str node, bool value) {
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, node);
    if (h != NULL) {
        h->mark_pods = value;
    }
    pthread_mutex_unlock(&c->table.lock);
}

/* Its grace period is over: says so in its status. *node is replaced by what was stored. */
static cleat_err give_up(struct lifecycle *c, cleat_ctx *ctx, cleat_obj **node,
                         struct cleat_error *reterr) {
    enum cleat_ready was = cleat_health_ready_of(*node);
    if (was == CLEAT_READY_UNKNOWN) {
        return CLEAT_OK;
    }
    cleat_obj *unknown = NULL, *stored = NULL;
    cleat_err err = cleat_node_unknown(*node, &unknown, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    cleat_time began = SDK->clock->monotonic();
    err = SDK->client->update(c->client, ctx, CLEAT_NODE_GVR, "status", unknown, &stored, reterr);
    SDK->obj->unref(unknown);
    if (err != CLEAT_OK) {
        return err;
    }
    SDK->metrics->add(c->update_duration,
                      (double)(SDK->clock->monotonic() - began) / (double)CLEAT_SECOND);
    if (was == CLEAT_READY_TRUE) {
        tell(stored, "NodeNotReady", "status is now: NodeNotReady", NULL);
        set_mark_pods(c, SDK->obj->name(stored), true);
    }
    SDK->obj->unref(*node);
    *node = stored;
    return CLEAT_OK;
}

/* Which NoExecute taint the Node should have: *ret_keep leaves them as they are. */
static const char *execute_taint(struct lifecycle *c, const cleat_obj *node,
                                 const struct standing *s, bool *ret_keep) {
    enum cleat_ready ready = cleat_health_ready_of(node);
    const char *want = ready == CLEAT_READY_FALSE     ? CLEAT_TAINT_NOT_READY
                       : ready == CLEAT_READY_UNKNOWN ? CLEAT_TAINT_UNREACHABLE
                                                      : NULL;
    bool has = cleat_node_has_effect(node, CLEAT_TAINT_NOT_READY, "NoExecute") ||
               cleat_node_has_effect(node, CLEAT_TAINT_UNREACHABLE, "NoExecute");
    *ret_keep = ready == CLEAT_READY_NONE && !s->fresh && !s->disrupted;
    if (*ret_keep) {
        return NULL;
    }
    if (want == NULL || s->disrupted || s->fresh) {
        pthread_mutex_lock(&c->table.lock);
        struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
        if (h != NULL && want == NULL) {
            cleat_health_dequeue(h);
        } else if (h != NULL) {
            cleat_health_enqueue(h); /* its turn comes when the zone has one */
        }
        pthread_mutex_unlock(&c->table.lock);
        if (want != NULL) {
            look_at_zones(c, c->pass_period);
        }
        return NULL;
    }
    if (has || s->evict) {
        return want; /* the one for the other is an exchange at once */
    }
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
    if (h != NULL) {
        cleat_health_enqueue(h);
    }
    pthread_mutex_unlock(&c->table.lock);
    look_at_zones(c, c->pass_period);
    return NULL;
}

static cleat_err retaint(struct lifecycle *c, cleat_ctx *ctx, const cleat_obj *node,
                         const struct standing *s, struct cleat_error *reterr) {
    bool keep;
    const char *execute = execute_taint(c, node, s, &keep);
    cleat_obj *changed = NULL;
    cleat_err err = cleat_node_retaint(node, NULL, execute, keep, &changed, reterr);
    if (err != CLEAT_OK || changed == NULL) {
        return err;
    }
    err = SDK->client->update(c->client, ctx, CLEAT_NODE_GVR, NULL, changed, NULL, reterr);
    SDK->obj->unref(changed);
    if (err == CLEAT_OK && execute != NULL) {
        pthread_mutex_lock(&c->table.lock);
        struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
        if (h != NULL) {
            h->evict = false;
        }
        pthread_mutex_unlock(&c->table.lock);
    }
    return err;
}

/* beta labels follow the general ones. */
static cleat_err copy_labels(struct lifecycle *c, cleat_ctx *ctx, cleat_obj **node,
                             struct cleat_error *reterr) {
    static const char *const pairs[][2] = {{"kubernetes.io/os", "beta.kubernetes.io/os"},
                                           {"kubernetes.io/arch", "beta.kubernetes.io/arch"}};
    cleat_edit *e = NULL;
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val from = CLEAT_AT(SDK, *node, "metadata", "labels", pairs[i][0]);
        struct cleat_val to = CLEAT_AT(SDK, *node, "metadata", "labels", pairs[i][1]);
        if (SDK->obj->type(from) == CLEAT_STRING && !SDK->obj->equal(from, to)) {
            e = e != NULL ? e : SDK->obj->edit_new(*node);
            SDK->obj->set_val(e, CLEAT_PATH("metadata", "labels", pairs[i][1]), from);
        }
    }
    if (e == NULL) {
        return CLEAT_OK;
    }
    cleat_obj *changed = NULL, *stored = NULL;
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, CLEAT_NODE_GVR, NULL, changed, &stored, reterr);
        SDK->obj->unref(changed);
    }
    if (err == CLEAT_OK) {
        SDK->obj->unref(*node);
        *node = stored;
    }
    return err;
}

static int32_t enqueue_pod(void *userdata, const cleat_obj *pod) {
    struct lifecycle *c = userdata;
    SDK->controller->enqueue(c->pods, (struct cleat_key){SDK->obj->ns(pod), SDK->obj->name(pod)},
                             0);
    return 0;
}

static cleat_err tend(struct lifecycle *c, cleat_ctx *ctx, cleat_obj **node,
                      struct cleat_result *ret, struct cleat_error *reterr) {
    struct standing s = stand(c, SDK->obj->name(*node));
    if (!s.known) {
        return CLEAT_OK; /* its handler has yet to hear of it, and comes back */
    }
    if (s.fresh) {
        welcome(c, *node);
        s.probe = stand(c, SDK->obj->name(*node)).probe;
    }
    if (s.mark_pods && cleat_health_ready_of(*node) != CLEAT_READY_TRUE) {
        /* now that the cache says so too: the pods' reconciler looks there */
        set_mark_pods(c, SDK->obj->name(*node), false);
        SDK->informer->foreach (c->pod_cache, CLEAT_NODE_PODS, SDK->obj->name(*node), enqueue_pod,
                                c);
    }
    cleat_err err = copy_labels(c, ctx, node, reterr);
    bool never = cleat_health_ready_of(*node) == CLEAT_READY_NONE;
    cleat_time left = s.probe + (never ? c->startup_grace : c->grace) - SDK->clock->monotonic();
    if (err == CLEAT_OK && left <= 0) {
        err = give_up(c, ctx, node, reterr);
    }
    if (err == CLEAT_OK) {
        err = retaint(c, ctx, *node, &s, reterr);
    }
    /* An Unknown Node waits for word of it, which is an event; so does one with time left. */
    ret->requeue_after = left > 0 ? left : 0;
    return err;
}

static cleat_err reconcile_node(void *self, cleat_ctx *ctx, struct cleat_key key,
                                struct cleat_result *ret, struct cleat_error *reterr) {
    struct lifecycle *c = self;
    cleat_obj *node = SDK->informer->get(c->node_cache, key);
    if (node == NULL) {
        return CLEAT_OK;
    }
    cleat_err err = tend(c, ctx, &node, ret, reterr);
    SDK->obj->unref(node);
    if (err == CLEAT_E_NOT_FOUND) {
        return CLEAT_OK;
    }
    return err;
}

/* Renewals of its own status are no reason to look at a Node that is well. [dispatch] */
static int32_t node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    if (node == NULL || old == NULL) {
        return node != NULL;
    }
    if (cleat_health_ready_of(node) != CLEAT_READY_TRUE) {
        return 1;
    }
    return !SDK->obj->equal(CLEAT_AT(SDK, old, "spec"), CLEAT_AT(SDK, node, "spec")) ||
           !SDK->obj->equal(CLEAT_AT(SDK, old, "metadata", "labels"),
                            CLEAT_AT(SDK, node, "metadata", "labels")) ||
           !SDK->obj->equal(CLEAT_AT(SDK, old, "status", "conditions"),
                            CLEAT_AT(SDK, node, "status", "conditions"));
}

/* ---- pods of Nodes that are not ready ---- */

static cleat_err mark_pod(struct lifecycle *c, cleat_ctx *ctx, const cleat_obj *pod,
                          struct cleat_error *reterr) {
    struct cleat_val ready = SDK->util->condition(pod, "Ready");
    struct cleat_str status = SDK->obj->str(SDK->obj->at(ready, CLEAT_PATH("status")));
    if (SDK->obj->type(ready) == CLEAT_ABSENT || cleat_str_is(status, "False")) {
        return CLEAT_OK;
    }
    struct cleat_iter it = {0};
    cleat_edit *e = SDK->obj->edit_new(pod);
    while (SDK->obj->next(CLEAT_AT(SDK, pod, "status", "conditions"), &it)) {
        if (!cleat_str_is(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type"))), "Ready")) {
            continue;
        }
        char i[16], now[32];
        snprintf(i, sizeof i, "%u", (unsigned)it.index);
        SDK->obj->time_format(SDK->clock->wall(), 0, now);
        SDK->obj->set_str(e, CLEAT_PATH("status", "conditions", i, "status"), CLEAT_STR("False"));
        SDK->obj->set_str(e, CLEAT_PATH("status", "conditions", i, "lastTransitionTime"),
                          cleat_cstr(now));
    }
    cleat_obj *changed = NULL;
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, CLEAT_POD_GVR, "status", changed, NULL, reterr);
        SDK->obj->unref(changed);
    }
    if (err == CLEAT_OK) {
        SDK->events->record(source, pod, "Warning", "NodeNotReady", "Node is not ready");
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static cleat_err reconcile_pod(void *self, cleat_ctx *ctx, struct cleat_key key,
                               struct cleat_result *ret, struct cleat_error *reterr) {
    struct lifecycle *c = self;
    (void)ret;
    cleat_obj *pod = SDK->informer->get(c->pod_cache, key);
    if (pod == NULL) {
        return CLEAT_OK;
    }
    struct cleat_key node_key = {{"", 0}, CLEAT_TEXT(SDK, pod, "spec", "nodeName")};
    cleat_obj *node = NULL; /* live: the cache may not have heard yet of what was written here */
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_NODE_GVR, node_key, &node, reterr);
    err = err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    if (err == CLEAT_OK && node != NULL && cleat_health_ready_of(node) != CLEAT_READY_TRUE) {
        err = mark_pod(c, ctx, pod, reterr);
    }
    SDK->obj->unref(node);
    SDK->obj->unref(pod);
    return err;
}

/* Pods that were just bound. [dispatch] */
static int32_t pod_matters(void *self, const cleat_obj *old, const cleat_obj *pod) {
    (void)self;
    return pod != NULL && CLEAT_TEXT(SDK, pod, "spec", "nodeName").n > 0 &&
           (old == NULL || CLEAT_TEXT(SDK, old, "spec", "nodeName").n == 0);
}

/* ---- zones ---- */

static int32_t enqueue_node(void *userdata, const cleat_obj *node) {
    struct lifecycle *c = userdata;
    SDK->controller->enqueue(c->nodes, (struct cleat_key){{"", 0}, SDK->obj->name(node)}, 0);
    return 0;
}

static cleat_err reconcile_zones(void *self, cleat_ctx *ctx, struct cleat_key key,
                                 struct cleat_result *ret, struct cleat_error *reterr) {
    struct lifecycle *c = self;
    struct cleat_zone_pass pass;
    (void)ctx;
    (void)key;
    (void)reterr;
    pthread_mutex_lock(&c->table.lock);
    cleat_health_pass(&c->table, SDK->clock->monotonic(), &pass);
    pthread_mutex_unlock(&c->table.lock);
    if (pass.began || pass.ended) {
        cleat_node_log(CLEAT_LOG_WARN, name,
                       pass.began ? "all zones are down: nobody is evicted until one is back"
                                  : "a zone is back: every Node gets a fresh grace period");
        SDK->informer->foreach (c->node_cache, NULL, (struct cleat_str){"", 0}, enqueue_node, c);
    }
    for (size_t i = 0; i < pass.n_evict; i++) {
        SDK->controller->enqueue(c->nodes, cleat_key_of("", pass.evict[i]), 0);
    }
    ret->requeue_after = pass.next;
    cleat_zone_pass_done(&pass);
    return CLEAT_OK;
}

/* ---- life ---- */

static cleat_err make_reconcilers(const struct cleat_controller_env *env, struct lifecycle *c,
                                  struct cleat_error *reterr) {
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts, .name = "node_lifecycle_controller", .workers = 8, .qps = -1};
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, reconcile_node, c, &c->nodes, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->nodes, CLEAT_NODE_GVR, node_matters, reterr);
    }
    opts.name = "node_lifecycle_controller_pods";
    opts.workers = 4;
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &opts, reconcile_pod, c, &c->pods, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->pods, CLEAT_POD_GVR, pod_matters, reterr);
    }
    opts.name = "node_lifecycle_controller_zones";
    opts.workers = 1;
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &opts, reconcile_zones, c, &c->zones, reterr);
    }
    return err;
}

static cleat_err make_caches(struct lifecycle *c, struct cleat_error *reterr) {
    c->pod_cache = SDK->controller->informer(c->pods, CLEAT_POD_GVR);
    cleat_err err = cleat_node_index_pods(c->pod_cache, reterr);
    if (err == CLEAT_OK) {
        err = SDK->informer->acquire(LEASE_GVR, NULL, "metadata.namespace=kube-node-lease",
                                     &c->leases, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->informer->acquire(CLEAT_NODE_GVR, NULL, NULL, &c->node_cache, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    c->node_handler = SDK->informer->add_handler(
        c->node_cache, &(struct cleat_handler){.struct_size = sizeof(struct cleat_handler),
                                               .userdata = c,
                                               .on_add = on_node_add,
                                               .on_update = on_node_update,
                                               .on_delete = on_node_delete});
    c->lease_handler = SDK->informer->add_handler(
        c->leases, &(struct cleat_handler){.struct_size = sizeof(struct cleat_handler),
                                           .userdata = c,
                                           .on_add = on_lease_add,
                                           .on_update = on_lease_update});
    return CLEAT_OK;
}

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

static void lifecycle_destroy(void *self) {
    struct lifecycle *c = self;
    if (c->lease_handler != 0) {
        SDK->informer->remove_handler(c->leases, c->lease_handler);
        SDK->informer->remove_handler(c->node_cache, c->node_handler);
    }
    SDK->informer->release(c->leases);
    SDK->informer->release(c->node_cache);
    cleat_health_done(&c->table);
    free(c);
}

static void make_metrics(struct lifecycle *c) {
    static const double buckets[] = {0.001, 0.004, 0.016, 0.064, 0.256, 1.024};
    cleat_metric *f =
        SDK->metrics->family("node_collector_update_node_health_duration_seconds",
                             "Seconds that it took to write that a Node is silent.",
                             CLEAT_HISTOGRAM, NULL, buckets, sizeof buckets / sizeof *buckets);
    c->update_duration = SDK->metrics->with(f, (const char *const[]){NULL});
}

static cleat_err lifecycle_create(const struct cleat_controller_env *env, void **ret_self,
                                  struct cleat_error *reterr) {
    struct lifecycle *c = cleat_sdk_alloc(1, sizeof *c);
    cleat_health_init(&c->table);
    c->client = env->client;
    c->grace = cleat_node_option(env, "nodeMonitorGracePeriod", 50 * CLEAT_SECOND);
    c->startup_grace = cleat_node_option(env, "nodeStartupGracePeriod", 60 * CLEAT_SECOND);
    c->pass_period = 100 * CLEAT_MS; /* upstream's pass over the queues of zones */
    c->table.rates = (struct cleat_zone_rates){
        .rate = number(env, "nodeEvictionRate", 0.1),
        .secondary_rate = number(env, "secondaryNodeEvictionRate", 0.01),
        .unhealthy_threshold = number(env, "unhealthyZoneThreshold", 0.55),
        .large_cluster = cleat_node_option(env, "largeClusterSizeThreshold", 50),
    };
    make_metrics(c);
    cleat_err err = make_reconcilers(env, c, reterr);
    if (err == CLEAT_OK) {
        err = make_caches(c, reterr);
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
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"nodelifecycle", "node-lifecycle", NULL};

const struct cleat_controller_desc cleat_node_lifecycle_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .name = name,
    .aliases = aliases,
    .description = "Notices Nodes that fall silent, taints them, and limits how fast zones lose "
                   "them.",
    .options = options,
    .create = lifecycle_create,
    .destroy = lifecycle_destroy,
};
