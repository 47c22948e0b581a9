#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an attached cleatd costs beside a server with many Nodes and pods: RSS and CPU while
nothing happens, and while each Node's Lease is renewed each ten seconds.

usage: bench/attached.py [--nodes 5000] [--pods 10000] [--seconds 40] [--set cloud|controllers|all]
Needs a release build (or $CLEAT_BUILD). Everything is on loopback and ends with the program."""
import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("CLEAT_BUILD", os.path.join(ROOT, "build", "release"))
SETS = {"cloud": "cloud-node,cloud-node-lifecycle,route,service",
        "controllers": "nodelifecycle,taint-eviction,garbagecollector,namespace,podgc,ttl-after-finished,csrcleaner,"
                       "pvc-protection,pv-protection",
        "all": "*"}
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def node(i):
    """6 KB, as kubelets make them."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    images = [{"names": [f"registry.example.org/team/image-{k}@sha256:{k:064x}"], "sizeBytes": k * 1000003} for k in range(38)]
    conditions = [{"type": t, "status": "True" if t == "Ready" else "False", "reason": "Kubelet" + t, "message": "kubelet says so",
                   "lastHeartbeatTime": now, "lastTransitionTime": now}
                  for t in ("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")]
    room = {"cpu": "8", "memory": "32Gi", "pods": "110", "ephemeral-storage": "100Gi"}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"n{i}", "labels": {
                "kubernetes.io/hostname": f"n{i}", "topology.kubernetes.io/zone": f"z{i % 3}", "topology.kubernetes.io/region": "r"}},
            "spec": {"providerID": f"elsewhere://{i}"},
            "status": {"capacity": room, "allocatable": room, "conditions": conditions, "images": images,
                       "addresses": [{"type": "InternalIP", "address": f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}"}]}}


def pod(i, nodes):
    env = [{"name": f"VARIABLE_{k}", "value": "x" * 40} for k in range(20)]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{i}", "labels": {"app": f"a{i % 50}", "pod-template-hash": "5d4f"}},
            "spec": {"nodeName": f"n{i % nodes}", "containers": [{"name": "c", "image": "registry.example.org/team/app:1.2.3", "env": env}]}}


def lease(i, body=None):
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + ".000000Z"
    body = body or {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                    "metadata": {"name": f"n{i}"}, "spec": {"holderIdentity": f"n{i}", "leaseDurationSeconds": 40}}
    body["spec"]["renewTime"] = now
    return body


class Client:
    def __init__(self, port):
        self.c = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def __call__(self, method, path, body=None):
        self.c.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
        r = self.c.getresponse()
        text = r.read()
        if r.status >= 300:
            raise RuntimeError(f"{method} {path}: {r.status} {text[:200]}")
        return json.loads(text)


def on_all(port, n, what, threads=8):
    def work(first):
        c = Client(port)
        for i in range(first, n, threads):
            what(c, i)
    ts = [threading.Thread(target=work, args=(k,)) for k in range(threads)]
    for t in ts:
        t.start()
    for t in ts:
        t.join()


def cpu(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss(pid, what="VmRSS"):
    with open(f"/proc/{pid}/status") as f:
        return int([l for l in f if l.startswith(what)][0].split()[1]) / 1024


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--nodes", type=int, default=5000)
    a.add_argument("--pods", type=int, default=10000)
    a.add_argument("--seconds", type=int, default=40)
    a.add_argument("--set", choices=SETS, action="append")
    a = a.parse_args()
    with tempfile.TemporaryDirectory(prefix="cleat-bench-") as d:
        os.mkdir(d + "/none")
        plain, port = free_port(), free_port()
        log = open(d + "/log", "wb")
        far = subprocess.Popen([BUILD + "/bin/cleatd", "--plugin-dir", d + "/none", "--data-dir", d + "/data", "--bind-address",
                                "127.0.0.1", "--secure-port", str(port), "--insecure-port", str(plain)], stdout=log, stderr=log)
        try:
            for _ in range(500):
                try:
                    Client(plain)("GET", "/api/v1/namespaces/kube-node-lease")
                    break
                except (OSError, RuntimeError):
                    time.sleep(0.05)
            on_all(plain, a.nodes, lambda c, i: c("POST", "/api/v1/nodes", node(i)))
            held = [None] * a.nodes
            on_all(plain, a.nodes, lambda c, i: held.__setitem__(i, c("POST", LEASES, lease(i))))
            on_all(plain, a.pods, lambda c, i: c("POST", "/api/v1/namespaces/default/pods", pod(i, a.nodes)))
            print(f"{a.nodes} Nodes, {a.pods} pods; the server: {rss(far.pid):.0f} MiB")
            renewing, rate = threading.Event(), [0]

            def renew(first, threads=4):
                c, turn = Client(plain), 0
                while not renewing.is_set():
                    began = time.monotonic()
                    for i in range(first, a.nodes, threads):
                        held[i] = c("PUT", f"{LEASES}/n{i}", lease(i, held[i]))
                        rate[0] += 1
                        behind = began + 10 * (i / a.nodes) - time.monotonic()
                        if behind > 0:
                            time.sleep(behind)
                        if renewing.is_set():
                            return
                    time.sleep(max(0, began + 10 - time.monotonic()))
            for name in a.set or list(SETS):
                began = time.monotonic()
                health = free_port()
                m = subprocess.Popen([BUILD + "/bin/cleatd", "--kubeconfig", d + "/data/admin.kubeconfig", "--cloud-provider", "sim",
                                      "--sim-machines", "0", "--controllers", SETS[name], "--kube-api-qps", "-1",
                                      "--node-monitor-grace-period", "10m", "--bind-address", "127.0.0.1",
                                      "--secure-port", str(health)], stdout=log, stderr=log)
                try:
                    time.sleep(10)
                    start, settled = cpu(m.pid), rss(m.pid)
                    time.sleep(a.seconds)
                    idle = (cpu(m.pid) - start) / a.seconds
                    print(f"{name:12} first 10 s: {start:.2f} CPU-s, {settled:.1f} MiB; idle: {idle:.4f} cores, {rss(m.pid):.1f} MiB", flush=True)
                    renewing.clear()
                    rate[0] = 0
                    ts = [threading.Thread(target=renew, args=(k,)) for k in range(4)]
                    for t in ts:
                        t.start()
                    time.sleep(10)
                    start, there, n = cpu(m.pid), cpu(far.pid), rate[0]
                    time.sleep(a.seconds)
                    used, served = (cpu(m.pid) - start) / a.seconds, (cpu(far.pid) - there) / a.seconds
                    print(f"{name:12} {(rate[0] - n) / a.seconds:.0f} renewals/s: {used:.4f} cores, {rss(m.pid):.1f} MiB, peak "
                          f"{rss(m.pid, 'VmHWM'):.1f} MiB (the server {served:.3f} cores)", flush=True)
                    renewing.set()
                    for t in ts:
                        t.join()
                finally:
                    m.terminate()
                    if m.wait(30) != 0:
                        print(open(d + "/log").read()[-3000:], file=sys.stderr)
        finally:
            far.terminate()
            far.wait(30)


if __name__ == "__main__":
    main()
