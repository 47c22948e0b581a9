/* SPDX-License-Identifier: Apache-2.0 */
/* Types of meta.k8s.io/v1: what all objects share, and lists, statuses and options. See types.h. */
#include "core/types/table.h"

static const struct cleat_field meta_v1_ObjectMeta_fields[] = {
    F(1, "name", T(string), ""),
    F(2, "generateName", T(string), ""),
    F(3, "namespace", T(string), ""),
    F(4, "selfLink", T(string), ""),
    F(5, "uid", T(string), ""),
    F(6, "resourceVersion", T(string), ""),
    F(7, "generation", T(int64), ""),
    F(8, "creationTimestamp", T(time), ""),
    F(9, "deletionTimestamp", T(time), ""),
    F(10, "deletionGracePeriodSeconds", T(int64), ""),
    F(11, "labels", MAP(T(string)), ""),
    F(12, "annotations", MAP(T(string)), ""),
    F(13, "ownerReferences", LIST(T(meta_v1_OwnerReference)), "", .flags = CLEAT_FIELD_MERGE,
      .list = CLEAT_LIST_MAP, .keys = "uid", .merge_key = "uid"),
    F(14, "finalizers", LIST(T(string)), "", .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_SET),
    F(17, "managedFields", LIST(T(meta_v1_ManagedFieldsEntry)), ""),
    END};
const struct cleat_type cleat_type_meta_v1_ObjectMeta = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ObjectMeta_fields};

static const struct cleat_field meta_v1_ListMeta_fields[] = {
    F(1, "selfLink", T(string), ""),
    F(2, "resourceVersion", T(string), ""),
    F(3, "continue", T(string), ""),
    F(4, "remainingItemCount", T(int64), ""),
    F(5, "shardInfo", T(meta_v1_ShardInfo), ""),
    END};
const struct cleat_type cleat_type_meta_v1_ListMeta = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ListMeta_fields};

static const struct cleat_field meta_v1_Status_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "status", T(string), ""),
    F(3, "message", T(string), ""),
    F(4, "reason", T(string), ""),
    F(5, "details", T(meta_v1_StatusDetails), ""),
    F(6, "code", T(int32), ""),
    END};
const struct cleat_type cleat_type_meta_v1_Status = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Status",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_Status_fields};

static const struct cleat_field meta_v1_DeleteOptions_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "gracePeriodSeconds", T(int64), ""),
    F(2, "preconditions", T(meta_v1_Preconditions), ""),
    F(3, "orphanDependents", T(bool), ""),
    F(4, "propagationPolicy", T(string), ""),
    F(5, "dryRun", LIST(T(string)), ""),
    F(6, "ignoreStoreReadErrorWithClusterBreakingPotential", T(bool), ""),
    END};
const struct cleat_type cleat_type_meta_v1_DeleteOptions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_DeleteOptions_fields};

static const struct cleat_field meta_v1_LabelSelector_fields[] = {
    F(1, "matchLabels", MAP(T(string)), ""),
    F(2, "matchExpressions", LIST(T(meta_v1_LabelSelectorRequirement)), ""), END};
const struct cleat_type cleat_type_meta_v1_LabelSelector = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_LabelSelector_fields,
    .atomic = 1};

static const struct cleat_field meta_v1_Table_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(0, "metadata", T(meta_v1_ListMeta), ""),
    F(0, "columnDefinitions", LIST(T(meta_v1_TableColumnDefinition)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    F(0, "rows", LIST(T(meta_v1_TableRow)), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_Table = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Table",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_Table_fields};

static const struct cleat_field meta_v1_PartialObjectMetadata_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ObjectMeta), ""), END};
const struct cleat_type cleat_type_meta_v1_PartialObjectMetadata = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_PartialObjectMetadata_fields};

static const struct cleat_field meta_v1_PartialObjectMetadataList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "metadata", T(meta_v1_ListMeta), ""),
    F(2, "items", LIST(T(meta_v1_PartialObjectMetadata)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_PartialObjectMetadataList = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_PartialObjectMetadataList_fields};

static const struct cleat_field meta_v1_WatchEvent_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "object", T(raw_extension), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_WatchEvent = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_WatchEvent_fields};

static const struct cleat_field meta_v1_APIGroup_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "versions", LIST(T(meta_v1_GroupVersionForDiscovery)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "preferredVersion", T(meta_v1_GroupVersionForDiscovery), ""),
    F(4, "serverAddressByClientCIDRs", LIST(T(meta_v1_ServerAddressByClientCIDR)), ""),
    END};
const struct cleat_type cleat_type_meta_v1_APIGroup = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIGroup_fields};

static const struct cleat_field meta_v1_APIGroupList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "groups", LIST(T(meta_v1_APIGroup)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_APIGroupList = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIGroupList_fields};

static const struct cleat_field meta_v1_APIResourceList_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "groupVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resources", LIST(T(meta_v1_APIResource)), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_APIResourceList = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIResourceList_fields};

static const struct cleat_field meta_v1_APIVersions_fields[] = {
    F(0, "apiVersion", T(string), ""), F(0, "kind", T(string), ""),
    F(1, "versions", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "serverAddressByClientCIDRs", LIST(T(meta_v1_ServerAddressByClientCIDR)), "",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_APIVersions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIVersions_fields};

static const struct cleat_field meta_v1_CreateOptions_fields[] = {
    F(0, "apiVersion", T(string), ""),      F(0, "kind", T(string), ""),
    F(1, "dryRun", LIST(T(string)), ""),    F(3, "fieldManager", T(string), ""),
    F(4, "fieldValidation", T(string), ""), END};
const struct cleat_type cleat_type_meta_v1_CreateOptions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.CreateOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_CreateOptions_fields};

static const struct cleat_field meta_v1_UpdateOptions_fields[] = {
    F(0, "apiVersion", T(string), ""),      F(0, "kind", T(string), ""),
    F(1, "dryRun", LIST(T(string)), ""),    F(2, "fieldManager", T(string), ""),
    F(3, "fieldValidation", T(string), ""), END};
const struct cleat_type cleat_type_meta_v1_UpdateOptions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.UpdateOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_UpdateOptions_fields};

static const struct cleat_field meta_v1_PatchOptions_fields[] = {
    F(0, "apiVersion", T(string), ""),
    F(0, "kind", T(string), ""),
    F(1, "dryRun", LIST(T(string)), ""),
    F(2, "force", T(bool), ""),
    F(3, "fieldManager", T(string), ""),
    F(4, "fieldValidation", T(string), ""),
    END};
const struct cleat_type cleat_type_meta_v1_PatchOptions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.PatchOptions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_PatchOptions_fields};

static const struct cleat_field meta_v1_OwnerReference_fields[] = {
    F(5, "apiVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(1, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "uid", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "controller", T(bool), ""),
    F(7, "blockOwnerDeletion", T(bool), ""),
    END};
const struct cleat_type cleat_type_meta_v1_OwnerReference = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_OwnerReference_fields,
    .atomic = 1};

static const struct cleat_field meta_v1_ManagedFieldsEntry_fields[] = {
    F(1, "manager", T(string), ""),     F(2, "operation", T(string), ""),
    F(3, "apiVersion", T(string), ""),  F(4, "time", T(time), ""),
    F(6, "fieldsType", T(string), ""),  F(7, "fieldsV1", T(fields_v1), ""),
    F(8, "subresource", T(string), ""), END};
const struct cleat_type cleat_type_meta_v1_ManagedFieldsEntry = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ManagedFieldsEntry_fields};

static const struct cleat_field meta_v1_ShardInfo_fields[] = {
    F(1, "selector", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_ShardInfo = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ShardInfo_fields};

static const struct cleat_field meta_v1_StatusDetails_fields[] = {
    F(1, "name", T(string), ""),
    F(2, "group", T(string), ""),
    F(3, "kind", T(string), ""),
    F(6, "uid", T(string), ""),
    F(4, "causes", LIST(T(meta_v1_StatusCause)), ""),
    F(5, "retryAfterSeconds", T(int32), ""),
    END};
const struct cleat_type cleat_type_meta_v1_StatusDetails = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_StatusDetails_fields};

static const struct cleat_field meta_v1_Preconditions_fields[] = {
    F(1, "uid", T(string), ""), F(2, "resourceVersion", T(string), ""), END};
const struct cleat_type cleat_type_meta_v1_Preconditions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_Preconditions_fields};

static const struct cleat_field meta_v1_LabelSelectorRequirement_fields[] = {
    F(1, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "operator", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "values", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_meta_v1_LabelSelectorRequirement = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_LabelSelectorRequirement_fields};

static const struct cleat_field meta_v1_TableColumnDefinition_fields[] = {
    F(0, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "format", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "description", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "priority", T(int32), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_TableColumnDefinition = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.TableColumnDefinition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_TableColumnDefinition_fields};

static const struct cleat_field meta_v1_TableRow_fields[] = {
    F(0, "cells", LIST(T(json)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "conditions", LIST(T(meta_v1_TableRowCondition)), ""),
    F(0, "object", T(raw_extension), ""), END};
const struct cleat_type cleat_type_meta_v1_TableRow = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.TableRow",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_TableRow_fields};

static const struct cleat_field meta_v1_GroupVersionForDiscovery_fields[] = {
    F(1, "groupVersion", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "version", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_GroupVersionForDiscovery = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_GroupVersionForDiscovery_fields};

static const struct cleat_field meta_v1_ServerAddressByClientCIDR_fields[] = {
    F(1, "clientCIDR", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "serverAddress", T(string), "", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_ServerAddressByClientCIDR = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ServerAddressByClientCIDR_fields};

static const struct cleat_field meta_v1_APIResource_fields[] = {
    F(1, "name", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "singularName", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "namespaced", T(bool), "", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "group", T(string), ""),
    F(9, "version", T(string), ""),
    F(3, "kind", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "verbs", LIST(T(string)), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "shortNames", LIST(T(string)), ""),
    F(7, "categories", LIST(T(string)), ""),
    F(10, "storageVersionHash", T(string), ""),
    END};
const struct cleat_type cleat_type_meta_v1_APIResource = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResource",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIResource_fields};

static const struct cleat_field meta_v1_Condition_fields[] = {
    F(1, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "observedGeneration", T(int64), ""),
    F(4, "lastTransitionTime", T(time), "", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "reason", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(6, "message", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_Condition = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Condition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_Condition_fields};

static const struct cleat_field meta_v1_StatusCause_fields[] = {F(1, "reason", T(string), ""),
                                                                F(2, "message", T(string), ""),
                                                                F(3, "field", T(string), ""), END};
const struct cleat_type cleat_type_meta_v1_StatusCause = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_StatusCause_fields};

static const struct cleat_field meta_v1_TableRowCondition_fields[] = {
    F(0, "type", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "status", T(string), "", .flags = CLEAT_FIELD_REQUIRED), F(0, "reason", T(string), ""),
    F(0, "message", T(string), ""), END};
const struct cleat_type cleat_type_meta_v1_TableRowCondition = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.TableRowCondition",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_TableRowCondition_fields};

static const struct cleat_field meta_v1_FieldSelectorRequirement_fields[] = {
    F(1, "key", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "operator", T(string), "", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "values", LIST(T(string)), ""), END};
const struct cleat_type cleat_type_meta_v1_FieldSelectorRequirement = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement",
    .doc = "",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_FieldSelectorRequirement_fields};
