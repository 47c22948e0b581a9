/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Volumes made for claims by provisioners that run here. What runs elsewhere sees the
 * claim's annotation and makes the volume itself.
 */
#include "volumes.h"

/* ours: the provisioner runs here. */
static cleat_err tell_provisioner(struct cleat_binder *c, cleat_ctx *ctx, cleat_obj **claim,
                                  struct cleat_str provisioner, bool ours,
                                  struct cleat_error *reterr) {
    bool hold = ours && !SDK->util->has_finalizer(*claim, CLEAT_PROVISIONING);
    if (!hold && cleat_str_eq(cleat_vol_annotation(*claim, CLEAT_PROVISIONER), provisioner) &&
        cleat_str_eq(cleat_vol_annotation(*claim, CLEAT_PROVISIONER_OLD), provisioner)) {
        return CLEAT_OK;
    }
    cleat_obj *now = NULL;
    cleat_edit *e = SDK->obj->edit_new(*claim);
    if (hold) {
        SDK->util->add_finalizer(e, *claim, CLEAT_PROVISIONING);
    }
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_PROVISIONER), provisioner);
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_PROVISIONER_OLD), provisioner);
    cleat_err err = cleat_vol_write(c, ctx, CLEAT_CLAIMS, NULL, e, &now, reterr);
    if (err == CLEAT_OK) {
        SDK->obj->unref(*claim);
        *claim = now;
    }
    return err;
}

static void set_default(cleat_edit *e, const cleat_obj *spec, const char *member,
                        struct cleat_val v) {
    if (SDK->obj->type(CLEAT_AT(SDK, spec, member)) == CLEAT_ABSENT &&
        SDK->obj->type(v) != CLEAT_ABSENT) {
        SDK->obj->set_val(e, CLEAT_PATH("spec", member), v);
    }
}

/* The volume for storage that is there. */
static cleat_err make_volume(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                             const cleat_obj *class, const char *name, const cleat_obj *spec,
                             const struct cleat_provisioner *by, struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(NULL);
    cleat_obj *o = NULL;
    char *ref = cleat_sdk_format("{\"kind\":\"PersistentVolumeClaim\",\"apiVersion\":\"v1\","
                                 "\"namespace\":\"%.*s\",\"name\":\"%.*s\",\"uid\":\"%.*s\"}",
                                 CLEAT_FMT(SDK->obj->ns(claim)), CLEAT_FMT(SDK->obj->name(claim)),
                                 CLEAT_FMT(SDK->obj->uid(claim)));
    char *finalizers = cleat_sdk_format("[\"%s\"]", CLEAT_DELETION_FINALIZER);
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "name"), cleat_cstr(name));
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_PROVISIONED_BY),
                      cleat_cstr(by->name));
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_BY_CONTROLLER),
                      CLEAT_STR("yes"));
    SDK->obj->set_val(e, CLEAT_PATH("spec"), SDK->obj->root(spec));
    SDK->obj->set_json(e, CLEAT_PATH("spec", "claimRef"), cleat_cstr(ref));
    SDK->obj->set_str(e, CLEAT_PATH("spec", "storageClassName"), SDK->obj->name(class));
    set_default(e, spec, "capacity", CLEAT_AT(SDK, claim, "spec", "resources", "requests"));
    set_default(e, spec, "accessModes", CLEAT_AT(SDK, claim, "spec", "accessModes"));
    set_default(e, spec, "volumeMode", CLEAT_AT(SDK, claim, "spec", "volumeMode"));
    set_default(e, spec, "mountOptions", CLEAT_AT(SDK, class, "mountOptions"));
    struct cleat_str policy = CLEAT_TEXT(SDK, class, "reclaimPolicy");
    policy = policy.n > 0 ? policy : CLEAT_STR("Delete");
    SDK->obj->set_str(e, CLEAT_PATH("spec", "persistentVolumeReclaimPolicy"), policy);
    if (cleat_str_is(policy, "Delete")) {
        SDK->obj->set_json(e, CLEAT_PATH("metadata", "finalizers"), cleat_cstr(finalizers));
    }
    free(finalizers);
    free(ref);
    cleat_err err = SDK->obj->edit_finish(e, &o, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->create(c->client, ctx, CLEAT_VOLUMES, o, NULL, reterr);
        SDK->obj->unref(o);
    }
    return err == CLEAT_E_EXISTS ? CLEAT_OK : err;
}

static cleat_err provision(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                           const cleat_obj *class, const struct cleat_provisioner *by,
                           struct cleat_error *reterr) {
    char *name = cleat_sdk_format("pvc-%.*s", CLEAT_FMT(SDK->obj->uid(claim)));
    struct cleat_key key = {{"", 0}, cleat_cstr(name)};
    cleat_obj *there = NULL, *spec = NULL;
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_VOLUMES, key, &there, reterr);
    if (err == CLEAT_E_NOT_FOUND) {
        err = by->ops->provision(by->self, ctx, claim, class, name, &spec, reterr);
        if (err == CLEAT_OK) {
            err = make_volume(c, ctx, claim, class, name, spec, by, reterr);
        }
        if (err == CLEAT_OK) {
            cleat_vol_event(claim, false, "ProvisioningSucceeded",
                            "Successfully provisioned volume %s using %s", name, by->name);
        } else if (err != CLEAT_E_PENDING && err != CLEAT_E_CANCELLED) {
            cleat_vol_event(claim, true, "ProvisioningFailed",
                            "Failed to provision volume with StorageClass \"%.*s\": %s",
                            CLEAT_FMT(SDK->obj->name(class)), reterr->message);
        }
    }
    SDK->obj->unref(spec);
    SDK->obj->unref(there);
    free(name);
    return err;
}

/* ---- what is not wanted any more ---- */

/* Takes away storage that no volume tells of. */
static cleat_err take_back(cleat_ctx *ctx, const cleat_obj *claim, const cleat_obj *class,
                           const char *name, const struct cleat_provisioner *by,
                           struct cleat_error *reterr) {
    cleat_obj *spec = NULL, *volume = NULL;
    /* Made again it is the same, and then it is known. */
    cleat_err err = by->ops->provision(by->self, ctx, claim, class, name, &spec, reterr);
    if (err == CLEAT_E_TERMINAL) {
        return CLEAT_OK; /* it never was */
    }
    if (err == CLEAT_OK) {
        cleat_edit *e = SDK->obj->edit_new(NULL);
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "name"), cleat_cstr(name));
        SDK->obj->set_val(e, CLEAT_PATH("spec"), SDK->obj->root(spec));
        err = SDK->obj->edit_finish(e, &volume, reterr);
    }
    if (err == CLEAT_OK) {
        err = by->ops->remove(by->self, ctx, volume, reterr);
    }
    SDK->obj->unref(volume);
    SDK->obj->unref(spec);
    return err;
}

/* Lets a claim go that was held while storage was made for it, once nothing is forgotten: its
 * volume is an object, which is reclaimed by its policy, or there is no storage. */
static cleat_err let_go(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                        struct cleat_error *reterr) {
    char *name = cleat_sdk_format("pvc-%.*s", CLEAT_FMT(SDK->obj->uid(claim)));
    char *who = cleat_sdk_dup(cleat_vol_annotation(claim, CLEAT_PROVISIONER));
    struct cleat_key key = {{"", 0}, cleat_cstr(name)},
                     class_key = {{"", 0}, cleat_vol_class(claim)};
    const struct cleat_provisioner *by =
        SDK->provisioners != NULL ? SDK->provisioners->by_name(who) : NULL;
    cleat_obj *volume = NULL;
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_VOLUMES, key, &volume, reterr);
    if (err == CLEAT_E_NOT_FOUND && by != NULL && by->ops->remove != NULL) {
        cleat_obj *class = SDK->informer->get(c->class_cache, class_key);
        class = class != NULL ? class : SDK->obj->ref(claim); /* has no parameters */
        err = take_back(ctx, claim, class, name, by, reterr);
        SDK->obj->unref(class);
    } else if (err == CLEAT_E_NOT_FOUND) {
        cleat_vol_event(claim, true, "ProvisioningCleanupFailed",
                        "Storage may have been made for the claim by provisioner '%s', which does "
                        "not run; it is asked when it does.",
                        who);
        err = CLEAT_E_TRANSIENT;
    }
    if (err == CLEAT_OK) {
        cleat_edit *e = SDK->obj->edit_new(claim);
        SDK->util->remove_finalizer(e, claim, CLEAT_PROVISIONING);
        err = cleat_vol_write(c, ctx, CLEAT_CLAIMS, NULL, e, NULL, reterr);
    }
    SDK->obj->unref(volume);
    free(who);
    free(name);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* ---- a look at a claim ---- */

static cleat_err for_claim(struct cleat_binder *c, cleat_ctx *ctx, cleat_obj **claim,
                           struct cleat_error *reterr) {
    struct cleat_key class_key = {{"", 0}, cleat_vol_class(*claim)};
    cleat_obj *class = SDK->informer->get(c->class_cache, class_key);
    cleat_err err = CLEAT_OK;
    if (class == NULL) { /* its arrival is looked out for */
        cleat_vol_event(*claim, true, "ProvisioningFailed",
                        "storageclass.storage.k8s.io \"%.*s\" not found",
                        CLEAT_FMT(class_key.name));
        return CLEAT_OK;
    }
    struct cleat_str said = CLEAT_TEXT(SDK, class, "provisioner");
    char *name = cleat_sdk_dup(said);
    const struct cleat_provisioner *by =
        SDK->provisioners != NULL ? SDK->provisioners->by_name(name) : NULL;
    bool none = cleat_str_is(said, "kubernetes.io/no-provisioner");
    bool ours = by != NULL && by->ops->provision != NULL;
    if (!none) {
        err = tell_provisioner(c, ctx, claim, said, ours, reterr);
    }
    if (err == CLEAT_OK && ours) {
        err = provision(c, ctx, *claim, class, by, reterr);
    } else if (err == CLEAT_OK && !none) {
        cleat_vol_event(*claim, false, "ExternalProvisioning",
                        "Waiting for a volume to be created either by the external provisioner "
                        "'%s' or manually by the system administrator. If volume creation is "
                        "delayed, please verify that the provisioner is running and correctly "
                        "registered.",
                        name);
    }
    free(name);
    SDK->obj->unref(class);
    return err;
}

cleat_err cleat_vol_provision(void *self, cleat_ctx *ctx, struct cleat_key key,
                              struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_binder *c = self;
    (void)ret;
    /* As it is now: storage that nobody wants would be left over. */
    cleat_obj *claim = NULL;
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_CLAIMS, key, &claim, reterr);
    if (err == CLEAT_OK &&
        (cleat_gc_is_ending(claim) || CLEAT_TEXT(SDK, claim, "spec", "volumeName").n > 0)) {
        err = SDK->util->has_finalizer(claim, CLEAT_PROVISIONING) ? let_go(c, ctx, claim, reterr)
                                                                  : CLEAT_OK;
    } else if (err == CLEAT_OK) {
        err = for_claim(c, ctx, &claim, reterr);
    }
    SDK->obj->unref(claim);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}
