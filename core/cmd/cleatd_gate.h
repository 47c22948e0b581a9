/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may see /metrics of an attached cleatd: asked of an API server by TokenReview and
 * SubjectAccessReview, as upstream's managers do; answers are kept for ten seconds.
 */
#ifndef CLEAT_CMD_CLEATD_GATE_H
#define CLEAT_CMD_CLEATD_GATE_H

#include "core/api/api.h"
#include "core/remote/remote.h"

typedef struct cleatd_gate cleatd_gate;
/* base: the server that is asked where authentication or authorization (files, NULL or "")
 * do not name another one. */
cleat_err cleatd_gate_new(const struct cleat_remote_opts *base, const char *authentication,
                          const char *authorization, cleatd_gate **ret, struct cleat_error *e);
void cleatd_gate_ask(void *gate, struct cleat_api_ask *ask); /* of struct cleat_api_gate */
void cleatd_gate_free(cleatd_gate *g);                       /* after the last answer */

#endif
