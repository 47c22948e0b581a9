/* SPDX-License-Identifier: Apache-2.0 */
/* Quotas, limit ranges, priority and runtime classes. Pure; any thread. */
#include "core/kinds/podparts.h"

static struct cleat_val old_at(const cleat_obj *old, cleat_path path) {
    const struct cleat_val none = {NULL, 0, 0};
    return old != NULL ? cleat_obj_at(old, path) : none;
}

/* ---- quotas ---- */

static const char *const quota_resources[] = {"cpu",
                                              "memory",
                                              "ephemeral-storage",
                                              "requests.cpu",
                                              "requests.memory",
                                              "requests.storage",
                                              "requests.ephemeral-storage",
                                              "limits.cpu",
                                              "limits.memory",
                                              "limits.ephemeral-storage",
                                              "pods",
                                              "resourcequotas",
                                              "services",
                                              "replicationcontrollers",
                                              "secrets",
                                              "persistentvolumeclaims",
                                              "configmaps",
                                              "services.nodeports",
                                              "services.loadbalancers",
                                              NULL};
static const char *const counted[] = {"pods",
                                      "resourcequotas",
                                      "services",
                                      "replicationcontrollers",
                                      "secrets",
                                      "configmaps",
                                      "services.nodeports",
                                      "services.loadbalancers",
                                      "persistentvolumeclaims",
                                      NULL};

static bool is_whole(struct cleat_str s) {
    /* What is left of a number of things that is no fraction has no m, u or n, and no point. */
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == 'm' || s.p[i] == 'u' || s.p[i] == 'n') {
            return false;
        }
        if (s.p[i] == '.') {
            for (size_t j = i + 1; j < s.n && s.p[j] >= '0' && s.p[j] <= '9'; j++) {
                if (s.p[j] != '0') {
                    return false;
                }
            }
        }
    }
    return true;
}

static void check_hard(struct cleat_check *c, struct cleat_val hard, const char *member) {
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, member);
    cleat_validate_quantities(c->v, hard, c->path.p);
    while (cleat_val_type(hard) == CLEAT_OBJECT && cleat_val_next(hard, &it)) {
        size_t elem = cleat_check_key(c, it.key);
        const char *bad = cleat_name_qualified(it.key);
        bool count = it.key.n > 6 && memcmp(it.key.p, "count/", 6) == 0;
        if (bad != NULL) {
            cleat_check_fail(c, NULL, "FieldValueInvalid", "\"%.*s\": %s", CLEAT_FMT(it.key), bad);
        } else if (memchr(it.key.p, '/', it.key.n) == NULL &&
                   !cleat_one_of(it.key, quota_resources)) {
            cleat_check_fail(c, NULL, "FieldValueInvalid",
                             "\"%.*s\": must be a standard resource for quota", CLEAT_FMT(it.key));
        } else if ((count || cleat_one_of(it.key, counted)) &&
                   !is_whole(cleat_quantity_of(it.val))) {
            cleat_check_fail(c, NULL, "FieldValueInvalid", "\"%.*s\": must be an integer",
                             CLEAT_FMT(cleat_quantity_of(it.val)));
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static const char *const scopes[] = {"Terminating",
                                     "NotTerminating",
                                     "BestEffort",
                                     "NotBestEffort",
                                     "PriorityClass",
                                     "CrossNamespacePodAffinity",
                                     "VolumeAttributesClass",
                                     NULL};

/* Whether what is counted has anything to do with the scope. */
static bool scope_fits(struct cleat_str scope, struct cleat_str resource) {
    static const char *const computed[] = {
        "cpu",          "memory",          "limits.cpu", "limits.memory",
        "requests.cpu", "requests.memory", "pods",       NULL};
    static const char *const stored[] = {"persistentvolumeclaims", "requests.storage", NULL};
    if (!cleat_one_of(resource, quota_resources) || !cleat_one_of(scope, scopes)) {
        return true;
    }
    return cleat_eqc(scope, "BestEffort")              ? cleat_eqc(resource, "pods")
           : cleat_eqc(scope, "VolumeAttributesClass") ? cleat_one_of(resource, stored)
                                                       : cleat_one_of(resource, computed);
}

/* One scope, named by a list or by an expression; whole: the value that is printed. */
static void check_scope(struct cleat_check *c, struct cleat_val hard, struct cleat_val scope,
                        const char *member, const char *of, struct cleat_val whole) {
    struct cleat_iter it = {0};
    if (!cleat_one_of(cleat_val_str(scope), scopes)) {
        cleat_check_invalid(c, member != NULL ? member : of, member != NULL ? scope : whole,
                            "unsupported scope");
    }
    while (cleat_val_type(hard) == CLEAT_OBJECT && cleat_val_next(hard, &it)) {
        if (!scope_fits(cleat_val_str(scope), it.key)) {
            cleat_check_invalid(c, of, whole, "unsupported scope applied to resource");
        }
    }
}

static void check_conflicts(struct cleat_check *c, unsigned named, const char *member,
                            struct cleat_val whole) {
    if ((named & 3U) == 3U || (named & 12U) == 12U) {
        cleat_check_invalid(c, member, whole, "conflicting scopes");
    }
}

static unsigned scope_bit(struct cleat_val scope) {
    for (unsigned i = 0; scopes[i] != NULL; i++) {
        if (cleat_eqc(cleat_val_str(scope), scopes[i])) {
            return 1U << i;
        }
    }
    return 0;
}

static void check_scopes(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val list = cleat_val_get(spec, "scopes");
    struct cleat_iter it = {0};
    unsigned named = 0;
    while (cleat_val_next(list, &it)) {
        check_scope(c, cleat_val_get(spec, "hard"), it.val, NULL, "scopes", list);
        named |= scope_bit(it.val);
    }
    check_conflicts(c, named, "scopes", list);
}

static void check_scope_expression(struct cleat_check *c, struct cleat_val x) {
    static const char *const valued[] = {"PriorityClass", "VolumeAttributesClass", NULL};
    struct cleat_val op = cleat_val_get(x, "operator"), values = cleat_val_get(x, "values");
    struct cleat_str s = cleat_val_str(op), scope = cleat_str_at(x, "scopeName");
    bool exists = cleat_eqc(s, "Exists");
    if (cleat_one_of(scope, scopes) && !cleat_one_of(scope, valued) && !exists) {
        cleat_check_invalid(c, "operator", op,
                            "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
                            "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, "
                            "ResourceQuotaScopeNotBestEffort or "
                            "ResourceQuotaScopeCrossNamespacePodAffinity");
    }
    if (cleat_eqc(s, "In") || cleat_eqc(s, "NotIn")) {
        if (cleat_val_count(values) == 0) {
            cleat_check_required(c, "values",
                                 "must be at least one value when `operator` is 'In' or 'NotIn' "
                                 "for scope selector");
        }
    } else if (!exists && !cleat_eqc(s, "DoesNotExist")) {
        cleat_check_invalid(c, "operator", op, "not a valid selector operator");
    } else if (cleat_val_count(values) != 0) {
        cleat_check_invalid(c, "values", values,
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for "
                            "scope selector");
    }
}

static void check_scope_selector(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val selector = cleat_val_get(spec, "scopeSelector");
    struct cleat_val list = cleat_val_get(selector, "matchExpressions");
    struct cleat_iter it = {0};
    unsigned named = 0;
    size_t place = cleat_check_in(c, "scopeSelector");
    cleat_check_in(c, "matchExpressions"); /* upstream gives no index */
    while (cleat_val_next(list, &it)) {
        struct cleat_val scope = cleat_val_get(it.val, "scopeName");
        check_scope(c, cleat_val_get(spec, "hard"), scope, "scopeName", NULL, selector);
        check_scope_expression(c, it.val);
        named |= scope_bit(scope);
    }
    check_conflicts(c, named, NULL, selector);
    cleat_check_up(c, place);
}

void cleat_validate_quota(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val status = cleat_obj_at(o, CLEAT_PATH("status"));
    size_t place = cleat_check_in(&c, "spec");
    check_hard(&c, cleat_val_get(spec, "hard"), "hard");
    check_scopes(&c, spec);
    check_scope_selector(&c, spec);
    if (old != NULL) {
        cleat_check_same(&c, cleat_val_get(spec, "scopes"),
                         old_at(old, CLEAT_PATH("spec", "scopes")), "scopes");
    }
    cleat_check_up(&c, place);
    cleat_check_in(&c, "status");
    check_hard(&c, cleat_val_get(status, "hard"), "hard");
    check_hard(&c, cleat_val_get(status, "used"), "used");
}

/* ---- limit ranges ---- */

/* Where both say something of one resource, the first may not be more than the second. */
static void check_order(struct cleat_check *c, struct cleat_val item, const char *small,
                        const char *big, const char *at, const char *fmt_small,
                        const char *fmt_big) {
    struct cleat_iter it = {0};
    struct cleat_val a = cleat_val_get(item, small), b = cleat_val_get(item, big);
    size_t place = cleat_check_in(c, at);
    while (cleat_val_type(a) == CLEAT_OBJECT && cleat_val_next(a, &it)) {
        struct cleat_val other = cleat_val_get_s(b, it.key);
        struct cleat_str x = cleat_quantity_of(it.val), y = cleat_quantity_of(other);
        if (cleat_absent(other) || cleat_quantity_order(x, y) <= 0) {
            continue;
        }
        size_t elem = cleat_check_key(c, it.key);
        cleat_check_fail(c, NULL, "FieldValueInvalid",
                         "\"%.*s\": %s value %.*s is greater than %s value %.*s", CLEAT_FMT(x),
                         fmt_small, CLEAT_FMT(x), fmt_big, CLEAT_FMT(y));
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static void check_item(struct cleat_check *c, struct cleat_val item) {
    static const char *const maps[] = {"max", "min", "default", "defaultRequest",
                                       "maxLimitRequestRatio"};
    struct cleat_str type = cleat_str_at(item, "type");
    bool pods = cleat_eqc(type, "Pod") || cleat_eqc(type, "Container");
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        struct cleat_val map = cleat_val_get(item, maps[i]);
        struct cleat_iter it = {0};
        size_t place = cleat_check_in(c, maps[i]);
        cleat_validate_quantities(c->v, map, c->path.p);
        while (cleat_val_type(map) == CLEAT_OBJECT && cleat_val_next(map, &it)) {
            size_t key = cleat_check_key(c, it.key);
            cleat_check_resource_name(c, it.key, pods);
            cleat_check_up(c, key);
        }
        cleat_check_up(c, place);
    }
    if (cleat_eqc(type, "Pod")) {
        for (size_t i = 2; i < 4; i++) {
            if (cleat_val_count(cleat_val_get(item, maps[i])) > 0) {
                cleat_check_forbidden(c, maps[i], "may not be specified when `type` is 'Pod'");
            }
        }
    }
    if (cleat_eqc(type, "PersistentVolumeClaim") &&
        cleat_absent(cleat_val_at(item, CLEAT_PATH("min", "storage"))) &&
        cleat_absent(cleat_val_at(item, CLEAT_PATH("max", "storage")))) {
        cleat_check_required(c, "limits",
                             "either minimum or maximum storage value is required, but neither was "
                             "provided");
    }
    check_order(c, item, "min", "max", "min", "min", "max");
    check_order(c, item, "min", "defaultRequest", "defaultRequest", "min", "default request");
    check_order(c, item, "defaultRequest", "max", "defaultRequest", "default request", "max");
    check_order(c, item, "defaultRequest", "default", "defaultRequest", "default request",
                "default limit");
    check_order(c, item, "min", "default", "default", "min", "default");
    check_order(c, item, "default", "max", "default", "default", "max");
    struct cleat_iter it = {0};
    struct cleat_val ratios = cleat_val_get(item, "maxLimitRequestRatio");
    while (cleat_val_type(ratios) == CLEAT_OBJECT && cleat_val_next(ratios, &it)) {
        struct cleat_str ratio = cleat_quantity_of(it.val);
        if (cleat_quantity_order(ratio, CLEAT_STR("1")) < 0) {
            CLEAT_AUTO_FREE char *at =
                cleat_sprintf("maxLimitRequestRatio[%.*s]", CLEAT_FMT(it.key));
            cleat_check_fail(c, at, "FieldValueInvalid", "\"%.*s\": ratio %.*s is less than 1",
                             CLEAT_FMT(ratio), CLEAT_FMT(ratio));
        }
    }
}

void cleat_validate_limitrange(struct cleat_validation *v, const cleat_obj *o,
                               const cleat_obj *old) {
    static const char *const types[] = {"Container", "PersistentVolumeClaim", "Pod", NULL};
    (void)old;
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val limits = cleat_obj_at(o, CLEAT_PATH("spec", "limits"));
    struct cleat_iter it = {0};
    cleat_check_in(&c, "spec");
    cleat_check_in(&c, "limits");
    while (cleat_val_next(limits, &it)) {
        struct cleat_val type = cleat_val_get(it.val, "type");
        size_t elem = cleat_check_elem(&c, it.index);
        if (cleat_val_str(type).n == 0) {
            cleat_check_required(&c, "type", "");
        } else if (!cleat_one_of(cleat_val_str(type), types) &&
                   memchr(cleat_val_str(type).p, '/', cleat_val_str(type).n) == NULL) {
            cleat_check_invalid(&c, "type", type,
                                "must be a standard limit type or fully qualified");
        }
        if (cleat_seen_before(limits, &it, "type")) {
            cleat_check_duplicate(&c, "type", type);
        }
        check_item(&c, it.val);
        cleat_check_up(&c, elem);
    }
}

/* ---- priority classes ---- */

enum { USER_PRIORITY_MAX = 1000000000 };
static const struct {
    const char *name;
    int64_t value;
} system_classes[] = {{"system-cluster-critical", 2000000000},
                      {"system-node-critical", 2000001000}};

static void check_system_class(struct cleat_check *c, struct cleat_str name, int64_t value,
                               bool global) {
    static const char *const reserved =
        "priority class names with 'system-' prefix are reserved for system use only. error: ";
    CLEAT_AUTO_FREE char *why = NULL;
    for (size_t i = 0; i < sizeof system_classes / sizeof *system_classes; i++) {
        if (!cleat_eqc(name, system_classes[i].name)) {
            continue;
        }
        if (value != system_classes[i].value) {
            why = cleat_sprintf("%svalue of %.*s PriorityClass must be %lld", reserved,
                                CLEAT_FMT(name), (long long)system_classes[i].value);
        } else if (global) {
            why = cleat_sprintf("%sglobalDefault of %.*s PriorityClass must be false", reserved,
                                CLEAT_FMT(name));
        }
        if (why != NULL) {
            cleat_check_forbidden(c, "metadata.name", why);
        }
        return;
    }
    why = cleat_sprintf("%s%.*s is not a known system priority class", reserved, CLEAT_FMT(name));
    cleat_check_forbidden(c, "metadata.name", why);
}

void cleat_validate_priorityclass(struct cleat_validation *v, const cleat_obj *o,
                                  const cleat_obj *old) {
    static const char *const policies[] = {"Never", "PreemptLowerPriority", NULL};
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val root = cleat_obj_root(o);
    struct cleat_str name = cleat_obj_name(o);
    int64_t value = 0, was = 0;
    cleat_val_int(cleat_val_get(root, "value"), &value);
    cleat_val_int(old_at(old, CLEAT_PATH("value")), &was);
    if (old != NULL) {
        if (value != was) {
            cleat_check_forbidden(&c, "value", "may not be changed in an update.");
        }
        cleat_check_same(&c, cleat_val_get(root, "preemptionPolicy"),
                         old_at(old, CLEAT_PATH("preemptionPolicy")), "preemptionPolicy");
        return;
    }
    if (name.n > 7 && memcmp(name.p, "system-", 7) == 0) {
        check_system_class(&c, name, value,
                           cleat_val_bool(cleat_val_get(root, "globalDefault"), 0));
    } else if (value > USER_PRIORITY_MAX) {
        cleat_check_forbidden(&c, "value",
                              "maximum allowed value of a user defined priority is 1000000000");
    }
    cleat_check_one_of(&c, root, "preemptionPolicy", policies, false);
}

/* ---- runtime classes ---- */

/* The place is said twice where a toleration itself is wrong, as upstream says it. */
static void check_class_tolerations(struct cleat_check *c, struct cleat_val scheduling) {
    struct cleat_val list = cleat_val_get(scheduling, "tolerations");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "scheduling.tolerations");
    cleat_check_tolerations(c, scheduling);
    while (cleat_val_next(list, &it)) {
        if (cleat_seen_before(list, &it, NULL)) {
            size_t elem = cleat_check_elem(c, it.index);
            cleat_check_duplicate(c, NULL, it.val);
            cleat_check_up(c, elem);
        }
    }
    cleat_check_up(c, place);
}

void cleat_validate_runtimeclass(struct cleat_validation *v, const cleat_obj *o,
                                 const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val root = cleat_obj_root(o);
    struct cleat_val fixed = cleat_val_at(root, CLEAT_PATH("overhead", "podFixed"));
    struct cleat_val handler = cleat_val_get(root, "handler");
    const char *bad = cleat_name_dns_label(cleat_val_str(handler));
    if (old != NULL) {
        cleat_check_same(&c, handler, old_at(old, CLEAT_PATH("handler")), "handler");
    } else if (bad != NULL) {
        cleat_check_invalid(&c, "handler", handler, bad);
    }
    cleat_validate_quantities(v, fixed, "overhead.podFixed");
    cleat_validate_labels(v, cleat_val_at(root, CLEAT_PATH("scheduling", "nodeSelector")),
                          "scheduling.nodeSelector");
    check_class_tolerations(&c, cleat_val_get(root, "scheduling"));
}
