/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resources of containers: which names there are, that no request is above its limit,
 * and what is asked of a change (pkg/apis/core/validation). Pure; any thread.
 */
#include "core/kinds/podparts.h"

static bool begins(struct cleat_str s, const char *with) {
    size_t n = strlen(with);
    return s.n >= n && memcmp(s.p, with, n) == 0;
}

static bool is_prefixed(struct cleat_str name) {
    return name.n > 0 && memchr(name.p, '/', name.n) != NULL;
}

static bool is_hugepages(struct cleat_str name) {
    return begins(name, "hugepages-");
}

/* Ours: without a prefix, or with one of kubernetes.io. */
static bool is_native(struct cleat_str name) {
    static const char domain[] = "kubernetes.io/";
    return !is_prefixed(name) || memmem(name.p, name.n, domain, sizeof domain - 1) != NULL;
}

static bool may_overcommit(struct cleat_str name) {
    return is_native(name) && !is_hugepages(name);
}

/* ---- names ---- */

void cleat_check_resource_name(struct cleat_check *c, struct cleat_str name, bool containers) {
    static const char *const standard[] = {
        "cpu",  "memory",        "ephemeral-storage", "storage", "requests.cpu", "requests.memory",
        "pods", "limits.memory", "limits.cpu",        NULL};
    static const char *const of_containers[] = {"cpu", "memory", "ephemeral-storage", NULL};
    const char *bad = cleat_name_qualified(name), *why[2] = {NULL, NULL};
    bool known = cleat_one_of(name, standard) || is_hugepages(name);
    bool fits = !containers || cleat_one_of(name, of_containers) || is_hugepages(name);
    if (bad != NULL) {
        why[0] = bad;
    } else if (!is_prefixed(name)) {
        why[0] = known ? NULL : "must be a standard resource type or fully qualified";
        why[1] = fits ? NULL : "must be a standard resource for containers";
    } else if (containers && !is_native(name) && begins(name, "requests.")) {
        why[0] = "doesn't follow extended resource name standard";
    }
    for (size_t i = 0; i < 2; i++) {
        if (why[i] != NULL) {
            cleat_check_fail(c, NULL, "FieldValueInvalid", "\"%.*s\": %s", CLEAT_FMT(name), why[i]);
        }
    }
}

/* Things that are counted have no fractions. */
static bool is_whole(struct cleat_str s) {
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == 'm' || s.p[i] == 'u' || s.p[i] == 'n') {
            return false;
        }
    }
    return true;
}

static void check_names(struct cleat_check *c, struct cleat_val resources, const char *member) {
    struct cleat_val map = cleat_val_get(resources, member);
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, member);
    cleat_validate_quantities(c->v, map, c->path.p);
    while (cleat_val_type(map) == CLEAT_OBJECT && cleat_val_next(map, &it)) {
        size_t key = cleat_check_key(c, it.key);
        cleat_check_resource_name(c, it.key, true);
        if (is_prefixed(it.key) && !is_native(it.key) && !is_whole(cleat_quantity_of(it.val))) {
            cleat_check_invalid(c, NULL, it.val, "must be an integer");
        }
        cleat_check_up(c, key);
    }
    cleat_check_up(c, place);
}

/* ---- requests and limits ---- */

static void check_request(struct cleat_check *c, struct cleat_str name, struct cleat_val request,
                          struct cleat_val limit) {
    struct cleat_str least = cleat_quantity_of(request), most = cleat_quantity_of(limit);
    bool over = may_overcommit(name);
    if (!cleat_val_present(limit)) {
        if (!over) {
            cleat_check_required(c, "limits", "Limit must be set for non overcommitable resources");
        }
        return;
    }
    int order = cleat_quantity_order(least, most);
    if (order > 0 || (order != 0 && !over)) {
        cleat_check_fail(c, "requests", "FieldValueInvalid",
                         "\"%.*s\": must be %s %.*s limit of "
                         "%.*s",
                         CLEAT_FMT(least), over ? "less than or equal to" : "equal to",
                         CLEAT_FMT(name), CLEAT_FMT(most));
    }
}

void cleat_check_resources(struct cleat_check *c, struct cleat_val container) {
    struct cleat_val resources = cleat_val_get(container, "resources");
    struct cleat_val limits = cleat_val_get(resources, "limits");
    struct cleat_val requests = cleat_val_get(resources, "requests");
    struct cleat_iter it = {0};
    if (cleat_val_count(resources) == 0) {
        return;
    }
    size_t place = cleat_check_in(c, "resources");
    int before = c->v->n;
    check_names(c, resources, "limits");
    check_names(c, resources, "requests");
    while (c->v->n == before && cleat_val_type(requests) == CLEAT_OBJECT &&
           cleat_val_next(requests, &it)) {
        check_request(c, it.key, it.val, cleat_val_get_s(limits, it.key));
    }
    cleat_check_up(c, place);
}

void cleat_check_resize_policy(struct cleat_check *c, struct cleat_val spec,
                               struct cleat_val container) {
    static const char *const resources[] = {"cpu", "memory", NULL};
    static const char *const policies[] = {"NotRequired", "RestartContainer", NULL};
    struct cleat_val list = cleat_val_get(container, "resizePolicy");
    bool never = cleat_eqc(cleat_str_at(spec, "restartPolicy"), "Never");
    struct cleat_iter it = {0};
    size_t place = cleat_check_in(c, "resizePolicy");
    while (cleat_val_next(list, &it)) {
        struct cleat_val name = cleat_val_get(it.val, "resourceName");
        struct cleat_val policy = cleat_val_get(it.val, "restartPolicy");
        const struct {
            struct cleat_val v;
            const char *const *values;
        } members[] = {{name, resources}, {policy, policies}};
        struct cleat_iter seen = {0};
        while (cleat_val_next(list, &seen) && seen.index < it.index) {
            if (cleat_val_equal(cleat_val_get(seen.val, "resourceName"), name)) {
                size_t elem = cleat_check_elem(c, it.index);
                cleat_check_duplicate(c, NULL, name);
                cleat_check_up(c, elem);
                break;
            }
        }
        for (size_t i = 0; i < 2; i++) { /* upstream names the list, not the element */
            if (cleat_val_str(members[i].v).n == 0) {
                cleat_check_required(c, NULL, "");
            } else if (!cleat_one_of(cleat_val_str(members[i].v), members[i].values)) {
                cleat_check_unsupported(c, NULL, members[i].v, members[i].values);
            }
        }
        if (never && !cleat_eqc(cleat_val_str(policy), "NotRequired")) {
            cleat_check_invalid(c, NULL, policy,
                                "must be 'NotRequired' when `restartPolicy` is 'Never'");
        }
    }
    cleat_check_up(c, place);
}
