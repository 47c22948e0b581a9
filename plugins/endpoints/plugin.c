/* SPDX-License-Identifier: Apache-2.0 */
/* Entry of the endpoints plugin: what it is, what it needs, which controllers it has. */
#include "endpoints.h"

struct cleat_sdk cleat_ep_sdk;

static cleat_err init(const struct cleat_host *host, struct cleat_error *reterr) {
    (void)reterr;
    cleat_sdk_bind(SDK, host);
    return CLEAT_OK;
}

static void deinit(void) {}

static const void *get_factory(const char *id) {
    static const struct cleat_controller_desc *const all[] = {
        &cleat_ep_slices_desc, &cleat_ep_endpoints_desc, &cleat_ep_mirroring_desc};
    static const struct cleat_controller_factory controllers = {
        .struct_size = sizeof controllers,
        .n_controllers = sizeof all / sizeof *all,
        .controllers = all,
    };
    return strcmp(id, CLEAT_FACTORY_CONTROLLER) == 0 ? &controllers : NULL;
}

const struct cleat_plugin_entry *cleat_plugin_entry_v1(void) {
    static const char *const needs[] = {CLEAT_EXT_OBJECT,
                                        CLEAT_EXT_CTX,
                                        CLEAT_EXT_LOG,
                                        CLEAT_EXT_CLOCK,
                                        CLEAT_EXT_EVENTS,
                                        CLEAT_EXT_METRICS,
                                        CLEAT_EXT_CLIENT,
                                        CLEAT_EXT_INFORMER,
                                        CLEAT_EXT_CONTROLLER,
                                        CLEAT_EXT_UTIL,
                                        NULL};
    static const struct cleat_plugin_info info = {
        .struct_size = sizeof info,
        .id = "cleat.endpoints",
        .version = "0.1.0",
        .vendor = "Cleat",
        .license = "Apache-2.0",
        .description = "Endpoints and EndpointSlices of Services.",
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
