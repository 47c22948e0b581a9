/* SPDX-License-Identifier: Apache-2.0 */
/* The rules, the keys and the ciphers of seal.h; the backend itself is in seal_backend.c. */
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "core/store/seal_internal.h"

enum { NONCE = 12, TAG = 16 };

void cleat_sealing_free(struct cleat_sealing *s) {
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < s->n; i++) {
        struct cleat_seal_rule *r = &s->rules[i];
        for (size_t k = 0; k < r->n_keys; k++) {
            OPENSSL_cleanse(r->keys[k].bytes, sizeof r->keys[k].bytes);
            free(r->keys[k].name);
        }
        for (size_t k = 0; r->resources != NULL && r->resources[k] != NULL; k++) {
            free(r->resources[k]);
        }
        free(r->keys);
        free(r->resources);
    }
    free(s->rules);
    free(s);
}

/* ---- which rule ---- */

/* "*.*", "*.apps" and "*." (the core group), or the very name. */
static bool names(const char *pattern, struct cleat_str resource) {
    const char *dot = resource.n > 0 ? memchr(resource.p, '.', resource.n) : NULL;
    struct cleat_str group = {"", 0};
    if (dot != NULL) {
        group = (struct cleat_str){dot + 1, (size_t)(resource.p + resource.n - dot - 1)};
    }
    if (pattern[0] == '*' && pattern[1] == '.') {
        return strcmp(pattern, "*.*") == 0 || cleat_eqc(group, pattern + 2);
    }
    size_t n = strlen(pattern);
    if (n > 0 && pattern[n - 1] == '.') {
        n--; /* "secrets." */
    }
    return cleat_eq(resource, (struct cleat_str){pattern, n});
}

const struct cleat_seal_rule *cleat__seal_rule(const struct cleat_sealing *s,
                                               struct cleat_str resource) {
    for (size_t i = 0; s != NULL && i < s->n; i++) {
        for (size_t k = 0; s->rules[i].resources[k] != NULL; k++) {
            if (names(s->rules[i].resources[k], resource)) {
                return &s->rules[i];
            }
        }
    }
    return NULL;
}

bool cleat__seal_is_sealed(struct cleat_str data) {
    return data.n >= sizeof CLEAT__SEALED - 1 &&
           memcmp(data.p, CLEAT__SEALED, sizeof CLEAT__SEALED - 1) == 0;
}

/* "k8s:enc:aesgcm:v1:name:" */
static struct cleat_str prefix_of(const struct cleat_seal_key *k, struct cleat_buf *out) {
    cleat_buf_printf(out, CLEAT__SEALED "aesgcm:v1:%s:", k->name);
    return (struct cleat_str){out->p, out->n};
}

static bool has_prefix(struct cleat_str data, struct cleat_str prefix) {
    return data.n >= prefix.n && memcmp(data.p, prefix.p, prefix.n) == 0;
}

const struct cleat_seal_key *cleat__seal_key(const struct cleat_seal_rule *rule,
                                             struct cleat_str data, size_t *ret_skip) {
    bool sealed = cleat__seal_is_sealed(data);
    for (size_t i = 0; i < rule->n_keys; i++) {
        const struct cleat_seal_key *k = &rule->keys[i];
        CLEAT_AUTO_BUF text = {0};
        *ret_skip = 0;
        if (k->name == NULL) {
            if (!sealed) {
                return k;
            }
            continue;
        }
        struct cleat_str prefix = prefix_of(k, &text);
        if (has_prefix(data, prefix)) {
            *ret_skip = prefix.n;
            return k;
        }
    }
    return NULL;
}

/* ---- ciphers ---- */

static const EVP_CIPHER *cipher_of(const struct cleat_seal_key *k) {
    return k->n == 16 ? EVP_aes_128_gcm() : k->n == 24 ? EVP_aes_192_gcm() : EVP_aes_256_gcm();
}

/* What the data is bound to: where it stands. */
static char *place_of(struct cleat_str resource, const struct cleat_row *row) {
    return cleat_sprintf("/registry/%.*s/%.*s%s%.*s", CLEAT_FMT(resource), CLEAT_FMT(row->ns),
                         row->ns.n > 0 ? "/" : "", CLEAT_FMT(row->name));
}

void cleat__seal(const struct cleat_seal_key *k, struct cleat_str resource,
                 const struct cleat_row *row, struct cleat_buf *out) {
    CLEAT_AUTO_FREE char *place = place_of(resource, row);
    unsigned char nonce[NONCE], tag[TAG];
    int n = 0, rest = 0;
    prefix_of(k, out);
    cleat_random_bytes(nonce, sizeof nonce);
    cleat_buf_add(out, nonce, sizeof nonce);
    cleat_buf_reserve(out, row->data.n + TAG + 1);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    unsigned char *to = (unsigned char *)out->p + out->n;
    cleat_assert(
        ctx != NULL && EVP_EncryptInit_ex(ctx, cipher_of(k), NULL, k->bytes, nonce) == 1 &&
        EVP_EncryptUpdate(ctx, NULL, &n, (const unsigned char *)place, (int)strlen(place)) == 1 &&
        EVP_EncryptUpdate(ctx, to, &n, (const unsigned char *)row->data.p, (int)row->data.n) == 1 &&
        EVP_EncryptFinal_ex(ctx, to + n, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1);
    EVP_CIPHER_CTX_free(ctx);
    out->n += (size_t)(n + rest);
    cleat_buf_add(out, tag, sizeof tag);
}

bool cleat__unseal(const struct cleat_seal_key *k, struct cleat_str resource,
                   const struct cleat_row *row, struct cleat_str sealed, struct cleat_buf *out) {
    if (sealed.n < NONCE + TAG) {
        return false;
    }
    CLEAT_AUTO_FREE char *place = place_of(resource, row);
    const unsigned char *p = (const unsigned char *)sealed.p;
    size_t size = sealed.n - NONCE - TAG;
    int n = 0, rest = 0;
    out->n = 0;
    cleat_buf_reserve(out, size + 1);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    unsigned char *to = (unsigned char *)out->p;
    bool ok =
        ctx != NULL && EVP_DecryptInit_ex(ctx, cipher_of(k), NULL, k->bytes, p) == 1 &&
        EVP_DecryptUpdate(ctx, NULL, &n, (const unsigned char *)place, (int)strlen(place)) == 1 &&
        EVP_DecryptUpdate(ctx, to, &n, p + NONCE, (int)size) == 1 &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG,
                            (void *)(uintptr_t)(p + NONCE + size)) == 1 &&
        EVP_DecryptFinal_ex(ctx, to + n, &rest) == 1;
    EVP_CIPHER_CTX_free(ctx);
    out->n = ok ? (size_t)(n + rest) : 0;
    out->p[out->n] = '\0';
    return ok;
}
