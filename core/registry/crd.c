/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a version of a CustomResourceDefinition (apiextensions.k8s.io/v1) to a kind.
 * The validation of definitions tries it, so that one that was stored has kinds.
 * Objects are stored in one of the versions; read in another, or by a schema that
 * is newer than they are, they are pruned and defaulted then. Kinds are immutable,
 * but for what their definition's end changes (definitions.c).
 */
#include "core/registry/internal.h"
#include "core/types/types.h"

static const char *keep(struct cleat_custom_kind *c, char *text) {
    c->strings = cleat_rearray(c->strings, c->n_strings + 1, sizeof *c->strings);
    c->strings[c->n_strings++] = text;
    return text;
}

/* The string at v, kept as long as the kind; NULL where there is none. */
static const char *keep_str(struct cleat_custom_kind *c, struct cleat_val v) {
    char *text = cleat_val_strdup(v);
    return text != NULL ? keep(c, text) : NULL;
}

static const char **keep_list(struct cleat_custom_kind *c, struct cleat_val v) {
    struct cleat_iter it = {0};
    size_t n = 0;
    const char **list = cleat_array(cleat_val_count(v) + 1, sizeof *list);
    while (cleat_val_next(v, &it)) {
        const char *s = keep_str(c, it.val);
        if (s != NULL) {
            list[n++] = s;
        }
    }
    return list;
}

static cleat_err refuse(struct cleat_error *e, const cleat_obj *crd, const char *field,
                        const char *why) {
    return cleat_fail(e, CLEAT_E_INVALID,
                      "CustomResourceDefinition.apiextensions.k8s.io \"%.*s\" is invalid: %s: %s",
                      CLEAT_FMT(cleat_obj_name(crd)), field, why);
}

/* ---- names ---- */

/* As they were accepted; until then as they are wanted. */
static cleat_err read_names(struct cleat_custom_kind *c, struct cleat_error *e) {
    struct cleat_val spec = cleat_obj_at(c->crd, CLEAT_PATH("spec"));
    struct cleat_val names = cleat_obj_at(c->crd, CLEAT_PATH("status", "acceptedNames"));
    struct cleat_kind *k = &c->kind;
    if (cleat_val_str(cleat_val_get(names, "plural")).n == 0) {
        names = cleat_val_get(spec, "names");
    }
    k->group = keep_str(c, cleat_val_get(spec, "group"));
    k->resource = keep_str(c, cleat_val_get(names, "plural"));
    k->kind = keep_str(c, cleat_val_get(names, "kind"));
    k->singular = keep_str(c, cleat_val_get(names, "singular"));
    if (k->group == NULL || k->resource == NULL || k->kind == NULL || k->singular == NULL) {
        return refuse(e, c->crd, "spec.names", "Required value");
    }
    k->store_name = keep(c, cleat_sprintf("%s.%s", k->resource, k->group));
    c->short_names = keep_list(c, cleat_val_get(names, "shortNames"));
    c->categories = keep_list(c, cleat_val_get(names, "categories"));
    k->short_names = c->short_names;
    k->categories = c->categories;
    k->flags |= CLEAT_KIND_CUSTOM | CLEAT_KIND_GENERATION;
    if (cleat_eqc(cleat_val_str(cleat_val_get(spec, "scope")), "Namespaced")) {
        k->flags |= CLEAT_KIND_NAMESPACED;
    }
    return CLEAT_OK;
}

/* ---- what is stored and what is shown ---- */

static cleat_obj *show(const struct cleat_kind *k, const cleat_obj *stored) {
    const struct cleat_custom_kind *c = (const struct cleat_custom_kind *)(const void *)k;
    if (!c->mixed && cleat_obj_revision(stored) > c->since) {
        return NULL; /* it was written in this version, by this schema */
    }
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *named = NULL, *shaped = NULL;
    cleat_err err = cleat_version_rename(stored, k->api_version, NULL, 0, &named, &e);
    err = err == CLEAT_OK ? cleat_schema_shape(c->schema, named != NULL ? named : stored, NULL,
                                               NULL, &shaped, &e)
                          : err;
    if (err != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_ERROR, "registry", "%.*s is shown as it is stored: %s",
                   CLEAT_FMT(cleat_obj_name(stored)), e.message);
    }
    if (shaped == NULL) {
        return named;
    }
    cleat_obj_stamp_kind(shaped, cleat_obj_kind(stored));
    cleat_obj_unref(named);
    return shaped;
}

static cleat_err keep_stored(const struct cleat_kind *k, const cleat_obj *obj, cleat_obj **ret,
                             struct cleat_error *e) {
    return cleat_version_rename(obj, k->stored_version, NULL, 0, ret, e);
}

static void read_storage(struct cleat_custom_kind *c) {
    struct cleat_val versions = cleat_obj_at(c->crd, CLEAT_PATH("spec", "versions"));
    struct cleat_val stored = cleat_obj_at(c->crd, CLEAT_PATH("status", "storedVersions"));
    struct cleat_kind *k = &c->kind;
    struct cleat_iter it = {0};
    k->stored_version = k->api_version;
    while (cleat_val_next(versions, &it)) {
        if (cleat_val_bool(cleat_val_get(it.val, "storage"), 0)) {
            k->stored_version =
                keep(c, cleat_sprintf("%s/%.*s", k->group,
                                      CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "name")))));
        }
    }
    c->mixed = cleat_val_count(versions) > 1 || cleat_val_count(stored) > 1;
    c->since = cleat_obj_revision(c->crd);
    k->show = show;
    k->keep = keep_stored;
}

/* ---- the scale subresource ---- */

/* ".spec.replicas" as a path. */
static const char **keep_path(struct cleat_custom_kind *c, struct cleat_val v) {
    const char *text = keep_str(c, v);
    size_t n = 0;
    const char **path = cleat_array((text != NULL ? strlen(text) : 0) + 1, sizeof *path);
    for (const char *p = text; p != NULL && *p == '.'; p += strcspn(p, ".")) {
        p++;
        path[n++] = keep(c, cleat_strndup((struct cleat_str){p, strcspn(p, ".")}));
    }
    return path;
}

static void read_scale(struct cleat_custom_kind *c, struct cleat_val scale) {
    if (cleat_val_type(scale) != CLEAT_OBJECT) {
        return;
    }
    c->scale_paths[0] = keep_path(c, cleat_val_get(scale, "specReplicasPath"));
    c->scale_paths[1] = keep_path(c, cleat_val_get(scale, "statusReplicasPath"));
    c->scale_paths[2] = keep_path(c, cleat_val_get(scale, "labelSelectorPath"));
    c->scale = (struct cleat_scale){
        .replicas = c->scale_paths[0],
        .status_replicas = c->scale_paths[1],
        .selector = c->scale_paths[2][0] != NULL ? c->scale_paths[2] : NULL,
        .selector_form = CLEAT_SCALE_TEXT,
    };
    c->subresources[0] = (struct cleat_subresource){
        .name = "scale",
        .group = "autoscaling",
        .version = "v1",
        .kind = "Scale",
        .type = cleat_type_find("io.k8s.api.autoscaling.v1.Scale"),
        .view = cleat_scale_view,
        .put = cleat_scale_put,
        .scale = &c->scale,
    };
    c->kind.subresources = c->subresources;
}

/* ---- versions ---- */

/* How mature a version is: v1 over v1beta2 over v1beta1 over v1alpha1, v2 over v1; other
 * names (0) come last. */
static uint64_t rank_of(struct cleat_str version) {
    static const struct {
        const char *name;
        unsigned rank;
    } stages[] = {{"alpha", 1}, {"beta", 2}};
    CLEAT_AUTO_FREE char *text = cleat_strndup(version);
    char *end;
    if (text[0] != 'v' || text[1] < '1' || text[1] > '9') {
        return 0;
    }
    uint64_t major = strtoul(text + 1, &end, 10) & 0xFFFFFF;
    if (*end == '\0') {
        return UINT64_C(3) << 60 | major;
    }
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        size_t n = strlen(stages[i].name);
        if (strncmp(end, stages[i].name, n) == 0 && end[n] >= '1' && end[n] <= '9') {
            uint64_t minor = strtoul(end + n, &end, 10) & 0xFFFFFF;
            return *end == '\0' ? (uint64_t)stages[i].rank << 60 | major << 24 | minor : 0;
        }
    }
    return 0;
}

/* What requests of a deprecated version are told: its own words, or which one to use. */
static void read_deprecation(struct cleat_custom_kind *c, struct cleat_val version) {
    struct cleat_val versions = cleat_obj_at(c->crd, CLEAT_PATH("spec", "versions"));
    struct cleat_iter it = {0};
    struct cleat_kind *k = &c->kind;
    struct cleat_str best = {NULL, 0};
    if (!cleat_val_bool(cleat_val_get(version, "deprecated"), 0)) {
        return;
    }
    k->deprecation = keep_str(c, cleat_val_get(version, "deprecationWarning"));
    if (k->deprecation != NULL) {
        return;
    }
    uint64_t rank = rank_of(cleat_s(k->version));
    while (cleat_val_next(versions, &it)) {
        struct cleat_str name = cleat_val_str(cleat_val_get(it.val, "name"));
        if (cleat_val_bool(cleat_val_get(it.val, "served"), 0) &&
            !cleat_val_bool(cleat_val_get(it.val, "deprecated"), 0) && rank_of(name) > rank) {
            rank = rank_of(name);
            best = name;
        }
    }
    k->deprecation =
        best.n > 0 ? keep(c, cleat_sprintf("%s %s is deprecated; use %s/%.*s %s", k->api_version,
                                           k->kind, k->group, CLEAT_FMT(best), k->kind))
                   : keep(c, cleat_sprintf("%s %s is deprecated", k->api_version, k->kind));
}

static bool known_column_type(const char *type) {
    static const char *const types[] = {"integer", "number", "string", "boolean", "date"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(type, types[i]) == 0) {
            return true;
        }
    }
    return false;
}

static cleat_err read_columns(struct cleat_custom_kind *c, struct cleat_val version,
                              struct cleat_error *e) {
    struct cleat_val columns = cleat_val_get(version, "additionalPrinterColumns");
    struct cleat_iter it = {0};
    size_t n = cleat_val_count(columns);
    if (n == 0) {
        return CLEAT_OK; /* the table's own: the age */
    }
    c->columns = cleat_array(n + 1, sizeof *c->columns);
    c->kind.columns = c->columns;
    for (size_t i = 0; cleat_val_next(columns, &it); i++) {
        struct cleat_column *col = &c->columns[i];
        int64_t priority = 0;
        cleat_val_int(cleat_val_get(it.val, "priority"), &priority);
        col->name = keep_str(c, cleat_val_get(it.val, "name"));
        col->type = keep_str(c, cleat_val_get(it.val, "type"));
        col->format = keep_str(c, cleat_val_get(it.val, "format"));
        col->description = keep_str(c, cleat_val_get(it.val, "description"));
        col->path = keep_str(c, cleat_val_get(it.val, "jsonPath"));
        col->priority = priority > 0 ? 1 : 0;
        if (col->name == NULL || col->type == NULL || !known_column_type(col->type)) {
            return refuse(e, c->crd, "spec.versions[].additionalPrinterColumns",
                          "Invalid value: each needs a name and a type of integer, number, "
                          "string, boolean, date");
        }
        if (col->path == NULL || !cleat_jsonpath_valid(col->path)) {
            cleat_logf(CLEAT_LOG_WARN, "registry",
                       "%.*s has a column whose path is not understood, default columns are shown",
                       CLEAT_FMT(cleat_obj_name(c->crd)));
            c->kind.columns = NULL;
            return CLEAT_OK;
        }
    }
    return CLEAT_OK;
}

static cleat_err read_selectable(struct cleat_custom_kind *c, struct cleat_val version,
                                 struct cleat_error *e) {
    struct cleat_val fields = cleat_val_get(version, "selectableFields");
    struct cleat_iter it = {0};
    size_t n = 0;
    c->selectable = cleat_array(cleat_val_count(fields) + 1, sizeof *c->selectable);
    c->kind.selectable = c->selectable;
    while (cleat_val_next(fields, &it)) {
        const char *path = keep_str(c, cleat_val_get(it.val, "jsonPath"));
        if (path == NULL || path[0] != '.' || !cleat_jsonpath_valid(path) ||
            strpbrk(path, "[\\") != NULL) {
            return refuse(e, c->crd, "spec.versions[].selectableFields",
                          "Invalid value: must be a dotted path");
        }
        c->selectable[n++] = path + 1;
    }
    return CLEAT_OK;
}

static cleat_err read_version(struct cleat_custom_kind *c, struct cleat_val version,
                              struct cleat_error *e) {
    struct cleat_kind *k = &c->kind;
    k->version = keep_str(c, cleat_val_get(version, "name"));
    if (k->version == NULL) {
        return refuse(e, c->crd, "spec.versions[].name", "Required value");
    }
    k->api_version = keep(c, cleat_sprintf("%s/%s", k->group, k->version));
    read_deprecation(c, version);
    struct cleat_val sub = cleat_val_get(version, "subresources");
    if (cleat_val_type(cleat_val_get(sub, "status")) == CLEAT_OBJECT) {
        k->flags |= CLEAT_KIND_STATUS;
    }
    read_scale(c, cleat_val_get(sub, "scale"));
    struct cleat_val schema = cleat_val_at(version, CLEAT_PATH("schema", "openAPIV3Schema"));
    if (cleat_val_type(schema) != CLEAT_OBJECT) {
        return refuse(e, c->crd, "spec.versions[].schema.openAPIV3Schema",
                      "Required value: schemas are required");
    }
    CLEAT_TRY(cleat_schema_compile(schema, &c->schema, e));
    CLEAT_TRY(cleat_obj_parse_trusted(cleat_val_raw(schema), &c->schema_obj, e));
    k->schema = c->schema_obj;
    c->types = cleat_type_from_schema(schema);
    k->type = cleat_type_tree_root(c->types);
    read_storage(c);
    CLEAT_TRY(read_columns(c, version, e));
    return read_selectable(c, version, e);
}

cleat_err cleat_custom_kind_new(const cleat_obj *crd, struct cleat_val version,
                                struct cleat_custom_kind **ret, struct cleat_error *e) {
    struct cleat_custom_kind *c = cleat_zalloc(sizeof *c);
    c->crd = cleat_obj_ref(crd);
    cleat_err err = read_names(c, e);
    err = err == CLEAT_OK ? read_version(c, version, e) : err;
    if (err != CLEAT_OK) {
        cleat_custom_kind_free(c);
        return err;
    }
    *ret = c;
    return CLEAT_OK;
}

void cleat_custom_kind_free(struct cleat_custom_kind *c) {
    for (size_t i = 0; i < c->n_strings; i++) {
        free(c->strings[i]);
    }
    free(c->strings);
    free(c->short_names);
    free(c->categories);
    free(c->selectable);
    free(c->columns);
    for (size_t i = 0; i < 3; i++) {
        free(c->scale_paths[i]);
    }
    cleat_schema_free(c->schema);
    cleat_type_tree_free(c->types);
    cleat_obj_unref(c->schema_obj);
    cleat_obj_unref(c->crd);
    free(c);
}

const struct cleat_schema *cleat_kind_schema(const struct cleat_kind *k) {
    return (k->flags & CLEAT_KIND_CUSTOM) != 0
               ? ((const struct cleat_custom_kind *)(const void *)k)->schema
               : NULL;
}

bool cleat_kind_terminating(const struct cleat_kind *k) {
    return (k->flags & CLEAT_KIND_CUSTOM) != 0 &&
           atomic_load(&((const struct cleat_custom_kind *)(const void *)k)->terminating);
}

bool cleat_kind_ended(const struct cleat_kind *k) {
    return (k->flags & CLEAT_KIND_CUSTOM) != 0 &&
           atomic_load(&((const struct cleat_custom_kind *)(const void *)k)->ended);
}
