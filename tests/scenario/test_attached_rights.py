# SPDX-License-Identifier: Apache-2.0
"""deploy/: applied with kubectl, its rights are enough, and none is there for nothing."""
import json
import os
import subprocess
from urllib.parse import parse_qs, urlsplit

from attached import service_account_token
from harness import CLEAT, ROOT, eventually, node_ready
from test_attached import Attached
from test_node_failures import MACHINE
from test_nodes import is_initialised

# What a quiet run does not need: an Event that repeats, a write that met another, what an earlier version left.
SELDOM = {("", "events", "patch"), ("sim.cleat.dev", "routes", "get")} | {
    ("cleat.dev", r, v) for r in ("controllers", "cloudproviders", "plugins") for v in ("get", "delete", "update")}
# Looked for before something is deleted, and not found.
ABSENT = {("", "services", "get"), ("", "persistentvolumeclaims", "get")}
DEPLOY = os.path.join(ROOT, "deploy")


def right_of(request):
    """(group, resource[/subresource], verb) of a request, None where it is about no object."""
    url = urlsplit(request.path)
    parts, query = [p for p in url.path.split("/") if p], parse_qs(url.query)
    if parts[0] == "api" and len(parts) > 2:
        group, rest = "", parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, rest = parts[1], parts[3:]
    else:
        return None
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        rest = rest[2:]
    named = len(rest) > 1
    verb = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete" if named else "deletecollection"}.get(
        request.method) or ("get" if named else "watch" if "watch" in query else "list")
    return group, "/".join([rest[0]] + rest[2:3]), verb


def rights_in(rules):
    return {(g, r, v) for rule in rules for g in rule.get("apiGroups", []) for r in rule.get("resources", [])
            for v in rule["verbs"]}


class Rights(Attached):
    def cluster(self, *files):
        s = self.far()
        s.kubectl("apply", "-f", "-", stdin=subprocess.run([CLEAT, "crds"], check=True, text=True, stdout=subprocess.PIPE).stdout)
        s.kubectl("apply", *sum((["-f", os.path.join(DEPLOY, f)] for f in files), []))
        return s

    def granted(self, s, account):
        """All rights of an account of kube-system but those of system:auth-delegator."""
        out = set()
        for kind, roles in (("clusterrolebindings", "clusterroles"), ("rolebindings", "roles")):
            for b in s.kubectl_json("get", kind, "-A")["items"]:
                if any(x["name"] == account for x in b.get("subjects", [])) and b["roleRef"]["name"].startswith("cleatd:"):
                    ns = ["-n", b["metadata"]["namespace"]] if kind == "rolebindings" else []
                    out |= rights_in(s.kubectl_json("get", roles, b["roleRef"]["name"], *ns)["rules"])
        return out

    def run_set(self, s, account, *args):
        p = self.proxy(s)
        m = self.manager(p.kubeconfig(service_account_token(s, account)), "--manage-crds=false", "--kube-api-qps", "-1",
                         *args).wait_leading()
        return p, m

    def args_of(self, file, s):
        """The arguments that a manifest gives the container, as the server understood it."""
        o = json.loads(s.kubectl("create", "--dry-run=server", "-o", "json", "-f", os.path.join(DEPLOY, file)))
        spec = o["spec"]["template"]["spec"]
        return [a for a in spec["containers"][0]["args"] if not a.startswith(("--attach", "--secure-port"))]

    def refused(self, p):
        return sorted({(right_of(r), r.agent.rsplit("/", 1)[-1]) for r in p.log if r.status == 403 and right_of(r)})

    def used(self, p):
        return {right_of(r) for r in p.log if r.status < 300} - {None}

    def service(self, s, name):
        s.kubectl("create", "service", "loadbalancer", name, "--tcp=80:80")
        eventually(lambda: s.raw("GET", f"/api/v1/namespaces/default/services/{name}")[1]["status"]["loadBalancer"].get("ingress"), 20)

    def live_through_cloud(self, s, sim=True):
        nodes = lambda: {n["metadata"]["name"]: n for n in s.raw("GET", "/api/v1/nodes")[1]["items"]}
        eventually(lambda: len(nodes()) == 3 and all(map(is_initialised, nodes().values())), 20)
        s.kubectl("apply", "-f", "-", stdin=MACHINE % ("extra", "sim-b"))
        eventually(lambda: is_initialised(nodes()["extra"]), 15)
        for name in nodes():
            s.kubectl("patch", "node", name, "-p", json.dumps({"spec": {"podCIDR": f"10.1.{len(name) + ord(name[-1])}.0/24"}}))
        eventually(lambda: len(s.kubectl_json("get", "routes.sim.cleat.dev")["items"]) == 4, 20)
        self.service(s, "lb")
        s.kubectl("patch", "service", "lb", "-p", '{"spec":{"ports":[{"port":81,"name":"x"}]}}')
        s.kubectl("label", "node", "sim-1", "failure-domain.beta.kubernetes.io/zone-", "beta.kubernetes.io/instance-type=odd", "--overwrite")
        s.kubectl("patch", "machine", "sim-1", "--type=merge", "-p", '{"spec":{"power":"Off"}}')
        eventually(lambda: any(t["key"].endswith("shutdown") for t in nodes()["sim-1"]["spec"].get("taints", [])), 20)
        s.kubectl("delete", "machine", "extra")
        eventually(lambda: "extra" not in nodes(), 20)
        eventually(lambda: len(s.kubectl_json("get", "routes.sim.cleat.dev")["items"]) == 3, 30)
        s.kubectl("delete", "service", "lb", timeout=30)

    def test_the_cloud_set(self):
        s = self.cluster("rbac.yaml", "rbac-cloud.yaml", "rbac-provider-sim.yaml")
        args = self.args_of("cloud-controller-manager.yaml", s)
        self.assertEqual(args, self.args_of("cloud-controller-manager-daemonset.yaml", s))
        p, m = self.run_set(s, "cleat-cloud-controller-manager", *args, "--allocate-node-cidrs=true",
                            "--cluster-cidr=10.1.0.0/16")
        self.live_through_cloud(s)
        eventually(lambda: s.raw("GET", "/apis/cleat.dev/v1alpha1/controllers")[1]["items"], 10)
        self.assertEqual(m.stop(), 0)
        s.raw("POST", "/apis/cleat.dev/v1alpha1/controllers",
              {"apiVersion": "cleat.dev/v1alpha1", "kind": "Controller", "metadata": {"name": "of-an-earlier-version"}})
        m.start().wait_leading()
        eventually(lambda: s.raw("GET", "/apis/cleat.dev/v1alpha1/controllers/of-an-earlier-version")[0] == 404, 10)
        self.assertEqual(m.stop(), 0)
        self.assertEqual(self.refused(p), [])
        unused = self.granted(s, "cleat-cloud-controller-manager") - self.used(p)
        self.assertEqual(unused - SELDOM - self.lists(p), set())

    def lists(self, p):
        """Of what is watched: asked for only where an API server cannot list and watch in one."""
        return {(g, r, "list") for g, r, v in self.used(p) if v == "watch"}

    def live_through_endpoints(self, s):
        addresses = lambda: [a["ip"] for b in s.raw("GET", "/api/v1/namespaces/default/endpoints/web")[1].get("subsets", [])
                             for a in b.get("addresses", []) + b.get("notReadyAddresses", [])]
        s.kubectl("create", "service", "clusterip", "web", "--tcp=80:80")
        eventually(lambda: s.raw("GET", "/api/v1/namespaces/default/endpoints/web")[0] == 200, 20)
        s.raw("POST", "/api/v1/namespaces/default/pods", {
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"app": "web"}},
            "spec": {"nodeName": "quiet", "tolerations": [{"operator": "Exists"}], "containers": [{"name": "c", "image": "i"}]}})
        s.raw("PATCH", "/api/v1/namespaces/default/pods/web/status",
              {"status": {"phase": "Running", "podIP": "10.1.0.1", "podIPs": [{"ip": "10.1.0.1"}]}}, "application/merge-patch+json")
        eventually(lambda: addresses() == ["10.1.0.1"], 20)
        slices = lambda: s.kubectl_json("get", "endpointslices", "-l", "kubernetes.io/service-name=web")["items"]
        eventually(lambda: [e["addresses"] for e in slices()[0]["endpoints"]] == [["10.1.0.1"]], 20)
        s.kubectl("delete", "service", "web")
        eventually(lambda: not slices() and s.raw("GET", "/api/v1/namespaces/default/endpoints/web")[0] == 404, 20)

    def live_through_volumes(self, s):
        self.assertEqual(s.raw("POST", "/api/v1/persistentvolumes", {
            "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"},
            "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/x"},
                     "persistentVolumeReclaimPolicy": "Delete"}})[0], 201)
        self.assertEqual(s.raw("POST", "/api/v1/namespaces/default/persistentvolumeclaims", {
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "c"},
            "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "", "resources": {"requests": {"storage": "1Gi"}}}})[0], 201)
        phase = lambda: s.raw("GET", "/api/v1/persistentvolumes/v")[1]["status"].get("phase")
        eventually(lambda: phase() == "Bound", 20)
        s.kubectl("delete", "pvc", "c", timeout=30)
        eventually(lambda: phase() == "Failed", 20)  # nobody knows how to delete it

    def test_the_controllers_set(self):
        s = self.cluster("rbac.yaml", "rbac-controllers.yaml")
        args = self.args_of("controller-manager.yaml", s)
        s.kubectl("create", "namespace", "gone")
        s.kubectl("create", "configmap", "c", "-n", "gone")
        s.kubectl("create", "configmap", "owner")
        owner = s.kubectl_json("get", "configmap", "owner")["metadata"]
        for i in range(2):
            self.assertEqual(s.raw("POST", "/api/v1/namespaces/default/configmaps", {
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"d{i}", "ownerReferences": [{
                    "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["uid"]}]}})[0], 201)
        s.raw("POST", "/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "quiet"}})
        self.assertEqual(s.raw("POST", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", {
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "quiet"},
            "spec": {"holderIdentity": "quiet", "leaseDurationSeconds": 2}})[0], 201)
        s.raw("POST", "/api/v1/namespaces/default/pods", {
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"nodeName": "quiet", "containers": [{"name": "c", "image": "i"}]}})
        p, m = self.run_set(s, "cleat-controller-manager", *args, "--node-monitor-grace-period=2s",
                            "--node-startup-grace-period=2s", "--node-eviction-rate=5")
        eventually(lambda: any(t["key"] == "node.kubernetes.io/unreachable" for t in s.raw(
            "GET", "/api/v1/nodes/quiet")[1]["spec"].get("taints", [])), 20, "it is silent")
        s.kubectl("taint", "node", "quiet", "key=value:NoExecute")  # one node is a zone that is all down
        eventually(lambda: "deletionTimestamp" in s.raw("GET", "/api/v1/namespaces/default/pods/p")[1].get(
            "metadata", {"deletionTimestamp": 1}), 20, "evicted")
        s.kubectl("delete", "configmap", "owner")
        eventually(lambda: s.raw("GET", "/api/v1/namespaces/default/configmaps/d0")[0] == 404, 20)
        self.live_through_endpoints(s)
        self.live_through_volumes(s)
        s.kubectl("delete", "namespace", "gone", timeout=30)
        self.assertEqual(m.stop(), 0)
        self.assertEqual(s.raw("GET", "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager")[0], 200)
        self.assertEqual(self.refused(p), [])
        everything = {r for r in self.granted(s, "cleat-controller-manager") if r[0] == "*"}
        unused = self.granted(s, "cleat-controller-manager") - everything - self.used(p)
        self.assertEqual(unused - SELDOM - self.lists(p) - ABSENT, set())
        self.assertEqual({v for _, _, v in everything} - {v for _, _, v in self.used(p)}, set())

    def test_what_is_taken_away_is_missed(self):
        s = self.cluster("rbac.yaml", "rbac-cloud.yaml", "rbac-provider-sim.yaml")
        role = s.kubectl_json("get", "clusterrole", "cleatd:cloud")
        for rule in role["rules"]:
            if rule["resources"] == ["nodes"]:
                rule["verbs"].remove("update")
        s.kubectl("replace", "-f", "-", stdin=json.dumps(role))
        p, m = self.run_set(s, "cleat-cloud-controller-manager", *self.args_of("cloud-controller-manager.yaml", s))
        eventually(lambda: m.alive() and (("", "nodes", "update"), "cloud-node-controller") in self.refused(p), 20)
        nodes = s.raw("GET", "/api/v1/nodes")[1]["items"]
        self.assertEqual([n["metadata"]["name"] for n in nodes if is_initialised(n)], [])
        # it says what it lacks, and goes on once it has it
        eventually(lambda: "SyncFailed" in s.kubectl("get", "events") and "cannot update resource" in s.kubectl("get", "events"), 10)
        s.kubectl("apply", "-f", os.path.join(DEPLOY, "rbac-cloud.yaml"))
        eventually(lambda: all(map(is_initialised, s.raw("GET", "/api/v1/nodes")[1]["items"])), 60)
