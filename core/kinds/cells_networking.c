/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of networking.k8s.io and discovery.k8s.io. Pure; any thread. */
#include "core/kinds/cells.h"

/* ---- ingresses ---- */

CLEAT_CELL(ingress_class, "<none>", "spec", "ingressClassName")

static void ingress_hosts(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_joined j = {.max = 3};
    struct cleat_iter it = {0};
    struct cleat_val rules = cleat_obj_at(o, CLEAT_PATH("spec", "rules"));
    while (cleat_val_next(rules, &it)) {
        struct cleat_str host = cleat_val_str(cleat_val_get(it.val, "host"));
        if (host.n > 0) {
            cleat_joined_add(&j, host);
        }
    }
    cleat_joined_end(&j, "*", out);
}

static void ingress_address(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_joined j = {.n = 0};
    cleat_cell_ingress(cleat_obj_at(o, CLEAT_PATH("status", "loadBalancer", "ingress")), &j);
    cleat_joined_end(&j, "", out);
}

static void ingress_ports(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    bool tls = cleat_val_count(cleat_obj_at(o, CLEAT_PATH("spec", "tls"))) > 0;
    cleat_buf_puts(out, tls ? "\"80, 443\"" : "\"80\"");
}

const struct cleat_column cleat_columns_ingress[] = {
    CLEAT_COLUMN("Class", "string",
                 "The name of the IngressClass resource that should be used for additional "
                 "configuration",
                 ingress_class),
    CLEAT_COLUMN("Hosts", "string",
                 "Hosts that incoming requests are matched against before the ingress rule",
                 ingress_hosts),
    CLEAT_COLUMN("Address", "string",
                 "Address is a list containing ingress points for the load-balancer",
                 ingress_address),
    CLEAT_COLUMN("Ports", "string", "Ports of TLS configurations that open", ingress_ports),
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

CLEAT_CELL(class_controller, "", "spec", "controller")

static void class_parameters(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val p = cleat_obj_at(o, CLEAT_PATH("spec", "parameters"));
    struct cleat_str group = cleat_val_str(cleat_val_get(p, "apiGroup"));
    if (cleat_val_type(p) != CLEAT_OBJECT) {
        cleat_buf_puts(out, "\"<none>\"");
        return;
    }
    cleat_buf_printf(out, "\"%.*s%s%.*s/%.*s\"", CLEAT_FMT(cleat_val_str(cleat_val_get(p, "kind"))),
                     group.n > 0 ? "." : "", CLEAT_FMT(group),
                     CLEAT_FMT(cleat_val_str(cleat_val_get(p, "name"))));
}

const struct cleat_column cleat_columns_ingressclass[] = {
    CLEAT_COLUMN("Controller", "string", "Controller that is responsible for handling this class",
                 class_controller),
    CLEAT_COLUMN("Parameters", "string", "A reference to a resource with additional parameters",
                 class_parameters),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};

/* ---- policies, addresses ---- */

static void policy_selector(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_selector(cleat_obj_at(o, CLEAT_PATH("spec", "podSelector")), false, out);
}

const struct cleat_column cleat_columns_networkpolicy[] = {
    CLEAT_COLUMN("Pod-Selector", "string", "The pods that this policy is about.", policy_selector),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};

static void address_parent(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    static const char *const parts[] = {"group", "namespace", "name"};
    struct cleat_val ref = cleat_obj_at(o, CLEAT_PATH("spec", "parentRef"));
    if (cleat_val_type(ref) != CLEAT_OBJECT) {
        cleat_buf_puts(out, "\"\"");
        return;
    }
    cleat_buf_printf(out, "\"%.*s", CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "resource"))));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct cleat_str s = cleat_val_str(cleat_val_get(ref, parts[i]));
        if (s.n > 0) {
            cleat_buf_printf(out, "%s%.*s", i == 0 ? "." : "/", CLEAT_FMT(s));
        }
    }
    cleat_buf_putc(out, '"');
}

const struct cleat_column cleat_columns_ipaddress[] = {
    CLEAT_COLUMN("ParentRef", "string", "The object that uses this address.", address_parent),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};

static void cidrs(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_joined j = {.n = 0};
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("spec", "cidrs"));
    while (cleat_val_next(list, &it)) {
        cleat_joined_add(&j, cleat_val_str(it.val));
    }
    cleat_joined_end(&j, "", out);
}

const struct cleat_column cleat_columns_servicecidr[] = {
    CLEAT_COLUMN("CIDRs", "string", "The networks that services get their addresses from.", cidrs),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};

/* ---- endpoint slices ---- */

CLEAT_CELL(slice_type, "", "addressType")

static void slice_ports(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_joined j = {.max = 3};
    struct cleat_iter it = {0};
    struct cleat_val ports = cleat_obj_at(o, CLEAT_PATH("ports"));
    while (cleat_val_next(ports, &it)) {
        struct cleat_val port = cleat_val_get(it.val, "port");
        bool number = cleat_val_type(port) == CLEAT_NUMBER;
        cleat_joined_add(&j, number ? cleat_val_raw(port) : CLEAT_STR("*"));
    }
    cleat_joined_end(&j, "<unset>", out);
}

static void slice_endpoints(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_joined j = {.max = 3};
    struct cleat_iter it = {0};
    struct cleat_val endpoints = cleat_obj_at(o, CLEAT_PATH("endpoints"));
    while (cleat_val_next(endpoints, &it)) {
        struct cleat_iter address = {0};
        struct cleat_val addresses = cleat_val_get(it.val, "addresses");
        while (cleat_val_next(addresses, &address)) {
            cleat_joined_add(&j, cleat_val_str(address.val));
        }
    }
    cleat_joined_end(&j, "<unset>", out);
}

const struct cleat_column cleat_columns_endpointslice[] = {
    CLEAT_COLUMN("AddressType", "string", "The kind of all addresses of this slice.", slice_type),
    CLEAT_COLUMN("Ports", "string", "The ports of every endpoint of this slice.", slice_ports),
    CLEAT_COLUMN("Endpoints", "string", "The addresses of this slice.", slice_endpoints),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};
