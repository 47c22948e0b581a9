/* SPDX-License-Identifier: Apache-2.0 */
/* The model and the invariants of the store. */
#include "tests/sim/model.h"

static char *key_text(struct cleat_str ns, struct cleat_str name) {
    return cleat_sprintf("%.*s/%.*s", CLEAT_FMT(ns), CLEAT_FMT(name));
}

static struct mkey *key_get(struct mkind *k, struct cleat_str ns, struct cleat_str name,
                            bool make) {
    CLEAT_AUTO_FREE char *text = key_text(ns, name);
    struct mkey *key = cleat_map_get(&k->keys, cleat_s(text));
    if (key == NULL && make) {
        key = cleat_zalloc(sizeof *key);
        key->ns = (struct cleat_str){cleat_strndup(ns), ns.n};
        key->name = (struct cleat_str){cleat_strndup(name), name.n};
        cleat_map_put(&k->keys, cleat_s(text), key);
    }
    return key;
}

struct mkind *model_kind(struct model *m, uint32_t id) {
    for (size_t i = 0; i < m->n_kinds; i++) {
        if (m->kinds[i].id == id) {
            return &m->kinds[i];
        }
    }
    return NULL;
}

cleat_obj *model_live(struct mkind *k, struct cleat_str ns, struct cleat_str name) {
    struct mkey *key = key_get(k, ns, name, false);
    return key ? key->live : NULL;
}

size_t model_after(const struct mkind *k, uint64_t revision) {
    size_t lo = 0, hi = k->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (k->changes[mid].revision <= revision) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

void model_since(struct mkind *k, struct cleat_str ns, struct cleat_str name, uint64_t revision,
                 bool *ret_present, bool *ret_absent) {
    struct mkey *key = key_get(k, ns, name, false);
    *ret_present = key != NULL && key->live != NULL;
    *ret_absent = !*ret_present;
    for (size_t i = model_after(k, revision); i < k->n; i++) {
        if (k->changes[i].key == key) {
            *ret_present |= k->changes[i].prev != NULL || k->changes[i].type != CLEAT_EVENT_DELETED;
            *ret_absent |= k->changes[i].prev == NULL || k->changes[i].type == CLEAT_EVENT_DELETED;
        }
    }
}

/* ---- what nobody knows ---- */

static void maybe_done(struct maybe *y) {
    free(y->key);
    free(y->data);
}

static void forget_maybes(struct model *m) {
    for (size_t i = 0; i < m->n_maybes; i++) {
        maybe_done(&m->maybes[i]);
    }
    m->n_maybes = 0;
}

void model_unknown(struct model *m, const struct cleat_row *row) {
    if (m->n_maybes == m->cap_maybes) {
        m->cap_maybes = m->cap_maybes ? m->cap_maybes * 2 : 16;
        m->maybes = cleat_rearray(m->maybes, m->cap_maybes, sizeof *m->maybes);
    }
    m->maybes[m->n_maybes++] =
        (struct maybe){row->revision, row->kind, row->deleted, key_text(row->ns, row->name),
                       cleat_strndup(row->data)};
}

/* A change that nobody acknowledged must be one whose commit was under way. */
static void take_maybe(struct model *m, const struct mkind *k, const struct cleat_change *c) {
    CLEAT_AUTO_FREE char *text = key_text(cleat_obj_ns(c->obj), cleat_obj_name(c->obj));
    for (size_t i = 0; i < m->n_maybes; i++) {
        struct maybe *y = &m->maybes[i];
        if (y->revision == c->revision && y->kind == k->id &&
            y->deleted == (c->type == CLEAT_EVENT_DELETED) && strcmp(y->key, text) == 0 &&
            cleat_eqc(cleat_obj_bytes(c->obj), y->data)) {
            maybe_done(y);
            *y = m->maybes[--m->n_maybes];
            return;
        }
    }
    sim_fail("after a crash: revision %llu of %s %s came from nowhere",
             (unsigned long long)c->revision, k->resource, text);
}

/* ---- the log ---- */

static const char *type_name(int type) {
    return type == CLEAT_EVENT_ADDED      ? "ADDED"
           : type == CLEAT_EVENT_MODIFIED ? "MODIFIED"
                                          : "DELETED";
}

/* Takes c's references. */
static void append(struct model *m, struct mkind *k, const struct cleat_change *c) {
    struct mkey *key = key_get(k, cleat_obj_ns(c->obj), cleat_obj_name(c->obj), true);
    unsigned long long rev = c->revision;
    SIM_CHECK(k->n == 0 || k->changes[k->n - 1].revision < c->revision,
              "%s: revision %llu came after %llu", k->resource, rev,
              (unsigned long long)k->changes[k->n - 1].revision);
    SIM_CHECK(cleat_obj_revision(c->obj) == c->revision, "%s: an event of %llu carries %llu",
              k->resource, rev, (unsigned long long)cleat_obj_revision(c->obj));
    SIM_CHECK((c->type == CLEAT_EVENT_ADDED) == (key->live == NULL),
              "%s %.*s: %s at %llu, but it was %s", k->resource, CLEAT_FMT(key->name),
              type_name(c->type), rev, key->live ? "there" : "absent");
    SIM_CHECK((c->prev == NULL) == (key->live == NULL) &&
                  (c->prev == NULL || cleat_obj_revision(c->prev) == cleat_obj_revision(key->live)),
              "%s %.*s: the change of %llu has another state before it", k->resource,
              CLEAT_FMT(key->name), rev);
    if (k->n == k->cap) {
        k->cap = k->cap ? k->cap * 2 : 64;
        k->changes = cleat_rearray(k->changes, k->cap, sizeof *k->changes);
    }
    k->changes[k->n++] = (struct mchange){.revision = c->revision,
                                          .type = c->type,
                                          .obj = c->obj,
                                          .prev = c->prev,
                                          .when = cleat_now_wall(),
                                          .key = key};
    k->n_live += key->live == NULL;
    key->live = c->type == CLEAT_EVENT_DELETED ? NULL : c->obj;
    k->n_live -= key->live == NULL;
    m->revision = c->revision > m->revision ? c->revision : m->revision;
}

/* Reads all kinds' new changes; checks that their revisions together have no gap. */
static size_t read_history(struct model *m, bool after_crash) {
    uint64_t from = m->revision;
    size_t total = 0;
    for (size_t i = 0; i < m->n_kinds; i++) {
        struct mkind *k = &m->kinds[i];
        for (;;) {
            struct cleat_change c[16];
            uint64_t upto;
            int n = cleat_cursor_read(k->observer, c, 16, &upto);
            SIM_CHECK(n >= 0, "%s: the history lost what was just written", k->resource);
            for (int j = 0; j < n; j++) {
                SIM_CHECK(c[j].revision > from, "%s: revision %llu again, the newest was %llu",
                          k->resource, (unsigned long long)c[j].revision, (unsigned long long)from);
                if (after_crash) {
                    take_maybe(m, k, &c[j]);
                }
                append(m, k, &c[j]);
            }
            total += (size_t)n;
            if (n < 16) {
                break;
            }
        }
    }
    SIM_CHECK(m->revision - from == total, "revisions %llu..%llu have gaps: %zu changes",
              (unsigned long long)from + 1, (unsigned long long)m->revision, total);
    return total;
}

/* ---- the state ---- */

static void check_kind(struct mkind *k, const cleat_snapshot *sn) {
    struct cleat_range r;
    size_t n = 0;
    const cleat_obj *last = NULL;
    cleat_range_init(&r, sn, k->id, (struct cleat_str){NULL, 0});
    for (const cleat_obj *o; (o = cleat_range_next(&r)) != NULL; n++, last = o) {
        struct cleat_str ns = cleat_obj_ns(o), name = cleat_obj_name(o);
        cleat_obj *want = model_live(k, ns, name);
        SIM_CHECK(want != NULL, "%s %.*s/%.*s is in the store but was never written, or deleted",
                  k->resource, CLEAT_FMT(ns), CLEAT_FMT(name));
        SIM_CHECK(cleat_eq(cleat_obj_bytes(want), cleat_obj_bytes(o)) &&
                      cleat_obj_revision(want) == cleat_obj_revision(o),
                  "%s %.*s/%.*s: the store has revision %llu, acknowledged is %llu", k->resource,
                  CLEAT_FMT(ns), CLEAT_FMT(name), (unsigned long long)cleat_obj_revision(o),
                  (unsigned long long)cleat_obj_revision(want));
        if (last != NULL) {
            int c = cleat_cmp(cleat_obj_ns(last), ns);
            SIM_CHECK(c < 0 || (c == 0 && cleat_cmp(cleat_obj_name(last), name) < 0),
                      "%s: a list is out of order at %.*s", k->resource, CLEAT_FMT(name));
        }
    }
    SIM_CHECK(n == k->n_live, "%s: the store lists %zu objects, written are %zu", k->resource, n,
              k->n_live);
    SIM_CHECK(cleat_snapshot_count(sn, k->id, (struct cleat_str){"", 0}) == n,
              "%s: count and list differ", k->resource);
}

static void check_state(struct model *m, cleat_store *s) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(s);
    SIM_CHECK(cleat_snapshot_revision(sn) == cleat_store_revision(s), "two newest revisions");
    SIM_CHECK(cleat_snapshot_revision(sn) == m->revision,
              "the store is at revision %llu, acknowledged is %llu",
              (unsigned long long)cleat_snapshot_revision(sn), (unsigned long long)m->revision);
    for (size_t i = 0; i < m->n_kinds; i++) {
        check_kind(&m->kinds[i], sn);
    }
}

void model_observe(struct model *m, cleat_store *s) {
    if (cleat_store_revision(s) == m->revision) {
        return;
    }
    if (read_history(m, false) > 0) {
        forget_maybes(m); /* a later commit has overwritten what they may have left */
    }
    check_state(m, s);
}

/* ---- acknowledgements and 410 ---- */

void model_acked(struct model *m, int op_type, const cleat_obj *stored) {
    struct mkind *k = model_kind(m, cleat_obj_kind(stored));
    cleat_assert(k != NULL);
    uint64_t revision = cleat_obj_revision(stored);
    size_t i = model_after(k, revision - 1);
    SIM_CHECK(i < k->n && k->changes[i].revision == revision,
              "%s %.*s: acknowledged at %llu, but the history does not have it", k->resource,
              CLEAT_FMT(cleat_obj_name(stored)), (unsigned long long)revision);
    struct mchange *c = &k->changes[i];
    SIM_CHECK((c->type == CLEAT_EVENT_DELETED) == (op_type == CLEAT_OP_DELETE) &&
                  cleat_eq(cleat_obj_bytes(c->obj), cleat_obj_bytes(stored)),
              "%s %.*s: what was acknowledged at %llu is not what watchers were given", k->resource,
              CLEAT_FMT(cleat_obj_name(stored)), (unsigned long long)revision);
}

void model_check_expired(struct model *m, struct mkind *k, uint64_t revision) {
    size_t from = model_after(k, revision), bytes = 0;
    for (size_t i = from; i < k->n; i++) {
        bytes += cleat_obj_bytes(k->changes[i].obj).n;
    }
    bool honest = k->n - from > m->opts.history_events || bytes > m->opts.history_bytes ||
                  (from < k->n && cleat_now_wall() - k->changes[from].when >= m->opts.history_age);
    SIM_CHECK(honest, "%s: 410 for revision %llu, %zu changes of %zu bytes ago", k->resource,
              (unsigned long long)revision, k->n - from, bytes);
}

/* ---- starting and ending ---- */

/* Compaction keeps up: what is on the disk is the state, the history (each change
 * with the state before it) and what the last few commits had no room to remove. */
static void check_size(const struct model *m) {
    enum { BACKLOG = 256 };
    size_t bound = BACKLOG;
    for (size_t i = 0; i < m->n_kinds; i++) {
        const struct mkind *k = &m->kinds[i];
        bound += k->n_live + 2 * (k->n < m->opts.history_events ? k->n : m->opts.history_events);
    }
    SIM_CHECK(m->rows <= bound, "the disk has %zu rows, and needs %zu at most", m->rows, bound);
}

void model_attach(struct model *m, cleat_store *s, const char *const *resources, size_t n) {
    bool first = m->n_kinds == 0;
    if (first) {
        m->kinds = cleat_array(n, sizeof *m->kinds);
        m->n_kinds = n;
    }
    SIM_CHECK(cleat_store_revision(s) >= m->revision,
              "acknowledged writes were lost: revision %llu after a crash, acknowledged was %llu",
              (unsigned long long)cleat_store_revision(s), (unsigned long long)m->revision);
    for (size_t i = 0; i < n; i++) {
        struct mkind *k = &m->kinds[i];
        uint32_t id = cleat_store_kind(s, resources[i]);
        if (k->resource == NULL) {
            k->resource = cleat_strdup(resources[i]);
        }
        SIM_CHECK(k->n == 0 || k->id == id, "%s had number %u and now has %u", resources[i], k->id,
                  id);
        k->id = id;
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_err err = cleat_cursor_open(s, id, m->revision, &k->observer, &e);
        SIM_CHECK(err == CLEAT_OK, "%s: cannot watch from the newest revision %llu: %s",
                  resources[i], (unsigned long long)m->revision, e.message);
    }
    read_history(m, true);
    check_state(m, s);
    check_size(m);
    forget_maybes(m);
}

void model_detach(struct model *m) {
    for (size_t i = 0; i < m->n_kinds; i++) {
        cleat_cursor_close(m->kinds[i].observer);
        m->kinds[i].observer = NULL;
    }
}

void model_done(struct model *m) {
    for (size_t i = 0; i < m->n_kinds; i++) {
        struct mkind *k = &m->kinds[i];
        for (size_t j = 0; j < k->n; j++) {
            cleat_obj_unref(k->changes[j].obj);
            cleat_obj_unref(k->changes[j].prev);
        }
        free(k->changes);
        size_t at = 0;
        for (struct cleat_map_entry *s; (s = cleat_map_each(&k->keys, &at)) != NULL;) {
            struct mkey *key = s->value;
            free((char *)key->ns.p);
            free((char *)key->name.p);
            free(key);
        }
        cleat_map_done(&k->keys);
        free(k->resource);
    }
    free(m->kinds);
    forget_maybes(m);
    free(m->maybes);
}
