/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A transport whose other end is a test: one kind of objects, a history, and
 * streams that can be cut, expired and made to repeat themselves. Any thread.
 */
#ifndef CLEAT_TEST_FAKE_H
#define CLEAT_TEST_FAKE_H

#include "core/client/client.h"
#include "tests/support/kt.h"

struct fake;
struct fake *fake_new(void);
void fake_free(struct fake *f); /* after its clients */
struct cleat_transport *fake_transport(struct fake *f);

/* Makes or changes the object "ns/name" or "name"; labels as JSON members or NULL. */
uint64_t fake_put(struct fake *f, const char *key, const char *labels);
void fake_remove(struct fake *f, const char *key);
/* The other end's own object: owned. NULL = none. */
cleat_obj *fake_get(struct fake *f, const char *key);

/* Streams and lists fail with this from now on; CLEAT_OK: no more. */
void fake_break(struct fake *f, cleat_err err);
/* Ends the streams that are open, once, with this error. */
void fake_cut(struct fake *f, cleat_err err);
/* Open streams begin again at the start of the history. */
void fake_repeat(struct fake *f);
/* Streams go no further until this is false again: events gather. */
void fake_hold(struct fake *f, bool hold);
int fake_lists(struct fake *f);   /* how often it was asked */
int fake_streams(struct fake *f); /* open now */

#endif
