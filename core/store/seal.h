/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encryption at rest: a backend around a backend. Rows of the kinds that a rule
 * names are encrypted with AES-GCM before they reach the inner one, bound to the
 * object's key, in upstream's form ("k8s:enc:aesgcm:v1:<key's name>:" and bytes), and
 * decrypted when they are loaded; above it nothing is ever encrypted, below it such
 * data is never plain. On the committer's thread, as any backend.
 *
 * A current object that no key reads ends the load with an error. One that was
 * superseded or deleted since only shortens the history.
 */
#ifndef CLEAT_CORE_SEAL_H
#define CLEAT_CORE_SEAL_H

#include "core/store/backend.h"

enum { CLEAT_SEAL_KEY_MAX = 32 };
struct cleat_seal_key {
    char *name; /* NULL: identity, which leaves data as it is */
    unsigned char bytes[CLEAT_SEAL_KEY_MAX];
    size_t n; /* 16, 24 or 32 */
};
struct cleat_seal_rule {
    char **resources; /* "secrets", "configmaps", "deployments.apps", "*.apps", "*.*"; NULL ends */
    struct cleat_seal_key *keys; /* the first one writes, all read */
    size_t n_keys;
};
/* The first rule that names a resource is its rule. */
struct cleat_sealing {
    struct cleat_seal_rule *rules;
    size_t n;
};
void cleat_sealing_free(struct cleat_sealing *s); /* wipes the keys; NULL allowed */

/* Both are taken. sealing NULL: nothing is encrypted, and data that is ends the load. */
struct cleat_backend *cleat_backend_sealed(struct cleat_backend *inner,
                                           struct cleat_sealing *sealing);

#endif
