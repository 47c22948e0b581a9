/* SPDX-License-Identifier: Apache-2.0 */
/* How the tables of types (t_*.c) are written: one F() a field. */
#ifndef CLEAT_TYPES_TABLE_H
#define CLEAT_TYPES_TABLE_H

#include "core/types/types.h"
#include "core/types/types_list.h"

#define CLEAT_DECLARE_TYPE(symbol) extern const struct cleat_type cleat_type_##symbol;
CLEAT_TYPES(CLEAT_DECLARE_TYPE)

/* Forms without a name of their own; those that have one are in the list. */
extern const struct cleat_type cleat_type_string, cleat_type_bytes, cleat_type_bool,
    cleat_type_int32, cleat_type_int64, cleat_type_double, cleat_type_extra_value;
extern const struct cleat_field cleat_no_fields[];

#define T(symbol) (&cleat_type_##symbol)
#define LIST(of)  (&(const struct cleat_type){.form = CLEAT_FORM_LIST, .elem = (of)})
#define MAP(of)   (&(const struct cleat_type){.form = CLEAT_FORM_MAP, .elem = (of)})
/* number in protobuf, name in JSON, type, description; then what is special. */
#define F(n, json, of, words, ...)                                                                 \
    { .number = (n), .name = (json), .type = (of), .doc = (words), __VA_ARGS__ }
#define END                                                                                        \
    { .name = NULL }

#endif
