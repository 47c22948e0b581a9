/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether one object must go. Looks at it and at its owners live; the graph only
 * said that a look is due. While one owner is there the object stays, without the
 * references to those that are not.
 */
#include "collector.h"

enum { CIRCLE = 128 };

/* How the owners that an object names stand. */
struct owners {
    enum cleat_gc_standing *at;
    size_t n, count[CLEAT_GC_WRONG + 1];
};

static bool take(struct cleat_collector *c, struct cleat_str uid, struct cleat_gc_item *ret) {
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    bool yes = n != NULL && n->obj != NULL && !n->in_flight;
    if (yes) {
        *ret = (struct cleat_gc_item){SDK->obj->ref(n->obj), c->monitors[n->kind], n->ending,
                                      n->foreground};
    } else if (n != NULL && n->in_flight) {
        n->again = true;
    }
    pthread_mutex_unlock(&c->graph.mutex);
    return yes;
}

/* ---- what waits for its dependents ---- */

/* true: none that blocks is left. Those that are not on their way are looked at again. */
static bool blockers_gone(struct cleat_collector *c, const cleat_obj *obj) {
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, SDK->obj->uid(obj));
    bool gone = n != NULL && n->n_blocking == 0;
    for (struct cleat_gc_edge *e = n != NULL && !gone ? n->dependents : NULL; e != NULL;
         e = e->next) {
        if (e->blocks && !e->dependent->foreground && e->dependent->obj != NULL) {
            c->graph.sink.check(c, e->dependent);
        }
    }
    pthread_mutex_unlock(&c->graph.mutex);
    return gone;
}

/* Whether those that it waits for wait in the end for it; far circles are left alone. */
static bool waits_for_itself(struct cleat_collector *c, const cleat_obj *obj) {
    const struct cleat_gc_node *seen[CIRCLE];
    size_t n = 0;
    bool circle = false;
    pthread_mutex_lock(&c->graph.mutex);
    const struct cleat_gc_node *from = cleat_gc_graph_find(&c->graph, SDK->obj->uid(obj));
    if (from != NULL) {
        seen[n++] = from;
    }
    for (size_t i = 0; i < n && !circle; i++) {
        for (const struct cleat_gc_edge *e = seen[i]->dependents; e != NULL && !circle;
             e = e->next) {
            if (!e->blocks || !e->dependent->foreground) {
                continue;
            }
            circle = e->dependent == from;
            bool known = false;
            for (size_t k = 0; k < n && !known; k++) {
                known = seen[k] == e->dependent;
            }
            if (!known && n < CIRCLE) {
                seen[n++] = e->dependent;
            }
        }
    }
    pthread_mutex_unlock(&c->graph.mutex);
    return circle;
}

/* Where it may be part of a circle it blocks nobody any more. true: that had to be written,
 * which brings it back here. */
static bool unblock(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                    const cleat_obj *now) {
    cleat_edit *e = SDK->obj->edit_new(now);
    cleat_obj *made = NULL;
    bool any = false;
    for (struct cleat_iter it = {0};
         SDK->obj->next(CLEAT_AT(SDK, now, "metadata", "ownerReferences"), &it);) {
        if (cleat_gc_ref_of(it.val).blocks) {
            char *i = cleat_sdk_format("%u", it.index);
            SDK->obj->set_bool(
                e, CLEAT_PATH("metadata", "ownerReferences", i, "blockOwnerDeletion"), 0);
            free(i);
            any = true;
        }
    }
    if (SDK->obj->edit_finish(e, &made, NULL) == CLEAT_OK && any) {
        struct cleat_str refs = SDK->obj->raw(CLEAT_AT(SDK, made, "metadata", "ownerReferences"));
        char *members = cleat_sdk_format("\"ownerReferences\":%.*s", CLEAT_FMT(refs));
        cleat_gc_patch(c, m, now, members, (struct cleat_str){"", 0});
        free(members);
    }
    SDK->obj->unref(made);
    return any;
}

static void end_waiting(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                        const cleat_obj *now) {
    if (!blockers_gone(c, now)) {
        /* The last of them puts it back; in a circle there would be none. */
        if (waits_for_itself(c, now)) {
            unblock(c, m, now);
        }
        return;
    }
    if (!cleat_gc_caught_up(c, now)) {
        cleat_gc_enqueue(c, c->checks, SDK->obj->uid(now), CLEAT_MS);
        return;
    }
    if (blockers_gone(c, now)) {
        cleat_gc_drop_finalizer(c, m, now, CLEAT_FINALIZER_FOREGROUND);
    }
}

/* ---- what has owners ---- */

static cleat_err classify(struct cleat_collector *c, cleat_ctx *ctx, const cleat_obj *now,
                          struct owners *ret, struct cleat_error *reterr) {
    struct cleat_val refs = CLEAT_AT(SDK, now, "metadata", "ownerReferences");
    struct cleat_gc_kinds *kinds = cleat_gc_kinds_now(c);
    *ret = (struct owners){.n = SDK->obj->count(refs)};
    ret->at = cleat_sdk_alloc(ret->n, sizeof *ret->at);
    cleat_err err = CLEAT_OK;
    size_t i = 0;
    for (struct cleat_iter it = {0}; err == CLEAT_OK && SDK->obj->next(refs, &it); i++) {
        struct cleat_gc_ref ref = cleat_gc_ref_of(it.val);
        struct cleat_error why = CLEAT_ERROR_INIT;
        ret->at[i] = cleat_gc_stand(c, ctx, kinds, now, &ref, &why);
        ret->count[ret->at[i]]++;
        if (ret->at[i] == CLEAT_GC_UNKNOWN) {
            err = cleat_errorf(reterr, why.code != 0 ? why.code : CLEAT_E_TRANSIENT, "%s",
                               why.message);
        }
    }
    cleat_gc_kinds_unref(kinds);
    return err;
}

static bool is_solid(void *userdata, size_t i, const struct cleat_gc_ref *ref) {
    const struct owners *o = userdata;
    (void)ref;
    return i < o->n && o->at[i] == CLEAT_GC_SOLID;
}

static bool waits_not(void *userdata, size_t i, const struct cleat_gc_ref *ref) {
    const struct owners *o = userdata;
    (void)ref;
    return i < o->n && o->at[i] != CLEAT_GC_WAITING;
}

/* An owner that the API has but no informer has shown may go without a word: asks again. */
static void await_unseen(struct cleat_collector *c, const cleat_obj *now) {
    struct cleat_str uid = SDK->obj->uid(now);
    bool unseen = false;
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    for (size_t i = 0; n != NULL && i < n->n_owners; i++) {
        unseen = unseen || n->owners[i].owner->obj == NULL;
    }
    if (n != NULL && !unseen) {
        n->tries = 0;
    }
    pthread_mutex_unlock(&c->graph.mutex);
    if (unseen) {
        cleat_gc_retry(c, uid);
    }
}

/* *ret_circle: one of its dependents waits for dependents of its own. */
static bool has_dependents(struct cleat_collector *c, const cleat_obj *now, bool *ret_circle) {
    bool some = false;
    *ret_circle = false;
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, SDK->obj->uid(now));
    for (struct cleat_gc_edge *e = n != NULL ? n->dependents : NULL; e != NULL; e = e->next) {
        some = true;
        *ret_circle = *ret_circle || e->dependent->foreground;
    }
    pthread_mutex_unlock(&c->graph.mutex);
    return some;
}

/* Who does not keep it, for the history. */
static char *say_why(const cleat_obj *now, const struct owners *o) {
    struct cleat_text t = {0};
    size_t i = 0;
    for (struct cleat_iter it = {0};
         i < 4 && SDK->obj->next(CLEAT_AT(SDK, now, "metadata", "ownerReferences"), &it); i++) {
        struct cleat_gc_ref ref = cleat_gc_ref_of(it.val);
        cleat_text_addf(&t, "%s%.*s %.*s (%.*s) %s", i > 0 ? ", " : "", CLEAT_FMT(ref.kind),
                        CLEAT_FMT(ref.name), CLEAT_FMT(ref.uid),
                        o->at[i] == CLEAT_GC_WAITING ? "waits for it to go" : "is not there");
    }
    if (o->n > i) {
        cleat_text_addf(&t, ", and %zu more", o->n - i);
    }
    return t.p;
}

static void collect(struct cleat_collector *c, const struct cleat_gc_monitor *m,
                    const cleat_obj *now, const struct owners *o) {
    bool circle = false;
    int32_t policy = CLEAT_PROPAGATE_BACKGROUND;
    if (o->count[CLEAT_GC_WAITING] > 0 && has_dependents(c, now, &circle)) {
        policy = CLEAT_PROPAGATE_FOREGROUND;
        if (circle && unblock(c, m, now)) {
            return;
        }
    } else if (SDK->util->has_finalizer(now, CLEAT_FINALIZER_ORPHAN)) {
        policy = CLEAT_PROPAGATE_ORPHAN;
    } else if (SDK->util->has_finalizer(now, CLEAT_FINALIZER_FOREGROUND)) {
        policy = CLEAT_PROPAGATE_FOREGROUND;
    }
    char *why = say_why(now, o);
    cleat_gc_remove(c, m, now, policy, why);
    free(why);
}

static cleat_err judge(struct cleat_collector *c, cleat_ctx *ctx, const struct cleat_gc_monitor *m,
                       const cleat_obj *now, struct cleat_error *reterr) {
    struct owners o;
    cleat_err err = classify(c, ctx, now, &o, reterr);
    if (err != CLEAT_OK || o.n == 0) {
        /* nothing is done without knowing, and nothing to what has no owners */
    } else if (o.count[CLEAT_GC_WRONG] > 0) {
        if (o.count[CLEAT_GC_WAITING] > 0) { /* it stays: nobody is to wait for that */
            cleat_gc_drop_refs(c, m, now, waits_not, &o, (struct cleat_str){"", 0});
        }
        cleat_sdk_log(SDK, CLEAT_LOG_INFO, c->name,
                      "%s.%s %.*s stays: it is cluster-scoped and names an owner that has a "
                      "namespace",
                      m->resource, m->group, CLEAT_FMT(SDK->obj->name(now)));
    } else if (o.count[CLEAT_GC_SOLID] == 0) {
        collect(c, m, now, &o);
    } else {
        if (o.count[CLEAT_GC_SOLID] < o.n) {
            cleat_gc_drop_refs(c, m, now, is_solid, &o, (struct cleat_str){"", 0});
        }
        await_unseen(c, now);
    }
    free(o.at);
    return err;
}

cleat_err cleat_gc_check(void *self, cleat_ctx *ctx, struct cleat_key key, struct cleat_result *ret,
                         struct cleat_error *reterr) {
    struct cleat_collector *c = self;
    struct cleat_gc_item it;
    (void)ret;
    if (!take(c, key.name, &it)) {
        return CLEAT_OK;
    }
    cleat_obj *now = NULL;
    cleat_err err = CLEAT_OK;
    if (!it.ending || it.foreground) {
        err = cleat_gc_live(c, ctx, cleat_gc_monitor_gvr(it.monitor), it.seen, &now, reterr);
    }
    if (now != NULL && !cleat_gc_is_ending(now)) {
        err = judge(c, ctx, it.monitor, now, reterr);
    } else if (now != NULL && SDK->util->has_finalizer(now, CLEAT_FINALIZER_FOREGROUND)) {
        end_waiting(c, it.monitor, now);
    }
    SDK->obj->unref(now);
    SDK->obj->unref(it.seen);
    return err;
}
