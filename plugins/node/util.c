/* SPDX-License-Identifier: Apache-2.0 */
/* Small helpers of the node plugin: log lines, options, jitter, conditions. Any thread. */
#include "node.h"

#include <stdatomic.h>

struct cleat_sdk cleat_node_sdk;

static char *format(const char *fmt, va_list ap) CLEAT_PRINTF(1, 0);

static char *format(const char *fmt, va_list ap) {
    char *text = NULL;
    if (vasprintf(&text, fmt, ap) < 0) {
        fprintf(stderr, "cleat: out of memory\n");
        abort();
    }
    return text;
}

char *cleat_node_format(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = format(fmt, ap);
    va_end(ap);
    return text;
}

void cleat_node_log(int level, const char *component, const char *fmt, ...) {
    if (!SDK->log->enabled(level)) {
        return;
    }
    va_list ap;
    va_start(ap, fmt);
    char *text = format(fmt, ap);
    va_end(ap);
    SDK->log->write(level, component, text, NULL, 0);
    free(text);
}

int64_t cleat_node_option(const struct cleat_controller_env *env, const char *name, int64_t def) {
    struct cleat_val v = CLEAT_AT(SDK, env->config, name);
    int64_t value = def;
    if (SDK->obj->integer(v, &value)) {
        return value;
    }
    return SDK->obj->boolean(v, (int32_t)def);
}

cleat_time cleat_node_jitter(cleat_time d) {
    if (d < 4) {
        return d;
    }
    return d - d / 4 + (cleat_time)(SDK->clock->random() % (uint64_t)(d / 2));
}

int32_t cleat_node_set_condition(cleat_edit *e, const cleat_obj *node, const char *type,
                                 const char *status, const char *reason, const char *message) {
    if (!SDK->util->set_condition(e, node, type, status, reason, message)) {
        return 0;
    }
    struct cleat_iter it = {0};
    uint32_t at = 0; /* a new one stands behind all others */
    while (SDK->obj->next(CLEAT_AT(SDK, node, "status", "conditions"), &it) &&
           !cleat_str_is(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("type"))), type)) {
        at = it.index + 1;
    }
    char index[16], now[32];
    snprintf(index, sizeof index, "%u", (unsigned)at);
    SDK->obj->time_format(SDK->clock->wall(), 0, now);
    SDK->obj->set_str(e, CLEAT_PATH("status", "conditions", index, "lastHeartbeatTime"),
                      cleat_cstr(now));
    return 1;
}

const struct cleat_instances_ops *cleat_node_instances(const struct cleat_cloud *cloud) {
    if (cloud == NULL || !CLEAT_HAS(cloud->ops, struct cleat_cloud_ops, instances)) {
        return NULL;
    }
    return cloud->ops->instances;
}

bool cleat_node_is_ready(const cleat_obj *node) {
    struct cleat_val ready = SDK->util->condition(node, "Ready");
    return cleat_str_is(SDK->obj->str(SDK->obj->at(ready, CLEAT_PATH("status"))), "True");
}

double cleat_node_age(const cleat_obj *node) {
    cleat_time made = 0;
    struct cleat_str text = CLEAT_TEXT(SDK, node, "metadata", "creationTimestamp");
    if (SDK->obj->time_parse(text, &made) != CLEAT_OK) {
        return 0;
    }
    cleat_time age = SDK->clock->wall() - made;
    return age > 0 ? (double)age / (double)CLEAT_SECOND : 0;
}

void cleat_node_drain(const _Atomic int *pending) {
    if (atomic_load(pending) == 0) {
        return;
    }
    cleat_ctx *ctx = SDK->ctx->child(NULL, 0);
    while (atomic_load(pending) > 0) {
        SDK->ctx->sleep(ctx, CLEAT_MS);
    }
    SDK->ctx->free(ctx);
}

static void by_node(void *userdata, const cleat_obj *pod,
                    void (*emit)(void *sink, struct cleat_str value), void *sink) {
    (void)userdata;
    struct cleat_str node = CLEAT_TEXT(SDK, pod, "spec", "nodeName");
    if (node.n > 0) {
        emit(sink, node);
    }
}

cleat_err cleat_node_index_pods(cleat_informer *pods, struct cleat_error *reterr) {
    cleat_err err = SDK->informer->add_index(pods, CLEAT_NODE_PODS, by_node, NULL);
    if (err != CLEAT_OK) {
        return cleat_errorf(reterr, err, "the pods' cache has another index of this name");
    }
    return CLEAT_OK;
}

bool cleat_node_was_refused(cleat_err err) {
    switch (err) {
    case CLEAT_E_BAD_REQUEST:
    case CLEAT_E_UNAUTHORIZED:
    case CLEAT_E_FORBIDDEN:
    case CLEAT_E_NOT_FOUND:
    case CLEAT_E_METHOD:
    case CLEAT_E_NOT_ACCEPTABLE:
    case CLEAT_E_EXISTS:
    case CLEAT_E_CONFLICT:
    case CLEAT_E_TOO_LARGE:
    case CLEAT_E_MEDIA_TYPE:
    case CLEAT_E_INVALID:
    case CLEAT_E_THROTTLED:
        return true;
    default:
        return false;
    }
}
