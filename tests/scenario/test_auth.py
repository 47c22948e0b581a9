# SPDX-License-Identifier: Apache-2.0
"""Authorization, tokens, reviews, impersonation and secrets at rest, as kubectl sees them."""
import base64
import json
import os
import re
import ssl
import stat
import http.client

from harness import Scenario, eventually

BOTH = ("22", "35")


class Base(Scenario):
    def denied(self, s, *args, **kw):
        p = s.kubectl(*args, check=False, **kw)
        self.assertNotEqual(p.returncode, 0, args)
        return p.stderr

    def can(self, s, who, *args, version="35"):
        p = s.kubectl("auth", "can-i", *args, "--as", who, check=False, version=version)
        self.assertIn(p.stdout.strip().split("\n")[-1], ("yes", "no"), p.stderr)
        self.assertEqual(p.returncode == 0, p.stdout.strip() == "yes")
        return p.stdout.strip() == "yes"

    def https(self, s, method, path, token=None, body=None, headers=None):
        with open(s.kubeconfig) as f:
            ca = base64.b64decode(re.search(r"certificate-authority-data: (\S+)", f.read()).group(1)).decode()
        c = http.client.HTTPSConnection("localhost", s.port, timeout=10,
                                        context=ssl.create_default_context(cadata=ca))
        h = dict(headers or {})
        if token:
            h["Authorization"] = "Bearer " + token
        if body is not None:
            h["Content-Type"] = "application/json"
            body = json.dumps(body)
        try:
            c.request(method, path, body, h)
            r = c.getresponse()
            text = r.read().decode()
            return r.status, (json.loads(text) if text.startswith("{") else text)
        finally:
            c.close()


class Auth(Base):
    def test_roles_and_bindings(self):
        s = self.server()
        for v in BOTH:
            ns = "team-" + v
            s.kubectl("create", "namespace", ns, version=v)
            s.kubectl("create", "role", "reader", "-n", ns, "--verb=get,list", "--resource=pods", version=v)
            s.kubectl("create", "rolebinding", "reader", "-n", ns, "--role=reader", "--user=jane",
                      "--group=devs", "--serviceaccount=default:robot", version=v)
            self.assertTrue(self.can(s, "jane", "list", "pods", "-n", ns, version=v))
            self.assertFalse(self.can(s, "jane", "delete", "pods", "-n", ns, version=v))
            self.assertFalse(self.can(s, "jane", "list", "pods", "-n", "default", version=v))
            self.assertTrue(self.can(s, "system:serviceaccount:default:robot", "get", "pods", "-n", ns, version=v))
            self.assertIn('User "jane" cannot list resource "secrets" in API group "" in the namespace "%s"' % ns,
                          self.denied(s, "get", "secrets", "-n", ns, "--as=jane", version=v))
            self.assertIn("No resources found", s.kubectl("get", "pods", "-n", ns, "--as=bob", "--as-group=devs",
                                                          version=v, check=False).stderr)
            table = s.kubectl("get", "rolebinding", "-n", ns, "-o", "wide", version=v)
            self.assertRegex(table, r"NAME +ROLE +AGE +USERS +GROUPS +SERVICEACCOUNTS\nreader +Role/reader +\S+ +jane +devs +default/robot")
            self.assertRegex(s.kubectl("get", "role", "-n", ns, version=v), r"NAME +CREATED AT\nreader +20\d\d-")
            s.kubectl("create", "clusterrole", "nodes-" + v, "--verb=get,list", "--resource=nodes", version=v)
            s.kubectl("create", "clusterrolebinding", "nodes-" + v, "--clusterrole=nodes-" + v, "--user=ops-" + v, version=v)
            self.assertTrue(self.can(s, "ops-" + v, "list", "nodes", version=v))
            listing = s.kubectl("auth", "can-i", "--list", "--as=jane", "-n", ns, version=v)
            self.assertRegex(listing, r"pods +\[\] +\[\] +\[get list\]")
            self.assertRegex(listing, r"selfsubjectaccessreviews.authorization.k8s.io +\[\] +\[\] +\[create\]")
            self.assertRegex(listing, r"\[/healthz\] +\[\] +\[get\]")
            s.kubectl("describe", "clusterrole", "admin", version=v)

    def test_escalation_is_refused(self):
        s = self.server()
        s.kubectl("create", "rolebinding", "boss", "--clusterrole=admin", "--user=jane")
        s.kubectl("create", "role", "less", "--verb=get", "--resource=pods", "--as=jane")
        err = self.denied(s, "create", "role", "more", "--verb=delete", "--resource=nodes", "--as=jane")
        self.assertIn('user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held', err)
        self.assertIn('{APIGroups:[""], Resources:["nodes"], Verbs:["delete"]}', err)
        self.denied(s, "create", "rolebinding", "root", "--clusterrole=cluster-admin", "--user=jane", "--as=jane")
        s.kubectl("create", "rolebinding", "edit", "--clusterrole=edit", "--user=bob", "--as=jane")
        self.assertTrue(self.can(s, "bob", "create", "configmaps"))

    def test_auth_reconcile_and_aggregation(self):
        s = self.server()
        for v in BOTH:
            role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
                    "metadata": {"name": "things-" + v, "labels": {"rbac.authorization.k8s.io/aggregate-to-view": "true"}},
                    "rules": [{"verbs": ["get"], "apiGroups": ["example.org"], "resources": ["things"]}]}
            s.kubectl("auth", "reconcile", "-f", "-", stdin=json.dumps(role), version=v)
            role["rules"][0]["resources"].append("more-" + v)
            s.kubectl("auth", "reconcile", "-f", "-", stdin=json.dumps(role), version=v)
            s.kubectl("create", "clusterrolebinding", "v" + v, "--clusterrole=admin", "--user=v" + v, version=v)
            p = {"kind": "SubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
                 "spec": {"user": "v" + v, "resourceAttributes": {"verb": "get", "group": "example.org", "resource": "more-" + v}}}
            path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
            status = eventually(lambda: s.raw("POST", path, p)[1]["status"]["allowed"] and s.raw("POST", path, p)[1]["status"])
            self.assertEqual(status["reason"], f'RBAC: allowed by ClusterRoleBinding "v{v}" of ClusterRole "admin" to User "v{v}"')
        code, answer = s.raw("POST", path, {"spec": {}})
        self.assertEqual((code, answer["reason"]), (422, "Invalid"))

    def test_whoami_and_impersonation(self):
        s = self.server()
        answer = s.kubectl_json("auth", "whoami")
        self.assertIn("T", answer["metadata"]["creationTimestamp"])
        who = answer["status"]["userInfo"]
        self.assertEqual((who["username"], who["groups"]), ("kubernetes-admin", ["system:masters", "system:authenticated"]))
        who = s.kubectl_json("auth", "whoami", "--as=jane", "--as-group=devs", "--as-uid=7", "--as-user-extra=scopes=a")["status"]["userInfo"]
        self.assertEqual(who, {"username": "jane", "uid": "7", "groups": ["devs", "system:authenticated"], "extra": {"scopes": ["a"]}})
        who = s.kubectl_json("auth", "whoami", "--as=system:serviceaccount:a:b")["status"]["userInfo"]
        self.assertEqual(who["groups"], ["system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated"])
        code, answer = s.raw("GET", "/api/v1/nodes", headers={"Impersonate-Group": "x"})
        self.assertEqual((code, answer["reason"]), (400, "BadRequest"))
        # The impersonated may not impersonate; the verb decides.
        tokens = os.path.join(s.data, "tokens.csv")
        with open(tokens, "w") as f:
            f.write("joe-token,joe,1\n")
        s.stop()
        s.args += ["--token-auth-file", tokens]
        s.start()
        code, answer = self.https(s, "GET", "/api/v1/nodes", "joe-token", headers={"Impersonate-User": "jane"})
        self.assertEqual(answer["message"], 'users "jane" is forbidden: User "joe" cannot impersonate resource "users" in API group "" at the cluster scope')
        s.kubectl("create", "clusterrole", "imp", "--verb=impersonate", "--resource=users", "--resource-name=jane")
        s.kubectl("create", "clusterrolebinding", "imp", "--clusterrole=imp", "--user=joe")
        code, answer = self.https(s, "GET", "/api/v1/nodes", "joe-token", headers={"Impersonate-User": "jane"})
        self.assertIn('User "jane" cannot list', answer["message"])
        code, answer = self.https(s, "GET", "/api/v1/nodes", "joe-token", headers={"Impersonate-User": "jane", "Impersonate-Group": "devs"})
        self.assertIn('cannot impersonate resource "groups"', answer["message"])

    def test_always_allow_and_no_anonymous(self):
        s = self.server("--authorization-mode=AlwaysAllow")
        self.assertTrue(self.can(s, "anybody", "delete", "nodes"))
        self.assertEqual(self.https(s, "GET", "/healthz")[0], 401)


class Tokens(Base):
    def claims(self, token):
        part = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))

    def test_create_token(self):
        s = self.server()
        s.kubectl("create", "serviceaccount", "robot")
        token = s.kubectl("create", "token", "robot", "--duration=1h", "--audience=https://kubernetes.default.svc.cluster.local").strip()
        c = self.claims(token)
        self.assertEqual(c["exp"] - c["iat"], 3600)
        self.assertEqual(c["sub"], "system:serviceaccount:default:robot")
        self.assertEqual(c["kubernetes.io"]["serviceaccount"]["name"], "robot")
        code, answer = self.https(s, "GET", "/api/v1/namespaces/default/pods", token)
        self.assertIn('User "system:serviceaccount:default:robot" cannot list resource "pods"', answer["message"])
        s.kubectl("create", "rolebinding", "robot", "--clusterrole=view", "--serviceaccount=default:robot")
        self.assertEqual(self.https(s, "GET", "/api/v1/namespaces/default/pods", token)[0], 200)
        self.assertEqual(s.kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}", "--token=" + token,
                                   "--kubeconfig", self.bare_kubeconfig(s)), "system:serviceaccount:default:robot")
        # OIDC discovery is for service accounts; the signature checks out with what it says.
        self.assertEqual(self.https(s, "GET", "/openid/v1/jwks")[0], 403)
        code, keys = self.https(s, "GET", "/openid/v1/jwks", token)
        head = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))
        self.assertEqual([(k["kid"], k["alg"]) for k in keys["keys"]], [(head["kid"], "ES256")])
        code, config = self.https(s, "GET", "/.well-known/openid-configuration", token)
        self.assertEqual(config["issuer"], c["iss"])
        # It survives a restart, and ends with its account.
        s.restart()
        self.assertEqual(self.https(s, "GET", "/api/v1/namespaces/default/pods", token)[0], 200)
        s.kubectl("delete", "serviceaccount", "robot")
        self.assertEqual(self.https(s, "GET", "/api/v1/namespaces/default/pods", token)[0], 401)
        self.assertIn("serviceaccounts \"robot\" not found", self.denied(s, "create", "token", "robot"))
        key = os.path.join(s.data, "pki", "sa.key")
        self.assertEqual(stat.S_IMODE(os.stat(key).st_mode), 0o600)

    def bare_kubeconfig(self, s):
        """The admin's without its certificate."""
        with open(s.kubeconfig) as f:
            lines = [l for l in f if "client-certificate-data" not in l and "client-key-data" not in l]
        path = os.path.join(s.data, "bare.kubeconfig")
        with open(path, "w") as f:
            f.writelines(l.replace("user:\n", "user: {}\n") if l.strip() == "user:" else l for l in lines)
        return path

    def test_bound_tokens_and_secrets(self):
        s = self.server()
        s.kubectl("create", "serviceaccount", "robot")
        s.kubectl("create", "secret", "generic", "b")
        token = s.kubectl("create", "token", "robot", "--bound-object-kind=Secret", "--bound-object-name=b").strip()
        self.assertEqual(self.https(s, "GET", "/api", token)[0], 200)
        s.kubectl("delete", "secret", "b")
        self.assertEqual(self.https(s, "GET", "/api", token)[0], 401)
        for v in BOTH:
            s.kubectl("apply", "-f", "-", version=v, stdin=json.dumps({
                "apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token",
                "metadata": {"name": "t" + v, "annotations": {"kubernetes.io/service-account.name": "robot"}}}))
            data = s.kubectl_json("get", "secret", "t" + v, version=v)["data"]
            self.assertIn("BEGIN CERTIFICATE", base64.b64decode(data["ca.crt"]).decode())
            token = base64.b64decode(data["token"]).decode()
            review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token}}
            code, answer = s.raw("POST", "/apis/authentication.k8s.io/v1/tokenreviews", review)
            self.assertEqual(answer["status"]["user"]["username"], "system:serviceaccount:default:robot")
            s.kubectl("delete", "secret", "t" + v, version=v)
            self.assertEqual(self.https(s, "GET", "/api", token)[0], 401)

    def test_bootstrap_token(self):
        s = self.server()
        s.kubectl("create", "secret", "generic", "bootstrap-token-abcdef", "-n", "kube-system", "--type=bootstrap.kubernetes.io/token",
                  "--from-literal=token-id=abcdef", "--from-literal=token-secret=0123456789abcdef",
                  "--from-literal=usage-bootstrap-authentication=true")
        self.assertEqual(self.https(s, "GET", "/api", "abcdef.0123456789abcdef")[0], 200)
        self.assertEqual(self.https(s, "GET", "/api", "abcdef.0123456789abcdeg")[0], 401)


class AtRest(Scenario):
    PLAIN = "correct-horse-battery-staple"

    def config(self, s, *keys, identity=True, mode=0o600):
        path = os.path.join(s.data, "encryption.yaml")
        providers = [{"aesgcm": {"keys": [{"name": k, "secret": base64.b64encode(k.encode() * 32).decode()[:44]} for k in keys]}}] if keys else []
        if identity:
            providers.append({"identity": {}})
        with open(path, "w") as f:
            json.dump({"kind": "EncryptionConfiguration", "apiVersion": "apiserver.config.k8s.io/v1",
                       "resources": [{"resources": ["secrets"], "providers": providers}]}, f)
        os.chmod(path, mode)
        return path

    def in_files(self, s, text):
        found = []
        for name in os.listdir(s.data):
            path = os.path.join(s.data, name)
            if name.startswith("cleat.db"):
                with open(path, "rb") as f:
                    if text.encode() in f.read():
                        found.append(name)
        return found

    def test_secrets_are_never_plain_on_disk(self):
        s = self.server(start=False)
        s.args += ["--encryption-provider-config", self.config(s, "a")]
        s.start()
        for v in ("22", "35"):
            s.kubectl("create", "secret", "generic", "s" + v, "--from-literal=p=" + self.PLAIN, version=v)
            s.kubectl("label", "secret", "s" + v, "x=" + "y", version=v)
        coded = base64.b64encode(self.PLAIN.encode()).decode()
        self.assertEqual(self.in_files(s, self.PLAIN) + self.in_files(s, coded), [])
        self.assertNotEqual(self.in_files(s, "k8s:enc:aesgcm:v1:a:"), [])
        s.restart()
        self.assertEqual(s.kubectl("get", "secret", "s22", "-o", "jsonpath={.data.p}"), coded)
        # Rotation: a new first key, everything written again, the old key dropped.
        self.config(s, "b", "a")
        s.restart()
        s.kubectl("replace", "-f", "-", stdin=s.kubectl("get", "secrets", "-A", "-o", "json"))
        s.kubectl("annotate", "secrets", "-A", "--all", "rewritten=yes")
        self.config(s, "b", identity=False)
        s.restart()
        self.assertEqual(s.kubectl("get", "secret", "s35", "-o", "jsonpath={.data.p}"), coded)
        # A key that does not fit, or none: no start, and nothing is changed.
        before = s.kubectl("get", "secrets", "-A", "-o", "json")
        s.stop()
        for keys in (("c",), ("a",), ()):
            self.config(s, *keys)
            s.start(wait=False)
            self.assertEqual(s.proc.wait(20), 1)
            self.assertIn("in a form that --encryption-provider-config does not read", s.log())
        self.config(s, "b", mode=0o644)
        s.start(wait=False)
        self.assertNotEqual(s.proc.wait(20), 0)
        self.assertIn("others may access it", s.log())
        self.config(s, "b")
        s.start()
        self.assertEqual(s.kubectl("get", "secrets", "-A", "-o", "json"), before)
