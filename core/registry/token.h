/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Continue tokens: base64url of {"v":"meta.k8s.io/v1","rv":N,"start":"ns/name\0"}
 * as upstream's, with "n", the number of items given so far.
 */
#ifndef CLEAT_REGISTRY_TOKEN_H
#define CLEAT_REGISTRY_TOKEN_H

#include "core/base/base.h"

struct cleat_token {
    int64_t revision; /* -1: the newest, consistency given up */
    int64_t given;
    char *ns, *name; /* the last key that was given */
};
char *cleat_token_write(const struct cleat_token *t); /* owned */
/* BAD_REQUEST where the text is no token. */
cleat_err cleat_token_read(const char *text, struct cleat_token *ret, struct cleat_error *e);
void cleat_token_done(struct cleat_token *t);

#endif
