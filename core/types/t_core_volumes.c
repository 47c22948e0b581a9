/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: volumes. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_PersistentVolume_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(core_v1_PersistentVolumeSpec), ""),
    F(3, "status", T(core_v1_PersistentVolumeStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolume = {
    .name = "io.k8s.api.core.v1.PersistentVolume",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolume_fields};

static const struct cleat_field core_v1_PersistentVolumeList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_PersistentVolume)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeList = {
    .name = "io.k8s.api.core.v1.PersistentVolumeList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeList_fields};

static const struct cleat_field core_v1_PersistentVolumeClaim_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(core_v1_PersistentVolumeClaimSpec), ""),
    F(3, "status", T(core_v1_PersistentVolumeClaimStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaim = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaim",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaim_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(core_v1_PersistentVolumeClaim)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimList = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimList_fields};

static const struct cleat_field core_v1_PersistentVolumeSpec_fields[] = {
    F(1, "capacity", MAP(T(quantity)), ""),
    F(2, "", T(core_v1_PersistentVolumeSource), "", .flags = CLEAT_FIELD_INLINE),
    F(3, "accessModes", LIST(T(string)), "",
      .values = "ReadWriteOnce,ReadOnlyMany,ReadWriteMany,ReadWriteOncePod"),
    F(4, "claimRef", T(core_v1_ObjectReference), ""),
    F(5, "persistentVolumeReclaimPolicy", T(string), "", .values = "Recycle,Delete,Retain"),
    F(6, "storageClassName", T(string), ""),
    F(7, "mountOptions", LIST(T(string)), ""),
    F(8, "volumeMode", T(string), "", .values = "Block,Filesystem"),
    F(9, "nodeAffinity", T(core_v1_VolumeNodeAffinity), ""),
    F(10, "volumeAttributesClassName", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeSpec = {
    .name = "io.k8s.api.core.v1.PersistentVolumeSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeSpec_fields};

static const struct cleat_field core_v1_PersistentVolumeStatus_fields[] = {
    F(1, "phase", T(string), "", .values = "Pending,Available,Bound,Released,Failed"),
    F(2, "message", T(string), ""), F(3, "reason", T(string), ""),
    F(4, "lastPhaseTransitionTime", T(time), ""), END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeStatus = {
    .name = "io.k8s.api.core.v1.PersistentVolumeStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeStatus_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimSpec_fields[] = {
    F(1, "accessModes", LIST(T(string)), "",
      .values = "ReadWriteOnce,ReadOnlyMany,ReadWriteMany,ReadWriteOncePod"),
    F(4, "selector", T(meta_v1_LabelSelector), ""),
    F(2, "resources", T(core_v1_VolumeResourceRequirements), ""),
    F(3, "volumeName", T(string), ""),
    F(5, "storageClassName", T(string), ""),
    F(6, "volumeMode", T(string), "", .values = "Block,Filesystem"),
    F(7, "dataSource", T(core_v1_TypedLocalObjectReference), ""),
    F(8, "dataSourceRef", T(core_v1_TypedObjectReference), ""),
    F(9, "volumeAttributesClassName", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimSpec = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimSpec",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimSpec_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimStatus_fields[] = {
    F(1, "phase", T(string), "", .values = "Pending,Bound,Lost"),
    F(2, "accessModes", LIST(T(string)), "",
      .values = "ReadWriteOnce,ReadOnlyMany,ReadWriteMany,ReadWriteOncePod"),
    F(3, "capacity", MAP(T(quantity)), ""),
    F(4, "conditions", LIST(T(core_v1_PersistentVolumeClaimCondition)), "",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(5, "allocatedResources", MAP(T(quantity)), ""),
    F(7, "allocatedResourceStatuses", MAP(T(string)), ""),
    F(8, "currentVolumeAttributesClassName", T(string), ""),
    F(9, "modifyVolumeStatus", T(core_v1_ModifyVolumeStatus), ""),
    F(10, "healthStatus", T(core_v1_VolumeHealthStatus), ""),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimStatus = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimStatus_fields};

static const struct cleat_field core_v1_LocalObjectReference_fields[] = {
    F(1, "name", T(string), "", .def = "\"\""), END};
const struct cleat_type cleat_type_core_v1_LocalObjectReference = {
    .name = "io.k8s.api.core.v1.LocalObjectReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LocalObjectReference_fields,
    .atomic = 1};

static const struct cleat_field core_v1_PersistentVolumeSource_fields[] = {
    F(1, "gcePersistentDisk", T(core_v1_GCEPersistentDiskVolumeSource), ""),
    F(2, "awsElasticBlockStore", T(core_v1_AWSElasticBlockStoreVolumeSource), ""),
    F(3, "hostPath", T(core_v1_HostPathVolumeSource), ""),
    F(4, "glusterfs", T(core_v1_GlusterfsPersistentVolumeSource), ""),
    F(5, "nfs", T(core_v1_NFSVolumeSource), ""),
    F(6, "rbd", T(core_v1_RBDPersistentVolumeSource), ""),
    F(7, "iscsi", T(core_v1_ISCSIPersistentVolumeSource), ""),
    F(8, "cinder", T(core_v1_CinderPersistentVolumeSource), ""),
    F(9, "cephfs", T(core_v1_CephFSPersistentVolumeSource), ""),
    F(10, "fc", T(core_v1_FCVolumeSource), ""),
    F(11, "flocker", T(core_v1_FlockerVolumeSource), ""),
    F(12, "flexVolume", T(core_v1_FlexPersistentVolumeSource), ""),
    F(13, "azureFile", T(core_v1_AzureFilePersistentVolumeSource), ""),
    F(14, "vsphereVolume", T(core_v1_VsphereVirtualDiskVolumeSource), ""),
    F(15, "quobyte", T(core_v1_QuobyteVolumeSource), ""),
    F(16, "azureDisk", T(core_v1_AzureDiskVolumeSource), ""),
    F(17, "photonPersistentDisk", T(core_v1_PhotonPersistentDiskVolumeSource), ""),
    F(18, "portworxVolume", T(core_v1_PortworxVolumeSource), ""),
    F(19, "scaleIO", T(core_v1_ScaleIOPersistentVolumeSource), ""),
    F(20, "local", T(core_v1_LocalVolumeSource), ""),
    F(21, "storageos", T(core_v1_StorageOSPersistentVolumeSource), ""),
    F(22, "csi", T(core_v1_CSIPersistentVolumeSource), ""),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.PersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeSource_fields};

static const struct cleat_field core_v1_VolumeNodeAffinity_fields[] = {
    F(1, "required", T(core_v1_NodeSelector), ""), END};
const struct cleat_type cleat_type_core_v1_VolumeNodeAffinity = {
    .name = "io.k8s.api.core.v1.VolumeNodeAffinity",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeNodeAffinity_fields};

static const struct cleat_field core_v1_VolumeResourceRequirements_fields[] = {
    F(1, "limits", MAP(T(quantity)), ""), F(2, "requests", MAP(T(quantity)), ""), END};
const struct cleat_type cleat_type_core_v1_VolumeResourceRequirements = {
    .name = "io.k8s.api.core.v1.VolumeResourceRequirements",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeResourceRequirements_fields};

static const struct cleat_field core_v1_TypedObjectReference_fields[] = {
    F(1, "apiGroup", T(string), ""), F(2, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(4, "namespace", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_TypedObjectReference = {
    .name = "io.k8s.api.core.v1.TypedObjectReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TypedObjectReference_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimCondition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastProbeTime", T(time), ""),
    F(4, "lastTransitionTime", T(time), ""),
    F(5, "reason", T(string), ""),
    F(6, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimCondition = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimCondition_fields};

static const struct cleat_field core_v1_ModifyVolumeStatus_fields[] = {
    F(1, "targetVolumeAttributesClassName", T(string), ""),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "Pending,InProgress,Infeasible"),
    END};
const struct cleat_type cleat_type_core_v1_ModifyVolumeStatus = {
    .name = "io.k8s.api.core.v1.ModifyVolumeStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ModifyVolumeStatus_fields};

static const struct cleat_field core_v1_VolumeHealthStatus_fields[] = {
    F(1, "healthConditions", LIST(T(core_v1_VolumeHealthCondition)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "status,reason", .merge_key = "status"),
    F(2, "lastTransitionTime", T(time), ""), END};
const struct cleat_type cleat_type_core_v1_VolumeHealthStatus = {
    .name = "io.k8s.api.core.v1.VolumeHealthStatus",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeHealthStatus_fields};

static const struct cleat_field core_v1_Volume_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "", T(core_v1_VolumeSource), "", .flags = CLEAT_FIELD_INLINE), END};
const struct cleat_type cleat_type_core_v1_Volume = {.name = "io.k8s.api.core.v1.Volume",
                                                     .doc = "",
                                                     .form = CLEAT_FORM_STRUCT,
                                                     .fields = core_v1_Volume_fields};

static const struct cleat_field core_v1_GCEPersistentDiskVolumeSource_fields[] = {
    F(1, "pdName", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "fsType", T(string), ""),
    F(3, "partition", T(int32), ""), F(4, "readOnly", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_GCEPersistentDiskVolumeSource = {
    .name = "io.k8s.api.core.v1.GCEPersistentDiskVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_GCEPersistentDiskVolumeSource_fields};

static const struct cleat_field core_v1_AWSElasticBlockStoreVolumeSource_fields[] = {
    F(1, "volumeID", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "fsType", T(string), ""),
    F(3, "partition", T(int32), ""), F(4, "readOnly", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_AWSElasticBlockStoreVolumeSource = {
    .name = "io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AWSElasticBlockStoreVolumeSource_fields};

static const struct cleat_field core_v1_HostPathVolumeSource_fields[] = {
    F(1, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "type", T(string), "",
      .values = "DirectoryOrCreate,Directory,FileOrCreate,File,Socket,CharDevice,BlockDevice"),
    END};
const struct cleat_type cleat_type_core_v1_HostPathVolumeSource = {
    .name = "io.k8s.api.core.v1.HostPathVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_HostPathVolumeSource_fields};

static const struct cleat_field core_v1_GlusterfsPersistentVolumeSource_fields[] = {
    F(1, "endpoints", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "readOnly", T(bool), ""),
    F(4, "endpointsNamespace", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_GlusterfsPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.GlusterfsPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_GlusterfsPersistentVolumeSource_fields};

static const struct cleat_field core_v1_NFSVolumeSource_fields[] = {
    F(1, "server", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "readOnly", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_NFSVolumeSource = {
    .name = "io.k8s.api.core.v1.NFSVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NFSVolumeSource_fields};

static const struct cleat_field core_v1_RBDPersistentVolumeSource_fields[] = {
    F(1, "monitors", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "image", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "fsType", T(string), ""),
    F(4, "pool", T(string), "", .def = "\"rbd\""),
    F(5, "user", T(string), "", .def = "\"admin\""),
    F(6, "keyring", T(string), "", .def = "\"/etc/ceph/keyring\""),
    F(7, "secretRef", T(core_v1_SecretReference), ""),
    F(8, "readOnly", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_RBDPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.RBDPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_RBDPersistentVolumeSource_fields};

static const struct cleat_field core_v1_ISCSIPersistentVolumeSource_fields[] = {
    F(1, "targetPortal", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "iqn", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lun", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "iscsiInterface", T(string), "", .def = "\"default\""),
    F(5, "fsType", T(string), ""),
    F(6, "readOnly", T(bool), ""),
    F(7, "portals", LIST(T(string)), ""),
    F(8, "chapAuthDiscovery", T(bool), ""),
    F(11, "chapAuthSession", T(bool), ""),
    F(10, "secretRef", T(core_v1_SecretReference), ""),
    F(12, "initiatorName", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_ISCSIPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.ISCSIPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ISCSIPersistentVolumeSource_fields};

static const struct cleat_field core_v1_CinderPersistentVolumeSource_fields[] = {
    F(1, "volumeID", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "fsType", T(string), ""),
    F(3, "readOnly", T(bool), ""), F(4, "secretRef", T(core_v1_SecretReference), ""), END};
const struct cleat_type cleat_type_core_v1_CinderPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.CinderPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CinderPersistentVolumeSource_fields};

static const struct cleat_field core_v1_CephFSPersistentVolumeSource_fields[] = {
    F(1, "monitors", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), ""),
    F(3, "user", T(string), ""),
    F(4, "secretFile", T(string), ""),
    F(5, "secretRef", T(core_v1_SecretReference), ""),
    F(6, "readOnly", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_CephFSPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.CephFSPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CephFSPersistentVolumeSource_fields};

static const struct cleat_field core_v1_FCVolumeSource_fields[] = {
    F(1, "targetWWNs", LIST(T(string)), ""), F(2, "lun", T(int32), ""),
    F(3, "fsType", T(string), ""),           F(4, "readOnly", T(bool), ""),
    F(5, "wwids", LIST(T(string)), ""),      END};
const struct cleat_type cleat_type_core_v1_FCVolumeSource = {
    .name = "io.k8s.api.core.v1.FCVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FCVolumeSource_fields};

static const struct cleat_field core_v1_FlockerVolumeSource_fields[] = {
    F(1, "datasetName", T(string), ""), F(2, "datasetUUID", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_FlockerVolumeSource = {
    .name = "io.k8s.api.core.v1.FlockerVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FlockerVolumeSource_fields};

static const struct cleat_field core_v1_FlexPersistentVolumeSource_fields[] = {
    F(1, "driver", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), ""),
    F(3, "secretRef", T(core_v1_SecretReference), ""),
    F(4, "readOnly", T(bool), ""),
    F(5, "options", MAP(T(string)), ""),
    END};
const struct cleat_type cleat_type_core_v1_FlexPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.FlexPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FlexPersistentVolumeSource_fields};

static const struct cleat_field core_v1_AzureFilePersistentVolumeSource_fields[] = {
    F(1, "secretName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "shareName", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "readOnly", T(bool), ""),
    F(4, "secretNamespace", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_AzureFilePersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.AzureFilePersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AzureFilePersistentVolumeSource_fields};

static const struct cleat_field core_v1_VsphereVirtualDiskVolumeSource_fields[] = {
    F(1, "volumePath", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "fsType", T(string), ""),
    F(3, "storagePolicyName", T(string), ""), F(4, "storagePolicyID", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_VsphereVirtualDiskVolumeSource = {
    .name = "io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VsphereVirtualDiskVolumeSource_fields};

static const struct cleat_field core_v1_QuobyteVolumeSource_fields[] = {
    F(1, "registry", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "volume", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), ""),
    F(4, "user", T(string), ""),
    F(5, "group", T(string), ""),
    F(6, "tenant", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_QuobyteVolumeSource = {
    .name = "io.k8s.api.core.v1.QuobyteVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_QuobyteVolumeSource_fields};

static const struct cleat_field core_v1_AzureDiskVolumeSource_fields[] = {
    F(1, "diskName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "diskURI", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "cachingMode", T(string), "", .def = "\"ReadWrite\"", .values = "None,ReadOnly,ReadWrite"),
    F(4, "fsType", T(string), "", .def = "\"ext4\""),
    F(5, "readOnly", T(bool), "", .def = "false"),
    F(6, "kind", T(string), "", .def = "\"Shared\"", .values = "Shared,Dedicated,Managed"),
    END};
const struct cleat_type cleat_type_core_v1_AzureDiskVolumeSource = {
    .name = "io.k8s.api.core.v1.AzureDiskVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AzureDiskVolumeSource_fields};

static const struct cleat_field core_v1_PhotonPersistentDiskVolumeSource_fields[] = {
    F(1, "pdID", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "fsType", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_PhotonPersistentDiskVolumeSource = {
    .name = "io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PhotonPersistentDiskVolumeSource_fields};

static const struct cleat_field core_v1_PortworxVolumeSource_fields[] = {
    F(1, "volumeID", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "fsType", T(string), ""),
    F(3, "readOnly", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_PortworxVolumeSource = {
    .name = "io.k8s.api.core.v1.PortworxVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PortworxVolumeSource_fields};

static const struct cleat_field core_v1_ScaleIOPersistentVolumeSource_fields[] = {
    F(1, "gateway", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "system", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "secretRef", T(core_v1_SecretReference), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "sslEnabled", T(bool), ""),
    F(5, "protectionDomain", T(string), ""),
    F(6, "storagePool", T(string), ""),
    F(7, "storageMode", T(string), "", .def = "\"ThinProvisioned\""),
    F(8, "volumeName", T(string), ""),
    F(9, "fsType", T(string), "", .def = "\"xfs\""),
    F(10, "readOnly", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_ScaleIOPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.ScaleIOPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ScaleIOPersistentVolumeSource_fields};

static const struct cleat_field core_v1_LocalVolumeSource_fields[] = {
    F(1, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "fsType", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_LocalVolumeSource = {
    .name = "io.k8s.api.core.v1.LocalVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LocalVolumeSource_fields};

static const struct cleat_field core_v1_StorageOSPersistentVolumeSource_fields[] = {
    F(1, "volumeName", T(string), ""),
    F(2, "volumeNamespace", T(string), ""),
    F(3, "fsType", T(string), ""),
    F(4, "readOnly", T(bool), ""),
    F(5, "secretRef", T(core_v1_ObjectReference), ""),
    END};
const struct cleat_type cleat_type_core_v1_StorageOSPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.StorageOSPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_StorageOSPersistentVolumeSource_fields};

static const struct cleat_field core_v1_CSIPersistentVolumeSource_fields[] = {
    F(1, "driver", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "volumeHandle", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), ""),
    F(4, "fsType", T(string), ""),
    F(5, "volumeAttributes", MAP(T(string)), ""),
    F(6, "controllerPublishSecretRef", T(core_v1_SecretReference), ""),
    F(7, "nodeStageSecretRef", T(core_v1_SecretReference), ""),
    F(8, "nodePublishSecretRef", T(core_v1_SecretReference), ""),
    F(9, "controllerExpandSecretRef", T(core_v1_SecretReference), ""),
    F(10, "nodeExpandSecretRef", T(core_v1_SecretReference), ""),
    END};
const struct cleat_type cleat_type_core_v1_CSIPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.CSIPersistentVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CSIPersistentVolumeSource_fields};

static const struct cleat_field core_v1_VolumeHealthCondition_fields[] = {
    F(1, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED,
      .values = "Inaccessible,DataLoss,Degraded"),
    F(2, "reason", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "message", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_VolumeHealthCondition = {
    .name = "io.k8s.api.core.v1.VolumeHealthCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeHealthCondition_fields};

static const struct cleat_field core_v1_VolumeSource_fields[] = {
    F(1, "hostPath", T(core_v1_HostPathVolumeSource), ""),
    F(2, "emptyDir", T(core_v1_EmptyDirVolumeSource), ""),
    F(3, "gcePersistentDisk", T(core_v1_GCEPersistentDiskVolumeSource), ""),
    F(4, "awsElasticBlockStore", T(core_v1_AWSElasticBlockStoreVolumeSource), ""),
    F(5, "gitRepo", T(core_v1_GitRepoVolumeSource), ""),
    F(6, "secret", T(core_v1_SecretVolumeSource), ""),
    F(7, "nfs", T(core_v1_NFSVolumeSource), ""),
    F(8, "iscsi", T(core_v1_ISCSIVolumeSource), ""),
    F(9, "glusterfs", T(core_v1_GlusterfsVolumeSource), ""),
    F(10, "persistentVolumeClaim", T(core_v1_PersistentVolumeClaimVolumeSource), ""),
    F(11, "rbd", T(core_v1_RBDVolumeSource), ""),
    F(12, "flexVolume", T(core_v1_FlexVolumeSource), ""),
    F(13, "cinder", T(core_v1_CinderVolumeSource), ""),
    F(14, "cephfs", T(core_v1_CephFSVolumeSource), ""),
    F(15, "flocker", T(core_v1_FlockerVolumeSource), ""),
    F(16, "downwardAPI", T(core_v1_DownwardAPIVolumeSource), ""),
    F(17, "fc", T(core_v1_FCVolumeSource), ""),
    F(18, "azureFile", T(core_v1_AzureFileVolumeSource), ""),
    F(19, "configMap", T(core_v1_ConfigMapVolumeSource), ""),
    F(20, "vsphereVolume", T(core_v1_VsphereVirtualDiskVolumeSource), ""),
    F(21, "quobyte", T(core_v1_QuobyteVolumeSource), ""),
    F(22, "azureDisk", T(core_v1_AzureDiskVolumeSource), ""),
    F(23, "photonPersistentDisk", T(core_v1_PhotonPersistentDiskVolumeSource), ""),
    F(26, "projected", T(core_v1_ProjectedVolumeSource), ""),
    F(24, "portworxVolume", T(core_v1_PortworxVolumeSource), ""),
    F(25, "scaleIO", T(core_v1_ScaleIOVolumeSource), ""),
    F(27, "storageos", T(core_v1_StorageOSVolumeSource), ""),
    F(28, "csi", T(core_v1_CSIVolumeSource), ""),
    F(29, "ephemeral", T(core_v1_EphemeralVolumeSource), ""),
    F(30, "image", T(core_v1_ImageVolumeSource), ""),
    END};
const struct cleat_type cleat_type_core_v1_VolumeSource = {.name =
                                                               "io.k8s.api.core.v1.VolumeSource",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_VolumeSource_fields};

static const struct cleat_field core_v1_EmptyDirVolumeSource_fields[] = {
    F(1, "medium", T(string), ""), F(2, "sizeLimit", T(quantity), ""), F(3, "mode", T(int32), ""),
    END};
const struct cleat_type cleat_type_core_v1_EmptyDirVolumeSource = {
    .name = "io.k8s.api.core.v1.EmptyDirVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EmptyDirVolumeSource_fields};

static const struct cleat_field core_v1_GitRepoVolumeSource_fields[] = {
    F(1, "repository", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "revision", T(string), ""), F(3, "directory", T(string), ""), END};
const struct cleat_type cleat_type_core_v1_GitRepoVolumeSource = {
    .name = "io.k8s.api.core.v1.GitRepoVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_GitRepoVolumeSource_fields};

static const struct cleat_field core_v1_SecretVolumeSource_fields[] = {
    F(1, "secretName", T(string), ""), F(2, "items", LIST(T(core_v1_KeyToPath)), ""),
    F(3, "defaultMode", T(int32), ""), F(4, "optional", T(bool), ""),
    F(5, "defaultUser", T(int64), ""), END};
const struct cleat_type cleat_type_core_v1_SecretVolumeSource = {
    .name = "io.k8s.api.core.v1.SecretVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretVolumeSource_fields};

static const struct cleat_field core_v1_ISCSIVolumeSource_fields[] = {
    F(1, "targetPortal", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "iqn", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lun", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "iscsiInterface", T(string), "", .def = "\"default\""),
    F(5, "fsType", T(string), ""),
    F(6, "readOnly", T(bool), ""),
    F(7, "portals", LIST(T(string)), ""),
    F(8, "chapAuthDiscovery", T(bool), ""),
    F(11, "chapAuthSession", T(bool), ""),
    F(10, "secretRef", T(core_v1_LocalObjectReference), ""),
    F(12, "initiatorName", T(string), ""),
    END};
const struct cleat_type cleat_type_core_v1_ISCSIVolumeSource = {
    .name = "io.k8s.api.core.v1.ISCSIVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ISCSIVolumeSource_fields};

static const struct cleat_field core_v1_GlusterfsVolumeSource_fields[] = {
    F(1, "endpoints", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "readOnly", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_GlusterfsVolumeSource = {
    .name = "io.k8s.api.core.v1.GlusterfsVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_GlusterfsVolumeSource_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimVolumeSource_fields[] = {
    F(1, "claimName", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "readOnly", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimVolumeSource = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimVolumeSource_fields};

static const struct cleat_field core_v1_RBDVolumeSource_fields[] = {
    F(1, "monitors", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "image", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "fsType", T(string), ""),
    F(4, "pool", T(string), "", .def = "\"rbd\""),
    F(5, "user", T(string), "", .def = "\"admin\""),
    F(6, "keyring", T(string), "", .def = "\"/etc/ceph/keyring\""),
    F(7, "secretRef", T(core_v1_LocalObjectReference), ""),
    F(8, "readOnly", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_RBDVolumeSource = {
    .name = "io.k8s.api.core.v1.RBDVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_RBDVolumeSource_fields};

static const struct cleat_field core_v1_FlexVolumeSource_fields[] = {
    F(1, "driver", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), ""),
    F(3, "secretRef", T(core_v1_LocalObjectReference), ""),
    F(4, "readOnly", T(bool), ""),
    F(5, "options", MAP(T(string)), ""),
    END};
const struct cleat_type cleat_type_core_v1_FlexVolumeSource = {
    .name = "io.k8s.api.core.v1.FlexVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FlexVolumeSource_fields};

static const struct cleat_field core_v1_CinderVolumeSource_fields[] = {
    F(1, "volumeID", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(2, "fsType", T(string), ""),
    F(3, "readOnly", T(bool), ""), F(4, "secretRef", T(core_v1_LocalObjectReference), ""), END};
const struct cleat_type cleat_type_core_v1_CinderVolumeSource = {
    .name = "io.k8s.api.core.v1.CinderVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CinderVolumeSource_fields};

static const struct cleat_field core_v1_CephFSVolumeSource_fields[] = {
    F(1, "monitors", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), ""),
    F(3, "user", T(string), ""),
    F(4, "secretFile", T(string), ""),
    F(5, "secretRef", T(core_v1_LocalObjectReference), ""),
    F(6, "readOnly", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_CephFSVolumeSource = {
    .name = "io.k8s.api.core.v1.CephFSVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CephFSVolumeSource_fields};

static const struct cleat_field core_v1_DownwardAPIVolumeSource_fields[] = {
    F(1, "items", LIST(T(core_v1_DownwardAPIVolumeFile)), ""), F(2, "defaultMode", T(int32), ""),
    F(3, "defaultUser", T(int64), ""), END};
const struct cleat_type cleat_type_core_v1_DownwardAPIVolumeSource = {
    .name = "io.k8s.api.core.v1.DownwardAPIVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_DownwardAPIVolumeSource_fields};

static const struct cleat_field core_v1_AzureFileVolumeSource_fields[] = {
    F(1, "secretName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "shareName", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "readOnly", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_AzureFileVolumeSource = {
    .name = "io.k8s.api.core.v1.AzureFileVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AzureFileVolumeSource_fields};

static const struct cleat_field core_v1_ConfigMapVolumeSource_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "items", LIST(T(core_v1_KeyToPath)), ""),
    F(3, "defaultMode", T(int32), ""),
    F(4, "optional", T(bool), ""),
    F(5, "defaultUser", T(int64), ""),
    END};
const struct cleat_type cleat_type_core_v1_ConfigMapVolumeSource = {
    .name = "io.k8s.api.core.v1.ConfigMapVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapVolumeSource_fields};

static const struct cleat_field core_v1_ProjectedVolumeSource_fields[] = {
    F(1, "sources", LIST(T(core_v1_VolumeProjection)), ""), F(2, "defaultMode", T(int32), ""),
    F(3, "defaultUser", T(int64), ""), END};
const struct cleat_type cleat_type_core_v1_ProjectedVolumeSource = {
    .name = "io.k8s.api.core.v1.ProjectedVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ProjectedVolumeSource_fields};

static const struct cleat_field core_v1_ScaleIOVolumeSource_fields[] = {
    F(1, "gateway", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "system", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "secretRef", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "sslEnabled", T(bool), ""),
    F(5, "protectionDomain", T(string), ""),
    F(6, "storagePool", T(string), ""),
    F(7, "storageMode", T(string), "", .def = "\"ThinProvisioned\""),
    F(8, "volumeName", T(string), ""),
    F(9, "fsType", T(string), "", .def = "\"xfs\""),
    F(10, "readOnly", T(bool), ""),
    END};
const struct cleat_type cleat_type_core_v1_ScaleIOVolumeSource = {
    .name = "io.k8s.api.core.v1.ScaleIOVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ScaleIOVolumeSource_fields};

static const struct cleat_field core_v1_StorageOSVolumeSource_fields[] = {
    F(1, "volumeName", T(string), ""),
    F(2, "volumeNamespace", T(string), ""),
    F(3, "fsType", T(string), ""),
    F(4, "readOnly", T(bool), ""),
    F(5, "secretRef", T(core_v1_LocalObjectReference), ""),
    END};
const struct cleat_type cleat_type_core_v1_StorageOSVolumeSource = {
    .name = "io.k8s.api.core.v1.StorageOSVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_StorageOSVolumeSource_fields};

static const struct cleat_field core_v1_CSIVolumeSource_fields[] = {
    F(1, "driver", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "readOnly", T(bool), ""),
    F(3, "fsType", T(string), ""),
    F(4, "volumeAttributes", MAP(T(string)), ""),
    F(5, "nodePublishSecretRef", T(core_v1_LocalObjectReference), ""),
    END};
const struct cleat_type cleat_type_core_v1_CSIVolumeSource = {
    .name = "io.k8s.api.core.v1.CSIVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CSIVolumeSource_fields};

static const struct cleat_field core_v1_EphemeralVolumeSource_fields[] = {
    F(1, "volumeClaimTemplate", T(core_v1_PersistentVolumeClaimTemplate), ""), END};
const struct cleat_type cleat_type_core_v1_EphemeralVolumeSource = {
    .name = "io.k8s.api.core.v1.EphemeralVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EphemeralVolumeSource_fields};

static const struct cleat_field core_v1_ImageVolumeSource_fields[] = {
    F(1, "reference", T(string), ""),
    F(2, "pullPolicy", T(string), "", .values = "Always,Never,IfNotPresent"), END};
const struct cleat_type cleat_type_core_v1_ImageVolumeSource = {
    .name = "io.k8s.api.core.v1.ImageVolumeSource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ImageVolumeSource_fields};

static const struct cleat_field core_v1_VolumeStatus_fields[] = {
    F(1, "image", T(core_v1_ImageVolumeStatus), ""), END};
const struct cleat_type cleat_type_core_v1_VolumeStatus = {.name =
                                                               "io.k8s.api.core.v1.VolumeStatus",
                                                           .doc = "",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_VolumeStatus_fields};

static const struct cleat_field core_v1_KeyToPath_fields[] = {
    F(1, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(3, "mode", T(int32), ""),
    F(4, "user", T(int64), ""), END};
const struct cleat_type cleat_type_core_v1_KeyToPath = {.name = "io.k8s.api.core.v1.KeyToPath",
                                                        .doc = "",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_KeyToPath_fields};

static const struct cleat_field core_v1_VolumeProjection_fields[] = {
    F(1, "secret", T(core_v1_SecretProjection), ""),
    F(2, "downwardAPI", T(core_v1_DownwardAPIProjection), ""),
    F(3, "configMap", T(core_v1_ConfigMapProjection), ""),
    F(4, "serviceAccountToken", T(core_v1_ServiceAccountTokenProjection), ""),
    F(5, "clusterTrustBundle", T(core_v1_ClusterTrustBundleProjection), ""),
    F(6, "podCertificate", T(core_v1_PodCertificateProjection), ""),
    END};
const struct cleat_type cleat_type_core_v1_VolumeProjection = {
    .name = "io.k8s.api.core.v1.VolumeProjection",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeProjection_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimTemplate_fields[] = {
    F(1, "metadata", T(meta_v1_ObjectMeta), ""),
    F(2, "spec", T(core_v1_PersistentVolumeClaimSpec), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimTemplate = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimTemplate",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimTemplate_fields};

static const struct cleat_field core_v1_SecretProjection_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "items", LIST(T(core_v1_KeyToPath)), ""), F(4, "optional", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_SecretProjection = {
    .name = "io.k8s.api.core.v1.SecretProjection",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretProjection_fields};

static const struct cleat_field core_v1_DownwardAPIProjection_fields[] = {
    F(1, "items", LIST(T(core_v1_DownwardAPIVolumeFile)), ""), END};
const struct cleat_type cleat_type_core_v1_DownwardAPIProjection = {
    .name = "io.k8s.api.core.v1.DownwardAPIProjection",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_DownwardAPIProjection_fields};

static const struct cleat_field core_v1_ConfigMapProjection_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "items", LIST(T(core_v1_KeyToPath)), ""), F(4, "optional", T(bool), ""), END};
const struct cleat_type cleat_type_core_v1_ConfigMapProjection = {
    .name = "io.k8s.api.core.v1.ConfigMapProjection",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapProjection_fields};

static const struct cleat_field core_v1_ServiceAccountTokenProjection_fields[] = {
    F(1, "audience", T(string), ""), F(2, "expirationSeconds", T(int64), ""),
    F(3, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(4, "user", T(int64), ""), END};
const struct cleat_type cleat_type_core_v1_ServiceAccountTokenProjection = {
    .name = "io.k8s.api.core.v1.ServiceAccountTokenProjection",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ServiceAccountTokenProjection_fields};

static const struct cleat_field core_v1_ClusterTrustBundleProjection_fields[] = {
    F(1, "name", T(string), ""),
    F(2, "signerName", T(string), ""),
    F(3, "labelSelector", T(meta_v1_LabelSelector), ""),
    F(5, "optional", T(bool), ""),
    F(4, "path", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "user", T(int64), ""),
    END};
const struct cleat_type cleat_type_core_v1_ClusterTrustBundleProjection = {
    .name = "io.k8s.api.core.v1.ClusterTrustBundleProjection",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ClusterTrustBundleProjection_fields};

static const struct cleat_field core_v1_PodCertificateProjection_fields[] = {
    F(1, "signerName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "keyType", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "maxExpirationSeconds", T(int32), ""),
    F(4, "credentialBundlePath", T(string), ""),
    F(5, "keyPath", T(string), ""),
    F(6, "certificateChainPath", T(string), ""),
    F(7, "userAnnotations", MAP(T(string)), ""),
    F(8, "user", T(int64), ""),
    END};
const struct cleat_type cleat_type_core_v1_PodCertificateProjection = {
    .name = "io.k8s.api.core.v1.PodCertificateProjection",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodCertificateProjection_fields};
