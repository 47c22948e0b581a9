/* SPDX-License-Identifier: Apache-2.0 */
/* Types of rbac. See types.h. */
#include "core/types/table.h"

static const struct cleat_field rbac_v1_Role_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "rules", LIST(T(rbac_v1_PolicyRule)), "The rules.", .flags = CLEAT_FIELD_ALWAYS), END};
const struct cleat_type cleat_type_rbac_v1_Role = {.name = "io.k8s.api.rbac.v1.Role",
                                                   .doc = "What may be done in a namespace.",
                                                   .form = CLEAT_FORM_STRUCT,
                                                   .fields = rbac_v1_Role_fields};

static const struct cleat_field rbac_v1_RoleBinding_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "subjects", LIST(T(rbac_v1_Subject)), "Who."),
    F(3, "roleRef", T(rbac_v1_RoleRef), "The role; cannot be changed.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_rbac_v1_RoleBinding = {
    .name = "io.k8s.api.rbac.v1.RoleBinding",
    .doc = "Who may do what a role says, in a namespace.",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_RoleBinding_fields};

static const struct cleat_field rbac_v1_RoleBindingList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(rbac_v1_RoleBinding)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_rbac_v1_RoleBindingList = {
    .name = "io.k8s.api.rbac.v1.RoleBindingList",
    .doc = "A list of RoleBinding objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_RoleBindingList_fields};

static const struct cleat_field rbac_v1_RoleList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(rbac_v1_Role)), "The objects of the list.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_rbac_v1_RoleList = {.name = "io.k8s.api.rbac.v1.RoleList",
                                                       .doc = "A list of Role objects.",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = rbac_v1_RoleList_fields};

static const struct cleat_field rbac_v1_ClusterRole_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "rules", LIST(T(rbac_v1_PolicyRule)), "The rules.", .flags = CLEAT_FIELD_ALWAYS),
    F(3, "aggregationRule", T(rbac_v1_AggregationRule), "Roles whose rules make up this one's.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_rbac_v1_ClusterRole = {
    .name = "io.k8s.api.rbac.v1.ClusterRole",
    .doc = "What may be done in the whole cluster.",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_ClusterRole_fields};

static const struct cleat_field rbac_v1_ClusterRoleBinding_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "subjects", LIST(T(rbac_v1_Subject)), "Who."),
    F(3, "roleRef", T(rbac_v1_RoleRef), "The role; cannot be changed.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_rbac_v1_ClusterRoleBinding = {
    .name = "io.k8s.api.rbac.v1.ClusterRoleBinding",
    .doc = "Who may do what a role says, in the whole cluster.",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_ClusterRoleBinding_fields};

static const struct cleat_field rbac_v1_ClusterRoleBindingList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(rbac_v1_ClusterRoleBinding)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_rbac_v1_ClusterRoleBindingList = {
    .name = "io.k8s.api.rbac.v1.ClusterRoleBindingList",
    .doc = "A list of ClusterRoleBinding objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_ClusterRoleBindingList_fields};

static const struct cleat_field rbac_v1_ClusterRoleList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(rbac_v1_ClusterRole)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_rbac_v1_ClusterRoleList = {
    .name = "io.k8s.api.rbac.v1.ClusterRoleList",
    .doc = "A list of ClusterRole objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_ClusterRoleList_fields};

static const struct cleat_field rbac_v1_PolicyRule_fields[] = {
    F(1, "verbs", LIST(T(string)), "What may be done; * stands for everything.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "apiGroups", LIST(T(string)),
      "The API groups; an empty string is the core group, * stands for all."),
    F(3, "resources", LIST(T(string)), "The resources, in the plural; * stands for all."),
    F(4, "resourceNames", LIST(T(string)), "Names of single objects; empty means all."),
    F(5, "nonResourceURLs", LIST(T(string)),
      "Paths that are no resources; a * at the end stands for the rest."),
    END};
const struct cleat_type cleat_type_rbac_v1_PolicyRule = {.name = "io.k8s.api.rbac.v1.PolicyRule",
                                                         .doc = "What may be done with what.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = rbac_v1_PolicyRule_fields};

static const struct cleat_field rbac_v1_Subject_fields[] = {
    F(1, "kind", T(string), "User, Group or ServiceAccount.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "apiGroup", T(string), "The API group of what is referred to; empty for the core group."),
    F(3, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "namespace", T(string), "The ServiceAccount's namespace."), END};
const struct cleat_type cleat_type_rbac_v1_Subject = {.name = "io.k8s.api.rbac.v1.Subject",
                                                      .doc = "A user, a group or a ServiceAccount.",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = rbac_v1_Subject_fields,
                                                      .atomic = 1};

static const struct cleat_field rbac_v1_RoleRef_fields[] = {
    F(1, "apiGroup", T(string), "The API group of what is referred to; empty for the core group.",
      .flags = CLEAT_FIELD_ALWAYS),
    F(2, "kind", T(string), "Role or ClusterRole.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_rbac_v1_RoleRef = {.name = "io.k8s.api.rbac.v1.RoleRef",
                                                      .doc = "A role.",
                                                      .form = CLEAT_FORM_STRUCT,
                                                      .fields = rbac_v1_RoleRef_fields,
                                                      .atomic = 1};

static const struct cleat_field rbac_v1_AggregationRule_fields[] = {
    F(1, "clusterRoleSelectors", LIST(T(meta_v1_LabelSelector)),
      "Roles with one of these sets of labels."),
    END};
const struct cleat_type cleat_type_rbac_v1_AggregationRule = {
    .name = "io.k8s.api.rbac.v1.AggregationRule",
    .doc = "Which roles are added up.",
    .form = CLEAT_FORM_STRUCT,
    .fields = rbac_v1_AggregationRule_fields};
