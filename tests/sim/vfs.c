/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite's view of the simulated disk: the VFS "sim". One connection, so locks always succeed. */
#include <sqlite3.h>

#include "tests/sim/disk_internal.h"

struct handle {
    sqlite3_file base;
    struct dfile *file;
    bool delete_on_close;
};

static struct disk *the_disk;

static struct dfile *file_of(sqlite3_file *h) {
    return ((struct handle *)h)->file;
}

static int x_close(sqlite3_file *h) {
    struct dfile *f = file_of(h);
    if (f != NULL) {
        f->handles--;
        if (((struct handle *)h)->delete_on_close) {
            disk_unlink(f, false);
        }
    }
    return SQLITE_OK;
}

static int x_read(sqlite3_file *h, void *buf, int n, sqlite3_int64 at) {
    struct dfile *f = file_of(h);
    if (disk_fault(f->disk, DISK_READ)) {
        return SQLITE_IOERR_READ;
    }
    size_t have = (size_t)at < f->cache.n ? f->cache.n - (size_t)at : 0;
    have = have < (size_t)n ? have : (size_t)n;
    if (have > 0) {
        memcpy(buf, f->cache.p + at, have);
    }
    if (have < (size_t)n) {
        memset((char *)buf + have, 0, (size_t)n - have);
        return SQLITE_IOERR_SHORT_READ;
    }
    return SQLITE_OK;
}

static int x_write(sqlite3_file *h, const void *buf, int n, sqlite3_int64 at) {
    struct dfile *f = file_of(h);
    f->disk->stats.writes++;
    if (disk_fault(f->disk, DISK_WRITE)) {
        if (!f->disk->off) { /* a full disk takes a part */
            disk_write(f, (size_t)at, buf, rng_below(f->disk->rng, (uint64_t)n + 1));
        }
        return rng_chance(f->disk->rng, 500) ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    disk_write(f, (size_t)at, buf, (size_t)n);
    return disk_power_fails_now(f->disk) ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

static int x_truncate(sqlite3_file *h, sqlite3_int64 n) {
    struct dfile *f = file_of(h);
    if (disk_fault(f->disk, DISK_WRITE)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    disk_truncate(f, (size_t)n);
    return SQLITE_OK;
}

static int x_sync(sqlite3_file *h, int flags) {
    (void)flags;
    struct dfile *f = file_of(h);
    f->disk->stats.syncs++;
    if (disk_fault(f->disk, DISK_SYNC)) {
        if (!f->disk->off) {
            disk_sync_fails(f);
        }
        return SQLITE_IOERR_FSYNC;
    }
    if (disk_power_fails_now(f->disk)) {
        return SQLITE_IOERR_FSYNC; /* before it was done; whether all of it is there is a lot */
    }
    disk_sync(f);
    return SQLITE_OK;
}

static int x_file_size(sqlite3_file *h, sqlite3_int64 *ret) {
    *ret = (sqlite3_int64)file_of(h)->cache.n;
    return SQLITE_OK;
}

static int x_lock(sqlite3_file *h, int level) {
    (void)h;
    (void)level;
    return SQLITE_OK;
}

static int x_check_reserved(sqlite3_file *h, int *ret) {
    (void)h;
    *ret = 0;
    return SQLITE_OK;
}

static int x_control(sqlite3_file *h, int op, void *arg) {
    (void)h;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int x_sector_size(sqlite3_file *h) {
    (void)h;
    return 4096;
}

static int x_characteristics(sqlite3_file *h) {
    (void)h;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as the unix VFS says */
}

static int x_shm_map(sqlite3_file *h, int region, int size, int extend, void volatile **ret) {
    struct dfile *f = file_of(h);
    *ret = NULL;
    if ((size_t)region >= f->n_shm) {
        if (!extend) {
            return SQLITE_OK;
        }
        f->shm = cleat_rearray(f->shm, (size_t)region + 1, sizeof *f->shm);
        while (f->n_shm <= (size_t)region) {
            f->shm[f->n_shm++] = cleat_zalloc((size_t)size);
        }
    }
    *ret = f->shm[region];
    return SQLITE_OK;
}

static int x_shm_lock(sqlite3_file *h, int offset, int n, int flags) {
    (void)h;
    (void)offset;
    (void)n;
    (void)flags;
    return SQLITE_OK;
}

static void x_shm_barrier(sqlite3_file *h) {
    (void)h;
}

static int x_shm_unmap(sqlite3_file *h, int remove) {
    (void)remove;
    struct dfile *f = file_of(h);
    for (size_t i = 0; i < f->n_shm; i++) {
        free(f->shm[i]);
    }
    free(f->shm);
    f->shm = NULL;
    f->n_shm = 0;
    return SQLITE_OK;
}

/* ---- the file system ---- */

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *h, int flags, int *ret_flags) {
    static const sqlite3_io_methods methods = {.iVersion = 2,
                                               .xClose = x_close,
                                               .xRead = x_read,
                                               .xWrite = x_write,
                                               .xTruncate = x_truncate,
                                               .xSync = x_sync,
                                               .xFileSize = x_file_size,
                                               .xLock = x_lock,
                                               .xUnlock = x_lock,
                                               .xCheckReservedLock = x_check_reserved,
                                               .xFileControl = x_control,
                                               .xSectorSize = x_sector_size,
                                               .xDeviceCharacteristics = x_characteristics,
                                               .xShmMap = x_shm_map,
                                               .xShmLock = x_shm_lock,
                                               .xShmBarrier = x_shm_barrier,
                                               .xShmUnmap = x_shm_unmap};
    struct disk *d = vfs->pAppData;
    struct handle *handle = (struct handle *)h;
    memset(handle, 0, sizeof *handle);
    if (d->off) {
        return SQLITE_CANTOPEN;
    }
    struct dfile *f = name != NULL ? disk_find(d, name) : NULL;
    if (f == NULL) {
        if ((flags & SQLITE_OPEN_CREATE) == 0) {
            return SQLITE_CANTOPEN;
        }
        f = disk_create(d, name != NULL ? name : "(temporary)");
    }
    f->handles++;
    handle->base.pMethods = &methods;
    handle->file = f;
    handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    if (ret_flags != NULL) {
        *ret_flags = flags;
    }
    return SQLITE_OK;
}

static int x_delete(sqlite3_vfs *vfs, const char *name, int sync_dir) {
    struct disk *d = vfs->pAppData;
    if (disk_fault(d, DISK_WRITE)) {
        return SQLITE_IOERR_DELETE;
    }
    struct dfile *f = disk_find(d, name);
    if (f == NULL) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    disk_unlink(f, sync_dir != 0);
    return SQLITE_OK;
}

static int x_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret) {
    struct disk *d = vfs->pAppData;
    if (d->off) {
        return SQLITE_IOERR_ACCESS;
    }
    struct dfile *f = disk_find(d, name);
    /* As unix: an empty file does not exist for SQLITE_ACCESS_EXISTS. */
    *ret = f != NULL && (flags != SQLITE_ACCESS_EXISTS || f->cache.n > 0);
    return SQLITE_OK;
}

static int x_full_path(sqlite3_vfs *vfs, const char *name, int n, char *out) {
    (void)vfs;
    sqlite3_snprintf(n, out, "%s", name);
    return SQLITE_OK;
}

static int x_randomness(sqlite3_vfs *vfs, int n, char *out) {
    struct disk *d = vfs->pAppData;
    for (int i = 0; i < n; i++) {
        out[i] = (char)rng_next(d->rng);
    }
    return n;
}

static int x_sleep(sqlite3_vfs *vfs, int us) {
    (void)vfs;
    return us;
}

static int x_time(sqlite3_vfs *vfs, sqlite3_int64 *ret) {
    (void)vfs;
    *ret = cleat_now_wall() / CLEAT_MS + 210866760000000;
    return SQLITE_OK;
}

static int x_last_error(sqlite3_vfs *vfs, int n, char *out) {
    (void)vfs;
    (void)n;
    (void)out;
    return 0;
}

void disk_register_vfs(struct disk *d) {
    static sqlite3_vfs vfs = {.iVersion = 2,
                              .szOsFile = sizeof(struct handle),
                              .mxPathname = 256,
                              .zName = "sim",
                              .xOpen = x_open,
                              .xDelete = x_delete,
                              .xAccess = x_access,
                              .xFullPathname = x_full_path,
                              .xRandomness = x_randomness,
                              .xSleep = x_sleep,
                              .xGetLastError = x_last_error,
                              .xCurrentTimeInt64 = x_time};
    cleat_assert(the_disk == NULL);
    the_disk = d;
    vfs.pAppData = d;
    cleat_assert(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}
