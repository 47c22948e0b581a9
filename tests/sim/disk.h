/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk in memory behind a SQLite VFS named "sim". What is written stays in a
 * cache until it is synced. When the power fails, of what was not synced each
 * sector is kept, lost or torn by lot, and so are file names. Single-threaded.
 */
#ifndef CLEAT_SIM_DISK_H
#define CLEAT_SIM_DISK_H

#include "core/base/base.h"

struct rng {
    uint64_t s;
};
uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n);
bool rng_chance(struct rng *r, unsigned per_mille);

struct disk;
struct disk *disk_new(struct rng *rng); /* and registers the VFS; one a process */
void disk_free(struct disk *d);

enum { DISK_READ, DISK_WRITE, DISK_SYNC, DISK_FAULTS };
/* The n-th operation of that kind from now fails (1 = the next); 0 = none will. */
void disk_fail_in(struct disk *d, int fault, unsigned n);
/* The power fails in the middle of the n-th write or sync from now. */
void disk_power_fails_in(struct disk *d, unsigned n);
void disk_heal(struct disk *d); /* no faults from now on */

/* Cuts the power now: all operations fail until power_on. */
void disk_power_off(struct disk *d);
bool disk_is_off(const struct disk *d);
/* Draws what survived and starts again with that. */
void disk_power_on(struct disk *d);

/* A disk that says "synced" and is not: for --break lose-write. */
void disk_lie(struct disk *d, bool lies);

struct disk_stats {
    uint64_t writes, syncs, failed, power_cuts, lost_sectors, torn;
};
struct disk_stats disk_stats(const struct disk *d);

#endif
