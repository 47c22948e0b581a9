/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking fields out of an object: members and elements that are in the set go,
 * with all below them. What is owned as a whole goes when something below it does.
 * What has nothing left becomes a null, or goes too: to a field set a null is a
 * field that is there, and whoever compares sets needs to see it.
 */
#include "core/apply/typed.h"

struct walk {
    struct cleat_arena *a;
    struct cleat_buf *out;
    bool nulls;
};

static bool take_out(struct walk *w, struct cleat_shape s, struct cleat_val v,
                     const struct cleat_fields *items);

/* A value below which something goes; false where nothing is left and nothing written. */
static bool rest(struct walk *w, struct cleat_shape s, struct cleat_val v,
                 const struct cleat_fields *items) {
    if (cleat_fields_empty(items)) {
        cleat_buf_str(w->out, cleat_val_raw(v));
    } else if (!take_out(w, s, v, items)) {
        cleat_buf_puts(w->out, w->nulls ? "null" : "");
        return w->nulls;
    }
    return true;
}

static bool members(struct walk *w, struct cleat_shape s, struct cleat_val v,
                    const struct cleat_fields *items) {
    struct cleat_iter it = {0};
    bool any = false;
    while (cleat_val_next(v, &it)) {
        const struct cleat_fields_node *node =
            cleat_fields_find(items, (struct cleat_element){'f', it.key});
        size_t before = w->out->n;
        if (node != NULL && node->member) {
            continue;
        }
        cleat_buf_puts(w->out, any ? ",\"" : "{\"");
        cleat_buf_str(w->out, it.key);
        cleat_buf_puts(w->out, "\":");
        if (rest(w, cleat_shape_member(s, it.key), it.val, node != NULL ? node->below : NULL)) {
            any = true;
        } else {
            w->out->n = before;
        }
    }
    if (any) {
        cleat_buf_putc(w->out, '}');
    }
    return any;
}

static bool elements(struct walk *w, struct cleat_shape s, struct cleat_view view,
                     struct cleat_val v, const struct cleat_fields *items) {
    struct cleat_iter it = {0};
    bool any = false;
    while (cleat_val_next(v, &it)) {
        struct cleat_element el;
        const struct cleat_fields_node *node = NULL;
        size_t before = w->out->n;
        if (cleat_element_of_item(w->a, NULL, 0, view.keys, view.elem, it.val, &el, NULL)) {
            node = cleat_fields_find(items, el);
        }
        if (node != NULL && node->member) {
            continue;
        }
        cleat_buf_putc(w->out, any ? ',' : '[');
        if (rest(w, cleat_shape_item(s), it.val, node != NULL ? node->below : NULL)) {
            any = true;
        } else {
            w->out->n = before;
        }
    }
    if (any) {
        cleat_buf_putc(w->out, ']');
    }
    return any;
}

static bool take_out(struct walk *w, struct cleat_shape s, struct cleat_val v,
                     const struct cleat_fields *items) {
    struct cleat_view view = cleat_shape_view(s, v);
    int32_t type = view.as == CLEAT_AS_MAP ? CLEAT_OBJECT : CLEAT_ARRAY;
    if (view.as == CLEAT_AS_LEAF) {
        cleat_buf_str(w->out, cleat_val_raw(v));
        return true;
    }
    if (view.whole || cleat_val_type(v) != type) {
        return false;
    }
    return view.as == CLEAT_AS_MAP ? members(w, s, v, items) : elements(w, s, view, v, items);
}

bool cleat_typed_remove(struct cleat_arena *a, const struct cleat_type *t, struct cleat_val v,
                        const struct cleat_fields *items, bool nulls, struct cleat_buf *out) {
    struct walk w = {a, out, nulls};
    if (cleat_fields_empty(items)) {
        cleat_buf_str(out, cleat_val_raw(v));
        return true;
    }
    return take_out(&w, (struct cleat_shape){t, NULL}, v, items);
}
