/* SPDX-License-Identifier: Apache-2.0 */
/* The columns of volumes, claims and storage.k8s.io. Pure; any thread. */
#include "core/kinds/cells.h"

/* ---- volumes and claims ---- */

CLEAT_CELL(pv_capacity, "", "spec", "capacity", "storage")
CLEAT_CELL(pv_policy, "", "spec", "persistentVolumeReclaimPolicy")
CLEAT_CELL(pv_reason, "", "status", "reason")
CLEAT_CELL(attributes_class, "<unset>", "spec", "volumeAttributesClassName")
CLEAT_CELL(volume_mode, "<unset>", "spec", "volumeMode")
CLEAT_CELL(pvc_volume, "", "spec", "volumeName")

static void access_modes(struct cleat_val modes, struct cleat_buf *out) {
    static const struct {
        const char *mode, *letters;
    } order[] = {{"ReadWriteOnce", "RWO"},
                 {"ReadOnlyMany", "ROX"},
                 {"ReadWriteMany", "RWX"},
                 {"ReadWriteOncePod", "RWOP"}};
    struct cleat_joined j = {.n = 0};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (cleat_finalizers_have(modes, order[i].mode)) {
            cleat_joined_add(&j, cleat_s(order[i].letters));
        }
    }
    cleat_joined_end(&j, "", out);
}

static void pv_modes(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    access_modes(cleat_obj_at(o, CLEAT_PATH("spec", "accessModes")), out);
}

static void phase(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    if (cleat_is_terminating(o)) {
        cleat_buf_puts(out, "\"Terminating\"");
    } else {
        cleat_cell_str(o, CLEAT_PATH("status", "phase"), "", out);
    }
}

static void pv_claim(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val ref = cleat_obj_at(o, CLEAT_PATH("spec", "claimRef"));
    if (cleat_val_type(ref) != CLEAT_OBJECT) {
        cleat_buf_puts(out, "\"\"");
        return;
    }
    cleat_buf_printf(out, "\"%.*s/%.*s\"",
                     CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "namespace"))),
                     CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "name"))));
}

/* The annotation of old wins over the field. */
static void storage_class(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    static const char *const old[] = {"metadata", "annotations",
                                      "volume.beta.kubernetes.io/storage-class", NULL};
    bool has = cleat_val_present(cleat_obj_at(o, old));
    cleat_cell_str(o, has ? old : CLEAT_PATH("spec", "storageClassName"), "", out);
}

const struct cleat_column cleat_columns_pv[] = {
    CLEAT_COLUMN("Capacity", "string", "The resources and capacity of this volume.", pv_capacity),
    CLEAT_COLUMN("Access Modes", "string", "The ways in which this volume may be mounted.",
                 pv_modes),
    CLEAT_COLUMN("Reclaim Policy", "string", "What happens to this volume without its claim.",
                 pv_policy),
    CLEAT_COLUMN("Status", "string", "Whether this volume is available, bound, or released.",
                 phase),
    CLEAT_COLUMN("Claim", "string", "The claim that this volume is bound to.", pv_claim),
    CLEAT_COLUMN("StorageClass", "string", "StorageClass of the pv", storage_class),
    CLEAT_COLUMN("VolumeAttributesClass", "string", "VolumeAttributesClass of the pv",
                 attributes_class),
    CLEAT_COLUMN("Reason", "string", "A short reason of why this volume is in such a state.",
                 pv_reason),
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_WIDE("VolumeMode", "string", "Whether it is used as a file system or raw.",
                      volume_mode),
    CLEAT_COLUMN_END};

static bool is_bound(const cleat_obj *o) {
    return cleat_val_str(cleat_obj_at(o, CLEAT_PATH("spec", "volumeName"))).n > 0;
}

static void pvc_capacity(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    if (is_bound(o)) {
        cleat_cell_str(o, CLEAT_PATH("status", "capacity", "storage"), "", out);
    } else {
        cleat_buf_puts(out, "\"\"");
    }
}

static void pvc_modes(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    if (is_bound(o)) {
        access_modes(cleat_obj_at(o, CLEAT_PATH("status", "accessModes")), out);
    } else {
        cleat_buf_puts(out, "\"\"");
    }
}

const struct cleat_column cleat_columns_pvc[] = {
    CLEAT_COLUMN("Status", "string", "Whether this claim is pending, bound, or lost.", phase),
    CLEAT_COLUMN("Volume", "string", "The volume that this claim is bound to.", pvc_volume),
    CLEAT_COLUMN("Capacity", "string", "The capacity of the volume that it is bound to.",
                 pvc_capacity),
    CLEAT_COLUMN("Access Modes", "string", "The ways in which its volume may be mounted.",
                 pvc_modes),
    CLEAT_COLUMN("StorageClass", "string", "StorageClass of the pvc", storage_class),
    CLEAT_COLUMN("VolumeAttributesClass", "string", "VolumeAttributesClass of the pvc",
                 attributes_class),
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_WIDE("VolumeMode", "string", "Whether it is used as a file system or raw.",
                      volume_mode),
    CLEAT_COLUMN_END};

/* ---- classes ---- */

static void class_name(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    bool is_default = false;
    static const char *const keys[] = {"storageclass.kubernetes.io/is-default-class",
                                       "storageclass.beta.kubernetes.io/is-default-class"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        is_default = is_default ||
                     cleat_eqc(cleat_val_str(
                                   cleat_obj_at(o, CLEAT_PATH("metadata", "annotations", keys[i]))),
                               "true");
    }
    cleat_buf_printf(out, "\"%.*s%s\"", CLEAT_FMT(cleat_obj_name(o)),
                     is_default ? " (default)" : "");
}

CLEAT_CELL(class_provisioner, "", "provisioner")
CLEAT_CELL(class_policy, "Delete", "reclaimPolicy")
CLEAT_CELL(class_binding, "Immediate", "volumeBindingMode")
CLEAT_CELL_BOOL(class_expansion, 0, "allowVolumeExpansion")

const struct cleat_column cleat_columns_storageclass[] = {
    {.name = "Name",
     .type = "string",
     .format = "name",
     .description = "Name must be unique.",
     .cell = class_name},
    CLEAT_COLUMN("Provisioner", "string", "What makes the volumes of this class.",
                 class_provisioner),
    CLEAT_COLUMN("ReclaimPolicy", "string", "The reclaim policy of the volumes of this class.",
                 class_policy),
    CLEAT_COLUMN("VolumeBindingMode", "string", "When claims of this class are bound.",
                 class_binding),
    CLEAT_COLUMN("AllowVolumeExpansion", "string", "Whether volumes of this class may grow.",
                 class_expansion),
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

CLEAT_CELL(attributes_driver, "", "driverName")

const struct cleat_column cleat_columns_attributesclass[] = {
    CLEAT_COLUMN("DriverName", "string", "The CSI driver of this class.", attributes_driver),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};

/* ---- CSI ---- */

CLEAT_CELL(attacher, "", "spec", "attacher")
CLEAT_CELL(attached_pv, "", "spec", "source", "persistentVolumeName")
CLEAT_CELL(attached_node, "", "spec", "nodeName")
CLEAT_CELL_BOOL(attached, 0, "status", "attached")

const struct cleat_column cleat_columns_attachment[] = {
    CLEAT_COLUMN("Attacher", "string", "The driver that must attach the volume.", attacher),
    CLEAT_COLUMN("PV", "string", "The volume to attach.", attached_pv),
    CLEAT_COLUMN("Node", "string", "The node to attach it to.", attached_node),
    CLEAT_COLUMN("Attached", "boolean", "Whether the volume is attached.", attached),
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

CLEAT_CELL_BOOL(driver_attach, 1, "spec", "attachRequired")
CLEAT_CELL_BOOL(driver_pod_info, 0, "spec", "podInfoOnMount")
CLEAT_CELL_BOOL(driver_capacity, 0, "spec", "storageCapacity")
CLEAT_CELL_BOOL(driver_republish, 0, "spec", "requiresRepublish")

static void driver_tokens(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_joined j = {.n = 0};
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("spec", "tokenRequests"));
    while (cleat_val_next(list, &it)) {
        cleat_joined_add(&j, cleat_val_str(cleat_val_get(it.val, "audience")));
    }
    cleat_joined_end(&j, "<unset>", out);
}

static void driver_modes(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_joined j = {.n = 0};
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("spec", "volumeLifecycleModes"));
    while (cleat_val_next(list, &it)) {
        cleat_joined_add(&j, cleat_val_str(it.val));
    }
    cleat_joined_end(&j, "<none>", out);
}

const struct cleat_column cleat_columns_csidriver[] = {
    CLEAT_COLUMN("AttachRequired", "boolean", "Whether volumes must be attached.", driver_attach),
    CLEAT_COLUMN("PodInfoOnMount", "boolean", "Whether mounting needs to know the pod.",
                 driver_pod_info),
    CLEAT_COLUMN("StorageCapacity", "boolean", "Whether the driver publishes its capacity.",
                 driver_capacity),
    CLEAT_COLUMN("TokenRequests", "string", "The audiences of the tokens that the driver gets.",
                 driver_tokens),
    CLEAT_COLUMN("RequiresRepublish", "boolean", "Whether volumes are published again and again.",
                 driver_republish),
    CLEAT_COLUMN("Modes", "string", "The kinds of volumes that the driver supports.", driver_modes),
    CLEAT_COLUMN_AGE,
    CLEAT_COLUMN_END};

static void node_drivers(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_buf_printf(out, "%zu", cleat_val_count(cleat_obj_at(o, CLEAT_PATH("spec", "drivers"))));
}

const struct cleat_column cleat_columns_csinode[] = {
    CLEAT_COLUMN("Drivers", "integer",
                 "Drivers indicates the number of CSI drivers registered on the node",
                 node_drivers),
    CLEAT_COLUMN_AGE, CLEAT_COLUMN_END};
