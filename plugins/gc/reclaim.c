/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Volumes whose claims are gone: kept, emptied, or deleted with their storage. Before
 * storage is touched, volume and claim are looked at as they are at that moment.
 */
#include "volumes.h"

static bool is_released(const cleat_obj *volume, const cleat_obj *claim) {
    struct cleat_str uid = CLEAT_TEXT(SDK, volume, "spec", "claimRef", "uid");
    if (uid.n == 0) { /* nobody's, or reserved: it goes only with its object */
        return cleat_gc_is_ending(volume) &&
               SDK->util->has_finalizer(volume, CLEAT_DELETION_FINALIZER);
    }
    if (claim == NULL || !cleat_str_eq(SDK->obj->uid(claim), uid)) {
        return true;
    }
    struct cleat_str bound = CLEAT_TEXT(SDK, claim, "spec", "volumeName");
    return bound.n > 0 && !cleat_str_eq(bound, SDK->obj->name(volume));
}

/* The volume as it is now, owned; NULL where it is not to be reclaimed any more. */
static cleat_err look_again(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *seen,
                            cleat_obj **ret, struct cleat_error *reterr) {
    cleat_obj *volume = NULL, *claim = NULL;
    struct cleat_key key = {{"", 0}, SDK->obj->name(seen)};
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_VOLUMES, key, &volume, reterr);
    if (err != CLEAT_OK || !cleat_str_eq(SDK->obj->uid(volume), SDK->obj->uid(seen))) {
        SDK->obj->unref(volume);
        return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    key = cleat_vol_claim_of(volume);
    if (key.name.n > 0) {
        err = SDK->client->get(c->client, ctx, CLEAT_CLAIMS, key, &claim, reterr);
    }
    if (err == CLEAT_OK || err == CLEAT_E_NOT_FOUND) {
        err = CLEAT_OK;
        *ret = is_released(volume, claim) ? SDK->obj->ref(volume) : NULL;
    }
    SDK->obj->unref(claim);
    SDK->obj->unref(volume);
    return err;
}

/* Who can take the volume's storage away; *ret_elsewhere: somebody who does not run here. */
static const struct cleat_provisioner *whose(const cleat_obj *volume, bool *ret_elsewhere) {
    struct cleat_str said = cleat_vol_annotation(volume, CLEAT_PROVISIONED_BY);
    *ret_elsewhere = false;
    if (SDK->provisioners == NULL) {
        return NULL;
    }
    if (said.n == 0) {
        return SDK->provisioners->for_volume(volume);
    }
    char *name = cleat_sdk_dup(said);
    const struct cleat_provisioner *by = SDK->provisioners->by_name(name);
    *ret_elsewhere = by == NULL && strncmp(name, "kubernetes.io/", 14) != 0;
    free(name);
    return by;
}

/* ---- deletion ---- */

static cleat_err forget(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                        struct cleat_error *reterr) {
    cleat_obj *now = SDK->obj->ref(volume);
    cleat_err err = CLEAT_OK;
    if (SDK->util->has_finalizer(volume, CLEAT_DELETION_FINALIZER)) {
        cleat_edit *e = SDK->obj->edit_new(volume);
        SDK->util->remove_finalizer(e, volume, CLEAT_DELETION_FINALIZER);
        SDK->obj->unref(now);
        now = NULL;
        err = cleat_vol_write(c, ctx, CLEAT_VOLUMES, NULL, e, &now, reterr);
    }
    if (err == CLEAT_OK && now != NULL && !cleat_gc_is_ending(now)) {
        char *uid = cleat_sdk_dup(SDK->obj->uid(now));
        struct cleat_delete_opts opts = {
            .struct_size = sizeof opts, .grace_period_seconds = -1, .uid = uid};
        struct cleat_key key = {{"", 0}, SDK->obj->name(now)};
        err = SDK->client->remove(c->client, ctx, CLEAT_VOLUMES, key, &opts, NULL, reterr);
        free(uid);
    }
    SDK->obj->unref(now);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static cleat_err fail(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                      const char *reason, cleat_err why, struct cleat_error *reterr) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *text = cleat_sdk_dup(cleat_cstr(reterr->message));
    cleat_err err = cleat_vol_phase(c, ctx, volume, "Failed", reason, text, NULL, &e);
    if (err != CLEAT_OK) {
        cleat_sdk_log(SDK, CLEAT_LOG_DEBUG, "persistentvolume-binder",
                      "cannot mark it as failed: %s", e.message);
    }
    free(text);
    return why; /* tried again */
}

static cleat_err remove_storage(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                                struct cleat_error *reterr) {
    bool elsewhere;
    const struct cleat_provisioner *by = whose(volume, &elsewhere);
    if (elsewhere) {
        return CLEAT_OK; /* who made it, and runs elsewhere, deletes it */
    }
    cleat_err err;
    if (by == NULL || by->ops->remove == NULL) {
        err = cleat_errorf(reterr, CLEAT_E_TRANSIENT,
                           "error getting deleter volume plugin for volume \"%.*s\": no volume "
                           "plugin matched",
                           CLEAT_FMT(SDK->obj->name(volume)));
    } else {
        err = by->ops->remove(by->self, ctx, volume, reterr);
    }
    if (err == CLEAT_E_PENDING) {
        cleat_vol_event(volume, false, "VolumeDelete", "%s", reterr->message);
        return err;
    }
    if (err == CLEAT_E_CANCELLED) {
        return err;
    }
    return err == CLEAT_OK ? forget(c, ctx, volume, reterr)
                           : fail(c, ctx, volume, "VolumeFailedDelete", err, reterr);
}

/* ---- recycling ---- */

/* PENDING where a pod may still work on the volume. Its claim is gone, so that nobody holds it for
 * the pod any more. [worker] */
static cleat_err wait_for_users(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                                struct cleat_error *reterr) {
    struct cleat_key claim = cleat_vol_claim_of(volume);
    struct cleat_list pods = {.struct_size = sizeof pods};
    struct cleat_text names = {0};
    cleat_obj *other = NULL; /* of the same name, and bound elsewhere: then they mean that one */
    if (claim.name.n == 0) {
        return CLEAT_OK;
    }
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_CLAIMS, claim, &other, reterr);
    bool elsewhere = err == CLEAT_OK && CLEAT_TEXT(SDK, other, "spec", "volumeName").n > 0;
    SDK->obj->unref(other);
    if (elsewhere || (err != CLEAT_OK && err != CLEAT_E_NOT_FOUND)) {
        return err;
    }
    char *ns = cleat_sdk_dup(claim.ns);
    err = SDK->client->list(c->client, ctx, CLEAT_PODS, ns, NULL, &pods, reterr);
    for (size_t i = 0; err == CLEAT_OK && i < pods.n; i++) {
        struct cleat_str phase = CLEAT_TEXT(SDK, pods.items[i], "status", "phase");
        if (!cleat_str_is(phase, "Succeeded") && !cleat_str_is(phase, "Failed") &&
            cleat_gc_pod_names(pods.items[i], claim.name)) {
            cleat_text_addf(&names, "%s%s/%.*s", names.n > 0 ? "," : "", ns,
                            CLEAT_FMT(SDK->obj->name(pods.items[i])));
        }
    }
    if (names.n > 0) {
        cleat_vol_event(volume, false, "VolumeFailedRecycle", "Volume is used by pods: %s",
                        names.p);
        err = cleat_errorf(reterr, CLEAT_E_PENDING, "volume is used by pods: %s", names.p);
        reterr->retry_after_ms = c->period / CLEAT_MS;
    }
    SDK->client->list_free(&pods);
    free(names.p);
    free(ns);
    return err;
}

static cleat_err recycle(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                         struct cleat_error *reterr) {
    bool elsewhere;
    const struct cleat_provisioner *by = whose(volume, &elsewhere);
    if (by == NULL || !CLEAT_HAS(by->ops, struct cleat_volume_ops, recycle)) {
        cleat_errorf(reterr, CLEAT_E_TRANSIENT, "No recycler plugin found for the volume!");
        return fail(c, ctx, volume, "VolumeFailedRecycle", CLEAT_E_TRANSIENT, reterr);
    }
    cleat_err err = wait_for_users(c, ctx, volume, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    err = by->ops->recycle(by->self, ctx, volume, reterr);
    if (err != CLEAT_OK && err != CLEAT_E_PENDING && err != CLEAT_E_CANCELLED) {
        char *why = cleat_sdk_dup(cleat_cstr(reterr->message));
        cleat_errorf(reterr, err, "Recycle failed: %s", why);
        free(why);
        return fail(c, ctx, volume, "VolumeFailedRecycle", err, reterr);
    }
    if (err == CLEAT_OK) {
        cleat_vol_event(volume, false, "VolumeRecycled", "Volume recycled");
        err = cleat_vol_unbind(c, ctx, volume, reterr);
    }
    return err;
}

cleat_err cleat_vol_reclaim(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *seen,
                            struct cleat_error *reterr) {
    struct cleat_str policy = CLEAT_TEXT(SDK, seen, "spec", "persistentVolumeReclaimPolicy");
    if (policy.n == 0 || cleat_str_is(policy, "Retain")) {
        return CLEAT_OK;
    }
    cleat_obj *volume = NULL;
    cleat_err err = look_again(c, ctx, seen, &volume, reterr);
    if (err != CLEAT_OK || volume == NULL) {
        return err;
    }
    policy = CLEAT_TEXT(SDK, volume, "spec", "persistentVolumeReclaimPolicy");
    if (cleat_str_is(policy, "Delete")) {
        err = remove_storage(c, ctx, volume, reterr);
    } else if (cleat_str_is(policy, "Recycle")) {
        err = recycle(c, ctx, volume, reterr);
    } else if (!cleat_str_is(policy, "Retain")) {
        err =
            cleat_vol_phase(c, ctx, volume, "Failed", "VolumeUnknownReclaimPolicy",
                            "Volume has unrecognized PersistentVolumeReclaimPolicy", NULL, reterr);
    }
    SDK->obj->unref(volume);
    return err;
}
