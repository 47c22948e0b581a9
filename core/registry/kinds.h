/* SPDX-License-Identifier: Apache-2.0 */
/* The functions that the tables of built-in kinds name. Pure; any thread. */
#ifndef CLEAT_REGISTRY_KINDS_H
#define CLEAT_REGISTRY_KINDS_H

#include "core/registry/internal.h"

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

#endif
