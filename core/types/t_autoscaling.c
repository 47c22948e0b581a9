/* SPDX-License-Identifier: Apache-2.0 */
/* Types of autoscaling. See types.h. */
#include "core/types/table.h"

static const struct cleat_field autoscaling_v1_HorizontalPodAutoscaler_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(autoscaling_v1_HorizontalPodAutoscalerSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(autoscaling_v1_HorizontalPodAutoscalerStatus), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v1_HorizontalPodAutoscaler = {
    .name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_HorizontalPodAutoscaler_fields};

static const struct cleat_field autoscaling_v1_HorizontalPodAutoscalerList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(autoscaling_v1_HorizontalPodAutoscaler)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v1_HorizontalPodAutoscalerList = {
    .name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_HorizontalPodAutoscalerList_fields};

static const struct cleat_field autoscaling_v1_Scale_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(autoscaling_v1_ScaleSpec), ""),
    F(3, "status", T(autoscaling_v1_ScaleStatus), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v1_Scale = {.name =
                                                               "io.k8s.api.autoscaling.v1.Scale",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = autoscaling_v1_Scale_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscaler_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(autoscaling_v2_HorizontalPodAutoscalerSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(autoscaling_v2_HorizontalPodAutoscalerStatus), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscaler = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscaler_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(autoscaling_v2_HorizontalPodAutoscaler)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerList = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerList_fields};

static const struct cleat_field autoscaling_v1_HorizontalPodAutoscalerSpec_fields[] = {
    F(1, "scaleTargetRef", T(autoscaling_v1_CrossVersionObjectReference), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "minReplicas", T(int32), ""),
    F(3, "maxReplicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "targetCPUUtilizationPercentage", T(int32), ""), END};
const struct cleat_type cleat_type_autoscaling_v1_HorizontalPodAutoscalerSpec = {
    .name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_HorizontalPodAutoscalerSpec_fields};

static const struct cleat_field autoscaling_v1_HorizontalPodAutoscalerStatus_fields[] = {
    F(1, "observedGeneration", T(int64), ""),
    F(2, "lastScaleTime", T(time), ""),
    F(3, "currentReplicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "desiredReplicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "currentCPUUtilizationPercentage", T(int32), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v1_HorizontalPodAutoscalerStatus = {
    .name = "io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_HorizontalPodAutoscalerStatus_fields};

static const struct cleat_field autoscaling_v1_ScaleSpec_fields[] = {
    F(1, "replicas", T(int32), "", .def = "0"), END};
const struct cleat_type cleat_type_autoscaling_v1_ScaleSpec = {
    .name = "io.k8s.api.autoscaling.v1.ScaleSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_ScaleSpec_fields};

static const struct cleat_field autoscaling_v1_ScaleStatus_fields[] = {
    F(1, "replicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "selector", T(string), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v1_ScaleStatus = {
    .name = "io.k8s.api.autoscaling.v1.ScaleStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_ScaleStatus_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerSpec_fields[] = {
    F(1, "scaleTargetRef", T(autoscaling_v2_CrossVersionObjectReference), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "minReplicas", T(int32), ""),
    F(3, "maxReplicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "metrics", LIST(T(autoscaling_v2_MetricSpec)), ""),
    F(5, "behavior", T(autoscaling_v2_HorizontalPodAutoscalerBehavior), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerSpec = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerSpec_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerStatus_fields[] = {
    F(1, "observedGeneration", T(int64), ""),
    F(2, "lastScaleTime", T(time), ""),
    F(3, "currentReplicas", T(int32), ""),
    F(4, "desiredReplicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "currentMetrics", LIST(T(autoscaling_v2_MetricStatus)), ""),
    F(6, "conditions", LIST(T(autoscaling_v2_HorizontalPodAutoscalerCondition)), "",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerStatus = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerStatus_fields};

static const struct cleat_field autoscaling_v1_CrossVersionObjectReference_fields[] = {
    F(1, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "apiVersion", T(string), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v1_CrossVersionObjectReference = {
    .name = "io.k8s.api.autoscaling.v1.CrossVersionObjectReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v1_CrossVersionObjectReference_fields,
    .atomic = 1};

static const struct cleat_field autoscaling_v2_CrossVersionObjectReference_fields[] = {
    F(1, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "apiVersion", T(string), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v2_CrossVersionObjectReference = {
    .name = "io.k8s.api.autoscaling.v2.CrossVersionObjectReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_CrossVersionObjectReference_fields};

static const struct cleat_field autoscaling_v2_MetricSpec_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "object", T(autoscaling_v2_ObjectMetricSource), ""),
    F(3, "pods", T(autoscaling_v2_PodsMetricSource), ""),
    F(4, "resource", T(autoscaling_v2_ResourceMetricSource), ""),
    F(7, "containerResource", T(autoscaling_v2_ContainerResourceMetricSource), ""),
    F(5, "external", T(autoscaling_v2_ExternalMetricSource), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v2_MetricSpec = {
    .name = "io.k8s.api.autoscaling.v2.MetricSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricSpec_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerBehavior_fields[] = {
    F(1, "scaleUp", T(autoscaling_v2_HPAScalingRules), ""),
    F(2, "scaleDown", T(autoscaling_v2_HPAScalingRules), ""), END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerBehavior = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerBehavior",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerBehavior_fields};

static const struct cleat_field autoscaling_v2_MetricStatus_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "object", T(autoscaling_v2_ObjectMetricStatus), ""),
    F(3, "pods", T(autoscaling_v2_PodsMetricStatus), ""),
    F(4, "resource", T(autoscaling_v2_ResourceMetricStatus), ""),
    F(7, "containerResource", T(autoscaling_v2_ContainerResourceMetricStatus), ""),
    F(5, "external", T(autoscaling_v2_ExternalMetricStatus), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v2_MetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.MetricStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricStatus_fields};

static const struct cleat_field autoscaling_v2_HorizontalPodAutoscalerCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastTransitionTime", T(time), ""),
    F(4, "reason", T(string), ""),
    F(5, "message", T(string), ""),
    F(6, "observedGeneration", T(int64), ""),
    END};
const struct cleat_type cleat_type_autoscaling_v2_HorizontalPodAutoscalerCondition = {
    .name = "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HorizontalPodAutoscalerCondition_fields};

static const struct cleat_field autoscaling_v2_ObjectMetricSource_fields[] = {
    F(1, "describedObject", T(autoscaling_v2_CrossVersionObjectReference), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "metric", T(autoscaling_v2_MetricIdentifier), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_ObjectMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.ObjectMetricSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ObjectMetricSource_fields};

static const struct cleat_field autoscaling_v2_PodsMetricSource_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_PodsMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.PodsMetricSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_PodsMetricSource_fields};

static const struct cleat_field autoscaling_v2_ResourceMetricSource_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_ResourceMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.ResourceMetricSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ResourceMetricSource_fields};

static const struct cleat_field autoscaling_v2_ContainerResourceMetricSource_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "container", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_ContainerResourceMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.ContainerResourceMetricSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ContainerResourceMetricSource_fields};

static const struct cleat_field autoscaling_v2_ExternalMetricSource_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "target", T(autoscaling_v2_MetricTarget), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_ExternalMetricSource = {
    .name = "io.k8s.api.autoscaling.v2.ExternalMetricSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ExternalMetricSource_fields};

static const struct cleat_field autoscaling_v2_HPAScalingRules_fields[] = {
    F(3, "stabilizationWindowSeconds", T(int32), ""), F(1, "selectPolicy", T(string), ""),
    F(2, "policies", LIST(T(autoscaling_v2_HPAScalingPolicy)), ""),
    F(4, "tolerance", T(quantity), ""), END};
const struct cleat_type cleat_type_autoscaling_v2_HPAScalingRules = {
    .name = "io.k8s.api.autoscaling.v2.HPAScalingRules",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HPAScalingRules_fields};

static const struct cleat_field autoscaling_v2_ObjectMetricStatus_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "describedObject", T(autoscaling_v2_CrossVersionObjectReference), "",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_autoscaling_v2_ObjectMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.ObjectMetricStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ObjectMetricStatus_fields};

static const struct cleat_field autoscaling_v2_PodsMetricStatus_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_PodsMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.PodsMetricStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_PodsMetricStatus_fields};

static const struct cleat_field autoscaling_v2_ResourceMetricStatus_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_ResourceMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.ResourceMetricStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ResourceMetricStatus_fields};

static const struct cleat_field autoscaling_v2_ContainerResourceMetricStatus_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "container", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_ContainerResourceMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ContainerResourceMetricStatus_fields};

static const struct cleat_field autoscaling_v2_ExternalMetricStatus_fields[] = {
    F(1, "metric", T(autoscaling_v2_MetricIdentifier), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "current", T(autoscaling_v2_MetricValueStatus), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_ExternalMetricStatus = {
    .name = "io.k8s.api.autoscaling.v2.ExternalMetricStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_ExternalMetricStatus_fields};

static const struct cleat_field autoscaling_v2_MetricTarget_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "value", T(quantity), ""),
    F(3, "averageValue", T(quantity), ""), F(4, "averageUtilization", T(int32), ""), END};
const struct cleat_type cleat_type_autoscaling_v2_MetricTarget = {
    .name = "io.k8s.api.autoscaling.v2.MetricTarget",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricTarget_fields};

static const struct cleat_field autoscaling_v2_MetricIdentifier_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "selector", T(meta_v1_LabelSelector), ""), END};
const struct cleat_type cleat_type_autoscaling_v2_MetricIdentifier = {
    .name = "io.k8s.api.autoscaling.v2.MetricIdentifier",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricIdentifier_fields};

static const struct cleat_field autoscaling_v2_HPAScalingPolicy_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "value", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "periodSeconds", T(int32), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_autoscaling_v2_HPAScalingPolicy = {
    .name = "io.k8s.api.autoscaling.v2.HPAScalingPolicy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_HPAScalingPolicy_fields};

static const struct cleat_field autoscaling_v2_MetricValueStatus_fields[] = {
    F(1, "value", T(quantity), ""), F(2, "averageValue", T(quantity), ""),
    F(3, "averageUtilization", T(int32), ""), END};
const struct cleat_type cleat_type_autoscaling_v2_MetricValueStatus = {
    .name = "io.k8s.api.autoscaling.v2.MetricValueStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = autoscaling_v2_MetricValueStatus_fields};
