/* SPDX-License-Identifier: Apache-2.0 */
/* The cells of roles and their bindings. Pure; any thread. */
#include "core/kinds/cells.h"

#define CREATED                                                                                    \
    "CreationTimestamp is a timestamp representing the server time when this object was created. " \
    "It is not guaranteed to be set in happens-before order across separate operations. Clients "  \
    "may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by "    \
    "the system. Read-only. Null for lists. More info: "                                           \
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"

static void created_at(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    cleat_cell_str(o, CLEAT_PATH("metadata", "creationTimestamp"), "", out);
}

const struct cleat_column cleat_columns_role[] = {
    {.name = "Created At", .type = "string", .description = CREATED, .cell = created_at},
    CLEAT_COLUMN_END};

/* ---- bindings: strings of the object are canonical JSON text already ---- */

static void role_cell(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    struct cleat_val ref = cleat_obj_at(o, CLEAT_PATH("roleRef"));
    cleat_buf_printf(out, "\"%.*s/%.*s\"", CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "kind"))),
                     CLEAT_FMT(cleat_val_str(cleat_val_get(ref, "name"))));
}

static void subjects(const cleat_obj *o, const char *kind, struct cleat_buf *out) {
    struct cleat_iter it = {0};
    struct cleat_val list = cleat_obj_at(o, CLEAT_PATH("subjects"));
    const char *comma = "";
    cleat_buf_putc(out, '"');
    while (cleat_val_next(list, &it)) {
        if (!cleat_eqc(cleat_val_str(cleat_val_get(it.val, "kind")), kind)) {
            continue;
        }
        cleat_buf_puts(out, comma);
        comma = ", ";
        if (strcmp(kind, "ServiceAccount") == 0) {
            cleat_buf_str(out, cleat_val_str(cleat_val_get(it.val, "namespace")));
            cleat_buf_putc(out, '/');
        }
        cleat_buf_str(out, cleat_val_str(cleat_val_get(it.val, "name")));
    }
    cleat_buf_putc(out, '"');
}

static void users(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    subjects(o, "User", out);
}

static void groups(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    subjects(o, "Group", out);
}

static void accounts(const cleat_obj *o, cleat_time now, struct cleat_buf *out) {
    (void)now;
    subjects(o, "ServiceAccount", out);
}

#define BINDING_COLUMNS(ref, name_)                                                                \
    {.name = "Role", .type = "string", .description = ref, .cell = role_cell}, CLEAT_COLUMN_AGE,   \
        {.name = "Users",                                                                          \
         .type = "string",                                                                         \
         .priority = 1,                                                                            \
         .description = "Users in the " name_,                                                     \
         .cell = users},                                                                           \
        {.name = "Groups",                                                                         \
         .type = "string",                                                                         \
         .priority = 1,                                                                            \
         .description = "Groups in the " name_,                                                    \
         .cell = groups},                                                                          \
        {.name = "ServiceAccounts",                                                                \
         .type = "string",                                                                         \
         .priority = 1,                                                                            \
         .description = "ServiceAccounts in the " name_,                                           \
         .cell = accounts},                                                                        \
        CLEAT_COLUMN_END

const struct cleat_column cleat_columns_rolebinding[] = {
    BINDING_COLUMNS("roleRef can reference a Role in the current namespace or a ClusterRole in the "
                    "global namespace. If the RoleRef cannot be resolved, the Authorizer must "
                    "return an error.",
                    "roleBinding")};
const struct cleat_column cleat_columns_clusterrolebinding[] = {
    BINDING_COLUMNS("roleRef can only reference a ClusterRole in the global namespace. If the "
                    "RoleRef cannot be resolved, the Authorizer must return an error.",
                    "clusterRoleBinding")};
