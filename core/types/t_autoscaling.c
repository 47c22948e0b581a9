/* SPDX-License-Identifier: Apache-2.0 */
/* Types of autoscaling. See types.h. */
#include "core/types/table.h"

static const struct cleat_field autoscaling_v1_HorizontalPodAutoscaler_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(autoscaling_v1_HorizontalPodAutoscalerSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(autoscaling_v1_HorizontalPodAutoscalerStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_autoscaling_v1_HorizontalPodAutoscaler = {
    .name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
    .doc = "Changes the number of pods as the load changes.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_HorizontalPodAutoscaler_fields};

static const struct cleat_field autoscaling_v1_HorizontalPodAutoscalerList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(autoscaling_v1_HorizontalPodAutoscaler)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v1_HorizontalPodAutoscalerList = {
    .name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList",
    .doc = "A list of HorizontalPodAutoscaler objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_HorizontalPodAutoscalerList_fields};

static const struct cleat_field autoscaling_v1_Scale_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(autoscaling_v1_ScaleSpec), "What is wanted."),
    F(3, "status", T(autoscaling_v1_ScaleStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_autoscaling_v1_Scale = {
    .name = "io.k8s.api.autoscaling.v1.Scale",
    .doc = "How many copies of something there are and shall be.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_Scale_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscaler_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(autoscaling_v2_HorizontalPodAutoscalerSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(autoscaling_v2_HorizontalPodAutoscalerStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscaler = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    .doc = "Changes the number of pods as the load changes.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscaler_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(autoscaling_v2_HorizontalPodAutoscaler)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerList = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList",
    .doc = "A list of HorizontalPodAutoscaler objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerList_fields};

static const struct cleat_field autoscaling_v1_HorizontalPodAutoscalerSpec_fields[] = {
    F(1, "scaleTargetRef", T(autoscaling_v1_CrossVersionObjectReference), "What is to be scaled.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "minReplicas", T(int32), "The fewest pods; 1 where nothing is said.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "maxReplicas", T(int32), "The most pods.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "targetCPUUtilizationPercentage", T(int32),
      "The processor load that is aimed at, in percent of the requests.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v1_HorizontalPodAutoscalerSpec = {
    .name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec",
    .doc = "What is scaled, and by what.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_HorizontalPodAutoscalerSpec_fields};

static const struct cleat_field autoscaling_v1_HorizontalPodAutoscalerStatus_fields[] = {
    F(1, "observedGeneration", T(int64), "The metadata.generation that this was observed at.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "lastScaleTime", T(time), "When the number of pods was last changed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "currentReplicas", T(int32), "How many pods there are now.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(4, "desiredReplicas", T(int32), "How many pods were last found to be right.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(5, "currentCPUUtilizationPercentage", T(int32),
      "The processor load now, in percent of the requests.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v1_HorizontalPodAutoscalerStatus = {
    .name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus",
    .doc = "What was found.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_HorizontalPodAutoscalerStatus_fields};

static const struct cleat_field autoscaling_v1_ScaleSpec_fields[] = {
    F(1, "replicas", T(int32), "How many pods are wanted.", .def = "0"), END};
const struct cleat_type cleat_type_autoscaling_v1_ScaleSpec = {
    .name = "io.k8s.api.autoscaling.v1.ScaleSpec",
    .doc = "How many there shall be.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_ScaleSpec_fields};

static const struct cleat_field autoscaling_v1_ScaleStatus_fields[] = {
    F(1, "replicas", T(int32), "How many there are.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "selector", T(string), "Labels of the pods that count, as text."), END};
const struct cleat_type cleat_type_autoscaling_v1_ScaleStatus = {
    .name = "io.k8s.api.autoscaling.v1.ScaleStatus",
    .doc = "How many there are.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_ScaleStatus_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerSpec_fields[] = {
    F(1, "scaleTargetRef", T(autoscaling_v2_CrossVersionObjectReference), "What is to be scaled.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "minReplicas", T(int32), "The fewest pods; 1 where nothing is said.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "maxReplicas", T(int32), "The most pods.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "metrics", LIST(T(autoscaling_v2_MetricSpec)),
      "What the number of pods is found from; the largest result is taken."),
    F(5, "behavior", T(autoscaling_v2_HorizontalPodAutoscalerBehavior),
      "How fast it may grow and shrink.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerSpec = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec",
    .doc = "What is scaled, and by what.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerSpec_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerStatus_fields[] = {
    F(1, "observedGeneration", T(int64), "The metadata.generation that this was observed at.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "lastScaleTime", T(time), "When the number of pods was last changed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "currentReplicas", T(int32), "How many pods there are now."),
    F(4, "desiredReplicas", T(int32), "How many pods were last found to be right.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(5, "currentMetrics", LIST(T(autoscaling_v2_MetricStatus)), "What the metrics said last.",
      .flags = CLEAT_FIELD_ALWAYS),
    F(6, "conditions", LIST(T(autoscaling_v2_HorizontalPodAutoscalerCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerStatus = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus",
    .doc = "What was found.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerStatus_fields};

static const struct cleat_field autoscaling_v1_CrossVersionObjectReference_fields[] = {
    F(1, "kind", T(string), "The kind of object.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    END};
const struct cleat_type cleat_type_autoscaling_v1_CrossVersionObjectReference = {
    .name = "io.k8s.api.autoscaling.v1.CrossVersionObjectReference",
    .doc = "Another object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_CrossVersionObjectReference_fields,
    .atomic = 1};

static const struct cleat_field autoscaling_v2_CrossVersionObjectReference_fields[] = {
    F(1, "kind", T(string), "The kind of object.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    END};
const struct cleat_type cleat_type_autoscaling_v2_CrossVersionObjectReference = {
    .name = "io.k8s.api.autoscaling.v2.CrossVersionObjectReference",
    .doc = "Another object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_CrossVersionObjectReference_fields};

static const struct cleat_field autoscaling_v2_MetricSpec_fields[] = {
    F(1, "type", T(string), "Object, Pods, Resource, ContainerResource or External.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "object", T(autoscaling_v2_ObjectMetricSource), "A metric of one object.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "pods", T(autoscaling_v2_PodsMetricSource), "A metric of each pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "resource", T(autoscaling_v2_ResourceMetricSource), "A resource of the pods.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "containerResource", T(autoscaling_v2_ContainerResourceMetricSource),
      "A resource of one container of the pods.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "external", T(autoscaling_v2_ExternalMetricSource), "A metric from outside the cluster.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_MetricSpec = {
    .name = "io.k8s.api.autoscaling.v2.MetricSpec",
    .doc = "A metric and what is aimed at.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricSpec_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerBehavior_fields[] = {
    F(1, "scaleUp", T(autoscaling_v2_HPAScalingRules), "How it grows.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "scaleDown", T(autoscaling_v2_HPAScalingRules), "How it shrinks.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerBehavior = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior",
    .doc = "How fast it may grow and shrink.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerBehavior_fields};

static const struct cleat_field autoscaling_v2_MetricStatus_fields[] = {
    F(1, "type", T(string), "Object, Pods, Resource, ContainerResource or External.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "object", T(autoscaling_v2_ObjectMetricStatus), "A metric of one object.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "pods", T(autoscaling_v2_PodsMetricStatus), "A metric of each pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "resource", T(autoscaling_v2_ResourceMetricStatus), "A resource of the pods.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "containerResource", T(autoscaling_v2_ContainerResourceMetricStatus),
      "A resource of one container of the pods.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "external", T(autoscaling_v2_ExternalMetricStatus), "A metric from outside the cluster.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_MetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.MetricStatus",
    .doc = "What a metric said.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricStatus_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(4, "reason", T(string), "A short CamelCase word for the cause."),
    F(5, "message", T(string), "A sentence for people."),
    F(6, "observedGeneration", T(int64), "The metadata.generation that this was observed at.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerCondition = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition",
    .doc = "What is known of an autoscaler.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerCondition_fields};

static const struct cleat_field autoscaling_v2_ObjectMetricSource_fields[] = {
    F(1, "describedObject", T(autoscaling_v2_CrossVersionObjectReference), "The object.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "The value that is aimed at.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "metric", T(autoscaling_v2_MetricIdentifier), "The metric that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ObjectMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.ObjectMetricSource",
    .doc = "A metric of one object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ObjectMetricSource_fields};

static const struct cleat_field autoscaling_v2_PodsMetricSource_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "The metric that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "The value that is aimed at.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_PodsMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.PodsMetricSource",
    .doc = "A metric of each pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_PodsMetricSource_fields};

static const struct cleat_field autoscaling_v2_ResourceMetricSource_fields[] = {
    F(1, "name", T(string), "The resource.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "The value that is aimed at.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ResourceMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.ResourceMetricSource",
    .doc = "A resource of the pods.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ResourceMetricSource_fields};

static const struct cleat_field autoscaling_v2_ContainerResourceMetricSource_fields[] = {
    F(1, "name", T(string), "The resource.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "The value that is aimed at.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "container", T(string), "The container that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ContainerResourceMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.ContainerResourceMetricSource",
    .doc = "A resource of one container of the pods.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ContainerResourceMetricSource_fields};

static const struct cleat_field autoscaling_v2_ExternalMetricSource_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "The metric that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "The value that is aimed at.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ExternalMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.ExternalMetricSource",
    .doc = "A metric from outside the cluster.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ExternalMetricSource_fields};

static const struct cleat_field autoscaling_v2_HPAScalingRules_fields[] = {
    F(3, "stabilizationWindowSeconds", T(int32), "For how many seconds earlier findings count too.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(1, "selectPolicy", T(string), "Max, Min or Disabled.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "policies", LIST(T(autoscaling_v2_HPAScalingPolicy)), "How much at a time."),
    F(4, "tolerance", T(quantity), "Which deviation is let pass.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HPAScalingRules = {
    .name = "io.k8s.api.autoscaling.v2.HPAScalingRules",
    .doc = "How it grows or shrinks.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HPAScalingRules_fields};

static const struct cleat_field autoscaling_v2_ObjectMetricStatus_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "The metric that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "The value now.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "describedObject", T(autoscaling_v2_CrossVersionObjectReference), "The object.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ObjectMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.ObjectMetricStatus",
    .doc = "A metric of one object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ObjectMetricStatus_fields};

static const struct cleat_field autoscaling_v2_PodsMetricStatus_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "The metric that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "The value now.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_PodsMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.PodsMetricStatus",
    .doc = "A metric of each pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_PodsMetricStatus_fields};

static const struct cleat_field autoscaling_v2_ResourceMetricStatus_fields[] = {
    F(1, "name", T(string), "The resource.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "The value now.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ResourceMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.ResourceMetricStatus",
    .doc = "A resource of the pods.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ResourceMetricStatus_fields};

static const struct cleat_field autoscaling_v2_ContainerResourceMetricStatus_fields[] = {
    F(1, "name", T(string), "The resource.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "The value now.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "container", T(string), "The container that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ContainerResourceMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus",
    .doc = "A resource of one container of the pods.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ContainerResourceMetricStatus_fields};

static const struct cleat_field autoscaling_v2_ExternalMetricStatus_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "The metric that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "The value now.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ExternalMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.ExternalMetricStatus",
    .doc = "A metric from outside the cluster.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ExternalMetricStatus_fields};

static const struct cleat_field autoscaling_v2_MetricTarget_fields[] = {
    F(1, "type", T(string), "Utilization, Value or AverageValue.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(quantity), "The value in all.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "averageValue", T(quantity), "The value for each pod.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "averageUtilization", T(int32), "The percentage of the requests.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_MetricTarget = {
    .name = "io.k8s.api.autoscaling.v2.MetricTarget",
    .doc = "What is aimed at.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricTarget_fields};

static const struct cleat_field autoscaling_v2_MetricIdentifier_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "selector", T(meta_v1_LabelSelector), "Which objects it is about, by their labels.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_MetricIdentifier = {
    .name = "io.k8s.api.autoscaling.v2.MetricIdentifier",
    .doc = "A metric's name and labels.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricIdentifier_fields};

static const struct cleat_field autoscaling_v2_HPAScalingPolicy_fields[] = {
    F(1, "type", T(string), "Pods or Percent.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(int32), "How many, or how much percent.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "periodSeconds", T(int32), "In how many seconds.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_HPAScalingPolicy = {
    .name = "io.k8s.api.autoscaling.v2.HPAScalingPolicy",
    .doc = "How much at a time.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HPAScalingPolicy_fields};

static const struct cleat_field autoscaling_v2_MetricValueStatus_fields[] = {
    F(1, "value", T(quantity), "The value in all.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "averageValue", T(quantity), "The value for each pod.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "averageUtilization", T(int32), "The percentage of the requests.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_autoscaling_v2_MetricValueStatus = {
    .name = "io.k8s.api.autoscaling.v2.MetricValueStatus",
    .doc = "What was measured.",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricValueStatus_fields};
