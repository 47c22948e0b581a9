/* SPDX-License-Identifier: Apache-2.0 */
/* Types of core/v1: volumes. See types.h. */
#include "core/types/table.h"

static const struct cleat_field core_v1_LocalObjectReference_fields[] = {
    F(1, "name", T(string), "Its name.", .def = "\"\""), END};
const struct cleat_type cleat_type_core_v1_LocalObjectReference = {
    .name = "io.k8s.api.core.v1.LocalObjectReference",
    .doc = "Another object in the same namespace.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LocalObjectReference_fields,
    .atomic = 1};

static const struct cleat_field core_v1_VolumeNodeAffinity_fields[] = {
    F(1, "required", T(core_v1_NodeSelector), "Demands that the node must meet.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_VolumeNodeAffinity = {
    .name = "io.k8s.api.core.v1.VolumeNodeAffinity",
    .doc = "From which nodes a volume can be reached.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeNodeAffinity_fields};

static const struct cleat_field core_v1_VolumeResourceRequirements_fields[] = {
    F(1, "limits", MAP(T(quantity)), "The most."), F(2, "requests", MAP(T(quantity)), "The least."),
    END};
const struct cleat_type cleat_type_core_v1_VolumeResourceRequirements = {
    .name = "io.k8s.api.core.v1.VolumeResourceRequirements",
    .doc = "The size of a volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeResourceRequirements_fields};

static const struct cleat_field core_v1_TypedObjectReference_fields[] = {
    F(1, "apiGroup", T(string), "The API group of what is referred to; empty for the core group.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "kind", T(string), "The kind of object.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "namespace", T(string), "The namespace it is in.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_TypedObjectReference = {
    .name = "io.k8s.api.core.v1.TypedObjectReference",
    .doc = "Another object, of any kind.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_TypedObjectReference_fields};

static const struct cleat_field core_v1_ModifyVolumeStatus_fields[] = {
    F(1, "targetVolumeAttributesClassName", T(string), "The class that it shall have."),
    F(2, "status", T(string), "Pending, InProgress or Infeasible.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "Pending,InProgress,Infeasible"),
    END};
const struct cleat_type cleat_type_core_v1_ModifyVolumeStatus = {
    .name = "io.k8s.api.core.v1.ModifyVolumeStatus",
    .doc = "How far a change of a volume's class is.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ModifyVolumeStatus_fields};

static const struct cleat_field core_v1_VolumeHealthStatus_fields[] = {
    F(1, "healthConditions", LIST(T(core_v1_VolumeHealthCondition)), "What is known of its health.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "status,reason",
      .merge_key = "status"),
    F(2, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another."),
    END};
const struct cleat_type cleat_type_core_v1_VolumeHealthStatus = {
    .name = "io.k8s.api.core.v1.VolumeHealthStatus",
    .doc = "Health of a volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeHealthStatus_fields};

static const struct cleat_field core_v1_Volume_fields[] = {
    F(1, "name", T(string), "Its name, unique in the pod.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "", T(core_v1_VolumeSource), "", .flags = CLEAT_FIELD_INLINE), END};
const struct cleat_type cleat_type_core_v1_Volume = {
    .name = "io.k8s.api.core.v1.Volume",
    .doc = "Storage that containers of the pod may mount.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_Volume_fields};

static const struct cleat_field core_v1_GCEPersistentDiskVolumeSource_fields[] = {
    F(1, "pdName", T(string), "The disk's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."),
    F(3, "partition", T(int32), "The partition to mount; 0 or empty is the whole device."),
    F(4, "readOnly", T(bool), "Mount it so that it cannot be written to."), END};
const struct cleat_type cleat_type_core_v1_GCEPersistentDiskVolumeSource = {
    .name = "io.k8s.api.core.v1.GCEPersistentDiskVolumeSource",
    .doc = "A disk of Google Compute Engine.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_GCEPersistentDiskVolumeSource_fields};

static const struct cleat_field core_v1_AWSElasticBlockStoreVolumeSource_fields[] = {
    F(1, "volumeID", T(string), "The identifier of the volume at its provider.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."),
    F(3, "partition", T(int32), "The partition to mount; 0 or empty is the whole device."),
    F(4, "readOnly", T(bool), "Mount it so that it cannot be written to."), END};
const struct cleat_type cleat_type_core_v1_AWSElasticBlockStoreVolumeSource = {
    .name = "io.k8s.api.core.v1.AWSElasticBlockStoreVolumeSource",
    .doc = "A disk of Amazon EC2.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AWSElasticBlockStoreVolumeSource_fields};

static const struct cleat_field core_v1_HostPathVolumeSource_fields[] = {
    F(1, "path", T(string), "Where on the node.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "type", T(string), "What must be there or is made: DirectoryOrCreate, File, Socket, ...",
      .flags = CLEAT_FIELD_NULLABLE,
      .values = "DirectoryOrCreate,Directory,FileOrCreate,File,Socket,CharDevice,BlockDevice"),
    END};
const struct cleat_type cleat_type_core_v1_HostPathVolumeSource = {
    .name = "io.k8s.api.core.v1.HostPathVolumeSource",
    .doc = "A file or folder of the node itself.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_HostPathVolumeSource_fields};

static const struct cleat_field core_v1_NFSVolumeSource_fields[] = {
    F(1, "server", T(string), "The server's name or address.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "The exported path.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."), END};
const struct cleat_type cleat_type_core_v1_NFSVolumeSource = {
    .name = "io.k8s.api.core.v1.NFSVolumeSource",
    .doc = "An NFS export.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_NFSVolumeSource_fields};

static const struct cleat_field core_v1_FCVolumeSource_fields[] = {
    F(1, "targetWWNs", LIST(T(string)), "World wide names of the targets."),
    F(2, "lun", T(int32), "The logical unit's number.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "fsType", T(string), "The file system on it, for example ext4."),
    F(4, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(5, "wwids", LIST(T(string)), "World wide identifiers."),
    END};
const struct cleat_type cleat_type_core_v1_FCVolumeSource = {
    .name = "io.k8s.api.core.v1.FCVolumeSource",
    .doc = "A Fibre Channel disk.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FCVolumeSource_fields};

static const struct cleat_field core_v1_FlockerVolumeSource_fields[] = {
    F(1, "datasetName", T(string), "Its name."), F(2, "datasetUUID", T(string), "Its identifier."),
    END};
const struct cleat_type cleat_type_core_v1_FlockerVolumeSource = {
    .name = "io.k8s.api.core.v1.FlockerVolumeSource",
    .doc = "A Flocker volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FlockerVolumeSource_fields};

static const struct cleat_field core_v1_VsphereVirtualDiskVolumeSource_fields[] = {
    F(1, "volumePath", T(string), "Its path.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."),
    F(3, "storagePolicyName", T(string), "The policy's name."),
    F(4, "storagePolicyID", T(string), "The policy's identifier."), END};
const struct cleat_type cleat_type_core_v1_VsphereVirtualDiskVolumeSource = {
    .name = "io.k8s.api.core.v1.VsphereVirtualDiskVolumeSource",
    .doc = "A vSphere disk.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VsphereVirtualDiskVolumeSource_fields};

static const struct cleat_field core_v1_QuobyteVolumeSource_fields[] = {
    F(1, "registry", T(string), "Addresses of the registry.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "volume", T(string), "The volume's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(4, "user", T(string), "The user to act as."),
    F(5, "group", T(string), "The group to act as."),
    F(6, "tenant", T(string), "The tenant."),
    END};
const struct cleat_type cleat_type_core_v1_QuobyteVolumeSource = {
    .name = "io.k8s.api.core.v1.QuobyteVolumeSource",
    .doc = "A Quobyte volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_QuobyteVolumeSource_fields};

static const struct cleat_field core_v1_AzureDiskVolumeSource_fields[] = {
    F(1, "diskName", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "diskURI", T(string), "Its address.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "cachingMode", T(string), "None, ReadOnly or ReadWrite.", .flags = CLEAT_FIELD_NULLABLE,
      .def = "\"ReadWrite\"", .values = "None,ReadOnly,ReadWrite"),
    F(4, "fsType", T(string), "The file system on it, for example ext4.",
      .flags = CLEAT_FIELD_NULLABLE, .def = "\"ext4\""),
    F(5, "readOnly", T(bool), "Mount it so that it cannot be written to.",
      .flags = CLEAT_FIELD_NULLABLE, .def = "false"),
    F(6, "kind", T(string), "Shared, Dedicated or Managed.", .flags = CLEAT_FIELD_NULLABLE,
      .def = "\"Shared\"", .values = "Shared,Dedicated,Managed"),
    END};
const struct cleat_type cleat_type_core_v1_AzureDiskVolumeSource = {
    .name = "io.k8s.api.core.v1.AzureDiskVolumeSource",
    .doc = "An Azure disk.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AzureDiskVolumeSource_fields};

static const struct cleat_field core_v1_PhotonPersistentDiskVolumeSource_fields[] = {
    F(1, "pdID", T(string), "The disk's identifier.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."), END};
const struct cleat_type cleat_type_core_v1_PhotonPersistentDiskVolumeSource = {
    .name = "io.k8s.api.core.v1.PhotonPersistentDiskVolumeSource",
    .doc = "A Photon disk.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PhotonPersistentDiskVolumeSource_fields};

static const struct cleat_field core_v1_PortworxVolumeSource_fields[] = {
    F(1, "volumeID", T(string), "The identifier of the volume at its provider.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."), END};
const struct cleat_type cleat_type_core_v1_PortworxVolumeSource = {
    .name = "io.k8s.api.core.v1.PortworxVolumeSource",
    .doc = "A Portworx volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PortworxVolumeSource_fields};

static const struct cleat_field core_v1_LocalVolumeSource_fields[] = {
    F(1, "path", T(string), "Where on the node.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_LocalVolumeSource = {
    .name = "io.k8s.api.core.v1.LocalVolumeSource",
    .doc = "A disk or folder of one node.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_LocalVolumeSource_fields};

static const struct cleat_field core_v1_VolumeHealthCondition_fields[] = {
    F(1, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED,
      .values = "Inaccessible,DataLoss,Degraded"),
    F(2, "reason", T(string), "A short CamelCase word for the cause.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "message", T(string), "A sentence for people."), END};
const struct cleat_type cleat_type_core_v1_VolumeHealthCondition = {
    .name = "io.k8s.api.core.v1.VolumeHealthCondition",
    .doc = "A finding about a volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeHealthCondition_fields};

static const struct cleat_field core_v1_VolumeSource_fields[] = {
    F(1, "hostPath", T(core_v1_HostPathVolumeSource), "A file or folder of the node itself.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "emptyDir", T(core_v1_EmptyDirVolumeSource),
      "An empty folder that lives as long as the pod.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "gcePersistentDisk", T(core_v1_GCEPersistentDiskVolumeSource),
      "A disk of Google Compute Engine. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "awsElasticBlockStore", T(core_v1_AWSElasticBlockStoreVolumeSource),
      "A disk of Amazon EC2. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "gitRepo", T(core_v1_GitRepoVolumeSource), "A checkout of a repository. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "secret", T(core_v1_SecretVolumeSource), "A Secret.", .flags = CLEAT_FIELD_NULLABLE),
    F(7, "nfs", T(core_v1_NFSVolumeSource), "An NFS export.", .flags = CLEAT_FIELD_NULLABLE),
    F(8, "iscsi", T(core_v1_ISCSIVolumeSource), "An iSCSI disk.", .flags = CLEAT_FIELD_NULLABLE),
    F(9, "glusterfs", T(core_v1_GlusterfsVolumeSource), "A Gluster volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "persistentVolumeClaim", T(core_v1_PersistentVolumeClaimVolumeSource),
      "The volume of a claim.", .flags = CLEAT_FIELD_NULLABLE),
    F(11, "rbd", T(core_v1_RBDVolumeSource), "A Ceph block device. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "flexVolume", T(core_v1_FlexVolumeSource), "A volume of a FlexVolume driver. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(13, "cinder", T(core_v1_CinderVolumeSource), "An OpenStack volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(14, "cephfs", T(core_v1_CephFSVolumeSource), "A Ceph file system. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(15, "flocker", T(core_v1_FlockerVolumeSource), "A Flocker volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(16, "downwardAPI", T(core_v1_DownwardAPIVolumeSource), "Facts about the pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(17, "fc", T(core_v1_FCVolumeSource), "A Fibre Channel disk.", .flags = CLEAT_FIELD_NULLABLE),
    F(18, "azureFile", T(core_v1_AzureFileVolumeSource), "An Azure file share. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(19, "configMap", T(core_v1_ConfigMapVolumeSource), "A ConfigMap.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(20, "vsphereVolume", T(core_v1_VsphereVirtualDiskVolumeSource), "A vSphere disk. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(21, "quobyte", T(core_v1_QuobyteVolumeSource), "A Quobyte volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(22, "azureDisk", T(core_v1_AzureDiskVolumeSource), "An Azure disk. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(23, "photonPersistentDisk", T(core_v1_PhotonPersistentDiskVolumeSource),
      "A Photon disk. Deprecated.", .flags = CLEAT_FIELD_NULLABLE),
    F(26, "projected", T(core_v1_ProjectedVolumeSource), "Several sources in one folder.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(24, "portworxVolume", T(core_v1_PortworxVolumeSource), "A Portworx volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(25, "scaleIO", T(core_v1_ScaleIOVolumeSource), "A ScaleIO volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(27, "storageos", T(core_v1_StorageOSVolumeSource), "A StorageOS volume. Deprecated.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(28, "csi", T(core_v1_CSIVolumeSource), "A volume of a CSI driver, made for the pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(29, "ephemeral", T(core_v1_EphemeralVolumeSource),
      "A volume made for the pod through a claim.", .flags = CLEAT_FIELD_NULLABLE),
    F(30, "image", T(core_v1_ImageVolumeSource), "Files of an image.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_VolumeSource = {
    .name = "io.k8s.api.core.v1.VolumeSource",
    .doc = "Where a volume comes from; one of its members.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeSource_fields};

static const struct cleat_field core_v1_EmptyDirVolumeSource_fields[] = {
    F(1, "medium", T(string), "Memory for a RAM disk; otherwise the node's disk."),
    F(2, "sizeLimit", T(quantity), "How much it may hold.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "mode", T(int32), "Permission bits as an octal number in YAML or a decimal one in JSON.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_EmptyDirVolumeSource = {
    .name = "io.k8s.api.core.v1.EmptyDirVolumeSource",
    .doc = "An empty folder that lives as long as the pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EmptyDirVolumeSource_fields};

static const struct cleat_field core_v1_GitRepoVolumeSource_fields[] = {
    F(1, "repository", T(string), "Its address.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "revision", T(string), "The commit."),
    F(3, "directory", T(string), "The folder to check out into."), END};
const struct cleat_type cleat_type_core_v1_GitRepoVolumeSource = {
    .name = "io.k8s.api.core.v1.GitRepoVolumeSource",
    .doc = "A folder with a checkout of a repository. Deprecated.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_GitRepoVolumeSource_fields};

static const struct cleat_field core_v1_SecretVolumeSource_fields[] = {
    F(1, "secretName", T(string), "The Secret."),
    F(2, "items", LIST(T(core_v1_KeyToPath)),
      "Which keys become files; all where nothing is said."),
    F(3, "defaultMode", T(int32), "Permission bits of files that do not say otherwise.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "defaultUser", T(int64), "The owner of files that do not say otherwise.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_SecretVolumeSource = {
    .name = "io.k8s.api.core.v1.SecretVolumeSource",
    .doc = "A Secret as a volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretVolumeSource_fields};

static const struct cleat_field core_v1_ISCSIVolumeSource_fields[] = {
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
    F(10, "secretRef", T(core_v1_LocalObjectReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(12, "initiatorName", T(string), "The initiator's name.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ISCSIVolumeSource = {
    .name = "io.k8s.api.core.v1.ISCSIVolumeSource",
    .doc = "An iSCSI disk.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ISCSIVolumeSource_fields};

static const struct cleat_field core_v1_GlusterfsVolumeSource_fields[] = {
    F(1, "endpoints", T(string), "Name of the Endpoints that hold the servers.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "The volume's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."), END};
const struct cleat_type cleat_type_core_v1_GlusterfsVolumeSource = {
    .name = "io.k8s.api.core.v1.GlusterfsVolumeSource",
    .doc = "A Gluster volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_GlusterfsVolumeSource_fields};

static const struct cleat_field core_v1_RBDVolumeSource_fields[] = {
    F(1, "monitors", LIST(T(string)), "Addresses of the monitors.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "image", T(string), "The image's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "fsType", T(string), "The file system on it, for example ext4."),
    F(4, "pool", T(string), "The pool it is in.", .def = "\"rbd\""),
    F(5, "user", T(string), "The user to act as.", .def = "\"admin\""),
    F(6, "keyring", T(string), "Path of the key ring on the node.", .def = "\"/etc/ceph/keyring\""),
    F(7, "secretRef", T(core_v1_LocalObjectReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(8, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    END};
const struct cleat_type cleat_type_core_v1_RBDVolumeSource = {
    .name = "io.k8s.api.core.v1.RBDVolumeSource",
    .doc = "A Ceph block device.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_RBDVolumeSource_fields};

static const struct cleat_field core_v1_FlexVolumeSource_fields[] = {
    F(1, "driver", T(string), "The name of the driver.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."),
    F(3, "secretRef", T(core_v1_LocalObjectReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(5, "options", MAP(T(string)), "More options, as the driver knows them."),
    END};
const struct cleat_type cleat_type_core_v1_FlexVolumeSource = {
    .name = "io.k8s.api.core.v1.FlexVolumeSource",
    .doc = "A volume of a FlexVolume driver.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_FlexVolumeSource_fields};

static const struct cleat_field core_v1_CinderVolumeSource_fields[] = {
    F(1, "volumeID", T(string), "The identifier of the volume at its provider.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "fsType", T(string), "The file system on it, for example ext4."),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(4, "secretRef", T(core_v1_LocalObjectReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_CinderVolumeSource = {
    .name = "io.k8s.api.core.v1.CinderVolumeSource",
    .doc = "An OpenStack volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CinderVolumeSource_fields};

static const struct cleat_field core_v1_CephFSVolumeSource_fields[] = {
    F(1, "monitors", LIST(T(string)), "Addresses of the monitors.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "The path."),
    F(3, "user", T(string), "The user to act as."),
    F(4, "secretFile", T(string), "Path of the key on the node."),
    F(5, "secretRef", T(core_v1_LocalObjectReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(6, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    END};
const struct cleat_type cleat_type_core_v1_CephFSVolumeSource = {
    .name = "io.k8s.api.core.v1.CephFSVolumeSource",
    .doc = "A Ceph file system.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CephFSVolumeSource_fields};

static const struct cleat_field core_v1_DownwardAPIVolumeSource_fields[] = {
    F(1, "items", LIST(T(core_v1_DownwardAPIVolumeFile)), "The files."),
    F(2, "defaultMode", T(int32), "Permission bits of files that do not say otherwise.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "defaultUser", T(int64), "The owner of files that do not say otherwise.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_DownwardAPIVolumeSource = {
    .name = "io.k8s.api.core.v1.DownwardAPIVolumeSource",
    .doc = "Facts about the pod as files.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_DownwardAPIVolumeSource_fields};

static const struct cleat_field core_v1_AzureFileVolumeSource_fields[] = {
    F(1, "secretName", T(string), "The name of a Secret.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "shareName", T(string), "The name of the share.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "readOnly", T(bool), "Mount it so that it cannot be written to."), END};
const struct cleat_type cleat_type_core_v1_AzureFileVolumeSource = {
    .name = "io.k8s.api.core.v1.AzureFileVolumeSource",
    .doc = "An Azure file share.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_AzureFileVolumeSource_fields};

static const struct cleat_field core_v1_ConfigMapVolumeSource_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "items", LIST(T(core_v1_KeyToPath)),
      "Which keys become files; all where nothing is said."),
    F(3, "defaultMode", T(int32), "Permission bits of files that do not say otherwise.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "defaultUser", T(int64), "The owner of files that do not say otherwise.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ConfigMapVolumeSource = {
    .name = "io.k8s.api.core.v1.ConfigMapVolumeSource",
    .doc = "A ConfigMap as a volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapVolumeSource_fields};

static const struct cleat_field core_v1_ProjectedVolumeSource_fields[] = {
    F(1, "sources", LIST(T(core_v1_VolumeProjection)), "The sources.", .flags = CLEAT_FIELD_ALWAYS),
    F(2, "defaultMode", T(int32), "Permission bits of files that do not say otherwise.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "defaultUser", T(int64), "The owner of files that do not say otherwise.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ProjectedVolumeSource = {
    .name = "io.k8s.api.core.v1.ProjectedVolumeSource",
    .doc = "Several sources in one folder.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ProjectedVolumeSource_fields};

static const struct cleat_field core_v1_ScaleIOVolumeSource_fields[] = {
    F(1, "gateway", T(string), "Address of the gateway.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "system", T(string), "The system's name.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "secretRef", T(core_v1_LocalObjectReference), "The Secret with the credentials.",
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
const struct cleat_type cleat_type_core_v1_ScaleIOVolumeSource = {
    .name = "io.k8s.api.core.v1.ScaleIOVolumeSource",
    .doc = "A ScaleIO volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ScaleIOVolumeSource_fields};

static const struct cleat_field core_v1_StorageOSVolumeSource_fields[] = {
    F(1, "volumeName", T(string), "The name of the volume."),
    F(2, "volumeNamespace", T(string), "The namespace of the volume in the storage system."),
    F(3, "fsType", T(string), "The file system on it, for example ext4."),
    F(4, "readOnly", T(bool), "Mount it so that it cannot be written to."),
    F(5, "secretRef", T(core_v1_LocalObjectReference), "The Secret with the credentials.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_StorageOSVolumeSource = {
    .name = "io.k8s.api.core.v1.StorageOSVolumeSource",
    .doc = "A StorageOS volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_StorageOSVolumeSource_fields};

static const struct cleat_field core_v1_CSIVolumeSource_fields[] = {
    F(1, "driver", T(string), "The name of the driver.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "readOnly", T(bool), "Mount it so that it cannot be written to.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "fsType", T(string), "The file system on it, for example ext4.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "volumeAttributes", MAP(T(string)), "What the driver wants to know of the volume."),
    F(5, "nodePublishSecretRef", T(core_v1_LocalObjectReference),
      "Secret for mounting into the pod.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_CSIVolumeSource = {
    .name = "io.k8s.api.core.v1.CSIVolumeSource",
    .doc = "A volume of a CSI driver, made for the pod.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_CSIVolumeSource_fields};

static const struct cleat_field core_v1_EphemeralVolumeSource_fields[] = {
    F(1, "volumeClaimTemplate", T(core_v1_PersistentVolumeClaimTemplate), "The claim that is made.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_EphemeralVolumeSource = {
    .name = "io.k8s.api.core.v1.EphemeralVolumeSource",
    .doc = "A volume made for the pod through a claim of its own.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_EphemeralVolumeSource_fields};

static const struct cleat_field core_v1_ImageVolumeSource_fields[] = {
    F(1, "reference", T(string), "The image."),
    F(2, "pullPolicy", T(string), "Always, Never or IfNotPresent.",
      .values = "Always,Never,IfNotPresent"),
    END};
const struct cleat_type cleat_type_core_v1_ImageVolumeSource = {
    .name = "io.k8s.api.core.v1.ImageVolumeSource",
    .doc = "Files of an image.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ImageVolumeSource_fields};

static const struct cleat_field core_v1_VolumeStatus_fields[] = {
    F(1, "image", T(core_v1_ImageVolumeStatus), "The image.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_VolumeStatus = {.name =
                                                               "io.k8s.api.core.v1.VolumeStatus",
                                                           .doc = "More about a mounted volume.",
                                                           .form = CLEAT_FORM_STRUCT,
                                                           .fields = core_v1_VolumeStatus_fields};

static const struct cleat_field core_v1_KeyToPath_fields[] = {
    F(1, "key", T(string), "The key that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "path", T(string), "The file's path below the mount, without \"..\".",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "mode", T(int32), "Permission bits as an octal number in YAML or a decimal one in JSON.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "user", T(int64), "The user to act as.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_KeyToPath = {.name = "io.k8s.api.core.v1.KeyToPath",
                                                        .doc = "A key that becomes a file.",
                                                        .form = CLEAT_FORM_STRUCT,
                                                        .fields = core_v1_KeyToPath_fields};

static const struct cleat_field core_v1_VolumeProjection_fields[] = {
    F(1, "secret", T(core_v1_SecretProjection), "A Secret.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "downwardAPI", T(core_v1_DownwardAPIProjection), "Facts about the pod.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "configMap", T(core_v1_ConfigMapProjection), "A ConfigMap.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "serviceAccountToken", T(core_v1_ServiceAccountTokenProjection),
      "A token of the ServiceAccount.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "clusterTrustBundle", T(core_v1_ClusterTrustBundleProjection),
      "Certificates of a ClusterTrustBundle.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "podCertificate", T(core_v1_PodCertificateProjection),
      "A certificate and key made for the pod.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_VolumeProjection = {
    .name = "io.k8s.api.core.v1.VolumeProjection",
    .doc = "One source of a projected volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_VolumeProjection_fields};

static const struct cleat_field core_v1_SecretProjection_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "items", LIST(T(core_v1_KeyToPath)),
      "Which keys become files; all where nothing is said."),
    F(4, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_SecretProjection = {
    .name = "io.k8s.api.core.v1.SecretProjection",
    .doc = "A Secret as part of a projected volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_SecretProjection_fields};

static const struct cleat_field core_v1_DownwardAPIProjection_fields[] = {
    F(1, "items", LIST(T(core_v1_DownwardAPIVolumeFile)), "The files."), END};
const struct cleat_type cleat_type_core_v1_DownwardAPIProjection = {
    .name = "io.k8s.api.core.v1.DownwardAPIProjection",
    .doc = "Facts about the pod as part of a projected volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_DownwardAPIProjection_fields};

static const struct cleat_field core_v1_ConfigMapProjection_fields[] = {
    F(1, "", T(core_v1_LocalObjectReference), "", .flags = CLEAT_FIELD_INLINE),
    F(2, "items", LIST(T(core_v1_KeyToPath)),
      "Which keys become files; all where nothing is said."),
    F(4, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_ConfigMapProjection = {
    .name = "io.k8s.api.core.v1.ConfigMapProjection",
    .doc = "A ConfigMap as part of a projected volume.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ConfigMapProjection_fields};

static const struct cleat_field core_v1_ServiceAccountTokenProjection_fields[] = {
    F(1, "audience", T(string), "Whom the token is meant for."),
    F(2, "expirationSeconds", T(int64), "How long the token is valid; it is renewed in time.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "path", T(string), "The file's path below the mount.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "user", T(int64), "The user to act as.", .flags = CLEAT_FIELD_NULLABLE), END};
const struct cleat_type cleat_type_core_v1_ServiceAccountTokenProjection = {
    .name = "io.k8s.api.core.v1.ServiceAccountTokenProjection",
    .doc = "A token of the pod's ServiceAccount as a file.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ServiceAccountTokenProjection_fields};

static const struct cleat_field core_v1_ClusterTrustBundleProjection_fields[] = {
    F(1, "name", T(string), "One bundle by its name.", .flags = CLEAT_FIELD_NULLABLE),
    F(2, "signerName", T(string), "Who is to sign, as domain/path.", .flags = CLEAT_FIELD_NULLABLE),
    F(3, "labelSelector", T(meta_v1_LabelSelector), "Which objects are meant, by their labels.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "optional", T(bool), "Whether it may be absent.", .flags = CLEAT_FIELD_NULLABLE),
    F(4, "path", T(string), "The file's path below the mount.", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "user", T(int64), "The user to act as.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_ClusterTrustBundleProjection = {
    .name = "io.k8s.api.core.v1.ClusterTrustBundleProjection",
    .doc = "Certificates of a ClusterTrustBundle as a file.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_ClusterTrustBundleProjection_fields};

static const struct cleat_field core_v1_PodCertificateProjection_fields[] = {
    F(1, "signerName", T(string), "Who is to sign, as domain/path.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "keyType", T(string), "The kind of key, such as ED25519.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "maxExpirationSeconds", T(int32), "The longest life of the certificate.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "credentialBundlePath", T(string), "The file for key and certificates together."),
    F(5, "keyPath", T(string), "The file for the key."),
    F(6, "certificateChainPath", T(string), "The file for the certificates."),
    F(7, "userAnnotations", MAP(T(string)), "Passed on to the signer."),
    F(8, "user", T(int64), "The user to act as.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_core_v1_PodCertificateProjection = {
    .name = "io.k8s.api.core.v1.PodCertificateProjection",
    .doc = "A certificate made for the pod, as files.",
    .form = CLEAT_FORM_STRUCT,
    .fields = core_v1_PodCertificateProjection_fields};
