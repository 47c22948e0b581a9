/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the node-lifecycle-controller knows of Nodes and zones beside what the
 * API says: when it last heard of each (by its own clock, never the node's), and
 * how many of a zone are well.
 *
 * One mutex guards all of it. It is held for look-ups and counting, never while
 * anything is called that may block or call back.
 */
#ifndef CLEAT_PLUGIN_NODE_HEALTH_H
#define CLEAT_PLUGIN_NODE_HEALTH_H

#include <pthread.h>

#include "policy.h"

#define CLEAT_TAINT_NOT_READY   "node.kubernetes.io/not-ready"
#define CLEAT_TAINT_UNREACHABLE "node.kubernetes.io/unreachable"

/* ---- zones.c ---- */

enum cleat_zone_state {
    CLEAT_ZONE_INITIAL,
    CLEAT_ZONE_NORMAL,
    CLEAT_ZONE_PARTIAL,
    CLEAT_ZONE_FULL
};

/* A token bucket of one token, as upstream's limiter with burst 1. */
struct cleat_bucket {
    double rate; /* tokens a second; 0 = never one */
    double tokens;
    cleat_time at;
};
void cleat_bucket_set(struct cleat_bucket *b, double rate, cleat_time now);
/* Takes a token; else false and how long until there is one (0 = never). */
bool cleat_bucket_take(struct cleat_bucket *b, cleat_time now, cleat_time *ret_wait);

/* The Nodes of one zone and pool. */
struct cleat_zone {
    struct cleat_zone *next;
    char *name; /* pool/region::zone */
    struct cleat_node_settings settings;
    enum cleat_zone_state state;
    bool cancelled;  /* by its policy nobody has, or gets, a NoExecute taint */
    size_t members;  /* entries that point here */
    size_t n, ready; /* Nodes that count, and how many of them are ready */
    struct cleat_bucket bucket;
    struct cleat_health *first, **last; /* Nodes that wait for their NoExecute taint */
    cleat_metric *health, *size, *unhealthy, *evictions;
};
/* The zone's state by its numbers. */
enum cleat_zone_state cleat_zone_compute(const struct cleat_zone *z);
double cleat_zone_rate(const struct cleat_zone *z); /* by its state and policy */
/* What the zone's state means for its Nodes. */
enum cleat_zone_policy cleat_zone_policy(const struct cleat_zone *z);
/* region + ":\0:" + zone of a Node as upstream prints it: owned, "" where it has neither. */
char *cleat_zone_key(const cleat_obj *node);

/* ---- health.c ---- */

enum cleat_ready { CLEAT_READY_NONE, CLEAT_READY_TRUE, CLEAT_READY_FALSE, CLEAT_READY_UNKNOWN };

struct cleat_health {
    struct cleat_health *next; /* of the same hash */
    char *name;
    struct cleat_zone *zone;
    cleat_time probe;     /* monotonic: when it was last heard of */
    cleat_time heartbeat; /* wall, as the Node says: only compared with itself */
    cleat_time renewed;   /* the same of its Lease */
    enum cleat_ready ready;
    bool excluded;  /* does not count for its zone */
    bool fresh;     /* its taints have not been looked at yet */
    bool welcomed;  /* its Lease and the world know of it */
    bool writing;   /* that it is silent is being written */
    bool mark_pods; /* it became Unknown by our hand and its pods do not say so yet */
    bool unsure;    /* whether it did is not known: the answer was lost */
    bool evict;     /* its turn for the NoExecute taint has come */
    bool queued;
    struct cleat_health *queue_next;
};

struct cleat_health_table {
    pthread_mutex_t lock;
    struct cleat_health **slots;
    size_t n_slots, n;
    struct cleat_zone *zones;
    struct cleat_node_settings settings; /* of Nodes without a pool */
    struct cleat_node_pools pools;
    bool disrupted; /* all zones are down: nobody is evicted */
};

void cleat_health_init(struct cleat_health_table *t);
void cleat_health_done(struct cleat_health_table *t);
/* The rest is called with the lock held. */
struct cleat_health *cleat_health_find(struct cleat_health_table *t, struct cleat_str name);
/* Takes in what the Node says; makes the entry where there is none (*ret_new). */
struct cleat_health *cleat_health_see(struct cleat_health_table *t, const cleat_obj *node,
                                      bool *ret_new);
/* Word of its Lease. */
void cleat_health_renew(struct cleat_health *h, const cleat_obj *lease);
void cleat_health_forget(struct cleat_health_table *t, struct cleat_str name);
void cleat_health_enqueue(struct cleat_health *h); /* for the NoExecute taint */
void cleat_health_dequeue(struct cleat_health *h);
enum cleat_ready cleat_health_ready_of(const cleat_obj *node);

/* Other pools: p is taken. Each Node must be seen again afterwards. */
void cleat_health_set_pools(struct cleat_health_table *t, struct cleat_node_pools *p);

/* What one pass over the zones came to. */
struct cleat_zone_pass {
    cleat_time next;   /* when to look again; 0 = when something changes */
    bool began, ended; /* the disruption of all zones */
    char **look;       /* Nodes to look at: their turn has come, or is called off. Owned. */
    size_t n_look, cap;
};
void cleat_health_pass(struct cleat_health_table *t, cleat_time now, struct cleat_zone_pass *ret);
void cleat_zone_pass_done(struct cleat_zone_pass *p);

/* ---- node_conditions.c ---- */

/* The Node with Ready and the pressure conditions Unknown, as upstream writes them. */
cleat_err cleat_node_unknown(const cleat_obj *node, cleat_obj **ret, struct cleat_error *reterr);
/* The Node with the taints that its conditions and `execute` (a NoExecute key or
 * NULL for none) ask for; *ret NULL = it has them. rules: NULL = built in ones only.
 * keep: leave the NoExecute taints of readiness alone. */
cleat_err cleat_node_retaint(const cleat_obj *node, const struct cleat_taint_rules *rules,
                             const char *execute, bool keep, cleat_obj **ret,
                             struct cleat_error *reterr);
bool cleat_node_has_effect(const cleat_obj *node, const char *key, const char *effect);

#endif
