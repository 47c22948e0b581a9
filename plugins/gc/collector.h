/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The garbage-collector-controller's own structures. Informers feed the graph on
 * the dispatch thread; three reconcilers work on it: one decides of single
 * objects whether they must go, one orphans, one follows the kinds. Writes are not
 * waited for: while one is under way its node says so, and what comes of it is a
 * change that an informer shows, or a failure that puts the node back.
 */
#ifndef CLEAT_PLUGIN_GC_COLLECTOR_H
#define CLEAT_PLUGIN_GC_COLLECTOR_H

#include "graph.h"
#include "kinds.h"

struct cleat_collector;

/* What watches one kind. Never freed before the collector, so that numbers stay. */
struct cleat_gc_monitor {
    struct cleat_collector *owner;
    char *group, *version, *resource, *kind, *api_version;
    bool namespaced;
    uint16_t number;
    cleat_informer *informer; /* NULL = stopped */
    uint64_t handler;
};

/* Something that the collector did, or would have done. */
enum { CLEAT_GC_DEEDS = 2048 };
struct cleat_gc_deed {
    cleat_time when;
    char *uid, *object, *text; /* object: cleat_gc_coordinates */
};
struct cleat_gc_history {
    pthread_mutex_t mutex;
    struct cleat_gc_deed at[CLEAT_GC_DEEDS];
    size_t next; /* the oldest goes */
};

struct cleat_collector {
    const char *name;
    cleat_client *client;
    struct cleat_gc_graph graph;
    struct cleat_gc_monitor **monitors; /* appended to under the graph's mutex */
    size_t n_monitors;
    pthread_mutex_t kinds_mutex; /* guards kinds */
    struct cleat_gc_kinds *kinds;
    struct cleat_gc_absent absent;
    struct cleat_gc_history history;
    cleat_controller *checks, *orphans, *watcher, *explainer;
    uint64_t kinds_watch;
    cleat_time began;
    bool enabled, dry_run;
    bool stopped; /* under the graph's mutex: the reconcilers are going, nothing is enqueued */
    _Atomic int pending; /* writes under way */
    cleat_metric *sync_errors;
};

/* What a worker needs of a node, taken from it under the mutex. */
struct cleat_gc_item {
    cleat_obj *seen; /* as the informer showed it; owned */
    const struct cleat_gc_monitor *monitor;
    bool ending, foreground;
};

/* ---- monitors.c: following the kinds ------------------------------------------ */

cleat_err cleat_gc_follow(void *self, cleat_ctx *ctx, struct cleat_key key,
                          struct cleat_result *ret, struct cleat_error *reterr);
void cleat_gc_monitors_stop(struct cleat_collector *c);
void cleat_gc_monitors_free(struct cleat_collector *c);
struct cleat_gc_kinds *cleat_gc_kinds_now(struct cleat_collector *c); /* a reference, or NULL */
/* Whether the graph shows all that happened up to the revision; after a while it is taken
 * for granted, since not every transport can tell. */
bool cleat_gc_caught_up(struct cleat_collector *c, const cleat_obj *ending);

/* ---- refs.c: what becomes of an object's references ------------------------------ */

enum cleat_gc_standing {
    CLEAT_GC_SOLID,    /* the owner is there */
    CLEAT_GC_WAITING,  /* it waits for its dependents to go */
    CLEAT_GC_DANGLING, /* there is no such owner */
    CLEAT_GC_UNKNOWN,  /* it could not be asked for */
    CLEAT_GC_WRONG     /* a cluster-scoped object cannot have it */
};
/* Asks the API about the owner that a reference of obj names. The error is with UNKNOWN. */
enum cleat_gc_standing cleat_gc_stand(struct cleat_collector *c, cleat_ctx *ctx,
                                      const struct cleat_gc_kinds *kinds, const cleat_obj *obj,
                                      const struct cleat_gc_ref *ref, struct cleat_error *reterr);
/* The object as it is now; *ret NULL where it is gone or another one. */
cleat_err cleat_gc_live(struct cleat_collector *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                        const cleat_obj *seen, cleat_obj **ret, struct cleat_error *reterr);

/* ---- check.c: whether one object must go ------------------------------------------ */

cleat_err cleat_gc_check(void *self, cleat_ctx *ctx, struct cleat_key key, struct cleat_result *ret,
                         struct cleat_error *reterr);

/* ---- orphan.c: dependents that lose an owner --------------------------------------- */

cleat_err cleat_gc_orphan(void *self, cleat_ctx *ctx, struct cleat_key key,
                          struct cleat_result *ret, struct cleat_error *reterr);

/* ---- write.c: writes that are not waited for ---------------------------------------- */

struct cleat_gvr cleat_gc_monitor_gvr(const struct cleat_gc_monitor *m);
/* Deletes obj, as it is (uid and revision), with this policy; why is for the log. */
void cleat_gc_remove(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                     const cleat_obj *obj, int32_t propagation, const char *why);
/* Merges a patch of metadata (its members) into obj as it is. waiting: the uid of the owner
 * that is looked at again where it fails; empty = obj itself. */
void cleat_gc_patch(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                    const cleat_obj *obj, const char *members, struct cleat_str waiting);
/* Patches that take out one finalizer, and the references for which keep is false. */
void cleat_gc_drop_finalizer(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                             const cleat_obj *obj, const char *finalizer);
void cleat_gc_drop_refs(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                        const cleat_obj *obj,
                        bool (*keep)(void *userdata, size_t i, const struct cleat_gc_ref *ref),
                        void *userdata, struct cleat_str waiting);
/* Puts a uid into the queue of checks or orphans, unless it all ends. */
void cleat_gc_enqueue(struct cleat_collector *c, cleat_controller *queue, struct cleat_str uid,
                      cleat_time delay);
/* Looks at it again after a while that grows with its failures. */
void cleat_gc_retry(struct cleat_collector *c, struct cleat_str uid);
/* ---- history.c ------------------------------------------------------------------------ */

void cleat_gc_history_init(struct cleat_gc_history *h);
void cleat_gc_history_done(struct cleat_gc_history *h);
/* "replicasets.apps/default/web"; owned. */
char *cleat_gc_coordinates(const char *group, const char *resource, struct cleat_str ns,
                           struct cleat_str name);
void cleat_gc_note(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                   const cleat_obj *obj, const char *fmt, ...) CLEAT_PRINTF(4, 5);
/* What was done to this uid or, where that is NULL, to what stood there; the oldest first. fn is
 * called under the mutex. */
void cleat_gc_history_each(struct cleat_collector *c, const char *uid, const char *object,
                           void (*fn)(void *userdata, const struct cleat_gc_deed *d),
                           void *userdata);

/* ---- explain.c: answers to Explanations ------------------------------------------------ */

extern const char cleat_gc_explanation_crd[];
#define CLEAT_EXPLANATION_GVR ((struct cleat_gvr){"cleat.dev", "v1alpha1", "explanations"})
cleat_err cleat_gc_explain(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr);

/* ---- picture.c: the graph around an object ------------------------------------------------ */

/* As DOT, or as a JSON object; owned. NULL where nobody knows the object. */
char *cleat_gc_picture(struct cleat_collector *c, struct cleat_str uid, bool dot);
/* What would go with it, one "Kind ns/name" each, in the order of the graph. (under no mutex) */
void cleat_gc_would_go(struct cleat_collector *c, struct cleat_str uid, struct cleat_tally *ret);

/* Waits for the last write. */
void cleat_gc_drain(struct cleat_collector *c);

#endif
