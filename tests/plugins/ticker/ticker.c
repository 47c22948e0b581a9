/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A controller that never rests: each ConfigMap with the label tick gets another
 * data.n, again and again, by a patch that asks for nothing: whoever sends it, when ever, it
 * is made. Whoever watches such an object sees which process is active.
 */
#include "../entry.h"

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

struct ticker {
    cleat_client *client;
    cleat_time period;
    uint64_t self;
    long n; /* one worker */
};

static int32_t matters(void *self, const cleat_obj *old, const cleat_obj *o) {
    (void)self;
    return old == NULL && o != NULL &&
           sdk.obj->type(CLEAT_AT(&sdk, o, "metadata", "labels", "tick")) == CLEAT_STRING;
}

static cleat_err tick(void *self, cleat_ctx *ctx, struct cleat_key key, struct cleat_result *ret,
                      struct cleat_error *reterr) {
    struct ticker *t = self;
    char text[96]; /* never what another process wrote: that would be no write */
    snprintf(text, sizeof text, "{\"data\":{\"n\":\"%016llx-%ld\"}}", (unsigned long long)t->self,
             ++t->n);
    cleat_err err = sdk.client->patch(t->client, ctx, configmaps, key, NULL, CLEAT_PATCH_MERGE,
                                      cleat_cstr(text), NULL, reterr);
    ret->requeue_after = t->period;
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct ticker *t = cleat_sdk_alloc(1, sizeof *t);
    t->client = env->client;
    t->period = 20 * CLEAT_MS;
    t->self = sdk.clock->random();
    struct cleat_reconciler_opts opts = {.struct_size = sizeof opts,
                                         .name = "ticker",
                                         .base_delay = 20 * CLEAT_MS,
                                         .max_delay = 100 * CLEAT_MS,
                                         .qps = -1};
    cleat_controller *c = NULL;
    cleat_err err = sdk.controller->reconciler_new(env, &opts, tick, t, &c, reterr);
    if (err == CLEAT_OK) {
        err = sdk.controller->reconciles(c, configmaps, matters, reterr);
    }
    if (err != CLEAT_OK) {
        free(t);
        return err;
    }
    *ret_self = t;
    return CLEAT_OK;
}

static const char *const aliases[] = {"ticker", NULL};
static const struct cleat_controller_desc desc = {
    .struct_size = sizeof desc,
    .name = "ticker-controller",
    .aliases = aliases,
    .description = "Writes again and again.",
    .create = create,
    .destroy = free,
};
static const struct cleat_controller_desc *const descs[] = {&desc};
static const struct cleat_controller_factory factory = {sizeof factory, 1, descs};

static const void *get_factory(const char *id) {
    return strcmp(id, CLEAT_FACTORY_CONTROLLER) == 0 ? &factory : NULL;
}
static const char *const needs[] = {CLEAT_EXT_OBJECT, CLEAT_EXT_CLIENT, CLEAT_EXT_CLOCK,
                                    CLEAT_EXT_CONTROLLER, NULL};
ENTRY_INFO("test.ticker", needs);
ENTRY(CLEAT_ABI_INIT(struct cleat_plugin_entry), entry_init, get_factory);
