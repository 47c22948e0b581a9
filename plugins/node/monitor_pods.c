/* SPDX-License-Identifier: Apache-2.0 */
/* Pods of Nodes that are not ready say so: those of a Node that fell silent, and those that are
 * bound to one that is not well. */
#include "monitor.h"

static cleat_err mark_pod(struct cleat_monitor *c, cleat_ctx *ctx, const cleat_obj *pod,
                          struct cleat_error *reterr) {
    struct cleat_val ready = SDK->util->condition(pod, "Ready");
    struct cleat_str status = SDK->obj->str(SDK->obj->at(ready, CLEAT_PATH("status")));
    if (SDK->obj->type(ready) == CLEAT_ABSENT || cleat_str_is(status, "False")) {
        return CLEAT_OK;
    }
    struct cleat_iter it = {0};
    cleat_edit *e = SDK->obj->edit_new(pod);
    while (SDK->obj->next(CLEAT_AT(SDK, pod, "status", "conditions"), &it)) {
        if (!cleat_str_is(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type"))), "Ready")) {
            continue;
        }
        char i[16], now[32];
        snprintf(i, sizeof i, "%u", (unsigned)it.index);
        SDK->obj->time_format(SDK->clock->wall(), 0, now);
        SDK->obj->set_str(e, CLEAT_PATH("status", "conditions", i, "status"), CLEAT_STR("False"));
        SDK->obj->set_str(e, CLEAT_PATH("status", "conditions", i, "lastTransitionTime"),
                          cleat_cstr(now));
    }
    cleat_obj *changed = NULL;
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, CLEAT_POD_GVR, "status", changed, NULL, reterr);
        SDK->obj->unref(changed);
    }
    if (err == CLEAT_OK) {
        SDK->events->record(CLEAT_MONITOR_SOURCE, pod, "Warning", "NodeNotReady",
                            "Node is not ready");
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

cleat_err cleat_monitor_pod(void *self, cleat_ctx *ctx, struct cleat_key key,
                            struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_monitor *c = self;
    (void)ret;
    cleat_obj *pod = SDK->informer->get(c->pod_cache, key);
    if (pod == NULL) {
        return CLEAT_OK;
    }
    struct cleat_key node_key = {{"", 0}, CLEAT_TEXT(SDK, pod, "spec", "nodeName")};
    cleat_obj *node = NULL; /* live: the cache may not have heard yet of what was written here */
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_NODE_GVR, node_key, &node, reterr);
    err = err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    /* Of one that has said nothing yet nothing is known. */
    enum cleat_ready ready = node != NULL ? cleat_health_ready_of(node) : CLEAT_READY_NONE;
    if (err == CLEAT_OK && (ready == CLEAT_READY_FALSE || ready == CLEAT_READY_UNKNOWN)) {
        err = mark_pod(c, ctx, pod, reterr);
    }
    SDK->obj->unref(node);
    SDK->obj->unref(pod);
    return err;
}

/* Pods that were just bound. [dispatch] */
int32_t cleat_monitor_pod_matters(void *self, const cleat_obj *old, const cleat_obj *pod) {
    (void)self;
    return pod != NULL && CLEAT_TEXT(SDK, pod, "spec", "nodeName").n > 0 &&
           (old == NULL || CLEAT_TEXT(SDK, old, "spec", "nodeName").n == 0);
}
