/* SPDX-License-Identifier: Apache-2.0 */
/* Encryption at rest: nothing plain in the files, rotation, and keys that do not fit. */
#include <dirent.h>
#include <unistd.h>

#include "core/store/seal.h"
#include "core/store/store.h"
#include "tests/support/kt.h"

#define PLAIN "the-very-secret-text"

/* "a" is a key of that name made of its letter, "-" is identity: "ab-". */
static struct cleat_sealing *sealing(const char *keys) {
    struct cleat_sealing *s = cleat_zalloc(sizeof *s);
    s->n = 1;
    s->rules = cleat_array(1, sizeof *s->rules);
    s->rules[0].resources = cleat_array(2, sizeof(char *));
    s->rules[0].resources[0] = cleat_strdup("secrets");
    s->rules[0].n_keys = strlen(keys);
    s->rules[0].keys = cleat_array(strlen(keys), sizeof *s->rules[0].keys);
    for (size_t i = 0; keys[i] != '\0'; i++) {
        struct cleat_seal_key *k = &s->rules[0].keys[i];
        k->name = keys[i] == '-' ? NULL : cleat_sprintf("%c", keys[i] | 32);
        k->n = 32;
        memset(k->bytes, keys[i], sizeof k->bytes);
    }
    return s;
}

static uint32_t events; /* of history; 0 = as always */

static cleat_err open_store(const char *dir, const char *keys, cleat_store **ret,
                            struct cleat_error *e) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/db", dir);
    const struct cleat_store_opts opts = {.manual = true, .history_events = events};
    struct cleat_backend *b = NULL;
    CLEAT_TRY(cleat_backend_sqlite(path, NULL, &b, e));
    if (keys != NULL) {
        cleat_backend_sqlite_wipe(b);
    }
    b = cleat_backend_sealed(b, keys != NULL ? sealing(keys) : NULL);
    return cleat_store_open(b, &opts, ret, e);
}

static void finished(struct cleat_op *op) {
    *(bool *)op->userdata = true;
}

static void write_one(cleat_store *s, const char *resource, const char *name, int type) {
    uint32_t kind = cleat_store_kind(s, resource);
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"ns\",\"resourceVersion\":"
                      "\"1\"},\"data\":\"" PLAIN "\"}",
                      name);
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    cleat_obj_stamp_kind(o, kind);
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(s);
    const cleat_obj *old = cleat_snapshot_get(sn, kind, CLEAT_STR("ns"), cleat_s(name));
    bool done = false;
    struct cleat_op op = {.type = type,
                          .expect = old != NULL ? cleat_obj_revision(old) : 0,
                          .obj = o,
                          .done = finished,
                          .userdata = &done,
                          .error = CLEAT_ERROR_INIT};
    cleat_store_submit(s, &op);
    while (!done) {
        cleat_store_step(s);
    }
    KT_OK(op.err, &op.error);
    cleat_obj_unref(op.obj);
}

static bool has(cleat_store *s, const char *resource, const char *name) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(s);
    const cleat_obj *o =
        cleat_snapshot_get(sn, cleat_store_kind(s, resource), CLEAT_STR("ns"), cleat_s(name));
    return o != NULL && cleat_eqc(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("data"))), PLAIN);
}

/* How often the text stands in any file of the folder. */
static size_t occurrences(const char *dir, const char *text) {
    size_t n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;) {
        CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/%s", dir, entry->d_name);
        CLEAT_AUTO_BUF all = {0};
        FILE *f = entry->d_type == DT_REG ? fopen(path, "re") : NULL;
        char block[4096];
        size_t got;
        while (f != NULL && (got = fread(block, 1, sizeof block, f)) > 0) {
            cleat_buf_add(&all, block, got);
        }
        if (f != NULL) {
            fclose(f);
        }
        for (const char *p = all.p;
             p != NULL && (p = memmem(p, (size_t)(all.p + all.n - p), text, strlen(text)));) {
            n++;
            p++;
        }
    }
    closedir(d);
    return n;
}

static void never_plain(void) {
    char *dir = kt_tmpdir();
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_store *s = NULL;
    KT_REQUIRE_OK(open_store(dir, "a-", &s, &e), &e);
    write_one(s, "secrets", "x", CLEAT_OP_CREATE);
    write_one(s, "secrets", "x", CLEAT_OP_UPDATE);
    write_one(s, "secrets", "y", CLEAT_OP_CREATE);
    write_one(s, "secrets", "y", CLEAT_OP_DELETE);
    KT_EQ_INT(occurrences(dir, PLAIN), 0);
    KT_TRUE(occurrences(dir, "k8s:enc:aesgcm:v1:a:") >= 4);
    write_one(s, "configmaps", "x", CLEAT_OP_CREATE); /* no rule names it */
    KT_TRUE(occurrences(dir, PLAIN) > 0);
    cleat_store_close(s);
    KT_REQUIRE_OK(open_store(dir, "a-", &s, &e), &e);
    KT_TRUE(has(s, "secrets", "x") && has(s, "configmaps", "x") && !has(s, "secrets", "y"));
    cleat_store_close(s);
    kt_rmdir(dir);
}

static void keys_that_do_not_fit(void) {
    static const char *const wrong[] = {"b", "b-", "-", "A", NULL};
    char *dir = kt_tmpdir();
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_store *s = NULL;
    KT_REQUIRE_OK(open_store(dir, "a", &s, &e), &e);
    write_one(s, "secrets", "x", CLEAT_OP_CREATE);
    cleat_store_close(s);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        KT_EQ_INT(open_store(dir, wrong[i], &s, &e), CLEAT_E_IO);
        KT_TRUE(strstr(e.message, "the database holds secrets ns/x") != NULL);
        KT_TRUE(strstr(e.message, "nothing was changed") != NULL);
    }
    KT_REQUIRE_OK(open_store(dir, "a", &s, &e), &e);
    KT_TRUE(has(s, "secrets", "x"));
    cleat_store_close(s);
    kt_rmdir(dir);
}

/* plain -> a -> b, each old way of writing dropped right after the rewrite. */
static void rotation(void) {
    static const struct {
        const char *keys;
        bool rewrite;
    } steps[] = {{"-", true},  {"a-", true}, {"a", false}, {"ba", true},
                 {"b", false}, {"-b", true}, {"-", false}};
    char *dir = kt_tmpdir();
    struct cleat_error e = CLEAT_ERROR_INIT;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        cleat_store *s = NULL;
        KT_REQUIRE_OK(open_store(dir, steps[i].keys, &s, &e), &e);
        KT_TRUE(i == 0 || has(s, "secrets", "x"));
        if (steps[i].rewrite) {
            write_one(s, "secrets", "x", i == 0 ? CLEAT_OP_CREATE : CLEAT_OP_UPDATE);
        }
        if (i == 1) { /* gone since: its old form stands in nobody's way */
            write_one(s, "secrets", "gone", CLEAT_OP_CREATE);
            write_one(s, "secrets", "gone", CLEAT_OP_DELETE);
        }
        cleat_store_close(s);
    }
    cleat_store *s = NULL;
    KT_REQUIRE_OK(open_store(dir, "-", &s, &e), &e);
    write_one(s, "secrets", "z", CLEAT_OP_CREATE); /* takes what was left out with it */
    KT_TRUE(has(s, "secrets", "x") && has(s, "secrets", "z"));
    /* What went by meanwhile cannot be watched any more, and that is said. */
    cleat_cursor *c = NULL;
    KT_EQ_INT(cleat_cursor_open(s, cleat_store_kind(s, "secrets"), 1, &c, &e), CLEAT_E_EXPIRED);
    cleat_store_close(s);
    KT_REQUIRE_OK(open_store(dir, "-", &s, &e), &e);
    KT_EQ_INT(cleat_cursor_open(s, cleat_store_kind(s, "secrets"), 1, &c, &e), CLEAT_E_EXPIRED);
    cleat_store_close(s);
    kt_rmdir(dir);
}

/* What was plain before is not there any more once it is rewritten and its history gone. Enough
 * of it, that pages are balanced as rows leave them. */
static void leaves_nothing_behind(void) {
    enum { N = 400 };
    char *dir = kt_tmpdir();
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_store *s = NULL;
    events = 2;
    KT_REQUIRE_OK(open_store(dir, NULL, &s, &e), &e);
    char name[8];
    for (int i = 0; i < N; i++) {
        snprintf(name, sizeof name, "x%u", (unsigned)i % 1000);
        write_one(s, "secrets", name, CLEAT_OP_CREATE);
    }
    cleat_store_close(s);
    KT_TRUE(occurrences(dir, PLAIN) >= N);
    KT_REQUIRE_OK(open_store(dir, "a-", &s, &e), &e);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < N; i++) {
            snprintf(name, sizeof name, "x%u", (unsigned)(i * 7) % N);
            write_one(s, "secrets", name, CLEAT_OP_UPDATE);
        }
    }
    while (cleat_store_step(s) != 0) {
    }
    cleat_store_close(s);
    KT_EQ_INT(occurrences(dir, PLAIN), 0);
    /* The next start finds nothing plain, and does not do it again. */
    KT_REQUIRE_OK(open_store(dir, "a-", &s, &e), &e);
    KT_TRUE(has(s, "secrets", "x0"));
    cleat_store_close(s);
    KT_EQ_INT(occurrences(dir, PLAIN), 0);
    events = 0;
    kt_rmdir(dir);
}

KT_MAIN("store_seal", KT_TEST(never_plain), KT_TEST(keys_that_do_not_fit), KT_TEST(rotation),
        KT_TEST(leaves_nothing_behind))
