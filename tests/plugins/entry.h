/* SPDX-License-Identifier: Apache-2.0 */
/* The handshake of a test plugin that offers at most one controller and one provider. */
#ifndef CLEAT_TEST_PLUGIN_ENTRY_H
#define CLEAT_TEST_PLUGIN_ENTRY_H

#include <cleat/sdk.h>

static struct cleat_sdk sdk __attribute__((unused));

static inline cleat_err entry_init(const struct cleat_host *host, struct cleat_error *reterr) {
    (void)reterr;
    cleat_sdk_bind(&sdk, host);
    return CLEAT_OK;
}

static inline const void *entry_nothing(const char *id) {
    (void)id;
    return NULL;
}

#define ENTRY_INFO(ID, NEEDS)                                                                      \
    static const struct cleat_plugin_info info = {                                                 \
        .struct_size = sizeof info,                                                                \
        .id = (ID),                                                                                \
        .version = "1.2.3",                                                                        \
        .vendor = "Cleat's tests",                                                                 \
        .license = "Apache-2.0",                                                                   \
        .description = "Exists to be loaded by a test.",                                           \
        .needs = (NEEDS),                                                                          \
    }
#define ENTRY(ABI, INIT, FACTORY)                                                                  \
    static const struct cleat_plugin_entry entry = {                                               \
        .abi = ABI,                                                                                \
        .info = &info,                                                                             \
        .init = (INIT),                                                                            \
        .get_factory = (FACTORY),                                                                  \
    };                                                                                             \
    const struct cleat_plugin_entry *cleat_plugin_entry_v1(void) {                                 \
        return &entry;                                                                             \
    }                                                                                              \
    extern int entry_needs_a_semicolon

#endif
