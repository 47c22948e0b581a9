/* SPDX-License-Identifier: Apache-2.0 */
/*
 * networking.k8s.io: ingresses and their classes, network policies, addresses. What
 * is byte for byte as it was is not looked at again. Pure; any thread.
 */
#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

#include <arpa/inet.h>

static bool same_spec(const cleat_obj *o, const cleat_obj *old) {
    return old != NULL && cleat_eq(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("spec"))),
                                   cleat_val_raw(cleat_obj_at(old, CLEAT_PATH("spec"))));
}

/* A name that may begin with "*.": the rest is a subdomain. */
static const char *bad_host(struct cleat_str s) {
    if (s.n > 0 && s.p[0] == '*') {
        bool ok = s.n > 2 && s.p[1] == '.' &&
                  cleat_name_dns_subdomain((struct cleat_str){s.p + 2, s.n - 2}) == NULL;
        return ok ? NULL
                  : "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS "
                    "subdomain, which must consist of lower case alphanumeric characters, '-' or "
                    "'.' and end with an alphanumeric character (e.g. '*.example.com', regex used "
                    "for validation is "
                    "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    }
    return cleat_name_dns_subdomain(s);
}

/* ---- ingresses ---- */

static void check_typed_ref(struct cleat_check *c, struct cleat_val ref) {
    cleat_check_named(c, ref, "apiGroup", cleat_name_dns_subdomain, false);
    if (cleat_str_at(ref, "kind").n == 0) {
        cleat_check_required(c, "kind", "");
    }
    if (cleat_str_at(ref, "name").n == 0) {
        cleat_check_required(c, "name", "");
    }
}

static void check_backend(struct cleat_check *c, struct cleat_val of, const char *member) {
    struct cleat_val backend = cleat_val_get(of, member);
    struct cleat_val service = cleat_val_get(backend, "service");
    struct cleat_val resource = cleat_val_get(backend, "resource");
    size_t place = cleat_check_in(c, member);
    if (cleat_absent(service) == cleat_absent(resource)) {
        if (cleat_absent(service)) {
            cleat_check_required(c, NULL, "backend must specify a `service` or `resource`");
        } else {
            cleat_check_fail(c, NULL, "FieldValueInvalid",
                             "\"\": cannot set both resource and service backends");
        }
    } else if (cleat_absent(service)) {
        size_t in = cleat_check_in(c, "resource");
        check_typed_ref(c, resource);
        cleat_check_up(c, in);
    } else {
        struct cleat_val port = cleat_val_get(service, "port");
        bool named = cleat_str_at(port, "name").n > 0;
        int64_t number = 0;
        bool numbered = cleat_val_int(cleat_val_get(port, "number"), &number) && number != 0;
        size_t in = cleat_check_in(c, "service");
        cleat_check_named(c, service, "name", cleat_name_dns_label_1035, true);
        size_t at = cleat_check_in(c, "port");
        if (named && numbered) {
            CLEAT_AUTO_FREE char *printed = cleat_validation_print(port);
            cleat_check_fail(c, NULL, "FieldValueInvalid",
                             "%s: cannot set both port name & port number", printed);
        } else if (named) {
            const char *bad = cleat_bad_port_name(cleat_str_at(port, "name"));
            if (bad != NULL) {
                cleat_check_invalid(c, "name", cleat_val_get(port, "name"), bad);
            }
        } else if (numbered) {
            cleat_check_port(c, port, "number");
        } else {
            cleat_check_required(c, NULL, "port name or number is required");
        }
        cleat_check_up(c, at);
        cleat_check_up(c, in);
    }
    cleat_check_up(c, place);
}

static void check_path_text(struct cleat_check *c, struct cleat_val path) {
    static const char *const sequences[] = {"//", "/./", "/../", "%2f", "%2F"};
    static const char *const endings[] = {"/..", "/."};
    struct cleat_val text = cleat_val_get(path, "path");
    struct cleat_str s = cleat_val_str(text);
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        if (memmem(s.p, s.n, sequences[i], strlen(sequences[i])) != NULL) {
            CLEAT_AUTO_FREE char *why = cleat_sprintf("must not contain '%s'", sequences[i]);
            cleat_check_invalid(c, "path", text, why);
        }
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = strlen(endings[i]);
        if (s.n >= n && memcmp(s.p + s.n - n, endings[i], n) == 0) {
            CLEAT_AUTO_FREE char *why = cleat_sprintf("cannot end with '%s'", endings[i]);
            cleat_check_invalid(c, "path", text, why);
        }
    }
}

static void check_path(struct cleat_check *c, struct cleat_val path) {
    static const char *const types[] = {"Exact", "ImplementationSpecific", "Prefix", NULL};
    struct cleat_val type = cleat_val_get(path, "pathType");
    struct cleat_str text = cleat_str_at(path, "path");
    if (cleat_absent(type)) {
        cleat_check_required(c, "pathType", "pathType must be specified");
    } else if (cleat_check_one_of(c, path, "pathType", types, true)) {
        bool loose = cleat_eqc(cleat_val_str(type), "ImplementationSpecific");
        if ((text.n > 0 || !loose) && (text.n == 0 || text.p[0] != '/')) {
            cleat_check_invalid(c, "path", cleat_val_get(path, "path"), "must be an absolute path");
        }
        if (!loose && text.n > 0 && text.p[0] == '/') {
            check_path_text(c, path);
        }
    }
    check_backend(c, path, "backend");
}

static void check_rule(struct cleat_check *c, struct cleat_val rule) {
    struct cleat_val host = cleat_val_get(rule, "host"), http = cleat_val_get(rule, "http");
    struct cleat_str name = cleat_val_str(host);
    struct cleat_iter it = {0};
    if (name.n > 0 && cleat_ip_parse(name, NULL) != 0) {
        cleat_check_invalid(c, "host", host, "must be a DNS name, not an IP address");
    } else if (name.n > 0 && bad_host(name) != NULL) {
        cleat_check_invalid(c, "host", host, bad_host(name));
    }
    if (cleat_absent(http)) {
        return;
    }
    struct cleat_val paths = cleat_val_get(http, "paths");
    size_t place = cleat_check_in(c, "http.paths");
    if (cleat_val_count(paths) == 0) {
        cleat_check_required(c, NULL, "");
    }
    while (cleat_val_next(paths, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        check_path(c, it.val);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static void check_tls(struct cleat_check *c, struct cleat_val tls) {
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "tls");
    while (cleat_val_next(tls, &it)) {
        struct cleat_iter host = {0};
        struct cleat_val hosts = cleat_val_get(it.val, "hosts");
        size_t elem = cleat_check_elem(c, it.index);
        size_t list = cleat_check_in(c, "hosts");
        while (cleat_val_next(hosts, &host)) {
            const char *bad = bad_host(cleat_val_str(host.val));
            size_t at = cleat_check_elem(c, host.index);
            if (bad != NULL) {
                cleat_check_invalid(c, NULL, host.val, bad);
            }
            cleat_check_up(c, at);
        }
        cleat_check_up(c, list);
        cleat_check_named(c, it.val, "secretName", cleat_name_dns_subdomain, false);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

void cleat_validate_ingress(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    static const char *const annotation = "kubernetes.io/ingress.class";
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val rules = cleat_val_get(spec, "rules");
    struct cleat_iter it = {0};
    if (same_spec(o, old)) {
        return;
    }
    struct cleat_val by_note = cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", annotation));
    struct cleat_val class = cleat_val_get(spec, "ingressClassName");
    if (old == NULL && !cleat_absent(by_note) && !cleat_absent(class)) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(by_note);
        cleat_check_fail(&c, "annotations.kubernetes.io/ingress.class", "FieldValueInvalid",
                         "%s: can not be set when the class field is also set", printed);
    }
    cleat_check_in(&c, "spec");
    if (cleat_val_count(rules) == 0 && cleat_absent(cleat_val_get(spec, "defaultBackend"))) {
        cleat_check_fail(&c, NULL, "FieldValueInvalid",
                         "%s: either `defaultBackend` or `rules` must be specified",
                         cleat_absent(spec) ? "{}" : "[]");
    }
    if (!cleat_absent(cleat_val_get(spec, "defaultBackend"))) {
        check_backend(&c, spec, "defaultBackend");
    }
    size_t list = cleat_check_in(&c, "rules");
    while (cleat_val_next(rules, &it)) {
        size_t elem = cleat_check_elem(&c, it.index);
        check_rule(&c, it.val);
        cleat_check_up(&c, elem);
    }
    cleat_check_up(&c, list);
    check_tls(&c, cleat_val_get(spec, "tls"));
    cleat_check_named(&c, spec, "ingressClassName", cleat_name_dns_subdomain, false);
}

/* "example.com/controller" */
static const char *bad_controller(struct cleat_str s) {
    const char *slash = memchr(s.p, '/', s.n);
    if (slash == NULL || slash == s.p || slash + 1 == s.p + s.n) {
        return "must be a domain-prefixed path (such as \"acme.io/foo\")";
    }
    return cleat_name_dns_subdomain((struct cleat_str){s.p, (size_t)(slash - s.p)});
}

void cleat_validate_ingressclass(struct cleat_validation *v, const cleat_obj *o,
                                 const cleat_obj *old) {
    static const char *const scopes[] = {"Cluster", "Namespace", NULL};
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val p = cleat_val_get(spec, "parameters");
    cleat_check_in(&c, "spec");
    if (old != NULL) {
        cleat_check_same(&c, cleat_val_get(spec, "controller"),
                         cleat_obj_at(old, CLEAT_PATH("spec", "controller")), "controller");
    }
    if (cleat_str_at(spec, "controller").n > 250) {
        cleat_check_fail(&c, "controller", "FieldValueTooLong", "may not be more than 250 bytes");
    }
    cleat_check_named(&c, spec, "controller", bad_controller, true);
    if (cleat_absent(p)) {
        return;
    }
    cleat_check_in(&c, "parameters");
    check_typed_ref(&c, p);
    cleat_check_one_of(&c, p, "scope", scopes, true);
    bool scoped = cleat_eqc(cleat_str_at(p, "scope"), "Namespace");
    if (scoped && cleat_str_at(p, "namespace").n == 0) {
        cleat_check_required(&c, "namespace", "`parameters.scope` is set to 'Namespace'");
    } else if (!scoped && !cleat_absent(cleat_val_get(p, "namespace"))) {
        cleat_check_forbidden(&c, "namespace", "`parameters.scope` is set to 'Cluster'");
    }
}

/* ---- network policies ---- */

static void check_policy_ports(struct cleat_check *c, struct cleat_val ports) {
    static const char *const protocols[] = {"SCTP", "TCP", "UDP", NULL};
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "ports");
    while (cleat_val_next(ports, &it)) {
        struct cleat_val port = cleat_val_get(it.val, "port");
        struct cleat_val end = cleat_val_get(it.val, "endPort");
        int64_t first = 0, last = 0;
        size_t elem = cleat_check_elem(c, it.index);
        if (!cleat_absent(cleat_val_get(it.val, "protocol"))) {
            cleat_check_one_of(c, it.val, "protocol", protocols, true);
        }
        if (!cleat_absent(port)) {
            cleat_check_port_or_name(c, it.val, "port");
        }
        if (cleat_val_int(end, &last)) {
            if (cleat_absent(port)) {
                cleat_check_required(c, "port", "must be specified if endPort is specified");
            } else if (!cleat_val_int(port, &first)) {
                cleat_check_forbidden(c, "endPort", "cannot be specified with named ports");
            } else if (last < first) {
                cleat_check_fail(c, "endPort", "FieldValueInvalid",
                                 "%lld: must be greater than or equal to `port`", (long long)last);
            } else {
                cleat_check_port(c, it.val, "endPort");
            }
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static void check_block(struct cleat_check *c, struct cleat_val block) {
    struct cleat_iter it = {0};
    struct cleat_val except = cleat_val_get(block, "except");
    unsigned char raw[16], inner[16];
    int bits = 0, inner_bits = 0;
    size_t place = cleat_check_in(c, "ipBlock");
    if (cleat_str_at(block, "cidr").n == 0) {
        cleat_check_required(c, "cidr", "");
    } else if (cleat_check_cidr(c, block, "cidr")) {
        int family = cleat_cidr_parse(cleat_str_at(block, "cidr"), raw, &bits);
        size_t list = cleat_check_in(c, "except");
        while (cleat_val_next(except, &it)) {
            size_t elem = cleat_check_elem(c, it.index);
            if (cleat_check_cidr(c, it.val, NULL)) {
                int other = cleat_cidr_parse(cleat_val_str(it.val), inner, &inner_bits);
                bool in = other == family && inner_bits > bits;
                for (int i = 0; in && i < bits; i++) {
                    in = ((raw[i / 8] ^ inner[i / 8]) & (0x80 >> i % 8)) == 0;
                }
                if (!in) {
                    CLEAT_AUTO_FREE char *why = cleat_sprintf("must be a strict subset of `cidr`");
                    cleat_check_invalid(c, NULL, it.val, why);
                }
            }
            cleat_check_up(c, elem);
        }
        cleat_check_up(c, list);
    }
    cleat_check_up(c, place);
}

static void check_peers(struct cleat_check *c, struct cleat_val peers, const char *member) {
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, member);
    while (cleat_val_next(peers, &it)) {
        struct cleat_val block = cleat_val_get(it.val, "ipBlock");
        bool selects = !cleat_absent(cleat_val_get(it.val, "podSelector")) ||
                       !cleat_absent(cleat_val_get(it.val, "namespaceSelector"));
        size_t elem = cleat_check_elem(c, it.index);
        cleat_check_selector(c, it.val, "podSelector");
        cleat_check_selector(c, it.val, "namespaceSelector");
        if (!cleat_absent(block)) {
            check_block(c, block);
        }
        if (selects && !cleat_absent(block)) {
            cleat_check_forbidden(c, NULL, "may not specify both ipBlock and another peer");
        } else if (!selects && cleat_absent(block)) {
            cleat_check_required(c, NULL, "must specify a peer");
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

void cleat_validate_networkpolicy(struct cleat_validation *v, const cleat_obj *o,
                                  const cleat_obj *old) {
    static const char *const types[] = {"Egress", "Ingress", NULL};
    static const struct {
        const char *rules, *peers;
    } directions[] = {{"ingress", "from"}, {"egress", "to"}};
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val list = cleat_val_get(spec, "policyTypes");
    if (same_spec(o, old)) {
        return;
    }
    cleat_check_in(&c, "spec");
    cleat_check_selector(&c, spec, "podSelector");
    for (size_t d = 0; d < 2; d++) {
        struct cleat_iter it = {0};
        struct cleat_val rules = cleat_val_get(spec, directions[d].rules);
        size_t place = cleat_check_in(&c, directions[d].rules);
        while (cleat_val_next(rules, &it)) {
            size_t elem = cleat_check_elem(&c, it.index);
            check_policy_ports(&c, cleat_val_get(it.val, "ports"));
            check_peers(&c, cleat_val_get(it.val, directions[d].peers), directions[d].peers);
            cleat_check_up(&c, elem);
        }
        cleat_check_up(&c, place);
    }
    struct cleat_iter it = {0};
    if (cleat_val_count(list) > 2) {
        cleat_check_invalid(&c, "policyTypes", list, "may not specify more than two policyTypes");
        return;
    }
    cleat_check_in(&c, "policyTypes");
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(&c, it.index);
        if (!cleat_one_of(cleat_val_str(it.val), types)) {
            cleat_check_unsupported(&c, NULL, it.val, types);
        }
        cleat_check_up(&c, elem);
    }
}

/* ---- addresses ---- */

const char *cleat_bad_ip_name(struct cleat_str s) {
    unsigned char raw[16];
    char text[INET6_ADDRSTRLEN];
    int family = cleat_ip_parse(s, raw);
    if (family == 0) {
        return "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    }
    inet_ntop(family == 4 ? AF_INET : AF_INET6, raw, text, sizeof text);
    return cleat_eqc(s, text) ? NULL : "must be a canonical format IP address";
}

void cleat_validate_ipaddress(struct cleat_validation *v, const cleat_obj *o,
                              const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_val ref = cleat_val_get(spec, "parentRef");
    cleat_check_in(&c, "spec");
    if (old != NULL) {
        cleat_check_same(&c, ref, cleat_obj_at(old, CLEAT_PATH("spec", "parentRef")), "parentRef");
    }
    if (cleat_absent(ref)) {
        cleat_check_required(&c, "parentRef", "");
        return;
    }
    cleat_check_in(&c, "parentRef");
    cleat_check_named(&c, ref, "group", cleat_name_dns_subdomain, false);
    cleat_check_named(&c, ref, "resource", cleat_name_path_segment, true);
    cleat_check_named(&c, ref, "namespace", cleat_name_path_segment, false);
    cleat_check_named(&c, ref, "name", cleat_name_path_segment, true);
}

void cleat_validate_servicecidr(struct cleat_validation *v, const cleat_obj *o,
                                const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("spec", "cidrs"));
    struct cleat_iter it = {0};
    int families[2] = {0, 0}, bits = 0;
    cleat_check_in(&c, "spec");
    if (old != NULL) {
        struct cleat_val was = cleat_obj_at(old, CLEAT_PATH("spec", "cidrs"));
        if (!cleat_val_equal(list, was)) {
            cleat_check_same(&c, list, was, "cidrs");
        }
        return;
    }
    if (cleat_val_count(list) == 0) {
        cleat_check_required(&c, "cidrs", "at least one CIDR required");
    } else if (cleat_val_count(list) > 2) {
        cleat_check_invalid(&c, "cidrs", list, "may only hold up to 2 values");
    }
    size_t place = cleat_check_in(&c, "cidrs");
    while (cleat_val_next(list, &it) && it.index < 2) {
        size_t elem = cleat_check_elem(&c, it.index);
        if (cleat_check_cidr(&c, it.val, NULL)) {
            families[it.index] = cleat_cidr_parse(cleat_val_str(it.val), NULL, &bits);
        }
        cleat_check_up(&c, elem);
    }
    cleat_check_up(&c, place);
    if (families[0] != 0 && families[0] == families[1]) {
        cleat_check_invalid(
            &c, "cidrs", list,
            "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 "
            "and 2001:db8::/64");
    }
}
