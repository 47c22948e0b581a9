/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strategic merge patch: a merge patch that merges lists by a key that the
 * kind's schema names, and obeys $patch, $retainKeys, $deleteFromPrimitiveList
 * and $setElementOrder. Works on json-c trees within one call; lists are
 * matched through hash maps, so no patch makes quadratic work.
 */
#include "core/object/tree.h"

#include "core/object/json.h"

#define DELETE_LIST "$deleteFromPrimitiveList/"
#define SET_ORDER   "$setElementOrder/"

struct merger {
    cleat_merge_key_fn fn;
    const void *schema;
    struct cleat_buf path;
    struct cleat_error *e;
};

static struct json_object *entry_value(const struct lh_entry *m) {
    return (struct json_object *)(uintptr_t)lh_entry_v(m);
}

static bool starts_with(const char *s, const char *prefix) {
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_directive(const char *key) {
    return *key == '$' && (strcmp(key, "$patch") == 0 || strcmp(key, "$retainKeys") == 0 ||
                           starts_with(key, DELETE_LIST) || starts_with(key, SET_ORDER));
}

/* The value of $patch, or NULL. */
static const char *patch_directive(struct json_object *t) {
    struct json_object *v;
    if (!json_object_is_type(t, json_type_object) || !json_object_object_get_ex(t, "$patch", &v)) {
        return NULL;
    }
    return json_object_is_type(v, json_type_string) ? json_object_get_string(v) : "";
}

/* A copy of what a patch adds: without directives and nulls. */
static struct json_object *stripped(struct json_object *t) {
    struct json_object *copy;
    if (json_object_is_type(t, json_type_object)) {
        const char *directive = patch_directive(t);
        copy = json_object_new_object();
        if (directive != NULL && strcmp(directive, "delete") == 0) {
            return copy;
        }
        for (struct lh_entry *m = json_object_get_object(t)->head; m != NULL; m = m->next) {
            if (!is_directive(lh_entry_k(m)) && entry_value(m) != NULL) {
                json_object_object_add(copy, lh_entry_k(m), stripped(entry_value(m)));
            }
        }
        return copy;
    }
    if (!json_object_is_type(t, json_type_array)) {
        return json_object_get(t);
    }
    copy = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(t); i++) {
        struct json_object *item = json_object_array_get_idx(t, i);
        if (patch_directive(item) == NULL) {
            json_object_array_add(copy, stripped(item));
        }
    }
    return copy;
}

/* ---- lists ------------------------------------------------------------------------------ */

/* What tells an element from its siblings: its merge key's value, or itself for
 * primitives (key ""). False where it has none. Borrowed from the tree. */
static bool identity(struct json_object *item, const char *key, struct cleat_str *ret) {
    struct json_object *v = item;
    if (*key != '\0' && (!json_object_is_type(item, json_type_object) ||
                         !json_object_object_get_ex(item, key, &v))) {
        return false;
    }
    if (json_object_is_type(v, json_type_object) || json_object_is_type(v, json_type_array)) {
        return false;
    }
    *ret = cleat_s(v == NULL ? "null" : json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN));
    return true;
}

/* Identity -> index + 1 of its first element. */
static void index_list(struct json_object *list, const char *key, struct cleat_map *map) {
    struct cleat_str id;
    size_t n = list != NULL ? json_object_array_length(list) : 0;
    for (size_t i = 0; i < n; i++) {
        if (identity(json_object_array_get_idx(list, i), key, &id) &&
            cleat_map_get(map, id) == NULL) {
            cleat_map_put(map, id, (void *)(uintptr_t)(i + 1));
        }
    }
}

/* Index in a map made by index_list; SIZE_MAX where it is not. */
static size_t index_of(const struct cleat_map *map, struct json_object *item, const char *key) {
    struct cleat_str id;
    return identity(item, key, &id) ? (uintptr_t)cleat_map_get(map, id) - 1 : SIZE_MAX;
}

#define AUTO_MAP __attribute__((cleanup(cleat_map_done))) struct cleat_map

struct ranked {
    struct json_object *item;
    size_t rank, server; /* order wanted, and place in the list before; SIZE_MAX: none */
    size_t was;
};

static int by_rank(const void *a, const void *b) {
    const struct ranked *x = a, *y = b;
    if (x->rank != y->rank) {
        return x->rank < y->rank ? -1 : 1;
    }
    return x->was < y->was ? -1 : x->was > y->was;
}

/* The merged list in its final order: what the patch (or $setElementOrder) names in
 * that order, the rest in the server's, one of which comes first only where the
 * server's order knows both: upstream's rule, so a new element goes in front. */
static struct json_object *ordered(struct json_object *merged, struct json_object *server,
                                   struct json_object *order, const char *key) {
    AUTO_MAP in_server = {0};
    AUTO_MAP in_order = {0};
    size_t n = json_object_array_length(merged), left = 0, right = 0;
    CLEAT_AUTO_FREE struct ranked *a = cleat_array(n, sizeof *a);
    CLEAT_AUTO_FREE struct ranked *b = cleat_array(n, sizeof *b);
    struct json_object *result = json_object_new_array();
    index_list(server, key, &in_server);
    index_list(order, key, &in_order);
    for (size_t i = 0; i < n; i++) {
        struct ranked r = {.item = json_object_array_get_idx(merged, i), .was = i};
        r.server = index_of(&in_server, r.item, key);
        r.rank = index_of(&in_order, r.item, key);
        if (r.rank != SIZE_MAX) {
            a[left++] = r;
        } else {
            r.rank = r.server;
            b[right++] = r;
        }
    }
    qsort(a, left, sizeof *a, by_rank);
    qsort(b, right, sizeof *b, by_rank);
    for (size_t i = 0, j = 0; i < left || j < right;) {
        bool rest_first = i >= left || (j < right && a[i].server != SIZE_MAX &&
                                        b[j].server != SIZE_MAX && b[j].server < a[i].server);
        json_object_array_add(result, json_object_get(rest_first ? b[j++].item : a[i++].item));
    }
    return result;
}

static cleat_err merge_object(struct merger *mg, struct json_object *target,
                              struct json_object *patch);

/* Whether the list's patch says to replace the whole list. */
static bool has_replace(struct json_object *patch) {
    for (size_t i = 0; i < json_object_array_length(patch); i++) {
        const char *d = patch_directive(json_object_array_get_idx(patch, i));
        if (d != NULL && strcmp(d, "replace") == 0) {
            return true;
        }
    }
    return false;
}

/* server without the elements that `$patch: delete` elements of the patch name. */
static cleat_err without_deleted(struct merger *mg, struct json_object *server,
                                 struct json_object *patch, const char *key,
                                 struct json_object **ret) {
    AUTO_MAP deleted = {0};
    struct cleat_str id;
    for (size_t i = 0; i < json_object_array_length(patch); i++) {
        struct json_object *item = json_object_array_get_idx(patch, i);
        const char *d = patch_directive(item);
        if (d == NULL) {
            continue;
        }
        if (strcmp(d, "delete") != 0) {
            return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST, "unknown $patch \"%s\" in a list", d);
        }
        if (!identity(item, key, &id)) {
            return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST,
                              "delete patch type with no merge key defined");
        }
        cleat_map_put(&deleted, id, patch);
    }
    *ret = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(server); i++) {
        struct json_object *item = json_object_array_get_idx(server, i);
        if (!identity(item, key, &id) || cleat_map_get(&deleted, id) == NULL) {
            json_object_array_add(*ret, json_object_get(item));
        }
    }
    return CLEAT_OK;
}

/* Adds the patch's elements to merged, or merges them into their like. */
static cleat_err merge_elements(struct merger *mg, struct json_object *merged,
                                struct json_object *patch, const char *key) {
    AUTO_MAP known = {0};
    struct cleat_str id;
    index_list(merged, key, &known);
    for (size_t i = 0; i < json_object_array_length(patch); i++) {
        struct json_object *item = json_object_array_get_idx(patch, i);
        if (patch_directive(item) != NULL) {
            continue;
        }
        if (!identity(item, key, &id)) {
            return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST,
                              "%s: an element does not contain declared merge key: %s", mg->path.p,
                              key);
        }
        size_t at = (uintptr_t)cleat_map_get(&known, id);
        if (at == 0) {
            json_object_array_add(merged, stripped(item));
            cleat_map_put(&known, id, (void *)(uintptr_t)json_object_array_length(merged));
        } else if (*key != '\0') {
            CLEAT_TRY(merge_object(mg, json_object_array_get_idx(merged, at - 1), item));
        }
    }
    return CLEAT_OK;
}

static cleat_err check_order(struct merger *mg, struct json_object *patch,
                             struct json_object *order, const char *key) {
    AUTO_MAP known = {0};
    index_list(order, key, &known);
    for (size_t i = 0; i < json_object_array_length(patch); i++) {
        struct json_object *item = json_object_array_get_idx(patch, i);
        if (patch_directive(item) == NULL && index_of(&known, item, key) == SIZE_MAX) {
            return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST,
                              "%s: the order in patch list doesn't match $setElementOrder list",
                              mg->path.p);
        }
    }
    return CLEAT_OK;
}

/* server may be NULL; patch and order too, but not both. *ret is owned. */
static cleat_err merge_list(struct merger *mg, struct json_object *server,
                            struct json_object *patch, struct json_object *order, const char *key,
                            struct json_object **ret) {
    CLEAT_AUTO_TREE *none = json_object_new_array();
    CLEAT_AUTO_TREE *merged = NULL;
    server = server != NULL ? server : none;
    patch = patch != NULL ? patch : none;
    if (has_replace(patch)) {
        *ret = stripped(patch);
        return CLEAT_OK;
    }
    if (order != NULL) {
        CLEAT_TRY(check_order(mg, patch, order, key));
    }
    CLEAT_TRY(without_deleted(mg, server, patch, key, &merged));
    CLEAT_TRY(merge_elements(mg, merged, patch, key));
    *ret = ordered(merged, server, order != NULL ? order : patch, key);
    return CLEAT_OK;
}

/* ---- objects ---------------------------------------------------------------------------- */

static cleat_err apply_retain_keys(struct merger *mg, struct json_object *target,
                                   struct json_object *patch) {
    AUTO_MAP keep = {0};
    struct json_object *list;
    if (!json_object_object_get_ex(patch, "$retainKeys", &list)) {
        return CLEAT_OK;
    }
    if (!json_object_is_type(list, json_type_array)) {
        return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST, "$retainKeys must be a list");
    }
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *key = json_object_array_get_idx(list, i);
        if (json_object_is_type(key, json_type_string)) {
            cleat_map_put(&keep, cleat_s(json_object_get_string(key)), mg);
        }
    }
    for (struct lh_entry *m = json_object_get_object(patch)->head; m != NULL; m = m->next) {
        if (!is_directive(lh_entry_k(m)) && entry_value(m) != NULL &&
            cleat_map_get(&keep, cleat_s(lh_entry_k(m))) == NULL) {
            return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST,
                              "$retainKeys directive must contain all the fields in the patch");
        }
    }
    for (struct lh_entry *m = json_object_get_object(target)->head, *next; m != NULL; m = next) {
        next = m->next;
        if (cleat_map_get(&keep, cleat_s(lh_entry_k(m))) == NULL) {
            json_object_object_del(target, lh_entry_k(m));
        }
    }
    return CLEAT_OK;
}

/* $deleteFromPrimitiveList/x: [..] */
static cleat_err delete_primitives(struct merger *mg, struct json_object *target, const char *field,
                                   struct json_object *list) {
    AUTO_MAP gone = {0};
    struct json_object *old;
    if (!json_object_is_type(list, json_type_array)) {
        return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST, DELETE_LIST "%s must be a list", field);
    }
    if (!json_object_object_get_ex(target, field, &old) ||
        !json_object_is_type(old, json_type_array)) {
        return CLEAT_OK;
    }
    index_list(list, "", &gone);
    struct json_object *kept = json_object_new_array();
    for (size_t i = 0; i < json_object_array_length(old); i++) {
        struct json_object *item = json_object_array_get_idx(old, i);
        if (index_of(&gone, item, "") == SIZE_MAX) {
            json_object_array_add(kept, json_object_get(item));
        }
    }
    json_object_object_add(target, field, kept);
    return CLEAT_OK;
}

/* Makes path one key longer; returns what to cut it back to. */
static size_t push_path(struct merger *mg, const char *key) {
    size_t was = mg->path.n;
    if (was > 0) {
        cleat_buf_putc(&mg->path, '.');
    }
    cleat_buf_puts(&mg->path, key);
    return was;
}

static void pop_path(struct merger *mg, size_t was) {
    mg->path.n = was;
    mg->path.p[was] = '\0';
}

static cleat_err merge_list_field(struct merger *mg, struct json_object *target, const char *field,
                                  struct json_object *patch, struct json_object *order) {
    struct json_object *old = NULL, *list = NULL;
    const char *key = mg->fn != NULL ? mg->fn(mg->schema, mg->path.p) : NULL;
    json_object_object_get_ex(target, field, &old);
    if (!json_object_is_type(old, json_type_array)) {
        old = NULL;
    }
    if (key == NULL) {
        if (patch != NULL) {
            json_object_object_add(target, field, stripped(patch));
        }
        return CLEAT_OK;
    }
    if (old == NULL && patch == NULL) {
        return CLEAT_OK;
    }
    CLEAT_TRY(merge_list(mg, old, patch, order, key, &list));
    json_object_object_add(target, field, list);
    return CLEAT_OK;
}

static cleat_err merge_field(struct merger *mg, struct json_object *target, const char *key,
                             struct json_object *value, struct json_object *patch) {
    struct json_object *old = NULL, *order = NULL;
    if (value == NULL) {
        json_object_object_del(target, key);
        return CLEAT_OK;
    }
    if (json_object_is_type(value, json_type_array)) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf(SET_ORDER "%s", key);
        json_object_object_get_ex(patch, name, &order);
        if (order != NULL && !json_object_is_type(order, json_type_array)) {
            return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST, "%s must be a list", name);
        }
        return merge_list_field(mg, target, key, value, order);
    }
    json_object_object_get_ex(target, key, &old);
    if (json_object_is_type(value, json_type_object) &&
        json_object_is_type(old, json_type_object)) {
        return merge_object(mg, old, value);
    }
    json_object_object_add(target, key, stripped(value));
    return CLEAT_OK;
}

/* $setElementOrder/x where the patch has no x: only the order changes. */
static cleat_err order_only(struct merger *mg, struct json_object *target, const char *field,
                            struct json_object *order, struct json_object *patch) {
    struct json_object *list;
    if (!json_object_is_type(order, json_type_array)) {
        return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST, SET_ORDER "%s must be a list", field);
    }
    if (json_object_object_get_ex(patch, field, &list)) {
        return CLEAT_OK;
    }
    return merge_list_field(mg, target, field, NULL, order);
}

static void replace_content(struct json_object *target, struct json_object *with) {
    for (struct lh_entry *m = json_object_get_object(target)->head, *next; m != NULL; m = next) {
        next = m->next;
        json_object_object_del(target, lh_entry_k(m));
    }
    for (struct lh_entry *m = json_object_get_object(with)->head; m != NULL; m = m->next) {
        json_object_object_add(target, lh_entry_k(m), json_object_get(entry_value(m)));
    }
}

static cleat_err merge_object(struct merger *mg, struct json_object *target,
                              struct json_object *patch) {
    const char *directive = patch_directive(patch);
    if (directive != NULL && strcmp(directive, "merge") != 0) {
        if (strcmp(directive, "replace") != 0 && strcmp(directive, "delete") != 0) {
            return cleat_fail(mg->e, CLEAT_E_BAD_REQUEST, "unknown $patch \"%s\"", directive);
        }
        CLEAT_AUTO_TREE *with = stripped(patch); /* empty for delete */
        replace_content(target, with);
        return CLEAT_OK;
    }
    CLEAT_TRY(apply_retain_keys(mg, target, patch));
    for (struct lh_entry *m = json_object_get_object(patch)->head; m != NULL; m = m->next) {
        if (starts_with(lh_entry_k(m), DELETE_LIST)) {
            const char *field = (const char *)lh_entry_k(m) + strlen(DELETE_LIST);
            CLEAT_TRY(delete_primitives(mg, target, field, entry_value(m)));
        }
    }
    for (struct lh_entry *m = json_object_get_object(patch)->head; m != NULL; m = m->next) {
        const char *key = lh_entry_k(m);
        bool order = starts_with(key, SET_ORDER);
        if (is_directive(key) && !order) {
            continue;
        }
        key += order ? strlen(SET_ORDER) : 0;
        size_t was = push_path(mg, key);
        cleat_err err = order ? order_only(mg, target, key, entry_value(m), patch)
                              : merge_field(mg, target, key, entry_value(m), patch);
        pop_path(mg, was);
        CLEAT_TRY(err);
    }
    return CLEAT_OK;
}

cleat_err cleat_patch_strategic(const cleat_obj *base, struct cleat_str patch,
                                cleat_merge_key_fn fn, const void *schema, cleat_obj **ret,
                                struct cleat_error *e) {
    CLEAT_AUTO_TREE *p = NULL;
    CLEAT_TRY(cleat_tree_parse(patch, &p, e));
    if (!json_object_is_type(p, json_type_object)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "a strategic merge patch must be an object");
    }
    CLEAT_AUTO_TREE *tree = cleat_tree_from(cleat_obj_root(base));
    struct merger mg = {.fn = fn, .schema = schema, .e = e};
    cleat_err err = merge_object(&mg, tree, p);
    cleat_buf_done(&mg.path);
    CLEAT_TRY(err);
    return cleat_tree_result(base, tree, ret, e);
}
