/* SPDX-License-Identifier: Apache-2.0 */
/* Protobuf tables of meta/v1, and of references that all kinds share. */
#include "core/api/protobuf_tables.h"

static const struct cleat__pb_field owner_reference_fields[] = {
    ONE(1, "kind", STRING),       ONE(3, "name", STRING),     ONE(4, "uid", STRING),
    ONE(5, "apiVersion", STRING), ONE(6, "controller", BOOL), ONE(7, "blockOwnerDeletion", BOOL),
};
const struct cleat__pb_message cleat__pb_owner_reference =
    MESSAGE("OwnerReference", owner_reference_fields);

static const struct cleat__pb_field managed_fields_entry_fields[] = {
    OPT(1, "manager", STRING),     OPT(2, "operation", STRING),  OPT(3, "apiVersion", STRING),
    ONE(4, "time", TIME),          OPT(6, "fieldsType", STRING), ONE(7, "fieldsV1", RAW_JSON),
    OPT(8, "subresource", STRING),
};
const struct cleat__pb_message cleat__pb_managed_fields_entry =
    MESSAGE("ManagedFieldsEntry", managed_fields_entry_fields);

static const struct cleat__pb_field object_meta_fields[] = {
    OPT(1, "name", STRING),
    OPT(2, "generateName", STRING),
    OPT(3, "namespace", STRING),
    OPT(4, "selfLink", STRING),
    OPT(5, "uid", STRING),
    OPT(6, "resourceVersion", STRING),
    OPT(7, "generation", INT),
    ONE(8, "creationTimestamp", TIME),
    ONE(9, "deletionTimestamp", TIME),
    ONE(10, "deletionGracePeriodSeconds", INT),
    MAP(11, "labels", STRING),
    MAP(12, "annotations", STRING),
    LIST_OF(13, "ownerReferences", &cleat__pb_owner_reference),
    LIST(14, "finalizers", STRING),
    LIST_OF(17, "managedFields", &cleat__pb_managed_fields_entry),
};
const struct cleat__pb_message cleat__pb_object_meta = MESSAGE("ObjectMeta", object_meta_fields);

static const struct cleat__pb_field object_reference_fields[] = {
    OPT(1, "kind", STRING),      OPT(2, "namespace", STRING),  OPT(3, "name", STRING),
    OPT(4, "uid", STRING),       OPT(5, "apiVersion", STRING), OPT(6, "resourceVersion", STRING),
    OPT(7, "fieldPath", STRING),
};
const struct cleat__pb_message cleat__pb_object_reference =
    MESSAGE("ObjectReference", object_reference_fields);

static const struct cleat__pb_field local_object_reference_fields[] = {
    OPT(1, "name", STRING),
};
const struct cleat__pb_message cleat__pb_local_object_reference =
    MESSAGE("LocalObjectReference", local_object_reference_fields);

static const struct cleat__pb_field condition_fields[] = {
    ONE(1, "type", STRING),
    ONE(2, "status", STRING),
    OPT(3, "observedGeneration", INT),
    ONE(4, "lastTransitionTime", TIME),
    ONE(5, "reason", STRING),
    ONE(6, "message", STRING),
};
const struct cleat__pb_message cleat__pb_condition = MESSAGE("Condition", condition_fields);

static const struct cleat__pb_field label_selector_requirement_fields[] = {
    ONE(1, "key", STRING),
    ONE(2, "operator", STRING),
    LIST(3, "values", STRING),
};
const struct cleat__pb_message cleat__pb_label_selector_requirement =
    MESSAGE("LabelSelectorRequirement", label_selector_requirement_fields);

static const struct cleat__pb_field label_selector_fields[] = {
    MAP(1, "matchLabels", STRING),
    LIST_OF(2, "matchExpressions", &cleat__pb_label_selector_requirement),
};
const struct cleat__pb_message cleat__pb_label_selector =
    MESSAGE("LabelSelector", label_selector_fields);

static const struct cleat__pb_field preconditions_fields[] = {
    ONE(1, "uid", STRING),
};
const struct cleat__pb_message cleat__pb_preconditions =
    MESSAGE("Preconditions", preconditions_fields);

static const struct cleat__pb_field delete_options_fields[] = {
    ONE(1, "gracePeriodSeconds", INT),
    ONE_OF(2, "preconditions", &cleat__pb_preconditions),
    ONE(3, "orphanDependents", BOOL),
    ONE(4, "propagationPolicy", STRING),
    LIST(5, "dryRun", STRING),
    ONE(6, "ignoreStoreReadErrorWithClusterBreakingPotential", BOOL),
};
const struct cleat__pb_message cleat__pb_delete_options =
    MESSAGE("DeleteOptions", delete_options_fields);
