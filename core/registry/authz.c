/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what: members of system:masters all, everybody else what the
 * registry's authority allows; without an authority, health and version. What is
 * refused is refused in upstream's words. Any thread; nothing blocks.
 */
#include "core/registry/internal.h"

bool cleat_user_in(const struct cleat_user *u, const char *group) {
    for (size_t i = 0; u != NULL && u->groups != NULL && u->groups[i] != NULL; i++) {
        if (strcmp(u->groups[i], group) == 0) {
            return true;
        }
    }
    return false;
}

/* Health and version. */
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

bool cleat_registry_allows(cleat_registry *r, const struct cleat_access *q, struct cleat_buf *why) {
    if (cleat_user_in(q->user, "system:masters")) {
        return true;
    }
    if (r->authority != NULL) {
        return r->authority->allows(r->authority, q, why);
    }
    return q->path != NULL && strcmp(q->verb, "get") == 0 && public_path(q->path);
}

static cleat_err refuse(const struct cleat_access *q, const char *why, struct cleat_error *e) {
    const char *user = q->user != NULL && q->user->name != NULL ? q->user->name : "";
    const char *colon = *why != '\0' ? ": " : "";
    if (q->path != NULL) {
        return cleat_fail(e, CLEAT_E_FORBIDDEN, "forbidden: User \"%s\" cannot %s path \"%s\"%s%s",
                          *user != '\0' ? user : "system:anonymous", q->verb, q->path, colon, why);
    }
    CLEAT_AUTO_BUF text = {0};
    cleat_buf_printf(&text, "User \"%s\" cannot %s resource \"%.*s%s%.*s\" in API group \"%.*s\"",
                     *user != '\0' ? user : "system:anonymous", q->verb, CLEAT_FMT(q->resource),
                     q->subresource.n > 0 ? "/" : "", CLEAT_FMT(q->subresource),
                     CLEAT_FMT(q->group));
    if (q->ns.n > 0) {
        cleat_buf_printf(&text, " in the namespace \"%.*s\"", CLEAT_FMT(q->ns));
    } else {
        cleat_buf_puts(&text, " at the cluster scope");
    }
    cleat_buf_printf(&text, "%s%s", colon, why);
    CLEAT_AUTO_FREE char *group = cleat_strndup(q->group);
    CLEAT_AUTO_FREE char *resource = cleat_strndup(q->resource);
    CLEAT_AUTO_FREE char *name = cleat_sprintf("%.*s%s%.*s", CLEAT_FMT(q->resource),
                                               q->group.n > 0 ? "." : "", CLEAT_FMT(q->group));
    const struct cleat_kind as_kind = {.group = group, .resource = resource, .store_name = name};
    return cleat_fail_forbidden(&as_kind, q->name, text.p, e);
}

cleat_err cleat_authorize_access(cleat_registry *r, const struct cleat_access *q,
                                 struct cleat_error *e) {
    if (cleat_registry_allows(r, q, NULL)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF why = {0};
    if (r->authority != NULL && r->authority->allows(r->authority, q, &why)) {
        return CLEAT_OK; /* since now */
    }
    return refuse(q, why.n > 0 ? why.p : "", e);
}

static cleat_err ask(cleat_registry *r, const struct cleat_user *u, const char *verb,
                     const struct cleat_kind *k, const char *subresource, struct cleat_str ns,
                     struct cleat_str name, struct cleat_error *e) {
    const struct cleat_access q = {.user = u,
                                   .verb = verb,
                                   .group = cleat_s(k->group),
                                   .version = cleat_s(k->version),
                                   .resource = cleat_s(k->resource),
                                   .subresource = cleat_s(subresource),
                                   .ns = ns,
                                   .name = name};
    return cleat_authorize_access(r, &q, e);
}

cleat_err cleat_authorize(cleat_registry *r, const struct cleat_user *u, const char *verb,
                          const struct cleat_kind *k, const char *subresource, struct cleat_str ns,
                          struct cleat_str name, struct cleat_error *e) {
    if (cleat_user_in(u, "system:masters")) {
        return CLEAT_OK;
    }
    /* A namespace is in itself, so that a role in it can be about it. */
    return ask(r, u, verb, k, subresource, k->flags & CLEAT_KIND_NAMESPACE ? name : ns, name, e);
}

static bool any_field(void *userdata, struct cleat_str key) {
    (void)userdata;
    (void)key;
    return true;
}

cleat_err cleat_authorize_many(cleat_registry *r, const struct cleat_user *u, const char *verb,
                               const struct cleat_kind *k, struct cleat_str ns,
                               const char *field_selector, struct cleat_error *e) {
    cleat_selector *s = NULL;
    const char *name = NULL;
    if (field_selector != NULL && strstr(field_selector, "metadata.name") != NULL &&
        cleat_selector_fields(field_selector, any_field, NULL, &s, NULL) == CLEAT_OK) {
        name = cleat_selector_exact(s, "metadata.name");
    }
    cleat_err err = ask(r, u, verb, k, NULL, ns, cleat_s(name), e);
    cleat_selector_free(s);
    return err;
}

cleat_err cleat_authorize_path(cleat_registry *r, const struct cleat_user *u, const char *verb,
                               const char *path, struct cleat_error *e) {
    const struct cleat_access q = {.user = u, .verb = verb, .path = path};
    return cleat_authorize_access(r, &q, e);
}
