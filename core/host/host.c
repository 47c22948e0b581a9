/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The host's thread and its door. Callers leave a plan, or the wish to stop,
 * under the mutex and wake the thread; everything that runs is the thread's
 * own. On a host without threads cleat_hostd_step does one turn of everything.
 */
#include "core/host/internal.h"

#define RELOAD_DEADLINE (10 * CLEAT_SECOND)
#define HOST_IDENTITY   "system:serviceaccount:kube-system:cleat-host"

static const char *const state_names[] = {
    [CLEAT_LIFE_DISABLED] = "Disabled", [CLEAT_LIFE_LOADED] = "Loaded",
    [CLEAT_LIFE_CREATED] = "Creating",  [CLEAT_LIFE_STARTING] = "Starting",
    [CLEAT_LIFE_RUNNING] = "Running",   [CLEAT_LIFE_STOPPING] = "Stopping",
    [CLEAT_LIFE_STOPPED] = "Stopped",   [CLEAT_LIFE_FAILED] = "Failed",
};

/* ---- making and freeing ------------------------------------------------------ */

static const char *const *copy_list(const char *const *v) {
    size_t n = 0;
    while (v != NULL && v[n] != NULL) {
        n++;
    }
    const char **copy = cleat_array(n + 1, sizeof *copy);
    for (size_t i = 0; i < n; i++) {
        copy[i] = cleat_strdup(v[i]);
    }
    return copy;
}

static void free_list(const char *const *v) {
    for (size_t i = 0; v != NULL && v[i] != NULL; i++) {
        free((void *)(uintptr_t)v[i]);
    }
    free((void *)(uintptr_t)v);
}

static void copy_opts(struct cleat_host_opts *to, const struct cleat_host_opts *from) {
    *to = (struct cleat_host_opts){
        .plugin_dirs = copy_list(from->plugin_dirs),
        .controllers = cleat_strdup(from->controllers),
        .cloud_providers = cleat_strdup(from->cloud_providers),
        .cloud_config = cleat_strdup(from->cloud_config),
        .config = cleat_strdup(from->config),
        .flags = copy_list(from->flags),
        .own_flags = copy_list(from->own_flags),
        .manual = from->manual,
        .attached = from->attached,
        .config_keys = copy_list(from->config_keys),
        .manager = cleat_strdup(from->manager ? from->manager : "cleatd"),
        .start_interval = from->start_interval,
    };
}

static void free_opts(struct cleat_host_opts *o) {
    free_list(o->plugin_dirs);
    free_list(o->flags);
    free_list(o->own_flags);
    free_list(o->config_keys);
    free((void *)(uintptr_t)o->manager);
    free((void *)(uintptr_t)o->controllers);
    free((void *)(uintptr_t)o->cloud_providers);
    free((void *)(uintptr_t)o->cloud_config);
    free((void *)(uintptr_t)o->config);
}

cleat_err cleat_hostd_new(struct cleat_transport *t, const struct cleat_host_opts *o,
                          cleat_hostd **ret, struct cleat_error *e) {
    cleat_assert(cleat_ext_host() == NULL);
    cleat_hostd *h = cleat_zalloc(sizeof *h);
    copy_opts(&h->opts, o);
    h->transport = t;
    pthread_mutex_init(&h->mutex, NULL);
    cleat_event_init(&h->wake);
    cleat_event_init(&h->ended);
    cleat_clouds_init(&h->clouds);
    cleat_volumes_init(&h->volumes);
    cleat_ext_bind(h);
    cleat_offers_load(&h->offers, h->opts.plugin_dirs);
    h->instances = cleat_array(h->offers.n + 1, sizeof *h->instances);
    for (size_t i = 0; i < h->offers.n; i++) {
        h->instances[i] = (struct cleat_instance){.host = h, .offer = &h->offers.v[i]};
    }
    cleat_err err = cleat_plan_make(&h->offers, &h->opts, &h->first_plan, e);
    if (err != CLEAT_OK) {
        cleat_hostd_free(h);
        return err;
    }
    *ret = h;
    return CLEAT_OK;
}

void cleat_hostd_use(cleat_hostd *h, struct cleat_transport *t) {
    h->transport = t;
}

static bool still_runs(const cleat_hostd *h) {
    for (size_t i = 0; i < h->offers.n; i++) {
        if (cleat_instance_active(&h->instances[i])) {
            return true;
        }
    }
    return false;
}

void cleat_hostd_free(cleat_hostd *h) {
    if (h == NULL || still_runs(h)) {
        return; /* somebody inside uses it all */
    }
    cleat_plan_free(h->first_plan);
    cleat_plan_free(h->next_plan);
    cleat_timer_free(h->timer);
    if (h->recorder != NULL) {
        cleat_recorder_free(h->recorder);
        h->recorder = NULL;
    }
    cleat_state_free(h->state);
    if (h->informers != NULL) {
        cleat_informers_free(h->informers);
    }
    for (size_t i = 0; i < h->offers.n; i++) {
        cleat_obj_unref(h->instances[i].next_config);
        free(h->instances[i].reason);
    }
    free(h->instances);
    cleat_offers_done(&h->offers);
    cleat_ext_bind(NULL);
    if (h->client != NULL) {
        cleat_client_free(h->client);
    }
    cleat_clouds_done(&h->clouds);
    cleat_volumes_done(&h->volumes);
    free_opts(&h->opts);
    pthread_mutex_destroy(&h->mutex);
    free(h);
}

const char *cleat_hostd_crd(cleat_hostd *h, size_t i) {
    for (size_t k = 0; cleat_host_crds[k] != NULL; k++) {
        if (i-- == 0) {
            return cleat_host_crds[k];
        }
    }
    for (size_t k = 0; k < h->offers.n_plugins; k++) {
        const struct cleat_kinds_factory *f = h->offers.plugins[k]->kinds;
        if (f != NULL && i < f->n_crds) {
            return f->crds_json[i];
        }
        i -= f != NULL ? f->n_crds : 0;
    }
    return NULL;
}

/* ---- states -------------------------------------------------------------------- */

static void put_member(struct cleat_buf *out, const char *key, const char *value) {
    if (value != NULL && value[0] != 0) {
        cleat_buf_printf(out, "%s\"%s\":", out->n > 1 ? "," : "", key);
        cleat_buf_json(out, cleat_s(value));
    }
}

static void put_time(struct cleat_buf *out, cleat_time since) {
    char text[32];
    cleat_time_format(since, false, text);
    put_member(out, "lastTransitionTime", text);
}

void cleat_hostd_report(cleat_hostd *h, struct cleat_instance *i, const char *message) {
    bool bad =
        i->state == CLEAT_LIFE_FAILED || (i->state == CLEAT_LIFE_STOPPING && message != NULL);
    const char *what = i->offer->cloud != NULL ? "cloud provider" : "controller";
    cleat_logf(bad                              ? CLEAT_LOG_ERROR
               : i->state == CLEAT_LIFE_RUNNING ? CLEAT_LOG_INFO
               : i->state == CLEAT_LIFE_STOPPED ? CLEAT_LOG_INFO
                                                : CLEAT_LOG_DEBUG,
               "host", "%s %s: %s%s%s", what, i->offer->name, state_names[i->state],
               message ? ": " : "", message ? message : "");
    i->since = cleat_now_wall();
    cleat_hostd_publish(h, i, message);
}

void cleat_hostd_publish(cleat_hostd *h, struct cleat_instance *i, const char *message) {
    struct cleat_buf out = {0};
    cleat_buf_putc(&out, '{');
    put_member(&out, "state", state_names[i->state]);
    put_member(&out, "message", message);
    put_member(&out, "plugin", i->offer->plugin->id);
    put_member(&out, "description", i->offer->description);
    CLEAT_AUTO_FREE char *identity =
        cleat_sprintf("system:serviceaccount:kube-system:%s", i->offer->name);
    put_member(&out, "identity", identity);
    put_time(&out, i->since);
    cleat_health_put(i, &out);
    cleat_buf_putc(&out, '}');
    cleat_state_set(h->state, i->offer->cloud != NULL ? "cloudproviders" : "controllers",
                    i->offer->name, cleat_buf_take(&out));
}

static void report_plugin(cleat_hostd *h, const struct cleat_plugin *p) {
    struct cleat_buf out = {0};
    cleat_buf_putc(&out, '{');
    put_member(&out, "state", p->reason ? "Refused" : "Loaded");
    put_member(&out, "message", p->reason);
    put_member(&out, "path", p->path);
    put_member(&out, "id", p->id);
    put_member(&out, "version", p->version);
    if (p->reason == NULL) {
        put_member(&out, "vendor", p->entry->info->vendor);
        put_member(&out, "license", p->entry->info->license);
        put_member(&out, "description", p->entry->info->description);
        CLEAT_AUTO_FREE char *abi =
            cleat_sprintf("%u.%u", p->entry->abi.major, p->entry->abi.minor);
        put_member(&out, "abi", abi);
    }
    put_time(&out, cleat_now_wall());
    cleat_buf_putc(&out, '}');
    cleat_state_set(h->state, "plugins", p->label, cleat_buf_take(&out));
}

/* ---- the thread ------------------------------------------------------------------ */

bool cleat_hostd_enter(cleat_hostd *h, struct cleat_instance *i) {
    CLEAT_LOCKED(&h->mutex);
    h->in_plugin = i != NULL && h->stop ? NULL : i;
    return h->in_plugin == i;
}

static void wake(void *h) {
    cleat_event_set(&((cleat_hostd *)h)->wake);
}

/* Takes the plan over into the instances. */
static void apply(cleat_hostd *h, struct cleat_plan *p) {
    const char **clouds = cleat_array(p->n + 1, sizeof *clouds);
    size_t n_clouds = 0;
    for (size_t k = 0; k < p->n; k++) {
        struct cleat_instance *i = &h->instances[k];
        bool on = p->items[k].enabled;
        i->wanted = on;
        if (on && i->offer->cloud != NULL) {
            clouds[n_clouds++] = i->offer->name;
        }
        bool changed =
            i->next_config != NULL &&
            !cleat_val_equal(cleat_obj_root(i->next_config), cleat_obj_root(p->items[k].config));
        cleat_obj_unref(i->next_config);
        i->next_config = CLEAT_STEAL(p->items[k].config);
        if (changed && cleat_instance_active(i)) {
            i->restart = true;
        } else if (changed && i->state == CLEAT_LIFE_FAILED) {
            i->retry_at = 0; /* perhaps that was the reason */
        }
        if (!cleat_instance_active(i) && !on) {
            i->retry_at = 0;
            i->failures = 0;
            free(CLEAT_STEAL(i->reason));
            i->state = CLEAT_LIFE_DISABLED;
            cleat_hostd_report(h, i, NULL);
        } else if (on && i->state == CLEAT_LIFE_DISABLED) {
            i->state = CLEAT_LIFE_LOADED;
            cleat_hostd_report(h, i, NULL);
        }
    }
    cleat_clouds_configure(&h->clouds, clouds, n_clouds);
    free(clouds);
    cleat_plan_free(p);
}

/* Sees to it that the thread is awake when the next retry is due. */
static void arm(cleat_hostd *h) {
    cleat_time next = h->next_look > 0 ? h->next_look : INT64_MAX;
    for (size_t k = 0; k < h->offers.n; k++) {
        cleat_time at = h->instances[k].retry_at;
        next = at > 0 && at < next ? at : next;
    }
    if (next == INT64_MAX) {
        return;
    }
    cleat_time delay = next - cleat_now_mono();
    delay = delay > 0 ? delay : 0;
    if (h->timer == NULL) {
        h->timer = cleat_timer_new(delay, 0, wake, h);
    } else {
        cleat_timer_set(h->timer, delay);
    }
}

/* One turn of the life cycle. 1 = did something. */
static int turn(cleat_hostd *h, bool *ret_stop) {
    struct cleat_plan *plan;
    cleat_time deadline = cleat_now_mono() + RELOAD_DEADLINE;
    {
        CLEAT_LOCKED(&h->mutex);
        plan = CLEAT_STEAL(h->next_plan);
        *ret_stop = h->stop;
        deadline = h->stop ? h->stop_deadline : deadline;
    }
    if (plan != NULL) {
        apply(h, plan);
    }
    for (size_t k = 0; *ret_stop && k < h->offers.n; k++) {
        struct cleat_instance *i = &h->instances[k];
        i->wanted = false;
        if (i->state == CLEAT_LIFE_STOPPING) {
            i->retry_at = CLEAT_LIFE_JOIN_NOW; /* it was late before: this deadline is another */
        }
    }
    h->stopping = *ret_stop;
    int did = cleat_life_converge(h, deadline);
    did |= cleat_health_step(h);
    arm(h);
    return did || plan != NULL;
}

static void *run(void *arg) {
    cleat_hostd *h = arg;
    for (;;) {
        atomic_store(&h->wake.state, 0); /* what is left at the door from here on wakes again */
        bool stop = false;
        while (turn(h, &stop) && !stop) {
        }
        if (stop) {
            cleat_event_set(&h->ended);
            return NULL;
        }
        cleat_event_wait(&h->wake, -1);
    }
}

cleat_err cleat_hostd_start(cleat_hostd *h, struct cleat_error *e) {
    if (h->transport == NULL || h->started) {
        return cleat_fail(e, CLEAT_E_BUG, "the host has %s",
                          h->started ? "been started before" : "no transport");
    }
    h->started = true;
    h->client = cleat_client_new(h->transport, HOST_IDENTITY);
    h->informers = cleat_informers_new(h->client, h->opts.manual);
    h->recorder = cleat_recorder_new(h->client, h->opts.manual);
    h->state = cleat_state_new(h->client, h->opts.manual);
    for (size_t i = 0; i < h->offers.n_plugins; i++) {
        report_plugin(h, h->offers.plugins[i]);
    }
    for (size_t i = 0; i < h->offers.n; i++) {
        cleat_hostd_report(h, &h->instances[i], NULL);
    }
    {
        CLEAT_LOCKED(&h->mutex); /* a reload may have come before */
        h->next_plan = h->next_plan != NULL ? h->next_plan : CLEAT_STEAL(h->first_plan);
    }
    cleat_state_start(h->state);
    cleat_informers_start(h->informers);
    if (!h->opts.manual) {
        h->running = true;
        h->thread = cleat_thread_start("cleat-host", run, h);
    }
    return CLEAT_OK;
}

cleat_err cleat_hostd_reload(cleat_hostd *h, struct cleat_error *e) {
    struct cleat_plan *plan = NULL;
    CLEAT_TRY(cleat_plan_make(&h->offers, &h->opts, &plan, e));
    {
        CLEAT_LOCKED(&h->mutex);
        cleat_plan_free(h->next_plan);
        h->next_plan = plan;
    }
    wake(h);
    return CLEAT_OK;
}

static int count_late(cleat_hostd *h) {
    int late = 0;
    for (size_t k = 0; k < h->offers.n; k++) {
        late += cleat_instance_active(&h->instances[k]);
    }
    return late;
}

/* Waits for the thread; 1 where it is stuck inside a plugin. */
static int join_thread(cleat_hostd *h, cleat_time timeout) {
    if (cleat_event_wait(&h->ended, timeout + CLEAT_SECOND)) {
        pthread_join(h->thread, NULL);
        h->running = false;
        return 0;
    }
    CLEAT_LOCKED(&h->mutex);
    cleat_logf(CLEAT_LOG_ERROR, "host", "%s has not returned from a call of the host",
               h->in_plugin ? h->in_plugin->offer->name : "a plugin");
    return 1;
}

int cleat_hostd_stop(cleat_hostd *h, cleat_time timeout) {
    if (!h->started) {
        return 0;
    }
    {
        CLEAT_LOCKED(&h->mutex);
        h->stop = true;
        h->stop_deadline = cleat_now_mono() + timeout;
        if (h->in_plugin != NULL) {
            cleat_ctx_cancel(h->in_plugin->ctx);
        }
    }
    wake(h);
    int late = 0;
    if (h->running) {
        late = join_thread(h, timeout);
    } else { /* without threads, or once more for those who were late */
        bool stop;
        turn(h, &stop);
    }
    late = late ? late : count_late(h);
    if (late == 0 && h->recorder != NULL) {
        cleat_recorder_free(h->recorder);
        h->recorder = NULL;
    }
    cleat_state_stop(h->state, 2 * CLEAT_SECOND);
    if (late == 0) {
        cleat_informers_stop(h->informers);
    }
    return late;
}

/* ---- without threads ------------------------------------------------------------- */

static int turn_once(cleat_hostd *h) {
    bool stop;
    return turn(h, &stop);
}

static int step_reconcilers(cleat_hostd *h) {
    size_t first = h->offers.n ? (size_t)(cleat_random() % h->offers.n) : 0;
    for (size_t k = 0; k < h->offers.n; k++) {
        struct cleat_instance *i = &h->instances[(first + k) % h->offers.n];
        for (size_t r = 0; r < i->n_reconcilers; r++) {
            if (cleat_reconciler_step(i->reconcilers[r])) {
                return 1;
            }
        }
    }
    return 0;
}

int cleat_hostd_step(cleat_hostd *h) {
    unsigned first = (unsigned)(cleat_random() % 5);
    for (unsigned k = 0; k < 5; k++) {
        int did = 0;
        switch ((first + k) % 5) {
        case 0:
            did = turn_once(h);
            break;
        case 1:
            did = cleat_informers_step(h->informers);
            break;
        case 2:
            did = step_reconcilers(h);
            break;
        case 3:
            did = h->recorder != NULL ? cleat_recorder_step(h->recorder) : 0;
            break;
        default:
            did = cleat_state_step(h->state);
        }
        if (did) {
            return 1;
        }
    }
    return 0;
}
