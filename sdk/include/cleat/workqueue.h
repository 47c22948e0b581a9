/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work queues with the guarantees of client-go's: a key that is added while
 * queued is queued once; one that is added while it is processed is queued
 * again when it is done; a key is never with two workers at once. A controller
 * made with controller.h has one of its own; this is for other uses.
 */
#ifndef CLEAT_WORKQUEUE_H
#define CLEAT_WORKQUEUE_H

#include <cleat/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cleat_queue_opts {
    uint32_t struct_size;
    uint32_t reserved;
    const char *name;      /* the metrics' label; NULL = no metrics */
    cleat_time base_delay; /* per-key back-off: base * 2^n ... 0 = 5 ms */
    cleat_time max_delay;  /* ... up to this. 0 = 1000 s */
    double qps;            /* token bucket over all keys; 0 = 10, < 0 = none */
    int32_t burst;         /* 0 = 100 */
    int32_t reserved2;
};

#define CLEAT_EXT_WORKQUEUE "cleat.workqueue/1"
struct cleat_workqueue_api {
    uint32_t struct_size;
    uint32_t reserved;
    cleat_queue *(*create)(const struct cleat_queue_opts *opts);
    void (*destroy)(cleat_queue *q); /* after shut_down and the last worker's return */
    /* Keys are copied. After shut_down adds are ignored. [any-thread] */
    void (*add)(cleat_queue *q, struct cleat_key key);
    void (*add_after)(cleat_queue *q, struct cleat_key key, cleat_time delay);
    void (*add_rate_limited)(cleat_queue *q, struct cleat_key key);
    void (*forget)(cleat_queue *q, struct cleat_key key);
    int32_t (*num_requeues)(cleat_queue *q, struct cleat_key key);
    /* Blocks for the next key. 1: *ret is borrowed until done(); 0: shut down. [worker] */
    int32_t (*get)(cleat_queue *q, struct cleat_key *ret);
    void (*done)(cleat_queue *q, struct cleat_key key);
    size_t (*len)(cleat_queue *q);
    /* Wakes all getters; with drain, what is queued or processed ends first. [any-thread] */
    void (*shut_down)(cleat_queue *q, int32_t drain);
};

#ifdef __cplusplus
}
#endif
#endif
