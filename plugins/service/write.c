/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written on Services: finalizer, holder, status, condition, and events. All
 * writes are strategic merges of the status subresource, as upstream's, that name just
 * what is to change, and the uid, so that another Service of that name is never meant.
 */
#include "service.h"

void cleat_service_event(const cleat_obj *service, const char *type, const char *reason,
                         const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = cleat_sdk_vformat(fmt, ap);
    va_end(ap);
    SDK->events->record("service-controller", service, type, reason, text);
    free(text);
}

static cleat_edit *patch_for(const cleat_obj *service) {
    cleat_edit *e = SDK->obj->edit_new(NULL);
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "uid"), SDK->obj->uid(service));
    return e;
}

/* Ends the edit. ret may be NULL. */
static cleat_err send(const struct cleat_service_writer *w, const cleat_obj *service, cleat_edit *e,
                      cleat_obj **ret, struct cleat_error *reterr) {
    cleat_obj *patch = NULL;
    cleat_err err = SDK->obj->edit_finish(e, &patch, reterr);
    if (err == CLEAT_OK) {
        struct cleat_key key = {SDK->obj->ns(service), SDK->obj->name(service)};
        err = SDK->client->patch(w->client, w->ctx, CLEAT_SERVICE_GVR, key, "status",
                                 CLEAT_PATCH_STRATEGIC, SDK->obj->bytes(patch), ret, reterr);
        SDK->obj->unref(patch);
    }
    return err;
}

cleat_err cleat_service_hold(const struct cleat_service_writer *w, const cleat_obj *service,
                             const char *provider, cleat_obj **ret, struct cleat_error *reterr) {
    if (cleat_service_is_held_by(service, provider)) {
        *ret = SDK->obj->ref(service);
        return CLEAT_OK;
    }
    cleat_edit *e = patch_for(service);
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "finalizers", "-"),
                      CLEAT_STR(CLEAT_SERVICE_FINALIZER));
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_SERVICE_HOLDER),
                      cleat_cstr(provider));
    return send(w, service, e, ret, reterr);
}

cleat_err cleat_service_release(const struct cleat_service_writer *w, const cleat_obj *service,
                                struct cleat_error *reterr) {
    cleat_edit *e = patch_for(service);
    SDK->obj->set_json(e, CLEAT_PATH("metadata", "$deleteFromPrimitiveList/finalizers"),
                       CLEAT_STR("[\"" CLEAT_SERVICE_FINALIZER "\"]"));
    SDK->obj->set_json(e, CLEAT_PATH("metadata", "annotations", CLEAT_SERVICE_HOLDER),
                       CLEAT_STR("null"));
    if (SDK->obj->count(CLEAT_AT(SDK, service, "status", "loadBalancer", "ingress")) > 0) {
        SDK->obj->set_json(e, CLEAT_PATH("status", "loadBalancer", "ingress"), CLEAT_STR("null"));
    }
    struct cleat_val c = SDK->util->condition(service, CLEAT_SERVICE_CONDITION);
    if (SDK->obj->type(c) != CLEAT_ABSENT) {
        SDK->obj->set_json(
            e, CLEAT_PATH("status", "conditions"),
            CLEAT_STR("[{\"$patch\":\"delete\",\"type\":\"" CLEAT_SERVICE_CONDITION "\"}]"));
    }
    cleat_err err = send(w, service, e, NULL, reterr);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static bool says_already(const cleat_obj *service, const char *status, const char *reason,
                         const char *message) {
    struct cleat_val c = SDK->util->condition(service, CLEAT_SERVICE_CONDITION);
    struct cleat_val text = SDK->obj->at(c, CLEAT_PATH("message"));
    size_t n = SDK->obj->decode(text, NULL, 0);
    char *have = cleat_sdk_alloc(n + 1, 1);
    SDK->obj->decode(text, have, n + 1);
    bool same = cleat_str_is(SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("status"))), status) &&
                cleat_str_is(SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("reason"))), reason) &&
                strcmp(have, message) == 0;
    free(have);
    return same;
}

static void set_condition(cleat_edit *e, const cleat_obj *service, const char *status,
                          const char *reason, const char *message) {
    struct cleat_val c = SDK->util->condition(service, CLEAT_SERVICE_CONDITION);
    struct cleat_val since = SDK->obj->at(c, CLEAT_PATH("lastTransitionTime"));
    char now[32];
    SDK->obj->set_json(e, CLEAT_PATH("status", "conditions"), CLEAT_STR("[{}]"));
#define AT(field) CLEAT_PATH("status", "conditions", "0", field)
    SDK->obj->set_str(e, AT("type"), CLEAT_STR(CLEAT_SERVICE_CONDITION));
    SDK->obj->set_str(e, AT("status"), cleat_cstr(status));
    SDK->obj->set_str(e, AT("reason"), cleat_cstr(reason));
    SDK->obj->set_str(e, AT("message"), cleat_cstr(message));
    if (cleat_str_is(SDK->obj->str(SDK->obj->at(c, CLEAT_PATH("status"))), status)) {
        SDK->obj->set_val(e, AT("lastTransitionTime"), since);
    } else {
        SDK->obj->time_format(SDK->clock->wall(), 0, now);
        SDK->obj->set_str(e, AT("lastTransitionTime"), cleat_cstr(now));
    }
#undef AT
}

cleat_err cleat_service_say(const struct cleat_service_writer *w, const cleat_obj *service,
                            const cleat_obj *balancer, const char *status, const char *reason,
                            const char *message, struct cleat_error *reterr) {
    struct cleat_val have = CLEAT_AT(SDK, service, "status", "loadBalancer", "ingress");
    struct cleat_val want = balancer != NULL ? CLEAT_AT(SDK, balancer, "ingress") : have;
    bool moved =
        (SDK->obj->count(have) > 0 || SDK->obj->count(want) > 0) && !SDK->obj->equal(have, want);
    bool news = w->says && status != NULL && !says_already(service, status, reason, message);
    if (!moved && !news) {
        return CLEAT_OK;
    }
    cleat_edit *e = patch_for(service);
    if (moved && SDK->obj->count(want) > 0) {
        SDK->obj->set_val(e, CLEAT_PATH("status", "loadBalancer", "ingress"), want);
    } else if (moved) {
        SDK->obj->set_json(e, CLEAT_PATH("status", "loadBalancer", "ingress"), CLEAT_STR("null"));
    }
    if (news) {
        set_condition(e, service, status, reason, message);
    }
    cleat_err err = send(w, service, e, NULL, reterr);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

cleat_err cleat_service_say_ensured(const struct cleat_service_writer *w, const cleat_obj *service,
                                    const cleat_obj *balancer, size_t n_hosts,
                                    struct cleat_error *reterr) {
    return n_hosts > 0 ? cleat_service_say(w, service, balancer, "True", "EnsuredLoadBalancer",
                                           "Ensured load balancer", reterr)
                       : cleat_service_say(w, service, balancer, "False", "UnAvailableLoadBalancer",
                                           "There are no available nodes for LoadBalancer", reterr);
}
