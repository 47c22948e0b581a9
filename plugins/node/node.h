/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the node plugin share. Everything is hidden inside the
 * shared object; the host sees plugin.c's tables only.
 *
 * Structures here belong to one reconcile at a time, unless a comment says
 * otherwise; the controllers' own structures do not change after start().
 */
#ifndef CLEAT_PLUGIN_NODE_H
#define CLEAT_PLUGIN_NODE_H

#include <cleat/sdk.h>
#include <stdbool.h>

extern struct cleat_sdk cleat_node_sdk; /* bound once, in init */
#define SDK (&cleat_node_sdk)

#define CLEAT_NODE_GVR ((struct cleat_gvr){"", "v1", "nodes"})
#define CLEAT_POD_GVR  ((struct cleat_gvr){"", "v1", "pods"})

#define CLEAT_TAINT_UNINITIALIZED   "node.cloudprovider.kubernetes.io/uninitialized"
#define CLEAT_TAINT_SHUTDOWN        "node.cloudprovider.kubernetes.io/shutdown"
#define CLEAT_TAINT_OUT_OF_SERVICE  "node.kubernetes.io/out-of-service"
#define CLEAT_ANNOTATION_NODE_IP    "alpha.kubernetes.io/provided-node-ip"
#define CLEAT_CONDITION_INITIALIZED "CloudInitialized"
#define CLEAT_LABEL_HOSTNAME        "kubernetes.io/hostname"

extern const struct cleat_controller_desc cleat_cloud_node_desc;
extern const struct cleat_controller_desc cleat_cloud_node_lifecycle_desc;
extern const struct cleat_controller_desc cleat_node_ipam_desc;
extern const struct cleat_controller_desc cleat_node_lifecycle_desc;
extern const struct cleat_controller_desc cleat_taint_eviction_desc;

/* ---- util.c --------------------------------------------------------------- */

void cleat_node_log(int level, const char *component, const char *fmt, ...) CLEAT_PRINTF(3, 4);
/* Owned text; the process ends where there is no memory. */
char *cleat_node_format(const char *fmt, ...) CLEAT_PRINTF(1, 2);
/* Options; the host has checked them and filled in defaults. */
int64_t cleat_node_option(const struct cleat_controller_env *env, const char *name, int64_t def);
/* d, less or more by up to a quarter. */
cleat_time cleat_node_jitter(cleat_time d);
/* As the host's set_condition, with the heartbeat that a Node's conditions have: when it was
 * last said. 0 = nothing to say. */
int32_t cleat_node_set_condition(cleat_edit *e, const cleat_obj *node, const char *type,
                                 const char *status, const char *reason, const char *message);
/* The instances part of a provider, NULL where it has none. */
const struct cleat_instances_ops *cleat_node_instances(const struct cleat_cloud *cloud);
/* Whether a write that failed with this was not made for certain: the API has said no. All else may
 * have been an answer that was lost on its way. */
bool cleat_node_was_refused(cleat_err err);
bool cleat_node_is_ready(const cleat_obj *node);
/* Seconds since metadata.creationTimestamp. */
double cleat_node_age(const cleat_obj *node);

#define CLEAT_NODE_PODS "cleat.node/pods-by-node" /* an index of pods by spec.nodeName */
cleat_err cleat_node_index_pods(cleat_informer *pods, struct cleat_error *reterr);

/* One number of calls that are under way; its owner waits for all of them
 * before the code can be unloaded. */
void cleat_node_drain(const _Atomic int *pending);

/* ---- taints.c ---------------------------------------------------------------- */

bool cleat_node_has_taint(const cleat_obj *node, const char *key);
/* Removes every taint of node with this key in the edit (of node). */
void cleat_node_remove_taint(cleat_edit *e, const cleat_obj *node, const char *key);
/* The first taint with this key; absent where there is none. */
struct cleat_val cleat_node_taint(const cleat_obj *node, const char *key);
/* Appends a taint, one an edit; value NULL = none. */
void cleat_node_add_taint(cleat_edit *e, const cleat_obj *node, const char *key, const char *value,
                          const char *effect);

/* ---- server.c: a provider's answer, owned ---------------------------------------- */

struct cleat_node_addr {
    char *type, *address;
};
struct cleat_node_addrs {
    struct cleat_node_addr *v;
    size_t n;
};
struct cleat_node_label {
    char *key, *value;
};
struct cleat_node_server {
    char *name, *provider_id, *instance_type, *zone, *region; /* never NULL; "" = not said */
    struct cleat_node_addrs addresses;
    struct cleat_node_label *labels;
    size_t n_labels;
    bool known; /* the provider called back */
};
/* A cleat_server_fn whose sink is a struct cleat_node_server, zeroed before. */
int32_t cleat_node_server_copy(void *sink, const struct cleat_server *server);
void cleat_node_server_done(struct cleat_node_server *s);
void cleat_node_addrs_add(struct cleat_node_addrs *a, const char *type, const char *address);
void cleat_node_addrs_done(struct cleat_node_addrs *a);

/* ---- labels.c ---------------------------------------------------------------------- */

/* What initialisation writes: instance type, zone, region, the provider's own. */
void cleat_node_set_labels(cleat_edit *e, const cleat_obj *node, const struct cleat_node_server *s);
/* Whether a beta label of an initialised Node and its successor disagree. */
bool cleat_node_labels_differ(const cleat_obj *node);
/* Copies the beta labels of an initialised Node to their successors. [worker] */
cleat_err cleat_node_reconcile_labels(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                                      struct cleat_error *reterr);

/* ---- addresses.c -------------------------------------------------------------------- */

/* INVALID where the annotation provided-node-ip names an address that the cloud
 * does not know: such a Node is not initialised. */
cleat_err cleat_node_check_ip(const cleat_obj *node, const struct cleat_node_server *s,
                              struct cleat_error *reterr);
/* The addresses that node shall show: *ret (zeroed before) is written on
 * success, and may stay empty, which means that nothing is to change. */
cleat_err cleat_node_addresses(const cleat_obj *node, const struct cleat_node_server *s,
                               struct cleat_node_addrs *ret, struct cleat_error *reterr);
/* Patches status.addresses where they differ. [worker] */
cleat_err cleat_node_patch_addresses(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                                     const struct cleat_node_addrs *a, struct cleat_error *reterr);
/* Asks the cloud and does both; for Nodes that are initialised. [worker] */
cleat_err cleat_node_refresh_addresses(cleat_client *client, cleat_ctx *ctx, const cleat_obj *node,
                                       struct cleat_error *reterr);

/* ---- initialize.c --------------------------------------------------------------------- */

struct cleat_node_metrics {
    cleat_metric *taint_removal_delay, *initial_sync_delay;
};
/* Asks the provider about one Node; s->known tells whether it is the provider's. [worker] */
cleat_err cleat_node_metadata(const struct cleat_cloud *cloud, cleat_ctx *ctx,
                              const cleat_obj *node, struct cleat_node_server *s,
                              struct cleat_error *reterr);
/* Initialises a Node that carries the uninitialized taint; *ret_known: the provider knows
 * it. [worker] */
cleat_err cleat_node_initialize(cleat_client *client, cleat_ctx *ctx,
                                const struct cleat_node_metrics *metrics, const cleat_obj *node,
                                bool *ret_known, struct cleat_error *reterr);
/* Writes the condition that tells whether the Node is initialised, where that is news. [worker] */
cleat_err cleat_node_say_initialized(cleat_client *client, cleat_ctx *ctx, struct cleat_str name,
                                     bool done, const char *reason, const char *message,
                                     struct cleat_error *reterr);

/* ---- discovery.c ----------------------------------------------------------------------- */

struct cleat_node_discovery;
/* Makes the reconciler that turns the providers' lists into Nodes. [load] */
cleat_err cleat_node_discovery_new(const struct cleat_controller_env *env, cleat_time period,
                                   struct cleat_node_discovery **ret, struct cleat_error *reterr);
void cleat_node_discovery_start(struct cleat_node_discovery *d);        /* [load] */
void cleat_node_discovery_request_stop(struct cleat_node_discovery *d); /* NULL allowed */
void cleat_node_discovery_free(struct cleat_node_discovery *d);         /* NULL allowed */

#endif
