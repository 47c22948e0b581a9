/* SPDX-License-Identifier: Apache-2.0 */
/* A pattern being read: what the files of its compiler share. One thread. */
#ifndef CLEAT_REGISTRY_PATTERN_PARSE_H
#define CLEAT_REGISTRY_PATTERN_PARSE_H

#include "core/registry/pattern.h"

struct cleat__parse {
    const char *at, *end;
    bool fold, dot_all, lines; /* (?ism) */
    bool bad;
    int depth;
    size_t emitted; /* parts of the tree: what repeats nothing adds no instruction */
    struct cleat_pattern *to;
    size_t ranges_room, insts_room;
    struct node *nodes; /* all of them, to be freed */
};
/* The next rune, whatever it means. */
uint32_t cleat__pattern_next(struct cleat__parse *p);
/* The rune that an escape means, after its backslash. */
uint32_t cleat__pattern_escape(struct cleat__parse *p);
/* A range, in both cases where case does not matter. */
void cleat__pattern_range(struct cleat__parse *p, uint32_t low, uint32_t high);
/* \d and the like, by its letter; false: it is none of them. */
bool cleat__pattern_letter(struct cleat__parse *p, char c);
/* After "[", to after its "]". True: what is not in it is meant. */
bool cleat__pattern_bracket(struct cleat__parse *p);

#endif
