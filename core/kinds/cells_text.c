/* SPDX-License-Identifier: Apache-2.0 */
/* What the cells of several kinds share: joined lists, selectors. Pure; any thread. */
#include "core/kinds/cells.h"

void cleat_cell_created(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("metadata", "creationTimestamp"), "", out);
}

const struct cleat_column cleat_columns_created[] = {CLEAT_COLUMN_CREATED_AT, CLEAT_COLUMN_END};

void cleat_joined_add(struct cleat_joined *j, struct cleat_str s) {
    if (j->max > 0 && j->n++ >= j->max) {
        return;
    }
    cleat_buf_puts(&j->text, j->text.n > 0 ? "," : "");
    cleat_buf_str(&j->text, s);
}

void cleat_joined_end(struct cleat_joined *j, const char *none, struct cleat_buf *out) {
    if (j->text.n == 0) {
        cleat_buf_printf(out, "\"%s\"", none);
    } else if (j->max > 0 && j->n > j->max) {
        cleat_buf_printf(out, "\"%s + %zu more...\"", j->text.p, j->n - j->max);
    } else {
        cleat_buf_printf(out, "\"%s\"", j->text.p);
    }
    cleat_buf_done(&j->text);
}

/* ---- selectors ---- */

static void add_labels(struct cleat_joined *j, struct cleat_val labels) {
    struct cleat_iter it = {0};
    while (cleat_val_type(labels) == CLEAT_OBJECT && cleat_val_next(labels, &it)) {
        CLEAT_AUTO_FREE char *text =
            cleat_sprintf("%.*s=%.*s", CLEAT_FMT(it.key), CLEAT_FMT(cleat_val_str(it.val)));
        cleat_joined_add(j, cleat_s(text));
    }
}

static void add_expression(struct cleat_joined *j, struct cleat_val x) {
    struct cleat_str key = cleat_val_str(cleat_val_get(x, "key"));
    struct cleat_str op = cleat_val_str(cleat_val_get(x, "operator"));
    struct cleat_val values = cleat_val_get(x, "values");
    struct cleat_iter it = {0};
    CLEAT_AUTO_BUF text = {0};
    if (cleat_eqc(op, "Exists") || cleat_eqc(op, "DoesNotExist")) {
        cleat_buf_printf(&text, "%s%.*s", cleat_eqc(op, "Exists") ? "" : "!", CLEAT_FMT(key));
        cleat_joined_add(j, (struct cleat_str){text.p, text.n});
        return;
    }
    cleat_buf_printf(&text, "%.*s %s (", CLEAT_FMT(key), cleat_eqc(op, "In") ? "in" : "notin");
    while (cleat_val_next(values, &it)) {
        cleat_buf_puts(&text, it.index > 0 ? "," : "");
        cleat_buf_str(&text, cleat_val_str(it.val));
    }
    cleat_buf_putc(&text, ')');
    cleat_joined_add(j, (struct cleat_str){text.p, text.n});
}

void cleat_cell_selector(struct cleat_val selector, bool plain, struct cleat_buf *out) {
    struct cleat_joined j = {.n = 0};
    if (plain) {
        add_labels(&j, selector);
    } else {
        struct cleat_iter it = {0};
        struct cleat_val expressions = cleat_val_get(selector, "matchExpressions");
        add_labels(&j, cleat_val_get(selector, "matchLabels"));
        while (cleat_val_next(expressions, &it)) {
            add_expression(&j, it.val);
        }
    }
    cleat_joined_end(&j, "<none>", out);
}

/* ---- load balancers ---- */

enum { NARROW = 16 };

/* A table serves narrow and wide output, and kubectl does not cut, so it is cut always. */
void cleat_cell_ingress(struct cleat_val list, struct cleat_joined *j) {
    struct cleat_joined all = {.n = 0};
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        struct cleat_str ip = cleat_val_str(cleat_val_get(it.val, "ip"));
        struct cleat_str host = cleat_val_str(cleat_val_get(it.val, "hostname"));
        if (ip.n > 0 || host.n > 0) {
            cleat_joined_add(&all, ip.n > 0 ? ip : host);
        }
    }
    if (all.text.n > NARROW) {
        all.text.n = NARROW - 3;
        cleat_buf_puts(&all.text, "...");
    }
    if (all.text.n > 0) {
        cleat_joined_add(j, (struct cleat_str){all.text.p, all.text.n});
    }
    cleat_buf_done(&all.text);
}
