/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a writer is warned of though it is valid: names that are on their way out,
 * members that mean nothing or hide each other. The words are upstream's (pkg/api).
 * On the requester's thread, after the validation.
 */
#ifndef CLEAT_KINDS_WARN_H
#define CLEAT_KINDS_WARN_H

#include "core/kinds/check.h"

/* A walk as that of a check, whose findings are warnings. */
struct cleat_warning {
    struct cleat_request *req;
    struct cleat_check c; /* only its path */
};
/* "path.member: text"; member NULL = the place itself. */
void cleat_warn_at(struct cleat_warning *w, const char *member, const char *fmt, ...)
    CLEAT_PRINTF(3, 4);
/* A label of nodes that has another name by now; expression: it is a key in a selector. */
void cleat_warn_node_label(struct cleat_warning *w, const char *member, struct cleat_str key,
                           bool expression);
/* The matchExpressions of a term of a node selector, at which the walk is. */
void cleat_warn_node_term(struct cleat_warning *w, struct cleat_val term);
/* An address in another form than it is shown in. */
void cleat_warn_ip(struct cleat_warning *w, const char *member, struct cleat_val v);
/* A network whose address has more bits than the network. */
void cleat_warn_cidr(struct cleat_warning *w, const char *member, struct cleat_val v);
/* An amount of bytes that is no whole number; of: a map of quantities. */
void cleat_warn_bytes(struct cleat_warning *w, struct cleat_val of, const char *key);
/* The volumes of a pod's spec, at which the walk is, whose files take each other's place. */
void cleat_warn_volumes(struct cleat_warning *w, struct cleat_val spec);
/* What is asked of a PersistentVolumeClaim's spec. */
void cleat_warn_claim(struct cleat_warning *w, struct cleat_val spec);

#define CLEAT_WARN(kind)                                                                           \
    void cleat_warn_##kind(struct cleat_request *req, const cleat_obj *o, const cleat_obj *old)
/* warn_pod.c */
CLEAT_WARN(pod);
CLEAT_WARN(workload); /* what has a template in spec.template */
CLEAT_WARN(cronjob);
CLEAT_WARN(podtemplate);
/* warn.c */
CLEAT_WARN(node);
CLEAT_WARN(service);
CLEAT_WARN(pv);
CLEAT_WARN(pvc);
CLEAT_WARN(ingress);
CLEAT_WARN(networkpolicy);
CLEAT_WARN(runtimeclass);

#endif
