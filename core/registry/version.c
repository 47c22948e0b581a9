/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several versions of one stored kind: what is stored becomes what a version
 * shows when it is read, and what was written becomes what is stored. Kinds that
 * have one version only pass through a single test. Pure; any thread.
 */
#include "core/registry/internal.h"

cleat_obj *cleat_version_show(const struct cleat_kind *k, cleat_obj *obj) {
    cleat_obj *shown = k->show != NULL && obj != NULL ? k->show(k, obj) : NULL;
    if (shown == NULL) {
        return obj;
    }
    cleat_obj_unref(obj);
    return shown;
}

cleat_err cleat_version_keep(const struct cleat_kind *k, cleat_obj **obj, struct cleat_error *e) {
    cleat_obj *kept = NULL;
    CLEAT_TRY(k->keep(k, *obj, &kept, e));
    if (kept != NULL) {
        cleat_obj_unref(*obj);
        *obj = kept;
    }
    return CLEAT_OK;
}

static struct cleat_str renamed(struct cleat_str key, const char *const (*names)[2], int from) {
    for (; names != NULL && (*names)[0] != NULL; names++) {
        if (cleat_eqc(key, (*names)[from])) {
            return cleat_s((*names)[1 - from]);
        }
    }
    return key;
}

cleat_err cleat_version_rename(const cleat_obj *o, const char *api_version,
                               const char *const (*names)[2], int from, cleat_obj **ret,
                               struct cleat_error *e) {
    struct cleat_val root = cleat_obj_root(o);
    struct cleat_iter it = {0};
    CLEAT_AUTO_BUF out = {0};
    *ret = NULL;
    if (cleat_eqc(cleat_val_str(cleat_val_get_s(root, CLEAT_STR("apiVersion"))), api_version)) {
        return CLEAT_OK;
    }
    cleat_buf_reserve(&out, cleat_obj_bytes(o).n + 128);
    cleat_buf_putc(&out, '{');
    while (cleat_val_next(root, &it)) {
        struct cleat_str key = renamed(it.key, names, from);
        cleat_buf_printf(&out, "%s\"%.*s\":", it.index > 0 ? "," : "", CLEAT_FMT(key));
        if (cleat_eqc(key, "apiVersion")) {
            cleat_buf_printf(&out, "\"%s\"", api_version);
        } else {
            cleat_buf_str(&out, cleat_val_raw(it.val));
        }
    }
    cleat_buf_putc(&out, '}');
    CLEAT_TRY(cleat_obj_parse_trusted((struct cleat_str){out.p, out.n}, ret, e));
    cleat_obj_stamp_kind(*ret, cleat_obj_kind(o));
    return CLEAT_OK;
}
