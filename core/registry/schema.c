/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an openAPIV3Schema to a struct cleat_schema, once when a kind is added,
 * so that a write does not search the schema's text. What it cannot enforce it
 * refuses, rather than let through what the author wanted refused; CEL rules are
 * the exception, of which who makes a definition is warned (core/kinds).
 */
#include "core/registry/schema.h"

enum { DEPTH_MAX = 64 };

static cleat_err compile(struct cleat_val v, int depth, struct cleat_schema **ret,
                         struct cleat_error *e);

static int64_t int_or(struct cleat_val v, int64_t def) {
    int64_t n = def;
    cleat_val_int(v, &n);
    return n;
}

static cleat_err compile_props(struct cleat_schema *s, struct cleat_val props, int depth,
                               struct cleat_error *e) {
    struct cleat_iter it = {0};
    s->props = cleat_array(cleat_val_count(props) + 1, sizeof *s->props);
    while (cleat_val_next(props, &it)) {
        struct cleat_schema_prop *p = &s->props[s->n_props];
        p->key = it.key;
        CLEAT_TRY(compile(it.val, depth + 1, &p->schema, e));
        s->n_props++;
    }
    return CLEAT_OK;
}

static cleat_err compile_list(struct cleat_schemas *l, struct cleat_val v, int depth,
                              struct cleat_error *e) {
    struct cleat_iter it = {0};
    l->list = cleat_array(cleat_val_count(v) + 1, sizeof *l->list);
    while (cleat_val_next(v, &it)) {
        CLEAT_TRY(compile(it.val, depth + 1, &l->list[l->n], e));
        l->n++;
    }
    return CLEAT_OK;
}

static cleat_err compile_pattern(struct cleat_schema *s, struct cleat_val v,
                                 struct cleat_error *e) {
    s->pattern_text = cleat_val_strdup(v);
    if (s->pattern_text == NULL) {
        return CLEAT_OK;
    }
    s->pattern = cleat_pattern_new(cleat_s(s->pattern_text));
    return s->pattern != NULL
               ? CLEAT_OK
               : cleat_fail(e, CLEAT_E_INVALID, "the schema's pattern '%s' is not supported",
                            s->pattern_text);
}

static void compile_scalars(struct cleat_schema *s, struct cleat_val v) {
    s->type = cleat_val_str(cleat_val_get(v, "type"));
    s->format = cleat_val_str(cleat_val_get(v, "format"));
    if (s->format.n > 0 && (s->type.n == 0 || cleat_eqc(s->type, "string"))) {
        s->fits_format = cleat_schema_format_test(s->format);
    }
    s->nullable = cleat_val_bool(cleat_val_get(v, "nullable"), 0);
    s->preserve_unknown =
        cleat_val_bool(cleat_val_get(v, "x-kubernetes-preserve-unknown-fields"), 0);
    s->int_or_string = cleat_val_bool(cleat_val_get(v, "x-kubernetes-int-or-string"), 0);
    s->embedded = cleat_val_bool(cleat_val_get(v, "x-kubernetes-embedded-resource"), 0);
    s->required = cleat_val_get(v, "required");
    s->values = cleat_val_get(v, "enum");
    s->def = cleat_val_get(v, "default");
    s->minimum = cleat_val_get(v, "minimum");
    s->maximum = cleat_val_get(v, "maximum");
    s->multiple_of = cleat_val_get(v, "multipleOf");
    s->exclusive_minimum = cleat_val_bool(cleat_val_get(v, "exclusiveMinimum"), 0);
    s->exclusive_maximum = cleat_val_bool(cleat_val_get(v, "exclusiveMaximum"), 0);
    s->min_length = int_or(cleat_val_get(v, "minLength"), -1);
    s->max_length = int_or(cleat_val_get(v, "maxLength"), -1);
    s->min_items = int_or(cleat_val_get(v, "minItems"), -1);
    s->max_items = int_or(cleat_val_get(v, "maxItems"), -1);
    s->min_props = int_or(cleat_val_get(v, "minProperties"), -1);
    s->max_props = int_or(cleat_val_get(v, "maxProperties"), -1);
    struct cleat_str list = cleat_val_str(cleat_val_get(v, "x-kubernetes-list-type"));
    s->list_is_set = cleat_eqc(list, "set");
    if (cleat_eqc(list, "map")) {
        s->map_keys = cleat_val_get(v, "x-kubernetes-list-map-keys");
    }
}

static cleat_err compile_children(struct cleat_schema *s, struct cleat_val v, int depth,
                                  struct cleat_error *e) {
    struct cleat_val additional = cleat_val_get(v, "additionalProperties");
    struct cleat_val items = cleat_val_get(v, "items"), not_one = cleat_val_get(v, "not");
    CLEAT_TRY(compile_props(s, cleat_val_get(v, "properties"), depth, e));
    CLEAT_TRY(compile_list(&s->all_of, cleat_val_get(v, "allOf"), depth, e));
    CLEAT_TRY(compile_list(&s->any_of, cleat_val_get(v, "anyOf"), depth, e));
    CLEAT_TRY(compile_list(&s->one_of, cleat_val_get(v, "oneOf"), depth, e));
    CLEAT_TRY(compile_pattern(s, cleat_val_get(v, "pattern"), e));
    s->additional_any = cleat_val_bool(additional, 0);
    if (cleat_val_type(additional) == CLEAT_OBJECT) {
        CLEAT_TRY(compile(additional, depth + 1, &s->additional, e));
    }
    if (cleat_val_type(items) == CLEAT_OBJECT) {
        CLEAT_TRY(compile(items, depth + 1, &s->items, e));
    }
    if (cleat_val_type(not_one) == CLEAT_OBJECT) {
        CLEAT_TRY(compile(not_one, depth + 1, &s->not_one, e));
    }
    return CLEAT_OK;
}

static bool known_type(struct cleat_str s) {
    static const char *const types[] = {"object",  "array",  "string",
                                        "integer", "number", "boolean"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (cleat_eqc(s, types[i])) {
            return true;
        }
    }
    return s.n == 0;
}

static cleat_err compile(struct cleat_val v, int depth, struct cleat_schema **ret,
                         struct cleat_error *e) {
    if (cleat_val_type(v) != CLEAT_OBJECT || depth > DEPTH_MAX) {
        return cleat_fail(e, CLEAT_E_INVALID,
                          depth > DEPTH_MAX ? "the schema is too deep"
                                            : "a schema must be an object");
    }
    struct cleat_schema *s = cleat_zalloc(sizeof *s);
    compile_scalars(s, v);
    cleat_err err = CLEAT_OK;
    if (!known_type(s->type)) {
        err = cleat_fail(e, CLEAT_E_INVALID, "the schema's type \"%.*s\" is not supported",
                         CLEAT_FMT(s->type));
    }
    err = err == CLEAT_OK ? compile_children(s, v, depth, e) : err;
    if (err != CLEAT_OK) {
        cleat_schema_free(s);
        return err;
    }
    *ret = s;
    return CLEAT_OK;
}

cleat_err cleat_schema_compile(struct cleat_val v, struct cleat_schema **ret,
                               struct cleat_error *e) {
    return compile(v, 0, ret, e);
}

static void free_list(struct cleat_schemas *l) {
    for (size_t i = 0; i < l->n; i++) {
        cleat_schema_free(l->list[i]);
    }
    free(l->list);
}

void cleat_schema_free(struct cleat_schema *s) {
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < s->n_props; i++) {
        cleat_schema_free(s->props[i].schema);
    }
    free(s->props);
    free_list(&s->all_of);
    free_list(&s->any_of);
    free_list(&s->one_of);
    cleat_schema_free(s->additional);
    cleat_schema_free(s->items);
    cleat_schema_free(s->not_one);
    cleat_pattern_free(s->pattern);
    free(s->pattern_text);
    free(s);
}

const struct cleat_schema *cleat_schema_prop(const struct cleat_schema *s, struct cleat_str key) {
    for (size_t i = 0; i < s->n_props; i++) {
        if (cleat_eq(s->props[i].key, key)) {
            return s->props[i].schema;
        }
    }
    return NULL;
}
