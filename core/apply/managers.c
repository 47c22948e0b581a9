/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list in metadata.managedFields, decoded and encoded.
 */
#include "core/apply/managed.h"
#include "core/apply/manage.h"

static cleat_err decode_one(struct cleat_arena *a, struct cleat_val v, uint32_t index,
                            struct cleat_manager *ret, struct cleat_error *e) {
    struct cleat_str operation = cleat_val_str(cleat_val_get(v, "operation"));
    struct cleat_str form = cleat_val_str(cleat_val_get(v, "fieldsType"));
    ret->applied = cleat_eqc(operation, "Apply");
    if (!ret->applied && !cleat_eqc(operation, "Update")) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "operation must be `Apply` or `Update`");
    }
    ret->version = cleat_val_str(cleat_val_get(v, "apiVersion"));
    if (ret->version.n == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "apiVersion must not be empty");
    }
    if (form.n == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "missing fieldsType in managed fields entry %u",
                          index);
    }
    if (!cleat_eqc(form, "FieldsV1")) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "invalid fieldsType \"%.*s\" in managed fields entry %u", CLEAT_FMT(form),
                          index);
    }
    ret->name = cleat_val_str(cleat_val_get(v, "manager"));
    ret->subresource = cleat_val_str(cleat_val_get(v, "subresource"));
    ret->time = cleat_val_str(cleat_val_get(v, "time"));
    return cleat_fields_parse(a, cleat_val_get(v, "fieldsV1"), &ret->fields, e);
}

cleat_err cleat_managers_decode(struct cleat_arena *a, struct cleat_val list,
                                struct cleat_managers *ret, struct cleat_error *e) {
    struct cleat_iter it = {0};
    struct cleat_managers m = {NULL, 0, 0};
    if (cleat_val_type(list) > CLEAT_NULL && cleat_val_type(list) != CLEAT_ARRAY) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "managedFields must be a list");
    }
    while (cleat_val_next(list, &it)) {
        struct cleat_manager one = {.applied = false};
        CLEAT_TRY(decode_one(a, it.val, it.index, &one, e));
        *cleat_managers_entry(a, &m, &one) = one; /* of doubles the last one counts */
    }
    *ret = m;
    return CLEAT_OK;
}

bool cleat_managers_reset(struct cleat_val list) {
    if (cleat_val_type(list) != CLEAT_ARRAY || cleat_val_count(list) > 1) {
        return false;
    }
    struct cleat_val one = cleat_val_elem(list, 0);
    return !cleat_val_present(one) ||
           (cleat_val_type(one) == CLEAT_OBJECT && cleat_val_count(one) == 0);
}

/* ---- identity ---- */

static bool same_manager(const struct cleat_manager *a, const struct cleat_manager *b) {
    return a->applied == b->applied && cleat_eq(a->name, b->name) &&
           cleat_eq(a->subresource, b->subresource) &&
           (a->applied || cleat_eq(a->version, b->version));
}

struct cleat_manager *cleat_managers_find(const struct cleat_managers *m,
                                          const struct cleat_manager *like) {
    for (uint32_t i = 0; i < m->n; i++) {
        if (same_manager(&m->list[i], like)) {
            return &m->list[i];
        }
    }
    return NULL;
}

struct cleat_manager *cleat_managers_entry(struct cleat_arena *a, struct cleat_managers *m,
                                           const struct cleat_manager *like) {
    struct cleat_manager *found = cleat_managers_find(m, like);
    if (found != NULL) {
        return found;
    }
    m->list = cleat_arena_grow(a, m->list, m->n, &m->cap, sizeof *m->list);
    m->list[m->n] = *like;
    m->list[m->n].fields = NULL;
    return &m->list[m->n++];
}

void cleat_managers_drop(struct cleat_managers *m, uint32_t i) {
    m->n--;
    memmove(&m->list[i], &m->list[i + 1], (m->n - i) * sizeof *m->list);
}

/* ---- encoding ---- */

/* Same length and zone, as this server writes them: texts compare as times. */
static int by_order(const void *a, const void *b) {
    const struct cleat_manager *x = a, *y = b;
    int c = (int)y->applied - (int)x->applied; /* "Apply" < "Update" */
    c = c != 0 ? c : cleat_cmp(x->time, y->time);
    c = c != 0 ? c : cleat_cmp(x->name, y->name);
    c = c != 0 ? c : cleat_cmp(x->version, y->version);
    return c != 0 ? c : cleat_cmp(x->subresource, y->subresource);
}

static void put(struct cleat_buf *out, const char *key, struct cleat_str text) {
    if (text.n > 0) {
        cleat_buf_printf(out, "\"%s\":\"", key);
        cleat_buf_str(out, text);
        cleat_buf_puts(out, "\",");
    }
}

void cleat_managers_encode(struct cleat_managers *m, struct cleat_buf *out) {
    if (m->n > 1) {
        qsort(m->list, m->n, sizeof *m->list, by_order);
    }
    cleat_buf_putc(out, '[');
    for (uint32_t i = 0; i < m->n; i++) {
        const struct cleat_manager *one = &m->list[i];
        cleat_buf_puts(out, i > 0 ? ",{" : "{");
        put(out, "manager", one->name);
        put(out, "operation", cleat_s(one->applied ? "Apply" : "Update"));
        put(out, "apiVersion", one->version);
        put(out, "time", one->time);
        cleat_buf_puts(out, "\"fieldsType\":\"FieldsV1\",\"fieldsV1\":");
        cleat_fields_write(one->fields, out);
        if (one->subresource.n > 0) {
            cleat_buf_puts(out, ",\"subresource\":\"");
            cleat_buf_str(out, one->subresource);
            cleat_buf_putc(out, '"');
        }
        cleat_buf_putc(out, '}');
    }
    cleat_buf_putc(out, ']');
}
