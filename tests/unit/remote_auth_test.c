/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom the transport trusts and who it is there: certificates and their faults, tokens that
 * change, programs that log in, impersonation, proxies, kubeconfig files and their mistakes.
 */
#include "core/remote/config.h"
#include "tests/support/at.h"
#include "tests/support/far.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct cleat_gvr configmaps = {"", "v1", "configmaps"};

static struct {
    char *dir;
    struct far far;
    struct cleat_transport *transport;
    pthread_mutex_t mutex;
    struct cleat_buf head; /* of the last request */
    char *want;            /* a request without this is answered 401 */
} t = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void serve(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    while (far_request(c, &head, NULL)) {
        bool welcome;
        {
            CLEAT_LOCKED(&t.mutex);
            t.head.n = 0;
            cleat_buf_add(&t.head, head.p, head.n);
            welcome = t.want == NULL || far_has(&head, t.want);
        }
        if (welcome) {
            far_answer(c, 200, NULL, "{\"kind\":\"Ok\"}");
        } else {
            far_status(c, 401, "Unauthorized", "Unauthorized");
        }
    }
}

static bool asked(const char *text) {
    CLEAT_LOCKED(&t.mutex);
    bool has = far_has(&t.head, text);
    if (!has) {
        fprintf(stderr, "%s    has no %s\n", t.head.p != NULL ? t.head.p : "", text);
    }
    return has;
}

static void want(const char *text) {
    CLEAT_LOCKED(&t.mutex);
    free(t.want);
    t.want = cleat_strdup(text);
}

static void put_file(const char *name, const char *text, int mode) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/%s", t.dir, name);
    CLEAT_AUTO_FREE char *tmp = cleat_sprintf("%s.new", path);
    FILE *f = fopen(tmp, "we");
    cleat_assert(f != NULL && fputs(text, f) >= 0);
    fclose(f);
    chmod(tmp, (mode_t)mode);
    cleat_assert(rename(tmp, path) == 0);
}

static cleat_err ask_with(struct cleat_remote_opts o, struct cleat_error *e) {
    struct cleat_transport *tr = NULL;
    o.timeout = 20 * CLEAT_SECOND;
    CLEAT_TRY(cleat_transport_remote(&o, &tr, e));
    cleat_err err = cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, e);
    tr->ops->free(tr);
    return err;
}

/* A kubeconfig with these members of cluster and user; what is asked with it. */
static char *kubeconfig(const char *cluster, const char *user) {
    CLEAT_AUTO_FREE char *url = far_url(&t.far);
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
        "contexts: [{name: c, context: {cluster: k, user: u, namespace: ns1}}]\n"
        "clusters: [{name: k, cluster: {server: \"%s\"%s%s}}]\nusers: [{name: u, user: {%s}}]\n",
        url, *cluster != '\0' ? ", " : "", cluster, user);
    put_file("config", text, 0600);
    return cleat_sprintf("%s/config", t.dir);
}

static cleat_err ask(const char *cluster, const char *user, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *file = kubeconfig(cluster, user);
    return ask_with((struct cleat_remote_opts){.kubeconfig = file}, e);
}

static bool up(const char *cert) {
    t.dir = kt_tmpdir();
    t.far = (struct far){0};
    SSL_CTX *tls = NULL;
    if (cert != NULL) {
        bool ok = far_cert(t.dir, "ca", NULL, NULL, 86400) &&
                  far_cert(t.dir, "other-ca", NULL, NULL, 86400) &&
                  far_cert(t.dir, "good", "DNS:api.test.dev,IP:127.0.0.1", "ca", 86400) &&
                  far_cert(t.dir, "elsewhere", "DNS:elsewhere.test.dev", "ca", 86400) &&
                  far_cert(t.dir, "expired", "IP:127.0.0.1", "ca", -60) &&
                  far_cert(t.dir, "client", "DNS:client", "ca", 86400) &&
                  far_cert(t.dir, "client2", "DNS:client2", "ca", 86400);
        if (!ok) {
            return false;
        }
        tls = far_tls(t.dir, cert, false);
    }
    return far_open(&t.far, serve, NULL, tls);
}

static void down(void) {
    far_close(&t.far);
    want(NULL);
    kt_rmdir(t.dir);
}

/* ---- certificates ---- */

static void certificates(void) {
    static const struct {
        const char *cert, *cluster, *why; /* why NULL: it is accepted */
    } cases[] = {
        {"good", "certificate-authority: ca.crt", NULL},
        {"good", "certificate-authority: other-ca.crt", "certificate"},
        {"good", "", "certificate"},
        {"good", "insecure-skip-tls-verify: true", NULL},
        {"good", "certificate-authority: ca.crt, tls-server-name: api.test.dev", NULL},
        {"good", "certificate-authority: ca.crt, tls-server-name: api2.test.dev", "mismatch"},
        {"elsewhere", "certificate-authority: ca.crt", "mismatch"},
        {"elsewhere", "certificate-authority: ca.crt, tls-server-name: elsewhere.test.dev", NULL},
        {"expired", "certificate-authority: ca.crt", "expired"},
        {"good", "certificate-authority: missing.crt", "missing.crt"},
        {"good", "certificate-authority: good.key", "certificate authority"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_REQUIRE(up(cases[i].cert));
        cleat_err err = ask(cases[i].cluster, "", &e);
        bool right = cases[i].why == NULL
                         ? err == CLEAT_OK
                         : err == CLEAT_E_UNAVAILABLE && strstr(e.message, cases[i].why) != NULL;
        if (!KT_TRUE(right)) {
            fprintf(stderr, "    case %zu: %s\n", i, e.message);
        }
        KT_EQ_INT(atomic_load(&t.far.requests), err == CLEAT_OK);
        down();
    }
}

static char *subject; /* of the last client certificate */

static void serve_who(struct far_conn *c) {
    X509 *x = SSL_get1_peer_certificate(c->ssl);
    {
        CLEAT_LOCKED(&t.mutex);
        char name[64] = "";
        if (x != NULL) {
            X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, name, sizeof name);
        }
        free(subject);
        subject = cleat_strdup(name);
    }
    X509_free(x);
    serve(c);
}

static bool was(const char *name) {
    CLEAT_LOCKED(&t.mutex);
    return kt_str(cleat_s(subject), cleat_s(name), "subject", __FILE__, __LINE__);
}

static void ask_for_certificates(void) {
    CLEAT_AUTO_FREE char *ca = cleat_sprintf("%s/ca.crt", t.dir);
    SSL_CTX_load_verify_file(t.far.tls, ca);
    SSL_CTX_set_verify(t.far.tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_session_cache_mode(t.far.tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(t.far.tls, 0);
    t.far.serve = serve_who;
}

static void client_certificates_and_their_replacement(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up("good"));
    ask_for_certificates();
    KT_EQ_INT(ask("certificate-authority: ca.crt", "", &e), CLEAT_E_UNAVAILABLE);
    KT_OK(ask("certificate-authority: ca.crt",
              "client-certificate: client.crt, client-key: client.key", &e),
          &e);
    was("client");
    KT_EQ_INT(ask("certificate-authority: ca.crt",
                  "client-certificate: client.crt, client-key: client2.key", &e),
              CLEAT_E_UNAVAILABLE);
    KT_TRUE(strstr(e.message, "client certificate") != NULL);
    /* The files change under a running transport: the next connection has the new ones. */
    CLEAT_AUTO_FREE char *file = kubeconfig("certificate-authority: ca.crt",
                                            "client-certificate: live.crt, client-key: live.key");
    static const char *const pairs[] = {"client", "client2"};
    struct cleat_remote_opts o = {.kubeconfig = file, .http1 = true};
    struct cleat_transport *tr = NULL;
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    for (int i = 0; i < 2; i++) {
        static const char *const parts[] = {"crt", "key"};
        for (int k = 0; k < 2; k++) {
            CLEAT_AUTO_BUF text = {0};
            CLEAT_AUTO_FREE char *from = cleat_sprintf("%s/%s.%s", t.dir, pairs[i], parts[k]);
            CLEAT_AUTO_FREE char *name = cleat_sprintf("live.%s", parts[k]);
            KT_OK(cleat__rc_read_whole(from, 1 << 20, &text, &e), &e);
            put_file(name, text.p, 0600);
        }
        KT_OK(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e), &e);
        was(pairs[i]);
        CLEAT_LOCKED(&t.far.mutex);
        for (struct far_conn *c = t.far.conns; c != NULL; c = c->next) {
            shutdown(c->fd, SHUT_RDWR); /* it must dial again */
        }
    }
    tr->ops->free(tr);
    down();
    free(subject);
    subject = NULL;
}

static _Atomic int resumed;

static void serve_session(struct far_conn *c) {
    resumed += SSL_session_reused(c->ssl);
    CLEAT_AUTO_BUF head = {0};
    if (far_request(c, &head, NULL)) {
        far_answer(c, 200, "Connection: close\r\n", "{}");
    }
}

static void sessions_go_on_and_names_are_looked_up(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_transport *tr = NULL;
    KT_REQUIRE(up("good"));
    t.far.serve = serve_session;
    atomic_store(&resumed, 0);
    CLEAT_AUTO_FREE char *file =
        kubeconfig("certificate-authority: ca.crt, tls-server-name: api.test.dev", "");
    CLEAT_AUTO_FREE char *named = cleat_sprintf("https://localhost:%d", t.far.port);
    struct cleat_remote_opts o = {.kubeconfig = file, .server = named};
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    for (int i = 0; i < 3; i++) {
        KT_OK(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e), &e);
    }
    KT_EQ_INT(atomic_load(&resumed), 2);
    tr->ops->free(tr);
    struct cleat_remote_opts nobody = {.server = "http://no..host:1"};
    KT_EQ_INT(ask_with(nobody, &e), CLEAT_E_UNAVAILABLE);
    KT_TRUE(strstr(e.message, "lookup no..host") != NULL);
    down();
}

/* ---- tokens and names ---- */

static void fixed_credentials(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(NULL));
    KT_OK(ask("", "token: \"abc \\n\"", &e), &e);
    KT_TRUE(asked("\r\nauthorization: Bearer abc\r\n"));
    KT_OK(ask("", "username: joe, password: \"p:w\"", &e), &e);
    KT_TRUE(asked("\r\nauthorization: Basic am9lOnA6dw==\r\n"));
    KT_OK(ask("",
              "token: t, as: jane, as-uid: \"7\", as-groups: [g1, \"system:g2\"], as-user-extra: "
              "{Example.org/Why: [w1, w2]}",
              &e),
          &e);
    KT_TRUE(asked("\r\nimpersonate-user: jane\r\n") && asked("\r\nimpersonate-uid: 7\r\n") &&
            asked("\r\nimpersonate-group: g1\r\nimpersonate-group: system:g2\r\n") &&
            asked("\r\nimpersonate-extra-example.org%2fwhy: w1\r\n"));
    KT_TRUE(asked("\r\nuser-agent: cleatd/v" CLEAT_VERSION " (linux/"));
    KT_EQ_INT(ask("", "token: \"a\\nb\"", &e), CLEAT_E_BAD_REQUEST);
    struct cleat_buf many = {0}; /* none is left out in silence */
    cleat_buf_puts(&many, "token: t, as: jane, as-groups: [g");
    for (int i = 0; i < 48; i++) {
        cleat_buf_printf(&many, ", g%d", i);
    }
    cleat_buf_puts(&many, "]");
    KT_EQ_INT(ask("", many.p, &e), CLEAT_E_BAD_REQUEST);
    KT_TRUE(strstr(e.message, "as-groups and as-user-extra together have too many") != NULL);
    cleat_buf_done(&many);
    down();
}

static void identities_have_names_of_their_own(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(NULL));
    CLEAT_AUTO_FREE char *url = far_url(&t.far);
    struct cleat_remote_opts o = {.server = url, .user_agent = "prog/v1 (linux/amd64) cleat/1"};
    struct cleat_transport *tr = NULL;
    CLEAT_AUTO(cleat_obj) *x = NULL;
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    struct cleat_key key = {CLEAT_STR("default"), CLEAT_STR("a")};
    tr->ops->get(tr, "system:serviceaccount:kube-system:node-controller", NULL, configmaps, key, &x,
                 &e);
    KT_TRUE(asked("\r\nuser-agent: prog/v1 (linux/amd64) cleat/1/node-controller\r\n"));
    tr->ops->free(tr);
    down();
}

static void token_files_that_change(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(NULL));
    put_file("token", "one\n", 0600);
    CLEAT_AUTO_FREE char *file = kubeconfig("", "tokenFile: token, token: other");
    struct cleat_remote_opts o = {.kubeconfig = file};
    struct cleat_transport *tr = NULL;
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    want("Bearer one");
    KT_OK(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e), &e);
    usleep(10000);
    put_file("token", "two", 0600);
    want("Bearer two");
    /* Not at once: a token that was just read is not read again because of a 401. */
    cleat_err err = CLEAT_E_UNAUTHORIZED;
    for (int i = 0; i < 100 && err == CLEAT_E_UNAUTHORIZED; i++) {
        err = cleat_remote_request(tr, NULL, "POST", "/x", "{}", NULL, NULL, &e);
        usleep(err == CLEAT_OK ? 0 : 100000);
    }
    KT_OK(err, &e);
    tr->ops->free(tr);
    put_file("token", "", 0600);
    KT_EQ_INT(ask("", "tokenFile: token", &e), CLEAT_E_UNAVAILABLE);
    KT_EQ_INT(ask("", "tokenFile: nowhere", &e), CLEAT_E_UNAVAILABLE);
    KT_TRUE(strstr(e.message, "nowhere") != NULL);
    down();
}

/* ---- tokens of service accounts ---- */

static void serve_accounts(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    static const char account[] = "POST /api/v1/namespaces/kube-system/serviceaccounts";
    while (far_request(c, &head, NULL)) {
        /* A server believes a certificate before it looks at a token. */
        X509 *x = SSL_get1_peer_certificate(c->ssl);
        bool base = far_has(&head, "Bearer base");
        KT_TRUE((x != NULL) == base && far_has(&head, "impersonate-user: jane") == base);
        X509_free(x);
        if (far_has(&head, "/serviceaccounts/node-controller/token ")) {
            KT_TRUE(far_has(&head, "Bearer base"));
            int asked_before = (int)(intptr_t)c->far->userdata;
            c->far->userdata = (void *)(intptr_t)(asked_before + 1);
            if (asked_before == 0) {
                far_status(c, 404, "NotFound", "serviceaccounts \\\"node-controller\\\" not found");
                continue;
            }
            char when[32];
            cleat_time_format(cleat_now_wall() + 3600 * CLEAT_SECOND, false, when);
            CLEAT_AUTO_FREE char *text =
                cleat_sprintf("{\"kind\":\"TokenRequest\",\"status\":{\"token\":\"own%d\","
                              "\"expirationTimestamp\":\"%s\"}}",
                              asked_before, when);
            far_answer(c, 201, NULL, text);
        } else if (far_has(&head, account)) {
            far_answer(c, 201, NULL, "{\"kind\":\"ServiceAccount\"}");
        } else if (far_has(&head, "Bearer own1") && atomic_load(&c->far->requests) > 6) {
            far_status(c, 401, "Unauthorized", "the account was made anew");
        } else {
            KT_TRUE(far_has(&head, "Bearer own"));
            far_answer(c, 200, NULL, "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}");
        }
    }
}

static void accounts_have_tokens_of_their_own(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_transport *tr = NULL;
    static const char who[] = "system:serviceaccount:kube-system:node-controller";
    struct cleat_key key = {CLEAT_STR("default"), CLEAT_STR("a")};
    KT_REQUIRE(up("good"));
    CLEAT_AUTO_FREE char *ca = cleat_sprintf("%s/ca.crt", t.dir);
    SSL_CTX_load_verify_file(t.far.tls, ca);
    SSL_CTX_set_verify(t.far.tls, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_session_id_context(t.far.tls, (const unsigned char *)"t", 1);
    t.far.serve = serve_accounts;
    CLEAT_AUTO_FREE char *file =
        kubeconfig("certificate-authority: ca.crt",
                   "token: base, client-certificate: client.crt, client-key: client.key, as: jane");
    struct cleat_remote_opts o = {.kubeconfig = file, .service_account_credentials = true};
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    for (int i = 0; i < 4; i++) { /* token refused, account made, token; then one request each */
        CLEAT_AUTO(cleat_obj) *x = NULL;
        KT_OK(tr->ops->get(tr, who, NULL, configmaps, key, &x, &e), &e);
    }
    /* The last one was told 401, asked for another token and went again. */
    KT_EQ_INT(atomic_load(&t.far.requests), 9);
    KT_EQ_INT((intptr_t)t.far.userdata, 3);
    tr->ops->free(tr);
    down();
}

/* ---- programs ---- */

static void make_program(const char *version, const char *status) {
    CLEAT_AUTO_FREE char *text = cleat_sprintf(
        "#!/bin/sh\necho run >> %s/runs\nprintf '%%s' \"$KUBERNETES_EXEC_INFO\" > %s/info\n"
        "printf '%%s %%s %%s' \"$1\" \"$HELLO\" \"$(cat)\" > %s/args\n"
        "cat <<'X'\n{\"apiVersion\":\"client.authentication.k8s.io/%s\",\"kind\":"
        "\"ExecCredential\",\"status\":%s}\nX\n",
        t.dir, t.dir, t.dir, version, status);
    put_file("login", text, 0755);
}

static size_t runs(void) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/runs", t.dir);
    CLEAT_AUTO_BUF b = {0};
    cleat__rc_read_whole(path, 1 << 20, &b, NULL);
    return b.n / 4;
}

static bool file_has(const char *name, const char *text) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/%s", t.dir, name);
    CLEAT_AUTO_BUF b = {0};
    cleat__rc_read_whole(path, 1 << 20, &b, NULL);
    return kt_true(b.n > 0 && strstr(b.p, text) != NULL, text, __FILE__, __LINE__);
}

static void programs_that_log_in(void) {
    static const char *const versions[] = {"v1", "v1beta1"};
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(NULL));
    for (int i = 0; i < 2; i++) {
        make_program(versions[i], "{\"token\":\"from-program\"}");
        CLEAT_AUTO_FREE char *user = cleat_sprintf(
            "exec: {apiVersion: client.authentication.k8s.io/%s, command: ./login, args: [a1], "
            "env: [{name: HELLO, value: world}], interactiveMode: Never, provideClusterInfo: true}",
            versions[i]);
        KT_OK(ask("extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: "
                  "x}}]",
                  user, &e),
              &e);
        KT_TRUE(asked("Bearer from-program"));
        KT_TRUE(file_has("args", "a1 world "));
        KT_TRUE(file_has("info", "\"interactive\":false") &&
                file_has("info", "\"config\":{\"audience\":\"x\"}") &&
                file_has("info", "\"server\":\"http://127.0.0.1:"));
    }
    /* What it said is good until it expires. */
    CLEAT_AUTO_FREE char *file =
        kubeconfig("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login}");
    struct cleat_remote_opts o = {.kubeconfig = file};
    struct cleat_transport *tr = NULL;
    size_t before = runs();
    make_program("v1", "{\"token\":\"long\",\"expirationTimestamp\":\"2099-01-01T00:00:00Z\"}");
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    for (int i = 0; i < 5; i++) {
        KT_OK(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e), &e);
    }
    KT_EQ_INT(runs(), before + 1);
    tr->ops->free(tr);
    char when[32];
    cleat_time_format(cleat_now_wall() + 2 * CLEAT_SECOND, true, when);
    CLEAT_AUTO_FREE char *soon =
        cleat_sprintf("{\"token\":\"short\",\"expirationTimestamp\":\"%s\"}", when);
    make_program("v1", soon);
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    KT_OK(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e), &e);
    make_program("v1", "{\"token\":\"renewed\"}");
    usleep(2200000);
    KT_OK(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e), &e);
    KT_TRUE(asked("Bearer renewed"));
    tr->ops->free(tr);
    down();
}

static void programs_that_fail(void) {
    static const char *const outputs[] = {"{}",
                                          "null",
                                          "{\"token\":\"\"}x",
                                          "{\"clientKeyData\":\"x\"}",
                                          "{\"token\":\"t\",\"expirationTimestamp\":\"soon\"}",
                                          "{\"token\":\"t\",\"expirationTimestamp\":"
                                          "\"2001-01-01T00:00:00Z\"}"};
    static const char user[] = "exec: {apiVersion: client.authentication.k8s.io/v1, command: "
                               "./login, installHint: get it}";
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(NULL));
    KT_EQ_INT(ask("", user, &e), CLEAT_E_UNAVAILABLE);
    KT_TRUE(strstr(e.message, "get it") != NULL);
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        make_program("v1", outputs[i]);
        KT_EQ_INT(ask("", user, &e), CLEAT_E_UNAVAILABLE);
    }
    make_program("v1beta1", "{\"token\":\"t\"}");
    KT_EQ_INT(ask("", user, &e), CLEAT_E_UNAVAILABLE);
    put_file("login", "#!/bin/sh\nexit 3\n", 0755);
    KT_EQ_INT(ask("", user, &e), CLEAT_E_UNAVAILABLE);
    KT_TRUE(strstr(e.message, "exit code 3") != NULL);
    KT_EQ_INT(atomic_load(&t.far.requests), 0);
    /* One that hangs is not waited for when we stop. */
    put_file("login", "#!/bin/sh\nsleep 100\n", 0755);
    CLEAT_AUTO_FREE char *file = kubeconfig("", user);
    struct cleat_remote_opts o = {.kubeconfig = file, .timeout = 300 * CLEAT_MS};
    struct cleat_transport *tr = NULL;
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    KT_EQ_INT(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e),
              CLEAT_E_UNAVAILABLE);
    cleat_time began = cleat_now_mono();
    tr->ops->free(tr);
    KT_TRUE(cleat_now_mono() - began < 20 * CLEAT_SECOND);
    /* Nor is one that has said all, or nothing, and does not end. */
    put_file("login", "#!/bin/sh\nexec >&-\nsleep 100\n", 0755);
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    KT_EQ_INT(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e),
              CLEAT_E_UNAVAILABLE);
    began = cleat_now_mono();
    tr->ops->free(tr);
    KT_TRUE(cleat_now_mono() - began < 20 * CLEAT_SECOND);
    down();
}

/* What it leaves behind, an agent say, may hold its output open. */
static void programs_that_leave_something_behind(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up(NULL));
    put_file("login",
             "#!/bin/sh\nsleep 50 &\necho $! > \"$0.pid\"\necho '{\"kind\":\"ExecCredential\","
             "\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t\"}}'\n",
             0755);
    cleat_time began = cleat_now_mono();
    KT_OK(ask("", "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login}", &e), &e);
    KT_TRUE(asked("Bearer t"));
    KT_TRUE(cleat_now_mono() - began < 15 * CLEAT_SECOND);
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/login.pid", t.dir);
    CLEAT_AUTO_BUF pid = {0};
    KT_OK(cleat__rc_read_whole(path, 64, &pid, &e), &e);
    KT_TRUE(pid.n > 0 && kill((pid_t)atoi(pid.p), SIGKILL) == 0);
    down();
}

static void certificates_from_a_program(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up("good"));
    ask_for_certificates();
    CLEAT_AUTO_BUF status = {0};
    static const char *const parts[] = {"crt", "key"}, *const keys[] = {"clientCertificateData",
                                                                        "clientKeyData"};
    for (int i = 0; i < 2; i++) {
        CLEAT_AUTO_BUF text = {0};
        CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/client2.%s", t.dir, parts[i]);
        KT_OK(cleat__rc_read_whole(path, 1 << 20, &text, &e), &e);
        cleat_buf_printf(&status, "%s\"%s\":", i ? "," : "{", keys[i]);
        cleat_buf_json(&status, (struct cleat_str){text.p, text.n});
    }
    cleat_buf_putc(&status, '}');
    make_program("v1", status.p);
    KT_OK(ask("certificate-authority: ca.crt",
              "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login}", &e),
          &e);
    was("client2");
    down();
    free(subject);
    subject = NULL;
}

/* ---- proxies ---- */

static struct far proxy;

static void *pump(void *arg) {
    int *fds = arg;
    char data[4096];
    for (ssize_t n; (n = recv(fds[0], data, sizeof data, 0)) > 0;) {
        if (send(fds[1], data, (size_t)n, MSG_NOSIGNAL) != n) {
            break;
        }
    }
    shutdown(fds[1], SHUT_WR);
    return NULL;
}

static void join_to_far(struct far_conn *c) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)t.far.port)};
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&in, sizeof in) == 0) {
        int out[2] = {c->fd, fd}, back[2] = {fd, c->fd};
        pthread_t other = cleat_thread_start("pump", pump, out);
        pump(back);
        shutdown(c->fd, SHUT_RD);
        pthread_join(other, NULL);
    }
    close(fd);
}

static void serve_connect(struct far_conn *c) {
    CLEAT_AUTO_BUF head = {0};
    if (far_request(c, &head, NULL)) {
        if (!far_has(&head, "CONNECT 127.0.0.1:") || !far_has(&head, "Basic am9lOng=")) {
            far_answer(c, 407, NULL, "<html>who are you");
            return;
        }
        far_puts(c, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connection established\r\n\r\n");
        join_to_far(c);
    }
}

static void serve_socks(struct far_conn *c) {
    unsigned char b[64];
    bool ok = recv(c->fd, b, 3, MSG_WAITALL) == 3 && memcmp(b, "\5\1\0", 3) == 0 &&
              send(c->fd, "\5\0", 2, MSG_NOSIGNAL) == 2 && recv(c->fd, b, 10, MSG_WAITALL) == 10 &&
              memcmp(b, "\5\1\0\1\x7f\0\0\1", 8) == 0 &&
              send(c->fd, "\5\0\0\1\0\0\0\0\0\0", 10, MSG_NOSIGNAL) == 10;
    if (KT_TRUE(ok)) {
        join_to_far(c);
    }
}

static void proxies(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up("good") && far_open(&proxy, serve_connect, NULL, NULL));
    CLEAT_AUTO_FREE char *with = cleat_sprintf(
        "certificate-authority: ca.crt, proxy-url: \"http://joe:x@127.0.0.1:%d\"", proxy.port);
    KT_OK(ask(with, "token: t", &e), &e);
    KT_EQ_INT(atomic_load(&proxy.requests), 1);
    KT_TRUE(asked("Bearer t"));
    CLEAT_AUTO_FREE char *without = cleat_sprintf(
        "certificate-authority: ca.crt, proxy-url: \"http://127.0.0.1:%d\"", proxy.port);
    KT_EQ_INT(ask(without, "token: t", &e), CLEAT_E_UNAVAILABLE);
    KT_TRUE(strstr(e.message, "407") != NULL);
    far_close(&proxy);
    KT_REQUIRE(far_open(&proxy, serve_socks, NULL, NULL));
    CLEAT_AUTO_FREE char *socks = cleat_sprintf(
        "certificate-authority: ca.crt, proxy-url: \"socks5://127.0.0.1:%d\"", proxy.port);
    KT_OK(ask(socks, "token: t", &e), &e);
    far_close(&proxy);
    KT_EQ_INT(ask("proxy-url: \"ftp://x\"", "", &e), CLEAT_E_BAD_REQUEST);
    KT_EQ_INT(ask("proxy-url: \"https://x\"", "", &e), CLEAT_E_UNSUPPORTED);
    down();
}

static void proxies_of_the_environment(void) {
    static const struct {
        const char *url, *no, *want;
    } cases[] = {
        {"https://10.0.0.1:6443", NULL, "http://p:1"},
        {"http://10.0.0.1:6443", NULL, NULL},
        {"https://127.0.0.1:6443", NULL, NULL},
        {"https://localhost", NULL, NULL},
        {"https://[::1]:6443", NULL, NULL},
        {"https://10.0.0.1:6443", "10.0.0.0/8", NULL},
        {"https://10.0.0.1:6443", "11.0.0.0/8,192.168.0.0/16", "http://p:1"},
        {"https://10.0.0.1:6443", "10.0.0.1", NULL},
        {"https://10.0.0.1:6443", "10.0.0.1:6443", NULL},
        {"https://10.0.0.1:6443", "10.0.0.1:443", "http://p:1"},
        {"https://api.test.dev", "test.dev", NULL},
        {"https://api.test.dev", ".test.dev", NULL},
        {"https://test.dev", ".test.dev", "http://p:1"},
        {"https://api.test.dev", "*.TEST.dev", NULL},
        {"https://apitest.dev", "test.dev", "http://p:1"},
        {"https://api.test.dev", "*", NULL},
        {"https://[fd00::1]:6443", "fd00::/8", NULL},
        {"https://[fd00::1]:6443", "[fd00::1]:6443", NULL},
    };
    setenv("HTTPS_PROXY", "http://p:1", 1);
    unsetenv("HTTP_PROXY");
    unsetenv("http_proxy");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cleat__rc_url u;
        struct cleat_error e = CLEAT_ERROR_INIT;
        KT_REQUIRE_OK(cleat__rc_url_parse(cases[i].url, 0, "server", &u, &e), &e);
        setenv("NO_PROXY", cases[i].no != NULL ? cases[i].no : "", 1);
        CLEAT_AUTO_FREE char *got = cleat__rc_proxy_from_env(&u);
        if (!KT_EQ_STR(got != NULL ? got : "none", cases[i].want ? cases[i].want : "none")) {
            fprintf(stderr, "    case %zu\n", i);
        }
        cleat__rc_url_done(&u);
    }
    unsetenv("HTTPS_PROXY");
    unsetenv("NO_PROXY");
}

/* ---- kubeconfig ---- */

static void urls(void) {
    static const struct {
        const char *text, *host, *port, *path; /* host NULL: it is none */
    } cases[] = {
        {"https://a.b", "a.b", "443", ""},
        {"http://a.b/", "a.b", "80", ""},
        {"https://a.b:6443/k8s/clusters/c-1/", "a.b", "6443", "/k8s/clusters/c-1"},
        {"https://[::1]:1", "::1", "1", ""},
        {"https://[::1]", "::1", "443", ""},
        {"a.b:6443", "a.b", "6443", ""},
        {"https://u:p%40x@a.b", "a.b", "443", ""},
        {"https://", NULL, NULL, NULL},
        {"https://:1", NULL, NULL, NULL},
        {"https://a:0", NULL, NULL, NULL},
        {"https://a:70000", NULL, NULL, NULL},
        {"https://a:x", NULL, NULL, NULL},
        {"https://[::1", NULL, NULL, NULL},
        {"https://a b", NULL, NULL, NULL},
        {"https://a?x", NULL, NULL, NULL},
        {"https://u%zz@a", NULL, NULL, NULL},
        {"gopher://a", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cleat__rc_url u = {0};
        struct cleat_error e = CLEAT_ERROR_INIT;
        cleat_err err = cleat__rc_url_parse(cases[i].text, CLEAT__HTTPS, "server", &u, &e);
        KT_EQ_INT(err, cases[i].host ? CLEAT_OK : CLEAT_E_BAD_REQUEST);
        if (err == CLEAT_OK && cases[i].host != NULL) {
            KT_EQ_STR(u.host, cases[i].host);
            KT_EQ_STR(u.port, cases[i].port);
            KT_EQ_STR(u.path, cases[i].path);
        }
        cleat__rc_url_done(&u);
    }
}

static cleat_err read_config(const char *files, const char *context, cleat__rc_config **ret,
                             struct cleat_error *e) {
    struct cleat_remote_opts o = {.kubeconfig = files, .context = context};
    return cleat__rc_config_read(&o, ret, e);
}

static void several_files(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    t.dir = kt_tmpdir();
    put_file("one",
             "kind: Config\napiVersion: v1\ncurrent-context: \"\"\nusers:\n- name: red\n  user: "
             "{token: first}\n",
             0600);
    put_file("two",
             "kind: Config\napiVersion: v1\ncurrent-context: both\nusers:\n- name: red\n  user: "
             "{username: second}\n- name: blue\n  user: {token: b}\nclusters:\n- name: k\n  "
             "cluster: {server: \"https://k:1\", certificate-authority: pki/ca.crt}\ncontexts:\n- "
             "name: both\n  context: {cluster: k, user: red, namespace: ns2}\n- name: alone\n  "
             "context: {cluster: k}\n- name: lost\n  context: {cluster: nobody}\n- name: stray\n  "
             "context: {cluster: k, user: nobody}\n",
             0600);
    put_file("three", "current-context: alone\n", 0600);
    CLEAT_AUTO_FREE char *all =
        cleat_sprintf("%s/one:%s/missing:%s/two:%s/three", t.dir, t.dir, t.dir, t.dir);
    CLEAT_AUTO(cleat__rc_config) *c = NULL, *alone = NULL, *none = NULL;
    KT_REQUIRE_OK(read_config(all, NULL, &c, &e), &e);
    KT_EQ_STR(c->token, "first");
    KT_TRUE(c->username == NULL); /* what another file says of the same user does not count */
    KT_EQ_STR(c->server, "https://k:1");
    KT_EQ_STR(c->ns, "ns2");
    CLEAT_AUTO_FREE char *ca = cleat_sprintf("%s/pki/ca.crt", t.dir);
    KT_EQ_STR(c->ca_file, ca);
    KT_REQUIRE_OK(read_config(all, "alone", &alone, &e), &e);
    KT_TRUE(alone->token == NULL && alone->ns == NULL);
    static const char *const bad[] = {"lost", "stray", "nowhere"};
    for (size_t i = 0; i < 3; i++) {
        KT_EQ_INT(read_config(all, bad[i], &none, &e), CLEAT_E_BAD_REQUEST);
        KT_TRUE(strstr(e.message, "does not exist") != NULL);
    }
    CLEAT_AUTO_FREE char *missing = cleat_sprintf("%s/missing", t.dir);
    KT_EQ_INT(read_config(missing, NULL, &none, &e), CLEAT_E_IO);
    kt_rmdir(t.dir);
}

static void mistakes(void) {
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "no configuration has been provided"},
        {"a: [", "yaml"},
        {"kind: Pod\n", "kind is Pod"},
        {"kind: Config\n", "no context is chosen"},
        {"current-context: c\ncontexts: {}\n", "must be a list"},
        {"current-context: c\ncontexts: [{name: c, context: {cluster: k}},{name: c}]\n", "twice"},
        {"current-context: c\ncontexts: [{name: c}]\n", "names no cluster"},
        {"current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\nclusters: [{name: k, "
         "cluster: {}}]\n",
         "no server"},
        {"current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\nclusters: [{name: k, "
         "cluster: {server: 7}}]\n",
         "must be a string"},
        {"current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\nclusters: [{name: k, "
         "cluster: {server: \"https://k\", certificate-authority-data: \"???\"}}]\n",
         "base64"},
        {"current-context: c\ncontexts: [{name: c, context: {cluster: k}}]\nclusters: [{name: k, "
         "cluster: {server: \"https://k\", insecure-skip-tls-verify: true, certificate-authority: "
         "x}}]\n",
         "not allowed"},
        {"current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: "
         "[{name: k, cluster: {server: \"https://k\"}}]\nusers: [{name: u, user: "
         "{client-certificate: x}}]\n",
         "client-key"},
        {"current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: "
         "[{name: k, cluster: {server: \"https://k\"}}]\nusers: [{name: u, user: {auth-provider: "
         "{name: gcp}}}]\n",
         "auth-provider"},
        {"current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: "
         "[{name: k, cluster: {server: \"https://k\"}}]\nusers: [{name: u, user: {exec: {command: "
         "x, apiVersion: client.authentication.k8s.io/v1alpha1}}}]\n",
         "apiVersion"},
    };
    t.dir = kt_tmpdir();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cleat_error e = CLEAT_ERROR_INIT;
        CLEAT_AUTO(cleat__rc_config) *c = NULL;
        CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/config", t.dir);
        put_file("config", cases[i].text, 0600);
        KT_TRUE(read_config(path, NULL, &c, &e) != CLEAT_OK);
        if (!KT_TRUE(strstr(e.message, cases[i].why) != NULL)) {
            fprintf(stderr, "    case %zu: %s\n", i, e.message);
        }
    }
    kt_rmdir(t.dir);
}

static void in_a_pod(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(up("good"));
    put_file("token", "pod-token", 0600);
    put_file("namespace", "pod-ns\n", 0600);
    CLEAT_AUTO_FREE char *port = cleat_sprintf("%d", t.far.port);
    struct cleat_remote_opts o = {.service_account_dir = t.dir};
    unsetenv("KUBERNETES_SERVICE_HOST");
    KT_EQ_INT(ask_with(o, &e), CLEAT_E_BAD_REQUEST);
    setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1", 1);
    setenv("KUBERNETES_SERVICE_PORT", port, 1);
    struct cleat_transport *tr = NULL;
    KT_REQUIRE_OK(cleat_transport_remote(&o, &tr, &e), &e);
    KT_EQ_STR(cleat_remote_namespace(tr), "pod-ns");
    KT_OK(cleat_remote_request(tr, NULL, "GET", "/x", NULL, NULL, NULL, &e), &e);
    KT_TRUE(asked("Bearer pod-token"));
    tr->ops->free(tr);
    unsetenv("KUBERNETES_SERVICE_HOST");
    unsetenv("KUBERNETES_SERVICE_PORT");
    down();
}

KT_MAIN("remote_auth", KT_TEST(certificates), KT_TEST(client_certificates_and_their_replacement),
        KT_TEST(sessions_go_on_and_names_are_looked_up), KT_TEST(accounts_have_tokens_of_their_own),
        KT_TEST(fixed_credentials), KT_TEST(identities_have_names_of_their_own),
        KT_TEST(token_files_that_change), KT_TEST(programs_that_log_in),
        KT_TEST(programs_that_fail), KT_TEST(programs_that_leave_something_behind),
        KT_TEST(certificates_from_a_program), KT_TEST(proxies), KT_TEST(proxies_of_the_environment),
        KT_TEST(urls), KT_TEST(several_files), KT_TEST(mistakes), KT_TEST(in_a_pod))
