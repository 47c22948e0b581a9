/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the text of a pattern to its program: a tree is read first, since what is
 * repeated is written more than once. Pure; any thread.
 */
#include "core/registry/pattern_parse.h"

enum { DEPTH_MAX = 250, REPEAT_MAX = 1000, NO_END = -1 };
enum { TEXT_MAX = 1 << 16, INSTS_MAX = 100000, EMITTED_MAX = 1000000 };
enum { EMPTY, RUNES, PLACE, ROW, CHOICE, REPEAT };

struct node {
    int type;
    bool negated;
    uint32_t x, n;      /* RUNES: its ranges; PLACE: what */
    int low, high;      /* REPEAT */
    struct node *first; /* what it is made of */
    struct node *next;  /* the next part of what holds it */
    struct node *all;   /* the next of all nodes */
};

static struct node *choice(struct cleat__parse *p);

static struct node *node_new(struct cleat__parse *p, int type) {
    struct node *n = cleat_zalloc(sizeof *n);
    n->type = type;
    n->all = p->nodes;
    p->nodes = n;
    return n;
}

/* ---- runes ---- */

uint32_t cleat__pattern_next(struct cleat__parse *p) {
    size_t at = 0;
    if (p->at == p->end) {
        p->bad = true;
        return 0;
    }
    uint32_t rune = cleat_pattern_rune((struct cleat_str){p->at, (size_t)(p->end - p->at)}, &at);
    p->at += at;
    return rune;
}

static int digit(const struct cleat__parse *p, int base) {
    if (p->at == p->end) {
        return -1;
    }
    char c = *p->at;
    int v = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' ? (c | 0x20) - 'a' + 10 : base;
    return v < base ? v : -1;
}

static uint32_t number(struct cleat__parse *p, int base, int digits) {
    uint32_t v = 0;
    int n = 0;
    while (n < digits && digit(p, base) >= 0) {
        v = v * (uint32_t)base + (uint32_t)digit(p, base);
        p->at++;
        n++;
    }
    p->bad = p->bad || n == 0 || v > 0x10FFFF;
    return v;
}

static uint32_t hex(struct cleat__parse *p) {
    if (p->at < p->end && *p->at == '{') {
        p->at++;
        uint32_t v = number(p, 16, 6);
        p->bad = p->bad || p->at == p->end || *p->at != '}';
        p->at += !p->bad;
        return v;
    }
    const char *from = p->at;
    uint32_t v = number(p, 16, 2);
    p->bad = p->bad || p->at - from != 2;
    return v;
}

uint32_t cleat__pattern_escape(struct cleat__parse *p) {
    static const char names[] = "afnrtv", runes[] = "\a\f\n\r\t\v";
    if (p->at == p->end) {
        p->bad = true;
        return 0;
    }
    char c = *p->at;
    const char *named = c != '\0' ? strchr(names, c) : NULL;
    bool octal = c == '0' ||
                 (c >= '1' && c <= '7' && p->end - p->at > 1 && p->at[1] >= '0' && p->at[1] <= '7');
    if (octal) {
        return number(p, 8, 3);
    }
    p->at++;
    if (c == 'x') {
        return hex(p);
    }
    if (named != NULL) {
        return (unsigned char)runes[named - names];
    }
    bool letter = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    p->bad = p->bad || letter || (unsigned char)c >= 0x80;
    return (unsigned char)c;
}

/* ---- single things ---- */

static struct node *place(struct cleat__parse *p, uint32_t what) {
    struct node *n = node_new(p, PLACE);
    n->x = what;
    return n;
}

/* What has been gathered since the range at x. */
static struct node *runes(struct cleat__parse *p, size_t from, bool negated) {
    struct node *n = node_new(p, RUNES);
    n->x = (uint32_t)from;
    n->n = (uint32_t)(p->to->n_ranges - from);
    n->negated = negated;
    return n;
}

static struct node *rune(struct cleat__parse *p, uint32_t r) {
    size_t from = p->to->n_ranges;
    cleat__pattern_range(p, r, r);
    return runes(p, from, false);
}

/* "\Q...\E", after the Q: all of it as it stands. It cannot be repeated (the last rune
 * would be, which nobody writes). */
static struct node *quoted(struct cleat__parse *p) {
    struct node *row = node_new(p, ROW), **last = &row->first;
    const char *stop = memmem(p->at, (size_t)(p->end - p->at), "\\E", 2);
    const char *end = stop != NULL ? stop : p->end;
    while (p->at < end) {
        *last = rune(p, cleat__pattern_next(p));
        last = &(*last)->next;
    }
    p->at += stop != NULL ? 2 : 0;
    p->bad = p->bad || (p->at < p->end && strchr("*+?{", *p->at) != NULL);
    return row;
}

static struct node *escape(struct cleat__parse *p) {
    static const struct {
        char letter;
        uint32_t what;
    } places[] = {{'A', CLEAT_PATTERN_TEXT_START},
                  {'z', CLEAT_PATTERN_TEXT_END},
                  {'b', CLEAT_PATTERN_WORD_EDGE},
                  {'B', CLEAT_PATTERN_NO_WORD_EDGE}};
    size_t from = p->to->n_ranges;
    char c = p->at < p->end ? *p->at : '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (places[i].letter == c) {
            p->at++;
            return place(p, places[i].what);
        }
    }
    if (c == 'Q') {
        p->at++;
        return quoted(p);
    }
    if (cleat__pattern_letter(p, c)) {
        p->at++;
        return runes(p, from, false);
    }
    return rune(p, cleat__pattern_escape(p));
}

/* ---- groups ---- */

/* "i-s:" or "i)" after "(?": true where a group follows. */
static bool flags(struct cleat__parse *p) {
    bool on = true;
    while (!p->bad) {
        char c = p->at < p->end ? *p->at++ : '\0';
        switch (c) {
        case 'i':
            p->fold = on;
            break;
        case 's':
            p->dot_all = on;
            break;
        case 'm':
            p->lines = on;
            break;
        case 'U': /* which match is found makes no difference */
            break;
        case '-':
            p->bad = !on;
            on = false;
            break;
        case ':':
        case ')':
            return c == ':';
        default:
            p->bad = true;
        }
    }
    return false;
}

/* "?P<name>" or "?<name>" at the place. */
static bool name(struct cleat__parse *p) {
    size_t skip = p->end - p->at > 2 && p->at[1] == 'P' ? 3 : 2;
    if ((size_t)(p->end - p->at) <= skip || p->at[skip - 1] != '<') {
        return false;
    }
    const char *from = p->at + skip;
    p->at = from;
    while (p->at < p->end && *p->at != '>') {
        char c = *p->at++;
        p->bad = p->bad ||
                 !((c >= '0' && c <= '9') || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
    }
    p->bad = p->bad || p->at == p->end || p->at == from;
    p->at += p->at < p->end;
    return true;
}

/* After "(". Flags that stand alone hold to the end of what is around them. */
static struct node *group(struct cleat__parse *p) {
    bool fold = p->fold, dot_all = p->dot_all, lines = p->lines;
    if (p->at < p->end && *p->at == '?' && !name(p)) {
        p->at++;
        if (!flags(p)) {
            return node_new(p, EMPTY);
        }
    }
    struct node *n = choice(p);
    p->bad = p->bad || p->at == p->end;
    p->at += p->at < p->end; /* ")" */
    p->fold = fold;
    p->dot_all = dot_all;
    p->lines = lines;
    return n;
}

static struct node *single(struct cleat__parse *p) {
    size_t from = p->to->n_ranges;
    uint32_t c = cleat__pattern_next(p);
    bool negated;
    switch (c) {
    case '(':
        return group(p);
    case '[':
        negated = cleat__pattern_bracket(p);
        return runes(p, from, negated);
    case '.':
        if (!p->dot_all) {
            cleat__pattern_range(p, '\n', '\n');
        }
        return runes(p, from, true);
    case '^':
        return place(p, p->lines ? CLEAT_PATTERN_LINE_START : CLEAT_PATTERN_TEXT_START);
    case '$':
        return place(p, p->lines ? CLEAT_PATTERN_LINE_END : CLEAT_PATTERN_TEXT_END);
    case '\\':
        return escape(p);
    case '*':
    case '+':
    case '?':
        p->bad = true; /* nothing to repeat */
        return node_new(p, EMPTY);
    default:
        return rune(p, c);
    }
}

/* ---- repetitions, rows, choices ---- */

/* "{2,3}" at the place. False: it is no repetition, but stands for itself. */
static bool counts(struct cleat__parse *p, int *low, int *high) {
    const char *from = p->at++;
    int *to[] = {low, high};
    *high = NO_END;
    for (int i = 0; i < 2; i++) {
        int n = 0;
        if (digit(p, 10) >= 0) {
            *to[i] = 0;
        } else if (i == 0) {
            break;
        }
        for (; digit(p, 10) >= 0; n++) {
            *to[i] = *to[i] * 10 + digit(p, 10);
            p->bad = p->bad || *to[i] > REPEAT_MAX;
            *to[i] = p->bad ? 0 : *to[i];
            p->at++;
        }
        char c = p->at < p->end ? *p->at : '\0';
        if (c == '}') {
            p->at++;
            *high = i == 0 ? *low : *high;
            p->bad = p->bad || (*high != NO_END && *high < *low);
            return true;
        }
        if (c != ',' || i == 1) {
            break;
        }
        p->at++;
    }
    p->at = from;
    p->bad = false;
    return false;
}

static struct node *repeated(struct cleat__parse *p, struct node *what) {
    for (int times = 0; p->at < p->end && !p->bad; times++) {
        int low = *p->at == '+', high = *p->at == '?' ? 1 : NO_END;
        if (*p->at == '{') {
            if (!counts(p, &low, &high)) {
                return what;
            }
        } else if (*p->at == '*' || *p->at == '+' || *p->at == '?') {
            p->at++;
        } else {
            return what;
        }
        if (p->at < p->end && *p->at == '?') {
            p->at++; /* as few as possible: no difference to a test */
        }
        p->bad = p->bad || times > 0; /* as a** */
        struct node *n = node_new(p, REPEAT);
        n->low = low;
        n->high = high;
        n->first = what;
        what = n;
    }
    return what;
}

static struct node *row(struct cleat__parse *p) {
    struct node *n = node_new(p, ROW), **last = &n->first;
    while (!p->bad && p->at < p->end && *p->at != '|' && *p->at != ')') {
        bool literal_brace = *p->at == '{';
        if (literal_brace) {
            int low, high;
            p->bad = counts(p, &low, &high); /* nothing to repeat */
        }
        *last = p->bad ? node_new(p, EMPTY) : single(p);
        *last = repeated(p, *last);
        last = &(*last)->next;
    }
    return n;
}

static struct node *choice(struct cleat__parse *p) {
    struct node *n = node_new(p, CHOICE), **last = &n->first;
    p->bad = p->bad || ++p->depth > DEPTH_MAX;
    for (;;) {
        *last = row(p);
        last = &(*last)->next;
        if (p->bad || p->at == p->end || *p->at != '|') {
            break;
        }
        p->at++;
    }
    p->depth--;
    return n;
}

/* ---- the program ---- */

static size_t add(struct cleat__parse *p, struct cleat_pattern_inst inst) {
    struct cleat_pattern *to = p->to;
    if (to->n_insts >= INSTS_MAX) {
        p->bad = true;
        return 0;
    }
    if (to->n_insts == p->insts_room) {
        p->insts_room = p->insts_room * 2 + 16;
        to->insts = cleat_rearray(to->insts, p->insts_room, sizeof *to->insts);
    }
    to->insts[to->n_insts] = inst;
    return to->n_insts++;
}

static void emit(struct cleat__parse *p, const struct node *n);

static size_t add_split(struct cleat__parse *p) {
    uint32_t next = (uint32_t)p->to->n_insts + 1;
    return add(p, (struct cleat_pattern_inst){.op = CLEAT_PATTERN_SPLIT, .x = next, .y = next});
}

static void emit_choice(struct cleat__parse *p, const struct node *n) {
    size_t jump = SIZE_MAX; /* the last one, which knows of the one before by its x */
    for (const struct node *c = n->first; c != NULL; c = c->next) {
        size_t split = c->next != NULL ? add_split(p) : SIZE_MAX;
        emit(p, c);
        if (c->next != NULL) {
            jump =
                add(p, (struct cleat_pattern_inst){.op = CLEAT_PATTERN_JUMP, .x = (uint32_t)jump});
            p->to->insts[split].y = (uint32_t)p->to->n_insts;
        }
        if (p->bad) {
            return;
        }
    }
    while (jump != SIZE_MAX && jump != UINT32_MAX) {
        size_t before = p->to->insts[jump].x;
        p->to->insts[jump].x = (uint32_t)p->to->n_insts;
        jump = before;
    }
}

static void emit_repeat(struct cleat__parse *p, const struct node *n) {
    size_t from = p->to->n_insts;
    for (int i = 0; i < n->low && !p->bad; i++) {
        from = p->to->n_insts;
        emit(p, n->first);
    }
    if (n->high == NO_END && n->low > 0) { /* back to the last one */
        size_t split = add_split(p);
        p->to->insts[split].x = (uint32_t)from;
    } else if (n->high == NO_END) {
        size_t split = add_split(p);
        emit(p, n->first);
        add(p, (struct cleat_pattern_inst){.op = CLEAT_PATTERN_JUMP, .x = (uint32_t)split});
        p->to->insts[split].y = (uint32_t)p->to->n_insts;
    }
    size_t first = p->to->n_insts;
    size_t optional = n->high > n->low ? (size_t)(n->high - n->low) : 0, length = 0;
    for (size_t i = 0; i < optional && !p->bad; i++) {
        size_t split = add_split(p);
        emit(p, n->first);
        length = p->to->n_insts - split;
    }
    for (size_t i = 0; i < optional && !p->bad; i++) { /* all of them leave at the end */
        p->to->insts[first + i * length].y = (uint32_t)p->to->n_insts;
    }
}

static void emit(struct cleat__parse *p, const struct node *n) {
    p->bad = p->bad || ++p->emitted > EMITTED_MAX;
    if (p->bad) {
        return;
    }
    switch (n->type) {
    case RUNES:
        add(p, (struct cleat_pattern_inst){CLEAT_PATTERN_RUNES, n->negated, n->n, n->x, 0});
        break;
    case PLACE:
        add(p, (struct cleat_pattern_inst){CLEAT_PATTERN_IF, false, 0, n->x, 0});
        break;
    case ROW:
        for (const struct node *c = n->first; c != NULL; c = c->next) {
            emit(p, c);
        }
        break;
    case CHOICE:
        emit_choice(p, n);
        break;
    case REPEAT:
        emit_repeat(p, n);
        break;
    default:
        break;
    }
}

struct cleat_pattern *cleat_pattern_new(struct cleat_str text) {
    if (text.n > TEXT_MAX) {
        return NULL;
    }
    struct cleat_pattern *to = cleat_zalloc(sizeof *to);
    struct cleat__parse p = {.at = text.p, .end = text.p + text.n, .to = to};
    const struct node *root = choice(&p);
    p.bad = p.bad || p.at != p.end; /* a ")" too many */
    emit(&p, root);
    add(&p, (struct cleat_pattern_inst){.op = CLEAT_PATTERN_MATCH});
    while (p.nodes != NULL) {
        struct node *n = p.nodes;
        p.nodes = n->all;
        free(n);
    }
    if (p.bad) {
        cleat_pattern_free(to);
        return NULL;
    }
    return to;
}

void cleat_pattern_free(struct cleat_pattern *p) {
    if (p != NULL) {
        free(p->insts);
        free(p->ranges);
        free(p);
    }
}
