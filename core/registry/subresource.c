/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subresources that are not the object itself: a view of it that can be written
 * back (scale), or something that is done to it (eviction, binding). Runs on the
 * caller's thread and never blocks.
 */
#include "core/registry/internal.h"

const struct cleat_subresource *cleat_sub_of(const cleat_request *req) {
    if (req->subresource == NULL) {
        return NULL;
    }
    const struct cleat_subresource *sub = cleat_kind_subresource(req->kind, req->subresource);
    return sub != NULL && (sub->view != NULL || sub->act != NULL) ? sub : NULL;
}

void cleat_reply_success(cleat_request *req) {
    static const char text[] = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"
                               "\"status\":\"Success\",\"code\":"
                               "201}";
    cleat_obj_unref(req->reply);
    req->reply = NULL;
    cleat_err err = cleat_obj_parse_trusted(cleat_s(text), &req->reply, NULL);
    cleat_assert(err == CLEAT_OK);
    req->created = true;
}

int cleat_submit_other(cleat_request *req, const struct cleat_kind *k, cleat_obj *obj,
                       uint64_t expect) {
    CLEAT_AUTO(cleat_obj) *mine = obj;
    CLEAT_AUTO_PREP p = {.n = 0};
    cleat_obj *last = NULL;
    cleat_prep_revision(&p, req->registry->store);
    cleat_err err = cleat_prep_apply(&p, mine, &last, &req->error);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    int step = cleat_step_submit(req, CLEAT_OP_UPDATE, expect, last);
    cleat_obj_stamp_kind(last, k->id);
    req->unconditional = true;
    return step;
}

int cleat_submit_reply(cleat_request *req, cleat_obj *obj) {
    cleat_reply_success(req);
    if (req->dry_run) {
        cleat_obj_unref(obj);
        return CLEAT_STEP_DONE;
    }
    return cleat_submit_other(req, req->kind, obj, cleat_obj_revision(req->old));
}

cleat_err cleat_sub_show(cleat_request *req, const struct cleat_subresource *sub) {
    cleat_obj *shown = NULL;
    if (req->reply != NULL) {
        shown = CLEAT_STEAL(req->reply);
        req->created = true;
        req->gone = false;
    } else if (sub->view != NULL && req->result != NULL && req->verb != CLEAT_VERB_GET) {
        CLEAT_TRY(sub->view(req, req->result, &shown));
    } else {
        return CLEAT_OK;
    }
    cleat_obj_unref(req->result);
    req->result = shown;
    return CLEAT_OK;
}

/* The body must be of the kind that the subresource takes, and is decoded as such. */
static cleat_err decode(cleat_request *req, const struct cleat_subresource *sub, cleat_obj **body) {
    struct cleat_error *e = &req->error;
    const char *want = sub->kind != NULL ? sub->kind : req->kind->kind;
    const char *version = sub->version != NULL ? sub->version : req->kind->version;
    struct cleat_str kind = cleat_val_str(cleat_val_get(cleat_obj_root(*body), "kind"));
    struct cleat_str api = cleat_val_str(cleat_val_get(cleat_obj_root(*body), "apiVersion"));
    if (kind.n > 0 && !cleat_eqc(kind, want)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "%.*s in version \"%.*s\" cannot be handled as a %s: unknown conversion",
                          CLEAT_FMT(kind), CLEAT_FMT(api), want);
    }
    const struct cleat_type *type = sub->type;
    if (type == NULL && sub->kind != NULL) {
        type = cleat_type_of_kind(sub->group, version, want);
    } else if (type == NULL && (req->kind->flags & CLEAT_KIND_CUSTOM) == 0) {
        type = req->kind->type;
    }
    return type != NULL ? cleat_body_shape(req, type, want, version, body, e) : CLEAT_OK;
}

/* Whose UID is meant is not asked: upstream takes it out of what is created. */
static cleat_err without_uid(cleat_request *req) {
    static const char *const uid[] = {"metadata", "uid", NULL};
    const struct cleat_splice s = {uid, {NULL, 0}};
    cleat_obj *body = NULL;
    if (cleat_val_present(cleat_obj_at(req->body, uid))) {
        CLEAT_TRY(cleat_obj_splice(req->body, &s, 1, &body, &req->error));
        cleat_obj_unref(req->body);
        req->body = body;
    }
    return CLEAT_OK;
}

cleat_err cleat_sub_redirect(cleat_request *req) {
    const struct cleat_kind *k = req->kind;
    struct cleat_meta m;
    const struct cleat_kind *on =
        cleat_registry_find(req->registry, k->group, k->version, k->acts_on);
    const struct cleat_subresource *sub =
        on != NULL ? cleat_kind_subresource(on, k->act_name) : NULL;
    if (sub == NULL) {
        return cleat_fail_no_resource(&req->error);
    }
    CLEAT_TRY(decode(req, sub, &req->body));
    CLEAT_TRY(without_uid(req));
    cleat_meta_scan(req->body, &m);
    CLEAT_TRY(cleat_body_check_namespace(req, &m, &req->error));
    req->kind = on;
    req->subresource = k->act_name;
    req->name = cleat_obj_name(req->body);
    return CLEAT_OK;
}

/* body is what view gives, changed. */
static int put(cleat_request *req, const struct cleat_subresource *sub, const cleat_obj *body) {
    CLEAT_AUTO(cleat_obj) *mine = cleat_obj_ref(body);
    cleat_obj *obj = NULL;
    cleat_err err = decode(req, sub, &mine);
    err = err == CLEAT_OK ? sub->put(req, mine, req->old, &obj) : err;
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    bool free_of_revision = cleat_obj_revision(body) == 0 || req->verb == CLEAT_VERB_PATCH;
    int step = cleat_prepare_update(req, obj);
    req->unconditional = free_of_revision;
    return step;
}

static bool applies(const cleat_request *req) {
    return req->patch_type == CLEAT_PATCH_APPLY || req->patch_type == CLEAT_PATCH_APPLY_FORCE;
}

/* The object gets what its scale says; the manager is known as one of its scale. */
static int apply_scale(cleat_request *req) {
    CLEAT_AUTO_BUF config = {0};
    struct cleat_str patch = req->patch;
    cleat_err err = cleat_scale_config(req, &config);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    req->patch = (struct cleat_str){config.p, config.n};
    int step = cleat_prepare_apply(req);
    req->patch = patch;
    return step;
}

static int patch(cleat_request *req, const struct cleat_subresource *sub) {
    CLEAT_AUTO(cleat_obj) *base = NULL;
    CLEAT_AUTO(cleat_obj) *body = NULL;
    if (applies(req) && sub->scale != NULL) {
        return apply_scale(req);
    }
    cleat_err err = sub->view(req, req->old, &base);
    err = err == CLEAT_OK ? cleat_apply_patch(req, base, sub->type, &body) : err;
    return err == CLEAT_OK ? put(req, sub, body) : cleat_step_fail(req, err);
}

int cleat_prepare_sub(cleat_request *req, const struct cleat_subresource *sub) {
    if (req->verb == CLEAT_VERB_CREATE && sub->check != NULL) {
        cleat_err err = decode(req, sub, &req->body);
        err = err == CLEAT_OK ? sub->check(req) : err;
        if (err != CLEAT_OK) {
            return cleat_step_fail(req, err);
        }
    }
    cleat_find_old(req);
    if (req->old == NULL) {
        return cleat_step_fail(req, cleat_fail_not_found(req->kind, req->name, &req->error));
    }
    switch (req->verb) {
    case CLEAT_VERB_GET: {
        cleat_err err = sub->view(req, req->old, &req->result);
        return err == CLEAT_OK ? CLEAT_STEP_DONE : cleat_step_fail(req, err);
    }
    case CLEAT_VERB_CREATE: {
        cleat_err err =
            sub->bodiless || sub->check != NULL ? CLEAT_OK : decode(req, sub, &req->body);
        return err == CLEAT_OK ? sub->act(req) : cleat_step_fail(req, err);
    }
    case CLEAT_VERB_UPDATE:
        return put(req, sub, req->body);
    default:
        return patch(req, sub);
    }
}
