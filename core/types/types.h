/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 1, beside the object model: what an object of a built-in kind looks like.
 * One table describes each type; OpenAPI, `kubectl explain`, strict decoding,
 * strategic merge, server-side apply and the protobuf encoding all read it.
 * Names, numbers, list types and merge keys are the Kubernetes API's; the
 * descriptions are ours. The types of custom kinds are built from their schema
 * with the same structures. Immutable: any thread may use them.
 */
#ifndef CLEAT_CORE_TYPES_H
#define CLEAT_CORE_TYPES_H

#include "core/object/object.h"

enum cleat_form {
    CLEAT_FORM_STRUCT,
    CLEAT_FORM_STRING,
    CLEAT_FORM_BYTES, /* base64 in JSON */
    CLEAT_FORM_BOOL,
    CLEAT_FORM_INT32,
    CLEAT_FORM_INT64,
    CLEAT_FORM_DOUBLE,
    CLEAT_FORM_TIME,       /* RFC 3339, seconds */
    CLEAT_FORM_MICRO_TIME, /* RFC 3339, microseconds */
    CLEAT_FORM_DURATION,   /* Go's text, "1h30m" */
    CLEAT_FORM_QUANTITY,   /* a string or a number */
    CLEAT_FORM_INT_OR_STRING,
    CLEAT_FORM_LIST, /* elem */
    CLEAT_FORM_MAP,  /* elem; keys are strings */
    CLEAT_FORM_ANY,  /* any JSON: RawExtension, JSON, FieldsV1 */
};
enum cleat_list_type { /* x-kubernetes-list-type; map and struct: x-kubernetes-map-type */
                       CLEAT_LIST_ATOMIC,
                       CLEAT_LIST_SET,
                       CLEAT_LIST_MAP
};
enum { /* cleat_field.flags */
       CLEAT_FIELD_REQUIRED = 1,
       CLEAT_FIELD_INLINE = 2, /* its members stand in the parent in JSON, in a message of their own
                                  in protobuf; name is "" */
       CLEAT_FIELD_ATOMIC = 4, /* a map or struct that is owned as a whole */
       CLEAT_FIELD_MERGE = 8,  /* strategic merge: lists merge, by merge_key or as a set */
       CLEAT_FIELD_RETAIN_KEYS = 16,
       CLEAT_FIELD_NULLABLE = 32, /* a zero is told from nothing (a pointer upstream) */
       CLEAT_FIELD_ALWAYS = 64    /* need not be said, yet a zero stays where it is */
};

struct cleat_type;
struct cleat_field {
    const char *name; /* in JSON */
    const struct cleat_type *type;
    const char *doc;
    const char *keys;      /* CLEAT_LIST_MAP: "containerPort,protocol"; else NULL */
    const char *merge_key; /* with CLEAT_FIELD_MERGE on a list of objects; else NULL */
    const char *def;       /* upstream's declared default as JSON text, or NULL */
    const char *values;    /* an enumeration: "TCP,UDP,SCTP", or NULL */
    uint16_t number;       /* in the protobuf message; 0 = not there */
    uint8_t flags;
    uint8_t list; /* enum cleat_list_type, of a list */
};
struct cleat_type {
    const char *name; /* "io.k8s.api.core.v1.PodSpec"; NULL where it has none (lists, maps) */
    const char *doc;
    const struct cleat_field *fields; /* of a struct; name NULL ends */
    const struct cleat_type *elem;    /* of a list or map */
    uint8_t form;
    uint8_t atomic;  /* x-kubernetes-map-type: atomic, wherever it is used */
    uint8_t message; /* a list that is a message in protobuf, its elements field 1 */
};

/* By the name in cleat_type.name; NULL where there is none. */
const struct cleat_type *cleat_type_find(const char *name);
/* Of a built-in kind ("apps", "v1", "Deployment"); NULL where there is none. */
const struct cleat_type *cleat_type_of_kind(const char *group, const char *version,
                                            const char *kind);
/* All named types, in order of their names; NULL past the end. */
const struct cleat_type *cleat_type_at(size_t i);
/* A member by its name in JSON, looking through inlined ones; NULL where absent. */
const struct cleat_field *cleat_type_field(const struct cleat_type *t, struct cleat_str name);

/* ---- custom kinds (from_schema.c) ---- */

/* Types made of an openAPIV3Schema, as structural as CRDs must be. They have no names. A
 * structure that may have members beyond those it names has their type in elem. What only
 * a place can say of the elements of a list or map (keys, flags) is in their one field. */
typedef struct cleat_type_tree cleat_type_tree;
cleat_type_tree *cleat_type_from_schema(struct cleat_val schema);
const struct cleat_type *cleat_type_tree_root(const cleat_type_tree *t);
void cleat_type_tree_free(cleat_type_tree *t);

/* A cleat_merge_key_fn for strategic merge: how the list at a path ("spec.containers")
 * merges; the schema is a type. */
const char *cleat_type_merge_key(const void *type, const char *path);

/* ---- decoding (check.c) ---- */

#define CLEAT_TYPE_CONVERSION "FieldConversion"
/* Told of what a strict decoder would refuse. path: "spec.containers[0].foo", as Go prints it. */
typedef void (*cleat_type_report)(void *userdata, struct cleat_str path);
/* Whether every value has the form that its type says: BAD_REQUEST in the words of
 * Go's decoder where one has not. Members that the type does not know are reported
 * (NULL = not) and left out of *ret; so are nulls, and of a built-in kind's type what is
 * zero and means the same as nothing. *ret NULL = the object is as it should be.
 * What upstream says of the same in what a strategic patch made is a cause of e with the
 * reason CLEAT_TYPE_CONVERSION, where it is something else.
 * One pass and no allocation where nothing is to be done. */
cleat_err cleat_type_decode(const struct cleat_type *t, const cleat_obj *o,
                            cleat_type_report report, void *userdata, cleat_obj **ret,
                            struct cleat_error *e);
/* The same of one member of the object alone, which is of type t, as metadata is of an object
 * whose type is not in the tables. */
cleat_err cleat_type_decode_member(const struct cleat_type *t, const char *member,
                                   const cleat_obj *o, cleat_type_report report, void *userdata,
                                   cleat_obj **ret, struct cleat_error *e);

#endif
