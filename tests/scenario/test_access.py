# SPDX-License-Identifier: Apache-2.0
"""Who may do what, by which door."""
import base64
import http.client
import json
import os
import re
import socket
import ssl
import stat
import subprocess

from harness import Scenario


def kubeconfig_field(path, name):
    with open(path) as f:
        return base64.b64decode(re.search(rf"{name}: (\S+)", f.read()).group(1))


class Access(Scenario):
    def https(self, s, path, token=None, cert=None, method="GET", body=None):
        ca = kubeconfig_field(s.kubeconfig, "certificate-authority-data").decode()
        ctx = ssl.create_default_context(cadata=ca)
        ctx.minimum_version = ssl.TLSVersion.TLSv1_2
        if cert:
            ctx.load_cert_chain(*cert)
        c = http.client.HTTPSConnection("localhost", s.port, context=ctx, timeout=10)
        headers = {"Authorization": "Bearer " + token} if token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        c.request(method, path, body, headers)
        r = c.getresponse()
        text = r.read().decode()
        c.close()
        return r.status, text

    def test_the_unauthenticated_reach_health_and_version_only(self):
        s = self.server()
        for path in ("/healthz", "/livez", "/readyz", "/version"):
            self.assertEqual(self.https(s, path)[0], 200, path)
        for path in ("/api/v1/nodes", "/api", "/apis", "/metrics", "/openapi/v2"):
            code, text = self.https(s, path)
            self.assertEqual(code, 403, path)
            self.assertEqual(json.loads(text)["reason"], "Forbidden")
        self.assertIn('User \\"system:anonymous\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope',
                      self.https(s, "/api/v1/nodes")[1])
        self.assertEqual(self.https(s, "/api/v1/nodes", token="nonsense")[0], 401)

    def test_token_file(self):
        s = self.server(start=False)
        tokens = os.path.join(s.data, "tokens.csv")
        with open(tokens, "w") as f:
            f.write('boss-token,boss,1,"system:masters,other"\nguest-token,guest,2\n')
        s.args += ["--token-auth-file", tokens]
        s.start()
        self.assertEqual(self.https(s, "/api/v1/nodes", token="boss-token")[0], 200)
        code, text = self.https(s, "/api/v1/namespaces/default/pods/x", token="guest-token")
        self.assertEqual(code, 403)
        self.assertEqual(json.loads(text)["message"],
                         'pods "x" is forbidden: User "guest" cannot get resource "pods" in API group "" in the namespace "default"')

    def test_client_certificate_and_files(self):
        s = self.server()
        self.assertEqual(stat.S_IMODE(os.stat(s.kubeconfig).st_mode), 0o600)
        cert, key = os.path.join(s.data, "c.pem"), os.path.join(s.data, "k.pem")
        for path, name in ((cert, "client-certificate-data"), (key, "client-key-data")):
            with open(path, "wb") as f:
                f.write(kubeconfig_field(s.kubeconfig, name))
        self.assertEqual(self.https(s, "/api/v1/nodes", cert=(cert, key))[0], 200)
        for root, _, files in os.walk(s.data):
            for f in files:
                if f.endswith(".key") or f.endswith(".db"):
                    self.assertEqual(stat.S_IMODE(os.stat(os.path.join(root, f)).st_mode) & 0o077, 0, f)

    def test_a_stranger_s_certificate_is_no_identity(self):
        s = self.server()
        key, cert = os.path.join(s.data, "x.key"), os.path.join(s.data, "x.crt")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                        "-out", cert, "-days", "1", "-subj", "/O=system:masters/CN=mallory"], check=True, capture_output=True)
        try:
            code, _ = self.https(s, "/api/v1/nodes", cert=(cert, key))
        except (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected):
            return
        self.assertIn(code, (401, 403))

    def test_unix_socket(self):
        s = self.server(start=False)
        path = os.path.join(s.data, "api.sock")
        s.args += ["--unix-socket", path]
        s.start()
        with socket.socket(socket.AF_UNIX) as c:
            c.connect(path)
            c.sendall(b"GET /api/v1/namespaces/default HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = b""
            while chunk := c.recv(65536):
                answer += chunk
        self.assertTrue(answer.startswith(b"HTTP/1.1 200 "), answer[:200])

    def test_smuggling_and_garbage_are_refused(self):
        s = self.server()
        for request in (
            b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
            b"POST /api/v1/nodes HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
            b"GET /healthz HTTP/1.1\r\n\r\n",
            b"\x16\x03\x01\x00\x10garbagegarbage\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", s.insecure), 5) as c:
                c.sendall(request)
                answer = b""
                while chunk := c.recv(65536):
                    answer += chunk
            self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400 "), (request, answer[:80]))
        self.assertEqual(s.raw("GET", "/healthz")[0], 200)
