/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An owner that goes and leaves its dependents: each loses its reference to it, and
 * when none has one any more the owner loses its finalizer. Each look does what is
 * still to do; the graph calls for the next one.
 */
#include "collector.h"

/* The dependents, as they were seen; owned. */
struct dependents {
    struct cleat_gc_item *v;
    size_t n;
};

static void copy_dependents(struct cleat_collector *c, const struct cleat_gc_node *n,
                            struct dependents *ret) {
    ret->v = cleat_sdk_alloc(n->n_dependents, sizeof *ret->v);
    for (struct cleat_gc_edge *e = n->dependents; e != NULL; e = e->next) {
        const struct cleat_gc_node *d = e->dependent;
        if (d->obj != NULL && !d->in_flight) {
            ret->v[ret->n++] = (struct cleat_gc_item){SDK->obj->ref(d->obj), c->monitors[d->kind],
                                                      d->ending, d->foreground};
        }
    }
}

/* false: it does not orphan, or nobody knows it. *ret_busy: some dependent is left. */
static bool take(struct cleat_collector *c, struct cleat_str uid, struct cleat_gc_item *ret,
                 struct dependents *ret_dependents, bool *ret_busy) {
    *ret_dependents = (struct dependents){0};
    pthread_mutex_lock(&c->graph.mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(&c->graph, uid);
    bool yes = n != NULL && n->obj != NULL && n->orphan;
    if (yes) {
        *ret = (struct cleat_gc_item){SDK->obj->ref(n->obj), c->monitors[n->kind], n->ending,
                                      n->foreground};
        *ret_busy = n->n_dependents > 0;
        copy_dependents(c, n, ret_dependents);
    }
    pthread_mutex_unlock(&c->graph.mutex);
    return yes;
}

static bool is_another(void *userdata, size_t i, const struct cleat_gc_ref *ref) {
    const struct cleat_str *uid = userdata;
    (void)i;
    return !cleat_str_eq(ref->uid, *uid);
}

/* Takes the item. */
static cleat_err free_one(struct cleat_collector *c, cleat_ctx *ctx, struct cleat_gc_item *d,
                          struct cleat_str owner, struct cleat_error *reterr) {
    cleat_obj *now = NULL;
    cleat_err err = cleat_gc_live(c, ctx, cleat_gc_monitor_gvr(d->monitor), d->seen, &now, reterr);
    if (now != NULL) {
        cleat_gc_drop_refs(c, d->monitor, now, is_another, &owner, owner);
    }
    SDK->obj->unref(now);
    SDK->obj->unref(d->seen);
    return err;
}

static cleat_err let_go(struct cleat_collector *c, cleat_ctx *ctx, const struct cleat_gc_item *it,
                        struct cleat_error *reterr) {
    cleat_obj *now = NULL;
    cleat_err err =
        cleat_gc_live(c, ctx, cleat_gc_monitor_gvr(it->monitor), it->seen, &now, reterr);
    if (now != NULL && !cleat_gc_caught_up(c, now)) {
        cleat_gc_enqueue(c, c->orphans, SDK->obj->uid(now), CLEAT_MS);
    } else if (now != NULL && cleat_gc_is_ending(now) &&
               SDK->util->has_finalizer(now, CLEAT_FINALIZER_ORPHAN)) {
        struct cleat_gc_item again = {0};
        struct dependents left;
        bool busy = true;
        /* What the caches have caught up with may have been a dependent. */
        if (take(c, SDK->obj->uid(now), &again, &left, &busy) && !busy) {
            cleat_gc_drop_finalizer(c, it->monitor, now, CLEAT_FINALIZER_ORPHAN);
        }
        for (size_t i = 0; i < left.n; i++) {
            SDK->obj->unref(left.v[i].seen);
        }
        free(left.v);
        SDK->obj->unref(again.seen);
    }
    SDK->obj->unref(now);
    return err;
}

cleat_err cleat_gc_orphan(void *self, cleat_ctx *ctx, struct cleat_key key,
                          struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_collector *c = self;
    struct cleat_gc_item it;
    struct dependents d;
    bool busy = false;
    (void)ret;
    if (!take(c, key.name, &it, &d, &busy)) {
        return CLEAT_OK;
    }
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; i < d.n; i++) {
        cleat_err one = free_one(c, ctx, &d.v[i], key.name, reterr);
        err = one != CLEAT_OK ? one : err;
    }
    free(d.v);
    if (!busy) {
        err = let_go(c, ctx, &it, reterr);
    }
    SDK->obj->unref(it.seen);
    return err;
}
