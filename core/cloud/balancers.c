/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Balancers through the gate. Of the calls that change the balancer of one Service one
 * runs at a time. Who has waited for it for `patience` is told PENDING and goes on to
 * other Services while the call does too; when he asks again for the same, he gets its
 * outcome. A cloud that is slow or hangs on one Service so delays no other, however few
 * workers there are.
 *
 * What is "the same" is a digest of all that a provider may look at: the Service but for its
 * status, and of each Node what it is, not how it is. Another wish waits for the call's
 * end, and starts anew; a deletion cancels it first. What the earlier call has made is told
 * with the PENDING of the later: where wishes change faster than the cloud works, a Service has
 * its address all the same. Any thread.
 */
#include "core/cloud/internal.h"

#define ASK_AGAIN_MIN CLEAT_SECOND
#define ASK_AGAIN_MAX (10 * CLEAT_SECOND)
#define NOBODY_ASKS   (10 * 60 * CLEAT_SECOND) /* then an outcome is thrown away */

/* A call that its caller has left, or may leave. */
struct cleat_balancing {
    char *service;
    struct cleat_call *call;
    cleat_obj *known; /* of a balancer that an earlier call has made; NULL = none */
    struct cleat_balancing *next;
};

static int32_t take_balancer(void *sink, const struct cleat_balancer *balancer) {
    cleat_answer_add_balancer(sink, balancer);
    return 0;
}

void cleat_balancers_perform(struct cleat_call *c) {
    const struct cleat_lb_ops *ops = c->gate->raw->load_balancers;
    void *self = c->gate->raw_self;
    const cleat_obj *const *nodes = (const cleat_obj *const *)c->nodes;
    switch (c->kind) {
    case CLEAT_CALL_GET_LB:
        c->err = ops->get(self, c->ctx, c->cluster, c->object, &c->yes, &c->status, &c->error);
        break;
    case CLEAT_CALL_ENSURE_LB:
        c->err = ops->ensure(self, c->ctx, c->cluster, c->object, nodes, c->n_nodes, &c->status,
                             &c->error);
        break;
    case CLEAT_CALL_UPDATE_LB:
        c->err =
            ops->update_hosts(self, c->ctx, c->cluster, c->object, nodes, c->n_nodes, &c->error);
        break;
    case CLEAT_CALL_LIST_LBS:
        c->answer = cleat_answer_new();
        c->err = ops->list(self, c->ctx, c->cluster, take_balancer, c->answer, &c->error);
        break;
    default:
        c->err = ops->ensure_deleted(self, c->ctx, c->cluster, c->object, &c->error);
        break;
    }
}

/* ---- what is asked ---- */

static uint64_t mix(uint64_t h, struct cleat_str s) {
    return (h ^ cleat_hash(s)) * 0x9e3779b97f4a7c15u + s.n;
}

static uint64_t mix_part(uint64_t h, const cleat_obj *o, cleat_path path) {
    struct cleat_val v = cleat_obj_at(o, path);
    return mix(h, cleat_val_present(v) ? cleat_val_raw(v) : cleat_s(""));
}

static uint64_t digest(const struct cleat_call *c) {
    uint64_t h = mix((uint64_t)c->kind, cleat_s(c->cluster));
    h = mix(h, cleat_obj_uid(c->object));
    h = mix_part(h, c->object, CLEAT_PATH("spec"));
    h = mix_part(h, c->object, CLEAT_PATH("metadata", "annotations"));
    h = mix_part(h, c->object, CLEAT_PATH("metadata", "labels"));
    for (size_t i = 0; i < c->n_nodes; i++) {
        h = mix(h, cleat_obj_name(c->nodes[i]));
        h = mix(h, cleat_obj_uid(c->nodes[i]));
        h = mix_part(h, c->nodes[i], CLEAT_PATH("spec", "providerID"));
        h = mix_part(h, c->nodes[i], CLEAT_PATH("metadata", "labels"));
        h = mix_part(h, c->nodes[i], CLEAT_PATH("status", "addresses"));
    }
    return h;
}

static struct cleat_call *new_call(cleat_gate *g, enum cleat_call_kind kind, const char *cluster,
                                   const cleat_obj *service, const cleat_obj *const *nodes,
                                   size_t n_nodes) {
    struct cleat_call *c = cleat_call_new(g, kind, service);
    c->cluster = cleat_strdup(cluster);
    c->nodes = cleat_array(n_nodes, sizeof *c->nodes);
    for (size_t i = 0; i < n_nodes; i++) {
        c->nodes[i] = cleat_obj_ref(nodes[i]);
    }
    c->n_nodes = n_nodes;
    c->digest = digest(c);
    return c;
}

/* ---- what is under way: all with the mutex held ---- */

static void drop(struct cleat_balancing **at) {
    struct cleat_balancing *b = *at;
    *at = b->next;
    cleat_call_unref(b->call);
    cleat_obj_unref(b->known);
    free(b->service);
    free(b);
}

static bool is_stale(const struct cleat_balancing *b) {
    return cleat_event_is_set(&b->call->ended) &&
           cleat_now_mono() - b->call->ended_at > NOBODY_ASKS;
}

static struct cleat_balancing **find(cleat_gate *g, const char *service) {
    struct cleat_balancing **found = NULL;
    for (struct cleat_balancing **at = &g->balancing; *at != NULL;) {
        if (is_stale(*at)) {
            drop(at);
            continue;
        }
        found = strcmp((*at)->service, service) == 0 ? at : found;
        at = &(*at)->next;
    }
    return found;
}

static void add(cleat_gate *g, const char *service, struct cleat_call *c, cleat_obj *known) {
    struct cleat_balancing *b = cleat_zalloc(sizeof *b);
    b->service = cleat_strdup(service);
    b->call = cleat_call_ref(c);
    b->known = known != NULL ? cleat_obj_ref(known) : NULL;
    b->next = g->balancing;
    g->balancing = b;
}

void cleat_balancing_done(cleat_gate *g) {
    while (g->balancing != NULL) {
        drop(&g->balancing);
    }
}

/* ---- */

static cleat_err ask_again(const struct cleat_call *c, const char *what, struct cleat_error *e) {
    cleat_fail(e, CLEAT_E_PENDING, "%s: the cloud has not answered %s yet",
               cleat_call_names[c->kind], what);
    if (e != NULL) {
        cleat_time wait = (cleat_now_mono() - c->began) / 2;
        wait = wait > ASK_AGAIN_MIN ? wait : ASK_AGAIN_MIN;
        e->retry_after_ms = (wait < ASK_AGAIN_MAX ? wait : ASK_AGAIN_MAX) / CLEAT_MS;
    }
    return CLEAT_E_PENDING;
}

static void tell_status(cleat_obj *status, cleat_obj **ret_status) {
    if (ret_status != NULL) {
        *ret_status = status != NULL ? cleat_obj_ref(status) : NULL;
    }
}

static cleat_err outcome(struct cleat_call *c, cleat_obj **ret_status, struct cleat_error *reterr) {
    if (c->err == CLEAT_OK || c->err == CLEAT_E_PENDING) {
        tell_status(c->status, ret_status);
    }
    return cleat_call_error(c, reterr);
}

/* What there is of the balancer by the end of this call: another ensure will find it. */
static cleat_obj *made_by(const struct cleat_balancing *b) {
    cleat_obj *made = b->call->err == CLEAT_OK ? b->call->status : b->known;
    return b->call->kind == CLEAT_CALL_ENSURE_LB && made != NULL ? cleat_obj_ref(made) : NULL;
}

/* Settles what is under way for this Service: true where that answers the question, by *ret_err;
 * else *ret_known (owned) is what is known of its balancer. */
static bool settle(cleat_gate *g, const char *service, const struct cleat_call *c,
                   cleat_obj **ret_status, cleat_obj **ret_known, cleat_err *ret_err,
                   struct cleat_error *reterr) {
    CLEAT_LOCKED(&g->mutex);
    struct cleat_balancing **at = find(g, service);
    if (at == NULL) {
        return false;
    }
    struct cleat_call *other = (*at)->call;
    bool same = other->digest == c->digest;
    if (!cleat_event_is_set(&other->ended)) {
        if (!same && c->kind == CLEAT_CALL_DELETE_LB) {
            cleat_ctx_cancel(other->ctx);
        }
        *ret_err =
            ask_again(other, same ? "this call" : "an earlier call about this balancer", reterr);
        tell_status((*at)->known, ret_status);
        return true;
    }
    if (same) {
        *ret_err = outcome(other, ret_status, reterr);
    } else if (c->kind == CLEAT_CALL_ENSURE_LB) {
        *ret_known = made_by(*at);
    }
    drop(at);
    return same;
}

/* The caller has the outcome, or leaves for now. */
static bool hand_back(cleat_gate *g, const char *service, struct cleat_call *c) {
    CLEAT_LOCKED(&g->mutex);
    struct cleat_balancing **at = find(g, service);
    bool ended = cleat_event_is_set(&c->ended);
    if (ended && at != NULL && (*at)->call == c) {
        drop(at);
    }
    return ended;
}

static cleat_err change(cleat_gate *g, enum cleat_call_kind kind, cleat_ctx *ctx,
                        const char *cluster, const cleat_obj *service,
                        const cleat_obj *const *nodes, size_t n_nodes, cleat_obj **ret_status,
                        struct cleat_error *reterr) {
    CLEAT_AUTO_FREE char *id =
        cleat_sprintf("%.*s %.*s/%.*s", CLEAT_FMT(cleat_obj_uid(service)),
                      CLEAT_FMT(cleat_obj_ns(service)), CLEAT_FMT(cleat_obj_name(service)));
    struct cleat_call *c = new_call(g, kind, cluster, service, nodes, n_nodes);
    CLEAT_AUTO(cleat_obj) *known = NULL;
    cleat_err err = CLEAT_OK;
    cleat_call_limit(c, ctx);
    if (!settle(g, id, c, ret_status, &known, &err, reterr)) {
        err = cleat_call_begin(c, ctx, CLEAT_URGENT, reterr);
        if (err == CLEAT_OK && !cleat_event_is_set(&c->ended)) {
            {
                CLEAT_LOCKED(&g->mutex);
                add(g, id, c, known);
            }
            cleat_call_wait(c, ctx, g->opts.patience > 0 ? g->opts.patience : -1);
        }
        if (err == CLEAT_OK && hand_back(g, id, c)) {
            err = outcome(c, ret_status, reterr);
        } else if (err == CLEAT_OK) {
            cleat_metric_add(g->metrics.left_behind[kind], 1);
            err = ask_again(c, "this call", reterr);
            tell_status(known, ret_status);
        }
    }
    cleat_call_unref(c);
    return err;
}

/* ---- what controllers call ---- */

static cleat_err get(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                     int32_t *ret_exists, cleat_obj **ret_status, struct cleat_error *reterr) {
    struct cleat_call *c = new_call(self, CLEAT_CALL_GET_LB, cluster, service, NULL, 0);
    cleat_err err = cleat_call_run(c, ctx, CLEAT_URGENT, reterr);
    if (err == CLEAT_OK) {
        *ret_exists = c->yes;
        outcome(c, ret_status, NULL);
    }
    cleat_call_unref(c);
    return err;
}

static cleat_err name(void *self, const char *cluster, const cleat_obj *service, char *buf,
                      size_t size) {
    const cleat_gate *g = self; /* asks no cloud, and may be called anywhere */
    return g->raw->load_balancers->name(g->raw_self, cluster, service, buf, size);
}

static cleat_err ensure(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                        const cleat_obj *const *nodes, size_t n_nodes, cleat_obj **ret_status,
                        struct cleat_error *reterr) {
    return change(self, CLEAT_CALL_ENSURE_LB, ctx, cluster, service, nodes, n_nodes, ret_status,
                  reterr);
}

static cleat_err update_hosts(void *self, cleat_ctx *ctx, const char *cluster,
                              const cleat_obj *service, const cleat_obj *const *nodes,
                              size_t n_nodes, struct cleat_error *reterr) {
    return change(self, CLEAT_CALL_UPDATE_LB, ctx, cluster, service, nodes, n_nodes, NULL, reterr);
}

static cleat_err ensure_deleted(void *self, cleat_ctx *ctx, const char *cluster,
                                const cleat_obj *service, struct cleat_error *reterr) {
    return change(self, CLEAT_CALL_DELETE_LB, ctx, cluster, service, NULL, 0, NULL, reterr);
}

/* Never from what is kept: by this it is judged what may go. */
static cleat_err list(void *self, cleat_ctx *ctx, const char *cluster, cleat_balancer_fn fn,
                      void *sink, struct cleat_error *reterr) {
    struct cleat_call *c = cleat_call_new(self, CLEAT_CALL_LIST_LBS, NULL);
    c->cluster = cleat_strdup(cluster);
    cleat_err err = cleat_call_run(c, ctx, CLEAT_IDLE, reterr);
    for (size_t i = 0; err == CLEAT_OK && i < c->answer->n && fn(sink, c->answer->items[i]) == 0;
         i++) {
    }
    cleat_call_unref(c);
    return err;
}

const struct cleat_lb_ops *cleat_gate_balancers(cleat_gate *g) {
    const struct cleat_lb_ops *raw = g->raw->load_balancers;
    if (raw == NULL) {
        return NULL;
    }
    g->balancers = (struct cleat_lb_ops){
        .struct_size = sizeof g->balancers,
        .get = CLEAT_HAS(raw, struct cleat_lb_ops, get) ? get : NULL,
        .name = CLEAT_HAS(raw, struct cleat_lb_ops, name) ? name : NULL,
        .ensure = CLEAT_HAS(raw, struct cleat_lb_ops, ensure) ? ensure : NULL,
        .update_hosts = CLEAT_HAS(raw, struct cleat_lb_ops, update_hosts) ? update_hosts : NULL,
        .ensure_deleted =
            CLEAT_HAS(raw, struct cleat_lb_ops, ensure_deleted) ? ensure_deleted : NULL,
        .list = CLEAT_HAS(raw, struct cleat_lb_ops, list) ? list : NULL,
    };
    return &g->balancers;
}
