/* SPDX-License-Identifier: Apache-2.0 */
/* Types of coordination. See types.h. */
#include "core/types/table.h"

static const struct cleat_field coordination_v1_Lease_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(coordination_v1_LeaseSpec), "What is wanted."), END};
const struct cleat_type cleat_type_coordination_v1_Lease = {
    .name = "io.k8s.api.coordination.v1.Lease",
    .doc = "Something that one holder at a time has and renews.",
    .form = CLEAT_FORM_STRUCT,
    .fields = coordination_v1_Lease_fields};

static const struct cleat_field coordination_v1_LeaseList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(coordination_v1_Lease)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_coordination_v1_LeaseList = {
    .name = "io.k8s.api.coordination.v1.LeaseList",
    .doc = "A list of Lease objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = coordination_v1_LeaseList_fields};

static const struct cleat_field coordination_v1_LeaseSpec_fields[] = {
    F(1, "holderIdentity", T(string), "Who has it.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "leaseDurationSeconds", T(int32),
      "After how many seconds without renewal others may take it.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "acquireTime", T(micro_time), "When the holder got it.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "renewTime", T(micro_time), "When the holder last renewed it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "leaseTransitions", T(int32), "How often it went from one holder to another.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "strategy", T(string), "How the next holder is chosen.", .flags = CLEAT_FIELD_NULLABLE),
    F(7, "preferredHolder", T(string), "Who should have it.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_coordination_v1_LeaseSpec = {
    .name = "io.k8s.api.coordination.v1.LeaseSpec",
    .doc = "Who has it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = coordination_v1_LeaseSpec_fields};
