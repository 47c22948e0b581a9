/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this process knows of each Service's balancer. Two queues work on Services; a
 * record is with one worker at a time, and tells the other to come again. Nothing of it
 * has to survive a restart: then every balancer is ensured anew.
 */
#include "service.h"

#include <pthread.h>

enum { SLOTS = 4096 };

struct cleat_service_records {
    pthread_mutex_t lock; /* guards the chains, busy, due and again; held for moments */
    size_t due;           /* how many are */
    struct cleat_service_record *slots[SLOTS];
};

struct cleat_service_records *cleat_service_records_new(void) {
    struct cleat_service_records *rs = cleat_sdk_alloc(1, sizeof *rs);
    pthread_mutex_init(&rs->lock, NULL);
    return rs;
}

void cleat_service_record_doubt(struct cleat_service_record *r) {
    SDK->obj->unref(r->ensured);
    r->ensured = NULL;
}

void cleat_service_record_clear(struct cleat_service_record *r) {
    cleat_service_record_doubt(r);
    SDK->obj->unref(r->attempted);
    cleat_service_hosts_unref(r->hosts);
    free(r->provider);
    r->attempted = NULL;
    r->hosts = NULL;
    r->provider = NULL;
    r->clean = r->pending = r->quiet = r->elsewhere = false;
    r->drift_at = 0;
}

static void free_record(struct cleat_service_record *r) {
    cleat_service_record_clear(r);
    free(r->ns);
    free(r->name);
    free(r);
}

void cleat_service_records_free(struct cleat_service_records *rs) {
    if (rs == NULL) {
        return;
    }
    for (size_t i = 0; i < SLOTS; i++) {
        for (struct cleat_service_record *r = rs->slots[i], *next; r != NULL; r = next) {
            next = r->next;
            free_record(r);
        }
    }
    pthread_mutex_destroy(&rs->lock);
    free(rs);
}

static uint32_t mix(uint32_t h, struct cleat_str s) {
    for (size_t i = 0; i < s.n; i++) {
        h = (h ^ (unsigned char)s.p[i]) * 16777619u; /* FNV-1a */
    }
    return h;
}

static struct cleat_service_record **find(struct cleat_service_records *rs, struct cleat_key key) {
    struct cleat_service_record **at = &rs->slots[mix(mix(2166136261u, key.ns), key.name) % SLOTS];
    while (*at != NULL &&
           !(cleat_str_is(key.ns, (*at)->ns) && cleat_str_is(key.name, (*at)->name))) {
        at = &(*at)->next;
    }
    return at;
}

struct cleat_service_record *cleat_service_records_take(struct cleat_service_records *rs,
                                                        struct cleat_key key, uint32_t who,
                                                        bool make) {
    pthread_mutex_lock(&rs->lock);
    struct cleat_service_record **at = find(rs, key), *r = *at;
    if (r == NULL && make) {
        r = *at = cleat_sdk_alloc(1, sizeof *r);
        r->ns = cleat_sdk_dup(key.ns);
        r->name = cleat_sdk_dup(key.name);
    }
    if (r != NULL && r->busy) {
        r->again |= who;
        r = NULL;
    } else if (r != NULL) {
        r->busy = true;
        r->again = 0;
    }
    pthread_mutex_unlock(&rs->lock);
    return r;
}

uint32_t cleat_service_records_give(struct cleat_service_records *rs,
                                    struct cleat_service_record *r) {
    struct cleat_key key = cleat_key_of(r->ns, r->name);
    pthread_mutex_lock(&rs->lock);
    uint32_t again = r->again;
    r->busy = false;
    if (r->attempted == NULL) {
        *find(rs, key) = r->next;
        rs->due -= r->due;
    } else {
        r = NULL;
    }
    pthread_mutex_unlock(&rs->lock);
    if (r != NULL) {
        free_record(r);
    }
    return again;
}

bool cleat_service_records_each(struct cleat_service_records *rs,
                                void (*fn)(void *userdata, struct cleat_key key), void *userdata) {
    pthread_mutex_lock(&rs->lock);
    bool first = rs->due == 0;
    for (size_t i = 0; i < SLOTS; i++) {
        for (struct cleat_service_record *r = rs->slots[i]; r != NULL; r = r->next) {
            rs->due += !r->due;
            r->due = true;
            fn(userdata, cleat_key_of(r->ns, r->name));
        }
    }
    pthread_mutex_unlock(&rs->lock);
    return first;
}

bool cleat_service_records_settle(struct cleat_service_records *rs,
                                  struct cleat_service_record *r) {
    pthread_mutex_lock(&rs->lock);
    bool last = r->due && --rs->due == 0;
    r->due = false;
    pthread_mutex_unlock(&rs->lock);
    return last;
}
