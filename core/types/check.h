/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the decoder's two files share: scalar.c knows the forms of single values,
 * check.c the structure around them. Pure; any thread.
 */
#ifndef CLEAT_TYPES_CHECK_H
#define CLEAT_TYPES_CHECK_H

#include "core/types/types.h"

enum {
    CLEAT_SCALAR_FITS,
    CLEAT_SCALAR_CHANGES, /* a decoder would write it in another way */
    CLEAT_SCALAR_OTHER,   /* of another form; why: what it is ("number 1.5") */
    CLEAT_SCALAR_WRONG,   /* why: the whole message */
};
/* Whether v, no null, is what a type without members says. out: gets the text that is to
 * be stored where it CHANGES; why: what is wrong. Both may be NULL. */
int cleat_scalar_check(const struct cleat_type *t, struct cleat_val v, struct cleat_buf *out,
                       struct cleat_buf *why);
/* What Go calls the JSON type of v. */
const char *cleat_scalar_word(struct cleat_val v);

#endif
