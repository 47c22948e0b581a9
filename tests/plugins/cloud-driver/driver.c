/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls a provider's balancers and routes as the real controllers do, as plainly
 * as can be: a test of a provider then depends on nothing but the provider.
 */
#include "../entry.h"

#include <stdbool.h>

#define OBJ (sdk.obj)
#define SDK_FOREACH(c, gvr, fn, data)                                                              \
    sdk.informer->foreach (sdk.controller->informer((c), (gvr)), NULL, (struct cleat_str){"", 0},  \
                           (fn), (data))

static const struct cleat_gvr services = {"", "v1", "services"};
static const struct cleat_gvr nodes = {"", "v1", "nodes"};
static const char finalizer[] = "cleat.dev/test-driver";

struct driver {
    cleat_client *client;
    cleat_controller *balancers, *routes;
};

struct set {
    const cleat_obj *v[256];
    size_t n;
};

static int32_t gather(void *userdata, const cleat_obj *o) {
    struct set *s = userdata;
    if (s->n < 256) {
        s->v[s->n++] = OBJ->ref(o);
    }
    return 0;
}

static void gather_nodes(cleat_controller *c, struct set *s) {
    s->n = 0;
    SDK_FOREACH(c, nodes, gather, s);
}

static void set_done(struct set *s) {
    for (size_t i = 0; i < s->n; i++) {
        OBJ->unref(s->v[i]);
    }
}

static cleat_err write_edit(struct driver *d, cleat_ctx *ctx, cleat_edit *e, const char *sub,
                            struct cleat_error *reterr) {
    cleat_obj *o = NULL;
    cleat_err err = OBJ->edit_finish(e, &o, reterr);
    if (err == CLEAT_OK) {
        err = sdk.client->update(d->client, ctx, services, sub, o, NULL, reterr);
        OBJ->unref(o);
    }
    return err;
}

static cleat_err release(struct driver *d, cleat_ctx *ctx, const struct cleat_cloud *cloud,
                         const cleat_obj *svc, struct cleat_error *reterr) {
    cleat_err err =
        cloud->ops->load_balancers->ensure_deleted(cloud->self, ctx, "kubernetes", svc, reterr);
    if (err != CLEAT_OK) {
        return err;
    }
    cleat_edit *e = OBJ->edit_new(svc);
    sdk.util->remove_finalizer(e, svc, finalizer);
    return write_edit(d, ctx, e, NULL, reterr);
}

static cleat_err provide(struct driver *d, cleat_ctx *ctx, const struct cleat_cloud *cloud,
                         const cleat_obj *svc, struct cleat_error *reterr) {
    struct set all;
    cleat_obj *status = NULL;
    if (!sdk.util->has_finalizer(svc, finalizer)) {
        cleat_edit *e = OBJ->edit_new(svc);
        sdk.util->add_finalizer(e, svc, finalizer);
        return write_edit(d, ctx, e, NULL, reterr); /* its own event comes back */
    }
    gather_nodes(d->balancers, &all);
    cleat_err err = cloud->ops->load_balancers->ensure(cloud->self, ctx, "kubernetes", svc, all.v,
                                                       all.n, &status, reterr);
    set_done(&all);
    if (err == CLEAT_OK &&
        !OBJ->equal(CLEAT_AT(&sdk, svc, "status", "loadBalancer"), OBJ->root(status))) {
        cleat_edit *e = OBJ->edit_new(svc);
        OBJ->set_val(e, CLEAT_PATH("status", "loadBalancer"), OBJ->root(status));
        err = write_edit(d, ctx, e, "status", reterr);
    }
    OBJ->unref(status);
    return err;
}

static cleat_err reconcile_service(void *self, cleat_ctx *ctx, struct cleat_key key,
                                   struct cleat_result *ret, struct cleat_error *reterr) {
    struct driver *d = self;
    (void)ret;
    cleat_obj *svc = sdk.informer->get(sdk.controller->informer(d->balancers, services), key);
    const struct cleat_cloud *cloud = svc != NULL ? sdk.clouds->for_service(svc) : NULL;
    cleat_err err = CLEAT_OK;
    if (cloud != NULL) {
        bool leaving = CLEAT_TEXT(&sdk, svc, "metadata", "deletionTimestamp").n > 0;
        bool wants = cleat_str_is(CLEAT_TEXT(&sdk, svc, "spec", "type"), "LoadBalancer");
        if (wants && !leaving) {
            err = provide(d, ctx, cloud, svc, reterr);
        } else if (sdk.util->has_finalizer(svc, finalizer)) {
            err = release(d, ctx, cloud, svc, reterr);
        }
    }
    OBJ->unref(svc);
    return err;
}

struct emit {
    void (*fn)(void *sink, struct cleat_key key);
    void *sink;
};

static int32_t emit_service(void *userdata, const cleat_obj *o) {
    struct emit *e = userdata;
    e->fn(e->sink, (struct cleat_key){OBJ->ns(o), OBJ->name(o)});
    return 0;
}

static void every_service(void *self, const cleat_obj *obj,
                          void (*emit)(void *sink, struct cleat_key key), void *sink) {
    struct driver *d = self;
    struct emit e = {emit, sink};
    (void)obj;
    SDK_FOREACH(d->balancers, services, emit_service, &e);
}

/* ---- routes ---- */

struct pass {
    struct driver *d;
    cleat_ctx *ctx;
    const struct cleat_cloud *cloud;
    struct set nodes;
    bool have[256][2];
    char *stale[64][3];
    size_t n_stale;
};

static int32_t on_route(void *sink, const struct cleat_route *r) {
    struct pass *p = sink;
    for (size_t i = 0; i < p->nodes.n; i++) {
        for (int k = 0; k < 2; k++) {
            struct cleat_str cidr =
                CLEAT_TEXT(&sdk, p->nodes.v[i], "spec", "podCIDRs", k == 0 ? "0" : "1");
            if (cleat_str_is(OBJ->name(p->nodes.v[i]), r->target_node) &&
                cleat_str_is(cidr, r->destination_cidr)) {
                p->have[i][k] = true;
                return 0;
            }
        }
    }
    if (p->n_stale < 64) {
        char **s = p->stale[p->n_stale++];
        s[0] = strdup(r->name);
        s[1] = strdup(r->target_node);
        s[2] = strdup(r->destination_cidr);
    }
    return 0;
}

static cleat_err reconcile_routes(void *self, cleat_ctx *ctx, struct cleat_key key,
                                  struct cleat_result *ret, struct cleat_error *reterr) {
    struct driver *d = self;
    (void)key;
    if (sdk.clouds->at(0) == NULL) {
        return cleat_errorf(reterr, CLEAT_E_UNAVAILABLE, "no provider runs");
    }
    struct pass *p = cleat_sdk_alloc(1, sizeof *p);
    *p = (struct pass){.d = d, .ctx = ctx, .cloud = sdk.clouds->at(0)};
    const struct cleat_routes_ops *ops = p->cloud->ops->routes;
    gather_nodes(d->routes, &p->nodes);
    cleat_err err = ops->list(p->cloud->self, ctx, "kubernetes", on_route, p, reterr);
    for (size_t i = 0; i < p->n_stale; i++) {
        struct cleat_route r = {.struct_size = sizeof r,
                                .name = p->stale[i][0],
                                .target_node = p->stale[i][1],
                                .destination_cidr = p->stale[i][2]};
        if (err == CLEAT_OK) {
            err = ops->remove(p->cloud->self, ctx, "kubernetes", &r, reterr);
        }
        free(p->stale[i][0]);
        free(p->stale[i][1]);
        free(p->stale[i][2]);
    }
    for (size_t i = 0; i < 2 * p->nodes.n && err == CLEAT_OK; i++) {
        const cleat_obj *node = p->nodes.v[i / 2];
        char *cidr =
            cleat_sdk_dup(CLEAT_TEXT(&sdk, node, "spec", "podCIDRs", i % 2 == 0 ? "0" : "1"));
        char *name = cleat_sdk_dup(OBJ->name(node));
        struct cleat_route r = {
            .struct_size = sizeof r, .target_node = name, .destination_cidr = cidr};
        if (cidr[0] != 0 && !p->have[i / 2][i % 2]) {
            err = ops->create(p->cloud->self, ctx, "kubernetes", name, &r, reterr);
        }
        free(cidr);
        free(name);
    }
    set_done(&p->nodes);
    free(p);
    ret->requeue_after = CLEAT_SECOND;
    return err;
}

static void one_key(void *self, const cleat_obj *obj,
                    void (*emit)(void *sink, struct cleat_key key), void *sink) {
    (void)self;
    (void)obj;
    emit(sink, cleat_key_of("", "routes"));
}

/* ---- life ---- */

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct driver *d = cleat_sdk_alloc(1, sizeof *d);
    struct cleat_reconciler_opts opts = {
        .struct_size = sizeof opts, .name = "driver-balancers", .max_delay = CLEAT_SECOND};
    d->client = env->client;
    cleat_err err =
        sdk.controller->reconciler_new(env, &opts, reconcile_service, d, &d->balancers, reterr);
    opts.name = "driver-routes";
    err = err ? err
              : sdk.controller->reconciler_new(env, &opts, reconcile_routes, d, &d->routes, reterr);
    err = err ? err : sdk.controller->reconciles(d->balancers, services, NULL, reterr);
    err = err ? err : sdk.controller->watches(d->balancers, nodes, every_service, NULL, reterr);
    err = err ? err : sdk.controller->watches(d->routes, nodes, one_key, NULL, reterr);
    if (err != CLEAT_OK) {
        free(d);
        return err;
    }
    sdk.controller->enqueue(d->routes, cleat_key_of("", "routes"), 0);
    *ret_self = d;
    return CLEAT_OK;
}

static const struct cleat_controller_desc controller = {
    .struct_size = sizeof controller,
    .disabled_by_default = 1, /* other tests load every plugin of this folder */
    .name = "test-cloud-driver",
    .description = "Calls a provider.",
    .create = create,
    .destroy = free,
};

static const void *factory(const char *id) {
    static const struct cleat_controller_desc *const all[] = {&controller};
    static const struct cleat_controller_factory f = {sizeof f, 1, all};
    return strcmp(id, CLEAT_FACTORY_CONTROLLER) == 0 ? &f : NULL;
}

ENTRY_INFO("test.cloud-driver", CLEAT_SDK_NEEDS);
ENTRY(CLEAT_ABI_INIT(struct cleat_plugin_entry), entry_init, factory);
