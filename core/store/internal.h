/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of core/store share. */
#ifndef CLEAT_CORE_STORE_INTERNAL_H
#define CLEAT_CORE_STORE_INTERNAL_H

#include "core/store/history.h"
#include "core/store/index.h"
#include "core/store/store.h"

#define CLEAT__PINS 64

struct cleat_snapshot {
    _Atomic uint32_t refs;
    uint64_t revision;
    struct cleat_node *root;
};

struct cleat__kind {
    uint32_t id;
    char *resource;
    struct cleat_history history;
    bool unsaved;       /* under kinds_mutex: the backend does not know its number yet */
    bool horizon_moved; /* committer's: must be written with the next commit */
    bool changed;       /* committer's: in this batch */
};

struct cleat__sub {
    cleat_publish_fn fn;
    void *userdata;
    uint64_t id;
    struct cleat__sub *next;
};

/*
 * Locks, outermost first: kinds_mutex, a history's mutex, snapshot_mutex.
 * subs_mutex is held while subscribers are called: they only wake somebody.
 * queue_mutex stands alone.
 */
struct cleat_store {
    struct cleat_store_opts opts;

    struct cleat_backend *backend; /* the committer's, once opened */

    pthread_mutex_t kinds_mutex;
    struct cleat__kind **kinds; /* by id; entries live as long as the store */
    _Atomic uint32_t n_kinds;   /* only grows */
    struct cleat_map kinds_by_name;

    /* The committer's own. */
    struct cleat_node *root; /* the newest state, also while a batch is on its way */
    uint64_t revision, batch;
    size_t last_batch; /* writes that the last one carried */
    uint64_t *dead;    /* rows that nobody needs, to be removed */
    size_t n_dead, cap_dead;
    struct cleat_error *load_error;
    cleat_time next_tick;
    bool wrote_last; /* the last step ran a batch: housekeeping that is due goes next */

    pthread_mutex_t snapshot_mutex;
    cleat_snapshot *snapshot;
    struct {
        cleat_snapshot *sn;
        cleat_time used;
    } pins[CLEAT__PINS];
    _Atomic uint64_t published;

    pthread_mutex_t subs_mutex;
    struct cleat__sub *subs;
    uint64_t next_sub;

    pthread_mutex_t queue_mutex;
    pthread_cond_t queue_cond;
    struct cleat_op *queue, **queue_tail;
    size_t queue_n, queue_enough; /* a length at which the committer wants to be woken */
    bool stopping;
    pthread_t thread;
};

struct cleat__kind *cleat__store_kind_at(cleat_store *s, uint32_t id);
cleat_snapshot *cleat__snapshot_new(uint64_t revision, struct cleat_node *root); /* takes root */
/* Drops up to max old changes of one kind and notes the rows that died. 1 = dropped some. */
int cleat__store_trim(cleat_store *s, struct cleat__kind *k, int max);
void cleat__store_dead(cleat_store *s, uint64_t revision);
void cleat__store_expire_pins(cleat_store *s);
void cleat__store_compact(cleat_store *s); /* when nobody writes any more */
void cleat__committer_start(cleat_store *s);
void cleat__committer_stop(cleat_store *s);

#endif
