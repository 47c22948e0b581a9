/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The in-process transport: requests go to the registry on the caller's thread,
 * objects come back by reference. The one file of this floor that sees the
 * registry. Asynchronous writes end on a thread of the transport's own, or, on a
 * manual one, in cleat_transport_local_step.
 */
#include "core/client/client.h"
#include "core/registry/registry.h"

struct cleat_stream {
    struct local *local;
    cleat_watch *watch;
    uint32_t kind;
    void (*wake)(void *userdata);
    void *userdata;
    cleat_stream *next;
};

struct pending {
    struct cleat_request req;
    struct local *local;
    struct pending *next;
    cleat_done_fn done;
    void *userdata;
    bool posted, ended;
    char *identity, *ns, *name, *subresource, *patch, *uid;
    struct cleat_user user;
};

struct kinds_watch {
    uint64_t id;
    void (*fn)(void *userdata);
    void *userdata;
    struct kinds_watch *next;
};

struct local {
    struct cleat_transport base;
    cleat_registry *registry;
    bool manual;

    pthread_mutex_t streams_mutex; /* held while streams are woken: wakes do not block */
    cleat_stream *streams;
    struct kinds_watch *kinds_watches;
    uint64_t kinds_seen, next_watch; /* the registry's generation that they know */
    uint64_t subscription;

    pthread_mutex_t mutex; /* guards the rest */
    pthread_cond_t cond;
    struct pending *arrived, **arrived_tail;
    size_t n_pending;
    bool has_thread, stopping;
    pthread_t thread;
};

/* Until there is RBAC, a controller is as mighty as an administrator. */
static const char *const groups[] = {"system:masters", "system:authenticated", NULL};

static cleat_err kind_of(struct local *l, struct cleat_gvr gvr, const struct cleat_kind **ret,
                         struct cleat_error *e) {
    *ret = cleat_registry_find(l->registry, gvr.group, gvr.version, gvr.resource);
    if (*ret == NULL) {
        return cleat_fail(e, CLEAT_E_NOT_FOUND,
                          "the server could not find the requested resource (%s.%s/%s)",
                          gvr.resource, gvr.group, gvr.version);
    }
    return CLEAT_OK;
}

/* Fills a caller's error, which may be of another size, from the request's. */
static cleat_err hand_over(const struct cleat_request *req, struct cleat_error *e) {
    if (e != NULL && req->err != CLEAT_OK) {
        uint32_t size = e->struct_size;
        memcpy(e, &req->error, size && size < sizeof *e ? size : sizeof *e);
        e->struct_size = size;
        e->code = req->err;
    }
    return req->err;
}

static cleat_err local_get(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                           struct cleat_gvr gvr, struct cleat_key key, cleat_obj **ret,
                           struct cleat_error *e) {
    struct local *l = (struct local *)t;
    const struct cleat_kind *k;
    CLEAT_TRY(kind_of(l, gvr, &k, e));
    struct cleat_user user = {.name = identity, .uid = "", .groups = groups};
    struct cleat_request req = {.registry = l->registry,
                                .verb = CLEAT_VERB_GET,
                                .kind = k,
                                .ns = key.ns,
                                .name = key.name,
                                .user = &user,
                                .error = CLEAT_ERROR_INIT};
    cleat_request_wait(&req, ctx);
    if (hand_over(&req, e) == CLEAT_OK) {
        *ret = CLEAT_STEAL(req.result);
    }
    cleat_err err = req.err;
    cleat_request_done(&req);
    return err;
}

static cleat_err local_list(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                            struct cleat_gvr gvr, const char *ns, const struct cleat_list_opts *o,
                            struct cleat_list *ret, struct cleat_error *e) {
    struct local *l = (struct local *)t;
    const struct cleat_kind *k;
    cleat_err ended = cleat_ctx_err(ctx);
    if (ended != CLEAT_OK) {
        return cleat_fail(e, ended, "the context has ended");
    }
    CLEAT_TRY(kind_of(l, gvr, &k, e));
    struct cleat_user user = {.name = identity, .uid = "", .groups = groups};
    struct cleat_list_request q = {.kind = k, .ns = cleat_s(ns), .user = &user};
    if (o != NULL) {
        q.limit = o->limit;
        q.label_selector = o->label_selector;
        q.field_selector = o->field_selector;
        q.continue_token = o->continue_token;
    }
    struct cleat_listing found;
    CLEAT_TRY(cleat_registry_list(l->registry, &q, &found, e));
    ret->revision = found.revision;
    ret->n = found.n;
    ret->items = cleat_array(found.n, sizeof *ret->items);
    for (size_t i = 0; i < found.n; i++) {
        ret->items[i] = cleat_obj_ref(found.items[i]);
    }
    ret->continue_token = CLEAT_STEAL(found.continue_token);
    cleat_listing_done(&found);
    return CLEAT_OK;
}

/* Everything of a write but who hears of its end. */
static void fill(struct cleat_request *req, struct local *l, const struct cleat_kind *k,
                 const struct cleat_write *w) {
    *req = (struct cleat_request){.registry = l->registry,
                                  .verb = w->verb,
                                  .kind = k,
                                  .subresource = w->subresource,
                                  .ns = w->key.ns,
                                  .name = w->verb == CLEAT_VERB_CREATE ? (struct cleat_str){"", 0}
                                                                       : w->key.name,
                                  .body = w->obj ? cleat_obj_ref(w->obj) : NULL,
                                  .patch_type = w->patch_type,
                                  .patch = w->patch,
                                  .del = w->del,
                                  .label_selector = w->label_selector,
                                  .field_selector = w->field_selector,
                                  .error = CLEAT_ERROR_INIT};
}

/* "node-controller" of "system:serviceaccount:kube-system:node-controller". */
static const char *manager_of(const char *identity) {
    const char *colon = strrchr(identity, ':');
    return colon != NULL ? colon + 1 : identity;
}

static cleat_err local_write(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                             const struct cleat_write *w, cleat_obj **ret, struct cleat_error *e) {
    struct local *l = (struct local *)t;
    const struct cleat_kind *k;
    CLEAT_TRY(kind_of(l, w->gvr, &k, e));
    struct cleat_user user = {.name = identity, .uid = "", .groups = groups};
    struct cleat_request req;
    fill(&req, l, k, w);
    req.user = &user;
    req.field_manager = manager_of(identity);
    cleat_request_wait(&req, ctx);
    if (hand_over(&req, e) == CLEAT_OK && !(req.verb == CLEAT_VERB_DELETE && req.gone)) {
        *ret = CLEAT_STEAL(req.result);
    }
    cleat_err err = req.err;
    cleat_request_done(&req);
    return err;
}

/* ---- asynchronous writes ---- */

static void pending_free(struct pending *p) {
    cleat_request_done(&p->req);
    free(p->identity);
    free(p->ns);
    free(p->name);
    free(p->subresource);
    free(p->patch);
    free(p->uid);
    free(p);
}

static void on_post(cleat_request *req) {
    struct pending *p = req->userdata;
    struct local *l = p->local;
    p->next = NULL;
    p->posted = true;
    CLEAT_LOCKED(&l->mutex);
    *l->arrived_tail = p;
    l->arrived_tail = &p->next;
    pthread_cond_signal(&l->cond);
}

/* A request that ended before it reached the committer ended on the thread that
 * started it. Of any other, that thread may not even look at the memory. */
static _Thread_local bool ended_at_once;
static _Thread_local cleat_err ended_with;

static void on_done(cleat_request *req) {
    struct pending *p = req->userdata;
    p->done(p->userdata, req->err, req->gone ? NULL : req->result, &req->error);
    p->ended = true;
    ended_at_once = !p->posted;
    ended_with = req->err;
}

static void end_pending(struct pending *p) {
    struct local *l = p->local;
    pending_free(p);
    CLEAT_LOCKED(&l->mutex);
    l->n_pending--;
    pthread_cond_broadcast(&l->cond);
}

/* Takes all that arrived; returns how many. */
static int run_arrived(struct local *l) {
    struct pending *p;
    {
        CLEAT_LOCKED(&l->mutex);
        p = l->arrived;
        l->arrived = NULL;
        l->arrived_tail = &l->arrived;
    }
    int n = 0;
    for (struct pending *next; p != NULL; p = next, n++) {
        next = p->next;
        cleat_request_resume(&p->req);
        if (p->ended) {
            end_pending(p);
        }
    }
    return n;
}

static void *completion_thread(void *arg) {
    struct local *l = arg;
    for (;;) {
        run_arrived(l);
        CLEAT_LOCKED(&l->mutex);
        while (l->arrived == NULL && !(l->stopping && l->n_pending == 0)) {
            pthread_cond_wait(&l->cond, &l->mutex);
        }
        if (l->arrived == NULL) {
            return NULL;
        }
    }
}

int cleat_transport_local_step(struct cleat_transport *t) {
    return run_arrived((struct local *)t);
}

static char *copy_str(struct cleat_str *s) {
    char *p = cleat_strndup(*s);
    s->p = p;
    return p;
}

static cleat_err local_write_async(struct cleat_transport *t, const char *identity,
                                   const struct cleat_write *w, cleat_done_fn done,
                                   void *userdata) {
    struct local *l = (struct local *)t;
    const struct cleat_kind *k;
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_err err = kind_of(l, w->gvr, &k, &e);
    if (err != CLEAT_OK) {
        done(userdata, err, NULL, &e);
        return err;
    }
    struct pending *p = cleat_zalloc(sizeof *p);
    p->local = l;
    p->done = done;
    p->userdata = userdata;
    p->identity = cleat_strdup(identity);
    p->user = (struct cleat_user){.name = p->identity, .uid = "", .groups = groups};
    fill(&p->req, l, k, w);
    p->ns = copy_str(&p->req.ns);
    p->name = copy_str(&p->req.name);
    p->patch = copy_str(&p->req.patch);
    p->uid = cleat_strdup(w->del.uid);
    p->req.del.uid = p->uid;
    p->subresource = cleat_strdup(w->subresource);
    p->req.subresource = p->subresource;
    p->req.user = &p->user;
    p->req.field_manager = manager_of(p->identity);
    p->req.done = on_done;
    p->req.post = on_post;
    p->req.userdata = p;
    {
        CLEAT_LOCKED(&l->mutex);
        l->n_pending++;
        if (!l->has_thread && !l->manual) {
            l->has_thread = true;
            l->thread = cleat_thread_start("completions", completion_thread, l);
        }
    }
    ended_at_once = false;
    cleat_request_start(&p->req);
    if (ended_at_once) {
        ended_at_once = false;
        err = ended_with;
        end_pending(p);
    }
    return err;
}

/* ---- watches ---- */

static void on_publish(void *userdata, const uint32_t *kinds, size_t n, uint64_t revision) {
    (void)revision;
    struct local *l = userdata;
    uint64_t generation = cleat_registry_generation(l->registry);
    CLEAT_LOCKED(&l->streams_mutex);
    if (generation != l->kinds_seen) {
        l->kinds_seen = generation;
        for (struct kinds_watch *w = l->kinds_watches; w != NULL; w = w->next) {
            w->fn(w->userdata);
        }
    }
    for (cleat_stream *s = l->streams; s != NULL; s = s->next) {
        for (size_t i = 0; i < n; i++) {
            if (kinds[i] == s->kind) {
                s->wake(s->userdata);
                break;
            }
        }
    }
}

static cleat_err local_watch(struct cleat_transport *t, const char *identity, struct cleat_gvr gvr,
                             const char *labels, const char *fields, uint64_t revision,
                             void (*wake)(void *), void *userdata, cleat_stream **ret,
                             struct cleat_error *e) {
    struct local *l = (struct local *)t;
    const struct cleat_kind *k;
    CLEAT_TRY(kind_of(l, gvr, &k, e));
    struct cleat_user user = {.name = identity, .uid = "", .groups = groups};
    CLEAT_AUTO_FREE char *from = cleat_sprintf("%llu", (unsigned long long)revision);
    struct cleat_watch_request q = {.kind = k,
                                    .user = &user,
                                    .label_selector = labels,
                                    .field_selector = fields,
                                    .resource_version = from};
    cleat_watch *w = NULL;
    CLEAT_TRY(cleat_watch_open(l->registry, &q, &w, e));
    cleat_stream *s = cleat_zalloc(sizeof *s);
    *s = (cleat_stream){l, w, cleat_watch_kind(w), wake, userdata, NULL};
    {
        CLEAT_LOCKED(&l->streams_mutex);
        s->next = l->streams;
        l->streams = s;
    }
    wake(userdata); /* for what came between the cursor and the list */
    *ret = s;
    return CLEAT_OK;
}

static int local_read(cleat_stream *s, struct cleat_stream_event *out, int max,
                      struct cleat_error *e) {
    int n = 0;
    while (n < max) {
        struct cleat_watch_event ev[32];
        int want = max - n < 32 ? max - n : 32;
        int got = cleat_watch_next(s->watch, ev, want, e);
        if (got < 0) {
            if (n == 0) {
                return got;
            }
            s->wake(s->userdata); /* what was read is given first; the error comes again */
            return n;
        }
        for (int i = 0; i < got; i++) {
            out[n++] = (struct cleat_stream_event){ev[i].type, ev[i].revision, ev[i].obj};
        }
        if (got == 0) {
            break;
        }
    }
    return n;
}

static void local_unwatch(cleat_stream *s) {
    struct local *l = s->local;
    {
        CLEAT_LOCKED(&l->streams_mutex);
        cleat_stream **p = &l->streams;
        while (*p != s) {
            p = &(*p)->next;
        }
        *p = s->next;
    }
    cleat_watch_close(s->watch);
    free(s);
}

static uint64_t local_position(const cleat_stream *s) {
    return cleat_watch_revision(s->watch);
}

/* ---- what is served ---- */

static uint32_t serves(const struct cleat_kind *k) {
    const uint32_t all = CLEAT_SERVES_DELETE_COLLECTION * 2 - 1;
    if (cleat_kind_is_asked(k)) {
        return CLEAT_SERVES_CREATE;
    }
    if (k->flags & CLEAT_KIND_READ_ONLY) {
        return CLEAT_SERVES_GET | CLEAT_SERVES_LIST;
    }
    return k->flags & CLEAT_KIND_NAMESPACE ? all & ~(uint32_t)CLEAT_SERVES_DELETE_COLLECTION : all;
}

static bool is_stored_so(const struct cleat_kind *k) {
    return k->stored_as == NULL &&
           (k->stored_version == NULL || strcmp(k->stored_version, k->api_version) == 0);
}

/* Of several versions of a resource, the one that is stored; else the first. */
static void add_kind(struct cleat_served *s, const struct cleat_kind *k) {
    struct cleat_kind_info info = {.serves = serves(k),
                                   .group = k->group,
                                   .version = k->version,
                                   .resource = k->resource,
                                   .kind = k->kind,
                                   .namespaced = (k->flags & CLEAT_KIND_NAMESPACED) != 0,
                                   .preferred = 1};
    for (size_t i = 0; i < s->n; i++) {
        struct cleat_kind_info *other = s->v[i];
        if (other->preferred && strcmp(other->resource, k->resource) == 0 &&
            strcmp(other->group, k->group) == 0) {
            other->preferred = !is_stored_so(k);
            info.preferred = is_stored_so(k);
        }
    }
    cleat_served_add(s, &info);
}

static cleat_err local_kinds(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                             struct cleat_served *ret, struct cleat_error *e) {
    struct local *l = (struct local *)t;
    const struct cleat_kind *k;
    (void)identity;
    cleat_err ended = cleat_ctx_err(ctx);
    if (ended != CLEAT_OK) {
        return cleat_fail(e, ended, "the context has ended");
    }
    ret->generation = cleat_registry_generation(l->registry);
    for (size_t i = 0; (k = cleat_registry_at(l->registry, i)) != NULL; i++) {
        add_kind(ret, k);
    }
    return CLEAT_OK;
}

static uint64_t local_watch_kinds(struct cleat_transport *t, void (*fn)(void *), void *userdata) {
    struct local *l = (struct local *)t;
    struct kinds_watch *w = cleat_zalloc(sizeof *w);
    CLEAT_LOCKED(&l->streams_mutex);
    *w = (struct kinds_watch){++l->next_watch, fn, userdata, l->kinds_watches};
    l->kinds_watches = w;
    return w->id;
}

static void local_unwatch_kinds(struct cleat_transport *t, uint64_t id) {
    struct local *l = (struct local *)t;
    CLEAT_LOCKED(&l->streams_mutex);
    for (struct kinds_watch **p = &l->kinds_watches; *p != NULL; p = &(*p)->next) {
        if ((*p)->id == id) {
            struct kinds_watch *gone = *p;
            *p = gone->next;
            free(gone);
            return;
        }
    }
}

/* ---- life ---- */

static void local_free(struct cleat_transport *t) {
    struct local *l = (struct local *)t;
    if (l->has_thread) {
        {
            CLEAT_LOCKED(&l->mutex);
            l->stopping = true;
            pthread_cond_broadcast(&l->cond);
        }
        pthread_join(l->thread, NULL);
    }
    cleat_store_unsubscribe(cleat_registry_store(l->registry), l->subscription);
    cleat_assert(l->streams == NULL && l->kinds_watches == NULL);
    pthread_mutex_destroy(&l->streams_mutex);
    pthread_mutex_destroy(&l->mutex);
    pthread_cond_destroy(&l->cond);
    free(l);
}

static struct cleat_transport *make(cleat_registry *r, bool manual) {
    static const struct cleat_transport_ops ops = {
        .get = local_get,
        .list = local_list,
        .write = local_write,
        .write_async = local_write_async,
        .watch = local_watch,
        .read = local_read,
        .unwatch = local_unwatch,
        .free = local_free,
        .position = local_position,
        .kinds = local_kinds,
        .watch_kinds = local_watch_kinds,
        .unwatch_kinds = local_unwatch_kinds,
    };
    struct local *l = cleat_zalloc(sizeof *l);
    l->base.ops = &ops;
    l->registry = r;
    l->manual = manual;
    l->kinds_seen = cleat_registry_generation(r);
    l->arrived_tail = &l->arrived;
    pthread_mutex_init(&l->streams_mutex, NULL);
    pthread_mutex_init(&l->mutex, NULL);
    pthread_cond_init(&l->cond, NULL);
    l->subscription = cleat_store_subscribe(cleat_registry_store(r), on_publish, l);
    return &l->base;
}

struct cleat_transport *cleat_transport_local(cleat_registry *r) {
    return make(r, false);
}

struct cleat_transport *cleat_transport_local_manual(cleat_registry *r) {
    return make(r, true);
}
