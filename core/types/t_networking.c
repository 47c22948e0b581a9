/* SPDX-License-Identifier: Apache-2.0 */
/* Types of networking. See types.h. */
#include "core/types/table.h"

static const struct cleat_field networking_v1_NetworkPolicy_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(networking_v1_NetworkPolicySpec), "What is wanted."), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicy = {
    .name = "io.k8s.api.networking.v1.NetworkPolicy",
    .doc = "Which traffic pods take and send.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicy_fields};

static const struct cleat_field networking_v1_NetworkPolicyList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(networking_v1_NetworkPolicy)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyList = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyList",
    .doc = "A list of NetworkPolicy objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyList_fields};

static const struct cleat_field networking_v1_Ingress_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(networking_v1_IngressSpec), "What is wanted."),
    F(3, "status", T(networking_v1_IngressStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_networking_v1_Ingress = {
    .name = "io.k8s.api.networking.v1.Ingress",
    .doc = "Leads HTTP traffic from outside to Services.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_Ingress_fields};

static const struct cleat_field networking_v1_IngressList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(networking_v1_Ingress)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_IngressList = {
    .name = "io.k8s.api.networking.v1.IngressList",
    .doc = "A list of Ingress objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressList_fields};

static const struct cleat_field networking_v1_IngressClass_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(networking_v1_IngressClassSpec), "What is wanted."), END};
const struct cleat_type cleat_type_networking_v1_IngressClass = {
    .name = "io.k8s.api.networking.v1.IngressClass",
    .doc = "Who serves an Ingress.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressClass_fields};

static const struct cleat_field networking_v1_IngressClassList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(networking_v1_IngressClass)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_IngressClassList = {
    .name = "io.k8s.api.networking.v1.IngressClassList",
    .doc = "A list of IngressClass objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressClassList_fields};

static const struct cleat_field networking_v1_IPAddress_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(networking_v1_IPAddressSpec), "What is wanted.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_IPAddress = {
    .name = "io.k8s.api.networking.v1.IPAddress",
    .doc = "An address that is in use.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IPAddress_fields};

static const struct cleat_field networking_v1_IPAddressList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(networking_v1_IPAddress)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_IPAddressList = {
    .name = "io.k8s.api.networking.v1.IPAddressList",
    .doc = "A list of IPAddress objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IPAddressList_fields};

static const struct cleat_field networking_v1_ServiceCIDR_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(networking_v1_ServiceCIDRSpec), "What is wanted."),
    F(3, "status", T(networking_v1_ServiceCIDRStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_networking_v1_ServiceCIDR = {
    .name = "io.k8s.api.networking.v1.ServiceCIDR",
    .doc = "A range for the addresses of Services.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceCIDR_fields};

static const struct cleat_field networking_v1_ServiceCIDRList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(networking_v1_ServiceCIDR)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_ServiceCIDRList = {
    .name = "io.k8s.api.networking.v1.ServiceCIDRList",
    .doc = "A list of ServiceCIDR objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceCIDRList_fields};

static const struct cleat_field networking_v1_NetworkPolicySpec_fields[] = {
    F(1, "podSelector", T(meta_v1_LabelSelector), "Pods with these labels."),
    F(2, "ingress", LIST(T(networking_v1_NetworkPolicyIngressRule)), "What may come in."),
    F(3, "egress", LIST(T(networking_v1_NetworkPolicyEgressRule)), "What may go out."),
    F(4, "policyTypes", LIST(T(string)), "Ingress, Egress or both.", .values = "Ingress,Egress"),
    END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicySpec = {
    .name = "io.k8s.api.networking.v1.NetworkPolicySpec",
    .doc = "Which pods, and which traffic.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicySpec_fields};

static const struct cleat_field networking_v1_IngressSpec_fields[] = {
    F(4, "ingressClassName", T(string), "Who serves it.", .flags = CLEAT_FIELD_NULLABLE),
    F(1, "defaultBackend", T(networking_v1_IngressBackend),
      "Where traffic leads that no rule is about.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "tls", LIST(T(networking_v1_IngressTLS)), "Certificates."),
    F(3, "rules", LIST(T(networking_v1_IngressRule)), "The rules."), END};
const struct cleat_type cleat_type_networking_v1_IngressSpec = {
    .name = "io.k8s.api.networking.v1.IngressSpec",
    .doc = "Hosts, paths and certificates.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressSpec_fields};

static const struct cleat_field networking_v1_IngressStatus_fields[] = {
    F(1, "loadBalancer", T(networking_v1_IngressLoadBalancerStatus),
      "What the load balancer was given."),
    END};
const struct cleat_type cleat_type_networking_v1_IngressStatus = {
    .name = "io.k8s.api.networking.v1.IngressStatus",
    .doc = "What became of it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressStatus_fields};

static const struct cleat_field networking_v1_IngressClassSpec_fields[] = {
    F(1, "controller", T(string), "The controller's name, as domain/path."),
    F(2, "parameters", T(networking_v1_IngressClassParametersReference), "Its settings.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_networking_v1_IngressClassSpec = {
    .name = "io.k8s.api.networking.v1.IngressClassSpec",
    .doc = "Who serves it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressClassSpec_fields};

static const struct cleat_field networking_v1_IPAddressSpec_fields[] = {
    F(1, "parentRef", T(networking_v1_ParentReference), "The object that uses it.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_networking_v1_IPAddressSpec = {
    .name = "io.k8s.api.networking.v1.IPAddressSpec",
    .doc = "Who uses it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IPAddressSpec_fields};

static const struct cleat_field networking_v1_ServiceCIDRSpec_fields[] = {
    F(1, "cidrs", LIST(T(string)), "One for each IP family."), END};
const struct cleat_type cleat_type_networking_v1_ServiceCIDRSpec = {
    .name = "io.k8s.api.networking.v1.ServiceCIDRSpec",
    .doc = "The range.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceCIDRSpec_fields};

static const struct cleat_field networking_v1_ServiceCIDRStatus_fields[] = {
    F(1, "conditions", LIST(T(meta_v1_Condition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_networking_v1_ServiceCIDRStatus = {
    .name = "io.k8s.api.networking.v1.ServiceCIDRStatus",
    .doc = "What became of it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceCIDRStatus_fields};

static const struct cleat_field networking_v1_NetworkPolicyIngressRule_fields[] = {
    F(1, "ports", LIST(T(networking_v1_NetworkPolicyPort)), "The ports."),
    F(2, "from", LIST(T(networking_v1_NetworkPolicyPeer)), "Where from; empty means anywhere."),
    END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyIngressRule = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyIngressRule",
    .doc = "Traffic that may come in.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyIngressRule_fields};

static const struct cleat_field networking_v1_NetworkPolicyEgressRule_fields[] = {
    F(1, "ports", LIST(T(networking_v1_NetworkPolicyPort)), "The ports."),
    F(2, "to", LIST(T(networking_v1_NetworkPolicyPeer)), "Where to; empty means anywhere."), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyEgressRule = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyEgressRule",
    .doc = "Traffic that may go out.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyEgressRule_fields};

static const struct cleat_field networking_v1_IngressBackend_fields[] = {
    F(4, "service", T(networking_v1_IngressServiceBackend), "A Service.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "resource", T(core_v1_TypedLocalObjectReference), "Another object in the namespace.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_networking_v1_IngressBackend = {
    .name = "io.k8s.api.networking.v1.IngressBackend",
    .doc = "Where traffic leads.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressBackend_fields};

static const struct cleat_field networking_v1_IngressTLS_fields[] = {
    F(1, "hosts", LIST(T(string)), "The hosts."),
    F(2, "secretName", T(string), "The Secret with certificate and key."), END};
const struct cleat_type cleat_type_networking_v1_IngressTLS = {
    .name = "io.k8s.api.networking.v1.IngressTLS",
    .doc = "A certificate for hosts.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressTLS_fields};

static const struct cleat_field networking_v1_IngressRule_fields[] = {
    F(1, "host", T(string), "The name that clients ask for; * may stand for the first label."),
    F(2, "", T(networking_v1_IngressRuleValue), "", .flags = CLEAT_FIELD_INLINE), END};
const struct cleat_type cleat_type_networking_v1_IngressRule = {
    .name = "io.k8s.api.networking.v1.IngressRule",
    .doc = "A host and its paths.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressRule_fields};

static const struct cleat_field networking_v1_IngressLoadBalancerStatus_fields[] = {
    F(1, "ingress", LIST(T(networking_v1_IngressLoadBalancerIngress)),
      "Addresses where traffic comes in."),
    END};
const struct cleat_type cleat_type_networking_v1_IngressLoadBalancerStatus = {
    .name = "io.k8s.api.networking.v1.IngressLoadBalancerStatus",
    .doc = "Where traffic comes in.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressLoadBalancerStatus_fields};

static const struct cleat_field networking_v1_IngressClassParametersReference_fields[] = {
    F(1, "apiGroup", T(string), "The API group of what is referred to; empty for the core group.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "kind", T(string), "The kind of object.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "scope", T(string), "Cluster or Namespace.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "namespace", T(string), "The namespace it is in.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_networking_v1_IngressClassParametersReference = {
    .name = "io.k8s.api.networking.v1.IngressClassParametersReference",
    .doc = "Settings of an Ingress controller.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressClassParametersReference_fields};

static const struct cleat_field networking_v1_ParentReference_fields[] = {
    F(1, "group", T(string), "The API group."),
    F(2, "resource", T(string), "The resource, in the plural.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "namespace", T(string), "The namespace it is in."),
    F(4, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_networking_v1_ParentReference = {
    .name = "io.k8s.api.networking.v1.ParentReference",
    .doc = "An object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ParentReference_fields};

static const struct cleat_field networking_v1_NetworkPolicyPort_fields[] = {
    F(1, "protocol", T(string), "TCP, UDP or SCTP.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "TCP,UDP,SCTP"),
    F(2, "port", T(int_or_string), "Its number or name.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "endPort", T(int32), "The last port, for a range.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyPort = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyPort",
    .doc = "A port.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyPort_fields};

static const struct cleat_field networking_v1_NetworkPolicyPeer_fields[] = {
    F(1, "podSelector", T(meta_v1_LabelSelector), "Pods with these labels.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "namespaceSelector", T(meta_v1_LabelSelector), "Namespaces with these labels.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "ipBlock", T(networking_v1_IPBlock), "A range of addresses.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_networking_v1_NetworkPolicyPeer = {
    .name = "io.k8s.api.networking.v1.NetworkPolicyPeer",
    .doc = "Where traffic comes from or goes to.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_NetworkPolicyPeer_fields};

static const struct cleat_field networking_v1_IngressServiceBackend_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "port", T(networking_v1_ServiceBackendPort), "Its port."), END};
const struct cleat_type cleat_type_networking_v1_IngressServiceBackend = {
    .name = "io.k8s.api.networking.v1.IngressServiceBackend",
    .doc = "A Service.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressServiceBackend_fields};

static const struct cleat_field networking_v1_IngressRuleValue_fields[] = {
    F(1, "http", T(networking_v1_HTTPIngressRuleValue), "Paths and where they lead.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_networking_v1_IngressRuleValue = {
    .name = "io.k8s.api.networking.v1.IngressRuleValue",
    .doc = "What a rule says.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressRuleValue_fields};

static const struct cleat_field networking_v1_IngressLoadBalancerIngress_fields[] = {
    F(1, "ip", T(string), "An IP address."), F(2, "hostname", T(string), "A DNS name."),
    F(4, "ports", LIST(T(networking_v1_IngressPortStatus)), "The ports."), END};
const struct cleat_type cleat_type_networking_v1_IngressLoadBalancerIngress = {
    .name = "io.k8s.api.networking.v1.IngressLoadBalancerIngress",
    .doc = "An address where traffic comes in.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressLoadBalancerIngress_fields};

static const struct cleat_field networking_v1_IPBlock_fields[] = {
    F(1, "cidr", T(string), "The range.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "except", LIST(T(string)), "Parts of it that do not count."), END};
const struct cleat_type cleat_type_networking_v1_IPBlock = {.name =
                                                                "io.k8s.api.networking.v1.IPBlock",
                                                            .doc = "A range of addresses.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = networking_v1_IPBlock_fields};

static const struct cleat_field networking_v1_ServiceBackendPort_fields[] = {
    F(1, "name", T(string), "Its name."), F(2, "number", T(int32), "Its number."), END};
const struct cleat_type cleat_type_networking_v1_ServiceBackendPort = {
    .name = "io.k8s.api.networking.v1.ServiceBackendPort",
    .doc = "A Service's port, by name or number.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_ServiceBackendPort_fields,
    .atomic = 1};

static const struct cleat_field networking_v1_HTTPIngressRuleValue_fields[] = {
    F(1, "paths", LIST(T(networking_v1_HTTPIngressPath)), "The paths.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_HTTPIngressRuleValue = {
    .name = "io.k8s.api.networking.v1.HTTPIngressRuleValue",
    .doc = "Paths and where they lead.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_HTTPIngressRuleValue_fields};

static const struct cleat_field networking_v1_IngressPortStatus_fields[] = {
    F(1, "port", T(int32), "The port's number.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "protocol", T(string), "TCP, UDP or SCTP.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "TCP,UDP,SCTP"),
    F(3, "error", T(string), "Why it does not work; empty if it does.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_networking_v1_IngressPortStatus = {
    .name = "io.k8s.api.networking.v1.IngressPortStatus",
    .doc = "What became of a port.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_IngressPortStatus_fields};

static const struct cleat_field networking_v1_HTTPIngressPath_fields[] = {
    F(1, "path", T(string), "The path of the request."),
    F(3, "pathType", T(string), "Exact, Prefix or ImplementationSpecific.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    F(2, "backend", T(networking_v1_IngressBackend), "Where it leads.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_networking_v1_HTTPIngressPath = {
    .name = "io.k8s.api.networking.v1.HTTPIngressPath",
    .doc = "A path and where it leads.",
    .form = CLEAT_FORM_STRUCT,
    .fields = networking_v1_HTTPIngressPath_fields};
