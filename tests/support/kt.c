/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/kt.h"

#include <CUnit/Basic.h>
#include <ftw.h>
#include <unistd.h>

int kt_main(int argc, char **argv, const char *suite, const struct kt_test *tests, size_t n) {
    if (CU_initialize_registry() != CUE_SUCCESS) {
        return 2;
    }
    CU_pSuite s = CU_add_suite(suite, NULL, NULL);
    size_t added = 0;
    for (size_t i = 0; i < n; i++) {
        if (argc < 2 || strstr(tests[i].name, argv[1]) != NULL) {
            CU_add_test(s, tests[i].name, tests[i].fn);
            added++;
        }
    }
    if (added == 0) {
        fprintf(stderr, "no test matches\n");
        return 2;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failed ? 1 : 0;
}

static bool record(bool ok, char *text, const char *file, int line) {
    CU_assertImplementation(ok ? CU_TRUE : CU_FALSE, (unsigned)line, text, file, "", CU_FALSE);
    return ok;
}

bool kt_int(long long got, long long want, const char *expr, const char *file, int line) {
    char text[512];
    snprintf(text, sizeof text, "%s: got %lld, want %lld", expr, got, want);
    return record(got == want, text, file, line);
}

bool kt_str(struct cleat_str got, struct cleat_str want, const char *expr, const char *file,
            int line) {
    char text[2048];
    snprintf(text, sizeof text, "%s: got \"%.*s\", want \"%.*s\"", expr, CLEAT_FMT(got),
             CLEAT_FMT(want));
    return record(got.n == want.n && (got.n == 0 || memcmp(got.p, want.p, got.n) == 0), text, file,
                  line);
}

bool kt_true(bool ok, const char *expr, const char *file, int line) {
    char text[512];
    snprintf(text, sizeof text, "%s", expr);
    return record(ok, text, file, line);
}

bool kt_ok(cleat_err err, const struct cleat_error *e, const char *expr, const char *file,
           int line) {
    char text[2048];
    snprintf(text, sizeof text, "%s: %s: %s", expr, cleat_err_name(err), e ? e->message : "");
    return record(err == CLEAT_OK, text, file, line);
}

char *kt_tmpdir(void) {
    const char *base = getenv("TMPDIR");
    char *dir = cleat_sprintf("%s/cleat-test-XXXXXX", base ? base : "/tmp");
    if (mkdtemp(dir) == NULL) {
        perror(dir);
        abort();
    }
    return dir;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

void kt_rmdir(char *dir) {
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(dir);
}
