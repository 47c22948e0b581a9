/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Endpoints and EndpointSlices: addresses, ports, what may not change. What is byte
 * for byte as it was is not looked at again. Pure; any thread.
 */
#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

static const char *const protocols[] = {"SCTP", "TCP", "UDP", NULL};

static bool same(const cleat_obj *o, const cleat_obj *old, const char *member) {
    return old != NULL && cleat_eq(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH(member))),
                                   cleat_val_raw(cleat_obj_at(old, CLEAT_PATH(member))));
}

static void check_not_special(struct cleat_check *c, const char *member, struct cleat_val v) {
    const char *bad = cleat_special_ip(cleat_val_str(v));
    if (bad != NULL) {
        cleat_check_invalid(c, member, v, bad);
    }
}

/* ---- endpoints ---- */

static void check_address_list(struct cleat_check *c, struct cleat_val subset, const char *member) {
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_val_get(subset, member);
    size_t place = cleat_check_in(c, member);
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        if (cleat_check_ip(c, it.val, "ip")) {
            check_not_special(c, "ip", cleat_val_get(it.val, "ip"));
        }
        cleat_check_named(c, it.val, "hostname", cleat_name_dns_label, false);
        cleat_check_named(c, it.val, "nodeName", cleat_name_dns_subdomain, false);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static void check_subset(struct cleat_check *c, struct cleat_val subset) {
    struct cleat_iter it = {0};
    struct cleat_val ports = cleat_val_get(subset, "ports");
    size_t n = cleat_val_count(ports);
    if (cleat_val_count(cleat_val_get(subset, "addresses")) == 0 &&
        cleat_val_count(cleat_val_get(subset, "notReadyAddresses")) == 0) {
        cleat_check_required(c, NULL, "must specify `addresses` or `notReadyAddresses`");
    }
    check_address_list(c, subset, "addresses");
    check_address_list(c, subset, "notReadyAddresses");
    size_t place = cleat_check_in(c, "ports");
    while (cleat_val_next(ports, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        cleat_check_named(c, it.val, "name", cleat_name_dns_label, n > 1);
        cleat_check_port(c, it.val, "port");
        cleat_check_one_of(c, it.val, "protocol", protocols, true);
        if (!cleat_absent(cleat_val_get(it.val, "appProtocol"))) {
            cleat_check_named(c, it.val, "appProtocol", cleat_name_qualified, true);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

void cleat_validate_endpoints(struct cleat_validation *v, const cleat_obj *o,
                              const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_iter it = {0};
    struct cleat_val subsets = cleat_obj_at(o, CLEAT_PATH("subsets"));
    if (same(o, old, "subsets")) {
        return;
    }
    cleat_check_in(&c, "subsets");
    while (cleat_val_next(subsets, &it)) {
        size_t elem = cleat_check_elem(&c, it.index);
        check_subset(&c, it.val);
        cleat_check_up(&c, elem);
    }
}

/* ---- slices ---- */

enum { ADDRESSES_MAX = 100, PORTS_MAX = 20000, ENDPOINTS_MAX = 1000, HINTS_MAX = 8 };

static void too_many(struct cleat_check *c, const char *member, size_t n, int max) {
    cleat_check_fail(c, member, "FieldValueTooMany", "%zu: must have at most %d items", n, max);
}

static void check_slice_address(struct cleat_check *c, struct cleat_val v, struct cleat_str type) {
    bool v6 = cleat_eqc(type, "IPv6");
    if (cleat_eqc(type, "FQDN")) {
        const char *bad = cleat_name_dns_subdomain(cleat_val_str(v));
        if (bad != NULL) {
            cleat_check_invalid(c, NULL, v, bad);
        }
        return;
    }
    if (cleat_ip_parse(cleat_val_str(v), NULL) != (v6 ? 6 : 4)) {
        cleat_check_invalid(c, NULL, v,
                            v6 ? "must be a valid IPv6 address" : "must be a valid IPv4 address");
        return;
    }
    check_not_special(c, NULL, v);
}

static void check_hints(struct cleat_check *c, struct cleat_val hints, const char *member,
                        const char *(*fn)(struct cleat_str)) {
    struct cleat_val list = cleat_val_get(hints, member);
    struct cleat_iter it = {0};
    if (cleat_val_count(list) > HINTS_MAX) {
        too_many(c, member, cleat_val_count(list), HINTS_MAX);
        return;
    }
    size_t place = cleat_check_in(c, member);
    while (cleat_val_next(list, &it)) {
        struct cleat_val name = cleat_val_get(it.val, "name");
        const char *bad = fn(cleat_val_str(name));
        size_t elem = cleat_check_elem(c, it.index);
        if (cleat_seen_before(list, &it, "name")) {
            cleat_check_duplicate(c, "name", name);
        }
        if (bad != NULL) {
            cleat_check_invalid(c, "name", name, bad);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

static void check_endpoint(struct cleat_check *c, struct cleat_val endpoint,
                           struct cleat_str type) {
    struct cleat_val addresses = cleat_val_get(endpoint, "addresses");
    struct cleat_iter it = {0};
    size_t n = cleat_val_count(addresses);
    if (n == 0) {
        cleat_check_required(c, "addresses", "must contain at least 1 address");
    } else if (n > ADDRESSES_MAX) {
        too_many(c, "addresses", n, ADDRESSES_MAX);
    }
    size_t place = cleat_check_in(c, "addresses");
    while (cleat_val_next(addresses, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        check_slice_address(c, it.val, type);
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
    cleat_check_named(c, endpoint, "nodeName", cleat_name_dns_subdomain, false);
    cleat_check_named(c, endpoint, "hostname", cleat_name_dns_label, false);
    cleat_check_labels(c, endpoint, "deprecatedTopology");
    size_t hints = cleat_check_in(c, "hints");
    check_hints(c, cleat_val_get(endpoint, "hints"), "forZones", cleat_name_label_value);
    check_hints(c, cleat_val_get(endpoint, "hints"), "forNodes", cleat_name_dns_subdomain);
    cleat_check_up(c, hints);
}

static void check_slice_ports(struct cleat_check *c, struct cleat_val ports) {
    struct cleat_iter it = {0};
    if (cleat_val_count(ports) > PORTS_MAX) {
        too_many(c, "ports", cleat_val_count(ports), PORTS_MAX);
    }
    size_t place = cleat_check_in(c, "ports");
    while (cleat_val_next(ports, &it)) {
        struct cleat_val name = cleat_val_get(it.val, "name");
        size_t elem = cleat_check_elem(c, it.index);
        cleat_check_named(c, it.val, "name", cleat_name_dns_label, false);
        if (cleat_seen_before(ports, &it, "name")) {
            cleat_check_duplicate(c, "name", name);
        }
        cleat_check_one_of(c, it.val, "protocol", protocols, true);
        if (!cleat_absent(cleat_val_get(it.val, "appProtocol"))) {
            cleat_check_named(c, it.val, "appProtocol", cleat_name_qualified, true);
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, place);
}

void cleat_validate_endpointslice(struct cleat_validation *v, const cleat_obj *o,
                                  const cleat_obj *old) {
    static const char *const types[] = {"FQDN", "IPv4", "IPv6", NULL};
    CLEAT_AUTO_CHECK c = {.v = v};
    struct cleat_val root = cleat_obj_root(o);
    struct cleat_val endpoints = cleat_val_get(root, "endpoints");
    struct cleat_str type = cleat_str_at(root, "addressType");
    struct cleat_iter it = {0};
    if (old != NULL) {
        cleat_check_same(&c, cleat_val_get(root, "addressType"),
                         cleat_obj_at(old, CLEAT_PATH("addressType")), "addressType");
    }
    if (!cleat_check_one_of(&c, root, "addressType", types, true)) {
        return;
    }
    if (!same(o, old, "ports")) {
        check_slice_ports(&c, cleat_val_get(root, "ports"));
    }
    if (same(o, old, "endpoints")) {
        return;
    }
    if (cleat_val_count(endpoints) > ENDPOINTS_MAX) {
        too_many(&c, "endpoints", cleat_val_count(endpoints), ENDPOINTS_MAX);
        return;
    }
    cleat_check_in(&c, "endpoints");
    while (cleat_val_next(endpoints, &it)) {
        size_t elem = cleat_check_elem(&c, it.index);
        check_endpoint(&c, it.val, type);
        cleat_check_up(&c, elem);
    }
}
