/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pod may be made with and what of it may change, by whom: an update changes
 * images, adds tolerations and little else; ephemeral containers come and stay by
 * their own subresource, resources by theirs; a status does not bring back what has
 * ended (pkg/apis/core/validation). A write that leaves the spec as it was finds it
 * byte for byte the same and costs nothing. Pure; any thread.
 */
#include "core/kinds/podparts.h"

static struct cleat_val spec_of(const cleat_obj *o) {
    return cleat_obj_at(o, CLEAT_PATH("spec"));
}

/* The element of the list whose name this is; absent where there is none. */
static struct cleat_val by_name(struct cleat_val list, struct cleat_str name) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        if (cleat_eq(cleat_str_at(it.val, "name"), name)) {
            return it.val;
        }
    }
    return (struct cleat_val){NULL, 0, 0};
}

void cleat_check_pod_create(struct cleat_check *c, const cleat_obj *o) {
    struct cleat_val spec = spec_of(o);
    size_t place = cleat_check_in(c, "spec");
    if (cleat_val_count(cleat_val_get(spec, "ephemeralContainers")) > 0) {
        cleat_check_forbidden(c, "ephemeralContainers", "cannot be set on create");
    }
    if (cleat_str_at(spec, "nodeName").n > 0 &&
        cleat_val_count(cleat_val_get(spec, "schedulingGates")) > 0) {
        cleat_check_forbidden(c, "nodeName",
                              "cannot be set until all schedulingGates have been cleared");
    }
    cleat_check_up(c, place);
}

/* ---- updates ---- */

static const char *const container_lists[] = {"containers", "initContainers"};

/* Containers neither come nor go. */
static bool check_counts(struct cleat_check *c, struct cleat_val now, struct cleat_val was) {
    for (size_t i = 0; i < 2; i++) {
        if (cleat_val_count(cleat_val_get(now, container_lists[i])) !=
            cleat_val_count(cleat_val_get(was, container_lists[i]))) {
            cleat_check_forbidden(c, container_lists[i],
                                  "pod updates may not add or remove containers");
            return false;
        }
    }
    return true;
}

/* It may be set once, and then only lowered. */
static bool check_deadline(struct cleat_check *c, struct cleat_val now, struct cleat_val was) {
    static const char *const member = "activeDeadlineSeconds";
    struct cleat_val v = cleat_val_get(now, member);
    int64_t n = 0, old = 0;
    bool had = cleat_val_int(cleat_val_get(was, member), &old);
    if (cleat_val_int(v, &n)) {
        const char *why = n < 0 || n > INT32_MAX ? "must be between 0 and 2147483647, inclusive"
                          : had && old < n       ? "must be less than or equal to previous value"
                                                 : NULL;
        if (why != NULL) {
            cleat_check_invalid(c, member, v, why);
        }
        return why == NULL;
    }
    if (had) {
        cleat_check_fail(c, member, "FieldValueInvalid",
                         "null: must not update from a positive integer to nil value");
    }
    return true;
}

/* Equal but for how long it holds. */
static bool same_toleration(struct cleat_val a, struct cleat_val b) {
    static const char *const members[] = {"key", "operator", "value", "effect"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (!cleat_semantic_equal(cleat_val_get(a, members[i]), cleat_val_get(b, members[i]))) {
            return false;
        }
    }
    return true;
}

static void check_tolerations(struct cleat_check *c, struct cleat_val now, struct cleat_val was) {
    struct cleat_iter it = {0};
    struct cleat_val old = cleat_val_get(was, "tolerations");
    struct cleat_val list = cleat_val_get(now, "tolerations");
    while (cleat_val_next(old, &it)) {
        struct cleat_iter in = {0};
        bool found = false;
        while (!found && cleat_val_next(list, &in)) {
            found = same_toleration(it.val, in.val);
        }
        if (!found) {
            cleat_check_forbidden(
                c, "tolerations",
                "existing toleration can not be modified except its tolerationSeconds");
            return;
        }
    }
}

static void check_gates(struct cleat_check *c, struct cleat_val now, struct cleat_val was) {
    struct cleat_val list = cleat_val_get(now, "schedulingGates");
    struct cleat_val old = cleat_val_get(was, "schedulingGates");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "schedulingGates");
    while (cleat_val_next(list, &it)) {
        struct cleat_str name = cleat_str_at(it.val, "name");
        if (!cleat_val_present(by_name(old, name))) {
            size_t elem = cleat_check_elem(c, it.index);
            cleat_check_fail(c, "name", "FieldValueForbidden",
                             "only deletion is allowed, but found new scheduling gate '%.*s'",
                             CLEAT_FMT(name));
            cleat_check_up(c, elem);
        }
    }
    cleat_check_up(c, place);
}

/* A pod that waits at a gate may still be narrowed. */
static void check_gated_selector(struct cleat_check *c, struct cleat_val now,
                                 struct cleat_val was) {
    struct cleat_val selector = cleat_val_get(now, "nodeSelector");
    struct cleat_iter it = {0};
    struct cleat_val old = cleat_val_get(was, "nodeSelector");
    while (cleat_val_next(old, &it)) {
        if (!cleat_val_equal(it.val, cleat_val_get_s(selector, it.key))) {
            cleat_check_invalid(
                c, "nodeSelector", selector,
                "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
            return;
        }
    }
}

/* What was there is still there, in front. */
static bool only_added(struct cleat_val now, struct cleat_val was, const char *member) {
    struct cleat_val list = cleat_val_get(now, member), old = cleat_val_get(was, member);
    struct cleat_iter x = {0}, y = {0};
    while (cleat_val_next(old, &y)) {
        if (!cleat_val_next(list, &x) || !cleat_semantic_equal(x.val, y.val)) {
            return false;
        }
    }
    return true;
}

static bool terms_added(struct cleat_val now, struct cleat_val was) {
    bool had = cleat_val_count(cleat_val_get(was, "matchExpressions")) +
                   cleat_val_count(cleat_val_get(was, "matchFields")) >
               0;
    bool has = cleat_val_count(cleat_val_get(now, "matchExpressions")) +
                   cleat_val_count(cleat_val_get(now, "matchFields")) >
               0;
    return had == has && only_added(now, was, "matchExpressions") &&
           only_added(now, was, "matchFields");
}

static void check_gated_affinity(struct cleat_check *c, struct cleat_val now,
                                 struct cleat_val was) {
    static const char *const required = "requiredDuringSchedulingIgnoredDuringExecution";
    cleat_path path = CLEAT_PATH("affinity", "nodeAffinity", required, "nodeSelectorTerms");
    struct cleat_val terms = cleat_val_at(now, path), old = cleat_val_at(was, path);
    if (cleat_val_count(old) == 0) {
        return;
    }
    size_t place = cleat_check_in(c, "affinity");
    cleat_check_in(c, "nodeAffinity");
    cleat_check_in(c, required);
    cleat_check_in(c, "nodeSelectorTerms");
    if (cleat_val_count(terms) != cleat_val_count(old)) {
        cleat_check_invalid(
            c, NULL, terms,
            "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
    } else {
        struct cleat_iter x = {0}, y = {0};
        while (cleat_val_next(terms, &x) && cleat_val_next(old, &y)) {
            size_t elem = cleat_check_elem(c, x.index);
            if (!terms_added(x.val, y.val)) {
                cleat_check_invalid(c, NULL, x.val,
                                    "only additions are allowed (no mutations or deletions)");
            }
            cleat_check_up(c, elem);
        }
    }
    cleat_check_up(c, place);
}

/* ---- updates: everything else stays ---- */

/* Adds the paths of what differs, a line each. */
static void add_changed(struct cleat_buf *out, const char *at, struct cleat_str key) {
    cleat_buf_printf(out, "\n%s%s%.*s", at, key.n > 0 ? "." : "", CLEAT_FMT(key));
}

/* Members of a container but its image. */
static void compare_container(struct cleat_buf *out, const char *at, struct cleat_val now,
                              struct cleat_val was) {
    struct cleat_iter it = {0};
    while (cleat_val_next(now, &it)) {
        if (!cleat_eqc(it.key, "image") &&
            !cleat_semantic_equal(it.val, cleat_val_get_s(was, it.key))) {
            add_changed(out, at, it.key);
        }
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(was, &it)) {
        struct cleat_val v = cleat_val_get_s(now, it.key);
        if (!cleat_val_present(v) && !cleat_semantic_equal(it.val, v)) {
            add_changed(out, at, it.key);
        }
    }
}

static void compare_containers(struct cleat_buf *out, const char *list, struct cleat_val now,
                               struct cleat_val was) {
    struct cleat_iter x = {0}, y = {0};
    while (cleat_val_next(now, &x) && cleat_val_next(was, &y)) {
        CLEAT_AUTO_FREE char *at = cleat_sprintf("spec.%s[%u]", list, x.index);
        compare_container(out, at, x.val, y.val);
    }
}

/* Affinity but that to nodes, which a gated pod may still change. */
static bool same_pod_affinity(struct cleat_val a, struct cleat_val b) {
    static const char *const members[] = {"podAffinity", "podAntiAffinity"};
    return cleat_semantic_equal(cleat_val_get(a, members[0]), cleat_val_get(b, members[0])) &&
           cleat_semantic_equal(cleat_val_get(a, members[1]), cleat_val_get(b, members[1]));
}

/* Plain booleans: false and absent are one. */
static bool same_flag(struct cleat_str key, struct cleat_val a, struct cleat_val b) {
    static const char *const flags[] = {"hostNetwork", "hostPID", "hostIPC", NULL};
    return cleat_one_of(key, flags) && cleat_val_bool(a, 0) == cleat_val_bool(b, 0);
}

/* The grace period may be corrected where it was negative. */
static bool corrected(struct cleat_str key, struct cleat_val a, struct cleat_val b) {
    int64_t now = 0, was = 0;
    return cleat_eqc(key, "terminationGracePeriodSeconds") && cleat_val_int(a, &now) &&
           cleat_val_int(b, &was) && now == 1 && was < 0;
}

static void compare_member(struct cleat_buf *out, struct cleat_str key, struct cleat_val a,
                           struct cleat_val b, bool gated) {
    static const char *const checked[] = {"activeDeadlineSeconds", "tolerations", "schedulingGates",
                                          NULL};
    for (size_t i = 0; i < 2; i++) {
        if (cleat_eqc(key, container_lists[i])) {
            compare_containers(out, container_lists[i], a, b);
            return;
        }
    }
    bool same = cleat_one_of(key, checked) || (gated && cleat_eqc(key, "nodeSelector")) ||
                (gated && cleat_eqc(key, "affinity") && same_pod_affinity(a, b)) ||
                same_flag(key, a, b) || corrected(key, a, b) || cleat_semantic_equal(a, b);
    if (!same) {
        add_changed(out, "spec", key);
    }
}

static void check_rest(struct cleat_check *c, struct cleat_val now, struct cleat_val was,
                       bool gated) {
    CLEAT_AUTO_BUF changed = {0};
    struct cleat_iter it = {0};
    while (cleat_val_next(now, &it)) {
        compare_member(&changed, it.key, it.val, cleat_val_get_s(was, it.key), gated);
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(was, &it)) {
        struct cleat_val v = cleat_val_get_s(now, it.key);
        if (!cleat_val_present(v)) {
            compare_member(&changed, it.key, v, it.val, gated);
        }
    }
    if (changed.n > 0) {
        cleat_check_fail(
            c, NULL, "FieldValueForbidden",
            "pod updates may not change fields other than `spec.containers[*].image`,"
            "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only "
            "additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to "
            "be set to 1 if it was previously negative)%s",
            changed.p);
    }
}

void cleat_check_pod_update(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val now = spec_of(o), was = spec_of(old);
    bool gated = cleat_val_count(cleat_val_get(was, "schedulingGates")) > 0;
    size_t place = cleat_check_in(c, "spec");
    if (check_counts(c, now, was) && check_deadline(c, now, was)) {
        check_tolerations(c, now, was);
        check_gates(c, now, was);
        if (gated) {
            check_gated_selector(c, now, was);
            check_gated_affinity(c, now, was);
        }
        check_rest(c, now, was, gated);
    }
    cleat_check_up(c, place);
}
