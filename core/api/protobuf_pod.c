/* SPDX-License-Identifier: Apache-2.0 */
/* Protobuf tables of the rest of a pod. */
#include "core/api/protobuf_tables.h"

static const struct cleat__pb_field sysctl_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "value", STRING),
};
const struct cleat__pb_message cleat__pb_sysctl = MESSAGE("Sysctl", sysctl_fields);

static const struct cleat__pb_field pod_security_context_fields[] = {
    ONE_OF(1, "seLinuxOptions", &cleat__pb_se_linux_options),
    ONE(2, "runAsUser", INT),
    ONE(3, "runAsNonRoot", BOOL),
    LIST(4, "supplementalGroups", INT),
    ONE(5, "fsGroup", INT),
    ONE(6, "runAsGroup", INT),
    LIST_OF(7, "sysctls", &cleat__pb_sysctl),
    ONE_OF(8, "windowsOptions", &cleat__pb_windows_security_context_options),
    ONE(9, "fsGroupChangePolicy", STRING),
    ONE_OF(10, "seccompProfile", &cleat__pb_seccomp_profile),
    ONE_OF(11, "appArmorProfile", &cleat__pb_app_armor_profile),
    ONE(12, "supplementalGroupsPolicy", STRING),
    ONE(13, "seLinuxChangePolicy", STRING),
};
const struct cleat__pb_message cleat__pb_pod_security_context =
    MESSAGE("PodSecurityContext", pod_security_context_fields);

static const struct cleat__pb_field node_selector_requirement_fields[] = {
    ONE(1, "key", STRING),
    ONE(2, "operator", STRING),
    LIST(3, "values", STRING),
};
const struct cleat__pb_message cleat__pb_node_selector_requirement =
    MESSAGE("NodeSelectorRequirement", node_selector_requirement_fields);

static const struct cleat__pb_field node_selector_term_fields[] = {
    LIST_OF(1, "matchExpressions", &cleat__pb_node_selector_requirement),
    LIST_OF(2, "matchFields", &cleat__pb_node_selector_requirement),
};
const struct cleat__pb_message cleat__pb_node_selector_term =
    MESSAGE("NodeSelectorTerm", node_selector_term_fields);

static const struct cleat__pb_field node_selector_fields[] = {
    LIST_OF(1, "nodeSelectorTerms", &cleat__pb_node_selector_term),
};
const struct cleat__pb_message cleat__pb_node_selector =
    MESSAGE("NodeSelector", node_selector_fields);

static const struct cleat__pb_field preferred_scheduling_term_fields[] = {
    ONE(1, "weight", INT),
    ONE_OF(2, "preference", &cleat__pb_node_selector_term),
};
const struct cleat__pb_message cleat__pb_preferred_scheduling_term =
    MESSAGE("PreferredSchedulingTerm", preferred_scheduling_term_fields);

static const struct cleat__pb_field node_affinity_fields[] = {
    ONE_OF(1, "requiredDuringSchedulingIgnoredDuringExecution", &cleat__pb_node_selector),
    LIST_OF(2, "preferredDuringSchedulingIgnoredDuringExecution",
            &cleat__pb_preferred_scheduling_term),
};
const struct cleat__pb_message cleat__pb_node_affinity =
    MESSAGE("NodeAffinity", node_affinity_fields);

static const struct cleat__pb_field pod_affinity_term_fields[] = {
    ONE_OF(1, "labelSelector", &cleat__pb_label_selector),
    LIST(2, "namespaces", STRING),
    ONE(3, "topologyKey", STRING),
    ONE_OF(4, "namespaceSelector", &cleat__pb_label_selector),
    LIST(5, "matchLabelKeys", STRING),
    LIST(6, "mismatchLabelKeys", STRING),
};
const struct cleat__pb_message cleat__pb_pod_affinity_term =
    MESSAGE("PodAffinityTerm", pod_affinity_term_fields);

static const struct cleat__pb_field weighted_pod_affinity_term_fields[] = {
    ONE(1, "weight", INT),
    ONE_OF(2, "podAffinityTerm", &cleat__pb_pod_affinity_term),
};
const struct cleat__pb_message cleat__pb_weighted_pod_affinity_term =
    MESSAGE("WeightedPodAffinityTerm", weighted_pod_affinity_term_fields);

static const struct cleat__pb_field pod_affinity_fields[] = {
    LIST_OF(1, "requiredDuringSchedulingIgnoredDuringExecution", &cleat__pb_pod_affinity_term),
    LIST_OF(2, "preferredDuringSchedulingIgnoredDuringExecution",
            &cleat__pb_weighted_pod_affinity_term),
};
const struct cleat__pb_message cleat__pb_pod_affinity = MESSAGE("PodAffinity", pod_affinity_fields);

static const struct cleat__pb_field pod_anti_affinity_fields[] = {
    LIST_OF(1, "requiredDuringSchedulingIgnoredDuringExecution", &cleat__pb_pod_affinity_term),
    LIST_OF(2, "preferredDuringSchedulingIgnoredDuringExecution",
            &cleat__pb_weighted_pod_affinity_term),
};
const struct cleat__pb_message cleat__pb_pod_anti_affinity =
    MESSAGE("PodAntiAffinity", pod_anti_affinity_fields);

static const struct cleat__pb_field affinity_fields[] = {
    ONE_OF(1, "nodeAffinity", &cleat__pb_node_affinity),
    ONE_OF(2, "podAffinity", &cleat__pb_pod_affinity),
    ONE_OF(3, "podAntiAffinity", &cleat__pb_pod_anti_affinity),
};
const struct cleat__pb_message cleat__pb_affinity = MESSAGE("Affinity", affinity_fields);

static const struct cleat__pb_field toleration_fields[] = {
    OPT(1, "key", STRING),    OPT(2, "operator", STRING),       OPT(3, "value", STRING),
    OPT(4, "effect", STRING), ONE(5, "tolerationSeconds", INT),
};
const struct cleat__pb_message cleat__pb_toleration = MESSAGE("Toleration", toleration_fields);

static const struct cleat__pb_field host_alias_fields[] = {
    ONE(1, "ip", STRING),
    LIST(2, "hostnames", STRING),
};
const struct cleat__pb_message cleat__pb_host_alias = MESSAGE("HostAlias", host_alias_fields);

static const struct cleat__pb_field pod_dns_config_option_fields[] = {
    OPT(1, "name", STRING),
    ONE(2, "value", STRING),
};
const struct cleat__pb_message cleat__pb_pod_dns_config_option =
    MESSAGE("PodDNSConfigOption", pod_dns_config_option_fields);

static const struct cleat__pb_field pod_dns_config_fields[] = {
    LIST(1, "nameservers", STRING),
    LIST(2, "searches", STRING),
    LIST_OF(3, "options", &cleat__pb_pod_dns_config_option),
};
const struct cleat__pb_message cleat__pb_pod_dns_config =
    MESSAGE("PodDNSConfig", pod_dns_config_fields);

static const struct cleat__pb_field pod_readiness_gate_fields[] = {
    ONE(1, "conditionType", STRING),
};
const struct cleat__pb_message cleat__pb_pod_readiness_gate =
    MESSAGE("PodReadinessGate", pod_readiness_gate_fields);

static const struct cleat__pb_field topology_spread_constraint_fields[] = {
    ONE(1, "maxSkew", INT),
    ONE(2, "topologyKey", STRING),
    ONE(3, "whenUnsatisfiable", STRING),
    ONE_OF(4, "labelSelector", &cleat__pb_label_selector),
    ONE(5, "minDomains", INT),
    ONE(6, "nodeAffinityPolicy", STRING),
    ONE(7, "nodeTaintsPolicy", STRING),
    LIST(8, "matchLabelKeys", STRING),
};
const struct cleat__pb_message cleat__pb_topology_spread_constraint =
    MESSAGE("TopologySpreadConstraint", topology_spread_constraint_fields);

static const struct cleat__pb_field pod_os_fields[] = {
    ONE(1, "name", STRING),
};
const struct cleat__pb_message cleat__pb_pod_os = MESSAGE("PodOS", pod_os_fields);

static const struct cleat__pb_field pod_scheduling_gate_fields[] = {
    ONE(1, "name", STRING),
};
const struct cleat__pb_message cleat__pb_pod_scheduling_gate =
    MESSAGE("PodSchedulingGate", pod_scheduling_gate_fields);

static const struct cleat__pb_field pod_resource_claim_fields[] = {
    ONE(1, "name", STRING),
    ONE(3, "resourceClaimName", STRING),
    ONE(4, "resourceClaimTemplateName", STRING),
};
const struct cleat__pb_message cleat__pb_pod_resource_claim =
    MESSAGE("PodResourceClaim", pod_resource_claim_fields);

static const struct cleat__pb_field pod_scheduling_group_fields[] = {
    ONE(1, "podGroupName", STRING),
};
const struct cleat__pb_message cleat__pb_pod_scheduling_group =
    MESSAGE("PodSchedulingGroup", pod_scheduling_group_fields);

static const struct cleat__pb_field eviction_responder_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "priority", INT),
};
const struct cleat__pb_message cleat__pb_eviction_responder =
    MESSAGE("EvictionResponder", eviction_responder_fields);

static const struct cleat__pb_field pod_spec_fields[] = {
    LIST_OF(1, "volumes", &cleat__pb_volume),
    LIST_OF(2, "containers", &cleat__pb_container),
    OPT(3, "restartPolicy", STRING),
    ONE(4, "terminationGracePeriodSeconds", INT),
    ONE(5, "activeDeadlineSeconds", INT),
    OPT(6, "dnsPolicy", STRING),
    MAP(7, "nodeSelector", STRING),
    OPT(8, "serviceAccountName", STRING),
    OPT(9, "serviceAccount", STRING),
    OPT(10, "nodeName", STRING),
    OPT(11, "hostNetwork", BOOL),
    OPT(12, "hostPID", BOOL),
    OPT(13, "hostIPC", BOOL),
    ONE_OF(14, "securityContext", &cleat__pb_pod_security_context),
    LIST_OF(15, "imagePullSecrets", &cleat__pb_local_object_reference),
    OPT(16, "hostname", STRING),
    OPT(17, "subdomain", STRING),
    ONE_OF(18, "affinity", &cleat__pb_affinity),
    OPT(19, "schedulerName", STRING),
    LIST_OF(20, "initContainers", &cleat__pb_container),
    ONE(21, "automountServiceAccountToken", BOOL),
    LIST_OF(22, "tolerations", &cleat__pb_toleration),
    LIST_OF(23, "hostAliases", &cleat__pb_host_alias),
    OPT(24, "priorityClassName", STRING),
    ONE(25, "priority", INT),
    ONE_OF(26, "dnsConfig", &cleat__pb_pod_dns_config),
    ONE(27, "shareProcessNamespace", BOOL),
    LIST_OF(28, "readinessGates", &cleat__pb_pod_readiness_gate),
    ONE(29, "runtimeClassName", STRING),
    ONE(30, "enableServiceLinks", BOOL),
    ONE(31, "preemptionPolicy", STRING),
    MAP(32, "overhead", QUANTITY),
    LIST_OF(33, "topologySpreadConstraints", &cleat__pb_topology_spread_constraint),
    LIST_OF(34, "ephemeralContainers", &cleat__pb_ephemeral_container),
    ONE(35, "setHostnameAsFQDN", BOOL),
    ONE_OF(36, "os", &cleat__pb_pod_os),
    ONE(37, "hostUsers", BOOL),
    LIST_OF(38, "schedulingGates", &cleat__pb_pod_scheduling_gate),
    LIST_OF(39, "resourceClaims", &cleat__pb_pod_resource_claim),
    ONE_OF(40, "resources", &cleat__pb_resource_requirements),
    ONE(41, "hostnameOverride", STRING),
    ONE_OF(43, "schedulingGroup", &cleat__pb_pod_scheduling_group),
    LIST_OF(44, "evictionResponders", &cleat__pb_eviction_responder),
};
const struct cleat__pb_message cleat__pb_pod_spec = MESSAGE("PodSpec", pod_spec_fields);

static const struct cleat__pb_field pod_condition_fields[] = {
    ONE(1, "type", STRING),
    ONE(2, "status", STRING),
    ONE(3, "lastProbeTime", TIME),
    ONE(4, "lastTransitionTime", TIME),
    OPT(5, "reason", STRING),
    OPT(6, "message", STRING),
    OPT(7, "observedGeneration", INT),
};
const struct cleat__pb_message cleat__pb_pod_condition =
    MESSAGE("PodCondition", pod_condition_fields);

static const struct cleat__pb_field host_ip_fields[] = {
    ONE(1, "ip", STRING),
};
const struct cleat__pb_message cleat__pb_host_ip = MESSAGE("HostIP", host_ip_fields);

static const struct cleat__pb_field pod_ip_fields[] = {
    ONE(1, "ip", STRING),
};
const struct cleat__pb_message cleat__pb_pod_ip = MESSAGE("PodIP", pod_ip_fields);

static const struct cleat__pb_field container_state_waiting_fields[] = {
    OPT(1, "reason", STRING),
    OPT(2, "message", STRING),
};
const struct cleat__pb_message cleat__pb_container_state_waiting =
    MESSAGE("ContainerStateWaiting", container_state_waiting_fields);

static const struct cleat__pb_field container_state_running_fields[] = {
    ONE(1, "startedAt", TIME),
};
const struct cleat__pb_message cleat__pb_container_state_running =
    MESSAGE("ContainerStateRunning", container_state_running_fields);

static const struct cleat__pb_field container_state_terminated_fields[] = {
    ONE(1, "exitCode", INT),       OPT(2, "signal", INT),     OPT(3, "reason", STRING),
    OPT(4, "message", STRING),     ONE(5, "startedAt", TIME), ONE(6, "finishedAt", TIME),
    OPT(7, "containerID", STRING),
};
const struct cleat__pb_message cleat__pb_container_state_terminated =
    MESSAGE("ContainerStateTerminated", container_state_terminated_fields);

static const struct cleat__pb_field container_state_fields[] = {
    ONE_OF(1, "waiting", &cleat__pb_container_state_waiting),
    ONE_OF(2, "running", &cleat__pb_container_state_running),
    ONE_OF(3, "terminated", &cleat__pb_container_state_terminated),
};
const struct cleat__pb_message cleat__pb_container_state =
    MESSAGE("ContainerState", container_state_fields);

static const struct cleat__pb_field image_volume_status_fields[] = {
    OPT(1, "imageRef", STRING),
};
const struct cleat__pb_message cleat__pb_image_volume_status =
    MESSAGE("ImageVolumeStatus", image_volume_status_fields);

static const struct cleat__pb_field volume_status_fields[] = {
    ONE_OF(1, "image", &cleat__pb_image_volume_status),
};
const struct cleat__pb_message cleat__pb_volume_status =
    MESSAGE("VolumeStatus", volume_status_fields);

static const struct cleat__pb_field volume_mount_status_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "mountPath", STRING),
    OPT(3, "readOnly", BOOL),
    ONE(4, "recursiveReadOnly", STRING),
    ONE_OF(5, "volumeStatus", &cleat__pb_volume_status),
};
const struct cleat__pb_message cleat__pb_volume_mount_status =
    MESSAGE("VolumeMountStatus", volume_mount_status_fields);

static const struct cleat__pb_field linux_container_user_fields[] = {
    ONE(1, "uid", INT),
    ONE(2, "gid", INT),
    LIST(3, "supplementalGroups", INT),
};
const struct cleat__pb_message cleat__pb_linux_container_user =
    MESSAGE("LinuxContainerUser", linux_container_user_fields);

static const struct cleat__pb_field container_user_fields[] = {
    ONE_OF(1, "linux", &cleat__pb_linux_container_user),
};
const struct cleat__pb_message cleat__pb_container_user =
    MESSAGE("ContainerUser", container_user_fields);

static const struct cleat__pb_field resource_health_fields[] = {
    ONE(1, "resourceID", STRING),
    OPT(2, "health", STRING),
    ONE(6, "message", STRING),
};
const struct cleat__pb_message cleat__pb_resource_health =
    MESSAGE("ResourceHealth", resource_health_fields);

static const struct cleat__pb_field resource_status_fields[] = {
    ONE(1, "name", STRING),
    LIST_OF(2, "resources", &cleat__pb_resource_health),
};
const struct cleat__pb_message cleat__pb_resource_status =
    MESSAGE("ResourceStatus", resource_status_fields);

static const struct cleat__pb_field container_status_fields[] = {
    ONE(1, "name", STRING),
    ONE_OF(2, "state", &cleat__pb_container_state),
    ONE_OF(3, "lastState", &cleat__pb_container_state),
    ONE(4, "ready", BOOL),
    ONE(5, "restartCount", INT),
    ONE(6, "image", STRING),
    ONE(7, "imageID", STRING),
    OPT(8, "containerID", STRING),
    ONE(9, "started", BOOL),
    MAP(10, "allocatedResources", QUANTITY),
    ONE_OF(11, "resources", &cleat__pb_resource_requirements),
    LIST_OF(12, "volumeMounts", &cleat__pb_volume_mount_status),
    ONE_OF(13, "user", &cleat__pb_container_user),
    LIST_OF(14, "allocatedResourcesStatus", &cleat__pb_resource_status),
    ONE(15, "stopSignal", STRING),
};
const struct cleat__pb_message cleat__pb_container_status =
    MESSAGE("ContainerStatus", container_status_fields);

static const struct cleat__pb_field pod_resource_claim_status_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "resourceClaimName", STRING),
};
const struct cleat__pb_message cleat__pb_pod_resource_claim_status =
    MESSAGE("PodResourceClaimStatus", pod_resource_claim_status_fields);

static const struct cleat__pb_field container_extended_resource_request_fields[] = {
    ONE(1, "containerName", STRING),
    ONE(2, "resourceName", STRING),
    ONE(3, "requestName", STRING),
};
const struct cleat__pb_message cleat__pb_container_extended_resource_request =
    MESSAGE("ContainerExtendedResourceRequest", container_extended_resource_request_fields);

static const struct cleat__pb_field pod_extended_resource_claim_status_fields[] = {
    LIST_OF(1, "requestMappings", &cleat__pb_container_extended_resource_request),
    ONE(2, "resourceClaimName", STRING),
};
const struct cleat__pb_message cleat__pb_pod_extended_resource_claim_status =
    MESSAGE("PodExtendedResourceClaimStatus", pod_extended_resource_claim_status_fields);

static const struct cleat__pb_field node_allocatable_mapped_resources_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "quantity", QUANTITY),
};
const struct cleat__pb_message cleat__pb_node_allocatable_mapped_resources =
    MESSAGE("NodeAllocatableMappedResources", node_allocatable_mapped_resources_fields);

static const struct cleat__pb_field node_allocatable_overhead_resources_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "perPod", QUANTITY),
    ONE(3, "perContainer", QUANTITY),
};
const struct cleat__pb_message cleat__pb_node_allocatable_overhead_resources =
    MESSAGE("NodeAllocatableOverheadResources", node_allocatable_overhead_resources_fields);

static const struct cleat__pb_field node_allocatable_resource_claim_status_fields[] = {
    ONE(1, "resourceClaimName", STRING),
    LIST(2, "containers", STRING),
    LIST_OF(4, "mapping", &cleat__pb_node_allocatable_mapped_resources),
    LIST_OF(5, "overhead", &cleat__pb_node_allocatable_overhead_resources),
};
const struct cleat__pb_message cleat__pb_node_allocatable_resource_claim_status =
    MESSAGE("NodeAllocatableResourceClaimStatus", node_allocatable_resource_claim_status_fields);

static const struct cleat__pb_field volume_health_condition_fields[] = {
    ONE(1, "status", STRING),
    ONE(2, "reason", STRING),
    OPT(3, "message", STRING),
};
const struct cleat__pb_message cleat__pb_volume_health_condition =
    MESSAGE("VolumeHealthCondition", volume_health_condition_fields);

static const struct cleat__pb_field pod_volume_health_fields[] = {
    ONE(1, "name", STRING),
    LIST_OF(2, "healthConditions", &cleat__pb_volume_health_condition),
    ONE(3, "lastTransitionTime", TIME),
};
const struct cleat__pb_message cleat__pb_pod_volume_health =
    MESSAGE("PodVolumeHealth", pod_volume_health_fields);

static const struct cleat__pb_field pod_status_fields[] = {
    OPT(1, "phase", STRING),
    LIST_OF(2, "conditions", &cleat__pb_pod_condition),
    OPT(3, "message", STRING),
    OPT(4, "reason", STRING),
    OPT(5, "hostIP", STRING),
    OPT(6, "podIP", STRING),
    ONE(7, "startTime", TIME),
    LIST_OF(8, "containerStatuses", &cleat__pb_container_status),
    OPT(9, "qosClass", STRING),
    LIST_OF(10, "initContainerStatuses", &cleat__pb_container_status),
    OPT(11, "nominatedNodeName", STRING),
    LIST_OF(12, "podIPs", &cleat__pb_pod_ip),
    LIST_OF(13, "ephemeralContainerStatuses", &cleat__pb_container_status),
    OPT(14, "resize", STRING),
    LIST_OF(15, "resourceClaimStatuses", &cleat__pb_pod_resource_claim_status),
    LIST_OF(16, "hostIPs", &cleat__pb_host_ip),
    OPT(17, "observedGeneration", INT),
    ONE_OF(18, "extendedResourceClaimStatus", &cleat__pb_pod_extended_resource_claim_status),
    MAP(19, "allocatedResources", QUANTITY),
    ONE_OF(20, "resources", &cleat__pb_resource_requirements),
    LIST_OF(21, "nodeAllocatableResourceClaimStatuses",
            &cleat__pb_node_allocatable_resource_claim_status),
    LIST_OF(22, "volumeHealth", &cleat__pb_pod_volume_health),
};
const struct cleat__pb_message cleat__pb_pod_status = MESSAGE("PodStatus", pod_status_fields);

static const struct cleat__pb_field pod_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    ONE_OF(2, "spec", &cleat__pb_pod_spec),
    ONE_OF(3, "status", &cleat__pb_pod_status),
};
const struct cleat__pb_message cleat__pb_pod = MESSAGE("Pod", pod_fields);
