/* SPDX-License-Identifier: Apache-2.0 */
/* Between disk.c (what survives) and vfs.c (what SQLite calls). */
#ifndef CLEAT_SIM_DISK_INTERNAL_H
#define CLEAT_SIM_DISK_INTERNAL_H

#include "tests/sim/disk.h"

enum { SECTOR = 512 };

struct bytes {
    char *p;
    size_t n, cap;
};
struct pending { /* one write or truncation that no sync has covered */
    size_t at, n;
    char *data;
    bool truncates, ghost;
};
struct dfile {
    struct disk *disk;
    char *name;
    struct bytes cache, platter;
    struct pending *pending;
    size_t n_pending, cap_pending;
    bool linked, linked_durably; /* its name, in the cache and on the platter */
    int handles;
    void **shm; /* the WAL index: memory, not disk */
    size_t n_shm;
};
struct disk {
    struct rng *rng;
    struct dfile **files; /* oldest first */
    size_t n_files;
    bool off, lies;
    unsigned fail_in[DISK_FAULTS], power_fails_in;
    struct disk_stats stats;
};

struct dfile *disk_find(struct disk *d, const char *name);
struct dfile *disk_create(struct disk *d, const char *name);
void disk_unlink(struct dfile *f, bool synced);
void disk_write(struct dfile *f, size_t at, const void *data, size_t n);
void disk_truncate(struct dfile *f, size_t n);
void disk_sync(struct dfile *f);
void disk_sync_fails(struct dfile *f);
bool disk_fault(struct disk *d, int fault); /* this operation fails */
bool disk_power_fails_now(struct disk *d);  /* and so does everything after it */
void disk_register_vfs(struct disk *d);

#endif
