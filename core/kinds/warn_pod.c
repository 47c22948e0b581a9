/* SPDX-License-Identifier: Apache-2.0 */
/* Warnings of pods and of what makes them. See warn.h. */
#include "core/kinds/warn.h"

enum { PORTS_COMPARED_MAX = 256 }; /* in all containers; what is beyond is not compared */

static const char *const required = "requiredDuringSchedulingIgnoredDuringExecution";
static const char *const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/* fn for each element of the list, with the walk at it. */
static void each(struct cleat_warning *w, struct cleat_val of, const char *member,
                 void (*fn)(struct cleat_warning *w, struct cleat_val v)) {
    struct cleat_val list = cleat_val_get(of, member);
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(&w->c, member);
    while (cleat_val_next(list, &it)) {
        size_t elem = cleat_check_elem(&w->c, it.index);
        fn(w, it.val);
        cleat_check_up(&w->c, elem);
    }
    cleat_check_up(&w->c, place);
}

/* ---- where it runs ---- */

static void preference(struct cleat_warning *w, struct cleat_val v) {
    size_t place = cleat_check_in(&w->c, "preference");
    cleat_warn_node_term(w, cleat_val_get(v, "preference"));
    cleat_check_up(&w->c, place);
}

static void pod_term(struct cleat_warning *w, struct cleat_val v) {
    if (cleat_absent(cleat_val_get(v, "labelSelector"))) {
        cleat_warn_at(w, "labelSelector", "a null labelSelector results in matching no pod");
    }
}

static void weighted_term(struct cleat_warning *w, struct cleat_val v) {
    size_t place = cleat_check_in(&w->c, "podAffinityTerm");
    pod_term(w, cleat_val_get(v, "podAffinityTerm"));
    cleat_check_up(&w->c, place);
}

static void spread(struct cleat_warning *w, struct cleat_val v) {
    cleat_warn_node_label(w, "topologyKey", cleat_str_at(v, "topologyKey"), true);
    pod_term(w, v);
}

static void node_affinity(struct cleat_warning *w, struct cleat_val affinity) {
    struct cleat_val node = cleat_val_get(affinity, "nodeAffinity");
    size_t place = cleat_check_in(&w->c, "affinity");
    cleat_check_in(&w->c, "nodeAffinity");
    size_t at = cleat_check_in(&w->c, required);
    each(w, cleat_val_get(node, required), "nodeSelectorTerms", cleat_warn_node_term);
    cleat_check_up(&w->c, at);
    each(w, node, preferred, preference);
    cleat_check_up(&w->c, place);
}

static void pod_affinity(struct cleat_warning *w, struct cleat_val affinity) {
    static const char *const kinds[] = {"podAffinity", "podAntiAffinity"};
    size_t place = cleat_check_in(&w->c, "affinity");
    for (size_t i = 0; i < 2; i++) {
        size_t at = cleat_check_in(&w->c, kinds[i]);
        each(w, cleat_val_get(affinity, kinds[i]), required, pod_term);
        each(w, cleat_val_get(affinity, kinds[i]), preferred, weighted_term);
        cleat_check_up(&w->c, at);
    }
    cleat_check_up(&w->c, place);
}

static void node_selector(struct cleat_warning *w, struct cleat_val spec) {
    struct cleat_val selector = cleat_val_get(spec, "nodeSelector");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(&w->c, "nodeSelector");
    while (cleat_val_type(selector) == CLEAT_OBJECT && cleat_val_next(selector, &it)) {
        size_t key = cleat_check_key(&w->c, it.key);
        cleat_warn_node_label(w, NULL, it.key, false);
        cleat_check_up(&w->c, key);
    }
    cleat_check_up(&w->c, place);
}

/* ---- annotations that have become members ---- */

static void annotations(struct cleat_warning *w, struct cleat_val metadata) {
    static const char *const keys[][2] = {
        {"scheduler.alpha.kubernetes.io/critical-pod",
         "non-functional in v1.16+; use the \"priorityClassName\" field instead"},
        {"security.alpha.kubernetes.io/sysctls",
         "non-functional in v1.11+; use the \"sysctls\" field instead"},
        {"security.alpha.kubernetes.io/unsafe-sysctls",
         "non-functional in v1.11+; use the \"sysctls\" field instead"},
    };
    struct cleat_val map = cleat_val_get(metadata, "annotations");
    size_t place = cleat_check_in(&w->c, "metadata.annotations");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (cleat_val_present(cleat_val_get(map, keys[i][0]))) {
            size_t key = cleat_check_key(&w->c, cleat_s(keys[i][0]));
            cleat_warn_at(w, NULL, "%s", keys[i][1]);
            cleat_check_up(&w->c, key);
        }
    }
    cleat_check_up(&w->c, place);
}

/* ---- lists in which a name hides another ---- */

static void duplicates(struct cleat_warning *w, struct cleat_val spec, const char *member,
                       const char *name, const char *what) {
    struct cleat_val list = cleat_val_get(spec, member);
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(&w->c, member);
    while (cleat_val_next(list, &it)) {
        struct cleat_str s = cleat_str_at(it.val, name);
        size_t elem = cleat_check_elem(&w->c, it.index);
        if (cleat_seen_before(list, &it, name)) {
            cleat_warn_at(w, name, "duplicate %s \"%.*s\"", what, CLEAT_FMT(s));
        }
        if (s.n == 0) {
            cleat_warn_at(w, name, "invalid empty %s \"\"", what);
        }
        cleat_check_up(&w->c, elem);
    }
    cleat_check_up(&w->c, place);
}

static void variables(struct cleat_warning *w, struct cleat_val container) {
    struct cleat_val list = cleat_val_get(container, "env");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(&w->c, "env");
    while (cleat_val_next(list, &it)) {
        struct cleat_str name = cleat_str_at(it.val, "name"), value = cleat_str_at(it.val, "value");
        if (!cleat_seen_before(list, &it, "name")) {
            continue;
        }
        /* A value that goes on with the one before, X="$(X):more", hides nothing. */
        CLEAT_AUTO_FREE char *ref = cleat_sprintf("$(%.*s)", CLEAT_FMT(name));
        bool goes_on = value.n > strlen(ref) && memmem(value.p, value.n, ref, strlen(ref)) != NULL;
        if (!goes_on || !cleat_absent(cleat_val_get(it.val, "valueFrom"))) {
            size_t elem = cleat_check_elem(&w->c, it.index);
            cleat_warn_at(
                w, NULL,
                "hides previous definition of \"%.*s\", which may be dropped when using apply",
                CLEAT_FMT(name));
            cleat_check_up(&w->c, elem);
        }
    }
    cleat_check_up(&w->c, place);
}

static void amounts(struct cleat_warning *w, struct cleat_val container) {
    static const char *const keys[] = {"memory", "ephemeral-storage"};
    static const char *const members[] = {"limits", "requests"};
    size_t place = cleat_check_in(&w->c, "resources");
    for (size_t k = 0; k < 2; k++) {
        for (size_t m = 0; m < 2; m++) {
            size_t at = cleat_check_in(&w->c, members[m]);
            cleat_warn_bytes(w, cleat_val_at(container, CLEAT_PATH("resources", members[m])),
                             keys[k]);
            cleat_check_up(&w->c, at);
        }
    }
    cleat_check_up(&w->c, place);
}

static void container(struct cleat_warning *w, struct cleat_val v) {
    amounts(w, v);
    variables(w, v);
}

/* ---- ports ---- */

struct port {
    struct cleat_val v;
    char *field;
};
struct ports {
    struct port at[PORTS_COMPARED_MAX];
    size_t n;
};

static int64_t int_of(struct cleat_val v, const char *member) {
    int64_t n = 0;
    cleat_val_int(cleat_val_get(v, member), &n);
    return n;
}

static void compare_ports(struct cleat_warning *w, const struct port *a, const struct port *b) {
    struct cleat_str ip = cleat_str_at(a->v, "hostIP"), other_ip = cleat_str_at(b->v, "hostIP");
    int64_t host = int_of(a->v, "hostPort"), other_host = int_of(b->v, "hostPort");
    if (int_of(a->v, "containerPort") != int_of(b->v, "containerPort") ||
        !cleat_eq(cleat_str_at(a->v, "protocol"), cleat_str_at(b->v, "protocol"))) {
        return;
    }
    if (cleat_eq(ip, other_ip) && host == other_host) {
        cleat_request_warn(w->req, "%s: duplicate port definition with %s", a->field, b->field);
    } else if (host == 0 || other_host == 0) {
        cleat_request_warn(w->req, "%s: overlapping port definition with %s", a->field, b->field);
    } else if (host == other_host && (ip.n == 0) != (other_ip.n == 0)) {
        cleat_request_warn(w->req, "%s: dangerously ambiguous port definition with %s", a->field,
                           b->field);
    }
}

static void gather_ports(struct cleat_warning *w, struct cleat_val spec, const char *list,
                         struct ports *all) {
    struct cleat_val containers = cleat_val_get(spec, list);
    struct cleat_iter c = {0};
    while (cleat_val_next(containers, &c)) {
        struct cleat_val ports = cleat_val_get(c.val, "ports");
        struct cleat_iter p = {0};
        while (cleat_val_next(ports, &p) && all->n < PORTS_COMPARED_MAX) {
            all->at[all->n].v = p.val;
            all->at[all->n++].field =
                cleat_sprintf("%s.%s[%u].ports[%u]", w->c.path.p, list, c.index, p.index);
        }
    }
}

static void ports(struct cleat_warning *w, struct cleat_val spec) {
    struct ports all = {.n = 0};
    gather_ports(w, spec, "initContainers", &all);
    gather_ports(w, spec, "containers", &all);
    for (size_t i = 0; i < all.n; i++) {
        for (size_t j = 0; j < i; j++) {
            compare_ports(w, &all.at[i], &all.at[j]);
        }
    }
    for (size_t i = 0; i < all.n; i++) {
        struct cleat_str name = cleat_str_at(all.at[i].v, "name");
        for (size_t j = 0; j < i && name.n > 0; j++) {
            if (cleat_eq(cleat_str_at(all.at[j].v, "name"), name)) {
                cleat_request_warn(w->req,
                                   "%s: duplicate port name \"%.*s\" with %s, services and probes "
                                   "that select ports by name will use %s",
                                   all.at[i].field, CLEAT_FMT(name), all.at[j].field,
                                   all.at[j].field);
                break;
            }
        }
    }
    for (size_t i = 0; i < all.n; i++) {
        free(all.at[i].field);
    }
}

/* ---- the whole ---- */

static void volume(struct cleat_warning *w, struct cleat_val v) {
    static const char *const sources[][3] = {
        {"photonPersistentDisk", "photonPersistentDisk",
         "deprecated in v1.11, non-functional in v1.16+"},
        {"gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"},
        {"scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"},
        {"flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"},
        {"storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"},
        {"quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"},
        {"glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"},
        {"cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"},
        {"rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"},
    };
    struct cleat_val claim =
        cleat_val_at(v, CLEAT_PATH("ephemeral", "volumeClaimTemplate", "spec"));
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (!cleat_absent(cleat_val_get(v, sources[i][0]))) {
            cleat_warn_at(w, sources[i][1], "%s", sources[i][2]);
        }
    }
    if (!cleat_absent(claim)) {
        size_t place = cleat_check_in(&w->c, "ephemeral.volumeClaimTemplate.spec");
        cleat_warn_claim(w, claim);
        cleat_check_up(&w->c, place);
    }
}

static void host_alias(struct cleat_warning *w, struct cleat_val v) {
    cleat_warn_ip(w, "ip", cleat_val_get(v, "ip"));
}

static void nameserver(struct cleat_warning *w, struct cleat_val v) {
    cleat_warn_ip(w, NULL, v);
}

static void podspec(struct cleat_warning *w, struct cleat_val metadata, struct cleat_val spec) {
    struct cleat_val affinity = cleat_val_get(spec, "affinity");
    size_t place = cleat_check_in(&w->c, "spec");
    node_selector(w, spec);
    node_affinity(w, affinity);
    each(w, spec, "topologySpreadConstraints", spread);
    cleat_check_up(&w->c, place);
    annotations(w, metadata);
    cleat_check_in(&w->c, "spec");
    each(w, spec, "volumes", volume);
    cleat_warn_volumes(w, spec);
    if (cleat_val_count(cleat_val_get(spec, "hostAliases")) > 1) {
        duplicates(w, spec, "hostAliases", "ip", "ip");
    }
    duplicates(w, spec, "imagePullSecrets", "name", "name");
    size_t over = cleat_check_in(&w->c, "overhead");
    cleat_warn_bytes(w, cleat_val_get(spec, "overhead"), "memory");
    cleat_warn_bytes(w, cleat_val_get(spec, "overhead"), "ephemeral-storage");
    cleat_check_up(&w->c, over);
    each(w, spec, "initContainers", container);
    each(w, spec, "containers", container);
    ports(w, spec);
    if (int_of(spec, "terminationGracePeriodSeconds") < 0) {
        cleat_warn_at(w, "terminationGracePeriodSeconds",
                      "must be >= 0; negative values are invalid and will be treated as 1");
    }
    pod_affinity(w, affinity);
    size_t dns = cleat_check_in(&w->c, "dnsConfig");
    each(w, cleat_val_get(spec, "dnsConfig"), "nameservers", nameserver);
    cleat_check_up(&w->c, dns);
    each(w, spec, "hostAliases", host_alias);
    cleat_check_up(&w->c, place);
}

static void host_names(struct cleat_request *req, const cleat_obj *o, const char *used) {
    const char *bad = cleat_name_dns_label(cleat_obj_name(o));
    if (bad != NULL) {
        cleat_request_warn(req,
                           "metadata.name: this is used in %s, which can result in surprising "
                           "behavior; a DNS label is recommended: [%s]",
                           used, bad);
    }
}

/* The names of pods begin with it. */
static void pod_names(struct cleat_request *req, const cleat_obj *o) {
    host_names(req, o, "Pod names and hostnames");
}

static bool changed(const cleat_obj *o, const cleat_obj *old, cleat_path path) {
    return old == NULL || !cleat_val_equal(cleat_obj_at(o, path), cleat_obj_at(old, path));
}

static void at_template(struct cleat_request *req, const char *place, struct cleat_val template) {
    struct cleat_warning w = {.req = req};
    cleat_check_in(&w.c, place);
    podspec(&w, cleat_val_get(template, "metadata"), cleat_val_get(template, "spec"));
    cleat_check_done(&w.c);
}

void cleat_warn_pod(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_warning w = {.req = req};
    struct cleat_val root = cleat_obj_root(o);
    if (old != NULL) {
        return; /* as upstream: people do not change pods */
    }
    host_names(req, o, "the Pod's hostname");
    podspec(&w, cleat_val_get(root, "metadata"), cleat_val_get(root, "spec"));
    cleat_check_done(&w.c);
}

void cleat_warn_workload(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    if (old == NULL) {
        pod_names(req, o);
    }
    if (changed(o, old, CLEAT_PATH("spec"))) {
        at_template(req, "spec.template", cleat_obj_at(o, CLEAT_PATH("spec", "template")));
    }
}

void cleat_warn_cronjob(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    if (old == NULL) {
        pod_names(req, o);
    }
    if (changed(o, old, CLEAT_PATH("spec"))) {
        at_template(req, "spec.jobTemplate.spec.template",
                    cleat_obj_at(o, CLEAT_PATH("spec", "jobTemplate", "spec", "template")));
    }
}

void cleat_warn_podtemplate(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old) {
    if (changed(o, old, CLEAT_PATH("template"))) {
        at_template(req, "template", cleat_obj_at(o, CLEAT_PATH("template")));
    }
}
