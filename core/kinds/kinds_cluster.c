/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small kinds of several groups: quotas, limit ranges and component statuses of the
 * core group, scheduling.k8s.io/v1, node.k8s.io/v1, certificates.k8s.io/v1.
 */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"
#include "core/kinds/warn.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct cleat_kind cleat_kinds_quota[] = {
    {.group = "",
     .version = "v1",
     .resource = "resourcequotas",
     .singular = "resourcequota",
     .kind = "ResourceQuota",
     .flags = CLEAT_KIND_RETURNS | CLEAT_KIND_NAMESPACED | CLEAT_KIND_STATUS |
              CLEAT_KIND_STATUS_METADATA | CLEAT_KIND_UNCONDITIONAL,
     .short_names = NAMES("quota"),
     .columns = cleat_columns_quota,
     .defaults = cleat_default_quota,
     .needs_defaults = cleat_needs_quota,
     .validate = cleat_validate_quota},
    {.group = "",
     .version = "v1",
     .resource = "limitranges",
     .singular = "limitrange",
     .kind = "LimitRange",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_CREATE_ON_UPDATE,
     .short_names = NAMES("limits"),
     .columns = cleat_columns_created,
     .defaults = cleat_default_limitrange,
     .needs_defaults = cleat_needs_limitrange,
     .validate = cleat_validate_limitrange},
    {.group = "",
     .version = "v1",
     .resource = "componentstatuses",
     .singular = "componentstatus",
     .kind = "ComponentStatus",
     .flags = CLEAT_KIND_READ_ONLY,
     .deprecation = "v1 ComponentStatus is deprecated in v1.19+",
     .short_names = NAMES("cs"),
     .columns = cleat_columns_componentstatus},
    {.resource = NULL},
};

const struct cleat_kind cleat_kinds_cluster[] = {
    {.group = "scheduling.k8s.io",
     .version = "v1",
     .resource = "priorityclasses",
     .singular = "priorityclass",
     .kind = "PriorityClass",
     .flags = CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_GENERATION,
     .short_names = NAMES("pc"),
     .columns = cleat_columns_priorityclass,
     .defaults = cleat_default_priorityclass,
     .needs_defaults = cleat_needs_priorityclass,
     .validate = cleat_validate_priorityclass},
    {.group = "node.k8s.io",
     .version = "v1",
     .resource = "runtimeclasses",
     .singular = "runtimeclass",
     .kind = "RuntimeClass",
     .columns = cleat_columns_runtimeclass,
     .validate = cleat_validate_runtimeclass,
     .warn = cleat_warn_runtimeclass},
    {.group = "certificates.k8s.io",
     .version = "v1",
     .resource = "certificatesigningrequests",
     .singular = "certificatesigningrequest",
     .kind = "CertificateSigningRequest",
     .flags = CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_METADATA | CLEAT_KIND_UNCONDITIONAL,
     .short_names = NAMES("csr"),
     .subresources = cleat_subresources_csr,
     .selectable = NAMES("spec.signerName"),
     .columns = cleat_columns_csr,
     .check_name = cleat_name_path_segment,
     .defaults = cleat_default_csr,
     .needs_defaults = cleat_needs_csr,
     .validate = cleat_validate_csr,
     .admit = cleat_admit_csr},
    {.resource = NULL},
};
