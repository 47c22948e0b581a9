/* SPDX-License-Identifier: Apache-2.0 */
/* The subsets of an Endpoints object: addresses by the ports that they serve. Pure. */
#ifndef CLEAT_PLUGIN_SUBSETS_H
#define CLEAT_PLUGIN_SUBSETS_H

#include "endpoints.h"

struct cleat_ep_subsets {
    struct cleat_ep_address {
        char *ip, *json;
        bool ready;
    } * addresses;
    size_t n_addresses;
    struct cleat_ep_port {
        char *json; /* NULL = of those that have none */
        size_t *at; /* addresses with it, ascending */
        size_t n;
        bool done;
    } * ports;
    size_t n_ports;
};
/* What a Service's Endpoints are to be. */
void cleat_ep_subsets_of(struct cleat_ep_subsets *ret, const cleat_obj *service,
                         const struct cleat_ep_objs *pods);
/* In the one form that they have, as JSON; owned. At most max addresses: ready ones before
 * others, in proportion; *ret_cut where some were left out. */
char *cleat_ep_subsets_text(struct cleat_ep_subsets *s, size_t max, bool *ret_cut);
void cleat_ep_subsets_done(struct cleat_ep_subsets *s);

#endif
