/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Patterns of schemas: RE2's syntax, as Go has it, on texts of UTF-8. A pattern is
 * compiled to a program that all its threads run side by side, so that a match takes
 * time in proportion to the text, whatever the pattern. Immutable; any thread.
 */
#ifndef CLEAT_REGISTRY_PATTERN_H
#define CLEAT_REGISTRY_PATTERN_H

#include "core/base/base.h"

enum {
    CLEAT_PATTERN_RUNES, /* a rune of the ranges at x, n of them; or any other, where negated */
    CLEAT_PATTERN_SPLIT, /* goes on at x and at y */
    CLEAT_PATTERN_JUMP,  /* goes on at x */
    CLEAT_PATTERN_IF,    /* goes on where the place is as x says */
    CLEAT_PATTERN_MATCH,
};
enum {
    CLEAT_PATTERN_TEXT_START,
    CLEAT_PATTERN_TEXT_END,
    CLEAT_PATTERN_LINE_START,
    CLEAT_PATTERN_LINE_END,
    CLEAT_PATTERN_WORD_EDGE,
    CLEAT_PATTERN_NO_WORD_EDGE,
};
struct cleat_pattern_inst {
    uint8_t op;
    bool negated;
    uint32_t n, x, y;
};
struct cleat_pattern_range {
    uint32_t low, high;
};
struct cleat_pattern {
    struct cleat_pattern_inst *insts;
    size_t n_insts;
    struct cleat_pattern_range *ranges;
    size_t n_ranges;
};

/* NULL: it is none. \p{...} is not known. */
struct cleat_pattern *cleat_pattern_new(struct cleat_str text);
void cleat_pattern_free(struct cleat_pattern *p);
/* Whether some part of the text matches. */
bool cleat_pattern_matches(const struct cleat_pattern *p, struct cleat_str text);
/* The rune at *at, which goes on to the next; what is no UTF-8 is U+FFFD, a byte each. */
uint32_t cleat_pattern_rune(struct cleat_str text, size_t *at);

#endif
