/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The persistentvolume-binder-controller: claims get volumes, by hand-made ones or by
 * provisioners, and volumes whose claims are gone are reclaimed by their policy. One
 * reconciler looks at claims, one at volumes, one waits for provisioners: none of the
 * others waits for storage.
 */
#include "volumes.h"

#define BY_CLAIM  "cleat.gc/by-claim"  /* of volumes: "namespace/name" of claimRef */
#define BY_VOLUME "cleat.gc/by-volume" /* of claims: the volume's name */
#define UNBOUND   "cleat.gc/unbound"   /* of claims: "yes" */

/* ---- indexes ---- */

static void index_by_claim(void *userdata, const cleat_obj *volume,
                           void (*emit)(void *sink, struct cleat_str value), void *sink) {
    struct cleat_key key = cleat_vol_claim_of(volume);
    (void)userdata;
    if (key.name.n > 0) {
        char *text = cleat_sdk_format("%.*s/%.*s", CLEAT_FMT(key.ns), CLEAT_FMT(key.name));
        emit(sink, cleat_cstr(text));
        free(text);
    }
}

static void index_by_volume(void *userdata, const cleat_obj *claim,
                            void (*emit)(void *sink, struct cleat_str value), void *sink) {
    struct cleat_str name = CLEAT_TEXT(SDK, claim, "spec", "volumeName");
    (void)userdata;
    if (name.n > 0) {
        emit(sink, name);
    }
}

static void index_unbound(void *userdata, const cleat_obj *claim,
                          void (*emit)(void *sink, struct cleat_str value), void *sink) {
    (void)userdata;
    if (!cleat_vol_annotated(claim, CLEAT_BIND_COMPLETED)) {
        emit(sink, CLEAT_STR("yes"));
    }
}

/* ---- volumes ---- */

/* Volumes that were made here are held until their storage is gone, by policy. */
static cleat_err keep_finalizer(struct cleat_binder *c, cleat_ctx *ctx, cleat_obj **volume,
                                struct cleat_error *reterr) {
    struct cleat_str said = cleat_vol_annotation(*volume, CLEAT_PROVISIONED_BY);
    if (said.n == 0 || SDK->provisioners == NULL) {
        return CLEAT_OK;
    }
    char *name = cleat_sdk_dup(said);
    bool ours = SDK->provisioners->by_name(name) != NULL;
    free(name);
    bool want =
        cleat_str_is(CLEAT_TEXT(SDK, *volume, "spec", "persistentVolumeReclaimPolicy"), "Delete");
    bool has = SDK->util->has_finalizer(*volume, CLEAT_DELETION_FINALIZER);
    if (!ours || want == has || (want && cleat_gc_is_ending(*volume))) {
        return CLEAT_OK;
    }
    cleat_edit *e = SDK->obj->edit_new(*volume);
    cleat_obj *now = NULL;
    if (want) {
        SDK->util->add_finalizer(e, *volume, CLEAT_DELETION_FINALIZER);
    } else {
        SDK->util->remove_finalizer(e, *volume, CLEAT_DELETION_FINALIZER);
    }
    cleat_err err = cleat_vol_write(c, ctx, CLEAT_VOLUMES, NULL, e, &now, reterr);
    if (err == CLEAT_OK) {
        SDK->obj->unref(*volume);
        *volume = now;
    }
    return err;
}

static cleat_err release(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                         struct cleat_error *reterr) {
    struct cleat_str phase = CLEAT_TEXT(SDK, volume, "status", "phase");
    cleat_obj *now = NULL;
    cleat_err err = CLEAT_OK;
    if (cleat_str_is(phase, "Failed")) {
        now = SDK->obj->ref(volume); /* what went wrong stays to be seen while it is tried again */
    } else {
        err = cleat_vol_phase(c, ctx, volume, "Released", NULL, NULL, &now, reterr);
    }
    if (err == CLEAT_OK) {
        err = cleat_vol_reclaim(c, ctx, now, reterr);
    }
    SDK->obj->unref(now);
    return err;
}

/* The claim of a volume: what the cache has, else what the API says. NULL = gone. */
static cleat_err claim_of(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                          cleat_obj **ret, struct cleat_error *reterr) {
    struct cleat_key key = cleat_vol_claim_of(volume);
    struct cleat_str uid = CLEAT_TEXT(SDK, volume, "spec", "claimRef", "uid");
    cleat_err err = CLEAT_OK;
    *ret = SDK->informer->get(c->claim_cache, key);
    if (*ret == NULL || !cleat_str_eq(SDK->obj->uid(*ret), uid)) {
        SDK->obj->unref(*ret);
        *ret = NULL;
        err = SDK->client->get(c->client, ctx, CLEAT_CLAIMS, key, ret, reterr);
        err = err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    if (*ret != NULL && !cleat_str_eq(SDK->obj->uid(*ret), uid)) {
        SDK->obj->unref(*ret); /* another one of that name */
        *ret = NULL;
    }
    return err;
}

static cleat_err sync_claimed(struct cleat_binder *c, cleat_ctx *ctx, const cleat_obj *volume,
                              struct cleat_error *reterr) {
    cleat_obj *claim = NULL;
    cleat_err err = claim_of(c, ctx, volume, &claim, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct cleat_str bound =
        claim != NULL ? CLEAT_TEXT(SDK, claim, "spec", "volumeName") : (struct cleat_str){"", 0};
    if (claim == NULL) {
        err = release(c, ctx, volume, reterr);
    } else if (bound.n == 0) { /* half way: the claim's turn */
        SDK->controller->enqueue(c->claims, cleat_vol_claim_of(volume), 0);
    } else if (cleat_str_eq(bound, SDK->obj->name(volume))) {
        err = cleat_vol_phase(c, ctx, volume, "Bound", NULL, NULL, NULL, reterr);
    } else if (cleat_vol_annotated(volume, CLEAT_PROVISIONED_BY) &&
               cleat_str_is(CLEAT_TEXT(SDK, volume, "spec", "persistentVolumeReclaimPolicy"),
                            "Delete")) {
        err = release(c, ctx, volume, reterr); /* made for a claim that found another */
    } else {
        err = cleat_vol_unbind(c, ctx, volume, reterr);
    }
    SDK->obj->unref(claim);
    return err;
}

static cleat_err sync_volume(void *self, cleat_ctx *ctx, struct cleat_key key,
                             struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_binder *c = self;
    (void)ret;
    cleat_obj *volume = SDK->informer->get(c->volume_cache, key);
    if (volume == NULL) {
        return CLEAT_OK;
    }
    cleat_err err = keep_finalizer(c, ctx, &volume, reterr);
    bool free = CLEAT_TEXT(SDK, volume, "spec", "claimRef", "uid").n == 0;
    if (err == CLEAT_OK && free && cleat_gc_is_ending(volume)) {
        err = cleat_vol_reclaim(c, ctx, volume, reterr);
    } else if (err == CLEAT_OK && free) {
        err = cleat_vol_phase(c, ctx, volume, "Available", NULL, NULL, NULL, reterr);
    } else if (err == CLEAT_OK) {
        err = sync_claimed(c, ctx, volume, reterr);
    }
    SDK->obj->unref(volume);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* ---- what makes it look ---- */

struct sink {
    void (*emit)(void *sink, struct cleat_key key);
    void *sink;
    struct cleat_str class; /* n == 0: any */
    bool is_default;        /* the class: who says nothing of one is meant too */
};

static int32_t offer(void *userdata, const cleat_obj *o) {
    struct sink *s = userdata;
    if (s->class.n == 0 || cleat_str_eq(cleat_vol_class(o), s->class) ||
        (s->is_default && cleat_vol_says_no_class(o))) {
        s->emit(s->sink, (struct cleat_key){SDK->obj->ns(o), SDK->obj->name(o)});
    }
    return 0;
}

static void claims_of_volume(void *self, const cleat_obj *volume,
                             void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct cleat_binder *c = self;
    struct sink s = {.emit = emit, .sink = sink};
    struct cleat_key key = cleat_vol_claim_of(volume);
    if (key.name.n > 0) {
        emit(sink, key);
    } else {
        s.class = cleat_vol_class(volume);
        SDK->informer->foreach (c->claim_cache, UNBOUND, CLEAT_STR("yes"), offer, &s);
        s.class.n = 0;
    }
    SDK->informer->foreach (c->claim_cache, BY_VOLUME, SDK->obj->name(volume), offer, &s);
}

static void claims_of_class(void *self, const cleat_obj *class,
                            void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct cleat_binder *c = self;
    struct sink s = {emit, sink, SDK->obj->name(class), cleat_vol_is_default(class)};
    SDK->informer->foreach (c->claim_cache, UNBOUND, CLEAT_STR("yes"), offer, &s);
}

static void volumes_of_claim(void *self, const cleat_obj *claim,
                             void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct cleat_binder *c = self;
    struct sink s = {.emit = emit, .sink = sink};
    char *text = cleat_sdk_format("%.*s/%.*s", CLEAT_FMT(SDK->obj->ns(claim)),
                                  CLEAT_FMT(SDK->obj->name(claim)));
    SDK->informer->foreach (c->volume_cache, BY_CLAIM, cleat_cstr(text), offer, &s);
    free(text);
}

/* Predicates see each state of an object and the one before it. All matter. */
static int32_t count_claims(void *self, const cleat_obj *old, const cleat_obj *claim) {
    struct cleat_binder *c = self;
    cleat_vol_count(c->counts, true, old, claim);
    return 1;
}

static int32_t count_volumes(void *self, const cleat_obj *old, const cleat_obj *volume) {
    struct cleat_binder *c = self;
    cleat_vol_count(c->counts, false, old, volume);
    return 1;
}

/* ---- life ---- */

static void destroy(void *self) {
    struct cleat_binder *c = self;
    cleat_vol_counts_free(c->counts);
    free(c);
}

static cleat_err watch(struct cleat_binder *c, struct cleat_error *reterr) {
    cleat_err err = SDK->controller->reconciles(c->claims, CLEAT_CLAIMS, count_claims, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->claims, CLEAT_VOLUMES, claims_of_volume, NULL, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->claims, CLEAT_CLASSES, claims_of_class, NULL, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->volumes, CLEAT_VOLUMES, count_volumes, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(c->volumes, CLEAT_CLAIMS, volumes_of_claim, NULL, reterr);
    }
    if (err != CLEAT_OK) {
        return err;
    }
    c->claim_cache = SDK->controller->informer(c->claims, CLEAT_CLAIMS);
    c->volume_cache = SDK->controller->informer(c->claims, CLEAT_VOLUMES);
    c->class_cache = SDK->controller->informer(c->claims, CLEAT_CLASSES);
    if (SDK->informer->add_index(c->volume_cache, BY_CLAIM, index_by_claim, NULL) != CLEAT_OK ||
        SDK->informer->add_index(c->claim_cache, BY_VOLUME, index_by_volume, NULL) != CLEAT_OK ||
        SDK->informer->add_index(c->claim_cache, UNBOUND, index_unbound, NULL) != CLEAT_OK) {
        return cleat_errorf(reterr, CLEAT_E_EXISTS, "an index of that name is there");
    }
    return CLEAT_OK;
}

static cleat_metric *counter(const char *name, const char *help) {
    return SDK->metrics->with(SDK->metrics->family(name, help, CLEAT_COUNTER, NULL, NULL, 0),
                              (const char *const[]){NULL});
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct cleat_binder *c = cleat_sdk_alloc(1, sizeof *c);
    /* One after the other, so that they do not compete for a volume. */
    struct cleat_reconciler_opts claims = {.struct_size = sizeof claims, .name = "claims"};
    /* Storage that cannot be taken away is tried again as upstream does. */
    struct cleat_reconciler_opts volumes = {.struct_size = sizeof volumes,
                                            .name = "volumes",
                                            .workers = 5,
                                            .base_delay = 500 * CLEAT_MS,
                                            .max_delay = 122 * CLEAT_SECOND};
    struct cleat_reconciler_opts provisions = volumes;
    provisions.name = "provisions";
    c->client = env->client;
    c->counts = cleat_vol_counts_new();
    c->late_classes =
        counter("retroactive_storageclass_total",
                "Total number of retroactive StorageClass assignments to persistent volume claim");
    c->late_class_errors = counter("retroactive_storageclass_errors_total",
                                   "Total number of failed retroactive StorageClass assignments to "
                                   "persistent volume claim");
    c->dynamic = cleat_sdk_option(SDK, env, "enableDynamicProvisioning") != 0;
    c->period = cleat_sdk_option(SDK, env, "pvClaimBinderSyncPeriod");
    cleat_err err =
        SDK->controller->reconciler_new(env, &claims, cleat_vol_sync_claim, c, &c->claims, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &volumes, sync_volume, c, &c->volumes, reterr);
    }
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciler_new(env, &provisions, cleat_vol_provision, c,
                                              &c->provisions, reterr);
    }
    if (err == CLEAT_OK) {
        err = watch(c, reterr);
    }
    if (err != CLEAT_OK) {
        destroy(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "enableDynamicProvisioning",
     "enable-dynamic-provisioning", "true", "Whether volumes are made for claims that ask for it."},
    {sizeof(struct cleat_option), CLEAT_OPT_DURATION, "pvClaimBinderSyncPeriod",
     "pvclaimbinder-sync-period", "15s",
     "After what time a claim without a volume is looked at again."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const char *const aliases[] = {"persistentvolume-binder", NULL};

const struct cleat_controller_desc cleat_volumes_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = CLEAT_OFF_WHERE_ATTACHED,
    .name = "persistentvolume-binder-controller",
    .aliases = aliases,
    .description = "Binds claims to volumes, and reclaims volumes whose claims are gone.",
    .options = options,
    .create = create,
    .destroy = destroy,
};
