# SPDX-License-Identifier: Apache-2.0
"""Claims, volumes and the directories behind them, with both kubectls."""
import os
import tempfile

from harness import KUBECTLS, Scenario, eventually

CLASS = """
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: directory, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: directory.cleat.dev
reclaimPolicy: Delete
"""
CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: %s}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}%s}
"""
VOLUME = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: %s}
spec: {capacity: {storage: %s}, accessModes: [ReadWriteOnce], hostPath: {path: %s}%s}
"""


class Volumes(Scenario):
    def each(self):
        for version in KUBECTLS:
            with self.subTest(kubectl=version), tempfile.TemporaryDirectory(prefix="cleat-volumes-") as top:
                root = os.path.join(top, "root")
                os.mkdir(root)
                with open(os.path.join(top, "precious"), "w"):
                    pass
                yield version, self.server("--controllers=*,directory-volumes", f"--directory-volumes-root={root}"), root

    def apply(self, s, version, text):
        s.kubectl("apply", "-f", "-", stdin=text, version=version)

    def row(self, s, version, what, name):
        for line in s.kubectl("get", what, "--no-headers", version=version).splitlines():
            if line.split()[0] == name:
                return line.split()
        return None

    def test_storage_comes_and_goes_with_its_claim(self):
        for v, s, root in self.each():
            self.apply(s, v, CLASS)
            self.apply(s, v, CLAIM % ("data", ""))
            eventually(lambda: self.row(s, v, "pvc", "data")[1] == "Bound")
            name, = os.listdir(root)
            self.assertEqual(self.row(s, v, "pvc", "data")[2:6], [name, "1Gi", "RWO", "directory"])
            row = self.row(s, v, "pv", name)
            self.assertEqual(row[1:7], ["1Gi", "RWO", "Delete", "Bound", "default/data", "directory"])
            self.assertRegex(s.kubectl("describe", "pvc", "data", version=v), r"(?s)Used By: +<none>.*ProvisioningSucceeded")
            metrics = s.raw("GET", "/metrics")[1]
            for line in ('pv_collector_bound_pvc_count{namespace="default",storage_class="directory",volume_attributes_class=""} 1',
                         'pv_collector_bound_pv_count{storage_class="directory"} 1'):
                self.assertIn(line, metrics)
            os.makedirs(os.path.join(root, name, "a", "b"))
            os.symlink("../../precious", os.path.join(root, name, "a", "link"))
            s.kubectl("delete", "pvc", "data", version=v)
            eventually(lambda: self.row(s, v, "pv", name) is None)
            self.assertEqual(os.listdir(root), [])
            self.assertEqual(sorted(os.listdir(os.path.dirname(root))), ["precious", "root"])

    def test_a_claim_that_is_used_keeps_its_storage(self):
        for v, s, root in self.each():
            self.apply(s, v, CLASS)
            self.apply(s, v, CLAIM % ("data", ""))
            self.apply(s, v, """
apiVersion: v1
kind: Pod
metadata: {name: user}
spec:
  nodeName: n1
  terminationGracePeriodSeconds: 0
  containers: [{name: c, image: i}]
  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
""")
            eventually(lambda: self.row(s, v, "pvc", "data")[1] == "Bound")
            s.kubectl("delete", "pvc", "data", "--wait=false", version=v)
            eventually(lambda: self.row(s, v, "pvc", "data")[1] == "Terminating")
            name, = os.listdir(root)
            self.assertEqual(self.row(s, v, "pv", name)[4], "Bound")
            s.kubectl("delete", "pod", "user", version=v)
            eventually(lambda: os.listdir(root) == [] and self.row(s, v, "pvc", "data") is None)

    def test_every_policy(self):
        for v, s, root in self.each():
            os.mkdir(os.path.join(root, "old"))
            with open(os.path.join(root, "old", "file"), "w"):
                pass
            self.apply(s, v, VOLUME % ("kept", "2Gi", "/x", ""))
            self.apply(s, v, VOLUME % ("washed", "1Gi", os.path.join(root, "old"), ", persistentVolumeReclaimPolicy: Recycle"))
            self.apply(s, v, VOLUME % ("stuck", "3Gi", "/y", ", persistentVolumeReclaimPolicy: Delete"))
            eventually(lambda: self.row(s, v, "pv", "washed")[4] == "Available")
            for claim, volume in (("a", "washed"), ("b", "kept"), ("c", "stuck")):
                self.apply(s, v, CLAIM % (claim, ', storageClassName: ""'))
                eventually(lambda: self.row(s, v, "pvc", claim)[1:3] == ["Bound", volume])
            s.kubectl("delete", "pvc", "--all", version=v)
            eventually(lambda: [self.row(s, v, "pv", n)[4] for n in ("kept", "stuck", "washed")] == ["Released", "Failed", "Available"])
            self.assertEqual(os.listdir(os.path.join(root, "old")), [])
            eventually(lambda: "VolumeFailedDelete" in s.kubectl("describe", "pv", "stuck", version=v))
            eventually(lambda: "VolumeRecycled" in s.kubectl("describe", "pv", "washed", version=v))
            s.kubectl("delete", "pv", "--all", version=v)
            self.assertEqual(s.kubectl("get", "pv", "-o", "name", version=v), "")
