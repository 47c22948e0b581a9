/* SPDX-License-Identifier: Apache-2.0 */
/* Types of node. See types.h. */
#include "core/types/table.h"

static const struct cleat_field node_v1_RuntimeClass_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "handler", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "overhead", T(node_v1_Overhead), ""),
    F(4, "scheduling", T(node_v1_Scheduling), ""),
    END};
const struct cleat_type cleat_type_node_v1_RuntimeClass = {.name =
                                                               "io.k8s.api.node.v1.RuntimeClass",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = node_v1_RuntimeClass_fields};

static const struct cleat_field node_v1_RuntimeClassList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(node_v1_RuntimeClass)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_node_v1_RuntimeClassList = {
    .name = "io.k8s.api.node.v1.RuntimeClassList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = node_v1_RuntimeClassList_fields};

static const struct cleat_field node_v1_Overhead_fields[] = {F(1, "podFixed", MAP(T(quantity)), ""),
                                                             END};
const struct cleat_type cleat_type_node_v1_Overhead = {.name = "io.k8s.api.node.v1.Overhead",
                                                       .doc = "",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = node_v1_Overhead_fields};

static const struct cleat_field node_v1_Scheduling_fields[] = {
    F(1, "nodeSelector", MAP(T(string)), "", .flags = CLEAT_FIELD_ATOMIC),
    F(2, "tolerations", LIST(T(core_v1_Toleration)), ""), END};
const struct cleat_type cleat_type_node_v1_Scheduling = {.name = "io.k8s.api.node.v1.Scheduling",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = node_v1_Scheduling_fields};
