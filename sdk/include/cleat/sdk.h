/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Convenience for plugin authors: one include, one macro for the entry point,
 * and the host's tables bound once. Everything here is static or hidden in the
 * plugin; none of it is ABI.
 */
#ifndef CLEAT_SDK_H
#define CLEAT_SDK_H

#include <string.h>

#include <cleat/types.h>
#include <cleat/plugin.h>
#include <cleat/object.h>
#include <cleat/host.h>
#include <cleat/client.h>
#include <cleat/informer.h>
#include <cleat/workqueue.h>
#include <cleat/controller.h>
#include <cleat/cloud.h>

/* The tables of the host, bound by cleat_sdk_bind() in init. */
struct cleat_sdk {
    const struct cleat_object_api *obj;
    const struct cleat_ctx_api *ctx;
    const struct cleat_log_api *log;
    const struct cleat_clock_api *clock;
    const struct cleat_metrics_api *metrics;
    const struct cleat_events_api *events;
    const struct cleat_client_api *client;
    const struct cleat_informer_api *informer;
    const struct cleat_workqueue_api *queue;
    const struct cleat_controller_api *controller;
    const struct cleat_util_api *util;
    const struct cleat_clouds_api *clouds;
};

static inline void cleat_sdk_bind(struct cleat_sdk *s, const struct cleat_host *host) {
    s->obj = host->get_extension(host, CLEAT_EXT_OBJECT);
    s->ctx = host->get_extension(host, CLEAT_EXT_CTX);
    s->log = host->get_extension(host, CLEAT_EXT_LOG);
    s->clock = host->get_extension(host, CLEAT_EXT_CLOCK);
    s->metrics = host->get_extension(host, CLEAT_EXT_METRICS);
    s->events = host->get_extension(host, CLEAT_EXT_EVENTS);
    s->client = host->get_extension(host, CLEAT_EXT_CLIENT);
    s->informer = host->get_extension(host, CLEAT_EXT_INFORMER);
    s->queue = host->get_extension(host, CLEAT_EXT_WORKQUEUE);
    s->controller = host->get_extension(host, CLEAT_EXT_CONTROLLER);
    s->util = host->get_extension(host, CLEAT_EXT_UTIL);
    s->clouds = host->get_extension(host, CLEAT_EXT_CLOUDS);
}

/* Every table above, for plugin_info.needs. */
#define CLEAT_SDK_NEEDS                                                                            \
    ((const char *const[]){CLEAT_EXT_OBJECT, CLEAT_EXT_CTX, CLEAT_EXT_LOG, CLEAT_EXT_CLOCK,        \
                           CLEAT_EXT_METRICS, CLEAT_EXT_EVENTS, CLEAT_EXT_CLIENT,                  \
                           CLEAT_EXT_INFORMER, CLEAT_EXT_WORKQUEUE, CLEAT_EXT_CONTROLLER,          \
                           CLEAT_EXT_UTIL, CLEAT_EXT_CLOUDS, NULL})

/* A span over a C string; NULL is empty. */
static inline struct cleat_str cleat_cstr(const char *s) {
    return (struct cleat_str){s ? s : "", s ? strlen(s) : 0};
}
static inline int32_t cleat_str_eq(struct cleat_str a, struct cleat_str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline struct cleat_key cleat_key_of(const char *ns, const char *name) {
    return (struct cleat_key){cleat_cstr(ns), cleat_cstr(name)};
}

#endif
