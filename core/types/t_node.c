/* SPDX-License-Identifier: Apache-2.0 */
/* Types of node. See types.h. */
#include "core/types/table.h"

static const struct cleat_field node_v1_RuntimeClass_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "handler", T(string), "The name that the node's runtime knows it by.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "overhead", T(node_v1_Overhead), "What it costs beside the containers.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "scheduling", T(node_v1_Scheduling), "Where pods may run.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_node_v1_RuntimeClass = {.name =
                                                               "io.k8s.api.node.v1.RuntimeClass",
                                                           .doc = "A way to run containers.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = node_v1_RuntimeClass_fields};

static const struct cleat_field node_v1_RuntimeClassList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(node_v1_RuntimeClass)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_node_v1_RuntimeClassList = {
    .name = "io.k8s.api.node.v1.RuntimeClassList",
    .doc = "A list of RuntimeClass objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = node_v1_RuntimeClassList_fields};

static const struct cleat_field node_v1_Overhead_fields[] = {
    F(1, "podFixed", MAP(T(quantity)), "The resources."), END};
const struct cleat_type cleat_type_node_v1_Overhead = {
    .name = "io.k8s.api.node.v1.Overhead",
    .doc = "What running a pod costs beside its containers.",
    .form = CLEAT_FORM_STRUCT,
    .fields = node_v1_Overhead_fields};

static const struct cleat_field node_v1_Scheduling_fields[] = {
    F(1, "nodeSelector", MAP(T(string)), "Labels that the node must have.",
      .flags = CLEAT_FIELD_ATOMIC),
    F(2, "tolerations", LIST(T(core_v1_Toleration)), "Taints that are put up with."), END};
const struct cleat_type cleat_type_node_v1_Scheduling = {.name = "io.k8s.api.node.v1.Scheduling",
                                                         .doc = "Which nodes can run it.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = node_v1_Scheduling_fields};
