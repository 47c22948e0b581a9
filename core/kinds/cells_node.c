/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of Nodes and Services. Pure; any thread. */
#include "core/kinds/cells.h"

/* ---- nodes ---- */

static void node_status(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val conditions = cleat_obj_at(o, CLEAT_PATH("status", "conditions"));
    struct cleat_iter it = {0};
    const char *status = "Unknown";
    while (cleat_val_next(conditions, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "Ready")) {
            bool ready = cleat_eqc(cleat_val_str(cleat_val_get(it.val, "status")), "True");
            status = ready ? "Ready" : "NotReady";
        }
    }
    bool off = cleat_val_bool(cleat_obj_at(o, CLEAT_PATH("spec", "unschedulable")), 0);
    cleat_buf_printf(out, "\"%s%s\"", status, off ? ",SchedulingDisabled" : "");
}

static int compare_strs(const void *a, const void *b) {
    return cleat_cmp(*(const struct cleat_str *)a, *(const struct cleat_str *)b);
}

static void node_roles(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    static const char prefix[] = "node-role.kubernetes.io/";
    struct cleat_val labels = cleat_obj_at(o, CLEAT_PATH("metadata", "labels"));
    struct cleat_iter it = {0};
    size_t n = 0, size = sizeof prefix - 1;
    CLEAT_AUTO_FREE struct cleat_str *roles =
        cleat_array(cleat_val_count(labels) + 1, sizeof *roles);
    while (cleat_val_next(labels, &it)) {
        if (it.key.n > size && memcmp(it.key.p, prefix, size) == 0) {
            roles[n++] = (struct cleat_str){it.key.p + size, it.key.n - size};
        } else if (cleat_eqc(it.key, "kubernetes.io/role") && cleat_val_str(it.val).n > 0) {
            roles[n++] = cleat_val_str(it.val);
        }
    }
    if (n == 0) {
        cleat_buf_puts(out, "\"<none>\"");
        return;
    }
    qsort(roles, n, sizeof *roles, compare_strs);
    cleat_buf_putc(out, '"');
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && cleat_eq(roles[i], roles[i - 1])) {
            continue;
        }
        cleat_buf_puts(out, i > 0 ? "," : "");
        cleat_buf_str(out, roles[i]);
    }
    cleat_buf_putc(out, '"');
}

static void node_address(const cleat_obj *o, const char *type, struct cleat_buf *out) {
    struct cleat_val addresses = cleat_obj_at(o, CLEAT_PATH("status", "addresses"));
    struct cleat_iter it = {0};
    while (cleat_val_next(addresses, &it)) {
        struct cleat_val address = cleat_val_get(it.val, "address");
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), type) &&
            cleat_val_type(address) == CLEAT_STRING) {
            cleat_buf_str(out, cleat_val_raw(address));
            return;
        }
    }
    cleat_buf_puts(out, "\"<none>\"");
}

static void node_internal(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    node_address(o, "InternalIP", out);
}

static void node_external(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    node_address(o, "ExternalIP", out);
}

static void node_version(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("status", "nodeInfo", "kubeletVersion"), "", out);
}

static void node_os(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("status", "nodeInfo", "osImage"), "<unknown>", out);
}

static void node_kernel(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("status", "nodeInfo", "kernelVersion"), "<unknown>", out);
}

static void node_runtime(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("status", "nodeInfo", "containerRuntimeVersion"), "<unknown>",
                   out);
}

const struct cleat_column cleat_columns_node[] = {
    {.name = "Status",
     .type = "string",
     .description = "The status of the node",
     .cell = node_status},
    {.name = "Roles", .type = "string", .description = "The roles of the node", .cell = node_roles},
    CLEAT_COLUMN_AGE,
    {.name = "Version",
     .type = "string",
     .description = "Kubelet Version reported by the node.",
     .cell = node_version},
    {.name = "Internal-IP",
     .type = "string",
     .priority = 1,
     .description = "The first internal address reported for the node.",
     .cell = node_internal},
    {.name = "External-IP",
     .type = "string",
     .priority = 1,
     .description = "The first external address reported for the node.",
     .cell = node_external},
    {.name = "OS-Image",
     .type = "string",
     .priority = 1,
     .description = "OS Image reported by the node.",
     .cell = node_os},
    {.name = "Kernel-Version",
     .type = "string",
     .priority = 1,
     .description = "Kernel Version reported by the node.",
     .cell = node_kernel},
    {.name = "Container-Runtime",
     .type = "string",
     .priority = 1,
     .description = "ContainerRuntime Version reported by the node.",
     .cell = node_runtime},
    CLEAT_COLUMN_END};

/* ---- services ---- */

static void service_type(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("spec", "type"), "", out);
}

static void service_cluster_ip(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val first = cleat_val_elem(cleat_obj_at(o, CLEAT_PATH("spec", "clusterIPs")), 0);
    if (cleat_val_str(first).n > 0) {
        cleat_buf_str(out, cleat_val_raw(first));
        return;
    }
    cleat_cell_str(o, CLEAT_PATH("spec", "clusterIP"), "<none>", out);
}

static void add_joined(struct cleat_buf *b, struct cleat_str s) {
    if (s.n > 0) {
        cleat_buf_puts(b, b->n > 0 ? "," : "");
        cleat_buf_str(b, s);
    }
}

static void add_external_ips(struct cleat_buf *b, const cleat_obj *o) {
    struct cleat_iter it = {0};
    struct cleat_val ips = cleat_obj_at(o, CLEAT_PATH("spec", "externalIPs"));
    while (cleat_val_next(ips, &it)) {
        add_joined(b, cleat_val_str(it.val));
    }
}

/* Upstream cuts what the balancer says to 16 characters unless wide was asked
 * for. A table serves both, and kubectl does not cut, so it is cut always. */
static void add_ingress(struct cleat_buf *b, const cleat_obj *o) {
    CLEAT_AUTO_BUF all = {0};
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("status", "loadBalancer", "ingress"));
    while (cleat_val_next(list, &it)) {
        struct cleat_str ip = cleat_val_str(cleat_val_get(it.val, "ip"));
        add_joined(&all, ip.n > 0 ? ip : cleat_val_str(cleat_val_get(it.val, "hostname")));
    }
    if (all.n > 16) {
        all.n = 13;
        cleat_buf_puts(&all, "...");
    }
    add_joined(b, (struct cleat_str){all.p, all.n});
}

static void service_external_ip(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_str type = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "type")));
    CLEAT_AUTO_BUF text = {0};
    if (cleat_eqc(type, "ExternalName")) {
        cleat_cell_str(o, CLEAT_PATH("spec", "externalName"), "", out);
        return;
    }
    if (cleat_eqc(type, "LoadBalancer")) {
        add_ingress(&text, o);
    }
    add_external_ips(&text, o);
    if (text.n > 0) {
        cleat_buf_printf(out, "\"%s\"", text.p);
    } else {
        cleat_buf_puts(out, cleat_eqc(type, "LoadBalancer") ? "\"<pending>\"" : "\"<none>\"");
    }
}

static void service_ports(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_iter it = {0};
    struct cleat_val ports = cleat_obj_at(o, CLEAT_PATH("spec", "ports"));
    if (cleat_val_count(ports) == 0) {
        cleat_buf_puts(out, "\"<none>\"");
        return;
    }
    cleat_buf_putc(out, '"');
    while (cleat_val_next(ports, &it)) {
        int64_t port = 0, node = 0;
        struct cleat_str protocol = cleat_val_str(cleat_val_get(it.val, "protocol"));
        cleat_val_int(cleat_val_get(it.val, "port"), &port);
        cleat_val_int(cleat_val_get(it.val, "nodePort"), &node);
        cleat_buf_printf(out, "%s%lld", it.index > 0 ? "," : "", (long long)port);
        if (node > 0) {
            cleat_buf_printf(out, ":%lld", (long long)node);
        }
        cleat_buf_printf(out, "/%.*s", CLEAT_FMT(protocol));
    }
    cleat_buf_putc(out, '"');
}

static void service_selector(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_iter it = {0};
    struct cleat_val selector = cleat_obj_at(o, CLEAT_PATH("spec", "selector"));
    if (cleat_val_count(selector) == 0) {
        cleat_buf_puts(out, "\"<none>\"");
        return;
    }
    cleat_buf_putc(out, '"');
    while (cleat_val_next(selector, &it)) {
        cleat_buf_printf(out, "%s%.*s=%.*s", it.index > 0 ? "," : "", CLEAT_FMT(it.key),
                         CLEAT_FMT(cleat_val_str(it.val)));
    }
    cleat_buf_putc(out, '"');
}

const struct cleat_column cleat_columns_service[] = {
    {.name = "Type",
     .type = "string",
     .description = "How the service is exposed.",
     .cell = service_type},
    {.name = "Cluster-IP",
     .type = "string",
     .description = "The IP address of the service.",
     .cell = service_cluster_ip},
    {.name = "External-IP",
     .type = "string",
     .description = "Addresses from outside of the cluster.",
     .cell = service_external_ip},
    {.name = "Port(s)",
     .type = "string",
     .description = "The ports that are exposed by this service.",
     .cell = service_ports},
    CLEAT_COLUMN_AGE,
    {.name = "Selector",
     .type = "string",
     .priority = 1,
     .description = "The labels of the pods that traffic goes to.",
     .cell = service_selector},
    CLEAT_COLUMN_END};
