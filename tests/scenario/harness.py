# SPDX-License-Identifier: Apache-2.0
"""Drives a running cleatd as its users do: real kubectl, real sockets, signals.

Each scenario gets a server of its own in a fresh folder. Waiting is by polling
with a deadline, never by sleeping a fixed time and hoping.
"""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("CLEAT_BUILD", os.path.join(ROOT, "build", "release"))
CLEATD = os.path.join(BUILD, "bin", "cleatd")
CLEAT = os.path.join(BUILD, "bin", "cleat")
KUBECTLS = {m: os.path.join(ROOT, "build", "tools", f"kubectl-{m}", "kubectl") for m in ("22", "35")}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def eventually(check, timeout=10.0, what=""):
    """Calls check until it returns something true; returns that."""
    end = time.monotonic() + timeout
    last = None
    while True:
        try:
            last = check()
            if last:
                return last
        except (AssertionError, subprocess.CalledProcessError, OSError, KeyError, IndexError) as e:
            last = e
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout} s: {what or check}; last: {last!r}")
        time.sleep(0.03)


class Server:
    """One cleatd. Arguments are its flags; the data folder survives restart()."""

    def __init__(self, *args, data=None, config=None):
        self.owned = data is None
        self.data = data or tempfile.mkdtemp(prefix="cleat-scenario-")
        self.port = free_port()
        self.insecure = free_port()
        self.args = list(args)
        self.log_path = os.path.join(self.data, "cleatd.log")
        self.proc = None
        if config is not None:
            path = os.path.join(self.data, "config.yaml")
            with open(path, "w") as f:
                f.write(config)
            self.args += ["--config", path]

    def start(self, wait=True, tries=3):
        log = open(self.log_path, "ab")
        self.started = time.monotonic()
        self.proc = subprocess.Popen(
            [CLEATD, "--data-dir", self.data, "--bind-address", "127.0.0.1",
             "--secure-port", str(self.port), "--insecure-port", str(self.insecure)] + self.args,
            stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        if wait:
            try:
                self.wait_ready()
            except AssertionError:
                # a port was free when it was asked for, and another test's client has it by now
                if self.proc.poll() is None or tries == 0 or "Address already in use" not in self.log():
                    raise
                self.port, self.insecure = free_port(), free_port()
                os.truncate(self.log_path, 0)
                return self.start(wait, tries - 1)
        return self

    def wait_ready(self, timeout=20.0):
        end = time.monotonic() + timeout
        while True:
            if self.proc.poll() is not None:
                raise AssertionError(f"cleatd ended with {self.proc.returncode}:\n{self.log()}")
            try:
                if self.raw("GET", "/readyz")[0] == 200:
                    self.ready_after = time.monotonic() - self.started
                    return
            except OSError:
                pass
            if time.monotonic() > end:
                raise AssertionError(f"cleatd is not ready:\n{self.log()}")
            time.sleep(0.005)

    def whole_log(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def log(self):
        """Its end, for messages."""
        return self.whole_log()[-8000:]

    def kill(self):
        self.proc.kill()
        self.proc.wait()

    def stop(self, timeout=20):
        if self.proc is None or self.proc.poll() is not None:
            return self.proc.returncode if self.proc else None
        self.proc.send_signal(signal.SIGTERM)
        try:
            return self.proc.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"cleatd did not stop within {timeout} s:\n{self.log()}")

    def restart(self):
        self.stop()
        return self.start()

    def close(self):
        try:
            code = self.stop()
            if code not in (0, -9, None):
                raise AssertionError(f"cleatd ended with {code}:\n{self.log()}")
        finally:
            if self.owned:
                shutil.rmtree(self.data, ignore_errors=True)

    def connection(self, timeout=10):
        return http.client.HTTPConnection("127.0.0.1", self.insecure, timeout=timeout)

    def raw(self, method, path, body=None, content_type="application/json", headers=None):
        """One request on the insecure port: (status, parsed body or text)."""
        c = self.connection()
        try:
            h = dict(headers or {})
            if body is not None:
                h["Content-Type"] = content_type
                body = body if isinstance(body, (str, bytes)) else json.dumps(body)
            c.request(method, path, body, h)
            r = c.getresponse()
            text = r.read().decode()
            try:
                return r.status, json.loads(text)
            except ValueError:
                return r.status, text
        finally:
            c.close()

    @property
    def kubeconfig(self):
        return os.path.join(self.data, "admin.kubeconfig")

    def kubectl(self, *args, version="35", stdin=None, check=True, timeout=60, env=None):
        """Runs kubectl with the admin kubeconfig; returns its standard output. env: more of it."""
        home = os.path.join(self.data, "home-" + version)
        os.makedirs(home, exist_ok=True)
        env = {"PATH": os.environ["PATH"], "HOME": home, "KUBECONFIG": self.kubeconfig, **(env or {})}
        p = subprocess.run([KUBECTLS[version], *args], env=env, input=stdin, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
        if check and p.returncode != 0:
            raise AssertionError(f"kubectl-{version} {' '.join(args)}: exit {p.returncode}\n{p.stderr}")
        return p.stdout if check else p

    def kubectl_json(self, *args, **kw):
        return json.loads(self.kubectl(*args, "-o", "json", **kw))

    def watch(self, *args, version="35"):
        """A kubectl that goes on running; lines are read with Watch.until."""
        return Watch(self, args, version)


class Watch:
    def __init__(self, server, args, version):
        self.path = tempfile.mktemp(prefix="watch-", dir=server.data)
        home = os.path.join(server.data, "home-" + version)
        os.makedirs(home, exist_ok=True)
        env = {"PATH": os.environ["PATH"], "HOME": home, "KUBECONFIG": server.kubeconfig}
        self.out = open(self.path, "wb")
        self.proc = subprocess.Popen([KUBECTLS[version], *args], env=env, stdout=self.out,
                                     stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def text(self):
        with open(self.path, errors="replace") as f:
            return f.read()

    def until(self, check, timeout=15.0, what=""):
        return eventually(lambda: check(self.text()), timeout, f"{what}; seen:\n{self.text()}")

    def close(self):
        self.proc.kill()
        self.proc.wait()
        self.out.close()


class Scenario(unittest.TestCase):
    """A test with servers that are closed (and must have ended well) afterwards."""

    args = ()
    maxDiff = None

    def server(self, *args, start=True, **kw):
        s = Server(*(args or self.args), **kw)
        self.addCleanup(s.close)
        return s.start() if start else s

    def watching(self, server, *args, **kw):
        w = server.watch(*args, **kw)
        self.addCleanup(w.close)
        return w


def node_ready(node):
    if node.get("kind") != "Node":
        return None
    return {c["type"]: c["status"] for c in node.get("status", {}).get("conditions", [])}.get("Ready")


if not os.path.exists(CLEATD):
    sys.exit(f"{CLEATD} is not built")
