/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 4: what a kind is, and what a request must pass.
 *
 * One struct cleat_kind describes each kind; built-in ones come from the tables
 * of core/kinds, those of plugins and users from a CustomResourceDefinition
 * manifest. Nothing else in the program knows a kind by name.
 *
 * A request runs on its caller's thread up to the commit, without blocking, and
 * is finished where the caller says: the API's I/O threads and the local client
 * drive the same code.
 */
#ifndef CLEAT_CORE_REGISTRY_H
#define CLEAT_CORE_REGISTRY_H

#include <cleat/client.h>
#include "core/store/store.h"
#include "core/types/types.h"

typedef struct cleat_registry cleat_registry;

/* ---- kinds ---- */

struct cleat_column {
    const char *name, *type, *format,
        *description; /* type: string, integer, date, boolean, number */
    int priority;     /* 0 = always, 1 = wide */
    const char *path; /* simple JSONPath (".spec.power"), or NULL with: */
    /* Adds the cell as JSON text (a quoted string or a number). now: wall. */
    void (*cell)(const cleat_obj *o, cleat_time now, struct cleat_buf *out);
};

struct cleat_kind;
struct cleat_request;
/* Where the scale subresource finds its numbers. */
struct cleat_scale {
    cleat_path replicas, status_replicas;
    cleat_path selector; /* NULL = none */
    int selector_form;   /* CLEAT_SCALE_... */
};
enum { CLEAT_SCALE_LABEL_SELECTOR, CLEAT_SCALE_LABELS, CLEAT_SCALE_TEXT };
/* A part of an object with a path of its own below the object's. Where neither
 * view nor act is set it is the object itself and a write of it is an update, of
 * which `admit` of the kind says what it may change (as with namespaces/finalize). */
struct cleat_subresource {
    const char *name;                   /* "scale"; NULL ends a table */
    const char *group, *version, *kind; /* of what it takes and gives; NULL = the object's own */
    const struct cleat_type *type;      /* of the same */
    unsigned verbs;                     /* 1u << CLEAT_VERB_*; 0 = GET, UPDATE and PATCH */
    /* GET, and what a PATCH is made upon: *ret is new, from the object. */
    cleat_err (*view)(struct cleat_request *req, const cleat_obj *of, cleat_obj **ret);
    /* UPDATE and PATCH: the object that body (as view gives it) makes of old; then it
     * goes the way of an update, and the answer is the view of what was stored. */
    cleat_err (*put)(struct cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                     cleat_obj **ret);
    /* CREATE ("eviction", "binding", "token"): prepares like a verb; a CLEAT_STEP_*. Where
     * it takes several commits it sets req->more, and is called again with the next req->stage. */
    int (*act)(struct cleat_request *req);
    /* With act: what is wrong with the body, whatever the object is. NULL = nothing. */
    cleat_err (*check)(struct cleat_request *req);
    bool bodiless;                   /* CREATE takes no body: it asks for a connection */
    const struct cleat_scale *scale; /* with cleat_scale_view and cleat_scale_put */
};
cleat_err cleat_scale_view(struct cleat_request *req, const cleat_obj *of, cleat_obj **ret);
cleat_err cleat_scale_put(struct cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                          cleat_obj **ret);
/* Collects field errors: cleat_invalid(v, "FieldValueInvalid", "spec.taints[0].effect", "..."). */
struct cleat_validation {
    const struct cleat_kind *kind;
    struct cleat_error *error;
    int n;
    const char *subresource;       /* by which it is written; NULL = the object itself */
    struct cleat_request *req;     /* who is told of all of it where error has no room; or NULL */
    struct cleat_buf text, causes; /* the message so far, and its causes as JSON; if req is set */
};
void cleat_invalid(struct cleat_validation *v, const char *reason, const char *field,
                   const char *fmt, ...) CLEAT_PRINTF(4, 5);
/* Ends a validation of what is not a stored kind ("ListOptions", "meta.k8s.io"): OK where
 * nothing was found, else INVALID with the message made of the causes. */
cleat_err cleat_invalid_done_as(struct cleat_validation *v, const char *kind, const char *group,
                                struct cleat_str name);

enum { /* flags */
       CLEAT_KIND_NAMESPACED = 1,
       CLEAT_KIND_STATUS = 2 /* has /status */,
       CLEAT_KIND_GENERATION = 4,
       CLEAT_KIND_CREATE_ON_UPDATE = 8,
       CLEAT_KIND_UNCONDITIONAL = 16 /* PUT without resourceVersion */,
       CLEAT_KIND_GRACEFUL = 32 /* pods */,
       CLEAT_KIND_CUSTOM = 64 /* no strategic merge */,
       CLEAT_KIND_READ_ONLY = 128,
       CLEAT_KIND_STATUS_ON_CREATE = 256 /* a POST may carry status (nodes) */,
       CLEAT_KIND_STATUS_METADATA = 512 /* /status may change labels, finalizers, ... */,
       CLEAT_KIND_NAMESPACE = 1024 /* what namespaced kinds live in; spec is its finalizers */,
       CLEAT_KIND_EVENT = 2048 /* ends by its TTL */,
       CLEAT_KIND_ACCESS = 4096 /* what authorization depends on */,
       CLEAT_KIND_DEFINES = 8192 /* defines kinds: CustomResourceDefinitions */,
       CLEAT_KIND_RETURNS = 16384 /* a DELETE answers with what it deleted, not with a Status */,
       CLEAT_KIND_NOTES_COUNT = 32768 /* annotations count for metadata.generation too */,
};
struct cleat_kind {
    const char *group, *version, *resource, *singular, *kind;
    unsigned flags;
    const char *const *short_names, *const *categories; /* NULL-ended or NULL */
    const struct cleat_subresource *subresources;       /* beyond status; name NULL ends */
    const char *const *selectable;      /* dotted paths beyond metadata.name/namespace */
    const struct cleat_column *columns; /* after Name, up to and with Age; name NULL ends */
    const char *(*check_name)(struct cleat_str name); /* names.c; NULL = dns subdomain */
    /* Adds defaults to an object about to be stored; old NULL on create. */
    void (*defaults)(cleat_edit *e, const cleat_obj *obj, const cleat_obj *old);
    bool (*needs_defaults)(
        const cleat_obj *obj); /* cheap test on the hot path; NULL = always where defaults is set */
    void (*validate)(struct cleat_validation *v, const cleat_obj *obj, const cleat_obj *old);
    /* What the writer of a valid object is warned of (cleat_request_warn). Not of a status. */
    void (*warn)(struct cleat_request *req, const cleat_obj *obj, const cleat_obj *old);
    /* After the defaults and before the validation of a write: what depends on who
     * asks and on other objects. May replace *obj. Runs again when a write is tried again. */
    cleat_err (*admit)(struct cleat_request *req, cleat_obj **obj, const cleat_obj *old);
    /* Once for each run of admit that had no error, when it is known what became of
     * it: req->err and req->op tell. For what admit reserved. Not on a dry run. */
    void (*settled)(struct cleat_request *req);
    /* A kind that is never stored (reviews): CREATE only, sets req->result. */
    cleat_err (*answer)(struct cleat_request *req);
    /* Another one that is never stored: a CREATE of it is that of a subresource, which this
     * names, of an object of this resource of the same version: the one of the body's name. */
    const char *acts_on, *act_name;
    /* Where what is stored is not what is shown: a kind that is stored as another version, or
     * a schema that has grown. show: what this version makes of a stored object (NULL = it
     * stays). keep: what is stored of one (*ret NULL = itself). Any thread. */
    cleat_obj *(*show)(const struct cleat_kind *k, const cleat_obj *stored);
    cleat_err (*keep)(const struct cleat_kind *k, const cleat_obj *obj, cleat_obj **ret,
                      struct cleat_error *e);
    const char *orphans;           /* set: dependents stay unless a DELETE says more, and it is
                                    * warned of that with this, if it is not "" */
    const char *deprecation;       /* what each request is warned of; NULL = nothing */
    const char *stored_as;         /* the store_name of which it is a version; NULL = its own */
    const char *stored_version;    /* the api_version that is stored; NULL = its own */
    const struct cleat_type *type; /* built-in kinds: core/types */
    const cleat_obj *schema;       /* custom kinds: openAPIV3Schema, or NULL */
    uint32_t id;                   /* the store's number; set at registration */
    const char *store_name;        /* "leases.coordination.k8s.io"; also how messages name it */
    const char *api_version;       /* "coordination.k8s.io/v1"; both made at registration */
};

/* tables: arrays of kinds, each ended by a resource of NULL; NULL ends the list
 * (cleat_kinds of core/kinds/kinds.h). Borrowed. */
cleat_err cleat_registry_new(cleat_store *store, const struct cleat_kind *const *tables,
                             cleat_registry **ret, struct cleat_error *e);
void cleat_registry_free(cleat_registry *r);
cleat_store *cleat_registry_store(cleat_registry *r);
/* Creates a definition, or brings what is there to this spec; it is served when this returns.
 * Kinds stay valid as long as the registry, also those that are not served any more. [worker] */
cleat_err cleat_registry_add_crd(cleat_registry *r, struct cleat_str crd_json,
                                 struct cleat_error *e);
const struct cleat_kind *cleat_registry_find(cleat_registry *r, const char *group,
                                             const char *version, const char *resource); /* NULL */
/* Kinds that are created, answered and forgotten. */
static inline bool cleat_kind_is_asked(const struct cleat_kind *k) {
    return k->answer != NULL || k->acts_on != NULL;
}
/* NULL where it has none of that name. "status" is a flag, not in here. */
const struct cleat_subresource *cleat_kind_subresource(const struct cleat_kind *k,
                                                       const char *name);
const struct cleat_kind *cleat_registry_at(cleat_registry *r,
                                           size_t i); /* all, NULL past the end */
/* Another number after each change of the kinds: what is made from them is kept with it. */
uint64_t cleat_registry_generation(cleat_registry *r);
/* Namespaces default, kube-system, kube-public, kube-node-lease; made where absent. [worker] */
cleat_err cleat_registry_bootstrap(cleat_registry *r, struct cleat_error *e);
/* One turn of housekeeping (events older than their TTL); a timer calls it each few seconds. */
void cleat_registry_step(cleat_registry *r, cleat_time event_ttl);

/* ---- admission ---- */

/* What all writes pass, whatever their kind: what depends on who asks and on other
 * objects. Set once, before the first request; NULL = none. */
struct cleat_admission {
    /* After the defaults of a write and before the kind's admit and the validation. May
     * replace *obj. Runs again when a write is tried again. */
    cleat_err (*admit)(struct cleat_admission *self, struct cleat_request *req, cleat_obj **obj,
                       const cleat_obj *old);
    /* After the validation: may only refuse. */
    cleat_err (*validate)(struct cleat_admission *self, struct cleat_request *req,
                          const cleat_obj *obj, const cleat_obj *old);
    /* Where req->reserved is set, when it is known what became of the write; clears it. */
    void (*settled)(struct cleat_admission *self, struct cleat_request *req);
};
void cleat_registry_admission(cleat_registry *r, struct cleat_admission *a); /* borrowed */
/* Asks it about obj, which an act on a subresource makes of old. */
cleat_err cleat_request_check(struct cleat_request *req, const cleat_obj *obj,
                              const cleat_obj *old);

/* ---- who asks ---- */

struct cleat_extra {
    const char *key;
    const char *const *values; /* NULL-ended */
};
struct cleat_user {
    const char *name, *uid;
    const char *const *groups;       /* NULL-ended, or NULL for none; all borrowed */
    const struct cleat_extra *extra; /* key NULL ends, or NULL for none */
};

/* One question: may this user do that to a resource, or where path is set to a path? */
struct cleat_access {
    const struct cleat_user *user;
    const char *verb;
    struct cleat_str group, version, resource, subresource, ns, name;
    const char *path;
};
/* What decides about access and identities (core/auth). Set once, before the first request.
 * All of it runs on the requester's thread and does not block. */
struct cleat_authority {
    /* why: gets the reason where there is one to give; NULL = not wanted, and then fast. */
    bool (*allows)(struct cleat_authority *self, const struct cleat_access *q,
                   struct cleat_buf *why);
    /* admit of the kinds that grant access (CLEAT_KIND_ACCESS): whether who asks may grant it. */
    cleat_err (*grant)(struct cleat_authority *self, struct cleat_request *req,
                       const cleat_obj *obj, const cleat_obj *old);
    /* answer of the kinds that review access and identities. */
    cleat_err (*review)(struct cleat_authority *self, struct cleat_request *req);
    /* act of serviceaccounts/token. */
    int (*issue)(struct cleat_authority *self, struct cleat_request *req);
    /* admit of secrets: one that is to hold a service account's token gets it. */
    cleat_err (*fill)(struct cleat_authority *self, struct cleat_request *req, cleat_obj **secret);
};
/* Without one the group system:masters may do all, and everyone else may ask for health. */
void cleat_registry_authority(cleat_registry *r, struct cleat_authority *a); /* borrowed */
struct cleat_authority *cleat_registry_authority_of(cleat_registry *r);
/* Another number after each change of what access depends on, before it is acknowledged. */
uint64_t cleat_registry_access_changes(cleat_registry *r);
bool cleat_registry_allows(cleat_registry *r, const struct cleat_access *q, struct cleat_buf *why);
bool cleat_user_in(const struct cleat_user *u, const char *group);
/* The same as an error: FORBIDDEN in upstream's words. */
cleat_err cleat_authorize_access(cleat_registry *r, const struct cleat_access *q,
                                 struct cleat_error *e);
cleat_err cleat_authorize(cleat_registry *r, const struct cleat_user *u, const char *verb,
                          const struct cleat_kind *k, const char *subresource, struct cleat_str ns,
                          struct cleat_str name, struct cleat_error *e);
cleat_err cleat_authorize_path(cleat_registry *r, const struct cleat_user *u, const char *verb,
                               const char *path, struct cleat_error *e);

/* ---- requests ---- */

enum {
    CLEAT_VERB_GET = 1,
    CLEAT_VERB_CREATE,
    CLEAT_VERB_UPDATE,
    CLEAT_VERB_PATCH,
    CLEAT_VERB_DELETE,
    CLEAT_VERB_DELETE_COLLECTION
};

/* Texts, each of them once. */
struct cleat_texts {
    char **at;
    size_t n;
};
/* What becomes of members that a kind does not know and of such as stand twice: they are
 * left out, with a warning for each, or the request is refused. */
enum { CLEAT_FIELDS_IGNORE, CLEAT_FIELDS_WARN, CLEAT_FIELDS_STRICT };

typedef struct cleat_request cleat_request;
struct cleat_request {
    /* in */
    cleat_registry *registry;
    int verb;
    const struct cleat_kind *kind;
    const char *subresource;       /* NULL, "status", ... */
    struct cleat_str ns, name;     /* as in the path; borrowed until done */
    const struct cleat_user *user; /* borrowed until done */
    cleat_obj *body;               /* CREATE, UPDATE: taken */
    int patch_type;
    struct cleat_str patch;       /* PATCH: borrowed until done */
    struct cleat_delete_opts del; /* DELETE */
    bool dry_run;
    int field_validation;      /* CLEAT_FIELDS_... */
    const char *field_manager; /* who owns what is written; NULL = nobody in particular */
    const char *label_selector, *field_selector; /* DELETE_COLLECTION */
    /* Called once the request is finished, on the thread that called start or on
     * the one that `post` brought it to. May free the request. */
    void (*done)(cleat_request *req);
    /* Called on the committer's thread: arrange for cleat_request_resume(req) to
     * be called on a thread of yours. */
    void (*post)(cleat_request *req);
    void *userdata;
    /* out */
    cleat_err err;
    struct cleat_error error;
    char *status; /* the error's whole Status as JSON, where error has no room; owned, or NULL */
    cleat_obj *result; /* owned by the request's owner; NULL for none (deleted: see gone) */
    bool created;      /* 201 */
    bool gone;         /* DELETE: the object is gone; result is its last state */
    struct cleat_texts warnings; /* for who sent it, whatever became of it */
    /* private */
    struct cleat_op op;
    cleat_obj *old;
    int attempts;
    bool unconditional; /* a conflict at the commit is tried again */
    bool admitted;      /* the kind's settled is owed */
    bool applied;       /* the body is what an apply made, with its managedFields */
    bool more;          /* the commit was not the last one of an act */
    int stage;          /* of an act */
    cleat_obj *reply;   /* what an act answers, instead of what was stored */
    void *reserved;     /* what the admission's settled is owed */
    void *priv;
    struct cleat_texts strict; /* what a strict decoder would refuse */
};
/* Adds a warning for whoever sent the request (a field that is deprecated, a name that may
 * not last). The same text once only, however often the request is tried. */
void cleat_request_warn(cleat_request *req, const char *fmt, ...) CLEAT_PRINTF(2, 3);
/* Notes what a strict decoder says of the body: `unknown field "spec.foo"`. */
void cleat_request_strict(cleat_request *req, const char *fmt, ...) CLEAT_PRINTF(2, 3);
void cleat_request_start(
    cleat_request *req); /* authorizes, prepares, submits (or finishes at once) */
void cleat_request_resume(cleat_request *req); /* after post */
void cleat_request_done(cleat_request *req);   /* releases body, result, old; not the structure */
/* Starts and waits on the calling thread; sets post and done itself. */
cleat_err cleat_request_wait(cleat_request *req, cleat_ctx *ctx);

/* ---- lists ---- */

struct cleat_list_request {
    const struct cleat_kind *kind;
    struct cleat_str ns; /* ns.n == 0: all */
    const struct cleat_user *user;
    const char *label_selector, *field_selector, *continue_token, *resource_version,
        *resource_version_match;
    uint32_t limit;
    /* Where an expired continue_token could go on, consistency given up, with the error
     * EXPIRED; owned. NULL = not wanted. */
    char **fresh_token;
};
struct cleat_listing { /* items are borrowed from the snapshot */
    cleat_snapshot *snapshot;
    uint64_t revision;
    const cleat_obj **items;
    size_t n;
    cleat_obj **made; /* of the items: those that are not as they are stored */
    size_t n_made;
    char *continue_token;
    int64_t remaining; /* -1 = not said */
};
cleat_err cleat_registry_list(cleat_registry *r, const struct cleat_list_request *q,
                              struct cleat_listing *ret, struct cleat_error *e);
void cleat_listing_done(struct cleat_listing *l);

/* ---- watches ---- */

struct cleat_watch_request {
    const struct cleat_kind *kind;
    struct cleat_str ns;
    const struct cleat_user *user;
    const char *label_selector, *field_selector, *resource_version, *resource_version_match;
    bool send_initial_events, bookmarks;
    bool says_initial_events; /* the parameter is there, true or not */
};
typedef struct cleat_watch cleat_watch; /* one thread at a time */
enum { CLEAT_WATCH_BOOKMARK = 4 };      /* beside CLEAT_EVENT_*: obj NULL, revision set */
struct cleat_watch_event {
    int type;
    uint64_t revision;
    cleat_obj *obj /* owned */;
    bool initial_end;
};
cleat_err cleat_watch_open(cleat_registry *r, const struct cleat_watch_request *q,
                           cleat_watch **ret, struct cleat_error *e);
void cleat_watch_close(cleat_watch *w);
/* Up to max events that concern this watcher (selector transitions mapped to
 * ADDED and DELETED); 0 = none now; <0 = error in *e: EXPIRED, or NOT_FOUND where the
 * kind has changed or is gone and the watch ends with that. */
int cleat_watch_next(cleat_watch *w, struct cleat_watch_event *out, int max, struct cleat_error *e);
uint64_t cleat_watch_revision(const cleat_watch *w); /* for a bookmark: all up to here was given */
uint32_t cleat_watch_kind(const cleat_watch *w); /* the store's number, for the publish callback */

/* ---- tables (table.c): server-side printing ---- */
/* Adds the columnDefinitions array / one row ({"cells":[..],"object":..}) as JSON.
 * include: 0 = None, 1 = Metadata (PartialObjectMetadata), 2 = Object. */
void cleat_table_columns(const struct cleat_kind *k, struct cleat_buf *out);
void cleat_table_row(const struct cleat_kind *k, const cleat_obj *o, int include,
                     const char *version, struct cleat_buf *out);
/* The object as PartialObjectMetadata. */
void cleat_partial_metadata(const cleat_obj *o, const char *version, struct cleat_buf *out);
/* A v1 Status for an error, as JSON. */
void cleat_status_json(const struct cleat_error *e, struct cleat_buf *out);

#endif
