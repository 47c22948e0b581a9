/* SPDX-License-Identifier: Apache-2.0 */
/* Types of rbac. See types.h. */
#include "core/types/table.h"

static const struct cleat_field rbac_v1_Role_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "rules", LIST(T(rbac_v1_PolicyRule)), ""),
    END};
const struct cleat_type cleat_type_rbac_v1_Role = {.name = "io.k8s.api.rbac.v1.Role",
                                                   .doc = "",
                                                   .form = CLEAT_FORM_STRUCT,
                                                   .fields = rbac_v1_Role_fields};

static const struct cleat_field rbac_v1_RoleBinding_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "subjects", LIST(T(rbac_v1_Subject)), ""),
    F(3, "roleRef", T(rbac_v1_RoleRef), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_rbac_v1_RoleBinding = {.name = "io.k8s.api.rbac.v1.RoleBinding",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = rbac_v1_RoleBinding_fields};

static const struct cleat_field rbac_v1_RoleBindingList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(rbac_v1_RoleBinding)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_rbac_v1_RoleBindingList = {
    .name = "io.k8s.api.rbac.v1.RoleBindingList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_RoleBindingList_fields};

static const struct cleat_field rbac_v1_RoleList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(rbac_v1_Role)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_rbac_v1_RoleList = {.name = "io.k8s.api.rbac.v1.RoleList",
                                                       .doc = "",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = rbac_v1_RoleList_fields};

static const struct cleat_field rbac_v1_ClusterRole_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "rules", LIST(T(rbac_v1_PolicyRule)), ""),
    F(3, "aggregationRule", T(rbac_v1_AggregationRule), ""),
    END};
const struct cleat_type cleat_type_rbac_v1_ClusterRole = {.name = "io.k8s.api.rbac.v1.ClusterRole",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = rbac_v1_ClusterRole_fields};

static const struct cleat_field rbac_v1_ClusterRoleBinding_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "subjects", LIST(T(rbac_v1_Subject)), ""),
    F(3, "roleRef", T(rbac_v1_RoleRef), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_rbac_v1_ClusterRoleBinding = {
    .name = "io.k8s.api.rbac.v1.ClusterRoleBinding",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_ClusterRoleBinding_fields};

static const struct cleat_field rbac_v1_ClusterRoleBindingList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(rbac_v1_ClusterRoleBinding)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_rbac_v1_ClusterRoleBindingList = {
    .name = "io.k8s.api.rbac.v1.ClusterRoleBindingList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_ClusterRoleBindingList_fields};

static const struct cleat_field rbac_v1_ClusterRoleList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(rbac_v1_ClusterRole)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_rbac_v1_ClusterRoleList = {
    .name = "io.k8s.api.rbac.v1.ClusterRoleList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_ClusterRoleList_fields};

static const struct cleat_field rbac_v1_PolicyRule_fields[] = {
    F(1, "verbs", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "apiGroups", LIST(T(string)), ""),
    F(3, "resources", LIST(T(string)), ""),
    F(4, "resourceNames", LIST(T(string)), ""),
    F(5, "nonResourceURLs", LIST(T(string)), ""),
    END};
const struct cleat_type cleat_type_rbac_v1_PolicyRule = {.name = "io.k8s.api.rbac.v1.PolicyRule",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = rbac_v1_PolicyRule_fields};

static const struct cleat_field rbac_v1_Subject_fields[] = {
    F(1, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "apiGroup", T(string), ""),
    F(3, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(4, "namespace", T(string), ""),
    END};
const struct cleat_type cleat_type_rbac_v1_Subject = {.name = "io.k8s.api.rbac.v1.Subject",
                                                      .doc = "",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = rbac_v1_Subject_fields,
                                                      .atomic = 1};

static const struct cleat_field rbac_v1_RoleRef_fields[] = {
    F(1, "apiGroup", T(string), ""), F(2, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_rbac_v1_RoleRef = {.name = "io.k8s.api.rbac.v1.RoleRef",
                                                      .doc = "",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = rbac_v1_RoleRef_fields,
                                                      .atomic = 1};

static const struct cleat_field rbac_v1_AggregationRule_fields[] = {
    F(1, "clusterRoleSelectors", LIST(T(meta_v1_LabelSelector)), ""), END};
const struct cleat_type cleat_type_rbac_v1_AggregationRule = {
    .name = "io.k8s.api.rbac.v1.AggregationRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_AggregationRule_fields};
