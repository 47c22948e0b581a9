/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A watch: a cursor of the store and a selector. Initial objects come from a
 * snapshot whose revision is where the cursor begins, so nothing is missed or
 * given twice. An object that enters or leaves the selector appears as ADDED or
 * DELETED. One thread at a time.
 */
#include "core/registry/internal.h"

enum { BATCH = 32, OPEN_ATTEMPTS = 8 };

struct cleat_watch {
    cleat_registry *registry;
    const struct cleat_kind *kind;
    char *ns; /* NULL = all */
    struct cleat_select select;
    cleat_cursor *cursor;
    cleat_snapshot *snapshot; /* while initial objects remain */
    struct cleat_range range;
    bool end_bookmark; /* one is due after the initial objects */
    uint64_t revision; /* everything up to here was given; 0 while initial ones remain */
    uint64_t start;
};

static cleat_err invalid(const char *field, const char *reason, const char *detail,
                         struct cleat_error *e) {
    struct cleat_validation v = {.error = e};
    cleat_invalid(&v, reason, field, "%s", detail);
    return cleat_invalid_done_as(&v, "ListOptions", "meta.k8s.io", (struct cleat_str){"", 0});
}

static cleat_err check_options(const struct cleat_watch_request *q, struct cleat_error *e) {
    static const char *const field = "resourceVersionMatch";
    const char *match = q->resource_version_match;
    bool have = match != NULL && match[0] != '\0';
    bool said = q->says_initial_events || q->send_initial_events;
    if (said && (!have || strcmp(match, "NotOlderThan") != 0)) {
        return invalid(field, "FieldValueForbidden",
                       "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
                       e);
    }
    if (have && !said) {
        return invalid(
            field, "FieldValueForbidden",
            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided", e);
    }
    if (have && strcmp(match, "NotOlderThan") != 0) {
        CLEAT_AUTO_FREE char *detail =
            cleat_sprintf("\"%s\": supported values: \"NotOlderThan\"", match);
        return invalid(field, "FieldValueNotSupported", detail, e);
    }
    return CLEAT_OK;
}

static struct cleat_str namespace_of(const cleat_watch *w) {
    return w->ns != NULL ? cleat_s(w->ns) : (struct cleat_str){NULL, 0};
}

/* A snapshot and a cursor right behind it. The history might move on between
 * the two, then newer ones are taken. */
static cleat_err open_initial(cleat_watch *w, uint64_t asked, struct cleat_error *e) {
    cleat_err err = CLEAT_OK;
    for (int i = 0; i < OPEN_ATTEMPTS; i++) {
        cleat_snapshot_unref(w->snapshot);
        w->snapshot = cleat_store_snapshot(w->registry->store);
        w->start = cleat_snapshot_revision(w->snapshot);
        if (asked > w->start) {
            return cleat_fail_too_large_revision(asked, w->start, e);
        }
        err = cleat_cursor_open(w->registry->store, w->kind->id, w->start, &w->cursor, e);
        if (err != CLEAT_E_EXPIRED) {
            break;
        }
    }
    if (err == CLEAT_OK) {
        cleat_range_init(&w->range, w->snapshot, w->kind->id, namespace_of(w));
    }
    return err;
}

static cleat_err open_at(cleat_watch *w, const struct cleat_watch_request *q,
                         struct cleat_error *e) {
    uint64_t revision = 0;
    CLEAT_TRY(check_options(q, e));
    CLEAT_TRY(cleat_parse_revision(q->resource_version, &revision, e));
    CLEAT_TRY(cleat_select_open(q->kind, q->label_selector, q->field_selector, &w->select, e));
    if (revision == 0 && q->says_initial_events && !q->send_initial_events) {
        revision = cleat_store_revision(w->registry->store); /* only what is new from here on */
    }
    if (revision == 0 || q->send_initial_events) {
        w->end_bookmark = q->send_initial_events;
        return open_initial(w, revision, e);
    }
    uint64_t current = cleat_store_revision(w->registry->store);
    if (revision > current) {
        return cleat_fail_too_large_revision(revision, current, e);
    }
    w->revision = w->start = revision;
    return cleat_cursor_open(w->registry->store, w->kind->id, revision, &w->cursor, e);
}

cleat_err cleat_watch_open(cleat_registry *r, const struct cleat_watch_request *q,
                           cleat_watch **ret, struct cleat_error *e) {
    CLEAT_TRY(cleat_authorize_many(r, q->user, "watch", q->kind, q->ns, q->field_selector, e));
    cleat_watch *w = cleat_zalloc(sizeof *w);
    w->registry = r;
    w->kind = q->kind;
    w->ns = q->ns.n > 0 ? cleat_strndup(q->ns) : NULL;
    cleat_err err = open_at(w, q, e);
    if (err != CLEAT_OK) {
        cleat_watch_close(w);
        return err;
    }
    *ret = w;
    return CLEAT_OK;
}

void cleat_watch_close(cleat_watch *w) {
    if (w == NULL) {
        return;
    }
    if (w->cursor != NULL) {
        cleat_cursor_close(w->cursor);
    }
    cleat_snapshot_unref(w->snapshot);
    cleat_select_done(&w->select);
    free(w->ns);
    free(w);
}

/* ---- events ---- */

static int next_initial(cleat_watch *w, struct cleat_watch_event *out, int max) {
    int n = 0;
    bool all = cleat_select_all(&w->select);
    while (n < max) {
        const cleat_obj *o = cleat_range_next(&w->range);
        if (o == NULL) {
            cleat_snapshot_unref(w->snapshot);
            w->snapshot = NULL;
            w->revision = w->start;
            break;
        }
        cleat_obj *seen = cleat_version_show(w->kind, cleat_obj_ref(o));
        if (all || cleat_select_match(&w->select, seen)) {
            out[n++] = (struct cleat_watch_event){.type = CLEAT_EVENT_ADDED,
                                                  .revision = cleat_obj_revision(seen),
                                                  .obj = CLEAT_STEAL(seen)};
        }
        cleat_obj_unref(seen);
    }
    return n;
}

/* The old state of an object that left the selector, with the revision of its leaving. */
static cleat_obj *leaving(const cleat_obj *prev, uint64_t revision) {
    CLEAT_AUTO_PREP p = {.n = 0};
    cleat_obj *o = NULL;
    cleat_prep_take(&p, CLEAT_PATH("metadata", "resourceVersion"),
                    cleat_sprintf("\"%llu\"", (unsigned long long)revision));
    cleat_err err = cleat_prep_apply(&p, prev, &o, NULL);
    cleat_assert(err == CLEAT_OK); /* a stored object has metadata */
    cleat_obj_stamp_kind(o, cleat_obj_kind(prev));
    return o;
}

/* What this watcher sees of a change; 0 = nothing. Takes the change's references. */
static int see(cleat_watch *w, struct cleat_change *c, struct cleat_watch_event *out) {
    bool all = cleat_select_all(&w->select);
    bool here = w->ns == NULL || cleat_eqc(cleat_obj_ns(c->obj), w->ns);
    if (here && w->kind->show != NULL) {
        c->obj = cleat_version_show(w->kind, c->obj);
        c->prev = cleat_version_show(w->kind, c->prev);
    }
    bool was = here && c->type != CLEAT_EVENT_ADDED &&
               (all || cleat_select_match(&w->select, c->prev != NULL ? c->prev : c->obj));
    bool is =
        here && c->type != CLEAT_EVENT_DELETED && (all || cleat_select_match(&w->select, c->obj));
    *out = (struct cleat_watch_event){.revision = c->revision};
    if (is) {
        out->type = was ? CLEAT_EVENT_MODIFIED : CLEAT_EVENT_ADDED;
        out->obj = CLEAT_STEAL(c->obj);
    } else if (was) {
        out->type = CLEAT_EVENT_DELETED;
        out->obj =
            c->type == CLEAT_EVENT_DELETED ? CLEAT_STEAL(c->obj) : leaving(c->prev, c->revision);
    }
    cleat_obj_unref(c->obj);
    cleat_obj_unref(c->prev);
    return is || was;
}

static int next_live(cleat_watch *w, struct cleat_watch_event *out, int max,
                     struct cleat_error *e) {
    struct cleat_change changes[BATCH];
    bool ended = cleat_kind_ended(w->kind); /* before the last changes are read */
    int n = 0;
    while (n < max) {
        uint64_t upto = w->revision;
        int want = max - n < BATCH ? max - n : BATCH;
        int got = cleat_cursor_read(w->cursor, changes, want, &upto);
        if (got < 0) {
            /* What was gathered is given first; the next call finds the cursor off again. */
            return n > 0 ? n
                         : (int)cleat_fail(
                               e, CLEAT_E_EXPIRED, "too old resource version: %llu (%llu)",
                               (unsigned long long)w->revision,
                               (unsigned long long)cleat_store_revision(w->registry->store));
        }
        for (int i = 0; i < got; i++) {
            n += see(w, &changes[i], &out[n]);
        }
        if (upto > w->revision) {
            w->revision = upto;
        }
        if (got < want) {
            break;
        }
    }
    return n == 0 && ended ? (int)cleat_fail_no_resource(e) : n;
}

int cleat_watch_next(cleat_watch *w, struct cleat_watch_event *out, int max,
                     struct cleat_error *e) {
    int n = 0;
    if (w->snapshot != NULL) {
        n = next_initial(w, out, max);
        if (w->snapshot != NULL) {
            return n;
        }
    }
    if (w->end_bookmark) {
        if (n == max) {
            return n;
        }
        w->end_bookmark = false;
        out[n++] = (struct cleat_watch_event){
            .type = CLEAT_WATCH_BOOKMARK, .revision = w->revision, .initial_end = true};
    }
    if (n > 0) {
        return n; /* live ones come with the next call, so that an error is not lost */
    }
    return next_live(w, out, max, e);
}

uint64_t cleat_watch_revision(const cleat_watch *w) {
    return w->end_bookmark ? 0 : w->revision;
}

uint32_t cleat_watch_kind(const cleat_watch *w) {
    return w->kind->id;
}
