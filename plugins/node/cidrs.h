/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranges of addresses and their division into equal blocks. Not synchronised:
 * the lock of blocks.h guards its sets.
 */
#ifndef CLEAT_PLUGIN_NODE_CIDRS_H
#define CLEAT_PLUGIN_NODE_CIDRS_H

#include "node.h"

struct cleat_cidr {
    uint8_t addr[16]; /* an IPv4 address in the first four */
    int family;       /* AF_INET or AF_INET6 */
    int mask;
};
/* false where the text is no range. Bits beyond the mask are cleared. */
bool cleat_cidr_parse(struct cleat_str text, struct cleat_cidr *ret);
char *cleat_cidr_format(const struct cleat_cidr *c); /* owned */
bool cleat_cidr_overlap(const struct cleat_cidr *a, const struct cleat_cidr *b);

/* The blocks of one range, each free or used by one or more. */
struct cleat_cidrset;
/* node_mask: of a block; at least range->mask and at most 24 bits more. */
struct cleat_cidrset *cleat_cidrset_new(const struct cleat_cidr *range, int node_mask);
void cleat_cidrset_free(struct cleat_cidrset *s);
const struct cleat_cidr *cleat_cidrset_range(const struct cleat_cidrset *s);
size_t cleat_cidrset_blocks(const struct cleat_cidrset *s);
size_t cleat_cidrset_used(const struct cleat_cidrset *s);
/* The next free block after the last one given, and how many were looked at; false
 * where none is free. Goes round, so that a block that was just given back rests. */
bool cleat_cidrset_next(struct cleat_cidrset *s, struct cleat_cidr *ret, size_t *ret_tries);
/* One user more, or less, of each block that overlaps c; false where c is not in the range at
 * all. */
bool cleat_cidrset_occupy(struct cleat_cidrset *s, const struct cleat_cidr *c);
bool cleat_cidrset_release(struct cleat_cidrset *s, const struct cleat_cidr *c);

#endif
