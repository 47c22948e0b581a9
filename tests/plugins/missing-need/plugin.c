/* SPDX-License-Identifier: Apache-2.0 */
/* Built for a later minor version, whose new extension it cannot do without. */
#include "../entry.h"

#define ABI                                                                                        \
    { CLEAT_ABI_MAGIC, sizeof(struct cleat_plugin_entry), CLEAT_ABI_MAJOR, CLEAT_ABI_MINOR + 9, 0 }
static const char *const needs[] = {CLEAT_EXT_OBJECT, "cleat.teleport/3", NULL};
ENTRY_INFO("test.missing-need", needs);
ENTRY(ABI, entry_init, entry_nothing);
