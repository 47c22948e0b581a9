/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schemas of custom kinds: the rules that make them structural, and what they may
 * not contain, in upstream's words. Pure; any thread.
 */
#include <stdarg.h>

#include "core/kinds/schema_rules.h"
#include "core/registry/pattern.h"

static const char *const forbidden = "FieldValueForbidden";
static const char *const invalid = "FieldValueInvalid";
static const char *const required = "FieldValueRequired";

/* ---- places ---- */

static void write_place(const struct cleat_place *at, struct cleat_buf *out) {
    if (at->up != NULL) {
        write_place(at->up, out);
    }
    if (at->text != NULL) {
        cleat_buf_printf(out, "%s%s", out->n > 0 ? "." : "", at->text);
    } else if (at->key.p != NULL) {
        cleat_buf_printf(out, "[%.*s]", CLEAT_FMT(at->key));
    } else {
        cleat_buf_printf(out, "[%lld]", (long long)at->index);
    }
}

char *cleat_place_text(const struct cleat_place *at, const char *member) {
    struct cleat_buf out = {0};
    write_place(at, &out);
    if (member != NULL) {
        cleat_buf_printf(&out, ".%s", member);
    }
    return cleat_buf_take(&out);
}

void cleat_place_invalid(struct cleat_validation *v, const struct cleat_place *at,
                         const char *member, const char *reason, const char *fmt, ...) {
    CLEAT_AUTO_FREE char *path = cleat_place_text(at, member);
    CLEAT_AUTO_FREE char *words = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&words, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    cleat_invalid(v, reason, path, "%s", words);
}

/* ---- what may stand in a schema ---- */

static struct cleat_str str_of(struct cleat_val v, const char *member) {
    return cleat_val_str(cleat_val_get(v, member));
}

static bool is_true(struct cleat_val v, const char *member) {
    return cleat_val_bool(cleat_val_get(v, member), 0);
}

static bool one_of(struct cleat_str s, const char *const *list) {
    for (; *list != NULL; list++) {
        if (cleat_eqc(s, *list)) {
            return true;
        }
    }
    return false;
}

static void check_unsupported(struct cleat_validation *v, struct cleat_val s,
                              const struct cleat_place *at) {
    static const char *const types[] = {"array",  "boolean", "integer", "number",
                                        "object", "string",  NULL};
    static const char *const members[] = {
        "additionalItems", "patternProperties", "definitions", "dependencies", "id", "$ref"};
    struct cleat_str type = str_of(s, "type");
    if (cleat_eqc(type, "null")) {
        cleat_place_invalid(v, at, "type", forbidden,
                            "type cannot be set to null, use nullable as an alternative");
    } else if (type.n > 0 && !one_of(type, types)) {
        cleat_place_invalid(v, at, "type", "FieldValueNotSupported",
                            "\"%.*s\": supported values: \"array\", \"boolean\", \"integer\", "
                            "\"number\", \"object\", \"string\"",
                            CLEAT_FMT(type));
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (cleat_val_type(cleat_val_get(s, members[i])) > CLEAT_NULL) {
            cleat_place_invalid(v, at, members[i], forbidden, "%s is not supported", members[i]);
        }
    }
    if (cleat_val_type(cleat_val_get(s, "items")) == CLEAT_ARRAY) {
        cleat_place_invalid(v, at, "items", forbidden,
                            "items must be a schema object and not an array");
    }
    if (is_true(s, "uniqueItems")) {
        cleat_place_invalid(v, at, "uniqueItems", forbidden,
                            "uniqueItems cannot be set to true since the runtime complexity "
                            "becomes quadratic");
    }
    struct cleat_val keep = cleat_val_get(s, "x-kubernetes-preserve-unknown-fields");
    if (cleat_val_type(keep) == CLEAT_BOOL && !cleat_val_bool(keep, 0)) {
        cleat_place_invalid(v, at, "x-kubernetes-preserve-unknown-fields", invalid,
                            "false: must be true or undefined");
    }
}

/* ---- lists and maps ---- */

static void check_type_of(struct cleat_validation *v, struct cleat_val s,
                          const struct cleat_place *at, const char *type, const char *keyword) {
    struct cleat_str is = str_of(s, "type");
    if (is.n == 0) {
        cleat_place_invalid(v, at, "type", required, "must be %s if %s is specified", type,
                            keyword);
    } else if (!cleat_eqc(is, type)) {
        cleat_place_invalid(v, at, "type", invalid, "\"%.*s\": must be %s if %s is specified",
                            CLEAT_FMT(is), type, keyword);
    }
}

static void check_set(struct cleat_validation *v, struct cleat_val items,
                      const struct cleat_place *at) {
    struct cleat_str type = str_of(items, "type");
    struct cleat_str list = str_of(items, "x-kubernetes-list-type");
    struct cleat_str map = str_of(items, "x-kubernetes-map-type");
    static const char words[] = "must be atomic as item of a list with x-kubernetes-list-type=set";
    if (cleat_eqc(type, "array") && list.n > 0 && !cleat_eqc(list, "atomic")) {
        cleat_place_invalid(v, at, "items.x-kubernetes-list-type", invalid, "\"%.*s\": %s",
                            CLEAT_FMT(list), words);
    } else if (cleat_eqc(type, "object") && !cleat_eqc(map, "atomic")) {
        cleat_place_invalid(v, at, "items.x-kubernetes-map-type", invalid, "null: %s", words);
    }
    if (is_true(items, "nullable")) {
        cleat_place_invalid(v, at, "items.nullable", forbidden,
                            "cannot be nullable when x-kubernetes-list-type is set");
    }
}

static bool has_text(struct cleat_val list, struct cleat_str s, int64_t before) {
    struct cleat_iter it = {0};
    while (cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it) && it.index < before) {
        if (cleat_eq(cleat_val_str(it.val), s)) {
            return true;
        }
    }
    return false;
}

static void check_key(struct cleat_validation *v, struct cleat_val keys, struct cleat_val items,
                      const struct cleat_iter *key, const struct cleat_place *at) {
    struct cleat_str name = cleat_val_str(key->val);
    struct cleat_val prop = cleat_val_get_s(cleat_val_get(items, "properties"), name);
    struct cleat_str type = str_of(prop, "type"), raw = cleat_val_raw(keys);
    if (!cleat_val_present(prop)) {
        cleat_place_invalid(v, at, "x-kubernetes-list-map-keys", invalid,
                            "%.*s: entries must all be names of item properties", CLEAT_FMT(raw));
        return;
    }
    if (cleat_eqc(type, "array") || cleat_eqc(type, "object")) {
        CLEAT_AUTO_FREE char *member =
            cleat_sprintf("items.properties[%.*s].type", CLEAT_FMT(name));
        cleat_place_invalid(v, at, member, invalid,
                            "\"object\": must be a scalar type if parent array's "
                            "x-kubernetes-list-type is map");
    }
    if (has_text(keys, name, key->index)) {
        cleat_place_invalid(v, at, "x-kubernetes-list-map-keys", invalid,
                            "%.*s: must not contain duplicate entries", CLEAT_FMT(raw));
    }
    if (is_true(prop, "nullable")) {
        CLEAT_AUTO_FREE char *member =
            cleat_sprintf("items.properties[%.*s].nullable", CLEAT_FMT(name));
        cleat_place_invalid(v, at, member, forbidden,
                            "this property is in x-kubernetes-list-map-keys, so it cannot be "
                            "nullable");
    }
    if (!cleat_val_present(cleat_val_get(prop, "default")) &&
        !has_text(cleat_val_get(items, "required"), name, INT64_MAX)) {
        CLEAT_AUTO_FREE char *member =
            cleat_sprintf("items.properties[%.*s].default", CLEAT_FMT(name));
        cleat_place_invalid(v, at, member, required,
                            "this property is in x-kubernetes-list-map-keys, so it must have a "
                            "default or be a required property");
    }
}

static void check_map(struct cleat_validation *v, struct cleat_val s,
                      const struct cleat_place *at) {
    struct cleat_val keys = cleat_val_get(s, "x-kubernetes-list-map-keys");
    struct cleat_val items = cleat_val_get(s, "items");
    struct cleat_str type = str_of(items, "type");
    struct cleat_iter it = {0};
    if (cleat_val_count(keys) == 0) {
        cleat_place_invalid(v, at, "x-kubernetes-list-map-keys", required,
                            "must not be empty if x-kubernetes-list-type is map");
    }
    if (!cleat_val_present(items)) {
        cleat_place_invalid(v, at, "items", required,
                            "must have a schema if x-kubernetes-list-type is map");
    } else if (!cleat_eqc(type, "object")) {
        cleat_place_invalid(v, at, "items.type", invalid,
                            "\"%.*s\": must be object if parent array's x-kubernetes-list-type is "
                            "map",
                            CLEAT_FMT(type));
    } else {
        while (cleat_val_type(keys) == CLEAT_ARRAY && cleat_val_next(keys, &it)) {
            check_key(v, keys, items, &it, at);
        }
    }
    if (is_true(items, "nullable")) {
        cleat_place_invalid(v, at, "items.nullable", forbidden,
                            "cannot be nullable when x-kubernetes-list-type is map");
    }
}

static void check_list_types(struct cleat_validation *v, struct cleat_val s,
                             const struct cleat_place *at) {
    static const char *const map_types[] = {"atomic", "granular", NULL};
    static const char *const list_types[] = {"atomic", "set", "map", NULL};
    struct cleat_str map = str_of(s, "x-kubernetes-map-type");
    struct cleat_str list = str_of(s, "x-kubernetes-list-type");
    struct cleat_val keys = cleat_val_get(s, "x-kubernetes-list-map-keys");
    if (map.n > 0) {
        check_type_of(v, s, at, "object", "x-kubernetes-map-type");
    }
    if (map.n > 0 && !one_of(map, map_types)) {
        cleat_place_invalid(v, at, "x-kubernetes-map-type", "FieldValueNotSupported",
                            "\"%.*s\": supported values: \"atomic\", \"granular\"", CLEAT_FMT(map));
    }
    if (list.n > 0) {
        check_type_of(v, s, at, "array", "x-kubernetes-list-type");
    }
    if (list.n > 0 && !one_of(list, list_types)) {
        cleat_place_invalid(v, at, "x-kubernetes-list-type", "FieldValueNotSupported",
                            "\"%.*s\": supported values: \"atomic\", \"set\", \"map\"",
                            CLEAT_FMT(list));
    }
    if (cleat_val_count(keys) > 0 && !cleat_eqc(list, "map")) {
        static const char words[] = "must be map if x-kubernetes-list-map-keys is non-empty";
        if (list.n == 0) {
            cleat_place_invalid(v, at, "x-kubernetes-list-type", required, "%s", words);
        } else {
            cleat_place_invalid(v, at, "x-kubernetes-list-type", invalid, "\"%.*s\": %s",
                                CLEAT_FMT(list), words);
        }
    }
    if (cleat_eqc(list, "set")) {
        check_set(v, cleat_val_get(s, "items"), at);
    } else if (cleat_eqc(list, "map")) {
        check_map(v, s, at);
    }
}

/* ---- below allOf, anyOf, oneOf and not: values only ---- */

static void check_pattern(struct cleat_validation *v, struct cleat_val s,
                          const struct cleat_place *at) {
    CLEAT_AUTO_FREE char *text = cleat_val_strdup(cleat_val_get(s, "pattern"));
    struct cleat_pattern *pattern = text != NULL ? cleat_pattern_new(cleat_s(text)) : NULL;
    cleat_pattern_free(pattern);
    if (text != NULL && pattern == NULL) {
        cleat_place_invalid(v, at, "pattern", invalid,
                            "\"%s\": must be a valid regular expression, but isn't", text);
    }
}

static void check_values(struct cleat_validation *v, struct cleat_val s,
                         const struct cleat_place *at, bool skip_any_of, bool skip_first);

static void check_nested(struct cleat_validation *v, struct cleat_val s,
                         const struct cleat_place *at, bool skip_any_of) {
    static const struct {
        const char *member, *words;
    } rules[] = {
        {"type", "must be empty to be structural"},
        {"additionalProperties", "must be undefined to be structural"},
        {"default", "must be undefined to be structural"},
        {"title", "must be empty to be structural"},
        {"description", "must be empty to be structural"},
        {"nullable", "must be false to be structural"},
        {"x-kubernetes-preserve-unknown-fields", "must be false to be structural"},
        {"x-kubernetes-embedded-resource", "must be false to be structural"},
        {"x-kubernetes-int-or-string", "must be false to be structural"},
        {"x-kubernetes-list-map-keys", "must be empty to be structural"},
        {"x-kubernetes-list-type", "must be undefined to be structural"},
        {"x-kubernetes-map-type", "must be undefined to be structural"},
        {"x-kubernetes-validations", "must be empty to be structural"},
    };
    if (cleat_val_type(s) != CLEAT_OBJECT) {
        return;
    }
    check_unsupported(v, s, at);
    check_values(v, s, at, skip_any_of, false);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct cleat_val m = cleat_val_get(s, rules[i].member);
        bool off = cleat_val_type(m) == CLEAT_BOOL && !cleat_val_bool(m, 0);
        if (cleat_val_type(m) > CLEAT_NULL && !off) {
            cleat_place_invalid(v, at, rules[i].member, forbidden, "%s", rules[i].words);
        }
    }
    const struct cleat_place items = {.up = at, .text = "items"};
    const struct cleat_place props = {.up = at, .text = "properties"};
    struct cleat_val members = cleat_val_get(s, "properties");
    struct cleat_iter it = {0};
    check_nested(v, cleat_val_get(s, "items"), &items, false);
    while (cleat_val_type(members) == CLEAT_OBJECT && cleat_val_next(members, &it)) {
        const struct cleat_place here = {.up = &props, .key = it.key};
        check_nested(v, it.val, &here, false);
    }
    if (cleat_val_present(cleat_val_get(members, "metadata"))) {
        cleat_place_invalid(v, at, "properties[metadata]", forbidden,
                            "must not be specified in a nested context");
    }
}

static void check_values(struct cleat_validation *v, struct cleat_val s,
                         const struct cleat_place *at, bool skip_any_of, bool skip_first) {
    static const char *const lists[] = {"anyOf", "allOf", "oneOf"};
    for (size_t i = skip_any_of ? 1 : 0; i < sizeof lists / sizeof *lists; i++) {
        struct cleat_val list = cleat_val_get(s, lists[i]);
        const struct cleat_place up = {.up = at, .text = lists[i]};
        struct cleat_iter it = {0};
        while (cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it)) {
            const struct cleat_place here = {.up = &up, .index = it.index};
            check_nested(v, it.val, &here, i == 1 && it.index == 0 && skip_first);
        }
    }
    const struct cleat_place not_one = {.up = at, .text = "not"};
    check_nested(v, cleat_val_get(s, "not"), &not_one, false);
    check_pattern(v, s, at);
}

/* [{"type": "integer"}, {"type": "string"}] */
static bool is_int_or_string(struct cleat_val list) {
    struct cleat_val a = cleat_val_elem(list, 0), b = cleat_val_elem(list, 1);
    return cleat_val_type(list) == CLEAT_ARRAY && cleat_val_count(list) == 2 &&
           cleat_val_count(a) == 1 && cleat_val_count(b) == 1 &&
           cleat_eqc(str_of(a, "type"), "integer") && cleat_eqc(str_of(b, "type"), "string");
}

/* ---- structure ---- */

enum { ROOT, ITEM, MEMBER };

static void check_metadata(struct cleat_validation *v, struct cleat_val props, int level, bool own,
                           const struct cleat_place *at) {
    static const char *const names[] = {"kind", "apiVersion"};
    for (size_t i = 0; own && i < 2; i++) {
        struct cleat_val m = cleat_val_get(props, names[i]);
        if (cleat_val_present(m) && !cleat_eqc(str_of(m, "type"), "string")) {
            CLEAT_AUTO_FREE char *member = cleat_sprintf("properties[%s].type", names[i]);
            cleat_place_invalid(v, at, member, invalid, "\"%.*s\": must be string",
                                CLEAT_FMT(str_of(m, "type")));
        }
    }
    struct cleat_val meta = cleat_val_get(props, "metadata");
    if (!cleat_val_present(meta)) {
        return;
    }
    if (own && !cleat_eqc(str_of(meta, "type"), "object")) {
        cleat_place_invalid(v, at, "properties[metadata].type", invalid, "\"%.*s\": must be object",
                            CLEAT_FMT(str_of(meta, "type")));
    }
    struct cleat_iter it = {0};
    bool more = false;
    while (level == ROOT && cleat_val_next(meta, &it)) {
        if (cleat_eqc(it.key, "properties")) {
            struct cleat_iter prop = {0};
            while (cleat_val_next(it.val, &prop)) {
                more =
                    more || (!cleat_eqc(prop.key, "name") && !cleat_eqc(prop.key, "generateName"));
            }
        } else {
            more = more || (!cleat_eqc(it.key, "type") && !cleat_eqc(it.key, "description"));
        }
    }
    if (more) {
        cleat_place_invalid(v, at, "properties[metadata]", forbidden,
                            "must not specify anything other than name and generateName, but "
                            "metadata is implicitly specified");
    }
}

static void check_extensions(struct cleat_validation *v, struct cleat_val s, int level,
                             const struct cleat_place *at) {
    static const char *const places[] = {"at the root", "for specified array items",
                                         "for specified object fields"};
    struct cleat_str type = str_of(s, "type");
    bool embedded = is_true(s, "x-kubernetes-embedded-resource");
    bool keeps = is_true(s, "x-kubernetes-preserve-unknown-fields");
    bool either = is_true(s, "x-kubernetes-int-or-string");
    bool more = cleat_val_type(cleat_val_get(s, "additionalProperties")) > CLEAT_NULL;
    if (either && keeps) {
        cleat_place_invalid(v, at, "x-kubernetes-preserve-unknown-fields", invalid,
                            "true: must be false if x-kubernetes-int-or-string is true");
    }
    if (either && embedded) {
        cleat_place_invalid(v, at, "x-kubernetes-embedded-resource", invalid,
                            "true: must be false if x-kubernetes-int-or-string is true");
    }
    if (embedded && type.n == 0) {
        cleat_place_invalid(v, at, "type", required,
                            "must be object if x-kubernetes-embedded-resource is true");
    } else if (embedded && !cleat_eqc(type, "object")) {
        cleat_place_invalid(v, at, "type", invalid,
                            "\"%.*s\": must be object if x-kubernetes-embedded-resource is true",
                            CLEAT_FMT(type));
    } else if (type.n == 0 && !either && !keeps) {
        cleat_place_invalid(v, at, "type", required, "must not be empty %s", places[level]);
    }
    if (embedded && more) {
        cleat_place_invalid(v, at, "additionalProperties", forbidden,
                            "must not be used if x-kubernetes-embedded-resource is set");
    }
    if (embedded && !keeps && cleat_val_count(cleat_val_get(s, "properties")) == 0) {
        cleat_place_invalid(v, at, "properties", required,
                            "must not be empty if x-kubernetes-embedded-resource is true without "
                            "x-kubernetes-preserve-unknown-fields");
    }
    if (level == ROOT && type.n > 0 && !cleat_eqc(type, "object")) {
        cleat_place_invalid(v, at, "type", invalid, "\"%.*s\": must be object at the root",
                            CLEAT_FMT(type));
    }
    if (level == ROOT && more) {
        cleat_place_invalid(v, at, "additionalProperties", forbidden,
                            "must not be used at the root");
    }
}

static void check_structure(struct cleat_validation *v, struct cleat_val s, int level,
                            const struct cleat_place *at) {
    struct cleat_val items = cleat_val_get(s, "items"), props = cleat_val_get(s, "properties");
    struct cleat_val more = cleat_val_get(s, "additionalProperties");
    const struct cleat_place in_items = {.up = at, .text = "items"};
    const struct cleat_place in_props = {.up = at, .text = "properties"};
    const struct cleat_place in_more = {.up = at, .text = "additionalProperties"};
    struct cleat_iter it = {0};
    check_unsupported(v, s, at);
    check_extensions(v, s, level, at);
    check_list_types(v, s, at);
    if (cleat_eqc(str_of(s, "type"), "array") && cleat_val_type(items) <= CLEAT_NULL) {
        cleat_place_invalid(v, at, "items", required, "must be specified");
    }
    if (cleat_val_count(props) > 0 && cleat_val_type(more) > CLEAT_NULL &&
        cleat_val_type(more) != CLEAT_BOOL) {
        cleat_place_invalid(v, at, "additionalProperties", forbidden,
                            "additionalProperties and properties are mutual exclusive");
    }
    check_metadata(v, props, level, level == ROOT || is_true(s, "x-kubernetes-embedded-resource"),
                   at);
    struct cleat_val first = cleat_val_elem(cleat_val_get(s, "allOf"), 0);
    check_values(v, s, at, is_int_or_string(cleat_val_get(s, "anyOf")),
                 is_int_or_string(cleat_val_get(first, "anyOf")));
    if (cleat_val_type(items) == CLEAT_OBJECT) {
        check_structure(v, items, ITEM, &in_items);
    }
    while (cleat_val_type(props) == CLEAT_OBJECT && cleat_val_next(props, &it)) {
        const struct cleat_place here = {.up = &in_props, .key = it.key};
        check_structure(v, it.val, MEMBER, &here);
    }
    if (cleat_val_type(more) == CLEAT_OBJECT) {
        check_structure(v, more, MEMBER, &in_more);
    }
}

void cleat_validate_schema(struct cleat_validation *v, struct cleat_val schema,
                           const struct cleat_place *at) {
    if (is_true(schema, "nullable")) {
        cleat_place_invalid(v, at, "nullable", forbidden, "nullable cannot be true at the root");
    }
    check_structure(v, schema, ROOT, at);
}
