/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Servers through the gate. What a Node's deletion is proven by, exists and is_shut_down,
 * is asked each time; lists and metadata may be answered by answers.c. Any thread.
 */
#include "core/cloud/internal.h"

#define TAINT_UNINITIALIZED "node.cloudprovider.kubernetes.io/uninitialized"

static int32_t take(void *sink, const struct cleat_server *server) {
    cleat_answer_add_server(sink, server);
    return 0;
}

static int32_t take_one(void *sink, const struct cleat_server *server) {
    struct cleat_answer *a = sink;
    if (a->n == 0) {
        take(sink, server);
    }
    return 1;
}

void cleat_instances_perform(struct cleat_call *c) {
    const struct cleat_instances_ops *ops = c->gate->raw->instances;
    void *self = c->gate->raw_self;
    switch (c->kind) {
    case CLEAT_CALL_EXISTS:
        c->err = ops->exists(self, c->ctx, c->object, &c->yes, &c->error);
        break;
    case CLEAT_CALL_IS_SHUT_DOWN:
        c->err = ops->is_shut_down(self, c->ctx, c->object, &c->yes, &c->error);
        break;
    case CLEAT_CALL_METADATA:
        c->answer = cleat_answer_new();
        c->err = ops->metadata(self, c->ctx, c->object, take_one, c->answer, &c->error);
        break;
    default:
        c->answer = cleat_answer_new();
        c->err = ops->list(self, c->ctx, take, c->answer, &c->error);
        break;
    }
}

/* ---- what controllers call ---- */

static cleat_err yes_or_no(cleat_gate *g, enum cleat_call_kind kind, cleat_ctx *ctx,
                           const cleat_obj *node, int32_t *ret, struct cleat_error *reterr) {
    struct cleat_call *c = cleat_call_new(g, kind, node);
    c->yes = *ret;
    cleat_err err = cleat_call_run(c, ctx, CLEAT_SOON, reterr);
    if (err == CLEAT_OK) {
        *ret = c->yes;
    }
    cleat_call_unref(c);
    return err;
}

static cleat_err exists(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                        struct cleat_error *reterr) {
    return yes_or_no(self, CLEAT_CALL_EXISTS, ctx, node, ret, reterr);
}

static cleat_err is_shut_down(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                              struct cleat_error *reterr) {
    return yes_or_no(self, CLEAT_CALL_IS_SHUT_DOWN, ctx, node, ret, reterr);
}

static void tell(const struct cleat_answer *a, cleat_server_fn fn, void *sink) {
    for (size_t i = 0; i < a->n && fn(sink, a->items[i]) == 0; i++) {
    }
}

/* Somebody waits for a Node that cannot be used before its cloud has told of it. */
static bool is_awaited(const cleat_obj *node) {
    struct cleat_val taints = cleat_obj_at(node, CLEAT_PATH("spec", "taints"));
    struct cleat_iter it = {0};
    while (cleat_val_next(taints, &it)) {
        if (cleat_eqc(cleat_val_str(cleat_val_at(it.val, CLEAT_PATH("key"))),
                      TAINT_UNINITIALIZED)) {
            return true;
        }
    }
    return false;
}

static cleat_err metadata(void *self, cleat_ctx *ctx, const cleat_obj *node, cleat_server_fn fn,
                          void *sink, struct cleat_error *reterr) {
    cleat_gate *g = self;
    struct cleat_answer *a = NULL;
    struct cleat_call *c = cleat_call_new(g, CLEAT_CALL_METADATA, node);
    CLEAT_AUTO_FREE char *key = cleat_sprintf(
        "server %.*s %.*s", CLEAT_FMT(cleat_obj_uid(node)),
        CLEAT_FMT(cleat_val_str(cleat_obj_at(node, CLEAT_PATH("spec", "providerID")))));
    cleat_err err = cleat_answers_get(g, ctx, CLEAT_ABOUT_SERVERS, key, c,
                                      is_awaited(node) ? CLEAT_URGENT : CLEAT_IDLE, &a, reterr);
    if (err == CLEAT_OK) {
        tell(a, fn, sink);
    }
    cleat_answer_unref(a);
    cleat_call_unref(c);
    return err;
}

static cleat_err list(void *self, cleat_ctx *ctx, cleat_server_fn fn, void *sink,
                      struct cleat_error *reterr) {
    cleat_gate *g = self;
    struct cleat_answer *a = NULL;
    struct cleat_call *c = cleat_call_new(g, CLEAT_CALL_LIST_SERVERS, NULL);
    cleat_err err =
        cleat_answers_get(g, ctx, CLEAT_ABOUT_SERVERS, "servers", c, CLEAT_IDLE, &a, reterr);
    if (err == CLEAT_OK) {
        tell(a, fn, sink);
    }
    cleat_answer_unref(a);
    cleat_call_unref(c);
    return err;
}

const struct cleat_instances_ops *cleat_gate_instances(cleat_gate *g) {
    const struct cleat_instances_ops *raw = g->raw->instances;
    if (raw == NULL) {
        return NULL;
    }
    g->instances = (struct cleat_instances_ops){
        .struct_size = sizeof g->instances,
        .exists = CLEAT_HAS(raw, struct cleat_instances_ops, exists) ? exists : NULL,
        .is_shut_down =
            CLEAT_HAS(raw, struct cleat_instances_ops, is_shut_down) ? is_shut_down : NULL,
        .metadata = CLEAT_HAS(raw, struct cleat_instances_ops, metadata) ? metadata : NULL,
        .list = CLEAT_HAS(raw, struct cleat_instances_ops, list) ? list : NULL,
    };
    return &g->instances;
}
