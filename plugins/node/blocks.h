/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which blocks of the cluster's ranges are used, and by how many: a block that two Nodes
 * have, or that a Node and the services have, is free when the last of them has let it go.
 *
 * A claim is a block that was taken for a Node which does not have it yet as far as we have
 * heard. It ends when the Node is heard to have blocks, and when it is certain that it
 * will not get these; in between, whoever tries again for this Node gets the same.
 *
 * Any thread: a lock guards all of it, and is never held while calling out.
 */
#ifndef CLEAT_PLUGIN_NODE_BLOCKS_H
#define CLEAT_PLUGIN_NODE_BLOCKS_H

#include "cidrs.h"

enum { CLEAT_FAMILIES = 2 };

struct cleat_blocks;
struct cleat_blocks *cleat_blocks_new(void);
void cleat_blocks_free(struct cleat_blocks *b); /* NULL allowed */
/* Ranges of a family are filled in the order in which they are added. node_mask: of a block. */
cleat_err cleat_blocks_add_range(struct cleat_blocks *b, const struct cleat_cidr *range,
                                 int node_mask, struct cleat_error *reterr);
/* For good, where it overlaps a range. */
void cleat_blocks_reserve(struct cleat_blocks *b, const struct cleat_cidr *c);

bool cleat_blocks_of(const cleat_obj *node); /* whether it has any */
/* What is heard of a Node: before (NULL = nothing) and now (NULL = it is gone). true where
 * something has become free. */
bool cleat_blocks_hear(struct cleat_blocks *b, const cleat_obj *before, const cleat_obj *now);
/* Takes one block of each family for this Node, or none: how many, 0 where one family is used
 * up; the Node then waits. */
size_t cleat_blocks_claim(struct cleat_blocks *b, const cleat_obj *node,
                          struct cleat_cidr ret[CLEAT_FAMILIES]);
void cleat_blocks_unclaim(struct cleat_blocks *b, struct cleat_str node, struct cleat_str uid);
/* Nodes that found nothing free, to be tried again: names, NULL-ended; owned, each of them too. */
char **cleat_blocks_waiting(struct cleat_blocks *b);

#endif
