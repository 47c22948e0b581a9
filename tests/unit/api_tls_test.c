/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates of servers, replaced while they serve; and certificates that callers of a
 * server without a registry show: their own, and those of proxies that speak for others.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/at.h"
#include "tests/support/far.h"

static struct {
    cleat_api *api;
    char dir[64];
    char *asked; /* of the last question; the I/O thread's until it is answered */
} t;

static char *in_dir(const char *name) {
    return cleat_sprintf("%s/%s", t.dir, name);
}

static char *text_of(const char *name) {
    CLEAT_AUTO_FREE char *path = in_dir(name);
    FILE *f = fopen(path, "re");
    char text[8192] = "";
    cleat_assert(f != NULL);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return cleat_strdup(text);
}

static void make_dir(void) {
    snprintf(t.dir, sizeof t.dir, "/tmp/cleat-tls-XXXXXX");
    KT_TRUE(mkdtemp(t.dir) != NULL);
}

static void drop_dir(void) {
    CLEAT_AUTO_FREE char *command = cleat_sprintf("rm -rf %s", t.dir);
    KT_TRUE(system(command) == 0);
}

/* ---- a client ---- */

/* as: the pair that is shown, or NULL. */
static bool dial(struct at_conn *c, const char *as) {
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)cleat_api_secure_port(t.api))};
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval patience = {20, 0};
    *c = (struct at_conn){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    c->ctx = SSL_CTX_new(TLS_client_method());
    if (as != NULL) {
        CLEAT_AUTO_FREE char *cert = cleat_sprintf("%s/%s.crt", t.dir, as);
        CLEAT_AUTO_FREE char *key = cleat_sprintf("%s/%s.key", t.dir, as);
        KT_TRUE(SSL_CTX_use_certificate_file(c->ctx, cert, SSL_FILETYPE_PEM) == 1 &&
                SSL_CTX_use_PrivateKey_file(c->ctx, key, SSL_FILETYPE_PEM) == 1);
    }
    c->ssl = SSL_new(c->ctx);
    return KT_TRUE(connect(c->fd, (struct sockaddr *)&in, sizeof in) == 0) &&
           KT_TRUE(SSL_set_fd(c->ssl, c->fd) == 1 && SSL_connect(c->ssl) == 1);
}

/* The common name that the server shows to who comes now. */
static void shown(char out[64]) {
    struct at_conn c;
    out[0] = '\0';
    if (dial(&c, NULL)) {
        X509 *cert = SSL_get1_peer_certificate(c.ssl);
        X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, out, 64);
        X509_free(cert);
    }
    at_disconnect(&c);
}

static bool comes_to_show(const char *name) {
    char now[64];
    for (int i = 0; i < 400; i++) {
        shown(now);
        if (strcmp(now, name) == 0) {
            return true;
        }
        usleep(50000);
    }
    return kt_true(false, name, __FILE__, __LINE__);
}

/* ---- a server ---- */

/* Any of them may see all; who it was is remembered. */
static void ask(void *userdata, struct cleat_api_ask *a) {
    (void)userdata;
    struct cleat_buf b = {0};
    cleat_buf_puts(&b, a->user != NULL ? a->user->name : a->token != NULL ? "token" : "anonymous");
    for (size_t i = 0; a->user != NULL && a->user->groups[i] != NULL; i++) {
        cleat_buf_printf(&b, " %s", a->user->groups[i]);
    }
    for (const struct cleat_extra *x = a->user != NULL ? a->user->extra : NULL;
         x != NULL && x->key != NULL; x++) {
        if (strncmp(x->key, "authentication.kubernetes.io/", 29) != 0) {
            cleat_buf_printf(&b, " %s=%s", x->key, x->values[0]);
        }
    }
    free(t.asked);
    t.asked = cleat_buf_take(&b);
    cleat_api_answer(a, CLEAT_OK, NULL);
}

static bool up(struct cleat_api_opts o) {
    static const struct cleat_api_gate gate = {.ask = ask, .open_paths = "/healthz"};
    struct cleat_error e = CLEAT_ERROR_INIT;
    o.bind_address = "127.0.0.1";
    o.secure_port = -1;
    o.io_threads = 1;
    o.gate = &gate;
    return KT_OK(cleat_api_new(NULL, &o, &t.api, &e), &e) && KT_OK(cleat_api_start(t.api, &e), &e);
}

static void down(void) {
    cleat_api_stop(t.api);
    cleat_api_free(CLEAT_STEAL(t.api));
    free(CLEAT_STEAL(t.asked));
    drop_dir();
}

static void rename_pair(const char *from, const char *to, const char *part) {
    CLEAT_AUTO_FREE char *a = cleat_sprintf("%s/%s.%s", t.dir, from, part);
    CLEAT_AUTO_FREE char *b = cleat_sprintf("%s/%s.%s", t.dir, to, part);
    KT_TRUE(rename(a, b) == 0);
}

static void a_certificate_is_replaced(void) {
    make_dir();
    CLEAT_AUTO_FREE char *cert = in_dir("server.crt"), *key = in_dir("server.key");
    KT_REQUIRE(far_cert(t.dir, "ca", NULL, NULL, 86400) &&
               far_cert(t.dir, "server", "IP:127.0.0.1", "ca", 86400) &&
               far_cert(t.dir, "second", "IP:127.0.0.1", "ca", 86400));
    KT_REQUIRE(up((struct cleat_api_opts){.tls_cert_file = cert, .tls_key_file = key}));
    struct at_conn old;
    AT_AUTO_ANSWER a = {0};
    char name[64];
    KT_REQUIRE(dial(&old, NULL));
    shown(name);
    KT_EQ_STR(name, "server");
    /* A certificate without its key, as between two renames: the old pair goes on. */
    rename_pair("second", "server", "crt");
    usleep(2500000);
    shown(name);
    KT_EQ_STR(name, "server");
    rename_pair("second", "server", "key");
    KT_TRUE(comes_to_show("second"));
    /* Whoever was connected stays so. */
    KT_EQ_INT(at_ask(&old, "GET", "/healthz", NULL, NULL, &a), 200);
    at_disconnect(&old);
    unlink(key);
    usleep(1500000);
    KT_TRUE(comes_to_show("second"));
    down();
}

static void so_is_an_api_servers(void) {
    struct at at;
    make_dir();
    CLEAT_AUTO_FREE char *cert = in_dir("server.crt"), *key = in_dir("server.key");
    KT_REQUIRE(far_cert(t.dir, "ca", NULL, NULL, 86400) &&
               far_cert(t.dir, "server", "IP:127.0.0.1", "ca", 86400) &&
               far_cert(t.dir, "second", "IP:127.0.0.1", "ca", 86400));
    KT_REQUIRE(at_open(&at, &(struct cleat_api_opts){
                                .secure_port = -1, .tls_cert_file = cert, .tls_key_file = key}));
    t.api = at.api;
    KT_TRUE(comes_to_show("server"));
    rename_pair("second", "server", "key");
    rename_pair("second", "server", "crt");
    KT_TRUE(comes_to_show("second"));
    t.api = NULL;
    at_close(&at);
    drop_dir();
}

/* ---- callers ---- */

/* The status of /metrics, and in t.asked for whom it was asked. */
static int metrics(const char *as, const char *headers) {
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    free(CLEAT_STEAL(t.asked));
    int status = dial(&c, as) ? at_ask(&c, "GET", "/metrics", headers, NULL, &a) : 0;
    at_disconnect(&c);
    return status;
}

#define PROXIED                                                                                    \
    "X-Remote-User: jane\r\nX-Remote-Group: devs\r\nX-Remote-Group: ops\r\n"                       \
    "X-Remote-Extra-Acme.com%2FScope: all\r\n"

static void callers_show_certificates(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    make_dir();
    KT_REQUIRE(far_cert(t.dir, "ca", NULL, NULL, 86400) &&
               far_cert(t.dir, "other", NULL, NULL, 86400) &&
               far_cert(t.dir, "front", NULL, NULL, 86400) &&
               far_cert(t.dir, "jane", "DNS:x", "ca", 86400) &&
               far_cert(t.dir, "late", "DNS:x", "ca", -60) &&
               far_cert(t.dir, "stranger", "DNS:x", "other", 86400) &&
               far_cert(t.dir, "proxy", "DNS:x", "front", 86400) &&
               far_cert(t.dir, "odd", "DNS:x", "front", 86400));
    CLEAT_AUTO_FREE char *ca = text_of("ca.crt"), *front = text_of("front.crt"),
                         *other = text_of("other.crt");
    KT_REQUIRE(up((struct cleat_api_opts){0}));
    /* Nobody is believed, and nobody is asked for one. */
    KT_EQ_INT(metrics("jane", NULL), 200);
    KT_EQ_STR(t.asked, "anonymous");
    struct cleat_api_trust trust = {
        .client_ca = ca,
        .proxy_ca = front,
        .proxy_names = (const char *const[]){"proxy", NULL},
        .user_headers = (const char *const[]){"X-Nobody", "X-Remote-User", NULL},
        .group_headers = (const char *const[]){"X-Remote-Group", NULL},
        .extra_prefixes = (const char *const[]){"X-Remote-Extra-", NULL},
    };
    KT_REQUIRE_OK(cleat_api_trust(t.api, &trust, &e), &e);
    KT_EQ_INT(metrics("jane", NULL), 200);
    KT_EQ_STR(t.asked, "jane system:authenticated");
    KT_EQ_INT(metrics("jane", PROXIED), 200); /* she speaks for herself alone */
    KT_EQ_STR(t.asked, "jane system:authenticated");
    KT_EQ_INT(metrics(NULL, PROXIED), 200);
    KT_EQ_STR(t.asked, "anonymous");
    KT_EQ_INT(metrics("proxy", PROXIED), 200);
    KT_EQ_STR(t.asked, "jane devs ops system:authenticated acme.com/scope=all");
    KT_EQ_INT(metrics("proxy", NULL), 401); /* it names nobody, and is nobody itself */
    KT_EQ_INT(metrics("odd", PROXIED), 401);
    KT_EQ_INT(metrics("late", NULL), 401);
    KT_EQ_INT(metrics("stranger", NULL), 401);
    KT_TRUE(t.asked == NULL);
    KT_EQ_INT(metrics("stranger", "Authorization: Bearer x\r\n"), 200);
    KT_EQ_STR(t.asked, "token");
    /* What is no certificate changes nothing. */
    trust.client_ca = "nonsense";
    KT_EQ_INT(cleat_api_trust(t.api, &trust, &e), CLEAT_E_BAD_REQUEST);
    KT_EQ_INT(metrics("jane", NULL), 200);
    /* Another authority, and a connection that lives on. */
    struct at_conn c;
    AT_AUTO_ANSWER a = {0};
    KT_REQUIRE(dial(&c, "jane"));
    KT_EQ_INT(at_ask(&c, "GET", "/metrics", NULL, NULL, &a), 200);
    trust.client_ca = other;
    KT_REQUIRE_OK(cleat_api_trust(t.api, &trust, &e), &e);
    KT_EQ_INT(at_ask(&c, "GET", "/metrics", NULL, NULL, &a), 401);
    KT_EQ_INT(at_ask(&c, "GET", "/healthz", NULL, NULL, &a), 200);
    at_disconnect(&c);
    KT_EQ_INT(metrics("stranger", NULL), 200);
    KT_EQ_STR(t.asked, "stranger system:authenticated");
    down();
}

static void a_file_goes_first(void) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    make_dir();
    KT_REQUIRE(far_cert(t.dir, "ca", NULL, NULL, 86400) &&
               far_cert(t.dir, "other", NULL, NULL, 86400) &&
               far_cert(t.dir, "jane", "DNS:x", "ca", 86400) &&
               far_cert(t.dir, "stranger", "DNS:x", "other", 86400));
    CLEAT_AUTO_FREE char *file = in_dir("ca.crt"), *other = text_of("other.crt");
    KT_REQUIRE(up((struct cleat_api_opts){.client_ca_file = file}));
    KT_REQUIRE_OK(cleat_api_trust(t.api, &(struct cleat_api_trust){.client_ca = other}, &e), &e);
    KT_EQ_INT(metrics("jane", NULL), 200);
    KT_EQ_STR(t.asked, "jane system:authenticated");
    KT_EQ_INT(metrics("stranger", NULL), 401);
    rename_pair("other", "ca", "crt");
    int status = 0;
    for (int i = 0; i < 400 && status != 200; i++) {
        usleep(50000);
        status = metrics("stranger", NULL);
    }
    KT_EQ_INT(status, 200);
    KT_EQ_INT(metrics("jane", NULL), 401);
    down();
}

KT_MAIN("api_tls", KT_TEST(a_certificate_is_replaced), KT_TEST(so_is_an_api_servers),
        KT_TEST(callers_show_certificates), KT_TEST(a_file_goes_first))
