# SPDX-License-Identifier: Apache-2.0
"""A cleatd attached to another one that runs no controllers, or to a real kube-apiserver."""
import http.client
import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time

from harness import CLEATD, Server, eventually, free_port

# Short terms, so that a test of an election takes seconds.
BRISK = ("--leader-elect-lease-duration", "5s", "--leader-elect-renew-deadline", "2500ms",
         "--leader-elect-retry-period", "300ms")
# All that a manager can run. By itself it leaves to a kube-controller-manager what that does.
EVERYTHING = ("*,nodelifecycle,nodeipam,taint-eviction,garbagecollector,namespace,podgc,ttl-after-finished,csrcleaner,"
              "nodeleasecleaner,pvc-protection,pv-protection,persistentvolume-binder,endpoint,endpointslice,"
              "endpointslicemirroring")
LEASE = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/cloud-controller-manager"


class Manager:
    """One attached cleatd."""

    def __init__(self, kubeconfig, *args, plugins=None, env=None, under=()):
        self.under = list(under)  # a command that executes the rest of its line
        self.folder = tempfile.mkdtemp(prefix="cleat-manager-")
        self.kubeconfig = kubeconfig
        self.port = free_port()
        self.args = list(args) + (["--plugin-dir", plugins] if plugins else [])
        if not any(a.startswith("--controllers") for a in args):
            self.args += ["--controllers", EVERYTHING]
        self.env = {**os.environ, **(env or {})}
        self.log_path = os.path.join(self.folder, "cleatd.log")
        self.proc, self.log_from = None, 0

    def start(self):
        where = ["--kubeconfig", self.kubeconfig] if self.kubeconfig else ["--attach"]
        with open(self.log_path, "ab") as log:
            self.log_from = log.tell()
            self.proc = subprocess.Popen(
                [*self.under, CLEATD, *where, "--bind-address", "127.0.0.1", "--secure-port", str(self.port), *self.args],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=self.env)
        return self

    def log(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def leads(self):
        return "successfully acquired lease" in self.log()[self.log_from:]

    def wait_leading(self, timeout=20):
        eventually(lambda: self.alive() and self.leads(), timeout, f"it leads:\n{self.log()[-3000:]}")
        return self

    def alive(self):
        if self.proc.poll() is not None:
            raise RuntimeError(f"the manager ended with {self.proc.returncode}:\n{self.log()[-6000:]}")
        return True

    def signal(self, which):
        self.proc.send_signal(which)

    def stop(self, timeout=20):
        if self.proc is None or self.proc.poll() is not None:
            return self.proc.returncode if self.proc else None
        self.proc.send_signal(signal.SIGCONT)
        self.proc.send_signal(signal.SIGTERM)
        try:
            return self.proc.wait(timeout)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
            raise AssertionError(f"the manager did not stop within {timeout} s:\n{self.log()[-6000:]}")

    def kill(self):
        self.proc.kill()
        self.proc.wait()

    def close(self):
        try:
            code = self.stop()
            if code not in (0, -9, None):
                raise AssertionError(f"the manager ended with {code}:\n{self.log()[-6000:]}")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, path, token=None, pair=None, headers=None):
        """(status, text) from its server for health and metrics. pair: (key, certificate) to show."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if pair:
            context.load_cert_chain(pair[1], pair[0])
        c = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10, context=context)
        try:
            c.request("GET", path, headers={**({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})})
            r = c.getresponse()
            return r.status, r.read().decode()
        finally:
            c.close()

    def rss(self):
        with open(f"/proc/{self.proc.pid}/status") as f:
            return int([l for l in f if l.startswith("VmRSS")][0].split()[1]) * 1024

    def fds(self):
        return len(os.listdir(f"/proc/{self.proc.pid}/fd"))


def far_side(*args):
    """A cleatd without plugins: an API server and nothing that acts."""
    empty = tempfile.mkdtemp(prefix="cleat-no-plugins-")
    s = Server("--plugin-dir", empty, *args)
    s.empty = empty
    return s


class AttachedServer(Server):
    """To a test as a Server with these plugin flags; they run in a second process."""

    def __init__(self, *args, **kw):
        self.empty = tempfile.mkdtemp(prefix="cleat-no-plugins-")
        super().__init__("--plugin-dir", self.empty, **kw)
        self.manager = None
        self.manager_args = args

    def start(self, wait=True):
        super().start(wait)
        self.manager = Manager(self.kubeconfig, "--kube-api-qps", "-1", *self.manager_args).start()
        self.manager.wait_leading()
        eventually(lambda: self.manager.alive() and
                   self.raw("GET", "/apis/cleat.dev/v1alpha1/controllers")[1].get("items"), 20, "controllers")
        return self

    def stop(self, timeout=20):
        if self.manager is not None:
            self.manager.close()
            self.manager = None
        return super().stop(timeout)

    def close(self):
        super().close()
        shutil.rmtree(self.empty, ignore_errors=True)


def service_account_token(s, name, ns="kube-system", seconds=3600):
    """The token of an account, which is made where it is missing."""
    s.raw("POST", f"/api/v1/namespaces/{ns}/serviceaccounts",
          {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}})
    status, answer = s.raw("POST", f"/api/v1/namespaces/{ns}/serviceaccounts/{name}/token",
                           {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                            "spec": {"expirationSeconds": seconds}})
    if status != 201:
        raise AssertionError(f"{status} {answer}")
    return answer["status"]["token"]


def grant_all(s, *accounts, ns="kube-system"):
    """Makes service accounts administrators."""
    status, answer = s.raw("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
        "metadata": {"generateName": "test-"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"kind": "ServiceAccount", "name": a, "namespace": ns} for a in accounts]})
    if status != 201:
        raise AssertionError(f"{status} {answer}")


class RealServer(Server):
    """A kube-apiserver with its etcd from $KUBEBUILDER_ASSETS, without controllers."""

    def __init__(self):
        super().__init__()
        self.assets = os.environ["KUBEBUILDER_ASSETS"]
        self.etcd = None
        self.token = "an-administrator"

    def start(self, wait=True):
        d, client, peer = self.data, free_port(), free_port()
        log = open(self.log_path, "ab")
        out = {"stdout": log, "stderr": log, "stdin": subprocess.DEVNULL}
        with open(os.path.join(d, "tokens.csv"), "w") as f:
            f.write(f'{self.token},admin,admin,"system:masters"\n')
        key = os.path.join(d, "sa.key")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stdout=log, stderr=log)
        self.etcd = subprocess.Popen(
            [os.path.join(self.assets, "etcd"), "--data-dir", os.path.join(d, "etcd"),
             "--listen-client-urls", f"http://127.0.0.1:{client}",
             "--advertise-client-urls", f"http://127.0.0.1:{client}",
             "--listen-peer-urls", f"http://127.0.0.1:{peer}"], **out)
        issuer = "https://kubernetes.default.svc.cluster.local"
        self.started = time.monotonic()
        self.proc = subprocess.Popen(
            [os.path.join(self.assets, "kube-apiserver"), f"--etcd-servers=http://127.0.0.1:{client}",
             f"--secure-port={self.port}", "--bind-address=127.0.0.1", f"--cert-dir={d}/pki",
             "--authorization-mode=RBAC", f"--token-auth-file={d}/tokens.csv", f"--service-account-key-file={key}",
             f"--service-account-signing-key-file={key}", f"--service-account-issuer={issuer}",
             "--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount"], **out)
        log.close()
        with open(self.kubeconfig, "w") as f:
            f.write(f"apiVersion: v1\nkind: Config\ncurrent-context: c\n"
                    f"clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:{self.port}', "
                    f"insecure-skip-tls-verify: true}}}}]\nusers: [{{name: u, user: {{token: {self.token}}}}}]\n"
                    f"contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n")
        if wait:
            self.wait_ready(90)
            eventually(lambda: self.raw("GET", "/api/v1/namespaces/kube-system")[0] == 200, 30)
        return self

    def connection(self, timeout=10):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=context)

    def raw(self, method, path, body=None, content_type="application/json", headers=None):
        return super().raw(method, path, body, content_type, {"Authorization": "Bearer " + self.token, **(headers or {})})

    def stop(self, timeout=60):
        try:
            return super().stop(timeout) and 0
        finally:
            if self.etcd is not None:
                self.etcd.kill()
                self.etcd.wait()
