/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The route table: one Route object a route. Reads are live, because routes are
 * made and deleted on what a list says.
 */
#include "sim.h"

#include <ctype.h>

#define OBJ (SDK->obj)

static cleat_err list(void *self, cleat_ctx *ctx, const char *cluster, cleat_route_fn fn,
                      void *sink, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    struct cleat_list found = {.struct_size = sizeof found};
    struct cleat_list_opts opts = {.struct_size = sizeof opts};
    cleat_err err = cleat_sim_call(sim, ctx, "list routes", reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->list(sim->client, ctx, CLEAT_SIM_ROUTES, "", &opts, &found, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    int32_t end = 0;
    for (size_t i = 0; i < found.n && !end; i++) {
        const cleat_obj *r = found.items[i];
        struct cleat_str owner = CLEAT_TEXT(SDK, r, "spec", "cluster");
        if (owner.n > 0 && !cleat_str_is(owner, cluster)) {
            continue; /* one that a person made belongs to every cluster */
        }
        char *route_name = cleat_sdk_dup(OBJ->name(r));
        char *target = cleat_sdk_dup(CLEAT_TEXT(SDK, r, "spec", "targetNode"));
        char *cidr = cleat_sdk_dup(CLEAT_TEXT(SDK, r, "spec", "destinationCIDR"));
        struct cleat_route route = {
            .struct_size = sizeof route,
            .blackhole = OBJ->boolean(CLEAT_AT(SDK, r, "spec", "blackhole"), 0),
            .name = route_name,
            .target_node = target,
            .destination_cidr = cidr,
        };
        end = fn(sink, &route);
        free(route_name);
        free(target);
        free(cidr);
    }
    SDK->client->list_free(&found);
    return CLEAT_OK;
}

/* "<hint>-<cidr>", with what a name may not hold replaced. Owned. */
static char *route_name_for(const char *hint, const char *cidr) {
    char *text = cleat_sim_format("%s-%s", hint, cidr);
    for (char *p = text; *p != 0; p++) {
        *p = isalnum((unsigned char)*p) || *p == '.' ? (char)tolower((unsigned char)*p) : '-';
    }
    return text;
}

static cleat_obj *build(const char *cluster, const char *route_name,
                        const struct cleat_route *route) {
    cleat_edit *e = OBJ->edit_new(NULL);
    OBJ->set_str(e, CLEAT_PATH("apiVersion"), CLEAT_STR(CLEAT_SIM_GROUP "/v1alpha1"));
    OBJ->set_str(e, CLEAT_PATH("kind"), CLEAT_STR("Route"));
    OBJ->set_str(e, CLEAT_PATH("metadata", "name"), cleat_cstr(route_name));
    OBJ->set_str(e, CLEAT_PATH("spec", "cluster"), cleat_cstr(cluster));
    OBJ->set_str(e, CLEAT_PATH("spec", "targetNode"), cleat_cstr(route->target_node));
    OBJ->set_str(e, CLEAT_PATH("spec", "destinationCIDR"), cleat_cstr(route->destination_cidr));
    OBJ->set_bool(e, CLEAT_PATH("spec", "blackhole"), route->blackhole);
    cleat_obj *o = NULL;
    return OBJ->edit_finish(e, &o, NULL) == CLEAT_OK ? o : NULL;
}

/* EXISTS is success where the route that exists is this one. */
static cleat_err check_existing(struct cleat_sim *sim, cleat_ctx *ctx, const char *route_name,
                                const cleat_obj *wanted, struct cleat_error *reterr) {
    cleat_obj *have = NULL;
    cleat_err err = SDK->client->get(sim->client, ctx, CLEAT_SIM_ROUTES,
                                     cleat_key_of("", route_name), &have, reterr);
    if (err == CLEAT_OK &&
        !OBJ->equal(CLEAT_AT(SDK, have, "spec"), CLEAT_AT(SDK, wanted, "spec"))) {
        err = cleat_errorf(reterr, CLEAT_E_EXISTS, "sim: route %s leads elsewhere", route_name);
    }
    OBJ->unref(have);
    return err;
}

static cleat_err create(void *self, cleat_ctx *ctx, const char *cluster, const char *name_hint,
                        const struct cleat_route *route, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    cleat_err err = cleat_sim_call(sim, ctx, "create route", reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    if (!route->blackhole) {
        cleat_obj *target = NULL;
        err = SDK->client->get(sim->client, ctx, CLEAT_SIM_MACHINES,
                               cleat_key_of("", route->target_node), &target, reterr);
        OBJ->unref(target);
        if (err != CLEAT_OK) {
            return err == CLEAT_E_NOT_FOUND ? cleat_errorf(reterr, err, "instance not found") : err;
        }
    }
    char *route_name = route_name_for(name_hint, route->destination_cidr);
    cleat_obj *o = build(cluster, route_name, route);
    err = o == NULL ? cleat_errorf(reterr, CLEAT_E_INVALID, "sim: route %s is no text", route_name)
                    : SDK->client->create(sim->client, ctx, CLEAT_SIM_ROUTES, o, NULL, reterr);
    if (err == CLEAT_E_EXISTS) {
        err = check_existing(sim, ctx, route_name, o, reterr);
    }
    OBJ->unref(o);
    free(route_name);
    return err;
}

static cleat_err remove_route(void *self, cleat_ctx *ctx, const char *cluster,
                              const struct cleat_route *route, struct cleat_error *reterr) {
    struct cleat_sim *sim = self;
    (void)cluster;
    cleat_err err = cleat_sim_call(sim, ctx, "delete route", reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct cleat_delete_opts opts = {.struct_size = sizeof opts, .grace_period_seconds = -1};
    err = SDK->client->remove(sim->client, ctx, CLEAT_SIM_ROUTES, cleat_key_of("", route->name),
                              &opts, NULL, reterr);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

const struct cleat_routes_ops cleat_sim_routes_ops = {
    .struct_size = sizeof(struct cleat_routes_ops),
    .list = list,
    .create = create,
    .remove = remove_route,
};
