/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be true. The model is a log of every change of every kind, read from
 * the store's history right after each turn of the committer, which outlives
 * the simulated process; and the state that follows from it. The store's
 * snapshots, acknowledgements, watchers and caches are all held against it.
 */
#ifndef CLEAT_SIM_MODEL_H
#define CLEAT_SIM_MODEL_H

#include "core/store/store.h"

struct mchange {
    uint64_t revision;
    int type;
    cleat_obj *obj, *prev;
    cleat_time when;
    struct mkey *key;
};
struct mkey { /* one object of one kind, for ever */
    struct cleat_str ns, name;
    cleat_obj *live; /* NULL = absent */
};
struct mkind {
    char *resource;
    uint32_t id;
    struct mchange *changes;
    size_t n, cap;
    struct cleat_map keys; /* "ns/name" -> struct mkey */
    size_t n_live;
    cleat_cursor *observer;
};
struct model {
    struct mkind *kinds;
    size_t n_kinds;
    uint64_t revision; /* the newest change */
    struct cleat_store_opts opts;
    /* Rows whose commit failed since the last one that did not: after a loss of
     * power each may be there or not. */
    struct maybe {
        uint64_t revision;
        uint32_t kind;
        bool deleted;
        char *key, *data;
    } * maybes;
    size_t n_maybes, cap_maybes;
    size_t rows; /* that the last start read from the disk */
};

/* Reports what went wrong and ends the run. */
_Noreturn void sim_fail(const char *fmt, ...) CLEAT_PRINTF(1, 2);
#define SIM_CHECK(cond, ...)                                                                       \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            sim_fail(__VA_ARGS__);                                                                 \
        }                                                                                          \
    } while (0)

void model_done(struct model *m);
/* After a start: numbers of kinds must be what they were; reads what survived. */
void model_attach(struct model *m, cleat_store *s, const char *const *resources, size_t n);
void model_detach(struct model *m); /* the process is gone */
/* Reads the new history and holds the newest snapshot against it. */
void model_observe(struct model *m, cleat_store *s);
struct mkind *model_kind(struct model *m, uint32_t id);
cleat_obj *model_live(struct mkind *k, struct cleat_str ns, struct cleat_str name); /* borrowed */
/* The first change after a revision: an index into k->changes. */
size_t model_after(const struct mkind *k, uint64_t revision);
/* Whether an object was there, and was absent, at any moment since a revision. */
void model_since(struct mkind *k, struct cleat_str ns, struct cleat_str name, uint64_t revision,
                 bool *ret_present, bool *ret_absent);
/* A write was acknowledged as this object at this revision. */
void model_acked(struct model *m, int op_type, const cleat_obj *stored);
void model_unknown(struct model *m, const struct cleat_row *row);
/* A backend that tells the model which commits failed. Takes inner. */
struct cleat_backend *model_backend(struct model *m, struct cleat_backend *inner);
/* A watch from `revision` was told that it is too old: is that honest? */
void model_check_expired(struct model *m, struct mkind *k, uint64_t revision);

#endif
