/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subresources of a pod that show the whole of it and change one part:
 * ephemeralcontainers and resize. Whatever else a body says is left out before it
 * counts, so that nobody comes to own what he did not change. And the class of
 * service that a pod's resources put it in. Pure; any thread.
 */
#include "core/kinds/podparts.h"

cleat_err cleat_pod_view(cleat_request *req, const cleat_obj *of, cleat_obj **ret) {
    (void)req;
    *ret = cleat_obj_ref(of);
    return CLEAT_OK;
}

/* What the body demands of the object goes with what is made of old. */
static void keep_preconditions(cleat_edit *e, const cleat_obj *body) {
    static const char *const members[] = {"resourceVersion", "uid", "name", "namespace"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct cleat_val v = cleat_obj_at(body, CLEAT_PATH("metadata", members[i]));
        if (cleat_val_str(v).n > 0) {
            cleat_edit_set_val(e, CLEAT_PATH("metadata", members[i]), v);
        }
    }
}

cleat_err cleat_pod_put_ephemeral(cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                                  cleat_obj **ret) {
    cleat_path path = CLEAT_PATH("spec", "ephemeralContainers");
    struct cleat_val list = cleat_obj_at(body, path);
    cleat_edit *e = cleat_edit_new(old);
    keep_preconditions(e, body);
    if (cleat_val_present(list)) {
        cleat_edit_set_val(e, path, list);
    } else {
        cleat_edit_remove(e, path);
    }
    return cleat_edit_finish(e, ret, &req->error);
}

/* A container's resources and how it takes a change of them. */
static void take_resources(cleat_edit *e, const cleat_obj *body, const cleat_obj *old,
                           const char *list) {
    static const char *const members[] = {"resources", "resizePolicy"};
    struct cleat_val now = cleat_obj_at(body, CLEAT_PATH("spec", list));
    struct cleat_val was = cleat_obj_at(old, CLEAT_PATH("spec", list));
    struct cleat_iter x = {0}, y = {0};
    while (cleat_val_next(was, &y) && cleat_val_next(now, &x)) {
        CLEAT_AUTO_FREE char *index = cleat_sprintf("%u", y.index);
        for (size_t i = 0; i < 2; i++) {
            struct cleat_val v = cleat_val_get(x.val, members[i]);
            if (cleat_val_present(v)) {
                cleat_edit_set_val(e, CLEAT_PATH("spec", list, index, members[i]), v);
            } else {
                cleat_edit_remove(e, CLEAT_PATH("spec", list, index, members[i]));
            }
        }
    }
}

cleat_err cleat_pod_put_resize(cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                               cleat_obj **ret) {
    cleat_edit *e = cleat_edit_new(old);
    keep_preconditions(e, body);
    take_resources(e, body, old, "containers");
    take_resources(e, body, old, "initContainers");
    return cleat_edit_finish(e, ret, &req->error);
}

/* ---- the class of service ---- */

static bool positive(struct cleat_val v) {
    struct cleat_str s = cleat_quantity_of(v);
    return s.n > 0 && cleat_quantity_order(s, CLEAT_STR("0")) > 0;
}

/* Looks at cpu and memory of one container. */
static void weigh(struct cleat_val container, bool *any, bool *guaranteed) {
    static const char *const names[] = {"cpu", "memory"};
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val limit =
            cleat_val_at(container, CLEAT_PATH("resources", "limits", names[i]));
        struct cleat_val request =
            cleat_val_at(container, CLEAT_PATH("resources", "requests", names[i]));
        bool limited = positive(limit), requested = positive(request);
        *any = *any || limited || requested;
        /* A request that is not there will be what the limit is. */
        bool equal =
            !cleat_val_present(request) ||
            cleat_quantity_order(cleat_quantity_of(limit), cleat_quantity_of(request)) == 0;
        *guaranteed = *guaranteed && limited && equal;
    }
}

const char *cleat_pod_qos(const cleat_obj *o) {
    static const char *const lists[] = {"containers", "initContainers"};
    bool any = false, guaranteed = true;
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("spec", lists[i]));
        while (cleat_val_next(list, &it)) {
            weigh(it.val, &any, &guaranteed);
        }
    }
    return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
}
