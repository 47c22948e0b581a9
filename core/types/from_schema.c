/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The type of a custom kind, made of its openAPIV3Schema: structures with what
 * they name, maps, lists with their keys; where unknown members are preserved or
 * no type is said, anything. A tree owns all its nodes and texts; it is immutable
 * once made, and any thread may read it.
 */
#include "core/types/types.h"

struct cleat_type_tree {
    void **blocks;
    size_t n_blocks;
    const struct cleat_type *root;
};

static void *make(struct cleat_type_tree *t, size_t n, size_t size) {
    t->blocks = cleat_rearray(t->blocks, t->n_blocks + 1, sizeof *t->blocks);
    return t->blocks[t->n_blocks++] = cleat_array(n, size);
}

static const char *make_text(struct cleat_type_tree *t, char *text) {
    t->blocks = cleat_rearray(t->blocks, t->n_blocks + 1, sizeof *t->blocks);
    return t->blocks[t->n_blocks++] = text;
}

static const struct cleat_type any = {.form = CLEAT_FORM_ANY};
static const struct cleat_type plain[] = {
    [CLEAT_FORM_STRING] = {.form = CLEAT_FORM_STRING},
    [CLEAT_FORM_BYTES] = {.form = CLEAT_FORM_BYTES},
    [CLEAT_FORM_BOOL] = {.form = CLEAT_FORM_BOOL},
    [CLEAT_FORM_INT32] = {.form = CLEAT_FORM_INT32},
    [CLEAT_FORM_INT64] = {.form = CLEAT_FORM_INT64},
    [CLEAT_FORM_DOUBLE] = {.form = CLEAT_FORM_DOUBLE},
    [CLEAT_FORM_TIME] = {.form = CLEAT_FORM_TIME},
    [CLEAT_FORM_INT_OR_STRING] = {.form = CLEAT_FORM_INT_OR_STRING}};

static bool says(struct cleat_val schema, const char *key) {
    return cleat_val_bool(cleat_val_get(schema, key), 0) != 0;
}

static const struct cleat_type *type_of(struct cleat_type_tree *t, struct cleat_val schema,
                                        bool own_kind, bool preserve);

/* "a,b" of ["a","b"]. */
static const char *keys_of(struct cleat_type_tree *t, struct cleat_val list) {
    struct cleat_iter it = {0};
    struct cleat_buf out = {0};
    while (cleat_val_next(list, &it)) {
        cleat_buf_puts(&out, out.n > 0 ? "," : "");
        cleat_buf_str(&out, cleat_val_str(it.val));
    }
    return out.n > 0 ? make_text(t, cleat_buf_take(&out)) : NULL;
}

static void describe(struct cleat_type_tree *t, struct cleat_field *f, struct cleat_str name,
                     struct cleat_val schema, bool preserve) {
    struct cleat_str list = cleat_val_str(cleat_val_get(schema, "x-kubernetes-list-type"));
    struct cleat_val def = cleat_val_get(schema, "default");
    f->name = make_text(t, cleat_strndup(name));
    f->type = type_of(t, schema, says(schema, "x-kubernetes-embedded-resource"), preserve);
    f->doc = make_text(t, cleat_val_present(cleat_val_get(schema, "description"))
                              ? cleat_val_strdup(cleat_val_get(schema, "description"))
                              : cleat_strdup(""));
    f->def = cleat_val_present(def) ? make_text(t, cleat_strndup(cleat_val_raw(def))) : NULL;
    if (cleat_eqc(list, "set")) {
        f->list = CLEAT_LIST_SET;
    } else if (cleat_eqc(list, "map")) {
        f->keys = keys_of(t, cleat_val_get(schema, "x-kubernetes-list-map-keys"));
        f->list = f->keys != NULL ? CLEAT_LIST_MAP : CLEAT_LIST_ATOMIC;
    }
}

/* The type of elements, and what only a place can say about them in fields. */
static void describe_elements(struct cleat_type_tree *t, struct cleat_type *of,
                              struct cleat_val schema, bool preserve) {
    struct cleat_field *f = make(t, 2, sizeof *f);
    describe(t, f, CLEAT_STR(""), schema, preserve);
    of->fields = f;
    of->elem = f->type;
}

static bool is_required(struct cleat_val list, struct cleat_str name) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        if (cleat_eq(cleat_val_str(it.val), name)) {
            return true;
        }
    }
    return false;
}

/* What every object with its own kind has, whatever the schema says of it. */
static size_t put_envelope(struct cleat_type_tree *t, struct cleat_field *f) {
    static const char *const names[] = {"apiVersion", "kind", "metadata"};
    const struct cleat_type *meta = cleat_type_find("io.k8s.apimachinery.pkg.apis.meta.v1."
                                                    "ObjectMeta");
    for (size_t i = 0; i < 3; i++) {
        f[i] = (struct cleat_field){.name = make_text(t, cleat_strdup(names[i])),
                                    .doc = "",
                                    .type = i < 2 ? &plain[CLEAT_FORM_STRING] : meta};
    }
    return 3;
}

static bool in_envelope(struct cleat_str key) {
    return cleat_eqc(key, "apiVersion") || cleat_eqc(key, "kind") || cleat_eqc(key, "metadata");
}

static const struct cleat_type *structure(struct cleat_type_tree *t, struct cleat_val schema,
                                          bool own_kind, bool preserve) {
    struct cleat_val props = cleat_val_get(schema, "properties");
    struct cleat_val more = cleat_val_get(schema, "additionalProperties");
    struct cleat_val required = cleat_val_get(schema, "required");
    struct cleat_type *s = make(t, 1, sizeof *s);
    struct cleat_field *f = make(t, cleat_val_count(props) + 4, sizeof *f);
    struct cleat_iter it = {0};
    size_t n = own_kind ? put_envelope(t, f) : 0;
    while (cleat_val_next(props, &it)) {
        if (!own_kind || !in_envelope(it.key)) {
            describe(t, &f[n], it.key, it.val, preserve);
            f[n++].flags = is_required(required, it.key) ? CLEAT_FIELD_REQUIRED : 0;
        }
    }
    s->fields = f;
    s->form = CLEAT_FORM_STRUCT;
    if (cleat_val_type(more) == CLEAT_OBJECT) {
        s->elem = type_of(t, more, false, preserve);
    } else if (preserve || cleat_val_bool(more, 0)) {
        s->elem = &any;
    }
    return s;
}

static const struct cleat_type *object(struct cleat_type_tree *t, struct cleat_val schema,
                                       bool own_kind, bool preserve) {
    bool atomic =
        cleat_eqc(cleat_val_str(cleat_val_get(schema, "x-kubernetes-map-type")), "atomic");
    struct cleat_type *made;
    if (own_kind || cleat_val_count(cleat_val_get(schema, "properties")) > 0) {
        made = (struct cleat_type *)(uintptr_t)structure(t, schema, own_kind, preserve);
    } else {
        struct cleat_val elem = cleat_val_get(schema, "additionalProperties");
        made = make(t, 1, sizeof *made);
        made->form = CLEAT_FORM_MAP;
        made->elem = &any;
        if (cleat_val_type(elem) == CLEAT_OBJECT) {
            describe_elements(t, made, elem, preserve);
        }
    }
    made->atomic = atomic;
    return made;
}

static const struct cleat_type *scalar(struct cleat_str type, struct cleat_str format) {
    if (cleat_eqc(type, "boolean")) {
        return &plain[CLEAT_FORM_BOOL];
    }
    if (cleat_eqc(type, "integer")) {
        return &plain[cleat_eqc(format, "int32") ? CLEAT_FORM_INT32 : CLEAT_FORM_INT64];
    }
    if (cleat_eqc(type, "number")) {
        return &plain[CLEAT_FORM_DOUBLE];
    }
    if (format.n == 0) {
        return &plain[CLEAT_FORM_STRING];
    }
    return &plain[cleat_eqc(format, "byte")        ? CLEAT_FORM_BYTES
                  : cleat_eqc(format, "date-time") ? CLEAT_FORM_TIME
                                                   : CLEAT_FORM_STRING];
}

/* preserve: a schema above has said so, which holds for all below it. */
static const struct cleat_type *type_of(struct cleat_type_tree *t, struct cleat_val schema,
                                        bool own_kind, bool preserve) {
    struct cleat_str type = cleat_val_str(cleat_val_get(schema, "type"));
    preserve = preserve || says(schema, "x-kubernetes-preserve-unknown-fields");
    if (own_kind || cleat_eqc(type, "object")) {
        return object(t, schema, own_kind, preserve);
    }
    if (cleat_eqc(type, "array")) {
        struct cleat_type *list = make(t, 1, sizeof *list);
        struct cleat_val items = cleat_val_get(schema, "items");
        list->form = CLEAT_FORM_LIST;
        list->elem = &any;
        if (cleat_val_type(items) == CLEAT_OBJECT) {
            describe_elements(t, list, items, preserve);
        }
        return list;
    }
    if (says(schema, "x-kubernetes-int-or-string")) {
        return &plain[CLEAT_FORM_INT_OR_STRING];
    }
    return type.n > 0 ? scalar(type, cleat_val_str(cleat_val_get(schema, "format"))) : &any;
}

cleat_type_tree *cleat_type_from_schema(struct cleat_val schema) {
    struct cleat_type_tree *t = cleat_zalloc(sizeof *t);
    t->root = type_of(t, schema, true, false);
    return t;
}

const struct cleat_type *cleat_type_tree_root(const cleat_type_tree *t) {
    return t->root;
}

void cleat_type_tree_free(cleat_type_tree *t) {
    for (size_t i = 0; t != NULL && i < t->n_blocks; i++) {
        free(t->blocks[i]);
    }
    if (t != NULL) {
        free(t->blocks);
        free(t);
    }
}
