/* SPDX-License-Identifier: Apache-2.0 */
/* Begins with another magic number. */
#include "../entry.h"

#define ABI                                                                                        \
    { 0x12345678u, sizeof(struct cleat_plugin_entry), CLEAT_ABI_MAJOR, CLEAT_ABI_MINOR, 0 }
ENTRY_INFO("test.bad-magic", NULL);
ENTRY(ABI, entry_init, entry_nothing);
