/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a path and a method to the kind and the handler: get, list, watch, write.
 * On the connection's I/O thread.
 */
#include "core/api/internal.h"

static void not_acceptable(struct cleat__call *c, const char *accepted) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e, CLEAT_E_NOT_ACCEPTABLE, "only the following media types are accepted: %s",
               accepted);
    cleat__respond_error(c, &e);
}

static bool has_subresource(const struct cleat_kind *k, const char *sub) {
    if (strcmp(sub, "status") == 0) {
        return k->flags & CLEAT_KIND_STATUS;
    }
    return cleat_kind_subresource(k, sub) != NULL;
}

static int write_verb(struct cleat_str method, bool named, const char **ret_name) {
    static const struct {
        const char *method, *name;
        int named, verb;
    } verbs[] = {{"POST", "create", 0, CLEAT_VERB_CREATE},
                 {"PUT", "update", 1, CLEAT_VERB_UPDATE},
                 {"PATCH", "patch", 1, CLEAT_VERB_PATCH},
                 {"DELETE", "delete", 1, CLEAT_VERB_DELETE},
                 {"DELETE", "deletecollection", 0, CLEAT_VERB_DELETE_COLLECTION}};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (cleat_eqc(method, verbs[i].method) && verbs[i].named == named) {
            *ret_name = verbs[i].name;
            return verbs[i].verb;
        }
    }
    return 0;
}

static const struct cleat_kind *find_kind(struct cleat__call *c, const struct cleat__route *r) {
    const struct cleat_kind *k =
        cleat_registry_find(c->io->api->registry, r->group, r->version, r->resource);
    if (k == NULL || (r->subresource != NULL && !has_subresource(k, r->subresource)) ||
        (r->ns.n > 0 && !(k->flags & CLEAT_KIND_NAMESPACED)) ||
        (r->ns.n == 0 && r->name.n > 0 && (k->flags & CLEAT_KIND_NAMESPACED))) {
        return NULL;
    }
    /* What is only made has no place to be found at. */
    if (cleat_kind_is_asked(k) &&
        (r->name.n > 0 || r->watch_path || (r->ns.n == 0 && (k->flags & CLEAT_KIND_NAMESPACED)))) {
        return NULL;
    }
    return k;
}

void cleat__serve_rest(struct cleat__call *c, struct cleat__route *r,
                       const struct cleat__identity *id) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat__accept accept = cleat__negotiate(cleat_http_header(c->head, "accept"));
    const struct cleat_kind *k = find_kind(c, r);
    if (k == NULL) {
        /* Who may do nothing does not learn what there is either. */
        if (cleat_authorize_path(c->io->api->registry, &id->user, "get", r->readable, &e) ==
            CLEAT_OK) {
            cleat_fail(&e, CLEAT_E_NOT_FOUND, "the server could not find the requested resource");
        }
        cleat__respond_error(c, &e);
        return;
    }
    if (accept.form == CLEAT__NONE) {
        not_acceptable(c, "application/json, " CLEAT__YAML);
        return;
    }
    if (k->deprecation != NULL) {
        const struct cleat_texts one = {(char *[]){(char *)(uintptr_t)k->deprecation}, 1};
        cleat__warn(c, &one);
    }
    cleat_time began = cleat_now_mono();
    if (cleat_eqc(c->head->method, "GET") || cleat_eqc(c->head->method, "HEAD")) {
        if (cleat_kind_is_asked(k)) { /* reviews are made, never looked at */
            cleat_fail(&e, CLEAT_E_METHOD,
                       "the server does not allow this method on the requested resource");
            cleat__respond_error(c, &e);
            return;
        }
        bool watch = r->watch_path || (r->name.n == 0 && cleat__param_true(r, "watch"));
        if (watch && !c->head_only && accept.yaml) {
            not_acceptable(c, "application/json");
            return;
        }
        c->yaml = accept.yaml;
        if (watch && !c->head_only) {
            cleat__stream_open(c, r, k, id, accept);
            return;
        }
        int flow = cleat__flow_of(&id->user, k);
        if (!cleat__flow_read(c, flow)) {
            cleat__metric_request(c->io, r->name.n > 0 ? "GET" : "LIST", k, r->subresource,
                                  "resource", 429, 0);
            return;
        }
        if (r->name.n > 0) {
            cleat__serve_get(c, r, k, id, accept);
        } else {
            cleat__serve_list(c, r, k, id, accept);
        }
        cleat__flow_reads(c, flow);
        cleat__metric_request(c->io, r->name.n > 0 ? "GET" : "LIST", k, r->subresource,
                              r->name.n > 0 ? "resource"
                              : r->ns.n > 0 ? "namespace"
                                            : "cluster",
                              c->status, cleat_now_mono() - began);
        return;
    }
    c->yaml = accept.yaml;
    const char *name = NULL;
    /* what is done to an object (pods/x/eviction) is created below it */
    bool act = r->subresource != NULL && cleat_eqc(c->head->method, "POST");
    int verb = write_verb(c->head->method, r->name.n > 0 && !act, &name);
    if (verb == 0 || r->watch_path || ((k->flags & CLEAT_KIND_NAMESPACED) && r->ns.n == 0)) {
        cleat_fail(&e, CLEAT_E_METHOD,
                   "the server does not allow this method on the requested resource");
        cleat__respond_error(c, &e);
        return;
    }
    cleat__serve_write(c, r, k, id, accept, verb, name);
}
