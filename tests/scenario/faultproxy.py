# SPDX-License-Identifier: Apache-2.0
"""A proxy between an attached cleatd and its API server that looks into each request.

It ends TLS on both sides and speaks HTTP/1.1. `decide` is asked about each request and
may break it; `split` is a network that holds everything; `log` tells what passed.
"""
import collections
import http.client
import os
import select
import socket
import ssl
import subprocess
import threading
import time

Passed = collections.namedtuple("Passed", "at method path body status answer token agent")


def authority(folder, name="proxy-ca", days="2"):
    """A CA's files: (key, certificate)."""
    key, cert = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".crt")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", cert, "-days", days, "-subj", "/CN=" + name], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return key, cert


def leaf(folder, ca, name="proxy", days="1", names="DNS:localhost,IP:127.0.0.1"):
    """A server's files, signed by ca. days may be negative: it has expired."""
    key, cert, csr = (os.path.join(folder, f"{name}.{e}") for e in ("key", "crt", "csr"))
    ext = os.path.join(folder, name + ".ext")
    with open(ext, "w") as f:
        f.write(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", csr, "-subj", "/CN=" + name], **quiet)
    subprocess.run(["openssl", "x509", "-req", "-in", csr, "-CA", ca[1], "-CAkey", ca[0], "-CAcreateserial",
                    "-out", cert, "-days", days, "-extfile", ext], **quiet)
    return key, cert


class Closed(Exception):
    pass


class Proxy:
    """decide(method, path, body, token) -> None, or one of
         ("status", code, headers, body)  answered here, nothing passes
         ("cut",)                         the connection ends instead of an answer; nothing passed
         ("lose",)                        the request passes, the answer does not
         ("delay", seconds)               it passes later
         ("half",)                        half of the answer's bytes, then the end
         ("half-json",)                   half of the answer's body, as if that were all of it
         ("cut-after", n)                 a stream ends after n bytes of its body"""

    def __init__(self, folder, port, keep_bodies=False):
        self.port_behind = port
        self.folder = folder
        self.ca = authority(folder)
        self.decide = lambda method, path, body, token: None
        self.split = False
        self.closed = False
        self.keep_bodies = keep_bodies
        self.log = []
        self.connections = 0
        self.lock = threading.Lock()
        self.live = set()
        self.use_leaf(*leaf(folder, self.ca))
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def use_leaf(self, key, cert):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        context.set_alpn_protocols(["http/1.1"])
        self.context = context

    def kubeconfig(self, token=None, name="proxied.kubeconfig", token_file=None):
        path = os.path.join(self.folder, name)
        user = f"token: {token}" if token else f"tokenFile: {token_file}"
        with open(path, "w") as f:
            f.write(f"apiVersion: v1\nkind: Config\ncurrent-context: c\n"
                    f"clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:{self.port}', "
                    f"certificate-authority: {self.ca[1]}}}}}]\n"
                    f"users: [{{name: u, user: {{{user}}}}}]\n"
                    f"contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\n")
        return path

    def close(self):
        self.closed = True
        self.split = False
        self.listener.close()
        self.drop_all()

    def drop_all(self):
        """Cuts every connection there is."""
        with self.lock:
            for s in list(self.live):
                try:
                    s.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    # ---- a connection ----

    def accept(self):
        while not self.closed:
            try:
                s, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def serve(self, raw):
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        behind = None
        with self.lock:
            self.live.add(raw)
            self.connections += 1
        try:
            self.pause(raw)
            front = self.context.wrap_socket(raw, server_side=True)
            with self.lock:
                self.live.discard(raw)
                self.live.add(front)
            raw = front
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            behind = context.wrap_socket(socket.create_connection(("127.0.0.1", self.port_behind)))
            behind.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ends = Reader(front), Reader(behind)
            while self.one_request(front, behind, *ends):
                pass
        except (Closed, OSError, ValueError):
            pass
        finally:
            with self.lock:
                self.live.discard(raw)
            for s in (raw, behind):
                if s is not None:
                    s.close()

    def pause(self, front):
        """While the network is split nothing passes; what a client that has gone had sent is lost."""
        while self.split and not self.closed:
            p = select.poll()
            p.register(front.fileno(), select.POLLERR | select.POLLHUP | select.POLLRDHUP)
            if p.poll(20):
                raise Closed
        p = select.poll()
        p.register(front.fileno(), select.POLLERR | select.POLLHUP)
        if p.poll(0):
            raise Closed

    def one_request(self, front, behind, from_front, from_behind):
        head = from_front.head()
        self.pause(front)
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        fields = {k.lower(): v.strip() for k, v in (l.split(":", 1) for l in lines[1:] if l)}
        body = from_front.exactly(int(fields.get("content-length", "0")))
        token, agent = fields.get("authorization", ""), fields.get("user-agent", "")
        fault = self.decide(method, path, body, token)
        kind = fault[0] if fault else None
        if kind == "delay":
            time.sleep(fault[1])
        if kind == "status":
            _, code, headers, text = fault
            front.sendall(f"HTTP/1.1 {code} {http.client.responses.get(code, 'X')}\r\n".encode() +
                          "".join(f"{k}: {v}\r\n" for k, v in headers.items()).encode() +
                          f"Content-Length: {len(text)}\r\n\r\n".encode() + text)
            self.note(method, path, body, code, b"", token, agent)
            return True
        if kind == "cut":
            return False
        self.pause(front)
        behind.sendall(head + body)
        answer = from_behind.head()
        status = int(answer.split(b" ", 2)[1])
        if kind == "lose":
            self.note(method, path, body, status, b"", token, agent)
            return False
        text = answer.decode("latin-1").lower()
        passer = Passer(self, front, fault)
        if "transfer-encoding: chunked" in text:
            self.note(method, path, body, status, b"", token, agent)
            passer.send(answer)
            while True:
                size = from_behind.line()
                n = int(size.split(b";")[0], 16)
                data = from_behind.exactly(n + 2)
                self.pause(front)
                passer.send(size + data, n)
                if n == 0:
                    return True
        data = from_behind.exactly(0 if method == "HEAD" else int(text.split("content-length: ")[1].split("\r\n")[0]))
        self.note(method, path, body, status, data, token, agent)
        self.pause(front)
        if kind == "half-json":
            cut = data[:len(data) // 2]
            answer = "\r\n".join(f"Content-Length: {len(cut)}" if l.lower().startswith("content-length") else l
                                 for l in answer.decode("latin-1").split("\r\n")).encode("latin-1")
            front.sendall(answer + cut)
            return True
        if kind == "half":
            front.sendall((answer + data)[:(len(answer) + len(data)) // 2])
            return False
        front.sendall(answer + data)
        return True

    def note(self, method, path, body, status, answer, token, agent):
        with self.lock:
            self.log.append(Passed(time.monotonic(), method, path, body if self.keep_bodies else b"", status,
                                   answer if self.keep_bodies else b"", token, agent))

    def seen(self, method, prefix):
        with self.lock:
            return [p for p in self.log if p.method == method and p.path.startswith(prefix)]


class Passer:
    """Sends a stream on, up to where a fault ends it."""

    def __init__(self, proxy, front, fault):
        self.front = front
        self.left = fault[1] if fault and fault[0] == "cut-after" else None
        self.half = bool(fault) and fault[0] in ("half", "half-json")

    def send(self, data, n=0):
        if self.half and n > 1:
            self.front.sendall(data[:len(data) // 2])
            raise Closed
        if self.left is not None and n > self.left:
            self.front.sendall(data[:self.left])
            raise Closed
        self.left = self.left - n if self.left is not None else None
        self.front.sendall(data)


class Reader:
    def __init__(self, sock):
        self.sock, self.data = sock, b""

    def more(self):
        got = self.sock.recv(65536)
        if not got:
            raise Closed
        self.data += got

    def until(self, end):
        at = self.data.find(end)
        while at < 0:
            self.more()
            at = self.data.find(end)
        out, self.data = self.data[:at + len(end)], self.data[at + len(end):]
        return out

    def head(self):
        return self.until(b"\r\n\r\n")

    def line(self):
        return self.until(b"\r\n")

    def exactly(self, n):
        while len(self.data) < n:
            self.more()
        out, self.data = self.data[:n], self.data[n:]
        return out
