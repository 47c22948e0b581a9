/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The wire format below the tables: tags, varints, lengths, all bounds-checked.
 * A value is a view into the message. Pure functions: any thread.
 */
#ifndef CLEAT_CORE_TYPES_WIRE_H
#define CLEAT_CORE_TYPES_WIRE_H

#include "core/base/base.h"

enum { CLEAT_WIRE_VARINT = 0, CLEAT_WIRE_BYTES = 2 };

struct cleat_wire {
    uint64_t number; /* of the field */
    int type;        /* VARINT or BYTES: nothing in the API uses another */
    uint64_t varint;
    struct cleat_str bytes;
};

/* Reads one field off the front of *in. False where *in is empty, and with *bad set
 * where it is broken. */
bool cleat_wire_next(struct cleat_str *in, struct cleat_wire *ret, bool *bad);

#endif
