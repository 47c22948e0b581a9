/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conflicts in upstream's words: by manager, in order of their identities.
 */
#include "core/apply/manage.h"

struct teller {
    const struct cleat_manager *manager;
    struct cleat_error *e;
    struct cleat_conflict_report *all;
    bool only; /* the only one: it has a message of another form */
};

void cleat_conflict_report_done(struct cleat_conflict_report *r) {
    cleat_buf_done(&r->message);
    cleat_buf_done(&r->causes);
}

static void print_manager(const struct cleat_manager *m, struct cleat_buf *out) {
    cleat_buf_printf(out, "\"%.*s\"", CLEAT_FMT(m->name));
    if (m->subresource.n > 0) {
        cleat_buf_printf(out, " with subresource \"%.*s\"", CLEAT_FMT(m->subresource));
    }
    if (!m->applied) {
        cleat_buf_printf(out, " using %.*s", CLEAT_FMT(m->version));
    }
}

static void tell(void *userdata, struct cleat_str path, const struct cleat_element *els, size_t n) {
    struct teller *t = userdata;
    (void)els;
    (void)n;
    CLEAT_AUTO_BUF what = {0};
    CLEAT_AUTO_FREE char *field = cleat_strndup(path);
    cleat_buf_puts(&what, "conflict with ");
    print_manager(t->manager, &what);
    cleat_error_cause(t->e, "FieldManagerConflict", field, "%s", what.p);
    cleat_buf_printf(&t->all->causes, "%s{\"reason\":\"FieldManagerConflict\",\"message\":",
                     t->all->causes.n > 0 ? "," : "");
    cleat_buf_json(&t->all->causes, (struct cleat_str){what.p, what.n});
    cleat_buf_puts(&t->all->causes, ",\"field\":");
    cleat_buf_json(&t->all->causes, path);
    cleat_buf_putc(&t->all->causes, '}');
    if (t->only) {
        cleat_buf_printf(&t->all->message, "%s: %s", what.p, field);
    } else {
        cleat_buf_printf(&t->all->message, "\n- %s", field);
    }
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
                                        struct cleat_conflict_report *report,
                                        struct cleat_error *e) {
    struct cleat_conflict_report mine = {{0}, {0}};
    struct cleat_conflict_report *all = report != NULL ? report : &mine;
    struct cleat_error causes = CLEAT_ERROR_INIT;
    size_t n = 0;
    qsort(c->list, c->n, sizeof *c->list, by_identity);
    for (uint32_t i = 0; i < c->n; i++) {
        n += cleat_fields_count(c->list[i].fields);
    }
    cleat_buf_printf(&all->message, "Apply failed with %zu conflict%s: ", n, n == 1 ? "" : "s");
    for (uint32_t i = 0; i < c->n; i++) {
        struct teller t = {c->list[i].manager, &causes, all, n == 1};
        if (n > 1) {
            cleat_buf_puts(&all->message, i > 0 ? "\nconflicts with " : "conflicts with ");
            print_manager(t.manager, &all->message);
            cleat_buf_putc(&all->message, ':');
        }
        cleat_fields_each(c->list[i].fields, tell, &t);
    }
    cleat_fail(e, CLEAT_E_CONFLICT, "%s", all->message.p);
    for (uint32_t i = 0; i < causes.n_causes; i++) {
        cleat_error_cause(e, causes.causes[i].reason, causes.causes[i].field, "%s",
                          causes.causes[i].message);
    }
    cleat_conflict_report_done(&mine);
    return CLEAT_E_CONFLICT;
}
