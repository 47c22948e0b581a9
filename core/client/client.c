/* SPDX-License-Identifier: Apache-2.0 */
/* The client: an identity over a transport. Thread-safe: it has no state. */
#include "core/client/client.h"

struct cleat_client {
    struct cleat_transport *transport; /* borrowed */
    char *identity;
};

/* registry.h's numbers; this floor does not see that header */
enum { VERB_CREATE = 2, VERB_UPDATE = 3, VERB_PATCH = 4, VERB_DELETE = 5 };

cleat_client *cleat_client_new(struct cleat_transport *t, const char *identity) {
    cleat_client *c = cleat_zalloc(sizeof *c);
    c->transport = t;
    c->identity = cleat_strdup(identity);
    return c;
}

void cleat_client_free(cleat_client *c) {
    if (c != NULL) {
        free(c->identity);
        free(c);
    }
}

struct cleat_transport *cleat_client_transport(cleat_client *c) {
    return c->transport;
}

const char *cleat_client_identity(cleat_client *c) {
    return c->identity;
}

static cleat_err get(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, struct cleat_key key,
                     cleat_obj **ret, struct cleat_error *e) {
    return c->transport->ops->get(c->transport, c->identity, ctx, gvr, key, ret, e);
}

static cleat_err list(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, const char *ns,
                      const struct cleat_list_opts *o, struct cleat_list *ret,
                      struct cleat_error *e) {
    return c->transport->ops->list(c->transport, c->identity, ctx, gvr, ns, o, ret, e);
}

static void list_free(struct cleat_list *l) {
    for (size_t i = 0; i < l->n; i++) {
        cleat_obj_unref(l->items[i]);
    }
    free(l->items);
    free(l->continue_token);
    l->items = NULL;
    l->continue_token = NULL;
    l->n = 0;
}

static cleat_err write_one(cleat_client *c, cleat_ctx *ctx, const struct cleat_write *w,
                           cleat_obj **ret, struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *result = NULL;
    CLEAT_TRY(c->transport->ops->write(c->transport, c->identity, ctx, w, &result, e));
    if (ret != NULL) {
        *ret = CLEAT_STEAL(result);
    }
    return CLEAT_OK;
}

static struct cleat_write of_object(int verb, struct cleat_gvr gvr, const char *subresource,
                                    const cleat_obj *obj) {
    return (struct cleat_write){.verb = verb,
                                .gvr = gvr,
                                .key = {cleat_obj_ns(obj), cleat_obj_name(obj)},
                                .subresource = subresource,
                                .obj = obj};
}

static cleat_err create(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, const cleat_obj *obj,
                        cleat_obj **ret, struct cleat_error *e) {
    struct cleat_write w = of_object(VERB_CREATE, gvr, NULL, obj);
    return write_one(c, ctx, &w, ret, e);
}

static cleat_err update(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                        const char *subresource, const cleat_obj *obj, cleat_obj **ret,
                        struct cleat_error *e) {
    struct cleat_write w = of_object(VERB_UPDATE, gvr, subresource, obj);
    return write_one(c, ctx, &w, ret, e);
}

static cleat_err patch(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr, struct cleat_key key,
                       const char *subresource, int32_t type, struct cleat_str text,
                       cleat_obj **ret, struct cleat_error *e) {
    struct cleat_write w = {.verb = VERB_PATCH,
                            .gvr = gvr,
                            .key = key,
                            .subresource = subresource,
                            .patch_type = type,
                            .patch = text};
    return write_one(c, ctx, &w, ret, e);
}

static cleat_err remove_one(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                            struct cleat_key key, const struct cleat_delete_opts *o,
                            cleat_obj **ret, struct cleat_error *e) {
    struct cleat_write w = {.verb = VERB_DELETE, .gvr = gvr, .key = key};
    w.del = (struct cleat_delete_opts){.struct_size = sizeof w.del, .grace_period_seconds = -1};
    if (o != NULL) {
        /* The caller's may be shorter: an older one's missing fields are as if not said. */
        size_t n = o->struct_size < sizeof w.del ? o->struct_size : sizeof w.del;
        memcpy(&w.del, o, n);
        w.del.struct_size = sizeof w.del;
    }
    return write_one(c, ctx, &w, ret, e);
}

static cleat_err create_async(cleat_client *c, struct cleat_gvr gvr, const cleat_obj *obj,
                              cleat_done_fn done, void *userdata) {
    struct cleat_write w = of_object(VERB_CREATE, gvr, NULL, obj);
    return c->transport->ops->write_async(c->transport, c->identity, &w, done, userdata);
}

static cleat_err update_async(cleat_client *c, struct cleat_gvr gvr, const char *subresource,
                              const cleat_obj *obj, cleat_done_fn done, void *userdata) {
    struct cleat_write w = of_object(VERB_UPDATE, gvr, subresource, obj);
    return c->transport->ops->write_async(c->transport, c->identity, &w, done, userdata);
}

const struct cleat_client_api cleat_client_api = {
    .struct_size = sizeof cleat_client_api,
    .get = get,
    .list = list,
    .list_free = list_free,
    .create = create,
    .update = update,
    .patch = patch,
    .remove = remove_one,
    .create_async = create_async,
    .update_async = update_async,
};
