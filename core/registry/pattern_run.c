/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a pattern's program: at each rune of the text all places where a match may be,
 * each of them once. Pure; any thread.
 */
#include "core/registry/pattern.h"

enum { NO_RUNE = 0xFFFFFFFF, NO_UTF8 = 0xFFFD };

struct run {
    const struct cleat_pattern *p;
    uint32_t *here, *next, *stack, *seen; /* seen: the step in which each was reached */
    size_t n_here, n_next;
    uint32_t step, before, after; /* the runes around the place */
};

uint32_t cleat_pattern_rune(struct cleat_str text, size_t *at) {
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char c = (unsigned char)text.p[(*at)++];
    size_t n = c < 0x80 ? 1 : (c & 0xE0) == 0xC0 ? 2 : (c & 0xF0) == 0xE0 ? 3 : 4;
    if (n == 1) {
        return c;
    }
    if (c < 0xC0 || c > 0xF7 || *at + n - 1 > text.n) {
        return NO_UTF8;
    }
    uint32_t rune = c & (0x7Fu >> n);
    for (size_t i = 0; i < n - 1; i++) {
        unsigned char more = (unsigned char)text.p[*at + i];
        if ((more & 0xC0) != 0x80) {
            return NO_UTF8;
        }
        rune = rune << 6 | (more & 0x3F);
    }
    if (rune < least[n] || rune > 0x10FFFF) {
        return NO_UTF8;
    }
    *at += n - 1;
    return rune;
}

static bool is_word(uint32_t rune) {
    return (rune >= '0' && rune <= '9') || (rune >= 'A' && rune <= 'Z') || rune == '_' ||
           (rune >= 'a' && rune <= 'z');
}

static bool holds(const struct run *r, uint32_t what) {
    switch (what) {
    case CLEAT_PATTERN_TEXT_START:
        return r->before == NO_RUNE;
    case CLEAT_PATTERN_TEXT_END:
        return r->after == NO_RUNE;
    case CLEAT_PATTERN_LINE_START:
        return r->before == NO_RUNE || r->before == '\n';
    case CLEAT_PATTERN_LINE_END:
        return r->after == NO_RUNE || r->after == '\n';
    default:
        return (is_word(r->before) != is_word(r->after)) == (what == CLEAT_PATTERN_WORD_EDGE);
    }
}

/* All that can be reached from an instruction without a rune. True: the match. */
static bool reach(struct run *r, uint32_t from) {
    size_t n = 0;
    r->stack[n++] = from;
    while (n > 0) {
        uint32_t pc = r->stack[--n];
        const struct cleat_pattern_inst *i = &r->p->insts[pc];
        if (r->seen[pc] == r->step) {
            continue;
        }
        r->seen[pc] = r->step;
        switch (i->op) {
        case CLEAT_PATTERN_MATCH:
            return true;
        case CLEAT_PATTERN_SPLIT:
            r->stack[n++] = i->y;
            r->stack[n++] = i->x;
            break;
        case CLEAT_PATTERN_JUMP:
            r->stack[n++] = i->x;
            break;
        case CLEAT_PATTERN_IF:
            if (holds(r, i->x)) {
                r->stack[n++] = pc + 1;
            }
            break;
        default:
            r->here[r->n_here++] = pc;
        }
    }
    return false;
}

static bool takes(const struct run *r, const struct cleat_pattern_inst *i) {
    const struct cleat_pattern_range *of = &r->p->ranges[i->x];
    for (uint32_t k = 0; k < i->n; k++) {
        if (r->after >= of[k].low && r->after <= of[k].high) {
            return !i->negated;
        }
    }
    return i->negated;
}

static bool work(struct run *r, struct cleat_str text) {
    const struct cleat_pattern_inst *first = &r->p->insts[0];
    bool anchored = first->op == CLEAT_PATTERN_IF && first->x == CLEAT_PATTERN_TEXT_START;
    size_t at = 0;
    r->before = NO_RUNE;
    for (;;) {
        r->step++;
        r->after = at < text.n ? cleat_pattern_rune(text, &at) : NO_RUNE;
        r->n_here = 0;
        for (size_t i = 0; i < r->n_next; i++) {
            if (reach(r, r->next[i])) {
                return true;
            }
        }
        if (reach(r, 0)) {
            return true;
        }
        r->n_next = 0;
        for (size_t i = 0; i < r->n_here && r->after != NO_RUNE; i++) {
            if (takes(r, &r->p->insts[r->here[i]])) {
                r->next[r->n_next++] = r->here[i] + 1;
            }
        }
        if (r->after == NO_RUNE || (anchored && r->n_next == 0)) {
            return false;
        }
        r->before = r->after;
    }
}

bool cleat_pattern_matches(const struct cleat_pattern *p, struct cleat_str text) {
    /* The lists hold each instruction once; on the stack each of them has put two at most. */
    uint32_t *memory = cleat_array(p->n_insts * 6 + 2, sizeof *memory);
    struct run r = {.p = p,
                    .here = memory,
                    .next = memory + p->n_insts,
                    .seen = memory + 2 * p->n_insts,
                    .stack = memory + 3 * p->n_insts};
    bool found = work(&r, text);
    free(memory);
    return found;
}
