/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the persistentvolume-binder-controller share: volumes.c (its life
 * and the volumes), claims.c, match.c (which volume for a claim), reclaim.c and
 * provision.c (storage that somebody else makes), bind.c (the writes), volume_counts.c.
 */
#ifndef CLEAT_PLUGIN_GC_VOLUMES_H
#define CLEAT_PLUGIN_GC_VOLUMES_H

#include "gc.h"

#define CLEAT_CLAIMS  ((struct cleat_gvr){"", "v1", "persistentvolumeclaims"})
#define CLEAT_VOLUMES ((struct cleat_gvr){"", "v1", "persistentvolumes"})
#define CLEAT_PODS    ((struct cleat_gvr){"", "v1", "pods"})
#define CLEAT_CLASSES ((struct cleat_gvr){"storage.k8s.io", "v1", "storageclasses"})

#define CLEAT_BIND_COMPLETED  "pv.kubernetes.io/bind-completed"
#define CLEAT_BY_CONTROLLER   "pv.kubernetes.io/bound-by-controller"
#define CLEAT_PROVISIONED_BY  "pv.kubernetes.io/provisioned-by"
#define CLEAT_PROVISIONER     "volume.kubernetes.io/storage-provisioner"
#define CLEAT_PROVISIONER_OLD "volume.beta.kubernetes.io/storage-provisioner"
#define CLEAT_SELECTED_NODE   "volume.kubernetes.io/selected-node"
#define CLEAT_CLASS_OLD       "volume.beta.kubernetes.io/storage-class"
/* Holds a volume of ours until its storage is gone. */
#define CLEAT_DELETION_FINALIZER "kubernetes.io/pv-controller"
/* Holds a claim from before storage is made for it until its volume is an object, so that no
 * storage is forgotten when one of the two never comes about. Ours; upstream forgets it. */
#define CLEAT_PROVISIONING "volumes.cleat.dev/provisioning"

struct cleat_binder {
    cleat_client *client;
    cleat_controller *claims, *volumes, *provisions;
    cleat_informer *claim_cache, *volume_cache, *class_cache;
    struct cleat_vol_counts *counts;
    cleat_metric *late_classes, *late_class_errors; /* given to claims that had none */
    bool dynamic;
    cleat_time period; /* after which what is unfinished is looked at again */
};

/* ---- volume_counts.c: the gauges pv_collector_* ---- */

struct cleat_vol_counts *cleat_vol_counts_new(void);
/* All gauges end. Nobody may be counting any more. */
void cleat_vol_counts_free(struct cleat_vol_counts *c);
/* A claim, or a volume, is no longer as old (NULL: it is new) but as now (NULL: it is gone).
 * [dispatch] */
void cleat_vol_count(struct cleat_vol_counts *c, bool claims, const cleat_obj *old,
                     const cleat_obj *now);

/* ---- bind.c ---- */

struct cleat_str cleat_vol_annotation(const cleat_obj *o, const char *key);
bool cleat_vol_annotated(const cleat_obj *o, const char *key);
/* The storage class of a claim or a volume; "" = none. */
struct cleat_str cleat_vol_class(const cleat_obj *o);
/* Whether a claim says nothing of a class, not even that it wants none. */
bool cleat_vol_says_no_class(const cleat_obj *claim);
/* Whether a class is, or is one of those that are, the default. */
bool cleat_vol_is_default(const cleat_obj *class);
struct cleat_key cleat_vol_claim_of(const cleat_obj *volume); /* by claimRef; empty = none */
/* Whether the volume is this claim's, or reserved for it. */
bool cleat_vol_is_for(const cleat_obj *volume, const cleat_obj *claim);
void cleat_vol_event(const cleat_obj *about, bool warning, const char *reason, const char *fmt, ...)
    CLEAT_PRINTF(4, 5);
/* Writes what e makes of base (ended in any case); *ret owned, NULL allowed. [worker] */
cleat_err cleat_vol_write(struct cleat_binder *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                          const char *subresource, cleat_edit *e, cleat_obj **ret,
                          struct cleat_error *reterr);
/* Both are bound to each other; what is so already is not written. [worker] */
cleat_err cleat_vol_bind(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                         const cleat_obj *claim, struct cleat_error *reterr);
/* The volume is nobody's, or again only reserved where a user had reserved it. [worker] */
cleat_err cleat_vol_unbind(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                           struct cleat_error *reterr);
/* Sets the phase where it is another; with an event on such a change where reason is not NULL.
 * *ret is the volume as it is then, owned; NULL allowed. [worker] */
cleat_err cleat_vol_phase(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                          const char *phase, const char *reason, const char *message,
                          cleat_obj **ret, struct cleat_error *reterr);
/* The same of a claim; volume: whose size it has, NULL = none's. [worker] */
cleat_err cleat_vol_claim_phase(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                                const char *phase, const cleat_obj *volume, const char *reason,
                                const char *message, struct cleat_error *reterr);

/* ---- match.c ---- */

int cleat_vol_compare(struct cleat_str a, struct cleat_str b); /* of names, by bytes */

/* The best volume for a claim, owned; NULL = none. delayed: only one that is reserved for it. */
cleat_obj *cleat_vol_match(cleat_informer *volumes, const cleat_obj *claim, bool delayed);
/* Why a volume that a claim asks for by name cannot be its; NULL = it can. */
const char *cleat_vol_mismatch(const cleat_obj *volume, const cleat_obj *claim);

/* ---- claims.c, provision.c, reclaim.c ---- */

cleat_err cleat_vol_sync_claim(void *self, cleat_ctx *ctx, struct cleat_key key,
                               struct cleat_result *ret, struct cleat_error *reterr);
cleat_err cleat_vol_provision(void *self, cleat_ctx *ctx, struct cleat_key key,
                              struct cleat_result *ret, struct cleat_error *reterr);
/* A volume whose claim is gone for certain. [worker] */
cleat_err cleat_vol_reclaim(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *seen,
                            struct cleat_error *reterr);

#endif
