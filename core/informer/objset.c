/* SPDX-License-Identifier: Apache-2.0 */
/* Linear probing with backward-shift deletion: no tombstones to sweep. */
#include "core/informer/objset.h"

static uint64_t hash_of(struct cleat_str ns, struct cleat_str name) {
    uint64_t h = cleat_hash(name);
    return ns.n > 0 ? h ^ (cleat_hash(ns) * 0x9E3779B97F4A7C15u) : h;
}

static size_t home(const struct cleat_objset *s, const cleat_obj *o) {
    return hash_of(cleat_obj_ns(o), cleat_obj_name(o)) & (s->cap - 1);
}

/* The slot of the key, or the free one where it would go. */
static size_t slot_of(const struct cleat_objset *s, struct cleat_str ns, struct cleat_str name) {
    size_t i = hash_of(ns, name) & (s->cap - 1);
    while (s->slots[i] != NULL && !(cleat_eq(cleat_obj_name(s->slots[i]), name) &&
                                    cleat_eq(cleat_obj_ns(s->slots[i]), ns))) {
        i = (i + 1) & (s->cap - 1);
    }
    return i;
}

cleat_obj *cleat_objset_get(const struct cleat_objset *s, struct cleat_key key) {
    return s->n ? s->slots[slot_of(s, key.ns, key.name)] : NULL;
}

static void resize(struct cleat_objset *s, size_t cap) {
    struct cleat_objset other = {.cap = cap};
    other.slots = cleat_array(cap, sizeof *other.slots);
    for (size_t i = 0; i < s->cap; i++) {
        if (s->slots[i] != NULL) {
            cleat_objset_put(&other, s->slots[i]);
        }
    }
    free(s->slots);
    *s = other;
}

void cleat_objset_reserve(struct cleat_objset *s, size_t n) {
    size_t cap = s->cap ? s->cap : 4;
    while (n * 4 > cap * 3) {
        cap *= 2;
    }
    if (cap > s->cap) {
        resize(s, cap);
    }
}

cleat_obj *cleat_objset_put(struct cleat_objset *s, cleat_obj *o) {
    if ((s->n + 1) * 4 > s->cap * 3) {
        resize(s, s->cap ? s->cap * 2 : 4);
    }
    size_t i = slot_of(s, cleat_obj_ns(o), cleat_obj_name(o));
    cleat_obj *old = s->slots[i];
    s->slots[i] = o;
    s->n += old == NULL;
    return old;
}

cleat_obj *cleat_objset_remove(struct cleat_objset *s, struct cleat_key key) {
    if (s->n == 0) {
        return NULL;
    }
    size_t hole = slot_of(s, key.ns, key.name);
    cleat_obj *old = s->slots[hole];
    if (old == NULL) {
        return NULL;
    }
    s->slots[hole] = NULL;
    s->n--;
    for (size_t i = (hole + 1) & (s->cap - 1); s->slots[i] != NULL; i = (i + 1) & (s->cap - 1)) {
        size_t want = home(s, s->slots[i]);
        /* Move back whoever probed over the hole. */
        if (((i - want) & (s->cap - 1)) >= ((i - hole) & (s->cap - 1))) {
            s->slots[hole] = s->slots[i];
            s->slots[i] = NULL;
            hole = i;
        }
    }
    return old;
}

void cleat_objset_done(struct cleat_objset *s) {
    free(s->slots);
    *s = (struct cleat_objset){0};
}
