/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists: pointers into one snapshot. Without selectors an object is not touched
 * beyond collecting its pointer. Pages continue on the very snapshot they began
 * on, which the store keeps pinned for a while; the token tells its revision, the
 * last key and how many items were given.
 */
#include "core/registry/internal.h"
#include "core/registry/token.h"

/* ---- which snapshot ---- */

static cleat_err invalid_option(const char *reason, const char *detail, struct cleat_error *e) {
    struct cleat_validation v = {.error = e};
    cleat_invalid(&v, reason, "resourceVersionMatch", "%s", detail);
    return cleat_invalid_done_as(&v, "ListOptions", "meta.k8s.io", (struct cleat_str){"", 0});
}

static cleat_err check_match(const struct cleat_list_request *q, struct cleat_error *e) {
    const char *match = q->resource_version_match, *rv = q->resource_version;
    static const char *const forbidden = "FieldValueForbidden";
    if (match == NULL || match[0] == '\0') {
        return CLEAT_OK;
    }
    if (rv == NULL || rv[0] == '\0') {
        return invalid_option(
            forbidden, "resourceVersionMatch is forbidden unless resourceVersion is provided", e);
    }
    if (q->continue_token != NULL && q->continue_token[0] != '\0') {
        return invalid_option(forbidden,
                              "resourceVersionMatch is forbidden when continue is provided", e);
    }
    bool exact = strcmp(match, "Exact") == 0;
    if (!exact && strcmp(match, "NotOlderThan") != 0) {
        CLEAT_AUTO_FREE char *detail =
            cleat_sprintf("\"%s\": supported values: \"Exact\", \"NotOlderThan\", \"\"", match);
        return invalid_option("FieldValueNotSupported", detail, e);
    }
    if (exact && strcmp(rv, "0") == 0) {
        return invalid_option(
            forbidden, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"", e);
    }
    return CLEAT_OK;
}

static cleat_err exact_snapshot(cleat_registry *r, cleat_snapshot *newest, uint64_t revision,
                                cleat_snapshot **ret, struct cleat_error *e) {
    if (revision == cleat_snapshot_revision(newest)) {
        *ret = cleat_snapshot_ref(newest);
        return CLEAT_OK;
    }
    *ret = cleat_store_pinned(r->store, revision);
    return *ret != NULL ? CLEAT_OK
                        : cleat_fail(e, CLEAT_E_EXPIRED,
                                     "The resourceVersion for the provided list is too old.");
}

static cleat_err first_snapshot(cleat_registry *r, const struct cleat_list_request *q,
                                cleat_snapshot **ret, struct cleat_error *e) {
    uint64_t revision = 0;
    const char *match = q->resource_version_match;
    CLEAT_TRY(check_match(q, e));
    CLEAT_TRY(cleat_parse_revision(q->resource_version, &revision, e));
    CLEAT_AUTO(cleat_snapshot) *newest = cleat_store_snapshot(r->store);
    if (revision > cleat_snapshot_revision(newest)) {
        return cleat_fail_too_large_revision(revision, cleat_snapshot_revision(newest), e);
    }
    bool no_match = match == NULL || match[0] == '\0';
    bool exact = no_match ? q->limit > 0 && revision > 0 : strcmp(match, "Exact") == 0;
    if (exact) {
        return exact_snapshot(r, newest, revision, ret, e);
    }
    *ret = CLEAT_STEAL(newest);
    return CLEAT_OK;
}

static cleat_err continued_snapshot(cleat_registry *r, const struct cleat_list_request *q,
                                    const struct cleat_token *t, cleat_snapshot **ret,
                                    struct cleat_error *e) {
    if (q->resource_version != NULL && q->resource_version[0] != '\0' &&
        strcmp(q->resource_version, "0") != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "specifying resource version is not allowed when using continue");
    }
    *ret = t->revision < 0 ? cleat_store_snapshot(r->store)
                           : cleat_store_pinned(r->store, (uint64_t)t->revision);
    if (*ret != NULL) {
        return CLEAT_OK;
    }
    if (q->fresh_token == NULL) {
        return cleat_fail(e, CLEAT_E_EXPIRED,
                          "The provided continue parameter is too old to display a consistent list "
                          "result. You can start a new list without the continue parameter.");
    }
    struct cleat_token fresh = *t; /* borrows its strings */
    fresh.revision = -1;
    *q->fresh_token = cleat_token_write(&fresh);
    return cleat_fail(
        e, CLEAT_E_EXPIRED,
        "The provided continue parameter is too old to display a consistent list result. You can "
        "start a new list without the continue parameter, or use the continue token in this "
        "response to retrieve the remainder of the results. Continuing with the provided token "
        "results in an inconsistent list - objects that were created, modified, or deleted between "
        "the time the first chunk was returned and now may show up in the list.");
}

/* ---- items ---- */

struct collector {
    struct cleat_listing *out;
    const struct cleat_kind *kind;
    size_t cap;
};

/* As the kind shows it, which lives as long as the listing. */
static const cleat_obj *shown(struct cleat_listing *l, const struct cleat_kind *k,
                              const cleat_obj *o) {
    cleat_obj *made = k->show(k, o);
    if (made == NULL) {
        return o;
    }
    if ((l->n_made & (l->n_made - 1)) == 0) {
        size_t cap = l->n_made > 0 ? l->n_made * 2 : 1;
        l->made = cleat_rearray(l->made, cap, sizeof *l->made);
    }
    return l->made[l->n_made++] = made;
}

static void add_item(struct collector *c, const cleat_obj *o) {
    if (c->out->n == c->cap) {
        c->cap = c->cap > 0 ? c->cap * 2 : 64;
        c->out->items = cleat_rearray(c->out->items, c->cap, sizeof *c->out->items);
    }
    c->out->items[c->out->n++] = o;
}

/* One past the limit is looked at, to know whether there is more. True = there is. */
static bool collect(struct collector *c, struct cleat_range *range, const struct cleat_select *s,
                    uint32_t limit) {
    const cleat_obj *o;
    bool all = cleat_select_all(s);
    while ((o = cleat_range_next(range)) != NULL) {
        if (c->kind->show != NULL && !(limit > 0 && c->out->n == limit && all)) {
            o = shown(c->out, c->kind, o);
        }
        if (!all && !cleat_select_match(s, o)) {
            continue;
        }
        if (limit > 0 && c->out->n == limit) {
            return true;
        }
        add_item(c, o);
    }
    return false;
}

static void collect_one(struct collector *c, const struct cleat_kind *k, struct cleat_str ns,
                        const char *name, const struct cleat_select *s) {
    const cleat_obj *o = cleat_snapshot_get(c->out->snapshot, k->id, ns, cleat_s(name));
    if (o != NULL && k->show != NULL) {
        o = shown(c->out, k, o);
    }
    if (o != NULL && cleat_select_match(s, o)) {
        add_item(c, o);
    }
}

static void finish_page(cleat_registry *r, const struct cleat_select *s, size_t total,
                        const struct cleat_token *t, struct cleat_listing *l) {
    const cleat_obj *last = l->items[l->n - 1];
    struct cleat_token next = {.revision = (int64_t)l->revision,
                               .given = (t != NULL ? t->given : 0) + (int64_t)l->n,
                               .ns = cleat_strndup(cleat_obj_ns(last)),
                               .name = cleat_strndup(cleat_obj_name(last))};
    bool inconsistent = t != NULL && t->revision < 0;
    l->continue_token = cleat_token_write(&next);
    if (cleat_select_all(s) && !inconsistent) {
        l->remaining = (int64_t)total - next.given;
    }
    cleat_token_done(&next);
    cleat_store_pin(r->store, l->snapshot);
}

static void fill(cleat_registry *r, const struct cleat_list_request *q,
                 const struct cleat_select *s, const struct cleat_token *t,
                 struct cleat_listing *l) {
    struct collector c = {.out = l, .kind = q->kind};
    bool namespaced = (q->kind->flags & CLEAT_KIND_NAMESPACED) != 0;
    const char *name = s->fields != NULL ? cleat_selector_exact(s->fields, "metadata.name") : NULL;
    const char *in =
        s->fields != NULL ? cleat_selector_exact(s->fields, "metadata.namespace") : NULL;
    struct cleat_str ns = q->ns;
    if (namespaced && ns.n == 0 && in != NULL) {
        ns = cleat_s(in);
    }
    if (name != NULL && (!namespaced || ns.n > 0)) {
        collect_one(&c, q->kind, namespaced ? ns : (struct cleat_str){"", 0}, name, s);
        return;
    }
    struct cleat_str within = namespaced && ns.n > 0 ? ns : (struct cleat_str){NULL, 0};
    struct cleat_range range;
    size_t total = cleat_snapshot_count(l->snapshot, q->kind->id, within);
    if (t != NULL) {
        cleat_range_after(&range, l->snapshot, q->kind->id, within, cleat_s(t->ns),
                          cleat_s(t->name));
    } else {
        cleat_range_init(&range, l->snapshot, q->kind->id, within);
    }
    if (cleat_select_all(s)) {
        c.cap = q->limit > 0 && q->limit < total ? q->limit : total;
        l->items = cleat_array(c.cap + 1, sizeof *l->items);
        c.cap++;
    }
    if (collect(&c, &range, s, q->limit)) {
        finish_page(r, s, total, t, l);
    }
}

cleat_err cleat_registry_select(cleat_registry *r, const struct cleat_list_request *q,
                                struct cleat_listing *ret, struct cleat_error *e) {
    struct cleat_listing l = {.remaining = -1};
    struct cleat_select s;
    struct cleat_token t = {0};
    bool continued = q->continue_token != NULL && q->continue_token[0] != '\0';
    CLEAT_TRY(cleat_select_open(q->kind, q->label_selector, q->field_selector, &s, e));
    cleat_err err = CLEAT_OK;
    if (continued) {
        err = check_match(q, e);
        err = err == CLEAT_OK ? cleat_token_read(q->continue_token, &t, e) : err;
        err = err == CLEAT_OK ? continued_snapshot(r, q, &t, &l.snapshot, e) : err;
    } else {
        err = first_snapshot(r, q, &l.snapshot, e);
    }
    if (err == CLEAT_OK) {
        l.revision = cleat_snapshot_revision(l.snapshot);
        fill(r, q, &s, continued ? &t : NULL, &l);
        *ret = l;
    }
    cleat_token_done(&t);
    cleat_select_done(&s);
    return err;
}

cleat_err cleat_registry_list(cleat_registry *r, const struct cleat_list_request *q,
                              struct cleat_listing *ret, struct cleat_error *e) {
    CLEAT_TRY(cleat_authorize_many(r, q->user, "list", q->kind, q->ns, q->field_selector, e));
    return cleat_registry_select(r, q, ret, e);
}

void cleat_listing_done(struct cleat_listing *l) {
    for (size_t i = 0; i < l->n_made; i++) {
        cleat_obj_unref(l->made[i]);
    }
    free(l->made);
    free(l->items);
    free(l->continue_token);
    cleat_snapshot_unref(l->snapshot);
    memset(l, 0, sizeof *l);
}
