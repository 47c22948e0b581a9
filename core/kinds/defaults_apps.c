/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Defaults of the workload kinds: those of their types (defaults_tree.c), the
 * status that a new object begins with, and what a Job's selector is made of.
 * Pure; any thread.
 */
#include "core/kinds/kinds.h"
#include "core/types/table.h"

static bool without_status(const cleat_obj *o) {
    return !cleat_val_present(cleat_val_get(cleat_obj_root(o), "status"));
}

#define PLAIN(name, symbol, status)                                                                \
    bool cleat_needs_##name(const cleat_obj *o) {                                                  \
        return without_status(o) || cleat_needs_tree(o, T(symbol));                                \
    }                                                                                              \
    void cleat_default_##name(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {           \
        (void)old;                                                                                 \
        cleat_default_tree(e, o, T(symbol));                                                       \
        if (without_status(o)) {                                                                   \
            cleat_edit_set_json(e, CLEAT_PATH("status"), CLEAT_STR(status));                       \
        }                                                                                          \
    }
PLAIN(deployment, apps_v1_Deployment, "{}")
PLAIN(replicaset, apps_v1_ReplicaSet, "{\"replicas\":0}")
PLAIN(statefulset, apps_v1_StatefulSet, "{\"replicas\":0,\"availableReplicas\":0}")
PLAIN(daemonset, apps_v1_DaemonSet,
      "{\"currentNumberScheduled\":0,\"numberMisscheduled\":0,\"desiredNumberScheduled\":0,"
      "\"numberReady\":0}")
PLAIN(cronjob, batch_v1_CronJob, "{}")
PLAIN(hpa, autoscaling_v2_HorizontalPodAutoscaler, "{\"desiredReplicas\":0}")
PLAIN(pdb, policy_v1_PodDisruptionBudget,
      "{\"disruptionsAllowed\":0,\"currentHealthy\":0,\"desiredHealthy\":0,\"expectedPods\":0}")

/* ---- daemon sets: an annotation counts the templates ---- */

static const char *const template_generation = "deprecated.daemonset.template.generation";

cleat_err cleat_admit_daemonset(cleat_request *req, cleat_obj **obj, const cleat_obj *old) {
    cleat_path path = CLEAT_PATH("metadata", "annotations", template_generation);
    cleat_path template = CLEAT_PATH("spec", "template");
    long long n = 1;
    if (old != NULL) {
        CLEAT_AUTO_FREE char *before = cleat_val_strdup(cleat_obj_at(old, path));
        n = before != NULL ? strtoll(before, NULL, 10) : 0;
        n += !cleat_val_equal(cleat_obj_at(*obj, template), cleat_obj_at(old, template));
        n = n < 1 ? 1 : n;
    }
    CLEAT_AUTO_FREE char *text = cleat_sprintf("%lld", n);
    if (cleat_eqc(cleat_val_str(cleat_obj_at(*obj, path)), text)) {
        return CLEAT_OK;
    }
    cleat_edit *e = cleat_edit_new(*obj);
    cleat_obj *full = NULL;
    cleat_edit_set_str(e, path, cleat_s(text));
    CLEAT_TRY(cleat_edit_finish(e, &full, &req->error));
    cleat_obj_unref(*obj);
    *obj = full;
    return CLEAT_OK;
}

bool cleat_needs_podtemplate(const cleat_obj *o) {
    return cleat_needs_tree(o, T(core_v1_PodTemplate));
}

void cleat_default_podtemplate(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    cleat_default_tree(e, o, T(core_v1_PodTemplate));
}

/* ---- replication controllers: what is not said the template says ---- */

static struct cleat_val template_labels(const cleat_obj *o) {
    return cleat_obj_at(o, CLEAT_PATH("spec", "template", "metadata", "labels"));
}

static bool takes_labels(const cleat_obj *o, cleat_path path) {
    return cleat_val_count(template_labels(o)) > 0 && cleat_val_count(cleat_obj_at(o, path)) == 0;
}

bool cleat_needs_replicationcontroller(const cleat_obj *o) {
    return without_status(o) || cleat_needs_tree(o, T(core_v1_ReplicationController)) ||
           takes_labels(o, CLEAT_PATH("spec", "selector")) ||
           takes_labels(o, CLEAT_PATH("metadata", "labels"));
}

void cleat_default_replicationcontroller(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    (void)old;
    cleat_default_tree(e, o, T(core_v1_ReplicationController));
    if (without_status(o)) {
        cleat_edit_set_json(e, CLEAT_PATH("status"), CLEAT_STR("{\"replicas\":0}"));
    }
    if (takes_labels(o, CLEAT_PATH("spec", "selector"))) {
        cleat_edit_set_val(e, CLEAT_PATH("spec", "selector"), template_labels(o));
    }
    if (takes_labels(o, CLEAT_PATH("metadata", "labels"))) {
        cleat_edit_set_val(e, CLEAT_PATH("metadata", "labels"), template_labels(o));
    }
}

/* ---- jobs: pods are told apart by the Job's UID ---- */

#define CONTROLLER_UID "batch.kubernetes.io/controller-uid"
#define JOB_NAME       "batch.kubernetes.io/job-name"

static bool makes_selector(const cleat_obj *o) {
    return !cleat_val_bool(cleat_obj_at(o, CLEAT_PATH("spec", "manualSelector")), 0) &&
           !cleat_val_present(cleat_obj_at(o, CLEAT_PATH("spec", "selector")));
}

bool cleat_needs_job(const cleat_obj *o) {
    return without_status(o) || cleat_needs_tree(o, T(batch_v1_Job)) || makes_selector(o);
}

void cleat_default_job(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    cleat_default_tree(e, o, T(batch_v1_Job));
    if (without_status(o)) {
        cleat_edit_set_json(e, CLEAT_PATH("status"), CLEAT_STR("{}"));
    }
    if (takes_labels(o, CLEAT_PATH("metadata", "labels"))) {
        cleat_edit_set_val(e, CLEAT_PATH("metadata", "labels"), template_labels(o));
    }
    if (old != NULL || !makes_selector(o)) {
        return;
    }
    static const char *const by_uid[] = {CONTROLLER_UID, "controller-uid"};
    static const char *const by_name[] = {JOB_NAME, "job-name"};
    for (size_t i = 0; i < 2; i++) {
        cleat_edit_set_str(e, CLEAT_PATH("spec", "template", "metadata", "labels", by_uid[i]),
                           cleat_obj_uid(o));
        cleat_edit_set_str(e, CLEAT_PATH("spec", "template", "metadata", "labels", by_name[i]),
                           cleat_obj_name(o));
    }
    cleat_edit_set_str(e, CLEAT_PATH("spec", "selector", "matchLabels", CONTROLLER_UID),
                       cleat_obj_uid(o));
    if (cleat_val_count(cleat_obj_at(o, CLEAT_PATH("metadata", "labels"))) > 0) {
        return;
    }
    /* What has no labels has those of its pods, the made ones too. */
    for (size_t i = 0; i < 2; i++) {
        cleat_edit_set_str(e, CLEAT_PATH("metadata", "labels", by_uid[i]), cleat_obj_uid(o));
        cleat_edit_set_str(e, CLEAT_PATH("metadata", "labels", by_name[i]), cleat_obj_name(o));
    }
}
