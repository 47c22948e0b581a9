/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parameters and the body of a write say: options, patches, objects.
 * Pure functions; any thread.
 */
#include "core/api/internal.h"
#include "core/types/protobuf.h"

static cleat_err wrong_media(struct cleat_error *e, const char *accepted) {
    return cleat_fail(
        e, CLEAT_E_MEDIA_TYPE,
        "the body of the request was in an unknown format - accepted media types include: %s",
        accepted);
}

/* The body as JSON: as it stands, or made out of protobuf into *made. No type at
 * all is taken for JSON, as upstream does. */
static cleat_err json_body(struct cleat_str type, struct cleat_str body, struct cleat_buf *made,
                           struct cleat_str *ret, struct cleat_error *e) {
    *ret = body;
    if (type.n == 0 || cleat_eqc(type, "application/json") || cleat_eqc(type, "*/*")) {
        return CLEAT_OK;
    }
    if (cleat_eqc(type, CLEAT__YAML)) {
        struct cleat_error why = CLEAT_ERROR_INIT;
        if (cleat_yaml_to_json(body, made, &why) != CLEAT_OK) {
            return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                              "couldn't get version/kind; json parse error: error converting YAML "
                              "to JSON: %s",
                              why.message);
        }
        *ret = (struct cleat_str){made->p ? made->p : "", made->n};
        return CLEAT_OK;
    }
    if (!cleat_eqc(type, CLEAT_PROTOBUF_MEDIA_TYPE)) {
        return wrong_media(e, "application/json, " CLEAT__YAML ", " CLEAT_PROTOBUF_MEDIA_TYPE);
    }
    if (body.n > 0) {
        CLEAT_TRY(cleat_protobuf_to_json(body, made, e));
        *ret = (struct cleat_str){made->p ? made->p : "", made->n};
    }
    return CLEAT_OK;
}

static void duplicate(void *userdata, struct cleat_str path) {
    cleat_request_strict(userdata, "duplicate field \"%.*s\"", CLEAT_FMT(path));
}

cleat_err cleat__body_object(cleat_request *req, struct cleat_str type, struct cleat_str body,
                             struct cleat_error *e) {
    CLEAT_AUTO_BUF made = {0};
    struct cleat_str json;
    CLEAT_TRY(json_body(type, body, &made, &json, e));
    bool ignored = req->field_validation == CLEAT_FIELDS_IGNORE;
    return cleat_obj_parse_reporting(json, ignored ? NULL : duplicate, req, &req->body, e);
}

/* Not said: unknown fields are warned of. A protobuf body cannot hold any. */
static cleat_err field_validation(cleat_request *req, const char *text, struct cleat_error *e) {
    static const char *const names[] = {[CLEAT_FIELDS_IGNORE] = "Ignore",
                                        [CLEAT_FIELDS_WARN] = "Warn",
                                        [CLEAT_FIELDS_STRICT] = "Strict"};
    static const char *const options[] = {[CLEAT_VERB_CREATE] = "CreateOptions",
                                          [CLEAT_VERB_UPDATE] = "UpdateOptions",
                                          [CLEAT_VERB_PATCH] = "PatchOptions"};
    req->field_validation = CLEAT_FIELDS_WARN;
    if (text == NULL || *text == '\0' || req->verb > CLEAT_VERB_PATCH) {
        return CLEAT_OK;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            req->field_validation = (int)i;
            return CLEAT_OK;
        }
    }
    return cleat_fail(e, CLEAT_E_INVALID,
                      "%s.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: "
                      "\"%.64s\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"",
                      options[req->verb], text);
}

cleat_err cleat__write_options(cleat_request *req, const struct cleat__route *r,
                               struct cleat_error *e) {
    const char *dry = cleat__param(r, "dryRun");
    if (dry != NULL && *dry != '\0') {
        if (strcmp(dry, "All") != 0) {
            return cleat_fail(
                e, CLEAT_E_INVALID,
                "Options.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: \"%.64s\": "
                "supported values: \"All\"",
                dry);
        }
        req->dry_run = true;
    }
    return field_validation(req, cleat__param(r, "fieldValidation"), e);
}

/* ---- DELETE ---- */

static cleat_err propagation(const char *s, int32_t *ret, struct cleat_error *e) {
    static const char *const names[] = {[CLEAT_PROPAGATE_BACKGROUND] = "Background",
                                        [CLEAT_PROPAGATE_FOREGROUND] = "Foreground",
                                        [CLEAT_PROPAGATE_ORPHAN] = "Orphan"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i] != NULL && strcmp(s, names[i]) == 0) {
            *ret = (int32_t)i;
            return CLEAT_OK;
        }
    }
    return cleat_fail(
        e, CLEAT_E_INVALID,
        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: "
        "\"%.64s\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"",
        s);
}

static cleat_err number(const char *what, const char *text, int64_t *ret, struct cleat_error *e) {
    char *end;
    int64_t v = strtoll(text, &end, 10);
    if (end == text || *end != '\0') {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "invalid %s: %.64s", what, text);
    }
    *ret = v;
    return CLEAT_OK;
}

static cleat_err propagation_of_body(struct cleat_val root, int32_t *ret, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *named = cleat_val_strdup(cleat_val_get(root, "propagationPolicy"));
    struct cleat_val orphan = cleat_val_get(root, "orphanDependents");
    bool old_way = cleat_val_type(orphan) == CLEAT_BOOL;
    if (named != NULL && old_way) {
        return cleat_fail(
            e, CLEAT_E_INVALID,
            "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Invalid value: "
            "\"%.64s\": orphanDependents and deletionPropagation cannot be both set",
            named);
    }
    if (named != NULL) {
        return propagation(named, ret, e);
    }
    if (old_way) {
        *ret = cleat_val_bool(orphan, 0) ? CLEAT_PROPAGATE_ORPHAN : CLEAT_PROPAGATE_BACKGROUND;
    }
    return CLEAT_OK;
}

static cleat_err preconditions(struct cleat_val root, struct cleat_delete_opts *d, char **ret_uid,
                               struct cleat_error *e) {
    struct cleat_val pre = cleat_val_get(root, "preconditions");
    CLEAT_AUTO_FREE char *revision = cleat_val_strdup(cleat_val_get(pre, "resourceVersion"));
    if (revision != NULL && *revision != '\0') {
        int64_t v = 0;
        CLEAT_TRY(number("preconditions.resourceVersion", revision, &v, e));
        d->revision = (uint64_t)v;
    }
    *ret_uid = cleat_val_strdup(cleat_val_get(pre, "uid"));
    d->uid = *ret_uid;
    return CLEAT_OK;
}

static cleat_err dry_run_of_body(cleat_request *req, struct cleat_val root, struct cleat_error *e) {
    struct cleat_val list = cleat_val_get(root, "dryRun");
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        if (!cleat_eqc(cleat_val_str(it.val), "All")) {
            return cleat_fail(e, CLEAT_E_INVALID,
                              "DeleteOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported "
                              "value: supported values: \"All\"");
        }
        req->dry_run = true;
    }
    return CLEAT_OK;
}

cleat_err cleat__delete_options(cleat_request *req, const struct cleat__route *r,
                                struct cleat_str type, struct cleat_str body, char **ret_uid,
                                struct cleat_error *e) {
    struct cleat_delete_opts *d = &req->del;
    const char *grace = cleat__param(r, "gracePeriodSeconds");
    const char *policy = cleat__param(r, "propagationPolicy");
    if (grace != NULL) {
        int64_t seconds = 0;
        CLEAT_TRY(number("gracePeriodSeconds", grace, &seconds, e));
        d->grace_period_seconds = seconds < 0 ? 1 : seconds; /* as upstream */
    }
    if (policy != NULL) {
        CLEAT_TRY(propagation(policy, &d->propagation, e));
    }
    if (body.n == 0) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF made = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL;
    struct cleat_str json;
    CLEAT_TRY(json_body(type, body, &made, &json, e));
    CLEAT_TRY(cleat_obj_parse(json, 0, &o, e));
    struct cleat_val root = cleat_obj_root(o);
    int64_t seconds;
    if (cleat_val_int(cleat_val_get(root, "gracePeriodSeconds"), &seconds)) {
        d->grace_period_seconds = seconds < 0 ? 1 : seconds;
    }
    CLEAT_TRY(propagation_of_body(root, &d->propagation, e));
    CLEAT_TRY(dry_run_of_body(req, root, e));
    return preconditions(root, d, ret_uid, e);
}
