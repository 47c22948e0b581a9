/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS towards the server: whom we trust and who we are, from files that may be replaced
 * while we run. A context is made anew when one of them differs; connections keep theirs.
 * Certificates are checked for chain, time and the name or address that was dialled.
 */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "core/remote/internal.h"

enum { PEM_MAX = 4 << 20 };

void cleat__rc_tls_init(struct cleat__remote *r) {
    pthread_mutex_init(&r->tls.mutex, NULL);
}

static void drop_exec(struct cleat__rc_tls *t) {
    if (t->exec_key != NULL) {
        explicit_bzero(t->exec_key, strlen(t->exec_key));
    }
    free(t->exec_key);
    free(t->exec_cert);
    t->exec_key = t->exec_cert = NULL;
}

void cleat__rc_tls_done(struct cleat__remote *r) {
    SSL_SESSION_free(r->tls.sessions[0]);
    SSL_SESSION_free(r->tls.sessions[1]);
    SSL_CTX_free(r->tls.ctx);
    drop_exec(&r->tls);
    free(r->tls.stamp);
    pthread_mutex_destroy(&r->tls.mutex);
}

void cleat__rc_tls_set_exec(struct cleat__remote *r, const char *cert, const char *key) {
    struct cleat__rc_tls *t = &r->tls;
    CLEAT_LOCKED(&t->mutex);
    if (cleat_eqc(cleat_s(cert), t->exec_cert) && cleat_eqc(cleat_s(key), t->exec_key)) {
        return;
    }
    drop_exec(t);
    t->exec_cert = cleat_strdup(cert);
    t->exec_key = cleat_strdup(key);
    free(t->stamp);
    t->stamp = NULL;
}

/* ---- a context ---- */

static cleat_err failed(struct cleat_error *e, const char *what) {
    char why[160] = "";
    unsigned long code = ERR_get_error();
    ERR_error_string_n(code, why, sizeof why);
    ERR_clear_error();
    return cleat_fail(e, CLEAT_E_UNAVAILABLE, "%s: %s", what, code != 0 ? why : "no certificate");
}

/* PEM that stands inline or in a file. */
static cleat_err pem(const char *data, const char *file, struct cleat_buf *out,
                     struct cleat_error *e) {
    if (data != NULL) {
        cleat_buf_puts(out, data);
        return CLEAT_OK;
    }
    cleat_err err = file != NULL ? cleat__rc_read_whole(file, PEM_MAX, out, e) : CLEAT_OK;
    return err == CLEAT_E_IO ? CLEAT_E_UNAVAILABLE : err;
}

static cleat_err trust(SSL_CTX *ctx, struct cleat_str text, struct cleat_error *e) {
    X509_STORE *store = SSL_CTX_get_cert_store(ctx);
    BIO *in = BIO_new_mem_buf(text.p, (int)text.n);
    int n = 0;
    for (X509 *x; in != NULL && (x = PEM_read_bio_X509_AUX(in, NULL, NULL, NULL)) != NULL; n++) {
        X509_STORE_add_cert(store, x);
        X509_free(x);
    }
    BIO_free(in);
    if (n == 0) {
        return failed(e, "the certificate authority");
    }
    ERR_clear_error();
    return CLEAT_OK;
}

/* A certificate, and those that lead from it to its authority. */
static cleat_err identify(SSL_CTX *ctx, struct cleat_str cert, struct cleat_str key,
                          struct cleat_error *e) {
    BIO *c = BIO_new_mem_buf(cert.p, (int)cert.n), *k = BIO_new_mem_buf(key.p, (int)key.n);
    X509 *x = c != NULL ? PEM_read_bio_X509(c, NULL, NULL, NULL) : NULL;
    EVP_PKEY *p = k != NULL ? PEM_read_bio_PrivateKey(k, NULL, NULL, (void *)"") : NULL;
    bool ok = x != NULL && p != NULL && SSL_CTX_use_certificate(ctx, x) == 1 &&
              SSL_CTX_use_PrivateKey(ctx, p) == 1 && SSL_CTX_check_private_key(ctx) == 1;
    for (X509 *more; ok && (more = PEM_read_bio_X509(c, NULL, NULL, NULL)) != NULL;) {
        ok = SSL_CTX_add1_chain_cert(ctx, more) == 1;
        X509_free(more);
    }
    EVP_PKEY_free(p);
    X509_free(x);
    BIO_free(k);
    BIO_free(c);
    cleat_err err = ok ? CLEAT_OK : failed(e, "the client certificate and its key");
    ERR_clear_error();
    return err;
}

static int remote_index(void) {
    static int index = -1;
    static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
    CLEAT_LOCKED(&once);
    if (index < 0) {
        index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    }
    return index;
}

/* The I/O thread reads from the socket, so this comes on it. */
static int on_session(SSL *ssl, SSL_SESSION *s) {
    SSL_CTX *ctx = SSL_get_SSL_CTX(ssl);
    struct cleat__remote *r = SSL_CTX_get_ex_data(ctx, remote_index());
    CLEAT_LOCKED(&r->tls.mutex);
    if (ctx != r->tls.ctx) {
        return 0;
    }
    SSL_SESSION **mine = &r->tls.sessions[SSL_get_app_data(ssl) != NULL];
    SSL_SESSION_free(*mine);
    *mine = s;
    return 1; /* it is ours now */
}

/* exec_cert, exec_key: what a program said, or NULL. */
static cleat_err make(struct cleat__remote *r, const char *exec_cert, const char *exec_key,
                      SSL_CTX **ret, struct cleat_error *e) {
    const struct cleat__rc_config *cfg = r->config;
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    CLEAT_AUTO_BUF ca = {0};
    CLEAT_AUTO_BUF cert = {0};
    CLEAT_AUTO_BUF key = {0};
    if (ctx == NULL) {
        return failed(e, "TLS");
    }
    static const unsigned char both[] = "\x02h2\x08http/1.1", one[] = "\x08http/1.1";
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION); /* as Go: it would interrupt reads */
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_protos(ctx, r->http1 ? one : both,
                            (unsigned)(r->http1 ? sizeof one : sizeof both) - 1);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ctx, on_session);
    SSL_CTX_set_ex_data(ctx, remote_index(), r);
    SSL_CTX_set_verify(ctx, cfg->insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, NULL);
    cleat_err err = pem(cfg->ca_data, cfg->ca_file, &ca, e);
    if (err == CLEAT_OK && ca.n > 0) {
        err = trust(ctx, (struct cleat_str){ca.p, ca.n}, e);
    } else if (err == CLEAT_OK) {
        SSL_CTX_set_default_verify_paths(ctx);
    }
    if (err == CLEAT_OK) {
        err = pem(exec_cert != NULL ? exec_cert : cfg->cert_data, cfg->cert_file, &cert, e);
    }
    if (err == CLEAT_OK) {
        err = pem(exec_cert != NULL ? exec_key : cfg->key_data, cfg->key_file, &key, e);
    }
    if (err == CLEAT_OK && cert.n > 0) {
        err =
            identify(ctx, (struct cleat_str){cert.p, cert.n}, (struct cleat_str){key.p, key.n}, e);
    }
    if (key.n > 0) {
        explicit_bzero(key.p, key.n);
    }
    if (err != CLEAT_OK) {
        SSL_CTX_free(ctx);
        return err;
    }
    *ret = ctx;
    return CLEAT_OK;
}

/* Which bytes the files have, as far as the file system tells. */
static void stamp(struct cleat_buf *b, const char *file) {
    struct stat s;
    if (file != NULL && stat(file, &s) == 0) {
        cleat_buf_printf(b, "%llu %lld %lld.%09ld;", (unsigned long long)s.st_ino,
                         (long long)s.st_size, (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    } else {
        cleat_buf_puts(b, "-;");
    }
}

/* The one that is there where it was made of these files; else false, and what else it is made of.
 */
static bool current(struct cleat__rc_tls *t, const char *now, SSL_CTX **ret,
                    uint64_t *ret_generation, char **ret_cert, char **ret_key) {
    CLEAT_LOCKED(&t->mutex);
    if (t->ctx != NULL && t->stamp != NULL && strcmp(now, t->stamp) == 0) {
        SSL_CTX_up_ref(t->ctx);
        *ret = t->ctx;
        *ret_generation = t->generation;
        return true;
    }
    *ret_cert = cleat_strdup(t->exec_cert);
    *ret_key = cleat_strdup(t->exec_key);
    return false;
}

/* Files are read without the lock: the I/O thread takes it too. */
cleat_err cleat__rc_tls_get(struct cleat__remote *r, SSL_CTX **ret, uint64_t *ret_generation,
                            struct cleat_error *e) {
    struct cleat__rc_tls *t = &r->tls;
    CLEAT_AUTO_BUF now = {0};
    CLEAT_AUTO_FREE char *cert = NULL, *key = NULL;
    SSL_CTX *ctx = NULL;
    stamp(&now, r->config->ca_data ? NULL : r->config->ca_file);
    stamp(&now, r->config->cert_data ? NULL : r->config->cert_file);
    stamp(&now, r->config->key_data ? NULL : r->config->key_file);
    if (current(t, now.p, ret, ret_generation, &cert, &key)) {
        return CLEAT_OK;
    }
    cleat_err err = make(r, cert, key, &ctx, e);
    if (key != NULL) {
        explicit_bzero(key, strlen(key));
    }
    CLEAT_LOCKED(&t->mutex);
    if (err != CLEAT_OK && t->ctx == NULL) {
        return err;
    }
    if (err != CLEAT_OK) {
        /* In the middle of being replaced, perhaps: the old ones may still be good. */
        cleat_logf(CLEAT_LOG_WARN, "remote", "certificates are not read anew: %s",
                   e != NULL ? e->message : "");
    } else {
        SSL_CTX_free(t->ctx);
        for (int i = 0; i < CLEAT__LINES; i++) {
            SSL_SESSION_free(t->sessions[i]);
            t->sessions[i] = NULL;
        }
        t->ctx = ctx;
        t->generation++;
        free(t->stamp);
        bool newest = cleat_eqc(cleat_s(t->exec_cert), cert); /* nobody said another meanwhile */
        t->stamp = newest ? cleat_strdup(now.p) : NULL;
    }
    SSL_CTX_up_ref(t->ctx);
    *ret = t->ctx;
    *ret_generation = t->generation;
    return CLEAT_OK;
}

/* ---- a connection ---- */

cleat_err cleat__rc_tls_new(struct cleat__remote *r, SSL_CTX *ctx, int fd, int line, SSL **ret,
                            struct cleat_error *e) {
    const struct cleat__rc_config *cfg = r->config;
    const char *host = cfg->tls_server_name != NULL ? cfg->tls_server_name : cfg->url.host;
    SSL *ssl = SSL_new(ctx);
    bool ok = ssl != NULL && SSL_set_fd(ssl, fd) == 1;
    if (ok) {
        X509_VERIFY_PARAM *p = SSL_get0_param(ssl);
        bool address = X509_VERIFY_PARAM_set1_ip_asc(p, host) == 1;
        SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        ok = address || (SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1);
    }
    ERR_clear_error();
    if (!ok) {
        SSL_free(ssl);
        return failed(e, "TLS");
    }
    if (line == CLEAT__LINE_OWN) {
        SSL_certs_clear(ssl);
        SSL_set_app_data(ssl, r);
    }
    CLEAT_LOCKED(&r->tls.mutex);
    if (ctx == r->tls.ctx && r->tls.sessions[line] != NULL) {
        SSL_set_session(ssl, r->tls.sessions[line]); /* a session knows who began it */
    }
    SSL_set_connect_state(ssl);
    *ret = ssl;
    return CLEAT_OK;
}

void cleat__rc_tls_why(SSL *ssl, int r, char out[256]) {
    long verdict = SSL_get_verify_result(ssl);
    unsigned long code = ERR_peek_last_error();
    if (verdict != X509_V_OK && ERR_GET_LIB(code) == ERR_LIB_SSL) {
        snprintf(out, 256, "the server's certificate is not accepted: %s",
                 X509_verify_cert_error_string(verdict));
    } else if (code != 0) {
        const char *reason = ERR_reason_error_string(code);
        snprintf(out, 256, "TLS: %s", reason != NULL ? reason : "the handshake failed");
    } else if (r == 0) {
        snprintf(out, 256, "TLS: the server hung up");
    } else {
        snprintf(out, 256, "TLS: %m");
    }
    ERR_clear_error();
}
