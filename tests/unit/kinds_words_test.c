/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What kinds refuse and warn of, word for word as a kube-apiserver 1.35 answers the
 * same requests.
 */
#include <stdio.h>

#include "tests/support/rt.h"

/* ---- refusals ---- */

/* resource, ns: one line; then the members and the message. */
static void check_refusal(struct rt *rt, char *line[3]) {
    char *ns = strchr(line[0], ' ');
    CLEAT_AUTO_FREE char *text = cleat_sprintf("{\"metadata\":{\"name\":\"x\"},%s}", line[1]);
    *ns++ = '\0';
    KT_TRUE(rt_create(rt, line[0], strcmp(ns, "-") == 0 ? "" : ns, text) != CLEAT_OK);
    const char *said = strstr(rt_message(rt), " is invalid: ");
    said = said != NULL ? said + strlen(" is invalid: ") : rt_message(rt);
    /* What is too long for an error's message is in the Status that goes out. */
    if (strlen(said) < strlen(line[2]) && rt->req.status != NULL) {
        CLEAT_AUTO_BUF quoted = {0};
        cleat_buf_json(&quoted, cleat_s(line[2]));
        quoted.p[quoted.n - 1] = '\0';
        KT_TRUE(strstr(rt->req.status, quoted.p + 1) != NULL);
    } else {
        KT_EQ_STR(said, line[2]);
    }
}

static void refused(void) {
    struct rt rt;
    char *line[3] = {NULL}, *at = NULL;
    size_t size = 0, n = 0, checked = 0;
    FILE *f = fopen(CLEAT_SOURCE_DIR "/tests/data/refusals.txt", "r");
    cleat_assert(f != NULL);
    rt_open(&rt);
    while (getline(&at, &size, f) > 0) {
        at[strcspn(at, "\n")] = '\0';
        if (*at == '#' || *at == '\0') {
            continue;
        }
        line[n++] = cleat_strdup(at);
        if (n == 3) {
            check_refusal(&rt, line);
            checked++;
            while (n > 0) {
                free(line[--n]);
            }
        }
    }
    KT_EQ_INT(n, 0);
    KT_TRUE(checked > 200);
    free(at);
    fclose(f);
    rt_close(&rt);
}

/* ---- warnings ---- */

static const struct {
    const char *resource, *ns, *metadata, *members;
    const char *warnings[6];
} warned[] = {
    {"pods",
     "default",
     "\"name\":\"x.y\"",
     "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}",
     {"metadata.name: this is used in the Pod's hostname, which can result in surprising "
      "behavior; a DNS label is recommended: [must not contain dots]"}},
    {"pods",
     "default",
     "\"name\":\"x\"",
     "\"spec\":{\"nodeSelector\":{\"beta.kubernetes.io/os\":\"linux\"},\"containers\":[{\"name\":"
     "\"c\",\"image\":\"i\",\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"A\",\"value\":"
     "\"2\"},{\"name\":\"A\",\"value\":\"$(A)3\"}],\"ports\":[{\"containerPort\":80,\"name\":\"w\"}"
     ",{\"containerPort\":80,\"hostPort\":8080}],\"resources\":{\"requests\":{\"memory\":\"1.5\"}}"
     "}]}",
     {"spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "
      "\"kubernetes.io/os\" instead",
      "spec.containers[0].resources.requests[memory]: fractional byte value \"1500m\" is invalid, "
      "must be an integer",
      "spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when "
      "using apply",
      "spec.containers[0].ports[1]: overlapping port definition with "
      "spec.containers[0].ports[0]"}},
    {"deployments",
     "default",
     "\"name\":\"x\"",
     "\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{"
     "\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}],"
     "\"imagePullSecrets\":[{\"name\":\"\"}],\"terminationGracePeriodSeconds\":-1,\"volumes\":[{"
     "\"name\":\"v\",\"configMap\":{\"name\":\"m\",\"items\":[{\"key\":\"a\",\"path\":\"p\"},{"
     "\"key\":\"b\",\"path\":\"p/q\"}]}}]}}}",
     {"volume \"v\" (ConfigMap \"m\"): overlapping paths: \"p/q\" with \"p\"",
      "spec.template.spec.imagePullSecrets[0].name: invalid empty name \"\"",
      "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid "
      "and will be treated as 1"}},
    {"services",
     "default",
     "\"name\":\"x\"",
     "\"spec\":{\"clusterIP\":\"None\",\"clusterIPs\":[\"None\"],\"externalIPs\":[\"1:0:0:0::1\"],"
     "\"sessionAffinity\":"
     "\"ClientIP\",\"selector\":{\"a\":\"b\"},\"trafficDistribution\":\"PreferClose\"}",
     {"spec.externalIPs is ignored for headless services",
      "spec.SessionAffinity is ignored for headless services",
      "spec.externalIPs[0]: IPv6 address \"1:0:0:0::1\" should be in RFC 5952 canonical format "
      "(\"1::1\")",
      "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\""}},
    {"ingresses",
     "default",
     "\"name\":\"x\",\"annotations\":{\"kubernetes.io/ingress.class\":\"n\"}",
     "\"spec\":{\"defaultBackend\":{\"service\":{\"name\":\"s\",\"port\":{\"number\":80}}}}",
     {"annotation \"kubernetes.io/ingress.class\" is deprecated, please use "
      "'spec.ingressClassName' instead"}},
    {"persistentvolumes",
     "",
     "\"name\":\"x\"",
     "\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],"
     "\"hostPath\":{\"path\":\"/x\"},\"persistentVolumeReclaimPolicy\":\"Recycle\"}",
     {"spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the "
      "recommended approach is to use dynamic provisioning."}},
    {"networkpolicies",
     "default",
     "\"name\":\"x\"",
     "\"spec\":{\"podSelector\":{},\"ingress\":[{\"from\":[{\"ipBlock\":{\"cidr\":"
     "\"192.0.2.1/24\"}}]}]}",
     {"spec.ingress[0].from[0].ipBlock.cidr: CIDR value \"192.0.2.1/24\" is ambiguous in this "
      "context (should be \"192.0.2.0/24\" or \"192.0.2.1/32\"?)"}},
};

static void warnings(void) {
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof warned / sizeof *warned; i++) {
        CLEAT_AUTO_FREE char *text =
            cleat_sprintf("{\"metadata\":{%s},%s}", warned[i].metadata, warned[i].members);
        KT_OK(rt_create(&rt, warned[i].resource, warned[i].ns, text), &rt.req.error);
        size_t n = 0;
        for (; n < 6 && warned[i].warnings[n] != NULL; n++) {
            KT_EQ_STR(n < rt.req.warnings.n ? rt.req.warnings.at[n] : "", warned[i].warnings[n]);
        }
        KT_EQ_INT(rt.req.warnings.n, n);
        rt_delete(&rt, warned[i].resource, warned[i].ns[0] != '\0' ? "default/x" : "x", NULL);
    }
    rt_close(&rt);
}

/* A zero that means nothing is not kept, one that means something is. */
static void zeros(void) {
    struct rt rt;
    rt_open(&rt);
    KT_OK(rt_create(&rt, "pods", "default",
                    "{\"metadata\":{\"name\":\"x\",\"labels\":{},\"finalizers\":[]},\"spec\":{"
                    "\"nodeName\":\"\",\"hostNetwork\":false,\"terminationGracePeriodSeconds\":0,"
                    "\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"args\":[],\"tty\":false,"
                    "\"env\":[{\"name\":\"A\",\"value\":\"\"}]}]}}"),
          &rt.req.error);
    static const char *const gone[] = {"nodeName", "hostNetwork"};
    for (size_t i = 0; i < 2; i++) {
        KT_TRUE(!cleat_val_present(cleat_obj_at(rt.req.result, CLEAT_PATH("spec", gone[i]))));
    }
    static const char *const metadata[] = {"labels", "finalizers"};
    for (size_t i = 0; i < 2; i++) {
        KT_TRUE(
            !cleat_val_present(cleat_obj_at(rt.req.result, CLEAT_PATH("metadata", metadata[i]))));
    }
    struct cleat_val c = cleat_obj_at(rt.req.result, CLEAT_PATH("spec", "containers", "0"));
    KT_TRUE(!cleat_val_present(cleat_val_get(c, "args")));
    KT_TRUE(!cleat_val_present(cleat_val_get(c, "tty")));
    KT_TRUE(!cleat_val_present(cleat_val_at(c, CLEAT_PATH("env", "0", "value"))));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("spec", "terminationGracePeriodSeconds")), CLEAT_STR("0"));
    rt_close(&rt);
}

/* ---- what is there without being said ---- */

static void filled(void) {
    static const struct {
        const char *resource, *ns, *members, *path[6], *want;
    } all[] = {
        {"jobs",
         "default",
         "\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}],"
         "\"restartPolicy\":\"Never\"}}}",
         {"metadata", "labels", "job-name", NULL},
         "x"},
        {"deployments",
         "default",
         "\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{"
         "\"labels\":{\"a\":\"b\"}},\"spec\":{\"serviceAccountName\":\"s\",\"serviceAccount\":"
         "\"t\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}}",
         {"spec", "template", "spec", "serviceAccount", NULL},
         "s"},
        {"persistentvolumes",
         "",
         "\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],"
         "\"rbd\":{\"monitors\":[\"m\"],\"image\":\"i\"}}",
         {"spec", "rbd", "keyring", NULL},
         "/etc/ceph/keyring"},
        {"horizontalpodautoscalers",
         "default",
         "\"spec\":{\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"d\"},\"maxReplicas\":"
         "3,\"behavior\":{\"scaleUp\":{\"selectPolicy\":\"Min\"}}}",
         {"spec", "behavior", "scaleUp", "policies", "0", NULL},
         "{\"type\":\"Pods\",\"value\":4,\"periodSeconds\":15}"},
        {"nodes",
         "",
         "\"status\":{\"capacity\":{\"cpu\":\"4\"}}",
         {"status", "allocatable", "cpu", NULL},
         "4"},
        {"leases", "default", "\"metadata\":{\"name\":\"x\"}", {"spec", NULL}, "{}"},
    };
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        CLEAT_AUTO_FREE char *text =
            cleat_sprintf("{\"metadata\":{\"name\":\"x\"},%s}", all[i].members);
        KT_OK(rt_create(&rt, all[i].resource, all[i].ns, text), &rt.req.error);
        KT_EQ_S(rt_at(&rt, all[i].path), cleat_s(all[i].want));
    }
    rt_close(&rt);
}

/* Where a kubelet would be asked there is a clear answer. */
static void connections(void) {
    static const char *const parts[] = {"pods/log", "pods/exec", "pods/attach", "pods/portforward"};
    struct rt rt;
    rt_open(&rt);
    for (int bound = 0; bound < 2; bound++) {
        CLEAT_AUTO_BUF text = {0};
        cleat_buf_printf(&text,
                         "{\"metadata\":{\"name\":\"x%d\"},\"spec\":{%s\"containers\":[{\"name\":"
                         "\"c\",\"image\":\"i\"}]}}",
                         bound, bound ? "\"nodeName\":\"n\"," : "");
        KT_OK(rt_create(&rt, "pods", "default", text.p), &rt.req.error);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            KT_EQ_INT(rt_get(&rt, parts[i], bound ? "default/x1" : "default/x0"),
                      bound ? CLEAT_E_UNAVAILABLE : CLEAT_E_BAD_REQUEST);
            KT_TRUE(strstr(rt_message(&rt), bound ? "connects to no kubelet"
                                                  : "does not have a host assigned") != NULL);
        }
    }
    KT_EQ_INT(rt_get(&rt, "pods/log", "default/nope"), CLEAT_E_NOT_FOUND);
    rt_close(&rt);
}

/* An annotation counts a DaemonSet's templates, as kubectl's history reads it. */
static void templates_are_counted(void) {
    static const char *const set =
        "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},"
        "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":"
        "\"c\",\"image\":\"i\"}]}}}}";
    cleat_path path =
        CLEAT_PATH("metadata", "annotations", "deprecated.daemonset.template.generation");
    struct rt rt;
    rt_open(&rt);
    KT_OK(rt_create(&rt, "daemonsets", "default", set), &rt.req.error);
    KT_EQ_S(rt_at(&rt, path), CLEAT_STR("1"));
    KT_OK(rt_update(&rt, "daemonsets", "default/x", set), &rt.req.error);
    KT_EQ_S(rt_at(&rt, path), CLEAT_STR("1"));
    KT_OK(rt_patch(&rt, "daemonsets", "default/x", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"c\":\"d\"}}}}}"),
          &rt.req.error);
    KT_EQ_S(rt_at(&rt, path), CLEAT_STR("2"));
    KT_OK(rt_patch(&rt, "daemonsets", "default/x", CLEAT_PATCH_MERGE,
                   "{\"spec\":{\"minReadySeconds\":3}}"),
          &rt.req.error);
    KT_EQ_S(rt_at(&rt, path), CLEAT_STR("2"));
    rt_close(&rt);
}

/* A volume's phase bears the time that it changed at, unless its writer says another. */
static void phases_bear_their_time(void) {
    cleat_path path = CLEAT_PATH("status", "lastPhaseTransitionTime");
    struct rt rt;
    rt_open(&rt);
    KT_OK(rt_create(&rt, "persistentvolumes", NULL,
                    "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},"
                    "\"accessModes\":[\"ReadWriteOnce\"],\"hostPath\":{\"path\":\"/x\"}}}"),
          &rt.req.error);
    KT_TRUE(rt_at(&rt, path).n > 0);
    KT_OK(rt_patch(&rt, "persistentvolumes/status", "x", CLEAT_PATCH_MERGE,
                   "{\"status\":{\"lastPhaseTransitionTime\":\"2020-01-02T03:04:05Z\"}}"),
          &rt.req.error);
    KT_EQ_S(rt_at(&rt, path), CLEAT_STR("2020-01-02T03:04:05Z"));
    KT_OK(rt_patch(&rt, "persistentvolumes/status", "x", CLEAT_PATCH_MERGE,
                   "{\"status\":{\"phase\":\"Available\"}}"),
          &rt.req.error);
    KT_TRUE(!cleat_eq(rt_at(&rt, path), CLEAT_STR("2020-01-02T03:04:05Z")));
    KT_OK(rt_patch(&rt, "persistentvolumes/status", "x", CLEAT_PATCH_MERGE,
                   "{\"status\":{\"phase\":\"Bound\","
                   "\"lastPhaseTransitionTime\":\"2021-01-02T03:04:05Z\"}}"),
          &rt.req.error);
    KT_EQ_S(rt_at(&rt, path), CLEAT_STR("2021-01-02T03:04:05Z"));
    rt_close(&rt);
}

KT_MAIN("kinds_words", KT_TEST(phases_bear_their_time), KT_TEST(templates_are_counted),
        KT_TEST(filled), KT_TEST(connections), KT_TEST(refused), KT_TEST(warnings), KT_TEST(zeros))
