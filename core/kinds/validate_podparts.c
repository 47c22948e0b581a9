/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the subresources of a pod may change: ephemeral containers are added and
 * stay, cpu and memory are resized within their class, a status does not bring back
 * a container that has ended. Pure; any thread.
 */
#include "core/kinds/podparts.h"

static const char *const mirror[] = {"metadata", "annotations", "kubernetes.io/config.mirror",
                                     NULL};

static struct cleat_val by_name(struct cleat_val list, struct cleat_val name) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        if (cleat_val_equal(cleat_val_get(it.val, "name"), name)) {
            return it.val;
        }
    }
    return (struct cleat_val){NULL, 0, 0};
}

/* ---- ephemeral containers ---- */

void cleat_check_pod_ephemeral(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old) {
    cleat_path path = CLEAT_PATH("spec", "ephemeralContainers");
    struct cleat_val now = cleat_obj_at(o, path), was = cleat_obj_at(old, path);
    struct cleat_iter it = {0};
    if (cleat_val_present(cleat_obj_at(old, mirror))) {
        cleat_check_forbidden(c, NULL, "static pods do not support ephemeral containers");
        return;
    }
    size_t place = cleat_check_in(c, "spec");
    while (cleat_val_next(was, &it)) {
        struct cleat_val name = cleat_val_get(it.val, "name"), v = by_name(now, name);
        if (!cleat_val_present(v)) {
            cleat_check_fail(c, "ephemeralContainers", "FieldValueForbidden",
                             "existing ephemeral containers \"%.*s\" may not be removed\n",
                             CLEAT_FMT(cleat_val_str(name)));
        } else if (!cleat_semantic_equal(v, it.val)) {
            cleat_check_fail(c, "ephemeralContainers", "FieldValueForbidden",
                             "existing ephemeral containers \"%.*s\" may not be changed\n",
                             CLEAT_FMT(cleat_val_str(name)));
        }
    }
    cleat_check_up(c, place);
}

/* ---- resize ---- */

static bool removed(struct cleat_val now, struct cleat_val was) {
    struct cleat_iter it = {0};
    while (cleat_val_next(was, &it)) {
        if (!cleat_val_present(cleat_val_get_s(now, it.key))) {
            return true;
        }
    }
    return false;
}

/* Anything but cpu and memory differs. */
static bool others_differ(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter it = {0};
    while (cleat_val_next(a, &it)) {
        struct cleat_val v = cleat_val_get_s(b, it.key);
        if (!cleat_eqc(it.key, "cpu") && !cleat_eqc(it.key, "memory") &&
            (!cleat_val_present(v) ||
             cleat_quantity_order(cleat_quantity_of(v), cleat_quantity_of(it.val)) != 0)) {
            return true;
        }
    }
    return false;
}

static bool restarts_for_memory(struct cleat_val container) {
    struct cleat_val list = cleat_val_get(container, "resizePolicy");
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        if (cleat_eqc(cleat_str_at(it.val, "resourceName"), "memory")) {
            return cleat_eqc(cleat_str_at(it.val, "restartPolicy"), "RestartContainer");
        }
    }
    return false;
}

static void check_memory(struct cleat_check *c, struct cleat_val container, struct cleat_val now,
                         struct cleat_val was) {
    struct cleat_val limit = cleat_val_get(now, "memory"), old = cleat_val_get(was, "memory");
    if (!cleat_val_present(limit) || restarts_for_memory(container)) {
        return;
    }
    size_t place = cleat_check_in(c, "limits");
    cleat_check_key(c, CLEAT_STR("memory"));
    if (!cleat_val_present(old)) {
        cleat_check_forbidden(
            c, NULL, "memory limits cannot be added unless resizePolicy is RestartContainer");
    } else if (cleat_quantity_order(cleat_quantity_of(limit), cleat_quantity_of(old)) < 0) {
        cleat_check_forbidden(
            c, NULL, "memory limits cannot be decreased unless resizePolicy is RestartContainer");
    }
    cleat_check_up(c, place);
}

/* One container; the check is at its list. Whether more than cpu and memory differs. */
static bool check_container_resize(struct cleat_check *c, uint32_t index, struct cleat_val now,
                                   struct cleat_val was) {
    static const struct {
        const char *list, *why;
    } lists[] = {{"requests", "resource requests cannot be removed"},
                 {"limits", "resource limits cannot be removed"}};
    bool more = false;
    size_t place = cleat_check_elem(c, index);
    cleat_check_in(c, "resources");
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val a = cleat_val_at(now, CLEAT_PATH("resources", lists[i].list));
        struct cleat_val b = cleat_val_at(was, CLEAT_PATH("resources", lists[i].list));
        if (removed(a, b)) {
            cleat_check_forbidden(c, lists[i].list, lists[i].why);
        }
        more = more || others_differ(a, b) || others_differ(b, a);
    }
    check_memory(c, now, cleat_val_at(now, CLEAT_PATH("resources", "limits")),
                 cleat_val_at(was, CLEAT_PATH("resources", "limits")));
    cleat_check_up(c, place);
    return more;
}

static void check_resize_list(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old,
                              const char *list) {
    struct cleat_val now = cleat_obj_at(o, CLEAT_PATH("spec", list));
    struct cleat_val was = cleat_obj_at(old, CLEAT_PATH("spec", list));
    struct cleat_iter x = {0}, y = {0};
    bool init = strcmp(list, "initContainers") == 0, more = false, frozen = false;
    size_t place = cleat_check_in(c, list);
    while (cleat_val_next(now, &x) && cleat_val_next(was, &y)) {
        bool sidecar = cleat_eqc(cleat_str_at(y.val, "restartPolicy"), "Always");
        if (init && !sidecar) {
            frozen = frozen || !cleat_semantic_equal(x.val, y.val);
        } else {
            more = check_container_resize(c, x.index, x.val, y.val) || more;
        }
    }
    cleat_check_up(c, place);
    if (more) {
        cleat_check_forbidden(
            c, NULL,
            init ? "only cpu and memory resources for sidecar containers are mutable"
                 : "only cpu and memory resources are mutable");
    }
    if (frozen) {
        cleat_check_forbidden(c, NULL, "resources for non-sidecar init containers are immutable");
    }
}

void cleat_check_pod_resize(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_str os = cleat_val_str(cleat_obj_at(old, CLEAT_PATH("spec", "os", "name")));
    if (cleat_val_present(cleat_obj_at(old, mirror))) {
        cleat_check_forbidden(c, NULL, "static pods cannot be resized");
        return;
    }
    if (cleat_eqc(os, "windows")) {
        cleat_check_forbidden(c, NULL, "windows pods cannot be resized");
        return;
    }
    size_t place = cleat_check_in(c, "spec");
    struct cleat_val class = cleat_obj_at(old, CLEAT_PATH("status", "qosClass"));
    const char *was = cleat_pod_qos(old);
    if (!cleat_eqc(cleat_s(cleat_pod_qos(o)), was)) {
        if (cleat_val_str(class).n > 0) {
            cleat_check_invalid(c, NULL, class,
                                "Pod QOS Class may not change as a result of resizing");
        } else {
            cleat_check_fail(c, NULL, "FieldValueInvalid",
                             "\"%s\": Pod QOS Class may not change as a result of resizing", was);
        }
    }
    check_resize_list(c, o, old, "initContainers");
    check_resize_list(c, o, old, "containers");
    cleat_check_up(c, place);
}

/* ---- status ---- */

/* Whether a container of this name may run again after it ended like that. */
static bool may_restart(const cleat_obj *old, const char *list, struct cleat_val terminated,
                        struct cleat_val name) {
    static const char *const path[] = {"spec", "restartPolicy", NULL};
    struct cleat_str policy = cleat_val_str(cleat_obj_at(old, path));
    int64_t code = 0;
    if (strcmp(list, "ephemeralContainerStatuses") == 0) {
        return false; /* they are never started again */
    }
    cleat_val_int(cleat_val_get(terminated, "exitCode"), &code);
    if (cleat_eqc(policy, "Always") || (code != 0 && cleat_eqc(policy, "OnFailure"))) {
        return true;
    }
    struct cleat_val init = cleat_obj_at(old, CLEAT_PATH("spec", "initContainers"));
    return strcmp(list, "initContainerStatuses") == 0 &&
           cleat_eqc(cleat_str_at(by_name(init, name), "restartPolicy"), "Always");
}

static void check_transitions(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old,
                              const char *list) {
    struct cleat_val now = cleat_obj_at(o, CLEAT_PATH("status", list));
    struct cleat_val was = cleat_obj_at(old, CLEAT_PATH("status", list));
    struct cleat_iter it = {0};
    if (cleat_eq(cleat_val_raw(now), cleat_val_raw(was))) {
        return;
    }
    while (cleat_val_next(was, &it)) {
        struct cleat_val ended = cleat_val_at(it.val, CLEAT_PATH("state", "terminated"));
        struct cleat_val name = cleat_val_get(it.val, "name"), v = by_name(now, name);
        if (cleat_absent(ended) || !cleat_val_present(v) || may_restart(old, list, ended, name) ||
            !cleat_absent(cleat_val_at(v, CLEAT_PATH("state", "terminated")))) {
            continue;
        }
        size_t place = cleat_check_in(c, list);
        cleat_check_elem(c, it.index);
        cleat_check_forbidden(c, "state", "may not be transitioned to non-terminated state");
        cleat_check_up(c, place);
    }
}

/* status.podIPs, status.hostIPs: one of each family. */
static void check_addresses(struct cleat_check *c, struct cleat_val status, const char *member) {
    struct cleat_val list = cleat_val_get(status, member);
    struct cleat_iter it = {0};
    int families[7] = {0};
    size_t place = cleat_check_in(c, member);
    while (cleat_val_next(list, &it)) {
        struct cleat_str ip = cleat_str_at(it.val, "ip");
        int family = cleat_ip_parse(ip, NULL);
        if (family == 0) {
            size_t elem = cleat_check_elem(c, it.index);
            cleat_check_fail(c, NULL, "FieldValueInvalid",
                             "\"%.*s\": must be a valid IP address, (e.g. 10.9.8.7 or "
                             "2001:db8::ffff)",
                             CLEAT_FMT(ip));
            cleat_check_up(c, elem);
        }
        families[family]++;
    }
    if (families[4] > 1 || families[6] > 1) {
        cleat_check_invalid(c, NULL, list, "may specify no more than one IP for each IP family");
    }
    cleat_check_up(c, place);
}

void cleat_check_pod_status(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val now = cleat_obj_at(o, CLEAT_PATH("status"));
    struct cleat_val was = cleat_obj_at(old, CLEAT_PATH("status"));
    if (cleat_eq(cleat_val_raw(now), cleat_val_raw(was))) {
        return;
    }
    struct cleat_val class = cleat_val_get(now, "qosClass");
    struct cleat_val had = cleat_val_get(was, "qosClass");
    size_t place = cleat_check_in(c, "status");
    if (cleat_val_str(class).n > 0 && cleat_val_str(had).n > 0 && !cleat_val_equal(class, had)) {
        cleat_check_invalid(c, "qosClass", class, "field is immutable");
    }
    struct cleat_val nominated = cleat_val_get(now, "nominatedNodeName");
    if (!cleat_val_equal(nominated, cleat_val_get(was, "nominatedNodeName"))) {
        cleat_check_named(c, now, "nominatedNodeName", cleat_name_dns_subdomain, false);
    }
    check_transitions(c, o, old, "containerStatuses");
    check_transitions(c, o, old, "initContainerStatuses");
    check_transitions(c, o, old, "ephemeralContainerStatuses");
    check_addresses(c, now, "podIPs");
    check_addresses(c, now, "hostIPs");
    cleat_check_up(c, place);
}
