/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first servers of a fresh cloud. The Cloud object "sim" carries the mark
 * status.seeded, so that whoever deletes every machine keeps an empty cloud.
 */
#include "sim.h"

#define OBJ (SDK->obj)

static cleat_err create_machines(struct cleat_sim *sim, struct cleat_error *reterr) {
    static const char zones[] = {'a', 'b', 'c'};
    for (int64_t i = 0; i < sim->seed_machines; i++) {
        cleat_obj *m = cleat_sim_parse(
            cleat_sim_format("{\"apiVersion\":\"sim.cleat.dev/v1alpha1\",\"kind\":\"Machine\","
                             "\"metadata\":{\"name\":\"sim-%lld\"},\"spec\":{\"power\":\"On\","
                             "\"instanceType\":\"sim.small\",\"zone\":\"%c\",\"region\":\"sim\"}}",
                             (long long)i + 1, zones[i % 3]));
        cleat_err err =
            SDK->client->create(sim->client, sim->ctx, CLEAT_SIM_MACHINES, m, NULL, reterr);
        OBJ->unref(m);
        if (err != CLEAT_OK && err != CLEAT_E_EXISTS) {
            return err;
        }
    }
    return CLEAT_OK;
}

static cleat_err set_mark(struct cleat_sim *sim, const cleat_obj *cloud,
                          struct cleat_error *reterr) {
    cleat_obj *marked = NULL;
    cleat_edit *e = OBJ->edit_new(cloud);
    OBJ->set_bool(e, CLEAT_PATH("status", "seeded"), 1);
    cleat_err err = OBJ->edit_finish(e, &marked, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(sim->client, sim->ctx, CLEAT_SIM_CLOUDS, "status", marked, NULL,
                                  reterr);
        OBJ->unref(marked);
    }
    return err;
}

cleat_err cleat_sim_seed(struct cleat_sim *sim, struct cleat_error *reterr) {
    cleat_obj *cloud = NULL;
    cleat_err err = SDK->client->get(sim->client, sim->ctx, CLEAT_SIM_CLOUDS,
                                     cleat_key_of("", CLEAT_SIM_NAME), &cloud, reterr);
    if (err == CLEAT_E_NOT_FOUND) {
        cleat_obj *fresh = cleat_sim_parse(
            cleat_sdk_dup(CLEAT_STR("{\"apiVersion\":\"sim.cleat.dev/v1alpha1\",\"kind\":\"Cloud\","
                                    "\"metadata\":{\"name\":\"sim\"},\"spec\":{}}")));
        err = SDK->client->create(sim->client, sim->ctx, CLEAT_SIM_CLOUDS, fresh, &cloud, reterr);
        OBJ->unref(fresh);
    }
    if (err == CLEAT_OK && !OBJ->boolean(CLEAT_AT(SDK, cloud, "status", "seeded"), 0)) {
        err = create_machines(sim, reterr);
        if (err == CLEAT_OK) {
            err = set_mark(sim, cloud, reterr);
        }
    }
    OBJ->unref(cloud);
    return err;
}
