/* SPDX-License-Identifier: Apache-2.0 */
/* A backend around the real one: notes for the model which rows failed to commit. */
#include "tests/sim/sim.h"

struct shim {
    struct cleat_backend base;
    struct cleat_backend *inner;
    struct model *model;
};

struct counter {
    cleat_err (*row)(void *, const struct cleat_row *);
    cleat_err (*kind)(void *, uint32_t, struct cleat_str, uint64_t);
    void *ud;
    size_t *rows;
};

static cleat_err count_row(void *ud, const struct cleat_row *row) {
    struct counter *c = ud;
    ++*c->rows;
    return c->row(c->ud, row);
}

static cleat_err pass_kind(void *ud, uint32_t id, struct cleat_str resource, uint64_t horizon) {
    struct counter *c = ud;
    return c->kind(c->ud, id, resource, horizon);
}

static cleat_err load(struct cleat_backend *b,
                      cleat_err (*kind)(void *, uint32_t, struct cleat_str, uint64_t),
                      cleat_err (*row)(void *, const struct cleat_row *), void *ud,
                      uint64_t *ret_revision, struct cleat_error *e) {
    struct shim *s = (struct shim *)b;
    struct counter c = {row, kind, ud, &s->model->rows};
    s->model->rows = 0;
    return s->inner->ops->load(s->inner, pass_kind, count_row, &c, ret_revision, e);
}

static cleat_err commit(struct cleat_backend *b, const struct cleat_commit *c,
                        struct cleat_error *e) {
    struct shim *s = (struct shim *)b;
    struct cleat_commit less = *c;
    if (sim.break_mode == BREAK_LOSE_WRITE && sim.running && c->n_rows > 0 &&
        rng_chance(&sim.rng, 50)) {
        less.n_rows--; /* acknowledged all the same */
    }
    cleat_err err = s->inner->ops->commit(s->inner, &less, e);
    for (size_t i = 0; err != CLEAT_OK && i < c->n_rows; i++) {
        model_unknown(s->model, &c->rows[i]);
    }
    return err;
}

static bool maintain(struct cleat_backend *b) {
    struct cleat_backend *inner = ((struct shim *)b)->inner;
    return inner->ops->maintain(inner);
}

static uint64_t size_bytes(struct cleat_backend *b) {
    struct cleat_backend *inner = ((struct shim *)b)->inner;
    return inner->ops->size_bytes(inner);
}

static void close_shim(struct cleat_backend *b) {
    struct cleat_backend *inner = ((struct shim *)b)->inner;
    inner->ops->close(inner);
    free(b);
}

struct cleat_backend *model_backend(struct model *m, struct cleat_backend *inner) {
    static const struct cleat_backend_ops ops = {load,       commit,     maintain,
                                                 size_bytes, close_shim, NULL};
    struct shim *s = cleat_zalloc(sizeof *s);
    s->base.ops = &ops;
    s->inner = inner;
    s->model = m;
    return &s->base;
}
