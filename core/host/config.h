/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration file: YAML or JSON, every value with its line.
 *
 *   apiVersion: cleat.dev/v1alpha1
 *   kind: Configuration
 *   controllers: ["*", "-route"]      # as --controllers
 *   cloudProviders: [sim]             # as --cloud-provider
 *   dataDir: /var/lib/cleat           # any flag of cleatd, in camelCase
 *   plugins:
 *     cloud-node-controller:          # a controller (or an alias of it) or a provider
 *       nodeStatusUpdateFrequency: 1m
 *
 * apiVersion and kind must be there; a key that is twice or unknown is an error
 * `FILE:LINE: ...`. Of YAML it takes one document without anchors, aliases and
 * tags. Trees are immutable once made.
 */
#ifndef CLEAT_CORE_HOST_CONFIG_H
#define CLEAT_CORE_HOST_CONFIG_H

#include "core/base/base.h"

enum { CLEAT_YAML_SCALAR = 1, CLEAT_YAML_MAP, CLEAT_YAML_SEQ };
struct cleat_yaml {
    int type;
    int line;
    bool plain; /* a scalar without quotes: true, 5 and null have their meaning */
    char *text; /* scalars */
    size_t n;   /* maps: pairs */
    struct cleat_yaml **keys, **items;
};
cleat_err cleat_yaml_parse(struct cleat_str text, const char *file, struct cleat_yaml **ret,
                           struct cleat_error *e);
cleat_err cleat_yaml_read(const char *file, struct cleat_yaml **ret, struct cleat_error *e);
void cleat_yaml_free(struct cleat_yaml *y);
const struct cleat_yaml *cleat_yaml_get(const struct cleat_yaml *map, const char *key);
/* As JSON: plain scalars by YAML's core schema, quoted ones as strings. */
void cleat_yaml_json(const struct cleat_yaml *y, struct cleat_buf *out);
bool cleat_yaml_is_null(const struct cleat_yaml *y);
typedef struct cleat_yaml cleat_yaml;
CLEAT_DEFINE_AUTO(cleat_yaml, cleat_yaml_free)

/* A whole file, checked: apiVersion, kind, and only known top-level keys. known
 * (NULL-ended or NULL) are those beside the five above. */
cleat_err cleat_config_read(const char *file, const char *const *known, struct cleat_yaml **ret,
                            struct cleat_error *e);
/* A list of strings, or one string, joined with commas; owned. NULL and CLEAT_OK where absent. */
cleat_err cleat_config_list(const struct cleat_yaml *root, const char *file, const char *key,
                            char **ret, struct cleat_error *e);
/* "data-dir" -> "dataDir"; owned. */
char *cleat_config_key(const char *flag);

#endif
