/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON patch (RFC 6902) and merge patch (RFC 7386) on json-c trees, and the
 * merge patch between two objects. A patch is hostile input: the number of
 * operations, the depth that they build and the work that they cause are
 * bounded. Trees live within one call.
 */
#include "core/object/tree.h"

#include "core/base/limits.h"
#include "core/object/json.h"

/* What one JSON patch may copy, move and shift; a value costs 64, an array slot 1. */
#define WORK_LIMIT ((int64_t)CLEAT_LIMIT_JSON_NODES * 64)
#define REJECTED   "the server rejected our request due to an error in our request"

struct patcher {
    struct json_object *root;
    int64_t work; /* left */
};

/* One JSON pointer, decoded: keys into text. What stands before its first slash is not
 * looked at; without a slash it leads nowhere, unless an operation takes "" for the whole. */
struct pointer {
    char *text;
    const char **keys;
    size_t n; /* 0: no slash */
    bool whole;
};

static void pointer_done(struct pointer *p) {
    free(p->text);
    free(p->keys);
}
#define AUTO_POINTER __attribute__((cleanup(pointer_done))) struct pointer

static cleat_err rejected(struct cleat_error *e) {
    return cleat_fail(e, CLEAT_E_INVALID, REJECTED);
}

/* Undoes ~0 and ~1 in place. */
static void pointer_unescape(char *s) {
    char *to = s;
    for (; *s != '\0'; s++) {
        if (*s == '~' && (s[1] == '0' || s[1] == '1')) {
            *to++ = *++s == '0' ? '~' : '/';
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
}

/* False where v is no text. */
static bool pointer_parse(struct json_object *v, struct pointer *ret) {
    if (!json_object_is_type(v, json_type_string)) {
        return false;
    }
    const char *s = json_object_get_string(v);
    if (strlen(s) != (size_t)json_object_get_string_len(v)) {
        return false;
    }
    size_t n = 0;
    for (const char *p = s; *p != '\0'; p++) {
        n += *p == '/';
    }
    ret->whole = *s == '\0';
    ret->text = cleat_strdup(s);
    ret->keys = cleat_array(n + 1, sizeof *ret->keys);
    for (char *p = ret->text + strcspn(ret->text, "/"); *p != '\0';) {
        *p++ = '\0';
        char *key = p;
        p += strcspn(p, "/");
        char next = *p;
        *p = '\0';
        pointer_unescape(key);
        ret->keys[ret->n++] = key;
        *p = next;
    }
    return true;
}

/* An array's index as upstream reads it: "+1" and "01" are 1, "-1" is the last of n. */
static bool index_of(const char *key, size_t n, size_t *ret) {
    bool from_end = *key == '-';
    size_t i = 0;
    key += *key == '-' || *key == '+';
    if (*key == '\0') {
        return false;
    }
    for (; *key != '\0'; key++) {
        if (*key < '0' || *key > '9' || i > CLEAT_LIMIT_JSON_NODES) {
            return false;
        }
        i = i * 10 + (size_t)(*key - '0');
    }
    if (from_end && i > n) {
        return false;
    }
    *ret = from_end && i > 0 ? n - i : i;
    return true;
}

static bool child_of(struct json_object *t, const char *key, struct json_object **ret) {
    size_t i;
    if (json_object_is_type(t, json_type_object)) {
        return json_object_object_get_ex(t, key, ret);
    }
    if (!json_object_is_type(t, json_type_array) ||
        !index_of(key, json_object_array_length(t), &i) || i >= json_object_array_length(t)) {
        return false;
    }
    *ret = json_object_array_get_idx(t, i);
    return true;
}

/* Where the last key of p leads from, and that key. */
static bool parent_of(struct json_object *root, const struct pointer *p, struct json_object **ret,
                      const char **ret_key) {
    struct json_object *t = root;
    for (size_t i = 0; i + 1 < p->n; i++) {
        if (!child_of(t, p->keys[i], &t)) {
            return false;
        }
    }
    if (p->n == 0 ||
        (!json_object_is_type(t, json_type_object) && !json_object_is_type(t, json_type_array))) {
        return false;
    }
    *ret = t;
    *ret_key = p->keys[p->n - 1];
    return true;
}

/* What is there: as upstream a member that is not is null, an element that is not is none. */
static bool find(struct json_object *root, const struct pointer *p, struct json_object **ret) {
    struct json_object *parent;
    const char *key;
    *ret = NULL;
    return parent_of(root, p, &parent, &key) &&
           (child_of(parent, key, ret) || json_object_is_type(parent, json_type_object));
}

/* What a tree costs, counted no further than `left`; depth through *deepest. */
static int64_t tree_cost(struct json_object *t, int64_t left, size_t depth, size_t *deepest) {
    int64_t cost = 64;
    if (depth > *deepest) {
        *deepest = depth;
    }
    if (json_object_is_type(t, json_type_object)) {
        for (struct lh_entry *m = json_object_get_object(t)->head; m != NULL && cost <= left;
             m = m->next) {
            cost += (int64_t)strlen(lh_entry_k(m));
            cost += tree_cost((struct json_object *)(uintptr_t)lh_entry_v(m), left - cost,
                              depth + 1, deepest);
        }
    } else if (json_object_is_type(t, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(t) && cost <= left; i++) {
            cost += tree_cost(json_object_array_get_idx(t, i), left - cost, depth + 1, deepest);
        }
    } else if (json_object_is_type(t, json_type_string)) {
        cost += json_object_get_string_len(t);
    }
    return cost;
}

/* Before value goes below `depth` keys: pays for it, and refuses what gets too deep. */
static bool pay(struct patcher *p, struct json_object *value, size_t depth) {
    size_t deepest = 0;
    p->work -= tree_cost(value, p->work, 0, &deepest);
    return p->work >= 0 && depth + deepest <= CLEAT_LIMIT_JSON_DEPTH;
}

/* Inserts value (taken) before element i. */
static bool array_insert(struct patcher *p, struct json_object *a, size_t i,
                         struct json_object *value) {
    struct array_list *list = json_object_get_array(a);
    size_t n = json_object_array_length(a);
    p->work -= (int64_t)(n - i);
    if (p->work < 0 || json_object_array_add(a, value) != 0) {
        json_object_put(value);
        return false;
    }
    memmove(list->array + i + 1, list->array + i, (n - i) * sizeof *list->array);
    list->array[i] = value;
    return true;
}

/* Takes value. */
static bool op_add(struct patcher *p, const struct pointer *at, struct json_object *value) {
    struct json_object *parent;
    const char *key;
    size_t i, n;
    if (pay(p, value, at->n) && parent_of(p->root, at, &parent, &key)) {
        if (json_object_is_type(parent, json_type_object)) {
            return json_object_object_add(parent, key, value) == 0;
        }
        n = json_object_array_length(parent);
        if (strcmp(key, "-") == 0) {
            return array_insert(p, parent, n, value);
        }
        if (index_of(key, n + 1, &i) && i <= n) {
            return array_insert(p, parent, i, value);
        }
    }
    json_object_put(value);
    return false;
}

/* *ret: the removed value, owned. */
static bool op_remove(struct patcher *p, const struct pointer *at, struct json_object **ret) {
    struct json_object *parent, *value;
    const char *key;
    size_t i;
    if (!parent_of(p->root, at, &parent, &key) || !child_of(parent, key, &value)) {
        return false;
    }
    json_object_get(value);
    if (json_object_is_type(parent, json_type_object)) {
        json_object_object_del(parent, key);
    } else {
        cleat_assert(index_of(key, json_object_array_length(parent), &i));
        p->work -= (int64_t)(json_object_array_length(parent) - i);
        cleat_assert(json_object_array_del_idx(parent, i, 1) == 0);
    }
    *ret = value;
    return p->work >= 0;
}

/* As upstream, which also replaces a member that is not there. Takes value. */
static bool op_replace(struct patcher *p, const struct pointer *at, struct json_object *value) {
    struct json_object *parent, *old;
    const char *key;
    size_t i;
    bool container =
        json_object_is_type(value, json_type_object) || json_object_is_type(value, json_type_array);
    if (!pay(p, value, at->n)) {
        json_object_put(value);
        return false;
    }
    if (at->whole && container) {
        json_object_put(p->root);
        p->root = value;
        return true;
    }
    if (parent_of(p->root, at, &parent, &key)) {
        if (json_object_is_type(parent, json_type_object)) {
            return json_object_object_add(parent, key, value) == 0;
        }
        if (child_of(parent, key, &old)) {
            cleat_assert(index_of(key, json_object_array_length(parent), &i));
            return json_object_array_put_idx(parent, i, value) == 0;
        }
    }
    json_object_put(value);
    return false;
}

static bool op_move(struct patcher *p, const struct pointer *from, const struct pointer *to) {
    struct json_object *value = NULL;
    if (!op_remove(p, from, &value)) {
        json_object_put(value);
        return false;
    }
    return op_add(p, to, value);
}

static bool op_copy(struct patcher *p, const struct pointer *from, const struct pointer *to) {
    struct json_object *value;
    return find(p->root, from, &value) && pay(p, value, to->n) &&
           op_add(p, to, cleat_tree_copy(value));
}

static bool op_test(struct patcher *p, const struct pointer *at, struct json_object *value) {
    struct json_object *found = p->root;
    return (at->whole || find(p->root, at, &found)) && cleat_tree_same(found, value);
}

/* op: an object, or null for one without members. */
static bool apply_op(struct patcher *p, struct json_object *op) {
    AUTO_POINTER path = {0};
    AUTO_POINTER from = {0};
    struct json_object *v = NULL, *value = NULL;
    json_object_object_get_ex(op, "op", &v);
    if (!json_object_is_type(v, json_type_string)) {
        return false;
    }
    const char *name = json_object_get_string(v);
    v = NULL;
    json_object_object_get_ex(op, "path", &v);
    if (!pointer_parse(v, &path)) {
        return false;
    }
    if (strcmp(name, "remove") == 0) {
        v = NULL;
        bool ok = op_remove(p, &path, &v);
        json_object_put(v);
        return ok;
    }
    if (strcmp(name, "move") == 0 || strcmp(name, "copy") == 0) {
        v = NULL;
        json_object_object_get_ex(op, "from", &v);
        return pointer_parse(v, &from) &&
               (*name == 'm' ? op_move(p, &from, &path) : op_copy(p, &from, &path));
    }
    /* No value is null. */
    json_object_object_get_ex(op, "value", &value);
    if (strcmp(name, "test") == 0) {
        return op_test(p, &path, value);
    }
    bool add = strcmp(name, "add") == 0;
    if (!add && strcmp(name, "replace") != 0) {
        return false;
    }
    /* The tree may take the patch's own value: each operation runs once. */
    json_object_get(value);
    return add ? op_add(p, &path, value) : op_replace(p, &path, value);
}

/* In the words of upstream's decoder. */
static cleat_err wrong_type(struct json_object *v, const char *want, struct cleat_error *e) {
    enum json_type type = json_object_get_type(v);
    const char *is = type == json_type_int || type == json_type_double ? "number"
                     : type == json_type_boolean                       ? "bool"
                                                                       : json_type_to_name(type);
    return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                      "error decoding patch: json: cannot unmarshal %s into Go %s", is, want);
}

static cleat_err check_op(struct json_object *op, struct cleat_error *e) {
    static const char *const members[] = {"op", "path", "from"};
    static const char *const wants[] = {"struct field jsonPatchOp.op of type string",
                                        "struct field jsonPatchOp.path of type string",
                                        "struct field jsonPatchOp.from of type string"};
    if (op != NULL && !json_object_is_type(op, json_type_object)) {
        return wrong_type(op, "value of type handlers.jsonPatchOp", e);
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct json_object *v = NULL;
        json_object_object_get_ex(op, members[i], &v);
        if (v != NULL && !json_object_is_type(v, json_type_string)) {
            return wrong_type(v, wants[i], e);
        }
    }
    return CLEAT_OK;
}

cleat_err cleat_patch_json(const cleat_obj *base, struct cleat_str patch, cleat_obj **ret,
                           struct cleat_error *e) {
    CLEAT_AUTO_TREE *ops = NULL;
    CLEAT_TRY(cleat_tree_parse(patch, &ops, e));
    if (ops == NULL) { /* null: no operations */
        *ret = cleat_obj_ref(base);
        return CLEAT_OK;
    }
    if (!json_object_is_type(ops, json_type_array)) {
        return wrong_type(ops, "value of type []handlers.jsonPatchOp", e);
    }
    size_t n = json_object_array_length(ops);
    if (n > CLEAT_LIMIT_PATCH_OPS) {
        return cleat_fail(e, CLEAT_E_TOO_LARGE,
                          "Request entity too large: The allowed maximum operations in a JSON "
                          "patch is %u, got %zu",
                          CLEAT_LIMIT_PATCH_OPS, n);
    }
    for (size_t i = 0; i < n; i++) {
        struct json_object *op = json_object_array_get_idx(ops, i);
        CLEAT_TRY(check_op(op, e)); /* null: an empty one */
    }
    struct patcher p = {cleat_tree_from(cleat_obj_root(base)), WORK_LIMIT};
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; i < n && err == CLEAT_OK; i++) {
        err = apply_op(&p, json_object_array_get_idx(ops, i)) ? CLEAT_OK : rejected(e);
    }
    if (err == CLEAT_OK) {
        err = cleat_tree_result(base, p.root, ret, e);
    }
    json_object_put(p.root);
    return err;
}

/* ---- merge patch ------------------------------------------------------------------- */

/* Merges an object into an object. */
static void merge(struct json_object *target, struct json_object *patch) {
    for (struct lh_entry *m = json_object_get_object(patch)->head; m != NULL; m = m->next) {
        const char *key = lh_entry_k(m);
        struct json_object *value = (struct json_object *)(uintptr_t)lh_entry_v(m), *old = NULL;
        if (value == NULL) {
            json_object_object_del(target, key);
        } else if (!json_object_is_type(value, json_type_object)) {
            json_object_object_add(target, key, json_object_get(value));
        } else {
            json_object_object_get_ex(target, key, &old);
            if (!json_object_is_type(old, json_type_object)) {
                old = json_object_new_object();
                json_object_object_add(target, key, old);
            }
            merge(old, value);
        }
    }
}

cleat_err cleat_patch_merge(const cleat_obj *base, struct cleat_str patch, cleat_obj **ret,
                            struct cleat_error *e) {
    CLEAT_AUTO_TREE *p = NULL;
    CLEAT_TRY(cleat_tree_parse(patch, &p, e));
    if (!json_object_is_type(p, json_type_object)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "a merge patch must be an object");
    }
    CLEAT_AUTO_TREE *tree = cleat_tree_from(cleat_obj_root(base));
    merge(tree, p);
    return cleat_tree_result(base, tree, ret, e);
}

/* The merge patch from a to b, both objects; owned, empty where they are the same. */
static struct json_object *diff(struct json_object *a, struct json_object *b) {
    struct json_object *patch = json_object_new_object();
    struct json_object *other;
    for (struct lh_entry *m = json_object_get_object(a)->head; m != NULL; m = m->next) {
        if (!json_object_object_get_ex(b, lh_entry_k(m), &other)) {
            json_object_object_add(patch, lh_entry_k(m), NULL);
        }
    }
    for (struct lh_entry *m = json_object_get_object(b)->head; m != NULL; m = m->next) {
        struct json_object *value = (struct json_object *)(uintptr_t)lh_entry_v(m);
        bool had = json_object_object_get_ex(a, lh_entry_k(m), &other);
        if (had && json_object_is_type(other, json_type_object) &&
            json_object_is_type(value, json_type_object)) {
            struct json_object *inner = diff(other, value);
            if (json_object_object_length(inner) > 0) {
                json_object_object_add(patch, lh_entry_k(m), inner);
            } else {
                json_object_put(inner);
            }
        } else if (!had || !cleat_tree_same(other, value)) {
            json_object_object_add(patch, lh_entry_k(m), json_object_get(value));
        }
    }
    return patch;
}

cleat_err cleat_obj_diff(const cleat_obj *a, const cleat_obj *b, cleat_obj **ret,
                         struct cleat_error *e) {
    CLEAT_AUTO_TREE *from = cleat_tree_from(cleat_obj_root(a));
    CLEAT_AUTO_TREE *to = cleat_tree_from(cleat_obj_root(b));
    CLEAT_AUTO_TREE *patch = diff(from, to);
    return cleat_tree_to_obj(patch, ret, e);
}
