/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of keys: chained, so that an item is one allocation that never
 * moves and its key can be lent to a worker. Under the queue's mutex.
 */
#include "core/workqueue/internal.h"

static uint64_t hash_of(struct cleat_key k) {
    uint64_t h = cleat_hash(k.name);
    return k.ns.n > 0 ? h ^ (cleat_hash(k.ns) * 0x9E3779B97F4A7C15u) : h;
}

static struct cleat__item **place_of(const struct cleat__items *t, struct cleat_key k,
                                     uint64_t hash) {
    struct cleat__item **p = &t->slots[hash & (t->cap - 1)];
    while (*p != NULL && !((*p)->hash == hash && cleat_eq((*p)->key.name, k.name) &&
                           cleat_eq((*p)->key.ns, k.ns))) {
        p = &(*p)->chain;
    }
    return p;
}

static void grow(struct cleat__items *t) {
    struct cleat__items bigger = {.n = t->n, .cap = t->cap ? t->cap * 2 : 64};
    bigger.slots = cleat_array(bigger.cap, sizeof *bigger.slots);
    for (size_t i = 0; i < t->cap; i++) {
        for (struct cleat__item *it = t->slots[i], *next; it != NULL; it = next) {
            next = it->chain;
            struct cleat__item **slot = &bigger.slots[it->hash & (bigger.cap - 1)];
            it->chain = *slot;
            *slot = it;
        }
    }
    free(t->slots);
    *t = bigger;
}

struct cleat__item *cleat__item_find(cleat_queue *q, struct cleat_key key) {
    return q->items.n ? *place_of(&q->items, key, hash_of(key)) : NULL;
}

static char *copy(char *to, struct cleat_str s) {
    if (s.n > 0) {
        memcpy(to, s.p, s.n);
    }
    return to + s.n;
}

struct cleat__item *cleat__item_make(cleat_queue *q, struct cleat_key key) {
    struct cleat__items *t = &q->items;
    if (t->n >= t->cap) {
        grow(t);
    }
    uint64_t hash = hash_of(key);
    struct cleat__item **p = place_of(t, key, hash);
    if (*p == NULL) {
        struct cleat__item *it = cleat_alloc(sizeof *it + key.ns.n + key.name.n);
        *it = (struct cleat__item){.hash = hash};
        char *name = copy(it->text, key.ns);
        copy(name, key.name);
        it->key.ns = (struct cleat_str){it->text, key.ns.n};
        it->key.name = (struct cleat_str){name, key.name.n};
        *p = it;
        t->n++;
    }
    return *p;
}

void cleat__item_drop_if_idle(cleat_queue *q, struct cleat__item *it) {
    if (it->dirty || it->processing || it->heap_at != 0 || it->failures != 0) {
        return;
    }
    struct cleat__item **p = &q->items.slots[it->hash & (q->items.cap - 1)];
    while (*p != it) {
        p = &(*p)->chain;
    }
    *p = it->chain;
    q->items.n--;
    free(it);
}

void cleat__items_done(cleat_queue *q) {
    for (size_t i = 0; i < q->items.cap; i++) {
        for (struct cleat__item *it = q->items.slots[i], *next; it != NULL; it = next) {
            next = it->chain;
            free(it);
        }
    }
    free(q->items.slots);
}
