/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FieldsV1, the JSON form of field sets, in the order and the words of upstream.
 */
#include "core/apply/fields.h"

static cleat_err parse(struct cleat_arena *a, struct cleat_val v, struct cleat_fields_at *at,
                       struct cleat_error *e) {
    struct cleat_iter it = {0};
    bool any = false, member = false;
    while (cleat_val_next(v, &it)) {
        struct cleat_fields_at child = {.up = at};
        bool known;
        if (cleat_eqc(it.key, ".")) {
            member = true;
            continue;
        }
        CLEAT_TRY(cleat_element_parse(a, it.key, &child.el, &known, e));
        if (known) {
            any = true;
            CLEAT_TRY(parse(a, it.val, &child, e));
        }
    }
    if (member || !any) {
        cleat_fields_mark(a, at, 0);
    }
    return CLEAT_OK;
}

cleat_err cleat_fields_parse(struct cleat_arena *a, struct cleat_val v,
                             const struct cleat_fields **ret, struct cleat_error *e) {
    struct cleat_fields *s = cleat_arena_alloc(a, sizeof *s);
    struct cleat_fields_at root = {.set = {s}};
    if (cleat_val_type(v) > CLEAT_NULL && cleat_val_type(v) != CLEAT_OBJECT) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "fieldsV1 must be an object");
    }
    CLEAT_TRY(parse(a, v, &root, e));
    cleat_fields_finish(a, s);
    *ret = s;
    return CLEAT_OK;
}

/* self: the set's owner is a member beside what is below it. */
static void write_set(const struct cleat_fields *s, bool self, struct cleat_buf *out) {
    cleat_buf_puts(out, self ? "{\".\":{}" : "{");
    for (uint32_t i = 0; s != NULL && i < s->n; i++) {
        const struct cleat_fields_node *node = &s->nodes[i];
        cleat_buf_puts(out, self || i > 0 ? ",\"" : "\"");
        cleat_element_write(node->el, out);
        cleat_buf_puts(out, "\":");
        write_set(node->below, node->member && node->below != NULL, out);
    }
    cleat_buf_putc(out, '}');
}

void cleat_fields_write(const struct cleat_fields *s, struct cleat_buf *out) {
    write_set(s, false, out);
}
