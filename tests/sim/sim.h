/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The simulator: one thread runs every loop of a cleatd as steps, in an order
 * that a seed draws, on a virtual clock and a faulty disk, and kills and
 * restarts the whole from time to time.
 */
#ifndef CLEAT_SIM_H
#define CLEAT_SIM_H

#include "core/registry/registry.h"
#include "tests/sim/disk.h"
#include "tests/sim/model.h"

enum sim_break {
    BREAK_NONE,
    BREAK_LOSE_WRITE,
    BREAK_LYING_DISK,
    BREAK_DUP_EVENT,
    BREAK_DROP_EVENT,
    BREAK_REORDER,
    BREAK_STALE_CACHE,
    BREAK_TWO_WORKERS
};

struct sim {
    uint64_t seed;
    struct rng rng;
    size_t step, steps;
    enum sim_break break_mode;
    bool trace;
    uint64_t digest; /* of all that happened: two runs of a seed must agree */

    struct disk *disk;
    struct model model;

    /* The process: NULL while it is down. */
    cleat_store *store;
    cleat_registry *registry;
    bool running;      /* started, and actors may take steps */
    const char *phase; /* what is going on, for failure messages */

    struct {
        size_t reconciles, dispatched;
        size_t boots, crashes, stops, writes, acked, refused, failed, events, relists, answers;
    } n;
};

extern struct sim sim; /* one a process: each seed has a process of its own */

/* world.c: the process that is simulated */
extern const char *const sim_raw_kinds[2]; /* written without the registry */
void sim_boot(void);
void sim_shut_down(void); /* orderly; acknowledges what was submitted */
void sim_crash(void);     /* the power goes */
int sim_store_step(void); /* the committer, and the model right after it */
void sim_note(const char *fmt, ...) CLEAT_PRINTF(1, 2); /* into the digest, and the trace */

/* While somebody waits for a commit: one step of anything that another thread could do. */
void sim_nested_step(void);

/* Actors: start and stop with the process; step does one thing, 0 = nothing to do. */
struct actor {
    const char *name;
    unsigned weight;
    void (*up)(void);   /* after boot */
    void (*down)(void); /* before the store closes */
    int (*step)(void);
    int (*settle)(void); /* as step, but begins nothing new */
    void (*quiet)(void); /* everything has settled: compare */
    void (*done)(void);  /* free what outlives the process */
};
extern const struct actor runtime_actor, writers_actor, watchers_actor, holders_actor,
    kubelets_actor;
extern const struct actor *const sim_actors[]; /* NULL-ended */

#endif
