/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Floor 4, beside the registry: the kinds that are built in. Each group has a
 * table in kinds_<group>.c; its columns are in cells_*.c, its defaults in
 * defaults_*.c, its validation in validate_*.c. Pure functions; any thread.
 */
#ifndef CLEAT_KINDS_KINDS_H
#define CLEAT_KINDS_KINDS_H

#include "core/registry/internal.h"

/* All tables; NULL ends. What cleat_registry_new() takes. */
extern const struct cleat_kind *const cleat_kinds[];

/* The tables; resource NULL ends each. */
extern const struct cleat_kind cleat_kinds_core[], cleat_kinds_coordination[];

/* defaults.c */
void cleat_default_namespace(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_namespace(const cleat_obj *o);
void cleat_default_node(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_node(const cleat_obj *o);
void cleat_default_pod(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_pod(const cleat_obj *o);
void cleat_default_service(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_service(const cleat_obj *o);
void cleat_default_secret(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_secret(const cleat_obj *o);

/* validate_node.c, validate_core.c */
void cleat_validate_node(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
void cleat_validate_pod(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
void cleat_validate_service(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
void cleat_validate_event(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
void cleat_validate_configmap(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
void cleat_validate_secret(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);

/* validate_rbac.c */
void cleat_default_rolebinding(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_rolebinding(const cleat_obj *o);
void cleat_validate_role(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
void cleat_validate_rolebinding(struct cleat_validation *v, const cleat_obj *o,
                                const cleat_obj *old);
/* A LabelSelector as what matches it; INVALID where it is none. */
cleat_err cleat_rbac_selector(struct cleat_val selector, cleat_selector **ret,
                              struct cleat_error *e);
extern const struct cleat_kind cleat_kinds_rbac[];

#endif
