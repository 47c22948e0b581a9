/* SPDX-License-Identifier: Apache-2.0 */
/* Bitmaps of what is taken. See pool.h. */
#include "core/kinds/pool.h"

static size_t words(uint32_t size) {
    return ((size_t)size + 63) / 64;
}

static bool bit(const uint64_t *map, uint32_t i) {
    return (map[i / 64] >> (i % 64) & 1) != 0;
}

static void set_bit(uint64_t *map, uint32_t i, bool yes) {
    uint64_t mask = (uint64_t)1 << (i % 64);
    map[i / 64] = yes ? map[i / 64] | mask : map[i / 64] & ~mask;
}

void cleat_pool_init(struct cleat_pool *p, uint32_t size, uint32_t band) {
    p->size = size;
    p->band = band;
    p->used = cleat_array(words(size), sizeof *p->used);
    p->reserved = cleat_array(words(size), sizeof *p->reserved);
}

void cleat_pool_done(struct cleat_pool *p) {
    free(p->used);
    free(p->reserved);
    memset(p, 0, sizeof *p);
}

void cleat_pool_clear(struct cleat_pool *p) {
    memset(p->used, 0, words(p->size) * sizeof *p->used);
}

void cleat_pool_use(struct cleat_pool *p, uint32_t i, bool yes) {
    cleat_assert(i < p->size);
    set_bit(p->used, i, yes);
}

bool cleat_pool_is_free(const struct cleat_pool *p, uint32_t i) {
    return !bit(p->used, i) && !bit(p->reserved, i);
}

bool cleat_pool_reserve(struct cleat_pool *p, uint32_t i) {
    cleat_assert(i < p->size);
    if (!cleat_pool_is_free(p, i)) {
        return false;
    }
    set_bit(p->reserved, i, true);
    return true;
}

void cleat_pool_release(struct cleat_pool *p, uint32_t i) {
    cleat_assert(i < p->size && bit(p->reserved, i));
    set_bit(p->reserved, i, false);
}

/* The first free one of [from, to) at or after start, going round. */
static int64_t search(const struct cleat_pool *p, uint32_t from, uint32_t to) {
    uint32_t n = to - from;
    uint32_t start = n > 0 ? (uint32_t)(cleat_random() % n) : 0;
    for (uint32_t k = 0; k < n; k++) {
        uint32_t i = from + (start + k) % n;
        if (cleat_pool_is_free(p, i)) {
            return i;
        }
    }
    return CLEAT_POOL_NONE;
}

int64_t cleat_pool_next(struct cleat_pool *p, bool keep) {
    int64_t i = search(p, p->band, p->size);
    if (i == CLEAT_POOL_NONE) {
        i = search(p, 0, p->band);
    }
    if (i != CLEAT_POOL_NONE && keep) {
        set_bit(p->reserved, (uint32_t)i, true);
    }
    return i;
}

uint32_t cleat_pool_band(uint32_t size, uint32_t step, uint32_t min, uint32_t max) {
    uint32_t band = size / step;
    if (size <= min) {
        return 0;
    }
    return band < min ? min : band > max ? max : band;
}
