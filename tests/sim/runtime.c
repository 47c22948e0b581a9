/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What plugins live on, inside the process: informers with and without a
 * selector, and a reconciler that mirrors config maps of one namespace into
 * another. Handlers must hear a consistent story, a key must never be with two
 * workers, and when all is quiet caches equal the store and mirrors their
 * sources.
 */
#include "core/controller/controller.h"
#include "tests/sim/sim.h"

static const struct cleat_gvr configmaps_gvr = {"", "v1", "configmaps"};
#define SOURCE_NS CLEAT_STR("default")
#define MIRROR_NS CLEAT_STR("kube-public")

/* One informer and what its handler heard. */
static struct view {
    struct cleat_gvr gvr;
    const char *labels;
    struct cleat_selector *selector;
    cleat_informer *informer;
    uint64_t handler;
    struct cleat_map heard; /* "ns/name" -> cleat_obj */
} views[] = {
    {.gvr = {"", "v1", "nodes"}},
    {.gvr = {"", "v1", "nodes"}, .labels = "zone=z1"},
    {.gvr = {"", "v1", "configmaps"}},
    {.gvr = {"", "v1", "configmaps"}, .labels = "team in (a)"},
    {.gvr = {"coordination.k8s.io", "v1", "leases"}},
};
enum { VIEWS = sizeof views / sizeof *views };

static struct cleat_transport *transport;
static cleat_client *client;
static cleat_informers *informers;
static cleat_controller *reconciler;
static cleat_recorder *recorder;
static cleat_ctx *ctx;
static cleat_obj *config;
static struct cleat_map inside; /* keys that a worker is busy with */
static bool recording, dispatching;
static int asynchronous;

/* ---- handlers ---- */

static char *key_text(const cleat_obj *o) {
    return cleat_sprintf("%.*s/%.*s", CLEAT_FMT(cleat_obj_ns(o)), CLEAT_FMT(cleat_obj_name(o)));
}

static void heard(struct view *v, const cleat_obj *now, const cleat_obj *old, bool add) {
    CLEAT_AUTO_FREE char *key = key_text(now ? now : old);
    cleat_obj *had = cleat_map_remove(&v->heard, cleat_s(key));
    sim.n.dispatched++;
    SIM_CHECK(add == (had == NULL), "a handler of %s (%s): %s of %s, which it %s", v->gvr.resource,
              v->labels ? v->labels : "all",
              add   ? "add"
              : now ? "update"
                    : "delete",
              key, had ? "has" : "has not");
    if (now != NULL && old != NULL) {
        SIM_CHECK(cleat_obj_revision(old) == cleat_obj_revision(had) &&
                      cleat_obj_revision(now) >= cleat_obj_revision(old),
                  "a handler of %s: %s went from %llu to %llu, it had %llu", v->gvr.resource, key,
                  (unsigned long long)cleat_obj_revision(old),
                  (unsigned long long)cleat_obj_revision(now),
                  (unsigned long long)cleat_obj_revision(had));
    }
    cleat_obj_unref(had);
    if (now != NULL) {
        cleat_map_put(&v->heard, cleat_s(key), cleat_obj_ref(now));
    }
}

static void on_add(void *userdata, const cleat_obj *o, int32_t initial) {
    (void)initial;
    heard(userdata, o, NULL, true);
}

static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *o) {
    heard(userdata, o, old, false);
}

static void on_delete(void *userdata, const cleat_obj *o, int32_t unknown) {
    (void)unknown;
    heard(userdata, NULL, o, false);
}

/* ---- the reconciler ---- */

static cleat_obj *mirror_of(const cleat_obj *source, const cleat_obj *old) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    cleat_edit *edit;
    if (old != NULL) {
        edit = cleat_edit_new(old);
    } else {
        edit = cleat_edit_new(NULL);
        cleat_edit_set_str(edit, CLEAT_PATH("metadata", "name"), cleat_obj_name(source));
        cleat_edit_set_str(edit, CLEAT_PATH("metadata", "namespace"), MIRROR_NS);
    }
    cleat_edit_set_val(edit, CLEAT_PATH("data"), cleat_obj_at(source, CLEAT_PATH("data")));
    SIM_CHECK(cleat_edit_finish(edit, &o, &e) == CLEAT_OK, "an edit failed: %s", e.message);
    return o;
}

/* A worker's thread may be stopped anywhere while the others go on. */
static void preempt(void) {
    while (sim.running && !disk_is_off(sim.disk) && rng_chance(&sim.rng, 600)) {
        sim_nested_step();
    }
}

/* Always from live reads: caches may be behind, and that is not what is tested here. */
static cleat_err mirror(cleat_ctx *c, struct cleat_str name, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *source = NULL, *have = NULL, *want = NULL;
    struct cleat_key from = {SOURCE_NS, name}, to = {MIRROR_NS, name};
    cleat_err err = cleat_client_api.get(client, c, configmaps_gvr, from, &source, e);
    if (err != CLEAT_OK && err != CLEAT_E_NOT_FOUND) {
        return err;
    }
    preempt();
    err = cleat_client_api.get(client, c, configmaps_gvr, to, &have, e);
    if (err != CLEAT_OK && err != CLEAT_E_NOT_FOUND) {
        return err;
    }
    if (source == NULL && have == NULL) {
        return CLEAT_OK;
    }
    if (source == NULL) {
        struct cleat_delete_opts o = {.struct_size = sizeof o,
                                      .grace_period_seconds = -1,
                                      .revision = cleat_obj_revision(have)};
        return cleat_client_api.remove(client, c, configmaps_gvr, to, &o, NULL, e);
    }
    want = mirror_of(source, have);
    if (have == NULL) {
        return cleat_client_api.create(client, c, configmaps_gvr, want, NULL, e);
    }
    if (cleat_val_equal(cleat_obj_at(have, CLEAT_PATH("data")),
                        cleat_obj_at(source, CLEAT_PATH("data")))) {
        return CLEAT_OK;
    }
    return cleat_client_api.update(client, c, configmaps_gvr, NULL, want, NULL, e);
}

static cleat_err reconcile(void *self, cleat_ctx *c, struct cleat_key key, struct cleat_result *ret,
                           struct cleat_error *e) {
    (void)self;
    CLEAT_AUTO_FREE char *name = cleat_strndup(key.name);
    SIM_CHECK(cleat_map_put(&inside, cleat_s(name), name) == NULL, "%s is with two workers", name);
    sim.n.reconciles++;
    if (sim.break_mode == BREAK_TWO_WORKERS && rng_chance(&sim.rng, 10)) {
        reconcile(self, c, key, ret, e);
    }
    if (rng_chance(&sim.rng, 100)) { /* something happens while it is at work */
        cleat_reconciler_enqueue(reconciler, (struct cleat_key){SOURCE_NS, cleat_s(name)}, 0);
    }
    preempt();
    cleat_err err = mirror(c, cleat_s(name), e);
    preempt();
    sim_note("reconcile %s: %s", name, cleat_err_name(err));
    if (err != CLEAT_OK && rng_chance(&sim.rng, 200)) {
        CLEAT_AUTO(cleat_obj) *about = NULL;
        if (cleat_client_api.get(client, c, configmaps_gvr,
                                 (struct cleat_key){SOURCE_NS, cleat_s(name)}, &about,
                                 NULL) == CLEAT_OK) {
            cleat_recorder_record(recorder, "sim", about, "Warning", "MirrorFailed", e->message);
        }
    }
    cleat_map_remove(&inside, cleat_s(name));
    return err;
}

static int32_t is_ours(void *self, const cleat_obj *old, const cleat_obj *obj) {
    (void)self;
    struct cleat_str ns = cleat_obj_ns(obj ? obj : old);
    return cleat_eq(ns, SOURCE_NS) || cleat_eq(ns, MIRROR_NS);
}

static void to_source(void *self, const cleat_obj *obj,
                      void (*emit)(void *sink, struct cleat_key key), void *sink) {
    (void)self;
    emit(sink, (struct cleat_key){SOURCE_NS, cleat_obj_name(obj)});
}

/* ---- up and down ---- */

static void make_reconciler(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj_parse(CLEAT_STR("{}"), 0, &config, &e);
    struct cleat_controller_env env = {.struct_size = sizeof env,
                                       .name = "mirror",
                                       .client = client,
                                       .ctx = ctx,
                                       .config = config};
    struct cleat_reconciler_opts o = {.struct_size = sizeof o,
                                      .workers = 3,
                                      .name = "mirror",
                                      .max_delay = 5 * CLEAT_SECOND,
                                      .qps = 1000,
                                      .burst = 100};
    SIM_CHECK(cleat_reconciler_new(informers, &env, &o, reconcile, NULL, &reconciler, &e) ==
                      CLEAT_OK &&
                  cleat_reconciler_watches(reconciler, configmaps_gvr, to_source, is_ours, &e) ==
                      CLEAT_OK,
              "no reconciler: %s", e.message);
    cleat_reconciler_start(reconciler, true);
}

static void up(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    transport = cleat_transport_local_manual(sim.registry);
    client = cleat_client_new(transport, "system:sim");
    informers = cleat_informers_new(client, true);
    ctx = cleat_ctx_new(NULL, 0);
    recorder = cleat_recorder_new(client, true);
    recording = dispatching = false;
    for (size_t i = 0; i < VIEWS; i++) {
        struct view *v = &views[i];
        SIM_CHECK(cleat_informer_acquire(informers, v->gvr, v->labels, NULL, &v->informer, &e) ==
                          CLEAT_OK &&
                      cleat_selector_labels(v->labels, &v->selector, &e) == CLEAT_OK,
                  "no informer: %s", e.message);
        struct cleat_handler h = {.struct_size = sizeof h,
                                  .userdata = v,
                                  .on_add = on_add,
                                  .on_update = on_update,
                                  .on_delete = on_delete,
                                  .resync = i == 0 ? 7 * CLEAT_SECOND : 0};
        v->handler = cleat_informer_add_handler(v->informer, &h);
    }
    make_reconciler();
}

static void forget(struct view *v) {
    size_t at = 0;
    for (struct cleat_map_entry *s; (s = cleat_map_each(&v->heard, &at)) != NULL;) {
        cleat_obj_unref(s->value);
    }
    cleat_map_done(&v->heard);
    cleat_selector_free(v->selector);
    v->selector = NULL;
}

static void down(void) {
    SIM_CHECK(inside.n == 0, "a worker never came back");
    while (cleat_transport_local_step(transport) > 0) {
    }
    SIM_CHECK(asynchronous == 0, "%d asynchronous writes were never answered", asynchronous);
    cleat_recorder_free(recorder);
    cleat_reconciler_request_stop(reconciler);
    SIM_CHECK(cleat_reconciler_join(reconciler, 0) == 0, "a reconciler did not stop");
    cleat_reconciler_free(reconciler);
    for (size_t i = 0; i < VIEWS; i++) {
        cleat_informer_remove_handler(views[i].informer, views[i].handler);
        cleat_informer_release(views[i].informer);
        forget(&views[i]);
    }
    cleat_informers_free(informers);
    cleat_ctx_free(ctx);
    cleat_obj_unref(config);
    cleat_client_free(client);
    transport->ops->free(transport);
}

/* ---- steps ---- */

static int dispatch(void) {
    if (dispatching) {
        return 0; /* one thread */
    }
    dispatching = true;
    int did = cleat_informers_step(informers);
    dispatching = false;
    return did;
}

static int record(void) {
    if (recording) {
        return 0;
    }
    recording = true;
    int did = cleat_recorder_step(recorder);
    recording = false;
    return did;
}

static void async_done(void *userdata, cleat_err err, const cleat_obj *obj,
                       const struct cleat_error *error) {
    (void)userdata;
    asynchronous--;
    sim_note("async: %s", cleat_err_name(err));
    if (err == CLEAT_OK) {
        model_acked(&sim.model, CLEAT_OP_CREATE, obj);
    } else {
        SIM_CHECK(err == CLEAT_E_EXISTS || err == CLEAT_E_INTERNAL, "async: %s", error->message);
    }
}

static void create_async(void) {
    CLEAT_AUTO_BUF b = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    cleat_buf_printf(&b,
                     "{\"metadata\":{\"name\":\"cm-%d\",\"namespace\":\"default\"},"
                     "\"data\":{\"async\":\"%zu\"}}",
                     (int)rng_below(&sim.rng, 10), sim.step);
    SIM_CHECK(cleat_obj_parse((struct cleat_str){b.p, b.n}, 0, &o, NULL) == CLEAT_OK, "no object");
    asynchronous++;
    cleat_client_api.create_async(client, configmaps_gvr, o, async_done, NULL);
}

static int settle(void) {
    int did = dispatch() | cleat_transport_local_step(transport) | record();
    return did | cleat_reconciler_step(reconciler);
}

static int step(void) {
    unsigned lot = (unsigned)rng_below(&sim.rng, 100);
    if (disk_is_off(sim.disk)) {
        return 0;
    }
    if (lot < 40) {
        return dispatch();
    }
    if (lot < 75) {
        return cleat_reconciler_step(reconciler);
    }
    if (lot < 82) {
        return cleat_transport_local_step(transport);
    }
    if (lot < 87) {
        return record();
    }
    if (lot < 92) {
        create_async();
    } else { /* as a timer or another source would */
        char name[16];
        int n = snprintf(name, sizeof name, "cm-%d", (int)rng_below(&sim.rng, 10));
        cleat_reconciler_enqueue(
            reconciler, (struct cleat_key){SOURCE_NS, {name, (size_t)n}},
            rng_chance(&sim.rng, 500) ? 0 : (cleat_time)rng_below(&sim.rng, 3000) * CLEAT_MS);
    }
    return 1;
}

/* ---- when all is quiet ---- */

struct walk {
    struct view *view;
    struct mkind *kind;
    size_t n;
};

static int32_t compare_one(void *userdata, const cleat_obj *o) {
    struct walk *w = userdata;
    cleat_obj *want = model_live(w->kind, cleat_obj_ns(o), cleat_obj_name(o));
    uint64_t revision = cleat_obj_revision(o);
    if (sim.break_mode == BREAK_STALE_CACHE && revision > 100 && sim.step > 300) {
        revision--;
    }
    SIM_CHECK(want != NULL && cleat_selector_match(w->view->selector, o) &&
                  cleat_obj_revision(want) == revision,
              "the cache of %s (%s) has %.*s at %llu, the store at %llu", w->view->gvr.resource,
              w->view->labels ? w->view->labels : "all", CLEAT_FMT(cleat_obj_name(o)),
              (unsigned long long)revision,
              want ? (unsigned long long)cleat_obj_revision(want) : 0);
    CLEAT_AUTO_FREE char *key = key_text(o);
    cleat_obj *had = cleat_map_get(&w->view->heard, cleat_s(key));
    SIM_CHECK(had != NULL && cleat_obj_revision(had) == cleat_obj_revision(o),
              "a handler of %s never heard of %s at %llu", w->view->gvr.resource, key,
              (unsigned long long)cleat_obj_revision(o));
    w->n++;
    return 0;
}

static void compare(struct view *v) {
    const struct cleat_kind *k =
        cleat_registry_find(sim.registry, v->gvr.group, v->gvr.version, v->gvr.resource);
    struct walk w = {v, model_kind(&sim.model, k->id), 0};
    SIM_CHECK(cleat_informer_has_synced(v->informer), "an informer of %s is not in sync",
              v->gvr.resource);
    cleat_informer_foreach(v->informer, NULL, (struct cleat_str){NULL, 0}, compare_one, &w);
    size_t n = 0, at = 0;
    for (struct cleat_map_entry *s; (s = cleat_map_each(&w.kind->keys, &at)) != NULL;) {
        const struct mkey *key = s->value;
        n += key->live != NULL && cleat_selector_match(v->selector, key->live);
    }
    SIM_CHECK(w.n == n && v->heard.n == n && cleat_informer_count(v->informer) == n,
              "the cache of %s (%s) has %zu objects, handlers heard %zu, the store has %zu",
              v->gvr.resource, v->labels ? v->labels : "all", w.n, v->heard.n, n);
}

static void check_mirrors(void) {
    const struct cleat_kind *kind = cleat_registry_find(sim.registry, "", "v1", "configmaps");
    struct mkind *k = model_kind(&sim.model, kind->id);
    size_t at = 0;
    for (struct cleat_map_entry *s; (s = cleat_map_each(&k->keys, &at)) != NULL;) {
        const struct mkey *key = s->value;
        cleat_obj *source = model_live(k, SOURCE_NS, key->name);
        cleat_obj *have = model_live(k, MIRROR_NS, key->name);
        if (!cleat_eq(key->ns, SOURCE_NS) && !cleat_eq(key->ns, MIRROR_NS)) {
            continue;
        }
        SIM_CHECK((source == NULL) == (have == NULL) &&
                      (source == NULL || cleat_val_equal(cleat_obj_at(source, CLEAT_PATH("data")),
                                                         cleat_obj_at(have, CLEAT_PATH("data")))),
                  "config map %.*s was never reconciled", CLEAT_FMT(key->name));
    }
}

static void quiet(void) {
    SIM_CHECK(inside.n == 0 && asynchronous == 0, "somebody is still at work");
    for (size_t i = 0; i < VIEWS; i++) {
        compare(&views[i]);
    }
    check_mirrors();
}

static void end(void) {
    cleat_map_done(&inside);
}

const struct actor runtime_actor = {.name = "runtime",
                                    .weight = 400,
                                    .up = up,
                                    .down = down,
                                    .step = step,
                                    .settle = settle,
                                    .quiet = quiet,
                                    .done = end};
