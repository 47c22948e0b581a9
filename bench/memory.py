#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is left of a cleatd's memory after a mass deletion: RSS before, with many pods, when they have
just been deleted, and as time passes.

usage: bench/memory.py [--pods 50000] [--seconds 60] [--controllers '*']
Needs a release build (or $CLEAT_BUILD). Everything is on loopback and ends with the program."""
import argparse
import http.client
import json
import os
import socket
import subprocess
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("CLEAT_BUILD", os.path.join(ROOT, "build", "release"))
PODS = "/api/v1/namespaces/default/pods"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(c, method, path, body=None):
    c.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
    r = c.getresponse()
    text = r.read()
    if r.status >= 300:
        raise RuntimeError(f"{method} {path}: {r.status} {text[:200]}")
    return text


def connect(port):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=120)


def wait_ready(port):
    for _ in range(300):
        try:
            ask(connect(port), "GET", PODS)
            return
        except (OSError, RuntimeError):
            time.sleep(0.1)
    raise RuntimeError("cleatd does not come up")


def create(port, first, n, threads):
    """Pods of some 2 KB."""
    env = [{"name": f"VARIABLE_{k}", "value": "x" * 40} for k in range(20)]
    c = connect(port)
    for i in range(first, n, threads):
        ask(c, "POST", PODS, {"metadata": {"name": f"p{i}", "labels": {"app": f"a{i % 50}"}},
                              "spec": {"containers": [{"name": "c", "image": "registry.example.org/team/app:1.2.3", "env": env}]}})


def mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS")) / 1024


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pods", type=int, default=50000)
    p.add_argument("--seconds", type=int, default=60)
    p.add_argument("--controllers", default="*")
    a = p.parse_args()
    port, secure = free_port(), free_port()
    with tempfile.TemporaryDirectory() as data, open(os.path.join(data, "log"), "wb") as log:
        server = subprocess.Popen([os.path.join(BUILD, "bin", "cleatd"), "--data-dir", data, "--bind-address", "127.0.0.1",
                                   "--secure-port", str(secure), "--insecure-port", str(port), f"--controllers={a.controllers}",
                                   "--v", "4"], stdout=log, stderr=log)
        try:
            wait_ready(port)
            time.sleep(1)
            print(f"before: {mib(server.pid):.0f} MiB", flush=True)
            threads = [threading.Thread(target=create, args=(port, i, a.pods, 4)) for i in range(4)]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            print(f"with {a.pods} pods: {mib(server.pid):.0f} MiB", flush=True)
            began = time.monotonic()
            ask(connect(port), "DELETE", PODS)
            print(f"deleted in {time.monotonic() - began:.1f} s: {mib(server.pid):.0f} MiB", flush=True)
            last = 0
            for second in range(1, a.seconds + 1):
                time.sleep(1)
                now = mib(server.pid)
                if abs(now - last) > 2 or second == a.seconds:
                    print(f"{second} s later: {now:.0f} MiB", flush=True)
                last = now
            with open(os.path.join(data, "log"), encoding="utf-8", errors="replace") as f:
                print("".join(line for line in f if " memory " in line), end="")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
