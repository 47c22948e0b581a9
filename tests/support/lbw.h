/* SPDX-License-Identifier: Apache-2.0 */
/* Services and their Nodes in a world with scripted clouds. The test's thread. */
#ifndef CLEAT_TEST_LBW_H
#define CLEAT_TEST_LBW_H

#include "tests/support/script.h"

#define LBW_FINALIZER "service.kubernetes.io/load-balancer-cleanup"

/* A world with these controllers and clouds, which have been found. */
struct world *lbw_world(const char *controllers, const char *const *flags,
                        struct script *const *clouds, size_t n);
void lbw_restart(struct world *w, const char *controllers, const char *const *flags,
                 struct script *const *clouds, size_t n);
/* A balanced Service in "default" with port 80; spec: further members, with a comma before; meta
 * likewise of metadata. */
void lbw_service(struct world *w, const char *name, const char *meta, const char *spec);
/* A Node of providerID "<cloud>://<name>"; meta, spec and status as above. */
void lbw_node(struct world *w, const char *name, const char *cloud, const char *meta,
              const char *spec, const char *status);
bool lbw_has_address(struct world *w, const char *service);
bool lbw_has_finalizer(struct world *w, const char *service);
bool lbw_is_gone(struct world *w, const char *service);
char *lbw_uid(struct world *w, const char *service); /* owned */
/* The message of an Event with this reason about it, owned; "" where there is none. */
char *lbw_event(struct world *w, const char *about, const char *reason);
/* The condition LoadBalancerReady as "status/reason"; owned. */
char *lbw_condition(struct world *w, const char *service);

#endif
