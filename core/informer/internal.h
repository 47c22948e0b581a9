/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of core/informer tell one another: informer.c (the factory, and informers from
 * outside), handlers.c (who is told), reflect.c (list and watch), cache.c. */
#ifndef CLEAT_CORE_INFORMER_INTERNAL_H
#define CLEAT_CORE_INFORMER_INTERNAL_H

#include "core/informer/informer.h"
#include "core/informer/objset.h"

struct cleat__index {
    char *name;
    cleat_index_fn fn;
    void *userdata;
    struct cleat_map values; /* value -> struct cleat_objset */
    struct cleat__index *next;
};

/* The cache of one informer. Written by the dispatch thread, read by all, under its mutex. */
struct cleat__cache {
    pthread_mutex_t mutex;
    struct cleat_objset objects; /* holds references */
    struct cleat__index *indexes;
};
void cleat__cache_init(struct cleat__cache *c);
void cleat__cache_done(struct cleat__cache *c);
/* Room for n objects; true where there is none yet. */
bool cleat__cache_reserve(struct cleat__cache *c, size_t n);
/* Puts o (a new reference) and returns what stood there, owned. */
cleat_obj *cleat__cache_put(struct cleat__cache *c, cleat_obj *o);
cleat_obj *cleat__cache_remove(struct cleat__cache *c, struct cleat_key key);
cleat_obj *cleat__cache_get(struct cleat__cache *c, struct cleat_key key); /* owned */
/* References to all objects of one value of an index (index NULL: of one namespace, or all
 * where that is empty), owned; free each and the array. */
cleat_obj **cleat__cache_copy(struct cleat__cache *c, const char *index, struct cleat_str value,
                              size_t *ret_n);
cleat_err cleat__cache_add_index(struct cleat__cache *c, const char *name, cleat_index_fn fn,
                                 void *userdata);

struct cleat__handler {
    uint64_t id;
    struct cleat_handler h;
    bool heard_initial, removed;
    cleat_time next_resync;
    struct cleat__handler *next;
};

struct cleat_informer {
    cleat_informers *factory;
    char *group, *version, *resource, *labels, *fields;
    bool metadata;         /* that is all that is asked for */
    _Atomic uint64_t upto; /* what happened until then was told; UINT64_MAX: nobody can say */
    struct cleat_informer *next;
    struct cleat__cache cache;
    _Atomic bool stream_ready; /* the stream may have more */
    _Atomic bool touched;      /* a handler has come or gone */
    _Atomic bool synced;

    /* under the factory's mutex */
    unsigned refs;
    struct cleat__handler *handlers;

    /* the dispatch thread's */
    cleat_stream *stream;
    uint64_t revision;
    bool listed;
    bool resumes;    /* the next stream goes on from revision, without a list */
    unsigned broken; /* streams in a row that told nothing */
    cleat_time backoff, retry_at, opened;
    bool listing;                /* the stream is still in its list */
    bool newest;                 /* the next list must not be one of revision's time */
    bool compares;               /* the cache held something when the list began: */
    struct cleat_objset present; /* what of it the list has (borrowed from the cache) */
};

/* Somebody in wait_synced, on its own stack. */
struct cleat__sync_waiter {
    struct cleat_event synced;
    cleat_informer *inf;
    struct cleat__sync_waiter *next;
};

struct cleat_informers {
    cleat_client *client;
    bool manual;
    pthread_mutex_t mutex; /* guards informers, refs, handlers and what follows */
    pthread_cond_t wake_cond, call_cond;
    struct cleat_informer *informers;
    struct cleat__sync_waiter *waiters;
    uint64_t next_id;
    struct cleat__handler *calling;
    bool started, stopping, awake;
    pthread_t thread;
    cleat_timer *timer;
    _Atomic bool due; /* what time alone brings may be there, at any of them */

    /* the dispatch thread's */
    cleat_time armed; /* when the timer is due */
    cleat_informer **turn;
    size_t turn_cap;
};

/* ---- informer.c ---- */
void cleat__informer_on_stream(void *informer); /* a stream's wake; any thread */
/* inf NULL: all of them. Called with the mutex held, under which they also leave. */
void cleat__informers_wake_waiters(cleat_informers *f, const cleat_informer *inf);

/* ---- handlers.c; the dispatch thread, without the lock ---- */
/* obj NULL: old was deleted; old NULL: obj was added. unknown: what old says may not be its last
 * state. */
void cleat__informer_tell(cleat_informer *inf, const cleat_obj *old, const cleat_obj *obj,
                          bool unknown);
/* New handlers hear what is there; resyncs come due; removed ones are swept. 1: did something. */
int cleat__informer_serve(cleat_informer *inf);
void cleat__informer_free_copies(cleat_obj **all, size_t n);

/* ---- reflect.c; the dispatch thread ---- */
int cleat__informer_reflect(cleat_informer *inf); /* 1: did something */
void cleat__informer_close(cleat_informer *inf);

#endif
