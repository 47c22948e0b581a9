/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 2: one active process among several, by a Lease, as client-go elects it: the
 * same record and the same rules, so that ours and those written in Go exclude each
 * other. Nothing compares wall clocks: how old a record is, is how long ago it was
 * first seen, on a clock that does not jump and goes on in suspend.
 *
 * That nobody is active twice rests on three things, from soft to hard, all counted from
 * the moment before the last renewal that succeeded was sent:
 *   renew_deadline   the fence closes: no further write leaves (struct cleat_fence). The
 *                    thread gives up, and lost() is called, as soon as it may run;
 *   + half of what is left to lease_duration
 *                    the kernel ends the process (cleat_leader_opts.deadly), also one that
 *                    is stopped or hangs, and with it whatever it was about to do;
 *   lease_duration   at the earliest another may take over.
 * What remains: bytes that were sent in time and that the network, a proxy or the server
 * delivers later than that. No client can call those back.
 */
#ifndef CLEAT_CORE_LEADER_H
#define CLEAT_CORE_LEADER_H

#include "core/client/client.h"

typedef struct cleat_leader cleat_leader;

struct cleat_leader_opts {
    const char *ns, *name; /* of the Lease */
    const char *identity;  /* who we are in it; never the same twice */
    const char *component; /* whose events they are; NULL = name */
    /* 0 = upstream's: 15 s, 10 s, 2 s */
    cleat_time lease_duration, renew_deadline, retry_period;
    /* On the elector's thread. started may block (the lease is renewed by another thread
     * meanwhile); lost is called at most once, after started has returned or not, and must not
     * block: all that is left to do is to end the process. */
    void (*started)(void *userdata);
    void (*lost)(void *userdata);
    void *userdata;
    bool deadly; /* see above */
    bool manual; /* no threads: cleat_leader_step */
};

/* Upstream's conditions: lease_duration > renew_deadline > 1.2 * retry_period, all of whole
 * seconds or more. Also says whether there is a name. */
cleat_err cleat_leader_check(const struct cleat_leader_opts *o, struct cleat_error *e);
/* t: a transport without a fence, borrowed; better not the one whose writes are fenced, so that
 * their queue does not delay a renewal. o is checked, and copied. */
cleat_err cleat_leader_new(struct cleat_transport *t, const struct cleat_leader_opts *o,
                           cleat_leader **ret, struct cleat_error *e);
void cleat_leader_start(cleat_leader *l);
/* Ends the thread. Where it leads and release says that nothing of it works any more, the
 * lease is given back: the next one need not wait until it has run out. */
void cleat_leader_stop(cleat_leader *l, bool release);
void cleat_leader_free(cleat_leader *l); /* after stop */

bool cleat_leader_leads(const cleat_leader *l);
/* Upstream's check "leaderElection": false where it should lead and the lease has run out more
 * than 20 s ago. */
bool cleat_leader_healthy(const cleat_leader *l);
/* For transports; as long as l. Closed whenever l does not lead. */
const struct cleat_fence *cleat_leader_fence(cleat_leader *l);
/* "<host name>_<random UUID>", as upstream's; owned. */
char *cleat_leader_identity(void);

/* manual: does what is due, on the calling thread. Returns the time (cleat_now_boot) at which
 * there is more to do, INT64_MAX = never. */
cleat_time cleat_leader_step(cleat_leader *l);

#endif
