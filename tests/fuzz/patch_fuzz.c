/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patches: the input is a document, a newline and a patch. All three kinds are
 * tried; what one takes must be a canonical object, and a diff must lead there.
 */
#include "core/object/object.h"

#define CHECK(cond) cleat_assert(cond)

static const char *merge_key(const void *schema, const char *path) {
    (void)schema;
    size_t n = strlen(path);
    return n == 0 ? NULL : path[n - 1] == 'l' ? "k" : path[n - 1] == 'p' ? "" : NULL;
}

/* A merge patch cannot say that something is null. */
static bool has_null(struct cleat_val v) {
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        if (cleat_val_type(it.val) == CLEAT_NULL || has_null(it.val)) {
            return true;
        }
    }
    return false;
}

static void check_result(const cleat_obj *base, const cleat_obj *got) {
    CLEAT_AUTO(cleat_obj) *again = NULL, *diff = NULL, *there = NULL;
    CHECK(cleat_obj_parse_trusted(cleat_obj_bytes(got), &again, NULL) == CLEAT_OK);
    CHECK(cleat_obj_diff(base, got, &diff, NULL) == CLEAT_OK);
    if (!has_null(cleat_obj_root(got))) {
        CHECK(cleat_patch_merge(base, cleat_obj_bytes(diff), &there, NULL) == CLEAT_OK);
        CHECK(cleat_val_equal(cleat_obj_root(there), cleat_obj_root(got)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    const char *line = size > 0 ? memchr(text, '\n', size) : NULL;
    CLEAT_AUTO(cleat_obj) *base = NULL;
    if (line == NULL ||
        cleat_obj_parse((struct cleat_str){text, (size_t)(line - text)}, 0, &base, NULL) != 0) {
        return 0;
    }
    struct cleat_str patch = {line + 1, size - (size_t)(line + 1 - text)};
    CLEAT_AUTO(cleat_obj) *json = NULL, *merge = NULL, *strategic = NULL;
    if (cleat_patch_json(base, patch, &json, NULL) == CLEAT_OK) {
        check_result(base, json);
    }
    if (cleat_patch_merge(base, patch, &merge, NULL) == CLEAT_OK) {
        check_result(base, merge);
        /* Merging the same again changes nothing. */
        CLEAT_AUTO(cleat_obj) *twice = NULL;
        CHECK(cleat_patch_merge(merge, patch, &twice, NULL) == CLEAT_OK);
        CHECK(cleat_val_equal(cleat_obj_root(twice), cleat_obj_root(merge)));
    }
    if (cleat_patch_strategic(base, patch, merge_key, NULL, &strategic, NULL) == CLEAT_OK) {
        check_result(base, strategic);
    }
    return 0;
}
