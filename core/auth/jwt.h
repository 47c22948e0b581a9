/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed tokens (JWS, compact form) and the keys that sign and verify them: RSA
 * and the NIST curves. Keys are immutable once loaded; any thread.
 */
#ifndef CLEAT_CORE_AUTH_JWT_H
#define CLEAT_CORE_AUTH_JWT_H

#include <openssl/evp.h>

#include "core/object/object.h"

struct cleat__alg;
struct cleat__key {
    EVP_PKEY *pkey;
    const struct cleat__alg *alg;
    char *id; /* of the public half, as upstream makes it */
    bool can_sign;
};
struct cleat__keys {
    struct cleat__key *v;
    size_t n;
};
/* All keys of a PEM file, private or public, are added. */
cleat_err cleat__keys_load(struct cleat__keys *k, const char *path, struct cleat_error *e);
/* A new private key; with a path it is kept there, for the owner's eyes only. */
cleat_err cleat__keys_make(struct cleat__keys *k, const char *path, struct cleat_error *e);
void cleat__keys_done(struct cleat__keys *k);
/* A JSON Web Key Set of the public halves, and the names of their algorithms as a list. */
void cleat__keys_jwks(const struct cleat__keys *k, struct cleat_buf *out);
void cleat__keys_algorithms(const struct cleat__keys *k, struct cleat_buf *out);

/* claims: JSON. Signed with the first key that can. */
char *cleat__jwt_sign(const struct cleat__keys *k, struct cleat_str claims);
/* The claims where one of the keys has signed them; UNAUTHORIZED otherwise. Owned. */
cleat_err cleat__jwt_verify(const struct cleat__keys *k, struct cleat_str token, cleat_obj **ret,
                            struct cleat_error *e);

#endif
