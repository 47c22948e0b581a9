/* SPDX-License-Identifier: Apache-2.0 */
/* What seal.c and seal_backend.c share. */
#ifndef CLEAT_CORE_SEAL_INTERNAL_H
#define CLEAT_CORE_SEAL_INTERNAL_H

#include "core/store/seal.h"

#define CLEAT__SEALED "k8s:enc:"

/* NULL where no rule names the resource. */
const struct cleat_seal_rule *cleat__seal_rule(const struct cleat_sealing *s,
                                               struct cleat_str resource);
bool cleat__seal_is_sealed(struct cleat_str data);
/* The key that data names, or identity for plain data; NULL where the rule has none such.
 * *ret_skip: how much stands before the encrypted part. */
const struct cleat_seal_key *cleat__seal_key(const struct cleat_seal_rule *rule,
                                             struct cleat_str data, size_t *ret_skip);
void cleat__seal(const struct cleat_seal_key *k, struct cleat_str resource,
                 const struct cleat_row *row, struct cleat_buf *out);
/* False where the key is another one, or the data was changed or moved. */
bool cleat__unseal(const struct cleat_seal_key *k, struct cleat_str resource,
                   const struct cleat_row *row, struct cleat_str sealed, struct cleat_buf *out);

#endif
