/* SPDX-License-Identifier: Apache-2.0 */
/* managedFields and server-side apply through the registry: what upstream would store. */
#include "tests/support/rt.h"

#define T0 "2026-01-02T03:04:05Z"
#define T1 "2026-01-02T03:04:06Z"
#define ENTRY(manager, operation, version, time, fields)                                           \
    "{\"manager\":\"" manager "\",\"operation\":\"" operation "\",\"apiVersion\":\"" version       \
    "\",\"time\":\"" time "\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":" fields "}"
#define SUB(manager, version, time, sub, fields)                                                   \
    "{\"manager\":\"" manager "\",\"operation\":\"Update\",\"apiVersion\":\"" version              \
    "\",\"time\":\"" time "\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":" fields                    \
    ",\"subresource\":\"" sub "\"}"
#define DATA(keys) "{\"f:data\":{" keys "}}"
#define CM(data)                                                                                   \
    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"},\"data\":{" data  \
    "}}"

static void open_as(struct rt *rt, const char *manager) {
    rt_open(rt);
    rt->manager = manager;
}

static void expect(struct rt *rt, const char *want, const char *file, int line) {
    static const char *const path[] = {"metadata", "managedFields", NULL};
    kt_str(rt_at(rt, path), cleat_s(want), "managedFields", file, line);
}
#define MANAGED(want) expect(&rt, want, __FILE__, __LINE__)
#define DATA_IS(want) KT_EQ_S(rt_at(&rt, CLEAT_PATH("data")), CLEAT_STR(want))

static cleat_err apply_as(struct rt *rt, const char *manager, const char *config, bool force) {
    rt->manager = manager;
    return rt_patch(rt, "configmaps", "default/c",
                    force ? CLEAT_PATCH_APPLY_FORCE : CLEAT_PATCH_APPLY, config);
}
static cleat_err merge_as(struct rt *rt, const char *manager, const char *patch) {
    rt->manager = manager;
    return rt_patch(rt, "configmaps", "default/c", CLEAT_PATCH_MERGE, patch);
}

/* ---- writes that are no apply ---- */

static void tracks(void) {
    struct rt rt;
    open_as(&rt, "alice");
    KT_OK(rt_create(&rt, "configmaps", "default", CM("\"a\":\"1\",\"b\":\"1\"")), &rt.req.error);
    MANAGED("[" ENTRY("alice", "Update", "v1", T0, DATA("\".\":{},\"f:a\":{},\"f:b\":{}")) "]");
    cleat_clock_advance(CLEAT_SECOND);
    /* Who changes a field has it alone; who adds one has it too. */
    KT_OK(merge_as(&rt, "bob", "{\"data\":{\"b\":\"2\",\"c\":\"1\"}}"), &rt.req.error);
    MANAGED("[" ENTRY("alice", "Update", "v1", T0, DATA("\".\":{},\"f:a\":{}")) "," ENTRY(
        "bob", "Update", "v1", T1, DATA("\"f:b\":{},\"f:c\":{}")) "]");
    /* What is removed is nobody's; whose set is empty has no entry. */
    KT_OK(merge_as(&rt, "alice", "{\"data\":{\"b\":null,\"c\":null}}"), &rt.req.error);
    MANAGED("[" ENTRY("alice", "Update", "v1", T0, DATA("\".\":{},\"f:a\":{}")) "]");
    rt_close(&rt);
}

static void keeps_what_is_not_sent(void) {
    struct rt rt;
    open_as(&rt, "alice");
    KT_OK(rt_create(&rt, "configmaps", "default", CM("\"a\":\"1\"")), &rt.req.error);
    cleat_clock_advance(CLEAT_SECOND);
    rt.manager = "bob";
    KT_OK(rt_update(&rt, "configmaps", "default/c", CM("\"a\":\"1\",\"b\":\"1\"")), &rt.req.error);
    MANAGED("[" ENTRY("alice", "Update", "v1", T0, DATA("\".\":{},\"f:a\":{}")) "," ENTRY(
        "bob", "Update", "v1", T1, DATA("\"f:b\":{}")) "]");
    /* Nonsense is taken for nothing. */
    KT_OK(merge_as(&rt, "bob",
                   "{\"metadata\":{\"managedFields\":[{\"operation\":\"Update\","
                   "\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV2\"}]}}"),
          &rt.req.error);
    KT_TRUE(strstr(cleat_obj_bytes(rt.req.result).p, "\"manager\":\"alice\"") != NULL);
    rt_close(&rt);
}

static void forgets(void) {
    static const char *const resets[] = {"[]", "[{}]"};
    for (int i = 0; i < 2; i++) {
        struct rt rt;
        open_as(&rt, "alice");
        KT_OK(rt_create(&rt, "configmaps", "default", CM("\"a\":\"1\"")), &rt.req.error);
        CLEAT_AUTO_FREE char *patch =
            cleat_sprintf("{\"metadata\":{\"managedFields\":%s}}", resets[i]);
        KT_OK(merge_as(&rt, "alice", patch), &rt.req.error);
        MANAGED("");
        /* And it stays so, until somebody applies. */
        KT_OK(merge_as(&rt, "bob", "{\"data\":{\"b\":\"1\"}}"), &rt.req.error);
        MANAGED("");
        KT_OK(apply_as(&rt, "carol", CM("\"c\":\"1\""), false), &rt.req.error);
        MANAGED("[" ENTRY("carol", "Apply", "v1", T0, DATA("\"f:c\":{}")) "," ENTRY(
            "before-first-apply", "Update", "v1", T0, DATA("\".\":{},\"f:a\":{},\"f:b\":{}")) "]");
        rt_close(&rt);
    }
}

static void takes_them_from_the_body(void) {
    struct rt rt;
    open_as(&rt, "alice");
    KT_OK(rt_create(&rt, "configmaps", "default", CM("\"a\":\"1\"")), &rt.req.error);
    /* As `kubectl apply --server-side` does after a client-side apply. */
    KT_OK(merge_as(&rt, "kubectl",
                   "{\"metadata\":{\"managedFields\":[" ENTRY("kubectl", "Apply", "v1", T0,
                                                              DATA("\"f:a\":{}")) "]}}"),
          &rt.req.error);
    MANAGED("[" ENTRY("kubectl", "Apply", "v1", T0, DATA("\"f:a\":{}")) "]");
    uint64_t revision = cleat_obj_revision(rt.req.result);
    KT_OK(apply_as(&rt, "kubectl", CM("\"b\":\"1\""), false), &rt.req.error);
    KT_TRUE(cleat_obj_revision(rt.req.result) > revision);
    DATA_IS("{\"b\":\"1\"}");
    /* Entries of a version that is not served go. */
    KT_OK(merge_as(&rt, "bob",
                   "{\"data\":{\"x\":\"1\"},\"metadata\":{\"managedFields\":[" ENTRY(
                       "old", "Update", "v0", T0, DATA("\"f:b\":{}")) "]}}"),
          &rt.req.error);
    MANAGED("[" ENTRY("bob", "Update", "v1", T0, DATA("\"f:x\":{}")) "]");
    rt_close(&rt);
}

static void checks_names(void) {
    struct rt rt;
    char name[130] = {0};
    open_as(&rt, "alice");
    KT_OK(rt_create(&rt, "configmaps", "default", CM("\"a\":\"1\"")), &rt.req.error);
    memset(name, 'x', 129);
    CLEAT_AUTO_FREE char *patch = cleat_sprintf(
        "{\"metadata\":{\"managedFields\":[{\"manager\":\"%s\",\"operation\":\"Apply\","
        "\"apiVersion\":\"v1\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:data\":{}}}]}}",
        name);
    KT_EQ_INT(merge_as(&rt, "alice", patch), CLEAT_E_INVALID);
    KT_EQ_STR(rt_message(&rt), "ConfigMap \"c\" is invalid: metadata.managedFields[0].manager: Too "
                               "long: may not be more than 128 bytes");
    rt_close(&rt);
}

/* Rather than refuse an object, what the server itself adds is left out. */
static void makes_room(void) {
    struct rt rt;
    CLEAT_AUTO_BUF text = {0};
    open_as(&rt, "alice");
    cleat_buf_puts(&text, "{\"metadata\":{\"name\":\"c\"},\"data\":{");
    for (int i = 0; text.n < 1500000; i++) {
        cleat_buf_printf(&text, "%s\"key-%07d\":\"0123456789\"", i > 0 ? "," : "", i);
    }
    cleat_buf_puts(&text, "}}");
    KT_OK(rt_create(&rt, "configmaps", "default", text.p), &rt.req.error);
    MANAGED("");
    rt_close(&rt);
}

static void caps(void) {
    struct rt rt;
    open_as(&rt, "m00");
    KT_OK(rt_create(&rt, "configmaps", "default", CM("\"k00\":\"1\"")), &rt.req.error);
    for (int i = 1; i < 14; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("m%02d", i);
        CLEAT_AUTO_FREE char *patch = cleat_sprintf("{\"data\":{\"k%02d\":\"1\"}}", i);
        cleat_clock_advance(CLEAT_SECOND);
        KT_OK(merge_as(&rt, name, patch), &rt.req.error);
    }
    struct cleat_val list = cleat_obj_at(rt.req.result, CLEAT_PATH("metadata", "managedFields"));
    KT_EQ_INT(cleat_val_count(list), 10);
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "managedFields", "0")),
            CLEAT_STR(ENTRY("ancient-changes", "Update", "v1", "2026-01-02T03:04:09Z",
                            DATA("\".\":{},\"f:k00\":{},\"f:k01\":{},\"f:k02\":{},\"f:k03\":{},"
                                 "\"f:k04\":{}"))));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "managedFields", "9", "manager")), CLEAT_STR("m13"));
    rt_close(&rt);
}

static const char lease[] =
    "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"l\"},"
    "\"spec\":{\"holderIdentity\":\"a\",\"leaseDurationSeconds\":40,"
    "\"renewTime\":\"2026-01-02T03:04:05.000000Z\"}}";

/* The hot path: the entry's time changes, and nothing else but what was sent. */
static void renews(void) {
    struct rt rt;
    static const char fields[] = "{\"f:spec\":{\"f:holderIdentity\":{},"
                                 "\"f:leaseDurationSeconds\":{},\"f:renewTime\":{}}}";
    open_as(&rt, "kubelet");
    KT_OK(rt_create(&rt, "leases", "default", lease), &rt.req.error);
    cleat_clock_advance(CLEAT_SECOND);
    KT_OK(rt_change(&rt, "leases", "default/l", CLEAT_PATH("spec", "renewTime"),
                    "\"2026-01-02T03:04:06.000000Z\""),
          &rt.req.error);
    CLEAT_AUTO_FREE char *want = cleat_sprintf(
        "[" ENTRY("kubelet", "Update", "coordination.k8s.io/v1", T1, "%s") "]", fields);
    MANAGED(want);
    /* Two in one second; then somebody else, who takes the field. */
    KT_OK(rt_change(&rt, "leases", "default/l", CLEAT_PATH("spec", "renewTime"),
                    "\"2026-01-02T03:04:06.500000Z\""),
          &rt.req.error);
    MANAGED(want);
    rt.manager = "thief";
    KT_OK(rt_change(&rt, "leases", "default/l", CLEAT_PATH("spec", "renewTime"),
                    "\"2026-01-02T03:04:06.600000Z\""),
          &rt.req.error);
    MANAGED("[" ENTRY(
        "kubelet", "Update", "coordination.k8s.io/v1", T1,
        "{\"f:spec\":{\"f:holderIdentity\":{},\"f:leaseDurationSeconds\":{}}}") "," ENTRY("thief",
                                                                                          "Update",
                                                                                          "coordina"
                                                                                          "tion."
                                                                                          "k8s.io/"
                                                                                          "v1",
                                                                                          T1,
                                                                                          "{\"f:"
                                                                                          "spec\":{"
                                                                                          "\"f:"
                                                                                          "renewTim"
                                                                                          "e\":{}}"
                                                                                          "}") "]");
    rt_close(&rt);
}

static const char node[] =
    "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\",\"labels\":{\"a\":\"b\"}"
    "},"
    "\"spec\":{\"providerID\":\"p\"},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":"
    "\"True\",\"lastHeartbeatTime\":\"2026-01-02T03:04:05Z\"}]}}";

static void keeps_subresources_apart(void) {
    struct rt rt;
    open_as(&rt, "kubelet");
    KT_OK(rt_create(&rt, "nodes", "", node), &rt.req.error);
    /* Status is not the main resource's, even where it may bring it. */
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "managedFields")),
            CLEAT_STR("[" ENTRY("kubelet", "Update", "v1", T0,
                                "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{}}},"
                                "\"f:spec\":{\"f:providerID\":{}}}") "]"));
    cleat_clock_advance(CLEAT_SECOND);
    static const char *const heartbeat[] = {"status", "conditions", "0", "lastHeartbeatTime", NULL};
    KT_OK(rt_change(&rt, "nodes/status", "n", heartbeat, "\"" T1 "\""), &rt.req.error);
#define MAIN                                                                                       \
    ENTRY(                                                                                         \
        "kubelet", "Update", "v1", T0,                                                             \
        "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{}}},\"f:spec\":{\"f:providerID\":{}}}")
#define STATUS(time)                                                                               \
    SUB("kubelet", "v1", time, "status",                                                           \
        "{\"f:status\":{\"f:conditions\":{\"k:{\\\"type\\\":\\\"Ready\\\"}\":{\"f:"                \
        "lastHeartbeatTime\":{}}}}}")
    MANAGED("[" MAIN "," STATUS(T1) "]");
    cleat_clock_advance(CLEAT_SECOND);
    KT_OK(rt_change(&rt, "nodes/status", "n", heartbeat, "\"2026-01-02T03:04:07Z\""),
          &rt.req.error);
    MANAGED("[" MAIN "," STATUS("2026-01-02T03:04:07Z") "]");
    /* An entry that is not the last one goes to the end with its new time. */
    cleat_clock_advance(CLEAT_SECOND);
    KT_OK(rt_change(&rt, "nodes", "n", CLEAT_PATH("metadata", "labels", "a"), "\"c\""),
          &rt.req.error);
    MANAGED("[" STATUS("2026-01-02T03:04:07Z") "," ENTRY(
        "kubelet", "Update", "v1", "2026-01-02T03:04:08Z",
        "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:a\":{}}},"
        "\"f:spec\":{\"f:providerID\":{}}}") "]");
    rt_close(&rt);
}

/* ---- apply ---- */

static void applies(void) {
    struct rt rt;
    open_as(&rt, NULL);
    KT_OK(apply_as(&rt, "alice", CM("\"a\":\"1\",\"b\":\"1\""), false), &rt.req.error);
    KT_EQ_INT(rt_code(&rt), 201);
    MANAGED("[" ENTRY("alice", "Apply", "v1", T0, DATA("\"f:a\":{},\"f:b\":{}")) "]");
    KT_TRUE(rt_at(&rt, CLEAT_PATH("metadata", "uid")).n > 0);
    uint64_t revision = cleat_obj_revision(rt.req.result);
    cleat_clock_advance(CLEAT_SECOND);
    /* The same again changes nothing, not even a time. */
    KT_OK(apply_as(&rt, "alice", CM("\"a\":\"1\",\"b\":\"1\""), false), &rt.req.error);
    KT_EQ_INT(rt_code(&rt), 200);
    KT_EQ_INT(cleat_obj_revision(rt.req.result), revision);
    /* What is no longer applied goes. */
    KT_OK(apply_as(&rt, "alice", CM("\"b\":\"2\""), false), &rt.req.error);
    DATA_IS("{\"b\":\"2\"}");
    MANAGED("[" ENTRY("alice", "Apply", "v1", T1, DATA("\"f:b\":{}")) "]");
    rt_close(&rt);
}

static void shares(void) {
    struct rt rt;
    open_as(&rt, NULL);
    KT_OK(apply_as(&rt, "alice", CM("\"a\":\"1\",\"b\":\"1\""), false), &rt.req.error);
    KT_OK(apply_as(&rt, "bob", CM("\"b\":\"1\",\"c\":\"1\""), false), &rt.req.error);
    MANAGED("[" ENTRY("alice", "Apply", "v1", T0, DATA("\"f:a\":{},\"f:b\":{}")) "," ENTRY(
        "bob", "Apply", "v1", T0, DATA("\"f:b\":{},\"f:c\":{}")) "]");
    /* Shared fields stay until the last one lets go. */
    KT_OK(apply_as(&rt, "alice", CM("\"a\":\"1\""), false), &rt.req.error);
    DATA_IS("{\"a\":\"1\",\"b\":\"1\",\"c\":\"1\"}");
    KT_OK(apply_as(&rt, "bob", CM("\"c\":\"1\""), false), &rt.req.error);
    DATA_IS("{\"a\":\"1\",\"c\":\"1\"}");
    rt_close(&rt);
}

static void conflicts(void) {
    struct rt rt;
    open_as(&rt, "alice");
    KT_OK(rt_create(&rt, "configmaps", "default", CM("\"a\":\"1\",\"b\":\"1\"")), &rt.req.error);
    KT_TRUE(apply_as(&rt, "bob", CM("\"a\":\"2\""), false) == CLEAT_E_CONFLICT);
    KT_EQ_STR(rt_message(&rt),
              "Apply failed with 1 conflict: conflict with \"alice\" using v1: .data.a");
    KT_REQUIRE(rt.req.error.n_causes == 1);
    KT_EQ_STR(rt.req.error.causes[0].reason, "FieldManagerConflict");
    KT_EQ_STR(rt.req.error.causes[0].field, ".data.a");
    KT_EQ_STR(rt.req.error.causes[0].message, "conflict with \"alice\" using v1");
    KT_TRUE(apply_as(&rt, "bob", CM("\"a\":\"2\",\"b\":\"2\""), false) == CLEAT_E_CONFLICT);
    KT_EQ_STR(rt_message(&rt), "Apply failed with 2 conflicts: conflicts with \"alice\" using v1:\n"
                               "- .data.a\n- .data.b");
    KT_EQ_INT(rt.req.error.n_causes, 2);
    /* The same value is no conflict: it is shared. */
    KT_OK(apply_as(&rt, "bob", CM("\"a\":\"1\""), false), &rt.req.error);
    MANAGED("[{\"manager\":\"bob\",\"operation\":\"Apply\",\"apiVersion\":\"v1\",\"fieldsType\":"
            "\"FieldsV1\",\"fieldsV1\":" DATA("\"f:a\":{}") "}," ENTRY(
                "alice", "Update", "v1", T0, DATA("\".\":{},\"f:a\":{},\"f:b\":{}")) "]");
    /* By force it becomes ours. */
    KT_OK(apply_as(&rt, "bob", CM("\"a\":\"2\""), true), &rt.req.error);
    MANAGED("[" ENTRY("bob", "Apply", "v1", T0, DATA("\"f:a\":{}")) "," ENTRY(
        "alice", "Update", "v1", T0, DATA("\".\":{},\"f:b\":{}")) "]");
    /* What an update has changed since is no longer the applier's. */
    KT_OK(merge_as(&rt, "alice", "{\"data\":{\"a\":\"3\"}}"), &rt.req.error);
    MANAGED("[" ENTRY("alice", "Update", "v1", T0, DATA("\".\":{},\"f:a\":{},\"f:b\":{}")) "]");
    rt_close(&rt);
}

static void takes_over_client_side_apply(void) {
    struct rt rt;
#define LAST(data)                                                                                 \
    "{\\\"apiVersion\\\":\\\"v1\\\",\\\"data\\\":{" data                                           \
    "},\\\"kind\\\":\\\"ConfigMap\\\",\\\"metadata\\\":{\\\"name\\\":\\\"c\\\"}}\\n"
    open_as(&rt, "kubectl-client-side-apply");
    KT_OK(rt_create(&rt, "configmaps", "default",
                    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\","
                    "\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":"
                    "\"" LAST("\\\"a\\\":\\\"1\\\"") "\"}},\"data\":{\"a\":\"1\"}}"),
          &rt.req.error);
    KT_TRUE(apply_as(&rt, "someone", CM("\"a\":\"2\""), false) == CLEAT_E_CONFLICT);
    KT_OK(apply_as(&rt, "kubectl", CM("\"a\":\"2\""), false), &rt.req.error);
    DATA_IS("{\"a\":\"2\"}");
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "annotations",
                                  "kubectl.kubernetes.io/last-applied-configuration")),
            CLEAT_STR(LAST("\\\"a\\\":\\\"2\\\"")));
    /* What has changed since the annotation was made is not taken over. */
    KT_OK(merge_as(&rt, "other", "{\"data\":{\"a\":\"3\"}}"), &rt.req.error);
    KT_TRUE(apply_as(&rt, "kubectl", CM("\"a\":\"4\""), false) == CLEAT_E_CONFLICT);
    KT_EQ_STR(rt_message(&rt),
              "Apply failed with 1 conflict: conflict with \"other\" using v1: .data.a");
    rt_close(&rt);
}

static void refuses(void) {
    static const struct {
        const char *manager, *config, *message;
        int code;
    } all[] = {
        {NULL, CM(""),
         "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for "
         "apply patch",
         422},
        {"m", "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"c\"}}",
         "invalid object type: /v1, Kind=Secret", 400},
        {"m", "{\"apiVersion\":\"v2\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}",
         "invalid object type: /v2, Kind=ConfigMap", 400},
        {"m",
         "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\","
         "\"managedFields\":[{}]}}",
         "metadata.managedFields must be nil", 400},
        {"m",
         "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"},\"dat\":{}}",
         "failed to create typed patch object (/c; /v1, Kind=ConfigMap): .dat: field not declared "
         "in schema",
         500},
        {"m", "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"d\"}}",
         "the name of the object (d) does not match the name on the URL (c)", 400},
        {"m",
         "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\",\"uid\":\"u\"}"
         "}",
         NULL, 409},
        {"m", "nonsense", NULL, 400},
    };
    struct rt rt;
    open_as(&rt, NULL);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        apply_as(&rt, all[i].manager, all[i].config, false);
        KT_EQ_INT(rt_code(&rt), all[i].code);
        if (all[i].message != NULL) {
            KT_EQ_STR(rt_message(&rt), all[i].message);
        }
    }
    KT_TRUE(rt_get(&rt, "configmaps", "default/c") == CLEAT_E_NOT_FOUND);
    rt_close(&rt);
}

/* Status by way of the main resource is left out, and spec by way of status. */
static void resets(void) {
    struct rt rt;
    open_as(&rt, "m");
    KT_OK(rt_create(&rt, "nodes", "", node), &rt.req.error);
    rt.manager = "applier";
    KT_OK(
        rt_patch(&rt, "nodes", "n", CLEAT_PATCH_APPLY,
                 "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\",\"labels\":"
                 "{\"x\":\"y\"}},\"status\":{\"phase\":\"Running\"}}"),
        &rt.req.error);
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "managedFields", "0")),
            CLEAT_STR(ENTRY("applier", "Apply", "v1", T0,
                            "{\"f:metadata\":{\"f:labels\":{\"f:x\":{}}}}")));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("status", "phase")), CLEAT_STR(""));
    KT_OK(rt_patch(&rt, "nodes/status", "n", CLEAT_PATCH_APPLY,
                   "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"n\"},"
                   "\"spec\":{\"unschedulable\":true},\"status\":{\"phase\":\"Running\"}}"),
          &rt.req.error);
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("status", "phase")), CLEAT_STR("Running"));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("spec", "unschedulable")), CLEAT_STR(""));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "managedFields", "1", "fieldsV1")),
            CLEAT_STR("{\"f:status\":{\"f:phase\":{}}}"));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "managedFields", "1", "subresource")),
            CLEAT_STR("status"));
    rt_close(&rt);
}

/* Many conflicts: struct cleat_error has what fits, the Status has them all. */
static void tells_of_many_conflicts(void) {
    struct rt rt;
    CLEAT_AUTO_BUF keys = {0};
    open_as(&rt, "alice");
    for (int i = 0; i < 40; i++) {
        cleat_buf_printf(&keys, "%s\"a-rather-long-key-%02d\":\"1\"", i > 0 ? "," : "", i);
    }
    CLEAT_AUTO_FREE char *mine = cleat_sprintf("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
                                               "\"metadata\":{\"name\":\"c\"},\"data\":{%s}}",
                                               keys.p);
    KT_OK(rt_create(&rt, "configmaps", "default", mine), &rt.req.error);
    CLEAT_AUTO_FREE char *theirs = cleat_strdup(mine);
    for (char *p = strstr(theirs, ":\"1\""); p != NULL; p = strstr(p, ":\"1\"")) {
        p[2] = '2';
    }
    KT_TRUE(apply_as(&rt, "bob", theirs, false) == CLEAT_E_CONFLICT);
    KT_EQ_INT(rt.req.error.n_causes, CLEAT_CAUSES_MAX);
    KT_REQUIRE(rt.req.status != NULL);
    CLEAT_AUTO(cleat_obj) *status = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE_OK(cleat_obj_parse(cleat_s(rt.req.status), 0, &status, &e), &e);
    KT_EQ_INT(cleat_val_count(cleat_obj_at(status, CLEAT_PATH("details", "causes"))), 40);
    KT_EQ_S(cleat_val_str(cleat_obj_at(status, CLEAT_PATH("details", "causes", "39", "field"))),
            CLEAT_STR(".data.a-rather-long-key-39"));
    CLEAT_AUTO_FREE char *message = cleat_val_strdup(cleat_obj_at(status, CLEAT_PATH("message")));
    KT_TRUE(strstr(message, "Apply failed with 40 conflicts: conflicts with \"alice\" using v1:"
                            "\n- ") == message);
    KT_TRUE(strstr(message, "\n- .data.a-rather-long-key-39") != NULL);
    KT_OK(apply_as(&rt, "bob", theirs, true), &rt.req.error);
    rt_close(&rt);
}

/* ---- custom kinds ---- */

#define JSON(...) #__VA_ARGS__
/* clang-format off */
static const char crd[] = JSON({
  "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
  "metadata": {"name": "teams.example.com"},
  "spec": {"group": "example.com", "scope": "Namespaced",
    "names": {"plural": "teams", "kind": "Team"},
    "versions": [{"name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
      "schema": {"openAPIV3Schema": {"type": "object", "properties": {
        "spec": {"type": "object", "properties": {
          "size": {"type": "integer"},
          "tags": {"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": "set"},
          "people": {"type": "array", "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"], "items": {"type": "object",
              "required": ["name"], "properties": {"name": {"type": "string"},
                                                   "role": {"type": "string"}}}},
          "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}},
        "status": {"type": "object", "properties": {"state": {"type": "string"}}}}}}}]}});
/* clang-format on */
#define TEAM(rest)                                                                                 \
    "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Team\",\"metadata\":{\"name\":\"t\"}," rest "}"

static cleat_err apply_team(struct rt *rt, const char *manager, const char *sub,
                            const char *config) {
    rt->manager = manager;
    return rt_patch(rt, sub, "default/t", CLEAT_PATCH_APPLY, config);
}

static void custom_kinds(void) {
    struct rt rt;
    struct cleat_error e = CLEAT_ERROR_INIT;
    open_as(&rt, NULL);
    KT_REQUIRE_OK(cleat_registry_add_crd(rt.registry, cleat_s(crd), &e), &e);
    KT_OK(apply_team(&rt, "a", "teams",
                     TEAM("\"spec\":{\"tags\":[\"x\"],\"people\":[{\"name\":\"p\",\"role\":"
                          "\"dev\"}],\"free\":{\"k\":{\"l\":1}}}")),
          &rt.req.error);
    KT_OK(apply_team(&rt, "b", "teams",
                     TEAM("\"spec\":{\"tags\":[\"y\"],\"people\":[{\"name\":\"q\"}],\"free\":{"
                          "\"k\":{\"m\":2}}},\"status\":{\"state\":\"no\"}")),
          &rt.req.error);
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("spec")),
            CLEAT_STR("{\"tags\":[\"x\",\"y\"],\"people\":[{\"name\":\"p\",\"role\":\"dev\"},{"
                      "\"name\":\"q\"}],\"free\":{\"k\":{\"l\":1,\"m\":2}}}"));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("status")), CLEAT_STR(""));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("metadata", "managedFields", "1", "fieldsV1")),
            CLEAT_STR("{\"f:spec\":{\"f:free\":{\"f:k\":{\".\":{},\"f:m\":{}}},\"f:people\":{"
                      "\"k:{\\\"name\\\":\\\"q\\\"}\":{\".\":{},\"f:name\":{}}},\"f:tags\":{"
                      "\"v:\\\"y\\\"\":{}}}}"));
    KT_TRUE(apply_team(&rt, "c", "teams",
                       TEAM("\"spec\":{\"people\":[{\"name\":\"p\",\"role\":\"ops\"}]}")) ==
            CLEAT_E_CONFLICT);
    KT_EQ_STR(rt_message(&rt), "Apply failed with 1 conflict: conflict with \"a\": "
                               ".spec.people[name=\"p\"].role");
    KT_OK(apply_team(&rt, "a", "teams", TEAM("\"spec\":{\"size\":1}")), &rt.req.error);
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("spec")),
            CLEAT_STR("{\"tags\":[\"y\"],\"people\":[{\"name\":\"q\"}],\"free\":{\"k\":{\"m\":2}},"
                      "\"size\":1}"));
    KT_OK(apply_team(&rt, "s", "teams/status",
                     TEAM("\"spec\":{\"size\":9},\"status\":{\"state\":\"on\"}")),
          &rt.req.error);
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("spec", "size")), CLEAT_STR("1"));
    KT_EQ_S(rt_at(&rt, CLEAT_PATH("status", "state")), CLEAT_STR("on"));
    KT_TRUE(apply_team(&rt, "a", "teams", TEAM("\"spec\":{\"wrong\":1}")) == CLEAT_E_UNKNOWN);
    rt_close(&rt);
}

KT_MAIN("apply_managed", KT_TEST(tracks), KT_TEST(keeps_what_is_not_sent), KT_TEST(forgets),
        KT_TEST(takes_them_from_the_body), KT_TEST(checks_names), KT_TEST(makes_room),
        KT_TEST(caps), KT_TEST(renews), KT_TEST(keeps_subresources_apart), KT_TEST(applies),
        KT_TEST(shares), KT_TEST(conflicts), KT_TEST(tells_of_many_conflicts),
        KT_TEST(takes_over_client_side_apply), KT_TEST(refuses), KT_TEST(resets),
        KT_TEST(custom_kinds))
