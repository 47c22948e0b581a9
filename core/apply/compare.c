/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between two objects, as three sets of fields: added, modified,
 * removed. Both are walked together; equal parts are passed over as bytes. A
 * member that comes or goes is in the set itself and so is all below it.
 */
#include "core/apply/typed.h"

enum { ADDED, MODIFIED, REMOVED };

struct side {
    struct cleat_val v;
    bool there; /* also where v is absent: an empty structure or a null list */
};

struct walk {
    struct cleat_arena *a;
    bool failed;
};

static void compare(struct walk *w, struct cleat_fields_at *at, struct cleat_shape s,
                    struct side old, struct side now);

static bool holds(struct side x) {
    return cleat_val_count(x.v) > 0;
}

static struct side side_of(struct cleat_val v) {
    return (struct side){v, cleat_val_present(v)};
}

/* A member of x whose value is v; where JSON has it not, whether upstream's type does. */
static struct side member_of(struct side x, struct cleat_val v, struct cleat_shape s,
                             struct cleat_shape child) {
    if (cleat_val_present(v) || !x.there || child.field == NULL || s.type == NULL ||
        s.type->name == NULL) {
        return side_of(v);
    }
    bool there = child.type->form == CLEAT_FORM_LIST
                     ? (child.field->flags & CLEAT_FIELD_REQUIRED) != 0
                     : cleat_type_by_value(s.type, child.field);
    return (struct side){v, there};
}

static bool same_leaf(struct side old, struct side now) {
    if (cleat_val_present(old.v) && cleat_val_present(now.v)) {
        return cleat_val_equal(old.v, now.v);
    }
    struct cleat_val v = cleat_val_present(old.v) ? old.v : now.v;
    return !cleat_val_present(v) || (cleat_val_type(v) == CLEAT_OBJECT && !cleat_val_count(v));
}

static void leaf(struct walk *w, struct cleat_fields_at *at, struct side old, struct side now) {
    if (!old.there || !now.there) {
        cleat_fields_mark(w->a, at, old.there ? REMOVED : ADDED);
    } else if (!same_leaf(old, now)) {
        cleat_fields_mark(w->a, at, MODIFIED);
    }
}

/* ---- members ---- */

static void members(struct walk *w, struct cleat_fields_at *at, struct cleat_shape s,
                    struct side old, struct side now) {
    size_t n;
    struct cleat_pair *pairs = cleat_zip(w->a, old.v, now.v, &n);
    for (size_t i = 0; i < n; i++) {
        struct cleat_shape child = cleat_shape_member(s, pairs[i].key);
        struct cleat_fields_at here = {.up = at, .el = {'f', pairs[i].key}};
        compare(w, &here, child, member_of(old, pairs[i].old, s, child),
                member_of(now, pairs[i].now, s, child));
    }
}

/* ---- elements ---- */

struct item {
    struct cleat_element el;
    struct cleat_val v;
    uint32_t index;
    bool now;
};

static int by_element(const void *a, const void *b) {
    const struct item *x = a, *y = b;
    int c = cleat_element_cmp(x->el, y->el);
    c = c != 0 ? c : (int)x->now - (int)y->now;
    return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

static uint32_t gather(struct walk *w, struct cleat_view view, struct cleat_val list, bool now,
                       struct item *ret) {
    struct cleat_iter it = {0};
    uint32_t n = 0;
    while (cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it)) {
        struct item *x = &ret[n];
        *x = (struct item){.v = it.val, .index = it.index, .now = now};
        if (cleat_element_of_item(w->a, NULL, 0, view.keys, view.elem, it.val, &x->el, NULL)) {
            n++;
        } else {
            w->failed = true;
        }
    }
    return n;
}

static bool same_doubles(const struct item *old, uint32_t n_old, const struct item *now,
                         uint32_t n_now) {
    for (uint32_t i = 0; n_old == n_now && i < n_old; i++) {
        if (!cleat_val_equal(old[i].v, now[i].v)) {
            return false;
        }
    }
    return n_old == n_now;
}

/* The elements with one name: more than one on a side are owned as a whole. */
static void group(struct walk *w, struct cleat_fields_at *at, struct cleat_shape s,
                  const struct item *old, uint32_t n_old, const struct item *now, uint32_t n_now) {
    static const struct side none;
    struct cleat_fields_at here = {.up = at, .el = old->el};
    if (n_old <= 1 && n_now <= 1) {
        compare(w, &here, s, n_old > 0 ? side_of(old->v) : none,
                n_now > 0 ? side_of(now->v) : none);
    } else if (n_old >= 2 && n_now >= 2) {
        if (!same_doubles(old, n_old, now, n_now)) {
            cleat_fields_mark(w->a, &here, MODIFIED);
        }
    } else if (n_old >= 2) {
        if (n_now > 0) {
            compare(w, &here, s, none, side_of(now->v));
        }
        cleat_fields_mark(w->a, &here, REMOVED);
    } else {
        if (n_old > 0) {
            compare(w, &here, s, side_of(old->v), none);
        }
        cleat_fields_mark(w->a, &here, ADDED);
    }
}

static void elements(struct walk *w, struct cleat_fields_at *at, struct cleat_shape s,
                     struct cleat_view view, struct side old, struct side now) {
    size_t room = cleat_val_count(old.v) + cleat_val_count(now.v);
    struct item *all = cleat_arena_alloc(w->a, room * sizeof *all);
    uint32_t n = gather(w, view, old.v, false, all);
    n += gather(w, view, now.v, true, all + n);
    qsort(all, n, sizeof *all, by_element);
    struct cleat_shape child = cleat_shape_item(s);
    for (uint32_t i = 0, next; i < n; i = next) {
        uint32_t n_old = 0;
        for (next = i; next < n && cleat_element_cmp(all[i].el, all[next].el) == 0; next++) {
            n_old += !all[next].now;
        }
        group(w, at, child, &all[i], n_old, &all[i + n_old], next - i - n_old);
    }
}

/* ---- any value ---- */

/* Looked at as `view` says. A side that is something else is no container then. */
static void look(struct walk *w, struct cleat_fields_at *at, struct cleat_shape s,
                 struct cleat_view view, struct side old, struct side now) {
    int32_t type = view.as == CLEAT_AS_MAP ? CLEAT_OBJECT : CLEAT_ARRAY;
    bool any = (cleat_val_type(old.v) == type && holds(old)) ||
               (cleat_val_type(now.v) == type && holds(now));
    if (view.as == CLEAT_AS_LEAF || view.whole || !any) {
        leaf(w, at, old, now);
        return;
    }
    if (view.as == CLEAT_AS_MAP) {
        members(w, at, s, old, now);
    } else {
        elements(w, at, s, view, old, now);
    }
    if (!old.there || !now.there) {
        cleat_fields_mark(w->a, at, old.there ? REMOVED : ADDED);
    }
}

static void compare(struct walk *w, struct cleat_fields_at *at, struct cleat_shape s,
                    struct side old, struct side now) {
    bool both = cleat_val_present(old.v) && cleat_val_present(now.v);
    if ((!old.there && !now.there) ||
        (both && cleat_eq(cleat_val_raw(old.v), cleat_val_raw(now.v)))) {
        return;
    }
    struct cleat_view before = cleat_shape_view(s, old.v), after = cleat_shape_view(s, now.v);
    if (!cleat_val_present(now.v) || cleat_val_type(now.v) == CLEAT_NULL) {
        look(w, at, s, before, old, now);
    } else {
        if (both && before.as != after.as) {
            look(w, at, s, before, old, now);
        }
        look(w, at, s, after, old, now);
    }
}

bool cleat_typed_compare(struct cleat_arena *a, const struct cleat_type *t, struct cleat_val old,
                         struct cleat_val now, struct cleat_comparison *ret) {
    struct walk w = {a, false};
    struct cleat_fields_at root = {.up = NULL};
    for (int i = 0; i < CLEAT_FIELDS_SETS; i++) {
        root.set[i] = cleat_arena_alloc(a, sizeof *root.set[i]);
    }
    compare(&w, &root, (struct cleat_shape){t, NULL}, (struct side){old, true}, side_of(now));
    for (int i = 0; i < CLEAT_FIELDS_SETS; i++) {
        cleat_fields_finish(a, root.set[i]);
    }
    *ret = (struct cleat_comparison){root.set[ADDED], root.set[MODIFIED], root.set[REMOVED]};
    return !w.failed;
}
