/* SPDX-License-Identifier: Apache-2.0 */
/* Protobuf tables of the other kinds, and the list of kinds that have one. */
#include "core/api/protobuf_tables.h"

static const struct cleat__pb_field namespace_spec_fields[] = {
    LIST(1, "finalizers", STRING),
};
const struct cleat__pb_message cleat__pb_namespace_spec =
    MESSAGE("NamespaceSpec", namespace_spec_fields);

static const struct cleat__pb_field namespace_condition_fields[] = {
    ONE(1, "type", STRING),   ONE(2, "status", STRING),  ONE(4, "lastTransitionTime", TIME),
    OPT(5, "reason", STRING), OPT(6, "message", STRING),
};
const struct cleat__pb_message cleat__pb_namespace_condition =
    MESSAGE("NamespaceCondition", namespace_condition_fields);

static const struct cleat__pb_field namespace_status_fields[] = {
    OPT(1, "phase", STRING),
    LIST_OF(2, "conditions", &cleat__pb_namespace_condition),
};
const struct cleat__pb_message cleat__pb_namespace_status =
    MESSAGE("NamespaceStatus", namespace_status_fields);

static const struct cleat__pb_field namespace_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    ONE_OF(2, "spec", &cleat__pb_namespace_spec),
    ONE_OF(3, "status", &cleat__pb_namespace_status),
};
const struct cleat__pb_message cleat__pb_namespace = MESSAGE("Namespace", namespace_fields);

static const struct cleat__pb_field config_map_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    MAP(2, "data", STRING),
    MAP(3, "binaryData", BYTES),
    ONE(4, "immutable", BOOL),
};
const struct cleat__pb_message cleat__pb_config_map = MESSAGE("ConfigMap", config_map_fields);

static const struct cleat__pb_field secret_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    MAP(2, "data", BYTES),
    OPT(3, "type", STRING),
    MAP(4, "stringData", STRING),
    ONE(5, "immutable", BOOL),
};
const struct cleat__pb_message cleat__pb_secret = MESSAGE("Secret", secret_fields);

static const struct cleat__pb_field service_account_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    LIST_OF(2, "secrets", &cleat__pb_object_reference),
    LIST_OF(3, "imagePullSecrets", &cleat__pb_local_object_reference),
    ONE(4, "automountServiceAccountToken", BOOL),
};
const struct cleat__pb_message cleat__pb_service_account =
    MESSAGE("ServiceAccount", service_account_fields);

static const struct cleat__pb_field service_port_fields[] = {
    OPT(1, "name", STRING),  OPT(2, "protocol", STRING),
    ONE(3, "port", INT),     ONE(4, "targetPort", INT_OR_STRING),
    OPT(5, "nodePort", INT), ONE(6, "appProtocol", STRING),
};
const struct cleat__pb_message cleat__pb_service_port = MESSAGE("ServicePort", service_port_fields);

static const struct cleat__pb_field client_ip_config_fields[] = {
    ONE(1, "timeoutSeconds", INT),
};
const struct cleat__pb_message cleat__pb_client_ip_config =
    MESSAGE("ClientIPConfig", client_ip_config_fields);

static const struct cleat__pb_field session_affinity_config_fields[] = {
    ONE_OF(1, "clientIP", &cleat__pb_client_ip_config),
};
const struct cleat__pb_message cleat__pb_session_affinity_config =
    MESSAGE("SessionAffinityConfig", session_affinity_config_fields);

static const struct cleat__pb_field service_spec_fields[] = {
    LIST_OF(1, "ports", &cleat__pb_service_port),
    MAP(2, "selector", STRING),
    OPT(3, "clusterIP", STRING),
    OPT(4, "type", STRING),
    LIST(5, "externalIPs", STRING),
    OPT(7, "sessionAffinity", STRING),
    OPT(8, "loadBalancerIP", STRING),
    LIST(9, "loadBalancerSourceRanges", STRING),
    OPT(10, "externalName", STRING),
    OPT(11, "externalTrafficPolicy", STRING),
    OPT(12, "healthCheckNodePort", INT),
    OPT(13, "publishNotReadyAddresses", BOOL),
    ONE_OF(14, "sessionAffinityConfig", &cleat__pb_session_affinity_config),
    ONE(17, "ipFamilyPolicy", STRING),
    LIST(18, "clusterIPs", STRING),
    LIST(19, "ipFamilies", STRING),
    ONE(20, "allocateLoadBalancerNodePorts", BOOL),
    ONE(21, "loadBalancerClass", STRING),
    ONE(22, "internalTrafficPolicy", STRING),
    ONE(23, "trafficDistribution", STRING),
};
const struct cleat__pb_message cleat__pb_service_spec = MESSAGE("ServiceSpec", service_spec_fields);

static const struct cleat__pb_field port_status_fields[] = {
    ONE(1, "port", INT),
    ONE(2, "protocol", STRING),
    ONE(3, "error", STRING),
};
const struct cleat__pb_message cleat__pb_port_status = MESSAGE("PortStatus", port_status_fields);

static const struct cleat__pb_field load_balancer_ingress_fields[] = {
    OPT(1, "ip", STRING),
    OPT(2, "hostname", STRING),
    ONE(3, "ipMode", STRING),
    LIST_OF(4, "ports", &cleat__pb_port_status),
};
const struct cleat__pb_message cleat__pb_load_balancer_ingress =
    MESSAGE("LoadBalancerIngress", load_balancer_ingress_fields);

static const struct cleat__pb_field load_balancer_status_fields[] = {
    LIST_OF(1, "ingress", &cleat__pb_load_balancer_ingress),
};
const struct cleat__pb_message cleat__pb_load_balancer_status =
    MESSAGE("LoadBalancerStatus", load_balancer_status_fields);

static const struct cleat__pb_field service_status_fields[] = {
    ONE_OF(1, "loadBalancer", &cleat__pb_load_balancer_status),
    LIST_OF(2, "conditions", &cleat__pb_condition),
};
const struct cleat__pb_message cleat__pb_service_status =
    MESSAGE("ServiceStatus", service_status_fields);

static const struct cleat__pb_field service_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    ONE_OF(2, "spec", &cleat__pb_service_spec),
    ONE_OF(3, "status", &cleat__pb_service_status),
};
const struct cleat__pb_message cleat__pb_service = MESSAGE("Service", service_fields);

static const struct cleat__pb_field taint_fields[] = {
    ONE(1, "key", STRING),
    OPT(2, "value", STRING),
    ONE(3, "effect", STRING),
    ONE(4, "timeAdded", TIME),
};
const struct cleat__pb_message cleat__pb_taint = MESSAGE("Taint", taint_fields);

static const struct cleat__pb_field config_map_node_config_source_fields[] = {
    ONE(1, "namespace", STRING),
    ONE(2, "name", STRING),
    OPT(3, "uid", STRING),
    OPT(4, "resourceVersion", STRING),
    ONE(5, "kubeletConfigKey", STRING),
};
const struct cleat__pb_message cleat__pb_config_map_node_config_source =
    MESSAGE("ConfigMapNodeConfigSource", config_map_node_config_source_fields);

static const struct cleat__pb_field node_config_source_fields[] = {
    ONE_OF(2, "configMap", &cleat__pb_config_map_node_config_source),
};
const struct cleat__pb_message cleat__pb_node_config_source =
    MESSAGE("NodeConfigSource", node_config_source_fields);

static const struct cleat__pb_field node_pod_preemption_policy_fields[] = {
    LIST(1, "disableResizePreemption", STRING),
};
const struct cleat__pb_message cleat__pb_node_pod_preemption_policy =
    MESSAGE("NodePodPreemptionPolicy", node_pod_preemption_policy_fields);

static const struct cleat__pb_field node_spec_fields[] = {
    OPT(1, "podCIDR", STRING),
    OPT(2, "externalID", STRING),
    OPT(3, "providerID", STRING),
    OPT(4, "unschedulable", BOOL),
    LIST_OF(5, "taints", &cleat__pb_taint),
    ONE_OF(6, "configSource", &cleat__pb_node_config_source),
    LIST(7, "podCIDRs", STRING),
    ONE_OF(8, "podPreemptionPolicy", &cleat__pb_node_pod_preemption_policy),
};
const struct cleat__pb_message cleat__pb_node_spec = MESSAGE("NodeSpec", node_spec_fields);

static const struct cleat__pb_field node_condition_fields[] = {
    ONE(1, "type", STRING),
    ONE(2, "status", STRING),
    ONE(3, "lastHeartbeatTime", TIME),
    ONE(4, "lastTransitionTime", TIME),
    OPT(5, "reason", STRING),
    OPT(6, "message", STRING),
};
const struct cleat__pb_message cleat__pb_node_condition =
    MESSAGE("NodeCondition", node_condition_fields);

static const struct cleat__pb_field node_address_fields[] = {
    ONE(1, "type", STRING),
    ONE(2, "address", STRING),
};
const struct cleat__pb_message cleat__pb_node_address = MESSAGE("NodeAddress", node_address_fields);

static const struct cleat__pb_field daemon_endpoint_fields[] = {
    ONE(1, "Port", INT),
};
const struct cleat__pb_message cleat__pb_daemon_endpoint =
    MESSAGE("DaemonEndpoint", daemon_endpoint_fields);

static const struct cleat__pb_field node_daemon_endpoints_fields[] = {
    ONE_OF(1, "kubeletEndpoint", &cleat__pb_daemon_endpoint),
};
const struct cleat__pb_message cleat__pb_node_daemon_endpoints =
    MESSAGE("NodeDaemonEndpoints", node_daemon_endpoints_fields);

static const struct cleat__pb_field node_swap_status_fields[] = {
    ONE(1, "capacity", INT),
};
const struct cleat__pb_message cleat__pb_node_swap_status =
    MESSAGE("NodeSwapStatus", node_swap_status_fields);

static const struct cleat__pb_field node_system_info_fields[] = {
    ONE(1, "machineID", STRING),
    ONE(2, "systemUUID", STRING),
    ONE(3, "bootID", STRING),
    ONE(4, "kernelVersion", STRING),
    ONE(5, "osImage", STRING),
    ONE(6, "containerRuntimeVersion", STRING),
    ONE(7, "kubeletVersion", STRING),
    ONE(8, "kubeProxyVersion", STRING),
    ONE(9, "operatingSystem", STRING),
    ONE(10, "architecture", STRING),
    ONE_OF(11, "swap", &cleat__pb_node_swap_status),
};
const struct cleat__pb_message cleat__pb_node_system_info =
    MESSAGE("NodeSystemInfo", node_system_info_fields);

static const struct cleat__pb_field container_image_fields[] = {
    LIST(1, "names", STRING),
    OPT(2, "sizeBytes", INT),
};
const struct cleat__pb_message cleat__pb_container_image =
    MESSAGE("ContainerImage", container_image_fields);

static const struct cleat__pb_field attached_volume_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "devicePath", STRING),
};
const struct cleat__pb_message cleat__pb_attached_volume =
    MESSAGE("AttachedVolume", attached_volume_fields);

static const struct cleat__pb_field node_config_status_fields[] = {
    ONE_OF(1, "assigned", &cleat__pb_node_config_source),
    ONE_OF(2, "active", &cleat__pb_node_config_source),
    ONE_OF(3, "lastKnownGood", &cleat__pb_node_config_source),
    OPT(4, "error", STRING),
};
const struct cleat__pb_message cleat__pb_node_config_status =
    MESSAGE("NodeConfigStatus", node_config_status_fields);

static const struct cleat__pb_field node_runtime_handler_features_fields[] = {
    ONE(1, "recursiveReadOnlyMounts", BOOL),
    ONE(2, "userNamespaces", BOOL),
};
const struct cleat__pb_message cleat__pb_node_runtime_handler_features =
    MESSAGE("NodeRuntimeHandlerFeatures", node_runtime_handler_features_fields);

static const struct cleat__pb_field node_runtime_handler_fields[] = {
    ONE(1, "name", STRING),
    ONE_OF(2, "features", &cleat__pb_node_runtime_handler_features),
};
const struct cleat__pb_message cleat__pb_node_runtime_handler =
    MESSAGE("NodeRuntimeHandler", node_runtime_handler_fields);

static const struct cleat__pb_field node_features_fields[] = {
    ONE(1, "supplementalGroupsPolicy", BOOL),
};
const struct cleat__pb_message cleat__pb_node_features =
    MESSAGE("NodeFeatures", node_features_fields);

static const struct cleat__pb_field node_status_fields[] = {
    MAP(1, "capacity", QUANTITY),
    MAP(2, "allocatable", QUANTITY),
    OPT(3, "phase", STRING),
    LIST_OF(4, "conditions", &cleat__pb_node_condition),
    LIST_OF(5, "addresses", &cleat__pb_node_address),
    ONE_OF(6, "daemonEndpoints", &cleat__pb_node_daemon_endpoints),
    ONE_OF(7, "nodeInfo", &cleat__pb_node_system_info),
    LIST_OF(8, "images", &cleat__pb_container_image),
    LIST(9, "volumesInUse", STRING),
    LIST_OF(10, "volumesAttached", &cleat__pb_attached_volume),
    ONE_OF(11, "config", &cleat__pb_node_config_status),
    LIST_OF(12, "runtimeHandlers", &cleat__pb_node_runtime_handler),
    ONE_OF(13, "features", &cleat__pb_node_features),
    LIST(14, "declaredFeatures", STRING),
};
const struct cleat__pb_message cleat__pb_node_status = MESSAGE("NodeStatus", node_status_fields);

static const struct cleat__pb_field node_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    ONE_OF(2, "spec", &cleat__pb_node_spec),
    ONE_OF(3, "status", &cleat__pb_node_status),
};
const struct cleat__pb_message cleat__pb_node = MESSAGE("Node", node_fields);

static const struct cleat__pb_field endpoint_address_fields[] = {
    ONE(1, "ip", STRING),
    ONE_OF(2, "targetRef", &cleat__pb_object_reference),
    OPT(3, "hostname", STRING),
    ONE(4, "nodeName", STRING),
};
const struct cleat__pb_message cleat__pb_endpoint_address =
    MESSAGE("EndpointAddress", endpoint_address_fields);

static const struct cleat__pb_field endpoint_port_fields[] = {
    OPT(1, "name", STRING),
    ONE(2, "port", INT),
    OPT(3, "protocol", STRING),
    ONE(4, "appProtocol", STRING),
};
const struct cleat__pb_message cleat__pb_endpoint_port =
    MESSAGE("EndpointPort", endpoint_port_fields);

static const struct cleat__pb_field endpoint_subset_fields[] = {
    LIST_OF(1, "addresses", &cleat__pb_endpoint_address),
    LIST_OF(2, "notReadyAddresses", &cleat__pb_endpoint_address),
    LIST_OF(3, "ports", &cleat__pb_endpoint_port),
};
const struct cleat__pb_message cleat__pb_endpoint_subset =
    MESSAGE("EndpointSubset", endpoint_subset_fields);

static const struct cleat__pb_field endpoints_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    LIST_OF(2, "subsets", &cleat__pb_endpoint_subset),
};
const struct cleat__pb_message cleat__pb_endpoints = MESSAGE("Endpoints", endpoints_fields);

static const struct cleat__pb_field event_source_fields[] = {
    OPT(1, "component", STRING),
    OPT(2, "host", STRING),
};
const struct cleat__pb_message cleat__pb_event_source = MESSAGE("EventSource", event_source_fields);

static const struct cleat__pb_field event_series_fields[] = {
    OPT(1, "count", INT),
    ONE(2, "lastObservedTime", MICROTIME),
};
const struct cleat__pb_message cleat__pb_event_series = MESSAGE("EventSeries", event_series_fields);

static const struct cleat__pb_field event_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    ONE_OF(2, "involvedObject", &cleat__pb_object_reference),
    OPT(3, "reason", STRING),
    OPT(4, "message", STRING),
    ONE_OF(5, "source", &cleat__pb_event_source),
    ONE(6, "firstTimestamp", TIME),
    ONE(7, "lastTimestamp", TIME),
    OPT(8, "count", INT),
    OPT(9, "type", STRING),
    ONE(10, "eventTime", MICROTIME),
    ONE_OF(11, "series", &cleat__pb_event_series),
    OPT(12, "action", STRING),
    ONE_OF(13, "related", &cleat__pb_object_reference),
    ONE(14, "reportingComponent", STRING),
    ONE(15, "reportingInstance", STRING),
};
const struct cleat__pb_message cleat__pb_event = MESSAGE("Event", event_fields);

static const struct cleat__pb_field lease_spec_fields[] = {
    ONE(1, "holderIdentity", STRING),  ONE(2, "leaseDurationSeconds", INT),
    ONE(3, "acquireTime", MICROTIME),  ONE(4, "renewTime", MICROTIME),
    ONE(5, "leaseTransitions", INT),   ONE(6, "strategy", STRING),
    ONE(7, "preferredHolder", STRING),
};
const struct cleat__pb_message cleat__pb_lease_spec = MESSAGE("LeaseSpec", lease_spec_fields);

static const struct cleat__pb_field lease_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    ONE_OF(2, "spec", &cleat__pb_lease_spec),
};
const struct cleat__pb_message cleat__pb_lease = MESSAGE("Lease", lease_fields);

static const struct {
    const char *api_version, *kind;
    const struct cleat__pb_message *message;
} kinds[] = {
    {"v1", "Namespace", &cleat__pb_namespace},
    {"v1", "ConfigMap", &cleat__pb_config_map},
    {"v1", "Secret", &cleat__pb_secret},
    {"v1", "ServiceAccount", &cleat__pb_service_account},
    {"v1", "Service", &cleat__pb_service},
    {"v1", "Node", &cleat__pb_node},
    {"v1", "Endpoints", &cleat__pb_endpoints},
    {"v1", "Event", &cleat__pb_event},
    {"v1", "Pod", &cleat__pb_pod},
    {"coordination.k8s.io/v1", "Lease", &cleat__pb_lease},
};

const struct cleat__pb_message *cleat__pb_find(struct cleat_str api_version,
                                               struct cleat_str kind) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (cleat_eqc(api_version, kinds[i].api_version) && cleat_eqc(kind, kinds[i].kind)) {
            return kinds[i].message;
        }
    }
    /* Each group has them, under its own name. */
    return cleat_eqc(kind, "DeleteOptions") ? &cleat__pb_delete_options : NULL;
}
