/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Routes to the nodes' pods, in a routing table of their own: what is in that
 * table under this provider's protocol number is this provider's, and nothing
 * else is. The rule that leads there exists while the table holds anything.
 * Everything is read from the kernel each time, so that a crash leaves nothing
 * to be remembered.
 */
#include "lin.h"

static const int families[] = {AF_INET, AF_INET6};

/* ---- the rule ---- */

struct census {
    bool any[2];
};

static void count(void *sink, const struct cleat_lin_kroute *r) {
    struct census *c = sink;
    c->any[r->dst.family != AF_INET] = true;
}

/* (routes_lock) */
static cleat_err settle(struct cleat_lin *lin, struct cleat_error *reterr) {
    const struct cleat_lin_options *o = &lin->opt;
    struct census c = {0};
    cleat_err err = cleat_lin_each_route(o->route_table, o->protocol, count, &c, reterr);
    for (size_t i = 0; i < 2 && err == CLEAT_OK; i++) {
        bool there = false;
        err = cleat_lin_has_rule(families[i], o->route_table, o->protocol, o->rule_priority, &there,
                                 reterr);
        if (err == CLEAT_OK && there != c.any[i]) {
            err = cleat_lin_rule(c.any[i], families[i], o->route_table, o->protocol,
                                 o->rule_priority, reterr);
            if (err == CLEAT_E_EXISTS || err == CLEAT_E_NOT_FOUND) {
                err = CLEAT_OK; /* somebody else was faster */
            }
        }
    }
    return err;
}

cleat_err cleat_lin_routes_settle(struct cleat_lin *lin, struct cleat_error *reterr) {
    pthread_mutex_lock(&lin->routes_lock);
    cleat_err err = settle(lin, reterr);
    pthread_mutex_unlock(&lin->routes_lock);
    return err;
}

/* ---- this machine ---- */

struct selves {
    struct cleat_lin_addr *v;
    size_t n;
};

static void take_own(void *sink, const struct cleat_lin_ifaddr *a) {
    struct selves *s = sink;
    CLEAT_LIN_PUSH(s->v, s->n, a->net);
}

/* The inventory's server that this machine is, or NULL. */
static const struct cleat_lin_server *this_server(const struct cleat_lin_inventory *inv,
                                                  const struct selves *s) {
    const struct cleat_lin_server *found = NULL;
    for (size_t i = 0; i < s->n && found == NULL; i++) {
        found = cleat_lin_inventory_at(inv, &s->v[i]);
    }
    return found;
}

static bool is_own(const struct selves *s, const struct cleat_lin_addr *a) {
    for (size_t i = 0; i < s->n; i++) {
        if (cleat_lin_addr_cmp(&s->v[i], a) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- list ---- */

struct listing {
    struct cleat_lin_kroute *v;
    size_t n;
};

static void take(void *sink, const struct cleat_lin_kroute *r) {
    struct listing *l = sink;
    CLEAT_LIN_PUSH(l->v, l->n, *r);
}

/* "10.244.1.0/24 via 10.0.0.11": what remove() needs to hit this route and no other. */
static char *route_name(const struct cleat_lin_kroute *r) {
    char to[CLEAT_LIN_ADDR_TEXT], via[CLEAT_LIN_ADDR_TEXT];
    return cleat_sdk_format("%s %s%s", cleat_lin_net_print(&r->dst, to),
                            r->blackhole ? "blackhole"
                            : r->here    ? "here"
                                         : "via ",
                            cleat_lin_addr_print(&r->gateway, via));
}

static cleat_err list(void *self, cleat_ctx *ctx, const char *cluster, cleat_route_fn fn,
                      void *sink, struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    struct cleat_lin_inventory *inv = NULL;
    struct listing l = {0};
    struct selves own = {0};
    (void)ctx;
    (void)cluster; /* a machine is the gateway of one cluster: the table's number says of which */
    cleat_err err = cleat_lin_agent_inventory(lin->agent, &inv, NULL, reterr);
    if (err == CLEAT_OK) {
        err = cleat_lin_each_route(lin->opt.route_table, lin->opt.protocol, take, &l, reterr);
    }
    err = err ? err : cleat_lin_each_address(take_own, &own, reterr);
    int32_t end = 0;
    for (size_t i = 0; err == CLEAT_OK && i < l.n && !end; i++) {
        char cidr[CLEAT_LIN_ADDR_TEXT], via[CLEAT_LIN_ADDR_TEXT];
        const struct cleat_lin_server *s =
            l.v[i].here ? this_server(inv, &own) : cleat_lin_inventory_at(inv, &l.v[i].gateway);
        char *name = route_name(&l.v[i]);
        cleat_lin_addr_print(&l.v[i].gateway, via);
        struct cleat_route route = {
            .struct_size = sizeof route,
            .blackhole = l.v[i].blackhole,
            .name = name,
            /* a gateway that is no server's is no Node's either: the route is stale */
            .target_node = l.v[i].blackhole ? ""
                           : s != NULL      ? s->name
                                            : via,
            .destination_cidr = cleat_lin_net_print(&l.v[i].dst, cidr),
        };
        end = fn(sink, &route);
        free(name);
    }
    free(own.v);
    free(l.v);
    cleat_lin_inventory_unref(inv);
    return err;
}

/* ---- create ---- */

/* The node's address of this family: of those that the caller names one that the inventory has too,
 * else what the inventory says. A gateway that is no server's would be listed as nobody's route,
 * taken away, and made again with each look. */
static bool gateway_for(const struct cleat_lin_inventory *inv, const struct cleat_route *route,
                        int family, struct cleat_lin_addr *ret) {
    const struct cleat_lin_server *s =
        cleat_lin_inventory_find(inv, cleat_cstr(route->target_node));
    for (size_t i = 0; s != NULL && i < route->n_target_addresses; i++) {
        struct cleat_lin_addr a;
        if (strcmp(route->target_addresses[i].type, "InternalIP") == 0 &&
            cleat_lin_addr_parse(cleat_cstr(route->target_addresses[i].address), &a) &&
            a.family == family && cleat_lin_inventory_at(inv, &a) == s) {
            *ret = a;
            return true;
        }
    }
    return s != NULL && cleat_lin_server_address(s, family, ret);
}

/* There is a route to this network already: it is this one, or a stale one that is
 * replaced, or another node's. (routes_lock) */
static cleat_err resolve(struct cleat_lin *lin, const struct cleat_lin_inventory *inv,
                         const struct cleat_lin_kroute *wanted, struct cleat_error *reterr) {
    struct listing l = {0};
    cleat_err err = cleat_lin_each_route(lin->opt.route_table, lin->opt.protocol, take, &l, reterr);
    bool replace = false, found = false;
    for (size_t i = 0; err == CLEAT_OK && i < l.n; i++) {
        const struct cleat_lin_kroute *r = &l.v[i];
        if (cleat_lin_addr_cmp(&r->dst, &wanted->dst) != 0 || r->dst.bits != wanted->dst.bits) {
            continue;
        }
        found = true;
        if (r->blackhole == wanted->blackhole && r->here == wanted->here &&
            cleat_lin_addr_cmp(&r->gateway, &wanted->gateway) == 0) {
            break;
        }
        const struct cleat_lin_server *s = cleat_lin_inventory_at(inv, &r->gateway);
        replace = r->blackhole || r->here || s == NULL;
        if (!replace) {
            err = cleat_errorf(reterr, CLEAT_E_EXISTS, "linux: a route leads there to node %s",
                               s->name);
        }
    }
    free(l.v);
    if (err == CLEAT_OK && !found) {
        err = cleat_errorf(reterr, CLEAT_E_EXISTS,
                           "linux: table %u holds a route there that is "
                           "not this provider's",
                           lin->opt.route_table);
    }
    return err == CLEAT_OK && replace ? cleat_lin_route(true, true, lin->opt.route_table,
                                                        lin->opt.protocol, wanted, reterr)
                                      : err;
}

static cleat_err create(void *self, cleat_ctx *ctx, const char *cluster, const char *name_hint,
                        const struct cleat_route *route, struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    struct cleat_lin_inventory *inv = NULL;
    struct cleat_lin_kroute r = {.blackhole = route->blackhole != 0};
    (void)ctx;
    (void)cluster;
    (void)name_hint;
    if (!cleat_lin_net_parse(cleat_cstr(route->destination_cidr), &r.dst) || r.dst.bits == 0) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "linux: %s is no network of pods",
                            route->destination_cidr);
    }
    cleat_err err = cleat_lin_agent_inventory(lin->agent, &inv, NULL, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    if (!r.blackhole && !gateway_for(inv, route, r.dst.family, &r.gateway)) {
        cleat_lin_inventory_unref(inv);
        return cleat_errorf(reterr, CLEAT_E_NOT_FOUND,
                            "linux: the inventory has no address of node %s of the family of %s",
                            route->target_node, route->destination_cidr);
    }
    struct selves own = {0};
    err = cleat_lin_each_address(take_own, &own, reterr);
    if (err != CLEAT_OK) {
        cleat_lin_inventory_unref(inv);
        return err;
    }
    if (is_own(&own, &r.gateway)) { /* no route leads from a machine to itself */
        r.here = true;
        r.gateway = (struct cleat_lin_addr){0};
    }
    free(own.v);
    pthread_mutex_lock(&lin->routes_lock);
    err = cleat_lin_route(true, false, lin->opt.route_table, lin->opt.protocol, &r, reterr);
    if (err == CLEAT_E_EXISTS) {
        err = resolve(lin, inv, &r, reterr);
    }
    if (err == CLEAT_OK) {
        err = settle(lin, reterr);
    }
    pthread_mutex_unlock(&lin->routes_lock);
    cleat_lin_inventory_unref(inv);
    return err;
}

/* ---- remove ---- */

static cleat_err remove_route(void *self, cleat_ctx *ctx, const char *cluster,
                              const struct cleat_route *route, struct cleat_error *reterr) {
    struct cleat_lin *lin = self;
    struct cleat_lin_kroute r = {.blackhole = route->blackhole != 0};
    const char *via = route->name != NULL ? strstr(route->name, " via ") : NULL;
    (void)ctx;
    (void)cluster;
    if (!cleat_lin_net_parse(cleat_cstr(route->destination_cidr), &r.dst)) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "linux: %s is no network",
                            route->destination_cidr);
    }
    if (via != NULL) {
        cleat_lin_addr_parse(cleat_cstr(via + 5), &r.gateway);
    }
    r.here = via == NULL && !r.blackhole;
    pthread_mutex_lock(&lin->routes_lock);
    cleat_err err =
        cleat_lin_route(false, false, lin->opt.route_table, lin->opt.protocol, &r, reterr);
    if (err == CLEAT_OK || err == CLEAT_E_NOT_FOUND) {
        err = settle(lin, reterr);
    }
    pthread_mutex_unlock(&lin->routes_lock);
    return err;
}

const struct cleat_routes_ops cleat_lin_routes_ops = {
    .struct_size = sizeof(struct cleat_routes_ops),
    .list = list,
    .create = create,
    .remove = remove_route,
};
