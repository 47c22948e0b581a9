/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A provider "tin" with two servers, tin-1 and tin-2, that ends the process
 * when it is asked about anybody else's Node: the second cloud of tests with
 * two. A Node label "tin.test/gone" makes its server absent.
 */
#include <cleat/sdk.h>

static struct cleat_sdk sdk;

static int32_t is_mine(const cleat_obj *node) {
    struct cleat_str name = sdk.obj->name(node);
    return name.n == 5 && memcmp(name.p, "tin-", 4) == 0;
}

static void check(const cleat_obj *node) {
    if (!is_mine(node)) {
        struct cleat_str name = sdk.obj->name(node);
        fprintf(stderr, "tin was asked about %.*s\n", CLEAT_FMT(name));
        abort();
    }
}

static int32_t tell(const char *name, cleat_server_fn fn, void *sink) {
    char id[32];
    snprintf(id, sizeof id, "tin://%s", name);
    struct cleat_address address = {"InternalIP",
                                    strcmp(name, "tin-1") == 0 ? "192.0.2.1" : "192.0.2.2"};
    struct cleat_server server = {
        .struct_size = sizeof server,
        .name = name,
        .provider_id = id,
        .instance_type = "tin.only",
        .zone = "",
        .region = "",
        .addresses = &address,
        .n_addresses = 1,
    };
    return fn(sink, &server);
}

static cleat_err exists(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                        struct cleat_error *reterr) {
    (void)self;
    (void)ctx;
    (void)reterr;
    check(node);
    *ret = CLEAT_TEXT(&sdk, node, "metadata", "labels", "tin.test/gone").n == 0;
    return CLEAT_OK;
}

static cleat_err metadata(void *self, cleat_ctx *ctx, const cleat_obj *node, cleat_server_fn fn,
                          void *sink, struct cleat_error *reterr) {
    (void)self;
    (void)ctx;
    (void)reterr;
    check(node);
    char *name = cleat_sdk_dup(sdk.obj->name(node));
    tell(name, fn, sink);
    free(name);
    return CLEAT_OK;
}

static cleat_err list(void *self, cleat_ctx *ctx, cleat_server_fn fn, void *sink,
                      struct cleat_error *reterr) {
    (void)self;
    (void)ctx;
    (void)reterr;
    if (!tell("tin-1", fn, sink)) {
        tell("tin-2", fn, sink);
    }
    return CLEAT_OK;
}

static const struct cleat_instances_ops instances = {
    .struct_size = sizeof instances,
    .exists = exists,
    .metadata = metadata,
    .list = list,
};

static void destroy(void *self) {
    (void)self;
}

static const struct cleat_cloud_ops ops = {
    .struct_size = sizeof ops,
    .instances = &instances,
    .destroy = destroy,
};

static cleat_err create(const struct cleat_controller_env *env,
                        const struct cleat_cloud_ops **ret_ops, void **ret_self,
                        struct cleat_error *reterr) {
    static int self;
    (void)env;
    (void)reterr;
    *ret_ops = &ops;
    *ret_self = &self;
    return CLEAT_OK;
}

static cleat_err init(const struct cleat_host *host, struct cleat_error *reterr) {
    (void)reterr;
    cleat_sdk_bind(&sdk, host);
    return CLEAT_OK;
}

static void deinit(void) {}

static const void *get_factory(const char *id) {
    static const struct cleat_cloud_desc tin = {
        .struct_size = sizeof tin,
        .name = "tin",
        .description = "Two servers of tin.",
        .create = create,
    };
    static const struct cleat_cloud_desc *const all[] = {&tin};
    static const struct cleat_cloud_factory clouds = {sizeof clouds, 1, all};
    return strcmp(id, CLEAT_FACTORY_CLOUD) == 0 ? &clouds : NULL;
}

const struct cleat_plugin_entry *cleat_plugin_entry_v1(void) {
    static const char *const needs[] = {CLEAT_EXT_OBJECT, NULL};
    static const struct cleat_plugin_info info = {
        .struct_size = sizeof info,
        .id = "test.tin-cloud",
        .version = "1",
        .vendor = "tests",
        .license = "Apache-2.0",
        .description = "A second cloud.",
        .needs = needs,
    };
    static const struct cleat_plugin_entry entry = {
        .abi = CLEAT_ABI_INIT(struct cleat_plugin_entry),
        .info = &info,
        .init = init,
        .deinit = deinit,
        .get_factory = get_factory,
    };
    return &entry;
}
