/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of Nodes by name, their zones, and the queue of each zone. A Node is
 * counted in its zone by what its Ready condition says; zones are made and
 * forgotten as Nodes come and go.
 */
#include "health.h"

/* ---- the table ---- */

static size_t hash(struct cleat_str s) {
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < s.n; i++) {
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    }
    return (size_t)(h ^ h >> 32);
}

void cleat_health_init(struct cleat_health_table *t) {
    pthread_mutex_init(&t->lock, NULL);
    t->n_slots = 64;
    t->slots = cleat_sdk_alloc(t->n_slots, sizeof *t->slots);
}

static void grow(struct cleat_health_table *t) {
    size_t n = t->n_slots * 2;
    struct cleat_health **slots = cleat_sdk_alloc(n, sizeof *slots);
    for (size_t i = 0; i < t->n_slots; i++) {
        while (t->slots[i] != NULL) {
            struct cleat_health *h = t->slots[i];
            struct cleat_health **slot = &slots[hash(cleat_cstr(h->name)) & (n - 1)];
            t->slots[i] = h->next;
            h->next = *slot;
            *slot = h;
        }
    }
    free(t->slots);
    t->slots = slots;
    t->n_slots = n;
}

static struct cleat_health **slot_of(struct cleat_health_table *t, struct cleat_str name) {
    struct cleat_health **h = &t->slots[hash(name) & (t->n_slots - 1)];
    while (*h != NULL && !cleat_str_is(name, (*h)->name)) {
        h = &(*h)->next;
    }
    return h;
}

struct cleat_health *cleat_health_find(struct cleat_health_table *t, struct cleat_str name) {
    return *slot_of(t, name);
}

/* ---- zones ---- */

static cleat_metric *gauge(const char *name, const char *help, int32_t type, const char *zone) {
    static const char *const labels[] = {"zone", NULL};
    cleat_metric *f = SDK->metrics->family(name, help, type, labels, NULL, 0);
    return SDK->metrics->with(f, (const char *const[]){zone, NULL});
}

static void show(const struct cleat_zone *z) {
    SDK->metrics->set(z->size, (double)z->n);
    SDK->metrics->set(z->unhealthy, (double)(z->n - z->ready));
    SDK->metrics->set(z->health, z->n == 0 ? 100 : 100 * (double)z->ready / (double)z->n);
}

/* The zone of a Node in its pool. */
static struct cleat_zone *zone_for(struct cleat_health_table *t, const cleat_obj *node) {
    const struct cleat_node_pool *pool = cleat_node_pool_of(&t->pools, node);
    char *key = cleat_zone_key(node);
    if (pool != NULL) {
        char *full = cleat_node_format("%s/%s", pool->name, key);
        free(key);
        key = full;
    }
    for (struct cleat_zone *z = t->zones; z != NULL; z = z->next) {
        if (strcmp(z->name, key) == 0) {
            free(key);
            return z;
        }
    }
    struct cleat_zone *z = cleat_sdk_alloc(1, sizeof *z);
    z->name = key;
    z->last = &z->first;
    z->settings = pool != NULL ? pool->settings : t->settings;
    z->health = gauge("node_collector_zone_health", "Nodes of the zone that are ready, in percent.",
                      CLEAT_GAUGE, key);
    z->size = gauge("node_collector_zone_size", "Nodes of the zone that count.", CLEAT_GAUGE, key);
    z->unhealthy = gauge("node_collector_unhealthy_nodes_in_zone",
                         "Nodes of the zone that are not ready.", CLEAT_GAUGE, key);
    z->evictions =
        gauge("node_collector_evictions_total",
              "Nodes that got a NoExecute taint for not being ready.", CLEAT_COUNTER, key);
    z->next = t->zones;
    t->zones = z;
    return z;
}

/* Adds h to the numbers of its zone (sign 1) or takes it out (-1). */
static void count(struct cleat_health *h, int sign) {
    if (h->excluded) {
        return;
    }
    h->zone->n += (size_t)sign;
    h->zone->ready += h->ready == CLEAT_READY_TRUE ? (size_t)sign : 0;
    show(h->zone);
}

/* Into another zone, or (NULL) out of all of them; it is not counted at that time. */
static void move(struct cleat_health *h, struct cleat_zone *zone) {
    if (h->zone == zone) {
        return;
    }
    if (h->zone != NULL) {
        cleat_health_dequeue(h);
        h->zone->members--;
    }
    h->zone = zone;
    if (zone != NULL) {
        zone->members++;
    }
}

/* ---- what is heard ---- */

static struct cleat_val ready_condition(const cleat_obj *node) {
    return SDK->util->condition(node, "Ready");
}

enum cleat_ready cleat_health_ready_of(const cleat_obj *node) {
    struct cleat_val ready = ready_condition(node);
    if (SDK->obj->type(ready) == CLEAT_ABSENT) {
        return CLEAT_READY_NONE;
    }
    struct cleat_str status = SDK->obj->str(SDK->obj->at(ready, CLEAT_PATH("status")));
    return cleat_str_is(status, "True")    ? CLEAT_READY_TRUE
           : cleat_str_is(status, "False") ? CLEAT_READY_FALSE
                                           : CLEAT_READY_UNKNOWN;
}

static bool parse_time(struct cleat_val v, cleat_time *ret) {
    struct cleat_str text = SDK->obj->str(v);
    return text.n > 0 && SDK->obj->time_parse(text, ret) == CLEAT_OK;
}

/* A Node without a Ready condition is waited for from its creation on. */
static cleat_time first_probe(const cleat_obj *node) {
    cleat_time now = SDK->clock->monotonic(), made;
    if (cleat_health_ready_of(node) != CLEAT_READY_NONE ||
        !parse_time(CLEAT_AT(SDK, node, "metadata", "creationTimestamp"), &made)) {
        return now;
    }
    cleat_time age = SDK->clock->wall() - made;
    return age > 0 ? now - age : now;
}

struct cleat_health *cleat_health_see(struct cleat_health_table *t, const cleat_obj *node,
                                      bool *ret_new) {
    struct cleat_str name = SDK->obj->name(node);
    struct cleat_health **slot = slot_of(t, name), *h = *slot;
    cleat_time heartbeat = 0;
    parse_time(SDK->obj->at(ready_condition(node), CLEAT_PATH("lastHeartbeatTime")), &heartbeat);
    *ret_new = h == NULL;
    if (h == NULL) {
        h = *slot = cleat_sdk_alloc(1, sizeof *h);
        h->name = cleat_sdk_dup(name);
        h->probe = first_probe(node);
        h->fresh = true;
        if (++t->n > t->n_slots) {
            grow(t);
        }
    } else {
        count(h, -1);
        if (heartbeat != h->heartbeat) {
            h->probe = SDK->clock->monotonic();
        }
    }
    h->heartbeat = heartbeat;
    move(h, zone_for(t, node));
    h->ready = cleat_health_ready_of(node);
    h->excluded = SDK->obj->type(CLEAT_AT(SDK, node, "metadata", "labels",
                                          "node.kubernetes.io/exclude-disruption")) != CLEAT_ABSENT;
    count(h, 1);
    return h;
}

void cleat_health_renew(struct cleat_health *h, const cleat_obj *lease) {
    cleat_time renewed;
    if (parse_time(CLEAT_AT(SDK, lease, "spec", "renewTime"), &renewed) && renewed > h->renewed) {
        h->renewed = renewed;
        h->probe = SDK->clock->monotonic();
    }
}

void cleat_health_forget(struct cleat_health_table *t, struct cleat_str name) {
    struct cleat_health **slot = slot_of(t, name), *h = *slot;
    if (h == NULL) {
        return;
    }
    count(h, -1);
    move(h, NULL);
    *slot = h->next;
    t->n--;
    free(h->name);
    free(h);
}

/* ---- the queues ---- */

void cleat_health_enqueue(struct cleat_health *h) {
    if (!h->queued && !h->evict) {
        h->queued = true;
        h->queue_next = NULL;
        *h->zone->last = h;
        h->zone->last = &h->queue_next;
    }
}

void cleat_health_dequeue(struct cleat_health *h) {
    h->evict = false;
    if (!h->queued) {
        return;
    }
    struct cleat_health **p = &h->zone->first;
    while (*p != h) {
        p = &(*p)->queue_next;
    }
    *p = h->queue_next;
    if (h->zone->last == &h->queue_next) {
        h->zone->last = p;
    }
    h->queued = false;
}

/* ---- the pass over the zones ---- */

/* Zones that have lost their last Node are forgotten. */
static void drop_empty(struct cleat_health_table *t) {
    for (struct cleat_zone **p = &t->zones; *p != NULL;) {
        struct cleat_zone *z = *p;
        if (z->members > 0) {
            p = &z->next;
            continue;
        }
        *p = z->next;
        free(z->name);
        free(z);
    }
}

/* Whether every zone is down, and was before; of those with Nodes that count. */
static void survey(const struct cleat_health_table *t, bool *ret_all_down, bool *ret_were) {
    bool any = false;
    *ret_all_down = *ret_were = true;
    for (const struct cleat_zone *z = t->zones; z != NULL; z = z->next) {
        if (z->n > 0) {
            any = true;
            *ret_all_down = *ret_all_down && cleat_zone_compute(z) == CLEAT_ZONE_FULL;
            *ret_were = *ret_were && z->state == CLEAT_ZONE_FULL;
        }
    }
    *ret_all_down = *ret_all_down && any;
    *ret_were = *ret_were && any;
}

static void begin_disruption(struct cleat_health_table *t, cleat_time now) {
    t->disrupted = true;
    for (size_t i = 0; i < t->n_slots; i++) {
        for (struct cleat_health *h = t->slots[i]; h != NULL; h = h->next) {
            if (h->evict) { /* its turn is over before it was used */
                h->evict = false;
                cleat_health_enqueue(h);
            }
        }
    }
    for (struct cleat_zone *z = t->zones; z != NULL; z = z->next) {
        z->state = CLEAT_ZONE_FULL;
        cleat_bucket_set(&z->bucket, 0, now);
    }
}

/* Everybody gets a fresh grace period. */
static void end_disruption(struct cleat_health_table *t, cleat_time now) {
    t->disrupted = false;
    for (size_t i = 0; i < t->n_slots; i++) {
        for (struct cleat_health *h = t->slots[i]; h != NULL; h = h->next) {
            h->probe = now;
        }
    }
}

static void add_look(struct cleat_zone_pass *ret, const struct cleat_health *h) {
    if (ret->n_look == ret->cap) {
        ret->cap = ret->cap > 0 ? ret->cap * 2 : 8;
        char **more = cleat_sdk_alloc(ret->cap, sizeof *more);
        if (ret->n_look > 0) {
            memcpy(more, ret->look, ret->n_look * sizeof *more);
        }
        free(ret->look);
        ret->look = more;
    }
    ret->look[ret->n_look++] = cleat_sdk_dup(cleat_cstr(h->name));
}

static void take_turns(struct cleat_zone *z, cleat_time now, struct cleat_zone_pass *ret) {
    while (z->first != NULL) {
        cleat_time wait;
        if (!cleat_bucket_take(&z->bucket, now, &wait)) {
            ret->next = wait != 0 && (ret->next == 0 || wait < ret->next) ? wait : ret->next;
            return;
        }
        struct cleat_health *h = z->first;
        cleat_health_dequeue(h);
        h->evict = true;
        add_look(ret, h);
    }
}

/* Its policy has become to call back whom it let go. */
static void call_back(struct cleat_health_table *t, const struct cleat_zone *z,
                      struct cleat_zone_pass *ret) {
    for (size_t i = 0; i < t->n_slots; i++) {
        for (struct cleat_health *h = t->slots[i]; h != NULL; h = h->next) {
            if (h->zone == z && h->ready != CLEAT_READY_TRUE) {
                h->evict = false;
                cleat_health_enqueue(h);
                add_look(ret, h);
            }
        }
    }
}

static void pass_zone(struct cleat_health_table *t, struct cleat_zone *z, cleat_time now,
                      struct cleat_zone_pass *ret) {
    z->state = cleat_zone_compute(z);
    bool cancelled = cleat_zone_policy(z) == CLEAT_ZONE_CANCEL;
    if (cancelled && !z->cancelled) {
        call_back(t, z, ret);
    }
    z->cancelled = cancelled;
    cleat_bucket_set(&z->bucket, cleat_zone_rate(z), now);
    take_turns(z, now, ret);
}

void cleat_health_pass(struct cleat_health_table *t, cleat_time now, struct cleat_zone_pass *ret) {
    bool all_down, were;
    *ret = (struct cleat_zone_pass){0};
    drop_empty(t);
    survey(t, &all_down, &were);
    if (all_down && !were) {
        begin_disruption(t, now);
        ret->began = true;
    } else if (!all_down && t->disrupted) {
        end_disruption(t, now);
        ret->ended = true;
    }
    for (struct cleat_zone *z = t->disrupted ? NULL : t->zones; z != NULL; z = z->next) {
        pass_zone(t, z, now, ret);
    }
}

void cleat_zone_pass_done(struct cleat_zone_pass *p) {
    for (size_t i = 0; i < p->n_look; i++) {
        free(p->look[i]);
    }
    free(p->look);
    *p = (struct cleat_zone_pass){0};
}

/* ---- pools ---- */

void cleat_health_set_pools(struct cleat_health_table *t, struct cleat_node_pools *p) {
    cleat_node_pools_done(&t->pools);
    t->pools = *p;
    *p = (struct cleat_node_pools){0};
    for (struct cleat_zone *z = t->zones; z != NULL; z = z->next) {
        /* a zone whose pool is gone keeps its settings until its Nodes have moved */
        const char *slash = strchr(z->name, '/');
        for (size_t i = 0; i < t->pools.n; i++) {
            const struct cleat_node_pool *pool = &t->pools.v[i];
            size_t n = strlen(pool->name);
            if (slash == z->name + n && strncmp(z->name, pool->name, n) == 0) {
                z->settings = pool->settings;
            }
        }
    }
}

void cleat_health_done(struct cleat_health_table *t) {
    for (size_t i = 0; i < t->n_slots; i++) {
        while (t->slots[i] != NULL) {
            cleat_health_forget(t, cleat_cstr(t->slots[i]->name));
        }
    }
    drop_empty(t);
    cleat_node_pools_done(&t->pools);
    free(t->slots);
    pthread_mutex_destroy(&t->lock);
}
