/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and certificates that the first start makes under DATA_DIR/pki. Later
 * starts use what is there; a leaf is renewed when it is about to expire, is of
 * another CA, or its names changed. Runs before any thread does.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/api/internal.h"

enum { CA_DAYS = 3650, LEAF_DAYS = 365, RENEW_DAYS = 30 };

struct pair {
    EVP_PKEY *key;
    X509 *cert;
};

static void pair_done(struct pair *p) {
    EVP_PKEY_free(p->key);
    X509_free(p->cert);
    *p = (struct pair){0};
}

static cleat_err ssl_fail(struct cleat_error *e, const char *what) {
    char text[256];
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    ERR_clear_error();
    return cleat_fail(e, CLEAT_E_IO, "%s: %s", what, text);
}

/* ---- files ---- */

static struct cleat_str bio_text(BIO *bio) {
    char *p = NULL;
    long n = BIO_get_mem_data(bio, &p);
    return (struct cleat_str){p, n > 0 ? (size_t)n : 0};
}

static BIO *key_pem(EVP_PKEY *key) {
    BIO *bio = BIO_new(BIO_s_mem());
    cleat_assert(bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
    return bio;
}

static BIO *cert_pem(X509 *cert) {
    BIO *bio = BIO_new(BIO_s_mem());
    cleat_assert(bio != NULL && PEM_write_bio_X509(bio, cert) == 1);
    return bio;
}

static cleat_err pair_save(const struct pair *p, const char *dir, const char *name,
                           struct cleat_error *e) {
    CLEAT_AUTO_FREE char *key_path = cleat_sprintf("%s/%s.key", dir, name);
    CLEAT_AUTO_FREE char *cert_path = cleat_sprintf("%s/%s.crt", dir, name);
    BIO *key = key_pem(p->key), *cert = cert_pem(p->cert);
    cleat_err err = cleat__file_write(key_path, bio_text(key), 0600, e);
    if (err == CLEAT_OK) {
        err = cleat__file_write(cert_path, bio_text(cert), 0644, e);
    }
    BIO_free(key);
    BIO_free(cert);
    return err;
}

static cleat_err pair_load(const char *cert_path, const char *key_path, struct pair *ret,
                           struct cleat_error *e) {
    struct pair p = {0};
    BIO *bio = BIO_new_file(cert_path, "r");
    p.cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    bio = p.cert ? BIO_new_file(key_path, "r") : NULL;
    p.key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (p.key == NULL || X509_check_private_key(p.cert, p.key) != 1) {
        pair_done(&p);
        return ssl_fail(e, cert_path);
    }
    *ret = p;
    return CLEAT_OK;
}

/* 1: loaded. 0: not there. <0: there, but no good. */
static int pair_find(const char *dir, const char *name, struct pair *ret, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *key_path = cleat_sprintf("%s/%s.key", dir, name);
    CLEAT_AUTO_FREE char *cert_path = cleat_sprintf("%s/%s.crt", dir, name);
    if (access(cert_path, F_OK) != 0 || access(key_path, F_OK) != 0) {
        return 0;
    }
    return pair_load(cert_path, key_path, ret, e) == CLEAT_OK ? 1 : -1;
}

/* ---- certificates ---- */

static bool add_ext(X509 *cert, X509 *issuer, int nid, const char *value) {
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool ok = ext != NULL && X509_add_ext(cert, ext, -1) == 1;
    X509_EXTENSION_free(ext);
    return ok;
}

struct request {
    const char *cn, *o, *usage, *sans; /* o, sans NULL = none; usage NULL = a CA */
    int days;
};

static bool fill(X509 *cert, EVP_PKEY *key, const struct request *r, const struct pair *ca) {
    X509 *issuer = ca ? ca->cert : cert;
    unsigned char serial[16];
    cleat_random_bytes(serial, sizeof serial);
    serial[0] &= 0x7f;
    BIGNUM *bn = BN_bin2bn(serial, sizeof serial, NULL);
    bool ok = bn != NULL && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(cert)) != NULL;
    BN_free(bn);
    X509_NAME *name = X509_get_subject_name(cert);
    ok = ok && X509_set_version(cert, X509_VERSION_3) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(cert), -300) != NULL && /* clocks differ */
         X509_time_adj_ex(X509_getm_notAfter(cert), r->days, 0, NULL) != NULL &&
         X509_set_pubkey(cert, key) == 1;
    ok = ok && (r->o == NULL || X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                                                           (const unsigned char *)r->o, -1, -1, 0));
    ok = ok && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)r->cn,
                                          -1, -1, 0) == 1;
    ok = ok && X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1;
    if (r->usage == NULL) {
        ok = ok && add_ext(cert, issuer, NID_basic_constraints, "critical,CA:TRUE") &&
             add_ext(cert, issuer, NID_key_usage, "critical,digitalSignature,keyCertSign,cRLSign");
    } else {
        ok = ok && add_ext(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
             add_ext(cert, issuer, NID_key_usage, "critical,digitalSignature") &&
             add_ext(cert, issuer, NID_ext_key_usage, r->usage);
    }
    ok = ok && add_ext(cert, issuer, NID_subject_key_identifier, "hash");
    ok = ok && (ca == NULL || add_ext(cert, issuer, NID_authority_key_identifier, "keyid:always"));
    ok = ok && (r->sans == NULL || add_ext(cert, issuer, NID_subject_alt_name, r->sans));
    return ok && X509_sign(cert, ca ? ca->key : key, EVP_sha256()) > 0;
}

static cleat_err make(const struct request *r, const struct pair *ca, struct pair *ret,
                      struct cleat_error *e) {
    struct pair p = {.key = EVP_EC_gen("P-256"), .cert = X509_new()};
    if (p.key == NULL || p.cert == NULL || !fill(p.cert, p.key, r, ca)) {
        pair_done(&p);
        return ssl_fail(e, "making a certificate");
    }
    *ret = p;
    return CLEAT_OK;
}

/* "DNS:localhost,IP:127.0.0.1,..." */
static char *serving_names(const cleat_api *a) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(&b,
                   "DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,"
                   "DNS:kubernetes.default.svc.cluster.local,IP:127.0.0.1,IP:::1,IP:10.96.0.1");
    char host[256];
    if (gethostname(host, sizeof host) == 0 && memchr(host, '\0', sizeof host) != NULL &&
        cleat_name_dns_subdomain(cleat_s(host)) == NULL && strcmp(host, "localhost") != 0) {
        cleat_buf_printf(&b, ",DNS:%s", host);
    }
    const char *address = a->opts.bind_address;
    ASN1_OCTET_STRING *ip = address ? a2i_IPADDRESS(address) : NULL;
    if (ip != NULL && strcmp(address, "0.0.0.0") != 0 && strcmp(address, "::") != 0 &&
        strcmp(address, "127.0.0.1") != 0) {
        cleat_buf_printf(&b, ",IP:%s", address);
    }
    ASN1_OCTET_STRING_free(ip);
    for (size_t i = 0; a->opts.tls_sans != NULL && a->opts.tls_sans[i] != NULL; i++) {
        ip = a2i_IPADDRESS(a->opts.tls_sans[i]);
        cleat_buf_printf(&b, ",%s:%s", ip ? "IP" : "DNS", a->opts.tls_sans[i]);
        ASN1_OCTET_STRING_free(ip);
    }
    return cleat_buf_take(&b);
}

static bool expires_soon(X509 *cert) {
    time_t limit = time(NULL) + RENEW_DAYS * 86400L;
    return X509_cmp_time(X509_get0_notAfter(cert), &limit) <= 0;
}

/* Names as an extension, to compare with. */
static bool same_names(X509 *cert, const char *sans) {
    X509 *like = X509_new();
    bool same = like != NULL && add_ext(like, like, NID_subject_alt_name, sans);
    int have = X509_get_ext_by_NID(cert, NID_subject_alt_name, -1);
    same = same && have >= 0 &&
           ASN1_STRING_cmp(X509_EXTENSION_get_data(X509_get_ext(cert, have)),
                           X509_EXTENSION_get_data(X509_get_ext(like, 0))) == 0;
    X509_free(like);
    return same;
}

static bool still_good(const struct pair *p, const struct pair *ca, const struct request *r) {
    bool good = !expires_soon(p->cert) && X509_verify(p->cert, X509_get0_pubkey(ca->cert)) == 1 &&
                (r->sans == NULL || same_names(p->cert, r->sans));
    ERR_clear_error();
    return good;
}

/* The CA is made once; what is there but broken is for a person to look at. */
static cleat_err get_ca(const char *dir, struct pair *ret, struct cleat_error *e) {
    static const struct request r = {.cn = "kubernetes", .days = CA_DAYS};
    int found = pair_find(dir, "ca", ret, e);
    if (found != 0) {
        return found > 0 ? CLEAT_OK : CLEAT_E_IO;
    }
    CLEAT_TRY(make(&r, NULL, ret, e));
    return pair_save(ret, dir, "ca", e);
}

/* A leaf is made anew where it is no good, for instance torn by a crash. */
static cleat_err get_leaf(const char *dir, const char *name, const struct request *r,
                          const struct pair *ca, struct pair *ret, struct cleat_error *e) {
    int found = pair_find(dir, name, ret, NULL);
    if (found > 0 && still_good(ret, ca, r)) {
        return CLEAT_OK;
    }
    pair_done(ret);
    CLEAT_TRY(make(r, ca, ret, e));
    return pair_save(ret, dir, name, e);
}

static cleat_err make_dir(const char *path, struct cleat_error *e) {
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", path, strerror(errno));
    }
    return CLEAT_OK;
}

/* Both are taken; ca: that signs clients' certificates, NULL = none of ours. */
static cleat_err hand_over(cleat_api *a, struct pair *ca, struct pair *serving,
                           struct cleat_error *e) {
    if (ca != NULL) {
        a->own_ca = CLEAT_STEAL(ca->cert);
        pair_done(ca);
    }
    a->own_cert = CLEAT_STEAL(serving->cert);
    a->own_key = CLEAT_STEAL(serving->key);
    return cleat__tls_start(a, e);
}

/* Without a registry there are no clients of ours, and nothing is kept. */
static cleat_err setup_gated(cleat_api *a, struct cleat_error *e) {
    struct pair serving = {0};
    cleat_err err = CLEAT_OK;
    if (a->opts.tls_cert_file == NULL) {
        CLEAT_AUTO_FREE char *sans = serving_names(a);
        const struct request r = {
            .cn = "cleatd", .usage = "serverAuth", .sans = sans, .days = LEAF_DAYS};
        err = make(&r, NULL, &serving, e);
    }
    return err == CLEAT_OK ? hand_over(a, NULL, &serving, e) : err;
}

cleat_err cleat__pki_setup(cleat_api *a, struct cleat_error *e) {
    if (a->registry == NULL) {
        return setup_gated(a, e);
    }
    CLEAT_AUTO_FREE char *dir = cleat_sprintf("%s/pki", a->opts.data_dir);
    CLEAT_TRY(make_dir(a->opts.data_dir, e));
    CLEAT_TRY(make_dir(dir, e));
    struct pair ca = {0}, serving = {0}, admin = {0};
    CLEAT_AUTO_FREE char *sans = serving_names(a);
    const struct request serving_request = {
        .cn = "kube-apiserver", .usage = "serverAuth", .sans = sans, .days = LEAF_DAYS};
    const struct request admin_request = {
        .cn = "kubernetes-admin", .o = "system:masters", .usage = "clientAuth", .days = LEAF_DAYS};
    cleat_err err = get_ca(dir, &ca, e);
    if (err == CLEAT_OK) {
        err = get_leaf(dir, "apiserver", &serving_request, &ca, &serving, e);
    }
    if (err == CLEAT_OK) {
        err = get_leaf(dir, "admin", &admin_request, &ca, &admin, e);
    }
    pair_done(&admin);
    if (err == CLEAT_OK) {
        return hand_over(a, &ca, &serving, e);
    }
    pair_done(&ca);
    pair_done(&serving);
    return err;
}
