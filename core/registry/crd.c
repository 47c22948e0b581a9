/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a CustomResourceDefinition (apiextensions.k8s.io/v1) to a kind. Everything
 * in it is checked before the kind is published; a definition that asks for what
 * this server does not do (conversion between several served versions) is refused
 * with the reason.
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

static cleat_err read_names(struct cleat_custom_kind *c, struct cleat_error *e) {
    struct cleat_val spec = cleat_obj_at(c->crd, CLEAT_PATH("spec"));
    struct cleat_val names = cleat_val_get(spec, "names");
    struct cleat_kind *k = &c->kind;
    k->group = keep_str(c, cleat_val_get(spec, "group"));
    k->resource = keep_str(c, cleat_val_get(names, "plural"));
    k->kind = keep_str(c, cleat_val_get(names, "kind"));
    k->singular = keep_str(c, cleat_val_get(names, "singular"));
    if (k->group == NULL || strchr(k->group, '.') == NULL ||
        cleat_name_dns_subdomain(cleat_s(k->group)) != NULL) {
        return refuse(e, c->crd, "spec.group", "should be a domain with at least one dot");
    }
    if (k->resource == NULL || cleat_name_dns_label_1035(cleat_s(k->resource)) != NULL) {
        return refuse(e, c->crd, "spec.names.plural", "Required value: must be a DNS label");
    }
    if (k->kind == NULL || k->kind[0] == '\0') {
        return refuse(e, c->crd, "spec.names.kind", "Required value");
    }
    if (k->singular == NULL || k->singular[0] == '\0') {
        char *lower = cleat_strdup(k->kind);
        for (char *p = lower; *p != '\0'; p++) {
            *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
        }
        k->singular = keep(c, lower);
    }
    k->store_name = keep(c, cleat_sprintf("%s.%s", k->resource, k->group));
    if (!cleat_eqc(cleat_obj_name(c->crd), k->store_name)) {
        return refuse(e, c->crd, "metadata.name", "must be spec.names.plural+\".\"+spec.group");
    }
    c->short_names = keep_list(c, cleat_val_get(names, "shortNames"));
    c->categories = keep_list(c, cleat_val_get(names, "categories"));
    k->short_names = c->short_names;
    k->categories = c->categories;
    struct cleat_str scope = cleat_val_str(cleat_val_get(spec, "scope"));
    if (cleat_eqc(scope, "Namespaced")) {
        k->flags |= CLEAT_KIND_NAMESPACED;
    } else if (!cleat_eqc(scope, "Cluster")) {
        return refuse(e, c->crd, "spec.scope",
                      "Unsupported value: supported values: \"Cluster\", \"Namespaced\"");
    }
    return CLEAT_OK;
}

/* ---- versions ---- */

static cleat_err pick_version(struct cleat_custom_kind *c, struct cleat_val *ret,
                              struct cleat_error *e) {
    struct cleat_iter it = {0};
    struct cleat_val versions = cleat_obj_at(c->crd, CLEAT_PATH("spec", "versions"));
    int served = 0;
    while (cleat_val_next(versions, &it)) {
        if (!cleat_val_bool(cleat_val_get(it.val, "served"), 0)) {
            continue;
        }
        served++;
        if (cleat_val_bool(cleat_val_get(it.val, "storage"), 0)) {
            *ret = it.val;
        }
    }
    if (served > 1) {
        return refuse(e, c->crd, "spec.versions",
                      "Forbidden: conversion between versions is not supported: serve one");
    }
    if (!cleat_val_present(*ret)) {
        return refuse(e, c->crd, "spec.versions",
                      "Invalid value: one version must be served and stored");
    }
    return CLEAT_OK;
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
            return refuse(e, c->crd, "spec.versions[].additionalPrinterColumns.jsonPath",
                          "Invalid value: is not a simple JSON path");
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

static cleat_err read_version(struct cleat_custom_kind *c, struct cleat_error *e) {
    struct cleat_val version = {NULL, 0, 0};
    struct cleat_kind *k = &c->kind;
    CLEAT_TRY(pick_version(c, &version, e));
    k->version = keep_str(c, cleat_val_get(version, "name"));
    if (k->version == NULL || cleat_name_dns_label_1035(cleat_s(k->version)) != NULL) {
        return refuse(e, c->crd, "spec.versions[].name", "Required value: must be a DNS label");
    }
    k->api_version = keep(c, cleat_sprintf("%s/%s", k->group, k->version));
    k->flags |= CLEAT_KIND_CUSTOM | CLEAT_KIND_GENERATION;
    struct cleat_val sub = cleat_val_get(version, "subresources");
    if (cleat_val_type(cleat_val_get(sub, "status")) == CLEAT_OBJECT) {
        k->flags |= CLEAT_KIND_STATUS;
    }
    if (cleat_val_present(cleat_val_get(sub, "scale"))) {
        return refuse(e, c->crd, "spec.versions[].subresources.scale",
                      "Forbidden: the scale subresource is not supported");
    }
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
    CLEAT_TRY(read_columns(c, version, e));
    return read_selectable(c, version, e);
}

cleat_err cleat_registry_add_crd(cleat_registry *r, struct cleat_str crd_json,
                                 struct cleat_error *e) {
    struct cleat_custom_kind *c = cleat_zalloc(sizeof *c);
    cleat_err err = cleat_obj_parse(crd_json, 0, &c->crd, e);
    err = err == CLEAT_OK ? read_names(c, e) : err;
    err = err == CLEAT_OK ? read_version(c, e) : err;
    err = err == CLEAT_OK ? cleat_registry_publish(r, &c->kind, e) : err;
    if (err != CLEAT_OK) {
        cleat_custom_kind_free(c);
    }
    return err;
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
