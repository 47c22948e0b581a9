/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/far.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- connections ---- */

static void *conn_thread(void *arg) {
    struct far_conn *c = arg;
    if (c->far->tls != NULL) {
        c->ssl = SSL_new(c->far->tls);
        SSL_set_fd(c->ssl, c->fd);
        if (SSL_accept(c->ssl) != 1) {
            ERR_clear_error();
            shutdown(c->fd, SHUT_RDWR);
            return NULL;
        }
    }
    c->far->serve(c);
    if (c->ssl != NULL) {
        SSL_shutdown(c->ssl);
        ERR_clear_error();
    }
    shutdown(c->fd, SHUT_RDWR);
    return NULL;
}

static void *accept_thread(void *arg) {
    struct far *f = arg;
    while (!atomic_load(&f->stop)) {
        int fd = accept4(f->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) {
            continue;
        }
        struct timeval patience = {20, 0};
        int on = 1;
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct far_conn *c = cleat_zalloc(sizeof *c);
        CLEAT_LOCKED(&f->mutex);
        *c = (struct far_conn){.far = f, .fd = fd, .number = f->n_conns++, .next = f->conns};
        f->conns = c;
        c->thread = cleat_thread_start("far-conn", conn_thread, c);
    }
    return NULL;
}

bool far_open(struct far *f, void (*serve)(struct far_conn *c), void *userdata, SSL_CTX *tls) {
    struct sockaddr_in in = {.sin_family = AF_INET};
    socklen_t n = sizeof in;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *f = (struct far){.serve = serve, .userdata = userdata, .tls = tls};
    pthread_mutex_init(&f->mutex, NULL);
    f->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = bind(f->fd, (struct sockaddr *)&in, sizeof in) == 0 && listen(f->fd, 64) == 0 &&
              getsockname(f->fd, (struct sockaddr *)&in, &n) == 0;
    f->port = ntohs(in.sin_port);
    f->thread = cleat_thread_start("far", accept_thread, f);
    return kt_true(ok, "the far side listens", __FILE__, __LINE__);
}

void far_close(struct far *f) {
    atomic_store(&f->stop, true);
    shutdown(f->fd, SHUT_RDWR);
    pthread_join(f->thread, NULL);
    close(f->fd);
    for (struct far_conn *c = f->conns; c != NULL; c = c->next) {
        shutdown(c->fd, SHUT_RDWR);
    }
    for (struct far_conn *c = f->conns, *next; c != NULL; c = next) {
        next = c->next;
        pthread_join(c->thread, NULL);
        SSL_free(c->ssl);
        close(c->fd);
        cleat_buf_done(&c->in);
        free(c);
    }
    SSL_CTX_free(f->tls);
    pthread_mutex_destroy(&f->mutex);
}

char *far_url(const struct far *f) {
    return cleat_sprintf("%s://127.0.0.1:%d", f->tls != NULL ? "https" : "http", f->port);
}

/* ---- talking ---- */

static bool fill(struct far_conn *c) {
    char data[16384];
    ssize_t n = c->ssl ? SSL_read(c->ssl, data, sizeof data) : recv(c->fd, data, sizeof data, 0);
    ERR_clear_error();
    if (n <= 0) {
        return false;
    }
    cleat_buf_add(&c->in, data, (size_t)n);
    return true;
}

static void take(struct far_conn *c, size_t n, struct cleat_buf *out) {
    if (out != NULL) {
        cleat_buf_add(out, c->in.p, n);
    }
    memmove(c->in.p, c->in.p + n, c->in.n - n);
    c->in.n -= n;
    c->in.p[c->in.n] = '\0';
}

bool far_request(struct far_conn *c, struct cleat_buf *head, struct cleat_buf *body) {
    const char *end;
    head->n = 0;
    while (c->in.n == 0 || (end = strstr(c->in.p, "\r\n\r\n")) == NULL) {
        if (!fill(c)) {
            return false;
        }
    }
    take(c, (size_t)(end - c->in.p) + 4, head);
    const char *length = strcasestr(head->p, "\r\ncontent-length:");
    size_t n = length != NULL ? strtoul(length + 17, NULL, 10) : 0;
    while (c->in.n < n) {
        if (!fill(c)) {
            return false;
        }
    }
    if (body != NULL) {
        body->n = 0;
    }
    if (n > 0) {
        take(c, n, body);
    }
    atomic_fetch_add(&c->far->requests, 1);
    return true;
}

bool far_write(struct far_conn *c, struct cleat_str s) {
    while (s.n > 0) {
        ssize_t n = c->ssl ? SSL_write(c->ssl, s.p, (int)s.n) : send(c->fd, s.p, s.n, MSG_NOSIGNAL);
        if (n <= 0) {
            ERR_clear_error();
            return false;
        }
        s.p += n;
        s.n -= (size_t)n;
    }
    return true;
}

bool far_puts(struct far_conn *c, const char *text) {
    return far_write(c, cleat_s(text));
}

bool far_answer(struct far_conn *c, int status, const char *extra, const char *body) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "HTTP/1.1 %d Something\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n%s",
                     status, body[0] == '{' ? "application/json" : "text/html", strlen(body),
                     extra != NULL ? extra : "", body);
    return far_write(c, (struct cleat_str){b.p, b.n});
}

bool far_status(struct far_conn *c, int status, const char *reason, const char *message) {
    CLEAT_AUTO_FREE char *body = cleat_sprintf(
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
        "\"message\":\"%s\",\"reason\":\"%s\",\"code\":%d}",
        message, reason, status);
    return far_answer(c, status, NULL, body);
}

bool far_has(const struct cleat_buf *head, const char *text) {
    return head->n > 0 && strcasestr(head->p, text) != NULL;
}

/* ---- certificates ---- */

static bool write_pem(const char *dir, const char *name, X509 *x, EVP_PKEY *key) {
    CLEAT_AUTO_FREE char *cert = cleat_sprintf("%s/%s.crt", dir, name);
    CLEAT_AUTO_FREE char *secret = cleat_sprintf("%s/%s.key", dir, name);
    FILE *c = fopen(cert, "we"), *k = fopen(secret, "we");
    bool ok = c != NULL && k != NULL && PEM_write_X509(c, x) == 1 &&
              PEM_write_PrivateKey(k, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (c != NULL) {
        fclose(c);
    }
    if (k != NULL) {
        fclose(k);
    }
    return ok;
}

static EVP_PKEY *read_key(const char *dir, const char *name, X509 **ret) {
    CLEAT_AUTO_FREE char *cert = cleat_sprintf("%s/%s.crt", dir, name);
    CLEAT_AUTO_FREE char *secret = cleat_sprintf("%s/%s.key", dir, name);
    FILE *c = fopen(cert, "re"), *k = fopen(secret, "re");
    cleat_assert(c != NULL && k != NULL);
    *ret = PEM_read_X509(c, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_PrivateKey(k, NULL, NULL, NULL);
    fclose(c);
    fclose(k);
    return key;
}

bool far_cert(const char *dir, const char *name, const char *names, const char *by, long seconds) {
    static long serial = 1000;
    EVP_PKEY *key = EVP_EC_gen("P-256"), *signer = key;
    X509 *x = X509_new(), *issuer = x;
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), -86400);
    X509_gmtime_adj(X509_getm_notAfter(x), seconds);
    X509_set_pubkey(x, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                               (const unsigned char *)name, -1, -1, 0);
    if (by != NULL) {
        signer = read_key(dir, by, &issuer);
    }
    X509_set_issuer_name(x, X509_get_subject_name(issuer));
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *ext = names != NULL
                              ? X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, names)
                              : X509V3_EXT_conf_nid(NULL, &ctx, NID_basic_constraints, "CA:TRUE");
    bool ok = ext != NULL && X509_add_ext(x, ext, -1) == 1 &&
              X509_sign(x, signer, EVP_sha256()) > 0 && write_pem(dir, name, x, key);
    X509_EXTENSION_free(ext);
    if (by != NULL) {
        X509_free(issuer);
        EVP_PKEY_free(signer);
    }
    X509_free(x);
    EVP_PKEY_free(key);
    return kt_true(ok, "a certificate is made", __FILE__, __LINE__);
}

static int choose(SSL *ssl, const unsigned char **out, unsigned char *out_n,
                  const unsigned char *in, unsigned in_n, void *arg) {
    static const unsigned char one[] = "\x08http/1.1", two[] = "\x02h2";
    const unsigned char *want = arg != NULL ? two : one;
    (void)ssl;
    return SSL_select_next_proto((unsigned char **)(uintptr_t)out, out_n, want, want[0] + 1u, in,
                                 in_n) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_NOACK;
}

SSL_CTX *far_tls(const char *dir, const char *name, bool h2) {
    static char yes;
    CLEAT_AUTO_FREE char *cert = cleat_sprintf("%s/%s.crt", dir, name);
    CLEAT_AUTO_FREE char *key = cleat_sprintf("%s/%s.key", dir, name);
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    bool ok = SSL_CTX_use_certificate_file(ctx, cert, SSL_FILETYPE_PEM) == 1 &&
              SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_alpn_select_cb(ctx, choose, h2 ? &yes : NULL);
    kt_true(ok, "the far side has its certificate", __FILE__, __LINE__);
    return ctx;
}
