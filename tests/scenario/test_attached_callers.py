# SPDX-License-Identifier: Apache-2.0
"""Who may see an attached cleatd's metrics by his certificate; certificates replaced while it runs; and life in a pod."""
import json
import os
import ssl
import subprocess
import tempfile

from attached import service_account_token
from faultproxy import authority, leaf
from harness import CLEAT, ROOT, eventually
from test_attached import SIM, Attached, status_json
from test_node_failures import MACHINE

DEPLOY = os.path.join(ROOT, "deploy")
READER = "cleatd:authentication-reader"


def caller(folder, ca, name, user, *groups):
    """A client's files, signed by ca: (key, certificate)."""
    key, cert, csr, ext = (os.path.join(folder, f"{name}.{e}") for e in ("key", "crt", "csr", "ext"))
    with open(ext, "w") as f:
        f.write("extendedKeyUsage=clientAuth\n")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subject = "".join(f"/O={g}" for g in groups) + f"/CN={user}"
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", csr, "-subj", subject], **quiet)
    subprocess.run(["openssl", "x509", "-req", "-in", csr, "-CA", ca[1], "-CAkey", ca[0], "-CAcreateserial",
                    "-out", cert, "-days", "1", "-extfile", ext], **quiet)
    return key, cert


def text_of(path):
    with open(path) as f:
        return f.read()


def served(port):
    return ssl.get_server_certificate(("127.0.0.1", port))


class Callers(Attached):
    def folder(self):
        d = tempfile.TemporaryDirectory(prefix="cleat-callers-")
        self.addCleanup(d.cleanup)
        return d.name

    def test_the_clusters_own_certificates(self):
        d, s = self.folder(), self.far()
        pki = os.path.join(s.data, "pki")
        cluster_ca = os.path.join(pki, "ca.key"), os.path.join(pki, "ca.crt")
        looker = caller(d, cluster_ca, "looker", "looker", "lookers")
        master = caller(d, cluster_ca, "master", "anybody", "system:masters")
        stranger = caller(d, authority(d, "other"), "stranger", "looker", "system:masters")
        m = self.manager(s.kubeconfig, *SIM, "--authorization-webhook-cache-unauthorized-ttl=0s").wait_leading()
        eventually(lambda: m.get("/metrics", pair=looker)[0] == 403, 20, "she is known, and may not")
        self.assertEqual(m.get("/metrics", pair=stranger)[0], 401)
        self.assertEqual(m.get("/healthz", pair=stranger), (200, "ok"))
        self.assertEqual(m.get("/metrics", pair=master)[0], 200)
        s.kubectl("create", "clusterrole", "looker", "--verb=get", "--non-resource-url=/metrics")
        s.kubectl("create", "clusterrolebinding", "looker", "--clusterrole=looker", "--group=lookers")
        eventually(lambda: m.get("/metrics", pair=looker)[0] == 200, 20)
        self.assertEqual(m.get("/metrics")[0], 403)
        # a proxy that may speak for others is told of while it runs
        front = authority(d, "front")
        proxy, odd = caller(d, front, "front-proxy", "front-proxy"), caller(d, front, "odd", "odd")
        said = {"X-Remote-User": "jane", "X-Remote-Group": "lookers"}
        self.assertEqual(m.get("/metrics", pair=proxy, headers=said)[0], 401)
        s.kubectl("patch", "configmap", "extension-apiserver-authentication", "-n", "kube-system", "-p", json.dumps({"data": {
            "requestheader-client-ca-file": text_of(front[1]), "requestheader-allowed-names": '["front-proxy"]',
            "requestheader-username-headers": '["X-Remote-User"]', "requestheader-group-headers": '["X-Remote-Group"]',
            "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]'}}))
        eventually(lambda: m.get("/metrics", pair=proxy, headers=said)[0] == 200, 20, "it is followed")
        self.assertEqual(m.get("/metrics", pair=proxy, headers={"X-Remote-User": "joe"})[0], 403)
        self.assertEqual(m.get("/metrics", pair=odd, headers=said)[0], 401)
        self.assertEqual(m.get("/metrics", pair=looker)[0], 200)
        # the API server may be away for a while: what was known stays
        s.restart()
        eventually(lambda: m.alive() and m.get("/metrics", pair=looker)[0] == 200, 40)
        self.assertEqual(m.stop(), 0)
        # and it is not asked at all where that is not wanted
        m.args.append("--authentication-skip-lookup")
        m.start().wait_leading()
        self.assertEqual(m.get("/metrics", pair=master)[0], 403)  # anonymous

    def test_certificates_are_replaced_while_it_runs(self):
        d, s = self.folder(), self.far()
        ca, other = authority(d, "ca"), authority(d, "other-ca")
        held = os.path.join(d, "tls")
        os.mkdir(held)

        def put(pair):
            for path, name in zip(pair, ("tls.key", "tls.crt")):
                with open(os.path.join(held, name + ".new"), "w") as f:
                    f.write(text_of(path))
                os.replace(os.path.join(held, name + ".new"), os.path.join(held, name))
        first, second = leaf(d, ca, "first"), leaf(d, ca, "second")
        put(first)
        clients = os.path.join(held, "clients.crt")
        with open(clients, "w") as f:
            f.write(text_of(ca[1]))
        m = self.manager(s.kubeconfig, *SIM, "--tls-cert-file", os.path.join(held, "tls.crt"), "--tls-private-key-file",
                         os.path.join(held, "tls.key"), "--client-ca-file", clients).wait_leading()
        bare = lambda pem: pem[pem.index("-----BEGIN"):].strip()
        self.assertEqual(bare(served(m.port)), bare(text_of(first[1])))
        a, b = caller(d, ca, "a", "x", "system:masters"), caller(d, other, "b", "x", "system:masters")
        self.assertEqual((m.get("/metrics", pair=a)[0], m.get("/metrics", pair=b)[0]), (200, 401))
        put(second)
        with open(clients + ".new", "w") as f:
            f.write(text_of(other[1]))
        os.replace(clients + ".new", clients)
        eventually(lambda: m.alive() and bare(served(m.port)) == bare(text_of(second[1])), 20, "the new one is shown")
        eventually(lambda: (m.get("/metrics", pair=a)[0], m.get("/metrics", pair=b)[0]) == (401, 200), 20)


class Pod(Attached):
    """cleatd sees what a container has: the service account's folder, and where the API server is."""

    def mount(self, folder, files):
        """As a kubelet writes them: names that lead to a folder which is replaced at once."""
        self.turn = getattr(self, "turn", 0) + 1
        there = f"..{self.turn}"
        os.mkdir(os.path.join(folder, there))
        for name, text in files.items():
            with open(os.path.join(folder, there, name), "w") as f:
                f.write(text)
            if not os.path.islink(os.path.join(folder, name)):
                os.symlink(os.path.join("..data", name), os.path.join(folder, name))
        os.symlink(there, os.path.join(folder, "..new"))
        os.rename(os.path.join(folder, "..new"), os.path.join(folder, "..data"))

    def in_pod(self, folder, port, *args):
        where = "/var/run/secrets/kubernetes.io/serviceaccount"
        script = f'mount -t tmpfs none /var/run/ && mkdir -p {where} && mount --bind "$0" {where} && exec "$@"'
        own = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
        if subprocess.run([*own, "sh", "-c", script, folder, "true"], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no mount namespaces here")
        return self.manager(None, *args, under=[*own, "sh", "-c", script, folder], env={
            "KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(port)})

    def test_in_a_pod_with_a_token_that_rotates(self):
        s = self.far()
        s.kubectl("apply", "-f", "-", stdin=subprocess.run([CLEAT, "crds"], check=True, text=True,
                                                           stdout=subprocess.PIPE).stdout)
        s.kubectl("apply", *sum((["-f", os.path.join(DEPLOY, f)] for f in (
            "rbac.yaml", "rbac-cloud.yaml", "rbac-provider-sim.yaml")), []))
        account = "cleat-cloud-controller-manager"
        p = self.proxy(s)
        folder = tempfile.mkdtemp(prefix="pod-", dir=s.data)
        old = service_account_token(s, account, seconds=3600)
        self.mount(folder, {"ca.crt": text_of(p.ca[1]), "namespace": "kube-system", "token": old})
        args = (*SIM, "--controllers", "cloud-node,cloud-node-lifecycle", "--manage-crds=false")
        # without the right to look the cluster's authorities up it ends, as upstream's managers do
        s.kubectl("delete", "rolebinding", READER, "-n", "kube-system")
        m = self.in_pod(folder, p.port, *args)
        self.assertEqual(m.proc.wait(20), 1)
        self.assertIn("unable to load configmap based request-header-client-ca-file", m.log())
        m.args.append("--authentication-tolerate-lookup-failure")
        m.start().wait_leading()
        eventually(lambda: "create rolebinding" in m.log(), 10)
        self.assertEqual(m.stop(), 0)
        s.kubectl("apply", "-f", os.path.join(DEPLOY, "rbac.yaml"))
        m.args.pop()
        m.start().wait_leading()
        nodes = lambda: {n["metadata"]["name"] for n in s.raw("GET", "/api/v1/nodes")[1]["items"]}
        eventually(lambda: m.alive() and len(nodes()) == 3, 20)
        self.assertIn(f"attached to https://127.0.0.1:{p.port}", m.log())
        self.assertEqual({r.token for r in p.log}, {"Bearer " + old})
        # the kubelet has put others there: the old token is worth nothing any more, nor is the old authority
        fresh, ca = service_account_token(s, account, seconds=7200), authority(p.folder, "another-ca")
        self.mount(folder, {"ca.crt": text_of(ca[1]), "namespace": "kube-system", "token": fresh})
        p.decide = lambda method, path, body, shown: None if shown == "Bearer " + fresh else (
            "status", 401, {"Content-Type": "application/json"}, status_json(401, "Unauthorized"))
        p.use_leaf(*leaf(p.folder, ca, "another"))
        p.drop_all()
        s.kubectl("apply", "-f", "-", stdin=MACHINE % ("later", "sim-b"))
        eventually(lambda: m.alive() and "later" in nodes(), 60, "it goes on with the new ones")
        self.assertEqual(m.stop(), 0)
        self.assertEqual({r.token for r in p.seen("POST", "/api/v1/nodes") if r.status == 201},
                         {"Bearer " + old, "Bearer " + fresh})
