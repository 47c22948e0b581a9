/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands for a set of runes in a pattern: \d, [[:alpha:]], [a-z]. Ranges are
 * gathered in the program that they are for. Used by pattern.c.
 */
#include "core/registry/pattern_parse.h"

#define LIST(...)                                                                                  \
    (const struct cleat_pattern_range[]){__VA_ARGS__},                                             \
        sizeof((const struct cleat_pattern_range[]){__VA_ARGS__}) /                                \
            sizeof(struct cleat_pattern_range)

struct named {
    const char *name;
    const struct cleat_pattern_range *list; /* sorted */
    size_t n;
};
static const struct named letters[] = {
    {"d", LIST({'0', '9'})},
    {"s", LIST({'\t', '\n'}, {'\f', '\r'}, {' ', ' '})},
    {"w", LIST({'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'})},
};
static const struct named posix[] = {
    {"alnum", LIST({'0', '9'}, {'A', 'Z'}, {'a', 'z'})},
    {"alpha", LIST({'A', 'Z'}, {'a', 'z'})},
    {"ascii", LIST({0, 0x7F})},
    {"blank", LIST({'\t', '\t'}, {' ', ' '})},
    {"cntrl", LIST({0, 0x1F}, {0x7F, 0x7F})},
    {"digit", LIST({'0', '9'})},
    {"graph", LIST({'!', '~'})},
    {"lower", LIST({'a', 'z'})},
    {"print", LIST({' ', '~'})},
    {"punct", LIST({'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'})},
    {"space", LIST({'\t', '\r'}, {' ', ' '})},
    {"upper", LIST({'A', 'Z'})},
    {"word", LIST({'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'})},
    {"xdigit", LIST({'0', '9'}, {'A', 'F'}, {'a', 'f'})},
};

static void add_plain(struct cleat__parse *p, uint32_t low, uint32_t high) {
    struct cleat_pattern *to = p->to;
    if (to->n_ranges == p->ranges_room) {
        p->ranges_room = p->ranges_room * 2 + 16;
        to->ranges = cleat_rearray(to->ranges, p->ranges_room, sizeof *to->ranges);
    }
    to->ranges[to->n_ranges++] = (struct cleat_pattern_range){low, high};
}

/* The part of a range that lies in another one, moved. */
static void add_moved(struct cleat__parse *p, uint32_t low, uint32_t high, uint32_t from,
                      uint32_t to, uint32_t by) {
    low = low > from ? low : from;
    high = high < to ? high : to;
    if (low <= high) {
        add_plain(p, low + by, high + by);
    }
}

void cleat__pattern_range(struct cleat__parse *p, uint32_t low, uint32_t high) {
    add_plain(p, low, high);
    if (p->fold) {
        add_moved(p, low, high, 'A', 'Z', 'a' - 'A');
        add_moved(p, low, high, 'a', 'z', (uint32_t)'A' - 'a');
    }
}

static void add_list(struct cleat__parse *p, const struct named *c, bool negated) {
    uint32_t low = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (!negated) {
            cleat__pattern_range(p, c->list[i].low, c->list[i].high);
        } else if (c->list[i].low > low) {
            add_plain(p, low, c->list[i].low - 1);
        }
        low = c->list[i].high + 1;
    }
    if (negated) {
        add_plain(p, low, 0x10FFFF);
    }
}

bool cleat__pattern_letter(struct cleat__parse *p, char c) {
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if ((c | 0x20) == letters[i].name[0]) {
            add_list(p, &letters[i], c < 'a');
            return true;
        }
    }
    return false;
}

/* "[:alpha:]" at the place. False: it is something else; p->bad: an unknown name. */
static bool posix_class(struct cleat__parse *p) {
    const char *end = p->end - p->at >= 4 && p->at[0] == '[' && p->at[1] == ':'
                          ? memmem(p->at + 2, (size_t)(p->end - p->at - 2), ":]", 2)
                          : NULL;
    if (end == NULL) {
        return false;
    }
    bool negated = p->at[2] == '^';
    struct cleat_str name = {p->at + 2 + negated, (size_t)(end - p->at - 2 - negated)};
    for (size_t i = 0; i < sizeof posix / sizeof *posix; i++) {
        if (cleat_eqc(name, posix[i].name)) {
            add_list(p, &posix[i], negated);
            p->at = end + 2;
            return true;
        }
    }
    p->bad = true;
    return false;
}

static uint32_t class_rune(struct cleat__parse *p) {
    if (p->at < p->end && *p->at == '\\') {
        p->at++;
        return cleat__pattern_escape(p);
    }
    return cleat__pattern_next(p);
}

static void member(struct cleat__parse *p) {
    if (p->end - p->at >= 2 && p->at[0] == '\\' && cleat__pattern_letter(p, p->at[1])) {
        p->at += 2;
        return;
    }
    if (posix_class(p) || p->bad) {
        return;
    }
    uint32_t low = class_rune(p), high = low;
    if (p->end - p->at >= 2 && p->at[0] == '-' && p->at[1] != ']') {
        p->at++;
        high = class_rune(p);
        p->bad = p->bad || high < low;
    }
    cleat__pattern_range(p, low, high);
}

bool cleat__pattern_bracket(struct cleat__parse *p) {
    bool negated = p->at < p->end && *p->at == '^';
    p->at += negated;
    for (bool first = true; !p->bad; first = false) {
        if (p->at == p->end) {
            p->bad = true;
        } else if (*p->at == ']' && !first) {
            p->at++;
            break;
        } else {
            member(p);
        }
    }
    return negated;
}
