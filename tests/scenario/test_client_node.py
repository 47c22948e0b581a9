# SPDX-License-Identifier: Apache-2.0
"""The JavaScript client library and its informer, unmodified."""
import os
import subprocess

from harness import ROOT, Scenario, eventually

TOOL = os.path.join(ROOT, "build", "tools", "client-node")
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clients", "informer.mjs")


class ClientNode(Scenario):
    def start(self, server):
        self.out = open(os.path.join(server.data, "informer.out"), "w+b")
        env = {"PATH": os.environ["PATH"], "HOME": server.data, "KUBECONFIG": server.kubeconfig, "CLIENT_NODE": TOOL}
        p = subprocess.Popen(["node", SCRIPT], env=env, stdin=subprocess.PIPE, stdout=self.out, stderr=subprocess.STDOUT)
        self.addCleanup(self.out.close)
        self.addCleanup(p.wait)
        self.addCleanup(p.kill)
        return p

    def said(self):
        with open(self.out.name, errors="replace") as f:
            return f.read()

    def hears(self, line, times=1):
        eventually(lambda: self.said().splitlines().count(line) >= times, 15, f"{line!r}; said:\n{self.said()}")

    def test_an_informer_hears_of_everything_also_across_a_restart(self):
        s = self.server()
        path = "/api/v1/namespaces/default/configmaps"

        def put(name, v, method="POST"):
            body = {"metadata": {"name": name, "labels": {"watched": "yes"}}, "data": {"v": v}}
            self.assertIn(s.raw(method, path + ("" if method == "POST" else "/" + name), body)[0], (200, 201))
        put("before", "1")
        p = self.start(s)

        def tell(line):
            p.stdin.write(line.encode() + b"\n")
            p.stdin.flush()
        self.hears("add before 1")
        self.hears("started")
        put("during", "1")
        self.hears("add during 1")
        put("during", "2", "PUT")
        self.hears("update during 2")
        s.raw("DELETE", path + "/before")
        self.hears("delete before")
        tell("create own")
        self.hears("created true")
        self.hears("add own 1")
        tell("get nothing")
        self.hears("failed 404 NotFound")
        tell("list")
        self.hears("cache during,own")
        s.restart()
        put("after", "1")
        self.hears("add after 1")
        tell("list")
        self.hears("cache after,during,own")
