# SPDX-License-Identifier: Apache-2.0
"""Workloads with both kubectls: every generator, rollouts, scaling, evictions.

No controller for workloads runs here. What one would make (ReplicaSets, pods,
statuses) a test makes itself, as that controller would.
"""
import json

from harness import KUBECTLS, Scenario, eventually

CONTAINER = {"name": "c", "image": "nginx:1.25"}


def template(labels, **spec):
    return {"metadata": {"labels": labels}, "spec": dict({"containers": [CONTAINER]}, **spec)}


def objects():
    """One of each kind, as little as may be said of it."""
    app = {"app": "x"}
    selected = {"selector": {"matchLabels": app}, "template": template(app)}
    job = {"template": template({}, restartPolicy="Never")}
    yield "v1", "Pod", "pods", template({})["spec"]
    yield "v1", "ReplicationController", "replicationcontrollers", {"template": template(app)}
    yield "apps/v1", "Deployment", "deployments", selected
    yield "apps/v1", "ReplicaSet", "replicasets", selected
    yield "apps/v1", "DaemonSet", "daemonsets", selected
    yield "apps/v1", "StatefulSet", "statefulsets", dict(selected, serviceName="x", volumeClaimTemplates=[
        {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}])
    yield "batch/v1", "Job", "jobs", job
    yield "batch/v1", "CronJob", "cronjobs", {"schedule": "*/5 * * * *", "jobTemplate": {"spec": job}}
    yield "autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", {
        "maxReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}}
    yield "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", {"minAvailable": 1, "selector": {"matchLabels": app}}


HEADERS = {
    "pods": "NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES",
    "replicationcontrollers": "NAME DESIRED CURRENT READY AGE CONTAINERS IMAGES SELECTOR",
    "deployments": "NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR",
    "replicasets": "NAME DESIRED CURRENT READY AGE CONTAINERS IMAGES SELECTOR",
    "daemonsets": "NAME DESIRED CURRENT READY UP-TO-DATE AVAILABLE NODE SELECTOR AGE CONTAINERS IMAGES SELECTOR",
    "statefulsets": "NAME READY AGE CONTAINERS IMAGES",
    "jobs": "NAME STATUS COMPLETIONS DURATION AGE CONTAINERS IMAGES SELECTOR",
    "cronjobs": "NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST SCHEDULE AGE CONTAINERS IMAGES SELECTOR",
    "horizontalpodautoscalers": "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE",
    "poddisruptionbudgets": "NAME MIN AVAILABLE MAX UNAVAILABLE ALLOWED DISRUPTIONS AGE",
}


def path(version, resource, name="", ns="default"):
    root = "/api/v1" if version == "v1" else "/apis/" + version
    return f"{root}/namespaces/{ns}/{resource}" + (f"/{name}" if name else "")


class Workloads(Scenario):
    def each(self, *args):
        for version in KUBECTLS:
            with self.subTest(kubectl=version):
                yield version, self.server(*args)

    def make(self, s, version, kind, resource, name, spec, labels=None, **meta):
        code, got = s.raw("POST", path(version, resource), {
            "apiVersion": version, "kind": kind, "metadata": dict({"name": name, "labels": labels or {}}, **meta), "spec": spec})
        self.assertEqual(code, 201, got)
        return got

    def status(self, s, version, resource, name, status):
        p = path(version, resource, name)
        code, got = s.raw("PATCH", p + "/status", {"status": status}, "application/merge-patch+json")
        self.assertEqual(code, 200, got)
        return got

    def test_get_and_describe_of_every_kind(self):
        for v, s in self.each():
            for version, kind, resource, spec in objects():
                self.make(s, version, kind, resource, "x", spec)
                with self.subTest(kind=kind):
                    wide = s.kubectl("get", resource, "-o", "wide", version=v).splitlines()
                    self.assertEqual(" ".join(wide[0].split()), HEADERS[resource])
                    self.assertTrue(wide[1].startswith("x "), wide)
                    self.assertRegex(s.kubectl("describe", resource, "x", version=v), r"(?m)^Name: +x$")
                    self.assertEqual(s.kubectl_json("get", resource, "x", version=v)["kind"], kind)
                    self.assertIn("FIELDS" if v == "22" else "FIELD", s.kubectl("explain", resource + ".spec", version=v))
            everything = s.kubectl("get", "all", "-o", "name", version=v).split()
            for name in ("pod/x", "deployment.apps/x", "replicaset.apps/x", "daemonset.apps/x", "statefulset.apps/x",
                         "job.batch/x", "cronjob.batch/x", "replicationcontroller/x", "horizontalpodautoscaler.autoscaling/x"):
                self.assertIn(name, everything)

    def test_generators(self):
        for v, s in self.each():
            k = lambda *a: s.kubectl(*a, version=v)
            k("create", "deployment", "web", "--image=nginx:1.25", "--replicas=2", "--port=80")
            d = s.kubectl_json("get", "deployment", "web", version=v)
            c = d["spec"]["template"]["spec"]["containers"][0]
            self.assertEqual((d["spec"]["replicas"], d["spec"]["strategy"]), (2, {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}}))
            self.assertEqual((c["imagePullPolicy"], c["terminationMessagePath"], c["ports"]), ("IfNotPresent", "/dev/termination-log", [{"containerPort": 80, "protocol": "TCP"}]))
            self.assertEqual(d["metadata"]["generation"], 1)
            k("create", "job", "once", "--image=busybox", "--", "true")
            j = s.kubectl_json("get", "job", "once", version=v)
            self.assertEqual((j["spec"]["backoffLimit"], j["spec"]["completions"], j["spec"]["completionMode"]), (6, 1, "NonIndexed"))
            self.assertEqual(j["spec"]["selector"]["matchLabels"], {"batch.kubernetes.io/controller-uid": j["metadata"]["uid"]})
            self.assertEqual(j["spec"]["template"]["metadata"]["labels"]["job-name"], "once")
            k("create", "cronjob", "often", "--image=busybox", "--schedule=*/1 * * * *", "--", "date")
            self.assertEqual(s.kubectl_json("get", "cj", "often", version=v)["spec"]["concurrencyPolicy"], "Allow")
            k("create", "job", "now", "--from=cronjob/often")
            owner = s.kubectl_json("get", "job", "now", version=v)["metadata"]["ownerReferences"][0]
            self.assertEqual((owner["kind"], owner["name"]), ("CronJob", "often"))
            k("create", "pdb", "keep", "--selector=app=web", "--min-available=50%")
            self.assertEqual(s.kubectl_json("get", "pdb", "keep", version=v)["spec"]["minAvailable"], "50%")
            k("run", "alone", "--image=nginx", "--restart=Never", "--labels=app=alone")
            self.assertEqual(s.kubectl_json("get", "pod", "alone", version=v)["status"]["qosClass"], "BestEffort")
            k("expose", "deployment", "web", "--port=80", "--target-port=8080")
            self.assertEqual(s.kubectl_json("get", "service", "web", version=v)["spec"]["selector"], {"app": "web"})
            k("autoscale", "deployment", "web", "--min=1", "--max=5", "--cpu-percent=70")
            h = s.kubectl_json("get", "hpa", "web", version=v)
            self.assertEqual(h["spec"]["maxReplicas"], 5)
            self.assertEqual(h["spec"]["metrics"][0]["resource"]["target"], {"type": "Utilization", "averageUtilization": 70})
            old = s.raw("GET", path("autoscaling/v1", "horizontalpodautoscalers", "web"))[1]
            self.assertEqual((old["apiVersion"], old["spec"]["targetCPUUtilizationPercentage"], "metrics" in old["spec"]), ("autoscaling/v1", 70, False))

    def test_scale_and_set(self):
        for v, s in self.each():
            k = lambda *a: s.kubectl(*a, version=v)
            app = {"app": "x"}
            selected = {"selector": {"matchLabels": app}, "template": template(app)}
            for version, kind, resource in (("apps/v1", "Deployment", "deployments"), ("apps/v1", "ReplicaSet", "replicasets"),
                                            ("apps/v1", "StatefulSet", "statefulsets"), ("v1", "ReplicationController", "replicationcontrollers")):
                spec = {"template": template(app)} if version == "v1" else selected
                self.make(s, version, kind, resource, "x", spec)
                k("scale", resource, "x", "--replicas=4")
                got = s.kubectl_json("get", resource, "x", version=v)
                self.assertEqual((got["spec"]["replicas"], got["metadata"]["generation"]), (4, 2))
                code, scale = s.raw("GET", path(version, resource, "x") + "/scale")
                self.assertEqual((code, scale["kind"], scale["spec"], scale["status"]["selector"]), (200, "Scale", {"replicas": 4}, "app=x"))
                no = s.kubectl("scale", resource, "x", "--current-replicas=3", "--replicas=1", version=v, check=False)
                self.assertIn("Expected replicas to be 3, was 4", no.stderr)
            k("set", "image", "deployment/x", "c=nginx:1.26")
            k("set", "env", "deployment/x", "A=1")
            k("set", "resources", "deployment/x", "-c=c", "--limits=cpu=200m,memory=64Mi")
            k("set", "serviceaccount", "deployment", "x", "robot")
            d = s.kubectl_json("get", "deployment", "x", version=v)
            c = d["spec"]["template"]["spec"]["containers"][0]
            self.assertEqual((c["image"], c["env"], c["resources"]["limits"]), ("nginx:1.26", [{"name": "A", "value": "1"}], {"cpu": "200m", "memory": "64Mi"}))
            self.assertEqual((d["spec"]["template"]["spec"]["serviceAccountName"], d["metadata"]["generation"]), ("robot", 6))
            k("label", "deployment", "x", "tier=front")
            k("annotate", "deployment", "x", "note=hello")
            self.assertEqual(s.kubectl_json("get", "deployment", "x", version=v)["metadata"]["generation"], 7)  # annotations count, labels do not
            for kind, patch in (("strategic", '{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"busybox"}]}}}}'),
                                ("merge", '{"spec":{"paused":true}}'),
                                ("json", '[{"op":"replace","path":"/spec/replicas","value":1}]')):
                k("patch", "deployment", "x", "--type=" + kind, "-p", patch)
            d = s.kubectl_json("get", "deployment", "x", version=v)
            self.assertEqual((len(d["spec"]["template"]["spec"]["containers"]), d["spec"]["paused"], d["spec"]["replicas"]), (2, True, 1))

    def rollout(self, s, name, revision, image):
        """What the deployment controller leaves behind after a rollout."""
        d = s.raw("GET", path("apps/v1", "deployments", name))[1]
        labels = {"app": name, "pod-template-hash": f"h{revision}"}
        spec = dict(d["spec"]["template"]["spec"], containers=[dict(CONTAINER, image=image)])
        self.make(s, "apps/v1", "ReplicaSet", "replicasets", f"{name}-h{revision}", {
            "replicas": 0, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}}, labels,
            annotations={"deployment.kubernetes.io/revision": str(revision), "kubernetes.io/change-cause": f"to {image}"},
            ownerReferences=[{"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": d["metadata"]["uid"], "controller": True}])
        d = s.raw("PATCH", path("apps/v1", "deployments", name), {"metadata": {"annotations": {"deployment.kubernetes.io/revision": str(revision)}}}, "application/merge-patch+json")[1]
        n = d["spec"]["replicas"]
        self.status(s, "apps/v1", "deployments", name, {
            "observedGeneration": d["metadata"]["generation"], "replicas": n, "updatedReplicas": n, "readyReplicas": n, "availableReplicas": n,
            "conditions": [{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"}]})

    def test_rollouts(self):
        for v, s in self.each():
            k = lambda *a: s.kubectl(*a, version=v)
            k("create", "deployment", "web", "--image=nginx:1.25", "--replicas=2")
            self.rollout(s, "web", 1, "nginx:1.25")
            self.assertIn('deployment "web" successfully rolled out', k("rollout", "status", "deployment/web"))
            k("set", "image", "deployment/web", "nginx=nginx:1.26")
            waiting = s.kubectl("rollout", "status", "deployment/web", "--watch=false", version=v)
            self.assertIn("Waiting for deployment", waiting)
            self.rollout(s, "web", 2, "nginx:1.26")
            history = k("rollout", "history", "deployment/web")
            self.assertRegex(history, r"1 +to nginx:1.25\n2 +to nginx:1.26")
            self.assertIn("nginx:1.25", k("rollout", "history", "deployment/web", "--revision=1"))
            k("rollout", "undo", "deployment/web", "--to-revision=1")
            self.assertEqual(s.kubectl_json("get", "deploy", "web", version=v)["spec"]["template"]["spec"]["containers"][0]["image"], "nginx:1.25")
            k("rollout", "restart", "deployment/web")
            self.assertIn("kubectl.kubernetes.io/restartedAt", s.kubectl_json("get", "deploy", "web", version=v)["spec"]["template"]["metadata"]["annotations"])
            k("rollout", "pause", "deployment/web")
            self.assertTrue(s.kubectl_json("get", "deploy", "web", version=v)["spec"]["paused"])
            k("rollout", "resume", "deployment/web")
            self.rollout(s, "web", 3, "nginx:1.25")
            k("wait", "--for=condition=Available", "deployment/web", "--timeout=10s")
            self.assertRegex(k("get", "deploy", "web"), r"web +2/2 +2 +2 ")

    def test_cascades(self):
        # Nobody takes the finalizers away here; test_gc.py has what becomes of them.
        for v, s in self.each("--controllers=-garbagecollector,*"):
            for cascade, finalizer in (("foreground", "foregroundDeletion"), ("orphan", "orphan")):
                s.kubectl("create", "deployment", cascade, "--image=nginx", version=v)
                s.kubectl("delete", "deployment", cascade, "--cascade=" + cascade, "--wait=false", version=v)
                self.assertEqual(s.kubectl_json("get", "deploy", cascade, version=v)["metadata"]["finalizers"], [finalizer])
            s.kubectl("create", "deployment", "back", "--image=nginx", version=v)
            s.kubectl("delete", "deployment", "back", "--cascade=background", version=v)
            self.assertNotIn("back", s.kubectl("get", "deploy", "-o", "name", version=v))
            s.kubectl("run", "p", "--image=nginx", version=v)
            s.kubectl("delete", "pod", "p", "--now", version=v)
            s.kubectl("run", "p", "--image=nginx", version=v)
            s.kubectl("delete", "pod", "p", "--grace-period=0", "--force", version=v)
            self.assertEqual(s.kubectl("get", "pods", "-o", "name", version=v), "")

    def run_pod(self, s, name, node, labels):
        """Binds a pod and says what a kubelet would: it runs and is ready."""
        self.make(s, "v1", "Pod", "pods", name, {"containers": [CONTAINER]}, labels,
                  ownerReferences=[{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "rs", "uid": self.owner, "controller": True}])
        code, got = s.raw("POST", path("v1", "pods", name) + "/binding", {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": name}, "target": {"kind": "Node", "name": node}})
        self.assertEqual((code, got["status"]), (201, "Success"), got)
        self.status(s, "v1", "pods", name, {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]})

    def budget(self, s, allowed, healthy, wanted):
        p = s.raw("GET", path("policy/v1", "poddisruptionbudgets", "keep"))[1]
        self.status(s, "policy/v1", "poddisruptionbudgets", "keep", {
            "observedGeneration": p["metadata"]["generation"], "disruptionsAllowed": allowed, "currentHealthy": healthy, "desiredHealthy": wanted, "expectedPods": healthy})

    def test_drain_with_a_budget(self):
        for v, s in self.each():
            self.assertEqual(s.raw("POST", "/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}})[0], 201)
            self.owner = self.make(s, "apps/v1", "ReplicaSet", "replicasets", "rs", {
                "selector": {"matchLabels": {"app": "x"}}, "template": template({"app": "x"})})["metadata"]["uid"]
            for name in ("a", "b"):
                self.run_pod(s, name, "n1", {"app": "x"})
            s.kubectl("create", "pdb", "keep", "--selector=app=x", "--min-available=1", version=v)
            self.budget(s, 1, 2, 1)
            drain = self.watching(s, "drain", "n1", "--timeout=60s", "-v=6", version=v)

            def going():
                pods = s.raw("GET", path("v1", "pods"))[1]["items"]
                return [p for p in pods if "deletionTimestamp" in p["metadata"]]

            first = eventually(going, what="a pod goes")
            drain.until(lambda t: "would violate the pod's disruption budget" in t)
            self.assertEqual(len(going()), 1)
            self.assertEqual([c["reason"] for c in first[0]["status"]["conditions"] if c["type"] == "DisruptionTarget"], ["EvictionByEvictionAPI"])
            b = s.raw("GET", path("policy/v1", "poddisruptionbudgets", "keep"))[1]["status"]
            self.assertEqual((b["disruptionsAllowed"], list(b["disruptedPods"])), (0, [first[0]["metadata"]["name"]]))
            blocked = "b" if first[0]["metadata"]["name"] == "a" else "a"
            code, no = s.raw("POST", path("v1", "pods", blocked) + "/eviction", {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": blocked}})
            self.assertEqual((code, no["reason"], no["message"]), (429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget."))
            self.assertEqual(no["details"]["causes"], [{"reason": "DisruptionBudget", "message": "The disruption budget keep needs 1 healthy pods and has 2 currently"}])
            kubelet = lambda name: s.raw("DELETE", path("v1", "pods", name), {"gracePeriodSeconds": 0})
            self.assertEqual(kubelet(first[0]["metadata"]["name"])[0], 200)
            self.budget(s, 1, 2, 1)  # another pod elsewhere has become ready
            eventually(lambda: [p for p in going() if p["metadata"]["name"] == blocked], what="the other pod goes")
            kubelet(blocked)
            self.assertEqual(eventually(lambda: drain.proc.poll() is not None and (drain.proc.returncode == 0 or drain.text()), 30), True)
            self.assertIn("SchedulingDisabled", s.kubectl("get", "node", "n1", version=v))

    def test_pods_change_little(self):
        for v, s in self.each():
            s.kubectl("run", "p", "--image=nginx:1.25", version=v)
            s.kubectl("set", "image", "pod/p", "p=nginx:1.26", version=v)
            no = s.kubectl("patch", "pod", "p", "-p", '{"spec":{"containers":[{"name":"p","command":["x"]}]}}', version=v, check=False)
            self.assertIn("spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`", no.stderr)
            no = s.kubectl("patch", "pod", "p", "--type=merge", "-p", '{"spec":{"nodeName":"n9"}}', version=v, check=False)
            self.assertIn("pod updates may not change fields other than", no.stderr)
            p = path("v1", "pods", "p")
            guest = {"spec": {"ephemeralContainers": [{"name": "debug", "image": "busybox", "targetContainerName": "p"}]}}
            code, got = s.raw("PATCH", p + "/ephemeralcontainers", guest, "application/strategic-merge-patch+json")
            self.assertEqual((code, got["spec"]["ephemeralContainers"][0]["name"]), (200, "debug"), got)
            code, got = s.raw("PATCH", p + "/ephemeralcontainers", {"spec": {"ephemeralContainers": []}}, "application/merge-patch+json")
            self.assertEqual(code, 422, got)
            self.assertIn('existing ephemeral containers "debug" may not be removed', got["message"])
            code, got = s.raw("PATCH", p, {"spec": {"ephemeralContainers": None}}, "application/merge-patch+json")
            self.assertEqual(code, 422, got)

    def test_refusals_in_upstreams_words(self):
        s = self.server()
        for resource, spec, words in (
            ("deployments", {"selector": {"matchLabels": {"a": "b"}}, "template": template({"a": "c"})},
             'spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`'),
            ("deployments", {"template": template({})}, "spec.selector: Required value"),
            ("deployments", {"replicas": -1, "selector": {"matchLabels": {"a": "b"}}, "template": template({"a": "b"})},
             "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        ):
            code, got = s.raw("POST", path("apps/v1", resource), {"metadata": {"name": "x"}, "spec": spec})
            self.assertEqual(code, 422, got)
            self.assertIn(words, got["message"])
        d = self.make(s, "apps/v1", "Deployment", "deployments", "d", {"selector": {"matchLabels": {"a": "b"}}, "template": template({"a": "b"})})
        d["spec"]["selector"] = {"matchLabels": {"a": "c"}}
        d["spec"]["template"]["metadata"]["labels"] = {"a": "c"}
        code, got = s.raw("PUT", path("apps/v1", "deployments", "d"), d)
        self.assertEqual((code, got["message"]), (422, 'Deployment.apps "d" is invalid: spec.selector: Invalid value: {"matchLabels":{"a":"c"}}: field is immutable'))
