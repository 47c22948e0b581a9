/* SPDX-License-Identifier: Apache-2.0 */
/* Who makes pods: replication controllers, apps, batch; and autoscaling and policy. */
#include "core/kinds/cells.h"
#include "core/kinds/hpa_v1.h"
#include "core/kinds/kinds.h"
#include "core/kinds/warn.h"
#include "core/types/table.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- scale ---- */

static const char *const spec_replicas[] = {"spec", "replicas", NULL};
static const char *const status_replicas[] = {"status", "replicas", NULL};
static const char *const spec_selector[] = {"spec", "selector", NULL};
static const struct cleat_scale by_selector = {spec_replicas, status_replicas, spec_selector,
                                               CLEAT_SCALE_LABEL_SELECTOR};
static const struct cleat_scale by_labels = {spec_replicas, status_replicas, spec_selector,
                                             CLEAT_SCALE_LABELS};
#define SCALE(table)                                                                               \
    {                                                                                              \
        {.name = "scale",                                                                          \
         .group = "autoscaling",                                                                   \
         .version = "v1",                                                                          \
         .kind = "Scale",                                                                          \
         .type = T(autoscaling_v1_Scale),                                                          \
         .view = cleat_scale_view,                                                                 \
         .put = cleat_scale_put,                                                                   \
         .scale = &(table)},                                                                       \
            {.name = NULL},                                                                        \
    }
static const struct cleat_subresource scales[] = SCALE(by_selector);
static const struct cleat_subresource scales_by_labels[] = SCALE(by_labels);

/* ---- the tables ---- */

#define WORKLOAD                                                                                   \
    (CLEAT_KIND_NAMESPACED | CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_METADATA |                      \
     CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_GENERATION)
#define RULES(name)                                                                                \
    .columns = cleat_columns_##name, .defaults = cleat_default_##name,                             \
    .needs_defaults = cleat_needs_##name, .validate = cleat_validate_##name

/* clang-format off */
const struct cleat_kind cleat_kinds_controllers[] = {
    {.group = "", .version = "v1", .resource = "replicationcontrollers",
     .singular = "replicationcontroller", .kind = "ReplicationController", .flags = WORKLOAD,
     .orphans = "", .short_names = NAMES("rc"), .categories = NAMES("all"), .subresources = scales_by_labels,
     .selectable = NAMES("status.replicas"), RULES(replicationcontroller),
     .warn = cleat_warn_workload},
    {.group = "", .version = "v1", .resource = "podtemplates", .singular = "podtemplate",
     .kind = "PodTemplate",
     .flags = CLEAT_KIND_RETURNS | CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL |
              CLEAT_KIND_GENERATION,
     RULES(podtemplate), .warn = cleat_warn_podtemplate},
    {.resource = NULL},
};

#define APPS .group = "apps", .version = "v1"
const struct cleat_kind cleat_kinds_apps[] = {
    {APPS, .resource = "controllerrevisions", .singular = "controllerrevision",
     .kind = "ControllerRevision", .flags = CLEAT_KIND_NAMESPACED | CLEAT_KIND_UNCONDITIONAL,
     .columns = cleat_columns_controllerrevision, .validate = cleat_validate_controllerrevision},
    {APPS, .resource = "daemonsets", .singular = "daemonset", .kind = "DaemonSet",
     .flags = WORKLOAD, .short_names = NAMES("ds"), .categories = NAMES("all"), .admit = cleat_admit_daemonset, RULES(daemonset),
     .warn = cleat_warn_workload},
    {APPS, .resource = "deployments", .singular = "deployment", .kind = "Deployment",
     .flags = WORKLOAD | CLEAT_KIND_NOTES_COUNT, .short_names = NAMES("deploy"), .categories = NAMES("all"),
     .subresources = scales, RULES(deployment),
     .warn = cleat_warn_workload},
    {APPS, .resource = "replicasets", .singular = "replicaset", .kind = "ReplicaSet",
     .flags = WORKLOAD, .short_names = NAMES("rs"), .categories = NAMES("all"),
     .subresources = scales, .selectable = NAMES("status.replicas"), RULES(replicaset),
     .warn = cleat_warn_workload},
    {APPS, .resource = "statefulsets", .singular = "statefulset", .kind = "StatefulSet",
     .flags = WORKLOAD, .short_names = NAMES("sts"), .categories = NAMES("all"),
     .subresources = scales, RULES(statefulset),
     .warn = cleat_warn_workload},
    {.resource = NULL},
};

static const char job_orphans[] =
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background "
    "to remove them or set propagationPolicy=Orphan to suppress this warning";
#define BATCH .group = "batch", .version = "v1"
const struct cleat_kind cleat_kinds_batch[] = {
    {BATCH, .resource = "cronjobs", .singular = "cronjob", .kind = "CronJob", .flags = WORKLOAD,
     .short_names = NAMES("cj"), .categories = NAMES("all"), RULES(cronjob),
     .warn = cleat_warn_cronjob},
    {BATCH, .resource = "jobs", .singular = "job", .kind = "Job", .flags = WORKLOAD,
     .orphans = job_orphans, .categories = NAMES("all"), .selectable = NAMES("status.successful"), RULES(job),
     .warn = cleat_warn_workload},
    {.resource = NULL},
};

const struct cleat_kind cleat_kinds_autoscaling[] = {
    {.group = "autoscaling", .version = "v2", .resource = "horizontalpodautoscalers",
     .singular = "horizontalpodautoscaler", .kind = "HorizontalPodAutoscaler",
     .flags = WORKLOAD & ~(unsigned)CLEAT_KIND_GENERATION, .short_names = NAMES("hpa"),
     .categories = NAMES("all"), RULES(hpa)},
    {.group = "autoscaling", .version = "v1", .resource = "horizontalpodautoscalers",
     .singular = "horizontalpodautoscaler", .kind = "HorizontalPodAutoscaler",
     .flags = WORKLOAD & ~(unsigned)CLEAT_KIND_GENERATION, .short_names = NAMES("hpa"),
     .categories = NAMES("all"), .columns = cleat_columns_hpa, .defaults = cleat_default_hpa_v1,
     .needs_defaults = cleat_needs_hpa_v1, .validate = cleat_validate_hpa, .show = cleat_hpa_show,
     .keep = cleat_hpa_keep, .stored_as = "horizontalpodautoscalers.autoscaling",
     .stored_version = "autoscaling/v2"},
    {.resource = NULL},
};

const struct cleat_kind cleat_kinds_policy[] = {
    {.group = "policy", .version = "v1", .resource = "poddisruptionbudgets",
     .singular = "poddisruptionbudget", .kind = "PodDisruptionBudget",
     .flags = WORKLOAD & ~(unsigned)CLEAT_KIND_UNCONDITIONAL, .short_names = NAMES("pdb"),
     RULES(pdb)},
    {.resource = NULL},
};
/* clang-format on */
