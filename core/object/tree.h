/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What edit.c and the patches share about json-c trees. A tree belongs to one
 * thread and is never shared. A JSON null is a NULL pointer, as in json-c.
 */
#ifndef CLEAT_OBJECT_TREE_H
#define CLEAT_OBJECT_TREE_H

#include "core/object/object.h"

#include <json-c/json.h>

static inline void cleat_tree_put_p(struct json_object **t) {
    json_object_put(*t);
}
#define CLEAT_AUTO_TREE __attribute__((cleanup(cleat_tree_put_p))) struct json_object

/* A JSON document of any type as an owned tree. */
cleat_err cleat_tree_parse(struct cleat_str json, struct json_object **ret, struct cleat_error *e);
/* Same content: members in any order, numbers by their text. */
bool cleat_tree_same(struct json_object *a, struct json_object *b);
struct json_object *cleat_tree_copy(struct json_object *t);
/* The patched tree as an object; base itself (ref'd) where nothing changed. */
cleat_err cleat_tree_result(const cleat_obj *base, struct json_object *tree, cleat_obj **ret,
                            struct cleat_error *e);

#endif
