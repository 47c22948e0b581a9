/* SPDX-License-Identifier: Apache-2.0 */
/* Entry of the provider for plain Linux machines, and the kinds that it keeps its state in. */
#include "lin.h"

static cleat_err init(const struct cleat_host *host, struct cleat_error *reterr) {
    cleat_sdk_bind(SDK, host);
    if (!CLEAT_HAS(SDK->obj, struct cleat_object_api, parse_yaml)) {
        return cleat_errorf(reterr, CLEAT_E_ABI, "this host reads no YAML for plugins");
    }
    return CLEAT_OK;
}

static void deinit(void) {}

static const void *get_factory(const char *id) {
    static const struct cleat_cloud_desc *const all[] = {&cleat_lin_cloud_desc};
    static const struct cleat_cloud_factory clouds = {
        .struct_size = sizeof clouds,
        .n_clouds = 1,
        .clouds = all,
    };
    static const struct cleat_kinds_factory kinds = {
        .struct_size = sizeof kinds,
        .n_crds = CLEAT_LIN_N_CRDS,
        .crds_json = cleat_lin_crds,
    };
    if (strcmp(id, CLEAT_FACTORY_CLOUD) == 0) {
        return &clouds;
    }
    return strcmp(id, CLEAT_FACTORY_KINDS) == 0 ? &kinds : NULL;
}

const struct cleat_plugin_entry *cleat_plugin_entry_v1(void) {
    static const char *const needs[] = {
        CLEAT_EXT_OBJECT, CLEAT_EXT_CTX,      CLEAT_EXT_LOG,    CLEAT_EXT_CLOCK,
        CLEAT_EXT_CLIENT, CLEAT_EXT_INFORMER, CLEAT_EXT_EVENTS, NULL};
    static const struct cleat_plugin_info info = {
        .struct_size = sizeof info,
        .id = "cleat.cloud-linux",
        .version = "0.1.0",
        .vendor = "Cleat",
        .license = "Apache-2.0",
        .description = "A cloud provider for plain Linux machines behind a gateway.",
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
