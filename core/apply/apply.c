/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server-side apply: the configuration is merged into the live object; what the
 * manager applied before, does not apply now and nobody else owns is taken out;
 * and what others own must not have changed, but by force.
 *
 * For the manager "kubectl" the annotation of client-side apply counts: it may
 * take over what that annotation says it had, and keeps the annotation up to date.
 */
#include "core/apply/manage.h"

static const char last_applied_key[] = "kubectl.kubernetes.io/last-applied-configuration";

struct job {
    struct cleat_arena *a;
    const struct cleat_writer *w;
    const cleat_obj *live, *config;
    struct cleat_manager_conflicts conflicts;
};

/* The text of a walk as an object; {} where nothing is left. */
static cleat_err made(bool any, const struct cleat_buf *text, cleat_obj **ret,
                      struct cleat_error *e) {
    struct cleat_str s = {text->p, text->n};
    return cleat_obj_parse_trusted(any ? s : CLEAT_STR("{}"), ret, e);
}

static cleat_err merged(const struct job *j, cleat_obj **ret, struct cleat_error *e) {
    CLEAT_AUTO_BUF text = {0};
    bool any = cleat_typed_merge(j->a, j->w->type, cleat_obj_root(j->live),
                                 cleat_obj_root(j->config), &text);
    return made(any, &text, ret, e);
}

static cleat_err without(const struct job *j, const cleat_obj *from,
                         const struct cleat_fields *items, bool nulls, cleat_obj **ret,
                         struct cleat_error *e) {
    CLEAT_AUTO_BUF text = {0};
    bool any = cleat_typed_remove(j->a, j->w->type, cleat_obj_root(from), items, nulls, &text);
    return made(any, &text, ret, e);
}

static const struct cleat_fields *named(const struct job *j, const struct cleat_fields *s) {
    return cleat_typed_named(j->a, j->w->type, s);
}

/* The set with elements' texts of its own, as the object that it is of will go. */
static const struct cleat_fields *fields_of(const struct job *j, const cleat_obj *o) {
    return cleat_typed_fields(j->a, j->w->type, cleat_obj_root(o));
}

/*
 * Takes out of *obj what `last` has and no manager (nor the configuration, whose set
 * is among the managers' already). In two steps, as what goes with a removed parent
 * may be somebody's: first all that nobody owns any more, then of that only what is
 * in `last`.
 */
static cleat_err prune(const struct job *j, const struct cleat_managers *m,
                       const struct cleat_fields *last, cleat_obj **obj, struct cleat_error *e) {
    if (cleat_fields_empty(last)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_obj) *bare = NULL;
    CLEAT_AUTO(cleat_obj) *owned = NULL;
    cleat_obj *done = NULL;
    const struct cleat_fields *managed = NULL;
    for (uint32_t i = 0; i < m->n; i++) {
        managed = cleat_fields_union(j->a, managed, m->list[i].fields);
    }
    last = named(j, last);
    CLEAT_TRY(without(j, *obj, last, true, &bare, e));
    const struct cleat_fields *all = named(j, fields_of(j, *obj));
    const struct cleat_fields *kept =
        cleat_fields_union(j->a, named(j, fields_of(j, bare)), named(j, managed));
    CLEAT_TRY(without(j, *obj, cleat_fields_minus(j->a, all, kept), true, &owned, e));
    kept = named(j, fields_of(j, owned));
    const struct cleat_fields *gone =
        cleat_fields_common(j->a, cleat_fields_minus(j->a, all, kept), last);
    CLEAT_TRY(without(j, *obj, gone, false, &done, e));
    cleat_obj_unref(*obj);
    *obj = done;
    return CLEAT_OK;
}

/* ---- the annotation of client-side apply ---- */

static struct cleat_val last_applied_of(const cleat_obj *o) {
    return cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", last_applied_key));
}

/* What the annotation says client-side apply had, where it still is so. */
static const struct cleat_fields *taken_over(const struct job *j) {
    CLEAT_AUTO_FREE char *text = cleat_val_strdup(last_applied_of(j->live));
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_comparison c;
    if (text == NULL || cleat_obj_parse(cleat_s(text), 0, &o, NULL) != CLEAT_OK ||
        !cleat_eq(cleat_val_str(cleat_val_get(cleat_obj_root(o), "apiVersion")), j->w->version) ||
        cleat_typed_check(j->w->type, cleat_obj_root(o), NULL) != CLEAT_OK ||
        !cleat_typed_compare(j->a, j->w->type, cleat_obj_root(o), cleat_obj_root(j->live), &c)) {
        return NULL;
    }
    const struct cleat_fields *s = fields_of(j, o);
    s = cleat_fields_minus(j->a, s, c.modified);
    s = cleat_fields_minus(j->a, s, c.added);
    return cleat_fields_keep(j->a, cleat_fields_minus(j->a, s, c.removed));
}

/* Conflicts with what the annotation allows left out. */
static void allow(struct job *j, const struct cleat_fields *allowed) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < j->conflicts.n; i++) {
        struct cleat_manager_conflict one = j->conflicts.list[i];
        one.fields = cleat_fields_minus(j->a, one.fields, allowed);
        if (!cleat_fields_empty(one.fields)) {
            j->conflicts.list[n++] = one;
        }
    }
    j->conflicts.n = n;
}

static int by_key(const void *a, const void *b) {
    return cleat_cmp(((const struct cleat_iter *)a)->key, ((const struct cleat_iter *)b)->key);
}

/* JSON as Go writes it: keys sorted. path: the member that is left out, or NULL. */
static void write_sorted(struct cleat_arena *a, struct cleat_val v, const char *const *path,
                         struct cleat_buf *out) {
    struct cleat_iter it = {0};
    bool object = cleat_val_type(v) == CLEAT_OBJECT, any = false;
    if (!object && cleat_val_type(v) != CLEAT_ARRAY) {
        cleat_element_escape(cleat_val_raw(v), out);
        return;
    }
    size_t n = cleat_val_count(v);
    struct cleat_iter *all = cleat_arena_alloc(a, (n + 1) * sizeof *all);
    for (size_t i = 0; i < n && cleat_val_next(v, &it); i++) {
        all[i] = it;
    }
    if (object) {
        qsort(all, n, sizeof *all, by_key);
    }
    cleat_buf_putc(out, object ? '{' : '[');
    for (size_t i = 0; i < n; i++) {
        bool on_path = object && path != NULL && *path != NULL && cleat_eqc(all[i].key, *path);
        if (on_path && path[1] == NULL) {
            continue;
        }
        cleat_buf_puts(out, any ? "," : "");
        any = true;
        if (object) {
            cleat_buf_putc(out, '"');
            cleat_element_escape(all[i].key, out);
            cleat_buf_puts(out, "\":");
        }
        write_sorted(a, all[i].val, on_path ? path + 1 : NULL, out);
    }
    cleat_buf_putc(out, object ? '}' : ']');
}

/* Where there is such an annotation, it says what was applied now. */
static cleat_err renew_last_applied(const struct job *j, cleat_obj **obj, struct cleat_error *e) {
    const char *const path[] = {"metadata", "annotations", last_applied_key, NULL};
    if (cleat_val_str(last_applied_of(*obj)).n == 0) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF text = {0};
    CLEAT_AUTO_BUF quoted = {0};
    cleat_obj *renewed = NULL;
    write_sorted(j->a, cleat_obj_root(j->config), path, &text);
    cleat_buf_putc(&text, '\n');
    cleat_buf_json(&quoted, (struct cleat_str){text.p, text.n});
    struct cleat_splice splice = {path, {quoted.p, quoted.n}};
    CLEAT_TRY(cleat_obj_splice(*obj, &splice, 1, &renewed, e));
    cleat_obj_unref(*obj);
    *obj = renewed;
    return CLEAT_OK;
}

/* ---- applying ---- */

static bool by_kubectl(const struct cleat_writer *w) {
    return cleat_eqc(w->manager, "kubectl");
}

/* The sets of others after *obj has come of live. CONFLICT where it may not. */
static cleat_err settle(struct job *j, struct cleat_managers *m, const cleat_obj *obj, bool force,
                        struct cleat_conflict_report *report, struct cleat_error *e) {
    struct cleat_comparison c;
    struct cleat_manager me = cleat_writer_entry(j->w, true);
    const struct cleat_manager *self = cleat_managers_find(m, &me);
    if (!cleat_managers_compare(j->a, j->w, cleat_obj_root(j->live), cleat_obj_root(obj), &c)) {
        return cleat_fail(e, CLEAT_E_UNKNOWN, "failed to compare objects");
    }
    j->conflicts = cleat_managers_conflicts(j->a, m, self, &c);
    if (!force && j->conflicts.n > 0 && by_kubectl(j->w)) {
        allow(j, taken_over(j));
    }
    if (!force && j->conflicts.n > 0) {
        return cleat_managers_conflict_error(&j->conflicts, report, e);
    }
    cleat_managers_take(j->a, m, self, &c);
    return CLEAT_OK;
}

/* Who had what before anybody applied anything. */
static bool before_first(struct cleat_arena *a, const struct cleat_writer *w, const cleat_obj *live,
                         struct cleat_managers *m) {
    static const struct cleat_val nothing;
    struct cleat_writer before = *w;
    before.manager = CLEAT_STR("before-first-apply");
    return m->n > 0 || cleat_val_count(cleat_obj_root(live)) == 0 ||
           cleat_managers_update(a, &before, nothing, cleat_obj_root(live), m);
}

cleat_err cleat_managers_apply(struct cleat_arena *a, const struct cleat_writer *w,
                               const cleat_obj *live, const cleat_obj *config, bool force,
                               struct cleat_managers *m, cleat_obj **ret,
                               struct cleat_conflict_report *report, struct cleat_error *e) {
    struct job j = {.a = a, .w = w, .live = live, .config = config};
    CLEAT_AUTO(cleat_obj) *obj = NULL;
    if (!before_first(a, w, live, m)) {
        return cleat_fail(e, CLEAT_E_UNKNOWN, "failed to create manager for existing fields");
    }
    cleat_managers_refresh(a, w, m);
    CLEAT_TRY(merged(&j, &obj, e));
    struct cleat_manager me = cleat_writer_entry(w, true);
    struct cleat_manager *entry = cleat_managers_entry(a, m, &me);
    const struct cleat_fields *last = entry->fields;
    entry->version = w->version;
    entry->fields = cleat_fields_without(a, fields_of(&j, config), w->reset);
    CLEAT_TRY(prune(&j, m, last, &obj, e));
    CLEAT_TRY(settle(&j, m, obj, force, report, e));
    entry = cleat_managers_find(m, &me);
    if (entry != NULL) {
        entry->fields = cleat_fields_strip(a, entry->fields);
        if (cleat_fields_empty(entry->fields)) {
            cleat_managers_drop(m, (uint32_t)(entry - m->list));
        } else if (!cleat_val_equal(cleat_obj_root(live), cleat_obj_root(obj))) {
            entry->time = w->time;
        }
    }
    if (by_kubectl(w)) {
        CLEAT_TRY(renew_last_applied(&j, &obj, e));
    }
    *ret = CLEAT_STEAL(obj);
    return CLEAT_OK;
}
