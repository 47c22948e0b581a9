/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What plugins live on: keys a second through a work queue, and the time from a
 * commit to an informer's handler over a SQLite store that syncs. Prints a
 * markdown table.
 *   runtime_bench [seconds each]
 */
#include "core/kinds/kinds.h"
#include "core/informer/informer.h"
#include "core/registry/registry.h"
#include "core/workqueue/workqueue.h"

#include <ftw.h>
#include <unistd.h>

static void need(cleat_err err, const struct cleat_error *e) {
    if (err != CLEAT_OK) {
        fprintf(stderr, "%s: %s\n", cleat_err_name(err), e->message);
        exit(1);
    }
}

/* ---- the queue ---- */

enum { KEYS = 100000 };

static struct {
    cleat_queue *q;
    struct cleat_key keys[KEYS];
    cleat_time until;
    _Atomic uint64_t done;
} b;

static void *consume(void *arg) {
    uint64_t n = 0;
    (void)arg;
    for (struct cleat_key k; cleat_queue_get(b.q, &k); n++) {
        cleat_queue_done(b.q, k);
    }
    atomic_fetch_add(&b.done, n);
    return NULL;
}

static void queue(const char *what, const char *name, unsigned workers, double seconds) {
    struct cleat_queue_opts o = {.struct_size = sizeof o, .name = name};
    pthread_t threads[16];
    b.q = cleat_queue_new(&o);
    atomic_store(&b.done, 0);
    cleat_time began = cleat_now_mono();
    b.until = began + (cleat_time)(seconds * 1e9);
    for (unsigned i = 0; i < workers; i++) {
        threads[i] = cleat_thread_start("consumer", consume, NULL);
    }
    for (size_t i = 0; i % 256 != 0 || cleat_now_mono() < b.until; i++) {
        cleat_queue_add(b.q, b.keys[i % KEYS]);
    }
    cleat_queue_shut_down(b.q, 1);
    double took = (double)(cleat_now_mono() - began) / 1e9;
    for (unsigned i = 0; i < workers; i++) {
        pthread_join(threads[i], NULL);
    }
    cleat_queue_free(b.q);
    printf("| %s | %.2f million keys a second |\n", what, (double)b.done / took / 1e6);
}

/* The cost of the queue alone: one thread puts in and takes out. */
static void queue_alone(double seconds) {
    struct cleat_queue_opts o = {.struct_size = sizeof o, .name = "alone"};
    cleat_queue *q = cleat_queue_new(&o);
    cleat_time began = cleat_now_mono(), until = began + (cleat_time)(seconds * 1e9);
    size_t n = 0;
    for (struct cleat_key k; n % 256 != 0 || cleat_now_mono() < until; n++) {
        cleat_queue_add(q, b.keys[n % KEYS]);
        cleat_queue_get(q, &k);
        cleat_queue_done(q, k);
    }
    printf("| add, get and done on one thread | %.0f ns |\n",
           (double)(cleat_now_mono() - began) / (double)n);
    cleat_queue_shut_down(q, 0);
    cleat_queue_free(q);
}

/* ---- from a commit to a handler ---- */

enum { SAMPLES_MAX = 1 << 20, RING = 1 << 16 };

static struct {
    cleat_time committed[RING]; /* by revision: when its publication was announced */
    uint32_t took[SAMPLES_MAX]; /* nanoseconds */
    size_t n;
    struct cleat_event heard; /* something, since it was made anew */
    _Atomic uint64_t published;
} lag;

/* On the committer's thread, before anybody else hears of the publication. */
static void on_publish(void *userdata, const uint32_t *kinds, size_t n, uint64_t revision) {
    (void)userdata, (void)kinds, (void)n;
    cleat_time now = cleat_now_mono();
    for (uint64_t r = atomic_load(&lag.published) + 1; r <= revision; r++) {
        lag.committed[r % RING] = now;
    }
    atomic_store(&lag.published, revision);
}

static void heard(const cleat_obj *o) {
    uint64_t revision = cleat_obj_revision(o);
    /* A dispatcher that is awake may see a change before it is announced: no time at all. */
    bool announced = atomic_load(&lag.published) >= revision;
    if (lag.n < SAMPLES_MAX) {
        lag.took[lag.n++] =
            announced ? (uint32_t)(cleat_now_mono() - lag.committed[revision % RING]) : 0;
    }
    cleat_event_set(&lag.heard);
}

static void on_add(void *userdata, const cleat_obj *o, int32_t initial) {
    (void)userdata;
    if (!initial) {
        heard(o);
    }
}

static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *o) {
    (void)userdata, (void)old;
    heard(o);
}

static int by_size(const void *x, const void *y) {
    uint32_t l = *(const uint32_t *)x, r = *(const uint32_t *)y;
    return l < r ? -1 : l > r;
}

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

static cleat_obj *configmap(int i, uint64_t round) {
    char text[256];
    cleat_obj *o = NULL;
    snprintf(text, sizeof text,
             "{\"metadata\":{\"name\":\"cm-%d\",\"namespace\":\"default\"},"
             "\"data\":{\"round\":\"%llu\"}}",
             i, (unsigned long long)round);
    need(cleat_obj_parse(cleat_s(text), 0, &o, NULL), NULL);
    return o;
}

static void report(const char *what, double seconds) {
    qsort(lag.took, lag.n, sizeof *lag.took, by_size);
    printf("| %s: p50 | %.1f us |\n| %s: p99 | %.1f us |\n| %s: p99.9 | %.1f us |\n"
           "| %s: heard | %.0f a second |\n",
           what, lag.took[lag.n / 2] / 1e3, what, lag.took[lag.n * 99 / 100] / 1e3, what,
           lag.took[lag.n * 999 / 1000] / 1e3, what, (double)lag.n / seconds);
}

/* One writer that waits for each write: the commit that a person makes. */
static void one_by_one(cleat_client *c, double seconds) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    lag.n = 0;
    cleat_time until = cleat_now_mono() + (cleat_time)(seconds * 1e9);
    for (uint64_t i = 0; cleat_now_mono() < until; i++) {
        cleat_obj *o = configmap((int)(i % 500), i + 1);
        cleat_event_init(&lag.heard);
        need(cleat_client_api.update(c, NULL, configmaps, NULL, o, NULL, &e), &e);
        cleat_event_wait(&lag.heard, -1);
        cleat_obj_unref(o);
    }
    report("commit to handler, one write at a time", seconds);
}

static _Atomic int under_way;

static void on_done(void *userdata, cleat_err err, const cleat_obj *obj,
                    const struct cleat_error *e) {
    (void)userdata, (void)obj;
    need(err, e);
    under_way--;
}

/* Batches: 64 writes under way, so that a commit carries many. */
static void many_at_once(cleat_client *c, double seconds) {
    lag.n = 0;
    cleat_time until = cleat_now_mono() + (cleat_time)(seconds * 1e9);
    for (uint64_t i = 0; cleat_now_mono() < until; i++) {
        while (under_way >= 64) {
            usleep(50);
        }
        cleat_obj *o = configmap((int)(i % 500), i + 1000000);
        under_way++;
        cleat_client_api.update_async(c, configmaps, NULL, o, on_done, NULL);
        cleat_obj_unref(o);
    }
    while (under_way > 0) {
        usleep(100);
    }
    report("commit to handler, 64 writes under way", seconds);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static void informers(double seconds) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    const char *base = getenv("TMPDIR");
    char *dir = cleat_sprintf("%s/cleat-bench-XXXXXX", base ? base : "/tmp");
    if (mkdtemp(dir) == NULL) {
        perror(dir);
        exit(1);
    }
    char *path = cleat_sprintf("%s/store.db", dir);
    cleat_store *store = NULL;
    cleat_registry *registry = NULL;
    struct cleat_backend *backend = NULL;
    need(cleat_backend_sqlite(path, NULL, &backend, &e), &e);
    struct cleat_store_opts so = {0};
    need(cleat_store_open(backend, &so, &store, &e), &e);
    need(cleat_registry_new(store, cleat_kinds, &registry, &e), &e);
    need(cleat_registry_bootstrap(registry, &e), &e);
    lag.published = cleat_store_revision(store);
    uint64_t subscription = cleat_store_subscribe(store, on_publish, NULL);
    struct cleat_transport *t = cleat_transport_local(registry);
    cleat_client *c = cleat_client_new(t, "system:bench");
    for (int i = 0; i < 500; i++) {
        cleat_obj *o = configmap(i, 0);
        need(cleat_client_api.create(c, NULL, configmaps, o, NULL, &e), &e);
        cleat_obj_unref(o);
    }
    cleat_informers *f = cleat_informers_new(c, false);
    cleat_informer *inf = NULL, *others[3];
    need(cleat_informer_acquire(f, configmaps, NULL, NULL, &inf, &e), &e);
    static const char *const kinds[] = {"nodes", "pods", "services"};
    for (int i = 0; i < 3; i++) { /* a process has more than one */
        struct cleat_gvr g = {"", "v1", kinds[i]};
        need(cleat_informer_acquire(f, g, NULL, NULL, &others[i], &e), &e);
    }
    struct cleat_handler h = {.struct_size = sizeof h, .on_add = on_add, .on_update = on_update};
    uint64_t id = cleat_informer_add_handler(inf, &h);
    cleat_informers_start(f);
    need(cleat_informer_wait_synced(inf, NULL), &e);
    one_by_one(c, seconds);
    many_at_once(c, seconds);
    cleat_informer_remove_handler(inf, id);
    cleat_informer_release(inf);
    for (int i = 0; i < 3; i++) {
        cleat_informer_release(others[i]);
    }
    cleat_informers_free(f);
    cleat_client_free(c);
    t->ops->free(t);
    cleat_store_unsubscribe(store, subscription);
    cleat_registry_free(registry);
    cleat_store_close(store);
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(path);
    free(dir);
}

int main(int argc, char **argv) {
    double seconds = argc > 1 ? atof(argv[1]) : 1;
    for (size_t i = 0; i < KEYS; i++) {
        b.keys[i] = (struct cleat_key){CLEAT_STR("default"),
                                       cleat_s(cleat_sprintf("some-node-%zu.example", i))};
    }
    cleat_timers_start();
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("| what | figure |\n|---|---|\n");
    queue_alone(seconds);
    queue("a producer and a consumer", "bench", 1, seconds);
    queue("a producer and four consumers", "bench", 4, seconds);
    informers(seconds);
    cleat_timers_stop();
    return 0;
}
