/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 2: the gate between controllers and one cloud provider. Controllers
 * get a `struct cleat_cloud` as before; its functions lead through here:
 *
 *   - one budget for all of them: calls a second, calls at a time, in the order
 *     of their urgency, and one back-off when the cloud says that it is too much
 *   - a deadline for each call, on a thread that is not the caller's, so that a
 *     call which never returns costs its caller no more than that deadline
 *   - reads that were answered a moment ago are not asked again, where so
 *     configured; exists, is_shut_down and a balancer's get are always asked
 *   - metrics
 *
 * Functions that the provider does not have are not there either, whatever the
 * sizes of its tables.
 */
#ifndef CLEAT_CORE_CLOUD_H
#define CLEAT_CORE_CLOUD_H

#include <cleat/cloud.h>
#include <cleat/controller.h>
#include "core/object/object.h"

typedef struct cleat_gate cleat_gate;

struct cleat_gate_opts {
    double calls_per_second;  /* 0 = unlimited */
    int64_t burst;            /* calls at once after a quiet time; at least 1 */
    int64_t in_flight;        /* calls at a time; 0 = unlimited */
    int64_t in_flight_each;   /* of one kind; 0 = unlimited */
    cleat_time max_wait;      /* for a turn; then the caller is told THROTTLED */
    cleat_time read_timeout;  /* of a call that changes nothing; 0 = none */
    cleat_time write_timeout; /* of one that does */
    cleat_time patience; /* for a balancer's call; then PENDING, and it goes on; 0 = to its end */
    cleat_time cache;    /* how old an answer may be; 0 = none is kept */
    bool manual;         /* no threads: calls run on the caller's */
};

/* The options that each provider's section has beside its own; the last has name NULL. */
extern const struct cleat_option cleat_gate_options[];
bool cleat_gate_has_option(const char *name);
/* From a section that has them, each of its type. Refuses values that make no sense. */
cleat_err cleat_gate_opts_read(const cleat_obj *config, struct cleat_gate_opts *ret,
                               struct cleat_error *reterr);

/* ops and self are the provider's, initialized, and borrowed until cleat_gate_free; so is
 * name. [load] */
cleat_gate *cleat_gate_new(const char *name, const struct cleat_cloud_ops *ops, void *self,
                           const struct cleat_gate_opts *opts);
/* What controllers get; valid until cleat_gate_free. */
const struct cleat_cloud *cleat_gate_cloud(const cleat_gate *g);
/* How the cloud answers: what people are told of it. Times are monotonic; 0 = none. */
struct cleat_gate_state {
    bool throttled;              /* calls have been refused within the last minute */
    cleat_time closed_until;     /* so that none is made now */
    uint64_t unanswered;         /* bits: kinds of calls that are not answered by their deadline */
    cleat_time unanswered_since; /* the first of these calls began */
    size_t late;                 /* calls inside beyond their deadline */
};
/* [any-thread] */
void cleat_gate_look(cleat_gate *g, struct cleat_gate_state *ret);
/* "loadbalancer_ensure": what bit i of `unanswered` stands for. */
const char *cleat_gate_call_name(size_t i);
/* Cancels what is inside and lets nothing else in. [any-thread] */
void cleat_gate_request_stop(cleat_gate *g);
/* Waits for the calls that are inside; how many still are. After request_stop. [load] */
int cleat_gate_join(cleat_gate *g, cleat_time timeout);
/* After a join that returned 0, and after every controller. NULL allowed. */
void cleat_gate_free(cleat_gate *g);

#endif
