/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a container gets from elsewhere: variables, mounts, devices
 * (pkg/apis/core/validation). Pure; any thread.
 */
#include "core/kinds/podparts.h"

/* ---- variables ---- */

static const char *bad_variable(struct cleat_str s) {
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < 0x20 || s.p[i] > 0x7e || s.p[i] == '=') {
            return "a valid environment variable name must consist only of printable ASCII "
                   "characters other than '='";
        }
    }
    return NULL;
}

static void check_source(struct cleat_check *c, struct cleat_val from, const char *member,
                         size_t *n) {
    struct cleat_val v = cleat_val_get(from, member);
    if (cleat_absent(v)) {
        return;
    }
    size_t place = cleat_check_in(c, member);
    (*n)++;
    if (strcmp(member, "fieldRef") == 0) {
        cleat_check_field_ref(c, v, false);
    } else if (strcmp(member, "resourceFieldRef") == 0) {
        cleat_check_resource_ref(c, v, false);
    } else {
        cleat_check_key_ref(c, v);
    }
    cleat_check_up(c, place);
}

static void check_variable(struct cleat_check *c, struct cleat_val v) {
    static const char *const sources[] = {"fieldRef", "resourceFieldRef", "configMapKeyRef",
                                          "secretKeyRef"};
    struct cleat_val from = cleat_val_get(v, "valueFrom");
    size_t n = 0;
    cleat_check_named(c, v, "name", bad_variable, true);
    if (cleat_absent(from)) {
        return;
    }
    size_t place = cleat_check_in(c, "valueFrom");
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        check_source(c, from, sources[i], &n);
    }
    const char *why = n == 0 ? "must specify one of: `fieldRef`, `resourceFieldRef`, "
                               "`configMapKeyRef` or `secretKeyRef`"
                      : cleat_str_at(v, "value").n > 0
                          ? "may not be specified when `value` is not empty"
                      : n > 1 ? "may not have more than one field specified at a time"
                              : NULL;
    if (why != NULL) {
        cleat_check_fail(c, NULL, "FieldValueInvalid", "\"\": %s", why);
    }
    cleat_check_up(c, place);
}

static void check_variables(struct cleat_check *c, struct cleat_val v) {
    static const char *const sources[] = {"configMapRef", "secretRef"};
    size_t n = 0;
    cleat_check_named(c, v, "prefix", bad_variable, false);
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val source = cleat_val_get(v, sources[i]);
        if (!cleat_absent(source)) {
            size_t place = cleat_check_in(c, sources[i]);
            cleat_check_named(c, source, "name", cleat_name_dns_subdomain, true);
            cleat_check_up(c, place);
            n++;
        }
    }
    if (n != 1) {
        cleat_check_fail(c, NULL, "FieldValueInvalid", "\"\": %s",
                         n == 0 ? "must specify one of: `configMapRef` or `secretRef`"
                                : "may not have more than one field specified at a time");
    }
}

void cleat_check_env(struct cleat_check *c, struct cleat_val container) {
    cleat_check_list(c, container, "env", check_variable);
    cleat_check_list(c, container, "envFrom", check_variables);
}

/* ---- mounts and devices ---- */

bool cleat_check_is_first(struct cleat_val list, uint32_t index, const char *member,
                          struct cleat_str value) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it) && it.index < index) {
        if (cleat_eq(cleat_str_at(it.val, member), value)) {
            return false;
        }
    }
    return true;
}

static bool has(struct cleat_val list, const char *member, struct cleat_str value) {
    return !cleat_check_is_first(list, UINT32_MAX, member, value);
}

static struct cleat_val volume_of(struct cleat_val volumes, struct cleat_str name) {
    struct cleat_iter it = {0};
    while (cleat_val_next(volumes, &it)) {
        if (cleat_eq(cleat_str_at(it.val, "name"), name)) {
            return it.val;
        }
    }
    return (struct cleat_val){NULL, 0, 0};
}

/* subPath and the like; upstream names the list for most of them. */
static void check_mount_options(struct cleat_check *c, struct cleat_val container,
                                struct cleat_val mount, size_t list) {
    static const char *const modes[] = {"Bidirectional", "HostToContainer", "None", NULL};
    static const char *const read_only[] = {"Disabled", "Enabled", "IfPossible", NULL};
    struct cleat_val expr = cleat_val_get(mount, "subPathExpr");
    struct cleat_str mode = cleat_str_at(mount, "mountPropagation");
    struct cleat_str recursive = cleat_str_at(mount, "recursiveReadOnly");
    if (cleat_val_str(expr).n > 0 && cleat_str_at(mount, "subPath").n > 0) {
        cleat_check_invalid(c, "subPathExpr", expr,
                            "subPathExpr and subPath are mutually exclusive");
    }
    cleat_check_up(c, list);
    cleat_check_local_path(c, mount, "subPath", false);
    cleat_check_local_path(c, mount, "subPathExpr", false);
    cleat_check_one_of(c, mount, "mountPropagation", modes, false);
    bool privileged =
        cleat_val_bool(cleat_val_at(container, CLEAT_PATH("securityContext", "privileged")), 0);
    if (cleat_eqc(mode, "Bidirectional") && !privileged) {
        cleat_check_forbidden(
            c, "mountPropagation",
            "Bidirectional mount propagation is available only to privileged containers");
    }
    cleat_check_one_of(c, mount, "recursiveReadOnly", read_only, false);
    if (recursive.n == 0 || cleat_eqc(recursive, "Disabled")) {
        return;
    }
    if (!cleat_val_bool(cleat_val_get(mount, "readOnly"), 0)) {
        cleat_check_forbidden(c, "recursiveReadOnly",
                              "may only be specified when readOnly is true");
    }
    if (mode.n > 0 && !cleat_eqc(mode, "None")) {
        cleat_check_forbidden(
            c, "recursiveReadOnly",
            "may only be specified when mountPropagation is None or not specified");
    }
}

static void check_mounts(struct cleat_check *c, struct cleat_val spec, struct cleat_val container) {
    struct cleat_val mounts = cleat_val_get(container, "volumeMounts");
    struct cleat_val devices = cleat_val_get(container, "volumeDevices");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "volumeMounts"), list = c->path.n;
    while (cleat_val_next(mounts, &it)) {
        cleat_check_elem(c, it.index);
        struct cleat_val name = cleat_val_get(it.val, "name");
        struct cleat_val path = cleat_val_get(it.val, "mountPath");
        struct cleat_str s = cleat_val_str(name), p = cleat_val_str(path);
        if (s.n == 0) {
            cleat_check_required(c, "name", "");
        }
        if (!has(cleat_val_get(spec, "volumes"), "name", s)) {
            cleat_check_fail(c, "name", "FieldValueNotFound", "\"%.*s\"", CLEAT_FMT(s));
        }
        if (p.n == 0) {
            cleat_check_required(c, "mountPath", "");
        }
        if (!cleat_check_is_first(mounts, it.index, "mountPath", p)) {
            cleat_check_invalid(c, "mountPath", path, "must be unique");
        }
        if (has(devices, "name", s)) {
            cleat_check_invalid(c, "name", name, "must not already exist in volumeDevices");
        }
        if (has(devices, "devicePath", p)) {
            cleat_check_invalid(c, "mountPath", path,
                                "must not already exist as a path in volumeDevices");
        }
        check_mount_options(c, container, it.val, list);
        cleat_check_up(c, list);
    }
    cleat_check_up(c, place);
}

static void check_devices(struct cleat_check *c, struct cleat_val spec,
                          struct cleat_val container) {
    struct cleat_val devices = cleat_val_get(container, "volumeDevices");
    struct cleat_val mounts = cleat_val_get(container, "volumeMounts");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "volumeDevices");
    while (cleat_val_next(devices, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_val name = cleat_val_get(it.val, "name");
        struct cleat_val path = cleat_val_get(it.val, "devicePath");
        struct cleat_str s = cleat_val_str(name), p = cleat_val_str(path);
        struct cleat_val volume = volume_of(cleat_val_get(spec, "volumes"), s);
        if (s.n == 0) {
            cleat_check_required(c, "name", "");
        } else if (!cleat_check_is_first(devices, it.index, "name", s)) {
            cleat_check_invalid(c, "name", name, "must be unique");
        }
        if (!cleat_val_present(volume)) {
            cleat_check_fail(c, "name", "FieldValueNotFound", "\"%.*s\"", CLEAT_FMT(s));
        } else if (cleat_absent(cleat_val_get(volume, "persistentVolumeClaim")) &&
                   cleat_absent(cleat_val_get(volume, "ephemeral"))) {
            cleat_check_invalid(c, "name", name,
                                "can only use volume source type of PersistentVolumeClaim or "
                                "Ephemeral for block mode");
        }
        if (p.n == 0) {
            cleat_check_required(c, "devicePath", "");
        } else if (!cleat_check_is_first(devices, it.index, "devicePath", p)) {
            cleat_check_invalid(c, "devicePath", path, "must be unique");
        }
        if (has(mounts, "name", s)) {
            cleat_check_invalid(c, "name", name, "must not already exist in volumeMounts");
        }
        if (has(mounts, "mountPath", p)) {
            cleat_check_invalid(c, "devicePath", path,
                                "must not already exist as a path in volumeMounts");
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

void cleat_check_mounts(struct cleat_check *c, struct cleat_val spec, struct cleat_val container) {
    check_mounts(c, spec, container);
    check_devices(c, spec, container);
}
