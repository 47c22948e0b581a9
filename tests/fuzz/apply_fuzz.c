/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ownership: the input is lines of JSON: a schema (or the name of a kind), a live
 * object, its managedFields, and what is written. It is applied by force, thrice,
 * and taken for an update. Sets must obey their algebra, texts must be canonical,
 * and applying the same must come to rest: what the first apply emptied the second
 * may fill with an empty value again, a third must change nothing.
 */
#include "core/apply/managed.h"

#define CHECK(cond) cleat_assert(cond)

static struct cleat_str next_line(struct cleat_str *rest) {
    const char *end = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;
    struct cleat_str line = {rest->p, end != NULL ? (size_t)(end - rest->p) : rest->n};
    size_t used = line.n + (end != NULL);
    *rest = (struct cleat_str){rest->p + used, rest->n - used};
    return line;
}

struct input {
    cleat_obj *schema, *live, *entries, *config;
    cleat_type_tree *tree;
    const struct cleat_type *type;
};

static void input_done(struct input *in) {
    cleat_obj_unref(in->schema);
    cleat_obj_unref(in->live);
    cleat_obj_unref(in->entries);
    cleat_obj_unref(in->config);
    cleat_type_tree_free(in->tree);
}

static bool read_input(struct cleat_str text, struct input *in) {
    struct cleat_str schema = next_line(&text), live = next_line(&text);
    struct cleat_str entries = next_line(&text), config = next_line(&text);
    CLEAT_AUTO_FREE char *wrapped = cleat_sprintf("{\"list\":%.*s}", CLEAT_FMT(entries));
    if (cleat_eqc(schema, "Pod")) {
        in->type = cleat_type_of_kind("", "v1", "Pod");
    } else if (cleat_obj_parse(schema, 0, &in->schema, NULL) == CLEAT_OK) {
        in->tree = cleat_type_from_schema(cleat_obj_root(in->schema));
        in->type = cleat_type_tree_root(in->tree);
    }
    return cleat_obj_parse(live, 0, &in->live, NULL) == CLEAT_OK &&
           cleat_obj_parse(cleat_s(wrapped), 0, &in->entries, NULL) == CLEAT_OK &&
           cleat_obj_parse(config, 0, &in->config, NULL) == CLEAT_OK;
}

/* a = (a - b) + (a & b), and a - b has nothing of b. */
static void check_algebra(struct cleat_arena *a, const struct cleat_fields *x,
                          const struct cleat_fields *y) {
    const struct cleat_fields *minus = cleat_fields_minus(a, x, y);
    const struct cleat_fields *common = cleat_fields_common(a, x, y);
    CHECK(cleat_fields_equal(cleat_fields_union(a, minus, common), x));
    CHECK(cleat_fields_empty(cleat_fields_common(a, minus, y)));
    CHECK(cleat_fields_equal(cleat_fields_union(a, x, y), cleat_fields_union(a, y, x)));
    CHECK(cleat_fields_equal(common, cleat_fields_common(a, y, x)));
    CHECK(cleat_fields_count(minus) + cleat_fields_count(common) == cleat_fields_count(x));
}

/* The list's text, which must read back as the same list. Owned. */
static char *check_list(struct cleat_arena *a, struct cleat_managers *m) {
    struct cleat_buf text = {0};
    CLEAT_AUTO_BUF again = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_managers read;
    cleat_buf_puts(&text, "{\"list\":");
    cleat_managers_encode(m, &text);
    cleat_buf_putc(&text, '}');
    CHECK(cleat_obj_parse_trusted((struct cleat_str){text.p, text.n}, &o, NULL) == CLEAT_OK);
    CHECK(cleat_managers_decode(a, cleat_val_get(cleat_obj_root(o), "list"), &read, NULL) == 0);
    cleat_buf_puts(&again, "{\"list\":");
    cleat_managers_encode(&read, &again);
    cleat_buf_putc(&again, '}');
    CHECK(cleat_eq((struct cleat_str){text.p, text.n}, (struct cleat_str){again.p, again.n}));
    for (uint32_t i = 0; i + 1 < m->n; i++) {
        check_algebra(a, m->list[i].fields, m->list[i + 1].fields);
    }
    return cleat_buf_take(&text);
}

static void check_apply(struct cleat_arena *a, const struct cleat_writer *w, const struct input *in,
                        struct cleat_managers m) {
    CLEAT_AUTO(cleat_obj) *once = NULL, *twice = NULL, *thrice = NULL, *same = NULL;
    struct cleat_writer later = *w;
    if (cleat_typed_check(in->type, cleat_obj_root(in->config), NULL) != CLEAT_OK ||
        cleat_managers_apply(a, w, in->live, in->config, true, &m, &once, NULL, NULL) != CLEAT_OK) {
        return;
    }
    CHECK(cleat_obj_parse_trusted(cleat_obj_bytes(once), &same, NULL) == CLEAT_OK);
    free(check_list(a, &m));
    CHECK(cleat_managers_apply(a, w, once, in->config, true, &m, &twice, NULL, NULL) == CLEAT_OK);
    CLEAT_AUTO_FREE char *second = check_list(a, &m);
    later.time = CLEAT_STR("2026-01-02T03:04:06Z");
    CHECK(cleat_managers_apply(a, &later, twice, in->config, true, &m, &thrice, NULL, NULL) ==
          CLEAT_OK);
    CLEAT_AUTO_FREE char *third = check_list(a, &m);
    CHECK(cleat_val_equal(cleat_obj_root(twice), cleat_obj_root(thrice)));
    CHECK(strcmp(second, third) == 0);
}

static void check_update(struct cleat_arena *a, const struct cleat_writer *w,
                         const struct input *in, struct cleat_managers m) {
    struct cleat_comparison c;
    struct cleat_val old = cleat_obj_root(in->live), now = cleat_obj_root(in->config), entry;
    if (cleat_typed_compare(a, in->type, old, now, &c)) {
        check_algebra(a, c.added, c.modified);
        CHECK(cleat_fields_empty(cleat_fields_common(a, c.modified, c.added)));
    }
    if (cleat_managers_update(a, w, old, now, &m)) {
        free(check_list(a, &m));
    }
    cleat_managers_owned(w, in->live, in->config, &entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    __attribute__((cleanup(input_done))) struct input in = {.live = NULL};
    CLEAT_AUTO_ARENA a = {NULL, NULL, 0};
    struct cleat_managers m = {NULL, 0, 0}, copy;
    struct cleat_writer w = {.version = CLEAT_STR("v1"),
                             .manager = CLEAT_STR("kubectl"),
                             .reset = cleat_reset_fields(CLEAT_RESET_STATUS),
                             .time = CLEAT_STR("2026-01-02T03:04:05Z")};
    if (!read_input((struct cleat_str){(const char *)data, size}, &in)) {
        return 0;
    }
    w.type = in.type;
    struct cleat_val list = cleat_val_get(cleat_obj_root(in.entries), "list");
    if (cleat_managers_decode(&a, list, &m, NULL) != CLEAT_OK) {
        m.n = 0;
    }
    copy = m;
    copy.list = cleat_arena_alloc(&a, (m.n + 1) * sizeof *m.list);
    copy.cap = m.n;
    if (m.n > 0) {
        memcpy(copy.list, m.list, m.n * sizeof *m.list);
    }
    check_apply(&a, &w, &in, m);
    check_update(&a, &w, &in, copy);
    return 0;
}
