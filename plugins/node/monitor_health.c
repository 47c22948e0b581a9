/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether Nodes have fallen silent: what is heard of them, and what follows when
 * nothing is.
 *
 * Nobody scans all Nodes: each key comes back when its own grace period would
 * end. A Lease only moves that moment, so a renewal costs one look-up; a Node is
 * looked at once a grace period while it is well. What is written of those that
 * are silent is not waited for: many of them cost no more time than one.
 */
#include "monitor.h"

#include <stdatomic.h>

enum { RETRY = 50 * 1000 * 1000 }; /* ns: after a write that failed */

/* ---- what is heard [dispatch] ---- */

static void node_seen(struct cleat_monitor *c, const cleat_obj *node) {
    bool is_new, changed;
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
    enum cleat_ready was = h != NULL ? h->ready : CLEAT_READY_NONE;
    h = cleat_health_see(&c->table, node, &is_new);
    changed = is_new || h->ready != was;
    pthread_mutex_unlock(&c->table.lock);
    if (changed) {
        cleat_monitor_look_at_zones(c);
    }
}

static void on_node_add(void *userdata, const cleat_obj *node, int32_t initial) {
    (void)initial;
    node_seen(userdata, node);
}

static void on_node_update(void *userdata, const cleat_obj *old, const cleat_obj *node) {
    (void)old;
    node_seen(userdata, node);
}

static void on_node_delete(void *userdata, const cleat_obj *node, int32_t unknown) {
    struct cleat_monitor *c = userdata;
    (void)unknown;
    pthread_mutex_lock(&c->table.lock);
    cleat_health_forget(&c->table, SDK->obj->name(node));
    pthread_mutex_unlock(&c->table.lock);
    cleat_monitor_tell(node, "RemovingNode", "Removing", "from Controller");
    cleat_monitor_look_at_zones(c);
}

static void lease_seen(struct cleat_monitor *c, const cleat_obj *lease) {
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(lease));
    if (h != NULL) {
        cleat_health_renew(h, lease);
    }
    pthread_mutex_unlock(&c->table.lock);
}

static void on_lease_add(void *userdata, const cleat_obj *lease, int32_t initial) {
    (void)initial;
    lease_seen(userdata, lease);
}

static void on_lease_update(void *userdata, const cleat_obj *old, const cleat_obj *lease) {
    (void)old;
    lease_seen(userdata, lease);
}

const struct cleat_handler cleat_monitor_nodes = {.struct_size = sizeof(struct cleat_handler),
                                                  .on_add = on_node_add,
                                                  .on_update = on_node_update,
                                                  .on_delete = on_node_delete};
const struct cleat_handler cleat_monitor_leases = {.struct_size = sizeof(struct cleat_handler),
                                                   .on_add = on_lease_add,
                                                   .on_update = on_lease_update};

/* ---- one Node ---- */

struct cleat_standing cleat_monitor_standing(struct cleat_monitor *c, struct cleat_str node) {
    struct cleat_standing s = {0};
    pthread_mutex_lock(&c->table.lock);
    const struct cleat_health *h = cleat_health_find(&c->table, node);
    if (h != NULL) {
        s = (struct cleat_standing){.known = true,
                                    .fresh = h->fresh,
                                    .welcomed = h->welcomed,
                                    .writing = h->writing,
                                    .evict = h->evict,
                                    .mark_pods = h->mark_pods,
                                    .unsure = h->unsure,
                                    .probe = h->probe,
                                    .grace = h->zone->settings.grace,
                                    .startup_grace = h->zone->settings.startup_grace,
                                    .disrupted = c->table.disrupted || h->zone->cancelled};
    }
    pthread_mutex_unlock(&c->table.lock);
    return s;
}

/* A Node that came after its Lease has been heard of already. */
static void welcome(struct cleat_monitor *c, const cleat_obj *node) {
    struct cleat_key key = {CLEAT_STR("kube-node-lease"), SDK->obj->name(node)};
    cleat_obj *lease = SDK->informer->get(c->leases, key);
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
    if (h != NULL) {
        h->welcomed = true;
        if (lease != NULL && h->renewed == 0) {
            cleat_health_renew(h, lease);
        }
    }
    pthread_mutex_unlock(&c->table.lock);
    SDK->obj->unref(lease);
    cleat_monitor_tell(node, "RegisteredNode", "Registered", "in Controller");
}

/* A cache that lags must not make anybody look dead: the Lease as it is now has the last word.
 * (Word of the Node itself that the cache has not brought yet is a conflict when it is written.) */
static cleat_err ask_lease(struct cleat_monitor *c, cleat_ctx *ctx, const cleat_obj *node,
                           bool *ret_alive, struct cleat_error *reterr) {
    struct cleat_key key = {CLEAT_STR("kube-node-lease"), SDK->obj->name(node)};
    cleat_obj *lease = NULL;
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_LEASE_GVR, key, &lease, reterr);
    if (err != CLEAT_OK) {
        return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
    }
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
    if (h != NULL) {
        cleat_time before = h->renewed;
        cleat_health_renew(h, lease);
        *ret_alive = h->renewed != before;
    }
    pthread_mutex_unlock(&c->table.lock);
    SDK->obj->unref(lease);
    return CLEAT_OK;
}

/* ---- giving up ---- */

struct silence {
    struct cleat_monitor *c;
    cleat_obj *node; /* as it was before */
    cleat_time began;
};

/* Back into the queues of the Node, where they still are. The table's lock is held: after
 * request_stop() has had it nobody comes here. */
static void come_back(struct cleat_monitor *c, struct cleat_str node, cleat_controller *to,
                      cleat_time delay) {
    if (!c->stopping) {
        SDK->controller->enqueue(to, (struct cleat_key){{"", 0}, node}, delay);
    }
}

/* It is written, or could not be. [dispatch] */
static void given_up(void *userdata, cleat_err err, const cleat_obj *stored,
                     const struct cleat_error *error) {
    struct silence *s = userdata;
    struct cleat_monitor *c = s->c;
    struct cleat_str name = SDK->obj->name(s->node);
    bool was_ready = cleat_health_ready_of(s->node) == CLEAT_READY_TRUE;
    (void)error;
    if (err == CLEAT_OK) {
        cleat_time took = SDK->clock->monotonic() - s->began;
        SDK->metrics->add(c->update_duration, (double)took / (double)CLEAT_SECOND);
    }
    if (err == CLEAT_OK && was_ready) {
        cleat_monitor_tell(stored, "NodeNotReady", "status is now: NodeNotReady", NULL);
    }
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, name);
    if (h != NULL) {
        h->writing = false;
        h->mark_pods = h->mark_pods || (err == CLEAT_OK && was_ready);
        /* A later refusal may be due to an earlier write: the Node itself will tell. */
        h->unsure = err != CLEAT_OK && was_ready && (h->unsure || !cleat_node_was_refused(err));
        come_back(c, name, err == CLEAT_OK ? c->nodes : c->health, err == CLEAT_OK ? 0 : RETRY);
    }
    pthread_mutex_unlock(&c->table.lock);
    SDK->obj->unref(s->node);
    free(s);
    atomic_fetch_sub(&c->pending, 1); /* the last touch: see cleat_node_drain */
}

static void set_writing(struct cleat_monitor *c, struct cleat_str node) {
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, node);
    if (h != NULL) {
        h->writing = true;
    }
    pthread_mutex_unlock(&c->table.lock);
}

/* Its grace period is over: says so in its status. */
static cleat_err give_up(struct cleat_monitor *c, const cleat_obj *node,
                         struct cleat_error *reterr) {
    cleat_obj *unknown = NULL;
    cleat_err err = cleat_node_unknown(node, &unknown, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    struct silence *s = cleat_sdk_alloc(1, sizeof *s);
    *s = (struct silence){c, SDK->obj->ref(node), SDK->clock->monotonic()};
    set_writing(c, SDK->obj->name(node));
    atomic_fetch_add(&c->pending, 1);
    SDK->client->update_async(c->client, CLEAT_NODE_GVR, "status", unknown, given_up, s);
    SDK->obj->unref(unknown);
    return CLEAT_OK;
}

/* The answer was lost, and the Node tells what it would have been. */
static void was_given_up(struct cleat_monitor *c, const cleat_obj *node) {
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
    bool tells = h != NULL && h->unsure;
    if (tells) {
        h->unsure = false;
        h->mark_pods = true;
        come_back(c, SDK->obj->name(node), c->nodes, 0);
    }
    pthread_mutex_unlock(&c->table.lock);
    if (tells) {
        cleat_monitor_tell(node, "NodeNotReady", "status is now: NodeNotReady", NULL);
    }
}

static cleat_err look(struct cleat_monitor *c, cleat_ctx *ctx, const cleat_obj *node,
                      struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_standing s = cleat_monitor_standing(c, SDK->obj->name(node));
    enum cleat_ready ready = cleat_health_ready_of(node);
    if (!s.known) {
        return CLEAT_OK; /* its handler has yet to hear of it, and comes back */
    }
    if (!s.welcomed) {
        welcome(c, node);
        s.probe = cleat_monitor_standing(c, SDK->obj->name(node)).probe;
    }
    if (ready == CLEAT_READY_UNKNOWN && s.unsure) {
        was_given_up(c, node);
    }
    if (ready == CLEAT_READY_UNKNOWN || s.writing) {
        return CLEAT_OK; /* it waits for word of it, which is an event */
    }
    cleat_time grace = ready == CLEAT_READY_NONE ? s.startup_grace : s.grace;
    cleat_time left = s.probe + grace - SDK->clock->monotonic();
    bool alive = false;
    cleat_err err = left > 0 ? CLEAT_OK : ask_lease(c, ctx, node, &alive, reterr);
    if (err != CLEAT_OK || (left <= 0 && !alive)) {
        return err != CLEAT_OK ? err : give_up(c, node, reterr);
    }
    ret->requeue_after = alive ? grace : left;
    return CLEAT_OK;
}

cleat_err cleat_monitor_health(void *self, cleat_ctx *ctx, struct cleat_key key,
                               struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_monitor *c = self;
    cleat_obj *node = SDK->informer->get(c->node_cache, key);
    cleat_err err = node != NULL ? look(c, ctx, node, ret, reterr) : CLEAT_OK;
    SDK->obj->unref(node);
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

/* Its labels may put it into another pool. Time does the rest. [dispatch] */
int32_t cleat_monitor_health_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    return node != NULL &&
           (old == NULL || cleat_health_ready_of(old) != cleat_health_ready_of(node) ||
            !SDK->obj->equal(CLEAT_AT(SDK, old, "metadata", "labels"),
                             CLEAT_AT(SDK, node, "metadata", "labels")));
}
