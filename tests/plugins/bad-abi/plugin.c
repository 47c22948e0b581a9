/* SPDX-License-Identifier: Apache-2.0 */
/* Built for another major version of the ABI. */
#include "../entry.h"

#define ABI                                                                                        \
    { CLEAT_ABI_MAGIC, sizeof(struct cleat_plugin_entry), CLEAT_ABI_MAJOR + 6, 3, 0 }
ENTRY_INFO("test.bad-abi", NULL);
ENTRY(ABI, entry_init, entry_nothing);
