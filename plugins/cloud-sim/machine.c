/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading Machine objects: what a field means where it is absent, the form of
 * the providerID, and what a Machine's Node looks like. Any thread; nothing
 * here keeps state.
 */
#include "sim.h"

#define OBJ (SDK->obj)

const char cleat_sim_kubelet_labels[] =
    "\"beta.kubernetes.io/arch\":\"amd64\",\"beta.kubernetes.io/os\":\"linux\","
    "\"kubernetes.io/arch\":\"amd64\",\"kubernetes.io/os\":\"linux\"";

bool cleat_sim_machine_is_on(const cleat_obj *machine) {
    return !cleat_str_is(CLEAT_TEXT(SDK, machine, "spec", "power"), "Off");
}

bool cleat_sim_machine_has_kubelet(const cleat_obj *machine) {
    return OBJ->boolean(CLEAT_AT(SDK, machine, "spec", "kubelet", "enabled"), 1) != 0;
}

bool cleat_sim_machine_crashed(const cleat_obj *machine) {
    return OBJ->boolean(CLEAT_AT(SDK, machine, "spec", "kubelet", "crashed"), 0) != 0;
}

static struct cleat_str text_or(const cleat_obj *machine, const char *field, const char *def) {
    struct cleat_val v = CLEAT_AT(SDK, machine, "spec", field);
    return OBJ->type(v) == CLEAT_STRING ? OBJ->str(v) : cleat_cstr(def);
}

struct cleat_str cleat_sim_machine_zone(const cleat_obj *machine) {
    return text_or(machine, "zone", "a");
}

struct cleat_str cleat_sim_machine_region(const cleat_obj *machine) {
    return text_or(machine, "region", "sim");
}

bool cleat_sim_machine_is_provisioned(const cleat_obj *machine) {
    return CLEAT_TEXT(SDK, machine, "status", "state").n > 0 &&
           OBJ->count(cleat_sim_machine_addresses(machine)) > 0;
}

char *cleat_sim_machine_provider_id(const cleat_obj *machine) {
    struct cleat_str zone = cleat_sim_machine_zone(machine), name = OBJ->name(machine),
                     uid = OBJ->uid(machine);
    return cleat_sim_format(CLEAT_SIM_SCHEME "%.*s/%.*s/%.*s", CLEAT_FMT(zone), CLEAT_FMT(name),
                            CLEAT_FMT(uid));
}

bool cleat_sim_provider_id_parse(struct cleat_str id, struct cleat_str *zone,
                                 struct cleat_str *name, struct cleat_str *uid) {
    const size_t scheme = sizeof CLEAT_SIM_SCHEME - 1;
    if (id.n <= scheme || memcmp(id.p, CLEAT_SIM_SCHEME, scheme) != 0) {
        return false;
    }
    const char *start = id.p + scheme, *end = id.p + id.n;
    const char *first = memchr(start, '/', (size_t)(end - start));
    if (first == NULL) {
        return false;
    }
    const char *second = memchr(first + 1, '/', (size_t)(end - first - 1));
    if (second == NULL || second + 1 == end) {
        return false;
    }
    *zone = (struct cleat_str){start, (size_t)(first - start)};
    *name = (struct cleat_str){first + 1, (size_t)(second - first - 1)};
    *uid = (struct cleat_str){second + 1, (size_t)(end - second - 1)};
    return true;
}

bool cleat_sim_provider_id_is(struct cleat_str id, const cleat_obj *machine) {
    struct cleat_str zone, name, uid;
    return cleat_sim_provider_id_parse(id, &zone, &name, &uid) &&
           cleat_str_eq(name, OBJ->name(machine)) && cleat_str_eq(uid, OBJ->uid(machine));
}

struct cleat_val cleat_sim_machine_addresses(const cleat_obj *machine) {
    struct cleat_val own = CLEAT_AT(SDK, machine, "spec", "addresses");
    return OBJ->count(own) > 0 ? own : CLEAT_AT(SDK, machine, "status", "addresses");
}

char *cleat_sim_machine_capacity(const cleat_obj *machine) {
    static const char *const defaults[][2] = {{"cpu", "\"4\""},
                                              {"ephemeral-storage", "\"100Gi\""},
                                              {"memory", "\"16Gi\""},
                                              {"pods", "\"110\""}};
    struct cleat_val given = CLEAT_AT(SDK, machine, "spec", "capacity");
    cleat_edit *e = OBJ->edit_new(NULL);
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        OBJ->set_json(e, CLEAT_PATH(defaults[i][0]), cleat_cstr(defaults[i][1]));
    }
    struct cleat_iter it = {0};
    while (OBJ->next(given, &it)) {
        char *key = cleat_sdk_dup(it.key);
        if (OBJ->type(it.val) == CLEAT_STRING) {
            OBJ->set_val(e, CLEAT_PATH(key), it.val);
        } else { /* 8 is as good as "8" */
            OBJ->set_str(e, CLEAT_PATH(key), OBJ->raw(it.val));
        }
        free(key);
    }
    cleat_obj *merged = NULL;
    if (OBJ->edit_finish(e, &merged, NULL) != CLEAT_OK) {
        return cleat_sdk_dup(CLEAT_STR("{}"));
    }
    char *text = cleat_sdk_dup(OBJ->bytes(merged));
    OBJ->unref(merged);
    return text;
}

char *cleat_sim_node_info(const cleat_obj *machine) {
    struct cleat_str uid = OBJ->uid(machine);
    return cleat_sim_format(
        "{\"machineID\":\"%.*s\",\"systemUUID\":\"%.*s\",\"bootID\":\"%.*s\","
        "\"kernelVersion\":\"6.1.0-sim\",\"osImage\":\"Simulated Linux\","
        "\"containerRuntimeVersion\":\"sim://1.0\",\"kubeletVersion\":\"v1.32.0+sim\","
        "\"kubeProxyVersion\":\"\",\"operatingSystem\":\"linux\",\"architecture\":\"amd64\"}",
        CLEAT_FMT(uid), CLEAT_FMT(uid), CLEAT_FMT(uid));
}

cleat_obj *cleat_sim_node_template(const cleat_obj *machine) {
    char *capacity = cleat_sim_machine_capacity(machine);
    char *text = cleat_sim_format("{\"metadata\":{\"labels\":{%s}},"
                                  "\"status\":{\"capacity\":%s,\"allocatable\":%s}}",
                                  cleat_sim_kubelet_labels, capacity, capacity);
    free(capacity);
    return cleat_sim_parse(text);
}
