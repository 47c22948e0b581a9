/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Following the kinds: an informer for each that can be deleted, listed and
 * watched, in one version. New kinds join while everything runs; one that is gone
 * takes its objects out of the graph without a conclusion from it.
 */
#include "collector.h"

#include <stdatomic.h>

#define PERIOD    (30 * CLEAT_SECOND) /* as upstream, for transports that do not tell */
#define SYNC_WAIT (30 * CLEAT_SECOND) /* then it goes on without the rest, as upstream */
#define SYNC_LOOK (5 * CLEAT_MS)
#define TELL_TIME (300 * CLEAT_SECOND) /* a kind that nobody can watch is not waited for longer */

/* ---- what informers say [dispatch] ---- */

static void on_add(void *userdata, const cleat_obj *obj, int32_t is_initial) {
    struct cleat_gc_monitor *m = userdata;
    (void)is_initial;
    cleat_gc_graph_put(&m->owner->graph, m->number, obj);
}

static void on_update(void *userdata, const cleat_obj *old, const cleat_obj *obj) {
    struct cleat_gc_monitor *m = userdata;
    if (!cleat_str_eq(SDK->obj->uid(old), SDK->obj->uid(obj))) {
        cleat_gc_graph_remove(&m->owner->graph, m->number, old);
    }
    cleat_gc_graph_put(&m->owner->graph, m->number, obj);
}

static void on_delete(void *userdata, const cleat_obj *obj, int32_t unknown) {
    struct cleat_gc_monitor *m = userdata;
    (void)unknown;
    cleat_gc_graph_remove(&m->owner->graph, m->number, obj);
}

/* ---- one monitor ---- */

static bool is_of(const struct cleat_gc_monitor *m, const struct cleat_kind_info *k) {
    return strcmp(m->resource, k->resource) == 0 && strcmp(m->group, k->group) == 0 &&
           strcmp(m->version, k->version) == 0 && strcmp(m->kind, k->kind) == 0 &&
           m->namespaced == (k->namespaced != 0);
}

/* The one of this kind, running or not; or NULL. */
static struct cleat_gc_monitor *find(struct cleat_collector *c, const struct cleat_kind_info *k) {
    for (size_t i = 0; i < c->n_monitors; i++) {
        if (is_of(c->monitors[i], k)) {
            return c->monitors[i];
        }
    }
    return NULL;
}

static struct cleat_gc_monitor *add(struct cleat_collector *c, const struct cleat_kind_info *k) {
    struct cleat_gc_monitor *m = cleat_sdk_alloc(1, sizeof *m);
    struct cleat_gc_monitor **all =
        cleat_sdk_alloc(c->n_monitors + 1, sizeof(struct cleat_gc_monitor *));
    m->owner = c;
    m->group = cleat_sdk_dup(cleat_cstr(k->group));
    m->version = cleat_sdk_dup(cleat_cstr(k->version));
    m->resource = cleat_sdk_dup(cleat_cstr(k->resource));
    m->kind = cleat_sdk_dup(cleat_cstr(k->kind));
    m->api_version = cleat_sdk_format("%s%s%s", k->group, k->group[0] != 0 ? "/" : "", k->version);
    m->namespaced = k->namespaced != 0;
    pthread_mutex_lock(&c->graph.mutex);
    if (c->n_monitors > 0) {
        memcpy(all, c->monitors, c->n_monitors * sizeof *all);
    }
    free(c->monitors);
    c->monitors = all;
    m->number = (uint16_t)c->n_monitors;
    c->monitors[c->n_monitors++] = m;
    pthread_mutex_unlock(&c->graph.mutex);
    return m;
}

static cleat_err start(struct cleat_collector *c, const struct cleat_kind_info *k,
                       struct cleat_error *reterr) {
    struct cleat_gc_monitor *m = find(c, k);
    if (m != NULL && m->informer != NULL) {
        return CLEAT_OK;
    }
    if (m == NULL && c->n_monitors > UINT16_MAX) {
        return cleat_errorf(reterr, CLEAT_E_INTERNAL, "there have been %zu kinds", c->n_monitors);
    }
    cleat_informer *inf = NULL;
    cleat_err err = SDK->informer->acquire_metadata(cleat_gc_gvr(k), &inf, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    m = m != NULL ? m : add(c, k);
    pthread_mutex_lock(&c->graph.mutex);
    m->informer = inf;
    pthread_mutex_unlock(&c->graph.mutex);
    const struct cleat_handler h = {
        .struct_size = sizeof h,
        .userdata = m,
        .on_add = on_add,
        .on_update = on_update,
        .on_delete = on_delete,
    };
    m->handler = SDK->informer->add_handler(inf, &h);
    return CLEAT_OK;
}

static void stop(struct cleat_collector *c, struct cleat_gc_monitor *m) {
    cleat_informer *inf = m->informer;
    if (inf == NULL) {
        return;
    }
    pthread_mutex_lock(&c->graph.mutex);
    m->informer = NULL;
    pthread_mutex_unlock(&c->graph.mutex);
    SDK->informer->remove_handler(inf, m->handler);
    SDK->informer->release(inf);
}

void cleat_gc_monitors_stop(struct cleat_collector *c) {
    for (size_t i = 0; i < c->n_monitors; i++) {
        stop(c, c->monitors[i]);
    }
}

void cleat_gc_monitors_free(struct cleat_collector *c) {
    for (size_t i = 0; i < c->n_monitors; i++) {
        struct cleat_gc_monitor *m = c->monitors[i];
        free(m->group);
        free(m->version);
        free(m->resource);
        free(m->kind);
        free(m->api_version);
        free(m);
    }
    free(c->monitors);
}

/* ---- all of them ---- */

/* Events are about objects; nothing owns them or is owned by them, as upstream. */
static bool is_ignored(const struct cleat_kind_info *k) {
    return strcmp(k->resource, "events") == 0 &&
           (k->group[0] == 0 || strcmp(k->group, "events.k8s.io") == 0);
}

static bool is_wanted(const struct cleat_kind_info *k) {
    const uint32_t need = CLEAT_SERVES_DELETE | CLEAT_SERVES_LIST | CLEAT_SERVES_WATCH;
    return k->preferred && (k->serves & need) == need && !is_ignored(k);
}

static bool is_served(const struct cleat_gc_monitor *m, const struct cleat_served *s) {
    for (size_t i = 0; i < s->n; i++) {
        if (is_of(m, s->v[i]) && is_wanted(s->v[i])) {
            return true;
        }
    }
    return false;
}

static cleat_err converge(struct cleat_collector *c, const struct cleat_served *s,
                          struct cleat_error *reterr) {
    /* A list that is short says nothing of what is not in it. */
    for (size_t i = 0; i < c->n_monitors && s->n_failed == 0; i++) {
        struct cleat_gc_monitor *m = c->monitors[i];
        if (m->informer != NULL && !is_served(m, s)) {
            stop(c, m);
            cleat_gc_graph_forget(&c->graph, m->number);
        }
    }
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; i < s->n; i++) {
        if (is_wanted(s->v[i])) {
            cleat_err one = start(c, s->v[i], reterr);
            err = one != CLEAT_OK ? one : err;
        }
    }
    return err;
}

struct cleat_gc_kinds *cleat_gc_kinds_now(struct cleat_collector *c) {
    pthread_mutex_lock(&c->kinds_mutex);
    struct cleat_gc_kinds *k = c->kinds;
    if (k != NULL) {
        atomic_fetch_add(&k->refs, 1);
    }
    pthread_mutex_unlock(&c->kinds_mutex);
    return k;
}

static bool all_synced(struct cleat_collector *c) {
    for (size_t i = 0; i < c->n_monitors; i++) {
        cleat_informer *inf = c->monitors[i]->informer;
        if (inf != NULL && !SDK->informer->has_synced(inf)) {
            return false;
        }
    }
    return true;
}

bool cleat_gc_caught_up(struct cleat_collector *c, const cleat_obj *ending) {
    uint64_t revision = SDK->obj->revision(ending);
    bool yes = true;
    pthread_mutex_lock(&c->graph.mutex);
    for (size_t i = 0; i < c->n_monitors; i++) {
        cleat_informer *inf = c->monitors[i]->informer;
        yes &=
            inf == NULL || !SDK->informer->has_synced(inf) || SDK->informer->current(inf, revision);
    }
    pthread_mutex_unlock(&c->graph.mutex);
    cleat_time since = cleat_gc_time(ending, CLEAT_PATH("metadata", "deletionTimestamp"));
    return yes || SDK->clock->wall() - since > TELL_TIME;
}

cleat_err cleat_gc_follow(void *self, cleat_ctx *ctx, struct cleat_key key,
                          struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_collector *c = self;
    struct cleat_served served = {.struct_size = sizeof served};
    (void)key;
    cleat_err err = SDK->client->kinds(c->client, ctx, &served, reterr);
    if (err != CLEAT_OK || served.n == 0) {
        SDK->metrics->add(c->sync_errors, 1);
        SDK->client->kinds_free(&served);
        return err != CLEAT_OK ? err
                               : cleat_errorf(reterr, CLEAT_E_TRANSIENT, "no kinds are served");
    }
    struct cleat_gc_kinds *now = cleat_gc_kinds_new(&served);
    pthread_mutex_lock(&c->kinds_mutex);
    struct cleat_gc_kinds *old = c->kinds;
    c->kinds = now;
    pthread_mutex_unlock(&c->kinds_mutex);
    cleat_gc_kinds_unref(old);
    err = converge(c, &now->served, reterr);
    ret->requeue_after = PERIOD;
    if (!c->graph.ready) {
        bool late = SDK->clock->monotonic() - c->began > SYNC_WAIT;
        if (late || all_synced(c)) {
            if (late) {
                cleat_sdk_log(SDK, CLEAT_LOG_WARN, c->name,
                              "not all kinds are listed yet, "
                              "proceeding anyways");
            }
            cleat_gc_graph_begin(&c->graph);
        } else {
            ret->requeue_after = SYNC_LOOK;
        }
    }
    return err;
}
