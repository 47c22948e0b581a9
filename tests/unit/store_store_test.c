/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store over both backends on one thread: the tree against a plain array
 * with snapshots kept, preconditions, watches, restart, and housekeeping.
 */
#include <unistd.h>

#include "core/store/store.h"
#include "tests/support/kt.h"

enum { KEYS = 700, ROUNDS = 12000, KEPT = 24 };

static cleat_obj *make(uint32_t kind, const char *ns, const char *name) {
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\","
                      "\"resourceVersion\":\"1\"}}",
                      name, ns);
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e)) {
        cleat_obj_stamp_kind(o, kind);
    }
    return o;
}

static void finished(struct cleat_op *op) {
    *(bool *)op->userdata = true;
}

/* One write of a manual store. *ret_revision: of the stored object. */
static cleat_err put(cleat_store *s, int type, uint64_t expect, cleat_obj *o,
                     uint64_t *ret_revision) {
    bool done = false;
    struct cleat_op op = {
        .type = type, .expect = expect, .obj = o, .done = finished, .userdata = &done};
    cleat_store_submit(s, &op);
    while (!done) {
        cleat_store_step(s);
    }
    if (op.err == CLEAT_OK) {
        *ret_revision = cleat_obj_revision(op.obj);
        cleat_obj_unref(op.obj);
    }
    cleat_error_clear(&op.error);
    return op.err;
}

struct kept {
    cleat_snapshot *sn;
    uint64_t revisions[KEYS];
};

/* Keys are in order of i: "n0".."n6" hold a hundred each. */
static cleat_obj *make_key(uint32_t kind, int i) {
    char ns[16], name[16];
    snprintf(ns, sizeof ns, "n%d", i / 100);
    snprintf(name, sizeof name, "x%02d", i % 100);
    return make(kind, ns, name);
}

static void check(const struct kept *k, uint32_t kind) {
    size_t n = 0, in_n3 = 0;
    bool same = true;
    struct cleat_range r;
    cleat_range_init(&r, k->sn, kind, (struct cleat_str){NULL, 0});
    for (int i = 0; i < KEYS; i++) {
        if (k->revisions[i] != 0) {
            const cleat_obj *o = cleat_range_next(&r);
            same = same && o != NULL && cleat_obj_revision(o) == k->revisions[i];
            n++;
            in_n3 += i / 100 == 3;
        }
    }
    KT_TRUE(same);
    KT_TRUE(cleat_range_next(&r) == NULL);
    KT_EQ_INT(cleat_snapshot_count(k->sn, kind, (struct cleat_str){NULL, 0}), n);
    KT_EQ_INT(cleat_snapshot_count(k->sn, kind, cleat_s("n3")), in_n3);
}

static void random_writes_match_a_model_and_kept_snapshots_stay(void) {
    cleat_random_seed(7);
    cleat_store *s = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {.manual = true, .history_events = 100};
    KT_REQUIRE_OK(cleat_store_open(cleat_backend_memory(), &opts, &s, &e), &e);
    uint32_t kind = cleat_store_kind(s, "things");
    struct kept *kept = cleat_array(KEPT + 1, sizeof *kept), *now = &kept[KEPT];
    for (int i = 0; i < ROUNDS; i++) {
        int key = (int)(cleat_random() % KEYS);
        uint64_t *at = &now->revisions[key], revision = 0;
        int type = *at == 0             ? CLEAT_OP_CREATE
                   : cleat_random() % 2 ? CLEAT_OP_DELETE
                                        : CLEAT_OP_UPDATE;
        KT_EQ_INT(put(s, type, *at, make_key(kind, key), &revision), CLEAT_OK);
        KT_EQ_INT(revision, i + 1);
        *at = type == CLEAT_OP_DELETE ? 0 : revision;
        if (i % (ROUNDS / KEPT) == 0) {
            struct kept *k = &kept[i / (ROUNDS / KEPT)];
            *k = *now;
            k->sn = cleat_store_snapshot(s);
        }
    }
    now->sn = cleat_store_snapshot(s);
    for (int i = 0; i <= KEPT; i++) {
        check(&kept[i], kind);
        cleat_snapshot_unref(kept[i].sn);
    }
    free(kept);
    cleat_store_close(s);
}

static void preconditions_hold_within_a_batch(void) {
    cleat_store *s = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {.manual = true};
    KT_REQUIRE_OK(cleat_store_open(cleat_backend_memory(), &opts, &s, &e), &e);
    uint32_t kind = cleat_store_kind(s, "things");
    const struct {
        int type;
        uint64_t expect;
        cleat_err want;
    } all[] = {{CLEAT_OP_UPDATE, 1, CLEAT_E_NOT_FOUND}, {CLEAT_OP_CREATE, 0, CLEAT_OK},
               {CLEAT_OP_CREATE, 0, CLEAT_E_EXISTS},    {CLEAT_OP_UPDATE, 1, CLEAT_OK},
               {CLEAT_OP_UPDATE, 1, CLEAT_E_CONFLICT},  {CLEAT_OP_DELETE, 1, CLEAT_E_CONFLICT},
               {CLEAT_OP_DELETE, 2, CLEAT_OK},          {CLEAT_OP_DELETE, 2, CLEAT_E_NOT_FOUND}};
    enum { N = sizeof all / sizeof *all };
    struct cleat_op ops[N] = {0};
    bool done[N] = {0};
    for (size_t i = 0; i < N; i++) {
        ops[i] = (struct cleat_op){.type = all[i].type,
                                   .expect = all[i].expect,
                                   .obj = make(kind, "a", "b"),
                                   .done = finished,
                                   .userdata = &done[i]};
        cleat_store_submit(s, &ops[i]);
    }
    KT_EQ_INT(cleat_store_step(s), 1);
    for (size_t i = 0; i < N; i++) {
        KT_TRUE(done[i]);
        KT_EQ_INT(ops[i].err, all[i].want);
        KT_TRUE((ops[i].obj != NULL) == (all[i].want == CLEAT_OK));
        cleat_obj_unref(ops[i].obj);
        cleat_error_clear(&ops[i].error);
    }
    KT_EQ_INT(cleat_store_revision(s), 3);
    cleat_store_close(s);
}

static void a_restart_keeps_objects_history_and_the_revision(void) {
    char *dir = kt_tmpdir();
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/db", dir);
    struct cleat_store_opts opts = {.manual = true, .history_events = 10};
    struct cleat_error e = CLEAT_ERROR_INIT;
    uint64_t revision = 0;
    for (uint64_t turn = 0; turn < 3; turn++) {
        struct cleat_backend *b = NULL, *second = NULL;
        cleat_store *s = NULL;
        KT_REQUIRE_OK(cleat_backend_sqlite(path, NULL, &b, &e), &e);
        KT_TRUE(cleat_backend_sqlite(path, NULL, &second, NULL) != CLEAT_OK);
        KT_REQUIRE_OK(cleat_store_open(b, &opts, &s, &e), &e);
        KT_EQ_INT(cleat_store_kind(s, "things"), 1);
        KT_EQ_INT(cleat_store_revision(s), revision);
        for (int i = 0; i < 50; i++) {
            KT_EQ_INT(put(s, i || turn ? CLEAT_OP_UPDATE : CLEAT_OP_CREATE, revision,
                          make(1, "a", "b"), &revision),
                      CLEAT_OK);
        }
        cleat_cursor *c = NULL;
        KT_EQ_INT(cleat_cursor_open(s, 1, revision - 11, &c, &e), CLEAT_E_EXPIRED);
        KT_REQUIRE_OK(cleat_cursor_open(s, 1, revision - 10, &c, &e), &e);
        struct cleat_change out[16];
        uint64_t upto = 0;
        int n = cleat_cursor_read(c, out, 16, &upto);
        KT_EQ_INT(n, 10);
        KT_EQ_INT(upto, revision);
        for (int i = 0; i < n; i++) {
            KT_EQ_INT(out[i].revision, revision - 9 + (uint64_t)i);
            KT_EQ_INT(cleat_obj_revision(out[i].prev), out[i].revision - 1);
            cleat_obj_unref(out[i].obj);
            cleat_obj_unref(out[i].prev);
        }
        cleat_cursor_close(c);
        cleat_store_close(s);
    }
    kt_rmdir(dir);
}

/* A backend that counts how often it gets to keep house. */
static int n_maintained;
static const struct cleat_backend_ops *plain_ops;
static bool count_maintain(struct cleat_backend *b) {
    n_maintained++;
    return plain_ops->maintain(b);
}

static void writers_that_never_pause_do_not_starve_housekeeping(void) {
    cleat_store *s = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {.manual = true};
    struct cleat_backend *b = cleat_backend_memory();
    plain_ops = b->ops;
    struct cleat_backend_ops ops = *b->ops;
    ops.maintain = count_maintain;
    b->ops = &ops;
    KT_REQUIRE_OK(cleat_store_open(b, &opts, &s, &e), &e);
    uint32_t kind = cleat_store_kind(s, "things");
    bool done[2] = {false, false};
    struct cleat_op op[2];
    n_maintained = 0;
    for (int i = 0; i < 100; i++) { /* the next write waits before the step of this one */
        char name[16];
        snprintf(name, sizeof name, "x%d", i);
        struct cleat_op *o = &op[i % 2];
        if (i >= 2) {
            while (!done[i % 2]) {
                cleat_store_step(s);
            }
            KT_EQ_INT(o->err, CLEAT_OK);
            cleat_obj_unref(o->obj);
        }
        done[i % 2] = false;
        *o = (struct cleat_op){.type = CLEAT_OP_CREATE,
                               .obj = make(kind, "a", name),
                               .done = finished,
                               .userdata = &done[i % 2]};
        cleat_store_submit(s, o);
        if (i == 49) {
            cleat_clock_advance(11 * CLEAT_SECOND);
        }
    }
    while (!done[0] || !done[1]) {
        cleat_store_step(s);
    }
    cleat_obj_unref(op[0].obj);
    cleat_obj_unref(op[1].obj);
    KT_TRUE(n_maintained >= 2); /* after the start, and 11 s later */
    cleat_store_close(s);
}

int main(int argc, char **argv) {
    static const struct kt_test tests[] = {
        KT_TEST(random_writes_match_a_model_and_kept_snapshots_stay),
        KT_TEST(preconditions_hold_within_a_batch),
        KT_TEST(a_restart_keeps_objects_history_and_the_revision),
        KT_TEST(writers_that_never_pause_do_not_starve_housekeeping),
    };
    cleat_clock_virtual(1700000000 * CLEAT_SECOND);
    return kt_main(argc, argv, "store", tests, sizeof tests / sizeof *tests);
}
