/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The objects that must be there, and are put right when somebody changes or deletes
 * them: the API server's own service and its endpoints, priority classes of the
 * system, in every namespace the CA and the default service account, and what is
 * used of each quota. One thread (or whoever calls the step) that wakes when the
 * store publishes something; it writes through the registry like any client.
 */
#ifndef CLEAT_KINDS_KEEPER_H
#define CLEAT_KINDS_KEEPER_H

#include "core/kinds/admit.h"

struct cleat_keeper_opts {
    cleat_admit *admit;
    const char *ca_pem;            /* of the API server; NULL or "" = none is published */
    const char *client_ca_pem;     /* what client certificates are checked with; or NULL */
    const char *service_ip_range;  /* as the admission got it; NULL = its default */
    const char *advertise_address; /* where the API server is; NULL or not usable = nowhere */
    int secure_port;               /* 0 = none */
};
typedef struct cleat_keeper cleat_keeper;

cleat_keeper *cleat_keeper_new(cleat_registry *r, const struct cleat_keeper_opts *opts);
/* Everything that is due. false: something failed and is worth another turn in a second. [worker]
 */
bool cleat_keeper_step(cleat_keeper *k);
void cleat_keeper_start(cleat_keeper *k); /* the thread */
void cleat_keeper_free(cleat_keeper *k);  /* stops and joins it */

#endif
