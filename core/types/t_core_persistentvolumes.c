/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: persistentvolumes. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_PersistentVolume_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_PersistentVolumeSpec), "What is wanted."),
    F(3, "status", T(core_v1_PersistentVolumeStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolume = {
    .name = "io.k8s.api.core.v1.PersistentVolume",
    .doc = "Storage that the cluster has; a PersistentVolumeClaim asks for it.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolume_fields};

static const struct cleat_field core_v1_PersistentVolumeList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_PersistentVolume)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeList = {
    .name = "io.k8s.api.core.v1.PersistentVolumeList",
    .doc = "A list of PersistentVolume objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeList_fields};

static const struct cleat_field core_v1_PersistentVolumeClaim_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_PersistentVolumeClaimSpec), "What is wanted."),
    F(3, "status", T(core_v1_PersistentVolumeClaimStatus),
      "What was last observed; written by the system."),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaim = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaim",
    .doc = "Asks for storage.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaim_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(core_v1_PersistentVolumeClaim)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimList = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimList",
    .doc = "A list of PersistentVolumeClaim objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimList_fields};

static const struct cleat_field core_v1_PersistentVolumeSpec_fields[] = {
    F(1, "capacity", MAP(T(quantity)), "How much it holds."),
    F(2, "", T(core_v1_PersistentVolumeSource), "", .flags = CLEAT_FIELD_INLINE),
    F(3, "accessModes", LIST(T(string)),
      "How it may be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.",
      .values = "ReadWriteOnce,ReadOnlyMany,ReadWriteMany,ReadWriteOncePod"),
    F(4, "claimRef", T(core_v1_ObjectReference), "The claim that it is bound to.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "persistentVolumeReclaimPolicy", T(string),
      "What happens when the claim is gone: Retain, Delete or Recycle.",
      .values = "Recycle,Delete,Retain"),
    F(6, "storageClassName", T(string), "The StorageClass."),
    F(7, "mountOptions", LIST(T(string)), "Options for mounting, such as ro."),
    F(8, "volumeMode", T(string), "Filesystem or Block.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "Block,Filesystem"),
    F(9, "nodeAffinity", T(core_v1_VolumeNodeAffinity), "From which nodes it can be reached.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "volumeAttributesClassName", T(string),
      "The VolumeAttributesClass that sets its qualities.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeSpec = {
    .name = "io.k8s.api.core.v1.PersistentVolumeSpec",
    .doc = "What a volume is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeSpec_fields};

static const struct cleat_field core_v1_PersistentVolumeStatus_fields[] = {
    F(1, "phase", T(string), "Pending, Available, Bound, Released or Failed.",
      .values = "Pending,Available,Bound,Released,Failed"),
    F(2, "message", T(string), "A sentence for people."),
    F(3, "reason", T(string), "A short CamelCase word for the cause."),
    F(4, "lastPhaseTransitionTime", T(time), "When the phase last changed.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeStatus = {
    .name = "io.k8s.api.core.v1.PersistentVolumeStatus",
    .doc = "What became of a volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeStatus_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimSpec_fields[] = {
    F(1, "accessModes", LIST(T(string)),
      "How it may be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.",
      .values = "ReadWriteOnce,ReadOnlyMany,ReadWriteMany,ReadWriteOncePod"),
    F(4, "selector", T(meta_v1_LabelSelector), "Which volumes may be taken, by their labels.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "resources", T(core_v1_VolumeResourceRequirements), "The least size that it must have."),
    F(3, "volumeName", T(string), "The volume that is bound to it."),
    F(5, "storageClassName", T(string), "The StorageClass.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "volumeMode", T(string), "Filesystem or Block.", .flags = CLEAT_FIELD_NULLABLE,
      .values = "Block,Filesystem"),
    F(7, "dataSource", T(core_v1_TypedLocalObjectReference),
      "What it is filled from: a snapshot or another claim.", .flags = CLEAT_FIELD_NULLABLE),
    F(8, "dataSourceRef", T(core_v1_TypedObjectReference),
      "What it is filled from, any kind of object.", .flags = CLEAT_FIELD_NULLABLE),
    F(9, "volumeAttributesClassName", T(string),
      "The VolumeAttributesClass that sets its qualities.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimSpec = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimSpec",
    .doc = "The storage that is asked for.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimSpec_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimStatus_fields[] = {
    F(1, "phase", T(string), "Pending, Bound or Lost.", .values = "Pending,Bound,Lost"),
    F(2, "accessModes", LIST(T(string)),
      "How it may be mounted: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.",
      .values = "ReadWriteOnce,ReadOnlyMany,ReadWriteMany,ReadWriteOncePod"),
    F(3, "capacity", MAP(T(quantity)), "What the bound volume really has."),
    F(4, "conditions", LIST(T(core_v1_PersistentVolumeClaimCondition)),
      "What is known of it at present, one entry for each type.", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "type", .merge_key = "type"),
    F(5, "allocatedResources", MAP(T(quantity)), "What was set aside for it, during a resize."),
    F(7, "allocatedResourceStatuses", MAP(T(string)), "How far a resize is."),
    F(8, "currentVolumeAttributesClassName", T(string), "The class in force.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(9, "modifyVolumeStatus", T(core_v1_ModifyVolumeStatus), "How far a change of class is.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "healthStatus", T(core_v1_VolumeHealthStatus), "What is known of the volume's health.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimStatus = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimStatus",
    .doc = "What became of a claim.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimStatus_fields};

static const struct cleat_field core_v1_PersistentVolumeSource_fields[] = {
    F(1, "gcePersistentDisk", T(core_v1_GCEPersistentDiskVolumeSource),
      "A disk of Google Compute Engine. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "awsElasticBlockStore", T(core_v1_AWSElasticBlockStoreVolumeSource),
      "A disk of Amazon EC2. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "hostPath", T(core_v1_HostPathVolumeSource), "A folder of the node itself, for tests.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "glusterfs", T(core_v1_GlusterfsPersistentVolumeSource), "A Gluster volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "nfs", T(core_v1_NFSVolumeSource), "An NFS export.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "rbd", T(core_v1_RBDPersistentVolumeSource), "A Ceph block device. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "iscsi", T(core_v1_ISCSIPersistentVolumeSource), "An iSCSI disk.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(8, "cinder", T(core_v1_CinderPersistentVolumeSource), "An OpenStack volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(9, "cephfs", T(core_v1_CephFSPersistentVolumeSource), "A Ceph file system. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "fc", T(core_v1_FCVolumeSource), "A Fibre Channel disk.", .flags = CLEAT_FIELD_NULLABLE),
    F(11, "flocker", T(core_v1_FlockerVolumeSource), "A Flocker volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "flexVolume", T(core_v1_FlexPersistentVolumeSource),
      "A volume of a FlexVolume driver. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(13, "azureFile", T(core_v1_AzureFilePersistentVolumeSource),
      "An Azure file share. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(14, "vsphereVolume", T(core_v1_VsphereVirtualDiskVolumeSource), "A vSphere disk. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(15, "quobyte", T(core_v1_QuobyteVolumeSource), "A Quobyte volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(16, "azureDisk", T(core_v1_AzureDiskVolumeSource), "An Azure disk. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(17, "photonPersistentDisk", T(core_v1_PhotonPersistentDiskVolumeSource),
      "A Photon disk. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(18, "portworxVolume", T(core_v1_PortworxVolumeSource), "A Portworx volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(19, "scaleIO", T(core_v1_ScaleIOPersistentVolumeSource), "A ScaleIO volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(20, "local", T(core_v1_LocalVolumeSource), "A disk or folder of one node.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(21, "storageos", T(core_v1_StorageOSPersistentVolumeSource),
      "A StorageOS volume. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(22, "csi", T(core_v1_CSIPersistentVolumeSource), "A volume of a CSI driver.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.PersistentVolumeSource",
    .doc = "Where the storage really is; one of its members.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeSource_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimCondition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lastProbeTime", T(time), "When the condition was last looked at."),
    F(4, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    F(5, "reason", T(string), "A short CamelCase word for the cause."),
    F(6, "message", T(string), "A sentence for people."),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimCondition = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimCondition",
    .doc = "What is known of a claim.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimCondition_fields};

static const struct cleat_field core_v1_GlusterfsPersistentVolumeSource_fields[] = {
    F(1, "endpoints", T(string), "Name of the Endpoints that hold the servers.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "The volume's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(4, "endpointsNamespace", T(string), "The namespace of the Endpoints.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_GlusterfsPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.GlusterfsPersistentVolumeSource",
    .doc = "A Gluster volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_GlusterfsPersistentVolumeSource_fields};

static const struct cleat_field core_v1_RBDPersistentVolumeSource_fields[] = {
    F(1, "monitors", LIST(T(string)), "Addresses of the monitors.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "image", T(string), "The image's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "fsType", T(string), "The file system on it, for example ext4."),
    F(4, "pool", T(string), "The pool it is in.", .def = "\"rbd\""),
    F(5, "user", T(string), "The user to act as.", .def = "\"admin\""),
    F(6, "keyring", T(string), "Path of the key ring on the node.", .def = "\"/etc/ceph/keyring\""),
    F(7, "secretRef", T(core_v1_SecretReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(8, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    END};
const struct cleat_type cleat_type_core_v1_RBDPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.RBDPersistentVolumeSource",
    .doc = "A Ceph block device.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_RBDPersistentVolumeSource_fields};

static const struct cleat_field core_v1_ISCSIPersistentVolumeSource_fields[] = {
    F(1, "targetPortal", T(string), "Address and port of the target.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "iqn", T(string), "The target's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "lun", T(int32), "The logical unit's number.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "iscsiInterface", T(string), "The interface; default by default.", .def = "\"default\""),
    F(5, "fsType", T(string), "The file system on it, for example ext4."),
    F(6, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(7, "portals", LIST(T(string)), "More portals."),
    F(8, "chapAuthDiscovery", T(bool), "Authenticate during discovery."),
    F(11, "chapAuthSession", T(bool), "Authenticate the session."),
    F(10, "secretRef", T(core_v1_SecretReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "initiatorName", T(string), "The initiator's name.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ISCSIPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.ISCSIPersistentVolumeSource",
    .doc = "An iSCSI disk.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ISCSIPersistentVolumeSource_fields};

static const struct cleat_field core_v1_CinderPersistentVolumeSource_fields[] = {
    F(1, "volumeID", T(string), "The identifier of the volume at its provider.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(4, "secretRef", T(core_v1_SecretReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_CinderPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.CinderPersistentVolumeSource",
    .doc = "An OpenStack volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CinderPersistentVolumeSource_fields};

static const struct cleat_field core_v1_CephFSPersistentVolumeSource_fields[] = {
    F(1, "monitors", LIST(T(string)), "Addresses of the monitors.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "The path."),
    F(3, "user", T(string), "The user to act as."),
    F(4, "secretFile", T(string), "Path of the key on the node."),
    F(5, "secretRef", T(core_v1_SecretReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    END};
const struct cleat_type cleat_type_core_v1_CephFSPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.CephFSPersistentVolumeSource",
    .doc = "A Ceph file system.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CephFSPersistentVolumeSource_fields};

static const struct cleat_field core_v1_FlexPersistentVolumeSource_fields[] = {
    F(1, "driver", T(string), "The name of the driver.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."),
    F(3, "secretRef", T(core_v1_SecretReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(5, "options", MAP(T(string)), "More options, as the driver knows them."),
    END};
const struct cleat_type cleat_type_core_v1_FlexPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.FlexPersistentVolumeSource",
    .doc = "A volume of a FlexVolume driver.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FlexPersistentVolumeSource_fields};

static const struct cleat_field core_v1_AzureFilePersistentVolumeSource_fields[] = {
    F(1, "secretName", T(string), "The name of a Secret.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "shareName", T(string), "The name of the share.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(4, "secretNamespace", T(string), "The namespace of the Secret.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_AzureFilePersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.AzureFilePersistentVolumeSource",
    .doc = "An Azure file share.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AzureFilePersistentVolumeSource_fields};

static const struct cleat_field core_v1_ScaleIOPersistentVolumeSource_fields[] = {
    F(1, "gateway", T(string), "Address of the gateway.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "system", T(string), "The system's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "secretRef", T(core_v1_SecretReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_REQUIRED | CLEAT_FIELD_NULLABLE),
    F(4, "sslEnabled", T(bool), "Talk to the gateway over TLS."),
    F(5, "protectionDomain", T(string), "The protection domain."),
    F(6, "storagePool", T(string), "The storage pool."),
    F(7, "storageMode", T(string), "ThickProvisioned or ThinProvisioned.",
      .def = "\"ThinProvisioned\""),
    F(8, "volumeName", T(string), "The name of the volume."),
    F(9, "fsType", T(string), "The file system on it, for example ext4.", .def = "\"xfs\""),
    F(10, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    END};
const struct cleat_type cleat_type_core_v1_ScaleIOPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.ScaleIOPersistentVolumeSource",
    .doc = "A ScaleIO volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ScaleIOPersistentVolumeSource_fields};

static const struct cleat_field core_v1_StorageOSPersistentVolumeSource_fields[] = {
    F(1, "volumeName", T(string), "The name of the volume."),
    F(2, "volumeNamespace", T(string), "The namespace of the volume in the storage system."),
    F(3, "fsType", T(string), "The file system on it, for example ext4."),
    F(4, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(5, "secretRef", T(core_v1_ObjectReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_StorageOSPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.StorageOSPersistentVolumeSource",
    .doc = "A StorageOS volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_StorageOSPersistentVolumeSource_fields};

static const struct cleat_field core_v1_CSIPersistentVolumeSource_fields[] = {
    F(1, "driver", T(string), "The name of the driver.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "volumeHandle", T(string), "The driver's name for it.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(4, "fsType", T(string), "The file system on it, for example ext4."),
    F(5, "volumeAttributes", MAP(T(string)), "What the driver wants to know of the volume."),
    F(6, "controllerPublishSecretRef", T(core_v1_SecretReference), "Secret for attaching.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "nodeStageSecretRef", T(core_v1_SecretReference), "Secret for staging on the node.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(8, "nodePublishSecretRef", T(core_v1_SecretReference), "Secret for mounting into the pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(9, "controllerExpandSecretRef", T(core_v1_SecretReference), "Secret for growing.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "nodeExpandSecretRef", T(core_v1_SecretReference), "Secret for growing on the node.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_CSIPersistentVolumeSource = {
    .name = "io.k8s.api.core.v1.CSIPersistentVolumeSource",
    .doc = "A volume of a CSI driver.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CSIPersistentVolumeSource_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimVolumeSource_fields[] = {
    F(1, "claimName", T(string), "The claim.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "readOnly", T(bool), "Mount it so that it cannot be written to."), END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimVolumeSource = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimVolumeSource",
    .doc = "The volume of a claim in the same namespace.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimVolumeSource_fields};

static const struct cleat_field core_v1_PersistentVolumeClaimTemplate_fields[] = {
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "spec", T(core_v1_PersistentVolumeClaimSpec), "What is wanted.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_core_v1_PersistentVolumeClaimTemplate = {
    .name = "io.k8s.api.core.v1.PersistentVolumeClaimTemplate",
    .doc = "A claim to be made for a pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PersistentVolumeClaimTemplate_fields};
