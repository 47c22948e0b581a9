# SPDX-License-Identifier: Apache-2.0
"""Endpoints and EndpointSlices, as both kubectls see them.

No kubelet and no controller for workloads runs here: the tests make the pods and say
what addresses they have and whether they are ready.
"""
import json

from harness import KUBECTLS, Scenario, eventually

NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1", "labels": {"topology.kubernetes.io/zone": "z1"}}}
LABELS = {"app": "web"}
CONTROLLERS = "-nodelifecycle,*"  # nobody renews a Node's lease here


def pod(i):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"web-{i}", "labels": LABELS},
            "spec": {"nodeName": "n1", "terminationGracePeriodSeconds": 0,
                     "containers": [{"name": "c", "image": "nginx", "ports": [{"name": "http", "containerPort": 8080}]}]}}


class Endpoints(Scenario):
    def each(self):
        for version in KUBECTLS:
            with self.subTest(kubectl=version):
                s = self.server(f"--controllers={CONTROLLERS}")
                s.kubectl("create", "-f", "-", stdin=json.dumps(NODE), version=version)
                yield version, s

    def pods(self, s, version, n, ready=True):
        for i in range(n):
            s.kubectl("create", "-f", "-", stdin=json.dumps(pod(i)), version=version)
            self.status(s, i, {"phase": "Running", "podIP": f"10.1.0.{i + 1}", "podIPs": [{"ip": f"10.1.0.{i + 1}"}],
                               "conditions": [{"type": "Ready", "status": "True" if ready else "False"}]})

    def status(self, s, i, status):
        code, answer = s.raw("PATCH", f"/api/v1/namespaces/default/pods/web-{i}/status", {"status": status},
                             "application/strategic-merge-patch+json")
        self.assertEqual(code, 200, answer)

    def row(self, s, version, what, name):
        lines = s.kubectl("get", what, "-l", f"kubernetes.io/service-name={name}" if what == "endpointslices" else "",
                          "--no-headers", version=version).splitlines()
        return [l.split() for l in lines if l.startswith(name)]

    def test_a_service_leads_to_its_pods(self):
        for v, s in self.each():
            s.kubectl("create", "service", "clusterip", "web", "--tcp=80:http", version=v)
            s.kubectl("patch", "service", "web", "--type=merge", "-p", '{"spec":{"selector":{"app":"web"}}}', version=v)
            self.pods(s, v, 3)
            eventually(lambda: len(self.row(s, v, "endpointslices", "web")) == 1 and
                       self.row(s, v, "endpointslices", "web")[0][1:4] == ["IPv4", "8080", "10.1.0.1,10.1.0.2,10.1.0.3"])
            eventually(lambda: self.row(s, v, "endpoints", "web")[0][1] == "10.1.0.1:8080,10.1.0.2:8080,10.1.0.3:8080")
            text = s.kubectl("describe", "service", "web", version=v)
            self.assertRegex(text, r"Endpoints: +10\.1\.0\.1:8080")
            self.status(s, 1, {"conditions": [{"type": "Ready", "status": "False"}]})
            eventually(lambda: self.row(s, v, "endpoints", "web")[0][1] == "10.1.0.1:8080,10.1.0.3:8080")
            slice_ = s.kubectl_json("get", "endpointslices", "-l", "kubernetes.io/service-name=web", version=v)["items"][0]
            self.assertEqual([e["conditions"]["ready"] for e in slice_["endpoints"]], [True, False, True])
            self.assertEqual({(e["nodeName"], e["zone"], e["targetRef"]["kind"]) for e in slice_["endpoints"]},
                             {("n1", "z1", "Pod")})
            s.kubectl("delete", "pod", "web-0", version=v)
            eventually(lambda: self.row(s, v, "endpoints", "web")[0][1] == "10.1.0.3:8080")
            s.kubectl("delete", "service", "web", version=v)
            eventually(lambda: not self.row(s, v, "endpoints", "web") and not self.row(s, v, "endpointslices", "web"))

    def test_topology_mode_shares_endpoints_between_zones(self):
        for v, s in self.each():
            for i, zone in (("a", "z1"), ("b", "z2")):
                s.kubectl("create", "-f", "-", version=v, stdin=json.dumps(
                    {"apiVersion": "v1", "kind": "Node",
                     "metadata": {"name": f"node-{i}", "labels": {"topology.kubernetes.io/zone": zone}},
                     "status": {"allocatable": {"cpu": "4"}, "conditions": [{"type": "Ready", "status": "True"}]}}))
            s.kubectl("create", "service", "clusterip", "web", "--tcp=80:http", version=v)
            s.kubectl("patch", "service", "web", "--type=merge", "-p", '{"spec":{"selector":{"app":"web"}}}', version=v)
            s.kubectl("annotate", "service", "web", "service.kubernetes.io/topology-mode=Auto", version=v)
            self.pods(s, v, 4)  # all in z1

            def hints():
                slices = s.kubectl_json("get", "endpointslices", "-l", "kubernetes.io/service-name=web", version=v)["items"]
                return sorted(e.get("hints", {}).get("forZones", [{"name": ""}])[0]["name"]
                              for one in slices for e in one.get("endpoints") or [])

            eventually(lambda: hints() == ["z1", "z1", "z2", "z2"])
            eventually(lambda: "TopologyAwareHintsEnabled" in s.kubectl("describe", "service", "web", version=v))
            s.kubectl("delete", "node", "node-b", version=v)
            eventually(lambda: hints() == [""] * 4)
            eventually(lambda: "Nodes only ready in one zone, addressType: IPv4" in
                       s.kubectl("describe", "service", "web", version=v))

    def test_what_is_written_by_hand_is_mirrored(self):
        for v, s in self.each():
            s.kubectl("create", "-f", "-", version=v, stdin="""
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {ports: [{port: 5432}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: db}
subsets: [{addresses: [{ip: 192.0.2.7}], ports: [{port: 5432}]}]
""")
            eventually(lambda: self.row(s, v, "endpointslices", "db")[0][1:4] == ["IPv4", "5432", "192.0.2.7"])
            s.kubectl("delete", "endpoints", "db", version=v)
            eventually(lambda: not self.row(s, v, "endpointslices", "db"))

    def test_they_survive_a_restart_and_can_be_switched_off(self):
        v = "35"
        s = self.server(f"--controllers={CONTROLLERS}")
        s.kubectl("create", "-f", "-", stdin=json.dumps(NODE), version=v)
        s.kubectl("create", "service", "clusterip", "web", "--tcp=80:8080", version=v)
        self.pods(s, v, 2)
        eventually(lambda: self.row(s, v, "endpoints", "web")[0][1] == "10.1.0.1:8080,10.1.0.2:8080")
        before = s.kubectl_json("get", "endpointslices", "-l", "kubernetes.io/service-name=web", version=v)["items"]
        s.stop()
        s.args = [f"--controllers=-endpoint,-endpointslice,{CONTROLLERS}"]
        s.start()
        self.status(s, 1, {"conditions": [{"type": "Ready", "status": "False"}]})
        s.kubectl("get", "controllers", version=v)
        self.assertEqual(s.kubectl_json("get", "endpointslices", "-l", "kubernetes.io/service-name=web", version=v)["items"],
                         before)
        s.stop()
        s.args = [f"--controllers={CONTROLLERS}"]
        s.start()
        eventually(lambda: self.row(s, v, "endpoints", "web")[0][1] == "10.1.0.1:8080")
        after = s.kubectl_json("get", "endpointslices", "-l", "kubernetes.io/service-name=web", version=v)["items"]
        self.assertEqual([x["metadata"]["uid"] for x in after], [x["metadata"]["uid"] for x in before])
