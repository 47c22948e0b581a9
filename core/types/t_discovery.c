/* SPDX-License-Identifier: Apache-2.0 */
/* Types of discovery. See types.h. */
#include "core/types/table.h"

static const struct cleat_field discovery_v1_EndpointSlice_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(4, "addressType", T(string), "IPv4, IPv6 or FQDN.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "endpoints", LIST(T(discovery_v1_Endpoint)), "The addresses.",
      .flags = CLEAT_FIELD_ALWAYS),
    F(3, "ports", LIST(T(discovery_v1_EndpointPort)), "The ports.", .flags = CLEAT_FIELD_ALWAYS),
    END};
const struct cleat_type cleat_type_discovery_v1_EndpointSlice = {
    .name = "io.k8s.api.discovery.v1.EndpointSlice",
    .doc = "A part of the addresses behind a Service.",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointSlice_fields};

static const struct cleat_field discovery_v1_EndpointSliceList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(discovery_v1_EndpointSlice)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_discovery_v1_EndpointSliceList = {
    .name = "io.k8s.api.discovery.v1.EndpointSliceList",
    .doc = "A list of EndpointSlice objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointSliceList_fields};

static const struct cleat_field discovery_v1_Endpoint_fields[] = {
    F(1, "addresses", LIST(T(string)), "Its addresses, all of the slice's type.",
      .flags = CLEAT_FIELD_REQUIRED, .list = CLEAT_LIST_SET),
    F(2, "conditions", T(discovery_v1_EndpointConditions), "Whether it can be used."),
    F(3, "hostname", T(string), "A DNS name.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "targetRef", T(core_v1_ObjectReference), "The object behind it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "deprecatedTopology", MAP(T(string)), "Labels of the node, from an older API."),
    F(6, "nodeName", T(string), "The node's name.", .flags = CLEAT_FIELD_NULLABLE),
    F(7, "zone", T(string), "The zone that it is in.", .flags = CLEAT_FIELD_NULLABLE),
    F(8, "hints", T(discovery_v1_EndpointHints), "For whom it is best.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_discovery_v1_Endpoint = {.name =
                                                                "io.k8s.api.discovery.v1.Endpoint",
                                                            .doc = "An address behind a Service.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = discovery_v1_Endpoint_fields};

static const struct cleat_field discovery_v1_EndpointPort_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "protocol", T(string), "TCP, UDP or SCTP.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "TCP,UDP,SCTP"),
    F(3, "port", T(int32), "The port's number.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "appProtocol", T(string), "The application protocol, such as http or kubernetes.io/h2c.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_discovery_v1_EndpointPort = {
    .name = "io.k8s.api.discovery.v1.EndpointPort",
    .doc = "A port of all endpoints.",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointPort_fields,
    .atomic = 1};

static const struct cleat_field discovery_v1_EndpointConditions_fields[] = {
    F(1, "ready", T(bool), "It takes traffic.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "serving", T(bool), "It works, even if it is about to end.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "terminating", T(bool), "It is about to end.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_discovery_v1_EndpointConditions = {
    .name = "io.k8s.api.discovery.v1.EndpointConditions",
    .doc = "Whether an endpoint can be used.",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointConditions_fields};

static const struct cleat_field discovery_v1_EndpointHints_fields[] = {
    F(1, "forZones", LIST(T(discovery_v1_ForZone)), "For these zones."),
    F(2, "forNodes", LIST(T(discovery_v1_ForNode)), "For these nodes."), END};
const struct cleat_type cleat_type_discovery_v1_EndpointHints = {
    .name = "io.k8s.api.discovery.v1.EndpointHints",
    .doc = "For whom an endpoint is best.",
    .form = CLEAT_FORM_STRUCT,
    .fields = discovery_v1_EndpointHints_fields};

static const struct cleat_field discovery_v1_ForZone_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_discovery_v1_ForZone = {.name =
                                                               "io.k8s.api.discovery.v1.ForZone",
                                                           .doc = "A zone.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = discovery_v1_ForZone_fields};

static const struct cleat_field discovery_v1_ForNode_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_discovery_v1_ForNode = {.name =
                                                               "io.k8s.api.discovery.v1.ForNode",
                                                           .doc = "A node.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = discovery_v1_ForNode_fields};
