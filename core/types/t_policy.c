/* SPDX-License-Identifier: Apache-2.0 */
/* Types of policy. See types.h. */
#include "core/types/table.h"

static const struct cleat_field policy_v1_PodDisruptionBudget_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(policy_v1_PodDisruptionBudgetSpec), "What is wanted."),
    F(3, "status", T(policy_v1_PodDisruptionBudgetStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_policy_v1_PodDisruptionBudget = {
    .name = "io.k8s.api.policy.v1.PodDisruptionBudget",
    .doc = "How many pods may be missing at a time by choice.",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_PodDisruptionBudget_fields};

static const struct cleat_field policy_v1_PodDisruptionBudgetList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(policy_v1_PodDisruptionBudget)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_policy_v1_PodDisruptionBudgetList = {
    .name = "io.k8s.api.policy.v1.PodDisruptionBudgetList",
    .doc = "A list of PodDisruptionBudget objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_PodDisruptionBudgetList_fields};

static const struct cleat_field policy_v1_Eviction_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "deleteOptions", T(meta_v1_DeleteOptions), "How to delete it.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_policy_v1_Eviction = {
    .name = "io.k8s.api.policy.v1.Eviction",
    .doc = "Asks for a pod to be removed as its budgets allow.",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_Eviction_fields};

static const struct cleat_field policy_v1_PodDisruptionBudgetSpec_fields[] = {
    F(1, "minAvailable", T(int_or_string), "How many must be there, as a number or in percent.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "selector", T(meta_v1_LabelSelector), "Which objects it is about, by their labels.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "maxUnavailable", T(int_or_string), "How many may be missing, as a number or in percent.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "unhealthyPodEvictionPolicy", T(string),
      "When unhealthy pods may go: IfHealthyBudget or AlwaysAllow.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "IfHealthyBudget,AlwaysAllow"),
    END};
const struct cleat_type cleat_type_policy_v1_PodDisruptionBudgetSpec = {
    .name = "io.k8s.api.policy.v1.PodDisruptionBudgetSpec",
    .doc = "Which pods, and how many.",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_PodDisruptionBudgetSpec_fields};

static const struct cleat_field policy_v1_PodDisruptionBudgetStatus_fields[] = {
    F(1, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(2, "disruptedPods", MAP(T(time)), "Pods that are on their way out, and since when."),
    F(3, "disruptionsAllowed", T(int32), "How many more may go now.", .flags = CLEAT_FIELD_ALWAYS),
    F(4, "currentHealthy", T(int32), "How many are healthy.", .flags = CLEAT_FIELD_ALWAYS),
    F(5, "desiredHealthy", T(int32), "How many must be healthy.", .flags = CLEAT_FIELD_ALWAYS),
    F(6, "expectedPods", T(int32), "How many pods count.", .flags = CLEAT_FIELD_ALWAYS),
    F(7, "conditions", LIST(T(meta_v1_Condition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_policy_v1_PodDisruptionBudgetStatus = {
    .name = "io.k8s.api.policy.v1.PodDisruptionBudgetStatus",
    .doc = "How many are there.",
    .form = CLEAT_FORM_STRUCT,
    .fields = policy_v1_PodDisruptionBudgetStatus_fields};
