/* SPDX-License-Identifier: Apache-2.0 */
/* Claims: which volume each has, and what is told of those that have none. */
#include "volumes.h"

/* The volume of this name as the API has it now: a claim is lost only for certain. NULL = gone. */
static cleat_err live_volume(struct cleat_binder *c, cleat_ctx *ctx, struct cleat_str name,
                             cleat_obj **ret, struct cleat_error *reterr) {
    struct cleat_key key = {{"", 0}, name};
    *ret = SDK->informer->get(c->volume_cache, key);
    if (*ret != NULL) {
        return CLEAT_OK;
    }
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_VOLUMES, key, ret, reterr);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* ---- bound ---- */

static cleat_err lose(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                      const char *reason, const char *message, struct cleat_error *reterr) {
    return cleat_vol_claim_phase(c, ctx, claim, "Lost", NULL, reason, message, reterr);
}

static cleat_err sync_bound(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                            struct cleat_error *reterr) {
    struct cleat_str name = CLEAT_TEXT(SDK, claim, "spec", "volumeName");
    cleat_obj *volume = NULL;
    if (name.n == 0) {
        return lose(c, ctx, claim, "ClaimLost",
                    "Bound claim has lost reference to PersistentVolume. Data on the volume is "
                    "lost!",
                    reterr);
    }
    cleat_err err = live_volume(c, ctx, name, &volume, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    if (volume == NULL) {
        return lose(c, ctx, claim, "ClaimLost",
                    "Bound claim has lost its PersistentVolume. Data on the volume is lost!",
                    reterr);
    }
    if (cleat_vol_claim_of(volume).name.n == 0 ||
        cleat_str_eq(CLEAT_TEXT(SDK, volume, "spec", "claimRef", "uid"), SDK->obj->uid(claim))) {
        err = cleat_vol_bind(c, ctx, volume, claim, reterr);
    } else {
        err =
            lose(c, ctx, claim, "ClaimMisbound",
                 "Two claims are bound to the same volume, this one is bound incorrectly", reterr);
    }
    SDK->obj->unref(volume);
    return err;
}

/* ---- unbound ---- */

static cleat_err stay_pending(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                              struct cleat_result *ret, struct cleat_error *reterr) {
    ret->requeue_after = c->period;
    return cleat_vol_claim_phase(c, ctx, claim, "Pending", NULL, NULL, NULL, reterr);
}

static cleat_err sync_named(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                            struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_key key = {{"", 0}, CLEAT_TEXT(SDK, claim, "spec", "volumeName")};
    cleat_obj *volume = SDK->informer->get(c->volume_cache, key);
    cleat_err err;
    if (volume == NULL) {
        return stay_pending(c, ctx, claim, ret, reterr);
    }
    const char *why =
        cleat_vol_claim_of(volume).name.n == 0 ? cleat_vol_mismatch(volume, claim) : NULL;
    if (why != NULL) {
        cleat_vol_event(claim, true, "VolumeMismatch",
                        "Cannot bind to requested volume \"%.*s\": %s", CLEAT_FMT(key.name), why);
        err = stay_pending(c, ctx, claim, ret, reterr);
    } else if (cleat_vol_claim_of(volume).name.n == 0 || cleat_vol_is_for(volume, claim)) {
        err = cleat_vol_bind(c, ctx, volume, claim, reterr);
    } else {
        cleat_vol_event(claim, true, "FailedBinding",
                        "volume \"%.*s\" already bound to a different claim.", CLEAT_FMT(key.name));
        err = stay_pending(c, ctx, claim, ret, reterr);
    }
    SDK->obj->unref(volume);
    return err;
}

/* The newest of those that are the default, and of these the first by name. */
static int32_t consider_class(void *userdata, const cleat_obj *class) {
    cleat_obj **best = userdata;
    if (!cleat_vol_is_default(class)) {
        return 0;
    }
    cleat_time now = cleat_gc_time(class, CLEAT_PATH("metadata", "creationTimestamp"));
    cleat_time then =
        *best != NULL ? cleat_gc_time(*best, CLEAT_PATH("metadata", "creationTimestamp")) : 0;
    if (*best == NULL || now > then ||
        (now == then && cleat_vol_compare(SDK->obj->name(class), SDK->obj->name(*best)) < 0)) {
        SDK->obj->unref(*best);
        *best = SDK->obj->ref(class);
    }
    return 0;
}

/* A claim that was made when there was no default class gets it now that there is one. */
static cleat_err take_default_class(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                                    bool *ret_taken, struct cleat_error *reterr) {
    cleat_obj *class = NULL;
    *ret_taken = false;
    if (!cleat_vol_says_no_class(claim)) {
        return CLEAT_OK;
    }
    SDK->informer->foreach (c->class_cache, NULL, (struct cleat_str){"", 0}, consider_class,
                            &class);
    if (class == NULL) {
        return CLEAT_OK;
    }
    cleat_edit *e = SDK->obj->edit_new(claim);
    SDK->obj->set_str(e, CLEAT_PATH("spec", "storageClassName"), SDK->obj->name(class));
    cleat_err err = cleat_vol_write(c, ctx, CLEAT_CLAIMS, NULL, e, NULL, reterr);
    SDK->metrics->add(c->late_classes, 1);
    SDK->metrics->add(c->late_class_errors, err != CLEAT_OK);
    *ret_taken = err == CLEAT_OK;
    SDK->obj->unref(class);
    return err;
}

static cleat_err without_volume(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                                bool delayed, struct cleat_result *ret,
                                struct cleat_error *reterr) {
    if (delayed && !cleat_vol_annotated(claim, CLEAT_SELECTED_NODE)) {
        cleat_vol_event(claim, false, "WaitForFirstConsumer",
                        "waiting for first consumer to be created before binding");
    } else if (cleat_vol_class(claim).n > 0) {
        if (c->dynamic) {
            SDK->controller->enqueue(
                c->provisions, (struct cleat_key){SDK->obj->ns(claim), SDK->obj->name(claim)}, 0);
        }
    } else {
        cleat_vol_event(
            claim, false, "FailedBinding",
            "no persistent volumes available for this claim and no storage class is set");
    }
    return stay_pending(c, ctx, claim, ret, reterr);
}

static cleat_err sync_unbound(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                              struct cleat_result *ret, struct cleat_error *reterr) {
    if (CLEAT_TEXT(SDK, claim, "spec", "volumeName").n > 0) {
        return sync_named(c, ctx, claim, ret, reterr);
    }
    struct cleat_key class_key = {{"", 0}, cleat_vol_class(claim)};
    cleat_obj *class = class_key.name.n > 0 ? SDK->informer->get(c->class_cache, class_key) : NULL;
    bool delayed = class != NULL && cleat_str_is(CLEAT_TEXT(SDK, class, "volumeBindingMode"),
                                                 "WaitForFirstConsumer");
    SDK->obj->unref(class);
    cleat_obj *volume = cleat_vol_match(c->volume_cache, claim, delayed);
    if (volume == NULL) {
        bool taken; /* then it comes back */
        cleat_err err = take_default_class(c, ctx, claim, &taken, reterr);
        return err != CLEAT_OK || taken ? err : without_volume(c, ctx, claim, delayed, ret, reterr);
    }
    cleat_err err = cleat_vol_bind(c, ctx, volume, claim, reterr);
    SDK->obj->unref(volume);
    return err;
}

cleat_err cleat_vol_sync_claim(void *self, cleat_ctx *ctx, struct cleat_key key,
                               struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_binder *c = self;
    cleat_obj *claim = SDK->informer->get(c->claim_cache, key);
    cleat_err err = CLEAT_OK;
    if (claim != NULL && cleat_vol_annotated(claim, CLEAT_BIND_COMPLETED)) {
        err = sync_bound(c, ctx, claim, reterr);
    } else if (claim != NULL && !cleat_gc_is_ending(claim)) {
        err = sync_unbound(c, ctx, claim, ret, reterr);
    }
    if (claim != NULL && SDK->util->has_finalizer(claim, CLEAT_PROVISIONING) &&
        (cleat_gc_is_ending(claim) || cleat_vol_annotated(claim, CLEAT_BIND_COMPLETED))) {
        SDK->controller->enqueue(c->provisions, key, 0);
    }
    SDK->obj->unref(claim);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err; /* its end comes by the watch */
}
