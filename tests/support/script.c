/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/script.h"

/* ---- what becomes of a call ---- */

static enum script_outcome begin(struct script *s, const char *op, const char *about) {
    s->calls++;
    cleat_buf_printf(&s->log, "%s %s;", op, about);
    return s->decide != NULL ? s->decide(s, op, about) : SCRIPT_WORKS;
}

static cleat_err later(struct cleat_error *e, cleat_err err, int64_t ms, const char *text) {
    cleat_fail(e, err, "%s", text);
    if (e != NULL) {
        e->retry_after_ms = ms;
    }
    return err;
}

/* Whether it is to be carried out. */
static bool is_done(enum script_outcome o) {
    return o == SCRIPT_WORKS || o == SCRIPT_LOSES || o == SCRIPT_PENDS || o == SCRIPT_EMPTY;
}

static cleat_err answer(enum script_outcome o, cleat_ctx *ctx, struct cleat_error *e) {
    switch (o) {
    case SCRIPT_FAILS:
        return cleat_fail(e, CLEAT_E_TRANSIENT, "the cloud is not well");
    case SCRIPT_LOSES:
        return cleat_fail(e, CLEAT_E_TRANSIENT, "the answer was lost");
    case SCRIPT_THROTTLES:
        return later(e, CLEAT_E_THROTTLED, 7000, "too many calls");
    case SCRIPT_PENDS:
        return later(e, CLEAT_E_PENDING, 2000, "it has begun");
    case SCRIPT_HANGS: {
        cleat_err err = cleat_ctx_sleep(ctx, 100000 * CLEAT_SECOND);
        return cleat_fail(e, err, "the call took too long");
    }
    case SCRIPT_TERMINAL:
        return cleat_fail(e, CLEAT_E_TERMINAL, "never");
    case SCRIPT_ELSEWHERE:
        return cleat_fail(e, CLEAT_E_ELSEWHERE, "implemented by alternate to cloud provider");
    default:
        return CLEAT_OK;
    }
}

/* ---- balancers ---- */

static char *about_service(const cleat_obj *service) {
    return cleat_sprintf("%.*s/%.*s", CLEAT_FMT(cleat_obj_ns(service)),
                         CLEAT_FMT(cleat_obj_name(service)));
}

struct script_balancer *script_balancer_of(struct script *s, const char *uid) {
    struct script_balancer *b = s->balancers;
    while (b != NULL && strcmp(b->uid, uid) != 0) {
        b = b->next;
    }
    return b;
}

static struct script_balancer *of_service(struct script *s, const cleat_obj *service) {
    CLEAT_AUTO_FREE char *uid = cleat_strndup(cleat_obj_uid(service));
    return script_balancer_of(s, uid);
}

static char *what(const cleat_obj *service) {
    struct cleat_buf out = {0};
    struct cleat_iter it = {0};
    cleat_buf_printf(&out, "%.*s/%.*s", CLEAT_FMT(cleat_obj_ns(service)),
                     CLEAT_FMT(cleat_obj_name(service)));
    while (cleat_val_next(cleat_obj_at(service, CLEAT_PATH("spec", "ports")), &it)) {
        cleat_buf_printf(&out, " %.*s/%.*s",
                         CLEAT_FMT(cleat_val_raw(cleat_val_get(it.val, "port"))),
                         CLEAT_FMT(cleat_val_str(cleat_val_get(it.val, "protocol"))));
    }
    return cleat_buf_take(&out);
}

static char *names(const cleat_obj *const *nodes, size_t n) {
    struct cleat_buf out = {0};
    cleat_buf_puts(&out, "");
    for (size_t i = 0; i < n; i++) {
        cleat_buf_printf(&out, "%s%.*s", i > 0 ? " " : "", CLEAT_FMT(cleat_obj_name(nodes[i])));
    }
    return out.p != NULL ? cleat_buf_take(&out) : cleat_strdup("");
}

static void free_balancer(struct script_balancer *b) {
    free(b->uid);
    free(b->what);
    free(b->hosts);
    free(b);
}

void script_drop_balancer(struct script *s, const char *uid) {
    for (struct script_balancer **at = &s->balancers; *at != NULL; at = &(*at)->next) {
        if (strcmp((*at)->uid, uid) == 0) {
            struct script_balancer *b = *at;
            *at = b->next;
            free_balancer(b);
            return;
        }
    }
}

static void make_balancer(struct script *s, const cleat_obj *service, const cleat_obj *const *nodes,
                          size_t n, bool begins) {
    struct script_balancer *b = of_service(s, service);
    if (b == NULL) {
        b = cleat_zalloc(sizeof *b);
        *b = (struct script_balancer){.next = s->balancers,
                                      .uid = cleat_strndup(cleat_obj_uid(service)),
                                      .address = ++s->next_address,
                                      .ready_at = begins ? cleat_now_mono() + CLEAT_SECOND : 0};
        s->balancers = b;
    }
    free(b->what);
    free(b->hosts);
    b->what = what(service);
    b->hosts = names(nodes, n);
}

static cleat_err lb_get(void *self, cleat_ctx *ctx, const char *cluster, const cleat_obj *service,
                        int32_t *ret_exists, cleat_obj **ret_status, struct cleat_error *e) {
    struct script *s = self;
    CLEAT_AUTO_FREE char *about = about_service(service);
    (void)cluster, (void)ret_status;
    cleat_err err = answer(begin(s, "get", about), ctx, e);
    const struct script_balancer *b = of_service(s, service);
    if (err == CLEAT_OK) { /* one that has just begun does not show yet */
        *ret_exists = b != NULL && b->ready_at <= cleat_now_mono();
    }
    return err;
}

static cleat_err lb_ensure(void *self, cleat_ctx *ctx, const char *cluster,
                           const cleat_obj *service, const cleat_obj *const *nodes, size_t n,
                           cleat_obj **ret_status, struct cleat_error *e) {
    struct script *s = self;
    CLEAT_AUTO_FREE char *about = about_service(service);
    (void)cluster;
    enum script_outcome o = begin(s, "ensure", about);
    if (is_done(o)) {
        if (s->on_ensure != NULL) {
            s->on_ensure(s, service);
        }
        make_balancer(s, service, nodes, n, o == SCRIPT_PENDS);
    }
    cleat_err err = answer(o, ctx, e);
    const struct script_balancer *b = of_service(s, service);
    if (err == CLEAT_E_PENDING && s->early != NULL) {
        *ret_status = cleat_obj_ref(s->early);
    }
    if (err == CLEAT_OK && o != SCRIPT_EMPTY) {
        if (b->ready_at > cleat_now_mono()) {
            return later(e, CLEAT_E_PENDING, 2000, "it has begun");
        }
        CLEAT_AUTO_FREE char *json =
            cleat_sprintf("{\"ingress\":[{\"ip\":\"192.0.2.%d\",\"ipMode\":\"Proxy\",\"ports\":[{"
                          "\"port\":80,\"protocol\":\"TCP\"}]}]}",
                          b->address);
        err = cleat_obj_parse(cleat_s(json), 0, ret_status, e);
    }
    return err;
}

static cleat_err lb_update(void *self, cleat_ctx *ctx, const char *cluster,
                           const cleat_obj *service, const cleat_obj *const *nodes, size_t n,
                           struct cleat_error *e) {
    struct script *s = self;
    CLEAT_AUTO_FREE char *about = about_service(service);
    (void)cluster;
    enum script_outcome o = begin(s, "update", about);
    struct script_balancer *b = of_service(s, service);
    if (is_done(o) && b == NULL) {
        return cleat_fail(e, CLEAT_E_NOT_FOUND, "load balancer not found");
    }
    if (is_done(o)) {
        free(b->hosts);
        b->hosts = names(nodes, n);
    }
    return answer(o, ctx, e);
}

static cleat_err lb_delete(void *self, cleat_ctx *ctx, const char *cluster,
                           const cleat_obj *service, struct cleat_error *e) {
    struct script *s = self;
    CLEAT_AUTO_FREE char *about = about_service(service);
    CLEAT_AUTO_FREE char *uid = cleat_strndup(cleat_obj_uid(service));
    (void)cluster;
    enum script_outcome o = begin(s, "delete", about);
    if (is_done(o)) {
        if (s->on_delete != NULL) {
            s->on_delete(s, service, NULL);
        }
        script_drop_balancer(s, uid);
    }
    return answer(o, ctx, e);
}

static cleat_err lb_list(void *self, cleat_ctx *ctx, const char *cluster, cleat_balancer_fn fn,
                         void *sink, struct cleat_error *e) {
    struct script *s = self;
    (void)cluster;
    enum script_outcome o = begin(s, "list", "balancers");
    size_t i = 0;
    bool half = o == SCRIPT_SHORT || o == SCRIPT_CUT;
    for (const struct script_balancer *b = s->balancers; b != NULL; b = b->next, i++) {
        char ns[64] = "", name[64] = "";
        sscanf(b->what, "%63[^/]/%63s", ns, name);
        const struct cleat_balancer one = {.struct_size = sizeof one,
                                           .name = b->uid,
                                           .service_namespace = ns,
                                           .service_name = name,
                                           .service_uid = b->uid};
        if (!half || i % 2 == 0) {
            fn(sink, &one);
        }
    }
    return o == SCRIPT_CUT ? cleat_fail(e, CLEAT_E_TRANSIENT, "the list broke off")
                           : answer(o, ctx, e);
}

#define LB_OPS                                                                                     \
    .get = lb_get, .ensure = lb_ensure, .update_hosts = lb_update, .ensure_deleted = lb_delete
static const struct cleat_lb_ops lb_ops = {.struct_size = offsetof(struct cleat_lb_ops, list),
                                           LB_OPS},
                                 listing_lb_ops = {
                                     .struct_size = sizeof listing_lb_ops, LB_OPS, .list = lb_list};

/* ---- routes ---- */

static void free_route(struct script_route *r) {
    free(r->name);
    free(r->target);
    free(r->cidr);
    free(r->addresses);
    free(r);
}

struct script_route *script_route_to(struct script *s, const char *target, const char *cidr) {
    struct script_route *r = s->routes;
    while (r != NULL && (strcmp(r->target, target) != 0 || strcmp(r->cidr, cidr) != 0)) {
        r = r->next;
    }
    return r;
}

struct script_route *script_add_route(struct script *s, const char *name, const char *target,
                                      const char *cidr) {
    struct script_route *r = cleat_zalloc(sizeof *r);
    *r = (struct script_route){.next = s->routes,
                               .name = cleat_strdup(name),
                               .target = cleat_strdup(target),
                               .cidr = cleat_strdup(cidr),
                               .tells_addresses = s->tells_addresses,
                               .addresses = cleat_strdup("")};
    s->routes = r;
    return r;
}

void script_drop_route(struct script *s, const char *name) {
    for (struct script_route **at = &s->routes; *at != NULL; at = &(*at)->next) {
        if (strcmp((*at)->name, name) == 0) {
            struct script_route *r = *at;
            *at = r->next;
            free_route(r);
            return;
        }
    }
}

static int32_t tell(const struct script_route *r, cleat_route_fn fn, void *sink) {
    struct cleat_address a[8];
    CLEAT_AUTO_FREE char *text = cleat_strdup(r->addresses);
    char *save = NULL;
    size_t n = 0;
    for (char *t = strtok_r(text, " ", &save); t != NULL && n < 8; t = strtok_r(NULL, " ", &save)) {
        char *equals = strchr(t, '=');
        *equals = 0;
        a[n++] = (struct cleat_address){t, equals + 1};
    }
    const struct cleat_route route = {.struct_size = sizeof route,
                                      .blackhole = r->blackhole,
                                      .enable_node_addresses = r->tells_addresses,
                                      .name = r->name,
                                      .target_node = r->target,
                                      .target_addresses = a,
                                      .n_target_addresses = r->tells_addresses ? n : 0,
                                      .destination_cidr = r->cidr};
    return fn(sink, &route);
}

static cleat_err route_list(void *self, cleat_ctx *ctx, const char *cluster, cleat_route_fn fn,
                            void *sink, struct cleat_error *e) {
    struct script *s = self;
    (void)cluster;
    enum script_outcome o = begin(s, "list", "routes");
    size_t i = 0;
    bool half = o == SCRIPT_SHORT || o == SCRIPT_CUT;
    for (const struct script_route *r = s->routes; r != NULL; r = r->next, i++) {
        if (!half || i % 2 == 0) {
            tell(r, fn, sink);
        }
    }
    return o == SCRIPT_CUT ? cleat_fail(e, CLEAT_E_TRANSIENT, "the list broke off")
                           : answer(o, ctx, e);
}

static cleat_err route_create(void *self, cleat_ctx *ctx, const char *cluster, const char *hint,
                              const struct cleat_route *route, struct cleat_error *e) {
    struct script *s = self;
    CLEAT_AUTO_FREE char *about =
        cleat_sprintf("%s %s", route->target_node, route->destination_cidr);
    (void)cluster;
    enum script_outcome o = begin(s, "create", about);
    for (const struct script_route *r = s->routes; is_done(o) && r != NULL; r = r->next) {
        if (strcmp(r->cidr, route->destination_cidr) == 0 &&
            strcmp(r->target, route->target_node) != 0) {
            return cleat_fail(e, CLEAT_E_EXISTS, "a route leads there to %s", r->target);
        }
    }
    if (is_done(o) && script_route_to(s, route->target_node, route->destination_cidr) == NULL) {
        CLEAT_AUTO_FREE char *name = cleat_sprintf("%s-%s", hint, route->destination_cidr);
        struct script_route *r =
            script_add_route(s, name, route->target_node, route->destination_cidr);
        struct cleat_buf addresses = {0};
        for (size_t i = 0; i < route->n_target_addresses; i++) {
            cleat_buf_printf(&addresses, "%s%s=%s", i > 0 ? " " : "",
                             route->target_addresses[i].type, route->target_addresses[i].address);
        }
        if (addresses.n > 0) {
            free(r->addresses);
            r->addresses = cleat_buf_take(&addresses);
        }
    }
    return answer(o, ctx, e);
}

static cleat_err route_remove(void *self, cleat_ctx *ctx, const char *cluster,
                              const struct cleat_route *route, struct cleat_error *e) {
    struct script *s = self;
    CLEAT_AUTO_FREE char *about =
        cleat_sprintf("%s %s", route->target_node, route->destination_cidr);
    (void)cluster;
    enum script_outcome o = begin(s, "remove", about);
    struct script_route *r = s->routes;
    while (r != NULL && strcmp(r->name, route->name) != 0) {
        r = r->next;
    }
    if (is_done(o) && r != NULL) {
        if (s->on_delete != NULL) {
            s->on_delete(s, NULL, r);
        }
        script_drop_route(s, route->name);
    }
    return answer(o, ctx, e);
}

static const struct cleat_routes_ops route_ops = {
    .struct_size = sizeof route_ops,
    .list = route_list,
    .create = route_create,
    .remove = route_remove,
};

/* ---- life ---- */

void script_init(struct script *s, const char *name) {
    static const struct cleat_cloud_ops ops = {
        .struct_size = sizeof ops, .load_balancers = &lb_ops, .routes = &route_ops};
    *s = (struct script){.cloud = {sizeof s->cloud, 0, name, &ops, s}};
}

void script_lists_balancers(struct script *s) {
    static const struct cleat_cloud_ops ops = {
        .struct_size = sizeof ops, .load_balancers = &listing_lb_ops, .routes = &route_ops};
    s->cloud.ops = &ops;
}

void script_done(struct script *s) {
    while (s->balancers != NULL) {
        script_drop_balancer(s, s->balancers->uid);
    }
    while (s->routes != NULL) {
        script_drop_route(s, s->routes->name);
    }
    cleat_buf_done(&s->log);
    cleat_obj_unref(s->early);
    s->early = NULL;
}

void script_join(struct world *w, struct script *const *clouds, size_t n) {
    const char *names_of[4] = {NULL};
    cleat_assert(n <= 4);
    for (size_t i = 0; i < n; i++) {
        names_of[i] = clouds[i]->cloud.name;
    }
    cleat_clouds_configure(&w->host->clouds, names_of, n);
    for (size_t i = 0; i < n; i++) {
        cleat_clouds_add(&w->host->clouds, &clouds[i]->cloud);
    }
}

size_t script_n_balancers(const struct script *s) {
    size_t n = 0;
    for (const struct script_balancer *b = s->balancers; b != NULL; b = b->next) {
        n++;
    }
    return n;
}

size_t script_n_routes(const struct script *s) {
    size_t n = 0;
    for (const struct script_route *r = s->routes; r != NULL; r = r->next) {
        n++;
    }
    return n;
}

char *script_log(struct script *s) {
    return s->log.n > 0 ? cleat_buf_take(&s->log) : cleat_strdup("");
}
