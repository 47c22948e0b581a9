/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Garbage collection in one process with a SQLite store that syncs: how long the
 * dependents of one owner take to go, in each manner; how long a namespace takes
 * to be gone; and what the graph of many objects costs. Prints a markdown table.
 *   gc_bench [dependents] [namespace, large] [objects in the graph]
 */
#include "bench/support/inproc.h"

#include <malloc.h>
#include <unistd.h>

enum { REPEATS = 5 };

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};
static const struct cleat_gvr secrets = {"", "v1", "secrets"};
static const struct cleat_gvr namespaces = {"", "v1", "namespaces"};

static struct inproc b = {.name = "gc", .most = 256};

/* ---- objects ---- */

/* more: further members of metadata, or "". */
static void make_soon(struct cleat_gvr gvr, const char *ns, const char *name, const char *more) {
    char *text = cleat_sprintf(
        "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"%s},\"data\":{\"k\":\"dg==\"}}", name,
        ns, more);
    inproc_create(&b, gvr, text);
}

static void make_namespace(const char *name) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *text = cleat_sprintf("{\"metadata\":{\"name\":\"%s\"}}", name);
    cleat_obj *o = NULL;
    need(cleat_obj_parse(cleat_s(text), 0, &o, NULL), NULL);
    need(cleat_client_api.create(b.client, NULL, namespaces, o, NULL, &e), &e);
    cleat_obj_unref(o);
    free(text);
}

static struct cleat_key key_of(const char *ns, const char *name) {
    return (struct cleat_key){cleat_s(ns), cleat_s(name)};
}

static char *uid_of(struct cleat_gvr gvr, const char *ns, const char *name) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    need(cleat_client_api.get(b.client, NULL, gvr, key_of(ns, name), &o, &e), &e);
    char *uid = cleat_strndup(cleat_obj_uid(o));
    cleat_obj_unref(o);
    return uid;
}

static bool is_there(struct cleat_gvr gvr, const char *ns, const char *name) {
    cleat_obj *o = NULL;
    cleat_err err = cleat_client_api.get(b.client, NULL, gvr, key_of(ns, name), &o, NULL);
    cleat_obj_unref(o);
    return err == CLEAT_OK;
}

static size_t count(struct cleat_gvr gvr, const char *ns) {
    const struct cleat_kind *k =
        cleat_registry_find(b.registry, gvr.group, gvr.version, gvr.resource);
    cleat_snapshot *sn = cleat_store_snapshot(b.store);
    size_t n = cleat_snapshot_count(sn, k->id, cleat_s(ns));
    cleat_snapshot_unref(sn);
    return n;
}

/* ---- one owner and its dependents ---- */

static void make_family(int dependents) {
    make_soon(configmaps, "family", "owner", "");
    inproc_settle(&b, 0);
    char *uid = uid_of(configmaps, "family", "owner");
    char *more =
        cleat_sprintf(",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
                      "\"name\":\"owner\",\"uid\":\"%s\",\"blockOwnerDeletion\":true}]",
                      uid);
    for (int i = 0; i < dependents; i++) {
        char name[32];
        snprintf(name, sizeof name, "d%d", i);
        make_soon(secrets, "family", name, more);
    }
    inproc_settle(&b, 0);
    usleep(300 * 1000);
    free(more);
    free(uid);
}

static double family(int dependents, int propagation) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    make_family(dependents);
    cleat_time began = cleat_now_mono();
    struct cleat_delete_opts o = {
        .struct_size = sizeof o, .propagation = propagation, .grace_period_seconds = -1};
    need(cleat_client_api.remove(b.client, NULL, configmaps, key_of("family", "owner"), &o, NULL,
                                 &e),
         &e);
    bool orphan = propagation == CLEAT_PROPAGATE_ORPHAN;
    while (is_there(configmaps, "family", "owner") || (!orphan && count(secrets, "family") > 0)) {
        usleep(200);
    }
    double took = seconds_since(began);
    if (orphan) { /* the owner goes last; then nobody refers to it */
        struct cleat_list l = {.struct_size = sizeof l};
        need(cleat_client_api.list(b.client, NULL, secrets, "family", NULL, &l, &e), &e);
        for (size_t i = 0; i < l.n; i++) {
            if (cleat_val_count(
                    cleat_obj_at(l.items[i], CLEAT_PATH("metadata", "ownerReferences"))) > 0) {
                fprintf(stderr, "an orphan has an owner\n");
                exit(1);
            }
        }
        cleat_client_api.list_free(&l);
        need(cleat_client_api.remove_collection(b.client, NULL, secrets, "family", NULL, NULL, &e),
             &e);
    }
    return took;
}

static void families(const char *what, int dependents, int propagation) {
    double took[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
        took[i] = family(dependents, propagation);
    }
    qsort(took, REPEATS, sizeof *took, by_size);
    printf("| an owner with %d dependents, %s: median (most) | %.0f ms (%.0f ms) |\n", dependents,
           what, took[REPEATS / 2] * 1e3, took[REPEATS - 1] * 1e3);
    fflush(stdout);
}

/* ---- a namespace ---- */

static void a_namespace(int objects) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    make_namespace("full");
    for (int i = 0; i < objects; i++) {
        char name[32];
        snprintf(name, sizeof name, "c%d", i);
        make_soon(configmaps, "full", name, "");
    }
    inproc_settle(&b, 0);
    usleep(300 * 1000);
    cleat_time began = cleat_now_mono();
    need(cleat_client_api.remove(b.client, NULL, namespaces, key_of("", "full"), NULL, NULL, &e),
         &e);
    while (is_there(namespaces, "", "full")) {
        usleep(500);
    }
    printf("| a namespace of %d objects: gone | %.0f ms |\n", objects, seconds_since(began) * 1e3);
    fflush(stdout);
}

/* ---- the graph ---- */

static size_t in_use(void) {
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

static void start_host(const char *controllers) {
    inproc_start(&b, &(struct cleat_host_opts){.controllers = controllers});
}

/* A probe is collected as soon as the graph is there. */
static void await_graph(const char *probe) {
    while (is_there(configmaps, "default", probe)) {
        usleep(1000);
    }
}

static void graph(int objects) {
    inproc_stop(&b);
    make_namespace("many");
    make_soon(configmaps, "many", "owner", "");
    inproc_settle(&b, 0);
    char *uid = uid_of(configmaps, "many", "owner");
    char *more =
        cleat_sprintf(",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
                      "\"name\":\"owner\",\"uid\":\"%s\",\"blockOwnerDeletion\":true}]",
                      uid);
    for (int i = 0; i < objects; i++) {
        char name[32];
        snprintf(name, sizeof name, "m%d", i);
        make_soon(secrets, "many", name, more);
    }
    static const char absent[] =
        ",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"nobody\","
        "\"uid\":\"00000000-0000-0000-0000-000000000000\"}]";
    make_soon(configmaps, "default", "probe", absent);
    inproc_settle(&b, 0);
    malloc_trim(0);
    size_t before = in_use();
    cleat_time began = cleat_now_mono();
    start_host("garbagecollector");
    await_graph("probe");
    double took = seconds_since(began);
    usleep(200 * 1000);
    printf("| a graph of %d objects: read | %.0f ms |\n| and its memory beyond the store | %.0f "
           "bytes an object |\n",
           objects, took * 1e3, (double)(in_use() - before) / objects);
    free(more);
    free(uid);
}

int main(int argc, char **argv) {
    int dependents = argc > 1 ? atoi(argv[1]) : 1000;
    int large = argc > 2 ? atoi(argv[2]) : 100000;
    int objects = argc > 3 ? atoi(argv[3]) : 1000000;
    inproc_open(&b);
    make_namespace("family");
    start_host("garbagecollector,namespace");
    puts("| What | |\n|---|---|");
    families("background", dependents, CLEAT_PROPAGATE_BACKGROUND);
    families("foreground", dependents, CLEAT_PROPAGATE_FOREGROUND);
    families("orphan", dependents, CLEAT_PROPAGATE_ORPHAN);
    a_namespace(dependents);
    if (large > 0) {
        a_namespace(large);
    }
    if (objects > 0) {
        graph(objects);
    }
    inproc_stop(&b);
    inproc_close(&b);
    return 0;
}
