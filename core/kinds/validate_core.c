/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The basic rules of Pods, Events, ConfigMaps and Secrets: what must
 * be there, what must be unique, what may not change. Pure; any thread.
 */
#include "core/kinds/kinds.h"

static void required(struct cleat_validation *v, const char *field) {
    cleat_invalid(v, "FieldValueRequired", field, "%s", "");
}

/* ---- pods ---- */

static void validate_container(struct cleat_validation *v, struct cleat_val c, const char *at) {
    struct cleat_str name = cleat_val_str(cleat_val_get(c, "name"));
    const char *bad = name.n > 0 ? cleat_name_dns_label(name) : NULL;
    CLEAT_AUTO_FREE char *name_field = cleat_sprintf("%s.name", at);
    if (name.n == 0) {
        required(v, name_field);
    } else if (bad != NULL) {
        cleat_invalid(v, "FieldValueInvalid", name_field, "\"%.*s\": %s", CLEAT_FMT(name), bad);
    }
    if (cleat_val_str(cleat_val_get(c, "image")).n == 0) {
        CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.image", at);
        required(v, field);
    }
    static const char *const lists[] = {"requests", "limits"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.resources.%s", at, lists[i]);
        cleat_validate_quantities(v, cleat_val_at(c, CLEAT_PATH("resources", lists[i])), field);
    }
}

static void validate_unique_name(struct cleat_validation *v, struct cleat_val list, uint32_t i,
                                 const char *field) {
    struct cleat_iter it = {0};
    struct cleat_str name = cleat_val_str(cleat_val_get(cleat_val_elem(list, i), "name"));
    while (cleat_val_next(list, &it) && it.index < i) {
        if (name.n > 0 && cleat_eq(cleat_val_str(cleat_val_get(it.val, "name")), name)) {
            cleat_invalid(v, "FieldValueDuplicate", field, "\"%.*s\"", CLEAT_FMT(name));
            return;
        }
    }
}

static void validate_containers(struct cleat_validation *v, struct cleat_val spec,
                                const char *list) {
    struct cleat_iter it = {0};
    struct cleat_val containers = cleat_val_get(spec, list);
    while (cleat_val_next(containers, &it)) {
        CLEAT_AUTO_FREE char *at = cleat_sprintf("spec.%s[%u]", list, it.index);
        CLEAT_AUTO_FREE char *field = cleat_sprintf("%s.name", at);
        validate_container(v, it.val, at);
        validate_unique_name(v, containers, it.index, field);
    }
}

void cleat_validate_pod(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_str policy = cleat_val_str(cleat_val_get(spec, "restartPolicy"));
    if (old != NULL &&
        cleat_eq(cleat_val_raw(spec), cleat_val_raw(cleat_obj_at(old, CLEAT_PATH("spec"))))) {
        return;
    }
    if (cleat_val_count(cleat_val_get(spec, "containers")) == 0) {
        required(v, "spec.containers");
    }
    validate_containers(v, spec, "containers");
    validate_containers(v, spec, "initContainers");
    if (policy.n > 0 && !cleat_eqc(policy, "Always") && !cleat_eqc(policy, "OnFailure") &&
        !cleat_eqc(policy, "Never")) {
        cleat_invalid(v, "FieldValueNotSupported", "spec.restartPolicy",
                      "\"%.*s\": supported values: \"Always\", \"OnFailure\", \"Never\"",
                      CLEAT_FMT(policy));
    }
}

/* ---- events ---- */

void cleat_validate_event(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_str about =
        cleat_val_str(cleat_obj_at(o, CLEAT_PATH("involvedObject", "namespace")));
    struct cleat_str ns = cleat_obj_ns(o);
    /* About something without a namespace, an event lives in "default". */
    bool fits = about.n == 0 ? cleat_eqc(ns, "default") || cleat_eqc(ns, "kube-system")
                             : cleat_eq(about, ns);
    if (!fits) {
        cleat_invalid(v, "FieldValueInvalid", "involvedObject.namespace",
                      "\"%.*s\": does not match event.namespace", CLEAT_FMT(about));
    }
}

/* ---- config maps and secrets ---- */

static const char *bad_data_key(struct cleat_str key) {
    if (key.n > 253) {
        return "must be no more than 253 characters";
    }
    bool ok = key.n > 0;
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        ok = ok && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '.');
    }
    if (!ok) {
        return "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
               "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
               "'[-._a-zA-Z0-9]+')";
    }
    if (cleat_eqc(key, ".")) {
        return "must not be '.'";
    }
    if (key.n >= 2 && key.p[0] == '.' && key.p[1] == '.') {
        return key.n == 2 ? "must not be '..'" : "must not start with '..'";
    }
    return NULL;
}

static size_t validate_data(struct cleat_validation *v, struct cleat_val data, const char *field) {
    struct cleat_iter it = {0};
    size_t total = 0;
    while (cleat_val_type(data) == CLEAT_OBJECT && cleat_val_next(data, &it)) {
        const char *bad = bad_data_key(it.key);
        total += cleat_val_str(it.val).n;
        if (bad != NULL) {
            CLEAT_AUTO_FREE char *at = cleat_sprintf("%s[%.*s]", field, CLEAT_FMT(it.key));
            cleat_invalid(v, "FieldValueInvalid", at, "\"%.*s\": %s", CLEAT_FMT(it.key), bad);
        }
        if (cleat_val_type(it.val) != CLEAT_STRING) {
            CLEAT_AUTO_FREE char *at = cleat_sprintf("%s[%.*s]", field, CLEAT_FMT(it.key));
            CLEAT_AUTO_FREE char *printed = cleat_validation_print(it.val);
            cleat_invalid(v, "FieldValueTypeInvalid", at, "%s: must be a string", printed);
        }
    }
    return total;
}

enum { DATA_MAX = 1024 * 1024 };

/* immutable: true freezes the data and itself. */
static void validate_frozen(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old,
                            const char *const *members) {
    if (old == NULL || !cleat_val_bool(cleat_obj_at(old, CLEAT_PATH("immutable")), 0)) {
        return;
    }
    if (!cleat_val_bool(cleat_obj_at(o, CLEAT_PATH("immutable")), 0)) {
        cleat_invalid(v, "FieldValueForbidden", "immutable",
                      "field is immutable when `immutable` is set");
    }
    for (; *members != NULL; members++) {
        if (!cleat_val_equal(cleat_obj_at(o, CLEAT_PATH(*members)),
                             cleat_obj_at(old, CLEAT_PATH(*members)))) {
            cleat_invalid(v, "FieldValueForbidden", *members,
                          "field is immutable when `immutable` is set");
        }
    }
}

void cleat_validate_configmap(struct cleat_validation *v, const cleat_obj *o,
                              const cleat_obj *old) {
    static const char *const members[] = {"data", "binaryData", NULL};
    struct cleat_val data = cleat_obj_at(o, CLEAT_PATH("data"));
    struct cleat_val binary = cleat_obj_at(o, CLEAT_PATH("binaryData"));
    size_t total = validate_data(v, data, "data") + validate_data(v, binary, "binaryData");
    struct cleat_iter it = {0};
    while (cleat_val_next(binary, &it)) {
        if (cleat_val_present(cleat_val_get_s(data, it.key))) {
            CLEAT_AUTO_FREE char *at = cleat_sprintf("data[%.*s]", CLEAT_FMT(it.key));
            cleat_invalid(v, "FieldValueInvalid", at,
                          "\"%.*s\": duplicate of key present in binaryData", CLEAT_FMT(it.key));
        }
    }
    if (total > DATA_MAX) {
        cleat_invalid(v, "FieldValueTooLong", "[]", "may not be more than %d bytes", DATA_MAX);
    }
    validate_frozen(v, o, old, members);
}

static bool is_base64(struct cleat_str s) {
    size_t pad = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '+' || c == '/';
        if (c == '=') {
            pad++;
        } else if (!plain || pad > 0) {
            return false;
        }
    }
    return s.n % 4 == 0 && pad <= 2;
}

void cleat_validate_secret(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char *const members[] = {"data", NULL};
    struct cleat_val data = cleat_obj_at(o, CLEAT_PATH("data"));
    struct cleat_iter it = {0};
    if (validate_data(v, data, "data") > DATA_MAX / 3 * 4) {
        cleat_invalid(v, "FieldValueTooLong", "data", "may not be more than %d bytes", DATA_MAX);
    }
    while (cleat_val_next(data, &it)) {
        if (cleat_val_type(it.val) == CLEAT_STRING && !is_base64(cleat_val_str(it.val))) {
            CLEAT_AUTO_FREE char *at = cleat_sprintf("data[%.*s]", CLEAT_FMT(it.key));
            cleat_invalid(v, "FieldValueInvalid", at, "must be base64");
        }
    }
    if (old != NULL) {
        cleat_validate_immutable(v, cleat_obj_at(o, CLEAT_PATH("type")),
                                 cleat_obj_at(old, CLEAT_PATH("type")), "type");
    }
    validate_frozen(v, o, old, members);
}
