/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plugin exports and what it is handed: the handshake.
 *
 * A plugin is a shared object with exactly one exported symbol,
 * cleat_plugin_entry_v1, a function. The host loads it with RTLD_NOW and
 * RTLD_LOCAL and checks, in this order: magic, ABI major, structure sizes, that
 * the id is new, that every host extension in `needs` exists at this host; then
 * it calls init once. It asks get_factory for each extension point it knows;
 * what a plugin does not offer is NULL. Each refusal names both sides' values.
 *
 * Host services reach the plugin the same way: host->get_extension(host, id)
 * returns a `const struct cleat_..._api *` whose first member is its size.
 * Ids have the form "cleat.<name>/<revision>"; those of third parties begin
 * with a domain of theirs.
 */
#ifndef CLEAT_PLUGIN_H
#define CLEAT_PLUGIN_H

#include <cleat/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CLEAT_ABI_MAGIC 0x54414c43u /* "CLAT" */
#define CLEAT_ABI_MAJOR 1
#define CLEAT_ABI_MINOR 0

struct cleat_abi {
    uint32_t magic;
    uint32_t struct_size; /* of the structure that begins with this */
    uint16_t major, minor;
    uint32_t reserved;
};
#define CLEAT_ABI_INIT(type)                                                                       \
    { CLEAT_ABI_MAGIC, (uint32_t)sizeof(type), CLEAT_ABI_MAJOR, CLEAT_ABI_MINOR, 0 }

struct cleat_host {
    struct cleat_abi abi;
    /* The extension's function table, or NULL. Borrowed for the life of the
     * process. [any-thread] */
    const void *(*get_extension)(const struct cleat_host *host, const char *id);
};

struct cleat_plugin_info {
    uint32_t struct_size;
    uint32_t reserved;
    const char *id;      /* "cleat.node"; unique in the process */
    const char *version; /* of the plugin, free form */
    const char *vendor;
    const char *license;      /* SPDX expression */
    const char *description;  /* one sentence */
    const char *const *needs; /* ids of host extensions it cannot do without, NULL-ended */
};

struct cleat_plugin_entry {
    struct cleat_abi abi;
    const struct cleat_plugin_info *info;
    /* Called once, before anything else. On failure the plugin is refused with
     * that error and deinit is not called. [load] */
    cleat_err (*init)(const struct cleat_host *host, struct cleat_error *reterr);
    /* Called once, after everything that came from the factories was destroyed. [load] */
    void (*deinit)(void);
    /* The factory for an extension point, or NULL. Borrowed until deinit. [any-thread] */
    const void *(*get_factory)(const char *id);
};

typedef const struct cleat_plugin_entry *(*cleat_plugin_entry_fn)(void);
#define CLEAT_PLUGIN_ENTRY_SYMBOL "cleat_plugin_entry_v1"

/* Defined by each plugin; see cleat/sdk.h for the macro that does it. */
CLEAT_EXPORT const struct cleat_plugin_entry *cleat_plugin_entry_v1(void);

/*
 * Extension points that this host asks for: CLEAT_FACTORY_CONTROLLER
 * (controller.h), CLEAT_FACTORY_CLOUD (cloud.h), CLEAT_FACTORY_VOLUMES (volumes.h),
 * CLEAT_FACTORY_KINDS (below).
 */

/* Kinds that the plugin brings, as CustomResourceDefinition manifests (JSON,
 * apiextensions.k8s.io/v1): embedded, the registry serves them; attached, they
 * are created at the API server. */
#define CLEAT_FACTORY_KINDS "cleat.kinds/1"
struct cleat_kinds_factory {
    uint32_t struct_size;
    uint32_t n_crds;
    const char *const *crds_json;
};

#ifdef __cplusplus
}
#endif
#endif
