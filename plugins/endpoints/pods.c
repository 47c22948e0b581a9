/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services and the pods that they select. A pod stands in an index under each of its
 * labels, a Service under one of those that it asks for, so that neither a change of a
 * pod nor one of a Service makes anybody look at a whole namespace.
 */
#include "endpoints.h"

#define BY_LABEL "cleat.endpoints/by-label" /* "namespace/key=value" */
#define BY_NODE  "cleat.endpoints/by-node"

/* ---- indexes ---- */

static char *pair(struct cleat_str ns, struct cleat_str key, struct cleat_val value) {
    return cleat_sdk_format("%.*s/%.*s=%.*s", CLEAT_FMT(ns), CLEAT_FMT(key),
                            CLEAT_FMT(SDK->obj->str(value)));
}

static void pod_labels(void *userdata, const cleat_obj *pod,
                       void (*emit)(void *sink, struct cleat_str value), void *sink) {
    struct cleat_iter it = {0};
    (void)userdata;
    while (SDK->obj->next(CLEAT_AT(SDK, pod, "metadata", "labels"), &it)) {
        char *text = pair(SDK->obj->ns(pod), it.key, it.val);
        emit(sink, cleat_cstr(text));
        free(text);
    }
}

static void pod_node(void *userdata, const cleat_obj *pod,
                     void (*emit)(void *sink, struct cleat_str value), void *sink) {
    struct cleat_str node = CLEAT_TEXT(SDK, pod, "spec", "nodeName");
    (void)userdata;
    if (node.n > 0) {
        emit(sink, node);
    }
}

bool cleat_ep_selects(const cleat_obj *service) {
    return SDK->obj->count(CLEAT_AT(SDK, service, "spec", "selector")) > 0 &&
           !cleat_str_is(CLEAT_TEXT(SDK, service, "spec", "type"), "ExternalName");
}

static void service_label(void *userdata, const cleat_obj *service,
                          void (*emit)(void *sink, struct cleat_str value), void *sink) {
    struct cleat_iter it = {0};
    (void)userdata;
    if (cleat_ep_selects(service) &&
        SDK->obj->next(CLEAT_AT(SDK, service, "spec", "selector"), &it)) {
        char *text = pair(SDK->obj->ns(service), it.key, it.val);
        emit(sink, cleat_cstr(text));
        free(text);
    }
}

cleat_err cleat_ep_index(cleat_informer *services, cleat_informer *pods,
                         struct cleat_error *reterr) {
    cleat_err err = CLEAT_OK;
    if (services != NULL) {
        err = SDK->informer->add_index(services, BY_LABEL, service_label, NULL);
    }
    if (err == CLEAT_OK && pods != NULL) {
        err = SDK->informer->add_index(pods, BY_LABEL, pod_labels, NULL);
    }
    if (err == CLEAT_OK && pods != NULL) {
        err = SDK->informer->add_index(pods, BY_NODE, pod_node, NULL);
    }
    return err == CLEAT_OK ? err : cleat_errorf(reterr, err, "an index of that name is there");
}

/* ---- who belongs to whom ---- */

static bool matches(const cleat_obj *service, const cleat_obj *pod) {
    struct cleat_iter want = {0};
    struct cleat_val labels = CLEAT_AT(SDK, pod, "metadata", "labels");
    while (SDK->obj->next(CLEAT_AT(SDK, service, "spec", "selector"), &want)) {
        struct cleat_iter it = {0};
        bool found = false;
        while (!found && SDK->obj->next(labels, &it)) {
            found = cleat_str_eq(it.key, want.key) &&
                    cleat_str_eq(SDK->obj->str(it.val), SDK->obj->str(want.val));
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

struct service_search {
    const cleat_obj *pod;
    cleat_controller *reconciler;
    cleat_time delay;
};

static int32_t enqueue_service(void *userdata, const cleat_obj *service) {
    struct service_search *s = userdata;
    if (matches(service, s->pod)) {
        SDK->controller->enqueue(s->reconciler, cleat_ep_key(service), s->delay);
    }
    return 0;
}

void cleat_ep_enqueue_services_of(cleat_controller *reconciler, cleat_informer *services,
                                  const cleat_obj *pod, cleat_time delay) {
    struct service_search s = {pod, reconciler, delay};
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, pod, "metadata", "labels"), &it)) {
        char *text = pair(SDK->obj->ns(pod), it.key, it.val);
        SDK->informer->foreach (services, BY_LABEL, cleat_cstr(text), enqueue_service, &s);
        free(text);
    }
}

struct pod_search {
    const cleat_obj *service; /* NULL = any */
    struct cleat_ep_objs *found;
};

static int32_t take_pod(void *userdata, const cleat_obj *pod) {
    struct pod_search *s = userdata;
    if (s->service == NULL || matches(s->service, pod)) {
        cleat_ep_objs_add(s->found, pod);
    }
    return 0;
}

void cleat_ep_pods_of(cleat_informer *pods, const cleat_obj *service, struct cleat_ep_objs *ret) {
    struct pod_search s = {.service = service, .found = ret};
    struct cleat_iter it = {0};
    if (SDK->obj->next(CLEAT_AT(SDK, service, "spec", "selector"), &it)) {
        char *text = pair(SDK->obj->ns(service), it.key, it.val);
        SDK->informer->foreach (pods, BY_LABEL, cleat_cstr(text), take_pod, &s);
        free(text);
    }
    cleat_ep_objs_sort(ret);
}

void cleat_ep_pods_on(cleat_informer *pods, struct cleat_str node, struct cleat_ep_objs *ret) {
    struct pod_search s = {.found = ret};
    SDK->informer->foreach (pods, BY_NODE, node, take_pod, &s);
}

/* ---- what a pod is ---- */

bool cleat_ep_pod_is_ready(const cleat_obj *pod) {
    return cleat_str_is(cleat_ep_str(SDK->util->condition(pod, "Ready"), "status"), "True");
}

bool cleat_ep_pod_counts(const cleat_obj *pod, bool ending_too) {
    struct cleat_str phase = CLEAT_TEXT(SDK, pod, "status", "phase");
    if (cleat_str_is(phase, "Failed") || cleat_str_is(phase, "Succeeded")) {
        return false;
    }
    if (CLEAT_TEXT(SDK, pod, "status", "podIP").n == 0 &&
        SDK->obj->count(CLEAT_AT(SDK, pod, "status", "podIPs")) == 0) {
        return false;
    }
    return ending_too || !cleat_ep_is_ending(pod);
}

static bool same(const cleat_obj *a, const cleat_obj *b, cleat_path path) {
    return SDK->obj->equal(SDK->obj->at(SDK->obj->root(a), path),
                           SDK->obj->at(SDK->obj->root(b), path));
}

int32_t cleat_ep_pod_matters(void *self, const cleat_obj *old, const cleat_obj *pod) {
    (void)self;
    if (old == NULL || pod == NULL) {
        return 1;
    }
    return !same(old, pod, CLEAT_PATH("metadata", "labels")) ||
           !same(old, pod, CLEAT_PATH("metadata", "uid")) ||
           !same(old, pod, CLEAT_PATH("spec", "hostname")) ||
           !same(old, pod, CLEAT_PATH("spec", "subdomain")) ||
           !same(old, pod, CLEAT_PATH("spec", "nodeName")) ||
           !same(old, pod, CLEAT_PATH("status", "phase")) ||
           !same(old, pod, CLEAT_PATH("status", "podIP")) ||
           !same(old, pod, CLEAT_PATH("status", "podIPs")) ||
           cleat_ep_is_ending(old) != cleat_ep_is_ending(pod) ||
           cleat_ep_pod_is_ready(old) != cleat_ep_pod_is_ready(pod);
}

char *cleat_ep_pod_address(const cleat_obj *pod, const char *family) {
    struct cleat_val all = CLEAT_AT(SDK, pod, "status", "podIPs");
    struct cleat_iter it = {0};
    bool more = SDK->obj->next(all, &it);
    struct cleat_str ip =
        more ? cleat_ep_str(it.val, "ip") : CLEAT_TEXT(SDK, pod, "status", "podIP");
    for (;;) {
        char *text = NULL;
        const char *is = cleat_ep_family(ip, &text);
        if (is != NULL && strcmp(is, family) == 0) {
            return text;
        }
        free(text);
        if (!more || !(more = SDK->obj->next(all, &it))) {
            return NULL;
        }
        ip = cleat_ep_str(it.val, "ip");
    }
}

static int32_t find_named(struct cleat_val containers, bool sidecars, struct cleat_str name,
                          struct cleat_str protocol, int64_t *ret) {
    for (struct cleat_iter c = {0}; SDK->obj->next(containers, &c);) {
        if (sidecars && !cleat_str_is(cleat_ep_str(c.val, "restartPolicy"), "Always")) {
            continue;
        }
        for (struct cleat_iter p = {0}; SDK->obj->next(cleat_ep_get(c.val, "ports"), &p);) {
            struct cleat_str of = cleat_ep_str(p.val, "protocol");
            if (cleat_str_eq(cleat_ep_str(p.val, "name"), name) &&
                cleat_str_eq(of.n > 0 ? of : CLEAT_STR("TCP"), protocol)) {
                return SDK->obj->integer(cleat_ep_get(p.val, "containerPort"), ret);
            }
        }
    }
    return 0;
}

int32_t cleat_ep_find_port(const cleat_obj *pod, struct cleat_val service_port, int64_t *ret) {
    struct cleat_val target = cleat_ep_get(service_port, "targetPort");
    struct cleat_str protocol = cleat_ep_str(service_port, "protocol");
    if (SDK->obj->type(target) == CLEAT_ABSENT) {
        return SDK->obj->integer(cleat_ep_get(service_port, "port"), ret);
    }
    if (SDK->obj->integer(target, ret)) {
        return 1;
    }
    protocol = protocol.n > 0 ? protocol : CLEAT_STR("TCP");
    return find_named(CLEAT_AT(SDK, pod, "spec", "containers"), false, SDK->obj->str(target),
                      protocol, ret) ||
           find_named(CLEAT_AT(SDK, pod, "spec", "initContainers"), true, SDK->obj->str(target),
                      protocol, ret);
}

bool cleat_ep_wants_hostname(const cleat_obj *pod, const cleat_obj *service) {
    return CLEAT_TEXT(SDK, pod, "spec", "hostname").n > 0 &&
           cleat_str_eq(CLEAT_TEXT(SDK, pod, "spec", "subdomain"), SDK->obj->name(service));
}

/* ---- what a Service is ---- */

bool cleat_ep_is_headless(const cleat_obj *service) {
    struct cleat_str ip = CLEAT_TEXT(SDK, service, "spec", "clusterIP");
    return ip.n == 0 || cleat_str_is(ip, "None");
}

bool cleat_ep_publishes_all(const cleat_obj *service) {
    return SDK->obj->boolean(CLEAT_AT(SDK, service, "spec", "publishNotReadyAddresses"), 0);
}

void cleat_ep_families(const cleat_obj *service, const char *ret[3]) {
    struct cleat_iter it = {0};
    size_t n = 0;
    while (n < 2 && SDK->obj->next(CLEAT_AT(SDK, service, "spec", "ipFamilies"), &it)) {
        const char *family = cleat_str_is(SDK->obj->str(it.val), "IPv6") ? "IPv6" : "IPv4";
        if (n == 0 || ret[0] != family) {
            ret[n++] = family;
        }
    }
    if (n == 0 && !cleat_ep_is_headless(service)) {
        char *text = NULL;
        const char *family = cleat_ep_family(CLEAT_TEXT(SDK, service, "spec", "clusterIP"), &text);
        free(text);
        ret[n++] = family != NULL ? family : "IPv4";
    } else if (n == 0) { /* from before there were families: whatever the pods have */
        ret[n++] = "IPv4";
        ret[n++] = "IPv6";
    }
    ret[n] = NULL;
}
