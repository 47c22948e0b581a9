/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protection of volumes in use: a claim that is being deleted stays until no pod
 * that has a Node names it, a volume until it is bound no more. Finalizers hold them,
 * which admission sets; these two take them away, and set them on objects that are
 * older than the admission.
 */
#include "gc.h"

#define CLAIM_GVR  ((struct cleat_gvr){"", "v1", "persistentvolumeclaims"})
#define VOLUME_GVR ((struct cleat_gvr){"", "v1", "persistentvolumes"})
#define POD_GVR    ((struct cleat_gvr){"", "v1", "pods"})
#define INDEX      "cleat.gc/pods-by-claim" /* "namespace/claim" */

static const char claim_finalizer[] = "kubernetes.io/pvc-protection";
static const char volume_finalizer[] = "kubernetes.io/pv-protection";

struct protection {
    cleat_client *client;
    cleat_controller *reconciler;
    cleat_informer *cache, *pods; /* pods: of claims only */
};

/* ---- which claims a pod uses ---- */

/* The claim of a pod's volume, owned; NULL = none. A volume of its own has one of its name
 * (*ret_own). */
static char *claim_of(const cleat_obj *pod, struct cleat_val volume, bool *ret_own) {
    struct cleat_str name =
        SDK->obj->str(SDK->obj->at(volume, CLEAT_PATH("persistentVolumeClaim", "claimName")));
    *ret_own = false;
    if (name.n > 0) {
        return cleat_sdk_dup(name);
    }
    if (SDK->obj->type(SDK->obj->at(volume, CLEAT_PATH("ephemeral"))) == CLEAT_OBJECT) {
        *ret_own = true;
        return cleat_sdk_format("%.*s-%.*s", CLEAT_FMT(SDK->obj->name(pod)),
                                CLEAT_FMT(SDK->obj->str(SDK->obj->at(volume, CLEAT_PATH("name")))));
    }
    return NULL;
}

/* Whether the claim was made for the pod: its controller is the pod. */
static bool is_made_for(const cleat_obj *claim, const cleat_obj *pod) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, claim, "metadata", "ownerReferences"), &it)) {
        if (SDK->obj->boolean(SDK->obj->at(it.val, CLEAT_PATH("controller")), 0)) {
            return cleat_str_eq(SDK->obj->str(SDK->obj->at(it.val, CLEAT_PATH("uid"))),
                                SDK->obj->uid(pod));
        }
    }
    return false;
}

/* Its Node has no more to do with it: only finalizers hold it. */
static bool is_shut_down(const cleat_obj *pod) {
    int64_t grace = -1;
    return cleat_gc_is_ending(pod) &&
           SDK->obj->integer(CLEAT_AT(SDK, pod, "metadata", "deletionGracePeriodSeconds"),
                             &grace) &&
           grace == 0;
}

/* A pod that never had a Node uses nothing. One that is through but still there does; but a pod
 * that may wait for the end of its own claim must not be waited for by that. */
static bool uses(const cleat_obj *pod, const cleat_obj *claim) {
    struct cleat_iter it = {0};
    bool yes = false, own;
    if (CLEAT_TEXT(SDK, pod, "spec", "nodeName").n == 0) {
        return false;
    }
    while (!yes && SDK->obj->next(CLEAT_AT(SDK, pod, "spec", "volumes"), &it)) {
        char *name = claim_of(pod, it.val, &own);
        yes = name != NULL && cleat_str_is(SDK->obj->name(claim), name) &&
              (!own || (is_made_for(claim, pod) && !is_shut_down(pod)));
        free(name);
    }
    return yes;
}

bool cleat_gc_pod_names(const cleat_obj *pod, struct cleat_str claim) {
    struct cleat_iter it = {0};
    bool yes = false, own;
    while (!yes && CLEAT_TEXT(SDK, pod, "spec", "nodeName").n > 0 &&
           SDK->obj->next(CLEAT_AT(SDK, pod, "spec", "volumes"), &it)) {
        char *name = claim_of(pod, it.val, &own);
        yes = name != NULL && cleat_str_is(claim, name);
        free(name);
    }
    return yes;
}

static void index_pod(void *userdata, const cleat_obj *pod,
                      void (*emit)(void *sink, struct cleat_str value), void *sink) {
    (void)userdata;
    bool own;
    for (struct cleat_iter it = {0}; SDK->obj->next(CLEAT_AT(SDK, pod, "spec", "volumes"), &it);) {
        char *name = claim_of(pod, it.val, &own);
        if (name != NULL) {
            char *key = cleat_sdk_format("%.*s/%s", CLEAT_FMT(SDK->obj->ns(pod)), name);
            emit(sink, cleat_cstr(key));
            free(key);
        }
        free(name);
    }
}

static void claims_of(void *self, const cleat_obj *pod,
                      void (*emit)(void *sink, struct cleat_key key), void *sink) {
    (void)self;
    bool own;
    for (struct cleat_iter it = {0}; SDK->obj->next(CLEAT_AT(SDK, pod, "spec", "volumes"), &it);) {
        char *name = claim_of(pod, it.val, &own);
        if (name != NULL) {
            emit(sink, (struct cleat_key){SDK->obj->ns(pod), cleat_cstr(name)});
        }
        free(name);
    }
}

struct search {
    const cleat_obj *claim;
    bool found;
};

static int32_t look(void *userdata, const cleat_obj *pod) {
    struct search *s = userdata;
    s->found = uses(pod, s->claim);
    return s->found;
}

/* What the cache knows, and where it knows of none what the API says now. */
static cleat_err in_use(struct protection *c, cleat_ctx *ctx, const cleat_obj *claim, bool *ret,
                        struct cleat_error *reterr) {
    struct search s = {claim, false};
    struct cleat_key key = {SDK->obj->ns(claim), SDK->obj->name(claim)};
    char *text = cleat_sdk_format("%.*s/%.*s", CLEAT_FMT(key.ns), CLEAT_FMT(key.name));
    SDK->informer->foreach (c->pods, INDEX, cleat_cstr(text), look, &s);
    free(text);
    struct cleat_list list = {.struct_size = sizeof list};
    if (!s.found) {
        char *ns = cleat_sdk_dup(key.ns);
        cleat_err err = SDK->client->list(c->client, ctx, POD_GVR, ns, NULL, &list, reterr);
        free(ns);
        if (err != CLEAT_OK) {
            return err;
        }
        for (size_t i = 0; i < list.n && !s.found; i++) {
            s.found = uses(list.items[i], claim);
        }
        SDK->client->list_free(&list);
    }
    *ret = s.found;
    return CLEAT_OK;
}

/* ---- finalizers ---- */

static cleat_err write_finalizer(struct protection *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                                 const cleat_obj *o, const char *finalizer, bool there,
                                 struct cleat_error *reterr) {
    cleat_obj *changed = NULL;
    cleat_edit *e = SDK->obj->edit_new(o);
    if (there) {
        SDK->util->add_finalizer(e, o, finalizer);
    } else {
        SDK->util->remove_finalizer(e, o, finalizer);
    }
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, gvr, NULL, changed, NULL, reterr);
        SDK->obj->unref(changed);
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err; /* a conflict is tried again */
}

static cleat_err reconcile_claim(void *self, cleat_ctx *ctx, struct cleat_key key,
                                 struct cleat_result *ret, struct cleat_error *reterr) {
    struct protection *c = self;
    (void)ret;
    cleat_obj *o = SDK->informer->get(c->cache, key);
    cleat_err err = CLEAT_OK;
    bool has = o != NULL && SDK->util->has_finalizer(o, claim_finalizer), used = true;
    if (o != NULL && !cleat_gc_is_ending(o) && !has) {
        err = write_finalizer(c, ctx, CLAIM_GVR, o, claim_finalizer, true, reterr);
    } else if (has && cleat_gc_is_ending(o)) {
        err = in_use(c, ctx, o, &used, reterr);
        if (err == CLEAT_OK && !used) {
            err = write_finalizer(c, ctx, CLAIM_GVR, o, claim_finalizer, false, reterr);
        }
    }
    SDK->obj->unref(o);
    return err;
}

static cleat_err reconcile_volume(void *self, cleat_ctx *ctx, struct cleat_key key,
                                  struct cleat_result *ret, struct cleat_error *reterr) {
    struct protection *c = self;
    (void)ret;
    cleat_obj *o = SDK->informer->get(c->cache, key);
    cleat_err err = CLEAT_OK;
    bool has = o != NULL && SDK->util->has_finalizer(o, volume_finalizer);
    if (o != NULL && !cleat_gc_is_ending(o) && !has) {
        err = write_finalizer(c, ctx, VOLUME_GVR, o, volume_finalizer, true, reterr);
    } else if (has && cleat_gc_is_ending(o) &&
               !cleat_str_is(CLEAT_TEXT(SDK, o, "status", "phase"), "Bound")) {
        err = write_finalizer(c, ctx, VOLUME_GVR, o, volume_finalizer, false, reterr);
    }
    SDK->obj->unref(o);
    return err;
}

/* ---- life ---- */

static cleat_err make(const struct cleat_controller_env *env, const char *name,
                      struct cleat_gvr gvr, cleat_reconcile_fn fn, struct protection **ret,
                      struct cleat_error *reterr) {
    struct protection *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {.struct_size = sizeof opts, .name = name};
    c->client = env->client;
    cleat_err err = SDK->controller->reconciler_new(env, &opts, fn, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->reconciler, gvr, NULL, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    c->cache = SDK->controller->informer(c->reconciler, gvr);
    *ret = c;
    return CLEAT_OK;
}

static cleat_err create_claims(const struct cleat_controller_env *env, void **ret_self,
                               struct cleat_error *reterr) {
    struct protection *c = NULL;
    cleat_err err = make(env, "pvcprotection", CLAIM_GVR, reconcile_claim, &c, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    err = SDK->controller->watches(c->reconciler, POD_GVR, claims_of, NULL, reterr);
    if (err == CLEAT_OK) {
        c->pods = SDK->controller->informer(c->reconciler, POD_GVR);
        err = SDK->informer->add_index(c->pods, INDEX, index_pod, NULL);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static cleat_err create_volumes(const struct cleat_controller_env *env, void **ret_self,
                                struct cleat_error *reterr) {
    struct protection *c = NULL;
    cleat_err err = make(env, "pvprotection", VOLUME_GVR, reconcile_volume, &c, reterr);
    *ret_self = c;
    return err;
}

static const char *const claim_aliases[] = {"pvc-protection", NULL};
static const char *const volume_aliases[] = {"pv-protection", NULL};

const struct cleat_controller_desc cleat_claim_protection_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "persistentvolumeclaim-protection-controller",
    .aliases = claim_aliases,
    .description = "Keeps volume claims that are being deleted until no pod uses them.",
    .create = create_claims,
    .destroy = free,
};

const struct cleat_controller_desc cleat_volume_protection_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "persistentvolume-protection-controller",
    .aliases = volume_aliases,
    .description = "Keeps volumes that are being deleted until they are bound no more.",
    .create = create_volumes,
    .destroy = free,
};
