/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys: read from PEM, made, shown as JSON Web Keys, signing and verifying. A
 * token's algorithm must be the key's own: nothing is taken from the token.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/auth/jwt.h"

struct cleat__alg {
    const char *name, *curve; /* curve NULL: RSA */
    const char *jwk_curve;
    const EVP_MD *(*digest)(void);
    size_t size; /* of a coordinate, and so half of a signature */
};
static const struct cleat__alg algorithms[] = {
    {"RS256", NULL, NULL, EVP_sha256, 0},
    {"ES256", "prime256v1", "P-256", EVP_sha256, 32},
    {"ES384", "secp384r1", "P-384", EVP_sha384, 48},
    {"ES512", "secp521r1", "P-521", EVP_sha512, 66},
};

static const struct cleat__alg *alg_of(EVP_PKEY *key) {
    char curve[64];
    size_t n = 0;
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        return EVP_PKEY_get_bits(key) >= 2048 ? &algorithms[0] : NULL;
    }
    if (EVP_PKEY_get_group_name(key, curve, sizeof curve, &n) != 1) {
        return NULL;
    }
    for (size_t i = 1; i < sizeof algorithms / sizeof *algorithms; i++) {
        if (strcmp(curve, algorithms[i].curve) == 0) {
            return &algorithms[i];
        }
    }
    return NULL;
}

/* base64url of SHA-256 of the public key's DER. */
static char *id_of(EVP_PKEY *key) {
    unsigned char *der = NULL, digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    int len = i2d_PUBKEY(key, &der);
    cleat_assert(len > 0 && EVP_Digest(der, (size_t)len, digest, &n, EVP_sha256(), NULL) == 1);
    OPENSSL_free(der);
    struct cleat_buf out = {0};
    cleat_base64url((struct cleat_str){(const char *)digest, n}, &out);
    return cleat_buf_take(&out);
}

/* key is taken. */
static bool add(struct cleat__keys *k, EVP_PKEY *key, bool can_sign) {
    const struct cleat__alg *alg = key != NULL ? alg_of(key) : NULL;
    if (alg == NULL) {
        EVP_PKEY_free(key);
        return false;
    }
    k->v = cleat_rearray(k->v, k->n + 1, sizeof *k->v);
    k->v[k->n++] = (struct cleat__key){key, alg, id_of(key), can_sign};
    return true;
}

static bool ends_with(const char *s, const char *end) {
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

/* One PEM block. True also for one that is no key. */
static bool add_block(struct cleat__keys *k, const char *name, const unsigned char *data, long n) {
    if (ends_with(name, "PRIVATE KEY")) {
        return add(k, d2i_AutoPrivateKey(NULL, &data, n), true);
    }
    if (strcmp(name, "PUBLIC KEY") == 0) {
        return add(k, d2i_PUBKEY(NULL, &data, n), false);
    }
    if (strcmp(name, "CERTIFICATE") == 0) {
        X509 *cert = d2i_X509(NULL, &data, n);
        EVP_PKEY *key = cert != NULL ? X509_get_pubkey(cert) : NULL;
        X509_free(cert);
        return add(k, key, false);
    }
    return true;
}

cleat_err cleat__keys_load(struct cleat__keys *k, const char *path, struct cleat_error *e) {
    BIO *bio = BIO_new_file(path, "r");
    if (bio == NULL) {
        ERR_clear_error();
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", path, strerror(errno));
    }
    char *name, *header;
    unsigned char *data;
    long n;
    size_t before = k->n;
    bool ok = true;
    while (ok && PEM_read_bio(bio, &name, &header, &data, &n) == 1) {
        ok = add_block(k, name, data, n);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, (size_t)n);
    }
    BIO_free(bio);
    ERR_clear_error();
    return ok && k->n > before
               ? CLEAT_OK
               : cleat_fail(e, CLEAT_E_BAD_REQUEST,
                            "%s: no usable key in it: it must be PEM with RSA keys of 2048 bits "
                            "or more, or keys on the curves P-256, P-384, P-521",
                            path);
}

static cleat_err save(EVP_PKEY *key, const char *path, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *fresh = cleat_sprintf("%s.new", path);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool ok = f != NULL && PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1 &&
              fflush(f) == 0 && fsync(fd) == 0;
    if (f != NULL) {
        ok = fclose(f) == 0 && ok;
    }
    if (!ok || rename(fresh, path) != 0) {
        return cleat_fail(e, CLEAT_E_IO, "%s: %s", path, strerror(errno));
    }
    return CLEAT_OK;
}

cleat_err cleat__keys_make(struct cleat__keys *k, const char *path, struct cleat_error *e) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    cleat_assert(key != NULL);
    cleat_err err = path != NULL ? save(key, path, e) : CLEAT_OK;
    if (err != CLEAT_OK) {
        EVP_PKEY_free(key);
        return err;
    }
    bool added = add(k, key, true);
    cleat_assert(added);
    return CLEAT_OK;
}

void cleat__keys_done(struct cleat__keys *k) {
    for (size_t i = 0; i < k->n; i++) {
        EVP_PKEY_free(k->v[i].pkey);
        free(k->v[i].id);
    }
    free(k->v);
    *k = (struct cleat__keys){NULL, 0};
}

/* ---- JSON Web Keys ---- */

static void add_number(const struct cleat__key *k, const char *label, const char *param,
                       struct cleat_buf *out) {
    BIGNUM *bn = NULL;
    cleat_assert(EVP_PKEY_get_bn_param(k->pkey, param, &bn) == 1);
    size_t n = k->alg->size > 0 ? k->alg->size : (size_t)BN_num_bytes(bn);
    CLEAT_AUTO_FREE unsigned char *bytes = cleat_zalloc(n);
    cleat_assert(BN_bn2binpad(bn, bytes, (int)n) == (int)n);
    BN_free(bn);
    cleat_buf_printf(out, ",\"%s\":\"", label);
    cleat_base64url((struct cleat_str){(const char *)bytes, n}, out);
    cleat_buf_putc(out, '"');
}

void cleat__keys_jwks(const struct cleat__keys *k, struct cleat_buf *out) {
    cleat_buf_puts(out, "{\"keys\":[");
    for (size_t i = 0; i < k->n; i++) {
        const struct cleat__key *key = &k->v[i];
        cleat_buf_printf(out, "%s{\"use\":\"sig\",\"kty\":\"%s\",\"kid\":\"%s\",\"alg\":\"%s\"",
                         i > 0 ? "," : "", key->alg->curve != NULL ? "EC" : "RSA", key->id,
                         key->alg->name);
        if (key->alg->curve != NULL) {
            cleat_buf_printf(out, ",\"crv\":\"%s\"", key->alg->jwk_curve);
            add_number(key, "x", OSSL_PKEY_PARAM_EC_PUB_X, out);
            add_number(key, "y", OSSL_PKEY_PARAM_EC_PUB_Y, out);
        } else {
            add_number(key, "n", OSSL_PKEY_PARAM_RSA_N, out);
            add_number(key, "e", OSSL_PKEY_PARAM_RSA_E, out);
        }
        cleat_buf_putc(out, '}');
    }
    cleat_buf_puts(out, "]}");
}

void cleat__keys_algorithms(const struct cleat__keys *k, struct cleat_buf *out) {
    const char *comma = "";
    cleat_buf_putc(out, '[');
    for (size_t a = 0; a < sizeof algorithms / sizeof *algorithms; a++) {
        for (size_t i = 0; i < k->n; i++) {
            if (k->v[i].alg == &algorithms[a]) {
                cleat_buf_printf(out, "%s\"%s\"", comma, algorithms[a].name);
                comma = ",";
                break;
            }
        }
    }
    cleat_buf_putc(out, ']');
}

/* ---- signing: a curve's signature is two numbers side by side in a token ---- */

static void add_signature(const struct cleat__key *k, const unsigned char *sig, size_t n,
                          struct cleat_buf *out) {
    if (k->alg->curve == NULL) {
        cleat_base64url((struct cleat_str){(const char *)sig, n}, out);
        return;
    }
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &sig, (long)n);
    unsigned char raw[2 * 66];
    int size = (int)k->alg->size;
    cleat_assert(pair != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, size) == size &&
                 BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + size, size) == size);
    ECDSA_SIG_free(pair);
    cleat_base64url((struct cleat_str){(const char *)raw, 2 * k->alg->size}, out);
}

char *cleat__jwt_sign(const struct cleat__keys *keys, struct cleat_str claims) {
    const struct cleat__key *k = keys->v;
    while (!k->can_sign) { /* there is one: see cleat__tokens_new */
        k++;
    }
    struct cleat_buf out = {0};
    CLEAT_AUTO_FREE char *head =
        cleat_sprintf("{\"alg\":\"%s\",\"kid\":\"%s\"}", k->alg->name, k->id);
    cleat_base64url(cleat_s(head), &out);
    cleat_buf_putc(&out, '.');
    cleat_base64url(claims, &out);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t n = 0;
    const unsigned char *data = (const unsigned char *)out.p;
    cleat_assert(ctx != NULL &&
                 EVP_DigestSignInit(ctx, NULL, k->alg->digest(), NULL, k->pkey) == 1 &&
                 EVP_DigestSign(ctx, NULL, &n, data, out.n) == 1);
    CLEAT_AUTO_FREE unsigned char *sig = cleat_alloc(n);
    cleat_assert(EVP_DigestSign(ctx, sig, &n, data, out.n) == 1);
    EVP_MD_CTX_free(ctx);
    cleat_buf_putc(&out, '.');
    add_signature(k, sig, n, &out);
    return cleat_buf_take(&out);
}

/* Raw to DER; 0 where it has the wrong size. */
static int der_of(const struct cleat__key *k, struct cleat_str raw, unsigned char **ret) {
    if (raw.n != 2 * k->alg->size) {
        return 0;
    }
    const unsigned char *p = (const unsigned char *)raw.p;
    int size = (int)k->alg->size, n = 0;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(p, size, NULL), *s = BN_bin2bn(p + size, size, NULL);
    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
        n = i2d_ECDSA_SIG(pair, ret);
    }
    ECDSA_SIG_free(pair);
    return n;
}

static bool verifies(const struct cleat__key *k, struct cleat_str data, struct cleat_str sig) {
    unsigned char *der = NULL;
    int n = k->alg->curve != NULL ? der_of(k, sig, &der) : (int)sig.n;
    const unsigned char *bytes = der != NULL ? der : (const unsigned char *)sig.p;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = n > 0 && ctx != NULL &&
              EVP_DigestVerifyInit(ctx, NULL, k->alg->digest(), NULL, k->pkey) == 1 &&
              EVP_DigestVerify(ctx, bytes, (size_t)n, (const unsigned char *)data.p, data.n) == 1;
    EVP_MD_CTX_free(ctx);
    OPENSSL_free(der);
    ERR_clear_error();
    return ok;
}

static cleat_err refuse(struct cleat_error *e) {
    return cleat_fail(e, CLEAT_E_UNAUTHORIZED, "invalid bearer token");
}

static bool decode_object(struct cleat_str s, cleat_obj **ret) {
    CLEAT_AUTO_BUF json = {0};
    return cleat_base64url_decode(s, &json) && json.n > 0 &&
           cleat_obj_parse((struct cleat_str){json.p, json.n}, CLEAT_PARSE_NO_DUPLICATES, ret,
                           NULL) == CLEAT_OK;
}

/* Nothing of the claims is read before a key has vouched for them. */
cleat_err cleat__jwt_verify(const struct cleat__keys *keys, struct cleat_str token, cleat_obj **ret,
                            struct cleat_error *e) {
    const char *one = token.n > 0 ? memchr(token.p, '.', token.n) : NULL;
    const char *end = token.p + token.n;
    const char *two = one != NULL ? memchr(one + 1, '.', (size_t)(end - one - 1)) : NULL;
    if (two == NULL) {
        return refuse(e);
    }
    struct cleat_str data = {token.p, (size_t)(two - token.p)};
    CLEAT_AUTO(cleat_obj) *head = NULL;
    CLEAT_AUTO_BUF sig = {0};
    if (!decode_object((struct cleat_str){token.p, (size_t)(one - token.p)}, &head) ||
        !cleat_base64url_decode((struct cleat_str){two + 1, (size_t)(end - two - 1)}, &sig)) {
        return refuse(e);
    }
    struct cleat_str alg = cleat_val_str(cleat_obj_at(head, CLEAT_PATH("alg")));
    struct cleat_str kid = cleat_val_str(cleat_obj_at(head, CLEAT_PATH("kid")));
    if (cleat_val_present(cleat_obj_at(head, CLEAT_PATH("crit")))) {
        return refuse(e); /* something that must be understood, and is not */
    }
    for (size_t i = 0; i < keys->n; i++) {
        const struct cleat__key *k = &keys->v[i];
        if (cleat_eqc(alg, k->alg->name) && (kid.n == 0 || cleat_eqc(kid, k->id)) &&
            verifies(k, data, (struct cleat_str){sig.p, sig.n})) {
            return decode_object((struct cleat_str){one + 1, (size_t)(two - one - 1)}, ret)
                       ? CLEAT_OK
                       : refuse(e);
        }
    }
    return refuse(e);
}
