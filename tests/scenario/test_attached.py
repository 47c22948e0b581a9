# SPDX-License-Identifier: Apache-2.0
"""The same plugins in a process of their own, attached to an API server elsewhere."""
import bisect
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from attached import (BRISK, LEASE, AttachedServer, Manager, RealServer, far_side, grant_all, service_account_token)
from faultproxy import Proxy, leaf
from harness import BUILD, CLEAT, CLEATD, Scenario, eventually, node_ready
from test_gc import GarbageCollection
from test_node_failures import MACHINE, NodeFailures, taints
from test_nodes import is_initialised

MEDIUM = ("--node-monitor-grace-period", "4s", "--node-startup-grace-period", "4s", "--node-monitor-period", "1s",
          "--node-eviction-rate", "5")
SIM = ("--cloud-provider", "sim", "--kube-api-qps", "-1")


class Attached(Scenario):
    def far(self, *args):
        s = far_side(*args)
        self.addCleanup(shutil.rmtree, s.empty, True)
        self.addCleanup(s.close)
        return s.start()

    def manager(self, kubeconfig, *args, **kw):
        m = Manager(kubeconfig, *args, **kw)
        self.addCleanup(m.close)
        return m.start()

    def proxy(self, s, **kw):
        p = Proxy(s.data, s.port, **kw)
        self.addCleanup(p.close)
        return p


# ---- as embedded ----

class AsEmbedded(Scenario):
    """Scenarios of the embedded mode, word for word."""

    def server(self, *args, start=True, **kw):
        s = AttachedServer(*(args or self.args), **kw)
        self.addCleanup(s.close)
        return s.start() if start else s


class AttachedNodeFailures(AsEmbedded):
    args = NodeFailures.args
    cluster, nodes, states = NodeFailures.cluster, NodeFailures.nodes, NodeFailures.states
    crash, bound_pod, leaving = NodeFailures.crash, NodeFailures.bound_pod, NodeFailures.leaving

    def test_a_server_dies(self):
        s = self.cluster({"a1": "a", "a2": "a", "b1": "b"})
        self.bound_pod(s, "p", "a1")
        self.crash(s, "a1")
        eventually(lambda: self.leaving(s, "p"), 20, "the pod is evicted")
        self.assertEqual(self.states(s), {"a1": "Unknown", "a2": "True", "b1": "True"})
        s.kubectl("delete", "machine", "a1")
        eventually(lambda: "a1" not in self.nodes(s), 10, "its Node goes with it")
        eventually(lambda: all(r in s.kubectl("get", "events", "-A") for r in (
            "NodeNotReady", "TaintManagerEviction", "DeletingNode")), 10, "events")


class AttachedGarbageCollection(AsEmbedded):
    args = ()
    make, tree, names = GarbageCollection.make, GarbageCollection.tree, GarbageCollection.names

    def test_a_tree_goes_with_its_root(self):
        s = self.server()
        self.tree(s, "35")
        time.sleep(0.5)
        self.assertEqual(len(self.names(s, "35", "pods")), 3)  # nothing goes without a reason
        for cascade in ("background", "foreground"):
            s.kubectl("delete", "deployment", "web", "--cascade=" + cascade)
            eventually(lambda: not self.names(s, "35", "deployments,replicasets,pods"), 20, cascade)
            self.tree(s, "35")
        s.kubectl("delete", "deployment", "web", "--cascade=orphan")
        rs = eventually(lambda: (lambda r: r if not r["metadata"].get("ownerReferences") else None)(
            s.kubectl_json("get", "rs", "web-1")), 20)
        self.assertNotIn("deletionTimestamp", rs["metadata"])
        s.kubectl("create", "namespace", "gone")
        s.kubectl("create", "configmap", "c", "-n", "gone")
        s.kubectl("delete", "namespace", "gone", timeout=30)  # waits until it is


class Life(Attached):
    def test_nodes_are_initialised_and_follow_the_cloud(self):
        s = self.far()
        m = self.manager(s.kubeconfig, *SIM).wait_leading()
        nodes = eventually(lambda: (lambda l: l if len(l) == 3 and all(
            node_ready(n) == "True" and is_initialised(n) for n in l) else None)(
                s.raw("GET", "/api/v1/nodes")[1]["items"]), 20, "three Ready nodes")
        self.assertTrue(all(n["spec"]["providerID"].startswith("sim://") for n in nodes))
        s.kubectl("apply", "-f", "-", stdin=MACHINE % ("extra", "sim-b"))
        eventually(lambda: is_initialised(s.raw("GET", "/api/v1/nodes/extra")[1]), 10)
        s.kubectl("delete", "machine", "extra")
        eventually(lambda: s.raw("GET", "/api/v1/nodes/extra")[0] == 404, 15)
        self.assertIn("Running", s.kubectl("get", "controllers.cleat.dev", "cloud-node-controller"))
        # a restart of the API server is survived
        s.restart()
        s.kubectl("apply", "-f", "-", stdin=MACHINE % ("later", "sim-b"))
        eventually(lambda: m.alive() and is_initialised(s.raw("GET", "/api/v1/nodes/later")[1]), 40)
        # so is one of the manager, with a lease that was given back
        m.stop()
        self.assertEqual(s.raw("GET", LEASE)[1]["spec"]["holderIdentity"], "")
        began = time.monotonic()
        m.start().wait_leading(10)
        self.assertLess(time.monotonic() - began, 8)
        events = [e["message"] for e in s.raw("GET", "/api/v1/namespaces/kube-system/events")[1]["items"]
                  if e["reason"] == "LeaderElection"]
        self.assertTrue(any(e.endswith(" became leader") for e in events), events)
        self.assertTrue(any(e.endswith(" stopped leading") for e in events), events)

    def test_what_a_controller_manager_does_is_left_to_it(self):
        s = self.far()
        m = self.manager(s.kubeconfig, *SIM, "--controllers", "*").wait_leading()
        running = lambda: {c["metadata"]["name"] for c in s.raw("GET", "/apis/cleat.dev/v1alpha1/controllers")[1]["items"]
                           if c["status"]["state"] == "Running"}
        eventually(lambda: m.alive() and running() == {
            "cloud-node-controller", "cloud-node-lifecycle-controller", "service-lb-controller"}, 20, running)

    def test_health_and_metrics(self):
        s = self.far()
        m = self.manager(s.kubeconfig, *SIM).wait_leading()
        eventually(lambda: m.get("/healthz") == (200, "ok"))
        self.assertIn("[+]leaderElection ok", m.get("/readyz?verbose")[1])
        self.assertEqual(m.get("/metrics")[0], 403)
        self.assertEqual(m.get("/metrics", "nonsense")[0], 401)
        self.assertEqual(m.get("/metrics", service_account_token(s, "stranger"))[0], 403)
        token = service_account_token(s, "looker")
        s.kubectl("create", "clusterrole", "looker", "--verb=get", "--non-resource-url=/metrics")
        s.kubectl("create", "clusterrolebinding", "looker", "--clusterrole=looker", "--serviceaccount=kube-system:looker")
        eventually(lambda: "\nrunning_managed_controllers{name=\"cloud-node-controller\"" in m.get("/metrics", token)[1] and
                   "\nworkqueue_adds_total{" in m.get("/metrics", token)[1], 20)
        status, text = m.get("/metrics", token)
        self.assertEqual(status, 200, text)
        for name in ('leader_election_master_status{name="cloud-controller-manager"} 1',
                     'running_managed_controllers{name="cloud-node-controller",manager="cloud-controller-manager"} 1',
                     "process_resident_memory_bytes", "workqueue_adds_total{", "rest_client_requests_total{",
                     "rest_client_request_duration_seconds_bucket{"):
            self.assertIn("\n" + name, text)
        self.assertEqual(m.get("/configz", token)[0], 403)
        admin = service_account_token(s, "boss")
        grant_all(s, "boss")
        self.assertEqual(json.loads(m.get("/configz", admin)[1])["cleatd.cleat.dev"]["leaderElect"], "true")
        self.assertEqual(m.get("/api/v1/nodes", admin)[0], 404)

    def test_kinds_are_defined_where_that_is_allowed(self):
        s = self.far()
        token = service_account_token(s, "weak")
        s.kubectl("create", "clusterrole", "weak", "--verb=get,create,update", "--resource=leases.coordination.k8s.io")
        s.kubectl("create", "clusterrolebinding", "weak", "--clusterrole=weak", "--serviceaccount=kube-system:weak")
        p = self.proxy(s)
        weak = self.manager(p.kubeconfig(token), *SIM, "--controllers", "-cloud-node", *BRISK).wait_leading()
        eventually(lambda: "kind machines.sim.cleat.dev cannot be" in weak.log() and
                   "cleat crds | kubectl apply -f -" in weak.log(), 10, weak.log)
        self.assertEqual(weak.stop(), 0)
        # what cleat prints is what cleatd would have made
        s.kubectl("apply", "-f", "-", stdin=subprocess.run([CLEAT, "crds"], check=True, text=True,
                                                           stdout=subprocess.PIPE).stdout)
        before = {c["metadata"]["name"]: c["metadata"]["generation"] for c in s.kubectl_json("get", "crds")["items"]}
        m = self.manager(s.kubeconfig, *SIM).wait_leading()
        eventually(lambda: m.alive() and len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 20)
        after = {c["metadata"]["name"]: c["metadata"]["generation"] for c in s.kubectl_json("get", "crds")["items"]}
        self.assertEqual(before, after)

    def test_each_controller_acts_as_an_account_of_its_own(self):
        s = self.far()
        token = service_account_token(s, "manager")
        grant_all(s, "manager", "cloud-node-controller", "cloud-node-lifecycle-controller", "cleat-host", "sim")
        p = self.proxy(s)
        m = self.manager(p.kubeconfig(token), *SIM, "--use-service-account-credentials", "--controllers",
                         "cloud-node,cloud-node-lifecycle").wait_leading()
        eventually(lambda: m.alive() and len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 20)
        accounts = [a["metadata"]["name"] for a in s.raw("GET", "/api/v1/namespaces/kube-system/serviceaccounts")[1]["items"]]
        self.assertIn("cloud-node-controller", accounts)  # made where it was missing
        shown = {r.agent.rsplit("/", 1)[-1]: r.token for r in p.log if r.status < 300 and "/token" not in r.path}
        own = {shown[name] for name in ("cloud-node-controller", "sim", "cleat-host")}
        self.assertEqual(len(own), 3, shown.keys())
        self.assertNotIn("Bearer " + token, own)
        self.assertEqual(shown["leader-election"], "Bearer " + token)

    def test_flags(self):
        def run(*args):
            p = subprocess.run([CLEATD, *args], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=10)
            return p.returncode, p.stdout
        for args, words in (
                (["--kubeconfig="], "give --attach"),
                (["--leader-elect"], "--kubeconfig, --master or --attach are missing"),
                (["--kubeconfig=/nowhere", "--data-dir", "/tmp/x"], "--data-dir is for a cleatd with an API server"),
                (["--attach=false", "--master", "https://127.0.0.1:1"], "says where to"),
                (["--attach", "--webhooks=x"], "--webhooks=x is not supported"),
                (["--attach", "--leader-elect-resource-lock", "endpoints"], 'must be "leases"'),
                (["--attach", "--kube-api-burst", "0"], "--kube-api-burst"),
                (["--attach", "--manage-crds", "perhaps"], "auto, true or false")):
            code, text = run(*args)
            self.assertEqual(code, 2, (args, text))
            self.assertIn(words, text)
        for args in (["--kubeconfig", "/nowhere"], ["--attach"],
                     ["--kubeconfig", "/nowhere", "--leader-elect-renew-deadline", "20s"]):
            code, text = run(*args, "--cluster-name=x", "--allow-untagged-cloud=true", "--profiling=false",
                             "--authorization-webhook-cache-authorized-ttl=1s", "--feature-gates=A=true",
                             "--kube-api-content-type=application/vnd.kubernetes.protobuf", "--secure-port=0")
            self.assertEqual(code, 1, text)
            self.assertTrue("/nowhere" in text or "KUBERNETES_SERVICE_HOST" in text or "leaseDuration" in text, text)

    @unittest.skipUnless(os.environ.get("KUBEBUILDER_ASSETS"), "no kube-apiserver")
    def test_a_real_api_server(self):
        s = RealServer()
        self.addCleanup(s.close)
        s.start()
        m = self.manager(s.kubeconfig, *SIM).wait_leading(30)
        eventually(lambda: m.alive() and (lambda l: len(l) == 3 and all(
            node_ready(dict(n, kind="Node")) == "True" and is_initialised(n) for n in l))(
                s.raw("GET", "/api/v1/nodes")[1]["items"]), 40)
        s.kubectl("create", "configmap", "owner")
        owner = s.kubectl_json("get", "configmap", "owner")
        for i in range(5):
            self.assertEqual(s.raw("POST", "/api/v1/namespaces/default/configmaps", {
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"d{i}", "ownerReferences": [{
                    "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"]}]}})[0], 201)
        s.kubectl("delete", "configmap", "owner")
        left = lambda: [c["metadata"]["name"] for c in s.raw("GET", "/api/v1/namespaces/default/configmaps")[1]["items"]]
        eventually(lambda: not [n for n in left() if n.startswith("d")], 20)
        s.kubectl("create", "namespace", "gone")
        s.kubectl("delete", "namespace", "gone", timeout=40)
        s.kubectl("delete", "machine", "--all")
        eventually(lambda: not s.raw("GET", "/api/v1/nodes")[1]["items"], 30)
        self.assertEqual(m.stop(), 0)
        self.assertEqual(s.raw("GET", LEASE)[1]["spec"]["holderIdentity"], "")


# ---- faults ----

def status_json(code, reason):
    return json.dumps({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                       "message": "as the test wants", "reason": reason, "code": code}).encode()


class Weather:
    """Breaks a part of the requests, at random from a seed."""

    def __init__(self, seed, part=0.15):
        self.random, self.part, self.counts = random.Random(seed), part, {}

    def __call__(self, method, path, body, token):
        if "/leases/cloud-controller-manager" in path or self.random.random() > self.part:
            return None
        js = {"Content-Type": "application/json"}
        fault = self.random.choice([
            ("status", 500, js, status_json(500, "InternalError")),
            ("status", 503, {}, b"upstream connect error"),
            ("status", 429, dict(js, **{"Retry-After": "1"}), status_json(429, "TooManyRequests")),
            ("status", 404, {}, b"404 page not found\n"),  # proves nothing
            ("cut",), ("lose",), ("half",), ("half-json",),
            ("delay", self.random.uniform(0.05, 0.8))])
        if method == "GET" and ("watch=" in path or "limit=" in path) and self.random.random() < 0.5:
            fault = self.random.choice([("status", 410, js, status_json(410, "Expired")),
                                        ("cut-after", self.random.randrange(1, 5000))])
        self.counts[fault[0]] = self.counts.get(fault[0], 0) + 1
        return fault


class Faults(Attached):
    def names(self, s, path):
        return {o["metadata"]["name"]: o["metadata"]["uid"] for o in s.raw("GET", path)[1]["items"]}

    def configmap(self, s, name, owner_uid=None, owner=None):
        meta = {"name": name}
        if owner:
            meta["ownerReferences"] = [{"apiVersion": "v1", "kind": "ConfigMap", "name": owner, "uid": owner_uid}]
        status, o = s.raw("POST", "/api/v1/namespaces/default/configmaps",
                          {"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta})
        self.assertEqual(status, 201, o)
        return o["metadata"]["uid"]

    def test_bad_weather(self):
        seconds = float(os.environ.get("CLEAT_FAULT_SECONDS", "8"))
        seed = int(os.environ.get("CLEAT_FAULT_SEED", "1"))
        s = self.far()
        token = service_account_token(s, "manager")
        grant_all(s, "manager")
        p = self.proxy(s)
        m = self.manager(p.kubeconfig(token), *SIM, "--sim-machines", "6", "--cloud-discovery-period", "2s").wait_leading()
        eventually(lambda: m.alive() and len(self.names(s, "/api/v1/nodes")) == 6, 20)
        kept = self.configmap(s, "kept")
        for i in range(20):
            self.configmap(s, f"kept-{i}", kept, "kept")
        lives = self.names(s, "/api/v1/namespaces/default/configmaps")
        nodes = self.names(s, "/api/v1/nodes")
        rss, fds = m.rss(), m.fds()
        p.decide = weather = Weather(seed)
        end, turn, chance = time.monotonic() + seconds, 0, random.Random(seed + 1)
        while time.monotonic() < end:
            m.alive()
            owner = self.configmap(s, f"o{turn}")
            for i in range(5):
                self.configmap(s, f"o{turn}-{i}", owner, f"o{turn}")
            s.raw("DELETE", f"/api/v1/namespaces/default/configmaps/o{turn}")
            s.raw("POST", "/apis/sim.cleat.dev/v1alpha1/machines", {
                "apiVersion": "sim.cleat.dev/v1alpha1", "kind": "Machine", "metadata": {"name": f"m{turn}"},
                "spec": {"instanceType": "sim.large", "zone": "sim-b", "region": "sim"}})
            if turn > 2:
                s.raw("DELETE", f"/apis/sim.cleat.dev/v1alpha1/machines/m{turn - 2}")
            if chance.random() < 0.2:
                p.drop_all()
            now = self.names(s, "/api/v1/namespaces/default/configmaps")
            self.assertEqual({n: u for n, u in now.items() if n in lives}, lives)
            now = self.names(s, "/api/v1/nodes")
            self.assertEqual({n: u for n, u in now.items() if n in nodes}, nodes)
            turn += 1
            time.sleep(0.4)
        p.decide = lambda *a: None
        eventually(lambda: m.alive() and not [n for n in self.names(s, "/api/v1/namespaces/default/configmaps")
                                              if n.startswith("o")], 60, f"dependents go; faults {weather.counts}")
        machines = set(self.names(s, "/apis/sim.cleat.dev/v1alpha1/machines"))
        eventually(lambda: set(self.names(s, "/api/v1/nodes")) == machines, 60, "a Node a machine")
        eventually(lambda: all(is_initialised(n) for n in s.raw("GET", "/api/v1/nodes")[1]["items"]), 60)
        now = self.names(s, "/api/v1/namespaces/default/configmaps")
        self.assertEqual({n: u for n, u in now.items() if n in lives}, lives)
        self.assertEqual({n: u for n, u in self.names(s, "/api/v1/nodes").items() if n in nodes}, nodes)
        self.assertGreater(len(weather.counts), 5, weather.counts)
        self.assertLess(m.rss(), 2 * rss + (64 << 20))
        eventually(lambda: m.fds() <= fds + 8, 60, "descriptors are given back")
        self.assertEqual(m.stop(), 0)

    def test_certificates_and_tokens_that_expire(self):
        s = self.far()
        token = service_account_token(s, "manager")
        grant_all(s, "manager")
        p = self.proxy(s)
        held = os.path.join(p.folder, "token")
        with open(held, "w") as f:
            f.write(token)
        m = self.manager(p.kubeconfig(token_file=held), *SIM, "--leader-elect=false")
        eventually(lambda: m.alive() and len(self.names(s, "/api/v1/nodes")) == 3, 20)
        # the server's certificate has expired: nothing passes, nobody falls over
        good = os.path.join(p.folder, "proxy.key"), os.path.join(p.folder, "proxy.crt")
        p.use_leaf(*leaf(p.folder, p.ca, "expired", days="-1"))
        p.drop_all()
        s.kubectl("apply", "-f", "-", stdin=MACHINE % ("one", "sim-b"))
        before = len(p.log)
        eventually(lambda: "certificate" in m.log(), 20, "it says why")
        self.assertEqual(s.raw("GET", "/api/v1/nodes/one")[0], 404)
        self.assertLessEqual(len(p.log), before + 5)
        p.use_leaf(*good)
        p.drop_all()
        eventually(lambda: m.alive() and s.raw("GET", "/api/v1/nodes/one")[0] == 200, 45)
        # the token has: the file has another one a while later
        fresh = service_account_token(s, "manager", seconds=7200)
        p.decide = lambda method, path, body, shown: None if shown == "Bearer " + fresh else (
            "status", 401, {"Content-Type": "application/json"}, status_json(401, "Unauthorized"))
        p.drop_all()
        s.kubectl("apply", "-f", "-", stdin=MACHINE % ("two", "sim-b"))
        time.sleep(1.5)
        m.alive()
        self.assertEqual(s.raw("GET", "/api/v1/nodes/two")[0], 404)
        with open(held + ".new", "w") as f:
            f.write(fresh)
        os.replace(held + ".new", held)
        eventually(lambda: m.alive() and s.raw("GET", "/api/v1/nodes/two")[0] == 200, 90)
        self.assertEqual({r.token for r in p.seen("POST", "/api/v1/nodes") if r.status == 201} & {"Bearer " + fresh},
                         {"Bearer " + fresh})


# ---- elections ----

class Slot:
    def __init__(self, test, s, index, token, plugins, *args):
        self.proxy = Proxy(tempfile.mkdtemp(prefix="cleat-slot-", dir=s.data), s.port, keep_bodies=True)
        test.addCleanup(self.proxy.close)
        self.manager = Manager(self.proxy.kubeconfig(token), "--controllers", "ticker", "--manage-crds", "false",
                               "--secure-port", "0", "--kube-api-qps", "-1", *args, plugins=plugins)
        test.addCleanup(self.end)
        self.manager.start()
        self.stopped_until = self.split_until = 0
        self.ends = []

    def end(self):
        if self.manager.proc.poll() is None:
            self.manager.signal(signal.SIGCONT)
            self.manager.kill()
        shutil.rmtree(self.manager.folder, ignore_errors=True)

    def identities(self):
        return {json.loads(p.body)["spec"]["holderIdentity"] for p in self.proxy.log
                if p.method in ("PUT", "POST") and "/leases" in p.path and p.body} - {""}

    def ticks(self):
        """The revisions that its writes got."""
        return [int(json.loads(p.answer)["metadata"]["resourceVersion"]) for p in self.proxy.log
                if p.method == "PATCH" and "/configmaps/" in p.path and p.status == 200 and p.answer]


def follow_lease(s, stop, out):
    """Appends (revision, holder) of each state of the lease, from a watch of the server's own."""
    c = s.connection(timeout=300)
    c.request("GET", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases?watch=true")
    r = c.getresponse()
    while not stop.is_set():
        line = r.readline()
        if not line:
            return
        o = json.loads(line)["object"]
        if o.get("metadata", {}).get("name") == "cloud-controller-manager":
            out.append((int(o["metadata"]["resourceVersion"]), o["spec"].get("holderIdentity", "")))


class Elections(Attached):
    def setUp(self):
        self.plugins = tempfile.mkdtemp(prefix="cleat-ticker-")
        self.addCleanup(shutil.rmtree, self.plugins, True)
        shutil.copy(os.path.join(BUILD, "lib", "cleat", "test-plugins", "ticker.so"), self.plugins)
        self.s = self.far()
        self.token = service_account_token(self.s, "manager")
        grant_all(self.s, "manager")
        for i in range(3):
            self.s.raw("POST", "/api/v1/namespaces/default/configmaps", {
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"tick-{i}", "labels": {"tick": ""}},
                "data": {"n": "0"}})
        self.leases, self.over = [], threading.Event()
        threading.Thread(target=follow_lease, args=(self.s, self.over, self.leases), daemon=True).start()
        self.addCleanup(self.over.set)

    def slots(self, n, *args):
        return [Slot(self, self.s, i, self.token, self.plugins, *args) for i in range(n)]

    def strangers(self, slots):
        """Writes whose writer did not hold the lease at their revision: [(slot, revision, holder)]."""
        leases = sorted(self.leases)
        revisions = [r for r, _ in leases]
        out = []
        for i, slot in enumerate(slots):
            own = slot.identities()
            for revision in slot.ticks():
                at = bisect.bisect_right(revisions, revision) - 1
                holder = leases[at][1] if at >= 0 else None
                if holder not in own:
                    out.append((i, revision, holder))
        return out

    def numbers(self):
        """What grows with each write."""
        return sum(int(c["metadata"]["resourceVersion"]) for c in self.s.raw(
            "GET", "/api/v1/namespaces/default/configmaps?labelSelector=tick")[1]["items"])

    def test_the_audit_notices_two_at_once(self):
        slots = self.slots(2, "--leader-elect=false")
        eventually(lambda: all(len(s.ticks()) > 5 for s in slots), 20)
        self.assertGreater(len(self.strangers(slots)), 5)

    def test_one_that_is_stopped_is_ended_by_the_kernel(self):
        first, = self.slots(1, *BRISK)
        first.manager.wait_leading()
        eventually(lambda: len(first.ticks()) > 5, 10)
        first.manager.signal(signal.SIGSTOP)
        self.assertEqual(first.manager.proc.wait(10), -signal.SIGKILL)  # never resumed, and gone
        ticks = self.numbers()
        second, = self.slots(1, *BRISK)
        second.manager.wait_leading()
        eventually(lambda: self.numbers() > ticks, 10)
        self.assertEqual(self.strangers([first, second]), [])

    def test_one_that_loses_the_network_ends_and_another_leads(self):
        first, = self.slots(1, *BRISK)
        first.manager.wait_leading()
        second, = self.slots(1, *BRISK)
        eventually(lambda: len(first.ticks()) > 5, 10)
        first.proxy.split = True
        self.assertIn(first.manager.proc.wait(10), (1, -signal.SIGKILL))
        self.assertIn("leaderelection lost", first.manager.log())
        second.manager.wait_leading()
        first.proxy.split = False
        eventually(lambda: len(second.ticks()) > 5, 10)
        self.assertEqual(self.strangers([first, second]), [])

    def test_at_most_one_writes_whatever_happens(self):
        seconds = float(os.environ.get("CLEAT_ELECTION_SECONDS", "18"))
        chance = random.Random(int(os.environ.get("CLEAT_ELECTION_SEED", "1")))
        slots = self.slots(3, *BRISK)
        eventually(lambda: any(len(x.ticks()) > 5 for x in slots), 20)
        end, deeds = time.monotonic() + seconds, {}
        while time.monotonic() < end:
            now = time.monotonic()
            for slot in slots:
                if slot.stopped_until and now > slot.stopped_until:
                    slot.stopped_until = 0
                    if slot.manager.proc.poll() is None:
                        slot.manager.signal(signal.SIGCONT)
                if slot.split_until and now > slot.split_until:
                    slot.split_until, slot.proxy.split = 0, False
                code = slot.manager.proc.poll()
                if code is not None:  # as a kubelet would
                    slot.ends.append(code)
                    slot.manager.start()
            slot = chance.choice(slots)
            leading = [x for x in slots if x.identities() & {h for _, h in self.leases[-1:]}]
            slot = leading[0] if leading and chance.random() < 0.6 else slot
            deed = chance.choice(["stop", "split", "kill", "drop", "term", "nothing"])
            deeds[deed] = deeds.get(deed, 0) + 1
            alive = slot.manager.proc.poll() is None
            if deed == "stop" and alive and not slot.stopped_until:
                slot.manager.signal(signal.SIGSTOP)
                slot.stopped_until = now + chance.uniform(0.2, 5)
            elif deed == "split" and not slot.split_until:
                slot.proxy.split, slot.split_until = True, now + chance.uniform(0.2, 5)
            elif deed == "kill" and alive and not slot.stopped_until:
                slot.manager.kill()
            elif deed == "term" and alive and not slot.stopped_until:
                slot.manager.signal(signal.SIGTERM)
            elif deed == "drop":
                slot.proxy.drop_all()
            time.sleep(chance.uniform(0.3, 1.2))
        for slot in slots:
            slot.proxy.split = False
            if slot.manager.proc.poll() is None:
                slot.manager.signal(signal.SIGCONT)
            else:
                slot.manager.start()
        ticks = self.numbers()

        def goes_on():
            for slot in slots:
                if slot.manager.proc.poll() is not None:
                    slot.ends.append(slot.manager.proc.returncode)
                    slot.manager.start()
            return self.numbers() > ticks
        eventually(goes_on, 30, "one of them works")
        holders = [h for _, h in sorted(self.leases)]
        changes = sum(1 for a, b in zip(holders, holders[1:]) if a != b)
        written = [len(slot.ticks()) for slot in slots]
        what = f"deeds {deeds}, holders changed {changes} times, writes {written}, ends {[s.ends for s in slots]}"
        self.assertEqual(self.strangers(slots), [], what)
        self.assertGreater(changes, 2, what)
        self.assertGreater(sum(written), 50, what)
        self.assertTrue(set(sum((s.ends for s in slots), [])) <= {0, 1, -9, -15}, what)
        if os.environ.get("CLEAT_ELECTION_SECONDS"):
            print(what)
