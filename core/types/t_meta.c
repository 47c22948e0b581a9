/* SPDX-License-Identifier: Apache-2.0 */
/* Types of meta.k8s.io/v1: what all objects share, and lists, statuses and options. See types.h. */
#include "core/types/table.h"

static const struct cleat_field meta_v1_ObjectMeta_fields[] = {
    F(1, "name", T(string), "Its name, unique among objects of its kind in its namespace."),
    F(2, "generateName", T(string),
      "What the server begins a name of its own with, where no name is given."),
    F(3, "namespace", T(string), "The namespace it is in."),
    F(4, "selfLink", T(string), "No longer in use."),
    F(5, "uid", T(string), "Set by the server; no two objects ever have the same."),
    F(6, "resourceVersion", T(string),
      "The version of the object; changes with each write. Opaque."),
    F(7, "generation", T(int64), "Counts changes of what is wanted."),
    F(8, "creationTimestamp", T(time), "When it was created."),
    F(9, "deletionTimestamp", T(time), "When it is to be gone; set once deletion was asked for.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(10, "deletionGracePeriodSeconds", T(int64), "How many seconds it gets to end by itself.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(11, "labels", MAP(T(string)), "Short texts to find objects by."),
    F(12, "annotations", MAP(T(string)), "Texts that tools keep with the object."),
    F(13, "ownerReferences", LIST(T(meta_v1_OwnerReference)),
      "Objects that it depends on; it is collected when all of them are gone.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_MAP, .keys = "uid", .merge_key = "uid"),
    F(14, "finalizers", LIST(T(string)), "Who must agree before it is gone for good.",
      .flags = CLEAT_FIELD_MERGE, .list = CLEAT_LIST_SET),
    F(17, "managedFields", LIST(T(meta_v1_ManagedFieldsEntry)), "Who owns which fields.",
      .flags = CLEAT_FIELD_ALWAYS),
    END};
const struct cleat_type cleat_type_meta_v1_ObjectMeta = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta",
    .doc = "What all objects have.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ObjectMeta_fields};

static const struct cleat_field meta_v1_ListMeta_fields[] = {
    F(1, "selfLink", T(string), "No longer in use."),
    F(2, "resourceVersion", T(string),
      "The version that the list was read at; a watch may go on from here."),
    F(3, "continue", T(string), "Give this to get the next part."),
    F(4, "remainingItemCount", T(int64), "How many more there are.", .flags = CLEAT_FIELD_NULLABLE),
    F(5, "shardInfo", T(meta_v1_ShardInfo), "Which part of the objects this is.",
      .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_meta_v1_ListMeta = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta",
    .doc = "What all lists have.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ListMeta_fields};

static const struct cleat_field meta_v1_Status_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "status", T(string), "Success or Failure."),
    F(3, "message", T(string), "A sentence for people."),
    F(4, "reason", T(string), "The cause in a word for machines."),
    F(5, "details", T(meta_v1_StatusDetails), "More about it.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "code", T(int32), "The HTTP status."),
    END};
const struct cleat_type cleat_type_meta_v1_Status = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Status",
    .doc = "How a request went.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_Status_fields};

static const struct cleat_field meta_v1_DeleteOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "gracePeriodSeconds", T(int64), "How many seconds the object gets to end by itself.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "preconditions", T(meta_v1_Preconditions), "What must be so, or nothing is deleted.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "orphanDependents", T(bool), "Old form of propagationPolicy.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(4, "propagationPolicy", T(string),
      "What becomes of dependents: Orphan, Background or Foreground.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(5, "dryRun", LIST(T(string)), "All: go through everything but store nothing."),
    F(6, "ignoreStoreReadErrorWithClusterBreakingPotential", T(bool),
      "Delete even what cannot be read any more.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_meta_v1_DeleteOptions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
    .doc = "How to delete.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_DeleteOptions_fields};

static const struct cleat_field meta_v1_LabelSelector_fields[] = {
    F(1, "matchLabels", MAP(T(string)), "Labels and their values."),
    F(2, "matchExpressions", LIST(T(meta_v1_LabelSelectorRequirement)),
      "Demands that must all be met."),
    END};
const struct cleat_type cleat_type_meta_v1_LabelSelector = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
    .doc = "Objects by their labels; all demands must be met.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_LabelSelector_fields,
    .atomic = 1};

static const struct cleat_field meta_v1_Table_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(0, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(0, "columnDefinitions", LIST(T(meta_v1_TableColumnDefinition)), "The columns.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(0, "rows", LIST(T(meta_v1_TableRow)), "The rows.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_Table = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Table",
    .doc = "Objects as rows, for people to read.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_Table_fields};

static const struct cleat_field meta_v1_PartialObjectMetadata_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ObjectMeta),
      "The object's name, labels and other data that every object has."),
    END};
const struct cleat_type cleat_type_meta_v1_PartialObjectMetadata = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata",
    .doc = "An object without spec and status.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_PartialObjectMetadata_fields};

static const struct cleat_field meta_v1_PartialObjectMetadataList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "metadata", T(meta_v1_ListMeta),
      "The object's name, labels and other data that every object has."),
    F(2, "items", LIST(T(meta_v1_PartialObjectMetadata)), "The objects of the list.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_PartialObjectMetadataList = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadataList",
    .doc = "A list of PartialObjectMetadata objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_PartialObjectMetadataList_fields};

static const struct cleat_field meta_v1_WatchEvent_fields[] = {
    F(1, "type", T(string), "ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "object", T(raw_extension), "The object after the change, or before a deletion.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_WatchEvent = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent",
    .doc = "A change of an object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_WatchEvent_fields};

static const struct cleat_field meta_v1_APIGroup_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "versions", LIST(T(meta_v1_GroupVersionForDiscovery)), "Its versions.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "preferredVersion", T(meta_v1_GroupVersionForDiscovery), "The version to use by default."),
    F(4, "serverAddressByClientCIDRs", LIST(T(meta_v1_ServerAddressByClientCIDR)),
      "Where clients reach the server."),
    END};
const struct cleat_type cleat_type_meta_v1_APIGroup = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroup",
    .doc = "A group of kinds.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIGroup_fields};

static const struct cleat_field meta_v1_APIGroupList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "groups", LIST(T(meta_v1_APIGroup)), "The groups.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_APIGroupList = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIGroupList",
    .doc = "A list of APIGroup objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIGroupList_fields};

static const struct cleat_field meta_v1_APIResourceList_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "groupVersion", T(string), "The group and version.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "resources", LIST(T(meta_v1_APIResource)), "The resources.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_APIResourceList = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResourceList",
    .doc = "A list of APIResource objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIResourceList_fields};

static const struct cleat_field meta_v1_APIVersions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "versions", LIST(T(string)), "The versions.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "serverAddressByClientCIDRs", LIST(T(meta_v1_ServerAddressByClientCIDR)),
      "Where clients reach the server.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_APIVersions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIVersions",
    .doc = "The versions of the core group.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIVersions_fields};

static const struct cleat_field meta_v1_CreateOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "dryRun", LIST(T(string)), "All: go through everything but store nothing."),
    F(3, "fieldManager", T(string), "Who is said to own the fields that this changes."),
    F(4, "fieldValidation", T(string),
      "What to do about unknown and duplicate fields: Ignore, Warn or Strict."),
    END};
const struct cleat_type cleat_type_meta_v1_CreateOptions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.CreateOptions",
    .doc = "How to create.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_CreateOptions_fields};

static const struct cleat_field meta_v1_UpdateOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "dryRun", LIST(T(string)), "All: go through everything but store nothing."),
    F(2, "fieldManager", T(string), "Who is said to own the fields that this changes."),
    F(3, "fieldValidation", T(string),
      "What to do about unknown and duplicate fields: Ignore, Warn or Strict."),
    END};
const struct cleat_type cleat_type_meta_v1_UpdateOptions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.UpdateOptions",
    .doc = "How to update.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_UpdateOptions_fields};

static const struct cleat_field meta_v1_PatchOptions_fields[] = {
    F(0, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(0, "kind", T(string), "The kind of object that this is."),
    F(1, "dryRun", LIST(T(string)), "All: go through everything but store nothing."),
    F(2, "force", T(bool), "Take fields from their owners; server-side apply only.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(3, "fieldManager", T(string), "Who is said to own the fields that this changes."),
    F(4, "fieldValidation", T(string),
      "What to do about unknown and duplicate fields: Ignore, Warn or Strict."),
    END};
const struct cleat_type cleat_type_meta_v1_PatchOptions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.PatchOptions",
    .doc = "How to patch.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_PatchOptions_fields};

static const struct cleat_field meta_v1_OwnerReference_fields[] = {
    F(5, "apiVersion", T(string), "The group and version of this object's schema, such as apps/v1.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(1, "kind", T(string), "The kind of object.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "uid", T(string), "The unique identifier of the object that is meant.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(6, "controller", T(bool), "Whether the owner controls the object.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(7, "blockOwnerDeletion", T(bool),
      "Whether the owner must wait for it in foreground deletion.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_meta_v1_OwnerReference = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference",
    .doc = "An object that another depends on.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_OwnerReference_fields,
    .atomic = 1};

static const struct cleat_field meta_v1_ManagedFieldsEntry_fields[] = {
    F(1, "manager", T(string), "Who."),
    F(2, "operation", T(string), "Apply or Update."),
    F(3, "apiVersion", T(string),
      "The group and version of this object's schema, such as apps/v1."),
    F(4, "time", T(time), "When it last changed.", .flags = CLEAT_FIELD_NULLABLE),
    F(6, "fieldsType", T(string), "How fieldsV1 is written."),
    F(7, "fieldsV1", T(fields_v1), "The fields.", .flags = CLEAT_FIELD_NULLABLE),
    F(8, "subresource", T(string),
      "The part of the resource, such as status; empty for the object itself."),
    END};
const struct cleat_type cleat_type_meta_v1_ManagedFieldsEntry = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry",
    .doc = "Which fields somebody owns.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ManagedFieldsEntry_fields};

static const struct cleat_field meta_v1_ShardInfo_fields[] = {
    F(1, "selector", T(string), "Which objects it is about, by their labels.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_ShardInfo = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo",
    .doc = "A part of all objects.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ShardInfo_fields};

static const struct cleat_field meta_v1_StatusDetails_fields[] = {
    F(1, "name", T(string), "The object."),
    F(2, "group", T(string), "The API group."),
    F(3, "kind", T(string), "The kind or resource."),
    F(6, "uid", T(string), "The unique identifier of the object that is meant."),
    F(4, "causes", LIST(T(meta_v1_StatusCause)), "The causes."),
    F(5, "retryAfterSeconds", T(int32), "When to try again."),
    END};
const struct cleat_type cleat_type_meta_v1_StatusDetails = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails",
    .doc = "More about a failure.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_StatusDetails_fields};

static const struct cleat_field meta_v1_Preconditions_fields[] = {
    F(1, "uid", T(string), "The unique identifier of the object that is meant.",
      .flags = CLEAT_FIELD_NULLABLE),
    F(2, "resourceVersion", T(string),
      "The version of the object; changes with each write. Opaque.", .flags = CLEAT_FIELD_NULLABLE),
    END};
const struct cleat_type cleat_type_meta_v1_Preconditions = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions",
    .doc = "What must be so.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_Preconditions_fields};

static const struct cleat_field meta_v1_LabelSelectorRequirement_fields[] = {
    F(1, "key", T(string), "The key that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "operator", T(string), "In, NotIn, Exists or DoesNotExist.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "values", LIST(T(string)), "What it is compared with."), END};
const struct cleat_type cleat_type_meta_v1_LabelSelectorRequirement = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
    .doc = "A demand on a label.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_LabelSelectorRequirement_fields};

static const struct cleat_field meta_v1_TableColumnDefinition_fields[] = {
    F(0, "name", T(string), "Its name.", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "type", T(string), "The type, as in OpenAPI.", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "format", T(string), "More about the type.", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "description", T(string), "A sentence about it.", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "priority", T(int32), "0 for always, more for wide output only.",
      .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_TableColumnDefinition = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.TableColumnDefinition",
    .doc = "A column.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_TableColumnDefinition_fields};

static const struct cleat_field meta_v1_TableRow_fields[] = {
    F(0, "cells", LIST(T(json)), "The cells.", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "conditions", LIST(T(meta_v1_TableRowCondition)),
      "What is known of it at present, one entry for each type."),
    F(0, "object", T(raw_extension), "The object."), END};
const struct cleat_type cleat_type_meta_v1_TableRow = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.TableRow",
    .doc = "A row.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_TableRow_fields};

static const struct cleat_field meta_v1_GroupVersionForDiscovery_fields[] = {
    F(1, "groupVersion", T(string), "Group and version together.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "version", T(string), "The API version.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_GroupVersionForDiscovery = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery",
    .doc = "A group and version.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_GroupVersionForDiscovery_fields};

static const struct cleat_field meta_v1_ServerAddressByClientCIDR_fields[] = {
    F(1, "clientCIDR", T(string), "The range.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "serverAddress", T(string), "The address.", .flags = CLEAT_FIELD_REQUIRED), END};
const struct cleat_type cleat_type_meta_v1_ServerAddressByClientCIDR = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR",
    .doc = "Where clients of a range reach the server.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_ServerAddressByClientCIDR_fields};

static const struct cleat_field meta_v1_APIResource_fields[] = {
    F(1, "name", T(string), "In the plural, with /subresource where it is one.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(6, "singularName", T(string), "In the singular.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "namespaced", T(bool), "Whether it is in a namespace.", .flags = CLEAT_FIELD_REQUIRED),
    F(8, "group", T(string), "The API group."),
    F(9, "version", T(string), "The API version."),
    F(3, "kind", T(string), "The kind of object that this is.", .flags = CLEAT_FIELD_REQUIRED),
    F(4, "verbs", LIST(T(string)), "What may be done; * stands for everything.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(5, "shortNames", LIST(T(string)), "Short names for kubectl."),
    F(7, "categories", LIST(T(string)), "Groups of kinds that it belongs to, such as all."),
    F(10, "storageVersionHash", T(string), "Changes with the version that is stored."),
    END};
const struct cleat_type cleat_type_meta_v1_APIResource = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.APIResource",
    .doc = "A resource.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_APIResource_fields};

static const struct cleat_field meta_v1_Condition_fields[] = {
    F(1, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(2, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(3, "observedGeneration", T(int64), "The metadata.generation that this was observed at."),
    F(4, "lastTransitionTime", T(time),
      "When the condition last changed from one status to another.", .flags = CLEAT_FIELD_REQUIRED),
    F(5, "reason", T(string), "A short CamelCase word for the cause.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(6, "message", T(string), "A sentence for people.", .flags = CLEAT_FIELD_REQUIRED),
    END};
const struct cleat_type cleat_type_meta_v1_Condition = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.Condition",
    .doc = "What is known of an object.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_Condition_fields};

static const struct cleat_field meta_v1_StatusCause_fields[] = {
    F(1, "reason", T(string), "A short CamelCase word for the cause."),
    F(2, "message", T(string), "A sentence for people."),
    F(3, "field", T(string), "The field that it is about."), END};
const struct cleat_type cleat_type_meta_v1_StatusCause = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause",
    .doc = "One of the causes.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_StatusCause_fields};

static const struct cleat_field meta_v1_TableRowCondition_fields[] = {
    F(0, "type", T(string), "What kind of thing this entry is about.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(0, "status", T(string), "True, False or Unknown.", .flags = CLEAT_FIELD_REQUIRED),
    F(0, "reason", T(string), "A short CamelCase word for the cause."),
    F(0, "message", T(string), "A sentence for people."), END};
const struct cleat_type cleat_type_meta_v1_TableRowCondition = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.TableRowCondition",
    .doc = "What is known of a row.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_TableRowCondition_fields};

static const struct cleat_field meta_v1_FieldSelectorRequirement_fields[] = {
    F(1, "key", T(string), "The key that is meant.", .flags = CLEAT_FIELD_REQUIRED),
    F(2, "operator", T(string), "How the key is compared with the values.",
      .flags = CLEAT_FIELD_REQUIRED),
    F(3, "values", LIST(T(string)), "What it is compared with."), END};
const struct cleat_type cleat_type_meta_v1_FieldSelectorRequirement = {
    .name = "io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement",
    .doc = "A demand on a field.",
    .form = CLEAT_FORM_STRUCT,
    .fields = meta_v1_FieldSelectorRequirement_fields};
