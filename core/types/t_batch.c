/* SPDX-License-Identifier: Apache-2.0 */
/* Types of batch. See types.h. */
#include "core/types/table.h"

static const struct cleat_field batch_v1_Job_fields[] = {
    F(0, "apiVersion", T(string), ""),           F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "spec", T(batch_v1_JobSpec), ""),
    F(3, "status", T(batch_v1_JobStatus), ""),   END};
const struct cleat_type cleat_type_batch_v1_Job = {.name = "io.k8s.api.batch.v1.Job",
                                                   .doc = "",
                                                   .form = CLEAT_FORM_STRUCT,
                                                   .fields = batch_v1_Job_fields};

static const struct cleat_field batch_v1_JobList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(batch_v1_Job)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_batch_v1_JobList = {.name = "io.k8s.api.batch.v1.JobList",
                                                       .doc = "",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = batch_v1_JobList_fields};

static const struct cleat_field batch_v1_CronJob_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(batch_v1_CronJobSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(batch_v1_CronJobStatus), ""),
    END};
const struct cleat_type cleat_type_batch_v1_CronJob = {.name = "io.k8s.api.batch.v1.CronJob",
                                                       .doc = "",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = batch_v1_CronJob_fields};

static const struct cleat_field batch_v1_CronJobList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(batch_v1_CronJob)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_batch_v1_CronJobList = {.name =
                                                               "io.k8s.api.batch.v1.CronJobList",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = batch_v1_CronJobList_fields};

static const struct cleat_field batch_v1_JobSpec_fields[] = {
    F(1, "parallelism", T(int32), ""),
    F(2, "completions", T(int32), ""),
    F(3, "activeDeadlineSeconds", T(int64), ""),
    F(11, "podFailurePolicy", T(batch_v1_PodFailurePolicy), ""),
    F(16, "successPolicy", T(batch_v1_SuccessPolicy), ""),
    F(7, "backoffLimit", T(int32), ""),
    F(12, "backoffLimitPerIndex", T(int32), ""),
    F(13, "maxFailedIndexes", T(int32), ""),
    F(4, "selector", T(meta_v1_LabelSelector), ""),
    F(5, "manualSelector", T(bool), ""),
    F(6, "template", T(core_v1_PodTemplateSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "ttlSecondsAfterFinished", T(int32), ""),
    F(9, "completionMode", T(string), "", .values = "NonIndexed,Indexed"),
    F(10, "suspend", T(bool), ""),
    F(14, "podReplacementPolicy", T(string), "", .values = "TerminatingOrFailed,Failed"),
    F(15, "managedBy", T(string), ""),
    F(17, "scheduling", T(batch_v1_JobSchedulingConfiguration), ""),
    END};
const struct cleat_type cleat_type_batch_v1_JobSpec = {.name = "io.k8s.api.batch.v1.JobSpec",
                                                       .doc = "",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = batch_v1_JobSpec_fields};

static const struct cleat_field batch_v1_JobStatus_fields[] = {
    F(1, "conditions", LIST(T(batch_v1_JobCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .merge_key = "type"),
    F(2, "startTime", T(time), ""),
    F(3, "completionTime", T(time), ""),
    F(4, "active", T(int32), ""),
    F(5, "succeeded", T(int32), ""),
    F(6, "failed", T(int32), ""),
    F(11, "terminating", T(int32), ""),
    F(7, "completedIndexes", T(string), ""),
    F(10, "failedIndexes", T(string), ""),
    F(8, "uncountedTerminatedPods", T(batch_v1_UncountedTerminatedPods), ""),
    F(9, "ready", T(int32), ""),
    END};
const struct cleat_type cleat_type_batch_v1_JobStatus = {.name = "io.k8s.api.batch.v1.JobStatus",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = batch_v1_JobStatus_fields};

static const struct cleat_field batch_v1_CronJobSpec_fields[] = {
    F(1, "schedule", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "timeZone", T(string), ""),
    F(2, "startingDeadlineSeconds", T(int64), ""),
    F(3, "concurrencyPolicy", T(string), "", .values = "Allow,Forbid,Replace"),
    F(4, "suspend", T(bool), ""),
    F(5, "jobTemplate", T(batch_v1_JobTemplateSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "successfulJobsHistoryLimit", T(int32), ""),
    F(7, "failedJobsHistoryLimit", T(int32), ""),
    END};
const struct cleat_type cleat_type_batch_v1_CronJobSpec = {.name =
                                                               "io.k8s.api.batch.v1.CronJobSpec",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = batch_v1_CronJobSpec_fields};

static const struct cleat_field batch_v1_CronJobStatus_fields[] = {
    F(1, "active", LIST(T(core_v1_ObjectReference)), ""), F(4, "lastScheduleTime", T(time), ""),
    F(5, "lastSuccessfulTime", T(time), ""), END};
const struct cleat_type cleat_type_batch_v1_CronJobStatus = {
    .name = "io.k8s.api.batch.v1.CronJobStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_CronJobStatus_fields};

static const struct cleat_field batch_v1_PodFailurePolicy_fields[] = {
    F(1, "rules", LIST(T(batch_v1_PodFailurePolicyRule)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_batch_v1_PodFailurePolicy = {
    .name = "io.k8s.api.batch.v1.PodFailurePolicy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_PodFailurePolicy_fields};

static const struct cleat_field batch_v1_SuccessPolicy_fields[] = {
    F(1, "rules", LIST(T(batch_v1_SuccessPolicyRule)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_batch_v1_SuccessPolicy = {
    .name = "io.k8s.api.batch.v1.SuccessPolicy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_SuccessPolicy_fields};

const struct cleat_type cleat_type_batch_v1_JobSchedulingConfiguration = {
    .name = "io.k8s.api.batch.v1.JobSchedulingConfiguration",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = cleat_no_fields};

static const struct cleat_field batch_v1_JobCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastProbeTime", T(time), ""),
    F(4, "lastTransitionTime", T(time), ""),
    F(5, "reason", T(string), ""),
    F(6, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_batch_v1_JobCondition = {.name =
                                                                "io.k8s.api.batch.v1.JobCondition",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = batch_v1_JobCondition_fields};

static const struct cleat_field batch_v1_UncountedTerminatedPods_fields[] = {
    F(1, "succeeded", LIST(T(string)), "", .list = CLEAT_LIST_SET),
    F(2, "failed", LIST(T(string)), "", .list = CLEAT_LIST_SET), END};
const struct cleat_type cleat_type_batch_v1_UncountedTerminatedPods = {
    .name = "io.k8s.api.batch.v1.UncountedTerminatedPods",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_UncountedTerminatedPods_fields};

static const struct cleat_field batch_v1_JobTemplateSpec_fields[] = {
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), F(2, "spec", T(batch_v1_JobSpec), ""), END};
const struct cleat_type cleat_type_batch_v1_JobTemplateSpec = {
    .name = "io.k8s.api.batch.v1.JobTemplateSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_JobTemplateSpec_fields};

static const struct cleat_field batch_v1_PodFailurePolicyRule_fields[] = {
    F(1, "action", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "FailJob,FailIndex,Ignore,Count"),
    F(2, "onExitCodes", T(batch_v1_PodFailurePolicyOnExitCodesRequirement), ""),
    F(3, "onPodConditions", LIST(T(batch_v1_PodFailurePolicyOnPodConditionsPattern)), ""), END};
const struct cleat_type cleat_type_batch_v1_PodFailurePolicyRule = {
    .name = "io.k8s.api.batch.v1.PodFailurePolicyRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_PodFailurePolicyRule_fields};

static const struct cleat_field batch_v1_SuccessPolicyRule_fields[] = {
    F(1, "succeededIndexes", T(string), ""), F(2, "succeededCount", T(int32), ""), END};
const struct cleat_type cleat_type_batch_v1_SuccessPolicyRule = {
    .name = "io.k8s.api.batch.v1.SuccessPolicyRule",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_SuccessPolicyRule_fields};

static const struct cleat_field batch_v1_PodFailurePolicyOnExitCodesRequirement_fields[] = {
    F(1, "containerName", T(string), ""),
    F(2, "operator", T(string), "", .flags = CLEAT_FIELD_REQUIRED, .values = "In,NotIn"),
    F(3, "values", LIST(T(int32)), "", .flags = CLEAT_FIELD_REQUIRED, .list = CLEAT_LIST_SET), END};
const struct cleat_type cleat_type_batch_v1_PodFailurePolicyOnExitCodesRequirement = {
    .name = "io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_PodFailurePolicyOnExitCodesRequirement_fields};

static const struct cleat_field batch_v1_PodFailurePolicyOnPodConditionsPattern_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "status", T(string), ""), END};
const struct cleat_type cleat_type_batch_v1_PodFailurePolicyOnPodConditionsPattern = {
    .name = "io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_PodFailurePolicyOnPodConditionsPattern_fields};
