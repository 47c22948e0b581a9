/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of definitions of kinds: what their files share. A place is a chain on
 * the stack; its text is made only for a message.
 */
#ifndef CLEAT_KINDS_SCHEMA_RULES_H
#define CLEAT_KINDS_SCHEMA_RULES_H

#include "core/kinds/kinds.h"

struct cleat_place {
    const struct cleat_place *up; /* NULL: text is the whole path so far */
    const char *text;             /* a member, or: */
    struct cleat_str key;         /* [key] */
    int64_t index;                /* [index], where text and key are unset */
};
/* "spec.versions[0].schema.openAPIV3Schema.properties[spec].type"; member may be NULL. Owned. */
char *cleat_place_text(const struct cleat_place *at, const char *member);
/* An error about a member of a place. */
void cleat_place_invalid(struct cleat_validation *v, const struct cleat_place *at,
                         const char *member, const char *reason, const char *fmt, ...)
    CLEAT_PRINTF(5, 6);

/* Whether a schema is structural and says nothing that is not understood. */
void cleat_validate_schema(struct cleat_validation *v, struct cleat_val schema,
                           const struct cleat_place *at);
/* Whether the defaults of a valid schema are valid. */
void cleat_validate_defaults(struct cleat_validation *v, struct cleat_val schema,
                             const struct cleat_place *at);
/* Of what has no effect. */
void cleat_warn_of_schema(struct cleat_request *req, struct cleat_val schema);

#endif
