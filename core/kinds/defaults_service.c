/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's defaults of Services, Endpoints and EndpointSlices; addresses and node
 * ports are given out in core/kinds/allocate*.c. Pure; any thread.
 */
#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

/* ---- services ---- */

struct service {
    struct cleat_val spec;
    struct cleat_str type;
};

static bool is_type(const struct service *s, const char *type) {
    return cleat_eqc(s->type, type) || (s->type.n == 0 && strcmp(type, "ClusterIP") == 0);
}

/* Reachable from outside: then what happens to such traffic must be said. */
static bool is_external(const struct service *s) {
    return is_type(s, "LoadBalancer") || is_type(s, "NodePort") ||
           (is_type(s, "ClusterIP") && cleat_val_count(cleat_val_get(s->spec, "externalIPs")) > 0);
}

static bool has_internal_policy(const struct service *s) {
    return is_type(s, "ClusterIP") || is_type(s, "NodePort") || is_type(s, "LoadBalancer");
}

static bool always(const struct service *s) {
    (void)s;
    return true;
}

static bool is_balanced(const struct service *s) {
    return is_type(s, "LoadBalancer");
}

static const struct {
    bool (*applies)(const struct service *s);
    const char *member, *json;
} members[] = {
    {always, "type", "\"ClusterIP\""},
    {always, "sessionAffinity", "\"None\""},
    {has_internal_policy, "internalTrafficPolicy", "\"Cluster\""},
    {is_external, "externalTrafficPolicy", "\"Cluster\""},
    {is_balanced, "allocateLoadBalancerNodePorts", "true"},
};
enum { MEMBERS = sizeof members / sizeof *members };

static bool unset(struct cleat_val v) {
    return cleat_absent(v) || (cleat_val_type(v) == CLEAT_STRING && cleat_val_str(v).n == 0);
}

static struct service look(const cleat_obj *o) {
    struct cleat_val spec = cleat_val_get(cleat_obj_root(o), "spec");
    return (struct service){spec, cleat_str_at(spec, "type")};
}

/* "config" belongs to ClientIP, and to nothing else. */
static bool affinity_is_off(const struct service *s) {
    bool client = cleat_eqc(cleat_str_at(s->spec, "sessionAffinity"), "ClientIP");
    struct cleat_val config = cleat_val_get(s->spec, "sessionAffinityConfig");
    struct cleat_val seconds = cleat_val_at(config, CLEAT_PATH("clientIP", "timeoutSeconds"));
    return client ? cleat_absent(seconds)
                  : cleat_eqc(cleat_str_at(s->spec, "sessionAffinity"), "None") &&
                        cleat_val_present(config);
}

static bool ports_need(struct cleat_val ports) {
    struct cleat_iter it = {0};
    while (cleat_val_next(ports, &it)) {
        if (cleat_val_type(it.val) == CLEAT_OBJECT &&
            (cleat_str_at(it.val, "protocol").n == 0 ||
             unset(cleat_val_get(it.val, "targetPort")))) {
            return true;
        }
    }
    return false;
}

bool cleat_needs_service(const cleat_obj *o) {
    struct service s = look(o);
    for (size_t i = 0; i < MEMBERS; i++) {
        if (members[i].applies(&s) && unset(cleat_val_get(s.spec, members[i].member))) {
            return true;
        }
    }
    return affinity_is_off(&s) || ports_need(cleat_val_get(s.spec, "ports")) ||
           cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "loadBalancer")));
}

static void default_port(cleat_edit *e, struct cleat_iter *it) {
    CLEAT_AUTO_FREE char *index = cleat_sprintf("%u", it->index);
    struct cleat_val target = cleat_val_get(it->val, "targetPort");
    int64_t number = 1;
    if (cleat_str_at(it->val, "protocol").n == 0) {
        cleat_edit_set_str(e, CLEAT_PATH("spec", "ports", index, "protocol"), CLEAT_STR("TCP"));
    }
    if (cleat_val_type(target) == CLEAT_NUMBER) {
        cleat_val_int(target, &number);
    }
    if ((unset(target) || number == 0) && cleat_val_present(cleat_val_get(it->val, "port"))) {
        cleat_edit_set_val(e, CLEAT_PATH("spec", "ports", index, "targetPort"),
                           cleat_val_get(it->val, "port"));
    }
}

static void default_affinity(cleat_edit *e, const struct service *s) {
    if (cleat_eqc(cleat_str_at(s->spec, "sessionAffinity"), "ClientIP")) {
        cleat_edit_set_json(
            e, CLEAT_PATH("spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"),
            CLEAT_STR("10800"));
    } else {
        cleat_edit_remove(e, CLEAT_PATH("spec", "sessionAffinityConfig"));
    }
}

void cleat_default_service(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct service s = look(o);
    struct cleat_iter it = {0};
    if (cleat_val_type(s.spec) != CLEAT_OBJECT) {
        return;
    }
    for (size_t i = 0; i < MEMBERS; i++) {
        if (members[i].applies(&s) && unset(cleat_val_get(s.spec, members[i].member))) {
            cleat_edit_set_json(e, CLEAT_PATH("spec", members[i].member), cleat_s(members[i].json));
        }
    }
    if (affinity_is_off(&s)) {
        default_affinity(e, &s);
    }
    struct cleat_val ports = cleat_val_get(s.spec, "ports");
    while (cleat_val_next(ports, &it)) {
        if (cleat_val_type(it.val) == CLEAT_OBJECT) {
            default_port(e, &it);
        }
    }
    if (cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "loadBalancer")))) {
        cleat_edit_set_json(e, CLEAT_PATH("status", "loadBalancer"), CLEAT_STR("{}"));
    }
}

/* ---- endpoints ---- */

static bool protocol_missing(struct cleat_val ports) {
    struct cleat_iter it = {0};
    while (cleat_val_next(ports, &it)) {
        if (cleat_val_type(it.val) == CLEAT_OBJECT && cleat_str_at(it.val, "protocol").n == 0) {
            return true;
        }
    }
    return false;
}

bool cleat_needs_endpoints(const cleat_obj *o) {
    struct cleat_iter it = {0};
    struct cleat_val subsets = cleat_obj_at(o, CLEAT_PATH("subsets"));
    while (cleat_val_next(subsets, &it)) {
        if (protocol_missing(cleat_val_get(it.val, "ports"))) {
            return true;
        }
    }
    return false;
}

void cleat_default_endpoints(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_iter it = {0};
    struct cleat_val subsets = cleat_obj_at(o, CLEAT_PATH("subsets"));
    while (cleat_val_next(subsets, &it)) {
        CLEAT_AUTO_FREE char *subset = cleat_sprintf("%u", it.index);
        struct cleat_iter p = {0};
        struct cleat_val ports = cleat_val_get(it.val, "ports");
        while (cleat_val_next(ports, &p)) {
            CLEAT_AUTO_FREE char *port = cleat_sprintf("%u", p.index);
            if (cleat_str_at(p.val, "protocol").n == 0) {
                cleat_edit_set_str(e, CLEAT_PATH("subsets", subset, "ports", port, "protocol"),
                                   CLEAT_STR("TCP"));
            }
        }
    }
}

static bool slice_port_lacks(struct cleat_val port, const char *member) {
    return cleat_val_type(port) == CLEAT_OBJECT && cleat_absent(cleat_val_get(port, member));
}

bool cleat_needs_endpointslice(const cleat_obj *o) {
    struct cleat_iter it = {0};
    struct cleat_val ports = cleat_obj_at(o, CLEAT_PATH("ports"));
    while (cleat_val_next(ports, &it)) {
        if (slice_port_lacks(it.val, "name") || slice_port_lacks(it.val, "protocol")) {
            return true;
        }
    }
    return false;
}

void cleat_default_endpointslice(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_iter it = {0};
    struct cleat_val ports = cleat_obj_at(o, CLEAT_PATH("ports"));
    while (cleat_val_next(ports, &it)) {
        CLEAT_AUTO_FREE char *port = cleat_sprintf("%u", it.index);
        if (slice_port_lacks(it.val, "name")) {
            cleat_edit_set_str(e, CLEAT_PATH("ports", port, "name"), CLEAT_STR(""));
        }
        if (slice_port_lacks(it.val, "protocol")) {
            cleat_edit_set_str(e, CLEAT_PATH("ports", port, "protocol"), CLEAT_STR("TCP"));
        }
    }
}
