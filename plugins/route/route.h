/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the route plugin share. Everything is hidden inside the shared
 * object; the host sees plugin.c's tables only.
 */
#ifndef CLEAT_PLUGIN_ROUTE_H
#define CLEAT_PLUGIN_ROUTE_H

#include <cleat/sdk.h>
#include <stdbool.h>

extern struct cleat_sdk cleat_route_sdk; /* bound once, in init */
#define SDK (&cleat_route_sdk)

#define CLEAT_ROUTE_CALL_TIMEOUT (120 * CLEAT_SECOND) /* of one call of a provider */

#define CLEAT_ROUTE_NODES ((struct cleat_gvr){"", "v1", "nodes"})

extern const struct cleat_controller_desc cleat_route_desc;
extern const char cleat_route_component[]; /* of log lines */

/* ---- nets.c: networks; pure functions ------------------------------------------- */

enum { CLEAT_ROUTE_NET_TEXT = 64 };
struct cleat_route_net {
    uint8_t addr[16]; /* an IPv4 address in the first four */
    int family;       /* AF_INET or AF_INET6 */
    int bits;
};
struct cleat_route_nets {
    struct cleat_route_net *v;
    size_t n;
};
/* False where the text is no network. Bits beyond the mask are cleared. */
bool cleat_route_net_parse(struct cleat_str text, struct cleat_route_net *ret);
/* Networks with commas between; false, and *ret_bad (owned) names it, where one is none. */
bool cleat_route_nets_parse(struct cleat_str text, struct cleat_route_nets *ret, char **ret_bad);
void cleat_route_nets_done(struct cleat_route_nets *nets);
/* Whether the first or the last address of a network is in one of nets; false where the
 * text is no network. */
bool cleat_route_nets_concern(const struct cleat_route_nets *nets, const char *cidr);
/* The one text of a network, however it was written; a text that is no network stays as it
 * is. Owned. */
char *cleat_route_canonical(struct cleat_str cidr);

/* ---- table.c: what is known of a provider's routes -------------------------------- */

/* One route as the provider listed it, or as it was created. Immutable and counted. */
struct cleat_route_item {
    _Atomic uint32_t refs;
    bool is_listed;
    char *cidr;               /* canonical */
    struct cleat_route route; /* its strings and addresses are the item's */
};
struct cleat_route_item *cleat_route_item_new(const struct cleat_route *route, bool is_listed);
void cleat_route_item_unref(struct cleat_route_item *item);

/* Some of them, each a reference of the caller's. */
struct cleat_route_items {
    struct cleat_route_item **v;
    size_t n;
};
void cleat_route_items_add(struct cleat_route_items *items, struct cleat_route_item *item);
void cleat_route_items_done(struct cleat_route_items *items);

/* Routes by target and by destination. Any thread. What this process does itself while a
 * list is under way counts for more than the list. */
struct cleat_route_table;
struct cleat_route_table *cleat_route_table_new(void);
void cleat_route_table_free(struct cleat_route_table *t);
/* Before a list; its end takes what begin returned, and takes the items over. */
uint64_t cleat_route_table_begin(struct cleat_route_table *t);
void cleat_route_table_replace(struct cleat_route_table *t, uint64_t began,
                               struct cleat_route_items *listed);
bool cleat_route_table_is_known(struct cleat_route_table *t); /* it has been listed */
/* Adds the route that was created (the reference is taken), and takes out one that was deleted. */
void cleat_route_table_put(struct cleat_route_table *t, struct cleat_route_item *item);
void cleat_route_table_drop(struct cleat_route_table *t, const struct cleat_route_item *item);
/* Those to a Node; those to no Node ("") with this destination; those with this destination. */
void cleat_route_table_of(struct cleat_route_table *t, struct cleat_str target,
                          struct cleat_route_items *ret);
void cleat_route_table_to(struct cleat_route_table *t, const char *cidr,
                          struct cleat_route_items *ret);
void cleat_route_table_all(struct cleat_route_table *t, struct cleat_route_items *ret);

/* ---- controller.c --------------------------------------------------------------------- */

/* One provider that has routes. */
struct cleat_route_cloud {
    struct cleat_route_controller *owner;
    const struct cleat_cloud *cloud;
    struct cleat_route_table *table;
    _Atomic int64_t not_before; /* the provider asked to be left alone until then */
    int failures;               /* lists in a row; the scan's */
};
struct cleat_route_controller {
    cleat_client *client;
    char *cluster;
    struct cleat_route_nets nets;
    cleat_time period;
    cleat_controller *scans; /* a key a provider: lists its routes */
    cleat_controller *nodes; /* a key a target: makes and deletes its routes */
    struct cleat_route_cloud *clouds;
    size_t n_clouds;
    cleat_metric *syncs;
};

/* ---- plan.c: what is to be done for one target ------------------------------------------- */

#define CLEAT_ROUTE_BY_CIDR "cleat.route/nodes-by-pod-cidr" /* an index of Nodes */
void cleat_route_index_cidrs(void *userdata, const cleat_obj *node,
                             void (*emit)(void *sink, struct cleat_str value), void *sink);
/* A key for the routes to a Node, or to no Node (then of one destination). Owned name. */
char *cleat_route_key_name(const struct cleat_route_item *item);

struct cleat_route_plan {
    struct cleat_route_items stale;    /* the Node is gone or has not (or no more) this network */
    struct cleat_route_items outdated; /* to be replaced: blackholes, other addresses */
    char **missing;                    /* networks without a route, after the above */
    size_t n_missing;
    bool has_networks, has_routes; /* of the Node */
    bool mine;                     /* the Node is this provider's */
};
/* node may be NULL: it is not there. */
void cleat_route_plan_make(struct cleat_route_cloud *rc, const cleat_obj *node,
                           struct cleat_str target, struct cleat_route_plan *ret);
void cleat_route_plan_done(struct cleat_route_plan *plan);
bool cleat_route_plan_is_empty(const struct cleat_route_plan *plan);
/* Whether a Node has this network; false where node is NULL. */
bool cleat_route_has_network(const cleat_obj *node, const char *cidr);

/* ---- condition.c ------------------------------------------------------------------------- */

/* Whether the Node's NetworkUnavailable says already that it has all its routes, or not. */
bool cleat_route_condition_is(const cleat_obj *node, bool has_routes);
/* Says so. A Node that is gone is no error. [worker] */
cleat_err cleat_route_say(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                          bool has_routes, struct cleat_error *reterr);

/* ---- sync.c --------------------------------------------------------------------------------- */

/* The reconcile of nodes; self is the controller. [worker] */
cleat_err cleat_route_sync(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr);

#endif
