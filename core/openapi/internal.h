/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of core/openapi share. */
#ifndef CLEAT_OPENAPI_INTERNAL_H
#define CLEAT_OPENAPI_INTERNAL_H

#include "core/openapi/openapi.h"
#include "core/types/types.h"

/* ---- JSON text (writer.c) ---- */
struct cleat_writer {
    struct cleat_buf *b;
    bool more; /* a comma is due before the next value */
};
/* key: text that stands in JSON as it is; NULL: an element, or the root. */
void cleat_write_open(struct cleat_writer *w, const char *key, char bracket);
void cleat_write_close(struct cleat_writer *w, char bracket);
void cleat_write_str(struct cleat_writer *w, const char *key, const char *value);
void cleat_write_bool(struct cleat_writer *w, const char *key, bool value);
void cleat_write_raw(struct cleat_writer *w, const char *key, struct cleat_str json);
/* The same for a key that is canonical JSON text already, without its quotes. */
void cleat_write_raw_key(struct cleat_writer *w, struct cleat_str key);
void cleat_write_strings(struct cleat_writer *w, const char *key, const char *const *list);
/* The parts of a text "a,b,c". */
void cleat_write_parts(struct cleat_writer *w, const char *key, const char *list);
void cleat_write_gvk(struct cleat_writer *w, const char *key, const char *group,
                     const char *version, const char *kind);

/* ---- the kinds, in upstream's order (kinds.c) ---- */
struct cleat_group_version {
    const char *group, *version;
    const struct cleat_kind **kinds; /* n of them, by resource */
    size_t n;
};
struct cleat_kind_list {
    const struct cleat_kind **kinds; /* by priority of group and version, then by resource */
    size_t n;
    struct cleat_group_version *versions;
    size_t n_versions;
};
void cleat_kind_list_load(struct cleat_kind_list *l, cleat_registry *r);
void cleat_kind_list_of(struct cleat_kind_list *l, const struct cleat_kind *const *kinds, size_t n);
void cleat_kind_list_done(struct cleat_kind_list *l);
const struct cleat_group_version *cleat_kind_list_version(const struct cleat_kind_list *l,
                                                          const char *group, const char *version);
static inline bool cleat_version_is_custom(const struct cleat_group_version *v) {
    return v->kinds[0]->flags & CLEAT_KIND_CUSTOM;
}
#define CLEAT_AUTO_KIND_LIST __attribute__((cleanup(cleat_kind_list_done))) struct cleat_kind_list

/* What can be done with a kind or a subresource, in the order that discovery has. */
enum {
    CLEAT_CAN_CREATE = 1,
    CLEAT_CAN_DELETE = 2,
    CLEAT_CAN_DELETE_COLLECTION = 4,
    CLEAT_CAN_GET = 8,
    CLEAT_CAN_LIST = 16,
    CLEAT_CAN_PATCH = 32,
    CLEAT_CAN_UPDATE = 64,
    CLEAT_CAN_WATCH = 128
};
unsigned cleat_kind_can(const struct cleat_kind *k);
/* The subresources with status among them, by name; what a table leaves out is filled
 * in and verbs are CLEAT_CAN_*. group is NULL where kind is the object's own. Owned. */
struct cleat_subresource *cleat_kind_parts(const struct cleat_kind *k, size_t *ret_n);
/* The kind's type, or NULL (custom kinds). */
const struct cleat_type *cleat_kind_type(const struct cleat_kind *k);
const struct cleat_type *cleat_kind_list_type(const struct cleat_kind *k);

/* ---- discovery.c ---- */
void cleat_discovery_paths(const struct cleat_kind_list *l, struct cleat_buf *out);
void cleat_discovery_groups(const struct cleat_kind_list *l, struct cleat_buf *out);
bool cleat_discovery_group(const struct cleat_kind_list *l, const char *group,
                           struct cleat_buf *out);
bool cleat_discovery_resources(const struct cleat_kind_list *l, const char *name,
                               struct cleat_buf *out);
void cleat_discovery_aggregated(const struct cleat_kind_list *l, bool core, const char *version,
                                struct cleat_buf *out);

/* ---- a document in parts (sink.c) ---- */
struct cleat_shape;
/* Takes a document member by member and makes JSON of it or protobuf. */
struct cleat_sink {
    struct cleat_buf out;
    struct cleat_buf piece;          /* members for the place that is open, as one JSON object */
    const struct cleat_shape *shape; /* NULL: JSON */
    struct cleat_level {
        const struct cleat_shape *shape;
        unsigned number;
        struct cleat_buf out;
    } levels[4];
    size_t depth;
    bool more;
};
/* shape: of the document; NULL for JSON. */
void cleat_sink_begin(struct cleat_sink *s, const struct cleat_shape *shape);
void cleat_sink_open(struct cleat_sink *s, const char *key);
/* A writer on the piece, with its object open. */
struct cleat_writer cleat_sink_piece(struct cleat_sink *s);
void cleat_sink_add(struct cleat_sink *s, struct cleat_writer *w); /* closes and adds the piece */
void cleat_sink_close(struct cleat_sink *s);
void cleat_sink_end(struct cleat_sink *s); /* the document is in out */
void cleat_sink_done(struct cleat_sink *s);

/* ---- protobuf (proto.c, shapes.c) ---- */
extern const struct cleat_shape cleat_shape_v2, cleat_shape_v3; /* gnostic's Document */
/* Adds the field that member key of a message of this shape is. */
void cleat_proto_member(const struct cleat_shape *s, struct cleat_str key, struct cleat_val v,
                        struct cleat_buf *out);
/* The message that member key of s is, and its field's number. NULL where it is none. */
const struct cleat_shape *cleat_proto_child(const struct cleat_shape *s, const char *key,
                                            unsigned *ret_number);
/* Adds a field of bytes. */
void cleat_proto_bytes(struct cleat_buf *out, unsigned number, struct cleat_str bytes);

/* ---- OpenAPI ---- */
struct cleat_spec {
    int version; /* 2 or 3 */
    const struct cleat_kind_list *list;
    struct cleat_map wanted; /* by its name: what to define, a struct cleat_definition */
    struct cleat_sink sink;
};
struct cleat_definition {
    const char *name;              /* the map's key */
    const struct cleat_type *type; /* or: */
    const struct cleat_kind *kind; /* of a custom one */
    bool of_list;
};

/* schema.c: of built-in types */
/* The definition is wanted, with all that it refers to. */
void cleat_spec_want(struct cleat_spec *s, const struct cleat_type *t);
void cleat_spec_type(struct cleat_spec *s, struct cleat_writer *w, const char *key,
                     const struct cleat_type *t);
/* "$ref" and, where not NULL, a description beside it, in the open object. */
void cleat_spec_ref(const struct cleat_spec *s, struct cleat_writer *w, const char *name,
                    const char *doc);
/* All that is wanted, by name, for the place that is open. */
void cleat_spec_definitions(struct cleat_spec *s);
/* Of type names that the core itself uses ("ObjectMeta"): the full name. */
extern const char cleat_name_object_meta[], cleat_name_list_meta[];
extern const struct cleat_type cleat_type_patch, cleat_type_version_info;

/* custom.c: of custom kinds */
/* The definition's name, wanted from now on. */
const char *cleat_spec_want_custom(struct cleat_spec *s, const struct cleat_kind *k, bool of_list);
void cleat_spec_custom(struct cleat_spec *s, struct cleat_writer *w, const char *key,
                       const struct cleat_definition *d);
/* apiVersion, kind and metadata, in the open properties. */
void cleat_spec_object_properties(const struct cleat_spec *s, struct cleat_writer *w,
                                  const char *meta);

/* params.c */
enum { /* what an operation takes in its query */
       CLEAT_TAKES_LIST = 1,
       CLEAT_TAKES_WRITE = 2,
       CLEAT_TAKES_FORCE = 4,
       CLEAT_TAKES_DELETE = 8,
       CLEAT_TAKES_COLLECTION = 16,
       CLEAT_TAKES_PRETTY = 32
};
void cleat_spec_params(const struct cleat_spec *s, struct cleat_writer *w, unsigned takes);
/* name and namespace of a path, where not NULL: the kind that it names. */
void cleat_spec_path_param(const struct cleat_spec *s, struct cleat_writer *w, const char *name,
                           const char *of);
void cleat_spec_shared_params(struct cleat_spec *s); /* version 2, for the place that is open */

/* paths.c, operations.c */
struct cleat_operation {
    const char *method, *id_verb, *action;
    unsigned needs; /* CLEAT_CAN_* */
    unsigned takes; /* CLEAT_TAKES_* */
    uint8_t answers, body;
    const char *codes, *infix, *suffix, *doc;
};
struct cleat_operation_at { /* where it stands */
    const struct cleat_kind *kind;
    const char *gv;                  /* "AppsV1" */
    const char *tag;                 /* "apps_v1" */
    const char *part;                /* "Scale" or "" */
    const char *of, *of_list;        /* the definitions' names */
    const char *group, *version, *k; /* what it is about */
    bool namespaced;
};
enum { CLEAT_GIVES_OBJECT, CLEAT_GIVES_LIST, CLEAT_GIVES_STATUS, CLEAT_GIVES_EVENT };
enum { CLEAT_BODY_NONE, CLEAT_BODY_OBJECT, CLEAT_BODY_PATCH, CLEAT_BODY_DELETE };
void cleat_spec_operation(struct cleat_spec *s, struct cleat_writer *w,
                          const struct cleat_operation *op, const struct cleat_operation_at *at);
/* GET of a document about the API. */
void cleat_spec_discovery_path(struct cleat_spec *s, const char *path, const char *id,
                               const char *tag, const struct cleat_type *gives, const char *doc);
void cleat_spec_version_paths(struct cleat_spec *s, const struct cleat_group_version *v);
/* "rbac.authorization.k8s.io" -> "RbacAuthorization", "rbacAuthorization" where !upper. Owned. */
char *cleat_spec_identifier(const char *text, bool upper);
/* "rbac.authorization.k8s.io" -> "rbac.authorization"; the oldest group is "core". Owned. */
char *cleat_spec_short_group(const char *group);

/* document.c */
/* proto: in gnostic's protobuf. out: empty. */
void cleat_spec_v2(const struct cleat_kind_list *l, const char *version, bool proto,
                   struct cleat_buf *out);
bool cleat_spec_v3(const struct cleat_kind_list *l, const char *name, bool proto,
                   struct cleat_buf *out);
/* The names of all version 3 documents, in order: tell is called for each. */
void cleat_spec_v3_names(const struct cleat_kind_list *l,
                         void (*tell)(void *userdata, const char *name), void *userdata);

#endif
