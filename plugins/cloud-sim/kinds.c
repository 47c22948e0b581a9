/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cloud's kinds, as CustomResourceDefinition manifests. The JSON stands
 * here as it is: the preprocessor makes the string of it.
 */
#include "sim.h"

/* clang-format off */
#define JSON(...) #__VA_ARGS__

static const char machines[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {"name": "machines.sim.cleat.dev"},
  "spec": {
    "group": "sim.cleat.dev",
    "scope": "Cluster",
    "names": {"plural": "machines", "singular": "machine", "kind": "Machine",
              "listKind": "MachineList", "shortNames": ["sm"], "categories": ["sim"]},
    "versions": [{
      "name": "v1alpha1", "served": true, "storage": true,
      "subresources": {"status": {}},
      "additionalPrinterColumns": [
        {"name": "Power", "type": "string", "jsonPath": ".spec.power"},
        {"name": "State", "type": "string", "jsonPath": ".status.state"},
        {"name": "Type", "type": "string", "jsonPath": ".spec.instanceType"},
        {"name": "Zone", "type": "string", "jsonPath": ".spec.zone"},
        {"name": "Address", "type": "string", "jsonPath": ".status.address"},
        {"name": "Provider-ID", "type": "string", "jsonPath": ".status.providerID", "priority": 1},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
      "schema": {"openAPIV3Schema": {
        "type": "object",
        "description": "A server of the simulated cloud.",
        "properties": {
          "spec": {
            "type": "object",
            "default": {},
            "properties": {
              "power": {"type": "string", "enum": ["On", "Off"], "default": "On",
                        "description": "Off shuts the machine down gracefully."},
              "instanceType": {"type": "string", "default": "sim.small"},
              "zone": {"type": "string", "default": "a"},
              "region": {"type": "string", "default": "sim"},
              "addresses": {
                "type": "array",
                "description": "What the cloud says of its addresses; empty: one from its pool.",
                "items": {
                  "type": "object",
                  "required": ["type", "address"],
                  "properties": {
                    "type": {"type": "string", "enum": ["InternalIP", "ExternalIP", "Hostname",
                                                        "InternalDNS", "ExternalDNS"]},
                    "address": {"type": "string"}}}},
              "labels": {"type": "object", "additionalProperties": {"type": "string"},
                         "description": "Additional labels of the Node."},
              "capacity": {"type": "object",
                           "description": "Of the Node: cpu, memory, pods and others.",
                           "additionalProperties": {"x-kubernetes-int-or-string": true}},
              "kubelet": {
                "type": "object",
                "properties": {
                  "enabled": {"type": "boolean", "default": true,
                              "description": "Whether the machine behaves as a kubelet."},
                  "crashed": {"type": "boolean", "default": false,
                              "description": "Its heartbeats stop without a word."},
                  "leaseSeconds": {"type": "integer", "minimum": 4, "default": 40}}}}},
          "status": {
            "type": "object",
            "properties": {
              "state": {"type": "string", "enum": ["Running", "Stopped"]},
              "since": {"type": "string", "format": "date-time"},
              "address": {"type": "string"},
              "providerID": {"type": "string"},
              "addresses": {
                "type": "array",
                "items": {"type": "object",
                          "properties": {"type": {"type": "string"},
                                         "address": {"type": "string"}}}}}}}}}
    }]
  }
});

static const char balancers[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {"name": "loadbalancers.sim.cleat.dev"},
  "spec": {
    "group": "sim.cleat.dev",
    "scope": "Cluster",
    "names": {"plural": "loadbalancers", "singular": "loadbalancer", "kind": "LoadBalancer",
              "listKind": "LoadBalancerList", "shortNames": ["slb"], "categories": ["sim"]},
    "versions": [{
      "name": "v1alpha1", "served": true, "storage": true,
      "additionalPrinterColumns": [
        {"name": "Namespace", "type": "string", "jsonPath": ".spec.service.namespace"},
        {"name": "Service", "type": "string", "jsonPath": ".spec.service.name"},
        {"name": "IP", "type": "string", "jsonPath": ".status.ip"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
      "schema": {"openAPIV3Schema": {
        "type": "object",
        "description": "A load balancer that the simulated cloud has made for a Service.",
        "properties": {
          "spec": {
            "type": "object",
            "properties": {
              "cluster": {"type": "string"},
              "service": {"type": "object",
                          "properties": {"namespace": {"type": "string"},
                                         "name": {"type": "string"},
                                         "uid": {"type": "string"}}},
              "ports": {"type": "array",
                        "items": {"type": "object",
                                  "properties": {"name": {"type": "string"},
                                                 "protocol": {"type": "string"},
                                                 "port": {"type": "integer"},
                                                 "nodePort": {"type": "integer"}}}},
              "hosts": {"type": "array", "items": {"type": "string"}}}},
          "status": {"type": "object", "properties": {"ip": {"type": "string"}}}}}}
    }]
  }
});

static const char routes[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {"name": "routes.sim.cleat.dev"},
  "spec": {
    "group": "sim.cleat.dev",
    "scope": "Cluster",
    "names": {"plural": "routes", "singular": "route", "kind": "Route",
              "listKind": "RouteList", "shortNames": ["srt"], "categories": ["sim"]},
    "versions": [{
      "name": "v1alpha1", "served": true, "storage": true,
      "additionalPrinterColumns": [
        {"name": "Destination", "type": "string", "jsonPath": ".spec.destinationCIDR"},
        {"name": "Target", "type": "string", "jsonPath": ".spec.targetNode"},
        {"name": "Blackhole", "type": "boolean", "jsonPath": ".spec.blackhole"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
      "schema": {"openAPIV3Schema": {
        "type": "object",
        "description": "A route of the simulated cloud's network.",
        "properties": {
          "spec": {
            "type": "object",
            "required": ["destinationCIDR"],
            "properties": {
              "cluster": {"type": "string"},
              "targetNode": {"type": "string"},
              "destinationCIDR": {"type": "string"},
              "blackhole": {"type": "boolean"}}}}}}
    }]
  }
});

static const char clouds[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {"name": "clouds.sim.cleat.dev"},
  "spec": {
    "group": "sim.cleat.dev",
    "scope": "Cluster",
    "names": {"plural": "clouds", "singular": "cloud", "kind": "Cloud",
              "listKind": "CloudList", "categories": ["sim"]},
    "versions": [{
      "name": "v1alpha1", "served": true, "storage": true,
      "subresources": {"status": {}},
      "additionalPrinterColumns": [
        {"name": "Down", "type": "boolean", "jsonPath": ".spec.apiDown"},
        {"name": "Latency-ms", "type": "integer", "jsonPath": ".spec.latencyMilliseconds"},
        {"name": "Error-Rate", "type": "number", "jsonPath": ".spec.errorRate"},
        {"name": "Quota", "type": "number", "jsonPath": ".spec.quota.callsPerSecond"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
      "schema": {"openAPIV3Schema": {
        "type": "object",
        "description": "How the simulated cloud behaves; the object is named sim.",
        "properties": {
          "spec": {
            "type": "object",
            "properties": {
              "apiDown": {"type": "boolean", "description": "Every call fails."},
              "latencyMilliseconds": {"type": "integer", "minimum": 0},
              "jitterMilliseconds": {"type": "integer", "minimum": 0,
                                     "description": "At most this is added to the latency."},
              "errorRate": {"type": "number", "minimum": 0, "maximum": 1,
                            "description": "The part of the calls that fails."},
              "quota": {"type": "object",
                        "properties": {"callsPerSecond": {"type": "number", "minimum": 0},
                                       "burst": {"type": "integer", "minimum": 1}}},
              "zoneOutages": {"type": "array", "items": {"type": "string"},
                              "description": "Zones about whose servers nothing can be learnt."}}},
          "status": {"type": "object",
                     "properties": {"seeded": {"type": "boolean"}}}}}}
    }]
  }
});
/* clang-format on */

const char *const cleat_sim_crds[CLEAT_SIM_N_CRDS] = {machines, balancers, routes, clouds};
