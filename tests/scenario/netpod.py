# SPDX-License-Identifier: Apache-2.0
"""A pod for tests, and its caller.

usage: netpod.py NAME tcp:PORT|udp:PORT|healthz:PORT ...     serves; prints "ready"
       netpod.py dial tcp|udp ADDRESS PORT TIMEOUT TIMES [SOURCE]
                                                             prints what pods answer, "-" for nothing
A TCP caller hears "NAME ADDRESS" (its own, as seen here), then its lines again.
"""
import socket
import sys
import threading


def plain(address):
    return address[7:] if address.startswith("::ffff:") else address


def listener(kind, port):
    s = socket.socket(socket.AF_INET6, kind)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("::", port))
    return s


def serve_one(c, name, peer):
    try:
        with c, c.makefile("rw") as f:
            f.write(f"{name} {plain(peer[0])}\n")
            f.flush()
            for line in f:
                f.write(line)
                f.flush()
    except OSError:  # whoever only asks whether somebody listens is gone already
        pass


def serve_tcp(s, name):
    while True:
        c, peer = s.accept()
        threading.Thread(target=serve_one, args=(c, name, peer), daemon=True).start()


def serve_udp(s, name):
    while True:
        _, peer = s.recvfrom(2048)
        s.sendto(f"{name} {plain(peer[0])}".encode(), peer)


def serve_healthz(s):
    while True:
        c, _ = s.accept()
        try:
            c.recv(4096)
            c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        except OSError:
            pass
        c.close()


def serve(name, wanted):
    threads = []
    for w in wanted:
        kind, port = w.split(":")
        s = listener(socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM, int(port))
        if kind != "udp":
            s.listen(64)
        fn, args = {"tcp": (serve_tcp, (s, name)), "udp": (serve_udp, (s, name)),
                    "healthz": (serve_healthz, (s,))}[kind]
        threads.append(threading.Thread(target=fn, args=args, daemon=True))
    for t in threads:
        t.start()
    print("ready", flush=True)
    threads[0].join()


def dial(kind, address, port, timeout, source=None):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as s:
        s.settimeout(timeout)
        if source:
            s.bind((source, 0))
        s.connect((address, port))
        if kind == "udp":
            s.send(b"?")
            return s.recv(2048).decode()
        return s.makefile().readline().strip()


def dial_often(kind, address, port, timeout, times, source=None):
    for _ in range(int(times)):
        try:
            print(dial(kind, address, int(port), float(timeout), source) or "-")
        except OSError:
            print("-")


if __name__ == "__main__":
    if sys.argv[1] == "dial":
        dial_often(*sys.argv[2:])
    else:
        serve(sys.argv[1], sys.argv[2:])
