/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CustomResourceDefinitions: names, versions, columns, subresources, and that a
 * kind can be made of each version. What an update leaves as it was is not looked
 * at again. Pure; any thread.
 */
#include "core/kinds/schema_rules.h"

static const char *const forbidden = "FieldValueForbidden";
static const char *const invalid = "FieldValueInvalid";
static const char *const required = "FieldValueRequired";

static struct cleat_str str_of(struct cleat_val v, const char *member) {
    return cleat_val_str(cleat_val_get(v, member));
}

/* ---- names ---- */

static char *lower(struct cleat_str s) {
    char *text = cleat_strndup(s);
    for (char *p = text; *p != '\0'; p++) {
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
    }
    return text;
}

static void check_name(struct cleat_validation *v, struct cleat_val names, const char *member,
                       bool mixed, const struct cleat_place *at) {
    struct cleat_str s = str_of(names, member);
    CLEAT_AUTO_FREE char *text = mixed ? lower(s) : cleat_strndup(s);
    const char *bad = s.n > 0 ? cleat_name_dns_label_1035(cleat_s(text)) : NULL;
    if (s.n == 0) {
        cleat_place_invalid(v, at, member, required, "%s", "");
    } else if (bad != NULL) {
        cleat_place_invalid(v, at, member, invalid, "\"%.*s\": %s%s", CLEAT_FMT(s),
                            mixed ? "may have mixed case, but should otherwise match: " : "", bad);
    }
}

static void check_name_list(struct cleat_validation *v, struct cleat_val names, const char *member,
                            const struct cleat_place *at) {
    const struct cleat_place list = {.up = at, .text = member};
    struct cleat_val values = cleat_val_get(names, member);
    struct cleat_iter it = {0};
    while (cleat_val_type(values) == CLEAT_ARRAY && cleat_val_next(values, &it)) {
        const struct cleat_place here = {.up = &list, .index = it.index};
        const char *bad = cleat_name_dns_label_1035(cleat_val_str(it.val));
        if (bad != NULL) {
            cleat_place_invalid(v, &here, NULL, invalid, "\"%.*s\": %s",
                                CLEAT_FMT(cleat_val_str(it.val)), bad);
        }
    }
}

static void check_names(struct cleat_validation *v, struct cleat_val spec) {
    const struct cleat_place at = {.text = "spec.names"};
    struct cleat_val names = cleat_val_get(spec, "names");
    struct cleat_str kind = str_of(names, "kind");
    check_name(v, names, "plural", false, &at);
    check_name(v, names, "singular", false, &at);
    check_name(v, names, "kind", true, &at);
    check_name(v, names, "listKind", true, &at);
    check_name_list(v, names, "shortNames", &at);
    if (kind.n > 0 && cleat_eq(kind, str_of(names, "listKind"))) {
        cleat_place_invalid(v, &at, "listKind", invalid,
                            "\"%.*s\": kind and listKind may not be the same", CLEAT_FMT(kind));
    }
    check_name_list(v, names, "categories", &at);
}

/* Groups of the Kubernetes project need somebody's word. */
static void check_approval(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char field[] = "metadata.annotations[api-approved.kubernetes.io]";
    static const char *const path[] = {"metadata", "annotations", "api-approved.kubernetes.io",
                                       NULL};
    struct cleat_val said = cleat_obj_at(o, path);
    if (old != NULL && cleat_val_equal(said, cleat_obj_at(old, path))) {
        return;
    }
    CLEAT_AUTO_FREE char *words = NULL;
    int approval = cleat_definition_approval(o, &words);
    if (approval == CLEAT_APPROVAL_MISSING) {
        cleat_invalid(v, required, field, "%s", words);
    } else if (approval == CLEAT_APPROVAL_INVALID) {
        CLEAT_AUTO_FREE char *text = cleat_val_strdup(said);
        cleat_invalid(v, invalid, field, "\"%s\": %s", text, words);
    }
}

static void check_identity(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_str group = str_of(spec, "group"), scope = str_of(spec, "scope");
    struct cleat_str plural = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "names", "plural")));
    CLEAT_AUTO_FREE char *name = cleat_sprintf("%.*s.%.*s", CLEAT_FMT(plural), CLEAT_FMT(group));
    const char *bad = cleat_name_dns_subdomain(group);
    if (old == NULL && !cleat_eqc(cleat_obj_name(o), name)) {
        cleat_invalid(v, invalid, "metadata.name",
                      "\"%.*s\": must be spec.names.plural+\".\"+spec.group",
                      CLEAT_FMT(cleat_obj_name(o)));
    }
    if (group.n == 0) {
        cleat_invalid(v, required, "spec.group", "%s", "");
    } else if (bad != NULL) {
        cleat_invalid(v, invalid, "spec.group", "\"%.*s\": %s", CLEAT_FMT(group), bad);
    } else if (memchr(group.p, '.', group.n) == NULL) {
        cleat_invalid(v, invalid, "spec.group",
                      "\"%.*s\": should be a domain with at least one dot", CLEAT_FMT(group));
    }
    if (scope.n == 0) {
        cleat_invalid(v, required, "spec.scope", "%s", "");
    } else if (!cleat_eqc(scope, "Cluster") && !cleat_eqc(scope, "Namespaced")) {
        cleat_invalid(v, "FieldValueNotSupported", "spec.scope",
                      "\"%.*s\": supported values: \"Cluster\", \"Namespaced\"", CLEAT_FMT(scope));
    }
}

static void check_fixed(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const struct {
        const char *path[4], *field;
        bool when_established;
    } fixed[] = {
        {{"spec", "scope", NULL}, "spec.scope", true},
        {{"spec", "names", "kind", NULL}, "spec.names.kind", true},
        {{"spec", "group", NULL}, "spec.group", false},
        {{"spec", "names", "plural", NULL}, "spec.names.plural", false},
    };
    struct cleat_val conditions = cleat_obj_at(old, CLEAT_PATH("status", "conditions"));
    bool established = cleat_condition_is(conditions, "Established", "True");
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (established || !fixed[i].when_established) {
            cleat_validate_immutable(v, cleat_obj_at(o, fixed[i].path),
                                     cleat_obj_at(old, fixed[i].path), fixed[i].field);
        }
    }
}

/* ---- columns, subresources, fields ---- */

static void check_path(struct cleat_validation *v, struct cleat_str path, const char *member,
                       const struct cleat_place *at) {
    CLEAT_AUTO_FREE char *text = cleat_strndup(path);
    if (path.n == 0) {
        cleat_place_invalid(v, at, member, required, "%s", "");
    } else if (path.p[0] != '.') {
        cleat_place_invalid(v, at, member, invalid,
                            "\"%s\": must be a simple json path starting with .", text);
    }
}

static bool is_one(struct cleat_str s, const char *const *list) {
    while (*list != NULL && !cleat_eqc(s, *list)) {
        list++;
    }
    return *list != NULL;
}

static void check_column(struct cleat_validation *v, struct cleat_val col,
                         const struct cleat_place *at) {
    static const char *const types[] = {"boolean", "date", "integer", "number", "string", NULL};
    static const char *const formats[] = {"int32", "int64",     "float",    "double", "byte",
                                          "date",  "date-time", "password", NULL};
    static const char type_words[] = "must be one of boolean,date,integer,number,string";
    struct cleat_str type = str_of(col, "type"), format = str_of(col, "format");
    CLEAT_AUTO_FREE char *path = cleat_val_strdup(cleat_val_get(col, "jsonPath"));
    if (str_of(col, "name").n == 0) {
        cleat_place_invalid(v, at, "name", required, "%s", "");
    }
    if (type.n == 0) {
        cleat_place_invalid(v, at, "type", required, "%s", type_words);
    } else if (!is_one(type, types)) {
        cleat_place_invalid(v, at, "type", invalid, "\"%.*s\": %s", CLEAT_FMT(type), type_words);
    }
    if (format.n > 0 && !is_one(format, formats)) {
        cleat_place_invalid(v, at, "format", invalid,
                            "\"%.*s\": must be one of "
                            "byte,date,date-time,double,float,int32,int64,password",
                            CLEAT_FMT(format));
    }
    check_path(v, cleat_s(path), "JSONPath", at);
}

static void check_scale_path(struct cleat_validation *v, struct cleat_val scale, const char *member,
                             const char *under, const char *words, const struct cleat_place *at) {
    struct cleat_str s = str_of(scale, member);
    CLEAT_AUTO_FREE char *at_member = cleat_sprintf("scale.%s", member);
    int before = v->n;
    check_path(v, s, at_member, at);
    bool fits = s.n > strlen(under) && memcmp(s.p, under, strlen(under)) == 0;
    if (strcmp(member, "labelSelectorPath") == 0) {
        fits = fits || (s.n > 8 && memcmp(s.p, ".status.", 8) == 0);
    }
    if (v->n == before && !fits) {
        cleat_place_invalid(v, at, at_member, invalid, "\"%.*s\": should be a json path under %s",
                            CLEAT_FMT(s), words);
    }
}

static void check_subresources(struct cleat_validation *v, struct cleat_val version,
                               const struct cleat_place *at) {
    const struct cleat_place here = {.up = at, .text = "subresources"};
    struct cleat_val scale = cleat_val_at(version, CLEAT_PATH("subresources", "scale"));
    if (cleat_val_type(scale) != CLEAT_OBJECT) {
        return;
    }
    check_scale_path(v, scale, "specReplicasPath", ".spec.", ".spec", &here);
    check_scale_path(v, scale, "statusReplicasPath", ".status.", ".status", &here);
    if (str_of(scale, "labelSelectorPath").n > 0) {
        check_scale_path(v, scale, "labelSelectorPath", ".spec.", "either .spec or .status", &here);
    }
}

/* The schema at a dotted path, absent where none is there. */
static struct cleat_val schema_at(struct cleat_val schema, const char *path) {
    while (*path == '.') {
        path++;
        struct cleat_str key = {path, strcspn(path, ".")};
        schema = cleat_val_get_s(cleat_val_get(schema, "properties"), key);
        path += key.n;
    }
    return *path == '\0' ? schema : (struct cleat_val){NULL, 0, 0};
}

static void check_selectable(struct cleat_validation *v, struct cleat_val field,
                             struct cleat_val fields, const struct cleat_iter *at_it,
                             struct cleat_val schema, const struct cleat_place *at) {
    static const char *const types[] = {"string", "boolean", "integer", NULL};
    CLEAT_AUTO_FREE char *path = cleat_val_strdup(cleat_val_get(field, "jsonPath"));
    struct cleat_iter it = {0};
    if (path == NULL || path[0] == '\0') {
        cleat_place_invalid(v, at, "jsonPath", required, "%s", "");
        return;
    }
    struct cleat_val of = schema_at(schema, path);
    if (strncmp(path, ".metadata", 9) == 0) {
        cleat_place_invalid(v, at, "jsonPath", invalid,
                            "\"%s\": must not point to fields in metadata", path);
    } else if (!cleat_val_present(of)) {
        cleat_place_invalid(v, at, "jsonPath", invalid,
                            "\"%s\": is an invalid path: does not refer to a valid field", path);
    } else if (!is_one(str_of(of, "type"), types)) {
        cleat_place_invalid(v, at, "jsonPath", invalid,
                            "\"%s\": must point to a field of type string, boolean or integer. "
                            "Enum string fields and strings with formats are allowed.",
                            path);
    }
    while (cleat_val_next(fields, &it) && it.index < at_it->index) {
        if (cleat_val_equal(cleat_val_get(it.val, "jsonPath"), cleat_val_get(field, "jsonPath"))) {
            cleat_place_invalid(v, at, "jsonPath", "FieldValueDuplicate", "\"%s\"", path);
            return;
        }
    }
}

static void check_lists(struct cleat_validation *v, struct cleat_val version,
                        struct cleat_val schema, const struct cleat_place *at) {
    enum { FIELDS_MAX = 8 };
    const struct cleat_place columns_at = {.up = at, .text = "additionalPrinterColumns"};
    const struct cleat_place fields_at = {.up = at, .text = "selectableFields"};
    struct cleat_val columns = cleat_val_get(version, "additionalPrinterColumns");
    struct cleat_val fields = cleat_val_get(version, "selectableFields");
    struct cleat_iter it = {0};
    while (cleat_val_type(columns) == CLEAT_ARRAY && cleat_val_next(columns, &it)) {
        const struct cleat_place here = {.up = &columns_at, .index = it.index};
        check_column(v, it.val, &here);
    }
    it = (struct cleat_iter){0};
    while (cleat_val_type(fields) == CLEAT_ARRAY && cleat_val_next(fields, &it)) {
        const struct cleat_place here = {.up = &fields_at, .index = it.index};
        check_selectable(v, it.val, fields, &it, schema, &here);
    }
    if (cleat_val_count(fields) > FIELDS_MAX) {
        cleat_place_invalid(v, &fields_at, NULL, "FieldValueTooMany",
                            "%zu: must have at most %d items", cleat_val_count(fields), FIELDS_MAX);
    }
}

/* ---- versions ---- */

static void check_deprecation(struct cleat_validation *v, struct cleat_val version,
                              const struct cleat_place *at) {
    struct cleat_val warning = cleat_val_get(version, "deprecationWarning");
    struct cleat_str s = cleat_val_str(warning);
    const char *bad = NULL;
    if (cleat_val_type(warning) != CLEAT_STRING) {
        return;
    }
    if (!cleat_val_bool(cleat_val_get(version, "deprecated"), 0)) {
        bad = "can only be set for deprecated versions";
    } else if (s.n > 256) {
        bad = "must be <= 256 characters long";
    } else if (s.n == 0) {
        bad = "must not be an empty string";
    }
    if (bad != NULL) {
        cleat_place_invalid(v, at, "deprecationWarning", invalid, "\"%.*s\": %s", CLEAT_FMT(s),
                            bad);
    }
}

/* What an only version says upstream takes for what all of them say, and names its place so. */
static void check_version(struct cleat_validation *v, const cleat_obj *o, struct cleat_val version,
                          const struct cleat_place *at, bool only) {
    struct cleat_val schema = cleat_val_at(version, CLEAT_PATH("schema", "openAPIV3Schema"));
    const struct cleat_place spec = {.text = "spec"};
    const struct cleat_place *parts = only ? &spec : at;
    const struct cleat_place in_schema = {
        .up = parts, .text = only ? "validation.openAPIV3Schema" : "schema.openAPIV3Schema"};
    const char *bad = cleat_name_dns_label_1035(str_of(version, "name"));
    int before = v->n;
    if (bad != NULL) {
        cleat_place_invalid(v, at, "name", invalid, "\"%.*s\": %s",
                            CLEAT_FMT(str_of(version, "name")), bad);
    }
    check_deprecation(v, version, at);
    if (cleat_val_type(schema) != CLEAT_OBJECT) {
        cleat_place_invalid(v, &in_schema, NULL, required, "%s", "");
    } else {
        cleat_validate_schema(v, schema, &in_schema);
    }
    if (v->n == before) {
        cleat_validate_defaults(v, schema, &in_schema);
    }
    if (v->req != NULL) {
        cleat_warn_of_schema(v->req, schema);
    }
    check_subresources(v, version, parts);
    check_lists(v, version, schema, parts);
    if (v->n == before) {
        struct cleat_custom_kind *kind = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        if (cleat_custom_kind_new(o, version, &kind, &e) != CLEAT_OK) {
            cleat_place_invalid(v, at, "schema", invalid, "\"\": error building validator: %s",
                                e.message);
            return;
        }
        cleat_custom_kind_free(kind);
    }
}

static void check_versions(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char *const path_versions[] = {"spec", "versions", NULL};
    struct cleat_val versions = cleat_obj_at(o, path_versions);
    const struct cleat_place all = {.text = "spec.versions"};
    struct cleat_iter it = {0};
    int stored = 0;
    bool unique = true;
    bool same = old != NULL && cleat_val_equal(versions, cleat_obj_at(old, path_versions));
    while (!same && cleat_val_type(versions) == CLEAT_ARRAY && cleat_val_next(versions, &it)) {
        const struct cleat_place here = {.up = &all, .index = it.index};
        struct cleat_iter before = {0};
        check_version(v, o, it.val, &here, cleat_val_count(versions) == 1);
        stored += cleat_val_bool(cleat_val_get(it.val, "storage"), 0) != 0;
        while (cleat_val_next(versions, &before) && before.index < it.index) {
            unique = unique && !cleat_eq(str_of(before.val, "name"), str_of(it.val, "name"));
        }
    }
    if (!unique) {
        cleat_invalid(v, invalid, "spec.versions", "[]: must contain unique version names");
    }
    if (!same && stored != 1) {
        cleat_invalid(v, invalid, "spec.versions",
                      "[]: must have exactly one version marked as storage version");
    }
    struct cleat_val conversion = cleat_obj_at(o, CLEAT_PATH("spec", "conversion"));
    struct cleat_str strategy = str_of(conversion, "strategy");
    if (cleat_eqc(strategy, "Webhook") && cleat_val_count(versions) > 1) {
        cleat_invalid(v, forbidden, "spec.conversion.strategy",
                      "conversion by a webhook is not supported by this server");
    } else if (!cleat_eqc(strategy, "None") && !cleat_eqc(strategy, "Webhook")) {
        cleat_invalid(v, "FieldValueNotSupported", "spec.conversion.strategy",
                      "\"%.*s\": supported values: \"None\", \"Webhook\"", CLEAT_FMT(strategy));
    } else if (cleat_eqc(strategy, "None") &&
               cleat_val_present(cleat_val_get(conversion, "webhook"))) {
        cleat_invalid(v, forbidden, "spec.conversion.webhook",
                      "should not be set when strategy is not set to Webhook");
    }
}

/* What was stored in a version stays in it until somebody has written it anew. */
static void check_stored(struct cleat_validation *v, const cleat_obj *o) {
    struct cleat_val stored = cleat_obj_at(o, CLEAT_PATH("status", "storedVersions"));
    struct cleat_val versions = cleat_obj_at(o, CLEAT_PATH("spec", "versions"));
    const struct cleat_place at = {.text = "status.storedVersions"};
    struct cleat_iter it = {0};
    if (cleat_val_count(stored) == 0) {
        cleat_invalid(v, invalid, at.text, "[]: must have at least one stored version");
        return;
    }
    while (cleat_val_type(stored) == CLEAT_ARRAY && cleat_val_next(stored, &it)) {
        struct cleat_str name = cleat_val_str(it.val);
        struct cleat_iter of = {0};
        bool found = false;
        while (!found && cleat_val_type(versions) == CLEAT_ARRAY && cleat_val_next(versions, &of)) {
            found = cleat_eq(str_of(of.val, "name"), name);
        }
        if (!found) {
            const struct cleat_place here = {.up = &at, .index = it.index};
            cleat_place_invalid(v, &here, NULL, invalid,
                                "\"%.*s\": missing from spec.versions; %.*s was previously a "
                                "storage version, and must remain in spec.versions until a storage "
                                "migration ensures no data remains persisted in %.*s and removes "
                                "%.*s from status.storedVersions",
                                CLEAT_FMT(name), CLEAT_FMT(name), CLEAT_FMT(name), CLEAT_FMT(name));
        }
    }
}

void cleat_validate_definition(struct cleat_validation *v, const cleat_obj *o,
                               const cleat_obj *old) {
    static const char *const path_spec[] = {"spec", NULL};
    if (old == NULL || !cleat_val_equal(cleat_obj_at(o, path_spec), cleat_obj_at(old, path_spec))) {
        check_identity(v, o, old);
        check_names(v, cleat_obj_at(o, path_spec));
        check_versions(v, o, old);
        if (cleat_val_bool(cleat_obj_at(o, CLEAT_PATH("spec", "preserveUnknownFields")), 0)) {
            cleat_invalid(v, invalid, "spec.preserveUnknownFields",
                          "true: cannot set to true, set x-kubernetes-preserve-unknown-fields to "
                          "true in spec.versions[*].schema instead");
        }
    }
    if (old != NULL) {
        check_fixed(v, o, old);
    }
    check_stored(v, o);
    check_approval(v, o, old);
}
