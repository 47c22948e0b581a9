/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the registry: what its files share, and what the tables of core/kinds
 * build on. Nobody else includes this.
 */
#ifndef CLEAT_REGISTRY_INTERNAL_H
#define CLEAT_REGISTRY_INTERNAL_H

#include "core/registry/registry.h"

/* ---- the registry (registry.c) ---- */

/* A kind from a CustomResourceDefinition. kind is first, so that a const struct
 * cleat_kind * with CLEAT_KIND_CUSTOM can be turned back into it. */
struct cleat_schema;
struct cleat_custom_kind {
    struct cleat_kind kind;
    cleat_obj *crd; /* what the compiled schema points into */
    cleat_obj *schema_obj;
    struct cleat_schema *schema;
    struct cleat_type_tree *types; /* what kind.type is in */
    char **strings;                /* the kind's */
    size_t n_strings;
    const char **short_names, **categories, **selectable, **scale_paths[3];
    struct cleat_column *columns;
    struct cleat_scale scale;
    struct cleat_subresource subresources[2];
    uint64_t since;           /* what was written before may be of another shape */
    bool mixed;               /* what is stored may be of another version */
    _Atomic bool terminating; /* nothing is created any more */
    _Atomic bool ended;       /* it is not served any more, or by another one: watches end */
};
/* The kind that a version of a definition (an element of its spec.versions) makes. */
cleat_err cleat_custom_kind_new(const cleat_obj *crd, struct cleat_val version,
                                struct cleat_custom_kind **ret, struct cleat_error *e);
void cleat_custom_kind_free(struct cleat_custom_kind *c);
bool cleat_kind_terminating(const struct cleat_kind *k);
bool cleat_kind_ended(const struct cleat_kind *k);
const struct cleat_schema *cleat_kind_schema(const struct cleat_kind *k); /* NULL = none */

enum { CLEAT_KINDS_MAX = 8192 }; /* all versions of all kinds */
struct cleat_registry {
    cleat_store *store;
    pthread_mutex_t lock;     /* kinds while one is added, and the housekeeping's place */
    struct cleat_kind *built; /* our copies of the tables, with the store's numbers */
    size_t n_built;
    _Atomic(const struct cleat_kind *) kinds[CLEAT_KINDS_MAX]; /* the built-in ones are first */
    _Atomic size_t n_kinds;
    _Atomic uint64_t generation; /* raised after each change of the kinds */
    const struct cleat_kind *namespaces, *events, *definitions;
    struct cleat_map defined; /* by a definition's name: its kinds (definitions.c); under lock */
    struct cleat_custom_kind **retired; /* replaced or gone, maybe in use; under lock */
    size_t n_retired;
    cleat_timer *work; /* the definitions' next turn; NULL until there is one; under lock */
    struct cleat_admission *admission;
    struct cleat_authority *authority;
    _Atomic uint64_t access_changes; /* raised after each commit of a CLEAT_KIND_ACCESS */
    char *sweep_ns, *sweep_name;     /* where the events' housekeeping goes on; under lock */
};

/* ---- definitions (definitions.c) ---- */
/* Brings the kinds, and the definitions' status, in line with the definitions that are
 * stored. After each commit of a CLEAT_KIND_DEFINES, and by a timer while one ends. */
void cleat_definitions_sync(cleat_registry *r);
void cleat_definitions_free(cleat_registry *r);
/* A condition list with these set, as JSON text; the times of those that stay stay. Owned. */
struct cleat_condition {
    const char *type, *status, *reason, *message;
};
char *cleat_conditions_set(struct cleat_val list, const struct cleat_condition *c, size_t n);
bool cleat_condition_is(struct cleat_val list, const char *type, const char *status);
/* Whether it is there with this status, reason and message. */
bool cleat_condition_same(struct cleat_val list, const struct cleat_condition *c);
/* What the annotation api-approved.kubernetes.io says, of a definition in a group of the
 * Kubernetes project. *ret_words: upstream's (owned), NULL where it is NOT_NEEDED. */
enum {
    CLEAT_APPROVAL_NOT_NEEDED,
    CLEAT_APPROVAL_MISSING,
    CLEAT_APPROVAL_INVALID,
    CLEAT_APPROVAL_BYPASSED,
    CLEAT_APPROVAL_GIVEN
};
int cleat_definition_approval(const cleat_obj *o, char **ret_words);
#define CLEAT_DEFINITION_FINALIZER "customresourcecleanup.apiextensions.k8s.io"

/* Publishes a kind, in the place of another one where that is given. Under the lock. */
cleat_err cleat_registry_publish(cleat_registry *r, struct cleat_kind *k,
                                 const struct cleat_kind *replaces, struct cleat_error *e);
void cleat_registry_withdraw(cleat_registry *r, const struct cleat_kind *k);

/* ---- errors (errors.c): upstream's words ---- */
cleat_err cleat_fail_not_found(const struct cleat_kind *k, struct cleat_str name,
                               struct cleat_error *e);
cleat_err cleat_fail_exists(const struct cleat_kind *k, struct cleat_str name, bool generated,
                            struct cleat_error *e);
/* why NULL: the object has been modified */
cleat_err cleat_fail_conflict(const struct cleat_kind *k, struct cleat_str name, const char *why,
                              struct cleat_error *e);
cleat_err cleat_fail_forbidden(const struct cleat_kind *k, struct cleat_str name, const char *why,
                               struct cleat_error *e);
cleat_err cleat_fail_too_large_revision(uint64_t asked, uint64_t current, struct cleat_error *e);
cleat_err cleat_fail_no_resource(struct cleat_error *e);
/* Ends a validation: CLEAT_OK where nothing was found, else INVALID with the
 * message made of the causes. name may be empty. */
cleat_err cleat_invalid_done(struct cleat_validation *v, struct cleat_str name);
/* req's Status in full, where its struct cleat_error has no room for the message or the causes
 * (JSON objects separated by commas). kind NULL: details say the causes alone. */
void cleat_request_tell_all(cleat_request *req, cleat_err err, const struct cleat_buf *message,
                            const struct cleat_buf *causes, const char *group, const char *kind,
                            struct cleat_str name);

/* ---- metadata (meta.c) ---- */
struct cleat_meta {
    struct cleat_val name, generate_name, ns, uid, rv, created, deleted, grace, generation, labels,
        annotations, finalizers, owners, self_link, managed;
};
void cleat_meta_scan(const cleat_obj *o, struct cleat_meta *m);
/* Whether every field of metadata has the type that upstream decodes it to; BAD_REQUEST. */
cleat_err cleat_meta_check_types(const struct cleat_kind *k, const cleat_obj *o,
                                 const struct cleat_meta *m, struct cleat_error *e);
/* Names, labels, annotations, finalizers, owners. What equals old's is not looked at again. */
void cleat_meta_validate(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
bool cleat_finalizers_have(struct cleat_val finalizers, const char *name);
/* Same content apart from metadata.resourceVersion and the times in managedFields. */
bool cleat_same_content(const cleat_obj *a, const cleat_obj *b);
bool cleat_is_terminating(const cleat_obj *o);

/* ---- helpers of validations (validate.c) ---- */
void cleat_validate_labels(struct cleat_validation *v, struct cleat_val labels, const char *field);
void cleat_validate_quantities(struct cleat_validation *v, struct cleat_val map, const char *field);
void cleat_validate_immutable(struct cleat_validation *v, struct cleat_val now,
                              struct cleat_val was, const char *field);
/* The value as upstream prints it in messages. Owned. */
char *cleat_validation_print(struct cleat_val v);

/* ---- versions (version.c) ---- */
/* The stored object as this version shows it: taken, and given back or replaced. */
cleat_obj *cleat_version_show(const struct cleat_kind *k, cleat_obj *obj);
/* *obj (owned) as it is to be stored. */
cleat_err cleat_version_keep(const struct cleat_kind *k, cleat_obj **obj, struct cleat_error *e);
/* An object with other names for some of its members, in another apiVersion: for `show` and
 * `keep`. names: pairs, those of column `from` become those of the other; ended by a NULL
 * name. *ret NULL: it has that apiVersion already. */
cleat_err cleat_version_rename(const cleat_obj *o, const char *api_version,
                               const char *const (*names)[2], int from, cleat_obj **ret,
                               struct cleat_error *e);

/* ---- preparing writes: splices (prep.c) ---- */
/* Splices that are gathered and then made in one pass. */
struct cleat_prep {
    struct cleat_splice splices[20];
    char *owned[20];
    size_t n, n_owned;
};
void cleat_prep_raw(struct cleat_prep *p, cleat_path path, struct cleat_str raw); /* borrowed */
void cleat_prep_take(struct cleat_prep *p, cleat_path path, char *raw);           /* taken */
void cleat_prep_str(struct cleat_prep *p, cleat_path path, struct cleat_str text);
void cleat_prep_time(struct cleat_prep *p, cleat_path path, cleat_time t);
void cleat_prep_int(struct cleat_prep *p, cleat_path path, int64_t i);
void cleat_prep_remove(struct cleat_prep *p, cleat_path path);
/* A resourceVersion as wide as the next commit's will be. */
void cleat_prep_revision(struct cleat_prep *p, cleat_store *s);
/* base with the splices; releases what was taken. */
cleat_err cleat_prep_apply(struct cleat_prep *p, const cleat_obj *base, cleat_obj **ret,
                           struct cleat_error *e);
void cleat_prep_done(struct cleat_prep *p);
#define CLEAT_AUTO_PREP __attribute__((cleanup(cleat_prep_done))) struct cleat_prep

/* ---- preparing writes: the body (decode.c) ---- */
/* Decodes as upstream would: no nulls, known fields only, of the types they must have, and
 * says of the others what the request's fieldValidation wants. *body is replaced where it
 * had to change. */
cleat_err cleat_body_decode(cleat_request *req, cleat_obj **body, struct cleat_meta *m,
                            struct cleat_error *e);
/* The same by a type alone, which need not be the kind's. */
cleat_err cleat_body_shape(cleat_request *req, const struct cleat_type *t, const char *kind,
                           const char *version, cleat_obj **body, struct cleat_error *e);
cleat_err cleat_body_check_namespace(const cleat_request *req, const struct cleat_meta *m,
                                     struct cleat_error *e);
cleat_err cleat_body_check_name(const cleat_request *req, const struct cleat_meta *m,
                                struct cleat_error *e);
/* What every write sets: kind, apiVersion, namespace, no selfLink. */
void cleat_prep_identity(struct cleat_prep *p, const cleat_request *req, const cleat_obj *body,
                         const struct cleat_meta *m);
/* Defaults, validation, size: the last things before *obj is submitted. It is
 * replaced where defaults change it. */
cleat_err cleat_body_complete(cleat_request *req, cleat_obj **obj, const cleat_obj *old,
                              struct cleat_error *e);

/* ---- who owns which fields (managed.c, apply.c) ---- */
/* Sets metadata.managedFields of *obj, which is old (NULL: new) as the request changes it. */
cleat_err cleat_managed_track(const cleat_request *req, cleat_obj **obj, const cleat_obj *old,
                              struct cleat_error *e);
/* Takes the list out: the last resort of a write that is too large. */
cleat_err cleat_managed_drop(cleat_obj **obj, struct cleat_error *e);
/* Same entries, at whatever time they were made. */
bool cleat_managed_same(struct cleat_val a, struct cleat_val b);
/* What the patch, a configuration, makes of req->old (NULL: a new object). */
cleat_err cleat_managed_apply(cleat_request *req, cleat_obj **ret, struct cleat_error *e);

/* ---- preparing writes: the verbs (create.c, update.c, delete.c) ---- */
/* What a step of a request came to. */
enum { CLEAT_STEP_FAILED = -1, CLEAT_STEP_DONE = 0, CLEAT_STEP_SUBMIT = 1 };
int cleat_step_fail(cleat_request *req, cleat_err err);
int cleat_step_submit(cleat_request *req, int type, uint64_t expect, cleat_obj *obj);
/* Each looks at the newest snapshot and fills req->op, or finishes (result set). */
int cleat_prepare_create(cleat_request *req);
int cleat_prepare_update(cleat_request *req, cleat_obj *body); /* body taken */
int cleat_prepare_patch(cleat_request *req);
/* Server-side apply of req->patch to req->old, or where that is NULL of a new object. */
int cleat_prepare_apply(cleat_request *req);
/* The configuration of the object that one of its scale stands for. */
cleat_err cleat_scale_config(cleat_request *req, struct cleat_buf *out);
int cleat_prepare_delete(cleat_request *req);
/* The newest state of the request's object, into req->old. */
void cleat_find_old(cleat_request *req);
/* A patch of any type but apply, made upon base. */
cleat_err cleat_apply_patch(cleat_request *req, const cleat_obj *base,
                            const struct cleat_type *type, cleat_obj **ret);
/* Subresources that are not the object itself (subresource.c). */
const struct cleat_subresource *cleat_sub_of(const cleat_request *req); /* NULL = it is */
int cleat_prepare_sub(cleat_request *req, const struct cleat_subresource *sub);
/* Makes of the CREATE of a kind that acts on another one that of the subresource. */
cleat_err cleat_sub_redirect(cleat_request *req);
/* Turns the result into what the subresource shows. */
cleat_err cleat_sub_show(cleat_request *req, const struct cleat_subresource *sub);
/* An act's answer: a Status of success, with 201. */
void cleat_reply_success(cleat_request *req);
/* What an act stores of the request's object (taken), answered by success. */
int cleat_submit_reply(cleat_request *req, cleat_obj *obj);
/* What an act stores of a kind that need not be the request's; tried again where it loses. */
int cleat_submit_other(cleat_request *req, const struct cleat_kind *k, cleat_obj *obj,
                       uint64_t expect);
/* deletecollection (collection.c) */
void cleat_collection_start(cleat_request *req);
void cleat_collection_resume(cleat_request *req);
void cleat_collection_done(cleat_request *req);
void cleat_request_finish(cleat_request *req, cleat_err err); /* calls done */

/* ---- what is said beside the answer (warnings.c) ---- */
void cleat_texts_done(struct cleat_texts *t);
/* What a strict decoder found becomes warnings, or the error of the request. */
cleat_err cleat_strict_done(cleat_request *req, struct cleat_error *e);

/* ---- selectors as requests give them (select.c) ---- */
struct cleat_select {
    cleat_selector *labels, *fields; /* NULL = everything */
    const struct cleat_kind *kind;
};
cleat_err cleat_select_open(const struct cleat_kind *k, const char *labels, const char *fields,
                            struct cleat_select *ret, struct cleat_error *e);
void cleat_select_done(struct cleat_select *s);
static inline bool cleat_select_all(const struct cleat_select *s) {
    return s->labels == NULL && s->fields == NULL;
}
bool cleat_select_match(const struct cleat_select *s, const cleat_obj *o);
/* cleat_registry_list for who is authorized already. */
cleat_err cleat_registry_select(cleat_registry *r, const struct cleat_list_request *q,
                                struct cleat_listing *ret, struct cleat_error *e);
/* Of a verb on many objects: a field selector that demands one name makes it a question of that. */
cleat_err cleat_authorize_many(cleat_registry *r, const struct cleat_user *u, const char *verb,
                               const struct cleat_kind *k, struct cleat_str ns,
                               const char *field_selector, struct cleat_error *e);
/* A resourceVersion parameter; BAD_REQUEST where it is no number. "" and NULL give 0. */
cleat_err cleat_parse_revision(const char *text, uint64_t *ret, struct cleat_error *e);

/* ---- schemas (schema.c, schema_check.c, schema_shape.c) ---- */
cleat_err cleat_schema_compile(struct cleat_val v, struct cleat_schema **ret,
                               struct cleat_error *e);
void cleat_schema_free(struct cleat_schema *s);
/* was: what an update is about to replace (absent: nothing); its errors are not the update's. */
void cleat_schema_validate(const struct cleat_schema *s, struct cleat_validation *v,
                           struct cleat_val value, struct cleat_val was);
/* A default that stands at a field of its definition. */
void cleat_schema_validate_default(const struct cleat_schema *s, struct cleat_validation *v,
                                   struct cleat_val value, const char *field);
/* Whether it has members that pruning would take. */
bool cleat_schema_prunes(const struct cleat_schema *s, struct cleat_val value);
/* Of a type, or of none: what is not known is not tested. */
bool cleat_schema_format_known(struct cleat_str type, struct cleat_str format);
/* Prunes unknown fields, of which it reports (NULL = not), and adds defaults. *ret NULL =
 * nothing to do. */
cleat_err cleat_schema_shape(const struct cleat_schema *s, const cleat_obj *o,
                             cleat_type_report report, void *userdata, cleat_obj **ret,
                             struct cleat_error *e);

/* ---- simple JSONPath (jsonpath.c): .a.b[0]['k'][?(@.type=="x")].c ---- */
bool cleat_jsonpath_valid(const char *path);
struct cleat_val cleat_jsonpath_find(struct cleat_val root, const char *path); /* the first */

/* ---- cells (cells.c) ---- */
void cleat_cell_age(const cleat_obj *o, cleat_time now, struct cleat_buf *out);
/* "5d" for an RFC 3339 text, "<unknown>" where absent, "<invalid>" where it is none. */
void cleat_cell_since(struct cleat_val time, cleat_time now, struct cleat_buf *out);
/* The string at path, or `none` where it is empty. */
void cleat_cell_str(const cleat_obj *o, cleat_path path, const char *none, struct cleat_buf *out);

#endif
