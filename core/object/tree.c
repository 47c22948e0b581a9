/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between objects and json-c trees, for edits and patches. Numbers that are no
 * plain int64 keep their text (json_object_new_double_s). Recursion is bounded
 * by the depth limit: the scanner has it on the way in, the writer on the way out.
 */
#include "core/object/tree.h"

#include "core/base/limits.h"
#include "core/object/json.h"

static struct json_object *number_from(struct cleat_val v) {
    struct cleat_str text = cleat_val_raw(v);
    int64_t n;
    if (cleat_val_int(v, &n) && !cleat_eqc(text, "-0")) {
        return json_object_new_int64(n);
    }
    CLEAT_AUTO_FREE char *s = cleat_strndup(text);
    return json_object_new_double_s(strtod(s, NULL), s);
}

static struct json_object *string_from(struct cleat_str s) {
    if (cleat_json_plain(s)) {
        return json_object_new_string_len(s.p, (int)s.n);
    }
    CLEAT_AUTO_FREE char *plain = cleat_alloc(s.n + 1);
    return json_object_new_string_len(plain, (int)cleat_json_decode(s, plain));
}

static void add_member(struct json_object *to, struct cleat_str key, struct json_object *value) {
    char small[128];
    char *big = key.n < sizeof small ? NULL : cleat_alloc(key.n + 1);
    char *k = big != NULL ? big : small;
    k[cleat_json_decode(key, k)] = '\0';
    /* The scanner let no key through twice. */
    cleat_assert(json_object_object_add_ex(to, k, value, JSON_C_OBJECT_ADD_KEY_IS_NEW) == 0);
    free(big);
}

struct json_object *cleat_tree_from(struct cleat_val v) {
    struct cleat_iter it = {0};
    struct json_object *t;
    switch (cleat_val_type(v)) {
    case CLEAT_BOOL:
        return json_object_new_boolean(cleat_val_bool(v, 0));
    case CLEAT_NUMBER:
        return number_from(v);
    case CLEAT_STRING:
        return string_from(cleat_val_str(v));
    case CLEAT_ARRAY:
        t = json_object_new_array_ext((int)cleat_val_count(v));
        while (cleat_val_next(v, &it)) {
            cleat_assert(json_object_array_add(t, cleat_tree_from(it.val)) == 0);
        }
        return t;
    case CLEAT_OBJECT:
        t = json_object_new_object();
        while (cleat_val_next(v, &it)) {
            add_member(t, it.key, cleat_tree_from(it.val));
        }
        return t;
    default:
        return NULL;
    }
}

/* False where the tree is too deep. */
static bool write_tree(struct cleat_buf *out, struct json_object *t, unsigned depth) {
    if (depth > CLEAT_LIMIT_JSON_DEPTH) {
        return false;
    }
    switch (json_object_get_type(t)) {
    case json_type_string:
        cleat_buf_json(out, (struct cleat_str){json_object_get_string(t),
                                               (size_t)json_object_get_string_len(t)});
        return true;
    case json_type_object: {
        char before = '{';
        for (struct lh_entry *m = json_object_get_object(t)->head; m != NULL; m = m->next) {
            cleat_buf_putc(out, before);
            cleat_buf_json(out, cleat_s(lh_entry_k(m)));
            cleat_buf_putc(out, ':');
            if (!write_tree(out, (struct json_object *)(uintptr_t)lh_entry_v(m), depth + 1)) {
                return false;
            }
            before = ',';
        }
        cleat_buf_puts(out, before == '{' ? "{}" : "}");
        return true;
    }
    case json_type_array: {
        size_t n = json_object_array_length(t);
        cleat_buf_putc(out, '[');
        for (size_t i = 0; i < n; i++) {
            if (i > 0) {
                cleat_buf_putc(out, ',');
            }
            if (!write_tree(out, json_object_array_get_idx(t, i), depth + 1)) {
                return false;
            }
        }
        cleat_buf_putc(out, ']');
        return true;
    }
    case json_type_null:
        cleat_buf_puts(out, "null");
        return true;
    default:
        cleat_buf_puts(out, json_object_to_json_string_ext(t, JSON_C_TO_STRING_PLAIN));
        return true;
    }
}

cleat_err cleat_tree_to_obj(struct json_object *tree, cleat_obj **ret, struct cleat_error *e) {
    struct cleat_buf *text = cleat_json_scratch();
    if (!write_tree(text, tree, 0)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "JSON has more than %u levels",
                          CLEAT_LIMIT_JSON_DEPTH);
    }
    /* Scanned as canonical: a string that is not UTF-8 or a NaN is found here. */
    return cleat_json_scan((struct cleat_str){text->p, text->n}, CLEAT_PARSE_CANONICAL, ret, e);
}

cleat_err cleat_tree_parse(struct cleat_str json, struct json_object **ret, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_TRY(cleat_json_scan(json, CLEAT_PARSE_ANY, &o, e));
    *ret = cleat_tree_from(cleat_obj_root(o));
    return CLEAT_OK;
}

/* The patched tree as an object; base itself where nothing changed. */
cleat_err cleat_tree_result(const cleat_obj *base, struct json_object *tree, cleat_obj **ret,
                            struct cleat_error *e) {
    cleat_obj *o = NULL;
    if (!json_object_is_type(tree, json_type_object)) {
        return cleat_fail(e, CLEAT_E_INVALID, "the patched document is not an object");
    }
    CLEAT_TRY(cleat_tree_to_obj(tree, &o, e));
    if (cleat_eq(cleat_obj_bytes(o), cleat_obj_bytes(base))) {
        cleat_obj_unref(o);
        *ret = cleat_obj_ref(base);
        return CLEAT_OK;
    }
    o->kind = base->kind;
    *ret = o;
    return CLEAT_OK;
}

static bool number_same(struct json_object *a, struct json_object *b) {
    return strcmp(json_object_to_json_string_ext(a, JSON_C_TO_STRING_PLAIN),
                  json_object_to_json_string_ext(b, JSON_C_TO_STRING_PLAIN)) == 0;
}

static bool is_number(struct json_object *t) {
    enum json_type type = json_object_get_type(t);
    return type == json_type_int || type == json_type_double;
}

bool cleat_tree_same(struct json_object *a, struct json_object *b) {
    if (is_number(a) && is_number(b)) {
        return number_same(a, b);
    }
    enum json_type type = json_object_get_type(a);
    if (type != json_object_get_type(b)) {
        return false;
    }
    switch (type) {
    case json_type_object:
        if (json_object_object_length(a) != json_object_object_length(b)) {
            return false;
        }
        for (struct lh_entry *m = json_object_get_object(a)->head; m != NULL; m = m->next) {
            struct json_object *other;
            if (!json_object_object_get_ex(b, lh_entry_k(m), &other) ||
                !cleat_tree_same((struct json_object *)(uintptr_t)lh_entry_v(m), other)) {
                return false;
            }
        }
        return true;
    case json_type_array: {
        size_t n = json_object_array_length(a);
        if (n != json_object_array_length(b)) {
            return false;
        }
        for (size_t i = 0; i < n; i++) {
            if (!cleat_tree_same(json_object_array_get_idx(a, i),
                                 json_object_array_get_idx(b, i))) {
                return false;
            }
        }
        return true;
    }
    default:
        return json_object_equal(a, b) != 0;
    }
}

struct json_object *cleat_tree_copy(struct json_object *t) {
    struct json_object *copy = NULL;
    if (t != NULL) {
        cleat_assert(json_object_deep_copy(t, &copy, NULL) == 0);
    }
    return copy;
}
