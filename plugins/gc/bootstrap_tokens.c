/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The token-cleaner-controller: deletes bootstrap tokens that have expired, each when its
 * time comes. Off by default, as upstream.
 */
#include "gc.h"

#define SECRET_GVR ((struct cleat_gvr){"", "v1", "secrets"})
#define SPACE      "kube-system"
#define TYPE       "bootstrap.kubernetes.io/token"

struct tokens {
    cleat_client *client;
    cleat_controller *reconciler;
    cleat_informer *cache;
};

static bool is_token(const cleat_obj *o) {
    return cleat_str_is(SDK->obj->ns(o), SPACE) && cleat_str_is(CLEAT_TEXT(SDK, o, "type"), TYPE);
}

/* When it expires; INT64_MAX = never. What is no time has expired. */
static cleat_time expires_at(const cleat_obj *secret) {
    char *text = cleat_gc_base64(CLEAT_TEXT(SDK, secret, "data", "expiration"), NULL);
    cleat_time t = INT64_MAX;
    if (text != NULL && text[0] != 0 && SDK->obj->time_parse(cleat_cstr(text), &t) != CLEAT_OK) {
        t = 0;
    }
    free(text);
    return t;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct tokens *c = self;
    cleat_obj *o = SDK->informer->get(c->cache, key);
    cleat_time due = o != NULL && is_token(o) && !cleat_gc_is_ending(o) ? expires_at(o) : INT64_MAX;
    cleat_time left = due - SDK->clock->wall();
    cleat_err err = CLEAT_OK;
    if (due != INT64_MAX && left > 0) {
        ret->requeue_after = left;
    } else if (due != INT64_MAX) {
        char *uid = cleat_sdk_dup(SDK->obj->uid(o));
        struct cleat_delete_opts opts = {.struct_size = sizeof opts,
                                         .grace_period_seconds = -1,
                                         .uid = uid,
                                         .revision = SDK->obj->revision(o)};
        err = SDK->client->remove(c->client, ctx, SECRET_GVR, key, &opts, NULL, reterr);
        free(uid);
    }
    SDK->obj->unref(o);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static int32_t matters(void *self, const cleat_obj *old, const cleat_obj *o) {
    (void)self;
    (void)old;
    return o != NULL && is_token(o);
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct tokens *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {.struct_size = sizeof opts, .name = "token_cleaner"};
    c->client = env->client;
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->reconciles(c->reconciler, SECRET_GVR, matters, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    c->cache = SDK->controller->informer(c->reconciler, SECRET_GVR);
    *ret_self = c;
    return CLEAT_OK;
}

static const char *const aliases[] = {"tokencleaner", NULL};

const struct cleat_controller_desc cleat_tokens_desc = {
    .struct_size = sizeof(struct cleat_controller_desc),
    .disabled_by_default = 1,
    .name = "token-cleaner-controller",
    .aliases = aliases,
    .description = "Deletes bootstrap tokens that have expired.",
    .create = create,
    .destroy = free,
};
