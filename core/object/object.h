/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 1: the object model. Semantics of the functions that cleat/object.h
 * also has are told there; here are their names in the core and what only the
 * core may do.
 *
 * One allocation an object: header, index, canonical bytes. The index is a flat
 * array with one entry a value, 16 bits wide a field while the text is shorter
 * than 64 KiB and 32 beyond. Canonical means: no white space, strings in UTF-8
 * with the fewest possible escapes (so equal strings are equal bytes), numbers
 * and member order as they came.
 */
#ifndef CLEAT_CORE_OBJECT_H
#define CLEAT_CORE_OBJECT_H

#include <cleat/object.h>
#include "core/base/base.h"

cleat_obj *cleat_obj_ref(const cleat_obj *o);
void cleat_obj_unref(const cleat_obj *o);
CLEAT_DEFINE_AUTO(cleat_obj, cleat_obj_unref)
/* Whether somebody else holds a reference too: then nobody may write to it. */
bool cleat_obj_shared(const cleat_obj *o);

/* flags: what to do beyond RFC 8259. Duplicate keys: the last wins (as Go), or
 * with CLEAT_PARSE_NO_DUPLICATES an error `duplicate field "spec.x"`. The root
 * must be an object. Invalid UTF-8, depth and size over the limits, and
 * trailing text are errors that change nothing. */
enum { CLEAT_PARSE_NO_DUPLICATES = 1 };
cleat_err cleat_obj_parse(struct cleat_str json, unsigned flags, cleat_obj **ret,
                          struct cleat_error *e);
/* As parse; told of the path of each member that a later one of its name takes the place of. */
typedef void (*cleat_obj_report)(void *userdata, struct cleat_str path);
cleat_err cleat_obj_parse_reporting(struct cleat_str json, cleat_obj_report report, void *userdata,
                                    cleat_obj **ret, struct cleat_error *e);
/* As parse, for bytes that are canonical already (read from our own store). */
cleat_err cleat_obj_parse_trusted(struct cleat_str json, cleat_obj **ret, struct cleat_error *e);

struct cleat_str cleat_obj_bytes(const cleat_obj *o);
size_t cleat_obj_memory(const cleat_obj *o); /* all bytes that it occupies */
struct cleat_val cleat_obj_root(const cleat_obj *o);
struct cleat_str cleat_obj_name(const cleat_obj *o);
struct cleat_str cleat_obj_ns(const cleat_obj *o);
struct cleat_str cleat_obj_uid(const cleat_obj *o);
uint64_t cleat_obj_revision(const cleat_obj *o);
/* The store's number of its kind; 0 until stamped. Part of the store's key. */
uint32_t cleat_obj_kind(const cleat_obj *o);
/* Only by the one who just made the object and has not shared it. */
void cleat_obj_stamp_kind(cleat_obj *o, uint32_t kind);
/* Sets metadata.resourceVersion of an unshared object (taken). Overwrites the
 * digits in place where the width is the same, which is the normal case when the
 * maker predicted it; else returns a copy and frees o. Also sets the number in the header. */
cleat_obj *cleat_obj_set_revision(cleat_obj *o, uint64_t revision);

/* Writes canonical text of the same length over that of a scalar outside of what the
 * header keeps (name, namespace, uid, resourceVersion). Only by the one who just made
 * the object and has not shared it. */
void cleat_obj_overwrite(cleat_obj *o, struct cleat_val v, struct cleat_str raw);

struct cleat_val cleat_val_get(struct cleat_val v, const char *key); /* one step */
struct cleat_val cleat_val_get_s(struct cleat_val v, struct cleat_str key);
struct cleat_val cleat_val_at(struct cleat_val v, cleat_path path);
static inline struct cleat_val cleat_obj_at(const cleat_obj *o, cleat_path path) {
    return cleat_val_at(cleat_obj_root(o), path);
}
struct cleat_val cleat_val_elem(struct cleat_val v, size_t i);
int32_t cleat_val_type(struct cleat_val v);
static inline bool cleat_val_present(struct cleat_val v) {
    return v.obj != NULL;
}
int32_t cleat_val_next(struct cleat_val v, struct cleat_iter *it);
size_t cleat_val_count(struct cleat_val v);
struct cleat_str cleat_val_str(struct cleat_val v);
size_t cleat_val_decode(struct cleat_val v, char *buf, size_t size);
char *cleat_val_strdup(struct cleat_val v); /* decoded, owned; NULL where no string */
int32_t cleat_val_int(struct cleat_val v, int64_t *ret);
int32_t cleat_val_bool(struct cleat_val v, int32_t def);
struct cleat_str cleat_val_raw(struct cleat_val v);
int32_t cleat_val_equal(struct cleat_val a, struct cleat_val b);

/* ---- edits (edit.c) ---- as in cleat/object.h; built on a json-c tree, or for a
 * few scalar sets on splices over the bytes: the caller cannot tell, but
 * cleat_splice is what the registry's hot path uses. */
cleat_edit *cleat_edit_new(const cleat_obj *base);
void cleat_edit_free(cleat_edit *e);
void cleat_edit_set_str(cleat_edit *e, cleat_path path, struct cleat_str value);
void cleat_edit_set_int(cleat_edit *e, cleat_path path, int64_t value);
void cleat_edit_set_bool(cleat_edit *e, cleat_path path, int32_t value);
void cleat_edit_set_val(cleat_edit *e, cleat_path path, struct cleat_val value);
void cleat_edit_set_json(cleat_edit *e, cleat_path path, struct cleat_str json);
void cleat_edit_remove(cleat_edit *e, cleat_path path);
/* 1 where anything was really changed so far. */
int32_t cleat_edit_dirty(const cleat_edit *e);
const cleat_obj *cleat_edit_base(const cleat_edit *e); /* borrowed; NULL where from {} */
cleat_err cleat_edit_finish(cleat_edit *e, cleat_obj **ret, struct cleat_error *err);

/* ---- splices (splice.c): several replacements in one pass over the bytes. Each
 * names a path of at most 8 keys and the new canonical JSON text of its value
 * (raw.n == 0: remove). Members that do not exist are added at the end of their
 * parent; missing parents are made. Paths must not contain one another. No tree,
 * one allocation besides the result. */
struct cleat_splice {
    cleat_path path;
    struct cleat_str raw;
};
cleat_err cleat_obj_splice(const cleat_obj *base, const struct cleat_splice *s, size_t n,
                           cleat_obj **ret, struct cleat_error *e);

/* ---- patches (patch.c), on json-c trees ---- */
cleat_err cleat_patch_json(const cleat_obj *base, struct cleat_str patch, cleat_obj **ret,
                           struct cleat_error *e); /* RFC 6902 */
cleat_err cleat_patch_merge(const cleat_obj *base, struct cleat_str patch, cleat_obj **ret,
                            struct cleat_error *e); /* RFC 7386 */
/* Strategic merge. `schema` tells for a path ("spec.containers", elements elided)
 * the merge key of a list of objects, "" for a list of primitives that merges as
 * a set, or NULL for a list that is replaced. */
typedef const char *(*cleat_merge_key_fn)(const void *schema, const char *path);
cleat_err cleat_patch_strategic(const cleat_obj *base, struct cleat_str patch,
                                cleat_merge_key_fn fn, const void *schema, cleat_obj **ret,
                                struct cleat_error *e);
cleat_err cleat_obj_diff(const cleat_obj *a, const cleat_obj *b, cleat_obj **ret,
                         struct cleat_error *e);

/* ---- YAML (yaml.c): one document as JSON text, added to out; BAD_REQUEST ---- */
cleat_err cleat_yaml_to_json(struct cleat_str yaml, struct cleat_buf *out, struct cleat_error *e);

/* ---- YAML (yaml_write.c): values as one document, keys sorted; all add to out ---- */
void cleat_yaml_write(struct cleat_val v, struct cleat_buf *out);
/* The same in pieces, for what is too long to have at once: values, texts (keys among
 * them) and open levels in the order of the document, then finish. What is not yet
 * finished may still be in the writer. */
typedef struct cleat_yaml_writer cleat_yaml_writer; /* one thread at a time */
cleat_yaml_writer *cleat_yaml_writer_new(void);
void cleat_yaml_open(cleat_yaml_writer *w, bool map, struct cleat_buf *out);
void cleat_yaml_close(cleat_yaml_writer *w, bool map, struct cleat_buf *out);
void cleat_yaml_text(cleat_yaml_writer *w, struct cleat_str text, struct cleat_buf *out);
void cleat_yaml_value(cleat_yaml_writer *w, struct cleat_val v, struct cleat_buf *out);
void cleat_yaml_finish(cleat_yaml_writer *w, struct cleat_buf *out);
void cleat_yaml_writer_free(cleat_yaml_writer *w);

/* ---- json-c bridge (tree.c): numbers keep their text. For edges only. ---- */
struct json_object;
struct json_object *cleat_tree_from(struct cleat_val v); /* owned */
cleat_err cleat_tree_to_obj(struct json_object *tree, cleat_obj **ret,
                            struct cleat_error *e); /* tree stays the caller's */

/* ---- selectors (selector.c): parse once, match from any thread ---- */
typedef struct cleat_selector cleat_selector;
/* NULL or "" = everything. BAD_REQUEST with upstream's words. */
cleat_err cleat_selector_labels(const char *text, cleat_selector **ret, struct cleat_error *e);
/* `allowed(userdata, key)`: whether the kind has this selectable field; else BAD_REQUEST `field
 * label not supported: x`. */
cleat_err cleat_selector_fields(const char *text,
                                bool (*allowed)(void *userdata, struct cleat_str key),
                                void *userdata, cleat_selector **ret, struct cleat_error *e);
void cleat_selector_free(cleat_selector *s);
bool cleat_selector_empty(const cleat_selector *s);
/* Matches metadata.labels, or for a field selector the fields by their dotted path
 * (absent = ""; booleans as "true"/"false"). */
bool cleat_selector_match(const cleat_selector *s, const cleat_obj *o);
/* The value that the selector demands of this field by equality, or NULL: for a
 * list with metadata.name=x that should be a get. */
const char *cleat_selector_exact(const cleat_selector *s, const char *field);

/* ---- quantities (quantity.c): exact ---- */
cleat_err cleat_quantity_check(struct cleat_str s);
cleat_err cleat_quantity_cmp(struct cleat_str a, struct cleat_str b, int32_t *ret);
cleat_err cleat_quantity_add(struct cleat_str a, struct cleat_str b, char *buf, size_t size);
/* In thousandths, rounded up, at most INT64_MAX. */
cleat_err cleat_quantity_milli(struct cleat_str s, int64_t *ret);

/* ---- names (names.c): NULL where valid, else upstream's message (static) ---- */
const char *cleat_name_dns_subdomain(struct cleat_str s);  /* RFC 1123 subdomain, 253 */
const char *cleat_name_dns_label(struct cleat_str s);      /* RFC 1123 label, 63 */
const char *cleat_name_dns_label_1035(struct cleat_str s); /* services */
const char *cleat_name_qualified(struct cleat_str s); /* label and annotation keys, finalizers */
const char *cleat_name_label_value(struct cleat_str s);
const char *cleat_name_path_segment(struct cleat_str s); /* RBAC names */

#endif
