/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A compiled openAPIV3Schema. Its strings and values are positions in the
 * CustomResourceDefinition it came from, which must outlive it. Immutable after
 * compilation: any thread may use it.
 */
#ifndef CLEAT_REGISTRY_SCHEMA_H
#define CLEAT_REGISTRY_SCHEMA_H

#include "core/registry/internal.h"
#include "core/registry/pattern.h"

struct cleat_schema_prop {
    struct cleat_str key; /* canonical text */
    struct cleat_schema *schema;
};

struct cleat_schemas {
    struct cleat_schema **list;
    size_t n;
};

typedef bool (*cleat_format_test)(const char *text);

struct cleat_schema {
    struct cleat_str type, format; /* empty = not said */
    bool nullable, preserve_unknown, int_or_string, embedded, additional_any;
    struct cleat_schema_prop *props;
    size_t n_props;
    struct cleat_schema *additional, *items, *not_one;
    struct cleat_schemas all_of, any_of, one_of;
    struct cleat_val required, values, def, map_keys; /* enum, default, list-map-keys */
    struct cleat_val minimum, maximum, multiple_of;
    bool exclusive_minimum, exclusive_maximum, list_is_set;
    int64_t min_length, max_length, min_items, max_items, min_props, max_props; /* -1 = none */
    cleat_format_test fits_format; /* of a string; NULL = any */
    struct cleat_pattern *pattern;
    char *pattern_text; /* for messages */
};

/* NULL: all texts have it. */
cleat_format_test cleat_schema_format_test(struct cleat_str format);
const struct cleat_schema *cleat_schema_prop(const struct cleat_schema *s, struct cleat_str key);

#endif
