/* SPDX-License-Identifier: Apache-2.0 */
/* Entry of the simulated cloud: a provider and the kinds that it lives in. */
#include "sim.h"

static cleat_err init(const struct cleat_host *host, struct cleat_error *reterr) {
    (void)reterr;
    cleat_sdk_bind(SDK, host);
    return CLEAT_OK;
}

static void deinit(void) {}

static const void *get_factory(const char *id) {
    static const struct cleat_cloud_desc *const all[] = {&cleat_sim_cloud_desc};
    static const struct cleat_cloud_factory clouds = {
        .struct_size = sizeof clouds,
        .n_clouds = 1,
        .clouds = all,
    };
    static const struct cleat_kinds_factory kinds = {
        .struct_size = sizeof kinds,
        .n_crds = CLEAT_SIM_N_CRDS,
        .crds_json = cleat_sim_crds,
    };
    if (strcmp(id, CLEAT_FACTORY_CLOUD) == 0) {
        return &clouds;
    }
    return strcmp(id, CLEAT_FACTORY_KINDS) == 0 ? &kinds : NULL;
}

const struct cleat_plugin_entry *cleat_plugin_entry_v1(void) {
    static const char *const needs[] = {
        CLEAT_EXT_OBJECT, CLEAT_EXT_CTX,      CLEAT_EXT_LOG,  CLEAT_EXT_CLOCK,
        CLEAT_EXT_CLIENT, CLEAT_EXT_INFORMER, CLEAT_EXT_UTIL, NULL};
    static const struct cleat_plugin_info info = {
        .struct_size = sizeof info,
        .id = "cleat.cloud-sim",
        .version = "0.1.0",
        .vendor = "Cleat",
        .license = "Apache-2.0",
        .description = "A simulated cloud whose servers are API objects.",
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
