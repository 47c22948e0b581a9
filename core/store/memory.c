/* SPDX-License-Identifier: Apache-2.0 */
/* The backend that keeps nothing: for tests. It commits at once and loads empty. */
#include "core/store/backend.h"

static cleat_err load(struct cleat_backend *b,
                      cleat_err (*kind)(void *, uint32_t, struct cleat_str, uint64_t),
                      cleat_err (*row)(void *, const struct cleat_row *), void *ud,
                      uint64_t *ret_revision, struct cleat_error *e) {
    (void)b;
    (void)kind;
    (void)row;
    (void)ud;
    (void)e;
    *ret_revision = 0;
    return CLEAT_OK;
}

static cleat_err commit(struct cleat_backend *b, const struct cleat_commit *c,
                        struct cleat_error *e) {
    (void)b;
    (void)c;
    (void)e;
    return CLEAT_OK;
}

static bool maintain(struct cleat_backend *b) {
    (void)b;
    return false;
}

static uint64_t size_bytes(struct cleat_backend *b) {
    (void)b;
    return 0;
}

static void close_backend(struct cleat_backend *b) {
    free(b);
}

struct cleat_backend *cleat_backend_memory(void) {
    static const struct cleat_backend_ops ops = {load,       commit,        maintain,
                                                 size_bytes, close_backend, NULL};
    struct cleat_backend *b = cleat_zalloc(sizeof *b);
    b->ops = &ops;
    return b;
}
