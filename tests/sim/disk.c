/* SPDX-License-Identifier: Apache-2.0 */
/* What survives a loss of power: files, names, pending writes. The VFS is in vfs.c. */
#include "tests/sim/disk_internal.h"

uint64_t rng_next(struct rng *r) {
    uint64_t z = r->s += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint64_t rng_below(struct rng *r, uint64_t n) {
    return n ? rng_next(r) % n : 0;
}

bool rng_chance(struct rng *r, unsigned per_mille) {
    return rng_below(r, 1000) < per_mille;
}

/* ---- bytes ---- */

static void bytes_write(struct bytes *b, size_t at, const void *p, size_t n) {
    if (at + n > b->n) {
        if (at + n > b->cap) {
            b->cap = (at + n) * 2;
            b->p = cleat_realloc(b->p, b->cap);
        }
        memset(b->p + b->n, 0, at + n - b->n);
        b->n = at + n;
    }
    if (n > 0) {
        memcpy(b->p + at, p, n);
    }
}

static void bytes_truncate(struct bytes *b, size_t n) {
    if (n > b->n) {
        bytes_write(b, n, NULL, 0);
    }
    b->n = n;
}

static void drop_pending(struct dfile *f) {
    for (size_t i = 0; i < f->n_pending; i++) {
        free(f->pending[i].data);
    }
    f->n_pending = 0;
}

static struct pending *add_pending(struct dfile *f) {
    if (f->n_pending == f->cap_pending) {
        f->cap_pending = f->cap_pending ? f->cap_pending * 2 : 16;
        f->pending = cleat_rearray(f->pending, f->cap_pending, sizeof *f->pending);
    }
    struct pending *p = &f->pending[f->n_pending++];
    *p = (struct pending){0};
    return p;
}

/* ---- files ---- */

struct dfile *disk_find(struct disk *d, const char *name) {
    for (size_t i = 0; i < d->n_files; i++) {
        if (d->files[i]->linked && strcmp(d->files[i]->name, name) == 0) {
            return d->files[i];
        }
    }
    return NULL;
}

struct dfile *disk_create(struct disk *d, const char *name) {
    struct dfile *f = cleat_zalloc(sizeof *f);
    f->disk = d;
    f->name = cleat_strdup(name);
    f->linked = true;
    d->files = cleat_rearray(d->files, d->n_files + 1, sizeof *d->files);
    d->files[d->n_files++] = f;
    return f;
}

void disk_unlink(struct dfile *f, bool synced) {
    f->linked = false;
    if (synced) {
        f->linked_durably = false;
    }
}

void disk_write(struct dfile *f, size_t at, const void *data, size_t n) {
    bytes_write(&f->cache, at, data, n);
    struct pending *p = add_pending(f);
    p->at = at;
    p->n = n;
    p->data = cleat_alloc(n);
    memcpy(p->data, data, n);
}

void disk_truncate(struct dfile *f, size_t n) {
    bytes_truncate(&f->cache, n);
    struct pending *p = add_pending(f);
    p->at = n;
    p->truncates = true;
}

/* Brings one pending write to the platter, whole. */
static void settle(struct dfile *f, const struct pending *p) {
    if (p->truncates) {
        bytes_truncate(&f->platter, p->at);
    } else {
        bytes_write(&f->platter, p->at, p->data, p->n);
    }
}

void disk_sync(struct dfile *f) {
    if (f->disk->lies) {
        return;
    }
    for (size_t i = 0; i < f->n_pending; i++) {
        if (!f->pending[i].ghost) {
            settle(f, &f->pending[i]);
        }
    }
    drop_pending(f);
    /* A journalling file system commits all earlier changes of names with it. */
    for (size_t i = 0; i < f->disk->n_files; i++) {
        f->disk->files[i]->linked_durably = f->disk->files[i]->linked;
    }
}

/* Some of it reached the platter; the rest is in the cache but, as on Linux, no
 * longer counts as dirty: a later sync that succeeds does not bring it there. */
void disk_sync_fails(struct dfile *f) {
    for (size_t i = 0; i < f->n_pending; i++) {
        struct pending *p = &f->pending[i];
        if (p->truncates || p->ghost) {
            continue;
        }
        if (rng_chance(f->disk->rng, 500)) {
            p->ghost = true;
        }
    }
}

/* Each sector of a pending write on its own: there, gone, or there up to a point. */
static void survive(struct dfile *f, const struct pending *p, unsigned keep) {
    struct disk *d = f->disk;
    if (p->truncates) {
        if (rng_chance(d->rng, keep)) {
            settle(f, p);
        }
        return;
    }
    for (size_t at = 0; at < p->n;) {
        size_t n = SECTOR - (p->at + at) % SECTOR;
        n = n < p->n - at ? n : p->n - at;
        if (p->ghost || !rng_chance(d->rng, keep)) {
            d->stats.lost_sectors++;
        } else if (rng_chance(d->rng, 20)) {
            bytes_write(&f->platter, p->at + at, p->data + at, rng_below(d->rng, n));
            d->stats.torn++;
        } else {
            bytes_write(&f->platter, p->at + at, p->data + at, n);
        }
        at += n;
    }
}

void disk_power_off(struct disk *d) {
    d->off = true;
}

bool disk_is_off(const struct disk *d) {
    return d->off;
}

static void file_free(struct dfile *f) {
    drop_pending(f);
    free(f->pending);
    free(f->cache.p);
    free(f->platter.p);
    free(f->name);
    free(f);
}

/* Which of two files of one name is there: the newer one where its name made it. */
static void settle_names(struct disk *d) {
    for (size_t i = d->n_files; i-- > 0;) {
        struct dfile *f = d->files[i];
        if (f->linked != f->linked_durably && rng_chance(d->rng, 500)) {
            f->linked_durably = f->linked;
        }
        for (size_t j = 0; f->linked_durably && j < i; j++) {
            if (strcmp(d->files[j]->name, f->name) == 0) {
                d->files[j]->linked = d->files[j]->linked_durably = false;
            }
        }
    }
}

void disk_power_on(struct disk *d) {
    static const unsigned moods[] = {0, 100, 500, 900, 1000};
    unsigned keep = moods[rng_below(d->rng, 5)];
    d->stats.power_cuts++;
    settle_names(d);
    size_t n = 0;
    for (size_t i = 0; i < d->n_files; i++) {
        struct dfile *f = d->files[i];
        cleat_assert(f->handles == 0 && f->n_shm == 0);
        for (size_t j = 0; j < f->n_pending; j++) {
            survive(f, &f->pending[j], keep);
        }
        drop_pending(f);
        if (!f->linked_durably) {
            file_free(f);
            continue;
        }
        f->linked = true;
        f->cache.n = 0;
        bytes_write(&f->cache, 0, f->platter.p, f->platter.n);
        d->files[n++] = f;
    }
    d->n_files = n;
    d->off = false;
    disk_heal(d);
}

/* ---- faults ---- */

void disk_fail_in(struct disk *d, int fault, unsigned n) {
    d->fail_in[fault] = n;
}

void disk_power_fails_in(struct disk *d, unsigned n) {
    d->power_fails_in = n;
}

void disk_heal(struct disk *d) {
    memset(d->fail_in, 0, sizeof d->fail_in);
    d->power_fails_in = 0;
}

bool disk_fault(struct disk *d, int fault) {
    if (d->off) {
        return true;
    }
    if (d->fail_in[fault] > 0 && --d->fail_in[fault] == 0) {
        d->stats.failed++;
        return true;
    }
    return false;
}

bool disk_power_fails_now(struct disk *d) {
    if (d->power_fails_in > 0 && --d->power_fails_in == 0) {
        d->off = true;
        return true;
    }
    return false;
}

void disk_lie(struct disk *d, bool lies) {
    d->lies = lies;
}

struct disk_stats disk_stats(const struct disk *d) {
    return d->stats;
}

struct disk *disk_new(struct rng *rng) {
    struct disk *d = cleat_zalloc(sizeof *d);
    d->rng = rng;
    disk_register_vfs(d);
    return d;
}

void disk_free(struct disk *d) {
    for (size_t i = 0; i < d->n_files; i++) {
        file_free(d->files[i]);
    }
    free(d->files);
    free(d);
}
