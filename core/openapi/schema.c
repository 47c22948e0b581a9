/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schemas of the built-in types, out of the tables of core/types, in the two
 * dialects: version 2 says less (no defaults, a type where 3 has a choice) but
 * lets a $ref have neighbours. One thread a document.
 */
#include "core/openapi/internal.h"
#include "core/types/table.h"

const char cleat_name_object_meta[] = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const char cleat_name_list_meta[] = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

/* What the API's documents speak of and no object has in it. */
const struct cleat_type cleat_type_patch = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch",
    .doc = "The body of a PATCH; its media type says what kind of patch it is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = cleat_no_fields};
static const struct cleat_field version_info_fields[] = {
    F(0, "major", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "minor", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "gitVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "gitCommit", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "gitTreeState", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "buildDate", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "goVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "compiler", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "platform", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_version_info = {.name = "io.k8s.apimachinery.pkg.version.Info",
                                                   .doc = "Which version of the server this is.",
                                                   .form = CLEAT_FORM_STRUCT,
                                                   .fields = version_info_fields};

/* ---- what is wanted ---- */

static void want_fields(struct cleat_spec *s, const struct cleat_type *t) {
    for (const struct cleat_field *f = t->fields; f != NULL && f->name != NULL; f++) {
        if (f->flags & CLEAT_FIELD_INLINE) {
            want_fields(s, f->type);
        } else {
            cleat_spec_want(s, f->type);
        }
    }
}

void cleat_spec_want(struct cleat_spec *s, const struct cleat_type *t) {
    if (t->name != NULL) {
        if (cleat_map_get(&s->wanted, cleat_s(t->name)) != NULL) {
            return;
        }
        struct cleat_definition *d = cleat_zalloc(sizeof *d);
        d->name = t->name;
        d->type = t;
        cleat_map_put(&s->wanted, cleat_s(t->name), d);
    }
    if (t->elem != NULL) {
        cleat_spec_want(s, t->elem);
    }
    want_fields(s, t);
}

/* ---- a value ---- */

static void write_doc(struct cleat_writer *w, const char *doc) {
    if (doc != NULL && doc[0] != '\0') {
        cleat_write_str(w, "description", doc);
    }
}

static void write_ref(const struct cleat_spec *s, struct cleat_writer *w, const char *name) {
    CLEAT_AUTO_FREE char *ref =
        cleat_sprintf("%s%s", s->version == 2 ? "#/definitions/" : "#/components/schemas/", name);
    cleat_write_str(w, "$ref", ref);
}

/* Where something stands beside it, version 3 wants the reference in an allOf. */
static void write_ref_beside(const struct cleat_spec *s, struct cleat_writer *w, const char *name,
                             bool neighbours) {
    if (s->version == 2 || !neighbours) {
        write_ref(s, w, name);
        return;
    }
    cleat_write_open(w, "allOf", '[');
    cleat_write_open(w, NULL, '{');
    write_ref(s, w, name);
    cleat_write_close(w, '}');
    cleat_write_close(w, ']');
}

void cleat_spec_ref(const struct cleat_spec *s, struct cleat_writer *w, const char *name,
                    const char *doc) {
    write_ref_beside(s, w, name, doc != NULL && doc[0] != '\0');
    write_doc(w, doc);
}

static void write_choice(struct cleat_writer *w, const char *a, const char *b) {
    cleat_write_open(w, "oneOf", '[');
    const char *const types[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        cleat_write_open(w, NULL, '{');
        cleat_write_str(w, "type", types[i]);
        cleat_write_close(w, '}');
    }
    cleat_write_close(w, ']');
}

/* Type and format of what is neither struct nor container. */
static void write_form(const struct cleat_spec *s, struct cleat_writer *w,
                       const struct cleat_type *t) {
    static const struct {
        const char *type, *format;
    } forms[] = {
        [CLEAT_FORM_STRUCT] = {"object", NULL},
        [CLEAT_FORM_STRING] = {"string", NULL},
        [CLEAT_FORM_BYTES] = {"string", "byte"},
        [CLEAT_FORM_BOOL] = {"boolean", NULL},
        [CLEAT_FORM_INT32] = {"integer", "int32"},
        [CLEAT_FORM_INT64] = {"integer", "int64"},
        [CLEAT_FORM_DOUBLE] = {"number", "double"},
        [CLEAT_FORM_TIME] = {"string", "date-time"},
        [CLEAT_FORM_MICRO_TIME] = {"string", "date-time"},
        [CLEAT_FORM_DURATION] = {"string", NULL},
        [CLEAT_FORM_QUANTITY] = {"string", NULL},
        [CLEAT_FORM_INT_OR_STRING] = {"string", "int-or-string"},
        [CLEAT_FORM_LIST] = {"array", NULL},
        [CLEAT_FORM_MAP] = {"object", NULL},
    };
    if (t->form == CLEAT_FORM_ANY) {
        /* Of these two it is known that they are objects. */
        if (t == T(raw_extension) || t == T(fields_v1)) {
            cleat_write_str(w, "type", "object");
        }
        return;
    }
    if (s->version == 3 && t->form == CLEAT_FORM_QUANTITY) {
        write_choice(w, "string", "number");
    } else if (s->version == 3 && t->form == CLEAT_FORM_INT_OR_STRING) {
        write_choice(w, "integer", "string");
    } else {
        cleat_write_str(w, "type", forms[t->form].type);
    }
    if (forms[t->form].format != NULL) {
        cleat_write_str(w, "format", forms[t->form].format);
    }
}

/* The members of a value's schema, in the open object. */
static void write_value(const struct cleat_spec *s, struct cleat_writer *w,
                        const struct cleat_type *t, const char *values) {
    if (t->name != NULL) {
        write_ref(s, w, t->name);
        return;
    }
    write_form(s, w, t);
    if (t->form == CLEAT_FORM_LIST || t->form == CLEAT_FORM_MAP) {
        cleat_write_open(w, t->form == CLEAT_FORM_LIST ? "items" : "additionalProperties", '{');
        write_value(s, w, t->elem, values);
        cleat_write_close(w, '}');
    } else if (values != NULL) {
        cleat_write_parts(w, "enum", values);
    }
}

/* ---- a member ---- */

/* The objects of a list of objects are under no rule: nobody writes them. */
static bool are_listed_objects(const struct cleat_type *of, const struct cleat_field *f) {
    size_t n = strlen(of->name);
    return strcmp(f->name, "items") == 0 && n > 4 && strcmp(of->name + n - 4, "List") == 0;
}

static void write_list_rules(struct cleat_writer *w, const struct cleat_field *f) {
    static const char *const types[] = {"atomic", "set", "map"};
    if (f->type->form == CLEAT_FORM_LIST) {
        if (f->list == CLEAT_LIST_MAP && f->keys != NULL) {
            cleat_write_parts(w, "x-kubernetes-list-map-keys", f->keys);
        }
        cleat_write_str(w, "x-kubernetes-list-type", types[f->list]);
    } else if (f->flags & CLEAT_FIELD_ATOMIC) {
        cleat_write_str(w, "x-kubernetes-map-type", "atomic");
    }
    if (f->merge_key != NULL) {
        cleat_write_str(w, "x-kubernetes-patch-merge-key", f->merge_key);
    }
    unsigned merge = f->flags & (CLEAT_FIELD_MERGE | CLEAT_FIELD_RETAIN_KEYS);
    if (merge != 0) {
        cleat_write_str(w, "x-kubernetes-patch-strategy",
                        merge == CLEAT_FIELD_MERGE         ? "merge"
                        : merge == CLEAT_FIELD_RETAIN_KEYS ? "retainKeys"
                                                           : "merge,retainKeys");
    }
}

static void write_member(const struct cleat_spec *s, struct cleat_writer *w,
                         const struct cleat_type *of, const struct cleat_field *f) {
    bool has_doc = f->doc != NULL && f->doc[0] != '\0';
    bool has_default = f->def != NULL && s->version == 3;
    cleat_write_open(w, f->name, '{');
    write_doc(w, f->doc);
    if (f->type->name != NULL) {
        bool rules = f->flags & (CLEAT_FIELD_ATOMIC | CLEAT_FIELD_MERGE | CLEAT_FIELD_RETAIN_KEYS);
        write_ref_beside(s, w, f->type->name, has_doc || has_default || rules);
    } else {
        write_value(s, w, f->type, f->values);
    }
    if (has_default) {
        cleat_write_raw(w, "default", cleat_s(f->def));
    }
    if (!are_listed_objects(of, f)) {
        write_list_rules(w, f);
    }
    cleat_write_close(w, '}');
}

static void write_members(const struct cleat_spec *s, struct cleat_writer *w,
                          const struct cleat_type *t) {
    for (const struct cleat_field *f = t->fields; f->name != NULL; f++) {
        if (f->flags & CLEAT_FIELD_INLINE) {
            write_members(s, w, f->type);
        } else {
            write_member(s, w, t, f);
        }
    }
}

static void write_required(struct cleat_writer *w, const struct cleat_type *t, bool *open) {
    for (const struct cleat_field *f = t->fields; f->name != NULL; f++) {
        if (f->flags & CLEAT_FIELD_INLINE) {
            write_required(w, f->type, open);
        } else if (f->flags & CLEAT_FIELD_REQUIRED) {
            if (!*open) {
                cleat_write_open(w, "required", '[');
                *open = true;
            }
            cleat_write_str(w, NULL, f->name);
        }
    }
}

/* ---- a type ---- */

/* A group by the part of a type's name that stands for it: "rbac" -> "rbac.authorization.k8s.io".
 */
static const char *group_of_room(const struct cleat_spec *s, struct cleat_str room) {
    if (cleat_eqc(room, "core") || cleat_eqc(room, "meta")) {
        return "";
    }
    for (size_t i = 0; i < s->list->n_versions; i++) {
        const char *group = s->list->versions[i].group;
        if (!cleat_version_is_custom(&s->list->versions[i]) &&
            cleat_eq((struct cleat_str){group, strcspn(group, ".")}, room)) {
            return group;
        }
    }
    return NULL;
}

static struct cleat_str cut_last(struct cleat_str *s) {
    size_t n = s->n;
    while (n > 0 && s->p[n - 1] != '.') {
        n--;
    }
    struct cleat_str last = {s->p + n, s->n - n};
    s->n = n > 0 ? n - 1 : 0;
    return last;
}

/* Options and events are of every group and version; of the built-in ones, so that
 * a custom kind leaves the documents of others as they are. */
static void write_gvk_everywhere(const struct cleat_spec *s, struct cleat_writer *w,
                                 const char *kind) {
    for (size_t i = 0; i < s->list->n_versions; i++) {
        const struct cleat_group_version *v = &s->list->versions[i];
        if (!cleat_version_is_custom(v)) {
            cleat_write_gvk(w, NULL, v->group, v->version, kind);
        }
    }
}

static void write_gvk(const struct cleat_spec *s, struct cleat_writer *w,
                      const struct cleat_type *t) {
    bool everywhere = t == T(meta_v1_DeleteOptions) || t == T(meta_v1_WatchEvent);
    const struct cleat_field *f = t->fields;
    if (!everywhere && (f[0].name == NULL || strcmp(f[0].name, "apiVersion") != 0 ||
                        f[0].number != 0 || f[1].name == NULL || strcmp(f[1].name, "kind") != 0)) {
        return;
    }
    struct cleat_str rest = cleat_s(t->name), kind = cut_last(&rest), version = cut_last(&rest);
    const char *group = group_of_room(s, cut_last(&rest));
    CLEAT_AUTO_FREE char *k = cleat_strndup(kind), *v = cleat_strndup(version);
    if (!everywhere && group == NULL) {
        return;
    }
    cleat_write_open(w, "x-kubernetes-group-version-kind", '[');
    if (everywhere) {
        write_gvk_everywhere(s, w, k);
    } else {
        cleat_write_gvk(w, NULL, group, v, k);
    }
    cleat_write_close(w, ']');
}

void cleat_spec_type(struct cleat_spec *s, struct cleat_writer *w, const char *key,
                     const struct cleat_type *t) {
    cleat_write_open(w, key, '{');
    write_doc(w, t->doc);
    write_form(s, w, t);
    if (t->form == CLEAT_FORM_STRUCT) {
        if (t->fields[0].name != NULL) {
            cleat_write_open(w, "properties", '{');
            write_members(s, w, t);
            cleat_write_close(w, '}');
        }
        bool required = false;
        write_required(w, t, &required);
        if (required) {
            cleat_write_close(w, ']');
        }
        write_gvk(s, w, t);
    } else if (t->elem != NULL) {
        cleat_write_open(w, t->form == CLEAT_FORM_LIST ? "items" : "additionalProperties", '{');
        write_value(s, w, t->elem, NULL);
        cleat_write_close(w, '}');
    }
    if (t->atomic) {
        cleat_write_str(w, "x-kubernetes-map-type", "atomic");
    }
    cleat_write_close(w, '}');
}

/* ---- all definitions ---- */

static int compare_definitions(const void *a, const void *b) {
    return strcmp((*(const struct cleat_definition *const *)a)->name,
                  (*(const struct cleat_definition *const *)b)->name);
}

void cleat_spec_definitions(struct cleat_spec *s) {
    size_t n = 0, i = 0;
    CLEAT_AUTO_FREE struct cleat_definition **all = cleat_array(s->wanted.n + 1, sizeof *all);
    for (struct cleat_map_entry *m; (m = cleat_map_each(&s->wanted, &i)) != NULL;) {
        all[n++] = m->value;
    }
    qsort(all, n, sizeof *all, compare_definitions);
    for (i = 0; i < n; i++) {
        struct cleat_writer w = cleat_sink_piece(&s->sink);
        if (all[i]->type != NULL) {
            cleat_spec_type(s, &w, all[i]->name, all[i]->type);
        } else {
            cleat_spec_custom(s, &w, all[i]->name, all[i]);
        }
        cleat_sink_add(&s->sink, &w);
    }
}
