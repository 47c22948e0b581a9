/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A controller whose reconcile sleeps through its cancellation while the
 * ConfigMap "hold" exists with data.hold = "yes"; it says so in data.inside.
 */
#include "../entry.h"

#include <time.h>

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};
static cleat_controller *reconciler;
static cleat_client *client;

static int held(struct cleat_key key) {
    cleat_obj *o = sdk.informer->get(sdk.controller->informer(reconciler, configmaps), key);
    int yes = o != NULL && cleat_str_is(CLEAT_TEXT(&sdk, o, "data", "hold"), "yes");
    sdk.obj->unref(o);
    return yes;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    (void)self;
    (void)ret;
    if (cleat_str_is(key.name, "hold") && held(key)) {
        struct cleat_str patch = CLEAT_STR("{\"data\":{\"inside\":\"yes\"}}");
        cleat_err err = sdk.client->patch(client, ctx, configmaps, key, NULL, CLEAT_PATCH_MERGE,
                                          patch, NULL, reterr);
        if (err != CLEAT_OK) {
            return err;
        }
        while (held(key)) {
            nanosleep(&(struct timespec){0, 5000000}, NULL);
        }
    }
    return CLEAT_OK;
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct cleat_reconciler_opts opts = {.struct_size = sizeof opts, .name = env->name};
    *ret_self = NULL;
    client = env->client;
    cleat_err err =
        sdk.controller->reconciler_new(env, &opts, reconcile, NULL, &reconciler, reterr);
    return err != CLEAT_OK ? err : sdk.controller->reconciles(reconciler, configmaps, NULL, reterr);
}

static const struct cleat_controller_desc desc = {
    .struct_size = sizeof desc,
    .disabled_by_default = 1,
    .name = "late",
    .description = "Does not stop when it is told to.",
    .create = create,
};
static const struct cleat_controller_desc *const descs[] = {&desc};
static const struct cleat_controller_factory factory = {sizeof factory, 1, descs};

static const void *get_factory(const char *id) {
    return strcmp(id, CLEAT_FACTORY_CONTROLLER) == 0 ? &factory : NULL;
}
static const char *const needs[] = {CLEAT_EXT_OBJECT, CLEAT_EXT_CLIENT, CLEAT_EXT_INFORMER,
                                    CLEAT_EXT_CONTROLLER, NULL};
ENTRY_INFO("test.late-stop", needs);
ENTRY(CLEAT_ABI_INIT(struct cleat_plugin_entry), entry_init, get_factory);
