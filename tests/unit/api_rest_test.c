/* SPDX-License-Identifier: Apache-2.0 */
/* Paths, negotiation, discovery, health, and what each verb answers. */
#include "core/api/internal.h"
#include "tests/support/at.h"

#define CM_PATH "/api/v1/namespaces/default/configmaps"
#define TABLE   "Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json\r\n"

/* ---- paths ---- */

static void paths(void) {
    static const struct {
        const char *target;
        bool api;
        const char *group, *version, *ns, *resource, *name, *sub;
        bool watch;
    } good[] = {
        {"/api/v1/nodes", true, "", "v1", "", "nodes", "", NULL, false},
        {"/api/v1/nodes/a%20b/status", true, "", "v1", "", "nodes", "a b", "status", false},
        {"/api/v1/namespaces/x", true, "", "v1", "", "namespaces", "x", NULL, false},
        {"/api/v1/namespaces/x/status", true, "", "v1", "", "namespaces", "x", "status", false},
        {"/api/v1/namespaces/x/finalize", true, "", "v1", "", "namespaces", "x", "finalize", false},
        {"/api/v1/namespaces/x/pods", true, "", "v1", "x", "pods", "", NULL, false},
        {"/api/v1/namespaces/x/pods/p/log", true, "", "v1", "x", "pods", "p", "log", false},
        {"/api/v1/namespaces/x/status/s", true, "", "v1", "x", "status", "s", NULL, false},
        {"/api/v1/watch/namespaces/x/pods/p", true, "", "v1", "x", "pods", "p", NULL, true},
        {"/api/v1/watch/nodes", true, "", "v1", "", "nodes", "", NULL, true},
        {"/apis/apps/v1/namespaces/x/deployments", true, "apps", "v1", "x", "deployments", "", NULL,
         false},
        {"//apis//a.b/v1/c//", false, NULL, NULL, "", "", "", NULL, false},
        {"/apis/a.b/v1/c/", true, "a.b", "v1", "", "c", "", NULL, false},
        {"/api/v1/namespaces/x/pods/p/proxy/a/b", false, "", "v1", "", "", "", NULL, false},
        {"/api/v1", false, "", "v1", "", "", "", NULL, false},
        {"/healthz", false, NULL, NULL, "", "", "", NULL, false},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct cleat__route r;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_OK(cleat__route_parse(cleat_s(good[i].target), &r, &e), &e);
        KT_EQ_INT(r.is_api, good[i].api);
        KT_EQ_STR(r.group, good[i].group);
        KT_EQ_STR(r.version, good[i].version);
        if (good[i].api) {
            KT_EQ_S(r.ns, cleat_s(good[i].ns));
            KT_EQ_STR(r.resource, good[i].resource);
            KT_EQ_S(r.name, cleat_s(good[i].name));
            KT_EQ_STR(r.subresource, good[i].sub);
            KT_EQ_INT(r.watch_path, good[i].watch);
        }
        cleat__route_done(&r);
    }
}

static void queries(void) {
    struct cleat__route r;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat__route_parse(cleat_s("/x%2Fy?a=1&&b&c=%3d+%26&a=2&d=false&e=0&f=true&=x"), &r, &e),
          &e);
    KT_EQ_STR(r.readable, "/x/y");
    KT_EQ_INT(r.n_segments, 1);
    KT_EQ_STR(cleat__param(&r, "a"), "1");
    KT_EQ_STR(cleat__param(&r, "b"), "");
    KT_EQ_STR(cleat__param(&r, "c"), "= &");
    KT_TRUE(cleat__param(&r, "z") == NULL);
    KT_TRUE(!cleat__param_true(&r, "d") && !cleat__param_true(&r, "e") &&
            cleat__param_true(&r, "f") && cleat__param_true(&r, "b"));
    cleat__route_done(&r);
    static const char *const bad[] = {"/%", "/%4", "/%zz", "/%00", "/?a=%", "/?%00=1", "/?a=%g0"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        KT_EQ_INT(cleat__route_parse(cleat_s(bad[i]), &r, &e), CLEAT_E_BAD_REQUEST);
        cleat__route_done(&r);
    }
    CLEAT_AUTO_BUF many = {0};
    cleat_buf_puts(&many, "/?");
    for (int i = 0; i < 40; i++) {
        cleat_buf_puts(&many, "a=1&");
    }
    KT_EQ_INT(cleat__route_parse((struct cleat_str){many.p, many.n}, &r, &e), CLEAT_E_BAD_REQUEST);
    cleat__route_done(&r);
    KT_EQ_INT(cleat__route_parse(cleat_s("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q"), &r, &e),
              CLEAT_E_NOT_FOUND);
    cleat__route_done(&r);
}

/* The value of metadata.continue; "" where there is none. Owned. */
static char *continue_of(const struct at_answer *a) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (!KT_TRUE(cleat_obj_parse((struct cleat_str){a->body.p, a->body.n}, 0, &o, NULL) ==
                 CLEAT_OK)) {
        return cleat_strdup("");
    }
    return cleat_val_strdup(cleat_obj_at(o, CLEAT_PATH("metadata", "continue")));
}

/* A snapshot is not kept for ever: then a list may go on all the same, as it is by now. */
static void expired_pages(void) {
    enum { PINNED = 64 };
    struct at at;
    KT_REQUIRE(at_open(&at, NULL));
    for (int i = 0; i < 4; i++) {
        CLEAT_AUTO_FREE char *text = cleat_sprintf("{\"metadata\":{\"name\":\"c%d\"}}", i);
        KT_EQ_INT(at_call(&at, "POST", CM_PATH, text, NULL), 201);
    }
    AT_AUTO_ANSWER first = {0}, gone = {0}, rest = {0};
    KT_EQ_INT(at_call(&at, "GET", CM_PATH "?limit=1", NULL, &first), 200);
    CLEAT_AUTO_FREE char *token = continue_of(&first);
    for (int i = 0; i < PINNED + 1; i++) {
        CLEAT_AUTO_FREE char *text = cleat_sprintf("{\"metadata\":{\"name\":\"d%d\"}}", i);
        KT_EQ_INT(at_call(&at, "POST", CM_PATH, text, NULL), 201);
        KT_EQ_INT(at_call(&at, "GET", CM_PATH "?limit=1", NULL, NULL), 200);
    }
    CLEAT_AUTO_FREE char *path = cleat_sprintf(CM_PATH "?limit=500&continue=%s", token);
    KT_EQ_INT(at_call(&at, "GET", path, NULL, &gone), 410);
    KT_TRUE(at_has(&gone.body, "\"reason\":\"Expired\""));
    KT_TRUE(at_has(&gone.body, "or use the continue token in this response"));
    CLEAT_AUTO_FREE char *fresh = continue_of(&gone);
    CLEAT_AUTO_FREE char *onward = cleat_sprintf(CM_PATH "?limit=500&continue=%s", fresh);
    KT_EQ_INT(at_call(&at, "GET", onward, NULL, &rest), 200);
    KT_TRUE(!at_has(&rest.body, "\"name\":\"c0\"") && at_has(&rest.body, "\"name\":\"c1\"") &&
            at_has(&rest.body, "\"name\":\"d64\""));
    at_close(&at);
}

static void negotiation(void) {
    static const struct {
        const char *accept;
        int form;
        const char *version;
    } all[] = {
        {"", CLEAT__JSON, "v1"},
        {"*/*", CLEAT__JSON, "v1"},
        {"application/*", CLEAT__JSON, "v1"},
        {"application/json", CLEAT__JSON, "v1"},
        {"application/json;stream=watch", CLEAT__JSON, "v1"},
        {"application/vnd.kubernetes.protobuf, application/json", CLEAT__JSON, "v1"},
        {"application/json;as=Table;v=v1;g=meta.k8s.io,application/json", CLEAT__TABLE, "v1"},
        {"application/json; as=Table; g=meta.k8s.io; v=v1beta1", CLEAT__TABLE, "v1beta1"},
        {"application/json;as=Table;v=v2;g=meta.k8s.io,application/json", CLEAT__JSON, "v1"},
        {"application/json;as=Table;v=v1;g=other,application/json", CLEAT__JSON, "v1"},
        {"application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", CLEAT__PARTIAL, "v1"},
        {"application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", CLEAT__PARTIAL_LIST,
         "v1"},
        {"application/vnd.kubernetes.protobuf", CLEAT__NONE, "v1"},
        {"text/html,,;", CLEAT__NONE, "v1"},
        {"application/jsonx", CLEAT__NONE, "v1"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct cleat__accept a = cleat__negotiate(cleat_s(all[i].accept));
        KT_EQ_INT(a.form, all[i].form);
        KT_EQ_STR(a.version, all[i].version);
    }
    KT_EQ_S(cleat__media_type(cleat_s(" application/json ; charset=utf-8")),
            cleat_s("application/json"));
}

/* ---- documents ---- */

static void discovery(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    static const char v2[] =
        "Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"
        "application/json\r\n";
    KT_EQ_INT(at_ask(&c, "GET", "/api", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "\"kind\":\"APIVersions\"") && at_has(&a.body, "[\"v1\"]"));
    KT_EQ_INT(at_ask(&c, "GET", "/apis", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "\"name\":\"coordination.k8s.io\"") &&
            at_has(&a.body, "\"groupVersion\":\"coordination.k8s.io/v1\""));
    KT_EQ_INT(at_ask(&c, "GET", "/apis/coordination.k8s.io", NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "\"name\":\"nodes/status\"") &&
            at_has(&a.body, "\"shortNames\":[\"no\"]") &&
            at_has(&a.body, "\"singularName\":\"node\""));
    KT_EQ_INT(at_ask(&c, "GET", "/apis", v2, NULL, &a), 200);
    KT_TRUE(
        at_has(&a.head, "Content-Type: application/json;g=apidiscovery.k8s.io;v=v2;"
                        "as=APIGroupDiscoveryList\r\n") &&
        at_has(&a.head, "Vary: Accept") &&
        at_has(&a.body, "\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"Lease\"}") &&
        at_has(&a.body, "\"scope\":\"Namespaced\""));
    const char *tag = strstr(a.head.p, "ETag: ");
    KT_REQUIRE(tag != NULL);
    CLEAT_AUTO_FREE char *known =
        cleat_sprintf("%sIf-None-Match: %.*s\r\n", v2, (int)strcspn(tag + 6, "\r"), tag + 6);
    KT_EQ_INT(at_ask(&c, "GET", "/apis", known, NULL, &a), 304);
    KT_EQ_INT(a.body.n, 0);
    KT_EQ_INT(at_ask(&c, "GET", "/apis/nope", NULL, NULL, &a), 404);
    KT_EQ_INT(at_ask(&c, "GET", "/apis/coordination.k8s.io/v9", NULL, NULL, &a), 404);
    KT_EQ_INT(at_ask(&c, "GET", "/openapi/v3", NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "GET", "/openapi/v2",
                     "Accept: application/com.github.proto-openapi.spec.v2@v1.0+protobuf\r\n", NULL,
                     &a),
              200);
    KT_TRUE(a.body.n > 2 && a.body.p[0] == 0x0a && memcmp(a.body.p + 2, "2.0", 3) == 0);
    at_disconnect(&c);
    at_close(&at);
}

static bool sick(void *userdata) {
    return !atomic_load((_Atomic bool *)userdata);
}

static void health(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    _Atomic bool ill = false;
    KT_REQUIRE(at_open(&at, NULL));
    cleat_api_add_check(at.api, "extra", sick, &ill);
    KT_REQUIRE(at_connect(&at, &c, AT_PLAIN));
    KT_EQ_INT(at_ask(&c, "GET", "/readyz", NULL, NULL, &a), 200);
    KT_EQ_S(((struct cleat_str){a.body.p, a.body.n}), cleat_s("ok"));
    KT_EQ_INT(at_ask(&c, "GET", "/livez?verbose", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "[+]ping ok\n") && at_has(&a.body, "[+]extra ok\n") &&
            at_has(&a.body, "livez check passed\n"));
    ill = true;
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", NULL, NULL, &a), 500);
    KT_TRUE(at_has(&a.body, "[-]extra failed: reason withheld\n") &&
            at_has(&a.body, "healthz check failed\n"));
    KT_EQ_INT(at_ask(&c, "GET", "/healthz?exclude=extra", NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "GET", "/healthz/extra", NULL, NULL, &a), 500);
    KT_EQ_INT(at_ask(&c, "GET", "/healthz/ping", NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "GET", "/healthz/nope", NULL, NULL, &a), 404);
    KT_EQ_INT(at_ask(&c, "GET", "/version", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "\"minor\": \"35\"") &&
            at_has(&a.body, "\"gitVersion\": \"v1.35.0+cleat"));
    KT_EQ_INT(at_ask(&c, "POST", "/version", NULL, "{}", &a), 405);
    KT_EQ_INT(at_ask(&c, "BREW", "/version", NULL, NULL, &a), 405);
    KT_EQ_INT(at_ask(&c, "GET", "/nope", NULL, NULL, &a), 404);
    KT_TRUE(at_has(&a.body, "the server could not find the requested resource"));
    at_disconnect(&c);
    at_close(&at);
}

/* ---- verbs ---- */

static void verbs(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    static const char merge[] = "Content-Type: application/merge-patch+json\r\n";
    static const char ops[] = "Content-Type: application/json-patch+json; charset=utf-8\r\n";
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    static const char doc[] = "{\"metadata\":{\"name\":\"a\"},\"data\":{\"x\":\"1\"}}";
    KT_EQ_INT(at_ask(&c, "POST", CM_PATH "?dryRun=All", NULL, doc, &a), 201);
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH "/a", NULL, NULL, &a), 404);
    KT_TRUE(at_has(&a.body, "configmaps \\\"a\\\" not found"));
    KT_EQ_INT(at_ask(&c, "POST", CM_PATH, NULL, doc, &a), 201);
    KT_EQ_INT(at_ask(&c, "POST", CM_PATH, NULL, doc, &a), 409);
    KT_EQ_INT(at_ask(&c, "PATCH", CM_PATH "/a", merge, "{\"data\":{\"y\":\"2\"}}", &a), 200);
    KT_TRUE(at_has(&a.body, "\"data\":{\"x\":\"1\",\"y\":\"2\"}"));
    KT_EQ_INT(
        at_ask(&c, "PATCH", CM_PATH "/a", ops, "[{\"op\":\"remove\",\"path\":\"/data/x\"}]", &a),
        200);
    KT_TRUE(at_has(&a.body, "\"data\":{\"y\":\"2\"}"));
    KT_EQ_INT(at_ask(&c, "PUT", CM_PATH "/a", TABLE, doc, &a), 200);
    KT_TRUE(at_has(&a.body, "\"kind\":\"Table\""));
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH "?limit=1", TABLE, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "\"rows\":[{\"cells\":[\"a\",1,"));
    KT_EQ_INT(at_ask(&c, "DELETE", CM_PATH "/a", NULL,
                     "{\"preconditions\":{\"uid\":\"00000000-0000-0000-0000-000000000000\"}}", &a),
              409);
    KT_EQ_INT(at_ask(&c, "DELETE", CM_PATH "/a?propagationPolicy=Background", NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "\"status\":\"Success\"") &&
            at_has(&a.body, "\"kind\":\"configmaps\""));
    KT_EQ_INT(at_ask(&c, "POST", CM_PATH, NULL, "{\"metadata\":{\"generateName\":\"g-\"}}", &a),
              201);
    KT_EQ_INT(at_ask(&c, "DELETE", CM_PATH, NULL, NULL, &a), 200);
    KT_EQ_INT(at_ask(&c, "GET", CM_PATH, NULL, NULL, &a), 200);
    KT_TRUE(at_has(&a.body, "\"items\":[]}"));
    at_disconnect(&c);
    at_close(&at);
}

static void refusals(void) {
    static const struct {
        const char *method, *path, *extra, *body;
        int status;
    } all[] = {
        {"POST", CM_PATH, "Content-Type: application/yaml\r\n", "a: b", 422},
        {"POST", CM_PATH, "Content-Type: application/yaml\r\n", "a: [", 400},
        {"POST", CM_PATH, "Content-Type: application/toml\r\n", "a: b", 415},
        {"POST", CM_PATH, NULL, "[1]", 400},
        {"POST", CM_PATH, NULL, "{\"a\":", 400},
        {"POST", CM_PATH, NULL, "", 400},
        {"POST", CM_PATH "?dryRun=Some", NULL, "{\"metadata\":{\"name\":\"x\"}}", 422},
        {"POST", CM_PATH "?fieldValidation=Strict", NULL,
         "{\"metadata\":{\"name\":\"x\"},\"data\":{\"k\":\"1\",\"k\":\"2\"}}", 400},
        {"POST", CM_PATH "/x", NULL, "{}", 405},
        {"PUT", CM_PATH, NULL, "{}", 405},
        {"PATCH", CM_PATH, NULL, "{}", 405},
        {"PATCH", CM_PATH "/x", "Content-Type: application/json\r\n", "{}", 415},
        {"PATCH", CM_PATH "/x", "Content-Type: application/apply-patch+yaml\r\n", "{}", 422},
        {"POST", "/api/v1/configmaps", NULL, "{\"metadata\":{\"name\":\"x\"}}", 405},
        {"POST", "/api/v1/watch/nodes", NULL, "{}", 405},
        {"DELETE", CM_PATH "/x?gracePeriodSeconds=soon", NULL, NULL, 400},
        {"DELETE", CM_PATH "/x?propagationPolicy=Never", NULL, NULL, 422},
        {"DELETE", CM_PATH "/x", NULL,
         "{\"propagationPolicy\":\"Orphan\",\"orphanDependents\":true}", 422},
        {"DELETE", CM_PATH "/x", NULL, "{\"dryRun\":[\"No\"]}", 422},
        {"DELETE", CM_PATH "/x", NULL, "{\"preconditions\":{\"resourceVersion\":\"x\"}}", 400},
        {"DELETE", CM_PATH "/x", "Content-Type: text/plain\r\n", "{}", 415},
        {"GET", CM_PATH, "Accept: text/html\r\n", NULL, 406},
        {"DELETE", "/api/v1/namespaces", NULL, NULL, 405},
        {"GET", CM_PATH "?limit=x", NULL, NULL, 400},
        {"GET", CM_PATH "?sendInitialEvents=true", NULL, NULL, 422},
        {"GET", CM_PATH "/x/status", NULL, NULL, 404},
        {"GET", "/api/v1/namespaces/default/nodes/x", NULL, NULL, 404},
        {"GET", "/api/v1/nonsense", NULL, NULL, 404},
        {"GET", "/api/v1/%zz", NULL, NULL, 400},
    };
    struct at at;
    struct at_conn c;
    KT_REQUIRE(at_open(&at, NULL) && at_connect(&at, &c, AT_PLAIN));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        AT_AUTO_ANSWER a = {0};
        int got = at_ask(&c, all[i].method, all[i].path, all[i].extra, all[i].body, &a);
        if (got != all[i].status) {
            fprintf(stderr, "%s %s: %.*s\n", all[i].method, all[i].path, (int)a.body.n, a.body.p);
        }
        KT_EQ_INT(got, all[i].status);
        KT_TRUE(at_has(&a.body, "\"kind\":\"Status\""));
    }
    at_disconnect(&c);
    at_close(&at);
}

static void metrics(void) {
    struct at at;
    AT_AUTO_ANSWER a = {0};
    for (int i = 0; i < 2; i++) { /* gauges do not outlive their server */
        KT_REQUIRE(at_open(&at, NULL));
        KT_EQ_INT(at_call(&at, "GET", "/api/v1/nodes", NULL, NULL), 200);
        KT_EQ_INT(at_call(&at, "GET", "/metrics", NULL, &a), 200);
        KT_TRUE(at_has(&a.body,
                       "apiserver_request_total{verb=\"LIST\",group=\"\",version=\"v1\",resource="
                       "\"nodes\",subresource=\"\",scope=\"cluster\",code=\"200\"}") &&
                at_has(&a.body, "apiserver_request_duration_seconds_bucket{verb=\"LIST\"") &&
                at_has(&a.body, "process_resident_memory_bytes ") &&
                at_has(&a.body, "apiserver_storage_objects{group=\"\",resource=\"namespaces\"} 4"));
        at_close(&at);
    }
}

KT_MAIN("api_rest", KT_TEST(paths), KT_TEST(queries), KT_TEST(expired_pages), KT_TEST(negotiation),
        KT_TEST(discovery), KT_TEST(health), KT_TEST(verbs), KT_TEST(refusals), KT_TEST(metrics))
