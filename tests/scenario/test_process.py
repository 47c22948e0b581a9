# SPDX-License-Identifier: Apache-2.0
"""cleatd as a process: start, stop, restart, configuration, plugins."""
import json
import os
import shutil
import signal
import subprocess
import time

from harness import BUILD, CLEAT, CLEATD, ROOT, Scenario, eventually, free_port

CONFIG = """\
apiVersion: cleat.dev/v1alpha1
kind: Configuration
cloudProviders: [sim]
controllers: %s
"""


def states(s):
    items = s.raw("GET", "/apis/cleat.dev/v1alpha1/controllers")[1]["items"]
    return {c["metadata"]["name"]: c.get("status", {}).get("state") for c in items}


class Process(Scenario):
    def run_cleatd(self, *args):
        return subprocess.run([CLEATD, *args], capture_output=True, text=True, timeout=20)

    def test_bad_flags_end_with_a_clear_message(self):
        for args, word in (
            (["--no-such-flag"], "no-such-flag"),
            (["--secure-port", "many"], "secure-port"),
            (["--cloud-provider", "nowhere"], "nowhere"),
            (["--controllers", "*,nonsense"], '"nonsense" is not in the list of known controllers'),
            (["--config", "/nonexistent.yaml"], "/nonexistent.yaml"),
            (["--token-auth-file", "/nonexistent.csv"], "/nonexistent.csv"),
        ):
            with self.subTest(args=args):
                s = self.server(start=False)
                p = self.run_cleatd("--data-dir", s.data, "--bind-address", "127.0.0.1", "--secure-port", str(free_port()), *args)
                self.assertNotEqual(p.returncode, 0)
                self.assertIn(word, p.stderr)

    def test_unknown_configuration_key_names_file_and_line(self):
        s = self.server(start=False, config=CONFIG % '["*"]' + "plugins:\n  sim:\n    machines: 2\n    colour: red\n")
        p = self.run_cleatd("--data-dir", s.data, *s.args)
        self.assertNotEqual(p.returncode, 0)
        self.assertIn('config.yaml:8', p.stderr)
        self.assertIn('colour', p.stderr)

    def test_configuration_file_is_used(self):
        s = self.server(config=CONFIG % '["*"]' + "plugins:\n  sim:\n    machines: 5\n")
        eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 5, 5)

    def test_reload_stops_and_starts_a_controller(self):
        s = self.server(config=CONFIG % '["*"]')
        eventually(lambda: states(s).get("cloud-node-controller") == "Running", 5)
        eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 5)
        path = os.path.join(s.data, "config.yaml")
        with open(path, "w") as f:
            f.write(CONFIG % '["*", "-cloud-node"]'.replace('"*", "-cloud-node"', '"-cloud-node", "*"'))
        s.proc.send_signal(signal.SIGHUP)
        eventually(lambda: states(s).get("cloud-node-controller") not in ("Running", None), 10, states(s))
        machine = {"apiVersion": "sim.cleat.dev/v1alpha1", "kind": "Machine", "metadata": {"name": "later"}, "spec": {}}
        self.assertEqual(s.raw("POST", "/apis/sim.cleat.dev/v1alpha1/machines", machine)[0], 201)
        time.sleep(1.5)
        self.assertEqual(s.raw("GET", "/api/v1/nodes/later")[0], 404)
        with open(path, "w") as f:
            f.write("nonsense: [")
        s.proc.send_signal(signal.SIGHUP)  # changes nothing
        eventually(lambda: "config.yaml" in s.whole_log(), 5)
        self.assertEqual(s.raw("GET", "/readyz")[0], 200)
        with open(path, "w") as f:
            f.write(CONFIG % '["*"]')
        s.proc.send_signal(signal.SIGHUP)
        eventually(lambda: s.raw("GET", "/api/v1/nodes/later")[0] == 200, 10)

    def test_one_process_a_data_folder(self):
        s = self.server()
        p = self.run_cleatd("--data-dir", s.data, "--bind-address", "127.0.0.1", "--secure-port", str(free_port()))
        self.assertNotEqual(p.returncode, 0)
        self.assertRegex(p.stderr, "(?i)(in use|another process|locked)")
        self.assertEqual(s.raw("GET", "/readyz")[0], 200)

    def test_stops_on_sigterm_while_busy(self):
        s = self.server("--cloud-provider", "sim")
        for i in range(50):
            s.raw("POST", "/api/v1/namespaces/default/configmaps", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{i}"}})
        began = time.monotonic()
        self.assertEqual(s.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)

    def test_metrics(self):
        s = self.server("--cloud-provider", "sim")
        eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 5)
        text = s.raw("GET", "/metrics")[1]
        for name in ("apiserver_request_total", "workqueue_adds_total", "process_resident_memory_bytes", "controller_runtime_reconcile_total"):
            self.assertIn("\n" + name, text)

    def test_a_bad_plugin_is_refused_and_the_rest_goes_on(self):
        s = self.server(start=False)
        folder = os.path.join(s.data, "plugins")
        shutil.copytree(os.path.join(BUILD, "lib", "cleat", "plugins"), folder)
        os.chmod(folder, 0o755)
        for f in os.listdir(folder):
            os.chmod(os.path.join(folder, f), 0o755)
        with open(os.path.join(folder, "broken.so"), "w") as f:
            f.write("no shared object")
        shutil.copy(os.path.join(folder, "node.so"), os.path.join(folder, "writable.so"))
        os.chmod(os.path.join(folder, "writable.so"), 0o777)
        s.args += ["--plugin-dir", folder, "--cloud-provider", "sim"]
        s.start()
        eventually(lambda: len(s.raw("GET", "/api/v1/nodes")[1]["items"]) == 3, 5)
        out = s.kubectl("get", "plugins.cleat.dev")
        self.assertIn("broken", out)
        refused = [p for p in s.kubectl_json("get", "plugins.cleat.dev")["items"] if p["status"]["state"] == "Refused"]
        self.assertEqual(len(refused), 2, out)

    def test_the_sdk_template_builds_against_an_installed_sdk_and_loads(self):
        s = self.server(start=False)
        prefix = os.path.join(s.data, "prefix")
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, capture_output=True)
        made = os.path.join(s.data, "made")
        subprocess.run([os.path.join(prefix, "bin", "cleat"), "plugin", "new", "hello", made], check=True, capture_output=True)
        subprocess.run(["make", "-C", made, f"PREFIX={prefix}"], check=True, capture_output=True, env={"PATH": os.environ["PATH"]})
        so = [os.path.join(made, f) for f in os.listdir(made) if f.endswith(".so")]
        self.assertEqual(len(so), 1)
        os.chmod(so[0], 0o755)
        report = subprocess.run([CLEAT, "plugin", "check", so[0]], capture_output=True, text=True)
        self.assertEqual(report.returncode, 0, report.stdout + report.stderr)
        s.args += ["--plugin-dir", made]
        s.start()
        eventually(lambda: any(v == "Running" for v in states(s).values()), 5, "the template's controller runs")
