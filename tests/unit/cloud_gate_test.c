/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A provider behind its gate: what is asked of it, what is not asked again, and what
 * becomes of those who ask while it hangs. The clock is the test's; the provider
 * counts its calls, and stands still in those that it is told to.
 */
#include "core/cloud/cloud.h"
#include "tests/support/kt.h"

#include <unistd.h>

struct provider {
    pthread_mutex_t mutex;
    int exists, metadata, lists, ensures, updates, deletes, gets, routes, creates, removes;
    int lb_lists;
    cleat_err err; /* of each call */
    int64_t retry_after_ms;
    bool hang; /* calls that are made from now on do not return, whatever their context says */
    bool apart;
    bool heed;                       /* calls last as long as their context */
    struct cleat_event go_on, again; /* ... and of those that hang after the first one */
    _Atomic int hanging, hung;
    _Atomic bool saw_cancel;
    void (*changed)(void *userdata);
    void *userdata;
};

static cleat_err answer(struct provider *p, int *count, cleat_ctx *ctx, struct cleat_error *e) {
    bool hang, heed;
    cleat_err err;
    {
        CLEAT_LOCKED(&p->mutex);
        ++*count;
        hang = p->hang;
        heed = p->heed;
        err = p->err;
    }
    if (heed) {
        return cleat_fail(e, cleat_ctx_sleep(ctx, 100000 * CLEAT_SECOND), "too late");
    }
    if (hang) {
        p->hanging++;
        cleat_event_wait(p->hung++ == 0 || !p->apart ? &p->go_on : &p->again, -1);
        p->saw_cancel = cleat_ctx_err(ctx) == CLEAT_E_CANCELLED;
        p->hanging--;
    }
    if (err != CLEAT_OK) {
        cleat_fail(e, err, "as ordered");
        e->retry_after_ms = p->retry_after_ms;
    }
    return err;
}

static cleat_err exists(void *self, cleat_ctx *ctx, const cleat_obj *node, int32_t *ret,
                        struct cleat_error *e) {
    struct provider *p = self;
    (void)node;
    *ret = 1;
    return answer(p, &p->exists, ctx, e);
}

static const struct cleat_server servers[] = {
    {.struct_size = sizeof(struct cleat_server),
     .name = "one",
     .provider_id = "test://one",
     .zone = "a",
     .addresses = &(const struct cleat_address){"InternalIP", "192.0.2.1"},
     .n_addresses = 1,
     .labels = &(const struct cleat_label){"rack", "r7"},
     .n_labels = 1},
    {.struct_size = offsetof(struct cleat_server, instance_type), /* of an older provider */
     .name = "two",
     .provider_id = "test://two"},
};

static cleat_err metadata(void *self, cleat_ctx *ctx, const cleat_obj *node, cleat_server_fn fn,
                          void *sink, struct cleat_error *e) {
    struct provider *p = self;
    cleat_err err = answer(p, &p->metadata, ctx, e);
    if (err == CLEAT_OK && !cleat_eqc(cleat_obj_name(node), "foreign")) {
        fn(sink, &servers[0]);
    }
    return err;
}

static cleat_err list(void *self, cleat_ctx *ctx, cleat_server_fn fn, void *sink,
                      struct cleat_error *e) {
    struct provider *p = self;
    cleat_err err = answer(p, &p->lists, ctx, e);
    for (int i = 0; i < 2 && err == CLEAT_OK && fn(sink, &servers[i]) == 0; i++) {
    }
    return err;
}

static cleat_err get(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                     int32_t *ret, cleat_obj **ret_status, struct cleat_error *e) {
    struct provider *p = self;
    (void)cluster;
    (void)service;
    (void)ret_status;
    *ret = 1;
    return answer(p, &p->gets, ctx, e);
}

static cleat_err ensure(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                        const cleat_obj *const *nodes, size_t n, cleat_obj **ret_status,
                        struct cleat_error *e) {
    struct provider *p = self;
    (void)cluster;
    (void)service;
    (void)nodes;
    (void)n;
    cleat_err err = answer(p, &p->ensures, ctx, e);
    return err ? err
               : cleat_obj_parse(CLEAT_STR("{\"ingress\":[{\"ip\":\"203.0.113.9\"}]}"), 0,
                                 ret_status, e);
}

static cleat_err update_hosts(void *self, cleat_ctx *ctx, const char *cluster,
                              const cleat_obj *service, const cleat_obj *const *nodes, size_t n,
                              struct cleat_error *e) {
    struct provider *p = self;
    (void)cluster;
    (void)service;
    (void)nodes;
    (void)n;
    return answer(p, &p->updates, ctx, e);
}

static cleat_err ensure_deleted(void *self, cleat_ctx *ctx, const char *cluster,
                                const cleat_obj *service, struct cleat_error *e) {
    struct provider *p = self;
    (void)cluster;
    (void)service;
    return answer(p, &p->deletes, ctx, e);
}

static cleat_err list_balancers(void *self, cleat_ctx *ctx, const char *cluster,
                                cleat_balancer_fn fn, void *sink, struct cleat_error *e) {
    struct provider *p = self;
    static const struct cleat_balancer b = {.struct_size = sizeof b, .service_uid = "u-a"};
    (void)cluster;
    fn(sink, &b);
    return answer(p, &p->lb_lists, ctx, e);
}

static cleat_err list_routes(void *self, cleat_ctx *ctx, const char *cluster, cleat_route_fn fn,
                             void *sink, struct cleat_error *e) {
    struct provider *p = self;
    struct cleat_route r = {.struct_size = sizeof r,
                            .name = cluster,
                            .target_node = "one",
                            .destination_cidr = "10.0.0.0/24"};
    cleat_err err = answer(p, &p->routes, ctx, e);
    if (err == CLEAT_OK) {
        fn(sink, &r);
    }
    return err;
}

static cleat_err create_route(void *self, cleat_ctx *ctx, const char *cluster, const char *hint,
                              const struct cleat_route *r, struct cleat_error *e) {
    struct provider *p = self;
    (void)cluster;
    (void)hint;
    (void)r;
    return answer(p, &p->creates, ctx, e);
}

static cleat_err remove_route(void *self, cleat_ctx *ctx, const char *cluster,
                              const struct cleat_route *r, struct cleat_error *e) {
    struct provider *p = self;
    (void)cluster;
    (void)r;
    return answer(p, &p->removes, ctx, e);
}

static cleat_err watch(void *self, void (*changed)(void *userdata), void *userdata,
                       uint64_t *ret_id, struct cleat_error *e) {
    struct provider *p = self;
    (void)e;
    p->changed = changed; /* the last one is enough here */
    p->userdata = userdata;
    *ret_id = 1;
    return CLEAT_OK;
}

static void unwatch(void *self, uint64_t id) {
    struct provider *p = self;
    (void)id;
    p->changed = NULL;
}

static const struct cleat_instances_ops instances = {
    .struct_size = sizeof instances, .exists = exists, .metadata = metadata, .list = list};
static const struct cleat_lb_ops balancers = {.struct_size = sizeof balancers,
                                              .get = get,
                                              .ensure = ensure,
                                              .update_hosts = update_hosts,
                                              .ensure_deleted = ensure_deleted,
                                              .list = list_balancers};
static const struct cleat_routes_ops routes = {.struct_size = sizeof routes,
                                               .list = list_routes,
                                               .create = create_route,
                                               .remove = remove_route};
static const struct cleat_cloud_ops ops = {.struct_size = sizeof ops,
                                           .instances = &instances,
                                           .load_balancers = &balancers,
                                           .routes = &routes,
                                           .watch_servers = watch,
                                           .unwatch_servers = unwatch};

/* ---- the test's world ---- */

struct world {
    struct provider p;
    cleat_gate *gate;
    const struct cleat_cloud *cloud;
    struct cleat_error e;
};

static void begin_with(struct world *w, struct cleat_gate_opts o) {
    cleat_clock_virtual(1767323045 * CLEAT_SECOND);
    *w = (struct world){.e = CLEAT_ERROR_INIT};
    pthread_mutex_init(&w->p.mutex, NULL);
    cleat_event_init(&w->p.go_on);
    cleat_event_init(&w->p.again);
    w->gate = cleat_gate_new("te-st", &ops, &w->p, &o);
    w->cloud = cleat_gate_cloud(w->gate);
}

static void end(struct world *w) {
    cleat_event_set(&w->p.go_on);
    cleat_event_set(&w->p.again);
    cleat_gate_request_stop(w->gate);
    KT_EQ_INT(cleat_gate_join(w->gate, 20 * CLEAT_SECOND), 0);
    cleat_gate_free(w->gate);
    pthread_mutex_destroy(&w->p.mutex);
}

static cleat_obj *parse(const char *json) {
    cleat_obj *o = NULL;
    struct cleat_error e = CLEAT_ERROR_INIT;
    KT_OK(cleat_obj_parse(cleat_s(json), 0, &o, &e), &e);
    return o;
}

static cleat_obj *node(const char *name) {
    CLEAT_AUTO_FREE char *json = cleat_sprintf(
        "{\"metadata\":{\"name\":\"%s\",\"uid\":\"u-%s\"},\"spec\":{\"providerID\":\"test://%s\"}}",
        name, name, name);
    return parse(json);
}

static cleat_obj *service(const char *name, int port) {
    CLEAT_AUTO_FREE char *json =
        cleat_sprintf("{\"metadata\":{\"namespace\":\"default\",\"name\":\"%s\",\"uid\":\"u-%s\"},"
                      "\"spec\":{\"ports\":[{\"port\":%d}]}}",
                      name, name, port);
    return parse(json);
}

static int32_t count_server(void *sink, const struct cleat_server *s) {
    if (strcmp(s->name, "one") == 0 && s->n_labels == 1 && strcmp(s->labels[0].value, "r7") == 0 &&
        strcmp(s->addresses[0].address, "192.0.2.1") == 0) {
        *(int *)sink += 1;
    } else if (strcmp(s->name, "two") == 0 && s->n_labels == 0 && s->zone[0] == 0) {
        *(int *)sink += 10;
    }
    return 0;
}

static cleat_err ask_list(struct world *w, int *ret_seen) {
    *ret_seen = 0;
    return w->cloud->ops->instances->list(w->cloud->self, NULL, count_server, ret_seen, &w->e);
}

static cleat_err ask_metadata(struct world *w, const char *name, int *ret_seen) {
    CLEAT_AUTO(cleat_obj) *n = node(name);
    *ret_seen = 0;
    return w->cloud->ops->instances->metadata(w->cloud->self, NULL, n, count_server, ret_seen,
                                              &w->e);
}

static cleat_err ask_exists(struct world *w, int32_t *ret) {
    CLEAT_AUTO(cleat_obj) *n = node("one");
    return w->cloud->ops->instances->exists(w->cloud->self, NULL, n, ret, &w->e);
}

static int32_t count_route(void *sink, const struct cleat_route *r) {
    *(int *)sink += strcmp(r->destination_cidr, "10.0.0.0/24") == 0;
    return 0;
}

static cleat_err ask_routes(struct world *w, const char *cluster, int *ret_seen) {
    *ret_seen = 0;
    return w->cloud->ops->routes->list(w->cloud->self, NULL, cluster, count_route, ret_seen, &w->e);
}

static cleat_err ask_ensure(struct world *w, const char *name, int port, cleat_obj **ret) {
    CLEAT_AUTO(cleat_obj) *s = service(name, port);
    CLEAT_AUTO(cleat_obj) *n = node("one");
    return w->cloud->ops->load_balancers->ensure(w->cloud->self, NULL, "kubernetes", s,
                                                 (const cleat_obj *const[]){n}, 1, ret, &w->e);
}

static cleat_err ask_delete(struct world *w, const char *name) {
    CLEAT_AUTO(cleat_obj) *s = service(name, 80);
    return w->cloud->ops->load_balancers->ensure_deleted(w->cloud->self, NULL, "kubernetes", s,
                                                         &w->e);
}

static void until(_Atomic int *v, int want) {
    for (int i = 0; i < 40000 && *v != want; i++) {
        usleep(500);
    }
    KT_EQ_INT(*v, want);
}

/* Moves the clock, from a thread of its own, until it is told to end. */
struct mover {
    pthread_t thread;
    _Atomic bool end;
};
static void *move(void *arg) {
    struct mover *m = arg;
    while (!m->end) {
        cleat_clock_advance(100 * CLEAT_MS);
        usleep(1000);
    }
    return NULL;
}
static void time_passes(struct mover *m) {
    m->end = false;
    m->thread = cleat_thread_start("mover", move, m);
}
static void time_stops(struct mover *m) {
    m->end = true;
    pthread_join(m->thread, NULL);
}

/* ---- tests ---- */

static void passes_calls_on(void) {
    for (int manual = 0; manual < 2; manual++) {
        struct world w;
        int seen;
        int32_t yes = 0;
        begin_with(&w, (struct cleat_gate_opts){.manual = manual});
        KT_EQ_STR(w.cloud->name, "te-st");
        KT_OK(ask_list(&w, &seen), &w.e);
        KT_EQ_INT(seen, 11);
        KT_OK(ask_metadata(&w, "one", &seen), &w.e);
        KT_EQ_INT(seen, 1);
        KT_OK(ask_metadata(&w, "foreign", &seen), &w.e); /* no answer is an answer */
        KT_EQ_INT(seen, 0);
        KT_OK(ask_exists(&w, &yes), &w.e);
        KT_EQ_INT(yes, 1);
        KT_OK(ask_routes(&w, "kubernetes", &seen), &w.e);
        KT_EQ_INT(seen, 1);
        CLEAT_AUTO(cleat_obj) *status = NULL;
        KT_OK(ask_ensure(&w, "web", 80, &status), &w.e);
        KT_EQ_S(cleat_obj_bytes(status), cleat_s("{\"ingress\":[{\"ip\":\"203.0.113.9\"}]}"));
        KT_OK(ask_delete(&w, "web"), &w.e);
        w.p.err = CLEAT_E_ELSEWHERE;
        KT_EQ_INT(ask_ensure(&w, "web", 80, NULL), CLEAT_E_ELSEWHERE);
        KT_EQ_STR(w.e.message, "as ordered");
        w.p.err = CLEAT_E_NOT_FOUND;
        KT_EQ_INT(ask_exists(&w, &yes), CLEAT_E_NOT_FOUND);
        end(&w);
    }
}

/* What an older provider's tables end before is not there. */
static void older_providers(void) {
    static const struct cleat_instances_ops short_instances = {
        .struct_size = offsetof(struct cleat_instances_ops, metadata),
        .exists = exists,
        .metadata = metadata,
        .list = list};
    static const struct cleat_cloud_ops short_ops = {
        .struct_size = offsetof(struct cleat_cloud_ops, watch_servers),
        .instances = &short_instances,
        .watch_servers = watch,
        .unwatch_servers = unwatch};
    struct cleat_gate_opts o = {.cache = CLEAT_SECOND};
    struct provider p = {.err = CLEAT_OK};
    pthread_mutex_init(&p.mutex, NULL);
    cleat_gate *g = cleat_gate_new("old", &short_ops, &p, &o);
    const struct cleat_cloud_ops *got = cleat_gate_cloud(g)->ops;
    KT_TRUE(CLEAT_HAS(got->instances, struct cleat_instances_ops, exists));
    KT_TRUE(!CLEAT_HAS(got->instances, struct cleat_instances_ops, is_shut_down));
    KT_TRUE(!CLEAT_HAS(got->instances, struct cleat_instances_ops, metadata));
    KT_TRUE(!CLEAT_HAS(got->instances, struct cleat_instances_ops, list));
    KT_TRUE(got->routes == NULL && got->load_balancers == NULL && got->clusters == NULL);
    KT_TRUE(!CLEAT_HAS(got, struct cleat_cloud_ops, watch_servers));
    KT_TRUE(p.changed == NULL);
    cleat_gate_request_stop(g);
    KT_EQ_INT(cleat_gate_join(g, CLEAT_SECOND), 0);
    cleat_gate_free(g);
    pthread_mutex_destroy(&p.mutex);
}

static void reads_are_kept(void) {
    struct world w;
    int seen;
    int32_t yes;
    begin_with(&w, (struct cleat_gate_opts){.cache = 5 * CLEAT_SECOND});
    for (int i = 0; i < 3; i++) {
        KT_OK(ask_list(&w, &seen), &w.e);
        KT_EQ_INT(seen, 11);
        KT_OK(ask_metadata(&w, "one", &seen), &w.e);
        KT_EQ_INT(seen, 1);
        KT_OK(ask_routes(&w, "kubernetes", &seen), &w.e);
        KT_EQ_INT(seen, 1);
        KT_OK(ask_exists(&w, &yes), &w.e); /* proof is asked for each time */
    }
    KT_EQ_INT(w.p.lists, 1);
    KT_EQ_INT(w.p.metadata, 1);
    KT_EQ_INT(w.p.routes, 1);
    KT_EQ_INT(w.p.exists, 3);
    KT_OK(ask_metadata(&w, "two", &seen), &w.e); /* another server, another cluster */
    KT_OK(ask_routes(&w, "other", &seen), &w.e);
    KT_EQ_INT(w.p.metadata, 2);
    KT_EQ_INT(w.p.routes, 2);
    cleat_clock_advance(5 * CLEAT_SECOND);
    KT_OK(ask_list(&w, &seen), &w.e);
    KT_OK(ask_metadata(&w, "one", &seen), &w.e);
    KT_EQ_INT(w.p.lists, 2);
    KT_EQ_INT(w.p.metadata, 3);
    end(&w);
}

static void on_change(void *userdata) {
    ++*(int *)userdata;
}

static void reads_are_forgotten(void) {
    struct world w;
    int seen, told = 0;
    uint64_t id;
    struct cleat_route r = {.struct_size = sizeof r, .target_node = "one", .destination_cidr = "c"};
    begin_with(&w, (struct cleat_gate_opts){.cache = 60 * CLEAT_SECOND});
    KT_TRUE(w.p.changed != NULL); /* it listens although nobody else does */
    KT_OK(ask_list(&w, &seen), &w.e);
    w.p.changed(w.p.userdata);
    KT_OK(ask_list(&w, &seen), &w.e);
    KT_EQ_INT(w.p.lists, 2);
    KT_OK(w.cloud->ops->watch_servers(w.cloud->self, on_change, &told, &id, &w.e), &w.e);
    KT_OK(ask_metadata(&w, "one", &seen), &w.e);
    KT_OK(ask_routes(&w, "kubernetes", &seen), &w.e);
    w.p.changed(w.p.userdata);
    KT_EQ_INT(told, 1);
    KT_OK(ask_list(&w, &seen), &w.e);
    KT_OK(ask_metadata(&w, "one", &seen), &w.e);
    KT_OK(ask_routes(&w, "kubernetes", &seen), &w.e);
    KT_EQ_INT(w.p.lists, 3);
    KT_EQ_INT(w.p.metadata, 2);
    KT_EQ_INT(w.p.routes, 1); /* servers are no routes */
    KT_OK(w.cloud->ops->routes->create(w.cloud->self, NULL, "kubernetes", "h", &r, &w.e), &w.e);
    KT_OK(ask_routes(&w, "kubernetes", &seen), &w.e);
    KT_EQ_INT(w.p.routes, 2);
    w.p.err = CLEAT_E_TRANSIENT; /* a write that failed may have been made */
    KT_EQ_INT(w.cloud->ops->routes->remove(w.cloud->self, NULL, "kubernetes", &r, &w.e),
              CLEAT_E_TRANSIENT);
    KT_EQ_INT(ask_routes(&w, "kubernetes", &seen), CLEAT_E_TRANSIENT);
    w.p.err = CLEAT_OK;
    KT_OK(ask_routes(&w, "kubernetes", &seen), &w.e); /* errors are not kept */
    KT_EQ_INT(w.p.routes, 4);
    KT_OK(ask_list(&w, &seen), &w.e);
    KT_EQ_INT(w.p.lists, 3);
    w.cloud->ops->unwatch_servers(w.cloud->self, id);
    KT_TRUE(w.p.changed == NULL);
    end(&w);
}

struct asker {
    struct world *w;
    cleat_err err;
    int seen;
    struct cleat_error e;
    cleat_ctx *ctx;
    pthread_t thread;
    _Atomic int done;
};
static void *ask(void *arg) {
    struct asker *a = arg;
    a->e = (struct cleat_error)CLEAT_ERROR_INIT;
    a->err =
        a->w->cloud->ops->instances->list(a->w->cloud->self, a->ctx, count_server, &a->seen, &a->e);
    a->done = 1;
    return NULL;
}
static void start_asker(struct asker *a, struct world *w) {
    *a = (struct asker){.w = w, .ctx = cleat_ctx_new(NULL, 0)};
    a->thread = cleat_thread_start("asker", ask, a);
}
static void join_asker(struct asker *a) {
    pthread_join(a->thread, NULL);
    cleat_ctx_free(a->ctx);
}

static void askers_share_an_answer(void) {
    struct world w;
    struct asker v[8];
    begin_with(&w, (struct cleat_gate_opts){.cache = 5 * CLEAT_SECOND});
    w.p.hang = true;
    for (int i = 0; i < 8; i++) {
        start_asker(&v[i], &w);
    }
    until(&w.p.hanging, 1);
    usleep(20000); /* who is not there yet is answered from what is kept */
    cleat_event_set(&w.p.go_on);
    for (int i = 0; i < 8; i++) {
        join_asker(&v[i]);
        KT_OK(v[i].err, &v[i].e);
        KT_EQ_INT(v[i].seen, 11);
    }
    KT_EQ_INT(w.p.lists, 1);
    end(&w);
}

/* News that come while the cloud is being asked: who asks after them does not get the old answer.
 */
static void news_in_between(void) {
    struct world w;
    struct asker a, b;
    begin_with(&w, (struct cleat_gate_opts){.cache = 60 * CLEAT_SECOND});
    w.p.hang = true;
    start_asker(&a, &w);
    until(&w.p.hanging, 1);
    w.p.changed(w.p.userdata);
    start_asker(&b, &w);
    until(&w.p.hanging, 2);
    cleat_event_set(&w.p.go_on);
    join_asker(&a);
    join_asker(&b);
    KT_OK(a.err, &a.e);
    KT_OK(b.err, &b.e);
    KT_EQ_INT(w.p.lists, 2);
    w.p.hang = false;
    int seen;
    KT_OK(ask_list(&w, &seen), &w.e); /* the second answer is kept, the first is not */
    KT_EQ_INT(w.p.lists, 2);
    end(&w);
}

/* Who asked first gives up: that is no answer for the others. */
static void the_first_gives_up(void) {
    struct world w;
    struct asker a, b;
    begin_with(&w, (struct cleat_gate_opts){.cache = 60 * CLEAT_SECOND});
    w.p.hang = true;
    start_asker(&a, &w);
    until(&w.p.hanging, 1);
    start_asker(&b, &w);
    usleep(20000);
    KT_EQ_INT(w.p.lists, 1);
    cleat_ctx_cancel(a.ctx);
    join_asker(&a);
    KT_EQ_INT(a.err, CLEAT_E_CANCELLED);
    until(&w.p.hanging, 2); /* b asks itself */
    cleat_event_set(&w.p.go_on);
    join_asker(&b);
    KT_OK(b.err, &b.e);
    KT_EQ_INT(b.seen, 11);
    end(&w);
}

static void deadline_of_a_read(void) {
    struct world w;
    struct mover m;
    int seen;
    int32_t yes;
    begin_with(&w, (struct cleat_gate_opts){.read_timeout = 30 * CLEAT_SECOND,
                                            .in_flight_each = 1,
                                            .max_wait = CLEAT_SECOND});
    w.p.hang = true;
    time_passes(&m);
    cleat_time began = cleat_now_mono();
    KT_EQ_INT(ask_list(&w, &seen), CLEAT_E_TIMEOUT);
    KT_TRUE(strstr(w.e.message, "instances_list") != NULL);
    KT_TRUE(cleat_now_mono() - began >= 30 * CLEAT_SECOND);
    until(&w.p.hanging, 1);
    w.p.hang = false;
    time_stops(&m);
    KT_OK(ask_exists(&w, &yes), &w.e); /* delays no other kind */
    time_passes(&m);
    KT_EQ_INT(ask_list(&w, &seen), CLEAT_E_THROTTLED); /* and fills its own place for so long */
    time_stops(&m);
    cleat_gate_request_stop(w.gate);
    KT_EQ_INT(cleat_gate_join(w.gate, 10 * CLEAT_MS), 1); /* whoever stops us is told */
    end(&w);
    KT_TRUE(w.p.saw_cancel);
}

static void a_balancer_that_hangs(void) {
    struct world w;
    struct mover m;
    begin_with(&w, (struct cleat_gate_opts){.patience = 5 * CLEAT_SECOND,
                                            .write_timeout = 600 * CLEAT_SECOND});
    w.p.hang = true;
    time_passes(&m);
    KT_EQ_INT(ask_ensure(&w, "a", 80, NULL), CLEAT_E_PENDING);
    until(&w.p.hanging, 1);
    KT_TRUE(w.e.retry_after_ms >= 1000);
    w.p.hang = false;
    time_stops(&m); /* from here on nobody can wait: nobody may have to */
    CLEAT_AUTO(cleat_obj) *status = NULL;
    KT_OK(ask_ensure(&w, "b", 80, &status), &w.e);
    KT_TRUE(status != NULL);
    KT_EQ_INT(w.p.ensures, 2);
    KT_EQ_INT(ask_ensure(&w, "a", 80, NULL), CLEAT_E_PENDING); /* not twice at once */
    KT_EQ_INT(ask_ensure(&w, "a", 81, NULL), CLEAT_E_PENDING);
    KT_EQ_INT(w.p.ensures, 2);
    cleat_event_set(&w.p.go_on);
    until(&w.p.hanging, 0);
    CLEAT_AUTO(cleat_obj) *late = NULL;
    cleat_err err = CLEAT_E_PENDING;
    for (int i = 0; i < 40000 && err == CLEAT_E_PENDING; i++) {
        err = ask_ensure(&w, "a", 80, &late);
        usleep(500);
    }
    KT_OK(err, &w.e); /* its outcome, without another call */
    KT_TRUE(late != NULL);
    KT_EQ_INT(w.p.ensures, 2);
    KT_OK(ask_ensure(&w, "a", 80, NULL), &w.e); /* which is told once */
    KT_EQ_INT(w.p.ensures, 3);
    end(&w);
}

/* An outcome of an earlier wish is none of a later one. */
static void an_outcome_that_is_stale(void) {
    struct world w;
    struct mover m;
    begin_with(&w, (struct cleat_gate_opts){.patience = 5 * CLEAT_SECOND});
    w.p.hang = true;
    time_passes(&m);
    KT_EQ_INT(ask_ensure(&w, "a", 80, NULL), CLEAT_E_PENDING);
    until(&w.p.hanging, 1);
    KT_EQ_INT(ask_delete(&w, "a"), CLEAT_E_PENDING); /* not into a running call: that one ends */
    KT_EQ_INT(w.p.deletes, 0);
    w.p.hang = false;
    cleat_event_set(&w.p.go_on);
    until(&w.p.hanging, 0);
    KT_TRUE(w.p.saw_cancel);
    cleat_err err = CLEAT_E_PENDING;
    for (int i = 0; i < 40000 && err == CLEAT_E_PENDING; i++) {
        err = ask_delete(&w, "a");
        usleep(500);
    }
    KT_OK(err, &w.e);
    KT_EQ_INT(w.p.deletes, 1);
    KT_EQ_INT(w.p.ensures, 1);
    time_stops(&m);
    end(&w);
}

static void an_error_that_comes_late(void) {
    struct world w;
    struct mover m;
    begin_with(&w, (struct cleat_gate_opts){.patience = 5 * CLEAT_SECOND});
    w.p.hang = true;
    w.p.err = CLEAT_E_TERMINAL;
    time_passes(&m);
    KT_EQ_INT(ask_ensure(&w, "a", 80, NULL), CLEAT_E_PENDING);
    until(&w.p.hanging, 1);
    w.p.hang = false;
    cleat_event_set(&w.p.go_on);
    cleat_err err = CLEAT_E_PENDING;
    for (int i = 0; i < 40000 && err == CLEAT_E_PENDING; i++) {
        err = ask_ensure(&w, "a", 80, NULL);
        usleep(500);
    }
    KT_EQ_INT(err, CLEAT_E_TERMINAL);
    KT_EQ_STR(w.e.message, "as ordered");
    KT_EQ_INT(w.p.ensures, 1);
    time_stops(&m);
    end(&w);
}

/* Wishes that change faster than the cloud works: what is there is told all the same. */
static void an_address_while_wishes_change(void) {
    struct world w;
    struct mover m;
    begin_with(&w, (struct cleat_gate_opts){.patience = CLEAT_SECOND});
    w.p.hang = w.p.apart = true;
    time_passes(&m);
    CLEAT_AUTO(cleat_obj) *none = NULL, *told = NULL, *again = NULL;
    KT_EQ_INT(ask_ensure(&w, "a", 80, &none), CLEAT_E_PENDING);
    KT_TRUE(none == NULL);
    until(&w.p.hanging, 1);
    cleat_event_set(&w.p.go_on);
    until(&w.p.hanging, 0);
    cleat_err err = CLEAT_E_PENDING;
    for (int i = 0; i < 40000 && w.p.hung < 2; i++) { /* the next one hangs again */
        cleat_obj_unref(CLEAT_STEAL(told));
        err = ask_ensure(&w, "a", 81, &told);
        usleep(500);
    }
    KT_EQ_INT(err, CLEAT_E_PENDING);
    KT_TRUE(told != NULL);
    KT_EQ_INT(ask_ensure(&w, "a", 82, &again), CLEAT_E_PENDING);
    KT_TRUE(again != NULL);
    time_stops(&m);
    cleat_event_set(&w.p.again);
    until(&w.p.hanging, 0);
    KT_EQ_INT(w.p.hung, 2);
    end(&w);
}

/* How a Node is does not make another wish of it. */
static void a_taint_is_no_other_wish(void) {
    struct world w;
    struct mover m;
    begin_with(&w, (struct cleat_gate_opts){.patience = CLEAT_SECOND});
    w.p.hang = true;
    time_passes(&m);
    KT_EQ_INT(ask_ensure(&w, "a", 80, NULL), CLEAT_E_PENDING);
    until(&w.p.hanging, 1);
    w.p.hang = false;
    cleat_event_set(&w.p.go_on);
    until(&w.p.hanging, 0);
    CLEAT_AUTO(cleat_obj) *s = service("a", 80);
    CLEAT_AUTO(cleat_obj) *n =
        parse("{\"metadata\":{\"name\":\"one\",\"uid\":\"u-one\"},\"spec\":{\"providerID\":\"test:/"
              "/one\","
              "\"unschedulable\":true,\"taints\":[{\"key\":\"a\",\"effect\":\"NoSchedule\"}]}}");
    CLEAT_AUTO(cleat_obj) *status = NULL;
    cleat_err err = CLEAT_E_PENDING;
    for (int i = 0; i < 40000 && err == CLEAT_E_PENDING; i++) {
        err = w.cloud->ops->load_balancers->ensure(w.cloud->self, NULL, "kubernetes", s,
                                                   (const cleat_obj *const[]){n}, 1, &status, &w.e);
        usleep(500);
    }
    KT_OK(err, &w.e);
    KT_TRUE(status != NULL);
    KT_EQ_INT(w.p.ensures, 1);
    time_stops(&m);
    end(&w);
}

/* The deadline that the caller gives a balancer's call is the call's. */
static void a_balancers_call_ends_when_its_caller_said(void) {
    struct world w;
    struct mover m;
    begin_with(&w, (struct cleat_gate_opts){.patience = CLEAT_SECOND,
                                            .write_timeout = 600 * CLEAT_SECOND});
    w.p.heed = true;
    time_passes(&m);
    cleat_time began = cleat_now_mono();
    cleat_err err = CLEAT_E_PENDING;
    CLEAT_AUTO(cleat_obj) *s = service("a", 80);
    for (int i = 0; i < 40000 && err == CLEAT_E_PENDING; i++) {
        usleep(500);
        cleat_ctx *ctx = cleat_ctx_new(NULL, 30 * CLEAT_SECOND);
        err = w.cloud->ops->load_balancers->ensure(w.cloud->self, ctx, "kubernetes", s, NULL, 0,
                                                   NULL, &w.e);
        cleat_ctx_free(ctx);
    }
    KT_EQ_INT(err, CLEAT_E_TIMEOUT);
    KT_TRUE(cleat_now_mono() - began < 120 * CLEAT_SECOND);
    time_stops(&m);
    end(&w);
}

static int32_t count_balancer(void *sink, const struct cleat_balancer *b) {
    *(int *)sink += strcmp(b->service_uid, "u-a") == 0 && b->name[0] == 0 ? 1 : 100;
    return 0;
}

static void balancers_are_listed_anew_each_time(void) {
    struct world w;
    begin_with(&w, (struct cleat_gate_opts){.cache = 60 * CLEAT_SECOND});
    for (int i = 1; i < 3; i++) {
        int seen = 0;
        KT_OK(w.cloud->ops->load_balancers->list(w.cloud->self, NULL, "kubernetes", count_balancer,
                                                 &seen, &w.e),
              &w.e);
        KT_EQ_INT(seen, 1);
        KT_EQ_INT(w.p.lb_lists, i);
    }
    w.p.err = CLEAT_E_TRANSIENT; /* what it told before it broke off is not told */
    int seen = 0;
    KT_EQ_INT(w.cloud->ops->load_balancers->list(w.cloud->self, NULL, "kubernetes", count_balancer,
                                                 &seen, &w.e),
              CLEAT_E_TRANSIENT);
    KT_EQ_INT(seen, 0);
    end(&w);
}

/* A time that no calendar has closes the gate for an hour, not for ever. */
static void a_cloud_that_names_an_absurd_time(void) {
    struct world w;
    int seen;
    begin_with(&w, (struct cleat_gate_opts){0});
    w.p.err = CLEAT_E_THROTTLED;
    w.p.retry_after_ms = INT64_MAX;
    KT_EQ_INT(ask_list(&w, &seen), CLEAT_E_THROTTLED);
    KT_EQ_INT(w.e.retry_after_ms, 3600000);
    w.p.err = CLEAT_OK;
    cleat_clock_advance(3601 * CLEAT_SECOND);
    KT_OK(ask_list(&w, &seen), &w.e);
    cleat_clock_advance(2 * CLEAT_SECOND); /* calls are spaced after that */
    w.p.err = CLEAT_E_PENDING;
    w.p.retry_after_ms = INT64_MIN;
    KT_EQ_INT(ask_list(&w, &seen), CLEAT_E_PENDING);
    KT_EQ_INT(w.e.retry_after_ms, 0);
    end(&w);
}

static struct cleat_gate_state look(struct world *w) {
    struct cleat_gate_state s;
    cleat_gate_look(w->gate, &s);
    return s;
}

static void tells_how_the_cloud_answers(void) {
    struct world w;
    struct mover m;
    int seen;
    begin_with(&w, (struct cleat_gate_opts){.read_timeout = 30 * CLEAT_SECOND});
    KT_OK(ask_list(&w, &seen), &w.e);
    struct cleat_gate_state s = look(&w);
    KT_TRUE(!s.throttled && s.closed_until == 0 && s.unanswered == 0 && s.late == 0);
    w.p.err = CLEAT_E_THROTTLED;
    w.p.retry_after_ms = 7000;
    KT_EQ_INT(ask_list(&w, &seen), CLEAT_E_THROTTLED);
    s = look(&w);
    KT_TRUE(s.throttled);
    KT_EQ_INT(s.closed_until - cleat_now_mono(), 7 * CLEAT_SECOND);
    cleat_clock_advance(30 * CLEAT_SECOND);
    s = look(&w);
    KT_TRUE(s.throttled && s.closed_until == 0); /* not on and off with each refusal */
    cleat_clock_advance(31 * CLEAT_SECOND);
    KT_TRUE(!look(&w).throttled);
    /* a call that hangs, and heeds nothing */
    w.p.err = CLEAT_OK;
    w.p.hang = true;
    time_passes(&m);
    cleat_time began = cleat_now_mono();
    KT_EQ_INT(ask_list(&w, &seen), CLEAT_E_TIMEOUT);
    time_stops(&m);
    cleat_clock_advance(5 * CLEAT_SECOND);
    s = look(&w);
    KT_EQ_INT(s.late, 1);
    KT_TRUE(s.unanswered != 0 && (s.unanswered & (s.unanswered - 1)) == 0);
    for (size_t i = 0; i < 64; i++) {
        if ((s.unanswered >> i & 1) != 0) {
            KT_EQ_STR(cleat_gate_call_name(i), "instances_list");
        }
    }
    KT_TRUE(s.unanswered_since >= began && s.unanswered_since < began + 10 * CLEAT_SECOND);
    w.p.hang = false;
    cleat_event_set(&w.p.go_on);
    until(&w.p.hanging, 0);
    for (int i = 0; i < 40000 && look(&w).late > 0; i++) {
        usleep(500);
    }
    KT_OK(ask_list(&w, &seen), &w.e);
    KT_EQ_INT(look(&w).unanswered, 0);
    /* one that heeds its deadline: nothing hangs, yet nothing is answered */
    cleat_clock_advance(2 * CLEAT_SECOND);
    w.p.heed = true;
    time_passes(&m);
    KT_EQ_INT(ask_list(&w, &seen), CLEAT_E_TIMEOUT);
    time_stops(&m);
    s = look(&w);
    KT_TRUE(s.unanswered != 0 && s.late == 0);
    cleat_clock_advance(601 * CLEAT_SECOND); /* nobody has asked since */
    KT_EQ_INT(look(&w).unanswered, 0);
    w.p.heed = false;
    end(&w);
}

static void throttled_by_the_cloud(void) {
    struct world w;
    int seen;
    begin_with(&w, (struct cleat_gate_opts){0});
    w.p.err = CLEAT_E_THROTTLED;
    w.p.retry_after_ms = 7000;
    KT_EQ_INT(ask_list(&w, &seen), CLEAT_E_THROTTLED);
    KT_EQ_INT(w.e.retry_after_ms, 7000);
    KT_EQ_INT(ask_ensure(&w, "a", 80, NULL), CLEAT_E_THROTTLED);
    KT_EQ_INT(w.p.ensures, 0); /* it was not bothered */
    KT_TRUE(w.e.retry_after_ms >= 7000 && w.e.retry_after_ms <= 7001);
    w.p.err = CLEAT_OK;
    cleat_clock_advance(7001 * CLEAT_MS);
    KT_OK(ask_ensure(&w, "a", 80, NULL), &w.e);
    cleat_clock_advance(CLEAT_SECOND);
    KT_OK(ask_list(&w, &seen), &w.e);
    end(&w);
}

static void tells_by_metrics(void) {
    struct world w;
    int seen;
    begin_with(&w, (struct cleat_gate_opts){.cache = CLEAT_SECOND});
    KT_OK(ask_routes(&w, "kubernetes", &seen), &w.e);
    KT_OK(ask_routes(&w, "kubernetes", &seen), &w.e);
    w.p.err = CLEAT_E_TRANSIENT;
    KT_EQ_INT(ask_delete(&w, "a"), CLEAT_E_TRANSIENT);
    end(&w);
    CLEAT_AUTO_BUF out = {0};
    cleat_metrics_expose(&out);
    static const char *const want[] = {
        "cloudprovider_te_st_api_request_duration_seconds_count{request=\"loadbalancer_delete\"}",
        "cloudprovider_te_st_api_request_errors{request=\"loadbalancer_delete\"}",
        "cleat_cloud_reads_total{provider=\"te-st\",request=\"routes_list\",from=\"cache\"}",
        "cleat_cloud_call_wait_seconds_count{provider=\"te-st\",request=\"routes_list\"}",
        "cleat_cloud_calls_in_flight{provider=\"te-st\"} 0",
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        const char *at = strstr(out.p, want[i]);
        KT_TRUE(at != NULL);
        KT_TRUE(at == NULL || strtod(at + strlen(want[i]), NULL) > 0 || i == 4);
    }
}

KT_MAIN("cloud_gate", KT_TEST(passes_calls_on), KT_TEST(older_providers), KT_TEST(reads_are_kept),
        KT_TEST(reads_are_forgotten), KT_TEST(askers_share_an_answer), KT_TEST(news_in_between),
        KT_TEST(the_first_gives_up), KT_TEST(deadline_of_a_read), KT_TEST(a_balancer_that_hangs),
        KT_TEST(an_outcome_that_is_stale), KT_TEST(an_error_that_comes_late),
        KT_TEST(an_address_while_wishes_change), KT_TEST(a_taint_is_no_other_wish),
        KT_TEST(a_balancers_call_ends_when_its_caller_said),
        KT_TEST(balancers_are_listed_anew_each_time), KT_TEST(a_cloud_that_names_an_absurd_time),
        KT_TEST(tells_how_the_cloud_answers), KT_TEST(throttled_by_the_cloud),
        KT_TEST(tells_by_metrics))
