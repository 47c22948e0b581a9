/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a Node's conditions mean for it: its taints, and its pods. Runs when it
 * changes and when its zone says so; whether it has fallen silent is looked at
 * elsewhere (monitor_health.c), so that no queue of writes delays that.
 */
#include "monitor.h"

#include <stddef.h>

/* One of the entry's flags is done with. */
static void clear(struct cleat_monitor *c, struct cleat_str node, size_t flag) {
    pthread_mutex_lock(&c->table.lock);
    struct cleat_health *h = cleat_health_find(&c->table, node);
    if (h != NULL) {
        *(bool *)((char *)h + flag) = false;
    }
    pthread_mutex_unlock(&c->table.lock);
}

/* Which NoExecute taint the Node should have: *ret_keep leaves them as they are. */
static const char *execute_taint(struct cleat_monitor *c, const cleat_obj *node,
                                 const struct cleat_standing *s, bool *ret_keep) {
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
                         const struct cleat_standing *s, struct cleat_error *reterr) {
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
    struct cleat_standing s = cleat_monitor_standing(c, SDK->obj->name(*node));
    if (!s.known) {
        return CLEAT_OK; /* its handler has yet to hear of it, and comes back */
    }
    if (s.mark_pods && cleat_health_ready_of(*node) != CLEAT_READY_TRUE) {
        /* now that the cache says so too: the pods' reconciler looks there */
        clear(c, SDK->obj->name(*node), offsetof(struct cleat_health, mark_pods));
        SDK->informer->foreach (c->pod_cache, CLEAT_NODE_PODS, SDK->obj->name(*node), enqueue_pod,
                                c);
    }
    cleat_err err = copy_labels(c, ctx, node, reterr);
    if (err == CLEAT_OK) {
        err = retaint(c, ctx, *node, &s, reterr);
    }
    if (err == CLEAT_OK && s.fresh) {
        clear(c, SDK->obj->name(*node), offsetof(struct cleat_health, fresh));
    }
    if (err == CLEAT_OK) {
        err = cleat_monitor_capacity(c->client, ctx, *node, s.startup_grace, &ret->requeue_after,
                                     reterr);
    }
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
