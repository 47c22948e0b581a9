# SPDX-License-Identifier: Apache-2.0
"""What befalls a cluster's machines, seen with real kubectl: one dies, a zone does, all
do and come back, the cloud cannot be asked, machines flap. Periods are shortened by flags."""
import json
import time

from harness import Scenario, eventually, node_ready

MACHINE = """
apiVersion: sim.cleat.dev/v1alpha1
kind: Machine
metadata: {name: %s}
spec: {instanceType: sim.large, zone: %s, region: sim, kubelet: {leaseSeconds: 4}}
---
"""
UNREACHABLE = ("node.kubernetes.io/unreachable", "NoExecute")
NOT_READY = ("node.kubernetes.io/not-ready", "NoExecute")
FAST = ("--cloud-provider", "sim", "--sim-machines", "0", "--node-monitor-grace-period", "4s",
        "--node-startup-grace-period", "4s", "--node-monitor-period", "1s", "--node-eviction-rate", "5")


def taints(node):
    return [(t["key"], t["effect"]) for t in node["spec"].get("taints", [])]


class NodeFailures(Scenario):
    args = FAST

    def cluster(self, zones, *args, version="35"):
        """A server with machines {name: zone}; all their Nodes are Ready."""
        s = self.server(*(FAST + args))
        s.kubectl("apply", "-f", "-", stdin="".join(MACHINE % z for z in zones.items()), version=version)
        eventually(lambda: len(self.states(s)) == len(zones) and set(self.states(s).values()) == {"True"}, 15)
        return s

    def nodes(self, s):
        return {n["metadata"]["name"]: n for n in s.raw("GET", "/api/v1/nodes")[1]["items"]}

    def states(self, s):
        return {name: node_ready(n) for name, n in self.nodes(s).items()}

    def crash(self, s, *names, crashed=True, version="35"):
        for name in names:
            s.kubectl("patch", "machine", name, "--type=merge", "-p",
                      json.dumps({"spec": {"kubelet": {"crashed": crashed}}}), version=version)

    def bound_pod(self, s, name, node, seconds=1):
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name},
               "spec": {"nodeName": node, "containers": [{"name": "c", "image": "i"}], "tolerations": [
                   {"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": seconds}
                   for key in ("node.kubernetes.io/unreachable", "node.kubernetes.io/not-ready")]}}
        self.assertEqual(s.raw("POST", "/api/v1/namespaces/default/pods", pod)[0], 201)

    def leaving(self, s, name):
        status, pod = s.raw("GET", f"/api/v1/namespaces/default/pods/{name}")
        return status == 404 or "deletionTimestamp" in pod["metadata"]

    def test_a_server_dies(self):
        for version in ("22", "35"):
            s = self.cluster({"a1": "a", "a2": "a", "b1": "b"}, version=version)
            self.bound_pod(s, "p", "a1")
            self.crash(s, "a1", version=version)
            eventually(lambda: self.leaving(s, "p"), 15, "the pod is evicted")
            self.assertEqual(self.states(s), {"a1": "Unknown", "a2": "True", "b1": "True"})
            self.assertIn(UNREACHABLE, taints(self.nodes(s)["a1"]))
            out = s.kubectl("get", "nodes", version=version)
            self.assertIn("NotReady", [l.split()[1] for l in out.splitlines() if l.startswith("a1 ")])
            described = s.kubectl("describe", "node", "a1", version=version)
            self.assertIn("NodeStatusUnknown", described)
            self.assertIn("Kubelet stopped posting node status.", described)
            s.kubectl("delete", "machine", "a1", version=version)  # and it is gone for good
            eventually(lambda: "a1" not in self.nodes(s), 10, "its Node goes with it")
            events = s.kubectl("get", "events", "-A", version=version)
            for reason in ("NodeNotReady", "TaintManagerEviction", "DeletingNode"):
                self.assertIn(reason, events)

    def test_a_zone_dies(self):
        s = self.cluster({"a1": "a", "a2": "a", "b1": "b", "b2": "b"})
        self.bound_pod(s, "p", "a1")
        self.bound_pod(s, "q", "b1")
        self.crash(s, "a1", "a2")
        eventually(lambda: all(UNREACHABLE in taints(self.nodes(s)[n]) for n in ("a1", "a2")), 15)
        eventually(lambda: self.leaving(s, "p"), 10)
        self.assertFalse(self.leaving(s, "q"))
        self.assertEqual([taints(self.nodes(s)[n]) for n in ("b1", "b2")], [[], []])
        metrics = s.raw("GET", "/metrics")[1]
        zone = [l for l in metrics.splitlines() if l.startswith("node_collector_zone_health{") and "::a" in l]
        self.assertEqual(zone[0].split()[-1], "0", zone)
        for name in ("node_collector_zone_size{", "node_collector_unhealthy_nodes_in_zone{", "node_collector_evictions_total{",
                     "node_collector_update_node_health_duration_seconds_bucket{",
                     "node_collector_update_all_nodes_health_duration_seconds_count",
                     "taint_eviction_controller_pod_deletions_total ",
                     "taint_eviction_controller_pod_deletion_duration_seconds_count"):
            self.assertIn("\n" + name, metrics)
        self.crash(s, "a1", "a2", crashed=False)
        eventually(lambda: set(self.states(s).values()) == {"True"}, 10)
        eventually(lambda: all(taints(n) == [] for n in self.nodes(s).values()), 5, "no taint is left")

    def test_a_zone_that_dies_is_called_back_where_that_is_wanted(self):
        s = self.cluster({"a1": "a", "a2": "a", "b1": "b"}, "--zone-full-disruption-policy", "cancel")
        self.crash(s, "a1")
        eventually(lambda: UNREACHABLE in taints(self.nodes(s)["a1"]), 15)
        self.crash(s, "a2")
        eventually(lambda: self.states(s)["a2"] == "Unknown", 10)
        eventually(lambda: UNREACHABLE not in taints(self.nodes(s)["a1"]), 5)
        self.assertNotIn(UNREACHABLE, taints(self.nodes(s)["a2"]))

    def test_all_zones_die_and_come_back(self):
        s = self.cluster({"a1": "a", "a2": "a", "b1": "b"})
        self.bound_pod(s, "p", "a1", seconds=30)
        self.crash(s, "a1")
        eventually(lambda: UNREACHABLE in taints(self.nodes(s)["a1"]), 15)
        self.crash(s, "a2", "b1")
        eventually(lambda: set(self.states(s).values()) == {"Unknown"}, 15)
        # nobody is evicted, and who was about to be is called back
        eventually(lambda: all(UNREACHABLE not in taints(n) for n in self.nodes(s).values()), 5)
        time.sleep(1)  # ten passes over the zones
        self.assertTrue(all(UNREACHABLE not in taints(n) for n in self.nodes(s).values()))
        self.assertFalse(self.leaving(s, "p"))
        self.assertIn("Cancelling deletion of Pod default/p", s.kubectl("describe", "pod", "p"))
        self.crash(s, "a1", "a2", "b1", crashed=False)
        eventually(lambda: set(self.states(s).values()) == {"True"}, 15)
        eventually(lambda: all(taints(n) == [] for n in self.nodes(s).values()), 5)
        self.assertFalse(self.leaving(s, "p"))

    def test_the_clouds_api_fails_for_a_while(self):
        s = self.cluster({"a1": "a", "b1": "b", "b2": "b"})
        s.kubectl("patch", "cloud", "sim", "--type=merge", "-p", '{"spec":{"apiDown":true}}')
        s.kubectl("delete", "machine", "a1")
        self.crash(s, "b1")
        eventually(lambda: self.states(s)["b1"] == "Unknown", 15)
        time.sleep(4)  # several monitor periods
        self.assertEqual(set(self.nodes(s)), {"a1", "b1", "b2"}, "an error is no proof of absence")
        s.kubectl("apply", "-f", "-", stdin=MACHINE % ("late", "b"))
        s.kubectl("patch", "cloud", "sim", "--type=merge", "-p", '{"spec":{"apiDown":false}}')
        eventually(lambda: set(self.nodes(s)) == {"b1", "b2", "late"}, 20, "it is made up for")
        eventually(lambda: self.states(s)["late"] == "True", 10)

    def test_a_guard_holds_deletions(self):
        s = self.cluster({"a1": "a", "b1": "b"}, "--node-deletion-dry-run")
        s.kubectl("delete", "machine", "a1")
        eventually(lambda: "NodeDeletionHeld" in s.kubectl("get", "events", "-A"), 10)
        self.assertIn("a1", self.nodes(s))
        self.assertIn("deletions are a dry run", s.kubectl("describe", "node", "a1"))

    def test_nodes_flap(self):
        s = self.cluster({"a1": "a", "a2": "a", "b1": "b"})
        self.bound_pod(s, "p", "a1", seconds=60)
        uid = self.nodes(s)["a1"]["metadata"]["uid"]
        for _ in range(3):
            self.crash(s, "a1")
            eventually(lambda: UNREACHABLE in taints(self.nodes(s)["a1"]), 15)
            self.crash(s, "a1", crashed=False)
            eventually(lambda: self.states(s)["a1"] == "True" and taints(self.nodes(s)["a1"]) == [], 10)
        self.assertEqual(self.nodes(s)["a1"]["metadata"]["uid"], uid)
        self.assertFalse(self.leaving(s, "p"), "each return calls the eviction off")
        eventually(lambda: "Cancelling deletion of Pod" in s.kubectl("describe", "pod", "p"), 5)

    def test_a_pool_is_made_impatient_while_it_runs(self):
        s = self.cluster({"a1": "a", "b1": "b"}, "--node-monitor-grace-period", "120s", "--node-pools", "kube-system/pools")
        s.kubectl("label", "node", "a1", "pool=spot")
        self.crash(s, "a1", "b1")
        time.sleep(1)
        pools = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: pools, namespace: kube-system}\ndata:\n  spot: |\n' \
                '    selector: pool=spot\n    nodeMonitorGracePeriod: %s\n'
        s.kubectl("apply", "-f", "-", stdin=pools % "soon")
        eventually(lambda: "InvalidNodePools" in s.kubectl("describe", "configmap", "pools", "-n", "kube-system"), 5)
        self.assertEqual(set(self.states(s).values()), {"True"})
        s.kubectl("apply", "-f", "-", stdin=pools % "3s")
        eventually(lambda: self.states(s) == {"a1": "Unknown", "b1": "True"}, 10)

    def test_a_server_that_is_off_is_put_out_of_service(self):
        out = ("node.kubernetes.io/out-of-service", "NoExecute")
        s = self.cluster({"a1": "a", "b1": "b"}, "--out-of-service-after", "1s")
        s.kubectl("patch", "machine", "a1", "--type=merge", "-p", '{"spec":{"power":"Off"}}')
        eventually(lambda: out in taints(self.nodes(s)["a1"]), 10)
        self.assertIn("NodeOutOfService", s.kubectl("describe", "node", "a1"))
        s.kubectl("patch", "machine", "a1", "--type=merge", "-p", '{"spec":{"power":"On"}}')
        eventually(lambda: taints(self.nodes(s)["a1"]) == [], 10)

    def test_why_a_node_is_not_initialised(self):
        s = self.cluster({"b1": "b"}, "--node-initialization-condition")
        s.kubectl("patch", "cloud", "sim", "--type=merge", "-p", '{"spec":{"apiDown":true}}')
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "a1", "labels": {"cleat.dev/cloud-provider": "sim"}},
                "spec": {"taints": [{"key": "node.cloudprovider.kubernetes.io/uninitialized", "value": "true",
                                     "effect": "NoSchedule"}]}}
        self.assertEqual(s.raw("POST", "/api/v1/nodes", node)[0], 201)
        for version in ("22", "35"):
            out = eventually(lambda: (lambda t: t if "CloudInitialized" in t and "SyncFailed" in t else None)(
                s.kubectl("describe", "node", "a1", version=version)), 10)
            self.assertRegex(out, r"CloudInitialized +False")

    def test_what_a_node_has_given_away(self):
        s = self.cluster({"a1": "a"})
        allocatable = self.nodes(s)["a1"]["status"]["allocatable"]
        cpus = int(allocatable["cpu"]) if allocatable["cpu"].isdigit() else int(allocatable["cpu"][:-1]) // 1000
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "big"},
               "spec": {"nodeName": "a1", "containers": [{"name": "c", "image": "i", "resources": {
                   "requests": {"cpu": f"{cpus * 1000 - 500}m", "memory": "1Gi"}}}]}}
        self.assertEqual(s.raw("POST", "/api/v1/namespaces/default/pods", pod)[0], 201)
        for version in ("22", "35"):
            out = s.kubectl("describe", "node", "a1", version=version)
            self.assertIn("Allocated resources:", out)
            row = [l.split() for l in out.splitlines() if l.startswith("  cpu ")][-1]
            self.assertTrue(row[1].startswith(f"{cpus * 1000 - 500}m"), out)
            self.assertIn("default", out.split("Non-terminated Pods:")[1])
        pod["metadata"]["name"] = "more"
        status, refusal = s.raw("POST", "/api/v1/namespaces/default/pods", pod)
        self.assertEqual(status, 403, refusal)
        self.assertIn('node "a1" does not have enough cpu', refusal["message"])
        s.stop()
        s.args += ["--disable-admission-plugins", "NodeCapacity"]
        s.start()
        self.assertEqual(s.raw("POST", "/api/v1/namespaces/default/pods", pod)[0], 201)

    def test_a_node_by_hand_without_capacity(self):
        s = self.server(*FAST)
        s.kubectl("create", "-f", "-", stdin='{"apiVersion":"v1","kind":"Node","metadata":{"name":"bare"}}')
        eventually(lambda: "NodeHasNoCapacity" in s.kubectl("describe", "node", "bare"), 10)
        self.assertIn("CapacityMissing", s.kubectl("describe", "node", "bare", version="22"))

    def test_services_addresses_are_not_pods(self):
        s = self.server("--service-cluster-ip-range", "10.42.0.0/24", "--allocate-node-cidrs",
                        "--cluster-cidr", "10.42.0.0/16", "--node-cidr-mask-size-ipv4", "24")
        node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}}
        self.assertEqual(s.raw("POST", "/api/v1/nodes", node)[0], 201)
        got = eventually(lambda: self.nodes(s)["n1"]["spec"].get("podCIDR"), 5)
        self.assertEqual(got, "10.42.1.0/24")
