# SPDX-License-Identifier: Apache-2.0
"""Server-side apply and managedFields with real kubectl, both versions, and by hand."""
import json
import os
import stat
import subprocess

from harness import KUBECTLS, Scenario, eventually

CM = """
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {a: "1", b: "1"}
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
  - {name: PORT, port: NUMBER}
"""
MACHINE = """
apiVersion: sim.cleat.dev/v1alpha1
kind: Machine
metadata: {name: m1}
spec: {SPEC}
"""
DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: nginx}]}
"""
APPLY = "application/apply-patch+yaml"


def owners(obj):
    """{(manager, operation, subresource): fieldsV1}"""
    return {(e["manager"], e["operation"], e.get("subresource", "")): e["fieldsV1"]
            for e in obj["metadata"]["managedFields"]}


class Apply(Scenario):
    def each(self):
        for version in KUBECTLS:
            with self.subTest(kubectl=version):
                yield version, self.server()

    def show(self, s, v, *what):
        args = ["get", *what, "--show-managed-fields"]
        return s.kubectl_json(*args, version=v)

    def test_ownership(self):
        for v, s in self.each():
            out = s.kubectl("apply", "--server-side", "-f", "-", stdin=CM, version=v)
            self.assertEqual(out, "configmap/conf serverside-applied\n")
            self.assertNotIn("managedFields", s.kubectl("get", "cm", "conf", "-o", "yaml", version=v))
            got = self.show(s, v, "cm", "conf")
            self.assertEqual(owners(got), {("kubectl", "Apply", ""): {"f:data": {"f:a": {}, "f:b": {}}}})
            # The same again is no write at all.
            s.kubectl("apply", "--server-side", "-f", "-", stdin=CM, version=v)
            self.assertEqual(self.show(s, v, "cm", "conf"), got)
            # Another manager, another value: a conflict, unless forced.
            other = CM.replace('a: "1", b: "1"', 'a: "2"')
            p = s.kubectl("apply", "--server-side", "--field-manager=other", "-f", "-", stdin=other, version=v, check=False)
            self.assertEqual(p.returncode, 1)
            self.assertIn('Apply failed with 1 conflict: conflict with "kubectl": .data.a', p.stderr)
            s.kubectl("apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-", stdin=other, version=v)
            got = self.show(s, v, "cm", "conf")
            self.assertEqual(got["data"], {"a": "2", "b": "1"})
            self.assertEqual(owners(got), {("kubectl", "Apply", ""): {"f:data": {"f:b": {}}},
                                           ("other", "Apply", ""): {"f:data": {"f:a": {}}}})
            # What a manager no longer applies goes, and only that.
            s.kubectl("apply", "--server-side", "--field-manager=other", "-f", "-", stdin=CM.replace('a: "1", b: "1"', 'c: "3"'), version=v)
            self.assertEqual(s.kubectl_json("get", "cm", "conf", version=v)["data"], {"b": "1", "c": "3"})
            # Plain writes are tracked by the client's name.
            s.kubectl("label", "cm", "conf", "x=y", version=v)
            s.kubectl("patch", "cm", "conf", "--type=merge", "-p", '{"data":{"d":"4"}}', version=v)
            got = owners(self.show(s, v, "cm", "conf"))
            self.assertEqual(got[("kubectl-label", "Update", "")], {"f:metadata": {"f:labels": {".": {}, "f:x": {}}}})
            self.assertEqual(got[("kubectl-patch", "Update", "")], {"f:data": {"f:d": {}}})

    def test_after_client_side_apply(self):
        for v, s in self.each():
            s.kubectl("apply", "-f", "-", stdin=CM, version=v)
            self.assertIn(("kubectl-client-side-apply", "Update", ""), owners(self.show(s, v, "cm", "conf")))
            # kubectl takes over what client-side apply had, without a conflict.
            s.kubectl("apply", "--server-side", "-f", "-", stdin=CM.replace('a: "1"', 'a: "2"'), version=v)
            got = self.show(s, v, "cm", "conf")
            self.assertEqual(got["data"], {"a": "2", "b": "1"})
            self.assertEqual(owners(got)[("kubectl", "Apply", "")], {"f:data": {"f:a": {}, "f:b": {}}})
            last = json.loads(s.kubectl("apply", "view-last-applied", "cm", "conf", "-o", "json", version=v))
            self.assertEqual(last["data"], {"a": "2", "b": "1"})
            # A field that goes from the file goes from the object, where this kubectl has moved
            # the fields of client-side apply over to its own entry.
            s.kubectl("apply", "--server-side", "-f", "-", stdin=CM.replace(', b: "1"', ""), version=v)
            got = s.kubectl_json("get", "cm", "conf", version=v)
            self.assertEqual(got["data"], {"a": "1", "b": "1"} if v == "22" else {"a": "1"})

    def test_diff_and_dry_run(self):
        for v, s in self.each():
            s.kubectl("apply", "--server-side", "-f", "-", stdin=CM, version=v)
            before = self.show(s, v, "cm", "conf")
            changed = CM.replace('a: "1"', 'a: "9"')
            same = s.kubectl("diff", "--server-side", "-f", "-", stdin=CM, version=v, check=False)
            self.assertEqual((same.returncode, same.stdout), (0, ""))
            diff = s.kubectl("diff", "--server-side", "-f", "-", stdin=changed, version=v, check=False)
            self.assertEqual(diff.returncode, 1, diff.stderr)
            self.assertIn('-  a: "1"\n+  a: "9"\n', diff.stdout)
            out = s.kubectl("apply", "--server-side", "--dry-run=server", "-f", "-", stdin=changed, version=v)
            self.assertEqual(out, "configmap/conf serverside-applied (server dry run)\n")
            new = s.kubectl("apply", "--server-side", "--dry-run=server", "-f", "-", stdin=CM.replace("conf", "new"), version=v)
            self.assertEqual(new, "configmap/new serverside-applied (server dry run)\n")
            self.assertEqual(self.show(s, v, "cm", "conf"), before)
            self.assertIn("NotFound", s.kubectl("get", "cm", "new", version=v, check=False).stderr)

    def test_edit_last_applied(self):
        for v, s in self.each():
            s.kubectl("apply", "-f", "-", stdin=CM, version=v)
            editor = os.path.join(s.data, "editor")
            with open(editor, "w") as f:
                f.write("#!/bin/sh\nsed -i 's/b: \"1\"/b: \"7\"/' \"$1\"\n")
            os.chmod(editor, os.stat(editor).st_mode | stat.S_IXUSR)
            os.environ["KUBE_EDITOR"] = editor
            home = os.path.join(s.data, "home-" + v)
            os.makedirs(home, exist_ok=True)
            p = self.run_with_editor(s, v, editor, "apply", "edit-last-applied", "cm", "conf")
            self.assertEqual(p.returncode, 0, p.stderr)
            last = json.loads(s.kubectl("apply", "view-last-applied", "cm", "conf", "-o", "json", version=v))
            self.assertEqual(last["data"], {"a": "1", "b": "7"})
            self.assertEqual(s.kubectl_json("get", "cm", "conf", version=v)["data"], {"a": "1", "b": "1"})

    def run_with_editor(self, s, v, editor, *args):
        env = {"PATH": os.environ["PATH"], "HOME": os.path.join(s.data, "home-" + v),
               "KUBECONFIG": s.kubeconfig, "KUBE_EDITOR": editor}
        return subprocess.run([KUBECTLS[v], *args], env=env, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=60)

    def test_lists_are_owned_by_element(self):
        for v, s in self.each():
            one = SERVICE.replace("PORT", "http").replace("NUMBER", "80")
            two = SERVICE.replace("PORT", "metrics").replace("NUMBER", "9090")
            s.kubectl("apply", "--server-side", "--field-manager=one", "-f", "-", stdin=one, version=v)
            s.kubectl("apply", "--server-side", "--field-manager=two", "-f", "-", stdin=two, version=v)
            ports = lambda: [p["name"] for p in s.kubectl_json("get", "svc", "web", version=v)["spec"]["ports"]]
            self.assertEqual(ports(), ["http", "metrics"])
            got = owners(self.show(s, v, "svc", "web"))
            self.assertEqual(got[("two", "Apply", "")]["f:spec"]["f:ports"],
                             {'k:{"port":9090,"protocol":"TCP"}': {".": {}, "f:name": {}, "f:port": {}}})
            s.kubectl("apply", "--server-side", "--field-manager=two", "-f", "-",
                      stdin=SERVICE.split("  ports:")[0], version=v)
            self.assertEqual(ports(), ["http"])

    def test_deployments_as_upstream(self):
        """What kubectl create leaves in managedFields of a real cluster, and scale's own entry."""
        created = {"f:spec": {
            "f:progressDeadlineSeconds": {}, "f:replicas": {}, "f:revisionHistoryLimit": {}, "f:selector": {},
            "f:strategy": {"f:rollingUpdate": {".": {}, "f:maxSurge": {}, "f:maxUnavailable": {}}, "f:type": {}},
            "f:template": {"f:metadata": {"f:labels": {".": {}, "f:app": {}}}, "f:spec": {
                "f:containers": {'k:{"name":"c"}': {
                    ".": {}, "f:image": {}, "f:imagePullPolicy": {}, "f:name": {}, "f:resources": {},
                    "f:terminationMessagePath": {}, "f:terminationMessagePolicy": {}}},
                "f:dnsPolicy": {}, "f:restartPolicy": {}, "f:schedulerName": {}, "f:securityContext": {},
                "f:terminationGracePeriodSeconds": {}}}}}
        for v, s in self.each():
            s.kubectl("create", "-f", "-", stdin=DEPLOYMENT, version=v)
            self.assertEqual(owners(self.show(s, v, "deploy", "d")), {("kubectl-create", "Update", ""): created})
            s.kubectl("scale", "deploy", "d", "--replicas=3", version=v)
            got = owners(self.show(s, v, "deploy", "d"))
            self.assertEqual(got[("kubectl", "Update", "scale")], {"f:spec": {"f:replicas": {}}})
            self.assertNotIn("f:replicas", got[("kubectl-create", "Update", "")]["f:spec"])
            p = s.kubectl("apply", "--server-side", "-f", "-", stdin=DEPLOYMENT, version=v, check=False)
            self.assertIn('conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas', p.stderr)
            # Without replicas in the file whoever scales goes on owning them.
            s.kubectl("apply", "--server-side", "-f", "-", stdin=DEPLOYMENT.replace("  replicas: 1\n", ""), version=v)
            self.assertEqual(s.kubectl_json("get", "deploy", "d", version=v)["spec"]["replicas"], 3)

    def test_custom_kinds(self):
        for v, s in self.each():
            eventually(lambda: "machines" in s.kubectl("api-resources", version=v))
            zone = MACHINE.replace("SPEC", 'zone: a, power: "Off"')
            s.kubectl("apply", "--server-side", "-f", "-", stdin=zone, version=v)
            got = owners(self.show(s, v, "machines", "m1"))
            self.assertEqual(got[("kubectl", "Apply", "")], {"f:spec": {"f:power": {}, "f:zone": {}}})
            p = s.kubectl("apply", "--server-side", "--field-manager=other", "-f", "-",
                          stdin=zone.replace("zone: a", "zone: b"), version=v, check=False)
            self.assertIn('conflict with "kubectl": .spec.zone', p.stderr)
            s.kubectl("apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-",
                      stdin=zone.replace("zone: a", "zone: b"), version=v)
            self.assertEqual(s.kubectl_json("get", "machines", "m1", version=v)["spec"]["zone"], "b")
            diff = s.kubectl("diff", "--server-side", "--field-manager=other", "-f", "-",
                             stdin=zone.replace("zone: a", "zone: c"), version=v, check=False)
            self.assertEqual(diff.returncode, 1, diff.stderr)
            self.assertIn("+  zone: c", diff.stdout)

    def test_by_hand(self):
        s = self.server()
        path = "/api/v1/namespaces/default/configmaps/conf"
        status, got = s.raw("PATCH", path, CM, APPLY)
        self.assertEqual((status, got["message"]),
                         (422, 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'))
        status, got = s.raw("PATCH", path + "?fieldManager=" + "x" * 129, CM, APPLY)
        self.assertEqual((status, got["message"]),
                         (422, 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes'))
        status, got = s.raw("PATCH", path + "?fieldManager=m&force=true", "{}", "application/merge-patch+json")
        self.assertEqual((status, got["message"]),
                         (422, 'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch'))
        status, got = s.raw("PATCH", path + "?fieldManager=m", "a: [", APPLY)
        self.assertEqual((status, got["reason"]), (400, "BadRequest"))
        # YAML, with what YAML alone can say.
        status, got = s.raw("PATCH", path + "?fieldManager=m", CM + "immutable: no\n", APPLY)
        self.assertEqual((status, got["immutable"]), (201, False))
        status, got = s.raw("PATCH", path + "?fieldManager=n", CM.replace('a: "1"', 'a: "2"'), APPLY)
        self.assertEqual((status, got["reason"]), (409, "Conflict"))
        self.assertEqual(got["details"]["causes"],
                         [{"reason": "FieldManagerConflict", "message": 'conflict with "m"', "field": ".data.a"}])
        status, got = s.raw("PATCH", path + "?fieldManager=n&force=true", CM.replace('a: "1"', 'a: "2"'), APPLY)
        self.assertEqual((status, got["data"]["a"]), (200, "2"))
        status, got = s.raw("PATCH", path + "?fieldManager=m", '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"conf","managedFields":[{}]}}', APPLY)
        self.assertEqual((status, got["message"]), (400, "metadata.managedFields must be nil"))
        twice = CM.replace('a: "1"', 'a: "1", a: "2"')
        status, got = s.raw("PATCH", path + "?fieldManager=n&force=true&fieldValidation=Strict", twice, APPLY)
        self.assertEqual((status, got["message"]), (400, 'error strict decoding patch: duplicate field "data.a"'))
        self.assertEqual(s.raw("PATCH", path + "?fieldManager=n&force=true&fieldValidation=Ignore", twice, APPLY)[0], 200)
        # The client's name is what stands before the slash.
        c = s.connection()
        c.request("PUT", path, json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf"}, "data": {"z": "1"}}),
                  {"Content-Type": "application/json", "User-Agent": "my-tool/v1.2 (linux/amd64)"})
        got = json.loads(c.getresponse().read())
        c.close()
        self.assertEqual(owners(got)[("my-tool", "Update", "")], {"f:data": {"f:z": {}}})
        # An empty list forgets them all.
        status, got = s.raw("PATCH", path, {"metadata": {"managedFields": [{}]}}, "application/merge-patch+json")
        self.assertEqual((status, got["metadata"].get("managedFields")), (200, None))

    def test_plugins_are_managers(self):
        s = self.server("--cloud-provider", "sim")

        def managed():
            nodes = s.kubectl_json("get", "nodes", "--show-managed-fields")["items"]
            names = {m for n in nodes for m, _, _ in owners(n)} if nodes else set()
            return names if any(n.endswith("controller") for n in names) else None
        names = eventually(managed, what="a controller among the managers of nodes")
        self.assertFalse([n for n in names if ":" in n], names)
