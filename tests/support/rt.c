/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kinds/kinds.h"
#include "tests/support/rt.h"

static const char *const masters[] = {"system:masters", NULL};
const struct cleat_user rt_admin = {.name = "admin", .groups = masters};

static bool step(void *store) {
    return cleat_store_step(store) != 0;
}

void rt_open(struct rt *rt) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    memset(rt, 0, sizeof *rt);
    cleat_time start = 0;
    cleat_time_parse(CLEAT_STR("2026-01-02T03:04:05Z"), &start);
    cleat_clock_virtual(start);
    struct cleat_store_opts opts = {.manual = true};
    bool ok = kt_ok(cleat_store_open(cleat_backend_memory(), &opts, &rt->store, &e), &e,
                    "cleat_store_open", __FILE__, __LINE__);
    cleat_assert(ok);
    cleat_wait_set_pump(step, rt->store);
    ok = kt_ok(cleat_registry_new(rt->store, cleat_kinds, &rt->registry, &e), &e,
               "cleat_registry_new", __FILE__, __LINE__);
    cleat_assert(ok);
    kt_ok(cleat_registry_bootstrap(rt->registry, &e), &e, "bootstrap", __FILE__, __LINE__);
}

void rt_close(struct rt *rt) {
    cleat_request_done(&rt->req);
    cleat_registry_free(rt->registry);
    cleat_store_close(rt->store);
    cleat_wait_set_pump(NULL, NULL);
}

const struct cleat_kind *rt_kind(struct rt *rt, const char *resource) {
    const struct cleat_kind *k;
    size_t n = strcspn(resource, "/");
    for (size_t i = 0; (k = cleat_registry_at(rt->registry, i)) != NULL; i++) {
        if (strlen(k->resource) == n && strncmp(k->resource, resource, n) == 0) {
            return k;
        }
    }
    cleat_assert(k != NULL);
    return NULL;
}

static void set_key(cleat_request *req, const char *key) {
    const char *slash = strchr(key, '/');
    if (slash != NULL) {
        req->ns = (struct cleat_str){key, (size_t)(slash - key)};
        key = slash + 1;
    }
    req->name = cleat_s(key);
}

static cleat_request begin(struct rt *rt, int verb, const char *resource) {
    const char *slash = strchr(resource, '/');
    return (cleat_request){
        .registry = rt->registry,
        .verb = verb,
        .kind = rt_kind(rt, resource),
        .subresource = slash != NULL ? slash + 1 : NULL,
        .user = rt->user != NULL ? rt->user : &rt_admin,
        .field_manager = rt->manager,
        .ns = {"", 0},
        .name = {"", 0},
        .del = {.struct_size = sizeof(struct cleat_delete_opts), .grace_period_seconds = -1}};
}

static cleat_err run(struct rt *rt, cleat_request *req) {
    cleat_request_done(&rt->req);
    rt->req = *req;
    return cleat_request_wait(&rt->req, NULL);
}

static cleat_obj *parse(const char *text) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_obj *o = NULL;
    kt_ok(cleat_obj_parse(cleat_s(text), 0, &o, &e), &e, text, __FILE__, __LINE__);
    return o;
}

cleat_err rt_get(struct rt *rt, const char *resource, const char *key) {
    cleat_request req = begin(rt, CLEAT_VERB_GET, resource);
    set_key(&req, key);
    return run(rt, &req);
}

cleat_err rt_create(struct rt *rt, const char *resource, const char *ns, const char *text) {
    cleat_request req = begin(rt, CLEAT_VERB_CREATE, resource);
    req.ns = cleat_s(ns);
    req.body = parse(text);
    return run(rt, &req);
}

cleat_err rt_update(struct rt *rt, const char *resource, const char *key, const char *text) {
    cleat_request req = begin(rt, CLEAT_VERB_UPDATE, resource);
    set_key(&req, key);
    req.body = parse(text);
    return run(rt, &req);
}

cleat_err rt_patch(struct rt *rt, const char *resource, const char *key, int type,
                   const char *text) {
    cleat_request req = begin(rt, CLEAT_VERB_PATCH, resource);
    set_key(&req, key);
    req.patch_type = type;
    req.patch = cleat_s(text);
    return run(rt, &req);
}

cleat_err rt_delete(struct rt *rt, const char *resource, const char *key,
                    const struct cleat_delete_opts *o) {
    cleat_request req = begin(rt, CLEAT_VERB_DELETE, resource);
    set_key(&req, key);
    if (o != NULL) {
        req.del = *o;
    }
    return run(rt, &req);
}

cleat_err rt_change(struct rt *rt, const char *resource, const char *key, cleat_path path,
                    const char *json) {
    cleat_request req = begin(rt, CLEAT_VERB_UPDATE, resource);
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_splice s = {path, cleat_s(json)};
    set_key(&req, key);
    kt_ok(cleat_obj_splice(rt->req.result, &s, 1, &req.body, &e), &e, json, __FILE__, __LINE__);
    return run(rt, &req);
}

struct cleat_str rt_at(struct rt *rt, cleat_path path) {
    if (rt->req.result == NULL) {
        return (struct cleat_str){"(no result)", 11};
    }
    struct cleat_val v = cleat_obj_at(rt->req.result, path);
    return cleat_val_type(v) == CLEAT_STRING ? cleat_val_str(v) : cleat_val_raw(v);
}

const char *rt_message(struct rt *rt) {
    return rt->req.error.message;
}

int rt_code(struct rt *rt) {
    return rt->req.err != CLEAT_OK ? cleat_err_http(rt->req.err) : rt->req.created ? 201 : 200;
}
