/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire format below the tables: tags, varints, lengths, all bounds-checked.
 * A value is a view into the message. Pure functions: any thread.
 */
#ifndef CLEAT_CORE_API_PROTOBUF_WIRE_H
#define CLEAT_CORE_API_PROTOBUF_WIRE_H

#include "core/base/base.h"

enum { CLEAT__WIRE_VARINT = 0, CLEAT__WIRE_BYTES = 2 };

struct cleat__wire {
    uint64_t number; /* of the field */
    int type;        /* VARINT or BYTES: nothing in the API uses another */
    uint64_t varint;
    struct cleat_str bytes;
};

/* Reads one field off the front of *in. False where *in is empty, and with *bad set
 * where it is broken. */
bool cleat__wire_next(struct cleat_str *in, struct cleat__wire *ret, bool *bad);

#endif
