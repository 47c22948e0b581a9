/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Balancers that no Service is for: somebody took finalizer and holder away while nobody
 * looked, and the Service went or became another one.
 *
 * A provider that can tells what it has. One of these balancers goes when three lists in a row
 * have shown it, a period between each, and each time a live read has said that its Service is
 * gone or does not want it; a read that fails says nothing, a list that fails or is short
 * delays it. Only a few go at a time, so that people see it happen. What has been seen is
 * in this process alone: after a restart it is looked three times again.
 */
#include "service.h"

#include <pthread.h>

enum { LOOKS = 3, MOST = 10 };

struct orphan {
    struct orphan *next;
    char *provider, *uid, *ns, *name, *what;
    int looks;        /* that have found it */
    cleat_time since; /* monotonic: the first of them */
    bool listed;      /* by the present look */
};

struct cleat_service_orphans {
    pthread_mutex_t lock; /* guards the list; one look a provider at a time has its members */
    struct orphan *first;
};

struct cleat_service_orphans *cleat_service_orphans_new(void) {
    struct cleat_service_orphans *o = cleat_sdk_alloc(1, sizeof *o);
    pthread_mutex_init(&o->lock, NULL);
    return o;
}

static void free_orphan(struct orphan *o) {
    free(o->provider);
    free(o->uid);
    free(o->ns);
    free(o->name);
    free(o->what);
    free(o);
}

void cleat_service_orphans_free(struct cleat_service_orphans *o) {
    if (o == NULL) {
        return;
    }
    for (struct orphan *at = o->first, *next; at != NULL; at = next) {
        next = at->next;
        free_orphan(at);
    }
    pthread_mutex_destroy(&o->lock);
    free(o);
}

/* ---- one look ---- */

struct look {
    struct cleat_service_controller *c;
    cleat_ctx *ctx;
    const struct cleat_cloud *cloud;
    struct orphan *found; /* suspects of this provider, listed now or before */
    int deleted;
    cleat_time again; /* when something pending is to be asked for; 0 = nothing is */
};

static const char *or_empty(const char *s) {
    return s != NULL ? s : "";
}

/* As far as the cache tells: most are, and nothing is done on its word. */
static bool is_plainly_wanted(const struct look *l, const struct cleat_balancer *b) {
    cleat_informer *services = SDK->controller->informer(l->c->sweeps, CLEAT_SERVICE_GVR);
    cleat_obj *service =
        SDK->informer->get(services, cleat_key_of(or_empty(b->service_namespace), b->service_name));
    bool wanted = service != NULL && cleat_str_is(SDK->obj->uid(service), b->service_uid) &&
                  cleat_service_wants(service, l->cloud);
    SDK->obj->unref(service);
    return wanted;
}

static struct orphan *known(const struct look *l, const struct cleat_balancer *b) {
    struct orphan *o = l->found;
    while (o != NULL && (strcmp(o->uid, b->service_uid) != 0 ||
                         strcmp(o->ns, or_empty(b->service_namespace)) != 0 ||
                         strcmp(o->name, or_empty(b->service_name)) != 0)) {
        o = o->next;
    }
    return o;
}

static int32_t take(void *sink, const struct cleat_balancer *b) {
    struct look *l = sink;
    if (or_empty(b->service_uid)[0] == 0 || or_empty(b->service_name)[0] == 0) {
        return 0; /* nobody can say whose it is */
    }
    if (is_plainly_wanted(l, b)) {
        return 0;
    }
    struct orphan *o = known(l, b);
    if (o == NULL) {
        o = cleat_sdk_alloc(1, sizeof *o);
        *o = (struct orphan){.next = l->found,
                             .provider = cleat_sdk_dup(cleat_cstr(l->cloud->name)),
                             .uid = cleat_sdk_dup(cleat_cstr(b->service_uid)),
                             .ns = cleat_sdk_dup(cleat_cstr(b->service_namespace)),
                             .name = cleat_sdk_dup(cleat_cstr(b->service_name)),
                             .what = cleat_sdk_dup(cleat_cstr(b->name))};
        l->found = o;
    }
    o->listed = true;
    return 0;
}

enum verdict { WANTED, ORPHANED, UNCLEAR };

/* What the API says of the Service; nobody else works on it now. */
static enum verdict judge(const struct look *l, const struct orphan *o) {
    cleat_obj *service = NULL;
    cleat_err err = SDK->client->get(l->c->client, l->ctx, CLEAT_SERVICE_GVR,
                                     cleat_key_of(o->ns, o->name), &service, NULL);
    if (err == CLEAT_E_NOT_FOUND) {
        return ORPHANED;
    }
    if (err != CLEAT_OK) {
        return UNCLEAR;
    }
    bool other = !cleat_str_is(SDK->obj->uid(service), o->uid);
    enum verdict v = other || !cleat_service_wants(service, l->cloud) ? ORPHANED : WANTED;
    SDK->obj->unref(service);
    return v;
}

/* All that is known of its Service. Owned. */
static cleat_obj *stand_in(const struct orphan *o) {
    cleat_edit *e = SDK->obj->edit_new(NULL);
    SDK->obj->set_str(e, CLEAT_PATH("apiVersion"), CLEAT_STR("v1"));
    SDK->obj->set_str(e, CLEAT_PATH("kind"), CLEAT_STR("Service"));
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "namespace"), cleat_cstr(o->ns));
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "name"), cleat_cstr(o->name));
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "uid"), cleat_cstr(o->uid));
    SDK->obj->set_str(e, CLEAT_PATH("spec", "type"), CLEAT_STR("LoadBalancer"));
    cleat_obj *service = NULL;
    return SDK->obj->edit_finish(e, &service, NULL) == CLEAT_OK ? service : NULL;
}

/* True where it is gone. */
static bool delete_orphan(struct look *l, const struct orphan *o) {
    const struct cleat_lb_ops *ops = cleat_service_ops(l->cloud);
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *service = stand_in(o);
    if (service == NULL || !CLEAT_HAS(ops, struct cleat_lb_ops, ensure_deleted)) {
        SDK->obj->unref(service);
        return false;
    }
    l->deleted++;
    cleat_ctx *ctx = cleat_service_call(l->c, l->ctx);
    cleat_err err = ops->ensure_deleted(l->cloud->self, ctx, l->c->cluster, service, &e);
    SDK->ctx->free(ctx);
    bool gone = err == CLEAT_OK || err == CLEAT_E_NOT_FOUND;
    if (gone) {
        cleat_sdk_log(SDK, CLEAT_LOG_WARN, cleat_service_component,
                      "deleted balancer %s of provider %s: service %s/%s with uid %s, which it was "
                      "made for, is gone or does not want it",
                      o->what, l->cloud->name, o->ns, o->name, o->uid);
        cleat_service_event(service, "Normal", "DeletedLoadBalancer",
                            "Deleted load balancer that no service was for");
        SDK->metrics->add(l->c->swept, 1);
    } else if (err == CLEAT_E_PENDING) {
        cleat_time wait = e.retry_after_ms > 0 ? e.retry_after_ms * CLEAT_MS : CLEAT_SECOND;
        l->again = l->again == 0 || wait < l->again ? wait : l->again;
    } else if (err != CLEAT_E_ELSEWHERE && SDK->ctx->err(l->ctx) == CLEAT_OK) {
        cleat_service_event(service, "Warning", "DeleteLoadBalancerFailed",
                            "Error deleting load balancer: %s", e.message);
    }
    SDK->obj->unref(service);
    return gone;
}

static bool is_ripe(const struct look *l, const struct orphan *o) {
    return o->looks >= LOOKS &&
           SDK->clock->monotonic() - o->since >= (LOOKS - 1) * l->c->orphan_period;
}

static void count_look(const struct look *l, struct orphan *o) {
    cleat_time now = SDK->clock->monotonic();
    if (o->looks == 0) {
        o->since = now;
        cleat_sdk_log(SDK, CLEAT_LOG_WARN, cleat_service_component,
                      "balancer %s of provider %s is for service %s/%s with uid %s, which is gone "
                      "or does not want it: it will be deleted if that stays so",
                      o->what, l->cloud->name, o->ns, o->name, o->uid);
    }
    /* looks that come early, after something pending, are none */
    if (o->looks < LOOKS && now - o->since >= o->looks * l->c->orphan_period) {
        o->looks++;
    }
}

/* Holds the Service's record meanwhile, so that its own reconcile comes before or after.
 * True where there is nothing left to look after. */
static bool examine(struct look *l, struct orphan *o) {
    struct cleat_service_controller *c = l->c;
    struct cleat_key key = cleat_key_of(o->ns, o->name);
    struct cleat_service_record *r =
        cleat_service_records_take(c->records, key, CLEAT_SERVICE_BY_SERVICE, true);
    if (r == NULL) {
        return false; /* somebody is at work on it */
    }
    bool ended = false;
    /* what this process has made itself, its own reconcile takes away */
    bool own = r->attempted != NULL && cleat_str_is(SDK->obj->uid(r->attempted), o->uid) &&
               strcmp(r->provider, l->cloud->name) == 0;
    enum verdict v = own ? UNCLEAR : judge(l, o);
    if (v == WANTED) {
        ended = true;
    } else if (v == ORPHANED) {
        count_look(l, o);
        ended = is_ripe(l, o) && l->deleted < MOST && delete_orphan(l, o);
    }
    uint32_t came = cleat_service_records_give(c->records, r);
    if ((came & CLEAT_SERVICE_BY_SERVICE) != 0) {
        SDK->controller->enqueue(c->services, key, 0);
    }
    if ((came & CLEAT_SERVICE_BY_HOSTS) != 0) {
        SDK->controller->enqueue(c->hosts, key, 0);
    }
    return ended;
}

/* ---- all looks ---- */

/* Moves those of this provider from one list to the other. */
static void move(struct orphan **from, struct orphan **to, const char *provider) {
    for (struct orphan **at = from; *at != NULL;) {
        struct orphan *o = *at;
        if (strcmp(o->provider, provider) == 0) {
            *at = o->next;
            o->next = *to;
            *to = o;
        } else {
            at = &o->next;
        }
    }
}

static void examine_all(struct look *l) {
    for (struct orphan **at = &l->found; *at != NULL;) {
        struct orphan *o = *at;
        bool ended = !o->listed || (SDK->ctx->err(l->ctx) == CLEAT_OK && examine(l, o));
        if (ended) {
            *at = o->next;
            free_orphan(o);
        } else {
            at = &o->next;
        }
    }
}

cleat_err cleat_service_sweep(void *self, cleat_ctx *ctx, struct cleat_key key,
                              struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_service_controller *c = self;
    char *name = cleat_sdk_dup(key.name);
    struct look l = {.c = c, .ctx = ctx, .cloud = SDK->clouds->by_name(name)};
    const struct cleat_lb_ops *ops = cleat_service_ops(l.cloud);
    cleat_err err = CLEAT_OK;
    ret->requeue_after = c->orphan_period;
    if (ops != NULL && CLEAT_HAS(ops, struct cleat_lb_ops, list)) {
        pthread_mutex_lock(&c->orphans->lock);
        move(&c->orphans->first, &l.found, name);
        pthread_mutex_unlock(&c->orphans->lock);
        for (struct orphan *o = l.found; o != NULL; o = o->next) {
            o->listed = false;
        }
        cleat_ctx *call = cleat_service_call(c, ctx);
        err = ops->list(l.cloud->self, call, c->cluster, take, &l, reterr);
        SDK->ctx->free(call);
        if (err == CLEAT_OK) {
            examine_all(&l);
            ret->requeue_after =
                l.again > 0 && l.again < c->orphan_period ? l.again : c->orphan_period;
        }
        pthread_mutex_lock(&c->orphans->lock);
        move(&l.found, &c->orphans->first, name);
        pthread_mutex_unlock(&c->orphans->lock);
    }
    free(name);
    return err;
}
