/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Service's balancer made as the Service says, in upstream's order.
 *
 *   ensure:  event, finalizer (and holder), Nodes, the provider's ensure, event, status
 *   release: is it there?, event, the provider's deletion, finalizer away and status empty, event
 *
 * Each reconcile begins with a live read: a cached Service may be gone. The finalizer is
 * written before the provider hears of the Service, and goes after the provider has said that
 * the balancer has, so that no crash in between leaves a balancer that nobody knows of.
 */
#include "service.h"

/* One reconcile. */
struct sync {
    struct cleat_service_controller *c;
    struct cleat_service_writer writer;
    cleat_ctx *ctx;
    struct cleat_service_record *record;
    cleat_obj *service;     /* live; NULL = gone */
    const cleat_obj *known; /* what the provider tells of a balancer that is not ready; or NULL */
    struct cleat_result *ret;
    struct cleat_error *reterr; /* never NULL */
};

/* ---- how it went ---- */

/* Puts words before the error's message. */
static void prefix(struct cleat_error *e, const char *words) {
    char *text = cleat_sdk_format("%s: %s", words, e->message);
    int64_t retry = e->retry_after_ms;
    cleat_errorf(e, e->code, "%s", text);
    e->retry_after_ms = retry;
    free(text);
}

/* A failure as an event, the condition, and the time of the next try. */
static cleat_err fail(struct sync *s, cleat_err err, const char *words) {
    struct cleat_error unsaid = CLEAT_ERROR_INIT;
    if (err == CLEAT_E_CANCELLED && SDK->ctx->err(s->ctx) != CLEAT_OK) {
        return err;
    }
    s->reterr->code = err;
    prefix(s->reterr, words);
    bool begun = err == CLEAT_E_PENDING;
    if (!begun) {
        cleat_service_event(s->service, "Warning", "SyncLoadBalancerFailed",
                            "Error syncing load balancer: %s", s->reterr->message);
    }
    const char *reason = begun                      ? "Pending"
                         : err == CLEAT_E_THROTTLED ? "Throttled"
                                                    : "SyncLoadBalancerFailed";
    bool quiet = begun && s->record->quiet; /* what is only looked after is as well as before */
    cleat_service_say(&s->writer, s->service, s->known, quiet ? NULL : "False", reason,
                      s->reterr->message, &unsaid);
    if (err == CLEAT_E_TERMINAL) { /* what it waits for may be in the cloud, where nobody tells */
        s->ret->requeue_after = CLEAT_SERVICE_MAX_DELAY;
        return CLEAT_OK;
    }
    return err;
}

/* The Service is gone, or another one now: its own event brings it back. */
static bool is_over(cleat_err err) {
    return err == CLEAT_E_NOT_FOUND || err == CLEAT_E_CONFLICT;
}

/* ---- release ---- */

/* What the provider is handed is remembered before it is. */
static void remember(struct sync *s, const struct cleat_cloud *cloud, const cleat_obj *service) {
    struct cleat_service_record *r = s->record;
    char *provider = cleat_sdk_dup(cleat_cstr(cloud->name));
    cleat_obj *attempted = SDK->obj->ref(service);
    cleat_service_record_doubt(r);
    free(r->provider);
    SDK->obj->unref(r->attempted);
    r->provider = provider;
    r->attempted = attempted;
    r->elsewhere = false;
}

/* *ret_words: what failed, in upstream's words. */
static cleat_err delete_balancer(struct sync *s, const struct cleat_cloud *cloud,
                                 const cleat_obj *service, bool *ret_existed,
                                 const char **ret_words) {
    const struct cleat_lb_ops *ops = cleat_service_ops(cloud);
    *ret_words = "failed to check if load balancer exists before cleanup";
    cleat_err err = cleat_service_exists(s->c, s->ctx, cloud, service, ret_existed, s->reterr);
    /* one whose making had no clear end may come into being yet: it is deleted unseen */
    if (err != CLEAT_OK || (!*ret_existed && s->record->clean)) {
        return err;
    }
    *ret_words = "failed to delete load balancer";
    if (*ret_existed && !s->record->pending) {
        cleat_service_event(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer");
    }
    if (!CLEAT_HAS(ops, struct cleat_lb_ops, ensure_deleted)) {
        return cleat_errorf(s->reterr, CLEAT_E_UNSUPPORTED, "provider %s cannot", cloud->name);
    }
    remember(s, cloud, service);
    cleat_ctx *ctx = cleat_service_call(s->c, s->ctx);
    err = ops->ensure_deleted(cloud->self, ctx, s->c->cluster, service, s->reterr);
    SDK->ctx->free(ctx);
    s->record->clean = false;
    s->record->pending = err == CLEAT_E_PENDING;
    return err == CLEAT_E_NOT_FOUND || err == CLEAT_E_ELSEWHERE ? CLEAT_OK : err;
}

static cleat_err no_holder(struct sync *s) {
    struct cleat_str name =
        CLEAT_TEXT(SDK, s->service, "metadata", "annotations", CLEAT_SERVICE_HOLDER);
    if (name.n == 0) { /* another manager's finalizer: never ours */
        return CLEAT_OK;
    }
    cleat_errorf(s->reterr, CLEAT_E_UNAVAILABLE, "cloud provider %.*s does not run",
                 CLEAT_FMT(name));
    return fail(s, CLEAT_E_UNAVAILABLE, "failed to delete load balancer");
}

static cleat_err release(struct sync *s) {
    const struct cleat_cloud *cloud = cleat_service_holder(s->service);
    const char *words = NULL;
    bool existed = false;
    if (cloud == NULL) {
        return no_holder(s);
    }
    cleat_err err = delete_balancer(s, cloud, s->service, &existed, &words);
    if (err != CLEAT_OK) {
        return fail(s, err, words);
    }
    err = cleat_service_release(&s->writer, s->service, s->reterr);
    if (err == CLEAT_E_CONFLICT) { /* another Service of this name */
        err = CLEAT_OK;
    }
    if (err != CLEAT_OK) {
        return fail(s, err, "failed to remove load balancer cleanup finalizer");
    }
    cleat_service_event(s->service, "Normal", "DeletedLoadBalancer", "Deleted load balancer");
    cleat_service_record_clear(s->record);
    return CLEAT_OK;
}

/* The Service went without us, its finalizer taken away by somebody: what was made for it is
 * deleted by what is remembered of it. */
static cleat_err release_remembered(struct sync *s) {
    struct cleat_service_record *r = s->record;
    const struct cleat_cloud *cloud = SDK->clouds->by_name(r->provider);
    const char *words = NULL;
    bool existed = false;
    if (cloud == NULL) {
        return cleat_errorf(s->reterr, CLEAT_E_UNAVAILABLE, "cloud provider %s does not run",
                            r->provider);
    }
    cleat_err err = delete_balancer(s, cloud, r->attempted, &existed, &words);
    if (err != CLEAT_OK) {
        if (err != CLEAT_E_PENDING && err != CLEAT_E_CANCELLED) {
            cleat_service_event(r->attempted, "Warning", "DeleteLoadBalancerFailed",
                                "Error deleting load balancer: %s", s->reterr->message);
        }
        return err;
    }
    if (existed) {
        cleat_service_event(r->attempted, "Normal", "DeletedLoadBalancer", "Deleted load balancer");
    }
    cleat_service_record_clear(r);
    return CLEAT_OK;
}

/* ---- ensure ---- */

static bool is_due(const struct sync *s) {
    return s->c->drift > 0 && SDK->clock->monotonic() >= s->record->drift_at;
}

/* When to look for drift: within the period, not all at once. */
static void plan_drift(struct sync *s) {
    if (s->c->drift > 0) {
        cleat_time spread = s->c->drift / 8 > 0 ? s->c->drift / 8 : 1;
        cleat_time in = s->c->drift - (cleat_time)(SDK->clock->random() % (uint64_t)spread);
        s->record->drift_at = SDK->clock->monotonic() + in;
        s->ret->requeue_after = in;
    }
}

/* The balancer is known to be as the Service says. */
static bool is_done(const struct sync *s, const struct cleat_cloud *cloud,
                    const struct cleat_service_hosts *hosts) {
    const struct cleat_service_record *r = s->record;
    return r->ensured != NULL && strcmp(r->provider, cloud->name) == 0 &&
           !cleat_service_differs(r->ensured, s->service) &&
           (r->elsewhere || cleat_service_hosts_equal(r->hosts, hosts)) &&
           cleat_service_is_held_by(s->service, cloud->name);
}

/* Nobody but us should change it: if it is gone, say so. An error says nothing. */
static bool has_vanished(struct sync *s, const struct cleat_cloud *cloud) {
    struct cleat_error unsaid = CLEAT_ERROR_INIT;
    bool exists = true;
    cleat_err err = cleat_service_exists(s->c, s->ctx, cloud, s->service, &exists, &unsaid);
    bool vanished = err == CLEAT_OK && !exists;
    if (vanished) {
        cleat_service_event(s->service, "Warning", "LoadBalancerMissing",
                            "Load balancer is not there any more, it will be made again");
    }
    return vanished;
}

static cleat_err call_ensure(struct sync *s, const struct cleat_cloud *cloud,
                             const struct cleat_service_hosts *hosts, cleat_obj **ret_status) {
    const struct cleat_lb_ops *ops = cleat_service_ops(cloud);
    if (!CLEAT_HAS(ops, struct cleat_lb_ops, ensure)) {
        return cleat_errorf(s->reterr, CLEAT_E_TERMINAL, "provider %s makes none", cloud->name);
    }
    cleat_ctx *ctx = cleat_service_call(s->c, s->ctx);
    cleat_err err = ops->ensure(cloud->self, ctx, s->c->cluster, s->service, hosts->nodes, hosts->n,
                                ret_status, s->reterr);
    SDK->ctx->free(ctx);
    if (err == CLEAT_OK && *ret_status == NULL) {
        err = cleat_errorf(s->reterr, CLEAT_E_BUG,
                           "service status returned by EnsureLoadBalancer is nil");
    }
    return err;
}

static cleat_err finish(struct sync *s, struct cleat_service_hosts *hosts,
                        const cleat_obj *balancer, bool quiet) {
    struct cleat_service_record *r = s->record;
    r->ensured = SDK->obj->ref(s->service);
    cleat_service_hosts_unref(r->hosts);
    r->hosts = cleat_service_hosts_ref(hosts);
    r->clean = true;
    r->pending = r->quiet = false;
    r->elsewhere = balancer == NULL;
    if (balancer == NULL) { /* implemented elsewhere: who does that writes the status */
        return CLEAT_OK;
    }
    if (!quiet) {
        cleat_service_event(s->service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer");
    }
    cleat_err err =
        cleat_service_say_ensured(&s->writer, s->service, balancer, hosts->n, s->reterr);
    if (err == CLEAT_E_CONFLICT) {
        err = CLEAT_OK;
    }
    if (err != CLEAT_OK) {
        cleat_service_record_doubt(r); /* the status is still to be written */
        return fail(s, err, "failed to update load balancer status");
    }
    plan_drift(s);
    return CLEAT_OK;
}

/* announced: that it begins has been told of; quiet: only what goes wrong is. */
static cleat_err ensure(struct sync *s, const struct cleat_cloud *cloud,
                        struct cleat_service_hosts *hosts, bool announced, bool quiet) {
    cleat_obj *held = NULL, *balancer = NULL;
    if (!announced && !quiet) {
        cleat_service_event(s->service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer");
    }
    cleat_err err = cleat_service_hold(&s->writer, s->service, cloud->name, &held, s->reterr);
    if (is_over(err)) {
        s->ret->requeue_after = 100 * CLEAT_MS;
        return CLEAT_OK;
    }
    if (err != CLEAT_OK) {
        return fail(s, err, "failed to add load balancer cleanup finalizer");
    }
    SDK->obj->unref(s->service);
    s->service = held;
    if (hosts->n == 0 && !announced && !quiet) {
        cleat_service_event(s->service, "Warning", "UnAvailableLoadBalancer",
                            "There are no available nodes for LoadBalancer");
    }
    remember(s, cloud, s->service);
    s->record->clean = false;
    SDK->metrics->add(s->c->syncs, 1);
    err = call_ensure(s, cloud, hosts, &balancer);
    s->record->pending = err == CLEAT_E_PENDING;
    s->record->quiet = s->record->pending && quiet;
    if (err == CLEAT_E_ELSEWHERE || err == CLEAT_OK) {
        err = finish(s, hosts, err == CLEAT_OK ? balancer : NULL, quiet);
    } else {
        s->known = s->record->pending ? balancer : NULL;
        err = fail(s, err, "failed to ensure load balancer");
        s->known = NULL;
    }
    SDK->obj->unref(balancer);
    return err;
}

static cleat_err provide(struct sync *s, const struct cleat_cloud *cloud) {
    struct cleat_service_hosts *hosts = cleat_service_hosts_now(s->c, s->ctx, cloud);
    bool polls = s->record->pending, done = is_done(s, cloud, hosts);
    cleat_err err = CLEAT_OK;
    if (done && !is_due(s)) {
        cleat_time left = s->record->drift_at - SDK->clock->monotonic();
        s->ret->requeue_after = s->c->drift > 0 && left > 0 ? left : 0;
    } else {
        bool quiet = done ? !has_vanished(s, cloud)
                          : polls && s->record->quiet &&
                                !cleat_service_differs(s->record->attempted, s->service);
        err = ensure(s, cloud, hosts, polls, quiet);
    }
    cleat_service_hosts_unref(hosts);
    return err;
}

/* ---- the whole ---- */

/* Nobody answers for it. Where the class names somebody who is not loaded that is no news. */
static cleat_err nobody(struct sync *s) {
    struct cleat_error unsaid = CLEAT_ERROR_INIT;
    if (CLEAT_TEXT(SDK, s->service, "spec", "loadBalancerClass").n == 0) {
        cleat_service_say(&s->writer, s->service, NULL, "False", "NoProvider",
                          "No cloud provider that runs answers for this service: name one by "
                          "spec.loadBalancerClass or the label " CLEAT_LABEL_PROVIDER,
                          &unsaid);
    }
    return CLEAT_OK;
}

static cleat_err act(struct sync *s) {
    const cleat_obj *remembered = s->record->attempted;
    if (remembered != NULL && (s->service == NULL || !cleat_str_eq(SDK->obj->uid(remembered),
                                                                   SDK->obj->uid(s->service)))) {
        cleat_err err = release_remembered(s);
        if (err != CLEAT_OK) {
            return err;
        }
        remembered = NULL;
    }
    if (s->service == NULL) {
        return CLEAT_OK;
    }
    bool balanced = cleat_service_is_balanced(s->service);
    bool ending = cleat_service_is_ending(s->service);
    if (cleat_service_is_held(s->service) &&
        (ending || !balanced || cleat_service_has_moved(s->service))) {
        cleat_err err = release(s);
        if (err == CLEAT_OK && balanced && !ending) {
            s->ret->requeue_after = CLEAT_MS; /* from one provider to another */
        }
        return err;
    }
    if (ending || !balanced) { /* somebody may have taken finalizer and holder away */
        return remembered != NULL ? release_remembered(s) : CLEAT_OK;
    }
    const struct cleat_cloud *cloud = cleat_service_cloud(s->service);
    return cloud != NULL ? provide(s, cloud) : nobody(s);
}

cleat_err cleat_service_sync(void *self, cleat_ctx *ctx, struct cleat_key key,
                             struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_service_controller *c = self;
    struct cleat_service_record *r =
        cleat_service_records_take(c->records, key, CLEAT_SERVICE_BY_SERVICE, true);
    if (r == NULL) {
        return CLEAT_OK; /* its Nodes are being changed: whoever does that brings it back */
    }
    struct sync s = {.c = c,
                     .writer = {c->client, ctx, c->says},
                     .ctx = ctx,
                     .record = r,
                     .ret = ret,
                     .reterr = reterr};
    cleat_err err = SDK->client->get(c->client, ctx, CLEAT_SERVICE_GVR, key, &s.service, reterr);
    if (err == CLEAT_OK || err == CLEAT_E_NOT_FOUND) {
        err = act(&s);
    }
    SDK->obj->unref(s.service);
    if (cleat_service_records_give(c->records, r) & CLEAT_SERVICE_BY_HOSTS) {
        SDK->controller->enqueue(c->hosts, key, 0);
    }
    return err;
}
