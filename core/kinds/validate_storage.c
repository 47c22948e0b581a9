/* SPDX-License-Identifier: Apache-2.0 */
/* storage.k8s.io: classes, drivers, attachments. Pure; any thread. */
#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

enum {
    PARAMETERS_MAX = 512,
    PARAMETERS_BYTES_MAX = 256 * 1024,
    NODE_ID_MAX = 192,
    DRIVER_MAX = 63
};

static struct cleat_val old_at(const cleat_obj *old, cleat_path path) {
    const struct cleat_val none = {NULL, 0, 0};
    return old != NULL ? cleat_obj_at(old, path) : none;
}

static bool differ(struct cleat_val a, struct cleat_val b) {
    return !(cleat_absent(a) && cleat_absent(b)) && !cleat_val_equal(a, b);
}

/* ---- classes ---- */

static void check_parameters(struct cleat_check *c, struct cleat_val parameters) {
    struct cleat_iter it = {0};
    size_t total = 0;
    if (cleat_val_count(parameters) > PARAMETERS_MAX) {
        cleat_check_fail(c, "parameters", "FieldValueTooLong", "must have at most %d parameters",
                         PARAMETERS_MAX);
        return;
    }
    while (cleat_val_type(parameters) == CLEAT_OBJECT && cleat_val_next(parameters, &it)) {
        total += it.key.n + cleat_val_str(it.val).n;
        if (it.key.n == 0) {
            cleat_check_fail(c, "parameters", "FieldValueInvalid", "\"\": field can not be empty.");
        }
    }
    if (total > PARAMETERS_BYTES_MAX) {
        cleat_check_fail(c, "parameters", "FieldValueTooLong", "may not be more than %d bytes",
                         PARAMETERS_BYTES_MAX);
    }
}

void cleat_validate_storageclass(struct cleat_validation *v, const cleat_obj *o,
                                 const cleat_obj *old) {
    static const char *const policies[] = {"Delete", "Retain", NULL};
    static const char *const bindings[] = {"Immediate", "WaitForFirstConsumer", NULL};
    static const char *const frozen[] = {"parameters", "provisioner", "reclaimPolicy", NULL};
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val root = cleat_obj_root(o);
    cleat_check_named(&c, root, "provisioner", cleat_name_qualified, true);
    check_parameters(&c, cleat_val_get(root, "parameters"));
    cleat_check_one_of(&c, root, "reclaimPolicy", policies, false);
    cleat_check_one_of(&c, root, "volumeBindingMode", bindings, true);
    for (size_t i = 0; old != NULL && frozen[i] != NULL; i++) {
        if (differ(cleat_val_get(root, frozen[i]), old_at(old, CLEAT_PATH(frozen[i])))) {
            CLEAT_AUTO_FREE char *why = cleat_sprintf("updates to %s are forbidden.", frozen[i]);
            cleat_check_forbidden(&c, frozen[i], why);
        }
    }
    if (old != NULL) {
        cleat_check_same(&c, cleat_val_get(root, "volumeBindingMode"),
                         old_at(old, CLEAT_PATH("volumeBindingMode")), "volumeBindingMode");
    }
}

void cleat_validate_attributesclass(struct cleat_validation *v, const cleat_obj *o,
                                    const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val root = cleat_obj_root(o), parameters = cleat_val_get(root, "parameters");
    cleat_check_named(&c, root, "driverName", cleat_name_qualified, true);
    if (cleat_val_count(parameters) == 0) {
        cleat_check_required(&c, "parameters", "must contain at least one key/value pair");
    }
    check_parameters(&c, parameters);
    if (old == NULL) {
        return;
    }
    static const char *const frozen[] = {"driverName", "parameters"};
    for (size_t i = 0; i < sizeof frozen / sizeof *frozen; i++) {
        if (differ(cleat_val_get(root, frozen[i]), old_at(old, CLEAT_PATH(frozen[i])))) {
            CLEAT_AUTO_FREE char *why = cleat_sprintf("updates to %s are forbidden.", frozen[i]);
            cleat_check_forbidden(&c, frozen[i], why);
        }
    }
}

/* ---- attachments ---- */

void cleat_validate_attachment(struct cleat_validation *v, const cleat_obj *o,
                               const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val source = cleat_val_get(spec, "source");
    bool by_name = cleat_str_at(source, "persistentVolumeName").n > 0;
    bool in_line = !cleat_absent(cleat_val_get(source, "inlineVolumeSpec"));
    if (old != NULL) {
        cleat_check_same(&c, spec, old_at(old, CLEAT_PATH("spec")), "spec");
        return;
    }
    cleat_check_in(&c, "spec");
    cleat_check_named(&c, spec, "attacher", cleat_name_dns_subdomain, true);
    if (!by_name && !in_line) {
        cleat_check_required(&c, "source",
                             "must specify exactly one of inlineVolumeSpec and "
                             "persistentVolumeName");
    } else if (by_name && in_line) {
        cleat_check_forbidden(&c, "source",
                              "must specify exactly one of inlineVolumeSpec and "
                              "persistentVolumeName");
    }
    cleat_check_named(&c, spec, "nodeName", cleat_name_dns_subdomain, true);
}

/* ---- CSI ---- */

static void check_driver_name(struct cleat_check *c, struct cleat_val name, const char *member) {
    struct cleat_str s = cleat_val_str(name);
    const char *bad = cleat_name_dns_subdomain(s);
    if (s.n == 0) {
        cleat_check_required(c, member, "");
    } else if (s.n > DRIVER_MAX) {
        cleat_check_fail(c, member, "FieldValueTooLong", "may not be more than %d bytes",
                         DRIVER_MAX);
    } else if (bad != NULL) {
        cleat_check_invalid(c, member, name, bad);
    }
}

void cleat_validate_csidriver(struct cleat_validation *v, const cleat_obj *o,
                              const cleat_obj *old) {
    static const char *const groups[] = {"File", "None", "ReadWriteOnceWithFSType", NULL};
    static const char *const modes[] = {"Ephemeral", "Persistent", NULL};
    static const char *const frozen[] = {"attachRequired", "volumeLifecycleModes"};
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val list = cleat_val_get(spec, "volumeLifecycleModes");
    struct cleat_iter it = {0};
    if (old == NULL) {
        check_driver_name(&c, cleat_obj_at(o, CLEAT_PATH("metadata", "name")), "metadata.name");
    }
    cleat_check_in(&c, "spec");
    cleat_check_one_of(&c, spec, "fsGroupPolicy", groups, false);
    while (cleat_val_next(list, &it)) {
        if (!cleat_one_of(cleat_val_str(it.val), modes)) {
            cleat_check_unsupported(&c, "volumeLifecycleModes", it.val, modes);
        }
    }
    for (size_t i = 0; old != NULL && i < sizeof frozen / sizeof *frozen; i++) {
        cleat_check_same(&c, cleat_val_get(spec, frozen[i]),
                         old_at(old, CLEAT_PATH("spec", frozen[i])), frozen[i]);
    }
}

void cleat_validate_csinode(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val drivers = cleat_obj_at(o, CLEAT_PATH("spec", "drivers"));
    struct cleat_iter it = {0};
    cleat_check_in(&c, "spec");
    cleat_check_in(&c, "drivers");
    while (cleat_val_next(drivers, &it)) {
        struct cleat_val name = cleat_val_get(it.val, "name");
        struct cleat_iter before = {0};
        size_t elem = cleat_check_elem(&c, it.index);
        check_driver_name(&c, name, "name");
        while (cleat_val_next(drivers, &before) && before.index < it.index) {
            if (cleat_eq(cleat_str_at(before.val, "name"), cleat_val_str(name))) {
                cleat_check_duplicate(&c, "name", name);
                break;
            }
        }
        if (cleat_str_at(it.val, "nodeID").n == 0) {
            cleat_check_required(&c, "nodeID", "");
        } else if (cleat_str_at(it.val, "nodeID").n > NODE_ID_MAX) {
            cleat_check_fail(&c, "nodeID", "FieldValueInvalid",
                             "\"%.*s\": must be %d characters or less",
                             CLEAT_FMT(cleat_str_at(it.val, "nodeID")), NODE_ID_MAX);
        }
        cleat_check_up(&c, elem);
    }
}

void cleat_validate_csicapacity(struct cleat_validation *v, const cleat_obj *o,
                                const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val root = cleat_obj_root(o), capacity = cleat_val_get(root, "capacity");
    cleat_check_named(&c, root, "storageClassName", cleat_name_dns_subdomain, true);
    cleat_check_selector(&c, root, "nodeTopology");
    if (!cleat_absent(capacity) &&
        cleat_quantity_order(cleat_quantity_of(capacity), CLEAT_STR("0")) < 0) {
        cleat_check_invalid(&c, "capacity", capacity, "must be greater than or equal to 0");
    }
    if (old != NULL) {
        static const char *const frozen[] = {"nodeTopology", "storageClassName"};
        for (size_t i = 0; i < sizeof frozen / sizeof *frozen; i++) {
            cleat_check_same(&c, cleat_val_get(root, frozen[i]), old_at(old, CLEAT_PATH(frozen[i])),
                             frozen[i]);
        }
    }
}
