/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 3: the store. One order of revisions over all kinds, one committer,
 * published snapshots, and a history that watchers read with cursors.
 *
 * Threads: anyone may submit, take snapshots and read cursors. One committer
 * thread (or a simulator that calls cleat_store_step) takes all that waits,
 * checks preconditions against the newest state, assigns revisions, writes one
 * durable transaction, publishes, and then acknowledges.
 *
 * The index is one copy-on-write B+tree over (kind, namespace, name) whose
 * leaves hold nothing but object references: a snapshot is one root. The
 * backend is a log keyed by revision: the tree knows which revision each write
 * supersedes, so compaction deletes rows by key, a few in each transaction, and
 * nothing ever has to be searched on disk.
 */
#ifndef CLEAT_CORE_STORE_H
#define CLEAT_CORE_STORE_H

#include "core/object/object.h"
#include "core/store/backend.h"

typedef struct cleat_store cleat_store;
typedef struct cleat_snapshot cleat_snapshot;

struct cleat_store_opts {
    uint32_t history_events; /* per kind; 0 = limits.h, as the rest */
    size_t history_bytes;
    cleat_time history_age;
    bool manual; /* no thread: the caller steps (simulator, tests) */
};

/* Opens over a backend (taken, also on failure), loads, and starts the committer. */
cleat_err cleat_store_open(struct cleat_backend *backend, const struct cleat_store_opts *opts,
                           cleat_store **ret, struct cleat_error *e);
/* Finishes what was submitted, stops the committer, closes the backend. */
void cleat_store_close(cleat_store *s);
/* The number of a kind ("leases.coordination.k8s.io"; core: "nodes"), made at first use and kept on
 * disk for ever. [any-thread, may block] */
uint32_t cleat_store_kind(cleat_store *s, const char *resource);

/* ---- writes ---- */
enum { CLEAT_OP_CREATE = 1, CLEAT_OP_UPDATE, CLEAT_OP_DELETE };
/*
 * One write, embedded in its request; the store owns it from submit until done
 * is called. CREATE: EXISTS where the key is taken; CONFLICT where `within` is a
 * kind and its object that is named as obj's namespace is not at the revision `expect`:
 * nothing is created in what ended after it was looked at. UPDATE and DELETE: CONFLICT
 * unless the key's current revision is `expect`; NOT_FOUND where it is gone.
 * obj is taken; for DELETE it is the last state (a copy whose revision becomes
 * that of the deletion), which watchers get. It must be unshared, stamped with
 * its kind, and carry metadata.resourceVersion (any digits; predict the width
 * with cleat_store_revision).
 */
struct cleat_op {
    struct cleat_op *next; /* private */
    int type;
    uint32_t within; /* CREATE: 0 = anywhere */
    uint64_t expect;
    cleat_obj
        *obj; /* in: the new state. out: the stored one, owned by the op's owner; NULL on failure */
    cleat_err err;            /* out */
    struct cleat_error error; /* out, where err is set */
    /* Called on the committer's thread after publication (or failure): must not block. */
    void (*done)(struct cleat_op *op);
    void *userdata;
};
void cleat_store_submit(cleat_store *s, struct cleat_op *op);
/* Submits and waits. */
cleat_err cleat_store_write(cleat_store *s, struct cleat_op *op);

/* ---- reads: never wait for disk or writers ---- */
uint64_t cleat_store_revision(cleat_store *s);        /* of the newest published snapshot */
cleat_snapshot *cleat_store_snapshot(cleat_store *s); /* newest; owned */
cleat_snapshot *cleat_snapshot_ref(cleat_snapshot *sn);
void cleat_snapshot_unref(cleat_snapshot *sn);
CLEAT_DEFINE_AUTO(cleat_snapshot, cleat_snapshot_unref)
uint64_t cleat_snapshot_revision(const cleat_snapshot *sn);
/* Keeps sn findable by its revision for a while, for continue tokens; the oldest go first. */
void cleat_store_pin(cleat_store *s, cleat_snapshot *sn);
cleat_snapshot *cleat_store_pinned(cleat_store *s,
                                   uint64_t revision); /* owned, or NULL = expired */
/* Borrowed while the snapshot is held; NULL = absent. */
const cleat_obj *cleat_snapshot_get(const cleat_snapshot *sn, uint32_t kind, struct cleat_str ns,
                                    struct cleat_str name);
size_t cleat_snapshot_count(const cleat_snapshot *sn, uint32_t kind,
                            struct cleat_str ns); /* ns empty = all; O(log n) */
/* Walks a kind in (ns, name) order: all namespaces where ns.p is NULL; after the key (ns, name)
 * where after_* are given. */
struct cleat_range {
    const cleat_snapshot *sn;
    uint32_t kind;
    struct cleat_str ns;
    void *path[24];
    uint32_t pos[24];
    int depth;
};
void cleat_range_init(struct cleat_range *r, const cleat_snapshot *sn, uint32_t kind,
                      struct cleat_str ns);
void cleat_range_after(struct cleat_range *r, const cleat_snapshot *sn, uint32_t kind,
                       struct cleat_str ns, struct cleat_str after_ns, struct cleat_str after_name);
const cleat_obj *cleat_range_next(
    struct cleat_range *r); /* borrowed while the snapshot is held; NULL at the end */

/* ---- watch ---- */
enum { CLEAT_EVENT_ADDED = 1, CLEAT_EVENT_MODIFIED, CLEAT_EVENT_DELETED };
struct cleat_change { /* obj and prev are owned by the reader */
    int type;
    uint64_t revision;
    cleat_obj *obj;  /* for DELETED: the last state with the deletion's revision */
    cleat_obj *prev; /* the state before; NULL for ADDED */
};
typedef struct cleat_cursor cleat_cursor;
/* A position right after `revision` in the history of one kind. EXPIRED ("too old
 * resource version: N (M)") where the history no longer reaches there. */
cleat_err cleat_cursor_open(cleat_store *s, uint32_t kind, uint64_t revision, cleat_cursor **ret,
                            struct cleat_error *e);
void cleat_cursor_close(cleat_cursor *c);
/* Takes up to max changes, in order; 0 = none for now. <0: EXPIRED, it fell off
 * the history. *ret_upto: everything up to that revision has been given. */
int cleat_cursor_read(cleat_cursor *c, struct cleat_change *out, int max, uint64_t *ret_upto);

/* Called on the committer's thread after each publication with the kinds that
 * changed (sorted, n): must only wake somebody. Returns an id for unsubscribe,
 * which returns after the last call has. */
typedef void (*cleat_publish_fn)(void *userdata, const uint32_t *kinds, size_t n,
                                 uint64_t revision);
uint64_t cleat_store_subscribe(cleat_store *s, cleat_publish_fn fn, void *userdata);
void cleat_store_unsubscribe(cleat_store *s, uint64_t id);
/* Tells the subscribers of a kind as if it had changed. [any-thread] */
void cleat_store_poke(cleat_store *s, uint32_t kind);

/* ---- for manual stores ---- */
/* One turn of the committer: one batch, or a bit of maintenance. 1 = did something. */
int cleat_store_step(cleat_store *s);

#endif
