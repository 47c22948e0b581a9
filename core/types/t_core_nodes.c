/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: nodes. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_Node_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_NodeSpec), "What is wanted."),
    F(3, "status", T(core_v1_NodeStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_core_v1_Node = {.name = "io.k8s.api.core.v1.Node",
                                                   .doc = "A machine that runs pods.",
                                                   .form = CLEAT_FORM_STRUCT,
                                                   .fields = core_v1_Node_fields};

static const struct cleat_field core_v1_NodeList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_Node)), "The objects of the list.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_NodeList = {.name = "io.k8s.api.core.v1.NodeList",
                                                       .doc = "A list of Node objects.",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = core_v1_NodeList_fields};

static const struct cleat_field core_v1_Namespace_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_NamespaceSpec), "What is wanted."),
    F(3, "status", T(core_v1_NamespaceStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_core_v1_Namespace = {
    .name = "io.k8s.api.core.v1.Namespace",
    .doc = "A room for names: objects in different namespaces may be called the same.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_Namespace_fields};

static const struct cleat_field core_v1_NamespaceList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_Namespace)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_NamespaceList = {.name =
                                                                "io.k8s.api.core.v1.NamespaceList",
                                                            .doc = "A list of Namespace objects.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_NamespaceList_fields};

static const struct cleat_field core_v1_NodeProxyOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "path", T(string), "The path."), END};
const struct cleat_type cleat_type_core_v1_NodeProxyOptions = {
    .name = "io.k8s.api.core.v1.NodeProxyOptions",
    .doc = "Where to go through the proxy.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeProxyOptions_fields};

static const struct cleat_field core_v1_ComponentStatus_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "conditions", LIST(T(core_v1_ComponentCondition)), "What was found.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_core_v1_ComponentStatus = {
    .name = "io.k8s.api.core.v1.ComponentStatus",
    .doc = "Health of a part of the control plane. Deprecated.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ComponentStatus_fields};

static const struct cleat_field core_v1_ComponentStatusList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_ComponentStatus)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ComponentStatusList = {
    .name = "io.k8s.api.core.v1.ComponentStatusList",
    .doc = "A list of ComponentStatus objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ComponentStatusList_fields};

static const struct cleat_field core_v1_NodeSpec_fields[] = {
    F(1, "podCIDR", T(string), "The range that its pods get their addresses from."),
    F(7, "podCIDRs", LIST(T(string)),
      "All such ranges, one for each IP family; the first is podCIDR.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_SET),
    F(3, "providerID", T(string), "The machine at its cloud provider, as provider://id."),
    F(4, "unschedulable", T(bool), "Whether it takes no new pods."),
    F(5, "taints", LIST(T(core_v1_Taint)), "Marks that keep away pods which do not tolerate them."),
    F(6, "configSource", T(core_v1_NodeConfigSource), "No longer in use.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "externalID", T(string), "No longer in use."),
    F(8, "podPreemptionPolicy", T(core_v1_NodePodPreemptionPolicy),
      "When pods on it may be pushed out.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_NodeSpec = {.name = "io.k8s.api.core.v1.NodeSpec",
                                                       .doc = "What is wanted of a node.",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = core_v1_NodeSpec_fields};

static const struct cleat_field core_v1_NodeStatus_fields[] = {
    F(1, "capacity", MAP(T(quantity)), "All resources that it has."),
    F(2, "allocatable", MAP(T(quantity)), "Resources that pods may use."),
    F(3, "phase", T(string), "No longer in use.", .values = "Pending,Running,Terminated"),
    F(4, "conditions", LIST(T(core_v1_NodeCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(5, "addresses", LIST(T(core_v1_NodeAddress)), "How it can be reached.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(6, "daemonEndpoints", T(core_v1_NodeDaemonEndpoints), "Where its daemons listen."),
    F(7, "nodeInfo", T(core_v1_NodeSystemInfo), "Its system and software."),
    F(8, "images", LIST(T(core_v1_ContainerImage)), "The images that it has."),
    F(9, "volumesInUse", LIST(T(string)), "Volumes that are mounted and must not be detached."),
    F(10, "volumesAttached", LIST(T(core_v1_AttachedVolume)), "Volumes that are attached to it."),
    F(11, "config", T(core_v1_NodeConfigStatus), "No longer in use.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "runtimeHandlers", LIST(T(core_v1_NodeRuntimeHandler)),
      "Handlers of its container runtime."),
    F(13, "features", T(core_v1_NodeFeatures), "What its runtime can do.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(14, "declaredFeatures", LIST(T(string)), "Features that it says it has."),
    END};
const struct cleat_type cleat_type_core_v1_NodeStatus = {.name = "io.k8s.api.core.v1.NodeStatus",
                                                         .doc = "What is known of a node.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_NodeStatus_fields};

static const struct cleat_field core_v1_NamespaceSpec_fields[] = {
    F(1, "finalizers", LIST(T(string)), "Who must agree before it is gone for good."), END};
const struct cleat_type cleat_type_core_v1_NamespaceSpec = {.name =
                                                                "io.k8s.api.core.v1.NamespaceSpec",
                                                            .doc = "What is wanted of a namespace.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_NamespaceSpec_fields};

static const struct cleat_field core_v1_NamespaceStatus_fields[] = {
    F(1, "phase", T(string), "Active or Terminating.", .values = "Active,Terminating"),
    F(2, "conditions", LIST(T(core_v1_NamespaceCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_core_v1_NamespaceStatus = {
    .name = "io.k8s.api.core.v1.NamespaceStatus",
    .doc = "How far a namespace is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NamespaceStatus_fields};

static const struct cleat_field core_v1_ComponentCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "message", T(string), "A sentence for people."),
    F(4, "error", T(string), "What went wrong, if anything."), END};
const struct cleat_type cleat_type_core_v1_ComponentCondition = {
    .name = "io.k8s.api.core.v1.ComponentCondition",
    .doc = "One finding about a component.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ComponentCondition_fields};

static const struct cleat_field core_v1_NodeAllocatableResourceClaimStatus_fields[] = {
    F(1, "resourceClaimName", T(string), "The ResourceClaim's name.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "containers", LIST(T(string)), "The containers that use it.", .list = CLEAT_LIST_SET),
    F(4, "mapping", LIST(T(core_v1_NodeAllocatableMappedResources)), "The amounts.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(5, "overhead", LIST(T(core_v1_NodeAllocatableOverheadResources)), "What it takes besides.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    END};
const struct cleat_type cleat_type_core_v1_NodeAllocatableResourceClaimStatus = {
    .name = "io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus",
    .doc = "What a claim takes of a node's allocatable resources.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeAllocatableResourceClaimStatus_fields};

static const struct cleat_field core_v1_Taint_fields[] = {
    F(1, "key", T(string), "Its key.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(string), "Its value."),
    F(3, "effect", T(string), "NoSchedule, PreferNoSchedule or NoExecute.",
      .flags = CLEAT_FIELD_REQUIRED, .values = "NoSchedule,PreferNoSchedule,NoExecute"),
    F(4, "timeAdded", T(time), "When it was set.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_Taint = {.name = "io.k8s.api.core.v1.Taint",
                                                    .doc = "A mark on a node that keeps pods away.",
                                                    .form = CLEAT_FORM_STRUCT,
                                                    .fields = core_v1_Taint_fields};

static const struct cleat_field core_v1_NodeConfigSource_fields[] = {
    F(2, "configMap", T(core_v1_ConfigMapNodeConfigSource), "A ConfigMap.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_NodeConfigSource = {
    .name = "io.k8s.api.core.v1.NodeConfigSource",
    .doc = "Where a kubelet's settings come from. No longer in use.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeConfigSource_fields};

static const struct cleat_field core_v1_NodePodPreemptionPolicy_fields[] = {
    F(1, "disableResizePreemption", LIST(T(string)), "Push out none for the resize of another.",
      .list = CLEAT_LIST_SET),
    END};
const struct cleat_type cleat_type_core_v1_NodePodPreemptionPolicy = {
    .name = "io.k8s.api.core.v1.NodePodPreemptionPolicy",
    .doc = "When pods of a node may be pushed out.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodePodPreemptionPolicy_fields};

static const struct cleat_field core_v1_NodeCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastHeartbeatTime", T(time), "When word of the condition last came."),
    F(4, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(5, "reason", T(string), "A short CamelCase word for the cause."),
    F(6, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_core_v1_NodeCondition = {
    .name = "io.k8s.api.core.v1.NodeCondition",
    .doc = "What is known of a node's health.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeCondition_fields};

static const struct cleat_field core_v1_NodeAddress_fields[] = {
    F(1, "type", T(string), "Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "address", T(string), "The address or name.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_NodeAddress = {.name = "io.k8s.api.core.v1.NodeAddress",
                                                          .doc = "An address of a node.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_NodeAddress_fields};

static const struct cleat_field core_v1_NodeDaemonEndpoints_fields[] = {
    F(1, "kubeletEndpoint", T(core_v1_DaemonEndpoint), "Where the kubelet listens."), END};
const struct cleat_type cleat_type_core_v1_NodeDaemonEndpoints = {
    .name = "io.k8s.api.core.v1.NodeDaemonEndpoints",
    .doc = "Where a node's daemons listen.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeDaemonEndpoints_fields};

static const struct cleat_field core_v1_NodeSystemInfo_fields[] = {
    F(1, "machineID", T(string), "The identifier in its machine-id file.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "systemUUID", T(string), "The identifier that its hardware gives.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "bootID", T(string), "Changes with each boot.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "kernelVersion", T(string), "As uname -r says.", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "osImage", T(string), "The operating system's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "containerRuntimeVersion", T(string), "The container runtime, as name://version.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(7, "kubeletVersion", T(string), "The kubelet's version.", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "kubeProxyVersion", T(string), "No longer in use.", .flags = CLEAT_FIELD_REQUIRED),
    F(9, "operatingSystem", T(string), "linux or windows.", .flags = CLEAT_FIELD_REQUIRED),
    F(10, "architecture", T(string), "The processor's architecture.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(11, "swap", T(core_v1_NodeSwapStatus), "Its swap space.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_NodeSystemInfo = {
    .name = "io.k8s.api.core.v1.NodeSystemInfo",
    .doc = "A node's system and software.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSystemInfo_fields};

static const struct cleat_field core_v1_NodeConfigStatus_fields[] = {
    F(1, "assigned", T(core_v1_NodeConfigSource), "What it shall use.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "active", T(core_v1_NodeConfigSource), "What it uses.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "lastKnownGood", T(core_v1_NodeConfigSource), "What it falls back to.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "error", T(string), "What went wrong, if anything."), END};
const struct cleat_type cleat_type_core_v1_NodeConfigStatus = {
    .name = "io.k8s.api.core.v1.NodeConfigStatus",
    .doc = "Which settings a kubelet uses. No longer in use.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeConfigStatus_fields};

static const struct cleat_field core_v1_NodeRuntimeHandler_fields[] = {
    F(1, "name", T(string), "Its name; empty is the default.", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "features", T(core_v1_NodeRuntimeHandlerFeatures), "What it can do.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_NodeRuntimeHandler = {
    .name = "io.k8s.api.core.v1.NodeRuntimeHandler",
    .doc = "A handler of the node's container runtime.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeRuntimeHandler_fields};

static const struct cleat_field core_v1_NodeFeatures_fields[] = {
    F(1, "supplementalGroupsPolicy", T(bool),
      "Whether it knows the policies for supplemental groups.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_NodeFeatures = {.name =
                                                               "io.k8s.api.core.v1.NodeFeatures",
                                                           .doc = "What the node's runtime can do.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_NodeFeatures_fields};

static const struct cleat_field core_v1_NamespaceCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(5, "reason", T(string), "A short CamelCase word for the cause."),
    F(6, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_core_v1_NamespaceCondition = {
    .name = "io.k8s.api.core.v1.NamespaceCondition",
    .doc = "What is known of a namespace's deletion.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NamespaceCondition_fields};

static const struct cleat_field core_v1_NodeAllocatableMappedResources_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "quantity", T(quantity), "The amount.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_NodeAllocatableMappedResources = {
    .name = "io.k8s.api.core.v1.NodeAllocatableMappedResources",
    .doc = "An amount of a node's resource.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeAllocatableMappedResources_fields};

static const struct cleat_field core_v1_NodeAllocatableOverheadResources_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "perPod", T(quantity), "Once for the pod.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "perContainer", T(quantity), "For each container.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_NodeAllocatableOverheadResources = {
    .name = "io.k8s.api.core.v1.NodeAllocatableOverheadResources",
    .doc = "What a claim takes besides.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeAllocatableOverheadResources_fields};

static const struct cleat_field core_v1_DaemonEndpoint_fields[] = {
    F(1, "Port", T(int32), "The port's number.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_DaemonEndpoint = {
    .name = "io.k8s.api.core.v1.DaemonEndpoint",
    .doc = "Where a daemon listens.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_DaemonEndpoint_fields};

static const struct cleat_field core_v1_NodeSwapStatus_fields[] = {
    F(1, "capacity", T(int64), "In bytes.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_NodeSwapStatus = {
    .name = "io.k8s.api.core.v1.NodeSwapStatus",
    .doc = "Its swap space.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeSwapStatus_fields};

static const struct cleat_field core_v1_NodeRuntimeHandlerFeatures_fields[] = {
    F(1, "recursiveReadOnlyMounts", T(bool), "Mounts that are read only all the way down.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "userNamespaces", T(bool), "User namespaces.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_NodeRuntimeHandlerFeatures = {
    .name = "io.k8s.api.core.v1.NodeRuntimeHandlerFeatures",
    .doc = "What a runtime handler can do.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NodeRuntimeHandlerFeatures_fields};
