/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cluster's authorities for certificates, as a kube-apiserver tells them to servers beside
 * it: the ConfigMap kube-system/extension-apiserver-authentication, looked up and followed, so
 * that callers of an attached cleatd's /metrics are known by the cluster's own certificates.
 */
#ifndef CLEAT_CMD_CLEATD_LOOKUP_H
#define CLEAT_CMD_CLEATD_LOOKUP_H

#include "core/api/api.h"
#include "core/client/client.h"

struct cleatd_lookup_opts {
    struct cleat_transport *transport; /* that is asked; borrowed */
    cleat_api *api;                    /* that is told; borrowed */
    /* What is said already: it counts until the ConfigMap has been read, and headers also after
     * that where proxies_given. Borrowed for the time of cleatd_lookup_new. */
    const struct cleat_api_trust *given;
    bool proxies_given;
    /* Called once, on a thread of its own, where the first look-up is refused; NULL: it goes on
     * trying, and says so once. */
    void (*refused)(const struct cleat_error *e);
};
typedef struct cleatd_lookup cleatd_lookup;
cleatd_lookup *cleatd_lookup_new(const struct cleatd_lookup_opts *o); /* starts its thread */
void cleatd_lookup_free(cleatd_lookup *l);                            /* NULL allowed; joins it */

/* "a,b" as a NULL-ended array, owned as one block; NULL or "" gives an empty one. */
char **cleatd_texts(const char *list);

#endif
