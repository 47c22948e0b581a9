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
    bool always_allow;    /* --authorization-mode=AlwaysAllow */
    const char *data_dir; /* pki/sa.key is made there; NULL = a key that is not kept */
    /* Of tokens; NULL = defaults. Lists are separated by commas. */
    const char *issuer, *jwks_uri, *api_audiences, *key_files, *signing_key_file;
};
/* Becomes the registry's authority, before the first request. Ends before the registry. */
cleat_err cleat_auth_new(cleat_registry *r, const struct cleat_auth_opts *o, cleat_auth **ret,
                         struct cleat_error *e);
/* Upstream's roles and bindings: made where absent, completed where something is
 * missing and nobody turned that off; then aggregated. [worker] */
cleat_err cleat_auth_bootstrap(cleat_auth *a, struct cleat_error *e);
void cleat_auth_free(cleat_auth *a);

/* ---- who asks ---- */

struct cleat__identity;
/* Whose bearer token it is; owned, or NULL where it is nobody's. */
struct cleat__identity *cleat_auth_token(cleat_auth *a, struct cleat_str token);
/* Whether an identity that a token gave is still good: cheap, for each request. */
bool cleat_auth_still(cleat_auth *a, const struct cleat__identity *id);
/* Tokens that somebody else knows: fn gives an identity or NULL. Before the first request. */
void cleat_auth_other_tokens(cleat_auth *a,
                             struct cleat__identity *(*fn)(void *userdata, struct cleat_str token),
                             void *userdata);
/* The CA's certificate, for Secrets that hold a token. Before the first request. */
void cleat_auth_ca(cleat_auth *a, const char *pem);
/* What the issuer of tokens tells about itself under this path; NULL = nothing. */
const char *cleat_auth_document(cleat_auth *a, const char *path);

#endif
