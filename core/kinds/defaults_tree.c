/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Defaults that go with a type wherever it stands: a container's in a pod, in a
 * template of a Deployment, in a template of a Job of a CronJob. A walk along the
 * object and its type finds what is missing; what a table cannot say a function
 * does. The values are upstream's (pkg/apis/{core,apps,batch,autoscaling}). Pure;
 * any thread.
 */
#include "core/kinds/kinds.h"
#include "core/types/table.h"

enum { DEPTH_MAX = 32 };

struct step {
    struct cleat_str key; /* of a member; p NULL: an element */
    uint32_t index;
};
struct walk {
    cleat_edit *edit; /* NULL: is anything missing? */
    struct step steps[DEPTH_MAX];
    size_t depth;
    bool missing;
};
struct tree_default {
    const struct cleat_type *type; /* NULL ends */
    const char *member, *json;
    /* Instead of member and json. */
    void (*fn)(struct walk *w, struct cleat_val v);
};

/* Sets a member of the value that the walk is at. */
static void set_json(struct walk *w, const char *member, struct cleat_str json) {
    const char *path[DEPTH_MAX + 2] = {NULL};
    char *owned[DEPTH_MAX] = {NULL};
    w->missing = true;
    if (w->edit == NULL) {
        return;
    }
    for (size_t i = 0; i < w->depth; i++) {
        const struct step *s = &w->steps[i];
        owned[i] = s->key.p != NULL ? cleat_strndup(s->key) : cleat_sprintf("%u", s->index);
        path[i] = owned[i];
    }
    path[w->depth] = member;
    cleat_edit_set_json(w->edit, path, json);
    for (size_t i = 0; i < w->depth; i++) {
        free(owned[i]);
    }
}

static bool absent(struct cleat_val v, const char *member) {
    struct cleat_val m = cleat_val_get(v, member);
    int32_t type = cleat_val_type(m);
    return type <= CLEAT_NULL || (type == CLEAT_STRING && cleat_val_str(m).n == 0);
}

static void set(struct walk *w, struct cleat_val v, const char *member, const char *json) {
    if (absent(v, member)) {
        set_json(w, member, cleat_s(json));
    }
}

/* ---- what a table cannot say ---- */

/* latest, or no tag: the image may be another one each time. */
static void pull_policy(struct walk *w, struct cleat_val v) {
    if (!absent(v, "imagePullPolicy")) {
        return;
    }
    struct cleat_str image = cleat_val_str(cleat_val_get(v, "image"));
    size_t start = 0;
    for (size_t i = 0; i < image.n; i++) {
        start = image.p[i] == '/' ? i + 1 : start;
    }
    struct cleat_str last = {image.p + start, image.n - start};
    const char *tag = last.n > 0 ? memchr(last.p, ':', last.n) : NULL;
    bool digest = last.n > 0 && memchr(last.p, '@', last.n) != NULL;
    bool latest =
        !digest && (tag == NULL ||
                    cleat_eqc((struct cleat_str){tag, last.n - (size_t)(tag - last.p)}, ":latest"));
    set_json(w, "imagePullPolicy",
             latest ? CLEAT_STR("\"Always\"") : CLEAT_STR("\"IfNotPresent\""));
}

static void volume_source(struct walk *w, struct cleat_val v) {
    struct cleat_iter it = {0};
    while (cleat_val_next(v, &it)) {
        if (!cleat_eqc(it.key, "name") && cleat_val_type(it.val) > CLEAT_NULL) {
            return;
        }
    }
    set_json(w, "emptyDir", CLEAT_STR("{}"));
}

/* "" is a type of its own: nothing is looked at. */
static void host_path_type(struct walk *w, struct cleat_val v) {
    if (cleat_val_type(cleat_val_get(v, "type")) <= CLEAT_NULL) {
        set_json(w, "type", CLEAT_STR("\"\""));
    }
}

static bool is(struct cleat_val v, const char *member, const char *text) {
    return cleat_eqc(cleat_val_str(cleat_val_get(v, member)), text);
}

/* A strategy whose type will be RollingUpdate has its settings. */
static void rolling(struct walk *w, struct cleat_val v, const char *json) {
    if (absent(v, "type") || is(v, "type", "RollingUpdate")) {
        set(w, v, "rollingUpdate", json);
    }
}

static void rolling_deployment(struct walk *w, struct cleat_val v) {
    rolling(w, v, "{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}");
}

static void rolling_daemonset(struct walk *w, struct cleat_val v) {
    rolling(w, v, "{\"maxUnavailable\":1,\"maxSurge\":0}");
}

static void rolling_statefulset(struct walk *w, struct cleat_val v) {
    rolling(w, v, "{\"partition\":0}");
}

static void job(struct walk *w, struct cleat_val v) {
    if (absent(v, "completions") && absent(v, "parallelism")) {
        set_json(w, "completions", CLEAT_STR("1"));
    }
    set(w, v, "parallelism", "1");
    set(w, v, "podReplacementPolicy",
        absent(v, "podFailurePolicy") ? "\"TerminatingOrFailed\"" : "\"Failed\"");
    if (absent(v, "backoffLimit")) {
        set_json(w, "backoffLimit",
                 absent(v, "backoffLimitPerIndex") ? CLEAT_STR("6") : CLEAT_STR("2147483647"));
    }
}

/* Ports of a pod on the node's network are the node's. */
static void host_ports(struct walk *w, struct cleat_val v) {
    static const char *const lists[] = {"containers", "initContainers"};
    if (!cleat_val_bool(cleat_val_get(v, "hostNetwork"), 0) || w->depth + 4 >= DEPTH_MAX) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        struct cleat_iter c = {0}, p = {0};
        struct cleat_val containers = cleat_val_get(v, lists[i]);
        while (cleat_val_next(containers, &c)) {
            p = (struct cleat_iter){0};
            struct cleat_val ports = cleat_val_get(c.val, "ports");
            while (cleat_val_next(ports, &p)) {
                int64_t port = 0, host = 0;
                cleat_val_int(cleat_val_get(p.val, "containerPort"), &port);
                cleat_val_int(cleat_val_get(p.val, "hostPort"), &host);
                if (host != 0 || port == 0) {
                    continue;
                }
                size_t depth = w->depth;
                CLEAT_AUTO_FREE char *text = cleat_sprintf("%lld", (long long)port);
                w->steps[w->depth++] = (struct step){cleat_s(lists[i]), 0};
                w->steps[w->depth++] = (struct step){{NULL, 0}, c.index};
                w->steps[w->depth++] = (struct step){CLEAT_STR("ports"), 0};
                w->steps[w->depth++] = (struct step){{NULL, 0}, p.index};
                set_json(w, "hostPort", cleat_s(text));
                w->depth = depth;
            }
        }
    }
}

/* serviceAccount is another name of serviceAccountName, which says more where both are there. */
static void account(struct walk *w, struct cleat_val v) {
    struct cleat_val name = cleat_val_get(v, "serviceAccountName");
    struct cleat_val other = cleat_val_get(v, "serviceAccount");
    bool named = cleat_val_str(name).n > 0;
    if (named ? !cleat_val_equal(name, other) : cleat_val_str(other).n > 0) {
        set_json(w, named ? "serviceAccount" : "serviceAccountName",
                 cleat_val_raw(named ? name : other));
    }
}

static void hpa_metrics(struct walk *w, struct cleat_val v) {
    if (cleat_val_count(cleat_val_get(v, "metrics")) == 0) {
        set_json(w, "metrics",
                 CLEAT_STR("[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{"
                           "\"type\":\"Utilization\",\"averageUtilization\":80}}}]"));
    }
}

/* What rules that are there leave out. */
static void rules(struct walk *w, struct cleat_val behavior, const char *member, size_t policies) {
    static const char *const texts[] = {
        "[{\"type\":\"Pods\",\"value\":4,\"periodSeconds\":15},{\"type\":\"Percent\",\"value\":100,"
        "\"periodSeconds\":15}]",
        "[{\"type\":\"Percent\",\"value\":100,\"periodSeconds\":15}]"};
    struct cleat_val v = cleat_val_get(behavior, member);
    if (cleat_val_type(v) != CLEAT_OBJECT || w->depth + 1 >= DEPTH_MAX) {
        return;
    }
    w->steps[w->depth++] = (struct step){cleat_s(member), 0};
    set(w, v, "selectPolicy", "\"Max\"");
    set(w, v, "policies", texts[policies]);
    if (policies == 0) {
        set(w, v, "stabilizationWindowSeconds", "0");
    }
    w->depth--;
}

static void hpa_behavior(struct walk *w, struct cleat_val v) {
    static const char up[] =
        "{\"stabilizationWindowSeconds\":0,\"selectPolicy\":\"Max\",\"policies\":[{\"type\":"
        "\"Pods\",\"value\":4,\"periodSeconds\":15},{\"type\":\"Percent\",\"value\":100,"
        "\"periodSeconds\":15}]}";
    static const char down[] = "{\"selectPolicy\":\"Max\",\"policies\":[{\"type\":\"Percent\","
                               "\"value\":100,\"periodSeconds\":15}]}";
    set(w, v, "scaleUp", up);
    set(w, v, "scaleDown", down);
    rules(w, v, "scaleUp", 0);
    rules(w, v, "scaleDown", 1);
}

/* ---- the table ---- */

#define ROW(symbol, name, text)                                                                    \
    { .type = T(symbol), .member = (name), .json = (text) }
#define FN(symbol, function)                                                                       \
    { .type = T(symbol), .fn = (function) }
#define CONTAINER(symbol)                                                                          \
    FN(symbol, pull_policy), ROW(symbol, "resources", "{}"),                                       \
        ROW(symbol, "terminationMessagePath", "\"/dev/termination-log\""),                         \
        ROW(symbol, "terminationMessagePolicy", "\"File\"")

/* clang-format off */
static const struct tree_default defaults[] = {
    ROW(core_v1_PodSpec, "restartPolicy", "\"Always\""),
    ROW(core_v1_PodSpec, "dnsPolicy", "\"ClusterFirst\""),
    ROW(core_v1_PodSpec, "terminationGracePeriodSeconds", "30"),
    ROW(core_v1_PodSpec, "schedulerName", "\"default-scheduler\""),
    ROW(core_v1_PodSpec, "securityContext", "{}"),
    FN(core_v1_PodSpec, host_ports),
    FN(core_v1_PodSpec, account),
    CONTAINER(core_v1_Container),
    CONTAINER(core_v1_EphemeralContainerCommon),
    ROW(core_v1_ContainerPort, "protocol", "\"TCP\""),
    ROW(core_v1_Probe, "timeoutSeconds", "1"),
    ROW(core_v1_Probe, "periodSeconds", "10"),
    ROW(core_v1_Probe, "successThreshold", "1"),
    ROW(core_v1_Probe, "failureThreshold", "3"),
    ROW(core_v1_HTTPGetAction, "path", "\"/\""),
    ROW(core_v1_HTTPGetAction, "scheme", "\"HTTP\""),
    ROW(core_v1_ObjectFieldSelector, "apiVersion", "\"v1\""),
    FN(core_v1_Volume, volume_source),
    ROW(core_v1_SecretVolumeSource, "defaultMode", "420"),
    ROW(core_v1_ConfigMapVolumeSource, "defaultMode", "420"),
    ROW(core_v1_DownwardAPIVolumeSource, "defaultMode", "420"),
    ROW(core_v1_ProjectedVolumeSource, "defaultMode", "420"),
    ROW(core_v1_ServiceAccountTokenProjection, "expirationSeconds", "3600"),
    ROW(core_v1_ISCSIVolumeSource, "iscsiInterface", "\"default\""),
    ROW(core_v1_RBDVolumeSource, "pool", "\"rbd\""),
    ROW(core_v1_RBDVolumeSource, "user", "\"admin\""),
    ROW(core_v1_RBDVolumeSource, "keyring", "\"/etc/ceph/keyring\""),
    ROW(core_v1_ISCSIPersistentVolumeSource, "iscsiInterface", "\"default\""),
    ROW(core_v1_RBDPersistentVolumeSource, "pool", "\"rbd\""),
    ROW(core_v1_RBDPersistentVolumeSource, "user", "\"admin\""),
    ROW(core_v1_RBDPersistentVolumeSource, "keyring", "\"/etc/ceph/keyring\""),
    ROW(core_v1_ScaleIOPersistentVolumeSource, "storageMode", "\"ThinProvisioned\""),
    ROW(core_v1_ScaleIOPersistentVolumeSource, "fsType", "\"xfs\""),
    ROW(core_v1_AzureDiskVolumeSource, "cachingMode", "\"ReadWrite\""),
    ROW(core_v1_AzureDiskVolumeSource, "kind", "\"Shared\""),
    ROW(core_v1_AzureDiskVolumeSource, "fsType", "\"ext4\""),
    ROW(core_v1_AzureDiskVolumeSource, "readOnly", "false"),
    ROW(core_v1_ScaleIOVolumeSource, "storageMode", "\"ThinProvisioned\""),
    ROW(core_v1_ScaleIOVolumeSource, "fsType", "\"xfs\""),
    ROW(core_v1_PersistentVolumeClaimSpec, "volumeMode", "\"Filesystem\""),
    ROW(core_v1_PersistentVolumeClaim, "kind", "\"PersistentVolumeClaim\""),
    ROW(core_v1_PersistentVolumeClaim, "apiVersion", "\"v1\""),
    ROW(core_v1_PersistentVolumeClaim, "status", "{\"phase\":\"Pending\"}"),
    FN(core_v1_HostPathVolumeSource, host_path_type),
    ROW(core_v1_ReplicationControllerSpec, "replicas", "1"),
    ROW(apps_v1_DeploymentSpec, "replicas", "1"),
    ROW(apps_v1_DeploymentSpec, "strategy",
        "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}}"),
    ROW(apps_v1_DeploymentSpec, "revisionHistoryLimit", "10"),
    ROW(apps_v1_DeploymentSpec, "progressDeadlineSeconds", "600"),
    ROW(apps_v1_DeploymentStrategy, "type", "\"RollingUpdate\""),
    FN(apps_v1_DeploymentStrategy, rolling_deployment),
    ROW(apps_v1_RollingUpdateDeployment, "maxUnavailable", "\"25%\""),
    ROW(apps_v1_RollingUpdateDeployment, "maxSurge", "\"25%\""),
    ROW(apps_v1_ReplicaSetSpec, "replicas", "1"),
    ROW(apps_v1_DaemonSetSpec, "updateStrategy",
        "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":1,\"maxSurge\":0}}"),
    ROW(apps_v1_DaemonSetSpec, "revisionHistoryLimit", "10"),
    ROW(apps_v1_DaemonSetUpdateStrategy, "type", "\"RollingUpdate\""),
    FN(apps_v1_DaemonSetUpdateStrategy, rolling_daemonset),
    ROW(apps_v1_RollingUpdateDaemonSet, "maxUnavailable", "1"),
    ROW(apps_v1_RollingUpdateDaemonSet, "maxSurge", "0"),
    ROW(apps_v1_StatefulSetSpec, "replicas", "1"),
    ROW(apps_v1_StatefulSetSpec, "podManagementPolicy", "\"OrderedReady\""),
    ROW(apps_v1_StatefulSetSpec, "revisionHistoryLimit", "10"),
    ROW(apps_v1_StatefulSetSpec, "updateStrategy",
        "{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":0}}"),
    ROW(apps_v1_StatefulSetSpec, "persistentVolumeClaimRetentionPolicy",
        "{\"whenDeleted\":\"Retain\",\"whenScaled\":\"Retain\"}"),
    ROW(apps_v1_StatefulSetUpdateStrategy, "type", "\"RollingUpdate\""),
    FN(apps_v1_StatefulSetUpdateStrategy, rolling_statefulset),
    ROW(apps_v1_RollingUpdateStatefulSetStrategy, "partition", "0"),
    ROW(apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy, "whenDeleted", "\"Retain\""),
    ROW(apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy, "whenScaled", "\"Retain\""),
    ROW(batch_v1_CronJobSpec, "concurrencyPolicy", "\"Allow\""),
    ROW(batch_v1_CronJobSpec, "suspend", "false"),
    ROW(batch_v1_CronJobSpec, "successfulJobsHistoryLimit", "3"),
    ROW(batch_v1_CronJobSpec, "failedJobsHistoryLimit", "1"),
    ROW(batch_v1_PodFailurePolicyOnPodConditionsPattern, "status", "\"True\""),
    ROW(autoscaling_v2_HorizontalPodAutoscalerSpec, "minReplicas", "1"),
    FN(autoscaling_v2_HorizontalPodAutoscalerSpec, hpa_metrics),
    FN(autoscaling_v2_HorizontalPodAutoscalerBehavior, hpa_behavior),
    {.type = NULL},
};
/* A Job's own; a CronJob's template of one stays as it was written. */
static const struct tree_default job_defaults[] = {
    ROW(batch_v1_JobSpec, "completionMode", "\"NonIndexed\""),
    ROW(batch_v1_JobSpec, "suspend", "false"),
    ROW(batch_v1_JobSpec, "manualSelector", "false"),
    FN(batch_v1_JobSpec, job),
    {.type = NULL},
};
/* clang-format on */

/* ---- the walk ---- */

static void visit(struct walk *w, const struct cleat_type *t, struct cleat_val v);

static void apply(struct walk *w, const struct tree_default *table, const struct cleat_type *t,
                  struct cleat_val v) {
    for (const struct tree_default *d = table; d->type != NULL; d++) {
        if (d->type == t && d->fn != NULL) {
            d->fn(w, v);
        } else if (d->type == t) {
            set(w, v, d->member, d->json);
        }
    }
}

static void visit_struct(struct walk *w, const struct cleat_type *t, struct cleat_val v) {
    apply(w, defaults, t, v);
    for (const struct cleat_field *f = t->fields; f->name != NULL; f++) {
        if (f->flags & CLEAT_FIELD_INLINE) {
            visit_struct(w, f->type, v);
        } else if (f->type->form == CLEAT_FORM_STRUCT || f->type->form == CLEAT_FORM_LIST ||
                   f->type->form == CLEAT_FORM_MAP) {
            struct cleat_val m = cleat_val_get(v, f->name);
            if (cleat_val_type(m) >= CLEAT_ARRAY) {
                w->steps[w->depth++] = (struct step){cleat_s(f->name), 0};
                visit(w, f->type, m);
                w->depth--;
            }
        }
    }
}

static void visit(struct walk *w, const struct cleat_type *t, struct cleat_val v) {
    struct cleat_iter it = {0};
    if (w->depth + 2 >= DEPTH_MAX || (w->edit == NULL && w->missing)) {
        return;
    }
    if (t->form == CLEAT_FORM_STRUCT && cleat_val_type(v) == CLEAT_OBJECT) {
        visit_struct(w, t, v);
    } else if (t->form == CLEAT_FORM_LIST && cleat_val_type(v) == CLEAT_ARRAY &&
               t->elem->form == CLEAT_FORM_STRUCT) {
        while (cleat_val_next(v, &it)) {
            w->steps[w->depth++] = (struct step){{NULL, 0}, it.index};
            visit(w, t->elem, it.val);
            w->depth--;
        }
    }
}

static bool walk_spec(cleat_edit *e, const cleat_obj *o, const struct cleat_type *t,
                      const struct tree_default *more) {
    const char *part = t == T(core_v1_PodTemplate) ? "template" : "spec";
    const struct cleat_field *spec = cleat_type_field(t, cleat_s(part));
    struct cleat_val v = cleat_val_get(cleat_obj_root(o), part);
    struct walk w = {.edit = e, .steps = {{cleat_s(part), 0}}, .depth = 1};
    if (spec == NULL || cleat_val_type(v) != CLEAT_OBJECT) {
        return false;
    }
    if (more != NULL) {
        apply(&w, more, spec->type, v);
    }
    visit(&w, spec->type, v);
    return w.missing;
}

void cleat_default_tree(cleat_edit *e, const cleat_obj *o, const struct cleat_type *t) {
    walk_spec(e, o, t, t == T(batch_v1_Job) ? job_defaults : NULL);
}

bool cleat_needs_tree(const cleat_obj *o, const struct cleat_type *t) {
    return walk_spec(NULL, o, t, t == T(batch_v1_Job) ? job_defaults : NULL);
}
