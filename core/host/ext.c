/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's side of the contract: every function table of sdk/include/cleat,
 * found by id. Tables whose functions carry no handle lead to the one host of
 * the process. Any thread.
 */
#include "core/host/internal.h"

#include <cleat/sdk.h>

static _Atomic(cleat_hostd *) the_host;

void cleat_ext_bind(cleat_hostd *h) {
    atomic_store(&the_host, h);
}

cleat_hostd *cleat_ext_host(void) {
    return atomic_load(&the_host);
}

/* ---- objects ---- */

static cleat_err obj_parse(struct cleat_str json, cleat_obj **ret, struct cleat_error *e) {
    return cleat_obj_parse(json, 0, ret, e);
}

static cleat_err obj_parse_yaml(struct cleat_str yaml, cleat_obj **ret, struct cleat_error *e) {
    CLEAT_AUTO_BUF json = {0};
    CLEAT_TRY(cleat_yaml_to_json(yaml, &json, e));
    return cleat_obj_parse((struct cleat_str){json.p, json.n}, 0, ret, e);
}

static cleat_err obj_matches(const cleat_obj *o, const char *selector, struct cleat_error *e) {
    cleat_selector *s = NULL;
    CLEAT_TRY(cleat_selector_labels(selector, &s, e));
    int32_t yes = cleat_selector_match(s, o);
    cleat_selector_free(s);
    return yes;
}

static void obj_time_format(cleat_time t, int32_t micro, char buf[32]) {
    cleat_time_format(t, micro != 0, buf);
}

static const struct cleat_object_api object_api = {
    .struct_size = sizeof(struct cleat_object_api),
    .ref = cleat_obj_ref,
    .unref = cleat_obj_unref,
    .parse = obj_parse,
    .bytes = cleat_obj_bytes,
    .root = cleat_obj_root,
    .at = cleat_val_at,
    .type = cleat_val_type,
    .next = cleat_val_next,
    .count = cleat_val_count,
    .str = cleat_val_str,
    .decode = cleat_val_decode,
    .integer = cleat_val_int,
    .boolean = cleat_val_bool,
    .raw = cleat_val_raw,
    .equal = cleat_val_equal,
    .name = cleat_obj_name,
    .ns = cleat_obj_ns,
    .uid = cleat_obj_uid,
    .revision = cleat_obj_revision,
    .edit_new = cleat_edit_new,
    .edit_free = cleat_edit_free,
    .set_str = cleat_edit_set_str,
    .set_int = cleat_edit_set_int,
    .set_bool = cleat_edit_set_bool,
    .set_val = cleat_edit_set_val,
    .set_json = cleat_edit_set_json,
    .remove = cleat_edit_remove,
    .edit_finish = cleat_edit_finish,
    .diff = cleat_obj_diff,
    .matches_labels = obj_matches,
    .quantity_cmp = cleat_quantity_cmp,
    .quantity_add = cleat_quantity_add,
    .time_parse = cleat_time_parse,
    .time_format = obj_time_format,
    .parse_yaml = obj_parse_yaml,
    .quantity_milli = cleat_quantity_milli,
};

/* ---- small services ---- */

static const struct cleat_ctx_api ctx_api = {
    .struct_size = sizeof(struct cleat_ctx_api),
    .child = cleat_ctx_new,
    .free = cleat_ctx_free,
    .cancel = cleat_ctx_cancel,
    .err = cleat_ctx_err,
    .remaining = cleat_ctx_remaining,
    .sleep = cleat_ctx_sleep,
};

static int32_t log_enabled(int32_t level) {
    return cleat_log_enabled(level);
}

static const struct cleat_log_api log_api = {
    .struct_size = sizeof(struct cleat_log_api),
    .enabled = log_enabled,
    .write = cleat_log_write,
};

static const struct cleat_clock_api clock_api = {
    .struct_size = sizeof(struct cleat_clock_api),
    .wall = cleat_now_wall,
    .monotonic = cleat_now_mono,
    .timer_new = cleat_timer_new,
    .timer_free = cleat_timer_free,
    .timer_set = cleat_timer_set,
    .random = cleat_random,
};

static const struct cleat_metrics_api metrics_api = {
    .struct_size = sizeof(struct cleat_metrics_api),
    .family = cleat_metric_family,
    .with = cleat_metric_with,
    .add = cleat_metric_add,
    .set = cleat_metric_set,
    .remove = cleat_metric_remove,
};

static void events_record(const char *source, const cleat_obj *about, const char *type,
                          const char *reason, const char *message) {
    cleat_hostd *h = cleat_ext_host();
    if (h == NULL || h->recorder == NULL) {
        cleat_logf(CLEAT_LOG_WARN, source ? source : "host", "event %s outside a running host: %s",
                   reason, message);
        return;
    }
    cleat_recorder_record(h->recorder, source, about, type, reason, message);
}

static const struct cleat_events_api events_api = {
    .struct_size = sizeof(struct cleat_events_api),
    .record = events_record,
};

/* ---- informers and controllers ---- */

static cleat_err informer_acquire(struct cleat_gvr gvr, const char *labels, const char *fields,
                                  cleat_informer **ret, struct cleat_error *e) {
    cleat_hostd *h = cleat_ext_host();
    if (h == NULL || h->informers == NULL) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "the host does not run");
    }
    return cleat_informer_acquire(h->informers, gvr, labels, fields, ret, e);
}

static cleat_err informer_acquire_metadata(struct cleat_gvr gvr, cleat_informer **ret,
                                           struct cleat_error *e) {
    cleat_hostd *h = cleat_ext_host();
    if (h == NULL || h->informers == NULL) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "the host does not run");
    }
    return cleat_informer_acquire_metadata(h->informers, gvr, ret, e);
}

static const struct cleat_informer_api informer_api = {
    .struct_size = sizeof(struct cleat_informer_api),
    .acquire = informer_acquire,
    .release = cleat_informer_release,
    .add_handler = cleat_informer_add_handler,
    .remove_handler = cleat_informer_remove_handler,
    .add_index = cleat_informer_add_index,
    .has_synced = cleat_informer_has_synced,
    .wait_synced = cleat_informer_wait_synced,
    .get = cleat_informer_get,
    .foreach = cleat_informer_foreach,
    .count = cleat_informer_count,
    .acquire_metadata = informer_acquire_metadata,
    .current = cleat_informer_current,
};

static cleat_err reconciler_new(const struct cleat_controller_env *env,
                                const struct cleat_reconciler_opts *opts, cleat_reconcile_fn fn,
                                void *self, cleat_controller **ret, struct cleat_error *e) {
    cleat_hostd *h = cleat_ext_host();
    if (h == NULL || h->informers == NULL) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "the host does not run");
    }
    return cleat_life_add_reconciler(h, env, opts, fn, self, ret, e);
}

static const struct cleat_controller_api controller_api = {
    .struct_size = sizeof(struct cleat_controller_api),
    .reconciler_new = reconciler_new,
    .reconciles = cleat_reconciler_reconciles,
    .owns = cleat_reconciler_owns,
    .watches = cleat_reconciler_watches,
    .informer = cleat_reconciler_informer,
    .enqueue = cleat_reconciler_enqueue,
};

/* ---- the list ---- */

static const struct {
    const char *id;
    const void *table;
} extensions[] = {
    {CLEAT_EXT_OBJECT, &object_api},
    {CLEAT_EXT_CTX, &ctx_api},
    {CLEAT_EXT_LOG, &log_api},
    {CLEAT_EXT_CLOCK, &clock_api},
    {CLEAT_EXT_METRICS, &metrics_api},
    {CLEAT_EXT_EVENTS, &events_api},
    {CLEAT_EXT_CLIENT, &cleat_client_api},
    {CLEAT_EXT_INFORMER, &informer_api},
    {CLEAT_EXT_WORKQUEUE, &cleat_workqueue_api},
    {CLEAT_EXT_CONTROLLER, &controller_api},
    {CLEAT_EXT_UTIL, &cleat_util_api},
    {CLEAT_EXT_CLOUDS, &cleat_clouds_api},
    {CLEAT_EXT_PROVISIONERS, &cleat_provisioners_api},
};

static const void *get_extension(const struct cleat_host *host, const char *id) {
    (void)host;
    for (size_t i = 0; id != NULL && i < sizeof extensions / sizeof *extensions; i++) {
        if (strcmp(extensions[i].id, id) == 0) {
            return extensions[i].table;
        }
    }
    return NULL;
}

const struct cleat_host cleat_host_table = {
    .abi = CLEAT_ABI_INIT(struct cleat_host),
    .get_extension = get_extension,
};
