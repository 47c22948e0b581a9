/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the service plugin share. Everything is hidden inside the shared
 * object; the host sees plugin.c's tables only.
 */
#ifndef CLEAT_PLUGIN_SERVICE_H
#define CLEAT_PLUGIN_SERVICE_H

#include <cleat/sdk.h>
#include <stdbool.h>

extern struct cleat_sdk cleat_service_sdk; /* bound once, in init */
#define SDK (&cleat_service_sdk)

#define CLEAT_SERVICE_GVR ((struct cleat_gvr){"", "v1", "services"})
#define CLEAT_NODE_GVR    ((struct cleat_gvr){"", "v1", "nodes"})

#define CLEAT_SERVICE_FINALIZER "service.kubernetes.io/load-balancer-cleanup"
/* Who holds the balancer, written with the finalizer: whatever the Service's class or label
 * say later, it is released where it was made. */
#define CLEAT_SERVICE_HOLDER    "cleat.dev/load-balancer-provider"
#define CLEAT_SERVICE_CONDITION "LoadBalancerReady"
#define CLEAT_SERVICE_MAX_DELAY (300 * CLEAT_SECOND) /* of the back-off */

extern const struct cleat_controller_desc cleat_service_desc;
extern const char cleat_service_component[]; /* of log lines */

struct cleat_service_controller;

/* ---- judge.c: what a Service wants; pure functions -------------------------------- */

bool cleat_service_is_balanced(const cleat_obj *service); /* its type is LoadBalancer */
bool cleat_service_is_ending(const cleat_obj *service);   /* it has a deletionTimestamp */
/* It has, or may have, a balancer: the finalizer says so, or, where somebody took that away, the
 * holder. */
bool cleat_service_is_held(const cleat_obj *service);
/* Both say that it is this provider's. */
bool cleat_service_is_held_by(const cleat_obj *service, const char *provider);
/* Somebody has taken one of them away, by `kubectl replace` for example. */
bool cleat_service_lost_hold(const cleat_obj *old, const cleat_obj *service);
/* Whether one change of a Service concerns its balancer: upstream's list of fields, and whose
 * it is. The same Service twice never does. */
bool cleat_service_differs(const cleat_obj *old, const cleat_obj *service);
/* The provider that a balanced Service belongs to now; NULL = nobody's, or it does not run. */
const struct cleat_cloud *cleat_service_cloud(const cleat_obj *service);
/* The provider that holds its balancer, or has to answer for it; NULL = it does not run. */
const struct cleat_cloud *cleat_service_holder(const cleat_obj *service);
/* Whether class or label name somebody else than the holder. */
bool cleat_service_has_moved(const cleat_obj *service);
const struct cleat_lb_ops *cleat_service_ops(const struct cleat_cloud *cloud); /* or NULL */

/* What has changed, as Events with upstream's reasons and words. [dispatch] */
void cleat_service_tell_changes(const cleat_obj *old, const cleat_obj *service);
/* Whether the balancer that this provider has for it is one that it wants, or that its own
 * reconcile will give back; where that is not clear, it is. */
bool cleat_service_wants(const cleat_obj *service, const struct cleat_cloud *cloud);

/* ---- hosts.c: the Nodes behind balancers ---------------------------------------------- */

/* A set of Nodes, by name. Immutable and counted. */
struct cleat_service_hosts {
    _Atomic uint32_t refs;
    size_t n;
    const cleat_obj **nodes; /* references of the set's */
};
struct cleat_service_hosts *cleat_service_hosts_ref(struct cleat_service_hosts *h);
void cleat_service_hosts_unref(struct cleat_service_hosts *h); /* NULL is taken */
/* The same names and providerIDs. NULL differs from every set. */
bool cleat_service_hosts_equal(const struct cleat_service_hosts *a,
                               const struct cleat_service_hosts *b);
/* Some of their names, as upstream prints them; owned. */
char *cleat_service_hosts_print(const struct cleat_service_hosts *h);

/* The present sets, one a provider, made anew when somebody asks after a change. */
struct cleat_service_pool;
/* ready_only: Nodes that are not Ready or shut down are left out. */
struct cleat_service_pool *cleat_service_pool_new(bool ready_only);
void cleat_service_pool_free(struct cleat_service_pool *p);
void cleat_service_pool_changed(struct cleat_service_pool *p); /* some Node; any thread */
/* Whether a change of a Node may change a set. [dispatch] */
bool cleat_service_pool_concerns(const struct cleat_service_pool *p, const cleat_obj *old,
                                 const cleat_obj *node);
/* The provider's set; the caller's reference. *ret_doubtful: it was made just now, and has Nodes
 * that the cache has lost though a live read does not say that they are gone: look again soon.
 * [worker] */
struct cleat_service_pool_reader {
    cleat_client *client;
    cleat_ctx *ctx;
    cleat_informer *nodes;
};
struct cleat_service_hosts *cleat_service_pool_get(struct cleat_service_pool *p,
                                                   const struct cleat_service_pool_reader *r,
                                                   const struct cleat_cloud *cloud,
                                                   bool *ret_doubtful);

/* ---- records.c: what this process knows of each Service's balancer ---------------------- */

enum { CLEAT_SERVICE_BY_SERVICE = 1, CLEAT_SERVICE_BY_HOSTS = 2 };
struct cleat_service_record {
    struct cleat_service_record *next;
    char *ns, *name;
    bool busy;      /* somebody has taken it */
    bool due;       /* has not been told of a change of Nodes yet */
    uint32_t again; /* who came meanwhile */

    /* Of whoever has taken it: */
    cleat_obj *attempted; /* as last handed to the provider; NULL = never */
    cleat_obj *ensured;   /* as last made true; NULL = it is not known to be */
    struct cleat_service_hosts *hosts;
    char *provider;      /* that it was handed to */
    bool clean;          /* the last attempt came to a clear end */
    bool pending;        /* the provider has begun: what follows are polls */
    bool quiet;          /* and nobody need hear of it: it was well before */
    bool elsewhere;      /* somebody else implements it */
    cleat_time drift_at; /* when to look whether it is still as it was made */
};
struct cleat_service_records;
struct cleat_service_records *cleat_service_records_new(void);
void cleat_service_records_free(struct cleat_service_records *rs);
/* The Service's record for the caller alone until give; made where there is none and `make` is
 * set. NULL: another has it, who will be told that `who` must come again; or there is none. */
struct cleat_service_record *cleat_service_records_take(struct cleat_service_records *rs,
                                                        struct cleat_key key, uint32_t who,
                                                        bool make);
/* Ends it; returns who came meanwhile. A record that nothing is left in goes. */
uint32_t cleat_service_records_give(struct cleat_service_records *rs,
                                    struct cleat_service_record *r);
/* Calls fn with the key of each record, which all are due then. True where none was before. */
bool cleat_service_records_each(struct cleat_service_records *rs,
                                void (*fn)(void *userdata, struct cleat_key key), void *userdata);
/* It is not due any more; true where it was the last one. */
bool cleat_service_records_settle(struct cleat_service_records *rs, struct cleat_service_record *r);
/* Nothing is known of a balancer any more; or only that the last one may not be as it must. */
void cleat_service_record_clear(struct cleat_service_record *r);
void cleat_service_record_doubt(struct cleat_service_record *r);

/* ---- write.c: what is written on Services ------------------------------------------------- */

struct cleat_service_writer {
    cleat_client *client;
    cleat_ctx *ctx;
    bool says; /* keep the condition */
};
/* Adds finalizer and holder where they are missing; *ret is the Service as it is then, owned.
 * NOT_FOUND and CONFLICT: it is gone, or another one. [worker] */
cleat_err cleat_service_hold(const struct cleat_service_writer *w, const cleat_obj *service,
                             const char *provider, cleat_obj **ret, struct cleat_error *reterr);
/* Takes both away and clears the status. A Service that is gone is no error. [worker] */
cleat_err cleat_service_release(const struct cleat_service_writer *w, const cleat_obj *service,
                                struct cleat_error *reterr);
/* Says, where there is a condition, that it is as it must be: with Nodes behind it, or without.
 * [worker] */
cleat_err cleat_service_say_ensured(const struct cleat_service_writer *w, const cleat_obj *service,
                                    const cleat_obj *balancer, size_t n_hosts,
                                    struct cleat_error *reterr);
/* Writes the balancer's status ({"ingress":[..]}; NULL = not to be changed) and the condition
 * where they differ. status, reason: NULL = no condition. [worker] */
cleat_err cleat_service_say(const struct cleat_service_writer *w, const cleat_obj *service,
                            const cleat_obj *balancer, const char *status, const char *reason,
                            const char *message, struct cleat_error *reterr);
void cleat_service_event(const cleat_obj *service, const char *type, const char *reason,
                         const char *fmt, ...) CLEAT_PRINTF(4, 5);

/* ---- orphans.c: balancers that no Service is for ------------------------------------------ */

struct cleat_service_orphans; /* those that have been seen */
struct cleat_service_orphans *cleat_service_orphans_new(void);
void cleat_service_orphans_free(struct cleat_service_orphans *o);

/* ---- controller.c ---------------------------------------------------------------------------- */

struct cleat_service_controller {
    cleat_client *client;
    char *cluster;
    cleat_controller *services; /* a key a Service: ensure, delete */
    cleat_controller *hosts;    /* a key a Service: another set of Nodes */
    cleat_controller *nodes;    /* one key: Nodes have changed */
    cleat_controller *sweeps;   /* a key a provider: balancers that no Service is for */
    struct cleat_service_records *records;
    struct cleat_service_pool *pool;
    struct cleat_service_orphans *orphans;
    _Atomic cleat_time
        round; /* monotonic: when Nodes changed that somebody is still due to hear of */
    cleat_time debounce, drift, call_timeout, orphan_period;
    bool says;
    cleat_metric *syncs, *node_errors, *node_latency, *host_latency, *swept;
};
/* The Nodes for a provider's balancers now; the caller's reference. [worker] */
struct cleat_service_hosts *cleat_service_hosts_now(struct cleat_service_controller *c,
                                                    cleat_ctx *ctx,
                                                    const struct cleat_cloud *cloud);
/* A call's own context: ended by ctx->free. */
cleat_ctx *cleat_service_call(const struct cleat_service_controller *c, cleat_ctx *ctx);
/* Whether the cloud has the Service's balancer; true where it cannot be asked. [worker] */
cleat_err cleat_service_exists(const struct cleat_service_controller *c, cleat_ctx *ctx,
                               const struct cleat_cloud *cloud, const cleat_obj *service, bool *ret,
                               struct cleat_error *reterr);

/* ---- sync.c, update.c, orphans.c: the reconciles; self is the controller. [worker] ---- */

cleat_err cleat_service_sync(void *self, cleat_ctx *ctx, struct cleat_key key,
                             struct cleat_result *ret, struct cleat_error *reterr);
cleat_err cleat_service_update(void *self, cleat_ctx *ctx, struct cleat_key key,
                               struct cleat_result *ret, struct cleat_error *reterr);
cleat_err cleat_service_sweep(void *self, cleat_ctx *ctx, struct cleat_key key,
                              struct cleat_result *ret, struct cleat_error *reterr);

#endif
