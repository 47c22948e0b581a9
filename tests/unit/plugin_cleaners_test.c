/* SPDX-License-Identifier: Apache-2.0 */
/* What must not pile up, on the virtual clock: pods, finished Jobs, signing requests. */
#include <openssl/pem.h>

#include "tests/support/gcw.h"

static const struct cleat_gvr jobs = {"batch", "v1", "jobs"};
static const struct cleat_gvr requests = {"certificates.k8s.io", "v1",
                                          "certificatesigningrequests"};

#define MINUTE (60 * CLEAT_SECOND)
#define HOUR   (60 * MINUTE)

static void set_status(struct world *w, struct cleat_gvr gvr, const char *ns, const char *name,
                       const char *subresource, const char *json) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_key key = {cleat_s(ns), cleat_s(name)};
    KT_OK(cleat_client_api.patch(w->client, NULL, gvr, key, subresource, CLEAT_PATCH_MERGE,
                                 cleat_s(json), NULL, &e),
          &e);
}

static void pod(struct world *w, const char *name, const char *node, const char *status) {
    CLEAT_AUTO_FREE char *rest = cleat_sprintf(
        "\"spec\":{%s%s%s\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}",
        node != NULL ? "\"nodeName\":\"" : "", node != NULL ? node : "", node != NULL ? "\"," : "");
    free(gcw_make(w, gcw_pods, "default", name, "\"finalizers\":[]", rest));
    if (status != NULL) {
        set_status(w, gcw_pods, "default", name, "status", status);
    }
}

static bool there(struct world *w, const char *name) {
    return gcw_there(w, gcw_pods, "default", name);
}

static void node(struct world *w, const char *name) {
    free(gcw_make(w, gcw_nodes, "", name, NULL, NULL));
}

/* ---- pods ---- */

static void orphans_go_after_the_quarantine(void) {
    struct world *w = world_new("podgc", NULL, NULL);
    node(w, "here");
    pod(w, "stays", "here", NULL);
    pod(w, "goes", "gone", NULL);
    pod(w, "waits", NULL, NULL);
    world_run(w, 45 * CLEAT_SECOND); /* seen at 20 s */
    KT_TRUE(there(w, "goes"));
    world_run(w, 20 * CLEAT_SECOND);
    KT_TRUE(!there(w, "goes"));
    KT_TRUE(there(w, "stays") && there(w, "waits"));
    /* A Node that is back in time calls it off. */
    gcw_delete(w, gcw_nodes, "", "here", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 35 * CLEAT_SECOND);
    node(w, "here");
    world_run(w, 3 * MINUTE);
    KT_TRUE(there(w, "stays"));
    world_free(w);
}

static void an_orphan_has_failed_before_it_goes(void) {
    struct world *w = world_new("podgc", NULL, NULL);
    free(gcw_make(
        w, gcw_pods, "default", "held", "\"finalizers\":[\"x.y/z\"]",
        "\"spec\":{\"nodeName\":\"gone\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}"));
    world_run(w, 2 * MINUTE);
    KT_TRUE(gcw_ending(w, gcw_pods, "default", "held"));
    CLEAT_AUTO_FREE char *phase =
        gcw_json(w, gcw_pods, "default", "held", CLEAT_PATH("status", "phase"));
    CLEAT_AUTO_FREE char *reason =
        gcw_json(w, gcw_pods, "default", "held", CLEAT_PATH("status", "conditions", "0", "reason"));
    KT_EQ_STR(phase, "\"Failed\"");
    KT_EQ_STR(reason, "\"DeletionByPodGC\"");
    world_free(w);
}

static void what_ends_without_a_node_goes(void) {
    struct world *w = world_new("podgc", NULL, NULL);
    free(gcw_make(w, gcw_pods, "default", "held", "\"finalizers\":[\"x.y/z\"]",
                  "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}"));
    gcw_delete(w, gcw_pods, "default", "held", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, 30 * CLEAT_SECOND);
    CLEAT_AUTO_FREE char *phase =
        gcw_json(w, gcw_pods, "default", "held", CLEAT_PATH("status", "phase"));
    KT_EQ_STR(phase, "\"Failed\"");
    world_free(w);
}

static void out_of_service(void) {
    struct world *w = world_new("podgc", NULL, NULL);
    node(w, "n");
    pod(w, "ends", "n", NULL);
    pod(w, "lives", "n", NULL);
    gcw_delete(w, gcw_pods, "default", "ends", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, MINUTE);
    KT_TRUE(gcw_ending(w, gcw_pods, "default", "ends")); /* its kubelet will say when */
    gcw_patch(w, gcw_nodes, "", "n",
              "{\"spec\":{\"taints\":[{\"key\":\"node.kubernetes.io/out-of-service\",\"value\":"
              "\"nodeshutdown\",\"effect\":\"NoExecute\"}]}}");
    world_run(w, 30 * CLEAT_SECOND);
    KT_TRUE(!there(w, "ends") && there(w, "lives"));
    world_free(w);
}

static void the_oldest_of_too_many_go(void) {
    static const char *const flags[] = {"terminated-pod-gc-threshold=3", NULL};
    struct world *w = world_new("podgc", NULL, flags);
    node(w, "n");
    for (int i = 0; i < 6; i++) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("p%d", i);
        pod(w, name, "n",
            i == 4   ? "{\"status\":{\"phase\":\"Failed\",\"reason\":\"Evicted\"}}"
            : i == 0 ? NULL
                     : "{\"status\":{\"phase\":\"Succeeded\"}}");
        world_run(w, 2 * CLEAT_SECOND);
    }
    world_run(w, 30 * CLEAT_SECOND);
    KT_TRUE(there(w, "p0"));  /* it runs */
    KT_TRUE(!there(w, "p4")); /* evicted ones first */
    KT_TRUE(!there(w, "p1")); /* then the oldest */
    KT_TRUE(there(w, "p2") && there(w, "p3") && there(w, "p5"));
    world_free(w);
}

static void leftovers_go_by_age(void) {
    static const char *const flags[] = {"leftover-pod-ttl=1h", "finished-pod-ttl=5h", NULL};
    struct world *w = world_new("podgc", NULL, flags);
    node(w, "n");
    pod(w, "left", "n", "{\"status\":{\"phase\":\"Failed\",\"reason\":\"NodeShutdown\"}}");
    pod(w, "done", "n", "{\"status\":{\"phase\":\"Succeeded\"}}");
    pod(w, "runs", "n", "{\"status\":{\"phase\":\"Running\"}}");
    world_run(w, 55 * MINUTE);
    KT_TRUE(there(w, "left"));
    world_run(w, 10 * MINUTE);
    KT_TRUE(!there(w, "left") && there(w, "done"));
    world_run(w, 4 * HOUR);
    KT_TRUE(!there(w, "done") && there(w, "runs"));
    world_free(w);
}

static void leftovers_go_by_namespace_and_reason(void) {
    static const char *const flags[] = {"leftover-pod-ttl=1h", "leftover-pod-reasons=Odd,Evicted",
                                        "finished-pod-namespaces=default,other", NULL};
    struct world *w = world_new("podgc", NULL, flags);
    node(w, "n");
    free(gcw_make(w, gcw_namespaces, "", "far", NULL, NULL));
    pod(w, "odd", "n", "{\"status\":{\"phase\":\"Failed\",\"reason\":\"Odd\"}}");
    pod(w, "shut", "n", "{\"status\":{\"phase\":\"Failed\",\"reason\":\"NodeShutdown\"}}");
    free(gcw_make(
        w, gcw_pods, "far", "odd", NULL,
        "\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}"));
    set_status(w, gcw_pods, "far", "odd", "status",
               "{\"status\":{\"phase\":\"Failed\",\"reason\":\"Odd\"}}");
    world_run(w, 2 * HOUR);
    KT_TRUE(!there(w, "odd"));
    KT_TRUE(there(w, "shut") && gcw_there(w, gcw_pods, "far", "odd"));
    world_free(w);
}

/* ---- Jobs ---- */

static void job(struct world *w, const char *name, const char *ttl) {
    CLEAT_AUTO_FREE char *rest = cleat_sprintf(
        "\"spec\":{%s\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{"
        "\"name\":\"c\",\"image\":\"i\"}]}}}",
        ttl);
    free(gcw_make(w, jobs, "default", name, NULL, rest));
}

static void finish(struct world *w, const char *name) {
    char now[32];
    cleat_time_format(cleat_now_wall(), false, now);
    CLEAT_AUTO_FREE char *status = cleat_sprintf(
        "{\"status\":{\"conditions\":[{\"type\":\"FailureTarget\",\"status\":\"True\",\"reason\":"
        "\"r\","
        "\"lastTransitionTime\":\"%s\"},{\"type\":\"Failed\",\"status\":\"True\",\"reason\":\"r\","
        "\"lastTransitionTime\":\"%s\"}],\"startTime\":\"%s\"}}",
        now, now, now);
    set_status(w, jobs, "default", name, "status", status);
}

static void finished_jobs_go_when_they_say(void) {
    struct world *w = world_new("ttl-after-finished", NULL, NULL);
    job(w, "soon", "\"ttlSecondsAfterFinished\":60,");
    job(w, "never", "");
    job(w, "runs", "\"ttlSecondsAfterFinished\":60,");
    job(w, "longer", "\"ttlSecondsAfterFinished\":60,");
    finish(w, "soon");
    finish(w, "never");
    finish(w, "longer");
    world_run(w, 58 * CLEAT_SECOND);
    KT_TRUE(gcw_there(w, jobs, "default", "soon"));
    gcw_patch(w, jobs, "default", "longer", "{\"spec\":{\"ttlSecondsAfterFinished\":600}}");
    world_run(w, 4 * CLEAT_SECOND);
    /* Its pods go first, so the collector has to agree. */
    KT_TRUE(gcw_ending(w, jobs, "default", "soon"));
    world_run(w, HOUR);
    KT_TRUE(gcw_there(w, jobs, "default", "never") && gcw_there(w, jobs, "default", "runs"));
    KT_TRUE(!gcw_ending(w, jobs, "default", "never") && !gcw_ending(w, jobs, "default", "runs"));
    KT_TRUE(gcw_ending(w, jobs, "default", "longer"));
    world_free(w);
}

/* ---- signing requests ---- */

/* A request in PEM, as base64. Owned. */
static char *made_request(void) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509_REQ *r = X509_REQ_new();
    BIO *text = BIO_new(BIO_s_mem());
    char *pem;
    cleat_assert(key != NULL && r != NULL && text != NULL && X509_REQ_set_pubkey(r, key) &&
                 X509_REQ_sign(r, key, EVP_sha256()) > 0 && PEM_write_bio_X509_REQ(text, r));
    long n = BIO_get_mem_data(text, &pem);
    char *base64 = cleat_alloc((size_t)n * 2 + 4);
    EVP_EncodeBlock((unsigned char *)base64, (const unsigned char *)pem, (int)n);
    BIO_free(text);
    X509_REQ_free(r);
    EVP_PKEY_free(key);
    return base64;
}

static void request(struct world *w, const char *name) {
    CLEAT_AUTO_FREE char *text = made_request();
    CLEAT_AUTO_FREE char *rest = cleat_sprintf("\"spec\":{\"request\":\"%s\",\"signerName\":\"x."
                                               "dev/y\",\"usages\":[\"digital signature\"]}",
                                               text);
    free(gcw_make(w, requests, "", name, NULL, rest));
}

static void decide(struct world *w, const char *name, const char *type) {
    CLEAT_AUTO_FREE char *status = cleat_sprintf(
        "{\"status\":{\"conditions\":[{\"type\":\"%s\",\"status\":\"True\",\"reason\":\"r\"}]}}",
        type);
    set_status(w, requests, "", name, strcmp(type, "Failed") == 0 ? "status" : "approval", status);
}

static bool asked(struct world *w, const char *name) {
    return gcw_there(w, requests, "", name);
}

static void signing_requests_go_after_their_time(void) {
    struct world *w = world_new("csrcleaner", NULL, NULL);
    request(w, "pending");
    request(w, "approved");
    request(w, "denied");
    request(w, "failed");
    decide(w, "approved", "Approved");
    decide(w, "denied", "Denied");
    decide(w, "failed", "Failed");
    world_run(w, 59 * MINUTE);
    KT_TRUE(asked(w, "denied") && asked(w, "failed"));
    world_run(w, 2 * MINUTE);
    KT_TRUE(!asked(w, "denied") && !asked(w, "failed"));
    KT_TRUE(asked(w, "pending") && asked(w, "approved"));
    world_run(w, 22 * HOUR + 55 * MINUTE);
    KT_TRUE(asked(w, "pending") && asked(w, "approved"));
    world_run(w, 10 * MINUTE);
    KT_TRUE(!asked(w, "pending") && !asked(w, "approved"));
    world_free(w);
}

/* A certificate in PEM that ends after so many seconds, as base64. Owned. */
static char *made_certificate(long seconds) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    BIO *text = BIO_new(BIO_s_mem());
    time_t now = (time_t)(cleat_now_wall() / CLEAT_SECOND);
    char *pem;
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_time_adj_ex(X509_getm_notBefore(x), 0, 0, &now);
    X509_time_adj_ex(X509_getm_notAfter(x), 0, seconds, &now);
    cleat_assert(X509_set_pubkey(x, key) && X509_sign(x, key, EVP_sha256()) > 0 &&
                 PEM_write_bio_X509(text, x));
    long n = BIO_get_mem_data(text, &pem);
    char *base64 = cleat_alloc((size_t)n * 2 + 4);
    EVP_EncodeBlock((unsigned char *)base64, (const unsigned char *)pem, (int)n);
    BIO_free(text);
    X509_free(x);
    EVP_PKEY_free(key);
    return base64;
}

static void issue(struct world *w, const char *name, long seconds) {
    request(w, name);
    decide(w, name, "Approved");
    CLEAT_AUTO_FREE char *certificate = made_certificate(seconds);
    CLEAT_AUTO_FREE char *status =
        cleat_sprintf("{\"status\":{\"certificate\":\"%s\"}}", certificate);
    set_status(w, requests, "", name, "status", status);
}

static void signing_requests_go_with_their_certificates(void) {
    struct world *w = world_new("csrcleaner", NULL, NULL);
    issue(w, "long", 86400 * 365);
    issue(w, "very-long", 86400L * 365 * 60); /* said with four digits of year */
    issue(w, "short", 600);
    issue(w, "over", -600);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!asked(w, "over"));
    world_run(w, 9 * MINUTE);
    KT_TRUE(asked(w, "short"));
    world_run(w, 2 * MINUTE);
    KT_TRUE(!asked(w, "short") && asked(w, "long") && asked(w, "very-long"));
    world_run(w, 50 * MINUTE);
    KT_TRUE(!asked(w, "long") && !asked(w, "very-long"));
    world_free(w);
}

/* ---- leases ---- */

static const struct cleat_gvr leases = {"coordination.k8s.io", "v1", "leases"};

static void lease(struct world *w, const char *ns, const char *name) {
    char now[32];
    cleat_time_format(cleat_now_wall(), true, now);
    CLEAT_AUTO_FREE char *rest = cleat_sprintf(
        "\"spec\":{\"holderIdentity\":\"x\",\"leaseDurationSeconds\":40,\"renewTime\":\"%s\"}",
        now);
    free(gcw_make(w, leases, ns, name, NULL, rest));
}

static bool leased(struct world *w, const char *name) {
    return gcw_there(w, leases, "kube-node-lease", name);
}

static void leases_go_after_their_nodes(void) {
    struct world *w = world_new("nodeleasecleaner", NULL, NULL);
    node(w, "lives");
    node(w, "dies");
    lease(w, "kube-node-lease", "lives");
    lease(w, "kube-node-lease", "dies");
    lease(w, "kube-node-lease", "never");
    lease(w, "kube-node-lease", "renewed");
    lease(w, "kube-system", "never"); /* an election's */
    world_run(w, 8 * MINUTE);
    char now[32];
    cleat_time_format(cleat_now_wall(), true, now);
    CLEAT_AUTO_FREE char *patch = cleat_sprintf("{\"spec\":{\"renewTime\":\"%s\"}}", now);
    gcw_patch(w, leases, "kube-node-lease", "renewed", patch);
    KT_TRUE(leased(w, "never"));
    world_run(w, 3 * MINUTE);
    KT_TRUE(!leased(w, "never"));
    KT_TRUE(leased(w, "renewed")); /* its Node may be about to come */
    KT_TRUE(leased(w, "dies"));
    gcw_delete(w, gcw_nodes, "", "dies", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!leased(w, "dies"));
    world_run(w, 8 * MINUTE);
    KT_TRUE(!leased(w, "renewed"));
    world_run(w, HOUR);
    KT_TRUE(leased(w, "lives"));
    KT_TRUE(gcw_there(w, leases, "kube-system", "never"));
    world_free(w);
}

/* ---- bootstrap tokens ---- */

static void token(struct world *w, const char *ns, const char *name, const char *type,
                  const char *expiration) {
    CLEAT_AUTO_FREE char *rest =
        cleat_sprintf("\"type\":\"%s\",\"stringData\":{\"token-id\":\"abcdef\"%s%s%s}", type,
                      expiration != NULL ? ",\"expiration\":\"" : "",
                      expiration != NULL ? expiration : "", expiration != NULL ? "\"" : "");
    free(gcw_make(w, gcw_secrets, ns, name, NULL, rest));
}

static void tokens_go_when_they_expire(void) {
    static const char type[] = "bootstrap.kubernetes.io/token";
    char soon[32];
    struct world *w = world_new("tokencleaner", NULL, NULL);
    cleat_time_format(cleat_now_wall() + 10 * MINUTE, false, soon);
    token(w, "kube-system", "soon", type, soon);
    token(w, "kube-system", "past", type, "2020-01-01T00:00:00Z");
    token(w, "kube-system", "odd", type, "tomorrow");
    token(w, "kube-system", "never", type, NULL);
    token(w, "kube-system", "opaque", "Opaque", "2020-01-01T00:00:00Z");
    token(w, "default", "elsewhere", type, "2020-01-01T00:00:00Z");
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, gcw_secrets, "kube-system", "past"));
    KT_TRUE(!gcw_there(w, gcw_secrets, "kube-system", "odd")); /* as upstream */
    world_run(w, 9 * MINUTE);
    KT_TRUE(gcw_there(w, gcw_secrets, "kube-system", "soon"));
    world_run(w, 2 * MINUTE);
    KT_TRUE(!gcw_there(w, gcw_secrets, "kube-system", "soon"));
    KT_TRUE(gcw_there(w, gcw_secrets, "kube-system", "never"));
    KT_TRUE(gcw_there(w, gcw_secrets, "kube-system", "opaque"));
    KT_TRUE(gcw_there(w, gcw_secrets, "default", "elsewhere"));
    world_free(w);
    w = world_new("*", NULL, NULL); /* off by default, as upstream */
    token(w, "kube-system", "past", type, "2020-01-01T00:00:00Z");
    world_run(w, MINUTE);
    KT_TRUE(gcw_there(w, gcw_secrets, "kube-system", "past"));
    world_free(w);
}

/* ---- volumes ---- */

static const struct cleat_gvr claims = {"", "v1", "persistentvolumeclaims"};
static const struct cleat_gvr volumes = {"", "v1", "persistentvolumes"};

static void claim(struct world *w, const char *name) {
    free(gcw_make(
        w, claims, "default", name, NULL,
        "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":"
        "\"1Gi\"}}}"));
}

static void user(struct world *w, const char *name, const char *node, const char *of) {
    CLEAT_AUTO_FREE char *rest =
        cleat_sprintf("\"spec\":{%s\"containers\":[{\"name\":\"c\",\"image\":\"i\"}],\"volumes\":[{"
                      "\"name\":\"v\","
                      "\"persistentVolumeClaim\":{\"claimName\":\"%s\"}}]}",
                      node, of);
    free(gcw_make(w, gcw_pods, "default", name, NULL, rest));
}

static void claims_stay_while_they_are_used(void) {
    struct world *w = world_new("pvc-protection", NULL, NULL);
    claim(w, "used");
    claim(w, "free");
    claim(w, "wanted");
    user(w, "p", "\"nodeName\":\"n\",", "used");
    user(w, "q", "", "wanted"); /* never had a Node */
    world_settle(w);
    CLEAT_AUTO_FREE char *finalizers =
        gcw_json(w, claims, "default", "used", CLEAT_PATH("metadata", "finalizers"));
    KT_EQ_STR(finalizers, "[\"kubernetes.io/pvc-protection\"]");
    gcw_delete(w, claims, "default", "used", CLEAT_PROPAGATE_DEFAULT);
    gcw_delete(w, claims, "default", "free", CLEAT_PROPAGATE_DEFAULT);
    gcw_delete(w, claims, "default", "wanted", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, MINUTE);
    KT_TRUE(gcw_ending(w, claims, "default", "used"));
    KT_TRUE(!gcw_there(w, claims, "default", "free"));
    KT_TRUE(!gcw_there(w, claims, "default", "wanted"));
    /* One that is through still has it mounted, for all we know. */
    set_status(w, gcw_pods, "default", "p", "status", "{\"status\":{\"phase\":\"Succeeded\"}}");
    world_run(w, MINUTE);
    KT_TRUE(gcw_ending(w, claims, "default", "used"));
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_delete_opts now = {.struct_size = sizeof now, .grace_period_seconds = 0};
    struct cleat_key key = {CLEAT_STR("default"), CLEAT_STR("p")};
    KT_OK(cleat_client_api.remove(w->client, NULL, gcw_pods, key, &now, NULL, &e), &e);
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, claims, "default", "used"));
    world_free(w);
}

/* A claim that was made for a pod belongs to it. Where the pod is deleted in the foreground and
 * its Node has no more to do with it, it waits for the claim: that must not wait for the pod. */
static void claims_of_a_pods_own(void) {
    struct world *w = world_new("pvc-protection,garbagecollector", NULL, NULL);
    static const char rest[] =
        "\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}],"
        "\"volumes\":[{\"name\":\"v\",\"ephemeral\":{\"volumeClaimTemplate\":{\"spec\":{"
        "\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1Gi\"}}}}}}"
        "]}";
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_FREE char *uid = gcw_make(w, gcw_pods, "default", "p", NULL, rest);
    CLEAT_AUTO_FREE char *owners =
        gcw_owners(cleat_sprintf("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\",\"uid\":"
                                 "\"%s\",\"controller\":true,\"blockOwnerDeletion\":true}",
                                 uid),
                   NULL, NULL);
    free(gcw_make(w, claims, "default", "p-v", owners,
                  "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{"
                  "\"storage\":\"1Gi\"}}}"));
    claim(w, "q-v"); /* has the name, and belongs to nobody */
    free(gcw_make(w, gcw_pods, "default", "q", NULL, rest));
    world_run(w, CLEAT_SECOND);
    gcw_delete(w, claims, "default", "p-v", CLEAT_PROPAGATE_DEFAULT);
    gcw_delete(w, claims, "default", "q-v", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, MINUTE);
    KT_TRUE(gcw_ending(w, claims, "default", "p-v")); /* in use */
    KT_TRUE(!gcw_there(w, claims, "default", "q-v"));
    struct cleat_delete_opts now = {.struct_size = sizeof now,
                                    .grace_period_seconds = 0,
                                    .propagation = CLEAT_PROPAGATE_FOREGROUND};
    KT_OK(cleat_client_api.remove(w->client, NULL, gcw_pods,
                                  (struct cleat_key){CLEAT_STR("default"), CLEAT_STR("p")}, &now,
                                  NULL, &e),
          &e);
    world_run(w, MINUTE);
    KT_TRUE(!gcw_there(w, claims, "default", "p-v"));
    KT_TRUE(!gcw_there(w, gcw_pods, "default", "p"));
    world_free(w);
}

static void volumes_stay_while_they_are_bound(void) {
    struct world *w = world_new("pv-protection", NULL, NULL);
    free(
        gcw_make(w, volumes, "", "v", NULL,
                 "\"spec\":{\"capacity\":{\"storage\":\"1Gi\"},\"accessModes\":[\"ReadWriteOnce\"],"
                 "\"hostPath\":{\"path\":\"/x\"}}"));
    set_status(w, volumes, "", "v", "status", "{\"status\":{\"phase\":\"Bound\"}}");
    world_settle(w);
    gcw_delete(w, volumes, "", "v", CLEAT_PROPAGATE_DEFAULT);
    world_run(w, MINUTE);
    KT_TRUE(gcw_ending(w, volumes, "", "v"));
    set_status(w, volumes, "", "v", "status", "{\"status\":{\"phase\":\"Released\"}}");
    world_run(w, CLEAT_SECOND);
    KT_TRUE(!gcw_there(w, volumes, "", "v"));
    world_free(w);
}

KT_MAIN("plugin_cleaners", KT_TEST(orphans_go_after_the_quarantine),
        KT_TEST(an_orphan_has_failed_before_it_goes), KT_TEST(what_ends_without_a_node_goes),
        KT_TEST(out_of_service), KT_TEST(the_oldest_of_too_many_go), KT_TEST(leftovers_go_by_age),
        KT_TEST(leftovers_go_by_namespace_and_reason), KT_TEST(finished_jobs_go_when_they_say),
        KT_TEST(signing_requests_go_after_their_time),
        KT_TEST(signing_requests_go_with_their_certificates), KT_TEST(leases_go_after_their_nodes),
        KT_TEST(tokens_go_when_they_expire), KT_TEST(claims_stay_while_they_are_used),
        KT_TEST(claims_of_a_pods_own), KT_TEST(volumes_stay_while_they_are_bound))
