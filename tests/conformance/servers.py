# SPDX-License-Identifier: Apache-2.0
"""The servers that sessions run against."""
import contextlib
import os
import shutil
import subprocess
import tempfile

import harness


class Given:
    """A server that is there already."""

    def __init__(self, kubeconfig):
        self.kubeconfig = kubeconfig
        self.name = os.path.splitext(os.path.basename(kubeconfig))[0]


class Cleatd:
    """A cleatd as it starts by default, but for what a kube-apiserver alone does not do either:
    write endpoints and bind volumes, at a moment of its own."""
    name = "cleatd"
    controllers = "-endpoint,-endpointslice,-endpointslicemirroring,-persistentvolume-binder,*"

    def __init__(self, stack):
        self.server = harness.Server(f"--controllers={self.controllers}")
        stack.callback(self.server.close)
        self.server.start()
        self.kubeconfig = self.server.kubeconfig


class Real:
    """kube-apiserver and etcd, as upstream's own test tools start them."""
    name = "kube-apiserver"

    def __init__(self, stack, assets):
        self.folder = tempfile.mkdtemp(prefix="cleat-real-")
        stack.callback(shutil.rmtree, self.folder, True)
        client, peer, self.port = (harness.free_port() for _ in range(3))
        self.spawn(stack, [f"{assets}/etcd", "--data-dir", f"{self.folder}/etcd",
                           "--unsafe-no-fsync",
                           "--listen-client-urls", f"http://127.0.0.1:{client}",
                           "--advertise-client-urls", f"http://127.0.0.1:{client}",
                           "--listen-peer-urls", f"http://127.0.0.1:{peer}"])
        key, tokens = f"{self.folder}/sa.key", f"{self.folder}/tokens.csv"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        with open(tokens, "w") as f:
            f.write("conformance,admin,admin,system:masters\n")
        self.spawn(stack, [f"{assets}/kube-apiserver", f"--etcd-servers=http://127.0.0.1:{client}",
                           f"--secure-port={self.port}", "--bind-address=127.0.0.1",
                           f"--cert-dir={self.folder}/pki", "--authorization-mode=RBAC",
                           f"--token-auth-file={tokens}",
                           f"--service-account-key-file={key}",
                           f"--service-account-signing-key-file={key}",
                           "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                           "--service-cluster-ip-range=10.0.0.0/24",
                           "--disable-admission-plugins=ServiceAccount"])
        self.kubeconfig = f"{self.folder}/real.kubeconfig"
        self.write_kubeconfig()
        harness.eventually(self.ready, 60, "kube-apiserver is ready")

    def spawn(self, stack, command):
        log = open(f"{self.folder}/{os.path.basename(command[0])}.log", "wb")
        proc = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        stack.callback(proc.wait)
        stack.callback(proc.kill)

    def write_kubeconfig(self):
        with open(self.kubeconfig, "w") as f:
            f.write(f"""apiVersion: v1
kind: Config
clusters: [{{name: real, cluster: {{server: "https://127.0.0.1:{self.port}", insecure-skip-tls-verify: true}}}}]
users: [{{name: admin, user: {{token: conformance}}}}]
contexts: [{{name: real, context: {{cluster: real, user: admin}}}}]
current-context: real
""")

    def ready(self):
        p = subprocess.run([harness.KUBECTLS["35"], "--kubeconfig", self.kubeconfig, "get", "--raw", "/readyz"],
                           capture_output=True, text=True, timeout=20)
        return p.stdout == "ok"


@contextlib.contextmanager
def open_all(kubeconfigs):
    """Gives the servers and ends those that it started."""
    with contextlib.ExitStack() as stack:
        assets = os.environ.get("KUBEBUILDER_ASSETS")
        found = [Given(k) for k in kubeconfigs]
        if not found:
            found.append(Cleatd(stack))
            if assets:
                found.append(Real(stack, assets))
        yield found
