/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pieces that the validations of several kinds share. Pure functions over
 * immutable values.
 */
#include "core/registry/internal.h"

char *cleat_validation_print(struct cleat_val v) {
    struct cleat_str raw = cleat_val_raw(v);
    return raw.n > 0 ? cleat_strndup(raw) : cleat_strdup("null");
}

void cleat_validate_labels(struct cleat_validation *v, struct cleat_val labels, const char *field) {
    struct cleat_iter it = {0};
    while (cleat_val_next(labels, &it)) {
        struct cleat_str value = cleat_val_str(it.val);
        const char *bad = cleat_name_qualified(it.key);
        if (bad != NULL) {
            cleat_invalid(v, "FieldValueInvalid", field, "\"%.*s\": %s", CLEAT_FMT(it.key), bad);
        }
        bad = cleat_name_label_value(value);
        if (bad != NULL) {
            cleat_invalid(v, "FieldValueInvalid", field, "\"%.*s\": %s", CLEAT_FMT(value), bad);
        }
    }
}

/* Upstream takes a quantity as a string or as a number. */
static struct cleat_str quantity_text(struct cleat_val v) {
    return cleat_val_type(v) == CLEAT_NUMBER ? cleat_val_raw(v) : cleat_val_str(v);
}

void cleat_validate_quantities(struct cleat_validation *v, struct cleat_val map,
                               const char *field) {
    struct cleat_iter it = {0};
    while (cleat_val_next(map, &it)) {
        struct cleat_str text = quantity_text(it.val);
        int32_t sign = 0;
        bool good = text.n > 0 && cleat_quantity_cmp(text, CLEAT_STR("0"), &sign) == CLEAT_OK;
        if (good && sign >= 0) {
            continue;
        }
        CLEAT_AUTO_FREE char *path = cleat_sprintf("%s[%.*s]", field, CLEAT_FMT(it.key));
        if (!good) {
            cleat_invalid(v, "FieldValueInvalid", path,
                          "\"%.*s\": quantities must match the regular expression "
                          "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                          CLEAT_FMT(text));
        } else {
            cleat_invalid(v, "FieldValueInvalid", path,
                          "\"%.*s\": must be greater than or equal to 0", CLEAT_FMT(text));
        }
    }
}

void cleat_validate_immutable(struct cleat_validation *v, struct cleat_val now,
                              struct cleat_val was, const char *field) {
    if (!cleat_val_equal(now, was)) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(now);
        cleat_invalid(v, "FieldValueInvalid", field, "%s: field is immutable", printed);
    }
}
