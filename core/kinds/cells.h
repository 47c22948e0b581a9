/* SPDX-License-Identifier: Apache-2.0 */
/* What the files with columns share. */
#ifndef CLEAT_KINDS_CELLS_H
#define CLEAT_KINDS_CELLS_H

#include "core/registry/internal.h"

#define CLEAT_COLUMN_AGE                                                                           \
    {                                                                                              \
        .name = "Age", .type = "string",                                                           \
        .description = "CreationTimestamp is the server's time when this object was created.",     \
        .cell = cleat_cell_age                                                                     \
    }
#define CLEAT_COLUMN_END                                                                           \
    { .name = NULL }

extern const struct cleat_column cleat_columns_pod[], cleat_columns_node[], cleat_columns_service[],
    cleat_columns_namespace[], cleat_columns_event[], cleat_columns_configmap[],
    cleat_columns_secret[], cleat_columns_serviceaccount[], cleat_columns_endpoints[],
    cleat_columns_lease[];
extern const struct cleat_column cleat_columns_role[], cleat_columns_rolebinding[],
    cleat_columns_clusterrolebinding[];

#endif
