/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pod's spec, alone or in a template, with upstream's messages
 * (pkg/apis/core/validation). Pure; any thread.
 */
#include "core/kinds/podspec.h"

/* ---- volumes ---- */

static void check_volume(struct cleat_check *c, struct cleat_val v) {
    struct cleat_iter it = {0};
    size_t sources = 0;
    cleat_check_named(c, v, "name", cleat_name_dns_label, true);
    while (cleat_val_next(v, &it)) {
        if (cleat_eqc(it.key, "name") || cleat_absent(it.val)) {
            continue;
        }
        if (sources++ > 0) {
            CLEAT_AUTO_FREE char *member = cleat_strndup(it.key);
            cleat_check_forbidden(c, member, "may not specify more than 1 volume type");
        }
    }
    if (sources == 0) {
        cleat_check_required(c, NULL, "must specify a volume type");
    }
    static const char *const named[][2] = {
        {"hostPath", "path"},     {"persistentVolumeClaim", "claimName"},
        {"secret", "secretName"}, {"nfs", "server"},
        {"configMap", "name"},    {"csi", "driver"}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        struct cleat_val source = cleat_val_get(v, named[i][0]);
        if (!cleat_absent(source) && cleat_str_at(source, named[i][1]).n == 0) {
            size_t place = cleat_check_in(c, named[i][0]);
            cleat_check_required(c, named[i][1], "");
            cleat_check_up(c, place);
        }
    }
}

static void check_volumes(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val volumes = cleat_val_get(spec, "volumes");
    struct cleat_iter it = {0};
    size_t list = cleat_check_in(c, "volumes");
    while (cleat_val_next(volumes, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_str name = cleat_str_at(it.val, "name");
        struct cleat_iter before = {0};
        check_volume(c, it.val);
        while (name.n > 0 && cleat_val_next(volumes, &before) && before.index < it.index) {
            if (cleat_eq(cleat_str_at(before.val, "name"), name)) {
                cleat_check_duplicate(c, "name", cleat_val_get(it.val, "name"));
                break;
            }
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

/* ---- where it runs ---- */

static void check_toleration(struct cleat_check *c, struct cleat_val v) {
    static const char *const operators[] = {"Equal", "Exists", "Lt", "Gt", NULL};
    static const char *const effects[] = {"NoSchedule", "PreferNoSchedule", "NoExecute", NULL};
    struct cleat_val op = cleat_val_get(v, "operator");
    bool exists = cleat_eqc(cleat_val_str(op), "Exists");
    cleat_check_named(c, v, "key", cleat_name_qualified, false);
    if (cleat_str_at(v, "key").n == 0 && !exists) {
        cleat_check_invalid(c, "operator", op,
                            "operator must be Exists when `key` is empty, which means \"match all "
                            "values and all keys\"");
    }
    cleat_check_one_of(c, v, "operator", operators, false);
    if (exists && cleat_str_at(v, "value").n > 0) {
        cleat_check_invalid(c, "operator", cleat_val_get(v, "value"),
                            "value must be empty when `operator` is 'Exists'");
    }
    cleat_check_one_of(c, v, "effect", effects, false);
    if (cleat_val_present(cleat_val_get(v, "tolerationSeconds")) &&
        !cleat_eqc(cleat_str_at(v, "effect"), "NoExecute")) {
        cleat_check_invalid(c, "effect", cleat_val_get(v, "effect"),
                            "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
}

static void check_spread(struct cleat_check *c, struct cleat_val v) {
    static const char *const actions[] = {"DoNotSchedule", "ScheduleAnyway", NULL};
    int64_t skew = 0;
    struct cleat_val max = cleat_val_get(v, "maxSkew");
    if (!cleat_val_int(max, &skew) || skew <= 0) {
        cleat_check_fail(c, "maxSkew", "FieldValueInvalid", "%lld: must be greater than zero",
                         (long long)skew);
    }
    if (cleat_str_at(v, "topologyKey").n == 0) {
        cleat_check_required(c, "topologyKey", "can not be empty");
    }
    if (!cleat_one_of(cleat_str_at(v, "whenUnsatisfiable"), actions)) {
        cleat_check_unsupported(c, "whenUnsatisfiable", cleat_val_get(v, "whenUnsatisfiable"),
                                actions);
    }
    cleat_check_selector(c, v, "labelSelector");
}

static void check_each(struct cleat_check *c, struct cleat_val spec, const char *member,
                       void (*fn)(struct cleat_check *c, struct cleat_val v)) {
    struct cleat_iter it = {0};
    struct cleat_val list_val = cleat_val_get(spec, member);
    size_t list = cleat_check_in(c, member);
    while (cleat_val_next(list_val, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        fn(c, it.val);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

static void check_affinity_term(struct cleat_check *c, struct cleat_val v) {
    if (cleat_str_at(v, "topologyKey").n == 0) {
        cleat_check_required(c, "topologyKey", "can not be empty");
    }
    cleat_check_selector(c, v, "labelSelector");
}

static void check_weighted(struct cleat_check *c, struct cleat_val v) {
    int64_t weight = 0;
    cleat_val_int(cleat_val_get(v, "weight"), &weight);
    if (weight < 1 || weight > 100) {
        cleat_check_fail(c, "weight", "FieldValueInvalid", "%lld: must be in the range 1-100",
                         (long long)weight);
    }
    size_t place = cleat_check_in(c, "podAffinityTerm");
    check_affinity_term(c, cleat_val_get(v, "podAffinityTerm"));
    cleat_check_up(c, place);
}

static void check_node_expression(struct cleat_check *c, struct cleat_val v) {
    static const char *const operators[] = {"In", "NotIn", "Exists", "DoesNotExist",
                                            "Gt", "Lt",    NULL};
    struct cleat_str op = cleat_str_at(v, "operator");
    size_t n = cleat_val_count(cleat_val_get(v, "values"));
    bool lists = cleat_eqc(op, "In") || cleat_eqc(op, "NotIn");
    bool exists = cleat_eqc(op, "Exists") || cleat_eqc(op, "DoesNotExist");
    cleat_check_named(c, v, "key", cleat_name_qualified, true);
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
}

static void check_node_term(struct cleat_check *c, struct cleat_val v) {
    check_each(c, v, "matchExpressions", check_node_expression);
}

static void check_affinity(struct cleat_check *c, struct cleat_val spec) {
    static const char *const kinds[] = {"podAffinity", "podAntiAffinity"};
    static const char *const required = "requiredDuringSchedulingIgnoredDuringExecution";
    struct cleat_val affinity = cleat_val_get(spec, "affinity");
    if (cleat_absent(affinity)) {
        return;
    }
    size_t place = cleat_check_in(c, "affinity");
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val a = cleat_val_get(affinity, kinds[i]);
        size_t at = cleat_check_in(c, kinds[i]);
        check_each(c, a, required, check_affinity_term);
        check_each(c, a, "preferredDuringSchedulingIgnoredDuringExecution", check_weighted);
        cleat_check_up(c, at);
    }
    struct cleat_val node = cleat_val_at(affinity, CLEAT_PATH("nodeAffinity", required));
    size_t at = cleat_check_in(c, "nodeAffinity"), in = cleat_check_in(c, required);
    if (!cleat_absent(node) && cleat_val_count(cleat_val_get(node, "nodeSelectorTerms")) == 0) {
        cleat_check_required(c, "nodeSelectorTerms", "must have at least one node selector term");
    }
    check_each(c, node, "nodeSelectorTerms", check_node_term);
    cleat_check_up(c, in);
    cleat_check_up(c, at);
    cleat_check_up(c, place);
}

static void check_pull_secret(struct cleat_check *c, struct cleat_val v) {
    if (cleat_str_at(v, "name").n == 0) {
        cleat_check_required(c, "name", "");
    }
}

static void check_host_alias(struct cleat_check *c, struct cleat_val v) {
    cleat_check_ip(c, v, "ip");
}

/* ---- the whole ---- */

void cleat_check_podspec(struct cleat_check *c, struct cleat_val spec) {
    static const char *const restart[] = {"Always", "OnFailure", "Never", NULL};
    static const char *const dns[] = {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None",
                                      NULL};
    int64_t n = 0;
    check_volumes(c, spec);
    if (cleat_val_count(cleat_val_get(spec, "containers")) == 0) {
        cleat_check_required(c, "containers", "");
    }
    cleat_check_containers(c, spec, "containers");
    cleat_check_containers(c, spec, "initContainers");
    cleat_check_one_of(c, spec, "restartPolicy", restart, true);
    cleat_check_one_of(c, spec, "dnsPolicy", dns, true);
    cleat_check_labels(c, spec, "nodeSelector");
    check_each(c, spec, "tolerations", check_toleration);
    check_each(c, spec, "topologySpreadConstraints", check_spread);
    check_each(c, spec, "imagePullSecrets", check_pull_secret);
    check_each(c, spec, "hostAliases", check_host_alias);
    check_affinity(c, spec);
    cleat_check_named(c, spec, "serviceAccountName", cleat_name_dns_subdomain, false);
    cleat_check_named(c, spec, "nodeName", cleat_name_dns_subdomain, false);
    cleat_check_named(c, spec, "priorityClassName", cleat_name_dns_subdomain, false);
    cleat_check_named(c, spec, "runtimeClassName", cleat_name_dns_subdomain, false);
    cleat_check_named(c, spec, "hostname", cleat_name_dns_label, false);
    cleat_check_named(c, spec, "subdomain", cleat_name_dns_label, false);
    if (cleat_val_int(cleat_val_get(spec, "activeDeadlineSeconds"), &n) &&
        (n < 1 || n > INT32_MAX)) {
        cleat_check_fail(c, "activeDeadlineSeconds", "FieldValueInvalid",
                         "%lld: must be between 1 and 2147483647, inclusive", (long long)n);
    }
}

/* ---- templates ---- */

static bool value_in(struct cleat_val values, struct cleat_str s) {
    struct cleat_iter it = {0};
    while (cleat_val_next(values, &it)) {
        if (cleat_eq(cleat_val_str(it.val), s)) {
            return true;
        }
    }
    return false;
}

bool cleat_labels_match(struct cleat_val selector, struct cleat_val labels) {
    struct cleat_iter it = {0};
    struct cleat_val exact = cleat_val_get(selector, "matchLabels");
    struct cleat_val expressions = cleat_val_get(selector, "matchExpressions");
    while (cleat_val_type(exact) == CLEAT_OBJECT && cleat_val_next(exact, &it)) {
        if (!cleat_val_equal(it.val, cleat_val_get_s(labels, it.key))) {
            return false;
        }
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(expressions, &it)) {
        struct cleat_val label = cleat_val_get_s(labels, cleat_str_at(it.val, "key"));
        struct cleat_str op = cleat_str_at(it.val, "operator");
        bool in = cleat_val_present(label) &&
                  value_in(cleat_val_get(it.val, "values"), cleat_val_str(label));
        bool ok = cleat_eqc(op, "In")       ? in
                  : cleat_eqc(op, "NotIn")  ? !in
                  : cleat_eqc(op, "Exists") ? cleat_val_present(label)
                                            : !cleat_val_present(label);
        if (!ok) {
            return false;
        }
    }
    return true;
}

void cleat_check_template(struct cleat_check *c, struct cleat_val of, const char *const *restart) {
    struct cleat_val template = cleat_val_get(of, "template");
    struct cleat_val spec = cleat_val_get(template, "spec");
    size_t place = cleat_check_in(c, "template"), meta = cleat_check_in(c, "metadata");
    cleat_check_labels(c, cleat_val_get(template, "metadata"), "labels");
    cleat_check_up(c, meta);
    size_t in = cleat_check_in(c, "spec");
    cleat_check_podspec(c, spec);
    struct cleat_val policy = cleat_val_get(spec, "restartPolicy");
    if (restart != NULL && !cleat_one_of(cleat_val_str(policy), restart)) {
        cleat_check_unsupported(c, "restartPolicy", policy, restart);
    }
    if (cleat_val_count(cleat_val_get(spec, "ephemeralContainers")) > 0) {
        cleat_check_forbidden(c, "ephemeralContainers",
                              "ephemeral containers not allowed in pod template");
    }
    cleat_check_up(c, in);
    cleat_check_up(c, place);
}
