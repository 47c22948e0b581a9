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

/* ---- what is in it ---- */

struct member {
    struct cleat_str key;
    struct cleat_val val;
};

static int by_key(const void *a, const void *b) {
    return cleat_cmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void print_go_value(struct cleat_val v, struct cleat_buf *out);

/* Go prints a map in the order of its keys. */
static void print_go_map(struct cleat_val v, struct cleat_buf *out) {
    CLEAT_AUTO_FREE struct member *members = cleat_array(cleat_val_count(v) + 1, sizeof *members);
    struct cleat_iter it = {0};
    size_t n = 0;
    while (cleat_val_next(v, &it)) {
        members[n++] = (struct member){it.key, it.val};
    }
    qsort(members, n, sizeof *members, by_key);
    cleat_buf_puts(out, "map[");
    for (size_t i = 0; i < n; i++) {
        cleat_buf_puts(out, i > 0 ? " " : "");
        cleat_buf_str(out, members[i].key);
        cleat_buf_putc(out, ':');
        print_go_value(members[i].val, out);
    }
    cleat_buf_putc(out, ']');
}

/* A value as Go prints it: "map[data:map[a:1] list:[x y]]". */
static void print_go_value(struct cleat_val v, struct cleat_buf *out) {
    struct cleat_iter it = {0};
    switch (cleat_val_type(v)) {
    case CLEAT_OBJECT:
        print_go_map(v, out);
        break;
    case CLEAT_ARRAY:
        cleat_buf_putc(out, '[');
        while (cleat_val_next(v, &it)) {
            cleat_buf_puts(out, it.index > 0 ? " " : "");
            print_go_value(it.val, out);
        }
        cleat_buf_putc(out, ']');
        break;
    case CLEAT_STRING:
        cleat_buf_str(out, cleat_val_str(v));
        break;
    case CLEAT_NULL:
        cleat_buf_puts(out, "<nil>");
        break;
    default:
        cleat_buf_str(out, cleat_val_raw(v));
        break;
    }
}

/* What a patch made cannot be. Upstream shows what it made, or of a strategic one itself. */
static cleat_err cannot_patch(cleat_request *req, const cleat_obj *body,
                              const struct cleat_error *why, struct cleat_error *e) {
    struct cleat_validation v = {.kind = req->kind, .error = e, .req = req};
    CLEAT_AUTO(cleat_obj) *patch = NULL;
    CLEAT_AUTO_BUF shown = {0}, quoted = {0};
    const char *words = why->message;
    if (req->patch_type == CLEAT_PATCH_STRATEGIC &&
        cleat_obj_parse(req->patch, 0, &patch, NULL) == CLEAT_OK) {
        print_go_value(cleat_obj_root(patch), &shown);
        for (uint32_t i = 0; i < why->n_causes; i++) {
            if (strcmp(why->causes[i].reason, CLEAT_TYPE_CONVERSION) == 0) {
                words = why->causes[i].message;
            }
        }
    } else {
        cleat_buf_str(&shown, cleat_obj_bytes(body));
    }
    cleat_buf_json(&quoted, (struct cleat_str){shown.p, shown.n});
    cleat_invalid(&v, "FieldValueInvalid", "patch", "%s: %s", quoted.p, words);
    return cleat_invalid_done_as(&v, "", "", (struct cleat_str){"", 0});
}

/* As upstream's handlers put it: a patch made something that cannot be, or the body is wrong. */
static cleat_err cannot(cleat_request *req, const char *kind, const char *version,
                        const cleat_obj *body, const struct cleat_error *why,
                        struct cleat_error *e) {
    if (req->verb == CLEAT_VERB_PATCH) {
        return cannot_patch(req, body, why, e);
    }
    return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s in version \"%s\" cannot be handled as a %s: %s",
                      kind, version, kind, why->message);
}

static void unknown_field(void *userdata, struct cleat_str path) {
    cleat_request_strict(userdata, "unknown field \"%.*s\"", CLEAT_FMT(path));
}

static cleat_type_report report_of(const cleat_request *req) {
    return req->field_validation == CLEAT_FIELDS_IGNORE ? NULL : unknown_field;
}

static void replace(cleat_obj **body, cleat_obj *better) {
    if (better != NULL) {
        cleat_obj_unref(*body);
        *body = better;
    }
}

cleat_err cleat_body_shape(cleat_request *req, const struct cleat_type *t, const char *kind,
                           const char *version, cleat_obj **body, struct cleat_error *e) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    cleat_obj *better = NULL;
    cleat_err err = cleat_type_decode(t, *body, report_of(req), req, &better, &why);
    if (err == CLEAT_OK) {
        replace(body, better);
        err = cleat_strict_done(req, &why);
    }
    return err == CLEAT_OK ? CLEAT_OK : cannot(req, kind, version, *body, &why, e);
}

/* Custom kinds: metadata is what it is of every kind; the schema prunes the rest. */
static cleat_err shape_custom(cleat_request *req, cleat_obj **body, struct cleat_error *e) {
    struct cleat_error why = CLEAT_ERROR_INIT;
    const struct cleat_kind *k = req->kind;
    const struct cleat_schema *schema = cleat_kind_schema(k);
    cleat_obj *better = NULL;
    const struct cleat_type *meta =
        cleat_type_find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    if (cleat_type_decode_member(meta, "metadata", *body, report_of(req), req, &better, &why) !=
        CLEAT_OK) {
        return cannot(req, k->kind, k->version, *body, &why, e);
    }
    replace(body, better);
    if (schema != NULL) {
        CLEAT_TRY(cleat_schema_shape(schema, *body, report_of(req), req, &better, e));
        replace(body, better);
    }
    return cleat_strict_done(req, &why) == CLEAT_OK
               ? CLEAT_OK
               : cannot(req, k->kind, k->version, *body, &why, e);
}

cleat_err cleat_body_decode(cleat_request *req, cleat_obj **body, struct cleat_meta *m,
                            struct cleat_error *e) {
    const struct cleat_kind *k = req->kind;
    CLEAT_TRY(check_gvk(k, *body, e));
    if ((k->flags & CLEAT_KIND_CUSTOM) == 0 && k->type != NULL) {
        CLEAT_TRY(cleat_body_shape(req, k->type, k->kind, k->version, body, e));
    } else {
        CLEAT_TRY(shape_custom(req, body, e));
    }
    cleat_meta_scan(*body, m);
    return cleat_meta_check_types(k, *body, m, e);
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
        cleat_schema_validate(schema, &v, cleat_obj_root(*obj),
                              old != NULL ? cleat_obj_root(old) : (struct cleat_val){NULL, 0, 0});
    }
    if (k->validate != NULL) {
        k->validate(&v, *obj, old);
    }
    CLEAT_TRY(cleat_invalid_done(&v, cleat_obj_name(*obj)));
    if (k->warn != NULL && req->subresource == NULL) {
        k->warn(req, *obj, old);
    }
    if (cleat_obj_bytes(*obj).n > CLEAT_LIMIT_OBJECT && !req->applied) {
        CLEAT_TRY(cleat_managed_drop(obj, e));
    }
    if (cleat_obj_bytes(*obj).n > CLEAT_LIMIT_OBJECT) {
        return cleat_fail(e, CLEAT_E_TOO_LARGE, "Request entity too large: limit is %u",
                          CLEAT_LIMIT_OBJECT);
    }
    return cleat_request_check(req, *obj, old);
}

cleat_err cleat_request_check(cleat_request *req, const cleat_obj *obj, const cleat_obj *old) {
    struct cleat_admission *admission = req->registry->admission;
    return admission != NULL ? admission->validate(admission, req, obj, old) : CLEAT_OK;
}
