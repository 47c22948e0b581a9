/* SPDX-License-Identifier: Apache-2.0 */
/* Entry of the gc plugin: what it is, what it needs, which controllers it has. */
#include "collector.h"

struct cleat_sdk cleat_gc_sdk;

static cleat_err init(const struct cleat_host *host, struct cleat_error *reterr) {
    (void)reterr;
    cleat_sdk_bind(SDK, host);
    return CLEAT_OK;
}

static void deinit(void) {}

static const void *get_factory(const char *id) {
    /* One row a controller, each in a file of its own. */
    static const struct cleat_controller_desc *const all[] = {
        &cleat_garbage_collector_desc,
        &cleat_namespace_desc,
        &cleat_finished_jobs_desc,
        &cleat_signing_requests_desc,
        &cleat_pods_desc,
        &cleat_claim_protection_desc,
        &cleat_volume_protection_desc,
        &cleat_volumes_desc,
        &cleat_leases_desc,
        &cleat_tokens_desc,
    };
    static const struct cleat_controller_factory controllers = {
        .struct_size = sizeof controllers,
        .n_controllers = sizeof all / sizeof *all,
        .controllers = all,
    };
    static const char *const crds[] = {cleat_gc_explanation_crd};
    static const struct cleat_kinds_factory kinds = {
        .struct_size = sizeof kinds, .n_crds = 1, .crds_json = crds};
    return strcmp(id, CLEAT_FACTORY_CONTROLLER) == 0 ? (const void *)&controllers
           : strcmp(id, CLEAT_FACTORY_KINDS) == 0    ? (const void *)&kinds
                                                     : NULL;
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
        .id = "cleat.gc",
        .version = "0.1.0",
        .vendor = "Cleat",
        .license = "Apache-2.0",
        .description = "Garbage collection: owners and dependents, namespaces, what piles up.",
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
