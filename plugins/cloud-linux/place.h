/* SPDX-License-Identifier: Apache-2.0 */
/* VIPs on interfaces: see place.c. Owned by the agent's thread. */
#ifndef CLEAT_PLUGIN_LINUX_PLACE_H
#define CLEAT_PLUGIN_LINUX_PLACE_H

#include "lin.h"

struct cleat_lin_places;
struct cleat_lin_places *cleat_lin_places_new(uint8_t protocol);
void cleat_lin_places_free(struct cleat_lin_places *p); /* leaves the kernel as it is */
/* Looks at the kernel and decides: fills problem[] of balancers whose VIP cannot be had, and
 * the networks (owned) that hold a target beside this machine. */
cleat_err cleat_lin_places_plan(struct cleat_lin_places *p, struct cleat_lin_balancer *const *b,
                                size_t n, const struct cleat_lin_inventory *inv,
                                struct cleat_lin_addr **ret_near, size_t *ret_n_near,
                                struct cleat_error *reterr);
/* Takes away what is ours and not in the plan. */
cleat_err cleat_lin_places_clear(struct cleat_lin_places *p, struct cleat_error *reterr);
/* Puts what is in the plan and not there, and begins to announce it. */
cleat_err cleat_lin_places_fill(struct cleat_lin_places *p, cleat_time now,
                                struct cleat_error *reterr);
/* Looks again whether all is in its place; what is not is put there. *repaired counts. */
cleat_err cleat_lin_places_check(struct cleat_lin_places *p, cleat_time now, size_t *repaired,
                                 struct cleat_error *reterr);
/* Sends announcements that are due; *next: when to call again. */
void cleat_lin_places_announce(struct cleat_lin_places *p, cleat_time now, cleat_time *next);

#endif
