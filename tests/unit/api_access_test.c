/* SPDX-License-Identifier: Apache-2.0 */
/* Doors and identities: TLS with and without certificates, tokens, the Unix
 * socket, the plain port; and the files that the first start makes. */
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/at.h"

static const char *const sans[] = {"api.example.org", "192.0.2.7", NULL};

static void write_text(const char *path, const char *text) {
    FILE *f = fopen(path, "we");
    cleat_assert(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static bool open_secure(struct at *at) {
    struct cleat_api_opts o = {.secure_port = -1, .tls_sans = sans};
    return at_open(at, &o);
}

static void client_certificate(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(open_secure(&at) && at_connect(&at, &c, AT_TLS));
    const unsigned char *alpn;
    unsigned n = 0;
    SSL_get0_alpn_selected(c.ssl, &alpn, &n);
    KT_EQ_S(((struct cleat_str){(const char *)alpn, n}), cleat_s("http/1.1"));
    KT_TRUE(SSL_version(c.ssl) >= TLS1_2_VERSION);
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1/nodes", NULL, NULL, &a), 200);
    /* Much data in both directions, over many records. */
    CLEAT_AUTO_BUF big = {0};
    cleat_buf_puts(&big, "{\"metadata\":{\"name\":\"big\"},\"data\":{\"k\":\"");
    for (int i = 0; i < 1000000; i++) {
        cleat_buf_putc(&big, (char)('a' + i % 23));
    }
    cleat_buf_puts(&big, "\"}}");
    const char *path = "/api/v1/namespaces/default/configmaps";
    KT_EQ_INT(at_ask(&c, "POST", path, NULL, big.p, &a), 201);
    for (int i = 0; i < 3; i++) {
        KT_TRUE(at_send_request(&c, "GET", path, NULL, NULL));
    }
    for (int i = 0; i < 3; i++) {
        KT_TRUE(at_read(&c, &a) && a.body.n > 1000000);
        KT_TRUE(memmem(a.body.p, a.body.n, big.p + 40, 900000) != NULL);
    }
    at_disconnect(&c);
    at_close(&at);
}

static void without_a_certificate(void) {
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(open_secure(&at) && at_connect_as(&at, &c, NULL));
    static const char *const open[] = {"/healthz", "/livez", "/readyz", "/version"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        KT_EQ_INT(at_ask(&c, "GET", open[i], NULL, NULL, &a), 200);
    }
    static const char *const shut[] = {"/",        "/metrics",      "/api",
                                       "/apis",    "/api/v1/nodes", "/api/v1/nonsense",
                                       "/nothing", "//metrics",     "/openapi/v2"};
    for (size_t i = 0; i < sizeof shut / sizeof *shut; i++) {
        KT_EQ_INT(at_ask(&c, "GET", shut[i], NULL, NULL, &a), 403);
        KT_TRUE(at_has(&a.body, "User \\\"system:anonymous\\\" cannot "));
    }
    KT_EQ_INT(at_ask(&c, "POST", "/api/v1/namespaces", NULL, "{\"metadata\":{\"name\":\"x\"}}", &a),
              403);
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1/nodes?watch=true", NULL, NULL, &a), 403);
    at_disconnect(&c);
    at_close(&at);
}

static void tokens(void) {
    char *dir = kt_tmpdir();
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/tokens.csv", dir);
    write_text(path, "t-admin,boss,1,\"system:masters,more\"\n\nt-user, joe ,2\n");
    struct cleat_api_opts o = {.secure_port = -1, .token_auth_file = path};
    struct at at;
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(at_open(&at, &o) && at_connect_as(&at, &c, NULL));
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1/nodes", "Authorization: Bearer t-admin\r\n", NULL, &a),
              200);
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1/nodes", "authorization: bearer  t-admin\r\n", NULL, &a),
              200);
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1/nodes", "Authorization: Bearer t-user\r\n", NULL, &a),
              403);
    KT_TRUE(at_has(&a.body, "User \\\"joe"));
    static const char *const wrong[] = {"t-admi", "t-adminn", "T-ADMIN", "t-admin,boss"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CLEAT_AUTO_FREE char *header = cleat_sprintf("Authorization: Bearer %s\r\n", wrong[i]);
        KT_EQ_INT(at_ask(&c, "GET", "/healthz", header, NULL, &a), 401);
        KT_TRUE(at_has(&a.head, "WWW-Authenticate: Bearer"));
    }
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", "Authorization: Basic eDp5\r\n", NULL, &a), 200);
    at_disconnect(&c);
    at_close(&at);
    write_text(path, "token-alone\n");
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_api_opts bad = {.insecure_port = -1, .token_auth_file = path, .data_dir = dir};
    cleat_api *api = NULL;
    KT_EQ_INT(cleat_api_new(NULL, &bad, &api, &e), CLEAT_E_BAD_REQUEST);
    KT_TRUE(strstr(e.message, "tokens.csv:1: ") != NULL && api == NULL);
    kt_rmdir(dir);
}

/* Who owns the socket is admin there; the file is for nobody else. */
static void unix_socket(void) {
    struct at at;
    struct at_conn c;
    struct stat st;
    AT_AUTO_ANSWER a = {0};
    char *dir = kt_tmpdir();
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/api.sock", dir);
    struct cleat_api_opts o = {.unix_socket = path};
    KT_REQUIRE(at_open(&at, &o));
    KT_TRUE(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
    CLEAT_AUTO_FREE char *link_path = cleat_sprintf("%s/api.sock", at.dir);
    KT_TRUE(symlink(path, link_path) == 0);
    KT_REQUIRE(at_connect(&at, &c, AT_UNIX));
    KT_EQ_INT(at_ask(&c, "GET", "/api/v1/nodes", NULL, NULL, &a), 200);
    at_disconnect(&c);
    at_close(&at);
    kt_rmdir(dir);
}

/* ---- files ---- */

static X509 *load(const struct at *at, const char *name) {
    CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/pki/%s.crt", at->dir, name);
    FILE *f = fopen(path, "re");
    X509 *cert = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
    if (f != NULL) {
        fclose(f);
    }
    return cert;
}

static void made_files(void) {
    struct at at;
    KT_REQUIRE(open_secure(&at));
    static const struct {
        const char *name;
        int mode;
    } files[] = {{"pki", 0700},           {"pki/ca.key", 0600}, {"pki/apiserver.key", 0600},
                 {"pki/admin.key", 0600}, {"pki/ca.crt", 0644}, {"admin.kubeconfig", 0600}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct stat st = {0};
        CLEAT_AUTO_FREE char *path = cleat_sprintf("%s/%s", at.dir, files[i].name);
        KT_TRUE(stat(path, &st) == 0);
        KT_EQ_INT(st.st_mode & 0777, files[i].mode);
    }
    X509 *serving = load(&at, "apiserver"), *ca = load(&at, "ca"), *admin = load(&at, "admin");
    KT_TRUE(serving != NULL && ca != NULL && admin != NULL);
    static const char *const names[] = {"localhost", "kubernetes", "kubernetes.default.svc",
                                        "kubernetes.default.svc.cluster.local", "api.example.org"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        KT_EQ_INT(X509_check_host(serving, names[i], 0, 0, NULL), 1);
    }
    KT_EQ_INT(X509_check_host(serving, "example.org", 0, 0, NULL), 0);
    static const char *const addresses[] = {"127.0.0.1", "::1", "10.96.0.1", "192.0.2.7"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        KT_EQ_INT(X509_check_ip_asc(serving, addresses[i], 0), 1);
    }
    KT_EQ_INT(X509_verify(serving, X509_get0_pubkey(ca)), 1);
    KT_EQ_INT(X509_check_purpose(serving, X509_PURPOSE_SSL_CLIENT, 0), 0);
    KT_EQ_INT(X509_check_purpose(admin, X509_PURPOSE_SSL_CLIENT, 0), 1);
    KT_TRUE(X509_check_ca(ca) == 1 && X509_check_ca(serving) == 0);
    X509_free(serving);
    X509_free(ca);
    X509_free(admin);
    at_close(&at);
}

static cleat_err remake(struct at *at, const char *const *names, struct cleat_error *e) {
    cleat_api_stop(at->api);
    cleat_api_free(at->api);
    at->api = NULL;
    struct cleat_api_opts o = {.secure_port = -1,
                               .insecure_port = -1,
                               .data_dir = at->dir,
                               .bind_address = "127.0.0.1",
                               .tls_sans = names};
    return cleat_api_new(at->registry, &o, &at->api, e);
}

static bool same_cert(X509 *a, X509 *b) {
    return a != NULL && b != NULL && X509_cmp(a, b) == 0;
}

static void later_starts_use_what_is_there(void) {
    struct at at;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_secure(&at));
    X509 *serving = load(&at, "apiserver"), *ca = load(&at, "ca");
    KT_OK(remake(&at, sans, &e), &e);
    X509 *again = load(&at, "apiserver");
    KT_TRUE(same_cert(serving, again));
    X509_free(again);
    static const char *const others[] = {"else.example.org", NULL};
    KT_OK(remake(&at, others, &e), &e); /* other names: another certificate, the same CA */
    again = load(&at, "apiserver");
    X509 *ca_again = load(&at, "ca");
    KT_TRUE(!same_cert(serving, again) && same_cert(ca, ca_again));
    KT_EQ_INT(X509_check_host(again, "else.example.org", 0, 0, NULL), 1);
    X509_free(again);
    X509_free(ca_again);
    X509_free(serving);
    X509_free(ca);
    at_close(&at);
}

static void torn_leaf_is_made_anew_and_a_torn_ca_is_not(void) {
    struct at at;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_REQUIRE(open_secure(&at));
    CLEAT_AUTO_FREE char *leaf = cleat_sprintf("%s/pki/apiserver.crt", at.dir);
    CLEAT_AUTO_FREE char *ca = cleat_sprintf("%s/pki/ca.key", at.dir);
    write_text(leaf, "torn");
    KT_OK(remake(&at, sans, &e), &e);
    X509 *serving = load(&at, "apiserver");
    KT_TRUE(serving != NULL);
    X509_free(serving);
    write_text(ca, "torn");
    KT_EQ_INT(remake(&at, sans, &e), CLEAT_E_IO);
    KT_TRUE(strstr(e.message, "pki/ca.crt") != NULL);
    at_close(&at);
}

/* A certificate that another CA signed ends the handshake. */
static void a_stranger_s_certificate(void) {
    struct at ours, theirs;
    struct at_conn c;
    KT_REQUIRE(open_secure(&ours) && open_secure(&theirs));
    CLEAT_AUTO_FREE char *from = cleat_sprintf("%s/pki/admin", theirs.dir);
    CLEAT_AUTO_FREE char *to = cleat_sprintf("%s/pki/stranger", ours.dir);
    static const char *const ends[] = {"crt", "key"};
    for (size_t i = 0; i < 2; i++) {
        CLEAT_AUTO_FREE char *source = cleat_sprintf("%s.%s", from, ends[i]);
        CLEAT_AUTO_FREE char *target = cleat_sprintf("%s.%s", to, ends[i]);
        KT_TRUE(symlink(source, target) == 0);
    }
    AT_AUTO_ANSWER a = {0};
    /* TLS 1.3 tells the client only after its own side is done. */
    bool connected = at_connect_as(&ours, &c, "stranger");
    KT_TRUE(!connected || at_ask(&c, "GET", "/healthz", NULL, NULL, &a) == 0);
    at_disconnect(&c);
    at_close(&ours);
    at_close(&theirs);
}

KT_MAIN("api_access", KT_TEST(client_certificate), KT_TEST(without_a_certificate), KT_TEST(tokens),
        KT_TEST(unix_socket), KT_TEST(made_files), KT_TEST(later_starts_use_what_is_there),
        KT_TEST(torn_leaf_is_made_anew_and_a_torn_ca_is_not), KT_TEST(a_stranger_s_certificate))
