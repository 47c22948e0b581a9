/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cloud providers: the vtable that a provider fills in, and the service by
 * which controllers find the provider that an object belongs to.
 *
 * Every method is optional (NULL = not supported) and synchronous, on a thread
 * that may block, under a context. Semantics follow k8s.io/cloud-provider.
 * Errors: NOT_FOUND (the server, balancer or route is not there: only when the
 * cloud said so), ELSEWHERE, THROTTLED (with retry_after_ms), TRANSIENT,
 * TERMINAL, PENDING (begun; ask again after retry_after_ms). Objects that are
 * passed in are borrowed and read-only; the methods may be called from several
 * threads at once and are idempotent. Of ensure, update_hosts and ensure_deleted
 * one runs at a time for one Service.
 */
#ifndef CLEAT_CLOUD_H
#define CLEAT_CLOUD_H

#include <cleat/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a provider hands strings and arrays back: it adds to a sink of the
 * host's, which copies. [worker] */
struct cleat_server_sink; /* opaque */

/* One server as the cloud knows it. All strings are borrowed for the call. */
struct cleat_address {
    const char *type; /* InternalIP, ExternalIP, Hostname, InternalDNS, ExternalDNS */
    const char *address;
};
struct cleat_label {
    const char *key, *value;
};
struct cleat_server {
    uint32_t struct_size;
    int32_t shut_down;         /* 1 = exists, but off */
    const char *name;          /* the Node's name */
    const char *provider_id;   /* "<provider>://..." */
    const char *instance_type; /* "" = not said; as below */
    const char *zone, *region;
    const struct cleat_address *addresses;
    size_t n_addresses;
    const struct cleat_label *labels; /* additional ones */
    size_t n_labels;
    const cleat_obj *node_template; /* capacity etc. for a Node made from a list; NULL = none */
};
/* Receives one server. The host copies; returns nonzero to end the list. */
typedef int32_t (*cleat_server_fn)(void *sink, const struct cleat_server *server);

struct cleat_instances_ops {
    uint32_t struct_size;
    uint32_t reserved;
    /* *ret = 1 also for a server that is stopped. NOT_FOUND is the same as 0. [worker] */
    cleat_err (*exists)(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                        struct cleat_error *reterr);
    cleat_err (*is_shut_down)(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                              struct cleat_error *reterr);
    /* Calls fn once with what the cloud knows of this node's server; CLEAT_OK
     * without a call means "not mine: leave it alone". [worker] */
    cleat_err (*metadata)(void *self, cleat_ctx *ctx, const cleat_obj *node, cleat_server_fn fn,
                          void *sink, struct cleat_error *reterr);
    /* Calls fn with every server. An error means that the list is not whole. [worker] */
    cleat_err (*list)(void *self, cleat_ctx *ctx, cleat_server_fn fn, void *sink,
                      struct cleat_error *reterr);
};

/* One balancer that the cloud has for a Service. All strings are borrowed for the call. */
struct cleat_balancer {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name; /* the cloud's */
    const char *service_namespace, *service_name, *service_uid;
};
typedef int32_t (*cleat_balancer_fn)(void *sink, const struct cleat_balancer *balancer);

/* The balancer's status as status.loadBalancer: an owned object of the form
 * {"ingress":[{"ip":..,"hostname":..,"ipMode":..,"ports":[..]}]}. */
struct cleat_lb_ops {
    uint32_t struct_size;
    uint32_t reserved;
    /* *ret_exists; *ret_status owned by the caller, may be NULL. [worker] */
    cleat_err (*get)(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                     int32_t *ret_exists, cleat_obj **ret_status, struct cleat_error *reterr);
    /* The balancer's name into buf, NUL-ended. NULL slot: "a" + UID without
     * dashes, cut to 32. [any-thread] */
    cleat_err (*name)(void *self, const char *cluster, const cleat_obj *service, char *buf,
                      size_t size);
    /* With PENDING *ret_status may tell what there is already (NULL: nothing yet). [worker] */
    cleat_err (*ensure)(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                        const cleat_obj *const *nodes, size_t n_nodes, cleat_obj **ret_status,
                        struct cleat_error *reterr);
    cleat_err (*update_hosts)(void *self, cleat_ctx *ctx, const char *cluster,
                              const cleat_obj *service, const cleat_obj *const *nodes,
                              size_t n_nodes, struct cleat_error *reterr);
    /* CLEAT_OK where it is gone, also where it never was. [worker] */
    cleat_err (*ensure_deleted)(void *self, cleat_ctx *ctx, const char *cluster,
                                const cleat_obj *service, struct cleat_error *reterr);
    /* Calls fn with each balancer that ensure has made for a Service of this very cluster, also
     * one that is not whole. An error means that the list is not either. What no Service is for
     * is deleted: ensure_deleted then gets a Service of which only namespace, name and uid are
     * known. So a provider offers this only where it tells its balancers from those of all
     * other clusters, of the same name too. NULL = cannot tell. [worker] */
    cleat_err (*list)(void *self, cleat_ctx *ctx, const char *cluster, cleat_balancer_fn fn,
                      void *sink, struct cleat_error *reterr);
};

struct cleat_route {
    uint32_t struct_size;
    int32_t blackhole;
    int32_t enable_node_addresses; /* set by a provider that tells target addresses */
    int32_t reserved;
    const char *name;        /* the cloud's; ignored on create */
    const char *target_node; /* "" allowed for a blackhole */
    const struct cleat_address *target_addresses;
    size_t n_target_addresses;
    const char *destination_cidr;
};
typedef int32_t (*cleat_route_fn)(void *sink, const struct cleat_route *route);

struct cleat_routes_ops {
    uint32_t struct_size;
    uint32_t reserved;
    cleat_err (*list)(void *self, cleat_ctx *ctx, const char *cluster, cleat_route_fn fn,
                      void *sink, struct cleat_error *reterr);
    cleat_err (*create)(void *self, cleat_ctx *ctx, const char *cluster, const char *name_hint,
                        const struct cleat_route *route, struct cleat_error *reterr);
    cleat_err (*remove)(void *self, cleat_ctx *ctx, const char *cluster,
                        const struct cleat_route *route, struct cleat_error *reterr);
};

struct cleat_clusters_ops {
    uint32_t struct_size;
    uint32_t reserved;
    cleat_err (*list)(void *self, cleat_ctx *ctx, void (*emit)(void *sink, const char *name),
                      void *sink, struct cleat_error *reterr);
    /* The address of a cluster's master, NUL-ended into buf. [worker] */
    cleat_err (*master)(void *self, cleat_ctx *ctx, const char *cluster, char *buf, size_t size,
                        struct cleat_error *reterr);
};

struct cleat_cloud_ops {
    uint32_t struct_size;
    int32_t has_cluster_id;
    const struct cleat_instances_ops *instances; /* NULL = not supported; as below */
    const struct cleat_lb_ops *load_balancers;
    const struct cleat_routes_ops *routes;
    const struct cleat_clusters_ops *clusters;
    /* Called once before any controller starts; may start threads of its own,
     * which end when env->ctx is cancelled. NULL = nothing to do. [load] */
    cleat_err (*initialize)(void *self, struct cleat_error *reterr);
    void (*request_stop)(void *self); /* as in controller.h */
    void (*destroy)(void *self);      /* [load] */
    /* Says when the list of servers, or what is_shut_down or metadata say of
     * one, may have changed, so that nobody need poll for it. changed is called
     * from any thread, must not block, and may come too often; a change that it
     * misses is found by the next poll. NULL = cannot tell. [load] */
    cleat_err (*watch_servers)(void *self, void (*changed)(void *userdata), void *userdata,
                               uint64_t *ret_id, struct cleat_error *reterr);
    /* Ends it; returns after the last call of changed has. [any-thread] */
    void (*unwatch_servers)(void *self, uint64_t id);
};

struct cleat_controller_env;
struct cleat_option;

struct cleat_cloud_desc {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name; /* "sim": --cloud-provider=sim, providerID "sim://..." */
    const char *description;
    const struct cleat_option *options; /* or NULL; the section of --cloud-config too */
    /* env as for a controller. *ret_ops is borrowed until destroy. [load] */
    cleat_err (*create)(const struct cleat_controller_env *env,
                        const struct cleat_cloud_ops **ret_ops, void **ret_self,
                        struct cleat_error *reterr);
};

#define CLEAT_FACTORY_CLOUD "cleat.cloud/1"
struct cleat_cloud_factory {
    uint32_t struct_size;
    uint32_t n_clouds;
    const struct cleat_cloud_desc *const *clouds;
};

/* ---- for controllers: whose is this? ------------------------------------- */

/* A loaded provider. Valid while the controller that asked runs. Its functions lead
 * through the host, which may wait for a call's turn, answer THROTTLED in the
 * cloud's stead, PENDING for a balancer's call that takes long, and lists and metadata
 * from an answer that is not older than configured (docs/plugins/clouds.md); what
 * it tells is whole, also where the provider's structures are shorter. */
struct cleat_cloud {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;
    const struct cleat_cloud_ops *ops;
    void *self;
};

#define CLEAT_LABEL_PROVIDER "cleat.dev/cloud-provider"

#define CLEAT_EXT_CLOUDS "cleat.clouds/1"
struct cleat_clouds_api {
    uint32_t struct_size;
    uint32_t reserved;
    size_t (*count)(void);                                  /* [any-thread] */
    const struct cleat_cloud *(*at)(size_t i);              /* NULL past the end [any-thread] */
    const struct cleat_cloud *(*by_name)(const char *name); /* [any-thread] */
    /* The provider that a Node belongs to: by the scheme of spec.providerID,
     * else by the label cleat.dev/cloud-provider, else the only one where just
     * one is loaded; NULL = nobody's, leave it alone. [any-thread] */
    const struct cleat_cloud *(*for_node)(const cleat_obj *node);
    /* The provider of a Service of type LoadBalancer: by spec.loadBalancerClass
     * ("cleat.dev/<name>" or the provider's own), else by the label, else the
     * only one, else NULL. [any-thread] */
    const struct cleat_cloud *(*for_service)(const cleat_obj *service);
};

#ifdef __cplusplus
}
#endif
#endif
