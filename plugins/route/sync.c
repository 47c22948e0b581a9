/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The routes of one target made as they must be. A route goes only after a live read of
 * its Node has shown that the Node is gone or has another network; an error and a
 * cache prove nothing. All that is done here may be done again: a provider takes a route that
 * is there for made, and one that is not there for deleted.
 */
#include "route.h"

#include <stdatomic.h>

/* One call of the reconcile. */
struct sync {
    struct cleat_route_controller *c;
    struct cleat_route_cloud *rc;
    const struct cleat_routes_ops *ops;
    cleat_ctx *ctx;
    cleat_err err; /* the first failure */
    struct cleat_error *reterr;
    bool lacks;  /* the Node lacks a route */
    bool waits;  /* for another target's route to go: again soon */
    bool behind; /* the cache is: again soon */
};

static struct cleat_route_cloud *cloud_of(struct cleat_route_controller *c, struct cleat_str name) {
    for (size_t i = 0; i < c->n_clouds; i++) {
        if (cleat_str_is(name, c->clouds[i].cloud->name)) {
            return &c->clouds[i];
        }
    }
    return NULL;
}

/* Keeps the first error for the return, and the provider's wish to be left alone. */
static void note(struct sync *s, cleat_err err, const struct cleat_error *e) {
    if (err == CLEAT_E_THROTTLED && e->retry_after_ms > 0) {
        atomic_store(&s->rc->not_before, SDK->clock->monotonic() + e->retry_after_ms * CLEAT_MS);
    }
    if (s->err == CLEAT_OK) {
        s->err = err;
        if (s->reterr != NULL) {
            *s->reterr = *e;
        }
    }
}

static void enqueue(struct cleat_route_cloud *rc, struct cleat_str name, cleat_time delay) {
    struct cleat_key key = {cleat_cstr(rc->cloud->name), name};
    SDK->controller->enqueue(rc->owner->nodes, key, delay);
}

/* ---- deletion ---- */

static int32_t enqueue_node(void *userdata, const cleat_obj *node) {
    enqueue(userdata, SDK->obj->name(node), 0);
    return 0;
}

/* A provider deletes a route as it listed it; one that was made since has to be listed first. */
static bool remove_one(struct sync *s, struct cleat_route_item *item) {
    if (!item->is_listed) {
        SDK->controller->enqueue(s->c->scans, cleat_key_of("", s->rc->cloud->name), 0);
        s->waits = true;
        return false;
    }
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_ctx *ctx = SDK->ctx->child(s->ctx, CLEAT_ROUTE_CALL_TIMEOUT);
    cleat_err err = s->ops->remove(s->rc->cloud->self, ctx, s->c->cluster, &item->route, &e);
    SDK->ctx->free(ctx);
    if (err != CLEAT_OK && err != CLEAT_E_NOT_FOUND) {
        note(s, err, &e);
        return false;
    }
    cleat_sdk_log(SDK, CLEAT_LOG_INFO, cleat_route_component, "deleted route %s %s of node %s",
                  item->route.name, item->route.destination_cidr, item->route.target_node);
    cleat_route_table_drop(s->rc->table, item);
    /* a Node that has got this network since may have waited for it */
    SDK->informer->foreach (SDK->controller->informer(s->c->nodes, CLEAT_ROUTE_NODES),
                            CLEAT_ROUTE_BY_CIDR, cleat_cstr(item->cidr), enqueue_node, s->rc);
    return true;
}

/* Whether a live read of the target agrees that it has none of this. */
static bool is_proven(struct sync *s, const struct cleat_route_item *item, const cleat_obj *live) {
    if (cleat_route_has_network(live, item->cidr)) {
        s->behind = true;
        return false;
    }
    return true;
}

/* What cannot be a Node's name: the API need not be asked, and whatever answers to such a question
 * may be a proxy. */
static bool may_be_node(struct cleat_str name) {
    bool edge = true; /* of a label */
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!alnum && (edge || (c != '-' && c != '.') || (c == '.' && name.p[i - 1] == '-'))) {
            return false;
        }
        edge = c == '.';
    }
    return name.n > 0 && name.n <= 253 && !edge && name.p[name.n - 1] != '-';
}

/* Routes of a Node that is gone or has not (or no more) their network. */
static void remove_stale(struct sync *s, struct cleat_str target,
                         const struct cleat_route_items *stale) {
    cleat_obj *live = NULL;
    if (stale->n == 0) {
        return;
    }
    if (may_be_node(target)) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        struct cleat_key key = {{"", 0}, target};
        cleat_err err = SDK->client->get(s->c->client, s->ctx, CLEAT_ROUTE_NODES, key, &live, &e);
        if (err != CLEAT_OK && err != CLEAT_E_NOT_FOUND) {
            note(s, err, &e);
            return;
        }
    }
    for (size_t i = 0; i < stale->n; i++) {
        if (is_proven(s, stale->v[i], live)) {
            remove_one(s, stale->v[i]);
        }
    }
    SDK->obj->unref(live);
}

/* ---- creation ---- */

/* A stale route of another target leads where this Node's must: it goes first. */
static bool must_wait(struct sync *s, struct cleat_str node, const char *cidr) {
    struct cleat_route_items there = {0};
    bool waits = false;
    cleat_route_table_to(s->rc->table, cidr, &there);
    for (size_t i = 0; i < there.n; i++) {
        const struct cleat_route_item *item = there.v[i];
        if (cleat_str_is(node, item->route.target_node) ||
            !cleat_route_nets_concern(&s->c->nets, cidr)) {
            continue;
        }
        cleat_obj *other =
            SDK->informer->get(SDK->controller->informer(s->c->nodes, CLEAT_ROUTE_NODES),
                               cleat_key_of("", item->route.target_node));
        if (!cleat_route_has_network(other, cidr)) {
            char *name = cleat_route_key_name(item);
            enqueue(s->rc, cleat_cstr(name), 0);
            free(name);
            waits = true;
        }
        SDK->obj->unref(other);
    }
    cleat_route_items_done(&there);
    return waits;
}

/* Of the Node's status; the array is the caller's, its texts too. */
static struct cleat_address *addresses_of(const cleat_obj *node, size_t *ret_n) {
    struct cleat_val list = CLEAT_AT(SDK, node, "status", "addresses");
    struct cleat_address *a = cleat_sdk_alloc(SDK->obj->count(list), sizeof *a);
    struct cleat_iter it = {0};
    size_t n = 0;
    while (SDK->obj->next(list, &it)) {
        a[n++] = (struct cleat_address){
            cleat_sdk_dup(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type")))),
            cleat_sdk_dup(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("address"))))};
    }
    *ret_n = n;
    return a;
}

static void tell_failure(const cleat_obj *node, const char *cidr, cleat_time took,
                         const struct cleat_error *e) {
    char *text =
        cleat_sdk_format("Could not create route %.*s %s for node %.*s after %.3fs: %s",
                         CLEAT_FMT(SDK->obj->uid(node)), cidr, CLEAT_FMT(SDK->obj->name(node)),
                         (double)took / (double)CLEAT_SECOND, e->message);
    SDK->events->record("route_controller", node, "Warning", "FailedToCreateRoute", text);
    free(text);
}

static void create_one(struct sync *s, const cleat_obj *node, const char *cidr) {
    if (must_wait(s, SDK->obj->name(node), cidr)) {
        s->waits = true;
        s->lacks = true;
        return;
    }
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *hint = cleat_sdk_dup(SDK->obj->uid(node)), *name = cleat_sdk_dup(SDK->obj->name(node));
    struct cleat_route route = {
        .struct_size = sizeof route, .name = "", .target_node = name, .destination_cidr = cidr};
    struct cleat_address *a = addresses_of(node, &route.n_target_addresses);
    route.target_addresses = a;
    cleat_time began = SDK->clock->monotonic();
    cleat_ctx *ctx = SDK->ctx->child(s->ctx, CLEAT_ROUTE_CALL_TIMEOUT);
    cleat_err err = s->ops->create(s->rc->cloud->self, ctx, s->c->cluster, hint, &route, &e);
    SDK->ctx->free(ctx);
    cleat_time took = SDK->clock->monotonic() - began;
    if (err == CLEAT_OK) {
        cleat_sdk_log(SDK, CLEAT_LOG_INFO, cleat_route_component, "created route %s for node %s",
                      cidr, name);
        cleat_route_table_put(s->rc->table, cleat_route_item_new(&route, false));
    } else {
        s->lacks = true;
        if (err != CLEAT_E_PENDING && err != CLEAT_E_CANCELLED) {
            tell_failure(node, cidr, took, &e);
        }
        note(s, err, &e);
    }
    for (size_t i = 0; i < route.n_target_addresses; i++) {
        free((char *)a[i].type);
        free((char *)a[i].address);
    }
    free(a);
    free(hint);
    free(name);
}

/* ---- the whole ---- */

/* A Node without networks is not spoken of, unless routes lead to it. */
static void say(struct sync *s, const cleat_obj *node, const struct cleat_route_plan *plan) {
    bool complete = plan->has_networks && !s->lacks;
    if (!plan->mine || (!plan->has_networks && !plan->has_routes) || s->behind ||
        cleat_route_condition_is(node, complete) || SDK->ctx->err(s->ctx) != CLEAT_OK) {
        return;
    }
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_route_say(s->c->client, s->ctx, node, complete, &e);
    if (err != CLEAT_OK) {
        note(s, err, &e);
    }
}

/* Whether a route that had to go first is still there. */
static bool is_blocked(const struct cleat_route_items *left, const char *cidr) {
    for (size_t i = 0; i < left->n; i++) {
        if (left->v[i] != NULL && strcmp(left->v[i]->cidr, cidr) == 0) {
            return true;
        }
    }
    return false;
}

static void carry_out(struct sync *s, const cleat_obj *node, struct cleat_str target,
                      struct cleat_route_plan *plan) {
    remove_stale(s, target, &plan->stale);
    for (size_t i = 0; i < plan->outdated.n; i++) {
        if (remove_one(s, plan->outdated.v[i])) {
            cleat_route_item_unref(plan->outdated.v[i]);
            plan->outdated.v[i] = NULL;
        }
    }
    for (size_t i = 0; i < plan->n_missing; i++) {
        if (s->err == CLEAT_E_THROTTLED || is_blocked(&plan->outdated, plan->missing[i])) {
            s->lacks = true;
        } else {
            create_one(s, node, plan->missing[i]);
        }
    }
    say(s, node, plan);
}

cleat_err cleat_route_sync(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_route_controller *c = self;
    struct cleat_route_cloud *rc = cloud_of(c, key.ns);
    if (rc == NULL || !cleat_route_table_is_known(rc->table)) {
        return CLEAT_OK; /* the first list brings everybody */
    }
    cleat_time left = atomic_load(&rc->not_before) - SDK->clock->monotonic();
    if (left > 0) {
        ret->requeue_after = left;
        return CLEAT_OK;
    }
    struct sync s = {.c = c, .rc = rc, .ops = rc->cloud->ops->routes, .ctx = ctx, .reterr = reterr};
    struct cleat_route_plan plan;
    bool is_node = key.name.n > 0 && key.name.p[0] != '/';
    cleat_obj *node =
        is_node ? SDK->informer->get(SDK->controller->informer(c->nodes, CLEAT_ROUTE_NODES),
                                     (struct cleat_key){{"", 0}, key.name})
                : NULL;
    cleat_route_plan_make(rc, node, key.name, &plan);
    carry_out(&s, node, key.name, &plan);
    cleat_route_plan_done(&plan);
    SDK->obj->unref(node);
    if (s.err == CLEAT_OK && (s.behind || s.waits)) {
        ret->requeue_after = CLEAT_SECOND;
    }
    return s.err;
}
