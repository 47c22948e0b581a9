/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A configuration merged into an object: what it says goes in, what it does not
 * say stays, nothing is taken out. Lists that are owned by element keep the old
 * order where the configuration says nothing, and follow the configuration's
 * order where it does.
 */
#include "core/apply/typed.h"

struct walk {
    struct cleat_arena *a;
    struct cleat_buf *out;
};

static bool merge(struct walk *w, struct cleat_shape s, struct cleat_val old,
                  struct cleat_val config);

static bool keep_newer(struct walk *w, struct cleat_val old, struct cleat_val config) {
    struct cleat_val v = cleat_val_present(config) ? config : old;
    cleat_buf_str(w->out, cleat_val_raw(v));
    return cleat_val_present(v);
}

static int by_rank(const void *a, const void *b) {
    uint32_t x = ((const struct cleat_pair *)a)->rank, y = ((const struct cleat_pair *)b)->rank;
    return (x > y) - (x < y);
}

static bool merge_members(struct walk *w, struct cleat_shape s, struct cleat_val old,
                          struct cleat_val config) {
    size_t n, start = w->out->n;
    bool any = false;
    struct cleat_pair *pairs = cleat_zip(w->a, old, config, &n);
    qsort(pairs, n, sizeof *pairs, by_rank);
    for (size_t i = 0; i < n; i++) {
        size_t before = w->out->n;
        cleat_buf_puts(w->out, any ? ",\"" : "{\"");
        cleat_buf_str(w->out, pairs[i].key);
        cleat_buf_puts(w->out, "\":");
        if (merge(w, cleat_shape_member(s, pairs[i].key), pairs[i].old, pairs[i].now)) {
            any = true;
        } else {
            w->out->n = before;
        }
    }
    if (any) {
        cleat_buf_putc(w->out, '}');
    } else {
        w->out->n = start;
    }
    return any;
}

/* ---- lists ---- */

struct item {
    struct cleat_element el;
    struct cleat_val v;
    struct item *twin; /* the first of that name in the other list, or NULL */
    uint32_t index;
    bool doubled; /* one of several of that name */
    bool done;
};
struct items {
    struct item *list; /* in order of the list */
    uint32_t n;
};

static int by_element(const void *a, const void *b) {
    const struct item *x = *(struct item *const *)a, *y = *(struct item *const *)b;
    int c = cleat_element_cmp(x->el, y->el);
    return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

static struct item **sorted(struct cleat_arena *a, struct items *l) {
    struct item **order = cleat_arena_alloc(a, (l->n + 1) * sizeof *order);
    for (uint32_t i = 0; i < l->n; i++) {
        order[i] = &l->list[i];
    }
    qsort(order, l->n, sizeof *order, by_element);
    for (uint32_t i = 0; i < l->n; i++) {
        bool as_before = i > 0 && cleat_element_cmp(order[i - 1]->el, order[i]->el) == 0;
        order[i]->doubled = as_before;
        if (as_before) {
            order[i - 1]->doubled = true;
        }
    }
    return order;
}

static struct items gather(struct walk *w, struct cleat_view view, struct cleat_val v) {
    struct cleat_iter it = {0};
    struct items l = {cleat_arena_alloc(w->a, (cleat_val_count(v) + 1) * sizeof *l.list), 0};
    while (cleat_val_type(v) == CLEAT_ARRAY && cleat_val_next(v, &it)) {
        struct item *x = &l.list[l.n];
        x->v = it.val;
        x->index = l.n;
        l.n += cleat_element_of_item(w->a, NULL, 0, view.keys, view.elem, it.val, &x->el, NULL);
    }
    return l;
}

static void pair_up(struct cleat_arena *a, struct items *old, struct items *config) {
    struct item **x = sorted(a, old), **y = sorted(a, config);
    uint32_t i = 0, j = 0;
    while (i < old->n && j < config->n) {
        int c = cleat_element_cmp(x[i]->el, y[j]->el);
        if (c != 0) {
            i += c < 0;
            j += c > 0;
            continue;
        }
        struct item *first_old = x[i], *first_config = y[j];
        for (; i < old->n && cleat_element_cmp(x[i]->el, first_config->el) == 0; i++) {
            x[i]->twin = first_config;
        }
        for (; j < config->n && cleat_element_cmp(y[j]->el, first_old->el) == 0; j++) {
            y[j]->twin = first_old;
        }
    }
}

struct listing {
    struct walk *w;
    struct cleat_shape shape;
    bool any;
};

static void put_item(struct listing *l, struct cleat_val old, struct cleat_val config) {
    size_t before = l->w->out->n;
    cleat_buf_putc(l->w->out, l->any ? ',' : '[');
    if (merge(l->w, l->shape, old, config)) {
        l->any = true;
    } else {
        l->w->out->n = before;
    }
}

/* An element that the configuration has, merged with the old one of that name. Of
 * old doubles none is taken: which one it should be nobody can tell. */
static void put_configured(struct listing *l, struct item *x) {
    static const struct cleat_val none;
    bool take = x->twin != NULL && !x->twin->doubled;
    put_item(l, take ? x->twin->v : none, x->v);
    x->done = true;
}

/* The next element of the configuration, from index i, that the old list has too. */
static const struct item *next_shared(const struct items *config, uint32_t *i) {
    while (*i < config->n) {
        const struct item *x = &config->list[(*i)++];
        if (x->twin != NULL) {
            return x;
        }
    }
    return NULL;
}

static void merge_items(struct listing *l, struct items *old, struct items *config) {
    static const struct cleat_val none;
    uint32_t i = 0, j = 0, s = 0;
    const struct item *shared = next_shared(config, &s);
    while (i < old->n || j < config->n) {
        struct item *x = i < old->n ? &old->list[i] : NULL;
        struct item *y = j < config->n ? &config->list[j] : NULL;
        if (x != NULL && y != NULL && x->twin == y) {
            put_configured(l, y);
            shared = next_shared(config, &s);
            i++;
            j++;
            continue;
        }
        if (x != NULL && y != NULL && x->twin != NULL && shared != NULL && x->twin != shared) {
            i++; /* comes later, where the configuration has it */
            continue;
        }
        if (x != NULL && x->twin == NULL) {
            put_item(l, x->v, none);
            i++;
            continue;
        }
        if (x != NULL && x->twin->done) {
            i++;
        }
        if (y != NULL) {
            bool was_shared = y == shared;
            put_configured(l, y);
            shared = was_shared ? next_shared(config, &s) : shared;
            j++;
        }
    }
}

static bool merge_list(struct walk *w, struct cleat_shape s, struct cleat_view view,
                       struct cleat_val old, struct cleat_val config) {
    struct items x = gather(w, view, old), y = gather(w, view, config);
    struct listing l = {w, cleat_shape_item(s), false};
    pair_up(w->a, &x, &y);
    merge_items(&l, &x, &y);
    if (l.any) {
        cleat_buf_putc(w->out, ']');
    }
    return l.any;
}

/* ---- any value ---- */

static bool merge(struct walk *w, struct cleat_shape s, struct cleat_val old,
                  struct cleat_val config) {
    if (!cleat_val_present(config) || !cleat_val_present(old)) {
        return keep_newer(w, old, config);
    }
    struct cleat_view view = cleat_shape_view(s, config);
    int32_t type = view.as == CLEAT_AS_MAP ? CLEAT_OBJECT : CLEAT_ARRAY;
    bool old_fits = cleat_val_type(old) == type && cleat_val_count(old) > 0;
    bool config_fits = cleat_val_type(config) == type && cleat_val_count(config) > 0;
    if (view.as == CLEAT_AS_LEAF || view.whole || (!old_fits && !config_fits)) {
        return keep_newer(w, old, config);
    }
    return view.as == CLEAT_AS_MAP ? merge_members(w, s, old, config)
                                   : merge_list(w, s, view, old, config);
}

bool cleat_typed_merge(struct cleat_arena *a, const struct cleat_type *t, struct cleat_val old,
                       struct cleat_val config, struct cleat_buf *out) {
    struct walk w = {a, out};
    return merge(&w, (struct cleat_shape){t, NULL}, old, config);
}
