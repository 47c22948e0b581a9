# SPDX-License-Identifier: Apache-2.0
"""The main job: the cloud's servers are Nodes, and stay in step with the cloud."""
import json
import time

from harness import Scenario, eventually, node_ready

MACHINE = """
apiVersion: sim.cleat.dev/v1alpha1
kind: Machine
metadata: {name: %s}
spec: {instanceType: sim.large, zone: sim-b, region: sim}
"""


def is_initialised(node):
    """A kubelet may call itself ready before the cloud has said what it runs on."""
    return all(t["key"] != "node.cloudprovider.kubernetes.io/uninitialized" for t in node["spec"].get("taints", []))


class Nodes(Scenario):
    args = ("--cloud-provider", "sim")

    def test_servers_are_nodes_within_a_second_for_both_kubectls(self):
        s = self.server()
        began = time.monotonic()
        nodes = eventually(lambda: (lambda l: l if len(l) == 3 and all(node_ready(n) == "True" and is_initialised(n) for n in l) else None)(
            s.raw("GET", "/api/v1/nodes")[1]["items"]), 5, "three Ready nodes")
        self.assertLess(time.monotonic() - began, 1.0)
        for n in nodes:
            self.assertTrue(n["spec"]["providerID"].startswith("sim://"), n["spec"])
            labels = n["metadata"]["labels"]
            for key in ("kubernetes.io/hostname", "node.kubernetes.io/instance-type",
                        "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
                        "beta.kubernetes.io/instance-type", "failure-domain.beta.kubernetes.io/zone"):
                self.assertIn(key, labels)
            keys = [t["key"] for t in n["spec"].get("taints", [])]
            self.assertNotIn("node.cloudprovider.kubernetes.io/uninitialized", keys)
            self.assertIn("InternalIP", [a["type"] for a in n["status"]["addresses"]])
        self.assertEqual(len({n["spec"]["providerID"] for n in nodes}), 3)
        for version in ("22", "35"):
            out = s.kubectl("get", "nodes", version=version)
            lines = out.splitlines()
            self.assertEqual(lines[0].split(), ["NAME", "STATUS", "ROLES", "AGE", "VERSION"])
            self.assertEqual(len(lines), 4, out)
            for line in lines[1:]:
                self.assertEqual(line.split()[1], "Ready", out)
            wide = s.kubectl("get", "nodes", "-o", "wide", version=version)
            self.assertIn("INTERNAL-IP", wide)
            self.assertIn("Ready", s.kubectl("describe", "node", nodes[0]["metadata"]["name"], version=version))
        name = nodes[0]["metadata"]["name"]
        path = f"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}"
        eventually(lambda: s.raw("GET", path)[0] == 200, 12, "the node's lease")  # renewed each 10 s
        self.assertEqual(s.raw("GET", path)[1]["spec"]["holderIdentity"], name)

    def test_power_off_and_on_show_in_watch(self):
        for version in ("22", "35"):
            s = self.server()
            eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 5)
            name = s.kubectl("get", "machines.sim.cleat.dev", "-o", "jsonpath={.items[0].metadata.name}", version=version)
            eventually(lambda: node_ready(s.raw("GET", f"/api/v1/nodes/{name}")[1]) == "True")
            w = self.watching(s, "get", "nodes", "-w", version=version)
            w.until(lambda t: t.count(" Ready") >= 3, what="the present nodes")
            s.kubectl("patch", "machine", name, "--type=merge", "-p", '{"spec":{"power":"Off"}}', version=version)
            w.until(lambda t: any(l.startswith(name) and "NotReady" in l for l in t.splitlines()), what="NotReady")
            eventually(lambda: "node.cloudprovider.kubernetes.io/shutdown" in [
                t["key"] for t in s.raw("GET", f"/api/v1/nodes/{name}")[1]["spec"].get("taints", [])], 12, "shutdown taint")
            s.kubectl("patch", "machine", name, "--type=merge", "-p", '{"spec":{"power":"On"}}', version=version)
            eventually(lambda: node_ready(s.raw("GET", f"/api/v1/nodes/{name}")[1]) == "True", 12)
            eventually(lambda: "node.cloudprovider.kubernetes.io/shutdown" not in [
                t["key"] for t in s.raw("GET", f"/api/v1/nodes/{name}")[1]["spec"].get("taints", [])], 12, "taint gone")

    def test_add_and_delete_with_kubectl(self):
        for version in ("22", "35"):
            s = self.server()
            eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 5)
            w = self.watching(s, "get", "nodes", "-w", version=version)
            w.until(lambda t: t.count("Ready") >= 3)
            name = "extra-" + version
            s.kubectl("apply", "-f", "-", stdin=MACHINE % name, version=version)
            w.until(lambda t: any(l.startswith(name) and l.split()[1] == "Ready" for l in t.splitlines()), 5, "the new node Ready")
            node = eventually(lambda: (lambda n: n if is_initialised(n) else None)(
                s.raw("GET", f"/api/v1/nodes/{name}")[1]), 5, "the new node is initialised")
            self.assertEqual(node["metadata"]["labels"]["topology.kubernetes.io/zone"], "sim-b")
            self.assertEqual(node["metadata"]["labels"]["node.kubernetes.io/instance-type"], "sim.large")
            s.kubectl("delete", "machine", name, version=version)
            eventually(lambda: s.raw("GET", f"/api/v1/nodes/{name}")[0] == 404, 15, "the node is gone")
            self.assertEqual(len(s.raw("GET", "/api/v1/nodes")[1]["items"]), 3)
            events = s.raw("GET", "/api/v1/namespaces/default/events")[1]["items"]
            self.assertIn("DeletingNode", [e["reason"] for e in events])

    def test_a_controller_that_is_not_configured_does_nothing(self):
        s = self.server("--cloud-provider", "sim", "--controllers", "*,-cloud-node")
        eventually(lambda: len(s.raw("GET", "/apis/sim.cleat.dev/v1alpha1/machines")[1]["items"]) == 3)
        s.kubectl("apply", "-f", "-", stdin=MACHINE % "lonely")
        controllers = {c["metadata"]["name"]: c for c in s.kubectl_json("get", "controllers.cleat.dev")["items"]}
        self.assertNotEqual(controllers["cloud-node-controller"]["status"]["state"], "Running", controllers)
        time.sleep(1.5)  # longer than a running controller needs
        self.assertEqual(s.raw("GET", "/api/v1/nodes")[1]["items"], [])
        s.stop()
        s.args = ["--cloud-provider", "sim"]
        s.start()
        eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 4, 5)

    def test_foreign_nodes_are_left_alone(self):
        s = self.server()
        foreign = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "foreign"},
                   "spec": {"providerID": "othercloud://1", "taints": [
                       {"key": "node.cloudprovider.kubernetes.io/uninitialized", "value": "true", "effect": "NoSchedule"}]}}
        self.assertEqual(s.raw("POST", "/api/v1/nodes", foreign)[0], 201)
        # admission's taint of new nodes is not the cloud's, and goes by itself
        eventually(lambda: [t["key"] for t in s.raw("GET", "/api/v1/nodes/foreign")[1]["spec"]["taints"]] == [
            "node.cloudprovider.kubernetes.io/uninitialized"])
        rv = s.raw("GET", "/api/v1/nodes/foreign")[1]["metadata"]["resourceVersion"]
        s.kubectl("apply", "-f", "-", stdin=MACHINE % "mine")
        eventually(lambda: node_ready(s.raw("GET", "/api/v1/nodes/mine")[1]) == "True", 5)
        time.sleep(6)  # a whole node monitor period
        self.assertEqual(s.raw("GET", "/api/v1/nodes/foreign")[1]["metadata"]["resourceVersion"], rv)

    def test_state_survives_a_restart(self):
        s = self.server()
        eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 5)
        before = {n["metadata"]["name"]: n["metadata"]["uid"] for n in s.raw("GET", "/api/v1/nodes")[1]["items"]}
        rv = int(s.raw("GET", "/api/v1/nodes")[1]["metadata"]["resourceVersion"])
        s.restart()
        eventually(lambda: all(node_ready(n) == "True" for n in s.raw("GET", "/api/v1/nodes")[1]["items"]), 5)
        after = s.raw("GET", "/api/v1/nodes")[1]
        self.assertEqual({n["metadata"]["name"]: n["metadata"]["uid"] for n in after["items"]}, before)
        self.assertGreaterEqual(int(after["metadata"]["resourceVersion"]), rv)
        self.assertEqual(len(s.raw("GET", "/apis/sim.cleat.dev/v1alpha1/machines")[1]["items"]), 3)

    def test_a_machine_that_dies_silently_loses_its_pods(self):
        s = self.server("--cloud-provider", "sim", "--node-monitor-grace-period", "5s")
        name = eventually(lambda: s.raw("GET", "/api/v1/nodes")[1]["items"][0]["metadata"]["name"])
        eventually(lambda: node_ready(s.raw("GET", f"/api/v1/nodes/{name}")[1]) == "True")
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
               "spec": {"nodeName": name, "containers": [{"name": "c", "image": "i"}], "tolerations": [
                   {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute",
                    "tolerationSeconds": 1}]}}
        self.assertEqual(s.raw("POST", "/api/v1/namespaces/default/pods", pod)[0], 201)
        for machine in s.kubectl_json("get", "machines")["items"]:  # renew each second
            s.kubectl("patch", "machine", machine["metadata"]["name"], "--type=merge", "-p",
                      '{"spec":{"kubelet":{"leaseSeconds":4}}}')
        s.kubectl("patch", "machine", name, "--type=merge", "-p", '{"spec":{"kubelet":{"crashed":true}}}')

        def leaving():
            got = s.raw("GET", "/api/v1/namespaces/default/pods/p")[1]
            return got["metadata"].get("deletionTimestamp") and got
        got = eventually(leaving, 20, "the pod is evicted")
        self.assertIn("DisruptionTarget", [c["type"] for c in got["status"]["conditions"]])
        # the others may have been silent for long until they were told to renew more often
        eventually(lambda: [node_ready(n) for n in s.raw("GET", "/api/v1/nodes")[1]["items"]
                            if n["metadata"]["name"] != name] == ["True", "True"], 10)
        node = s.raw("GET", f"/api/v1/nodes/{name}")[1]
        self.assertEqual(node_ready(node), "Unknown")
        self.assertIn(("node.kubernetes.io/unreachable", "NoExecute"),
                      [(t["key"], t["effect"]) for t in node["spec"]["taints"]])
        self.assertIn("NodeNotReady", s.kubectl("describe", "node", name))
