/* SPDX-License-Identifier: Apache-2.0 */
/* Admission: what pods are given, limits, quotas; and the keeper's objects. */
#include "core/kinds/admit.h"
#include "core/kinds/keeper.h"
#include "core/kinds/kinds.h"
#include "tests/support/rt.h"

struct with {
    struct rt rt;
    cleat_admit *admit;
};

static void open_with(struct with *w, const char *enable, const char *disable) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_admit_opts opts = {.enable = enable, .disable = disable};
    rt_open(&w->rt);
    bool ok = kt_ok(cleat_admit_new(w->rt.registry, &opts, &w->admit, &e), &e, "cleat_admit_new",
                    __FILE__, __LINE__);
    cleat_assert(ok);
}

static void close_with(struct with *w) {
    cleat_request_done(&w->rt.req);
    memset(&w->rt.req, 0, sizeof w->rt.req);
    cleat_registry_admission(w->rt.registry, NULL);
    cleat_admit_free(w->admit);
    rt_close(&w->rt);
}

static void make(struct with *w, const char *resource, const char *ns, const char *text) {
    KT_OK(rt_create(&w->rt, resource, ns, text), &w->rt.req.error);
}

static cleat_err pod(struct with *w, const char *name, const char *spec) {
    CLEAT_AUTO_FREE char *text =
        cleat_sprintf("{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"containers\":[{\"name\":\"c\","
                      "\"image\":\"i\"%s}]"
                      "%s}}",
                      name, spec[0] == '+' ? spec + 1 : "", spec[0] == '+' ? "" : spec);
    return rt_create(&w->rt, "pods", "default", text);
}

#define GOT(w, want, ...) KT_EQ_S(rt_at(&(w)->rt, CLEAT_PATH(__VA_ARGS__)), CLEAT_STR(want))
#define REFUSED(w, code, message)                                                                  \
    do {                                                                                           \
        KT_EQ_INT(rt_code(&(w)->rt), code);                                                        \
        KT_EQ_STR(rt_message(&(w)->rt), message);                                                  \
    } while (0)

/* ---- pods ---- */

static void pods_get_an_account(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    make(&w, "serviceaccounts", "default",
         "{\"metadata\":{\"name\":\"sa\"},\"imagePullSecrets\":[{\"name\":\"pull\"}]}");
    make(&w, "serviceaccounts", "default",
         "{\"metadata\":{\"name\":\"quiet\"},\"automountServiceAccountToken\":false}");
    KT_REQUIRE_OK(pod(&w, "a", ",\"serviceAccountName\":\"sa\""), &w.rt.req.error);
    GOT(&w, "sa", "spec", "serviceAccount");
    GOT(&w, "pull", "spec", "imagePullSecrets", "0", "name");
    GOT(&w, "3607", "spec", "volumes", "0", "projected", "sources", "0", "serviceAccountToken",
        "expirationSeconds");
    GOT(&w, "/var/run/secrets/kubernetes.io/serviceaccount", "spec", "containers", "0",
        "volumeMounts", "0", "mountPath");
    struct cleat_str name = rt_at(&w.rt, CLEAT_PATH("spec", "volumes", "0", "name"));
    KT_EQ_INT(name.n, sizeof "kube-api-access-xxxxx" - 1);
    KT_EQ_S(rt_at(&w.rt, CLEAT_PATH("spec", "containers", "0", "volumeMounts", "0", "name")), name);
    KT_OK(pod(&w, "b", ",\"serviceAccountName\":\"quiet\""), &w.rt.req.error);
    GOT(&w, "", "spec", "volumes", "0", "name");
    KT_OK(pod(&w, "c", ""), &w.rt.req.error);
    GOT(&w, "default", "spec", "serviceAccountName");
    KT_TRUE(pod(&w, "d", ",\"serviceAccountName\":\"none\"") != CLEAT_OK);
    REFUSED(&w, 403,
            "pods \"d\" is forbidden: error looking up service account default/none: "
            "serviceaccount \"none\" not found");
    close_with(&w);
}

static void pods_get_tolerations_and_priority(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    make(&w, "priorityclasses", "", "{\"metadata\":{\"name\":\"high\"},\"value\":1000}");
    make(&w, "priorityclasses", "",
         "{\"metadata\":{\"name\":\"usual\"},\"value\":10,\"globalDefault\":true,"
         "\"preemptionPolicy\":\"Never\"}");
    KT_TRUE(rt_create(&w.rt, "priorityclasses", "",
                      "{\"metadata\":{\"name\":\"other\"},\"value\":11,\"globalDefault\":true}") !=
            CLEAT_OK);
    REFUSED(&w, 403,
            "priorityclasses.scheduling.k8s.io \"other\" is forbidden: PriorityClass usual is "
            "already marked as default. Only one default can exist");
    KT_REQUIRE_OK(pod(&w, "a", ",\"tolerations\":[{\"key\":\"x\",\"operator\":\"Exists\"}]"),
                  &w.rt.req.error);
    GOT(&w, "x", "spec", "tolerations", "0", "key");
    GOT(&w, "node.kubernetes.io/not-ready", "spec", "tolerations", "1", "key");
    GOT(&w, "300", "spec", "tolerations", "2", "tolerationSeconds");
    GOT(&w, "10", "spec", "priority");
    GOT(&w, "usual", "spec", "priorityClassName");
    GOT(&w, "Never", "spec", "preemptionPolicy");
    KT_OK(
        pod(&w, "b", ",\"priorityClassName\":\"high\",\"tolerations\":[{\"operator\":\"Exists\"}]"),
        &w.rt.req.error);
    GOT(&w, "1000", "spec", "priority");
    GOT(&w, "", "spec", "tolerations", "1", "key");
    KT_TRUE(pod(&w, "c", ",\"priorityClassName\":\"none\"") != CLEAT_OK);
    REFUSED(&w, 403, "pods \"c\" is forbidden: no PriorityClass with name none was found");
    KT_TRUE(pod(&w, "c", ",\"priorityClassName\":\"high\",\"priority\":5") != CLEAT_OK);
    REFUSED(
        &w, 403,
        "pods \"c\" is forbidden: the integer value of priority (5) must not be provided in pod "
        "spec; priority admission controller computed 1000 from the given PriorityClass name");
    close_with(&w);
}

static void runtime_classes(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    make(&w, "runtimeclasses", "",
         "{\"metadata\":{\"name\":\"vm\"},\"handler\":\"kata\",\"overhead\":{\"podFixed\":"
         "{\"memory\":\"100Mi\"}},\"scheduling\":{\"nodeSelector\":{\"vm\":\"yes\"}}}");
    KT_REQUIRE_OK(pod(&w, "a", ",\"runtimeClassName\":\"vm\""), &w.rt.req.error);
    GOT(&w, "100Mi", "spec", "overhead", "memory");
    GOT(&w, "yes", "spec", "nodeSelector", "vm");
    KT_TRUE(pod(&w, "b", ",\"runtimeClassName\":\"none\"") != CLEAT_OK);
    REFUSED(&w, 403, "pods \"b\" is forbidden: pod rejected: RuntimeClass \"none\" not found");
    KT_TRUE(pod(&w, "b", ",\"runtimeClassName\":\"vm\",\"nodeSelector\":{\"vm\":\"no\"}") !=
            CLEAT_OK);
    KT_EQ_INT(rt_code(&w.rt), 403);
    KT_TRUE(pod(&w, "b", ",\"overhead\":{\"cpu\":\"1\"}") != CLEAT_OK);
    KT_EQ_INT(rt_code(&w.rt), 403);
    close_with(&w);
}

/* ---- limits ---- */

static void limits(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    make(&w, "limitranges", "default",
         "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"limits\":[{\"type\":\"Container\",\"max\":"
         "{\"cpu\":\"2\"},\"min\":{\"cpu\":\"100m\"},\"default\":{\"cpu\":\"500m\",\"memory\":"
         "\"1Gi\"},\"defaultRequest\":{\"cpu\":\"200m\"}},{\"type\":\"Pod\",\"max\":{\"memory\":"
         "\"2Gi\"}},{\"type\":\"PersistentVolumeClaim\",\"max\":{\"storage\":\"5Gi\"}}]}}");
    KT_REQUIRE_OK(pod(&w, "a", ""), &w.rt.req.error);
    GOT(&w, "500m", "spec", "containers", "0", "resources", "limits", "cpu");
    GOT(&w, "200m", "spec", "containers", "0", "resources", "requests", "cpu");
    GOT(&w,
        "LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for "
        "container c",
        "metadata", "annotations", "kubernetes.io/limit-ranger");
    KT_TRUE(
        pod(&w, "b", "+,\"resources\":{\"limits\":{\"cpu\":\"3\"},\"requests\":{\"cpu\":\"1\"}}") !=
        CLEAT_OK);
    REFUSED(&w, 403,
            "pods \"b\" is forbidden: maximum cpu usage per Container is 2, but limit is 3");
    KT_TRUE(pod(&w, "b", "+,\"resources\":{\"requests\":{\"cpu\":\"50m\"}}") != CLEAT_OK);
    REFUSED(&w, 403,
            "pods \"b\" is forbidden: minimum cpu usage per Container is 100m, but request is 50m");
    KT_TRUE(pod(&w, "b",
                "+,\"resources\":{\"limits\":{\"cpu\":\"3\",\"memory\":\"4Gi\"},\"requests\":"
                "{\"cpu\":\"1\",\"memory\":\"1Gi\"}}") != CLEAT_OK);
    REFUSED(&w, 403,
            "pods \"b\" is forbidden: [maximum cpu usage per Container is 2, but limit is 3, "
            "maximum memory usage per Pod is 2Gi, but limit is 4Gi]");
    KT_TRUE(
        rt_create(&w.rt, "persistentvolumeclaims", "default",
                  "{\"metadata\":{\"name\":\"v\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],"
                  "\"resources\":{\"requests\":{\"storage\":\"6Gi\"}}}}") != CLEAT_OK);
    REFUSED(&w, 403,
            "persistentvolumeclaims \"v\" is forbidden: maximum storage usage per "
            "PersistentVolumeClaim is 5Gi, but request is 6Gi");
    close_with(&w);
}

/* ---- quotas ---- */

static void quotas(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    make(&w, "resourcequotas", "default",
         "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{\"pods\":\"2\",\"requests.cpu\":\"1\","
         "\"count/secrets\":\"1\",\"services.nodeports\":\"1\"}}}");
    const char *half = "+,\"resources\":{\"requests\":{\"cpu\":\"500m\"}}";
    KT_OK(pod(&w, "a", half), &w.rt.req.error);
    KT_TRUE(pod(&w, "x", "") != CLEAT_OK);
    REFUSED(&w, 403, "pods \"x\" is forbidden: failed quota: q: must specify requests.cpu for: c");
    KT_TRUE(pod(&w, "x", "+,\"resources\":{\"requests\":{\"cpu\":\"600m\"}}") != CLEAT_OK);
    REFUSED(&w, 403,
            "pods \"x\" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: "
            "requests.cpu=500m, limited: requests.cpu=1");
    KT_OK(pod(&w, "b", half), &w.rt.req.error);
    KT_TRUE(pod(&w, "x", half) != CLEAT_OK);
    REFUSED(
        &w, 403,
        "pods \"x\" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=500m, used: "
        "pods=2,requests.cpu=1, limited: pods=2,requests.cpu=1");
    /* A pod that is over needs nothing any more. */
    KT_OK(rt_patch(&w.rt, "pods/status", "default/a", CLEAT_PATCH_MERGE,
                   "{\"status\":{\"phase\":\"Succeeded\"}}"),
          &w.rt.req.error);
    KT_OK(pod(&w, "x", half), &w.rt.req.error);
    make(&w, "secrets", "default", "{\"metadata\":{\"name\":\"s\"}}");
    KT_TRUE(rt_create(&w.rt, "secrets", "default", "{\"metadata\":{\"name\":\"t\"}}") != CLEAT_OK);
    REFUSED(&w, 403,
            "secrets \"t\" is forbidden: exceeded quota: q, requested: count/secrets=1, used: "
            "count/secrets=1, limited: count/secrets=1");
    make(
        &w, "services", "default",
        "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"name\":\"a\",\"port\":1},{\"name\":"
        "\"b\",\"port\":2}]}}");
    KT_TRUE(rt_patch(&w.rt, "services", "default/s", CLEAT_PATCH_MERGE,
                     "{\"spec\":{\"type\":\"NodePort\"}}") != CLEAT_OK);
    REFUSED(
        &w, 403,
        "services \"s\" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: "
        "services.nodeports=0, limited: services.nodeports=1");
    KT_OK(rt_get(&w.rt, "resourcequotas", "default/q"), &w.rt.req.error);
    CLEAT_AUTO_FREE char *status = cleat_admit_quota_status(w.admit, w.rt.req.result);
    KT_EQ_STR(status, "{\"hard\":{\"pods\":\"2\",\"requests.cpu\":\"1\",\"count/secrets\":\"1\","
                      "\"services.nodeports\":\"1\"},\"used\":{\"count/secrets\":\"1\",\"pods\":"
                      "\"2\",\"requests.cpu\":\"1\",\"services.nodeports\":\"0\"}}");
    close_with(&w);
}

enum { THREADS = 8, EACH = 40, ALLOWED = 50 };
static _Atomic int made;

static void *create_configmaps(void *p) {
    cleat_registry *registry = p;
    const struct cleat_kind *kind = cleat_registry_find(registry, "", "v1", "configmaps");
    for (int i = 0; i < EACH; i++) {
        cleat_request req = {.registry = registry,
                             .verb = CLEAT_VERB_CREATE,
                             .kind = kind,
                             .user = &rt_admin,
                             .ns = CLEAT_STR("default")};
        cleat_obj_parse(CLEAT_STR("{\"metadata\":{\"generateName\":\"c-\"}}"), 0, &req.body, NULL);
        atomic_fetch_add(&made, cleat_request_wait(&req, NULL) == CLEAT_OK);
        cleat_request_done(&req);
    }
    return NULL;
}

static void quotas_are_never_passed(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_store_opts opts = {0};
    struct cleat_admit_opts none = {0};
    cleat_store *store = NULL;
    cleat_registry *registry = NULL;
    cleat_admit *admit = NULL;
    pthread_t threads[THREADS];
    KT_REQUIRE_OK(cleat_store_open(cleat_backend_memory(), &opts, &store, &e), &e);
    KT_REQUIRE_OK(cleat_registry_new(store, cleat_kinds, &registry, &e), &e);
    KT_REQUIRE_OK(cleat_registry_bootstrap(registry, &e), &e);
    KT_REQUIRE_OK(cleat_admit_new(registry, &none, &admit, &e), &e);
    cleat_request req = {.registry = registry,
                         .verb = CLEAT_VERB_CREATE,
                         .kind = cleat_registry_find(registry, "", "v1", "resourcequotas"),
                         .user = &rt_admin,
                         .ns = CLEAT_STR("default")};
    cleat_obj_parse(CLEAT_STR("{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{\"configmaps\":"
                              "\"50\"}}}"),
                    0, &req.body, NULL);
    KT_OK(cleat_request_wait(&req, NULL), &req.error);
    cleat_request_done(&req);
    for (int i = 0; i < THREADS; i++) {
        threads[i] = cleat_thread_start("quota", create_configmaps, registry);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(store);
    const struct cleat_kind *kind = cleat_registry_find(registry, "", "v1", "configmaps");
    KT_EQ_INT(cleat_snapshot_count(sn, kind->id, CLEAT_STR("default")), ALLOWED);
    KT_EQ_INT(atomic_load(&made), ALLOWED);
    cleat_snapshot_unref(CLEAT_STEAL(sn));
    cleat_registry_admission(registry, NULL);
    cleat_admit_free(admit);
    cleat_registry_free(registry);
    cleat_store_close(store);
}

/* ---- classes, switches ---- */

static void default_classes(void) {
    struct with w;
    open_with(&w, "StorageObjectInUseProtection,TaintNodesByCondition", "DefaultTolerationSeconds");
    make(&w, "storageclasses", "",
         "{\"metadata\":{\"name\":\"old\",\"annotations\":{"
         "\"storageclass.kubernetes.io/is-default-class\":\"true\"}},\"provisioner\":\"x.io/p\"}");
    cleat_clock_advance(2 * CLEAT_SECOND);
    make(&w, "storageclasses", "",
         "{\"metadata\":{\"name\":\"new\",\"annotations\":{"
         "\"storageclass.kubernetes.io/is-default-class\":\"true\"}},\"provisioner\":\"x.io/p\"}");
    make(&w, "ingressclasses", "",
         "{\"metadata\":{\"name\":\"web\",\"annotations\":{"
         "\"ingressclass.kubernetes.io/is-default-class\":\"true\"}},\"spec\":{\"controller\":"
         "\"x.io/c\"}}");
    make(&w, "persistentvolumeclaims", "default",
         "{\"metadata\":{\"name\":\"v\"},\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],"
         "\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}");
    GOT(&w, "new", "spec", "storageClassName");
    GOT(&w, "kubernetes.io/pvc-protection", "metadata", "finalizers", "0");
    make(&w, "ingresses", "default",
         "{\"metadata\":{\"name\":\"i\"},\"spec\":{\"defaultBackend\":{\"service\":{\"name\":\"s\","
         "\"port\":{\"number\":80}}}}}");
    GOT(&w, "web", "spec", "ingressClassName");
    make(&w, "nodes", "", "{\"metadata\":{\"name\":\"n\"}}");
    GOT(&w, "node.kubernetes.io/not-ready", "spec", "taints", "0", "key");
    KT_OK(pod(&w, "a", ""), &w.rt.req.error);
    GOT(&w, "", "spec", "tolerations", "0", "key");
    close_with(&w);
}

/* ---- the keeper ---- */

static void keeps_what_must_be_there(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    struct cleat_keeper_opts opts = {.admit = w.admit,
                                     .ca_pem = "-----CA-----\n",
                                     .client_ca_pem = "-----CLIENTS-----\n",
                                     .advertise_address = "192.0.2.7",
                                     .secure_port = 6443};
    cleat_keeper *k = cleat_keeper_new(w.rt.registry, &opts);
    for (int i = 0; i < 3; i++) {
        cleat_clock_advance(CLEAT_SECOND);
        KT_TRUE(cleat_keeper_step(k));
    }
    KT_OK(rt_get(&w.rt, "services", "default/kubernetes"), &w.rt.req.error);
    GOT(&w, "10.0.0.1", "spec", "clusterIP");
    GOT(&w, "6443", "spec", "ports", "0", "targetPort");
    KT_OK(rt_get(&w.rt, "endpoints", "default/kubernetes"), &w.rt.req.error);
    GOT(&w, "192.0.2.7", "subsets", "0", "addresses", "0", "ip");
    KT_OK(rt_get(&w.rt, "endpointslices", "default/kubernetes"), &w.rt.req.error);
    KT_OK(rt_get(&w.rt, "priorityclasses", "system-node-critical"), &w.rt.req.error);
    KT_OK(rt_get(&w.rt, "serviceaccounts", "kube-system/default"), &w.rt.req.error);
    KT_OK(rt_get(&w.rt, "componentstatuses", "etcd-0"), &w.rt.req.error);
    KT_OK(rt_get(&w.rt, "configmaps", "kube-system/extension-apiserver-authentication"),
          &w.rt.req.error);
    /* What is changed or deleted comes back, and a new namespace gets its own. */
    make(&w, "namespaces", "", "{\"metadata\":{\"name\":\"more\"}}");
    KT_OK(rt_patch(&w.rt, "configmaps", "default/kube-root-ca.crt", CLEAT_PATCH_MERGE,
                   "{\"data\":{\"ca.crt\":\"forged\",\"x\":\"y\"}}"),
          &w.rt.req.error);
    KT_OK(rt_delete(&w.rt, "configmaps", "kube-public/kube-root-ca.crt", NULL), &w.rt.req.error);
    KT_OK(rt_delete(&w.rt, "serviceaccounts", "default/default", NULL), &w.rt.req.error);
    KT_OK(rt_delete(&w.rt, "services", "default/kubernetes", NULL), &w.rt.req.error);
    KT_TRUE(cleat_keeper_step(k));
    KT_OK(rt_get(&w.rt, "configmaps", "default/kube-root-ca.crt"), &w.rt.req.error);
    GOT(&w, "-----CA-----\\n", "data", "ca.crt");
    GOT(&w, "", "data", "x");
    KT_OK(rt_get(&w.rt, "configmaps", "kube-public/kube-root-ca.crt"), &w.rt.req.error);
    KT_OK(rt_get(&w.rt, "configmaps", "more/kube-root-ca.crt"), &w.rt.req.error);
    KT_OK(rt_get(&w.rt, "serviceaccounts", "more/default"), &w.rt.req.error);
    KT_OK(rt_get(&w.rt, "serviceaccounts", "default/default"), &w.rt.req.error);
    KT_OK(rt_get(&w.rt, "services", "default/kubernetes"), &w.rt.req.error);
    GOT(&w, "10.0.0.1", "spec", "clusterIP");
    /* Nothing to do writes nothing. */
    uint64_t revision = cleat_store_revision(w.rt.store);
    KT_TRUE(cleat_keeper_step(k));
    KT_EQ_INT(cleat_store_revision(w.rt.store), revision);
    cleat_keeper_free(k);
    close_with(&w);
}

static void keeps_quotas_counted(void) {
    struct with w;
    open_with(&w, NULL, NULL);
    struct cleat_keeper_opts opts = {.admit = w.admit};
    cleat_keeper *k = cleat_keeper_new(w.rt.registry, &opts);
    make(&w, "resourcequotas", "default",
         "{\"metadata\":{\"name\":\"q\"},\"spec\":{\"hard\":{\"configmaps\":\"5\"}}}");
    make(&w, "configmaps", "default", "{\"metadata\":{\"name\":\"c\"}}");
    KT_TRUE(cleat_keeper_step(k));
    KT_OK(rt_get(&w.rt, "resourcequotas", "default/q"), &w.rt.req.error);
    GOT(&w, "1", "status", "used", "configmaps");
    GOT(&w, "5", "status", "hard", "configmaps");
    cleat_keeper_free(k);
    close_with(&w);
}

KT_MAIN("kinds_admit", KT_TEST(quotas_are_never_passed), KT_TEST(pods_get_an_account),
        KT_TEST(pods_get_tolerations_and_priority), KT_TEST(runtime_classes), KT_TEST(limits),
        KT_TEST(quotas), KT_TEST(default_classes), KT_TEST(keeps_what_must_be_there),
        KT_TEST(keeps_quotas_counted))
