/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes of single objects, waited for or not. */
#include "core/remote/internal.h"

#define PATIENCE CLEAT_SECOND

/* registry.h's numbers; this floor does not see that header */
enum { CREATE = 2, UPDATE, PATCH, DELETE, DELETE_COLLECTION };

/* ---- waiting ---- */

struct waiting {
    struct cleat_event done;
    cleat_err err;
    struct cleat_error e;
};

static void on_end(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *e) {
    struct waiting *w = c->userdata;
    w->err = err;
    if (e != NULL) {
        w->e = *e;
    }
    cleat_event_set(&w->done);
}

const struct cleat__rc_sink cleat__rc_sink_wait = {NULL, on_end};

static cleat_err hand_over(cleat_err err, const struct cleat_error *from, struct cleat_error *e) {
    if (e != NULL && err != CLEAT_OK) {
        uint32_t size = e->struct_size;
        memcpy(e, from, size > 0 && size < sizeof *e ? size : sizeof *e);
        e->struct_size = size;
        e->code = err;
    }
    return err;
}

cleat_err cleat__rc_call_wait(struct cleat__rc_call *c, cleat_ctx *ctx, struct cleat_error *e) {
    struct waiting w = {.e = CLEAT_ERROR_INIT};
    cleat_err ended = cleat_ctx_err(ctx);
    cleat_assert(!cleat__rc_on_loop(c->r));
    if (ended != CLEAT_OK) {
        return cleat_fail(e, ended, "%s %s: the context has ended", c->method, c->path);
    }
    cleat_event_init(&w.done);
    c->userdata = &w;
    cleat__rc_call_start(c);
    ended = cleat_ctx_wait(ctx, &w.done);
    if (ended == CLEAT_OK) {
        return hand_over(w.err, &w.e, e);
    }
    /* A write that has left is answered soon, as a rule; who gives it up knows less, and nobody
     * could tell when it is made. */
    if (ended != CLEAT_E_CANCELLED || cleat__rc_call_cancel_unsent(c) ||
        !cleat_event_wait(&w.done, PATIENCE)) {
        cleat__rc_call_cancel(c->r, c);
    }
    if (w.err != CLEAT_E_CANCELLED) {
        return hand_over(w.err, &w.e, e); /* it ended in between */
    }
    return cleat_fail(e, ended, "%s %s%s: the context has ended%s", c->method, c->r->shown, c->path,
                      c->sent && strcmp(c->method, "GET") != 0 ? "; the outcome is not known" : "");
}

/* ---- reading ---- */

static cleat_err object_of(const struct cleat__rc_call *c, cleat_obj **ret, struct cleat_error *e) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    struct cleat_str text = {c->answer.p != NULL ? c->answer.p : "", c->answer.n};
    if (cleat_obj_parse(text, 0, ret, &why) == CLEAT_OK) {
        return CLEAT_OK;
    }
    bool write = strcmp(c->method, "GET") != 0;
    return cleat_fail(e, write ? CLEAT_E_UNKNOWN : CLEAT_E_UNAVAILABLE,
                      "%s %s%s: the answer is no object: %s", c->method, c->r->shown, c->path,
                      why.message);
}

static cleat_err remote_get(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                            struct cleat_gvr gvr, struct cleat_key key, cleat_obj **ret,
                            struct cleat_error *e) {
    struct cleat__remote *r = (struct cleat__remote *)t;
    if (key.name.n == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "name is required");
    }
    char *path = cleat__rc_path(gvr, key.ns, key.name, NULL);
    struct cleat__rc_call *c =
        cleat__rc_call_new(r, identity, "GET", path, &cleat__rc_sink_wait, NULL);
    CLEAT_AUTO(cleat_obj) *o = NULL;
    cleat_err err = cleat__rc_call_wait(c, ctx, e);
    if (err == CLEAT_OK) {
        err = object_of(c, &o, e);
    }
    if (err == CLEAT_OK && !cleat_eq(cleat_obj_name(o), key.name)) {
        err = cleat_fail(e, CLEAT_E_UNAVAILABLE, "GET %s%s: the answer is another object", r->shown,
                         c->path);
    }
    cleat__rc_call_free(c);
    if (err == CLEAT_OK) {
        *ret = CLEAT_STEAL(o);
    }
    return err;
}

/* ---- writing ---- */

static void member(struct cleat_buf *b, const char *name, const char *text) {
    cleat_buf_printf(b, ",\"%s\":", name);
    cleat_buf_json(b, cleat_s(text));
}

static void delete_options(struct cleat_buf *b, const struct cleat_delete_opts *d) {
    static const char *const policies[] = {NULL, "Background", "Foreground", "Orphan"};
    cleat_buf_puts(b, "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\"");
    if (d->grace_period_seconds >= 0) {
        cleat_buf_printf(b, ",\"gracePeriodSeconds\":%lld", (long long)d->grace_period_seconds);
    }
    if (d->propagation > 0 && d->propagation <= CLEAT_PROPAGATE_ORPHAN) {
        member(b, "propagationPolicy", policies[d->propagation]);
    }
    if (d->uid != NULL || d->revision != 0) {
        cleat_buf_puts(b, ",\"preconditions\":{\"kind\":\"Preconditions\"");
        if (d->uid != NULL) {
            member(b, "uid", d->uid);
        }
        if (d->revision != 0) {
            cleat_buf_printf(b, ",\"resourceVersion\":\"%llu\"", (unsigned long long)d->revision);
        }
        cleat_buf_putc(b, '}');
    }
    cleat_buf_putc(b, '}');
}

static const char *method_of(int verb) {
    return verb == CREATE ? "POST" : verb == UPDATE ? "PUT" : verb == PATCH ? "PATCH" : "DELETE";
}

static const char *patch_media(int type) {
    return type == CLEAT_PATCH_JSON        ? "application/json-patch+json"
           : type == CLEAT_PATCH_MERGE     ? "application/merge-patch+json"
           : type == CLEAT_PATCH_STRATEGIC ? "application/strategic-merge-patch+json"
                                           : "application/apply-patch+yaml";
}

static struct cleat__rc_call *call_of(struct cleat__remote *r, const char *identity,
                                      const struct cleat_write *w,
                                      const struct cleat__rc_sink *sink, void *userdata) {
    struct cleat_str none = {"", 0};
    bool named = w->verb != CREATE && w->verb != DELETE_COLLECTION;
    CLEAT_AUTO_FREE char *base =
        cleat__rc_path(w->gvr, w->key.ns, named ? w->key.name : none, w->subresource);
    struct cleat__rc_call *c =
        cleat__rc_call_new(r, identity, method_of(w->verb), NULL, sink, userdata);
    CLEAT_AUTO_BUF path = {0};
    cleat_buf_puts(&path, base);
    if (w->verb == CREATE || w->verb == UPDATE || w->verb == PATCH) {
        cleat__rc_query(&path, "fieldManager", c->who->manager);
    }
    if (w->verb == PATCH && w->patch_type == CLEAT_PATCH_APPLY_FORCE) {
        cleat__rc_query(&path, "force", "true");
    }
    if (w->verb == DELETE_COLLECTION) {
        cleat__rc_query(&path, "labelSelector", w->label_selector);
        cleat__rc_query(&path, "fieldSelector", w->field_selector);
    }
    c->writes = true;
    c->path = cleat_buf_take(&path);
    c->content_type = w->verb == PATCH ? patch_media(w->patch_type) : "application/json";
    if (w->verb == CREATE || w->verb == UPDATE) {
        cleat_buf_str(&c->body, cleat_obj_bytes(w->obj));
    } else if (w->verb == PATCH) {
        cleat_buf_str(&c->body, w->patch);
    } else {
        delete_options(&c->body, &w->del);
    }
    return c;
}

static bool is_status(const cleat_obj *o) {
    return cleat_eqc(cleat_val_str(cleat_val_get(cleat_obj_root(o), "kind")), "Status");
}

/* Whether what a DELETE answers is still there: it waits for its finalizers, or for its time. */
static bool stays(const cleat_obj *o) {
    struct cleat_val finalizers = cleat_obj_at(o, CLEAT_PATH("metadata", "finalizers"));
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec", "finalizers")); /* namespaces */
    struct cleat_val grace = cleat_obj_at(o, CLEAT_PATH("metadata", "deletionGracePeriodSeconds"));
    int64_t seconds = 0;
    if (!cleat_val_present(cleat_obj_at(o, CLEAT_PATH("metadata", "deletionTimestamp")))) {
        return false;
    }
    return (cleat_val_present(finalizers) && cleat_val_count(finalizers) > 0) ||
           (cleat_val_present(spec) && cleat_val_type(spec) == CLEAT_ARRAY &&
            cleat_val_count(spec) > 0) ||
           (cleat_val_int(grace, &seconds) && seconds > 0);
}

/* *ret stays NULL where the object is gone. */
static cleat_err result_of(const struct cleat__rc_call *c, int verb, cleat_obj **ret,
                           struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (verb == DELETE_COLLECTION) {
        return CLEAT_OK; /* the answer lists what was there */
    }
    CLEAT_TRY(object_of(c, &o, e));
    if (verb == DELETE && (is_status(o) || !stays(o))) {
        return CLEAT_OK;
    }
    *ret = CLEAT_STEAL(o);
    return CLEAT_OK;
}

static cleat_err write_one(struct cleat__remote *r, const char *identity, cleat_ctx *ctx,
                           const struct cleat_write *w, cleat_obj **ret, struct cleat_error *e) {
    struct cleat__rc_call *c = call_of(r, identity, w, &cleat__rc_sink_wait, NULL);
    cleat_err err = cleat__rc_call_wait(c, ctx, e);
    if (err == CLEAT_OK) {
        err = result_of(c, w->verb, ret, e);
    }
    cleat__rc_call_free(c);
    return err;
}

/* Upstream deletes collections of one namespace only: those that have some, one by one. */
static cleat_err everywhere(struct cleat__remote *r, const char *identity, cleat_ctx *ctx,
                            const struct cleat_write *w, struct cleat_error *e) {
    struct cleat_list l = {.struct_size = sizeof l};
    struct cleat_list_opts o = {.struct_size = sizeof o,
                                .label_selector = w->label_selector,
                                .field_selector = w->field_selector};
    struct cleat_map seen = {0};
    CLEAT_TRY(cleat__remote_list(&r->base, identity, ctx, w->gvr, NULL, &o, &l, e));
    cleat_err err = CLEAT_OK;
    for (size_t i = 0; i < l.n; i++) {
        struct cleat_str ns = cleat_obj_ns(l.items[i]);
        if (err == CLEAT_OK && ns.n > 0 && cleat_map_put(&seen, ns, &seen) == NULL) {
            struct cleat_write one = *w;
            cleat_obj *none = NULL;
            one.key.ns = ns;
            err = write_one(r, identity, ctx, &one, &none, e);
        }
    }
    for (size_t i = 0; i < l.n; i++) {
        cleat_obj_unref(l.items[i]);
    }
    free(l.items);
    free(l.continue_token);
    cleat_map_done(&seen);
    return err;
}

static cleat_err remote_write(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                              const struct cleat_write *w, cleat_obj **ret, struct cleat_error *e) {
    struct cleat__remote *r = (struct cleat__remote *)t;
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (w->verb != CREATE && w->verb != DELETE_COLLECTION && w->key.name.n == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "name is required");
    }
    cleat_err err = write_one(r, identity, ctx, w, ret, &why);
    if (w->verb == DELETE_COLLECTION && w->key.ns.n == 0 && err == CLEAT_E_METHOD) {
        return everywhere(r, identity, ctx, w, e);
    }
    return hand_over(err, &why, e);
}

/* ---- writing without waiting ---- */

struct pending {
    int verb;
    cleat_done_fn done;
    void *userdata;
};

static void on_written(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *told) {
    struct pending *p = c->userdata;
    struct cleat_error e = CLEAT_ERROR_INIT;
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (told != NULL) {
        e = *told;
    }
    if (err == CLEAT_OK) {
        err = result_of(c, p->verb, &o, &e);
    }
    p->done(p->userdata, err, o, &e);
    free(p);
    cleat__rc_call_free(c);
}

static cleat_err remote_write_async(struct cleat_transport *t, const char *identity,
                                    const struct cleat_write *w, cleat_done_fn done,
                                    void *userdata) {
    static const struct cleat__rc_sink sink = {NULL, on_written};
    struct cleat_error e = CLEAT_ERROR_INIT;
    if (w->verb != CREATE && w->key.name.n == 0) {
        cleat_err err = cleat_fail(&e, CLEAT_E_BAD_REQUEST, "name is required");
        done(userdata, err, NULL, &e);
        return err;
    }
    struct pending *p = cleat_zalloc(sizeof *p);
    *p = (struct pending){w->verb, done, userdata};
    cleat__rc_call_start(call_of((struct cleat__remote *)t, identity, w, &sink, p));
    return CLEAT_OK;
}

const struct cleat_transport_ops cleat__remote_ops = {
    .get = remote_get,
    .list = cleat__remote_list,
    .write = remote_write,
    .write_async = remote_write_async,
    .watch = cleat__remote_watch,
    .read = cleat__remote_read,
    .unwatch = cleat__remote_unwatch,
    .free = cleat__remote_free,
    .watch_metadata = cleat__remote_watch_metadata,
    .list_metadata = cleat__remote_list_metadata,
    .kinds = cleat__remote_kinds,
    .watch_kinds = cleat__remote_watch_kinds,
    .unwatch_kinds = cleat__remote_unwatch_kinds,
    .follow = cleat__remote_follow,
};
