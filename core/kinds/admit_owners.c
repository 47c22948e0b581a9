/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OwnerReferencesPermissionEnforcement: whoever changes what owns an object may also delete it,
 * for that is what the collector will do; and whoever lets it hold up an owner's deletion may
 * change that owner's finalizers, for that is what it amounts to. Off by default, as upstream.
 */
#include "core/kinds/admit_internal.h"

static struct cleat_val owners_of(const cleat_obj *o) {
    return cleat_obj_at(o, CLEAT_PATH("metadata", "ownerReferences"));
}

static bool same_owners(const cleat_obj *a, const cleat_obj *b) {
    struct cleat_val x = owners_of(a), y = owners_of(b);
    return (cleat_val_count(x) == 0 && cleat_val_count(y) == 0) || cleat_val_equal(x, y);
}

static bool blocks(struct cleat_val ref) {
    return cleat_val_bool(cleat_val_get(ref, "blockOwnerDeletion"), 0);
}

/* Whether the old object was held up by this owner already. */
static bool was_blocking(const cleat_obj *old, struct cleat_val ref) {
    struct cleat_iter it = {0};
    struct cleat_str uid = cleat_str_at(ref, "uid");
    while (old != NULL && cleat_val_next(owners_of(old), &it)) {
        if (cleat_eq(cleat_str_at(it.val, "uid"), uid) && blocks(it.val)) {
            return true;
        }
    }
    return false;
}

static bool may(cleat_request *req, const struct cleat_access *q, struct cleat_buf *why) {
    if (cleat_registry_allows(req->registry, q, NULL)) {
        return true;
    }
    cleat_registry_allows(req->registry, q, why);
    return false;
}

static const struct cleat_kind *kind_of(const cleat_admit *a, struct cleat_str api_version,
                                        struct cleat_str kind) {
    const struct cleat_kind *k;
    for (size_t i = 0; (k = cleat_registry_at(a->registry, i)) != NULL; i++) {
        CLEAT_AUTO_FREE char *said =
            cleat_sprintf("%s%s%s", k->group, k->group[0] != '\0' ? "/" : "", k->version);
        if (cleat_eqc(api_version, said) && cleat_eqc(kind, k->kind)) {
            return k;
        }
    }
    return NULL;
}

static cleat_err check_owner(cleat_admit *a, cleat_request *req, const cleat_obj *obj,
                             struct cleat_val ref) {
    struct cleat_str api_version = cleat_str_at(ref, "apiVersion"),
                     kind = cleat_str_at(ref, "kind");
    const struct cleat_kind *k = kind_of(a, api_version, kind);
    if (k == NULL) {
        return cleat_admit_forbid(
            req, obj,
            cleat_sprintf("cannot set blockOwnerDeletion in this case because cannot find "
                          "RESTMapping for APIVersion %.*s Kind %.*s: no matches for kind \"%.*s\" "
                          "in version \"%.*s\"",
                          CLEAT_FMT(api_version), CLEAT_FMT(kind), CLEAT_FMT(kind),
                          CLEAT_FMT(api_version)));
    }
    CLEAT_AUTO_BUF why = {0};
    struct cleat_access q = {.user = req->user,
                             .verb = "update",
                             .group = cleat_s(k->group),
                             .version = cleat_s(k->version),
                             .resource = cleat_s(k->resource),
                             .subresource = CLEAT_STR("finalizers"),
                             .ns = (k->flags & CLEAT_KIND_NAMESPACED) != 0 ? cleat_obj_ns(obj)
                                                                           : CLEAT_STR(""),
                             .name = cleat_str_at(ref, "name")};
    if (may(req, &q, &why)) {
        return CLEAT_OK;
    }
    return cleat_admit_forbid(
        req, obj,
        cleat_sprintf("cannot set blockOwnerDeletion if an ownerReference refers to a resource you "
                      "can't set finalizers on: %s, <nil>",
                      why.n > 0 ? why.p : ""));
}

cleat_err cleat_check_owners(cleat_admit *a, cleat_request *req, const cleat_obj *obj,
                             const cleat_obj *old) {
    struct cleat_iter it = {0};
    if (old != NULL ? same_owners(obj, old) : cleat_val_count(owners_of(obj)) == 0) {
        return CLEAT_OK;
    }
    CLEAT_AUTO_BUF why = {0};
    struct cleat_access q = {.user = req->user,
                             .verb = "delete",
                             .group = cleat_s(req->kind->group),
                             .version = cleat_s(req->kind->version),
                             .resource = cleat_s(req->kind->resource),
                             .ns = cleat_obj_ns(obj),
                             .name = cleat_obj_name(obj)};
    if (!may(req, &q, &why)) {
        return cleat_admit_forbid(
            req, obj,
            cleat_sprintf("cannot set an ownerRef on a resource you can't delete: %s, <nil>",
                          why.n > 0 ? why.p : ""));
    }
    while (cleat_val_next(owners_of(obj), &it)) {
        if (blocks(it.val) && !was_blocking(old, it.val)) {
            CLEAT_TRY(check_owner(a, req, obj, it.val));
        }
    }
    return CLEAT_OK;
}
