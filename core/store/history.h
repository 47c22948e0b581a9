/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The history of one kind: a ring of changes that cursors read. Written by the
 * committer; its mutex is held only to copy references.
 */
#ifndef CLEAT_CORE_STORE_HISTORY_H
#define CLEAT_CORE_STORE_HISTORY_H

#include "core/store/store.h"

struct cleat_history {
    pthread_mutex_t mutex;
    struct entry {
        cleat_obj *obj, *prev;
        cleat_time time;
        int type;
    } * ring;
    size_t cap;           /* a power of two */
    uint64_t first, next; /* sequence numbers: [first, next) is in the ring */
    size_t bytes;
    uint64_t horizon; /* the newest revision that was trimmed */
};

void cleat_history_init(struct cleat_history *h, uint64_t horizon);
void cleat_history_done(struct cleat_history *h);
/* Takes references of its own. */
void cleat_history_append(struct cleat_history *h, int type, cleat_obj *obj, cleat_obj *prev,
                          cleat_time time);
/* Drops the oldest where the bounds say so. *ret_dead gets the revisions whose
 * rows nobody needs any more (2 at most). 0 = nothing to drop. */
int cleat_history_trim(struct cleat_history *h, const struct cleat_store_opts *bounds,
                       cleat_time now, uint64_t ret_dead[2], int *ret_n_dead);
bool cleat_history_empty(struct cleat_history *h);
/* The sequence number right after `revision`, or EXPIRED. */
cleat_err cleat_history_seek(struct cleat_history *h, uint64_t revision, uint64_t *ret_seq,
                             struct cleat_error *e);
/* Changes from *seq on up to revision `upto`; <0 where *seq fell off. */
int cleat_history_read(struct cleat_history *h, uint64_t *seq, uint64_t upto,
                       struct cleat_change *out, int max);

#endif
