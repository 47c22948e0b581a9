/* SPDX-License-Identifier: Apache-2.0 */
/* Says that its entry structure is shorter than the first one ever was. */
#include "../entry.h"

#define ABI                                                                                        \
    { CLEAT_ABI_MAGIC, 24, CLEAT_ABI_MAJOR, CLEAT_ABI_MINOR, 0 }
ENTRY_INFO("test.short-struct", NULL);
ENTRY(ABI, entry_init, entry_nothing);
