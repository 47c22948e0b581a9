/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Definitions of custom kinds: which names they get, which kinds are served, and
 * their end. One level-based step compares all stored definitions with the kinds
 * there are; it runs on the thread of whoever changed a definition, and on the
 * timer's while one ends, under the registry's lock and without blocking. Kinds
 * that are replaced or withdrawn are kept: requests and watches may hold them.
 */
#include "core/registry/internal.h"

enum { PURGE_AT_ONCE = 1000 };
#define TURN (20 * CLEAT_MS)
#define WAIT (500 * CLEAT_MS) /* while the finalizers of instances are others' */

static const char *const path_names[] = {"spec", "names", NULL};
static const char *const path_accepted[] = {"status", "acceptedNames", NULL};
static const char *const path_conditions[] = {"status", "conditions", NULL};
static const char *const path_finalizers[] = {"metadata", "finalizers", NULL};
static const char *const path_deleted[] = {"metadata", "deletionTimestamp", NULL};

/* What the kinds of one definition were made of, and they. */
struct defined {
    char *print;
    uint64_t turn; /* the last one that saw the definition */
    struct cleat_custom_kind **kinds;
    size_t n;
};
/* All definitions as they are, or as a write under way makes them. */
struct turn {
    cleat_registry *r;
    cleat_obj **now;
    size_t n;
    uint32_t *ended; /* the store's numbers of kinds whose watches end */
    size_t n_ended;
    bool more, busy; /* another turn is due; soon */
};

/* ---- writing a definition ---- */

static void written(struct cleat_op *op) {
    /* Where somebody else was first, their write leads to another turn. */
    if (op->err != CLEAT_OK && op->err != CLEAT_E_CONFLICT && op->err != CLEAT_E_NOT_FOUND) {
        cleat_logf(CLEAT_LOG_WARN, "registry", "a definition's state was not stored: %s",
                   op->error.message);
    }
    cleat_obj_unref(op->obj);
    free(op);
}

/* obj: taken; of the state that was read. */
static void submit(cleat_registry *r, int type, uint64_t expect, uint32_t kind, cleat_obj *obj) {
    CLEAT_AUTO(cleat_obj) *mine = obj;
    CLEAT_AUTO_PREP p = {.n = 0};
    struct cleat_op *op = cleat_zalloc(sizeof *op);
    cleat_prep_revision(&p, r->store);
    cleat_err err = cleat_prep_apply(&p, mine, &op->obj, NULL);
    cleat_assert(err == CLEAT_OK); /* a stored object has metadata */
    cleat_obj_stamp_kind(op->obj, kind);
    op->error.struct_size = (uint32_t)sizeof op->error;
    op->type = type;
    op->expect = expect;
    op->done = written;
    cleat_store_submit(r->store, op);
}

/* *o becomes what these splices make of it, and that is stored. */
static void change(struct turn *t, cleat_obj **o, const struct cleat_splice *s, size_t n) {
    cleat_obj *changed = NULL;
    cleat_err err = cleat_obj_splice(*o, s, n, &changed, NULL);
    cleat_assert(err == CLEAT_OK);
    submit(t->r, CLEAT_OP_UPDATE, cleat_obj_revision(*o), t->r->definitions->id,
           cleat_obj_ref(changed));
    cleat_obj_unref(*o);
    *o = changed;
}

/* ---- names ---- */

static bool has_name(struct cleat_val names, struct cleat_str name, bool of_kind) {
    static const char *const members[2][2] = {{"plural", "singular"}, {"kind", "listKind"}};
    for (size_t i = 0; i < 2; i++) {
        if (cleat_eq(cleat_val_str(cleat_val_get(names, members[of_kind][i])), name)) {
            return true;
        }
    }
    struct cleat_val list = cleat_val_get(names, "shortNames");
    struct cleat_iter it = {0};
    while (!of_kind && cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it)) {
        if (cleat_eq(cleat_val_str(it.val), name)) {
            return true;
        }
    }
    return false;
}

/* Whether another definition of the group has the name. */
static bool is_taken(const struct turn *t, const cleat_obj *of, struct cleat_str name,
                     bool of_kind) {
    struct cleat_val group = cleat_obj_at(of, CLEAT_PATH("spec", "group"));
    for (size_t i = 0; i < t->n; i++) {
        const cleat_obj *other = t->now[i];
        if (other != of &&
            cleat_val_equal(cleat_obj_at(other, CLEAT_PATH("spec", "group")), group) &&
            has_name(cleat_obj_at(other, path_accepted), name, of_kind)) {
            return true;
        }
    }
    return false;
}

/* Adds a name that is free, or else the one that was accepted before. */
static void choose_name(const struct turn *t, const cleat_obj *o, const char *member, bool of_kind,
                        const char *reason, struct cleat_condition *c, char **why,
                        struct cleat_buf *out) {
    struct cleat_str want = cleat_val_str(cleat_val_get(cleat_obj_at(o, path_names), member));
    struct cleat_str have = cleat_val_str(cleat_val_get(cleat_obj_at(o, path_accepted), member));
    if (!cleat_eq(want, have) && is_taken(t, o, want, of_kind)) {
        free(*why);
        *why = cleat_sprintf("\"%.*s\" is already in use", CLEAT_FMT(want));
        c->status = "False";
        c->reason = reason;
        want = have;
    }
    if (want.n > 0) {
        cleat_buf_printf(out, "%s\"%s\":\"%.*s\"", out->n > 1 ? "," : "", member, CLEAT_FMT(want));
    }
}

static void choose_short_names(const struct turn *t, const cleat_obj *o, struct cleat_condition *c,
                               char **why, struct cleat_buf *out) {
    struct cleat_val want = cleat_val_get(cleat_obj_at(o, path_names), "shortNames");
    struct cleat_val accepted = cleat_obj_at(o, path_accepted);
    struct cleat_iter it = {0};
    CLEAT_AUTO_BUF taken = {0};
    size_t n = 0;
    while (cleat_val_type(want) == CLEAT_ARRAY && cleat_val_next(want, &it)) {
        struct cleat_str name = cleat_val_str(it.val);
        if (is_taken(t, o, name, false)) {
            cleat_buf_printf(&taken, "%s\"%.*s\" is already in use", n++ > 0 ? ", " : "",
                             CLEAT_FMT(name));
        }
    }
    if (n > 0) {
        free(*why);
        *why = n > 1 ? cleat_sprintf("[%s]", taken.p) : cleat_strdup(taken.p);
        c->status = "False";
        c->reason = "ShortNamesConflict";
        want = cleat_val_get(accepted, "shortNames");
    }
    if (cleat_val_count(want) > 0) {
        cleat_buf_puts(out, out->n > 1 ? ",\"shortNames\":" : "\"shortNames\":");
        cleat_buf_str(out, cleat_val_raw(want));
    }
}

/* Whether a group of the Kubernetes project has somebody's word; false: it needs none. */
static bool approval_of(const cleat_obj *o, struct cleat_condition *c, char **ret_words) {
    static const char *const reasons[] = {[CLEAT_APPROVAL_MISSING] = "MissingAnnotation",
                                          [CLEAT_APPROVAL_INVALID] = "InvalidAnnotation",
                                          [CLEAT_APPROVAL_BYPASSED] = "UnapprovedAnnotation",
                                          [CLEAT_APPROVAL_GIVEN] = "ApprovedAnnotation"};
    int approval = cleat_definition_approval(o, ret_words);
    if (approval == CLEAT_APPROVAL_NOT_NEEDED) {
        return false;
    }
    *c = (struct cleat_condition){"KubernetesAPIApprovalPolicyConformant",
                                  approval == CLEAT_APPROVAL_GIVEN ? "True" : "False",
                                  reasons[approval], *ret_words};
    return true;
}

static bool names_settled(const cleat_obj *o) {
    struct cleat_val list = cleat_obj_at(o, path_conditions);
    return cleat_val_equal(cleat_obj_at(o, path_names), cleat_obj_at(o, path_accepted)) &&
           cleat_condition_is(list, "NamesAccepted", "True") &&
           cleat_condition_is(list, "Established", "True");
}

/* The accepted names as JSON text, and the conditions about them; *ret_n: how many. *why: what
 * those may borrow. */
static char *choose_names(const struct turn *t, const cleat_obj *o, struct cleat_condition *c,
                          size_t *ret_n, char **why) {
    bool was = cleat_condition_is(cleat_obj_at(o, path_conditions), "Established", "True");
    struct cleat_val categories = cleat_val_get(cleat_obj_at(o, path_names), "categories");
    struct cleat_buf names = {0};
    c[0] = (struct cleat_condition){"NamesAccepted", "True", "NoConflicts", "no conflicts found"};
    c[1] = (struct cleat_condition){"Established", "True", "InitialNamesAccepted",
                                    "the initial names have been accepted"};
    cleat_buf_putc(&names, '{');
    choose_name(t, o, "plural", false, "PluralConflict", &c[0], why, &names);
    choose_name(t, o, "singular", false, "SingularConflict", &c[0], why, &names);
    choose_short_names(t, o, &c[0], why, &names);
    choose_name(t, o, "kind", true, "KindConflict", &c[0], why, &names);
    choose_name(t, o, "listKind", true, "ListKindConflict", &c[0], why, &names);
    if (cleat_val_count(categories) > 0) {
        cleat_buf_puts(&names, names.n > 1 ? ",\"categories\":" : "\"categories\":");
        cleat_buf_str(&names, cleat_val_raw(categories));
    }
    cleat_buf_putc(&names, '}');
    if (*why != NULL) {
        c[0].message = *why;
        c[1] = (struct cleat_condition){"Established", "False", "NotAccepted",
                                        "not all names are accepted"};
    }
    *ret_n = was ? 1 : 2; /* once established, always */
    return cleat_buf_take(&names);
}

/* The status that the definition should have; nothing is written where it has it. */
static void settle(struct turn *t, cleat_obj **o) {
    struct cleat_val list = cleat_obj_at(*o, path_conditions);
    struct cleat_condition c[3];
    CLEAT_AUTO_FREE char *why = NULL, *words = NULL, *names = NULL;
    size_t n = 0;
    if (!names_settled(*o)) {
        names = choose_names(t, *o, c, &n, &why);
    }
    n += approval_of(*o, &c[n], &words);
    bool same = names == NULL || cleat_eqc(cleat_val_raw(cleat_obj_at(*o, path_accepted)), names);
    for (size_t i = 0; i < n; i++) {
        same = same && cleat_condition_same(list, &c[i]);
    }
    if (same) {
        return;
    }
    CLEAT_AUTO_FREE char *conditions = cleat_conditions_set(list, c, n);
    const struct cleat_splice s[] = {{path_conditions, cleat_s(conditions)},
                                     {path_accepted, cleat_s(names)}};
    change(t, o, s, names != NULL ? 2 : 1);
}

/* ---- kinds ---- */

static void end_kind(struct turn *t, struct cleat_custom_kind *c) {
    cleat_registry *r = t->r;
    atomic_store(&c->ended, true);
    r->retired = cleat_rearray(r->retired, r->n_retired + 1, sizeof(struct cleat_custom_kind *));
    r->retired[r->n_retired++] = c;
    t->ended = cleat_rearray(t->ended, t->n_ended + 1, sizeof *t->ended);
    t->ended[t->n_ended++] = c->kind.id;
}

static struct cleat_custom_kind *of_version(const struct defined *d, const char *version) {
    for (size_t i = 0; d != NULL && i < d->n; i++) {
        if (strcmp(d->kinds[i]->kind.version, version) == 0) {
            return d->kinds[i];
        }
    }
    return NULL;
}

/* The kinds that a definition asks for, none of them where it is not to be served. Each
 * takes the place of the one that was there, so that no request finds none between. */
static void publish(struct turn *t, struct defined *d, const cleat_obj *o, bool serve) {
    struct cleat_val versions = cleat_obj_at(o, CLEAT_PATH("spec", "versions"));
    struct cleat_iter it = {0};
    struct defined was = *d;
    d->kinds = cleat_array(cleat_val_count(versions) + 1, sizeof(struct cleat_custom_kind *));
    d->n = 0;
    while (serve && cleat_val_next(versions, &it)) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        struct cleat_custom_kind *c = NULL;
        if (!cleat_val_bool(cleat_val_get(it.val, "served"), 0)) {
            continue;
        }
        cleat_err err = cleat_custom_kind_new(o, it.val, &c, &e);
        struct cleat_custom_kind *before =
            err == CLEAT_OK ? of_version(&was, c->kind.version) : NULL;
        if (err == CLEAT_OK) {
            err = cleat_registry_publish(t->r, &c->kind, before != NULL ? &before->kind : NULL, &e);
        }
        if (err == CLEAT_OK) {
            d->kinds[d->n++] = c;
            continue;
        }
        cleat_logf(CLEAT_LOG_ERROR, "registry", "%.*s is not served: %s",
                   CLEAT_FMT(cleat_obj_name(o)), e.message);
        if (c != NULL) {
            cleat_custom_kind_free(c);
        }
    }
    for (size_t i = 0; i < was.n; i++) {
        if (of_version(d, was.kinds[i]->kind.version) == NULL) {
            cleat_registry_withdraw(t->r, &was.kinds[i]->kind);
        }
        end_kind(t, was.kinds[i]);
    }
    free(was.kinds);
}

static bool established(const cleat_obj *o) {
    return cleat_condition_is(cleat_obj_at(o, path_conditions), "Established", "True");
}

static bool terminating(const cleat_obj *o) {
    return cleat_val_present(cleat_obj_at(o, path_deleted));
}

/* What the kinds depend on. */
static char *print_of(const cleat_obj *o, bool serve) {
    return cleat_sprintf(
        "%.*s %.*s %d %.*s %.*s", CLEAT_FMT(cleat_obj_uid(o)),
        CLEAT_FMT(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("metadata", "generation")))), serve,
        CLEAT_FMT(cleat_val_raw(cleat_obj_at(o, path_accepted))),
        CLEAT_FMT(cleat_val_raw(cleat_obj_at(o, CLEAT_PATH("status", "storedVersions")))));
}

static void adopt(struct turn *t, const cleat_obj *o, uint64_t turn, bool serve) {
    struct defined *d = cleat_map_get(&t->r->defined, cleat_obj_name(o));
    char *print = print_of(o, serve);
    if (d == NULL) {
        d = cleat_zalloc(sizeof *d);
        cleat_map_put(&t->r->defined, cleat_obj_name(o), d);
    }
    d->turn = turn;
    if (d->print == NULL || strcmp(d->print, print) != 0) {
        publish(t, d, o, serve);
        free(d->print);
        d->print = CLEAT_STEAL(print);
    }
    free(print);
    for (size_t i = 0; i < d->n; i++) {
        atomic_store(&d->kinds[i]->terminating, terminating(o));
    }
}

static void free_defined(struct defined *d) {
    free(d->print);
    free(d->kinds);
    free(d);
}

static void drop_gone(struct turn *t, uint64_t turn) {
    size_t at = 0;
    for (struct cleat_map_entry *m; (m = cleat_map_each(&t->r->defined, &at)) != NULL;) {
        struct defined *d = m->value;
        if (d->turn == turn) {
            continue;
        }
        for (size_t i = 0; i < d->n; i++) {
            cleat_registry_withdraw(t->r, &d->kinds[i]->kind);
            end_kind(t, d->kinds[i]);
        }
        cleat_map_remove(&t->r->defined, (struct cleat_str){m->key, m->key_n});
        free_defined(d);
    }
}

/* ---- the end of a definition ---- */

static uint32_t instances_of(const struct turn *t, const cleat_obj *o) {
    CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_obj_name(o)); /* as the store names them */
    return cleat_store_kind(t->r->store, name);
}

/* Marks an instance that has finalizers, deletes one that has none. False: that is done. */
static bool purge_one(struct turn *t, uint32_t kind, const cleat_obj *o) {
    if (cleat_val_count(cleat_obj_at(o, path_finalizers)) == 0) {
        submit(t->r, CLEAT_OP_DELETE, cleat_obj_revision(o), kind, cleat_obj_ref(o));
        return true;
    }
    if (!terminating(o)) {
        char now[40];
        now[0] = '"';
        cleat_time_format(cleat_now_wall(), false, now + 1);
        strcat(now, "\"");
        const struct cleat_splice s[] = {
            {path_deleted, cleat_s(now)},
            {CLEAT_PATH("metadata", "deletionGracePeriodSeconds"), CLEAT_STR("0")}};
        cleat_obj *marked = NULL;
        cleat_err err = cleat_obj_splice(o, s, 2, &marked, NULL);
        cleat_assert(err == CLEAT_OK);
        submit(t->r, CLEAT_OP_UPDATE, cleat_obj_revision(o), kind, marked);
        return true;
    }
    return false;
}

/* True: no instance is left. */
static bool purge(struct turn *t, cleat_snapshot *sn, cleat_obj **def) {
    static const struct cleat_condition c = {"Terminating", "True", "InstanceDeletionInProgress",
                                             "CustomResource deletion is in progress"};
    uint32_t kind = instances_of(t, *def);
    struct cleat_range range;
    const cleat_obj *o;
    if (!cleat_condition_same(cleat_obj_at(*def, path_conditions), &c)) {
        CLEAT_AUTO_FREE char *list =
            cleat_conditions_set(cleat_obj_at(*def, path_conditions), &c, 1);
        const struct cleat_splice s = {path_conditions, cleat_s(list)};
        change(t, def, &s, 1);
    }
    cleat_range_init(&range, sn, kind, (struct cleat_str){NULL, 0});
    size_t n = 0;
    bool any = false;
    while (n < PURGE_AT_ONCE && (o = cleat_range_next(&range)) != NULL) {
        any = true;
        n += purge_one(t, kind, o);
    }
    t->busy = t->busy || n > 0;
    return !any;
}

/* Its finalizer goes, and it with that where no other is left. */
static void release(struct turn *t, cleat_obj *o, bool was_established) {
    struct cleat_condition c = {"Terminating", "False", "InstanceDeletionCompleted",
                                "removed all instances"};
    if (!was_established) {
        c.reason = "NeverEstablished";
        c.message = "resource was never established";
    }
    CLEAT_AUTO_FREE char *list = cleat_conditions_set(cleat_obj_at(o, path_conditions), &c, 1);
    CLEAT_AUTO_BUF left = {0};
    struct cleat_iter it = {0};
    size_t n = 0;
    cleat_buf_putc(&left, '[');
    while (cleat_val_next(cleat_obj_at(o, path_finalizers), &it)) {
        if (!cleat_eqc(cleat_val_str(it.val), CLEAT_DEFINITION_FINALIZER)) {
            cleat_buf_puts(&left, n++ > 0 ? "," : "");
            cleat_buf_str(&left, cleat_val_raw(it.val));
        }
    }
    cleat_buf_putc(&left, ']');
    const struct cleat_splice s[] = {{path_conditions, cleat_s(list)},
                                     {path_finalizers, n > 0 ? (struct cleat_str){left.p, left.n}
                                                             : (struct cleat_str){NULL, 0}}};
    cleat_obj *last = NULL;
    cleat_err err = cleat_obj_splice(o, s, 2, &last, NULL);
    cleat_assert(err == CLEAT_OK);
    submit(t->r, n > 0 ? CLEAT_OP_UPDATE : CLEAT_OP_DELETE, cleat_obj_revision(o),
           t->r->definitions->id, last);
}

/* True while it is still to be served. */
static bool finish(struct turn *t, cleat_snapshot *sn, cleat_obj **o) {
    if (!cleat_finalizers_have(cleat_obj_at(*o, path_finalizers), CLEAT_DEFINITION_FINALIZER)) {
        return false;
    }
    t->more = true;
    bool was = established(*o);
    if (was && !purge(t, sn, o)) {
        return true;
    }
    t->busy = true;
    release(t, *o, was);
    return false;
}

/* ---- the step ---- */

static void on_timer(void *registry) {
    cleat_definitions_sync(registry);
}

static void load(struct turn *t, const cleat_snapshot *sn) {
    struct cleat_range range;
    const cleat_obj *o;
    uint32_t kind = t->r->definitions->id;
    t->now = cleat_array(cleat_snapshot_count(sn, kind, (struct cleat_str){NULL, 0}) + 1,
                         sizeof(cleat_obj *));
    cleat_range_init(&range, sn, kind, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        t->now[t->n++] = cleat_obj_ref(o);
    }
}

static void step(struct turn *t) {
    static _Atomic uint64_t turns;
    uint64_t turn = atomic_fetch_add(&turns, 1) + 1;
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(t->r->store);
    load(t, sn);
    for (size_t i = 0; i < t->n; i++) {
        bool ends = terminating(t->now[i]);
        bool serve = ends ? finish(t, sn, &t->now[i]) : true;
        if (!ends) {
            settle(t, &t->now[i]);
        }
        adopt(t, t->now[i], turn, serve && established(t->now[i]));
    }
    drop_gone(t, turn);
    cleat_time delay = t->busy ? TURN : WAIT;
    if (t->more && t->r->work == NULL) {
        t->r->work = cleat_timer_new(delay, 0, on_timer, t->r);
    } else if (t->more) {
        cleat_timer_set(t->r->work, delay);
    }
}

void cleat_definitions_sync(cleat_registry *r) {
    struct turn t = {.r = r};
    if (r->definitions == NULL) {
        return;
    }
    {
        CLEAT_LOCKED(&r->lock);
        step(&t);
    }
    for (size_t i = 0; i < t.n_ended; i++) {
        cleat_store_poke(r->store, t.ended[i]);
    }
    for (size_t i = 0; i < t.n; i++) {
        cleat_obj_unref(t.now[i]);
    }
    free(t.now);
    free(t.ended);
}

void cleat_definitions_free(cleat_registry *r) {
    size_t at = 0;
    cleat_timer_free(r->work);
    for (struct cleat_map_entry *m; (m = cleat_map_each(&r->defined, &at)) != NULL;) {
        struct defined *d = m->value;
        for (size_t i = 0; i < d->n; i++) {
            cleat_custom_kind_free(d->kinds[i]);
        }
        free_defined(d);
    }
    cleat_map_done(&r->defined);
    for (size_t i = 0; i < r->n_retired; i++) {
        cleat_custom_kind_free(r->retired[i]);
    }
    free(r->retired);
}
