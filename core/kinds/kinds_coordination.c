/* SPDX-License-Identifier: Apache-2.0 */
/*
 * coordination.k8s.io/v1: Leases. Their update is the hottest write there is, so
 * the validation looks at a handful of members and allocates nothing.
 */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"

static void validate_positive(struct cleat_validation *v, struct cleat_val spec, const char *name,
                              const char *field, bool or_zero) {
    struct cleat_val val = cleat_val_get(spec, name);
    int64_t n = 0;
    if (!cleat_val_present(val)) {
        return;
    }
    if (!cleat_val_int(val, &n)) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(val);
        cleat_invalid(v, "FieldValueInvalid", field, "%s: must be an integer", printed);
    } else if (n < 0 || (n == 0 && !or_zero)) {
        cleat_invalid(v, "FieldValueInvalid", field, "%lld: must be greater than%s 0", (long long)n,
                      or_zero ? " or equal to" : "");
    }
}

static void validate_time(struct cleat_validation *v, struct cleat_val spec, const char *name,
                          const char *field) {
    struct cleat_val val = cleat_val_get(spec, name);
    cleat_time t;
    if (cleat_val_present(val) && cleat_time_parse(cleat_val_str(val), &t) != CLEAT_OK) {
        CLEAT_AUTO_FREE char *printed = cleat_validation_print(val);
        cleat_invalid(v, "FieldValueInvalid", field, "%s: must be an RFC 3339 time", printed);
    }
}

static void validate_lease(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_val spec = cleat_val_get(cleat_obj_root(o), "spec");
    validate_positive(v, spec, "leaseDurationSeconds", "spec.leaseDurationSeconds", false);
    validate_positive(v, spec, "leaseTransitions", "spec.leaseTransitions", true);
    validate_time(v, spec, "acquireTime", "spec.acquireTime");
    validate_time(v, spec, "renewTime", "spec.renewTime");
}

const struct cleat_kind cleat_kinds_coordination[] = {
    {.group = "coordination.k8s.io",
     .version = "v1",
     .resource = "leases",
     .singular = "lease",
     .kind = "Lease",
     .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_CREATE_ON_UPDATE,
     .columns = cleat_columns_lease,
     .validate = validate_lease},
    {.resource = NULL},
};
