/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of quantities, and what a pod asks for in total. Pure; any thread. */
#ifndef CLEAT_KINDS_AMOUNTS_H
#define CLEAT_KINDS_AMOUNTS_H

#include "core/kinds/check.h"

/* An exact quantity as text; there false = nothing was said. */
struct cleat_amount {
    char text[48];
    bool there;
};
void cleat_amount_add(struct cleat_amount *a, struct cleat_str s); /* what is no quantity adds 0 */
void cleat_amount_sub(struct cleat_amount *a, struct cleat_str s);
void cleat_amount_max(struct cleat_amount *a, const struct cleat_amount *b);
static inline struct cleat_str cleat_amount_str(const struct cleat_amount *a) {
    return a->there ? cleat_s(a->text) : CLEAT_STR("0");
}
/* What the pod needs of a resource: list "requests" or "limits". Init containers run one by one
 * before the others, those that go on running beside them; overhead is added where asked. */
void cleat_pod_total(struct cleat_val spec, const char *list, struct cleat_str resource,
                     bool overhead, struct cleat_amount *ret);

#endif
