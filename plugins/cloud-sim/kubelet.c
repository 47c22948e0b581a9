/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hollow kubelet decides when it looks at its Machine and its Node:
 * register, post its status, renew its Lease, say goodbye. On the timer's
 * thread; looks at the present state and may look again at any time.
 */
#include "engine.h"

#define OBJ (SDK->obj)

enum { MAX_GOODBYES = 8 };

bool cleat_sim_node_says_ready(const cleat_obj *node) {
    struct cleat_val ready = SDK->util->condition(node, "Ready");
    return cleat_str_is(OBJ->str(OBJ->at(ready, CLEAT_PATH("status"))), "True");
}

bool cleat_sim_node_is_mine(const struct cleat_sim_view *v) {
    if (v->node == NULL) {
        return false;
    }
    struct cleat_str id = CLEAT_TEXT(SDK, v->node, "spec", "providerID");
    if (id.n > 0) {
        return cleat_sim_provider_id_is(id, v->s.machine);
    }
    /* not initialised yet; a Machine that is gone claims nothing by name alone */
    struct cleat_val label = CLEAT_AT(SDK, v->node, "metadata", "labels", CLEAT_LABEL_PROVIDER);
    return !v->s.gone &&
           (OBJ->type(label) == CLEAT_ABSENT || cleat_str_is(OBJ->str(label), CLEAT_SIM_NAME));
}

/* Has a kubelet that is able to speak. */
static bool has_voice(const struct cleat_sim_view *v) {
    return v->sim->kubelets && cleat_sim_machine_has_kubelet(v->s.machine) &&
           !cleat_sim_machine_crashed(v->s.machine);
}

static bool is_on(const struct cleat_sim_view *v) {
    return !v->s.gone && cleat_sim_machine_is_on(v->s.machine);
}

/* The cache does not show yet what this kubelet has posted last. */
static bool node_is_stale(const struct cleat_sim_view *v) {
    return OBJ->revision(v->node) < v->s.posted_revision;
}

bool cleat_sim_is_leaving(const struct cleat_sim_view *v) {
    if (is_on(v) || !has_voice(v) || !cleat_sim_node_is_mine(v) ||
        v->s.fails[CLEAT_SIM_WRITE_STATUS] >= MAX_GOODBYES) {
        return false;
    }
    if (v->s.inflight & (1u << CLEAT_SIM_WRITE_STATUS)) {
        return true;
    }
    return node_is_stale(v) ? v->s.ready == 1 : cleat_sim_node_says_ready(v->node);
}

static void post_status(struct cleat_sim_view *v, bool ready) {
    if (!cleat_sim_may_write(v, CLEAT_SIM_WRITE_STATUS)) {
        return;
    }
    v->write[CLEAT_SIM_WRITE_STATUS] = cleat_sim_node_status(v, ready);
    v->ready = ready;
}

static void tend_status(struct cleat_sim_view *v) {
    if (node_is_stale(v)) {
        cleat_sim_look_again(v, v->now + 50 * CLEAT_MS);
        return;
    }
    if (!cleat_sim_node_says_ready(v->node)) {
        /* somebody else says that it is not: a kubelet finds out at its next look */
        cleat_time earliest = v->s.ready == 1 ? v->s.posted + 10 * CLEAT_SECOND : v->now;
        if (earliest > v->now) {
            cleat_sim_look_again(v, earliest);
        } else {
            post_status(v, true);
        }
    } else if (v->s.changed) {
        post_status(v, true);
    } else if (v->sim->heartbeat) {
        if (v->now >= v->s.heartbeat) {
            post_status(v, true);
        } else {
            cleat_sim_look_again(v, v->s.heartbeat);
        }
    }
}

/* The newest Lease that is known: this kubelet's last write, or the cache's. Owned. */
static cleat_obj *newest_lease(const struct cleat_sim_view *v) {
    cleat_obj *cached =
        SDK->informer->get(v->sim->leases, cleat_key_of("kube-node-lease", v->s.name));
    if (v->s.lease != NULL &&
        (cached == NULL || OBJ->revision(v->s.lease) >= OBJ->revision(cached))) {
        OBJ->unref(cached);
        return OBJ->ref(v->s.lease);
    }
    return cached;
}

static void tend_lease(struct cleat_sim_view *v) {
    if (!v->sim->heartbeat || !cleat_sim_may_write(v, CLEAT_SIM_WRITE_LEASE)) {
        return;
    }
    cleat_obj *lease = newest_lease(v);
    if (lease != NULL && v->now < v->s.renewal) {
        cleat_sim_look_again(v, v->s.renewal);
        OBJ->unref(lease);
        return;
    }
    v->create[CLEAT_SIM_WRITE_LEASE] = lease == NULL;
    v->write[CLEAT_SIM_WRITE_LEASE] =
        lease == NULL ? cleat_sim_lease_new(v) : cleat_sim_lease_renewed(v, lease);
    OBJ->unref(lease);
    cleat_time period = cleat_sim_lease_period(v->s.machine);
    cleat_time next =
        v->now + period - period / 25 + (cleat_time)cleat_sim_random((uint64_t)(period * 2 / 25));
    /* thousands in one process share their wake-ups, and their writes a commit */
    v->s.renewal = next - next % (50 * CLEAT_MS) + 50 * CLEAT_MS;
    cleat_sim_look_again(v, v->s.renewal);
}

static void register_node(struct cleat_sim_view *v) {
    if (v->sim->self_register && v->node == NULL && cleat_sim_may_write(v, CLEAT_SIM_WRITE_NODE)) {
        v->create[CLEAT_SIM_WRITE_NODE] = true;
        v->write[CLEAT_SIM_WRITE_NODE] = cleat_sim_node_new(v);
        /* the cache may take a moment: its event wakes this unit */
        cleat_sim_look_again(v, v->now + CLEAT_SECOND);
    }
}

void cleat_sim_act_kubelet(struct cleat_sim_view *v) {
    if (is_on(v) && has_voice(v)) {
        if (cleat_sim_node_is_mine(v)) {
            tend_status(v);
            tend_lease(v);
        } else {
            register_node(v);
        }
    } else if (cleat_sim_is_leaving(v)) {
        if (node_is_stale(v)) {
            cleat_sim_look_again(v, v->now + 50 * CLEAT_MS);
        } else {
            post_status(v, false);
        }
    }
}
