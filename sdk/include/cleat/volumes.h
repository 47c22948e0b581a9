/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Volumes: who makes the storage behind a PersistentVolume and takes it away again.
 *
 * A provisioner is known by the name that a StorageClass says as its provisioner and
 * that a volume says in its annotation pv.kubernetes.io/provisioned-by. Binding claims
 * to volumes and reclaiming what is released is the persistentvolume-binder-controller's
 * business, which asks provisioners for the storage alone.
 */
#ifndef CLEAT_VOLUMES_H
#define CLEAT_VOLUMES_H

#include <cleat/controller.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every method is synchronous, on a thread that may block, under a context, idempotent, and may
 * be called from several threads at once, but not twice at once for one volume. Objects that are
 * passed in are borrowed. Errors: TERMINAL (no retry helps), PENDING (in use, or it takes longer:
 * ask again after retry_after_ms), all others are tried again with back-off. NULL = cannot. */
struct cleat_volume_ops {
    uint32_t struct_size;
    uint32_t reserved;
    /* Makes storage for a claim of this class, to be known as the volume of that name. Again
     * with the same name: the same storage. *ret_spec, owned by the caller: members of the
     * volume's spec ({"hostPath":{...}}), at least its source; capacity, access modes, volume
     * mode, reclaim policy and mount options are filled in where they are not said. [worker] */
    cleat_err (*provision)(void *self, cleat_ctx *ctx, const cleat_obj *claim,
                           const cleat_obj *storage_class, const char *volume_name,
                           cleat_obj **ret_spec, struct cleat_error *reterr);
    /* Takes the storage of a volume away, which nobody claims any more. CLEAT_OK also where
     * there is none. [worker] */
    cleat_err (*remove)(void *self, cleat_ctx *ctx, const cleat_obj *volume,
                        struct cleat_error *reterr);
    /* Empties it, so that it can be claimed again. [worker] */
    cleat_err (*recycle)(void *self, cleat_ctx *ctx, const cleat_obj *volume,
                         struct cleat_error *reterr);
    /* 1 where a volume that nobody says to have made is one that this provisioner can take
     * away or empty, by its source. NULL = none is. [any-thread] */
    int32_t (*knows)(void *self, const cleat_obj *volume);
};

struct cleat_provisioner_desc {
    uint32_t struct_size;
    uint32_t reserved;
    const char *provisioner; /* "directory.cleat.dev" */
    /* Its switch (--controllers), options and life. create's self is that of ops. */
    const struct cleat_controller_desc *controller;
    const struct cleat_volume_ops *ops;
};

#define CLEAT_FACTORY_VOLUMES "cleat.volumes/1"
struct cleat_volumes_factory {
    uint32_t struct_size;
    uint32_t n_provisioners;
    const struct cleat_provisioner_desc *const *provisioners;
};

/* ---- for controllers: who is it? ------------------------------------------- */

/* A provisioner that runs. Valid while the controller that asked runs. */
struct cleat_provisioner {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;
    const struct cleat_volume_ops *ops;
    void *self;
};

#define CLEAT_EXT_PROVISIONERS "cleat.provisioners/1"
struct cleat_provisioners_api {
    uint32_t struct_size;
    uint32_t reserved;
    /* NULL = nobody of that name runs here. [any-thread] */
    const struct cleat_provisioner *(*by_name)(const char *name);
    /* The one that knows this volume by its source; NULL = nobody does. [any-thread] */
    const struct cleat_provisioner *(*for_volume)(const cleat_obj *volume);
};

#ifdef __cplusplus
}
#endif
#endif
