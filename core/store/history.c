/* SPDX-License-Identifier: Apache-2.0 */
#include "core/store/history.h"

static struct entry *entry_at(struct cleat_history *h, uint64_t seq) {
    return &h->ring[seq & (h->cap - 1)];
}

static size_t weight(const struct entry *e) {
    return cleat_obj_bytes(e->obj).n;
}

void cleat_history_init(struct cleat_history *h, uint64_t horizon) {
    *h = (struct cleat_history){.horizon = horizon};
    pthread_mutex_init(&h->mutex, NULL);
}

void cleat_history_done(struct cleat_history *h) {
    for (uint64_t s = h->first; s < h->next; s++) {
        cleat_obj_unref(entry_at(h, s)->obj);
        cleat_obj_unref(entry_at(h, s)->prev);
    }
    free(h->ring);
    pthread_mutex_destroy(&h->mutex);
}

void cleat_history_append(struct cleat_history *h, int type, cleat_obj *obj, cleat_obj *prev,
                          cleat_time time) {
    CLEAT_LOCKED(&h->mutex);
    if (h->next - h->first == h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 16;
        struct entry *ring = cleat_array(cap, sizeof *ring);
        for (uint64_t s = h->first; s < h->next; s++) {
            ring[s & (cap - 1)] = *entry_at(h, s);
        }
        free(h->ring);
        h->ring = ring;
        h->cap = cap;
    }
    struct entry *e = entry_at(h, h->next++);
    *e = (struct entry){cleat_obj_ref(obj), cleat_obj_ref(prev), time, type};
    h->bytes += weight(e);
}

int cleat_history_trim(struct cleat_history *h, const struct cleat_store_opts *bounds,
                       cleat_time now, uint64_t ret_dead[2], int *ret_n_dead) {
    struct entry gone;
    {
        CLEAT_LOCKED(&h->mutex);
        uint64_t n = h->next - h->first;
        if (n == 0) {
            return 0;
        }
        gone = *entry_at(h, h->first);
        if (n <= bounds->history_events && h->bytes <= bounds->history_bytes &&
            now - gone.time <= bounds->history_age) {
            return 0;
        }
        h->bytes -= weight(&gone);
        h->horizon = cleat_obj_revision(gone.obj);
        h->first++;
    }
    int n_dead = 0;
    if (gone.prev != NULL) {
        ret_dead[n_dead++] = cleat_obj_revision(gone.prev);
    }
    if (gone.type == CLEAT_EVENT_DELETED) {
        ret_dead[n_dead++] = cleat_obj_revision(gone.obj);
    }
    *ret_n_dead = n_dead;
    cleat_obj_unref(gone.obj);
    cleat_obj_unref(gone.prev);
    return 1;
}

bool cleat_history_empty(struct cleat_history *h) {
    CLEAT_LOCKED(&h->mutex);
    return h->first == h->next;
}

cleat_err cleat_history_seek(struct cleat_history *h, uint64_t revision, uint64_t *ret_seq,
                             struct cleat_error *e) {
    CLEAT_LOCKED(&h->mutex);
    if (revision < h->horizon) {
        return cleat_fail(e, CLEAT_E_EXPIRED, "too old resource version: %llu (%llu)",
                          (unsigned long long)revision, (unsigned long long)h->horizon);
    }
    uint64_t lo = h->first, hi = h->next;
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2;
        if (cleat_obj_revision(entry_at(h, mid)->obj) <= revision) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    *ret_seq = lo;
    return CLEAT_OK;
}

int cleat_history_read(struct cleat_history *h, uint64_t *seq, uint64_t upto,
                       struct cleat_change *out, int max) {
    CLEAT_LOCKED(&h->mutex);
    if (*seq < h->first) {
        return -1;
    }
    int n = 0;
    for (; n < max && *seq < h->next; n++, (*seq)++) {
        struct entry *e = entry_at(h, *seq);
        uint64_t revision = cleat_obj_revision(e->obj);
        if (revision > upto) {
            break;
        }
        out[n] =
            (struct cleat_change){e->type, revision, cleat_obj_ref(e->obj), cleat_obj_ref(e->prev)};
    }
    return n;
}
