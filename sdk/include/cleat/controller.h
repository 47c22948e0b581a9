/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Controllers: the extension point, and the builder that makes a reconciler
 * out of kinds to watch and one function.
 */
#ifndef CLEAT_CONTROLLER_H
#define CLEAT_CONTROLLER_H

#include <cleat/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the extension point ------------------------------------------------ */

/* One option of a controller or provider, for its section of the configuration
 * file and for its command-line flag. The last of an array has name NULL. */
enum {
    CLEAT_OPT_STRING = 1,
    CLEAT_OPT_INT,
    CLEAT_OPT_BOOL,
    CLEAT_OPT_DURATION,
    CLEAT_OPT_DOUBLE,
    CLEAT_OPT_STRINGS,
    CLEAT_OPT_OBJECT
};
struct cleat_option {
    uint32_t struct_size;
    int32_t type;
    const char *name; /* configuration key, camelCase: "nodeStatusUpdateFrequency" */
    const char
        *flag; /* command-line flag without dashes, upstream's where it has one; NULL = none */
    const char *def;  /* default, as text; NULL = absent */
    const char *help; /* one sentence */
};

/* What a controller is given when it is created. Borrowed for its life. */
struct cleat_controller_env {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;        /* the controller's */
    cleat_client *client;    /* with the controller's identity */
    cleat_ctx *ctx;          /* cancelled when it must stop */
    const cleat_obj *config; /* one member an option, checked, defaults filled in;
                                durations are integers in nanoseconds */
};

/* Whether a controller runs where nothing names it. */
enum {
    CLEAT_ON_BY_DEFAULT = 0,
    CLEAT_OFF_BY_DEFAULT = 1,
    /* On, but off where cleatd is attached to a cluster: its kube-controller-manager does
     * the same there, and two of them would be one too many. */
    CLEAT_OFF_WHERE_ATTACHED = 2
};

struct cleat_controller_desc {
    uint32_t struct_size;
    int32_t disabled_by_default; /* CLEAT_ON_BY_DEFAULT, ... */
    const char *name;            /* "cloud-node-controller" */
    const char *const *aliases;  /* "cloud-node", ...; NULL-ended, or NULL */
    const char *description;
    const struct cleat_option *options; /* or NULL */
    /* Builds the controller: acquires informers, makes reconcilers. Nothing
     * runs yet. [load] */
    cleat_err (*create)(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr);
    /* Starts what the builder does not start by itself; NULL = nothing. [load] */
    cleat_err (*start)(void *self, struct cleat_error *reterr);
    /* Called after the context is cancelled, before the reconcilers are joined:
     * must return at once; NULL = nothing. [any-thread] */
    void (*request_stop)(void *self);
    /* After everything of it has stopped. [load] */
    void (*destroy)(void *self);
};

#define CLEAT_FACTORY_CONTROLLER "cleat.controller/1"
struct cleat_controller_factory {
    uint32_t struct_size;
    uint32_t n_controllers;
    const struct cleat_controller_desc *const *controllers;
};

/* ---- the reconciler builder ---------------------------------------------- */

/* The outcome of a reconcile that returned CLEAT_OK. */
struct cleat_result {
    uint32_t struct_size;
    uint32_t reserved;
    cleat_time requeue_after; /* 0 = done until something changes */
};

/*
 * Makes the world agree with the present state of one key. Level-triggered:
 * looks at everything anew and may be called again at any time. An error
 * re-queues with back-off (PENDING and THROTTLED with retry_after_ms: after
 * exactly that; TERMINAL: not until something changes). [worker]
 */
typedef cleat_err (*cleat_reconcile_fn)(void *self, cleat_ctx *ctx, struct cleat_key key,
                                        struct cleat_result *ret, struct cleat_error *reterr);
/* Nonzero where the change matters; old is NULL on add, obj is NULL on delete. [dispatch] */
typedef int32_t (*cleat_predicate_fn)(void *self, const cleat_obj *old, const cleat_obj *obj);
/* Calls emit with each key that a change of obj concerns. [dispatch] */
typedef void (*cleat_map_fn)(void *self, const cleat_obj *obj,
                             void (*emit)(void *sink, struct cleat_key key), void *sink);

struct cleat_reconciler_opts {
    uint32_t struct_size;
    int32_t workers;                  /* 0 = 1 */
    const char *name;                 /* queue and metrics label */
    cleat_time timeout;               /* deadline of one reconcile; 0 = none */
    cleat_time base_delay, max_delay; /* as in workqueue.h */
    double qps;
    int32_t burst;
    int32_t reserved;
    /* A reconcile that has run for slow_after no longer counts among `workers`: another thread
     * takes its place, up to most_workers in all, so that whoever waits for somebody slow delays
     * nobody else. 0 = never. */
    cleat_time slow_after;
    int32_t most_workers; /* 0 = 1024 */
    int32_t reserved2;
};

#define CLEAT_EXT_CONTROLLER "cleat.controller-builder/1"
struct cleat_controller_api {
    uint32_t struct_size;
    uint32_t reserved;
    /* A reconciler that belongs to the controller of env: the host starts it
     * after create() and start() returned and its informers have synced, stops
     * and frees it before destroy(). [load] */
    cleat_err (*reconciler_new)(const struct cleat_controller_env *env,
                                const struct cleat_reconciler_opts *opts, cleat_reconcile_fn fn,
                                void *self, cleat_controller **ret, struct cleat_error *reterr);
    /* Reconciles each object of this kind by its own key. predicate may be NULL. [load] */
    cleat_err (*reconciles)(cleat_controller *c, struct cleat_gvr gvr, cleat_predicate_fn predicate,
                            struct cleat_error *reterr);
    /* Reconciles the controller owner (kind `owner_kind`) of each object of this kind. [load] */
    cleat_err (*owns)(cleat_controller *c, struct cleat_gvr gvr, const char *owner_kind,
                      cleat_predicate_fn predicate, struct cleat_error *reterr);
    /* Reconciles whatever map says. [load] */
    cleat_err (*watches)(cleat_controller *c, struct cleat_gvr gvr, cleat_map_fn map,
                         cleat_predicate_fn predicate, struct cleat_error *reterr);
    /* The informer that the above made for a kind: borrowed. NULL where none. [any-thread] */
    cleat_informer *(*informer)(cleat_controller *c, struct cleat_gvr gvr);
    /* Puts a key in by hand. [any-thread] */
    void (*enqueue)(cleat_controller *c, struct cleat_key key, cleat_time delay);
};

/* ---- helpers --------------------------------------------------------------- */

#define CLEAT_EXT_UTIL "cleat.util/1"
struct cleat_util_api {
    uint32_t struct_size;
    uint32_t reserved;
    /* 1 where metadata.finalizers has it. [any-thread] */
    int32_t (*has_finalizer)(const cleat_obj *o, const char *finalizer);
    void (*add_finalizer)(cleat_edit *e, const cleat_obj *base, const char *finalizer);
    void (*remove_finalizer)(cleat_edit *e, const cleat_obj *base, const char *finalizer);
    /* The element of status.conditions with this type, or absent. [any-thread] */
    struct cleat_val (*condition)(const cleat_obj *o, const char *type);
    /* Sets a condition in the edit (of base); lastTransitionTime moves only when
     * the status does. Returns 1 where anything changed. [any-thread] */
    int32_t (*set_condition)(cleat_edit *e, const cleat_obj *base, const char *type,
                             const char *status, const char *reason, const char *message);
    /* Makes owner the controller of the edited object. [any-thread] */
    void (*set_controller_owner)(cleat_edit *e, const cleat_obj *owner);
};

#ifdef __cplusplus
}
#endif
#endif
