# SPDX-License-Identifier: Apache-2.0
"""Load balancers and routes with the simulated cloud, whose objects show what it has made."""
import json
import random
import time

from harness import Scenario, eventually

FLAGS = ("--cloud-provider", "sim", "--allocate-node-cidrs", "--cluster-cidr", "10.244.0.0/16")


class Cloud(Scenario):
    def cluster(self, *more):
        s = self.server(*FLAGS, *more)
        eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 10, "three nodes")
        return s

    @staticmethod
    def behave(s, **spec):
        s.kubectl("patch", "clouds.sim.cleat.dev", "sim", "--type=merge", "-p", json.dumps({"spec": spec}))

    @staticmethod
    def balancers(s):
        return s.raw("GET", "/apis/sim.cleat.dev/v1alpha1/loadbalancers")[1]["items"]

    @staticmethod
    def routes(s):
        return s.raw("GET", "/apis/sim.cleat.dev/v1alpha1/routes")[1]["items"]

    @staticmethod
    def service(s, name):
        return s.raw("GET", f"/api/v1/namespaces/default/services/{name}")[1]

    def address(self, s, name):
        return [i["ip"] for i in self.service(s, name)["status"]["loadBalancer"]["ingress"]]

    @staticmethod
    def make(s, *names, **spec):
        items = [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": n, "namespace": "default"},
                  "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], **spec}} for n in names]
        s.kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))

    @staticmethod
    def reasons(s, name):
        return {e["reason"]: e["message"] for e in s.raw("GET", "/api/v1/namespaces/default/events")[1]["items"]
                if e["involvedObject"]["name"] == name}

    def test_a_service_from_its_address_to_its_end_with_both_kubectls(self):
        s = self.cluster()
        for version in ("22", "35"):
            w = self.watching(s, "get", "svc", "-w", version=version)
            w.until(lambda t: "kubernetes" in t, what="the watch")
            name = "web-" + version
            s.kubectl("create", "service", "loadbalancer", name, "--tcp=80:8080", version=version)
            w.until(lambda t: any(l.startswith(name) and "203.0.113." in l for l in t.splitlines()), 5, "the address")
            states = [l.split()[3] for l in w.text().splitlines() if l.startswith(name)]
            self.assertEqual(states[0], "<pending>", w.text())
            (lb,) = self.balancers(s)
            self.assertEqual((lb["spec"]["service"]["name"], sorted(lb["spec"]["hosts"])),
                             (name, ["sim-1", "sim-2", "sim-3"]))
            self.assertEqual(lb["spec"]["ports"][0]["nodePort"], self.service(s, name)["spec"]["ports"][0]["nodePort"])
            eventually(lambda: "EnsuredLoadBalancer" in self.reasons(s, name), 5, "events")
            out = s.kubectl("describe", "svc", name, version=version)
            for text in ("LoadBalancer Ingress", lb["status"]["ip"], "Ensuring load balancer", "Ensured load balancer",
                         "service-controller"):
                self.assertIn(text, out)
            s.kubectl("patch", "svc", name, "-p", '{"spec":{"type":"ClusterIP"}}', version=version)
            eventually(lambda: self.balancers(s) == [] and not self.service(s, name)["metadata"].get("finalizers"), 5,
                       "released")
            self.assertEqual(self.service(s, name)["status"]["loadBalancer"], {})
            s.kubectl("patch", "svc", name, "-p", '{"spec":{"type":"LoadBalancer"}}', version=version)
            eventually(lambda: self.address(s, name), 5, "an address again")
            s.kubectl("delete", "svc", name, version=version)  # which waits for its end
            self.assertEqual(self.balancers(s), [])
            self.assertIn("DeletedLoadBalancer", self.reasons(s, name))

    def test_a_balancer_that_no_service_is_for_goes(self):
        s = self.cluster("--load-balancer-orphan-period", "1s")
        self.make(s, "web", "stays")
        eventually(lambda: self.address(s, "web") and self.address(s, "stays"), 5)
        s.stop()
        s.args += ["--controllers", "*,-service"]
        s.start()
        s.kubectl("patch", "svc", "web", "--type=merge", "-p", '{"metadata":{"finalizers":null,"annotations":null}}')
        s.kubectl("delete", "svc", "web")
        self.assertEqual(len(self.balancers(s)), 2)
        s.stop()
        s.args = s.args[:-2]
        s.start()
        eventually(lambda: [b["spec"]["service"]["name"] for b in self.balancers(s)] == ["stays"], 15, "the orphan is gone")
        time.sleep(2)
        self.assertEqual(len(self.balancers(s)), 1)
        self.assertEqual(len(self.address(s, "stays")), 1)

    def test_a_cloud_in_trouble_is_seen(self):
        s = self.cluster("--route-reconciliation-period", "1s", "--cloud-api-read-timeout", "1s")
        calls = lambda: s.kubectl("get", "cloudproviders", "sim", "-o", "jsonpath={.status.calls.state}")
        eventually(lambda: calls() == "Answered", 15)
        out = s.kubectl("get", "cloudproviders")
        self.assertEqual(out.splitlines()[0].split()[:4], ["NAME", "PLUGIN", "STATE", "CALLS"])
        self.behave(s, quota={"callsPerSecond": 0.3, "burst": 1})
        eventually(lambda: calls() == "Throttled", 20, "back-off is told of")
        s.kubectl("wait", "cloudprovider/sim", "--for=condition=Throttled", "--timeout=5s")
        self.behave(s, quota=None, latencyMilliseconds=30000)
        eventually(lambda: calls() == "Unanswered", 40, "calls that are not answered are told of")
        out = s.kubectl("describe", "cloudprovider", "sim")
        self.assertIn("not answered by their deadline", out)

    def test_nodes_come_and_go(self):
        s = self.cluster()
        self.make(s, "web")
        hosts = lambda: sorted(self.balancers(s)[0]["spec"]["hosts"])
        eventually(lambda: hosts() == ["sim-1", "sim-2", "sim-3"], 5)
        s.kubectl("label", "node", "sim-2", "node.kubernetes.io/exclude-from-external-load-balancers=")
        eventually(lambda: hosts() == ["sim-1", "sim-3"], 5, "one is excluded")
        s.kubectl("label", "node", "sim-2", "node.kubernetes.io/exclude-from-external-load-balancers-")
        s.kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "sim.cleat.dev/v1alpha1", "kind": "Machine",
                                                        "metadata": {"name": "extra"}, "spec": {"zone": "a"}}))
        eventually(lambda: hosts() == ["extra", "sim-1", "sim-2", "sim-3"], 5, "one is new")
        self.assertIn("UpdatedLoadBalancer", self.reasons(s, "web"))

    def test_who_answers_for_whom(self):
        s = self.cluster()
        self.make(s, "theirs", loadBalancerClass="example.com/lb")
        self.make(s, "ours", loadBalancerClass="cleat.dev/sim")
        eventually(lambda: self.address(s, "ours"), 5)
        self.assertNotIn("finalizers", self.service(s, "theirs")["metadata"])
        s.kubectl("delete", "svc", "theirs", "ours")
        self.assertEqual(self.balancers(s), [])

    def test_a_slow_cloud_delays_nobody_twice(self):
        """Eight balancers, two seconds each, with one worker."""
        s = self.cluster("--concurrent-service-syncs", "1")
        self.behave(s, latencyMilliseconds=2000)
        names = [f"web-{i}" for i in range(8)]
        self.make(s, *names)
        began = time.monotonic()
        eventually(lambda: all(self.address(s, n) for n in names), 20, "all addresses")
        self.assertLess(time.monotonic() - began, 13)  # one after the other: 16
        self.behave(s, latencyMilliseconds=0)
        s.kubectl("delete", "svc", *names)
        self.assertEqual(self.balancers(s), [])

    def test_an_outage_holds_everything_and_loses_nothing(self):
        s = self.cluster("--load-balancer-condition")
        self.make(s, "old")
        eventually(lambda: self.address(s, "old"), 5)
        self.behave(s, apiDown=True)
        self.make(s, "new")
        s.kubectl("delete", "svc", "old", "--wait=false")
        eventually(lambda: "SyncLoadBalancerFailed" in self.reasons(s, "new") and
                   "failed to check if load balancer exists before cleanup" in
                   self.reasons(s, "old").get("SyncLoadBalancerFailed", ""), 5, "what is wrong")
        self.assertIn("service.kubernetes.io/load-balancer-cleanup", self.service(s, "old")["metadata"]["finalizers"])
        (c,) = self.service(s, "new")["status"]["conditions"]
        self.assertEqual((c["type"], c["status"], c["reason"]), ("LoadBalancerReady", "False", "SyncLoadBalancerFailed"))
        self.assertEqual(len(self.balancers(s)), 1)
        s.restart()
        self.assertEqual(len(self.balancers(s)), 1)
        self.behave(s, apiDown=False)
        eventually(lambda: s.raw("GET", "/api/v1/namespaces/default/services/old")[0] == 404, 15, "old is gone")
        eventually(lambda: self.address(s, "new"), 15, "new has its address")
        (c,) = eventually(lambda: self.service(s, "new")["status"]["conditions"])
        eventually(lambda: self.service(s, "new")["status"]["conditions"][0]["status"] == "True", 5)
        self.assertEqual([b["spec"]["service"]["name"] for b in self.balancers(s)], ["new"])

    def test_a_bad_cloud_and_crashes_leave_nothing(self):
        s = self.cluster()
        chance = random.Random(11)
        self.behave(s, errorRate=0.2, latencyMilliseconds=20, jitterMilliseconds=60)
        for round_ in range(3):
            eventually(lambda: self.make(s, *[f"web-{i}" for i in range(6)]) is None, 10)
            s.kubectl("delete", "svc", f"web-{round_}", "--wait=false", "--ignore-not-found")
            time.sleep(chance.uniform(0, 0.3))
            s.kill()
            s.start()
        self.behave(s, errorRate=0, latencyMilliseconds=0, jitterMilliseconds=0)
        eventually(lambda: self.make(s, *[f"web-{i}" for i in range(6)]) is None, 10)

        def settled():
            services = {f"web-{i}": self.service(s, f"web-{i}") for i in range(6)}
            if any(o.get("kind") == "Status" or "deletionTimestamp" in o["metadata"] for o in services.values()):
                self.make(s, *services)
                return False
            got = {b["spec"]["service"]["uid"]: b["status"]["ip"] for b in self.balancers(s)}
            return got == {o["metadata"]["uid"]: o["status"]["loadBalancer"]["ingress"][0]["ip"]
                           for o in services.values()}
        eventually(settled, 30, "each has its own and nothing else is there")
        s.kubectl("delete", "svc", *[f"web-{i}" for i in range(6)])
        self.assertEqual(self.balancers(s), [])

    def test_drift_is_repaired(self):
        s = self.cluster("--load-balancer-drift-period", "1s", "--route-reconciliation-period", "1s")
        self.make(s, "web")
        eventually(lambda: self.address(s, "web"), 5)
        eventually(lambda: len(self.routes(s)) == 3, 5)
        s.kubectl("delete", "loadbalancers.sim.cleat.dev", "--all")
        s.kubectl("delete", "routes.sim.cleat.dev", "--all")
        eventually(lambda: len(self.balancers(s)) == 1 and len(self.routes(s)) == 3, 5, "both are back")
        eventually(lambda: self.address(s, "web") == [self.balancers(s)[0]["status"]["ip"]], 5, "the status tells")
        eventually(lambda: "LoadBalancerMissing" in self.reasons(s, "web"), 5)
        s.kubectl("patch", "loadbalancers.sim.cleat.dev", self.balancers(s)[0]["metadata"]["name"], "--type=merge", "-p",
                  '{"spec":{"hosts":["nobody"]}}')
        eventually(lambda: sorted(self.balancers(s)[0]["spec"]["hosts"]) == ["sim-1", "sim-2", "sim-3"], 5, "its hosts")

    def test_a_node_has_its_route_without_waiting_for_a_period(self):
        s = self.cluster("--route-reconciliation-period", "1h")
        eventually(lambda: len(self.routes(s)) == 3, 5)
        s.kubectl("apply", "-f", "-", stdin=json.dumps({"apiVersion": "sim.cleat.dev/v1alpha1", "kind": "Machine",
                                                        "metadata": {"name": "extra"}, "spec": {"zone": "a"}}))
        node = lambda: s.raw("GET", "/api/v1/nodes/extra")[1]
        eventually(lambda: node()["kind"] == "Node" and [
            (c["status"], c["reason"]) for c in node()["status"].get("conditions", [])
            if c["type"] == "NetworkUnavailable"] == [("False", "RouteCreated")], 5, "the condition")
        cidr = node()["spec"]["podCIDRs"][0]
        self.assertIn((cidr, "extra"), [(r["spec"]["destinationCIDR"], r["spec"]["targetNode"]) for r in self.routes(s)])
        self.behave(s, apiDown=True)
        s.kubectl("delete", "node", "sim-1")
        eventually(lambda: "cannot be listed" in s.whole_log(), 5, "it tries")
        self.assertEqual(len(self.routes(s)), 4)  # nothing goes on what a failed call says
        self.behave(s, apiDown=False)
        eventually(lambda: s.raw("GET", "/api/v1/nodes/sim-1")[0] == 200, 15, "it comes back")
        s.kubectl("delete", "machine", "extra")
        eventually(lambda: s.raw("GET", "/api/v1/nodes/extra")[0] == 404, 15)
        eventually(lambda: cidr not in [r["spec"]["destinationCIDR"] for r in self.routes(s)], 5, "its route is gone")

    def test_only_routes_of_this_cluster_are_touched(self):
        s = self.cluster("--route-reconciliation-period", "1s")
        eventually(lambda: len(self.routes(s)) == 3, 5)
        for name, cidr in (("by-hand", "10.99.0.0/24"), ("stale", "10.244.200.0/24")):
            s.kubectl("apply", "-f", "-", stdin=json.dumps({
                "apiVersion": "sim.cleat.dev/v1alpha1", "kind": "Route", "metadata": {"name": name},
                "spec": {"destinationCIDR": cidr, "targetNode": "nobody"}}))
        names = lambda: {r["metadata"]["name"] for r in self.routes(s)}
        eventually(lambda: "stale" not in names(), 10, "the stale one goes")
        self.assertIn("by-hand", names())
        self.assertEqual(len(names()), 4)
