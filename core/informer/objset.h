/* SPDX-License-Identifier: Apache-2.0 */
/* A set of objects by namespace and name: a pointer a slot, the key read from the object. */
#ifndef CLEAT_CORE_OBJSET_H
#define CLEAT_CORE_OBJSET_H

#include "core/object/object.h"

struct cleat_objset {
    cleat_obj **slots;
    size_t n, cap;
};
/* Borrowed; NULL where absent. The set holds no references: its user does. */
cleat_obj *cleat_objset_get(const struct cleat_objset *s, struct cleat_key key);
/* Room for n without growing again. */
void cleat_objset_reserve(struct cleat_objset *s, size_t n);
/* Returns what stood there, or NULL. */
cleat_obj *cleat_objset_put(struct cleat_objset *s, cleat_obj *o);
cleat_obj *cleat_objset_remove(struct cleat_objset *s, struct cleat_key key);
void cleat_objset_done(struct cleat_objset *s);

#endif
