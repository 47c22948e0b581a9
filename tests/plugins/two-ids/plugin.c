/* SPDX-License-Identifier: Apache-2.0 */
/* Has the id of good-controller, which comes before it in the alphabet. */
#include "../entry.h"

ENTRY_INFO("test.good-controller", NULL);
ENTRY(CLEAT_ABI_INIT(struct cleat_plugin_entry), entry_init, entry_nothing);
