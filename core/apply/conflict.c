/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conflicts in upstream's words: by manager, in order of their identities.
 */
#include "core/apply/manage.h"

struct report {
    const struct cleat_manager *manager;
    struct cleat_error *causes;
    struct cleat_buf *lines;
};

static void print_manager(const struct cleat_manager *m, struct cleat_buf *out) {
    cleat_buf_printf(out, "\"%.*s\"", CLEAT_FMT(m->name));
    if (m->subresource.n > 0) {
        cleat_buf_printf(out, " with subresource \"%.*s\"", CLEAT_FMT(m->subresource));
    }
    if (!m->applied) {
        cleat_buf_printf(out, " using %.*s", CLEAT_FMT(m->version));
    }
}

static void add_cause(void *userdata, struct cleat_str path, const struct cleat_element *els,
                      size_t n) {
    struct report *r = userdata;
    (void)els;
    (void)n;
    CLEAT_AUTO_BUF who = {0};
    CLEAT_AUTO_FREE char *field = cleat_strndup(path);
    print_manager(r->manager, &who);
    cleat_error_cause(r->causes, "FieldManagerConflict", field, "conflict with %s", who.p);
    cleat_buf_printf(r->lines, "\n- %s", field);
}

static int by_identity(const void *a, const void *b) {
    const struct cleat_manager *x = ((const struct cleat_manager_conflict *)a)->manager,
                               *y = ((const struct cleat_manager_conflict *)b)->manager;
    int c = cleat_cmp(x->name, y->name);
    c = c != 0 ? c : (int)y->applied - (int)x->applied;
    c = c != 0 ? c : cleat_cmp(x->version, y->version);
    return c != 0 ? c : cleat_cmp(x->subresource, y->subresource);
}

cleat_err cleat_managers_conflict_error(const struct cleat_manager_conflicts *c,
                                        struct cleat_error *e) {
    CLEAT_AUTO_BUF text = {0};
    size_t n = 0;
    struct cleat_error causes = CLEAT_ERROR_INIT;
    qsort(c->list, c->n, sizeof *c->list, by_identity);
    for (uint32_t i = 0; i < c->n; i++) {
        struct report r = {c->list[i].manager, &causes, &text};
        cleat_buf_puts(&text, i > 0 ? "\n" : "");
        cleat_buf_puts(&text, "conflicts with ");
        print_manager(r.manager, &text);
        cleat_buf_putc(&text, ':');
        cleat_fields_each(c->list[i].fields, add_cause, &r);
        n += cleat_fields_count(c->list[i].fields);
    }
    if (n == 1) {
        cleat_fail(e, CLEAT_E_CONFLICT, "Apply failed with 1 conflict: %s: %s",
                   causes.causes[0].message, causes.causes[0].field);
    } else {
        cleat_fail(e, CLEAT_E_CONFLICT, "Apply failed with %zu conflicts: %s", n, text.p);
    }
    for (uint32_t i = 0; i < causes.n_causes; i++) {
        cleat_error_cause(e, causes.causes[i].reason, causes.causes[i].field, "%s",
                          causes.causes[i].message);
    }
    return CLEAT_E_CONFLICT;
}
