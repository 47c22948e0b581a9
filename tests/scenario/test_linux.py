# SPDX-License-Identifier: Apache-2.0
"""The provider for plain machines, with real packets: a client, a gateway and three nodes
in network namespaces. cleatd and kubectl run on the gateway."""
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time

import netns
from harness import Scenario, eventually

INVENTORY = """
apiVersion: linux.cleat.dev/v1alpha1
kind: Inventory
servers:
%s
pools:
  - name: outside
    interface: eth0
    addresses: [192.0.2.100-192.0.2.109, "2001:db8::100-2001:db8::109"]
  - name: special
    interface: eth0
    manual: true
    addresses: [192.0.2.200/32]
"""

SERVER = """  - name: %s
    addresses: [%s, "%s"]
    zone: rack-1
    region: cellar
    instanceType: nuc
    probe: {type: ICMP, intervalSeconds: 0.3, timeoutSeconds: 0.3, failures: 3}
"""

REASON = netns.why_not()


class Linux(Scenario):
    def __init__(self, name="runTest"):
        super().__init__(name)
        if os.geteuid() != 0:
            setattr(self, name, self.in_a_user_namespace)

    def setUp(self):
        if os.geteuid() != 0:
            return
        if REASON:
            self.skipTest(REASON)
        self.lab = netns.Lab()
        self.addCleanup(self.lab.close)
        self.addCleanup(self.lab.gateway.enter())  # cleatd, kubectl and we are there from now on

    def in_a_user_namespace(self):
        """The same test again, by somebody who is root there."""
        if subprocess.run(["unshare", "-Urn", "true"], capture_output=True).returncode != 0:
            self.skipTest("neither root nor user namespaces")
        run = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run.py")
        p = subprocess.run(["unshare", "-Urn", sys.executable, "-B", run, self.id()], text=True, capture_output=True)
        if " SKIP " in p.stdout:
            self.skipTest(p.stdout)
        self.assertEqual(p.returncode, 0, p.stdout)

    def cluster(self, *args, inventory=None):
        text = inventory or INVENTORY % "".join(
            SERVER % (n.name, n.address, n.address6) for n in self.lab.nodes)
        s = self.server(*self.flags(), *args, start=False)
        self.inventory = os.path.join(s.data, "inventory.yaml")
        self.write_inventory(text)
        s.args += ["--linux-inventory", self.inventory]
        s.start()
        eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 5, "three nodes")
        return s

    def flags(self):
        return ["--cloud-provider", "linux", "--allocate-node-cidrs", "--cluster-cidr", "10.244.0.0/16,fd10::/48",
                "--node-cidr-mask-size-ipv4", "24", "--node-cidr-mask-size-ipv6", "64",
                "--service-cluster-ip-range", "10.96.0.0/16,fd96::/112"]

    def write_inventory(self, text):
        with open(self.inventory + ".new", "w") as f:
            f.write(text)
        os.rename(self.inventory + ".new", self.inventory)

    def service(self, s, name, ports=((80, 30080, "TCP"),), annotations=None, **spec):
        """Made by kubectl; returns once it has addresses: (addresses, the object)."""
        body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "annotations": annotations or {}},
                "spec": {"type": "LoadBalancer",
                         "ports": [{"name": f"p{p}-{proto.lower()}", "port": p, "nodePort": np, "protocol": proto}
                                   for p, np, proto in ports], **spec}}
        s.kubectl("apply", "-f", "-", stdin=json.dumps(body))
        return self.addresses_of(s, name)

    def addresses_of(self, s, name):
        def look():
            o = s.raw("GET", f"/api/v1/namespaces/default/services/{name}")[1]
            return [i["ip"] for i in o["status"]["loadBalancer"]["ingress"]], o
        return eventually(look, 10, f"addresses of {name}: {s.log()[-3000:]}")

    def pods(self, *listen):
        return [self.lab.pod(n, *listen) for n in self.lab.nodes]

    def spread(self, vip, port, n=40, kind="tcp"):
        seen = self.lab.dials(self.lab.client, vip, port, n, kind)
        self.assertEqual(len(seen), n)
        self.assertNotIn(None, seen)
        return {node for node, _ in seen}

    def test_a_client_reaches_a_service_by_its_address(self):
        self.pods("tcp:30080", "udp:30053")
        s = self.cluster()
        w = self.watching(s, "get", "svc", "-w")
        w.until(lambda t: "kubernetes" in t or "NAME" in t, what="the watch")
        (vip,), svc = self.service(s, "web", [(80, 30080, "TCP"), (53, 30053, "UDP")])
        w.until(lambda t: any(l.startswith("web") and vip in l for l in t.splitlines()), what="the address")
        self.assertEqual(svc["status"]["loadBalancer"]["ingress"][0]["ipMode"], "Proxy")
        self.assertEqual(self.spread(vip, 80), {"node-1", "node-2", "node-3"})
        self.assertEqual(self.spread(vip, 53, kind="udp"), {"node-1", "node-2", "node-3"})
        self.assertIsNotNone(self.lab.dial(self.lab.gateway, vip, 80))  # from this machine too
        for host in self.lab.nodes:  # and from a node, whichever it gets
            self.assertNotIn(None, self.lab.dials(host, vip, 80, 10))
        self.assertIn(vip, netns.addresses(self.lab.gateway, "eth0"))
        self.assertIsNone(self.lab.dial(self.lab.client, vip, 22, timeout=1))  # the gateway itself stays hidden
        s.kubectl("delete", "svc", "web")
        self.assertNothingLeft()

    def test_both_families(self):
        self.pods("tcp:30080", "udp:30053")
        s = self.cluster()
        (v4, v6), _ = self.service(s, "web", [(80, 30080, "TCP"), (53, 30053, "UDP")],
                                   ipFamilyPolicy="RequireDualStack", ipFamilies=["IPv4", "IPv6"])
        self.assertTrue(v4.startswith("192.0.2.") and v6.startswith("2001:db8::"), (v4, v6))
        for kind, port in (("tcp", 80), ("udp", 53)):
            for vip in (v4, v6):
                self.assertEqual(self.spread(vip, port, kind=kind), {"node-1", "node-2", "node-3"}, (kind, vip))
        neighbours = self.lab.client.sh("ip neigh; ip -6 neigh")
        self.assertIn(v4, neighbours)
        self.assertIn(v6, neighbours)
        s.kubectl("delete", "svc", "web")
        self.assertNothingLeft()

    def test_a_node_dies_and_traffic_goes_on(self):
        self.pods("tcp:30080", "udp:30053")
        s = self.cluster()
        (vip,), _ = self.service(s, "web", [(80, 30080, "TCP"), (53, 30053, "UDP")])
        talks = [self.lab.talk(self.lab.client, vip, 80) for _ in range(40)]
        for t in talks:
            self.addCleanup(t.close)
        self.assertEqual({t.node for t in talks}, {"node-1", "node-2", "node-3"})
        chosen = lambda: self.lab.nodes[1].address in self.lab.gateway.sh("nft list table inet cleat")
        self.assertTrue(chosen())
        self.lab.nodes[1].sh("ip link set eth0 down")
        died = time.monotonic()
        eventually(lambda: not chosen(), 3, "node-2 is taken out")
        out = time.monotonic() - died
        # a caller who comes later never hears of it: the patience is for a busy machine
        answers = [self.lab.dial(self.lab.client, vip, p, k) for p, k in ((80, "tcp"), (53, "udp")) * 15]
        self.assertEqual({a and a[0] for a in answers}, {"node-1", "node-3"}, (out, answers))
        for t in talks:
            if t.node != "node-2":
                self.assertTrue(t.say("still here"), t.node)
        healthy = lambda: s.kubectl("get", "balancers.linux.cleat.dev", "-o", "jsonpath={.items[0].status.healthy}")
        eventually(lambda: healthy() == "2/3", 5, "2/3")
        self.lab.nodes[1].sh("ip link set eth0 up && ip route replace default via 10.0.0.1")
        eventually(lambda: healthy() == "3/3", 5, "3/3")
        reasons = lambda: {(e["involvedObject"]["kind"], e["reason"]) for e in
                           s.raw("GET", "/api/v1/events")[1]["items"]}
        eventually(lambda: {("Balancer", "NodeUnhealthy"), ("Balancer", "NodeHealthy")} <= reasons(), 5, "events")
        eventually(lambda: "node-2" in self.spread(vip, 80), 5, "node-2 is back")

    def udp_flow(self):
        """A cluster; what asks once more within one flow of UDP, for the answering node's name; who answers now."""
        self.pods("udp:30053", "tcp:30080")
        s = self.cluster()
        (vip,), _ = self.service(s, "dns", [(53, 30053, "UDP"), (80, 30080, "TCP")])
        leave = self.lab.client.enter()
        try:
            flow = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        finally:
            leave()
        self.addCleanup(flow.close)
        flow.connect((vip, 53))
        flow.settimeout(0.2)

        def ask():
            try:
                flow.send(b"?")
                return flow.recv(2048).decode().split()[0]
            except OSError:
                return None
        first = eventually(ask)
        return s, ask, first

    def test_a_udp_flow_leaves_a_dead_node(self):
        s, ask, first = self.udp_flow()
        self.assertEqual({ask() for _ in range(10)}, {first})
        next(n for n in self.lab.nodes if n.name == first).sh("ip link set eth0 down")
        eventually(lambda: ask() not in (None, first), 3.5, "the same flow at another node")

    def test_a_udp_flow_leaves_a_node_that_died_while_nobody_looked(self):
        s, ask, first = self.udp_flow()
        s.kill()
        next(n for n in self.lab.nodes if n.name == first).sh("ip link set eth0 down")
        self.assertNotEqual(ask(), first)
        s.start()
        second = eventually(lambda: (lambda a: a if a not in (None, first) else None)(ask()), 10,
                            "the same flow at another node")
        self.assertEqual({ask() for _ in range(10)}, {second})  # where it is well it stays

    def test_pods_reach_each_other_by_routes(self):
        s = self.cluster()
        nodes = eventually(lambda: (lambda l: l if len(l) == 3 else None)(
            [n for n in s.raw("GET", "/api/v1/nodes")[1]["items"] if len(n["spec"].get("podCIDRs", [])) == 2]))
        where = {}
        for host in self.lab.nodes:
            cidrs = next(n["spec"]["podCIDRs"] for n in nodes if n["metadata"]["name"] == host.name)
            where[host.name] = [c.split("/")[0].rstrip("0") + "2" for c in cidrs]
            for a in where[host.name]:
                host.sh(f"ip addr add {a} dev lo {'nodad' if ':' in a else ''}")
            self.lab.pod(host, "tcp:8080")
        gw = self.lab.gateway
        eventually(lambda: len(gw.sh("ip route show table 7700; ip -6 route show table 7700").splitlines()) == 6, 5,
                   "six routes")
        for family in (0, 1):
            for a in self.lab.nodes:
                for b in self.lab.nodes:
                    if a is not b:
                        # routes are there a moment before the rule that leads to them
                        eventually(lambda: self.lab.dial(a, where[b.name][family], 8080, source=where[a.name][family]) ==
                                   (b.name, where[a.name][family]), 10, f"from {a.name} to {b.name}")
        # a node leaves: so does its route, within the period of whoever looks
        foreign = "10.99.0.0/16 dev lo"
        gw.sh(f"ip route add {foreign} table 7700; ip rule add pref 500 table 99")
        self.write_inventory(INVENTORY % "".join(
            SERVER % (n.name, n.address, n.address6) for n in self.lab.nodes[:2]))
        cidr = where["node-3"][0].rsplit(".", 1)[0]
        eventually(lambda: cidr not in gw.sh("ip route show table 7700"), 20, "the route of node-3 is gone")
        self.assertEqual(len(gw.sh("ip route show table 7700 proto 77").splitlines()), 2)
        self.write_inventory(INVENTORY % "  []")
        eventually(lambda: gw.sh("ip route show table 7700; ip -6 route show table 7700").split() == foreign.split() +
                   ["scope", "link"], 20, "our routes are gone: " + gw.sh("ip route show table 7700"))
        self.assertEqual(gw.sh("ip rule; ip -6 rule").count("lookup 7700"), 0)
        self.assertIn("lookup 99", gw.sh("ip rule"))

    def test_a_restart_breaks_no_connection(self):
        self.pods("tcp:30080")
        s = self.cluster()
        (vip,), svc = self.service(s, "web", sessionAffinity="ClientIP")
        self.lab.nodes[2].end_children()
        eventually(lambda: s.kubectl("get", "balancers", "-o", "jsonpath={.items[0].status.healthy}") == "2/3", 5)
        talk = self.lab.talk(self.lab.client, vip, 80)
        self.addCleanup(talk.close)
        for end in (s.stop, s.kill):
            end()
            self.assertTrue(talk.say("nobody is at the helm"))
            self.assertEqual(self.spread(vip, 80, 5), {talk.node})  # by affinity, and not the dead one
            before = netns.rules(self.lab.gateway)
            s.start()
            end_of_look = time.monotonic() + 3
            while time.monotonic() < end_of_look:
                self.assertTrue(talk.say("back again"))
                self.assertEqual(self.spread(vip, 80, 3), {talk.node})
                self.assertIn(vip, netns.addresses(self.lab.gateway, "eth0"))
            strip = lambda text: [l for l in text.splitlines() if "elements" not in l and "expires" not in l]
            self.assertEqual(strip(netns.rules(self.lab.gateway)), strip(before))
        # what goes while nobody looks is cleaned up by the next start
        s.kill()
        self.lab.gateway.sh("nft add chain inet cleat stray; ip addr add 192.0.2.105/32 dev eth0")
        s.start()
        eventually(lambda: "stray" not in netns.rules(self.lab.gateway), 5, "the stray chain is gone")
        s.kubectl("delete", "svc", "web")
        eventually(lambda: "192.0.2.105" in netns.addresses(self.lab.gateway), 5)
        self.lab.gateway.sh("ip addr del 192.0.2.105/32 dev eth0")  # somebody else's: it stayed
        self.assertNothingLeft()

    def test_what_others_change_comes_back(self):
        self.pods("tcp:30080")
        s = self.cluster()
        gw = self.lab.gateway
        gw.sh("nft add table inet mine; nft add chain inet mine c { type filter hook forward priority 0\\; }; "
              "nft add rule inet mine c counter")
        (vip,), _ = self.service(s, "web")
        want = netns.rules(gw)
        chain = next(l.split()[1] for l in want.splitlines() if l.startswith("\tchain b-"))
        for damage in (f"ip addr del {vip}/32 dev eth0", "nft delete table inet cleat", "nft flush map inet cleat services4",
                       f"nft flush chain inet cleat {chain}", "nft add chain inet cleat stray",
                       "nft flush set inet cleat masquerade4", "ip link set eth0 down; ip link set eth0 up"):
            gw.sh(damage)
            eventually(lambda: netns.rules(gw) == want and vip in netns.addresses(gw, "eth0"), 4, damage)
            eventually(lambda: self.lab.dial(self.lab.client, vip, 80), 4, damage)
        rule = "from all lookup 7700 proto 77"
        eventually(lambda: rule in gw.sh("ip rule"), 5)
        gw.sh("ip rule del pref 7700; ip route flush table 7700")
        eventually(lambda: rule in gw.sh("ip rule") and len(gw.sh("ip route show table 7700").splitlines()) == 3, 15,
                   "routes and rule")
        self.assertIn("table inet mine", netns.rules(gw))

    def test_who_may_and_who_stays(self):
        self.pods("tcp:30080", "tcp:30443", "healthz:32100")
        self.lab.client.sh("ip addr add 192.0.2.3/24 dev eth0; ip addr add 192.0.2.66/24 dev eth0")
        s = self.cluster()
        (vip,), _ = self.service(s, "web", loadBalancerSourceRanges=["192.0.2.0/26", "192.0.2.32/27"])
        self.assertIsNotNone(self.lab.dial(self.lab.client, vip, 80))
        self.assertIsNone(self.lab.dial(self.lab.client, vip, 80, timeout=0.7, source="192.0.2.66"))
        s.kubectl("patch", "svc", "web", "--type=merge", "-p",
                  '{"spec":{"loadBalancerSourceRanges":null,"sessionAffinity":"ClientIP"}}')
        eventually(lambda: self.lab.dial(self.lab.client, vip, 80, timeout=0.5, source="192.0.2.66"), 5, "open to all")
        for source in ("192.0.2.2", "192.0.2.3", "192.0.2.66"):
            first = self.lab.dial(self.lab.client, vip, 80, source=source)
            self.assertEqual(set(self.lab.dials(self.lab.client, vip, 80, 8, source=source)), {first})
        self.assertEqual(first[1], "10.0.0.1")  # masqueraded
        (local,), _ = self.service(s, "local", [(443, 30443, "TCP")], externalTrafficPolicy="Local",
                                   healthCheckNodePort=32100)
        seen = set(self.lab.dials(self.lab.client, local, 443, 40))
        self.assertEqual({a for _, a in seen}, {"192.0.2.2"})  # the client's own address
        self.assertEqual({n for n, _ in seen}, {"node-1", "node-2", "node-3"})
        self.lab.nodes[0].end_children()
        self.lab.pod(self.lab.nodes[0], "tcp:30080", "tcp:30443")  # no endpoint there: nothing at the health port
        time.sleep(3)
        self.assertEqual({a[0] for a in self.lab.dials(self.lab.client, local, 443, 20)}, {"node-2", "node-3"})
        # from beside a node, whose answer would go past the gateway
        self.assertEqual(self.lab.dial(self.lab.nodes[0], local, 443)[1], "10.0.0.1")

    def test_pools_and_requests(self):
        s = self.cluster()
        (a,), _ = self.service(s, "one", [(80, 30001, "TCP")])
        (b,), _ = self.service(s, "two", [(80, 30002, "TCP")], loadBalancerIP="192.0.2.107")
        (c,), _ = self.service(s, "three", [(80, 30003, "TCP")], annotations={"linux.cleat.dev/pool": "special"})
        self.assertEqual((a, b, c), ("192.0.2.100", "192.0.2.107", "192.0.2.200"))
        body = {"apiVersion": "linux.cleat.dev/v1alpha1", "kind": "AddressPool", "metadata": {"name": "more"},
                "spec": {"addresses": ["192.0.2.150/31"], "interface": "eth0", "manual": True}}
        s.kubectl("apply", "-f", "-", stdin=json.dumps(body))
        (d,), _ = self.service(s, "four", [(80, 30004, "TCP")], annotations={"linux.cleat.dev/pool": "more"})
        self.assertEqual(d, "192.0.2.150")
        s.kubectl("patch", "svc", "one", "--type=merge", "-p", '{"spec":{"loadBalancerIP":"192.0.2.109"}}')
        eventually(lambda: self.addresses_of(s, "one")[0] == ["192.0.2.109"], 5, "another address")
        eventually(lambda: "192.0.2.100" not in netns.addresses(self.lab.gateway), 5, "the old one is gone")
        s.kubectl("annotate", "svc", "two", "linux.cleat.dev/pool=more")
        s.kubectl("patch", "svc", "two", "--type=merge", "-p", '{"spec":{"loadBalancerIP":null}}')
        eventually(lambda: self.addresses_of(s, "two")[0] == ["192.0.2.151"], 5, "the other pool's")
        out = s.kubectl("get", "balancers")
        self.assertEqual(out.splitlines()[0].split(), ["NAME", "NAMESPACE", "SERVICE", "ADDRESSES", "HEALTHY", "STATE", "AGE"])
        for name in ("one", "two", "three", "four"):
            s.kubectl("delete", "svc", name)
        self.assertNothingLeft()

    def test_the_inventory_is_followed(self):
        s = self.cluster()
        node = s.raw("GET", "/api/v1/nodes/node-2")[1]
        self.assertEqual(node["spec"]["providerID"], "linux://node-2")
        labels = lambda: s.raw("GET", "/api/v1/nodes/node-2")[1]["metadata"]["labels"]
        eventually(lambda: labels()["topology.kubernetes.io/zone"] == "rack-1", 5)
        self.assertEqual(labels()["node.kubernetes.io/instance-type"], "nuc")
        taints = lambda: [t["key"] for t in s.raw("GET", "/api/v1/nodes/node-2")[1]["spec"].get("taints", [])]
        self.lab.nodes[1].sh("ip link set eth0 down")
        eventually(lambda: "node.cloudprovider.kubernetes.io/shutdown" in taints(), 20, "shut down")
        self.lab.nodes[1].sh("ip link set eth0 up")
        # a file with a mistake changes nothing; half a file neither
        with open(self.inventory, "w") as f:
            f.write("kind: Inventory\nservers:\n  - name: node-1\n    adresses: []\n")
        eventually(lambda: "unknown field" in s.whole_log(), 5, "a complaint")
        body = {"apiVersion": "linux.cleat.dev/v1alpha1", "kind": "Server", "metadata": {"name": "extra"},
                "spec": {"addresses": [{"address": "10.0.0.99"}], "zone": "rack-2"}}
        s.kubectl("apply", "-f", "-", stdin=json.dumps(body))
        eventually(lambda: s.raw("GET", "/api/v1/nodes/node-2")[0] == 200, 3)
        self.write_inventory(INVENTORY % (SERVER % ("node-1", "10.0.0.11", "fd00::11")))
        names = lambda: {n["metadata"]["name"] for n in s.raw("GET", "/api/v1/nodes")[1]["items"]}
        eventually(lambda: names() == {"node-1", "extra"}, 20, "what the file and the objects say")
        s.kubectl("delete", "server", "extra")
        eventually(lambda: names() == {"node-1"}, 20, "what the file says")

    def test_a_day_of_a_cluster(self):
        """What a user sees from the first route to an empty kernel, with restarts and deaths in between."""
        self.pods("tcp:30080")
        s = self.cluster()
        gw, nodes = self.lab.gateway, self.lab.nodes
        w = self.watching(s, "get", "svc", "-w")
        w.until(lambda t: "kubernetes" in t, what="the watch")

        # pods reach each other by routes that the controller made, and the Nodes say so
        get = lambda: s.raw("GET", "/api/v1/nodes")[1]["items"]
        told = lambda n: [(c["status"], c["reason"]) for c in n["status"]["conditions"] if c["type"] == "NetworkUnavailable"]
        eventually(lambda: all(told(n) == [("False", "RouteCreated")] for n in get()), 5, "the Nodes' conditions")
        where = {}
        for n in get():
            host = next(h for h in nodes if h.name == n["metadata"]["name"])
            where[host.name] = n["spec"]["podCIDRs"][0].split("/")[0].rstrip("0") + "2"
            host.sh(f"ip addr add {where[host.name]} dev lo")
            self.lab.pod(host, "tcp:8080")
        across = lambda a, b: self.lab.dial(a, where[b.name], 8080, source=where[a.name])
        self.assertEqual(across(nodes[0], nodes[1]), ("node-2", where["node-1"]))

        # a service gets its address, a client reaches it; the controller is killed and comes back
        (vip,), svc = self.service(s, "web")
        w.until(lambda t: any(l.startswith("web") and vip in l for l in t.splitlines()), what="the address")
        self.assertEqual([p["port"] for p in svc["status"]["loadBalancer"]["ingress"][0]["ports"]], [80])
        self.assertEqual(self.spread(vip, 80), {"node-1", "node-2", "node-3"})
        talk = self.lab.talk(self.lab.client, vip, 80)
        self.addCleanup(talk.close)
        s.kill()
        self.assertTrue(talk.say("nobody is at the helm"))
        self.assertEqual(across(nodes[2], nodes[0]), ("node-1", where["node-3"]))

        # while nobody looks a node dies; back again, traffic goes past it
        dead = next(n for n in nodes if n.name != talk.node)
        dead.sh("ip link set eth0 down")
        s.start()
        w = self.watching(s, "get", "svc", "-w")  # the first one's connection is gone
        w.until(lambda t: vip in t, what="the watch, again")
        eventually(lambda: dead.name not in self.spread(vip, 80, 12), 10, "the dead node is out")
        self.assertTrue(talk.say("still here"))
        eventually(lambda: self.addresses_of(s, "web")[0] == [vip], 5)
        dead.sh("ip link set eth0 up && ip route replace default via 10.0.0.1")
        eventually(lambda: dead.name in self.spread(vip, 80, 20), 10, "it is back")

        # a node is taken out by its label, another type gives the address back, and back again
        s.kubectl("label", "node", dead.name, "node.kubernetes.io/exclude-from-external-load-balancers=")
        targets = lambda: s.kubectl("get", "balancers", "-o", "jsonpath={.items[0].spec.targets[*].node}").split()
        eventually(lambda: len(targets()) == 2 and dead.name not in targets(), 5, "two targets")
        eventually(lambda: dead.name not in self.spread(vip, 80, 12), 5)
        s.kubectl("patch", "svc", "web", "-p", '{"spec":{"type":"ClusterIP"}}')
        self.assertNothingLeft()
        s.kubectl("patch", "svc", "web", "-p",
                  '{"spec":{"type":"LoadBalancer","ports":[{"port":80,"nodePort":30080}]}}')
        (vip,), _ = self.addresses_of(s, "web")
        eventually(lambda: self.lab.dial(self.lab.client, vip, 80, timeout=0.5), 5)
        out = s.kubectl("describe", "svc", "web")
        for text in ("EnsuringLoadBalancer", "EnsuredLoadBalancer", "UpdatedLoadBalancer", "DeletedLoadBalancer"):
            self.assertIn(text, out)

        # deletion leaves nothing behind: no rule, no address, no route
        s.kubectl("delete", "svc", "web")
        states = [l.split()[3] for l in w.text().splitlines() if l.startswith("web")]
        self.assertTrue({"<none>", "<pending>", vip} <= set(states), states)  # of both types, as it happened
        self.assertNothingLeft()
        self.write_inventory(INVENTORY % "  []")
        eventually(lambda: get() == [] and not gw.sh("ip route show table 7700; ip -6 route show table 7700").strip(), 25,
                   "no Nodes and no routes")
        self.assertEqual(gw.sh("ip rule; ip -6 rule").count("lookup 7700"), 0)

    def test_a_reload_breaks_no_connection(self):
        self.pods("tcp:30080")
        s = self.cluster()
        (vip,), _ = self.service(s, "web")
        talk = self.lab.talk(self.lab.client, vip, 80)
        self.addCleanup(talk.close)
        s.stop()
        path = os.path.join(s.data, "config.yaml")
        state = lambda: s.kubectl("get", "cloudproviders", "linux", "--no-headers")

        def configure(failures):
            with open(path, "w") as f:
                f.write("apiVersion: cleat.dev/v1alpha1\nkind: Configuration\n"
                        f"plugins: {{linux: {{healthFailures: {failures}}}}}\n")
        configure(2)
        s.args += ["--config", path]
        s.start()
        for failures in (3, 4):
            configure(failures)
            n = s.whole_log().count("cloud provider linux: Running")
            s.proc.send_signal(signal.SIGHUP)
            eventually(lambda: s.whole_log().count("cloud provider linux: Running") > n, 10, "made anew")
            self.assertTrue(talk.say("still here"))
            self.assertIsNotNone(self.lab.dial(self.lab.client, vip, 80))
        # an inventory that is wrong from the start: told of, and tried again
        with open(self.inventory) as f:
            right = f.read()
        self.write_inventory(right.replace("zone:", "zonne:"))
        configure(5)
        s.proc.send_signal(signal.SIGHUP)
        eventually(lambda: "servers[0].zonne: unknown field" in state(), 10, "the mistake")
        self.assertIsNotNone(self.lab.dial(self.lab.client, vip, 80))
        self.write_inventory(right)
        eventually(lambda: " Running " in state(), 20, "all well again")
        self.assertTrue(talk.say("still here"))

    def test_crashes_at_any_moment_leave_nothing(self):
        self.pods("tcp:30080")
        s = self.cluster()
        chance = random.Random(7)
        for round_ in range(6):
            for i in range(3):
                body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"web-{i}"},
                        "spec": {"type": "LoadBalancer", "ports": [{"port": 80 + round_, "nodePort": 30080 + i}]}}
                # one that is going may go between kubectl's read and its write: then again
                eventually(lambda: s.kubectl("apply", "-f", "-", stdin=json.dumps(body)), 10, f"apply web-{i}")
            if round_ % 2:
                s.kubectl("delete", "svc", "web-2", "--wait=false", "--ignore-not-found")
            time.sleep(chance.uniform(0, 0.25))
            s.kill()
            s.start()
        (vip,), _ = self.addresses_of(s, "web-0")
        eventually(lambda: self.lab.dial(self.lab.client, vip, 85), 5, "the last port")
        self.assertIsNone(self.lab.dial(self.lab.client, vip, 84, timeout=0.5))
        vips = [self.addresses_of(s, f"web-{i}")[0][0] for i in (0, 1)]
        self.assertEqual(len(set(vips)), 2)
        for name in ("web-0", "web-1"):
            s.kubectl("delete", "svc", name)
        eventually(lambda: s.raw("GET", "/apis/linux.cleat.dev/v1alpha1/balancers")[1]["items"] == [], 5, "no objects")
        self.assertNothingLeft()

    def assertNothingLeft(self):
        gw = self.lab.gateway
        eventually(lambda: netns.rules(gw).strip() == "", 5, "no rules: " + netns.rules(gw))
        self.assertEqual(sorted(a for a in netns.addresses(gw) if not a.startswith("fe80")),
                         sorted(["127.0.0.1", "::1", "192.0.2.1", "2001:db8::1", "10.0.0.1", "fd00::1"]))
