/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the server serves: aggregated discovery in two requests, both answered 304 while
 * nothing has changed, or the old way, group by group, where the server does not know it.
 *
 * Whoever watches is told when the documents differ from what kinds last gave; they are
 * looked at each half minute, and shortly after a CustomResourceDefinition has changed.
 */
#include "core/remote/internal.h"

#define LOOK_EACH  (30 * CLEAT_SECOND)
#define LOOK_SOON  (100 * CLEAT_MS)
#define LOOK_AGAIN (1500 * CLEAT_MS) /* discovery follows a definition after a while */
enum { DOCS = 2 };

static const char aggregated[] =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
    "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
static const char *const paths[DOCS] = {"/api", "/apis"};

struct doc {
    char *etag;
    cleat_obj *body;
    uint64_t print;
};

struct watcher {
    uint64_t id;
    void (*fn)(void *userdata);
    void *userdata;
    struct watcher *next;
};

struct cleat__rc_served {
    struct cleat__remote *r;
    pthread_mutex_t mutex; /* guards the documents, held for moments */
    struct doc docs[DOCS];
    uint64_t generation;
    _Atomic uint64_t told[DOCS]; /* prints of what kinds gave last */
    _Atomic bool changed;        /* whatever the prints say */

    pthread_mutex_t watch_mutex; /* held while watchers are called: they do not block */
    struct watcher *watchers;
    uint64_t next_id;
    bool monitored;

    /* The I/O thread's. */
    struct cleat__rc_msg start;
    struct event look, rewatch;
    struct cleat__rc_call *looking[DOCS], *watching;
    bool again, stopped;
};

/* ---- reading ---- */

static uint32_t serves(struct cleat_val verbs) {
    static const struct {
        const char *verb;
        uint32_t bit;
    } known[] = {
        {"get", CLEAT_SERVES_GET},       {"list", CLEAT_SERVES_LIST},
        {"watch", CLEAT_SERVES_WATCH},   {"create", CLEAT_SERVES_CREATE},
        {"update", CLEAT_SERVES_UPDATE}, {"patch", CLEAT_SERVES_PATCH},
        {"delete", CLEAT_SERVES_DELETE}, {"deletecollection", CLEAT_SERVES_DELETE_COLLECTION}};
    struct cleat_iter it = {0};
    uint32_t bits = 0;
    while (cleat_val_present(verbs) && cleat_val_type(verbs) == CLEAT_ARRAY &&
           cleat_val_next(verbs, &it)) {
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            bits |= cleat_eqc(cleat_val_str(it.val), known[i].verb) ? known[i].bit : 0;
        }
    }
    return bits;
}

struct making {
    struct cleat_served *ret;
    struct cleat_map preferred; /* "group/resource" that have been added */
    struct cleat_buf failed;
};

static void add_failure(struct making *m, const char *group, const char *version, const char *why) {
    m->ret->n_failed++;
    cleat_buf_printf(&m->failed, "%s%s%s%s: %s", m->failed.n > 0 ? ", " : "", group,
                     *group != '\0' ? "/" : "", version, why);
}

static void add_kind(struct making *m, const char *group, const char *version, const char *resource,
                     const char *kind, bool namespaced, struct cleat_val verbs) {
    CLEAT_AUTO_FREE char *key = cleat_sprintf("%s/%s", group, resource);
    struct cleat_kind_info info = {.serves = serves(verbs),
                                   .group = group,
                                   .version = version,
                                   .resource = resource,
                                   .kind = kind,
                                   .namespaced = namespaced};
    if (cleat_map_get(&m->preferred, cleat_s(key)) == NULL) {
        cleat_map_put(&m->preferred, cleat_s(key), m);
        info.preferred = 1;
    }
    cleat_served_add(m->ret, &info);
}

static void add_version(struct making *m, const char *group, struct cleat_val version) {
    CLEAT_AUTO_FREE char *name = cleat_val_strdup(cleat_val_get(version, "version"));
    struct cleat_val resources = cleat_val_get(version, "resources");
    struct cleat_iter it = {0};
    if (name == NULL) {
        return;
    }
    if (cleat_eqc(cleat_val_str(cleat_val_get(version, "freshness")), "Stale")) {
        add_failure(m, group, name, "stale GroupVersion discovery");
        return;
    }
    while (cleat_val_present(resources) && cleat_val_type(resources) == CLEAT_ARRAY &&
           cleat_val_next(resources, &it)) {
        CLEAT_AUTO_FREE char *resource = cleat_val_strdup(cleat_val_get(it.val, "resource"));
        CLEAT_AUTO_FREE char *kind =
            cleat_val_strdup(cleat_val_at(it.val, CLEAT_PATH("responseKind", "kind")));
        bool namespaced = cleat_eqc(cleat_val_str(cleat_val_get(it.val, "scope")), "Namespaced");
        if (resource != NULL && kind != NULL && *kind != '\0') {
            add_kind(m, group, name, resource, kind, namespaced, cleat_val_get(it.val, "verbs"));
        }
    }
}

static void add_aggregated(struct making *m, const cleat_obj *doc) {
    struct cleat_val items = cleat_obj_at(doc, CLEAT_PATH("items"));
    struct cleat_iter it = {0};
    while (cleat_val_present(items) && cleat_val_type(items) == CLEAT_ARRAY &&
           cleat_val_next(items, &it)) {
        CLEAT_AUTO_FREE char *group =
            cleat_val_strdup(cleat_val_at(it.val, CLEAT_PATH("metadata", "name")));
        struct cleat_val versions = cleat_val_get(it.val, "versions");
        struct cleat_iter v = {0};
        while (cleat_val_present(versions) && cleat_val_type(versions) == CLEAT_ARRAY &&
               cleat_val_next(versions, &v)) {
            add_version(m, group != NULL ? group : "", v.val);
        }
    }
}

/* ---- requests that are waited for ---- */

static cleat_err ask(struct cleat__remote *r, const char *identity, cleat_ctx *ctx,
                     const char *path, const char *accept, const char *etag, cleat_obj **ret,
                     char **ret_etag, struct cleat_error *e) {
    struct cleat__rc_call *c =
        cleat__rc_call_new(r, identity, "GET", cleat_strdup(path), &cleat__rc_sink_wait, NULL);
    c->accept = accept;
    c->etag = cleat_strdup(etag);
    cleat_err err = cleat__rc_call_wait(c, ctx, e);
    if (err == CLEAT_OK && c->status != 304) {
        struct cleat_error why = CLEAT_ERROR_INIT;
        struct cleat_str text = {c->answer.p != NULL ? c->answer.p : "", c->answer.n};
        if (cleat_obj_parse(text, 0, ret, &why) != CLEAT_OK) {
            err = cleat_fail(e, CLEAT_E_UNAVAILABLE, "GET %s%s: the answer is no object: %s",
                             r->shown, path, why.message);
        } else if (ret_etag != NULL) {
            *ret_etag = CLEAT_STEAL(c->answer_etag);
        }
    }
    cleat__rc_call_free(c);
    return err;
}

static bool kind_is(const cleat_obj *o, const char *kind) {
    return cleat_eqc(cleat_val_str(cleat_obj_at(o, CLEAT_PATH("kind"))), kind);
}

static void put_doc(struct cleat__rc_served *s, int i, cleat_obj *body, char *etag) {
    struct doc *d = &s->docs[i];
    uint64_t print = cleat_hash(cleat_obj_bytes(body));
    s->generation += print != d->print;
    cleat_obj_unref(d->body);
    free(d->etag);
    *d = (struct doc){etag, body, print};
}

/* The newest document; owned. */
static cleat_err get_doc(struct cleat__rc_served *s, const char *identity, cleat_ctx *ctx, int i,
                         cleat_obj **ret, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *had = NULL, *etag = NULL;
    CLEAT_AUTO(cleat_obj) *body = NULL;
    {
        CLEAT_LOCKED(&s->mutex);
        had = cleat_strdup(s->docs[i].etag);
    }
    CLEAT_TRY(ask(s->r, identity, ctx, paths[i], aggregated, had, &body, &etag, e));
    CLEAT_LOCKED(&s->mutex);
    if (body != NULL) {
        put_doc(s, i, CLEAT_STEAL(body), CLEAT_STEAL(etag));
    }
    *ret = cleat_obj_ref(s->docs[i].body);
    if (*ret == NULL) {
        return cleat_fail(e, CLEAT_E_UNAVAILABLE, "GET %s%s: the answer is not what was asked for",
                          s->r->shown, paths[i]);
    }
    atomic_store(&s->told[i], s->docs[i].print);
    return CLEAT_OK;
}

/* ---- the old way ---- */

static cleat_err add_old_version(struct making *m, struct cleat__remote *r, const char *identity,
                                 cleat_ctx *ctx, const char *group, const char *version) {
    CLEAT_AUTO_FREE char *path = *group != '\0' ? cleat_sprintf("/apis/%s/%s", group, version)
                                                : cleat_sprintf("/api/%s", version);
    CLEAT_AUTO(cleat_obj) *doc = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_iter it = {0};
    cleat_err err = ask(r, identity, ctx, path, "application/json", NULL, &doc, NULL, &e);
    if (err == CLEAT_E_CANCELLED || (err == CLEAT_E_TIMEOUT && cleat_ctx_err(ctx) != CLEAT_OK)) {
        return err;
    }
    struct cleat_val all =
        err == CLEAT_OK ? cleat_obj_at(doc, CLEAT_PATH("resources")) : (struct cleat_val){0};
    if (!cleat_val_present(all) || cleat_val_type(all) != CLEAT_ARRAY) {
        add_failure(m, group, version, err != CLEAT_OK ? e.message : "it is no APIResourceList");
        return CLEAT_OK;
    }
    while (cleat_val_next(all, &it)) {
        CLEAT_AUTO_FREE char *resource = cleat_val_strdup(cleat_val_get(it.val, "name"));
        CLEAT_AUTO_FREE char *kind = cleat_val_strdup(cleat_val_get(it.val, "kind"));
        bool namespaced = cleat_val_bool(cleat_val_get(it.val, "namespaced"), 0) != 0;
        if (resource != NULL && kind != NULL && strchr(resource, '/') == NULL) {
            add_kind(m, group, version, resource, kind, namespaced, cleat_val_get(it.val, "verbs"));
        }
    }
    return CLEAT_OK;
}

static cleat_err add_old(struct making *m, struct cleat__remote *r, const char *identity,
                         cleat_ctx *ctx, const cleat_obj *doc) {
    bool core = kind_is(doc, "APIVersions");
    struct cleat_val all = cleat_obj_at(doc, core ? CLEAT_PATH("versions") : CLEAT_PATH("groups"));
    struct cleat_iter it = {0};
    while (cleat_val_present(all) && cleat_val_type(all) == CLEAT_ARRAY &&
           cleat_val_next(all, &it)) {
        if (core) {
            CLEAT_AUTO_FREE char *version = cleat_val_strdup(it.val);
            CLEAT_TRY(version != NULL ? add_old_version(m, r, identity, ctx, "", version)
                                      : CLEAT_OK);
            continue;
        }
        CLEAT_AUTO_FREE char *group = cleat_val_strdup(cleat_val_get(it.val, "name"));
        struct cleat_val versions = cleat_val_get(it.val, "versions");
        struct cleat_iter v = {0};
        while (group != NULL && cleat_val_present(versions) && cleat_val_next(versions, &v)) {
            CLEAT_AUTO_FREE char *version = cleat_val_strdup(cleat_val_get(v.val, "version"));
            CLEAT_TRY(version != NULL ? add_old_version(m, r, identity, ctx, group, version)
                                      : CLEAT_OK);
        }
    }
    return CLEAT_OK;
}

cleat_err cleat__remote_kinds(struct cleat_transport *t, const char *identity, cleat_ctx *ctx,
                              struct cleat_served *ret, struct cleat_error *e) {
    struct cleat__remote *r = (struct cleat__remote *)t;
    struct cleat__rc_served *s = r->served;
    struct making m = {.ret = ret};
    cleat_err err = CLEAT_OK;
    atomic_store(&s->changed, false);
    for (int i = 0; i < DOCS && err == CLEAT_OK; i++) {
        CLEAT_AUTO(cleat_obj) *doc = NULL;
        err = get_doc(s, identity, ctx, i, &doc, e);
        if (err != CLEAT_OK) {
            break;
        }
        if (kind_is(doc, "APIGroupDiscoveryList")) {
            add_aggregated(&m, doc);
        } else if (kind_is(doc, "APIVersions") || kind_is(doc, "APIGroupList")) {
            err = add_old(&m, r, identity, ctx, doc);
            err = err != CLEAT_OK ? cleat_fail(e, err, "the context has ended") : err;
        } else {
            err = cleat_fail(e, CLEAT_E_UNAVAILABLE,
                             "GET %s%s: the answer is no discovery document", r->shown, paths[i]);
        }
    }
    {
        CLEAT_LOCKED(&s->mutex);
        ret->generation = s->generation;
    }
    cleat_map_done(&m.preferred);
    if (m.failed.n > 0) {
        ret->failed = cleat_buf_take(&m.failed);
    }
    if (err != CLEAT_OK) {
        atomic_store(&s->changed, true); /* whoever asked does not know yet */
    }
    return err;
}

/* ---- looking whether it has changed ---- */

static void tell(struct cleat__rc_served *s) {
    CLEAT_LOCKED(&s->watch_mutex);
    for (struct watcher *w = s->watchers; w != NULL; w = w->next) {
        w->fn(w->userdata);
    }
}

static void look_in(struct cleat__rc_served *s, cleat_time d) {
    struct timeval tv = cleat__rc_timeval(d);
    event_add(&s->look, &tv);
}

static void on_looked(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *e) {
    struct cleat__rc_served *s = c->userdata;
    int i = c == s->looking[0] ? 0 : 1;
    (void)e;
    s->looking[i] = NULL;
    if (err == CLEAT_OK && c->status != 304) {
        cleat_obj *body = NULL;
        struct cleat_str text = {c->answer.p != NULL ? c->answer.p : "", c->answer.n};
        if (cleat_obj_parse(text, 0, &body, NULL) == CLEAT_OK) {
            CLEAT_LOCKED(&s->mutex);
            put_doc(s, i, body, CLEAT_STEAL(c->answer_etag));
        }
    }
    cleat__rc_call_free(c);
    if (s->looking[0] != NULL || s->looking[1] != NULL || s->stopped) {
        return;
    }
    bool differs = atomic_load(&s->changed);
    {
        CLEAT_LOCKED(&s->mutex);
        for (int k = 0; k < DOCS; k++) {
            differs |= s->docs[k].body != NULL && s->docs[k].print != atomic_load(&s->told[k]);
        }
    }
    if (differs) {
        tell(s);
    }
    look_in(s, s->again ? LOOK_AGAIN : LOOK_EACH);
    s->again = false;
}

static void on_look(evutil_socket_t fd, short what, void *arg) {
    static const struct cleat__rc_sink sink = {NULL, on_looked};
    struct cleat__rc_served *s = arg;
    (void)fd;
    (void)what;
    if (s->looking[0] != NULL || s->looking[1] != NULL || s->stopped) {
        return;
    }
    for (int i = 0; i < DOCS; i++) {
        struct cleat__rc_call *c =
            cleat__rc_call_new(s->r, NULL, "GET", cleat_strdup(paths[i]), &sink, s);
        c->accept = aggregated;
        c->limited = true;
        CLEAT_LOCKED(&s->mutex);
        c->etag = cleat_strdup(s->docs[i].etag);
        s->looking[i] = c;
    }
    for (int i = 0; i < DOCS; i++) {
        if (s->looking[i] != NULL) {
            cleat__rc_call_start(s->looking[i]);
        }
    }
}

/* A definition has come, changed or gone: which one does not matter. */
static bool on_definition(struct cleat__rc_call *c, const char *p, size_t n) {
    struct cleat__rc_served *s = c->userdata;
    (void)p;
    (void)n;
    s->again = true;
    atomic_store(&s->changed, true);
    look_in(s, LOOK_SOON);
    return true;
}

static void on_unwatched(struct cleat__rc_call *c, cleat_err err, const struct cleat_error *e) {
    struct cleat__rc_served *s = c->userdata;
    (void)e;
    s->watching = NULL;
    cleat__rc_call_free(c);
    if (!s->stopped) {
        cleat_time d = err == CLEAT_OK ? CLEAT_SECOND : LOOK_EACH;
        struct timeval tv = cleat__rc_timeval(d + (cleat_time)(cleat_random() % (uint64_t)d));
        event_add(&s->rewatch, &tv);
    }
}

static void on_rewatch(evutil_socket_t fd, short what, void *arg) {
    static const struct cleat__rc_sink sink = {on_definition, on_unwatched};
    struct cleat__rc_served *s = arg;
    (void)fd;
    (void)what;
    if (s->stopped || s->watching != NULL) {
        return;
    }
    char *path = cleat_strdup("/apis/apiextensions.k8s.io/v1/customresourcedefinitions?watch=true"
                              "&allowWatchBookmarks=false&timeoutSeconds=540");
    s->watching = cleat__rc_call_new(s->r, NULL, "GET", path, &sink, s);
    s->watching->accept =
        "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
    s->watching->no_end = s->watching->limited = true;
    cleat__rc_call_start(s->watching);
}

static void on_start(struct cleat__rc_msg *m) {
    struct cleat__rc_served *s =
        (struct cleat__rc_served *)((char *)m - offsetof(struct cleat__rc_served, start));
    event_assign(&s->look, s->r->loop, -1, 0, on_look, s);
    event_assign(&s->rewatch, s->r->loop, -1, 0, on_rewatch, s);
    on_look(-1, 0, s);
    on_rewatch(-1, 0, s);
}

uint64_t cleat__remote_watch_kinds(struct cleat_transport *t, void (*fn)(void *), void *userdata) {
    struct cleat__rc_served *s = ((struct cleat__remote *)t)->served;
    struct watcher *w = cleat_zalloc(sizeof *w);
    CLEAT_LOCKED(&s->watch_mutex);
    *w = (struct watcher){++s->next_id, fn, userdata, s->watchers};
    s->watchers = w;
    if (!s->monitored) {
        s->monitored = true;
        s->start.fn = on_start;
        cleat__rc_post(s->r, &s->start);
    }
    return w->id;
}

void cleat__remote_unwatch_kinds(struct cleat_transport *t, uint64_t id) {
    struct cleat__rc_served *s = ((struct cleat__remote *)t)->served;
    CLEAT_LOCKED(&s->watch_mutex);
    for (struct watcher **p = &s->watchers; *p != NULL; p = &(*p)->next) {
        if ((*p)->id == id) {
            struct watcher *gone = *p;
            *p = gone->next;
            free(gone);
            return;
        }
    }
}

/* ---- life ---- */

void cleat__rc_kinds_init(struct cleat__remote *r) {
    struct cleat__rc_served *s = cleat_zalloc(sizeof *s);
    s->r = r;
    pthread_mutex_init(&s->mutex, NULL);
    pthread_mutex_init(&s->watch_mutex, NULL);
    r->served = s;
}

struct stop {
    struct cleat__rc_msg msg;
    struct cleat__rc_served *s;
    struct cleat_event done;
};

static void on_stop(struct cleat__rc_msg *m) {
    struct stop *x = (struct stop *)m;
    struct cleat__rc_served *s = x->s;
    s->stopped = true;
    if (event_initialized(&s->look)) {
        event_del(&s->look);
        event_del(&s->rewatch);
    }
    cleat_event_set(&x->done);
}

void cleat__rc_kinds_stop(struct cleat__remote *r) {
    if (r->started) {
        struct stop x = {.msg = {.fn = on_stop}, .s = r->served};
        cleat_event_init(&x.done);
        cleat__rc_post(r, &x.msg);
        cleat_event_wait(&x.done, -1);
    }
}

void cleat__rc_kinds_done(struct cleat__remote *r) {
    struct cleat__rc_served *s = r->served;
    for (int i = 0; i < DOCS; i++) {
        cleat_obj_unref(s->docs[i].body);
        free(s->docs[i].etag);
    }
    cleat_assert(s->watchers == NULL);
    pthread_mutex_destroy(&s->mutex);
    pthread_mutex_destroy(&s->watch_mutex);
    free(s);
}
