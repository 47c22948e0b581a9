/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of Events, ConfigMaps and Secrets: what must be there, what may not
 * change. Pure; any thread.
 */
#include <openssl/evp.h>

#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

/* ---- namespaces ---- */

void cleat_validate_namespace(struct cleat_validation *v, const cleat_obj *o,
                              const cleat_obj *old) {
    static const char *const standard[] = {"kubernetes", "orphan", "foregroundDeletion", NULL};
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("spec", "finalizers"));
    struct cleat_iter it = {0};
    if (old != NULL && cleat_val_equal(list, cleat_obj_at(old, CLEAT_PATH("spec", "finalizers")))) {
        return;
    }
    while (cleat_val_next(list, &it)) {
        struct cleat_str s = cleat_val_str(it.val);
        const char *bad = cleat_name_qualified(s);
        if (bad == NULL && memchr(s.p, '/', s.n) == NULL && !cleat_one_of(s, standard)) {
            bad = "name is neither a standard finalizer name nor is it fully qualified";
        }
        if (bad != NULL) {
            cleat_invalid(v, "FieldValueInvalid", "spec.finalizers", "\"%.*s\": %s", CLEAT_FMT(s),
                          bad);
        }
    }
}

/* ---- events ---- */

/* The member by either of its names: both groups are checked alike. */
static struct cleat_val event_member(const cleat_obj *o, const char *name, const char *other) {
    struct cleat_val v = cleat_val_get(cleat_obj_root(o), name);
    return cleat_val_present(v) ? v : cleat_val_get(cleat_obj_root(o), other);
}

static void validate_event_text(struct cleat_validation *v, struct cleat_str s, const char *field,
                                size_t max, bool required) {
    if (required && s.n == 0) {
        cleat_invalid(v, "FieldValueRequired", field, "%s", "");
    }
    if (s.n > max) {
        cleat_invalid(v, "FieldValueInvalid", field, "\"\": can have at most %zu characters", max);
    }
}

/* What events with an eventTime must have besides. */
static void validate_event_facts(struct cleat_validation *v, const cleat_obj *o) {
    enum { SHORT = 128, NOTE = 1024 };
    struct cleat_str by =
        cleat_val_str(event_member(o, "reportingComponent", "reportingController"));
    struct cleat_val root = cleat_obj_root(o);
    const char *bad = by.n > 0 ? cleat_name_qualified(by) : NULL;
    if (by.n == 0) {
        cleat_invalid(v, "FieldValueRequired", "reportingController", "%s", "");
    } else if (bad != NULL) {
        cleat_invalid(v, "FieldValueInvalid", "reportingController", "\"%.*s\": %s", CLEAT_FMT(by),
                      bad);
    }
    validate_event_text(v, cleat_val_str(cleat_val_get(root, "reportingInstance")),
                        "reportingInstance", SHORT, true);
    validate_event_text(v, cleat_val_str(cleat_val_get(root, "action")), "action", SHORT, true);
    validate_event_text(v, cleat_val_str(cleat_val_get(root, "reason")), "reason", SHORT, true);
    validate_event_text(v, cleat_val_str(event_member(o, "message", "note")), "message", NOTE,
                        false);
}

void cleat_validate_event(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_str about =
        cleat_val_str(cleat_val_get(event_member(o, "involvedObject", "regarding"), "namespace"));
    struct cleat_str ns = cleat_obj_ns(o);
    bool timed = cleat_val_str(cleat_val_get(cleat_obj_root(o), "eventTime")).n > 0;
    /* About something without a namespace, an event lives in "default". */
    bool fits = about.n == 0 ? cleat_eqc(ns, "default") || (timed && cleat_eqc(ns, "kube-system"))
                             : timed || cleat_eq(about, ns);
    if (!fits) {
        cleat_invalid(v, "FieldValueInvalid", "involvedObject.namespace",
                      "\"%.*s\": does not match event.namespace", CLEAT_FMT(about));
    }
    if (timed) {
        validate_event_facts(v, o);
    }
}

/* ---- config maps and secrets ---- */

const char *cleat_bad_data_key(struct cleat_str key) {
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
        const char *bad = cleat_bad_data_key(it.key);
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

/* What a Secret of a type must have; a Secret needs one of `any` where both are set. */
static const struct {
    const char *type, *key, *other;
    bool any, json;
} needed[] = {
    {"kubernetes.io/tls", "tls.crt", "tls.key", false, false},
    {"kubernetes.io/dockercfg", ".dockercfg", NULL, false, true},
    {"kubernetes.io/dockerconfigjson", ".dockerconfigjson", NULL, false, true},
    {"kubernetes.io/ssh-auth", "ssh-privatekey", NULL, false, false},
    {"kubernetes.io/basic-auth", "username", "password", true, false},
};

static void require_key(struct cleat_validation *v, struct cleat_val data, const char *key) {
    if (!cleat_val_present(cleat_val_get(data, key))) {
        CLEAT_AUTO_FREE char *at = cleat_sprintf("data[%s]", key);
        cleat_invalid(v, "FieldValueRequired", at, "%s", "");
    }
}

/* What is said of a value is not what it is. */
static void require_json(struct cleat_validation *v, struct cleat_val data, const char *key) {
    struct cleat_str s = cleat_val_str(cleat_val_get(data, key));
    if (s.n == 0 || !is_base64(s) || s.n > INT32_MAX) {
        return;
    }
    CLEAT_AUTO_FREE unsigned char *text = cleat_alloc(s.n / 4 * 3 + 1);
    CLEAT_AUTO(cleat_obj) *parsed = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    int n = EVP_DecodeBlock(text, (const unsigned char *)s.p, (int)s.n);
    n -= n > 0 ? (s.p[s.n - 1] == '=') + (s.p[s.n - 2] == '=') : 0;
    struct cleat_str json = {(const char *)text, n > 0 ? (size_t)n : 0};
    if (cleat_obj_parse(json, 0, &parsed, &e) != CLEAT_OK) {
        CLEAT_AUTO_FREE char *at = cleat_sprintf("data[%s]", key);
        cleat_invalid(v, "FieldValueInvalid", at, "\"<secret contents redacted>\": %s", e.message);
    }
}

static void validate_secret_type(struct cleat_validation *v, const cleat_obj *o) {
    struct cleat_str type = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("type")));
    struct cleat_val data = cleat_obj_at(o, CLEAT_PATH("data"));
    static const char *const account = "kubernetes.io/service-account.name";
    if (cleat_eqc(type, "kubernetes.io/service-account-token") &&
        cleat_val_str(cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", account))).n == 0) {
        cleat_invalid(v, "FieldValueRequired",
                      "metadata.annotations[kubernetes.io/service-account.name]", "%s", "");
    }
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!cleat_eqc(type, needed[i].type)) {
            continue;
        }
        bool other =
            needed[i].other != NULL && cleat_val_present(cleat_val_get(data, needed[i].other));
        if (needed[i].json) {
            require_json(v, data, needed[i].key);
        }
        if (!needed[i].any || !other) {
            require_key(v, data, needed[i].key);
        }
        if (needed[i].other != NULL &&
            (!needed[i].any || !cleat_val_present(cleat_val_get(data, needed[i].key)))) {
            require_key(v, data, needed[i].other);
        }
    }
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
    validate_secret_type(v, o);
    if (old != NULL) {
        cleat_validate_immutable(v, cleat_obj_at(o, CLEAT_PATH("type")),
                                 cleat_obj_at(old, CLEAT_PATH("type")), "type");
    }
    validate_frozen(v, o, old, members);
}
