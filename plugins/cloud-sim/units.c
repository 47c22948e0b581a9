/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The set of units: found by name, and a heap by due time. A unit whose Machine
 * is gone leaves the map and stays in the heap until it has said goodbye. The
 * caller holds the engine's lock.
 */
#include "engine.h"

/* ---- heap ---- */

static void heap_put(struct cleat_sim_units *s, size_t i, struct cleat_sim_unit *u) {
    s->heap[i] = u;
    u->heap = (uint32_t)i + 1;
}

static void heap_up(struct cleat_sim_units *s, size_t i) {
    struct cleat_sim_unit *u = s->heap[i];
    for (; i > 0 && s->heap[(i - 1) / 2]->due > u->due; i = (i - 1) / 2) {
        heap_put(s, i, s->heap[(i - 1) / 2]);
    }
    heap_put(s, i, u);
}

static void heap_down(struct cleat_sim_units *s, size_t i) {
    struct cleat_sim_unit *u = s->heap[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= s->n_heap) {
            break;
        }
        if (child + 1 < s->n_heap && s->heap[child + 1]->due < s->heap[child]->due) {
            child++;
        }
        if (s->heap[child]->due >= u->due) {
            break;
        }
        heap_put(s, i, s->heap[child]);
        i = child;
    }
    heap_put(s, i, u);
}

void cleat_sim_units_unschedule(struct cleat_sim_units *s, struct cleat_sim_unit *u) {
    if (u->heap == 0) {
        return;
    }
    size_t i = u->heap - 1;
    struct cleat_sim_unit *last = s->heap[--s->n_heap];
    u->heap = 0;
    if (last != u) {
        heap_put(s, i, last);
        heap_up(s, i);
        heap_down(s, last->heap - 1);
    }
}

static void heap_insert(struct cleat_sim_units *s, struct cleat_sim_unit *u) {
    if (s->n_heap == s->heap_cap) {
        size_t cap = s->heap_cap ? 2 * s->heap_cap : 64;
        struct cleat_sim_unit **grown = cleat_sdk_alloc(cap, sizeof(void *));
        if (s->n_heap > 0) {
            memcpy(grown, s->heap, s->n_heap * sizeof *grown);
        }
        free(s->heap);
        s->heap = grown;
        s->heap_cap = cap;
    }
    heap_put(s, s->n_heap++, u);
    heap_up(s, s->n_heap - 1);
}

bool cleat_sim_units_schedule(struct cleat_sim_units *s, struct cleat_sim_unit *u,
                              cleat_time when) {
    if (when == CLEAT_SIM_NEVER || (u->heap != 0 && u->due <= when)) {
        return false;
    }
    cleat_sim_units_unschedule(s, u);
    u->due = when;
    heap_insert(s, u);
    return true;
}

struct cleat_sim_unit *cleat_sim_units_next(struct cleat_sim_units *s) {
    return s->n_heap > 0 ? s->heap[0] : NULL;
}

/* ---- map ---- */

static size_t bucket_of(const struct cleat_sim_units *s, struct cleat_str name) {
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < name.n; i++) {
        h = (h ^ (unsigned char)name.p[i]) * UINT64_C(1099511628211);
    }
    return (size_t)(h ^ h >> 32) & (s->n_buckets - 1);
}

struct cleat_sim_unit *cleat_sim_units_find(struct cleat_sim_units *s, struct cleat_str name) {
    struct cleat_sim_unit *u = s->buckets[bucket_of(s, name)];
    while (u != NULL && !cleat_str_is(name, u->name)) {
        u = u->chain;
    }
    return u;
}

void cleat_sim_units_add(struct cleat_sim_units *s, struct cleat_sim_unit *u) {
    if (s->n >= s->n_buckets) {
        struct cleat_sim_unit **old = s->buckets;
        size_t n_old = s->n_buckets;
        s->n_buckets *= 2;
        s->buckets = cleat_sdk_alloc(s->n_buckets, sizeof(void *));
        for (size_t i = 0; i < n_old; i++) {
            for (struct cleat_sim_unit *next, *o = old[i]; o != NULL; o = next) {
                next = o->chain;
                size_t b = bucket_of(s, cleat_cstr(o->name));
                o->chain = s->buckets[b];
                s->buckets[b] = o;
            }
        }
        free(old);
    }
    size_t b = bucket_of(s, cleat_cstr(u->name));
    u->chain = s->buckets[b];
    s->buckets[b] = u;
    s->n++;
}

void cleat_sim_units_remove(struct cleat_sim_units *s, struct cleat_sim_unit *u) {
    struct cleat_sim_unit **p = &s->buckets[bucket_of(s, cleat_cstr(u->name))];
    while (*p != NULL && *p != u) {
        p = &(*p)->chain;
    }
    if (*p == u) {
        *p = u->chain;
        s->n--;
    }
}

void cleat_sim_units_init(struct cleat_sim_units *s) {
    *s = (struct cleat_sim_units){.n_buckets = 64};
    s->buckets = cleat_sdk_alloc(s->n_buckets, sizeof(void *));
}

struct cleat_sim_unit *cleat_sim_units_any(struct cleat_sim_units *s) {
    for (size_t i = 0; i < s->n_buckets; i++) {
        if (s->buckets[i] != NULL) {
            return s->buckets[i];
        }
    }
    return cleat_sim_units_next(s);
}

void cleat_sim_units_done(struct cleat_sim_units *s) {
    free(s->buckets);
    free(s->heap);
    *s = (struct cleat_sim_units){0};
}
