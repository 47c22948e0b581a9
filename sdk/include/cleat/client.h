/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client: how a plugin reads and writes API objects.
 *
 * One interface, several transports; nothing above it may know which it has.
 * In process, a get returns a reference to the very object in the store.
 * Calls block until the answer is durable or the context ends. Every write
 * passes through defaulting, admission, validation and authorization as one
 * that came over HTTPS.
 */
#ifndef CLEAT_CLIENT_H
#define CLEAT_CLIENT_H

#include <cleat/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CLEAT_PATCH_JSON = 1,
    CLEAT_PATCH_MERGE = 2,
    CLEAT_PATCH_STRATEGIC = 3,
    /* Server-side apply, in JSON: the fields that it names become the client's, those
     * that it no longer names go; CONFLICT where another client owns one. */
    CLEAT_PATCH_APPLY = 4,
    CLEAT_PATCH_APPLY_FORCE = 5 /* takes them over instead */
};
enum {
    CLEAT_PROPAGATE_DEFAULT = 0,
    CLEAT_PROPAGATE_BACKGROUND,
    CLEAT_PROPAGATE_FOREGROUND,
    CLEAT_PROPAGATE_ORPHAN
};

struct cleat_list_opts {
    uint32_t struct_size;
    uint32_t limit;             /* 0 = all */
    const char *label_selector; /* NULL = all */
    const char *field_selector; /* NULL = all */
    const char *continue_token; /* NULL = from the start */
};

struct cleat_delete_opts {
    uint32_t struct_size;
    int32_t propagation;          /* CLEAT_PROPAGATE_... */
    int64_t grace_period_seconds; /* < 0 = the kind's default */
    const char *uid;              /* precondition, NULL = none */
    uint64_t revision;            /* precondition, 0 = none */
};

/* A list: owned by the caller, ended by list_free, which releases the items too. */
struct cleat_list {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t revision; /* the list's resourceVersion */
    size_t n;
    cleat_obj **items;
    char *continue_token; /* NULL at the end */
};

/* Called once with the outcome of an asynchronous write. obj is the stored
 * object (borrowed for the call) or NULL. Must not block. [dispatch] */
typedef void (*cleat_done_fn)(void *userdata, cleat_err err, const cleat_obj *obj,
                              const struct cleat_error *error);

/* One kind that the API serves, in one version. */
enum {
    CLEAT_SERVES_GET = 1,
    CLEAT_SERVES_LIST = 2,
    CLEAT_SERVES_WATCH = 4,
    CLEAT_SERVES_CREATE = 8,
    CLEAT_SERVES_UPDATE = 16,
    CLEAT_SERVES_PATCH = 32,
    CLEAT_SERVES_DELETE = 64,
    CLEAT_SERVES_DELETE_COLLECTION = 128
};
struct cleat_kind_info {
    uint32_t struct_size;
    uint32_t serves; /* CLEAT_SERVES_... */
    const char *group, *version, *resource, *kind;
    int32_t namespaced;
    /* 1 for the one version of each resource in which to watch it; that is also how it
     * is stored where the transport knows. */
    int32_t preferred;
};
/* All of them: owned by the caller, ended by kinds_free. */
struct cleat_served {
    uint32_t struct_size;
    uint32_t n_failed; /* group versions that could not be learned of: the list is short */
    uint64_t generation;
    size_t n;
    struct cleat_kind_info **v;
    char *failed; /* which and why; NULL = none */
};

#define CLEAT_EXT_CLIENT "cleat.client/1"
struct cleat_client_api {
    uint32_t struct_size;
    uint32_t reserved;

    /* *ret is owned. [worker] */
    cleat_err (*get)(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, struct cleat_key key,
                     cleat_obj **ret, struct cleat_error *reterr);
    /* ns "" lists all namespaces. ret->struct_size is set by the caller. [worker] */
    cleat_err (*list)(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, const char *ns,
                      const struct cleat_list_opts *opts, struct cleat_list *ret,
                      struct cleat_error *reterr);
    void (*list_free)(struct cleat_list *list); /* [any-thread] */

    /* The writes. obj is borrowed; *ret (NULL allowed) is the stored result,
     * owned. update takes metadata.resourceVersion as the precondition. A
     * subresource is NULL or "status", "finalize", ... [worker] */
    cleat_err (*create)(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, const cleat_obj *obj,
                        cleat_obj **ret, struct cleat_error *reterr);
    cleat_err (*update)(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                        const char *subresource, const cleat_obj *obj, cleat_obj **ret,
                        struct cleat_error *reterr);
    cleat_err (*patch)(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, struct cleat_key key,
                       const char *subresource, int32_t patch_type, struct cleat_str patch,
                       cleat_obj **ret, struct cleat_error *reterr);
    /* *ret: the object as last seen where it stays for its finalizers, else NULL. [worker] */
    cleat_err (*remove)(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, struct cleat_key key,
                        const struct cleat_delete_opts *opts, cleat_obj **ret,
                        struct cleat_error *reterr);

    /* As create and update, without waiting: done is called exactly once, also
     * when this returns an error. For those who write thousands a second. [any-thread] */
    cleat_err (*create_async)(cleat_client *c, struct cleat_gvr gvr, const cleat_obj *obj,
                              cleat_done_fn done, void *userdata);
    cleat_err (*update_async)(cleat_client *c, struct cleat_gvr gvr, const char *subresource,
                              const cleat_obj *obj, cleat_done_fn done, void *userdata);
    /* As patch and remove, without waiting. What they are given is copied. obj of done is
     * NULL where a deletion removed the object at once. [any-thread] */
    cleat_err (*patch_async)(cleat_client *c, struct cleat_gvr gvr, struct cleat_key key,
                             const char *subresource, int32_t patch_type, struct cleat_str patch,
                             cleat_done_fn done, void *userdata);
    cleat_err (*remove_async)(cleat_client *c, struct cleat_gvr gvr, struct cleat_key key,
                              const struct cleat_delete_opts *opts, cleat_done_fn done,
                              void *userdata);
    /* Deletes all objects of a kind in a namespace ("" = all of them) that the selectors of
     * list (NULL = everything) match; uid and revision of opts do not count. The first failure
     * ends it. That it succeeded does not say that they are gone: finalizers may hold them.
     * [worker] */
    cleat_err (*remove_collection)(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                                   const char *ns, const struct cleat_list_opts *list,
                                   const struct cleat_delete_opts *opts,
                                   struct cleat_error *reterr);

    /* What the API serves now. ret->struct_size is set by the caller. [worker] */
    cleat_err (*kinds)(cleat_client *c, cleat_ctx *ctx, struct cleat_served *ret,
                       struct cleat_error *reterr);
    void (*kinds_free)(struct cleat_served *served); /* [any-thread] */
    /* Calls fn (from any thread; it must not block, and not call back into the client) when
     * kinds have come, changed or gone, at the latest when the first object of a new kind
     * can be seen. The id ends it; unwatch_kinds returns after its last call has. 0: this
     * transport cannot tell, ask from time to time. [any-thread] */
    uint64_t (*watch_kinds)(cleat_client *c, void (*fn)(void *userdata), void *userdata);
    void (*unwatch_kinds)(cleat_client *c, uint64_t id);
};

#ifdef __cplusplus
}
#endif
#endif
