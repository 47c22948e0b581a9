/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods: what a new one is given, what may change of one, and its subresources:
 * binding to a node, ephemeral containers, resources. Eviction is in eviction.c.
 * Runs on the requester's thread and never blocks.
 */
#include "core/kinds/podspec.h"
#include "core/types/table.h"

/* ---- defaults ---- */

static struct cleat_val spec_of(const cleat_obj *o) {
    return cleat_val_get(cleat_obj_root(o), "spec");
}

static bool links_missing(const cleat_obj *o) {
    return cleat_absent(cleat_val_get(spec_of(o), "enableServiceLinks"));
}

/* The first limit of a container without a request for it. */
static bool lacks_request(struct cleat_val container, struct cleat_iter *ret) {
    struct cleat_val resources = cleat_val_get(container, "resources");
    struct cleat_val limits = cleat_val_get(resources, "limits");
    struct cleat_val requests = cleat_val_get(resources, "requests");
    while (cleat_val_type(limits) == CLEAT_OBJECT && cleat_val_next(limits, ret)) {
        if (!cleat_val_present(cleat_val_get_s(requests, ret->key))) {
            return true;
        }
    }
    return false;
}

static const char *const lists[] = {"containers", "initContainers"};

static bool requests_missing(const cleat_obj *o) {
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        struct cleat_val containers = cleat_val_get(spec_of(o), lists[i]);
        while (cleat_val_next(containers, &it)) {
            struct cleat_iter limit = {0};
            if (lacks_request(it.val, &limit)) {
                return true;
            }
        }
    }
    return false;
}

static void set_requests(cleat_edit *e, const cleat_obj *o) {
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        struct cleat_val containers = cleat_val_get(spec_of(o), lists[i]);
        while (cleat_val_next(containers, &it)) {
            struct cleat_iter limit = {0};
            char index[16];
            snprintf(index, sizeof index, "%u", it.index);
            while (lacks_request(it.val, &limit)) {
                CLEAT_AUTO_FREE char *key = cleat_strndup(limit.key);
                cleat_edit_set_val(
                    e, CLEAT_PATH("spec", lists[i], index, "resources", "requests", key),
                    limit.val);
            }
        }
    }
}

/* Guaranteed: each container has equal requests and limits of cpu and memory;
 * BestEffort: none has any. */
static const char *qos_class(const cleat_obj *o) {
    static const char *const counted[] = {"cpu", "memory"};
    bool any = false, guaranteed = true;
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        struct cleat_val containers = cleat_val_get(spec_of(o), lists[i]);
        while (cleat_val_next(containers, &it)) {
            struct cleat_val resources = cleat_val_get(it.val, "resources");
            for (size_t k = 0; k < 2; k++) {
                struct cleat_val limit = cleat_val_at(resources, CLEAT_PATH("limits", counted[k]));
                struct cleat_val request =
                    cleat_val_at(resources, CLEAT_PATH("requests", counted[k]));
                any = any || cleat_val_present(limit) || cleat_val_present(request);
                guaranteed = guaranteed && cleat_val_present(limit) &&
                             (!cleat_val_present(request) ||
                              cleat_quantity_order(cleat_quantity_of(limit),
                                                   cleat_quantity_of(request)) == 0);
            }
        }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
}

static bool status_missing(const cleat_obj *o) {
    return cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "phase"))) ||
           cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "qosClass")));
}

bool cleat_needs_pod(const cleat_obj *o) {
    return status_missing(o) || links_missing(o) || requests_missing(o) ||
           cleat_needs_tree(o, T(core_v1_Pod));
}

void cleat_default_pod(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    if (cleat_val_type(spec_of(o)) != CLEAT_OBJECT) {
        return;
    }
    cleat_default_tree(e, o, T(core_v1_Pod));
    if (links_missing(o)) {
        cleat_edit_set_bool(e, CLEAT_PATH("spec", "enableServiceLinks"), 1);
    }
    set_requests(e, o);
    if (cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "phase")))) {
        cleat_edit_set_str(e, CLEAT_PATH("status", "phase"), CLEAT_STR("Pending"));
    }
    if (cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "qosClass")))) {
        cleat_edit_set_str(e, CLEAT_PATH("status", "qosClass"), cleat_s(qos_class(o)));
    }
}

/* ---- validation ---- */

void cleat_validate_pod(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    if (old != NULL && cleat_eq(cleat_val_raw(spec_of(o)), cleat_val_raw(spec_of(old)))) {
        return;
    }
    cleat_check_in(&c, "spec");
    cleat_check_podspec(&c, spec_of(o));
    if (old == NULL && cleat_val_count(cleat_val_get(spec_of(o), "ephemeralContainers")) > 0) {
        cleat_check_forbidden(&c, "ephemeralContainers", "cannot be set on create");
    }
}

/* ---- what may change ---- */

/* Two containers that differ in their image at most. */
static bool same_but_image(struct cleat_val a, struct cleat_val b) {
    const struct cleat_val sides[][2] = {{a, b}, {b, a}};
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        while (cleat_val_next(sides[i][0], &it)) {
            struct cleat_val other = cleat_val_get_s(sides[i][1], it.key);
            bool none = cleat_absent(it.val) && cleat_absent(other);
            if (!cleat_eqc(it.key, "image") && !none && !cleat_val_equal(it.val, other)) {
                return false;
            }
        }
    }
    return true;
}

static bool same_containers(struct cleat_val now, struct cleat_val was) {
    struct cleat_iter it = {0};
    if (cleat_val_count(now) != cleat_val_count(was)) {
        return false;
    }
    while (cleat_val_next(now, &it)) {
        if (!same_but_image(it.val, cleat_val_elem(was, it.index))) {
            return false;
        }
    }
    return true;
}

/* Each of was is in now too. */
static bool only_adds(struct cleat_val now, struct cleat_val was) {
    struct cleat_iter it = {0};
    while (cleat_val_next(was, &it)) {
        struct cleat_iter other = {0};
        bool found = false;
        while (!found && cleat_val_next(now, &other)) {
            found = cleat_val_equal(it.val, other.val);
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static bool may_change(struct cleat_str key, struct cleat_val now, struct cleat_val was) {
    int64_t grace = 0, before = 0;
    if (cleat_eqc(key, "containers") || cleat_eqc(key, "initContainers")) {
        return same_containers(now, was);
    }
    if (cleat_eqc(key, "tolerations")) {
        return only_adds(now, was);
    }
    if (cleat_eqc(key, "schedulingGates")) {
        return only_adds(was, now);
    }
    if (cleat_eqc(key, "terminationGracePeriodSeconds")) {
        return cleat_val_int(now, &grace) && cleat_val_int(was, &before) && grace == 1 &&
               before < 0;
    }
    if (cleat_eqc(key, "activeDeadlineSeconds")) {
        return cleat_val_int(now, &grace) &&
               (!cleat_val_int(was, &before) || (grace > 0 && grace <= before));
    }
    return false;
}

static bool may_become(struct cleat_val now, struct cleat_val was) {
    const struct cleat_val sides[][2] = {{now, was}, {was, now}};
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        while (cleat_val_next(sides[i][0], &it)) {
            struct cleat_val other = cleat_val_get_s(sides[i][1], it.key);
            bool same =
                (cleat_absent(it.val) && cleat_absent(other)) || cleat_val_equal(it.val, other);
            struct cleat_val a = i == 0 ? it.val : other, b = i == 0 ? other : it.val;
            if (!same && !may_change(it.key, a, b)) {
                return false;
            }
        }
    }
    return true;
}

cleat_err cleat_admit_pod(cleat_request *req, cleat_obj **obj, const cleat_obj *old) {
    if (old == NULL || req->subresource != NULL ||
        cleat_eq(cleat_val_raw(spec_of(*obj)), cleat_val_raw(spec_of(old))) ||
        may_become(spec_of(*obj), spec_of(old))) {
        return CLEAT_OK;
    }
    struct cleat_validation v = {.kind = req->kind, .error = &req->error};
    cleat_invalid(&v, "FieldValueForbidden", "spec",
                  "pod updates may not change fields other than "
                  "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec."
                  "activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
                  "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if "
                  "it was previously negative)");
    return cleat_invalid_done(&v, req->name);
}

/* ---- ephemeralcontainers, resize: the pod itself, with one part that may change ---- */

static cleat_err view_pod(cleat_request *req, const cleat_obj *of, cleat_obj **ret) {
    (void)req;
    *ret = cleat_obj_ref(of);
    return CLEAT_OK;
}

/* The precondition that the body names goes with it. */
static void keep_revision(cleat_edit *e, const cleat_obj *body) {
    struct cleat_val rv = cleat_obj_at(body, CLEAT_PATH("metadata", "resourceVersion"));
    if (cleat_val_str(rv).n > 0) {
        cleat_edit_set_val(e, CLEAT_PATH("metadata", "resourceVersion"), rv);
    }
}

static cleat_err put_ephemeral(cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                               cleat_obj **ret) {
    struct cleat_val now = cleat_val_get(spec_of(body), "ephemeralContainers");
    struct cleat_val was = cleat_val_get(spec_of(old), "ephemeralContainers");
    struct cleat_validation v = {.kind = req->kind, .error = &req->error};
    if (!only_adds(now, was)) {
        cleat_invalid(&v, "FieldValueForbidden", "spec.ephemeralContainers",
                      "existing ephemeral containers may not be removed or changed\n");
        return cleat_invalid_done(&v, req->name);
    }
    cleat_edit *e = cleat_edit_new(old);
    cleat_edit_set_val(e, CLEAT_PATH("spec", "ephemeralContainers"), now);
    keep_revision(e, body);
    return cleat_edit_finish(e, ret, &req->error);
}

static cleat_err put_resources(cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                               cleat_obj **ret) {
    struct cleat_iter it = {0};
    struct cleat_val now = cleat_val_get(spec_of(body), "containers");
    cleat_edit *e = cleat_edit_new(old);
    while (cleat_val_next(now, &it)) {
        char index[16];
        snprintf(index, sizeof index, "%u", it.index);
        struct cleat_val was = cleat_val_elem(cleat_val_get(spec_of(old), "containers"), it.index);
        struct cleat_val resources = cleat_val_get(it.val, "resources");
        if (cleat_val_present(was) && cleat_val_present(resources)) {
            cleat_edit_set_val(e, CLEAT_PATH("spec", "containers", index, "resources"), resources);
        }
    }
    keep_revision(e, body);
    return cleat_edit_finish(e, ret, &req->error);
}

/* ---- binding ---- */

static cleat_err bindable(cleat_request *req, struct cleat_str node) {
    struct cleat_error *e = &req->error;
    struct cleat_kind as_binding = *req->kind;
    struct cleat_str has = cleat_val_str(cleat_val_get(spec_of(req->old), "nodeName"));
    CLEAT_AUTO_FREE char *why = NULL;
    as_binding.store_name = "pods/binding";
    if (node.n == 0) {
        struct cleat_validation v = {.kind = req->kind, .error = e};
        cleat_invalid(&v, "FieldValueRequired", "target.name", "%s", "");
        return cleat_invalid_done_as(&v, "Binding", "", req->name);
    }
    if (cleat_is_terminating(req->old)) {
        why = cleat_sprintf("pod %.*s is being deleted, cannot be assigned to a host",
                            CLEAT_FMT(req->name));
    } else if (has.n > 0) {
        why = cleat_sprintf("pod %.*s is already assigned to node \"%.*s\"", CLEAT_FMT(req->name),
                            CLEAT_FMT(has));
    } else if (cleat_val_count(cleat_val_get(spec_of(req->old), "schedulingGates")) > 0) {
        why = cleat_sprintf("pod %.*s has non-empty .spec.schedulingGates", CLEAT_FMT(req->name));
    }
    return why != NULL ? cleat_fail_conflict(&as_binding, req->name, why, e) : CLEAT_OK;
}

static void set_scheduled(cleat_edit *e, const cleat_obj *pod) {
    char now[32];
    struct cleat_iter it = {0};
    struct cleat_val conditions = cleat_obj_at(pod, CLEAT_PATH("status", "conditions"));
    cleat_time_format(cleat_now_wall(), false, now);
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"type\":\"PodScheduled\",\"status\":\"True\",\"lastProbeTime\":null,"
                      "\"lastTransitionTime\":\"%s\"}",
                      now);
    while (cleat_val_next(conditions, &it)) {
        if (cleat_eqc(cleat_str_at(it.val, "type"), "PodScheduled")) {
            char index[16];
            snprintf(index, sizeof index, "%u", it.index);
            cleat_edit_set_json(e, CLEAT_PATH("status", "conditions", index), cleat_s(json));
            return;
        }
    }
    cleat_edit_set_json(e, CLEAT_PATH("status", "conditions", "-"), cleat_s(json));
}

static int bind(cleat_request *req) {
    struct cleat_val target = cleat_obj_at(req->body, CLEAT_PATH("target", "name"));
    cleat_obj *obj = NULL;
    cleat_err err = bindable(req, cleat_val_str(target));
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    cleat_edit *e = cleat_edit_new(req->old);
    cleat_edit_set_val(e, CLEAT_PATH("spec", "nodeName"), target);
    set_scheduled(e, req->old);
    struct cleat_iter it = {0};
    struct cleat_val notes = cleat_obj_at(req->body, CLEAT_PATH("metadata", "annotations"));
    while (cleat_val_type(notes) == CLEAT_OBJECT && cleat_val_next(notes, &it)) {
        CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
        cleat_edit_set_val(e, CLEAT_PATH("metadata", "annotations", key), it.val);
    }
    err = cleat_edit_finish(e, &obj, &req->error);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    return cleat_submit_reply(req, obj);
}

#define ITSELF (1U << CLEAT_VERB_GET | 1U << CLEAT_VERB_UPDATE | 1U << CLEAT_VERB_PATCH)

const struct cleat_subresource cleat_subresources_pod[] = {
    {.name = "binding",
     .version = "v1",
     .group = "",
     .kind = "Binding",
     .type = T(core_v1_Binding),
     .verbs = 1U << CLEAT_VERB_CREATE,
     .act = bind},
    {.name = "ephemeralcontainers",
     .type = T(core_v1_Pod),
     .verbs = ITSELF,
     .view = view_pod,
     .put = put_ephemeral},
    {.name = "eviction",
     .group = "policy",
     .version = "v1",
     .kind = "Eviction",
     .type = T(policy_v1_Eviction),
     .verbs = 1U << CLEAT_VERB_CREATE,
     .act = cleat_evict},
    {.name = "resize",
     .type = T(core_v1_Pod),
     .verbs = ITSELF,
     .view = view_pod,
     .put = put_resources},
    {.name = NULL},
};
