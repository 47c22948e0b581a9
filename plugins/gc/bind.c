/* SPDX-License-Identifier: Apache-2.0 */
/* Writes of the volume binder: each is made only where something differs, and takes the
 * revision that was looked at as its precondition. */
#include "volumes.h"

#define COMPONENT "persistentvolume-controller"

/* ---- fields ---- */

struct cleat_str cleat_vol_annotation(const cleat_obj *o, const char *key) {
    return CLEAT_TEXT(SDK, o, "metadata", "annotations", key);
}

bool cleat_vol_annotated(const cleat_obj *o, const char *key) {
    return SDK->obj->type(CLEAT_AT(SDK, o, "metadata", "annotations", key)) != CLEAT_ABSENT;
}

struct cleat_str cleat_vol_class(const cleat_obj *o) {
    return cleat_vol_annotated(o, CLEAT_CLASS_OLD) ? cleat_vol_annotation(o, CLEAT_CLASS_OLD)
                                                   : CLEAT_TEXT(SDK, o, "spec", "storageClassName");
}

bool cleat_vol_says_no_class(const cleat_obj *claim) {
    return !cleat_vol_annotated(claim, CLEAT_CLASS_OLD) &&
           SDK->obj->type(CLEAT_AT(SDK, claim, "spec", "storageClassName")) != CLEAT_STRING;
}

bool cleat_vol_is_default(const cleat_obj *class) {
    return cleat_str_is(cleat_vol_annotation(class, "storageclass.kubernetes.io/is-default-class"),
                        "true") ||
           cleat_str_is(
               cleat_vol_annotation(class, "storageclass.beta.kubernetes.io/is-default-class"),
               "true");
}

struct cleat_key cleat_vol_claim_of(const cleat_obj *volume) {
    return (struct cleat_key){CLEAT_TEXT(SDK, volume, "spec", "claimRef", "namespace"),
                              CLEAT_TEXT(SDK, volume, "spec", "claimRef", "name")};
}

bool cleat_vol_is_for(const cleat_obj *volume, const cleat_obj *claim) {
    struct cleat_key key = cleat_vol_claim_of(volume);
    struct cleat_str uid = CLEAT_TEXT(SDK, volume, "spec", "claimRef", "uid");
    return key.name.n > 0 && cleat_str_eq(key.name, SDK->obj->name(claim)) &&
           cleat_str_eq(key.ns, SDK->obj->ns(claim)) &&
           (uid.n == 0 || cleat_str_eq(uid, SDK->obj->uid(claim)));
}

void cleat_vol_event(const cleat_obj *about, bool warning, const char *reason, const char *fmt,
                     ...) {
    va_list ap;
    va_start(ap, fmt);
    char *text = cleat_sdk_vformat(fmt, ap);
    va_end(ap);
    SDK->events->record(COMPONENT, about, warning ? "Warning" : "Normal", reason, text);
    free(text);
}

cleat_err cleat_vol_write(struct cleat_binder *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                          const char *subresource, cleat_edit *e, cleat_obj **ret,
                          struct cleat_error *reterr) {
    cleat_obj *o = NULL;
    cleat_err err = SDK->obj->edit_finish(e, &o, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, gvr, subresource, o, ret, reterr);
        SDK->obj->unref(o);
    }
    return err;
}

/* ---- phases ---- */

cleat_err cleat_vol_phase(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                          const char *phase, const char *reason, const char *message,
                          cleat_obj **ret, struct cleat_error *reterr) {
    cleat_obj *now = NULL;
    cleat_err err = CLEAT_OK;
    if (cleat_str_is(CLEAT_TEXT(SDK, volume, "status", "phase"), phase)) {
        now = SDK->obj->ref(volume);
    } else {
        cleat_edit *e = SDK->obj->edit_new(volume);
        SDK->obj->set_str(e, CLEAT_PATH("status", "phase"), cleat_cstr(phase));
        if (message != NULL) {
            SDK->obj->set_str(e, CLEAT_PATH("status", "message"), cleat_cstr(message));
        } else {
            SDK->obj->remove(e, CLEAT_PATH("status", "message"));
        }
        err = cleat_vol_write(c, ctx, CLEAT_VOLUMES, "status", e, &now, reterr);
        if (err == CLEAT_OK && reason != NULL) {
            cleat_vol_event(now, true, reason, "%s", message);
        }
    }
    if (ret != NULL) {
        *ret = now;
    } else {
        SDK->obj->unref(now);
    }
    return err;
}

cleat_err cleat_vol_claim_phase(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                                const char *phase, const cleat_obj *volume, const char *reason,
                                const char *message, struct cleat_error *reterr) {
    bool changes = !cleat_str_is(CLEAT_TEXT(SDK, claim, "status", "phase"), phase), dirty = changes;
    struct cleat_val modes = CLEAT_AT(SDK, claim, "status", "accessModes"),
                     capacity = CLEAT_AT(SDK, claim, "status", "capacity");
    if (reason != NULL && !changes) {
        return CLEAT_OK; /* lost once */
    }
    cleat_edit *e = SDK->obj->edit_new(claim);
    SDK->obj->set_str(e, CLEAT_PATH("status", "phase"), cleat_cstr(phase));
    if (volume == NULL) {
        dirty |= SDK->obj->count(modes) > 0 || SDK->obj->count(capacity) > 0;
        SDK->obj->remove(e, CLEAT_PATH("status", "accessModes"));
        SDK->obj->remove(e, CLEAT_PATH("status", "capacity"));
    } else {
        struct cleat_val want = CLEAT_AT(SDK, volume, "spec", "accessModes");
        int32_t r = 1;
        dirty |= !SDK->obj->equal(modes, want);
        SDK->obj->set_val(e, CLEAT_PATH("status", "accessModes"), want);
        /* A volume that has grown is the resizer's business: it says when the claim has. */
        if (SDK->obj->type(SDK->obj->at(capacity, CLEAT_PATH("storage"))) == CLEAT_ABSENT ||
            (SDK->obj->quantity_cmp(CLEAT_TEXT(SDK, volume, "spec", "capacity", "storage"),
                                    SDK->obj->str(SDK->obj->at(capacity, CLEAT_PATH("storage"))),
                                    &r) == CLEAT_OK &&
             r != 0 && changes)) {
            dirty = true;
            SDK->obj->set_val(e, CLEAT_PATH("status", "capacity"),
                              CLEAT_AT(SDK, volume, "spec", "capacity"));
        }
    }
    if (!dirty) {
        SDK->obj->edit_free(e);
        return CLEAT_OK;
    }
    cleat_err err = cleat_vol_write(c, ctx, CLEAT_CLAIMS, "status", e, NULL, reterr);
    if (err == CLEAT_OK && reason != NULL) {
        cleat_vol_event(claim, true, reason, "%s", message);
    }
    return err;
}

/* ---- binding ---- */

static cleat_err bind_volume(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                             const cleat_obj *claim, cleat_obj **ret, struct cleat_error *reterr) {
    bool reserved = cleat_vol_is_for(volume, claim);
    if (reserved && CLEAT_TEXT(SDK, volume, "spec", "claimRef", "uid").n > 0) {
        *ret = SDK->obj->ref(volume);
        return CLEAT_OK;
    }
    char *ref = cleat_sdk_format(
        "{\"kind\":\"PersistentVolumeClaim\",\"apiVersion\":\"v1\",\"namespace\":\"%.*s\",\"name\":"
        "\"%.*s\",\"uid\":\"%.*s\",\"resourceVersion\":\"%.*s\"}",
        CLEAT_FMT(SDK->obj->ns(claim)), CLEAT_FMT(SDK->obj->name(claim)),
        CLEAT_FMT(SDK->obj->uid(claim)),
        CLEAT_FMT(CLEAT_TEXT(SDK, claim, "metadata", "resourceVersion")));
    cleat_edit *e = SDK->obj->edit_new(volume);
    SDK->obj->set_json(e, CLEAT_PATH("spec", "claimRef"), cleat_cstr(ref));
    if (!reserved) {
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_BY_CONTROLLER),
                          CLEAT_STR("yes"));
    }
    free(ref);
    return cleat_vol_write(c, ctx, CLEAT_VOLUMES, NULL, e, ret, reterr);
}

static cleat_err bind_claim(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *claim,
                            const cleat_obj *volume, cleat_obj **ret, struct cleat_error *reterr) {
    bool named = cleat_str_eq(CLEAT_TEXT(SDK, claim, "spec", "volumeName"), SDK->obj->name(volume));
    bool drop = SDK->util->has_finalizer(claim, CLEAT_PROVISIONING) &&
                cleat_vol_annotated(volume, CLEAT_PROVISIONED_BY);
    if (named && !drop && cleat_vol_annotated(claim, CLEAT_BIND_COMPLETED)) {
        *ret = SDK->obj->ref(claim);
        return CLEAT_OK;
    }
    cleat_edit *e = SDK->obj->edit_new(claim);
    if (drop) {
        SDK->util->remove_finalizer(e, claim, CLEAT_PROVISIONING);
    }
    SDK->obj->set_str(e, CLEAT_PATH("spec", "volumeName"), SDK->obj->name(volume));
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_BIND_COMPLETED),
                      CLEAT_STR("yes"));
    if (!named) {
        SDK->obj->set_str(e, CLEAT_PATH("metadata", "annotations", CLEAT_BY_CONTROLLER),
                          CLEAT_STR("yes"));
    }
    return cleat_vol_write(c, ctx, CLEAT_CLAIMS, NULL, e, ret, reterr);
}

cleat_err cleat_vol_bind(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                         const cleat_obj *claim, struct cleat_error *reterr) {
    cleat_obj *v = NULL, *bound = NULL, *p = NULL;
    cleat_err err =
        bind_volume(c, ctx, volume, claim, &v, reterr); /* first: it is what is scarce */
    if (err == CLEAT_OK) {
        err = cleat_vol_phase(c, ctx, v, "Bound", NULL, NULL, &bound, reterr);
    }
    if (err == CLEAT_OK) {
        err = bind_claim(c, ctx, claim, bound, &p, reterr);
    }
    if (err == CLEAT_OK) {
        err = cleat_vol_claim_phase(c, ctx, p, "Bound", bound, NULL, NULL, reterr);
    }
    SDK->obj->unref(p);
    SDK->obj->unref(bound);
    SDK->obj->unref(v);
    return err;
}

cleat_err cleat_vol_unbind(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                           struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(volume);
    cleat_obj *now = NULL;
    if (cleat_vol_annotated(volume, CLEAT_BY_CONTROLLER)) {
        SDK->obj->remove(e, CLEAT_PATH("spec", "claimRef"));
        SDK->obj->remove(e, CLEAT_PATH("metadata", "annotations", CLEAT_BY_CONTROLLER));
    } else {
        SDK->obj->remove(e, CLEAT_PATH("spec", "claimRef", "uid"));
        SDK->obj->remove(e, CLEAT_PATH("spec", "claimRef", "resourceVersion"));
    }
    cleat_err err = cleat_vol_write(c, ctx, CLEAT_VOLUMES, NULL, e, &now, reterr);
    if (err == CLEAT_OK) {
        err = cleat_vol_phase(c, ctx, now, "Available", NULL, NULL, NULL, reterr);
    }
    SDK->obj->unref(now);
    return err;
}
