/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pods/binding, and bindings, which is the same by another path: gives a pod to a
 * node, once. Runs on the requester's thread and never blocks.
 */
#include "core/kinds/podparts.h"

static struct cleat_str target_of(const cleat_request *req, const char *member) {
    return cleat_val_str(cleat_obj_at(req->body, CLEAT_PATH("target", member)));
}

cleat_err cleat_check_binding(cleat_request *req) {
    struct cleat_str kind = target_of(req, "kind");
    bool other = kind.n > 0 && !cleat_eqc(kind, "Node"), nameless = target_of(req, "name").n == 0;
    CLEAT_AUTO_BUF why = {0};
    if (!cleat_eq(cleat_obj_name(req->body), req->name)) {
        return cleat_fail(&req->error, CLEAT_E_BAD_REQUEST,
                          "name in URL does not match name in Binding object");
    }
    if (other) {
        cleat_buf_puts(&why, nameless ? "[target.kind: Unsupported value: "
                                      : "target.kind: Unsupported value: ");
        cleat_buf_json(&why, kind);
        cleat_buf_puts(&why, ": supported values: \"Node\", \"<empty>\"");
    }
    if (nameless) {
        cleat_buf_puts(&why,
                       other ? ", target.name: Required value]" : "target.name: Required value");
    }
    if (why.n > 0) { /* upstream makes no Status of it: it comes as a bare 500 */
        return cleat_fail(&req->error, CLEAT_E_UNKNOWN, "%s", why.p);
    }
    return req->name.n > 0
               ? CLEAT_OK
               : cleat_fail(&req->error, CLEAT_E_BAD_REQUEST, "Name parameter required.");
}

/* The UID and the revision that the binding demands of the pod. */
static char *unmet(const cleat_request *req) {
    static const char *const members[] = {"uid", "resourceVersion"};
    static const char *const words[] = {"UID", "ResourceVersion"};
    for (size_t i = 0; i < 2; i++) {
        cleat_path path = CLEAT_PATH("metadata", members[i]);
        struct cleat_str wanted = cleat_val_str(cleat_obj_at(req->body, path));
        struct cleat_str has = cleat_val_str(cleat_obj_at(req->old, path));
        if (wanted.n > 0 && !cleat_eq(wanted, has)) {
            return cleat_sprintf("StorageError: invalid object, Code: 4, Key: /registry/pods/%.*s/"
                                 "%.*s, ResourceVersion: 0, AdditionalErrorMsg: Precondition "
                                 "failed: %s in precondition: %.*s, %s in object meta: %.*s",
                                 CLEAT_FMT(req->ns), CLEAT_FMT(req->name), words[i],
                                 CLEAT_FMT(wanted), words[i], CLEAT_FMT(has));
        }
    }
    return NULL;
}

static cleat_err bindable(cleat_request *req) {
    struct cleat_error *e = &req->error;
    struct cleat_kind as_binding = *req->kind;
    struct cleat_val spec = cleat_obj_at(req->old, CLEAT_PATH("spec"));
    struct cleat_str has = cleat_str_at(spec, "nodeName");
    CLEAT_AUTO_FREE char *why = NULL;
    as_binding.store_name = as_binding.resource = "pods/binding";
    why = unmet(req);
    if (why != NULL) {
        return cleat_fail_conflict(req->kind, req->name, why, e);
    }
    if (cleat_is_terminating(req->old)) {
        why = cleat_sprintf("pod %.*s is being deleted, cannot be assigned to a host",
                            CLEAT_FMT(req->name));
    } else if (has.n > 0) {
        why = cleat_sprintf("pod %.*s is already assigned to node \"%.*s\"", CLEAT_FMT(req->name),
                            CLEAT_FMT(has));
    } else if (cleat_val_count(cleat_val_get(spec, "schedulingGates")) > 0) {
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

/* The binding's annotations or labels go over to the pod. */
static void hand_over(cleat_edit *e, const cleat_request *req, const char *member) {
    struct cleat_iter it = {0};
    struct cleat_val map = cleat_obj_at(req->body, CLEAT_PATH("metadata", member));
    while (cleat_val_type(map) == CLEAT_OBJECT && cleat_val_next(map, &it)) {
        CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
        cleat_edit_set_val(e, CLEAT_PATH("metadata", member, key), it.val);
    }
}

int cleat_bind(cleat_request *req) {
    cleat_obj *obj = NULL;
    cleat_err err = bindable(req);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    cleat_edit *e = cleat_edit_new(req->old);
    cleat_edit_set_str(e, CLEAT_PATH("spec", "nodeName"), target_of(req, "name"));
    cleat_edit_remove(e, CLEAT_PATH("status", "nominatedNodeName"));
    set_scheduled(e, req->old);
    hand_over(e, req, "annotations");
    hand_over(e, req, "labels");
    err = cleat_edit_finish(e, &obj, &req->error);
    err = err == CLEAT_OK ? cleat_request_check(req, obj, req->old) : err;
    if (err != CLEAT_OK) {
        cleat_obj_unref(obj);
        return cleat_step_fail(req, err);
    }
    return cleat_submit_reply(req, obj);
}
