/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TLS context that connections begin with: who we are and whose certificates are asked
 * for. It is made anew when one of its files has been replaced, by the accepting thread, which
 * looks once a second; a connection keeps the one that it began with. Files that are in the
 * middle of being replaced, a certificate without its key say, change nothing.
 */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include "core/api/internal.h"

#define LOOK_EACH CLEAT_SECOND

static cleat_err ssl_fail(struct cleat_error *e, const char *what) {
    char text[256];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    return cleat_fail(e, CLEAT_E_IO, "%s: %s", what, text);
}

static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *n,
                       const unsigned char *in, unsigned int in_n, void *arg) {
    (void)ssl;
    (void)arg;
    static const unsigned char ours[] = "\x02h2\x08http/1.1"; /* ours comes first */
    return SSL_select_next_proto((unsigned char **)out, n, ours, sizeof ours - 1, in, in_n) ==
                   OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_NOACK;
}

/* ---- a context ---- */

static cleat_err use_certificate(const cleat_api *a, SSL_CTX *ctx, struct cleat_error *e) {
    const struct cleat_api_opts *o = &a->opts;
    if (o->tls_cert_file != NULL) {
        bool ok = SSL_CTX_use_certificate_chain_file(ctx, o->tls_cert_file) == 1 &&
                  SSL_CTX_use_PrivateKey_file(ctx, o->tls_key_file ? o->tls_key_file : "",
                                              SSL_FILETYPE_PEM) == 1 &&
                  SSL_CTX_check_private_key(ctx) == 1;
        return ok ? CLEAT_OK : ssl_fail(e, "--tls-cert-file, --tls-private-key-file");
    }
    bool ok = SSL_CTX_use_certificate(ctx, a->own_cert) == 1 &&
              SSL_CTX_use_PrivateKey(ctx, a->own_key) == 1;
    return ok ? CLEAT_OK : ssl_fail(e, "TLS certificate");
}

/* Certificates are checked in the handshake. */
static cleat_err trust_in_handshake(const cleat_api *a, SSL_CTX *ctx, struct cleat_error *e) {
    X509_STORE *trust = SSL_CTX_get_cert_store(ctx);
    STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();
    if (names == NULL ||
        (a->own_ca != NULL &&
         (X509_STORE_add_cert(trust, a->own_ca) != 1 ||
          sk_X509_NAME_push(names, X509_NAME_dup(X509_get_subject_name(a->own_ca))) == 0))) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return ssl_fail(e, "TLS trust");
    }
    if (a->opts.client_ca_file != NULL) {
        STACK_OF(X509_NAME) *more = SSL_load_client_CA_file(a->opts.client_ca_file);
        if (more == NULL || X509_STORE_load_file(trust, a->opts.client_ca_file) != 1) {
            sk_X509_NAME_pop_free(names, X509_NAME_free);
            sk_X509_NAME_pop_free(more, X509_NAME_free);
            return ssl_fail(e, "--client-ca-file");
        }
        while (sk_X509_NAME_num(more) > 0) {
            sk_X509_NAME_push(names, sk_X509_NAME_pop(more));
        }
        sk_X509_NAME_free(more);
    }
    SSL_CTX_set_client_CA_list(ctx, names);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE, NULL);
    return CLEAT_OK;
}

static int take_any(int ok, X509_STORE_CTX *ctx) {
    (void)ok;
    (void)ctx;
    return 1; /* trust.c looks at it with each request */
}

static cleat_err make(const cleat_api *a, const struct cleat__trust *trust, SSL_CTX **ret,
                      struct cleat_error *e) {
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    static const unsigned char session[] = "cleat";
    if (ctx == NULL || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1) {
        SSL_CTX_free(ctx);
        return ssl_fail(e, "TLS");
    }
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_read_ahead(ctx, 1);  /* a record's head and body in one call */
    SSL_CTX_set_num_tickets(ctx, 0); /* identities are checked anew with each connection */
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(ctx, session, sizeof session - 1);
    SSL_CTX_set_alpn_select_cb(ctx, choose_alpn, NULL);
    cleat_err err = use_certificate(a, ctx, e);
    STACK_OF(X509_NAME) *names = trust != NULL ? cleat__trust_authorities(trust) : NULL;
    if (names != NULL) {
        SSL_CTX_set_client_CA_list(ctx, names);
        SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE, take_any);
    } else if (err == CLEAT_OK && a->registry != NULL) {
        err = trust_in_handshake(a, ctx, e);
    }
    if (err != CLEAT_OK) {
        SSL_CTX_free(ctx);
        return err;
    }
    *ret = ctx;
    return CLEAT_OK;
}

/* ---- the one that holds ---- */

/* from: NULL = what was given before. */
static cleat_err replace(cleat_api *a, const struct cleat_api_trust *from, struct cleat_error *e) {
    struct cleat__trust *trust = NULL;
    SSL_CTX *ctx = NULL;
    CLEAT_LOCKED(&a->tls_making);
    if (a->registry == NULL) {
        CLEAT_TRY(cleat__trust_make(a, from, &trust, e));
    }
    cleat_err err = make(a, trust, &ctx, e);
    if (err != CLEAT_OK) {
        cleat__trust_unref(trust);
        return err;
    }
    CLEAT_LOCKED(&a->tls_mutex);
    SSL_CTX_free(a->tls);
    cleat__trust_unref(a->trust);
    a->tls = ctx;
    a->trust = trust;
    return CLEAT_OK;
}

cleat_err cleat_api_trust(cleat_api *a, const struct cleat_api_trust *t, struct cleat_error *e) {
    return a->opts.secure_port != 0 ? replace(a, t, e) : CLEAT_OK;
}

SSL *cleat__tls_new(cleat_api *a) {
    CLEAT_LOCKED(&a->tls_mutex);
    return SSL_new(a->tls);
}

/* ---- files ---- */

/* Which bytes the files have, as far as the file system tells; owned. NULL: there are none. */
static char *stamp(const cleat_api *a) {
    const char *files[] = {a->opts.tls_cert_file, a->opts.tls_key_file, a->opts.client_ca_file,
                           a->opts.proxy_ca_file};
    struct cleat_buf b = {0};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct stat s;
        if (files[i] == NULL) {
            continue;
        }
        if (stat(files[i], &s) == 0) {
            cleat_buf_printf(&b, "%llu %llu %lld %lld.%09ld;", (unsigned long long)s.st_dev,
                             (unsigned long long)s.st_ino, (long long)s.st_size,
                             (long long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
        } else {
            cleat_buf_puts(&b, "-;");
        }
    }
    return b.n > 0 ? cleat_buf_take(&b) : NULL;
}

cleat_err cleat__tls_start(cleat_api *a, struct cleat_error *e) {
    a->tls_stamp = stamp(a);
    return replace(a, NULL, e);
}

int cleat__tls_look_each(const cleat_api *a) {
    return a->tls_stamp != NULL ? (int)(LOOK_EACH / CLEAT_MS) : -1;
}

void cleat__tls_look(cleat_api *a) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_time now = cleat_now_mono();
    if (a->tls_stamp == NULL || now - a->tls_looked < LOOK_EACH) {
        return;
    }
    a->tls_looked = now;
    CLEAT_AUTO_FREE char *files = stamp(a);
    if (strcmp(files, a->tls_stamp) == 0) {
        return;
    }
    free(a->tls_stamp);
    a->tls_stamp = CLEAT_STEAL(files);
    if (replace(a, NULL, &e) == CLEAT_OK) {
        cleat_logf(CLEAT_LOG_INFO, "api", "certificates were read anew");
    } else { /* the next file to be replaced brings us here again */
        cleat_logf(CLEAT_LOG_WARN, "api", "certificates are not read anew: %s", e.message);
    }
}

void cleat__tls_done(cleat_api *a) {
    SSL_CTX_free(a->tls);
    cleat__trust_unref(a->trust);
    X509_free(a->own_ca);
    X509_free(a->own_cert);
    EVP_PKEY_free(a->own_key);
    free(a->tls_stamp);
    pthread_mutex_destroy(&a->tls_mutex);
    pthread_mutex_destroy(&a->tls_making);
}
