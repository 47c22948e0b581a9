/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Beside the kinds: who asks, and who may do what. The registry's authority: RBAC
 * from the roles and bindings that are stored, reviews of access and identities,
 * tokens of service accounts. Knows nothing of HTTP.
 *
 * Questions are answered on the asker's thread, from an index that is brought up
 * to date under one mutex when a role or binding has changed; nothing blocks.
 */
#ifndef CLEAT_CORE_AUTH_H
#define CLEAT_CORE_AUTH_H

#include "core/registry/registry.h"

typedef struct cleat_auth cleat_auth;

struct cleat_auth_opts {
    bool always_allow; /* --authorization-mode=AlwaysAllow */
};
/* Becomes the registry's authority, before the first request. Ends before the registry. */
cleat_err cleat_auth_new(cleat_registry *r, const struct cleat_auth_opts *o, cleat_auth **ret,
                         struct cleat_error *e);
/* Upstream's roles and bindings: made where absent, completed where something is
 * missing and nobody turned that off; then aggregated. [worker] */
cleat_err cleat_auth_bootstrap(cleat_auth *a, struct cleat_error *e);
void cleat_auth_free(cleat_auth *a);

#endif
