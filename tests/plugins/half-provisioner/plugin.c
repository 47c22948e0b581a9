/* SPDX-License-Identifier: Apache-2.0 */
/* Offers a provisioner of volumes that cannot do anything. */
#include "../entry.h"

static const struct cleat_provisioner_desc half = {.struct_size = sizeof half,
                                                   .provisioner = "half.test.dev"};

static const void *get_factory(const char *id) {
    static const struct cleat_provisioner_desc *const all[] = {&half};
    static const struct cleat_volumes_factory volumes = {
        .struct_size = sizeof volumes, .n_provisioners = 1, .provisioners = all};
    return strcmp(id, CLEAT_FACTORY_VOLUMES) == 0 ? &volumes : NULL;
}
ENTRY_INFO("test.half-provisioner", NULL);
ENTRY(CLEAT_ABI_INIT(struct cleat_plugin_entry), entry_init, get_factory);
