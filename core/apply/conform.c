/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an applied configuration fits its type: known members, values of the
 * right form, lists whose elements can be told apart. Upstream's words, all
 * complaints in one message.
 */
#include "core/apply/typed.h"

struct check {
    struct cleat_arena *a;
    struct cleat_buf path, out;
    int n;
};

static void complain(struct check *c, const char *why) {
    cleat_buf_printf(&c->out, "%s%.*s%s%s", c->n > 0 ? "\n  " : "", (int)c->path.n,
                     c->path.p != NULL ? c->path.p : "", c->path.n > 0 ? ": " : "", why);
    c->n++;
}

static size_t enter(struct check *c, struct cleat_element el) {
    size_t was = c->path.n;
    cleat_element_print(el, &c->path);
    return was;
}

static void check(struct check *c, struct cleat_shape s, struct cleat_val v);

static void check_members(struct check *c, struct cleat_shape s, struct cleat_val v) {
    struct cleat_iter it = {0};
    bool open = s.type == NULL || s.type->form != CLEAT_FORM_STRUCT || s.type->elem != NULL ||
                s.type->fields == NULL || s.type->fields[0].name == NULL;
    while (cleat_val_next(v, &it)) {
        size_t was = enter(c, (struct cleat_element){'f', it.key});
        if (!open && !cleat_shape_names(s, it.key)) {
            complain(c, "field not declared in schema");
        } else {
            check(c, cleat_shape_member(s, it.key), it.val);
        }
        c->path.n = was;
    }
}

static int by_element(const void *a, const void *b) {
    return cleat_element_cmp(*(const struct cleat_element *)a, *(const struct cleat_element *)b);
}

static void check_doubles(struct check *c, struct cleat_element *all, size_t n) {
    qsort(all, n, sizeof *all, by_element);
    for (size_t i = 1; i < n; i++) {
        if (by_element(&all[i - 1], &all[i]) == 0) {
            CLEAT_AUTO_BUF why = {0};
            cleat_buf_puts(&why, "duplicate entries for key ");
            cleat_element_print(all[i], &why);
            complain(c, why.p);
        }
    }
}

static void check_elements(struct check *c, struct cleat_shape s, struct cleat_view view,
                           struct cleat_val v) {
    struct cleat_iter it = {0};
    struct cleat_element *all = cleat_arena_alloc(c->a, (cleat_val_count(v) + 1) * sizeof *all);
    size_t n = 0;
    while (cleat_val_next(v, &it)) {
        const char *why = NULL;
        char index[16];
        struct cleat_element el = {'i', {index, 0}};
        el.text.n = (size_t)snprintf(index, sizeof index, "%u", it.index);
        if (!view.whole) {
            if (!cleat_element_of_item(c->a, NULL, 0, view.keys, view.elem, it.val, &el, &why)) {
                CLEAT_AUTO_FREE char *text = cleat_sprintf("element %u: %s", it.index, why);
                complain(c, text);
                return;
            }
            all[n++] = el;
        }
        size_t was = enter(c, el);
        check(c, cleat_shape_item(s), it.val);
        c->path.n = was;
    }
    check_doubles(c, all, n);
}

/* The value as upstream's message for this form prints it. Owned. */
static char *as_go(unsigned form, int32_t type, struct cleat_val v) {
    static const char *const go[] = {[CLEAT_BOOL] = "bool",
                                     [CLEAT_NUMBER] = "int64",
                                     [CLEAT_STRING] = "string",
                                     [CLEAT_ARRAY] = "[]interface {}",
                                     [CLEAT_OBJECT] = "map[string]interface {}"};
    if (form == CLEAT_FORM_INT32 || form == CLEAT_FORM_INT64 || form == CLEAT_FORM_DOUBLE) {
        return cleat_strdup(go[type]);
    }
    if (form == CLEAT_FORM_STRING || form == CLEAT_FORM_BYTES) {
        return cleat_sprintf("&value.valueUnstructured{Value:%.*s}", CLEAT_FMT(cleat_val_raw(v)));
    }
    struct cleat_str text = type == CLEAT_STRING ? cleat_val_str(v) : cleat_val_raw(v);
    return cleat_sprintf("&{%.*s}", CLEAT_FMT(text));
}

static void check_leaf(struct check *c, struct cleat_shape s, struct cleat_val v) {
    static const struct {
        const char *what;
        unsigned types; /* 1u << CLEAT_* */
    } forms[] = {
        [CLEAT_FORM_STRING] = {"expected string, got ", 1u << CLEAT_STRING},
        [CLEAT_FORM_BYTES] = {"expected string, got ", 1u << CLEAT_STRING},
        [CLEAT_FORM_BOOL] = {"expected boolean, got ", 1u << CLEAT_BOOL},
        [CLEAT_FORM_INT32] = {"expected numeric (int or float), got ", 1u << CLEAT_NUMBER},
        [CLEAT_FORM_INT64] = {"expected numeric (int or float), got ", 1u << CLEAT_NUMBER},
        [CLEAT_FORM_DOUBLE] = {"expected numeric (int or float), got ", 1u << CLEAT_NUMBER},
        [CLEAT_FORM_ANY] = {"expected any scalar, got ", 0},
    };
    int32_t type = cleat_val_type(v);
    unsigned form = s.type != NULL ? s.type->form : CLEAT_FORM_ANY;
    if (type <= CLEAT_NULL || form == CLEAT_FORM_ANY) {
        return;
    }
    const char *what = "expected any scalar, got ";
    unsigned types = 1u << CLEAT_BOOL | 1u << CLEAT_NUMBER | 1u << CLEAT_STRING;
    if (form < sizeof forms / sizeof *forms && forms[form].what != NULL) {
        what = forms[form].what;
        types = forms[form].types;
    }
    if (types & 1u << type) {
        return;
    }
    CLEAT_AUTO_FREE char *got = as_go(form, type, v);
    CLEAT_AUTO_FREE char *why = cleat_sprintf("%s%s", what, got);
    complain(c, why);
}

static void check(struct check *c, struct cleat_shape s, struct cleat_val v) {
    struct cleat_view view = cleat_shape_view(s, v);
    int32_t type = cleat_val_type(v);
    if (view.as == CLEAT_AS_LEAF) {
        check_leaf(c, s, v);
    } else if (type == CLEAT_NULL) {
        return;
    } else if (type != (view.as == CLEAT_AS_MAP ? CLEAT_OBJECT : CLEAT_ARRAY)) {
        CLEAT_AUTO_FREE char *got = as_go(CLEAT_FORM_STRUCT, type, v);
        CLEAT_AUTO_FREE char *why =
            cleat_sprintf("expected %s, got %s", view.as == CLEAT_AS_MAP ? "map" : "list", got);
        complain(c, why);
    } else if (view.as == CLEAT_AS_MAP) {
        check_members(c, s, v);
    } else {
        check_elements(c, s, view, v);
    }
}

cleat_err cleat_typed_check(const struct cleat_type *t, struct cleat_val v, struct cleat_error *e) {
    CLEAT_AUTO_ARENA a = {NULL, NULL, 0};
    struct check c = {.a = &a};
    check(&c, (struct cleat_shape){t, NULL}, v);
    cleat_err err = CLEAT_OK;
    if (c.n == 1) {
        err = cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s", c.out.p);
    } else if (c.n > 1) {
        err = cleat_fail(e, CLEAT_E_BAD_REQUEST, "errors:\n  %s", c.out.p);
    }
    cleat_buf_done(&c.path);
    cleat_buf_done(&c.out);
    return err;
}
