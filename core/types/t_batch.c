/* SPDX-License-Identifier: Apache-2.0 */
/* Types of batch. See types.h. */
#include "core/types/table.h"

static const struct cleat_field batch_v1_Job_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(batch_v1_JobSpec), "What is wanted."),
    F(3, "status", T(batch_v1_JobStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_batch_v1_Job = {
    .name = "io.k8s.api.batch.v1.Job",
    .doc = "Runs pods until enough of them have succeeded.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_Job_fields};

static const struct cleat_field batch_v1_JobList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(batch_v1_Job)), "The objects of the list.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_batch_v1_JobList = {.name = "io.k8s.api.batch.v1.JobList",
                                                       .doc = "A list of Job objects.",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = batch_v1_JobList_fields};

static const struct cleat_field batch_v1_CronJob_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(batch_v1_CronJobSpec), "What is wanted.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(batch_v1_CronJobStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_batch_v1_CronJob = {.name = "io.k8s.api.batch.v1.CronJob",
                                                       .doc = "Starts Jobs by the clock.",
                                                       .form = CLEAT_FORM_STRUCT,
                                                       .fields = batch_v1_CronJob_fields};

static const struct cleat_field batch_v1_CronJobList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(batch_v1_CronJob)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_batch_v1_CronJobList = {.name =
                                                               "io.k8s.api.batch.v1.CronJobList",
                                                           .doc = "A list of CronJob objects.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = batch_v1_CronJobList_fields};

static const struct cleat_field batch_v1_JobSpec_fields[] = {
    F(1, "parallelism", T(int32), "How many run at the same time.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "completions", T(int32), "How many must succeed.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "activeDeadlineSeconds", T(int64), "After how many seconds the Job is ended and failed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(11, "podFailurePolicy", T(batch_v1_PodFailurePolicy),
      "What to do about pods that fail, by how they fail.", .flags = CLEAT_FIELD_NULLABLE),
    F(16, "successPolicy", T(batch_v1_SuccessPolicy),
      "When the Job counts as done before all have succeeded.", .flags = CLEAT_FIELD_NULLABLE),
    F(7, "backoffLimit", T(int32), "How many failures until the Job has failed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "backoffLimitPerIndex", T(int32), "How many failures for each index.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(13, "maxFailedIndexes", T(int32), "How many indexes may fail.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "selector", T(meta_v1_LabelSelector), "Which pods belong to it; made by the system.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "manualSelector", T(bool), "The selector was chosen by hand.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "template", T(core_v1_PodTemplateSpec), "The pod.", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "ttlSecondsAfterFinished", T(int32), "How many seconds it is kept once it is done.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(9, "completionMode", T(string), "NonIndexed, or Indexed to give each pod a number.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "NonIndexed,Indexed"),
    F(10, "suspend", T(bool), "Start nothing for now.", .flags = CLEAT_FIELD_NULLABLE),
    F(14, "podReplacementPolicy", T(string),
      "When a pod is replaced: TerminatingOrFailed or Failed.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "TerminatingOrFailed,Failed"),
    F(15, "managedBy", T(string), "Which controller takes care of it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(17, "scheduling", T(batch_v1_JobSchedulingConfiguration), "How its pods are placed together.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_batch_v1_JobSpec = {
    .name = "io.k8s.api.batch.v1.JobSpec",
    .doc = "Which pods, how many, and what to do when they fail.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_JobSpec_fields};

static const struct cleat_field batch_v1_JobStatus_fields[] = {
    F(1, "conditions", LIST(T(batch_v1_JobCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .merge_key = "type"),
    F(2, "startTime", T(time), "When it was started.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "completionTime", T(time), "When it was done.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "active", T(int32), "How many pods run."),
    F(5, "succeeded", T(int32), "How many pods have succeeded."),
    F(6, "failed", T(int32), "How many pods have failed."),
    F(11, "terminating", T(int32), "How many pods are being deleted.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "completedIndexes", T(string), "The indexes that are done, such as 1,3-5."),
    F(10, "failedIndexes", T(string), "The indexes that have failed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(8, "uncountedTerminatedPods", T(batch_v1_UncountedTerminatedPods),
      "Pods that have ended and are not counted yet.", .flags = CLEAT_FIELD_NULLABLE),
    F(9, "ready", T(int32), "How many pods are ready.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_batch_v1_JobStatus = {.name = "io.k8s.api.batch.v1.JobStatus",
                                                         .doc = "How far a Job is.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = batch_v1_JobStatus_fields};

static const struct cleat_field batch_v1_CronJobSpec_fields[] = {
    F(1, "schedule", T(string), "Minute, hour, day, month and weekday, as for cron.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(8, "timeZone", T(string),
      "The time zone of the schedule; the controller's own where nothing is said.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "startingDeadlineSeconds", T(int64), "How late it may still be started.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "concurrencyPolicy", T(string),
      "Allow, Forbid or Replace, when the one before still runs.",
      .values = "Allow,Forbid,Replace"),
    F(4, "suspend", T(bool), "Start nothing for now.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "jobTemplate", T(batch_v1_JobTemplateSpec), "The Job.", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "successfulJobsHistoryLimit", T(int32), "How many finished Jobs to keep.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "failedJobsHistoryLimit", T(int32), "How many failed Jobs to keep.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_batch_v1_CronJobSpec = {.name =
                                                               "io.k8s.api.batch.v1.CronJobSpec",
                                                           .doc = "When, and what.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = batch_v1_CronJobSpec_fields};

static const struct cleat_field batch_v1_CronJobStatus_fields[] = {
    F(1, "active", LIST(T(core_v1_ObjectReference)), "Jobs that run."),
    F(4, "lastScheduleTime", T(time), "When it was last due and started.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "lastSuccessfulTime", T(time), "When a Job of it last succeeded.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_batch_v1_CronJobStatus = {
    .name = "io.k8s.api.batch.v1.CronJobStatus",
    .doc = "What it did.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_CronJobStatus_fields};

static const struct cleat_field batch_v1_PodFailurePolicy_fields[] = {
    F(1, "rules", LIST(T(batch_v1_PodFailurePolicyRule)), "The rules.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_batch_v1_PodFailurePolicy = {
    .name = "io.k8s.api.batch.v1.PodFailurePolicy",
    .doc = "What to do about pods that fail; the first rule that fits decides.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_PodFailurePolicy_fields};

static const struct cleat_field batch_v1_SuccessPolicy_fields[] = {
    F(1, "rules", LIST(T(batch_v1_SuccessPolicyRule)), "The rules.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_batch_v1_SuccessPolicy = {
    .name = "io.k8s.api.batch.v1.SuccessPolicy",
    .doc = "When a Job counts as done before all have succeeded.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_SuccessPolicy_fields};

const struct cleat_type cleat_type_batch_v1_JobSchedulingConfiguration = {
    .name = "io.k8s.api.batch.v1.JobSchedulingConfiguration",
    .doc = "How a Job's pods are placed together.",
    .form = CLEAT_FORM_STRUCT,
    .fields = cleat_no_fields};

static const struct cleat_field batch_v1_JobCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastProbeTime", T(time), "When the condition was last looked at."),
    F(4, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(5, "reason", T(string), "A short CamelCase word for the cause."),
    F(6, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_batch_v1_JobCondition = {.name =
                                                                "io.k8s.api.batch.v1.JobCondition",
                                                            .doc = "What is known of a Job.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = batch_v1_JobCondition_fields};

static const struct cleat_field batch_v1_UncountedTerminatedPods_fields[] = {
    F(1, "succeeded", LIST(T(string)), "UIDs of those that succeeded.", .list = CLEAT_LIST_SET),
    F(2, "failed", LIST(T(string)), "UIDs of those that failed.", .list = CLEAT_LIST_SET), END};
const struct cleat_type cleat_type_batch_v1_UncountedTerminatedPods = {
    .name = "io.k8s.api.batch.v1.UncountedTerminatedPods",
    .doc = "Pods that have ended and are not counted yet.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_UncountedTerminatedPods_fields};

static const struct cleat_field batch_v1_JobTemplateSpec_fields[] = {
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(batch_v1_JobSpec), "What is wanted."), END};
const struct cleat_type cleat_type_batch_v1_JobTemplateSpec = {
    .name = "io.k8s.api.batch.v1.JobTemplateSpec",
    .doc = "A Job to be made.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_JobTemplateSpec_fields};

static const struct cleat_field batch_v1_PodFailurePolicyRule_fields[] = {
    F(1, "action", T(string), "FailJob, FailIndex, Ignore or Count.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "FailJob,FailIndex,Ignore,Count"),
    F(2, "onExitCodes", T(batch_v1_PodFailurePolicyOnExitCodesRequirement), "Fits by exit code.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "onPodConditions", LIST(T(batch_v1_PodFailurePolicyOnPodConditionsPattern)),
      "Fits by the pod's conditions."),
    END};
const struct cleat_type cleat_type_batch_v1_PodFailurePolicyRule = {
    .name = "io.k8s.api.batch.v1.PodFailurePolicyRule",
    .doc = "What to do about pods that fail in a certain way.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_PodFailurePolicyRule_fields};

static const struct cleat_field batch_v1_SuccessPolicyRule_fields[] = {
    F(1, "succeededIndexes", T(string), "The indexes, such as 1,3-5.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "succeededCount", T(int32), "How many of them.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_batch_v1_SuccessPolicyRule = {
    .name = "io.k8s.api.batch.v1.SuccessPolicyRule",
    .doc = "Which indexes must have succeeded.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_SuccessPolicyRule_fields};

static const struct cleat_field batch_v1_PodFailurePolicyOnExitCodesRequirement_fields[] = {
    F(1, "containerName", T(string), "Only this container.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "operator", T(string), "In or NotIn.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "In,NotIn"),
    F(3, "values", LIST(T(int32)), "The exit codes.", .flags = CLEAT_FIELD_REQUIRED,
      .list = CLEAT_LIST_SET),
    END};
const struct cleat_type cleat_type_batch_v1_PodFailurePolicyOnExitCodesRequirement = {
    .name = "io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement",
    .doc = "Exit codes, listed or excluded.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_PodFailurePolicyOnExitCodesRequirement_fields};

static const struct cleat_field batch_v1_PodFailurePolicyOnPodConditionsPattern_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "The status that it must have.", .flags = CLEAT_FIELD_ALWAYS), END};
const struct cleat_type cleat_type_batch_v1_PodFailurePolicyOnPodConditionsPattern = {
    .name = "io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern",
    .doc = "A condition of the pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = batch_v1_PodFailurePolicyOnPodConditionsPattern_fields};
