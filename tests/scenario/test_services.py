# SPDX-License-Identifier: Apache-2.0
"""Services, volumes, quotas, classes and signing requests, as both kubectls see them."""
import base64
import json
import subprocess
import tempfile
import threading

from harness import KUBECTLS, Scenario, eventually

MANIFEST = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: pv1}
spec: {capacity: {storage: 5Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}, storageClassName: slow}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: pvc1}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: slow}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: slow, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: example.com/x
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: np1}
spec: {podSelector: {matchLabels: {a: b}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}
---
apiVersion: v1
kind: LimitRange
metadata: {name: lr1}
spec: {limits: [{type: Container, max: {cpu: "2"}, default: {cpu: 500m}, min: {cpu: 100m}}]}
---
apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: rc1}
handler: runc
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: ic1}
spec: {controller: example.com/c}
---
apiVersion: storage.k8s.io/v1
kind: CSIDriver
metadata: {name: drv1.example.com}
spec: {}
---
apiVersion: storage.k8s.io/v1
kind: CSINode
metadata: {name: node1}
spec: {drivers: [{name: drv1.example.com, nodeID: node-id}]}
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttachment
metadata: {name: va1}
spec: {attacher: drv1.example.com, nodeName: node1, source: {persistentVolumeName: pv1}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: es1, labels: {kubernetes.io/service-name: a}}
addressType: IPv4
endpoints: [{addresses: [10.1.2.3], conditions: {ready: true}}]
ports: [{port: 8080}]
"""

# What `get` shows of the manifest: kind, header, and words of the row.
TABLES = [
    ("pv", "NAME CAPACITY ACCESS MODES RECLAIM POLICY STATUS CLAIM STORAGECLASS VOLUMEATTRIBUTESCLASS REASON AGE", ["pv1", "5Gi", "RWO", "Retain", "Bound", "default/pvc1", "slow", "<unset>"]),
    ("pvc", "NAME STATUS VOLUME CAPACITY ACCESS MODES STORAGECLASS VOLUMEATTRIBUTESCLASS AGE", ["pvc1", "Bound", "pv1", "5Gi", "RWO", "slow"]),
    ("sc", "NAME PROVISIONER RECLAIMPOLICY VOLUMEBINDINGMODE ALLOWVOLUMEEXPANSION AGE", ["slow", "(default)", "example.com/x", "Delete", "Immediate", "false"]),
    ("netpol", "NAME POD-SELECTOR AGE", ["np1", "a=b"]),
    ("limits", "NAME CREATED AT", ["lr1"]),
    ("runtimeclasses", "NAME HANDLER AGE", ["rc1", "runc"]),
    ("ingressclasses", "NAME CONTROLLER PARAMETERS AGE", ["ic1", "example.com/c", "<none>"]),
    ("csidrivers", "NAME ATTACHREQUIRED PODINFOONMOUNT STORAGECAPACITY TOKENREQUESTS REQUIRESREPUBLISH MODES AGE", ["drv1.example.com", "true", "Persistent"]),
    ("csinodes", "NAME DRIVERS AGE", ["node1", "1"]),
    ("volumeattachments", "NAME ATTACHER PV NODE ATTACHED AGE", ["va1", "pv1", "node1", "false"]),
    ("endpointslices", "NAME ADDRESSTYPE PORTS ENDPOINTS AGE", ["es1", "IPv4", "8080", "10.1.2.3"]),
    ("componentstatuses", "NAME STATUS MESSAGE ERROR", ["etcd-0", "Healthy", "ok"]),
    ("servicecidrs", "NAME CIDRS AGE", ["kubernetes", "10.0.0.0/24"]),
]


def signing_request():
    with tempfile.NamedTemporaryFile() as key:
        pem = subprocess.run(["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key.name, "-subj", "/CN=u/O=g"],
                             check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return base64.b64encode(pem).decode()


class Services(Scenario):
    def each(self):
        for version in KUBECTLS:
            with self.subTest(kubectl=version):
                s = self.server()
                eventually(lambda: s.raw("GET", "/api/v1/namespaces/default/services/kubernetes")[0] == 200)
                yield version, s

    def test_every_way_to_make_a_service(self):
        for v, s in self.each():
            s.kubectl("create", "service", "clusterip", "a", "--tcp=80:8080", version=v)
            s.kubectl("create", "service", "nodeport", "b", "--tcp=80:8080", "--node-port=30080", version=v)
            twice = s.kubectl("create", "service", "nodeport", "b2", "--tcp=80:8080", "--node-port=30080", version=v, check=False)
            self.assertIn('Service "b2" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated', twice.stderr)
            s.kubectl("create", "service", "loadbalancer", "c", "--tcp=80:8080", version=v)
            s.kubectl("create", "service", "externalname", "d", "--external-name", "example.com", version=v)
            s.kubectl("create", "service", "clusterip", "e", "--clusterip=None", "--tcp=1:1", version=v)
            s.kubectl("run", "p", "--image=nginx", version=v)
            s.kubectl("expose", "pod", "p", "--port=80", "--name=f", version=v)
            rows = {l.split()[0]: l.split() for l in s.kubectl("get", "svc", version=v).splitlines()}
            self.assertEqual(rows["NAME"], ["NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE"])
            self.assertEqual(rows["kubernetes"][1:5], ["ClusterIP", "10.0.0.1", "<none>", "443/TCP"])
            self.assertEqual(rows["b"][4], "80:30080/TCP")
            self.assertEqual(rows["c"][1:4:2], ["LoadBalancer", "<pending>"])
            self.assertEqual(rows["d"][2:5], ["<none>", "example.com", "<none>"])
            self.assertEqual(rows["e"][2], "None")
            self.assertEqual(len({r[2] for n, r in rows.items() if r[2].startswith("10.")}), 5)
            self.assertIn("run=p", s.kubectl("get", "svc", "f", "-o", "wide", version=v))
            told = s.kubectl("describe", "svc", "b", version=v)
            for words in ("NodePort:", "30080/TCP", "Session Affinity:", "External Traffic Policy:"):
                self.assertIn(words, told)

    def test_addresses_stay_and_come_back(self):
        for v, s in self.each():
            s.kubectl("create", "service", "nodeport", "a", "--tcp=80:8080", version=v)
            before = s.kubectl_json("get", "svc", "a", version=v)["spec"]
            manifest = json.dumps({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"},
                                   "spec": {"type": "NodePort", "selector": {"x": "y"}, "ports": [{"name": "80-8080", "port": 81}]}})
            s.kubectl("replace", "-f", "-", stdin=manifest, version=v)
            after = s.kubectl_json("get", "svc", "a", version=v)["spec"]
            self.assertEqual((after["clusterIPs"], after["ports"][0]["nodePort"], after["ports"][0]["port"]),
                             (before["clusterIPs"], before["ports"][0]["nodePort"], 81))
            changed = s.kubectl("patch", "svc", "a", "-p", '{"spec":{"clusterIP":"10.0.0.99"}}', version=v, check=False)
            self.assertIn("spec.clusterIPs[0]: Invalid value:", changed.stderr)
            self.assertIn("may not change once set", changed.stderr)
            s.kubectl("delete", "svc", "a", version=v)
            s.kubectl("create", "service", "clusterip", "again", "--clusterip=" + before["clusterIP"], "--tcp=80", version=v)

    def test_no_address_is_given_out_twice_over_http(self):
        s = self.server("--service-cluster-ip-range=10.9.0.0/25", "--service-node-port-range=31000-31099")
        codes = []

        def hammer(n):
            for i in range(30):
                body = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"s{n}-{i}"}, "spec": {"type": "NodePort", "ports": [{"port": 80}]}}
                code = s.raw("POST", "/api/v1/namespaces/default/services", body)[0]
                if code == 201 and i % 4 == 0:
                    code = s.raw("DELETE", f"/api/v1/namespaces/default/services/s{n}-{i}")[0]
                codes.append(code)

        threads = [threading.Thread(target=hammer, args=(n,)) for n in range(6)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertLessEqual(set(codes), {200, 201, 500})

        def taken():
            items = s.raw("GET", "/api/v1/namespaces/default/services")[1]["items"]
            ips = [i["spec"]["clusterIP"] for i in items]
            ports = [p["nodePort"] for i in items for p in i["spec"]["ports"] if "nodePort" in p]
            self.assertEqual((len(set(ips)), len(set(ports))), (len(ips), len(ports)))
            return sorted(ips), sorted(ports)

        before = taken()
        self.assertEqual(len(before[1]), 100)
        s.kill()
        s.start()
        self.assertEqual(taken(), before)
        code, full = s.raw("POST", "/api/v1/namespaces/default/services",
                           {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "more"}, "spec": {"type": "NodePort", "ports": [{"port": 80}]}})
        self.assertEqual((code, full["message"]), (500, "Internal error occurred: failed to allocate a nodePort: range is full"))

    def test_every_kind_is_applied_shown_and_described(self):
        for v, s in self.each():
            s.kubectl("apply", "-f", "-", stdin=MANIFEST, version=v)
            eventually(lambda: s.raw("GET", "/api/v1/namespaces/default/persistentvolumeclaims/pvc1")[1]["status"]["phase"] == "Bound")
            before = s.kubectl("get", "-f", "-", "-o", "jsonpath={.items[*].metadata.resourceVersion}", stdin=MANIFEST, version=v)
            s.kubectl("apply", "-f", "-", stdin=MANIFEST, version=v)  # what the server added is added again: nothing changes
            self.assertEqual(s.kubectl("get", "-f", "-", "-o", "jsonpath={.items[*].metadata.resourceVersion}", stdin=MANIFEST, version=v), before)
            for kind, header, words in TABLES:
                out = s.kubectl("get", kind, version=v)
                self.assertEqual(" ".join(out.splitlines()[0].split()), header)
                row = next(l for l in out.splitlines() if l.split()[0] == words[0]).split()
                for word in words:
                    self.assertIn(word, row, kind)
                self.assertIn(words[0], s.kubectl("describe", kind, words[0], version=v))
            self.assertIn("Filesystem", s.kubectl("get", "pv,pvc", "-o", "wide", version=v))
            refused = s.kubectl("patch", "sc", "slow", "-p", '{"provisioner":"example.com/y"}', version=v, check=False)
            self.assertIn("provisioner: Forbidden: updates to provisioner are forbidden.", refused.stderr)

    def test_generators(self):
        for v, s in self.each():
            s.kubectl("create", "secret", "generic", "s1", "--from-literal=a=b", version=v)
            s.kubectl("create", "secret", "docker-registry", "s2", "--docker-server=x", "--docker-username=u", "--docker-password=p", version=v)
            s.kubectl("create", "configmap", "c1", "--from-literal=a=b", version=v)
            s.kubectl("create", "serviceaccount", "sa1", version=v)
            s.kubectl("create", "priorityclass", "high", "--value=1000", "--description=x", version=v)
            s.kubectl("create", "ingress", "i1", "--class=nginx", "--rule=foo.com/bar=a:80", version=v)
            s.kubectl("create", "ingress", "i2", "--rule=foo.com/*=a:80,tls=sec", version=v)
            rows = {l.split()[0]: l.split() for l in s.kubectl("get", "ing", version=v).splitlines()}
            self.assertEqual(rows["NAME"], ["NAME", "CLASS", "HOSTS", "ADDRESS", "PORTS", "AGE"])
            self.assertEqual(rows["i1"][1:4], ["nginx", "foo.com", "80"])
            self.assertEqual(rows["i2"][1:5], ["<none>", "foo.com", "80,", "443"])
            self.assertIn("/bar", s.kubectl("describe", "ing", "i1", version=v))
            rows = {l.split()[0]: l.split() for l in s.kubectl("get", "pc", version=v).splitlines()}
            self.assertEqual(rows["high"][1:3], ["1000", "false"])
            self.assertEqual(rows["system-node-critical"][1], "2000001000")
            s.kubectl("run", "p", "--image=nginx", "--overrides", '{"spec":{"priorityClassName":"high","serviceAccountName":"sa1"}}', version=v)
            spec = s.kubectl_json("get", "pod", "p", version=v)["spec"]
            self.assertEqual((spec["priority"], spec["serviceAccountName"]), (1000, "sa1"))
            self.assertEqual([t["key"] for t in spec["tolerations"]], ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
            self.assertTrue(spec["volumes"][0]["name"].startswith("kube-api-access-"))

    def test_quotas_and_limits(self):
        for v, s in self.each():
            s.kubectl("create", "quota", "q", "--hard=pods=2,services=3,requests.cpu=1", version=v)
            bare = s.kubectl("run", "p0", "--image=nginx", version=v, check=False)
            self.assertIn('pods "p0" is forbidden: failed quota: q: must specify requests.cpu for: p0', bare.stderr)
            s.kubectl("apply", "-f", "-", stdin=MANIFEST.split("---")[4].replace("500m", "400m"), version=v)
            for name in ("p1", "p2"):
                s.kubectl("run", name, "--image=nginx", version=v)
            over = s.kubectl("run", "p3", "--image=nginx", version=v, check=False)
            self.assertIn('pods "p3" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=400m, used: pods=2,requests.cpu=800m, '
                          'limited: pods=2,requests.cpu=1', over.stderr)
            eventually(lambda: s.kubectl_json("get", "quota", "q", version=v)["status"]["used"] == {"pods": "2", "requests.cpu": "800m", "services": "1"})
            self.assertIn("pods: 2/2, requests.cpu: 800m/1, services: 1/3", s.kubectl("get", "quota", version=v))
            self.assertRegex(s.kubectl("describe", "quota", "q", version=v), r"pods +2 +2")
            s.kubectl("delete", "pod", "p1", "--grace-period=0", "--force", version=v)
            s.kubectl("run", "p3", "--image=nginx", version=v)
            self.assertRegex(s.kubectl("describe", "limits", "lr1", version=v), r"Container +cpu +100m +2 +400m +400m")

    def test_signing_requests(self):
        request = signing_request()
        for v, s in self.each():
            for name in ("one", "two"):
                s.kubectl("apply", "-f", "-", version=v, stdin=json.dumps({
                    "apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest", "metadata": {"name": name},
                    "spec": {"request": request, "signerName": "example.com/signer", "usages": ["client auth"], "expirationSeconds": 3600, "username": "forged"}}))
            s.kubectl("certificate", "approve", "one", version=v)
            s.kubectl("certificate", "deny", "two", version=v)
            rows = {l.split()[0]: l.split() for l in s.kubectl("get", "csr", version=v).splitlines()}
            self.assertEqual(rows["NAME"], ["NAME", "AGE", "SIGNERNAME", "REQUESTOR", "REQUESTEDDURATION", "CONDITION"])
            self.assertEqual(rows["one"][2:], ["example.com/signer", "kubernetes-admin", "60m", "Approved"])
            self.assertEqual(rows["two"][-1], "Denied")
            self.assertIn("Common Name:    u", s.kubectl("describe", "csr", "one", version=v))
            self.assertEqual(s.raw("PATCH", "/apis/certificates.k8s.io/v1/certificatesigningrequests/one/status", {"status": {"conditions": []}},
                                   content_type="application/merge-patch+json")[0], 422)

    def test_what_must_be_there_comes_back(self):
        for v, s in self.each():
            s.kubectl("create", "namespace", "n1", version=v)
            eventually(lambda: s.raw("GET", "/api/v1/namespaces/n1/serviceaccounts/default")[0] == 200)
            eventually(lambda: s.raw("GET", "/api/v1/namespaces/n1/configmaps/kube-root-ca.crt")[0] == 200)
            with open(s.data + "/pki/ca.crt") as f:
                ca = f.read()
            self.assertEqual(s.kubectl_json("get", "cm", "kube-root-ca.crt", "-n", "n1", version=v)["data"], {"ca.crt": ca})
            s.kubectl("delete", "sa,cm", "--all", "-n", "n1", version=v)
            s.kubectl("delete", "svc,endpoints,endpointslices", "--all", version=v)
            s.kubectl("patch", "cm", "kube-root-ca.crt", "-p", '{"data":{"ca.crt":"forged"}}', version=v)
            eventually(lambda: s.raw("GET", "/api/v1/namespaces/n1/serviceaccounts/default")[0] == 200)
            eventually(lambda: s.raw("GET", "/api/v1/namespaces/n1/configmaps/kube-root-ca.crt")[0] == 200)
            eventually(lambda: s.raw("GET", "/api/v1/namespaces/default/configmaps/kube-root-ca.crt")[1]["data"] == {"ca.crt": ca})
            service = eventually(lambda: s.raw("GET", "/api/v1/namespaces/default/services/kubernetes")[1]["spec"])
            self.assertEqual((service["clusterIP"], service["ports"][0]["targetPort"]), ("10.0.0.1", s.port))
            eventually(lambda: s.raw("GET", "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes")[0] == 200)
            protected = s.kubectl("delete", "ns", "kube-public", version=v, check=False)
            self.assertIn("this namespace may not be deleted", protected.stderr)

    def test_admission_is_switched_by_flags(self):
        s = self.server("--disable-admission-plugins=ServiceAccount,DefaultTolerationSeconds", "--enable-admission-plugins=TaintNodesByCondition")
        s.kubectl("run", "p", "--image=nginx")
        spec = s.kubectl_json("get", "pod", "p")["spec"]
        self.assertNotIn("tolerations", spec)
        self.assertNotIn("volumes", spec)
        code, node = s.raw("POST", "/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}})
        self.assertEqual((code, node["spec"]["taints"][0]["key"]), (201, "node.kubernetes.io/not-ready"))
