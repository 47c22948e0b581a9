/* SPDX-License-Identifier: Apache-2.0 */
/* See tokens.h. */
#include <openssl/sha.h>
#include <unistd.h>

#include "core/auth/internal.h"

enum { VERIFIED_MAX = 65536 };     /* some 100 MB; then all are forgotten and checked anew */
#define LEEWAY (60 * CLEAT_SECOND) /* clocks differ */
#define LEGACY "kubernetes.io/serviceaccount/"

/* ---- claims to identities ---- */

static char *text_at(const cleat_obj *o, cleat_path path) {
    return cleat_val_strdup(cleat_obj_at(o, path));
}

static cleat_time seconds_at(const cleat_obj *o, const char *claim) {
    struct cleat_val v = cleat_val_get(cleat_obj_root(o), claim);
    int64_t n = 0;
    if (!cleat_val_int(v, &n) && cleat_val_type(v) == CLEAT_NUMBER) {
        n = (int64_t)strtod(cleat_val_raw(v).p, NULL);
    }
    return n > 0 && n < INT64_MAX / CLEAT_SECOND ? n * CLEAT_SECOND : 0;
}

static char **audiences_of(const cleat_obj *o) {
    struct cleat_val aud = cleat_val_get(cleat_obj_root(o), "aud");
    size_t n = 0;
    struct cleat_iter it = {0};
    char **list = cleat_array(cleat_val_count(aud) + 2, sizeof *list);
    if (cleat_val_type(aud) == CLEAT_STRING) {
        list[n++] = cleat_val_strdup(aud);
    }
    while (cleat_val_next(aud, &it)) {
        if (cleat_val_type(it.val) == CLEAT_STRING) {
            list[n++] = cleat_val_strdup(it.val);
        }
    }
    return list;
}

static void take_bound(const struct cleat__tokens *t, struct cleat__claims *c, const cleat_obj *o) {
    static const struct {
        const char *claim;
        int kind;
    } kinds[] = {{"pod", CLEAT__PODS}, {"secret", CLEAT__SECRETS}, {"node", CLEAT__NODES}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && c->bound_kind == NULL; i++) {
        const char *claim = kinds[i].claim;
        c->bound_name = text_at(o, CLEAT_PATH("kubernetes.io", claim, "name"));
        if (c->bound_name != NULL) {
            c->bound_kind = t->kinds[kinds[i].kind];
            c->bound_uid = text_at(o, CLEAT_PATH("kubernetes.io", claim, "uid"));
        }
    }
}

static char *base64_of(struct cleat_str s) {
    struct cleat_buf out = {0};
    cleat_base64(s, &out);
    return cleat_buf_take(&out);
}

static struct cleat__claims *claims_of(const struct cleat__tokens *t, struct cleat_str token,
                                       const cleat_obj *o) {
    struct cleat__claims *c = cleat_zalloc(sizeof *c);
    struct cleat_str iss = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("iss")));
    if (cleat_eqc(iss, "kubernetes/serviceaccount")) {
        c->ns = text_at(o, CLEAT_PATH(LEGACY "namespace"));
        c->account = text_at(o, CLEAT_PATH(LEGACY "service-account.name"));
        c->account_uid = text_at(o, CLEAT_PATH(LEGACY "service-account.uid"));
        c->bound_kind = t->kinds[CLEAT__SECRETS];
        c->bound_name = text_at(o, CLEAT_PATH(LEGACY "secret.name"));
        c->secret_data = base64_of(token);
    } else if (cleat_eqc(iss, t->issuer)) {
        c->ns = text_at(o, CLEAT_PATH("kubernetes.io", "namespace"));
        c->account = text_at(o, CLEAT_PATH("kubernetes.io", "serviceaccount", "name"));
        c->account_uid = text_at(o, CLEAT_PATH("kubernetes.io", "serviceaccount", "uid"));
        c->expires = seconds_at(o, "exp");
        c->expires = c->expires == 0 ? 1 : c->expires; /* it must have an end */
        c->audiences = audiences_of(o);
        take_bound(t, c, o);
    }
    return c;
}

static void add_extra_at(struct cleat__identity *id, const cleat_obj *o, const char *kind,
                         const char *field) {
    CLEAT_AUTO_FREE char *value = text_at(o, CLEAT_PATH("kubernetes.io", kind, field));
    if (value != NULL) {
        CLEAT_AUTO_FREE char *key =
            cleat_sprintf("authentication.kubernetes.io/%s-%s", kind, field);
        cleat__identity_add_extra(id, key, value);
    }
}

static struct cleat__identity *identity_of(const struct cleat__tokens *t, struct cleat_str token,
                                           const cleat_obj *o) {
    struct cleat__claims *c = claims_of(t, token, o);
    CLEAT_AUTO_FREE char *name = cleat_sprintf("system:serviceaccount:%s:%s", c->ns ? c->ns : "",
                                               c->account ? c->account : "");
    struct cleat__identity *id =
        cleat__identity_new(name, c->account_uid != NULL ? c->account_uid : "");
    id->claims = c;
    if (c->ns == NULL || c->account == NULL || c->account_uid == NULL ||
        !cleat_eqc(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("sub"))), name) ||
        seconds_at(o, "nbf") > cleat_now_wall() + LEEWAY) {
        cleat__identity_unref(id);
        return NULL;
    }
    CLEAT_AUTO_FREE char *group = cleat_sprintf("system:serviceaccounts:%s", c->ns);
    cleat__identity_add_group(id, CLEAT_STR("system:serviceaccounts"));
    cleat__identity_add_group(id, cleat_s(group));
    cleat__identity_add_group(id, CLEAT_STR("system:authenticated"));
    CLEAT_AUTO_FREE char *jti = text_at(o, CLEAT_PATH("jti"));
    if (jti != NULL) {
        CLEAT_AUTO_FREE char *credential = cleat_sprintf("JTI=%s", jti);
        cleat__identity_add_extra(id, "authentication.kubernetes.io/credential-id", credential);
    }
    add_extra_at(id, o, "pod", "name");
    add_extra_at(id, o, "pod", "uid");
    add_extra_at(id, o, "node", "name");
    add_extra_at(id, o, "node", "uid");
    return id;
}

/* ---- whether it still holds ---- */

/* An object with this uid (NULL = any) that is not long on its way out. */
static const cleat_obj *find(const cleat_snapshot *sn, const struct cleat_kind *k, const char *ns,
                             const char *name, const char *uid) {
    bool namespaced = (k->flags & CLEAT_KIND_NAMESPACED) != 0;
    const cleat_obj *o =
        cleat_snapshot_get(sn, k->id, cleat_s(namespaced ? ns : NULL), cleat_s(name));
    cleat_time deleted;
    if (o == NULL || (uid != NULL && !cleat_eqc(cleat_obj_uid(o), uid))) {
        return NULL;
    }
    struct cleat_str when =
        cleat_val_str(cleat_obj_at(o, CLEAT_PATH("metadata", "deletionTimestamp")));
    bool there = when.n == 0 || cleat_time_parse(when, &deleted) != CLEAT_OK ||
                 deleted + LEEWAY > cleat_now_wall();
    return there ? o : NULL;
}

static bool holds(struct cleat__tokens *t, const struct cleat__claims *c) {
    if (c->expires != 0 && cleat_now_wall() > c->expires + LEEWAY) {
        return false;
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(cleat_registry_store(t->registry));
    if (find(sn, t->kinds[CLEAT__ACCOUNTS], c->ns, c->account, c->account_uid) == NULL) {
        return false;
    }
    const cleat_obj *bound =
        c->bound_kind != NULL ? find(sn, c->bound_kind, c->ns, c->bound_name, c->bound_uid) : NULL;
    return (c->bound_kind == NULL || bound != NULL) &&
           (c->secret_data == NULL ||
            cleat_eqc(cleat_val_str(cleat_obj_at(bound, CLEAT_PATH("data", "token"))),
                      c->secret_data));
}

static bool meant_for(const struct cleat__claims *c, const char *const *audiences) {
    if (c->audiences == NULL) {
        return true;
    }
    for (size_t i = 0; c->audiences[i] != NULL; i++) {
        for (size_t k = 0; audiences[k] != NULL; k++) {
            if (strcmp(c->audiences[i], audiences[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool cleat_auth_still(cleat_auth *a, const struct cleat__identity *id) {
    return id->claims == NULL || holds(a->tokens, id->claims);
}

/* ---- signed tokens ---- */

static struct cleat_str digest(struct cleat_str token, unsigned char out[SHA256_DIGEST_LENGTH]) {
    SHA256((const unsigned char *)token.p, token.n, out);
    return (struct cleat_str){(const char *)out, SHA256_DIGEST_LENGTH};
}

static void forget_all(struct cleat__tokens *t) {
    size_t i = 0;
    for (struct cleat_map_entry *e; (e = cleat_map_each(&t->verified, &i)) != NULL;) {
        cleat__identity_unref(e->value);
    }
    cleat_map_done(&t->verified);
    t->verified = (struct cleat_map){0};
}

static struct cleat__identity *remembered(struct cleat__tokens *t, struct cleat_str key) {
    CLEAT_LOCKED(&t->mutex);
    struct cleat__identity *id = cleat_map_get(&t->verified, key);
    return id != NULL ? cleat__identity_ref(id) : NULL;
}

static void remember(struct cleat__tokens *t, struct cleat_str key, struct cleat__identity *id) {
    CLEAT_LOCKED(&t->mutex);
    if (t->verified.n >= VERIFIED_MAX) {
        forget_all(t);
    }
    cleat__identity_unref(cleat_map_put(&t->verified, key, cleat__identity_ref(id)));
}

static void forget(struct cleat__tokens *t, struct cleat_str key) {
    CLEAT_LOCKED(&t->mutex);
    cleat__identity_unref(cleat_map_remove(&t->verified, key));
}

static struct cleat__identity *signed_identity(struct cleat__tokens *t, struct cleat_str token,
                                               const char *const *audiences) {
    unsigned char d[SHA256_DIGEST_LENGTH];
    struct cleat_str key = digest(token, d);
    struct cleat__identity *id = remembered(t, key);
    if (id == NULL) {
        CLEAT_AUTO(cleat_obj) *claims = NULL;
        if (cleat__jwt_verify(&t->keys, token, &claims, NULL) != CLEAT_OK) {
            return NULL;
        }
        id = identity_of(t, token, claims);
        if (id == NULL) {
            return NULL;
        }
        remember(t, key, id);
    }
    if (!holds(t, id->claims)) {
        forget(t, key);
        cleat__identity_unref(id);
        return NULL;
    }
    if (!meant_for(id->claims, audiences)) {
        cleat__identity_unref(id);
        return NULL;
    }
    return id;
}

struct cleat__identity *cleat__token_identity(cleat_auth *a, struct cleat_str token,
                                              const char *const *audiences) {
    struct cleat__tokens *t = a->tokens;
    struct cleat__identity *id = t->other != NULL ? t->other(t->other_userdata, token) : NULL;
    id = id != NULL ? id : cleat__bootstrap_token(a->registry, token);
    return id != NULL ? id : signed_identity(t, token, audiences);
}

struct cleat__identity *cleat_auth_token(cleat_auth *a, struct cleat_str token) {
    return cleat__token_identity(a, token, (const char *const *)a->tokens->audiences);
}

void cleat_auth_other_tokens(cleat_auth *a,
                             struct cleat__identity *(*fn)(void *userdata, struct cleat_str token),
                             void *userdata) {
    a->tokens->other = fn;
    a->tokens->other_userdata = userdata;
}

void cleat_auth_ca(cleat_auth *a, const char *pem) {
    free(a->tokens->ca);
    a->tokens->ca = cleat_strdup(pem);
}

const char *cleat_auth_document(cleat_auth *a, const char *path) {
    if (strcmp(path, "/openid/v1/jwks") == 0) {
        return a->tokens->jwks;
    }
    return strcmp(path, "/.well-known/openid-configuration") == 0 ? a->tokens->config : NULL;
}

/* ---- life ---- */

static char **split(const char *list) {
    size_t n = 0;
    char **v = cleat_array(1, sizeof *v);
    for (const char *p = list; *p != '\0';) {
        size_t len = strcspn(p, ",");
        v = cleat_rearray(v, n + 2, sizeof *v);
        v[n++] = cleat_strndup((struct cleat_str){p, len});
        v[n] = NULL;
        p += len + (p[len] == ',');
    }
    return v;
}

static void free_list(char **v) {
    for (size_t i = 0; v != NULL && v[i] != NULL; i++) {
        free(v[i]);
    }
    free(v);
}

static bool can_sign(const struct cleat__keys *k) {
    for (size_t i = 0; i < k->n; i++) {
        if (k->v[i].can_sign) {
            return true;
        }
    }
    return false;
}

/* The signing key first, then those that only verify. */
static cleat_err load_keys(struct cleat__tokens *t, const struct cleat_auth_opts *o,
                           struct cleat_error *e) {
    if (o->signing_key_file != NULL) {
        CLEAT_TRY(cleat__keys_load(&t->keys, o->signing_key_file, e));
        if (!can_sign(&t->keys)) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s: no private key in it",
                              o->signing_key_file);
        }
    } else {
        CLEAT_AUTO_FREE char *path =
            o->data_dir != NULL ? cleat_sprintf("%s/pki/sa.key", o->data_dir) : NULL;
        CLEAT_TRY(path != NULL && access(path, F_OK) == 0 ? cleat__keys_load(&t->keys, path, e)
                                                          : cleat__keys_make(&t->keys, path, e));
    }
    char **files = split(o->key_files != NULL ? o->key_files : "");
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; err == CLEAT_OK && files[i] != NULL; i++) {
        err = cleat__keys_load(&t->keys, files[i], e);
    }
    free_list(files);
    return err;
}

static void make_documents(struct cleat__tokens *t, const struct cleat_auth_opts *o) {
    CLEAT_AUTO_BUF config = {0};
    CLEAT_AUTO_BUF jwks = {0};
    CLEAT_AUTO_FREE char *uri = o->jwks_uri != NULL ? cleat_strdup(o->jwks_uri)
                                                    : cleat_sprintf("%s/openid/v1/jwks", t->issuer);
    cleat_buf_puts(&config, "{\"issuer\":");
    cleat_buf_json(&config, cleat_s(t->issuer));
    cleat_buf_puts(&config, ",\"jwks_uri\":");
    cleat_buf_json(&config, cleat_s(uri));
    cleat_buf_puts(&config, ",\"response_types_supported\":[\"id_token\"],"
                            "\"subject_types_supported\":[\"public\"],"
                            "\"id_token_signing_alg_values_supported\":");
    cleat__keys_algorithms(&t->keys, &config);
    cleat_buf_putc(&config, '}');
    cleat__keys_jwks(&t->keys, &jwks);
    t->config = cleat_buf_take(&config);
    t->jwks = cleat_buf_take(&jwks);
}

cleat_err cleat__tokens_new(cleat_registry *r, const struct cleat_auth_opts *o,
                            struct cleat__tokens **ret, struct cleat_error *e) {
    static const char *const kinds[] = {"serviceaccounts", "pods", "secrets", "nodes"};
    struct cleat__tokens *t = cleat_zalloc(sizeof *t);
    t->registry = r;
    for (size_t i = 0; i < CLEAT__TOKEN_KINDS; i++) {
        t->kinds[i] = cleat_registry_find(r, "", "v1", kinds[i]);
        cleat_assert(t->kinds[i] != NULL);
    }
    pthread_mutex_init(&t->mutex, NULL);
    t->issuer = cleat_strdup(o->issuer != NULL ? o->issuer
                                               : "https://kubernetes.default.svc.cluster.local");
    t->audiences = split(o->api_audiences != NULL ? o->api_audiences : t->issuer);
    cleat_err err = load_keys(t, o, e);
    if (err != CLEAT_OK) {
        cleat__tokens_free(t);
        return err;
    }
    make_documents(t, o);
    *ret = t;
    return CLEAT_OK;
}

void cleat__tokens_free(struct cleat__tokens *t) {
    if (t == NULL) {
        return;
    }
    forget_all(t);
    pthread_mutex_destroy(&t->mutex);
    cleat__keys_done(&t->keys);
    free(t->issuer);
    free_list(t->audiences);
    free(t->config);
    free(t->jwks);
    free(t->ca);
    free(t);
}
