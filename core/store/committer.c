/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The committer: the one writer. Takes what waits, checks it against the newest
 * state, makes it durable in one transaction, publishes, acknowledges.
 */
#include <errno.h>
#include <time.h>

#include "core/store/internal.h"

enum {
    BATCH_OPS = 512,        /* in one transaction */
    BATCH_BYTES = 4 << 20,  /* about */
    DEAD_PER_COMMIT = 1024, /* rows removed beside them, at most */
    DEAD_LUMP = 1024,       /* a write takes them along from so many on: they cost pages */
    TRIM_PER_CHANGE = 4,    /* more than one, so that a backlog shrinks */
    GATHER_FROM = 8,        /* writes in a batch that make the next one wait for company */
    GATHER_NS = 1000000,    /* for this long at most */
    TICK_S = 10,            /* housekeeping while idle */
};

void cleat__store_dead(cleat_store *s, uint64_t revision) {
    if (s->n_dead == s->cap_dead) {
        s->cap_dead = s->cap_dead ? s->cap_dead * 2 : 64;
        s->dead = cleat_rearray(s->dead, s->cap_dead, sizeof *s->dead);
    }
    s->dead[s->n_dead++] = revision;
}

int cleat__store_trim(cleat_store *s, struct cleat__kind *k, int max) {
    int any = 0;
    for (int i = 0; i < max; i++) {
        uint64_t dead[2];
        int n = 0;
        if (!cleat_history_trim(&k->history, &s->opts, cleat_now_wall(), dead, &n)) {
            break;
        }
        any = 1;
        k->horizon_moved = true;
        for (int j = 0; j < n; j++) {
            cleat__store_dead(s, dead[j]);
        }
    }
    return any;
}

/* ---- one batch ---- */

/* What an accepted op did: for publication, or for nothing if the disk fails. */
struct done {
    struct cleat_op *op;
    struct cleat__kind *kind;
    cleat_obj *prev;
    int type;
};

static cleat_err check_create(cleat_store *s, struct cleat_op *op, struct cleat_index_key key,
                              const cleat_obj *now) {
    if (now != NULL) {
        return cleat_fail(&op->error, CLEAT_E_EXISTS, "\"%.*s\" already exists",
                          CLEAT_FMT(key.name));
    }
    if (op->within == 0) {
        return CLEAT_OK;
    }
    const cleat_obj *place =
        cleat_index_get(s->root, (struct cleat_index_key){op->within, {"", 0}, key.ns});
    return place != NULL && cleat_obj_revision(place) == op->expect
               ? CLEAT_OK
               : cleat_fail(&op->error, CLEAT_E_CONFLICT, "\"%.*s\" has changed",
                            CLEAT_FMT(key.ns));
}

static cleat_err check(cleat_store *s, struct cleat_op *op, struct cleat_index_key key) {
    const cleat_obj *now = cleat_index_get(s->root, key);
    if (op->type == CLEAT_OP_CREATE) {
        return check_create(s, op, key, now);
    }
    if (now == NULL) {
        return cleat_fail(&op->error, CLEAT_E_NOT_FOUND, "\"%.*s\" not found", CLEAT_FMT(key.name));
    }
    uint64_t revision = cleat_obj_revision(now);
    return revision == op->expect
               ? CLEAT_OK
               : cleat_fail(&op->error, CLEAT_E_CONFLICT, "revision is %llu, not %llu",
                            (unsigned long long)revision, (unsigned long long)op->expect);
}

static void fail_op(struct cleat_op *op, cleat_err err) {
    op->err = err;
    cleat_obj_unref(op->obj);
    op->obj = NULL;
}

/* Applies an op to the newest tree. false: it was refused. */
static bool apply(cleat_store *s, struct cleat_op *op, struct done *d) {
    op->error.struct_size = (uint32_t)sizeof op->error;
    struct cleat_index_key key = cleat_index_key_of(op->obj);
    struct cleat__kind *kind = cleat__store_kind_at(s, key.kind);
    cleat_assert(kind != NULL);
    cleat_err err = check(s, op, key);
    if (err != CLEAT_OK) {
        fail_op(op, err);
        return false;
    }
    op->obj = cleat_obj_set_revision(op->obj, ++s->revision);
    op->err = CLEAT_OK;
    *d = (struct done){.op = op, .kind = kind};
    if (op->type == CLEAT_OP_DELETE) {
        s->root = cleat_index_remove(s->root, s->batch, cleat_index_key_of(op->obj), &d->prev);
        d->type = CLEAT_EVENT_DELETED;
    } else {
        s->root = cleat_index_put(s->root, s->batch, op->obj, &d->prev);
        d->type = d->prev ? CLEAT_EVENT_MODIFIED : CLEAT_EVENT_ADDED;
    }
    return true;
}

/* Numbers that the backend does not know yet. */
static struct cleat_new_kind *unsaved_kinds(cleat_store *s, size_t *ret_n) {
    CLEAT_LOCKED(&s->kinds_mutex);
    struct cleat_new_kind *kinds = cleat_array(s->n_kinds, sizeof *kinds);
    *ret_n = 0;
    for (uint32_t i = 0; i < s->n_kinds; i++) {
        struct cleat__kind *k = s->kinds[i];
        if (k != NULL && k->unsaved) {
            kinds[(*ret_n)++] = (struct cleat_new_kind){k->id, cleat_s(k->resource)};
        }
    }
    return kinds;
}

static void kinds_saved(cleat_store *s, const struct cleat_new_kind *kinds, size_t n) {
    CLEAT_LOCKED(&s->kinds_mutex);
    for (size_t i = 0; i < n; i++) {
        s->kinds[kinds[i].id]->unsaved = false;
    }
}

static int by_revision(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static cleat_err write_rows(cleat_store *s, const struct done *done, size_t n, cleat_time now,
                            struct cleat_error *e) {
    size_t n_kinds;
    struct cleat_new_kind *kinds = unsaved_kinds(s, &n_kinds);
    struct cleat_row *rows = cleat_array(n, sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        const cleat_obj *o = done[i].op->obj;
        rows[i] = (struct cleat_row){.revision = cleat_obj_revision(o),
                                     .kind = done[i].kind->id,
                                     .deleted = done[i].type == CLEAT_EVENT_DELETED,
                                     .time = now,
                                     .ns = cleat_obj_ns(o),
                                     .name = cleat_obj_name(o),
                                     .data = cleat_obj_bytes(o)};
    }
    struct cleat_horizon *horizons = cleat_array(s->n_kinds, sizeof *horizons);
    size_t n_horizons = 0, n_dead = s->n_dead < DEAD_PER_COMMIT ? s->n_dead : DEAD_PER_COMMIT;
    for (uint32_t i = 0; i < s->n_kinds; i++) {
        struct cleat__kind *k = cleat__store_kind_at(s, i);
        if (k != NULL && k->horizon_moved) {
            horizons[n_horizons++] = (struct cleat_horizon){k->id, k->history.horizon};
        }
    }
    if (n > 0 && s->n_dead < DEAD_LUMP) {
        n_dead = n_horizons = 0;
    }
    if (n_dead > 0) { /* neighbours leave a page together */
        qsort(s->dead, n_dead, sizeof *s->dead, by_revision);
    }
    struct cleat_commit c = {.rows = rows,
                             .n_rows = n,
                             .dead = s->dead,
                             .n_dead = n_dead,
                             .kinds = kinds,
                             .n_kinds = n_kinds,
                             .horizons = horizons,
                             .n_horizons = n_horizons};
    cleat_err err = s->backend->ops->commit(s->backend, &c, e);
    if (err == CLEAT_OK) {
        kinds_saved(s, kinds, n_kinds);
        for (size_t i = 0; i < n_horizons; i++) {
            cleat__store_kind_at(s, horizons[i].kind)->horizon_moved = false;
        }
        s->n_dead -= n_dead;
        if (s->n_dead > 0) {
            memmove(s->dead, s->dead + n_dead, s->n_dead * sizeof *s->dead);
        }
    }
    free(kinds);
    free(horizons);
    free(rows);
    return err;
}

static void publish(cleat_store *s, struct done *done, size_t n, cleat_time now) {
    for (size_t i = 0; i < n; i++) {
        struct cleat__kind *k = done[i].kind;
        cleat_history_append(&k->history, done[i].type, done[i].op->obj, done[i].prev, now);
        cleat__store_trim(s, k, TRIM_PER_CHANGE);
        k->changed = true;
    }
    cleat_snapshot *next = cleat__snapshot_new(s->revision, cleat_index_ref(s->root)), *old;
    {
        CLEAT_LOCKED(&s->snapshot_mutex);
        old = s->snapshot;
        s->snapshot = next;
    }
    atomic_store_explicit(&s->published, s->revision, memory_order_release);
    s->batch++; /* the published nodes are shared now */
    cleat_snapshot_unref(old);
}

static void tell_subscribers(cleat_store *s, uint64_t revision) {
    uint32_t n_kinds = s->n_kinds; /* one added meanwhile has no change in this batch */
    uint32_t few[64], *kinds = n_kinds <= 64 ? few : cleat_array(n_kinds, sizeof *kinds);
    size_t n = 0;
    for (uint32_t i = 0; i < n_kinds; i++) {
        struct cleat__kind *k = cleat__store_kind_at(s, i);
        if (k != NULL && k->changed) {
            k->changed = false;
            kinds[n++] = i;
        }
    }
    {
        CLEAT_LOCKED(&s->subs_mutex);
        for (struct cleat__sub *sub = s->subs; sub != NULL; sub = sub->next) {
            sub->fn(sub->userdata, kinds, n, revision);
        }
    }
    if (kinds != few) {
        free(kinds);
    }
}

/* The disk refused: nothing of the batch has happened. What was refused meanwhile
 * may have been so because of it, so nothing better can be said of that either. */
static void roll_back(cleat_store *s, struct cleat_op *ops, const struct cleat_error *e) {
    cleat_index_unref(s->root);
    s->root = cleat_index_ref(s->snapshot->root);
    s->revision = s->snapshot->revision;
    s->batch++;
    size_t n = 0;
    for (struct cleat_op *op = ops; op != NULL; op = op->next, n++) {
        fail_op(op, cleat_fail(&op->error, CLEAT_E_INTERNAL,
                               "Internal error occurred: cannot store: %s", e->message));
    }
    cleat_logf(CLEAT_LOG_ERROR, "store", "commit of %zu writes failed: %s", n, e->message);
}

static struct cleat_op *take_batch(cleat_store *s) {
    CLEAT_LOCKED(&s->queue_mutex);
    struct cleat_op *first = s->queue, **end = &s->queue;
    size_t n = 0, bytes = 0;
    while (*end != NULL && n < BATCH_OPS && bytes < BATCH_BYTES) {
        n++;
        bytes += cleat_obj_bytes((*end)->obj).n;
        end = &(*end)->next;
    }
    if (*end == NULL) {
        s->queue_tail = &s->queue;
    }
    s->queue = *end;
    s->queue_n -= n;
    *end = NULL;
    return n ? first : NULL;
}

static void run_batch(cleat_store *s, struct cleat_op *ops) {
    static const struct cleat_error no_error = CLEAT_ERROR_INIT;
    struct done done[BATCH_OPS];
    size_t n = 0;
    cleat_time now = cleat_now_wall();
    for (struct cleat_op *op = ops; op != NULL; op = op->next) {
        n += apply(s, op, &done[n]);
    }
    struct cleat_error e = no_error;
    bool failed = n > 0 && write_rows(s, done, n, now, &e) != CLEAT_OK;
    if (failed) {
        roll_back(s, ops, &e);
    } else if (n > 0) {
        publish(s, done, n, now);
    }
    uint64_t revision = s->revision;
    s->last_batch = n;
    for (size_t i = 0; i < n; i++) {
        cleat_obj_unref(done[i].prev);
    }
    for (struct cleat_op *op = ops, *next; op != NULL; op = next) {
        next = op->next; /* done may free it */
        op->done(op);
    }
    if (n > 0 && !failed) {
        tell_subscribers(s, revision);
    }
}

/* ---- housekeeping ---- */

/* Ages history out and removes dead rows while nobody writes. true = more to do now. */
static bool tick(cleat_store *s) {
    bool more = false;
    for (uint32_t i = 0; i < s->n_kinds; i++) {
        struct cleat__kind *k = cleat__store_kind_at(s, i);
        more |= k != NULL && cleat__store_trim(s, k, 256);
    }
    cleat__store_expire_pins(s);
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (s->n_dead > 0) {
        if (write_rows(s, NULL, 0, cleat_now_wall(), &e) != CLEAT_OK) {
            cleat_logf(CLEAT_LOG_WARN, "store", "compaction failed, retrying later: %s", e.message);
            return false;
        }
        more |= s->n_dead > 0;
    }
    return s->backend->ops->maintain(s->backend) || more;
}

/* The last of a store: what is left of dead rows goes, and nothing stays behind of them. */
void cleat__store_compact(cleat_store *s) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (s->n_dead > 0 && write_rows(s, NULL, 0, cleat_now_wall(), &e) != CLEAT_OK) {
        cleat_logf(CLEAT_LOG_WARN, "store", "compaction failed: %s", e.message);
    }
}

int cleat_store_step(cleat_store *s) {
    cleat_time now = cleat_now_mono();
    bool due = now >= s->next_tick;
    /* Writers that never pause must not starve housekeeping: one turn each. */
    struct cleat_op *ops = due && s->wrote_last ? NULL : take_batch(s);
    s->wrote_last = ops != NULL;
    if (ops != NULL) {
        run_batch(s, ops);
        return 1;
    }
    if (!due) {
        return 0;
    }
    if (!tick(s)) {
        s->next_tick = now + TICK_S * CLEAT_SECOND;
    }
    return 1;
}

/*
 * While many write, those who were just answered write again at once: a moment's
 * wait brings as many together as last time, instead of a commit for the first
 * few. That halves the CPU of a write, and its latency as well. Whoever writes
 * alone never waits.
 */
static void gather(cleat_store *s) {
    if (s->last_batch < GATHER_FROM) {
        return;
    }
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    ts.tv_nsec += GATHER_NS;
    if (ts.tv_nsec >= CLEAT_SECOND) {
        ts.tv_sec++;
        ts.tv_nsec -= CLEAT_SECOND;
    }
    CLEAT_LOCKED(&s->queue_mutex);
    s->queue_enough = s->last_batch;
    while (s->queue_n < s->queue_enough && !s->stopping) {
        if (pthread_cond_timedwait(&s->queue_cond, &s->queue_mutex, &ts) == ETIMEDOUT) {
            break;
        }
    }
    s->queue_enough = 1;
}

static void *committer(void *arg) {
    cleat_store *s = arg;
    for (;;) {
        if (cleat_store_step(s)) {
            gather(s);
            continue;
        }
        CLEAT_LOCKED(&s->queue_mutex);
        while (s->queue == NULL && !s->stopping) {
            struct timespec ts;
            clock_gettime(CLOCK_MONOTONIC, &ts);
            ts.tv_sec += TICK_S;
            if (pthread_cond_timedwait(&s->queue_cond, &s->queue_mutex, &ts) == ETIMEDOUT) {
                break;
            }
        }
        if (s->queue == NULL && s->stopping) {
            return NULL;
        }
    }
}

void cleat__committer_start(cleat_store *s) {
    s->thread = cleat_thread_start("committer", committer, s);
}

void cleat__committer_stop(cleat_store *s) {
    {
        CLEAT_LOCKED(&s->queue_mutex);
        s->stopping = true;
        pthread_cond_signal(&s->queue_cond);
    }
    pthread_join(s->thread, NULL);
}

/* ---- submitting ---- */

void cleat_store_submit(cleat_store *s, struct cleat_op *op) {
    op->next = NULL;
    CLEAT_LOCKED(&s->queue_mutex);
    *s->queue_tail = op;
    s->queue_tail = &op->next;
    if (++s->queue_n == s->queue_enough && !s->opts.manual) {
        pthread_cond_signal(&s->queue_cond);
    }
}

static void wake(struct cleat_op *op) {
    cleat_event_set(op->userdata);
}

cleat_err cleat_store_write(cleat_store *s, struct cleat_op *op) {
    struct cleat_event ev;
    cleat_event_init(&ev);
    op->done = wake;
    op->userdata = &ev;
    cleat_store_submit(s, op);
    cleat_event_wait(&ev, -1);
    return op->err;
}
