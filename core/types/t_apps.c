/* SPDX-License-Identifier: Apache-2.0 */
/* Types of apps. See types.h. */
#include "core/types/table.h"

static const struct cleat_field apps_v1_StatefulSet_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(apps_v1_StatefulSetSpec), "What is wanted.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apps_v1_StatefulSetStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSet = {
    .name = "io.k8s.api.apps.v1.StatefulSet",
    .doc = "Pods with names, order and storage of their own.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSet_fields};

static const struct cleat_field apps_v1_StatefulSetList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(apps_v1_StatefulSet)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSetList = {
    .name = "io.k8s.api.apps.v1.StatefulSetList",
    .doc = "A list of StatefulSet objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetList_fields};

static const struct cleat_field apps_v1_Deployment_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(apps_v1_DeploymentSpec), "What is wanted.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apps_v1_DeploymentStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_apps_v1_Deployment = {
    .name = "io.k8s.api.apps.v1.Deployment",
    .doc = "Keeps copies of a pod running and replaces them gently.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_Deployment_fields};

static const struct cleat_field apps_v1_DeploymentList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(apps_v1_Deployment)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apps_v1_DeploymentList = {
    .name = "io.k8s.api.apps.v1.DeploymentList",
    .doc = "A list of Deployment objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentList_fields};

static const struct cleat_field apps_v1_DaemonSet_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(apps_v1_DaemonSetSpec), "What is wanted.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apps_v1_DaemonSetStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSet = {
    .name = "io.k8s.api.apps.v1.DaemonSet",
    .doc = "Runs a pod on every node, or on every node of a kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DaemonSet_fields};

static const struct cleat_field apps_v1_DaemonSetList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(apps_v1_DaemonSet)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSetList = {.name =
                                                                "io.k8s.api.apps.v1.DaemonSetList",
                                                            .doc = "A list of DaemonSet objects.",
                                                            .form = CLEAT_FORM_STRUCT,
                                                            .fields = apps_v1_DaemonSetList_fields};

static const struct cleat_field apps_v1_ReplicaSet_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(apps_v1_ReplicaSetSpec), "What is wanted.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(apps_v1_ReplicaSetStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_apps_v1_ReplicaSet = {
    .name = "io.k8s.api.apps.v1.ReplicaSet",
    .doc = "Keeps so many copies of a pod running. Deployments make these.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSet_fields};

static const struct cleat_field apps_v1_ReplicaSetList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(apps_v1_ReplicaSet)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apps_v1_ReplicaSetList = {
    .name = "io.k8s.api.apps.v1.ReplicaSetList",
    .doc = "A list of ReplicaSet objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSetList_fields};

static const struct cleat_field apps_v1_ControllerRevision_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "data", T(raw_extension), "The state.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "revision", T(int64), "Its number; newer ones are higher.", .flags = CLEAT_FIELD_ALWAYS),
    END};
const struct cleat_type cleat_type_apps_v1_ControllerRevision = {
    .name = "io.k8s.api.apps.v1.ControllerRevision",
    .doc = "A state that a controller may go back to.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ControllerRevision_fields};

static const struct cleat_field apps_v1_ControllerRevisionList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(apps_v1_ControllerRevision)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_apps_v1_ControllerRevisionList = {
    .name = "io.k8s.api.apps.v1.ControllerRevisionList",
    .doc = "A list of ControllerRevision objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ControllerRevisionList_fields};

static const struct cleat_field apps_v1_StatefulSetSpec_fields[] = {
    F(1, "replicas", T(int32), "How many pods are wanted.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "selector", T(meta_v1_LabelSelector), "Which objects it is about, by their labels.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    F(3, "template", T(core_v1_PodTemplateSpec), "What the new objects look like.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(4, "volumeClaimTemplates", LIST(T(core_v1_PersistentVolumeClaim)),
      "Claims that are made for each pod."),
    F(5, "serviceName", T(string), "The headless Service that gives the pods their names.",
      .flags = CLEAT_FIELD_ALWAYS),
    F(6, "podManagementPolicy", T(string),
      "OrderedReady, or Parallel to start and end all at once.", .values = "OrderedReady,Parallel"),
    F(7, "updateStrategy", T(apps_v1_StatefulSetUpdateStrategy),
      "How running pods are replaced by new ones."),
    F(8, "revisionHistoryLimit", T(int32), "How many old revisions to keep for a rollback.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(9, "minReadySeconds", T(int32),
      "How many seconds a new pod must have been ready before it counts as available."),
    F(10, "persistentVolumeClaimRetentionPolicy",
      T(apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy), "What becomes of the claims.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(11, "ordinals", T(apps_v1_StatefulSetOrdinals), "How the pods are numbered.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSetSpec = {
    .name = "io.k8s.api.apps.v1.StatefulSetSpec",
    .doc = "How many pods of what kind, with what storage.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetSpec_fields};

static const struct cleat_field apps_v1_StatefulSetStatus_fields[] = {
    F(1, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(2, "replicas", T(int32), "How many pods there are.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readyReplicas", T(int32), "How many pods are ready."),
    F(4, "currentReplicas", T(int32), "How many pods are of the old revision."),
    F(5, "updatedReplicas", T(int32), "How many pods are of the new revision."),
    F(6, "currentRevision", T(string), "The old revision."),
    F(7, "updateRevision", T(string), "The new revision."),
    F(9, "collisionCount", T(int32),
      "How often a generated name was taken already; makes the next one differ.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "conditions", LIST(T(apps_v1_StatefulSetCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(11, "availableReplicas", T(int32),
      "How many pods have been ready for at least minReadySeconds.", .flags = CLEAT_FIELD_ALWAYS),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSetStatus = {
    .name = "io.k8s.api.apps.v1.StatefulSetStatus",
    .doc = "How many pods there are.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetStatus_fields};

static const struct cleat_field apps_v1_DeploymentSpec_fields[] = {
    F(1, "replicas", T(int32), "How many pods are wanted.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "selector", T(meta_v1_LabelSelector), "Which objects it is about, by their labels.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    F(3, "template", T(core_v1_PodTemplateSpec), "What the new objects look like.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(4, "strategy", T(apps_v1_DeploymentStrategy), "How running pods are replaced by new ones.",
      .flags = CLEAT_FIELD_RETAIN_KEYS),
    F(5, "minReadySeconds", T(int32),
      "How many seconds a new pod must have been ready before it counts as available."),
    F(6, "revisionHistoryLimit", T(int32), "How many old revisions to keep for a rollback.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "paused", T(bool), "Do not replace pods for now."),
    F(9, "progressDeadlineSeconds", T(int32),
      "After how many seconds without progress it is said to have failed.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_DeploymentSpec = {
    .name = "io.k8s.api.apps.v1.DeploymentSpec",
    .doc = "How many pods of what kind, and how they are replaced.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentSpec_fields};

static const struct cleat_field apps_v1_DeploymentStatus_fields[] = {
    F(1, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(2, "replicas", T(int32), "How many pods there are."),
    F(3, "updatedReplicas", T(int32), "How many pods are of the newest template."),
    F(7, "readyReplicas", T(int32), "How many pods are ready."),
    F(4, "availableReplicas", T(int32),
      "How many pods have been ready for at least minReadySeconds."),
    F(5, "unavailableReplicas", T(int32), "How many pods are still missing or not available."),
    F(9, "terminatingReplicas", T(int32), "How many pods are being deleted and not gone yet.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "conditions", LIST(T(apps_v1_DeploymentCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(8, "collisionCount", T(int32),
      "How often a generated name was taken already; makes the next one differ.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_DeploymentStatus = {
    .name = "io.k8s.api.apps.v1.DeploymentStatus",
    .doc = "How many pods there are.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentStatus_fields};

static const struct cleat_field apps_v1_DaemonSetSpec_fields[] = {
    F(1, "selector", T(meta_v1_LabelSelector), "Which objects it is about, by their labels.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    F(2, "template", T(core_v1_PodTemplateSpec), "What the new objects look like.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "updateStrategy", T(apps_v1_DaemonSetUpdateStrategy),
      "How running pods are replaced by new ones."),
    F(4, "minReadySeconds", T(int32),
      "How many seconds a new pod must have been ready before it counts as available."),
    F(6, "revisionHistoryLimit", T(int32), "How many old revisions to keep for a rollback.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSetSpec = {
    .name = "io.k8s.api.apps.v1.DaemonSetSpec",
    .doc = "Which pod, and how it is replaced.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DaemonSetSpec_fields};

static const struct cleat_field apps_v1_DaemonSetStatus_fields[] = {
    F(1, "currentNumberScheduled", T(int32), "How many nodes that should run the pod do.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "numberMisscheduled", T(int32), "How many nodes run the pod and should not.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "desiredNumberScheduled", T(int32), "How many nodes should run the pod.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(4, "numberReady", T(int32), "How many nodes run the pod and it is ready.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(5, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(6, "updatedNumberScheduled", T(int32), "How many nodes run the newest pod."),
    F(7, "numberAvailable", T(int32), "How many nodes run the pod and it is available."),
    F(8, "numberUnavailable", T(int32), "How many nodes should have an available pod and do not."),
    F(9, "collisionCount", T(int32),
      "How often a generated name was taken already; makes the next one differ.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "conditions", LIST(T(apps_v1_DaemonSetCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSetStatus = {
    .name = "io.k8s.api.apps.v1.DaemonSetStatus",
    .doc = "How many pods there are.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DaemonSetStatus_fields};

static const struct cleat_field apps_v1_ReplicaSetSpec_fields[] = {
    F(1, "replicas", T(int32), "How many pods are wanted.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "minReadySeconds", T(int32),
      "How many seconds a new pod must have been ready before it counts as available."),
    F(2, "selector", T(meta_v1_LabelSelector), "Which objects it is about, by their labels.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    F(3, "template", T(core_v1_PodTemplateSpec), "What the new objects look like."), END};
const struct cleat_type cleat_type_apps_v1_ReplicaSetSpec = {
    .name = "io.k8s.api.apps.v1.ReplicaSetSpec",
    .doc = "How many pods of what kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSetSpec_fields};

static const struct cleat_field apps_v1_ReplicaSetStatus_fields[] = {
    F(1, "replicas", T(int32), "How many pods there are.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fullyLabeledReplicas", T(int32), "How many pods have all the labels of the template."),
    F(4, "readyReplicas", T(int32), "How many pods are ready."),
    F(5, "availableReplicas", T(int32),
      "How many pods have been ready for at least minReadySeconds."),
    F(7, "terminatingReplicas", T(int32), "How many pods are being deleted and not gone yet.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(6, "conditions", LIST(T(apps_v1_ReplicaSetCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    END};
const struct cleat_type cleat_type_apps_v1_ReplicaSetStatus = {
    .name = "io.k8s.api.apps.v1.ReplicaSetStatus",
    .doc = "How many pods there are.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSetStatus_fields};

static const struct cleat_field apps_v1_StatefulSetUpdateStrategy_fields[] = {
    F(1, "type", T(string), "RollingUpdate, or OnDelete to wait until somebody deletes them.",
      .values = "RollingUpdate,OnDelete,Recreate"),
    F(2, "rollingUpdate", T(apps_v1_RollingUpdateStatefulSetStrategy),
      "Settings for RollingUpdate.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSetUpdateStrategy = {
    .name = "io.k8s.api.apps.v1.StatefulSetUpdateStrategy",
    .doc = "How running pods are replaced by new ones.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetUpdateStrategy_fields};

static const struct cleat_field apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy_fields[] = {
    F(1, "whenDeleted", T(string), "Retain or Delete, when the StatefulSet is deleted."),
    F(2, "whenScaled", T(string), "Retain or Delete, when it gets smaller."), END};
const struct cleat_type cleat_type_apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy = {
    .name = "io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy",
    .doc = "What becomes of claims.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetPersistentVolumeClaimRetentionPolicy_fields};

static const struct cleat_field apps_v1_StatefulSetOrdinals_fields[] = {
    F(1, "start", T(int32), "The first number.", .flags = CLEAT_FIELD_ALWAYS), END};
const struct cleat_type cleat_type_apps_v1_StatefulSetOrdinals = {
    .name = "io.k8s.api.apps.v1.StatefulSetOrdinals",
    .doc = "How the pods are numbered.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetOrdinals_fields};

static const struct cleat_field apps_v1_StatefulSetCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_ALWAYS),
    F(3, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(4, "reason", T(string), "A short CamelCase word for the cause."),
    F(5, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_apps_v1_StatefulSetCondition = {
    .name = "io.k8s.api.apps.v1.StatefulSetCondition",
    .doc = "What is known of a StatefulSet.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_StatefulSetCondition_fields};

static const struct cleat_field apps_v1_DeploymentStrategy_fields[] = {
    F(1, "type", T(string), "RollingUpdate, or Recreate to end all before new ones start.",
      .values = "Recreate,RollingUpdate"),
    F(2, "rollingUpdate", T(apps_v1_RollingUpdateDeployment), "Settings for RollingUpdate.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_DeploymentStrategy = {
    .name = "io.k8s.api.apps.v1.DeploymentStrategy",
    .doc = "How running pods are replaced by new ones.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentStrategy_fields};

static const struct cleat_field apps_v1_DeploymentCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_ALWAYS),
    F(6, "lastUpdateTime", T(time), "When the condition was last written."),
    F(7, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(4, "reason", T(string), "A short CamelCase word for the cause."),
    F(5, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_apps_v1_DeploymentCondition = {
    .name = "io.k8s.api.apps.v1.DeploymentCondition",
    .doc = "What is known of a Deployment.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DeploymentCondition_fields};

static const struct cleat_field apps_v1_DaemonSetUpdateStrategy_fields[] = {
    F(1, "type", T(string), "RollingUpdate, or OnDelete to wait until somebody deletes them.",
      .values = "RollingUpdate,OnDelete"),
    F(2, "rollingUpdate", T(apps_v1_RollingUpdateDaemonSet), "Settings for RollingUpdate.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSetUpdateStrategy = {
    .name = "io.k8s.api.apps.v1.DaemonSetUpdateStrategy",
    .doc = "How running pods are replaced by new ones.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DaemonSetUpdateStrategy_fields};

static const struct cleat_field apps_v1_DaemonSetCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_ALWAYS),
    F(3, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(4, "reason", T(string), "A short CamelCase word for the cause."),
    F(5, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_apps_v1_DaemonSetCondition = {
    .name = "io.k8s.api.apps.v1.DaemonSetCondition",
    .doc = "What is known of a DaemonSet.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_DaemonSetCondition_fields};

static const struct cleat_field apps_v1_ReplicaSetCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_ALWAYS),
    F(3, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(4, "reason", T(string), "A short CamelCase word for the cause."),
    F(5, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_apps_v1_ReplicaSetCondition = {
    .name = "io.k8s.api.apps.v1.ReplicaSetCondition",
    .doc = "What is known of a ReplicaSet.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_ReplicaSetCondition_fields};

static const struct cleat_field apps_v1_RollingUpdateStatefulSetStrategy_fields[] = {
    F(1, "partition", T(int32), "Only pods with this number or a higher one are replaced.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "maxUnavailable", T(int_or_string),
      "How many may be missing meanwhile, as a number or in percent.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_RollingUpdateStatefulSetStrategy = {
    .name = "io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy",
    .doc = "Replacing pods from the last to the first.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_RollingUpdateStatefulSetStrategy_fields};

static const struct cleat_field apps_v1_RollingUpdateDeployment_fields[] = {
    F(1, "maxUnavailable", T(int_or_string),
      "How many may be missing meanwhile, as a number or in percent.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "maxSurge", T(int_or_string),
      "How many may be there in excess meanwhile, as a number or in percent.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_RollingUpdateDeployment = {
    .name = "io.k8s.api.apps.v1.RollingUpdateDeployment",
    .doc = "Replacing pods some at a time.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_RollingUpdateDeployment_fields};

static const struct cleat_field apps_v1_RollingUpdateDaemonSet_fields[] = {
    F(1, "maxUnavailable", T(int_or_string),
      "How many may be missing meanwhile, as a number or in percent.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "maxSurge", T(int_or_string),
      "How many nodes may run two meanwhile, as a number or in percent.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_apps_v1_RollingUpdateDaemonSet = {
    .name = "io.k8s.api.apps.v1.RollingUpdateDaemonSet",
    .doc = "Replacing pods some at a time.",
    .form = CLEAT_FORM_STRUCT,
    .fields = apps_v1_RollingUpdateDaemonSet_fields};
