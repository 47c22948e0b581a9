/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a Service is given before it is validated: families, addresses, node ports. A
 * plan holds the members in question; what the old service has is carried over where
 * the new one leaves it open, what no longer belongs to its type is dropped, the rest
 * is taken from the pools. Only what changed is written back.
 */
#include "core/kinds/admit_internal.h"

struct plan {
    const cleat_obj *obj;
    struct cleat_val spec, ports;
    struct cleat_str type;
    char *ip, *ips[2], *families[2], *policy; /* "" where not set */
    size_t n_ips, n_families, n_ports;
    int64_t *node_ports, health;
    bool odd; /* what is there already breaks the rules: the validation will tell */
};

static void done_plan(struct plan *p) {
    free(p->ip);
    free(p->policy);
    for (int i = 0; i < 2; i++) {
        free(p->ips[i]);
        free(p->families[i]);
    }
    free(p->node_ports);
}
#define AUTO_PLAN __attribute__((cleanup(done_plan))) struct plan

static void set(char **member, const char *text) {
    char *copy = cleat_strdup(text);
    free(*member);
    *member = copy;
}

/* ---- reading ---- */

static size_t load_list(struct cleat_val list, char *out[2], bool *odd) {
    struct cleat_iter it = {0};
    size_t n = 0;
    while (cleat_val_next(list, &it)) {
        if (n == 2) {
            *odd = true;
            break;
        }
        out[n++] = cleat_strndup(cleat_val_str(it.val));
    }
    return n;
}

static void load(struct plan *p, const cleat_obj *o) {
    struct cleat_iter it = {0};
    memset(p, 0, sizeof *p);
    p->obj = o;
    p->spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    p->ports = cleat_val_get(p->spec, "ports");
    p->type = cleat_str_at(p->spec, "type");
    p->ip = cleat_strndup(cleat_str_at(p->spec, "clusterIP"));
    p->policy = cleat_strndup(cleat_str_at(p->spec, "ipFamilyPolicy"));
    p->n_ips = load_list(cleat_val_get(p->spec, "clusterIPs"), p->ips, &p->odd);
    p->n_families = load_list(cleat_val_get(p->spec, "ipFamilies"), p->families, &p->odd);
    p->n_ports = cleat_val_count(p->ports);
    p->node_ports = cleat_array(p->n_ports + 1, sizeof *p->node_ports);
    while (cleat_val_next(p->ports, &it)) {
        cleat_val_int(cleat_val_get(it.val, "nodePort"), &p->node_ports[it.index]);
    }
    cleat_val_int(cleat_val_get(p->spec, "healthCheckNodePort"), &p->health);
}

static bool is_headless(const struct plan *p) {
    return strcmp(p->ip, "None") == 0 || (p->n_ips > 0 && strcmp(p->ips[0], "None") == 0);
}

static bool is_type(const struct plan *p, const char *type) {
    return cleat_eqc(p->type, type);
}

static bool needs_ip(const struct plan *p) {
    return is_type(p, "ClusterIP") || is_type(p, "NodePort") || is_type(p, "LoadBalancer");
}

static bool needs_ports(const struct plan *p) {
    return is_type(p, "NodePort") ||
           (is_type(p, "LoadBalancer") &&
            cleat_val_bool(cleat_val_get(p->spec, "allocateLoadBalancerNodePorts"), 1));
}

static bool may_have_ports(const struct plan *p) {
    return is_type(p, "NodePort") || is_type(p, "LoadBalancer");
}

static bool needs_health(const struct plan *p) {
    return is_type(p, "LoadBalancer") &&
           cleat_eqc(cleat_str_at(p->spec, "externalTrafficPolicy"), "Local");
}

static bool same_list(char *const a[2], size_t n, char *const b[2], size_t m) {
    return n == m && (n < 1 || strcmp(a[0], b[0]) == 0) && (n < 2 || strcmp(a[1], b[1]) == 0);
}

static void clear_list(char *list[2], size_t *n) {
    for (int i = 0; i < 2; i++) {
        free(list[i]);
        list[i] = NULL;
    }
    *n = 0;
}

/* ---- what the old one had ---- */

/* clusterIP is the first of clusterIPs; whichever the client changed wins. */
static void normalize(struct plan *p, const struct plan *was) {
    if (was == NULL) {
        if (p->ip[0] != '\0' && p->n_ips == 0) {
            set(&p->ips[p->n_ips++], p->ip);
        }
        return;
    }
    bool same = same_list(p->ips, p->n_ips, was->ips, was->n_ips);
    if (strcmp(p->ip, was->ip) != 0) {
        if (p->ip[0] == '\0' && same) {
            clear_list(p->ips, &p->n_ips);
        } else if (p->ip[0] != '\0' && (same || p->n_ips == 0)) {
            clear_list(p->ips, &p->n_ips);
            set(&p->ips[p->n_ips++], p->ip);
        }
    } else if (p->n_ips == 0) {
        set(&p->ip, "");
    }
}

/* What belonged to the old type only and was just carried along. */
static void drop(struct plan *p, const struct plan *was) {
    if (needs_ip(was) && !needs_ip(p)) {
        if (strcmp(p->ip, was->ip) == 0 && same_list(p->ips, p->n_ips, was->ips, was->n_ips)) {
            set(&p->ip, "");
            clear_list(p->ips, &p->n_ips);
        }
        if (same_list(p->families, p->n_families, was->families, was->n_families)) {
            clear_list(p->families, &p->n_families);
        }
        if (strcmp(p->policy, was->policy) == 0) {
            set(&p->policy, "");
        }
    }
    if (needs_ports(was) && !needs_ports(p) && p->n_ports == was->n_ports &&
        memcmp(p->node_ports, was->node_ports, p->n_ports * sizeof *p->node_ports) == 0) {
        memset(p->node_ports, 0, p->n_ports * sizeof *p->node_ports);
    }
    if (needs_health(was) && !needs_health(p) && p->health == was->health) {
        p->health = 0;
    }
}

static bool has_port(const struct plan *p, int64_t port) {
    for (size_t i = 0; port != 0 && i < p->n_ports; i++) {
        if (p->node_ports[i] == port) {
            return true;
        }
    }
    return false;
}

static struct cleat_str port_name(const struct plan *p, size_t i) {
    return cleat_str_at(cleat_val_elem(p->ports, i), "name");
}

/* What a client left open stays as it was: a PUT of a manifest keeps its addresses. */
static void carry_over(struct plan *p, const struct plan *was) {
    if (needs_ip(p) && needs_ip(was)) {
        if (p->ip[0] == '\0') {
            set(&p->ip, was->ip);
        }
        if (p->n_ips == 0 && strcmp(p->ip, was->ip) == 0) {
            for (size_t i = 0; i < was->n_ips; i++) {
                set(&p->ips[p->n_ips++], was->ips[i]);
            }
        }
    }
    for (size_t i = 0; needs_ports(p) && needs_ports(was) && i < p->n_ports; i++) {
        for (size_t k = 0; p->node_ports[i] == 0 && k < was->n_ports; k++) {
            bool in_both = has_port(p, was->node_ports[k]);
            if (!in_both && cleat_eq(port_name(p, i), port_name(was, k))) {
                p->node_ports[i] = was->node_ports[k];
                break;
            }
        }
    }
    if (needs_health(p) && needs_health(was) && p->health == 0) {
        p->health = was->health;
    }
}

/* ---- families ---- */

static const char *family_name(int family) {
    return family == 6 ? "IPv6" : "IPv4";
}

static struct cleat_ip_range *range_of(cleat_admit *a, const char *family) {
    for (size_t i = 0; i < a->n_ranges; i++) {
        if (strcmp(family_name(a->ranges[i].family), family) == 0) {
            return &a->ranges[i];
        }
    }
    return NULL;
}

static cleat_err refuse(cleat_request *req, const cleat_obj *o, const char *field,
                        const char *value, const char *why) {
    struct cleat_validation v = {.kind = req->kind, .error = &req->error};
    cleat_invalid(&v, "FieldValueInvalid", field, "%s: %s", value, why);
    return cleat_invalid_done(&v, cleat_obj_name(o));
}

/* An update that asks for a single family of two, and changes nothing else, gets the first. */
static void downgrade(struct plan *p, const struct plan *was) {
    if (was == NULL || strcmp(p->policy, "SingleStack") != 0 ||
        strcmp(was->policy, "SingleStack") == 0 || was->n_families < 2) {
        return;
    }
    if (p->n_families == 2 && same_list(p->families, 2, was->families, 2)) {
        free(p->families[1]);
        p->families[1] = NULL;
        p->n_families = 1;
    }
    if (p->n_ips == 2 && same_list(p->ips, 2, was->ips, was->n_ips)) {
        free(p->ips[1]);
        p->ips[1] = NULL;
        p->n_ips = 1;
    }
}

static void families_from_ips(struct plan *p) {
    for (size_t i = 0; i < p->n_ips; i++) {
        int family = cleat_ip_parse(cleat_s(p->ips[i]), NULL);
        if (family != 0 && p->n_families == i) {
            set(&p->families[p->n_families++], family_name(family));
        }
    }
}

static cleat_err choose_policy(cleat_admit *a, cleat_request *req, struct plan *p, bool creating) {
    bool bare = is_headless(p) && cleat_val_count(cleat_val_get(p->spec, "selector")) == 0;
    bool many = p->n_families == 2 || p->n_ips == 2;
    if (p->policy[0] == '\0') {
        set(&p->policy, creating && bare && !many ? "RequireDualStack" : "SingleStack");
    }
    if (many && strcmp(p->policy, "SingleStack") == 0) {
        CLEAT_AUTO_FREE char *why = cleat_sprintf(
            "must be 'RequireDualStack' or 'PreferDualStack' when multiple %s are specified",
            p->n_families == 2 ? "IP families" : "cluster IPs");
        return refuse(req, p->obj, "spec.ipFamilyPolicy", "\"SingleStack\"", why);
    }
    if (strcmp(p->policy, "RequireDualStack") == 0 && a->n_ranges < 2 && !bare) {
        return refuse(req, p->obj, "spec.ipFamilyPolicy", "\"RequireDualStack\"",
                      "this cluster is not configured for dual-stack services");
    }
    return CLEAT_OK;
}

static cleat_err choose_families(cleat_admit *a, cleat_request *req, struct plan *p,
                                 const struct plan *was) {
    bool bare = is_headless(p) && cleat_val_count(cleat_val_get(p->spec, "selector")) == 0;
    downgrade(p, was);
    if (!is_headless(p)) {
        families_from_ips(p);
    }
    CLEAT_TRY(choose_policy(a, req, p, was == NULL));
    if (p->n_families == 0) {
        set(&p->families[p->n_families++], family_name(a->ranges[0].family));
    }
    bool dual = strcmp(p->policy, "SingleStack") != 0 && (a->n_ranges == 2 || bare);
    if (dual && strcmp(p->policy, "PreferDualStack") == 0 && a->n_ranges < 2) {
        dual = false;
    }
    if (dual && p->n_families == 1) {
        set(&p->families[p->n_families++], strcmp(p->families[0], "IPv4") == 0 ? "IPv6" : "IPv4");
    }
    for (size_t i = 0; i < p->n_families; i++) {
        if (!bare && range_of(a, p->families[i]) == NULL) {
            CLEAT_AUTO_FREE char *field = cleat_sprintf("spec.ipFamilies[%zu]", i);
            CLEAT_AUTO_FREE char *value = cleat_sprintf("\"%s\"", p->families[i]);
            return refuse(req, p->obj, field, value, "not configured on this cluster");
        }
    }
    return CLEAT_OK;
}

/* ---- addresses ---- */

static bool has_ip(const struct plan *p, const char *ip) {
    for (size_t i = 0; p != NULL && needs_ip(p) && i < p->n_ips; i++) {
        if (strcmp(p->ips[i], ip) == 0) {
            return true;
        }
    }
    return false;
}

static cleat_err ip_refused(cleat_request *req, const struct plan *p, const char *ip,
                            const struct cleat_ip_range *range, int taken) {
    CLEAT_AUTO_BUF value = {0};
    CLEAT_AUTO_BUF why = {0};
    cleat_buf_putc(&value, '[');
    for (size_t i = 0; i < p->n_ips; i++) {
        cleat_buf_printf(&value, "%s\"%s\"", i > 0 ? "," : "", p->ips[i]);
    }
    cleat_buf_putc(&value, ']');
    cleat_buf_printf(&why, "failed to allocate IP %s: ", ip);
    if (taken == CLEAT_TAKEN_ALREADY) {
        cleat_buf_puts(&why, "provided IP is already allocated");
    } else {
        cleat_buf_printf(&why,
                         "the provided IP (%s) is not in the valid range. The range of valid IPs "
                         "is %s",
                         ip, range->text);
    }
    return refuse(req, p->obj, "spec.clusterIPs", value.p, why.p);
}

static cleat_err give_ips(cleat_admit *a, cleat_request *req, struct cleat_ticket *t,
                          struct plan *p, const struct plan *was) {
    bool own = cleat_eqc(req->ns, "default") && cleat_eqc(cleat_obj_name(p->obj), "kubernetes");
    if (is_headless(p)) {
        return CLEAT_OK;
    }
    for (size_t i = 0; i < p->n_families; i++) {
        struct cleat_ip_range *range = range_of(a, p->families[i]);
        if (i < p->n_ips && has_ip(was, p->ips[i])) {
            continue;
        }
        if (i < p->n_ips) {
            int taken = cleat_services_take_ip(a, t, range, p->ips[i], own);
            if (taken != CLEAT_TAKEN_OK) {
                return ip_refused(req, p, p->ips[i], range, taken);
            }
            continue;
        }
        char *ip = cleat_services_next_ip(a, t, range);
        if (ip == NULL) {
            return cleat_fail(&req->error, CLEAT_E_INTERNAL,
                              "Internal error occurred: failed to allocate a serviceIP: range is "
                              "full");
        }
        free(p->ips[p->n_ips]);
        p->ips[p->n_ips++] = ip;
    }
    if (p->n_ips > 0) {
        set(&p->ip, p->ips[0]);
    }
    return CLEAT_OK;
}

/* ---- node ports ---- */

static cleat_err port_refused(cleat_admit *a, cleat_request *req, const struct plan *p, size_t i,
                              int taken) {
    CLEAT_AUTO_FREE char *field = cleat_sprintf("spec.ports[%zu].nodePort", i);
    CLEAT_AUTO_FREE char *value = cleat_sprintf("%lld", (long long)p->node_ports[i]);
    CLEAT_AUTO_FREE char *outside = cleat_sprintf(
        "provided port is not in the valid range. The range of valid ports is %s", a->ports_text);
    return refuse(req, p->obj, field, value,
                  taken == CLEAT_TAKEN_ALREADY ? "provided port is already allocated" : outside);
}

static bool same_number(const struct plan *p, size_t i, size_t k) {
    int64_t x = 0, y = 0;
    return cleat_val_int(cleat_val_get(cleat_val_elem(p->ports, i), "port"), &x) &&
           cleat_val_int(cleat_val_get(cleat_val_elem(p->ports, k), "port"), &y) && x == y;
}

/* Whether this service has the number by an earlier port of its list or from before. */
static bool is_ours(const struct plan *p, const struct plan *was, size_t i) {
    for (size_t k = 0; k < i; k++) {
        if (p->node_ports[k] == p->node_ports[i]) {
            return true;
        }
    }
    return was != NULL && (has_port(was, p->node_ports[i]) || was->health == p->node_ports[i]);
}

static cleat_err give_ports(cleat_admit *a, cleat_request *req, struct cleat_ticket *t,
                            struct plan *p, const struct plan *was) {
    for (size_t i = 0; i < p->n_ports; i++) {
        if (p->node_ports[i] == 0 || is_ours(p, was, i)) {
            continue;
        }
        int taken = cleat_services_take_port(a, t, p->node_ports[i]);
        if (taken != CLEAT_TAKEN_OK) {
            return port_refused(a, req, p, i, taken);
        }
    }
    for (size_t i = 0; needs_ports(p) && i < p->n_ports; i++) {
        /* One number over several protocols gets one node port. */
        for (size_t k = 0; p->node_ports[i] == 0 && k < p->n_ports; k++) {
            if (k != i && same_number(p, i, k)) {
                p->node_ports[i] = p->node_ports[k];
            }
        }
        if (p->node_ports[i] == 0) {
            p->node_ports[i] = cleat_services_next_port(a, t);
        }
        if (p->node_ports[i] < 0) {
            return cleat_fail(&req->error, CLEAT_E_INTERNAL,
                              "Internal error occurred: failed to allocate a nodePort: range is "
                              "full");
        }
    }
    return CLEAT_OK;
}

static cleat_err give_health(cleat_admit *a, cleat_request *req, struct cleat_ticket *t,
                             struct plan *p, const struct plan *was) {
    if (!needs_health(p) || (was != NULL && p->health != 0 && p->health == was->health)) {
        return CLEAT_OK;
    }
    if (p->health == 0) {
        p->health = cleat_services_next_port(a, t);
        return p->health > 0
                   ? CLEAT_OK
                   : cleat_fail(&req->error, CLEAT_E_INTERNAL,
                                "Internal error occurred: failed to allocate a HealthCheck "
                                "NodePort: range is full");
    }
    int taken = cleat_services_take_port(a, t, p->health);
    if (taken == CLEAT_TAKEN_OK) {
        return CLEAT_OK;
    }
    return cleat_fail(&req->error, CLEAT_E_INTERNAL,
                      "Internal error occurred: failed to allocate requested HealthCheck NodePort "
                      "%lld: provided port is %s",
                      (long long)p->health,
                      taken == CLEAT_TAKEN_ALREADY ? "already allocated"
                                                   : "not in the valid range");
}

/* ---- writing back ---- */

static void store_list(cleat_edit *e, const char *member, char *const list[2], size_t n) {
    CLEAT_AUTO_BUF json = {0};
    if (n == 0) {
        cleat_edit_remove(e, CLEAT_PATH("spec", member));
        return;
    }
    for (size_t i = 0; i < n; i++) {
        cleat_buf_puts(&json, i > 0 ? "," : "[");
        cleat_buf_json(&json, cleat_s(list[i]));
    }
    cleat_buf_putc(&json, ']');
    cleat_edit_set_json(e, CLEAT_PATH("spec", member), (struct cleat_str){json.p, json.n});
}

static void store_text(cleat_edit *e, const char *member, const char *text) {
    if (text[0] == '\0') {
        cleat_edit_remove(e, CLEAT_PATH("spec", member));
    } else {
        cleat_edit_set_str(e, CLEAT_PATH("spec", member), cleat_s(text));
    }
}

static cleat_err store(cleat_request *req, const struct plan *p, const struct plan *was,
                       cleat_obj **obj) {
    static const char *const balanced[] = {"allocateLoadBalancerNodePorts", "loadBalancerClass"};
    cleat_edit *e = cleat_edit_new(*obj);
    store_text(e, "clusterIP", p->ip);
    store_list(e, "clusterIPs", p->ips, p->n_ips);
    store_list(e, "ipFamilies", p->families, p->n_families);
    store_text(e, "ipFamilyPolicy", p->policy);
    for (size_t i = 0; i < p->n_ports; i++) {
        CLEAT_AUTO_FREE char *index = cleat_sprintf("%zu", i);
        if (p->node_ports[i] > 0) {
            cleat_edit_set_int(e, CLEAT_PATH("spec", "ports", index, "nodePort"), p->node_ports[i]);
        } else if (p->node_ports[i] == 0) {
            cleat_edit_remove(e, CLEAT_PATH("spec", "ports", index, "nodePort"));
        }
    }
    if (p->health > 0) {
        cleat_edit_set_int(e, CLEAT_PATH("spec", "healthCheckNodePort"), p->health);
    } else if (p->health == 0) {
        cleat_edit_remove(e, CLEAT_PATH("spec", "healthCheckNodePort"));
    }
    for (size_t i = 0; was != NULL && i < 2; i++) {
        struct cleat_val now = cleat_val_get(p->spec, balanced[i]);
        if (is_type(was, "LoadBalancer") && !is_type(p, "LoadBalancer") && !cleat_absent(now) &&
            cleat_val_equal(now, cleat_val_get(was->spec, balanced[i]))) {
            cleat_edit_remove(e, CLEAT_PATH("spec", balanced[i]));
        }
    }
    bool outside = may_have_ports(p) || cleat_val_count(cleat_val_get(p->spec, "externalIPs")) > 0;
    if (was != NULL && !outside &&
        cleat_eq(cleat_str_at(p->spec, "externalTrafficPolicy"),
                 cleat_str_at(was->spec, "externalTrafficPolicy"))) {
        cleat_edit_remove(e, CLEAT_PATH("spec", "externalTrafficPolicy"));
    }
    return cleat_admit_edit(req, e, obj);
}

/* ---- the step ---- */

/* Whether the addresses that are there make sense enough to go on with them. */
static bool is_sound(const struct plan *p) {
    for (size_t i = 0; i < p->n_ips; i++) {
        int family = cleat_ip_parse(cleat_s(p->ips[i]), NULL);
        bool none = strcmp(p->ips[i], "None") == 0;
        if ((family == 0 && (!none || p->n_ips > 1)) ||
            (i < p->n_families && family != 0 &&
             strcmp(family_name(family), p->families[i]) != 0)) {
            return false;
        }
    }
    for (size_t i = 0; i < p->n_families; i++) {
        if (strcmp(p->families[i], "IPv4") != 0 && strcmp(p->families[i], "IPv6") != 0) {
            return false;
        }
    }
    for (size_t i = 0; i < p->n_ports; i++) {
        if (p->node_ports[i] < 0 || p->node_ports[i] > 65535) {
            return false;
        }
    }
    return !p->odd && (p->n_families < 2 || strcmp(p->families[0], p->families[1]) != 0) &&
           (p->n_ips == 0 || p->ip[0] == '\0' || strcmp(p->ip, p->ips[0]) == 0);
}

static cleat_err give(cleat_admit *a, cleat_request *req, struct plan *p, const struct plan *was) {
    struct cleat_ticket *t = req->dry_run ? NULL : cleat_ticket_of(req);
    CLEAT_LOCKED(&a->services_lock);
    cleat_services_catch_up(a);
    CLEAT_TRY(give_ips(a, req, t, p, was));
    if (may_have_ports(p)) {
        CLEAT_TRY(give_ports(a, req, t, p, was));
    }
    return give_health(a, req, t, p, was);
}

cleat_err cleat_step_service(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                             const cleat_obj *old) {
    AUTO_PLAN p;
    AUTO_PLAN before = {.n_ips = 0};
    const struct plan *was = old != NULL ? &before : NULL;
    load(&p, *obj);
    if (old != NULL) {
        load(&before, old);
        if (cleat_eq(cleat_val_raw(p.spec), cleat_val_raw(before.spec))) {
            return CLEAT_OK;
        }
        drop(&p, was);
    }
    normalize(&p, was);
    if (was != NULL) {
        carry_over(&p, was);
    }
    if (needs_ip(&p) && is_sound(&p)) {
        CLEAT_TRY(choose_families(a, req, &p, was));
        CLEAT_TRY(give(a, req, &p, was));
    } else if (p.odd) {
        return CLEAT_OK; /* the validation refuses it as it is */
    }
    return store(req, &p, was, obj);
}
