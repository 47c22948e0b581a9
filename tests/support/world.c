/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kinds/kinds.h"
#include "tests/support/world.h"

#include "tests/support/kt.h"

#include <CUnit/CUnit.h>

#ifndef CLEAT_PLUGIN_DIR
#error "the build tells where plugins are"
#endif

static const struct {
    const char *kind, *ns;
    struct cleat_gvr gvr;
} kinds[] = {
    {"nodes", "", {"", "v1", "nodes"}},
    {"pods", "default", {"", "v1", "pods"}},
    {"services", "default", {"", "v1", "services"}},
    {"events", "default", {"", "v1", "events"}},
    {"configmaps", "kube-system", {"", "v1", "configmaps"}},
    {"leases", "kube-node-lease", {"coordination.k8s.io", "v1", "leases"}},
    {"machines", "", {"sim.cleat.dev", "v1alpha1", "machines"}},
    {"loadbalancers", "", {"sim.cleat.dev", "v1alpha1", "loadbalancers"}},
    {"routes", "", {"sim.cleat.dev", "v1alpha1", "routes"}},
    {"clouds", "", {"sim.cleat.dev", "v1alpha1", "clouds"}},
};

static void die(const char *what, const struct cleat_error *e) {
    fprintf(stderr, "world: %s: %s\n", what, e != NULL ? e->message : "");
    abort();
}

static size_t kind_of(const char *kind) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return i;
        }
    }
    die(kind, NULL);
    return 0;
}

/* ---- stepping ---- */

/* One turn of everything; a step inside a wait inside a step runs the store and
 * the timers only, so that the host is never inside itself. */
static bool turn(struct world *w) {
    if (w->transport == NULL) { /* the registry is being set up */
        return cleat_store_step(w->store) > 0;
    }
    bool did = cleat_store_step(w->store) > 0;
    did |= cleat_transport_local_step(w->transport) > 0;
    did |= cleat_timers_step() > 0;
    if (w->host != NULL && w->depth == 0) {
        w->depth++;
        did |= cleat_hostd_step(w->host) > 0;
        w->depth--;
    }
    return did;
}

static bool pump(void *userdata) {
    struct world *w = userdata;
    if (turn(w)) {
        return true;
    }
    cleat_time next = cleat_timers_next();
    if (next == INT64_MAX) {
        return false;
    }
    cleat_time now = cleat_now_mono();
    cleat_clock_advance(next > now ? next - now : 0);
    return true;
}

bool world_step(struct world *w) {
    return turn(w);
}

void world_settle(struct world *w) {
    while (turn(w)) {
    }
}

void world_run(struct world *w, cleat_time d) {
    cleat_time end = cleat_now_mono() + d;
    for (;;) {
        world_settle(w);
        cleat_time now = cleat_now_mono(), next = cleat_timers_next();
        if (now >= end) {
            return;
        }
        if (next > end) {
            next = end;
        }
        cleat_clock_advance(next > now ? next - now : 0);
    }
}

bool world_until(struct world *w, cleat_time limit, bool (*fn)(struct world *w, const char *arg),
                 const char *arg) {
    cleat_time end = cleat_now_mono() + limit;
    for (;;) {
        world_settle(w);
        if (fn(w, arg)) {
            return true;
        }
        cleat_time now = cleat_now_mono(), next = cleat_timers_next();
        if (now >= end) {
            return false;
        }
        if (next > end) {
            next = end;
        }
        cleat_clock_advance(next > now ? next - now : 0);
    }
}

/* ---- life ---- */

static void start_host(struct world *w, const char *controllers, const char *clouds,
                       const char *const *flags) {
    static const char *const dirs[] = {CLEAT_PLUGIN_DIR, CLEAT_TEST_PLUGIN_DIR, NULL};
    struct cleat_host_opts opts = {
        .plugin_dirs = dirs,
        .controllers = controllers,
        .cloud_providers = clouds,
        .flags = flags,
        .manual = true,
    };
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_hostd *host = NULL;
    if (cleat_hostd_new(w->host_transport, &opts, &host, &e) != CLEAT_OK) {
        die("host", &e);
    }
    const char *crd;
    for (size_t i = 0; (crd = cleat_hostd_crd(host, i)) != NULL; i++) {
        if (cleat_registry_add_crd(w->registry, cleat_s(crd), &e) != CLEAT_OK) {
            die(crd, &e);
        }
    }
    w->host = host; /* only now is it stepped while somebody waits */
    if (cleat_hostd_start(w->host, &e) != CLEAT_OK) {
        die("start", &e);
    }
    world_settle(w);
}

static void stop_host(struct world *w) {
    w->depth++;
    KT_EQ_INT(cleat_hostd_stop(w->host, 10 * CLEAT_SECOND), 0);
    cleat_hostd_free(w->host);
    w->depth--;
    w->host = NULL;
    world_settle(w);
}

struct world *world_new(const char *controllers, const char *clouds, const char *const *flags) {
    return world_new_wrapped(controllers, clouds, flags, NULL);
}

struct world *world_new_wrapped(const char *controllers, const char *clouds,
                                const char *const *flags,
                                struct cleat_transport *(*wrap)(struct cleat_transport *t)) {
    struct world *w = cleat_zalloc(sizeof *w);
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {.manual = true};
    cleat_clock_virtual(INT64_C(1767225600) * CLEAT_SECOND);
    const char *seed = getenv("CLEAT_SEED"); /* another order of events, on demand */
    cleat_random_seed(seed != NULL ? strtoull(seed, NULL, 10) : 1);
    cleat_wait_set_pump(pump, w);
    if (cleat_store_open(cleat_backend_memory(), &opts, &w->store, &e) != CLEAT_OK ||
        cleat_registry_new(w->store, cleat_kinds, &w->registry, &e) != CLEAT_OK ||
        cleat_registry_bootstrap(w->registry, &e) != CLEAT_OK) {
        die("store", &e);
    }
    w->transport = cleat_transport_local_manual(w->registry);
    w->host_transport = wrap != NULL ? wrap(w->transport) : w->transport;
    w->client = cleat_client_new(w->transport, "system:test");
    start_host(w, controllers, clouds, flags);
    return w;
}

void world_restart(struct world *w, const char *controllers, const char *clouds,
                   const char *const *flags) {
    stop_host(w);
    start_host(w, controllers, clouds, flags);
}

void world_free(struct world *w) {
    stop_host(w);
    cleat_client_free(w->client);
    w->transport->ops->free(w->transport);
    cleat_registry_free(w->registry);
    cleat_store_close(w->store);
    cleat_wait_set_pump(NULL, NULL);
    free(w);
}

/* ---- the API ---- */

static struct cleat_key key_of(size_t kind, const char *name) {
    return (struct cleat_key){cleat_s(kinds[kind].ns), cleat_s(name)};
}

cleat_obj *world_get(struct world *w, const char *kind, const char *name) {
    size_t k = kind_of(kind);
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_client_api.get(w->client, NULL, kinds[k].gvr, key_of(k, name), &o, &e);
    if (err != CLEAT_OK && err != CLEAT_E_NOT_FOUND) {
        kt_ok(err, &e, name, __FILE__, __LINE__);
    }
    return o;
}

void world_create(struct world *w, const char *kind, const char *json) {
    size_t k = kind_of(kind);
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_obj_parse(cleat_s(json), 0, &o, &e);
    if (err == CLEAT_OK) {
        err = cleat_client_api.create(w->client, NULL, kinds[k].gvr, o, NULL, &e);
        cleat_obj_unref(o);
    }
    kt_ok(err, &e, json, __FILE__, __LINE__);
}

void world_patch(struct world *w, const char *kind, const char *name, const char *json) {
    size_t k = kind_of(kind);
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_client_api.patch(w->client, NULL, kinds[k].gvr, key_of(k, name), NULL,
                                           CLEAT_PATCH_MERGE, cleat_s(json), NULL, &e);
    kt_ok(err, &e, json, __FILE__, __LINE__);
}

void world_delete(struct world *w, const char *kind, const char *name) {
    size_t k = kind_of(kind);
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_delete_opts opts = {.struct_size = sizeof opts, .grace_period_seconds = -1};
    cleat_err err =
        cleat_client_api.remove(w->client, NULL, kinds[k].gvr, key_of(k, name), &opts, NULL, &e);
    kt_ok(err, &e, name, __FILE__, __LINE__);
}

static void list(struct world *w, const char *kind, struct cleat_list *ret) {
    struct cleat_list_opts opts = {.struct_size = sizeof opts};
    struct cleat_error e = CLEAT_ERROR_INIT;
    *ret = (struct cleat_list){.struct_size = sizeof *ret};
    kt_ok(cleat_client_api.list(w->client, NULL, kinds[kind_of(kind)].gvr, "", &opts, ret, &e), &e,
          kind, __FILE__, __LINE__);
}

size_t world_count(struct world *w, const char *kind) {
    struct cleat_list l;
    list(w, kind, &l);
    size_t n = l.n;
    cleat_client_api.list_free(&l);
    return n;
}

size_t world_events(struct world *w, const char *name, const char *reason) {
    struct cleat_list l;
    size_t n = 0;
    list(w, "events", &l);
    for (size_t i = 0; i < l.n; i++) {
        const cleat_obj *o = l.items[i];
        struct cleat_str about =
            cleat_val_str(cleat_obj_at(o, CLEAT_PATH("involvedObject", "name")));
        n += cleat_eqc(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("reason"))), reason) &&
             (name == NULL || cleat_eqc(about, name));
    }
    cleat_client_api.list_free(&l);
    return n;
}

/* One step of a dotted path; keys with dots or slashes stand in brackets. */
static bool next_key(const char **p, char key[256]) {
    if (**p == 0) {
        return false;
    }
    if (**p == '.') {
        (*p)++;
    }
    bool bracket = **p == '[';
    const char *start = *p + bracket;
    size_t n = strcspn(start, bracket ? "]" : ".[");
    snprintf(key, 256, "%.*s", (int)n, start);
    *p = start + n + bracket;
    return true;
}

char *world_text(struct world *w, const char *kind, const char *name, const char *path) {
    cleat_obj *o = world_get(w, kind, name);
    if (o == NULL) {
        return cleat_strdup("");
    }
    char key[256];
    struct cleat_val v = cleat_obj_root(o);
    while (next_key(&path, key)) {
        v = cleat_val_at(v, CLEAT_PATH(key));
    }
    char *text =
        cleat_val_type(v) == CLEAT_STRING ? cleat_val_strdup(v) : cleat_strndup(cleat_val_raw(v));
    cleat_obj_unref(o);
    return text != NULL ? text : cleat_strdup("");
}

void world_expect(struct world *w, const char *kind, const char *name, const char *path,
                  const char *want, const char *file, int line) {
    char *text = world_text(w, kind, name, path);
    kt_str(cleat_s(text), cleat_s(want), path, file, line);
    free(text);
}

void world_machine(struct world *w, const char *name, const char *spec) {
    char *json = cleat_sprintf("{\"apiVersion\":\"sim.cleat.dev/v1alpha1\",\"kind\":\"Machine\","
                               "\"metadata\":{\"name\":\"%s\"},\"spec\":{%s}}",
                               name, spec);
    world_create(w, "machines", json);
    free(json);
}

/* ---- what is often asked ---- */

static bool ready_is(struct world *w, const char *name, const char *status) {
    cleat_obj *o = world_get(w, "nodes", name);
    bool is = false;
    struct cleat_iter it = {0};
    while (o != NULL && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("status", "conditions")), &it)) {
        is |= cleat_eqc(cleat_val_str(cleat_val_get(it.val, "type")), "Ready") &&
              cleat_eqc(cleat_val_str(cleat_val_get(it.val, "status")), status);
    }
    cleat_obj_unref(o);
    return is;
}

bool world_node_is_ready(struct world *w, const char *name) {
    return ready_is(w, name, "True");
}

bool world_node_is_not_ready(struct world *w, const char *name) {
    return ready_is(w, name, "False");
}

bool world_node_exists(struct world *w, const char *name) {
    cleat_obj *o = world_get(w, "nodes", name);
    cleat_obj_unref(o);
    return o != NULL;
}

bool world_node_is_gone(struct world *w, const char *name) {
    return !world_node_exists(w, name);
}

bool world_node_has_taint(struct world *w, const char *name, const char *key) {
    cleat_obj *o = world_get(w, "nodes", name);
    bool has = false;
    struct cleat_iter it = {0};
    while (o != NULL && cleat_val_next(cleat_obj_at(o, CLEAT_PATH("spec", "taints")), &it)) {
        has |= cleat_eqc(cleat_val_str(cleat_val_get(it.val, "key")), key);
    }
    cleat_obj_unref(o);
    return has;
}

bool world_node_is_shut_down(struct world *w, const char *name) {
    return world_node_has_taint(w, name, "node.cloudprovider.kubernetes.io/shutdown");
}
