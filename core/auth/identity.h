/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Somebody who is known: built by one thread, then immutable and counted, so that
 * a token's identity may serve on many connections at once.
 */
#ifndef CLEAT_CORE_AUTH_IDENTITY_H
#define CLEAT_CORE_AUTH_IDENTITY_H

#include "core/registry/registry.h"

/* What a service account's token is good for, looked at again with each request. */
struct cleat__claims {
    cleat_time expires; /* wall; 0 = never */
    char *ns, *account, *account_uid;
    const struct cleat_kind *bound_kind; /* pods, secrets or nodes; NULL = to nothing */
    char *bound_name, *bound_uid;
    char *secret_data; /* what the Secret must hold: a token that stands in one; else NULL */
    char **audiences;  /* NULL-ended; NULL = the API's */
};
struct cleat__identity {
    struct cleat_user user;
    char *name, *uid, **groups; /* owned; groups NULL-ended */
    size_t n_groups;
    struct cleat_extra *extra; /* key NULL ends; all of it owned */
    size_t n_extra;
    struct cleat__claims *claims; /* NULL = nothing to look at again */
    _Atomic int refs;             /* 0 = lives as long as who holds it by value */
};

struct cleat__identity *cleat__identity_new(const char *name, const char *uid); /* counted */
void cleat__identity_set_name(struct cleat__identity *id, const char *name, const char *uid);
void cleat__identity_add_group(struct cleat__identity *id, struct cleat_str group); /* once */
void cleat__identity_add_extra(struct cleat__identity *id, const char *key, const char *value);
void cleat__identity_done(struct cleat__identity *id);
struct cleat__identity *cleat__identity_ref(const struct cleat__identity *id);
void cleat__identity_unref(struct cleat__identity *id); /* NULL allowed */

#endif
