/* SPDX-License-Identifier: Apache-2.0 */
/*
 * List and watch. In process a list is a call that costs nothing; over a network list and
 * watch are one stream (`follow`), so that no informer waits for another's list. There a stream
 * that breaks is resumed from the last revision, and only where the server no longer
 * knows that is there a new list; what a list that ended well does not have was deleted.
 * On the dispatch thread.
 */
#include "core/informer/internal.h"

enum { READ_AT_ONCE = 64, BROKEN_MAX = 3 };
#define BACKOFF_FIRST (800 * CLEAT_MS)
#define BACKOFF_MAX   (30 * CLEAT_SECOND)
#define HEALTHY_AFTER (120 * CLEAT_SECOND) /* a stream that lived that long was no failure */
#define SHORT_WATCH   CLEAT_SECOND         /* one that ends so soon and tells nothing is one */

static struct cleat_gvr gvr_of(const cleat_informer *inf) {
    return (struct cleat_gvr){inf->group, inf->version, inf->resource};
}

static const struct cleat_transport_ops *ops_of(const cleat_informer *inf) {
    return cleat_client_transport(inf->factory->client)->ops;
}

static void forget_list(cleat_informer *inf) {
    inf->listing = false;
    cleat_objset_done(&inf->present);
}

void cleat__informer_close(cleat_informer *inf) {
    if (inf->stream != NULL) {
        ops_of(inf)->unwatch(inf->stream);
        inf->stream = NULL;
        atomic_store(&inf->upto, 0);
    }
    forget_list(inf);
}

static void back_off(cleat_informer *inf, const char *what, const struct cleat_error *e) {
    if (inf->stream != NULL && cleat_now_mono() - inf->opened >= HEALTHY_AFTER) {
        inf->backoff = 0;
    }
    cleat__informer_close(inf);
    cleat_time d = inf->backoff ? inf->backoff : BACKOFF_FIRST;
    inf->backoff = d * 2 > BACKOFF_MAX ? BACKOFF_MAX : d * 2;
    d += (cleat_time)(cleat_random() % (uint64_t)d); /* jitter: no herd after an outage */
    inf->retry_at = cleat_now_mono() + d;
    cleat_logf(CLEAT_LOG_WARN, "informer", "%s of %s failed: %s; again in %lld ms", what,
               inf->resource, e->message, (long long)(d / CLEAT_MS));
}

static void apply_delete(cleat_informer *inf, struct cleat_key key, const cleat_obj *last,
                         bool unknown) {
    CLEAT_AUTO(cleat_obj) *old = cleat__cache_remove(&inf->cache, key);
    if (old != NULL) {
        cleat__informer_tell(inf, last ? last : old, NULL, unknown);
    }
}

static void apply_put(cleat_informer *inf, cleat_obj *o) {
    CLEAT_AUTO(cleat_obj) *seen =
        cleat__cache_get(&inf->cache, (struct cleat_key){cleat_obj_ns(o), cleat_obj_name(o)});
    if (seen != NULL && cleat_obj_revision(seen) >= cleat_obj_revision(o)) {
        return; /* unchanged since the last list */
    }
    if (seen != NULL && !cleat_eq(cleat_obj_uid(seen), cleat_obj_uid(o))) {
        /* not changed, but another one: nobody need look for that in an update */
        apply_delete(inf, (struct cleat_key){cleat_obj_ns(o), cleat_obj_name(o)}, NULL, true);
    }
    CLEAT_AUTO(cleat_obj) *old = cleat__cache_put(&inf->cache, o);
    cleat__informer_tell(inf, old, o, false);
}

/* Brings the cache to what a fresh list says, deletions that nobody told included. */
static void apply_list(cleat_informer *inf, const struct cleat_list *l) {
    struct cleat_objset present = {0};
    bool first = cleat__cache_reserve(&inf->cache, l->n);
    for (size_t i = 0; first && i < l->n; i++) { /* a million of them should not take long */
        CLEAT_AUTO(cleat_obj) *old = cleat__cache_put(&inf->cache, l->items[i]);
        cleat__informer_tell(inf, old, l->items[i], false);
    }
    if (first) {
        return;
    }
    cleat_objset_reserve(&present, l->n);
    for (size_t i = 0; i < l->n; i++) {
        cleat_objset_put(&present, l->items[i]);
        apply_put(inf, l->items[i]);
    }
    size_t n;
    cleat_obj **cached = cleat__cache_copy(&inf->cache, NULL, (struct cleat_str){0}, &n);
    for (size_t i = 0; i < n; i++) {
        struct cleat_key key = {cleat_obj_ns(cached[i]), cleat_obj_name(cached[i])};
        if (cleat_objset_get(&present, key) == NULL) {
            apply_delete(inf, key, NULL, true);
        }
    }
    cleat__informer_free_copies(cached, n);
    cleat_objset_done(&present);
}

/* ---- list and watch, in process ---- */

static int list_and_watch(cleat_informer *inf) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_client *c = inf->factory->client;
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_list_opts o = {
        .struct_size = sizeof o, .label_selector = inf->labels, .field_selector = inf->fields};
    struct cleat_transport *t = cleat_client_transport(c);
    cleat_err err = inf->metadata ? t->ops->list_metadata(t, cleat_client_identity(c), NULL,
                                                          gvr_of(inf), &l, &e)
                                  : cleat_client_api.list(c, NULL, gvr_of(inf), "", &o, &l, &e);
    if (err != CLEAT_OK) {
        back_off(inf, "list", &e);
        return 1;
    }
    apply_list(inf, &l);
    inf->revision = l.revision;
    inf->listed = true;
    cleat_client_api.list_free(&l);
    err = inf->metadata
              ? t->ops->watch_metadata(t, cleat_client_identity(c), gvr_of(inf), inf->revision,
                                       cleat__informer_on_stream, inf, &inf->stream, &e)
              : t->ops->watch(t, cleat_client_identity(c), gvr_of(inf), inf->labels, inf->fields,
                              inf->revision, cleat__informer_on_stream, inf, &inf->stream, &e);
    if (err != CLEAT_OK) {
        back_off(inf, "watch", &e);
    }
    inf->opened = cleat_now_mono();
    return 1;
}

/* ---- as one stream ---- */

/* What another informer of the kind has at this revision already: its bytes are there once. */
static cleat_obj *shared(cleat_informer *inf, cleat_obj *o) {
    struct cleat_key key = {cleat_obj_ns(o), cleat_obj_name(o)};
    cleat_obj *found = NULL;
    for (cleat_informer *other = NULL; found == NULL;) {
        {
            CLEAT_LOCKED(&inf->factory->mutex);
            other = other != NULL ? other->next : inf->factory->informers;
        }
        if (other == NULL) {
            break;
        }
        if (other == inf || other->metadata != inf->metadata ||
            strcmp(other->resource, inf->resource) != 0 || strcmp(other->group, inf->group) != 0 ||
            strcmp(other->version, inf->version) != 0) {
            continue;
        }
        CLEAT_AUTO(cleat_obj) *theirs = cleat__cache_get(&other->cache, key);
        if (theirs != NULL && cleat_eq(cleat_obj_bytes(theirs), cleat_obj_bytes(o))) {
            found = CLEAT_STEAL(theirs);
        }
    }
    return found != NULL ? found : cleat_obj_ref(o);
}

/* It is there, whatever was thought before: its revision may even be smaller, where
 * the server was set back. */
static void apply_listed(cleat_informer *inf, cleat_obj *o) {
    struct cleat_key key = {cleat_obj_ns(o), cleat_obj_name(o)};
    CLEAT_AUTO(cleat_obj) *seen = cleat__cache_get(&inf->cache, key);
    bool same = seen != NULL && cleat_obj_revision(seen) == cleat_obj_revision(o) &&
                (cleat_obj_revision(o) != 0 || cleat_eq(cleat_obj_bytes(seen), cleat_obj_bytes(o)));
    CLEAT_AUTO(cleat_obj) *own = same ? cleat_obj_ref(seen) : shared(inf, o);
    if (seen != NULL && !cleat_eq(cleat_obj_uid(seen), cleat_obj_uid(o))) {
        cleat_objset_remove(&inf->present, key);
        apply_delete(inf, key, NULL, true);
    }
    if (!same) {
        CLEAT_AUTO(cleat_obj) *old = cleat__cache_put(&inf->cache, own);
        if (inf->compares) {
            cleat_objset_put(&inf->present, own); /* before the old one's memory goes */
        }
        cleat__informer_tell(inf, old, own, false);
    } else if (inf->compares) {
        cleat_objset_put(&inf->present, own);
    }
}

/* The list has ended well: what is cached and was not in it is gone. */
static void list_ended(cleat_informer *inf, uint64_t revision) {
    if (inf->compares) {
        size_t n;
        cleat_obj **cached = cleat__cache_copy(&inf->cache, NULL, (struct cleat_str){0}, &n);
        for (size_t i = 0; i < n; i++) {
            struct cleat_key key = {cleat_obj_ns(cached[i]), cleat_obj_name(cached[i])};
            if (cleat_objset_get(&inf->present, key) == NULL) {
                apply_delete(inf, key, NULL, true);
            }
        }
        cleat__informer_free_copies(cached, n);
    }
    forget_list(inf);
    inf->revision = revision;
    inf->listed = inf->resumes = true;
    inf->newest = false;
    inf->broken = 0;
}

static int open_follow(cleat_informer *inf) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_client *c = inf->factory->client;
    struct cleat_transport *t = cleat_client_transport(c);
    struct cleat_follow f = {.gvr = gvr_of(inf),
                             .label_selector = inf->labels,
                             .field_selector = inf->fields,
                             .metadata = inf->metadata,
                             .at_least = inf->newest ? UINT64_MAX : inf->revision};
    inf->compares = !cleat__cache_reserve(&inf->cache, 0);
    inf->listing = true;
    inf->opened = cleat_now_mono();
    if (t->ops->follow(t, cleat_client_identity(c), &f, cleat__informer_on_stream, inf,
                       &inf->stream, &e) != CLEAT_OK) {
        back_off(inf, "list", &e);
    }
    return 1;
}

static int open_watch(cleat_informer *inf) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_client *c = inf->factory->client;
    struct cleat_transport *t = cleat_client_transport(c);
    inf->opened = cleat_now_mono();
    cleat_err err =
        inf->metadata
            ? t->ops->watch_metadata(t, cleat_client_identity(c), gvr_of(inf), inf->revision,
                                     cleat__informer_on_stream, inf, &inf->stream, &e)
            : t->ops->watch(t, cleat_client_identity(c), gvr_of(inf), inf->labels, inf->fields,
                            inf->revision, cleat__informer_on_stream, inf, &inf->stream, &e);
    if (err != CLEAT_OK) {
        inf->resumes = false;
        back_off(inf, "watch", &e);
    }
    return 1;
}

/* Whether the failure says nothing of the revision: then a watch may go on from there. */
static bool says_nothing(cleat_err err) {
    return err == CLEAT_E_UNAVAILABLE || err == CLEAT_E_TIMEOUT || err == CLEAT_E_THROTTLED ||
           err == CLEAT_E_INTERNAL || err == CLEAT_E_UNKNOWN || err == CLEAT_E_IO ||
           err == CLEAT_E_UNAUTHORIZED;
}

static int stream_ended(cleat_informer *inf, cleat_err err, const struct cleat_error *e) {
    bool listing = inf->listing;
    bool lived = cleat_now_mono() - inf->opened >= SHORT_WATCH;
    bool expired = err == CLEAT_E_EXPIRED || err == CLEAT_E_GONE;
    if (!listing && err == CLEAT_E_TIMEOUT && lived) {
        inf->broken = 0;
        cleat__informer_close(inf); /* its time was over */
        inf->retry_at = 0;
        return 1;
    }
    inf->broken++;
    inf->newest = inf->newest || (listing && expired);
    /* One that waits in vain for a revision to come was set back, perhaps. */
    bool in_vain = err == CLEAT_E_TIMEOUT && inf->broken > BROKEN_MAX;
    inf->resumes = inf->resumes && !listing && says_nothing(err) && !in_vain;
    back_off(inf, listing ? "list" : "watch", e);
    return 1;
}

static void apply_event(cleat_informer *inf, const struct cleat_stream_event *ev) {
    if (ev->type == CLEAT_STREAM_LIST_END) {
        list_ended(inf, ev->revision);
        return;
    }
    if (!inf->listing) {
        if (ev->revision <= inf->revision) {
            return; /* told before: a stream may begin a little early, or again */
        }
        inf->revision = ev->revision;
        inf->broken = 0;
    }
    if (ev->obj != NULL && ev->type == CLEAT_STREAM_DELETED) {
        struct cleat_key key = {cleat_obj_ns(ev->obj), cleat_obj_name(ev->obj)};
        cleat_objset_remove(&inf->present, key);
        apply_delete(inf, key, ev->obj, false);
    } else if (ev->obj != NULL && inf->listing) {
        apply_listed(inf, ev->obj);
    } else if (ev->obj != NULL) {
        CLEAT_AUTO(cleat_obj) *own =
            ops_of(inf)->follow != NULL ? shared(inf, ev->obj) : cleat_obj_ref(ev->obj);
        apply_put(inf, own);
    }
}

static int read_stream(cleat_informer *inf) {
    struct cleat_stream_event ev[READ_AT_ONCE];
    struct cleat_error e = CLEAT_ERROR_INIT;
    /* Cleared before reading: what comes after the read sets it again. */
    atomic_store(&inf->stream_ready, false);
    int n = ops_of(inf)->read(inf->stream, ev, READ_AT_ONCE, &e);
    if (n < 0 && ops_of(inf)->follow != NULL) {
        return stream_ended(inf, n, &e);
    }
    if (n < 0) {
        back_off(inf, "watch", &e);
        return 1;
    }
    for (int i = 0; i < n; i++) {
        apply_event(inf, &ev[i]);
        cleat_obj_unref(ev[i].obj);
    }
    if (n == READ_AT_ONCE) {
        atomic_store(&inf->stream_ready, true);
    }
    uint64_t upto = inf->revision;
    const struct cleat_transport_ops *ops = ops_of(inf);
    if (inf->listing) {
        upto = 0;
    } else if (n < READ_AT_ONCE) {
        upto = ops->position != NULL ? ops->position(inf->stream) : UINT64_MAX;
    }
    atomic_store(&inf->upto, upto);
    if (n > 0) {
        inf->backoff = 0;
    }
    return n > 0;
}

int cleat__informer_reflect(cleat_informer *inf) {
    if (inf->stream != NULL) {
        return atomic_load(&inf->stream_ready) ? read_stream(inf) : 0;
    }
    if (cleat_now_mono() < inf->retry_at) {
        return 0;
    }
    if (ops_of(inf)->follow == NULL) {
        return list_and_watch(inf);
    }
    return inf->resumes ? open_watch(inf) : open_follow(inf);
}
