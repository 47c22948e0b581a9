/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CUnit with both values in each failure. A test is a plain function; KT_MAIN
 * makes the program: `x_test` runs all, `x_test name` the tests whose name
 * contains it. KT_REQUIRE records and returns: CUnit's own FATAL macros longjmp
 * past cleanup attributes.
 */
#ifndef CLEAT_TEST_KT_H
#define CLEAT_TEST_KT_H

#include <CUnit/CUnit.h>
#include "core/base/base.h"

struct kt_test {
    const char *name;
    void (*fn)(void);
};
int kt_main(int argc, char **argv, const char *suite, const struct kt_test *tests, size_t n);
#define KT_TEST(fn)                                                                                \
    { #fn, fn }
#define KT_MAIN(suite, ...)                                                                        \
    int main(int argc, char **argv) {                                                              \
        static const struct kt_test tests[] = {__VA_ARGS__};                                       \
        return kt_main(argc, argv, suite, tests, sizeof tests / sizeof *tests);                    \
    }

bool kt_int(long long got, long long want, const char *expr, const char *file, int line);
bool kt_str(struct cleat_str got, struct cleat_str want, const char *expr, const char *file,
            int line);
bool kt_true(bool ok, const char *expr, const char *file, int line);
bool kt_ok(cleat_err err, const struct cleat_error *e, const char *expr, const char *file,
           int line);

#define KT_EQ_INT(got, want) kt_int((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
#define KT_EQ_S(got, want)   kt_str((got), (want), #got, __FILE__, __LINE__) /* cleat_str */
#define KT_EQ_STR(got, want) kt_str(cleat_s(got), cleat_s(want), #got, __FILE__, __LINE__)
#define KT_TRUE(cond)        kt_true((cond), #cond, __FILE__, __LINE__)
/* A cleat_err that must be CLEAT_OK; prints the message of e where it is not. */
#define KT_OK(expr, e) kt_ok((expr), (e), #expr, __FILE__, __LINE__)
#define KT_REQUIRE(cond)                                                                           \
    do {                                                                                           \
        if (!kt_true((cond), #cond, __FILE__, __LINE__))                                           \
            return;                                                                                \
    } while (0)
#define KT_REQUIRE_OK(expr, e)                                                                     \
    do {                                                                                           \
        if (!kt_ok((expr), (e), #expr, __FILE__, __LINE__))                                        \
            return;                                                                                \
    } while (0)

/* A fresh folder under TMPDIR, removed with what is in it by kt_rmdir. Owned. */
char *kt_tmpdir(void);
void kt_rmdir(char *dir);

#endif
