/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The backend of seal.h. Loading looks at all rows twice: first for those that no
 * key reads, then for good. The unreadable ones that something newer supersedes are
 * left out, their kind's history begins after them, and the first commit removes
 * them; any other one is an error, before anything was changed.
 */
#include "core/store/seal_internal.h"

struct kind {
    char *resource;
    const struct cleat_seal_rule *rule; /* NULL = plain */
    uint64_t horizon;                   /* raised over rows that were left out; 0 = as it was */
};

struct bad_row {
    uint64_t revision;
    uint32_t kind;
    char *key; /* of bad_keys; NULL where superseded */
};

struct sealed {
    struct cleat_backend base;
    struct cleat_backend *inner;
    struct cleat_sealing *sealing;
    struct kind *kinds; /* by number */
    size_t n_kinds;
    struct bad_row *bad; /* ascending revisions */
    size_t n_bad;
    struct cleat_map bad_keys; /* "kind/ns/name" -> struct bad_row index + 1 */
    size_t n_plain;            /* rows that would be encrypted now */
    struct cleat_buf plain;
};

/* What a load passes through. */
struct pass {
    struct sealed *s;
    cleat_err (*kind)(void *ud, uint32_t id, struct cleat_str resource, uint64_t horizon);
    cleat_err (*row)(void *ud, const struct cleat_row *row);
    void *ud;
    struct cleat_error *e;
    size_t next_bad;
};

static struct kind *kind_at(struct sealed *s, uint32_t id) {
    if (id >= s->n_kinds) {
        s->kinds = cleat_rearray(s->kinds, id + 1, sizeof *s->kinds);
        memset(s->kinds + s->n_kinds, 0, (id + 1 - s->n_kinds) * sizeof *s->kinds);
        s->n_kinds = id + 1;
    }
    return &s->kinds[id];
}

static struct kind *learn(struct sealed *s, uint32_t id, struct cleat_str resource) {
    struct kind *k = kind_at(s, id);
    if (k->resource == NULL) {
        k->resource = cleat_strndup(resource);
        k->rule = cleat__seal_rule(s->sealing, resource);
    }
    return k;
}

/* What rows of the kind are encrypted with, or NULL. */
static const struct cleat_seal_key *writer_of(struct sealed *s, uint32_t kind) {
    const struct cleat_seal_rule *r = kind_at(s, kind)->rule;
    return r != NULL && r->keys[0].name != NULL ? &r->keys[0] : NULL;
}

/* The row's data in the clear; false where no key reads it. */
static bool open_row(struct sealed *s, const struct cleat_row *row, struct cleat_str *ret) {
    const struct kind *k = kind_at(s, row->kind);
    size_t skip = 0;
    *ret = row->data;
    if (k->rule == NULL) {
        return !cleat__seal_is_sealed(row->data);
    }
    const struct cleat_seal_key *key = cleat__seal_key(k->rule, row->data, &skip);
    if (key == NULL || key->name == NULL) {
        return key != NULL;
    }
    struct cleat_str sealed = {row->data.p + skip, row->data.n - skip};
    if (!cleat__unseal(key, cleat_s(k->resource), row, sealed, &s->plain)) {
        return false;
    }
    *ret = (struct cleat_str){s->plain.p, s->plain.n};
    return true;
}

/* ---- the first look ---- */

static cleat_err look_kind(void *ud, uint32_t id, struct cleat_str resource, uint64_t horizon) {
    struct pass *p = ud;
    (void)horizon;
    learn(p->s, id, resource);
    return CLEAT_OK;
}

static void superseded(struct sealed *s, struct bad_row *b) {
    cleat_map_remove(&s->bad_keys, cleat_s(b->key));
    free(b->key);
    b->key = NULL;
    struct kind *k = kind_at(s, b->kind);
    k->horizon = b->revision > k->horizon ? b->revision : k->horizon;
}

static cleat_err look_row(void *ud, const struct cleat_row *row) {
    struct sealed *s = ((struct pass *)ud)->s;
    struct cleat_str ignored;
    bool readable = open_row(s, row, &ignored);
    s->n_plain += writer_of(s, row->kind) != NULL && !cleat__seal_is_sealed(row->data);
    if (readable && s->bad_keys.n == 0) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_FREE char *key =
        cleat_sprintf("%u/%.*s/%.*s", row->kind, CLEAT_FMT(row->ns), CLEAT_FMT(row->name));
    uintptr_t before = (uintptr_t)cleat_map_get(&s->bad_keys, cleat_s(key));
    if (before != 0) {
        superseded(s, &s->bad[before - 1]);
    }
    if (readable) {
        return CLEAT_OK;
    }
    s->bad = cleat_rearray(s->bad, s->n_bad + 1, sizeof *s->bad);
    s->bad[s->n_bad++] = (struct bad_row){row->revision, row->kind, CLEAT_STEAL(key)};
    struct bad_row *b = &s->bad[s->n_bad - 1];
    cleat_map_put(&s->bad_keys, cleat_s(b->key), (void *)(uintptr_t)s->n_bad);
    if (row->deleted) {
        superseded(s, b);
    }
    return CLEAT_OK;
}

static cleat_err refuse(struct sealed *s, struct cleat_error *e) {
    size_t first = 0;
    while (s->bad[first].key == NULL) {
        first++;
    }
    const struct bad_row *b = &s->bad[first];
    const char *name = strchr(b->key, '/') + 1;
    return cleat_fail(e, CLEAT_E_IO,
                      "the database holds %s %s (and %zu more) in a form that "
                      "--encryption-provider-config does not read: its key is missing there or "
                      "another one; nothing was changed",
                      kind_at(s, b->kind)->resource, *name == '/' ? name + 1 : name,
                      s->bad_keys.n - 1);
}

/* ---- for good ---- */

/* Without any keys one look has to do. */
static cleat_err give_unsealed(void *ud, const struct cleat_row *row) {
    struct pass *p = ud;
    if (cleat__seal_is_sealed(row->data)) {
        return cleat_fail(p->e, CLEAT_E_IO,
                          "the database holds %s %.*s%s%.*s in encrypted form and there is no "
                          "--encryption-provider-config; nothing was changed",
                          kind_at(p->s, row->kind)->resource, CLEAT_FMT(row->ns),
                          row->ns.n > 0 ? "/" : "", CLEAT_FMT(row->name));
    }
    return p->row(p->ud, row);
}

static cleat_err give_kind(void *ud, uint32_t id, struct cleat_str resource, uint64_t horizon) {
    struct pass *p = ud;
    uint64_t raised = learn(p->s, id, resource)->horizon;
    return p->kind(p->ud, id, resource, raised > horizon ? raised : horizon);
}

static cleat_err give_row(void *ud, const struct cleat_row *row) {
    struct pass *p = ud;
    struct sealed *s = p->s;
    struct cleat_row plain = *row;
    if (p->next_bad < s->n_bad && s->bad[p->next_bad].revision == row->revision) {
        p->next_bad++;
        return CLEAT_OK;
    }
    bool ok = open_row(s, row, &plain.data);
    cleat_assert(ok); /* it was looked at */
    return p->row(p->ud, &plain);
}

static cleat_err load(struct cleat_backend *b,
                      cleat_err (*kind)(void *ud, uint32_t id, struct cleat_str resource,
                                        uint64_t horizon),
                      cleat_err (*row)(void *ud, const struct cleat_row *row), void *ud,
                      uint64_t *ret_revision, struct cleat_error *e) {
    struct sealed *s = (struct sealed *)b;
    struct pass p = {.s = s, .kind = kind, .row = row, .ud = ud, .e = e};
    if (s->sealing == NULL) {
        return s->inner->ops->load(s->inner, give_kind, give_unsealed, &p, ret_revision, e);
    }
    CLEAT_TRY(s->inner->ops->load(s->inner, look_kind, look_row, &p, ret_revision, e));
    if (s->bad_keys.n > 0) {
        return refuse(s, e);
    }
    CLEAT_TRY(s->inner->ops->load(s->inner, give_kind, give_row, &p, ret_revision, e));
    if (s->inner->ops->scrub != NULL) {
        s->inner->ops->scrub(s->inner, s->n_plain > 0);
    }
    return CLEAT_OK;
}

/* ---- commits ---- */

/* Rows that were left out go with the first commit, and so does where history begins. */
static void clean_up(struct sealed *s, struct cleat_commit *c, uint64_t **ret_dead,
                     struct cleat_horizon **ret_horizons) {
    uint64_t *dead = cleat_array(c->n_dead + s->n_bad, sizeof *dead);
    struct cleat_horizon *h = cleat_array(c->n_horizons + s->n_kinds, sizeof *h);
    size_t n = 0;
    for (uint32_t i = 0; i < s->n_kinds; i++) {
        if (s->kinds[i].horizon > 0) {
            h[n++] = (struct cleat_horizon){i, s->kinds[i].horizon};
        }
    }
    if (c->n_horizons > 0) { /* the store's own are newer */
        memcpy(h + n, c->horizons, c->n_horizons * sizeof *h);
    }
    for (size_t i = 0; i < c->n_dead; i++) {
        dead[i] = c->dead[i];
    }
    for (size_t i = 0; i < s->n_bad; i++) {
        dead[c->n_dead + i] = s->bad[i].revision;
    }
    c->horizons = *ret_horizons = h;
    c->n_horizons += n;
    c->dead = *ret_dead = dead;
    c->n_dead += s->n_bad;
}

/* Encrypts what has to be; *ret_rows NULL where nothing has. */
static void seal_rows(struct sealed *s, struct cleat_commit *c, struct cleat_row **ret_rows,
                      struct cleat_buf **ret_texts) {
    *ret_rows = NULL;
    *ret_texts = NULL;
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct cleat_seal_key *key = writer_of(s, c->rows[i].kind);
        if (key == NULL) {
            continue;
        }
        if (*ret_rows == NULL) {
            *ret_rows = cleat_array(c->n_rows, sizeof **ret_rows);
            *ret_texts = cleat_array(c->n_rows, sizeof **ret_texts);
            memcpy(*ret_rows, c->rows, c->n_rows * sizeof *c->rows);
        }
        struct cleat_row *row = &(*ret_rows)[i];
        struct cleat_buf *text = &(*ret_texts)[i];
        cleat__seal(key, cleat_s(kind_at(s, row->kind)->resource), row, text);
        row->data = (struct cleat_str){text->p, text->n};
    }
}

static cleat_err commit(struct cleat_backend *b, const struct cleat_commit *c,
                        struct cleat_error *e) {
    struct sealed *s = (struct sealed *)b;
    struct cleat_commit mine = *c;
    struct cleat_row *rows;
    struct cleat_buf *texts;
    CLEAT_AUTO_FREE uint64_t *dead = NULL;
    CLEAT_AUTO_FREE struct cleat_horizon *horizons = NULL;
    for (size_t i = 0; i < c->n_kinds; i++) {
        learn(s, c->kinds[i].id, c->kinds[i].resource);
    }
    if (s->n_bad > 0) {
        clean_up(s, &mine, &dead, &horizons);
    }
    seal_rows(s, &mine, &rows, &texts);
    mine.rows = rows != NULL ? rows : c->rows;
    cleat_err err = s->inner->ops->commit(s->inner, &mine, e);
    for (size_t i = 0; rows != NULL && i < c->n_rows; i++) {
        cleat_buf_done(&texts[i]);
    }
    free(rows);
    free(texts);
    if (err == CLEAT_OK) {
        s->n_bad = 0;
    }
    return err;
}

/* ---- the rest ---- */

static bool maintain(struct cleat_backend *b) {
    struct sealed *s = (struct sealed *)b;
    return s->inner->ops->maintain(s->inner);
}

static uint64_t size_bytes(struct cleat_backend *b) {
    struct sealed *s = (struct sealed *)b;
    return s->inner->ops->size_bytes(s->inner);
}

static void close_backend(struct cleat_backend *b) {
    struct sealed *s = (struct sealed *)b;
    s->inner->ops->close(s->inner);
    for (size_t i = 0; i < s->n_kinds; i++) {
        free(s->kinds[i].resource);
    }
    size_t at = 0;
    for (struct cleat_map_entry *m; (m = cleat_map_each(&s->bad_keys, &at)) != NULL;) {
        free(s->bad[(uintptr_t)m->value - 1].key);
    }
    cleat_map_done(&s->bad_keys);
    free(s->kinds);
    free(s->bad);
    cleat_buf_done(&s->plain);
    cleat_sealing_free(s->sealing);
    free(s);
}

struct cleat_backend *cleat_backend_sealed(struct cleat_backend *inner,
                                           struct cleat_sealing *sealing) {
    static const struct cleat_backend_ops ops = {load,       commit,        maintain,
                                                 size_bytes, close_backend, NULL};
    struct sealed *s = cleat_zalloc(sizeof *s);
    s->base.ops = &ops;
    s->inner = inner;
    s->sealing = sealing;
    return &s->base;
}
