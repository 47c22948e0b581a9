/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena: memory for one piece of work, given back all at once. Blocks double,
 * so that a small piece of work makes one allocation.
 */
#include <stdalign.h>

#include "core/base/base.h"

enum { FIRST_BLOCK = 8192, LARGEST_BLOCK = 1 << 20 };

struct cleat_arena_block {
    struct cleat_arena_block *next;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static void more(struct cleat_arena *a, size_t n) {
    size_t size = a->blocks != NULL ? a->blocks->size * 2 : FIRST_BLOCK;
    size = size > LARGEST_BLOCK ? LARGEST_BLOCK : size;
    size = size < n ? n : size;
    struct cleat_arena_block *b = cleat_alloc(sizeof *b + size);
    b->next = a->blocks;
    b->size = size;
    a->blocks = b;
    a->p = b->bytes;
    a->left = size;
}

static void *raw(struct cleat_arena *a, size_t n) {
    n = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (n > a->left) {
        more(a, n);
    }
    void *p = a->p;
    a->p += n;
    a->left -= n;
    return p;
}

void *cleat_arena_alloc(struct cleat_arena *a, size_t n) {
    return memset(raw(a, n), 0, n);
}

struct cleat_str cleat_arena_str(struct cleat_arena *a, struct cleat_str s) {
    char *p = raw(a, s.n + 1);
    if (s.n > 0) {
        memcpy(p, s.p, s.n);
    }
    p[s.n] = '\0';
    return (struct cleat_str){p, s.n};
}

void *cleat_arena_grow(struct cleat_arena *a, void *array, uint32_t n, uint32_t *cap, size_t size) {
    if (n < *cap) {
        return array;
    }
    *cap = *cap > 0 ? *cap * 2 : 4;
    void *more_room = cleat_arena_alloc(a, *cap * size);
    if (n > 0) {
        memcpy(more_room, array, n * size);
    }
    return more_room;
}

void cleat_arena_done(struct cleat_arena *a) {
    while (a->blocks != NULL) {
        struct cleat_arena_block *b = a->blocks;
        a->blocks = b->next;
        free(b);
    }
    a->p = NULL;
    a->left = 0;
}
