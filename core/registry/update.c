/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PUT and PATCH: what the subresource may change, what of metadata stays, and
 * whether anything changes at all. Runs on the caller's thread against the newest
 * snapshot and never blocks; the committer repeats the check of the revision.
 *
 * The hot path (PUT of a Lease or of a Node's status as a client read it) ends
 * up with no splice at all: the body itself is stored and the committer writes
 * the new revision over the old digits.
 */
#include "core/registry/internal.h"

#define META(field) static const char *const path_##field[] = {"metadata", #field, NULL}
META(uid);
META(creationTimestamp);
META(deletionTimestamp);
META(deletionGracePeriodSeconds);
META(generation);
META(managedFields);
static const char *const path_spec[] = {"spec", NULL};
static const char *const path_status[] = {"status", NULL};

static bool is_envelope(struct cleat_str key) {
    return cleat_eqc(key, "metadata") || cleat_eqc(key, "status") || cleat_eqc(key, "kind") ||
           cleat_eqc(key, "apiVersion");
}

/* path gets the old object's value. */
static void prep_from_old(struct cleat_prep *p, cleat_path path, struct cleat_val now,
                          struct cleat_val was) {
    struct cleat_str a = cleat_val_raw(now), b = cleat_val_raw(was);
    if (!cleat_eq(a, b)) {
        cleat_prep_raw(p, path, b);
    }
}

/* The parts that this subresource does not change come from the old object.
 * What is left of a body after that is what its sender may say. */
static void prep_parts(struct cleat_prep *p, const cleat_request *req, const cleat_obj *body) {
    unsigned flags = req->kind->flags;
    struct cleat_val now = cleat_obj_root(body), was = cleat_obj_root(req->old);
    bool status = req->subresource != NULL && strcmp(req->subresource, "status") == 0;
    bool main = req->subresource == NULL;
    struct cleat_str key = CLEAT_STR("spec");
    const struct cleat_subresource *sub = !main && !status ? cleat_sub_of(req) : NULL;
    if (sub != NULL && sub->put != NULL) {
        return; /* it made the body of the old object */
    }
    if (status || ((flags & CLEAT_KIND_NAMESPACE) && main)) {
        prep_from_old(p, path_spec, cleat_val_get_s(now, key), cleat_val_get_s(was, key));
    }
    if (!status && (flags & CLEAT_KIND_STATUS)) {
        key = CLEAT_STR("status");
        prep_from_old(p, path_status, cleat_val_get_s(now, key), cleat_val_get_s(was, key));
    }
}

/* Whether anything that counts for metadata.generation differs. */
static bool content_changed(const struct cleat_kind *k, const cleat_obj *a, const cleat_obj *b) {
    struct cleat_val x = cleat_obj_root(a), y = cleat_obj_root(b);
    struct cleat_iter it = {0};
    bool status_counts = (k->flags & CLEAT_KIND_STATUS) == 0;
    while (cleat_val_next(x, &it)) {
        bool counts = !is_envelope(it.key) || (status_counts && cleat_eqc(it.key, "status"));
        if (counts && !cleat_val_equal(it.val, cleat_val_get_s(y, it.key))) {
            return true;
        }
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(y, &it)) {
        bool counts = !is_envelope(it.key) || (status_counts && cleat_eqc(it.key, "status"));
        if (counts && !cleat_val_present(cleat_val_get_s(x, it.key))) {
            return true;
        }
    }
    cleat_path notes = CLEAT_PATH("metadata", "annotations");
    struct cleat_val p = cleat_val_at(x, notes), q = cleat_val_at(y, notes);
    return (k->flags & CLEAT_KIND_NOTES_COUNT) && cleat_val_count(p) + cleat_val_count(q) > 0 &&
           !cleat_val_equal(p, q);
}

/* Whether this write may change what metadata.generation counts. */
static bool counts_generation(const cleat_request *req) {
    return (req->kind->flags & CLEAT_KIND_GENERATION) &&
           (req->subresource == NULL || cleat_sub_of(req) != NULL);
}

static void prep_generation(struct cleat_prep *p, const cleat_request *req, const cleat_obj *body,
                            const struct cleat_meta *m, const struct cleat_meta *was) {
    int64_t old = 0, now = 0;
    bool have = cleat_val_int(was->generation, &old);
    if (counts_generation(req) && content_changed(req->kind, body, req->old)) {
        old++;
        have = true;
    }
    if (have && (!cleat_val_int(m->generation, &now) || now != old)) {
        cleat_prep_int(p, path_generation, old);
    } else if (!have && cleat_val_present(m->generation)) {
        cleat_prep_remove(p, path_generation);
    }
}

/* A body may differ from the old object only by what it leaves to the defaults: then
 * nothing has changed after all. */
static cleat_err settle_generation(cleat_request *req, cleat_obj **obj) {
    int64_t was = 0, now = 0;
    struct cleat_val old = cleat_obj_at(req->old, path_generation);
    if (!counts_generation(req) || !cleat_val_int(old, &was) ||
        !cleat_val_int(cleat_obj_at(*obj, path_generation), &now)) {
        return CLEAT_OK;
    }
    int64_t want = now == was + 1 && !content_changed(req->kind, *obj, req->old) ? was : now;
    if (want == now) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_PREP p = {.n = 0};
    cleat_obj *better = NULL;
    cleat_prep_int(&p, path_generation, want);
    CLEAT_TRY(cleat_prep_apply(&p, *obj, &better, &req->error));
    cleat_obj_unref(*obj);
    *obj = better;
    return CLEAT_OK;
}

/* What of metadata an update cannot change stays as it was. */
static void prep_meta(struct cleat_prep *p, const cleat_request *req, const struct cleat_meta *m,
                      const struct cleat_meta *was) {
    if (cleat_val_str(m->uid).n == 0) {
        prep_from_old(p, path_uid, m->uid, was->uid);
    }
    prep_from_old(p, path_creationTimestamp, m->created, was->created);
    if (cleat_val_present(was->deleted)) {
        prep_from_old(p, path_deletionTimestamp, m->deleted, was->deleted);
        if (!cleat_val_present(m->grace)) {
            prep_from_old(p, path_deletionGracePeriodSeconds, m->grace, was->grace);
        }
    }
    /* A subresource's body says nothing about who owns what, nor does one without. */
    if (!req->applied && (req->subresource != NULL || !cleat_val_present(m->managed))) {
        prep_from_old(p, path_managedFields, m->managed, was->managed);
    }
    char digits[24];
    int width = snprintf(digits, sizeof digits, "%llu",
                         (unsigned long long)cleat_store_revision(req->registry->store) + 1);
    if (cleat_val_str(m->rv).n != (size_t)width) {
        cleat_prep_revision(p, req->registry->store);
    }
}

/* /status of kinds whose /status leaves metadata alone: the old object with the new status. */
static cleat_err build_status_only(cleat_request *req, const cleat_obj *body,
                                   const struct cleat_meta *m, cleat_obj **ret) {
    CLEAT_AUTO_PREP p = {.n = 0};
    struct cleat_str key = CLEAT_STR("status");
    if (req->applied) {
        cleat_prep_raw(&p, path_managedFields, cleat_val_raw(m->managed));
    }
    prep_from_old(&p, path_status, cleat_val_get_s(cleat_obj_root(req->old), key),
                  cleat_val_get_s(cleat_obj_root(body), key));
    cleat_prep_revision(&p, req->registry->store);
    return cleat_prep_apply(&p, req->old, ret, &req->error);
}

static cleat_err build_merged(cleat_request *req, cleat_obj **body, const struct cleat_meta *m,
                              cleat_obj **ret) {
    struct cleat_meta was;
    CLEAT_AUTO_PREP p = {.n = 0};
    cleat_meta_scan(req->old, &was);
    cleat_prep_identity(&p, req, *body, m);
    prep_parts(&p, req, *body);
    prep_generation(&p, req, *body, m, &was);
    prep_meta(&p, req, m, &was);
    if (p.n == 0 && !cleat_obj_shared(*body)) {
        *ret = CLEAT_STEAL(*body);
        return CLEAT_OK;
    }
    if (p.n == 0) {
        cleat_prep_revision(&p, req->registry->store);
    }
    return cleat_prep_apply(&p, *body, ret, &req->error);
}

static bool to_be_deleted(const struct cleat_kind *k, const cleat_obj *now, const cleat_obj *old) {
    struct cleat_meta m, was;
    int64_t grace = 0;
    cleat_meta_scan(old, &was);
    if (!cleat_val_present(was.deleted)) {
        return false;
    }
    cleat_meta_scan(now, &m);
    if (cleat_val_count(m.finalizers) > 0) {
        return false;
    }
    if ((k->flags & CLEAT_KIND_NAMESPACE) &&
        cleat_val_count(cleat_obj_at(now, CLEAT_PATH("spec", "finalizers"))) > 0) {
        return false;
    }
    return !cleat_val_int(was.grace, &grace) || grace == 0;
}

/* The body's resourceVersion against the object's; *ret_free: it names none. */
static cleat_err check_revision(cleat_request *req, const struct cleat_meta *m, bool *ret_free) {
    struct cleat_error *e = &req->error;
    struct cleat_str rv = cleat_val_str(m->rv);
    uint64_t revision = 0;
    if (rv.n > 0) {
        CLEAT_AUTO_FREE char *text = cleat_strndup(rv);
        CLEAT_TRY(cleat_parse_revision(text, &revision, e));
    }
    *ret_free = revision == 0;
    if (revision != 0) {
        return revision == cleat_obj_revision(req->old)
                   ? CLEAT_OK
                   : cleat_fail_conflict(req->kind, req->name, NULL, e);
    }
    if (req->verb == CLEAT_VERB_PATCH || (req->kind->flags & CLEAT_KIND_UNCONDITIONAL)) {
        return CLEAT_OK;
    }
    struct cleat_validation v = {.kind = req->kind, .error = e};
    cleat_invalid(&v, "FieldValueInvalid", "metadata.resourceVersion",
                  "0: must be specified for an update");
    return cleat_invalid_done_as(&v, req->kind->resource, req->kind->group, req->name);
}

static cleat_err check_uid(cleat_request *req, const struct cleat_meta *m) {
    struct cleat_str uid = cleat_val_str(m->uid);
    struct cleat_str have = req->old != NULL ? cleat_obj_uid(req->old) : (struct cleat_str){"", 0};
    if (uid.n == 0 || req->verb == CLEAT_VERB_PATCH || cleat_eq(uid, have)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_FREE char *why =
        cleat_sprintf("Precondition failed: UID in precondition: %.*s, UID in object meta: %.*s",
                      CLEAT_FMT(uid), CLEAT_FMT(have));
    return cleat_fail_conflict(req->kind, req->name, why, &req->error);
}

/* req->old is set. Takes *body where it can be stored as it is. */
static cleat_err build_update(cleat_request *req, cleat_obj **body, const struct cleat_meta *m,
                              cleat_obj **ret) {
    bool unconditional = false;
    CLEAT_AUTO(cleat_obj) *obj = NULL;
    CLEAT_TRY(check_revision(req, m, &unconditional));
    if (req->subresource != NULL && strcmp(req->subresource, "status") == 0 &&
        (req->kind->flags & CLEAT_KIND_STATUS_METADATA) == 0) {
        CLEAT_TRY(build_status_only(req, *body, m, &obj));
    } else {
        CLEAT_TRY(build_merged(req, body, m, &obj));
    }
    CLEAT_TRY(cleat_body_complete(req, &obj, req->old, &req->error));
    CLEAT_TRY(settle_generation(req, &obj));
    req->unconditional = unconditional;
    *ret = CLEAT_STEAL(obj);
    return CLEAT_OK;
}

void cleat_find_old(cleat_request *req) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(req->registry->store);
    cleat_obj_unref(req->old);
    req->old = cleat_obj_ref(cleat_snapshot_get(sn, req->kind->id, req->ns, req->name));
    req->old = cleat_version_show(req->kind, req->old);
}

static int update_missing(cleat_request *req, cleat_obj **body, const struct cleat_meta *m) {
    cleat_err err = check_uid(req, m);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    if (req->verb != CLEAT_VERB_UPDATE || req->subresource != NULL ||
        (req->kind->flags & CLEAT_KIND_CREATE_ON_UPDATE) == 0) {
        return cleat_step_fail(req, cleat_fail_not_found(req->kind, req->name, &req->error));
    }
    cleat_obj_unref(req->body);
    req->body = CLEAT_STEAL(*body);
    req->unconditional = true;
    return cleat_prepare_create(req);
}

int cleat_prepare_update(cleat_request *req, cleat_obj *body) {
    CLEAT_AUTO(cleat_obj) *mine = body;
    CLEAT_AUTO(cleat_obj) *obj = NULL;
    struct cleat_meta m;
    cleat_err err = cleat_body_decode(req, &mine, &m, &req->error);
    err = err == CLEAT_OK ? cleat_body_check_namespace(req, &m, &req->error) : err;
    err = err == CLEAT_OK ? cleat_body_check_name(req, &m, &req->error) : err;
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    if (req->verb == CLEAT_VERB_UPDATE) {
        cleat_find_old(req);
    }
    if (req->old == NULL) {
        return update_missing(req, &mine, &m);
    }
    err = check_uid(req, &m);
    err = err == CLEAT_OK ? build_update(req, &mine, &m, &obj) : err;
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    bool gone = to_be_deleted(req->kind, obj, req->old);
    if (!gone && cleat_same_content(obj, req->old)) {
        req->result = cleat_obj_ref(req->old);
        return CLEAT_STEP_DONE;
    }
    if (req->dry_run) {
        req->result = CLEAT_STEAL(obj);
        return CLEAT_STEP_DONE;
    }
    return cleat_step_submit(req, gone ? CLEAT_OP_DELETE : CLEAT_OP_UPDATE,
                             cleat_obj_revision(req->old), CLEAT_STEAL(obj));
}

/* ---- patch ---- */

static void duplicate(void *userdata, struct cleat_str path) {
    cleat_request_strict(userdata, "duplicate field \"%.*s\"", CLEAT_FMT(path));
}

/* What cannot be read is for the patch itself to say. */
static void note_duplicates(cleat_request *req) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    if (req->field_validation != CLEAT_FIELDS_IGNORE) {
        (void)cleat_obj_parse_reporting(req->patch, duplicate, req, &o, NULL);
    }
}

cleat_err cleat_apply_patch(cleat_request *req, const cleat_obj *base,
                            const struct cleat_type *type, cleat_obj **ret) {
    struct cleat_error *e = &req->error;
    switch (req->patch_type) {
    case CLEAT_PATCH_JSON:
        return cleat_patch_json(base, req->patch, ret, e);
    case CLEAT_PATCH_MERGE:
        note_duplicates(req);
        return cleat_patch_merge(base, req->patch, ret, e);
    case CLEAT_PATCH_STRATEGIC:
        if ((req->kind->flags & CLEAT_KIND_CUSTOM) == 0) {
            note_duplicates(req);
            return cleat_patch_strategic(base, req->patch, cleat_type_merge_key, type, ret, e);
        }
        return cleat_fail(e, CLEAT_E_MEDIA_TYPE,
                          "the body of the request was in an unknown format - accepted media types "
                          "include: application/json-patch+json, application/merge-patch+json");
    default:
        return cleat_fail(e, CLEAT_E_MEDIA_TYPE,
                          "the body of the request was in an unknown format - accepted media types "
                          "include: application/json-patch+json, application/merge-patch+json, "
                          "application/strategic-merge-patch+json");
    }
}

/* What is not there is created. */
int cleat_prepare_apply(cleat_request *req) {
    cleat_obj *body = NULL;
    cleat_err err = CLEAT_OK;
    if (req->old == NULL && req->subresource == NULL) {
        err = cleat_authorize(req->registry, req->user, "create", req->kind, NULL, req->ns,
                              req->name, &req->error);
    } else if (req->old == NULL) {
        err = cleat_fail_not_found(req->kind, req->name, &req->error);
    }
    err = err == CLEAT_OK ? cleat_managed_apply(req, &body, &req->error) : err;
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    req->applied = true;
    req->unconditional = true;
    if (req->old != NULL) {
        int step = cleat_prepare_update(req, body);
        req->unconditional = true;
        return step;
    }
    cleat_obj_unref(req->body);
    req->body = body;
    return cleat_prepare_create(req);
}

int cleat_prepare_patch(cleat_request *req) {
    cleat_obj *body = NULL;
    cleat_find_old(req);
    if (req->patch_type == CLEAT_PATCH_APPLY || req->patch_type == CLEAT_PATCH_APPLY_FORCE) {
        return cleat_prepare_apply(req);
    }
    if (req->old == NULL) {
        return cleat_step_fail(req, cleat_fail_not_found(req->kind, req->name, &req->error));
    }
    cleat_err err = cleat_apply_patch(req, req->old, req->kind->type, &body);
    if (err != CLEAT_OK) {
        return cleat_step_fail(req, err);
    }
    int step = cleat_prepare_update(req, body);
    /* The body carried the revision that was read, so a conflict at the commit is
     * somebody else's write in between: the patch is applied again. */
    req->unconditional = true;
    return step;
}
