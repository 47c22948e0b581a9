/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the validation of a pod's spec that several files share. Pure; any thread. */
#ifndef CLEAT_KINDS_PODPARTS_H
#define CLEAT_KINDS_PODPARTS_H

#include "core/kinds/check.h"
#include "core/kinds/kinds.h"

/* ---- references into the pod and to other objects (validate_refs.c) ---- */

/* fn for each element of the list `member`, with the check at the element. */
void cleat_check_list(struct cleat_check *c, struct cleat_val of, const char *member,
                      void (*fn)(struct cleat_check *c, struct cleat_val v));
/* A fieldRef that stands where the check is; volume: as files, else as variables. */
void cleat_check_field_ref(struct cleat_check *c, struct cleat_val v, bool volume);
void cleat_check_resource_ref(struct cleat_check *c, struct cleat_val v, bool volume);
/* configMapKeyRef, secretKeyRef: a name and a key. */
void cleat_check_key_ref(struct cleat_check *c, struct cleat_val v);
/* An element of a volume's items: key, path, mode. */
void cleat_check_key_to_path(struct cleat_check *c, struct cleat_val v);
void cleat_check_file_mode(struct cleat_check *c, struct cleat_val of, const char *member);
/* A path that stays below where it begins; reserved: and does not begin with "..". */
void cleat_check_local_path(struct cleat_check *c, struct cleat_val of, const char *member,
                            bool reserved);
/* No ".." between slashes. */
void cleat_check_no_backsteps(struct cleat_check *c, struct cleat_val of, const char *member);
/* A number from least to most, where it is there. */
void cleat_check_range(struct cleat_check *c, struct cleat_val of, const char *member,
                       int64_t least, int64_t most);

/* ---- the parts of a spec; the check is at the spec ---- */

void cleat_check_podvolumes(struct cleat_check *c,
                            struct cleat_val spec); /* validate_podvolumes.c */
/* securityContext and what of the spec goes with it (validate_security.c) */
void cleat_check_pod_security(struct cleat_check *c, struct cleat_val spec);
/* A container's; the check is at the container. */
void cleat_check_container_security(struct cleat_check *c, struct cleat_val spec,
                                    struct cleat_val container);

/* (validate_scheduling.c) */
void cleat_check_affinity(struct cleat_check *c, struct cleat_val spec);
void cleat_check_spreads(struct cleat_check *c, struct cleat_val spec);
void cleat_check_tolerations(struct cleat_check *c, struct cleat_val spec);
/* A NodeSelector, at which the check is. */
void cleat_check_node_selector(struct cleat_check *c, struct cleat_val v);
/* Of one container, at which the check is (validate_env.c, validate_resources.c). */
void cleat_check_env(struct cleat_check *c, struct cleat_val container);
void cleat_check_mounts(struct cleat_check *c, struct cleat_val spec, struct cleat_val container);
void cleat_check_resources(struct cleat_check *c, struct cleat_val container);
void cleat_check_resize_policy(struct cleat_check *c, struct cleat_val spec,
                               struct cleat_val container);
/* Whether no element before `index` has this value. */
bool cleat_check_is_first(struct cleat_val list, uint32_t index, const char *member,
                          struct cleat_str value);

/* ---- pods (validate_pod.c) ---- */

/* What is asked of a pod's spec but not of a template's. The check is at the spec. */
void cleat_check_pod_only(struct cleat_check *c, struct cleat_val spec);
/* What a pod may be made with, and what of it may change. The check is at the root. */
void cleat_check_pod_create(struct cleat_check *c, const cleat_obj *o);
void cleat_check_pod_update(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old);
void cleat_check_pod_status(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old);
void cleat_check_pod_ephemeral(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old);
void cleat_check_pod_resize(struct cleat_check *c, const cleat_obj *o, const cleat_obj *old);
/* Equal as upstream sees it: nothing and empty are one, quantities go by their value. */
bool cleat_semantic_equal(struct cleat_val a, struct cleat_val b);
/* "Guaranteed", "Burstable" or "BestEffort". */
const char *cleat_pod_qos(const cleat_obj *o);
/* binding (binding.c): a check and an act. */
cleat_err cleat_check_binding(cleat_request *req);
int cleat_bind(cleat_request *req);
/* ephemeralcontainers and resize (pod_subresources.c) */
cleat_err cleat_pod_view(cleat_request *req, const cleat_obj *of, cleat_obj **ret);
cleat_err cleat_pod_put_ephemeral(cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                                  cleat_obj **ret);
cleat_err cleat_pod_put_resize(cleat_request *req, const cleat_obj *body, const cleat_obj *old,
                               cleat_obj **ret);

#endif
