/* SPDX-License-Identifier: Apache-2.0 */
/* Types of apps. See types.h. */
#include "core/types/table.h"

static const struct cleat_field apps_v1_StatefulSet_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(apps_v1_StatefulSetSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apps_v1_StatefulSetStatus), ""),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSet = {.name = "io.k8s.api.apps.v1.StatefulSet",
                                                          .doc = "",
                                                          .form = CLEAT_FORM_STRUCT,
                                                          .fields = apps_v1_StatefulSet_fields};

static const struct cleat_field apps_v1_StatefulSetList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(apps_v1_StatefulSet)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apps_v1_StatefulSetList = {
    .name = "io.k8s.api.apps.v1.StatefulSetList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetList_fields};

static const struct cleat_field apps_v1_Deployment_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(apps_v1_DeploymentSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apps_v1_DeploymentStatus), ""),
    END};
const struct cleat_type cleat_type_apps_v1_Deployment = {.name = "io.k8s.api.apps.v1.Deployment",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = apps_v1_Deployment_fields};

static const struct cleat_field apps_v1_DeploymentList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(apps_v1_Deployment)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apps_v1_DeploymentList = {
    .name = "io.k8s.api.apps.v1.DeploymentList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentList_fields};

static const struct cleat_field apps_v1_DaemonSet_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(apps_v1_DaemonSetSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apps_v1_DaemonSetStatus), ""),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSet = {.name = "io.k8s.api.apps.v1.DaemonSet",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = apps_v1_DaemonSet_fields};

static const struct cleat_field apps_v1_DaemonSetList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(apps_v1_DaemonSet)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apps_v1_DaemonSetList = {.name =
                                                                "io.k8s.api.apps.v1.DaemonSetList",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = apps_v1_DaemonSetList_fields};

static const struct cleat_field apps_v1_ReplicaSet_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(apps_v1_ReplicaSetSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apps_v1_ReplicaSetStatus), ""),
    END};
const struct cleat_type cleat_type_apps_v1_ReplicaSet = {.name = "io.k8s.api.apps.v1.ReplicaSet",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = apps_v1_ReplicaSet_fields};

static const struct cleat_field apps_v1_ReplicaSetList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(apps_v1_ReplicaSet)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apps_v1_ReplicaSetList = {
    .name = "io.k8s.api.apps.v1.ReplicaSetList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSetList_fields};

static const struct cleat_field apps_v1_ControllerRevision_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "data", T(raw_extension), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "revision", T(int64), ""),
    END};
const struct cleat_type cleat_type_apps_v1_ControllerRevision = {
    .name = "io.k8s.api.apps.v1.ControllerRevision",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ControllerRevision_fields};

static const struct cleat_field apps_v1_ControllerRevisionList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(apps_v1_ControllerRevision)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_apps_v1_ControllerRevisionList = {
    .name = "io.k8s.api.apps.v1.ControllerRevisionList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ControllerRevisionList_fields};

static const struct cleat_field apps_v1_StatefulSetSpec_fields[] = {
    F(1, "replicas", T(int32), ""),
    F(2, "selector", T(meta_v1_LabelSelector), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "template", T(core_v1_PodTemplateSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "volumeClaimTemplates", LIST(T(core_v1_PersistentVolumeClaim)), ""),
    F(5, "serviceName", T(string), ""),
    F(6, "podManagementPolicy", T(string), "", .values = "OrderedReady,Parallel"),
    F(7, "updateStrategy", T(apps_v1_StatefulSetUpdateStrategy), ""),
    F(8, "revisionHistoryLimit", T(int32), ""),
    F(9, "minReadySeconds", T(int32), ""),
    F(10, "persistentVolumeClaimRetentionPolicy",
      T(apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy), ""),
    F(11, "ordinals", T(apps_v1_StatefulSetOrdinals), ""),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSetSpec = {
    .name = "io.k8s.api.apps.v1.StatefulSetSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetSpec_fields};

static const struct cleat_field apps_v1_StatefulSetStatus_fields[] = {
    F(1, "observedGeneration", T(int64), ""),
    F(2, "replicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readyReplicas", T(int32), ""),
    F(4, "currentReplicas", T(int32), ""),
    F(5, "updatedReplicas", T(int32), ""),
    F(6, "currentRevision", T(string), ""),
    F(7, "updateRevision", T(string), ""),
    F(9, "collisionCount", T(int32), ""),
    F(10, "conditions", LIST(T(apps_v1_StatefulSetCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(11, "availableReplicas", T(int32), ""),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSetStatus = {
    .name = "io.k8s.api.apps.v1.StatefulSetStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetStatus_fields};

static const struct cleat_field apps_v1_DeploymentSpec_fields[] = {
    F(1, "replicas", T(int32), ""),
    F(2, "selector", T(meta_v1_LabelSelector), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "template", T(core_v1_PodTemplateSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "strategy", T(apps_v1_DeploymentStrategy), "", .flags = CLEAT_FIELD_RETAIN_KEYS),
    F(5, "minReadySeconds", T(int32), ""),
    F(6, "revisionHistoryLimit", T(int32), ""),
    F(7, "paused", T(bool), ""),
    F(9, "progressDeadlineSeconds", T(int32), ""),
    END};
const struct cleat_type cleat_type_apps_v1_DeploymentSpec = {
    .name = "io.k8s.api.apps.v1.DeploymentSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentSpec_fields};

static const struct cleat_field apps_v1_DeploymentStatus_fields[] = {
    F(1, "observedGeneration", T(int64), ""),
    F(2, "replicas", T(int32), ""),
    F(3, "updatedReplicas", T(int32), ""),
    F(7, "readyReplicas", T(int32), ""),
    F(4, "availableReplicas", T(int32), ""),
    F(5, "unavailableReplicas", T(int32), ""),
    F(9, "terminatingReplicas", T(int32), ""),
    F(6, "conditions", LIST(T(apps_v1_DeploymentCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(8, "collisionCount", T(int32), ""),
    END};
const struct cleat_type cleat_type_apps_v1_DeploymentStatus = {
    .name = "io.k8s.api.apps.v1.DeploymentStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentStatus_fields};

static const struct cleat_field apps_v1_DaemonSetSpec_fields[] = {
    F(1, "selector", T(meta_v1_LabelSelector), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "template", T(core_v1_PodTemplateSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "updateStrategy", T(apps_v1_DaemonSetUpdateStrategy), ""),
    F(4, "minReadySeconds", T(int32), ""),
    F(6, "revisionHistoryLimit", T(int32), ""),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSetSpec = {.name =
                                                                "io.k8s.api.apps.v1.DaemonSetSpec",
                                                            .doc = "",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = apps_v1_DaemonSetSpec_fields};

static const struct cleat_field apps_v1_DaemonSetStatus_fields[] = {
    F(1, "currentNumberScheduled", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "numberMisscheduled", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "desiredNumberScheduled", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "numberReady", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "observedGeneration", T(int64), ""),
    F(6, "updatedNumberScheduled", T(int32), ""),
    F(7, "numberAvailable", T(int32), ""),
    F(8, "numberUnavailable", T(int32), ""),
    F(9, "collisionCount", T(int32), ""),
    F(10, "conditions", LIST(T(apps_v1_DaemonSetCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSetStatus = {
    .name = "io.k8s.api.apps.v1.DaemonSetStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DaemonSetStatus_fields};

static const struct cleat_field apps_v1_ReplicaSetSpec_fields[] = {
    F(1, "replicas", T(int32), ""), F(4, "minReadySeconds", T(int32), ""),
    F(2, "selector", T(meta_v1_LabelSelector), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "template", T(core_v1_PodTemplateSpec), ""), END};
const struct cleat_type cleat_type_apps_v1_ReplicaSetSpec = {
    .name = "io.k8s.api.apps.v1.ReplicaSetSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSetSpec_fields};

static const struct cleat_field apps_v1_ReplicaSetStatus_fields[] = {
    F(1, "replicas", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fullyLabeledReplicas", T(int32), ""),
    F(4, "readyReplicas", T(int32), ""),
    F(5, "availableReplicas", T(int32), ""),
    F(7, "terminatingReplicas", T(int32), ""),
    F(3, "observedGeneration", T(int64), ""),
    F(6, "conditions", LIST(T(apps_v1_ReplicaSetCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_apps_v1_ReplicaSetStatus = {
    .name = "io.k8s.api.apps.v1.ReplicaSetStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSetStatus_fields};

static const struct cleat_field apps_v1_StatefulSetUpdateStrategy_fields[] = {
    F(1, "type", T(string), "", .values = "RollingUpdate,OnDelete,Recreate"),
    F(2, "rollingUpdate", T(apps_v1_RollingUpdateStatefulSetStrategy), ""), END};
const struct cleat_type cleat_type_apps_v1_StatefulSetUpdateStrategy = {
    .name = "io.k8s.api.apps.v1.StatefulSetUpdateStrategy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetUpdateStrategy_fields};

static const struct cleat_field apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy_fields[] = {
    F(1, "whenDeleted", T(string), ""), F(2, "whenScaled", T(string), ""), END};
const struct cleat_type cleat_type_apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy = {
    .name = "io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy_fields};

static const struct cleat_field apps_v1_StatefulSetOrdinals_fields[] = {F(1, "start", T(int32), ""),
                                                                        END};
const struct cleat_type cleat_type_apps_v1_StatefulSetOrdinals = {
    .name = "io.k8s.api.apps.v1.StatefulSetOrdinals",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetOrdinals_fields};

static const struct cleat_field apps_v1_StatefulSetCondition_fields[] = {
    F(1, "type", T(string), ""),
    F(2, "status", T(string), ""),
    F(3, "lastTransitionTime", T(time), ""),
    F(4, "reason", T(string), ""),
    F(5, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSetCondition = {
    .name = "io.k8s.api.apps.v1.StatefulSetCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetCondition_fields};

static const struct cleat_field apps_v1_DeploymentStrategy_fields[] = {
    F(1, "type", T(string), "", .values = "Recreate,RollingUpdate"),
    F(2, "rollingUpdate", T(apps_v1_RollingUpdateDeployment), ""), END};
const struct cleat_type cleat_type_apps_v1_DeploymentStrategy = {
    .name = "io.k8s.api.apps.v1.DeploymentStrategy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentStrategy_fields};

static const struct cleat_field apps_v1_DeploymentCondition_fields[] = {
    F(1, "type", T(string), ""),
    F(2, "status", T(string), ""),
    F(6, "lastUpdateTime", T(time), ""),
    F(7, "lastTransitionTime", T(time), ""),
    F(4, "reason", T(string), ""),
    F(5, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_apps_v1_DeploymentCondition = {
    .name = "io.k8s.api.apps.v1.DeploymentCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentCondition_fields};

static const struct cleat_field apps_v1_DaemonSetUpdateStrategy_fields[] = {
    F(1, "type", T(string), "", .values = "RollingUpdate,OnDelete"),
    F(2, "rollingUpdate", T(apps_v1_RollingUpdateDaemonSet), ""), END};
const struct cleat_type cleat_type_apps_v1_DaemonSetUpdateStrategy = {
    .name = "io.k8s.api.apps.v1.DaemonSetUpdateStrategy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DaemonSetUpdateStrategy_fields};

static const struct cleat_field apps_v1_DaemonSetCondition_fields[] = {
    F(1, "type", T(string), ""),
    F(2, "status", T(string), ""),
    F(3, "lastTransitionTime", T(time), ""),
    F(4, "reason", T(string), ""),
    F(5, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSetCondition = {
    .name = "io.k8s.api.apps.v1.DaemonSetCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DaemonSetCondition_fields};

static const struct cleat_field apps_v1_ReplicaSetCondition_fields[] = {
    F(1, "type", T(string), ""),
    F(2, "status", T(string), ""),
    F(3, "lastTransitionTime", T(time), ""),
    F(4, "reason", T(string), ""),
    F(5, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_apps_v1_ReplicaSetCondition = {
    .name = "io.k8s.api.apps.v1.ReplicaSetCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSetCondition_fields};

static const struct cleat_field apps_v1_RollingUpdateStatefulSetStrategy_fields[] = {
    F(1, "partition", T(int32), ""), F(2, "maxUnavailable", T(int_or_string), ""), END};
const struct cleat_type cleat_type_apps_v1_RollingUpdateStatefulSetStrategy = {
    .name = "io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_RollingUpdateStatefulSetStrategy_fields};

static const struct cleat_field apps_v1_RollingUpdateDeployment_fields[] = {
    F(1, "maxUnavailable", T(int_or_string), ""), F(2, "maxSurge", T(int_or_string), ""), END};
const struct cleat_type cleat_type_apps_v1_RollingUpdateDeployment = {
    .name = "io.k8s.api.apps.v1.RollingUpdateDeployment",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_RollingUpdateDeployment_fields};

static const struct cleat_field apps_v1_RollingUpdateDaemonSet_fields[] = {
    F(1, "maxUnavailable", T(int_or_string), ""), F(2, "maxSurge", T(int_or_string), ""), END};
const struct cleat_type cleat_type_apps_v1_RollingUpdateDaemonSet = {
    .name = "io.k8s.api.apps.v1.RollingUpdateDaemonSet",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_RollingUpdateDaemonSet_fields};
