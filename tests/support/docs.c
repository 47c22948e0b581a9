/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/docs.h"

#define TIME "\"2026-11-23T10:20:30Z\""

static void add_metadata(struct cleat_buf *b, const char *ns, const char *name, unsigned i) {
    cleat_buf_printf(b, "\"metadata\":{\"name\":\"%s-%05u\",", name, i);
    if (*ns != '\0') {
        cleat_buf_printf(b, "\"namespace\":\"%s\",", ns);
    }
    cleat_buf_printf(b,
                     "\"uid\":\"0f6c81d2-5c3a-4b7e-9d10-%012x\",\"resourceVersion\":\"%u\","
                     "\"creationTimestamp\":" TIME ",",
                     i, 100000 + i);
}

char *docs_lease(unsigned i) {
    struct cleat_buf b = {0};
    cleat_buf_puts(&b, "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",");
    add_metadata(&b, "kube-node-lease", "worker", i);
    cleat_buf_printf(&b,
                     "\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":"
                     "\"worker-%05u\",\"uid\":\"7a1e5b90-2222-4c1d-8e8e-%012x\"}]},\"spec\":{"
                     "\"holderIdentity\":\"worker-%05u\",\"leaseDurationSeconds\":40,"
                     "\"renewTime\":\"2026-11-23T10:20:30.123456Z\"}}",
                     i, i, i);
    return cleat_buf_take(&b);
}

static void add_container(struct cleat_buf *b, const char *name) {
    cleat_buf_printf(
        b,
        "{\"name\":\"%s\",\"image\":\"registry.example.com/team/%s:v1.14.2\",\"args\":[\"--port="
        "8080\",\"--verbose\"],\"ports\":[{\"name\":\"http\",\"containerPort\":8080,\"protocol\":"
        "\"TCP\"}],\"env\":[{\"name\":\"POD_NAME\",\"valueFrom\":{\"fieldRef\":{\"apiVersion\":"
        "\"v1\",\"fieldPath\":\"metadata.name\"}}},{\"name\":\"LEVEL\",\"value\":\"info\"}],"
        "\"resources\":{\"limits\":{\"cpu\":\"500m\",\"memory\":\"256Mi\"},\"requests\":{\"cpu\":"
        "\"250m\",\"memory\":\"64Mi\"}},\"volumeMounts\":[{\"name\":\"kube-api-access-x7k2m\","
        "\"readOnly\":true,\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\"}],"
        "\"livenessProbe\":{\"httpGet\":{\"path\":\"/healthz\",\"port\":8080,\"scheme\":\"HTTP\"},"
        "\"timeoutSeconds\":1,\"periodSeconds\":10,\"successThreshold\":1,\"failureThreshold\":3},"
        "\"terminationMessagePath\":\"/dev/termination-log\",\"terminationMessagePolicy\":"
        "\"File\",\"imagePullPolicy\":\"IfNotPresent\"}",
        name, name);
}

static void add_conditions(struct cleat_buf *b, const char *const *types, size_t n) {
    cleat_buf_puts(b, "\"conditions\":[");
    for (size_t i = 0; i < n; i++) {
        cleat_buf_printf(b,
                         "%s{\"type\":\"%s\",\"status\":\"True\",\"lastProbeTime\":null,"
                         "\"lastTransitionTime\":" TIME "}",
                         i > 0 ? "," : "", types[i]);
    }
    cleat_buf_putc(b, ']');
}

char *docs_pod(unsigned i) {
    static const char *const types[] = {"Initialized", "Ready", "ContainersReady", "PodScheduled"};
    struct cleat_buf b = {0};
    cleat_buf_puts(&b, "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",");
    add_metadata(&b, "default", "web-66b6c48dd5", i);
    cleat_buf_puts(
        &b, "\"generateName\":\"web-66b6c48dd5-\",\"labels\":{\"app\":\"web\",\"tier\":"
            "\"front\",\"pod-template-hash\":\"66b6c48dd5\"},\"ownerReferences\":[{"
            "\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"web-66b6c48dd5\","
            "\"uid\":\"5d1c9a0e-6f7c-4a7b-9d0f-1f5e2d3c4b5a\",\"controller\":true,"
            "\"blockOwnerDeletion\":true}]},\"spec\":{\"volumes\":[{\"name\":"
            "\"kube-api-access-x7k2m\",\"projected\":{\"sources\":[{\"serviceAccountToken\":{"
            "\"expirationSeconds\":3607,\"path\":\"token\"}},{\"configMap\":{\"name\":"
            "\"kube-root-ca.crt\",\"items\":[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}}],"
            "\"defaultMode\":420}}],\"containers\":[");
    add_container(&b, "nginx");
    cleat_buf_printf(
        &b,
        "],\"restartPolicy\":\"Always\",\"terminationGracePeriodSeconds\":30,"
        "\"dnsPolicy\":\"ClusterFirst\",\"serviceAccountName\":\"default\",\"nodeName\":"
        "\"worker-%05u\",\"securityContext\":{},\"schedulerName\":\"default-scheduler\","
        "\"tolerations\":[{\"key\":\"node.kubernetes.io/not-ready\",\"operator\":"
        "\"Exists\",\"effect\":\"NoExecute\",\"tolerationSeconds\":300},{\"key\":"
        "\"node.kubernetes.io/unreachable\",\"operator\":\"Exists\",\"effect\":"
        "\"NoExecute\",\"tolerationSeconds\":300}],\"priority\":0,"
        "\"enableServiceLinks\":true,\"preemptionPolicy\":\"PreemptLowerPriority\"},"
        "\"status\":{\"phase\":\"Running\",",
        i % 1000);
    add_conditions(&b, types, 4);
    cleat_buf_puts(&b,
                   ",\"hostIP\":\"192.168.10.11\",\"podIP\":\"10.244.3.17\",\"podIPs\":[{\"ip\":"
                   "\"10.244.3.17\"}],\"startTime\":" TIME ",\"containerStatuses\":[{\"name\":"
                   "\"nginx\",\"state\":{\"running\":{\"startedAt\":" TIME "}},\"lastState\":{},"
                   "\"ready\":true,\"restartCount\":0,\"image\":"
                   "\"registry.example.com/team/nginx:v1.14.2\",\"imageID\":"
                   "\"registry.example.com/team/nginx@sha256:"
                   "f7988fb6c02e0ce69257d9bd9cf37ae20a60f1df7563c3a2a6abe24160306b8d\","
                   "\"containerID\":\"containerd://"
                   "8f7988fb6c02e0ce69257d9bd9cf37ae20a60f1df7563c3a2a6abe24160306b8d\","
                   "\"started\":true}],\"qosClass\":\"Burstable\"}}");
    return cleat_buf_take(&b);
}

static void add_images(struct cleat_buf *b) {
    cleat_buf_puts(b, "\"images\":[");
    for (unsigned i = 0; i < 16; i++) {
        cleat_buf_printf(b,
                         "%s{\"names\":[\"registry.example.com/system/part-%u@sha256:"
                         "2aa2b0fb1f6e0c8a4a3f6bb1b6f5bb6ad0c1f0c9f6d8a7ad3c0a5d2e4f6%05x\","
                         "\"registry.example.com/system/part-%u:v1.32.%u\"],\"sizeBytes\":%u}",
                         i > 0 ? "," : "", i, i, i, i, 31415926 + i * 1000);
    }
    cleat_buf_putc(b, ']');
}

char *docs_node(unsigned i) {
    static const char *const types[] = {"NetworkUnavailable", "MemoryPressure", "DiskPressure",
                                        "PIDPressure", "Ready"};
    struct cleat_buf b = {0};
    cleat_buf_puts(&b, "{\"apiVersion\":\"v1\",\"kind\":\"Node\",");
    add_metadata(&b, "", "worker", i);
    cleat_buf_printf(
        &b,
        "\"labels\":{\"beta.kubernetes.io/arch\":\"amd64\",\"beta.kubernetes.io/os\":"
        "\"linux\",\"kubernetes.io/arch\":\"amd64\",\"kubernetes.io/hostname\":"
        "\"worker-%05u\",\"kubernetes.io/os\":\"linux\","
        "\"node.kubernetes.io/instance-type\":\"m2\",\"topology.kubernetes.io/region\":"
        "\"eu\",\"topology.kubernetes.io/zone\":\"eu-%u\"},\"annotations\":{"
        "\"node.alpha.kubernetes.io/ttl\":\"0\","
        "\"volumes.kubernetes.io/controller-managed-attach-detach\":\"true\"}},"
        "\"spec\":{\"podCIDR\":\"10.%u.%u.0/24\",\"podCIDRs\":[\"10.%u.%u.0/24\"],"
        "\"providerID\":\"sim://eu-%u/worker-%05u\",\"taints\":[{\"key\":\"dedicated\","
        "\"value\":\"batch\",\"effect\":\"NoSchedule\"}]},\"status\":{",
        i, i % 3, i / 256 % 256, i % 256, i / 256 % 256, i % 256, i % 3, i);
    for (unsigned k = 0; k < 2; k++) {
        cleat_buf_printf(
            &b,
            "\"%s\":{\"cpu\":\"%s\",\"ephemeral-storage\":\"101430960Ki\","
            "\"hugepages-1Gi\":\"0\",\"hugepages-2Mi\":\"0\",\"memory\":\"16381712Ki\","
            "\"pods\":\"110\"},",
            k ? "allocatable" : "capacity", k ? "3920m" : "4");
    }
    add_conditions(&b, types, 5);
    cleat_buf_printf(&b,
                     ",\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"192.168.%u.%u\"},{"
                     "\"type\":\"Hostname\",\"address\":\"worker-%05u\"}],\"daemonEndpoints\":{"
                     "\"kubeletEndpoint\":{\"Port\":10250}},\"nodeInfo\":{\"machineID\":"
                     "\"ab58a7a6e8e04c0d8a5c9d1e2f3a4b5c\",\"systemUUID\":"
                     "\"ab58a7a6-e8e0-4c0d-8a5c-9d1e2f3a4b5c\",\"bootID\":"
                     "\"0d2b2ef9-8e38-4d11-b9a7-6b0a6e8f7f11\",\"kernelVersion\":"
                     "\"6.1.0-18-amd64\",\"osImage\":\"Debian GNU/Linux 12 (bookworm)\","
                     "\"containerRuntimeVersion\":\"containerd://1.7.13\",\"kubeletVersion\":"
                     "\"v1.32.0\",\"kubeProxyVersion\":\"v1.32.0\",\"operatingSystem\":\"linux\","
                     "\"architecture\":\"amd64\"},",
                     i / 256 % 256, i % 256, i);
    add_images(&b);
    cleat_buf_puts(&b, "}}");
    return cleat_buf_take(&b);
}
