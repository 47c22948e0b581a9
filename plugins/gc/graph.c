/* SPDX-License-Identifier: Apache-2.0 */
/* The graph of owners and dependents; see graph.h. */
#include "graph.h"

/* ---- the table ---- */

/* Uids are random; any eight bytes of theirs will do. */
static uint32_t hash_of(struct cleat_str uid) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < uid.n; i++) {
        h = (h ^ (unsigned char)uid.p[i]) * 16777619u;
    }
    return h ^ h >> 15;
}

struct cleat_str cleat_gc_node_uid(const struct cleat_gc_node *n) {
    return n->obj != NULL ? SDK->obj->uid(n->obj) : cleat_cstr(n->uid);
}

static size_t slot_of(const struct cleat_gc_graph *g, struct cleat_str uid, uint32_t hash) {
    size_t i = hash & (g->cap - 1);
    while (g->slots[i] != NULL &&
           !(g->slots[i]->hash == hash && cleat_str_eq(cleat_gc_node_uid(g->slots[i]), uid))) {
        i = (i + 1) & (g->cap - 1);
    }
    return i;
}

struct cleat_gc_node *cleat_gc_graph_find(const struct cleat_gc_graph *g, struct cleat_str uid) {
    return g->n > 0 ? g->slots[slot_of(g, uid, hash_of(uid))] : NULL;
}

static void grow(struct cleat_gc_graph *g) {
    size_t cap = g->cap > 0 ? g->cap * 2 : 64;
    struct cleat_gc_node **slots = cleat_sdk_alloc(cap, sizeof *slots);
    for (size_t k = 0; k < g->cap; k++) {
        struct cleat_gc_node *n = g->slots[k];
        if (n != NULL) {
            size_t i = n->hash & (cap - 1);
            while (slots[i] != NULL) {
                i = (i + 1) & (cap - 1);
            }
            slots[i] = n;
        }
    }
    free(g->slots);
    g->slots = slots;
    g->cap = cap;
}

/* The node of this uid, made where there is none: with a copy of it, unseen. */
static struct cleat_gc_node *node_of(struct cleat_gc_graph *g, struct cleat_str uid) {
    if ((g->n + 1) * 4 > g->cap * 3) {
        grow(g);
    }
    uint32_t hash = hash_of(uid);
    size_t i = slot_of(g, uid, hash);
    if (g->slots[i] == NULL) {
        g->slots[i] = cleat_sdk_alloc(1, sizeof **g->slots);
        g->slots[i]->hash = hash;
        g->slots[i]->uid = cleat_sdk_dup(uid);
        g->n++;
    }
    return g->slots[i];
}

static void drop_node(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    size_t hole = slot_of(g, cleat_gc_node_uid(n), n->hash);
    g->slots[hole] = NULL;
    g->n--;
    for (size_t i = (hole + 1) & (g->cap - 1); g->slots[i] != NULL; i = (i + 1) & (g->cap - 1)) {
        size_t want = g->slots[i]->hash & (g->cap - 1);
        if (((i - want) & (g->cap - 1)) >= ((i - hole) & (g->cap - 1))) {
            g->slots[hole] = g->slots[i];
            g->slots[i] = NULL;
            hole = i;
        }
    }
    free(n->uid);
    free(n);
}

static void drop_if_unused(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    if (n->obj == NULL && n->dependents == NULL) {
        drop_node(g, n);
    }
}

/* ---- edges ---- */

static struct cleat_val refs_of(const cleat_obj *o) {
    return CLEAT_AT(SDK, o, "metadata", "ownerReferences");
}

struct cleat_gc_ref cleat_gc_ref_of(struct cleat_val v) {
    const struct cleat_object_api *o = SDK->obj;
    struct cleat_gc_ref r = {0};
    for (struct cleat_iter it = {0}; o->next(v, &it);) {
        if (cleat_str_is(it.key, "uid")) {
            r.uid = o->str(it.val);
        } else if (cleat_str_is(it.key, "name")) {
            r.name = o->str(it.val);
        } else if (cleat_str_is(it.key, "kind")) {
            r.kind = o->str(it.val);
        } else if (cleat_str_is(it.key, "apiVersion")) {
            r.api_version = o->str(it.val);
        } else if (cleat_str_is(it.key, "blockOwnerDeletion")) {
            r.blocks = o->boolean(it.val, 0) != 0;
        }
    }
    return r;
}

struct cleat_val cleat_gc_edge_ref(const struct cleat_gc_edge *e) {
    struct cleat_iter it = {0};
    size_t want = (size_t)(e - e->dependent->owners);
    for (size_t i = 0; SDK->obj->next(refs_of(e->dependent->obj), &it); i++) {
        if (i == want) {
            return it.val;
        }
    }
    return (struct cleat_val){0};
}

static void check(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    if (g->ready && n->obj != NULL) {
        g->sink.check(g->sink.self, n);
    }
}

static void orphan(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    if (g->ready && n->obj != NULL) {
        g->sink.orphan(g->sink.self, n);
    }
}

static void check_dependents(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    for (struct cleat_gc_edge *e = n->dependents; e != NULL; e = e->next) {
        check(g, e->dependent);
    }
}

static bool is_elsewhere(const cleat_obj *owner, const cleat_obj *dependent) {
    struct cleat_str ns = SDK->obj->ns(owner);
    return ns.n > 0 && !cleat_str_eq(ns, SDK->obj->ns(dependent));
}

/* Whether a reference to an owner that was seen names what it is: a dependent whose does
 * not may have no such owner. */
static bool fits(struct cleat_gc_graph *g, const struct cleat_gc_edge *e, const cleat_obj *owner,
                 const struct cleat_gc_ref *ref, struct cleat_val v) {
    const cleat_obj *dependent = e->dependent->obj;
    if (is_elsewhere(owner, dependent)) {
        if (g->ready) {
            g->sink.foreign(g->sink.self, dependent, v);
        }
        return false;
    }
    struct cleat_gc_kind_name name = g->sink.name(g->sink.self, e->owner->kind);
    return cleat_str_eq(ref->name, SDK->obj->name(owner)) && cleat_str_is(ref->kind, name.kind) &&
           cleat_str_is(ref->api_version, name.api_version);
}

static struct cleat_str group_of(struct cleat_str api_version) {
    const char *slash = api_version.n > 0 ? memchr(api_version.p, '/', api_version.n) : NULL;
    return (struct cleat_str){api_version.p, slash != NULL ? (size_t)(slash - api_version.p) : 0};
}

/* Who waited for itself would wait for ever; and what is elsewhere, or means something else
 * that cannot even be looked for, has no right to hold an owner. */
static bool may_block(struct cleat_gc_graph *g, const struct cleat_gc_node *owner,
                      const struct cleat_gc_node *n, const struct cleat_gc_ref *ref) {
    if (owner == n) {
        return false;
    }
    if (owner->obj == NULL) {
        return true; /* it is looked at again when it is seen */
    }
    struct cleat_gc_kind_name name = g->sink.name(g->sink.self, owner->kind);
    return !is_elsewhere(owner->obj, n->obj) && cleat_str_is(ref->kind, name.kind) &&
           cleat_str_eq(ref->name, SDK->obj->name(owner->obj)) &&
           cleat_str_eq(group_of(ref->api_version), group_of(cleat_cstr(name.api_version)));
}

static void link_edges(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    struct cleat_val refs = refs_of(n->obj);
    size_t count = SDK->obj->count(refs);
    if (count == 0 || count > UINT16_MAX) {
        return;
    }
    n->owners = cleat_sdk_alloc(count, sizeof *n->owners);
    n->n_owners = (uint16_t)count;
    g->n_edges += count;
    bool doubtful = false;
    size_t i = 0;
    for (struct cleat_iter it = {0}; SDK->obj->next(refs, &it); i++) {
        struct cleat_gc_ref ref = cleat_gc_ref_of(it.val);
        struct cleat_gc_edge *e = &n->owners[i];
        struct cleat_gc_node *owner = node_of(g, ref.uid);
        bool blocks = ref.blocks && may_block(g, owner, n, &ref);
        *e = (struct cleat_gc_edge){owner, n, owner->dependents, &owner->dependents, blocks};
        if (e->next != NULL) {
            e->next->link = &e->next;
        }
        owner->dependents = e;
        owner->n_dependents++;
        owner->n_blocking += blocks;
        if (owner->obj == NULL || !fits(g, e, owner->obj, &ref, it.val) || owner->foreground) {
            doubtful = true;
        }
        if (owner->orphan) {
            orphan(g, owner);
        }
    }
    if (doubtful) {
        check(g, n);
    }
}

static void unlink_edges(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    for (size_t i = 0; i < n->n_owners; i++) {
        struct cleat_gc_edge *e = &n->owners[i];
        struct cleat_gc_node *owner = e->owner;
        *e->link = e->next;
        if (e->next != NULL) {
            e->next->link = e->link;
        }
        owner->n_dependents--;
        owner->n_blocking -= e->blocks;
        if (owner->foreground && e->blocks && owner->n_blocking == 0) {
            check(g, owner);
        }
        if (owner->orphan && owner->n_dependents == 0) {
            orphan(g, owner);
        }
        if (owner != n) {
            drop_if_unused(g, owner);
        }
    }
    g->n_edges -= n->n_owners;
    free(n->owners);
    n->owners = NULL;
    n->n_owners = 0;
}

/* ---- changes ---- */

static void see(struct cleat_gc_graph *g, struct cleat_gc_node *n, const cleat_obj *obj) {
    cleat_obj *old = n->obj;
    g->n_seen += old == NULL;
    n->obj = SDK->obj->ref(obj);
    SDK->obj->unref(old);
    free(n->uid);
    n->uid = NULL;
}

static void unsee(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    cleat_obj *old = n->obj;
    g->n_seen--;
    n->uid = cleat_sdk_dup(SDK->obj->uid(old));
    n->obj = NULL;
    n->ending = n->foreground = n->orphan = false;
    n->tries = 0;
    SDK->obj->unref(old);
}

static void set_state(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    bool was_foreground = n->foreground, was_orphan = n->orphan;
    n->ending = cleat_gc_is_ending(n->obj);
    n->orphan = n->ending && SDK->util->has_finalizer(n->obj, CLEAT_FINALIZER_ORPHAN);
    n->foreground =
        n->ending && !n->orphan && SDK->util->has_finalizer(n->obj, CLEAT_FINALIZER_FOREGROUND);
    if (n->orphan && !was_orphan) {
        orphan(g, n);
    }
    if (n->foreground && !was_foreground) {
        check(g, n);
        check_dependents(g, n);
    }
}

/* Those who named it before it was seen may have named something else. */
static void check_names(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    for (struct cleat_gc_edge *e = n->dependents; e != NULL; e = e->next) {
        struct cleat_val v = cleat_gc_edge_ref(e);
        struct cleat_gc_ref ref = cleat_gc_ref_of(v);
        if (!fits(g, e, n->obj, &ref, v)) {
            check(g, e->dependent);
        }
        if (e->blocks && !may_block(g, n, e->dependent, &ref)) {
            e->blocks = false;
            n->n_blocking--;
        }
    }
}

void cleat_gc_graph_put(struct cleat_gc_graph *g, uint16_t kind, const cleat_obj *obj) {
    struct cleat_str uid = SDK->obj->uid(obj);
    if (uid.n == 0) {
        return;
    }
    pthread_mutex_lock(&g->mutex);
    struct cleat_gc_node *n = node_of(g, uid);
    bool first = n->obj == NULL;
    if (first || n->obj != obj) {
        bool same = !first && SDK->obj->equal(refs_of(n->obj), refs_of(obj));
        if (!same && !first) {
            unlink_edges(g, n);
        }
        see(g, n, obj);
        n->kind = kind;
        if (!same) {
            link_edges(g, n);
        }
        set_state(g, n);
        if (first) {
            check_names(g, n);
        }
    }
    pthread_mutex_unlock(&g->mutex);
}

static void lose(struct cleat_gc_graph *g, struct cleat_gc_node *n) {
    unlink_edges(g, n);
    unsee(g, n);
    drop_if_unused(g, n);
}

void cleat_gc_graph_remove(struct cleat_gc_graph *g, uint16_t kind, const cleat_obj *obj) {
    pthread_mutex_lock(&g->mutex);
    struct cleat_gc_node *n = cleat_gc_graph_find(g, SDK->obj->uid(obj));
    if (n != NULL && n->obj != NULL && n->kind == kind) {
        check_dependents(g, n);
        lose(g, n);
    }
    pthread_mutex_unlock(&g->mutex);
}

/* Calls fn for each node; fn may drop any: the table is copied. */
static void each(struct cleat_gc_graph *g,
                 void (*fn)(struct cleat_gc_graph *g, struct cleat_str uid, uint16_t arg),
                 uint16_t arg) {
    cleat_obj **seen = cleat_sdk_alloc(g->n_seen, sizeof *seen);
    size_t n = 0;
    for (size_t i = 0; i < g->cap; i++) {
        if (g->slots[i] != NULL && g->slots[i]->obj != NULL) {
            seen[n++] = SDK->obj->ref(g->slots[i]->obj);
        }
    }
    for (size_t i = 0; i < n; i++) {
        fn(g, SDK->obj->uid(seen[i]), arg);
        SDK->obj->unref(seen[i]);
    }
    free(seen);
}

static void forget_one(struct cleat_gc_graph *g, struct cleat_str uid, uint16_t kind) {
    struct cleat_gc_node *n = cleat_gc_graph_find(g, uid);
    if (n != NULL && n->obj != NULL && n->kind == kind) {
        lose(g, n);
    }
}

void cleat_gc_graph_forget(struct cleat_gc_graph *g, uint16_t kind) {
    pthread_mutex_lock(&g->mutex);
    each(g, forget_one, kind);
    pthread_mutex_unlock(&g->mutex);
}

static void begin_one(struct cleat_gc_graph *g, struct cleat_str uid, uint16_t unused) {
    (void)unused;
    struct cleat_gc_node *n = cleat_gc_graph_find(g, uid);
    bool doubtful = n->foreground;
    for (size_t i = 0; i < n->n_owners; i++) {
        struct cleat_gc_edge *e = &n->owners[i];
        if (e->owner->obj == NULL || e->owner->foreground) {
            doubtful = true;
            continue;
        }
        struct cleat_val v = cleat_gc_edge_ref(e);
        struct cleat_gc_ref ref = cleat_gc_ref_of(v);
        doubtful = doubtful || !fits(g, e, e->owner->obj, &ref, v);
    }
    if (doubtful) {
        check(g, n);
    }
    if (n->orphan) {
        orphan(g, n);
    }
}

void cleat_gc_graph_begin(struct cleat_gc_graph *g) {
    pthread_mutex_lock(&g->mutex);
    g->ready = true;
    each(g, begin_one, 0);
    pthread_mutex_unlock(&g->mutex);
}

/* ---- life ---- */

void cleat_gc_graph_init(struct cleat_gc_graph *g, const struct cleat_gc_sink *sink) {
    *g = (struct cleat_gc_graph){.sink = *sink};
    pthread_mutex_init(&g->mutex, NULL);
}

void cleat_gc_graph_done(struct cleat_gc_graph *g) {
    for (size_t i = 0; i < g->cap; i++) {
        struct cleat_gc_node *n = g->slots[i];
        if (n != NULL) {
            SDK->obj->unref(n->obj);
            free(n->uid);
            free(n->owners);
            free(n);
        }
    }
    free(g->slots);
    pthread_mutex_destroy(&g->mutex);
}
