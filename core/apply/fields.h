/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field sets: which fields of an object somebody owns, as a tree of path
 * elements. Their JSON form is FieldsV1: f:<name>, k:<keys>, v:<value>,
 * i:<index>, and "." for a member that has members below it.
 *
 * Everything lives in an arena and is never changed once it was made: sets may
 * share parts, and texts are borrowed from the objects they came from, which
 * must outlive the arena. One thread at a time.
 */
#ifndef CLEAT_APPLY_FIELDS_H
#define CLEAT_APPLY_FIELDS_H

#include "core/types/types.h"

/* ---- path elements (element.c) ---- */

struct cleat_element {
    char kind;             /* 'f', 'k', 'v', 'i' */
    struct cleat_str text; /* f: the key as it stands in canonical JSON; else JSON in upstream's
                              canonical form */
};
/* Their order in a set: f, k, v, i; each by what it says, numbers as numbers. */
int cleat_element_cmp(struct cleat_element a, struct cleat_element b);
bool cleat_element_same(struct cleat_element a, struct cleat_element b);
/* From a key of FieldsV1 ("k:{\"name\":\"x\"}", canonical JSON text). BAD_REQUEST where it is
 * none; *ret_known false where its letter is unknown. */
cleat_err cleat_element_parse(struct cleat_arena *a, struct cleat_str key,
                              struct cleat_element *ret, bool *ret_known, struct cleat_error *e);
/* As a key of FieldsV1, without the quotes. */
void cleat_element_write(struct cleat_element el, struct cleat_buf *out);
/* Whether key is what cleat_element_write would write. No allocation. */
bool cleat_element_is(struct cleat_element el, struct cleat_str key);
/* What Go's JSON escapes at s.p[i] beyond our canonical form (<, >, &, U+2028, U+2029):
 * the escape's length, 0 for none; *ret_used: how many bytes it stands for. */
size_t cleat_element_escape_at(struct cleat_str s, size_t i, char buf[8], size_t *ret_used);
/* The whole text so. */
void cleat_element_escape(struct cleat_str s, struct cleat_buf *out);
/* As messages name it: .spec, [name="x"], [="x"], [3]. */
void cleat_element_print(struct cleat_element el, struct cleat_buf *out);

/* Of an element of a list (item.c): that is a map by `keys` ("a,b") with the
 * defaults that elem declares, or a set (keys NULL). False, and upstream's words in
 * *ret_why (static; NULL allowed), where it has none. The text is in the object, in
 * the arena, or, where a is NULL, in room: false too where it does not fit. */
bool cleat_element_of_item(struct cleat_arena *a, char *room, size_t size, const char *keys,
                           const struct cleat_type *elem, struct cleat_val item,
                           struct cleat_element *ret, const char **ret_why);

/* ---- sets (set.c, algebra.c) ---- */

struct cleat_fields;
struct cleat_fields_node {
    struct cleat_element el;
    bool member;
    const struct cleat_fields *below; /* NULL = nothing */
};
struct cleat_fields {
    uint32_t n, cap;
    bool unsorted; /* while it is built */
    struct cleat_fields_node *nodes;
};
/* A place while a tree is walked and sets are filled; up NULL at the root. */
enum { CLEAT_FIELDS_SETS = 3 };
struct cleat_fields_at {
    struct cleat_fields_at *up;
    struct cleat_element el;
    struct cleat_fields *set[CLEAT_FIELDS_SETS]; /* what is below here; root: given; else made */
};
void cleat_fields_mark(struct cleat_arena *a, struct cleat_fields_at *at, int which);
/* Sorts what was filled; doubles become one. */
void cleat_fields_finish(struct cleat_arena *a, struct cleat_fields *s);

bool cleat_fields_empty(const struct cleat_fields *s); /* NULL is empty */
size_t cleat_fields_count(const struct cleat_fields *s);
bool cleat_fields_equal(const struct cleat_fields *a, const struct cleat_fields *b);
const struct cleat_fields_node *cleat_fields_find(const struct cleat_fields *s,
                                                  struct cleat_element el); /* NULL */
/* Whether the path is a member. */
bool cleat_fields_has(const struct cleat_fields *s, const struct cleat_element *path, size_t n);
/* A set of one path more: for tables of paths ("metadata.name"). */
const struct cleat_fields *cleat_fields_add(struct cleat_arena *a, const struct cleat_fields *s,
                                            const char *dotted);

const struct cleat_fields *cleat_fields_union(struct cleat_arena *a, const struct cleat_fields *x,
                                              const struct cleat_fields *y);
const struct cleat_fields *cleat_fields_common(struct cleat_arena *a, const struct cleat_fields *x,
                                               const struct cleat_fields *y);
/* Members of x that are no members of y; what is below a member of y stays. */
const struct cleat_fields *cleat_fields_minus(struct cleat_arena *a, const struct cleat_fields *x,
                                              const struct cleat_fields *y);
/* The same, but with a member of y all below it goes. */
const struct cleat_fields *cleat_fields_without(struct cleat_arena *a, const struct cleat_fields *x,
                                                const struct cleat_fields *y);
/* A copy that borrows nothing but from the arena. */
const struct cleat_fields *cleat_fields_keep(struct cleat_arena *a, const struct cleat_fields *s);
/* Members with no member below. */
const struct cleat_fields *cleat_fields_leaves(struct cleat_arena *a, const struct cleat_fields *s);
/* Calls fn for each member, those of one level before those below it, with its path as
 * messages print it. */
void cleat_fields_each(const struct cleat_fields *s,
                       void (*fn)(void *userdata, struct cleat_str path,
                                  const struct cleat_element *els, size_t n),
                       void *userdata);

/* ---- FieldsV1 (fieldsv1.c) ---- */

cleat_err cleat_fields_parse(struct cleat_arena *a, struct cleat_val v,
                             const struct cleat_fields **ret, struct cleat_error *e);
void cleat_fields_write(const struct cleat_fields *s, struct cleat_buf *out);

#endif
