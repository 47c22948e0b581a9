/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capacity: a Node that was made by hand without any is of no use to anybody who
 * places pods, and nothing says why. An event and the condition CapacityMissing do.
 */
#include "monitor.h"

static const char type[] = "CapacityMissing";

/* Whether it says what it has, or what of that pods may use. */
static bool has_capacity(const cleat_obj *node) {
    return SDK->obj->count(CLEAT_AT(SDK, node, "status", "allocatable")) > 0 ||
           SDK->obj->count(CLEAT_AT(SDK, node, "status", "capacity")) > 0;
}

static bool was_told(const cleat_obj *node) {
    struct cleat_val c = SDK->util->condition(node, type);
    return cleat_str_is(SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("status"))), "True");
}

static cleat_err say(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node, bool missing,
                     struct cleat_error *reterr) {
    static const char message[] = "the node was registered without capacity";
    cleat_obj *changed = NULL;
    cleat_edit *e = SDK->obj->edit_new(node);
    cleat_node_set_condition(e, node, type, missing ? "True" : "False",
                             missing ? "NodeHasNoCapacity" : "NodeHasCapacity",
                             missing ? message : "the node has capacity");
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(client, ctx, CLEAT_NODE_GVR, "status", changed, NULL, reterr);
        SDK->obj->unref(changed);
    }
    if (err == CLEAT_OK && missing) {
        SDK->events->record(CLEAT_MONITOR_SOURCE, node, "Warning", "NodeHasNoCapacity", message);
    }
    return err;
}

cleat_err cleat_monitor_capacity(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                                 cleat_time startup_grace, cleat_time *ret_wait,
                                 struct cleat_error *reterr) {
    bool missing = !has_capacity(node);
    *ret_wait = 0;
    if (missing == was_told(node) || cleat_health_ready_of(node) == CLEAT_READY_NONE) {
        return CLEAT_OK; /* one that has never been heard of is told that first */
    }
    cleat_time left = startup_grace - (cleat_time)(cleat_node_age(node) * (double)CLEAT_SECOND);
    if (missing && left > 0) {
        *ret_wait = left; /* who it belongs to may yet say */
        return CLEAT_OK;
    }
    return say(client, ctx, node, missing, reterr);
}
