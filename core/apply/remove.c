/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Taking fields out of an object: members and elements that are in the set go,
 * with all below them. What is owned as a whole goes when something below it does.
 */
#include "core/apply/typed.h"

static bool take_out(struct cleat_arena *a, struct cleat_shape s, struct cleat_val v,
                     const struct cleat_fields *items, struct cleat_buf *out);

/* A value below which something goes. An empty rest of a member is null, as upstream. */
static void rest(struct cleat_arena *a, struct cleat_shape s, struct cleat_val v,
                 const struct cleat_fields *items, struct cleat_buf *out) {
    if (cleat_fields_empty(items)) {
        cleat_buf_str(out, cleat_val_raw(v));
    } else if (!take_out(a, s, v, items, out)) {
        cleat_buf_puts(out, "null");
    }
}

static bool members(struct cleat_arena *a, struct cleat_shape s, struct cleat_val v,
                    const struct cleat_fields *items, struct cleat_buf *out) {
    struct cleat_iter it = {0};
    bool any = false;
    while (cleat_val_next(v, &it)) {
        const struct cleat_fields_node *node =
            cleat_fields_find(items, (struct cleat_element){'f', it.key});
        if (node != NULL && node->member) {
            continue;
        }
        cleat_buf_puts(out, any ? ",\"" : "{\"");
        cleat_buf_str(out, it.key);
        cleat_buf_puts(out, "\":");
        rest(a, cleat_shape_member(s, it.key), it.val, node != NULL ? node->below : NULL, out);
        any = true;
    }
    if (any) {
        cleat_buf_putc(out, '}');
    }
    return any;
}

static bool elements(struct cleat_arena *a, struct cleat_shape s, struct cleat_view view,
                     struct cleat_val v, const struct cleat_fields *items, struct cleat_buf *out) {
    struct cleat_iter it = {0};
    bool any = false;
    while (cleat_val_next(v, &it)) {
        struct cleat_element el;
        const struct cleat_fields_node *node = NULL;
        if (cleat_element_of_item(a, NULL, 0, view.keys, view.elem, it.val, &el, NULL)) {
            node = cleat_fields_find(items, el);
        }
        if (node != NULL && node->member) {
            continue;
        }
        cleat_buf_putc(out, any ? ',' : '[');
        rest(a, cleat_shape_item(s), it.val, node != NULL ? node->below : NULL, out);
        any = true;
    }
    if (any) {
        cleat_buf_putc(out, ']');
    }
    return any;
}

static bool take_out(struct cleat_arena *a, struct cleat_shape s, struct cleat_val v,
                     const struct cleat_fields *items, struct cleat_buf *out) {
    struct cleat_view view = cleat_shape_view(s, v);
    int32_t type = view.as == CLEAT_AS_MAP ? CLEAT_OBJECT : CLEAT_ARRAY;
    if (view.as == CLEAT_AS_LEAF) {
        cleat_buf_str(out, cleat_val_raw(v));
        return true;
    }
    if (view.whole || cleat_val_type(v) != type) {
        return false;
    }
    return view.as == CLEAT_AS_MAP ? members(a, s, v, items, out)
                                   : elements(a, s, view, v, items, out);
}

bool cleat_typed_remove(struct cleat_arena *a, const struct cleat_type *t, struct cleat_val v,
                        const struct cleat_fields *items, struct cleat_buf *out) {
    if (cleat_fields_empty(items)) {
        cleat_buf_str(out, cleat_val_raw(v));
        return true;
    }
    return take_out(a, (struct cleat_shape){t, NULL}, v, items, out);
}
