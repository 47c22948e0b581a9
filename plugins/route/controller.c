/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node-route-controller: a route to each pod network of each Node, in the tables of
 * those providers that have routes.
 *
 * Two reconcilers. A scan a provider lists its routes, at the start and each period,
 * and puts those targets into the queue for whom something is to be done. The other one has
 * a key a target: Nodes put themselves there when their networks or addresses change, so
 * that a new Node waits for no period, a slow provider for one of them delays no other, and
 * what failed is tried again by itself.
 */
#include "route.h"

#include <stdatomic.h>

const char cleat_route_component[] = "node-route-controller";

static const struct cleat_routes_ops *routes_of(const struct cleat_cloud *cloud) {
    return CLEAT_HAS(cloud->ops, struct cleat_cloud_ops, routes) ? cloud->ops->routes : NULL;
}

/* ---- scan ---- */

static void enqueue(struct cleat_route_cloud *rc, struct cleat_str target) {
    struct cleat_key key = {cleat_cstr(rc->cloud->name), target};
    SDK->controller->enqueue(rc->owner->nodes, key, 0);
}

static cleat_informer *nodes_of(const struct cleat_route_controller *c) {
    return SDK->controller->informer(c->nodes, CLEAT_ROUTE_NODES);
}

static int32_t look_at_node(void *userdata, const cleat_obj *node) {
    struct cleat_route_cloud *rc = userdata;
    struct cleat_route_plan plan;
    cleat_route_plan_make(rc, node, SDK->obj->name(node), &plan);
    bool speaks = plan.mine && (plan.has_networks || plan.has_routes);
    if (!cleat_route_plan_is_empty(&plan) ||
        (speaks && !cleat_route_condition_is(node, plan.has_networks))) {
        enqueue(rc, SDK->obj->name(node));
    }
    cleat_route_plan_done(&plan);
    return 0;
}

/* Routes whose target is no Node that is known. */
static void look_at_routes(struct cleat_route_cloud *rc) {
    struct cleat_route_items all = {0};
    cleat_route_table_all(rc->table, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (!cleat_route_nets_concern(&rc->owner->nets, all.v[i]->cidr)) {
            continue;
        }
        char *name = cleat_route_key_name(all.v[i]);
        cleat_obj *node = SDK->informer->get(nodes_of(rc->owner), cleat_key_of("", name));
        if (node == NULL) {
            enqueue(rc, cleat_cstr(name));
        }
        SDK->obj->unref(node);
        free(name);
    }
    cleat_route_items_done(&all);
}

static int32_t take_route(void *sink, const struct cleat_route *route) {
    cleat_route_items_add(sink, cleat_route_item_new(route, true));
    return 0;
}

/* When to list again after a failure: soon at first, then each period. */
static cleat_time pause_after(struct cleat_route_cloud *rc, const struct cleat_error *e) {
    cleat_time pause = CLEAT_SECOND << (rc->failures < 10 ? rc->failures : 10);
    rc->failures++;
    if (e->retry_after_ms > 0) {
        return e->retry_after_ms * CLEAT_MS;
    }
    return pause < rc->owner->period ? pause : rc->owner->period;
}

static struct cleat_route_cloud *cloud_named(struct cleat_route_controller *c,
                                             struct cleat_str name) {
    for (size_t i = 0; i < c->n_clouds; i++) {
        if (cleat_str_is(name, c->clouds[i].cloud->name)) {
            return &c->clouds[i];
        }
    }
    return NULL;
}

static cleat_err scan(void *self, cleat_ctx *ctx, struct cleat_key key, struct cleat_result *ret,
                      struct cleat_error *reterr) {
    struct cleat_route_controller *c = self;
    struct cleat_route_cloud *rc = cloud_named(c, key.name);
    struct cleat_route_items listed = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_time began = SDK->clock->monotonic();
    (void)reterr;
    if (rc == NULL) {
        return CLEAT_OK;
    }
    SDK->metrics->add(c->syncs, 1);
    uint64_t mark = cleat_route_table_begin(rc->table);
    cleat_err err =
        routes_of(rc->cloud)->list(rc->cloud->self, ctx, c->cluster, take_route, &listed, &e);
    if (err != CLEAT_OK) { /* however long the list was: it says nothing */
        cleat_route_items_done(&listed);
        ret->requeue_after = pause_after(rc, &e);
        if (err != CLEAT_E_CANCELLED) {
            cleat_sdk_log(SDK, CLEAT_LOG_WARN, cleat_route_component,
                          "routes of provider %s cannot be listed: %s", rc->cloud->name, e.message);
        }
        return CLEAT_OK;
    }
    rc->failures = 0;
    cleat_route_table_replace(rc->table, mark, &listed);
    SDK->informer->foreach (nodes_of(c), NULL, (struct cleat_str){"", 0}, look_at_node, rc);
    look_at_routes(rc);
    cleat_time took = SDK->clock->monotonic() - began;
    ret->requeue_after = took < c->period ? c->period - took : CLEAT_MS;
    return CLEAT_OK;
}

/* ---- Nodes ---- */

static bool differs(const cleat_obj *a, const cleat_obj *b, cleat_path path) {
    return !SDK->obj->equal(SDK->obj->at(SDK->obj->root(a), path),
                            SDK->obj->at(SDK->obj->root(b), path));
}

/* [dispatch] */
static int32_t node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    return old == NULL || node == NULL || differs(old, node, CLEAT_PATH("spec", "podCIDRs")) ||
           differs(old, node, CLEAT_PATH("status", "addresses")) ||
           differs(old, node, CLEAT_PATH("spec", "providerID")) ||
           differs(old, node, CLEAT_PATH("metadata", "labels", CLEAT_LABEL_PROVIDER)) ||
           !cleat_str_eq(SDK->obj->uid(old), SDK->obj->uid(node));
}

/* A Node concerns every provider that may have a route to it: it may have been another's. */
static void node_keys(void *self, const cleat_obj *node,
                      void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct cleat_route_controller *c = self;
    for (size_t i = 0; i < c->n_clouds; i++) {
        emit(sink, (struct cleat_key){cleat_cstr(c->clouds[i].cloud->name), SDK->obj->name(node)});
    }
}

/* ---- life ---- */

static void route_destroy(void *self) {
    struct cleat_route_controller *c = self;
    for (size_t i = 0; i < c->n_clouds; i++) {
        cleat_route_table_free(c->clouds[i].table);
    }
    free(c->clouds);
    cleat_route_nets_done(&c->nets);
    free(c->cluster);
    free(c);
}

static void find_clouds(struct cleat_route_controller *c) {
    c->clouds = cleat_sdk_alloc(SDK->clouds->count(), sizeof *c->clouds);
    for (size_t i = 0; i < SDK->clouds->count(); i++) {
        const struct cleat_cloud *cloud = SDK->clouds->at(i);
        if (cloud != NULL && routes_of(cloud) != NULL) {
            struct cleat_route_cloud *rc = &c->clouds[c->n_clouds++];
            rc->owner = c;
            rc->cloud = cloud;
            rc->table = cleat_route_table_new();
        }
    }
}

static cleat_err make_reconcilers(const struct cleat_controller_env *env,
                                  struct cleat_route_controller *c, struct cleat_error *reterr) {
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts,
        .name = "route",
        .workers = (int32_t)cleat_sdk_option(SDK, env, "concurrentRouteSyncs"),
        .base_delay = CLEAT_SECOND,
        .max_delay = c->period > CLEAT_SECOND ? c->period : CLEAT_SECOND,
        .qps = -1,
        .slow_after = CLEAT_SECOND,
        .most_workers = 200, /* upstream's bound of calls under way */
    };
    if (opts.workers < 1 || opts.workers > opts.most_workers) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "concurrentRouteSyncs must be between 1 and %d, is %d",
                            opts.most_workers, opts.workers);
    }
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, cleat_route_sync, c, &c->nodes, reterr);
    if (err == CLEAT_OK) {
        err =
            SDK->controller->watches(c->nodes, CLEAT_ROUTE_NODES, node_keys, node_matters, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->informer->add_index(nodes_of(c), CLEAT_ROUTE_BY_CIDR, cleat_route_index_cidrs,
                                       NULL);
    }
    opts.name = "route-scan";
    opts.timeout = CLEAT_ROUTE_CALL_TIMEOUT;
    opts.workers = (int32_t)(c->n_clouds < 16 ? c->n_clouds : 16);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &opts, scan, c, &c->scans, reterr);
    }
    return err;
}

static cleat_err configure(const struct cleat_controller_env *env, struct cleat_route_controller *c,
                           struct cleat_error *reterr) {
    struct cleat_str cidrs = CLEAT_TEXT(SDK, env->config, "clusterCIDR");
    char *bad = NULL;
    if (cidrs.n == 0) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "RouteController: Must specify clusterCIDR.");
    }
    if (!cleat_route_nets_parse(cidrs, &c->nets, &bad)) {
        cleat_errorf(reterr, CLEAT_E_INVALID, "--cluster-cidr: %s is no network", bad);
        free(bad);
        return CLEAT_E_INVALID;
    }
    c->cluster = cleat_sdk_dup(CLEAT_TEXT(SDK, env->config, "clusterName"));
    c->period = cleat_sdk_option(SDK, env, "routeReconciliationPeriod");
    if (c->period < 100 * CLEAT_MS) {
        return cleat_errorf(reterr, CLEAT_E_INVALID,
                            "routeReconciliationPeriod must be at least 100ms");
    }
    find_clouds(c);
    if (c->n_clouds == 0) {
        return cleat_errorf(reterr, CLEAT_E_UNSUPPORTED, "cloud provider does not support routes");
    }
    return CLEAT_OK;
}

static cleat_err route_create(const struct cleat_controller_env *env, void **ret_self,
                              struct cleat_error *reterr) {
    if (!cleat_sdk_option(SDK, env, "configureCloudRoutes")) {
        return cleat_errorf(reterr, CLEAT_E_UNSUPPORTED, "--configure-cloud-routes is false");
    }
    struct cleat_route_controller *c = cleat_sdk_alloc(1, sizeof *c);
    c->client = env->client;
    c->syncs = SDK->metrics->with(SDK->metrics->family("route_controller_route_sync_total",
                                                       "Passes over a provider's routes.",
                                                       CLEAT_COUNTER, NULL, NULL, 0),
                                  (const char *const[]){NULL});
    cleat_err err = configure(env, c, reterr);
    if (err == CLEAT_OK) {
        err = make_reconcilers(env, c, reterr);
    }
    if (err != CLEAT_OK) {
        route_destroy(c);
        return err;
    }
    for (size_t i = 0; i < c->n_clouds; i++) {
        SDK->controller->enqueue(c->scans, cleat_key_of("", c->clouds[i].cloud->name), 0);
    }
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "configureCloudRoutes", "configure-cloud-routes",
     "true", "Keep a route to each Node's pods with the cloud provider."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "routeReconciliationPeriod",
     "route-reconciliation-period", "10s",
     "How often the provider's routes are listed; what changes on Nodes is done at once."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentRouteSyncs", "concurrent-route-syncs",
     "16",
     "Nodes whose routes are made at the same time; those that wait for a slow provider do "
     "not count, up to 200 in all."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "clusterCIDR", "cluster-cidr", "",
     "Ranges of pod addresses, with commas between: routes elsewhere are not touched."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "clusterName", "cluster-name", "kubernetes",
     "The cluster's name at the provider."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"route", NULL};

const struct cleat_controller_desc cleat_route_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .name = cleat_route_component,
    .aliases = aliases,
    .description = "Keeps a route to each Node's pods with the cloud provider.",
    .options = options,
    .create = route_create,
    .destroy = route_destroy,
};
