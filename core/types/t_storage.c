/* SPDX-License-Identifier: Apache-2.0 */
/* Types of storage. See types.h. */
#include "core/types/table.h"

static const struct cleat_field storage_v1_StorageClass_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "provisioner", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "parameters", MAP(T(string)), ""),
    F(4, "reclaimPolicy", T(string), "", .values = "Recycle,Delete,Retain"),
    F(5, "mountOptions", LIST(T(string)), ""),
    F(6, "allowVolumeExpansion", T(bool), ""),
    F(7, "volumeBindingMode", T(string), "", .values = "Immediate,WaitForFirstConsumer"),
    F(8, "allowedTopologies", LIST(T(core_v1_TopologySelectorTerm)), ""),
    END};
const struct cleat_type cleat_type_storage_v1_StorageClass = {
    .name = "io.k8s.api.storage.v1.StorageClass",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_StorageClass_fields};

static const struct cleat_field storage_v1_StorageClassList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(storage_v1_StorageClass)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_storage_v1_StorageClassList = {
    .name = "io.k8s.api.storage.v1.StorageClassList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_StorageClassList_fields};

static const struct cleat_field storage_v1_VolumeAttachment_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(storage_v1_VolumeAttachmentSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(storage_v1_VolumeAttachmentStatus), ""),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachment = {
    .name = "io.k8s.api.storage.v1.VolumeAttachment",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachment_fields};

static const struct cleat_field storage_v1_VolumeAttachmentList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(storage_v1_VolumeAttachment)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachmentList = {
    .name = "io.k8s.api.storage.v1.VolumeAttachmentList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachmentList_fields};

static const struct cleat_field storage_v1_CSIDriver_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(storage_v1_CSIDriverSpec), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_storage_v1_CSIDriver = {.name =
                                                               "io.k8s.api.storage.v1.CSIDriver",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = storage_v1_CSIDriver_fields};

static const struct cleat_field storage_v1_CSIDriverList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(storage_v1_CSIDriver)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_storage_v1_CSIDriverList = {
    .name = "io.k8s.api.storage.v1.CSIDriverList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSIDriverList_fields};

static const struct cleat_field storage_v1_CSINode_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(storage_v1_CSINodeSpec), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "status", T(storage_v1_CSINodeStatus), ""),
    END};
const struct cleat_type cleat_type_storage_v1_CSINode = {.name = "io.k8s.api.storage.v1.CSINode",
                                                         .doc = "",
                                                         .form = CLEAT_FORM_STRUCT,
                                                         .fields = storage_v1_CSINode_fields};

static const struct cleat_field storage_v1_CSINodeList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(storage_v1_CSINode)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_storage_v1_CSINodeList = {
    .name = "io.k8s.api.storage.v1.CSINodeList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSINodeList_fields};

static const struct cleat_field storage_v1_CSIStorageCapacity_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "nodeTopology", T(meta_v1_LabelSelector), ""),
    F(3, "storageClassName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "capacity", T(quantity), ""),
    F(5, "maximumVolumeSize", T(quantity), ""),
    END};
const struct cleat_type cleat_type_storage_v1_CSIStorageCapacity = {
    .name = "io.k8s.api.storage.v1.CSIStorageCapacity",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSIStorageCapacity_fields};

static const struct cleat_field storage_v1_CSIStorageCapacityList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(storage_v1_CSIStorageCapacity)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_storage_v1_CSIStorageCapacityList = {
    .name = "io.k8s.api.storage.v1.CSIStorageCapacityList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSIStorageCapacityList_fields};

static const struct cleat_field storage_v1_VolumeAttributesClass_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "driverName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "parameters", MAP(T(string)), ""),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttributesClass = {
    .name = "io.k8s.api.storage.v1.VolumeAttributesClass",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttributesClass_fields};

static const struct cleat_field storage_v1_VolumeAttributesClassList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(storage_v1_VolumeAttributesClass)), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeAttributesClassList = {
    .name = "io.k8s.api.storage.v1.VolumeAttributesClassList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttributesClassList_fields};

static const struct cleat_field storage_v1_VolumeAttachmentSpec_fields[] = {
    F(1, "attacher", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "source", T(storage_v1_VolumeAttachmentSource), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "nodeName", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachmentSpec = {
    .name = "io.k8s.api.storage.v1.VolumeAttachmentSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachmentSpec_fields};

static const struct cleat_field storage_v1_VolumeAttachmentStatus_fields[] = {
    F(1, "attached", T(bool), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "attachmentMetadata", MAP(T(string)), ""),
    F(3, "attachError", T(storage_v1_VolumeError), ""),
    F(4, "detachError", T(storage_v1_VolumeError), ""), END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachmentStatus = {
    .name = "io.k8s.api.storage.v1.VolumeAttachmentStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachmentStatus_fields};

static const struct cleat_field storage_v1_CSIDriverSpec_fields[] = {
    F(1, "attachRequired", T(bool), ""),
    F(2, "podInfoOnMount", T(bool), ""),
    F(3, "volumeLifecycleModes", LIST(T(string)), "", .list = CLEAT_LIST_SET),
    F(4, "storageCapacity", T(bool), ""),
    F(5, "fsGroupPolicy", T(string), ""),
    F(6, "tokenRequests", LIST(T(storage_v1_TokenRequest)), ""),
    F(7, "requiresRepublish", T(bool), ""),
    F(8, "seLinuxMount", T(bool), ""),
    F(9, "nodeAllocatableUpdatePeriodSeconds", T(int64), ""),
    F(10, "serviceAccountTokenInSecrets", T(bool), ""),
    F(11, "preventPodSchedulingIfMissing", T(bool), ""),
    END};
const struct cleat_type cleat_type_storage_v1_CSIDriverSpec = {
    .name = "io.k8s.api.storage.v1.CSIDriverSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSIDriverSpec_fields};

static const struct cleat_field storage_v1_CSINodeSpec_fields[] = {
    F(1, "drivers", LIST(T(storage_v1_CSINodeDriver)), "",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "name",
      .merge_key = "name"),
    END};
const struct cleat_type cleat_type_storage_v1_CSINodeSpec = {
    .name = "io.k8s.api.storage.v1.CSINodeSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSINodeSpec_fields};

static const struct cleat_field storage_v1_CSINodeStatus_fields[] = {
    F(1, "storageHealth", LIST(T(storage_v1_StorageHealth)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "name", .merge_key = "name"),
    END};
const struct cleat_type cleat_type_storage_v1_CSINodeStatus = {
    .name = "io.k8s.api.storage.v1.CSINodeStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSINodeStatus_fields};

static const struct cleat_field storage_v1_VolumeAttachmentSource_fields[] = {
    F(1, "persistentVolumeName", T(string), ""),
    F(2, "inlineVolumeSpec", T(core_v1_PersistentVolumeSpec), ""), END};
const struct cleat_type cleat_type_storage_v1_VolumeAttachmentSource = {
    .name = "io.k8s.api.storage.v1.VolumeAttachmentSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeAttachmentSource_fields};

static const struct cleat_field storage_v1_VolumeError_fields[] = {
    F(1, "time", T(time), ""), F(2, "message", T(string), ""), F(3, "errorCode", T(int32), ""),
    END};
const struct cleat_type cleat_type_storage_v1_VolumeError = {
    .name = "io.k8s.api.storage.v1.VolumeError",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeError_fields};

static const struct cleat_field storage_v1_TokenRequest_fields[] = {
    F(1, "audience", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "expirationSeconds", T(int64), ""), END};
const struct cleat_type cleat_type_storage_v1_TokenRequest = {
    .name = "io.k8s.api.storage.v1.TokenRequest",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_TokenRequest_fields};

static const struct cleat_field storage_v1_CSINodeDriver_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "nodeID", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "topologyKeys", LIST(T(string)), ""),
    F(4, "allocatable", T(storage_v1_VolumeNodeResources), ""), END};
const struct cleat_type cleat_type_storage_v1_CSINodeDriver = {
    .name = "io.k8s.api.storage.v1.CSINodeDriver",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_CSINodeDriver_fields};

static const struct cleat_field storage_v1_StorageHealth_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "healthConditions", LIST(T(storage_v1_StorageHealthCondition)), ""), END};
const struct cleat_type cleat_type_storage_v1_StorageHealth = {
    .name = "io.k8s.api.storage.v1.StorageHealth",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_StorageHealth_fields};

static const struct cleat_field storage_v1_VolumeNodeResources_fields[] = {
    F(1, "count", T(int32), ""), END};
const struct cleat_type cleat_type_storage_v1_VolumeNodeResources = {
    .name = "io.k8s.api.storage.v1.VolumeNodeResources",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_VolumeNodeResources_fields};

static const struct cleat_field storage_v1_StorageHealthCondition_fields[] = {
    F(1, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "StorageUnreachable,StorageDegraded"),
    F(2, "reason", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "message", T(string), ""),
    F(4, "accessMode", T(string), "",
      .values = "ReadWriteOnce,ReadOnlyMany,ReadWriteMany,ReadWriteOncePod"),
    F(5, "volumeMode", T(string), "", .values = "Block,Filesystem"),
    F(6, "lastTransitionTime", T(time), ""),
    END};
const struct cleat_type cleat_type_storage_v1_StorageHealthCondition = {
    .name = "io.k8s.api.storage.v1.StorageHealthCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = storage_v1_StorageHealthCondition_fields};
