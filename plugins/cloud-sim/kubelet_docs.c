/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents that a hollow kubelet writes: the status of its Node, its Node
 * where it registers itself, its Lease. Built from the object that is there, so
 * that what others have written stays. Any thread; keeps no state.
 */
#include "engine.h"

#define OBJ (SDK->obj)

static const struct {
    const char *type, *good, *reason, *message;
} conditions[] = {
    /* Ready comes last, as kubelets have it */
    {"MemoryPressure", "False", "KubeletHasSufficientMemory",
     "kubelet has sufficient memory available"},
    {"DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"},
    {"PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"},
    {"Ready", "True", "KubeletReady", "kubelet is posting ready status"},
};
enum { N_CONDITIONS = sizeof conditions / sizeof *conditions, READY = N_CONDITIONS - 1 };

static bool is_ours(struct cleat_str type) {
    for (int i = 0; i < N_CONDITIONS; i++) {
        if (cleat_str_is(type, conditions[i].type)) {
            return true;
        }
    }
    return false;
}

/* One condition as JSON text, owned. */
static char *condition(const cleat_obj *node, int i, bool ready, const char *now) {
    const char *status = i == READY && !ready ? "False" : conditions[i].good;
    const char *reason = i == READY && !ready ? "KubeletNotReady" : conditions[i].reason;
    const char *message = i == READY && !ready ? "node is shutting down" : conditions[i].message;
    struct cleat_val have = SDK->util->condition(node, conditions[i].type);
    struct cleat_str since = cleat_cstr(now);
    if (cleat_str_is(OBJ->str(OBJ->at(have, CLEAT_PATH("status"))), status)) {
        struct cleat_str then = OBJ->str(OBJ->at(have, CLEAT_PATH("lastTransitionTime")));
        since = then.n > 0 ? then : since;
    }
    return cleat_sim_format("{\"type\":\"%s\",\"status\":\"%s\",\"lastHeartbeatTime\":\"%s\","
                            "\"lastTransitionTime\":\"%.*s\",\"reason\":\"%s\",\"message\":\"%s\"}",
                            conditions[i].type, status, now, CLEAT_FMT(since), reason, message);
}

static void set_conditions(cleat_edit *e, const cleat_obj *node, bool ready) {
    char now[32];
    OBJ->time_format(SDK->clock->wall(), 0, now);
    OBJ->set_json(e, CLEAT_PATH("status", "conditions"), CLEAT_STR("[]"));
    struct cleat_iter it = {0};
    while (OBJ->next(CLEAT_AT(SDK, node, "status", "conditions"), &it)) {
        if (!is_ours(OBJ->str(OBJ->at(it.val, CLEAT_PATH("type"))))) {
            OBJ->set_val(e, CLEAT_PATH("status", "conditions", "-"), it.val);
        }
    }
    for (int i = 0; i < N_CONDITIONS; i++) {
        char *text = condition(node, i, ready, now);
        OBJ->set_json(e, CLEAT_PATH("status", "conditions", "-"), cleat_cstr(text));
        free(text);
    }
}

static cleat_obj *finish(const struct cleat_sim_view *v, cleat_edit *e) {
    cleat_obj *o = NULL;
    struct cleat_error why = CLEAT_ERROR_INIT;
    if (OBJ->edit_finish(e, &o, &why) != CLEAT_OK) {
        cleat_sim_log(CLEAT_LOG_ERROR, "kubelet of %s: %s", v->s.name, why.message);
    }
    return o;
}

cleat_obj *cleat_sim_node_status(const struct cleat_sim_view *v, bool ready) {
    cleat_edit *e = OBJ->edit_new(v->node);
    char *capacity = cleat_sim_machine_capacity(v->s.machine);
    char *info = cleat_sim_node_info(v->s.machine);
    OBJ->set_json(e, CLEAT_PATH("status", "capacity"), cleat_cstr(capacity));
    OBJ->set_json(e, CLEAT_PATH("status", "allocatable"), cleat_cstr(capacity));
    OBJ->set_json(e, CLEAT_PATH("status", "nodeInfo"), cleat_cstr(info));
    OBJ->set_int(e, CLEAT_PATH("status", "daemonEndpoints", "kubeletEndpoint", "Port"), 10250);
    free(capacity);
    free(info);
    /* with an external cloud a kubelet says its host name, and leaves the rest alone */
    if (OBJ->count(CLEAT_AT(SDK, v->node, "status", "addresses")) == 0) {
        char *text = cleat_sim_format("[{\"type\":\"Hostname\",\"address\":\"%s\"}]", v->s.name);
        OBJ->set_json(e, CLEAT_PATH("status", "addresses"), cleat_cstr(text));
        free(text);
    }
    set_conditions(e, v->node, ready);
    return finish(v, e);
}

cleat_obj *cleat_sim_node_new(const struct cleat_sim_view *v) {
    return cleat_sim_parse(cleat_sim_format(
        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"%s\",\"labels\":{%s,"
        "\"kubernetes.io/hostname\":\"%s\",\"" CLEAT_LABEL_PROVIDER "\":\"" CLEAT_SIM_NAME
        "\"}},\"spec\":{\"taints\":[{\"key\":\"" CLEAT_SIM_TAINT_UNINITIALIZED
        "\",\"value\":\"true\",\"effect\":\"NoSchedule\"}]},\"status\":{\"addresses\":[{"
        "\"type\":\"Hostname\",\"address\":\"%s\"}]}}",
        v->s.name, cleat_sim_kubelet_labels, v->s.name, v->s.name));
}

/* ---- Lease ---- */

static int64_t lease_seconds(const cleat_obj *machine) {
    int64_t s = cleat_sim_int(CLEAT_AT(SDK, machine, "spec", "kubelet", "leaseSeconds"), 40);
    return s >= 4 ? s : 4;
}

cleat_time cleat_sim_lease_period(const cleat_obj *machine) {
    return lease_seconds(machine) * CLEAT_SECOND / 4;
}

cleat_obj *cleat_sim_lease_new(const struct cleat_sim_view *v) {
    char now[32];
    OBJ->time_format(SDK->clock->wall(), 1, now);
    struct cleat_str uid = OBJ->uid(v->node);
    return cleat_sim_parse(cleat_sim_format(
        "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{"
        "\"name\":\"%s\",\"namespace\":\"kube-node-lease\",\"ownerReferences\":[{"
        "\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"%s\",\"uid\":\"%.*s\"}]},"
        "\"spec\":{\"holderIdentity\":\"%s\",\"leaseDurationSeconds\":%lld,\"renewTime\":\"%s\"}}",
        v->s.name, v->s.name, CLEAT_FMT(uid), v->s.name, (long long)lease_seconds(v->s.machine),
        now));
}

cleat_obj *cleat_sim_lease_renewed(const struct cleat_sim_view *v, const cleat_obj *lease) {
    char now[32];
    OBJ->time_format(SDK->clock->wall(), 1, now);
    cleat_edit *e = OBJ->edit_new(lease);
    OBJ->set_str(e, CLEAT_PATH("spec", "renewTime"), cleat_cstr(now));
    if (!cleat_str_is(CLEAT_TEXT(SDK, lease, "spec", "holderIdentity"), v->s.name)) {
        OBJ->set_str(e, CLEAT_PATH("spec", "holderIdentity"), cleat_cstr(v->s.name));
    }
    struct cleat_str uid = OBJ->uid(v->node);
    if (!cleat_str_eq(CLEAT_TEXT(SDK, lease, "metadata", "ownerReferences", "0", "uid"), uid)) {
        char *owner = cleat_sim_format(
            "[{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"%s\",\"uid\":\"%.*s\"}]",
            v->s.name, CLEAT_FMT(uid));
        OBJ->set_json(e, CLEAT_PATH("metadata", "ownerReferences"), cleat_cstr(owner));
        free(owner);
    }
    return finish(v, e);
}
