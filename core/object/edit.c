/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edits: a private mutable copy of an object. The json-c tree is made only when
 * a first change really differs from the base, so that "set it to what it is"
 * costs a look-up. The first failure is kept for finish; later calls then do
 * nothing. One thread at a time.
 */
#include "core/object/tree.h"

#include "core/base/limits.h"
#include "core/object/json.h"

struct cleat_edit {
    cleat_obj *base; /* NULL: from {} */
    struct json_object *tree;
    bool dirty;
    cleat_err err;
    struct cleat_error error;
};

cleat_edit *cleat_edit_new(const cleat_obj *base) {
    cleat_edit *e = cleat_zalloc(sizeof *e);
    e->base = cleat_obj_ref(base);
    e->error.struct_size = (uint32_t)sizeof e->error;
    return e;
}

void cleat_edit_free(cleat_edit *e) {
    if (e != NULL) {
        cleat_obj_unref(e->base);
        json_object_put(e->tree);
        free(e);
    }
}

const cleat_obj *cleat_edit_base(const cleat_edit *e) {
    return e->base;
}

int32_t cleat_edit_dirty(const cleat_edit *e) {
    return e->dirty;
}

static struct json_object *tree_of(cleat_edit *e) {
    if (e->tree == NULL) {
        e->tree =
            e->base != NULL ? cleat_tree_from(cleat_obj_root(e->base)) : json_object_new_object();
    }
    return e->tree;
}

static void fail_path(cleat_edit *e, cleat_path path, const char *what) {
    CLEAT_AUTO_BUF text = {0};
    for (; *path != NULL; path++) {
        cleat_buf_puts(&text, text.n > 0 ? "." : "");
        cleat_buf_puts(&text, *path);
    }
    e->err = cleat_fail(&e->error, CLEAT_E_INVALID, "%s: %s", text.p != NULL ? text.p : "", what);
}

/* Before there is a tree: whether base already has this text at path. */
static bool base_has(const cleat_edit *e, cleat_path path, struct cleat_str raw) {
    if (e->tree != NULL || e->base == NULL) {
        return false;
    }
    struct cleat_val v = cleat_obj_at(e->base, path);
    return cleat_val_present(v) && cleat_eq(cleat_val_raw(v), raw);
}

static bool get_child(struct json_object *t, const char *key, struct json_object **ret) {
    size_t i;
    if (json_object_is_type(t, json_type_object)) {
        return json_object_object_get_ex(t, key, ret);
    }
    if (json_object_is_type(t, json_type_array) && cleat_path_index(key, &i) &&
        i < json_object_array_length(t)) {
        *ret = json_object_array_get_idx(t, i);
        return true;
    }
    return false;
}

/* Puts child (taken) under key; false where there is no such place. */
static bool put_child(struct json_object *t, const char *key, struct json_object *child) {
    size_t i;
    if (json_object_is_type(t, json_type_object)) {
        return json_object_object_add(t, key, child) == 0;
    }
    if (json_object_is_type(t, json_type_array)) {
        if (strcmp(key, "-") == 0) {
            return json_object_array_add(t, child) == 0;
        }
        if (cleat_path_index(key, &i) && i < json_object_array_length(t)) {
            return json_object_array_put_idx(t, i, child) == 0;
        }
    }
    json_object_put(child);
    return false;
}

/* Sets value, which is taken. */
static void set_tree(cleat_edit *e, cleat_path path, struct json_object *value) {
    struct json_object *at = tree_of(e), *child;
    cleat_path whole = path;
    if (*path == NULL) {
        json_object_put(value);
        fail_path(e, whole, "an edit cannot replace the whole object");
        return;
    }
    for (; path[1] != NULL; path++) {
        if (!get_child(at, *path, &child) || child == NULL) {
            child = strcmp(path[1], "-") == 0 ? json_object_new_array() : json_object_new_object();
            if (!put_child(at, *path, child)) {
                json_object_put(value);
                fail_path(e, whole, "leads through what is no object");
                return;
            }
        }
        at = child;
    }
    if (get_child(at, *path, &child) && cleat_tree_same(child, value)) {
        json_object_put(value);
        return;
    }
    if (!put_child(at, *path, value)) {
        fail_path(e, whole, "leads to no place in an object or array");
        return;
    }
    e->dirty = true;
}

void cleat_edit_set_str(cleat_edit *e, cleat_path path, struct cleat_str value) {
    CLEAT_AUTO_BUF raw = {0};
    if (e->err != CLEAT_OK) {
        return;
    }
    cleat_buf_json(&raw, value);
    if (!base_has(e, path, (struct cleat_str){raw.p, raw.n})) {
        set_tree(e, path, json_object_new_string_len(value.n > 0 ? value.p : "", (int)value.n));
    }
}

void cleat_edit_set_int(cleat_edit *e, cleat_path path, int64_t value) {
    char raw[24];
    int n = snprintf(raw, sizeof raw, "%lld", (long long)value);
    if (e->err == CLEAT_OK && !base_has(e, path, (struct cleat_str){raw, (size_t)n})) {
        set_tree(e, path, json_object_new_int64(value));
    }
}

void cleat_edit_set_bool(cleat_edit *e, cleat_path path, int32_t value) {
    if (e->err == CLEAT_OK && !base_has(e, path, cleat_s(value ? "true" : "false"))) {
        set_tree(e, path, json_object_new_boolean(value != 0));
    }
}

void cleat_edit_set_val(cleat_edit *e, cleat_path path, struct cleat_val value) {
    if (e->err != CLEAT_OK) {
        return;
    }
    if (!cleat_val_present(value)) {
        cleat_edit_remove(e, path);
    } else if (!base_has(e, path, cleat_val_raw(value))) {
        set_tree(e, path, cleat_tree_from(value));
    }
}

void cleat_edit_set_json(cleat_edit *e, cleat_path path, struct cleat_str json) {
    struct json_object *value = NULL;
    if (e->err != CLEAT_OK || base_has(e, path, json)) {
        return;
    }
    e->err = cleat_tree_parse(json, &value, &e->error);
    if (e->err == CLEAT_OK) {
        set_tree(e, path, value);
    }
}

void cleat_edit_remove(cleat_edit *e, cleat_path path) {
    struct json_object *at, *child;
    size_t i;
    if (e->err != CLEAT_OK) {
        return;
    }
    if (*path == NULL) {
        fail_path(e, path, "an edit cannot remove the whole object");
        return;
    }
    if (e->tree == NULL && (e->base == NULL || !cleat_val_present(cleat_obj_at(e->base, path)))) {
        return;
    }
    at = tree_of(e);
    for (; path[1] != NULL; path++) {
        if (!get_child(at, *path, &child)) {
            return;
        }
        at = child;
    }
    if (!get_child(at, *path, &child)) {
        return;
    }
    if (json_object_is_type(at, json_type_object)) {
        json_object_object_del(at, *path);
    } else {
        cleat_assert(cleat_path_index(*path, &i) && json_object_array_del_idx(at, i, 1) == 0);
    }
    e->dirty = true;
}

static cleat_err finish(cleat_edit *e, cleat_obj **ret, struct cleat_error *err) {
    cleat_obj *o = NULL;
    if (e->err != CLEAT_OK) {
        if (err != NULL) {
            uint32_t size = err->struct_size;
            *err = e->error;
            err->struct_size = size;
        }
        return e->err;
    }
    if (!e->dirty && e->base != NULL) {
        *ret = cleat_obj_ref(e->base);
        return CLEAT_OK;
    }
    CLEAT_TRY(cleat_tree_to_obj(tree_of(e), &o, err));
    o->kind = e->base != NULL ? e->base->kind : 0;
    *ret = o;
    return CLEAT_OK;
}

cleat_err cleat_edit_finish(cleat_edit *e, cleat_obj **ret, struct cleat_error *err) {
    cleat_err r = finish(e, ret, err);
    cleat_edit_free(e);
    return r;
}
