/* SPDX-License-Identifier: Apache-2.0 */
/* autoscaling/v1 as a version of what autoscaling/v2 stores. See hpa_v1.c. */
#ifndef CLEAT_KINDS_HPA_V1_H
#define CLEAT_KINDS_HPA_V1_H

#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

cleat_obj *cleat_hpa_show(const struct cleat_kind *k, const cleat_obj *stored);
cleat_err cleat_hpa_keep(const struct cleat_kind *k, const cleat_obj *obj, cleat_obj **ret,
                         struct cleat_error *why);
CLEAT_DEFAULTS(hpa_v1);

#endif
