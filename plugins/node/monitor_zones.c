/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pass over all zones, which says whose turn for a NoExecute taint it is, and
 * the ConfigMap that describes pools of Nodes. The pass runs when something has
 * changed and when a zone's rate lets the next one go.
 */
#include "monitor.h"

void cleat_monitor_look_at_zones(struct cleat_monitor *c) {
    SDK->controller->enqueue(c->zones, cleat_key_of("", "zones"), c->pass_period);
}

static int32_t enqueue_node(void *userdata, const cleat_obj *node) {
    struct cleat_monitor *c = userdata;
    SDK->controller->enqueue(c->nodes, (struct cleat_key){{"", 0}, SDK->obj->name(node)}, 0);
    return 0;
}

cleat_err cleat_monitor_zones(void *self, cleat_ctx *ctx, struct cleat_key key,
                              struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_monitor *c = self;
    struct cleat_zone_pass pass;
    (void)ctx;
    (void)key;
    (void)reterr;
    cleat_time began = SDK->clock->monotonic();
    pthread_mutex_lock(&c->table.lock);
    cleat_health_pass(&c->table, began, &pass);
    pthread_mutex_unlock(&c->table.lock);
    SDK->metrics->add(c->update_all_duration,
                      (double)(SDK->clock->monotonic() - began) / (double)CLEAT_SECOND);
    if (pass.began || pass.ended) {
        cleat_node_log(CLEAT_LOG_WARN, cleat_node_lifecycle_desc.name,
                       pass.began ? "all zones are down: nobody is evicted until one is back"
                                  : "a zone is back: every Node gets a fresh grace period");
        SDK->informer->foreach (c->node_cache, NULL, (struct cleat_str){"", 0}, enqueue_node, c);
    }
    for (size_t i = 0; i < pass.n_look; i++) {
        SDK->controller->enqueue(c->nodes, cleat_key_of("", pass.look[i]), 0);
    }
    ret->requeue_after = pass.next;
    cleat_zone_pass_done(&pass);
    return CLEAT_OK;
}

/* ---- pools ---- */

static int32_t see_again(void *userdata, const cleat_obj *node) {
    struct cleat_monitor *c = userdata;
    bool is_new;
    pthread_mutex_lock(&c->table.lock);
    if (cleat_health_find(&c->table, SDK->obj->name(node)) != NULL) {
        cleat_health_see(&c->table, node, &is_new);
    }
    pthread_mutex_unlock(&c->table.lock);
    SDK->controller->enqueue(c->health, (struct cleat_key){{"", 0}, SDK->obj->name(node)}, 0);
    return enqueue_node(c, node);
}

/* configmap NULL = there are no pools. */
static void use_pools(struct cleat_monitor *c, const cleat_obj *configmap) {
    struct cleat_node_pools pools = {0};
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (configmap != NULL &&
        cleat_node_pools_parse(configmap, &c->table.settings, &pools, &why) != CLEAT_OK) {
        SDK->events->record(CLEAT_MONITOR_SOURCE, configmap, "Warning", "InvalidNodePools",
                            why.message);
        cleat_node_log(CLEAT_LOG_WARN, cleat_node_lifecycle_desc.name,
                       "the pools stay as they were: %s", why.message);
        return;
    }
    pthread_mutex_lock(&c->table.lock);
    cleat_health_set_pools(&c->table, &pools);
    pthread_mutex_unlock(&c->table.lock);
    SDK->informer->foreach (c->node_cache, NULL, (struct cleat_str){"", 0}, see_again, c);
    cleat_monitor_look_at_zones(c);
}

static void on_pools_add(void *userdata, const cleat_obj *configmap, int32_t initial) {
    (void)initial;
    use_pools(userdata, configmap);
}

static void on_pools_update(void *userdata, const cleat_obj *old, const cleat_obj *configmap) {
    if (!SDK->obj->equal(CLEAT_AT(SDK, old, "data"), CLEAT_AT(SDK, configmap, "data"))) {
        use_pools(userdata, configmap);
    }
}

static void on_pools_delete(void *userdata, const cleat_obj *configmap, int32_t unknown) {
    (void)configmap;
    (void)unknown;
    use_pools(userdata, NULL);
}

const struct cleat_handler cleat_monitor_pools = {.struct_size = sizeof(struct cleat_handler),
                                                  .on_add = on_pools_add,
                                                  .on_update = on_pools_update,
                                                  .on_delete = on_pools_delete};
