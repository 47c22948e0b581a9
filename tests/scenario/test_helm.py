# SPDX-License-Identifier: Apache-2.0
"""helm 3 and 4, unmodified: a release from its installation to its end."""
import json
import os
import subprocess

from harness import KUBECTLS, Scenario


class Helm(Scenario):
    def helm(self, server, version, folder, *args):
        home = os.path.join(server.data, "helm-" + version)
        os.makedirs(home, exist_ok=True)
        env = {"PATH": os.environ["PATH"], "HOME": home, "KUBECONFIG": server.kubeconfig}
        binary = os.path.join(os.path.dirname(KUBECTLS[version]), "helm")
        p = subprocess.run([binary, *args], cwd=folder, env=env, text=True, timeout=60,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(p.returncode, 0, f"helm {args}: {p.stdout}{p.stderr}")
        return p.stdout

    def replicas(self, server):
        found = server.raw("GET", "/apis/apps/v1/namespaces/default/deployments/one-web")
        return found[1]["spec"]["replicas"] if found[0] == 200 else None

    def test_a_release_is_installed_changed_rolled_back_and_removed(self):
        for version in ("22", "35"):
            s = self.server()
            folder = os.path.join(s.data, "charts")
            os.makedirs(folder)

            def helm(*args):
                return self.helm(s, version, folder, *args)
            helm("create", "web")
            self.assertIn("deployed", helm("install", "one", "./web"))
            self.assertEqual(self.replicas(s), 1)
            listed = json.loads(helm("list", "-o", "json"))
            self.assertEqual([(r["name"], r["status"], r["revision"]) for r in listed], [("one", "deployed", "1")])
            helm("upgrade", "one", "./web", "--set", "replicaCount=3")
            self.assertEqual(self.replicas(s), 3)
            history = json.loads(helm("history", "one", "-o", "json"))
            self.assertEqual([h["status"] for h in history], ["superseded", "deployed"])
            helm("rollback", "one", "1")
            self.assertEqual(self.replicas(s), 1)
            self.assertIn("web", helm("get", "manifest", "one"))
            helm("uninstall", "one")
            self.assertEqual(self.replicas(s), None)
            self.assertEqual(json.loads(helm("list", "-o", "json")), [])
            left = s.raw("GET", "/api/v1/namespaces/default/secrets?labelSelector=owner%3Dhelm")[1]["items"]
            self.assertEqual(left, [])
