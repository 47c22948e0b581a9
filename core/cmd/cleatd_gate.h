/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may see /metrics of an attached cleatd: asked of an API server by TokenReview and
 * SubjectAccessReview, as upstream's managers do; answers are kept for a while. Who is in the
 * group system:masters may see all, whatever the API server thinks of paths.
 */
#ifndef CLEAT_CMD_CLEATD_GATE_H
#define CLEAT_CMD_CLEATD_GATE_H

#include "core/api/api.h"
#include "core/remote/remote.h"

typedef struct cleatd_gate cleatd_gate;
struct cleatd_gate_opts {
    /* The server that is asked where the two files (NULL or "") do not name another one. */
    struct cleat_remote_opts base;
    const char *authentication, *authorization;
    cleat_time token_ttl, yes_ttl, no_ttl; /* how long answers are kept */
};
cleat_err cleatd_gate_new(const struct cleatd_gate_opts *o, cleatd_gate **ret,
                          struct cleat_error *e);
/* The server that is asked whose tokens those are; lives as long as the gate. */
struct cleat_transport *cleatd_gate_authentication(cleatd_gate *g);
void cleatd_gate_ask(void *gate, struct cleat_api_ask *ask); /* of struct cleat_api_gate */
void cleatd_gate_free(cleatd_gate *g);                       /* after the last answer */

#endif
