/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is to be done for one target of routes: its Node, as the cache has it, against
 * the table. Calls nobody.
 *
 * A route is this cluster's where its first or last address is in a cluster CIDR; all
 * others are never touched, but one that leads where a Node's must is as good.
 */
#include "route.h"

static struct cleat_val networks_of(const cleat_obj *node) {
    return CLEAT_AT(SDK, node, "spec", "podCIDRs");
}

void cleat_route_index_cidrs(void *userdata, const cleat_obj *node,
                             void (*emit)(void *sink, struct cleat_str value), void *sink) {
    struct cleat_iter it = {0};
    (void)userdata;
    while (SDK->obj->next(networks_of(node), &it)) {
        char *cidr = cleat_route_canonical(SDK->obj->str(it.val));
        emit(sink, cleat_cstr(cidr));
        free(cidr);
    }
}

char *cleat_route_key_name(const struct cleat_route_item *item) {
    return item->route.target_node[0] != 0 ? cleat_sdk_dup(cleat_cstr(item->route.target_node))
                                           : cleat_sdk_format("/%s", item->cidr);
}

bool cleat_route_has_network(const cleat_obj *node, const char *cidr) {
    struct cleat_iter it = {0};
    bool has = false;
    while (node != NULL && !has && SDK->obj->next(networks_of(node), &it)) {
        char *one = cleat_route_canonical(SDK->obj->str(it.val));
        has = strcmp(one, cidr) == 0;
        free(one);
    }
    return has;
}

static bool lists_address(const struct cleat_route *route, struct cleat_str type,
                          struct cleat_str address) {
    for (size_t i = 0; i < route->n_target_addresses; i++) {
        if (cleat_str_is(type, route->target_addresses[i].type) &&
            cleat_str_is(address, route->target_addresses[i].address)) {
            return true;
        }
    }
    return false;
}

/* Whether the route's addresses are the Node's, in whatever order. */
static bool same_addresses(const struct cleat_route *route, const cleat_obj *node) {
    struct cleat_val list = CLEAT_AT(SDK, node, "status", "addresses");
    struct cleat_iter it = {0};
    bool same = SDK->obj->count(list) == route->n_target_addresses;
    while (same && SDK->obj->next(list, &it)) {
        same = lists_address(route, SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type"))),
                             SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("address"))));
    }
    return same;
}

/* Puts one route of the target, whose reference is taken, where it belongs. */
static void sort_route(const struct cleat_route_cloud *rc, const cleat_obj *node,
                       struct cleat_route_item *item, struct cleat_route_plan *plan,
                       struct cleat_route_items *good) {
    const struct cleat_route *r = &item->route;
    bool wanted = cleat_route_has_network(node, item->cidr);
    bool touchable = cleat_route_nets_concern(&rc->owner->nets, item->cidr);
    bool right =
        !r->blackhole && !(r->enable_node_addresses && node != NULL && !same_addresses(r, node));
    if (touchable && !wanted) {
        cleat_route_items_add(&plan->stale, item);
    } else if (touchable && !right) {
        cleat_route_items_add(&plan->outdated, item);
    } else if (wanted && !r->blackhole) {
        cleat_route_items_add(good, item);
    } else {
        cleat_route_item_unref(item);
    }
}

/* The routes of a target: to its Node, or, for a key that begins with a slash, to no Node and with
 * that destination. */
static void routes_of(const struct cleat_route_cloud *rc, struct cleat_str target,
                      struct cleat_route_items *ret) {
    if (target.n == 0 || target.p[0] != '/') {
        cleat_route_table_of(rc->table, target, ret);
        return;
    }
    struct cleat_route_items all = {0};
    char *cidr = cleat_sdk_dup((struct cleat_str){target.p + 1, target.n - 1});
    cleat_route_table_to(rc->table, cidr, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (all.v[i]->route.target_node[0] == 0) {
            cleat_route_items_add(ret, all.v[i]);
        } else {
            cleat_route_item_unref(all.v[i]);
        }
    }
    free(all.v);
    free(cidr);
}

static bool leads_to(const struct cleat_route_items *routes, const char *cidr) {
    for (size_t i = 0; i < routes->n; i++) {
        if (strcmp(routes->v[i]->cidr, cidr) == 0) {
            return true;
        }
    }
    return false;
}

/* The Node's networks that none of the good routes leads to. */
static void find_missing(const cleat_obj *node, const struct cleat_route_items *good,
                         struct cleat_route_plan *plan) {
    struct cleat_iter it = {0};
    plan->missing = cleat_sdk_alloc(SDK->obj->count(networks_of(node)), sizeof *plan->missing);
    while (SDK->obj->next(networks_of(node), &it)) {
        char *cidr = cleat_route_canonical(SDK->obj->str(it.val));
        if (leads_to(good, cidr)) {
            free(cidr);
        } else {
            plan->missing[plan->n_missing++] = cidr;
        }
    }
}

void cleat_route_plan_make(struct cleat_route_cloud *rc, const cleat_obj *node,
                           struct cleat_str target, struct cleat_route_plan *ret) {
    struct cleat_route_items items = {0}, good = {0};
    *ret = (struct cleat_route_plan){
        .mine = node != NULL && SDK->clouds->for_node(node) == rc->cloud,
        .has_networks = node != NULL && SDK->obj->count(networks_of(node)) > 0};
    routes_of(rc, target, &items);
    ret->has_routes = items.n > 0;
    for (size_t i = 0; i < items.n; i++) {
        sort_route(rc, node, items.v[i], ret, &good);
    }
    free(items.v);
    if (ret->mine) {
        find_missing(node, &good, ret);
    }
    cleat_route_items_done(&good);
}

void cleat_route_plan_done(struct cleat_route_plan *plan) {
    cleat_route_items_done(&plan->stale);
    cleat_route_items_done(&plan->outdated);
    for (size_t i = 0; i < plan->n_missing; i++) {
        free(plan->missing[i]);
    }
    free(plan->missing);
    *plan = (struct cleat_route_plan){0};
}

bool cleat_route_plan_is_empty(const struct cleat_route_plan *plan) {
    return plan->stale.n == 0 && plan->outdated.n == 0 && plan->n_missing == 0;
}
