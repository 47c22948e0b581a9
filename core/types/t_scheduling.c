/* SPDX-License-Identifier: Apache-2.0 */
/* Types of scheduling. See types.h. */
#include "core/types/table.h"

static const struct cleat_field scheduling_v1_PriorityClass_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "value", T(int32), ""),
    F(3, "globalDefault", T(bool), ""),
    F(4, "description", T(string), ""),
    F(5, "preemptionPolicy", T(string), "", .values = "PreemptLowerPriority,Never"),
    END};
const struct cleat_type cleat_type_scheduling_v1_PriorityClass = {
    .name = "io.k8s.api.scheduling.v1.PriorityClass",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = scheduling_v1_PriorityClass_fields};

static const struct cleat_field scheduling_v1_PriorityClassList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(scheduling_v1_PriorityClass)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_scheduling_v1_PriorityClassList = {
    .name = "io.k8s.api.scheduling.v1.PriorityClassList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = scheduling_v1_PriorityClassList_fields};
