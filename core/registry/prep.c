/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gathering splices: what must change in an object before it is stored, made in
 * one pass. Nothing is allocated while there is nothing to change.
 */
#include "core/registry/internal.h"

void cleat_prep_raw(struct cleat_prep *p, cleat_path path, struct cleat_str raw) {
    cleat_assert(p->n < sizeof p->splices / sizeof *p->splices);
    p->splices[p->n++] = (struct cleat_splice){path, raw};
}

void cleat_prep_take(struct cleat_prep *p, cleat_path path, char *raw) {
    cleat_assert(p->n_owned < sizeof p->owned / sizeof *p->owned);
    p->owned[p->n_owned++] = raw;
    cleat_prep_raw(p, path, cleat_s(raw));
}

void cleat_prep_str(struct cleat_prep *p, cleat_path path, struct cleat_str text) {
    struct cleat_buf b = {0};
    cleat_buf_json(&b, text);
    cleat_prep_take(p, path, cleat_buf_take(&b));
}

void cleat_prep_time(struct cleat_prep *p, cleat_path path, cleat_time t) {
    char text[32];
    cleat_time_format(t, false, text);
    cleat_prep_take(p, path, cleat_sprintf("\"%s\"", text));
}

void cleat_prep_int(struct cleat_prep *p, cleat_path path, int64_t i) {
    cleat_prep_take(p, path, cleat_sprintf("%lld", (long long)i));
}

void cleat_prep_remove(struct cleat_prep *p, cleat_path path) {
    cleat_prep_raw(p, path, (struct cleat_str){NULL, 0});
}

void cleat_prep_revision(struct cleat_prep *p, cleat_store *s) {
    static const char *const path[] = {"metadata", "resourceVersion", NULL};
    cleat_prep_take(p, path,
                    cleat_sprintf("\"%llu\"", (unsigned long long)cleat_store_revision(s) + 1));
}

void cleat_prep_done(struct cleat_prep *p) {
    for (size_t i = 0; i < p->n_owned; i++) {
        free(p->owned[i]);
    }
    p->n = p->n_owned = 0;
}

cleat_err cleat_prep_apply(struct cleat_prep *p, const cleat_obj *base, cleat_obj **ret,
                           struct cleat_error *e) {
    cleat_err err = cleat_obj_splice(base, p->splices, p->n, ret, e);
    cleat_prep_done(p);
    return err;
}
