/* SPDX-License-Identifier: Apache-2.0 */
/* The store's outside: opening, kinds, snapshots, cursors, subscribers. */
#include "core/store/internal.h"

#include "core/base/limits.h"

/* ---- kinds ---- */

struct cleat__kind *cleat__store_kind_at(cleat_store *s, uint32_t id) {
    CLEAT_LOCKED(&s->kinds_mutex);
    return id < s->n_kinds ? s->kinds[id] : NULL;
}

static struct cleat__kind *add_kind(cleat_store *s, uint32_t id, struct cleat_str resource,
                                    uint64_t horizon) {
    struct cleat__kind *k = cleat_zalloc(sizeof *k);
    k->id = id;
    k->resource = cleat_strndup(resource);
    cleat_history_init(&k->history, horizon);
    if (id >= s->n_kinds) {
        s->kinds = cleat_rearray(s->kinds, id + 1, sizeof *s->kinds);
        while (s->n_kinds <= id) {
            s->kinds[s->n_kinds++] = NULL;
        }
    }
    s->kinds[id] = k;
    cleat_map_put(&s->kinds_by_name, resource, k);
    return k;
}

uint32_t cleat_store_kind(cleat_store *s, const char *resource) {
    CLEAT_LOCKED(&s->kinds_mutex);
    struct cleat__kind *k = cleat_map_get(&s->kinds_by_name, cleat_s(resource));
    if (k == NULL) {
        /* 0 means "no kind". Kept with the first commit that follows: until one
         * names it, nothing on the disk can need the number. */
        k = add_kind(s, s->n_kinds > 0 ? s->n_kinds : 1, cleat_s(resource), 0);
        k->unsaved = true;
    }
    return k->id;
}

/* ---- loading ---- */

static cleat_err load_kind(void *ud, uint32_t id, struct cleat_str resource, uint64_t horizon) {
    add_kind(ud, id, resource, horizon);
    return CLEAT_OK;
}

static cleat_err load_row(void *ud, const struct cleat_row *row) {
    cleat_store *s = ud;
    struct cleat__kind *k = row->kind < s->n_kinds ? s->kinds[row->kind] : NULL;
    if (k == NULL) {
        return cleat_fail(s->load_error, CLEAT_E_IO, "revision %llu has an unknown kind %u",
                          (unsigned long long)row->revision, row->kind);
    }
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat_obj_parse_trusted(row->data, &o, &e) != CLEAT_OK) {
        return cleat_fail(s->load_error, CLEAT_E_IO, "revision %llu does not parse: %s",
                          (unsigned long long)row->revision, e.message);
    }
    o = cleat_obj_set_revision(o, row->revision);
    cleat_obj_stamp_kind(o, row->kind);
    struct cleat_index_key key = cleat_index_key_of(o);
    if (!cleat_eq(key.ns, row->ns) || !cleat_eq(key.name, row->name)) {
        return cleat_fail(s->load_error, CLEAT_E_IO, "revision %llu is stored under another name",
                          (unsigned long long)row->revision);
    }
    CLEAT_AUTO(cleat_obj) *old = NULL;
    if (row->deleted) {
        s->root = cleat_index_remove(s->root, 1, key, &old);
    } else {
        s->root = cleat_index_put(s->root, 1, o, &old);
    }
    if (row->revision > k->history.horizon) {
        int type = row->deleted ? CLEAT_EVENT_DELETED
                   : old        ? CLEAT_EVENT_MODIFIED
                                : CLEAT_EVENT_ADDED;
        cleat_history_append(&k->history, type, o, old, row->time);
        cleat__store_trim(s, k, 2);
        return CLEAT_OK;
    }
    /* Trimmed before the restart, but its rows had not been removed yet. */
    if (old != NULL) {
        cleat__store_dead(s, cleat_obj_revision(old));
    }
    if (row->deleted) {
        cleat__store_dead(s, row->revision);
    }
    return CLEAT_OK;
}

cleat_snapshot *cleat__snapshot_new(uint64_t revision, struct cleat_node *root) {
    cleat_snapshot *sn = cleat_zalloc(sizeof *sn);
    atomic_init(&sn->refs, 1);
    sn->revision = revision;
    sn->root = root;
    return sn;
}

static cleat_store *store_new(struct cleat_backend *backend, const struct cleat_store_opts *opts) {
    cleat_store *s = cleat_zalloc(sizeof *s);
    s->backend = backend;
    s->opts = opts ? *opts : (struct cleat_store_opts){0};
    if (s->opts.history_events == 0) {
        s->opts.history_events = CLEAT_LIMIT_HISTORY_EVENTS;
    }
    if (s->opts.history_bytes == 0) {
        s->opts.history_bytes = CLEAT_LIMIT_HISTORY_BYTES;
    }
    if (s->opts.history_age == 0) {
        s->opts.history_age = CLEAT_LIMIT_HISTORY_AGE;
    }
    pthread_mutex_init(&s->kinds_mutex, NULL);
    pthread_mutex_init(&s->snapshot_mutex, NULL);
    pthread_mutex_init(&s->subs_mutex, NULL);
    pthread_mutex_init(&s->queue_mutex, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&s->queue_cond, &attr);
    pthread_condattr_destroy(&attr);
    s->queue_tail = &s->queue;
    s->queue_enough = 1;
    s->batch = 2; /* loading is 1 */
    return s;
}

static void store_free(cleat_store *s) {
    cleat_snapshot_unref(s->snapshot);
    for (size_t i = 0; i < CLEAT__PINS; i++) {
        cleat_snapshot_unref(s->pins[i].sn);
    }
    cleat_index_unref(s->root);
    for (uint32_t i = 0; i < s->n_kinds; i++) {
        if (s->kinds[i] != NULL) {
            cleat_history_done(&s->kinds[i]->history);
            free(s->kinds[i]->resource);
            free(s->kinds[i]);
        }
    }
    free(s->kinds);
    cleat_map_done(&s->kinds_by_name);
    free(s->dead);
    for (struct cleat__sub *sub = s->subs, *next; sub != NULL; sub = next) {
        next = sub->next;
        free(sub);
    }
    s->backend->ops->close(s->backend);
    pthread_cond_destroy(&s->queue_cond);
    pthread_mutex_destroy(&s->queue_mutex);
    pthread_mutex_destroy(&s->subs_mutex);
    pthread_mutex_destroy(&s->snapshot_mutex);
    pthread_mutex_destroy(&s->kinds_mutex);
    free(s);
}

cleat_err cleat_store_open(struct cleat_backend *backend, const struct cleat_store_opts *opts,
                           cleat_store **ret, struct cleat_error *e) {
    struct cleat_error local = CLEAT_ERROR_INIT;
    e = e ? e : &local;
    cleat_store *s = store_new(backend, opts);
    s->load_error = e;
    uint64_t revision = 0;
    cleat_err err = backend->ops->load(backend, load_kind, load_row, s, &revision, e);
    s->load_error = NULL;
    if (err != CLEAT_OK) {
        store_free(s);
        return err;
    }
    s->revision = revision;
    s->snapshot = cleat__snapshot_new(revision, cleat_index_ref(s->root));
    atomic_store(&s->published, revision);
    if (!s->opts.manual) {
        cleat__committer_start(s);
    }
    *ret = s;
    return CLEAT_OK;
}

void cleat_store_close(cleat_store *s) {
    if (s == NULL) {
        return;
    }
    if (s->opts.manual) {
        while (s->queue != NULL) {
            cleat_store_step(s);
        }
    } else {
        cleat__committer_stop(s);
    }
    cleat__store_compact(s);
    store_free(s);
}

/* ---- snapshots ---- */

uint64_t cleat_store_revision(cleat_store *s) {
    return atomic_load_explicit(&s->published, memory_order_acquire);
}

cleat_snapshot *cleat_store_snapshot(cleat_store *s) {
    CLEAT_LOCKED(&s->snapshot_mutex);
    return cleat_snapshot_ref(s->snapshot);
}

cleat_snapshot *cleat_snapshot_ref(cleat_snapshot *sn) {
    if (sn != NULL) {
        atomic_fetch_add_explicit(&sn->refs, 1, memory_order_relaxed);
    }
    return sn;
}

void cleat_snapshot_unref(cleat_snapshot *sn) {
    if (sn != NULL && atomic_fetch_sub_explicit(&sn->refs, 1, memory_order_acq_rel) == 1) {
        cleat_index_unref(sn->root);
        free(sn);
    }
}

uint64_t cleat_snapshot_revision(const cleat_snapshot *sn) {
    return sn->revision;
}

const cleat_obj *cleat_snapshot_get(const cleat_snapshot *sn, uint32_t kind, struct cleat_str ns,
                                    struct cleat_str name) {
    return cleat_index_get(sn->root, (struct cleat_index_key){kind, ns, name});
}

/* The keys below and above all of a kind, or of one namespace of it. */
static void span(uint32_t kind, struct cleat_str ns, struct cleat_index_key *from,
                 struct cleat_index_key *to) {
    *from = (struct cleat_index_key){kind, ns, {"", 0}};
    *to = ns.n > 0 ? (struct cleat_index_key){kind, ns, {"\xff", 1}}
                   : (struct cleat_index_key){kind + 1, {"", 0}, {"", 0}};
}

size_t cleat_snapshot_count(const cleat_snapshot *sn, uint32_t kind, struct cleat_str ns) {
    struct cleat_index_key from, to;
    span(kind, ns, &from, &to);
    return cleat_index_rank(sn->root, to, false) - cleat_index_rank(sn->root, from, false);
}

void cleat_range_init(struct cleat_range *r, const cleat_snapshot *sn, uint32_t kind,
                      struct cleat_str ns) {
    _Static_assert(sizeof r->path / sizeof *r->path == CLEAT_INDEX_DEPTH, "one depth");
    *r = (struct cleat_range){.sn = sn, .kind = kind, .ns = ns};
    struct cleat_index_key from, to;
    span(kind, ns, &from, &to);
    r->depth = cleat_index_seek(sn->root, from, false, r->path, r->pos);
}

void cleat_range_after(struct cleat_range *r, const cleat_snapshot *sn, uint32_t kind,
                       struct cleat_str ns, struct cleat_str after_ns,
                       struct cleat_str after_name) {
    *r = (struct cleat_range){.sn = sn, .kind = kind, .ns = ns};
    struct cleat_index_key key = {kind, after_ns, after_name};
    r->depth = cleat_index_seek(sn->root, key, true, r->path, r->pos);
}

const cleat_obj *cleat_range_next(struct cleat_range *r) {
    const cleat_obj *o = cleat_index_next(r->path, r->pos, &r->depth);
    if (o == NULL || cleat_obj_kind(o) != r->kind ||
        (r->ns.n > 0 && !cleat_eq(cleat_obj_ns(o), r->ns))) {
        r->depth = 0;
        return NULL;
    }
    return o;
}

/* ---- pins ---- */

enum { PIN_AGE_S = 300 };

void cleat_store_pin(cleat_store *s, cleat_snapshot *sn) {
    cleat_snapshot *gone = NULL;
    {
        CLEAT_LOCKED(&s->snapshot_mutex);
        cleat_time now = cleat_now_mono();
        size_t oldest = 0;
        for (size_t i = 0; i < CLEAT__PINS; i++) {
            if (s->pins[i].sn != NULL && s->pins[i].sn->revision == sn->revision) {
                s->pins[i].used = now;
                return;
            }
            if (s->pins[i].sn == NULL ||
                (s->pins[oldest].sn != NULL && s->pins[i].used < s->pins[oldest].used)) {
                oldest = i;
            }
        }
        gone = s->pins[oldest].sn;
        s->pins[oldest].sn = cleat_snapshot_ref(sn);
        s->pins[oldest].used = now;
    }
    cleat_snapshot_unref(gone); /* may free a tree: not under the lock */
}

cleat_snapshot *cleat_store_pinned(cleat_store *s, uint64_t revision) {
    CLEAT_LOCKED(&s->snapshot_mutex);
    for (size_t i = 0; i < CLEAT__PINS; i++) {
        if (s->pins[i].sn != NULL && s->pins[i].sn->revision == revision) {
            s->pins[i].used = cleat_now_mono();
            return cleat_snapshot_ref(s->pins[i].sn);
        }
    }
    return s->snapshot->revision == revision ? cleat_snapshot_ref(s->snapshot) : NULL;
}

void cleat__store_expire_pins(cleat_store *s) {
    cleat_snapshot *gone[CLEAT__PINS] = {0};
    {
        CLEAT_LOCKED(&s->snapshot_mutex);
        cleat_time limit = cleat_now_mono() - PIN_AGE_S * CLEAT_SECOND;
        for (size_t i = 0; i < CLEAT__PINS; i++) {
            if (s->pins[i].sn != NULL && s->pins[i].used < limit) {
                gone[i] = CLEAT_STEAL(s->pins[i].sn);
            }
        }
    }
    for (size_t i = 0; i < CLEAT__PINS; i++) {
        cleat_snapshot_unref(gone[i]);
    }
}

/* ---- cursors ---- */

struct cleat_cursor {
    cleat_store *store;
    struct cleat__kind *kind;
    uint64_t seq;
};

cleat_err cleat_cursor_open(cleat_store *s, uint32_t kind, uint64_t revision, cleat_cursor **ret,
                            struct cleat_error *e) {
    struct cleat__kind *k = cleat__store_kind_at(s, kind);
    if (k == NULL) {
        return cleat_fail(e, CLEAT_E_NOT_FOUND, "no such kind: %u", kind);
    }
    uint64_t seq;
    CLEAT_TRY(cleat_history_seek(&k->history, revision, &seq, e));
    cleat_cursor *c = cleat_zalloc(sizeof *c);
    *c = (cleat_cursor){s, k, seq};
    *ret = c;
    return CLEAT_OK;
}

void cleat_cursor_close(cleat_cursor *c) {
    free(c);
}

int cleat_cursor_read(cleat_cursor *c, struct cleat_change *out, int max, uint64_t *ret_upto) {
    /* All up to the published revision is in the history before it is published. */
    uint64_t upto = cleat_store_revision(c->store);
    int n = cleat_history_read(&c->kind->history, &c->seq, upto, out, max);
    if (n < 0) {
        return CLEAT_E_EXPIRED;
    }
    *ret_upto = n == max && n > 0 ? out[n - 1].revision : upto;
    return n;
}

/* ---- subscribers ---- */

uint64_t cleat_store_subscribe(cleat_store *s, cleat_publish_fn fn, void *userdata) {
    struct cleat__sub *sub = cleat_zalloc(sizeof *sub);
    CLEAT_LOCKED(&s->subs_mutex);
    *sub =
        (struct cleat__sub){.fn = fn, .userdata = userdata, .id = ++s->next_sub, .next = s->subs};
    s->subs = sub;
    return sub->id;
}

void cleat_store_unsubscribe(cleat_store *s, uint64_t id) {
    CLEAT_LOCKED(&s->subs_mutex);
    for (struct cleat__sub **p = &s->subs; *p != NULL; p = &(*p)->next) {
        if ((*p)->id == id) {
            struct cleat__sub *gone = *p;
            *p = gone->next;
            free(gone);
            return;
        }
    }
}

void cleat_store_poke(cleat_store *s, uint32_t kind) {
    uint64_t revision = cleat_store_revision(s);
    CLEAT_LOCKED(&s->subs_mutex);
    for (struct cleat__sub *sub = s->subs; sub != NULL; sub = sub->next) {
        sub->fn(sub->userdata, &kind, 1, revision);
    }
}
