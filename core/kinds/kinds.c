/* SPDX-License-Identifier: Apache-2.0 */
/* The list of all tables of built-in kinds. */
#include "core/kinds/kinds.h"

/* clang-format off */
const struct cleat_kind *const cleat_kinds[] = {
    cleat_kinds_core,
    cleat_kinds_volumes,
    cleat_kinds_quota,
    cleat_kinds_apiextensions,
    cleat_kinds_coordination,
    cleat_kinds_events,
    cleat_kinds_controllers,
    cleat_kinds_apps,
    cleat_kinds_batch,
    cleat_kinds_autoscaling,
    cleat_kinds_policy,
    cleat_kinds_networking,
    cleat_kinds_discovery,
    cleat_kinds_storage,
    cleat_kinds_cluster,
    cleat_kinds_rbac,
    cleat_kinds_authentication,
    cleat_kinds_authorization,
    NULL,
};
/* clang-format on */
