/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose certificates a server without a registry believes: callers' own, and those of
 * proxies that tell in headers who calls. The handshake takes any certificate; it is looked
 * at with each request, so that what is trusted may change, and what has expired is noticed,
 * while connections live. Trust is immutable and counted; the API's mutex guards which one holds.
 */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <strings.h>

#include "core/api/internal.h"

enum { NAMES, USERS, UIDS, GROUPS, EXTRAS, LISTS };

struct cleat__trust {
    _Atomic int refs;
    X509_STORE *clients, *proxies; /* NULL = nobody */
    STACK_OF(X509_NAME) * authorities;
    char *client_pem, *proxy_pem; /* as they were given: a file may take their place */
    char **lists[LISTS];          /* NULL-ended */
};

static void free_list(char **v) {
    for (size_t i = 0; v != NULL && v[i] != NULL; i++) {
        free(v[i]);
    }
    free(v);
}

void cleat__trust_unref(struct cleat__trust *t) {
    if (t == NULL || atomic_fetch_sub(&t->refs, 1) != 1) {
        return;
    }
    X509_STORE_free(t->clients);
    X509_STORE_free(t->proxies);
    sk_X509_NAME_pop_free(t->authorities, X509_NAME_free);
    free(t->client_pem);
    free(t->proxy_pem);
    for (int i = 0; i < LISTS; i++) {
        free_list(t->lists[i]);
    }
    free(t);
}

static struct cleat__trust *current(cleat_api *a) {
    CLEAT_LOCKED(&a->tls_mutex);
    if (a->trust != NULL) {
        atomic_fetch_add(&a->trust->refs, 1);
    }
    return a->trust;
}

/* ---- making it ---- */

static char **copied(const char *const *v) {
    size_t n = 0;
    while (v != NULL && v[n] != NULL) {
        n++;
    }
    char **out = cleat_array(n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        out[i] = cleat_strdup(v[i]);
    }
    return out;
}

/* The authorities of a PEM text; *ret stays NULL where there is none. */
static cleat_err authorities(const char *pem, const char *what, STACK_OF(X509_NAME) * names,
                             X509_STORE **ret, struct cleat_error *e) {
    if (pem == NULL || pem[0] == '\0') {
        return CLEAT_OK;
    }
    X509_STORE *store = X509_STORE_new();
    BIO *in = BIO_new_mem_buf(pem, -1);
    cleat_assert(store != NULL && in != NULL);
    int n = 0;
    for (X509 *x; (x = PEM_read_bio_X509_AUX(in, NULL, NULL, NULL)) != NULL; n++) {
        X509_NAME *name = X509_NAME_dup(X509_get_subject_name(x));
        X509_STORE_add_cert(store, x);
        if (sk_X509_NAME_push(names, name) == 0) {
            X509_NAME_free(name);
        }
        X509_free(x);
    }
    BIO_free(in);
    ERR_clear_error();
    if (n == 0) {
        X509_STORE_free(store);
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s: no certificate is in it", what);
    }
    *ret = store;
    return CLEAT_OK;
}

static cleat_err from_file(const char *file, char **pem, struct cleat_error *e) {
    CLEAT_AUTO_BUF text = {0};
    if (file == NULL) {
        return CLEAT_OK;
    }
    CLEAT_TRY(cleat__file_read(file, &text, e));
    free(*pem);
    *pem = text.n > 0 ? cleat_buf_take(&text) : cleat_strdup("");
    return CLEAT_OK;
}

cleat_err cleat__trust_make(cleat_api *a, const struct cleat_api_trust *from,
                            struct cleat__trust **ret, struct cleat_error *e) {
    struct cleat__trust *t = cleat_zalloc(sizeof *t), *was = current(a);
    const char *const *lists[LISTS] = {NULL};
    t->refs = 1;
    t->authorities = sk_X509_NAME_new_null();
    if (from != NULL) {
        lists[NAMES] = from->proxy_names;
        lists[USERS] = from->user_headers;
        lists[UIDS] = from->uid_headers;
        lists[GROUPS] = from->group_headers;
        lists[EXTRAS] = from->extra_prefixes;
    }
    for (int i = 0; i < LISTS; i++) {
        t->lists[i] = copied(from != NULL  ? lists[i]
                             : was != NULL ? (const char *const *)was->lists[i]
                                           : NULL);
    }
    t->client_pem = cleat_strdup(from ? from->client_ca : was ? was->client_pem : NULL);
    t->proxy_pem = cleat_strdup(from ? from->proxy_ca : was ? was->proxy_pem : NULL);
    cleat__trust_unref(was);
    CLEAT_AUTO_FREE char *clients = cleat_strdup(t->client_pem);
    CLEAT_AUTO_FREE char *proxies = cleat_strdup(t->proxy_pem);
    cleat_err err = from_file(a->opts.client_ca_file, &clients, e);
    if (err == CLEAT_OK) {
        err = from_file(a->opts.proxy_ca_file, &proxies, e);
    }
    if (err == CLEAT_OK) {
        err = authorities(clients, "client-ca-file", t->authorities, &t->clients, e);
    }
    if (err == CLEAT_OK) {
        err = authorities(proxies, "requestheader-client-ca-file", t->authorities, &t->proxies, e);
    }
    if (err != CLEAT_OK) {
        cleat__trust_unref(t);
        return err;
    }
    *ret = t;
    return CLEAT_OK;
}

STACK_OF(X509_NAME) * cleat__trust_authorities(const struct cleat__trust *t) {
    return sk_X509_NAME_num(t->authorities) > 0
               ? sk_X509_NAME_deep_copy(t->authorities, X509_NAME_dup, X509_NAME_free)
               : NULL;
}

/* ---- who that is ---- */

static bool verified(X509_STORE *store, X509 *cert, STACK_OF(X509) * chain) {
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    bool ok = ctx != NULL && X509_STORE_CTX_init(ctx, store, cert, chain) == 1 &&
              X509_STORE_CTX_set_default(ctx, "ssl_client") == 1 && X509_verify_cert(ctx) == 1;
    X509_STORE_CTX_free(ctx);
    ERR_clear_error();
    return ok;
}

static bool is_one_of(char *const *list, const char *name) {
    for (size_t i = 0; list[i] != NULL; i++) {
        if (strcmp(list[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static struct cleat_str first_header(const struct cleat_http_head *head, char *const *names) {
    for (size_t i = 0; names[i] != NULL; i++) {
        for (size_t k = 0; k < head->n_headers; k++) {
            const struct cleat_http_header *h = &head->headers[k];
            if (h->name.n == strlen(names[i]) && h->value.n > 0 &&
                strncasecmp(h->name.p, names[i], h->name.n) == 0) {
                return h->value;
            }
        }
    }
    return (struct cleat_str){"", 0};
}

static void add_groups(struct cleat__identity *id, const struct cleat_http_head *head,
                       char *const *names) {
    for (size_t i = 0; names[i] != NULL; i++) {
        for (size_t k = 0; k < head->n_headers; k++) {
            const struct cleat_http_header *h = &head->headers[k];
            if (h->name.n == strlen(names[i]) && strncasecmp(h->name.p, names[i], h->name.n) == 0) {
                cleat__identity_add_group(id, h->value);
            }
        }
    }
}

static int hex(char c) {
    c = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The part of a header's name behind its prefix: a key in lower case, with %xx undone. */
static char *extra_key(struct cleat_str s) {
    struct cleat_buf out = {0};
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        int high = c == '%' && i + 2 < s.n ? hex(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex(s.p[i + 2]) : -1;
        if (low >= 0 && (high | low) != 0) {
            c = (char)(high * 16 + low);
            i += 2;
        }
        cleat_buf_putc(&out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
    }
    return cleat_buf_take(&out);
}

static void add_extra(struct cleat__identity *id, const struct cleat_http_head *head,
                      char *const *prefixes) {
    for (size_t i = 0; prefixes[i] != NULL; i++) {
        size_t n = strlen(prefixes[i]);
        for (size_t k = 0; k < head->n_headers; k++) {
            struct cleat_str name = head->headers[k].name;
            if (name.n > n && strncasecmp(name.p, prefixes[i], n) == 0) {
                CLEAT_AUTO_FREE char *key = extra_key((struct cleat_str){name.p + n, name.n - n});
                CLEAT_AUTO_FREE char *value = cleat_strndup(head->headers[k].value);
                cleat__identity_add_extra(id, key, value);
            }
        }
    }
}

/* Whom a proxy that may speak for others names; NULL where it names nobody. */
static struct cleat__identity *named_by_proxy(const struct cleat__trust *t,
                                              const struct cleat_http_head *head) {
    struct cleat_str name = first_header(head, t->lists[USERS]);
    struct cleat_str uid = first_header(head, t->lists[UIDS]);
    if (name.n == 0) {
        return NULL;
    }
    CLEAT_AUTO_FREE char *user = cleat_strndup(name);
    CLEAT_AUTO_FREE char *id_text = uid.n > 0 ? cleat_strndup(uid) : NULL;
    struct cleat__identity *id = cleat__identity_new(user, id_text);
    add_groups(id, head, t->lists[GROUPS]);
    add_extra(id, head, t->lists[EXTRAS]);
    cleat__identity_add_group(id, cleat_s("system:authenticated"));
    return id;
}

struct cleat__identity *cleat__trust_identify(cleat_api *a, SSL *ssl,
                                              const struct cleat_http_head *head, bool *ret_bad) {
    X509 *cert = ssl != NULL ? SSL_get0_peer_certificate(ssl) : NULL;
    struct cleat__trust *t = cert != NULL ? current(a) : NULL;
    struct cleat__identity *id = NULL;
    *ret_bad = false;
    if (t == NULL) {
        return NULL;
    }
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
    if (t->proxies != NULL && verified(t->proxies, cert, chain)) {
        struct cleat__identity *proxy = cleat__identity_of_subject(cert);
        bool any = t->lists[NAMES][0] == NULL;
        if (any || (proxy != NULL && is_one_of(t->lists[NAMES], proxy->name))) {
            id = named_by_proxy(t, head);
        }
        cleat__identity_unref(proxy);
    }
    if (id == NULL && t->clients != NULL && verified(t->clients, cert, chain)) {
        id = cleat__identity_of_subject(cert);
    }
    *ret_bad = id == NULL && (t->clients != NULL || t->proxies != NULL);
    cleat__trust_unref(t);
    return id;
}
