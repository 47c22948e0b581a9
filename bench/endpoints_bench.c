/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EndpointSlices in one process with a SQLite store that syncs: how long it takes until
 * the slices of a Service with many pods are there, until the change of one pod is in
 * its slice, and how many writes a rollout of all of them costs. Prints a markdown table.
 *   endpoints_bench [pods] [changes]
 */
#include "bench/support/inproc.h"

#include <unistd.h>

static const struct cleat_gvr pods = {"", "v1", "pods"};
static const struct cleat_gvr nodes = {"", "v1", "nodes"};
static const struct cleat_gvr services = {"", "v1", "services"};
static const struct cleat_gvr slices = {"discovery.k8s.io", "v1", "endpointslices"};

static struct inproc b = {.name = "endpoints", .most = 256};

static double ms_since(cleat_time t) {
    return seconds_since(t) * 1e3;
}

/* ---- objects ---- */

static void set_ready(int i, bool ready) {
    CLEAT_AUTO_FREE char *name = cleat_sprintf("p%d", i);
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"status\":{\"phase\":\"Running\",\"podIP\":\"10.%d.%d.%d\",\"podIPs\":[{"
                      "\"ip\":\"10.%d.%d."
                      "%d\"}],\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}",
                      i / 40000, i / 200 % 200, i % 200 + 1, i / 40000, i / 200 % 200, i % 200 + 1,
                      ready ? "True" : "False");
    inproc_begin(&b);
    cleat_client_api.patch_async(b.client, pods,
                                 (struct cleat_key){CLEAT_STR("default"), cleat_s(name)}, "status",
                                 CLEAT_PATCH_MERGE, cleat_s(json), inproc_done, &b);
}

static void make_pods(int n) {
    inproc_create(&b, nodes, cleat_strdup("{\"metadata\":{\"name\":\"n1\"}}"));
    for (int i = 0; i < n; i++) {
        inproc_create(&b, pods,
                      cleat_sprintf("{\"metadata\":{\"name\":\"p%d\",\"namespace\":\"default\","
                                    "\"labels\":{\"app\":\"web\"}},\"spec\":{\"nodeName\":\"n1\","
                                    "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}",
                                    i));
    }
    inproc_settle(&b, 0);
    for (int i = 0; i < n; i++) {
        set_ready(i, true);
    }
    inproc_settle(&b, 0);
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

/* ---- what is measured ---- */

static void measure(int n, int changes) {
    make_pods(n);
    cleat_time began = cleat_now_mono();
    inproc_create(
        &b, services,
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
    qsort(v, (size_t)changes, sizeof *v, by_size);
    uint64_t one_each = look(true).writes - before.writes;
    began = cleat_now_mono();
    before = look(true);
    for (int i = changes; i < n; i++) {
        set_ready(i, false);
    }
    inproc_settle(&b, 0);
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
    if (n < 1 || changes < 1 || changes > n) {
        fprintf(stderr, "usage: endpoints_bench [pods] [changes]\n");
        return 2;
    }
    inproc_open(&b);
    inproc_start(&b, &(struct cleat_host_opts){.controllers = "endpointslice"});
    puts("| What | |\n|---|---|");
    measure(n, changes);
    inproc_stop(&b);
    inproc_close(&b);
    return 0;
}
