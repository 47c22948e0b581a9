/* SPDX-License-Identifier: Apache-2.0 */
/* Routes and clusters through the gate. What is written makes lists be asked anew. Any thread. */
#include "core/cloud/internal.h"

static int32_t take(void *sink, const struct cleat_route *route) {
    cleat_answer_add_route(sink, route);
    return 0;
}

void cleat_routes_perform(struct cleat_call *c) {
    const struct cleat_routes_ops *ops = c->gate->raw->routes;
    void *self = c->gate->raw_self;
    switch (c->kind) {
    case CLEAT_CALL_CREATE_ROUTE:
        c->err = ops->create(self, c->ctx, c->cluster, c->hint, c->what->items[0], &c->error);
        break;
    case CLEAT_CALL_REMOVE_ROUTE:
        c->err = ops->remove(self, c->ctx, c->cluster, c->what->items[0], &c->error);
        break;
    default:
        c->answer = cleat_answer_new();
        c->err = ops->list(self, c->ctx, c->cluster, take, c->answer, &c->error);
        return;
    }
    /* here, not where the caller waits: it may be long gone */
    cleat_answers_forget(&c->gate->answers, CLEAT_ABOUT_ROUTES);
}

static cleat_err list(void *self, cleat_ctx *ctx, const char *cluster, cleat_route_fn fn,
                      void *sink, struct cleat_error *reterr) {
    cleat_gate *g = self;
    struct cleat_answer *a = NULL;
    struct cleat_call *c = cleat_call_new(g, CLEAT_CALL_LIST_ROUTES, NULL);
    c->cluster = cleat_strdup(cluster);
    CLEAT_AUTO_FREE char *key = cleat_sprintf("routes %s", cluster);
    cleat_err err = cleat_answers_get(g, ctx, CLEAT_ABOUT_ROUTES, key, c, CLEAT_IDLE, &a, reterr);
    for (size_t i = 0; err == CLEAT_OK && i < a->n && fn(sink, a->items[i]) == 0; i++) {
    }
    cleat_answer_unref(a);
    cleat_call_unref(c);
    return err;
}

static cleat_err change(cleat_gate *g, enum cleat_call_kind kind, cleat_ctx *ctx,
                        const char *cluster, const char *hint, const struct cleat_route *route,
                        struct cleat_error *reterr) {
    struct cleat_call *c = cleat_call_new(g, kind, NULL);
    c->cluster = cleat_strdup(cluster);
    c->hint = cleat_strdup(hint);
    c->what = cleat_answer_new();
    cleat_answer_add_route(c->what, route);
    cleat_answers_forget(&g->answers,
                         CLEAT_ABOUT_ROUTES); /* a list that is under way may lack it */
    cleat_err err = cleat_call_run(c, ctx, CLEAT_URGENT, reterr);
    cleat_call_unref(c);
    return err;
}

static cleat_err create(void *self, cleat_ctx *ctx, const char *cluster, const char *name_hint,
                        const struct cleat_route *route, struct cleat_error *reterr) {
    return change(self, CLEAT_CALL_CREATE_ROUTE, ctx, cluster, name_hint, route, reterr);
}

static cleat_err remove_route(void *self, cleat_ctx *ctx, const char *cluster,
                              const struct cleat_route *route, struct cleat_error *reterr) {
    return change(self, CLEAT_CALL_REMOVE_ROUTE, ctx, cluster, NULL, route, reterr);
}

const struct cleat_routes_ops *cleat_gate_routes(cleat_gate *g) {
    const struct cleat_routes_ops *raw = g->raw->routes;
    if (raw == NULL) {
        return NULL;
    }
    g->routes = (struct cleat_routes_ops){
        .struct_size = sizeof g->routes,
        .list = CLEAT_HAS(raw, struct cleat_routes_ops, list) ? list : NULL,
        .create = CLEAT_HAS(raw, struct cleat_routes_ops, create) ? create : NULL,
        .remove = CLEAT_HAS(raw, struct cleat_routes_ops, remove) ? remove_route : NULL,
    };
    return &g->routes;
}

/* ---- clusters ---- */

static void take_name(void *sink, const char *name) {
    cleat_answer_add_name(sink, name);
}

void cleat_clusters_perform(struct cleat_call *c) {
    const struct cleat_clusters_ops *ops = c->gate->raw->clusters;
    void *self = c->gate->raw_self;
    if (c->kind == CLEAT_CALL_MASTER) {
        c->err = ops->master(self, c->ctx, c->cluster, c->text, sizeof c->text, &c->error);
        return;
    }
    c->answer = cleat_answer_new();
    c->err = ops->list(self, c->ctx, take_name, c->answer, &c->error);
}

static cleat_err list_clusters(void *self, cleat_ctx *ctx,
                               void (*emit)(void *sink, const char *name), void *sink,
                               struct cleat_error *reterr) {
    struct cleat_call *c = cleat_call_new(self, CLEAT_CALL_LIST_CLUSTERS, NULL);
    cleat_err err = cleat_call_run(c, ctx, CLEAT_IDLE, reterr);
    for (size_t i = 0; err == CLEAT_OK && i < c->answer->n; i++) {
        emit(sink, c->answer->items[i]);
    }
    cleat_call_unref(c);
    return err;
}

static cleat_err master(void *self, cleat_ctx *ctx, const char *cluster, char *buf, size_t size,
                        struct cleat_error *reterr) {
    struct cleat_call *c = cleat_call_new(self, CLEAT_CALL_MASTER, NULL);
    c->cluster = cleat_strdup(cluster);
    cleat_err err = cleat_call_run(c, ctx, CLEAT_IDLE, reterr);
    if (err == CLEAT_OK && size > 0) {
        snprintf(buf, size, "%s", c->text);
    }
    cleat_call_unref(c);
    return err;
}

const struct cleat_clusters_ops *cleat_gate_clusters(cleat_gate *g) {
    const struct cleat_clusters_ops *raw = g->raw->clusters;
    if (raw == NULL) {
        return NULL;
    }
    g->clusters = (struct cleat_clusters_ops){
        .struct_size = sizeof g->clusters,
        .list = CLEAT_HAS(raw, struct cleat_clusters_ops, list) ? list_clusters : NULL,
        .master = CLEAT_HAS(raw, struct cleat_clusters_ops, master) ? master : NULL,
    };
    return &g->clusters;
}
