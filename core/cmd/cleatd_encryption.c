/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --encryption-provider-config: upstream's EncryptionConfiguration, YAML or JSON.
 * Of its providers there are aesgcm and identity. Errors name the field. Read once,
 * before anything else is opened.
 */
#include "core/auth/jwt.h"
#include "core/cmd/cleatd_flags.h"
#include "core/host/config.h"
#include "core/store/seal.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <sys/stat.h>

struct reader {
    const char *file;
    struct cleat_error *e;
};

static cleat_err wrong(struct reader *r, const struct cleat_yaml *at, const char *field,
                       const char *why) {
    return cleat_fail(r->e, CLEAT_E_BAD_REQUEST, "--encryption-provider-config %s:%d: %s: %s",
                      r->file, at != NULL ? at->line : 1, field, why);
}

static bool is_text(const struct cleat_yaml *map, const char *key, const char *want) {
    const struct cleat_yaml *y = cleat_yaml_get(map, key);
    return y != NULL && y->type == CLEAT_YAML_SCALAR && strcmp(y->text, want) == 0;
}

static const struct cleat_yaml *list_at(const struct cleat_yaml *map, const char *key) {
    const struct cleat_yaml *y = map->type == CLEAT_YAML_MAP ? cleat_yaml_get(map, key) : NULL;
    return y != NULL && y->type == CLEAT_YAML_SEQ && y->n > 0 ? y : NULL;
}

/* ---- keys ---- */

static struct cleat_seal_key *add_key(struct cleat_seal_rule *rule) {
    struct cleat_seal_key *more = cleat_array(rule->n_keys + 1, sizeof *more);
    if (rule->n_keys > 0) { /* by hand: realloc would leave keys behind */
        memcpy(more, rule->keys, rule->n_keys * sizeof *more);
        OPENSSL_cleanse(rule->keys, rule->n_keys * sizeof *more);
    }
    free(rule->keys);
    rule->keys = more;
    return &rule->keys[rule->n_keys++];
}

static cleat_err read_key(struct reader *r, const struct cleat_yaml *y,
                          struct cleat_seal_rule *rule) {
    const struct cleat_yaml *name = y->type == CLEAT_YAML_MAP ? cleat_yaml_get(y, "name") : NULL;
    const struct cleat_yaml *secret =
        y->type == CLEAT_YAML_MAP ? cleat_yaml_get(y, "secret") : NULL;
    if (name == NULL || name->type != CLEAT_YAML_SCALAR || name->text[0] == '\0') {
        return wrong(r, y, "aesgcm.keys.name", "must be provided");
    }
    if (strchr(name->text, ':') != NULL) {
        return wrong(r, name, "aesgcm.keys.name", "must not contain a colon");
    }
    if (secret == NULL || secret->type != CLEAT_YAML_SCALAR) {
        return wrong(r, y, "aesgcm.keys.secret", "must be provided");
    }
    CLEAT_AUTO_BUF bytes = {0};
    bool decoded = cleat_base64_decode(cleat_s(secret->text), &bytes);
    cleat_err err = CLEAT_OK;
    if (!decoded) {
        err = wrong(r, secret, "aesgcm.keys.secret", "secrets must be base64 encoded");
    } else if (bytes.n != 16 && bytes.n != 24 && bytes.n != 32) {
        err = wrong(r, secret, "aesgcm.keys.secret",
                    "secret is not of the expected length, expected one of [16 24 32]");
    } else {
        struct cleat_seal_key *k = add_key(rule);
        k->name = cleat_strdup(name->text);
        k->n = bytes.n;
        memcpy(k->bytes, bytes.p, bytes.n);
    }
    if (bytes.p != NULL) {
        OPENSSL_cleanse(bytes.p, bytes.n);
    }
    return err;
}

static cleat_err read_provider(struct reader *r, const struct cleat_yaml *y,
                               struct cleat_seal_rule *rule) {
    if (y->type != CLEAT_YAML_MAP || y->n != 1) {
        return wrong(r, y, "resources.providers", "each must be one provider");
    }
    const char *name = y->keys[0]->text;
    if (strcmp(name, "identity") == 0) {
        add_key(rule);
        return CLEAT_OK;
    }
    if (strcmp(name, "aesgcm") != 0) {
        return wrong(r, y, name, "this provider is not there; there are aesgcm and identity");
    }
    const struct cleat_yaml *keys = list_at(y->items[0], "keys");
    if (keys == NULL) {
        return wrong(r, y, "aesgcm.keys", "must have at least one key");
    }
    for (size_t i = 0; i < keys->n; i++) {
        CLEAT_TRY(read_key(r, keys->items[i], rule));
    }
    return CLEAT_OK;
}

static cleat_err read_rule(struct reader *r, const struct cleat_yaml *y,
                           struct cleat_seal_rule *rule) {
    const struct cleat_yaml *resources = list_at(y, "resources");
    const struct cleat_yaml *providers = list_at(y, "providers");
    if (resources == NULL || providers == NULL) {
        return wrong(r, y, "resources", "each must have resources and providers");
    }
    rule->resources = cleat_array(resources->n + 1, sizeof *rule->resources);
    for (size_t i = 0; i < resources->n; i++) {
        if (resources->items[i]->type != CLEAT_YAML_SCALAR) {
            return wrong(r, resources->items[i], "resources.resources", "must be strings");
        }
        rule->resources[i] = cleat_strdup(resources->items[i]->text);
    }
    for (size_t i = 0; i < providers->n; i++) {
        CLEAT_TRY(read_provider(r, providers->items[i], rule));
    }
    return CLEAT_OK;
}

static cleat_err read_rules(struct reader *r, const struct cleat_yaml *root,
                            struct cleat_sealing *s) {
    if (root->type != CLEAT_YAML_MAP || !is_text(root, "kind", "EncryptionConfiguration") ||
        !is_text(root, "apiVersion", "apiserver.config.k8s.io/v1")) {
        return wrong(r, root, "kind",
                     "must be EncryptionConfiguration of apiserver.config.k8s.io/v1");
    }
    const struct cleat_yaml *list = list_at(root, "resources");
    if (list == NULL) {
        return wrong(r, root, "resources", "must have at least one element");
    }
    s->rules = cleat_array(list->n, sizeof *s->rules);
    for (s->n = 0; s->n < list->n;) {
        s->n++;
        CLEAT_TRY(read_rule(r, list->items[s->n - 1], &s->rules[s->n - 1]));
    }
    return CLEAT_OK;
}

cleat_err cleatd_encryption_read(const char *file, struct cleat_sealing **ret,
                                 struct cleat_error *e) {
    struct reader r = {file, e};
    struct stat st;
    if (stat(file, &st) != 0) {
        return wrong(&r, NULL, "cannot be read", strerror(errno));
    }
    if ((st.st_mode & 07) != 0) {
        return wrong(&r, NULL, "holds keys, and others may access it",
                     "take that away (chmod o-rwx)");
    }
    CLEAT_AUTO(cleat_yaml) *root = NULL;
    CLEAT_TRY(cleat_yaml_read(file, &root, e));
    struct cleat_sealing *s = cleat_zalloc(sizeof *s);
    cleat_err err = read_rules(&r, root, s);
    if (err != CLEAT_OK) {
        cleat_sealing_free(s);
        return err;
    }
    *ret = s;
    return CLEAT_OK;
}
