/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What variables and volumes of a pod refer to: fields of the pod, resources of its
 * containers, keys of other objects, paths below a mount. Pure; any thread.
 */
#include "core/kinds/podparts.h"

void cleat_check_list(struct cleat_check *c, struct cleat_val of, const char *member,
                      void (*fn)(struct cleat_check *c, struct cleat_val v)) {
    struct cleat_val v = cleat_val_get(of, member);
    struct cleat_iter it = {0};
    size_t list = cleat_check_in(c, member);
    while (cleat_val_type(v) == CLEAT_ARRAY && cleat_val_next(v, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        fn(c, it.val);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

void cleat_check_range(struct cleat_check *c, struct cleat_val of, const char *member,
                       int64_t least, int64_t most) {
    int64_t n = 0;
    if (cleat_val_int(cleat_val_get(of, member), &n) && (n < least || n > most)) {
        cleat_check_fail(c, member, "FieldValueInvalid",
                         "%lld: must be between %lld and %lld, inclusive", (long long)n,
                         (long long)least, (long long)most);
    }
}

/* ---- paths ---- */

static bool has_backstep(struct cleat_str s) {
    for (size_t i = 0; i + 2 <= s.n; i++) {
        bool start = i == 0 || s.p[i - 1] == '/';
        if (start && s.p[i] == '.' && s.p[i + 1] == '.' && (i + 2 == s.n || s.p[i + 2] == '/')) {
            return true;
        }
    }
    return false;
}

void cleat_check_no_backsteps(struct cleat_check *c, struct cleat_val of, const char *member) {
    struct cleat_val v = cleat_val_get(of, member);
    if (has_backstep(cleat_val_str(v))) {
        cleat_check_invalid(c, member, v, "must not contain '..'");
    }
}

void cleat_check_local_path(struct cleat_check *c, struct cleat_val of, const char *member,
                            bool reserved) {
    struct cleat_val v = cleat_val_get(of, member);
    struct cleat_str s = cleat_val_str(v);
    if (s.n > 0 && s.p[0] == '/') {
        cleat_check_invalid(c, member, v, "must be a relative path");
    }
    cleat_check_no_backsteps(c, of, member);
    if (reserved && s.n > 2 && s.p[0] == '.' && s.p[1] == '.' && s.p[2] != '/') {
        cleat_check_invalid(c, member, v, "must not start with '..'");
    }
}

void cleat_check_file_mode(struct cleat_check *c, struct cleat_val of, const char *member) {
    int64_t n = 0;
    if (cleat_val_int(cleat_val_get(of, member), &n) && (n < 0 || n > 0777)) {
        cleat_check_fail(c, member, "FieldValueInvalid",
                         "%lld: must be a number between 0 and 0777 (octal), both inclusive",
                         (long long)n);
    }
}

void cleat_check_key_to_path(struct cleat_check *c, struct cleat_val v) {
    static const char *const members[] = {"key", "path"};
    for (size_t i = 0; i < 2; i++) {
        if (cleat_str_at(v, members[i]).n == 0) {
            cleat_check_required(c, members[i], "");
        }
    }
    cleat_check_local_path(c, v, "path", true);
    cleat_check_file_mode(c, v, "mode");
}

/* ---- fields of the pod ---- */

static const char *const env_fields[] = {"metadata.name",
                                         "metadata.namespace",
                                         "metadata.uid",
                                         "spec.nodeName",
                                         "spec.serviceAccountName",
                                         "status.hostIP",
                                         "status.hostIPs",
                                         "status.podIP",
                                         "status.podIPs",
                                         NULL};
static const char *const volume_fields[] = {"metadata.annotations", "metadata.labels",
                                            "metadata.name",        "metadata.namespace",
                                            "metadata.uid",         NULL};
/* What the pod's version knows at all, beyond the above. */
static const char *const other_fields[] = {
    "metadata.annotations", "metadata.labels", "spec.host", "spec.restartPolicy",
    "spec.schedulerName",   "status.phase",    NULL};

/* path['key']: cuts path to its first part. */
static bool cut_subscript(struct cleat_str *path, struct cleat_str *key) {
    const char *open = path->n > 0 ? memchr(path->p, '[', path->n) : NULL;
    if (open == NULL || path->n < 4 || path->p[path->n - 1] != ']') {
        return false;
    }
    size_t start = (size_t)(open - path->p);
    if (path->n - start < 4 || open[1] != '\'' || path->p[path->n - 2] != '\'') {
        return false;
    }
    *key = (struct cleat_str){open + 2, path->n - start - 4};
    path->n = start;
    return true;
}

static void check_subscript(struct cleat_check *c, struct cleat_str path, struct cleat_str key) {
    if (!cleat_eqc(path, "metadata.annotations") && !cleat_eqc(path, "metadata.labels")) {
        cleat_check_fail(c, NULL, "FieldValueInvalid", "\"%.*s\": does not support subscript",
                         CLEAT_FMT(path));
        return;
    }
    const char *bad = cleat_name_qualified(key);
    if (bad != NULL) {
        cleat_check_fail(c, NULL, "FieldValueInvalid", "\"%.*s\": %s", CLEAT_FMT(key), bad);
    }
}

void cleat_check_field_ref(struct cleat_check *c, struct cleat_val v, bool volume) {
    const char *const *fields = volume ? volume_fields : env_fields;
    struct cleat_val path = cleat_val_get(v, "fieldPath");
    struct cleat_str s = cleat_val_str(path), version = cleat_str_at(v, "apiVersion"), key;
    if (version.n == 0 || s.n == 0) {
        cleat_check_required(c, version.n == 0 ? "apiVersion" : "fieldPath", "");
    } else if (!cleat_eqc(version, "v1")) {
        cleat_check_fail(c, "fieldPath", "FieldValueInvalid",
                         "\"%.*s\": error converting fieldPath: unsupported pod version: %.*s",
                         CLEAT_FMT(s), CLEAT_FMT(version));
    } else if (cut_subscript(&s, &key)) {
        check_subscript(c, s, key);
    } else if (!cleat_one_of(s, env_fields) && !cleat_one_of(s, other_fields)) {
        cleat_check_fail(c, "fieldPath", "FieldValueInvalid",
                         "\"%.*s\": error converting fieldPath: field label not supported: %.*s",
                         CLEAT_FMT(s), CLEAT_FMT(s));
    } else if (!cleat_one_of(s, fields) && (volume || !cleat_eqc(s, "spec.host"))) {
        cleat_check_unsupported(c, "fieldPath", path, fields);
    }
}

/* ---- resources of a container ---- */

static bool begins(struct cleat_str s, const char *with) {
    size_t n = strlen(with);
    return s.n >= n && memcmp(s.p, with, n) == 0;
}

static bool ends(struct cleat_str s, const char *with) {
    size_t n = strlen(with);
    return s.n >= n && memcmp(s.p + s.n - n, with, n) == 0;
}

static void check_divisor(struct cleat_check *c, struct cleat_val v, struct cleat_str resource) {
    static const char *const cpu[] = {"1m", "1", NULL};
    static const char *const bytes[] = {"1",   "1k",  "1M",  "1G",  "1T",  "1P",  "1E",
                                        "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei", NULL};
    struct cleat_str divisor = cleat_quantity_of(cleat_val_get(v, "divisor"));
    bool is_cpu = ends(resource, ".cpu");
    if (divisor.n == 0 || cleat_quantity_order(divisor, CLEAT_STR("0")) == 0 ||
        cleat_one_of(divisor, is_cpu ? cpu : bytes)) {
        return;
    }
    if (is_cpu) {
        cleat_check_fail(c, "divisor", "FieldValueInvalid",
                         "\"%.*s\": only divisor's values 1m and 1 are supported with the cpu "
                         "resource",
                         CLEAT_FMT(resource));
        return;
    }
    const char *what = ends(resource, ".memory")              ? "memory resource"
                       : ends(resource, ".ephemeral-storage") ? "local ephemeral storage resource"
                                                              : "hugepages resource";
    cleat_check_fail(c, "divisor", "FieldValueInvalid",
                     "\"%.*s\": only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, "
                     "1Ti, 1Pi, 1Ei are supported with the %s",
                     CLEAT_FMT(resource), what);
}

void cleat_check_resource_ref(struct cleat_check *c, struct cleat_val v, bool volume) {
    static const char *const resources[] = {"limits.cpu",
                                            "limits.ephemeral-storage",
                                            "limits.memory",
                                            "requests.cpu",
                                            "requests.ephemeral-storage",
                                            "requests.memory",
                                            NULL};
    struct cleat_val resource = cleat_val_get(v, "resource");
    struct cleat_str s = cleat_val_str(resource);
    if (volume && cleat_str_at(v, "containerName").n == 0) {
        cleat_check_required(c, "containerName", "");
    } else if (s.n == 0) {
        cleat_check_required(c, "resource", "");
    } else if (!cleat_one_of(s, resources) && !begins(s, "requests.hugepages-") &&
               !begins(s, "limits.hugepages-")) {
        cleat_check_unsupported(c, "resource", resource, resources);
    }
    check_divisor(c, v, s);
}

/* ---- keys of other objects ---- */

void cleat_check_key_ref(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val name = cleat_val_get(v, "name"), key = cleat_val_get(v, "key");
    const char *bad = cleat_name_dns_subdomain(cleat_val_str(name));
    if (bad != NULL) {
        cleat_check_invalid(c, "name", name, bad);
    }
    if (cleat_val_str(key).n == 0) {
        cleat_check_required(c, "key", "");
        return;
    }
    bad = cleat_bad_data_key(cleat_val_str(key));
    if (bad != NULL) {
        cleat_check_invalid(c, "key", key, bad);
    }
}
