/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Discovery: each server that a provider lists gets a Node. One key a provider,
 * reconciled when the provider says that its servers changed, when one of its
 * Nodes is deleted, and periodically. Only ever creates: an error or a short
 * list removes nothing.
 *
 * Nodes are created without waiting for each, so that thousands of servers
 * share the store's commits; whoever fails is found by the next round.
 */
#include "node.h"

#include <stdatomic.h>

enum { MAX_PENDING = 512 };
#define MIN_GAP (50 * CLEAT_MS) /* between the lists of one provider */

struct source {
    struct cleat_node_discovery *owner;
    const struct cleat_cloud *cloud;
    uint64_t watch;
    bool watching;
    cleat_time next; /* not to be listed before; one reconcile at a time */
};

struct cleat_node_discovery {
    cleat_client *client;
    cleat_controller *reconciler;
    cleat_time period;
    struct source *sources;
    size_t n_sources;
    _Atomic int pending;
};

static struct source *find_source(struct cleat_node_discovery *d, struct cleat_str name) {
    for (size_t i = 0; i < d->n_sources; i++) {
        if (cleat_str_is(name, d->sources[i].cloud->name)) {
            return &d->sources[i];
        }
    }
    return NULL;
}

static const struct cleat_instances_ops *lister(const struct cleat_cloud *cloud) {
    const struct cleat_instances_ops *ops = cleat_node_instances(cloud);
    return ops != NULL && CLEAT_HAS(ops, struct cleat_instances_ops, list) ? ops : NULL;
}

/* ---- from a server to a Node ---- */

static void merge_members(cleat_edit *e, const char *part, struct cleat_val members) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(members, &it)) {
        char *key = cleat_sdk_dup(it.key); /* names of fields and labels have no escapes */
        SDK->obj->set_val(e, CLEAT_PATH("metadata", part, key), it.val);
        free(key);
    }
}

/* As a kubelet that registers itself with an external cloud: its host name, which
 * stays beside the addresses that the cloud will tell. */
static void add_hostname(cleat_edit *e, const char *name) {
    SDK->obj->set_json(e, CLEAT_PATH("status", "addresses"),
                       CLEAT_STR("[{\"type\":\"Hostname\"}]"));
    SDK->obj->set_str(e, CLEAT_PATH("status", "addresses", "0", "address"), cleat_cstr(name));
}

static cleat_err make_node(const char *provider, const struct cleat_server *s, cleat_obj **ret,
                           struct cleat_error *reterr) {
    cleat_edit *e = SDK->obj->edit_new(NULL);
    SDK->obj->set_str(e, CLEAT_PATH("apiVersion"), CLEAT_STR("v1"));
    SDK->obj->set_str(e, CLEAT_PATH("kind"), CLEAT_STR("Node"));
    bool addresses = false;
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "name"), cleat_cstr(s->name));
    if (CLEAT_HAS(s, struct cleat_server, node_template)) {
        merge_members(e, "labels", CLEAT_AT(SDK, s->node_template, "metadata", "labels"));
        merge_members(e, "annotations", CLEAT_AT(SDK, s->node_template, "metadata", "annotations"));
        struct cleat_val status = CLEAT_AT(SDK, s->node_template, "status");
        if (SDK->obj->type(status) == CLEAT_OBJECT) {
            SDK->obj->set_val(e, CLEAT_PATH("status"), status);
        }
        addresses = SDK->obj->count(SDK->obj->at(status, CLEAT_PATH("addresses"))) > 0;
    }
    if (!addresses) {
        add_hostname(e, s->name);
    }
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "labels", CLEAT_LABEL_HOSTNAME),
                      cleat_cstr(s->name));
    SDK->obj->set_str(e, CLEAT_PATH("metadata", "labels", CLEAT_LABEL_PROVIDER),
                      cleat_cstr(provider));
    SDK->obj->set_str(e, CLEAT_PATH("spec", "providerID"), cleat_cstr(s->provider_id));
    cleat_node_add_taint(e, NULL, CLEAT_TAINT_UNINITIALIZED, "true", "NoSchedule");
    return SDK->obj->edit_finish(e, ret, reterr);
}

/* [dispatch] */
static void created(void *userdata, cleat_err err, const cleat_obj *obj,
                    const struct cleat_error *error) {
    struct cleat_node_discovery *d = userdata;
    (void)obj;
    if (err != CLEAT_OK && err != CLEAT_E_EXISTS) {
        cleat_node_log(CLEAT_LOG_WARN, cleat_cloud_node_desc.name,
                       "a server's Node was not created: %s", error != NULL ? error->message : "");
    }
    atomic_fetch_sub(&d->pending, 1); /* the last touch: see cleat_node_drain */
}

struct round {
    struct source *source;
    cleat_ctx *ctx;
    bool more; /* ended before the list did */
};

/* A cleat_server_fn. */
static int32_t on_server(void *sink, const struct cleat_server *s) {
    struct round *r = sink;
    struct cleat_node_discovery *d = r->source->owner;
    if (!CLEAT_HAS(s, struct cleat_server, provider_id) || s->name == NULL || s->name[0] == 0) {
        return 0;
    }
    cleat_informer *nodes = SDK->controller->informer(d->reconciler, CLEAT_NODE_GVR);
    cleat_obj *have = SDK->informer->get(nodes, cleat_key_of("", s->name));
    if (have != NULL) { /* whosever it is: it is not discovery's to change */
        SDK->obj->unref(have);
        return 0;
    }
    while (atomic_load(&d->pending) >= MAX_PENDING) {
        if (SDK->ctx->sleep(r->ctx, CLEAT_MS) != CLEAT_OK) {
            r->more = true;
            return 1;
        }
    }
    cleat_obj *node = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (make_node(r->source->cloud->name, s, &node, &why) != CLEAT_OK) {
        cleat_node_log(CLEAT_LOG_WARN, cleat_cloud_node_desc.name, "server %s: %s", s->name,
                       why.message);
        return 0;
    }
    atomic_fetch_add(&d->pending, 1);
    SDK->client->create_async(d->client, CLEAT_NODE_GVR, node, created, d);
    SDK->obj->unref(node);
    return 0;
}

/* ---- the reconciler ---- */

/* A list that is long takes no great part of all time, however much changes; one that a slow
 * cloud takes long for is not asked for without a pause. */
static cleat_time gap_after(cleat_time took) {
    cleat_time gap = 4 * took, most = took > CLEAT_SECOND ? took : CLEAT_SECOND;
    gap = gap < most ? gap : most;
    return gap > MIN_GAP ? gap : MIN_GAP;
}

static cleat_err reconcile(void *self, cleat_ctx *ctx, struct cleat_key key,
                           struct cleat_result *ret, struct cleat_error *reterr) {
    struct cleat_node_discovery *d = self;
    struct source *s = find_source(d, key.name);
    (void)reterr;
    if (s == NULL) {
        return CLEAT_OK;
    }
    cleat_time now = SDK->clock->monotonic();
    if (now < s->next) {
        ret->requeue_after = s->next - now;
        return CLEAT_OK;
    }
    struct round round = {.source = s, .ctx = ctx};
    struct cleat_error why = CLEAT_ERROR_INIT;
    cleat_err err = lister(s->cloud)->list(s->cloud->self, ctx, on_server, &round, &why);
    cleat_time end = SDK->clock->monotonic();
    s->next = end + gap_after(end - now);
    ret->requeue_after = d->period;
    if (err != CLEAT_OK && SDK->ctx->err(ctx) != CLEAT_E_CANCELLED) {
        cleat_node_log(CLEAT_LOG_WARN, cleat_cloud_node_desc.name,
                       "servers of cloud %s not listed: %s", s->cloud->name, why.message);
        if (why.retry_after_ms > 0) {
            ret->requeue_after = why.retry_after_ms * CLEAT_MS;
        }
    } else if (round.more) {
        ret->requeue_after = MIN_GAP;
    }
    return CLEAT_OK;
}

/* A Node that is gone may have a server still. [dispatch] */
static int32_t on_delete_only(void *self, const cleat_obj *old, const cleat_obj *node) {
    (void)self;
    (void)old;
    return node == NULL;
}

static void provider_of(void *self, const cleat_obj *node,
                        void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct cleat_node_discovery *d = self;
    const struct cleat_cloud *cloud = SDK->clouds->for_node(node);
    if (cloud != NULL && find_source(d, cleat_cstr(cloud->name)) != NULL) {
        emit(sink, cleat_key_of("", cloud->name));
    }
}

/* From the provider, on any thread. */
static void servers_changed(void *userdata) {
    struct source *s = userdata;
    SDK->controller->enqueue(s->owner->reconciler, cleat_key_of("", s->cloud->name), 20 * CLEAT_MS);
}

/* ---- life ---- */

static void find_sources(struct cleat_node_discovery *d) {
    size_t n = SDK->clouds->count();
    d->sources = cleat_sdk_alloc(n, sizeof *d->sources);
    for (size_t i = 0; i < n; i++) {
        const struct cleat_cloud *cloud = SDK->clouds->at(i);
        if (lister(cloud) != NULL) {
            d->sources[d->n_sources++] = (struct source){.owner = d, .cloud = cloud};
        }
    }
}

cleat_err cleat_node_discovery_new(const struct cleat_controller_env *env, cleat_time period,
                                   struct cleat_node_discovery **ret, struct cleat_error *reterr) {
    struct cleat_node_discovery *d = cleat_sdk_alloc(1, sizeof *d);
    d->client = env->client;
    d->period = period > MIN_GAP ? period : MIN_GAP;
    find_sources(d);
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts,
        .name = "cloud-node-discovery",
        .workers = d->n_sources > 0 ? (int32_t)d->n_sources : 1,
        .timeout = 2 * 60 * CLEAT_SECOND,
    };
    cleat_err err =
        SDK->controller->reconciler_new(env, &opts, reconcile, d, &d->reconciler, reterr);
    if (err == CLEAT_OK) {
        err = SDK->controller->watches(d->reconciler, CLEAT_NODE_GVR, provider_of, on_delete_only,
                                       reterr);
    }
    if (err != CLEAT_OK) {
        free(d->sources);
        free(d);
        return err;
    }
    *ret = d;
    return CLEAT_OK;
}

void cleat_node_discovery_start(struct cleat_node_discovery *d) {
    for (size_t i = 0; i < d->n_sources; i++) {
        struct source *s = &d->sources[i];
        const struct cleat_cloud_ops *ops = s->cloud->ops;
        struct cleat_error why = CLEAT_ERROR_INIT;
        if (CLEAT_HAS(ops, struct cleat_cloud_ops, watch_servers)) {
            s->watching =
                ops->watch_servers(s->cloud->self, servers_changed, s, &s->watch, &why) == CLEAT_OK;
            if (!s->watching) {
                cleat_node_log(CLEAT_LOG_WARN, cleat_cloud_node_desc.name,
                               "cloud %s will be polled: %s", s->cloud->name, why.message);
            }
        }
        SDK->controller->enqueue(d->reconciler, cleat_key_of("", s->cloud->name), 0);
    }
}

void cleat_node_discovery_request_stop(struct cleat_node_discovery *d) {
    for (size_t i = 0; d != NULL && i < d->n_sources; i++) {
        struct source *s = &d->sources[i];
        if (s->watching && CLEAT_HAS(s->cloud->ops, struct cleat_cloud_ops, unwatch_servers)) {
            s->cloud->ops->unwatch_servers(s->cloud->self, s->watch);
            s->watching = false;
        }
    }
}

void cleat_node_discovery_free(struct cleat_node_discovery *d) {
    if (d != NULL) {
        cleat_node_drain(&d->pending);
        free(d->sources);
        free(d);
    }
}
