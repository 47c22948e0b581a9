/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Request metrics by upstream's names. Each I/O thread keeps the series that it
 * used, so that a request looks none up. Gauges are set when they are asked for.
 */
#include <sys/resource.h>
#include <unistd.h>

#include "core/api/internal.h"

static cleat_metric *rejected, *requests, *durations, *in_flight, *long_running, *connections,
    *resident, *cpu, *objects, *watch_events, *watch_sizes;

/* Whose gauges they are: the API that started last. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static cleat_api *scraped;
static bool hooked;

static void on_scrape(void *userdata) {
    (void)userdata;
    CLEAT_LOCKED(&mutex);
    cleat_api *a = scraped;
    if (a == NULL) {
        return;
    }
    cleat_metric_set(cleat_metric_with(in_flight, (const char *const[]){"mutating", NULL}),
                     atomic_load(&a->in_flight_mutating));
    int reading = 0;
    for (int i = 0; i < CLEAT__FLOWS; i++) {
        reading += atomic_load(&a->reading[i]);
    }
    cleat_metric_set(cleat_metric_with(in_flight, (const char *const[]){"readOnly", NULL}),
                     reading);
    cleat_metric_set(cleat_metric_with(long_running, (const char *const[]){"WATCH", NULL}),
                     atomic_load(&a->watches));
    cleat_metric_set(connections, atomic_load(&a->connections));
    struct rusage u;
    if (getrusage(RUSAGE_SELF, &u) == 0) {
        cleat_metric_set(cpu, (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6 +
                                  (double)u.ru_stime.tv_sec + (double)u.ru_stime.tv_usec / 1e6);
    }
    long total = 0, pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f != NULL) {
        if (fscanf(f, "%ld %ld", &total, &pages) == 2) {
            cleat_metric_set(resident, (double)pages * (double)sysconf(_SC_PAGESIZE));
        }
        fclose(f);
    }
    if (a->registry == NULL) {
        return;
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(cleat_registry_store(a->registry));
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(a->registry, i)) != NULL; i++) {
        cleat_metric_set(
            cleat_metric_with(objects, (const char *const[]){k->group, k->resource, NULL}),
            (double)cleat_snapshot_count(sn, k->id, (struct cleat_str){0}));
    }
}

static void register_families(void) {
    static const double buckets[] = {0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2,
                                     3,     4,     5,    6,   8,   10,  15,  20,  30,  45,   60};
    static const char *const labels[] = {"verb",        "group", "version", "resource",
                                         "subresource", "scope", "code",    NULL};
    static const char *const duration_labels[] = {"verb",        "group", "version", "resource",
                                                  "subresource", "scope", NULL};
    requests = cleat_metric_family("apiserver_request_total", "Requests by verb, kind and code.",
                                   CLEAT_COUNTER, labels, NULL, 0);
    durations = cleat_metric_family("apiserver_request_duration_seconds",
                                    "Time from a request's arrival to its answer.", CLEAT_HISTOGRAM,
                                    duration_labels, buckets, sizeof buckets / sizeof *buckets);
    static const char *const kind_labels[] = {"group", "version", "resource", NULL};
    static const double sizes[] = {1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072};
    watch_events = cleat_metric_family("apiserver_watch_events_total",
                                       "Number of events sent in watch clients", CLEAT_COUNTER,
                                       kind_labels, NULL, 0);
    watch_sizes = cleat_metric_family("apiserver_watch_events_sizes",
                                      "Watch event size distribution in bytes", CLEAT_HISTOGRAM,
                                      kind_labels, sizes, sizeof sizes / sizeof *sizes);
    in_flight =
        cleat_metric_family("apiserver_current_inflight_requests", "Requests under way.",
                            CLEAT_GAUGE, (const char *const[]){"request_kind", NULL}, NULL, 0);
    rejected =
        cleat_metric_family("apiserver_flowcontrol_rejected_requests_total",
                            "Requests that were turned away by what they are.", CLEAT_COUNTER,
                            (const char *const[]){"priority_level", "reason", NULL}, NULL, 0);
    long_running = cleat_metric_family("apiserver_longrunning_requests", "Watches under way.",
                                       CLEAT_GAUGE, (const char *const[]){"verb", NULL}, NULL, 0);
    connections = cleat_metric_family("cleat_api_connections", "Open connections.", CLEAT_GAUGE,
                                      NULL, NULL, 0);
    resident = cleat_metric_family("process_resident_memory_bytes", "Resident memory.", CLEAT_GAUGE,
                                   NULL, NULL, 0);
    cpu = cleat_metric_family("process_cpu_seconds_total", "User and system CPU time.", CLEAT_GAUGE,
                              NULL, NULL, 0);
    objects =
        cleat_metric_family("apiserver_storage_objects", "Stored objects by kind.", CLEAT_GAUGE,
                            (const char *const[]){"group", "resource", NULL}, NULL, 0);
}

void cleat__metrics_start(cleat_api *a) {
    CLEAT_LOCKED(&mutex);
    scraped = a;
    if (!hooked) {
        hooked = true;
        register_families();
        cleat_metrics_on_scrape(on_scrape, NULL);
    }
}

void cleat__metrics_stop(cleat_api *a) {
    CLEAT_LOCKED(&mutex);
    if (scraped == a) {
        scraped = NULL;
    }
}

/* ---- series ---- */

enum { SLOTS = 64 };

/* What makes a series, by address: verbs, scopes and kinds are static or live as
 * long as the registry, which outlives the I/O threads. */
struct cleat__series {
    const char *verb, *scope, *subresource;
    const struct cleat_kind *kind;
    int code;
    cleat_metric *requests, *durations;
};

static void look_up(struct cleat__series *s) {
    CLEAT_AUTO_FREE char *code = cleat_sprintf("%d", s->code);
    CLEAT_AUTO_FREE char *verb = cleat_strdup(s->verb);
    for (char *p = verb; *p != '\0'; p++) {
        *p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
    }
    const char *method = strcmp(verb, "CREATE") == 0   ? "POST"
                         : strcmp(verb, "UPDATE") == 0 ? "PUT"
                                                       : verb;
    const char *values[] = {
        method, s->kind->group, s->kind->version, s->kind->resource, s->subresource, s->scope, code,
        NULL};
    s->requests = cleat_metric_with(requests, values);
    values[6] = NULL;
    s->durations = cleat_metric_with(durations, values);
}

void cleat__metric_watch(const struct cleat_kind *k, cleat_metric **ret_events,
                         cleat_metric **ret_sizes) {
    const char *const values[] = {k->group, k->version, k->resource, NULL};
    *ret_events = cleat_metric_with(watch_events, values);
    *ret_sizes = cleat_metric_with(watch_sizes, values);
}

void cleat__metric_rejected(const char *level) {
    cleat_metric_add(
        cleat_metric_with(rejected, (const char *const[]){level, "concurrency-limit", NULL}), 1);
}

void cleat__metric_request(struct cleat__io *io, const char *verb, const struct cleat_kind *k,
                           const char *subresource, const char *scope, int code, cleat_time took) {
    if (io->series == NULL) {
        io->series = cleat_array(SLOTS, sizeof *io->series);
    }
    const char *sub = subresource == NULL                  ? ""
                      : strcmp(subresource, "status") == 0 ? "status"
                                                           : "other";
    size_t hash = (uintptr_t)k / 64 + (uintptr_t)verb / 8 + (size_t)code + (sub[0] ? 7 : 0);
    struct cleat__series *s = &io->series[hash % SLOTS];
    if (s->kind != k || s->verb != verb || s->code != code || s->scope != scope ||
        s->subresource != sub) {
        *s = (struct cleat__series){
            .verb = verb, .scope = scope, .kind = k, .subresource = sub, .code = code};
        look_up(s);
    }
    cleat_metric_add(s->requests, 1);
    if (took > 0) {
        cleat_metric_add(s->durations, (double)took / 1e9);
    }
}
