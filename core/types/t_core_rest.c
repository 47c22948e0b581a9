/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: rest. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_PodTemplate_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "template", T(core_v1_PodTemplateSpec), "What the new objects look like."), END};
const struct cleat_type cleat_type_core_v1_PodTemplate = {.name = "io.k8s.api.core.v1.PodTemplate",
                                                          .doc = "A pod to be copied.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_PodTemplate_fields};

static const struct cleat_field core_v1_PodTemplateList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_PodTemplate)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PodTemplateList = {
    .name = "io.k8s.api.core.v1.PodTemplateList",
    .doc = "A list of PodTemplate objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodTemplateList_fields};

static const struct cleat_field core_v1_ReplicationController_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_ReplicationControllerSpec), "What is wanted."),
    F(3, "status", T(core_v1_ReplicationControllerStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_core_v1_ReplicationController = {
    .name = "io.k8s.api.core.v1.ReplicationController",
    .doc = "Keeps so many copies of a pod running. A Deployment does more.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationController_fields};

static const struct cleat_field core_v1_ReplicationControllerList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_ReplicationController)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ReplicationControllerList = {
    .name = "io.k8s.api.core.v1.ReplicationControllerList",
    .doc = "A list of ReplicationController objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationControllerList_fields};

static const struct cleat_field core_v1_Service_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_ServiceSpec), "What is wanted."),
    F(3, "status", T(core_v1_ServiceStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_core_v1_Service = {.name = "io.k8s.api.core.v1.Service",
                                                      .doc =
                                                          "One name and address for a set of pods.",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = core_v1_Service_fields};

static const struct cleat_field core_v1_ServiceList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_Service)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ServiceList = {.name = "io.k8s.api.core.v1.ServiceList",
                                                          .doc = "A list of Service objects.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_ServiceList_fields};

static const struct cleat_field core_v1_ServiceAccount_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "secrets", LIST(T(core_v1_ObjectReference)), "Secrets that its pods may use.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    F(3, "imagePullSecrets", LIST(T(core_v1_LocalObjectReference)),
      "Secrets for pulling images of its pods."),
    F(4, "automountServiceAccountToken", T(bool), "Whether its token is mounted into its pods.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ServiceAccount = {
    .name = "io.k8s.api.core.v1.ServiceAccount",
    .doc = "Who pods are when they talk to the API server.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ServiceAccount_fields};

static const struct cleat_field core_v1_ServiceAccountList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_ServiceAccount)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ServiceAccountList = {
    .name = "io.k8s.api.core.v1.ServiceAccountList",
    .doc = "A list of ServiceAccount objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ServiceAccountList_fields};

static const struct cleat_field core_v1_Endpoints_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "subsets", LIST(T(core_v1_EndpointSubset)), "All addresses and ports."), END};
const struct cleat_type cleat_type_core_v1_Endpoints = {
    .name = "io.k8s.api.core.v1.Endpoints",
    .doc = "The addresses behind a Service. Use EndpointSlices where you can.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_Endpoints_fields};

static const struct cleat_field core_v1_EndpointsList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_Endpoints)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_EndpointsList = {.name =
                                                                "io.k8s.api.core.v1.EndpointsList",
                                                            .doc = "A list of Endpoints.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_EndpointsList_fields};

static const struct cleat_field core_v1_ServiceProxyOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "path", T(string), "The path."), END};
const struct cleat_type cleat_type_core_v1_ServiceProxyOptions = {
    .name = "io.k8s.api.core.v1.ServiceProxyOptions",
    .doc = "Where to go through the proxy.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ServiceProxyOptions_fields};

static const struct cleat_field core_v1_SerializedReference_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "reference", T(core_v1_ObjectReference), "The object."), END};
const struct cleat_type cleat_type_core_v1_SerializedReference = {
    .name = "io.k8s.api.core.v1.SerializedReference",
    .doc = "A reference, stored in an annotation.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SerializedReference_fields};

static const struct cleat_field core_v1_Event_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "involvedObject", T(core_v1_ObjectReference), "The object it happened to.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "reason", T(string), "A short CamelCase word for the cause."),
    F(4, "message", T(string), "What happened, for people."),
    F(5, "source", T(core_v1_EventSource), "Who saw it."),
    F(6, "firstTimestamp", T(time), "When it was seen first."),
    F(7, "lastTimestamp", T(time), "When it was seen last."),
    F(8, "count", T(int32), "How often it was seen."),
    F(9, "type", T(string), "Normal or Warning."),
    F(10, "eventTime", T(micro_time), "When it happened."),
    F(11, "series", T(core_v1_EventSeries), "How it went on, when it happens again and again.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "action", T(string), "What was done or went wrong, for machines."),
    F(13, "related", T(core_v1_ObjectReference), "Another object that has to do with it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(14, "reportingComponent", T(string), "The controller that reports it.",
      .flags = CLEAT_FIELD_ALWAYS),
    F(15, "reportingInstance", T(string), "Which instance of the controller.",
      .flags = CLEAT_FIELD_ALWAYS),
    END};
const struct cleat_type cleat_type_core_v1_Event = {
    .name = "io.k8s.api.core.v1.Event",
    .doc = "Something that happened to an object. Events are forgotten after a while.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_Event_fields};

static const struct cleat_field core_v1_EventList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_Event)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_EventList = {.name = "io.k8s.api.core.v1.EventList",
                                                        .doc = "A list of Event objects.",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_EventList_fields};

static const struct cleat_field core_v1_LimitRange_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_LimitRangeSpec), "What is wanted."), END};
const struct cleat_type cleat_type_core_v1_LimitRange = {
    .name = "io.k8s.api.core.v1.LimitRange",
    .doc = "Smallest, largest and default amounts for objects of a namespace.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LimitRange_fields};

static const struct cleat_field core_v1_LimitRangeList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_LimitRange)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_LimitRangeList = {
    .name = "io.k8s.api.core.v1.LimitRangeList",
    .doc = "A list of LimitRange objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LimitRangeList_fields};

static const struct cleat_field core_v1_ResourceQuota_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_ResourceQuotaSpec), "What is wanted."),
    F(3, "status", T(core_v1_ResourceQuotaStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_core_v1_ResourceQuota = {
    .name = "io.k8s.api.core.v1.ResourceQuota",
    .doc = "How much a namespace may use in all.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceQuota_fields};

static const struct cleat_field core_v1_ResourceQuotaList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_ResourceQuota)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ResourceQuotaList = {
    .name = "io.k8s.api.core.v1.ResourceQuotaList",
    .doc = "A list of ResourceQuota objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceQuotaList_fields};

static const struct cleat_field core_v1_Secret_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(5, "immutable", T(bool), "Whether data may never change again; only deletion helps then.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "data", MAP(T(bytes)), "Values by key, in base64."),
    F(4, "stringData", MAP(T(string)), "Values by key, as text; written into data, never read."),
    F(3, "type", T(string), "What the keys are for, such as kubernetes.io/tls."),
    END};
const struct cleat_type cleat_type_core_v1_Secret = {
    .name = "io.k8s.api.core.v1.Secret",
    .doc = "Data that must be kept to oneself: passwords, keys, tokens.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_Secret_fields};

static const struct cleat_field core_v1_SecretList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_Secret)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_SecretList = {.name = "io.k8s.api.core.v1.SecretList",
                                                         .doc = "A list of Secret objects.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = core_v1_SecretList_fields};

static const struct cleat_field core_v1_ConfigMap_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(4, "immutable", T(bool), "Whether data may never change again; only deletion helps then.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "data", MAP(T(string)), "Values by key, as text."),
    F(3, "binaryData", MAP(T(bytes)), "Values by key, in base64; no key may also be in data."),
    END};
const struct cleat_type cleat_type_core_v1_ConfigMap = {
    .name = "io.k8s.api.core.v1.ConfigMap",
    .doc = "Settings for pods to read, as files or variables.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMap_fields};

static const struct cleat_field core_v1_ConfigMapList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_ConfigMap)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ConfigMapList = {.name =
                                                                "io.k8s.api.core.v1.ConfigMapList",
                                                            .doc = "A list of ConfigMap objects.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ConfigMapList_fields};

static const struct cleat_field core_v1_RangeAllocation_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "range", T(string), "The range.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "data", T(bytes), "Which are taken, as a bit map.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_RangeAllocation = {
    .name = "io.k8s.api.core.v1.RangeAllocation",
    .doc = "Numbers or addresses that are in use. Internal.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_RangeAllocation_fields};

static const struct cleat_field core_v1_PodTemplateSpec_fields[] = {
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_PodSpec), "What is wanted."), END};
const struct cleat_type cleat_type_core_v1_PodTemplateSpec = {
    .name = "io.k8s.api.core.v1.PodTemplateSpec",
    .doc = "A pod to be made.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodTemplateSpec_fields};

static const struct cleat_field core_v1_ReplicationControllerSpec_fields[] = {
    F(1, "replicas", T(int32), "How many pods are wanted.", .flags = CLEAT_FIELD_NULLABLE,
      .def = "1"),
    F(4, "minReadySeconds", T(int32),
      "How many seconds a new pod must have been ready before it counts as available.", .def = "0"),
    F(2, "selector", MAP(T(string)), "Labels of the pods that count.", .flags = CLEAT_FIELD_ATOMIC),
    F(3, "template", T(core_v1_PodTemplateSpec), "What the new objects look like.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ReplicationControllerSpec = {
    .name = "io.k8s.api.core.v1.ReplicationControllerSpec",
    .doc = "How many pods of what kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationControllerSpec_fields};

static const struct cleat_field core_v1_ReplicationControllerStatus_fields[] = {
    F(1, "replicas", T(int32), "How many pods there are.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fullyLabeledReplicas", T(int32), "How many pods have all the labels of the template."),
    F(4, "readyReplicas", T(int32), "How many pods are ready."),
    F(5, "availableReplicas", T(int32),
      "How many pods have been ready for at least minReadySeconds."),
    F(3, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(6, "conditions", LIST(T(core_v1_ReplicationControllerCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_core_v1_ReplicationControllerStatus = {
    .name = "io.k8s.api.core.v1.ReplicationControllerStatus",
    .doc = "How many pods there are.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationControllerStatus_fields};

static const struct cleat_field core_v1_ServiceSpec_fields[] = {
    F(1, "ports", LIST(T(core_v1_ServicePort)), "The ports.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "port,protocol", .merge_key = "port"),
    F(2, "selector", MAP(T(string)),
      "Labels of the pods behind it; without them somebody else fills in the addresses.",
      .flags = CLEAT_FIELD_ATOMIC),
    F(3, "clusterIP", T(string), "Its address in the cluster; None for a headless Service."),
    F(18, "clusterIPs", LIST(T(string)),
      "All its addresses, one for each IP family; the first is clusterIP."),
    F(4, "type", T(string), "ClusterIP, NodePort, LoadBalancer or ExternalName.",
      .values = "ClusterIP,NodePort,LoadBalancer,ExternalName"),
    F(5, "externalIPs", LIST(T(string)), "More addresses at which nodes take traffic for it."),
    F(7, "sessionAffinity", T(string), "ClientIP to keep a client on one pod, or None.",
      .values = "ClientIP,None"),
    F(8, "loadBalancerIP", T(string), "The address to ask for. Deprecated."),
    F(9, "loadBalancerSourceRanges", LIST(T(string)),
      "From where the load balancer takes traffic."),
    F(10, "externalName", T(string), "The DNS name that an ExternalName stands for."),
    F(11, "externalTrafficPolicy", T(string),
      "Local: only to pods on the node that takes the traffic; Cluster: to all.",
      .values = "Cluster,Local"),
    F(12, "healthCheckNodePort", T(int32),
      "Where load balancers ask whether a node has pods of it."),
    F(13, "publishNotReadyAddresses", T(bool), "Whether pods that are not ready count too."),
    F(14, "sessionAffinityConfig", T(core_v1_SessionAffinityConfig),
      "How clients are kept on one pod.", .flags = CLEAT_FIELD_NULLABLE),
    F(19, "ipFamilies", LIST(T(string)), "IPv4 and IPv6, in the order of clusterIPs.",
      .values = "IPv4,IPv6"),
    F(17, "ipFamilyPolicy", T(string), "SingleStack, PreferDualStack or RequireDualStack.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "SingleStack,PreferDualStack,RequireDualStack"),
    F(20, "allocateLoadBalancerNodePorts", T(bool), "Whether a LoadBalancer gets node ports.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(21, "loadBalancerClass", T(string), "Which load balancer shall serve it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(22, "internalTrafficPolicy", T(string),
      "Local: only to pods on the sender's node; Cluster: to all.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "Cluster,Local"),
    F(23, "trafficDistribution", T(string), "A preference, such as PreferSameZone.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ServiceSpec = {.name = "io.k8s.api.core.v1.ServiceSpec",
                                                          .doc = "What a Service is to be.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_ServiceSpec_fields};

static const struct cleat_field core_v1_ServiceStatus_fields[] = {
    F(1, "loadBalancer", T(core_v1_LoadBalancerStatus), "What the load balancer was given."),
    F(2, "conditions", LIST(T(meta_v1_Condition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_core_v1_ServiceStatus = {.name =
                                                                "io.k8s.api.core.v1.ServiceStatus",
                                                            .doc = "What became of a Service.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ServiceStatus_fields};

static const struct cleat_field core_v1_ObjectReference_fields[] = {
    F(1, "kind", T(string), "The kind of object."),
    F(2, "namespace", T(string), "The namespace it is in."),
    F(3, "name", T(string), "Its name."),
    F(4, "uid", T(string), "The unique identifier of the object that is meant."),
    F(5, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(6, "resourceVersion", T(string),
      "The version of the object; changes with each write. Opaque."),
    F(7, "fieldPath", T(string), "A part of the object, such as spec.containers{web}."),
    END};
const struct cleat_type cleat_type_core_v1_ObjectReference = {
    .name = "io.k8s.api.core.v1.ObjectReference",
    .doc = "Refers to another object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ObjectReference_fields,
    .atomic = 1};

static const struct cleat_field core_v1_EndpointSubset_fields[] = {
    F(1, "addresses", LIST(T(core_v1_EndpointAddress)), "Addresses that are ready."),
    F(2, "notReadyAddresses", LIST(T(core_v1_EndpointAddress)), "Addresses that are not ready."),
    F(3, "ports", LIST(T(core_v1_EndpointPort)), "The ports of all these addresses."), END};
const struct cleat_type cleat_type_core_v1_EndpointSubset = {
    .name = "io.k8s.api.core.v1.EndpointSubset",
    .doc = "Addresses that share the same ports.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EndpointSubset_fields};

static const struct cleat_field core_v1_EventSeries_fields[] = {
    F(1, "count", T(int32), "How often so far."),
    F(2, "lastObservedTime", T(micro_time), "When it happened last."), END};
const struct cleat_type cleat_type_core_v1_EventSeries = {
    .name = "io.k8s.api.core.v1.EventSeries",
    .doc = "An event that happens again and again.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EventSeries_fields};

static const struct cleat_field core_v1_LimitRangeSpec_fields[] = {
    F(1, "limits", LIST(T(core_v1_LimitRangeItem)), "The limits.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_LimitRangeSpec = {
    .name = "io.k8s.api.core.v1.LimitRangeSpec",
    .doc = "Limits of a namespace.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LimitRangeSpec_fields};

static const struct cleat_field core_v1_ResourceQuotaSpec_fields[] = {
    F(1, "hard", MAP(T(quantity)), "The most of each resource."),
    F(2, "scopes", LIST(T(string)), "Only objects that meet all of these count.",
      .values = "Terminating,NotTerminating,BestEffort,NotBestEffort,PriorityClass,"
                "CrossNamespacePodAffinity,VolumeAttributesClass"),
    F(3, "scopeSelector", T(core_v1_ScopeSelector), "Only objects that meet these demands count.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ResourceQuotaSpec = {
    .name = "io.k8s.api.core.v1.ResourceQuotaSpec",
    .doc = "The limits.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceQuotaSpec_fields};

static const struct cleat_field core_v1_ResourceQuotaStatus_fields[] = {
    F(1, "hard", MAP(T(quantity)), "The limits in force."),
    F(2, "used", MAP(T(quantity)), "What is used of each."), END};
const struct cleat_type cleat_type_core_v1_ResourceQuotaStatus = {
    .name = "io.k8s.api.core.v1.ResourceQuotaStatus",
    .doc = "How much is used.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ResourceQuotaStatus_fields};

static const struct cleat_field core_v1_TopologySelectorTerm_fields[] = {
    F(1, "matchLabelExpressions", LIST(T(core_v1_TopologySelectorLabelRequirement)),
      "The demands."),
    END};
const struct cleat_type cleat_type_core_v1_TopologySelectorTerm = {
    .name = "io.k8s.api.core.v1.TopologySelectorTerm",
    .doc = "Demands that must all be met.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TopologySelectorTerm_fields,
    .atomic = 1};

static const struct cleat_field core_v1_TypedLocalObjectReference_fields[] = {
    F(1, "apiGroup", T(string), "The API group of what is referred to; empty for the core group.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "kind", T(string), "The kind of object.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_TypedLocalObjectReference = {
    .name = "io.k8s.api.core.v1.TypedLocalObjectReference",
    .doc = "Another object in the same namespace, of any kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TypedLocalObjectReference_fields,
    .atomic = 1};

static const struct cleat_field core_v1_EvictionResponder_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "priority", T(int32), "Its priority.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_EvictionResponder = {
    .name = "io.k8s.api.core.v1.EvictionResponder",
    .doc = "Somebody who handles evictions of a pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EvictionResponder_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ReplicationControllerCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(4, "reason", T(string), "A short CamelCase word for the cause."),
    F(5, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_core_v1_ReplicationControllerCondition = {
    .name = "io.k8s.api.core.v1.ReplicationControllerCondition",
    .doc = "What is known of a ReplicationController.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ReplicationControllerCondition_fields};

static const struct cleat_field core_v1_ServicePort_fields[] = {
    F(1, "name", T(string), "Its name; needed where there are several."),
    F(2, "protocol", T(string), "TCP, UDP or SCTP.", .def = "\"TCP\"", .values = "TCP,UDP,SCTP"),
    F(6, "appProtocol", T(string), "The application protocol, such as http or kubernetes.io/h2c.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "port", T(int32), "The port to connect to.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "targetPort", T(int_or_string),
      "The port of the pods, by number or name; port where nothing is said."),
    F(5, "nodePort", T(int32), "The port on every node, for NodePort and LoadBalancer."),
    END};
const struct cleat_type cleat_type_core_v1_ServicePort = {.name = "io.k8s.api.core.v1.ServicePort",
                                                          .doc = "A port of a Service.",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = core_v1_ServicePort_fields};

static const struct cleat_field core_v1_LoadBalancerStatus_fields[] = {
    F(1, "ingress", LIST(T(core_v1_LoadBalancerIngress)), "Addresses where traffic comes in."),
    END};
const struct cleat_type cleat_type_core_v1_LoadBalancerStatus = {
    .name = "io.k8s.api.core.v1.LoadBalancerStatus",
    .doc = "Where a load balancer takes traffic.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LoadBalancerStatus_fields};

static const struct cleat_field core_v1_EndpointAddress_fields[] = {
    F(1, "ip", T(string), "An IP address.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "hostname", T(string), "A DNS name."),
    F(4, "nodeName", T(string), "The node it is on.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "targetRef", T(core_v1_ObjectReference), "The object behind it.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_EndpointAddress = {
    .name = "io.k8s.api.core.v1.EndpointAddress",
    .doc = "An address of a pod behind a Service.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EndpointAddress_fields,
    .atomic = 1};

static const struct cleat_field core_v1_EndpointPort_fields[] = {
    F(1, "name", T(string), "Its name."),
    F(2, "port", T(int32), "The port's number.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "protocol", T(string), "TCP, UDP or SCTP.", .values = "TCP,UDP,SCTP"),
    F(4, "appProtocol", T(string), "The application protocol, such as http or kubernetes.io/h2c.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_EndpointPort = {.name =
                                                               "io.k8s.api.core.v1.EndpointPort",
                                                           .doc = "A port of all endpoints.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_EndpointPort_fields,
                                                           .atomic = 1};

static const struct cleat_field core_v1_LimitRangeItem_fields[] = {
    F(1, "type", T(string), "Pod, Container or PersistentVolumeClaim.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "max", MAP(T(quantity)), "The largest amounts."),
    F(3, "min", MAP(T(quantity)), "The smallest amounts."),
    F(4, "default", MAP(T(quantity)), "Limits for what says none."),
    F(5, "defaultRequest", MAP(T(quantity)), "Requests for what says none."),
    F(6, "maxLimitRequestRatio", MAP(T(quantity)), "How many times the request a limit may be."),
    END};
const struct cleat_type cleat_type_core_v1_LimitRangeItem = {
    .name = "io.k8s.api.core.v1.LimitRangeItem",
    .doc = "Limits for one type of object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LimitRangeItem_fields};

static const struct cleat_field core_v1_ScopeSelector_fields[] = {
    F(1, "matchExpressions", LIST(T(core_v1_ScopedResourceSelectorRequirement)),
      "Demands that must all be met."),
    END};
const struct cleat_type cleat_type_core_v1_ScopeSelector = {.name =
                                                                "io.k8s.api.core.v1.ScopeSelector",
                                                            .doc = "Objects by their scope.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = core_v1_ScopeSelector_fields,
                                                            .atomic = 1};

static const struct cleat_field core_v1_TopologySelectorLabelRequirement_fields[] = {
    F(1, "key", T(string), "The key that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "values", LIST(T(string)), "What it is compared with.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_TopologySelectorLabelRequirement = {
    .name = "io.k8s.api.core.v1.TopologySelectorLabelRequirement",
    .doc = "A label and its values.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TopologySelectorLabelRequirement_fields};

static const struct cleat_field core_v1_ClientIPConfig_fields[] = {
    F(1, "timeoutSeconds", T(int32), "For how many seconds.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_ClientIPConfig = {
    .name = "io.k8s.api.core.v1.ClientIPConfig",
    .doc = "Keeping a client by its address.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ClientIPConfig_fields};

static const struct cleat_field core_v1_LoadBalancerIngress_fields[] = {
    F(1, "ip", T(string), "An IP address."), F(2, "hostname", T(string), "A DNS name."),
    F(3, "ipMode", T(string),
      "VIP: traffic arrives with the balancer's address; Proxy: with the node's.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "ports", LIST(T(core_v1_PortStatus)), "What became of each port."), END};
const struct cleat_type cleat_type_core_v1_LoadBalancerIngress = {
    .name = "io.k8s.api.core.v1.LoadBalancerIngress",
    .doc = "An address where a load balancer takes traffic.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LoadBalancerIngress_fields};

static const struct cleat_field core_v1_ConfigMapNodeConfigSource_fields[] = {
    F(1, "namespace", T(string), "The namespace it is in.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "uid", T(string), "The unique identifier of the object that is meant."),
    F(4, "resourceVersion", T(string),
      "The version of the object; changes with each write. Opaque."),
    F(5, "kubeletConfigKey", T(string), "The key that holds the settings.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_ConfigMapNodeConfigSource = {
    .name = "io.k8s.api.core.v1.ConfigMapNodeConfigSource",
    .doc = "A ConfigMap with a kubelet's settings. No longer in use.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapNodeConfigSource_fields};

static const struct cleat_field core_v1_ScopedResourceSelectorRequirement_fields[] = {
    F(1, "scopeName", T(string), "The scope.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "Terminating,NotTerminating,BestEffort,NotBestEffort,PriorityClass,"
                "CrossNamespacePodAffinity,VolumeAttributesClass"),
    F(2, "operator", T(string), "In, NotIn, Exists or DoesNotExist.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "In,NotIn,Exists,DoesNotExist"),
    F(3, "values", LIST(T(string)), "What it is compared with."), END};
const struct cleat_type cleat_type_core_v1_ScopedResourceSelectorRequirement = {
    .name = "io.k8s.api.core.v1.ScopedResourceSelectorRequirement",
    .doc = "A demand on an object's scope.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ScopedResourceSelectorRequirement_fields};

static const struct cleat_field core_v1_SecretReference_fields[] = {
    F(1, "name", T(string), "Its name."), F(2, "namespace", T(string), "The namespace it is in."),
    END};
const struct cleat_type cleat_type_core_v1_SecretReference = {
    .name = "io.k8s.api.core.v1.SecretReference",
    .doc = "A Secret of any namespace.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretReference_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ConfigMapEnvSource_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_ConfigMapEnvSource = {
    .name = "io.k8s.api.core.v1.ConfigMapEnvSource",
    .doc = "All keys of a ConfigMap as variables.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapEnvSource_fields};

static const struct cleat_field core_v1_SecretEnvSource_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_SecretEnvSource = {
    .name = "io.k8s.api.core.v1.SecretEnvSource",
    .doc = "All keys of a Secret as variables.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretEnvSource_fields};

static const struct cleat_field core_v1_LinuxContainerUser_fields[] = {
    F(1, "uid", T(int64), "The user's number.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "gid", T(int64), "The group's number.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "supplementalGroups", LIST(T(int64)), "More groups."), END};
const struct cleat_type cleat_type_core_v1_LinuxContainerUser = {
    .name = "io.k8s.api.core.v1.LinuxContainerUser",
    .doc = "User and groups on Linux.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LinuxContainerUser_fields};

static const struct cleat_field core_v1_DownwardAPIVolumeFile_fields[] = {
    F(1, "path", T(string), "The file's path below the mount, without \"..\".",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fieldRef", T(core_v1_ObjectFieldSelector), "A field of the pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "resourceFieldRef", T(core_v1_ResourceFieldSelector), "A resource of a container.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "mode", T(int32), "Permission bits as an octal number in YAML or a decimal one in JSON.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "user", T(int64), "The user to act as.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_DownwardAPIVolumeFile = {
    .name = "io.k8s.api.core.v1.DownwardAPIVolumeFile",
    .doc = "A file that tells a fact about the pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_DownwardAPIVolumeFile_fields};

static const struct cleat_field core_v1_ConfigMapKeySelector_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "key", T(string), "The key that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_ConfigMapKeySelector = {
    .name = "io.k8s.api.core.v1.ConfigMapKeySelector",
    .doc = "One key of a ConfigMap.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapKeySelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_SecretKeySelector_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "key", T(string), "The key that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_SecretKeySelector = {
    .name = "io.k8s.api.core.v1.SecretKeySelector",
    .doc = "One key of a Secret.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretKeySelector_fields,
    .atomic = 1};

static const struct cleat_field core_v1_ImageVolumeStatus_fields[] = {
    F(1, "imageRef", T(string), "The exact image.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_ImageVolumeStatus = {
    .name = "io.k8s.api.core.v1.ImageVolumeStatus",
    .doc = "The image behind a volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ImageVolumeStatus_fields};
