/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cloud-node-lifecycle-controller: asks the cloud about Nodes that are not
 * Ready. A server that is off gives its Node the shutdown taint, one that is
 * gone takes its Node with it. Each Node is a key of its own, so that a slow or
 * unreachable provider delays nobody else's Nodes.
 *
 * Only the provider's clear "no such server", followed by a live read of the
 * Node, deletes; any error leaves the Node as it is until the next period. A guard
 * may ask for more than that (guard.h), and a server that has been off for long
 * enough may put its Node out of service: both are off by default.
 */
#include "guard.h"

#define INDEX_NOT_READY "cleat.node/not-ready"

struct watch {
    struct lifecycle *owner;
    const struct cleat_cloud *cloud;
    uint64_t id;
};

struct lifecycle {
    cleat_client *client;
    cleat_controller *nodes; /* one key a Node */
    cleat_controller *scan;  /* one key: looks at all Nodes that are not Ready */
    cleat_time period;
    cleat_time out_of_service_after; /* that a server is off; 0 = never */
    struct cleat_guard *guard;
    struct watch *watches;
    size_t n_watches;
};

static const char name[] = "cloud-node-lifecycle-controller";

/* ---- taints ---- */

struct taint {
    const char *key, *value, *effect;
};
static const struct taint shutdown_taint = {CLEAT_TAINT_SHUTDOWN, NULL, "NoSchedule"};
/* The value tells it from one that an operator has set, which is left alone. */
static const struct taint out_of_service = {CLEAT_TAINT_OUT_OF_SERVICE, "confirmed-by-cloud",
                                            "NoExecute"};

static bool has_taint(const cleat_obj *node, const struct taint *t) {
    struct cleat_val v = cleat_node_taint(node, t->key);
    return SDK->obj->type(v) != CLEAT_ABSENT &&
           (t->value == NULL ||
            cleat_str_is(SDK->obj->str(SDK->obj->at(v, CLEAT_PATH("value"))), t->value));
}

/* Adds or removes the taint. A conflict is left to the next try. */
static cleat_err set_taint(struct lifecycle *c, cleat_ctx *ctx, const cleat_obj *node,
                           const struct taint *t, bool wanted, struct cleat_error *reterr) {
    if (has_taint(node, t) == wanted || (wanted && cleat_node_has_taint(node, t->key))) {
        return CLEAT_OK;
    }
    cleat_edit *e = SDK->obj->edit_new(node);
    if (wanted) {
        cleat_node_add_taint(e, node, t->key, t->value, t->effect);
    } else {
        cleat_node_remove_taint(e, node, t->key);
    }
    cleat_obj *changed = NULL;
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, CLEAT_NODE_GVR, NULL, changed, NULL, reterr);
        SDK->obj->unref(changed);
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* A Node that is Ready carries neither; the second goes with the event of the first. */
static cleat_err ready(struct lifecycle *c, cleat_ctx *ctx, const cleat_obj *node,
                       struct cleat_error *reterr) {
    cleat_guard_forget(c->guard, SDK->obj->name(node));
    return set_taint(c, ctx, node,
                     has_taint(node, &shutdown_taint) ? &shutdown_taint : &out_of_service, false,
                     reterr);
}

/* ---- deletion ---- */

/* The Node as it is now, or NULL where it is gone, another one, or Ready again. */
static cleat_err proof(struct lifecycle *c, cleat_ctx *ctx, const cleat_obj *node, cleat_obj **ret,
                       struct cleat_error *reterr) {
    struct cleat_key key = {{"", 0}, SDK->obj->name(node)};
    cleat_obj *live = NULL;
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_NODE_GVR, key, &live, reterr);
    if (err == CLEAT_E_NOT_FOUND) {
        return CLEAT_OK;
    }
    if (err != CLEAT_OK) {
        return err;
    }
    bool same = cleat_str_eq(SDK->obj->uid(live), SDK->obj->uid(node)) &&
                cleat_str_eq(CLEAT_TEXT(SDK, live, "spec", "providerID"),
                             CLEAT_TEXT(SDK, node, "spec", "providerID"));
    if (!same || cleat_node_is_ready(live)) {
        SDK->obj->unref(live);
        return CLEAT_OK;
    }
    *ret = live;
    return CLEAT_OK;
}

/* Whether the guard lets it go; where not, an event says why. */
static bool is_allowed(struct lifecycle *c, const cleat_obj *node) {
    char *why = NULL;
    if (cleat_guard_allows(c->guard, node, &why)) {
        return true;
    }
    char *text = cleat_node_format(
        "Not deleting node %.*s although it does not exist in the cloud provider: %s",
        CLEAT_FMT(SDK->obj->name(node)), why);
    SDK->events->record(name, node, "Warning", "NodeDeletionHeld", text);
    free(text);
    free(why);
    return false;
}

static cleat_err delete_node(struct lifecycle *c, cleat_ctx *ctx, const cleat_obj *cached,
                             struct cleat_error *reterr) {
    cleat_obj *node = NULL;
    cleat_err err = proof(c, ctx, cached, &node, reterr);
    if (node == NULL || !is_allowed(c, node)) {
        SDK->obj->unref(node);
        return err;
    }
    struct cleat_key key = {{"", 0}, SDK->obj->name(node)};
    char *text = cleat_node_format(
        "Deleting node %.*s because it does not exist in the cloud provider", CLEAT_FMT(key.name));
    SDK->events->record(name, node, "Normal", "DeletingNode", text);
    free(text);

    char *uid = cleat_sdk_dup(SDK->obj->uid(node));
    struct cleat_delete_opts opts = {
        .struct_size = sizeof opts,
        .propagation = CLEAT_PROPAGATE_DEFAULT,
        .grace_period_seconds = -1,
        .uid = uid,
        .revision = SDK->obj->revision(node),
    };
    struct cleat_error why = CLEAT_ERROR_INIT;
    err = SDK->client->remove(c->client, ctx, CLEAT_NODE_GVR, key, &opts, NULL, &why);
    free(uid);
    if (err == CLEAT_E_NOT_FOUND) {
        err = CLEAT_OK;
    } else if (err != CLEAT_OK) {
        text = cleat_node_format("Failed deleting node %.*s: %s", CLEAT_FMT(key.name), why.message);
        SDK->events->record(name, node, "Warning", "DeletingNodeFailed", text);
        free(text);
        if (reterr != NULL) {
            *reterr = why;
        }
    }
    SDK->obj->unref(node);
    return err;
}

/* ---- servers that are off ---- */

/* Nothing runs there any more: pods may be deleted at once, volumes detached. */
static cleat_err put_out_of_service(struct lifecycle *c, cleat_ctx *ctx, const cleat_obj *cached,
                                    struct cleat_error *reterr) {
    cleat_obj *node = NULL;
    cleat_err err = proof(c, ctx, cached, &node, reterr);
    if (node == NULL) {
        return err;
    }
    if (!cleat_node_has_taint(node, out_of_service.key)) {
        err = set_taint(c, ctx, node, &out_of_service, true, reterr);
        if (err == CLEAT_OK) {
            SDK->events->record(name, node, "Warning", "NodeOutOfService",
                                "The cloud provider confirms that the server is off");
        }
    }
    SDK->obj->unref(node);
    return err;
}

static cleat_err shut_down(struct lifecycle *c, cleat_ctx *ctx, const cleat_obj *node,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    cleat_time off = cleat_guard_present(c->guard, node, true);
    if (!has_taint(node, &shutdown_taint)) {
        return set_taint(c, ctx, node, &shutdown_taint, true, reterr);
    }
    cleat_time left = c->out_of_service_after - off;
    if (c->out_of_service_after <= 0 || has_taint(node, &out_of_service)) {
        return CLEAT_OK;
    }
    if (left > 0) {
        ret->requeue_after = left < ret->requeue_after ? left : ret->requeue_after;
        return CLEAT_OK;
    }
    return put_out_of_service(c, ctx, node, reterr);
}

/* ---- the Nodes' reconciler ---- */

enum verdict { UNKNOWN, PRESENT, SHUT_DOWN, ABSENT };

/* What the cloud says of a Node's server; UNKNOWN where it cannot or does not say. */
static enum verdict ask(const struct cleat_cloud *cloud, cleat_ctx *ctx, const cleat_obj *node,
                        struct cleat_error *why) {
    const struct cleat_instances_ops *ops = cleat_node_instances(cloud);
    if (ops == NULL || !CLEAT_HAS(ops, struct cleat_instances_ops, exists)) {
        return UNKNOWN;
    }
    int32_t yes = 1;
    cleat_err err = ops->exists(cloud->self, ctx, node, &yes, why);
    if (err == CLEAT_E_NOT_FOUND || (err == CLEAT_OK && !yes)) {
        return ABSENT;
    }
    if (err != CLEAT_OK) {
        return UNKNOWN;
    }
    if (!CLEAT_HAS(ops, struct cleat_instances_ops, is_shut_down)) {
        return PRESENT;
    }
    yes = 0;
    err = ops->is_shut_down(cloud->self, ctx, node, &yes, why);
    if (err == CLEAT_E_UNSUPPORTED) {
        return PRESENT;
    }
    if (err != CLEAT_OK) {
        return UNKNOWN;
    }
    return yes ? SHUT_DOWN : PRESENT;
}

static cleat_err not_ready(struct lifecycle *c, const struct cleat_cloud *cloud, cleat_ctx *ctx,
                           const cleat_obj *node, struct cleat_result *ret,
                           struct cleat_error *reterr) {
    ret->requeue_after = c->period;
    struct cleat_error why = CLEAT_ERROR_INIT;
    switch (ask(cloud, ctx, node, &why)) {
    case ABSENT:
        return delete_node(c, ctx, node, reterr);
    case SHUT_DOWN:
        return shut_down(c, ctx, node, ret, reterr);
    case UNKNOWN:
        if (why.message[0] != 0 && why.code != CLEAT_E_ELSEWHERE) {
            struct cleat_str n = SDK->obj->name(node);
            cleat_node_log(CLEAT_LOG_WARN, name, "node %.*s: %s", CLEAT_FMT(n), why.message);
        }
        if (why.retry_after_ms * CLEAT_MS > c->period) {
            ret->requeue_after = why.retry_after_ms * CLEAT_MS;
        }
        return CLEAT_OK;
    case PRESENT:
        cleat_guard_present(c->guard, node, false);
        break;
    }
    return CLEAT_OK;
}

static cleat_err reconcile_node(void *self, cleat_ctx *ctx, struct cleat_key key,
                                struct cleat_result *ret, struct cleat_error *reterr) {
    struct lifecycle *c = self;
    cleat_obj *node = SDK->informer->get(SDK->controller->informer(c->nodes, CLEAT_NODE_GVR), key);
    const struct cleat_cloud *cloud = node != NULL ? SDK->clouds->for_node(node) : NULL;
    cleat_err err = CLEAT_OK;
    if (cleat_node_instances(cloud) != NULL) {
        err = cleat_node_is_ready(node) ? ready(c, ctx, node, reterr)
                                        : not_ready(c, cloud, ctx, node, ret, reterr);
    } else if (node == NULL) {
        cleat_guard_forget(c->guard, key.name);
    }
    SDK->obj->unref(node);
    return err;
}

/* Level: everything that decides what to do, and nothing else. [dispatch] */
static int32_t node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    if (node == NULL) {
        return 0;
    }
    if (old == NULL || cleat_node_is_ready(old) != cleat_node_is_ready(node)) {
        return 1;
    }
    if (cleat_node_is_ready(node)) {
        return has_taint(node, &shutdown_taint) || has_taint(node, &out_of_service);
    }
    return has_taint(old, &shutdown_taint) != has_taint(node, &shutdown_taint) ||
           !cleat_str_eq(CLEAT_TEXT(SDK, old, "spec", "providerID"),
                         CLEAT_TEXT(SDK, node, "spec", "providerID"));
}

/* ---- a provider's hint ---- */

static int32_t enqueue_one(void *userdata, const cleat_obj *node) {
    struct lifecycle *c = userdata;
    SDK->controller->enqueue(c->nodes, (struct cleat_key){{"", 0}, SDK->obj->name(node)}, 0);
    return 0;
}

static cleat_err scan(void *self, cleat_ctx *ctx, struct cleat_key key, struct cleat_result *ret,
                      struct cleat_error *reterr) {
    struct lifecycle *c = self;
    (void)ctx;
    (void)key;
    (void)ret;
    (void)reterr;
    SDK->informer->foreach (SDK->controller->informer(c->nodes, CLEAT_NODE_GVR), INDEX_NOT_READY,
                            CLEAT_STR("1"), enqueue_one, c);
    return CLEAT_OK;
}

/* From the provider, on any thread. Many changes are one scan. */
static void servers_changed(void *userdata) {
    struct watch *w = userdata;
    SDK->controller->enqueue(w->owner->scan, cleat_key_of("", "nodes"), 100 * CLEAT_MS);
}

static void index_not_ready(void *userdata, const cleat_obj *node,
                            void (*emit)(void *sink, struct cleat_str value), void *sink) {
    (void)userdata;
    if (!cleat_node_is_ready(node)) {
        emit(sink, CLEAT_STR("1"));
    }
}

/* ---- life ---- */

static cleat_err make_reconcilers(const struct cleat_controller_env *env, struct lifecycle *c,
                                  struct cleat_error *reterr) {
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts,
        .name = "cloud-node-lifecycle",
        .workers = 4,
        .timeout = 60 * CLEAT_SECOND,
    };
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, reconcile_node, c, &c->nodes, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->nodes, CLEAT_NODE_GVR, node_matters, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->informer->add_index(SDK->controller->informer(c->nodes, CLEAT_NODE_GVR),
                                       INDEX_NOT_READY, index_not_ready, NULL);
    }
    if (err == CLEAT_OK) {
        opts.name = "cloud-node-lifecycle-scan";
        opts.workers = 1;
        err = SDK->controller->reconciler_new(env, &opts, scan, c, &c->scan, reterr);
    }
    return err;
}

static void lifecycle_destroy(void *self) {
    struct lifecycle *c = self;
    cleat_guard_free(c->guard);
    free(c->watches);
    free(c);
}

static struct cleat_guard *make_guard(const struct cleat_controller_env *env, cleat_time period) {
    int64_t misses = cleat_node_option(env, "nodeDeletionMisses", 1);
    return cleat_guard_new(&(struct cleat_guard_opts){
        .misses = misses > 1 ? misses : 1,
        .limit = cleat_node_option(env, "nodeDeletionLimit", 0),
        .window = cleat_node_option(env, "nodeDeletionWindow", 60 * CLEAT_SECOND),
        .min_age = cleat_node_option(env, "nodeDeletionMinAge", 0),
        .dry_run = cleat_node_option(env, "nodeDeletionDryRun", 0) != 0,
        .between = period / 2, /* hints of the provider may bring the same answer sooner */
    });
}

static cleat_err lifecycle_create(const struct cleat_controller_env *env, void **ret_self,
                                  struct cleat_error *reterr) {
    size_t n = 0;
    for (size_t i = 0; i < SDK->clouds->count(); i++) {
        n += cleat_node_instances(SDK->clouds->at(i)) != NULL;
    }
    if (n == 0) {
        return cleat_errorf(reterr, CLEAT_E_UNSUPPORTED,
                            "cloud provider does not support instances");
    }
    struct lifecycle *c = cleat_sdk_alloc(1, sizeof *c);
    c->client = env->client;
    c->period = cleat_node_option(env, "nodeMonitorPeriod", 5 * CLEAT_SECOND);
    c->watches = cleat_sdk_alloc(n, sizeof *c->watches);
    c->out_of_service_after = cleat_node_option(env, "outOfServiceAfter", 0);
    c->guard = make_guard(env, c->period);
    cleat_err err = make_reconcilers(env, c, reterr);
    if (err != CLEAT_OK) {
        lifecycle_destroy(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static cleat_err lifecycle_start(void *self, struct cleat_error *reterr) {
    struct lifecycle *c = self;
    (void)reterr;
    for (size_t i = 0; i < SDK->clouds->count(); i++) {
        const struct cleat_cloud *cloud = SDK->clouds->at(i);
        if (cleat_node_instances(cloud) == NULL ||
            !CLEAT_HAS(cloud->ops, struct cleat_cloud_ops, watch_servers)) {
            continue;
        }
        struct watch *w = &c->watches[c->n_watches];
        *w = (struct watch){.owner = c, .cloud = cloud};
        if (cloud->ops->watch_servers(cloud->self, servers_changed, w, &w->id, NULL) == CLEAT_OK) {
            c->n_watches++;
        }
    }
    return CLEAT_OK;
}

static void lifecycle_request_stop(void *self) {
    struct lifecycle *c = self;
    for (; c->n_watches > 0; c->n_watches--) {
        struct watch *w = &c->watches[c->n_watches - 1];
        if (CLEAT_HAS(w->cloud->ops, struct cleat_cloud_ops, unwatch_servers)) {
            w->cloud->ops->unwatch_servers(w->cloud->self, w->id);
        }
    }
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "nodeMonitorPeriod", "node-monitor-period",
     "5s", "How often the cloud is asked about a Node that is not Ready."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "nodeDeletionMisses", "node-deletion-misses", "1",
     "How often in a row the cloud must say that a server is gone before its Node is deleted."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "nodeDeletionMinAge", "node-deletion-min-age",
     "0s", "Younger Nodes are not deleted."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "nodeDeletionLimit", "node-deletion-limit", "0",
     "How many Nodes may be deleted within the window; 0 = any number."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "nodeDeletionWindow", "node-deletion-window",
     "1m", "The time that the limit is for."},
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "nodeDeletionDryRun", "node-deletion-dry-run",
     "false", "Tell of Nodes that would be deleted, by events, and delete none."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "outOfServiceAfter", "out-of-service-after",
     "0s", "Put a Node out of service whose server has been off for so long; 0 = never."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"cloud-node-lifecycle", NULL};

const struct cleat_controller_desc cleat_cloud_node_lifecycle_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .name = name,
    .aliases = aliases,
    .description = "Taints Nodes whose servers are off and deletes those whose servers are gone.",
    .options = options,
    .create = lifecycle_create,
    .start = lifecycle_start,
    .request_stop = lifecycle_request_stop,
    .destroy = lifecycle_destroy,
};
