/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: nodes. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_Node_fields[] = {
    F(0, "apiVersion", T(string), ""),           F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "spec", T(core_v1_NodeSpec), ""),
    F(3, "status", T(core_v1_NodeStatus), ""),   END};
const struct cleat_type cleat_type_core_v1_Node = {.name = "io.k8s.api.core.v1.Node",
                                                   .doc = "",
                                                   .form = CLEAT_FORM_STRUCT,
                                                   .fields = core_v1_Node_fields};

static const struct cleat_field core_v1_NodeList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_Node)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_NodeList = {.name = "io.k8s.api.core.v1.NodeList",
                                                       .doc = "",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = core_v1_NodeList_fields};

static const struct cleat_field core_v1_Namespace_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(core_v1_NamespaceSpec), ""),
    F(3, "status", T(core_v1_NamespaceStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_Namespace = {.name = "io.k8s.api.core.v1.Namespace",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_Namespace_fields};

static const struct cleat_field core_v1_NamespaceList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_Namespace)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_NamespaceList = {.name =
                                                                "io.k8s.api.core.v1.NamespaceList",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_NamespaceList_fields};

static const struct cleat_field core_v1_NodeProxyOptions_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""), F(1, "path", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_NodeProxyOptions = {
    .name = "io.k8s.api.core.v1.NodeProxyOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeProxyOptions_fields};

static const struct cleat_field core_v1_ComponentStatus_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "conditions", LIST(T(core_v1_ComponentCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_core_v1_ComponentStatus = {
    .name = "io.k8s.api.core.v1.ComponentStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ComponentStatus_fields};

static const struct cleat_field core_v1_ComponentStatusList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_ComponentStatus)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ComponentStatusList = {
    .name = "io.k8s.api.core.v1.ComponentStatusList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ComponentStatusList_fields};

static const struct cleat_field core_v1_NodeSpec_fields[] = {
    F(1, "podCIDR", T(string), ""),
    F(7, "podCIDRs", LIST(T(string)), "", .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_SET),
    F(3, "providerID", T(string), ""),
    F(4, "unschedulable", T(bool), ""),
    F(5, "taints", LIST(T(core_v1_Taint)), ""),
    F(6, "configSource", T(core_v1_NodeConfigSource), ""),
    F(2, "externalID", T(string), ""),
    F(8, "podPreemptionPolicy", T(core_v1_NodePodPreemptionPolicy), ""),
    END};
const struct cleat_type cleat_type_core_v1_NodeSpec = {.name = "io.k8s.api.core.v1.NodeSpec",
                                                       .doc = "",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = core_v1_NodeSpec_fields};

static const struct cleat_field core_v1_NodeStatus_fields[] = {
    F(1, "capacity", MAP(T(quantity)), ""),
    F(2, "allocatable", MAP(T(quantity)), ""),
    F(3, "phase", T(string), "", .values = "Pending,Running,Terminated"),
    F(4, "conditions", LIST(T(core_v1_NodeCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(5, "addresses", LIST(T(core_v1_NodeAddress)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(6, "daemonEndpoints", T(core_v1_NodeDaemonEndpoints), ""),
    F(7, "nodeInfo", T(core_v1_NodeSystemInfo), ""),
    F(8, "images", LIST(T(core_v1_ContainerImage)), ""),
    F(9, "volumesInUse", LIST(T(string)), ""),
    F(10, "volumesAttached", LIST(T(core_v1_AttachedVolume)), ""),
    F(11, "config", T(core_v1_NodeConfigStatus), ""),
    F(12, "runtimeHandlers", LIST(T(core_v1_NodeRuntimeHandler)), ""),
    F(13, "features", T(core_v1_NodeFeatures), ""),
    F(14, "declaredFeatures", LIST(T(string)), ""),
    END};
const struct cleat_type cleat_type_core_v1_NodeStatus = {.name = "io.k8s.api.core.v1.NodeStatus",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_NodeStatus_fields};

static const struct cleat_field core_v1_NamespaceSpec_fields[] = {
    F(1, "finalizers", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_core_v1_NamespaceSpec = {.name =
                                                                "io.k8s.api.core.v1.NamespaceSpec",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_NamespaceSpec_fields};

static const struct cleat_field core_v1_NamespaceStatus_fields[] = {
    F(1, "phase", T(string), "", .values = "Active,Terminating"),
    F(2, "conditions", LIST(T(core_v1_NamespaceCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_core_v1_NamespaceStatus = {
    .name = "io.k8s.api.core.v1.NamespaceStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NamespaceStatus_fields};

static const struct cleat_field core_v1_ComponentCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "message", T(string), ""),
    F(4, "error", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_ComponentCondition = {
    .name = "io.k8s.api.core.v1.ComponentCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ComponentCondition_fields};

static const struct cleat_field core_v1_NodeAllocatableResourceClaimStatus_fields[] = {
    F(1, "resourceClaimName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "containers", LIST(T(string)), "", .list = CLEAT_LIST_SET),
    F(4, "mapping", LIST(T(core_v1_NodeAllocatableMappedResources)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(5, "overhead", LIST(T(core_v1_NodeAllocatableOverheadResources)), "",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    END};
const struct cleat_type cleat_type_core_v1_NodeAllocatableResourceClaimStatus = {
    .name = "io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeAllocatableResourceClaimStatus_fields};

static const struct cleat_field core_v1_Taint_fields[] = {
    F(1, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "value", T(string), ""),
    F(3, "effect", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "NoSchedule,PreferNoSchedule,NoExecute"),
    F(4, "timeAdded", T(time), ""), END};
const struct cleat_type cleat_type_core_v1_Taint = {.name = "io.k8s.api.core.v1.Taint",
                                                    .doc = "",
                                                    .form = CLEAT_FORM_STRUCT,
                                                    .fields = core_v1_Taint_fields};

static const struct cleat_field core_v1_NodeConfigSource_fields[] = {
    F(2, "configMap", T(core_v1_ConfigMapNodeConfigSource), ""), END};
const struct cleat_type cleat_type_core_v1_NodeConfigSource = {
    .name = "io.k8s.api.core.v1.NodeConfigSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeConfigSource_fields};

static const struct cleat_field core_v1_NodePodPreemptionPolicy_fields[] = {
    F(1, "disableResizePreemption", LIST(T(string)), "", .list = CLEAT_LIST_SET), END};
const struct cleat_type cleat_type_core_v1_NodePodPreemptionPolicy = {
    .name = "io.k8s.api.core.v1.NodePodPreemptionPolicy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodePodPreemptionPolicy_fields};

static const struct cleat_field core_v1_NodeCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastHeartbeatTime", T(time), ""),
    F(4, "lastTransitionTime", T(time), ""),
    F(5, "reason", T(string), ""),
    F(6, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_NodeCondition = {.name =
                                                                "io.k8s.api.core.v1.NodeCondition",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_NodeCondition_fields};

static const struct cleat_field core_v1_NodeAddress_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "address", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_NodeAddress = {.name = "io.k8s.api.core.v1.NodeAddress",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_NodeAddress_fields};

static const struct cleat_field core_v1_NodeDaemonEndpoints_fields[] = {
    F(1, "kubeletEndpoint", T(core_v1_DaemonEndpoint), ""), END};
const struct cleat_type cleat_type_core_v1_NodeDaemonEndpoints = {
    .name = "io.k8s.api.core.v1.NodeDaemonEndpoints",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeDaemonEndpoints_fields};

static const struct cleat_field core_v1_NodeSystemInfo_fields[] = {
    F(1, "machineID", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "systemUUID", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "bootID", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "kernelVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "osImage", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "containerRuntimeVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(7, "kubeletVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "kubeProxyVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(9, "operatingSystem", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(10, "architecture", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(11, "swap", T(core_v1_NodeSwapStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_NodeSystemInfo = {
    .name = "io.k8s.api.core.v1.NodeSystemInfo",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSystemInfo_fields};

static const struct cleat_field core_v1_NodeConfigStatus_fields[] = {
    F(1, "assigned", T(core_v1_NodeConfigSource), ""),
    F(2, "active", T(core_v1_NodeConfigSource), ""),
    F(3, "lastKnownGood", T(core_v1_NodeConfigSource), ""), F(4, "error", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_NodeConfigStatus = {
    .name = "io.k8s.api.core.v1.NodeConfigStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeConfigStatus_fields};

static const struct cleat_field core_v1_NodeRuntimeHandler_fields[] = {
    F(1, "name", T(string), ""), F(2, "features", T(core_v1_NodeRuntimeHandlerFeatures), ""), END};
const struct cleat_type cleat_type_core_v1_NodeRuntimeHandler = {
    .name = "io.k8s.api.core.v1.NodeRuntimeHandler",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeRuntimeHandler_fields};

static const struct cleat_field core_v1_NodeFeatures_fields[] = {
    F(1, "supplementalGroupsPolicy", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_NodeFeatures = {.name =
                                                               "io.k8s.api.core.v1.NodeFeatures",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_NodeFeatures_fields};

static const struct cleat_field core_v1_NamespaceCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "lastTransitionTime", T(time), ""),
    F(5, "reason", T(string), ""),
    F(6, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_NamespaceCondition = {
    .name = "io.k8s.api.core.v1.NamespaceCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NamespaceCondition_fields};

static const struct cleat_field core_v1_NodeAllocatableMappedResources_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "quantity", T(quantity), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_NodeAllocatableMappedResources = {
    .name = "io.k8s.api.core.v1.NodeAllocatableMappedResources",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeAllocatableMappedResources_fields};

static const struct cleat_field core_v1_NodeAllocatableOverheadResources_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "perPod", T(quantity), ""),
    F(3, "perContainer", T(quantity), ""), END};
const struct cleat_type cleat_type_core_v1_NodeAllocatableOverheadResources = {
    .name = "io.k8s.api.core.v1.NodeAllocatableOverheadResources",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeAllocatableOverheadResources_fields};

static const struct cleat_field core_v1_DaemonEndpoint_fields[] = {
    F(1, "Port", T(int32), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_DaemonEndpoint = {
    .name = "io.k8s.api.core.v1.DaemonEndpoint",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_DaemonEndpoint_fields};

static const struct cleat_field core_v1_NodeSwapStatus_fields[] = {F(1, "capacity", T(int64), ""),
                                                                   END};
const struct cleat_type cleat_type_core_v1_NodeSwapStatus = {
    .name = "io.k8s.api.core.v1.NodeSwapStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSwapStatus_fields};

static const struct cleat_field core_v1_NodeRuntimeHandlerFeatures_fields[] = {
    F(1, "recursiveReadOnlyMounts", T(bool), ""), F(2, "userNamespaces", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_NodeRuntimeHandlerFeatures = {
    .name = "io.k8s.api.core.v1.NodeRuntimeHandlerFeatures",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeRuntimeHandlerFeatures_fields};
