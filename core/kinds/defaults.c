/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's defaults of the core kinds, as far as this API server knows them.
 * Each has a cheap test of whether anything is missing, so that an object that
 * was read and is written back costs a few look-ups. Pure; any thread.
 */
#include "core/kinds/kinds.h"

static bool missing(const cleat_obj *o, cleat_path path) {
    int32_t type = cleat_val_type(cleat_obj_at(o, path));
    return type == CLEAT_ABSENT || type == CLEAT_NULL;
}

static bool empty_str(const cleat_obj *o, cleat_path path) {
    return cleat_val_str(cleat_obj_at(o, path)).n == 0;
}

/* ---- namespaces ---- */

static const char *const name_label = "kubernetes.io/metadata.name";

bool cleat_needs_namespace(const cleat_obj *o) {
    struct cleat_str label =
        cleat_val_str(cleat_obj_at(o, CLEAT_PATH("metadata", "labels", name_label)));
    return !cleat_eq(label, cleat_obj_name(o)) || missing(o, CLEAT_PATH("status", "phase"));
}

void cleat_default_namespace(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    cleat_edit_set_str(e, CLEAT_PATH("metadata", "labels", name_label), cleat_obj_name(o));
    if (old != NULL) {
        return;
    }
    if (!cleat_finalizers_have(cleat_obj_at(o, CLEAT_PATH("spec", "finalizers")), "kubernetes")) {
        if (missing(o, CLEAT_PATH("spec", "finalizers"))) {
            cleat_edit_set_json(e, CLEAT_PATH("spec", "finalizers"), CLEAT_STR("[]"));
        }
        cleat_edit_set_str(e, CLEAT_PATH("spec", "finalizers", "-"), CLEAT_STR("kubernetes"));
    }
    cleat_edit_set_str(e, CLEAT_PATH("status", "phase"), CLEAT_STR("Active"));
}

/* ---- nodes: podCIDR and the first of podCIDRs are one thing ---- */

static bool all_is_allocatable(const cleat_obj *o) {
    return missing(o, CLEAT_PATH("status", "allocatable")) &&
           !missing(o, CLEAT_PATH("status", "capacity"));
}

/* As upstream converts them: a podCIDR that is not the first of the list replaces it. */
bool cleat_needs_node(const cleat_obj *o) {
    struct cleat_str one = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "podCIDR")));
    struct cleat_str first = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "podCIDRs", "0")));
    return !cleat_eq(one, first) || all_is_allocatable(o);
}

void cleat_default_node(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    if (all_is_allocatable(o)) {
        cleat_edit_set_val(e, CLEAT_PATH("status", "allocatable"),
                           cleat_obj_at(o, CLEAT_PATH("status", "capacity")));
    }
    struct cleat_val one = cleat_obj_at(o, CLEAT_PATH("spec", "podCIDR"));
    struct cleat_val first = cleat_obj_at(o, CLEAT_PATH("spec", "podCIDRs", "0"));
    if (cleat_val_str(one).n == 0) {
        cleat_edit_set_val(e, CLEAT_PATH("spec", "podCIDR"), first);
    } else if (!cleat_val_equal(one, first)) {
        cleat_edit_set_json(e, CLEAT_PATH("spec", "podCIDRs"), CLEAT_STR("[]"));
        cleat_edit_set_val(e, CLEAT_PATH("spec", "podCIDRs", "-"), one);
    }
}

/* ---- secrets ---- */

static size_t base64_size(size_t n) {
    return (n + 2) / 3 * 4;
}

/* Canonical string text in, base64 with quotes out. */
static void put_base64(struct cleat_val v, struct cleat_buf *out) {
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = cleat_val_decode(v, NULL, 0);
    CLEAT_AUTO_FREE char *text = cleat_alloc(n + 1);
    cleat_val_decode(v, text, n + 1);
    cleat_buf_reserve(out, base64_size(n) + 3);
    cleat_buf_putc(out, '"');
    for (size_t i = 0; i < n; i += 3) {
        uint32_t bits = (uint32_t)(unsigned char)text[i] << 16;
        bits |= i + 1 < n ? (uint32_t)(unsigned char)text[i + 1] << 8 : 0;
        bits |= i + 2 < n ? (uint32_t)(unsigned char)text[i + 2] : 0;
        cleat_buf_putc(out, alphabet[bits >> 18 & 63]);
        cleat_buf_putc(out, alphabet[bits >> 12 & 63]);
        cleat_buf_putc(out, i + 1 < n ? alphabet[bits >> 6 & 63] : '=');
        cleat_buf_putc(out, i + 2 < n ? alphabet[bits & 63] : '=');
    }
    cleat_buf_putc(out, '"');
}

bool cleat_needs_secret(const cleat_obj *o) {
    return empty_str(o, CLEAT_PATH("type")) ||
           cleat_val_present(cleat_obj_at(o, CLEAT_PATH("stringData")));
}

void cleat_default_secret(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_val plain = cleat_obj_at(o, CLEAT_PATH("stringData"));
    struct cleat_iter it = {0};
    if (empty_str(o, CLEAT_PATH("type"))) {
        cleat_edit_set_str(e, CLEAT_PATH("type"), CLEAT_STR("Opaque"));
    }
    while (cleat_val_type(plain) == CLEAT_OBJECT && cleat_val_next(plain, &it)) {
        CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
        CLEAT_AUTO_BUF value = {0};
        put_base64(it.val, &value);
        cleat_edit_set_json(e, CLEAT_PATH("data", key), (struct cleat_str){value.p, value.n});
    }
    cleat_edit_remove(e, CLEAT_PATH("stringData"));
}
