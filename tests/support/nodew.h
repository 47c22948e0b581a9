/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes, Leases and pods by hand, in a world on the virtual clock. The test's thread. */
#ifndef CLEAT_TEST_NODEW_H
#define CLEAT_TEST_NODEW_H

#include "tests/support/world.h"

#define NOT_READY   "node.kubernetes.io/not-ready"
#define UNREACHABLE "node.kubernetes.io/unreachable"
#define READY       "{\"type\":\"Ready\",\"status\":\"True\"}"

/* conditions: the members of status.conditions. */
void nw_node(struct world *w, const char *name, const char *zone, const char *conditions);
void nw_status(struct world *w, const char *name, const char *conditions);
void nw_renew(struct world *w, const char *name); /* the Lease, made where there is none */
void nw_taint(struct world *w, const char *name, const char *taints);
bool nw_has_taint(struct world *w, const char *name, const char *key, const char *effect);
bool nw_ready_is(struct world *w, const char *name, const char *want);
/* A pod in "default" bound to a Node; spec: further members of its spec, with a comma before. */
void nw_pod(struct world *w, const char *name, const char *on, const char *spec);
bool nw_pod_leaves(struct world *w, const char *name); /* or is gone */

#endif
