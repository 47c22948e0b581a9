/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parameters and the body of a write say: options, patches, objects.
 * Pure functions; any thread.
 */
#include <errno.h>

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
static void field_validation(cleat_request *req, const char *text, struct cleat_validation *v) {
    static const char *const names[] = {[CLEAT_FIELDS_IGNORE] = "Ignore",
                                        [CLEAT_FIELDS_WARN] = "Warn",
                                        [CLEAT_FIELDS_STRICT] = "Strict"};
    req->field_validation = CLEAT_FIELDS_WARN;
    if (text == NULL || *text == '\0' || req->verb > CLEAT_VERB_PATCH) {
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            req->field_validation = (int)i;
            return;
        }
    }
    cleat_invalid(v, "FieldValueNotSupported", "fieldValidation",
                  "\"%.64s\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"", text);
}

/* It may be said more than once, but nothing else. */
static void dry_run_of_query(cleat_request *req, const struct cleat__route *r,
                             struct cleat_validation *v) {
    CLEAT_AUTO_BUF said = {0};
    bool other = false;
    for (size_t i = 0; i < r->n_params; i++) {
        if (strcmp(r->params[i].key, "dryRun") == 0) {
            cleat_buf_putc(&said, said.n == 0 ? '[' : ',');
            cleat_buf_json(&said, cleat_s(r->params[i].value));
            other = other || strcmp(r->params[i].value, "All") != 0;
            req->dry_run = true;
        }
    }
    if (other) {
        cleat_invalid(v, "FieldValueNotSupported", "dryRun", "%.256s]: supported values: \"All\"",
                      said.p);
    }
}

cleat_err cleat__write_options(cleat_request *req, const struct cleat__route *r,
                               struct cleat_error *e) {
    static const char *const options[] = {[CLEAT_VERB_CREATE] = "CreateOptions",
                                          [CLEAT_VERB_UPDATE] = "UpdateOptions",
                                          [CLEAT_VERB_PATCH] = "PatchOptions",
                                          [CLEAT_VERB_DELETE] = "DeleteOptions",
                                          [CLEAT_VERB_DELETE_COLLECTION] = "DeleteOptions"};
    struct cleat_validation v = {.error = e};
    dry_run_of_query(req, r, &v);
    field_validation(req, cleat__param(r, "fieldValidation"), &v);
    return cleat_invalid_done_as(&v, options[req->verb], "meta.k8s.io", (struct cleat_str){"", 0});
}

/* ---- DELETE ---- */

/* What a request says of a deletion, be it in its body or, where it has none, in the query. */
struct deletion {
    cleat_request *req;
    struct cleat_validation v; /* the errors so far */
    char **ret_uid;
    bool old_cascade; /* orphanDependents is false */
};

static void set_grace(struct deletion *d, int64_t seconds) {
    d->req->del.grace_period_seconds = seconds < 0 ? 1 : seconds; /* as upstream */
}

static void set_propagation(struct deletion *d, const char *policy, bool old_way, bool orphan) {
    static const char *const names[] = {[CLEAT_PROPAGATE_BACKGROUND] = "Background",
                                        [CLEAT_PROPAGATE_FOREGROUND] = "Foreground",
                                        [CLEAT_PROPAGATE_ORPHAN] = "Orphan"};
    size_t i = 0, n = sizeof names / sizeof *names;
    if (old_way) {
        d->req->del.propagation = orphan ? CLEAT_PROPAGATE_ORPHAN : CLEAT_PROPAGATE_BACKGROUND;
        d->old_cascade = !orphan;
    }
    if (policy == NULL) {
        return;
    }
    if (old_way) {
        cleat_invalid(&d->v, "FieldValueInvalid", "propagationPolicy",
                      "\"%.64s\": orphanDependents and deletionPropagation cannot be both set",
                      policy);
    }
    while (i < n && (names[i] == NULL || strcmp(policy, names[i]) != 0)) {
        i++;
    }
    if (i < n) {
        d->req->del.propagation = (int32_t)i;
    } else {
        cleat_invalid(&d->v, "FieldValueNotSupported", "propagationPolicy",
                      "\"%.64s\": supported values: \"Foreground\", \"Background\", \"Orphan\", "
                      "\"nil\"",
                      policy);
    }
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

/* As Go's strconv.ParseInt, with its words. */
static cleat_err parse_int(const char *text, int64_t *ret, struct cleat_error *e) {
    const char *digits = text + (*text == '-' || *text == '+');
    bool number = *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0';
    errno = 0;
    *ret = number ? strtoll(text, NULL, 10) : 0;
    if (number && errno == 0) {
        return CLEAT_OK;
    }
    return cleat_fail(e, CLEAT_E_BAD_REQUEST, "strconv.ParseInt: parsing \"%.64s\": %s", text,
                      number ? "value out of range" : "invalid syntax");
}

cleat_err cleat__list_numbers(const struct cleat__route *r, int64_t *ret_limit,
                              int64_t *ret_timeout, struct cleat_error *e) {
    const char *timeout = cleat__param(r, "timeoutSeconds"), *limit = cleat__param(r, "limit");
    *ret_limit = *ret_timeout = 0;
    CLEAT_TRY(timeout != NULL ? parse_int(timeout, ret_timeout, e) : CLEAT_OK);
    return limit != NULL ? parse_int(limit, ret_limit, e) : CLEAT_OK;
}

static cleat_err deletion_of_query(struct deletion *d, const struct cleat__route *r,
                                   struct cleat_error *e) {
    const char *grace = cleat__param(r, "gracePeriodSeconds");
    const char *policy = cleat__param(r, "propagationPolicy");
    const char *orphan = cleat__param(r, "orphanDependents");
    int64_t seconds = 0;
    if (grace != NULL && *grace != '\0') {
        CLEAT_TRY(number("gracePeriodSeconds", grace, &seconds, e));
        set_grace(d, seconds);
    }
    bool old_way = orphan != NULL && *orphan != '\0';
    set_propagation(d, policy != NULL && *policy != '\0' ? policy : NULL, old_way,
                    old_way && strcmp(orphan, "0") != 0 && strcasecmp(orphan, "false") != 0);
    return CLEAT_OK;
}

static cleat_err preconditions(struct deletion *d, struct cleat_val pre, struct cleat_error *e) {
    CLEAT_AUTO_FREE char *revision = cleat_val_strdup(cleat_val_get(pre, "resourceVersion"));
    if (revision != NULL && *revision != '\0') {
        int64_t v = 0;
        CLEAT_TRY(number("preconditions.resourceVersion", revision, &v, e));
        d->req->del.revision = (uint64_t)v;
    }
    *d->ret_uid = cleat_val_strdup(cleat_val_get(pre, "uid"));
    d->req->del.uid = *d->ret_uid;
    return CLEAT_OK;
}

static void dry_run(struct deletion *d, struct cleat_val list) {
    struct cleat_iter it = {0};
    bool other = false;
    while (cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it)) {
        other = other || !cleat_eqc(cleat_val_str(it.val), "All");
        d->req->dry_run = true;
    }
    if (other) {
        cleat_invalid(&d->v, "FieldValueNotSupported", "dryRun", "%.*s: supported values: \"All\"",
                      CLEAT_FMT(cleat_val_raw(list)));
    }
}

/* Any group's DeleteOptions will do. */
static cleat_err deletion_of_body(struct deletion *d, struct cleat_str type, struct cleat_str body,
                                  struct cleat_error *e) {
    CLEAT_AUTO_BUF made = {0};
    CLEAT_AUTO(cleat_obj) *o = NULL, *better = NULL;
    struct cleat_str json;
    CLEAT_TRY(json_body(type, body, &made, &json, e));
    CLEAT_TRY(cleat_obj_parse(json, 0, &o, e));
    struct cleat_val root = cleat_obj_root(o);
    struct cleat_str kind = cleat_val_str(cleat_val_get(root, "kind"));
    if (kind.n > 0 && !cleat_eqc(kind, "DeleteOptions")) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST,
                          "no kind \"%.*s\" is registered for version \"%.*s\" in scheme "
                          "\"k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme\"",
                          CLEAT_FMT(kind),
                          CLEAT_FMT(cleat_val_str(cleat_val_get(root, "apiVersion"))));
    }
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (cleat_type_decode(cleat_type_find("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"), o,
                          NULL, NULL, &better, &why) != CLEAT_OK) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "%s", why.message);
    }
    struct cleat_val orphan = cleat_val_get(root, "orphanDependents");
    CLEAT_AUTO_FREE char *policy = cleat_val_strdup(cleat_val_get(root, "propagationPolicy"));
    int64_t seconds;
    if (cleat_val_int(cleat_val_get(root, "gracePeriodSeconds"), &seconds)) {
        set_grace(d, seconds);
    }
    set_propagation(d, policy, cleat_val_type(orphan) == CLEAT_BOOL, cleat_val_bool(orphan, 0));
    dry_run(d, cleat_val_get(root, "dryRun"));
    return preconditions(d, cleat_val_get(root, "preconditions"), e);
}

cleat_err cleat__delete_options(cleat_request *req, const struct cleat__route *r,
                                struct cleat_str type, struct cleat_str body, char **ret_uid,
                                bool *ret_old_cascade, struct cleat_error *e) {
    struct deletion d = {.req = req, .v = {.error = e}, .ret_uid = ret_uid};
    if (body.n > 0) {
        CLEAT_TRY(deletion_of_body(&d, type, body, e));
    } else {
        CLEAT_TRY(deletion_of_query(&d, r, e));
    }
    *ret_old_cascade = d.old_cascade;
    return cleat_invalid_done_as(&d.v, "DeleteOptions", "meta.k8s.io", (struct cleat_str){"", 0});
}
