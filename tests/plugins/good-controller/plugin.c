/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Labels each ConfigMap whose name does not begin with "kube-": label, value and
 * workers are options. With failures=N its first N creations fail.
 */
#include "../entry.h"

#include <stdatomic.h>

struct labeler {
    cleat_client *client;
    cleat_controller *reconciler;
    char *value;
};
static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};
static _Atomic int64_t failed; /* creations so far, over the life of the process */

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct labeler *l = self;
    (void)ret;
    cleat_obj *o = sdk.informer->get(sdk.controller->informer(l->reconciler, configmaps), key);
    if (o == NULL) {
        return CLEAT_OK;
    }
    cleat_err err = CLEAT_OK;
    if (!cleat_str_is(CLEAT_TEXT(&sdk, o, "metadata", "labels", "labeled"), l->value) &&
        !(key.name.n >= 5 && memcmp(key.name.p, "kube-", 5) == 0)) {
        cleat_edit *e = sdk.obj->edit_new(o);
        cleat_obj *changed = NULL;
        sdk.obj->set_str(e, CLEAT_PATH("metadata", "labels", "labeled"), cleat_cstr(l->value));
        err = sdk.obj->edit_finish(e, &changed, reterr);
        if (err == CLEAT_OK) {
            err = sdk.client->update(l->client, ctx, configmaps, NULL, changed, NULL, reterr);
            sdk.obj->unref(changed);
        }
    }
    sdk.obj->unref(o);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static void destroy(void *self) {
    struct labeler *l = self;
    free(l->value);
    free(l);
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    int64_t failures = 0;
    sdk.obj->integer(CLEAT_AT(&sdk, env->config, "failures"), &failures);
    if (atomic_load(&failed) < failures) {
        long long n = (long long)atomic_fetch_add(&failed, 1) + 1;
        return cleat_errorf(reterr, CLEAT_E_TRANSIENT, "not yet (%lld)", n);
    }
    struct labeler *l = cleat_sdk_alloc(1, sizeof *l);
    l->client = env->client;
    l->value = cleat_sdk_dup(CLEAT_TEXT(&sdk, env->config, "value"));
    struct cleat_reconciler_opts opts = {.struct_size = sizeof opts, .name = env->name};
    cleat_err err =
        sdk.controller->reconciler_new(env, &opts, reconcile, l, &l->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = sdk.controller->reconciles(l->reconciler, configmaps, NULL, reterr);
    }
    if (err != CLEAT_OK) {
        destroy(l);
        return err;
    }
    *ret_self = l;
    return CLEAT_OK;
}

#define OPTION(type, name, flag, def)                                                              \
    { sizeof(struct cleat_option), CLEAT_OPT_##type, name, flag, def, "For tests." }
static const struct cleat_option options[] = {
    OPTION(STRING, "value", "labeler-value", "yes"),
    OPTION(INT, "failures", "labeler-failures", "0"),
    OPTION(BOOL, "loud", "labeler-loud", "false"),
    OPTION(DURATION, "period", "labeler-period", "1m30s"),
    OPTION(DOUBLE, "rate", NULL, "0.5"),
    OPTION(STRINGS, "names", "labeler-names", NULL),
    OPTION(OBJECT, "extra", NULL, NULL),
    {0},
};
static const char *const aliases[] = {"labeler", NULL};
static const struct cleat_controller_desc desc = {
    .struct_size = sizeof desc,
    .name = "labeler-controller",
    .aliases = aliases,
    .description = "Labels ConfigMaps.",
    .options = options,
    .create = create,
    .destroy = destroy,
};
static const struct cleat_controller_desc *const descs[] = {&desc};
static const struct cleat_controller_factory factory = {sizeof factory, 1, descs};

static const char *const crds[] = {
    "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\","
    "\"metadata\":{\"name\":\"widgets.test.cleat.dev\"},\"spec\":{\"group\":\"test.cleat.dev\","
    "\"scope\":\"Namespaced\",\"names\":{\"plural\":\"widgets\",\"singular\":\"widget\","
    "\"kind\":\"Widget\",\"listKind\":\"WidgetList\"},\"versions\":[{\"name\":\"v1\","
    "\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\","
    "\"x-kubernetes-preserve-unknown-fields\":true}}}]}}"};
static const struct cleat_kinds_factory kinds = {sizeof kinds, 1, crds};

static const void *get_factory(const char *id) {
    return strcmp(id, CLEAT_FACTORY_CONTROLLER) == 0 ? (const void *)&factory
           : strcmp(id, CLEAT_FACTORY_KINDS) == 0    ? (const void *)&kinds
                                                     : NULL;
}
static const char *const needs[] = {CLEAT_EXT_OBJECT, CLEAT_EXT_CLIENT, CLEAT_EXT_INFORMER,
                                    CLEAT_EXT_CONTROLLER, NULL};
ENTRY_INFO("test.good-controller", needs);
ENTRY(CLEAT_ABI_INIT(struct cleat_plugin_entry), entry_init, get_factory);
