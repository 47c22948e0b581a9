/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hints by zone in proportion to what the zones' Nodes can do: topology mode Auto, as
 * upstream's topology cache hands them out.
 */
#ifndef CLEAT_PLUGIN_TOPOLOGY_H
#define CLEAT_PLUGIN_TOPOLOGY_H

#include "endpoints.h"

/* What the zones can do; guarded by a mutex of its own. */
struct cleat_ep_zones;

struct cleat_ep_zones *cleat_ep_zones_new(void);
void cleat_ep_zones_free(struct cleat_ep_zones *z);
/* A Node is no longer as old (NULL: it is new) but as node (NULL: it is gone). Whether the
 * zones' shares are others now. [any-thread] */
bool cleat_ep_zones_node(struct cleat_ep_zones *z, const cleat_obj *old, const cleat_obj *node);

/* The share of each zone in the CPU of all, by name. */
struct cleat_ep_shares {
    struct cleat_ep_share {
        char *zone;
        double ratio;
    } * v;
    size_t n; /* 0: too little is known of the Nodes */
};
void cleat_ep_shares_of(struct cleat_ep_zones *z, struct cleat_ep_shares *ret);
void cleat_ep_shares_done(struct cleat_ep_shares *s);

/* An endpoint that is ready. */
struct cleat_ep_hint {
    struct cleat_str own;  /* the zone that it is in; empty = not known */
    struct cleat_str held; /* that its hint names so far; empty = none */
    struct cleat_str zone; /* result: that its hint is to name */
};
/* Gives each endpoint a zone so that no zone has more load for each of its endpoints than a fifth
 * above the average. Endpoints that have a hint keep it while it lasts, so that few slices are
 * written. NULL, or why that cannot be (upstream's words, owned) and then no zone is set. Texts
 * of zones are borrowed from both arguments. Pure. */
char *cleat_ep_hints(const struct cleat_ep_shares *shares, struct cleat_ep_hint *v, size_t n);

#endif
