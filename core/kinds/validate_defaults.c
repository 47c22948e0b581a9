/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a definition's schemas say beyond their structure: defaults must be valid by
 * their own schema and lose nothing to pruning; and what is accepted but has no
 * effect, or not the one that was meant, is warned of. Pure; any thread.
 */
#include "core/kinds/schema_rules.h"

/* ---- defaults ---- */

static void check_default(struct cleat_validation *v, struct cleat_val s, struct cleat_val value,
                          const struct cleat_place *at) {
    CLEAT_AUTO_FREE char *field = cleat_place_text(at, "default");
    struct cleat_schema *compiled = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (cleat_schema_compile(s, &compiled, &e) != CLEAT_OK) {
        cleat_invalid(v, "FieldValueInvalid", field, "%.*s: %s", CLEAT_FMT(cleat_val_raw(value)),
                      e.message);
        return;
    }
    if (cleat_schema_prunes(compiled, value)) {
        cleat_invalid(v, "FieldValueInvalid", field, "%.*s: must not have unknown fields",
                      CLEAT_FMT(cleat_val_raw(value)));
    }
    cleat_schema_validate_default(compiled, v, value, field);
    cleat_schema_free(compiled);
}

void cleat_validate_defaults(struct cleat_validation *v, struct cleat_val s,
                             const struct cleat_place *at) {
    struct cleat_val value = cleat_val_get(s, "default"), items = cleat_val_get(s, "items");
    struct cleat_val props = cleat_val_get(s, "properties");
    const struct cleat_place in_items = {.up = at, .text = "items"};
    const struct cleat_place in_props = {.up = at, .text = "properties"};
    struct cleat_iter it = {0};
    if (cleat_val_type(value) > CLEAT_NULL) {
        check_default(v, s, value, at);
    }
    if (cleat_val_type(items) == CLEAT_OBJECT) {
        cleat_validate_defaults(v, items, &in_items);
    }
    while (cleat_val_type(props) == CLEAT_OBJECT && cleat_val_next(props, &it)) {
        const struct cleat_place here = {.up = &in_props, .key = it.key};
        cleat_validate_defaults(v, it.val, &here);
    }
}

/* ---- warnings ---- */

static void warn_of(struct cleat_request *req, struct cleat_val s) {
    struct cleat_str format = cleat_val_str(cleat_val_get(s, "format"));
    struct cleat_str items = cleat_val_str(cleat_val_get(cleat_val_get(s, "items"), "type"));
    if (format.n > 0 &&
        !cleat_schema_format_known(cleat_val_str(cleat_val_get(s, "type")), format)) {
        cleat_request_warn(req, "unrecognized format \"%.*s\"", CLEAT_FMT(format));
    }
    if (cleat_eqc(cleat_val_str(cleat_val_get(s, "x-kubernetes-list-type")), "set") &&
        (cleat_eqc(items, "object") || cleat_eqc(items, "array"))) {
        cleat_request_warn(
            req,
            "x-kubernetes-list-type: set for items of type \"%.*s\" is not supported "
            "by server-side apply or CEL validation rules",
            CLEAT_FMT(items));
    }
    if (cleat_val_count(cleat_val_get(s, "x-kubernetes-validations")) > 0) {
        cleat_request_warn(req, "x-kubernetes-validations are accepted but not evaluated");
    }
}

void cleat_warn_of_schema(struct cleat_request *req, struct cleat_val s) {
    static const char *const many[] = {"properties", "allOf", "anyOf", "oneOf"};
    static const char *const single[] = {"items", "additionalProperties", "not"};
    if (cleat_val_type(s) != CLEAT_OBJECT) {
        return;
    }
    warn_of(req, s);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        cleat_warn_of_schema(req, cleat_val_get(s, single[i]));
    }
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        struct cleat_val all = cleat_val_get(s, many[i]);
        struct cleat_iter it = {0};
        bool is = cleat_val_type(all) == CLEAT_ARRAY || cleat_val_type(all) == CLEAT_OBJECT;
        while (is && cleat_val_next(all, &it)) {
            cleat_warn_of_schema(req, it.val);
        }
    }
}
