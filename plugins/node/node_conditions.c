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
    now_text(now);
    while (SDK->obj->next(CLEAT_AT(SDK, node, "status", "conditions"), &it)) {
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

/* The condition, its status, and the key that it asks for. */
static const struct {
    const char *type, *status, *key;
} by_condition[] = {
    {"Ready", "False", CLEAT_TAINT_NOT_READY},
    {"Ready", "Unknown", CLEAT_TAINT_UNREACHABLE},
    {"MemoryPressure", "True", "node.kubernetes.io/memory-pressure"},
    {"DiskPressure", "True", "node.kubernetes.io/disk-pressure"},
    {"PIDPressure", "True", "node.kubernetes.io/pid-pressure"},
    {"NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"},
};
enum { BY_CONDITION = sizeof by_condition / sizeof *by_condition, WANTED = BY_CONDITION + 2 };
static const char unschedulable[] = "node.kubernetes.io/unschedulable";

struct wanted {
    const char *key, *effect;
    bool there;
};

static size_t what_is_wanted(const cleat_obj *node, const char *execute, struct wanted *w) {
    size_t n = 0;
    for (size_t i = 0; i < BY_CONDITION; i++) {
        struct cleat_val c = SDK->util->condition(node, by_condition[i].type);
        if (cleat_str_is(SDK->obj->str(member(c, "status")), by_condition[i].status)) {
            w[n++] = (struct wanted){by_condition[i].key, "NoSchedule", false};
        }
    }
    if (SDK->obj->boolean(CLEAT_AT(SDK, node, "spec", "unschedulable"), 0)) {
        w[n++] = (struct wanted){unschedulable, "NoSchedule", false};
    }
    if (execute != NULL) {
        w[n++] = (struct wanted){execute, "NoExecute", false};
    }
    return n;
}

/* Whether this controller answers for taints of this key and effect. */
static bool is_ours(struct cleat_str key, struct cleat_str effect, bool keep) {
    bool ready =
        cleat_str_is(key, CLEAT_TAINT_NOT_READY) || cleat_str_is(key, CLEAT_TAINT_UNREACHABLE);
    if (cleat_str_is(effect, "NoExecute")) {
        return ready && !keep;
    }
    bool ours = cleat_str_is(key, unschedulable);
    for (size_t i = 0; i < BY_CONDITION && !ours; i++) {
        ours = cleat_str_is(key, by_condition[i].key);
    }
    return ours && cleat_str_is(effect, "NoSchedule");
}

static bool is_wanted(struct wanted *w, size_t n, struct cleat_str key, struct cleat_str effect) {
    for (size_t i = 0; i < n; i++) {
        if (!w[i].there && cleat_str_is(key, w[i].key) && cleat_str_is(effect, w[i].effect)) {
            w[i].there = true;
            return true;
        }
    }
    return false;
}

static void append(cleat_edit *e, const struct wanted *w) {
    char now[32];
    now_text(now);
    char *json = cleat_node_format("{\"key\":\"%s\",\"effect\":\"%s\",\"timeAdded\":\"%s\"}",
                                   w->key, w->effect, now);
    SDK->obj->set_json(e, CLEAT_PATH("spec", "taints", "-"), cleat_cstr(json));
    free(json);
}

cleat_err cleat_node_retaint(const cleat_obj *node, const char *execute, bool keep, cleat_obj **ret,
                             struct cleat_error *reterr) {
    struct wanted w[WANTED];
    size_t n = what_is_wanted(node, execute, w), kept = 0, missing = 0;
    bool drops = false;
    struct cleat_val taints = CLEAT_AT(SDK, node, "spec", "taints");
    struct cleat_iter it = {0};
    cleat_edit *e = SDK->obj->edit_new(node);
    SDK->obj->set_json(e, CLEAT_PATH("spec", "taints"), CLEAT_STR("[]"));
    while (SDK->obj->next(taints, &it)) {
        struct cleat_str key = SDK->obj->str(member(it.val, "key"));
        struct cleat_str effect = SDK->obj->str(member(it.val, "effect"));
        if (is_wanted(w, n, key, effect) || !is_ours(key, effect, keep)) {
            SDK->obj->set_val(e, CLEAT_PATH("spec", "taints", "-"), it.val);
            kept++;
        } else {
            drops = true;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (!w[i].there) {
            append(e, &w[i]);
            missing++;
        }
    }
    if (!drops && missing == 0) {
        SDK->obj->edit_free(e);
        *ret = NULL;
        return CLEAT_OK;
    }
    if (kept + missing == 0) {
        SDK->obj->remove(e, CLEAT_PATH("spec", "taints"));
    }
    return SDK->obj->edit_finish(e, ret, reterr);
}

bool cleat_node_has_effect(const cleat_obj *node, const char *key, const char *effect) {
    struct cleat_iter it = {0};
    while (SDK->obj->next(CLEAT_AT(SDK, node, "spec", "taints"), &it)) {
        if (cleat_str_is(SDK->obj->str(member(it.val, "key")), key) &&
            cleat_str_is(SDK->obj->str(member(it.val, "effect")), effect)) {
            return true;
        }
    }
    return false;
}
