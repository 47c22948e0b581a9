/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bearer tokens: service accounts' (signed, or of a Secret), bootstrap tokens,
 * and what others know. A signature is checked once and remembered; whether the
 * account and what the token is bound to still exist is looked at each time.
 */
#ifndef CLEAT_CORE_AUTH_TOKENS_H
#define CLEAT_CORE_AUTH_TOKENS_H

#include "core/auth/auth.h"
#include "core/auth/identity.h"
#include "core/auth/jwt.h"

enum { CLEAT__ACCOUNTS, CLEAT__PODS, CLEAT__SECRETS, CLEAT__NODES, CLEAT__TOKEN_KINDS };
struct cleat__tokens {
    cleat_registry *registry;
    const struct cleat_kind *kinds[CLEAT__TOKEN_KINDS]; /* what tokens are of and bound to */
    struct cleat__keys keys;
    char *issuer, **audiences; /* NULL-ended; the API's own */
    char *config, *jwks;       /* what the discovery of the issuer says */
    char *ca;                  /* PEM, for Secrets that hold a token; NULL = not known */
    struct cleat__identity *(*other)(void *userdata, struct cleat_str token);
    void *other_userdata;
    pthread_mutex_t mutex;
    struct cleat_map verified; /* digest -> identity; under the mutex */
};
cleat_err cleat__tokens_new(cleat_registry *r, const struct cleat_auth_opts *o,
                            struct cleat__tokens **ret, struct cleat_error *e);
void cleat__tokens_free(struct cleat__tokens *t);

/* issue.c */
int cleat__tokens_issue(struct cleat__tokens *t, struct cleat_request *req);
/* A Secret of type kubernetes.io/service-account-token gets its data. */
cleat_err cleat__tokens_fill(struct cleat__tokens *t, cleat_obj **secret, struct cleat_error *e);

/* bootstrap_token.c: "abcdef.0123456789abcdef"; owned, or NULL */
struct cleat__identity *cleat__bootstrap_token(cleat_registry *r, struct cleat_str token);

#endif
