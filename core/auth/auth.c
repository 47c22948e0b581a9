/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The authority itself: its life, and the answer to "may he?" with upstream's
 * reasons where they are wanted. See auth.h for threads.
 */
#include "core/auth/internal.h"

/* ---- reasons ---- */

static bool applies(const cleat_obj *binding, struct cleat_val subject,
                    const struct cleat_user *u) {
    struct cleat_str kind = cleat_val_str(cleat_val_get(subject, "kind"));
    CLEAT_AUTO_FREE char *name = cleat_val_strdup(cleat_val_get(subject, "name"));
    if (name == NULL) {
        return false;
    }
    if (cleat_eqc(kind, "Group")) {
        return cleat_user_in(u, name);
    }
    if (cleat_eqc(kind, "User")) {
        return strcmp(u->name, name) == 0;
    }
    struct cleat_str ns = cleat_val_str(cleat_val_get(subject, "namespace"));
    ns = ns.n > 0 ? ns : cleat_obj_ns(binding);
    CLEAT_AUTO_FREE char *full =
        cleat_sprintf("system:serviceaccount:%.*s:%s", CLEAT_FMT(ns), name);
    return strcmp(u->name, full) == 0;
}

static void describe_subject(const cleat_obj *binding, const struct cleat_user *u,
                             struct cleat_buf *out) {
    struct cleat_iter it = {0};
    struct cleat_val subjects = cleat_obj_at(binding, CLEAT_PATH("subjects"));
    while (cleat_val_next(subjects, &it)) {
        if (!applies(binding, it.val, u)) {
            continue;
        }
        struct cleat_str kind = cleat_val_str(cleat_val_get(it.val, "kind"));
        struct cleat_str name = cleat_val_str(cleat_val_get(it.val, "name"));
        struct cleat_str ns = cleat_val_str(cleat_val_get(it.val, "namespace"));
        ns = ns.n > 0 ? ns : cleat_obj_ns(binding);
        bool account = cleat_eqc(kind, "ServiceAccount");
        cleat_buf_printf(out, "%.*s \"%.*s%s%.*s\"", CLEAT_FMT(kind), CLEAT_FMT(name),
                         account ? "/" : "", account ? (int)ns.n : 0, ns.p);
        return;
    }
}

static void describe(const struct cleat__held *h, const struct cleat_user *u,
                     struct cleat_buf *out) {
    struct cleat_val ref = cleat_obj_at(h->binding, CLEAT_PATH("roleRef"));
    struct cleat_str ns = cleat_obj_ns(h->binding);
    cleat_buf_printf(out, "RBAC: allowed by %s \"%.*s%s%.*s\" of %.*s \"%.*s\" to ",
                     ns.n > 0 ? "RoleBinding" : "ClusterRoleBinding",
                     CLEAT_FMT(cleat_obj_name(h->binding)), ns.n > 0 ? "/" : "", CLEAT_FMT(ns),
                     CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "kind"))),
                     CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "name"))));
    describe_subject(h->binding, u, out);
}

static void add_missing(const struct cleat__held *h, struct cleat_buf *errors, size_t *n) {
    struct cleat_val ref = cleat_obj_at(h->binding, CLEAT_PATH("roleRef"));
    bool role = cleat_eqc(cleat_val_str(cleat_val_get(ref, "kind")), "Role");
    cleat_buf_printf(errors, "%s%s." CLEAT__RBAC " \"%.*s\" not found", (*n)++ > 0 ? ", " : "",
                     role ? "role" : "clusterrole",
                     CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "name"))));
}

/* The slow way, that knows why. */
static bool explain(struct cleat__index *ix, const struct cleat_access *q, struct cleat_buf *why) {
    struct cleat__held *held;
    CLEAT_AUTO_BUF errors = {0};
    size_t n = cleat__index_held(ix, q->user, q->ns, &held), n_errors = 0;
    uint32_t bit = cleat__verb_bit(q->verb);
    bool allowed = false;
    for (size_t i = 0; i < n && !allowed; i++) {
        if (held[i].role == NULL) {
            add_missing(&held[i], &errors, &n_errors);
        }
        for (size_t k = 0; held[i].role != NULL && k < held[i].role->n_rules && !allowed; k++) {
            allowed = cleat__rule_allows(&held[i].role->rules[k], q, bit);
        }
        if (allowed) {
            describe(&held[i], q->user, why);
        }
    }
    if (!allowed && n_errors > 0) {
        cleat_buf_printf(why, n_errors > 1 ? "RBAC: [%s]" : "RBAC: %s", errors.p);
    }
    cleat__held_free(held, n);
    return allowed;
}

static bool allows(struct cleat_authority *self, const struct cleat_access *q,
                   struct cleat_buf *why) {
    cleat_auth *a = (cleat_auth *)self;
    if (a->always_allow) {
        return true;
    }
    if (q->user == NULL || q->user->name == NULL) {
        return false;
    }
    return why != NULL ? explain(a->index, q, why) : cleat__index_allows(a->index, q);
}

static int issue(struct cleat_authority *self, struct cleat_request *req) {
    return cleat__tokens_issue(((cleat_auth *)self)->tokens, req);
}

static cleat_err fill(struct cleat_authority *self, struct cleat_request *req, cleat_obj **secret) {
    return cleat__tokens_fill(((cleat_auth *)self)->tokens, secret, &req->error);
}

/* ---- life ---- */

cleat_err cleat_auth_new(cleat_registry *r, const struct cleat_auth_opts *o, cleat_auth **ret,
                         struct cleat_error *e) {
    struct cleat__tokens *tokens = NULL;
    CLEAT_TRY(cleat__tokens_new(r, o, &tokens, e));
    cleat_auth *a = cleat_zalloc(sizeof *a);
    a->base = (struct cleat_authority){.allows = allows,
                                       .grant = cleat__grant,
                                       .review = cleat__review,
                                       .issue = issue,
                                       .fill = fill};
    a->tokens = tokens;
    a->registry = r;
    a->always_allow = o->always_allow;
    a->index = cleat__index_new(r);
    cleat_registry_authority(r, &a->base);
    a->aggregator = cleat__aggregator_new(r); /* may write from now on */
    *ret = a;
    return CLEAT_OK;
}

void cleat_auth_free(cleat_auth *a) {
    if (a == NULL) {
        return;
    }
    cleat__aggregator_free(a->aggregator);
    cleat_registry_authority(a->registry, NULL);
    cleat__index_free(a->index);
    cleat__tokens_free(a->tokens);
    free(a);
}
