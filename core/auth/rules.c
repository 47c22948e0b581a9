/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A role's rules as they are asked: verbs as bits, everything else as strings that
 * point into the stored object. Immutable once made, counted; any thread.
 */
#include "core/auth/internal.h"

static const char *const verbs[] = {"get",        "list",  "watch",  "create",
                                    "update",     "patch", "delete", "deletecollection",
                                    "impersonate"};

uint32_t cleat__verb_bit(const char *verb) {
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verb, verbs[i]) == 0) {
            return 1u << i;
        }
    }
    return 0;
}

bool cleat__strs_have(struct cleat__strs s, struct cleat_str want) {
    for (size_t i = 0; i < s.n; i++) {
        if (cleat_eq(s.v[i], want)) {
            return true;
        }
    }
    return false;
}

/* ---- making ---- */

/* The strings of a list, decoded only where that makes a difference. */
static struct cleat__strs take_list(struct cleat__role *r, size_t *used, struct cleat_val list) {
    struct cleat__strs s = {r->pool + *used, 0};
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        struct cleat_str text = cleat_val_str(it.val);
        if (text.n > 0 && memchr(text.p, '\\', text.n) != NULL) {
            r->owned = cleat_rearray(r->owned, r->n_owned + 1, sizeof *r->owned);
            r->owned[r->n_owned] = cleat_val_strdup(it.val);
            text = cleat_s(r->owned[r->n_owned++]);
        }
        r->pool[(*used)++] = text;
        s.n++;
    }
    return s;
}

static void take_rule(struct cleat__role *r, size_t *used, struct cleat_val v) {
    struct cleat__rule *rule = &r->rules[r->n_rules++];
    rule->verb_names = take_list(r, used, cleat_val_get(v, "verbs"));
    rule->groups = take_list(r, used, cleat_val_get(v, "apiGroups"));
    rule->resources = take_list(r, used, cleat_val_get(v, "resources"));
    rule->names = take_list(r, used, cleat_val_get(v, "resourceNames"));
    rule->urls = take_list(r, used, cleat_val_get(v, "nonResourceURLs"));
    const struct cleat_str star = CLEAT_STR("*");
    rule->any_verb = cleat__strs_have(rule->verb_names, star);
    rule->any_group = cleat__strs_have(rule->groups, star);
    rule->any_resource = cleat__strs_have(rule->resources, star);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (cleat__strs_have(rule->verb_names, cleat_s(verbs[i]))) {
            rule->verbs |= 1u << i;
        }
    }
}

struct cleat__role *cleat__role_new(const cleat_obj *o) {
    struct cleat__role *r = cleat_zalloc(sizeof *r);
    struct cleat_val rules = cleat_obj_at(o, CLEAT_PATH("rules"));
    struct cleat_iter it = {0};
    size_t n = 0, used = 0;
    atomic_init(&r->refs, 1);
    r->obj = cleat_obj_ref(o);
    while (cleat_val_next(rules, &it)) {
        struct cleat_iter list = {0};
        while (cleat_val_next(it.val, &list)) {
            n += cleat_val_count(list.val);
        }
    }
    r->pool = cleat_array(n, sizeof *r->pool);
    r->rules = cleat_array(cleat_val_count(rules), sizeof *r->rules);
    it = (struct cleat_iter){0};
    while (cleat_val_next(rules, &it)) {
        take_rule(r, &used, it.val);
    }
    return r;
}

struct cleat__role *cleat__role_ref(struct cleat__role *r) {
    if (r != NULL) {
        atomic_fetch_add(&r->refs, 1);
    }
    return r;
}

void cleat__role_unref(struct cleat__role *r) {
    if (r == NULL || atomic_fetch_sub(&r->refs, 1) > 1) {
        return;
    }
    for (size_t i = 0; i < r->n_owned; i++) {
        free(r->owned[i]);
    }
    free(r->owned);
    free(r->pool);
    free(r->rules);
    cleat_obj_unref(r->obj);
    free(r);
}

/* ---- asking ---- */

bool cleat__url_covers(struct cleat_str rule, struct cleat_str path) {
    if (cleat_eq(rule, path)) {
        return true;
    }
    if (rule.n == 0 || rule.p[rule.n - 1] != '*') {
        return false;
    }
    while (rule.n > 0 && rule.p[rule.n - 1] == '*') {
        rule.n--;
    }
    return path.n >= rule.n && (rule.n == 0 || memcmp(path.p, rule.p, rule.n) == 0);
}

/* "pods", "pods/log", "*" and "*" "/log". */
static bool resource_matches(const struct cleat__rule *rule, const struct cleat_access *q) {
    struct cleat_str resource = q->resource, sub = q->subresource;
    if (rule->any_resource) {
        return true;
    }
    if (sub.n == 0) {
        return cleat__strs_have(rule->resources, resource);
    }
    for (size_t i = 0; i < rule->resources.n; i++) {
        struct cleat_str s = rule->resources.v[i];
        if (s.n <= sub.n || s.p[s.n - sub.n - 1] != '/' ||
            memcmp(s.p + s.n - sub.n, sub.p, sub.n) != 0) {
            continue;
        }
        struct cleat_str of = {s.p, s.n - sub.n - 1};
        if (cleat_eq(of, resource) || cleat_eqc(of, "*")) {
            return true;
        }
    }
    return false;
}

bool cleat__rule_allows(const struct cleat__rule *rule, const struct cleat_access *q,
                        uint32_t bit) {
    if (!rule->any_verb && (bit != 0 ? (rule->verbs & bit) == 0
                                     : !cleat__strs_have(rule->verb_names, cleat_s(q->verb)))) {
        return false;
    }
    if (q->path != NULL) {
        for (size_t i = 0; i < rule->urls.n; i++) {
            if (cleat__url_covers(rule->urls.v[i], cleat_s(q->path))) {
                return true;
            }
        }
        return false;
    }
    return (rule->any_group || cleat__strs_have(rule->groups, q->group)) &&
           resource_matches(rule, q) &&
           (rule->names.n == 0 || cleat__strs_have(rule->names, q->name));
}
