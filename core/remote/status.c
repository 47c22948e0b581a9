/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an answer says of a failure. Only a Status that the API server wrote is
 * believed to the letter; a bare number may be a proxy's, and then a 404 or a 410 means no more
 * than that somebody on the way does not know the path. Pure functions.
 */
#include "core/remote/internal.h"

static const cleat_err reasons[] = {
    CLEAT_E_BAD_REQUEST, CLEAT_E_UNAUTHORIZED,   CLEAT_E_FORBIDDEN, CLEAT_E_NOT_FOUND,
    CLEAT_E_METHOD,      CLEAT_E_NOT_ACCEPTABLE, CLEAT_E_EXISTS,    CLEAT_E_CONFLICT,
    CLEAT_E_GONE,        CLEAT_E_EXPIRED,        CLEAT_E_TOO_LARGE, CLEAT_E_MEDIA_TYPE,
    CLEAT_E_INVALID,     CLEAT_E_THROTTLED,      CLEAT_E_INTERNAL,  CLEAT_E_UNAVAILABLE,
    CLEAT_E_TIMEOUT};

static cleat_err by_reason(struct cleat_str reason) {
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (cleat_eqc(reason, cleat_err_reason(reasons[i]))) {
            return reasons[i];
        }
    }
    return cleat_eqc(reason, "ServerTimeout") ? CLEAT_E_TIMEOUT : CLEAT_OK;
}

/* Of a number alone: what does not tell of the object. */
static cleat_err by_status(int status) {
    switch (status) {
    case 400:
        return CLEAT_E_BAD_REQUEST;
    case 401:
        return CLEAT_E_UNAUTHORIZED;
    case 403:
        return CLEAT_E_FORBIDDEN;
    case 405:
        return CLEAT_E_METHOD;
    case 406:
        return CLEAT_E_NOT_ACCEPTABLE;
    case 413:
        return CLEAT_E_TOO_LARGE;
    case 415:
        return CLEAT_E_MEDIA_TYPE;
    case 429:
        return CLEAT_E_THROTTLED;
    case 404:
    case 409:
    case 410:
    case 422:
    case 502:
    case 503:
        return CLEAT_E_UNAVAILABLE;
    case 504:
        return CLEAT_E_TIMEOUT;
    default:
        return CLEAT_E_UNKNOWN;
    }
}

static char *text_at(const cleat_obj *o, cleat_path path) {
    return cleat_val_strdup(cleat_obj_at(o, path));
}

static void add_causes(const cleat_obj *o, struct cleat_error *e) {
    struct cleat_val causes = cleat_obj_at(o, CLEAT_PATH("details", "causes"));
    struct cleat_iter it = {0};
    while (cleat_val_present(causes) && cleat_val_type(causes) == CLEAT_ARRAY &&
           cleat_val_next(causes, &it)) {
        CLEAT_AUTO_FREE char *reason = cleat_val_strdup(cleat_val_get(it.val, "reason"));
        CLEAT_AUTO_FREE char *field = cleat_val_strdup(cleat_val_get(it.val, "field"));
        CLEAT_AUTO_FREE char *message = cleat_val_strdup(cleat_val_get(it.val, "message"));
        cleat_error_cause(e, reason ? reason : "", field ? field : "", "%s",
                          message ? message : "");
    }
}

cleat_err cleat__rc_status_of(const cleat_obj *o, struct cleat_error *e) {
    struct cleat_val root = cleat_obj_root(o);
    CLEAT_AUTO_FREE char *message = text_at(o, CLEAT_PATH("message"));
    CLEAT_AUTO_FREE char *group = text_at(o, CLEAT_PATH("details", "group"));
    CLEAT_AUTO_FREE char *kind = text_at(o, CLEAT_PATH("details", "kind"));
    CLEAT_AUTO_FREE char *name = text_at(o, CLEAT_PATH("details", "name"));
    int64_t code = 0, after = 0;
    cleat_val_int(cleat_val_get(root, "code"), &code);
    cleat_val_int(cleat_obj_at(o, CLEAT_PATH("details", "retryAfterSeconds")), &after);
    cleat_err err = by_reason(cleat_val_str(cleat_val_get(root, "reason")));
    if (err == CLEAT_OK) {
        err = by_status((int)code);
    }
    bool silent = message == NULL || message[0] == '\0';
    cleat_fail(e, err, "%s", silent ? "the server does not say why" : message);
    if (e != NULL) {
        cleat_error_details(e, group ? group : "", kind ? kind : "", name ? name : "");
        e->retry_after_ms = after > 0 && after < 86400 ? after * 1000 : 0;
        add_causes(o, e);
    }
    return err;
}

cleat_err cleat__rc_status_error(int status, struct cleat_str body, cleat_time retry_after,
                                 struct cleat_error *e) {
    CLEAT_AUTO(cleat_obj) *o = NULL;
    cleat_err err;
    bool parsed = body.n > 0 && cleat_obj_parse(body, 0, &o, NULL) == CLEAT_OK;
    if (parsed && cleat_eqc(cleat_val_str(cleat_val_get(cleat_obj_root(o), "kind")), "Status")) {
        err = cleat__rc_status_of(o, e);
    } else {
        size_t n = body.n < 200 ? body.n : 200;
        while (n > 0 && (unsigned char)body.p[n - 1] <= ' ') {
            n--;
        }
        err = cleat_fail(e, by_status(status), "status %d %s, without a Status: %.*s", status,
                         cleat_http_reason(status), (int)n, body.p);
    }
    if (e != NULL && e->retry_after_ms == 0 && retry_after > 0) {
        e->retry_after_ms = retry_after / CLEAT_MS;
    }
    return err;
}
