/* SPDX-License-Identifier: Apache-2.0 */
/* Fields of a protobuf message, one after the other. */
#include "core/types/wire.h"

static bool varint(struct cleat_str *in, uint64_t *ret) {
    uint64_t value = 0;
    for (unsigned i = 0; i < 10 && i < in->n; i++) {
        unsigned char c = (unsigned char)in->p[i];
        if (i == 9 && c > 1) {
            return false; /* more than 64 bits */
        }
        value |= (uint64_t)(c & 0x7F) << (7 * i);
        if (c < 0x80) {
            in->p += i + 1;
            in->n -= i + 1;
            *ret = value;
            return true;
        }
    }
    return false;
}

bool cleat_wire_next(struct cleat_str *in, struct cleat_wire *ret, bool *bad) {
    uint64_t tag, n;
    *ret = (struct cleat_wire){0};
    if (in->n == 0) {
        return false;
    }
    *bad = true;
    if (!varint(in, &tag)) {
        return false;
    }
    ret->number = tag >> 3;
    ret->type = (int)(tag & 7);
    if (ret->number == 0) {
        return false;
    }
    if (ret->type == CLEAT_WIRE_VARINT) {
        *bad = !varint(in, &ret->varint);
        return !*bad;
    }
    if (ret->type != CLEAT_WIRE_BYTES || !varint(in, &n) || n > in->n) {
        return false;
    }
    ret->bytes = (struct cleat_str){in->p, (size_t)n};
    in->p += n;
    in->n -= (size_t)n;
    *bad = false;
    return true;
}
