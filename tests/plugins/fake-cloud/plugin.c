/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two providers without servers, "fake" and "other", and a controller "census"
 * that tells by the name of a ConfigMap (census-N) how many providers it found when it
 * was created. broken=true makes a provider's initialize fail.
 */
#include "../entry.h"

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

static cleat_err no_servers(void *self, cleat_ctx *ctx, cleat_server_fn fn, void *sink,
                            struct cleat_error *reterr) {
    (void)self;
    (void)ctx;
    (void)fn;
    (void)sink;
    (void)reterr;
    return CLEAT_OK;
}

struct cloud {
    int32_t broken;
};

static cleat_err initialize(void *self, struct cleat_error *reterr) {
    const struct cloud *c = self;
    return c->broken ? cleat_errorf(reterr, CLEAT_E_UNAVAILABLE, "the cloud is down") : CLEAT_OK;
}

static const struct cleat_instances_ops instances = {.struct_size = sizeof instances,
                                                     .list = no_servers};
static const struct cleat_cloud_ops ops = {
    .struct_size = sizeof ops,
    .instances = &instances,
    .initialize = initialize,
    .destroy = free,
};

static cleat_err create_cloud(const struct cleat_controller_env *env,
                              const struct cleat_cloud_ops **ret_ops, void **ret_self,
                              struct cleat_error *reterr) {
    (void)reterr;
    struct cloud *c = cleat_sdk_alloc(1, sizeof *c);
    c->broken = sdk.obj->boolean(CLEAT_AT(&sdk, env->config, "broken"), 0);
    *ret_ops = &ops;
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_BOOL, "broken", NULL, "false", "For tests."}, {0}};
static const struct cleat_cloud_desc fake = {.struct_size = sizeof fake,
                                             .name = "fake",
                                             .description = "No servers.",
                                             .options = options,
                                             .create = create_cloud};
static const struct cleat_cloud_desc other = {.struct_size = sizeof other,
                                              .name = "other",
                                              .description = "No servers either.",
                                              .options = options,
                                              .create = create_cloud};
static const struct cleat_cloud_desc *const clouds[] = {&fake, &other};
static const struct cleat_cloud_factory cloud_factory = {sizeof cloud_factory, 2, clouds};

static cleat_err create_census(const struct cleat_controller_env *env, void **ret_self,
                               struct cleat_error *reterr) {
    char json[160];
    cleat_obj *o = NULL;
    *ret_self = NULL;
    snprintf(json, sizeof json,
             "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"namespace\":"
             "\"default\",\"name\":\"census-%zu\"}}",
             sdk.clouds->count());
    cleat_err err = sdk.obj->parse(cleat_cstr(json), &o, reterr);
    if (err == CLEAT_OK) {
        err = sdk.client->create(env->client, env->ctx, configmaps, o, NULL, reterr);
        sdk.obj->unref(o);
    }
    return err == CLEAT_E_EXISTS ? CLEAT_OK : err;
}

static const struct cleat_controller_desc census = {.struct_size = sizeof census,
                                                    .disabled_by_default = 1,
                                                    .name = "census",
                                                    .description = "Counts providers.",
                                                    .create = create_census};
static const struct cleat_controller_desc *const controllers[] = {&census};
static const struct cleat_controller_factory controller_factory = {sizeof controller_factory, 1,
                                                                   controllers};

static const void *get_factory(const char *id) {
    return strcmp(id, CLEAT_FACTORY_CLOUD) == 0        ? (const void *)&cloud_factory
           : strcmp(id, CLEAT_FACTORY_CONTROLLER) == 0 ? (const void *)&controller_factory
                                                       : NULL;
}
static const char *const needs[] = {CLEAT_EXT_OBJECT, CLEAT_EXT_CLIENT, CLEAT_EXT_CLOUDS, NULL};
ENTRY_INFO("test.fake-cloud", needs);
ENTRY(CLEAT_ABI_INIT(struct cleat_plugin_entry), entry_init, get_factory);
