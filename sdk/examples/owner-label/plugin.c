/* SPDX-License-Identifier: Apache-2.0 */
/*
 * owner-label: Namespaces say who owns them in the label "owner"; every ConfigMap
 * in one gets the same label. It shows the three ways in which a change reaches
 * a reconciler: its own kind, another kind through a mapping, and an option.
 */
#include <cleat/sdk.h>

static struct cleat_sdk sdk;
static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};
static const struct cleat_gvr namespaces = {"", "v1", "namespaces"};

struct controller {
    cleat_client *client;
    cleat_controller *reconciler;
    char *label;
};

struct walk {
    struct cleat_str ns;
    void (*emit)(void *sink, struct cleat_key key);
    void *sink;
};

static int32_t emit_if_inside(void *userdata, const cleat_obj *obj) {
    struct walk *w = userdata;
    if (cleat_str_eq(sdk.obj->ns(obj), w->ns)) {
        w->emit(w->sink, (struct cleat_key){w->ns, sdk.obj->name(obj)});
    }
    return 0;
}

/* A Namespace changed: every ConfigMap in it may have to. */
static void map_namespace(void *self, const cleat_obj *ns,
                          void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct controller *c = self;
    struct walk w = {sdk.obj->name(ns), emit, sink};
    cleat_informer *all = sdk.controller->informer(c->reconciler, configmaps);
    sdk.informer->foreach (all, NULL, cleat_cstr(""), emit_if_inside, &w);
}

static cleat_err write_label(struct controller *c, cleat_ctx *ctx, const cleat_obj *obj,
                             struct cleat_str owner, struct cleat_error *reterr) {
    cleat_edit *edit = sdk.obj->edit_new(obj);
    sdk.obj->set_str(edit, CLEAT_PATH("metadata", "labels", c->label), owner);
    cleat_obj *changed = NULL;
    cleat_err err = sdk.obj->edit_finish(edit, &changed, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    /* A conflict means that somebody was faster: the change that made it so
     * brings the key back, and so does the error. */
    err = sdk.client->update(c->client, ctx, configmaps, NULL, changed, NULL, reterr);
    sdk.obj->unref(changed);
    return err;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct controller *c = self;
    (void)ret;
    struct cleat_key ns_key = {cleat_cstr(""), key.ns};
    cleat_obj *ns = sdk.informer->get(sdk.controller->informer(c->reconciler, namespaces), ns_key);
    cleat_obj *obj = sdk.informer->get(sdk.controller->informer(c->reconciler, configmaps), key);
    cleat_err err = CLEAT_OK;
    if (ns != NULL && obj != NULL) {
        struct cleat_str owner = CLEAT_TEXT(&sdk, ns, "metadata", "labels", c->label);
        if (owner.n > 0 &&
            !cleat_str_eq(CLEAT_TEXT(&sdk, obj, "metadata", "labels", c->label), owner)) {
            err = write_label(c, ctx, obj, owner, reterr);
        }
    }
    sdk.obj->unref(ns);
    sdk.obj->unref(obj);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

static void destroy(void *self) {
    struct controller *c = self;
    free(c->label);
    free(c);
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct controller *c = cleat_sdk_alloc(1, sizeof *c);
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts, .name = env->name, .workers = 2, .timeout = 10 * CLEAT_SECOND};
    c->client = env->client;
    c->label = cleat_sdk_dup(CLEAT_TEXT(&sdk, env->config, "label"));
    cleat_err err =
        sdk.controller->reconciler_new(env, &opts, reconcile, c, &c->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = sdk.controller->reconciles(c->reconciler, configmaps, NULL, reterr);
    }
    if (err == CLEAT_OK) {
        err = sdk.controller->watches(c->reconciler, namespaces, map_namespace, NULL, reterr);
    }
    if (err != CLEAT_OK) {
        destroy(c);
        return err;
    }
    *ret_self = c;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "label", "owner-label-key", "owner",
     "The label that is handed down."},
    {0},
};
static const struct cleat_controller_desc controller = {
    .struct_size = sizeof controller,
    .name = "owner-label",
    .description = "Hands a Namespace's owner label down to its ConfigMaps.",
    .options = options,
    .create = create,
    .destroy = destroy,
};
static const struct cleat_controller_desc *const controllers[] = {&controller};
static const struct cleat_controller_factory factory = {sizeof factory, 1, controllers};

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
    .id = "org.example.owner-label",
    .version = "0.1",
    .license = "Apache-2.0",
    .description = "Hands a Namespace's owner label down to its ConfigMaps.",
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
