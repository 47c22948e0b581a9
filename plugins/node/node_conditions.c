/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a Node's silence and conditions mean for its conditions and taints. Pure
 * functions from one Node to the next; reasons, messages and keys are upstream's.
 */
#include "health.h"

static struct cleat_val member(struct cleat_val v, const char *key) {
    return SDK->obj->at(v, CLEAT_PATH(key));
}

static void now_text(char buf[32]) {
    SDK->obj->time_format(SDK->clock->wall(), 0, buf);
}

/* ---- conditions ---- */

static const char *const silent[] = {"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"};
enum { SILENT = sizeof silent / sizeof *silent };

static void add_never(cleat_edit *e, const cleat_obj *node, const char *type, const char *now) {
    struct cleat_str made = CLEAT_TEXT(SDK, node, "metadata", "creationTimestamp");
    char *json = cleat_node_format(
        "{\"type\":\"%s\",\"status\":\"Unknown\",\"lastHeartbeatTime\":\"%.*s\","
        "\"lastTransitionTime\":\"%s\",\"reason\":\"NodeStatusNeverUpdated\",\"message\":\"Kubelet "
        "never posted node status.\"}",
        type, CLEAT_FMT(made), now);
    SDK->obj->set_json(e, CLEAT_PATH("status", "conditions", "-"), cleat_cstr(json));
    free(json);
}

static void set_unknown(cleat_edit *e, uint32_t index, const char *now) {
    char i[16];
    snprintf(i, sizeof i, "%u", (unsigned)index);
#define AT(field) CLEAT_PATH("status", "conditions", i, field)
    SDK->obj->set_str(e, AT("status"), CLEAT_STR("Unknown"));
    SDK->obj->set_str(e, AT("reason"), CLEAT_STR("NodeStatusUnknown"));
    SDK->obj->set_str(e, AT("message"), CLEAT_STR("Kubelet stopped posting node status."));
    SDK->obj->set_str(e, AT("lastTransitionTime"), cleat_cstr(now));
#undef AT
}

cleat_err cleat_node_unknown(const cleat_obj *node, cleat_obj **ret, struct cleat_error *reterr) {
    char now[32];
    bool found[SILENT] = {false};
    struct cleat_iter it = {0};
    cleat_edit *e = SDK->obj->edit_new(node);
    struct cleat_val conditions = CLEAT_AT(SDK, node, "status", "conditions");
    now_text(now);
    while (SDK->obj->next(conditions, &it)) {
        struct cleat_str type = SDK->obj->str(member(it.val, "type"));
        for (size_t i = 0; i < SILENT; i++) {
            if (cleat_str_is(type, silent[i])) {
                found[i] = true;
                if (!cleat_str_is(SDK->obj->str(member(it.val, "status")), "Unknown")) {
                    set_unknown(e, it.index, now);
                }
            }
        }
    }
    for (size_t i = 0; i < SILENT; i++) {
        if (!found[i]) {
            add_never(e, node, silent[i], now);
        }
    }
    return SDK->obj->edit_finish(e, ret, reterr);
}

/* ---- taints ---- */

static const struct cleat_taint_rule by_condition[] = {
    {"Ready", "False", CLEAT_TAINT_NOT_READY, "NoSchedule", NULL},
    {"Ready", "Unknown", CLEAT_TAINT_UNREACHABLE, "NoSchedule", NULL},
    {"MemoryPressure", "True", "node.kubernetes.io/memory-pressure", "NoSchedule", NULL},
    {"DiskPressure", "True", "node.kubernetes.io/disk-pressure", "NoSchedule", NULL},
    {"PIDPressure", "True", "node.kubernetes.io/pid-pressure", "NoSchedule", NULL},
    {"NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable", "NoSchedule", NULL},
};
enum { BY_CONDITION = sizeof by_condition / sizeof *by_condition };

/* A field of the spec rather than a condition. */
static const struct cleat_taint_rule unschedulable = {
    NULL, NULL, "node.kubernetes.io/unschedulable", "NoSchedule", NULL};

/* Built in ones first, then the configuration's; NULL after the last. */
static const struct cleat_taint_rule *rule_at(const struct cleat_taint_rules *more, size_t i) {
    if (i < BY_CONDITION) {
        return &by_condition[i];
    }
    i -= BY_CONDITION;
    if (i == 0) {
        return &unschedulable;
    }
    return more != NULL && i - 1 < more->n ? &more->v[i - 1] : NULL;
}

static bool holds(const cleat_obj *node, const struct cleat_taint_rule *r) {
    if (r->type == NULL) {
        return SDK->obj->boolean(CLEAT_AT(SDK, node, "spec", "unschedulable"), 0);
    }
    struct cleat_val c = SDK->util->condition(node, r->type);
    return cleat_str_is(SDK->obj->str(member(c, "status")), r->status);
}

static bool is_of(const struct cleat_taint_rule *r, struct cleat_str key, struct cleat_str effect) {
    return cleat_str_is(key, r->key) && cleat_str_is(effect, r->effect);
}

/* What the taints of one Node should be, and what they are. */
struct tainting {
    const cleat_obj *node;
    const struct cleat_taint_rules *rules;
    const char *execute; /* the NoExecute taint that is due, or NULL */
    bool keep;           /* the NoExecute taints stay as they are */
};

enum verdict { FOREIGN, WANTED, UNWANTED };

static enum verdict judge(const struct tainting *t, struct cleat_val taint) {
    struct cleat_str key = SDK->obj->str(member(taint, "key"));
    struct cleat_str effect = SDK->obj->str(member(taint, "effect"));
    enum verdict v = FOREIGN;
    const struct cleat_taint_rule *r;
    if (cleat_str_is(effect, "NoExecute") &&
        (cleat_str_is(key, CLEAT_TAINT_NOT_READY) || cleat_str_is(key, CLEAT_TAINT_UNREACHABLE))) {
        bool wanted = t->keep || (t->execute != NULL && cleat_str_is(key, t->execute));
        return wanted ? WANTED : UNWANTED;
    }
    for (size_t i = 0; (r = rule_at(t->rules, i)) != NULL && v != WANTED; i++) {
        if (is_of(r, key, effect)) {
            v = holds(t->node, r) ? WANTED : UNWANTED;
        }
    }
    return v;
}

/* Whether the Node must still get rule i's taint. */
static bool is_missing(const struct tainting *t, size_t i) {
    const struct cleat_taint_rule *r = rule_at(t->rules, i);
    if (!holds(t->node, r) || cleat_node_has_effect(t->node, r->key, r->effect)) {
        return false;
    }
    while (i-- > 0) { /* two rules may ask for the same */
        const struct cleat_taint_rule *other = rule_at(t->rules, i);
        if (is_of(other, cleat_cstr(r->key), cleat_cstr(r->effect)) && holds(t->node, other)) {
            return false;
        }
    }
    return true;
}

static bool execute_is_missing(const struct tainting *t) {
    return t->execute != NULL && !cleat_node_has_effect(t->node, t->execute, "NoExecute");
}

static bool has_changes(const struct tainting *t) {
    struct cleat_val taints = CLEAT_AT(SDK, t->node, "spec", "taints");
    struct cleat_iter it = {0};
    bool changes = execute_is_missing(t);
    for (size_t i = 0; !changes && rule_at(t->rules, i) != NULL; i++) {
        changes = is_missing(t, i);
    }
    while (!changes && SDK->obj->next(taints, &it)) {
        changes = judge(t, it.val) == UNWANTED;
    }
    return changes;
}

static void append(cleat_edit *e, const char *key, const char *value, const char *effect) {
    char now[32];
    now_text(now);
    char *json =
        cleat_node_format("{\"key\":\"%s\",%s%s%s\"effect\":\"%s\",\"timeAdded\":\"%s\"}", key,
                          value != NULL ? "\"value\":\"" : "", value != NULL ? value : "",
                          value != NULL ? "\"," : "", effect, now);
    SDK->obj->set_json(e, CLEAT_PATH("spec", "taints", "-"), cleat_cstr(json));
    free(json);
}

/* Most Nodes have what they should, and this is asked of each of them again and
 * again: nothing is copied before there is something to change. */
cleat_err cleat_node_retaint(const cleat_obj *node, const struct cleat_taint_rules *rules,
                             const char *execute, bool keep, cleat_obj **ret,
                             struct cleat_error *reterr) {
    const struct tainting t = {node, rules, execute, keep};
    *ret = NULL;
    if (!has_changes(&t)) {
        return CLEAT_OK;
    }
    size_t n = 0;
    struct cleat_val taints = CLEAT_AT(SDK, node, "spec", "taints");
    struct cleat_iter it = {0};
    cleat_edit *e = SDK->obj->edit_new(node);
    SDK->obj->set_json(e, CLEAT_PATH("spec", "taints"), CLEAT_STR("[]"));
    while (SDK->obj->next(taints, &it)) {
        if (judge(&t, it.val) != UNWANTED) {
            SDK->obj->set_val(e, CLEAT_PATH("spec", "taints", "-"), it.val);
            n++;
        }
    }
    const struct cleat_taint_rule *r;
    for (size_t i = 0; (r = rule_at(rules, i)) != NULL; i++) {
        if (is_missing(&t, i)) {
            append(e, r->key, r->value, r->effect);
            n++;
        }
    }
    if (execute_is_missing(&t)) {
        append(e, execute, NULL, "NoExecute");
        n++;
    }
    if (n == 0) {
        SDK->obj->remove(e, CLEAT_PATH("spec", "taints"));
    }
    return SDK->obj->edit_finish(e, ret, reterr);
}

bool cleat_node_has_effect(const cleat_obj *node, const char *key, const char *effect) {
    struct cleat_val taints = CLEAT_AT(SDK, node, "spec", "taints");
    struct cleat_iter it = {0};
    while (SDK->obj->next(taints, &it)) {
        if (cleat_str_is(SDK->obj->str(member(it.val, "key")), key) &&
            cleat_str_is(SDK->obj->str(member(it.val, "effect")), effect)) {
            return true;
        }
    }
    return false;
}
