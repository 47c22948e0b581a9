/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A pod's spec, alone or in a template, with upstream's messages
 * (pkg/apis/core/validation). Its larger parts have files of their own
 * (podparts.h). Pure; any thread.
 */
#include "core/kinds/podparts.h"
#include "core/kinds/podspec.h"

/* ---- names and addresses ---- */

static void check_pull_secret(struct cleat_check *c, struct cleat_val v) {
    if (cleat_val_type(v) == CLEAT_OBJECT && cleat_val_count(v) > 1) {
        cleat_check_invalid(c, NULL, v, "only name may be set");
    }
}

static void check_host_name(struct cleat_check *c, struct cleat_val v) {
    const char *bad = cleat_name_dns_subdomain(cleat_val_str(v));
    if (bad != NULL) {
        cleat_check_invalid(c, NULL, v, bad);
    }
}

static void check_host_alias(struct cleat_check *c, struct cleat_val v) {
    cleat_check_ip(c, v, "ip");
    cleat_check_list(c, v, "hostnames", check_host_name);
}

/* ---- DNS ---- */

enum { NAMESERVERS_MAX = 3, SEARCHES_MAX = 32, SEARCH_CHARS_MAX = 2048 };

static void check_nameserver(struct cleat_check *c, struct cleat_val v) {
    cleat_check_ip(c, v, NULL);
}

static void check_search(struct cleat_check *c, struct cleat_val v) {
    struct cleat_str s = cleat_val_str(v);
    if (s.n > 1 && s.p[s.n - 1] == '.') {
        s.n--;
    }
    CLEAT_AUTO_FREE char *text = cleat_strndup(s);
    for (char *p = text; *p != '\0'; p++) { /* an underscore may stand where a letter may */
        *p = *p == '_' ? 'a' : *p;
    }
    const char *bad = cleat_eqc(s, ".") ? NULL : cleat_name_dns_subdomain(cleat_s(text));
    if (bad != NULL) {
        cleat_check_invalid(c, NULL, v, bad);
    }
}

static void check_dns_option(struct cleat_check *c, struct cleat_val v) {
    if (cleat_str_at(v, "name").n == 0) {
        cleat_check_required(c, NULL, "must not be empty");
    }
}

static void check_dns_sizes(struct cleat_check *c, struct cleat_val config) {
    struct cleat_val servers = cleat_val_get(config, "nameservers");
    struct cleat_val searches = cleat_val_get(config, "searches");
    struct cleat_iter it = {0};
    size_t chars = 0;
    if (cleat_val_count(servers) > NAMESERVERS_MAX) {
        cleat_check_invalid(c, "nameservers", servers, "must not have more than 3 nameservers");
    }
    if (cleat_val_count(searches) > SEARCHES_MAX) {
        cleat_check_invalid(c, "searches", searches, "must not have more than 32 search paths");
    }
    while (cleat_val_next(searches, &it)) {
        chars += cleat_val_str(it.val).n + (it.index > 0);
    }
    if (chars > SEARCH_CHARS_MAX) {
        cleat_check_invalid(c, "searches", searches,
                            "must not have more than 2048 characters (including spaces) in the "
                            "search list");
    }
}

static void check_dns(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val config = cleat_val_get(spec, "dnsConfig");
    bool none = cleat_eqc(cleat_str_at(spec, "dnsPolicy"), "None");
    if (cleat_absent(config)) {
        if (none) {
            cleat_check_required(c, "dnsConfig",
                                 "must provide `dnsConfig` when `dnsPolicy` is None");
        }
        return;
    }
    size_t place = cleat_check_in(c, "dnsConfig");
    if (none && cleat_val_count(cleat_val_get(config, "nameservers")) == 0) {
        cleat_check_required(c, "nameservers",
                             "must provide at least one DNS nameserver when `dnsPolicy` is None");
    }
    check_dns_sizes(c, config);
    cleat_check_list(c, config, "nameservers", check_nameserver);
    cleat_check_list(c, config, "searches", check_search);
    cleat_check_list(c, config, "options", check_dns_option);
    cleat_check_up(c, place);
}

/* ---- gates ---- */

static void check_readiness_gate(struct cleat_check *c, struct cleat_val v) {
    cleat_check_named(c, v, "conditionType", cleat_name_qualified, true);
}

static void check_gates(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val list = cleat_val_get(spec, "schedulingGates");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "schedulingGates");
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_val name = cleat_val_get(it.val, "name");
        const char *bad = cleat_name_qualified(cleat_val_str(name));
        if (bad != NULL) {
            cleat_check_invalid(c, NULL, name, bad);
        }
        if (!cleat_check_is_first(list, it.index, "name", cleat_val_str(name))) {
            cleat_check_duplicate(c, NULL, name);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

/* ---- the host's network ---- */

/* On the node's network a port is the node's. pod: whether it is said at all. */
static void check_host_network(struct cleat_check *c, struct cleat_val spec, bool pod) {
    struct cleat_val containers = cleat_val_get(spec, "containers");
    struct cleat_iter it = {0};
    if (!cleat_val_bool(cleat_val_get(spec, "hostNetwork"), 0)) {
        return;
    }
    size_t place = cleat_check_in(c, "containers");
    while (cleat_val_next(containers, &it)) {
        struct cleat_iter port = {0};
        struct cleat_val ports = cleat_val_get(it.val, "ports");
        while (cleat_val_next(ports, &port)) {
            int64_t host = 0, inside = 0;
            cleat_val_int(cleat_val_get(port.val, "hostPort"), &host);
            cleat_val_int(cleat_val_get(port.val, "containerPort"), &inside);
            if (host != inside && pod == (host == 0)) {
                size_t elem = cleat_check_elem(c, it.index);
                cleat_check_in(c, "ports");
                cleat_check_elem(c, port.index);
                cleat_check_fail(c, "hostPort", "FieldValueInvalid",
                                 "%lld: must match `containerPort` when `hostNetwork` is true",
                                 (long long)host);
                cleat_check_up(c, elem);
            }
        }
    }
    cleat_check_up(c, place);
}

/* ---- the whole ---- */

static void check_names(struct cleat_check *c, struct cleat_val spec) {
    static const char *const preemption[] = {"PreemptLowerPriority", "Never", NULL};
    static const char *const systems[] = {"linux", "windows", NULL};
    static const char *const subdomains[] = {"serviceAccountName", "nodeName", "priorityClassName",
                                             "runtimeClassName"};
    struct cleat_val os = cleat_val_get(spec, "os");
    for (size_t i = 0; i < sizeof subdomains / sizeof *subdomains; i++) {
        cleat_check_named(c, spec, subdomains[i], cleat_name_dns_subdomain, false);
    }
    cleat_check_range(c, spec, "activeDeadlineSeconds", 1, INT32_MAX);
    cleat_check_named(c, spec, "hostname", cleat_name_dns_label, false);
    cleat_check_named(c, spec, "subdomain", cleat_name_dns_label, false);
    cleat_check_one_of(c, spec, "preemptionPolicy", preemption, false);
    if (!cleat_absent(os)) {
        size_t place = cleat_check_in(c, "os");
        cleat_check_one_of(c, os, "name", systems, true);
        cleat_check_up(c, place);
    }
    size_t place = cleat_check_in(c, "overhead");
    cleat_validate_quantities(c->v, cleat_val_get(spec, "overhead"), c->path.p);
    cleat_check_up(c, place);
}

void cleat_check_podspec(struct cleat_check *c, struct cleat_val spec) {
    static const char *const restart[] = {"Always", "OnFailure", "Never", NULL};
    static const char *const dns[] = {"ClusterFirstWithHostNet", "ClusterFirst", "Default", "None",
                                      NULL};
    cleat_check_podvolumes(c, spec);
    cleat_check_containers(c, spec);
    check_host_network(c, spec, false);
    cleat_check_one_of(c, spec, "restartPolicy", restart, false);
    cleat_check_one_of(c, spec, "dnsPolicy", dns, false);
    cleat_check_labels(c, spec, "nodeSelector");
    cleat_check_pod_security(c, spec);
    cleat_check_list(c, spec, "imagePullSecrets", check_pull_secret);
    cleat_check_affinity(c, spec);
    check_dns(c, spec);
    cleat_check_list(c, spec, "readinessGates", check_readiness_gate);
    check_gates(c, spec);
    cleat_check_spreads(c, spec);
    check_names(c, spec);
    cleat_check_tolerations(c, spec);
    cleat_check_list(c, spec, "hostAliases", check_host_alias);
}

static bool is_space(char ch) {
    return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

/* The text of a JSON string: a tab at its end stands there as an escape. */
static bool is_padded(struct cleat_val v) {
    char *text = cleat_val_strdup(v);
    size_t n = text != NULL ? strlen(text) : 0;
    bool padded = n > 0 && (is_space(text[0]) || is_space(text[n - 1]));
    free(text);
    return padded;
}

static void check_image(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val image = cleat_val_get(v, "image");
    if (is_padded(image)) {
        cleat_check_invalid(c, "image", image, "must not have leading or trailing whitespace");
    }
}

void cleat_check_pod_only(struct cleat_check *c, struct cleat_val spec) {
    static const char *const lists[] = {"containers", "initContainers", "ephemeralContainers"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        cleat_check_list(c, spec, lists[i], check_image);
    }
    check_host_network(c, spec, true);
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

void cleat_check_template_labels(struct cleat_check *c, struct cleat_val template) {
    cleat_check_labels(c, cleat_val_get(template, "metadata"), "labels");
}

void cleat_check_template(struct cleat_check *c, struct cleat_val of, const char *const *restart) {
    struct cleat_val template = cleat_val_get(of, "template");
    struct cleat_val spec = cleat_val_get(template, "spec");
    size_t place = cleat_check_in(c, "template");
    cleat_check_template_labels(c, template);
    size_t in = cleat_check_in(c, "spec");
    cleat_check_podspec(c, spec);
    struct cleat_val policy = cleat_val_get(spec, "restartPolicy");
    if (restart != NULL && cleat_val_str(policy).n > 0 &&
        !cleat_one_of(cleat_val_str(policy), restart)) {
        cleat_check_unsupported(c, "restartPolicy", policy, restart);
    }
    if (cleat_val_count(cleat_val_get(spec, "ephemeralContainers")) > 0) {
        cleat_check_forbidden(c, "ephemeralContainers",
                              "ephemeral containers not allowed in pod template");
    }
    cleat_check_up(c, in);
    cleat_check_up(c, place);
}
