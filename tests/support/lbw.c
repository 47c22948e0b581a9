/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/lbw.h"

#include "tests/support/kt.h"

struct world *lbw_world(const char *controllers, const char *const *flags,
                        struct script *const *clouds, size_t n) {
    struct world *w = world_new(controllers, NULL, flags);
    script_join(w, clouds, n);
    world_run(w, 2 * CLEAT_SECOND);
    return w;
}

void lbw_restart(struct world *w, const char *controllers, const char *const *flags,
                 struct script *const *clouds, size_t n) {
    world_restart(w, controllers, NULL, flags);
    script_join(w, clouds, n);
    world_run(w, 2 * CLEAT_SECOND);
}

void lbw_service(struct world *w, const char *name, const char *meta, const char *spec) {
    CLEAT_AUTO_FREE char *json = cleat_sprintf(
        "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"namespace\":\"default\","
        "\"name\":\"%s\"%s},\"spec\":{\"type\":\"LoadBalancer\",\"ports\":[{\"port\":80}]%s}}",
        name, meta, spec);
    world_create(w, "services", json);
}

void lbw_node(struct world *w, const char *name, const char *cloud, const char *meta,
              const char *spec, const char *status) {
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"%s\"%s},"
                      "\"spec\":{\"providerID\":\"%s://%s\"%s},\"status\":{%s}}",
                      name, meta, cloud, name, spec, status);
    world_create(w, "nodes", json);
}

bool lbw_has_address(struct world *w, const char *service) {
    CLEAT_AUTO_FREE char *text =
        world_text(w, "services", service, "status.loadBalancer.ingress.0.ip");
    return text[0] != 0;
}

bool lbw_has_finalizer(struct world *w, const char *service) {
    CLEAT_AUTO_FREE char *text = world_text(w, "services", service, "metadata.finalizers");
    return strstr(text, LBW_FINALIZER) != NULL;
}

bool lbw_is_gone(struct world *w, const char *service) {
    cleat_obj *o = world_get(w, "services", service);
    cleat_obj_unref(o);
    return o == NULL;
}

char *lbw_uid(struct world *w, const char *service) {
    return world_text(w, "services", service, "metadata.uid");
}

char *lbw_event(struct world *w, const char *about, const char *reason) {
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_list_opts opts = {.struct_size = sizeof opts};
    char *text = NULL;
    cleat_client_api.list(w->client, NULL, (struct cleat_gvr){"", "v1", "events"}, "", &opts, &l,
                          NULL);
    for (size_t i = 0; i < l.n && text == NULL; i++) {
        const cleat_obj *o = l.items[i];
        struct cleat_val name = cleat_obj_at(o, CLEAT_PATH("involvedObject", "name"));
        if (cleat_eqc(cleat_val_str(name), about) &&
            cleat_eqc(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("reason"))), reason)) {
            text = cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("message")));
        }
    }
    cleat_client_api.list_free(&l);
    return text != NULL ? text : cleat_strdup("");
}

char *lbw_condition(struct world *w, const char *service) {
    cleat_obj *o = world_get(w, "services", service);
    struct cleat_iter it = {0};
    char *text = NULL;
    while (o != NULL && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "LoadBalancerReady")) {
            text = cleat_sprintf("%.*s/%.*s",
                                 CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "status"))),
                                 CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "reason"))));
        }
    }
    cleat_obj_unref(o);
    return text != NULL ? text : cleat_strdup("");
}
