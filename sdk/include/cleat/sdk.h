/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Convenience for plugin authors: one include, one macro for the entry point,
 * and the host's tables bound once. Everything here is static or hidden in the
 * plugin; none of it is ABI.
 */
#ifndef CLEAT_SDK_H
#define CLEAT_SDK_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
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
#include <cleat/volumes.h>

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
    const struct cleat_provisioners_api *provisioners; /* NULL in older hosts */
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
    s->provisioners = host->get_extension(host, CLEAT_EXT_PROVISIONERS);
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
/* Whether a span has this text. */
static inline int32_t cleat_str_is(struct cleat_str a, const char *b) {
    return cleat_str_eq(a, cleat_cstr(b));
}
static inline struct cleat_key cleat_key_of(const char *ns, const char *name) {
    return (struct cleat_key){cleat_cstr(ns), cleat_cstr(name)};
}

/* A field of an object: CLEAT_AT(&sdk, node, "spec", "providerID"). */
#define CLEAT_AT(sdk, o, ...) ((sdk)->obj->at((sdk)->obj->root(o), CLEAT_PATH(__VA_ARGS__)))
/* Its text; empty where it is no string. */
#define CLEAT_TEXT(sdk, o, ...) ((sdk)->obj->str(CLEAT_AT(sdk, o, __VA_ARGS__)))

/* Fills e (NULL allowed) and returns code: return cleat_errorf(reterr, CLEAT_E_..., "...", ...). */
static inline cleat_err cleat_errorf(struct cleat_error *e, cleat_err code, const char *fmt, ...)
    CLEAT_PRINTF(3, 4);
static inline cleat_err cleat_errorf(struct cleat_error *e, cleat_err code, const char *fmt, ...) {
    if (e != NULL) {
        va_list ap;
        va_start(ap, fmt);
        int n = vsnprintf(e->message, sizeof e->message, fmt, ap);
        va_end(ap);
        if (n >= (int)sizeof e->message) { /* do not end inside a character */
            size_t end = sizeof e->message - 1;
            while (end > 0 && ((unsigned char)e->message[end - 1] & 0xc0) == 0x80) {
                end--;
            }
            if (end > 0 && (unsigned char)e->message[end - 1] >= 0xc0) {
                end--;
            }
            e->message[end] = 0;
        }
        e->code = code;
        e->retry_after_ms = 0;
        e->n_causes = 0;
    }
    return code;
}

/* Memory that is there, zeroed, or the process ends with a message, as in the host. */
static inline void *cleat_sdk_alloc(size_t n, size_t size) {
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (p == NULL) {
        fprintf(stderr, "cleat: out of memory\n");
        abort();
    }
    return p;
}
/* Formatted text of any length; ended by free(). */
static inline char *cleat_sdk_vformat(const char *fmt, va_list ap) CLEAT_PRINTF(1, 0);
static inline char *cleat_sdk_vformat(const char *fmt, va_list ap) {
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *text = (char *)cleat_sdk_alloc((size_t)(n > 0 ? n : 0) + 1, 1);
    vsnprintf(text, (size_t)(n > 0 ? n : 0) + 1, fmt, ap);
    return text;
}
static inline char *cleat_sdk_format(const char *fmt, ...) CLEAT_PRINTF(1, 2);
static inline char *cleat_sdk_format(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = cleat_sdk_vformat(fmt, ap);
    va_end(ap);
    return text;
}
/* One line of log, not formatted where nobody would read it. */
static inline void cleat_sdk_log(const struct cleat_sdk *sdk, int32_t level, const char *component,
                                 const char *fmt, ...) CLEAT_PRINTF(4, 5);
static inline void cleat_sdk_log(const struct cleat_sdk *sdk, int32_t level, const char *component,
                                 const char *fmt, ...) {
    if (sdk->log->enabled(level)) {
        va_list ap;
        va_start(ap, fmt);
        char *text = cleat_sdk_vformat(fmt, ap);
        va_end(ap);
        sdk->log->write(level, component, text, NULL, 0);
        free(text);
    }
}
/* An integer, boolean or duration (nanoseconds) of a controller's configuration, which the
 * host has checked and filled in. */
static inline int64_t cleat_sdk_option(const struct cleat_sdk *sdk,
                                       const struct cleat_controller_env *env, const char *name) {
    struct cleat_val v = CLEAT_AT(sdk, env->config, name);
    int64_t value = 0;
    return sdk->obj->integer(v, &value) ? value : sdk->obj->boolean(v, 0);
}
/* A NUL-ended copy of a span; ended by free(). */
static inline char *cleat_sdk_dup(struct cleat_str s) {
    char *p = (char *)cleat_sdk_alloc(s.n + 1, 1);
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    return p;
}

#endif
