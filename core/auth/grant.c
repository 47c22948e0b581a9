/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nobody grants what he does not hold: a write of a role or binding is refused
 * unless its rules are covered by the writer's own, or he has the verbs `escalate`
 * on the role, `bind` on what the binding refers to. On the requester's thread.
 */
#include "core/auth/internal.h"

static cleat_err forbid(const struct cleat_request *req, const cleat_obj *obj, const char *why) {
    return cleat_fail_forbidden(req->kind, cleat_obj_name(obj), why,
                                &((struct cleat_request *)(uintptr_t)req)->error);
}

static bool may(cleat_auth *a, const struct cleat_request *req, const char *verb,
                const char *resource, struct cleat_str name) {
    const struct cleat_access q = {.user = req->user,
                                   .verb = verb,
                                   .group = CLEAT_STR(CLEAT__RBAC),
                                   .version = CLEAT_STR("v1"),
                                   .resource = cleat_s(resource),
                                   .ns = req->ns,
                                   .name = name};
    return cleat_registry_allows(a->registry, &q, NULL);
}

/* ---- coverage ---- */

static void add_groups(const struct cleat_user *u, struct cleat_buf *out) {
    for (size_t i = 0; u->groups != NULL && u->groups[i] != NULL; i++) {
        cleat_buf_puts(out, i > 0 ? " " : "");
        cleat_buf_json(out, cleat_s(u->groups[i]));
    }
}

/* why: what is missing, in upstream's words; empty where all is held. */
static void not_held(cleat_auth *a, const struct cleat_request *req,
                     const struct cleat__role *wanted, struct cleat_buf *why) {
    struct cleat__held *held;
    size_t n = cleat__index_held(a->index, req->user, req->ns, &held), n_owned = 0;
    CLEAT_AUTO_FREE struct cleat__role **owned = cleat_array(n, sizeof *owned);
    for (size_t i = 0; i < n; i++) {
        if (held[i].role != NULL) {
            owned[n_owned++] = held[i].role;
        }
    }
    CLEAT_AUTO_BUF missing = {0};
    if (!cleat__rules_cover(owned, n_owned, wanted, &missing)) {
        cleat_buf_puts(why, "user ");
        cleat_buf_json(why, cleat_s(req->user->name));
        cleat_buf_puts(why, " (groups=[");
        add_groups(req->user, why);
        cleat_buf_printf(why, "]) is attempting to grant RBAC permissions not currently held:\n%s",
                         missing.p);
    }
    cleat__held_free(held, n);
}

/* ---- roles ---- */

/* Gathering anything takes everything. */
static cleat_err check_aggregation(cleat_auth *a, struct cleat_request *req, const cleat_obj *obj) {
    static const char all[] =
        "{\"rules\":[{\"verbs\":[\"*\"],\"apiGroups\":[\"*\"],\"resources\":[\"*\"]},"
        "{\"verbs\":[\"*\"],\"nonResourceURLs\":[\"*\"]}]}";
    CLEAT_AUTO(cleat_obj) *o = NULL;
    CLEAT_AUTO_BUF why = {0};
    CLEAT_TRY(cleat_obj_parse(CLEAT_STR(all), 0, &o, &req->error));
    struct cleat__role *role = cleat__role_new(o);
    not_held(a, req, role, &why);
    cleat__role_unref(role);
    return why.n == 0
               ? CLEAT_OK
               : forbid(req, obj, "must have cluster-admin privileges to use the aggregationRule");
}

static bool aggregates(const cleat_obj *o) {
    return o != NULL &&
           cleat_val_count(cleat_obj_at(o, CLEAT_PATH("aggregationRule", "clusterRoleSelectors"))) >
               0;
}

static cleat_err check_role(cleat_auth *a, struct cleat_request *req, const cleat_obj *obj,
                            const cleat_obj *old) {
    if (may(a, req, "escalate", req->kind->resource, req->name)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF why = {0};
    struct cleat__role *role = cleat__role_new(obj);
    not_held(a, req, role, &why);
    cleat__role_unref(role);
    if (why.n > 0) {
        return forbid(req, obj, why.p);
    }
    return aggregates(obj) || aggregates(old) ? check_aggregation(a, req, obj) : CLEAT_OK;
}

/* ---- bindings ---- */

static cleat_err check_binding(cleat_auth *a, struct cleat_request *req, const cleat_obj *obj) {
    struct cleat_val ref = cleat_obj_at(obj, CLEAT_PATH("roleRef"));
    bool role = cleat_eqc(cleat_val_str(cleat_val_get(ref, "kind")), "Role");
    const char *resource = role ? "roles" : "clusterroles";
    CLEAT_AUTO_FREE char *name = cleat_val_strdup(cleat_val_get(ref, "name"));
    if (may(a, req, "bind", resource, cleat_s(name))) {
        return CLEAT_OK;
    }
    struct cleat__role *wanted =
        cleat__index_role(a->index, role ? req->ns : (struct cleat_str){"", 0}, cleat_s(name));
    if (wanted == NULL) {
        const struct cleat_kind *k = cleat_registry_find(a->registry, CLEAT__RBAC, "v1", resource);
        return cleat_fail_not_found(k, cleat_s(name), &req->error);
    }
    CLEAT_AUTO_BUF why = {0};
    not_held(a, req, wanted, &why);
    cleat__role_unref(wanted);
    return why.n > 0 ? forbid(req, obj, why.p) : CLEAT_OK;
}

/* ---- what needs no check ---- */

static bool collected(struct cleat_str key) {
    return cleat_eqc(key, "ownerReferences") || cleat_eqc(key, "finalizers") ||
           cleat_eqc(key, "resourceVersion") || cleat_eqc(key, "managedFields");
}

static bool same_metadata(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter it = {0};
    while (cleat_val_next(a, &it)) {
        if (!collected(it.key) && !cleat_val_equal(it.val, cleat_val_get_s(b, it.key))) {
            return false;
        }
    }
    return true;
}

static bool same_members(struct cleat_val a, struct cleat_val b) {
    struct cleat_iter it = {0};
    while (cleat_val_next(a, &it)) {
        struct cleat_val other = cleat_val_get_s(b, it.key);
        bool same = cleat_eqc(it.key, "metadata")
                        ? same_metadata(it.val, other) && same_metadata(other, it.val)
                        : cleat_val_equal(it.val, other) != 0;
        if (!same) {
            return false;
        }
    }
    return true;
}

/* Owners and finalizers only: so that it can be deleted by whoever collects garbage. */
static bool only_for_collection(const cleat_obj *obj, const cleat_obj *old) {
    return same_members(cleat_obj_root(obj), cleat_obj_root(old)) &&
           same_members(cleat_obj_root(old), cleat_obj_root(obj));
}

cleat_err cleat__grant(struct cleat_authority *self, struct cleat_request *req,
                       const cleat_obj *obj, const cleat_obj *old) {
    cleat_auth *a = (cleat_auth *)self;
    if (a->always_allow || cleat_user_in(req->user, "system:masters") ||
        (old != NULL && only_for_collection(obj, old))) {
        return CLEAT_OK;
    }
    if (req->user == NULL || req->user->name == NULL) {
        return forbid(req, obj, "no user on context");
    }
    bool role = strcmp(req->kind->resource, "roles") == 0 ||
                strcmp(req->kind->resource, "clusterroles") == 0;
    return role ? check_role(a, req, obj, old) : check_binding(a, req, obj);
}
