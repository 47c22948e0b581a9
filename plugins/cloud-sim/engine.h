/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machines at work, shared by engine.c (which unit acts when), power.c (a
 * Machine's own status) and kubelet*.c (what its kubelet does).
 *
 * A unit is one Machine. One timer drives all units through a heap of due
 * times; only the timer's thread acts, so that a unit is never with two threads.
 * All writes are asynchronous. What informers and finished writes change of a
 * unit is under the engine's lock; acting copies it into a view first, and no
 * call leaves the plugin while the lock is held.
 */
#ifndef CLEAT_PLUGIN_SIM_ENGINE_H
#define CLEAT_PLUGIN_SIM_ENGINE_H

#include "sim.h"

#define CLEAT_SIM_NEVER INT64_MAX

/* Kinds of writes; a unit has at most one of each under way. */
enum cleat_sim_write {
    CLEAT_SIM_WRITE_MACHINE, /* status of the Machine */
    CLEAT_SIM_WRITE_NODE,    /* the kubelet registers its Node */
    CLEAT_SIM_WRITE_STATUS,  /* status of the Node */
    CLEAT_SIM_WRITE_LEASE,
    CLEAT_SIM_N_WRITES
};

struct cleat_sim_unit {
    struct cleat_sim_unit *chain; /* of the name map */
    char *name;                   /* of the Machine and of its Node */
    cleat_time due;               /* CLEAT_SIM_NEVER: waits for an event */
    uint32_t heap;                /* place in the heap + 1; 0 = not there */
    bool gone;                    /* its Machine is deleted */
    bool changed;                 /* the Machine's spec, since the last status of the Node */
    int8_t ready;                 /* last posted; -1 = none */
    uint8_t inflight;             /* bits: 1 << enum cleat_sim_write */
    uint8_t fails[CLEAT_SIM_N_WRITES];
    cleat_time retry[CLEAT_SIM_N_WRITES];  /* not before */
    cleat_time posted, heartbeat, renewal; /* last status; next status; next lease */
    uint64_t posted_revision;
    const cleat_obj *machine, *lease; /* newest that is known; lease may be NULL */
    char ip[16];                      /* taken from the pool; "" = none */
};

/* ---- units.c: the set of them; under the engine's lock ---- */

struct cleat_sim_units {
    struct cleat_sim_unit **buckets; /* by name: without those that are gone */
    size_t n_buckets, n;
    struct cleat_sim_unit **heap; /* by due time */
    size_t n_heap, heap_cap;
};
void cleat_sim_units_init(struct cleat_sim_units *s);
void cleat_sim_units_done(struct cleat_sim_units *s); /* the units stay the caller's */
struct cleat_sim_unit *cleat_sim_units_find(struct cleat_sim_units *s, struct cleat_str name);
void cleat_sim_units_add(struct cleat_sim_units *s, struct cleat_sim_unit *u);
void cleat_sim_units_remove(struct cleat_sim_units *s, struct cleat_sim_unit *u);
/* Makes u due at `when` or before; true where that is earlier than it was. */
bool cleat_sim_units_schedule(struct cleat_sim_units *s, struct cleat_sim_unit *u, cleat_time when);
void cleat_sim_units_unschedule(struct cleat_sim_units *s, struct cleat_sim_unit *u);
struct cleat_sim_unit *cleat_sim_units_next(struct cleat_sim_units *s); /* earliest, or NULL */
struct cleat_sim_unit *cleat_sim_units_any(struct cleat_sim_units *s);  /* NULL: none left */

/* ---- acting ---- */

/* A unit as it stands while it acts. */
struct cleat_sim_view {
    struct cleat_sim *sim;
    struct cleat_sim_unit s; /* copy; machine and lease hold references */
    cleat_obj *node;         /* cached, NULL = none */
    cleat_time now;          /* monotonic */
    /* what is decided: objects to write (owned), and when to look again */
    cleat_obj *write[CLEAT_SIM_N_WRITES];
    bool create[CLEAT_SIM_N_WRITES]; /* else update */
    int8_t ready;                    /* of the status that is written */
    cleat_time next;
    bool finished; /* gone, and nothing is left to do */
};

/* Whether a write of this kind may begin now; else moves v->next. */
bool cleat_sim_may_write(struct cleat_sim_view *v, enum cleat_sim_write kind);
void cleat_sim_look_again(struct cleat_sim_view *v, cleat_time when);

/* Whether the cached Node is this Machine's. */
bool cleat_sim_node_is_mine(const struct cleat_sim_view *v);
void cleat_sim_act_kubelet(struct cleat_sim_view *v); /* kubelet.c */
void cleat_sim_act_power(struct cleat_sim_view *v);   /* power.c; after the kubelet */
/* The kubelet has yet to say that its Node shuts down. */
bool cleat_sim_is_leaving(const struct cleat_sim_view *v);

/* Documents. NULL where the base does not allow one (logged). */
cleat_obj *cleat_sim_node_status(const struct cleat_sim_view *v, bool ready);
cleat_obj *cleat_sim_node_new(const struct cleat_sim_view *v);
cleat_obj *cleat_sim_lease_new(const struct cleat_sim_view *v);
cleat_obj *cleat_sim_lease_renewed(const struct cleat_sim_view *v, const cleat_obj *lease);
cleat_time cleat_sim_lease_period(const cleat_obj *machine);
bool cleat_sim_node_says_ready(const cleat_obj *node);

#endif
