/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pod is given from the objects around it: a service account with its token
 * volume, a priority, tolerations, the overhead of its runtime. Each step looks
 * first and edits only where something is missing.
 */
#include "core/kinds/admit_internal.h"

#define TOKEN_PATH "/var/run/secrets/kubernetes.io/serviceaccount"
static const char *const container_lists[] = {"initContainers", "containers"};

static struct cleat_str spec_str(const cleat_obj *o, const char *member) {
    return cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", member)));
}

/* Adds an element to a list of the spec that may not be there. */
static void append(cleat_edit *e, const cleat_obj *o, const char *member, const char *json) {
    if (cleat_absent(cleat_obj_at(o, CLEAT_PATH("spec", member)))) {
        CLEAT_AUTO_FREE char *list = cleat_sprintf("[%s]", json);
        cleat_edit_set_json(e, CLEAT_PATH("spec", member), cleat_s(list));
    } else {
        cleat_edit_set_json(e, CLEAT_PATH("spec", member, "-"), cleat_s(json));
    }
}

/* ---- service accounts ---- */

static bool mounts_token(struct cleat_val container) {
    struct cleat_iter it = {0};
    struct cleat_val mounts = cleat_val_get(container, "volumeMounts");
    while (cleat_val_next(mounts, &it)) {
        if (cleat_eqc(cleat_str_at(it.val, "mountPath"), TOKEN_PATH)) {
            return true;
        }
    }
    return false;
}

/* The name of a token volume that is there already, or a new one. */
static char *volume_name(const cleat_obj *o, bool *ret_there) {
    static const char alphabet[] = "bcdfghjklmnpqrstvwxz2456789", prefix[] = "kube-api-access-";
    struct cleat_iter it = {0};
    struct cleat_val volumes = cleat_obj_at(o, CLEAT_PATH("spec", "volumes"));
    while (cleat_val_next(volumes, &it)) {
        struct cleat_str name = cleat_str_at(it.val, "name");
        if (name.n >= sizeof prefix - 1 && memcmp(name.p, prefix, sizeof prefix - 1) == 0 &&
            !cleat_absent(cleat_val_get(it.val, "projected"))) {
            *ret_there = true;
            return cleat_strndup(name);
        }
    }
    char tail[6] = {0};
    for (int i = 0; i < 5; i++) {
        tail[i] = alphabet[cleat_random() % (sizeof alphabet - 1)];
    }
    return cleat_sprintf("%s%s", prefix, tail);
}

static void mount_in(cleat_edit *e, const char *list, struct cleat_iter *it, const char *name) {
    CLEAT_AUTO_FREE char *index = cleat_sprintf("%u", it->index);
    CLEAT_AUTO_FREE char *mount =
        cleat_sprintf("{\"name\":\"%s\",\"readOnly\":true,\"mountPath\":\"" TOKEN_PATH "\"}", name);
    if (cleat_absent(cleat_val_get(it->val, "volumeMounts"))) {
        cleat_edit_set_json(e, CLEAT_PATH("spec", list, index, "volumeMounts"), CLEAT_STR("[]"));
    }
    cleat_edit_set_json(e, CLEAT_PATH("spec", list, index, "volumeMounts", "-"), cleat_s(mount));
}

static void mount_token(cleat_edit *e, const cleat_obj *o) {
    bool there = false, used = false;
    CLEAT_AUTO_FREE char *name = volume_name(o, &there);
    for (size_t i = 0; i < sizeof container_lists / sizeof *container_lists; i++) {
        struct cleat_iter it = {0};
        struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("spec", container_lists[i]));
        while (cleat_val_next(list, &it)) {
            if (cleat_val_type(it.val) == CLEAT_OBJECT && !mounts_token(it.val)) {
                mount_in(e, container_lists[i], &it, name);
                used = true;
            }
        }
    }
    if (!used || there) {
        return;
    }
    CLEAT_AUTO_FREE char *volume = cleat_sprintf(
        "{\"name\":\"%s\",\"projected\":{\"sources\":[{\"serviceAccountToken\":"
        "{\"expirationSeconds\":3607,\"path\":\"token\"}},{\"configMap\":{\"name\":"
        "\"kube-root-ca.crt\",\"items\":[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}},"
        "{\"downwardAPI\":{\"items\":[{\"path\":\"namespace\",\"fieldRef\":{\"apiVersion\":\"v1\","
        "\"fieldPath\":\"metadata.namespace\"}}]}}],\"defaultMode\":420}}",
        name);
    append(e, o, "volumes", volume);
}

static bool automounts(const cleat_obj *pod, const cleat_obj *account) {
    struct cleat_val own = cleat_obj_at(pod, CLEAT_PATH("spec", "automountServiceAccountToken"));
    if (!cleat_absent(own)) {
        return cleat_val_bool(own, 1);
    }
    return account == NULL ||
           cleat_val_bool(cleat_obj_at(account, CLEAT_PATH("automountServiceAccountToken")), 1);
}

cleat_err cleat_step_service_account(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                                     const cleat_obj *old) {
    static const char *const mirror = "kubernetes.io/config.mirror";
    (void)old;
    struct cleat_str name = spec_str(*obj, "serviceAccountName");
    struct cleat_str alias = spec_str(*obj, "serviceAccount");
    if (cleat_val_present(cleat_obj_at(*obj, CLEAT_PATH("metadata", "annotations", mirror)))) {
        return name.n == 0 ? CLEAT_OK
                           : cleat_admit_forbid(req, *obj,
                                                cleat_strdup("a mirror pod may not reference "
                                                             "service accounts"));
    }
    name = name.n > 0 ? name : alias.n > 0 ? alias : CLEAT_STR("default");
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    const struct cleat_kind *accounts = cleat_admit_kind(a, "", "serviceaccounts");
    const cleat_obj *account = cleat_snapshot_get(sn, accounts->id, req->ns, name);
    /* The one that every namespace gets may be a moment late: it comes, as upstream waits for it.
     */
    if (account == NULL && !cleat_eqc(name, "default")) {
        return cleat_admit_forbid(
            req, *obj,
            cleat_sprintf("error looking up service account %.*s/%.*s: serviceaccount \"%.*s\" not "
                          "found",
                          CLEAT_FMT(req->ns), CLEAT_FMT(name), CLEAT_FMT(name)));
    }
    cleat_edit *e = cleat_edit_new(*obj);
    cleat_edit_set_str(e, CLEAT_PATH("spec", "serviceAccountName"), name);
    cleat_edit_set_str(e, CLEAT_PATH("spec", "serviceAccount"), name);
    if (automounts(*obj, account)) {
        mount_token(e, *obj);
    }
    struct cleat_val secrets = {NULL, 0, 0};
    if (account != NULL) {
        secrets = cleat_obj_at(account, CLEAT_PATH("imagePullSecrets"));
    }
    if (cleat_val_count(secrets) > 0 &&
        cleat_val_count(cleat_obj_at(*obj, CLEAT_PATH("spec", "imagePullSecrets"))) == 0) {
        cleat_edit_set_val(e, CLEAT_PATH("spec", "imagePullSecrets"), secrets);
    }
    return cleat_admit_edit(req, e, obj);
}

/* ---- tolerations ---- */

static bool tolerates(struct cleat_val list, const char *taint) {
    struct cleat_iter it = {0};
    while (cleat_val_next(list, &it)) {
        struct cleat_str key = cleat_str_at(it.val, "key"), effect = cleat_str_at(it.val, "effect");
        if ((key.n == 0 || cleat_eqc(key, taint)) &&
            (effect.n == 0 || cleat_eqc(effect, "NoExecute"))) {
            return true;
        }
    }
    return false;
}

cleat_err cleat_step_tolerations(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                                 const cleat_obj *old) {
    static const char *const taints[] = {"node.kubernetes.io/not-ready",
                                         "node.kubernetes.io/unreachable"};
    const int64_t seconds[] = {a->not_ready_s, a->unreachable_s};
    struct cleat_val list = cleat_obj_at(*obj, CLEAT_PATH("spec", "tolerations"));
    CLEAT_AUTO_BUF more = {0};
    (void)old;
    for (size_t i = 0; i < sizeof taints / sizeof *taints; i++) {
        if (!tolerates(list, taints[i])) {
            cleat_buf_printf(&more,
                             "%s{\"key\":\"%s\",\"operator\":\"Exists\",\"effect\":\"NoExecute\","
                             "\"tolerationSeconds\":%lld}",
                             more.n > 0 ? "," : "", taints[i], (long long)seconds[i]);
        }
    }
    if (more.n == 0) {
        return CLEAT_OK;
    }
    struct cleat_str have = cleat_val_raw(list);
    bool some = cleat_val_count(list) > 0;
    CLEAT_AUTO_FREE char *all = some ? cleat_sprintf("%.*s,%s]", (int)have.n - 1, have.p, more.p)
                                     : cleat_sprintf("[%s]", more.p);
    cleat_edit *e = cleat_edit_new(*obj);
    cleat_edit_set_json(e, CLEAT_PATH("spec", "tolerations"), cleat_s(all));
    return cleat_admit_edit(req, e, obj);
}

/* ---- priority ---- */

static int64_t value_of(const cleat_obj *class) {
    int64_t n = 0;
    cleat_val_int(cleat_obj_at(class, CLEAT_PATH("value")), &n);
    return n;
}

/* The one that is the default for all pods: of several the lowest. Borrowed. */
static const cleat_obj *default_class(cleat_snapshot *sn, const struct cleat_kind *classes,
                                      struct cleat_str but) {
    struct cleat_range range;
    const cleat_obj *o, *best = NULL;
    cleat_range_init(&range, sn, classes->id, (struct cleat_str){NULL, 0});
    while ((o = cleat_range_next(&range)) != NULL) {
        if (cleat_val_bool(cleat_obj_at(o, CLEAT_PATH("globalDefault")), 0) &&
            !cleat_eq(cleat_obj_name(o), but) && (best == NULL || value_of(o) < value_of(best))) {
            best = o;
        }
    }
    return best;
}

/* An update that leaves them out keeps what the pod got. */
static cleat_err keep_priority(cleat_request *req, cleat_obj **obj, const cleat_obj *old) {
    static const char *const members[] = {"priority", "preemptionPolicy"};
    cleat_edit *e = cleat_edit_new(*obj);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct cleat_val was = cleat_obj_at(old, CLEAT_PATH("spec", members[i]));
        if (!cleat_absent(was) &&
            cleat_absent(cleat_obj_at(*obj, CLEAT_PATH("spec", members[i])))) {
            cleat_edit_set_val(e, CLEAT_PATH("spec", members[i]), was);
        }
    }
    return cleat_admit_edit(req, e, obj);
}

static cleat_err check_given(cleat_request *req, const cleat_obj *o, int64_t value,
                             struct cleat_str policy) {
    int64_t given = 0;
    struct cleat_str said = spec_str(o, "preemptionPolicy");
    if (cleat_val_int(cleat_obj_at(o, CLEAT_PATH("spec", "priority")), &given) && given != value) {
        return cleat_admit_forbid(
            req, o,
            cleat_sprintf("the integer value of priority (%lld) must not be provided in pod spec; "
                          "priority admission controller computed %lld from the given "
                          "PriorityClass name",
                          (long long)given, (long long)value));
    }
    if (said.n > 0 && !cleat_eq(said, policy)) {
        return cleat_admit_forbid(
            req, o,
            cleat_sprintf("the string value of PreemptionPolicy (%.*s) must not be provided in pod "
                          "spec; priority admission controller computed %.*s from the given "
                          "PriorityClass name",
                          CLEAT_FMT(said), CLEAT_FMT(policy)));
    }
    return CLEAT_OK;
}

cleat_err cleat_step_priority(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                              const cleat_obj *old) {
    const struct cleat_kind *classes = cleat_admit_kind(a, "scheduling.k8s.io", "priorityclasses");
    struct cleat_str name = spec_str(*obj, "priorityClassName"), none = {"", 0};
    if (old != NULL) {
        return keep_priority(req, obj, old);
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    const cleat_obj *class = name.n > 0 ? cleat_snapshot_get(sn, classes->id, none, name)
                                        : default_class(sn, classes, none);
    if (class == NULL && name.n > 0) {
        return cleat_admit_forbid(
            req, *obj, cleat_sprintf("no PriorityClass with name %.*s was found", CLEAT_FMT(name)));
    }
    int64_t value = class != NULL ? value_of(class) : 0;
    struct cleat_str policy = {"", 0};
    if (class != NULL) {
        policy = cleat_val_str(cleat_obj_at(class, CLEAT_PATH("preemptionPolicy")));
    }
    policy = policy.n > 0 ? policy : CLEAT_STR("PreemptLowerPriority");
    CLEAT_TRY(check_given(req, *obj, value, policy));
    cleat_edit *e = cleat_edit_new(*obj);
    if (name.n == 0 && class != NULL) {
        cleat_edit_set_str(e, CLEAT_PATH("spec", "priorityClassName"), cleat_obj_name(class));
    }
    cleat_edit_set_int(e, CLEAT_PATH("spec", "priority"), value);
    cleat_edit_set_str(e, CLEAT_PATH("spec", "preemptionPolicy"), policy);
    return cleat_admit_edit(req, e, obj);
}

cleat_err cleat_check_one_default_priority(cleat_admit *a, cleat_request *req, const cleat_obj *obj,
                                           const cleat_obj *old) {
    (void)old;
    if (!cleat_val_bool(cleat_obj_at(obj, CLEAT_PATH("globalDefault")), 0)) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    const cleat_obj *other = default_class(sn, req->kind, cleat_obj_name(obj));
    return other == NULL
               ? CLEAT_OK
               : cleat_admit_forbid(req, obj,
                                    cleat_sprintf("PriorityClass %.*s is already marked as "
                                                  "default. Only one default can exist",
                                                  CLEAT_FMT(cleat_obj_name(other))));
}

/* ---- runtime classes ---- */

static cleat_err schedule_as(cleat_request *req, cleat_edit *e, const cleat_obj *pod,
                             const cleat_obj *class) {
    struct cleat_iter it = {0};
    struct cleat_val wanted = cleat_obj_at(class, CLEAT_PATH("scheduling", "nodeSelector"));
    struct cleat_val have = cleat_obj_at(pod, CLEAT_PATH("spec", "nodeSelector"));
    while (cleat_val_type(wanted) == CLEAT_OBJECT && cleat_val_next(wanted, &it)) {
        CLEAT_AUTO_FREE char *key = cleat_strndup(it.key);
        struct cleat_val own = cleat_val_get_s(have, it.key);
        if (!cleat_absent(own) && !cleat_val_equal(own, it.val)) {
            return cleat_admit_forbid(
                req, pod,
                cleat_sprintf("conflict: runtimeClass.scheduling.nodeSelector[%s] = %.*s; "
                              "pod.spec.nodeSelector[%s] = %.*s",
                              key, CLEAT_FMT(cleat_val_str(it.val)), key,
                              CLEAT_FMT(cleat_val_str(own))));
        }
        cleat_edit_set_val(e, CLEAT_PATH("spec", "nodeSelector", key), it.val);
    }
    struct cleat_val list = cleat_obj_at(class, CLEAT_PATH("scheduling", "tolerations"));
    it = (struct cleat_iter){0};
    bool none = cleat_absent(cleat_obj_at(pod, CLEAT_PATH("spec", "tolerations")));
    if (none && cleat_val_count(list) > 0) {
        cleat_edit_set_json(e, CLEAT_PATH("spec", "tolerations"), CLEAT_STR("[]"));
    }
    while (cleat_val_next(list, &it)) {
        cleat_edit_set_val(e, CLEAT_PATH("spec", "tolerations", "-"), it.val);
    }
    return CLEAT_OK;
}

cleat_err cleat_step_runtime_class(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                                   const cleat_obj *old) {
    (void)old;
    struct cleat_str name = spec_str(*obj, "runtimeClassName"), none = {"", 0};
    struct cleat_val own = cleat_obj_at(*obj, CLEAT_PATH("spec", "overhead"));
    if (name.n == 0 && cleat_val_count(own) == 0) {
        return CLEAT_OK;
    }
    CLEAT_AUTO(cleat_snapshot) *sn = cleat_store_snapshot(a->store);
    const struct cleat_kind *classes = cleat_admit_kind(a, "node.k8s.io", "runtimeclasses");
    const cleat_obj *class = name.n > 0 ? cleat_snapshot_get(sn, classes->id, none, name) : NULL;
    if (name.n > 0 && class == NULL) {
        return cleat_admit_forbid(
            req, *obj,
            cleat_sprintf("pod rejected: RuntimeClass \"%.*s\" not found", CLEAT_FMT(name)));
    }
    struct cleat_val fixed = {NULL, 0, 0};
    if (class != NULL) {
        fixed = cleat_obj_at(class, CLEAT_PATH("overhead", "podFixed"));
    }
    if (cleat_val_count(own) > 0 && cleat_absent(fixed)) {
        return cleat_admit_forbid(req, *obj,
                                  cleat_strdup("pod rejected: Pod Overhead set without "
                                               "corresponding RuntimeClass defined Overhead"));
    }
    if (cleat_val_count(own) > 0 && !cleat_val_equal(own, fixed)) {
        return cleat_admit_forbid(req, *obj,
                                  cleat_strdup("pod rejected: Pod's Overhead doesn't match "
                                               "RuntimeClass's defined Overhead"));
    }
    cleat_edit *e = cleat_edit_new(*obj);
    if (!cleat_absent(fixed)) {
        cleat_edit_set_val(e, CLEAT_PATH("spec", "overhead"), fixed);
    }
    cleat_err err = class != NULL ? schedule_as(req, e, *obj, class) : CLEAT_OK;
    if (err != CLEAT_OK) {
        cleat_edit_free(e);
        return err;
    }
    return cleat_admit_edit(req, e, obj);
}

/* ---- nodes ---- */

/* A new node takes no pods until something has seen that it is ready. */
cleat_err cleat_step_node_taint(cleat_admit *a, cleat_request *req, cleat_obj **obj,
                                const cleat_obj *old) {
    static const char *const key = "node.kubernetes.io/not-ready";
    struct cleat_iter it = {0};
    struct cleat_val taints = cleat_obj_at(*obj, CLEAT_PATH("spec", "taints"));
    (void)a;
    (void)old;
    while (cleat_val_next(taints, &it)) {
        if (cleat_eqc(cleat_str_at(it.val, "key"), key) &&
            cleat_eqc(cleat_str_at(it.val, "effect"), "NoSchedule")) {
            return CLEAT_OK;
        }
    }
    cleat_edit *e = cleat_edit_new(*obj);
    append(e, *obj, "taints",
           "{\"key\":\"node.kubernetes.io/not-ready\",\"effect\":\"NoSchedule\"}");
    return cleat_admit_edit(req, e, obj);
}
