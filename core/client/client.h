/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 2: the client of cleat/client.h over a transport. Everything above
 * (informers, controllers, plugins) sees struct cleat_client only; which
 * transport is behind it is decided in core/cmd and nowhere else.
 */
#ifndef CLEAT_CORE_CLIENT_H
#define CLEAT_CORE_CLIENT_H

#include <cleat/client.h>
#include "core/object/object.h"

/* One event of a stream: store.h's types, or those that only `follow` has. BOOKMARK and
 * LIST_END: obj NULL. */
enum {
    CLEAT_STREAM_ADDED = 1,
    CLEAT_STREAM_MODIFIED = 2,
    CLEAT_STREAM_DELETED = 3,
    CLEAT_STREAM_BOOKMARK = 4,
    CLEAT_STREAM_LISTED = 16,   /* is there; in any order, by its revision too */
    CLEAT_STREAM_LIST_END = 17, /* all that is there has been told, as of the revision */
};
struct cleat_stream_event {
    int type;
    uint64_t revision;
    cleat_obj *obj;
};
typedef struct cleat_stream cleat_stream;

/* One write. */
struct cleat_write {
    int verb; /* CLEAT_VERB_CREATE, UPDATE, PATCH, DELETE, DELETE_COLLECTION (registry.h's) */
    struct cleat_gvr gvr;
    struct cleat_key key;
    const char *subresource;
    const cleat_obj *obj;
    int patch_type;
    struct cleat_str patch;
    struct cleat_delete_opts del;
    const char *label_selector, *field_selector; /* DELETE_COLLECTION; key.name is empty */
};
/* Whether writes may leave now. A transport that is given one asks at the last moment, before the
 * first byte of a write goes out; one that may not ends with what check returned, and nothing of
 * it was sent. Any thread; does not block. */
struct cleat_fence {
    cleat_err (*check)(void *userdata, struct cleat_error *e);
    void *userdata;
};
/* What to follow: as the arguments of watch. */
struct cleat_follow {
    struct cleat_gvr gvr;
    const char *label_selector, *field_selector; /* NULL = all */
    bool metadata;                               /* objects that are metadata alone will do */
    uint64_t at_least; /* the list must not be older; 0: any, UINT64_MAX: the newest */
    const char *ns;    /* of one namespace only; NULL = everywhere */
};
struct cleat_transport;
struct cleat_transport_ops {
    cleat_err (*get)(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                     struct cleat_gvr gvr, struct cleat_key key, cleat_obj **ret,
                     struct cleat_error *e);
    cleat_err (*list)(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                      struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                      struct cleat_list *ret, struct cleat_error *e);
    cleat_err (*write)(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                       const struct cleat_write *w, cleat_obj **ret, struct cleat_error *e);
    /* done is called exactly once, from any thread, also where this fails. */
    cleat_err (*write_async)(struct cleat_transport *t, const char *identity,
                             const struct cleat_write *w, cleat_done_fn done, void *userdata);
    /* A stream of changes after `revision`. wake is called (from any thread, must
     * not block) when it may have more; read never blocks. */
    cleat_err (*watch)(struct cleat_transport *t, const char *identity, struct cleat_gvr gvr,
                       const char *label_selector, const char *field_selector, uint64_t revision,
                       void (*wake)(void *userdata), void *userdata, cleat_stream **ret,
                       struct cleat_error *e);
    int (*read)(cleat_stream *s, struct cleat_stream_event *out, int max,
                struct cleat_error *e); /* <0 = ended with *e */
    void (*unwatch)(cleat_stream *s);   /* returns after the last wake has */
    void (*free)(struct cleat_transport *t);

    /* Those below may be NULL. */
    /* As watch, of everything: objects that are metadata alone. NULL: watch does. */
    cleat_err (*watch_metadata)(struct cleat_transport *t, const char *identity,
                                struct cleat_gvr gvr, uint64_t revision,
                                void (*wake)(void *userdata), void *userdata, cleat_stream **ret,
                                struct cleat_error *e);
    cleat_err (*list_metadata)(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                               struct cleat_gvr gvr, struct cleat_list *ret, struct cleat_error *e);
    /* Up to which revision the stream has given everything; NULL: to its last event. */
    uint64_t (*position)(const cleat_stream *s);
    /* As in cleat/client.h; the transport fills ret with cleat_served_add. */
    cleat_err (*kinds)(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                       struct cleat_served *ret, struct cleat_error *e);
    uint64_t (*watch_kinds)(struct cleat_transport *t, void (*fn)(void *userdata), void *userdata);
    void (*unwatch_kinds)(struct cleat_transport *t, uint64_t id);
    /* A list and the watch that goes on from it as one stream, for transports where a
     * list takes its time: objects come as they arrive, LISTED each (or as an event of what
     * happened meanwhile), then LIST_END, then events. What ends the stream before LIST_END says
     * nothing of what was not told. NULL: list and watch do it. */
    cleat_err (*follow)(struct cleat_transport *t, const char *identity,
                        const struct cleat_follow *f, void (*wake)(void *userdata), void *userdata,
                        cleat_stream **ret, struct cleat_error *e);
};
struct cleat_transport {
    const struct cleat_transport_ops *ops;
};

/* identity: the user name it acts as, "system:serviceaccount:kube-system:node-controller"; copied.
 */
cleat_client *cleat_client_new(struct cleat_transport *t, const char *identity);
void cleat_client_free(cleat_client *c);
struct cleat_transport *cleat_client_transport(cleat_client *c);
const char *cleat_client_identity(cleat_client *c);
/* Adds a copy of one kind, its texts too. */
void cleat_served_add(struct cleat_served *s, const struct cleat_kind_info *k);
extern const struct cleat_client_api
    cleat_client_api; /* the table for plugins; the core calls through it too */

/* The in-process transport over a registry: no HTTP, no copy, no JSON text. (local.c) */
typedef struct cleat_registry cleat_registry;
struct cleat_transport *cleat_transport_local(cleat_registry *r);
/* Without a thread: asynchronous writes end in the step. 1 or more = did something. */
struct cleat_transport *cleat_transport_local_manual(cleat_registry *r);
int cleat_transport_local_step(struct cleat_transport *t);

#endif
