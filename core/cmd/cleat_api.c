/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to the API server of a kubeconfig; see cleat_api.h. */
#include "core/cmd/cleat_api.h"

#include "core/auth/jwt.h"
#include "core/host/config.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <strings.h>

enum { ANSWER_MAX = 64 << 20 };

struct cleat_cmd_api {
    char *host, *port, *token, *ns;
    bool tls;
    SSL_CTX *ssl;
};

void cleat_cmd_api_free(cleat_cmd_api *a) {
    if (a != NULL) {
        SSL_CTX_free(a->ssl);
        free(a->host);
        free(a->port);
        free(a->token);
        free(a->ns);
        free(a);
    }
}

const char *cleat_cmd_api_namespace(const cleat_cmd_api *a) {
    return a->ns != NULL ? a->ns : "default";
}

/* ---- kubeconfig ---- */

static const char *text_of(const struct cleat_yaml *map, const char *key) {
    const struct cleat_yaml *y = map != NULL ? cleat_yaml_get(map, key) : NULL;
    return y != NULL && y->type == CLEAT_YAML_SCALAR && !cleat_yaml_is_null(y) && y->text[0] != 0
               ? y->text
               : NULL;
}

/* What is under `member` in the entry of this name of a list. */
static const struct cleat_yaml *entry(const struct cleat_yaml *root, const char *list,
                                      const char *name, const char *member) {
    const struct cleat_yaml *all = cleat_yaml_get(root, list);
    for (size_t i = 0; name != NULL && all != NULL && i < all->n; i++) {
        const char *has = text_of(all->items[i], "name");
        if (has != NULL && strcmp(has, name) == 0) {
            return cleat_yaml_get(all->items[i], member);
        }
    }
    return NULL;
}

static cleat_err read_file(const char *path, struct cleat_buf *out, struct cleat_error *e) {
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %m", path);
    }
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) {
        cleat_buf_add(out, chunk, n);
    }
    fclose(f);
    return CLEAT_OK;
}

/* PEM that stands inline (key-data) or in a file (key); nothing where neither does. */
static cleat_err pem_of(const struct cleat_yaml *map, const char *key, struct cleat_buf *out,
                        struct cleat_error *e) {
    CLEAT_AUTO_FREE char *inline_key = cleat_sprintf("%s-data", key);
    const char *data = text_of(map, inline_key), *path = text_of(map, key);
    if (data != NULL) {
        return cleat_base64_decode(cleat_s(data), out)
                   ? CLEAT_OK
                   : cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s of the kubeconfig is no base64",
                                inline_key);
    }
    return path != NULL ? read_file(path, out, e) : CLEAT_OK;
}

static cleat_err tls_failed(struct cleat_error *e, const char *what) {
    char why[160] = "";
    ERR_error_string_n(ERR_get_error(), why, sizeof why);
    return cleat_fail(e, CLEAT_E_IO, "%s: %s", what, why);
}

static cleat_err trust(cleat_cmd_api *a, struct cleat_str pem, struct cleat_error *e) {
    X509_STORE *store = SSL_CTX_get_cert_store(a->ssl);
    BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
    int n = 0;
    for (X509 *x; (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL; n++) {
        X509_STORE_add_cert(store, x);
        X509_free(x);
    }
    BIO_free(in);
    return n > 0 ? CLEAT_OK : tls_failed(e, "the certificate authority of the kubeconfig");
}

static cleat_err identify(cleat_cmd_api *a, struct cleat_str cert, struct cleat_str key,
                          struct cleat_error *e) {
    BIO *c = BIO_new_mem_buf(cert.p, (int)cert.n), *k = BIO_new_mem_buf(key.p, (int)key.n);
    X509 *x = PEM_read_bio_X509(c, NULL, NULL, NULL);
    EVP_PKEY *p = PEM_read_bio_PrivateKey(k, NULL, NULL, NULL);
    bool ok = x != NULL && p != NULL && SSL_CTX_use_certificate(a->ssl, x) == 1 &&
              SSL_CTX_use_PrivateKey(a->ssl, p) == 1;
    EVP_PKEY_free(p);
    X509_free(x);
    BIO_free(k);
    BIO_free(c);
    return ok ? CLEAT_OK : tls_failed(e, "the client certificate of the kubeconfig");
}

static cleat_err set_server(cleat_cmd_api *a, const char *server, struct cleat_error *e) {
    const char *p = server != NULL ? strstr(server, "://") : NULL;
    if (p == NULL || (strncmp(server, "https", 5) != 0 && strncmp(server, "http", 4) != 0)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "the kubeconfig names no server");
    }
    a->tls = strncmp(server, "https", 5) == 0;
    p += 3;
    bool v6 = *p == '[';
    size_t n = strcspn(p + v6, v6 ? "]" : ":/");
    a->host = cleat_strndup((struct cleat_str){p + v6, n});
    p += v6 + n + v6;
    a->port = *p == ':' ? cleat_strndup((struct cleat_str){p + 1, strcspn(p + 1, "/")})
                        : cleat_strdup(a->tls ? "443" : "80");
    return CLEAT_OK;
}

static cleat_err set_user(cleat_cmd_api *a, const struct cleat_yaml *user, struct cleat_error *e) {
    CLEAT_AUTO_BUF cert = {0}, key = {0};
    const char *token = text_of(user, "token"), *file = text_of(user, "tokenFile");
    if (token != NULL) {
        a->token = cleat_strdup(token);
    } else if (file != NULL) {
        CLEAT_AUTO_BUF text = {0};
        CLEAT_TRY(read_file(file, &text, e));
        a->token = cleat_strndup((struct cleat_str){text.p, strcspn(text.n ? text.p : "", "\r\n")});
    }
    CLEAT_TRY(pem_of(user, "client-certificate", &cert, e));
    CLEAT_TRY(pem_of(user, "client-key", &key, e));
    if (cert.n > 0 && a->tls) {
        CLEAT_TRY(
            identify(a, (struct cleat_str){cert.p, cert.n}, (struct cleat_str){key.p, key.n}, e));
    }
    if (user != NULL && (cleat_yaml_get(user, "exec") || cleat_yaml_get(user, "auth-provider"))) {
        return cleat_fail(e, CLEAT_E_UNSUPPORTED,
                          "the user of the kubeconfig needs a program to log in; give a token");
    }
    return CLEAT_OK;
}

static cleat_err configure(cleat_cmd_api *a, const struct cleat_yaml *root, struct cleat_error *e) {
    const struct cleat_yaml *context =
        entry(root, "contexts", text_of(root, "current-context"), "context");
    const struct cleat_yaml *cluster =
        entry(root, "clusters", text_of(context, "cluster"), "cluster");
    const char *insecure = text_of(cluster, "insecure-skip-tls-verify");
    const char *ns = text_of(context, "namespace");
    a->ns = ns != NULL ? cleat_strdup(ns) : NULL;
    CLEAT_TRY(set_server(a, text_of(cluster, "server"), e));
    if (a->tls) {
        CLEAT_AUTO_BUF ca = {0};
        a->ssl = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_min_proto_version(a->ssl, TLS1_2_VERSION);
        CLEAT_TRY(pem_of(cluster, "certificate-authority", &ca, e));
        if (ca.n > 0) {
            CLEAT_TRY(trust(a, (struct cleat_str){ca.p, ca.n}, e));
        } else {
            SSL_CTX_set_default_verify_paths(a->ssl);
        }
        bool verify = insecure == NULL || strcmp(insecure, "true") != 0;
        SSL_CTX_set_verify(a->ssl, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    }
    return set_user(a, entry(root, "users", text_of(context, "user"), "user"), e);
}

cleat_err cleat_cmd_api_open(const char *file, cleat_cmd_api **ret, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *path = NULL;
    const char *env = getenv("KUBECONFIG"), *home = getenv("HOME");
    if (file != NULL) {
        path = cleat_strdup(file);
    } else if (env != NULL && env[0] != 0) {
        path = cleat_strndup((struct cleat_str){env, strcspn(env, ":")});
    } else {
        path = cleat_sprintf("%s/.kube/config", home != NULL ? home : "");
    }
    CLEAT_AUTO(cleat_yaml) *root = NULL;
    CLEAT_TRY(cleat_yaml_read(path, &root, e));
    CLEAT_AUTO(cleat_cmd_api) *a = cleat_zalloc(sizeof *a);
    CLEAT_TRY(configure(a, root, e));
    *ret = CLEAT_STEAL(a);
    return CLEAT_OK;
}

/* ---- a connection ---- */

static cleat_err expect(cleat_cmd_api *a, SSL *ssl, struct cleat_error *e) {
    X509_VERIFY_PARAM *p = SSL_get0_param(ssl);
    bool address = X509_VERIFY_PARAM_set1_ip_asc(p, a->host) == 1;
    if (!address &&
        (SSL_set1_host(ssl, a->host) != 1 || SSL_set_tlsext_host_name(ssl, a->host) != 1)) {
        return tls_failed(e, a->host);
    }
    ERR_clear_error();
    return CLEAT_OK;
}

static cleat_err dial(cleat_cmd_api *a, BIO **ret, struct cleat_error *e) {
    bool v6 = strchr(a->host, ':') != NULL;
    CLEAT_AUTO_FREE char *where =
        cleat_sprintf("%s%s%s:%s", v6 ? "[" : "", a->host, v6 ? "]" : "", a->port);
    BIO *b = a->tls ? BIO_new_ssl_connect(a->ssl) : BIO_new(BIO_s_connect());
    cleat_err err = CLEAT_OK;
    if (a->tls) {
        SSL *ssl = NULL;
        BIO_get_ssl(b, &ssl);
        err = expect(a, ssl, e);
    }
    BIO_set_conn_hostname(b, where);
    if (err == CLEAT_OK && BIO_do_connect(b) != 1) {
        err = tls_failed(e, where);
    }
    if (err != CLEAT_OK) {
        BIO_free_all(b);
        return err;
    }
    *ret = b;
    return CLEAT_OK;
}

/* ---- the answer ---- */

/* Takes the chunks' sizes out, in place. */
static void dechunk(struct cleat_buf *b, size_t from) {
    size_t in = from, out = from;
    while (in < b->n) {
        char *end;
        size_t n = strtoul(b->p + in, &end, 16);
        size_t skip = (size_t)(end - b->p) + strcspn(end, "\n") + 1;
        if (n == 0 || skip > b->n || n > b->n - skip) {
            break;
        }
        memmove(b->p + out, b->p + skip, n);
        out += n;
        in = skip + n + 2;
    }
    b->n = out;
}

static cleat_err understand(struct cleat_buf *b, cleat_obj **ret, struct cleat_error *e) {
    const char *blank = b->n > 0 ? strstr(b->p, "\r\n\r\n") : NULL;
    int status = 0;
    if (blank == NULL || sscanf(b->p, "HTTP/1.1 %d", &status) != 1) {
        return cleat_fail(e, CLEAT_E_IO, "the server's answer is no HTTP");
    }
    size_t head = (size_t)(blank - b->p) + 4;
    CLEAT_AUTO_FREE char *lines = cleat_strndup((struct cleat_str){b->p, head});
    if (strcasestr(lines, "\r\ntransfer-encoding: chunked") != NULL) {
        dechunk(b, head);
    }
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_TRY(cleat_obj_parse((struct cleat_str){b->p + head, b->n - head}, 0, &o, e));
    if (status >= 300) {
        struct cleat_str why = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("message")));
        return cleat_fail(e, status == 404 ? CLEAT_E_NOT_FOUND : CLEAT_E_UNKNOWN, "%.*s",
                          CLEAT_FMT(why));
    }
    *ret = CLEAT_STEAL(o);
    return CLEAT_OK;
}

cleat_err cleat_cmd_api_request(cleat_cmd_api *a, const char *method, const char *path,
                                const char *body, cleat_obj **ret, struct cleat_error *e) {
    BIO *b = NULL;
    CLEAT_TRY(dial(a, &b, e));
    CLEAT_AUTO_BUF out = {0};
    cleat_buf_printf(&out,
                     "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: application/json\r\n"
                     "User-Agent: cleat/" CLEAT_VERSION "\r\nConnection: close\r\n",
                     method, path, a->host);
    if (a->token != NULL) {
        cleat_buf_printf(&out, "Authorization: Bearer %s\r\n", a->token);
    }
    cleat_buf_printf(&out, "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                     body != NULL ? strlen(body) : 0, body != NULL ? body : "");
    CLEAT_AUTO_BUF in = {0};
    cleat_err err = CLEAT_OK;
    if (BIO_write(b, out.p, (int)out.n) != (int)out.n) {
        err = tls_failed(e, "sending the request");
    }
    char chunk[16384];
    for (int n;
         err == CLEAT_OK && in.n < ANSWER_MAX && (n = BIO_read(b, chunk, sizeof chunk)) > 0;) {
        cleat_buf_add(&in, chunk, (size_t)n);
    }
    BIO_free_all(b);
    return err == CLEAT_OK ? understand(&in, ret, e) : err;
}
