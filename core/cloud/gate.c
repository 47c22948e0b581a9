/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate as a whole: its options, its life, and the watch of servers, which
 * passes here so that answers are forgotten before anybody acts on the news.
 */
#include "core/cloud/internal.h"

#define OPTION sizeof(struct cleat_option)
const struct cleat_option cleat_gate_options[] = {
    {OPTION, CLEAT_OPT_DOUBLE, "apiCallsPerSecond", "cloud-api-calls-per-second", "0",
     "Calls of a provider's API a second, of all controllers together; 0 = unlimited."},
    {OPTION, CLEAT_OPT_INT, "apiBurst", "cloud-api-burst", "10",
     "How many of them may be made at once after a quiet time."},
    {OPTION, CLEAT_OPT_INT, "apiCallsInFlight", "cloud-api-calls-in-flight", "600",
     "Calls of a provider at a time; 0 = unlimited."},
    {OPTION, CLEAT_OPT_INT, "apiCallsInFlightEach", "cloud-api-calls-in-flight-each", "200",
     "Calls of one kind at a time; 0 = unlimited."},
    {OPTION, CLEAT_OPT_DURATION, "apiMaxWait", "cloud-api-max-wait", "5s",
     "How long a worker waits for a call's turn before it does something else."},
    {OPTION, CLEAT_OPT_DURATION, "apiReadTimeout", "cloud-api-read-timeout", "1m",
     "Deadline of a call that changes nothing; 0 = none."},
    {OPTION, CLEAT_OPT_DURATION, "apiWriteTimeout", "cloud-api-write-timeout", "10m",
     "Deadline of a call that changes something; 0 = none."},
    {OPTION, CLEAT_OPT_DURATION, "apiPatience", "cloud-api-patience", "5s",
     "How long a worker waits for a balancer's call before it goes on and asks again; 0 = to its "
     "end."},
    {OPTION, CLEAT_OPT_DURATION, "apiCacheTime", "cloud-api-cache-time", "0s",
     "How old a list or metadata may be that the cloud is not asked for again; 0 = it is asked "
     "each "
     "time."},
    {.struct_size = OPTION},
};

bool cleat_gate_has_option(const char *name) {
    for (size_t i = 0; cleat_gate_options[i].name != NULL; i++) {
        if (strcmp(cleat_gate_options[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static int64_t whole(const cleat_obj *config, const char *name) {
    int64_t v = 0;
    cleat_val_int(cleat_obj_at(config, CLEAT_PATH(name)), &v);
    return v;
}

static double number(const cleat_obj *config, const char *name) {
    CLEAT_AUTO_FREE char *text =
        cleat_strndup(cleat_val_raw(cleat_obj_at(config, CLEAT_PATH(name))));
    return strtod(text, NULL);
}

cleat_err cleat_gate_opts_read(const cleat_obj *config, struct cleat_gate_opts *ret,
                               struct cleat_error *reterr) {
    for (size_t i = 0; cleat_gate_options[i].name != NULL; i++) {
        const struct cleat_option *o = &cleat_gate_options[i];
        if (number(config, o->name) < 0) {
            return cleat_fail(reterr, CLEAT_E_BAD_REQUEST,
                              "bad value for \"%s\" (--%s): must not be negative", o->name,
                              o->flag);
        }
    }
    *ret = (struct cleat_gate_opts){
        .calls_per_second = number(config, "apiCallsPerSecond"),
        .burst = whole(config, "apiBurst"),
        .in_flight = whole(config, "apiCallsInFlight"),
        .in_flight_each = whole(config, "apiCallsInFlightEach"),
        .max_wait = whole(config, "apiMaxWait"),
        .read_timeout = whole(config, "apiReadTimeout"),
        .write_timeout = whole(config, "apiWriteTimeout"),
        .patience = whole(config, "apiPatience"),
        .cache = whole(config, "apiCacheTime"),
    };
    return CLEAT_OK;
}

void cleat_call_perform(struct cleat_call *c) {
    switch (c->kind) {
    case CLEAT_CALL_EXISTS:
    case CLEAT_CALL_IS_SHUT_DOWN:
    case CLEAT_CALL_METADATA:
    case CLEAT_CALL_LIST_SERVERS:
        cleat_instances_perform(c);
        break;
    case CLEAT_CALL_GET_LB:
    case CLEAT_CALL_ENSURE_LB:
    case CLEAT_CALL_UPDATE_LB:
    case CLEAT_CALL_DELETE_LB:
    case CLEAT_CALL_LIST_LBS:
        cleat_balancers_perform(c);
        break;
    case CLEAT_CALL_LIST_ROUTES:
    case CLEAT_CALL_CREATE_ROUTE:
    case CLEAT_CALL_REMOVE_ROUTE:
        cleat_routes_perform(c);
        break;
    default:
        cleat_clusters_perform(c);
        break;
    }
}

/* ---- the watch of servers ---- */

struct cleat_watch {
    cleat_gate *gate;
    void (*changed)(void *userdata);
    void *userdata;
    uint64_t id, raw_id;
    struct cleat_watch *next;
};

static void forget(void *userdata) {
    cleat_gate *g = userdata;
    cleat_answers_forget(&g->answers, CLEAT_ABOUT_SERVERS);
}

static void pass_on(void *userdata) {
    struct cleat_watch *w = userdata;
    forget(w->gate);
    w->changed(w->userdata);
}

static cleat_err watch_servers(void *self, void (*changed)(void *userdata), void *userdata,
                               uint64_t *ret_id, struct cleat_error *reterr) {
    cleat_gate *g = self;
    struct cleat_watch *w = cleat_zalloc(sizeof *w);
    *w = (struct cleat_watch){.gate = g, .changed = changed, .userdata = userdata};
    cleat_err err = g->raw->watch_servers(g->raw_self, pass_on, w, &w->raw_id, reterr);
    if (err != CLEAT_OK) {
        free(w);
        return err;
    }
    CLEAT_LOCKED(&g->mutex);
    w->id = ++g->last_watch;
    w->next = g->watches;
    g->watches = w;
    *ret_id = w->id;
    return CLEAT_OK;
}

static void unwatch_servers(void *self, uint64_t id) {
    cleat_gate *g = self;
    struct cleat_watch *w = NULL;
    {
        CLEAT_LOCKED(&g->mutex);
        for (struct cleat_watch **at = &g->watches; *at != NULL && w == NULL;) {
            if ((*at)->id == id) {
                w = *at;
                *at = w->next;
            } else {
                at = &(*at)->next;
            }
        }
    }
    if (w != NULL) {
        g->raw->unwatch_servers(g->raw_self, w->raw_id);
        free(w);
    }
}

static bool can_watch(const cleat_gate *g) {
    return CLEAT_HAS(g->raw, struct cleat_cloud_ops, watch_servers) &&
           CLEAT_HAS(g->raw, struct cleat_cloud_ops, unwatch_servers);
}

/* ---- life ---- */

cleat_gate *cleat_gate_new(const char *name, const struct cleat_cloud_ops *ops, void *self,
                           const struct cleat_gate_opts *opts) {
    cleat_gate *g = cleat_zalloc(sizeof *g);
    g->opts = *opts;
    g->raw = ops;
    g->raw_self = self;
    g->ctx = cleat_ctx_new(NULL, 0);
    pthread_mutex_init(&g->mutex, NULL);
    cleat_budget_init(&g->budget, opts);
    cleat_answers_init(&g->answers);
    cleat_call_threads_init(&g->threads);
    cleat_gate_metrics_init(&g->metrics, name);
    cleat_gate_health_init(&g->health);
    g->ops = (struct cleat_cloud_ops){
        .struct_size = sizeof g->ops,
        .has_cluster_id = ops->has_cluster_id,
        .instances = cleat_gate_instances(g),
        .load_balancers = cleat_gate_balancers(g),
        .routes = cleat_gate_routes(g),
        .clusters = cleat_gate_clusters(g),
        .watch_servers = can_watch(g) ? watch_servers : NULL,
        .unwatch_servers = can_watch(g) ? unwatch_servers : NULL,
    };
    g->cloud = (struct cleat_cloud){sizeof g->cloud, 0, name, &g->ops, g};
    if (opts->cache > 0 && can_watch(g)) { /* also where no controller watches */
        g->watching = ops->watch_servers(self, forget, g, &g->watch, NULL) == CLEAT_OK;
    }
    return g;
}

const struct cleat_cloud *cleat_gate_cloud(const cleat_gate *g) {
    return &g->cloud;
}

void cleat_gate_request_stop(cleat_gate *g) {
    cleat_ctx_cancel(g->ctx);
    cleat_call_threads_stop(&g->threads);
}

int cleat_gate_join(cleat_gate *g, cleat_time timeout) {
    return cleat_call_threads_join(&g->threads, timeout);
}

void cleat_gate_free(cleat_gate *g) {
    if (g == NULL) {
        return;
    }
    if (g->watching) {
        g->raw->unwatch_servers(g->raw_self, g->watch);
    }
    while (g->watches != NULL) { /* whoever has not ended his watch is gone himself */
        unwatch_servers(g, g->watches->id);
    }
    cleat_balancing_done(g);
    cleat_call_threads_done(&g->threads);
    cleat_answers_done(&g->answers);
    cleat_budget_done(&g->budget);
    cleat_gate_health_done(&g->health);
    cleat_ctx_free(g->ctx);
    pthread_mutex_destroy(&g->mutex);
    free(g);
}
