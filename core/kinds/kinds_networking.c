/* SPDX-License-Identifier: Apache-2.0 */
/* networking.k8s.io/v1 and discovery.k8s.io/v1. */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"
#include "core/kinds/warn.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NETWORKING .group = "networking.k8s.io", .version = "v1"

const struct cleat_kind cleat_kinds_networking[] = {
    {NETWORKING, .resource = "ingressclasses", .singular = "ingressclass", .kind = "IngressClass",
     .flags = CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_GENERATION,
     .columns = cleat_columns_ingressclass, .defaults = cleat_default_ingressclass,
     .needs_defaults = cleat_needs_ingressclass, .validate = cleat_validate_ingressclass},
    {NETWORKING, .resource = "ingresses", .singular = "ingress", .kind = "Ingress",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_METADATA |
              CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_GENERATION,
     .short_names = NAMES("ing"), .columns = cleat_columns_ingress,
     .defaults = cleat_default_ingress, .needs_defaults = cleat_needs_ingress,
     .validate = cleat_validate_ingress, .warn = cleat_warn_ingress},
    {NETWORKING, .resource = "ipaddresses", .singular = "ipaddress", .kind = "IPAddress",
     .flags = CLEAT_KIND_UNCONDITIONAL, .short_names = NAMES("ip"),
     .selectable = NAMES("spec.parentRef.resource"), .columns = cleat_columns_ipaddress,
     .check_name = cleat_bad_ip_name, .validate = cleat_validate_ipaddress},
    {NETWORKING, .resource = "networkpolicies", .singular = "networkpolicy",
     .kind = "NetworkPolicy",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_GENERATION,
     .short_names = NAMES("netpol"), .columns = cleat_columns_networkpolicy,
     .defaults = cleat_default_networkpolicy, .needs_defaults = cleat_needs_networkpolicy,
     .validate = cleat_validate_networkpolicy, .warn = cleat_warn_networkpolicy},
    {NETWORKING, .resource = "servicecidrs", .singular = "servicecidr", .kind = "ServiceCIDR",
     .flags = CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_METADATA | CLEAT_KIND_UNCONDITIONAL,
     .columns = cleat_columns_servicecidr, .validate = cleat_validate_servicecidr},
    {.resource = NULL},
};

const struct cleat_kind cleat_kinds_discovery[] = {
    {.group = "discovery.k8s.io",
     .version = "v1",
     .resource = "endpointslices",
     .singular = "endpointslice",
     .kind = "EndpointSlice",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_GENERATION,
     .columns = cleat_columns_endpointslice,
     .defaults = cleat_default_endpointslice,
     .needs_defaults = cleat_needs_endpointslice,
     .validate = cleat_validate_endpointslice},
    {.resource = NULL},
};
