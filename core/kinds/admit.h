/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Admission: what a write of a built-in kind must pass that depends on other objects
 * or on who asks. A table of steps with upstream's names; each is a pair of
 * functions, one that may change the object and one that may only refuse it.
 *
 * Runs on the requesters' threads. State that outlives a request (addresses and
 * ports given out, quota claimed by writes under way) is under one mutex each, held
 * for look-ups only, and can be had again from the store: a crash loses nothing.
 */
#ifndef CLEAT_KINDS_ADMIT_H
#define CLEAT_KINDS_ADMIT_H

#include "core/registry/registry.h"

struct cleat_admit_opts {             /* NULL and 0 = upstream's defaults */
    const char *service_ip_range;     /* "10.0.0.0/24", or two with a comma */
    const char *service_node_ports;   /* "30000-32767" */
    const char *enable, *disable;     /* names of steps, with commas */
    int64_t not_ready_toleration_s;   /* 300 */
    int64_t unreachable_toleration_s; /* 300 */
};
typedef struct cleat_admit cleat_admit;

/* Takes part in every write of the registry from now on. BAD_REQUEST where an option makes no
 * sense. Before the first request. */
cleat_err cleat_admit_new(cleat_registry *r, const struct cleat_admit_opts *opts, cleat_admit **ret,
                          struct cleat_error *e);
void cleat_admit_free(cleat_admit *a); /* after the last request */
/* The first address of the first range, which is the API server's own. Borrowed. */
const char *cleat_admit_first_ip(const cleat_admit *a);
/* What is used of a quota now: the JSON of status ({"hard":..,"used":..}). Owned. */
char *cleat_admit_quota_status(cleat_admit *a, const cleat_obj *quota);

#endif
