/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite in WAL mode: one table that is a log by revision, so that inserts are
 * appends and compaction deletes by primary key. Used by the committer's thread;
 * a checkpointer with a connection of its own moves the WAL into the file.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/store/backend.h"

enum {
    APPLICATION_ID = 0x434c4154, /* "CLAT" */
    SCHEMA_VERSION = 1,
    /* Of a new database. Each commit writes some pages whole, of which small rows fill
     * little, and a row of a little more than a page takes no second one. */
    PAGE_SIZE = 4096,
    CHECKPOINT_FRAMES = 1024,      /* 4 MiB of WAL: the checkpointer is woken */
    CHECKPOINT_FRAMES_MAX = 16384, /* 64 MiB: the committer helps, so that the WAL restarts */
    VACUUM_PAGES = 128,            /* given back in one step */
    VACUUM_MIN_FREE = 512,         /* free pages that are kept for reuse */
};

struct sqlite_backend {
    struct cleat_backend base;
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *rollback, *insert, *remove, *horizon, *revision, *kind;
    int lock_fd;
    bool own_vfs; /* a simulator's: no threads, no shared memory */
    bool scrubs;  /* the file is written anew when it is closed */
    _Atomic int frames;

    pthread_mutex_t mutex; /* guards the rest */
    pthread_cond_t cond;
    sqlite3 *checkpoint_db;
    pthread_t checkpointer;
    bool has_checkpointer, wanted, stopping;
};

static cleat_err sql_fail(sqlite3 *db, struct cleat_error *e, const char *what) {
    return cleat_fail(e, CLEAT_E_IO, "%s: %s", what, db ? sqlite3_errmsg(db) : "out of memory");
}

static cleat_err exec(sqlite3 *db, const char *sql, struct cleat_error *e) {
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? CLEAT_OK : sql_fail(db, e, sql);
}

static cleat_err query_int(sqlite3 *db, const char *sql, int64_t *ret, struct cleat_error *e) {
    sqlite3_stmt *st = NULL;
    cleat_err err = CLEAT_OK;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) {
        return sql_fail(db, e, sql);
    }
    if (sqlite3_step(st) == SQLITE_ROW) {
        *ret = sqlite3_column_int64(st, 0);
    } else {
        err = sql_fail(db, e, sql);
    }
    sqlite3_finalize(st);
    return err;
}

/* Steps a statement that returns no rows, and makes it ready for the next time. */
static int run(sqlite3_stmt *st) {
    int rc = sqlite3_step(st);
    int reset = sqlite3_reset(st);
    return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : reset != SQLITE_OK ? reset : rc;
}

static void bind_str(sqlite3_stmt *st, int at, struct cleat_str s) {
    sqlite3_bind_text(st, at, s.n ? s.p : "", (int)s.n, SQLITE_STATIC);
}

/* ---- checkpoints ---- */

static int on_wal(void *ud, sqlite3 *db, const char *name, int frames) {
    (void)db;
    (void)name;
    atomic_store(&((struct sqlite_backend *)ud)->frames, frames);
    return SQLITE_OK;
}

static void *checkpointer(void *arg) {
    struct sqlite_backend *b = arg;
    pthread_mutex_lock(&b->mutex);
    while (!b->stopping) {
        if (!b->wanted) {
            pthread_cond_wait(&b->cond, &b->mutex);
            continue;
        }
        b->wanted = false;
        pthread_mutex_unlock(&b->mutex);
        /* PASSIVE waits for nobody. What it leaves, the next one takes. */
        sqlite3_wal_checkpoint_v2(b->checkpoint_db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        pthread_mutex_lock(&b->mutex);
    }
    pthread_mutex_unlock(&b->mutex);
    return NULL;
}

static void after_commit(struct sqlite_backend *b) {
    int frames = atomic_load(&b->frames);
    if (frames < CHECKPOINT_FRAMES) {
        return;
    }
    if (!b->has_checkpointer) {
        return; /* maintain() does it */
    }
    if (frames >= CHECKPOINT_FRAMES_MAX) {
        sqlite3_wal_checkpoint_v2(b->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        return;
    }
    CLEAT_LOCKED(&b->mutex);
    b->wanted = true;
    pthread_cond_signal(&b->cond);
}

static bool maintain(struct cleat_backend *base) {
    struct sqlite_backend *b = (struct sqlite_backend *)base;
    if (atomic_load(&b->frames) > 0) {
        int left = 0, moved = 0;
        sqlite3_wal_checkpoint_v2(b->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &left, &moved);
        if (left == moved) {
            atomic_store(&b->frames, 0);
        }
    }
    int64_t free_pages = 0;
    if (query_int(b->db, "PRAGMA freelist_count", &free_pages, NULL) != CLEAT_OK ||
        free_pages <= VACUUM_MIN_FREE) {
        return false;
    }
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%d)", VACUUM_PAGES);
    return exec(b->db, sql, NULL) == CLEAT_OK && free_pages - VACUUM_PAGES > VACUUM_MIN_FREE;
}

/* ---- loading ---- */

static struct cleat_str column_str(sqlite3_stmt *st, int i) {
    const char *p = (const char *)sqlite3_column_blob(st, i);
    return (struct cleat_str){p ? p : "", p ? (size_t)sqlite3_column_bytes(st, i) : 0};
}

static cleat_err each(sqlite3 *db, const char *sql, cleat_err (*fn)(void *ctx, sqlite3_stmt *st),
                      void *ctx, struct cleat_error *e) {
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) {
        return sql_fail(db, e, sql);
    }
    cleat_err err = CLEAT_OK;
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW && err == CLEAT_OK) {
        err = fn(ctx, st);
    }
    if (err == CLEAT_OK && rc != SQLITE_DONE) {
        err = sql_fail(db, e, "reading the database");
    }
    sqlite3_finalize(st);
    return err;
}

struct loader {
    cleat_err (*kind)(void *, uint32_t, struct cleat_str, uint64_t);
    cleat_err (*row)(void *, const struct cleat_row *);
    void *ud;
};

static cleat_err load_kind(void *ctx, sqlite3_stmt *st) {
    struct loader *l = ctx;
    return l->kind(l->ud, (uint32_t)sqlite3_column_int64(st, 0), column_str(st, 1),
                   (uint64_t)sqlite3_column_int64(st, 2));
}

static cleat_err load_row(void *ctx, sqlite3_stmt *st) {
    struct loader *l = ctx;
    struct cleat_row row = {.revision = (uint64_t)sqlite3_column_int64(st, 0),
                            .kind = (uint32_t)sqlite3_column_int64(st, 1),
                            .time = sqlite3_column_int64(st, 2),
                            .deleted = sqlite3_column_int(st, 3) != 0,
                            .ns = column_str(st, 4),
                            .name = column_str(st, 5),
                            .data = column_str(st, 6)};
    return l->row(l->ud, &row);
}

static cleat_err load(struct cleat_backend *base,
                      cleat_err (*kind)(void *, uint32_t, struct cleat_str, uint64_t),
                      cleat_err (*row)(void *, const struct cleat_row *), void *ud,
                      uint64_t *ret_revision, struct cleat_error *e) {
    struct sqlite_backend *b = (struct sqlite_backend *)base;
    struct loader l = {kind, row, ud};
    CLEAT_TRY(each(b->db, "SELECT id, resource, horizon FROM kinds ORDER BY id", load_kind, &l, e));
    CLEAT_TRY(each(b->db, "SELECT rev, kind, time, deleted, ns, name, data FROM log ORDER BY rev",
                   load_row, &l, e));
    int64_t revision = 0;
    CLEAT_TRY(query_int(b->db,
                        "SELECT max((SELECT value FROM meta WHERE key = 'revision'),"
                        " coalesce((SELECT max(rev) FROM log), 0))",
                        &revision, e));
    *ret_revision = (uint64_t)revision;
    sqlite3_db_release_memory(b->db);
    return CLEAT_OK;
}

/* ---- writing ---- */

static int insert_kinds(struct sqlite_backend *b, const struct cleat_commit *c) {
    int rc = SQLITE_OK;
    for (size_t i = 0; i < c->n_kinds && rc == SQLITE_OK; i++) {
        sqlite3_bind_int64(b->kind, 1, c->kinds[i].id);
        bind_str(b->kind, 2, c->kinds[i].resource);
        rc = run(b->kind);
    }
    return rc;
}

static int insert_rows(struct sqlite_backend *b, const struct cleat_commit *c) {
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct cleat_row *r = &c->rows[i];
        sqlite3_bind_int64(b->insert, 1, (int64_t)r->revision);
        sqlite3_bind_int64(b->insert, 2, r->kind);
        sqlite3_bind_int64(b->insert, 3, r->time);
        sqlite3_bind_int(b->insert, 4, r->deleted);
        bind_str(b->insert, 5, r->ns);
        bind_str(b->insert, 6, r->name);
        if (r->data.n > 0 && r->data.p[0] == '{') {
            bind_str(b->insert, 7, r->data);
        } else { /* encrypted: bytes, not text */
            sqlite3_bind_blob(b->insert, 7, r->data.p, (int)r->data.n, SQLITE_STATIC);
        }
        int rc = run(b->insert);
        if (rc != SQLITE_OK) {
            return rc;
        }
    }
    return SQLITE_OK;
}

static int remove_rows(struct sqlite_backend *b, const struct cleat_commit *c) {
    int rc = SQLITE_OK;
    for (size_t i = 0; i < c->n_dead && rc == SQLITE_OK; i++) {
        sqlite3_bind_int64(b->remove, 1, (int64_t)c->dead[i]);
        rc = run(b->remove);
    }
    for (size_t i = 0; i < c->n_horizons && rc == SQLITE_OK; i++) {
        sqlite3_bind_int64(b->horizon, 1, (int64_t)c->horizons[i].revision);
        sqlite3_bind_int64(b->horizon, 2, c->horizons[i].kind);
        rc = run(b->horizon);
    }
    if (c->n_dead > 0 && rc == SQLITE_OK) {
        /* The newest revision must outlive its row. */
        uint64_t newest = c->n_rows > 0 ? c->rows[c->n_rows - 1].revision : 0;
        for (size_t i = 0; i < c->n_dead; i++) {
            newest = c->dead[i] > newest ? c->dead[i] : newest;
        }
        sqlite3_bind_int64(b->revision, 1, (int64_t)newest);
        rc = run(b->revision);
    }
    return rc;
}

static cleat_err commit(struct cleat_backend *base, const struct cleat_commit *c,
                        struct cleat_error *e) {
    struct sqlite_backend *b = (struct sqlite_backend *)base;
    if (run(b->begin) != SQLITE_OK) {
        return sql_fail(b->db, e, "begin");
    }
    if (insert_kinds(b, c) != SQLITE_OK || insert_rows(b, c) != SQLITE_OK ||
        remove_rows(b, c) != SQLITE_OK || run(b->commit) != SQLITE_OK) {
        cleat_err err = sql_fail(b->db, e, "commit");
        run(b->rollback); /* SQLite may have rolled back by itself */
        return err;
    }
    after_commit(b);
    return CLEAT_OK;
}

static uint64_t size_bytes(struct cleat_backend *base) {
    struct sqlite_backend *b = (struct sqlite_backend *)base;
    int64_t pages = 0, size = 0;
    query_int(b->db, "PRAGMA page_count", &pages, NULL);
    query_int(b->db, "PRAGMA page_size", &size, NULL);
    return (uint64_t)pages * (uint64_t)size;
}

/* ---- traces ---- */

/* When SQLite balances pages, parts of what it moves stay in their unused space, and secure_delete
 * does not reach them. */
static bool write_anew(struct sqlite_backend *b) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (exec(b->db, "VACUUM", &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "store", "traces of plain rows may be left: %s", e.message);
        return false;
    }
    return true;
}

/* The mark outlives a crash: whoever finds no plain row any more cleans up after it. */
static void scrub(struct cleat_backend *base, bool plain) {
    struct sqlite_backend *b = (struct sqlite_backend *)base;
    struct cleat_error e = CLEAT_ERROR_INIT;
    int64_t marked = 0;
    cleat_err err = query_int(b->db, "SELECT count(*) FROM meta WHERE key = 'scrub'", &marked, &e);
    if (err == CLEAT_OK && plain && !marked) {
        err = exec(b->db, "INSERT INTO meta VALUES('scrub', 1)", &e);
    } else if (err == CLEAT_OK && !plain && marked && write_anew(b)) {
        err = exec(b->db, "DELETE FROM meta WHERE key = 'scrub'", &e);
    }
    if (err != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "store", "traces of plain rows may be left: %s", e.message);
    }
    b->scrubs = plain;
}

/* ---- opening and closing ---- */

static void close_backend(struct cleat_backend *base) {
    struct sqlite_backend *b = (struct sqlite_backend *)base;
    if (b->has_checkpointer) {
        {
            CLEAT_LOCKED(&b->mutex);
            b->stopping = true;
            pthread_cond_signal(&b->cond);
        }
        pthread_join(b->checkpointer, NULL);
    }
    sqlite3_close(b->checkpoint_db);
    if (b->scrubs) {
        write_anew(b);
    }
    sqlite3_stmt *all[] = {b->begin,  b->commit,  b->rollback, b->insert,
                           b->remove, b->horizon, b->revision, b->kind};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        sqlite3_finalize(all[i]);
    }
    sqlite3_close(b->db);
    if (b->lock_fd >= 0) {
        close(b->lock_fd);
    }
    pthread_cond_destroy(&b->cond);
    pthread_mutex_destroy(&b->mutex);
    free(b);
}

static cleat_err take_lock(struct sqlite_backend *b, const char *path, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *lock = cleat_sprintf("%s.lock", path);
    b->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (b->lock_fd < 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", lock, strerror(errno));
    }
    if (flock(b->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s is in use by another process", path);
    }
    /* SQLite makes its other files with the mode of the first. */
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", path, strerror(errno));
    }
    close(fd);
    return CLEAT_OK;
}

static cleat_err check_schema(struct sqlite_backend *b, const char *path, struct cleat_error *e) {
    int64_t id = 0, version = 0;
    CLEAT_TRY(query_int(b->db, "PRAGMA application_id", &id, e));
    CLEAT_TRY(query_int(b->db, "PRAGMA user_version", &version, e));
    if (id == 0 && version == 0) {
        char sql[160];
        snprintf(sql, sizeof sql,
                 "PRAGMA page_size = %d; PRAGMA auto_vacuum = INCREMENTAL;"
                 "PRAGMA application_id = %d; PRAGMA user_version = %d",
                 PAGE_SIZE, APPLICATION_ID, SCHEMA_VERSION);
        return exec(b->db, sql, e);
    }
    if (id != APPLICATION_ID) {
        return cleat_fail(e, CLEAT_E_IO, "%s is another program's database", path);
    }
    if (version > SCHEMA_VERSION) {
        return cleat_fail(e, CLEAT_E_IO, "%s has schema version %lld; this cleatd knows up to %d",
                          path, (long long)version, SCHEMA_VERSION);
    }
    return CLEAT_OK;
}

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS kinds(id INTEGER PRIMARY KEY, resource TEXT NOT NULL UNIQUE,"
    " horizon INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE IF NOT EXISTS log(rev INTEGER PRIMARY KEY, kind INTEGER NOT NULL,"
    " time INTEGER NOT NULL, deleted INTEGER NOT NULL, ns TEXT NOT NULL, name TEXT NOT NULL,"
    " data TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO meta VALUES('revision', 0);";

static cleat_err prepare_all(struct sqlite_backend *b, struct cleat_error *e) {
    const struct {
        sqlite3_stmt **st;
        const char *sql;
    } all[] = {
        {&b->begin, "BEGIN IMMEDIATE"},
        {&b->commit, "COMMIT"},
        {&b->rollback, "ROLLBACK"},
        {&b->insert, "INSERT INTO log VALUES(?, ?, ?, ?, ?, ?, ?)"},
        {&b->remove, "DELETE FROM log WHERE rev = ?"},
        {&b->horizon, "UPDATE kinds SET horizon = max(horizon, ?) WHERE id = ?"},
        {&b->revision, "UPDATE meta SET value = max(value, ?) WHERE key = 'revision'"},
        {&b->kind, "INSERT INTO kinds(id, resource) VALUES(?, ?)"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (sqlite3_prepare_v3(b->db, all[i].sql, -1, SQLITE_PREPARE_PERSISTENT, all[i].st, NULL) !=
            SQLITE_OK) {
            return sql_fail(b->db, e, all[i].sql);
        }
    }
    return CLEAT_OK;
}

static cleat_err open_db(struct sqlite_backend *b, const char *path, const char *vfs,
                         struct cleat_error *e) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &b->db, flags, vfs) != SQLITE_OK) {
        return sql_fail(b->db, e, path);
    }
    sqlite3_extended_result_codes(b->db, 1);
    CLEAT_TRY(check_schema(b, path, e));
    if (b->own_vfs) {
        CLEAT_TRY(exec(b->db, "PRAGMA locking_mode = EXCLUSIVE", e));
    }
    CLEAT_TRY(exec(b->db,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                   "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -2048;"
                   "PRAGMA journal_size_limit = 16777216; PRAGMA temp_store = MEMORY;"
                   /* Debian's library has it on, and each page that is freed would be written
                    * once more; cleat_backend_sqlite_wipe is for who needs it */
                   "PRAGMA secure_delete = OFF",
                   e));
    sqlite3_wal_hook(b->db, on_wal, b);
    CLEAT_TRY(exec(b->db, schema, e));
    CLEAT_TRY(prepare_all(b, e));
    if (b->own_vfs) {
        return CLEAT_OK;
    }
    if (sqlite3_open_v2(path, &b->checkpoint_db, flags, vfs) != SQLITE_OK) {
        return sql_fail(b->checkpoint_db, e, path);
    }
    CLEAT_TRY(exec(b->checkpoint_db, "PRAGMA cache_size = -256; PRAGMA synchronous = FULL", e));
    b->checkpointer = cleat_thread_start("checkpointer", checkpointer, b);
    b->has_checkpointer = true;
    return CLEAT_OK;
}

cleat_err cleat_backend_sqlite(const char *path, const char *vfs, struct cleat_backend **ret,
                               struct cleat_error *e) {
    static const struct cleat_backend_ops ops = {load,       commit,        maintain,
                                                 size_bytes, close_backend, scrub};
    struct sqlite_backend *b = cleat_zalloc(sizeof *b);
    b->base.ops = &ops;
    b->lock_fd = -1;
    b->own_vfs = vfs != NULL;
    pthread_mutex_init(&b->mutex, NULL);
    pthread_cond_init(&b->cond, NULL);
    cleat_err err = b->own_vfs ? CLEAT_OK : take_lock(b, path, e);
    if (err == CLEAT_OK) {
        err = open_db(b, path, vfs, e);
    }
    if (err != CLEAT_OK) {
        close_backend(&b->base);
        return err;
    }
    *ret = &b->base;
    return CLEAT_OK;
}

void cleat_backend_sqlite_wipe(struct cleat_backend *b) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (exec(((struct sqlite_backend *)b)->db, "PRAGMA secure_delete = ON", &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "store", "removed rows are not overwritten: %s", e.message);
    }
}
