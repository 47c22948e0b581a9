/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as values: one table maps codes to HTTP statuses and Status reasons. Thread-safe. */
#include "core/base/base.h"

#include <stdarg.h>

static const struct code {
    cleat_err code;
    int http;
    const char *reason, *name;
} codes[] = {
    {CLEAT_OK, 200, "", "CLEAT_OK"},
    {CLEAT_E_BAD_REQUEST, 400, "BadRequest", "CLEAT_E_BAD_REQUEST"},
    {CLEAT_E_UNAUTHORIZED, 401, "Unauthorized", "CLEAT_E_UNAUTHORIZED"},
    {CLEAT_E_FORBIDDEN, 403, "Forbidden", "CLEAT_E_FORBIDDEN"},
    {CLEAT_E_NOT_FOUND, 404, "NotFound", "CLEAT_E_NOT_FOUND"},
    {CLEAT_E_METHOD, 405, "MethodNotAllowed", "CLEAT_E_METHOD"},
    {CLEAT_E_NOT_ACCEPTABLE, 406, "NotAcceptable", "CLEAT_E_NOT_ACCEPTABLE"},
    {CLEAT_E_EXISTS, 409, "AlreadyExists", "CLEAT_E_EXISTS"},
    {CLEAT_E_CONFLICT, 409, "Conflict", "CLEAT_E_CONFLICT"},
    {CLEAT_E_GONE, 410, "Gone", "CLEAT_E_GONE"},
    {CLEAT_E_EXPIRED, 410, "Expired", "CLEAT_E_EXPIRED"},
    {CLEAT_E_TOO_LARGE, 413, "RequestEntityTooLarge", "CLEAT_E_TOO_LARGE"},
    {CLEAT_E_MEDIA_TYPE, 415, "UnsupportedMediaType", "CLEAT_E_MEDIA_TYPE"},
    {CLEAT_E_INVALID, 422, "Invalid", "CLEAT_E_INVALID"},
    {CLEAT_E_THROTTLED, 429, "TooManyRequests", "CLEAT_E_THROTTLED"},
    {CLEAT_E_INTERNAL, 500, "InternalError", "CLEAT_E_INTERNAL"},
    {CLEAT_E_UNAVAILABLE, 503, "ServiceUnavailable", "CLEAT_E_UNAVAILABLE"},
    {CLEAT_E_TIMEOUT, 504, "Timeout", "CLEAT_E_TIMEOUT"},
    {CLEAT_E_UNKNOWN, 500, "", "CLEAT_E_UNKNOWN"},
    {CLEAT_E_CANCELLED, 500, "InternalError", "CLEAT_E_CANCELLED"},
    {CLEAT_E_NO_MEMORY, 500, "InternalError", "CLEAT_E_NO_MEMORY"},
    {CLEAT_E_IO, 500, "InternalError", "CLEAT_E_IO"},
    {CLEAT_E_UNSUPPORTED, 500, "InternalError", "CLEAT_E_UNSUPPORTED"},
    {CLEAT_E_ELSEWHERE, 500, "InternalError", "CLEAT_E_ELSEWHERE"},
    {CLEAT_E_PENDING, 500, "InternalError", "CLEAT_E_PENDING"},
    {CLEAT_E_TRANSIENT, 500, "InternalError", "CLEAT_E_TRANSIENT"},
    {CLEAT_E_TERMINAL, 500, "InternalError", "CLEAT_E_TERMINAL"},
    {CLEAT_E_ABI, 500, "InternalError", "CLEAT_E_ABI"},
    {CLEAT_E_BUG, 500, "InternalError", "CLEAT_E_BUG"},
};

static const struct code *find(cleat_err code) {
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i].code == code) {
            return &codes[i];
        }
    }
    static const struct code unknown = {1, 500, "InternalError", "unknown error"};
    return &unknown;
}

int cleat_err_http(cleat_err code) {
    return find(code)->http;
}

const char *cleat_err_reason(cleat_err code) {
    return find(code)->reason;
}

const char *cleat_err_name(cleat_err code) {
    return find(code)->name;
}

/* snprintf cuts in the middle of a character; take the stump away. */
static void end_at_character(char *s, size_t size, int wanted) {
    if (wanted < 0 || (size_t)wanted < size) {
        return;
    }
    size_t n = strlen(s), i = n;
    while (i > 0 && ((unsigned char)s[i - 1] & 0xC0) == 0x80) {
        i--;
    }
    if (i == 0) {
        return;
    }
    unsigned char lead = (unsigned char)s[i - 1];
    size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (n - (i - 1) < want) {
        s[i - 1] = '\0';
    }
}

static void put(char *dst, size_t size, const char *src) {
    end_at_character(dst, size, snprintf(dst, size, "%s", src ? src : ""));
}

void cleat_error_clear(struct cleat_error *e) {
    if (e != NULL) {
        uint32_t size = e->struct_size;
        memset(e, 0, sizeof *e);
        e->struct_size = size;
    }
}

cleat_err cleat_fail(struct cleat_error *e, cleat_err code, const char *fmt, ...) {
    if (e != NULL) {
        va_list ap;
        /* The text may quote the error that it replaces. */
        char message[sizeof e->message];
        va_start(ap, fmt);
        int n = vsnprintf(message, sizeof message, fmt, ap);
        va_end(ap);
        end_at_character(message, sizeof message, n);
        cleat_error_clear(e);
        e->code = code;
        memcpy(e->message, message, sizeof message);
    }
    return code;
}

void cleat_error_cause(struct cleat_error *e, const char *reason, const char *field,
                       const char *fmt, ...) {
    if (e == NULL || e->n_causes >= CLEAT_CAUSES_MAX) {
        return;
    }
    struct cleat_cause *c = &e->causes[e->n_causes++];
    put(c->reason, sizeof c->reason, reason);
    put(c->field, sizeof c->field, field);
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(c->message, sizeof c->message, fmt, ap);
    va_end(ap);
    end_at_character(c->message, sizeof c->message, n);
}

void cleat_error_details(struct cleat_error *e, const char *group, const char *kind,
                         const char *name) {
    if (e != NULL) {
        put(e->group, sizeof e->group, group);
        put(e->kind, sizeof e->kind, kind);
        put(e->name, sizeof e->name, name);
    }
}
