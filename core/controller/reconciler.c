/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reconcilers: sources fill a queue, workers empty it. Sources run on the
 * informers' thread and only enqueue; workers are threads that may block. Where
 * slow_after is set, a timer looks at them: one that has been inside a reconcile for
 * longer is replaced by a further thread, and one too many ends after its reconcile.
 */
#include "core/controller/controller.h"

enum { SELF, OWNER, MAPPED };

struct source {
    struct source *next;
    struct cleat_controller *c;
    cleat_informer *informer;
    char *group, *version, *resource, *owner_kind;
    uint64_t handler;
    int how;
    cleat_predicate_fn predicate;
    cleat_map_fn map;
};

enum { MOST_WORKERS = 1024 };

/* A thread. Its fields and the list are under the controller's mutex. */
struct worker {
    struct worker *next;
    struct cleat_controller *c;
    pthread_t thread;
    bool busy;
    cleat_time began; /* its reconcile, while busy */
    bool slow;        /* it does not count any more */
    bool ended;
};

struct cleat_controller {
    cleat_informers *factory;
    cleat_ctx *ctx;
    char *name;
    cleat_reconcile_fn fn;
    void *self;
    cleat_time timeout;
    cleat_queue *queue;
    struct source *sources;
    int n_workers, most_workers;
    cleat_time slow_after;
    cleat_timer *watchdog;
    bool manual, started;
    _Atomic bool working;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t left;
    struct worker *workers;
    int inside; /* workers that have not returned */
    int slow;   /* those of them that do not count */
    bool stop_asked;
    cleat_metric *ok, *requeue, *error, *terminal, *errors, *seconds, *active;
};

/* ---- sources ---- */

static void emit_key(void *sink, struct cleat_key key) {
    cleat_queue_add(sink, key);
}

static void enqueue_owner(struct source *s, const cleat_obj *obj) {
    struct cleat_iter it = {0};
    struct cleat_val refs = cleat_obj_at(obj, CLEAT_PATH("metadata", "ownerReferences"));
    while (cleat_val_next(refs, &it)) {
        if (cleat_val_bool(cleat_val_get(it.val, "controller"), 0) &&
            cleat_eqc(cleat_val_str(cleat_val_get(it.val, "kind")), s->owner_kind)) {
            /* An owner is in the same namespace or in none; the reconcile looks. */
            cleat_queue_add(s->c->queue,
                            (struct cleat_key){cleat_obj_ns(obj),
                                               cleat_val_str(cleat_val_get(it.val, "name"))});
        }
    }
}

static void offer(struct source *s, const cleat_obj *obj) {
    switch (s->how) {
    case SELF:
        cleat_queue_add(s->c->queue, (struct cleat_key){cleat_obj_ns(obj), cleat_obj_name(obj)});
        break;
    case OWNER:
        enqueue_owner(s, obj);
        break;
    default:
        s->map(s->c->self, obj, emit_key, s->c->queue);
    }
}

static bool wanted(struct source *s, const cleat_obj *old, const cleat_obj *obj) {
    return s->predicate == NULL || s->predicate(s->c->self, old, obj);
}

static void on_add(void *userdata, const cleat_obj *obj, int32_t initial) {
    (void)initial;
    if (wanted(userdata, NULL, obj)) {
        offer(userdata, obj);
    }
}

static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *obj) {
    struct source *s = userdata;
    if (wanted(s, old, obj)) {
        if (s->how != SELF && old != obj) {
            offer(s, old); /* whom it concerned before hears of it too */
        }
        offer(s, obj);
    }
}

static void on_delete(void *userdata, const cleat_obj *obj, int32_t unknown) {
    (void)unknown;
    if (wanted(userdata, obj, NULL)) {
        offer(userdata, obj);
    }
}

static cleat_err add_source(cleat_controller *c, struct cleat_gvr gvr, int how,
                            const char *owner_kind, cleat_map_fn map, cleat_predicate_fn p,
                            struct cleat_error *e) {
    cleat_informer *inf = NULL;
    CLEAT_TRY(cleat_informer_acquire(c->factory, gvr, NULL, NULL, &inf, e));
    struct source *s = cleat_zalloc(sizeof *s), **end = &c->sources;
    *s = (struct source){.c = c,
                         .informer = inf,
                         .group = cleat_strdup(gvr.group),
                         .version = cleat_strdup(gvr.version),
                         .resource = cleat_strdup(gvr.resource),
                         .owner_kind = cleat_strdup(owner_kind),
                         .how = how,
                         .predicate = p,
                         .map = map};
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = s;
    return CLEAT_OK;
}

cleat_err cleat_reconciler_reconciles(cleat_controller *c, struct cleat_gvr gvr,
                                      cleat_predicate_fn p, struct cleat_error *e) {
    return add_source(c, gvr, SELF, NULL, NULL, p, e);
}

cleat_err cleat_reconciler_owns(cleat_controller *c, struct cleat_gvr gvr, const char *owner_kind,
                                cleat_predicate_fn p, struct cleat_error *e) {
    return add_source(c, gvr, OWNER, owner_kind, NULL, p, e);
}

cleat_err cleat_reconciler_watches(cleat_controller *c, struct cleat_gvr gvr, cleat_map_fn map,
                                   cleat_predicate_fn p, struct cleat_error *e) {
    return add_source(c, gvr, MAPPED, NULL, map, p, e);
}

cleat_informer *cleat_reconciler_informer(cleat_controller *c, struct cleat_gvr gvr) {
    for (struct source *s = c->sources; s != NULL; s = s->next) {
        if (strcmp(s->group, gvr.group) == 0 && strcmp(s->version, gvr.version) == 0 &&
            strcmp(s->resource, gvr.resource) == 0) {
            return s->informer;
        }
    }
    return NULL;
}

void cleat_reconciler_enqueue(cleat_controller *c, struct cleat_key key, cleat_time delay) {
    cleat_queue_add_after(c->queue, key, delay);
}

/* ---- life ---- */

static cleat_metric *result_series(const char *controller, const char *result) {
    static const char *const labels[] = {"controller", "result", NULL};
    cleat_metric *f = cleat_metric_family("controller_runtime_reconcile_total",
                                          "Total number of reconciliations per controller",
                                          CLEAT_COUNTER, labels, NULL, 0);
    return cleat_metric_with(f, (const char *const[]){controller, result, NULL});
}

static cleat_metric *one_label(const char *name, const char *help, int type,
                               const char *controller) {
    static const char *const labels[] = {"controller", NULL};
    static const double buckets[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3,
                                     0.4,   0.5,  1,     2.5,  5,   10,   30,  60};
    size_t n = type == CLEAT_HISTOGRAM ? sizeof buckets / sizeof *buckets : 0;
    cleat_metric *f = cleat_metric_family(name, help, type, labels, buckets, n);
    return cleat_metric_with(f, (const char *const[]){controller, NULL});
}

static void make_metrics(cleat_controller *c) {
    c->ok = result_series(c->name, "success");
    c->requeue = result_series(c->name, "requeue_after");
    c->error = result_series(c->name, "error");
    c->errors =
        one_label("controller_runtime_reconcile_errors_total",
                  "Total number of reconciliation errors per controller", CLEAT_COUNTER, c->name);
    c->terminal = one_label("controller_runtime_terminal_reconcile_errors_total",
                            "Total number of terminal reconciliation errors per controller",
                            CLEAT_COUNTER, c->name);
    c->seconds =
        one_label("controller_runtime_reconcile_time_seconds",
                  "Length of time per reconciliation per controller", CLEAT_HISTOGRAM, c->name);
    c->active = one_label("controller_runtime_active_workers",
                          "Number of currently used workers per controller", CLEAT_GAUGE, c->name);
    cleat_metric_set(one_label("controller_runtime_max_concurrent_reconciles",
                               "Maximum number of concurrent reconciles per controller",
                               CLEAT_GAUGE, c->name),
                     c->n_workers);
}

cleat_err cleat_reconciler_new(cleat_informers *f, const struct cleat_controller_env *env,
                               const struct cleat_reconciler_opts *given, cleat_reconcile_fn fn,
                               void *self, cleat_controller **ret, struct cleat_error *e) {
    struct cleat_reconciler_opts o = {.struct_size = sizeof o};
    if (given != NULL) {
        memcpy(&o, given, given->struct_size < sizeof o ? given->struct_size : sizeof o);
    }
    if (fn == NULL || o.workers < 0 || o.workers > MOST_WORKERS || o.most_workers < 0 ||
        o.most_workers > MOST_WORKERS) {
        return cleat_fail(e, CLEAT_E_BUG, "a reconciler needs a function, and 0 to 1024 workers");
    }
    cleat_controller *c = cleat_zalloc(sizeof *c);
    c->factory = f;
    c->ctx = cleat_ctx_new(env->ctx, 0);
    c->name = cleat_strdup(o.name ? o.name : env->name);
    c->fn = fn;
    c->self = self;
    c->timeout = o.timeout;
    c->n_workers = o.workers ? o.workers : 1;
    c->most_workers = o.most_workers ? o.most_workers : MOST_WORKERS;
    c->slow_after = o.slow_after;
    struct cleat_queue_opts qo = {.struct_size = sizeof qo,
                                  .name = c->name,
                                  .base_delay = o.base_delay,
                                  .max_delay = o.max_delay,
                                  .qps = o.qps,
                                  .burst = o.burst};
    c->queue = cleat_queue_new(&qo);
    pthread_mutex_init(&c->mutex, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&c->left, &attr);
    pthread_condattr_destroy(&attr);
    make_metrics(c);
    *ret = c;
    return CLEAT_OK;
}

static void end_of(cleat_controller *c, struct cleat_key key, cleat_err err,
                   const struct cleat_result *r, const struct cleat_error *e) {
    if (err == CLEAT_OK) {
        cleat_queue_forget(c->queue, key);
        if (r->requeue_after > 0) {
            cleat_metric_add(c->requeue, 1);
            cleat_queue_add_after(c->queue, key, r->requeue_after);
        } else {
            cleat_metric_add(c->ok, 1);
        }
        return;
    }
    if (err == CLEAT_E_CANCELLED && cleat_ctx_err(c->ctx) != CLEAT_OK) {
        return; /* we are stopping: no failure of its own */
    }
    if (err == CLEAT_E_PENDING) {
        cleat_metric_add(c->requeue, 1);
        cleat_queue_add_after(c->queue, key,
                              e->retry_after_ms > 0 ? e->retry_after_ms * CLEAT_MS : CLEAT_SECOND);
        return;
    }
    cleat_metric_add(c->error, 1);
    cleat_metric_add(c->errors, 1);
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("%.*s%s%.*s", CLEAT_FMT(key.ns), key.ns.n ? "/" : "", CLEAT_FMT(key.name));
    const struct cleat_log_field fields[] = {CLEAT_LOG_STR("key", cleat_s(text)),
                                             CLEAT_LOG_STR("code", cleat_s(cleat_err_name(err))),
                                             CLEAT_LOG_STR("error", cleat_s(e->message))};
    /* A conflict is the ordinary way to learn that the cache is behind. */
    cleat_log_write(err == CLEAT_E_CONFLICT ? CLEAT_LOG_DEBUG : CLEAT_LOG_WARN, c->name,
                    "reconcile failed", fields, 3);
    if (err == CLEAT_E_TERMINAL) {
        cleat_metric_add(c->terminal, 1);
        cleat_queue_forget(c->queue, key);
    } else if (err == CLEAT_E_THROTTLED && e->retry_after_ms > 0) {
        cleat_queue_add_after(c->queue, key, e->retry_after_ms * CLEAT_MS);
    } else {
        cleat_queue_add_rate_limited(c->queue, key);
    }
}

static void reconcile_one(cleat_controller *c, struct cleat_key key) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_result r = {.struct_size = sizeof r};
    cleat_ctx *ctx = cleat_ctx_new(c->ctx, c->timeout);
    cleat_time began = cleat_now_mono();
    cleat_metric_add(c->active, 1);
    cleat_err err = c->fn(c->self, ctx, key, &r, &e);
    cleat_metric_add(c->active, -1);
    cleat_metric_add(c->seconds, (double)(cleat_now_mono() - began) / 1e9);
    cleat_ctx_free(ctx);
    end_of(c, key, err, &r, &e);
    cleat_queue_done(c->queue, key);
}

static bool wait_for_caches(cleat_controller *c) {
    for (struct source *s = c->sources; s != NULL; s = s->next) {
        if (cleat_informer_wait_synced(s->informer, c->ctx) != CLEAT_OK) {
            return false;
        }
    }
    return true;
}

/* ---- workers ---- */

static void enter(struct worker *w) {
    CLEAT_LOCKED(&w->c->mutex);
    w->busy = true;
    w->began = cleat_now_mono();
}

/* The mutex is held. */
static void end_worker(struct worker *w) {
    w->ended = true;
    w->c->inside--;
    pthread_cond_broadcast(&w->c->left);
}

/* False where there are enough others: this one has ended. */
static bool leave(struct worker *w) {
    cleat_controller *c = w->c;
    CLEAT_LOCKED(&c->mutex);
    w->busy = false;
    c->slow -= w->slow;
    w->slow = false;
    if (c->inside - c->slow > c->n_workers) {
        end_worker(w);
    }
    return !w->ended;
}

static void *worker(void *arg) {
    struct worker *w = arg;
    cleat_controller *c = w->c;
    bool stays = wait_for_caches(c);
    if (stays) {
        atomic_store(&c->working, true);
    }
    for (struct cleat_key key; stays && cleat_queue_get(c->queue, &key);) {
        if (cleat_ctx_err(c->ctx) == CLEAT_OK) {
            enter(w);
            reconcile_one(c, key);
            stays = leave(w);
        } else {
            cleat_queue_done(c->queue, key);
        }
    }
    /* Whoever joins an ended worker may hold the mutex. */
    if (!w->ended) {
        CLEAT_LOCKED(&c->mutex);
        end_worker(w);
    }
    return NULL;
}

/* The mutex is held. */
static void start_worker(cleat_controller *c) {
    struct worker *w = cleat_zalloc(sizeof *w);
    *w = (struct worker){.next = c->workers, .c = c};
    c->workers = w;
    c->inside++;
    w->thread = cleat_thread_start(c->name, worker, w);
}

/* Threads that have ended, or all of them. The mutex is held, or nobody else is left. */
static void join_workers(cleat_controller *c, bool all) {
    for (struct worker **at = &c->workers; *at != NULL;) {
        struct worker *w = *at;
        if (!all && !w->ended) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        pthread_join(w->thread, NULL);
        free(w);
    }
}

/* On the timers' thread. */
static void look_for_slow_ones(void *userdata) {
    cleat_controller *c = userdata;
    cleat_time now = cleat_now_mono();
    CLEAT_LOCKED(&c->mutex);
    if (c->stop_asked) {
        return;
    }
    for (struct worker *w = c->workers; w != NULL; w = w->next) {
        if (w->busy && !w->slow && now - w->began >= c->slow_after) {
            w->slow = true;
            c->slow++;
        }
    }
    join_workers(c, false);
    while (c->inside - c->slow < c->n_workers && c->inside < c->most_workers) {
        start_worker(c);
    }
}

void cleat_reconciler_start(cleat_controller *c, bool manual) {
    static const struct cleat_handler base = {.struct_size = sizeof base,
                                              .on_add = on_add,
                                              .on_update = on_update,
                                              .on_delete = on_delete};
    c->manual = manual;
    c->started = true;
    for (struct source *s = c->sources; s != NULL; s = s->next) {
        struct cleat_handler h = base;
        h.userdata = s;
        s->handler = cleat_informer_add_handler(s->informer, &h);
    }
    if (manual) {
        return;
    }
    CLEAT_LOCKED(&c->mutex);
    for (int i = 0; i < c->n_workers; i++) {
        start_worker(c);
    }
    if (c->slow_after > 0) {
        c->watchdog = cleat_timer_new(c->slow_after / 2, c->slow_after / 2, look_for_slow_ones, c);
    }
}

bool cleat_reconciler_running(cleat_controller *c) {
    return atomic_load(&c->working);
}

int cleat_reconciler_step(cleat_controller *c) {
    if (!atomic_load(&c->working)) {
        for (struct source *s = c->sources; s != NULL; s = s->next) {
            if (!cleat_informer_has_synced(s->informer)) {
                return 0;
            }
        }
        atomic_store(&c->working, true);
    }
    struct cleat_key key;
    if (cleat_queue_try_get(c->queue, &key) != 1) {
        return 0;
    }
    reconcile_one(c, key);
    return 1;
}

void cleat_reconciler_request_stop(cleat_controller *c) {
    {
        CLEAT_LOCKED(&c->mutex);
        if (c->stop_asked) {
            return;
        }
        c->stop_asked = true;
    }
    cleat_ctx_cancel(c->ctx);
    cleat_queue_shut_down(c->queue, 0);
}

int cleat_reconciler_join(cleat_controller *c, cleat_time timeout) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    ts.tv_sec += timeout / CLEAT_SECOND;
    ts.tv_nsec += timeout % CLEAT_SECOND;
    if (ts.tv_nsec >= CLEAT_SECOND) {
        ts.tv_sec++;
        ts.tv_nsec -= CLEAT_SECOND;
    }
    {
        CLEAT_LOCKED(&c->mutex);
        while (c->inside > 0) {
            if (pthread_cond_timedwait(&c->left, &c->mutex, &ts) != 0) {
                break;
            }
        }
        if (c->inside > 0) {
            return c->inside;
        }
    }
    cleat_timer_free(c->watchdog);
    c->watchdog = NULL;
    if (c->workers != NULL) {
        join_workers(c, true);
        atomic_store(&c->working, false);
    }
    return 0;
}

void cleat_reconciler_free(cleat_controller *c) {
    if (c == NULL) {
        return;
    }
    cleat_assert(c->workers == NULL);
    cleat_timer_free(c->watchdog);
    for (struct source *s = c->sources, *next; s != NULL; s = next) {
        next = s->next;
        if (s->handler != 0) {
            cleat_informer_remove_handler(s->informer, s->handler);
        }
        cleat_informer_release(s->informer);
        free(s->group);
        free(s->version);
        free(s->resource);
        free(s->owner_kind);
        free(s);
    }
    cleat_queue_free(c->queue);
    cleat_ctx_free(c->ctx);
    pthread_mutex_destroy(&c->mutex);
    pthread_cond_destroy(&c->left);
    free(c->name);
    free(c);
}
