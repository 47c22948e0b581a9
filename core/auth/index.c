/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subject -> bindings -> rules. Follows the roles' and bindings' histories: whoever
 * asks first after a change applies it, under the one mutex, which is held for a few
 * look-ups otherwise. A question costs a look-up for the user and one for each of
 * his groups, and the rules bound to these; never a walk over all bindings.
 */
#include "core/auth/internal.h"

/* Where a role stands or may come to stand. */
struct slot {
    struct cleat__role *role; /* NULL: bindings refer to it, but it does not exist */
    size_t bindings;
};

struct subject {
    bool group;
    char *name;
};
struct binding {
    cleat_obj *obj;
    struct slot *slot;
    char *slot_key;
    struct subject *subjects;
    size_t n_subjects;
};

struct list {
    struct binding **v;
    size_t n;
};
/* What one user or group is bound by. */
struct holder {
    struct list cluster;
    struct cleat_map by_ns; /* -> struct list */
};

enum { CLUSTER_ROLES, ROLES, CLUSTER_BINDINGS, BINDINGS, N_KINDS };
static const char *const resources[N_KINDS] = {"clusterroles", "roles", "clusterrolebindings",
                                               "rolebindings"};

struct cleat__index {
    cleat_registry *registry;
    uint32_t kinds[N_KINDS];
    _Atomic uint64_t seen; /* of the registry's changes; written under the mutex */
    pthread_mutex_t mutex; /* guards the rest */
    cleat_cursor *cursors[N_KINDS];
    struct cleat_map slots, bindings; /* by "ns/name", the cluster's by "/name" */
    struct cleat_map users, groups;   /* -> struct holder */
};

static char *key_of(struct cleat_str ns, struct cleat_str name) {
    return cleat_sprintf("%.*s/%.*s", CLEAT_FMT(ns), CLEAT_FMT(name));
}

/* ---- roles ---- */

static struct slot *slot_at(struct cleat__index *ix, const char *key) {
    struct slot *s = cleat_map_get(&ix->slots, cleat_s(key));
    if (s == NULL) {
        s = cleat_zalloc(sizeof *s);
        cleat_map_put(&ix->slots, cleat_s(key), s);
    }
    return s;
}

static void drop_slot(struct cleat__index *ix, struct slot *s, const char *key) {
    if (s->role == NULL && s->bindings == 0) {
        cleat_map_remove(&ix->slots, cleat_s(key));
        free(s);
    }
}

static void set_role(struct cleat__index *ix, const cleat_obj *o, bool gone) {
    CLEAT_AUTO_FREE char *key = key_of(cleat_obj_ns(o), cleat_obj_name(o));
    struct slot *s = slot_at(ix, key);
    cleat__role_unref(s->role);
    s->role = gone ? NULL : cleat__role_new(o);
    drop_slot(ix, s, key);
}

/* ---- lists of bindings ---- */

static void list_add(struct list *l, struct binding *b) {
    l->v = cleat_rearray(l->v, l->n + 1, sizeof(struct binding *));
    l->v[l->n++] = b;
}

static void list_remove(struct list *l, const struct binding *b) {
    for (size_t i = 0; i < l->n; i++) {
        if (l->v[i] == b) {
            l->v[i] = l->v[--l->n];
            return;
        }
    }
}

static struct list *list_of(struct holder *h, struct cleat_str ns, bool make) {
    if (ns.n == 0) {
        return &h->cluster;
    }
    struct list *l = cleat_map_get(&h->by_ns, ns);
    if (l == NULL && make) {
        l = cleat_zalloc(sizeof *l);
        cleat_map_put(&h->by_ns, ns, l);
    }
    return l;
}

static void holder_free(struct holder *h) {
    size_t i = 0;
    for (struct cleat_map_entry *e; (e = cleat_map_each(&h->by_ns, &i)) != NULL;) {
        free(((struct list *)e->value)->v);
        free(e->value);
    }
    cleat_map_done(&h->by_ns);
    free(h->cluster.v);
    free(h);
}

static void link_subject(struct cleat__index *ix, const struct subject *s, struct binding *b) {
    struct cleat_map *map = s->group ? &ix->groups : &ix->users;
    struct holder *h = cleat_map_get(map, cleat_s(s->name));
    if (h == NULL) {
        h = cleat_zalloc(sizeof *h);
        cleat_map_put(map, cleat_s(s->name), h);
    }
    list_add(list_of(h, cleat_obj_ns(b->obj), true), b);
}

static void unlink_subject(struct cleat__index *ix, const struct subject *s, struct binding *b) {
    struct cleat_map *map = s->group ? &ix->groups : &ix->users;
    struct holder *h = cleat_map_get(map, cleat_s(s->name));
    struct cleat_str ns = cleat_obj_ns(b->obj);
    struct list *l = list_of(h, ns, false);
    list_remove(l, b);
    if (l->n == 0 && ns.n > 0) {
        cleat_map_remove(&h->by_ns, ns);
        free(l->v);
        free(l);
    }
    if (h->cluster.n == 0 && h->by_ns.n == 0) {
        cleat_map_remove(map, cleat_s(s->name));
        holder_free(h);
    }
}

/* ---- bindings ---- */

static bool has_subject(const struct binding *b, const struct subject *s) {
    for (size_t i = 0; i < b->n_subjects; i++) {
        if (b->subjects[i].group == s->group && strcmp(b->subjects[i].name, s->name) == 0) {
            return true;
        }
    }
    return false;
}

static void take_subject(struct binding *b, struct cleat_val v) {
    struct cleat_str kind = cleat_val_str(cleat_val_get(v, "kind"));
    struct subject s = {.group = cleat_eqc(kind, "Group")};
    if (cleat_eqc(kind, "ServiceAccount")) {
        struct cleat_str ns = cleat_val_str(cleat_val_get(v, "namespace"));
        ns = ns.n > 0 ? ns : cleat_obj_ns(b->obj);
        s.name = cleat_sprintf("system:serviceaccount:%.*s:%.*s", CLEAT_FMT(ns),
                               CLEAT_FMT(cleat_val_str(cleat_val_get(v, "name"))));
    } else if (s.group || cleat_eqc(kind, "User")) {
        s.name = cleat_val_strdup(cleat_val_get(v, "name"));
    }
    if (s.name == NULL || has_subject(b, &s)) {
        free(s.name);
        return;
    }
    b->subjects[b->n_subjects++] = s;
}

static struct binding *binding_new(const cleat_obj *o) {
    struct binding *b = cleat_zalloc(sizeof *b);
    struct cleat_val subjects = cleat_obj_at(o, CLEAT_PATH("subjects"));
    struct cleat_val ref = cleat_obj_at(o, CLEAT_PATH("roleRef"));
    struct cleat_iter it = {0};
    bool role = cleat_eqc(cleat_val_str(cleat_val_get(ref, "kind")), "Role");
    CLEAT_AUTO_FREE char *name = cleat_val_strdup(cleat_val_get(ref, "name"));
    b->obj = cleat_obj_ref(o);
    b->slot_key = key_of(role ? cleat_obj_ns(o) : (struct cleat_str){"", 0}, cleat_s(name));
    b->subjects = cleat_array(cleat_val_count(subjects), sizeof *b->subjects);
    while (cleat_val_next(subjects, &it)) {
        take_subject(b, it.val);
    }
    return b;
}

static void binding_free(struct binding *b) {
    for (size_t i = 0; i < b->n_subjects; i++) {
        free(b->subjects[i].name);
    }
    free(b->subjects);
    free(b->slot_key);
    cleat_obj_unref(b->obj);
    free(b);
}

static void set_binding(struct cleat__index *ix, const cleat_obj *o, bool gone) {
    CLEAT_AUTO_FREE char *key = key_of(cleat_obj_ns(o), cleat_obj_name(o));
    struct binding *old = cleat_map_remove(&ix->bindings, cleat_s(key));
    for (size_t i = 0; old != NULL && i < old->n_subjects; i++) {
        unlink_subject(ix, &old->subjects[i], old);
    }
    if (old != NULL) {
        old->slot->bindings--;
        drop_slot(ix, old->slot, old->slot_key);
        binding_free(old);
    }
    if (gone) {
        return;
    }
    struct binding *b = binding_new(o);
    b->slot = slot_at(ix, b->slot_key);
    b->slot->bindings++;
    cleat_map_put(&ix->bindings, cleat_s(key), b);
    for (size_t i = 0; i < b->n_subjects; i++) {
        link_subject(ix, &b->subjects[i], b);
    }
}

/* ---- following the store ---- */

static void set(struct cleat__index *ix, int kind, const cleat_obj *o, bool gone) {
    if (kind == CLUSTER_ROLES || kind == ROLES) {
        set_role(ix, o, gone);
    } else {
        set_binding(ix, o, gone);
    }
}

static void clear(struct cleat__index *ix) {
    size_t i = 0;
    struct cleat_map_entry *e;
    while ((e = cleat_map_each(&ix->bindings, &i)) != NULL) {
        binding_free(e->value);
    }
    for (i = 0; (e = cleat_map_each(&ix->users, &i)) != NULL;) {
        holder_free(e->value);
    }
    for (i = 0; (e = cleat_map_each(&ix->groups, &i)) != NULL;) {
        holder_free(e->value);
    }
    for (i = 0; (e = cleat_map_each(&ix->slots, &i)) != NULL;) {
        cleat__role_unref(((struct slot *)e->value)->role);
        free(e->value);
    }
    struct cleat_map *maps[] = {&ix->bindings, &ix->users, &ix->groups, &ix->slots};
    for (i = 0; i < sizeof maps / sizeof *maps; i++) {
        cleat_map_done(maps[i]);
        *maps[i] = (struct cleat_map){0};
    }
    for (i = 0; i < N_KINDS; i++) {
        if (ix->cursors[i] != NULL) {
            cleat_cursor_close(ix->cursors[i]);
            ix->cursors[i] = NULL;
        }
    }
}

static void load(struct cleat__index *ix) {
    cleat_store *store = cleat_registry_store(ix->registry);
    bool again = true;
    while (again) {
        CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(store);
        again = false;
        clear(ix);
        for (int k = 0; k < N_KINDS && !again; k++) {
            struct cleat_range range;
            const cleat_obj *o;
            cleat_range_init(&range, sn, ix->kinds[k], (struct cleat_str){NULL, 0});
            while ((o = cleat_range_next(&range)) != NULL) {
                set(ix, k, o, false);
            }
            /* Too old only where the whole history went by meanwhile. */
            again = cleat_cursor_open(store, ix->kinds[k], cleat_snapshot_revision(sn),
                                      &ix->cursors[k], NULL) != CLEAT_OK;
        }
    }
}

/* False where the cursor fell off the history. */
static bool follow_kind(struct cleat__index *ix, int kind) {
    struct cleat_change changes[32];
    uint64_t upto = 0;
    int n;
    while ((n = cleat_cursor_read(ix->cursors[kind], changes, 32, &upto)) > 0) {
        for (int i = 0; i < n; i++) {
            set(ix, kind, changes[i].obj, changes[i].type == CLEAT_EVENT_DELETED);
            cleat_obj_unref(changes[i].obj);
            cleat_obj_unref(changes[i].prev);
        }
    }
    return n == 0;
}

/* Under the mutex. The number is read first: what comes later is seen the next time. */
static void follow(struct cleat__index *ix) {
    uint64_t now = cleat_registry_access_changes(ix->registry);
    if (now == atomic_load_explicit(&ix->seen, memory_order_relaxed)) {
        return;
    }
    for (int k = 0; k < N_KINDS; k++) {
        if (!follow_kind(ix, k)) {
            load(ix);
            break;
        }
    }
    atomic_store_explicit(&ix->seen, now, memory_order_relaxed);
}

struct cleat__index *cleat__index_new(cleat_registry *r) {
    struct cleat__index *ix = cleat_zalloc(sizeof *ix);
    ix->registry = r;
    pthread_mutex_init(&ix->mutex, NULL);
    for (int k = 0; k < N_KINDS; k++) {
        ix->kinds[k] = cleat_registry_find(r, CLEAT__RBAC, "v1", resources[k])->id;
    }
    atomic_init(&ix->seen, cleat_registry_access_changes(r));
    load(ix);
    return ix;
}

void cleat__index_free(struct cleat__index *ix) {
    if (ix == NULL) {
        return;
    }
    clear(ix);
    pthread_mutex_destroy(&ix->mutex);
    free(ix);
}

/* ---- asking ---- */

static bool list_allows(const struct list *l, const struct cleat_access *q, uint32_t bit) {
    for (size_t i = 0; l != NULL && i < l->n; i++) {
        const struct cleat__role *role = l->v[i]->slot->role;
        for (size_t k = 0; role != NULL && k < role->n_rules; k++) {
            if (cleat__rule_allows(&role->rules[k], q, bit)) {
                return true;
            }
        }
    }
    return false;
}

static bool holder_allows(struct holder *h, const struct cleat_access *q, uint32_t bit) {
    return h != NULL &&
           (list_allows(&h->cluster, q, bit) ||
            (q->ns.n > 0 && h->by_ns.n > 0 && list_allows(list_of(h, q->ns, false), q, bit)));
}

bool cleat__index_allows(struct cleat__index *ix, const struct cleat_access *q) {
    const struct cleat_user *u = q->user;
    uint32_t bit = cleat__verb_bit(q->verb);
    CLEAT_LOCKED(&ix->mutex);
    follow(ix);
    if (u->name != NULL && holder_allows(cleat_map_get(&ix->users, cleat_s(u->name)), q, bit)) {
        return true;
    }
    for (size_t i = 0; u->groups != NULL && u->groups[i] != NULL; i++) {
        if (holder_allows(cleat_map_get(&ix->groups, cleat_s(u->groups[i])), q, bit)) {
            return true;
        }
    }
    return false;
}

/* ---- what somebody holds ---- */

struct gathered {
    struct cleat__held *v;
    size_t n;
};

static void gather(struct gathered *g, const struct list *l) {
    for (size_t i = 0; l != NULL && i < l->n; i++) {
        bool have = false;
        for (size_t k = 0; k < g->n && !have; k++) {
            have = g->v[k].binding == l->v[i]->obj;
        }
        if (!have) {
            g->v = cleat_rearray(g->v, g->n + 1, sizeof *g->v);
            g->v[g->n++] = (struct cleat__held){cleat_obj_ref(l->v[i]->obj),
                                                cleat__role_ref(l->v[i]->slot->role)};
        }
    }
}

static void gather_holder(struct gathered *g, struct holder *h, struct cleat_str ns) {
    if (h != NULL) {
        gather(g, &h->cluster);
        gather(g, ns.n > 0 ? list_of(h, ns, false) : NULL);
    }
}

static int by_place(const void *a, const void *b) {
    const cleat_obj *x = ((const struct cleat__held *)a)->binding;
    const cleat_obj *y = ((const struct cleat__held *)b)->binding;
    int order = cleat_cmp(cleat_obj_ns(x), cleat_obj_ns(y));
    return order != 0 ? order : cleat_cmp(cleat_obj_name(x), cleat_obj_name(y));
}

size_t cleat__index_held(struct cleat__index *ix, const struct cleat_user *u, struct cleat_str ns,
                         struct cleat__held **ret) {
    struct gathered g = {NULL, 0};
    {
        CLEAT_LOCKED(&ix->mutex);
        follow(ix);
        if (u->name != NULL) {
            gather_holder(&g, cleat_map_get(&ix->users, cleat_s(u->name)), ns);
        }
        for (size_t i = 0; u->groups != NULL && u->groups[i] != NULL; i++) {
            gather_holder(&g, cleat_map_get(&ix->groups, cleat_s(u->groups[i])), ns);
        }
    }
    if (g.n > 1) {
        qsort(g.v, g.n, sizeof *g.v, by_place);
    }
    *ret = g.v;
    return g.n;
}

void cleat__held_free(struct cleat__held *held, size_t n) {
    for (size_t i = 0; i < n; i++) {
        cleat_obj_unref(held[i].binding);
        cleat__role_unref(held[i].role);
    }
    free(held);
}

struct cleat__role *cleat__index_role(struct cleat__index *ix, struct cleat_str ns,
                                      struct cleat_str name) {
    CLEAT_AUTO_FREE char *key = key_of(ns, name);
    CLEAT_LOCKED(&ix->mutex);
    follow(ix);
    const struct slot *s = cleat_map_get(&ix->slots, cleat_s(key));
    return s != NULL ? cleat__role_ref(s->role) : NULL;
}
