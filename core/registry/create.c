/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST, and PUT of what is not there for the kinds that allow it: what the server
 * gives a new object. Runs on the caller's thread and never blocks; the committer
 * finds out whether the name is taken.
 */
#include "core/registry/internal.h"

#define META(field) static const char *const path_##field[] = {"metadata", #field, NULL}
META(name);
META(uid);
META(creationTimestamp);
META(deletionTimestamp);
META(deletionGracePeriodSeconds);
META(generation);
static const char *const path_status[] = {"status", NULL};
static const char *const path_resource_version[] = {"metadata", "resourceVersion", NULL};
static const char *const path_spec[] = {"spec", NULL};

/* The committer repeats it: a namespace may end, and be emptied, in between. */
static cleat_err check_lifecycle(cleat_request *req, const struct cleat_meta *m,
                                 struct cleat_error *e) {
    const struct cleat_kind *namespaces = req->registry->namespaces;
    req->op.within = 0;
    if ((req->kind->flags & CLEAT_KIND_NAMESPACED) == 0 || namespaces == NULL) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(req->registry->store);
    const cleat_obj *ns =
        cleat_snapshot_get(sn, namespaces->id, (struct cleat_str){"", 0}, req->ns);
    if (ns == NULL) {
        return cleat_fail_not_found(namespaces, req->ns, e);
    }
    if (!cleat_is_terminating(ns)) {
        req->op.within = namespaces->id;
        req->op.expect = cleat_obj_revision(ns);
        return CLEAT_OK;
    }
    struct cleat_str name = cleat_val_str(m->name);
    CLEAT_AUTO_FREE char *why =
        cleat_sprintf("unable to create new content in namespace %.*s because it is being "
                      "terminated",
                      CLEAT_FMT(req->ns));
    cleat_err err = cleat_fail_forbidden(
        req->kind, name.n > 0 ? name : cleat_val_str(m->generate_name), why, e);
    if (e != NULL) {
        cleat_error_cause(e, "NamespaceTerminating", "metadata.namespace",
                          "namespace %.*s is being terminated", CLEAT_FMT(req->ns));
    }
    return err;
}

static char *make_uid(void) {
    uint64_t a = cleat_random(), b = cleat_random();
    return cleat_sprintf("\"%08x-%04x-4%03x-%04x-%012llx\"", (unsigned)(a >> 32),
                         (unsigned)(a >> 16) & 0xffffu, (unsigned)a & 0xfffu,
                         0x8000u | ((unsigned)(b >> 48) & 0x3fffu),
                         (unsigned long long)(b & 0xffffffffffffull));
}

/* generateName's base, cut so that the whole fits a label, and five characters. */
static char *make_name(struct cleat_str base) {
    static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789";
    char tail[6] = {0};
    for (int i = 0; i < 5; i++) {
        tail[i] = alphabet[cleat_random() % (sizeof alphabet - 1)];
    }
    if (base.n > 58) {
        base.n = 58;
    }
    return cleat_sprintf("%.*s%s", CLEAT_FMT(base), tail);
}

static void prep_new(struct cleat_prep *p, const cleat_request *req, const cleat_obj *body,
                     const struct cleat_meta *m) {
    unsigned flags = req->kind->flags;
    cleat_prep_identity(p, req, body, m);
    if (cleat_val_str(m->name).n == 0 && cleat_val_str(m->generate_name).n > 0) {
        CLEAT_AUTO_FREE char *name = make_name(cleat_val_str(m->generate_name));
        cleat_prep_str(p, path_name, cleat_s(name));
    }
    cleat_prep_take(p, path_uid, make_uid());
    cleat_prep_time(p, path_creationTimestamp, cleat_now_wall());
    if (flags & CLEAT_KIND_GENERATION) {
        cleat_prep_int(p, path_generation, 1);
    } else if (cleat_val_present(m->generation)) {
        cleat_prep_remove(p, path_generation);
    }
    if (cleat_val_present(m->deleted)) {
        cleat_prep_remove(p, path_deletionTimestamp);
    }
    if (cleat_val_present(m->grace)) {
        cleat_prep_remove(p, path_deletionGracePeriodSeconds);
    }
    if ((flags & CLEAT_KIND_STATUS) && !(flags & CLEAT_KIND_STATUS_ON_CREATE) &&
        cleat_val_present(cleat_val_get_s(cleat_obj_root(body), CLEAT_STR("status")))) {
        cleat_prep_remove(p, path_status);
    }
    const struct cleat_field *spec =
        req->kind->type != NULL ? cleat_type_field(req->kind->type, CLEAT_STR("spec")) : NULL;
    if (spec != NULL && spec->type->form == CLEAT_FORM_STRUCT &&
        (spec->flags & CLEAT_FIELD_NULLABLE) == 0 && (flags & CLEAT_KIND_CUSTOM) == 0 &&
        !cleat_val_present(cleat_val_get_s(cleat_obj_root(body), CLEAT_STR("spec")))) {
        cleat_prep_raw(p, path_spec, CLEAT_STR("{}")); /* it is always there */
    }
    cleat_prep_revision(p, req->registry->store);
}

static cleat_err build_new(cleat_request *req, cleat_obj **ret) {
    struct cleat_error *e = &req->error;
    struct cleat_meta m;
    if (cleat_kind_terminating(req->kind)) {
        return cleat_fail(e, CLEAT_E_METHOD,
                          "create not allowed while custom resource definition is terminating");
    }
    CLEAT_TRY(cleat_body_decode(req, &req->body, &m, e));
    CLEAT_TRY(cleat_body_check_namespace(req, &m, e));
    struct cleat_str rv = cleat_val_str(m.rv);
    if (rv.n > 0 && !cleat_eqc(rv, "0") && req->verb == CLEAT_VERB_CREATE) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "resourceVersion should not be set on objects to be created");
    }
    if (req->name.n > 0) {
        CLEAT_TRY(cleat_body_check_name(req, &m, e));
    }
    CLEAT_TRY(check_lifecycle(req, &m, e));
    CLEAT_AUTO_PREP p = {.n = 0};
    CLEAT_AUTO(cleat_obj) *obj = NULL;
    prep_new(&p, req, req->body, &m);
    CLEAT_TRY(cleat_prep_apply(&p, req->body, &obj, e));
    CLEAT_TRY(cleat_body_complete(req, &obj, NULL, e));
    *ret = CLEAT_STEAL(obj);
    return CLEAT_OK;
}

int cleat_prepare_create(cleat_request *req) {
    cleat_obj *obj = NULL;
    cleat_err err = build_new(req, &obj);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    if (!req->dry_run) {
        return cleat_step_submit(req, CLEAT_OP_CREATE, req->op.expect, obj);
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(req->registry->store);
    if (cleat_snapshot_get(sn, req->kind->id, req->ns, cleat_obj_name(obj)) != NULL) {
        err = cleat_fail_exists(req->kind, cleat_obj_name(obj), false, &req->error);
        cleat_obj_unref(obj);
        return cleat_step_fail(req, err);
    }
    /* What is not stored is of no revision. */
    CLEAT_AUTO_PREP p = {.n = 0};
    cleat_prep_remove(&p, path_resource_version);
    err = cleat_prep_apply(&p, obj, &req->result, &req->error);
    cleat_obj_unref(obj);
    req->created = err == CLEAT_OK;
    return err == CLEAT_OK ? CLEAT_STEP_DONE : cleat_step_fail(req, err);
}
