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

/* key is taken. */
static struct cleat_zone *zone_for(struct cleat_health_table *t, char *key) {
    for (struct cleat_zone *z = t->zones; z != NULL; z = z->next) {
        if (strcmp(z->name, key) == 0) {
            free(key);
            return z;
        }
    }
    struct cleat_zone *z = cleat_sdk_alloc(1, sizeof *z);
    z->name = key;
    z->last = &z->first;
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
    struct cleat_zone *zone = zone_for(t, cleat_zone_key(node));
    if (h->zone != zone) {
        cleat_health_dequeue(h);
    }
    h->zone = zone;
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
    cleat_health_dequeue(h);
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
        bool used = z->n > 0 || z->first != NULL;
        for (size_t i = 0; !used && i < t->n_slots; i++) { /* Nodes that do not count */
            for (struct cleat_health *h = t->slots[i]; h != NULL && !used; h = h->next) {
                used = h->zone == z;
            }
        }
        if (used) {
            p = &z->next;
            continue;
        }
        *p = z->next;
        free(z->name);
        free(z);
    }
}

/* Whether every zone is down, and was before. */
static void survey(const struct cleat_health_table *t, bool *ret_all_down, bool *ret_were) {
    *ret_all_down = *ret_were = t->zones != NULL;
    for (const struct cleat_zone *z = t->zones; z != NULL; z = z->next) {
        *ret_all_down = *ret_all_down && cleat_zone_compute(z, &t->rates) == CLEAT_ZONE_FULL;
        *ret_were = *ret_were && z->state == CLEAT_ZONE_FULL;
    }
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
        SDK->metrics->add(z->evictions, 1);
        char **more = cleat_sdk_alloc(ret->n_evict + 1, sizeof *more);
        for (size_t i = 0; i < ret->n_evict; i++) {
            more[i] = ret->evict[i];
        }
        more[ret->n_evict++] = cleat_sdk_dup(cleat_cstr(h->name));
        free(ret->evict);
        ret->evict = more;
    }
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
    if (t->disrupted) {
        return;
    }
    for (struct cleat_zone *z = t->zones; z != NULL; z = z->next) {
        z->state = cleat_zone_compute(z, &t->rates);
        cleat_bucket_set(&z->bucket, cleat_zone_rate(z, z->state, &t->rates), now);
        take_turns(z, now, ret);
    }
}

void cleat_zone_pass_done(struct cleat_zone_pass *p) {
    for (size_t i = 0; i < p->n_evict; i++) {
        free(p->evict[i]);
    }
    free(p->evict);
    *p = (struct cleat_zone_pass){0};
}

void cleat_health_done(struct cleat_health_table *t) {
    for (size_t i = 0; i < t->n_slots; i++) {
        while (t->slots[i] != NULL) {
            cleat_health_forget(t, cleat_cstr(t->slots[i]->name));
        }
    }
    drop_empty(t);
    free(t->slots);
    pthread_mutex_destroy(&t->lock);
}
