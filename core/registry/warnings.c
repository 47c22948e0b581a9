/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request is told beside its answer: warnings, and what a strict decoder
 * found in its body. A request belongs to one thread at a time, its texts too.
 */
#include <stdarg.h>

#include "core/registry/internal.h"

/* More would tell nobody anything; a body may hold a million unknown members. */
enum { TEXTS_MAX = 100 };

void cleat_texts_done(struct cleat_texts *t) {
    for (size_t i = 0; i < t->n; i++) {
        free(t->at[i]);
    }
    free(t->at);
    *t = (struct cleat_texts){NULL, 0};
}

CLEAT_PRINTF(2, 0) static void add(struct cleat_texts *t, const char *fmt, va_list ap) {
    char *text = NULL;
    int n = vasprintf(&text, fmt, ap);
    cleat_assert(n >= 0);
    bool known = t->n == TEXTS_MAX;
    for (size_t i = 0; i < t->n && !known; i++) {
        known = strcmp(t->at[i], text) == 0;
    }
    if (known) {
        free(text);
        return;
    }
    t->at = cleat_rearray(t->at, t->n + 1, sizeof *t->at);
    t->at[t->n++] = text;
}

void cleat_request_warn(cleat_request *req, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    add(&req->warnings, fmt, ap);
    va_end(ap);
}

void cleat_request_strict(cleat_request *req, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    add(&req->strict, fmt, ap);
    va_end(ap);
}

cleat_err cleat_strict_done(cleat_request *req, struct cleat_error *e) {
    struct cleat_texts *t = &req->strict;
    CLEAT_AUTO_BUF all = {0};
    cleat_err err = CLEAT_OK;
    if (t->n == 0) {
        return CLEAT_OK;
    }
    for (size_t i = 0; i < t->n; i++) {
        if (req->field_validation == CLEAT_FIELDS_WARN) {
            cleat_request_warn(req, "%s", t->at[i]);
        }
        cleat_buf_printf(&all, "%s%s", i > 0 ? ", " : "", t->at[i]);
    }
    if (req->field_validation == CLEAT_FIELDS_STRICT) {
        err = cleat_fail(e, CLEAT_E_BAD_REQUEST, "strict decoding error: %s", all.p);
    }
    cleat_texts_done(t);
    return err;
}
