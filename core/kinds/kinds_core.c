/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core group's kinds: their names, what may be selected, how lists merge,
 * and which functions print, default and check them. Adding a kind is adding an
 * entry.
 */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct cleat_merge_key node_merge_keys[] = {{"spec.podCIDRs", ""},
                                                         {"status.addresses", "type"},
                                                         {"status.conditions", "type"},
                                                         {NULL, NULL}};
#define POD_CONTAINER_KEYS(list)                                                                   \
    {"spec." list, "name"}, {"spec." list ".env", "name"},                                         \
        {"spec." list ".ports", "containerPort"}, {"spec." list ".volumeMounts", "mountPath"}, {   \
        "spec." list ".volumeDevices", "devicePath"                                                \
    }
static const struct cleat_merge_key pod_merge_keys[] = {
    POD_CONTAINER_KEYS("containers"),
    POD_CONTAINER_KEYS("initContainers"),
    POD_CONTAINER_KEYS("ephemeralContainers"),
    {"spec.volumes", "name"},
    {"spec.imagePullSecrets", "name"},
    {"spec.hostAliases", "ip"},
    {"spec.topologySpreadConstraints", "topologyKey"},
    {"spec.resourceClaims", "name"},
    {"spec.schedulingGates", "name"},
    {"status.conditions", "type"},
    {"status.podIPs", "ip"},
    {"status.hostIPs", "ip"},
    {"status.resourceClaimStatuses", "name"},
    {NULL, NULL}};
static const struct cleat_merge_key service_merge_keys[] = {
    {"spec.ports", "port"}, {"status.conditions", "type"}, {NULL, NULL}};
static const struct cleat_merge_key namespace_merge_keys[] = {{"status.conditions", "type"},
                                                              {NULL, NULL}};
static const struct cleat_merge_key serviceaccount_merge_keys[] = {
    {"secrets", "name"}, {"imagePullSecrets", "name"}, {NULL, NULL}};

static const struct cleat_subresource namespace_subresources[] = {{.name = "finalize"},
                                                                  {.name = NULL}};

/* A namespace's name is a label, as its own label holds it. */
const struct cleat_kind cleat_kinds_core[] = {
    {.group = "",
     .version = "v1",
     .resource = "namespaces",
     .singular = "namespace",
     .kind = "Namespace",
     .flags = CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_METADATA | CLEAT_KIND_UNCONDITIONAL |
              CLEAT_KIND_NAMESPACE,
     .short_names = NAMES("ns"),
     .subresources = namespace_subresources,
     .selectable = NAMES("status.phase"),
     .columns = cleat_columns_namespace,
     .merge_keys = namespace_merge_keys,
     .check_name = cleat_name_dns_label,
     .defaults = cleat_default_namespace,
     .needs_defaults = cleat_needs_namespace},
    {.group = "",
     .version = "v1",
     .resource = "nodes",
     .singular = "node",
     .kind = "Node",
     .flags = CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_ON_CREATE | CLEAT_KIND_STATUS_METADATA |
              CLEAT_KIND_UNCONDITIONAL,
     .short_names = NAMES("no"),
     .selectable = NAMES("spec.unschedulable"),
     .columns = cleat_columns_node,
     .merge_keys = node_merge_keys,
     .defaults = cleat_default_node,
     .needs_defaults = cleat_needs_node,
     .validate = cleat_validate_node},
    {.group = "",
     .version = "v1",
     .resource = "pods",
     .singular = "pod",
     .kind = "Pod",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_METADATA |
              CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_GRACEFUL,
     .short_names = NAMES("po"),
     .categories = NAMES("all"),
     .selectable = NAMES("spec.nodeName", "spec.restartPolicy", "spec.schedulerName",
                         "spec.serviceAccountName", "spec.hostNetwork", "status.phase",
                         "status.podIP", "status.podIPs", "status.nominatedNodeName"),
     .columns = cleat_columns_pod,
     .merge_keys = pod_merge_keys,
     .defaults = cleat_default_pod,
     .needs_defaults = cleat_needs_pod,
     .validate = cleat_validate_pod},
    {.group = "",
     .version = "v1",
     .resource = "services",
     .singular = "service",
     .kind = "Service",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_METADATA |
              CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_CREATE_ON_UPDATE,
     .short_names = NAMES("svc"),
     .categories = NAMES("all"),
     .selectable = NAMES("spec.clusterIP", "spec.type"),
     .columns = cleat_columns_service,
     .merge_keys = service_merge_keys,
     .check_name = cleat_name_dns_label_1035,
     .defaults = cleat_default_service,
     .needs_defaults = cleat_needs_service,
     .validate = cleat_validate_service},
    {.group = "",
     .version = "v1",
     .resource = "endpoints",
     .singular = "endpoints",
     .kind = "Endpoints",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_CREATE_ON_UPDATE,
     .short_names = NAMES("ep"),
     .columns = cleat_columns_endpoints,
     .defaults = cleat_default_endpoints,
     .needs_defaults = cleat_needs_endpoints,
     .validate = cleat_validate_endpoints},
    {.group = "",
     .version = "v1",
     .resource = "events",
     .singular = "event",
     .kind = "Event",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_CREATE_ON_UPDATE |
              CLEAT_KIND_EVENT,
     .short_names = NAMES("ev"),
     .selectable =
         NAMES("involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
               "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion",
               "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type"),
     .columns = cleat_columns_event,
     .validate = cleat_validate_event},
    {.group = "",
     .version = "v1",
     .resource = "configmaps",
     .singular = "configmap",
     .kind = "ConfigMap",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL,
     .short_names = NAMES("cm"),
     .columns = cleat_columns_configmap,
     .validate = cleat_validate_configmap},
    {.group = "",
     .version = "v1",
     .resource = "secrets",
     .singular = "secret",
     .kind = "Secret",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL,
     .selectable = NAMES("type"),
     .columns = cleat_columns_secret,
     .defaults = cleat_default_secret,
     .needs_defaults = cleat_needs_secret,
     .validate = cleat_validate_secret},
    {.group = "",
     .version = "v1",
     .resource = "serviceaccounts",
     .singular = "serviceaccount",
     .kind = "ServiceAccount",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL,
     .short_names = NAMES("sa"),
     .columns = cleat_columns_serviceaccount,
     .merge_keys = serviceaccount_merge_keys},
    {.resource = NULL},
};
