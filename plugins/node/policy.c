/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what policy.h describes. Pure functions; any thread. */
#include "policy.h"

#include <math.h>
#include <stddef.h>

bool cleat_zone_policy_parse(struct cleat_str text, enum cleat_zone_policy *ret) {
    static const char *const names[] = {"evict", "hold", "cancel"};
    for (int i = 0; i < 3; i++) {
        if (cleat_str_is(text, names[i])) {
            *ret = (enum cleat_zone_policy)i;
            return true;
        }
    }
    return false;
}

/* ---- values ---- */

static bool parse_duration(struct cleat_str text, cleat_time *ret) {
    static const struct {
        const char *unit;
        cleat_time of;
    } units[] = {{"ms", CLEAT_MS},
                 {"s", CLEAT_SECOND},
                 {"m", 60 * CLEAT_SECOND},
                 {"h", 3600 * CLEAT_SECOND}};
    char *copy = cleat_sdk_dup(text), *p = copy;
    double sum = 0;
    bool ok = *p != '\0';
    while (ok && *p != '\0') {
        char *end;
        double n = strtod(p, &end);
        size_t letters = strspn(end, "hms");
        bool known = false;
        for (size_t i = 0; i < 4; i++) {
            if (strlen(units[i].unit) == letters && strncmp(end, units[i].unit, letters) == 0) {
                sum += n * (double)units[i].of;
                known = true;
            }
        }
        ok = known && end != p && n >= 0 && sum < 1e17;
        p = end + letters;
    }
    free(copy);
    if (ok) {
        *ret = (cleat_time)sum;
    }
    return ok;
}

static bool parse_double(struct cleat_val v, double *ret) {
    char *copy = cleat_sdk_dup(SDK->obj->raw(v)), *end;
    double n = strtod(copy, &end);
    bool ok = end != copy && *end == '\0' && isfinite(n) && n >= 0;
    free(copy);
    if (ok) {
        *ret = n;
    }
    return ok;
}

/* ---- pools ---- */

enum { DURATION, NUMBER, INTEGER, POLICY };

static const struct {
    const char *key;
    int type;
    size_t at;
    const char *wants;
} fields[] = {
#define FIELD(member) offsetof(struct cleat_node_settings, member)
    {"nodeMonitorGracePeriod", DURATION, FIELD(grace), "a duration"},
    {"nodeStartupGracePeriod", DURATION, FIELD(startup_grace), "a duration"},
    {"nodeEvictionRate", NUMBER, FIELD(rate), "a number"},
    {"secondaryNodeEvictionRate", NUMBER, FIELD(secondary_rate), "a number"},
    {"unhealthyZoneThreshold", NUMBER, FIELD(unhealthy_threshold), "a number"},
    {"largeClusterSizeThreshold", INTEGER, FIELD(large_cluster), "an integer"},
    {"zoneFullDisruptionPolicy", POLICY, FIELD(full), "evict, hold or cancel"},
    {"zonePartialDisruptionPolicy", POLICY, FIELD(partial), "evict, hold or cancel"},
#undef FIELD
};

static bool set_field(size_t f, struct cleat_val v, struct cleat_node_settings *s) {
    void *at = (char *)s + fields[f].at;
    switch (fields[f].type) {
    case DURATION:
        return parse_duration(SDK->obj->str(v), at);
    case NUMBER:
        return parse_double(v, at);
    case INTEGER:
        return SDK->obj->integer(v, at);
    default:
        return cleat_zone_policy_parse(SDK->obj->str(v), at);
    }
}

static cleat_err set_member(struct cleat_str key, struct cleat_val v, struct cleat_node_pool *pool,
                            struct cleat_error *reterr) {
    if (cleat_str_is(key, "selector")) {
        free(pool->selector);
        pool->selector = cleat_sdk_dup(SDK->obj->str(v));
        return CLEAT_OK;
    }
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
        if (cleat_str_is(key, fields[f].key)) {
            return set_field(f, v, &pool->settings)
                       ? CLEAT_OK
                       : cleat_errorf(reterr, CLEAT_E_INVALID, "pool %s: %s must be %s", pool->name,
                                      fields[f].key, fields[f].wants);
        }
    }
    return cleat_errorf(reterr, CLEAT_E_INVALID, "pool %s: unknown key \"%.*s\"", pool->name,
                        CLEAT_FMT(key));
}

static cleat_err parse_pool(struct cleat_val yaml, struct cleat_node_pool *pool,
                            struct cleat_error *reterr) {
    cleat_obj *o = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    size_t n = SDK->obj->decode(yaml, NULL, 0);
    char *text = cleat_sdk_alloc(n + 1, 1);
    SDK->obj->decode(yaml, text, n + 1);
    cleat_err err = SDK->obj->parse_yaml((struct cleat_str){text, n}, &o, &why);
    free(text);
    if (err != CLEAT_OK) {
        return cleat_errorf(reterr, CLEAT_E_INVALID, "pool %s: %s", pool->name, why.message);
    }
    struct cleat_iter it = {0};
    while (err == CLEAT_OK && SDK->obj->next(SDK->obj->root(o), &it)) {
        err = set_member(it.key, it.val, pool, reterr);
    }
    if (err == CLEAT_OK && pool->selector[0] == '\0') {
        err = cleat_errorf(reterr, CLEAT_E_INVALID, "pool %s has no selector", pool->name);
    }
    if (err == CLEAT_OK && SDK->obj->matches_labels(o, pool->selector, &why) < 0) {
        err = cleat_errorf(reterr, CLEAT_E_INVALID, "pool %s: %s", pool->name, why.message);
    }
    SDK->obj->unref(o);
    return err;
}

static int by_name(const void *x, const void *y) {
    return strcmp(((const struct cleat_node_pool *)x)->name,
                  ((const struct cleat_node_pool *)y)->name);
}

cleat_err cleat_node_pools_parse(const cleat_obj *configmap, const struct cleat_node_settings *base,
                                 struct cleat_node_pools *ret, struct cleat_error *reterr) {
    struct cleat_val data = CLEAT_AT(SDK, configmap, "data");
    struct cleat_node_pools p = {.v = cleat_sdk_alloc(SDK->obj->count(data) + 1, sizeof *p.v)};
    struct cleat_iter it = {0};
    cleat_err err = CLEAT_OK;
    while (err == CLEAT_OK && SDK->obj->next(data, &it)) {
        p.v[p.n] = (struct cleat_node_pool){.name = cleat_sdk_dup(it.key),
                                            .selector = cleat_sdk_dup((struct cleat_str){"", 0}),
                                            .settings = *base};
        err = parse_pool(it.val, &p.v[p.n++], reterr);
    }
    if (err != CLEAT_OK) {
        cleat_node_pools_done(&p);
        return err;
    }
    qsort(p.v, p.n, sizeof *p.v, by_name);
    *ret = p;
    return CLEAT_OK;
}

void cleat_node_pools_done(struct cleat_node_pools *p) {
    for (size_t i = 0; i < p->n; i++) {
        free(p->v[i].name);
        free(p->v[i].selector);
    }
    free(p->v);
    *p = (struct cleat_node_pools){0};
}

const struct cleat_node_pool *cleat_node_pool_of(const struct cleat_node_pools *p,
                                                 const cleat_obj *node) {
    for (size_t i = 0; i < p->n; i++) {
        if (SDK->obj->matches_labels(node, p->v[i].selector, NULL) == 1) {
            return &p->v[i];
        }
    }
    return NULL;
}

/* ---- taints ---- */

/* Cuts text at the first of `at`; the rest, or NULL where there is none. */
static char *cut(char *text, char at) {
    char *p = strchr(text, at);
    if (p != NULL) {
        *p++ = '\0';
    }
    return p;
}

/* The rule keeps `text` in its type. */
static bool parse_rule(char *text, struct cleat_taint_rule *ret) {
    char *taint = cut(text, ':'), *status = cut(text, '=');
    char *effect = taint != NULL ? cut(taint, ':') : NULL;
    char *value = taint != NULL ? cut(taint, '=') : NULL;
    if (effect == NULL || status == NULL || *text == '\0' || *status == '\0' || *taint == '\0' ||
        (strcmp(effect, "NoSchedule") != 0 && strcmp(effect, "PreferNoSchedule") != 0 &&
         strcmp(effect, "NoExecute") != 0)) {
        return false;
    }
    *ret = (struct cleat_taint_rule){text, status, taint, effect, value};
    return true;
}

cleat_err cleat_taint_rules_parse(struct cleat_val list, struct cleat_taint_rules *ret,
                                  struct cleat_error *reterr) {
    struct cleat_taint_rules r = {.v = cleat_sdk_alloc(SDK->obj->count(list) + 1, sizeof *r.v)};
    struct cleat_iter it = {0};
    while (SDK->obj->next(list, &it)) {
        char *text = cleat_sdk_dup(SDK->obj->str(it.val));
        if (!parse_rule(text, &r.v[r.n])) {
            free(text);
            cleat_taint_rules_done(&r);
            return cleat_errorf(reterr, CLEAT_E_INVALID,
                                "conditionTaints: \"%.*s\" is not of the form "
                                "Condition=Status:key[=value]:Effect",
                                CLEAT_FMT(SDK->obj->str(it.val)));
        }
        r.n++;
    }
    *ret = r;
    return CLEAT_OK;
}

void cleat_taint_rules_done(struct cleat_taint_rules *r) {
    for (size_t i = 0; i < r->n; i++) {
        free((void *)(uintptr_t)r->v[i].type);
    }
    free(r->v);
    *r = (struct cleat_taint_rules){0};
}
