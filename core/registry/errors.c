/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The registry's failures in upstream's words, with the details that clients
 * branch on. Pure functions over the caller's struct cleat_error.
 */
#include <stdarg.h>
#include "core/registry/internal.h"

static cleat_err with_details(cleat_err err, const struct cleat_kind *k, struct cleat_str name,
                              struct cleat_error *e) {
    if (e != NULL) {
        CLEAT_AUTO_FREE char *text = cleat_strndup(name);
        cleat_error_details(e, k->group, k->resource, text);
    }
    return err;
}

cleat_err cleat_fail_not_found(const struct cleat_kind *k, struct cleat_str name,
                               struct cleat_error *e) {
    cleat_err err =
        cleat_fail(e, CLEAT_E_NOT_FOUND, "%s \"%.*s\" not found", k->store_name, CLEAT_FMT(name));
    return with_details(err, k, name, e);
}

cleat_err cleat_fail_exists(const struct cleat_kind *k, struct cleat_str name, bool generated,
                            struct cleat_error *e) {
    cleat_err err = cleat_fail(
        e, CLEAT_E_EXISTS, "%s \"%.*s\" already exists%s", k->store_name, CLEAT_FMT(name),
        generated ? ", the server was not able to generate a unique name for the object" : "");
    if (generated && e != NULL) {
        e->retry_after_ms = 1000;
    }
    return with_details(err, k, name, e);
}

cleat_err cleat_fail_conflict(const struct cleat_kind *k, struct cleat_str name, const char *why,
                              struct cleat_error *e) {
    cleat_err err =
        cleat_fail(e, CLEAT_E_CONFLICT, "Operation cannot be fulfilled on %s \"%.*s\": %s",
                   k->store_name, CLEAT_FMT(name),
                   why != NULL ? why
                               : "the object has been modified; please apply your changes to the "
                                 "latest version and try again");
    return with_details(err, k, name, e);
}

cleat_err cleat_fail_forbidden(const struct cleat_kind *k, struct cleat_str name, const char *why,
                               struct cleat_error *e) {
    cleat_err err;
    if (name.n > 0) {
        err = cleat_fail(e, CLEAT_E_FORBIDDEN, "%s \"%.*s\" is forbidden: %s", k->store_name,
                         CLEAT_FMT(name), why);
    } else {
        err = cleat_fail(e, CLEAT_E_FORBIDDEN, "%s is forbidden: %s", k->store_name, why);
    }
    return with_details(err, k, name, e);
}

cleat_err cleat_fail_too_large_revision(uint64_t asked, uint64_t current, struct cleat_error *e) {
    cleat_err err =
        cleat_fail(e, CLEAT_E_TIMEOUT, "Timeout: Too large resource version: %llu, current: %llu",
                   (unsigned long long)asked, (unsigned long long)current);
    if (e != NULL) {
        cleat_error_cause(e, "ResourceVersionTooLarge", "", "Too large resource version");
        e->retry_after_ms = 1000;
    }
    return err;
}

cleat_err cleat_fail_no_resource(struct cleat_error *e) {
    return cleat_fail(e, CLEAT_E_NOT_FOUND, "the server could not find the requested resource");
}

/* ---- field errors ---- */

/* The words that upstream puts before the detail of each reason. */
static const struct {
    const char *reason, *words;
} reasons[] = {
    {"FieldValueRequired", "Required value"}, {"FieldValueDuplicate", "Duplicate value"},
    {"FieldValueInvalid", "Invalid value"},   {"FieldValueNotSupported", "Unsupported value"},
    {"FieldValueForbidden", "Forbidden"},     {"FieldValueTooLong", "Too long"},
    {"FieldValueTooMany", "Too many"},        {"FieldValueTypeInvalid", "Invalid value"},
    {"FieldValueNotFound", "Not found"},      {"InternalError", "Internal error"},
};

static const char *words_of(const char *reason) {
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(reasons[i].reason, reason) == 0) {
            return reasons[i].words;
        }
    }
    return "Invalid value";
}

/* One cause of a Status as JSON, after those that are there. */
static void add_cause(struct cleat_buf *out, const char *reason, struct cleat_str message,
                      struct cleat_str field) {
    cleat_buf_printf(out, "%s{\"reason\":\"%s\",\"message\":", out->n > 0 ? "," : "", reason);
    cleat_buf_json_mended(out, message);
    cleat_buf_puts(out, ",\"field\":");
    cleat_buf_json_mended(out, field);
    cleat_buf_putc(out, '}');
}

void cleat_invalid(struct cleat_validation *v, const char *reason, const char *field,
                   const char *fmt, ...) {
    v->n++;
    if (v->error == NULL) {
        return;
    }
    if (v->n == 1) {
        cleat_error_clear(v->error);
    }
    char *detail = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&detail, fmt, ap);
    va_end(ap);
    cleat_assert(n >= 0);
    CLEAT_AUTO_FREE char *whole =
        cleat_sprintf("%s%s%s", words_of(reason), n > 0 ? ": " : "", detail);
    free(detail);
    cleat_error_cause(v->error, reason, field, "%s", whole);
    if (v->req != NULL) {
        cleat_buf_printf(&v->text, "%s%s: %s", v->n > 1 ? ", " : "", field, whole);
        add_cause(&v->causes, reason, cleat_s(whole), cleat_s(field));
    }
}

void cleat_request_tell_all(cleat_request *req, cleat_err err, const struct cleat_buf *message,
                            const struct cleat_buf *causes, const char *group, const char *kind,
                            struct cleat_str name) {
    struct cleat_buf out = {0};
    cleat_buf_puts(&out, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":"
                         "\"Failure\",\"message\":");
    cleat_buf_json_mended(&out, (struct cleat_str){message->p, message->n});
    cleat_buf_printf(&out, ",\"reason\":\"%s\",\"details\":{", cleat_err_reason(err));
    if (kind != NULL) {
        cleat_buf_puts(&out, "\"name\":");
        cleat_buf_json_mended(&out, name);
        if (group[0] != '\0') {
            cleat_buf_printf(&out, ",\"group\":\"%s\"", group);
        }
        cleat_buf_printf(&out, ",\"kind\":\"%s\",", kind);
    }
    cleat_buf_puts(&out, "\"causes\":[");
    cleat_buf_add(&out, causes->p, causes->n);
    cleat_buf_printf(&out, "]},\"code\":%d}", cleat_err_http(err));
    free(req->status);
    req->status = cleat_buf_take(&out);
}

/* Whether something of it was cut. */
static bool is_cut(const struct cleat_validation *v) {
    const struct cleat_error *e = v->error;
    if ((uint32_t)v->n > e->n_causes || strlen(e->message) + 1 == sizeof e->message) {
        return true;
    }
    for (uint32_t i = 0; i < e->n_causes; i++) {
        if (strlen(e->causes[i].message) + 4 >= sizeof e->causes[i].message ||
            strlen(e->causes[i].field) + 4 >= sizeof e->causes[i].field) {
            return true;
        }
    }
    return false;
}

cleat_err cleat_invalid_done_as(struct cleat_validation *v, const char *kind, const char *group,
                                struct cleat_str name) {
    if (v->n == 0) {
        return CLEAT_OK;
    }
    struct cleat_error *e = v->error;
    if (e == NULL) {
        return CLEAT_E_INVALID;
    }
    CLEAT_AUTO_BUF text = {0};
    bool many = v->n > 1;
    cleat_buf_printf(&text, "%s%s%s \"%.*s\" is invalid: %s", kind, group[0] != '\0' ? "." : "",
                     group, CLEAT_FMT(name), many ? "[" : "");
    if (v->req != NULL) {
        cleat_buf_add(&text, v->text.p, v->text.n);
    }
    for (uint32_t i = 0; i < e->n_causes && v->req == NULL; i++) {
        cleat_buf_printf(&text, "%s%s: %s", i > 0 ? ", " : "", e->causes[i].field,
                         e->causes[i].message);
    }
    cleat_buf_puts(&text, many ? "]" : "");
    /* cleat_fail starts afresh, so the causes are put by meanwhile. */
    size_t size = sizeof *e->causes * e->n_causes;
    uint32_t n = e->n_causes;
    CLEAT_AUTO_FREE struct cleat_cause *causes = cleat_alloc(size + 1);
    memcpy(causes, e->causes, size);
    cleat_err err = cleat_fail(e, CLEAT_E_INVALID, "%s", text.p);
    memcpy(e->causes, causes, size);
    e->n_causes = n;
    CLEAT_AUTO_FREE char *copy = cleat_strndup(name);
    cleat_error_details(e, group, kind, copy);
    if (v->req != NULL && (text.n >= sizeof e->message || is_cut(v))) {
        cleat_request_tell_all(v->req, err, &text, &v->causes, group, kind, name);
    }
    cleat_buf_done(&v->text);
    cleat_buf_done(&v->causes);
    return err;
}

cleat_err cleat_invalid_done(struct cleat_validation *v, struct cleat_str name) {
    return cleat_invalid_done_as(v, v->kind->kind, v->kind->group, name);
}
