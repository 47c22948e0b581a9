/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transport that fails at random in front of another one: reads and lists that
 * are refused, streams that expire, writes that are refused, and writes that are
 * made although their answer is an error. One thread.
 */
#ifndef CLEAT_TEST_FAULTY_H
#define CLEAT_TEST_FAULTY_H

#include "core/client/client.h"

/* One at a time; inner stays its owner's. `one_in`: 0 = no faults. */
struct cleat_transport *faulty_over(struct cleat_transport *inner);
void faulty_rate(unsigned one_in);
/* From now on nothing gets through, as from a process that has died. */
void faulty_die(bool dead);
size_t faulty_count(void); /* of faults so far */

#endif
