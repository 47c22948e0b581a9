/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a protobuf body: no crash, bounded output, and what is taken is
 * JSON unless a string in it is no UTF-8, a key has a NUL, or it is too large.
 */
#include "core/types/protobuf.h"
#include "core/base/limits.h"
#include "core/object/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO_BUF json = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    cleat_err err = cleat_protobuf_to_json((struct cleat_str){(const char *)data, size}, &json, &e);
    if (err != CLEAT_OK) {
        cleat_assert(err == CLEAT_E_BAD_REQUEST || err == CLEAT_E_MEDIA_TYPE ||
                     err == CLEAT_E_TOO_LARGE);
        cleat_assert(e.message[0] != '\0');
        return 0;
    }
    bool ascii = true;
    for (size_t i = 0; i < json.n; i++) {
        ascii &= (unsigned char)json.p[i] < 0x80;
    }
    err = cleat_obj_parse((struct cleat_str){json.p, json.n}, 0, &o, &e);
    bool nul = memmem(json.p, json.n, "\\u0000", 6) != NULL;
    cleat_assert(err == CLEAT_OK || !ascii || nul || json.n > CLEAT_LIMIT_BODY / 8);
    return 0;
}
