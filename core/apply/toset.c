/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields that a configuration names: its leaves, the elements of its lists
 * and the keys of its maps, but not the structures on the way.
 */
#include "core/apply/typed.h"

static void walk(struct cleat_arena *a, struct cleat_fields_at *at, struct cleat_shape s,
                 struct cleat_val v);

static void members(struct cleat_arena *a, struct cleat_fields_at *at, struct cleat_shape s,
                    struct cleat_val v) {
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        struct cleat_fields_at here = {.up = at, .el = {'f', it.key}};
        walk(a, &here, cleat_shape_member(s, it.key), it.val);
        int32_t type = cleat_val_type(it.val);
        if (type == CLEAT_NULL || (type == CLEAT_OBJECT && cleat_val_count(it.val) == 0) ||
            !cleat_shape_names(s, it.key)) {
            cleat_fields_mark(a, &here, 0);
        }
    }
}

struct item {
    struct cleat_element el;
    struct cleat_val v;
};

static int by_element(const void *a, const void *b) {
    return cleat_element_cmp(((const struct item *)a)->el, ((const struct item *)b)->el);
}

/* Of elements with one name nothing is below: they are owned as a whole. */
static void elements(struct cleat_arena *a, struct cleat_fields_at *at, struct cleat_shape s,
                     struct cleat_view view, struct cleat_val v) {
    struct cleat_iter it = {0};
    struct item *all = cleat_arena_alloc(a, (cleat_val_count(v) + 1) * sizeof *all);
    size_t n = 0;
    while (cleat_val_next(v, &it)) {
        all[n].v = it.val;
        n += cleat_element_of_item(a, NULL, 0, view.keys, view.elem, it.val, &all[n].el, NULL);
    }
    qsort(all, n, sizeof *all, by_element);
    for (size_t i = 0, next; i < n; i = next) {
        struct cleat_fields_at here = {.up = at, .el = all[i].el};
        for (next = i + 1; next < n && by_element(&all[i], &all[next]) == 0; next++) {
        }
        if (next == i + 1) {
            walk(a, &here, cleat_shape_item(s), all[i].v);
        }
        cleat_fields_mark(a, &here, 0);
    }
}

static void walk(struct cleat_arena *a, struct cleat_fields_at *at, struct cleat_shape s,
                 struct cleat_val v) {
    struct cleat_view view = cleat_shape_view(s, v);
    if (view.as == CLEAT_AS_LEAF || view.whole) {
        cleat_fields_mark(a, at, 0);
    } else if (view.as == CLEAT_AS_MAP && cleat_val_type(v) == CLEAT_OBJECT) {
        members(a, at, s, v);
    } else if (view.as == CLEAT_AS_LIST && cleat_val_type(v) == CLEAT_ARRAY) {
        elements(a, at, s, view, v);
    }
}

const struct cleat_fields *cleat_typed_fields(struct cleat_arena *a, const struct cleat_type *t,
                                              struct cleat_val v) {
    struct cleat_fields *s = cleat_arena_alloc(a, sizeof *s);
    struct cleat_fields_at root = {.set = {s}};
    walk(a, &root, (struct cleat_shape){t, NULL}, v);
    cleat_fields_finish(a, s);
    return s;
}

/* ---- the members on the way ---- */

static struct cleat_shape shape_below(struct cleat_shape s, struct cleat_element el) {
    return el.kind == 'f' ? cleat_shape_member(s, el.text) : cleat_shape_item(s);
}

static const struct cleat_fields *named(struct cleat_arena *a, struct cleat_shape s,
                                        const struct cleat_fields *set) {
    if (set == NULL) {
        return NULL;
    }
    struct cleat_fields *out = cleat_arena_alloc(a, sizeof *out);
    out->nodes = cleat_arena_alloc(a, (set->n + 1) * sizeof *out->nodes);
    out->n = out->cap = set->n;
    for (uint32_t i = 0; i < set->n; i++) {
        struct cleat_fields_node node = set->nodes[i];
        node.member = node.member || (node.below != NULL && node.el.kind == 'f' &&
                                      cleat_shape_names(s, node.el.text));
        node.below = named(a, shape_below(s, node.el), node.below);
        out->nodes[i] = node;
    }
    return out;
}

const struct cleat_fields *cleat_typed_named(struct cleat_arena *a, const struct cleat_type *t,
                                             const struct cleat_fields *s) {
    return named(a, (struct cleat_shape){t, NULL}, s);
}

/* ---- after a type has changed ---- */

/* What was owned in parts and is owned as a whole now. */
static const struct cleat_fields *reconcile(struct cleat_arena *a, struct cleat_shape s,
                                            const struct cleat_fields *set) {
    struct cleat_fields *out = NULL;
    for (uint32_t i = 0; set != NULL && i < set->n; i++) {
        struct cleat_fields_node node = set->nodes[i];
        struct cleat_shape below = shape_below(s, node.el);
        static const struct cleat_val any;
        const struct cleat_fields *kept = node.below;
        if (node.below != NULL && below.type != NULL && cleat_shape_view(below, any).whole) {
            kept = NULL;
        } else if (node.below != NULL && below.type != NULL) {
            kept = reconcile(a, below, node.below);
        }
        if (kept == node.below) {
            continue;
        }
        if (out == NULL) {
            out = cleat_arena_alloc(a, sizeof *out);
            *out = *set;
            out->nodes = cleat_arena_alloc(a, set->n * sizeof *out->nodes);
            memcpy(out->nodes, set->nodes, set->n * sizeof *out->nodes);
        }
        out->nodes[i].member = node.member || kept == NULL;
        out->nodes[i].below = kept;
    }
    return out != NULL ? out : set;
}

const struct cleat_fields *cleat_typed_reconcile(struct cleat_arena *a, const struct cleat_type *t,
                                                 const struct cleat_fields *s) {
    return reconcile(a, (struct cleat_shape){t, NULL}, s);
}
