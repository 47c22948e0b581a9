/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of rbac.authorization.k8s.io. Who may write what is the authority's to say. */
#include "core/kinds/cells.h"
#include "core/kinds/kinds.h"

#define GROUP "rbac.authorization.k8s.io"
#define FLAGS (CLEAT_KIND_UNCONDITIONAL | CLEAT_KIND_CREATE_ON_UPDATE | CLEAT_KIND_ACCESS)

static cleat_err admit_grant(struct cleat_request *req, cleat_obj **obj, const cleat_obj *old) {
    struct cleat_authority *a = cleat_registry_authority_of(req->registry);
    return a != NULL ? a->grant(a, req, *obj, old) : CLEAT_OK;
}

const struct cleat_kind cleat_kinds_rbac[] = {
    {.group = GROUP,
     .version = "v1",
     .resource = "clusterroles",
     .singular = "clusterrole",
     .kind = "ClusterRole",
     .flags = FLAGS,
     .columns = cleat_columns_role,
     .check_name = cleat_name_path_segment,
     .validate = cleat_validate_role,
     .admit = admit_grant},
    {.group = GROUP,
     .version = "v1",
     .resource = "clusterrolebindings",
     .singular = "clusterrolebinding",
     .kind = "ClusterRoleBinding",
     .flags = FLAGS,
     .columns = cleat_columns_clusterrolebinding,
     .check_name = cleat_name_path_segment,
     .defaults = cleat_default_rolebinding,
     .needs_defaults = cleat_needs_rolebinding,
     .validate = cleat_validate_rolebinding,
     .admit = admit_grant},
    {.group = GROUP,
     .version = "v1",
     .resource = "roles",
     .singular = "role",
     .kind = "Role",
     .flags = FLAGS | CLEAT_KIND_NAMESPACED,
     .columns = cleat_columns_role,
     .check_name = cleat_name_path_segment,
     .validate = cleat_validate_role,
     .admit = admit_grant},
    {.group = GROUP,
     .version = "v1",
     .resource = "rolebindings",
     .singular = "rolebinding",
     .kind = "RoleBinding",
     .flags = FLAGS | CLEAT_KIND_NAMESPACED,
     .columns = cleat_columns_rolebinding,
     .check_name = cleat_name_path_segment,
     .defaults = cleat_default_rolebinding,
     .needs_defaults = cleat_needs_rolebinding,
     .validate = cleat_validate_rolebinding,
     .admit = admit_grant},
    {.resource = NULL},
};
