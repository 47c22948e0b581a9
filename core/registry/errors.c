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
    const char *words = words_of(reason);
    if (n == 0) {
        cleat_error_cause(v->error, reason, field, "%s", words);
    } else {
        cleat_error_cause(v->error, reason, field, "%s: %s", words, detail);
    }
    free(detail);
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
    bool many = e->n_causes > 1;
    cleat_buf_puts(&text, many ? "[" : "");
    for (uint32_t i = 0; i < e->n_causes; i++) {
        cleat_buf_printf(&text, "%s%s: %s", i > 0 ? ", " : "", e->causes[i].field,
                         e->causes[i].message);
    }
    cleat_buf_puts(&text, many ? "]" : "");
    /* cleat_fail starts afresh, so the causes are put by meanwhile. */
    size_t size = sizeof *e->causes * e->n_causes;
    uint32_t n = e->n_causes;
    CLEAT_AUTO_FREE struct cleat_cause *causes = cleat_alloc(size + 1);
    memcpy(causes, e->causes, size);
    cleat_err err = cleat_fail(e, CLEAT_E_INVALID, "%s%s%s \"%.*s\" is invalid: %s", kind,
                               group[0] != '\0' ? "." : "", group, CLEAT_FMT(name), text.p);
    memcpy(e->causes, causes, size);
    e->n_causes = n;
    CLEAT_AUTO_FREE char *copy = cleat_strndup(name);
    cleat_error_details(e, group, kind, copy);
    return err;
}

cleat_err cleat_invalid_done(struct cleat_validation *v, struct cleat_str name) {
    return cleat_invalid_done_as(v, v->kind->kind, v->kind->group, name);
}
