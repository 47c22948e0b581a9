/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/nodew.h"

#include "tests/support/kt.h"

/* A Node by hand; conditions: members of status.conditions. */
void nw_node(struct world *w, const char *name, const char *zone, const char *conditions) {
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    char *json = cleat_sprintf(
        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"%s\",\"labels\":{"
        "\"topology.kubernetes.io/zone\":\"%s\"}},\"spec\":{\"providerID\":\"other://%s\"},"
        "\"status\":{\"conditions\":[%s]}}",
        name, zone, name, conditions);
    world_create(w, "nodes", json);
    free(json);
}

void nw_status(struct world *w, const char *name, const char *conditions) {
    cleat_obj *o = world_get(w, "nodes", name);
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *patch = cleat_sprintf("{\"status\":{\"conditions\":[%s]}}", conditions);
    cleat_err err = cleat_client_api.patch(w->client, NULL, (struct cleat_gvr){"", "v1", "nodes"},
                                           (struct cleat_key){{"", 0}, cleat_obj_name(o)}, "status",
                                           CLEAT_PATCH_MERGE, cleat_s(patch), NULL, &e);
    kt_ok(err, &e, name, __FILE__, __LINE__);
    free(patch);
    cleat_obj_unref(o);
    world_settle(w);
}

void nw_renew(struct world *w, const char *name) {
    char now[32];
    cleat_time_format(cleat_now_wall(), true, now);
    cleat_obj *o = world_get(w, "leases", name);
    char *json = cleat_sprintf("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"kube-node-lease\"},"
                               "\"spec\":{\"renewTime\":\"%s\"}}",
                               name, now);
    if (o == NULL) {
        world_create(w, "leases", json);
    } else {
        world_patch(w, "leases", name, json);
    }
    cleat_obj_unref(o);
    free(json);
}

bool nw_has_taint(struct world *w, const char *name, const char *key, const char *effect) {
    cleat_obj *o = world_get(w, "nodes", name);
    struct cleat_iter it = {0};
    bool found = false;
    while (o != NULL && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("spec", "taints")), &it) &&
           !found) {
        found = cleat_eqc(cleat_val_str(cleat_val_get(it.val, "key")), key) &&
                cleat_eqc(cleat_val_str(cleat_val_get(it.val, "effect")), effect);
    }
    cleat_obj_unref(o);
    return found;
}

bool nw_ready_is(struct world *w, const char *name, const char *want) {
    cleat_obj *o = world_get(w, "nodes", name);
    struct cleat_iter it = {0};
    bool yes = false;
    while (o != NULL && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), &it)) {
        yes = yes || (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "Ready") &&
                      cleat_eqc(cleat_val_str(cleat_val_get(it.val, "status")), want));
    }
    cleat_obj_unref(o);
    return yes;
}

void nw_pod(struct world *w, const char *name, const char *on, const char *spec) {
    char *json = cleat_sprintf(
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"%s\",\"namespace\":"
        "\"default\"},\"spec\":{\"nodeName\":\"%s\",\"containers\":[{\"name\":\"c\",\"image\":"
        "\"i\"}]"
        "%s}}",
        name, on, spec);
    world_create(w, "pods", json);
    free(json);
}

bool nw_pod_leaves(struct world *w, const char *name) {
    cleat_obj *o = world_get(w, "pods", name);
    bool yes = o == NULL ||
               cleat_val_present(cleat_obj_at(o, CLEAT_PATH("metadata", "deletionTimestamp")));
    cleat_obj_unref(o);
    return yes;
}

void nw_taint(struct world *w, const char *name, const char *taints) {
    char *json = cleat_sprintf("{\"spec\":{\"taints\":[%s]}}", taints);
    world_patch(w, "nodes", name, json);
    world_settle(w);
    free(json);
}
