/* SPDX-License-Identifier: Apache-2.0 */
/* Default classes of claims and ingresses, protection, resizing. */
#include "core/kinds/admit_internal.h"

/* The default among the objects of a kind: the newest, then the first by name. Borrowed
 * from the snapshot. */
static const cleat_obj *find_default(cleat_snapshot *sn, const struct cleat_kind *k,
                                     const char *const *annotations) {
    struct cleat_range range;
    const cleat_obj *o, *best = NULL;
    cleat_range_init(&range, sn, k->id, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        bool yes = false;
        for (size_t i = 0; annotations[i] != NULL; i++) {
            yes = yes || cleat_eqc(cleat_val_str(cleat_obj_at(
                                       o, CLEAT_PATH("metadata", "annotations", annotations[i]))),
                                   "true");
        }
        cleat_path created = CLEAT_PATH("metadata", "creationTimestamp");
        if (yes && (best == NULL || cleat_cmp(cleat_val_str(cleat_obj_at(o, created)),
                                              cleat_val_str(cleat_obj_at(best, created))) > 0)) {
            best = o;
        }
    }
    return best;
}

static cleat_err set_class(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                           const struct cleat_kind *classes, const char *const *annotations,
                           const char *member) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    const cleat_obj *class = find_default(sn, classes, annotations);
    if (class == NULL) {
        return CLEAT_OK;
    }
    cleat_edit *e = cleat_edit_new(*obj);
    cleat_edit_set_str(e, CLEAT_PATH("spec", member), cleat_obj_name(class));
    return cleat_admit_edit(req, e, obj);
}

static bool annotated(const cleat_obj *o, const char *key) {
    return cleat_val_present(cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", key)));
}

cleat_err cleat_step_storage_class(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                                   const cleat_obj *old) {
    static const char *const keys[] = {"storageclass.kubernetes.io/is-default-class",
                                       "storageclass.beta.kubernetes.io/is-default-class", NULL};
    (void)old;
    if (!cleat_absent(cleat_obj_at(*obj, CLEAT_PATH("spec", "storageClassName"))) ||
        annotated(*obj, "volume.beta.kubernetes.io/storage-class")) {
        return CLEAT_OK;
    }
    return set_class(a, req, obj, cleat_admit_kind(a, "storage.k8s.io", "storageclasses"), keys,
                     "storageClassName");
}

cleat_err cleat_step_ingress_class(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                                   const cleat_obj *old) {
    static const char *const keys[] = {"ingressclass.kubernetes.io/is-default-class", NULL};
    (void)old;
    if (!cleat_absent(cleat_obj_at(*obj, CLEAT_PATH("spec", "ingressClassName"))) ||
        annotated(*obj, "kubernetes.io/ingress.class")) {
        return CLEAT_OK;
    }
    return set_class(a, req, obj, cleat_admit_kind(a, "networking.k8s.io", "ingressclasses"), keys,
                     "ingressClassName");
}

cleat_err cleat_step_protection(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                                const cleat_obj *old) {
    (void)a;
    (void)old;
    bool claim = strcmp(req->kind->resource, "persistentvolumeclaims") == 0;
    const char *name = claim ? "kubernetes.io/pvc-protection" : "kubernetes.io/pv-protection";
    struct cleat_val have = cleat_obj_at(*obj, CLEAT_PATH("metadata", "finalizers"));
    if (cleat_finalizers_have(have, name)) {
        return CLEAT_OK;
    }
    cleat_edit *e = cleat_edit_new(*obj);
    if (cleat_absent(have)) {
        cleat_edit_set_json(e, CLEAT_PATH("metadata", "finalizers"), CLEAT_STR("[]"));
    }
    cleat_edit_set_str(e, CLEAT_PATH("metadata", "finalizers", "-"), cleat_s(name));
    return cleat_admit_edit(req, e, obj);
}

cleat_err cleat_check_resize(cleat_admit *a, cleat_request *req, const cleat_obj *obj,
                             const cleat_obj *old) {
    cleat_path path = CLEAT_PATH("spec", "resources", "requests", "storage");
    struct cleat_str now = cleat_quantity_of(cleat_obj_at(obj, path));
    struct cleat_str was = cleat_quantity_of(cleat_obj_at(old, path));
    if (cleat_quantity_order(now, was) <= 0) {
        return CLEAT_OK;
    }
    if (!cleat_eqc(cleat_val_str(cleat_obj_at(old, CLEAT_PATH("status", "phase"))), "Bound")) {
        return cleat_admit_forbid(
            req, obj, cleat_strdup("Only bound persistent volume claims can be expanded"));
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    const cleat_obj *class = cleat_snapshot_get(
        sn, cleat_admit_kind(a, "storage.k8s.io", "storageclasses")->id, (struct cleat_str){"", 0},
        cleat_val_str(cleat_obj_at(obj, CLEAT_PATH("spec", "storageClassName"))));
    if (class != NULL &&
        cleat_val_bool(cleat_obj_at(class, CLEAT_PATH("allowVolumeExpansion")), 0)) {
        return CLEAT_OK;
    }
    return cleat_admit_forbid(req, obj,
                              cleat_strdup("only dynamically provisioned pvc can be resized and "
                                           "the storageclass that provisions the pvc must support "
                                           "resize"));
}
