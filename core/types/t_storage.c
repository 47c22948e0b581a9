/* SPDX-License-Identifier: Apache-2.0 */
/* Types of storage. See types.h. */
#include "core/types/table.h"

static const struct cleat_field storage_v1_StorageClass_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "provisioner", T(string), "Who makes the volumes.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "parameters", MAP(T(string)), "What the provisioner wants to know."),
    F(4, "reclaimPolicy", T(string), "What becomes of volumes: Delete or Retain.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "Recycle,Delete,Retain"),
    F(5, "mountOptions", LIST(T(string)), "Options for mounting, such as ro."),
    F(6, "allowVolumeExpansion", T(bool), "Whether volumes can grow.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "volumeBindingMode", T(string), "Immediate or WaitForFirstConsumer.",
      .flags = CLEAT_FIELD_NULLABLE, .values = "Immediate,WaitForFirstConsumer"),
    F(8, "allowedTopologies", LIST(T(core_v1_TopologySelectorTerm)), "Where volumes may be made."),
    END};
const struct cleat_type cleat_type_storage_v1_StorageClass = {
    .name = "io.k8s.api.storage.v1.StorageClass",
    .doc = "A kind of storage that can be asked for.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_StorageClass_fields};

static const struct cleat_field storage_v1_StorageClassList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(storage_v1_StorageClass)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_storage_v1_StorageClassList = {
    .name = "io.k8s.api.storage.v1.StorageClassList",
    .doc = "A list of StorageClass objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_StorageClassList_fields};

static const struct cleat_field storage_v1_VolumeAttachment_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(storage_v1_VolumeAttachmentSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(storage_v1_VolumeAttachmentStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachment = {
    .name = "io.k8s.api.storage.v1.VolumeAttachment",
    .doc = "A volume that is or shall be attached to a node.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachment_fields};

static const struct cleat_field storage_v1_VolumeAttachmentList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(storage_v1_VolumeAttachment)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachmentList = {
    .name = "io.k8s.api.storage.v1.VolumeAttachmentList",
    .doc = "A list of VolumeAttachment objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachmentList_fields};

static const struct cleat_field storage_v1_CSIDriver_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(storage_v1_CSIDriverSpec), "What is wanted.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_storage_v1_CSIDriver = {.name =
                                                               "io.k8s.api.storage.v1.CSIDriver",
                                                           .doc = "What a CSI driver can do.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = storage_v1_CSIDriver_fields};

static const struct cleat_field storage_v1_CSIDriverList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(storage_v1_CSIDriver)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_storage_v1_CSIDriverList = {
    .name = "io.k8s.api.storage.v1.CSIDriverList",
    .doc = "A list of CSIDriver objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSIDriverList_fields};

static const struct cleat_field storage_v1_CSINode_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(storage_v1_CSINodeSpec), "What is wanted.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(storage_v1_CSINodeStatus), "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_storage_v1_CSINode = {.name = "io.k8s.api.storage.v1.CSINode",
                                                         .doc = "Which CSI drivers a node has.",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = storage_v1_CSINode_fields};

static const struct cleat_field storage_v1_CSINodeList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(storage_v1_CSINode)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_storage_v1_CSINodeList = {
    .name = "io.k8s.api.storage.v1.CSINodeList",
    .doc = "A list of CSINode objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSINodeList_fields};

static const struct cleat_field storage_v1_CSIStorageCapacity_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "nodeTopology", T(meta_v1_LabelSelector), "Which nodes can reach it.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "storageClassName", T(string), "The StorageClass.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "capacity", T(quantity), "How much there is.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "maximumVolumeSize", T(quantity), "The largest volume.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_storage_v1_CSIStorageCapacity = {
    .name = "io.k8s.api.storage.v1.CSIStorageCapacity",
    .doc = "How much storage there is somewhere.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSIStorageCapacity_fields};

static const struct cleat_field storage_v1_CSIStorageCapacityList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(storage_v1_CSIStorageCapacity)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_storage_v1_CSIStorageCapacityList = {
    .name = "io.k8s.api.storage.v1.CSIStorageCapacityList",
    .doc = "A list of CSIStorageCapacity objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSIStorageCapacityList_fields};

static const struct cleat_field storage_v1_VolumeAttributesClass_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "driverName", T(string), "The driver.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "parameters", MAP(T(string)), "The qualities."),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttributesClass = {
    .name = "io.k8s.api.storage.v1.VolumeAttributesClass",
    .doc = "Qualities of volumes that can be changed later.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttributesClass_fields};

static const struct cleat_field storage_v1_VolumeAttributesClassList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(storage_v1_VolumeAttributesClass)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttributesClassList = {
    .name = "io.k8s.api.storage.v1.VolumeAttributesClassList",
    .doc = "A list of VolumeAttributesClass objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttributesClassList_fields};

static const struct cleat_field storage_v1_VolumeAttachmentSpec_fields[] = {
    F(1, "attacher", T(string), "Who does it.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "source", T(storage_v1_VolumeAttachmentSource), "The volume.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "nodeName", T(string), "The node's name.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachmentSpec = {
    .name = "io.k8s.api.storage.v1.VolumeAttachmentSpec",
    .doc = "What shall be attached where.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachmentSpec_fields};

static const struct cleat_field storage_v1_VolumeAttachmentStatus_fields[] = {
    F(1, "attached", T(bool), "Whether it is attached.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "attachmentMetadata", MAP(T(string)), "What must be known to mount it."),
    F(3, "attachError", T(storage_v1_VolumeError), "What went wrong when attaching.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "detachError", T(storage_v1_VolumeError), "What went wrong when detaching.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachmentStatus = {
    .name = "io.k8s.api.storage.v1.VolumeAttachmentStatus",
    .doc = "What became of it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachmentStatus_fields};

static const struct cleat_field storage_v1_CSIDriverSpec_fields[] = {
    F(1, "attachRequired", T(bool), "Whether volumes must be attached to the node first.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "podInfoOnMount", T(bool), "Whether it wants to know the pod when mounting.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "volumeLifecycleModes", LIST(T(string)), "Persistent, Ephemeral or both.",
      .list = CLEAT_LIST_SET),
    F(4, "storageCapacity", T(bool), "Whether its capacity counts when pods are placed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "fsGroupPolicy", T(string), "When the owner of a volume's files is changed.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "tokenRequests", LIST(T(storage_v1_TokenRequest)),
      "Tokens of the pod's ServiceAccount that it wants."),
    F(7, "requiresRepublish", T(bool), "Whether it is called again and again while mounted.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(8, "seLinuxMount", T(bool), "Whether it can mount with an SELinux context.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(9, "nodeAllocatableUpdatePeriodSeconds", T(int64), "How often the node's limit is asked for.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "serviceAccountTokenInSecrets", T(bool), "Whether tokens come with the secrets.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(11, "preventPodSchedulingIfMissing", T(bool),
      "Whether nodes without it take no pod that needs it.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_storage_v1_CSIDriverSpec = {
    .name = "io.k8s.api.storage.v1.CSIDriverSpec",
    .doc = "What a CSI driver can do.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSIDriverSpec_fields};

static const struct cleat_field storage_v1_CSINodeSpec_fields[] = {
    F(1, "drivers", LIST(T(storage_v1_CSINodeDriver)), "The drivers.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    END};
const struct cleat_type cleat_type_storage_v1_CSINodeSpec = {
    .name = "io.k8s.api.storage.v1.CSINodeSpec",
    .doc = "The drivers.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSINodeSpec_fields};

static const struct cleat_field storage_v1_CSINodeStatus_fields[] = {
    F(1, "storageHealth", LIST(T(storage_v1_StorageHealth)), "Health of the storage.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    END};
const struct cleat_type cleat_type_storage_v1_CSINodeStatus = {
    .name = "io.k8s.api.storage.v1.CSINodeStatus",
    .doc = "What is known of the drivers.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSINodeStatus_fields};

static const struct cleat_field storage_v1_VolumeAttachmentSource_fields[] = {
    F(1, "persistentVolumeName", T(string), "The PersistentVolume.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "inlineVolumeSpec", T(core_v1_PersistentVolumeSpec),
      "The volume itself, for old kinds of volumes.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachmentSource = {
    .name = "io.k8s.api.storage.v1.VolumeAttachmentSource",
    .doc = "The volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachmentSource_fields};

static const struct cleat_field storage_v1_VolumeError_fields[] = {
    F(1, "time", T(time), "When it happened."),
    F(2, "message", T(string), "A sentence for people."),
    F(3, "errorCode", T(int32), "Its number.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_storage_v1_VolumeError = {
    .name = "io.k8s.api.storage.v1.VolumeError",
    .doc = "What went wrong.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeError_fields};

static const struct cleat_field storage_v1_TokenRequest_fields[] = {
    F(1, "audience", T(string), "Whom the token is meant for.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "expirationSeconds", T(int64), "How long it is to be valid, in seconds.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_storage_v1_TokenRequest = {
    .name = "io.k8s.api.storage.v1.TokenRequest",
    .doc = "Asks for a token of a ServiceAccount.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_TokenRequest_fields};

static const struct cleat_field storage_v1_CSINodeDriver_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "nodeID", T(string), "The driver's name for the node.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "topologyKeys", LIST(T(string)), "Labels that the driver sets.",
      .flags = CLEAT_FIELD_ALWAYS),
    F(4, "allocatable", T(storage_v1_VolumeNodeResources), "How many volumes the node can have.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_storage_v1_CSINodeDriver = {
    .name = "io.k8s.api.storage.v1.CSINodeDriver",
    .doc = "A driver on a node.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSINodeDriver_fields};

static const struct cleat_field storage_v1_StorageHealth_fields[] = {
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "healthConditions", LIST(T(storage_v1_StorageHealthCondition)),
      "What is known of its health."),
    END};
const struct cleat_type cleat_type_storage_v1_StorageHealth = {
    .name = "io.k8s.api.storage.v1.StorageHealth",
    .doc = "Health of a driver's storage.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_StorageHealth_fields};

static const struct cleat_field storage_v1_VolumeNodeResources_fields[] = {
    F(1, "count", T(int32), "How many.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_storage_v1_VolumeNodeResources = {
    .name = "io.k8s.api.storage.v1.VolumeNodeResources",
    .doc = "How many volumes a node can have.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeNodeResources_fields};

static const struct cleat_field storage_v1_StorageHealthCondition_fields[] = {
    F(1, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "StorageUnreachable,StorageDegraded"),
    F(2, "reason", T(string), "A short CamelCase word for the cause.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "message", T(string), "A sentence for people."),
    F(4, "accessMode", T(string), "The access mode that it is about.",
      .flags = CLEAT_FIELD_NULLABLE,
      .values = "ReadWriteOnce,ReadOnlyMany,ReadWriteMany,ReadWriteOncePod"),
    F(5, "volumeMode", T(string), "Filesystem or Block.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "Block,Filesystem"),
    F(6, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    END};
const struct cleat_type cleat_type_storage_v1_StorageHealthCondition = {
    .name = "io.k8s.api.storage.v1.StorageHealthCondition",
    .doc = "A finding about storage.",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_StorageHealthCondition_fields};
