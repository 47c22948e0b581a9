/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hot path: a client writes back what it read, and has changed only leaves
 * that its entry already has and no other. Then no set changes. Found out by
 * walking old, new and the entries' fieldsV1 together, only where bytes differ;
 * without sets and without allocation. Whatever is not that plain is "no".
 */
#include "core/apply/managed.h"

enum { ENTRIES_MAX = 16, DEPTH_MAX = 32, ROOM = 512 };

/* The fieldsV1 of each entry at one place; the writer's is first. */
struct places {
    struct cleat_val v[ENTRIES_MAX];
    uint32_t n;
};

static bool same(struct cleat_val a, struct cleat_val b) {
    return cleat_eq(cleat_val_raw(a), cleat_val_raw(b));
}

static bool member(struct cleat_val fields) {
    struct cleat_iter it = {0};
    if (cleat_val_type(fields) != CLEAT_OBJECT || !cleat_val_next(fields, &it)) {
        return cleat_val_type(fields) == CLEAT_OBJECT;
    }
    return cleat_eqc(it.key, "."); /* always first */
}

static void descend(const struct places *at, struct cleat_element el, struct places *ret) {
    static const struct cleat_val none;
    ret->n = at->n;
    for (uint32_t i = 0; i < at->n; i++) {
        struct cleat_iter it = {0};
        ret->v[i] = none;
        while (cleat_val_next(at->v[i], &it)) {
            if (cleat_element_is(el, it.key)) {
                ret->v[i] = it.val;
                break;
            }
        }
    }
}

static bool leaf_is_ours(const struct places *at) {
    for (uint32_t i = 1; i < at->n; i++) {
        if (member(at->v[i])) {
            return false;
        }
    }
    return member(at->v[0]);
}

static bool ours(struct cleat_shape s, struct cleat_val old, struct cleat_val now,
                 const struct places *at, int depth);

static bool members_ours(struct cleat_shape s, struct cleat_val old, struct cleat_val now,
                         const struct places *at, int depth) {
    struct cleat_iter x = {0}, y = {0};
    struct places below;
    for (;;) {
        bool more_x = cleat_val_next(old, &x), more_y = cleat_val_next(now, &y);
        if (!more_x || !more_y) {
            return more_x == more_y;
        }
        if (!cleat_eq(x.key, y.key)) {
            return false;
        }
        if (same(x.val, y.val)) {
            continue;
        }
        descend(at, (struct cleat_element){'f', y.key}, &below);
        if (!ours(cleat_shape_member(s, y.key), x.val, y.val, &below, depth)) {
            return false;
        }
    }
}

static bool elements_ours(struct cleat_shape s, struct cleat_view view, struct cleat_val old,
                          struct cleat_val now, const struct places *at, int depth) {
    struct cleat_iter x = {0}, y = {0};
    struct cleat_element before, after;
    struct places below;
    char room[2][ROOM];
    for (;;) {
        bool more_x = cleat_val_next(old, &x), more_y = cleat_val_next(now, &y);
        if (!more_x || !more_y) {
            return more_x == more_y;
        }
        if (same(x.val, y.val)) {
            continue;
        }
        if (!cleat_element_of_item(NULL, room[0], ROOM, view.keys, view.elem, x.val, &before,
                                   NULL) ||
            !cleat_element_of_item(NULL, room[1], ROOM, view.keys, view.elem, y.val, &after,
                                   NULL) ||
            !cleat_element_same(before, after)) {
            return false;
        }
        descend(at, after, &below);
        if (!ours(cleat_shape_item(s), x.val, y.val, &below, depth)) {
            return false;
        }
    }
}

/* old and now differ. */
static bool ours(struct cleat_shape s, struct cleat_val old, struct cleat_val now,
                 const struct places *at, int depth) {
    struct cleat_view view = cleat_shape_view(s, now);
    int32_t type = cleat_val_type(now);
    if (depth >= DEPTH_MAX || cleat_shape_view(s, old).as != view.as) {
        return false;
    }
    if (view.as == CLEAT_AS_LEAF || view.whole) {
        return leaf_is_ours(at);
    }
    if (cleat_val_type(old) != type ||
        type != (view.as == CLEAT_AS_MAP ? CLEAT_OBJECT : CLEAT_ARRAY)) {
        return false;
    }
    return view.as == CLEAT_AS_MAP ? members_ours(s, old, now, at, depth + 1)
                                   : elements_ours(s, view, old, now, at, depth + 1);
}

/* Of metadata what the server itself sets is nobody's. */
static bool metadata_ours(struct cleat_shape s, struct cleat_val old, struct cleat_val now,
                          const struct places *at, bool *changed) {
    struct cleat_iter x = {0}, y = {0};
    struct places below;
    for (;;) {
        bool more_x = cleat_val_next(old, &x), more_y = cleat_val_next(now, &y);
        if (!more_x || !more_y) {
            return more_x == more_y;
        }
        if (!cleat_eq(x.key, y.key)) {
            return false;
        }
        if (cleat_eqc(x.key, "resourceVersion") || cleat_eqc(x.key, "generation") ||
            same(x.val, y.val)) {
            continue;
        }
        *changed = true;
        descend(at, (struct cleat_element){'f', y.key}, &below);
        if (!ours(cleat_shape_member(s, y.key), x.val, y.val, &below, 0)) {
            return false;
        }
    }
}

static bool object_ours(struct cleat_shape s, struct cleat_val old, struct cleat_val now,
                        const struct places *at, bool *changed) {
    struct cleat_iter x = {0}, y = {0};
    struct places below;
    for (;;) {
        bool more_x = cleat_val_next(old, &x), more_y = cleat_val_next(now, &y);
        if (!more_x || !more_y) {
            return more_x == more_y;
        }
        if (!cleat_eq(x.key, y.key)) {
            return false;
        }
        if (same(x.val, y.val)) {
            continue;
        }
        struct cleat_shape child = cleat_shape_member(s, y.key);
        descend(at, (struct cleat_element){'f', y.key}, &below);
        if (cleat_eqc(y.key, "metadata")) {
            if (!metadata_ours(child, x.val, y.val, &below, changed)) {
                return false;
            }
            continue;
        }
        *changed = true;
        if (!ours(child, x.val, y.val, &below, 0)) {
            return false;
        }
    }
}

static bool is_writers(const struct cleat_writer *w, struct cleat_val entry) {
    return cleat_eq(cleat_val_str(cleat_val_get(entry, "manager")), w->manager) &&
           cleat_eqc(cleat_val_str(cleat_val_get(entry, "operation")), "Update") &&
           cleat_eq(cleat_val_str(cleat_val_get(entry, "apiVersion")), w->version) &&
           cleat_eq(cleat_val_str(cleat_val_get(entry, "subresource")), w->subresource);
}

int cleat_managers_owned(const struct cleat_writer *w, const cleat_obj *old, const cleat_obj *now,
                         struct cleat_val *ret_entry) {
    struct cleat_val list = cleat_obj_at(now, CLEAT_PATH("metadata", "managedFields"));
    struct cleat_iter it = {0};
    struct places at = {.n = 1};
    bool changed = false;
    *ret_entry = (struct cleat_val){NULL, 0, 0};
    while (cleat_val_next(list, &it)) {
        struct cleat_val fields = cleat_val_get_s(it.val, CLEAT_STR("fieldsV1"));
        if (is_writers(w, it.val)) {
            *ret_entry = it.val;
            at.v[0] = fields;
        } else if (at.n < ENTRIES_MAX) {
            at.v[at.n++] = fields;
        } else {
            return CLEAT_OWNED_NO;
        }
    }
    bool ok = object_ours((struct cleat_shape){w->type, NULL}, cleat_obj_root(old),
                          cleat_obj_root(now), &at, &changed);
    if (!ok || (changed && !cleat_val_present(*ret_entry))) {
        return CLEAT_OWNED_NO;
    }
    return changed ? CLEAT_OWNED_CHANGED : CLEAT_OWNED_SAME;
}
