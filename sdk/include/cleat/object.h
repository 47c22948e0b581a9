/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects: immutable, reference-counted API objects, and edits of them.
 *
 * An object holds its canonical JSON once, with a flat index over it. A
 * struct cleat_val is a position in that index, valid as long as a reference
 * to the object is held; a val that leads nowhere ("absent") is a normal value
 * that every reader takes. To change an object, make an edit of it, set and
 * remove fields, and finish it into a new object.
 */
#ifndef CLEAT_OBJECT_H
#define CLEAT_OBJECT_H

#include <cleat/types.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    CLEAT_ABSENT = 0,
    CLEAT_NULL,
    CLEAT_BOOL,
    CLEAT_NUMBER,
    CLEAT_STRING,
    CLEAT_ARRAY,
    CLEAT_OBJECT,
};

struct cleat_val {
    const cleat_obj *obj; /* NULL = absent */
    uint32_t node;
    uint32_t reserved;
};

/* One step through the members of an object or the elements of an array:
 * struct cleat_iter it = {0}; while (api->next(v, &it)) use(it.key, it.val); */
struct cleat_iter {
    uint32_t pos;         /* private: 0 before the first step */
    uint32_t index;       /* of the current element */
    struct cleat_str key; /* canonical (still escaped) text; empty in arrays; borrowed */
    struct cleat_val val;
};

#define CLEAT_EXT_OBJECT "cleat.object/1"
struct cleat_object_api {
    uint32_t struct_size;
    uint32_t reserved;

    /* Takes a reference; returns o. NULL is taken and returned. [any-thread] */
    cleat_obj *(*ref)(const cleat_obj *o);
    /* Gives a reference back. NULL is taken. [any-thread] */
    void (*unref)(const cleat_obj *o);
    /* Parses JSON text into an owned object. BAD_REQUEST with the offset where
     * it is not JSON, too deep or not an object. [any-thread] */
    cleat_err (*parse)(struct cleat_str json, cleat_obj **ret, struct cleat_error *reterr);
    /* The canonical bytes, borrowed from o. [any-thread] */
    struct cleat_str (*bytes)(const cleat_obj *o);

    /* The root. [any-thread] */
    struct cleat_val (*root)(const cleat_obj *o);
    /* Follows a path from v; absent where it leads nowhere. [any-thread] */
    struct cleat_val (*at)(struct cleat_val v, cleat_path path);
    /* One of CLEAT_ABSENT ... CLEAT_OBJECT. [any-thread] */
    int32_t (*type)(struct cleat_val v);
    /* Steps to the next member or element; 0 at the end or where v is neither. [any-thread] */
    int32_t (*next)(struct cleat_val v, struct cleat_iter *it);
    /* Members or elements; 0 where v is neither. [any-thread] */
    size_t (*count)(struct cleat_val v);
    /* The text of a string, borrowed from the object; empty where v is no
     * string. A string whose canonical form has escapes (control characters,
     * quote, backslash) is returned as it stands there; decode() undoes them. [any-thread] */
    struct cleat_str (*str)(struct cleat_val v);
    /* Writes the decoded string into buf (NUL-ended, cut to fit) and returns
     * its full length. [any-thread] */
    size_t (*decode)(struct cleat_val v, char *buf, size_t size);
    /* 1 and *ret where v is an integer that fits; else 0, *ret untouched. [any-thread] */
    int32_t (*integer)(struct cleat_val v, int64_t *ret);
    /* 1, 0, or the default where v is no boolean. [any-thread] */
    int32_t (*boolean)(struct cleat_val v, int32_t def);
    /* The canonical JSON text of any value, borrowed. [any-thread] */
    struct cleat_str (*raw)(struct cleat_val v);
    /* Same canonical content (two absents are equal). [any-thread] */
    int32_t (*equal)(struct cleat_val a, struct cleat_val b);

    /* metadata.name, .namespace, .uid: borrowed, empty where absent; kept in
     * the header, so these cost nothing. [any-thread] */
    struct cleat_str (*name)(const cleat_obj *o);
    struct cleat_str (*ns)(const cleat_obj *o);
    struct cleat_str (*uid)(const cleat_obj *o);
    /* metadata.resourceVersion as a number where it is one, else 0. [any-thread] */
    uint64_t (*revision)(const cleat_obj *o);

    /* A private mutable copy of base; of {} where base is NULL. Owned; ended by
     * edit_finish or edit_free. An edit belongs to one thread at a time. A
     * failure inside an edit is remembered and reported by edit_finish, so that
     * setters can be called in a row. [any-thread] */
    cleat_edit *(*edit_new)(const cleat_obj *base);
    void (*edit_free)(cleat_edit *e);
    /* Set the value at path; objects on the way are made, elements of arrays
     * must exist, except that the key "-" appends (to a new array where there is none).
     * [any-thread] */
    void (*set_str)(cleat_edit *e, cleat_path path, struct cleat_str value);
    void (*set_int)(cleat_edit *e, cleat_path path, int64_t value);
    void (*set_bool)(cleat_edit *e, cleat_path path, int32_t value);
    /* Copies any value of any object. [any-thread] */
    void (*set_val)(cleat_edit *e, cleat_path path, struct cleat_val value);
    /* Parses a JSON text and sets it. [any-thread] */
    void (*set_json)(cleat_edit *e, cleat_path path, struct cleat_str json);
    /* Removes what is at path; nothing happens where there is nothing. [any-thread] */
    void (*remove)(cleat_edit *e, cleat_path path);
    /* Ends the edit (also on failure) and returns an owned object. [any-thread] */
    cleat_err (*edit_finish)(cleat_edit *e, cleat_obj **ret, struct cleat_error *reterr);

    /* The JSON merge patch (RFC 7386) that turns a into b, as an owned object;
     * {} where they are equal. [any-thread] */
    cleat_err (*diff)(const cleat_obj *a, const cleat_obj *b, cleat_obj **ret,
                      struct cleat_error *reterr);

    /* 1 where the object's metadata.labels satisfy the selector text ("a=b,c in
     * (d,e),!f"), 0 where not, or an error for a text that is no selector. [any-thread] */
    cleat_err (*matches_labels)(const cleat_obj *o, const char *selector,
                                struct cleat_error *reterr);

    /* Quantities ("250m", "1Gi"): exact comparison, <0, 0, >0 through *ret. [any-thread] */
    cleat_err (*quantity_cmp)(struct cleat_str a, struct cleat_str b, int32_t *ret);
    /* Exact sum in a's format, NUL-ended into buf. [any-thread] */
    cleat_err (*quantity_add)(struct cleat_str a, struct cleat_str b, char *buf, size_t size);

    /* RFC 3339: parse (seconds to nanoseconds), and format with seconds
     * (metav1.Time) or microseconds (metav1.MicroTime); buf of 32 bytes. [any-thread] */
    cleat_err (*time_parse)(struct cleat_str text, cleat_time *ret);
    void (*time_format)(cleat_time t, int32_t micro, char buf[32]);

    /* As parse, of one document of YAML; JSON is YAML too. [any-thread] */
    cleat_err (*parse_yaml)(struct cleat_str yaml, cleat_obj **ret, struct cleat_error *reterr);

    /* A quantity in thousandths, rounded up and at most INT64_MAX: 1500 for "1500m"
     * and for "1.5". INVALID for what is none. [any-thread] */
    cleat_err (*quantity_milli)(struct cleat_str text, int64_t *ret);
};

#ifdef __cplusplus
}
#endif
#endif
