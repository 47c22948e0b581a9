/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is told: handlers are called in order, holding no lock over a call. On the
 * dispatch thread only.
 */
#include "core/informer/internal.h"

/* false where the handler was removed meanwhile. */
static bool begin_call(cleat_informers *f, struct cleat__handler *h) {
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
static struct cleat__handler *next_handler(cleat_informer *inf, struct cleat__handler *h) {
    CLEAT_LOCKED(&inf->factory->mutex);
    return h ? h->next : inf->handlers;
}

void cleat__informer_tell(cleat_informer *inf, const cleat_obj *old, const cleat_obj *obj,
                          bool unknown) {
    for (struct cleat__handler *h = NULL; (h = next_handler(inf, h)) != NULL;) {
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

void cleat__informer_free_copies(cleat_obj **all, size_t n) {
    for (size_t i = 0; i < n; i++) {
        cleat_obj_unref(all[i]);
    }
    free(all);
}

/* Everything that is cached, as initial adds or as a resync. */
static void tell_all(cleat_informer *inf, struct cleat__handler *h, bool initial) {
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
    cleat__informer_free_copies(all, n);
}

/* New handlers hear what is there; resyncs come due; removed ones are swept. */
int cleat__informer_serve(cleat_informer *inf) {
    int did = 0;
    for (struct cleat__handler *h = NULL; (h = next_handler(inf, h)) != NULL;) {
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
    for (struct cleat__handler **p = &inf->handlers; *p != NULL;) {
        struct cleat__handler *h = *p;
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
        cleat__informers_wake_waiters(inf->factory, inf);
    }
    return did;
}
