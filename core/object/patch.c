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

/* One JSON pointer, decoded: keys into text. */
struct pointer {
    char *text;
    const char **keys;
    size_t n;
};

static void pointer_done(struct pointer *p) {
    free(p->text);
    free(p->keys);
}
#define AUTO_POINTER __attribute__((cleanup(pointer_done))) struct pointer

static cleat_err rejected(struct cleat_error *e) {
    return cleat_fail(e, CLEAT_E_INVALID, REJECTED);
}

/* Undoes ~0 and ~1 in place; false where another character follows a tilde. */
static bool pointer_unescape(char *s) {
    char *to = s;
    for (; *s != '\0'; s++) {
        if (*s == '~') {
            s++;
            if (*s != '0' && *s != '1') {
                return false;
            }
            *to++ = *s == '0' ? '~' : '/';
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
    return true;
}

static cleat_err pointer_parse(struct json_object *v, const char *what, struct pointer *ret,
                               struct cleat_error *e) {
    if (!json_object_is_type(v, json_type_string)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "JSON patch operation without \"%s\"", what);
    }
    const char *s = json_object_get_string(v);
    if (strlen(s) != (size_t)json_object_get_string_len(v) || (*s != '\0' && *s != '/')) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "JSON patch \"%s\" is no JSON pointer: %s", what,
                          s);
    }
    size_t n = 0;
    for (const char *p = s; *p != '\0'; p++) {
        n += *p == '/';
    }
    ret->text = cleat_strdup(s);
    ret->keys = cleat_array(n + 1, sizeof *ret->keys);
    for (char *p = ret->text; *p != '\0';) {
        *p++ = '\0';
        char *key = p;
        p += strcspn(p, "/");
        char next = *p;
        *p = '\0';
        if (!pointer_unescape(key)) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "JSON patch \"%s\" is no JSON pointer: %s",
                              what, s);
        }
        ret->keys[ret->n++] = key;
        *p = next;
    }
    return CLEAT_OK;
}

static bool child_of(struct json_object *t, const char *key, struct json_object **ret) {
    size_t i;
    if (json_object_is_type(t, json_type_object)) {
        return json_object_object_get_ex(t, key, ret);
    }
    if (!json_object_is_type(t, json_type_array) || !cleat_path_index(key, &i) ||
        i >= json_object_array_length(t)) {
        return false;
    }
    *ret = json_object_array_get_idx(t, i);
    return true;
}

/* Follows the first n keys. */
static bool follow(struct json_object *root, const struct pointer *p, size_t n,
                   struct json_object **ret) {
    struct json_object *t = root;
    for (size_t i = 0; i < n; i++) {
        if (!child_of(t, p->keys[i], &t)) {
            return false;
        }
    }
    *ret = t;
    return true;
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
    size_t i;
    if (!pay(p, value, at->n)) {
        json_object_put(value);
        return false;
    }
    if (at->n == 0) {
        json_object_put(p->root);
        p->root = value;
        return true;
    }
    const char *key = at->keys[at->n - 1];
    if (follow(p->root, at, at->n - 1, &parent)) {
        if (json_object_is_type(parent, json_type_object)) {
            return json_object_object_add(parent, key, value) == 0;
        }
        if (json_object_is_type(parent, json_type_array)) {
            size_t n = json_object_array_length(parent);
            if (strcmp(key, "-") == 0) {
                return array_insert(p, parent, n, value);
            }
            if (cleat_path_index(key, &i) && i <= n) {
                return array_insert(p, parent, i, value);
            }
        }
    }
    json_object_put(value);
    return false;
}

/* *ret: the removed value, owned. */
static bool op_remove(struct patcher *p, const struct pointer *at, struct json_object **ret) {
    struct json_object *parent, *value;
    size_t i;
    if (at->n == 0 || !follow(p->root, at, at->n - 1, &parent) ||
        !child_of(parent, at->keys[at->n - 1], &value)) {
        return false;
    }
    json_object_get(value);
    if (json_object_is_type(parent, json_type_object)) {
        json_object_object_del(parent, at->keys[at->n - 1]);
    } else {
        cleat_assert(cleat_path_index(at->keys[at->n - 1], &i));
        p->work -= (int64_t)(json_object_array_length(parent) - i);
        cleat_assert(json_object_array_del_idx(parent, i, 1) == 0);
    }
    *ret = value;
    return p->work >= 0;
}

/* As upstream, which also replaces a member that is not there. */
static bool op_replace(struct patcher *p, const struct pointer *at, struct json_object *value) {
    struct json_object *parent, *old;
    size_t i;
    if (at->n == 0) {
        return op_add(p, at, value);
    }
    if (!pay(p, value, at->n) || !follow(p->root, at, at->n - 1, &parent)) {
        json_object_put(value);
        return false;
    }
    if (json_object_is_type(parent, json_type_object)) {
        return json_object_object_add(parent, at->keys[at->n - 1], value) == 0;
    }
    if (!child_of(parent, at->keys[at->n - 1], &old)) {
        json_object_put(value);
        return false;
    }
    cleat_assert(cleat_path_index(at->keys[at->n - 1], &i));
    return json_object_array_put_idx(parent, i, value) == 0;
}

static bool is_prefix(const struct pointer *a, const struct pointer *b) {
    for (size_t i = 0; i < a->n; i++) {
        if (i >= b->n || strcmp(a->keys[i], b->keys[i]) != 0) {
            return false;
        }
    }
    return true;
}

static bool op_move(struct patcher *p, const struct pointer *from, const struct pointer *to) {
    struct json_object *value = NULL;
    if (is_prefix(from, to)) {
        /* Onto itself is nothing; into itself cannot be. */
        return from->n == to->n && follow(p->root, from, from->n, &value);
    }
    if (!op_remove(p, from, &value)) {
        json_object_put(value);
        return false;
    }
    return op_add(p, to, value);
}

static bool op_copy(struct patcher *p, const struct pointer *from, const struct pointer *to) {
    struct json_object *value;
    if (!follow(p->root, from, from->n, &value) || !pay(p, value, to->n)) {
        return false;
    }
    return op_add(p, to, cleat_tree_copy(value));
}

static cleat_err apply_op(struct patcher *p, struct json_object *op, struct cleat_error *e) {
    AUTO_POINTER path = {0};
    AUTO_POINTER from = {0};
    struct json_object *v = NULL, *value = NULL;
    if (!json_object_is_type(op, json_type_object) || !json_object_object_get_ex(op, "op", &v) ||
        !json_object_is_type(v, json_type_string)) {
        return rejected(e);
    }
    const char *name = json_object_get_string(v);
    json_object_object_get_ex(op, "path", &v);
    CLEAT_TRY(pointer_parse(v, "path", &path, e));
    bool has_value = json_object_object_get_ex(op, "value", &value);
    bool ok;
    if (strcmp(name, "move") == 0 || strcmp(name, "copy") == 0) {
        v = NULL;
        json_object_object_get_ex(op, "from", &v);
        CLEAT_TRY(pointer_parse(v, "from", &from, e));
        ok = *name == 'm' ? op_move(p, &from, &path) : op_copy(p, &from, &path);
    } else if (strcmp(name, "remove") == 0) {
        v = NULL;
        ok = op_remove(p, &path, &v);
        json_object_put(v);
    } else if (strcmp(name, "add") != 0 && strcmp(name, "replace") != 0 &&
               strcmp(name, "test") != 0) {
        return rejected(e);
    } else if (!has_value) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "JSON patch operation without \"value\"");
    } else if (*name == 't') {
        ok = follow(p->root, &path, path.n, &v) && cleat_tree_equal(v, value);
    } else {
        /* The tree may take the patch's own value: each operation runs once. */
        json_object_get(value);
        ok = *name == 'a' ? op_add(p, &path, value) : op_replace(p, &path, value);
    }
    return ok ? CLEAT_OK : rejected(e);
}

cleat_err cleat_patch_json(const cleat_obj *base, struct cleat_str patch, cleat_obj **ret,
                           struct cleat_error *e) {
    CLEAT_AUTO_TREE *ops = NULL;
    CLEAT_TRY(cleat_tree_parse(patch, &ops, e));
    if (!json_object_is_type(ops, json_type_array)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "a JSON patch must be an array of operations");
    }
    size_t n = json_object_array_length(ops);
    if (n > CLEAT_LIMIT_PATCH_OPS) {
        return cleat_fail(e, CLEAT_E_TOO_LARGE,
                          "The allowed maximum operations in a JSON patch is %u, got %zu",
                          CLEAT_LIMIT_PATCH_OPS, n);
    }
    for (size_t i = 0; i < n; i++) {
        struct json_object *op = json_object_array_get_idx(ops, i);
        if (op != NULL && !json_object_is_type(op, json_type_object)) { /* null: an empty one */
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "error decoding patch: operation %zu is no object", i);
        }
    }
    struct patcher p = {cleat_tree_from(cleat_obj_root(base)), WORK_LIMIT};
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; i < n && err == CLEAT_OK; i++) {
        err = apply_op(&p, json_object_array_get_idx(ops, i), e);
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
