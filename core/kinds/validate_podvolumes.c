/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The volumes of a pod: each has a name of its own and one source, and each source
 * what it cannot be without (pkg/apis/core/validation). Most of it is a table; what
 * a table cannot say a function does. Pure; any thread.
 */
#include "core/kinds/podparts.h"

/* ---- sources that take more than a table ---- */

static void host_path(struct cleat_check *c, struct cleat_val v) {
    static const char *const types[] = {
        "",     "BlockDevice",  "CharDevice", "Directory", "DirectoryOrCreate",
        "File", "FileOrCreate", "Socket",     NULL};
    struct cleat_val type = cleat_val_get(v, "type");
    if (cleat_str_at(v, "path").n == 0) {
        return;
    }
    cleat_check_no_backsteps(c, v, "path");
    if (!cleat_absent(type) && !cleat_one_of(cleat_val_str(type), types)) {
        cleat_check_unsupported(c, "type", type, types);
    }
}

static void empty_dir(struct cleat_check *c, struct cleat_val v) {
    struct cleat_str limit = cleat_quantity_of(cleat_val_get(v, "sizeLimit"));
    if (limit.n > 0 && cleat_quantity_order(limit, CLEAT_STR("0")) < 0) {
        cleat_check_forbidden(c, "sizeLimit", "SizeLimit field must be a valid resource quantity");
    }
}

static void git_repo(struct cleat_check *c, struct cleat_val v) {
    cleat_check_local_path(c, v, "directory", false);
}

static void disk(struct cleat_check *c, struct cleat_val v) {
    int64_t n = 0;
    if (cleat_val_int(cleat_val_get(v, "partition"), &n) && (n < 0 || n > 255)) {
        cleat_check_range(c, v, "partition", 1, 255);
    }
}

static void keys(struct cleat_check *c, struct cleat_val v) {
    cleat_check_file_mode(c, v, "defaultMode");
    cleat_check_list(c, v, "items", cleat_check_key_to_path);
}

static void nfs(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val path = cleat_val_get(v, "path");
    struct cleat_str s = cleat_val_str(path);
    if (s.n == 0 || s.p[0] != '/') {
        cleat_check_invalid(c, "path", path, "must be an absolute path");
    }
}

static void iscsi(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val iqn = cleat_val_get(v, "iqn");
    struct cleat_str s = cleat_val_str(iqn);
    if (s.n > 0 && (s.n < 3 || (memcmp(s.p, "iqn", 3) != 0 && memcmp(s.p, "eui", 3) != 0 &&
                                memcmp(s.p, "naa", 3) != 0))) {
        cleat_check_invalid(c, "iqn", iqn, "must be valid format starting with iqn, eui, or naa");
    }
    cleat_check_range(c, v, "lun", 0, 255);
    bool chap = cleat_val_bool(cleat_val_get(v, "chapAuthDiscovery"), 0) ||
                cleat_val_bool(cleat_val_get(v, "chapAuthSession"), 0);
    if (chap && cleat_absent(cleat_val_get(v, "secretRef"))) {
        cleat_check_required(c, "secretRef", "");
    }
}

static void flocker(struct cleat_check *c, struct cleat_val v) {
    bool name = cleat_str_at(v, "datasetName").n > 0, uuid = cleat_str_at(v, "datasetUUID").n > 0;
    if (!name && !uuid) {
        cleat_check_required(c, NULL, "one of datasetName and datasetUUID is required");
    } else if (name && uuid) {
        cleat_check_fail(c, NULL, "FieldValueInvalid",
                         "\"resource\": datasetName and datasetUUID can not be specified "
                         "simultaneously");
    }
}

static void fibre_channel(struct cleat_check *c, struct cleat_val v) {
    size_t wwns = cleat_val_count(cleat_val_get(v, "targetWWNs"));
    size_t wwids = cleat_val_count(cleat_val_get(v, "wwids"));
    if (wwns == 0 && wwids == 0) {
        cleat_check_required(c, "targetWWNs",
                             "must specify either targetWWNs or wwids, but not both");
    } else if (wwns > 0 && wwids > 0) {
        cleat_check_invalid(c, "targetWWNs", cleat_val_get(v, "targetWWNs"),
                            "targetWWNs and wwids can not be specified simultaneously");
    }
    if (wwns > 0 && cleat_absent(cleat_val_get(v, "lun"))) {
        cleat_check_required(c, "lun", "lun is required if targetWWNs is specified");
    } else if (wwns > 0) {
        cleat_check_range(c, v, "lun", 0, 255);
    }
}

static void csi(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val driver = cleat_val_get(v, "driver");
    struct cleat_str s = cleat_val_str(driver);
    if (s.n > 63) {
        cleat_check_fail(c, "driver", "FieldValueTooLong", "may not be more than %d bytes", 63);
    } else if (s.n > 0) {
        cleat_check_named(c, v, "driver", cleat_name_dns_subdomain, true);
    }
}

static void ephemeral(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val claim = cleat_val_get(v, "volumeClaimTemplate");
    if (cleat_absent(claim)) {
        cleat_check_required(c, "volumeClaimTemplate", "");
        return;
    }
    size_t place = cleat_check_in(c, "volumeClaimTemplate"), spec = cleat_check_in(c, "spec");
    if (cleat_val_count(cleat_val_at(claim, CLEAT_PATH("spec", "accessModes"))) == 0) {
        cleat_check_required(c, "accessModes", "at least 1 access mode is required");
    }
    cleat_check_up(c, spec);
    cleat_check_up(c, place);
}

static void image(struct cleat_check *c, struct cleat_val v) {
    static const char *const policies[] = {"Always", "IfNotPresent", "Never", NULL};
    cleat_check_one_of(c, v, "pullPolicy", policies, false);
}

/* ---- what is made of several sources ---- */

static void downward_file(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val field = cleat_val_get(v, "fieldRef");
    struct cleat_val resource = cleat_val_get(v, "resourceFieldRef");
    if (cleat_str_at(v, "path").n == 0) {
        cleat_check_required(c, "path", "");
    }
    cleat_check_local_path(c, v, "path", true);
    if (!cleat_absent(field)) {
        size_t place = cleat_check_in(c, "fieldRef");
        cleat_check_field_ref(c, field, true);
        cleat_check_up(c, place);
        if (!cleat_absent(resource)) {
            cleat_check_fail(c, NULL, "FieldValueInvalid",
                             "\"resource\": fieldRef and resourceFieldRef can not be specified "
                             "simultaneously");
        }
    } else if (!cleat_absent(resource)) {
        size_t place = cleat_check_in(c, "resourceFieldRef");
        cleat_check_resource_ref(c, resource, true);
        cleat_check_up(c, place);
    } else {
        cleat_check_required(c, NULL, "one of fieldRef and resourceFieldRef is required");
    }
    cleat_check_file_mode(c, v, "mode");
}

/* Upstream names the volume, not the file. */
static void downward_files(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val items = cleat_val_get(v, "items");
    struct cleat_iter it = {0};
    while (cleat_val_next(items, &it)) {
        downward_file(c, it.val);
    }
}

static void downward(struct cleat_check *c, struct cleat_val v) {
    cleat_check_file_mode(c, v, "defaultMode");
    downward_files(c, v);
}

static void projected_token(struct cleat_check *c, struct cleat_val v) {
    int64_t seconds = 3600;
    cleat_val_int(cleat_val_get(v, "expirationSeconds"), &seconds);
    const char *why = seconds < 600 ? "may not specify a duration less than 10 minutes"
                      : seconds > (int64_t)1 << 32
                          ? "may not specify a duration larger than 2^32 seconds"
                          : NULL;
    if (why != NULL) {
        cleat_check_fail(c, "expirationSeconds", "FieldValueInvalid", "%lld: %s",
                         (long long)seconds, why);
    }
}

static void projected_keys(struct cleat_check *c, struct cleat_val v) {
    if (cleat_str_at(v, "name").n == 0) {
        cleat_check_required(c, "name", "");
    }
    cleat_check_list(c, v, "items", cleat_check_key_to_path);
}

static void projection(struct cleat_check *c, struct cleat_val v) {
    static const struct {
        const char *name;
        void (*fn)(struct cleat_check *c, struct cleat_val v);
    } sources[] = {{"secret", projected_keys},
                   {"configMap", projected_keys},
                   {"downwardAPI", downward_files},
                   {"serviceAccountToken", projected_token},
                   {"clusterTrustBundle", NULL}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct cleat_val source = cleat_val_get(v, sources[i].name);
        if (cleat_absent(source)) {
            continue;
        }
        size_t place = cleat_check_in(c, sources[i].name);
        if (sources[i].fn != NULL) {
            sources[i].fn(c, source);
        }
        cleat_check_up(c, place);
        if (n++ > 0) {
            cleat_check_forbidden(c, NULL, "may not specify more than 1 volume type per source");
        }
    }
}

static void projected(struct cleat_check *c, struct cleat_val v) {
    struct cleat_val list = cleat_val_get(v, "sources");
    struct cleat_iter it = {0};
    cleat_check_file_mode(c, v, "defaultMode");
    cleat_check_list(c, v, "sources", projection);
    while (cleat_val_next(list, &it)) { /* upstream names the volume for a token's path */
        struct cleat_val token = cleat_val_get(it.val, "serviceAccountToken");
        if (!cleat_absent(token) && cleat_str_at(token, "path").n == 0) {
            cleat_check_required(c, "path", "");
        }
        cleat_check_local_path(c, token, "path", true);
    }
}

/* ---- the table, in upstream's order ---- */

static const struct source {
    const char *name;
    const char *required[4]; /* strings and lists that must not be empty */
    void (*fn)(struct cleat_check *c, struct cleat_val v);
} sources[] = {
    {"emptyDir", {NULL}, empty_dir},
    {"hostPath", {"path"}, host_path},
    {"gitRepo", {"repository"}, git_repo},
    {"gcePersistentDisk", {"pdName"}, disk},
    {"awsElasticBlockStore", {"volumeID"}, disk},
    {"secret", {"secretName"}, keys},
    {"nfs", {"server", "path"}, nfs},
    {"iscsi", {"targetPortal", "iqn"}, iscsi},
    {"glusterfs", {"endpoints", "path"}, NULL},
    {"flocker", {NULL}, flocker},
    {"persistentVolumeClaim", {"claimName"}, NULL},
    {"rbd", {"monitors", "image"}, NULL},
    {"cinder", {"volumeID"}, NULL},
    {"cephfs", {"monitors"}, NULL},
    {"quobyte", {"registry", "volume"}, NULL},
    {"downwardAPI", {NULL}, downward},
    {"fc", {NULL}, fibre_channel},
    {"flexVolume", {"driver"}, NULL},
    {"configMap", {"name"}, keys},
    {"azureFile", {"secretName", "shareName"}, NULL},
    {"vsphereVolume", {"volumePath"}, NULL},
    {"photonPersistentDisk", {"pdID"}, NULL},
    {"portworxVolume", {"volumeID"}, NULL},
    {"azureDisk", {"diskName", "diskURI"}, NULL},
    {"storageos", {"volumeName"}, NULL},
    {"projected", {NULL}, projected},
    {"scaleIO", {"gateway", "system", "volumeName"}, NULL},
    {"csi", {"driver"}, csi},
    {"ephemeral", {NULL}, ephemeral},
    {"image", {NULL}, image},
};

static void check_source(struct cleat_check *c, const struct source *s, struct cleat_val v) {
    size_t place = cleat_check_in(c, s->name);
    for (size_t i = 0; i < sizeof s->required / sizeof *s->required && s->required[i] != NULL;
         i++) {
        struct cleat_val m = cleat_val_get(v, s->required[i]);
        if (cleat_val_str(m).n == 0 && cleat_val_count(m) == 0) {
            cleat_check_required(c, s->required[i], "");
        }
    }
    if (s->fn != NULL) {
        s->fn(c, v);
    }
    cleat_check_up(c, place);
}

static void check_sources(struct cleat_check *c, struct cleat_val volume) {
    size_t n = 0;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct cleat_val v = cleat_val_get(volume, sources[i].name);
        if (cleat_absent(v)) {
            continue;
        }
        if (n++ > 0) {
            cleat_check_forbidden(c, sources[i].name, "may not specify more than 1 volume type");
        } else {
            check_source(c, &sources[i], v);
        }
    }
    if (n == 0) {
        cleat_check_required(c, NULL, "must specify a volume type");
    }
}

void cleat_check_podvolumes(struct cleat_check *c, struct cleat_val spec) {
    struct cleat_val volumes = cleat_val_get(spec, "volumes");
    struct cleat_iter it = {0};
    size_t list = cleat_check_in(c, "volumes");
    while (cleat_val_next(volumes, &it)) {
        size_t elem = cleat_check_elem(c, it.index);
        check_sources(c, it.val);
        cleat_check_named(c, it.val, "name", cleat_name_dns_label, true);
        if (cleat_str_at(it.val, "name").n > 0 && cleat_seen_before(volumes, &it, "name")) {
            cleat_check_duplicate(c, "name", cleat_val_get(it.val, "name"));
        }
        cleat_check_up(c, elem);
    }
    cleat_check_up(c, list);
}
