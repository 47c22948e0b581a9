/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The garbage-collector-controller: what it is made of and how it begins and ends.
 * See collector.h for who does what on which thread.
 */
#include "collector.h"

static const char name[] = "garbage-collector-controller";

/* ---- what the graph says; under its mutex ---- */

static void enqueue(struct cleat_collector *c, cleat_controller *queue,
                    const struct cleat_gc_node *n) {
    if (!c->stopped) {
        struct cleat_key key = {{"", 0}, cleat_gc_node_uid(n)};
        SDK->controller->enqueue(queue, key, 0);
    }
}

static void must_check(void *self, struct cleat_gc_node *n) {
    struct cleat_collector *c = self;
    enqueue(c, c->checks, n);
}

static void must_orphan(void *self, struct cleat_gc_node *n) {
    struct cleat_collector *c = self;
    enqueue(c, c->orphans, n);
}

static void is_foreign(void *self, const cleat_obj *dependent, struct cleat_val v) {
    (void)self;
    struct cleat_gc_ref ref = cleat_gc_ref_of(v);
    struct cleat_str ns = SDK->obj->ns(dependent);
    char *text = cleat_sdk_format("ownerRef [%.*s/%.*s, namespace: %.*s, name: %.*s, uid: %.*s] "
                                  "does not exist in namespace \"%.*s\"",
                                  CLEAT_FMT(ref.api_version), CLEAT_FMT(ref.kind), CLEAT_FMT(ns),
                                  CLEAT_FMT(ref.name), CLEAT_FMT(ref.uid), CLEAT_FMT(ns));
    SDK->events->record(name, dependent, "Warning", "OwnerRefInvalidNamespace", text);
    free(text);
}

static struct cleat_gc_kind_name name_of(void *self, uint16_t kind) {
    const struct cleat_collector *c = self;
    return (struct cleat_gc_kind_name){c->monitors[kind]->api_version, c->monitors[kind]->kind};
}

static void kinds_changed(void *userdata) {
    struct cleat_collector *c = userdata;
    cleat_gc_enqueue(c, c->watcher, CLEAT_STR("kinds"), 0);
}

/* ---- life ---- */

static cleat_err make(struct cleat_collector *c, const struct cleat_controller_env *env,
                      const char *queue, int64_t workers, cleat_reconcile_fn fn,
                      cleat_controller **ret, struct cleat_error *reterr) {
    const struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts, .name = queue, .workers = (int32_t)workers};
    return SDK->controller->reconciler_new(env, &opts, fn, c, ret, reterr);
}

static void destroy(void *self) {
    struct cleat_collector *c = self;
    cleat_gc_monitors_stop(c);
    cleat_gc_drain(c);
    cleat_gc_graph_done(&c->graph);
    cleat_gc_monitors_free(c);
    cleat_gc_kinds_unref(c->kinds);
    cleat_gc_absent_done(&c->absent);
    cleat_gc_history_done(&c->history);
    pthread_mutex_destroy(&c->kinds_mutex);
    free(c);
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct cleat_collector *c = cleat_sdk_alloc(1, sizeof *c);
    const struct cleat_gc_sink sink = {c, must_check, must_orphan, is_foreign, name_of};
    c->name = name;
    c->client = env->client;
    c->enabled = cleat_sdk_option(SDK, env, "enableGarbageCollector") != 0;
    c->dry_run = cleat_sdk_option(SDK, env, "dryRun") != 0;
    cleat_gc_graph_init(&c->graph, &sink);
    cleat_gc_absent_init(&c->absent);
    cleat_gc_history_init(&c->history);
    pthread_mutex_init(&c->kinds_mutex, NULL);
    c->sync_errors = SDK->metrics->with(
        SDK->metrics->family("garbagecollector_controller_resources_sync_error_total",
                             "Number of garbage collector resources sync errors", CLEAT_COUNTER,
                             NULL, NULL, 0),
        (const char *const[]){NULL});
    int64_t workers = cleat_sdk_option(SDK, env, "concurrentGCSyncs");
    cleat_err err = make(c, env, "garbage_collector_attempt_to_delete", workers, cleat_gc_check,
                         &c->checks, reterr);
    if (err == CLEAT_OK) {
        err = make(c, env, "garbage_collector_attempt_to_orphan", workers, cleat_gc_orphan,
                   &c->orphans, reterr);
    }
    if (err == CLEAT_OK) {
        err = make(c, env, "garbage_collector_kinds", 1, cleat_gc_follow, &c->watcher, reterr);
    }
    if (err == CLEAT_OK) {
        err = make(c, env, "garbage_collector_explanations", 1, cleat_gc_explain, &c->explainer,
                   reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->explainer, CLEAT_EXPLANATION_GVR, NULL, reterr);
    }
    if (err != CLEAT_OK) {
        destroy(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static cleat_err start(void *self, struct cleat_error *reterr) {
    struct cleat_collector *c = self;
    (void)reterr;
    if (!c->enabled) {
        cleat_sdk_log(SDK, CLEAT_LOG_INFO, name, "nothing is collected: it is switched off");
        return CLEAT_OK;
    }
    c->began = SDK->clock->monotonic();
    c->kinds_watch = SDK->client->watch_kinds(c->client, kinds_changed, c);
    kinds_changed(c);
    return CLEAT_OK;
}

static void request_stop(void *self) {
    struct cleat_collector *c = self;
    SDK->client->unwatch_kinds(c->client, c->kinds_watch);
    c->kinds_watch = 0;
    pthread_mutex_lock(&c->graph.mutex);
    c->stopped = true;
    pthread_mutex_unlock(&c->graph.mutex);
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "enableGarbageCollector",
     "enable-garbage-collector", "true", "Whether dependents go with their owners."},
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "concurrentGCSyncs", "concurrent-gc-syncs", "20",
     "How many objects are looked at at the same time."},
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "dryRun", "gc-dry-run", "false",
     "Whether to log what would be deleted instead of deleting it."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"garbagecollector", NULL};

const struct cleat_controller_desc cleat_garbage_collector_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = name,
    .aliases = aliases,
    .description = "Deletes what nobody owns any more, and ends deletions that wait for others.",
    .options = options,
    .create = create,
    .start = start,
    .request_stop = request_stop,
    .destroy = destroy,
};
