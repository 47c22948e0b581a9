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

/* Sorts one route of the target; true where it is as it must be. */
static bool sort_route(const struct cleat_route_cloud *rc, const cleat_obj *node,
                       struct cleat_route_item *item, struct cleat_route_plan *plan) {
    const struct cleat_route *r = &item->route;
    bool wanted = cleat_route_has_network(node, item->cidr);
    bool touchable = cleat_route_nets_concern(&rc->owner->nets, item->cidr);
    struct cleat_route_items *into = NULL;
    if (touchable && !wanted) {
        into = &plan->stale;
    } else if (touchable &&
               (r->blackhole || (r->enable_node_addresses && !same_addresses(r, node)))) {
        into = &plan->outdated;
    }
    if (into != NULL) {
        cleat_route_items_add(into, item);
    } else {
        cleat_route_item_unref(item);
    }
    return into == NULL && wanted && !r->blackhole;
}

void cleat_route_plan_make(struct cleat_route_cloud *rc, const cleat_obj *node,
                           struct cleat_str target, struct cleat_route_plan *ret) {
    struct cleat_route_items items = {0};
    *ret =
        (struct cleat_route_plan){.mine = node != NULL && SDK->clouds->for_node(node) == rc->cloud};
    if (target.n > 0 && target.p[0] == '/') { /* to no Node: all that has this destination */
        struct cleat_route_items all = {0};
        char *cidr = cleat_sdk_dup((struct cleat_str){target.p + 1, target.n - 1});
        cleat_route_table_to(rc->table, cidr, &all);
        for (size_t i = 0; i < all.n; i++) {
            if (all.v[i]->route.target_node[0] == 0) {
                cleat_route_items_add(&items, all.v[i]);
            } else {
                cleat_route_item_unref(all.v[i]);
            }
        }
        free(all.v);
        free(cidr);
    } else {
        cleat_route_table_of(rc->table, target, &items);
    }
    ret->has_routes = items.n > 0;
    ret->has_networks = node != NULL && SDK->obj->count(networks_of(node)) > 0;
    char **good = cleat_sdk_alloc(items.n, sizeof *good);
    size_t n_good = 0;
    for (size_t i = 0; i < items.n; i++) {
        char *cidr = cleat_sdk_dup(cleat_cstr(items.v[i]->cidr));
        if (sort_route(rc, node, items.v[i], ret)) {
            good[n_good++] = cidr;
        } else {
            free(cidr);
        }
    }
    free(items.v);
    struct cleat_iter it = {0};
    ret->missing =
        cleat_sdk_alloc(ret->mine ? SDK->obj->count(networks_of(node)) : 0, sizeof *ret->missing);
    while (ret->mine && SDK->obj->next(networks_of(node), &it)) {
        char *cidr = cleat_route_canonical(SDK->obj->str(it.val));
        bool there = false;
        for (size_t i = 0; i < n_good && !there; i++) {
            there = strcmp(cidr, good[i]) == 0;
        }
        if (there) {
            free(cidr);
        } else {
            ret->missing[ret->n_missing++] = cidr;
        }
    }
    for (size_t i = 0; i < n_good; i++) {
        free(good[i]);
    }
    free(good);
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
