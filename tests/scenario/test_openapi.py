# SPDX-License-Identifier: Apache-2.0
"""What the server says of itself, as kubectl 1.22 and 1.35 and HTTP caches use it."""
import json
import re

from harness import KUBECTLS, Scenario

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=%s;as=APIGroupDiscoveryList"
PROTO = "application/com.github.proto-openapi.spec.%s@v1.0+protobuf"
MISSPELT = """
apiVersion: v1
kind: ConfigMap
metadata: {name: misspelt}
dta: {a: "1"}
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80}
  - {name: https, port: 443}
"""


class OpenAPI(Scenario):
    def each(self):
        s = self.server()
        for version in KUBECTLS:
            with self.subTest(kubectl=version):
                yield version, s

    def fetch(self, s, path, **headers):
        """(status, headers, body) of a GET on the insecure port."""
        c = s.connection()
        try:
            c.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            r = c.getresponse()
            return r.status, r.headers, r.read()
        finally:
            c.close()

    # ---- kubectl explain ----

    def test_explain(self):
        for v, s in self.each():
            out = s.kubectl("explain", "pod.spec.containers", version=v)
            self.assertRegex(out, r"KIND: +Pod\n")
            self.assertRegex(out, r"image\t<string>\n +\S")  # with a description
            self.assertRegex(out, r"ports\t<\[\](Object|ContainerPort)>")
            self.assertRegex(out, r"env\t<\[\](Object|EnvVar)>")
            # Without a name the container is none; the two versions write it differently.
            self.assertRegex(out, r"name\t<string> -required-")
            deep = s.kubectl("explain", "pod", "--recursive", version=v)
            for field in ("containerPort", "topologySpreadConstraints", "ephemeralContainers", "hostIPs",
                          "deletionGracePeriodSeconds", "requiredDuringSchedulingIgnoredDuringExecution"):
                self.assertRegex(deep, rf"\n +{field}\t<")
            self.assertRegex(deep, r"limits\t<map\[string\](string|Quantity)>")
            self.assertIn("holderIdentity", s.kubectl("explain", "leases.spec", version=v))
            self.assertRegex(s.kubectl("explain", "lease.spec.renewTime", version=v), "microsecond")
            wrong = s.kubectl("explain", "pod.spec.nothing", version=v, check=False)
            self.assertIn('field "nothing" does not exist', wrong.stderr)

    def test_explain_of_a_custom_kind(self):
        for v, s in self.each():
            out = s.kubectl("explain", "machines", version=v)
            for field in ("apiVersion", "kind", "metadata", "spec", "status"):
                self.assertRegex(out, rf"\n +{field}\t<")
            self.assertIn("power", s.kubectl("explain", "machines.spec", version=v))
            self.assertIn("ownerReferences", s.kubectl("explain", "machines.metadata", version=v))

    # ---- validation on the client's side ----

    def test_unknown_fields_are_refused_by_the_old_client(self):
        s = self.server()
        for verb in ("apply", "create"):
            p = s.kubectl(verb, "-f", "-", stdin=MISSPELT, version="22", check=False)
            self.assertEqual(p.returncode, 1)
            self.assertIn('error validating data: ValidationError(ConfigMap): unknown field "dta" in '
                          'io.k8s.api.core.v1.ConfigMap; if you choose to ignore these errors, turn validation off '
                          'with --validate=false', p.stderr)
        wrong = SERVICE.replace("port: 80", 'port: "eighty"').replace("{name: https, port: 443}", "{name: https}")
        p = s.kubectl("apply", "-f", "-", stdin=wrong, version="22", check=False)
        self.assertIn('invalid type for io.k8s.api.core.v1.ServicePort.port: got "string", expected "integer"', p.stderr)
        self.assertIn('missing required field "port" in io.k8s.api.core.v1.ServicePort', p.stderr)
        self.assertIn("NotFound", s.kubectl("get", "cm", "misspelt", check=False).stderr)

    def test_custom_kinds_are_validated_too(self):
        s = self.server()
        machine = {"apiVersion": "sim.cleat.dev/v1alpha1", "kind": "Machine", "metadata": {"name": "m"}, "spec": {"pwer": "On"}}
        p = s.kubectl("apply", "-f", "-", stdin=json.dumps(machine), version="22", check=False)
        self.assertIn('unknown field "pwer" in dev.cleat.sim.v1alpha1.Machine.spec', p.stderr)

    def test_apply_merges_by_the_published_keys(self):
        """The client makes the patch out of patch-merge-key and patch-strategy of /openapi/v2."""
        for v, s in self.each():
            s.kubectl("apply", "-f", "-", stdin=SERVICE, version=v)
            added = {"spec": {"ports": [{"name": "more", "port": 8080}]}}
            s.kubectl("patch", "svc", "web", "-p", json.dumps(added), version=v)
            s.kubectl("apply", "-f", "-", stdin=SERVICE.replace("port: 443", "port: 8443"), version=v)
            ports = {p["name"]: p["port"] for p in s.kubectl_json("get", "svc", "web", version=v)["spec"]["ports"]}
            self.assertEqual(ports, {"http": 80, "https": 8443, "more": 8080})
            s.kubectl("delete", "svc", "web", version=v)

    def test_dry_run_on_the_server(self):
        """Old clients look for the parameter in the document first."""
        for v, s in self.each():
            out = s.kubectl("apply", "--dry-run=server", "-f", "-", stdin=SERVICE, version=v)
            self.assertEqual(out, "service/web created (server dry run)\n")
            self.assertIn("NotFound", s.kubectl("get", "svc", "web", version=v, check=False).stderr)

    # ---- discovery ----

    def test_both_clients_see_the_same(self):
        s = self.server()
        self.assertEqual(s.kubectl("api-versions", version="22"), s.kubectl("api-versions", version="35"))
        self.assertEqual(s.kubectl("api-resources", version="22"), s.kubectl("api-resources", version="35"))
        verbs = {}
        word = "create|deletecollection|delete|get|list|patch|update|watch"
        for v in KUBECTLS:  # "[create get]" in the old one, "create,get" and then categories in the new one
            lines = s.kubectl("api-resources", "-o", "wide", "--no-headers", version=v).splitlines()
            said = [re.search(rf"\s\[?((?:(?:{word})[ ,]?)+)\]?(?:\s|$)", x) for x in lines]
            verbs[v] = [(x.split()[0], re.split("[ ,]", m.group(1).strip())) for x, m in zip(lines, said)]
        self.assertEqual(verbs["22"], verbs["35"])

    def test_aggregated_and_legacy_agree(self):
        s = self.server()
        legacy = {g["name"]: [v["version"] for v in g["versions"]] for g in s.raw("GET", "/apis")[1]["groups"]}
        for version in ("v2", "v2beta1"):
            accept = AGGREGATED % version
            status, headers, body = self.fetch(s, "/apis", Accept=accept + ",application/json;q=0.5")
            self.assertEqual((status, headers["Content-Type"]), (200, accept))
            doc = json.loads(body)
            self.assertEqual(doc["apiVersion"], "apidiscovery.k8s.io/" + version)
            self.assertEqual({i["metadata"]["name"]: [v["version"] for v in i["versions"]] for i in doc["items"]}, legacy)
            self.assertEqual(list(legacy), [i["metadata"]["name"] for i in doc["items"]])
            again = self.fetch(s, "/apis", Accept=accept, If_None_Match=headers["ETag"])
            self.assertEqual((again[0], again[2]), (304, b""))
        # Parameters in another order, as a proxy may write them; and one that is not known.
        mixed = "application/json; as=APIGroupDiscoveryList; v=v2; g=apidiscovery.k8s.io; profile=nopeer"
        self.assertEqual(self.fetch(s, "/api", Accept=mixed)[1]["Content-Type"], AGGREGATED % "v2")
        status, headers, _ = self.fetch(s, "/apis", Accept=AGGREGATED % "v9" + ",application/json")
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json"))
        self.assertEqual(self.fetch(s, "/apis", Accept="image/png")[0], 406)

    # ---- documents over HTTP ----

    def test_version_3_by_hash(self):
        s = self.server()
        status, headers, body = self.fetch(s, "/openapi/v3")
        self.assertEqual(status, 200)
        self.assertEqual(self.fetch(s, "/openapi/v3", If_None_Match=headers["ETag"])[0], 304)
        urls = {k: v["serverRelativeURL"] for k, v in json.loads(body)["paths"].items()}
        self.assertIn("api/v1", urls)
        self.assertIn("apis/sim.cleat.dev/v1alpha1", urls)
        for name, url in urls.items():
            status, headers, body = self.fetch(s, url)
            self.assertEqual(status, 200, url)
            self.assertEqual(json.loads(body)["openapi"], "3.0.0")
            self.assertEqual(headers.get_all("Cache-Control")[0].split(", ")[:2], ["public", "immutable"])
            self.assertEqual(len(headers.get_all("Cache-Control")), 1)
            self.assertEqual(headers["ETag"], '"%s"' % url.split("hash=")[1])
            self.assertEqual(self.fetch(s, url, If_None_Match='"x", ' + headers["ETag"])[0], 304)
        stale = self.fetch(s, "/openapi/v3/api/v1?hash=0123")
        self.assertEqual((stale[0], stale[1]["Location"]), (301, urls["api/v1"]))
        status, headers, body = self.fetch(s, urls["api/v1"], Accept=PROTO % "v3")
        self.assertEqual((status, headers["Content-Type"]), (200, (PROTO % "v3").replace("@", ".")))
        self.assertEqual(body[:7], b"\x0a\x053.0.0")
        self.assertEqual(self.fetch(s, "/openapi/v3/apis/nope/v1")[0], 404)
        self.assertEqual(self.fetch(s, "/openapi/v3/api/v1", Accept="text/html")[0], 406)

    def test_version_2(self):
        s = self.server()
        status, headers, body = self.fetch(s, "/openapi/v2", Accept="*/*")
        self.assertEqual((status, headers["Content-Type"], headers["Vary"]), (200, "application/json", "Accept"))
        self.assertIn("io.k8s.api.core.v1.Pod", json.loads(body)["definitions"])
        self.assertEqual(self.fetch(s, "/openapi/v2", If_None_Match=headers["ETag"])[0], 304)
        status, headers, body = self.fetch(s, "/openapi/v2", Accept=PROTO % "v2" + ", application/json;q=0.1")
        self.assertEqual((status, headers["Content-Type"]), (200, (PROTO % "v2").replace("@", ".")))
        self.assertEqual(body[:5], b"\x0a\x032.0")
        self.assertEqual(self.fetch(s, "/openapi/v2", Accept="text/html")[0], 406)
        self.assertEqual(self.fetch(s, "/openapi/v4")[0], 404)
