/* SPDX-License-Identifier: Apache-2.0 */
/* What the endpoints of a Service are to be, by its pods and their Nodes. */
#ifndef CLEAT_PLUGIN_GATHER_H
#define CLEAT_PLUGIN_GATHER_H

#include "topology.h"

enum { CLEAT_EP_FAMILIES = 2 };

/* What all endpoints of a Service have in common. */
struct cleat_ep_service {
    const cleat_obj *obj;
    const char *families[CLEAT_EP_FAMILIES + 1];
    bool all;         /* also those that are not ready */
    bool topology;    /* hints by topology mode Auto; then distribution counts for nothing */
    int distribution; /* as spec.trafficDistribution says: CLEAT_EP_CLOSE... */
    char *ports;      /* the same at each pod; NULL = they have to be asked */
    /* With topology, once it is gathered: why a family has no hints; NULL = it has them. */
    char *why[CLEAT_EP_FAMILIES];
};

/* Whether a Service wants topology mode Auto. */
bool cleat_ep_wants_topology(const cleat_obj *service);
void cleat_ep_service_init(struct cleat_ep_service *s, const cleat_obj *service);
void cleat_ep_service_done(struct cleat_ep_service *s);

struct cleat_ep_gathering {
    cleat_informer *nodes;
    const struct cleat_ep_objs *pods;
    const struct cleat_ep_objs *old; /* slices that there are: hints that stand in them may stay */
    const struct cleat_ep_shares *shares; /* with topology */
};
/* Adds the endpoints to ret. Returns a pod that has to be left out because its Node is not there;
 * NULL = none. */
const cleat_obj *cleat_ep_gather(struct cleat_ep_service *s, const struct cleat_ep_gathering *from,
                                 struct cleat_ep_sets *ret);

#endif
