/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport to a server elsewhere, at work: rates of reads, writes, lists and events
 * through it, and what informers cost in memory when the process is attached. Each subcommand
 * prints a row of a markdown table with its own header (--no-header leaves it out).
 *
 *   remote_bench --kubeconfig FILE [--http1] [--gzip] get|put|async|list|watch|informers|fill
 */
#include "core/informer/informer.h"
#include "core/remote/remote.h"
#include "tests/support/docs.h"

#include <getopt.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

static struct {
    struct cleat_remote_opts remote;
    unsigned count, threads;
    double seconds;
    bool header, metadata;
} o = {.count = 1000, .threads = 8, .seconds = 3, .header = true};

static struct cleat_transport *transport;
static cleat_client *client;
static const struct cleat_client_api *api = &cleat_client_api;

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"}, pods = {"", "v1", "pods"},
                              nodes = {"", "v1", "nodes"},
                              leases = {"coordination.k8s.io", "v1", "leases"};

static _Noreturn void die(const char *what, const struct cleat_error *e) {
    fprintf(stderr, "remote_bench: %s: %s\n", what, e != NULL ? e->message : "");
    exit(1);
}

static cleat_time cpu_time(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * CLEAT_SECOND +
           (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * (CLEAT_MS / 1000);
}

static long rss_kib(void) {
    long total = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f == NULL || fscanf(f, "%ld %ld", &total, &resident) != 2) {
        resident = 0;
    }
    if (f != NULL) {
        fclose(f);
    }
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void header(const char *columns) {
    if (o.header) {
        printf("| %s |\n|", columns);
        for (const char *p = columns; *p != '\0'; p++) {
            if (*p == '|') {
                printf("---|");
            }
        }
        printf("---|\n");
    }
}

/* ---- threads that call, one call at a time each ---- */

struct caller {
    pthread_t thread;
    unsigned at;
    uint64_t calls, failures;
    cleat_err (*fn)(unsigned at, uint64_t i, struct cleat_error *e);
    cleat_time until, *took;
    size_t n_took;
};

static void *call_thread(void *arg) {
    struct caller *c = arg;
    while (cleat_now_mono() < c->until) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_time began = cleat_now_mono();
        c->failures += c->fn(c->at, c->calls, &e) != CLEAT_OK;
        if ((c->n_took & (c->n_took - 1)) == 0) {
            c->took = cleat_rearray(c->took, c->n_took ? c->n_took * 2 : 1, sizeof *c->took);
        }
        c->took[c->n_took++] = cleat_now_mono() - began;
        c->calls++;
    }
    return NULL;
}

static int by_time(const void *a, const void *b) {
    cleat_time x = *(const cleat_time *)a, y = *(const cleat_time *)b;
    return x < y ? -1 : x > y;
}

static void run_callers(const char *what,
                        cleat_err (*fn)(unsigned at, uint64_t i, struct cleat_error *e)) {
    struct caller *all = cleat_array(o.threads, sizeof *all);
    cleat_time began = cleat_now_mono(), cpu = cpu_time(), *took = NULL;
    uint64_t calls = 0, failures = 0;
    size_t n = 0;
    for (unsigned i = 0; i < o.threads; i++) {
        all[i] = (struct caller){
            .at = i, .fn = fn, .until = began + (cleat_time)(o.seconds * (double)CLEAT_SECOND)};
        all[i].thread = cleat_thread_start("caller", call_thread, &all[i]);
    }
    for (unsigned i = 0; i < o.threads; i++) {
        pthread_join(all[i].thread, NULL);
        calls += all[i].calls;
        failures += all[i].failures;
        took = cleat_rearray(took, n + all[i].n_took, sizeof *took);
        memcpy(took + n, all[i].took, all[i].n_took * sizeof *took);
        n += all[i].n_took;
        free(all[i].took);
    }
    double seconds = (double)(cleat_now_mono() - began) / (double)CLEAT_SECOND;
    qsort(took, n, sizeof *took, by_time);
    header("what | threads | per second | p50 us | p99 us | own CPU us each | failures");
    printf("| %s | %u | %.0f | %.0f | %.0f | %.1f | %llu |\n", what, o.threads,
           (double)calls / seconds, n > 0 ? (double)took[n / 2] / 1e3 : 0,
           n > 0 ? (double)took[n * 99 / 100] / 1e3 : 0,
           calls > 0 ? (double)(cpu_time() - cpu) / (double)calls / 1e3 : 0,
           (unsigned long long)failures);
    free(took);
    free(all);
}

static struct cleat_key key_of(unsigned at, char name[32]) {
    snprintf(name, 32, "remote-bench-%u", at);
    return (struct cleat_key){CLEAT_STR("default"), cleat_s(name)};
}

static cleat_obj *configmap(unsigned at, uint64_t i) {
    char name[32];
    key_of(at, name);
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":"
        "\"default\",\"labels\":{\"remote-bench\":\"yes\"}},\"data\":{\"i\":\"%llu\",\"x\":\"%"
        "0500d\"}}",
        name, (unsigned long long)i, 0);
    cleat_obj *obj = NULL;
    cleat_err err = cleat_obj_parse(cleat_s(text), 0, &obj, NULL);
    cleat_assert(err == CLEAT_OK);
    return obj;
}

static cleat_err get_one(unsigned at, uint64_t i, struct cleat_error *e) {
    char name[32];
    CLEAT_AUTO(cleat_obj) *obj = NULL;
    (void)i;
    return api->get(client, NULL, configmaps, key_of(at, name), &obj, e);
}

static cleat_err put_one(unsigned at, uint64_t i, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *obj = configmap(at, i);
    return api->update(client, NULL, configmaps, NULL, obj, NULL, e);
}

static void make_configmaps(unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        CLEAT_AUTO(cleat_obj) *obj = configmap(i, 0);
        cleat_err err = api->create(client, NULL, configmaps, obj, NULL, &e);
        if (err != CLEAT_OK && err != CLEAT_E_EXISTS) {
            die("creating", &e);
        }
    }
}

static void run_get(void) {
    make_configmaps(o.threads);
    run_callers("GET", get_one);
}

static void run_put(void) {
    make_configmaps(o.threads);
    run_callers("PUT", put_one);
}

/* ---- writes that are not waited for ---- */

static _Atomic unsigned under_way;
static _Atomic uint64_t written, refused;

static void on_written(void *userdata, cleat_err err, const cleat_obj *obj,
                       const struct cleat_error *e) {
    (void)userdata;
    (void)obj;
    (void)e;
    atomic_fetch_add(err == CLEAT_OK ? &written : &refused, 1);
    atomic_fetch_sub(&under_way, 1);
}

static void run_async(void) {
    enum { DEPTH = 256 };
    make_configmaps(DEPTH);
    cleat_time began = cleat_now_mono(), cpu = cpu_time();
    cleat_time until = began + (cleat_time)(o.seconds * (double)CLEAT_SECOND);
    for (uint64_t i = 0; cleat_now_mono() < until; i++) {
        while (atomic_load(&under_way) >= DEPTH) {
            usleep(50);
        }
        CLEAT_AUTO(cleat_obj) *obj = configmap((unsigned)(i % DEPTH), i);
        atomic_fetch_add(&under_way, 1);
        api->update_async(client, configmaps, NULL, obj, on_written, NULL);
    }
    while (atomic_load(&under_way) > 0) {
        usleep(1000);
    }
    double seconds = (double)(cleat_now_mono() - began) / (double)CLEAT_SECOND;
    double n = (double)atomic_load(&written);
    header("what | per second | own CPU us each | failures");
    printf("| PUT, 256 under way | %.0f | %.1f | %llu |\n", n / seconds,
           n > 0 ? (double)(cpu_time() - cpu) / n / 1e3 : 0,
           (unsigned long long)atomic_load(&refused));
}

/* ---- lists ---- */

static void list_once(const char *what, struct cleat_gvr gvr) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_list l = {.struct_size = sizeof l};
    size_t bytes = 0, n = 0;
    int turns = 0;
    cleat_time began = cleat_now_mono(), cpu = cpu_time();
    do {
        cleat_err err = o.metadata
                            ? transport->ops->list_metadata(transport, "bench", NULL, gvr, &l, &e)
                            : api->list(client, NULL, gvr, "", NULL, &l, &e);
        if (err != CLEAT_OK) {
            die(what, &e);
        }
        n = l.n;
        for (size_t i = 0; i < l.n; i++) {
            bytes += cleat_obj_bytes(l.items[i]).n;
        }
        api->list_free(&l);
        turns++;
    } while (cleat_now_mono() - began < (cleat_time)(o.seconds * (double)CLEAT_SECOND));
    double seconds = (double)(cleat_now_mono() - began) / (double)CLEAT_SECOND;
    printf("| %s | %zu | %.2f | %.0f | %.3f |\n", what, n, turns / seconds,
           (double)bytes / seconds / 1e6, (double)(cpu_time() - cpu) / turns / 1e9);
}

static void run_list(void) {
    header("list of | objects | lists/s | MB/s of objects | own CPU s each");
    list_once("nodes", nodes);
    list_once("pods", pods);
}

/* ---- events ---- */

static _Atomic uint64_t events;

static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *obj) {
    (void)userdata;
    (void)old;
    (void)obj;
    atomic_fetch_add(&events, 1);
}

static void run_watch(void) {
    make_configmaps(o.threads);
    cleat_informers *f = cleat_informers_new(client, false);
    cleat_informer *inf = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_handler h = {.struct_size = sizeof h, .on_update = on_update};
    if (cleat_informer_acquire(f, configmaps, "remote-bench=yes", NULL, &inf, &e) != CLEAT_OK) {
        die("informer", &e);
    }
    cleat_informer_add_handler(inf, &h);
    cleat_informers_start(f);
    cleat_informer_wait_synced(inf, NULL);
    cleat_time began = cleat_now_mono();
    run_callers("PUT, watched", put_one);
    usleep(500000);
    double seconds = (double)(cleat_now_mono() - began) / (double)CLEAT_SECOND;
    printf("events seen: %llu, %.0f per second\n", (unsigned long long)atomic_load(&events),
           (double)atomic_load(&events) / seconds);
    cleat_informer_release(inf);
    cleat_informers_free(f);
}

/* ---- informers: memory and CPU ---- */

static void run_informers(void) {
    static const struct {
        const char *name;
        const struct cleat_gvr *gvr;
    } kinds[] = {{"nodes", &nodes}, {"pods", &pods}, {"leases", &leases}};
    long before = rss_kib();
    cleat_time began = cleat_now_mono(), cpu = cpu_time();
    cleat_informers *f = cleat_informers_new(client, false);
    cleat_informer *inf[3] = {0};
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_informers_start(f);
    for (size_t i = 0; i < 3; i++) {
        cleat_err err = o.metadata
                            ? cleat_informer_acquire_metadata(f, *kinds[i].gvr, &inf[i], &e)
                            : cleat_informer_acquire(f, *kinds[i].gvr, NULL, NULL, &inf[i], &e);
        if (err != CLEAT_OK) {
            die("informer", &e);
        }
    }
    for (size_t i = 0; i < 3; i++) {
        cleat_informer_wait_synced(inf[i], NULL);
    }
    double synced = (double)(cleat_now_mono() - began) / 1e9;
    double synced_cpu = (double)(cpu_time() - cpu) / 1e9;
    malloc_trim(0);
    long rss = rss_kib();
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    cpu = cpu_time();
    usleep((useconds_t)(o.seconds * 1e6));
    header("nodes | pods | leases | synced s | CPU s | RSS before MiB | RSS MiB | peak MiB | idle "
           "CPU, share of a core");
    printf("| %zu | %zu | %zu | %.2f | %.2f | %.1f | %.1f | %.1f | %.4f |\n",
           cleat_informer_count(inf[0]), cleat_informer_count(inf[1]), cleat_informer_count(inf[2]),
           synced, synced_cpu, (double)before / 1024, (double)rss / 1024,
           (double)r.ru_maxrss / 1024, (double)(cpu_time() - cpu) / (o.seconds * 1e9));
    for (size_t i = 0; i < 3; i++) {
        cleat_informer_release(inf[i]);
    }
    cleat_informers_free(f);
}

/* ---- objects to look at ---- */

/* Without what only a server sets. */
static cleat_obj *to_create(char *text) {
    cleat_obj *whole = NULL, *stripped = NULL;
    const struct cleat_splice s[] = {{CLEAT_PATH("metadata", "uid"), {NULL, 0}},
                                     {CLEAT_PATH("metadata", "resourceVersion"), {NULL, 0}},
                                     {CLEAT_PATH("metadata", "creationTimestamp"), {NULL, 0}},
                                     {CLEAT_PATH("metadata", "ownerReferences"), {NULL, 0}}};
    cleat_err err = cleat_obj_parse(cleat_s(text), 0, &whole, NULL);
    cleat_assert(err == CLEAT_OK);
    err = cleat_obj_splice(whole, s, sizeof s / sizeof *s, &stripped, NULL);
    cleat_assert(err == CLEAT_OK);
    cleat_obj_unref(whole);
    free(text);
    return stripped;
}

static void fill_kind(const char *what, struct cleat_gvr gvr, unsigned n,
                      char *(*text)(unsigned i)) {
    atomic_store(&written, 0);
    atomic_store(&refused, 0);
    for (unsigned i = 0; i < n; i++) {
        while (atomic_load(&under_way) >= 64) {
            usleep(50);
        }
        CLEAT_AUTO(cleat_obj) *obj = to_create(text(i));
        atomic_fetch_add(&under_way, 1);
        api->create_async(client, gvr, obj, on_written, NULL);
    }
    while (atomic_load(&under_way) > 0) {
        usleep(1000);
    }
    printf("%s: %llu created, %llu refused\n", what, (unsigned long long)atomic_load(&written),
           (unsigned long long)atomic_load(&refused));
}

static char *node_text(unsigned i) {
    return docs_node(i);
}

static char *pod_text(unsigned i) {
    return docs_pod(i);
}

static void run_fill(void) {
    fill_kind("nodes", nodes, o.count, node_text);
    fill_kind("pods", pods, o.count * 2, pod_text);
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"kubeconfig", required_argument, 0, 'k'},
                                            {"http1", no_argument, 0, '1'},
                                            {"gzip", no_argument, 0, 'z'},
                                            {"count", required_argument, 0, 'n'},
                                            {"threads", required_argument, 0, 't'},
                                            {"seconds", required_argument, 0, 's'},
                                            {"service-accounts", no_argument, 0, 'a'},
                                            {"no-header", no_argument, 0, 'h'},
                                            {"metadata", no_argument, 0, 'm'},
                                            {0}};
    static const struct {
        const char *name;
        void (*fn)(void);
    } commands[] = {{"get", run_get},   {"put", run_put},     {"async", run_async},
                    {"list", run_list}, {"watch", run_watch}, {"informers", run_informers},
                    {"fill", run_fill}};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (c) {
        case 'k':
            o.remote.kubeconfig = optarg;
            break;
        case '1':
            o.remote.http1 = true;
            break;
        case 'z':
            o.remote.gzip = true;
            break;
        case 'n':
            o.count = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 't':
            o.threads = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 's':
            o.seconds = strtod(optarg, NULL);
            break;
        case 'h':
            o.header = false;
            break;
        case 'a':
            o.remote.service_account_credentials = true;
            break;
        case 'm':
            o.metadata = true;
            break;
        default:
            return 2;
        }
    }
    if (o.remote.kubeconfig == NULL || optind >= argc || o.threads == 0) {
        printf("remote_bench: nothing to do without --kubeconfig FILE and a command\n");
        return 0; /* run.sh runs every program */
    }
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_timers_start();
    if (cleat_transport_remote(&o.remote, &transport, &e) != CLEAT_OK) {
        die("configuration", &e);
    }
    client = cleat_client_new(transport, "system:serviceaccount:kube-system:bench");
    int found = 0;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[optind], commands[i].name) == 0) {
            found = 1;
            commands[i].fn();
        }
    }
    cleat_client_free(client);
    transport->ops->free(transport);
    cleat_timers_stop();
    return found ? 0 : 2;
}
