/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation that never returns NULL, and C-string helpers on top. Thread-safe. */
#include "core/base/base.h"

#include <stdarg.h>

static void *must(void *p, size_t n) {
    if (p == NULL) {
        fprintf(stderr, "cleat: out of memory (%zu bytes)\n", n);
        abort();
    }
    return p;
}

void *cleat_alloc(size_t n) {
    return must(malloc(n ? n : 1), n);
}

void *cleat_zalloc(size_t n) {
    return must(calloc(1, n ? n : 1), n);
}

void *cleat_realloc(void *p, size_t n) {
    return must(realloc(p, n ? n : 1), n);
}

void *cleat_array(size_t n, size_t size) {
    return must(calloc(n ? n : 1, size ? size : 1), n);
}

void *cleat_rearray(void *p, size_t n, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes)) {
        must(NULL, n);
    }
    return cleat_realloc(p, bytes);
}

char *cleat_strdup(const char *s) {
    return s == NULL ? NULL : must(strdup(s), strlen(s));
}

char *cleat_strndup(struct cleat_str s) {
    char *p = cleat_alloc(s.n + 1);
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    p[s.n] = '\0';
    return p;
}

char *cleat_sprintf(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *p = NULL;
    int n = vasprintf(&p, fmt, ap);
    va_end(ap);
    return must(n < 0 ? NULL : p, 0);
}

_Noreturn void cleat_assert_failed(const char *what, const char *file, int line) {
    fprintf(stderr, "cleat: broken promise at %s:%d: %s\n", file, line, what);
    abort();
}
