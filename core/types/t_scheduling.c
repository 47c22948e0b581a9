/* SPDX-License-Identifier: Apache-2.0 */
/* Types of scheduling. See types.h. */
#include "core/types/table.h"

static const struct cleat_field scheduling_v1_PriorityClass_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "value", T(int32), "The priority; higher ones come first.", .flags = CLEAT_FIELD_ALWAYS),
    F(3, "globalDefault", T(bool), "Whether pods get it that name none."),
    F(4, "description", T(string), "A sentence about it."),
    F(5, "preemptionPolicy", T(string), "Never, or PreemptLowerPriority to push out others.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "PreemptLowerPriority,Never"),
    END};
const struct cleat_type cleat_type_scheduling_v1_PriorityClass = {
    .name = "io.k8s.api.scheduling.v1.PriorityClass",
    .doc = "A name for a priority.",
    .form = CLEAT_FORM_STRUCT,
    .fields = scheduling_v1_PriorityClass_fields};

static const struct cleat_field scheduling_v1_PriorityClassList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(scheduling_v1_PriorityClass)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_scheduling_v1_PriorityClassList = {
    .name = "io.k8s.api.scheduling.v1.PriorityClassList",
    .doc = "A list of PriorityClass objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = scheduling_v1_PriorityClassList_fields};
