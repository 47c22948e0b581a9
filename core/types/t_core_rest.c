/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: rest. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_PodTemplate_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "template", T(core_v1_PodTemplateSpec), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodTemplate = {.name = "io.k8s.api.core.v1.PodTemplate",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_PodTemplate_fields};

static const struct cleat_field core_v1_PodTemplateList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_PodTemplate)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PodTemplateList = {
    .name = "io.k8s.api.core.v1.PodTemplateList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodTemplateList_fields};

static const struct cleat_field core_v1_ReplicationController_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(core_v1_ReplicationControllerSpec), ""),
    F(3, "status", T(core_v1_ReplicationControllerStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_ReplicationController = {
    .name = "io.k8s.api.core.v1.ReplicationController",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationController_fields};

static const struct cleat_field core_v1_ReplicationControllerList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_ReplicationController)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ReplicationControllerList = {
    .name = "io.k8s.api.core.v1.ReplicationControllerList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationControllerList_fields};

static const struct cleat_field core_v1_Service_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(core_v1_ServiceSpec), ""),
    F(3, "status", T(core_v1_ServiceStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_Service = {.name = "io.k8s.api.core.v1.Service",
                                                      .doc = "",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = core_v1_Service_fields};

static const struct cleat_field core_v1_ServiceList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_Service)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ServiceList = {.name = "io.k8s.api.core.v1.ServiceList",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_ServiceList_fields};

static const struct cleat_field core_v1_ServiceAccount_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "secrets", LIST(T(core_v1_ObjectReference)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(3, "imagePullSecrets", LIST(T(core_v1_LocalObjectReference)), ""),
    F(4, "automountServiceAccountToken", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_ServiceAccount = {
    .name = "io.k8s.api.core.v1.ServiceAccount",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ServiceAccount_fields};

static const struct cleat_field core_v1_ServiceAccountList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_ServiceAccount)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ServiceAccountList = {
    .name = "io.k8s.api.core.v1.ServiceAccountList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ServiceAccountList_fields};

static const struct cleat_field core_v1_Endpoints_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "subsets", LIST(T(core_v1_EndpointSubset)), ""), END};
const struct cleat_type cleat_type_core_v1_Endpoints = {.name = "io.k8s.api.core.v1.Endpoints",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_Endpoints_fields};

static const struct cleat_field core_v1_EndpointsList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_Endpoints)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_EndpointsList = {.name =
                                                                "io.k8s.api.core.v1.EndpointsList",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_EndpointsList_fields};

static const struct cleat_field core_v1_ServiceProxyOptions_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""), F(1, "path", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_ServiceProxyOptions = {
    .name = "io.k8s.api.core.v1.ServiceProxyOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ServiceProxyOptions_fields};

static const struct cleat_field core_v1_SerializedReference_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "reference", T(core_v1_ObjectReference), ""), END};
const struct cleat_type cleat_type_core_v1_SerializedReference = {
    .name = "io.k8s.api.core.v1.SerializedReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SerializedReference_fields};

static const struct cleat_field core_v1_Event_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "involvedObject", T(core_v1_ObjectReference), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "reason", T(string), ""),
    F(4, "message", T(string), ""),
    F(5, "source", T(core_v1_EventSource), ""),
    F(6, "firstTimestamp", T(time), ""),
    F(7, "lastTimestamp", T(time), ""),
    F(8, "count", T(int32), ""),
    F(9, "type", T(string), ""),
    F(10, "eventTime", T(micro_time), ""),
    F(11, "series", T(core_v1_EventSeries), ""),
    F(12, "action", T(string), ""),
    F(13, "related", T(core_v1_ObjectReference), ""),
    F(14, "reportingComponent", T(string), ""),
    F(15, "reportingInstance", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_Event = {.name = "io.k8s.api.core.v1.Event",
                                                    .doc = "",
                                                    .form = CLEAT_FORM_STRUCT,
                                                    .fields = core_v1_Event_fields};

static const struct cleat_field core_v1_EventList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_Event)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_EventList = {.name = "io.k8s.api.core.v1.EventList",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_EventList_fields};

static const struct cleat_field core_v1_LimitRange_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "spec", T(core_v1_LimitRangeSpec), ""), END};
const struct cleat_type cleat_type_core_v1_LimitRange = {.name = "io.k8s.api.core.v1.LimitRange",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_LimitRange_fields};

static const struct cleat_field core_v1_LimitRangeList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_LimitRange)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_LimitRangeList = {
    .name = "io.k8s.api.core.v1.LimitRangeList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LimitRangeList_fields};

static const struct cleat_field core_v1_ResourceQuota_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(core_v1_ResourceQuotaSpec), ""),
    F(3, "status", T(core_v1_ResourceQuotaStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_ResourceQuota = {.name =
                                                                "io.k8s.api.core.v1.ResourceQuota",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ResourceQuota_fields};

static const struct cleat_field core_v1_ResourceQuotaList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_ResourceQuota)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ResourceQuotaList = {
    .name = "io.k8s.api.core.v1.ResourceQuotaList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceQuotaList_fields};

static const struct cleat_field core_v1_Secret_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(5, "immutable", T(bool), ""),
    F(2, "data", MAP(T(bytes)), ""),
    F(4, "stringData", MAP(T(string)), ""),
    F(3, "type", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_Secret = {.name = "io.k8s.api.core.v1.Secret",
                                                     .doc = "",
                                                     .form = CLEAT_FORM_STRUCT,
                                                     .fields = core_v1_Secret_fields};

static const struct cleat_field core_v1_SecretList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_Secret)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_SecretList = {.name = "io.k8s.api.core.v1.SecretList",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_SecretList_fields};

static const struct cleat_field core_v1_ConfigMap_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(4, "immutable", T(bool), ""),
    F(2, "data", MAP(T(string)), ""),
    F(3, "binaryData", MAP(T(bytes)), ""),
    END};
const struct cleat_type cleat_type_core_v1_ConfigMap = {.name = "io.k8s.api.core.v1.ConfigMap",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_ConfigMap_fields};

static const struct cleat_field core_v1_ConfigMapList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_ConfigMap)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ConfigMapList = {.name =
                                                                "io.k8s.api.core.v1.ConfigMapList",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ConfigMapList_fields};

static const struct cleat_field core_v1_RangeAllocation_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "range", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "data", T(bytes), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_RangeAllocation = {
    .name = "io.k8s.api.core.v1.RangeAllocation",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_RangeAllocation_fields};

static const struct cleat_field core_v1_PodTemplateSpec_fields[] = {
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "spec", T(core_v1_PodSpec), ""), END};
const struct cleat_type cleat_type_core_v1_PodTemplateSpec = {
    .name = "io.k8s.api.core.v1.PodTemplateSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodTemplateSpec_fields};

static const struct cleat_field core_v1_ReplicationControllerSpec_fields[] = {
    F(1, "replicas", T(int32), "", .def = "1"), F(4, "minReadySeconds", T(int32), "", .def = "0"),
    F(2, "selector", MAP(T(string)), "", .flags = CLEAT_FIELD_ATOMIC),
    F(3, "template", T(core_v1_PodTemplateSpec), ""), END};
const struct cleat_type cleat_type_core_v1_ReplicationControllerSpec = {
    .name = "io.k8s.api.core.v1.ReplicationControllerSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationControllerSpec_fields};

static const struct cleat_field core_v1_ReplicationControllerStatus_fields[] = {
    F(1, "replicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fullyLabeledReplicas", T(int32), ""),
    F(4, "readyReplicas", T(int32), ""),
    F(5, "availableReplicas", T(int32), ""),
    F(3, "observedGeneration", T(int64), ""),
    F(6, "conditions", LIST(T(core_v1_ReplicationControllerCondition)), "",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_core_v1_ReplicationControllerStatus = {
    .name = "io.k8s.api.core.v1.ReplicationControllerStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationControllerStatus_fields};

static const struct cleat_field core_v1_ServiceSpec_fields[] = {
    F(1, "ports", LIST(T(core_v1_ServicePort)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "port,protocol", .merge_key = "port"),
    F(2, "selector", MAP(T(string)), "", .flags = CLEAT_FIELD_ATOMIC),
    F(3, "clusterIP", T(string), ""),
    F(18, "clusterIPs", LIST(T(string)), ""),
    F(4, "type", T(string), "", .values = "ClusterIP,NodePort,LoadBalancer,ExternalName"),
    F(5, "externalIPs", LIST(T(string)), ""),
    F(7, "sessionAffinity", T(string), "", .values = "ClientIP,None"),
    F(8, "loadBalancerIP", T(string), ""),
    F(9, "loadBalancerSourceRanges", LIST(T(string)), ""),
    F(10, "externalName", T(string), ""),
    F(11, "externalTrafficPolicy", T(string), "", .values = "Cluster,Local"),
    F(12, "healthCheckNodePort", T(int32), ""),
    F(13, "publishNotReadyAddresses", T(bool), ""),
    F(14, "sessionAffinityConfig", T(core_v1_SessionAffinityConfig), ""),
    F(19, "ipFamilies", LIST(T(string)), "", .values = "IPv4,IPv6"),
    F(17, "ipFamilyPolicy", T(string), "",
      .values = "SingleStack,PreferDualStack,RequireDualStack"),
    F(20, "allocateLoadBalancerNodePorts", T(bool), ""),
    F(21, "loadBalancerClass", T(string), ""),
    F(22, "internalTrafficPolicy", T(string), "", .values = "Cluster,Local"),
    F(23, "trafficDistribution", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_ServiceSpec = {.name = "io.k8s.api.core.v1.ServiceSpec",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_ServiceSpec_fields};

static const struct cleat_field core_v1_ServiceStatus_fields[] = {
    F(1, "loadBalancer", T(core_v1_LoadBalancerStatus), ""),
    F(2, "conditions", LIST(T(meta_v1_Condition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_core_v1_ServiceStatus = {.name =
                                                                "io.k8s.api.core.v1.ServiceStatus",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ServiceStatus_fields};

static const struct cleat_field core_v1_ObjectReference_fields[] = {
    F(1, "kind", T(string), ""),       F(2, "namespace", T(string), ""),
    F(3, "name", T(string), ""),       F(4, "uid", T(string), ""),
    F(5, "apiVersion", T(string), ""), F(6, "resourceVersion", T(string), ""),
    F(7, "fieldPath", T(string), ""),  END};
const struct cleat_type cleat_type_core_v1_ObjectReference = {
    .name = "io.k8s.api.core.v1.ObjectReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ObjectReference_fields,
    .atomic = 1};

static const struct cleat_field core_v1_EndpointSubset_fields[] = {
    F(1, "addresses", LIST(T(core_v1_EndpointAddress)), ""),
    F(2, "notReadyAddresses", LIST(T(core_v1_EndpointAddress)), ""),
    F(3, "ports", LIST(T(core_v1_EndpointPort)), ""), END};
const struct cleat_type cleat_type_core_v1_EndpointSubset = {
    .name = "io.k8s.api.core.v1.EndpointSubset",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EndpointSubset_fields};

static const struct cleat_field core_v1_EventSeries_fields[] = {
    F(1, "count", T(int32), ""), F(2, "lastObservedTime", T(micro_time), ""), END};
const struct cleat_type cleat_type_core_v1_EventSeries = {.name = "io.k8s.api.core.v1.EventSeries",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_EventSeries_fields};

static const struct cleat_field core_v1_LimitRangeSpec_fields[] = {
    F(1, "limits", LIST(T(core_v1_LimitRangeItem)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_LimitRangeSpec = {
    .name = "io.k8s.api.core.v1.LimitRangeSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LimitRangeSpec_fields};

static const struct cleat_field core_v1_ResourceQuotaSpec_fields[] = {
    F(1, "hard", MAP(T(quantity)), ""),
    F(2, "scopes", LIST(T(string)), "",
      .values = "Terminating,NotTerminating,BestEffort,NotBestEffort,PriorityClass,"
                "CrossNamespacePodAffinity,VolumeAttributesClass"),
    F(3, "scopeSelector", T(core_v1_ScopeSelector), ""), END};
const struct cleat_type cleat_type_core_v1_ResourceQuotaSpec = {
    .name = "io.k8s.api.core.v1.ResourceQuotaSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceQuotaSpec_fields};

static const struct cleat_field core_v1_ResourceQuotaStatus_fields[] = {
    F(1, "hard", MAP(T(quantity)), ""), F(2, "used", MAP(T(quantity)), ""), END};
const struct cleat_type cleat_type_core_v1_ResourceQuotaStatus = {
    .name = "io.k8s.api.core.v1.ResourceQuotaStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceQuotaStatus_fields};

static const struct cleat_field core_v1_TopologySelectorTerm_fields[] = {
    F(1, "matchLabelExpressions", LIST(T(core_v1_TopologySelectorLabelRequirement)), ""), END};
const struct cleat_type cleat_type_core_v1_TopologySelectorTerm = {
    .name = "io.k8s.api.core.v1.TopologySelectorTerm",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TopologySelectorTerm_fields,
    .atomic = 1};

static const struct cleat_field core_v1_TypedLocalObjectReference_fields[] = {
    F(1, "apiGroup", T(string), ""), F(2, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_TypedLocalObjectReference = {
    .name = "io.k8s.api.core.v1.TypedLocalObjectReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TypedLocalObjectReference_fields,
    .atomic = 1};

static const struct cleat_field core_v1_EvictionResponder_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "priority", T(int32), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_EvictionResponder = {
    .name = "io.k8s.api.core.v1.EvictionResponder",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EvictionResponder_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ReplicationControllerCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastTransitionTime", T(time), ""),
    F(4, "reason", T(string), ""),
    F(5, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_ReplicationControllerCondition = {
    .name = "io.k8s.api.core.v1.ReplicationControllerCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationControllerCondition_fields};

static const struct cleat_field core_v1_ServicePort_fields[] = {
    F(1, "name", T(string), ""),
    F(2, "protocol", T(string), "", .def = "\"TCP\"", .values = "TCP,UDP,SCTP"),
    F(6, "appProtocol", T(string), ""),
    F(3, "port", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "targetPort", T(int_or_string), ""),
    F(5, "nodePort", T(int32), ""),
    END};
const struct cleat_type cleat_type_core_v1_ServicePort = {.name = "io.k8s.api.core.v1.ServicePort",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_ServicePort_fields};

static const struct cleat_field core_v1_LoadBalancerStatus_fields[] = {
    F(1, "ingress", LIST(T(core_v1_LoadBalancerIngress)), ""), END};
const struct cleat_type cleat_type_core_v1_LoadBalancerStatus = {
    .name = "io.k8s.api.core.v1.LoadBalancerStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LoadBalancerStatus_fields};

static const struct cleat_field core_v1_EndpointAddress_fields[] = {
    F(1, "ip", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "hostname", T(string), ""),
    F(4, "nodeName", T(string), ""), F(2, "targetRef", T(core_v1_ObjectReference), ""), END};
const struct cleat_type cleat_type_core_v1_EndpointAddress = {
    .name = "io.k8s.api.core.v1.EndpointAddress",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EndpointAddress_fields,
    .atomic = 1};

static const struct cleat_field core_v1_EndpointPort_fields[] = {
    F(1, "name", T(string), ""), F(2, "port", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "protocol", T(string), "", .values = "TCP,UDP,SCTP"), F(4, "appProtocol", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_EndpointPort = {.name =
                                                               "io.k8s.api.core.v1.EndpointPort",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_EndpointPort_fields,
                                                           .atomic = 1};

static const struct cleat_field core_v1_LimitRangeItem_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "max", MAP(T(quantity)), ""),
    F(3, "min", MAP(T(quantity)), ""),
    F(4, "default", MAP(T(quantity)), ""),
    F(5, "defaultRequest", MAP(T(quantity)), ""),
    F(6, "maxLimitRequestRatio", MAP(T(quantity)), ""),
    END};
const struct cleat_type cleat_type_core_v1_LimitRangeItem = {
    .name = "io.k8s.api.core.v1.LimitRangeItem",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LimitRangeItem_fields};

static const struct cleat_field core_v1_ScopeSelector_fields[] = {
    F(1, "matchExpressions", LIST(T(core_v1_ScopedResourceSelectorRequirement)), ""), END};
const struct cleat_type cleat_type_core_v1_ScopeSelector = {.name =
                                                                "io.k8s.api.core.v1.ScopeSelector",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ScopeSelector_fields,
                                                            .atomic = 1};

static const struct cleat_field core_v1_TopologySelectorLabelRequirement_fields[] = {
    F(1, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "values", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_TopologySelectorLabelRequirement = {
    .name = "io.k8s.api.core.v1.TopologySelectorLabelRequirement",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TopologySelectorLabelRequirement_fields};

static const struct cleat_field core_v1_ClientIPConfig_fields[] = {
    F(1, "timeoutSeconds", T(int32), ""), END};
const struct cleat_type cleat_type_core_v1_ClientIPConfig = {
    .name = "io.k8s.api.core.v1.ClientIPConfig",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ClientIPConfig_fields};

static const struct cleat_field core_v1_LoadBalancerIngress_fields[] = {
    F(1, "ip", T(string), ""), F(2, "hostname", T(string), ""), F(3, "ipMode", T(string), ""),
    F(4, "ports", LIST(T(core_v1_PortStatus)), ""), END};
const struct cleat_type cleat_type_core_v1_LoadBalancerIngress = {
    .name = "io.k8s.api.core.v1.LoadBalancerIngress",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LoadBalancerIngress_fields};

static const struct cleat_field core_v1_ConfigMapNodeConfigSource_fields[] = {
    F(1, "namespace", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "uid", T(string), ""),
    F(4, "resourceVersion", T(string), ""),
    F(5, "kubeletConfigKey", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ConfigMapNodeConfigSource = {
    .name = "io.k8s.api.core.v1.ConfigMapNodeConfigSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapNodeConfigSource_fields};

static const struct cleat_field core_v1_ScopedResourceSelectorRequirement_fields[] = {
    F(1, "scopeName", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "Terminating,NotTerminating,BestEffort,NotBestEffort,PriorityClass,"
                "CrossNamespacePodAffinity,VolumeAttributesClass"),
    F(2, "operator", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "In,NotIn,Exists,DoesNotExist"),
    F(3, "values", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_core_v1_ScopedResourceSelectorRequirement = {
    .name = "io.k8s.api.core.v1.ScopedResourceSelectorRequirement",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ScopedResourceSelectorRequirement_fields};

static const struct cleat_field core_v1_SecretReference_fields[] = {
    F(1, "name", T(string), ""), F(2, "namespace", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_SecretReference = {
    .name = "io.k8s.api.core.v1.SecretReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretReference_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ConfigMapEnvSource_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "optional", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_ConfigMapEnvSource = {
    .name = "io.k8s.api.core.v1.ConfigMapEnvSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapEnvSource_fields};

static const struct cleat_field core_v1_SecretEnvSource_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "optional", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_SecretEnvSource = {
    .name = "io.k8s.api.core.v1.SecretEnvSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretEnvSource_fields};

static const struct cleat_field core_v1_LinuxContainerUser_fields[] = {
    F(1, "uid", T(int64), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "gid", T(int64), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "supplementalGroups", LIST(T(int64)), ""), END};
const struct cleat_type cleat_type_core_v1_LinuxContainerUser = {
    .name = "io.k8s.api.core.v1.LinuxContainerUser",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LinuxContainerUser_fields};

static const struct cleat_field core_v1_DownwardAPIVolumeFile_fields[] = {
    F(1, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fieldRef", T(core_v1_ObjectFieldSelector), ""),
    F(3, "resourceFieldRef", T(core_v1_ResourceFieldSelector), ""),
    F(4, "mode", T(int32), ""),
    F(5, "user", T(int64), ""),
    END};
const struct cleat_type cleat_type_core_v1_DownwardAPIVolumeFile = {
    .name = "io.k8s.api.core.v1.DownwardAPIVolumeFile",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_DownwardAPIVolumeFile_fields};

static const struct cleat_field core_v1_ConfigMapKeySelector_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "optional", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_ConfigMapKeySelector = {
    .name = "io.k8s.api.core.v1.ConfigMapKeySelector",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapKeySelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_SecretKeySelector_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "optional", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_SecretKeySelector = {
    .name = "io.k8s.api.core.v1.SecretKeySelector",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretKeySelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ImageVolumeStatus_fields[] = {
    F(1, "imageRef", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ImageVolumeStatus = {
    .name = "io.k8s.api.core.v1.ImageVolumeStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ImageVolumeStatus_fields};
