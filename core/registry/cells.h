/* SPDX-License-Identifier: Apache-2.0 */
/* What the files with columns share. */
#ifndef CLEAT_REGISTRY_CELLS_H
#define CLEAT_REGISTRY_CELLS_H

#include "core/registry/internal.h"

#define CLEAT_COLUMN_AGE                                                                           \
    {                                                                                              \
        .name = "Age", .type = "string",                                                           \
        .description = "CreationTimestamp is the server's time when this object was created.",     \
        .cell = cleat_cell_age                                                                     \
    }
#define CLEAT_COLUMN_END                                                                           \
    { .name = NULL }

#endif
