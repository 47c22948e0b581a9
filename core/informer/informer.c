/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared informers: one dispatch thread lists, reads streams and calls handlers,
 * in order, holding no lock over a call. Everybody else only leaves notes and
 * reads caches.
 */
#include "core/informer/internal.h"

enum { READ_AT_ONCE = 64, EVENT_DELETED = 3 /* store.h's number */ };
#define BACKOFF_FIRST (800 * CLEAT_MS)
#define BACKOFF_MAX   (30 * CLEAT_SECOND)
#define HEALTHY_AFTER (120 * CLEAT_SECOND) /* a stream that lived that long was no failure */

struct handler {
    uint64_t id;
    struct cleat_handler h;
    bool heard_initial, removed;
    cleat_time next_resync;
    struct handler *next;
};

struct cleat_informer {
    cleat_informers *factory;
    char *group, *version, *resource, *labels, *fields;
    bool metadata;         /* that is all that is asked for */
    _Atomic uint64_t upto; /* what happened until then was told; UINT64_MAX: nobody can say */
    struct cleat_informer *next;
    struct cleat__cache cache;
    _Atomic bool stream_ready; /* the stream may have more */
    _Atomic bool synced;

    /* under the factory's mutex */
    unsigned refs;
    struct handler *handlers;

    /* the dispatch thread's */
    cleat_stream *stream;
    uint64_t revision;
    bool listed;
    cleat_time backoff, retry_at, opened;
};

/* Somebody in wait_synced, on its own stack. */
struct sync_waiter {
    struct cleat_event synced;
    cleat_informer *inf;
    struct sync_waiter *next;
};

struct cleat_informers {
    cleat_client *client;
    bool manual;
    pthread_mutex_t mutex; /* guards informers, refs, handlers and what follows */
    pthread_cond_t wake_cond, call_cond;
    struct cleat_informer *informers;
    struct sync_waiter *waiters;
    uint64_t next_id;
    struct handler *calling;
    bool started, stopping, awake;
    pthread_t thread;
    cleat_timer *timer;
    cleat_time armed; /* when the timer is due; the dispatch thread's */
};

static struct cleat_gvr gvr_of(const cleat_informer *inf) {
    return (struct cleat_gvr){inf->group, inf->version, inf->resource};
}

/* ---- waking ---- */

static void wake_factory(cleat_informers *f) {
    CLEAT_LOCKED(&f->mutex);
    f->awake = true;
    pthread_cond_signal(&f->wake_cond);
}

static void on_stream(void *userdata) {
    cleat_informer *inf = userdata;
    if (!atomic_exchange(&inf->stream_ready, true)) {
        wake_factory(inf->factory);
    }
}

static void on_timer(void *userdata) {
    wake_factory(userdata);
}

/* inf NULL: all of them. Called with the mutex held, under which they also leave. */
static void wake_waiters(cleat_informers *f, const cleat_informer *inf) {
    for (struct sync_waiter *w = f->waiters; w != NULL; w = w->next) {
        if (inf == NULL || w->inf == inf) {
            cleat_event_set(&w->synced);
        }
    }
}

/* ---- calling handlers: on the dispatch thread, without the lock ---- */

/* false where the handler was removed meanwhile. */
static bool begin_call(cleat_informers *f, struct handler *h) {
    CLEAT_LOCKED(&f->mutex);
    if (h->removed) {
        return false;
    }
    f->calling = h;
    return true;
}

static void end_call(cleat_informers *f) {
    CLEAT_LOCKED(&f->mutex);
    f->calling = NULL;
    pthread_cond_broadcast(&f->call_cond);
}

/* Handlers are appended and swept only by the dispatch thread, so that it may
 * walk the list without the lock as long as it loads links under it. */
static struct handler *next_handler(cleat_informer *inf, struct handler *h) {
    CLEAT_LOCKED(&inf->factory->mutex);
    return h ? h->next : inf->handlers;
}

static void tell(cleat_informer *inf, const cleat_obj *old, const cleat_obj *obj, bool unknown) {
    for (struct handler *h = NULL; (h = next_handler(inf, h)) != NULL;) {
        if (!h->heard_initial || !begin_call(inf->factory, h)) {
            continue;
        }
        if (obj == NULL) {
            if (h->h.on_delete != NULL) {
                h->h.on_delete(h->h.userdata, old, unknown);
            }
        } else if (old == NULL) {
            if (h->h.on_add != NULL) {
                h->h.on_add(h->h.userdata, obj, 0);
            }
        } else if (h->h.on_update != NULL) {
            h->h.on_update(h->h.userdata, old, obj);
        }
        end_call(inf->factory);
    }
}

static void free_copies(cleat_obj **all, size_t n) {
    for (size_t i = 0; i < n; i++) {
        cleat_obj_unref(all[i]);
    }
    free(all);
}

/* Everything that is cached, as initial adds or as a resync. */
static void tell_all(cleat_informer *inf, struct handler *h, bool initial) {
    size_t n;
    cleat_obj **all = cleat__cache_copy(&inf->cache, NULL, (struct cleat_str){0}, &n);
    for (size_t i = 0; i < n && begin_call(inf->factory, h); i++) {
        if (initial && h->h.on_add != NULL) {
            h->h.on_add(h->h.userdata, all[i], 1);
        } else if (!initial && h->h.on_update != NULL) {
            h->h.on_update(h->h.userdata, all[i], all[i]);
        }
        end_call(inf->factory);
    }
    free_copies(all, n);
}

/* New handlers hear what is there; resyncs come due; removed ones are swept. */
static int serve_handlers(cleat_informer *inf) {
    int did = 0;
    for (struct handler *h = NULL; (h = next_handler(inf, h)) != NULL;) {
        if (inf->listed && !h->heard_initial) {
            tell_all(inf, h, true);
            h->heard_initial = true;
            h->next_resync = h->h.resync > 0 ? cleat_now_mono() + h->h.resync : INT64_MAX;
            did = 1;
        } else if (h->heard_initial && cleat_now_mono() >= h->next_resync) {
            h->next_resync = cleat_now_mono() + h->h.resync;
            tell_all(inf, h, false);
            did = 1;
        }
    }
    CLEAT_LOCKED(&inf->factory->mutex);
    bool all_heard = inf->listed;
    for (struct handler **p = &inf->handlers; *p != NULL;) {
        struct handler *h = *p;
        if (h->removed) {
            *p = h->next;
            free(h);
        } else {
            all_heard &= h->heard_initial;
            p = &h->next;
        }
    }
    if (all_heard && !atomic_load(&inf->synced)) {
        atomic_store(&inf->synced, true);
        wake_waiters(inf->factory, inf);
    }
    return did;
}

/* ---- list and watch ---- */

static void close_stream(cleat_informer *inf) {
    if (inf->stream != NULL) {
        cleat_client_transport(inf->factory->client)->ops->unwatch(inf->stream);
        inf->stream = NULL;
        atomic_store(&inf->upto, 0);
    }
}

static void back_off(cleat_informer *inf, const char *what, const struct cleat_error *e) {
    if (inf->stream != NULL && cleat_now_mono() - inf->opened >= HEALTHY_AFTER) {
        inf->backoff = 0;
    }
    close_stream(inf);
    cleat_time d = inf->backoff ? inf->backoff : BACKOFF_FIRST;
    inf->backoff = d * 2 > BACKOFF_MAX ? BACKOFF_MAX : d * 2;
    d += (cleat_time)(cleat_random() % (uint64_t)d); /* jitter: no herd after an outage */
    inf->retry_at = cleat_now_mono() + d;
    cleat_logf(CLEAT_LOG_WARN, "informer", "%s of %s failed: %s; again in %lld ms", what,
               inf->resource, e->message, (long long)(d / CLEAT_MS));
}

static void apply_put(cleat_informer *inf, cleat_obj *o) {
    CLEAT_AUTO(cleat_obj) *seen =
        cleat__cache_get(&inf->cache, (struct cleat_key){cleat_obj_ns(o), cleat_obj_name(o)});
    if (seen != NULL && cleat_obj_revision(seen) >= cleat_obj_revision(o)) {
        return; /* unchanged since the last list */
    }
    CLEAT_AUTO(cleat_obj) *old = cleat__cache_put(&inf->cache, o);
    tell(inf, old, o, false);
}

static void apply_delete(cleat_informer *inf, struct cleat_key key, const cleat_obj *last,
                         bool unknown) {
    CLEAT_AUTO(cleat_obj) *old = cleat__cache_remove(&inf->cache, key);
    if (old != NULL) {
        tell(inf, last ? last : old, NULL, unknown);
    }
}

/* Brings the cache to what a fresh list says, deletions that nobody told included. */
static void apply_list(cleat_informer *inf, const struct cleat_list *l) {
    struct cleat_objset present = {0};
    bool first = cleat__cache_reserve(&inf->cache, l->n);
    for (size_t i = 0; first && i < l->n; i++) { /* a million of them should not take long */
        CLEAT_AUTO(cleat_obj) *old = cleat__cache_put(&inf->cache, l->items[i]);
        tell(inf, old, l->items[i], false);
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
    free_copies(cached, n);
    cleat_objset_done(&present);
}

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
                                       on_stream, inf, &inf->stream, &e)
              : t->ops->watch(t, cleat_client_identity(c), gvr_of(inf), inf->labels, inf->fields,
                              inf->revision, on_stream, inf, &inf->stream, &e);
    if (err != CLEAT_OK) {
        back_off(inf, "watch", &e);
    }
    inf->opened = cleat_now_mono();
    return 1;
}

static void apply_event(cleat_informer *inf, const struct cleat_stream_event *ev) {
    if (ev->revision <= inf->revision) {
        return; /* told before: a stream may begin a little early, or again */
    }
    inf->revision = ev->revision;
    if (ev->obj != NULL && ev->type == EVENT_DELETED) {
        struct cleat_key key = {cleat_obj_ns(ev->obj), cleat_obj_name(ev->obj)};
        apply_delete(inf, key, ev->obj, false);
    } else if (ev->obj != NULL) {
        apply_put(inf, ev->obj);
    }
}

static int read_stream(cleat_informer *inf) {
    struct cleat_stream_event ev[READ_AT_ONCE];
    struct cleat_error e = CLEAT_ERROR_INIT;
    /* Cleared before reading: what comes after the read sets it again. */
    atomic_store(&inf->stream_ready, false);
    int n =
        cleat_client_transport(inf->factory->client)->ops->read(inf->stream, ev, READ_AT_ONCE, &e);
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
    const struct cleat_transport_ops *ops = cleat_client_transport(inf->factory->client)->ops;
    if (n < READ_AT_ONCE) {
        upto = ops->position != NULL ? ops->position(inf->stream) : UINT64_MAX;
    }
    atomic_store(&inf->upto, upto);
    if (n > 0) {
        inf->backoff = 0;
    }
    return n > 0;
}

static int step_one(cleat_informer *inf) {
    int did = 0;
    if (inf->stream == NULL && cleat_now_mono() >= inf->retry_at) {
        did |= list_and_watch(inf);
    } else if (inf->stream != NULL && atomic_load(&inf->stream_ready)) {
        did |= read_stream(inf);
    }
    return serve_handlers(inf) | did;
}

/* ---- the factory ---- */

static void informer_free(cleat_informer *inf) {
    close_stream(inf);
    cleat__cache_done(&inf->cache);
    for (struct handler *h = inf->handlers, *next; h != NULL; h = next) {
        next = h->next;
        free(h);
    }
    free(inf->group);
    free(inf->version);
    free(inf->resource);
    free(inf->labels);
    free(inf->fields);
    free(inf);
}

/* Takes out what nobody holds any more. */
static void sweep(cleat_informers *f) {
    cleat_informer *gone = NULL;
    {
        CLEAT_LOCKED(&f->mutex);
        for (cleat_informer **p = &f->informers; *p != NULL;) {
            cleat_informer *inf = *p;
            if (inf->refs == 0) {
                *p = inf->next;
                inf->next = gone;
                gone = inf;
            } else {
                p = &inf->next;
            }
        }
    }
    while (gone != NULL) {
        cleat_informer *inf = gone;
        gone = inf->next;
        informer_free(inf);
    }
}

/* Sets the timer to the next thing that time alone brings: a retry, a resync. */
static void arm_timer(cleat_informers *f) {
    cleat_time at = INT64_MAX, now = cleat_now_mono();
    CLEAT_LOCKED(&f->mutex);
    for (cleat_informer *inf = f->informers; inf != NULL; inf = inf->next) {
        if (inf->stream == NULL && inf->retry_at < at) {
            at = inf->retry_at;
        }
        for (struct handler *h = inf->handlers; h != NULL; h = h->next) {
            if (h->heard_initial && h->next_resync < at) {
                at = h->next_resync;
            }
        }
    }
    if (at != f->armed) {
        f->armed = at;
        cleat_timer_set(f->timer, at == INT64_MAX ? INT64_MAX : at - now);
    }
}

int cleat_informers_step(cleat_informers *f) {
    int did = 0;
    sweep(f);
    cleat_informer *inf = NULL;
    for (;;) {
        {
            CLEAT_LOCKED(&f->mutex);
            inf = inf ? inf->next : f->informers;
        }
        if (inf == NULL) {
            break;
        }
        did |= step_one(inf);
    }
    if (!did) {
        arm_timer(f);
    }
    return did;
}

static void *dispatch_thread(void *arg) {
    cleat_informers *f = arg;
    for (;;) {
        while (cleat_informers_step(f)) {
        }
        CLEAT_LOCKED(&f->mutex);
        while (!f->awake && !f->stopping) {
            pthread_cond_wait(&f->wake_cond, &f->mutex);
        }
        f->awake = false;
        if (f->stopping) {
            return NULL;
        }
    }
}

cleat_informers *cleat_informers_new(cleat_client *client, bool manual) {
    cleat_informers *f = cleat_zalloc(sizeof *f);
    f->client = client;
    f->manual = manual;
    pthread_mutex_init(&f->mutex, NULL);
    pthread_cond_init(&f->wake_cond, NULL);
    pthread_cond_init(&f->call_cond, NULL);
    f->armed = INT64_MAX;
    f->timer = cleat_timer_new(INT64_MAX, 0, on_timer, f);
    return f;
}

void cleat_informers_start(cleat_informers *f) {
    if (f->manual || f->started) {
        return;
    }
    f->started = true;
    f->thread = cleat_thread_start("informers", dispatch_thread, f);
}

void cleat_informers_stop(cleat_informers *f) {
    {
        CLEAT_LOCKED(&f->mutex);
        f->stopping = true;
        pthread_cond_broadcast(&f->wake_cond);
        wake_waiters(f, NULL);
    }
    if (f->started) {
        pthread_join(f->thread, NULL);
        f->started = false;
    }
    for (cleat_informer *inf = f->informers; inf != NULL; inf = inf->next) {
        close_stream(inf);
        inf->retry_at = INT64_MAX;
    }
}

void cleat_informers_free(cleat_informers *f) {
    if (f == NULL) {
        return;
    }
    cleat_informers_stop(f);
    cleat_timer_free(f->timer);
    while (f->informers != NULL) {
        cleat_informer *inf = f->informers;
        f->informers = inf->next;
        informer_free(inf);
    }
    pthread_mutex_destroy(&f->mutex);
    pthread_cond_destroy(&f->wake_cond);
    pthread_cond_destroy(&f->call_cond);
    free(f);
}

/* ---- one informer, from outside ---- */

static bool same(const char *a, const char *b) {
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static cleat_err acquire(cleat_informers *f, struct cleat_gvr gvr, const char *labels,
                         const char *fields, bool metadata, cleat_informer **ret,
                         struct cleat_error *e) {
    cleat_selector *check = NULL;
    CLEAT_TRY(cleat_selector_labels(labels, &check, e));
    cleat_selector_free(check);
    CLEAT_LOCKED(&f->mutex);
    cleat_informer **p = &f->informers;
    for (; *p != NULL; p = &(*p)->next) {
        cleat_informer *inf = *p;
        if (inf->refs > 0 && strcmp(inf->group, gvr.group) == 0 &&
            strcmp(inf->version, gvr.version) == 0 && strcmp(inf->resource, gvr.resource) == 0 &&
            same(inf->labels, labels) && same(inf->fields, fields) && inf->metadata == metadata) {
            inf->refs++;
            *ret = inf;
            return CLEAT_OK;
        }
    }
    cleat_informer *inf = *p = cleat_zalloc(sizeof *inf);
    inf->factory = f;
    inf->group = cleat_strdup(gvr.group);
    inf->version = cleat_strdup(gvr.version);
    inf->resource = cleat_strdup(gvr.resource);
    inf->labels = cleat_strdup(labels);
    inf->fields = cleat_strdup(fields);
    inf->metadata = metadata;
    inf->refs = 1;
    cleat__cache_init(&inf->cache);
    f->awake = true;
    pthread_cond_signal(&f->wake_cond);
    *ret = inf;
    return CLEAT_OK;
}

cleat_err cleat_informer_acquire(cleat_informers *f, struct cleat_gvr gvr, const char *labels,
                                 const char *fields, cleat_informer **ret, struct cleat_error *e) {
    return acquire(f, gvr, labels, fields, false, ret, e);
}

cleat_err cleat_informer_acquire_metadata(cleat_informers *f, struct cleat_gvr gvr,
                                          cleat_informer **ret, struct cleat_error *e) {
    const struct cleat_transport_ops *ops = cleat_client_transport(f->client)->ops;
    bool less = ops->list_metadata != NULL && ops->watch_metadata != NULL;
    return acquire(f, gvr, NULL, NULL, less, ret, e);
}

void cleat_informer_release(cleat_informer *inf) {
    if (inf == NULL) {
        return;
    }
    cleat_informers *f = inf->factory;
    CLEAT_LOCKED(&f->mutex);
    cleat_assert(inf->refs > 0);
    inf->refs--; /* the dispatch thread sweeps it */
    f->awake = true;
    pthread_cond_signal(&f->wake_cond);
}

uint64_t cleat_informer_add_handler(cleat_informer *inf, const struct cleat_handler *h) {
    struct handler *own = cleat_zalloc(sizeof *own);
    size_t n = h->struct_size < sizeof own->h ? h->struct_size : sizeof own->h;
    memcpy(&own->h, h, n);
    own->next_resync = INT64_MAX;
    cleat_informers *f = inf->factory;
    CLEAT_LOCKED(&f->mutex);
    own->id = ++f->next_id;
    struct handler **end = &inf->handlers;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = own;
    atomic_store(&inf->synced, false); /* until it has heard what is there */
    f->awake = true;
    pthread_cond_signal(&f->wake_cond);
    return own->id;
}

void cleat_informer_remove_handler(cleat_informer *inf, uint64_t id) {
    cleat_informers *f = inf->factory;
    CLEAT_LOCKED(&f->mutex);
    struct handler *h = inf->handlers;
    while (h != NULL && h->id != id) {
        h = h->next;
    }
    if (h == NULL) {
        return;
    }
    h->removed = true;
    bool inside = f->started && pthread_equal(f->thread, pthread_self());
    while (f->calling == h && !inside && !f->manual) {
        pthread_cond_wait(&f->call_cond, &f->mutex);
    }
    f->awake = true;
    pthread_cond_signal(&f->wake_cond);
}

cleat_err cleat_informer_add_index(cleat_informer *inf, const char *name, cleat_index_fn fn,
                                   void *userdata) {
    return cleat__cache_add_index(&inf->cache, name, fn, userdata);
}

int32_t cleat_informer_has_synced(cleat_informer *inf) {
    return atomic_load(&inf->synced);
}

cleat_err cleat_informer_wait_synced(cleat_informer *inf, cleat_ctx *ctx) {
    cleat_informers *f = inf->factory;
    struct sync_waiter w = {.inf = inf};
    cleat_event_init(&w.synced);
    {
        CLEAT_LOCKED(&f->mutex);
        if (atomic_load(&inf->synced)) {
            return CLEAT_OK;
        }
        if (f->stopping) {
            return CLEAT_E_CANCELLED;
        }
        w.next = f->waiters;
        f->waiters = &w;
    }
    cleat_err err = cleat_ctx_wait(ctx, &w.synced);
    CLEAT_LOCKED(&f->mutex);
    struct sync_waiter **p = &f->waiters;
    while (*p != &w) {
        p = &(*p)->next;
    }
    *p = w.next;
    /* Set without being in sync: by the end of the factory, or a handler came since,
     * which is not this waiter's concern. */
    return err == CLEAT_OK && f->stopping && !atomic_load(&inf->synced) ? CLEAT_E_CANCELLED : err;
}

cleat_obj *cleat_informer_get(cleat_informer *inf, struct cleat_key key) {
    return cleat__cache_get(&inf->cache, key);
}

void cleat_informer_foreach(cleat_informer *inf, const char *index, struct cleat_str value,
                            int32_t (*fn)(void *, const cleat_obj *), void *userdata) {
    size_t n;
    cleat_obj **all = cleat__cache_copy(&inf->cache, index, value, &n);
    for (size_t i = 0; i < n && fn(userdata, all[i]) == 0; i++) {
    }
    free_copies(all, n);
}

size_t cleat_informer_count(cleat_informer *inf) {
    CLEAT_LOCKED(&inf->cache.mutex);
    return inf->cache.objects.n;
}

int32_t cleat_informer_current(cleat_informer *inf, uint64_t revision) {
    if (atomic_load(&inf->synced) && atomic_load(&inf->upto) >= revision) {
        return 1;
    }
    on_stream(inf); /* a quiet kind's stream says so when it is read */
    return 0;
}
