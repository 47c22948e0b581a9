/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects seen through their types: which fields differ, which a configuration
 * names, merging one into another and taking items out. The rules are those of
 * upstream's structured merge: structures and maps are owned member by member,
 * lists element by element where the type gives them keys or calls them sets,
 * all else as a whole. What a type does not describe is looked at as it comes:
 * objects by member, the rest as a whole.
 *
 * Pure functions; results live in the arena or are texts.
 */
#ifndef CLEAT_APPLY_TYPED_H
#define CLEAT_APPLY_TYPED_H

#include "core/apply/fields.h"

/* ---- shapes (shape.c): a type where it is used ---- */

struct cleat_shape {
    const struct cleat_type *type;   /* NULL = not described */
    const struct cleat_field *field; /* whose type it is, or NULL: flags and keys of a list */
};
enum { CLEAT_AS_LEAF, CLEAT_AS_MAP, CLEAT_AS_LIST };
struct cleat_view { /* how a value is to be looked at */
    int as;
    bool whole;                    /* a map or list that is owned as a whole */
    const char *keys;              /* of a list that is a map, else NULL */
    const struct cleat_type *elem; /* of a list */
};
struct cleat_view cleat_shape_view(struct cleat_shape s, struct cleat_val v);
struct cleat_shape cleat_shape_member(struct cleat_shape s, struct cleat_str key);
struct cleat_shape cleat_shape_item(struct cleat_shape s);
/* A member that the type names, not one of a map. */
bool cleat_shape_names(struct cleat_shape s, struct cleat_str key);

/* The members of two objects side by side (zip.c); what is no object has none. In any
 * order; rank tells theirs: as in old, then as in now. */
struct cleat_pair {
    struct cleat_str key;
    uint32_t rank;
    struct cleat_val old, now;
};
struct cleat_pair *cleat_zip(struct cleat_arena *a, struct cleat_val old, struct cleat_val now,
                             size_t *ret_n);

/* ---- comparing (compare.c) ---- */

struct cleat_comparison {
    const struct cleat_fields *added, *modified, *removed;
};
/* old absent = nothing was there. Types of built-in kinds: structures that upstream
 * holds by value count as there. False where a list has elements that cannot be told
 * apart by their keys. */
bool cleat_typed_compare(struct cleat_arena *a, const struct cleat_type *t, struct cleat_val old,
                         struct cleat_val now, struct cleat_comparison *ret);
/* Whether upstream has the structure even where JSON leaves it out (presence.c). */
bool cleat_type_by_value(const struct cleat_type *owner, const struct cleat_field *f);

/* ---- what a configuration names (toset.c) ---- */

const struct cleat_fields *cleat_typed_fields(struct cleat_arena *a, const struct cleat_type *t,
                                              struct cleat_val v);
/* With the named members on the way to what is in the set. */
const struct cleat_fields *cleat_typed_named(struct cleat_arena *a, const struct cleat_type *t,
                                             const struct cleat_fields *s);
/* The set with what is owned as a whole by now owned as a whole. */
const struct cleat_fields *cleat_typed_reconcile(struct cleat_arena *a, const struct cleat_type *t,
                                                 const struct cleat_fields *s);

/* ---- checking (conform.c) ---- */

/* Whether a configuration fits the type: BAD_REQUEST with upstream's words
 * (".spec.foo: field not declared in schema") where it does not. */
cleat_err cleat_typed_check(const struct cleat_type *t, struct cleat_val v, struct cleat_error *e);

/* ---- merging (merge.c) and taking out (remove.c) ---- */

/* The text of old with what config says. False: nothing is left. nulls: in the place of
 * what has nothing left stands a null. */
bool cleat_typed_merge(struct cleat_arena *a, const struct cleat_type *t, struct cleat_val old,
                       struct cleat_val config, struct cleat_buf *out);
bool cleat_typed_remove(struct cleat_arena *a, const struct cleat_type *t, struct cleat_val v,
                        const struct cleat_fields *items, bool nulls, struct cleat_buf *out);

#endif
