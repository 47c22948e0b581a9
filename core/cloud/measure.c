/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the gate tells of itself: the two families that upstream's providers have, by
 * their names, and our own. Series are made once, with the gate.
 */
#include "core/cloud/internal.h"

const char *const cleat_call_names[CLEAT_CALL_KINDS] = {
    [CLEAT_CALL_EXISTS] = "instance_exists",
    [CLEAT_CALL_IS_SHUT_DOWN] = "instance_is_shut_down",
    [CLEAT_CALL_METADATA] = "instance_metadata",
    [CLEAT_CALL_LIST_SERVERS] = "instances_list",
    [CLEAT_CALL_GET_LB] = "loadbalancer_get",
    [CLEAT_CALL_ENSURE_LB] = "loadbalancer_ensure",
    [CLEAT_CALL_UPDATE_LB] = "loadbalancer_update",
    [CLEAT_CALL_DELETE_LB] = "loadbalancer_delete",
    [CLEAT_CALL_LIST_LBS] = "loadbalancers_list",
    [CLEAT_CALL_LIST_ROUTES] = "routes_list",
    [CLEAT_CALL_CREATE_ROUTE] = "route_create",
    [CLEAT_CALL_REMOVE_ROUTE] = "route_delete",
    [CLEAT_CALL_LIST_CLUSTERS] = "clusters_list",
    [CLEAT_CALL_MASTER] = "cluster_master",
};

static const double buckets[] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
                                 2.5,   5,    10,    30,   60,  120,  300, 600};

/* A family of the provider's own, by upstream's pattern of names. */
static cleat_metric *upstreams(const char *provider, const char *what, const char *help, int type) {
    static const char *const labels[] = {"request", NULL};
    CLEAT_AUTO_FREE char *name = cleat_sprintf("cloudprovider_%s_api_%s", provider, what);
    for (char *p = name; *p != 0; p++) { /* a provider's name may have dashes and dots */
        *p = *p == '-' || *p == '.' ? '_' : *p;
    }
    return cleat_metric_family(name, help, type, labels, buckets,
                               type == CLEAT_HISTOGRAM ? sizeof buckets / sizeof *buckets : 0);
}

static cleat_metric *ours(const char *name, const char *help, int type) {
    static const char *const labels[] = {"provider", "request", NULL};
    return cleat_metric_family(name, help, type, labels, buckets,
                               type == CLEAT_HISTOGRAM ? sizeof buckets / sizeof *buckets : 0);
}

static cleat_metric *gauge(const char *name, const char *help, const char *provider) {
    static const char *const labels[] = {"provider", NULL};
    cleat_metric *f = cleat_metric_family(name, help, CLEAT_GAUGE, labels, NULL, 0);
    return cleat_metric_with(f, (const char *const[]){provider, NULL});
}

static void each(cleat_metric *family, const char *provider, cleat_metric **to) {
    for (int i = 0; i < CLEAT_CALL_KINDS; i++) {
        const char *const values[] = {provider, cleat_call_names[i], NULL};
        to[i] = cleat_metric_with(family, provider != NULL ? values : values + 1);
    }
}

static cleat_metric *read_from(cleat_metric *family, const char *provider, int kind,
                               const char *from) {
    const char *const values[] = {provider, cleat_call_names[kind], from, NULL};
    return cleat_metric_with(family, values);
}

void cleat_gate_metrics_init(struct cleat_gate_metrics *m, const char *provider) {
    static const char *const from[] = {"provider", "request", "from", NULL};
    each(upstreams(provider, "request_duration_seconds", "Latency of a call of the cloud's API",
                   CLEAT_HISTOGRAM),
         NULL, m->seconds);
    each(upstreams(provider, "request_errors", "Errors of calls of the cloud's API", CLEAT_COUNTER),
         NULL, m->errors);
    each(upstreams(provider, "throttled_requests_total",
                   "Calls that the cloud's API has refused for being too many", CLEAT_COUNTER),
         NULL, m->throttled);
    each(ours("cleat_cloud_call_wait_seconds", "How long a call has waited for its turn",
              CLEAT_HISTOGRAM),
         provider, m->waited);
    each(ours("cleat_cloud_calls_refused_total",
              "Calls that were not made because their turn did not come in time", CLEAT_COUNTER),
         provider, m->refused);
    each(ours("cleat_cloud_calls_left_behind_total",
              "Calls that had not returned when their caller went on", CLEAT_COUNTER),
         provider, m->left_behind);
    cleat_metric *reads =
        cleat_metric_family("cleat_cloud_reads_total", "Reads by where their answer came from",
                            CLEAT_COUNTER, from, NULL, 0);
    for (int i = 0; i < CLEAT_CALL_KINDS; i++) {
        if (i == CLEAT_CALL_METADATA || i == CLEAT_CALL_LIST_SERVERS ||
            i == CLEAT_CALL_LIST_ROUTES) {
            m->from_cloud[i] = read_from(reads, provider, i, "cloud");
            m->from_cache[i] = read_from(reads, provider, i, "cache");
            m->from_others[i] = read_from(reads, provider, i, "shared");
        }
    }
    m->inside = gauge("cleat_cloud_calls_in_flight", "Calls that are being made now", provider);
    m->waiting = gauge("cleat_cloud_calls_waiting", "Calls that wait for their turn", provider);
}
