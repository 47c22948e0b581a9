/* SPDX-License-Identifier: Apache-2.0 */
/* What a Service wants of whom, and which changes matter to its balancer. Pure functions. */
#include "service.h"

static struct cleat_str text_at(const cleat_obj *o, cleat_path path) {
    return SDK->obj->str(SDK->obj->at(SDK->obj->root(o), path));
}

bool cleat_service_is_balanced(const cleat_obj *service) {
    return cleat_str_is(text_at(service, CLEAT_PATH("spec", "type")), "LoadBalancer");
}

bool cleat_service_is_ending(const cleat_obj *service) {
    return text_at(service, CLEAT_PATH("metadata", "deletionTimestamp")).n > 0;
}

/* ---- whose ---- */

const struct cleat_lb_ops *cleat_service_ops(const struct cleat_cloud *cloud) {
    return cloud != NULL && CLEAT_HAS(cloud->ops, struct cleat_cloud_ops, load_balancers)
               ? cloud->ops->load_balancers
               : NULL;
}

static struct cleat_str holder_of(const cleat_obj *service) {
    return text_at(service, CLEAT_PATH("metadata", "annotations", CLEAT_SERVICE_HOLDER));
}

bool cleat_service_is_held(const cleat_obj *service) {
    return SDK->util->has_finalizer(service, CLEAT_SERVICE_FINALIZER) || holder_of(service).n > 0;
}

bool cleat_service_is_held_by(const cleat_obj *service, const char *provider) {
    return SDK->util->has_finalizer(service, CLEAT_SERVICE_FINALIZER) &&
           cleat_str_is(holder_of(service), provider);
}

bool cleat_service_lost_hold(const cleat_obj *old, const cleat_obj *service) {
    return (SDK->util->has_finalizer(old, CLEAT_SERVICE_FINALIZER) &&
            !SDK->util->has_finalizer(service, CLEAT_SERVICE_FINALIZER)) ||
           (holder_of(old).n > 0 && !cleat_str_eq(holder_of(old), holder_of(service)));
}

static const struct cleat_cloud *by_name(struct cleat_str name) {
    char *text = cleat_sdk_dup(name);
    const struct cleat_cloud *cloud = SDK->clouds->by_name(text);
    free(text);
    return cloud;
}

/* Whom class or label name; empty where neither does. */
static struct cleat_str named(const cleat_obj *service) {
    static const char prefix[] = "cleat.dev/";
    const size_t n = sizeof prefix - 1;
    struct cleat_str class = text_at(service, CLEAT_PATH("spec", "loadBalancerClass"));
    if (class.n > n && memcmp(class.p, prefix, n) == 0) {
        return (struct cleat_str){class.p + n, class.n - n};
    }
    return class.n > 0 ? class
                       : text_at(service, CLEAT_PATH("metadata", "labels", CLEAT_LABEL_PROVIDER));
}

/* Where nobody is named, a balancer stays with its holder, whoever else runs now. */
const struct cleat_cloud *cleat_service_cloud(const cleat_obj *service) {
    bool stays = named(service).n == 0 && holder_of(service).n > 0;
    const struct cleat_cloud *cloud =
        stays ? by_name(holder_of(service)) : SDK->clouds->for_service(service);
    return cleat_service_ops(cloud) != NULL ? cloud : NULL;
}

const struct cleat_cloud *cleat_service_holder(const cleat_obj *service) {
    const struct cleat_cloud *cloud =
        holder_of(service).n > 0 ? by_name(holder_of(service)) : SDK->clouds->for_service(service);
    return cleat_service_ops(cloud) != NULL ? cloud : NULL;
}

bool cleat_service_has_moved(const cleat_obj *service) {
    struct cleat_str holder = holder_of(service), name = named(service);
    return holder.n > 0 && name.n > 0 && !cleat_str_eq(holder, name);
}

bool cleat_service_wants(const cleat_obj *service, const struct cleat_cloud *cloud) {
    struct cleat_str holder = holder_of(service);
    if (holder.n > 0) { /* while it names another, that one has the balancer */
        return cleat_str_is(holder, cloud->name);
    }
    return cleat_service_is_balanced(service) || cleat_service_is_ending(service) ||
           SDK->util->has_finalizer(service, CLEAT_SERVICE_FINALIZER);
}

/* ---- changes ---- */

static bool same(const cleat_obj *a, const cleat_obj *b, cleat_path path) {
    return SDK->obj->equal(SDK->obj->at(SDK->obj->root(a), path),
                           SDK->obj->at(SDK->obj->root(b), path));
}

static bool is_own(struct cleat_str key) {
    return cleat_str_is(key, CLEAT_SERVICE_HOLDER);
}

static bool has_member(struct cleat_val map, struct cleat_str key, struct cleat_val value) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(map, &it)) {
        if (cleat_str_eq(it.key, key)) {
            return SDK->obj->equal(it.val, value);
        }
    }
    return false;
}

/* Every annotation of a is one of b, but for the one that is written here. */
static bool includes(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(a, &it)) {
        if (!is_own(it.key) && !has_member(b, it.key, it.val)) {
            return false;
        }
    }
    return true;
}

static bool same_annotations(const cleat_obj *a, const cleat_obj *b) {
    struct cleat_val x = CLEAT_AT(SDK, a, "metadata", "annotations");
    struct cleat_val y = CLEAT_AT(SDK, b, "metadata", "annotations");
    return SDK->obj->equal(x, y) || (includes(x, y) && includes(y, x));
}

bool cleat_service_differs(const cleat_obj *old, const cleat_obj *service) {
    static const char *const fields[] = {"type",
                                         "ports",
                                         "loadBalancerSourceRanges",
                                         "sessionAffinity",
                                         "loadBalancerIP",
                                         "externalIPs",
                                         "sessionAffinityConfig",
                                         "externalTrafficPolicy",
                                         "healthCheckNodePort",
                                         "loadBalancerClass"};
    if (old == service) {
        return false;
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!same(old, service, CLEAT_PATH("spec", fields[i]))) {
            return true;
        }
    }
    return !cleat_str_eq(SDK->obj->uid(old), SDK->obj->uid(service)) ||
           SDK->obj->count(CLEAT_AT(SDK, old, "spec", "ipFamilies")) !=
               SDK->obj->count(CLEAT_AT(SDK, service, "spec", "ipFamilies")) ||
           !same(old, service, CLEAT_PATH("metadata", "labels", CLEAT_LABEL_PROVIDER)) ||
           !same_annotations(old, service);
}
