/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a Service must be. Its addresses have been given out when this runs, so what
 * is empty here is so on purpose. A write of the status alone finds the spec byte for
 * byte as it was and costs one comparison. Pure; any thread.
 */
#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

struct service {
    struct cleat_val spec;
    struct cleat_str type;
    bool headless, external;
};

static bool type_is(const struct service *s, const char *type) {
    return cleat_eqc(s->type, type);
}

static struct service look(struct cleat_val spec) {
    struct service s = {.spec = spec, .type = cleat_str_at(spec, "type")};
    s.headless = cleat_eqc(cleat_str_at(spec, "clusterIP"), "None");
    s.external = type_is(&s, "ExternalName");
    return s;
}

/* ---- ports ---- */

static void check_node_port(struct cleat_check *c, struct cleat_val port, const struct service *s,
                            struct cleat_val ports, uint32_t index) {
    int64_t node = 0, other = 0;
    struct cleat_iter it = {0};
    if (!cleat_val_int(cleat_val_get(port, "nodePort"), &node) || node == 0) {
        return;
    }
    if (type_is(s, "ClusterIP")) {
        cleat_check_forbidden(c, "nodePort", "may not be used when `type` is 'ClusterIP'");
        return;
    }
    while (cleat_val_next(ports, &it) && it.index < index) {
        bool same = cleat_val_int(cleat_val_get(it.val, "nodePort"), &other) && other == node;
        if (same && cleat_eq(cleat_str_at(it.val, "protocol"), cleat_str_at(port, "protocol"))) {
            cleat_check_invalid(c, "nodePort", cleat_val_get(port, "nodePort"),
                                "provided port is already allocated");
            return;
        }
    }
}

static void check_unique(struct cleat_check *c, struct cleat_val port, struct cleat_val ports,
                         uint32_t index) {
    struct cleat_iter it = {0};
    int64_t number = 0, other = 0;
    struct cleat_str name = cleat_str_at(port, "name"), proto = cleat_str_at(port, "protocol");
    bool named = false, numbered = false;
    cleat_val_int(cleat_val_get(port, "port"), &number);
    while (cleat_val_next(ports, &it) && it.index < index) {
        named = named || (name.n > 0 && cleat_eq(cleat_str_at(it.val, "name"), name));
        numbered =
            numbered || (cleat_val_int(cleat_val_get(it.val, "port"), &other) && other == number &&
                         cleat_eq(cleat_str_at(it.val, "protocol"), proto));
    }
    if (named) {
        cleat_check_duplicate(c, "name", cleat_val_get(port, "name"));
    }
    if (numbered) { /* as upstream prints the two members that clash */
        cleat_check_fail(c, NULL, "FieldValueDuplicate",
                         "{\"Name\":\"\",\"Protocol\":\"%.*s\",\"AppProtocol\":null,\"Port\":%lld,"
                         "\"TargetPort\":0,\"NodePort\":0}",
                         CLEAT_FMT(proto), (long long)number);
    }
}

static void check_port(struct cleat_check *c, struct cleat_val port, const struct service *s,
                       bool named) {
    static const char *const protocols[] = {"SCTP", "TCP", "UDP", NULL};
    cleat_check_named(c, port, "name", cleat_name_dns_label, named);
    cleat_check_port(c, port, "port");
    cleat_check_one_of(c, port, "protocol", protocols, true);
    cleat_check_port_or_name(c, port, "targetPort");
    if (!cleat_absent(cleat_val_get(port, "appProtocol"))) {
        cleat_check_named(c, port, "appProtocol", cleat_name_qualified, true);
    }
    (void)s;
}

static void check_ports(struct cleat_check *c, const struct service *s) {
    struct cleat_iter it = {0};
    struct cleat_val ports = cleat_val_get(s->spec, "ports");
    size_t n = cleat_val_count(ports);
    if (n == 0 && !s->headless && !s->external) {
        cleat_check_required(c, "ports", "");
    }
    size_t list = cleat_check_in(c, "ports");
    while (cleat_val_next(ports, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        check_port(c, it.val, s, n > 1);
        check_unique(c, it.val, ports, it.index);
        check_node_port(c, it.val, s, ports, it.index);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

/* ---- addresses ---- */

static void check_type(struct cleat_check *c, const struct service *s) {
    static const char *const types[] = {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort",
                                        NULL};
    struct cleat_val ips = cleat_val_get(s->spec, "clusterIPs");
    cleat_check_one_of(c, s->spec, "type", types, true);
    if ((type_is(s, "LoadBalancer") || type_is(s, "NodePort")) && s->headless) {
        cleat_check_fail(c, "clusterIPs[0]", "FieldValueInvalid",
                         "\"None\": may not be set to 'None' for %.*s services",
                         CLEAT_FMT(s->type));
    }
    if (!s->external) {
        return;
    }
    static const char *const forbidden[] = {"ipFamilies", "ipFamilyPolicy"};
    if (cleat_val_count(ips) > 0) {
        cleat_check_forbidden(c, "clusterIPs", "may not be set for ExternalName services");
    }
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        if (!cleat_absent(cleat_val_get(s->spec, forbidden[i]))) {
            cleat_check_forbidden(c, forbidden[i], "may not be set for ExternalName services");
        }
    }
    struct cleat_str name = cleat_str_at(s->spec, "externalName");
    if (name.n > 0 && name.p[name.n - 1] == '.') {
        name.n--; /* a name may be absolute */
    }
    const char *bad = name.n > 0 ? cleat_name_dns_subdomain(name) : NULL;
    if (cleat_str_at(s->spec, "externalName").n == 0) {
        cleat_check_required(c, "externalName", "");
    } else if (name.n == 0 || bad != NULL) {
        cleat_check_invalid(c, "externalName", cleat_val_get(s->spec, "externalName"),
                            bad != NULL ? bad : cleat_name_dns_subdomain(name));
    }
}

static void check_cluster_ips(struct cleat_check *c, const struct service *s) {
    struct cleat_val ips = cleat_val_get(s->spec, "clusterIPs");
    struct cleat_val first = cleat_val_get(s->spec, "clusterIP");
    struct cleat_iter it = {0};
    int families[2] = {0, 0};
    size_t n = cleat_val_count(ips);
    if (s->external || (n == 0 && cleat_val_str(first).n == 0)) {
        return;
    }
    if (n == 0) {
        cleat_check_required(c, "clusterIPs", "");
        return;
    }
    if (!cleat_eq(cleat_val_str(first), cleat_val_str(cleat_val_elem(ips, 0)))) {
        cleat_check_invalid(c, "clusterIPs", ips, "first value must match `clusterIP`");
    }
    size_t list = cleat_check_in(c, "clusterIPs");
    while (cleat_val_next(ips, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        if (cleat_eqc(cleat_val_str(it.val), "None")) {
            if (n > 1) {
                cleat_check_invalid(c, NULL, it.val, "'None' must be the first and only value");
            }
        } else if (cleat_check_ip(c, it.val, NULL) && it.index < 2) {
            families[it.index] = cleat_ip_parse(cleat_val_str(it.val), NULL);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
    if (n > 2) {
        cleat_check_invalid(c, "clusterIPs", ips, "may only hold up to 2 values");
    } else if (families[0] != 0 && families[0] == families[1]) {
        cleat_check_invalid(c, "clusterIPs", ips,
                            "may specify no more than one IP for each IP family");
    }
}

static void check_external_ips(struct cleat_check *c, const struct service *s) {
    struct cleat_iter it = {0};
    struct cleat_val ips = cleat_val_get(s->spec, "externalIPs");
    size_t list = cleat_check_in(c, "externalIPs");
    while (cleat_val_next(ips, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        if (cleat_check_ip(c, it.val, NULL)) {
            const char *bad = cleat_special_ip(cleat_val_str(it.val));
            if (bad != NULL) {
                cleat_check_invalid(c, NULL, it.val, bad);
            }
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

/* ---- policies ---- */

static void check_affinity(struct cleat_check *c, const struct service *s) {
    static const char *const values[] = {"ClientIP", "None", NULL};
    struct cleat_val config = cleat_val_get(s->spec, "sessionAffinityConfig");
    int64_t seconds = 0;
    cleat_check_one_of(c, s->spec, "sessionAffinity", values, true);
    if (!cleat_eqc(cleat_str_at(s->spec, "sessionAffinity"), "ClientIP")) {
        return;
    }
    size_t place = cleat_check_in(c, "sessionAffinityConfig");
    if (!cleat_val_int(cleat_val_at(config, CLEAT_PATH("clientIP", "timeoutSeconds")), &seconds)) {
        cleat_check_required(c, "clientIP.timeoutSeconds", "");
    } else if (seconds <= 0 || seconds > 86400) {
        cleat_check_fail(c, "clientIP.timeoutSeconds", "FieldValueInvalid",
                         "%lld: must be greater than 0 and less than 86400", (long long)seconds);
    }
    cleat_check_up(c, place);
}

static void check_families(struct cleat_check *c, const struct service *s) {
    static const char *const known[] = {"IPv4", "IPv6", NULL};
    struct cleat_val list = cleat_val_get(s->spec, "ipFamilies");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "ipFamilies");
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        if (!cleat_one_of(cleat_val_str(it.val), known)) {
            cleat_check_unsupported(c, NULL, it.val, known);
        }
        cleat_check_up(c, elem);
    }
    if (cleat_val_count(list) == 2 &&
        cleat_eq(cleat_val_str(cleat_val_elem(list, 0)), cleat_val_str(cleat_val_elem(list, 1)))) {
        size_t elem = cleat_check_elem(c, 1);
        cleat_check_duplicate(c, NULL, cleat_val_elem(list, 1));
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static void check_policies(struct cleat_check *c, const struct service *s) {
    static const char *const policies[] = {"Cluster", "Local", NULL};
    static const char *const families[] = {"PreferDualStack", "RequireDualStack", "SingleStack",
                                           NULL};
    struct cleat_val external = cleat_val_get(s->spec, "externalTrafficPolicy");
    bool outside =
        type_is(s, "LoadBalancer") || type_is(s, "NodePort") ||
        (type_is(s, "ClusterIP") && cleat_val_count(cleat_val_get(s->spec, "externalIPs")) > 0);
    int64_t health = 0;
    if (outside) {
        cleat_check_one_of(c, s->spec, "externalTrafficPolicy", policies, true);
    } else if (cleat_val_str(external).n > 0) {
        cleat_check_invalid(c, "externalTrafficPolicy", external,
                            "may only be set for externally-accessible services");
    }
    cleat_check_one_of(c, s->spec, "internalTrafficPolicy", policies, false);
    cleat_check_one_of(c, s->spec, "ipFamilyPolicy", families, false);
    check_families(c, s);
    bool local = type_is(s, "LoadBalancer") && cleat_eqc(cleat_val_str(external), "Local");
    if (cleat_val_int(cleat_val_get(s->spec, "healthCheckNodePort"), &health) && health != 0 &&
        !local) {
        cleat_check_fail(c, "healthCheckNodePort", "FieldValueInvalid",
                         "%lld: may only be set when `type` is 'LoadBalancer' and "
                         "`externalTrafficPolicy` is 'Local'",
                         (long long)health);
    }
}

/* Where traffic should go when there is a choice. */
static void check_distribution(struct cleat_check *c, const struct service *s) {
    static const char *const values[] = {"PreferClose", "PreferSameZone", "PreferSameNode", NULL};
    cleat_check_one_of(c, s->spec, "trafficDistribution", values, false);
}

static void check_balancer(struct cleat_check *c, const struct service *s) {
    struct cleat_iter it = {0};
    struct cleat_val ranges = cleat_val_get(s->spec, "loadBalancerSourceRanges");
    static const char *const members[] = {"allocateLoadBalancerNodePorts", "loadBalancerClass"};
    size_t list = cleat_check_in(c, "LoadBalancerSourceRanges"); /* as upstream writes it */
    while (cleat_val_next(ranges, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        struct cleat_str range = cleat_val_str(it.val);
        int bits = 0;
        while (range.n > 0 && range.p[range.n - 1] == ' ') {
            range.n--;
        }
        while (range.n > 0 && *range.p == ' ') {
            range.p++;
            range.n--;
        }
        if (cleat_cidr_parse(range, NULL, &bits) == 0) {
            cleat_check_cidr(c, it.val, NULL);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
    if (type_is(s, "LoadBalancer")) {
        struct cleat_val class = cleat_val_get(s->spec, "loadBalancerClass");
        if (!cleat_absent(class)) {
            cleat_check_named(c, s->spec, "loadBalancerClass", cleat_name_qualified, true);
        }
        return;
    }
    if (cleat_val_count(ranges) > 0) {
        cleat_check_forbidden(c, "LoadBalancerSourceRanges",
                              "may only be used when `type` is 'LoadBalancer'");
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (!cleat_absent(cleat_val_get(s->spec, members[i]))) {
            cleat_check_forbidden(c, members[i], "may only be used when `type` is 'LoadBalancer'");
        }
    }
}

/* ---- changes ---- */

/* Once given, a service keeps its addresses while it has any. */
static void check_change(struct cleat_check *c, const struct service *s,
                         const struct service *was) {
    if (type_is(was, "LoadBalancer") && type_is(s, "LoadBalancer")) {
        struct cleat_val class = cleat_val_get(s->spec, "loadBalancerClass");
        struct cleat_val old = cleat_val_get(was->spec, "loadBalancerClass");
        if (!cleat_eq(cleat_val_raw(class), cleat_val_raw(old))) {
            cleat_check_invalid(c, "loadBalancerClass", class, "may not change once set");
        }
    }
    if (s->external || was->external) {
        return;
    }
    struct cleat_val now = cleat_val_get(s->spec, "clusterIPs");
    struct cleat_val old = cleat_val_get(was->spec, "clusterIPs");
    size_t n = cleat_val_count(now), n_old = cleat_val_count(old);
    size_t list = cleat_check_in(c, "clusterIPs");
    for (uint32_t i = 0; i < n_old && i < 2; i++) {
        struct cleat_val a = cleat_val_elem(now, i), b = cleat_val_elem(old, i);
        size_t elem = cleat_check_elem(c, i);
        if (i == 0 && n > 0 && !cleat_val_equal(a, b)) {
            CLEAT_AUTO_FREE char *printed = cleat_validation_print(now);
            cleat_check_fail(c, NULL, "FieldValueInvalid", "%s: may not change once set", printed);
        } else if (i == 1 && n == 2 && !cleat_val_equal(a, b)) {
            cleat_check_invalid(c, NULL, now, "may not change once set");
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}

void cleat_validate_service(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct service s = look(cleat_obj_at(o, CLEAT_PATH("spec")));
    if (old != NULL) {
        struct service was = look(cleat_obj_at(old, CLEAT_PATH("spec")));
        if (cleat_eq(cleat_val_raw(s.spec), cleat_val_raw(was.spec))) {
            return;
        }
        cleat_check_in(&c, "spec");
        check_change(&c, &s, &was);
    } else {
        cleat_check_in(&c, "spec");
    }
    check_ports(&c, &s);
    check_type(&c, &s);
    cleat_check_labels(&c, s.spec, "selector");
    check_affinity(&c, &s);
    check_cluster_ips(&c, &s);
    check_external_ips(&c, &s);
    check_policies(&c, &s);
    check_balancer(&c, &s);
    check_distribution(&c, &s);
}
