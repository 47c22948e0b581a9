/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guard before a Node is deleted, beyond upstream and off by default: how
 * often in a row the cloud must have said that the server is gone, how old the
 * Node must be, how many may go in a window of time, or none at all. Also for how
 * long a server has been off without a break.
 *
 * Remembers answers of this process only; forgetting them errs on the safe side.
 * One mutex inside, held for look-ups. [worker]
 */
#ifndef CLEAT_PLUGIN_NODE_GUARD_H
#define CLEAT_PLUGIN_NODE_GUARD_H

#include "node.h"

struct cleat_guard_opts {
    int64_t misses;             /* at least 1 */
    int64_t limit;              /* deletions in a window; 0 = any number */
    cleat_time min_age;         /* of a Node */
    cleat_time window, between; /* between: answers that are closer together are one */
    bool dry_run;
};
struct cleat_guard;
struct cleat_guard *cleat_guard_new(const struct cleat_guard_opts *opts);
void cleat_guard_free(struct cleat_guard *g); /* NULL allowed */

/* The cloud says that the Node's server is gone. True: it may be deleted now, and this counts as
 * a deletion. False: *ret_why tells why not (owned). */
bool cleat_guard_allows(struct cleat_guard *g, const cleat_obj *node, char **ret_why);
/* The cloud says that the server is there: for how long it has been off, 0 where it is not. */
cleat_time cleat_guard_present(struct cleat_guard *g, const cleat_obj *node, bool off);
/* There is nothing to remember of this Node any more. */
void cleat_guard_forget(struct cleat_guard *g, struct cleat_str node);

#endif
