/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another set of Nodes for a balancer that is otherwise as it must be. What goes wrong here
 * goes to the queue of Services, where the whole balancer is ensured.
 */
#include "service.h"

#include <stdatomic.h>

struct update {
    struct cleat_service_controller *c;
    cleat_ctx *ctx;
    struct cleat_service_record *record;
    const struct cleat_cloud *cloud;
    struct cleat_service_hosts *hosts;
    cleat_obj *service; /* live */
    struct cleat_error *reterr;
};

static double seconds_since(cleat_time t) {
    return (double)(SDK->clock->monotonic() - t) / (double)CLEAT_SECOND;
}

/* It is left to a full ensure. */
static void hand_over(struct update *u) {
    cleat_service_record_doubt(u->record);
    SDK->controller->enqueue(u->c->services, cleat_key_of(u->record->ns, u->record->name), 0);
}

static void succeed(struct update *u) {
    const struct cleat_service_writer w = {u->c->client, u->ctx, u->c->says};
    struct cleat_error unsaid = CLEAT_ERROR_INIT;
    cleat_service_hosts_unref(u->record->hosts);
    u->record->hosts = cleat_service_hosts_ref(u->hosts);
    if (u->hosts->n == 0) {
        cleat_service_event(u->service, "Warning", "UnAvailableLoadBalancer",
                            "There are no available nodes for LoadBalancer");
    } else {
        cleat_service_event(u->service, "Normal", "UpdatedLoadBalancer",
                            "Updated load balancer with new hosts");
    }
    cleat_service_say_ensured(&w, u->service, NULL, u->hosts->n, &unsaid);
}

/* A balancer that is not there any more has no hosts to be told of; it is made again. */
static void fail(struct update *u) {
    struct cleat_error unsaid = CLEAT_ERROR_INIT;
    bool exists = true;
    cleat_service_exists(u->c, u->ctx, u->cloud, u->service, &exists, &unsaid);
    if (exists) {
        char *names = cleat_service_hosts_print(u->hosts);
        SDK->metrics->add(u->c->node_errors, 1);
        cleat_service_event(u->service, "Warning", "UpdateLoadBalancerFailed",
                            "Error updating load balancer with new hosts [%s] [node names "
                            "limited, total number of nodes: %zu], error: %s",
                            names, u->hosts->n, u->reterr->message);
        free(names);
    }
    hand_over(u);
}

static cleat_err update(struct update *u) {
    const struct cleat_lb_ops *ops = cleat_service_ops(u->cloud);
    if (!CLEAT_HAS(ops, struct cleat_lb_ops, update_hosts)) {
        hand_over(u);
        return CLEAT_OK;
    }
    cleat_time began = SDK->clock->monotonic();
    SDK->metrics->add(u->c->syncs, 1);
    cleat_ctx *ctx = cleat_service_call(u->c, u->ctx);
    cleat_err err = ops->update_hosts(u->cloud->self, ctx, u->c->cluster, u->service,
                                      u->hosts->nodes, u->hosts->n, u->reterr);
    SDK->ctx->free(ctx);
    SDK->metrics->add(u->c->host_latency, seconds_since(began));
    if (err == CLEAT_OK) {
        succeed(u);
    } else if (err == CLEAT_E_ELSEWHERE) {
        cleat_service_hosts_unref(u->record->hosts);
        u->record->hosts = cleat_service_hosts_ref(u->hosts);
    } else if (err == CLEAT_E_PENDING ||
               (err == CLEAT_E_THROTTLED && u->reterr->retry_after_ms > 0) ||
               SDK->ctx->err(u->ctx) != CLEAT_OK) {
        return err; /* asked again after that time */
    } else {
        fail(u);
    }
    return CLEAT_OK;
}

/* Whether the live Service is the one that was ensured and still wants its balancer; otherwise it
 * is its own queue's business. */
static bool is_current(const struct update *u) {
    return cleat_str_eq(SDK->obj->uid(u->record->ensured), SDK->obj->uid(u->service)) &&
           cleat_service_is_balanced(u->service) && !cleat_service_is_ending(u->service) &&
           SDK->util->has_finalizer(u->service, CLEAT_SERVICE_FINALIZER);
}

static cleat_err look(struct update *u, struct cleat_key key) {
    struct cleat_service_record *r = u->record;
    if (r->ensured == NULL || r->elsewhere) {
        return CLEAT_OK;
    }
    u->cloud = SDK->clouds->by_name(r->provider);
    if (cleat_service_ops(u->cloud) == NULL) {
        return CLEAT_OK;
    }
    u->hosts = cleat_service_hosts_now(u->c, u->ctx, u->cloud);
    if (cleat_service_hosts_equal(r->hosts, u->hosts)) {
        return CLEAT_OK;
    }
    cleat_err err =
        SDK->client->get(u->c->client, u->ctx, CLEAT_SERVICE_GVR, key, &u->service, u->reterr);
    if (err == CLEAT_OK && is_current(u)) {
        err = update(u);
    }
    return err == CLEAT_E_NOT_FOUND ? CLEAT_OK : err;
}

cleat_err cleat_service_update(void *self, cleat_ctx *ctx, struct cleat_key key,
                               struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_service_controller *c = self;
    struct cleat_service_record *r =
        cleat_service_records_take(c->records, key, CLEAT_SERVICE_BY_HOSTS, false);
    (void)ret;
    if (r == NULL) {
        return CLEAT_OK;
    }
    struct update u = {.c = c, .ctx = ctx, .record = r, .reterr = reterr};
    cleat_err err = look(&u, key);
    if (err == CLEAT_OK && cleat_service_records_settle(c->records, r)) {
        SDK->metrics->add(c->node_latency, seconds_since(atomic_load(&c->round)));
    }
    cleat_service_hosts_unref(u.hosts);
    SDK->obj->unref(u.service);
    if (cleat_service_records_give(c->records, r) & CLEAT_SERVICE_BY_SERVICE) {
        SDK->controller->enqueue(c->services, key, 0);
    }
    return err;
}
