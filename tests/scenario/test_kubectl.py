# SPDX-License-Identifier: Apache-2.0
"""Everyday kubectl, both versions, against every kind of this API level."""
import json
import os

from harness import KUBECTLS, Scenario, eventually

CONFIGMAP = """
apiVersion: v1
kind: ConfigMap
metadata: {name: conf, labels: {app: web}}
data: {a: "1", text: "line one\\nline \\"two\\" \\u00e9"}
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {name: pod1, labels: {app: web}}
spec:
  containers:
  - {name: c, image: busybox, env: [{name: A, value: "1"}]}
"""


class Kubectl(Scenario):
    def each(self):
        for version in KUBECTLS:
            with self.subTest(kubectl=version):
                yield version, self.server()

    def test_version_and_discovery(self):
        for v, s in self.each():
            info = json.loads(s.kubectl("version", "-o", "json", version=v))["serverVersion"]
            self.assertEqual((info["major"], info["minor"]), ("1", "35"))
            out = s.kubectl("api-resources", version=v)
            for name in ("namespaces", "nodes", "pods", "services", "events", "configmaps", "secrets", "leases", "controllers"):
                self.assertIn(name, out)
            self.assertIn("coordination.k8s.io/v1", s.kubectl("api-versions", version=v))
            self.assertEqual(s.kubectl("get", "--raw", "/readyz", version=v), "ok")

    def test_create_get_edit_delete(self):
        for v, s in self.each():
            s.kubectl("create", "-f", "-", stdin=CONFIGMAP, version=v)
            got = s.kubectl_json("get", "cm", "conf", version=v)
            self.assertEqual(got["data"], {"a": "1", "text": 'line one\nline "two" \u00e9'})
            self.assertTrue(got["metadata"]["uid"] and got["metadata"]["creationTimestamp"])
            again = s.kubectl("create", "-f", "-", stdin=CONFIGMAP, version=v, check=False)
            self.assertIn('(AlreadyExists): error when creating "STDIN": configmaps "conf" already exists', again.stderr)
            s.kubectl("label", "cm", "conf", "tier=front", version=v)
            s.kubectl("annotate", "cm", "conf", "note=hello", version=v)
            s.kubectl("patch", "cm", "conf", "--type=json", "-p", '[{"op":"replace","path":"/data/a","value":"2"}]', version=v)
            s.kubectl("patch", "cm", "conf", "--type=merge", "-p", '{"data":{"b":"3","text":null}}', version=v)
            got = s.kubectl_json("get", "cm", "conf", version=v)
            self.assertEqual(got["data"], {"a": "2", "b": "3"})
            self.assertEqual(got["metadata"]["labels"], {"app": "web", "tier": "front"})
            self.assertIn("conf", s.kubectl("get", "cm", "-l", "app=web,tier in (front,back),!absent", version=v))
            self.assertNotIn("conf ", s.kubectl("get", "cm", "-l", "app!=web", version=v))
            self.assertEqual(s.kubectl("get", "cm", "--field-selector", "metadata.name=conf", "-o", "name", version=v), "configmap/conf\n")
            s.kubectl("delete", "cm", "conf", version=v)
            missing = s.kubectl("get", "cm", "conf", version=v, check=False)
            self.assertIn('Error from server (NotFound): configmaps "conf" not found', missing.stderr)

    def test_apply_twice_and_change(self):
        for v, s in self.each():
            self.assertIn("created", s.kubectl("apply", "-f", "-", stdin=CONFIGMAP, version=v))
            rv = s.kubectl_json("get", "cm", "conf", version=v)["metadata"]["resourceVersion"]
            self.assertIn("unchanged", s.kubectl("apply", "-f", "-", stdin=CONFIGMAP, version=v))
            self.assertEqual(s.kubectl_json("get", "cm", "conf", version=v)["metadata"]["resourceVersion"], rv)
            s.kubectl("apply", "-f", "-", stdin=CONFIGMAP.replace('a: "1"', 'a: "9"'), version=v)
            self.assertEqual(s.kubectl_json("get", "cm", "conf", version=v)["data"]["a"], "9")

    def test_strategic_merge_on_pods(self):
        for v, s in self.each():
            s.kubectl("apply", "-f", "-", stdin=POD, version=v)
            s.kubectl("patch", "pod", "pod1", "-p", '{"spec":{"containers":[{"name":"c","image":"busybox:2"}]}}', version=v)
            c = s.kubectl_json("get", "pod", "pod1", version=v)["spec"]["containers"]
            self.assertEqual((len(c), c[0]["image"], c[0]["env"][0]["name"]), (1, "busybox:2", "A"))
            out = s.kubectl("get", "pods", version=v)
            self.assertEqual(out.splitlines()[0].split(), ["NAME", "READY", "STATUS", "RESTARTS", "AGE"])

    def test_cordon_and_taint(self):
        for v, s in self.each():
            s.raw("POST", "/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}})
            s.kubectl("cordon", "n1", version=v)
            self.assertIn("SchedulingDisabled", s.kubectl("get", "node", "n1", version=v))
            s.kubectl("uncordon", "n1", version=v)
            s.kubectl("taint", "node", "n1", "k=v:NoExecute", version=v)
            self.assertEqual(s.kubectl_json("get", "node", "n1", version=v)["spec"]["taints"][0]["effect"], "NoExecute")
            s.kubectl("taint", "node", "n1", "k-", version=v)
            self.assertFalse(s.kubectl_json("get", "node", "n1", version=v)["spec"].get("taints"))

    def test_namespaces(self):
        for v, s in self.each():
            names = s.kubectl("get", "ns", "-o", "name", version=v).split()
            for n in ("default", "kube-system", "kube-public", "kube-node-lease"):
                self.assertIn("namespace/" + n, names)
            s.kubectl("create", "namespace", "team", version=v)
            s.kubectl("-n", "team", "create", "configmap", "x", "--from-literal=a=b", version=v)
            s.kubectl("-n", "team", "create", "secret", "generic", "y", "--from-literal=a=b", version=v)
            self.assertIn("team", s.kubectl("get", "cm", "-A", version=v))
            self.assertIn("Opaque", s.kubectl("-n", "team", "get", "secrets", version=v))
            no = s.kubectl("-n", "absent", "create", "configmap", "x", version=v, check=False)
            self.assertIn('namespaces "absent" not found', no.stderr)
            no = s.kubectl("delete", "ns", "default", version=v, check=False)
            self.assertIn("this namespace may not be deleted", no.stderr)

    def test_watch_sees_every_change(self):
        for v, s in self.each():
            w = self.watching(s, "get", "cm", "--field-selector", "metadata.name=w", "-w", "-o", 'jsonpath={.metadata.name}={.data.n}{"\\n"}', version=v)
            s.kubectl("create", "configmap", "w", "--from-literal=n=0", version=v)
            w.until(lambda t: "w=0\n" in t)
            cm = s.raw("GET", "/api/v1/namespaces/default/configmaps/w")[1]
            for i in range(1, 101):
                cm["data"]["n"] = str(i)
                code, cm = s.raw("PUT", "/api/v1/namespaces/default/configmaps/w", cm)
                self.assertEqual(code, 200)
            w.until(lambda t: "w=100\n" in t)
            self.assertEqual([l for l in w.text().splitlines() if l.startswith("w=")], [f"w={i}" for i in range(101)])

    def test_finalizers_and_wait(self):
        for v, s in self.each():
            s.kubectl("apply", "-f", "-", stdin=CONFIGMAP.replace("name: conf", "name: conf, finalizers: [example.com/hold]"), version=v)
            s.kubectl("delete", "cm", "conf", "--wait=false", version=v)
            got = s.kubectl_json("get", "cm", "conf", version=v)
            self.assertIn("deletionTimestamp", got["metadata"])
            s.kubectl("patch", "cm", "conf", "--type=merge", "-p", '{"metadata":{"finalizers":null}}', version=v)
            s.kubectl("wait", "--for=delete", "cm/conf", "--timeout=5s", version=v)

    def test_invalid_objects_are_refused_and_change_nothing(self):
        s = self.server()
        for body, field in (
            ({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "Not_DNS"}}, "metadata.name"),
            ({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n", "labels": {"bad key": "v"}}}, "metadata.labels"),
        ):
            code, status = s.raw("POST", "/api/v1/nodes", body)
            self.assertEqual((code, status["reason"]), (422, "Invalid"), status)
            self.assertEqual(status["details"]["causes"][0]["field"], field)
        code, status = s.raw("POST", "/api/v1/nodes", "{\"kind\":")
        self.assertEqual((code, status["reason"]), (400, "BadRequest"))
        self.assertEqual(s.raw("GET", "/api/v1/nodes")[1]["items"], [])

    def test_conflict_on_stale_update(self):
        s = self.server()
        code, cm = s.raw("POST", "/api/v1/namespaces/default/configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}})
        self.assertEqual(code, 201)
        stale = dict(cm, data={"a": "1"})
        self.assertEqual(s.raw("PUT", "/api/v1/namespaces/default/configmaps/c", stale)[0], 200)
        code, status = s.raw("PUT", "/api/v1/namespaces/default/configmaps/c", dict(cm, data={"a": "2"}))
        self.assertEqual((code, status["reason"]), (409, "Conflict"))
        self.assertEqual(status["message"], 'Operation cannot be fulfilled on configmaps "c": the object has been modified; please apply your changes to the latest version and try again')

    def test_chunked_list_is_a_stable_snapshot(self):
        s = self.server()
        for i in range(25):
            s.raw("POST", "/api/v1/namespaces/default/configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{i:02}"}})
        code, page = s.raw("GET", "/api/v1/namespaces/default/configmaps?limit=10")
        names = [o["metadata"]["name"] for o in page["items"]]
        self.assertEqual(s.raw("DELETE", "/api/v1/namespaces/default/configmaps/c20")[0], 200)
        rv = page["metadata"]["resourceVersion"]
        while page["metadata"].get("continue"):
            code, page = s.raw("GET", "/api/v1/namespaces/default/configmaps?limit=10&continue=" + page["metadata"]["continue"])
            self.assertEqual((code, page["metadata"]["resourceVersion"]), (200, rv))
            names += [o["metadata"]["name"] for o in page["items"]]
        self.assertEqual([n for n in names if n != "kube-root-ca.crt"], [f"c{i:02}" for i in range(25)])
