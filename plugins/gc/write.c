/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The collector's writes. A node has one under way at most; what came of it is told
 * on the transport's thread, which must not block: failures go back to a queue.
 */
#include "collector.h"

#include <stdatomic.h>

#define RETRY_FIRST (5 * CLEAT_MS)
#define RETRY_MAX   (1000 * CLEAT_SECOND)

struct write {
    struct cleat_collector *c;
    char *uid;
    char *waiting; /* an owner that is being orphaned; NULL = none */
};

struct cleat_gvr cleat_gc_monitor_gvr(const struct cleat_gc_monitor *m) {
    return (struct cleat_gvr){m->group, m->version, m->resource};
}

void cleat_gc_enqueue(struct cleat_collector *c, cleat_controller *queue, struct cleat_str uid,
                      cleat_time delay) {
    pthread_mutex_lock(&c->graph.mutex);
    if (!c->stopped) {
        SDK->controller->enqueue(queue, (struct cleat_key){{"", 0}, uid}, delay);
    }
    pthread_mutex_unlock(&c->graph.mutex);
}

/* ---- around a write ---- */

/* false: another one is under way, or nobody knows the object any more. */
static bool begin(struct cleat_collector *c, struct cleat_str uid) {
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    bool yes = n != NULL && !n->in_flight;
    if (yes) {
        n->in_flight = true;
    } else if (n != NULL) {
        n->again = true;
    }
    pthread_mutex_unlock(&c->graph.mutex);
    if (yes) {
        atomic_fetch_add(&c->pending, 1);
    }
    return yes;
}

/* Ends what begin began; *ret_again: it was asked for meanwhile. */
static void end(struct cleat_collector *c, struct cleat_str uid, bool *ret_again) {
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    *ret_again = n != NULL && n->again;
    if (n != NULL) {
        n->in_flight = n->again = false;
    }
    pthread_mutex_unlock(&c->graph.mutex);
}

static cleat_time backoff(struct cleat_collector *c, struct cleat_str uid) {
    cleat_time delay = RETRY_FIRST;
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    for (int i = 0; n != NULL && i < n->tries && delay < RETRY_MAX; i++) {
        delay *= 2;
    }
    if (n != NULL && delay < RETRY_MAX) {
        n->tries++;
    }
    pthread_mutex_unlock(&c->graph.mutex);
    return delay < RETRY_MAX ? delay : RETRY_MAX;
}

static void settle(struct cleat_collector *c, struct cleat_str uid) {
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    if (n != NULL) {
        n->tries = 0;
    }
    pthread_mutex_unlock(&c->graph.mutex);
}

void cleat_gc_retry(struct cleat_collector *c, struct cleat_str uid) {
    cleat_gc_enqueue(c, c->checks, uid, backoff(c, uid));
}

static void write_ended(void *userdata, cleat_err err, const cleat_obj *obj,
                        const struct cleat_error *why) {
    struct write *w = userdata;
    struct cleat_collector *c = w->c;
    struct cleat_str uid = cleat_cstr(w->uid);
    bool again = false;
    (void)obj;
    end(c, uid, &again);
    if (err == CLEAT_OK || err == CLEAT_E_NOT_FOUND) {
        settle(c, uid);
    } else {
        cleat_sdk_log(SDK, err == CLEAT_E_CONFLICT ? CLEAT_LOG_DEBUG : CLEAT_LOG_WARN, c->name,
                      "a write about %s failed: %s", w->uid, why->message);
        cleat_time delay = backoff(c, uid);
        if (w->waiting != NULL) {
            cleat_gc_enqueue(c, c->orphans, cleat_cstr(w->waiting), delay);
        } else {
            cleat_gc_enqueue(c, c->checks, uid, delay);
            cleat_gc_enqueue(c, c->orphans, uid, delay);
        }
    }
    if (again) {
        cleat_gc_enqueue(c, c->checks, uid, 0);
    }
    free(w->uid);
    free(w->waiting);
    free(w);
    atomic_fetch_sub(&c->pending, 1);
}

static struct write *write_new(struct cleat_collector *c, const cleat_obj *obj,
                               struct cleat_str waiting) {
    struct write *w = cleat_sdk_alloc(1, sizeof *w);
    w->c = c;
    w->uid = cleat_sdk_dup(SDK->obj->uid(obj));
    w->waiting = waiting.n > 0 ? cleat_sdk_dup(waiting) : NULL;
    return w;
}

static struct cleat_key name_of(const cleat_obj *o) {
    return (struct cleat_key){SDK->obj->ns(o), SDK->obj->name(o)};
}

void cleat_gc_drain(struct cleat_collector *c) {
    cleat_ctx *ctx = SDK->ctx->child(NULL, 0);
    while (atomic_load(&c->pending) > 0) {
        SDK->ctx->sleep(ctx, CLEAT_MS);
    }
    SDK->ctx->free(ctx);
}

/* ---- the writes ---- */

void cleat_gc_remove(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                     const cleat_obj *obj, int32_t propagation, const char *why) {
    static const char *const policies[] = {"Default", "Background", "Foreground", "Orphan"};
    struct cleat_key key = name_of(obj);
    cleat_gc_note(c, m, obj, "%s, %s: %s", c->dry_run ? "would be deleted" : "deleted",
                  policies[propagation], why);
    if (c->dry_run || !begin(c, SDK->obj->uid(obj))) {
        return;
    }
    struct write *w = write_new(c, obj, (struct cleat_str){"", 0});
    const struct cleat_delete_opts opts = {
        .struct_size = sizeof opts,
        .propagation = propagation,
        .grace_period_seconds = -1,
        .uid = w->uid,
        .revision = SDK->obj->revision(obj),
    };
    SDK->client->remove_async(c->client, cleat_gc_monitor_gvr(m), key, &opts, write_ended, w);
}

void cleat_gc_patch(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                    const cleat_obj *obj, const char *members, struct cleat_str waiting) {
    if (!begin(c, SDK->obj->uid(obj))) {
        return;
    }
    struct write *w = write_new(c, obj, waiting);
    /* The revision is the precondition: the lists below were read from obj. */
    char *patch = cleat_sdk_format("{\"metadata\":{\"resourceVersion\":\"%llu\",%s}}",
                                   (unsigned long long)SDK->obj->revision(obj), members);
    SDK->client->patch_async(c->client, cleat_gc_monitor_gvr(m), name_of(obj), NULL,
                             CLEAT_PATCH_MERGE, cleat_cstr(patch), write_ended, w);
    free(patch);
}

void cleat_gc_drop_finalizer(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                             const cleat_obj *obj, const char *finalizer) {
    struct cleat_text t = {0};
    size_t n = 0;
    cleat_text_addf(&t, "\"finalizers\":[");
    for (struct cleat_iter it = {0};
         SDK->obj->next(CLEAT_AT(SDK, obj, "metadata", "finalizers"), &it);) {
        if (!cleat_str_is(SDK->obj->str(it.val), finalizer)) {
            cleat_text_add(&t, cleat_cstr(n++ > 0 ? "," : ""));
            cleat_text_add(&t, SDK->obj->raw(it.val));
        }
    }
    cleat_text_addf(&t, "]");
    cleat_gc_note(c, m, obj, "its finalizer %s ended", finalizer);
    cleat_gc_patch(c, m, obj, n > 0 ? t.p : "\"finalizers\":null", (struct cleat_str){"", 0});
    free(t.p);
}

void cleat_gc_drop_refs(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                        const cleat_obj *obj,
                        bool (*keep)(void *userdata, size_t i, const struct cleat_gc_ref *ref),
                        void *userdata, struct cleat_str waiting) {
    struct cleat_text t = {0};
    size_t n = 0, i = 0, dropped = 0;
    cleat_text_addf(&t, "\"ownerReferences\":[");
    for (struct cleat_iter it = {0};
         SDK->obj->next(CLEAT_AT(SDK, obj, "metadata", "ownerReferences"), &it); i++) {
        struct cleat_gc_ref ref = cleat_gc_ref_of(it.val);
        if (keep(userdata, i, &ref)) {
            cleat_text_add(&t, cleat_cstr(n++ > 0 ? "," : ""));
            cleat_text_add(&t, SDK->obj->raw(it.val));
        } else {
            dropped++;
            cleat_gc_note(c, m, obj, "lost its reference to %.*s %.*s (%.*s)", CLEAT_FMT(ref.kind),
                          CLEAT_FMT(ref.name), CLEAT_FMT(ref.uid));
        }
    }
    cleat_text_addf(&t, "]");
    if (dropped > 0) {
        cleat_gc_patch(c, m, obj, n > 0 ? t.p : "\"ownerReferences\":null", waiting);
    }
    free(t.p);
}
