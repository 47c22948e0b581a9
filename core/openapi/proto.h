/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How messages of gnostic's protobuf look, as far as our documents use them: one
 * table a message, read by proto.c.
 */
#ifndef CLEAT_OPENAPI_PROTO_H
#define CLEAT_OPENAPI_PROTO_H

#include "core/openapi/internal.h"

enum cleat_proto_kind {
    CLEAT_PROTO_STR,
    CLEAT_PROTO_BOOL,
    CLEAT_PROTO_INT,
    CLEAT_PROTO_DOUBLE,
    CLEAT_PROTO_ANY, /* a message with the value as YAML text */
    CLEAT_PROTO_MSG, /* one of `of` */
};
struct cleat_proto_field {
    const char *key; /* in JSON; NULL ends */
    uint8_t number, kind;
    bool repeated; /* in JSON an array */
    const struct cleat_shape *of;
};
struct cleat_shape {
    const struct cleat_proto_field *fields;
    /* Of members that begin with "x-": the repeated field of name and Any; 0 = none. */
    uint8_t extensions;
    /* Of all other members: the repeated field of name and value. 0 = none. */
    uint8_t named;
    const struct cleat_proto_field *named_as; /* what the value is; its number is 2 */
    /* A oneof: which field the value is, SIZE_MAX for none. Its fields have no keys but are
     * numbered from 0. */
    size_t (*choose)(struct cleat_val v);
    /* A message around what is in JSON a value or an array of values: its first field. */
    bool around;
};

#endif
