/* SPDX-License-Identifier: Apache-2.0 */
/* Types of discovery. See types.h. */
#include "core/types/table.h"

static const struct cleat_field discovery_v1_EndpointSlice_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(4, "addressType", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "endpoints", LIST(T(discovery_v1_Endpoint)), ""),
    F(3, "ports", LIST(T(discovery_v1_EndpointPort)), ""),
    END};
const struct cleat_type cleat_type_discovery_v1_EndpointSlice = {
    .name = "io.k8s.api.discovery.v1.EndpointSlice",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointSlice_fields};

static const struct cleat_field discovery_v1_EndpointSliceList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(discovery_v1_EndpointSlice)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_discovery_v1_EndpointSliceList = {
    .name = "io.k8s.api.discovery.v1.EndpointSliceList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointSliceList_fields};

static const struct cleat_field discovery_v1_Endpoint_fields[] = {
    F(1, "addresses", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED, .list = CLEAT_LIST_SET),
    F(2, "conditions", T(discovery_v1_EndpointConditions), ""),
    F(3, "hostname", T(string), ""),
    F(4, "targetRef", T(core_v1_ObjectReference), ""),
    F(5, "deprecatedTopology", MAP(T(string)), ""),
    F(6, "nodeName", T(string), ""),
    F(7, "zone", T(string), ""),
    F(8, "hints", T(discovery_v1_EndpointHints), ""),
    END};
const struct cleat_type cleat_type_discovery_v1_Endpoint = {.name =
                                                                "io.k8s.api.discovery.v1.Endpoint",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = discovery_v1_Endpoint_fields};

static const struct cleat_field discovery_v1_EndpointPort_fields[] = {
    F(1, "name", T(string), ""), F(2, "protocol", T(string), "", .values = "TCP,UDP,SCTP"),
    F(3, "port", T(int32), ""), F(4, "appProtocol", T(string), ""), END};
const struct cleat_type cleat_type_discovery_v1_EndpointPort = {
    .name = "io.k8s.api.discovery.v1.EndpointPort",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointPort_fields,
    .atomic = 1};

static const struct cleat_field discovery_v1_EndpointConditions_fields[] = {
    F(1, "ready", T(bool), ""), F(2, "serving", T(bool), ""), F(3, "terminating", T(bool), ""),
    END};
const struct cleat_type cleat_type_discovery_v1_EndpointConditions = {
    .name = "io.k8s.api.discovery.v1.EndpointConditions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointConditions_fields};

static const struct cleat_field discovery_v1_EndpointHints_fields[] = {
    F(1, "forZones", LIST(T(discovery_v1_ForZone)), ""),
    F(2, "forNodes", LIST(T(discovery_v1_ForNode)), ""), END};
const struct cleat_type cleat_type_discovery_v1_EndpointHints = {
    .name = "io.k8s.api.discovery.v1.EndpointHints",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointHints_fields};

static const struct cleat_field discovery_v1_ForZone_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_discovery_v1_ForZone = {.name =
                                                               "io.k8s.api.discovery.v1.ForZone",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = discovery_v1_ForZone_fields};

static const struct cleat_field discovery_v1_ForNode_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_discovery_v1_ForNode = {.name =
                                                               "io.k8s.api.discovery.v1.ForNode",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = discovery_v1_ForNode_fields};
