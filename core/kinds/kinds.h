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
extern const struct cleat_kind cleat_kinds_core[], cleat_kinds_coordination[], cleat_kinds_events[],
    cleat_kinds_apiextensions[];
extern const struct cleat_kind cleat_kinds_volumes[], cleat_kinds_storage[], cleat_kinds_quota[],
    cleat_kinds_cluster[], cleat_kinds_networking[], cleat_kinds_discovery[];
extern const struct cleat_kind cleat_kinds_controllers[], cleat_kinds_apps[], cleat_kinds_batch[],
    cleat_kinds_autoscaling[], cleat_kinds_policy[];

/* defaults.c */
void cleat_default_namespace(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_namespace(const cleat_obj *o);
void cleat_default_node(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_node(const cleat_obj *o);
void cleat_default_pod(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_pod(const cleat_obj *o);
void cleat_default_secret(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);
bool cleat_needs_secret(const cleat_obj *o);

/* Of a type, wherever it stands in the spec (defaults_tree.c). */
void cleat_default_tree(cleat_edit *e, const cleat_obj *o, const struct cleat_type *t);
bool cleat_needs_tree(const cleat_obj *o, const struct cleat_type *t);

/* A default that depends on nothing else: where `member` of `parent` (NULL = the
 * object) is absent or empty it becomes this JSON text. */
struct cleat_default {
    const char *parent, *member, *json; /* member NULL ends */
};
bool cleat_default_any(const cleat_obj *o, const struct cleat_default *table);
void cleat_default_all(cleat_edit *e, const cleat_obj *o, const struct cleat_default *table);

#define CLEAT_DEFAULTS(kind)                                                                       \
    void cleat_default_##kind(cleat_edit *e, const cleat_obj *o, const cleat_obj *old);            \
    bool cleat_needs_##kind(const cleat_obj *o)
/* defaults_apps.c */
CLEAT_DEFAULTS(deployment);
CLEAT_DEFAULTS(replicaset);
CLEAT_DEFAULTS(statefulset);
CLEAT_DEFAULTS(daemonset);
cleat_err cleat_admit_daemonset(cleat_request *req, cleat_obj **obj, const cleat_obj *old);
cleat_err cleat_admit_pv(cleat_request *req, cleat_obj **obj, const cleat_obj *old);
CLEAT_DEFAULTS(replicationcontroller);
CLEAT_DEFAULTS(podtemplate);
CLEAT_DEFAULTS(job);
CLEAT_DEFAULTS(cronjob);
CLEAT_DEFAULTS(hpa);
CLEAT_DEFAULTS(pdb);
/* defaults_service.c */
CLEAT_DEFAULTS(service);
CLEAT_DEFAULTS(endpoints);
CLEAT_DEFAULTS(endpointslice);
/* defaults_more.c */
CLEAT_DEFAULTS(pv);
CLEAT_DEFAULTS(pvc);
CLEAT_DEFAULTS(storageclass);
CLEAT_DEFAULTS(csidriver);
CLEAT_DEFAULTS(ingressclass);
CLEAT_DEFAULTS(ingress);
CLEAT_DEFAULTS(networkpolicy);
CLEAT_DEFAULTS(limitrange);
CLEAT_DEFAULTS(priorityclass);
CLEAT_DEFAULTS(quota);
CLEAT_DEFAULTS(csr);
CLEAT_DEFAULTS(attachment);

#define CLEAT_VALIDATE(kind)                                                                       \
    void cleat_validate_##kind(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old)
/* validate_apps.c, validate_batch.c, validate_autoscaling.c */
CLEAT_VALIDATE(deployment);
CLEAT_VALIDATE(replicaset);
CLEAT_VALIDATE(statefulset);
CLEAT_VALIDATE(daemonset);
CLEAT_VALIDATE(controllerrevision);
CLEAT_VALIDATE(replicationcontroller);
CLEAT_VALIDATE(podtemplate);
CLEAT_VALIDATE(job);
CLEAT_VALIDATE(cronjob);
CLEAT_VALIDATE(hpa);
CLEAT_VALIDATE(pdb);
/* pods.c, eviction.c */
extern const struct cleat_subresource cleat_subresources_pod[];
int cleat_evict(cleat_request *req);
/* validate_service.c, validate_networking.c */
CLEAT_VALIDATE(service);
CLEAT_VALIDATE(endpoints);
CLEAT_VALIDATE(endpointslice);
CLEAT_VALIDATE(ingress);
CLEAT_VALIDATE(ingressclass);
CLEAT_VALIDATE(networkpolicy);
CLEAT_VALIDATE(ipaddress);
CLEAT_VALIDATE(servicecidr);
const char *cleat_bad_ip_name(struct cleat_str s);
/* validate_volumes.c, validate_storage.c */
CLEAT_VALIDATE(pv);
CLEAT_VALIDATE(pvc);
CLEAT_VALIDATE(storageclass);
CLEAT_VALIDATE(attachment);
CLEAT_VALIDATE(csidriver);
CLEAT_VALIDATE(csinode);
CLEAT_VALIDATE(csicapacity);
CLEAT_VALIDATE(attributesclass);
/* validate_cluster.c */
CLEAT_VALIDATE(quota);
CLEAT_VALIDATE(limitrange);
CLEAT_VALIDATE(priorityclass);
CLEAT_VALIDATE(runtimeclass);
/* validate_definition.c */
CLEAT_VALIDATE(definition);
/* csr.c */
CLEAT_VALIDATE(csr);
extern const struct cleat_subresource cleat_subresources_csr[];
cleat_err cleat_admit_csr(cleat_request *req, cleat_obj **obj, const cleat_obj *old);

/* validate_node.c, validate_core.c */
void cleat_validate_node(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
void cleat_validate_pod(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
void cleat_validate_namespace(struct cleat_validation *v, const cleat_obj *o, const cleat_obj *old);
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

/* kinds_auth.c */
extern const struct cleat_kind cleat_kinds_authentication[], cleat_kinds_authorization[];
extern const struct cleat_subresource cleat_subresources_serviceaccount[];
cleat_err cleat_admit_secret(struct cleat_request *req, cleat_obj **obj, const cleat_obj *old);

#endif
