/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of the configuration file; see config.h. No state, any thread. */
#include "core/host/config.h"

#include <ctype.h>

static const char *const own_keys[] = {"apiVersion",     "kind",    "controllers",
                                       "cloudProviders", "plugins", NULL};

static bool has(const char *const *v, const char *s) {
    for (; v != NULL && *v != NULL; v++) {
        if (strcmp(*v, s) == 0) {
            return true;
        }
    }
    return false;
}

static cleat_err want_text(const struct cleat_yaml *root, const char *file, const char *key,
                           const char *want, struct cleat_error *e) {
    const struct cleat_yaml *y = cleat_yaml_get(root, key);
    if (y == NULL) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: no %s; must be \"%s\"", file, root->line,
                          key, want);
    }
    if (y->type != CLEAT_YAML_SCALAR || strcmp(y->text, want) != 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: %s is \"%s\"; must be \"%s\"", file,
                          y->line, key, y->text ? y->text : "(a list or map)", want);
    }
    return CLEAT_OK;
}

static cleat_err check_sections(const struct cleat_yaml *root, const char *file,
                                struct cleat_error *e) {
    const struct cleat_yaml *plugins = cleat_yaml_get(root, "plugins");
    if (plugins == NULL || cleat_yaml_is_null(plugins)) {
        return CLEAT_OK;
    }
    if (plugins->type != CLEAT_YAML_MAP) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: \"plugins\" must be a map of sections",
                          file, plugins->line);
    }
    for (size_t i = 0; i < plugins->n; i++) {
        const struct cleat_yaml *s = plugins->items[i];
        if (s->type != CLEAT_YAML_MAP && !cleat_yaml_is_null(s)) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: section \"%s\" must be a map", file,
                              s->line, plugins->keys[i]->text);
        }
    }
    return CLEAT_OK;
}

cleat_err cleat_config_read(const char *file, const char *const *known, struct cleat_yaml **ret,
                            struct cleat_error *e) {
    CLEAT_AUTO(cleat_yaml) *root = NULL;
    CLEAT_TRY(cleat_yaml_read(file, &root, e));
    if (root->type != CLEAT_YAML_MAP) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: the file must be a map", file,
                          root->line);
    }
    CLEAT_TRY(want_text(root, file, "apiVersion", "cleat.dev/v1alpha1", e));
    CLEAT_TRY(want_text(root, file, "kind", "Configuration", e));
    for (size_t i = 0; i < root->n; i++) {
        const struct cleat_yaml *key = root->keys[i];
        if (!has(own_keys, key->text) && !has(known, key->text)) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: unknown key \"%s\"", file, key->line,
                              key->text);
        }
    }
    CLEAT_TRY(check_sections(root, file, e));
    *ret = CLEAT_STEAL(root);
    return CLEAT_OK;
}

cleat_err cleat_config_list(const struct cleat_yaml *root, const char *file, const char *key,
                            char **ret, struct cleat_error *e) {
    const struct cleat_yaml *y = cleat_yaml_get(root, key);
    *ret = NULL;
    if (y == NULL || cleat_yaml_is_null(y)) {
        return CLEAT_OK;
    }
    if (y->type == CLEAT_YAML_SCALAR) {
        *ret = cleat_strdup(y->text);
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF out = {0};
    for (size_t i = 0; y->type == CLEAT_YAML_SEQ && i < y->n; i++) {
        const struct cleat_yaml *item = y->items[i];
        if (item->type != CLEAT_YAML_SCALAR) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: \"%s\" must be a list of strings",
                              file, item->line, key);
        }
        cleat_buf_printf(&out, "%s%s", i ? "," : "", item->text);
    }
    if (y->type != CLEAT_YAML_SEQ) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s:%d: \"%s\" must be a list of strings", file,
                          y->line, key);
    }
    *ret = cleat_buf_take(&out);
    return CLEAT_OK;
}

char *cleat_config_key(const char *flag) {
    struct cleat_buf out = {0};
    bool up = false;
    for (; *flag != 0; flag++) {
        if (*flag == '-') {
            up = true;
        } else {
            cleat_buf_putc(&out, up ? (char)toupper((unsigned char)*flag) : *flag);
            up = false;
        }
    }
    return cleat_buf_take(&out);
}
