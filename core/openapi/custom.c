/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schemas of custom kinds: what their definition says, with the members that
 * every object has. Version 3 has all of it. Version 2 has what it can say, and
 * says nothing about the inside of what may hold anything, for its readers would
 * refuse the rest of it. One thread a document.
 */
#include <ctype.h>

#include "core/openapi/internal.h"

enum { ROOT = 1, EMBEDDED = 2 };
static const char version_doc[] = "The version of the schema that this object is written in, as "
                                  "group/version.";
static const char kind_doc[] = "The kind of this object, in CamelCase.";
static const char meta_doc[] = "What all objects have: name, labels, owners and the like.";

static bool is_true(struct cleat_val v, const char *key) {
    return cleat_val_bool(cleat_val_get(v, key), 0);
}

static const char preserve[] = "x-kubernetes-preserve-unknown-fields";

/* ---- names ---- */

/* com.example.stable.v1.CronTab of stable.example.com */
static char *model_name(const struct cleat_kind *k, bool of_list) {
    CLEAT_AUTO_BUF b = {0};
    const char *end = k->group + strlen(k->group);
    while (end > k->group) {
        const char *from = end;
        while (from > k->group && from[-1] != '.') {
            from--;
        }
        cleat_buf_str(&b, (struct cleat_str){from, (size_t)(end - from)});
        cleat_buf_putc(&b, '.');
        end = from > k->group ? from - 1 : from;
    }
    cleat_buf_printf(&b, "%s.%s%s", k->version, k->kind, of_list ? "List" : "");
    for (char *p = b.p; *p != '\0'; p++) { /* it is a key, and a part of a reference */
        *p = isalnum((unsigned char)*p) || *p == '.' || *p == '-' ? *p : '_';
    }
    return cleat_buf_take(&b);
}

const char *cleat_spec_want_custom(struct cleat_spec *s, const struct cleat_kind *k, bool of_list) {
    CLEAT_AUTO_FREE char *name = model_name(k, of_list);
    struct cleat_definition *d = cleat_map_get(&s->wanted, cleat_s(name));
    if (d == NULL) {
        /* The name follows the structure, in the same allocation. */
        size_t n = strlen(name) + 1;
        d = cleat_alloc(sizeof *d + n);
        memcpy(d + 1, name, n);
        *d = (struct cleat_definition){.name = (char *)(d + 1), .kind = k, .of_list = of_list};
        cleat_map_put(&s->wanted, cleat_s(name), d);
        const struct cleat_type *meta =
            cleat_type_find(of_list ? cleat_name_list_meta : cleat_name_object_meta);
        cleat_assert(meta != NULL);
        cleat_spec_want(s, meta);
    }
    return d->name;
}

/* ---- members ---- */

static void write_string(struct cleat_writer *w, const char *key, const char *doc) {
    cleat_write_open(w, key, '{');
    cleat_write_str(w, "description", doc);
    cleat_write_str(w, "type", "string");
    cleat_write_close(w, '}');
}

void cleat_spec_object_properties(const struct cleat_spec *s, struct cleat_writer *w,
                                  const char *meta) {
    write_string(w, "apiVersion", version_doc);
    write_string(w, "kind", kind_doc);
    cleat_write_open(w, "metadata", '{');
    cleat_spec_ref(s, w, meta, meta_doc);
    cleat_write_close(w, '}');
}

static bool is_object_property(struct cleat_str key) {
    return cleat_eqc(key, "apiVersion") || cleat_eqc(key, "kind") || cleat_eqc(key, "metadata");
}

static void write_schema(const struct cleat_spec *s, struct cleat_writer *w, struct cleat_val v,
                         int place);

static void write_properties(const struct cleat_spec *s, struct cleat_writer *w,
                             struct cleat_val props, bool object) {
    struct cleat_iter it = {0};
    cleat_write_open(w, "properties", '{');
    if (object) {
        cleat_spec_object_properties(s, w, cleat_name_object_meta);
    }
    while (cleat_val_next(props, &it)) {
        if (!object || !is_object_property(it.key)) {
            cleat_write_raw_key(w, it.key);
            write_schema(s, w, it.val, 0);
        }
    }
    cleat_write_close(w, '}');
}

/* In version 2 a member that may be null is not required: null is not there said. */
static void write_required(const struct cleat_spec *s, struct cleat_writer *w, struct cleat_val v,
                           bool embedded) {
    struct cleat_val props = cleat_val_get(v, "properties");
    struct cleat_iter it = {0};
    bool open = false, has_kind = false, has_version = false;
    while (cleat_val_next(cleat_val_get(v, "required"), &it)) {
        struct cleat_str name = cleat_val_str(it.val);
        if (s->version == 2 && is_true(cleat_val_get_s(props, name), "nullable")) {
            continue;
        }
        has_kind |= cleat_eqc(name, "kind");
        has_version |= cleat_eqc(name, "apiVersion");
        if (!open) {
            cleat_write_open(w, "required", '[');
            open = true;
        }
        cleat_write_raw(w, NULL, cleat_val_raw(it.val));
    }
    if (embedded && !open) {
        cleat_write_open(w, "required", '[');
        open = true;
    }
    if (embedded && !has_kind) {
        cleat_write_str(w, NULL, "kind");
    }
    if (embedded && !has_version) {
        cleat_write_str(w, NULL, "apiVersion");
    }
    if (open) {
        cleat_write_close(w, ']');
    }
}

/* ---- a schema ---- */

/* What is taken over as it is, and in which versions. */
static bool taken_over(const struct cleat_spec *s, struct cleat_str key) {
    static const struct {
        const char *key;
        int from;
    } all[] = {
        {"description", 2},
        {"title", 2},
        {"format", 2},
        {"default", 3},
        {"nullable", 3},
        {"enum", 2},
        {"maximum", 2},
        {"exclusiveMaximum", 2},
        {"minimum", 2},
        {"exclusiveMinimum", 2},
        {"maxLength", 2},
        {"minLength", 2},
        {"pattern", 2},
        {"maxItems", 2},
        {"minItems", 2},
        {"uniqueItems", 2},
        {"multipleOf", 2},
        {"maxProperties", 2},
        {"minProperties", 2},
        {"externalDocs", 2},
        {"example", 2},
        {"allOf", 3},
        {"anyOf", 3},
        {"oneOf", 3},
        {"not", 3},
        {preserve, 2},
        {"x-kubernetes-embedded-resource", 2},
        {"x-kubernetes-int-or-string", 2},
        {"x-kubernetes-list-map-keys", 2},
        {"x-kubernetes-list-type", 2},
        {"x-kubernetes-map-type", 2},
        {"x-kubernetes-validations", 2},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (key.n > 0 && all[i].key[0] == key.p[0] && cleat_eqc(key, all[i].key)) {
            return s->version >= all[i].from;
        }
    }
    return false;
}

/* Whether the type is said: in version 2 not where it would be more than is true. */
static bool says_type(const struct cleat_spec *s, struct cleat_val v, bool inside) {
    struct cleat_str type = cleat_val_str(cleat_val_get(v, "type"));
    if (s->version == 3) {
        return type.n > 0;
    }
    bool no_items = !inside || cleat_val_type(cleat_val_get(v, "items")) != CLEAT_OBJECT;
    return type.n > 0 && !is_true(v, "nullable") && !(cleat_eqc(type, "array") && no_items) &&
           !(cleat_eqc(type, "object") && is_true(v, preserve));
}

static void write_children(const struct cleat_spec *s, struct cleat_writer *w, struct cleat_val v,
                           int place, bool inside) {
    struct cleat_val props = cleat_val_get(v, "properties"), items = cleat_val_get(v, "items");
    struct cleat_val more = cleat_val_get(v, "additionalProperties");
    if (inside && (place != 0 || cleat_val_type(props) == CLEAT_OBJECT)) {
        write_properties(s, w, props, place != 0);
    }
    if (inside && cleat_val_type(items) == CLEAT_OBJECT) {
        cleat_write_raw_key(w, cleat_s("items"));
        write_schema(s, w, items, 0);
    }
    if (cleat_val_type(more) == CLEAT_OBJECT) {
        cleat_write_raw_key(w, cleat_s("additionalProperties"));
        write_schema(s, w, more, 0);
    } else if (cleat_val_present(more)) {
        cleat_write_raw(w, "additionalProperties", cleat_val_raw(more));
    }
}

/* The members of v's schema, in the open object. */
static void write_body(const struct cleat_spec *s, struct cleat_writer *w, struct cleat_val v,
                       int place) {
    bool inside = s->version == 3 || (!is_true(v, "nullable") && !is_true(v, preserve));
    bool embedded = is_true(v, "x-kubernetes-embedded-resource");
    if (embedded && inside) {
        place |= EMBEDDED;
    }
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        if (cleat_eqc(it.key, "type") ? says_type(s, v, inside) : taken_over(s, it.key)) {
            cleat_write_raw_key(w, it.key);
            cleat_write_raw(w, NULL, cleat_val_raw(it.val));
        }
    }
    write_children(s, w, v, place, inside);
    write_required(s, w, v, place & EMBEDDED);
}

static void write_schema(const struct cleat_spec *s, struct cleat_writer *w, struct cleat_val v,
                         int place) {
    cleat_write_open(w, NULL, '{');
    write_body(s, w, v, place);
    cleat_write_close(w, '}');
}

/* ---- a definition ---- */

static void write_list(const struct cleat_spec *s, struct cleat_writer *w,
                       const struct cleat_kind *k) {
    CLEAT_AUTO_FREE char *doc = cleat_sprintf("A list of %s objects.", k->kind);
    CLEAT_AUTO_FREE char *item = model_name(k, false);
    cleat_write_str(w, "description", doc);
    cleat_write_str(w, "type", "object");
    cleat_write_open(w, "properties", '{');
    cleat_spec_object_properties(s, w, cleat_name_list_meta);
    cleat_write_open(w, "items", '{');
    cleat_write_str(w, "description", "The objects.");
    cleat_write_str(w, "type", "array");
    cleat_write_open(w, "items", '{');
    cleat_spec_ref(s, w, item, NULL);
    cleat_write_close(w, '}');
    cleat_write_close(w, '}');
    cleat_write_close(w, '}');
    cleat_write_parts(w, "required", "items");
}

static void write_selectable(struct cleat_writer *w, const struct cleat_kind *k) {
    if (k->selectable == NULL || k->selectable[0] == NULL) {
        return;
    }
    cleat_write_open(w, "x-kubernetes-selectable-fields", '[');
    for (size_t i = 0; k->selectable[i] != NULL; i++) {
        cleat_write_open(w, NULL, '{');
        cleat_write_str(w, "fieldPath", k->selectable[i]);
        cleat_write_close(w, '}');
    }
    cleat_write_close(w, ']');
}

void cleat_spec_custom(struct cleat_spec *s, struct cleat_writer *w, const char *key,
                       const struct cleat_definition *d) {
    const struct cleat_kind *k = d->kind;
    struct cleat_val root = {0};
    if (k->schema != NULL) {
        root = cleat_obj_root(k->schema);
    }
    cleat_write_open(w, key, '{');
    if (d->of_list) {
        write_list(s, w, k);
    } else if (k->schema == NULL || (s->version == 2 && is_true(root, preserve))) {
        cleat_write_str(w, "type", "object");
    } else {
        write_body(s, w, root, ROOT);
    }
    CLEAT_AUTO_FREE char *kind = cleat_sprintf("%s%s", k->kind, d->of_list ? "List" : "");
    cleat_write_open(w, "x-kubernetes-group-version-kind", '[');
    cleat_write_gvk(w, NULL, k->group, k->version, kind);
    cleat_write_close(w, ']');
    write_selectable(w, k);
    cleat_write_close(w, '}');
}
