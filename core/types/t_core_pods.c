/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: pods. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_Pod_fields[] = {
    F(0, "apiVersion", T(string), ""),           F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "spec", T(core_v1_PodSpec), ""),
    F(3, "status", T(core_v1_PodStatus), ""),    END};
const struct cleat_type cleat_type_core_v1_Pod = {.name = "io.k8s.api.core.v1.Pod",
                                                  .doc = "",
                                                  .form = CLEAT_FORM_STRUCT,
                                                  .fields = core_v1_Pod_fields};

static const struct cleat_field core_v1_PodList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_Pod)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodList = {.name = "io.k8s.api.core.v1.PodList",
                                                      .doc = "",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = core_v1_PodList_fields};

static const struct cleat_field core_v1_Binding_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "target", T(core_v1_ObjectReference), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_Binding = {.name = "io.k8s.api.core.v1.Binding",
                                                      .doc = "",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = core_v1_Binding_fields};

static const struct cleat_field core_v1_PodLogOptions_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "container", T(string), ""),
    F(2, "follow", T(bool), ""),
    F(3, "previous", T(bool), ""),
    F(4, "sinceSeconds", T(int64), ""),
    F(5, "sinceTime", T(time), ""),
    F(6, "timestamps", T(bool), ""),
    F(7, "tailLines", T(int64), ""),
    F(8, "limitBytes", T(int64), ""),
    F(9, "insecureSkipTLSVerifyBackend", T(bool), ""),
    F(10, "stream", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodLogOptions = {.name =
                                                                "io.k8s.api.core.v1.PodLogOptions",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_PodLogOptions_fields};

static const struct cleat_field core_v1_PodAttachOptions_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "stdin", T(bool), ""),        F(2, "stdout", T(bool), ""),
    F(3, "stderr", T(bool), ""),       F(4, "tty", T(bool), ""),
    F(5, "container", T(string), ""),  END};
const struct cleat_type cleat_type_core_v1_PodAttachOptions = {
    .name = "io.k8s.api.core.v1.PodAttachOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodAttachOptions_fields};

static const struct cleat_field core_v1_PodExecOptions_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "stdin", T(bool), ""),
    F(2, "stdout", T(bool), ""),
    F(3, "stderr", T(bool), ""),
    F(4, "tty", T(bool), ""),
    F(5, "container", T(string), ""),
    F(6, "command", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PodExecOptions = {
    .name = "io.k8s.api.core.v1.PodExecOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodExecOptions_fields};

static const struct cleat_field core_v1_PodPortForwardOptions_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "ports", LIST(T(int32)), ""), END};
const struct cleat_type cleat_type_core_v1_PodPortForwardOptions = {
    .name = "io.k8s.api.core.v1.PodPortForwardOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodPortForwardOptions_fields};

static const struct cleat_field core_v1_PodProxyOptions_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""), F(1, "path", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodProxyOptions = {
    .name = "io.k8s.api.core.v1.PodProxyOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodProxyOptions_fields};

static const struct cleat_field core_v1_PodSpec_fields[] = {
    F(1, "volumes", LIST(T(core_v1_Volume)), "",
      .flags = CLEAT_FIELD_MERGE | CLEAT_FIELD_RETAIN_KEYS, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    F(20, "initContainers", LIST(T(core_v1_Container)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(2, "containers", LIST(T(core_v1_Container)), "",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    F(34, "ephemeralContainers", LIST(T(core_v1_EphemeralContainer)), "",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(3, "restartPolicy", T(string), "", .values = "Always,OnFailure,Never"),
    F(4, "terminationGracePeriodSeconds", T(int64), ""),
    F(5, "activeDeadlineSeconds", T(int64), ""),
    F(6, "dnsPolicy", T(string), "", .values = "ClusterFirstWithHostNet,ClusterFirst,Default,None"),
    F(7, "nodeSelector", MAP(T(string)), "", .flags = CLEAT_FIELD_ATOMIC),
    F(8, "serviceAccountName", T(string), ""),
    F(9, "serviceAccount", T(string), ""),
    F(21, "automountServiceAccountToken", T(bool), ""),
    F(10, "nodeName", T(string), ""),
    F(11, "hostNetwork", T(bool), ""),
    F(12, "hostPID", T(bool), ""),
    F(13, "hostIPC", T(bool), ""),
    F(27, "shareProcessNamespace", T(bool), ""),
    F(14, "securityContext", T(core_v1_PodSecurityContext), ""),
    F(15, "imagePullSecrets", LIST(T(core_v1_LocalObjectReference)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(16, "hostname", T(string), ""),
    F(17, "subdomain", T(string), ""),
    F(18, "affinity", T(core_v1_Affinity), ""),
    F(19, "schedulerName", T(string), ""),
    F(22, "tolerations", LIST(T(core_v1_Toleration)), ""),
    F(23, "hostAliases", LIST(T(core_v1_HostAlias)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "ip", .merge_key = "ip"),
    F(24, "priorityClassName", T(string), ""),
    F(25, "priority", T(int32), ""),
    F(26, "dnsConfig", T(core_v1_PodDNSConfig), ""),
    F(28, "readinessGates", LIST(T(core_v1_PodReadinessGate)), ""),
    F(29, "runtimeClassName", T(string), ""),
    F(30, "enableServiceLinks", T(bool), ""),
    F(31, "preemptionPolicy", T(string), "", .values = "PreemptLowerPriority,Never"),
    F(32, "overhead", MAP(T(quantity)), ""),
    F(33, "topologySpreadConstraints", LIST(T(core_v1_TopologySpreadConstraint)), "",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "topologyKey,whenUnsatisfiable",
      .merge_key = "topologyKey"),
    F(35, "setHostnameAsFQDN", T(bool), ""),
    F(36, "os", T(core_v1_PodOS), ""),
    F(37, "hostUsers", T(bool), ""),
    F(38, "schedulingGates", LIST(T(core_v1_PodSchedulingGate)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(39, "resourceClaims", LIST(T(core_v1_PodResourceClaim)), "",
      .flags = CLEAT_FIELD_MERGE | CLEAT_FIELD_RETAIN_KEYS, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    F(40, "resources", T(core_v1_ResourceRequirements), ""),
    F(41, "hostnameOverride", T(string), ""),
    F(43, "schedulingGroup", T(core_v1_PodSchedulingGroup), ""),
    F(44, "evictionResponders", LIST(T(core_v1_EvictionResponder)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    END};
const struct cleat_type cleat_type_core_v1_PodSpec = {.name = "io.k8s.api.core.v1.PodSpec",
                                                      .doc = "",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = core_v1_PodSpec_fields};

static const struct cleat_field core_v1_PodStatus_fields[] = {
    F(17, "observedGeneration", T(int64), ""),
    F(1, "phase", T(string), "", .values = "Pending,Running,Succeeded,Failed,Unknown"),
    F(2, "conditions", LIST(T(core_v1_PodCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(3, "message", T(string), ""),
    F(4, "reason", T(string), ""),
    F(11, "nominatedNodeName", T(string), ""),
    F(5, "hostIP", T(string), ""),
    F(16, "hostIPs", LIST(T(core_v1_HostIP)), "", .flags = CLEAT_FIELD_MERGE, .merge_key = "ip"),
    F(6, "podIP", T(string), ""),
    F(12, "podIPs", LIST(T(core_v1_PodIP)), "", .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP,
      .keys = "ip", .merge_key = "ip"),
    F(7, "startTime", T(time), ""),
    F(10, "initContainerStatuses", LIST(T(core_v1_ContainerStatus)), ""),
    F(8, "containerStatuses", LIST(T(core_v1_ContainerStatus)), ""),
    F(9, "qosClass", T(string), "", .values = "Guaranteed,Burstable,BestEffort"),
    F(13, "ephemeralContainerStatuses", LIST(T(core_v1_ContainerStatus)), ""),
    F(14, "resize", T(string), ""),
    F(15, "resourceClaimStatuses", LIST(T(core_v1_PodResourceClaimStatus)), "",
      .flags = CLEAT_FIELD_MERGE | CLEAT_FIELD_RETAIN_KEYS, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    F(18, "extendedResourceClaimStatus", T(core_v1_PodExtendedResourceClaimStatus), ""),
    F(19, "allocatedResources", MAP(T(quantity)), ""),
    F(20, "resources", T(core_v1_ResourceRequirements), ""),
    F(21, "nodeAllocatableResourceClaimStatuses",
      LIST(T(core_v1_NodeAllocatableResourceClaimStatus)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "resourceClaimName", .merge_key = "resourceClaimName"),
    F(22, "volumeHealth", LIST(T(core_v1_PodVolumeHealth)), "", .list = CLEAT_LIST_MAP,
      .keys = "name"),
    END};
const struct cleat_type cleat_type_core_v1_PodStatus = {.name = "io.k8s.api.core.v1.PodStatus",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_PodStatus_fields};

static const struct cleat_field core_v1_PodSecurityContext_fields[] = {
    F(1, "seLinuxOptions", T(core_v1_SELinuxOptions), ""),
    F(8, "windowsOptions", T(core_v1_WindowsSecurityContextOptions), ""),
    F(2, "runAsUser", T(int64), ""),
    F(6, "runAsGroup", T(int64), ""),
    F(3, "runAsNonRoot", T(bool), ""),
    F(4, "supplementalGroups", LIST(T(int64)), ""),
    F(12, "supplementalGroupsPolicy", T(string), "", .values = "Merge,Strict"),
    F(5, "fsGroup", T(int64), ""),
    F(7, "sysctls", LIST(T(core_v1_Sysctl)), ""),
    F(9, "fsGroupChangePolicy", T(string), "", .values = "OnRootMismatch,Always"),
    F(10, "seccompProfile", T(core_v1_SeccompProfile), ""),
    F(11, "appArmorProfile", T(core_v1_AppArmorProfile), ""),
    F(13, "seLinuxChangePolicy", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodSecurityContext = {
    .name = "io.k8s.api.core.v1.PodSecurityContext",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodSecurityContext_fields};

static const struct cleat_field core_v1_Affinity_fields[] = {
    F(1, "nodeAffinity", T(core_v1_NodeAffinity), ""),
    F(2, "podAffinity", T(core_v1_PodAffinity), ""),
    F(3, "podAntiAffinity", T(core_v1_PodAntiAffinity), ""), END};
const struct cleat_type cleat_type_core_v1_Affinity = {.name = "io.k8s.api.core.v1.Affinity",
                                                       .doc = "",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = core_v1_Affinity_fields};

static const struct cleat_field core_v1_Toleration_fields[] = {
    F(1, "key", T(string), ""),
    F(2, "operator", T(string), "", .values = "Exists,Equal,Lt,Gt"),
    F(3, "value", T(string), ""),
    F(4, "effect", T(string), "", .values = "NoSchedule,PreferNoSchedule,NoExecute"),
    F(5, "tolerationSeconds", T(int64), ""),
    END};
const struct cleat_type cleat_type_core_v1_Toleration = {.name = "io.k8s.api.core.v1.Toleration",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_Toleration_fields};

static const struct cleat_field core_v1_HostAlias_fields[] = {
    F(1, "ip", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "hostnames", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_core_v1_HostAlias = {.name = "io.k8s.api.core.v1.HostAlias",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_HostAlias_fields};

static const struct cleat_field core_v1_PodDNSConfig_fields[] = {
    F(1, "nameservers", LIST(T(string)), ""), F(2, "searches", LIST(T(string)), ""),
    F(3, "options", LIST(T(core_v1_PodDNSConfigOption)), ""), END};
const struct cleat_type cleat_type_core_v1_PodDNSConfig = {.name =
                                                               "io.k8s.api.core.v1.PodDNSConfig",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_PodDNSConfig_fields};

static const struct cleat_field core_v1_PodReadinessGate_fields[] = {
    F(1, "conditionType", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodReadinessGate = {
    .name = "io.k8s.api.core.v1.PodReadinessGate",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodReadinessGate_fields};

static const struct cleat_field core_v1_TopologySpreadConstraint_fields[] = {
    F(1, "maxSkew", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "topologyKey", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "whenUnsatisfiable", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "DoNotSchedule,ScheduleAnyway"),
    F(4, "labelSelector", T(meta_v1_LabelSelector), ""),
    F(5, "minDomains", T(int32), ""),
    F(6, "nodeAffinityPolicy", T(string), "", .values = "Ignore,Honor"),
    F(7, "nodeTaintsPolicy", T(string), "", .values = "Ignore,Honor"),
    F(8, "matchLabelKeys", LIST(T(string)), ""),
    END};
const struct cleat_type cleat_type_core_v1_TopologySpreadConstraint = {
    .name = "io.k8s.api.core.v1.TopologySpreadConstraint",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TopologySpreadConstraint_fields};

static const struct cleat_field core_v1_PodOS_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodOS = {.name = "io.k8s.api.core.v1.PodOS",
                                                    .doc = "",
                                                    .form = CLEAT_FORM_STRUCT,
                                                    .fields = core_v1_PodOS_fields};

static const struct cleat_field core_v1_PodSchedulingGate_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodSchedulingGate = {
    .name = "io.k8s.api.core.v1.PodSchedulingGate",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodSchedulingGate_fields};

static const struct cleat_field core_v1_PodResourceClaim_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "resourceClaimName", T(string), ""), F(4, "resourceClaimTemplateName", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodResourceClaim = {
    .name = "io.k8s.api.core.v1.PodResourceClaim",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodResourceClaim_fields};

static const struct cleat_field core_v1_PodSchedulingGroup_fields[] = {
    F(1, "podGroupName", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_PodSchedulingGroup = {
    .name = "io.k8s.api.core.v1.PodSchedulingGroup",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodSchedulingGroup_fields};

static const struct cleat_field core_v1_PodCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "observedGeneration", T(int64), ""),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastProbeTime", T(time), ""),
    F(4, "lastTransitionTime", T(time), ""),
    F(5, "reason", T(string), ""),
    F(6, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodCondition = {.name =
                                                               "io.k8s.api.core.v1.PodCondition",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_PodCondition_fields};

static const struct cleat_field core_v1_HostIP_fields[] = {
    F(1, "ip", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_HostIP = {.name = "io.k8s.api.core.v1.HostIP",
                                                     .doc = "",
                                                     .form = CLEAT_FORM_STRUCT,
                                                     .fields = core_v1_HostIP_fields};

static const struct cleat_field core_v1_PodIP_fields[] = {
    F(1, "ip", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodIP = {.name = "io.k8s.api.core.v1.PodIP",
                                                    .doc = "",
                                                    .form = CLEAT_FORM_STRUCT,
                                                    .fields = core_v1_PodIP_fields};

static const struct cleat_field core_v1_PodResourceClaimStatus_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resourceClaimName", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_PodResourceClaimStatus = {
    .name = "io.k8s.api.core.v1.PodResourceClaimStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodResourceClaimStatus_fields};

static const struct cleat_field core_v1_PodExtendedResourceClaimStatus_fields[] = {
    F(1, "requestMappings", LIST(T(core_v1_ContainerExtendedResourceRequest)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resourceClaimName", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodExtendedResourceClaimStatus = {
    .name = "io.k8s.api.core.v1.PodExtendedResourceClaimStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodExtendedResourceClaimStatus_fields};

static const struct cleat_field core_v1_PodVolumeHealth_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "healthConditions", LIST(T(core_v1_VolumeHealthCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "status,reason", .merge_key = "status"),
    F(3, "lastTransitionTime", T(time), ""), END};
const struct cleat_type cleat_type_core_v1_PodVolumeHealth = {
    .name = "io.k8s.api.core.v1.PodVolumeHealth",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodVolumeHealth_fields};

static const struct cleat_field core_v1_SessionAffinityConfig_fields[] = {
    F(1, "clientIP", T(core_v1_ClientIPConfig), ""), END};
const struct cleat_type cleat_type_core_v1_SessionAffinityConfig = {
    .name = "io.k8s.api.core.v1.SessionAffinityConfig",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SessionAffinityConfig_fields};

static const struct cleat_field core_v1_NodeSelector_fields[] = {
    F(1, "nodeSelectorTerms", LIST(T(core_v1_NodeSelectorTerm)), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_NodeSelector = {.name =
                                                               "io.k8s.api.core.v1.NodeSelector",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_NodeSelector_fields,
                                                           .atomic = 1};

static const struct cleat_field core_v1_Sysctl_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_Sysctl = {.name = "io.k8s.api.core.v1.Sysctl",
                                                     .doc = "",
                                                     .form = CLEAT_FORM_STRUCT,
                                                     .fields = core_v1_Sysctl_fields};

static const struct cleat_field core_v1_NodeAffinity_fields[] = {
    F(1, "requiredDuringSchedulingIgnoredDuringExecution", T(core_v1_NodeSelector), ""),
    F(2, "preferredDuringSchedulingIgnoredDuringExecution",
      LIST(T(core_v1_PreferredSchedulingTerm)), ""),
    END};
const struct cleat_type cleat_type_core_v1_NodeAffinity = {.name =
                                                               "io.k8s.api.core.v1.NodeAffinity",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_NodeAffinity_fields};

static const struct cleat_field core_v1_PodAffinity_fields[] = {
    F(1, "requiredDuringSchedulingIgnoredDuringExecution", LIST(T(core_v1_PodAffinityTerm)), ""),
    F(2, "preferredDuringSchedulingIgnoredDuringExecution",
      LIST(T(core_v1_WeightedPodAffinityTerm)), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodAffinity = {.name = "io.k8s.api.core.v1.PodAffinity",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_PodAffinity_fields};

static const struct cleat_field core_v1_PodAntiAffinity_fields[] = {
    F(1, "requiredDuringSchedulingIgnoredDuringExecution", LIST(T(core_v1_PodAffinityTerm)), ""),
    F(2, "preferredDuringSchedulingIgnoredDuringExecution",
      LIST(T(core_v1_WeightedPodAffinityTerm)), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodAntiAffinity = {
    .name = "io.k8s.api.core.v1.PodAntiAffinity",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodAntiAffinity_fields};

static const struct cleat_field core_v1_PodDNSConfigOption_fields[] = {
    F(1, "name", T(string), ""), F(2, "value", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_PodDNSConfigOption = {
    .name = "io.k8s.api.core.v1.PodDNSConfigOption",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodDNSConfigOption_fields};

static const struct cleat_field core_v1_NodeSelectorTerm_fields[] = {
    F(1, "matchExpressions", LIST(T(core_v1_NodeSelectorRequirement)), ""),
    F(2, "matchFields", LIST(T(core_v1_NodeSelectorRequirement)), ""), END};
const struct cleat_type cleat_type_core_v1_NodeSelectorTerm = {
    .name = "io.k8s.api.core.v1.NodeSelectorTerm",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSelectorTerm_fields,
    .atomic = 1};

static const struct cleat_field core_v1_PreferredSchedulingTerm_fields[] = {
    F(1, "weight", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "preference", T(core_v1_NodeSelectorTerm), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PreferredSchedulingTerm = {
    .name = "io.k8s.api.core.v1.PreferredSchedulingTerm",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PreferredSchedulingTerm_fields};

static const struct cleat_field core_v1_PodAffinityTerm_fields[] = {
    F(1, "labelSelector", T(meta_v1_LabelSelector), ""),
    F(2, "namespaces", LIST(T(string)), ""),
    F(3, "topologyKey", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "namespaceSelector", T(meta_v1_LabelSelector), ""),
    F(5, "matchLabelKeys", LIST(T(string)), ""),
    F(6, "mismatchLabelKeys", LIST(T(string)), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodAffinityTerm = {
    .name = "io.k8s.api.core.v1.PodAffinityTerm",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodAffinityTerm_fields};

static const struct cleat_field core_v1_WeightedPodAffinityTerm_fields[] = {
    F(1, "weight", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "podAffinityTerm", T(core_v1_PodAffinityTerm), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_WeightedPodAffinityTerm = {
    .name = "io.k8s.api.core.v1.WeightedPodAffinityTerm",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_WeightedPodAffinityTerm_fields};

static const struct cleat_field core_v1_PortStatus_fields[] = {
    F(1, "port", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "protocol", T(string), "", .flags = CLEAT_FIELD_REQUIRED, .values = "TCP,UDP,SCTP"),
    F(3, "error", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_PortStatus = {.name = "io.k8s.api.core.v1.PortStatus",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_PortStatus_fields};

static const struct cleat_field core_v1_NodeSelectorRequirement_fields[] = {
    F(1, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "operator", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "In,NotIn,Exists,DoesNotExist,Gt,Lt"),
    F(3, "values", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_core_v1_NodeSelectorRequirement = {
    .name = "io.k8s.api.core.v1.NodeSelectorRequirement",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSelectorRequirement_fields};
