/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of core/leader share. */
#ifndef CLEAT_CORE_LEADER_INTERNAL_H
#define CLEAT_CORE_LEADER_INTERNAL_H

#include "core/leader/leader.h"

/* ---- the record in the Lease (record.c) ---- */

extern const struct cleat_gvr cleat__leases;
struct cleat__record {
    struct cleat_str holder; /* of the object */
    cleat_time duration;
    int64_t transitions;
};
struct cleat__record cleat__record_read(const cleat_obj *lease);
/* Whether two Leases say the same of who leads. */
bool cleat__record_same(const cleat_obj *a, const cleat_obj *b);
/* What is to be written over base (NULL: a new Lease): that we lead, since now where we did
 * not before; or, with holder NULL, that nobody does. */
cleat_err cleat__record_write(const cleat_obj *base, const struct cleat_leader_opts *o,
                              const char *holder, cleat_obj **ret, struct cleat_error *e);

/* ---- the kernel's timer that ends the process (deadman.c) ---- */

/* At this time of cleat_now_boot, unless it is set anew. One a process. */
void cleat__deadman_set(cleat_time at);
void cleat__deadman_off(void);

#endif
