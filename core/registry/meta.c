/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metadata: found in one pass over its members, checked for the types that it
 * has upstream, and validated with upstream's words. What is byte for byte as in
 * the old object is not looked at again, so an update of a status pays for a few
 * comparisons only.
 */
#include <stddef.h>
#include "core/base/limits.h"
#include "core/registry/internal.h"

static const struct {
    const char *key;
    uint32_t n, at;
    int32_t type;        /* CLEAT_*; 0 = any */
    const char *go_type; /* in the message where it is another */
} fields[] = {
#define FIELD(key, member, type, go)                                                               \
    { key, sizeof(key) - 1, offsetof(struct cleat_meta, member), type, go }
    FIELD("name", name, CLEAT_STRING, "string"),
    FIELD("generateName", generate_name, CLEAT_STRING, "string"),
    FIELD("namespace", ns, CLEAT_STRING, "string"),
    FIELD("uid", uid, CLEAT_STRING, "types.UID"),
    FIELD("resourceVersion", rv, CLEAT_STRING, "string"),
    FIELD("creationTimestamp", created, CLEAT_STRING, "v1.Time"),
    FIELD("deletionTimestamp", deleted, CLEAT_STRING, "v1.Time"),
    FIELD("deletionGracePeriodSeconds", grace, CLEAT_NUMBER, "int64"),
    FIELD("generation", generation, CLEAT_NUMBER, "int64"),
    FIELD("labels", labels, CLEAT_OBJECT, "map[string]string"),
    FIELD("annotations", annotations, CLEAT_OBJECT, "map[string]string"),
    FIELD("finalizers", finalizers, CLEAT_ARRAY, "[]string"),
    FIELD("ownerReferences", owners, CLEAT_ARRAY, "[]v1.OwnerReference"),
    FIELD("selfLink", self_link, CLEAT_STRING, "string"),
    FIELD("managedFields", managed, CLEAT_ARRAY, "[]v1.ManagedFieldsEntry"),
#undef FIELD
};
enum { N_FIELDS = sizeof fields / sizeof *fields };

static struct cleat_val *field_of(struct cleat_meta *m, size_t i) {
    return (struct cleat_val *)(void *)((char *)m + fields[i].at);
}

void cleat_meta_scan(const cleat_obj *o, struct cleat_meta *m) {
    struct cleat_iter it = {0};
    struct cleat_val meta = cleat_val_get_s(cleat_obj_root(o), CLEAT_STR("metadata"));
    memset(m, 0, sizeof *m);
    while (cleat_val_type(meta) == CLEAT_OBJECT && cleat_val_next(meta, &it)) {
        for (size_t i = 0; i < N_FIELDS; i++) {
            if (it.key.n == fields[i].n && memcmp(it.key.p, fields[i].key, fields[i].n) == 0) {
                *field_of(m, i) = it.val;
                break;
            }
        }
    }
}

/* ---- types ---- */

static const char *json_type(int32_t type) {
    static const char *const names[] = {"null",   "null",  "bool",  "number",
                                        "string", "array", "object"};
    return names[type];
}

static cleat_err wrong_type(const struct cleat_kind *k, const char *field, struct cleat_val v,
                            const char *go_type, struct cleat_error *e) {
    return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                      "%s in version \"%s\" cannot be handled as a %s: json: cannot unmarshal %s "
                      "into Go struct field ObjectMeta.metadata%s%s of type %s",
                      k->kind, k->version, k->kind, json_type(cleat_val_type(v)),
                      field[0] != '\0' ? "." : "", field, go_type);
}

/* Every element is of this type (or null, which decodes to nothing). */
static bool elements_are(struct cleat_val v, int32_t type, struct cleat_val *ret_bad) {
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        int32_t t = cleat_val_type(it.val);
        if (t != type && t != CLEAT_NULL) {
            *ret_bad = it.val;
            return false;
        }
    }
    return true;
}

cleat_err cleat_meta_check_types(const struct cleat_kind *k, const cleat_obj *o,
                                 const struct cleat_meta *m, struct cleat_error *e) {
    struct cleat_val meta = cleat_val_get_s(cleat_obj_root(o), CLEAT_STR("metadata"));
    int32_t type = cleat_val_type(meta);
    if (type != CLEAT_OBJECT && type != CLEAT_ABSENT && type != CLEAT_NULL) {
        return wrong_type(k, "", meta, "v1.ObjectMeta", e);
    }
    for (size_t i = 0; i < N_FIELDS; i++) {
        struct cleat_val v = *field_of((struct cleat_meta *)(uintptr_t)m, i);
        type = cleat_val_type(v);
        if (type != CLEAT_ABSENT && type != CLEAT_NULL && type != fields[i].type) {
            return wrong_type(k, fields[i].key, v, fields[i].go_type, e);
        }
    }
    struct cleat_val bad;
    if (!elements_are(m->labels, CLEAT_STRING, &bad)) {
        return wrong_type(k, "labels", bad, "string", e);
    }
    if (!elements_are(m->annotations, CLEAT_STRING, &bad)) {
        return wrong_type(k, "annotations", bad, "string", e);
    }
    if (!elements_are(m->finalizers, CLEAT_STRING, &bad)) {
        return wrong_type(k, "finalizers", bad, "string", e);
    }
    if (!elements_are(m->owners, CLEAT_OBJECT, &bad)) {
        return wrong_type(k, "ownerReferences", bad, "v1.OwnerReference", e);
    }
    return CLEAT_OK;
}

/* ---- validation ---- */

static void validate_annotations(struct cleat_validation *v, struct cleat_val annotations) {
    struct cleat_iter it = {0};
    size_t total = 0;
    while (cleat_val_next(annotations, &it)) {
        CLEAT_AUTO_FREE char *lower = cleat_strndup(it.key);
        for (char *p = lower; *p != '\0'; p++) {
            *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
        }
        const char *bad = cleat_name_qualified(cleat_s(lower));
        if (bad != NULL) {
            cleat_invalid(v, "FieldValueInvalid", "metadata.annotations", "\"%.*s\": %s",
                          CLEAT_FMT(it.key), bad);
        }
        total += it.key.n + cleat_val_decode(it.val, NULL, 0);
    }
    if (total > CLEAT_LIMIT_ANNOTATIONS) {
        cleat_invalid(v, "FieldValueTooLong", "metadata.annotations",
                      "may not be more than %u bytes", CLEAT_LIMIT_ANNOTATIONS);
    }
}

bool cleat_finalizers_have(struct cleat_val finalizers, const char *name) {
    struct cleat_iter it = {0};
    while (cleat_val_next(finalizers, &it)) {
        if (cleat_eqc(cleat_val_str(it.val), name)) {
            return true;
        }
    }
    return false;
}

static bool standard_finalizer(struct cleat_str s) {
    return cleat_eqc(s, "kubernetes") || cleat_eqc(s, "orphan") ||
           cleat_eqc(s, "foregroundDeletion");
}

static void validate_finalizers(struct cleat_validation *v, struct cleat_val finalizers) {
    struct cleat_iter it = {0};
    while (cleat_val_next(finalizers, &it)) {
        struct cleat_str s = cleat_val_str(it.val);
        const char *bad = cleat_name_qualified(s);
        if (bad == NULL && (v->kind->flags & CLEAT_KIND_CUSTOM) == 0 && !standard_finalizer(s) &&
            memchr(s.p, '/', s.n) == NULL) {
            bad = "name is neither a standard finalizer name nor is it fully qualified";
        }
        if (bad != NULL) {
            CLEAT_AUTO_FREE char *field = cleat_sprintf("metadata.finalizers[%u]", it.index);
            cleat_invalid(v, "FieldValueInvalid", field, "\"%.*s\": %s", CLEAT_FMT(s), bad);
        }
    }
    if (cleat_finalizers_have(finalizers, "orphan") &&
        cleat_finalizers_have(finalizers, "foregroundDeletion")) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(finalizers);
        cleat_invalid(v, "FieldValueInvalid", "metadata.finalizers",
                      "%s: finalizer orphan and foregroundDeletion cannot be both set", printed);
    }
}

/* No finalizer may come while the object is on its way out. */
static void validate_no_new_finalizers(struct cleat_validation *v, struct cleat_val now,
                                       struct cleat_val was) {
    struct cleat_iter it = {0};
    CLEAT_AUTO_BUF added = {0};
    while (cleat_val_next(now, &it)) {
        CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_val_str(it.val));
        if (!cleat_finalizers_have(was, name)) {
            cleat_buf_printf(&added, "%s\"%s\"", added.n > 0 ? ", " : "", name);
        }
    }
    if (added.n > 0) {
        cleat_invalid(v, "FieldValueForbidden", "metadata.finalizers",
                      "no new finalizers can be added if the object is being deleted, found new "
                      "finalizers []string{%s}",
                      added.p);
    }
}

static void validate_owner(struct cleat_validation *v, struct cleat_val owner) {
    static const char *const field = "metadata.ownerReferences";
    static const char *const required[] = {"kind", "name", "uid"};
    struct cleat_str api = cleat_val_str(cleat_val_get(owner, "apiVersion"));
    const char *slash = api.n > 0 ? memchr(api.p, '/', api.n) : NULL;
    if (api.n == 0 || (slash != NULL && slash + 1 == api.p + api.n)) {
        cleat_invalid(v, "FieldValueInvalid", "metadata.ownerReferences.apiVersion",
                      "\"%.*s\": version must not be empty", CLEAT_FMT(api));
    }
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (cleat_val_str(cleat_val_get(owner, required[i])).n == 0) {
            CLEAT_AUTO_FREE char *path = cleat_sprintf("%s.%s", field, required[i]);
            cleat_invalid(v, "FieldValueInvalid", path, "\"\": must not be empty");
        }
    }
    if (cleat_eqc(api, "v1") && cleat_eqc(cleat_val_str(cleat_val_get(owner, "kind")), "Event")) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(owner);
        cleat_invalid(v, "FieldValueInvalid", field,
                      "%s: /v1, Kind=Event is disallowed from being an owner", printed);
    }
}

static void validate_owners(struct cleat_validation *v, struct cleat_val owners) {
    struct cleat_iter it = {0};
    struct cleat_str controller = {NULL, 0};
    bool have = false;
    while (cleat_val_next(owners, &it)) {
        validate_owner(v, it.val);
        if (!cleat_val_bool(cleat_val_get(it.val, "controller"), 0)) {
            continue;
        }
        struct cleat_str name = cleat_val_str(cleat_val_get(it.val, "name"));
        if (have) {
            CLEAT_AUTO_FREE char *printed = cleat_validation_print(owners);
            cleat_invalid(v, "FieldValueInvalid", "metadata.ownerReferences",
                          "%s: Only one reference can have Controller set to true. Found \"true\" "
                          "in references for %.*s and %.*s",
                          printed, CLEAT_FMT(controller), CLEAT_FMT(name));
        }
        controller = name;
        have = true;
    }
}

static bool same(struct cleat_val a, struct cleat_val b) {
    return cleat_eq(cleat_val_raw(a), cleat_val_raw(b));
}

/* A prefix may end in a dash, for something follows it. */
static void validate_generate_name(struct cleat_validation *v, struct cleat_str prefix) {
    CLEAT_AUTO_FREE char *masked = cleat_strndup(prefix);
    if (prefix.n > 1 && masked[prefix.n - 1] == '-') {
        masked[prefix.n - 1] = 'a';
    }
    struct cleat_str name = cleat_s(masked);
    const char *bad =
        v->kind->check_name != NULL ? v->kind->check_name(name) : cleat_name_dns_subdomain(name);
    if (prefix.n > 0 && bad != NULL) {
        cleat_invalid(v, "FieldValueInvalid", "metadata.generateName", "\"%.*s\": %s",
                      CLEAT_FMT(prefix), bad);
    }
}

static void validate_name(struct cleat_validation *v, const struct cleat_meta *m) {
    struct cleat_str name = cleat_val_str(m->name);
    validate_generate_name(v, cleat_val_str(m->generate_name));
    if (name.n == 0) {
        cleat_invalid(v, "FieldValueRequired", "metadata.name", "name or generateName is required");
        return;
    }
    const char *bad =
        v->kind->check_name != NULL ? v->kind->check_name(name) : cleat_name_dns_subdomain(name);
    if (bad != NULL) {
        cleat_invalid(v, "FieldValueInvalid", "metadata.name", "\"%.*s\": %s", CLEAT_FMT(name),
                      bad);
    }
}

void cleat_meta_validate(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_meta m, was;
    cleat_meta_scan(o, &m);
    if (old != NULL) {
        cleat_meta_scan(old, &was);
        cleat_validate_immutable(v, m.uid, was.uid, "metadata.uid");
        if (cleat_val_present(was.deleted)) {
            validate_no_new_finalizers(v, m.finalizers, was.finalizers);
        }
    } else {
        memset(&was, 0, sizeof was);
        validate_name(v, &m);
    }
    if (!same(m.labels, was.labels)) {
        cleat_validate_labels(v, m.labels, "metadata.labels");
    }
    if (!same(m.annotations, was.annotations)) {
        validate_annotations(v, m.annotations);
    }
    if (!same(m.finalizers, was.finalizers)) {
        validate_finalizers(v, m.finalizers);
    }
    if (!same(m.owners, was.owners)) {
        validate_owners(v, m.owners);
    }
}

/* ---- comparisons ---- */

static bool same_member(struct cleat_str key, struct cleat_val a, struct cleat_val b) {
    return cleat_eqc(key, "managedFields") ? cleat_managed_same(a, b) : cleat_val_equal(a, b);
}

/* a's members but resourceVersion are in b and the same; *n counts them. */
static bool members_in(struct cleat_val a, struct cleat_val b, size_t *n) {
    struct cleat_iter it = {0};
    while (cleat_val_next(a, &it)) {
        if (cleat_eqc(it.key, "resourceVersion")) {
            continue;
        }
        ++*n;
        struct cleat_val other = cleat_val_get_s(b, it.key);
        if (!cleat_val_present(other) || !same_member(it.key, it.val, other)) {
            return false;
        }
    }
    return true;
}

static size_t count_relevant(struct cleat_val v) {
    return cleat_val_count(v) - cleat_val_present(cleat_val_get(v, "resourceVersion"));
}

bool cleat_same_content(const cleat_obj *a, const cleat_obj *b) {
    struct cleat_str x = cleat_obj_bytes(a), y = cleat_obj_bytes(b);
    struct cleat_val root = cleat_obj_root(a), other = cleat_obj_root(b);
    struct cleat_iter it = {0};
    size_t n = 0;
    if (x.n == y.n && memcmp(x.p, y.p, x.n) == 0) {
        return true;
    }
    if (cleat_val_count(root) != cleat_val_count(other)) {
        return false;
    }
    struct cleat_val meta = {NULL, 0, 0};
    while (cleat_val_next(root, &it)) {
        if (cleat_eqc(it.key, "metadata")) {
            meta = it.val;
        } else if (!cleat_val_equal(it.val, cleat_val_get_s(other, it.key))) {
            return false;
        }
    }
    struct cleat_val other_meta = cleat_val_get(other, "metadata");
    return members_in(meta, other_meta, &n) && n == count_relevant(other_meta);
}

bool cleat_is_terminating(const cleat_obj *o) {
    return cleat_val_type(cleat_obj_at(o, CLEAT_PATH("metadata", "deletionTimestamp"))) ==
           CLEAT_STRING;
}
