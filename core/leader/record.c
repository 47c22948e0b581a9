/* SPDX-License-Identifier: Apache-2.0 */
/* The Lease as client-go reads and writes it. Pure functions but for the wall clock. */
#include "core/leader/internal.h"

const struct cleat_gvr cleat__leases = {"coordination.k8s.io", "v1", "leases"};

static int64_t integer(const cleat_obj *lease, const char *field) {
    int64_t v = 0;
    cleat_val_int(cleat_obj_at(lease, CLEAT_PATH("spec", field)), &v);
    return v;
}

struct cleat__record cleat__record_read(const cleat_obj *lease) {
    int64_t seconds = integer(lease, "leaseDurationSeconds");
    seconds = seconds < 0 ? 0 : seconds > INT32_MAX ? INT32_MAX : seconds;
    return (struct cleat__record){
        .holder = cleat_val_str(cleat_obj_at(lease, CLEAT_PATH("spec", "holderIdentity"))),
        .duration = seconds * CLEAT_SECOND,
        .transitions = integer(lease, "leaseTransitions"),
    };
}

bool cleat__record_same(const cleat_obj *a, const cleat_obj *b) {
    return cleat_val_equal(cleat_obj_at(a, CLEAT_PATH("spec")),
                           cleat_obj_at(b, CLEAT_PATH("spec")));
}

cleat_err cleat__record_write(const cleat_obj *base, const struct cleat_leader_opts *o,
                              const char *holder, cleat_obj **ret, struct cleat_error *e) {
    struct cleat__record old = {0};
    if (base != NULL) {
        old = cleat__record_read(base);
    }
    char now[32];
    cleat_time_format(cleat_now_wall(), true, now);
    cleat_edit *edit = cleat_edit_new(base);
    if (base == NULL) {
        cleat_edit_set_str(edit, CLEAT_PATH("apiVersion"), cleat_s("coordination.k8s.io/v1"));
        cleat_edit_set_str(edit, CLEAT_PATH("kind"), cleat_s("Lease"));
        cleat_edit_set_str(edit, CLEAT_PATH("metadata", "name"), cleat_s(o->name));
        cleat_edit_set_str(edit, CLEAT_PATH("metadata", "namespace"), cleat_s(o->ns));
    }
    bool same = holder != NULL && base != NULL && cleat_eqc(old.holder, holder);
    int64_t transitions = base == NULL ? 0 : old.transitions + (holder != NULL && !same);
    cleat_edit_set_str(edit, CLEAT_PATH("spec", "holderIdentity"), cleat_s(holder));
    cleat_edit_set_int(edit, CLEAT_PATH("spec", "leaseDurationSeconds"),
                       holder != NULL ? o->lease_duration / CLEAT_SECOND : 1);
    if (!same) {
        cleat_edit_set_str(edit, CLEAT_PATH("spec", "acquireTime"), cleat_s(now));
    }
    cleat_edit_set_str(edit, CLEAT_PATH("spec", "renewTime"), cleat_s(now));
    cleat_edit_set_int(edit, CLEAT_PATH("spec", "leaseTransitions"), transitions);
    return cleat_edit_finish(edit, ret, e);
}
