# SPDX-License-Identifier: Apache-2.0
"""Kinds of one's own, with both kubectls: definitions as objects, from birth to end."""
import json
import time
import unittest

from harness import KUBECTLS, Scenario, eventually


def definition(plural="widgets", kind="Widget", group="shop.example.com", **version):
    v1 = {
        "name": "v1", "served": True, "storage": True,
        "subresources": {"status": {}, "scale": {"specReplicasPath": ".spec.replicas",
                                                 "statusReplicasPath": ".status.replicas"}},
        "additionalPrinterColumns": [
            {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
            {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
            {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}],
        "selectableFields": [{"jsonPath": ".spec.color"}],
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {
            "spec": {"type": "object", "properties": {
                "size": {"type": "integer", "minimum": 1, "description": "How large it is."},
                "color": {"type": "string", "default": "red"},
                "replicas": {"type": "integer"},
                "port": {"x-kubernetes-int-or-string": True}}},
            "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}}}}
    v1.update(version)
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.{group}"},
            "spec": {"group": group, "scope": "Namespaced",
                     "names": {"plural": plural, "kind": kind, "shortNames": [plural[:2]], "categories": ["shop"]},
                     "versions": [v1]}}


def widget(name, group="shop.example.com", kind="Widget", version="v1", **spec):
    return {"apiVersion": f"{group}/{version}", "kind": kind, "metadata": {"name": name}, "spec": spec}


def conditions(crd):
    return {c["type"]: (c["status"], c["reason"]) for c in crd["status"]["conditions"]}


class Definitions(Scenario):
    def define(self, s, crd, v="35"):
        s.kubectl("apply", "-f", "-", stdin=json.dumps(crd), version=v)
        s.kubectl("wait", "--for=condition=Established", "crd", crd["metadata"]["name"], "--timeout=10s", version=v)

    def test_from_birth_to_end(self):
        for v in KUBECTLS:
            with self.subTest(kubectl=v):
                s = self.server()
                name = "widgets.shop.example.com"
                self.define(s, definition(), v)
                crd = s.kubectl_json("get", "crd", name, version=v)
                self.assertEqual(conditions(crd), {"NamesAccepted": ("True", "NoConflicts"),
                                                   "Established": ("True", "InitialNamesAccepted")})
                self.assertEqual(crd["status"]["storedVersions"], ["v1"])
                self.assertIn("Established", s.kubectl("describe", "crd", name, version=v))
                s.kubectl("create", "-f", "-", stdin=json.dumps(widget("a", size=3, port="http")), version=v)
                s.kubectl("apply", "-f", "-", stdin=json.dumps(widget("b", size=4, color="blue")), version=v)
                out = s.kubectl("get", "wi", version=v).split("\n")
                self.assertEqual(out[0].split(), ["NAME", "SIZE", "READY", "AGE"])
                self.assertEqual(s.kubectl("get", "shop", "-o", "name", version=v).split(),
                                 ["widget.shop.example.com/a", "widget.shop.example.com/b"])
                self.assertIn("How large it is.", s.kubectl("explain", "widgets.spec.size", version=v))
                self.assertIn("Color:", s.kubectl("describe", "widget", "a", version=v))
                names = s.kubectl("get", "wi", "--field-selector", "spec.color=blue", "-o", "name", version=v)
                self.assertEqual(names.split(), ["widget.shop.example.com/b"])
                s.kubectl("scale", "widget/a", "--replicas=5", version=v)
                s.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-",
                          stdin=json.dumps(widget("b", size=5)), version=v)
                self.assertEqual(s.kubectl_json("get", "wi", "b", version=v)["spec"]["size"], 5)
                bad = s.kubectl("patch", "wi", "a", "-p", "{}", check=False, version=v)
                self.assertIn("application/merge-patch+json", bad.stderr)
                bad = s.kubectl("patch", "wi", "a", "--type=merge", "-p", '{"spec":{"size":0}}', check=False, version=v)
                self.assertIn("spec.size in body should be greater than or equal to 1", bad.stderr)
                s.kubectl("delete", "crd", name, version=v)
                self.assertIn("NotFound", s.kubectl("get", "crd", name, check=False, version=v).stderr)
                self.assertEqual(s.raw("GET", "/apis/shop.example.com/v1/widgets")[0], 404)
                self.define(s, definition(), v)  # once more, and empty
                self.assertEqual(s.raw("GET", "/apis/shop.example.com/v1/widgets")[1]["items"], [])

    def test_status_is_apart(self):
        s = self.server()
        self.define(s, definition())
        path = "/apis/shop.example.com/v1/namespaces/default/widgets"
        code, made = s.raw("POST", path, dict(widget("a", size=1), status={"x": 1}))
        self.assertEqual((code, "status" in made, made["metadata"]["generation"]), (201, False, 1))
        merge = {"content_type": "application/merge-patch+json"}
        code, now = s.raw("PATCH", path + "/a/status", {"spec": {"size": 9}, "status": {"x": 2}}, **merge)
        self.assertEqual((code, now["spec"]["size"], now["status"], now["metadata"]["generation"]),
                         (200, 1, {"x": 2}, 1))
        code, now = s.raw("PATCH", path + "/a", {"spec": {"size": 2}, "status": {"x": 3}}, **merge)
        self.assertEqual((code, now["spec"]["size"], now["status"], now["metadata"]["generation"]),
                         (200, 2, {"x": 2}, 2))

    def test_edit_adds_a_version_and_a_restart_keeps_it(self):
        for v in KUBECTLS:
            with self.subTest(kubectl=v):
                s = self.server()
                crd = definition()
                self.define(s, crd, v)
                s.kubectl("create", "-f", "-", stdin=json.dumps(widget("a", size=3)), version=v)
                second = json.loads(json.dumps(crd["spec"]["versions"][0]))
                second.update(name="v2", storage=False, deprecated=True)
                second["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"] = {
                    "size": {"type": "integer"}, "shape": {"type": "string", "default": "round"}}
                del second["selectableFields"], second["subresources"]["scale"]
                crd["spec"]["versions"].append(second)
                self.define(s, crd, v)
                s.restart()
                # served before the first request: the restart waits for readiness only
                code, a = s.raw("GET", "/apis/shop.example.com/v2/namespaces/default/widgets/a")
                self.assertEqual((code, a["apiVersion"], a["spec"]),
                                 (200, "shop.example.com/v2", {"size": 3, "shape": "round"}))
                p = s.kubectl("get", "widgets.v2.shop.example.com", check=False, version=v)
                self.assertIn("shop.example.com/v2 Widget is deprecated", p.stderr)
                groups = s.raw("GET", "/apis/shop.example.com")[1]
                self.assertEqual([x["version"] for x in groups["versions"]], ["v2", "v1"])
                self.assertIn("shop.example.com/v2", s.kubectl("api-versions", version=v))

    def test_edit_in_an_editor(self):
        for v in KUBECTLS:
            with self.subTest(kubectl=v):
                s = self.server()
                self.define(s, definition(), v)
                p = s.kubectl("edit", "crd", "widgets.shop.example.com", version=v, check=False,
                              env={"KUBE_EDITOR": "sed -i 's/How large it is/Its size/'"})
                self.assertEqual(p.returncode, 0, p.stderr)
                text = "Its size."
                eventually(lambda: text in s.kubectl("explain", "widgets.spec.size", version=v), what=text)
                self.assertEqual(s.kubectl_json("get", "crd", "widgets.shop.example.com")["metadata"]["generation"], 2)

    def test_conflicts_of_names_end_with_who_had_them(self):
        s = self.server()
        self.define(s, definition())
        s.kubectl("create", "-f", "-", stdin=json.dumps(definition("windows", "Widget")))
        crd = eventually(lambda: s.kubectl_json("get", "crd", "windows.shop.example.com"))
        self.assertEqual(conditions(crd), {"NamesAccepted": ("False", "ListKindConflict"),
                                           "Established": ("False", "NotAccepted")})
        self.assertEqual(s.raw("GET", "/apis/shop.example.com/v1/windows")[0], 404)
        s.kubectl("delete", "crd", "widgets.shop.example.com")
        s.kubectl("wait", "--for=condition=Established", "crd/windows.shop.example.com", "--timeout=10s")
        self.assertEqual(s.raw("GET", "/apis/shop.example.com/v1/windows")[0], 200)

    def test_finalizers_hold_the_definition(self):
        s = self.server()
        self.define(s, definition())
        held = widget("held", size=1)
        held["metadata"]["finalizers"] = ["shop.example.com/hold"]
        s.kubectl("create", "-f", "-", stdin=json.dumps(held))
        s.kubectl("create", "-f", "-", stdin=json.dumps(widget("free", size=1)))
        s.kubectl("delete", "crd", "widgets.shop.example.com", "--wait=false")
        eventually(lambda: [w["metadata"]["name"] for w in s.kubectl_json("get", "wi")["items"]] == ["held"])
        crd = s.kubectl_json("get", "crd", "widgets.shop.example.com")
        self.assertEqual(crd["metadata"]["finalizers"], ["customresourcecleanup.apiextensions.k8s.io"])
        self.assertEqual(conditions(crd)["Terminating"], ("True", "InstanceDeletionInProgress"))
        late = s.kubectl("create", "-f", "-", stdin=json.dumps(widget("late", size=1)), check=False)
        self.assertIn("create not allowed while custom resource definition is terminating", late.stderr)
        s.kubectl("patch", "wi", "held", "--type=merge", "-p", '{"metadata":{"finalizers":null}}')
        eventually(lambda: s.raw("GET", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"
                                        "widgets.shop.example.com")[0] == 404)

    def test_plugins_kinds_are_definitions_too(self):
        s = self.server()
        names = s.kubectl("get", "crd", "-o", "name", version="22").split()
        self.assertIn("customresourcedefinition.apiextensions.k8s.io/controllers.cleat.dev", names)
        crd = s.kubectl_json("get", "crd", "controllers.cleat.dev")
        self.assertEqual(conditions(crd)["Established"][0], "True")

    def test_many_kinds(self):
        s = self.server()
        n, path = 700, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        began = time.monotonic()
        for i in range(n):
            crd = definition(f"k{i}s", f"K{i}")
            crd["spec"]["names"]["shortNames"] = []
            code, answer = s.raw("POST", path, crd)
            self.assertEqual(code, 201, answer)
        self.assertLess(time.monotonic() - began, 60)
        self.assertEqual(s.raw("POST", f"/apis/shop.example.com/v1/namespaces/default/k{n - 1}s",
                               widget("x", kind=f"K{n - 1}", size=1))[0], 201)
        self.assertEqual(len(s.raw("GET", "/apis/shop.example.com/v1")[1]["resources"]), 3 * n)
        s.restart()
        self.assertEqual(s.raw("GET", f"/apis/shop.example.com/v1/namespaces/default/k{n - 1}s/x")[0], 200)


if __name__ == "__main__":
    unittest.main()
