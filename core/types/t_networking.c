/* SPDX-License-Identifier: Apache-2.0 */
/* Types of networking. See types.h. */
#include "core/types/table.h"

static const struct cleat_field networking_v1_NetworkPolicy_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(networking_v1_NetworkPolicySpec), ""), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicy = {
    .name = "io.k8s.api.networking.v1.NetworkPolicy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicy_fields};

static const struct cleat_field networking_v1_NetworkPolicyList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(networking_v1_NetworkPolicy)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyList = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyList_fields};

static const struct cleat_field networking_v1_Ingress_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(networking_v1_IngressSpec), ""),
    F(3, "status", T(networking_v1_IngressStatus), ""),
    END};
const struct cleat_type cleat_type_networking_v1_Ingress = {.name =
                                                                "io.k8s.api.networking.v1.Ingress",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = networking_v1_Ingress_fields};

static const struct cleat_field networking_v1_IngressList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(networking_v1_Ingress)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_IngressList = {
    .name = "io.k8s.api.networking.v1.IngressList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressList_fields};

static const struct cleat_field networking_v1_IngressClass_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(networking_v1_IngressClassSpec), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressClass = {
    .name = "io.k8s.api.networking.v1.IngressClass",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressClass_fields};

static const struct cleat_field networking_v1_IngressClassList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(networking_v1_IngressClass)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_IngressClassList = {
    .name = "io.k8s.api.networking.v1.IngressClassList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressClassList_fields};

static const struct cleat_field networking_v1_IPAddress_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(networking_v1_IPAddressSpec), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_IPAddress = {
    .name = "io.k8s.api.networking.v1.IPAddress",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IPAddress_fields};

static const struct cleat_field networking_v1_IPAddressList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(networking_v1_IPAddress)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_IPAddressList = {
    .name = "io.k8s.api.networking.v1.IPAddressList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IPAddressList_fields};

static const struct cleat_field networking_v1_ServiceCIDR_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(networking_v1_ServiceCIDRSpec), ""),
    F(3, "status", T(networking_v1_ServiceCIDRStatus), ""),
    END};
const struct cleat_type cleat_type_networking_v1_ServiceCIDR = {
    .name = "io.k8s.api.networking.v1.ServiceCIDR",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceCIDR_fields};

static const struct cleat_field networking_v1_ServiceCIDRList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(networking_v1_ServiceCIDR)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_ServiceCIDRList = {
    .name = "io.k8s.api.networking.v1.ServiceCIDRList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceCIDRList_fields};

static const struct cleat_field networking_v1_NetworkPolicySpec_fields[] = {
    F(1, "podSelector", T(meta_v1_LabelSelector), ""),
    F(2, "ingress", LIST(T(networking_v1_NetworkPolicyIngressRule)), ""),
    F(3, "egress", LIST(T(networking_v1_NetworkPolicyEgressRule)), ""),
    F(4, "policyTypes", LIST(T(string)), "", .values = "Ingress,Egress"), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicySpec = {
    .name = "io.k8s.api.networking.v1.NetworkPolicySpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicySpec_fields};

static const struct cleat_field networking_v1_IngressSpec_fields[] = {
    F(4, "ingressClassName", T(string), ""),
    F(1, "defaultBackend", T(networking_v1_IngressBackend), ""),
    F(2, "tls", LIST(T(networking_v1_IngressTLS)), ""),
    F(3, "rules", LIST(T(networking_v1_IngressRule)), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressSpec = {
    .name = "io.k8s.api.networking.v1.IngressSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressSpec_fields};

static const struct cleat_field networking_v1_IngressStatus_fields[] = {
    F(1, "loadBalancer", T(networking_v1_IngressLoadBalancerStatus), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressStatus = {
    .name = "io.k8s.api.networking.v1.IngressStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressStatus_fields};

static const struct cleat_field networking_v1_IngressClassSpec_fields[] = {
    F(1, "controller", T(string), ""),
    F(2, "parameters", T(networking_v1_IngressClassParametersReference), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressClassSpec = {
    .name = "io.k8s.api.networking.v1.IngressClassSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressClassSpec_fields};

static const struct cleat_field networking_v1_IPAddressSpec_fields[] = {
    F(1, "parentRef", T(networking_v1_ParentReference), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_IPAddressSpec = {
    .name = "io.k8s.api.networking.v1.IPAddressSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IPAddressSpec_fields};

static const struct cleat_field networking_v1_ServiceCIDRSpec_fields[] = {
    F(1, "cidrs", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_networking_v1_ServiceCIDRSpec = {
    .name = "io.k8s.api.networking.v1.ServiceCIDRSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceCIDRSpec_fields};

static const struct cleat_field networking_v1_ServiceCIDRStatus_fields[] = {
    F(1, "conditions", LIST(T(meta_v1_Condition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_networking_v1_ServiceCIDRStatus = {
    .name = "io.k8s.api.networking.v1.ServiceCIDRStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceCIDRStatus_fields};

static const struct cleat_field networking_v1_NetworkPolicyIngressRule_fields[] = {
    F(1, "ports", LIST(T(networking_v1_NetworkPolicyPort)), ""),
    F(2, "from", LIST(T(networking_v1_NetworkPolicyPeer)), ""), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyIngressRule = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyIngressRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyIngressRule_fields};

static const struct cleat_field networking_v1_NetworkPolicyEgressRule_fields[] = {
    F(1, "ports", LIST(T(networking_v1_NetworkPolicyPort)), ""),
    F(2, "to", LIST(T(networking_v1_NetworkPolicyPeer)), ""), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyEgressRule = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyEgressRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyEgressRule_fields};

static const struct cleat_field networking_v1_IngressBackend_fields[] = {
    F(4, "service", T(networking_v1_IngressServiceBackend), ""),
    F(3, "resource", T(core_v1_TypedLocalObjectReference), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressBackend = {
    .name = "io.k8s.api.networking.v1.IngressBackend",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressBackend_fields};

static const struct cleat_field networking_v1_IngressTLS_fields[] = {
    F(1, "hosts", LIST(T(string)), ""), F(2, "secretName", T(string), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressTLS = {
    .name = "io.k8s.api.networking.v1.IngressTLS",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressTLS_fields};

static const struct cleat_field networking_v1_IngressRule_fields[] = {
    F(1, "host", T(string), ""),
    F(2, "", T(networking_v1_IngressRuleValue), "", .flags = CLEAT_FIELD_INLINE), END};
const struct cleat_type cleat_type_networking_v1_IngressRule = {
    .name = "io.k8s.api.networking.v1.IngressRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressRule_fields};

static const struct cleat_field networking_v1_IngressLoadBalancerStatus_fields[] = {
    F(1, "ingress", LIST(T(networking_v1_IngressLoadBalancerIngress)), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressLoadBalancerStatus = {
    .name = "io.k8s.api.networking.v1.IngressLoadBalancerStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressLoadBalancerStatus_fields};

static const struct cleat_field networking_v1_IngressClassParametersReference_fields[] = {
    F(1, "apiGroup", T(string), ""),
    F(2, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "scope", T(string), ""),
    F(5, "namespace", T(string), ""),
    END};
const struct cleat_type cleat_type_networking_v1_IngressClassParametersReference = {
    .name = "io.k8s.api.networking.v1.IngressClassParametersReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressClassParametersReference_fields};

static const struct cleat_field networking_v1_ParentReference_fields[] = {
    F(1, "group", T(string), ""), F(2, "resource", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "namespace", T(string), ""), F(4, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_ParentReference = {
    .name = "io.k8s.api.networking.v1.ParentReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ParentReference_fields};

static const struct cleat_field networking_v1_NetworkPolicyPort_fields[] = {
    F(1, "protocol", T(string), "", .values = "TCP,UDP,SCTP"), F(2, "port", T(int_or_string), ""),
    F(3, "endPort", T(int32), ""), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyPort = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyPort",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyPort_fields};

static const struct cleat_field networking_v1_NetworkPolicyPeer_fields[] = {
    F(1, "podSelector", T(meta_v1_LabelSelector), ""),
    F(2, "namespaceSelector", T(meta_v1_LabelSelector), ""),
    F(3, "ipBlock", T(networking_v1_IPBlock), ""), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyPeer = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyPeer",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyPeer_fields};

static const struct cleat_field networking_v1_IngressServiceBackend_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "port", T(networking_v1_ServiceBackendPort), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressServiceBackend = {
    .name = "io.k8s.api.networking.v1.IngressServiceBackend",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressServiceBackend_fields};

static const struct cleat_field networking_v1_IngressRuleValue_fields[] = {
    F(1, "http", T(networking_v1_HTTPIngressRuleValue), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressRuleValue = {
    .name = "io.k8s.api.networking.v1.IngressRuleValue",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressRuleValue_fields};

static const struct cleat_field networking_v1_IngressLoadBalancerIngress_fields[] = {
    F(1, "ip", T(string), ""), F(2, "hostname", T(string), ""),
    F(4, "ports", LIST(T(networking_v1_IngressPortStatus)), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressLoadBalancerIngress = {
    .name = "io.k8s.api.networking.v1.IngressLoadBalancerIngress",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressLoadBalancerIngress_fields};

static const struct cleat_field networking_v1_IPBlock_fields[] = {
    F(1, "cidr", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "except", LIST(T(string)), ""),
    END};
const struct cleat_type cleat_type_networking_v1_IPBlock = {.name =
                                                                "io.k8s.api.networking.v1.IPBlock",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = networking_v1_IPBlock_fields};

static const struct cleat_field networking_v1_ServiceBackendPort_fields[] = {
    F(1, "name", T(string), ""), F(2, "number", T(int32), ""), END};
const struct cleat_type cleat_type_networking_v1_ServiceBackendPort = {
    .name = "io.k8s.api.networking.v1.ServiceBackendPort",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceBackendPort_fields,
    .atomic = 1};

static const struct cleat_field networking_v1_HTTPIngressRuleValue_fields[] = {
    F(1, "paths", LIST(T(networking_v1_HTTPIngressPath)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_HTTPIngressRuleValue = {
    .name = "io.k8s.api.networking.v1.HTTPIngressRuleValue",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_HTTPIngressRuleValue_fields};

static const struct cleat_field networking_v1_IngressPortStatus_fields[] = {
    F(1, "port", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "protocol", T(string), "", .flags = CLEAT_FIELD_REQUIRED, .values = "TCP,UDP,SCTP"),
    F(3, "error", T(string), ""), END};
const struct cleat_type cleat_type_networking_v1_IngressPortStatus = {
    .name = "io.k8s.api.networking.v1.IngressPortStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressPortStatus_fields};

static const struct cleat_field networking_v1_HTTPIngressPath_fields[] = {
    F(1, "path", T(string), ""), F(3, "pathType", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "backend", T(networking_v1_IngressBackend), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_HTTPIngressPath = {
    .name = "io.k8s.api.networking.v1.HTTPIngressPath",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_HTTPIngressPath_fields};
