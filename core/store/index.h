/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A copy-on-write B+tree of objects over (kind, namespace, name). Leaves hold
 * object references and nothing else: the key is read from the object. Roots
 * are immutable once shared; a writer passes the number of its batch, and nodes
 * that the same batch made are changed in place.
 */
#ifndef CLEAT_CORE_STORE_INDEX_H
#define CLEAT_CORE_STORE_INDEX_H

#include "core/object/object.h"

struct cleat_index_key {
    uint32_t kind;
    struct cleat_str ns, name;
};
struct cleat_node; /* NULL is the empty tree */

struct cleat_node *cleat_index_ref(struct cleat_node *n);
void cleat_index_unref(struct cleat_node *n);
/* Takes root, returns the new one. obj gets a reference of the tree's. *ret_old
 * (owned) is what stood there, or NULL. */
struct cleat_node *cleat_index_put(struct cleat_node *root, uint64_t batch, cleat_obj *obj,
                                   cleat_obj **ret_old);
struct cleat_node *cleat_index_remove(struct cleat_node *root, uint64_t batch,
                                      struct cleat_index_key key, cleat_obj **ret_old);
const cleat_obj *cleat_index_get(const struct cleat_node *root, struct cleat_index_key key);
/* How many objects stand before the key; with `after`, before or at it. O(log n). */
size_t cleat_index_rank(const struct cleat_node *root, struct cleat_index_key key, bool after);
size_t cleat_index_size(const struct cleat_node *root);
struct cleat_index_key cleat_index_key_of(const cleat_obj *o);

/* Walking: path and pos arrays of the caller, CLEAT_INDEX_DEPTH long. */
#define CLEAT_INDEX_DEPTH 24
/* Stands before the first object at or (with `after`) beyond the key; returns the depth. */
int cleat_index_seek(const struct cleat_node *root, struct cleat_index_key key, bool after,
                     void **path, uint32_t *pos);
const cleat_obj *cleat_index_next(void **path, uint32_t *pos, int *depth);

#endif
