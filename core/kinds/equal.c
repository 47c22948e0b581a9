/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equality as upstream sees it when it asks whether a field was changed: what is
 * not there and what is empty are one, and quantities go by their value. Pure; any
 * thread.
 */
#include "core/kinds/podparts.h"

static bool is_empty(struct cleat_val v) {
    int32_t type = cleat_val_type(v);
    return type <= CLEAT_NULL || (type == CLEAT_STRING && cleat_val_str(v).n == 0) ||
           ((type == CLEAT_ARRAY || type == CLEAT_OBJECT) && cleat_val_count(v) == 0);
}

/* Members whose values are quantities. */
static bool holds_quantities(struct cleat_str key) {
    static const char *const names[] = {"limits",    "requests", "overhead",
                                        "sizeLimit", "divisor",  NULL};
    return cleat_one_of(key, names);
}

static bool equal(struct cleat_val a, struct cleat_val b, bool quantities);

/* Each member of a is in b, or is empty. */
static bool covers(struct cleat_val a, struct cleat_val b, bool quantities) {
    struct cleat_iter it = {0};
    while (cleat_val_next(a, &it)) {
        if (!equal(it.val, cleat_val_get_s(b, it.key), quantities || holds_quantities(it.key))) {
            return false;
        }
    }
    return true;
}

static bool equal_lists(struct cleat_val a, struct cleat_val b, bool quantities) {
    struct cleat_iter x = {0}, y = {0};
    if (cleat_val_count(a) != cleat_val_count(b)) {
        return false;
    }
    while (cleat_val_next(a, &x) && cleat_val_next(b, &y)) {
        if (!equal(x.val, y.val, quantities)) {
            return false;
        }
    }
    return true;
}

static bool equal(struct cleat_val a, struct cleat_val b, bool quantities) {
    if (cleat_eq(cleat_val_raw(a), cleat_val_raw(b)) || (is_empty(a) && is_empty(b))) {
        return true;
    }
    int32_t type = cleat_val_type(a), other = cleat_val_type(b);
    if (quantities && (type == CLEAT_STRING || type == CLEAT_NUMBER) &&
        (other == CLEAT_STRING || other == CLEAT_NUMBER)) {
        return cleat_quantity_order(cleat_quantity_of(a), cleat_quantity_of(b)) == 0;
    }
    if (type != other) {
        return false;
    }
    if (type == CLEAT_OBJECT) {
        return covers(a, b, quantities) && covers(b, a, quantities);
    }
    return type == CLEAT_ARRAY ? equal_lists(a, b, quantities) : cleat_val_equal(a, b);
}

bool cleat_semantic_equal(struct cleat_val a, struct cleat_val b) {
    return equal(a, b, false);
}
