/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One Node: what is heard of it, whether it has fallen silent, its taints.
 *
 * Nobody scans all Nodes: each key comes back when its own grace period would
 * end. A Lease only moves that moment, so a renewal costs one look-up; a Node is
 * reconciled once a grace period while it is well.
 */
#include "monitor.h"

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

/* How a Node stands: copied out of the table, so that the lock need not be held. */
struct standing {
    bool known, fresh, evict, disrupted, mark_pods;
    cleat_time probe, grace, startup_grace;
};

static struct standing stand(struct cleat_monitor *c, struct cleat_str node) {
    struct standing s = {0};
    pthread_mutex_lock(&c->table.lock);
    const struct cleat_health *h = cleat_health_find(&c->table, node);
    if (h != NULL) {
        s = (struct standing){.known = true,
                              .fresh = h->fresh,
                              .evict = h->evict,
                              .mark_pods = h->mark_pods,
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
        h->fresh = false;
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

static void set_mark_pods(struct cleat_monitor *c, struct cleat_str node, bool value) {
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, node);
    if (h != NULL) {
        h->mark_pods = value;
    }
    pthread_mutex_unlock(&c->table.lock);
}

/* Its grace period is over: says so in its status, unless it is *ret_alive after all. *node is
 * replaced by what was stored. */
static cleat_err give_up(struct cleat_monitor *c, cleat_ctx *ctx, cleat_obj **node, bool *ret_alive,
                         struct cleat_error *reterr) {
    enum cleat_ready was = cleat_health_ready_of(*node);
    bool alive = false;
    if (was == CLEAT_READY_UNKNOWN) {
        return CLEAT_OK;
    }
    cleat_obj *unknown = NULL, *stored = NULL;
    cleat_err err = ask_lease(c, ctx, *node, &alive, reterr);
    if (err != CLEAT_OK || alive) {
        *ret_alive = alive;
        return err;
    }
    err = cleat_node_unknown(*node, &unknown, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    cleat_time began = SDK->clock->monotonic();
    err = SDK->client->update(c->client, ctx, CLEAT_NODE_GVR, "status", unknown, &stored, reterr);
    SDK->obj->unref(unknown);
    if (err != CLEAT_OK) {
        return err;
    }
    SDK->metrics->add(c->update_duration,
                      (double)(SDK->clock->monotonic() - began) / (double)CLEAT_SECOND);
    if (was == CLEAT_READY_TRUE) {
        cleat_monitor_tell(stored, "NodeNotReady", "status is now: NodeNotReady", NULL);
        set_mark_pods(c, SDK->obj->name(stored), true);
    }
    SDK->obj->unref(*node);
    *node = stored;
    return CLEAT_OK;
}

/* Which NoExecute taint the Node should have: *ret_keep leaves them as they are. */
static const char *execute_taint(struct cleat_monitor *c, const cleat_obj *node,
                                 const struct standing *s, bool *ret_keep) {
    enum cleat_ready ready = cleat_health_ready_of(node);
    const char *want = ready == CLEAT_READY_FALSE     ? CLEAT_TAINT_NOT_READY
                       : ready == CLEAT_READY_UNKNOWN ? CLEAT_TAINT_UNREACHABLE
                                                      : NULL;
    bool has = cleat_node_has_effect(node, CLEAT_TAINT_NOT_READY, "NoExecute") ||
               cleat_node_has_effect(node, CLEAT_TAINT_UNREACHABLE, "NoExecute");
    *ret_keep = ready == CLEAT_READY_NONE && !s->fresh && !s->disrupted;
    if (*ret_keep) {
        return NULL;
    }
    if (want == NULL || s->disrupted || s->fresh) {
        pthread_mutex_lock(&c->table.lock);
        struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
        if (h != NULL && want == NULL) {
            cleat_health_dequeue(h);
        } else if (h != NULL) {
            cleat_health_enqueue(h); /* its turn comes when the zone has one */
        }
        pthread_mutex_unlock(&c->table.lock);
        if (want != NULL) {
            cleat_monitor_look_at_zones(c);
        }
        return NULL;
    }
    if (has || s->evict) {
        return want; /* the one for the other is an exchange at once */
    }
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
    if (h != NULL) {
        cleat_health_enqueue(h);
    }
    pthread_mutex_unlock(&c->table.lock);
    cleat_monitor_look_at_zones(c);
    return NULL;
}

static cleat_err retaint(struct cleat_monitor *c, cleat_ctx *ctx, const cleat_obj *node,
                         const struct standing *s, struct cleat_error *reterr) {
    bool keep;
    const char *execute = execute_taint(c, node, s, &keep);
    cleat_obj *changed = NULL;
    cleat_err err = cleat_node_retaint(node, &c->rules, execute, keep, &changed, reterr);
    if (err != CLEAT_OK || changed == NULL) {
        return err;
    }
    err = SDK->client->update(c->client, ctx, CLEAT_NODE_GVR, NULL, changed, NULL, reterr);
    SDK->obj->unref(changed);
    if (err == CLEAT_OK && execute != NULL) {
        pthread_mutex_lock(&c->table.lock);
        struct cleat_health *h = cleat_health_find(&c->table, SDK->obj->name(node));
        if (h != NULL) {
            SDK->metrics->add(h->zone->evictions, h->evict ? 1 : 0); /* an exchange is none */
            h->evict = false;
        }
        pthread_mutex_unlock(&c->table.lock);
    }
    return err;
}

/* beta labels follow the general ones. */
static cleat_err copy_labels(struct cleat_monitor *c, cleat_ctx *ctx, cleat_obj **node,
                             struct cleat_error *reterr) {
    static const char *const pairs[][2] = {{"kubernetes.io/os", "beta.kubernetes.io/os"},
                                           {"kubernetes.io/arch", "beta.kubernetes.io/arch"}};
    cleat_edit *e = NULL;
    for (size_t i = 0; i < 2; i++) {
        struct cleat_val from = CLEAT_AT(SDK, *node, "metadata", "labels", pairs[i][0]);
        struct cleat_val to = CLEAT_AT(SDK, *node, "metadata", "labels", pairs[i][1]);
        if (SDK->obj->type(from) == CLEAT_STRING && !SDK->obj->equal(from, to)) {
            e = e != NULL ? e : SDK->obj->edit_new(*node);
            SDK->obj->set_val(e, CLEAT_PATH("metadata", "labels", pairs[i][1]), from);
        }
    }
    if (e == NULL) {
        return CLEAT_OK;
    }
    cleat_obj *changed = NULL, *stored = NULL;
    cleat_err err = SDK->obj->edit_finish(e, &changed, reterr);
    if (err == CLEAT_OK) {
        err = SDK->client->update(c->client, ctx, CLEAT_NODE_GVR, NULL, changed, &stored, reterr);
        SDK->obj->unref(changed);
    }
    if (err == CLEAT_OK) {
        SDK->obj->unref(*node);
        *node = stored;
    }
    return err;
}

static int32_t enqueue_pod(void *userdata, const cleat_obj *pod) {
    struct cleat_monitor *c = userdata;
    SDK->controller->enqueue(c->pods, (struct cleat_key){SDK->obj->ns(pod), SDK->obj->name(pod)},
                             0);
    return 0;
}

static cleat_err tend(struct cleat_monitor *c, cleat_ctx *ctx, cleat_obj **node,
                      struct cleat_result *ret, struct cleat_error *reterr) {
    struct standing s = stand(c, SDK->obj->name(*node));
    if (!s.known) {
        return CLEAT_OK; /* its handler has yet to hear of it, and comes back */
    }
    if (s.fresh) {
        welcome(c, *node);
        s.probe = stand(c, SDK->obj->name(*node)).probe;
    }
    if (s.mark_pods && cleat_health_ready_of(*node) != CLEAT_READY_TRUE) {
        /* now that the cache says so too: the pods' reconciler looks there */
        set_mark_pods(c, SDK->obj->name(*node), false);
        SDK->informer->foreach (c->pod_cache, CLEAT_NODE_PODS, SDK->obj->name(*node), enqueue_pod,
                                c);
    }
    cleat_err err = copy_labels(c, ctx, node, reterr);
    bool never = cleat_health_ready_of(*node) == CLEAT_READY_NONE;
    cleat_time grace = never ? s.startup_grace : s.grace;
    cleat_time left = s.probe + grace - SDK->clock->monotonic();
    if (err == CLEAT_OK && left <= 0) {
        bool alive = false;
        err = give_up(c, ctx, node, &alive, reterr);
        left = alive ? grace : left;
    }
    if (err == CLEAT_OK) {
        err = retaint(c, ctx, *node, &s, reterr);
    }
    cleat_time wait = 0;
    if (err == CLEAT_OK) {
        err = cleat_monitor_capacity(c->client, ctx, *node, s.startup_grace, &wait, reterr);
    }
    /* An Unknown Node waits for word of it, which is an event. */
    ret->requeue_after = left > 0 && (wait == 0 || left < wait) ? left : wait;
    return err;
}

cleat_err cleat_monitor_node(void *self, cleat_ctx *ctx, struct cleat_key key,
                             struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_monitor *c = self;
    cleat_obj *node = SDK->informer->get(c->node_cache, key);
    if (node == NULL) {
        return CLEAT_OK;
    }
    cleat_err err = tend(c, ctx, &node, ret, reterr);
    SDK->obj->unref(node);
    if (err == CLEAT_E_NOT_FOUND) {
        return CLEAT_OK;
    }
    return err;
}

/* Renewals of its own status are no reason to look at a Node that is well. [dispatch] */
int32_t cleat_monitor_node_matters(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    if (node == NULL || old == NULL) {
        return node != NULL;
    }
    if (cleat_health_ready_of(node) != CLEAT_READY_TRUE) {
        return 1;
    }
    return !SDK->obj->equal(CLEAT_AT(SDK, old, "spec"), CLEAT_AT(SDK, node, "spec")) ||
           !SDK->obj->equal(CLEAT_AT(SDK, old, "metadata", "labels"),
                            CLEAT_AT(SDK, node, "metadata", "labels")) ||
           !SDK->obj->equal(CLEAT_AT(SDK, old, "status", "conditions"),
                            CLEAT_AT(SDK, node, "status", "conditions"));
}
