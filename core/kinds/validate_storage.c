/* SPDX-License-Identifier: Apache-2.0 */
/* storage.k8s.io: classes, drivers, attachments. Pure; any thread. */
#include "core/kinds/podparts.h"

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

static void check_topology_value(struct cleat_check *c, struct cleat_val x) {
    struct cleat_val values = cleat_val_get(x, "values");
    struct cleat_iter it = {0};
    if (cleat_val_count(values) == 0) {
        cleat_check_required(c, "values", "");
    }
    size_t place = cleat_check_in(c, "values");
    while (cleat_val_next(values, &it)) {
        if (cleat_seen_before(values, &it, NULL)) {
            size_t elem = cleat_check_elem(c, it.index);
            cleat_check_duplicate(c, NULL, it.val);
            cleat_check_up(c, elem);
        }
    }
    cleat_check_up(c, place);
    cleat_check_named(c, x, "key", cleat_name_qualified, true);
}

static void check_topologies(struct cleat_check *c, struct cleat_val root) {
    struct cleat_val list = cleat_val_get(root, "allowedTopologies");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "allowedTopologies");
    while (cleat_val_next(list, &it)) {
        struct cleat_val terms = cleat_val_get(it.val, "matchLabelExpressions");
        struct cleat_iter term = {0};
        size_t elem = cleat_check_elem(c, it.index);
        cleat_check_list(c, it.val, "matchLabelExpressions", check_topology_value);
        size_t at = cleat_check_in(c, "matchLabelExpressions");
        while (cleat_val_next(terms, &term)) {
            if (cleat_seen_before(terms, &term, "key")) {
                size_t one = cleat_check_elem(c, term.index);
                cleat_check_duplicate(c, "key", cleat_val_get(term.val, "key"));
                cleat_check_up(c, one);
            }
        }
        bool twice = cleat_val_count(terms) == 0; /* upstream takes that for a duplicate, too */
        if (twice || cleat_seen_before(list, &it, NULL)) {
            cleat_check_fail(c, NULL, "FieldValueDuplicate", "\"\"");
        }
        cleat_check_up(c, at);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
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
    if (old == NULL) {
        check_topologies(&c, root);
    }
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

/* What of a volume makes no sense where it is not a PersistentVolume. */
static void check_inline(struct cleat_check *c, struct cleat_val spec) {
    static const char why[] = "may not be specified in the context of inline volumes";
    static const char *const lists[] = {"claimRef", "capacity"};
    static const char *const texts[] = {"persistentVolumeReclaimPolicy", "storageClassName"};
    size_t place = cleat_check_in(c, "source");
    cleat_check_in(c, "inlineVolumeSpec");
    for (size_t i = 0; i < 2; i++) {
        if (cleat_val_count(cleat_val_get(spec, lists[i])) > 0) {
            cleat_check_forbidden(c, lists[i], why);
        }
    }
    if (cleat_absent(cleat_val_get(spec, "csi"))) {
        cleat_check_required(c, NULL,
                             "csi volume source is the only supported inline volume source");
    }
    for (size_t i = 0; i < 2; i++) {
        if (cleat_str_at(spec, texts[i]).n > 0) {
            cleat_check_forbidden(c, texts[i], why);
        }
    }
    cleat_check_up(c, place);
}

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
    if (in_line) {
        check_inline(&c, cleat_val_get(source, "inlineVolumeSpec"));
    }
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

static void check_token_requests(struct cleat_check *c, struct cleat_val list) {
    enum { SECONDS_MIN = 600 };
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "tokenRequests");
    while (cleat_val_next(list, &it)) {
        struct cleat_val audience = cleat_val_get(it.val, "audience");
        int64_t seconds = SECONDS_MIN;
        size_t elem = cleat_check_elem(c, it.index);
        cleat_val_int(cleat_val_get(it.val, "expirationSeconds"), &seconds);
        if (cleat_seen_before(list, &it, "audience")) {
            cleat_check_duplicate(c, "audience", audience);
        } else if (seconds < SECONDS_MIN) {
            cleat_check_invalid(c, "expirationSeconds", cleat_val_get(it.val, "expirationSeconds"),
                                "may not specify a duration less than 10 minutes");
        } else if (seconds > INT64_C(1) << 32) {
            cleat_check_invalid(c, "expirationSeconds", cleat_val_get(it.val, "expirationSeconds"),
                                "may not specify a duration larger than 2^32 seconds");
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
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
    cleat_check_in(&c, "spec");
    cleat_check_one_of(&c, spec, "fsGroupPolicy", groups, false);
    check_token_requests(&c, cleat_val_get(spec, "tokenRequests"));
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

/* The labels by which the driver's volumes find nodes, and how many it can attach. */
static void check_node_driver(struct cleat_check *c, struct cleat_val driver) {
    struct cleat_val keys = cleat_val_get(driver, "topologyKeys");
    struct cleat_iter it = {0};
    int64_t count = 0;
    while (cleat_val_next(keys, &it)) {
        const char *bad = cleat_name_qualified(cleat_val_str(it.val));
        if (cleat_val_str(it.val).n == 0) {
            cleat_check_required(c, NULL, "");
        }
        if (cleat_seen_before(keys, &it, NULL)) {
            cleat_check_duplicate(c, "topologyKeys", it.val);
        }
        if (bad != NULL) {
            cleat_check_invalid(c, NULL, it.val, bad);
        }
    }
    if (cleat_val_int(cleat_val_at(driver, CLEAT_PATH("allocatable", "count")), &count) &&
        count < 0) {
        cleat_check_fail(c, "allocatable.count", "FieldValueInvalid",
                         "%lld: must be greater than or equal to 0", (long long)count);
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
        size_t elem = cleat_check_elem(&c, it.index);
        check_driver_name(&c, name, "name");
        if (cleat_seen_before(drivers, &it, "name")) {
            cleat_check_duplicate(&c, "name", name);
        }
        if (cleat_str_at(it.val, "nodeID").n == 0) {
            cleat_check_required(&c, "nodeID", "");
        } else if (cleat_str_at(it.val, "nodeID").n > NODE_ID_MAX) {
            cleat_check_fail(&c, "nodeID", "FieldValueInvalid",
                             "\"%.*s\": must be %d characters or less",
                             CLEAT_FMT(cleat_str_at(it.val, "nodeID")), NODE_ID_MAX);
        }
        check_node_driver(&c, it.val);
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
