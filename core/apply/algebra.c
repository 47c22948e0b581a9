/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Union, intersection and differences of field sets: merges of sorted arrays.
 * Results share what they can with their operands. NULL is the empty set.
 */
#include "core/apply/fields.h"

struct merge {
    struct cleat_arena *arena;
    const struct cleat_fields *x, *y;
    uint32_t i, j;
    struct cleat_fields *out;
};

static struct merge begin(struct cleat_arena *a, const struct cleat_fields *x,
                          const struct cleat_fields *y) {
    static const struct cleat_fields nothing;
    struct merge m = {a, x != NULL ? x : &nothing, y != NULL ? y : &nothing, 0, 0, NULL};
    m.out = cleat_arena_alloc(a, sizeof *m.out);
    return m;
}

/* The next element of either side; a side that has it not gives NULL. */
static bool next(struct merge *m, const struct cleat_fields_node **x,
                 const struct cleat_fields_node **y) {
    *x = m->i < m->x->n ? &m->x->nodes[m->i] : NULL;
    *y = m->j < m->y->n ? &m->y->nodes[m->j] : NULL;
    if (*x != NULL && *y != NULL) {
        int c = cleat_element_cmp((*x)->el, (*y)->el);
        *x = c <= 0 ? *x : NULL;
        *y = c >= 0 ? *y : NULL;
    }
    m->i += *x != NULL;
    m->j += *y != NULL;
    return *x != NULL || *y != NULL;
}

/* What is below is left out where it has no members; so is a node that is nothing then. */
static void add(struct merge *m, struct cleat_element el, bool member,
                const struct cleat_fields *below) {
    below = cleat_fields_empty(below) ? NULL : below;
    if (!member && below == NULL) {
        return;
    }
    struct cleat_fields *s = m->out;
    s->nodes = cleat_arena_grow(m->arena, s->nodes, s->n, &s->cap, sizeof *s->nodes);
    s->nodes[s->n++] = (struct cleat_fields_node){el, member, below};
}

const struct cleat_fields *cleat_fields_union(struct cleat_arena *a, const struct cleat_fields *x,
                                              const struct cleat_fields *y) {
    struct merge m = begin(a, x, y);
    const struct cleat_fields_node *l, *r;
    if (x == NULL || y == NULL || x == y) {
        return x != NULL ? x : y;
    }
    while (next(&m, &l, &r)) {
        if (l == NULL || r == NULL) {
            l = l != NULL ? l : r;
            add(&m, l->el, l->member, l->below);
        } else {
            add(&m, l->el, l->member || r->member, cleat_fields_union(a, l->below, r->below));
        }
    }
    return m.out;
}

const struct cleat_fields *cleat_fields_common(struct cleat_arena *a, const struct cleat_fields *x,
                                               const struct cleat_fields *y) {
    const struct cleat_fields_node *l, *r;
    if (x == NULL || y == NULL) {
        return NULL;
    }
    struct merge m = begin(a, x, y);
    while (next(&m, &l, &r)) {
        if (l != NULL && r != NULL) {
            add(&m, l->el, l->member && r->member, cleat_fields_common(a, l->below, r->below));
        }
    }
    return m.out;
}

static const struct cleat_fields *difference(struct cleat_arena *a, const struct cleat_fields *x,
                                             const struct cleat_fields *y, bool with_below) {
    const struct cleat_fields_node *l, *r;
    if (x == NULL || y == NULL) {
        return x;
    }
    struct merge m = begin(a, x, y);
    while (next(&m, &l, &r)) {
        if (l == NULL || (r != NULL && r->member && with_below)) {
            continue;
        }
        if (r == NULL) {
            add(&m, l->el, l->member, l->below);
        } else {
            add(&m, l->el, l->member && !r->member, difference(a, l->below, r->below, with_below));
        }
    }
    return m.out;
}

const struct cleat_fields *cleat_fields_minus(struct cleat_arena *a, const struct cleat_fields *x,
                                              const struct cleat_fields *y) {
    return difference(a, x, y, false);
}

const struct cleat_fields *cleat_fields_without(struct cleat_arena *a, const struct cleat_fields *x,
                                                const struct cleat_fields *y) {
    return difference(a, x, y, true);
}

const struct cleat_fields *cleat_fields_leaves(struct cleat_arena *a,
                                               const struct cleat_fields *s) {
    if (s == NULL) {
        return NULL;
    }
    struct merge m = begin(a, s, NULL);
    for (uint32_t i = 0; i < s->n; i++) {
        const struct cleat_fields_node *node = &s->nodes[i];
        add(&m, node->el, node->member && node->below == NULL, cleat_fields_leaves(a, node->below));
    }
    return m.out;
}

const struct cleat_fields *cleat_fields_keep(struct cleat_arena *a, const struct cleat_fields *s) {
    if (s == NULL) {
        return NULL;
    }
    struct cleat_fields *out = cleat_arena_alloc(a, sizeof *out);
    *out = *s;
    out->nodes = cleat_arena_alloc(a, (s->n + 1) * sizeof *out->nodes);
    for (uint32_t i = 0; i < s->n; i++) {
        struct cleat_fields_node node = s->nodes[i];
        node.el.text = cleat_arena_str(a, node.el.text);
        node.below = cleat_fields_keep(a, node.below);
        out->nodes[i] = node;
    }
    return out;
}
