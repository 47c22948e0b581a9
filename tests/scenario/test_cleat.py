# SPDX-License-Identifier: Apache-2.0
"""The cleat program: checks plugins that misbehave, and lives to tell."""
import os
import subprocess
import tempfile
import unittest

from harness import BUILD, CLEAT, ROOT

ENTRY = """
#include <cleat/sdk.h>
#include <unistd.h>
static cleat_err init(const struct cleat_host *h, struct cleat_error *e) { (void)h; (void)e; %s return CLEAT_OK; }
static const void *factory(const char *id) { (void)id; return %s; }
static const struct cleat_plugin_info info = {.struct_size = sizeof info, .id = "t", .version = "1"};
static const struct cleat_plugin_entry entry = {CLEAT_ABI_INIT(struct cleat_plugin_entry), &info, init, NULL, factory};
CLEAT_EXPORT const struct cleat_plugin_entry *cleat_plugin_entry_v1(void) { return &entry; }
%s
"""


class Cleat(unittest.TestCase):
    def check(self, init="", factory="NULL", extra=""):
        with tempfile.TemporaryDirectory() as d:
            source, so = os.path.join(d, "p.c"), os.path.join(d, "p.so")
            with open(source, "w") as f:
                f.write(ENTRY % (init, factory, extra))
            subprocess.run(["cc", "-std=gnu17", "-fPIC", "-shared", "-fvisibility=hidden", "-I",
                            os.path.join(ROOT, "sdk", "include"), "-o", so, source], check=True)
            os.chmod(so, 0o755)
            p = subprocess.run([CLEAT, "plugin", "check", so], capture_output=True, text=True, timeout=60)
            return p.returncode, p.stdout

    def test_a_plugin_that_fits(self):
        code, out = self.check()
        self.assertEqual(code, 0, out)
        self.assertIn("p.so: fits", out)

    def test_plugins_that_do_not(self):
        for words, kw in (
            ("ended by signal 11 inside the plugin", {"init": "*(volatile int *)8 = 1;"}),
            ("ended the process (exit code 7)", {"init": "_exit(7);"}),
            ("must be NULL for an id that the plugin does not know",
             {"factory": '(id[0] == 0 ? (const void *)"x" : NULL)'}),
            ("exports 2 symbols", {"extra": "extern CLEAT_EXPORT int more; int more;"}),
            ("init failed: no reason given (CLEAT_E_IO)", {"init": "return CLEAT_E_IO;"}),
        ):
            with self.subTest(words=words):
                code, out = self.check(**kw)
                self.assertEqual(code, 1, out)
                self.assertIn(words, out)
                self.assertIn("does not fit", out)

    def test_wrong_use(self):
        for args in ([], ["nonsense"], ["plugin", "check"], ["plugin", "new", "Bad_Name", "x"], ["plugins", "--what"]):
            p = subprocess.run([CLEAT, *args], capture_output=True, text=True, timeout=20)
            self.assertEqual(p.returncode, 2, (args, p.stderr))

    def test_what_is_offered(self):
        out = subprocess.run([CLEAT, "plugins"], capture_output=True, text=True, check=True).stdout
        self.assertIn("controller cloud-node-controller (also cloud-node)", out)
        self.assertIn("cloud provider sim", out)
        crds = subprocess.run([CLEAT, "crds"], capture_output=True, text=True, check=True).stdout
        for name in ("controllers.cleat.dev", "machines.sim.cleat.dev"):
            self.assertIn(name, crds)
        self.assertTrue(os.path.isdir(os.path.join(BUILD, "share", "cleat", "template")))
