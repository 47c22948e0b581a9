/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the node-lifecycle-controller share: who is silent (monitor_health.c),
 * taints (monitor_node.c), pods of Nodes that are not ready (monitor_pods.c), zones and pools
 * (monitor_zones.c), the whole of it (node_lifecycle.c).
 *
 * The table has a lock of its own; the rest does not change after create().
 */
#ifndef CLEAT_PLUGIN_NODE_MONITOR_H
#define CLEAT_PLUGIN_NODE_MONITOR_H

#include "health.h"

struct cleat_monitor {
    cleat_client *client;
    cleat_controller *health; /* one key a Node: is it silent? */
    cleat_controller *nodes;  /* one key a Node: its taints */
    cleat_controller *pods;   /* one key a pod of a Node that is not ready */
    cleat_controller *zones;  /* one key: the pass over all zones */
    cleat_informer *leases, *node_cache, *pod_cache;
    cleat_informer *configmaps; /* the one that describes pools; NULL where there is none */
    uint64_t lease_handler, node_handler, pools_handler;
    struct cleat_health_table table;
    struct cleat_taint_rules rules;
    cleat_time pass_period;
    _Atomic int pending; /* writes that nobody waits for */
    bool stopping;       /* under the table's lock: the reconcilers are about to go */
    cleat_metric *update_duration, *update_all_duration;
};

#define CLEAT_LEASE_GVR      ((struct cleat_gvr){"coordination.k8s.io", "v1", "leases"})
#define CLEAT_MONITOR_SOURCE "node-controller" /* of events, as upstream */

/* "Node n event: before Node n after", or "Node n before" where after is NULL. */
void cleat_monitor_tell(const cleat_obj *node, const char *reason, const char *before,
                        const char *after);

/* How a Node stands: copied out of the table, so that the lock need not be held. */
struct cleat_standing {
    bool known, fresh, welcomed, writing, evict, disrupted, mark_pods, unsure;
    cleat_time probe, grace, startup_grace;
};
struct cleat_standing cleat_monitor_standing(struct cleat_monitor *c, struct cleat_str node);

/* ---- monitor_health.c ---- */

extern const struct cleat_handler cleat_monitor_nodes, cleat_monitor_leases; /* [dispatch] */
int32_t cleat_monitor_health_matters(void *self, const cleat_obj *old, const cleat_obj *node);
cleat_err cleat_monitor_health(void *self, cleat_ctx *ctx, struct cleat_key key,
                               struct cleat_result *ret, struct cleat_error *reterr);

/* ---- monitor_node.c ---- */

int32_t cleat_monitor_node_matters(void *self, const cleat_obj *old, const cleat_obj *node);
cleat_err cleat_monitor_node(void *self, cleat_ctx *ctx, struct cleat_key key,
                             struct cleat_result *ret, struct cleat_error *reterr);

/* ---- monitor_capacity.c ---- */

/* A Node without capacity is told so once its startup grace is over. *ret_wait: how long that
 * is, 0 where there is nothing to wait for. [worker] */
cleat_err cleat_monitor_capacity(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                                 cleat_time startup_grace, cleat_time *ret_wait,
                                 struct cleat_error *reterr);

/* ---- monitor_pods.c ---- */

int32_t cleat_monitor_pod_matters(void *self, const cleat_obj *old, const cleat_obj *pod);
cleat_err cleat_monitor_pod(void *self, cleat_ctx *ctx, struct cleat_key key,
                            struct cleat_result *ret, struct cleat_error *reterr);

/* ---- monitor_zones.c ---- */

void cleat_monitor_look_at_zones(struct cleat_monitor *c);
cleat_err cleat_monitor_zones(void *self, cleat_ctx *ctx, struct cleat_key key,
                              struct cleat_result *ret, struct cleat_error *reterr);
extern const struct cleat_handler cleat_monitor_pools; /* of the ConfigMap; [dispatch] */

#endif
