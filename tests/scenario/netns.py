# SPDX-License-Identifier: Apache-2.0
"""A small network of the test's own: a client, a gateway, nodes, each in a network namespace.

Namespaces are held by processes, not by names, so that nothing is left behind
whatever happens. The thread that enters the gateway is in it with all its
sockets and all processes that it starts.
"""
import ctypes
import json
import os
import socket
import subprocess
import sys
import time

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)
HERE = os.path.dirname(os.path.abspath(__file__))


def why_not():
    """Why this machine cannot do it, or None."""
    if os.geteuid() != 0:
        return "not root, and no user namespace was made"
    script = ("ip link set lo up && ip link add v0 type veth peer name v1 && ip link add b0 type bridge && "
              "nft add table inet t && nft 'add chain inet t c { type nat hook prerouting priority 0; }' && "
              "nft 'add rule inet t c ct status dnat dnat ip to numgen random mod 1 map { 0 : 10.0.0.1 }'")
    try:
        p = subprocess.run(["unshare", "-n", "sh", "-c", script], text=True, capture_output=True)
    except OSError as e:
        return str(e)
    return None if p.returncode == 0 else f"no namespaces with veth, bridge and nftables here: {p.stderr.strip()}"


class Host:
    """One namespace."""

    def __init__(self, name):
        self.name = name
        self.children = []
        self.proc = subprocess.Popen(["unshare", "-n", "sleep", "infinity"], stdin=subprocess.DEVNULL,
                                     start_new_session=True)
        own = os.readlink("/proc/self/ns/net")
        end = time.monotonic() + 5
        while True:
            try:
                with open(f"/proc/{self.proc.pid}/comm") as f:
                    if f.read().strip() == "sleep" and os.readlink(self.path) != own:
                        break
            except OSError:
                pass
            if time.monotonic() > end:
                raise AssertionError("no network namespace")
            time.sleep(0.005)
        self.sh("ip link set lo up")

    @property
    def path(self):
        return f"/proc/{self.proc.pid}/ns/net"

    def enter(self):
        """Moves the calling thread; returns a function that moves it back."""
        before = os.open(f"/proc/self/task/{libc.gettid()}/ns/net", os.O_RDONLY)
        fd = os.open(self.path, os.O_RDONLY)
        try:
            if libc.setns(fd, CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(fd)

        def leave():
            libc.setns(before, CLONE_NEWNET)
            os.close(before)
        return leave

    def sh(self, script, check=True):
        p = subprocess.run(["nsenter", f"--net={self.path}", "sh", "-ec", script], text=True, capture_output=True)
        if check and p.returncode != 0:
            raise AssertionError(f"{self.name}: {script}: {p.stderr}")
        return p.stdout

    def spawn(self, *argv, **kw):
        p = subprocess.Popen(["nsenter", f"--net={self.path}", *argv], **kw)
        self.children.append(p)
        return p

    def end_children(self):
        for p in self.children:
            p.kill()
            p.wait()
            for f in (p.stdin, p.stdout):
                if f:
                    f.close()
        self.children = []

    def close(self):
        self.end_children()
        self.proc.kill()
        self.proc.wait()


class Lab:
    """client (192.0.2.2) -- gateway -- a bridge with nodes 10.0.0.11 and on, and IPv6 beside."""

    def __init__(self, nodes=3):
        self.hosts = []
        self.client, self.gateway = self.host("client"), self.host("gateway")
        self.nodes = [self.host(f"node-{i + 1}") for i in range(nodes)]
        try:
            self.wire()
        except BaseException:
            self.close()
            raise

    def host(self, name):
        h = Host(name)
        self.hosts.append(h)
        return h

    def wire(self):
        gw = self.gateway
        for key in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"):
            with_slashes = key.replace(".", "/")
            gw.sh(f"echo 1 > /proc/sys/{with_slashes}")
        self.cable(gw, "eth0", self.client, "eth0")
        self.address(gw, "eth0", "192.0.2.1/24", "2001:db8::1/64")
        self.address(self.client, "eth0", "192.0.2.2/24", "2001:db8::2/64")
        self.route(self.client, "192.0.2.1", "2001:db8::1")
        # the bridge stands for a switch: what crosses it is not the gateway's to filter
        gw.sh("ip link add lan0 type bridge && ip link set lan0 up; "
              "for f in /proc/sys/net/bridge/bridge-nf-call-*; do echo 0 > $f || true; done 2>/dev/null")
        self.address(gw, "lan0", "10.0.0.1/24", "fd00::1/64")
        for i, n in enumerate(self.nodes):
            n.address, n.address6 = f"10.0.0.{11 + i}", f"fd00::{11 + i}"
            self.cable(gw, f"port{i}", n, "eth0")
            gw.sh(f"ip link set port{i} master lan0")
            self.address(n, "eth0", n.address + "/24", n.address6 + "/64")
            self.route(n, "10.0.0.1", "fd00::1")

    def cable(self, a, a_name, b, b_name):
        a.sh(f"ip link add {a_name} type veth peer name {b_name} netns {b.proc.pid} && ip link set {a_name} up")
        b.sh(f"ip link set {b_name} up")

    @staticmethod
    def address(host, link, *addresses):
        for a in addresses:
            host.sh(f"ip addr add {a} dev {link} {'nodad' if ':' in a else ''}")

    @staticmethod
    def route(host, via4, via6):
        host.sh(f"ip route add default via {via4} && ip -6 route add default via {via6}")

    def close(self):
        for h in self.hosts:
            h.close()

    def pod(self, node, *listen):
        """Servers of netpod.py on a node: "tcp:PORT", "udp:PORT", "healthz:PORT"."""
        p = node.spawn(sys.executable, "-B", os.path.join(HERE, "netpod.py"), node.name, *listen,
                       stdout=subprocess.PIPE, text=True)
        if p.stdout.readline().strip() != "ready":
            raise AssertionError(f"the pod on {node.name} does not listen")
        return p

    def dials(self, host, address, port, n, kind="tcp", timeout=2.0, source=None):
        """What pods say to n new callers, each (node, the caller's address as it saw it), or None."""
        p = subprocess.run(["nsenter", f"--net={host.path}", sys.executable, "-B", os.path.join(HERE, "netpod.py"),
                            "dial", kind, address, str(port), str(timeout), str(n)] + ([source] if source else []),
                           text=True, capture_output=True)
        return [None if line == "-" else tuple(line.split()) for line in p.stdout.splitlines()]

    def dial(self, host, address, port, kind="tcp", timeout=2.0, source=None):
        return self.dials(host, address, port, 1, kind, timeout, source)[0]

    def talk(self, host, address, port):
        """A connection that stays: Talk.say echoes."""
        return Talk(host, address, port)


class Talk:
    def __init__(self, host, address, port):
        leave = host.enter()
        try:
            self.sock = socket.create_connection((address, port), 2)
        finally:
            leave()
        self.file = self.sock.makefile("rw")
        self.node, self.seen_as = self.file.readline().split()

    def say(self, text):
        self.file.write(text + "\n")
        self.file.flush()
        return self.file.readline().strip() == text

    def close(self):
        self.file.close()
        self.sock.close()


def rules(host):
    """The nftables of a namespace, without counters."""
    return host.sh("nft -s list ruleset")


def addresses(host, link=None):
    data = json.loads(host.sh("ip -j addr"))
    return [a["local"] for l in data for a in l["addr_info"] if link in (None, l["ifname"])]
