/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node-lease-cleaner-controller, beyond upstream: Leases of Nodes that are gone.
 * Those that name their Node as owner go with it; this one ends the others, which
 * kubelets leave that never knew their Node. A Lease that is renewed belongs to somebody,
 * whose Node may be about to come.
 */
#include "gc.h"

#define LEASE_GVR ((struct cleat_gvr){"coordination.k8s.io", "v1", "leases"})
#define NODE_GVR  ((struct cleat_gvr){"", "v1", "nodes"})
#define SPACE     "kube-node-lease"

struct leases {
    cleat_client *client;
    cleat_controller *reconciler;
    cleat_informer *cache, *nodes;
    cleat_time grace;
};

/* When it may go: so long after somebody last cared for it. */
static cleat_time due_at(struct leases *c, const cleat_obj *lease) {
    cleat_time made = cleat_gc_time(lease, CLEAT_PATH("metadata", "creationTimestamp"));
    cleat_time renewed = cleat_gc_time(lease, CLEAT_PATH("spec", "renewTime"));
    return (renewed > made ? renewed : made) + c->grace;
}

/* Node and Lease as they are at this moment. */
static cleat_err end(struct leases *c, cleat_ctx *ctx, struct cleat_key key,
                     struct cleat_result *ret, struct cleat_error *reterr) {
    cleat_obj *node = NULL, *lease = NULL;
    struct cleat_key node_key = {{"", 0}, key.name};
    cleat_err err = SDK->client->get(c->client, ctx, NODE_GVR, node_key, &node, reterr);
    SDK->obj->unref(node);
    if (err != CLEAT_E_NOT_FOUND) {
        return err;
    }
    err = SDK->client->get(c->client, ctx, LEASE_GVR, key, &lease, reterr);
    cleat_time left = err == CLEAT_OK ? due_at(c, lease) - SDK->clock->wall() : 0;
    if (left > 0) {
        ret->requeue_after = left;
    } else if (err == CLEAT_OK) {
        char *uid = cleat_sdk_dup(SDK->obj->uid(lease));
        struct cleat_delete_opts opts = {.struct_size = sizeof opts,
                                         .grace_period_seconds = -1,
                                         .uid = uid,
                                         .revision = SDK->obj->revision(lease)};
        err = SDK->client->remove(c->client, ctx, LEASE_GVR, key, &opts, NULL, reterr);
        free(uid);
    }
    SDK->obj->unref(lease);
    return err;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct leases *c = self;
    cleat_obj *lease = SDK->informer->get(c->cache, key);
    cleat_obj *node = SDK->informer->get(c->nodes, (struct cleat_key){{"", 0}, key.name});
    cleat_time left = lease != NULL ? due_at(c, lease) - SDK->clock->wall() : 0;
    cleat_err err = CLEAT_OK;
    if (lease == NULL || node != NULL || cleat_gc_is_ending(lease)) {
        err = CLEAT_OK; /* the Node's end is looked out for */
    } else if (left > 0) {
        ret->requeue_after = left;
    } else {
        err = end(c, ctx, key, ret, reterr);
    }
    SDK->obj->unref(node);
    SDK->obj->unref(lease);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* Renewals come by thousands, and are no reason to look. */
static int32_t is_new(void *self, const cleat_obj *old, const cleat_obj *lease) {
    (void)self;
    return old == NULL && cleat_str_is(SDK->obj->ns(lease), SPACE);
}

static int32_t is_gone(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    (void)old;
    return node == NULL;
}

static void lease_of(void *self, const cleat_obj *node,
                     void (*emit)(void *sink, struct cleat_key key), void *sink) {
    (void)self;
    emit(sink, (struct cleat_key){CLEAT_STR(SPACE), SDK->obj->name(node)});
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct leases *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {.struct_size = sizeof opts, .name = "node_lease_cleaner"};
    c->client = env->client;
    c->grace = cleat_sdk_option(SDK, env, "nodeLeaseGracePeriod");
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->reconciler, LEASE_GVR, is_new, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->reconciler, NODE_GVR, lease_of, is_gone, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    c->cache = SDK->controller->informer(c->reconciler, LEASE_GVR);
    c->nodes = SDK->controller->informer(c->reconciler, NODE_GVR);
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "nodeLeaseGracePeriod",
     "node-lease-grace-period", "10m",
     "How long a Lease without a Node must not have been renewed before it is deleted."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"nodeleasecleaner", NULL};

const struct cleat_controller_desc cleat_leases_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "node-lease-cleaner-controller",
    .aliases = aliases,
    .description = "Deletes Leases whose Node is gone.",
    .options = options,
    .create = create,
    .destroy = free,
};
