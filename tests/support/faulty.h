/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transport that fails at random in front of another one: reads and lists that
 * are refused, streams that expire, writes that are refused, and writes that are
 * made although their answer is an error. Or by order, one by one. One thread.
 */
#ifndef CLEAT_TEST_FAULTY_H
#define CLEAT_TEST_FAULTY_H

#include "core/client/client.h"

/* One at a time; inner stays its owner's. `one_in`: 0 = no faults. */
struct cleat_transport *faulty_over(struct cleat_transport *inner);
void faulty_rate(unsigned one_in);
/* From now on nothing gets through, as from a process that has died. */
void faulty_die(bool dead);
/* Lists leave out what has this name, and every stream ends once so that all is listed again.
 * NULL: nothing is left out. */
void faulty_hide(const char *name);
/* What becomes of the n-th write from now on, Events not counted (n = 0: of none). */
enum faulty_how { FAULTY_REFUSES, FAULTY_LOSES, FAULTY_DIES_BEFORE, FAULTY_DIES_AFTER };
void faulty_nth_write(unsigned n, enum faulty_how how);
bool faulty_is_dead(void);
size_t faulty_count(void); /* of faults so far */

/* By order: streams give nothing until they are let go, and then end, so that whoever reads
 * them lists anew and sees only what has come of it all. */
void faulty_hold_streams(void);
void faulty_end_streams(void);
/* The next n writes of this resource are refused with this error, or made and their answer kept:
 * then their writer gets TIMEOUT, or this error. */
void faulty_refuse_writes(const char *resource, int n, cleat_err err);
/* Each get is refused with this error, until it is CLEAT_OK. */
void faulty_refuse_reads(cleat_err err);
void faulty_lose_answers(const char *resource, int n);
void faulty_lose_answers_as(const char *resource, int n, cleat_err err);
/* The next n lists of this resource are refused. */
void faulty_refuse_lists(const char *resource, int n);
/* Calls fn once, before the next list of this resource. */
void faulty_on_list(const char *resource, void (*fn)(void *userdata), void *userdata);

#endif
