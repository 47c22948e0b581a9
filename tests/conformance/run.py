# SPDX-License-Identifier: Apache-2.0
"""What a user of a Kubernetes API server sees, told as sessions at a terminal.

usage: run.py [--kubeconfig FILE]... [--kubectl 22,35] [--record] [-j N] [session ...]

A session (sessions/*.txt) is a transcript: commands after "$ " and what they
print. It runs with each kubectl version in a namespace of its own, and what is
printed must be what the transcript says, apart from what differs from run to
run (times, UIDs, addresses; see normal.py).

  $ command        for every version; lines that begin with "> " go on with it
  $[35] command    only with that kubectl; its output follows as usual
  ...              in the output: any lines, or none
  # words          a remark

Servers: those of --kubeconfig, each compared with the transcript, and with two or
more also with one another; without, a cleatd that is started for it, and where
KUBEBUILDER_ASSETS names a folder with kube-apiserver and etcd a real one beside it.
--record writes what the first server printed into the transcripts.
"""
import argparse
import concurrent.futures
import difflib
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "scenario")]

import normal  # noqa: E402
import servers  # noqa: E402
from harness import KUBECTLS  # noqa: E402

TIMEOUT = 90


class Step:
    """One command of a session and the lines that it should print."""

    def __init__(self, number, only, command):
        self.number, self.only, self.command, self.expected = number, only, command, []

    def head(self):
        first, *more = self.command.split("\n")
        mark = f"$[{self.only}] " if self.only else "$ "
        return [mark + first] + ["> " + line for line in more]


def parse(path):
    """The remarks at the top, and the steps."""
    preface, steps = [], []
    with open(path) as f:
        for line in f.read().splitlines():
            m = re.match(r"\$(?:\[(\d+)\])? (.*)", line)
            if m:
                steps.append(Step(len(steps), m.group(1), m.group(2)))
            elif not steps:
                preface.append(line)
            elif line.startswith("> ") and not steps[-1].expected:
                steps[-1].command += "\n" + line[2:]
            elif line == ">" and not steps[-1].expected:
                steps[-1].command += "\n"
            else:
                steps[-1].expected.append(line)
    for s in steps:
        while s.expected and (s.expected[-1] == "" or s.expected[-1].startswith("# ")):
            s.expected.pop()
    return preface, steps


def matches(got, want):
    """Whether the lines got are the lines want, "..." standing for any."""
    if not want:
        return not got
    if want[0] == "...":
        return any(matches(got[i:], want[1:]) for i in range(len(got) + 1))
    return bool(got) and got[0] == want[0] and matches(got[1:], want[1:])


class Run:
    """One session against one server with one kubectl."""

    def __init__(self, server, session, version):
        self.server, self.session, self.version = server, session, version
        self.name = os.path.splitext(os.path.basename(session))[0]
        self.ns = f"{self.name}-{version}"

    def environment(self, folder):
        bin_dir = os.path.join(folder, ".bin")
        os.makedirs(bin_dir)
        os.symlink(KUBECTLS[self.version], os.path.join(bin_dir, "kubectl"))
        os.symlink(os.path.join(HERE, "api.py"), os.path.join(bin_dir, "api"))
        config = os.path.join(folder, ".kubeconfig")
        shutil.copy(self.server.kubeconfig, config)
        env = {"PATH": bin_dir + ":" + os.environ["PATH"], "HOME": os.path.join(folder, ".home"),
               "KUBECONFIG": config, "NS": self.ns, "ID": f"{self.name}-{self.version}",
               "LC_ALL": "C", "TZ": "UTC"}
        self.call(f"kubectl create namespace {self.ns} && "
                  f"kubectl config set-context --current --namespace={self.ns}", env, folder)
        return env

    @staticmethod
    def call(command, env, folder):
        p = subprocess.run(["bash", "-c", command], env=env, cwd=folder, text=True, timeout=TIMEOUT,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return p.stdout + (f"exit {p.returncode}\n" if p.returncode else "")

    def transcript(self):
        """[(step, lines)] of what was really printed."""
        folder = tempfile.mkdtemp(prefix="cleat-conformance-")
        try:
            env = self.environment(folder)
            steps = [s for s in parse(self.session)[1] if s.only in (None, self.version)]
            said = []
            for s in steps:
                try:
                    text = self.call(s.command, env, folder)
                except subprocess.TimeoutExpired:
                    text = f"still running after {TIMEOUT} s\n"
                said.append((s, normal.lines(text, env, folder)))
            self.call(f"kubectl delete namespace {self.ns} --wait=false", env, folder)
            return said
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def problems(self, said):
        bad = []
        for step, got in said:
            if not matches(got, step.expected):
                diff = "\n".join(difflib.unified_diff(step.expected, got, "transcript",
                                                      self.server.name, lineterm="", n=2))
                bad.append("\n".join(step.head()) + "\n" + diff)
        return bad


def record(session, said_by_version):
    """Rewrites the transcript with what was printed; steps that differ by version are split."""
    preface, steps = parse(session)
    index = {}
    for said in said_by_version.values():
        for step, got in said:
            index.setdefault(step.number, []).append(got)
    out = list(preface)
    for s in steps:
        outputs = index.get(s.number, [])
        if s.only is None and len({tuple(o) for o in outputs}) > 1:
            for version, got in zip(said_by_version, outputs):
                out += Step(0, version, s.command).head() + got + [""]
        elif "..." in s.expected and outputs and matches(outputs[0], s.expected):
            out += s.head() + s.expected + [""]
        else:
            out += s.head() + (outputs[0] if outputs else s.expected) + [""]
    with open(session, "w") as f:
        f.write("\n".join(out).rstrip() + "\n")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--kubeconfig", action="append", default=[])
    p.add_argument("--kubectl", default="22,35")
    p.add_argument("--record", action="store_true")
    p.add_argument("-j", type=int, default=3)
    p.add_argument("session", nargs="*")
    args = p.parse_args()
    versions = args.kubectl.split(",")
    sessions = [s for s in sorted(glob.glob(os.path.join(HERE, "sessions", "*.txt")))
                if not args.session or any(a in os.path.basename(s) for a in args.session)]
    passed = failed = 0
    with servers.open_all(args.kubeconfig) as found, \
            concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        runs = [Run(server, s, v) for s in sessions for v in versions for server in found]
        pending = {pool.submit(r.transcript): r for r in runs}
        said = {}
        for future in concurrent.futures.as_completed(pending):
            r = pending[future]
            said[(r.session, r.version, r.server.name)] = future.result()
            if args.record:
                continue
            bad = r.problems(future.result())
            passed, failed = passed + (not bad), failed + bool(bad)
            print(f"  {'FAIL' if bad else 'ok  '} {r.name} kubectl-{r.version} {r.server.name}", flush=True)
            for text in bad:
                print("    " + text.replace("\n", "\n    "), flush=True)
        if args.record:
            for s in sessions:
                record(s, {v: said[(s, v, found[0].name)] for v in versions})
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
