/* SPDX-License-Identifier: Apache-2.0 */
/* apiextensions.k8s.io/v1: the kind whose objects define kinds. */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct cleat_str storage_version(const cleat_obj *o) {
    struct cleat_val versions = cleat_obj_at(o, CLEAT_PATH("spec", "versions"));
    struct cleat_iter it = {0};
    while (cleat_val_type(versions) == CLEAT_ARRAY && cleat_val_next(versions, &it)) {
        if (cleat_val_bool(cleat_val_get(it.val, "storage"), 0)) {
            return cleat_val_str(cleat_val_get(it.val, "name"));
        }
    }
    return (struct cleat_str){"", 0};
}

static bool has_text(struct cleat_val list, struct cleat_str s) {
    struct cleat_iter it = {0};
    while (cleat_val_type(list) == CLEAT_ARRAY && cleat_val_next(list, &it)) {
        if (cleat_eq(cleat_val_str(it.val), s)) {
            return true;
        }
    }
    return false;
}

/* A version that is stored is one that was stored, from then on. */
static void default_stored(cleat_edit *e, const cleat_obj *o) {
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("status", "storedVersions"));
    struct cleat_str version = storage_version(o);
    if (version.n == 0 || has_text(list, version)) {
        return;
    }
    CLEAT_AUTO_BUF out = {0};
    struct cleat_str raw = cleat_val_raw(list);
    if (cleat_val_count(list) > 0) {
        cleat_buf_printf(&out, "%.*s,", (int)raw.n - 1, raw.p);
    } else {
        cleat_buf_putc(&out, '[');
    }
    cleat_buf_printf(&out, "\"%.*s\"]", CLEAT_FMT(version));
    cleat_edit_set_json(e, CLEAT_PATH("status", "storedVersions"),
                        (struct cleat_str){out.p, out.n});
}

static void default_definition(cleat_edit *e, const cleat_obj *o, const cleat_obj *old) {
    struct cleat_val names = cleat_obj_at(o, CLEAT_PATH("spec", "names"));
    CLEAT_AUTO_FREE char *kind = cleat_val_strdup(cleat_val_get(names, "kind"));
    if (kind != NULL && cleat_val_str(cleat_val_get(names, "listKind")).n == 0) {
        CLEAT_AUTO_FREE char *list = cleat_sprintf("%sList", kind);
        cleat_edit_set_str(e, CLEAT_PATH("spec", "names", "listKind"), cleat_s(list));
    }
    if (kind != NULL && cleat_val_str(cleat_val_get(names, "singular")).n == 0) {
        for (char *p = kind; *p != '\0'; p++) {
            *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
        }
        cleat_edit_set_str(e, CLEAT_PATH("spec", "names", "singular"), cleat_s(kind));
    }
    if (cleat_val_type(cleat_obj_at(o, CLEAT_PATH("spec", "conversion"))) <= CLEAT_NULL) {
        cleat_edit_set_json(e, CLEAT_PATH("spec", "conversion"),
                            CLEAT_STR("{\"strategy\":\"None\"}"));
    }
    if (old == NULL) {
        cleat_edit_set_json(
            e, CLEAT_PATH("status"),
            CLEAT_STR("{\"conditions\":null,\"acceptedNames\":{\"plural\":\"\",\"kind\":\"\"}}"));
    }
    default_stored(e, o);
}

const struct cleat_kind cleat_kinds_apiextensions[] = {
    {.group = "apiextensions.k8s.io",
     .version = "v1",
     .resource = "customresourcedefinitions",
     .singular = "customresourcedefinition",
     .kind = "CustomResourceDefinition",
     .flags = CLEAT_KIND_STATUS | CLEAT_KIND_GENERATION | CLEAT_KIND_DEFINES,
     .short_names = NAMES("crd", "crds"),
     .categories = NAMES("api-extensions"),
     .columns = cleat_columns_created,
     .defaults = default_definition,
     .validate = cleat_validate_definition},
    {.resource = NULL},
};
