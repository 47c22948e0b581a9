/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of service accounts and bootstrap tokens: made, known, and no longer good. */
#include "core/auth/internal.h"
#include "tests/support/rt.h"

struct fixture {
    struct rt rt;
    cleat_auth *auth;
    char *token; /* the last one */
};

static bool open_with(struct fixture *f, const struct cleat_auth_opts *opts) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    memset(f, 0, sizeof *f);
    rt_open(&f->rt);
    return KT_OK(cleat_auth_new(f->rt.registry, opts, &f->auth, &e), &e) &&
           KT_OK(rt_create(&f->rt, "serviceaccounts", "default",
                           "{\"metadata\":{\"name\":\"robot\"}}"),
                 &e);
}

static bool open_fixture(struct fixture *f) {
    const struct cleat_auth_opts opts = {.always_allow = false};
    return open_with(f, &opts);
}

static void close_fixture(struct fixture *f) {
    free(f->token);
    cleat_auth_free(f->auth);
    rt_close(&f->rt);
}

/* TokenRequest for default/robot with this spec; the token stays in f. */
static cleat_err request(struct fixture *f, const char *account, const char *spec,
                         struct cleat_error *e) {
    CLEAT_AUTO_FREE char *json = cleat_sprintf("{\"spec\":%s}", spec);
    cleat_request req = {.registry = f->rt.registry,
                         .verb = CLEAT_VERB_CREATE,
                         .kind = rt_kind(&f->rt, "serviceaccounts"),
                         .subresource = "token",
                         .ns = CLEAT_STR("default"),
                         .name = cleat_s(account),
                         .user = &rt_admin};
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &req.body, e), e);
    cleat_err err = cleat_request_wait(&req, NULL);
    *e = req.error;
    if (err == CLEAT_OK) {
        free(f->token);
        f->token = cleat_val_strdup(cleat_obj_at(req.result, CLEAT_PATH("status", "token")));
    }
    cleat_request_done(&req);
    return err;
}

static bool known(struct fixture *f, const char *token) {
    struct cleat__identity *id = cleat_auth_token(f->auth, cleat_s(token));
    bool yes = id != NULL;
    cleat__identity_unref(id);
    return yes;
}

static void identity(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    KT_REQUIRE_OK(request(&f, "robot", "{}", &e), &e);
    struct cleat__identity *id = cleat_auth_token(f.auth, cleat_s(f.token));
    KT_REQUIRE(id != NULL);
    KT_EQ_STR(id->user.name, "system:serviceaccount:default:robot");
    KT_EQ_INT(id->n_groups, 3);
    KT_EQ_STR(id->user.groups[0], "system:serviceaccounts");
    KT_EQ_STR(id->user.groups[1], "system:serviceaccounts:default");
    KT_EQ_STR(id->user.groups[2], "system:authenticated");
    KT_EQ_STR(id->user.extra[0].key, "authentication.kubernetes.io/credential-id");
    KT_TRUE(strncmp(id->user.extra[0].values[0], "JTI=", 4) == 0);
    rt_get(&f.rt, "serviceaccounts", "default/robot");
    KT_EQ_S(cleat_s(id->user.uid), cleat_obj_uid(f.rt.req.result));
    /* The second time no signature is checked: it is the same identity. */
    struct cleat__identity *again = cleat_auth_token(f.auth, cleat_s(f.token));
    KT_TRUE(again == id);
    cleat__identity_unref(again);
    KT_TRUE(cleat_auth_still(f.auth, id));
    cleat_clock_advance(3600 * CLEAT_SECOND);
    KT_TRUE(cleat_auth_still(f.auth, id)); /* a minute of leeway, as upstream */
    cleat_clock_advance(61 * CLEAT_SECOND);
    KT_TRUE(!cleat_auth_still(f.auth, id));
    KT_TRUE(!known(&f, f.token));
    cleat__identity_unref(id);
    close_fixture(&f);
}

/* A changed byte anywhere, another algorithm, none at all. */
static void forgeries(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    KT_REQUIRE_OK(request(&f, "robot", "{}", &e), &e);
    size_t n = strlen(f.token), passed = 0;
    for (size_t i = 0; i < n; i++) {
        CLEAT_AUTO_FREE char *bad = cleat_strdup(f.token);
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        passed += known(&f, bad);
        bad[i] = '\0';
        passed += known(&f, bad);
    }
    KT_EQ_INT(passed, 0);
    const char *dot = strchr(f.token, '.');
    static const char *const heads[] = {
        "{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{\"alg\":\"RS256\"}", "{}", "[]",
        "{\"alg\":5}"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        CLEAT_AUTO_BUF t = {0};
        cleat_base64url(cleat_s(heads[i]), &t);
        cleat_buf_puts(&t, dot);
        KT_TRUE(!known(&f, t.p));
        t.n = (size_t)(strrchr(t.p, '.') + 1 - t.p);
        t.p[t.n] = '\0';
        KT_TRUE(!known(&f, t.p));
    }
    /* Of another cluster's key. */
    struct cleat__keys other = {NULL, 0};
    KT_OK(cleat__keys_make(&other, NULL, &e), &e);
    CLEAT_AUTO_FREE char *foreign = cleat__jwt_sign(
        &other, CLEAT_STR("{\"iss\":\"https://kubernetes.default.svc.cluster.local\"}"));
    KT_TRUE(!known(&f, foreign));
    cleat__keys_done(&other);
    close_fixture(&f);
}

static void ends_with_what_it_is_bound_to(void) {
    static const struct {
        const char *resource, *json, *kind, *extra;
    } cases[] = {
        {"pods",
         "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"serviceAccountName\":\"robot\",\"containers\":"
         "[{\"name\":\"c\",\"image\":\"i\"}]}}",
         "Pod", "authentication.kubernetes.io/pod-name"},
        {"secrets", "{\"metadata\":{\"name\":\"b\"}}", "Secret", NULL},
        {"nodes", "{\"metadata\":{\"name\":\"b\"}}", "Node",
         "authentication.kubernetes.io/node-name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_REQUIRE(open_fixture(&f));
        bool node = strcmp(cases[i].resource, "nodes") == 0;
        CLEAT_AUTO_FREE char *spec = cleat_sprintf(
            "{\"boundObjectRef\":{\"apiVersion\":\"v1\",\"kind\":\"%s\",\"name\":\"b\"}}",
            cases[i].kind);
        KT_EQ_INT(request(&f, "robot", spec, &e), CLEAT_E_NOT_FOUND);
        KT_OK(rt_create(&f.rt, cases[i].resource, node ? "" : "default", cases[i].json),
              &f.rt.req.error);
        KT_REQUIRE_OK(request(&f, "robot", spec, &e), &e);
        struct cleat__identity *id = cleat_auth_token(f.auth, cleat_s(f.token));
        KT_REQUIRE(id != NULL);
        KT_TRUE(cases[i].extra == NULL || strcmp(id->user.extra[1].key, cases[i].extra) == 0);
        const struct cleat_delete_opts now = {.struct_size = sizeof now};
        KT_OK(rt_delete(&f.rt, cases[i].resource, node ? "b" : "default/b", &now), &f.rt.req.error);
        KT_TRUE(!cleat_auth_still(f.auth, id));
        KT_TRUE(!known(&f, f.token));
        /* Another one of the same name does not revive it. */
        KT_OK(rt_create(&f.rt, cases[i].resource, node ? "" : "default", cases[i].json),
              &f.rt.req.error);
        KT_TRUE(!known(&f, f.token));
        cleat__identity_unref(id);
        close_fixture(&f);
    }
}

static void ends_with_its_account(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    KT_REQUIRE_OK(request(&f, "robot", "{}", &e), &e);
    KT_TRUE(known(&f, f.token));
    KT_OK(rt_delete(&f.rt, "serviceaccounts", "default/robot", NULL), &e);
    KT_TRUE(!known(&f, f.token));
    KT_OK(rt_create(&f.rt, "serviceaccounts", "default", "{\"metadata\":{\"name\":\"robot\"}}"),
          &e);
    KT_TRUE(!known(&f, f.token));
    close_fixture(&f);
}

static void refusals(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    static const struct {
        const char *account, *spec;
        int code;
        const char *message;
    } cases[] = {
        {"nobody", "{}", 404, "serviceaccounts \"nobody\" not found"},
        {"robot", "{\"expirationSeconds\":5}", 422,
         "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid "
         "value: 5: may not specify a duration less than 10 minutes"},
        {"robot", "{\"expirationSeconds\":4294967297}", 422,
         "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid "
         "value: 4294967297: may not specify a duration larger than 2^32 seconds"},
        {"robot",
         "{\"boundObjectRef\":{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"name\":\"x\"}}", 400,
         "cannot bind token to object of type /v1, Kind=ConfigMap"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        KT_EQ_INT(cleat_err_http(request(&f, cases[i].account, cases[i].spec, &e)), cases[i].code);
        KT_EQ_STR(e.message, cases[i].message);
    }
    close_fixture(&f);
}

static void audiences(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    const struct cleat_auth_opts opts = {.issuer = "https://x", .api_audiences = "api,other"};
    KT_REQUIRE(open_with(&f, &opts));
    KT_REQUIRE_OK(request(&f, "robot", "{\"audiences\":[\"vault\"]}", &e), &e);
    KT_TRUE(!known(&f, f.token));
    static const char *const vault[] = {"vault", NULL};
    struct cleat__identity *id = cleat__token_identity(f.auth, cleat_s(f.token), vault);
    KT_TRUE(id != NULL);
    cleat__identity_unref(id);
    KT_REQUIRE_OK(request(&f, "robot", "{\"audiences\":[\"vault\",\"other\"]}", &e), &e);
    KT_TRUE(known(&f, f.token));
    /* TokenReview tells for which of the asked ones it is. */
    CLEAT_AUTO_FREE char *review = cleat_sprintf(
        "{\"spec\":{\"token\":\"%s\",\"audiences\":[\"vault\",\"nobody\"]}}", f.token);
    KT_OK(rt_create(&f.rt, "tokenreviews", "", review), &f.rt.req.error);
    KT_EQ_S(rt_at(&f.rt, CLEAT_PATH("status", "authenticated")), cleat_s("true"));
    KT_EQ_S(rt_at(&f.rt, CLEAT_PATH("status", "audiences")), cleat_s("[\"vault\"]"));
    KT_OK(rt_create(&f.rt, "tokenreviews", "", "{\"spec\":{\"token\":\"x\"}}"), &e);
    KT_EQ_S(rt_at(&f.rt, CLEAT_PATH("status", "error")), cleat_s("invalid bearer token"));
    KT_EQ_INT(rt_create(&f.rt, "tokenreviews", "", "{\"spec\":{}}"), CLEAT_E_BAD_REQUEST);
    close_fixture(&f);
}

static void secrets(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    cleat_auth_ca(f.auth, "the CA");
    KT_OK(rt_create(&f.rt, "secrets", "default",
                    "{\"metadata\":{\"name\":\"t\",\"annotations\":{\"kubernetes.io/"
                    "service-account.name\":\"robot\"}},\"type\":\"kubernetes.io/"
                    "service-account-token\"}"),
          &f.rt.req.error);
    CLEAT_AUTO_BUF token = {0};
    CLEAT_AUTO_BUF ca = {0};
    KT_TRUE(cleat_base64_decode(rt_at(&f.rt, CLEAT_PATH("data", "token")), &token));
    KT_TRUE(cleat_base64_decode(rt_at(&f.rt, CLEAT_PATH("data", "ca.crt")), &ca));
    KT_EQ_STR(ca.p, "the CA");
    KT_TRUE(known(&f, token.p));
    KT_OK(rt_delete(&f.rt, "secrets", "default/t", NULL), &e);
    KT_TRUE(!known(&f, token.p));
    /* Another Secret of that name does not revive it. */
    KT_OK(rt_create(&f.rt, "secrets", "default",
                    "{\"metadata\":{\"name\":\"t\"},\"data\":{\"token\":\"eA==\"}}"),
          &f.rt.req.error);
    KT_TRUE(!known(&f, token.p));
    close_fixture(&f);
}

/* base64 of the text as JSON */
static char *data(const char *text) {
    struct cleat_buf out = {0};
    cleat_base64(cleat_s(text), &out);
    return cleat_buf_take(&out);
}

static void bootstrap_tokens(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_fixture(&f));
    CLEAT_AUTO_FREE char *id = data("abcdef");
    CLEAT_AUTO_FREE char *secret = data("0123456789abcdef");
    CLEAT_AUTO_FREE char *yes = data("true");
    CLEAT_AUTO_FREE char *end = data("2026-01-02T04:00:00Z");
    CLEAT_AUTO_FREE char *groups = data("system:bootstrappers:kubeadm");
    CLEAT_AUTO_FREE char *json = cleat_sprintf(
        "{\"metadata\":{\"name\":\"bootstrap-token-abcdef\"},\"type\":\"bootstrap.kubernetes.io/"
        "token\",\"data\":{\"token-id\":\"%s\",\"token-secret\":\"%s\",\"expiration\":\"%s\","
        "\"usage-bootstrap-authentication\":\"%s\",\"auth-extra-groups\":\"%s\"}}",
        id, secret, end, yes, groups);
    KT_OK(rt_create(&f.rt, "secrets", "kube-system", json), &f.rt.req.error);
    struct cleat__identity *who = cleat_auth_token(f.auth, CLEAT_STR("abcdef.0123456789abcdef"));
    KT_REQUIRE(who != NULL);
    KT_EQ_STR(who->user.name, "system:bootstrap:abcdef");
    KT_EQ_STR(who->user.groups[0], "system:bootstrappers");
    KT_EQ_STR(who->user.groups[1], "system:bootstrappers:kubeadm");
    cleat__identity_unref(who);
    KT_TRUE(!known(&f, "abcdef.0123456789abcdeg"));
    KT_TRUE(!known(&f, "abcdeg.0123456789abcdef"));
    KT_TRUE(!known(&f, "abcdef.0123456789abcde"));
    cleat_clock_advance(3600 * CLEAT_SECOND);
    KT_TRUE(!known(&f, "abcdef.0123456789abcdef"));
    KT_OK(rt_patch(&f.rt, "secrets", "kube-system/bootstrap-token-abcdef", CLEAT_PATCH_MERGE,
                   "{\"data\":{\"expiration\":null}}"),
          &e);
    KT_TRUE(known(&f, "abcdef.0123456789abcdef"));
    KT_OK(rt_patch(&f.rt, "secrets", "kube-system/bootstrap-token-abcdef", CLEAT_PATCH_MERGE,
                   "{\"data\":{\"auth-extra-groups\":\"c3lzdGVtOm1hc3RlcnM=\"}}"),
          &e); /* system:masters */
    KT_TRUE(!known(&f, "abcdef.0123456789abcdef"));
    close_fixture(&f);
}

static void keys_are_kept(void) {
    struct fixture f;
    struct cleat_error e = CLEAT_ERROR_INIT;
    char *dir = kt_tmpdir();
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/k.pem", dir);
    struct cleat__keys made = {NULL, 0}, read = {NULL, 0};
    KT_OK(cleat__keys_make(&made, path, &e), &e);
    KT_OK(cleat__keys_load(&read, path, &e), &e);
    CLEAT_AUTO_BUF a = {0};
    CLEAT_AUTO_BUF b = {0};
    cleat__keys_jwks(&made, &a);
    cleat__keys_jwks(&read, &b);
    KT_EQ_STR(a.p, b.p);
    KT_TRUE(strstr(a.p, "\"kty\":\"EC\"") != NULL && strstr(a.p, "\"crv\":\"P-256\"") != NULL);
    KT_EQ_INT(cleat__keys_load(&read, "/nowhere", &e), CLEAT_E_IO);
    /* A token of an old key is good while that key is among those that verify. */
    const struct cleat_auth_opts old = {.signing_key_file = path};
    KT_REQUIRE(open_with(&f, &old));
    KT_REQUIRE_OK(request(&f, "robot", "{}", &e), &e);
    KT_TRUE(strstr(cleat_auth_document(f.auth, "/openid/v1/jwks"), made.v[0].id) != NULL);
    KT_EQ_STR(cleat_auth_document(f.auth, "/.well-known/openid-configuration"),
              "{\"issuer\":\"https://kubernetes.default.svc.cluster.local\",\"jwks_uri\":"
              "\"https://kubernetes.default.svc.cluster.local/openid/v1/jwks\","
              "\"response_types_supported\":[\"id_token\"],\"subject_types_supported\":[\"public\"]"
              ",\"id_token_signing_alg_values_supported\":[\"ES256\"]}");
    cleat_auth_free(f.auth);
    const struct cleat_auth_opts neither = {.always_allow = false}, both = {.key_files = path};
    KT_OK(cleat_auth_new(f.rt.registry, &neither, &f.auth, &e), &e);
    KT_TRUE(!known(&f, f.token));
    cleat_auth_free(f.auth);
    KT_OK(cleat_auth_new(f.rt.registry, &both, &f.auth, &e), &e);
    KT_TRUE(known(&f, f.token));
    close_fixture(&f);
    cleat__keys_done(&made);
    cleat__keys_done(&read);
    kt_rmdir(dir);
}

KT_MAIN("auth_token", KT_TEST(identity), KT_TEST(forgeries), KT_TEST(ends_with_what_it_is_bound_to),
        KT_TEST(ends_with_its_account), KT_TEST(refusals), KT_TEST(audiences), KT_TEST(secrets),
        KT_TEST(bootstrap_tokens), KT_TEST(keys_are_kept))
