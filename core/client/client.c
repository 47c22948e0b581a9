/* SPDX-License-Identifier: Apache-2.0 */
/* The client: an identity over a transport. Thread-safe: it has no state. */
#include "core/client/client.h"

struct cleat_client {
    struct cleat_transport *transport; /* borrowed */
    char *identity;
};

/* registry.h's numbers; this floor does not see that header */
enum { VERB_CREATE = 2, VERB_UPDATE, VERB_PATCH, VERB_DELETE, VERB_DELETE_COLLECTION };

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

static struct cleat_write of_patch(struct cleat_gvr gvr, struct cleat_key key,
                                   const char *subresource, int32_t type, struct cleat_str text) {
    return (struct cleat_write){.verb = VERB_PATCH,
                                .gvr = gvr,
                                .key = key,
                                .subresource = subresource,
                                .patch_type = type,
                                .patch = text};
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
    struct cleat_write w = of_patch(gvr, key, subresource, type, text);
    return write_one(c, ctx, &w, ret, e);
}

static struct cleat_write of_delete(int verb, struct cleat_gvr gvr, struct cleat_key key,
                                    const struct cleat_delete_opts *o) {
    struct cleat_write w = {.verb = verb, .gvr = gvr, .key = key};
    w.del = (struct cleat_delete_opts){.struct_size = sizeof w.del, .grace_period_seconds = -1};
    if (o != NULL) {
        /* The caller's may be shorter: an older one's missing fields are as if not said. */
        size_t n = o->struct_size < sizeof w.del ? o->struct_size : sizeof w.del;
        memcpy(&w.del, o, n);
        w.del.struct_size = sizeof w.del;
    }
    return w;
}

static cleat_err remove_one(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                            struct cleat_key key, const struct cleat_delete_opts *o,
                            cleat_obj **ret, struct cleat_error *e) {
    struct cleat_write w = of_delete(VERB_DELETE, gvr, key, o);
    return write_one(c, ctx, &w, ret, e);
}

static cleat_err remove_collection(cleat_client *c, cleat_ctx *ctx, struct cleat_gvr gvr,
                                   const char *ns, const struct cleat_list_opts *list,
                                   const struct cleat_delete_opts *o, struct cleat_error *e) {
    struct cleat_key key = {cleat_s(ns), {"", 0}};
    struct cleat_write w = of_delete(VERB_DELETE_COLLECTION, gvr, key, o);
    w.del.uid = NULL;
    w.del.revision = 0;
    if (list != NULL) {
        w.label_selector = list->label_selector;
        w.field_selector = list->field_selector;
    }
    return write_one(c, ctx, &w, NULL, e);
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

static cleat_err patch_async(cleat_client *c, struct cleat_gvr gvr, struct cleat_key key,
                             const char *subresource, int32_t type, struct cleat_str text,
                             cleat_done_fn done, void *userdata) {
    struct cleat_write w = of_patch(gvr, key, subresource, type, text);
    return c->transport->ops->write_async(c->transport, c->identity, &w, done, userdata);
}

static cleat_err remove_async(cleat_client *c, struct cleat_gvr gvr, struct cleat_key key,
                              const struct cleat_delete_opts *o, cleat_done_fn done,
                              void *userdata) {
    struct cleat_write w = of_delete(VERB_DELETE, gvr, key, o);
    return c->transport->ops->write_async(c->transport, c->identity, &w, done, userdata);
}

/* ---- what is served ---- */

void cleat_served_add(struct cleat_served *s, const struct cleat_kind_info *k) {
    const char *texts[] = {k->group, k->version, k->resource, k->kind};
    size_t sizes[4], all = 0;
    for (int i = 0; i < 4; i++) {
        all += sizes[i] = strlen(texts[i]) + 1;
    }
    struct cleat_kind_info *own = cleat_alloc(sizeof *own + all); /* the texts stand behind it */
    char *p = (char *)(own + 1);
    const char **at[] = {&own->group, &own->version, &own->resource, &own->kind};
    *own = *k;
    own->struct_size = sizeof *own;
    for (int i = 0; i < 4; i++) {
        *at[i] = memcpy(p, texts[i], sizes[i]);
        p += sizes[i];
    }
    s->v = cleat_rearray(s->v, s->n + 1, sizeof *s->v);
    s->v[s->n++] = own;
}

static void kinds_free(struct cleat_served *s) {
    for (size_t i = 0; i < s->n; i++) {
        free(s->v[i]);
    }
    free(s->v);
    free(s->failed);
    *s = (struct cleat_served){.struct_size = s->struct_size};
}

static cleat_err kinds(cleat_client *c, cleat_ctx *ctx, struct cleat_served *ret,
                       struct cleat_error *e) {
    if (c->transport->ops->kinds == NULL) {
        return cleat_fail(e, CLEAT_E_UNSUPPORTED, "this transport does not tell what is served");
    }
    struct cleat_served s = {.struct_size = sizeof s};
    cleat_err err = c->transport->ops->kinds(c->transport, c->identity, ctx, &s, e);
    if (err != CLEAT_OK) {
        kinds_free(&s);
        return err;
    }
    *ret = s;
    return CLEAT_OK;
}

static uint64_t watch_kinds(cleat_client *c, void (*fn)(void *userdata), void *userdata) {
    const struct cleat_transport_ops *ops = c->transport->ops;
    return ops->watch_kinds != NULL ? ops->watch_kinds(c->transport, fn, userdata) : 0;
}

static void unwatch_kinds(cleat_client *c, uint64_t id) {
    if (id != 0) {
        c->transport->ops->unwatch_kinds(c->transport, id);
    }
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
    .patch_async = patch_async,
    .remove_async = remove_async,
    .remove_collection = remove_collection,
    .kinds = kinds,
    .kinds_free = kinds_free,
    .watch_kinds = watch_kinds,
    .unwatch_kinds = unwatch_kinds,
};
