/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pods: what a new one is given, and what is asked of one. What may change of one is
 * in validate_pod.c, what its subresources change in pod_subresources.c, and what is
 * done to it in binding.c and eviction.c. Runs on the requester's thread and
 * never blocks.
 */
#include "core/kinds/podparts.h"
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

static bool status_missing(const cleat_obj *o) {
    return cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "phase"))) ||
           cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "qosClass")));
}

/* As upstream, which takes it for a wish to end soon. */
static bool negative_grace(const cleat_obj *o) {
    int64_t seconds = 0;
    return cleat_val_int(cleat_val_get(spec_of(o), "terminationGracePeriodSeconds"), &seconds) &&
           seconds < 0;
}

bool cleat_needs_pod(const cleat_obj *o) {
    return status_missing(o) || negative_grace(o) || links_missing(o) || requests_missing(o) ||
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
    if (negative_grace(o)) {
        cleat_edit_set_int(e, CLEAT_PATH("spec", "terminationGracePeriodSeconds"), 1);
    }
    set_requests(e, o);
    if (cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "phase")))) {
        cleat_edit_set_str(e, CLEAT_PATH("status", "phase"), CLEAT_STR("Pending"));
    }
    if (cleat_absent(cleat_obj_at(o, CLEAT_PATH("status", "qosClass")))) {
        cleat_edit_set_str(e, CLEAT_PATH("status", "qosClass"), cleat_s(cleat_pod_qos(o)));
    }
}

/* ---- validation ---- */

static bool is(const char *a, const char *b) {
    return a != NULL && strcmp(a, b) == 0;
}

void cleat_validate_pod(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    CLEAT_AUTO_CHECK c = {.v = v};
    if (old != NULL && is(v->subresource, "status")) {
        cleat_check_pod_status(&c, o, old);
        return;
    }
    if (old != NULL && cleat_eq(cleat_val_raw(spec_of(o)), cleat_val_raw(spec_of(old)))) {
        return;
    }
    size_t place = cleat_check_in(&c, "spec");
    cleat_check_podspec(&c, spec_of(o));
    cleat_check_pod_only(&c, spec_of(o));
    cleat_check_up(&c, place);
    if (old == NULL) {
        cleat_check_pod_create(&c, o);
    } else if (v->subresource == NULL) {
        cleat_check_pod_update(&c, o, old);
    } else if (is(v->subresource, "ephemeralcontainers")) {
        cleat_check_pod_ephemeral(&c, o, old);
    } else if (is(v->subresource, "resize")) {
        cleat_check_pod_resize(&c, o, old);
    }
}

/* ---- what a kubelet would answer ---- */

/* There is no way from here into a node: who asks is told so, and first what upstream
 * would say of the pod. */
static cleat_err no_kubelet(cleat_request *req, const cleat_obj *pod) {
    struct cleat_str node = cleat_val_str(cleat_obj_at(pod, CLEAT_PATH("spec", "nodeName")));
    if (node.n == 0) {
        return cleat_fail(&req->error, CLEAT_E_BAD_REQUEST,
                          "pod %.*s does not have a host assigned", CLEAT_FMT(cleat_obj_name(pod)));
    }
    return cleat_fail(
        &req->error, CLEAT_E_UNAVAILABLE,
        "cleatd connects to no kubelet: %s of pod %.*s is to be had on node %.*s only",
        req->subresource, CLEAT_FMT(cleat_obj_name(pod)), CLEAT_FMT(node));
}

static cleat_err view_kubelet(cleat_request *req, const cleat_obj *of, cleat_obj **ret) {
    (void)ret;
    return no_kubelet(req, of);
}

static int ask_kubelet(cleat_request *req) {
    return cleat_step_fail(req, no_kubelet(req, req->old));
}

#define CONNECTS(options)                                                                          \
    .group = "", .version = "v1", .kind = #options, .type = T(core_v1_##options),                  \
    .verbs = 1U << CLEAT_VERB_GET | 1U << CLEAT_VERB_CREATE, .view = view_kubelet,                 \
    .act = ask_kubelet, .bodiless = true

#define ITSELF (1U << CLEAT_VERB_GET | 1U << CLEAT_VERB_UPDATE | 1U << CLEAT_VERB_PATCH)

const struct cleat_subresource cleat_subresources_pod[] = {
    {.name = "attach", CONNECTS(PodAttachOptions)},
    {.name = "binding",
     .version = "v1",
     .group = "",
     .kind = "Binding",
     .type = T(core_v1_Binding),
     .verbs = 1U << CLEAT_VERB_CREATE,
     .check = cleat_check_binding,
     .act = cleat_bind},
    {.name = "ephemeralcontainers",
     .type = T(core_v1_Pod),
     .verbs = ITSELF,
     .view = cleat_pod_view,
     .put = cleat_pod_put_ephemeral},
    {.name = "eviction",
     .group = "policy",
     .version = "v1",
     .kind = "Eviction",
     .type = T(policy_v1_Eviction),
     .verbs = 1U << CLEAT_VERB_CREATE,
     .act = cleat_evict},
    {.name = "exec", CONNECTS(PodExecOptions)},
    {.name = "log", .type = T(core_v1_Pod), .verbs = 1U << CLEAT_VERB_GET, .view = view_kubelet},
    {.name = "portforward", CONNECTS(PodPortForwardOptions)},
    {.name = "resize",
     .type = T(core_v1_Pod),
     .verbs = ITSELF,
     .view = cleat_pod_view,
     .put = cleat_pod_put_resize},
    {.name = NULL},
};
