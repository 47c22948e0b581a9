/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every write has in common: the body must be of the kind, the namespace and
 * the name that the request says; what is stored has its defaults and is valid.
 * Runs on the caller's thread and never blocks.
 */
#include "core/base/limits.h"
#include "core/registry/internal.h"

#define META(field) static const char *const path_##field[] = {"metadata", #field, NULL}
META(namespace);
META(selfLink);
static const char *const path_api_version[] = {"apiVersion", NULL};
static const char *const path_kind[] = {"kind", NULL};

int cleat_step_fail(cleat_request *req, cleat_err err) {
    req->err = err;
    return CLEAT_STEP_FAILED;
}

int cleat_step_submit(cleat_request *req, int type, uint64_t expect, cleat_obj *obj) {
    if (req->kind->keep != NULL) {
        cleat_err err = cleat_version_keep(req->kind, &obj, &req->error);
        if (err != CLEAT_OK) {
            cleat_obj_unref(obj);
            return cleat_step_fail(req, err);
        }
    }
    cleat_obj_stamp_kind(obj, req->kind->id);
    req->op.type = type;
    req->op.expect = expect;
    req->op.obj = obj;
    return CLEAT_STEP_SUBMIT;
}

/* ---- what a body must be ---- */

static cleat_err check_gvk(const struct cleat_kind *k, const cleat_obj *body,
                           struct cleat_error *e) {
    struct cleat_val root = cleat_obj_root(body);
    struct cleat_str api = cleat_val_str(cleat_val_get_s(root, CLEAT_STR("apiVersion")));
    struct cleat_str kind = cleat_val_str(cleat_val_get_s(root, CLEAT_STR("kind")));
    if (api.n > 0 && !cleat_eqc(api, k->api_version)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "the API version in the data (%.*s) does not match the expected API "
                          "version (%s)",
                          CLEAT_FMT(api), k->api_version);
    }
    if (kind.n > 0 && !cleat_eqc(kind, k->kind)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "%.*s in version \"%s\" cannot be handled as a %s: unknown conversion",
                          CLEAT_FMT(kind), k->version, k->kind);
    }
    return CLEAT_OK;
}

cleat_err cleat_body_check_namespace(const cleat_request *req, const struct cleat_meta *m,
                                     struct cleat_error *e) {
    struct cleat_str ns = cleat_val_str(m->ns);
    if ((req->kind->flags & CLEAT_KIND_NAMESPACED) == 0 || ns.n == 0 || cleat_eq(ns, req->ns)) {
        return CLEAT_OK;
    }
    return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                      "the namespace of the provided object does not match the namespace sent on "
                      "the request");
}

cleat_err cleat_body_check_name(const cleat_request *req, const struct cleat_meta *m,
                                struct cleat_error *e) {
    struct cleat_str name = cleat_val_str(m->name);
    if (name.n == 0) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "the name of the object (%.*s based on URL) was undeterminable: name "
                          "must be provided",
                          CLEAT_FMT(req->name));
    }
    if (!cleat_eq(name, req->name)) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "the name of the object (%.*s) does not match the name on the URL (%.*s)",
                          CLEAT_FMT(name), CLEAT_FMT(req->name));
    }
    return CLEAT_OK;
}

/* spec and status are structures in every kind that has them. */
static cleat_err check_parts(const struct cleat_kind *k, const cleat_obj *body,
                             struct cleat_error *e) {
    static const char *const parts[] = {"spec", "status"};
    for (size_t i = 0; (k->flags & CLEAT_KIND_CUSTOM) == 0 && i < 2; i++) {
        struct cleat_val v = cleat_val_get(cleat_obj_root(body), parts[i]);
        int32_t type = cleat_val_type(v);
        if (type > CLEAT_NULL && type != CLEAT_OBJECT) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "%s in version \"%s\" cannot be handled as a %s: json: cannot "
                              "unmarshal into Go struct field %s.%s",
                              k->kind, k->version, k->kind, k->kind, parts[i]);
        }
    }
    return CLEAT_OK;
}

/* Decodes as upstream would: no nulls, known fields only (custom kinds), the
 * types of metadata. *body is replaced where it had to change. */
cleat_err cleat_body_decode(const cleat_request *req, cleat_obj **body, struct cleat_meta *m,
                            struct cleat_error *e) {
    cleat_obj *better = NULL;
    CLEAT_TRY(check_gvk(req->kind, *body, e));
    CLEAT_TRY(cleat_strip_nulls(*body, (req->kind->flags & CLEAT_KIND_CUSTOM) != 0, &better, e));
    if (better != NULL) {
        cleat_obj_unref(*body);
        *body = CLEAT_STEAL(better);
    }
    const struct cleat_schema *schema = cleat_kind_schema(req->kind);
    if (schema != NULL) {
        CLEAT_TRY(cleat_schema_shape(schema, *body, &better, e));
        if (better != NULL) {
            cleat_obj_unref(*body);
            *body = better;
        }
    }
    CLEAT_TRY(check_parts(req->kind, *body, e));
    cleat_meta_scan(*body, m);
    return cleat_meta_check_types(req->kind, *body, m, e);
}

/* What every write sets: kind, apiVersion, namespace, no selfLink. */
void cleat_prep_identity(struct cleat_prep *p, const cleat_request *req, const cleat_obj *body,
                         const struct cleat_meta *m) {
    struct cleat_val root = cleat_obj_root(body);
    if (cleat_val_str(cleat_val_get_s(root, CLEAT_STR("kind"))).n == 0) {
        cleat_prep_str(p, path_kind, cleat_s(req->kind->kind));
    }
    if (cleat_val_str(cleat_val_get_s(root, CLEAT_STR("apiVersion"))).n == 0) {
        cleat_prep_str(p, path_api_version, cleat_s(req->kind->api_version));
    }
    bool namespaced = (req->kind->flags & CLEAT_KIND_NAMESPACED) != 0;
    if (namespaced && cleat_val_str(m->ns).n == 0) {
        cleat_prep_str(p, path_namespace, req->ns);
    } else if (!namespaced && cleat_val_present(m->ns)) {
        cleat_prep_remove(p, path_namespace);
    }
    if (cleat_val_present(m->self_link)) {
        cleat_prep_remove(p, path_selfLink);
    }
}

/* Defaults, validation, size: the last things before an object is submitted.
 * *obj is replaced where defaults change it. */
cleat_err cleat_body_complete(cleat_request *req, cleat_obj **obj, const cleat_obj *old,
                              struct cleat_error *e) {
    const struct cleat_kind *k = req->kind;
    if (k->defaults != NULL && (k->needs_defaults == NULL || k->needs_defaults(*obj))) {
        cleat_edit *edit = cleat_edit_new(*obj);
        cleat_obj *full = NULL;
        k->defaults(edit, *obj, old);
        CLEAT_TRY(cleat_edit_finish(edit, &full, e));
        cleat_obj_unref(*obj);
        *obj = full;
    }
    CLEAT_TRY(cleat_managed_track(req, obj, old, e));
    struct cleat_admission *admission = req->registry->admission;
    if (admission != NULL) {
        CLEAT_TRY(admission->admit(admission, req, obj, old));
    }
    if (k->admit != NULL) {
        CLEAT_TRY(k->admit(req, obj, old));
        req->admitted = k->settled != NULL && !req->dry_run;
    }
    struct cleat_validation v = {
        .kind = k, .error = e, .subresource = req->subresource, .req = req};
    cleat_meta_validate(&v, *obj, old);
    const struct cleat_schema *schema = cleat_kind_schema(k);
    if (schema != NULL) {
        cleat_schema_validate(schema, &v, cleat_obj_root(*obj));
    }
    if (k->validate != NULL) {
        k->validate(&v, *obj, old);
    }
    CLEAT_TRY(cleat_invalid_done(&v, cleat_obj_name(*obj)));
    if (cleat_obj_bytes(*obj).n > CLEAT_LIMIT_OBJECT && !req->applied) {
        CLEAT_TRY(cleat_managed_drop(obj, e));
    }
    if (cleat_obj_bytes(*obj).n > CLEAT_LIMIT_OBJECT) {
        return cleat_fail(e, CLEAT_E_TOO_LARGE, "Request entity too large: limit is %u",
                          CLEAT_LIMIT_OBJECT);
    }
    return admission != NULL ? admission->validate(admission, req, *obj, old) : CLEAT_OK;
}
