/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One ConfigMap that many watch and that changes at a rate, which waits for no
 * answer: each change carries the time when it was due.
 */
#ifndef CLEAT_BENCH_LOAD_WATCH_H
#define CLEAT_BENCH_LOAD_WATCH_H

#include "bench/support/http_load.h"

struct load_watch {
    const struct load_target *target;
    unsigned watchers, rate; /* rate: changes a second */
    double seconds;
    /* Results, from when all watch: */
    struct histogram delay; /* from when a change was due to each watcher */
    uint64_t written, events, lost;
    cleat_time took, server_cpu, own_cpu; /* took: the writing */
};

/* False where a watch or a write failed. */
bool load_watch(struct load_watch *w);

#endif
