/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Upstream's defaults of volumes, classes, ingresses, policies and limit ranges.
 * Most are rows of a table; the rest has a cheap test each. Pure; any thread.
 */
#include "core/kinds/check.h"
#include "core/kinds/kinds.h"
#include "core/types/table.h"

/* ---- tables ---- */

static bool wanted(const cleat_obj *o, const struct cleat_default *d) {
    struct cleat_val parent = cleat_obj_root(o);
    if (d->parent != NULL) {
        parent = cleat_val_get(parent, d->parent);
    }
    struct cleat_val v = cleat_val_get(parent, d->member);
    return cleat_absent(v) || (cleat_val_type(v) == CLEAT_STRING && cleat_val_str(v).n == 0);
}

bool cleat_default_any(const cleat_obj *o, const struct cleat_default *table) {
    for (; table->member != NULL; table++) {
        if (wanted(o, table)) {
            return true;
        }
    }
    return false;
}

void cleat_default_all(cleat_edit *e, const cleat_obj *o, const struct cleat_default *table) {
    for (; table->member != NULL; table++) {
        if (wanted(o, table) && table->parent != NULL) {
            cleat_edit_set_json(e, CLEAT_PATH(table->parent, table->member), cleat_s(table->json));
        } else if (wanted(o, table)) {
            cleat_edit_set_json(e, CLEAT_PATH(table->member), cleat_s(table->json));
        }
    }
}

/* A kind whose defaults are a table and nothing else. */
#define FROM_TABLE(kind, ...)                                                                      \
    static const struct cleat_default kind##_table[] = {__VA_ARGS__, {NULL, NULL, NULL}};          \
    bool cleat_needs_##kind(const cleat_obj *o) {                                                  \
        return cleat_default_any(o, kind##_table);                                                 \
    }                                                                                              \
    void cleat_default_##kind(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {           \
        (void)old;                                                                                 \
        cleat_default_all(e, o, kind##_table);                                                     \
    }

FROM_TABLE(storageclass, {NULL, "reclaimPolicy", "\"Delete\""},
           {NULL, "volumeBindingMode", "\"Immediate\""})
FROM_TABLE(csidriver, {"spec", "attachRequired", "true"}, {"spec", "podInfoOnMount", "false"},
           {"spec", "storageCapacity", "false"}, {"spec", "requiresRepublish", "false"},
           {"spec", "seLinuxMount", "false"}, {"spec", "volumeLifecycleModes", "[\"Persistent\"]"},
           {"spec", "fsGroupPolicy", "\"ReadWriteOnceWithFSType\""})
FROM_TABLE(quota, {NULL, "status", "{}"})
FROM_TABLE(csr, {NULL, "status", "{}"})
FROM_TABLE(attachment, {"status", "attached", "false"})
FROM_TABLE(ingress, {"status", "loadBalancer", "{}"})
FROM_TABLE(priorityclass, {NULL, "preemptionPolicy", "\"PreemptLowerPriority\""})

/* ---- volumes and claims ---- */

static const struct cleat_default pv_table[] = {
    {"spec", "persistentVolumeReclaimPolicy", "\"Retain\""},
    {"spec", "volumeMode", "\"Filesystem\""},
    {"status", "phase", "\"Pending\""},
    {NULL, NULL, NULL}};

bool cleat_needs_pv(const cleat_obj *o) {
    return cleat_default_any(o, pv_table) || cleat_needs_tree(o, T(core_v1_PersistentVolume));
}

void cleat_default_pv(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    cleat_default_all(e, o, pv_table);
    cleat_default_tree(e, o, T(core_v1_PersistentVolume));
}

/* A change of the phase bears its time, unless the writer says another. */
cleat_err cleat_admit_pv(cleat_request *req, cleat_obj **obj, const cleat_obj *old) {
    cleat_path phase = CLEAT_PATH("status", "phase");
    cleat_path when = CLEAT_PATH("status", "lastPhaseTransitionTime");
    struct cleat_str said = cleat_val_str(cleat_obj_at(*obj, when));
    cleat_obj *full = NULL;
    char now[32];
    if (old != NULL) {
        struct cleat_str before = cleat_val_str(cleat_obj_at(old, when));
        if (cleat_eq(cleat_val_str(cleat_obj_at(*obj, phase)),
                     cleat_val_str(cleat_obj_at(old, phase))) ||
            (said.n > 0 && !cleat_eq(said, before))) {
            return CLEAT_OK;
        }
    }
    cleat_time_format(cleat_now_wall(), false, now);
    cleat_edit *e = cleat_edit_new(*obj);
    cleat_edit_set_str(e, when, cleat_s(now));
    CLEAT_TRY(cleat_edit_finish(e, &full, &req->error));
    cleat_obj_unref(*obj);
    *obj = full;
    return CLEAT_OK;
}

static const struct cleat_default pvc_table[] = {{"spec", "volumeMode", "\"Filesystem\""},
                                                 {"status", "phase", "\"Pending\""},
                                                 {NULL, NULL, NULL}};

/* dataSource and dataSourceRef are two names of one thing. */
static bool source_differs(const cleat_obj *o) {
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    return cleat_val_present(cleat_val_get(spec, "dataSource")) !=
               cleat_val_present(cleat_val_get(spec, "dataSourceRef")) &&
           cleat_absent(cleat_val_at(spec, CLEAT_PATH("dataSourceRef", "namespace")));
}

bool cleat_needs_pvc(const cleat_obj *o) {
    return cleat_default_any(o, pvc_table) || source_differs(o);
}

void cleat_default_pvc(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    cleat_default_all(e, o, pvc_table);
    if (source_differs(o) && old == NULL) {
        struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
        struct cleat_val source = cleat_val_get(spec, "dataSource");
        bool have = cleat_val_present(source);
        cleat_edit_set_val(e, CLEAT_PATH("spec", have ? "dataSourceRef" : "dataSource"),
                           have ? source : cleat_val_get(spec, "dataSourceRef"));
    }
}

/* ---- ingress classes ---- */

bool cleat_needs_ingressclass(const cleat_obj *o) {
    struct cleat_val p = cleat_obj_at(o, CLEAT_PATH("spec", "parameters"));
    return cleat_val_type(p) == CLEAT_OBJECT && cleat_absent(cleat_val_get(p, "scope"));
}

void cleat_default_ingressclass(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)o;
    (void)old;
    cleat_edit_set_str(e, CLEAT_PATH("spec", "parameters", "scope"), CLEAT_STR("Cluster"));
}

/* ---- network policies ---- */

static const char *const directions[] = {"ingress", "egress"};

/* Calls fn for each port without a protocol; returns how many there are. */
static int lacking(const cleat_obj *o, cleat_edit *e) {
    int n = 0;
    for (size_t d = 0; d < 2; d++) {
        struct cleat_iter rule = {0};
        struct cleat_val rules = cleat_obj_at(o, CLEAT_PATH("spec", directions[d]));
        while (cleat_val_next(rules, &rule)) {
            struct cleat_iter port = {0};
            struct cleat_val ports = cleat_val_get(rule.val, "ports");
            while (cleat_val_next(ports, &port)) {
                if (!cleat_absent(cleat_val_get(port.val, "protocol"))) {
                    continue;
                }
                n++;
                if (e != NULL) {
                    CLEAT_AUTO_FREE char *r = cleat_sprintf("%u", rule.index);
                    CLEAT_AUTO_FREE char *p = cleat_sprintf("%u", port.index);
                    cleat_edit_set_str(e,
                                       CLEAT_PATH("spec", directions[d], r, "ports", p, "protocol"),
                                       CLEAT_STR("TCP"));
                }
            }
        }
    }
    return n;
}

bool cleat_needs_networkpolicy(const cleat_obj *o) {
    return cleat_val_count(cleat_obj_at(o, CLEAT_PATH("spec", "policyTypes"))) == 0 ||
           lacking(o, NULL) > 0;
}

void cleat_default_networkpolicy(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    if (cleat_val_count(cleat_obj_at(o, CLEAT_PATH("spec", "policyTypes"))) == 0) {
        bool egress = cleat_val_count(cleat_obj_at(o, CLEAT_PATH("spec", "egress"))) > 0;
        cleat_edit_set_json(e, CLEAT_PATH("spec", "policyTypes"),
                            egress ? CLEAT_STR("[\"Ingress\",\"Egress\"]")
                                   : CLEAT_STR("[\"Ingress\"]"));
    }
    lacking(o, e);
}

/* ---- limit ranges: of containers, what is not said follows from what is ---- */

static bool is_container(struct cleat_val item) {
    return cleat_eqc(cleat_str_at(item, "type"), "Container");
}

/* What `member` of the item lacks of `from`; set in e where that is given. */
static int fill(struct cleat_val item, const char *member, struct cleat_val from, cleat_edit *e,
                const char *index) {
    struct cleat_iter it = {0};
    int n = 0;
    while (cleat_val_type(from) == CLEAT_OBJECT && cleat_val_next(from, &it)) {
        if (cleat_val_present(cleat_val_get_s(cleat_val_get(item, member), it.key))) {
            continue;
        }
        n++;
        if (e != NULL) {
            CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
            cleat_edit_set_val(e, CLEAT_PATH("spec", "limits", index, member, key), it.val);
        }
    }
    return n;
}

static int fill_item(struct cleat_iter *it, cleat_edit *e) {
    CLEAT_AUTO_FREE char *index = cleat_sprintf("%u", it->index);
    struct cleat_val max = cleat_val_get(it->val, "max"), min = cleat_val_get(it->val, "min");
    struct cleat_val limit = cleat_val_get(it->val, "default");
    /* The later ones must not undo what an earlier one set: most wanted last. */
    return fill(it->val, "default", max, e, index) +
           fill(it->val, "defaultRequest", min, e, index) +
           fill(it->val, "defaultRequest", max, e, index) +
           fill(it->val, "defaultRequest", limit, e, index);
}

bool cleat_needs_limitrange(const cleat_obj *o) {
    struct cleat_iter it = {0};
    struct cleat_val limits = cleat_obj_at(o, CLEAT_PATH("spec", "limits"));
    while (cleat_val_next(limits, &it)) {
        if (is_container(it.val) && fill_item(&it, NULL) > 0) {
            return true;
        }
    }
    return false;
}

void cleat_default_limitrange(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    struct cleat_iter it = {0};
    struct cleat_val limits = cleat_obj_at(o, CLEAT_PATH("spec", "limits"));
    while (cleat_val_next(limits, &it)) {
        if (is_container(it.val)) {
            fill_item(&it, e);
        }
    }
}
