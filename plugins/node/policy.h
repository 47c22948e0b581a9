/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How patient the node-lifecycle-controller is: grace periods, rates and what
 * becomes of zones that are down, for all Nodes and for pools of them; and the
 * table of conditions that are taints. Values; who holds them guards them.
 */
#ifndef CLEAT_PLUGIN_NODE_POLICY_H
#define CLEAT_PLUGIN_NODE_POLICY_H

#include "node.h"

/* What happens to a zone's Nodes that wait for, or have, their NoExecute taint. */
enum cleat_zone_policy {
    CLEAT_ZONE_EVICT, /* upstream's: at the rate of the zone's state */
    CLEAT_ZONE_HOLD,  /* nobody else gets one */
    CLEAT_ZONE_CANCEL /* and who has one loses it */
};
/* false where the text is none of "evict", "hold", "cancel". */
bool cleat_zone_policy_parse(struct cleat_str text, enum cleat_zone_policy *ret);

struct cleat_node_settings {
    cleat_time grace, startup_grace;
    double rate, secondary_rate, unhealthy_threshold;
    int64_t large_cluster;
    enum cleat_zone_policy full, partial; /* of a zone that is all down, or to a large part */
};

struct cleat_node_pool {
    char *name, *selector;
    struct cleat_node_settings settings;
};
struct cleat_node_pools {
    struct cleat_node_pool *v; /* by name: the first that matches is a Node's */
    size_t n;
};
/* The pools that a ConfigMap describes: a member of its data each, in YAML. What
 * one does not say is as in base. *ret is written on success. */
cleat_err cleat_node_pools_parse(const cleat_obj *configmap, const struct cleat_node_settings *base,
                                 struct cleat_node_pools *ret, struct cleat_error *reterr);
void cleat_node_pools_done(struct cleat_node_pools *p);
/* NULL = none. */
const struct cleat_node_pool *cleat_node_pool_of(const struct cleat_node_pools *p,
                                                 const cleat_obj *node);

/* A taint that a Node has as long as a condition of its has this status. */
struct cleat_taint_rule {
    const char *type, *status, *key, *effect, *value; /* value NULL = none */
};
struct cleat_taint_rules { /* beyond those that are built in */
    struct cleat_taint_rule *v;
    size_t n;
};
/* A list of "Condition=Status:key[=value]:Effect". *ret is written on success. */
cleat_err cleat_taint_rules_parse(struct cleat_val list, struct cleat_taint_rules *ret,
                                  struct cleat_error *reterr);
void cleat_taint_rules_done(struct cleat_taint_rules *r);

#endif
