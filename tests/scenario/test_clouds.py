# SPDX-License-Identifier: Apache-2.0
"""All controllers of a provider share one budget of its API's calls."""
import re

from harness import Scenario, eventually, node_ready

QUOTA = {"spec": {"quota": {"callsPerSecond": 5, "burst": 5}}}


def machine(i):
    return {"apiVersion": "sim.cleat.dev/v1alpha1", "kind": "Machine", "metadata": {"name": f"m-{i}"}, "spec": {"zone": "a"}}


class Clouds(Scenario):
    args = ("--cloud-provider", "sim", "--sim-machines", "0", "--cloud-discovery-period", "500ms")

    def metric(self, s, name, **labels):
        """The sum of a family's series with these labels."""
        total = 0.0
        for line in s.raw("GET", "/metrics")[1].splitlines():
            m = re.fullmatch(re.escape(name) + r"(?:\{(.*)\})? (\S+)", line)
            if m and all(f'{k}="{v}"' in (m.group(1) or "") for k, v in labels.items()):
                total += float(m.group(2))
        return total

    def grow(self, s, n):
        """Sets the cloud's quota, and makes so many servers; returns once all are ready Nodes."""
        eventually(lambda: s.raw("PATCH", "/apis/sim.cleat.dev/v1alpha1/clouds/sim", QUOTA,
                                 "application/merge-patch+json")[0] == 200, 5, "the cloud itself")
        for i in range(n):
            self.assertEqual(s.raw("POST", "/apis/sim.cleat.dev/v1alpha1/machines", machine(i))[0], 201)

        def all_there():
            nodes = s.raw("GET", "/api/v1/nodes")[1]["items"]
            return len(nodes) == n and all(node_ready(x) == "True" and not x["spec"].get("taints") for x in nodes)
        eventually(all_there, 60, f"{n} Nodes that are ready and initialised")

    def test_the_budget_is_kept(self):
        s = self.server(*self.args, "--cloud-api-calls-per-second", "4", "--cloud-api-burst", "2")
        self.grow(s, 12)
        self.assertGreater(self.metric(s, "cloudprovider_sim_api_request_duration_seconds_count", request="instance_metadata"), 11)
        self.assertGreater(self.metric(s, "cleat_cloud_call_wait_seconds_sum", provider="sim"), 0.1)
        self.assertEqual(self.metric(s, "cloudprovider_sim_api_throttled_requests_total"), 0, "the cloud was never asked too much")

    def test_what_the_cloud_says_to_one_holds_for_all(self):
        s = self.server()
        self.grow(s, 12)
        calls = self.metric(s, "cloudprovider_sim_api_request_duration_seconds_count")
        throttled = self.metric(s, "cloudprovider_sim_api_throttled_requests_total")
        self.assertGreater(throttled, 0)  # it does not know the quota
        self.assertLess(throttled, calls / 2, "but heeds what it is told")

    def test_slow_balancers_wait_for_no_worker(self):
        # each call takes two seconds; one worker would need twelve
        s = self.server(*self.args, "--concurrent-service-syncs", "1", "--cloud-api-patience", "200ms")
        eventually(lambda: s.raw("PATCH", "/apis/sim.cleat.dev/v1alpha1/clouds/sim", {"spec": {"latencyMilliseconds": 2000}},
                                 "application/merge-patch+json")[0] == 200, 5, "the cloud itself")
        for i in range(6):
            self.assertEqual(s.raw("POST", "/api/v1/namespaces/default/services", {
                "metadata": {"name": f"web-{i}"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}})[0], 201)

        def addresses():
            services = [s.raw("GET", f"/api/v1/namespaces/default/services/web-{i}")[1] for i in range(6)]
            return {x["status"]["loadBalancer"]["ingress"][0]["ip"] for x in services}
        self.assertEqual(len(eventually(addresses, 30, "addresses of all")), 6)
        self.assertEqual(self.metric(s, "cloudprovider_sim_api_request_duration_seconds_count", request="loadbalancer_ensure"), 6, "each was asked for once")
        self.assertGreater(self.metric(s, "cleat_cloud_calls_left_behind_total", request="loadbalancer_ensure"), 0)
        for i in range(6):
            eventually(lambda: any(e["reason"] == "EnsuredLoadBalancer" and e["involvedObject"]["name"] == f"web-{i}"
                                   for e in s.raw("GET", "/api/v1/namespaces/default/events")[1]["items"]), 5, "its event")

    def test_reads_are_shared(self):
        s = self.server(*self.args, "--cloud-api-cache-time", "30s")
        self.grow(s, 2)
        eventually(lambda: self.metric(s, "cleat_cloud_reads_total", request="instances_list", **{"from": "cache"}) > 3, 20)
        before = self.metric(s, "cleat_cloud_reads_total", request="instances_list", **{"from": "cloud"})
        self.assertEqual(s.raw("POST", "/apis/sim.cleat.dev/v1alpha1/machines", machine(7))[0], 201)
        eventually(lambda: s.raw("GET", "/api/v1/nodes/m-7")[0] == 200, 5, "news do not wait for the cache")
        self.assertGreater(self.metric(s, "cleat_cloud_reads_total", request="instances_list", **{"from": "cloud"}), before)
