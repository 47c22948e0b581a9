/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a request: authorize, prepare, submit, and after the commit finish
 * or try again. start and resume run on threads of the requester's; only
 * on_commit runs on the committer's and does nothing but call post.
 */
#include "core/registry/internal.h"

/* How often a write that lost against another one is prepared again. */
enum { ATTEMPTS_MAX = 64, NAME_ATTEMPTS_MAX = 8 };

static const char *verb_name(int verb) {
    switch (verb) {
    case CLEAT_VERB_GET:
        return "get";
    case CLEAT_VERB_CREATE:
        return "create";
    case CLEAT_VERB_UPDATE:
        return "update";
    case CLEAT_VERB_PATCH:
        return "patch";
    case CLEAT_VERB_DELETE:
        return "delete";
    default:
        return "deletecollection";
    }
}

void cleat_request_finish(cleat_request *req, cleat_err err) {
    const struct cleat_subresource *sub = cleat_sub_of(req);
    if (err == CLEAT_OK && req->kind->show != NULL && req->result != NULL &&
        cleat_obj_kind(req->result) == req->kind->id) {
        req->result = cleat_version_show(req->kind, req->result);
    }
    if (sub != NULL && err == CLEAT_OK) {
        err = cleat_sub_show(req, sub);
    }
    req->err = err;
    if (err != CLEAT_OK) {
        cleat_obj_unref(req->result);
        req->result = NULL;
    }
    req->done(req);
}

static void on_commit(struct cleat_op *op) {
    cleat_request *req = op->userdata;
    if (req->kind->flags & CLEAT_KIND_ACCESS) {
        atomic_fetch_add(&req->registry->access_changes, 1);
    }
    req->post(req);
}

static int read_one(cleat_request *req) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(req->registry->store);
    const cleat_obj *o = cleat_snapshot_get(sn, req->kind->id, req->ns, req->name);
    if (o == NULL) {
        req->err = cleat_fail_not_found(req->kind, req->name, &req->error);
        return CLEAT_STEP_FAILED;
    }
    req->result = cleat_obj_ref(o);
    return CLEAT_STEP_DONE;
}

/* A body that names no revision may be needed again; another one is given away. */
static int update(cleat_request *req) {
    if (cleat_obj_revision(req->body) == 0) {
        return cleat_prepare_update(req, cleat_obj_ref(req->body));
    }
    return cleat_prepare_update(req, CLEAT_STEAL(req->body));
}

static int prepare(cleat_request *req) {
    if (req->kind->acts_on != NULL) {
        cleat_err err = cleat_sub_redirect(req);
        if (err != CLEAT_OK) {
            return cleat_step_fail(req, err);
        }
    }
    if (req->kind->answer != NULL) {
        req->err = req->kind->answer(req);
        req->created = true;
        return req->err == CLEAT_OK ? CLEAT_STEP_DONE : CLEAT_STEP_FAILED;
    }
    const struct cleat_subresource *sub = cleat_sub_of(req);
    if (sub != NULL) {
        return cleat_prepare_sub(req, sub);
    }
    switch (req->verb) {
    case CLEAT_VERB_GET:
        return read_one(req);
    case CLEAT_VERB_CREATE:
        return cleat_prepare_create(req);
    case CLEAT_VERB_UPDATE:
        return update(req);
    case CLEAT_VERB_PATCH:
        return cleat_prepare_patch(req);
    case CLEAT_VERB_DELETE:
        return cleat_prepare_delete(req);
    default:
        req->err = cleat_fail(&req->error, CLEAT_E_METHOD,
                              "the server does not allow this method on the requested resource");
        return CLEAT_STEP_FAILED;
    }
}

/* What admit reserved is kept or given back. */
static void settle(cleat_request *req, cleat_err err) {
    if (req->reserved != NULL) {
        req->registry->admission->settled(req->registry->admission, req);
    }
    if (req->admitted) {
        req->admitted = false;
        req->err = err;
        req->kind->settled(req);
    }
}

static void attempt(cleat_request *req) {
    req->attempts++;
    free(req->status);
    req->status = NULL;
    int step = prepare(req);
    if (step != CLEAT_STEP_SUBMIT) {
        settle(req, step == CLEAT_STEP_DONE ? CLEAT_OK : req->err);
    }
    switch (step) {
    case CLEAT_STEP_SUBMIT:
        req->op.done = on_commit;
        req->op.userdata = req;
        cleat_store_submit(req->registry->store, &req->op);
        return;
    case CLEAT_STEP_DONE:
        cleat_request_finish(req, CLEAT_OK);
        return;
    default:
        cleat_request_finish(req, req->err);
    }
}

/* Whether the kind has this subresource, and it this verb. */
static cleat_err check_subresource(const cleat_request *req, struct cleat_error *e) {
    const struct cleat_subresource *sub = cleat_kind_subresource(req->kind, req->subresource);
    bool status =
        strcmp(req->subresource, "status") == 0 && (req->kind->flags & CLEAT_KIND_STATUS) != 0;
    unsigned verbs = 1U << CLEAT_VERB_GET | 1U << CLEAT_VERB_UPDATE | 1U << CLEAT_VERB_PATCH;
    if (sub == NULL && !status) {
        return cleat_fail_no_resource(e);
    }
    if (sub != NULL && sub->verbs != 0) {
        verbs = sub->verbs;
    }
    if ((verbs & 1U << req->verb) == 0) {
        return cleat_fail(e, CLEAT_E_METHOD,
                          "the server does not allow this method on the requested resource");
    }
    return CLEAT_OK;
}

static cleat_err admit(cleat_request *req) {
    const struct cleat_kind *k = req->kind;
    struct cleat_error *e = &req->error;
    if (req->verb == CLEAT_VERB_DELETE_COLLECTION) {
        CLEAT_TRY(cleat_authorize_many(req->registry, req->user, verb_name(req->verb), k, req->ns,
                                       req->field_selector, e));
    } else {
        CLEAT_TRY(cleat_authorize(req->registry, req->user, verb_name(req->verb), k,
                                  req->subresource, req->ns, req->name, e));
    }
    if (req->subresource != NULL) {
        CLEAT_TRY(check_subresource(req, e));
    }
    if ((req->verb != CLEAT_VERB_GET && (k->flags & CLEAT_KIND_READ_ONLY)) ||
        (req->verb == CLEAT_VERB_DELETE_COLLECTION && (k->flags & CLEAT_KIND_NAMESPACE)) ||
        (req->verb != CLEAT_VERB_CREATE && cleat_kind_is_asked(k))) {
        return cleat_fail(e, CLEAT_E_METHOD,
                          "the server does not allow this method on the requested resource");
    }
    const struct cleat_subresource *sub = cleat_sub_of(req);
    bool bodiless = sub != NULL && sub->bodiless;
    if ((req->verb == CLEAT_VERB_CREATE || req->verb == CLEAT_VERB_UPDATE) && req->body == NULL &&
        !bodiless) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "the body of the request was empty");
    }
    if ((k->flags & CLEAT_KIND_NAMESPACED) && req->ns.n == 0 &&
        req->verb != CLEAT_VERB_DELETE_COLLECTION) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "an empty namespace may not be set during creation");
    }
    return CLEAT_OK;
}

static void warn_of_orphans(cleat_request *req) {
    bool deletes = req->verb == CLEAT_VERB_DELETE || req->verb == CLEAT_VERB_DELETE_COLLECTION;
    if (deletes && req->del.propagation == CLEAT_PROPAGATE_DEFAULT && req->kind->orphans != NULL &&
        req->kind->orphans[0] != '\0') {
        cleat_request_warn(req, "%s", req->kind->orphans);
    }
}

void cleat_request_start(cleat_request *req) {
    req->error.struct_size = (uint32_t)sizeof req->error;
    req->op.error.struct_size = (uint32_t)sizeof req->op.error;
    cleat_err err = admit(req);
    warn_of_orphans(req);
    if (err != CLEAT_OK) {
        cleat_request_finish(req, err);
    } else if (req->verb == CLEAT_VERB_DELETE_COLLECTION) {
        cleat_collection_start(req);
    } else {
        attempt(req);
    }
}

/* A write that lost: is it prepared again from the newest state? */
static bool try_again(const cleat_request *req) {
    cleat_err err = req->op.err;
    if (req->attempts >= ATTEMPTS_MAX) {
        return false;
    }
    if (req->op.type == CLEAT_OP_CREATE) {
        bool generated = req->name.n == 0 && cleat_obj_name(req->body).n == 0;
        if (err == CLEAT_E_CONFLICT) {
            return true; /* its namespace changed, or ended */
        }
        return err == CLEAT_E_EXISTS &&
               (req->verb != CLEAT_VERB_CREATE || (generated && req->attempts < NAME_ATTEMPTS_MAX));
    }
    return (err == CLEAT_E_CONFLICT || err == CLEAT_E_NOT_FOUND) && req->unconditional;
}

static cleat_err failure(cleat_request *req) {
    const struct cleat_kind *k = req->kind;
    bool creating = req->op.type == CLEAT_OP_CREATE;
    struct cleat_str name = req->name;
    if (creating && name.n == 0) {
        name = cleat_obj_name(req->body);
    }
    switch (req->op.err) {
    case CLEAT_E_EXISTS:
        return cleat_fail_exists(k, name, creating && name.n == 0, &req->error);
    case CLEAT_E_CONFLICT:
        return cleat_fail_conflict(k, name, NULL, &req->error);
    case CLEAT_E_NOT_FOUND:
        return cleat_fail_not_found(k, name, &req->error);
    default:
        req->error = req->op.error;
        return req->op.err;
    }
}

void cleat_request_resume(cleat_request *req) {
    if (req->verb == CLEAT_VERB_DELETE_COLLECTION) {
        cleat_collection_resume(req);
        return;
    }
    settle(req, req->op.err);
    if (req->op.err != CLEAT_OK) {
        if (try_again(req)) {
            attempt(req);
        } else {
            cleat_request_finish(req, failure(req));
        }
        return;
    }
    if (req->more) {
        req->more = false;
        req->stage++;
        cleat_obj_unref(req->op.obj);
        req->op.obj = NULL;
        attempt(req);
        return;
    }
    if (req->kind->flags & CLEAT_KIND_DEFINES) {
        cleat_definitions_sync(req->registry); /* served before the answer goes out */
    }
    req->result = req->op.obj;
    req->op.obj = NULL;
    req->created = req->op.type == CLEAT_OP_CREATE;
    req->gone = req->verb == CLEAT_VERB_DELETE && req->op.type == CLEAT_OP_DELETE;
    cleat_request_finish(req, CLEAT_OK);
}

void cleat_request_done(cleat_request *req) {
    cleat_collection_done(req);
    cleat_obj_unref(req->body);
    cleat_obj_unref(req->result);
    cleat_obj_unref(req->old);
    cleat_obj_unref(req->reply);
    cleat_texts_done(&req->warnings);
    cleat_texts_done(&req->strict);
    free(req->status);
    req->status = NULL;
    req->body = req->result = req->old = req->reply = NULL;
}

/* ---- waiting ---- */

struct waiter {
    struct cleat_event posted;
    bool finished;
};

static void wake(cleat_request *req) {
    cleat_event_set(&((struct waiter *)req->userdata)->posted);
}

static void finished(cleat_request *req) {
    ((struct waiter *)req->userdata)->finished = true;
}

cleat_err cleat_request_wait(cleat_request *req, cleat_ctx *ctx) {
    struct waiter w = {.finished = false};
    void *userdata = req->userdata;
    req->error.struct_size = (uint32_t)sizeof req->error;
    cleat_err err = cleat_ctx_err(ctx);
    if (err != CLEAT_OK) {
        req->err = cleat_fail(&req->error, err, "the context ended before the request began");
        return req->err;
    }
    req->userdata = &w;
    req->post = wake;
    req->done = finished;
    cleat_event_init(&w.posted);
    cleat_request_start(req);
    /* A write that was submitted is waited for whatever becomes of the context:
     * it takes one commit, and an outcome that nobody knows would be worse. */
    while (!w.finished) {
        cleat_event_wait(&w.posted, -1);
        cleat_event_init(&w.posted);
        cleat_request_resume(req);
    }
    req->userdata = userdata;
    return req->err;
}
