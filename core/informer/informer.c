/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shared informers: one dispatch thread lists, reads streams and calls handlers,
 * in order, holding no lock over a call. Everybody else only leaves notes and
 * reads caches.
 */
#include "core/informer/internal.h"

/* ---- waking ---- */

static void wake_factory(cleat_informers *f) {
    CLEAT_LOCKED(&f->mutex);
    f->awake = true;
    pthread_cond_signal(&f->wake_cond);
}

void cleat__informer_on_stream(void *userdata) {
    cleat_informer *inf = userdata;
    if (!atomic_exchange(&inf->stream_ready, true)) {
        wake_factory(inf->factory);
    }
}

static void on_timer(void *userdata) {
    cleat_informers *f = userdata;
    atomic_store(&f->due, true);
    wake_factory(f);
}

/* inf NULL: all of them. Called with the mutex held, under which they also leave. */
void cleat__informers_wake_waiters(cleat_informers *f, const cleat_informer *inf) {
    for (struct cleat__sync_waiter *w = f->waiters; w != NULL; w = w->next) {
        if (inf == NULL || w->inf == inf) {
            cleat_event_set(&w->synced);
        }
    }
}

/* ---- the factory ---- */

static void informer_free(cleat_informer *inf) {
    cleat__informer_close(inf);
    cleat_objset_done(&inf->present);
    cleat__cache_done(&inf->cache);
    for (struct cleat__handler *h = inf->handlers, *next; h != NULL; h = next) {
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
        for (struct cleat__handler *h = inf->handlers; h != NULL; h = h->next) {
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

/* Most of them have nothing to do most of the time. */
static size_t gather(cleat_informers *f) {
    bool all = atomic_exchange(&f->due, false) || f->manual;
    size_t n = 0;
    CLEAT_LOCKED(&f->mutex);
    for (cleat_informer *inf = f->informers; inf != NULL; inf = inf->next) {
        if (!all && inf->stream != NULL && !atomic_load(&inf->stream_ready) &&
            !atomic_load(&inf->touched)) {
            continue;
        }
        if (n == f->turn_cap) {
            f->turn_cap = n > 0 ? n * 2 : 64;
            f->turn = cleat_rearray(f->turn, f->turn_cap, sizeof *f->turn);
        }
        f->turn[n++] = inf;
    }
    return n;
}

int cleat_informers_step(cleat_informers *f) {
    int did = 0;
    sweep(f); /* here alone is one freed */
    size_t n = gather(f);
    for (size_t i = 0; i < n; i++) {
        atomic_store(&f->turn[i]->touched, false); /* before its handlers are looked at */
        int reflected = cleat__informer_reflect(f->turn[i]);
        did |= cleat__informer_serve(f->turn[i]) | reflected;
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
        cleat__informers_wake_waiters(f, NULL);
    }
    if (f->started) {
        pthread_join(f->thread, NULL);
        f->started = false;
    }
    for (cleat_informer *inf = f->informers; inf != NULL; inf = inf->next) {
        cleat__informer_close(inf);
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
    free(f->turn);
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
        /* Who wants metadata alone takes what somebody has whole: it is there once then. */
        if (inf->refs > 0 && strcmp(inf->group, gvr.group) == 0 &&
            strcmp(inf->version, gvr.version) == 0 && strcmp(inf->resource, gvr.resource) == 0 &&
            same(inf->labels, labels) && same(inf->fields, fields) &&
            (inf->metadata == metadata || metadata)) {
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
    struct cleat__handler *own = cleat_zalloc(sizeof *own);
    size_t n = h->struct_size < sizeof own->h ? h->struct_size : sizeof own->h;
    memcpy(&own->h, h, n);
    own->next_resync = INT64_MAX;
    cleat_informers *f = inf->factory;
    CLEAT_LOCKED(&f->mutex);
    own->id = ++f->next_id;
    struct cleat__handler **end = &inf->handlers;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = own;
    atomic_store(&inf->synced, false); /* until it has heard what is there */
    atomic_store(&inf->touched, true);
    f->awake = true;
    pthread_cond_signal(&f->wake_cond);
    return own->id;
}

void cleat_informer_remove_handler(cleat_informer *inf, uint64_t id) {
    cleat_informers *f = inf->factory;
    CLEAT_LOCKED(&f->mutex);
    struct cleat__handler *h = inf->handlers;
    while (h != NULL && h->id != id) {
        h = h->next;
    }
    if (h == NULL) {
        return;
    }
    h->removed = true;
    atomic_store(&inf->touched, true);
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
    struct cleat__sync_waiter w = {.inf = inf};
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
    struct cleat__sync_waiter **p = &f->waiters;
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
    cleat__informer_free_copies(all, n);
}

size_t cleat_informer_count(cleat_informer *inf) {
    CLEAT_LOCKED(&inf->cache.mutex);
    return inf->cache.objects.n;
}

int32_t cleat_informer_current(cleat_informer *inf, uint64_t revision) {
    if (atomic_load(&inf->synced) && atomic_load(&inf->upto) >= revision) {
        return 1;
    }
    cleat__informer_on_stream(inf); /* a quiet kind's stream says so when it is read */
    return 0;
}
