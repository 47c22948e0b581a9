/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ResourceQuota: what a namespace's objects use together never passes what its quotas
 * allow. Usage is counted in the newest snapshot and, for writes that are on their
 * way, from their claims; both are looked at under one lock, so two writes cannot both
 * take the last place. A claim that has become part of the snapshot is left out.
 */
#include "core/kinds/admit_internal.h"
#include "core/kinds/amounts.h"

/* What a write under way will add to one quota. */
struct cleat_claim {
    struct cleat_claim *next, *next_of_ticket;
    uint32_t kind;
    char *ns, *name, *uid;
    uint64_t expect; /* the revision it replaces; 0: it is new */
    char *quota;     /* its UID */
    struct entry {
        char *key;
        struct cleat_amount amount;
    } * entries;
    size_t n;
};

/* ---- what an object uses ---- */

static bool is_core(const struct cleat_kind *k, const char *resource) {
    return k->group[0] == '\0' && strcmp(k->resource, resource) == 0;
}

static bool starts(struct cleat_str s, const char *prefix) {
    size_t n = strlen(prefix);
    return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

static struct cleat_str after(struct cleat_str s, const char *prefix) {
    size_t n = strlen(prefix);
    return (struct cleat_str){s.p + n, s.n - n};
}

static bool is_over(const cleat_obj *pod) {
    struct cleat_str phase = cleat_val_str(cleat_obj_at(pod, CLEAT_PATH("status", "phase")));
    return cleat_eqc(phase, "Succeeded") || cleat_eqc(phase, "Failed");
}

/* "requests.cpu" and plain "cpu" -> list and resource; false where it is about no pods. */
static bool compute_key(struct cleat_str key, const char **list, struct cleat_str *resource) {
    static const char *const plain[] = {"cpu", "memory", "ephemeral-storage", NULL};
    *list = "requests";
    if (cleat_one_of(key, plain) || starts(key, "hugepages-")) {
        *resource = key;
        return true;
    }
    if (starts(key, "limits.")) {
        *list = "limits";
        *resource = after(key, "limits.");
        return true;
    }
    *resource = starts(key, "requests.") ? after(key, "requests.") : key;
    return starts(key, "requests.") && !cleat_eqc(key, "requests.storage");
}

static bool measure_pod(const cleat_obj *o, struct cleat_str key, struct cleat_amount *ret) {
    const char *list;
    struct cleat_str resource;
    bool pods = cleat_eqc(key, "pods");
    if (!pods && !compute_key(key, &list, &resource)) {
        return false;
    }
    if (o == NULL || is_over(o)) {
        cleat_amount_add(ret, CLEAT_STR("0"));
    } else if (pods) {
        cleat_amount_add(ret, CLEAT_STR("1"));
    } else {
        struct cleat_amount total;
        cleat_pod_total(cleat_obj_at(o, CLEAT_PATH("spec")), list, resource, true, &total);
        cleat_amount_add(ret, cleat_amount_str(&total));
    }
    return true;
}

static bool measure_service(const cleat_obj *o, struct cleat_str key, struct cleat_amount *ret) {
    bool ports = cleat_eqc(key, "services.nodeports");
    bool balanced = cleat_eqc(key, "services.loadbalancers");
    if (!ports && !balanced && !cleat_eqc(key, "services")) {
        return false;
    }
    if (o == NULL) {
        return true;
    }
    struct cleat_val spec = cleat_obj_at(o, CLEAT_PATH("spec"));
    struct cleat_str type = cleat_str_at(spec, "type");
    struct cleat_val list = cleat_val_get(spec, "ports");
    struct cleat_iter it = {0};
    bool is_lb = cleat_eqc(type, "LoadBalancer");
    size_t n = balanced ? is_lb : 1;
    if (ports) {
        n = cleat_eqc(type, "NodePort") || is_lb ? cleat_val_count(list) : 0;
        if (is_lb && !cleat_val_bool(cleat_val_get(spec, "allocateLoadBalancerNodePorts"), 1)) {
            n = 0;
            while (cleat_val_next(list, &it)) {
                n += !cleat_absent(cleat_val_get(it.val, "nodePort"));
            }
        }
    }
    CLEAT_AUTO_FREE char *text = cleat_sprintf("%zu", n);
    cleat_amount_add(ret, cleat_s(text));
    return true;
}

/* "gold.storageclass.storage.k8s.io/persistentvolumeclaims" counts claims of one class. */
static bool measure_claim(const cleat_obj *o, struct cleat_str key, struct cleat_amount *ret) {
    static const char middle[] = ".storageclass.storage.k8s.io/";
    const char *at = memmem(key.p, key.n, middle, sizeof middle - 1);
    struct cleat_str what = key;
    if (at != NULL) {
        size_t skip = (size_t)(at - key.p) + sizeof middle - 1;
        what = (struct cleat_str){key.p + skip, key.n - skip};
    }
    bool count = cleat_eqc(what, "persistentvolumeclaims");
    if (!count && !cleat_eqc(what, "requests.storage")) {
        return false;
    }
    if (o == NULL) {
        return true;
    }
    struct cleat_str class = cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "storageClassName")));
    if (at != NULL && !cleat_eq(class, (struct cleat_str){key.p, (size_t)(at - key.p)})) {
        cleat_amount_add(ret, CLEAT_STR("0"));
        return true;
    }
    cleat_amount_add(ret, count ? CLEAT_STR("1")
                                : cleat_quantity_of(cleat_obj_at(
                                      o, CLEAT_PATH("spec", "resources", "requests", "storage"))));
    return true;
}

/* Adds what the object uses of `key` to *ret; false where the key is not about its kind. o NULL
 * asks only whether it is. */
static bool measure(const struct cleat_kind *k, const cleat_obj *o, struct cleat_str key,
                    struct cleat_amount *ret) {
    static const char *const by_name[] = {"configmaps", "secrets", "resourcequotas",
                                          "replicationcontrollers", NULL};
    if (starts(key, "count/")) {
        if (!cleat_eqc(after(key, "count/"), k->store_name)) {
            return false;
        }
        cleat_amount_add(ret, o != NULL ? CLEAT_STR("1") : CLEAT_STR("0"));
        return true;
    }
    if (is_core(k, "pods")) {
        return measure_pod(o, key, ret);
    }
    if (is_core(k, "services")) {
        return measure_service(o, key, ret);
    }
    if (is_core(k, "persistentvolumeclaims")) {
        return measure_claim(o, key, ret);
    }
    if (k->group[0] == '\0' && cleat_eqc(key, k->resource) && cleat_one_of(key, by_name)) {
        cleat_amount_add(ret, o != NULL ? CLEAT_STR("1") : CLEAT_STR("0"));
        return true;
    }
    return false;
}

/* ---- scopes ---- */

static bool asks_for_nothing(const cleat_obj *pod) {
    static const char *const lists[] = {"containers", "initContainers"};
    static const char *const kinds[] = {"requests", "limits"};
    static const char *const resources[] = {"cpu", "memory"};
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter it = {0};
        struct cleat_val list = cleat_obj_at(pod, CLEAT_PATH("spec", lists[i]));
        while (cleat_val_next(list, &it)) {
            for (size_t k = 0; k < 4; k++) {
                struct cleat_val v =
                    cleat_val_at(it.val, CLEAT_PATH("resources", kinds[k / 2], resources[k % 2]));
                if (!cleat_absent(v) &&
                    cleat_quantity_order(cleat_quantity_of(v), CLEAT_STR("0")) > 0) {
                    return false;
                }
            }
        }
    }
    return true;
}

static bool has_affinity_elsewhere(const cleat_obj *pod) {
    struct cleat_str text = cleat_val_raw(cleat_obj_at(pod, CLEAT_PATH("spec", "affinity")));
    return memmem(text.p, text.n, "\"namespaces\":[\"", 15) != NULL ||
           memmem(text.p, text.n, "\"namespaceSelector\":{", 21) != NULL;
}

static bool in_scope(const cleat_obj *pod, struct cleat_str scope) {
    bool ends = !cleat_absent(cleat_obj_at(pod, CLEAT_PATH("spec", "activeDeadlineSeconds")));
    if (cleat_eqc(scope, "Terminating") || cleat_eqc(scope, "NotTerminating")) {
        return ends == cleat_eqc(scope, "Terminating");
    }
    if (cleat_eqc(scope, "BestEffort") || cleat_eqc(scope, "NotBestEffort")) {
        return asks_for_nothing(pod) == cleat_eqc(scope, "BestEffort");
    }
    if (cleat_eqc(scope, "CrossNamespacePodAffinity")) {
        return has_affinity_elsewhere(pod);
    }
    return cleat_eqc(scope, "PriorityClass") &&
           cleat_val_str(cleat_obj_at(pod, CLEAT_PATH("spec", "priorityClassName"))).n > 0;
}

static bool matches_expression(const cleat_obj *pod, struct cleat_val x) {
    struct cleat_str op = cleat_str_at(x, "operator"), scope = cleat_str_at(x, "scopeName");
    struct cleat_str class =
        cleat_val_str(cleat_obj_at(pod, CLEAT_PATH("spec", "priorityClassName")));
    struct cleat_iter it = {0};
    struct cleat_val values = cleat_val_get(x, "values");
    bool listed = false;
    if (!cleat_eqc(scope, "PriorityClass") || cleat_eqc(op, "Exists")) {
        return in_scope(pod, scope);
    }
    if (cleat_eqc(op, "DoesNotExist")) {
        return class.n == 0;
    }
    while (cleat_val_next(values, &it)) {
        listed = listed || cleat_eq(cleat_val_str(it.val), class);
    }
    return listed == cleat_eqc(op, "In") && class.n > 0;
}

/* Scopes are about pods: other things have none, and a quota with scopes is not about them. */
static bool is_covered(const struct cleat_kind *k, const cleat_obj *o, const cleat_obj *quota) {
    struct cleat_val scopes = cleat_obj_at(quota, CLEAT_PATH("spec", "scopes"));
    struct cleat_val selector =
        cleat_obj_at(quota, CLEAT_PATH("spec", "scopeSelector", "matchExpressions"));
    struct cleat_iter it = {0};
    if (cleat_val_count(scopes) == 0 && cleat_val_count(selector) == 0) {
        return true;
    }
    if (!is_core(k, "pods")) {
        return false;
    }
    while (cleat_val_next(scopes, &it)) {
        if (!in_scope(o, cleat_val_str(it.val))) {
            return false;
        }
    }
    it = (struct cleat_iter){0};
    while (cleat_val_next(selector, &it)) {
        if (!matches_expression(o, it.val)) {
            return false;
        }
    }
    return true;
}

/* ---- counting ---- */

/* All of one kind that the quota covers. */
static void count_kind(cleat_snapshot *sn, const struct cleat_kind *k, const cleat_obj *quota,
                       struct cleat_str key, struct cleat_amount *ret) {
    struct cleat_range range;
    const cleat_obj *o;
    cleat_range_init(&range, sn, k->id, cleat_obj_ns(quota));
    while ((o = cleat_range_next(&range)) != NULL) {
        if (is_covered(k, o, quota)) {
            measure(k, o, key, ret);
        }
    }
}

static bool is_counted_already(const struct cleat_claim *c, cleat_snapshot *sn) {
    const cleat_obj *o = cleat_snapshot_get(sn, c->kind, cleat_s(c->ns), cleat_s(c->name));
    if (c->expect == 0) {
        return o != NULL && cleat_eqc(cleat_obj_uid(o), c->uid);
    }
    return o == NULL || cleat_obj_revision(o) != c->expect;
}

/* With the lock held. */
static void count_claims(const cleat_admit *a, cleat_snapshot *sn, const cleat_obj *quota,
                         struct cleat_str key, struct cleat_amount *ret) {
    for (const struct cleat_claim *c = a->claims; c != NULL; c = c->next) {
        if (!cleat_eqc(cleat_obj_uid(quota), c->quota) || is_counted_already(c, sn)) {
            continue;
        }
        for (size_t i = 0; i < c->n; i++) {
            if (cleat_eqc(key, c->entries[i].key)) {
                cleat_amount_add(ret, cleat_s(c->entries[i].amount.text));
            }
        }
    }
}

/* ---- claims ---- */

static struct cleat_claim *new_claim(const cleat_request *req, const cleat_obj *obj,
                                     const cleat_obj *old, const cleat_obj *quota) {
    struct cleat_claim *c = cleat_zalloc(sizeof *c);
    c->kind = req->kind->id;
    c->ns = cleat_strndup(req->ns);
    c->name = cleat_strndup(cleat_obj_name(obj));
    c->uid = cleat_strndup(cleat_obj_uid(obj));
    c->expect = old != NULL ? cleat_obj_revision(old) : 0;
    c->quota = cleat_strndup(cleat_obj_uid(quota));
    return c;
}

static void add_entry(struct cleat_claim *c, struct cleat_str key, const struct cleat_amount *n) {
    c->entries = cleat_rearray(c->entries, c->n + 1, sizeof *c->entries);
    c->entries[c->n++] = (struct entry){cleat_strndup(key), *n};
}

static void free_claim(struct cleat_claim *c) {
    for (size_t i = 0; i < c->n; i++) {
        free(c->entries[i].key);
    }
    free(c->entries);
    free(c->ns);
    free(c->name);
    free(c->uid);
    free(c->quota);
    free(c);
}

void cleat_quota_settle(cleat_admit *a, struct cleat_ticket *t) {
    CLEAT_LOCKED(&a->quota_lock);
    while (t->claims != NULL) {
        struct cleat_claim *c = t->claims, **at = &a->claims;
        t->claims = c->next_of_ticket;
        while (*at != c) {
            at = &(*at)->next;
        }
        *at = c->next;
        free_claim(c);
    }
}

/* ---- one quota ---- */

struct texts { /* "pods=1,requests.cpu=2" of each column of the message */
    struct cleat_buf requested, used, limited;
};

static void done_texts(struct texts *t) {
    cleat_buf_done(&t->requested);
    cleat_buf_done(&t->used);
    cleat_buf_done(&t->limited);
}

static void say(struct cleat_buf *b, struct cleat_str key, struct cleat_str amount) {
    cleat_buf_printf(b, "%s%.*s=%.*s", b->n > 0 ? "," : "", CLEAT_FMT(key), CLEAT_FMT(amount));
}

static int by_key(const void *x, const void *y) {
    return cleat_cmp(((const struct cleat_iter *)x)->key, ((const struct cleat_iter *)y)->key);
}

/* The quota's limits in the order of their names. Owned. */
static struct cleat_iter *sorted(struct cleat_val hard, size_t *n) {
    struct cleat_iter *all = cleat_array(cleat_val_count(hard) + 1, sizeof *all);
    struct cleat_iter it = {0};
    *n = 0;
    while (cleat_val_type(hard) == CLEAT_OBJECT && cleat_val_next(hard, &it)) {
        all[(*n)++] = it;
    }
    qsort(all, *n, sizeof *all, by_key);
    return all;
}

/* Where a quota limits cpu or memory every container must say what it wants of it. */
static char *not_said(const cleat_obj *pod, const struct cleat_iter *hard, size_t n) {
    static const char *const lists[] = {"containers", "initContainers"};
    CLEAT_AUTO_BUF all = {0};
    for (size_t i = 0; i < n; i++) {
        static const char *const about[] = {"cpu", "memory", NULL};
        const char *list;
        struct cleat_str resource;
        CLEAT_AUTO_BUF names = {0};
        if (!compute_key(hard[i].key, &list, &resource) || !cleat_one_of(resource, about)) {
            continue;
        }
        for (size_t l = 0; l < 2; l++) {
            struct cleat_iter it = {0};
            struct cleat_val containers = cleat_obj_at(pod, CLEAT_PATH("spec", lists[l]));
            while (cleat_val_next(containers, &it)) {
                struct cleat_val map = cleat_val_at(it.val, CLEAT_PATH("resources", list));
                if (cleat_absent(cleat_val_get_s(map, resource))) {
                    cleat_buf_printf(&names, "%s%.*s", names.n > 0 ? "," : "",
                                     CLEAT_FMT(cleat_str_at(it.val, "name")));
                }
            }
        }
        if (names.n > 0) {
            cleat_buf_printf(&all, "%s%.*s for: %s", all.n > 0 ? "; " : "", CLEAT_FMT(hard[i].key),
                             names.p);
        }
    }
    return all.n > 0 ? cleat_buf_take(&all) : NULL;
}

/* What this write adds to what is limited; 0 where it adds nothing. */
static bool adds(const struct cleat_kind *k, const cleat_obj *obj, const cleat_obj *old,
                 bool was_covered, struct cleat_str key, struct cleat_amount *ret) {
    struct cleat_amount before = {.there = false};
    memset(ret, 0, sizeof *ret);
    if (!measure(k, obj, key, ret)) {
        return false;
    }
    if (old != NULL && was_covered && measure(k, old, key, &before)) {
        cleat_amount_sub(ret, cleat_amount_str(&before));
    }
    return cleat_quantity_order(cleat_amount_str(ret), CLEAT_STR("0")) > 0;
}

/* With the lock held. Refuses, or makes the claim (*ret NULL: nothing is added). */
static cleat_err check_one(cleat_admit *a, cleat_request *req, cleat_snapshot *sn,
                           const cleat_obj *quota, const cleat_obj *obj, const cleat_obj *old,
                           struct cleat_claim **ret) {
    const struct cleat_kind *k = req->kind;
    size_t n = 0;
    CLEAT_AUTO_FREE struct cleat_iter *hard =
        sorted(cleat_obj_at(quota, CLEAT_PATH("spec", "hard")), &n);
    __attribute__((cleanup(done_texts))) struct texts over = {.used = {0}};
    bool was_covered = old != NULL && is_covered(k, old, quota);
    CLEAT_AUTO_FREE char *missing =
        is_core(k, "pods") && old == NULL ? not_said(obj, hard, n) : NULL;
    if (missing != NULL) {
        return cleat_admit_forbid(req, obj,
                                  cleat_sprintf("failed quota: %.*s: must specify %s",
                                                CLEAT_FMT(cleat_obj_name(quota)), missing));
    }
    struct cleat_claim *claim = NULL;
    for (size_t i = 0; i < n; i++) {
        struct cleat_amount delta, used = {.there = false};
        if (!adds(k, obj, old, was_covered, hard[i].key, &delta)) {
            continue;
        }
        count_kind(sn, k, quota, hard[i].key, &used);
        count_claims(a, sn, quota, hard[i].key, &used);
        struct cleat_amount total = used;
        struct cleat_str limit = cleat_quantity_of(hard[i].val);
        cleat_amount_add(&total, cleat_s(delta.text));
        if (cleat_quantity_order(cleat_s(total.text), limit) > 0) {
            say(&over.requested, hard[i].key, cleat_amount_str(&delta));
            say(&over.used, hard[i].key, cleat_amount_str(&used));
            say(&over.limited, hard[i].key, limit);
            continue;
        }
        claim = claim != NULL ? claim : new_claim(req, obj, old, quota);
        add_entry(claim, hard[i].key, &delta);
    }
    if (over.requested.n == 0) {
        *ret = claim;
        return CLEAT_OK;
    }
    if (claim != NULL) {
        free_claim(claim);
    }
    return cleat_admit_forbid(
        req, obj,
        cleat_sprintf("exceeded quota: %.*s, requested: %s, used: %s, limited: %s",
                      CLEAT_FMT(cleat_obj_name(quota)), over.requested.p, over.used.p,
                      over.limited.p));
}

/* ---- the step ---- */

cleat_err cleat_check_quota(cleat_admit *a, cleat_request *req, const cleat_obj *obj,
                            const cleat_obj *old) {
    const struct cleat_kind *quotas = cleat_admit_kind(a, "", "resourcequotas");
    if ((req->kind->flags & CLEAT_KIND_NAMESPACED) == 0 || (req->kind->flags & CLEAT_KIND_EVENT)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    if (cleat_snapshot_count(sn, quotas->id, req->ns) == 0) {
        return CLEAT_OK;
    }
    CLEAT_LOCKED(&a->quota_lock);
    /* The snapshot must be as new as the claims: one that was dropped is in it. */
    cleat_snapshot_unref(sn);
    sn = cleat_store_snapshot(a->store);
    struct cleat_range range;
    const cleat_obj *quota;
    cleat_range_init(&range, sn, quotas->id, req->ns);
    while ((quota = cleat_range_next(&range)) != NULL) {
        struct cleat_claim *claim = NULL;
        if (!is_covered(req->kind, obj, quota)) {
            continue;
        }
        CLEAT_TRY(check_one(a, req, sn, quota, obj, old, &claim));
        if (claim != NULL && req->dry_run) {
            free_claim(claim);
        } else if (claim != NULL) {
            struct cleat_ticket *t = cleat_ticket_of(req);
            claim->next = a->claims;
            a->claims = claim;
            claim->next_of_ticket = t->claims;
            t->claims = claim;
        }
    }
    return CLEAT_OK;
}

/* ---- what is used now ---- */

static void count_all(cleat_admit *a, cleat_snapshot *sn, const cleat_obj *quota,
                      struct cleat_str key, struct cleat_amount *ret) {
    const struct cleat_kind *k;
    cleat_amount_add(ret, CLEAT_STR("0"));
    for (size_t i = 0; (k = cleat_registry_at(a->registry, i)) != NULL; i++) {
        struct cleat_amount none = {.there = false};
        if ((k->flags & CLEAT_KIND_NAMESPACED) && measure(k, NULL, key, &none)) {
            count_kind(sn, k, quota, key, ret);
        }
    }
}

char *cleat_admit_quota_status(cleat_admit *a, const cleat_obj *quota) {
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    size_t n = 0;
    struct cleat_val hard = cleat_obj_at(quota, CLEAT_PATH("spec", "hard"));
    CLEAT_AUTO_FREE struct cleat_iter *all = sorted(hard, &n);
    struct cleat_buf out = {0};
    cleat_buf_puts(&out, "{\"hard\":");
    cleat_buf_str(&out, cleat_absent(hard) ? CLEAT_STR("{}") : cleat_val_raw(hard));
    cleat_buf_puts(&out, ",\"used\":{");
    for (size_t i = 0; i < n; i++) {
        struct cleat_amount used = {.there = false};
        count_all(a, sn, quota, all[i].key, &used);
        cleat_buf_printf(&out, "%s\"%.*s\":\"%s\"", i > 0 ? "," : "", CLEAT_FMT(all[i].key),
                         used.text);
    }
    cleat_buf_puts(&out, "}}");
    return cleat_buf_take(&out);
}
