/* SPDX-License-Identifier: Apache-2.0 */
/* The list of all tables of built-in kinds. */
#include "core/kinds/kinds.h"

const struct cleat_kind *const cleat_kinds[] = {cleat_kinds_core, cleat_kinds_coordination,
                                                cleat_kinds_rbac, NULL};
