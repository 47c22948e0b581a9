/* SPDX-License-Identifier: Apache-2.0 */
/* Protobuf tables of what a volume of a pod can be. */
#include "core/api/protobuf_tables.h"

static const struct cleat__pb_field host_path_volume_source_fields[] = {
    ONE(1, "path", STRING),
    ONE(2, "type", STRING),
};
const struct cleat__pb_message cleat__pb_host_path_volume_source =
    MESSAGE("HostPathVolumeSource", host_path_volume_source_fields);

static const struct cleat__pb_field empty_dir_volume_source_fields[] = {
    OPT(1, "medium", STRING),
    ONE(2, "sizeLimit", QUANTITY),
    ONE(3, "mode", INT),
};
const struct cleat__pb_message cleat__pb_empty_dir_volume_source =
    MESSAGE("EmptyDirVolumeSource", empty_dir_volume_source_fields);

static const struct cleat__pb_field gce_persistent_disk_volume_source_fields[] = {
    ONE(1, "pdName", STRING),
    OPT(2, "fsType", STRING),
    OPT(3, "partition", INT),
    OPT(4, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_gce_persistent_disk_volume_source =
    MESSAGE("GCEPersistentDiskVolumeSource", gce_persistent_disk_volume_source_fields);

static const struct cleat__pb_field aws_elastic_block_store_volume_source_fields[] = {
    ONE(1, "volumeID", STRING),
    OPT(2, "fsType", STRING),
    OPT(3, "partition", INT),
    OPT(4, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_aws_elastic_block_store_volume_source =
    MESSAGE("AWSElasticBlockStoreVolumeSource", aws_elastic_block_store_volume_source_fields);

static const struct cleat__pb_field git_repo_volume_source_fields[] = {
    ONE(1, "repository", STRING),
    OPT(2, "revision", STRING),
    OPT(3, "directory", STRING),
};
const struct cleat__pb_message cleat__pb_git_repo_volume_source =
    MESSAGE("GitRepoVolumeSource", git_repo_volume_source_fields);

static const struct cleat__pb_field key_to_path_fields[] = {
    ONE(1, "key", STRING),
    ONE(2, "path", STRING),
    ONE(3, "mode", INT),
    ONE(4, "user", INT),
};
const struct cleat__pb_message cleat__pb_key_to_path = MESSAGE("KeyToPath", key_to_path_fields);

static const struct cleat__pb_field secret_volume_source_fields[] = {
    OPT(1, "secretName", STRING), LIST_OF(2, "items", &cleat__pb_key_to_path),
    ONE(3, "defaultMode", INT),   ONE(4, "optional", BOOL),
    ONE(5, "defaultUser", INT),
};
const struct cleat__pb_message cleat__pb_secret_volume_source =
    MESSAGE("SecretVolumeSource", secret_volume_source_fields);

static const struct cleat__pb_field nfs_volume_source_fields[] = {
    ONE(1, "server", STRING),
    ONE(2, "path", STRING),
    OPT(3, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_nfs_volume_source =
    MESSAGE("NFSVolumeSource", nfs_volume_source_fields);

static const struct cleat__pb_field iscsi_volume_source_fields[] = {
    ONE(1, "targetPortal", STRING),
    ONE(2, "iqn", STRING),
    ONE(3, "lun", INT),
    OPT(4, "iscsiInterface", STRING),
    OPT(5, "fsType", STRING),
    OPT(6, "readOnly", BOOL),
    LIST(7, "portals", STRING),
    OPT(8, "chapAuthDiscovery", BOOL),
    ONE_OF(10, "secretRef", &cleat__pb_local_object_reference),
    OPT(11, "chapAuthSession", BOOL),
    ONE(12, "initiatorName", STRING),
};
const struct cleat__pb_message cleat__pb_iscsi_volume_source =
    MESSAGE("ISCSIVolumeSource", iscsi_volume_source_fields);

static const struct cleat__pb_field glusterfs_volume_source_fields[] = {
    ONE(1, "endpoints", STRING),
    ONE(2, "path", STRING),
    OPT(3, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_glusterfs_volume_source =
    MESSAGE("GlusterfsVolumeSource", glusterfs_volume_source_fields);

static const struct cleat__pb_field persistent_volume_claim_volume_source_fields[] = {
    ONE(1, "claimName", STRING),
    OPT(2, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_persistent_volume_claim_volume_source =
    MESSAGE("PersistentVolumeClaimVolumeSource", persistent_volume_claim_volume_source_fields);

static const struct cleat__pb_field rbd_volume_source_fields[] = {
    LIST(1, "monitors", STRING),
    ONE(2, "image", STRING),
    OPT(3, "fsType", STRING),
    OPT(4, "pool", STRING),
    OPT(5, "user", STRING),
    OPT(6, "keyring", STRING),
    ONE_OF(7, "secretRef", &cleat__pb_local_object_reference),
    OPT(8, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_rbd_volume_source =
    MESSAGE("RBDVolumeSource", rbd_volume_source_fields);

static const struct cleat__pb_field flex_volume_source_fields[] = {
    ONE(1, "driver", STRING),
    OPT(2, "fsType", STRING),
    ONE_OF(3, "secretRef", &cleat__pb_local_object_reference),
    OPT(4, "readOnly", BOOL),
    MAP(5, "options", STRING),
};
const struct cleat__pb_message cleat__pb_flex_volume_source =
    MESSAGE("FlexVolumeSource", flex_volume_source_fields);

static const struct cleat__pb_field cinder_volume_source_fields[] = {
    ONE(1, "volumeID", STRING),
    OPT(2, "fsType", STRING),
    OPT(3, "readOnly", BOOL),
    ONE_OF(4, "secretRef", &cleat__pb_local_object_reference),
};
const struct cleat__pb_message cleat__pb_cinder_volume_source =
    MESSAGE("CinderVolumeSource", cinder_volume_source_fields);

static const struct cleat__pb_field ceph_fs_volume_source_fields[] = {
    LIST(1, "monitors", STRING),
    OPT(2, "path", STRING),
    OPT(3, "user", STRING),
    OPT(4, "secretFile", STRING),
    ONE_OF(5, "secretRef", &cleat__pb_local_object_reference),
    OPT(6, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_ceph_fs_volume_source =
    MESSAGE("CephFSVolumeSource", ceph_fs_volume_source_fields);

static const struct cleat__pb_field flocker_volume_source_fields[] = {
    OPT(1, "datasetName", STRING),
    OPT(2, "datasetUUID", STRING),
};
const struct cleat__pb_message cleat__pb_flocker_volume_source =
    MESSAGE("FlockerVolumeSource", flocker_volume_source_fields);

static const struct cleat__pb_field object_field_selector_fields[] = {
    OPT(1, "apiVersion", STRING),
    ONE(2, "fieldPath", STRING),
};
const struct cleat__pb_message cleat__pb_object_field_selector =
    MESSAGE("ObjectFieldSelector", object_field_selector_fields);

static const struct cleat__pb_field resource_field_selector_fields[] = {
    OPT(1, "containerName", STRING),
    ONE(2, "resource", STRING),
    ONE(3, "divisor", QUANTITY),
};
const struct cleat__pb_message cleat__pb_resource_field_selector =
    MESSAGE("ResourceFieldSelector", resource_field_selector_fields);

static const struct cleat__pb_field downward_api_volume_file_fields[] = {
    ONE(1, "path", STRING),
    ONE_OF(2, "fieldRef", &cleat__pb_object_field_selector),
    ONE_OF(3, "resourceFieldRef", &cleat__pb_resource_field_selector),
    ONE(4, "mode", INT),
    ONE(5, "user", INT),
};
const struct cleat__pb_message cleat__pb_downward_api_volume_file =
    MESSAGE("DownwardAPIVolumeFile", downward_api_volume_file_fields);

static const struct cleat__pb_field downward_api_volume_source_fields[] = {
    LIST_OF(1, "items", &cleat__pb_downward_api_volume_file),
    ONE(2, "defaultMode", INT),
    ONE(3, "defaultUser", INT),
};
const struct cleat__pb_message cleat__pb_downward_api_volume_source =
    MESSAGE("DownwardAPIVolumeSource", downward_api_volume_source_fields);

static const struct cleat__pb_field fc_volume_source_fields[] = {
    LIST(1, "targetWWNs", STRING), ONE(2, "lun", INT),       OPT(3, "fsType", STRING),
    OPT(4, "readOnly", BOOL),      LIST(5, "wwids", STRING),
};
const struct cleat__pb_message cleat__pb_fc_volume_source =
    MESSAGE("FCVolumeSource", fc_volume_source_fields);

static const struct cleat__pb_field azure_file_volume_source_fields[] = {
    ONE(1, "secretName", STRING),
    ONE(2, "shareName", STRING),
    OPT(3, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_azure_file_volume_source =
    MESSAGE("AzureFileVolumeSource", azure_file_volume_source_fields);

static const struct cleat__pb_field config_map_volume_source_fields[] = {
    INLINE(1, &cleat__pb_local_object_reference),
    LIST_OF(2, "items", &cleat__pb_key_to_path),
    ONE(3, "defaultMode", INT),
    ONE(4, "optional", BOOL),
    ONE(5, "defaultUser", INT),
};
const struct cleat__pb_message cleat__pb_config_map_volume_source =
    MESSAGE("ConfigMapVolumeSource", config_map_volume_source_fields);

static const struct cleat__pb_field vsphere_virtual_disk_volume_source_fields[] = {
    ONE(1, "volumePath", STRING),
    OPT(2, "fsType", STRING),
    OPT(3, "storagePolicyName", STRING),
    OPT(4, "storagePolicyID", STRING),
};
const struct cleat__pb_message cleat__pb_vsphere_virtual_disk_volume_source =
    MESSAGE("VsphereVirtualDiskVolumeSource", vsphere_virtual_disk_volume_source_fields);

static const struct cleat__pb_field quobyte_volume_source_fields[] = {
    ONE(1, "registry", STRING), ONE(2, "volume", STRING), OPT(3, "readOnly", BOOL),
    OPT(4, "user", STRING),     OPT(5, "group", STRING),  OPT(6, "tenant", STRING),
};
const struct cleat__pb_message cleat__pb_quobyte_volume_source =
    MESSAGE("QuobyteVolumeSource", quobyte_volume_source_fields);

static const struct cleat__pb_field azure_disk_volume_source_fields[] = {
    ONE(1, "diskName", STRING), ONE(2, "diskURI", STRING), ONE(3, "cachingMode", STRING),
    ONE(4, "fsType", STRING),   ONE(5, "readOnly", BOOL),  ONE(6, "kind", STRING),
};
const struct cleat__pb_message cleat__pb_azure_disk_volume_source =
    MESSAGE("AzureDiskVolumeSource", azure_disk_volume_source_fields);

static const struct cleat__pb_field photon_persistent_disk_volume_source_fields[] = {
    ONE(1, "pdID", STRING),
    OPT(2, "fsType", STRING),
};
const struct cleat__pb_message cleat__pb_photon_persistent_disk_volume_source =
    MESSAGE("PhotonPersistentDiskVolumeSource", photon_persistent_disk_volume_source_fields);

static const struct cleat__pb_field secret_projection_fields[] = {
    INLINE(1, &cleat__pb_local_object_reference),
    LIST_OF(2, "items", &cleat__pb_key_to_path),
    ONE(4, "optional", BOOL),
};
const struct cleat__pb_message cleat__pb_secret_projection =
    MESSAGE("SecretProjection", secret_projection_fields);

static const struct cleat__pb_field downward_api_projection_fields[] = {
    LIST_OF(1, "items", &cleat__pb_downward_api_volume_file),
};
const struct cleat__pb_message cleat__pb_downward_api_projection =
    MESSAGE("DownwardAPIProjection", downward_api_projection_fields);

static const struct cleat__pb_field config_map_projection_fields[] = {
    INLINE(1, &cleat__pb_local_object_reference),
    LIST_OF(2, "items", &cleat__pb_key_to_path),
    ONE(4, "optional", BOOL),
};
const struct cleat__pb_message cleat__pb_config_map_projection =
    MESSAGE("ConfigMapProjection", config_map_projection_fields);

static const struct cleat__pb_field service_account_token_projection_fields[] = {
    OPT(1, "audience", STRING),
    ONE(2, "expirationSeconds", INT),
    ONE(3, "path", STRING),
    ONE(4, "user", INT),
};
const struct cleat__pb_message cleat__pb_service_account_token_projection =
    MESSAGE("ServiceAccountTokenProjection", service_account_token_projection_fields);

static const struct cleat__pb_field cluster_trust_bundle_projection_fields[] = {
    ONE(1, "name", STRING),
    ONE(2, "signerName", STRING),
    ONE_OF(3, "labelSelector", &cleat__pb_label_selector),
    ONE(4, "path", STRING),
    ONE(5, "optional", BOOL),
    ONE(6, "user", INT),
};
const struct cleat__pb_message cleat__pb_cluster_trust_bundle_projection =
    MESSAGE("ClusterTrustBundleProjection", cluster_trust_bundle_projection_fields);

static const struct cleat__pb_field pod_certificate_projection_fields[] = {
    OPT(1, "signerName", STRING),        OPT(2, "keyType", STRING),
    ONE(3, "maxExpirationSeconds", INT), OPT(4, "credentialBundlePath", STRING),
    OPT(5, "keyPath", STRING),           OPT(6, "certificateChainPath", STRING),
    MAP(7, "userAnnotations", STRING),   ONE(8, "user", INT),
};
const struct cleat__pb_message cleat__pb_pod_certificate_projection =
    MESSAGE("PodCertificateProjection", pod_certificate_projection_fields);

static const struct cleat__pb_field volume_projection_fields[] = {
    ONE_OF(1, "secret", &cleat__pb_secret_projection),
    ONE_OF(2, "downwardAPI", &cleat__pb_downward_api_projection),
    ONE_OF(3, "configMap", &cleat__pb_config_map_projection),
    ONE_OF(4, "serviceAccountToken", &cleat__pb_service_account_token_projection),
    ONE_OF(5, "clusterTrustBundle", &cleat__pb_cluster_trust_bundle_projection),
    ONE_OF(6, "podCertificate", &cleat__pb_pod_certificate_projection),
};
const struct cleat__pb_message cleat__pb_volume_projection =
    MESSAGE("VolumeProjection", volume_projection_fields);

static const struct cleat__pb_field projected_volume_source_fields[] = {
    LIST_OF(1, "sources", &cleat__pb_volume_projection),
    ONE(2, "defaultMode", INT),
    ONE(3, "defaultUser", INT),
};
const struct cleat__pb_message cleat__pb_projected_volume_source =
    MESSAGE("ProjectedVolumeSource", projected_volume_source_fields);

static const struct cleat__pb_field portworx_volume_source_fields[] = {
    ONE(1, "volumeID", STRING),
    OPT(2, "fsType", STRING),
    OPT(3, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_portworx_volume_source =
    MESSAGE("PortworxVolumeSource", portworx_volume_source_fields);

static const struct cleat__pb_field scale_io_volume_source_fields[] = {
    ONE(1, "gateway", STRING),
    ONE(2, "system", STRING),
    ONE_OF(3, "secretRef", &cleat__pb_local_object_reference),
    OPT(4, "sslEnabled", BOOL),
    OPT(5, "protectionDomain", STRING),
    OPT(6, "storagePool", STRING),
    OPT(7, "storageMode", STRING),
    OPT(8, "volumeName", STRING),
    OPT(9, "fsType", STRING),
    OPT(10, "readOnly", BOOL),
};
const struct cleat__pb_message cleat__pb_scale_io_volume_source =
    MESSAGE("ScaleIOVolumeSource", scale_io_volume_source_fields);

static const struct cleat__pb_field storage_os_volume_source_fields[] = {
    OPT(1, "volumeName", STRING),
    OPT(2, "volumeNamespace", STRING),
    OPT(3, "fsType", STRING),
    OPT(4, "readOnly", BOOL),
    ONE_OF(5, "secretRef", &cleat__pb_local_object_reference),
};
const struct cleat__pb_message cleat__pb_storage_os_volume_source =
    MESSAGE("StorageOSVolumeSource", storage_os_volume_source_fields);

static const struct cleat__pb_field csi_volume_source_fields[] = {
    ONE(1, "driver", STRING),
    ONE(2, "readOnly", BOOL),
    ONE(3, "fsType", STRING),
    MAP(4, "volumeAttributes", STRING),
    ONE_OF(5, "nodePublishSecretRef", &cleat__pb_local_object_reference),
};
const struct cleat__pb_message cleat__pb_csi_volume_source =
    MESSAGE("CSIVolumeSource", csi_volume_source_fields);

static const struct cleat__pb_field volume_resource_requirements_fields[] = {
    MAP(1, "limits", QUANTITY),
    MAP(2, "requests", QUANTITY),
};
const struct cleat__pb_message cleat__pb_volume_resource_requirements =
    MESSAGE("VolumeResourceRequirements", volume_resource_requirements_fields);

static const struct cleat__pb_field typed_local_object_reference_fields[] = {
    ONE(1, "apiGroup", STRING),
    ONE(2, "kind", STRING),
    ONE(3, "name", STRING),
};
const struct cleat__pb_message cleat__pb_typed_local_object_reference =
    MESSAGE("TypedLocalObjectReference", typed_local_object_reference_fields);

static const struct cleat__pb_field typed_object_reference_fields[] = {
    ONE(1, "apiGroup", STRING),
    ONE(2, "kind", STRING),
    ONE(3, "name", STRING),
    ONE(4, "namespace", STRING),
};
const struct cleat__pb_message cleat__pb_typed_object_reference =
    MESSAGE("TypedObjectReference", typed_object_reference_fields);

static const struct cleat__pb_field persistent_volume_claim_spec_fields[] = {
    LIST(1, "accessModes", STRING),
    ONE_OF(2, "resources", &cleat__pb_volume_resource_requirements),
    OPT(3, "volumeName", STRING),
    ONE_OF(4, "selector", &cleat__pb_label_selector),
    ONE(5, "storageClassName", STRING),
    ONE(6, "volumeMode", STRING),
    ONE_OF(7, "dataSource", &cleat__pb_typed_local_object_reference),
    ONE_OF(8, "dataSourceRef", &cleat__pb_typed_object_reference),
    ONE(9, "volumeAttributesClassName", STRING),
};
const struct cleat__pb_message cleat__pb_persistent_volume_claim_spec =
    MESSAGE("PersistentVolumeClaimSpec", persistent_volume_claim_spec_fields);

static const struct cleat__pb_field persistent_volume_claim_template_fields[] = {
    ONE_OF(1, "metadata", &cleat__pb_object_meta),
    ONE_OF(2, "spec", &cleat__pb_persistent_volume_claim_spec),
};
const struct cleat__pb_message cleat__pb_persistent_volume_claim_template =
    MESSAGE("PersistentVolumeClaimTemplate", persistent_volume_claim_template_fields);

static const struct cleat__pb_field ephemeral_volume_source_fields[] = {
    ONE_OF(1, "volumeClaimTemplate", &cleat__pb_persistent_volume_claim_template),
};
const struct cleat__pb_message cleat__pb_ephemeral_volume_source =
    MESSAGE("EphemeralVolumeSource", ephemeral_volume_source_fields);

static const struct cleat__pb_field image_volume_source_fields[] = {
    OPT(1, "reference", STRING),
    OPT(2, "pullPolicy", STRING),
};
const struct cleat__pb_message cleat__pb_image_volume_source =
    MESSAGE("ImageVolumeSource", image_volume_source_fields);

static const struct cleat__pb_field volume_source_fields[] = {
    ONE_OF(1, "hostPath", &cleat__pb_host_path_volume_source),
    ONE_OF(2, "emptyDir", &cleat__pb_empty_dir_volume_source),
    ONE_OF(3, "gcePersistentDisk", &cleat__pb_gce_persistent_disk_volume_source),
    ONE_OF(4, "awsElasticBlockStore", &cleat__pb_aws_elastic_block_store_volume_source),
    ONE_OF(5, "gitRepo", &cleat__pb_git_repo_volume_source),
    ONE_OF(6, "secret", &cleat__pb_secret_volume_source),
    ONE_OF(7, "nfs", &cleat__pb_nfs_volume_source),
    ONE_OF(8, "iscsi", &cleat__pb_iscsi_volume_source),
    ONE_OF(9, "glusterfs", &cleat__pb_glusterfs_volume_source),
    ONE_OF(10, "persistentVolumeClaim", &cleat__pb_persistent_volume_claim_volume_source),
    ONE_OF(11, "rbd", &cleat__pb_rbd_volume_source),
    ONE_OF(12, "flexVolume", &cleat__pb_flex_volume_source),
    ONE_OF(13, "cinder", &cleat__pb_cinder_volume_source),
    ONE_OF(14, "cephfs", &cleat__pb_ceph_fs_volume_source),
    ONE_OF(15, "flocker", &cleat__pb_flocker_volume_source),
    ONE_OF(16, "downwardAPI", &cleat__pb_downward_api_volume_source),
    ONE_OF(17, "fc", &cleat__pb_fc_volume_source),
    ONE_OF(18, "azureFile", &cleat__pb_azure_file_volume_source),
    ONE_OF(19, "configMap", &cleat__pb_config_map_volume_source),
    ONE_OF(20, "vsphereVolume", &cleat__pb_vsphere_virtual_disk_volume_source),
    ONE_OF(21, "quobyte", &cleat__pb_quobyte_volume_source),
    ONE_OF(22, "azureDisk", &cleat__pb_azure_disk_volume_source),
    ONE_OF(23, "photonPersistentDisk", &cleat__pb_photon_persistent_disk_volume_source),
    ONE_OF(24, "portworxVolume", &cleat__pb_portworx_volume_source),
    ONE_OF(25, "scaleIO", &cleat__pb_scale_io_volume_source),
    ONE_OF(26, "projected", &cleat__pb_projected_volume_source),
    ONE_OF(27, "storageos", &cleat__pb_storage_os_volume_source),
    ONE_OF(28, "csi", &cleat__pb_csi_volume_source),
    ONE_OF(29, "ephemeral", &cleat__pb_ephemeral_volume_source),
    ONE_OF(30, "image", &cleat__pb_image_volume_source),
};
const struct cleat__pb_message cleat__pb_volume_source =
    MESSAGE("VolumeSource", volume_source_fields);

static const struct cleat__pb_field volume_fields[] = {
    ONE(1, "name", STRING),
    INLINE(2, &cleat__pb_volume_source),
};
const struct cleat__pb_message cleat__pb_volume = MESSAGE("Volume", volume_fields);
