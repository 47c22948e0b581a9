/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Creating, starting and stopping controllers and providers, and the one
 * function that makes what runs equal to what is wanted. All of it on the host's
 * thread; a plugin's create, start and destroy are called from here, its
 * request_stop too. No lock is held across them.
 *
 * Controllers may hold pointers to providers, of clouds as of volumes: a provider is
 * stopped only after every controller, and a new one restarts those that did not see it.
 */
#include "core/host/internal.h"

#define RETRY_BASE CLEAT_SECOND
#define RETRY_MAX  (60 * CLEAT_SECOND)

bool cleat_instance_active(const struct cleat_instance *i) {
    return i->state == CLEAT_LIFE_CREATED || i->state == CLEAT_LIFE_STARTING ||
           i->state == CLEAT_LIFE_RUNNING || i->state == CLEAT_LIFE_STOPPING;
}

/* By upstream's name. */
static void measure(const struct cleat_instance *i) {
    if (i->offer->cloud == NULL) {
        cleat_metric *f = cleat_metric_family(
            "running_managed_controllers", "Controllers that run: 1, or 0 once they do not.",
            CLEAT_GAUGE, (const char *const[]){"name", "manager", NULL}, NULL, 0);
        const char *const values[] = {i->offer->name, i->host->opts.manager, NULL};
        cleat_metric_set(cleat_metric_with(f, values), i->state == CLEAT_LIFE_RUNNING);
    }
}

/* A retry that ends as the last one did is no news: nothing is written or logged. */
static void set_state(struct cleat_instance *i, int state, const char *message) {
    bool retrying =
        i->failures > 0 && (state == CLEAT_LIFE_CREATED || state == CLEAT_LIFE_STARTING);
    bool again = state == CLEAT_LIFE_FAILED && i->reason != NULL && strcmp(i->reason, message) == 0;
    i->state = state;
    measure(i);
    if (retrying || again) {
        return;
    }
    free(i->reason);
    i->reason = cleat_strdup(message);
    cleat_hostd_report(i->host, i, message);
}

/* ---- start ---------------------------------------------------------------- */

cleat_err cleat_life_add_reconciler(cleat_hostd *h, const struct cleat_controller_env *env,
                                    const struct cleat_reconciler_opts *opts, cleat_reconcile_fn fn,
                                    void *self, cleat_controller **ret, struct cleat_error *e) {
    struct cleat_instance *i;
    {
        CLEAT_LOCKED(&h->mutex);
        i = h->in_plugin;
    }
    if (i == NULL || env != &i->env) {
        return cleat_fail(e, CLEAT_E_BUG,
                          "reconciler_new may only be called from create or start, with the "
                          "environment that was passed in");
    }
    cleat_controller *c = NULL;
    CLEAT_TRY(cleat_reconciler_new(h->informers, env, opts, fn, self, &c, e));
    i->reconcilers =
        cleat_rearray(i->reconcilers, i->n_reconcilers + 1, sizeof(cleat_controller *));
    i->reconcilers[i->n_reconcilers++] = c;
    *ret = c;
    return CLEAT_OK;
}

static void open_env(struct cleat_instance *i) {
    CLEAT_AUTO_FREE char *identity =
        cleat_sprintf("system:serviceaccount:kube-system:%s", i->offer->name);
    i->client = cleat_client_new(i->host->transport, identity);
    i->ctx = cleat_ctx_new(NULL, 0);
    i->config = cleat_obj_ref(i->next_config);
    i->env = (struct cleat_controller_env){
        .struct_size = sizeof i->env,
        .name = i->offer->name,
        .client = i->client,
        .ctx = i->ctx,
        .config = i->config,
    };
}

/* Ends what has no thread any more. created: the plugin's create succeeded. */
static void tear_down(struct cleat_instance *i, bool created) {
    for (size_t k = 0; k < i->n_reconcilers; k++) {
        cleat_reconciler_free(i->reconcilers[k]);
    }
    free(i->reconcilers);
    i->reconcilers = NULL;
    i->n_reconcilers = 0;
    if (created && i->offer->cloud != NULL) {
        if (i->gate != NULL) {
            cleat_clouds_remove(&i->host->clouds, cleat_gate_cloud(i->gate));
        }
        cleat_gate_free(CLEAT_STEAL(i->gate));
        cleat_health_forget(i);
        if (CLEAT_HAS(i->cloud_ops, struct cleat_cloud_ops, destroy)) {
            i->cloud_ops->destroy(i->self);
        }
    } else if (created && i->offer->provisioner != NULL) {
        cleat_volumes_remove(&i->host->volumes, &i->provisioner);
    }
    if (created && i->offer->cloud == NULL && i->offer->controller->destroy != NULL) {
        i->offer->controller->destroy(i->self);
    }
    i->self = NULL;
    cleat_ctx_free(i->ctx);
    cleat_client_free(i->client);
    cleat_obj_unref(i->config);
    i->ctx = NULL;
    i->client = NULL;
    i->config = NULL;
}

static cleat_err create_cloud(struct cleat_instance *i, bool *ret_created, struct cleat_error *e) {
    const struct cleat_cloud_ops *ops = NULL;
    CLEAT_TRY(i->offer->cloud->create(&i->env, &ops, &i->self, e));
    size_t need = offsetof(struct cleat_cloud_ops, destroy) + sizeof ops->destroy;
    if (ops == NULL || ops->struct_size < need) {
        return cleat_fail(e, CLEAT_E_ABI,
                          "struct cleat_cloud_ops has %u bytes; this host needs at least %zu",
                          ops ? ops->struct_size : 0, need);
    }
    *ret_created = true;
    i->cloud_ops = ops;
    set_state(i, CLEAT_LIFE_STARTING, NULL);
    CLEAT_TRY(ops->initialize != NULL ? ops->initialize(i->self, e) : CLEAT_OK);
    struct cleat_gate_opts opts;
    CLEAT_TRY(cleat_gate_opts_read(i->config, &opts, e));
    opts.manual = i->host->opts.manual;
    i->gate = cleat_gate_new(i->offer->name, ops, i->self, &opts);
    cleat_clouds_add(&i->host->clouds, cleat_gate_cloud(i->gate));
    return CLEAT_OK;
}

static cleat_err create_controller(struct cleat_instance *i, bool *ret_created,
                                   struct cleat_error *e) {
    const struct cleat_controller_desc *d = i->offer->controller;
    CLEAT_TRY(d->create(&i->env, &i->self, e));
    *ret_created = true;
    set_state(i, CLEAT_LIFE_STARTING, NULL);
    CLEAT_TRY(d->start != NULL ? d->start(i->self, e) : CLEAT_OK);
    if (i->offer->provisioner != NULL) {
        i->provisioner = (struct cleat_provisioner){.struct_size = sizeof i->provisioner,
                                                    .name = i->offer->provisioner->provisioner,
                                                    .ops = i->offer->provisioner->ops,
                                                    .self = i->self};
        cleat_volumes_add(&i->host->volumes, &i->provisioner);
    }
    return CLEAT_OK;
}

static void request_stop(struct cleat_instance *i) {
    cleat_ctx_cancel(i->ctx);
    if (i->offer->cloud != NULL) {
        if (i->gate != NULL) {
            cleat_gate_request_stop(i->gate);
        }
        if (CLEAT_HAS(i->cloud_ops, struct cleat_cloud_ops, request_stop)) {
            i->cloud_ops->request_stop(i->self);
        }
    } else if (i->offer->controller->request_stop != NULL) {
        i->offer->controller->request_stop(i->self);
    }
    for (size_t k = 0; k < i->n_reconcilers; k++) {
        cleat_reconciler_request_stop(i->reconcilers[k]);
    }
}

static void note_failure(struct cleat_instance *i, const struct cleat_error *e) {
    int shift = i->failures < 6 ? i->failures : 6;
    cleat_time delay = RETRY_BASE << shift;
    i->failures++;
    i->retry_at = cleat_now_mono() + (delay < RETRY_MAX ? delay : RETRY_MAX);
    set_state(i, CLEAT_LIFE_FAILED, e->message[0] ? e->message : "failed without a reason");
}

/* Creates and starts one; false where it failed. */
static bool start_one(cleat_hostd *h, struct cleat_instance *i) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    bool created = false;
    open_env(i);
    i->retry_at = 0;
    i->restart = false;
    if (!cleat_hostd_enter(h, i)) {
        tear_down(i, false);
        return false;
    }
    set_state(i, CLEAT_LIFE_CREATED, NULL);
    cleat_err err = i->offer->cloud != NULL ? create_cloud(i, &created, &e)
                                            : create_controller(i, &created, &e);
    cleat_hostd_enter(h, NULL);
    if (err != CLEAT_OK) {
        if (created) {
            request_stop(i);
        }
        cleat_ctx_cancel(i->ctx);
        tear_down(i, created);
        note_failure(i, &e);
        return false;
    }
    for (size_t k = 0; k < i->n_reconcilers; k++) {
        cleat_reconciler_start(i->reconcilers[k], h->opts.manual);
    }
    i->failures = 0;
    set_state(i, CLEAT_LIFE_RUNNING, NULL);
    return true;
}

/* ---- stop ------------------------------------------------------------------ */

/* Joins its workers; true where it is gone. */
static bool finish_stop(struct cleat_instance *i, cleat_time deadline, bool first) {
    int late = 0;
    for (size_t k = 0; k < i->n_reconcilers; k++) {
        cleat_time left = deadline - cleat_now_mono();
        late += cleat_reconciler_join(i->reconcilers[k], left > 0 ? left : 0);
    }
    if (i->gate != NULL) {
        cleat_time left = deadline - cleat_now_mono();
        late += cleat_gate_join(i->gate, left > 0 ? left : 0);
    }
    if (late > 0) {
        i->retry_at = cleat_now_mono() + CLEAT_SECOND;
        if (first) {
            CLEAT_AUTO_FREE char *why = cleat_sprintf(
                "late: %d worker%s still inside after the deadline", late, late == 1 ? "" : "s");
            set_state(i, CLEAT_LIFE_STOPPING, why);
        }
        return false;
    }
    i->retry_at = 0;
    tear_down(i, true);
    set_state(i, i->wanted || i->host->stopping ? CLEAT_LIFE_STOPPED : CLEAT_LIFE_DISABLED, NULL);
    return true;
}

static bool provides(const struct cleat_instance *i) {
    return i->offer->cloud != NULL || i->offer->provisioner != NULL;
}

static bool must_stop(const struct cleat_instance *i) {
    return cleat_instance_active(i) && (!i->wanted || i->restart);
}

/* Stops all of one sort that must: asks all, then joins all. */
static int stop_sort(cleat_hostd *h, bool providers, cleat_time deadline) {
    int did = 0;
    for (size_t k = 0; k < h->offers.n; k++) {
        struct cleat_instance *i = &h->instances[k];
        if (provides(i) == providers && must_stop(i) && i->state != CLEAT_LIFE_STOPPING) {
            set_state(i, CLEAT_LIFE_STOPPING, NULL);
            request_stop(i);
            i->retry_at = CLEAT_LIFE_JOIN_NOW;
            did = 1;
        }
    }
    for (size_t k = 0; k < h->offers.n; k++) {
        struct cleat_instance *i = &h->instances[k];
        if (provides(i) == providers && i->state == CLEAT_LIFE_STOPPING &&
            i->retry_at <= cleat_now_mono()) {
            bool first = i->retry_at == CLEAT_LIFE_JOIN_NOW;
            did |= finish_stop(i, first ? deadline : 0, first);
        }
    }
    return did;
}

/* ---- converge --------------------------------------------------------------- */

static bool any_active(cleat_hostd *h, bool providers) {
    for (size_t k = 0; k < h->offers.n; k++) {
        if (provides(&h->instances[k]) == providers && cleat_instance_active(&h->instances[k])) {
            return true;
        }
    }
    return false;
}

static void restart_controllers(cleat_hostd *h) {
    for (size_t k = 0; k < h->offers.n; k++) {
        h->instances[k].restart |= !provides(&h->instances[k]);
    }
}

/* Starts all of one sort that are due; returns how many now run that did not. */
static int start_sort(cleat_hostd *h, bool providers, int *did) {
    int started = 0;
    for (size_t k = 0; k < h->offers.n; k++) {
        struct cleat_instance *i = &h->instances[k];
        cleat_time now = cleat_now_mono();
        if (provides(i) == providers && i->wanted && !cleat_instance_active(i) &&
            i->retry_at <= now) {
            if (!providers && h->next_start > now) {
                i->retry_at = h->next_start;
                continue;
            }
            started += start_one(h, i);
            h->next_start = providers ? h->next_start : cleat_now_mono() + h->opts.start_interval;
            *did = 1;
        }
    }
    return started;
}

int cleat_life_converge(cleat_hostd *h, cleat_time deadline) {
    int did = 0;
    for (size_t k = 0; k < h->offers.n; k++) {
        if (provides(&h->instances[k]) && must_stop(&h->instances[k])) {
            restart_controllers(h);
        }
    }
    did |= stop_sort(h, false, deadline);
    if (!any_active(h, false)) {
        did |= stop_sort(h, true, deadline);
    }
    if (start_sort(h, true, &did) > 0 && any_active(h, false)) {
        restart_controllers(h); /* so that they see the new provider */
        did |= stop_sort(h, false, deadline);
    }
    start_sort(h, false, &did);
    return did;
}
