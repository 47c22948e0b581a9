/* SPDX-License-Identifier: Apache-2.0 */
/* Types of coordination. See types.h. */
#include "core/types/table.h"

static const struct cleat_field coordination_v1_Lease_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "spec", T(coordination_v1_LeaseSpec), ""),
    END};
const struct cleat_type cleat_type_coordination_v1_Lease = {.name =
                                                                "io.k8s.api.coordination.v1.Lease",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = coordination_v1_Lease_fields};

static const struct cleat_field coordination_v1_LeaseList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(coordination_v1_Lease)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_coordination_v1_LeaseList = {
    .name = "io.k8s.api.coordination.v1.LeaseList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = coordination_v1_LeaseList_fields};

static const struct cleat_field coordination_v1_LeaseSpec_fields[] = {
    F(1, "holderIdentity", T(string), ""),  F(2, "leaseDurationSeconds", T(int32), ""),
    F(3, "acquireTime", T(micro_time), ""), F(4, "renewTime", T(micro_time), ""),
    F(5, "leaseTransitions", T(int32), ""), F(6, "strategy", T(string), ""),
    F(7, "preferredHolder", T(string), ""), END};
const struct cleat_type cleat_type_coordination_v1_LeaseSpec = {
    .name = "io.k8s.api.coordination.v1.LeaseSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = coordination_v1_LeaseSpec_fields};
