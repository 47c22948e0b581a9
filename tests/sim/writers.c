/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writers that go to the store without the registry: creates, updates and
 * deletes of a few keys, with right and wrong expectations, many in flight.
 * Each outcome is foretold by a shadow of the state, since outcomes come in the
 * order of submission.
 */
#include "tests/sim/sim.h"

enum { KEYS = 24, IN_FLIGHT = 24 };

struct write {
    struct cleat_op op;
    struct write *next;
    size_t kind, key;
    int type;
};
struct writers {
    uint64_t shadow[2][KEYS]; /* the revision, 0 = absent */
    struct write *acked, **acked_tail;
    size_t in_flight;
    uint64_t value;
};

static struct writers w;

static struct mkind *kind_of(size_t i) {
    return &sim.model.kinds[i];
}

static struct cleat_str name_of(size_t key, char buf[16]) {
    return (struct cleat_str){buf, (size_t)snprintf(buf, 16, "k-%zu", key)};
}

static void up(void) {
    char buf[16];
    w.acked = NULL;
    w.acked_tail = &w.acked;
    w.in_flight = 0;
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < KEYS; k++) {
            cleat_obj *o = model_live(kind_of(i), (struct cleat_str){"", 0}, name_of(k, buf));
            w.shadow[i][k] = o ? cleat_obj_revision(o) : 0;
        }
    }
}

static cleat_err foretold(const struct write *x) {
    uint64_t now = w.shadow[x->kind][x->key];
    if (x->type == CLEAT_OP_CREATE) {
        return now != 0 ? CLEAT_E_EXISTS : CLEAT_OK;
    }
    return now == 0 ? CLEAT_E_NOT_FOUND : now != x->op.expect ? CLEAT_E_CONFLICT : CLEAT_OK;
}

/* On the committer: outcomes come in order. */
static void done(struct cleat_op *op) {
    struct write *x = op->userdata;
    cleat_err want = foretold(x);
    w.in_flight--;
    *w.acked_tail = x;
    x->next = NULL;
    w.acked_tail = &x->next;
    if (op->err == CLEAT_E_INTERNAL) { /* the disk: nothing of the batch has happened */
        sim.n.failed++;
        return;
    }
    /* A batch that fails as a whole was checked against a state that then did not come. */
    SIM_CHECK(op->err == want, "write of %s k-%zu: %s, expected %s", sim_raw_kinds[x->kind], x->key,
              cleat_err_name(op->err), cleat_err_name(want));
    if (op->err == CLEAT_OK) {
        w.shadow[x->kind][x->key] = x->type == CLEAT_OP_DELETE ? 0 : cleat_obj_revision(op->obj);
        sim.n.acked++;
    } else {
        sim.n.refused++;
    }
}

/* What was acknowledged must be in the history that watchers read. */
static int take_acks(void) {
    int any = 0;
    for (struct write *x; (x = w.acked) != NULL; any = 1) {
        w.acked = x->next;
        if (w.acked == NULL) {
            w.acked_tail = &w.acked;
        }
        if (x->op.err == CLEAT_OK) {
            model_acked(&sim.model, x->type, x->op.obj);
        }
        sim_note("ack %s k-%zu %s %llu", sim_raw_kinds[x->kind], x->key, cleat_err_name(x->op.err),
                 x->op.obj ? (unsigned long long)cleat_obj_revision(x->op.obj) : 0);
        cleat_obj_unref(x->op.obj);
        free(x);
    }
    return any;
}

static cleat_obj *make_obj(size_t kind, size_t key) {
    CLEAT_AUTO_BUF b = {0};
    char buf[16];
    struct cleat_str name = name_of(key, buf);
    size_t pad = rng_chance(&sim.rng, 50)    ? 4000 + rng_below(&sim.rng, 30000)
                 : rng_chance(&sim.rng, 300) ? rng_below(&sim.rng, 3000)
                                             : rng_below(&sim.rng, 100);
    cleat_buf_printf(
        &b,
        "{\"metadata\":{\"name\":\"%.*s\",\"resourceVersion\":\"%llu\"},\"value\":%llu,"
        "\"pad\":\"",
        CLEAT_FMT(name), (unsigned long long)cleat_store_revision(sim.store),
        (unsigned long long)++w.value);
    for (size_t i = 0; i < pad; i++) {
        cleat_buf_putc(&b, (char)('a' + i % 26));
    }
    cleat_buf_puts(&b, "\"}");
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    SIM_CHECK(cleat_obj_parse((struct cleat_str){b.p, b.n}, 0, &o, &e) == CLEAT_OK, "%s",
              e.message);
    cleat_obj_stamp_kind(o, kind_of(kind)->id);
    return o;
}

static void submit(void) {
    struct write *x = cleat_zalloc(sizeof *x);
    x->kind = rng_below(&sim.rng, 2);
    x->key = rng_below(&sim.rng, rng_chance(&sim.rng, 500) ? 4 : KEYS); /* some are hot */
    uint64_t now = w.shadow[x->kind][x->key];
    x->type = now == 0 || rng_chance(&sim.rng, 50) ? CLEAT_OP_CREATE
              : rng_chance(&sim.rng, 150)          ? CLEAT_OP_DELETE
                                                   : CLEAT_OP_UPDATE;
    x->op = (struct cleat_op){.type = x->type,
                              .expect = rng_chance(&sim.rng, 50) ? now / 2 : now,
                              .obj = make_obj(x->kind, x->key),
                              .done = done,
                              .userdata = x};
    w.in_flight++;
    sim.n.writes++;
    sim_note("write %d %s k-%zu", x->type, sim_raw_kinds[x->kind], x->key);
    cleat_store_submit(sim.store, &x->op);
}

static int step(void) {
    int any = take_acks();
    if (w.in_flight < IN_FLIGHT && !disk_is_off(sim.disk)) {
        submit();
        any = 1;
    }
    return any;
}

static void down(void) {
    SIM_CHECK(w.in_flight == 0, "%zu writes were never answered", w.in_flight);
    take_acks();
}

static void quiet(void) {
    down();
}

const struct actor writers_actor = {.name = "writers",
                                    .weight = 300,
                                    .up = up,
                                    .down = down,
                                    .step = step,
                                    .settle = take_acks,
                                    .quiet = quiet};
