/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EndpointSlices in one process with a SQLite store that syncs: how long it takes until
 * the slices of a Service with many pods are there, until the change of one pod is in
 * its slice, and how many writes a rollout of all of them costs. Prints a markdown table.
 *   endpoints_bench [pods] [changes]
 */
#include "core/host/host.h"
#include "core/kinds/kinds.h"
#include "core/registry/registry.h"

#include <ftw.h>
#include <unistd.h>

enum { UNDER_WAY = 256 };

static const struct cleat_gvr pods = {"", "v1", "pods"};
static const struct cleat_gvr nodes = {"", "v1", "nodes"};
static const struct cleat_gvr services = {"", "v1", "services"};
static const struct cleat_gvr slices = {"discovery.k8s.io", "v1", "endpointslices"};

static struct {
    cleat_store *store;
    cleat_registry *registry;
    struct cleat_transport *transport;
    cleat_client *client;
    cleat_hostd *host;
    _Atomic int under_way;
} b;

static void need(cleat_err err, const struct cleat_error *e) {
    if (err != CLEAT_OK) {
        fprintf(stderr, "%s: %s\n", cleat_err_name(err), e != NULL ? e->message : "");
        exit(1);
    }
}

static double ms_since(cleat_time t) {
    return (double)(cleat_now_mono() - t) / 1e6;
}

/* ---- objects ---- */

static void on_done(void *userdata, cleat_err err, const cleat_obj *obj,
                    const struct cleat_error *e) {
    (void)userdata, (void)obj;
    need(err, e);
    b.under_way--;
}

static void settle(int most) {
    while (b.under_way > most) {
        usleep(50);
    }
}

static void make_soon(struct cleat_gvr gvr, char *text) {
    cleat_obj *o = NULL;
    need(cleat_obj_parse(cleat_s(text), 0, &o, NULL), NULL);
    settle(UNDER_WAY);
    b.under_way++;
    cleat_client_api.create_async(b.client, gvr, o, on_done, NULL);
    cleat_obj_unref(o);
    free(text);
}

static void set_ready(int i, bool ready) {
    CLEAT_AUTO_FREE char *name = cleat_sprintf("p%d", i);
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"status\":{\"phase\":\"Running\",\"podIP\":\"10.%d.%d.%d\",\"podIPs\":[{"
                      "\"ip\":\"10.%d.%d."
                      "%d\"}],\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}",
                      i / 40000, i / 200 % 200, i % 200 + 1, i / 40000, i / 200 % 200, i % 200 + 1,
                      ready ? "True" : "False");
    settle(UNDER_WAY);
    b.under_way++;
    cleat_client_api.patch_async(b.client, pods,
                                 (struct cleat_key){CLEAT_STR("default"), cleat_s(name)}, "status",
                                 CLEAT_PATCH_MERGE, cleat_s(json), on_done, NULL);
}

static void make_pods(int n) {
    make_soon(nodes, cleat_strdup("{\"metadata\":{\"name\":\"n1\"}}"));
    for (int i = 0; i < n; i++) {
        make_soon(pods, cleat_sprintf("{\"metadata\":{\"name\":\"p%d\",\"namespace\":\"default\","
                                      "\"labels\":{\"app\":\"web\"}},\"spec\":{\"nodeName\":\"n1\","
                                      "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}",
                                      i));
    }
    settle(0);
    for (int i = 0; i < n; i++) {
        set_ready(i, true);
    }
    settle(0);
}

/* ---- looking ---- */

struct seen {
    size_t slices, endpoints, ready;
    uint64_t writes; /* by generation: one for each time that endpoints changed */
};

/* all: also counts endpoints, which takes a while. */
static struct seen look(bool all) {
    const struct cleat_kind *k =
        cleat_registry_find(b.registry, slices.group, slices.version, slices.resource);
    struct seen s = {0};
    struct cleat_range range;
    const cleat_obj *o;
    cleat_snapshot *sn = cleat_store_snapshot(b.store);
    cleat_range_init(&range, sn, k->id, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        int64_t generation = 0;
        struct cleat_iter it = {0};
        cleat_val_int(cleat_obj_at(o, CLEAT_PATH("metadata", "generation")), &generation);
        s.slices++;
        s.writes += (uint64_t)generation;
        while (all && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("endpoints")), &it)) {
            s.endpoints++;
            s.ready +=
                cleat_val_bool(cleat_val_get(cleat_val_get(it.val, "conditions"), "ready"), 0) != 0;
        }
    }
    cleat_snapshot_unref(sn);
    return s;
}

static void await(size_t endpoints, size_t ready) {
    uint64_t writes = UINT64_MAX;
    for (;;) {
        struct seen s = look(false);
        if (s.writes != writes) {
            writes = s.writes;
            s = look(true);
            if (s.endpoints == endpoints && s.ready == ready) {
                return;
            }
        }
        usleep(200);
    }
}

static int by_value(const void *a, const void *c) {
    double x = *(const double *)a, y = *(const double *)c;
    return (x > y) - (x < y);
}

/* ---- life ---- */

static void start_host(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *dir = cleat_beside_program("lib/cleat/plugins");
    const char *const dirs[] = {dir, NULL};
    struct cleat_host_opts opts = {.plugin_dirs = dirs, .controllers = "endpointslice"};
    need(cleat_hostd_new(b.transport, &opts, &b.host, &e), &e);
    const char *crd;
    for (size_t i = 0; (crd = cleat_hostd_crd(b.host, i)) != NULL; i++) {
        cleat_err err = cleat_registry_add_crd(b.registry, cleat_s(crd), &e);
        need(err == CLEAT_E_EXISTS ? CLEAT_OK : err, &e);
    }
    need(cleat_hostd_start(b.host, &e), &e);
    free(dir);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static void measure(int n, int changes) {
    make_pods(n);
    cleat_time began = cleat_now_mono();
    make_soon(
        services,
        cleat_strdup("{\"metadata\":{\"name\":\"s\",\"namespace\":\"default\"},\"spec\":{"
                     "\"clusterIP\":\"10.0.0.9\",\"clusterIPs\":[\"10.0.0.9\"],\"ipFamilies\":"
                     "[\"IPv4\"],\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80}]}}"));
    await((size_t)n, (size_t)n);
    double all = ms_since(began);
    double *v = cleat_array((size_t)changes, sizeof *v);
    struct seen before = look(true);
    for (int i = 0; i < changes; i++) {
        began = cleat_now_mono();
        set_ready(i, false);
        await((size_t)n, (size_t)(n - i - 1));
        v[i] = ms_since(began);
    }
    qsort(v, (size_t)changes, sizeof *v, by_value);
    uint64_t one_each = look(true).writes - before.writes;
    began = cleat_now_mono();
    before = look(true);
    for (int i = changes; i < n; i++) {
        set_ready(i, false);
    }
    settle(0);
    await((size_t)n, 0);
    double rollout = ms_since(began);
    struct seen after = look(true);
    printf("| a Service with %d pods: %zu slices are there | %.0f ms |\n", n, after.slices, all);
    printf("| one pod changes: median, 99%% (of %d, %llu writes) | %.1f ms, %.1f ms |\n", changes,
           (unsigned long long)one_each, v[changes / 2], v[changes * 99 / 100]);
    printf("| %d pods change at once: until all is in the slices | %.0f ms |\n", n - changes,
           rollout);
    printf("| writes of slices for that | %llu |\n",
           (unsigned long long)(after.writes - before.writes));
    free(v);
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 5000;
    int changes = argc > 2 ? atoi(argv[2]) : 200;
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *dir =
        cleat_sprintf("%s/endpoints-bench-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (mkdtemp(dir) == NULL || n < 1 || changes < 1 || changes > n) {
        fprintf(stderr, "usage: endpoints_bench [pods] [changes]\n");
        return 2;
    }
    cleat_log_set_level(CLEAT_LOG_WARN);
    cleat_timers_start();
    char *path = cleat_sprintf("%s/cleat.db", dir);
    struct cleat_backend *backend = NULL;
    struct cleat_store_opts so = {0};
    need(cleat_backend_sqlite(path, NULL, &backend, &e), &e);
    need(cleat_store_open(backend, &so, &b.store, &e), &e);
    need(cleat_registry_new(b.store, cleat_kinds, &b.registry, &e), &e);
    need(cleat_registry_bootstrap(b.registry, &e), &e);
    b.transport = cleat_transport_local(b.registry);
    b.client = cleat_client_new(b.transport, "system:bench");
    start_host();
    puts("| What | |\n|---|---|");
    measure(n, changes);
    if (cleat_hostd_stop(b.host, 10 * CLEAT_SECOND) > 0) {
        fprintf(stderr, "the host does not stop\n");
        return 1;
    }
    cleat_hostd_free(b.host);
    cleat_client_free(b.client);
    b.transport->ops->free(b.transport);
    cleat_registry_free(b.registry);
    cleat_store_close(b.store);
    cleat_timers_stop();
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(path);
    free(dir);
    return 0;
}
