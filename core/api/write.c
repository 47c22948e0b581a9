/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes: each ties a request of the registry to the call that waits for it. It
 * lives on its I/O thread, survives the call and its connection, and only its
 * message crosses over from the committer.
 */
#include "core/api/internal.h"

struct cleat__write {
    struct cleat_request req;
    struct cleat__msg arrival;
    struct cleat__call *call; /* NULL: the client has gone */
    struct cleat__io *io;
    struct cleat__route route; /* its strings are what req points to */
    struct cleat__accept accept;
    struct cleat__identity *identity;
    char *patch, *uid; /* what req borrows of the body */
    char manager[CLEAT__MANAGER_ROOM];
    const char *verb;
    cleat_time began;
    int flow;
    bool answered, old_cascade;
    struct cleat__write *next; /* while it is kept for another request */
};

enum { SPARE = 64 }; /* kept by a thread: they are too large to be allocated anew each time */

static void write_free(struct cleat__write *x) {
    struct cleat__io *io = x->io;
    cleat_request_done(&x->req);
    cleat__route_done(&x->route);
    cleat__identity_unref(x->identity);
    free(x->patch);
    free(x->uid);
    cleat__flow_written(io->api, x->flow);
    if (io->n_spare < SPARE) {
        x->next = io->spare;
        io->spare = x;
        io->n_spare++;
    } else {
        free(x);
    }
    io->writes--;
    cleat__io_ended(io);
}

static struct cleat__write *write_take(struct cleat__io *io) {
    struct cleat__write *x = io->spare;
    if (x == NULL) {
        return cleat_zalloc(sizeof *x);
    }
    io->spare = x->next;
    io->n_spare--;
    return memset(x, 0, sizeof *x);
}

void cleat__writes_done(struct cleat__io *io) {
    for (struct cleat__write *x; (x = io->spare) != NULL;) {
        io->spare = x->next;
        free(x);
    }
}

/* A Status of success about what is gone. */
static void respond_deleted(struct cleat__call *c, const cleat_request *q) {
    const struct cleat_kind *k = q->kind;
    CLEAT_AUTO_BUF b = {0};
    cleat_buf_puts(
        &b, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Success\","
            "\"details\":{");
    if (q->name.n > 0) {
        cleat_buf_puts(&b, "\"name\":");
        cleat_buf_json(&b, q->name);
        cleat_buf_putc(&b, ',');
    }
    if (*k->group != '\0') {
        cleat_buf_puts(&b, "\"group\":");
        cleat_buf_json(&b, cleat_s(k->group));
        cleat_buf_putc(&b, ',');
    }
    cleat_buf_puts(&b, "\"kind\":");
    cleat_buf_json(&b, cleat_s(k->resource));
    if (q->result != NULL) {
        cleat_buf_puts(&b, ",\"uid\":");
        cleat_buf_json(&b, cleat_obj_uid(q->result));
    }
    cleat_buf_puts(&b, "}}\n");
    cleat__respond(c, 200, "application/json", &b, NULL);
}

static void answer(struct cleat__write *x) {
    struct cleat__call *c = x->call;
    cleat_request *q = &x->req;
    bool gone = q->verb == CLEAT_VERB_DELETE && q->gone;
    int status = q->err != CLEAT_OK        ? cleat_err_http(q->err)
                 : q->created              ? 201
                 : x->old_cascade && !gone ? 202
                                           : 200;
    const char *scope = q->name.n > 0 || q->verb == CLEAT_VERB_CREATE ? "resource"
                        : q->ns.n > 0                                 ? "namespace"
                                                                      : "cluster";
    cleat__metric_request(x->io, x->verb, q->kind, q->subresource, scope, status,
                          cleat_now_mono() - x->began);
    if (c == NULL) {
        return;
    }
    if (q->warnings.n > 0) {
        cleat__warn(c, &q->warnings);
    }
    if (q->err != CLEAT_OK && q->status != NULL) {
        CLEAT_AUTO_BUF whole = {0};
        cleat_buf_puts(&whole, q->status);
        cleat__respond(c, status, "application/json", &whole, NULL);
    } else if (q->err != CLEAT_OK) {
        cleat__respond_error(c, &q->error);
    } else if ((gone && (q->kind->flags & CLEAT_KIND_RETURNS) == 0) || q->result == NULL) {
        respond_deleted(c, q);
    } else {
        cleat__respond_one(c, status, q->kind, q->result, x->accept, cleat__include_of(&x->route));
    }
}

/* ---- to the committer and back ---- */

static void on_post(cleat_request *req) {
    struct cleat__write *x = req->userdata;
    x->arrival.request = req;
    cleat__io_post(x->io, &x->arrival);
}

static void on_done(cleat_request *req) {
    struct cleat__write *x = req->userdata;
    answer(x);
    x->answered = true;
}

void cleat__request_arrived(cleat_request *req) {
    struct cleat__write *x = req->userdata;
    struct cleat__call *c = x->call;
    cleat_request_resume(req);
    if (!x->answered) {
        return; /* it is tried again */
    }
    if (c != NULL) {
        c->write = NULL;
    }
    write_free(x);
    if (c != NULL) {
        cleat__call_done(c);
    }
}

void cleat__request_abandon(struct cleat__call *c) {
    if (c->write != NULL) {
        c->write->call = NULL;
        c->write = NULL;
    }
}

/* ---- making one ---- */

static cleat_err fill(struct cleat__write *x, struct cleat_error *e) {
    cleat_request *q = &x->req;
    const struct cleat__route *r = &x->route;
    struct cleat_str type = cleat__media_type(cleat_http_header(x->call->head, "content-type"));
    struct cleat_str body = x->call->body;
    CLEAT_TRY(cleat__write_options(q, r, e));
    if (q->verb == CLEAT_VERB_PATCH) {
        CLEAT_TRY(cleat__patch_type(q, r, type, e));
    }
    CLEAT_TRY(
        cleat__field_manager(q, r, cleat_http_header(x->call->head, "user-agent"), x->manager, e));
    switch (q->verb) {
    case CLEAT_VERB_PATCH:
        return cleat__patch_body(q, body, &x->patch, &q->patch, e);
    case CLEAT_VERB_DELETE:
    case CLEAT_VERB_DELETE_COLLECTION:
        q->label_selector = cleat__param(r, "labelSelector");
        q->field_selector = cleat__param(r, "fieldSelector");
        return cleat__delete_options(q, r, type, body, &x->uid, &x->old_cascade, e);
    default: {
        const struct cleat_subresource *sub =
            q->subresource != NULL ? cleat_kind_subresource(q->kind, q->subresource) : NULL;
        if (sub != NULL && sub->bodiless) {
            return CLEAT_OK;
        }
        return cleat__body_object(q, type, body, e);
    }
    }
}

static struct cleat__write *write_new(struct cleat__call *c, struct cleat__route *r,
                                      const struct cleat_kind *k,
                                      const struct cleat__identity *id) {
    struct cleat__write *x = write_take(c->io);
    x->call = c;
    x->io = c->io;
    x->route = *r;
    r->memory = NULL; /* taken */
    x->began = cleat_now_mono();
    x->identity = cleat__identity_ref(id);
    cleat_request *q = &x->req;
    q->registry = c->io->api->registry;
    q->kind = k;
    q->subresource = x->route.subresource;
    q->ns = x->route.ns;
    q->name = x->route.name;
    q->user = &x->identity->user;
    q->del.struct_size = sizeof q->del;
    q->del.grace_period_seconds = -1;
    q->done = on_done;
    q->post = on_post;
    q->userdata = x;
    c->io->writes++;
    return x;
}

void cleat__serve_write(struct cleat__call *c, struct cleat__route *r, const struct cleat_kind *k,
                        const struct cleat__identity *id, struct cleat__accept accept, int verb,
                        const char *verb_name) {
    struct cleat_error e = CLEAT_ERROR_INIT;
    int flow = cleat__flow_of(&id->user, k);
    if (!cleat__flow_write(c, flow)) {
        cleat__metric_request(c->io, verb_name, k, r->subresource, "resource", 429, 0);
        return;
    }
    struct cleat__write *x = write_new(c, r, k, id);
    x->accept = accept;
    x->flow = flow;
    x->verb = verb_name;
    x->req.verb = verb;
    cleat_err err = fill(x, &e);
    if (err != CLEAT_OK) {
        cleat__metric_request(c->io, verb_name, k, x->req.subresource, "resource",
                              cleat_err_http(err), cleat_now_mono() - x->began);
        cleat__respond_error(c, &e);
        write_free(x);
        return;
    }
    c->write = x;
    cleat_request_start(&x->req);
    if (x->answered) {
        c->write = NULL;
        write_free(x);
    }
}
