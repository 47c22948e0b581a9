/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as kubectl prints them, and Status errors. */
#include "tests/support/rt.h"

static void columns(void) {
    static const struct {
        const char *resource, *names; /* wide ones in parentheses */
    } want[] = {
        {"pods", "Name Ready Status Restarts Age (IP) (Node) (Nominated Node) (Readiness Gates)"},
        {"nodes", "Name Status Roles Age Version (Internal-IP) (External-IP) (OS-Image) "
                  "(Kernel-Version) (Container-Runtime)"},
        {"services", "Name Type Cluster-IP External-IP Port(s) Age (Selector)"},
        {"endpoints", "Name Endpoints Age"},
        {"namespaces", "Name Status Age"},
        {"events", "Last Seen Type Reason Object (Subobject) (Source) Message (First Seen) (Count) "
                   "(Name)"},
        {"secrets", "Name Type Data Age"},
        {"configmaps", "Name Data Age"},
        {"serviceaccounts", "Name Age"},
        {"leases", "Name Holder Age"},
    };
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CLEAT_AUTO_BUF json = {0};
        CLEAT_AUTO_BUF names = {0};
        CLEAT_AUTO(cleat_obj) *o = NULL;
        cleat_buf_puts(&json, "{\"c\":");
        cleat_table_columns(rt_kind(&rt, want[i].resource), &json);
        cleat_buf_puts(&json, "}");
        KT_REQUIRE_OK(cleat_obj_parse((struct cleat_str){json.p, json.n}, 0, &o, NULL), NULL);
        struct cleat_iter it = {0};
        struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("c"));
        while (cleat_val_next(list, &it)) {
            int64_t priority = -1;
            cleat_val_int(cleat_val_get(it.val, "priority"), &priority);
            KT_TRUE(cleat_val_str(cleat_val_get(it.val, "description")).n > 0);
            cleat_buf_printf(&names, "%s%s%.*s%s", it.index > 0 ? " " : "", priority ? "(" : "",
                             CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "name"))),
                             priority ? ")" : "");
        }
        KT_EQ_STR(names.p, want[i].names);
    }
    rt_close(&rt);
}

struct row {
    const char *resource, *object, *cells;
};

static const struct row rows[] = {
    {"nodes", "{\"metadata\":{\"name\":\"n\"}}",
     "[\"n\",\"Unknown\",\"<none>\",\"<unknown>\",\"\",\"<none>\",\"<none>\",\"<unknown>\","
     "\"<unknown>\",\"<unknown>\"]"},
    {"nodes",
     "{\"metadata\":{\"name\":\"n\",\"creationTimestamp\":\"2026-01-02T03:00:05Z\",\"labels\":{"
     "\"node-role.kubernetes.io/worker\":\"\",\"node-role.kubernetes.io/control-plane\":\"\"}},"
     "\"spec\":{\"unschedulable\":true},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":"
     "\"Unknown\"}],\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.0.0.1\"}],"
     "\"nodeInfo\":{"
     "\"kubeletVersion\":\"v1.32.0\",\"osImage\":\"Debian\",\"kernelVersion\":\"6.1\","
     "\"containerRuntimeVersion\":\"x://1\"}}}",
     "[\"n\",\"NotReady,SchedulingDisabled\",\"control-plane,worker\",\"4m\",\"v1.32.0\","
     "\"10.0.0.1\",\"<none>\",\"Debian\",\"6.1\",\"x://1\"]"},
    {"pods",
     "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{},{}]},\"status\":{\"phase\":"
     "\"Running\",\"podIP\":\"1.2.3.4\",\"containerStatuses\":[{\"ready\":true,\"restartCount\":3,"
     "\"state\":{\"running\":{}},\"lastState\":{\"terminated\":{\"finishedAt\":"
     "\"2026-01-02T02:59:05Z\"}}},{\"ready\":false,\"restartCount\":0,\"state\":{\"waiting\":{"
     "\"reason\":\"CrashLoopBackOff\"}}}]}}",
     "[\"p\",\"1/2\",\"CrashLoopBackOff\",\"3 (5m ago)\",\"<unknown>\",\"1.2.3.4\",\"<none>\","
     "\"<none>\",\"<none>\"]"},
    {"pods",
     "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"initContainers\":[{\"name\":\"a\","
     "\"restartPolicy\":"
     "\"Always\"}],\"containers\":[{\"name\":\"c\"}]},\"status\":{\"phase\":\"Pending\"}}",
     "[\"p\",\"0/2\",\"Pending\",\"0\",\"<unknown>\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"]"},
    {"pods",
     "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"initContainers\":[{\"name\":\"a\"},{\"name\":"
     "\"b\"}],"
     "\"containers\":[{}],\"nodeName\":\"n\"},\"status\":{\"phase\":\"Pending\","
     "\"initContainerStatuses\":[{\"name\":\"a\",\"state\":{\"terminated\":{\"exitCode\":0}}},"
     "{\"name\":\"b\",\"state\":{\"waiting\":{\"reason\":\"PodInitializing\"}}}]}}",
     "[\"p\",\"0/1\",\"Init:1/2\",\"0\",\"<unknown>\",\"<none>\",\"n\",\"<none>\",\"<none>\"]"},
    {"pods",
     "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{}]},\"status\":{\"phase\":"
     "\"Failed\","
     "\"containerStatuses\":[{\"state\":{\"terminated\":{\"exitCode\":137,\"signal\":9}}}]}}",
     "[\"p\",\"0/"
     "1\",\"Signal:9\",\"0\",\"<unknown>\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"]"},
    {"pods",
     "{\"metadata\":{\"name\":\"p\",\"deletionTimestamp\":\"2026-01-02T03:04:05Z\"},\"spec\":{"
     "\"containers\":[{}]},\"status\":{\"phase\":\"Running\"}}",
     "[\"p\",\"0/1\",\"Terminating\",\"0\",\"<unknown>\",\"<none>\",\"<none>\",\"<none>\","
     "\"<none>\"]"},
    {"pods",
     "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{},{}]},\"status\":{\"phase\":"
     "\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],\"containerStatuses\":"
     "[{"
     "\"state\":{\"terminated\":{\"reason\":\"Completed\"}}},{\"ready\":true,\"state\":{"
     "\"running\":"
     "{}}}]}}",
     "[\"p\",\"1/"
     "2\",\"NotReady\",\"0\",\"<unknown>\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"]"},
    {"services",
     "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"type\":\"LoadBalancer\",\"clusterIP\":\"10.1.1."
     "1\","
     "\"selector\":{\"a\":\"b\",\"c\":\"d\"},\"ports\":[{\"port\":80,\"nodePort\":30080,"
     "\"protocol\":"
     "\"TCP\"},{\"port\":53,\"protocol\":\"UDP\"}]}}",
     "[\"s\",\"LoadBalancer\",\"10.1.1.1\",\"<pending>\",\"80:30080/TCP,53/UDP\",\"<unknown>\","
     "\"a=b,c=d\"]"},
    {"services",
     "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"type\":\"LoadBalancer\"},\"status\":{"
     "\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.1\"},{\"hostname\":\"lb.example.org\"}]}}}",
     "[\"s\",\"LoadBalancer\",\"<none>\",\"192.0.2.1,lb....\",\"<none>\",\"<unknown>\",\"<none>"
     "\"]"},
    {"endpoints",
     "{\"metadata\":{\"name\":\"e\"},\"subsets\":[{\"addresses\":[{\"ip\":\"1.1.1.1\"},{\"ip\":"
     "\"2.2.2.2\"}],\"ports\":[{\"port\":80},{\"port\":81}]}]}",
     "[\"e\",\"1.1.1.1:80,2.2.2.2:80,1.1.1.1:81 + 1 more...\",\"<unknown>\"]"},
    {"namespaces", "{\"metadata\":{\"name\":\"x\"},\"status\":{\"phase\":\"Active\"}}",
     "[\"x\",\"Active\",\"<unknown>\"]"},
    {"events",
     "{\"metadata\":{\"name\":\"e\"},\"type\":\"Warning\",\"reason\":\"R\",\"message\":\"it "
     "\\\"broke\\\" "
     "\",\"count\":4,\"firstTimestamp\":\"2026-01-02T02:04:05Z\",\"lastTimestamp\":"
     "\"2026-01-02T03:04:00Z\",\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"p\"},\"source\":{"
     "\"component\":\"kubelet\",\"host\":\"n\"}}",
     "[\"5s\",\"Warning\",\"R\",\"pod/p\",\"\",\"kubelet, n\",\"it "
     "\\\"broke\\\"\",\"60m\",4,\"e\"]"},
    {"secrets",
     "{\"metadata\":{\"name\":\"s\"},\"type\":\"Opaque\",\"data\":{\"a\":\"\",\"b\":\"\"}}",
     "[\"s\",\"Opaque\",2,\"<unknown>\"]"},
    {"configmaps",
     "{\"metadata\":{\"name\":\"c\"},\"data\":{\"a\":\"\"},\"binaryData\":{\"b\":\"\"}}",
     "[\"c\",2,\"<unknown>\"]"},
    {"leases", "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"holderIdentity\":\"me\"}}",
     "[\"l\",\"me\",\"<unknown>\"]"},
};

static void cells(void) {
    struct rt rt;
    rt_open(&rt);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CLEAT_AUTO_BUF json = {0};
        CLEAT_AUTO(cleat_obj) *o = NULL;
        CLEAT_AUTO(cleat_obj) *row = NULL;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_REQUIRE_OK(cleat_obj_parse(cleat_s(rows[i].object), 0, &o, &e), &e);
        cleat_table_row(rt_kind(&rt, rows[i].resource), o, 1, "v1", &json);
        KT_REQUIRE_OK(cleat_obj_parse((struct cleat_str){json.p, json.n}, 0, &row, &e), &e);
        KT_EQ_S(cleat_val_raw(cleat_obj_at(row, CLEAT_PATH("cells"))), cleat_s(rows[i].cells));
        KT_EQ_S(cleat_val_str(cleat_obj_at(row, CLEAT_PATH("object", "kind"))),
                CLEAT_STR("PartialObjectMetadata"));
    }
    rt_close(&rt);
}

static void includes(void) {
    struct rt rt;
    CLEAT_AUTO_BUF json = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    rt_open(&rt);
    KT_REQUIRE_OK(cleat_obj_parse(CLEAT_STR("{\"metadata\":{\"name\":\"x\"}}"), 0, &o, NULL), NULL);
    const struct cleat_kind *k = rt_kind(&rt, "serviceaccounts");
    cleat_table_row(k, o, 0, "v1", &json);
    cleat_buf_putc(&json, '\n');
    cleat_table_row(k, o, 2, "v1", &json);
    cleat_buf_putc(&json, '\n');
    cleat_partial_metadata(o, "v1beta1", &json);
    KT_EQ_STR(json.p,
              "{\"cells\":[\"x\",\"<unknown>\"],\"object\":null}\n"
              "{\"cells\":[\"x\",\"<unknown>\"],\"object\":{\"metadata\":{\"name\":\"x\"}}}\n"
              "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1beta1\","
              "\"metadata\":{\"name\":\"x\"}}");
    rt_close(&rt);
}

static void statuses(void) {
    struct rt rt;
    rt_open(&rt);
    CLEAT_AUTO_BUF json = {0};
    rt_get(&rt, "leases", "default/x");
    cleat_status_json(&rt.req.error, &json);
    KT_EQ_STR(
        json.p,
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
        "\"message\":\"leases.coordination.k8s.io \\\"x\\\" not found\",\"reason\":\"NotFound\","
        "\"details\":{\"name\":\"x\",\"group\":\"coordination.k8s.io\",\"kind\":\"leases\"},"
        "\"code\":404}");
    json.n = 0;
    rt_create(&rt, "configmaps", "default", "{\"metadata\":{\"name\":\"-\"}}");
    cleat_status_json(&rt.req.error, &json);
    KT_TRUE(strstr(json.p,
                   "\"details\":{\"name\":\"-\",\"kind\":\"ConfigMap\",\"causes\":[{"
                   "\"reason\":\"FieldValueInvalid\",\"message\":\"Invalid value: \\\"-\\\": "
                   "a lowercase RFC 1123 subdomain must consist of") != NULL);
    KT_TRUE(strstr(json.p, "\"field\":\"metadata.name\"}]},\"code\":422}") != NULL);
    json.n = 0;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e, CLEAT_E_BAD_REQUEST, "no");
    cleat_status_json(&e, &json);
    KT_EQ_STR(json.p,
              "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
              "\"message\":\"no\",\"reason\":\"BadRequest\",\"code\":400}");
    rt_close(&rt);
}

KT_MAIN("registry_table", KT_TEST(columns), KT_TEST(cells), KT_TEST(includes), KT_TEST(statuses))
