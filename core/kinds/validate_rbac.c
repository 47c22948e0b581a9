/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roles and bindings: what their rules and subjects must have, and the defaults
 * of groups. The role that a binding refers to never changes. Pure; any thread.
 */
#include "core/kinds/kinds.h"

#define GROUP "rbac.authorization.k8s.io"

static struct cleat_str member(struct cleat_val v, const char *key) {
    return cleat_val_str(cleat_val_get(v, key));
}

static bool equals(struct cleat_val a, struct cleat_val b) {
    return cleat_val_equal(a, b) != 0;
}

/* ---- label selectors as text ---- */

static void add_values(struct cleat_buf *out, struct cleat_val values) {
    struct cleat_iter it = {0};
    cleat_buf_putc(out, '(');
    while (cleat_val_next(values, &it)) {
        cleat_buf_printf(out, "%s%.*s", it.index > 0 ? "," : "", CLEAT_FMT(cleat_val_str(it.val)));
    }
    cleat_buf_putc(out, ')');
}

static bool add_expression(struct cleat_buf *out, struct cleat_val expr) {
    struct cleat_str key = member(expr, "key"), op = member(expr, "operator");
    struct cleat_val values = cleat_val_get(expr, "values");
    bool in = cleat_eqc(op, "In"), not_in = cleat_eqc(op, "NotIn");
    bool exists = cleat_eqc(op, "Exists"), absent = cleat_eqc(op, "DoesNotExist");
    cleat_buf_puts(out, out->n > 0 ? "," : "");
    if (absent) {
        cleat_buf_putc(out, '!');
    }
    cleat_buf_str(out, key);
    if (in || not_in) {
        cleat_buf_puts(out, in ? " in " : " notin ");
        add_values(out, values);
        return cleat_val_count(values) > 0;
    }
    return (exists || absent) && cleat_val_count(values) == 0;
}

cleat_err cleat_rbac_selector(struct cleat_val selector, cleat_selector **ret,
                              struct cleat_error *e) {
    CLEAT_AUTO_BUF text = {0};
    struct cleat_iter it = {0};
    struct cleat_val labels = cleat_val_get(selector, "matchLabels");
    while (cleat_val_next(labels, &it)) {
        cleat_buf_printf(&text, "%s%.*s=%.*s", text.n > 0 ? "," : "", CLEAT_FMT(it.key),
                         CLEAT_FMT(cleat_val_str(it.val)));
    }
    it = (struct cleat_iter){0};
    struct cleat_val expressions = cleat_val_get(selector, "matchExpressions");
    while (cleat_val_next(expressions, &it)) {
        if (!add_expression(&text, it.val)) {
            return cleat_fail(e, CLEAT_E_INVALID, "invalid label selector.");
        }
    }
    return cleat_selector_labels(text.n > 0 ? text.p : "", ret, e);
}

/* ---- roles ---- */

static void validate_urls(struct cleat_validation *v, struct cleat_val rule, const char *at) {
    CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.nonResourceURLs", at);
    CLEAT_AUTO_FREE char *printed = cleat_validation_print(cleat_val_get(rule, "nonResourceURLs"));
    if (v->kind->flags & CLEAT_KIND_NAMESPACED) {
        cleat_invalid(v, "FieldValueInvalid", field,
                      "%s: namespaced rules cannot apply to non-resource URLs", printed);
    }
    if (cleat_val_count(cleat_val_get(rule, "apiGroups")) > 0 ||
        cleat_val_count(cleat_val_get(rule, "resources")) > 0 ||
        cleat_val_count(cleat_val_get(rule, "resourceNames")) > 0) {
        cleat_invalid(v, "FieldValueInvalid", field,
                      "%s: rules cannot apply to both regular resources and non-resource URLs",
                      printed);
    }
}

static void validate_rule(struct cleat_validation *v, struct cleat_val rule, uint32_t i) {
    static const struct {
        const char *list, *why;
    } needed[] = {{"verbs", "verbs must contain at least one value"},
                  {"apiGroups", "resource rules must supply at least one api group"},
                  {"resources", "resource rules must supply at least one resource"}};
    CLEAT_AUTO_FREE char *at = cleat_sprintf("rules[%u]", i);
    bool urls = cleat_val_count(cleat_val_get(rule, "nonResourceURLs")) > 0;
    for (size_t n = 0; n < (urls ? 1 : sizeof needed / sizeof *needed); n++) {
        if (cleat_val_count(cleat_val_get(rule, needed[n].list)) == 0) {
            CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.%s", at, needed[n].list);
            cleat_invalid(v, "FieldValueRequired", field, "%s", needed[n].why);
        }
    }
    if (urls) {
        validate_urls(v, rule, at);
    }
}

static void validate_aggregation(struct cleat_validation *v, struct cleat_val rule) {
    struct cleat_iter it = {0};
    struct cleat_val selectors = cleat_val_get(rule, "clusterRoleSelectors");
    if (cleat_val_present(rule) && cleat_val_count(selectors) == 0) {
        cleat_invalid(v, "FieldValueRequired", "aggregationRule.clusterRoleSelectors",
                      "at least one clusterRoleSelector required if aggregationRule is non-nil");
    }
    while (cleat_val_next(selectors, &it)) {
        cleat_selector *s = NULL;
        if (cleat_rbac_selector(it.val, &s, NULL) != CLEAT_OK) {
            CLEAT_AUTO_FREE char *field =
                cleat_sprintf("aggregationRule.clusterRoleSelectors[%u]", it.index);
            CLEAT_AUTO_FREE char *printed = cleat_validation_print(it.val);
            cleat_invalid(v, "FieldValueInvalid", field, "%s: invalid label selector.", printed);
        }
        cleat_selector_free(s);
    }
}

void cleat_validate_role(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_iter it = {0};
    struct cleat_val rules = cleat_obj_at(o, CLEAT_PATH("rules"));
    while (cleat_val_next(rules, &it)) {
        validate_rule(v, it.val, it.index);
    }
    if (!(v->kind->flags & CLEAT_KIND_NAMESPACED)) {
        validate_aggregation(v, cleat_obj_at(o, CLEAT_PATH("aggregationRule")));
    }
}

/* ---- bindings ---- */

/* The group that a subject of this kind has; NULL for no such kind. */
static const char *group_of(struct cleat_str kind) {
    if (cleat_eqc(kind, "ServiceAccount")) {
        return "";
    }
    return cleat_eqc(kind, "User") || cleat_eqc(kind, "Group") ? GROUP : NULL;
}

bool cleat_needs_rolebinding(const cleat_obj *o) {
    struct cleat_iter it = {0};
    struct cleat_val subjects = cleat_obj_at(o, CLEAT_PATH("subjects"));
    while (cleat_val_next(subjects, &it)) {
        const char *group = group_of(member(it.val, "kind"));
        if (group != NULL && *group != '\0' && member(it.val, "apiGroup").n == 0) {
            return true;
        }
    }
    return member(cleat_obj_at(o, CLEAT_PATH("roleRef")), "apiGroup").n == 0;
}

void cleat_default_rolebinding(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_iter it = {0};
    struct cleat_val subjects = cleat_obj_at(o, CLEAT_PATH("subjects"));
    while (cleat_val_next(subjects, &it)) {
        const char *group = group_of(member(it.val, "kind"));
        if (group != NULL && *group != '\0' && member(it.val, "apiGroup").n == 0) {
            CLEAT_AUTO_FREE char *index = cleat_sprintf("%u", it.index);
            cleat_edit_set_str(e, CLEAT_PATH("subjects", index, "apiGroup"), cleat_s(group));
        }
    }
    struct cleat_val ref = cleat_obj_at(o, CLEAT_PATH("roleRef"));
    if (cleat_val_type(ref) == CLEAT_OBJECT && member(ref, "apiGroup").n == 0) {
        cleat_edit_set_str(e, CLEAT_PATH("roleRef", "apiGroup"), CLEAT_STR(GROUP));
    }
}

static void validate_subject(struct cleat_validation *v, struct cleat_val subject, uint32_t i) {
    struct cleat_str name = member(subject, "name"), kind = member(subject, "kind");
    struct cleat_str group = member(subject, "apiGroup");
    const char *wanted = group_of(kind);
    CLEAT_AUTO_FREE char *at = cleat_sprintf("subjects[%u]", i);
    CLEAT_AUTO_FREE char *name_field = cleat_sprintf("%s.name", at);
    CLEAT_AUTO_FREE char *group_field = cleat_sprintf("%s.apiGroup", at);
    bool account = wanted != NULL && *wanted == '\0';
    if (name.n == 0) {
        cleat_invalid(v, "FieldValueRequired", name_field, "%s", "");
    }
    if (wanted == NULL) {
        CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.kind", at);
        cleat_invalid(v, "FieldValueNotSupported", field,
                      "\"%.*s\": supported values: \"ServiceAccount\", \"User\", \"Group\"",
                      CLEAT_FMT(kind));
        return;
    }
    if (account && name.n > 0 && cleat_name_dns_subdomain(name) != NULL) {
        cleat_invalid(v, "FieldValueInvalid", name_field, "\"%.*s\": %s", CLEAT_FMT(name),
                      cleat_name_dns_subdomain(name));
    }
    if (!account && name.n == 0) {
        cleat_invalid(v, "FieldValueInvalid", name_field, "\"\": %s name cannot be empty",
                      cleat_eqc(kind, "User") ? "user" : "group");
    }
    if (!cleat_eqc(group, wanted)) {
        cleat_invalid(v, "FieldValueNotSupported", group_field,
                      "\"%.*s\": supported values: \"%s\"", CLEAT_FMT(group), wanted);
    }
    if (account && !(v->kind->flags & CLEAT_KIND_NAMESPACED) &&
        member(subject, "namespace").n == 0) {
        CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.namespace", at);
        cleat_invalid(v, "FieldValueRequired", field, "%s", "");
    }
}

static void validate_ref(struct cleat_validation *v, struct cleat_val ref) {
    struct cleat_str group = member(ref, "apiGroup"), kind = member(ref, "kind");
    struct cleat_str name = member(ref, "name");
    bool namespaced = (v->kind->flags & CLEAT_KIND_NAMESPACED) != 0;
    if (!cleat_eqc(group, GROUP)) {
        cleat_invalid(v, "FieldValueNotSupported", "roleRef.apiGroup",
                      "\"%.*s\": supported values: \"" GROUP "\"", CLEAT_FMT(group));
    }
    if (!cleat_eqc(kind, "ClusterRole") && !(namespaced && cleat_eqc(kind, "Role"))) {
        cleat_invalid(v, "FieldValueNotSupported", "roleRef.kind",
                      "\"%.*s\": supported values: %s\"ClusterRole\"", CLEAT_FMT(kind),
                      namespaced ? "\"Role\", " : "");
    }
    if (name.n == 0) {
        cleat_invalid(v, "FieldValueRequired", "roleRef.name", "%s", "");
    } else if (cleat_name_path_segment(name) != NULL) {
        cleat_invalid(v, "FieldValueInvalid", "roleRef.name", "\"%.*s\": %s", CLEAT_FMT(name),
                      cleat_name_path_segment(name));
    }
}

void cleat_validate_rolebinding(struct cleat_validation *v, const cleat_obj *o,
                                const cleat_obj *old) {
    struct cleat_iter it = {0};
    struct cleat_val ref = cleat_obj_at(o, CLEAT_PATH("roleRef"));
    struct cleat_val subjects = cleat_obj_at(o, CLEAT_PATH("subjects"));
    validate_ref(v, ref);
    while (cleat_val_next(subjects, &it)) {
        validate_subject(v, it.val, it.index);
    }
    if (old != NULL && !equals(ref, cleat_obj_at(old, CLEAT_PATH("roleRef")))) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(ref);
        cleat_invalid(v, "FieldValueInvalid", "roleRef", "%s: cannot change roleRef", printed);
    }
}
