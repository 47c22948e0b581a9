/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A range of numbers that are given out one by one: addresses or ports of services.
 * A number is free unless the store's newest state uses it or a write under way has
 * reserved it. The lower part of a range is for those who ask for a number, the upper
 * for those who take any; it overflows into the lower. Under its owner's lock.
 */
#ifndef CLEAT_KINDS_POOL_H
#define CLEAT_KINDS_POOL_H

#include "core/base/base.h"

struct cleat_pool {
    uint32_t size, band; /* [0, band) is for those who ask */
    uint64_t *used;      /* in the store */
    uint64_t *reserved;  /* by writes under way */
};
enum { CLEAT_POOL_NONE = -1 };

void cleat_pool_init(struct cleat_pool *p, uint32_t size, uint32_t band);
void cleat_pool_done(struct cleat_pool *p);
void cleat_pool_clear(struct cleat_pool *p); /* forgets what is used, not what is reserved */
void cleat_pool_use(struct cleat_pool *p, uint32_t i, bool yes);
bool cleat_pool_is_free(const struct cleat_pool *p, uint32_t i);
bool cleat_pool_reserve(struct cleat_pool *p, uint32_t i); /* false: it is taken */
void cleat_pool_release(struct cleat_pool *p, uint32_t i); /* a reservation */
/* One that is free, reserved only where `keep`; CLEAT_POOL_NONE where all are taken. */
int64_t cleat_pool_next(struct cleat_pool *p, bool keep);
/* How much of a range is kept for those who ask, as upstream: size/step within [min, max]. */
uint32_t cleat_pool_band(uint32_t size, uint32_t step, uint32_t min, uint32_t max);

#endif
