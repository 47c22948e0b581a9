/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sample of cleat/volumes.h: volumes that are directories below one root, for
 * machines that share it, or for a cluster of one. Also the entry of the plugin.
 */
#include "directory.h"

#include <unistd.h>

struct cleat_sdk cleat_dir_sdk;

struct directories {
    int root;
    char *path;
    unsigned mode;
};

/* The volume's name below the root, owned; NULL where it is none of ours. */
static char *name_of(struct directories *d, const cleat_obj *volume) {
    struct cleat_val v = CLEAT_AT(SDK, volume, "spec", "hostPath", "path");
    size_t n = SDK->obj->decode(v, NULL, 0);
    char *path = cleat_sdk_alloc(n + 1, 1);
    SDK->obj->decode(v, path, n + 1);
    const char *name = strlen(path) == n ? cleat_dir_name(d->path, path) : NULL;
    char *copy = name != NULL ? cleat_sdk_dup(cleat_cstr(name)) : NULL;
    free(path);
    return copy;
}

static cleat_err provision(void *self, cleat_ctx *ctx, const cleat_obj *claim,
                           const cleat_obj *storage_class, const char *volume_name,
                           cleat_obj **ret_spec, struct cleat_error *reterr) {
    struct directories *d = self;
    struct cleat_iter it = {0};
    (void)ctx;
    if (cleat_str_is(CLEAT_TEXT(SDK, claim, "spec", "volumeMode"), "Block")) {
        return cleat_errorf(reterr, CLEAT_E_TERMINAL, "a directory is no block device");
    }
    if (SDK->obj->next(CLEAT_AT(SDK, storage_class, "parameters"), &it)) {
        return cleat_errorf(reterr, CLEAT_E_TERMINAL, "unknown parameter \"%.*s\"",
                            CLEAT_FMT(it.key));
    }
    char *path = cleat_sdk_format("%s/%s", d->path, volume_name);
    const char *name = cleat_dir_name(d->path, path);
    cleat_err err = name == NULL ? cleat_errorf(reterr, CLEAT_E_TERMINAL,
                                                "\"%s\" is no name for a directory", volume_name)
                                 : cleat_dir_make(d->root, name, d->mode, reterr);
    if (err == CLEAT_OK) {
        cleat_edit *e = SDK->obj->edit_new(NULL);
        SDK->obj->set_str(e, CLEAT_PATH("hostPath", "path"), cleat_cstr(path));
        SDK->obj->set_str(e, CLEAT_PATH("hostPath", "type"), CLEAT_STR("Directory"));
        err = SDK->obj->edit_finish(e, ret_spec, reterr);
    }
    free(path);
    return err;
}

static cleat_err end(struct directories *d, cleat_ctx *ctx, const cleat_obj *volume, bool whole,
                     struct cleat_error *reterr) {
    char *name = name_of(d, volume);
    if (name == NULL) {
        return cleat_errorf(
            reterr, CLEAT_E_TERMINAL, "\"%.*s\" is not one name below \"%s\": it is left alone",
            CLEAT_FMT(CLEAT_TEXT(SDK, volume, "spec", "hostPath", "path")), d->path);
    }
    cleat_err err = cleat_dir_remove(d->root, name, whole, ctx, reterr);
    free(name);
    return err;
}

static cleat_err remove_volume(void *self, cleat_ctx *ctx, const cleat_obj *volume,
                               struct cleat_error *reterr) {
    return end(self, ctx, volume, true, reterr);
}

static cleat_err recycle(void *self, cleat_ctx *ctx, const cleat_obj *volume,
                         struct cleat_error *reterr) {
    return end(self, ctx, volume, false, reterr);
}

static int32_t knows(void *self, const cleat_obj *volume) {
    char *name = name_of(self, volume);
    int32_t yes = name != NULL;
    free(name);
    return yes;
}

/* ---- life ---- */

static void destroy(void *self) {
    struct directories *d = self;
    close(d->root);
    free(d->path);
    free(d);
}

static cleat_err create(const struct cleat_controller_env *env, void **ret_self,
                        struct cleat_error *reterr) {
    struct directories *d = cleat_sdk_alloc(1, sizeof *d);
    char *root = cleat_sdk_dup(CLEAT_TEXT(SDK, env->config, "root"));
    char *mode = cleat_sdk_dup(CLEAT_TEXT(SDK, env->config, "mode"));
    char *end_of_mode = NULL;
    unsigned long bits = strtoul(mode, &end_of_mode, 8);
    cleat_err err = CLEAT_OK;
    if (mode[0] == 0 || *end_of_mode != 0 || bits > 07777) {
        err = cleat_errorf(reterr, CLEAT_E_INVALID, "mode must be octal, not \"%s\"", mode);
    } else {
        err = cleat_dir_open_root(root, &d->root, &d->path, reterr);
    }
    d->mode = (unsigned)bits;
    free(mode);
    free(root);
    if (err != CLEAT_OK) {
        free(d);
        return err;
    }
    *ret_self = d;
    return CLEAT_OK;
}

static const struct cleat_option options[] = {
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "root", "directory-volumes-root", "",
     "The directory below which volumes are made; it must be there."},
    {sizeof(struct cleat_option), CLEAT_OPT_STRING, "mode", "directory-volumes-mode", "0770",
     "The mode of a volume's directory, in octal."},
    {.struct_size = sizeof(struct cleat_option)},
};

static const struct cleat_controller_desc controller = {
    .struct_size = sizeof controller,
    .disabled_by_default = 1,
    .name = "directory-volumes",
    .description = "Makes volumes of directories below one root (provisioner directory.cleat.dev).",
    .options = options,
    .create = create,
    .destroy = destroy,
};

static const struct cleat_volume_ops ops = {
    .struct_size = sizeof ops,
    .provision = provision,
    .remove = remove_volume,
    .recycle = recycle,
    .knows = knows,
};

static const struct cleat_provisioner_desc provisioner = {
    .struct_size = sizeof provisioner,
    .provisioner = "directory.cleat.dev",
    .controller = &controller,
    .ops = &ops,
};

/* ---- entry ---- */

static cleat_err init(const struct cleat_host *host, struct cleat_error *reterr) {
    (void)reterr;
    cleat_sdk_bind(SDK, host);
    return CLEAT_OK;
}

static void deinit(void) {}

static const void *get_factory(const char *id) {
    static const struct cleat_provisioner_desc *const all[] = {&provisioner};
    static const struct cleat_volumes_factory volumes = {
        .struct_size = sizeof volumes, .n_provisioners = 1, .provisioners = all};
    return strcmp(id, CLEAT_FACTORY_VOLUMES) == 0 ? &volumes : NULL;
}

const struct cleat_plugin_entry *cleat_plugin_entry_v1(void) {
    static const char *const needs[] = {CLEAT_EXT_OBJECT, CLEAT_EXT_CTX, NULL};
    static const struct cleat_plugin_info info = {
        .struct_size = sizeof info,
        .id = "cleat.volumes-directory",
        .version = "0.1.0",
        .vendor = "Cleat",
        .license = "Apache-2.0",
        .description = "Volumes that are directories.",
        .needs = needs,
    };
    static const struct cleat_plugin_entry entry = {
        .abi = CLEAT_ABI_INIT(struct cleat_plugin_entry),
        .info = &info,
        .init = init,
        .deinit = deinit,
        .get_factory = get_factory,
    };
    return &entry;
}
