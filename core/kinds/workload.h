/* SPDX-License-Identifier: Apache-2.0 */
/* What validations of kinds that make pods share (validate_apps.c). */
#ifndef CLEAT_KINDS_WORKLOAD_H
#define CLEAT_KINDS_WORKLOAD_H

#include "core/kinds/podspec.h"

/* The member `spec`; absent where o is NULL. */
struct cleat_val cleat_spec_of(const cleat_obj *o);
/* Whether an update leaves the spec as it was, so that it is not looked at again. */
bool cleat_spec_unchanged(const cleat_obj *o, const cleat_obj *old);
/* A member of a spec, at which the check is, that no update may change. */
void cleat_check_spec_same(struct cleat_check *c, struct cleat_val spec, const cleat_obj *old,
                           const char *member);
/* Whether the spec's selector selects what its template makes. */
void cleat_check_matches_template(struct cleat_check *c, struct cleat_val spec);
/* A whole number that is not negative, or a percentage; *ret: as a number, percent as well.
 * false where it is wrong, and that has been said. */
bool cleat_check_amount(struct cleat_check *c, struct cleat_val of, const char *member,
                        int64_t *ret);

#endif
