# SPDX-License-Identifier: Apache-2.0
"""What an API server is sent by those who wish it ill, or do not know better: each request is
answered with the right code and reason, nothing is changed by any of them, and the server
lives on, no larger than before.

A row is (what it is, the request's bytes, the code, the reason); where it has no code of its
own, hostile.txt says both. The revision of the whole store tells whether anything changed:
every write of any object moves it on.

HOSTILE_RECORD=1 writes hostile.txt anew: read what changed before you keep it.
"""
import json
import os
import re
import socket
import ssl

from harness import Scenario, eventually

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hostile.txt")

CM = "/api/v1/namespaces/default/configmaps"
PODS = "/api/v1/namespaces/default/pods"
NODES = "/api/v1/nodes"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
JSON = "application/json"
PATCHES = {"json": "application/json-patch+json", "merge": "application/merge-patch+json",
           "strategic": "application/strategic-merge-patch+json", "apply": "application/apply-patch+yaml"}
BAD, INVALID, NOT_FOUND, METHOD = (400, "BadRequest"), (422, "Invalid"), (404, "NotFound"), (405, "MethodNotAllowed")
LARGE, MEDIA, CONFLICT, EXISTS = (413, "RequestEntityTooLarge"), (415, "UnsupportedMediaType"), (409, "Conflict"), (409, "AlreadyExists")
UNAUTHORIZED, FORBIDDEN = (401, "Unauthorized"), (403, "Forbidden")


def request(method, path, body=None, kind=JSON, headers=()):
    """The bytes of a request that is well-formed apart from what it says."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Connection: close", *headers]
    data = b""
    if body is not None:
        data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + data


def framing():
    """What is no HTTP, or could be read in two ways."""
    end = b"\r\n\r\n"
    get = b"GET " + CM.encode() + b" HTTP/1.1\r\nHost: x\r\n"
    post = b"POST " + CM.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    yield "no method", b" /api HTTP/1.1\r\nHost: x" + end, *BAD
    yield "no target", b"GET  HTTP/1.1\r\nHost: x" + end, *BAD
    yield "no version", b"GET /api\r\nHost: x" + end, *BAD
    for v in (b"HTTP/0.9", b"HTTP/2.0", b"HTTP/3", b"HTTP/1", b"HTTP/1.1.1", b"http/1.1", b"HTTPS/1.1", b"HTTP/ 1.1", b"ICY"):
        code = (505, None) if v in (b"HTTP/0.9", b"HTTP/2.0") else BAD
        yield f"version {v.decode()}", b"GET /api " + v + b"\r\nHost: x" + end, *code
    for t in (b"api", b"http://x/api/v1/../..", b"*", b"/a b", b"/\x01", b"/\x7f", b"/\xff", b"//x", b"/a\x00b"):
        yield f"target {t!r}", b"GET " + t + b" HTTP/1.1\r\nHost: x" + end, None, None
    for m in (b"G\x00T", b"G(T", b"GET\t", b"\"GET\"", b"GET,POST"):
        yield f"method {m!r}", m + b" /api HTTP/1.1\r\nHost: x" + end, *BAD
    for h in (b"Host x", b": x", b"Host : x", b" Host: y", b"A\x00: b", b"A: b\x00", b"A: \x01", b"A(: b", b"\x80: b", b"A: b\r", b"A:\x0bb",
              b"Content-Length: -1", b"Content-Length: +5", b"Content-Length: 5x", b"Content-Length: 0x10", b"Content-Length: 1e3",
              b"Content-Length: 5, 6", b"Content-Length: 5\r\nContent-Length: 6", b"Content-Length: 99999999999999999999999", b"Content-Length:",
              b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked, gzip", b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
              b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"Transfer-Encoding:", b"Transfer-Encoding: \x0bchunked"):
        yield f"header {h!r}", post + h + end + b"{}", None, None
    yield "two hosts", b"GET /api HTTP/1.1\r\nHost: x\r\nHost: y" + end, *BAD
    yield "no host", b"GET /api HTTP/1.1" + end, *BAD
    yield "a folded header", get + b"A: b\r\n c" + end, *BAD
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
    for c in (b"x\r\n", b"-1\r\n", b"0x2\r\n{}\r\n", b"2\r\n{}x\r\n", b"2\r\n{}\n0\r\n\r\n", b"ffffffffffffffffff\r\n", b" 2\r\n{}\r\n0\r\n\r\n", b"2 2\r\n{}", b"\r\n"):
        yield f"chunk {c!r}", chunked + c, *BAD
    yield "a chunk too large", chunked + b"40000000\r\n", *LARGE
    yield "a body too large", post + b"Content-Length: 3145729" + end, *LARGE
    yield "a head too large", get + b"A: " + b"x" * 70000 + end, (431, "InternalError")[0], None
    yield "a target too long", b"GET /" + b"x" * 70000 + b" HTTP/1.1\r\nHost: x" + end, None, None
    yield "headers without end", get + b"".join(b"A%d: b\r\n" % i for i in range(2000)) + b"\r\n", None, None


def paths():
    """Places that are none."""
    for p in ("/api/v2", "/api/v1/nothing", "/api/v1/namespaces/default/nothing", "/apis/x/v1", "/apis/apps/v9/deployments", "/apis/apps/v1/pods",
              "/api/v1/namespaces/default/nodes", "/api/v1/nodes/x/y/z", "/api/v1/pods/x", f"{CM}/x/status", f"{CM}/x/scale", f"{PODS}/x/nothing", f"{PODS}/x/status/y",
              "/api/v1/namespaces//configmaps", "/api/v1//nodes", "/apiv1/nodes", "/API/v1/nodes", "/api/V1/nodes", "/api/v1/Nodes", "/api/v1/nodes%00", "/api/v1/nodes/%zz",
              "/api/v1/nodes/%", "/api/v1/nodes/%2", "/api/v1/nodes/..", "/api/v1/nodes/.", "/api/v1/nodes/%2e%2e", "/api/v1/nodes/a%2fb", "/api/v1/nodes/a%5cb", "/api/v1/nodes/%ff", "/api/v1/nodes/%00",
              "/api/v1/nodes/" + "n" * 300, "/api/v1/" + "/".join("x" * 40), "/api/v1/namespaces/" + "n" * 1000 + "/pods/x", "/nothing", "/.well-known/nothing", "/swagger.json", "/openapi/v4",
              "/healthz/nothing", "/../etc/passwd", "/api/v1/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/api/v1/nodes;x=y", "/api/v1/nodes/x;y", "/api/v1/proxy/nodes/x", "/api/v1/watch/nothing",
              "/cgi-bin/sh", "/api/v1/namespaces/kube-system/secrets/../../../nodes/x", "/metrics/x", "/version/x", "/openapi/v3/apis/x/v1"):
        yield f"GET {p[:60]}", request("GET", p), None, None
        if not p.startswith(("/healthz", "/metrics", "/version")) and p != "/api/v1/nodes/":
            yield f"DELETE {p[:60]}", request("DELETE", p), None, None
    for m, p in (("PUT", CM), ("PATCH", CM), ("POST", f"{CM}/x"), ("POST", NODES + "/x"), ("PUT", NODES), ("POST", "/api/v1"), ("DELETE", "/apis"), ("PUT", "/healthz"), ("POST", "/metrics"),
                 ("BREW", CM), ("TRACE", CM), ("CONNECT", CM), ("PROPFIND", CM), ("OPTIONS", CM), ("POST", "/api/v1/configmaps"), ("PATCH", "/api/v1/pods"),
                 ("PUT", "/api/v1/componentstatuses/x"), ("DELETE", "/api/v1/componentstatuses/x"), ("PUT", f"{PODS}/x/eviction"), ("DELETE", f"{PODS}/x/eviction"), ("PATCH", f"{PODS}/x/binding"),
                 ("GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"), ("DELETE", "/apis/authentication.k8s.io/v1/tokenreviews")):
        yield f"{m} {p}", request(m, p, {}), None, None


def queries():
    """Parameters that mean nothing, or what they must not."""
    selectors = ("!!", "a=b=c", "a in", "a in (", "a in b", "a in (b", "a in (b,", "notin (a)", "a,,b", "=b", "a!", "!a=b", "a>b", "a<", "a=b c", "-a=b", "a/b/c=d", "a=" + "x" * 64, "x" * 64 + "=a",
                 "a=b;c=d", "a in (b))", "(a)", ",", "a=\x01", "a=é", "\"a\"=b")
    for s in selectors:
        for path in (CM, f"{CM}?watch=true&x=y"):
            yield f"label selector {s!r} of a {'watch' if 'watch' in path else 'list'}", request("GET", path + ("&" if "?" in path else "?") + "labelSelector=" + quote(s)), None, None
    for s in ("spec.nodeName=x", "metadata.labels=x", "a", "metadata.name>x", "metadata.name in (a)", "=x", "metadata.name", "data.k=v", "metadata.name=a=b", "status.phase=", "!metadata.name", "a\\"):
        yield f"field selector {s!r}", request("GET", f"{CM}?fieldSelector=" + quote(s)), None, None
        yield f"delete by field selector {s!r}", request("DELETE", f"/api/v1/namespaces/none/configmaps?fieldSelector=" + quote(s)), None, None
    for q in ("limit=-1", "limit=x", "limit=1.5", "limit=99999999999999", "limit=0x10", "limit=1%00", "continue=x", "continue=%7B%7D", "continue=" + "A" * 5000, "continue=eyJ2IjoiIn0",
              "resourceVersion=x", "resourceVersion=-1", "resourceVersion=1.5", "resourceVersion=99999999999999999999999", "resourceVersion=9999999999", "resourceVersion=0x1", "resourceVersionMatch=Exact",
              "resourceVersionMatch=Nothing&resourceVersion=1", "resourceVersionMatch=Exact&resourceVersion=0", "resourceVersionMatch=NotOlderThan", "sendInitialEvents=true", "resourceVersion=1&continue=x",
              "watch=true&resourceVersion=x", "watch=true&resourceVersion=99999999999", "watch=true&sendInitialEvents=true", "watch=true&resourceVersionMatch=Exact&resourceVersion=1", "watch=true&sendInitialEvents=true&resourceVersionMatch=Exact"):
        yield f"query {q[:50]}", request("GET", f"{CM}?{q}"), None, None
    for q in ("dryRun=x", "dryRun=all", "dryRun=All,All", "fieldValidation=x", "fieldValidation=strict", "fieldManager=" + "x" * 200, "fieldManager=%01", "fieldManager=a%0ab"):
        for method, path, body in (("POST", CM, {"metadata": {"name": "q"}}), ("PUT", f"{CM}/there", {"metadata": {"name": "there"}}), ("PATCH", f"{CM}/there", {"data": {"x": "y"}})):
            yield f"{method} ?{q[:30]}", request(method, f"{path}?{q}", body, JSON if method != "PATCH" else PATCHES["merge"]), *INVALID
    for q in ("gracePeriodSeconds=x", "gracePeriodSeconds=1.5", "propagationPolicy=Sideways", "dryRun=x", "propagationPolicy=orphan"):
        yield f"DELETE ?{q}", request("DELETE", f"{CM}/there?{q}"), None, None
    yield "apply without a manager", request("PATCH", f"{CM}/there", "{}", PATCHES["apply"]), None, None
    yield "force without apply", request("PATCH", f"{CM}/there?force=true", "{}", PATCHES["merge"]), *INVALID


def quote(s):
    from urllib.parse import quote as q
    return q(s, safe="")


# Texts that are no JSON at all.
BROKEN = ["", "{", "}", "[", "{]", "{\"a\"", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{'a':1}", "{a:1}", "nul", "tru", "NaN", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":01}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":+1}",
          "{\"a\":1e}", "{\"a\":0x1}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"", "{\"a\":\"b}", "{} {}", "{}x", "/*x*/{}", "{\"a\":1 \"b\":2}", "\ufeff{}", "{\"a\":[1,2}", "{\"a\":--1}", "\"", "{{}}", "[[[[",
          "{\"a\":" * 200 + "1" + "}" * 200, "[" * 100000, "{\"a\":\"" + "x" * 100 + "\x00\"}"]
BROKEN_BYTES = [b"\xff\xfe{}", b"{\"a\":\"\xff\"}", b"{\"a\":\"\xc0\xaf\"}", b"{\"a\":\"\xed\xa0\x80\"}", b"{\"a\":\"\xf4\x90\x80\x80\"}", b"\x00", b"\x1f\x8b\x08\x00", b"k8s\x00", b"k8s\x00\xff\xff\xff\xff\x0f"]


def bodies():
    """Bodies that are none."""
    for t in BROKEN + BROKEN_BYTES:
        name = repr(t)[:40]
        yield f"POST {name}", request("POST", CM, t), None, None
        yield f"PUT {name}", request("PUT", f"{CM}/there", t), None, None
        yield f"JSON patch {name}", request("PATCH", f"{CM}/there", t, PATCHES["json"]), None, None
        yield f"merge patch {name}", request("PATCH", f"{CM}/there", t, PATCHES["merge"]), None, None
        yield f"strategic patch {name}", request("PATCH", f"{CM}/there", t, PATCHES["strategic"]), None, None
    for t in ("a: [", "a: b: c", "a: &x 1\nb: *x", "- a", "a: !!python/object x", "\ta: 1", "---\na: 1\n---\nb: 2", "{" * 300, "x", "a: \"\\xzz\"", "&a [*a,*a]", "? [a]\n: b"):
        yield f"YAML {t!r}"[:50], request("POST", CM, t, "application/yaml"), None, None
        yield f"apply {t!r}"[:50], request("PATCH", f"{CM}/there?fieldManager=m", t, PATCHES["apply"]), None, None
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json-patch", "application/cbor", "x", "application/", "/"):
        yield f"POST as {kind}", request("POST", CM, {"metadata": {"name": "t"}}, kind), *MEDIA
        yield f"PATCH as {kind}", request("PATCH", f"{CM}/there", {}, kind), *MEDIA
    yield "PATCH as JSON", request("PATCH", f"{CM}/there", {}, JSON), *MEDIA
    ops = ({"op": "add"}, {"op": "x", "path": "/data/a"}, {"path": "/data/a"}, {"op": "remove", "path": "/data/none"}, {"op": "replace", "path": "/none/x", "value": 1}, {"op": "test", "path": "/data/k", "value": "no"},
           {"op": "add", "path": "data", "value": 1}, {"op": "add", "path": "/data/k/x/y", "value": 1}, {"op": "move", "path": "/data/b"}, {"op": "move", "from": "/none", "path": "/data/b"}, {"op": "copy", "from": "", "path": "/data/b/c"},
           {"op": "add", "path": "/metadata/finalizers/9", "value": "a/b"}, {"op": "add", "path": "/data/~2", "value": "x"}, {"op": "remove", "path": ""}, {"op": "replace", "path": "", "value": []},
           {"op": "replace", "path": "/metadata", "value": None}, {"op": "replace", "path": "/kind", "value": "Secret"}, {"op": "replace", "path": "/metadata/name", "value": "other"},
           {"op": "replace", "path": "/metadata/uid", "value": "x"}, {"op": "replace", "path": "/metadata/namespace", "value": "x"}, {"op": "add", "path": "/data", "value": [1]}, 7, None, "x", [])
    for op in ops:
        yield f"JSON patch {op}"[:60], request("PATCH", f"{CM}/there", [op], PATCHES["json"]), None, None
    yield "a JSON patch of 10001 steps", request("PATCH", f"{CM}/there", [{"op": "test", "path": "/data/k", "value": "v"}] * 10001, PATCHES["json"]), None, None
    for name, kind in PATCHES.items():
        if name in ("merge", "strategic"):
            for p in ({"metadata": {"name": "x"}}, {"metadata": {"uid": "x"}}, {"metadata": {"namespace": "x"}}, {"kind": "Secret"}, {"apiVersion": "v2"}, {"data": 7}, {"data": {"k": {}}}, {"data": {"a b": "c"}}, {"metadata": 7},
                      {"metadata": {"labels": {"a b": "c"}}}, {"metadata": {"labels": {"a": "b c"}}}, {"metadata": {"resourceVersion": "1"}}, {"metadata": {"ownerReferences": [{}]}}, {"metadata": {"annotations": {"a": "x" * 300000}}},
                      {"metadata": {"finalizers": ["x y"]}}, {"data": {"k": "x" * 1600000}}, {"immutable": "yes"}):
                yield f"{name} patch {str(p)[:40]}", request("PATCH", f"{CM}/there", p, kind), None, None
    for p in ({"metadata": {"$patch": "x"}}, {"data": {"$patch": 7}}, {"metadata": {"$deleteFromPrimitiveList/finalizers": 7}}, {"metadata": {"$setElementOrder/finalizers": "x"}}, {"$retainKeys": 7}):
        yield f"directive {p}", request("PATCH", f"{CM}/there", p, PATCHES["strategic"]), None, None


def objects():
    """Objects that must not be."""
    def meta(**kw):
        return {"metadata": {"name": "bad", **kw}}
    for n in ("", "A", "a b", "a/b", "..", "-a", "a-", "a_b", "a" * 254, "é", "a\x00b", "a.", ".a", 7, None, [], {}, "a..b"):
        for path in (CM, NODES, "/api/v1/namespaces"):
            yield f"a name {n!r} in {path}"[:60], request("POST", path, {"metadata": {"name": n}}), None, None
    for m in ({"labels": {"": "a"}}, {"labels": {"a b": "c"}}, {"labels": {"a": "b c"}}, {"labels": {"a": "x" * 64}}, {"labels": {"a": 1}}, {"labels": []}, {"annotations": {"a b": ""}}, {"annotations": {"a": "x" * 270000}},
              {"finalizers": ["x"]}, {"finalizers": "x"}, {"finalizers": [7]}, {"ownerReferences": [{}]}, {"ownerReferences": "x"}, {"ownerReferences": [{"apiVersion": "v1", "kind": "Node", "name": "a"}]},
              {"resourceVersion": "5"}, {"namespace": "other"}, {"generateName": "A"}, {"uid": 7}, {"deletionTimestamp": "x"}, {"creationTimestamp": "yesterday"}, {"managedFields": "x"}, {"generation": "x"}):
        yield f"metadata {str(m)[:50]}", request("POST", CM, meta(**m)), None, None
    for kv in ({"kind": "Secret"}, {"apiVersion": "v2"}, {"apiVersion": "apps/v1", "kind": "ConfigMap"}, {"kind": 7}, {"apiVersion": []}, {"data": []}, {"data": {"a b": "c"}}, {"data": {"..": "c"}}, {"data": {"a": 1}}, {"data": {"a": None}, "binaryData": {"a": "eA=="}},
               {"binaryData": {"a": "*"}}, {"immutable": 3}, {"data": {"a": "x" * 1700000}}):
        yield f"a configmap {str(kv)[:50]}", request("POST", CM, {**meta(), **kv}), None, None
    for spec in ({}, {"containers": []}, {"containers": "x"}, {"containers": [{}]}, {"containers": [{"name": "A", "image": "i"}]}, {"containers": [{"name": "a"}]}, {"containers": [{"name": "a", "image": "i"}] * 2}, {"containers": [{"name": "a", "image": " i"}]},
                 *({"containers": [{"name": "a", "image": "i", **c}]} for c in (
                     {"ports": [{"containerPort": 0}]}, {"ports": [{"containerPort": 70000}]}, {"ports": [{"containerPort": "x"}]}, {"env": [{"name": ""}]}, {"env": [{"name": "a=b"}]}, {"resources": {"limits": {"cpu": "x"}}}, {"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}},
                     {"resources": {"limits": {"cpu": "-1"}}}, {"imagePullPolicy": "Never ever"}, {"volumeMounts": [{"name": "none", "mountPath": "/x"}]}, {"livenessProbe": {}}, {"livenessProbe": {"httpGet": {"port": 0}}}, {"command": "sh"}, {"terminationMessagePolicy": "x"}, {"securityContext": {"runAsUser": -1}})),
                 *({"containers": [{"name": "a", "image": "i"}], **p} for p in (
                     {"restartPolicy": "Maybe"}, {"dnsPolicy": "x"}, {"nodeName": "A B"}, {"nodeSelector": {"a b": "c"}}, {"tolerations": [{"operator": "x"}]}, {"tolerations": [{"key": "a b"}]}, {"activeDeadlineSeconds": 0}, {"hostname": "A B"},
                     {"volumes": [{"name": "A"}]}, {"volumes": [{"name": "a", "emptyDir": {}, "hostPath": {"path": "/"}}]}, {"volumes": [{"name": "a", "hostPath": {"path": ".."}}]}, {"priorityClassName": "none"}, {"serviceAccountName": "none"}, {"initContainers": [{"name": "a", "image": "i"}]},
                     {"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}}, {"topologySpreadConstraints": [{}]}, {"securityContext": {"runAsUser": -1}}, {"hostAliases": [{"ip": "x"}]}, {"imagePullSecrets": "x"}))):
        yield f"a pod {str(spec)[:60]}", request("POST", PODS, {**meta(), "spec": spec}), None, None
    for spec in ({"podCIDR": "x"}, {"podCIDRs": ["10.0.0.0/24", "10.0.1.0/24"]}, {"taints": [{}]}, {"taints": [{"key": "a", "effect": "x"}]}, {"taints": [{"key": "a b", "effect": "NoSchedule"}]}, {"taints": "x"}, {"unschedulable": "x"}, {"podCIDR": "10.0.0.0/33"}):
        yield f"a node {spec}", request("POST", NODES, {**meta(), "spec": spec}), None, None
    for spec in ({}, {"ports": []}, {"ports": [{"port": 0}]}, {"ports": [{"port": 70000}]}, {"ports": [{"port": 80}, {"port": 81}]}, {"ports": [{"port": 80, "protocol": "x"}]}, {"ports": [{"port": 80, "nodePort": 80}], "type": "NodePort"}, {"ports": [{"port": 80}], "type": "x"}, {"ports": [{"port": 80}], "clusterIP": "x"},
                 {"ports": [{"port": 80}], "clusterIP": "9.9.9.9"}, {"ports": [{"port": 80}], "externalIPs": ["x"]}, {"ports": [{"port": 80}], "sessionAffinity": "x"}, {"ports": [{"port": 80}], "externalTrafficPolicy": "x", "type": "LoadBalancer"}, {"type": "ExternalName", "externalName": "A B"},
                 {"ports": [{"port": 80}], "loadBalancerSourceRanges": ["x"], "type": "LoadBalancer"}, {"ports": [{"port": 80}], "ipFamilies": ["x"]}, {"ports": [{"port": "a"}]}, {"ports": [{"port": 80, "name": "A B"}]}):
        yield f"a service {str(spec)[:50]}", request("POST", "/api/v1/namespaces/default/services", {**meta(), "spec": spec}), None, None
    for path, body in (("/apis/apps/v1/namespaces/default/deployments", {"spec": {}}), ("/apis/apps/v1/namespaces/default/deployments", {"spec": {"replicas": -1}}), ("/apis/batch/v1/namespaces/default/jobs", {"spec": {}}), ("/apis/batch/v1/namespaces/default/cronjobs", {"spec": {"schedule": "x"}}),
                       ("/apis/coordination.k8s.io/v1/namespaces/default/leases", {"spec": {"leaseDurationSeconds": -1}}), ("/apis/rbac.authorization.k8s.io/v1/clusterroles", {"rules": [{}]}), ("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {"roleRef": {}}),
                       ("/apis/policy/v1/namespaces/default/poddisruptionbudgets", {"spec": {"minAvailable": -1}}), ("/apis/networking.k8s.io/v1/namespaces/default/ingresses", {"spec": {}}), ("/apis/networking.k8s.io/v1/namespaces/default/networkpolicies", {"spec": {"policyTypes": ["x"]}}),
                       ("/apis/storage.k8s.io/v1/storageclasses", {}), ("/api/v1/persistentvolumes", {"spec": {}}), ("/api/v1/namespaces/default/persistentvolumeclaims", {"spec": {}}), ("/apis/scheduling.k8s.io/v1/priorityclasses", {"value": 2000000000}), ("/apis/certificates.k8s.io/v1/certificatesigningrequests", {"spec": {}}),
                       ("/api/v1/namespaces/default/secrets", {"type": "kubernetes.io/tls"}), ("/api/v1/namespaces/default/secrets", {"data": {"a": "*"}}), ("/api/v1/namespaces/default/resourcequotas", {"spec": {"hard": {"pods": "x"}}}), ("/api/v1/namespaces/default/limitranges", {"spec": {"limits": [{"type": "Pod", "max": {"cpu": "x"}}]}}),
                       ("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers", {"spec": {}}), ("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {"addressType": "x"}), ("/api/v1/namespaces/default/endpoints", {"subsets": [{"addresses": [{"ip": "x"}]}]}), ("/api/v1/namespaces/none/pods", {}),
                       ("/apis/node.k8s.io/v1/runtimeclasses", {}), ("/api/v1/namespaces/default/replicationcontrollers", {"spec": {"replicas": "x"}})):
        yield f"{path.rsplit('/')[-1]} {str(body)[:40]}", request("POST", path, {**meta(), **body}), None, None
    for name in ("default", "kube-system", "kube-public"):
        yield f"deletion of {name}", request("DELETE", f"/api/v1/namespaces/{name}"), *FORBIDDEN
    yield "an object that is there", request("POST", CM, {"metadata": {"name": "there"}}), *EXISTS
    yield "an old revision", request("PUT", f"{CM}/there", {"metadata": {"name": "there", "resourceVersion": "1"}}), *CONFLICT
    yield "another uid", request("DELETE", f"{CM}/there", {"preconditions": {"uid": "x"}}), *CONFLICT
    for b in ({"gracePeriodSeconds": "x"}, {"propagationPolicy": "x"}, {"preconditions": 7}, {"dryRun": ["x"]}, {"dryRun": "All"}, [], 7, {"kind": "Pod", "apiVersion": "v1"}, {"orphanDependents": True, "propagationPolicy": "Orphan"}):
        yield f"delete options {b}", request("DELETE", f"{CM}/there", b), None, None


def definitions():
    """Kinds that must not be."""
    def crd(schema=None, name="xs.bad.dev", names=None, **spec):
        version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"} if schema is None else schema}}
        return {"metadata": {"name": name}, "spec": {"group": "bad.dev", "scope": "Namespaced", "names": names or {"plural": "xs", "kind": "X", "singular": "x", "listKind": "XList"}, "versions": [version], **spec}}
    for n in ("x", "xs", "xs.other.dev", "XS.bad.dev", ""):
        yield f"CRD named {n!r}", request("POST", CRDS, crd(name=n)), None, None
    for spec in ({"scope": "x"}, {"group": "B D"}, {"group": ""}, {"versions": []}, {"versions": "x"}, {"versions": [{"name": "v1"}]}, {"versions": [{"name": "V1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}]},
                 {"names": {}}, {"names": {"plural": "X s", "kind": "X"}}, {"conversion": {"strategy": "x"}}, {"preserveUnknownFields": True}, 7):
        body = crd()
        body["spec"] = {**body["spec"], **spec} if isinstance(spec, dict) else spec
        yield f"CRD with {str(spec)[:50]}", request("POST", CRDS, body), None, None
    for s in ({}, {"type": "x"}, {"type": "array"}, {"type": "string"}, 7, {"type": "object", "properties": []}, {"type": "object", "properties": {"a": {}}}, {"type": "object", "properties": {"a": {"type": "array"}}}, {"type": "object", "properties": {"a": {"type": "string", "pattern": "("}}},
              {"type": "object", "properties": {"a": {"$ref": "#/x"}}}, {"type": "object", "properties": {"a": {"type": "string", "default": 7}}}, {"type": "object", "properties": {"metadata": {"type": "object", "properties": {"labels": {"type": "object"}}}}},
              {"type": "object", "additionalProperties": True, "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"a": {"type": "array", "items": [{"type": "string"}]}}}, {"type": "object", "properties": {"a": {"type": "array", "uniqueItems": True, "items": {"type": "string"}}}},
              {"type": "object", "properties": {"a": {"type": "array", "x-kubernetes-list-type": "map", "items": {"type": "object"}}}}, {"type": "object", "properties": {"a": {"type": "array", "x-kubernetes-list-type": "x", "items": {"type": "string"}}}},
              {"type": "object", "properties": {"a": {"type": "string", "nullable": True, "x-kubernetes-embedded-resource": True}}}, {"type": "object", "anyOf": [{"type": "object"}]}, {"type": "object", "not": {"properties": {"a": {"type": "string"}}}},
              {"type": "object", "properties": {"a": {"type": "integer", "minimum": "x"}}}, {"type": "object", "required": "a"}, {"type": "object", "definitions": {"a": {}}}, {"type": "object", "dependencies": {"a": ["b"]}}):
        yield f"a schema {str(s)[:60]}", request("POST", CRDS, crd(schema=s)), None, None
    deep = {"type": "string"}
    for _ in range(200):
        deep = {"type": "object", "properties": {"a": deep}}
    yield "a schema without end", request("POST", CRDS, crd(schema=deep)), None, None


def strangers():
    """Who they are not."""
    for a in ("Bearer x", "Bearer ", "Bearer a.b.c", "Bearer " + "x" * 10000, "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50In0.", "Basic YWRtaW46YWRtaW4=", "Digest x", "bearer\tx", "Negotiate x"):
        yield f"Authorization: {a[:40]}", request("GET", CM, headers=[f"Authorization: {a}"]), None, None
    for h in (["Impersonate-Group: system:masters"], ["Impersonate-Uid: x"], ["Impersonate-Extra-a: b"], ["Impersonate-User: "]):
        yield f"impersonation {h}", request("GET", CM, headers=h), None, None


def rows():
    seen = {}
    for family in (framing, paths, queries, bodies, objects, definitions, strangers):
        for what, data, code, reason in family():
            name = f"{family.__name__}: {what}"
            seen[name] = seen.get(name, 0) + 1
            yield name + (f" #{seen[name]}" if seen[name] > 1 else ""), data, code, reason


def ask(s, what, data):
    """(code, Status or None) of the first answer; the connection may be cut at any time. On the
    insecure port everybody is an administrator, so strangers come by the other one."""
    got = b""
    stranger = what.startswith("strangers")
    with socket.create_connection(("127.0.0.1", s.port if stranger else s.insecure), timeout=10) as c:
        try:
            if stranger:
                trust = ssl._create_unverified_context()
                c = trust.wrap_socket(c)
            c.sendall(data)
            if not stranger:
                c.shutdown(socket.SHUT_WR)
            while True:
                more = c.recv(65536)
                if not more:
                    break
                got += more
        except (BrokenPipeError, ConnectionResetError):
            pass
    m = re.match(rb"HTTP/1\.1 (\d{3}) ", got)
    if m is None:
        return (0, None) if got == b"" else (-1, None)
    body = got.partition(b"\r\n\r\n")[2]
    try:
        status = json.loads(body)
    except ValueError:
        status = None
    return int(m.group(1)), status if isinstance(status, dict) and status.get("kind") == "Status" else None


def told(code, status):
    return f"{code} {status.get('reason', '-') if status else '-'}"


def expected():
    with open(TABLE) as f:
        return dict(line.rstrip("\n").split("\t")[::-1] for line in f if "\t" in line)


def label(what):
    return what.encode("unicode_escape").decode()


class Hostile(Scenario):
    args = ("--controllers=",)

    def size(self, s):
        with open(f"/proc/{s.proc.pid}/status") as f:
            kib = int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1))
        return kib, len(os.listdir(f"/proc/{s.proc.pid}/fd"))

    def revision(self, s):
        code, body = s.raw("GET", "/api/v1/namespaces/default/configmaps?limit=1")
        self.assertEqual(code, 200)
        return body["metadata"]["resourceVersion"]

    def settle(self, s):
        """Until what a server makes for itself at its start is made."""
        last, same = None, 0

        def still():
            nonlocal last, same
            now = self.revision(s)
            last, same = now, same + 1 if now == last else 0
            return same > 20
        eventually(still)

    def test_each_is_answered_and_nothing_changes(self):
        s = self.server()
        s.raw("POST", CM, {"metadata": {"name": "there"}, "data": {"k": "v"}})
        self.settle(s)
        want, seen, wrong = expected() if os.path.exists(TABLE) else {}, {}, []
        before, (size, files) = self.revision(s), self.size(s)
        for what, data, code, reason in rows():
            name = label(what)
            got, status = ask(s, what, data)
            seen[name] = told(got, status)
            rule = f"{code} {reason or '-'}" if code else want.get(name)
            if seen[name] != rule:
                wrong.append(f"{name}: {seen[name]}, not {rule}: {(status or {}).get('message', '')[:150]}")
            after = self.revision(s)
            if after != before:
                wrong.append(f"{name}: changed something")
                before = after
            if status is not None and status.get("code") != got:
                wrong.append(f"{name}: its Status says {status.get('code')}, its head {got}")
        self.assertGreaterEqual(len(seen), 500)
        if os.environ.get("HOSTILE_RECORD"):
            with open(TABLE, "w") as f:
                f.writelines(f"{told}\t{name}\n" for name, told in seen.items())
        larger, open_files = self.size(s)
        self.assertLess(larger, size + 40 * 1024, "KiB it has grown by")
        self.assertLessEqual(open_files, files + 4)
        self.assertEqual(wrong, [], f"{len(wrong)} of {len(seen)}:\n" + "\n".join(wrong))
