/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A control plane in the bench's own process: a registry over a SQLite store that syncs, in a
 * temporary folder; a client of it; and a host with controllers. A bench cannot go on after an
 * error, so each of these functions says so on stderr and ends the process with 1.
 */
#ifndef CLEAT_BENCH_INPROC_H
#define CLEAT_BENCH_INPROC_H

#include "core/host/host.h"
#include "core/kinds/admit.h"
#include "core/registry/registry.h"

struct inproc {
    const char *name; /* of the bench, for its folder */
    int most;         /* requests that may be under way, 0 = any number */
    bool admits;      /* with the admission of built-in kinds */
    /* From inproc_open on. */
    cleat_store *store;
    cleat_registry *registry;
    struct cleat_transport *transport;
    cleat_client *client;
    cleat_hostd *host; /* from inproc_start on */
    _Atomic int under_way;
    /* Private. */
    cleat_admit *admit;
    char *dir, *db;
};

/* Ends the process unless err is CLEAT_OK; e: what to say, or NULL. Any thread. */
void need(cleat_err err, const struct cleat_error *e);
double seconds_since(cleat_time mono);
int by_size(const void *x, const void *y); /* for qsort, of doubles */

/* Takes name, most and admits as they are set. inproc_close removes the folder. */
void inproc_open(struct inproc *p);
void inproc_close(struct inproc *p);

/* A host with the plugins beside the program, whose CRDs are added; of opts all but plugin_dirs
 * counts. It may be started again once it is stopped. */
void inproc_start(struct inproc *p, const struct cleat_host_opts *opts);
void inproc_stop(struct inproc *p);

/* Waits until at most so many requests are under way. */
void inproc_settle(struct inproc *p, int most);
/* Before a request of the bench's own, which ends with inproc_done and p as its userdata: counts
 * it, and first waits until it may be under way. */
void inproc_begin(struct inproc *p);
void inproc_done(void *userdata, cleat_err err, const cleat_obj *obj, const struct cleat_error *e);
/* Begins to create an object; json is taken. */
void inproc_create(struct inproc *p, struct cleat_gvr gvr, char *json);

#endif
