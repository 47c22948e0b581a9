/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The waiting: a heap by due time and one timer for all of a queue. Under the
 * queue's mutex.
 */
#include "core/workqueue/internal.h"

static void place(cleat_queue *q, size_t i, struct cleat__item *it) {
    q->heap[i] = it;
    it->heap_at = i + 1;
}

static void sift(cleat_queue *q, size_t i) {
    struct cleat__item *it = q->heap[i];
    while (i > 0 && it->due < q->heap[(i - 1) / 2]->due) {
        place(q, i, q->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < q->heap_n && q->heap[child + 1]->due < q->heap[child]->due) {
            child++;
        }
        if (child >= q->heap_n || q->heap[child]->due >= it->due) {
            break;
        }
        place(q, i, q->heap[child]);
        i = child;
    }
    place(q, i, it);
}

void cleat__queue_arm(cleat_queue *q) {
    if (q->heap_n > 0) {
        cleat_time now = cleat_now_mono(), due = q->heap[0]->due;
        cleat_timer_set(q->timer, due > now ? due - now : 0);
    }
}

void cleat__queue_wait(cleat_queue *q, struct cleat__item *it, cleat_time due) {
    if (it->heap_at != 0) {
        if (due >= it->due) {
            return;
        }
        it->due = due;
        sift(q, it->heap_at - 1);
    } else {
        it->due = due;
        if (q->heap_n == q->heap_cap) {
            q->heap_cap = q->heap_cap ? q->heap_cap * 2 : 16;
            q->heap = cleat_rearray(q->heap, q->heap_cap, sizeof *q->heap);
        }
        place(q, q->heap_n++, it);
        sift(q, q->heap_n - 1);
    }
    if (q->heap[0] == it) {
        cleat__queue_arm(q);
    }
}

struct cleat__item *cleat__queue_due(cleat_queue *q, cleat_time now) {
    if (q->heap_n == 0 || q->heap[0]->due > now) {
        return NULL;
    }
    struct cleat__item *it = q->heap[0], *last = q->heap[--q->heap_n];
    it->heap_at = 0;
    if (last != it) {
        place(q, 0, last);
        sift(q, 0);
    }
    return it;
}
