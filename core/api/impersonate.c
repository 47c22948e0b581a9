/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Impersonate-User, -Group, -Uid and -Extra-*: who asks becomes somebody else where
 * the verb `impersonate` allows him each of these. On the connection's I/O thread.
 */
#include "core/api/internal.h"

#define PREFIX  "impersonate-"
#define ACCOUNT "system:serviceaccount:"

static bool starts(struct cleat_str s, const char *prefix) {
    size_t n = strlen(prefix);
    return s.n >= n && strncasecmp(s.p, prefix, n) == 0;
}

static bool is(struct cleat_str s, const char *name) {
    return s.n == strlen(name) && starts(s, name);
}

/* A header's rest as a key: lower case, with its percent escapes undone where they are whole. */
static char *extra_key(struct cleat_str s) {
    struct cleat_buf out = {0};
    for (size_t i = 0; i < s.n; i++) {
        unsigned byte = 0;
        char digits[3] = {0};
        if (s.p[i] == '%' && i + 2 < s.n) {
            memcpy(digits, s.p + i + 1, 2);
        }
        if (digits[0] != '\0' && strspn(digits, "0123456789abcdefABCDEF") == 2 &&
            sscanf(digits, "%2x", &byte) == 1 && byte != 0) {
            cleat_buf_putc(&out, (char)byte);
            i += 2;
        } else {
            char c = s.p[i];
            cleat_buf_putc(&out, (char)(c >= 'A' && c <= 'Z' ? c + 32 : c));
        }
    }
    return cleat_buf_take(&out);
}

/* ---- may he? ---- */

struct asking {
    cleat_registry *registry;
    const struct cleat_user *user;
    struct cleat_error *e;
};

static cleat_err may(const struct asking *a, const char *group, const char *resource,
                     const char *subresource, struct cleat_str ns, struct cleat_str name) {
    const struct cleat_access q = {.user = a->user,
                                   .verb = "impersonate",
                                   .group = cleat_s(group),
                                   .version = CLEAT_STR("v1"),
                                   .resource = cleat_s(resource),
                                   .subresource = cleat_s(subresource),
                                   .ns = ns,
                                   .name = name};
    return cleat_authorize_access(a->registry, &q, a->e);
}

/* "system:serviceaccount:NS:NAME" taken apart. */
static bool account_of(const char *user, struct cleat_str *ns, struct cleat_str *name) {
    if (strncmp(user, ACCOUNT, sizeof ACCOUNT - 1) != 0) {
        return false;
    }
    const char *p = user + sizeof ACCOUNT - 1, *colon = strchr(p, ':');
    if (colon == NULL) {
        return false;
    }
    *ns = (struct cleat_str){p, (size_t)(colon - p)};
    *name = cleat_s(colon + 1);
    return ns->n > 0 && cleat_name_dns_label(*ns) == NULL && name->n > 0 &&
           cleat_name_dns_subdomain(*name) == NULL;
}

static cleat_err check(const struct asking *a, const struct cleat__identity *wanted) {
    struct cleat_str none = cleat_s(NULL), ns, name;
    if (account_of(wanted->name, &ns, &name)) {
        CLEAT_TRY(may(a, "", "serviceaccounts", NULL, ns, name));
    } else {
        CLEAT_TRY(may(a, "", "users", NULL, none, cleat_s(wanted->name)));
    }
    for (size_t i = 0; i < wanted->n_groups; i++) {
        CLEAT_TRY(may(a, "", "groups", NULL, none, cleat_s(wanted->groups[i])));
    }
    for (size_t i = 0; i < wanted->n_extra; i++) {
        for (size_t k = 0; wanted->extra[i].values[k] != NULL; k++) {
            CLEAT_TRY(may(a, "authentication.k8s.io", "userextras", wanted->extra[i].key, none,
                          cleat_s(wanted->extra[i].values[k])));
        }
    }
    if (wanted->uid != NULL && wanted->uid[0] != '\0') {
        CLEAT_TRY(may(a, "authentication.k8s.io", "uids", NULL, none, cleat_s(wanted->uid)));
    }
    return CLEAT_OK;
}

/* ---- who is wanted ---- */

/* The groups that come with being known, a service account, or nobody. */
static void complete(struct cleat__identity *id) {
    struct cleat_str ns, name;
    if (id->n_groups == 0 && account_of(id->name, &ns, &name)) {
        CLEAT_AUTO_FREE char *group = cleat_sprintf("system:serviceaccounts:%.*s", CLEAT_FMT(ns));
        cleat__identity_add_group(id, CLEAT_STR("system:serviceaccounts"));
        cleat__identity_add_group(id, cleat_s(group));
    }
    if (strcmp(id->name, "system:anonymous") == 0) {
        cleat__identity_add_group(id, CLEAT_STR("system:unauthenticated"));
    } else if (!cleat_user_in(&id->user, "system:unauthenticated")) {
        cleat__identity_add_group(id, CLEAT_STR("system:authenticated"));
    }
}

static struct cleat__identity *wanted_of(const struct cleat_http_head *h) {
    CLEAT_AUTO_FREE char *name = cleat_strndup(cleat_http_header(h, "impersonate-user"));
    CLEAT_AUTO_FREE char *uid = cleat_strndup(cleat_http_header(h, "impersonate-uid"));
    struct cleat__identity *id = cleat__identity_new(name, uid);
    for (size_t i = 0; i < h->n_headers; i++) {
        const struct cleat_http_header *f = &h->headers[i];
        if (is(f->name, "impersonate-group")) {
            cleat__identity_add_group(id, f->value);
        } else if (starts(f->name, "impersonate-extra-")) {
            size_t skip = sizeof "impersonate-extra-" - 1;
            CLEAT_AUTO_FREE char *key =
                extra_key((struct cleat_str){f->name.p + skip, f->name.n - skip});
            CLEAT_AUTO_FREE char *value = cleat_strndup(f->value);
            cleat__identity_add_extra(id, key != NULL ? key : "", value);
        }
    }
    return id;
}

const struct cleat__identity *cleat__impersonate(struct cleat__call *c,
                                                 const struct cleat__identity *id,
                                                 struct cleat_error *e) {
    const struct cleat_http_head *h = c->head;
    bool any = false;
    for (size_t i = 0; i < h->n_headers && !any; i++) {
        struct cleat_str name = h->headers[i].name;
        any = name.n > sizeof PREFIX - 1 && (name.p[0] | 32) == 'i' && starts(name, PREFIX);
    }
    if (!any) {
        return id;
    }
    const struct asking a = {c->io->api->registry, &id->user, e};
    struct cleat__identity *wanted = wanted_of(h);
    cleat_err err;
    if (wanted->name[0] == '\0') {
        err = cleat_fail(e, CLEAT_E_BAD_REQUEST,
                         "requested impersonation of groups, a UID or extra attributes without "
                         "impersonating a user name");
    } else {
        err = check(&a, wanted);
    }
    if (err != CLEAT_OK) {
        cleat__identity_unref(wanted);
        return NULL;
    }
    complete(wanted);
    cleat__identity_unref(c->conn->impersonated);
    c->conn->impersonated = wanted;
    return wanted;
}
