/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live reads: of an object before anything is done to it, and of the owners that
 * it names. Nothing but the API's clear "not found" of that name, or another uid
 * under it, makes an owner absent. Worker threads.
 */
#include "collector.h"

cleat_err cleat_gc_live(struct cleat_collector *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                        const cleat_obj *seen, cleat_obj **ret, struct cleat_error *reterr) {
    struct cleat_key key = {SDK->obj->ns(seen), SDK->obj->name(seen)};
    cleat_obj *now = NULL;
    cleat_err err = SDK->client->get(c->client, ctx, gvr, key, &now, reterr);
    *ret = NULL;
    if (err == CLEAT_E_NOT_FOUND) {
        return CLEAT_OK;
    }
    if (err == CLEAT_OK && cleat_str_eq(SDK->obj->uid(now), SDK->obj->uid(seen))) {
        *ret = now;
    } else {
        SDK->obj->unref(now);
    }
    return err;
}

/* The owner under the name that the reference gives: here, another one, or none. */
static enum cleat_gc_standing ask(struct cleat_collector *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                                  struct cleat_str ns, const struct cleat_gc_ref *ref,
                                  struct cleat_error *reterr) {
    cleat_obj *owner = NULL;
    struct cleat_key key = {ns, ref->name};
    cleat_err err = SDK->client->get(c->client, ctx, gvr, key, &owner, reterr);
    if (err == CLEAT_E_NOT_FOUND && cleat_str_is(ref->name, reterr->name)) {
        return CLEAT_GC_DANGLING;
    }
    if (err != CLEAT_OK) { /* a version that is served no more is not found either */
        return CLEAT_GC_UNKNOWN;
    }
    enum cleat_gc_standing is = CLEAT_GC_SOLID;
    if (!cleat_str_eq(SDK->obj->uid(owner), ref->uid)) {
        is = CLEAT_GC_DANGLING;
    } else if (cleat_gc_is_ending(owner) &&
               SDK->util->has_finalizer(owner, CLEAT_FINALIZER_FOREGROUND)) {
        is = CLEAT_GC_WAITING;
    }
    SDK->obj->unref(owner);
    return is;
}

enum cleat_gc_standing cleat_gc_stand(struct cleat_collector *c, cleat_ctx *ctx,
                                      const struct cleat_gc_kinds *kinds, const cleat_obj *obj,
                                      const struct cleat_gc_ref *ref, struct cleat_error *reterr) {
    struct cleat_str ns = SDK->obj->ns(obj);
    const struct cleat_kind_info *k = cleat_gc_kinds_find(kinds, ref->api_version, ref->kind);
    if (k == NULL) {
        cleat_errorf(reterr, CLEAT_E_TRANSIENT, "no matches for kind \"%.*s\" in version \"%.*s\"",
                     CLEAT_FMT(ref->kind), CLEAT_FMT(ref->api_version));
        return CLEAT_GC_UNKNOWN;
    }
    if (k->namespaced && ns.n == 0) {
        return CLEAT_GC_WRONG;
    }
    if (!k->namespaced) {
        ns = (struct cleat_str){"", 0};
    }
    char *coordinates = cleat_sdk_format("%.*s\n%s\n%s\n%.*s\n%.*s", CLEAT_FMT(ref->uid), k->group,
                                         k->resource, CLEAT_FMT(ns), CLEAT_FMT(ref->name));
    enum cleat_gc_standing is = CLEAT_GC_DANGLING;
    if (!cleat_gc_absent_has(&c->absent, coordinates)) {
        is = ask(c, ctx, cleat_gc_gvr(k), ns, ref, reterr);
        if (is == CLEAT_GC_DANGLING) {
            cleat_gc_absent_add(&c->absent, coordinates);
        }
    }
    free(coordinates);
    return is;
}
