/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watchers that live outside the process, as clients over HTTP do: they keep
 * their position through crashes. Each must be given every change of its kind
 * exactly once, in order, or an honest 410; some read slowly. Snapshots that
 * somebody holds must not change.
 */
#include "tests/sim/sim.h"

enum { WATCHERS = 10, HELD = 6, READ_MAX = 16 };

struct watcher {
    size_t kind;
    uint64_t position; /* everything up to it was given */
    size_t next;       /* the change that must come next: an index into the model's log */
    unsigned laziness; /* per mille of turns that it sleeps through */
    cleat_cursor *cursor;
};
static struct watcher all[WATCHERS];
static size_t turn;

/* As after a list: from the newest state on. */
static void start_over(struct watcher *w) {
    struct mkind *k = &sim.model.kinds[w->kind];
    w->position = sim.model.revision;
    w->next = k->n;
}

static void open_cursor(struct watcher *w) {
    struct mkind *k = &sim.model.kinds[w->kind];
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = cleat_cursor_open(sim.store, k->id, w->position, &w->cursor, &e);
    if (err == CLEAT_OK) {
        return;
    }
    SIM_CHECK(err == CLEAT_E_EXPIRED, "watch of %s: %s", k->resource, e.message);
    model_check_expired(&sim.model, k, w->position);
    sim.n.relists++;
    start_over(w);
    err = cleat_cursor_open(sim.store, k->id, w->position, &w->cursor, &e);
    SIM_CHECK(err == CLEAT_OK, "watch of %s from the newest revision: %s", k->resource, e.message);
}

/* To somewhere in the past, as a client with an old resourceVersion. */
static void go_back(struct watcher *w) {
    w->position = rng_below(&sim.rng, sim.model.revision + 1);
    w->next = model_after(&sim.model.kinds[w->kind], w->position);
}

static void up(void) {
    for (size_t i = 0; i < WATCHERS; i++) {
        if (sim.n.boots == 1) {
            all[i] = (struct watcher){.kind = rng_below(&sim.rng, sim.model.n_kinds)};
            if (i < 4) {
                all[i].kind = i % 2; /* the busy ones */
            }
            all[i].laziness = (unsigned)rng_below(&sim.rng, 4) * 330;
            start_over(&all[i]);
        }
        if (rng_chance(&sim.rng, 200)) {
            go_back(&all[i]);
        }
        open_cursor(&all[i]);
    }
}

static void down(void) {
    for (size_t i = 0; i < WATCHERS; i++) {
        cleat_cursor_close(all[i].cursor);
        all[i].cursor = NULL;
    }
}

static void expect(struct watcher *w, const struct cleat_change *c) {
    struct mkind *k = &sim.model.kinds[w->kind];
    SIM_CHECK(w->next < k->n, "%s: a watcher was given %llu, which was never acknowledged",
              k->resource, (unsigned long long)c->revision);
    const struct mchange *want = &k->changes[w->next];
    SIM_CHECK(c->revision == want->revision, "%s: a watcher was given %llu where %llu was next",
              k->resource, (unsigned long long)c->revision, (unsigned long long)want->revision);
    SIM_CHECK(c->type == want->type &&
                  cleat_eq(cleat_obj_bytes(c->obj), cleat_obj_bytes(want->obj)),
              "%s: a watcher was given another change of %llu", k->resource,
              (unsigned long long)c->revision);
    SIM_CHECK(
        (c->prev == NULL) == (want->prev == NULL) &&
            (c->prev == NULL || cleat_eq(cleat_obj_bytes(c->prev), cleat_obj_bytes(want->prev))),
        "%s: the change of %llu came with another state before it", k->resource,
        (unsigned long long)c->revision);
    w->next++;
    sim.n.events++;
}

/* --break: the harness does to an event what a faulty store would. */
static int tamper(struct cleat_change *c, int n) {
    if (sim.break_mode == BREAK_DROP_EVENT && n > 0 && rng_chance(&sim.rng, 100)) {
        cleat_obj_unref(c[n - 1].obj);
        cleat_obj_unref(c[n - 1].prev);
        return n - 1;
    }
    if (sim.break_mode == BREAK_DUP_EVENT && n > 0 && rng_chance(&sim.rng, 100)) {
        c[n] = c[n - 1];
        cleat_obj_ref(c[n].obj);
        cleat_obj_ref(c[n].prev);
        return n + 1;
    }
    if (sim.break_mode == BREAK_REORDER && n > 1 && rng_chance(&sim.rng, 100)) {
        struct cleat_change first = c[0];
        c[0] = c[1];
        c[1] = first;
    }
    return n;
}

static int read_some(struct watcher *w, int max) {
    struct mkind *k = &sim.model.kinds[w->kind];
    struct cleat_change c[READ_MAX + 1];
    uint64_t upto = 0;
    int n = cleat_cursor_read(w->cursor, c, max, &upto);
    if (n < 0) {
        SIM_CHECK(n == CLEAT_E_EXPIRED, "%s: a watch ended with %d", k->resource, n);
        model_check_expired(&sim.model, k, w->position);
        cleat_cursor_close(w->cursor);
        sim.n.relists++;
        start_over(w);
        open_cursor(w);
        return 1;
    }
    n = tamper(c, n);
    for (int i = 0; i < n; i++) {
        expect(w, &c[i]);
        cleat_obj_unref(c[i].obj);
        cleat_obj_unref(c[i].prev);
    }
    SIM_CHECK(upto >= w->position && upto <= sim.model.revision, "%s: read up to %llu", k->resource,
              (unsigned long long)upto);
    SIM_CHECK(model_after(k, upto) == w->next,
              "%s: a watcher was told that it has all up to %llu, and has %zu of %zu changes",
              k->resource, (unsigned long long)upto, w->next, model_after(k, upto));
    w->position = upto;
    return n;
}

static int step(void) {
    struct watcher *w = &all[turn++ % WATCHERS];
    if (rng_chance(&sim.rng, w->laziness)) {
        return 0;
    }
    return read_some(w, 1 + (int)rng_below(&sim.rng, READ_MAX));
}

static void quiet(void) {
    for (size_t i = 0; i < WATCHERS; i++) {
        while (read_some(&all[i], READ_MAX) > 0) {
        }
        SIM_CHECK(all[i].next == sim.model.kinds[all[i].kind].n, "%s: a watcher missed changes",
                  sim.model.kinds[all[i].kind].resource);
        /* Now and then one begins somewhere in the past. */
        if (rng_chance(&sim.rng, 300)) {
            struct watcher *w = &all[i];
            go_back(w);
            cleat_cursor_close(w->cursor);
            open_cursor(w);
        }
    }
}

const struct actor watchers_actor = {
    .name = "watchers", .weight = 250, .up = up, .down = down, .step = step, .quiet = quiet};

/* ---- held snapshots ---- */

static struct held {
    cleat_snapshot *sn;
    uint64_t digest;
} held[HELD];

static uint64_t snapshot_digest(const cleat_snapshot *sn) {
    uint64_t h = cleat_snapshot_revision(sn);
    for (size_t i = 0; i < 2; i++) {
        struct cleat_range r;
        cleat_range_init(&r, sn, sim.model.kinds[i].id, (struct cleat_str){NULL, 0});
        for (const cleat_obj *o; (o = cleat_range_next(&r)) != NULL;) {
            h = (h ^ cleat_hash(cleat_obj_bytes(o))) * 0x100000001b3u;
        }
    }
    return h;
}

static int hold(void) {
    struct held *h = &held[rng_below(&sim.rng, HELD)];
    if (h->sn != NULL) {
        SIM_CHECK(snapshot_digest(h->sn) == h->digest, "the snapshot of %llu changed",
                  (unsigned long long)cleat_snapshot_revision(h->sn));
        cleat_snapshot_unref(h->sn);
    }
    h->sn = cleat_store_snapshot(sim.store);
    h->digest = snapshot_digest(h->sn);
    return 1;
}

static void release(void) {
    for (size_t i = 0; i < HELD; i++) {
        if (held[i].sn != NULL) {
            SIM_CHECK(snapshot_digest(held[i].sn) == held[i].digest, "a snapshot changed");
            cleat_snapshot_unref(held[i].sn);
            held[i].sn = NULL;
        }
    }
}

const struct actor holders_actor = {.name = "holders", .weight = 20, .down = release, .step = hold};
