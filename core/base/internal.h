/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of core/base tell one another. */
#ifndef CLEAT_CORE_BASE_INTERNAL_H
#define CLEAT_CORE_BASE_INTERNAL_H

#include "core/base/base.h"

/* The clock moved by hand: whoever sleeps on it looks again. */
void cleat__timers_poke(void);
/* Makes whoever waits for ev look at its other conditions, without setting it. */
void cleat__event_poke(struct cleat_event *ev);
/* Waits until ev is set, `give_up` says so, or the monotonic deadline (INT64_MAX:
 * none) has passed. True where ev is set. */
bool cleat__event_wait_until(struct cleat_event *ev, cleat_time deadline,
                             bool (*give_up)(void *userdata), void *userdata);

/* A seed was set: the run must replay. */
bool cleat__random_is_seeded(void);

#endif
