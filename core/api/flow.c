/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is let in when there is too much to do. Requests are of three classes, by who asks
 * and for what, and each has its own bound: administrators are never turned away, leases
 * and nodes (heartbeats) do not suffer from what anybody else does, and all others share
 * the limits of upstream's two flags. A write counts until the committer is done with it,
 * a read while its answer waits for its client, a watch not at all. Any I/O thread.
 */
#include "core/api/internal.h"
#include "core/base/limits.h"

enum { LONG_ANSWER = 256 * 1024 }; /* shorter ones are in the kernel's hands already */

static const char *const levels[CLEAT__FLOWS] = {[CLEAT__FLOW_EXEMPT] = "exempt",
                                                 [CLEAT__FLOW_SYSTEM] = "node-high",
                                                 [CLEAT__FLOW_COMMON] = "global-default"};

int cleat__flow_of(const struct cleat_user *u, const struct cleat_kind *k) {
    if (cleat_user_in(u, "system:masters")) {
        return CLEAT__FLOW_EXEMPT;
    }
    bool lease = strcmp(k->resource, "leases") == 0 && strcmp(k->group, "coordination.k8s.io") == 0;
    return lease || cleat_user_in(u, "system:nodes") ? CLEAT__FLOW_SYSTEM : CLEAT__FLOW_COMMON;
}

static void turn_away(struct cleat__call *c, int flow) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e, CLEAT_E_THROTTLED, "Too many requests, please try again later.");
    e.retry_after_ms = 1000;
    cleat__metric_rejected(levels[flow]);
    cleat__respond_error(c, &e);
}

bool cleat__flow_write(struct cleat__call *c, int flow) {
    cleat_api *a = c->io->api;
    int all = atomic_fetch_add(&a->in_flight_mutating, 1);
    int mine = atomic_fetch_add(&a->writing[flow], 1);
    int limit = flow == CLEAT__FLOW_EXEMPT ? 0 : a->opts.max_mutating;
    if (all < (int)CLEAT_LIMIT_MUTATING_IN_FLIGHT && (limit == 0 || mine < limit)) {
        return true;
    }
    cleat__flow_written(a, flow);
    turn_away(c, flow);
    return false;
}

void cleat__flow_written(cleat_api *a, int flow) {
    atomic_fetch_sub(&a->in_flight_mutating, 1);
    atomic_fetch_sub(&a->writing[flow], 1);
}

bool cleat__flow_read(struct cleat__call *c, int flow) {
    cleat_api *a = c->io->api;
    int limit = flow == CLEAT__FLOW_EXEMPT ? 0 : a->opts.max_requests;
    if (limit == 0 || atomic_load(&a->reading[flow]) < limit) {
        return true;
    }
    turn_away(c, flow);
    return false;
}

void cleat__flow_reads(struct cleat__call *c, int flow) {
    if (c->reads == 0 && (c->producer != NULL || c->out_bytes > LONG_ANSWER)) {
        c->reads = flow + 1;
        atomic_fetch_add(&c->io->api->reading[flow], 1);
    }
}

void cleat__flow_read_done(struct cleat__call *c) {
    if (c->reads > 0) {
        atomic_fetch_sub(&c->io->api->reading[c->reads - 1], 1);
        c->reads = 0;
    }
}
