/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PersistentVolumes and their claims: what must be there and what may not change. A
 * write of the status alone finds the spec byte for byte as it was. Pure; any thread.
 */
#include "core/kinds/podparts.h"

static const char *const access_modes[] = {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce",
                                           "ReadWriteOncePod", NULL};
static const char *const volume_modes[] = {"Block", "Filesystem", NULL};

static struct cleat_val spec_of(const cleat_obj *o) {
    const struct cleat_val none = {NULL, 0, 0};
    return o != NULL ? cleat_obj_at(o, CLEAT_PATH("spec")) : none;
}

static bool same_spec(const cleat_obj *o, const cleat_obj *old) {
    return old != NULL && cleat_eq(cleat_val_raw(spec_of(o)), cleat_val_raw(spec_of(old)));
}

static void check_modes(struct cleat_check *c, struct cleat_val spec, const char *none) {
    struct cleat_val modes = cleat_val_get(spec, "accessModes");
    struct cleat_iter it = {0};
    bool alone = false;
    if (cleat_val_count(modes) == 0) {
        cleat_check_required(c, "accessModes", none);
    }
    while (cleat_val_next(modes, &it)) {
        alone = alone || cleat_eqc(cleat_val_str(it.val), "ReadWriteOncePod");
        if (!cleat_one_of(cleat_val_str(it.val), access_modes)) {
            cleat_check_unsupported(c, "accessModes", it.val, access_modes);
        }
    }
    if (alone && cleat_val_count(modes) > 1) {
        cleat_check_forbidden(c, "accessModes",
                              "may not use ReadWriteOncePod with other access modes");
    }
}

/* An amount of storage: there, a quantity, more than nothing. */
static void check_amount(struct cleat_check *c, const char *member, struct cleat_val amount) {
    struct cleat_str text = cleat_quantity_of(amount);
    if (cleat_quantity_check(text) != CLEAT_OK || text.n == 0) {
        cleat_check_invalid(c, member, amount,
                            "quantities must match the regular expression "
                            "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    } else if (cleat_quantity_order(text, CLEAT_STR("0")) <= 0) {
        cleat_check_fail(c, member, "FieldValueInvalid", "\"%.*s\": must be greater than zero",
                         CLEAT_FMT(text));
    }
}

/* ---- volumes: exactly one source ---- */

static const char *const sources[] = {"gcePersistentDisk",
                                      "awsElasticBlockStore",
                                      "hostPath",
                                      "glusterfs",
                                      "nfs",
                                      "rbd",
                                      "iscsi",
                                      "cinder",
                                      "cephfs",
                                      "fc",
                                      "flocker",
                                      "flexVolume",
                                      "azureFile",
                                      "vsphereVolume",
                                      "quobyte",
                                      "azureDisk",
                                      "photonPersistentDisk",
                                      "portworxVolume",
                                      "scaleIO",
                                      "local",
                                      "storageos",
                                      "csi",
                                      NULL};

static void check_path(struct cleat_check *c, struct cleat_val of, bool required) {
    struct cleat_val path = cleat_val_get(of, "path");
    struct cleat_str s = cleat_val_str(path);
    if (s.n == 0 && required) {
        cleat_check_required(c, "path", "");
    }
    for (size_t i = 0; i + 2 <= s.n; i++) {
        bool start = i == 0 || s.p[i - 1] == '/';
        if (start && s.p[i] == '.' && s.p[i + 1] == '.' && (i + 2 == s.n || s.p[i + 2] == '/')) {
            cleat_check_invalid(c, "path", path, "must not contain '..'");
            return;
        }
    }
}

static void check_source(struct cleat_check *c, struct cleat_val spec, const char *name) {
    struct cleat_val source = cleat_val_get(spec, name);
    size_t place = cleat_check_in(c, name);
    if (strcmp(name, "hostPath") == 0) {
        check_path(c, source, true);
    } else if (strcmp(name, "local") == 0) {
        check_path(c, source, true);
        cleat_check_up(c, place);
        if (cleat_absent(cleat_val_get(spec, "nodeAffinity"))) {
            cleat_check_required(c, "nodeAffinity", "Local volume requires node affinity");
        }
    } else if (strcmp(name, "nfs") == 0) {
        struct cleat_str path = cleat_str_at(source, "path");
        if (cleat_str_at(source, "server").n == 0) {
            cleat_check_required(c, "server", "");
        }
        if (path.n == 0) {
            cleat_check_required(c, "path", "");
        } else if (path.p[0] != '/') {
            cleat_check_invalid(c, "path", cleat_val_get(source, "path"),
                                "must be an absolute path");
        }
    } else if (strcmp(name, "csi") == 0) {
        cleat_check_named(c, source, "driver", cleat_name_dns_subdomain, true);
        if (cleat_str_at(source, "volumeHandle").n == 0) {
            cleat_check_required(c, "volumeHandle", "");
        }
    }
    cleat_check_up(c, place);
}

static void check_sources(struct cleat_check *c, struct cleat_val spec) {
    bool one = false;
    for (size_t i = 0; sources[i] != NULL; i++) {
        if (cleat_absent(cleat_val_get(spec, sources[i]))) {
            continue;
        }
        if (one) {
            cleat_check_forbidden(c, sources[i], "may not specify more than 1 volume type");
        } else {
            check_source(c, spec, sources[i]);
        }
        one = true;
    }
    if (!one) {
        cleat_check_required(c, NULL, "must specify a volume type");
    }
}

static void check_pv_change(struct cleat_check *c, struct cleat_val spec, struct cleat_val was) {
    bool changed = false;
    for (size_t i = 0; sources[i] != NULL; i++) {
        struct cleat_val a = cleat_val_get(spec, sources[i]), b = cleat_val_get(was, sources[i]);
        changed = changed || (!(cleat_absent(a) && cleat_absent(b)) && !cleat_val_equal(a, b));
    }
    if (changed) {
        cleat_check_forbidden(c, "persistentvolumesource",
                              "spec.persistentvolumesource is immutable after creation");
    }
    cleat_check_same(c, cleat_val_get(spec, "volumeMode"), cleat_val_get(was, "volumeMode"),
                     "volumeMode");
    struct cleat_val affinity = cleat_val_get(was, "nodeAffinity");
    if (!cleat_absent(affinity) &&
        !cleat_val_equal(affinity, cleat_val_get(spec, "nodeAffinity"))) {
        cleat_check_invalid(c, "nodeAffinity", cleat_val_get(spec, "nodeAffinity"),
                            "field is immutable, except for updating from beta label to GA");
    }
}

static void check_volume_affinity(struct cleat_check *c, struct cleat_val affinity) {
    struct cleat_val must = cleat_val_get(affinity, "required");
    if (cleat_absent(affinity)) {
        return;
    }
    size_t place = cleat_check_in(c, "nodeAffinity");
    if (cleat_absent(must)) {
        cleat_check_required(c, "required", "must specify required node constraints");
    } else {
        cleat_check_in(c, "required");
        cleat_check_node_selector(c, must);
    }
    cleat_check_up(c, place);
}

void cleat_validate_pv(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char *const policies[] = {"Delete", "Recycle", "Retain", NULL};
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = spec_of(o), capacity = cleat_val_get(spec, "capacity");
    struct cleat_val storage = cleat_val_get(capacity, "storage");
    if (same_spec(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    check_modes(&c, spec, "");
    if (cleat_val_count(capacity) == 0) {
        cleat_check_required(&c, "capacity", "");
    } else if (cleat_absent(storage) || cleat_val_count(capacity) > 1) {
        static const char *const only[] = {"storage", NULL};
        cleat_check_unsupported(&c, "capacity", capacity, only);
    } else {
        check_amount(&c, "capacity[storage]", storage);
    }
    cleat_check_one_of(&c, spec, "persistentVolumeReclaimPolicy", policies, false);
    check_sources(&c, spec);
    struct cleat_val path = cleat_val_at(spec, CLEAT_PATH("hostPath", "path"));
    if (cleat_eqc(cleat_val_str(path), "/") &&
        cleat_eqc(cleat_str_at(spec, "persistentVolumeReclaimPolicy"), "Recycle")) {
        cleat_check_forbidden(&c, "persistentVolumeReclaimPolicy",
                              "may not be 'recycle' for a hostPath mount of '/'");
    }
    cleat_check_named(&c, spec, "storageClassName", cleat_name_dns_subdomain, false);
    cleat_check_one_of(&c, spec, "volumeMode", volume_modes, false);
    check_volume_affinity(&c, cleat_val_get(spec, "nodeAffinity"));
    if (old != NULL) {
        check_pv_change(&c, spec, spec_of(old));
    }
}

/* ---- claims ---- */

/* Whether anything but what a bound claim may change is another. */
static bool frozen_part_changed(struct cleat_val spec, const cleat_obj *old) {
    struct cleat_val was = spec_of(old);
    static const char *const frozen[] = {"accessModes", "selector",      "volumeMode",
                                         "dataSource",  "dataSourceRef", NULL};
    bool bound =
        cleat_eqc(cleat_val_str(cleat_obj_at(old, CLEAT_PATH("status", "phase"))), "Bound");
    for (size_t i = 0; frozen[i] != NULL; i++) {
        struct cleat_val a = cleat_val_get(spec, frozen[i]), b = cleat_val_get(was, frozen[i]);
        if (!(cleat_absent(a) && cleat_absent(b)) && !cleat_val_equal(a, b)) {
            return true;
        }
    }
    struct cleat_val class = cleat_val_get(was, "storageClassName");
    struct cleat_val resources = cleat_val_get(was, "resources");
    return (cleat_str_at(was, "volumeName").n > 0 &&
            !cleat_eq(cleat_str_at(was, "volumeName"), cleat_str_at(spec, "volumeName"))) ||
           (!cleat_absent(class) &&
            !cleat_val_equal(class, cleat_val_get(spec, "storageClassName"))) ||
           (!bound && !cleat_val_equal(resources, cleat_val_get(spec, "resources")));
}

static void check_pvc_change(struct cleat_check *c, struct cleat_val spec, const cleat_obj *old) {
    struct cleat_val now = cleat_val_at(spec, CLEAT_PATH("resources", "requests", "storage"));
    struct cleat_val was =
        cleat_obj_at(old, CLEAT_PATH("spec", "resources", "requests", "storage"));
    struct cleat_val have = cleat_obj_at(old, CLEAT_PATH("status", "capacity", "storage"));
    if (frozen_part_changed(spec, old)) {
        cleat_check_forbidden(c, NULL,
                              "spec is immutable after creation except resources.requests and "
                              "volumeAttributesClassName for bound claims");
        return;
    }
    struct cleat_str text = cleat_quantity_of(now);
    if (cleat_quantity_order(text, cleat_quantity_of(was)) < 0 &&
        cleat_quantity_order(text, cleat_quantity_of(have)) < 0) {
        cleat_check_forbidden(c, "resources.requests.storage",
                              "field can not be less than status.capacity");
    }
}

void cleat_validate_pvc(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = spec_of(o);
    struct cleat_val storage = cleat_val_at(spec, CLEAT_PATH("resources", "requests", "storage"));
    if (same_spec(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    check_modes(&c, spec, "at least 1 access mode is required");
    cleat_check_selector(&c, spec, "selector");
    if (cleat_absent(storage)) {
        cleat_check_required(&c, "resources[storage]", "");
    } else {
        check_amount(&c, "resources[storage]", storage);
    }
    cleat_check_named(&c, spec, "storageClassName", cleat_name_dns_subdomain, false);
    cleat_check_one_of(&c, spec, "volumeMode", volume_modes, false);
    if (old != NULL) {
        check_pvc_change(&c, spec, old);
    }
}
