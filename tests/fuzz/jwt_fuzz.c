/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bearer tokens: the input as it stands must never be known; the input as claims,
 * signed by us, must come back as it is, and not survive a changed byte.
 */
#include "core/auth/jwt.h"

#define CHECK(cond) cleat_assert(cond)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool verify(const struct cleat__keys *k, struct cleat_str token, cleat_obj **ret) {
    return cleat__jwt_verify(k, token, ret, NULL) == CLEAT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct cleat__keys keys;
    struct cleat_str in = {(const char *)data, size};
    CLEAT_AUTO(cleat_obj) *claims = NULL;
    CLEAT_AUTO(cleat_obj) *back = NULL;
    if (keys.n == 0) {
        CHECK(cleat__keys_make(&keys, NULL, NULL) == CLEAT_OK);
    }
    CHECK(!verify(&keys, in, &back));
    CLEAT_AUTO_BUF decoded = {0};
    CLEAT_AUTO_BUF text = {0};
    if (cleat_base64url_decode(in, &decoded)) {
        cleat_base64url((struct cleat_str){decoded.p, decoded.n}, &text);
        CHECK(cleat_eq(in, (struct cleat_str){text.p, text.n})); /* one form only */
    }
    if (cleat_obj_parse(in, CLEAT_PARSE_NO_DUPLICATES, &claims, NULL) != CLEAT_OK) {
        return 0;
    }
    CLEAT_AUTO_FREE char *token = cleat__jwt_sign(&keys, cleat_obj_bytes(claims));
    CHECK(verify(&keys, cleat_s(token), &back));
    CHECK(cleat_eq(cleat_obj_bytes(claims), cleat_obj_bytes(back)));
    size_t at = (size_t)cleat_hash(in) % strlen(token);
    token[at] = token[at] == 'x' ? 'y' : 'x';
    cleat_obj *none = NULL;
    CHECK(!verify(&keys, cleat_s(token), &none));
    return 0;
}
