/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what, until RBAC: the group system:masters may do all, anybody may
 * ask for health and version, everything else is forbidden in upstream's words.
 * Pure functions; any thread.
 */
#include "core/registry/internal.h"

static bool is_master(const struct cleat_user *u) {
    for (size_t i = 0; u != NULL && u->groups != NULL && u->groups[i] != NULL; i++) {
        if (strcmp(u->groups[i], "system:masters") == 0) {
            return true;
        }
    }
    return false;
}

static const char *user_name(const struct cleat_user *u) {
    return u != NULL && u->name != NULL ? u->name : "system:anonymous";
}

cleat_err cleat_authorize(const struct cleat_user *u, const char *verb, const struct cleat_kind *k,
                          const char *subresource, struct cleat_str ns, struct cleat_str name,
                          struct cleat_error *e) {
    if (is_master(u)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF why = {0};
    cleat_buf_printf(&why, "User \"%s\" cannot %s resource \"%s%s%s\" in API group \"%s\"",
                     user_name(u), verb, k->resource, subresource != NULL ? "/" : "",
                     subresource != NULL ? subresource : "", k->group);
    if (ns.n > 0) {
        cleat_buf_printf(&why, " in the namespace \"%.*s\"", CLEAT_FMT(ns));
    } else {
        cleat_buf_puts(&why, " at the cluster scope");
    }
    return cleat_fail_forbidden(k, name, why.p, e);
}

/* Health and version, */
static bool public_path(const char *path) {
    static const char *const paths[] = {"/healthz", "/livez", "/readyz", "/version"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        size_t n = strlen(paths[i]);
        if (strncmp(path, paths[i], n) == 0 && (path[n] == '\0' || strcmp(path + n, "/") == 0)) {
            return true;
        }
    }
    return false;
}

cleat_err cleat_authorize_path(const struct cleat_user *u, const char *verb, const char *path,
                               struct cleat_error *e) {
    if (is_master(u) || (strcmp(verb, "get") == 0 && public_path(path))) {
        return CLEAT_OK;
    }
    return cleat_fail(e, CLEAT_E_FORBIDDEN, "forbidden: User \"%s\" cannot %s path \"%s\"",
                      user_name(u), verb, path);
}
