/* SPDX-License-Identifier: Apache-2.0 */
/*
 * myplugin: a controller to begin with. It looks after ConfigMaps that carry the
 * label myplugin/watch and notes in an annotation how many keys each has.
 */
#include <cleat/sdk.h>

static struct cleat_sdk sdk;
static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

struct controller {
    cleat_client *client;
    cleat_controller *reconciler;
};

/* Called before a key is queued: is this change of interest? */
static int32_t wanted(void *self, const cleat_obj *old, const cleat_obj *obj) {
    (void)self;
    (void)old;
    return obj != NULL && sdk.obj->type(CLEAT_AT(&sdk, obj, "metadata", "labels",
                                                 "myplugin/watch")) != CLEAT_ABSENT;
}

/* Makes the world agree with the present state of one object. Called on a thread
 * that may block, never twice at once for one key, and again after an error. */
static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct controller *c = self;
    (void)ret;
    cleat_obj *obj = sdk.informer->get(sdk.controller->informer(c->reconciler, configmaps), key);
    if (obj == NULL) {
        return CLEAT_OK; /* deleted meanwhile */
    }
    char count[24], patch[96];
    snprintf(count, sizeof count, "%zu", sdk.obj->count(CLEAT_AT(&sdk, obj, "data")));
    cleat_err err = CLEAT_OK;
    if (!cleat_str_is(CLEAT_TEXT(&sdk, obj, "metadata", "annotations", "myplugin/keys"), count)) {
        snprintf(patch, sizeof patch, "{\"metadata\":{\"annotations\":{\"myplugin/keys\":\"%s\"}}}",
                 count);
        err = sdk.client->patch(c->client, ctx, configmaps, key, NULL, CLEAT_PATCH_MERGE,
                                cleat_cstr(patch), NULL, reterr);
    }
    sdk.obj->unref(obj);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    int64_t workers = 1;
    sdk.obj->integer(CLEAT_AT(&sdk, env->config, "workers"), &workers);
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts, .name = env->name, .workers = (int32_t)workers};
    struct controller *c = cleat_sdk_alloc(1, sizeof *c);
    c->client = env->client;
    cleat_err err =
        sdk.controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = sdk.controller->reconciles(c->reconciler, configmaps, wanted, reterr);
    }
    if (err != CLEAT_OK) {
        free(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_INT, "workers", NULL, "1", "Objects at the same time."},
    {0},
};
static const struct cleat_controller_desc controller = {
    .struct_size = sizeof controller,
    .name = "myplugin",
    .description = "Counts the keys of ConfigMaps.",
    .options = options,
    .create = create,
    .destroy = free,
};
static const struct cleat_controller_desc *const controllers[] = {&controller};
static const struct cleat_controller_factory factory = {sizeof factory, 1, controllers};

/* ---- the handshake ---- */

static cleat_err init(const struct cleat_host *host, struct cleat_error *reterr) {
    (void)reterr;
    cleat_sdk_bind(&sdk, host);
    return CLEAT_OK;
}

static const void *get_factory(const char *id) {
    return strcmp(id, CLEAT_FACTORY_CONTROLLER) == 0 ? &factory : NULL;
}

static const char *const needs[] = {CLEAT_EXT_OBJECT, CLEAT_EXT_CLIENT, CLEAT_EXT_INFORMER,
                                    CLEAT_EXT_CONTROLLER, NULL};
static const struct cleat_plugin_info info = {
    .struct_size = sizeof info,
    .id = "org.example.myplugin",
    .version = "0.1",
    .vendor = "you",
    .license = "Apache-2.0",
    .description = "Counts the keys of ConfigMaps.",
    .needs = needs,
};
static const struct cleat_plugin_entry entry = {
    .abi = CLEAT_ABI_INIT(struct cleat_plugin_entry),
    .info = &info,
    .init = init,
    .get_factory = get_factory,
};
const struct cleat_plugin_entry *cleat_plugin_entry_v1(void) {
    return &entry;
}
