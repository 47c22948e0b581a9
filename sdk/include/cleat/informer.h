/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Informers: a cache of one kind, kept current by list and watch, with
 * handlers and named indexes. One informer a kind and selector serves all
 * plugins of the process. Cached objects are the store's own: read-only.
 */
#ifndef CLEAT_INFORMER_H
#define CLEAT_INFORMER_H

#include <cleat/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called one at a time, in order for each object. States may be skipped;
 * old and obj are borrowed for the call (take a reference to keep one). On a
 * resync on_update comes with old == obj. After a broken watch, on_delete may
 * carry the last state that was seen (final_state_unknown = 1). old and obj have
 * one uid: an object that was deleted and made anew unseen is a deletion and an
 * addition. [dispatch] */
struct cleat_handler {
    uint32_t struct_size;
    uint32_t reserved;
    void *userdata;
    void (*on_add)(void *userdata, const cleat_obj *obj, int32_t is_initial);
    void (*on_update)(void *userdata, const cleat_obj *old, const cleat_obj *obj);
    void (*on_delete)(void *userdata, const cleat_obj *obj, int32_t final_state_unknown);
    cleat_time resync; /* 0 = none */
};

/* Gives the values under which an object stands in an index, by calling emit
 * for each. Must depend on the object alone. [dispatch] */
typedef void (*cleat_index_fn)(void *userdata, const cleat_obj *obj,
                               void (*emit)(void *sink, struct cleat_str value), void *sink);

#define CLEAT_EXT_INFORMER "cleat.informer/1"
struct cleat_informer_api {
    uint32_t struct_size;
    uint32_t reserved;
    /* The shared informer for a kind (selectors NULL = all): a new reference.
     * It begins to list once the manager starts, or at once if it has. [any-thread] */
    cleat_err (*acquire)(struct cleat_gvr gvr, const char *label_selector,
                         const char *field_selector, cleat_informer **ret,
                         struct cleat_error *reterr);
    void (*release)(cleat_informer *inf);
    /* Adds a handler: it first hears every object that is cached. The id ends
     * it; remove_handler returns after its last call has. [any-thread] */
    uint64_t (*add_handler)(cleat_informer *inf, const struct cleat_handler *h);
    void (*remove_handler)(cleat_informer *inf, uint64_t id);
    /* Adds a named index; EXISTS where the name is taken by another function. [any-thread] */
    cleat_err (*add_index)(cleat_informer *inf, const char *name, cleat_index_fn fn,
                           void *userdata);
    /* 1 once the first list is in the cache and every handler has heard it. [any-thread] */
    int32_t (*has_synced)(cleat_informer *inf);
    /* Waits for it. [worker] */
    cleat_err (*wait_synced)(cleat_informer *inf, cleat_ctx *ctx);
    /* The cached object, owned by the caller, or NULL. [any-thread] */
    cleat_obj *(*get)(cleat_informer *inf, struct cleat_key key);
    /* All cached objects with this value in the index (index NULL: all; ns ""
     * or NULL: every namespace). Each is borrowed for its call. Returning
     * nonzero ends the walk. The cache may change meanwhile. [any-thread] */
    void (*foreach)(cleat_informer *inf, const char *index, struct cleat_str value,
                    int32_t (*fn)(void *userdata, const cleat_obj *obj), void *userdata);
    size_t (*count)(cleat_informer *inf);
    /* As acquire, of everything, for who reads metadata alone: over the network that is all
     * that comes; in process the objects are whole, because they cost nothing. [any-thread] */
    cleat_err (*acquire_metadata)(struct cleat_gvr gvr, cleat_informer **ret,
                                  struct cleat_error *reterr);
    /* 1 where the cache shows all that happened to its kind up to this revision, and the
     * handlers have heard it; 0: not yet, it looks at once. Where the transport cannot
     * tell: 1 while it watches. [any-thread] */
    int32_t (*current)(cleat_informer *inf, uint64_t revision);
};

#ifdef __cplusplus
}
#endif
#endif
