/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the simulated cloud share.
 *
 * struct cleat_sim is made in create() and does not change after initialize(),
 * except for what stands under a lock of its own: the settings (settings.c),
 * the address pools (pool.c) and the machines (engine.c).
 */
#ifndef CLEAT_PLUGIN_SIM_H
#define CLEAT_PLUGIN_SIM_H

#include <cleat/sdk.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

extern struct cleat_sdk cleat_sim_sdk; /* bound once, in init */
#define SDK (&cleat_sim_sdk)

#define CLEAT_SIM_NAME   "sim"
#define CLEAT_SIM_SCHEME "sim://"
#define CLEAT_SIM_GROUP  "sim.cleat.dev"

#define CLEAT_SIM_MACHINES  ((struct cleat_gvr){CLEAT_SIM_GROUP, "v1alpha1", "machines"})
#define CLEAT_SIM_BALANCERS ((struct cleat_gvr){CLEAT_SIM_GROUP, "v1alpha1", "loadbalancers"})
#define CLEAT_SIM_ROUTES    ((struct cleat_gvr){CLEAT_SIM_GROUP, "v1alpha1", "routes"})
#define CLEAT_SIM_CLOUDS    ((struct cleat_gvr){CLEAT_SIM_GROUP, "v1alpha1", "clouds"})
#define CLEAT_SIM_NODES     ((struct cleat_gvr){"", "v1", "nodes"})
#define CLEAT_SIM_LEASES    ((struct cleat_gvr){"coordination.k8s.io", "v1", "leases"})

#define CLEAT_SIM_TAINT_UNINITIALIZED "node.cloudprovider.kubernetes.io/uninitialized"

struct cleat_sim;
struct cleat_sim_engine;
struct cleat_sim_settings;

/* ---- util.c ------------------------------------------------------------------ */

void cleat_sim_log(int level, const char *fmt, ...) CLEAT_PRINTF(2, 3);
char *cleat_sim_format(const char *fmt, ...) CLEAT_PRINTF(1, 2); /* owned */
/* Parses JSON text that this plugin made; takes the text. Owned. */
cleat_obj *cleat_sim_parse(char *json);
/* Uniform in [0, n); 0 where n is 0. */
uint64_t cleat_sim_random(uint64_t n);
/* Integer or boolean at a path of an object, or the default. */
int64_t cleat_sim_int(struct cleat_val v, int64_t def);

/* ---- pool.c: IPv4 addresses, each given out once until it is released ------------ */

struct cleat_sim_pool {
    pthread_mutex_t lock;
    uint32_t first, n; /* host order; network and broadcast address left out */
    uint32_t next;     /* where the search goes on, so that addresses are not reused at once */
    uint64_t *used;
};
cleat_err cleat_sim_pool_init(struct cleat_sim_pool *p, const char *cidr,
                              struct cleat_error *reterr);
void cleat_sim_pool_done(struct cleat_sim_pool *p);
/* Takes this address, or one that is free where want is empty. buf of 16.
 * EXISTS: taken; INVALID: none of the pool's; UNAVAILABLE: none left. [any-thread] */
cleat_err cleat_sim_pool_take(struct cleat_sim_pool *p, struct cleat_str want, char buf[16],
                              struct cleat_error *reterr);
/* Marks an address that is known to be in use; others are ignored. [any-thread] */
void cleat_sim_pool_mark(struct cleat_sim_pool *p, struct cleat_str address);
void cleat_sim_pool_release(struct cleat_sim_pool *p, struct cleat_str address);

/* ---- machine.c: reading Machine objects ------------------------------------------- */

bool cleat_sim_machine_is_on(const cleat_obj *machine);
bool cleat_sim_machine_has_kubelet(const cleat_obj *machine);
bool cleat_sim_machine_crashed(const cleat_obj *machine);
struct cleat_str cleat_sim_machine_zone(const cleat_obj *machine);
struct cleat_str cleat_sim_machine_region(const cleat_obj *machine);
/* The machine has been set up: it has a state and addresses. */
bool cleat_sim_machine_is_provisioned(const cleat_obj *machine);
/* "sim://<zone>/<name>/<uid>", owned: a machine that is made anew under an old
 * name is another server. */
char *cleat_sim_machine_provider_id(const cleat_obj *machine);
/* The list of {type,address}: the person's, else what the cloud gave. */
struct cleat_val cleat_sim_machine_addresses(const cleat_obj *machine);
/* status.capacity of its Node as JSON text, owned. */
char *cleat_sim_machine_capacity(const cleat_obj *machine);
/* Whether a Node with this providerID is this machine's. */
bool cleat_sim_provider_id_is(struct cleat_str provider_id, const cleat_obj *machine);
/* Takes a providerID apart; false where it is not one of ours. Spans into it. */
bool cleat_sim_provider_id_parse(struct cleat_str provider_id, struct cleat_str *zone,
                                 struct cleat_str *name, struct cleat_str *uid);
/* nodeInfo of every hollow kubelet, and the template of a Node: labels and
 * status without conditions. Owned. */
char *cleat_sim_node_info(const cleat_obj *machine);
cleat_obj *cleat_sim_node_template(const cleat_obj *machine);
extern const char cleat_sim_kubelet_labels[]; /* members of metadata.labels as JSON text */

/* ---- settings.c: how badly the cloud behaves ------------------------------------------ */

struct cleat_sim_settings *cleat_sim_settings_new(void);
void cleat_sim_settings_free(struct cleat_sim_settings *s);
/* Takes over the settings of a Cloud object; NULL = defaults. [any-thread] */
void cleat_sim_settings_set(struct cleat_sim_settings *s, const cleat_obj *cloud);
/* What each call of the cloud's API passes: quota, latency, outage, errors. [worker] */
cleat_err cleat_sim_settings_call(struct cleat_sim_settings *s, cleat_ctx *ctx, const char *what,
                                  struct cleat_error *reterr);
/* TRANSIENT where the zone is out; an empty zone asks for any. [any-thread] */
cleat_err cleat_sim_settings_zone(struct cleat_sim_settings *s, struct cleat_str zone,
                                  struct cleat_error *reterr);

/* ---- the provider ------------------------------------------------------------------------ */

struct cleat_sim {
    cleat_client *client;
    cleat_ctx *ctx;
    int64_t seed_machines;
    bool kubelets, heartbeat, self_register;
    cleat_informer *machines, *balancers, *clouds, *nodes, *leases;
    uint64_t clouds_handler, balancers_handler;
    struct cleat_sim_settings *settings;
    struct cleat_sim_pool machine_ips, balancer_ips;
    struct cleat_sim_engine *engine;
    pthread_mutex_t watches_lock;
    struct cleat_sim_watch *watches; /* of watch_servers */
};

extern const struct cleat_cloud_desc cleat_sim_cloud_desc;       /* provider.c */
extern const struct cleat_instances_ops cleat_sim_instances_ops; /* instances.c */
extern const struct cleat_lb_ops cleat_sim_lb_ops;               /* balancers.c */
extern const struct cleat_routes_ops cleat_sim_routes_ops;       /* routes.c */
enum { CLEAT_SIM_N_CRDS = 4 };
extern const char *const cleat_sim_crds[CLEAT_SIM_N_CRDS]; /* kinds.c */

/* What precedes every call of the cloud: its caches are full, and settings. [worker] */
cleat_err cleat_sim_call(struct cleat_sim *sim, cleat_ctx *ctx, const char *what,
                         struct cleat_error *reterr);
/* Fills an empty cloud once in its life. [worker] */
cleat_err cleat_sim_seed(struct cleat_sim *sim, struct cleat_error *reterr);

/* ---- engine.c: the machines at work -------------------------------------------------------- */

cleat_err cleat_sim_engine_new(struct cleat_sim *sim, struct cleat_sim_engine **ret,
                               struct cleat_error *reterr);
void cleat_sim_engine_free(struct cleat_sim_engine *e); /* NULL allowed */

#endif
