# SPDX-License-Identifier: Apache-2.0
"""The provider for plain machines, with real packets: a client, a gateway and three nodes
in network namespaces. cleatd and kubectl run on the gateway."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import netns
from harness import BUILD, ROOT, Scenario, eventually

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
DRIVER = os.path.join(BUILD, "lib", "cleat", "test-plugins", "cloud-driver.so")


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
        extra = tempfile.mkdtemp(prefix="cleat-driver-")
        self.addCleanup(shutil.rmtree, extra)
        shutil.copy(DRIVER, extra)
        return ["--cloud-provider", "linux", "--allocate-node-cidrs", "--cluster-cidr", "10.244.0.0/16,fd10::/48",
                "--node-cidr-mask-size-ipv4", "24", "--node-cidr-mask-size-ipv6", "64",
                "--plugin-dir", extra, "--plugin-dir", os.path.join(BUILD, "lib", "cleat", "plugins")]

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
        seen = [self.lab.dial(self.lab.client, vip, port, kind) for _ in range(n)]
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
        self.assertIn(vip, netns.addresses(self.lab.gateway, "eth0"))
        self.assertIsNone(self.lab.dial(self.lab.client, vip, 22, timeout=1))  # the gateway itself stays hidden
        s.kubectl("delete", "svc", "web")
        self.assertNothingLeft()

    def assertNothingLeft(self):
        gw = self.lab.gateway
        eventually(lambda: netns.rules(gw).strip() == "", 5, "no rules: " + netns.rules(gw))
        self.assertEqual(sorted(a for a in netns.addresses(gw) if not a.startswith("fe80")),
                         sorted(["127.0.0.1", "::1", "192.0.2.1", "2001:db8::1", "10.0.0.1", "fd00::1"]))
