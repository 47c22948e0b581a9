/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranges and blocks: a bit a block. Semantics follow upstream's cidrset, whose
 * search goes on where it last ended.
 */
#include "cidrs.h"

#include <arpa/inet.h>

static int bits_of(int family) {
    return family == AF_INET ? 32 : 128;
}

static bool bit(const uint8_t *addr, int i) {
    return (addr[i / 8] >> (7 - i % 8)) & 1;
}

/* Clears the bits from `mask` on. */
static void clear_tail(struct cleat_cidr *c) {
    for (int i = c->mask; i < bits_of(c->family); i++) {
        c->addr[i / 8] &= (uint8_t) ~(1U << (7 - i % 8));
    }
}

bool cleat_cidr_parse(struct cleat_str text, struct cleat_cidr *ret) {
    char *copy = cleat_sdk_dup(text);
    struct cleat_cidr c = {.family = strchr(copy, ':') != NULL ? AF_INET6 : AF_INET};
    char *slash = strchr(copy, '/'), *end = NULL;
    bool ok = false;
    if (slash != NULL && slash[1] >= '0' && slash[1] <= '9') {
        *slash = '\0';
        long mask = strtol(slash + 1, &end, 10);
        ok = *end == '\0' && mask <= bits_of(c.family) && inet_pton(c.family, copy, c.addr) == 1;
        c.mask = (int)mask;
    }
    free(copy);
    if (ok) {
        clear_tail(&c);
        *ret = c;
    }
    return ok;
}

char *cleat_cidr_format(const struct cleat_cidr *c) {
    char text[INET6_ADDRSTRLEN];
    inet_ntop(c->family, c->addr, text, sizeof text);
    return cleat_node_format("%s/%d", text, c->mask);
}

bool cleat_cidr_overlap(const struct cleat_cidr *a, const struct cleat_cidr *b) {
    int common = a->mask < b->mask ? a->mask : b->mask;
    for (int i = 0; a->family == b->family && i < common; i++) {
        if (bit(a->addr, i) != bit(b->addr, i)) {
            return false;
        }
    }
    return a->family == b->family;
}

/* Who uses a block beside its first user. */
struct others {
    size_t block, n;
};

struct cleat_cidrset {
    struct cleat_cidr range;
    int node_mask;
    size_t blocks, used, next;
    uint64_t *map;
    struct others *others; /* of few blocks, and seldom of any */
    size_t n_others;
};

struct cleat_cidrset *cleat_cidrset_new(const struct cleat_cidr *range, int node_mask) {
    struct cleat_cidrset *s = cleat_sdk_alloc(1, sizeof *s);
    s->range = *range;
    s->node_mask = node_mask;
    s->blocks = (size_t)1 << (node_mask - range->mask);
    s->map = cleat_sdk_alloc((s->blocks + 63) / 64, sizeof *s->map);
    return s;
}

void cleat_cidrset_free(struct cleat_cidrset *s) {
    if (s != NULL) {
        free(s->map);
        free(s->others);
        free(s);
    }
}

const struct cleat_cidr *cleat_cidrset_range(const struct cleat_cidrset *s) {
    return &s->range;
}

size_t cleat_cidrset_blocks(const struct cleat_cidrset *s) {
    return s->blocks;
}

size_t cleat_cidrset_used(const struct cleat_cidrset *s) {
    return s->used;
}

static bool is_used(const struct cleat_cidrset *s, size_t i) {
    return (s->map[i / 64] >> (i % 64)) & 1;
}

static void set(struct cleat_cidrset *s, size_t i, bool used) {
    if (is_used(s, i) != used) {
        s->map[i / 64] ^= (uint64_t)1 << (i % 64);
        s->used += used ? 1 : (size_t)-1;
    }
}

static struct others *others_of(struct cleat_cidrset *s, size_t i) {
    for (size_t k = 0; k < s->n_others; k++) {
        if (s->others[k].block == i) {
            return &s->others[k];
        }
    }
    return NULL;
}

static void add_user(struct cleat_cidrset *s, size_t i) {
    struct others *o = is_used(s, i) ? others_of(s, i) : NULL;
    if (!is_used(s, i)) {
        set(s, i, true);
    } else if (o != NULL) {
        o->n++;
    } else {
        struct others *more = cleat_sdk_alloc(s->n_others + 1, sizeof *more);
        if (s->n_others > 0) {
            memcpy(more, s->others, s->n_others * sizeof *more);
        }
        free(s->others);
        s->others = more;
        s->others[s->n_others++] = (struct others){i, 1};
    }
}

static void remove_user(struct cleat_cidrset *s, size_t i) {
    struct others *o = others_of(s, i);
    if (o == NULL) {
        set(s, i, false);
    } else if (--o->n == 0) {
        *o = s->others[--s->n_others];
    }
}

/* The block's number in the bits between the range's mask and the block's. */
static size_t index_of(const struct cleat_cidrset *s, const struct cleat_cidr *c) {
    size_t i = 0;
    for (int b = s->range.mask; b < s->node_mask; b++) {
        i = i << 1 | bit(c->addr, b);
    }
    return i;
}

static struct cleat_cidr block_at(const struct cleat_cidrset *s, size_t i) {
    struct cleat_cidr c = s->range;
    c.mask = s->node_mask;
    for (int b = s->node_mask - 1; b >= s->range.mask; b--, i >>= 1) {
        if (i & 1) {
            c.addr[b / 8] |= (uint8_t)(1U << (7 - b % 8));
        }
    }
    return c;
}

bool cleat_cidrset_next(struct cleat_cidrset *s, struct cleat_cidr *ret, size_t *ret_tries) {
    if (s->used == s->blocks) {
        return false;
    }
    size_t tries = 1;
    while (is_used(s, s->next)) {
        /* whole words of used blocks are passed at once */
        bool full = s->next % 64 == 0 && s->map[s->next / 64] == UINT64_MAX;
        s->next = (s->next + (full ? 64 : 1)) % s->blocks;
        tries++;
    }
    *ret = block_at(s, s->next);
    *ret_tries = tries;
    set(s, s->next, true);
    s->next = (s->next + 1) % s->blocks;
    return true;
}

static bool mark_range(struct cleat_cidrset *s, const struct cleat_cidr *c, bool used) {
    if (!cleat_cidr_overlap(&s->range, c)) {
        return false;
    }
    size_t first = 0, n = s->blocks;
    if (c->mask > s->range.mask) {
        first = index_of(s, c);
        n = c->mask >= s->node_mask ? 1 : (size_t)1 << (s->node_mask - c->mask);
    }
    for (size_t i = first; i < first + n; i++) {
        if (used) {
            add_user(s, i);
        } else {
            remove_user(s, i);
        }
    }
    return true;
}

bool cleat_cidrset_occupy(struct cleat_cidrset *s, const struct cleat_cidr *c) {
    return mark_range(s, c, true);
}

bool cleat_cidrset_release(struct cleat_cidrset *s, const struct cleat_cidr *c) {
    return mark_range(s, c, false);
}
