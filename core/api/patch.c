/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a PATCH says beside its path: its type, its body as JSON, and, of every
 * write, who owns what it writes. Pure functions; any thread.
 */
#include "core/api/internal.h"

static const struct {
    const char *type;
    int patch;
    bool custom; /* kinds made of CRDs take it too */
} types[] = {{"application/json-patch+json", CLEAT_PATCH_JSON, true},
             {"application/merge-patch+json", CLEAT_PATCH_MERGE, true},
             {"application/strategic-merge-patch+json", CLEAT_PATCH_STRATEGIC, false},
             {"application/apply-patch+yaml", CLEAT_PATCH_APPLY, true}};
enum { TYPES = sizeof types / sizeof *types };

static cleat_err invalid(struct cleat_error *e, const char *options, const char *reason,
                         const char *field, const char *what) {
    cleat_fail(e, CLEAT_E_INVALID, "%s.meta.k8s.io \"\" is invalid: %s: %s", options, field, what);
    cleat_error_details(e, "meta.k8s.io", options, NULL);
    cleat_error_cause(e, reason, field, "%s", what);
    return CLEAT_E_INVALID;
}

cleat_err cleat__patch_type(cleat_request *req, const struct cleat__route *r, struct cleat_str type,
                            struct cleat_error *e) {
    CLEAT_AUTO_BUF accepted = {0};
    bool custom = req->kind->flags & CLEAT_KIND_CUSTOM;
    req->patch_type = 0;
    for (size_t i = 0; i < TYPES; i++) {
        if (custom && !types[i].custom) {
            continue;
        }
        cleat_buf_printf(&accepted, "%s%s", accepted.n > 0 ? ", " : "", types[i].type);
        if (cleat_eqc(type, types[i].type)) {
            req->patch_type = types[i].patch;
        }
    }
    if (req->patch_type == 0) {
        return cleat_fail(e, CLEAT_E_MEDIA_TYPE,
                          "the body of the request was in an unknown format - accepted media "
                          "types include: %s",
                          accepted.p);
    }
    if (cleat__param(r, "force") == NULL) {
        return CLEAT_OK;
    }
    if (req->patch_type != CLEAT_PATCH_APPLY) {
        return invalid(e, "PatchOptions", "FieldValueForbidden", "force",
                       "Forbidden: may not be specified for non-apply patch");
    }
    if (cleat__param_true(r, "force")) {
        req->patch_type = CLEAT_PATCH_APPLY_FORCE;
    }
    return CLEAT_OK;
}

/* ---- who writes ---- */

static bool printable(unsigned char c) {
    return c >= 0x20 && c != 0x7f;
}

/* The client's name in "kubectl/v1.35.0 (linux/amd64)". */
static void name_of_agent(struct cleat_str agent, char room[CLEAT__MANAGER_ROOM]) {
    size_t n = 0;
    for (size_t i = 0; i < agent.n && agent.p[i] != '/' && n < CLEAT__MANAGER_ROOM - 1; i++) {
        if (printable((unsigned char)agent.p[i])) {
            room[n++] = agent.p[i];
        }
    }
    while (n > 0 && n == CLEAT__MANAGER_ROOM - 1 && ((unsigned char)room[n - 1] & 0x80)) {
        n--; /* no half a character */
    }
    room[n] = '\0';
    if (n == 0) {
        memcpy(room, "unknown", sizeof "unknown");
    }
}

cleat_err cleat__field_manager(cleat_request *req, const struct cleat__route *r,
                               struct cleat_str agent, char room[CLEAT__MANAGER_ROOM],
                               struct cleat_error *e) {
    static const char *const options[] = {[CLEAT_VERB_CREATE] = "CreateOptions",
                                          [CLEAT_VERB_UPDATE] = "UpdateOptions",
                                          [CLEAT_VERB_PATCH] = "PatchOptions"};
    const char *name = cleat__param(r, "fieldManager");
    if (req->verb > CLEAT_VERB_PATCH) {
        return CLEAT_OK;
    }
    req->field_manager = name;
    if (name == NULL || *name == '\0') {
        if (req->patch_type != CLEAT_PATCH_APPLY && req->patch_type != CLEAT_PATCH_APPLY_FORCE) {
            name_of_agent(agent, room);
            req->field_manager = room;
        }
        return CLEAT_OK;
    }
    if (strlen(name) > CLEAT__MANAGER_ROOM - 1) {
        return invalid(e, options[req->verb], "FieldValueTooLong", "fieldManager",
                       "Too long: may not be more than 128 bytes");
    }
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (!printable((unsigned char)name[i])) {
            CLEAT_AUTO_BUF what = {0};
            cleat_buf_puts(&what, "Invalid value: ");
            cleat_buf_json(&what, cleat_s(name));
            cleat_buf_printf(&what, ": invalid character U+%04X (at position %zu)",
                             (unsigned char)name[i], i);
            return invalid(e, options[req->verb], "FieldValueInvalid", "fieldManager", what.p);
        }
    }
    return CLEAT_OK;
}

/* ---- the body ---- */

static bool is_json(struct cleat_str s) {
    size_t i = 0;
    while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r')) {
        i++;
    }
    return i < s.n && s.p[i] == '{';
}

cleat_err cleat__patch_body(const cleat_request *req, struct cleat_str body, char **ret_owned,
                            struct cleat_str *ret, struct cleat_error *e) {
    bool apply = req->patch_type == CLEAT_PATCH_APPLY || req->patch_type == CLEAT_PATCH_APPLY_FORCE;
    if (!apply || is_json(body)) {
        *ret_owned = cleat_strndup(body);
        *ret = (struct cleat_str){*ret_owned, body.n};
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF json = {0};
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (cleat_yaml_to_json(body, &json, &why) != CLEAT_OK) {
        return cleat_fail(e, CLEAT_E_BAD_REQUEST, "error decoding patch: %s", why.message);
    }
    ret->n = json.n;
    ret->p = *ret_owned = cleat_buf_take(&json);
    return CLEAT_OK;
}
