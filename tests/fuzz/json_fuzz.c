/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scanner against json-c's strict tokener: what one takes the other must
 * take, but for the differences listed in may_differ(). What is taken must be a
 * fixpoint, say the same as json-c's tree, and let every accessor run.
 */
#include "core/base/limits.h"
#include "core/object/tree.h"

#include <ctype.h>

#define CHECK(cond) cleat_assert(cond)

/* Whether a number of json-c's own kind may be at i: 01, 1., -.1 or 1e. */
static bool lenient_number(const uint8_t *data, size_t size, size_t i) {
    uint8_t before = i > 0 ? data[i - 1] : 0, after = i + 1 < size ? data[i + 1] : 0;
    if (data[i] == '0') {
        return isdigit(after) && !isdigit(before);
    }
    if (data[i] == '-') {
        return !isdigit(after);
    }
    if (data[i] == 'e' || data[i] == 'E') {
        return (isdigit(before) || before == '.') && !isdigit(after) &&
               !(i + 2 < size && (after == '+' || after == '-') && isdigit(data[i + 2]));
    }
    return data[i] == '.' && isdigit(before) && !isdigit(after);
}

/* json-c is lenient about these, and we are not; or the other way round:
 *  - it ends at a NUL byte in the text, and a key ends there too;
 *  - depth and size have other limits;
 *  - white space: it takes \v and \f;
 *  - control characters in strings: it takes them;
 *  - NaN and Infinity in any case, and literals in any case in odd states;
 *  - numbers: it takes some leading zeros, "1.", "-.1" and "1e";
 *  - UTF-8: its check knows neither overlong forms nor surrogates.
 * So only texts without such bytes are compared. */
static bool may_differ(const uint8_t *data, size_t size) {
    for (size_t i = 0; i < size; i++) {
        if (data[i] < 0x20 || data[i] >= 0x7F) {
            return true;
        }
        if (lenient_number(data, size, i)) {
            return true;
        }
    }
    return false;
}

static struct json_object *reference(const uint8_t *data, size_t size) {
    struct json_tokener *tok = json_tokener_new_ex((int)CLEAT_LIMIT_JSON_DEPTH + 1);
    json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    struct json_object *t = json_tokener_parse_ex(tok, (const char *)data, (int)size);
    enum json_tokener_error err = json_tokener_get_error(tok);
    size_t end = json_tokener_get_parse_end(tok);
    json_tokener_free(tok);
    for (; end < size; end++) {
        if (strchr(" \t\r\n", data[end]) == NULL) {
            err = json_tokener_error_parse_unexpected;
        }
    }
    if (err != json_tokener_success || !json_object_is_type(t, json_type_object)) {
        json_object_put(t);
        return NULL;
    }
    return t;
}

static void read_all(struct cleat_val v) {
    struct cleat_iter it = {0};
    int64_t n;
    char buf[8];
    size_t children = 0;
    struct cleat_str raw = cleat_val_raw(v);
    struct cleat_str all = cleat_obj_bytes(v.obj);
    CHECK(raw.n > 0 && raw.p >= all.p && raw.p + raw.n <= all.p + all.n);
    CHECK(cleat_val_equal(v, v));
    cleat_val_int(v, &n);
    cleat_val_bool(v, 0);
    CHECK(cleat_val_decode(v, buf, sizeof buf) <= cleat_val_str(v).n);
    while (cleat_val_next(v, &it)) {
        if (cleat_val_type(v) == CLEAT_OBJECT) {
            CLEAT_AUTO_BUF text = {0};
            CLEAT_AUTO(cleat_obj) *holder = NULL;
            cleat_buf_puts(&text, "{\"k\":\"");
            cleat_buf_str(&text, it.key);
            cleat_buf_puts(&text, "\"}");
            CHECK(cleat_obj_parse_trusted((struct cleat_str){text.p, text.n}, &holder, NULL) == 0);
            CLEAT_AUTO_FREE char *key =
                cleat_val_strdup(cleat_val_get(cleat_obj_root(holder), "k"));
            struct cleat_val found = cleat_val_get(v, key);
            CHECK(found.node == it.val.node && found.obj == v.obj);
        } else {
            CHECK(cleat_val_elem(v, children).node == it.val.node);
        }
        children++;
        read_all(it.val);
    }
    CHECK(children == cleat_val_count(v));
}

static bool same(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter i = {0}, k = {0};
    int64_t n, m;
    if (cleat_val_type(a) == CLEAT_NUMBER) {
        return !cleat_val_int(a, &n) || (cleat_val_int(b, &m) && n == m);
    }
    if (cleat_val_type(a) != cleat_val_type(b) || cleat_val_count(a) != cleat_val_count(b)) {
        return false;
    }
    if (cleat_val_type(a) == CLEAT_ARRAY) {
        while (cleat_val_next(a, &i) && cleat_val_next(b, &k)) {
            if (!same(i.val, k.val)) {
                return false;
            }
        }
        return true;
    }
    if (cleat_val_type(a) == CLEAT_OBJECT) { /* sorted meanwhile */
        while (cleat_val_next(a, &i)) {
            bool found = false;
            for (k = (struct cleat_iter){0}; !found && cleat_val_next(b, &k);) {
                found = cleat_eq(i.key, k.key) && same(i.val, k.val);
            }
            if (!found) {
                return false;
            }
        }
        return true;
    }
    return cleat_val_equal(a, b);
}

/* Scalars and shapes that json-c read from the text are those of ours. Duplicate keys:
 * the last wins in both. */
static void compare_tree(struct cleat_val v, struct json_object *t) {
    struct cleat_iter it = {0};
    struct json_object *child;
    int64_t n;
    switch (cleat_val_type(v)) {
    case CLEAT_OBJECT:
        CHECK(json_object_is_type(t, json_type_object));
        CHECK((size_t)json_object_object_length(t) == cleat_val_count(v));
        for (struct lh_entry *m = json_object_get_object(t)->head; m != NULL; m = m->next) {
            struct cleat_val mine = cleat_val_get(v, lh_entry_k(m));
            CHECK(cleat_val_present(mine));
            compare_tree(mine, (struct json_object *)(uintptr_t)lh_entry_v(m));
        }
        break;
    case CLEAT_ARRAY:
        CHECK(json_object_array_length(t) == cleat_val_count(v));
        while (cleat_val_next(v, &it)) {
            child = json_object_array_get_idx(t, it.index);
            compare_tree(it.val, child);
        }
        break;
    case CLEAT_STRING: {
        CLEAT_AUTO_FREE char *text = cleat_val_strdup(v);
        CHECK(json_object_is_type(t, json_type_string));
        CHECK(cleat_val_decode(v, NULL, 0) == (size_t)json_object_get_string_len(t));
        CHECK(strcmp(text, json_object_get_string(t)) == 0);
        break;
    }
    case CLEAT_NUMBER:
        CHECK(json_object_is_type(t, json_type_int) || json_object_is_type(t, json_type_double));
        if (cleat_val_int(v, &n)) {
            CHECK(json_object_get_int64(t) == n);
        }
        break;
    case CLEAT_BOOL:
        CHECK(json_object_get_boolean(t) == cleat_val_bool(v, 7));
        break;
    default:
        CHECK(t == NULL);
    }
}

/* What is written as YAML reads back as it was. YAML has fewer numbers than JSON: those that
 * are no int64 are left to the eye. */
static void through_yaml(const cleat_obj *o) {
    CLEAT_AUTO_BUF yaml = {0}, json = {0};
    CLEAT_AUTO(cleat_obj) *back = NULL;
    cleat_yaml_write(cleat_obj_root(o), &yaml);
    CHECK(cleat_yaml_to_json((struct cleat_str){yaml.p, yaml.n}, &json, NULL) == CLEAT_OK);
    CHECK(cleat_obj_parse((struct cleat_str){json.p, json.n}, 0, &back, NULL) == CLEAT_OK);
    CHECK(same(cleat_obj_root(o), cleat_obj_root(back)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct cleat_str text = {(const char *)data, size};
    CLEAT_AUTO(cleat_obj) *o = NULL, *again = NULL, *strict = NULL;
    cleat_err err = cleat_obj_parse(text, 0, &o, NULL);
    cleat_obj *trusted = NULL;
    if (cleat_obj_parse_trusted(text, &trusted, NULL) == CLEAT_OK) {
        CHECK(err == CLEAT_OK && cleat_eq(cleat_obj_bytes(trusted), text));
        cleat_obj_unref(trusted);
    }
    if (err == CLEAT_OK) {
        CHECK(cleat_obj_bytes(o).n <= size);
        CHECK(cleat_obj_parse_trusted(cleat_obj_bytes(o), &again, NULL) == CLEAT_OK);
        CHECK(cleat_eq(cleat_obj_bytes(again), cleat_obj_bytes(o)));
        CHECK(cleat_obj_parse(cleat_obj_bytes(o), CLEAT_PARSE_NO_DUPLICATES, &strict, NULL) == 0);
        if (size < 4096) {
            read_all(cleat_obj_root(o));
        }
        CLEAT_AUTO_TREE *tree = cleat_tree_from(cleat_obj_root(o));
        CLEAT_AUTO(cleat_obj) *back = NULL;
        CHECK(cleat_tree_to_obj(tree, &back, NULL) == CLEAT_OK);
        CHECK(cleat_eq(cleat_obj_bytes(back), cleat_obj_bytes(o)));
        if (size < 4096) {
            through_yaml(o);
        }
    }
    if (size > 0 && size < CLEAT_LIMIT_BODY && !may_differ(data, size)) {
        CLEAT_AUTO_TREE *t = reference(data, size);
        if ((t != NULL) != (err == CLEAT_OK)) {
            fprintf(stderr, "json-c %s, we say %s\n", t ? "takes it" : "refuses it",
                    cleat_err_name(err));
        }
        CHECK((t != NULL) == (err == CLEAT_OK));
        if (t != NULL) {
            compare_tree(cleat_obj_root(o), t);
        }
    }
    return 0;
}
