/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of this provider, as CustomResourceDefinition manifests. The JSON
 * stands here as it is: the preprocessor makes the string of it.
 */
#include "lin.h"

/* clang-format off */
#define JSON(...) #__VA_ARGS__

static const char servers[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {"name": "servers.linux.cleat.dev"},
  "spec": {
    "group": "linux.cleat.dev",
    "scope": "Cluster",
    "names": {"plural": "servers", "singular": "server", "kind": "Server",
              "listKind": "ServerList", "categories": ["linux"]},
    "versions": [{
      "name": "v1alpha1", "served": true, "storage": true,
      "additionalPrinterColumns": [
        {"name": "Address", "type": "string", "jsonPath": ".spec.addresses[0].address"},
        {"name": "Zone", "type": "string", "jsonPath": ".spec.zone"},
        {"name": "Probe", "type": "string", "jsonPath": ".spec.probe.type"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
      "schema": {"openAPIV3Schema": {
        "type": "object",
        "description": "A machine, in addition to those of the inventory's file.",
        "properties": {
          "spec": {
            "type": "object",
            "properties": {
              "providerID": {"type": "string", "pattern": "^linux://",
                             "description": "linux:// and the name, where not said."},
              "instanceType": {"type": "string"},
              "zone": {"type": "string"},
              "region": {"type": "string"},
              "power": {"type": "string", "enum": ["On", "Off"],
                        "description": "Off: somebody has switched it off."},
              "addresses": {
                "type": "array",
                "items": {
                  "type": "object",
                  "required": ["address"],
                  "properties": {
                    "type": {"type": "string", "default": "InternalIP",
                             "enum": ["InternalIP", "ExternalIP", "Hostname",
                                      "InternalDNS", "ExternalDNS"]},
                    "address": {"type": "string"}}}},
              "labels": {"type": "object", "additionalProperties": {"type": "string"},
                         "description": "Additional labels of the Node."},
              "capacity": {"type": "object",
                           "description": "Of a Node that is made for this server.",
                           "additionalProperties": {"x-kubernetes-int-or-string": true}},
              "probe": {
                "type": "object",
                "description": "How it is found out whether the machine runs.",
                "properties": {
                  "type": {"type": "string", "enum": ["TCP", "HTTP", "ICMP", "None"]},
                  "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                  "path": {"type": "string"},
                  "intervalSeconds": {"type": "number"},
                  "timeoutSeconds": {"type": "number"},
                  "failures": {"type": "integer", "minimum": 1},
                  "successes": {"type": "integer", "minimum": 1}}}}}}}}
    }]
  }
});

static const char pools[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {"name": "addresspools.linux.cleat.dev"},
  "spec": {
    "group": "linux.cleat.dev",
    "scope": "Cluster",
    "names": {"plural": "addresspools", "singular": "addresspool", "kind": "AddressPool",
              "listKind": "AddressPoolList", "categories": ["linux"]},
    "versions": [{
      "name": "v1alpha1", "served": true, "storage": true,
      "additionalPrinterColumns": [
        {"name": "Addresses", "type": "string", "jsonPath": ".spec.addresses"},
        {"name": "Interface", "type": "string", "jsonPath": ".spec.interface"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
      "schema": {"openAPIV3Schema": {
        "type": "object",
        "description": "Addresses for load balancers, in addition to the inventory's file.",
        "properties": {
          "spec": {
            "type": "object",
            "required": ["addresses"],
            "properties": {
              "addresses": {"type": "array", "items": {"type": "string"},
                            "description": "Addresses, ranges a-b and networks a/n."},
              "interface": {"type": "string",
                            "description": "Where they are put; else where they are on the link."},
              "manual": {"type": "boolean",
                         "description": "Only for services that ask for it."}}}}}}
    }]
  }
});

static const char balancers[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {"name": "balancers.linux.cleat.dev"},
  "spec": {
    "group": "linux.cleat.dev",
    "scope": "Cluster",
    "names": {"plural": "balancers", "singular": "balancer", "kind": "Balancer",
              "listKind": "BalancerList", "categories": ["linux"]},
    "versions": [{
      "name": "v1alpha1", "served": true, "storage": true,
      "subresources": {"status": {}},
      "additionalPrinterColumns": [
        {"name": "Namespace", "type": "string", "jsonPath": ".spec.service.namespace"},
        {"name": "Service", "type": "string", "jsonPath": ".spec.service.name"},
        {"name": "Addresses", "type": "string", "jsonPath": ".spec.addresses"},
        {"name": "Healthy", "type": "string", "jsonPath": ".status.healthy"},
        {"name": "State", "type": "string", "jsonPath": ".status.state"},
        {"name": "Message", "type": "string", "jsonPath": ".status.message", "priority": 1},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
      "schema": {"openAPIV3Schema": {
        "type": "object",
        "description": "What the gateway's kernel does for a Service.",
        "properties": {
          "spec": {
            "type": "object",
            "properties": {
              "cluster": {"type": "string"},
              "service": {"type": "object",
                          "properties": {"namespace": {"type": "string"},
                                         "name": {"type": "string"},
                                         "uid": {"type": "string"}}},
              "addresses": {"type": "array", "items": {"type": "string"}},
              "externalTrafficPolicy": {"type": "string"},
              "healthCheckNodePort": {"type": "integer"},
              "sourceRanges": {"type": "array", "items": {"type": "string"}},
              "affinitySeconds": {"type": "integer"},
              "ports": {"type": "array",
                        "items": {"type": "object",
                                  "properties": {"name": {"type": "string"},
                                                 "protocol": {"type": "string"},
                                                 "port": {"type": "integer"},
                                                 "nodePort": {"type": "integer"}}}},
              "targets": {"type": "array",
                          "items": {"type": "object",
                                    "properties": {"node": {"type": "string"},
                                                   "addresses": {"type": "array",
                                                     "items": {"type": "string"}}}}}}},
          "status": {
            "type": "object",
            "properties": {
              "state": {"type": "string"},
              "healthy": {"type": "string", "description": "Nodes in use, of all."},
              "message": {"type": "string"},
              "targets": {"type": "array",
                          "items": {"type": "object",
                                    "properties": {"node": {"type": "string"},
                                                   "healthy": {"type": "boolean"}}}}}}}}}
    }]
  }
});
/* clang-format on */

const char *const cleat_lin_crds[CLEAT_LIN_N_CRDS] = {servers, pools, balancers};
