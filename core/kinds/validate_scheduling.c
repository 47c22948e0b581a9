/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a pod may run: tolerations, affinity, spreading, with upstream's messages
 * (pkg/apis/core/validation). Pure; any thread.
 */
#include "core/kinds/podparts.h"

static const char *const required = "requiredDuringSchedulingIgnoredDuringExecution";
static const char *const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/* ---- tolerations ---- */

static void check_toleration(struct cleat_check *c, struct cleat_val v) {
    static const char *const operators[] = {"Equal", "Exists", NULL};
    static const char *const effects[] = {"NoSchedule", "PreferNoSchedule", "NoExecute", NULL};
    struct cleat_val op = cleat_val_get(v, "operator"), value = cleat_val_get(v, "value");
    struct cleat_str s = cleat_val_str(op);
    bool exists = cleat_eqc(s, "Exists");
    cleat_check_named(c, v, "key", cleat_name_qualified, false);
    if (cleat_str_at(v, "key").n == 0 && !exists) {
        cleat_check_invalid(c, "operator", op,
                            "operator must be Exists when `key` is empty, which means \"match all "
                            "values and all keys\"");
    }
    if (cleat_val_present(cleat_val_get(v, "tolerationSeconds")) &&
        !cleat_eqc(cleat_str_at(v, "effect"), "NoExecute")) {
        cleat_check_invalid(c, "effect", cleat_val_get(v, "effect"),
                            "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    const char *bad = cleat_name_label_value(cleat_val_str(value));
    if (exists && cleat_val_str(value).n > 0) {
        cleat_check_invalid(c, "operator", value,
                            "value must be empty when `operator` is 'Exists'");
    } else if ((s.n == 0 || cleat_eqc(s, "Equal")) && bad != NULL) {
        cleat_check_invalid(c, "operator", value, bad);
    }
    cleat_check_one_of(c, v, "operator", operators, false);
    cleat_check_one_of(c, v, "effect", effects, false);
}

/* ---- label keys beside a selector ---- */

static bool selects_key(struct cleat_val selector, struct cleat_str key) {
    struct cleat_iter it = {0};
    struct cleat_val expressions = cleat_val_get(selector, "matchExpressions");
    if (cleat_val_present(cleat_val_get_s(cleat_val_get(selector, "matchLabels"), key))) {
        return true;
    }
    while (cleat_val_next(expressions, &it)) {
        if (cleat_eq(cleat_str_at(it.val, "key"), key)) {
            return true;
        }
    }
    return false;
}

/* unique: no key may be in the selector as well. */
static void check_label_keys(struct cleat_check *c, struct cleat_val of, const char *member,
                             bool unique) {
    struct cleat_val list = cleat_val_get(of, member);
    struct cleat_val selector = cleat_val_get(of, "labelSelector");
    struct cleat_iter it = {0};
    if (cleat_val_count(list) == 0) {
        return;
    }
    if (cleat_absent(selector)) {
        cleat_check_forbidden(c, member, "must not be specified when labelSelector is not set");
    }
    size_t place = cleat_check_in(c, member);
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        const char *bad = cleat_name_qualified(cleat_val_str(it.val));
        if (bad != NULL) {
            cleat_check_invalid(c, NULL, it.val, bad);
        }
        if (unique && selects_key(selector, cleat_val_str(it.val))) {
            cleat_check_invalid(c, NULL, it.val, "exists in both matchLabelKeys and labelSelector");
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

/* ---- spreading ---- */

static void check_spread(struct cleat_check *c, struct cleat_val v) {
    static const char *const actions[] = {"DoNotSchedule", "ScheduleAnyway", NULL};
    static const char *const policies[] = {"Honor", "Ignore", NULL};
    struct cleat_val action = cleat_val_get(v, "whenUnsatisfiable");
    struct cleat_val domains = cleat_val_get(v, "minDomains");
    int64_t skew = 0, n = 1;
    cleat_val_int(cleat_val_get(v, "maxSkew"), &skew);
    if (skew <= 0) {
        cleat_check_fail(c, "maxSkew", "FieldValueInvalid", "%lld: must be greater than zero",
                         (long long)skew);
    }
    if (cleat_str_at(v, "topologyKey").n == 0) {
        cleat_check_required(c, "topologyKey", "can not be empty");
    }
    if (!cleat_one_of(cleat_val_str(action), actions)) {
        cleat_check_unsupported(c, "whenUnsatisfiable", action, actions);
    }
    if (cleat_val_int(domains, &n)) {
        if (n <= 0) {
            cleat_check_invalid(c, "minDomains", domains, "must be greater than zero");
        }
        if (!cleat_eqc(cleat_val_str(action), "DoNotSchedule")) {
            cleat_check_fail(c, "minDomains", "FieldValueInvalid",
                             "%lld: can only use minDomains if whenUnsatisfiable=DoNotSchedule, "
                             "not %.*s",
                             (long long)n, CLEAT_FMT(cleat_val_str(action)));
        }
    }
    cleat_check_one_of(c, v, "nodeAffinityPolicy", policies, false);
    cleat_check_one_of(c, v, "nodeTaintsPolicy", policies, false);
    check_label_keys(c, v, "matchLabelKeys", true);
    cleat_check_selector(c, v, "labelSelector");
}

/* Key and action together are one constraint. */
static void check_spreads_differ(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val list = cleat_val_get(spec, "topologySpreadConstraints");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "topologySpreadConstraints");
    while (cleat_val_next(list, &it)) {
        struct cleat_iter other = {0};
        struct cleat_str key = cleat_str_at(it.val, "topologyKey");
        struct cleat_str action = cleat_str_at(it.val, "whenUnsatisfiable");
        while (cleat_val_next(list, &other)) {
            if (other.index > it.index && cleat_eq(cleat_str_at(other.val, "topologyKey"), key) &&
                cleat_eq(cleat_str_at(other.val, "whenUnsatisfiable"), action)) {
                size_t elem = cleat_check_elem(c, it.index);
                cleat_check_fail(c, "{topologyKey, whenUnsatisfiable}", "FieldValueDuplicate",
                                 "\"{%.*s, %.*s}\"", CLEAT_FMT(key), CLEAT_FMT(action));
                cleat_check_up(c, elem);
                break;
            }
        }
    }
    cleat_check_up(c, place);
}

/* ---- affinity to pods ---- */

static void check_weight(struct cleat_check *c, struct cleat_val v) {
    int64_t weight = 0;
    cleat_val_int(cleat_val_get(v, "weight"), &weight);
    if (weight < 1 || weight > 100) {
        cleat_check_fail(c, "weight", "FieldValueInvalid", "%lld: must be in the range 1-100",
                         (long long)weight);
    }
}

static void check_pod_term(struct cleat_check *c, struct cleat_val v) {
    struct cleat_iter it = {0};
    struct cleat_val namespaces = cleat_val_get(v, "namespaces");
    cleat_check_selector(c, v, "labelSelector");
    cleat_check_selector(c, v, "namespaceSelector");
    while (cleat_val_next(namespaces, &it)) {
        const char *bad = cleat_name_dns_label(cleat_val_str(it.val));
        if (bad != NULL) {
            cleat_check_invalid(c, "namespace", it.val, bad);
        }
    }
    check_label_keys(c, v, "matchLabelKeys", false);
    check_label_keys(c, v, "mismatchLabelKeys", false);
    if (cleat_str_at(v, "topologyKey").n == 0) {
        cleat_check_required(c, "topologyKey", "can not be empty");
    }
    cleat_check_named(c, v, "topologyKey", cleat_name_qualified, false);
}

static void check_weighted_term(struct cleat_check *c, struct cleat_val v) {
    check_weight(c, v);
    size_t place = cleat_check_in(c, "podAffinityTerm");
    check_pod_term(c, cleat_val_get(v, "podAffinityTerm"));
    cleat_check_up(c, place);
}

/* ---- affinity to nodes ---- */

static void check_label_value(struct cleat_check *c, struct cleat_val v) {
    const char *bad = cleat_name_label_value(cleat_val_str(v));
    if (bad != NULL) {
        cleat_check_invalid(c, NULL, v, bad);
    }
}

static void check_expression(struct cleat_check *c, struct cleat_val v) {
    static const char *const operators[] = {"In", "NotIn", "Exists", "DoesNotExist",
                                            "Gt", "Lt",    NULL};
    struct cleat_val key = cleat_val_get(v, "key");
    struct cleat_str op = cleat_str_at(v, "operator");
    size_t n = cleat_val_count(cleat_val_get(v, "values"));
    bool lists = cleat_eqc(op, "In") || cleat_eqc(op, "NotIn");
    bool exists = cleat_eqc(op, "Exists") || cleat_eqc(op, "DoesNotExist");
    if (!cleat_one_of(op, operators)) {
        cleat_check_invalid(c, "operator", cleat_val_get(v, "operator"),
                            "not a valid selector operator");
    } else if (lists && n == 0) {
        cleat_check_required(c, "values", "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (exists && n > 0) {
        cleat_check_forbidden(c, "values",
                              "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else if (!lists && !exists && n != 1) {
        cleat_check_required(c, "values",
                             "must be specified single value when `operator` is 'Lt' or 'Gt'");
    }
    const char *bad = cleat_name_qualified(cleat_val_str(key));
    if (bad != NULL) {
        cleat_check_invalid(c, "key", key, bad);
    }
}

/* Values of what is only preferred may be anything. */
static void check_required_expression(struct cleat_check *c, struct cleat_val v) {
    check_expression(c, v);
    cleat_check_list(c, v, "values", check_label_value);
}

static void check_field(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val key = cleat_val_get(v, "key"), op = cleat_val_get(v, "operator");
    struct cleat_val values = cleat_val_get(v, "values");
    struct cleat_str s = cleat_val_str(op);
    struct cleat_iter it = {0};
    if (!cleat_eqc(s, "In") && !cleat_eqc(s, "NotIn")) {
        cleat_check_invalid(c, "operator", op, "not a valid selector operator");
    } else if (cleat_val_count(values) != 1) {
        cleat_check_required(
            c, "values",
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
    }
    if (!cleat_eqc(cleat_val_str(key), "metadata.name")) {
        cleat_check_invalid(c, "key", key, "not a valid field selector key");
        return;
    }
    size_t place = cleat_check_in(c, "values");
    while (cleat_val_next(values, &it)) {
        const char *bad = cleat_name_dns_subdomain(cleat_val_str(it.val));
        if (bad != NULL) {
            size_t elem = cleat_check_elem(c, it.index);
            cleat_check_invalid(c, NULL, it.val, bad);
            cleat_check_up(c, elem);
        }
    }
    cleat_check_up(c, place);
}

static void check_node_term(struct cleat_check *c, struct cleat_val v) {
    cleat_check_list(c, v, "matchExpressions", check_required_expression);
    cleat_check_list(c, v, "matchFields", check_field);
}

static void check_preference(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val term = cleat_val_get(v, "preference");
    check_weight(c, v);
    size_t place = cleat_check_in(c, "preference");
    cleat_check_list(c, term, "matchExpressions", check_expression);
    cleat_check_list(c, term, "matchFields", check_field);
    cleat_check_up(c, place);
}

void cleat_check_node_selector(struct cleat_check *c, struct cleat_val v) {
    if (cleat_val_count(cleat_val_get(v, "nodeSelectorTerms")) == 0) {
        cleat_check_required(c, "nodeSelectorTerms", "must have at least one node selector term");
    }
    cleat_check_list(c, v, "nodeSelectorTerms", check_node_term);
}

static void check_node_affinity(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val must = cleat_val_get(v, required);
    size_t place = cleat_check_in(c, required);
    if (!cleat_absent(must)) {
        cleat_check_node_selector(c, must);
    }
    cleat_check_up(c, place);
    cleat_check_list(c, v, preferred, check_preference);
}

void cleat_check_affinity(struct cleat_check *c, struct cleat_val spec) {
    static const char *const kinds[] = {"podAffinity", "podAntiAffinity"};
    struct cleat_val affinity = cleat_val_get(spec, "affinity");
    if (cleat_absent(affinity)) {
        return;
    }
    size_t place = cleat_check_in(c, "affinity"), node = cleat_check_in(c, "nodeAffinity");
    check_node_affinity(c, cleat_val_get(affinity, "nodeAffinity"));
    cleat_check_up(c, node);
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val v = cleat_val_get(affinity, kinds[i]);
        size_t at = cleat_check_in(c, kinds[i]);
        cleat_check_list(c, v, required, check_pod_term);
        cleat_check_list(c, v, preferred, check_weighted_term);
        cleat_check_up(c, at);
    }
    cleat_check_up(c, place);
}

void cleat_check_spreads(struct cleat_check *c, struct cleat_val spec) {
    cleat_check_list(c, spec, "topologySpreadConstraints", check_spread);
    check_spreads_differ(c, spec);
}

void cleat_check_tolerations(struct cleat_check *c, struct cleat_val spec) {
    cleat_check_list(c, spec, "tolerations", check_toleration);
}
