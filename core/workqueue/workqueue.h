/* SPDX-License-Identifier: Apache-2.0 */
/* Floor 2: work queues; see cleat/workqueue.h for the guarantees. */
#ifndef CLEAT_CORE_WORKQUEUE_H
#define CLEAT_CORE_WORKQUEUE_H

#include <cleat/workqueue.h>
#include "core/base/base.h"

cleat_queue *cleat_queue_new(const struct cleat_queue_opts *opts);
void cleat_queue_free(cleat_queue *q);
void cleat_queue_add(cleat_queue *q, struct cleat_key key);
void cleat_queue_add_after(cleat_queue *q, struct cleat_key key, cleat_time delay);
void cleat_queue_add_rate_limited(cleat_queue *q, struct cleat_key key);
void cleat_queue_forget(cleat_queue *q, struct cleat_key key);
int32_t cleat_queue_num_requeues(cleat_queue *q, struct cleat_key key);
int32_t cleat_queue_get(cleat_queue *q, struct cleat_key *ret);
int32_t cleat_queue_try_get(
    cleat_queue *q,
    struct cleat_key *ret); /* as get, never blocks: 1 key, 0 none now, -1 shut down */
void cleat_queue_done(cleat_queue *q, struct cleat_key key);
size_t cleat_queue_len(cleat_queue *q);
void cleat_queue_shut_down(cleat_queue *q, int32_t drain);
extern const struct cleat_workqueue_api cleat_workqueue_api;

#endif
