/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The route controller on the simulated cloud, in a world on a virtual clock: what
 * upstream's promises and what ours does beyond it, one test each.
 */
#include "tests/support/kt.h"
#include "tests/support/world.h"

#define CONTROLLERS "cloud-node,nodeipam,route"

static const char *const flags[] = {"sim-machines=0", "allocate-node-cidrs=true",
                                    "cluster-cidr=10.244.0.0/16,fd10::/48", "sim-heartbeat=false",
                                    NULL};

static struct world *begin(void) {
    struct world *w = world_new(CONTROLLERS, "sim", flags);
    world_run(w, CLEAT_SECOND);
    return w;
}

static bool condition_is(struct world *w, const char *name, const char *status,
                         const char *reason) {
    cleat_obj *o = world_get(w, "nodes", name);
    struct cleat_iter it = {0};
    bool yes = false;
    while (o != NULL && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), &it)) {
        yes |= cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "NetworkUnavailable") &&
               cleat_eqc(cleat_val_str(cleat_val_get(it.val, "status")), status) &&
               cleat_eqc(cleat_val_str(cleat_val_get(it.val, "reason")), reason);
    }
    cleat_obj_unref(o);
    return yes;
}

static bool has_routes(struct world *w, const char *name) {
    return condition_is(w, name, "False", "RouteCreated");
}

static bool lacks_routes(struct world *w, const char *name) {
    return condition_is(w, name, "True", "NoRouteCreated");
}

static bool n_routes(struct world *w, const char *n) {
    return world_count(w, "routes") == (size_t)atoi(n);
}

static void a_new_node_has_its_routes_within_a_second(void) {
    struct world *w = begin();
    world_machine(w, "m1", "");
    KT_TRUE(world_until(w, CLEAT_SECOND, has_routes, "m1"));
    KT_EQ_INT(world_count(w, "routes"), 2);
    world_delete(w, "machines", "m1");
    world_delete(w, "nodes", "m1");
    KT_TRUE(world_until(w, CLEAT_SECOND, n_routes, "0"));
    (void)lacks_routes;
    world_free(w);
}

KT_MAIN("plugin_route", KT_TEST(a_new_node_has_its_routes_within_a_second))
