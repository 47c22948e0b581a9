# SPDX-License-Identifier: Apache-2.0
"""What goes because something else went, with both kubectls.

No controller for workloads runs here: the tests make what one would have made.
"""
import json
import subprocess
import time

from harness import CLEAT, KUBECTLS, Scenario, eventually

CONTAINER = {"name": "c", "image": "nginx:1.25"}
LABELS = {"app": "web"}
TEMPLATE = {"metadata": {"labels": LABELS}, "spec": {"containers": [CONTAINER]}}
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.test.dev"},
    "spec": {"group": "test.dev", "scope": "Namespaced",
             "names": {"plural": "widgets", "singular": "widget", "kind": "Widget"},
             "versions": [{"name": "v1", "served": True, "storage": True,
                           "schema": {"openAPIV3Schema": {"type": "object",
                                                          "x-kubernetes-preserve-unknown-fields": True}}}]}}


def ref(owner):
    return {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": owner["metadata"]["name"],
            "uid": owner["metadata"]["uid"], "controller": True, "blockOwnerDeletion": True}


class GarbageCollection(Scenario):
    args = ()

    def each(self):
        for version in KUBECTLS:
            with self.subTest(kubectl=version):
                yield version, self.server(*self.args)

    def make(self, s, version, obj, owner=None):
        if owner is not None:
            obj = dict(obj, metadata=dict(obj["metadata"], ownerReferences=[ref(owner)]))
        return json.loads(s.kubectl("create", "-o", "json", "-f", "-", stdin=json.dumps(obj), version=version))

    def tree(self, s, version, ns="default"):
        """A Deployment, its ReplicaSet, and three pods."""
        meta = {"namespace": ns, "labels": LABELS}
        selected = {"selector": {"matchLabels": LABELS}, "template": TEMPLATE}
        top = self.make(s, version, {"apiVersion": "apps/v1", "kind": "Deployment",
                                     "metadata": dict(meta, name="web"), "spec": selected})
        rs = self.make(s, version, {"apiVersion": "apps/v1", "kind": "ReplicaSet",
                                    "metadata": dict(meta, name="web-1"), "spec": selected}, top)
        for i in range(3):
            self.make(s, version, {"apiVersion": "v1", "kind": "Pod", "metadata": dict(meta, name=f"web-1-{i}"),
                                   "spec": TEMPLATE["spec"]}, rs)
        return top, rs

    def names(self, s, version, what, ns="default"):
        return s.kubectl("get", what, "-n", ns, "-o", "name", version=version).split()

    def test_deleting_in_the_background_takes_the_tree(self):
        for version, s in self.each():
            self.tree(s, version)
            s.kubectl("delete", "deployment", "web", "--cascade=background", version=version)
            eventually(lambda: not self.names(s, version, "deployments,replicasets,pods"), 5, "an empty tree")

    def test_deleting_in_the_foreground_ends_with_the_root(self):
        for version, s in self.each():
            self.tree(s, version)
            s.kubectl("patch", "pod", "web-1-0", "--type=merge", "-p", '{"metadata":{"finalizers":["x.y/z"]}}',
                      version=version)
            s.kubectl("delete", "deployment", "web", "--cascade=foreground", "--wait=false", version=version)
            eventually(lambda: len(self.names(s, version, "pods")) == 1, 5, "one pod that a finalizer holds")
            for what, name in (("deployment", "web"), ("replicaset", "web-1")):
                held = s.kubectl_json("get", what, name, version=version)["metadata"]
                self.assertEqual(held["finalizers"], ["foregroundDeletion"])
                self.assertIn("deletionTimestamp", held)
            s.kubectl("patch", "pod", "web-1-0", "--type=merge", "-p", '{"metadata":{"finalizers":null}}',
                      version=version)
            eventually(lambda: not self.names(s, version, "deployments,replicasets,pods"), 5, "an empty tree")

    def test_orphans_stay(self):
        for version, s in self.each():
            self.tree(s, version)
            s.kubectl("delete", "deployment", "web", "--cascade=orphan", version=version)
            eventually(lambda: not self.names(s, version, "deployments"), 5, "the owner is gone")
            rs = s.kubectl_json("get", "replicaset", "web-1", version=version)["metadata"]
            self.assertNotIn("ownerReferences", rs)
            time.sleep(0.5)
            self.assertEqual(len(self.names(s, version, "pods")), 3)
            s.kubectl("delete", "rs", "web-1", version=version)
            eventually(lambda: not self.names(s, version, "replicasets,pods"), 5, "nothing")

    def test_custom_objects_own_and_are_owned(self):
        for version, s in self.each():
            self.make(s, version, CRD)
            eventually(lambda: s.raw("GET", "/apis/test.dev/v1/widgets")[0] == 200, 5, "the kind is served")
            widget = {"apiVersion": "test.dev/v1", "kind": "Widget"}
            top = self.make(s, version, dict(widget, metadata={"name": "top"}))
            mid = self.make(s, version, dict(widget, metadata={"name": "mid"}), top)
            self.make(s, version, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "leaf"}}, mid)
            s.kubectl("delete", "widget", "top", "--cascade=foreground", version=version)
            eventually(lambda: not [n for n in self.names(s, version, "widgets,configmaps") if "kube-root" not in n],
                       5, "neither widget nor leaf")

    def test_jobs_leave_their_pods_where_nobody_says_otherwise(self):
        s = self.server(*self.args)
        job = self.make(s, "35", {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"},
                                  "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [CONTAINER]}}}})
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [CONTAINER]}}
        self.make(s, "35", pod, job)
        status, body = s.raw("DELETE", "/apis/batch/v1/namespaces/default/jobs/j")[:2]
        self.assertEqual(status, 200, body)
        eventually(lambda: not self.names(s, "35", "jobs"), 5, "the job is gone")
        left = s.kubectl_json("get", "pod", "p")["metadata"]
        self.assertNotIn("ownerReferences", left)

    def test_a_namespace_goes_with_all_that_is_in_it(self):
        for version, s in self.each():
            s.kubectl("create", "namespace", "x", version=version)
            self.tree(s, version, ns="x")
            eventually(lambda: s.raw("GET", "/api/v1/namespaces/x/serviceaccounts/default")[0] == 200, 5, "its account")
            s.kubectl("delete", "namespace", "x", "--timeout=10s", version=version)  # waits until it is gone
            self.assertEqual(s.raw("GET", "/api/v1/namespaces/x")[0], 404)
            self.assertEqual(s.raw("GET", "/api/v1/namespaces/x/pods")[1]["items"], [])

    def test_a_namespace_says_what_holds_it(self):
        for version, s in self.each():
            s.kubectl("create", "namespace", "x", version=version)
            self.make(s, version, {"apiVersion": "v1", "kind": "ConfigMap",
                                   "metadata": {"name": "c", "namespace": "x", "finalizers": ["x.y/z"]}})
            s.kubectl("delete", "namespace", "x", "--wait=false", version=version)
            condition = eventually(lambda: next(
                (c for c in s.kubectl_json("get", "ns", "x", version=version)["status"].get("conditions", [])
                 if c["type"] == "NamespaceFinalizersRemaining" and c["status"] == "True"), None), 5, "a condition")
            self.assertEqual(condition["reason"], "SomeFinalizersRemain")
            self.assertEqual(condition["message"], "Some content in the namespace has finalizers remaining: "
                                                   "x.y/z in 1 resource instances")
            self.assertIn("Terminating", s.kubectl("get", "ns", "x", version=version))
            s.kubectl("patch", "configmap", "c", "-n", "x", "--type=merge", "-p", '{"metadata":{"finalizers":null}}',
                      version=version)
            eventually(lambda: s.raw("GET", "/api/v1/namespaces/x")[0] == 404, 10, "the namespace is gone")

    def test_deletions_go_on_after_a_crash(self):
        s = self.server(*self.args)
        top, _ = self.tree(s, "35")
        s.kubectl("patch", "rs", "web-1", "--type=merge", "-p", '{"metadata":{"finalizers":["x.y/z"]}}')
        s.kubectl("delete", "deployment", "web", "--cascade=foreground", "--wait=false")
        eventually(lambda: "deletionTimestamp" in s.kubectl_json("get", "rs", "web-1")["metadata"], 5, "it goes on")
        s.kill()
        s.start()
        s.kubectl("patch", "rs", "web-1", "--type=json", "-p",
                  '[{"op":"test","path":"/metadata/finalizers/0","value":"x.y/z"},'
                  '{"op":"remove","path":"/metadata/finalizers/0"}]')
        eventually(lambda: not self.names(s, "35", "deployments,replicasets,pods"), 10, "an empty tree")

    def test_it_tells_why(self):
        for version, s in self.each():
            _, rs = self.tree(s, version)
            ask = {"apiVersion": "cleat.dev/v1alpha1", "kind": "Explanation", "metadata": {"name": "q"},
                   "spec": {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "picture": "DOT",
                            "ifDeleted": True}}

            def answer(name):
                return eventually(lambda: s.kubectl_json("get", "explanation", name, version=version).get("status"), 5)

            eventually(lambda: s.raw("GET", "/apis/cleat.dev/v1alpha1/explanations")[0] == 200, 5, "the kind is served")
            self.make(s, version, ask)
            status = answer("q")
            self.assertEqual(status["verdict"], "Kept")
            self.assertEqual(status["owners"][0]["standing"], "Present")
            self.assertEqual(status["wouldGo"], 3)
            self.assertIn("digraph", status["picture"])
            self.assertIn("Kept", s.kubectl("get", "why", "q", version=version))
            s.kubectl("delete", "deployment", "web", "--cascade=background", version=version)
            eventually(lambda: not self.names(s, version, "replicasets,pods"), 5, "an empty tree")
            self.make(s, version, dict(ask, metadata={"name": "later"}))
            status = answer("later")
            self.assertEqual(status["verdict"], "Collected")
            self.assertEqual(status["history"][0]["uid"], rs["metadata"]["uid"])
            self.assertIn("Deployment web", status["message"])

    def cleat(self, s, *args):
        p = subprocess.run([CLEAT, *args, "--kubeconfig", s.kubeconfig], capture_output=True, text=True, timeout=30)
        return p.returncode, p.stdout, p.stderr

    def test_the_cleat_program_tells_why(self):
        s = self.server(*self.args)
        self.tree(s, "35")
        eventually(lambda: s.raw("GET", "/apis/cleat.dev/v1alpha1/explanations")[0] == 200, 5, "the kind is served")
        code, out, err = self.cleat(s, "why", "rs", "web-1", "--if-deleted")
        self.assertEqual(code, 0, err)
        self.assertIn("Kept: 1 of its 1 owners are there", out)
        self.assertIn("with it would go 3: Pod default/web-1-0", out)
        code, out, err = self.cleat(s, "graph", "deployments.apps", "web", "--json")
        graph = json.loads(out)
        self.assertEqual((len(graph["nodes"]), len(graph["edges"])), (5, 4), out)
        self.assertTrue(self.cleat(s, "graph", "pod", "web-1-0")[1].startswith("digraph owners {"))
        s.kubectl("delete", "deployment", "web", "--cascade=background")
        eventually(lambda: not self.names(s, "35", "replicasets,pods"), 5, "an empty tree")
        code, out, err = self.cleat(s, "why", "Pod", "web-1-0", "-n", "default")
        self.assertIn("Collected: deleted, Background: ReplicaSet web-1 (", out)
        self.assertEqual(self.cleat(s, "why", "nonsense", "x")[0], 1)
        self.assertEqual(self.cleat(s, "why", "pod")[0], 2)
        self.assertEqual(s.raw("GET", "/apis/cleat.dev/v1alpha1/explanations")[1]["items"], [])

    def test_metrics(self):
        s = self.server(*self.args)

        def missing():
            text = s.raw("GET", "/metrics")[1]
            return [name for name in ("garbagecollector_controller_resources_sync_error_total",
                                      'workqueue_depth{name="garbage_collector_attempt_to_delete"',
                                      'workqueue_depth{name="garbage_collector_attempt_to_orphan"',
                                      'workqueue_depth{name="namespace"') if name not in text]

        eventually(lambda: not missing(), 5, "the collector's metrics")
