/* SPDX-License-Identifier: Apache-2.0 */
/* get, list and the writes: from HTTP to the registry and back. */
#include "core/api/internal.h"
#include "core/api/protobuf.h"
#include "core/base/limits.h"

/* ---- Tables and metadata ---- */

static int include_of(const struct cleat__route *r) {
    const char *v = cleat__param(r, "includeObject");
    return v == NULL || strcmp(v, "Metadata") == 0 ? 1 : strcmp(v, "Object") == 0 ? 2 : 0;
}

static void table_open(struct cleat_buf *b, const char *version, uint64_t revision,
                       const struct cleat_listing *l) {
    cleat_buf_printf(b,
                     "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/%s\",\"metadata\":{"
                     "\"resourceVersion\":\"%llu\"",
                     version, (unsigned long long)revision);
    if (l != NULL && l->continue_token != NULL) {
        cleat_buf_puts(b, ",\"continue\":");
        cleat_buf_json(b, cleat_s(l->continue_token));
        if (l->remaining >= 0) {
            cleat_buf_printf(b, ",\"remainingItemCount\":%lld", (long long)l->remaining);
        }
    }
    cleat_buf_puts(b, "},\"columnDefinitions\":");
}

static void respond_table(struct cleat__conn *c, int status, const struct cleat_kind *k,
                          const struct cleat_listing *l, const cleat_obj *one, const char *version,
                          int include) {
    CLEAT_AUTO_BUF b = {0};
    table_open(&b, version, l ? l->revision : cleat_obj_revision(one), l);
    cleat_table_columns(k, &b);
    cleat_buf_puts(&b, ",\"rows\":[");
    size_t n = l ? l->n : 1;
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            cleat_buf_putc(&b, ',');
        }
        cleat_table_row(k, l ? l->items[i] : one, include, version, &b);
    }
    cleat_buf_puts(&b, "]}\n");
    cleat__respond(c, status, "application/json", &b, NULL);
}

static void respond_one(struct cleat__conn *c, int status, const struct cleat_kind *k,
                        const cleat_obj *o, struct cleat__accept accept, int include) {
    if (accept.form == CLEAT__TABLE) {
        respond_table(c, status, k, NULL, o, accept.version, include);
    } else if (accept.form == CLEAT__PARTIAL) {
        CLEAT_AUTO_BUF b = {0};
        cleat_partial_metadata(o, accept.version, &b);
        cleat__respond(c, status, "application/json", &b, NULL);
    } else {
        cleat__respond_object(c, status, o, NULL);
    }
}

static void not_acceptable(struct cleat__conn *c) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    cleat_fail(&e, CLEAT_E_NOT_ACCEPTABLE,
               "only the following media types are accepted: application/json");
    cleat__respond_error(c, &e);
}

/* ---- reads ---- */

static void serve_get(struct cleat__conn *c, const struct cleat__route *r,
                      const struct cleat_kind *k, const struct cleat__identity *id,
                      struct cleat__accept accept) {
    struct cleat_request req = {.registry = c->io->api->registry,
                                .verb = CLEAT_VERB_GET,
                                .kind = k,
                                .subresource = r->subresource,
                                .ns = r->ns,
                                .name = r->name,
                                .user = &id->user};
    /* A get ends on the calling thread, without the committer. */
    cleat_err err = cleat_request_wait(&req, NULL);
    if (err != CLEAT_OK) {
        cleat__respond_error(c, &req.error);
    } else {
        respond_one(c, 200, k, req.result, accept, include_of(r));
    }
    cleat_request_done(&req);
}

static void group_version(struct cleat_buf *b, const struct cleat_kind *k) {
    cleat_buf_printf(b, "%s%s%s", k->group, *k->group ? "/" : "", k->version);
}

static void respond_listing(struct cleat__conn *c, const struct cleat_kind *k,
                            struct cleat_listing *l) {
    CLEAT_AUTO_BUF open = {0};
    cleat_buf_printf(&open, "{\"kind\":\"%sList\",\"apiVersion\":\"", k->kind);
    group_version(&open, k);
    cleat_buf_printf(&open, "\",\"metadata\":{\"resourceVersion\":\"%llu\"",
                     (unsigned long long)l->revision);
    if (l->continue_token != NULL) {
        cleat_buf_puts(&open, ",\"continue\":");
        cleat_buf_json(&open, cleat_s(l->continue_token));
        if (l->remaining >= 0) {
            cleat_buf_printf(&open, ",\"remainingItemCount\":%lld", (long long)l->remaining);
        }
    }
    cleat_buf_puts(&open, "},\"items\":[");
    static const char close[] = "]}\n";
    size_t total = open.n + sizeof close - 1 + (l->n > 0 ? l->n - 1 : 0);
    for (size_t i = 0; i < l->n; i++) {
        total += cleat_obj_bytes(l->items[i]).n;
    }
    CLEAT_AUTO_BUF head = {0};
    cleat__head(c, &head, 200, "application/json", (long long)total, NULL);
    if (cleat_eqc(c->head.method, "HEAD")) {
        size_t n = head.n;
        cleat__out_bytes(c, cleat_buf_take(&head), n);
        return;
    }
    cleat_buf_add(&head, open.p, open.n);
    size_t n = head.n;
    cleat__out_bytes(c, cleat_buf_take(&head), n);
    if (l->n > 0) {
        cleat__out_listing(c, l);
    }
    cleat__out_bytes(c, cleat_strdup(close), sizeof close - 1);
}

static void respond_partial_list(struct cleat__conn *c, const struct cleat_listing *l,
                                 const char *version) {
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_printf(&b,
                     "{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":\"meta.k8s.io/%s\","
                     "\"metadata\":{\"resourceVersion\":\"%llu\"",
                     version, (unsigned long long)l->revision);
    if (l->continue_token != NULL) {
        cleat_buf_puts(&b, ",\"continue\":");
        cleat_buf_json(&b, cleat_s(l->continue_token));
    }
    cleat_buf_puts(&b, "},\"items\":[");
    for (size_t i = 0; i < l->n; i++) {
        if (i > 0) {
            cleat_buf_putc(&b, ',');
        }
        cleat_partial_metadata(l->items[i], version, &b);
    }
    cleat_buf_puts(&b, "]}\n");
    cleat__respond(c, 200, "application/json", &b, NULL);
}

static void serve_list(struct cleat__conn *c, const struct cleat__route *r,
                       const struct cleat_kind *k, const struct cleat__identity *id,
                       struct cleat__accept accept) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat_list_request q = {
        .kind = k,
        .ns = r->ns,
        .user = &id->user,
        .label_selector = cleat__param(r, "labelSelector"),
        .field_selector = cleat__param(r, "fieldSelector"),
        .continue_token = cleat__param(r, "continue"),
        .resource_version = cleat__param(r, "resourceVersion"),
        .resource_version_match = cleat__param(r, "resourceVersionMatch"),
    };
    const char *limit = cleat__param(r, "limit");
    if (limit != NULL) {
        char *end;
        long v = strtol(limit, &end, 10);
        if (*end != '\0' || v < 0 || v > INT32_MAX) {
            cleat_fail(&e, CLEAT_E_BAD_REQUEST, "invalid limit: %.64s", limit);
            cleat__respond_error(c, &e);
            return;
        }
        q.limit = (uint32_t)v;
    }
    if (cleat__param(r, "sendInitialEvents") != NULL) {
        cleat_fail(&e, CLEAT_E_INVALID,
                   "ListOptions.meta.k8s.io \"\" is invalid: sendInitialEvents: Forbidden: "
                   "sendInitialEvents is forbidden for list");
        cleat__respond_error(c, &e);
        return;
    }
    struct cleat_listing l;
    if (cleat_registry_list(c->io->api->registry, &q, &l, &e) != CLEAT_OK) {
        cleat__respond_error(c, &e);
        return;
    }
    if (accept.form == CLEAT__TABLE) {
        respond_table(c, 200, k, &l, NULL, accept.version, include_of(r));
    } else if (accept.form == CLEAT__PARTIAL_LIST || accept.form == CLEAT__PARTIAL) {
        respond_partial_list(c, &l, accept.version);
    } else {
        respond_listing(c, k, &l);
    }
    cleat_listing_done(&l);
}

/* ---- writes ---- */

/* A request that may outlive its connection. */
struct exchange {
    struct cleat_request req;
    struct cleat__conn *conn; /* NULL: the client has gone */
    struct cleat__io *io;
    struct cleat__route route; /* its strings are what req points to */
    struct cleat__accept accept;
    struct cleat__identity identity; /* a copy: the connection may go first */
    struct cleat_buf body;
    char *uid, *field_manager;
    cleat_time began;
    bool answered;
    const char *verb;
};

static void copy_identity(struct cleat__identity *to, const struct cleat__identity *from) {
    to->name = cleat_strdup(from->name);
    to->uid = cleat_strdup(from->uid);
    for (size_t i = 0; i < from->n_groups; i++) {
        cleat__identity_add_group(to, cleat_s(from->groups[i]));
    }
    to->user =
        (struct cleat_user){to->name, to->uid ? to->uid : "", (const char *const *)to->groups};
}

static void exchange_free(struct exchange *x) {
    cleat_request_done(&x->req);
    cleat__route_done(&x->route);
    cleat__identity_done(&x->identity);
    cleat_buf_done(&x->body);
    free(x->uid);
    free(x->field_manager);
    atomic_fetch_sub(&x->io->api->in_flight_mutating, 1);
    free(x);
}

/* A Status of success about what is gone. */
static void respond_deleted(struct cleat__conn *c, const struct exchange *x) {
    const struct cleat_kind *k = x->req.kind;
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(
        &b, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\","
            "\"details\":{\"name\":");
    cleat_buf_json(&b, x->req.name);
    if (*k->group != '\0') {
        cleat_buf_puts(&b, ",\"group\":");
        cleat_buf_json(&b, cleat_s(k->group));
    }
    cleat_buf_puts(&b, ",\"kind\":");
    cleat_buf_json(&b, cleat_s(k->resource));
    if (x->req.result != NULL) {
        cleat_buf_puts(&b, ",\"uid\":");
        cleat_buf_json(&b, cleat_obj_uid(x->req.result));
    }
    cleat_buf_puts(&b, "}}\n");
    cleat__respond(c, 200, "application/json", &b, NULL);
}

static void answer(struct exchange *x) {
    struct cleat__conn *c = x->conn;
    cleat_request *q = &x->req;
    int status = q->err != CLEAT_OK ? cleat_err_http(q->err) : q->created ? 201 : 200;
    cleat__metric_request(x->verb, q->kind, q->subresource, q->name.n ? "resource" : "namespace",
                          status, cleat_now_mono() - x->began);
    if (c == NULL) {
        return;
    }
    if (q->err != CLEAT_OK) {
        cleat__respond_error(c, &q->error);
    } else if ((q->verb == CLEAT_VERB_DELETE && q->gone) || q->result == NULL) {
        respond_deleted(c, x);
    } else {
        respond_one(c, status, q->kind, q->result, x->accept, include_of(&x->route));
    }
}

static void on_post(cleat_request *req) {
    struct exchange *x = req->userdata;
    cleat__io_post_request(x->io, req);
}

static void on_done(cleat_request *req) {
    struct exchange *x = req->userdata;
    answer(x);
    x->answered = true;
}

void cleat__request_arrived(cleat_request *req) {
    struct exchange *x = req->userdata;
    cleat_request_resume(req);
    if (!x->answered) {
        return; /* it was tried again */
    }
    struct cleat__conn *c = x->conn;
    exchange_free(x);
    if (c != NULL) {
        c->exchange = NULL;
        cleat__conn_resume(c);
    }
}

void cleat__request_abandon(struct cleat__conn *c) {
    if (c->exchange != NULL) {
        ((struct exchange *)c->exchange)->conn = NULL;
        c->exchange = NULL;
    }
}

/* ---- bodies and options ---- */

static struct cleat_str media_type(struct cleat_str s) {
    const char *semi = s.n ? memchr(s.p, ';', s.n) : NULL;
    s.n = semi ? (size_t)(semi - s.p) : s.n;
    while (s.n > 0 && s.p[s.n - 1] == ' ') {
        s.n--;
    }
    return s;
}

static cleat_err wrong_media(struct cleat_error *e, const char *accepted) {
    return cleat_fail(
        e, CLEAT_E_MEDIA_TYPE,
        "the body of the request was in an unknown format - accepted media types include: %s",
        accepted);
}

static cleat_err patch_of(struct exchange *x, struct cleat_str type, struct cleat_error *e) {
    x->req.patch = (struct cleat_str){x->body.p ? x->body.p : "", x->body.n};
    if (cleat_eqc(type, "application/json-patch+json")) {
        x->req.patch_type = CLEAT_PATCH_JSON;
    } else if (cleat_eqc(type, "application/merge-patch+json")) {
        x->req.patch_type = CLEAT_PATCH_MERGE;
    } else if (cleat_eqc(type, "application/strategic-merge-patch+json")) {
        x->req.patch_type = CLEAT_PATCH_STRATEGIC;
    } else {
        return wrong_media(e, x->req.kind->flags & CLEAT_KIND_CUSTOM
                                  ? "application/json-patch+json, application/merge-patch+json"
                                  : "application/json-patch+json, application/merge-patch+json, "
                                    "application/strategic-merge-patch+json");
    }
    return CLEAT_OK;
}

/* Makes a protobuf body the JSON that all else reads. */
static cleat_err plain_body(struct exchange *x, struct cleat_str *type, struct cleat_error *e) {
    if (!cleat_eqc(*type, CLEAT_PROTOBUF_MEDIA_TYPE) || x->body.n == 0) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF json = {0};
    CLEAT_TRY(cleat_protobuf_to_json((struct cleat_str){x->body.p, x->body.n}, &json, e));
    struct cleat_buf was = x->body;
    x->body = json;
    json = was;
    *type = CLEAT_STR("application/json");
    return CLEAT_OK;
}

static cleat_err object_of(struct exchange *x, struct cleat_str type, struct cleat_error *e) {
    CLEAT_TRY(plain_body(x, &type, e));
    if (type.n > 0 && !cleat_eqc(type, "application/json") && !cleat_eqc(type, "*/*")) {
        return wrong_media(e, "application/json, " CLEAT_PROTOBUF_MEDIA_TYPE);
    }
    const char *validation = cleat__param(&x->route, "fieldValidation");
    unsigned flags =
        validation != NULL && strcmp(validation, "Strict") == 0 ? CLEAT_PARSE_NO_DUPLICATES : 0;
    return cleat_obj_parse((struct cleat_str){x->body.p ? x->body.p : "", x->body.n}, flags,
                           &x->req.body, e);
}

static cleat_err propagation(const char *s, int32_t *ret, struct cleat_error *e) {
    static const char *const names[] = {"", "Background", "Foreground", "Orphan"};
    for (int i = 1; i < 4; i++) {
        if (strcmp(s, names[i]) == 0) {
            *ret = i;
            return CLEAT_OK;
        }
    }
    return cleat_fail(
        e, CLEAT_E_INVALID,
        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: "
        "\"%.64s\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"",
        s);
}

static cleat_err delete_options(struct exchange *x, struct cleat_str type, struct cleat_error *e) {
    CLEAT_TRY(plain_body(x, &type, e));
    struct cleat_delete_opts *d = &x->req.del;
    const char *grace = cleat__param(&x->route, "gracePeriodSeconds");
    const char *policy = cleat__param(&x->route, "propagationPolicy");
    if (grace != NULL) {
        char *end;
        d->grace_period_seconds = strtoll(grace, &end, 10);
        if (*grace == '\0' || *end != '\0') {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST, "invalid gracePeriodSeconds: %.64s", grace);
        }
    }
    if (policy != NULL) {
        CLEAT_TRY(propagation(policy, &d->propagation, e));
    }
    if (x->body.n == 0) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_TRY(cleat_obj_parse((struct cleat_str){x->body.p, x->body.n}, 0, &o, e));
    struct cleat_val root = cleat_obj_root(o), pre = cleat_val_get(root, "preconditions");
    int64_t seconds;
    if (cleat_val_int(cleat_val_get(root, "gracePeriodSeconds"), &seconds)) {
        d->grace_period_seconds = seconds;
    }
    CLEAT_AUTO_FREE char *named = cleat_val_strdup(cleat_val_get(root, "propagationPolicy"));
    struct cleat_val orphan = cleat_val_get(root, "orphanDependents");
    if (named != NULL) {
        if (cleat_val_type(orphan) == CLEAT_BOOL) {
            return cleat_fail(
                e, CLEAT_E_INVALID,
                "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Invalid value: "
                "\"%.64s\": orphanDependents and deletionPropagation cannot be both set",
                named);
        }
        CLEAT_TRY(propagation(named, &d->propagation, e));
    } else if (cleat_val_type(orphan) == CLEAT_BOOL) {
        d->propagation =
            cleat_val_bool(orphan, 0) ? CLEAT_PROPAGATE_ORPHAN : CLEAT_PROPAGATE_BACKGROUND;
    }
    x->uid = cleat_val_strdup(cleat_val_get(pre, "uid"));
    d->uid = x->uid;
    struct cleat_str rv = cleat_val_str(cleat_val_get(pre, "resourceVersion"));
    for (size_t i = 0; i < rv.n && i < 19 && rv.p[i] >= '0' && rv.p[i] <= '9'; i++) {
        d->revision = d->revision * 10 + (uint64_t)(rv.p[i] - '0');
    }
    struct cleat_val dry = cleat_val_get(root, "dryRun");
    if (cleat_val_count(dry) > 0) {
        x->req.dry_run = true;
    }
    return CLEAT_OK;
}

static cleat_err options(struct exchange *x, struct cleat_error *e) {
    const char *dry = cleat__param(&x->route, "dryRun");
    if (dry != NULL && *dry != '\0') {
        if (strcmp(dry, "All") != 0) {
            return cleat_fail(
                e, CLEAT_E_INVALID,
                "Options.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: \"%.64s\": "
                "supported values: \"All\"",
                dry);
        }
        x->req.dry_run = true;
    }
    x->req.field_manager = cleat__param(&x->route, "fieldManager");
    if (x->req.field_manager == NULL) {
        struct cleat_str agent = cleat_http_header(&x->conn->head, "user-agent");
        const char *slash = agent.n ? memchr(agent.p, '/', agent.n) : NULL;
        agent.n = slash ? (size_t)(slash - agent.p) : agent.n;
        agent.n = agent.n > 128 ? 128 : agent.n;
        x->field_manager = cleat_strndup(agent);
        x->req.field_manager = x->field_manager;
    }
    return CLEAT_OK;
}

static cleat_err fill(struct exchange *x, struct cleat_error *e) {
    struct cleat_str type = media_type(cleat_http_header(&x->conn->head, "content-type"));
    CLEAT_TRY(options(x, e));
    switch (x->req.verb) {
    case CLEAT_VERB_PATCH:
        return patch_of(x, type, e);
    case CLEAT_VERB_DELETE:
    case CLEAT_VERB_DELETE_COLLECTION:
        x->req.label_selector = cleat__param(&x->route, "labelSelector");
        x->req.field_selector = cleat__param(&x->route, "fieldSelector");
        return delete_options(x, type, e);
    default:
        return object_of(x, type, e);
    }
}

/* Takes the route. */
static void serve_write(struct cleat__conn *c, struct cleat__route *r, const struct cleat_kind *k,
                        const struct cleat__identity *id, struct cleat__accept accept, int verb,
                        const char *verb_name) {
    cleat_api *a = c->io->api;
    struct cleat_error e = CLEAT_ERROR_INIT;
    if ((unsigned)atomic_fetch_add(&a->in_flight_mutating, 1) >= CLEAT_LIMIT_MUTATING_IN_FLIGHT) {
        atomic_fetch_sub(&a->in_flight_mutating, 1);
        cleat_fail(&e, CLEAT_E_THROTTLED, "Too many requests, please try again later.");
        e.retry_after_ms = 1000;
        cleat__respond_error(c, &e);
        return;
    }
    struct exchange *x = cleat_zalloc(sizeof *x);
    x->conn = c;
    x->io = c->io;
    x->route = *r;
    r->path = r->query = NULL;
    x->accept = accept;
    x->began = cleat_now_mono();
    x->verb = verb_name;
    copy_identity(&x->identity, id);
    const char *body = c->head.chunked ? c->body.p : c->in.p + c->in_off + c->head_n;
    cleat_buf_add(&x->body, body, c->head.chunked ? c->body.n : (size_t)c->head.content_length);
    x->req = (struct cleat_request){
        .registry = a->registry,
        .verb = verb,
        .kind = k,
        .subresource = x->route.subresource,
        .ns = x->route.ns,
        .name = x->route.name,
        .user = &x->identity.user,
        .del = {.struct_size = sizeof x->req.del, .grace_period_seconds = -1},
        .done = on_done,
        .post = on_post,
        .userdata = x};
    x->req.error.struct_size = sizeof x->req.error;
    if (fill(x, &e) != CLEAT_OK) {
        cleat__respond_error(c, &e);
        exchange_free(x);
        return;
    }
    c->exchange = x;
    cleat_request_start(&x->req);
    if (x->answered) {
        c->exchange = NULL;
        exchange_free(x);
    }
}

/* ---- which is it? ---- */

static bool has_subresource(const struct cleat_kind *k, const char *sub) {
    if (strcmp(sub, "status") == 0) {
        return k->flags & CLEAT_KIND_STATUS;
    }
    for (size_t i = 0; k->subresources != NULL && k->subresources[i] != NULL; i++) {
        if (strcmp(k->subresources[i], sub) == 0) {
            return true;
        }
    }
    return false;
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

static const struct cleat_kind *find_kind(struct cleat__conn *c, const struct cleat__route *r) {
    const struct cleat_kind *k =
        cleat_registry_find(c->io->api->registry, r->group, r->version, r->resource);
    if (k == NULL || (r->subresource != NULL && !has_subresource(k, r->subresource)) ||
        (r->ns.n > 0 && !(k->flags & CLEAT_KIND_NAMESPACED)) ||
        (r->ns.n == 0 && r->name.n > 0 && (k->flags & CLEAT_KIND_NAMESPACED))) {
        return NULL;
    }
    return k;
}

void cleat__serve_rest(struct cleat__conn *c, struct cleat__route *r,
                       const struct cleat__identity *id) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    struct cleat__accept accept = cleat__negotiate(cleat_http_header(&c->head, "accept"));
    const struct cleat_kind *k = find_kind(c, r);
    if (k == NULL) {
        /* Who may do nothing does not learn what there is either. */
        if (cleat_authorize_path(&id->user, "get", r->query, &e) == CLEAT_OK) {
            cleat_fail(&e, CLEAT_E_NOT_FOUND, "the server could not find the requested resource");
        }
        cleat__respond_error(c, &e);
        return;
    }
    if (accept.form == CLEAT__NONE) {
        not_acceptable(c);
        return;
    }
    cleat_time began = cleat_now_mono();
    if (cleat_eqc(c->head.method, "GET") || cleat_eqc(c->head.method, "HEAD")) {
        if (r->watch_path || (cleat__param_true(r, "watch") && r->name.n == 0)) {
            cleat__stream_open(c, r, k, id, accept);
            return;
        }
        if (r->name.n > 0) {
            serve_get(c, r, k, id, accept);
        } else {
            serve_list(c, r, k, id, accept);
        }
        cleat__metric_request(r->name.n > 0 ? "GET" : "LIST", k, r->subresource,
                              r->name.n > 0 ? "resource"
                              : r->ns.n > 0 ? "namespace"
                                            : "cluster",
                              c->status, cleat_now_mono() - began);
        return;
    }
    const char *name = NULL;
    int verb = write_verb(c->head.method, r->name.n > 0, &name);
    if (verb == 0 || r->watch_path || ((k->flags & CLEAT_KIND_NAMESPACED) && r->ns.n == 0)) {
        cleat_fail(&e, CLEAT_E_METHOD,
                   "the server does not allow this method on the requested resource");
        cleat__respond_error(c, &e);
        return;
    }
    serve_write(c, r, k, id, accept, verb, name);
}
