/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The members of two objects side by side, however many they are and in whatever
 * order: in step where the keys are the same, else by sorting both.
 */
#include "core/apply/typed.h"

static bool in_step(struct cleat_val old, struct cleat_val now) {
    struct cleat_iter x = {0}, y = {0};
    for (;;) {
        bool more_x = cleat_val_next(old, &x), more_y = cleat_val_next(now, &y);
        if (!more_x || !more_y) {
            return more_x == more_y;
        }
        if (!cleat_eq(x.key, y.key)) {
            return false;
        }
    }
}

static int by_key(const void *a, const void *b) {
    return cleat_cmp(((const struct cleat_pair *)a)->key, ((const struct cleat_pair *)b)->key);
}

static size_t list(struct cleat_val v, bool now, struct cleat_pair *ret) {
    struct cleat_iter it = {0};
    size_t n = 0;
    while (cleat_val_next(v, &it)) {
        ret[n] = (struct cleat_pair){.key = it.key, .rank = it.index | (now ? 1u << 31 : 0)};
        *(now ? &ret[n].now : &ret[n].old) = it.val;
        n++;
    }
    return n;
}

struct cleat_pair *cleat_zip(struct cleat_arena *a, struct cleat_val old, struct cleat_val now,
                             size_t *ret_n) {
    static const struct cleat_val none;
    old = cleat_val_type(old) == CLEAT_OBJECT ? old : none;
    now = cleat_val_type(now) == CLEAT_OBJECT ? now : none;
    size_t room = cleat_val_count(old) + cleat_val_count(now);
    struct cleat_pair *all = cleat_arena_alloc(a, (room + 1) * sizeof *all);
    size_t n = list(old, false, all);
    if (in_step(old, now)) {
        struct cleat_iter it = {0};
        for (size_t i = 0; i < n && cleat_val_next(now, &it); i++) {
            all[i].now = it.val;
        }
        *ret_n = n;
        return all;
    }
    n += list(now, true, all + n);
    qsort(all, n, sizeof *all, by_key);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct cleat_pair *last = kept > 0 ? &all[kept - 1] : NULL;
        if (last == NULL || !cleat_eq(last->key, all[i].key)) {
            all[kept++] = all[i];
        } else if (cleat_val_present(all[i].now)) {
            last->now = all[i].now;
        } else {
            last->old = all[i].old;
            last->rank = all[i].rank;
        }
    }
    *ret_n = kept;
    return all;
}
