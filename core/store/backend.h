/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What persistence must do. Called by the committer's thread only, except close.
 * A backend is a log of rows by revision: rows are appended, and later removed
 * by revision when they have been superseded and left the history.
 */
#ifndef CLEAT_CORE_BACKEND_H
#define CLEAT_CORE_BACKEND_H

#include "core/base/base.h"

struct cleat_row {
    uint64_t revision;
    uint32_t kind;   /* number in the backend's table of kinds */
    bool deleted;    /* the object ended with this revision; data is its last state */
    cleat_time time; /* wall, when written */
    struct cleat_str ns, name, data; /* data: canonical JSON */
};

/* One durable transaction: all or nothing. */
struct cleat_commit {
    const struct cleat_row *rows;
    size_t n_rows; /* ascending revisions */
    const uint64_t *dead;
    size_t n_dead; /* rows to remove */
    /* numbers given since the last commit, to be kept with the rows that need them */
    const struct cleat_new_kind {
        uint32_t id;
        struct cleat_str resource;
    } * kinds;
    size_t n_kinds;
    /* kinds whose history was trimmed: watches from at or before `revision` are too old */
    const struct cleat_horizon {
        uint32_t kind;
        uint64_t revision;
    } * horizons;
    size_t n_horizons;
};

struct cleat_backend;
struct cleat_backend_ops {
    /* Gives all kinds, then all rows in ascending revision; each borrowed for its
     * call. *ret_revision: the newest revision ever committed, also where its row is gone. */
    cleat_err (*load)(struct cleat_backend *b,
                      cleat_err (*kind)(void *ud, uint32_t id, struct cleat_str resource,
                                        uint64_t horizon),
                      cleat_err (*row)(void *ud, const struct cleat_row *row), void *ud,
                      uint64_t *ret_revision, struct cleat_error *e);
    /* Returns only when durable; on failure nothing of it is there. */
    cleat_err (*commit)(struct cleat_backend *b, const struct cleat_commit *c,
                        struct cleat_error *e);
    /* A small step of housekeeping (checkpoint, giving space back), a few ms at most; true = more
     * to do. */
    bool (*maintain)(struct cleat_backend *b);
    uint64_t (*size_bytes)(struct cleat_backend *b); /* on disk */
    void (*close)(struct cleat_backend *b);          /* frees b */
    /* Once after load, where there are keys; NULL = there is nothing that could stay behind.
     * plain: there are rows in the clear that would be encrypted now, of which nothing must
     * be left once they are gone. */
    void (*scrub)(struct cleat_backend *b, bool plain);
};
struct cleat_backend {
    const struct cleat_backend_ops *ops;
};

/* SQLite in WAL mode at `path` (file); made where absent. vfs NULL = the system's. */
cleat_err cleat_backend_sqlite(const char *path, const char *vfs, struct cleat_backend **ret,
                               struct cleat_error *e);
/* From now on what is removed is overwritten, too. b is SQLite's. What SQLite moved between pages
 * may still leave traces: see scrub, which has the file written anew. */
void cleat_backend_sqlite_wipe(struct cleat_backend *b);
struct cleat_backend *cleat_backend_memory(void);

#endif
