/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks: client certificates, bearer tokens, the door they came by. Tokens and
 * doors belong to the API and do not change; a certificate's identity belongs to
 * its connection's I/O thread.
 */
#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "core/api/internal.h"

/* ---- certificates ---- */

static char *entry_text(X509_NAME_ENTRY *entry) {
    unsigned char *utf8 = NULL;
    int n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
    if (n < 0) {
        return NULL;
    }
    /* A NUL inside would make two names out of one. */
    char *s = memchr(utf8, '\0', (size_t)n)
                  ? NULL
                  : cleat_strndup((struct cleat_str){(char *)utf8, (size_t)n});
    OPENSSL_free(utf8);
    return s;
}

/* Which certificate it was, as upstream names it for audits and reviews. */
static void add_credential(struct cleat__identity *id, X509 *cert) {
    unsigned char md[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    CLEAT_AUTO_BUF text = {0};
    if (X509_digest(cert, EVP_sha256(), md, &n) != 1) {
        return;
    }
    cleat_buf_puts(&text, "X509SHA256=");
    for (unsigned i = 0; i < n; i++) {
        cleat_buf_printf(&text, "%02x", md[i]);
    }
    cleat__identity_add_extra(id, "authentication.kubernetes.io/credential-id", text.p);
}

struct cleat__identity *cleat__identity_of_cert(SSL *ssl) {
    X509 *cert = SSL_get0_peer_certificate(ssl);
    bool good = cert != NULL && SSL_get_verify_result(ssl) == X509_V_OK;
    return good ? cleat__identity_of_subject(cert) : NULL;
}

struct cleat__identity *cleat__identity_of_subject(X509 *cert) {
    X509_NAME *subject = X509_get_subject_name(cert);
    struct cleat__identity *id = cleat__identity_new(NULL, NULL);
    for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) >= 0;) {
        CLEAT_AUTO_FREE char *name = entry_text(X509_NAME_get_entry(subject, i));
        cleat__identity_set_name(id, name, NULL);
    }
    for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_organizationName, i)) >= 0;) {
        CLEAT_AUTO_FREE char *group = entry_text(X509_NAME_get_entry(subject, i));
        if (group != NULL) {
            cleat__identity_add_group(id, cleat_s(group));
        }
    }
    if (id->name == NULL || id->name[0] == '\0') {
        cleat__identity_unref(id);
        return NULL;
    }
    cleat__identity_add_group(id, cleat_s("system:authenticated"));
    add_credential(id, cert);
    return id;
}

/* ---- tokens ---- */

/* The map holds digests: a look-up then takes the same time for every wrong token. */
static struct cleat_str digest(struct cleat_str token, unsigned char out[SHA256_DIGEST_LENGTH]) {
    SHA256((const unsigned char *)token.p, token.n, out);
    return (struct cleat_str){(const char *)out, SHA256_DIGEST_LENGTH};
}

/* One field of a CSV line, quotes undone; false at the end or where it is broken. */
static bool csv_field(const char **p, struct cleat_buf *out) {
    out->n = 0;
    cleat_buf_reserve(out, 1);
    out->p[0] = '\0';
    if (**p == '\0') {
        return false;
    }
    const char *s = *p;
    while (*s == ' ') {
        s++;
    }
    if (*s == '"') {
        for (s++; *s != '\0' && (*s != '"' || s[1] == '"'); s++) {
            s += *s == '"';
            cleat_buf_putc(out, *s);
        }
        s += *s == '"';
    } else {
        size_t n = strcspn(s, ",");
        cleat_buf_add(out, s, n);
        s += n;
    }
    s += *s == ',';
    *p = s;
    return true;
}

static cleat_err token_line(cleat_api *a, const char *path, int line, const char *text,
                            struct cleat_error *e) {
    CLEAT_AUTO_BUF token = {0};
    CLEAT_AUTO_BUF name = {0};
    CLEAT_AUTO_BUF uid = {0};
    CLEAT_AUTO_BUF groups = {0};
    const char *p = text;
    if (!csv_field(&p, &token) || !csv_field(&p, &name) || !csv_field(&p, &uid) || token.n == 0 ||
        name.n == 0) {
        return cleat_fail(
            e, CLEAT_E_BAD_REQUEST,
            "%s:%d: token file must have at least 3 columns (token, user name, user uid)", path,
            line);
    }
    struct cleat__identity *id = cleat_zalloc(sizeof *id);
    cleat__identity_set_name(id, name.p, uid.p);
    if (csv_field(&p, &groups)) {
        for (char *save = NULL, *g = strtok_r(groups.p, ",", &save); g != NULL;
             g = strtok_r(NULL, ",", &save)) {
            g += strspn(g, " ");
            cleat__identity_add_group(id, cleat_s(g));
        }
    }
    cleat__identity_add_group(id, cleat_s("system:authenticated"));
    unsigned char d[SHA256_DIGEST_LENGTH];
    struct cleat__identity *old =
        cleat_map_put(&a->tokens, digest((struct cleat_str){token.p, token.n}, d), id);
    if (old != NULL) {
        cleat__identity_done(old);
        free(old);
        cleat_logf(CLEAT_LOG_WARN, "api",
                   "%s:%d: the token stands there twice, the last one counts", path, line);
    }
    return CLEAT_OK;
}

cleat_err cleat__tokens_load(cleat_api *a, const char *path, struct cleat_error *e) {
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        return cleat_fail(e, CLEAT_E_IO, "--token-auth-file %s: %s", path, strerror(errno));
    }
    char *text = NULL;
    size_t cap = 0;
    cleat_err err = CLEAT_OK;
    int line = 0;
    while (err == CLEAT_OK && getline(&text, &cap, f) >= 0) {
        line++;
        text[strcspn(text, "\r\n")] = '\0';
        if (text[0] != '\0' && text[0] != '#') {
            err = token_line(a, path, line, text, e);
        }
    }
    if (err == CLEAT_OK && ferror(f)) {
        err = cleat_fail(e, CLEAT_E_IO, "--token-auth-file %s: cannot be read", path);
    }
    OPENSSL_cleanse(text, cap);
    free(text);
    fclose(f);
    return err;
}

struct cleat__identity *cleat__token_of_file(void *api, struct cleat_str token) {
    unsigned char d[SHA256_DIGEST_LENGTH];
    return cleat_map_get(&((cleat_api *)api)->tokens, digest(token, d));
}

static void keep_bearer(struct cleat__call *c, struct cleat_str token, struct cleat__identity *id) {
    cleat__identity_unref(c->conn->bearer_identity);
    c->conn->bearer_identity = id;
    if (c->conn->bearer.p != NULL) {
        OPENSSL_cleanse(c->conn->bearer.p, c->conn->bearer.n);
    }
    c->conn->bearer.n = 0;
    if (id->claims != NULL) { /* what else there is may change at any time */
        cleat_buf_str(&c->conn->bearer, token);
    }
}

/* The connection's last token is known by its bytes; any other costs a look-up, and a
 * signature only where nobody has shown it yet. */
static const struct cleat__identity *of_bearer(struct cleat__call *c, struct cleat_str token) {
    cleat_api *a = c->io->api;
    if (c->conn->bearer.n > 0 &&
        cleat_eq(token, (struct cleat_str){c->conn->bearer.p, c->conn->bearer.n}) &&
        cleat_auth_still(a->opts.auth, c->conn->bearer_identity)) {
        return c->conn->bearer_identity;
    }
    struct cleat__identity *id = cleat__token_of_file(a, token);
    if (id == NULL && a->opts.auth != NULL) {
        id = cleat_auth_token(a->opts.auth, token);
        if (id != NULL) {
            keep_bearer(c, token, id);
        }
    }
    return id;
}

void cleat__identities_done(struct cleat__conn *c) {
    if (c->bearer.p != NULL) {
        OPENSSL_cleanse(c->bearer.p, c->bearer.n);
    }
    cleat_buf_done(&c->bearer);
    cleat__identity_unref(c->bearer_identity);
    cleat__identity_unref(c->impersonated);
    cleat__identity_unref(c->identity);
}

const struct cleat__identity *cleat__authenticate(struct cleat__call *c, struct cleat_error *e) {
    cleat_api *a = c->io->api;
    if (c->identity != NULL) {
        return c->identity;
    }
    struct cleat_str header = cleat_http_header(c->head, "authorization");
    const struct cleat__identity *id = a->opts.no_anonymous ? NULL : &a->anonymous;
    if (header.n > 7 && strncasecmp(header.p, "Bearer ", 7) == 0) {
        struct cleat_str token = {header.p + 7, header.n - 7};
        while (token.n > 0 && *token.p == ' ') {
            token.p++;
            token.n--;
        }
        id = of_bearer(c, token);
    }
    if (id == NULL) {
        cleat_fail(e, CLEAT_E_UNAUTHORIZED, "Unauthorized");
    }
    return id;
}
