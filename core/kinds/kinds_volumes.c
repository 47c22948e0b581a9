/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes and claims of the core group, and storage.k8s.io/v1. */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"
#include "core/kinds/warn.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct cleat_kind cleat_kinds_volumes[] = {
    {.group = "",
     .version = "v1",
     .resource = "persistentvolumes",
     .singular = "persistentvolume",
     .kind = "PersistentVolume",
     .flags = CLEAT_KIND_RETURNS | CLEAT_KIND_STATUS | CLEAT_KIND_STATUS_METADATA |
              CLEAT_KIND_UNCONDITIONAL,
     .short_names = NAMES("pv"),
     .columns = cleat_columns_pv,
     .defaults = cleat_default_pv,
     .needs_defaults = cleat_needs_pv,
     .admit = cleat_admit_pv,
     .validate = cleat_validate_pv,
     .warn = cleat_warn_pv},
    {.group = "",
     .version = "v1",
     .resource = "persistentvolumeclaims",
     .singular = "persistentvolumeclaim",
     .kind = "PersistentVolumeClaim",
     .flags = CLEAT_KIND_RETURNS | CLEAT_KIND_NAMESPACED | CLEAT_KIND_STATUS |
              CLEAT_KIND_STATUS_METADATA | CLEAT_KIND_UNCONDITIONAL,
     .short_names = NAMES("pvc"),
     .columns = cleat_columns_pvc,
     .defaults = cleat_default_pvc,
     .needs_defaults = cleat_needs_pvc,
     .validate = cleat_validate_pvc,
     .warn = cleat_warn_pvc},
    {.resource = NULL},
};

#define STORAGE .group = "storage.k8s.io", .version = "v1"

const struct cleat_kind cleat_kinds_storage[] = {
    {STORAGE, .resource = "csidrivers", .singular = "csidriver", .kind = "CSIDriver",
     .flags = CLEAT_KIND_RETURNS, .columns = cleat_columns_csidriver,
     .defaults = cleat_default_csidriver, .needs_defaults = cleat_needs_csidriver,
     .validate = cleat_validate_csidriver},
    {STORAGE, .resource = "csinodes", .singular = "csinode", .kind = "CSINode",
     .flags = CLEAT_KIND_RETURNS, .columns = cleat_columns_csinode,
     .validate = cleat_validate_csinode},
    {STORAGE, .resource = "csistoragecapacities", .singular = "csistoragecapacity",
     .kind = "CSIStorageCapacity", .flags = CLEAT_KIND_NAMESPACED, .columns = cleat_columns_created,
     .validate = cleat_validate_csicapacity},
    {STORAGE, .resource = "storageclasses", .singular = "storageclass", .kind = "StorageClass",
     .flags = CLEAT_KIND_RETURNS | CLEAT_KIND_UNCONDITIONAL, .short_names = NAMES("sc"),
     .columns = cleat_columns_storageclass, .defaults = cleat_default_storageclass,
     .needs_defaults = cleat_needs_storageclass, .validate = cleat_validate_storageclass},
    {STORAGE, .resource = "volumeattachments", .singular = "volumeattachment",
     .kind = "VolumeAttachment", .flags = CLEAT_KIND_RETURNS | CLEAT_KIND_STATUS,
     .columns = cleat_columns_attachment, .defaults = cleat_default_attachment,
     .needs_defaults = cleat_needs_attachment, .validate = cleat_validate_attachment},
    {STORAGE, .resource = "volumeattributesclasses", .singular = "volumeattributesclass",
     .kind = "VolumeAttributesClass", .flags = CLEAT_KIND_RETURNS | CLEAT_KIND_UNCONDITIONAL,
     .short_names = NAMES("vac"), .columns = cleat_columns_attributesclass,
     .validate = cleat_validate_attributesclass},
    {.resource = NULL},
};
