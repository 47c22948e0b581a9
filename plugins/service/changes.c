/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A change of a balanced Service as an Event about it: upstream's reasons and words, and as
 * there the first difference alone.
 */
#include "service.h"

static struct cleat_val spec(const cleat_obj *service, const char *field) {
    return SDK->obj->at(SDK->obj->root(service), CLEAT_PATH("spec", field));
}

static bool same(const cleat_obj *a, const cleat_obj *b, const char *field) {
    return SDK->obj->equal(spec(a, field), spec(b, field));
}

/* As Go prints it: text bare, a list in brackets. Owned. */
static char *print(struct cleat_val v, const char *absent) {
    if (SDK->obj->type(v) == CLEAT_STRING) {
        return cleat_sdk_dup(SDK->obj->str(v));
    }
    if (SDK->obj->type(v) != CLEAT_ARRAY) {
        return SDK->obj->type(v) == CLEAT_ABSENT ? cleat_sdk_dup(cleat_cstr(absent))
                                                 : cleat_sdk_dup(SDK->obj->raw(v));
    }
    char *text = cleat_sdk_dup(CLEAT_STR("["));
    struct cleat_iter it = {0};
    for (const char *between = ""; SDK->obj->next(v, &it); between = " ") {
        char *more = cleat_sdk_format("%s%s%.*s", text, between, CLEAT_FMT(SDK->obj->str(it.val)));
        free(text);
        text = more;
    }
    char *whole = cleat_sdk_format("%s]", text);
    free(text);
    return whole;
}

static bool tell(const cleat_obj *old, const cleat_obj *service, const char *field,
                 const char *reason, const char *absent) {
    if (same(old, service, field)) {
        return false;
    }
    char *was = print(spec(old, field), absent), *is = print(spec(service, field), absent);
    cleat_service_event(service, "Normal", reason, "%s -> %s", was, is);
    free(was);
    free(is);
    return true;
}

static bool tell_count(const cleat_obj *old, const cleat_obj *service, const char *field,
                       const char *reason) {
    size_t was = SDK->obj->count(spec(old, field)), is = SDK->obj->count(spec(service, field));
    if (was == is) {
        return false;
    }
    cleat_service_event(service, "Normal", reason, "Count: %zu -> %zu", was, is);
    return true;
}

static bool tell_external(const cleat_obj *old, const cleat_obj *service) {
    if (tell_count(old, service, "externalIPs", "ExternalIP")) {
        return true;
    }
    struct cleat_iter a = {0}, b = {0};
    while (SDK->obj->next(spec(old, "externalIPs"), &a) &&
           SDK->obj->next(spec(service, "externalIPs"), &b)) {
        if (!SDK->obj->equal(a.val, b.val)) {
            cleat_service_event(service, "Normal", "ExternalIP", "Added: %.*s",
                                CLEAT_FMT(SDK->obj->str(b.val)));
            return true;
        }
    }
    return false;
}

void cleat_service_tell_changes(const cleat_obj *old, const cleat_obj *service) {
    if (tell(old, service, "type", "Type", "") ||
        tell(old, service, "loadBalancerSourceRanges", "LoadBalancerSourceRanges", "[]") ||
        !same(old, service, "ports") || !same(old, service, "sessionAffinity") ||
        !same(old, service, "sessionAffinityConfig") ||
        tell(old, service, "loadBalancerIP", "LoadbalancerIP", "") || tell_external(old, service) ||
        !SDK->obj->equal(CLEAT_AT(SDK, old, "metadata", "annotations"),
                         CLEAT_AT(SDK, service, "metadata", "annotations")) ||
        tell(old, service, "externalTrafficPolicy", "ExternalTrafficPolicy", "") ||
        tell(old, service, "healthCheckNodePort", "HealthCheckNodePort", "0")) {
        return;
    }
    tell_count(old, service, "ipFamilies", "IPFamilies");
}
