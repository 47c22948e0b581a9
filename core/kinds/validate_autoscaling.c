/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The groups autoscaling and policy: autoscalers with their metrics and their
 * behavior, and disruption budgets, with upstream's messages
 * (pkg/apis/{autoscaling,policy}/validation). Pure; any thread.
 */
#include "core/kinds/workload.h"

enum { PERIOD_MAX = 1800, WINDOW_MAX = 3600 };

/* ---- metrics ---- */

static void check_reference(struct cleat_check *c, struct cleat_val of, const char *member) {
    size_t place = cleat_check_in(c, member);
    struct cleat_val ref = cleat_val_get(of, member);
    cleat_check_named(c, ref, "kind", cleat_name_path_segment, true);
    cleat_check_named(c, ref, "name", cleat_name_path_segment, true);
    cleat_check_up(c, place);
}

static void check_identifier(struct cleat_check *c, struct cleat_val source) {
    size_t place = cleat_check_in(c, "metric");
    struct cleat_val metric = cleat_val_get(source, "metric");
    if (cleat_str_at(metric, "name").n == 0) {
        cleat_check_required(c, "name", "must specify a metric name");
    } else {
        cleat_check_named(c, metric, "name", cleat_name_path_segment, true);
    }
    cleat_check_up(c, place);
}

static void check_positive(struct cleat_check *c, struct cleat_val of, const char *member) {
    struct cleat_val v = cleat_val_get(of, member);
    if (!cleat_absent(v) && cleat_quantity_order(cleat_quantity_of(v), CLEAT_STR("0")) <= 0) {
        cleat_check_invalid(c, member, v, "must be positive");
    }
}

/* The member `target` of a metric's source, at which the check is. */
static void check_target(struct cleat_check *c, struct cleat_val source) {
    static const char *const types[] = {"Utilization", "Value", "AverageValue", NULL};
    struct cleat_val target = cleat_val_get(source, "target"), type = cleat_val_get(target, "type");
    int64_t n = 1;
    size_t place = cleat_check_in(c, "target");
    if (cleat_val_str(type).n == 0) {
        cleat_check_required(c, "type", "must specify a metric target type");
    }
    if (!cleat_one_of(cleat_val_str(type), types)) {
        cleat_check_invalid(c, "type", type, "must be either Utilization, Value, or AverageValue");
    }
    check_positive(c, target, "value");
    check_positive(c, target, "averageValue");
    cleat_val_int(cleat_val_get(target, "averageUtilization"), &n);
    if (n < 1) {
        cleat_check_invalid(c, "averageUtilization", cleat_val_get(target, "averageUtilization"),
                            "must be greater than 0");
    }
    cleat_check_up(c, place);
}

/* Which of a target's members are to be set: one or both of `a` and `b`, or (b NULL) a. */
static void check_amounts(struct cleat_check *c, struct cleat_val source, const char *a,
                          const char *b, const char *missing, const char *both, const char *which) {
    struct cleat_val target = cleat_val_get(source, "target");
    bool has_a = !cleat_absent(cleat_val_get(target, a));
    bool has_b = b != NULL && !cleat_absent(cleat_val_get(target, b));
    size_t place = cleat_check_in(c, "target");
    if (!has_a && !has_b) {
        cleat_check_required(c, a, missing);
    } else if (has_a && has_b && both != NULL) {
        cleat_check_forbidden(c, which, both);
    }
    cleat_check_up(c, place);
}

static void check_object(struct cleat_check *c, struct cleat_val source) {
    check_reference(c, source, "describedObject");
    check_identifier(c, source);
    check_target(c, source);
    check_amounts(c, source, "averageValue", "value",
                  "must set either a target value or averageValue", NULL, NULL);
}

static void check_external(struct cleat_check *c, struct cleat_val source) {
    check_identifier(c, source);
    check_target(c, source);
    check_amounts(c, source, "averageValue", "value",
                  "must set either a target value for metric or a per-pod target",
                  "may not set both a target value for metric and a per-pod target", "value");
}

static void check_pods(struct cleat_check *c, struct cleat_val source) {
    check_identifier(c, source);
    check_target(c, source);
    check_amounts(c, source, "averageValue", NULL, "must specify a positive target averageValue",
                  NULL, NULL);
}

static void check_usage(struct cleat_check *c, struct cleat_val source) {
    check_target(c, source);
    check_amounts(c, source, "averageUtilization", "averageValue",
                  "must set either a target raw value or a target utilization",
                  "may not set both a target raw value and a target utilization", "averageValue");
}

static void check_resource(struct cleat_check *c, struct cleat_val source) {
    if (cleat_str_at(source, "name").n == 0) {
        cleat_check_required(c, "name", "must specify a resource name");
    }
    check_usage(c, source);
}

static void check_container_resource(struct cleat_check *c, struct cleat_val source) {
    if (cleat_str_at(source, "name").n == 0) {
        cleat_check_required(c, "name", "must specify a resource name");
    }
    if (cleat_str_at(source, "container").n == 0) {
        cleat_check_required(c, "container", "must specify a container");
    } else {
        cleat_check_named(c, source, "container", cleat_name_dns_label, true);
    }
    check_usage(c, source);
}

static void check_metric(struct cleat_check *c, struct cleat_val metric) {
    static const char *const types[] = {"ContainerResource", "External", "Object", "Pods",
                                        "Resource",          NULL};
    static const struct {
        const char *type, *member;
        void (*check)(struct cleat_check *c, struct cleat_val source);
    } sources[] = {{"Object", "object", check_object},
                   {"External", "external", check_external},
                   {"Pods", "pods", check_pods},
                   {"Resource", "resource", check_resource},
                   {"ContainerResource", "containerResource", check_container_resource}};
    struct cleat_val type = cleat_val_get(metric, "type");
    size_t found = 0;
    if (cleat_val_str(type).n == 0) {
        cleat_check_required(c, "type", "must specify a metric source type");
    }
    if (!cleat_one_of(cleat_val_str(type), types)) {
        cleat_check_unsupported(c, "type", type, types);
    }
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct cleat_val source = cleat_val_get(metric, sources[i].member);
        if (!cleat_absent(source) && found++ == 0) {
            size_t place = cleat_check_in(c, sources[i].member);
            sources[i].check(c, source);
            cleat_check_up(c, place);
        }
    }
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        bool there = !cleat_absent(cleat_val_get(metric, sources[i].member));
        bool wanted = cleat_eqc(cleat_val_str(type), sources[i].type);
        if (wanted && !there) {
            cleat_check_required(c, sources[i].member,
                                 "must populate information for the given metric source");
        } else if (there && !wanted && found != 1) {
            cleat_check_forbidden(c, sources[i].member,
                                  "must populate the given metric source only");
        }
    }
}

static void check_metrics(struct cleat_check *c, struct cleat_val spec, int64_t min) {
    struct cleat_val metrics = cleat_val_get(spec, "metrics");
    struct cleat_iter it = {0};
    bool measured = false;
    size_t place = cleat_check_in(c, "metrics");
    while (cleat_val_next(metrics, &it)) {
        struct cleat_str type = cleat_str_at(it.val, "type");
        size_t elem = cleat_check_elem(c, it.index);
        check_metric(c, it.val);
        cleat_check_up(c, elem);
        measured = measured || cleat_eqc(type, "Object") || cleat_eqc(type, "External");
    }
    if (min == 0 && !measured) {
        cleat_check_forbidden(c, NULL,
                              "must specify at least one Object or External metric to support "
                              "scaling to zero replicas");
    }
    cleat_check_up(c, place);
}

/* ---- behavior ---- */

static void check_scaling_policy(struct cleat_check *c, struct cleat_val policy) {
    static const char *const types[] = {"Percent", "Pods", NULL};
    struct cleat_val type = cleat_val_get(policy, "type");
    int64_t value = 0, period = 0;
    cleat_val_int(cleat_val_get(policy, "value"), &value);
    cleat_val_int(cleat_val_get(policy, "periodSeconds"), &period);
    if (!cleat_one_of(cleat_val_str(type), types)) {
        cleat_check_unsupported(c, "type", type, types);
    }
    if (value <= 0) {
        cleat_check_fail(c, "value", "FieldValueInvalid", "%lld: must be greater than zero",
                         (long long)value);
    }
    if (period <= 0) {
        cleat_check_fail(c, "periodSeconds", "FieldValueInvalid", "%lld: must be greater than zero",
                         (long long)period);
    } else if (period > PERIOD_MAX) {
        cleat_check_fail(c, "periodSeconds", "FieldValueInvalid",
                         "%lld: must be less than or equal to %d", (long long)period, PERIOD_MAX);
    }
}

static void check_scaling(struct cleat_check *c, struct cleat_val behavior, const char *member) {
    static const char *const selects[] = {"Disabled", "Max", "Min", NULL};
    struct cleat_val rules = cleat_val_get(behavior, member);
    struct cleat_val policies = cleat_val_get(rules, "policies");
    struct cleat_val tolerance = cleat_val_get(rules, "tolerance");
    struct cleat_iter it = {0};
    int64_t window = 0;
    if (cleat_absent(rules)) {
        return;
    }
    size_t place = cleat_check_in(c, member);
    cleat_val_int(cleat_val_get(rules, "stabilizationWindowSeconds"), &window);
    if (window < 0) {
        cleat_check_fail(c, "stabilizationWindowSeconds", "FieldValueInvalid",
                         "%lld: must be greater than or equal to zero", (long long)window);
    } else if (window > WINDOW_MAX) {
        cleat_check_fail(c, "stabilizationWindowSeconds", "FieldValueInvalid",
                         "%lld: must be less than or equal to %d", (long long)window, WINDOW_MAX);
    }
    cleat_check_one_of(c, rules, "selectPolicy", selects, false);
    if (cleat_val_count(policies) == 0) {
        cleat_check_required(c, "policies", "must specify at least one Policy");
    }
    size_t list = cleat_check_in(c, "policies");
    while (cleat_val_next(policies, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        check_scaling_policy(c, it.val);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
    if (!cleat_absent(tolerance) &&
        cleat_quantity_order(cleat_quantity_of(tolerance), CLEAT_STR("0")) < 0) {
        cleat_check_invalid(c, "tolerance", tolerance, "must be greater than or equal to 0");
    }
    cleat_check_up(c, place);
}

void cleat_validate_hpa(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val spec = cleat_spec_of(o), behavior = cleat_val_get(spec, "behavior");
    int64_t min = 1, max = 0;
    CLEAT_AUTO_CHECK c = {.v = v};
    if (cleat_spec_unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    cleat_val_int(cleat_val_get(spec, "minReplicas"), &min);
    cleat_val_int(cleat_val_get(spec, "maxReplicas"), &max);
    if (min < 1) {
        cleat_check_fail(&c, "minReplicas", "FieldValueInvalid",
                         "%lld: must be greater than or equal to 1", (long long)min);
    }
    if (max < 1) {
        cleat_check_fail(&c, "maxReplicas", "FieldValueInvalid", "%lld: must be greater than 0",
                         (long long)max);
    }
    if (max < min) {
        cleat_check_fail(&c, "maxReplicas", "FieldValueInvalid",
                         "%lld: must be greater than or equal to `minReplicas`", (long long)max);
    }
    check_reference(&c, spec, "scaleTargetRef");
    check_metrics(&c, spec, min);
    size_t place = cleat_check_in(&c, "behavior");
    check_scaling(&c, behavior, "scaleUp");
    check_scaling(&c, behavior, "scaleDown");
    cleat_check_up(&c, place);
}

void cleat_validate_pdb(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char *const policies[] = {"AlwaysAllow", "IfHealthyBudget", NULL};
    struct cleat_val spec = cleat_spec_of(o);
    int64_t n;
    CLEAT_AUTO_CHECK c = {.v = v};
    if (cleat_spec_unchanged(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    bool min = !cleat_absent(cleat_val_get(spec, "minAvailable"));
    bool max = !cleat_absent(cleat_val_get(spec, "maxUnavailable"));
    if (min && max) {
        cleat_check_invalid(&c, NULL, spec, "minAvailable and maxUnavailable cannot be both set");
    }
    if (min) {
        cleat_check_amount(&c, spec, "minAvailable", &n);
    }
    if (max) {
        cleat_check_amount(&c, spec, "maxUnavailable", &n);
    }
    cleat_check_selector(&c, spec, "selector");
    cleat_check_one_of(&c, spec, "unhealthyPodEvictionPolicy", policies, false);
}
