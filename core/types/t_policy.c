/* SPDX-License-Identifier: Apache-2.0 */
/* Types of policy. See types.h. */
#include "core/types/table.h"

static const struct cleat_field policy_v1_PodDisruptionBudget_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(policy_v1_PodDisruptionBudgetSpec), ""),
    F(3, "status", T(policy_v1_PodDisruptionBudgetStatus), ""),
    END};
const struct cleat_type cleat_type_policy_v1_PodDisruptionBudget = {
    .name = "io.k8s.api.policy.v1.PodDisruptionBudget",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_PodDisruptionBudget_fields};

static const struct cleat_field policy_v1_PodDisruptionBudgetList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(policy_v1_PodDisruptionBudget)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_policy_v1_PodDisruptionBudgetList = {
    .name = "io.k8s.api.policy.v1.PodDisruptionBudgetList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_PodDisruptionBudgetList_fields};

static const struct cleat_field policy_v1_Eviction_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "deleteOptions", T(meta_v1_DeleteOptions), ""), END};
const struct cleat_type cleat_type_policy_v1_Eviction = {.name = "io.k8s.api.policy.v1.Eviction",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = policy_v1_Eviction_fields};

static const struct cleat_field policy_v1_PodDisruptionBudgetSpec_fields[] = {
    F(1, "minAvailable", T(int_or_string), ""), F(2, "selector", T(meta_v1_LabelSelector), ""),
    F(3, "maxUnavailable", T(int_or_string), ""),
    F(4, "unhealthyPodEvictionPolicy", T(string), "", .values = "IfHealthyBudget,AlwaysAllow"),
    END};
const struct cleat_type cleat_type_policy_v1_PodDisruptionBudgetSpec = {
    .name = "io.k8s.api.policy.v1.PodDisruptionBudgetSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_PodDisruptionBudgetSpec_fields};

static const struct cleat_field policy_v1_PodDisruptionBudgetStatus_fields[] = {
    F(1, "observedGeneration", T(int64), ""),
    F(2, "disruptedPods", MAP(T(time)), ""),
    F(3, "disruptionsAllowed", T(int32), ""),
    F(4, "currentHealthy", T(int32), ""),
    F(5, "desiredHealthy", T(int32), ""),
    F(6, "expectedPods", T(int32), ""),
    F(7, "conditions", LIST(T(meta_v1_Condition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_policy_v1_PodDisruptionBudgetStatus = {
    .name = "io.k8s.api.policy.v1.PodDisruptionBudgetStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_PodDisruptionBudgetStatus_fields};
